"""Formulas that name the columns of tables, as the usual writers spell them, without values."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from safe_release import clean
from safe_release.errors import CannotRebuild
from safe_release.office import find_soffice
from safe_release.recalculate.structured import SourceTable, spelled_out

TABLE = SourceTable("T1", (1, 1, 9, 3), frozenset(("n", "my col", "2020", "a]b", "x & y")))
needs_office = pytest.mark.skipif(find_soffice() is None, reason="LibreOffice is not installed")


def part(place: str, formula: str) -> bytes:
    return f'<row r="2"><c r="A1"/><c r="{place}" s="1"><f>{formula}</f><v>0</v></c></row>'.encode()


@pytest.mark.parametrize(
    ("formula", "spelled"),
    [
        ("SUBTOTAL(109,[N])", "SUBTOTAL(109,T1[N])"),
        ("[@N]*2", "T1[[#This Row],[N]]*2"),
        ("[@[My col]]-[@N]", "T1[[#This Row],[My col]]-T1[[#This Row],[N]]"),
        ("SUM([@[N]:[My col]])", "SUM(T1[[#This Row],[N]:[My col]])"),
        ("SUM([[N]:[My col]])", "SUM(T1[[N]:[My col]])"),
        ("[@]", "T1[#This Row]"),
        ("[#Headers]", "T1[#Headers]"),
        ("[[#Totals],[N]]", "T1[[#Totals],[N]]"),
        ("T1[[#This Row],N]+1", "T1[[#This Row],[N]]+1"),
        ("Other[@q]", "Other[[#This Row],[q]]"),
        ("SUM([2020])", "SUM(T1[2020])"),
        ("[a']b]", "T1[a']b]"),
        ("[x &amp; y]", "T1[x &amp; y]"),
        ("IF([N]&gt;1,1)", "IF(T1[N]&gt;1,1)"),
    ],
)
def test_references_within_a_table_get_its_name(formula: str, spelled: str) -> None:
    assert b"".join(spelled_out([part("B2", formula)], [TABLE])) == part("B2", spelled)


@pytest.mark.parametrize(
    "formula", ["[Unknown]", "'[1]a b'!A1", "[1]Sheet1!A1", '"[N]"', "SUM(T1[N])", "N[#All", "[[["]
)
def test_what_is_no_such_reference_stays(formula: str) -> None:
    assert b"".join(spelled_out([part("B2", formula)], [TABLE])) == part("B2", formula)


def test_outside_of_tables_nothing_gets_a_name() -> None:
    source = part("D2", "SUM([N])") + part("B10", "[@N]")
    assert b"".join(spelled_out([source], [TABLE])) == source


@pytest.mark.parametrize("size", [1, 7, 100])
def test_pieces_may_end_anywhere(size: int) -> None:
    source = b"<sheetData>" + part("B2", "[@N]") * 20 + b"</sheetData>"
    pieces = [source[at : at + size] for at in range(0, len(source), size)]
    assert b"".join(spelled_out(pieces, [TABLE])) == source.replace(b"[@N]", b"T1[[#This Row],[N]]")


def sheets_of(path: Path) -> list[list[object]]:
    sheet = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def with_table(options: dict[str, Any], place: str = "A1:C4") -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as workbook:
        workbook.add_worksheet().add_table(place, options)
    return stream.getvalue()


@needs_office
@pytest.mark.parametrize(
    ("function", "total"),
    [("sum", 30), ("average", 15), ("count_nums", 2), ("max", 20), ("min", 10), ("count", 2)],
)
def test_totals_of_xlsxwriter_are_worked_out(tmp_path: Path, function: str, total: float) -> None:
    source = with_table(
        {
            "data": [["a", 10], ["b", 20]],
            "columns": [{"header": "Kind"}, {"header": "No. 1", "total_function": function}],
            "total_row": True,
        },
        "A1:B4",
    )
    clean(source, tmp_path / "copy.xlsx")
    assert sheets_of(tmp_path / "copy.xlsx")[3][1] == total


@needs_office
@pytest.mark.parametrize(
    "formula",
    ["=[@One]+[@[Two b]]", "=Table1[@One]+Table1[@[Two b]]", "=SUM(Table1[@[One]:[Two b]])"],
)
def test_columns_of_xlsxwriter_are_worked_out(tmp_path: Path, formula: str) -> None:
    columns = [{"header": "One"}, {"header": "Two b"}, {"header": "Both", "formula": formula}]
    source = with_table({"data": [[1, 2], [3, 4], [5, 6]], "columns": columns})
    clean(source, tmp_path / "copy.xlsx")
    assert [row[2] for row in sheets_of(tmp_path / "copy.xlsx")] == ["Both", 3, 7, 11]


@needs_office
def test_a_table_of_pandas_with_totals_is_cleaned(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"District": ["North", "South"], "Cases": [3, 4]})
    path = tmp_path / "source.xlsx"
    with pandas.ExcelWriter(path, engine="xlsxwriter") as writer:
        frame.to_excel(writer, sheet_name="Cases", startrow=1, header=False, index=False)
        columns = [{"header": "District"}, {"header": "Cases", "total_function": "sum"}]
        writer.sheets["Cases"].add_table("A1:B4", {"columns": columns, "total_row": True})
    clean(path, tmp_path / "copy.xlsx")
    assert sheets_of(tmp_path / "copy.xlsx")[3][1] == 7


@needs_office
def test_a_column_that_the_table_does_not_have_is_not_guessed(tmp_path: Path) -> None:
    columns = [{"header": "One"}, {"header": "Two", "formula": "=[Three]*2"}]
    source = with_table({"data": [[1], [2], [3]], "columns": columns}, "A1:B4")
    with pytest.raises(CannotRebuild):
        clean(source, tmp_path / "copy.xlsx")
