"""Whether the second reading of a workbook follows the rules of what shows."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from safe_release.document import CellPlace, CellValue, Document
from safe_release.errors import Malformed
from safe_release.inspectors import sheet_plans
from safe_release.inspectors.inspection import Inspection
from safe_release.inspectors.reading import header_reading
from safe_release.inspectors.texts import canonical_number, cell_text
from safe_release.inspectors.xlsx import inspect
from safe_release.limits import Limits
from safe_release.policy import Policy


def look(book: openpyxl.Workbook, **values: CellValue) -> Inspection:
    stream = io.BytesIO()
    book.save(stream)
    return look_at(stream.getvalue(), **values)


def look_at(data: bytes, **values: CellValue) -> Inspection:
    document = Document(io.BytesIO(data), len(data), "", Limits())
    if values:
        places = {
            CellPlace(1, row, column): value
            for name, value in values.items()
            for row, column in [openpyxl.utils.cell.coordinate_to_tuple(name)]
        }
        document = document.with_values(places)
    return inspect(document, Policy())


def book_of(*rows: list[Any]) -> tuple[openpyxl.Workbook, Worksheet]:
    book = openpyxl.Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    for row in rows:
        page.append(row)
    return book, page


def channels(inspection: Inspection) -> dict[str, int]:
    found: dict[str, int] = {}
    for finding in inspection.findings:
        found[finding.channel] = found.get(finding.channel, 0) + finding.count
    return found


def test_hidden_rows_close_up() -> None:
    book, page = book_of(["head", 1], ["Person 0042", 2], ["tail", 3])
    page.row_dimensions[2].hidden = True
    seen = look(book)
    assert seen.reading == look(book_of(["head", 1], ["tail", 3])[0]).reading
    places = [f.place for f in seen.findings if f.channel == "xlsx.sheet.row-hidden"]
    assert places == ["sheet 1, row 2"]
    assert "person" in seen.needles


def test_hidden_columns_close_up() -> None:
    book, page = book_of(["head", "Person 0042", 1])
    page.column_dimensions["B"].hidden = True
    seen = look(book)
    assert seen.reading == look(book_of(["head", 1])[0]).reading
    assert channels(seen)["xlsx.sheet.col-hidden"] == 1


def test_hidden_sheets_are_not_read_but_counted() -> None:
    book, _ = book_of(["shown"])
    secret = book.create_sheet("Raw")
    secret["A1"] = "Person 0042"
    secret.sheet_state = "veryHidden"
    seen = look(book)
    assert [sheet.name for sheet in seen.reading.sheets] == ["Sheet"]
    assert channels(seen)["xlsx.wb.sheet-veryhidden"] == 1
    assert seen.needles >= {"person"}


def test_values_under_a_merge_do_not_count() -> None:
    book, page = book_of(["title", "Person 0042"], [None, None])
    page["A3"] = "below"
    plain = look(book_of(["title"], [None], ["below"])[0])
    # The library empties what it merges, so the merge is written beside the values.
    page.merged_cells.add("A1:B2")
    seen = look(book)
    assert channels(seen)["xlsx.cell.under-merge"] == 1
    assert seen.reading.sheets[0].blocks == plain.reading.sheets[0].blocks
    assert seen.reading.sheets[0].merges == ((1, 1, 2, 2),)


def test_a_merge_whose_first_row_is_hidden_keeps_its_value() -> None:
    book, page = book_of(["title"], [None], ["below"])
    page.merge_cells("A1:A2")
    page.row_dimensions[1].hidden = True
    assert look(book).reading == look(book_of(["title"], ["below"])[0]).reading


def test_formulas_without_a_value_are_stale() -> None:
    book, _ = book_of([1, "=A1+1"])
    seen = look(book)
    assert seen.stale == (CellPlace(1, 1, 2),)
    assert look(book, B1=CellValue("n", "2")).reading == look(book_of([1, 2])[0]).reading


def test_a_revealed_and_a_lost_value_are_differences() -> None:
    assert look(book_of([1, 2])[0]).reading != look(book_of([1])[0]).reading
    assert look(book_of([1, 2])[0]).reading != look(book_of([1, 3])[0]).reading


def test_numbers_keep_what_their_format_shows() -> None:
    book, page = book_of([1234.5678])
    page["A1"].number_format = "0.00"
    seen = look(book)
    rounded, page = book_of([1234.57])
    page["A1"].number_format = "0.00"
    assert seen.reading == look(rounded).reading
    page["A1"].number_format = "0.000"
    assert seen.reading != look(rounded).reading
    assert channels(seen)["xlsx.cell.masked-by-format"] == 1


def test_a_cell_twice_is_refused() -> None:
    data = made_by_hand('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>')
    with pytest.raises(Malformed, match="occurs twice"):
        look_at(data)


def made_by_hand(rows: str) -> bytes:
    """A workbook whose rows are spelled by the test."""
    stream = io.BytesIO()
    book_of()[0].save(stream)
    parts = zipfile.ZipFile(stream)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name in parts.namelist():
            data = parts.read(name).decode()
            if name.endswith("sheet1.xml"):
                data = re.sub(
                    r"<sheetData ?/>|<sheetData></sheetData>",
                    f"<sheetData>{rows}</sheetData>",
                    data,
                )
                assert rows in data
            file.writestr(name, data)
    return made.getvalue()


def test_rows_within_a_comment_are_no_rows() -> None:
    row = '<row r="{0}"><c r="A{0}"><v>{0}</v></c></row>'
    shown = row.format(1) + row.format(2) + row.format(3)
    hidden = f"<!-- {row.format(4)} {row.format(5)} -->"
    seen = look_at(made_by_hand(shown + hidden + row.format(6)))
    assert seen.reading == look_at(made_by_hand(shown + row.format(6))).reading
    assert channels(seen)["xml.comment"] == 1


def test_the_end_of_rows_within_a_comment_is_no_end() -> None:
    row = '<row r="{0}"><c r="A{0}"><v>{0}</v></c></row>'
    tricky = row.format(1) + "<!-- </row></sheetData><mergeCells/> -->" + row.format(2)
    assert look_at(made_by_hand(tricky)).reading.cells == 2


VALUES = st.one_of(
    st.none(),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.booleans(),
    st.text(st.characters(codec="utf-8", exclude_categories=("C",)), max_size=12),
)


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(st.lists(VALUES, max_size=5), min_size=1, max_size=12), again=st.integers(1, 3)
)
def test_patterns_and_parser_read_the_same(rows: list[list[Any]], again: int) -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False,
                                      "strings_to_urls": False}) as book:  # fmt: skip
        page = book.add_worksheet()
        looks = [None, book.add_format({"num_format": "0.00"})]
        for number, row in enumerate(rows * again):
            for column, value in enumerate(row):
                page.write(number, column, value, looks[(number + column) % 2])
    data = stream.getvalue()
    by_pattern = look_at(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sheet_plans.PlannedRows, "take", lambda _self, _buffer, at: at)
        by_parser = look_at(data)
    assert by_pattern == by_parser


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_has_one_spelling(value: float) -> None:
    spelled = canonical_number(repr(value))
    assert spelled is not None
    assert float(spelled) == value
    assert canonical_number(f"{value:.17e}") == spelled
    assert canonical_number(spelled) == spelled


@pytest.mark.parametrize("text", ["", "nan", "inf", "1e999", "1_000", "0x1", "١", "1 2"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert canonical_number(text) is None


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("_x0041_", "A"),
        ("_x005F_x0041_", "_x0041_"),
        ("a_x0000_b_x001F_", "ab"),
        ("one_x000D_\ntwo", "one\ntwo"),
        ("_xD83D__xDE00_", "\U0001f600"),
        ("_xD83D_x", "x"),
    ],
)
def test_escapes_are_decoded_once(text: str, seen: str) -> None:
    assert cell_text(text) == seen


def test_headers_say_texts_and_fields() -> None:
    assert header_reading('&L&"Arial,Bold"&14Left&C&P of &N&R&Z&F') == (
        '\x02&"Arial,Bold"\x02\x02&14\x02Left\x1f&P of &N'
    )
    assert header_reading('&"Mono"&G&"Arial"Seen') == header_reading('&"Arial"Seen')
    assert header_reading('&"Mono"Seen') != header_reading('&"Arial"Seen')
    assert header_reading("plain") == header_reading("&Cplain")


def test_rows_and_columns_before_a_frozen_pane_are_gone() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 9))
    view = '<sheetView workbookViewId="0"/>'
    frozen = (
        '<sheetView workbookViewId="0" topLeftCell="A4"><pane ySplit="1" topLeftCell="A5" '
        'state="frozen"/></sheetView>'
    )

    def seen(views: str) -> Inspection:
        data = made_by_hand(rows)
        parts = zipfile.ZipFile(io.BytesIO(data))
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as file:
            for name in parts.namelist():
                text = parts.read(name).decode()
                if name.endswith("sheet1.xml"):
                    text = re.sub(
                        r"<sheetViews>.*</sheetViews>", f"<sheetViews>{views}</sheetViews>", text
                    )
                file.writestr(name, text)
        return look_at(made.getvalue())

    assert seen(view).reading.cells == 8
    assert seen(frozen).reading.cells == 5
    assert channels(seen(frozen))["xlsx.sheet.frozen-unreachable"] == 3


def test_filtered_rows_are_passed_by_pattern_too() -> None:
    book, page = book_of(*[[number, f"Person {number:04d}"] for number in range(1, 200)])
    shown, _ = book_of(*[[n, f"Person {n:04d}"] for n in range(1, 200) if n % 2])
    for number in range(2, 200, 2):
        page.row_dimensions[number].hidden = True
    seen = look(book)
    assert seen.reading == look(shown).reading
    assert channels(seen)["xlsx.sheet.row-hidden"] == 99
