"""This module is the proof that recalculated values are Excel's, with their types, or refused."""

from __future__ import annotations

import hashlib
import io
import socket
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep

import openpyxl
import pytest
import xlsxwriter

from safe_release.document import CellPlace, CellValue, Document
from safe_release.errors import CannotRebuild, Malformed, TooLarge
from safe_release.limits import Limits
from safe_release.recalculate import find_soffice, recalculate
from safe_release.recalculate.formulas import Area, Known, answers_otherwise, read_formula
from safe_release.recalculate.kinds import Kind, kind_of, settle
from safe_release.recalculate.office import Office

office = pytest.mark.libreoffice
needs_office = pytest.mark.skipif(
    find_soffice() is None, reason="LibreOffice is not installed on this machine"
)

Fill = Callable[[xlsxwriter.Workbook], None]


def document(content: bytes, **limits: float) -> Document:
    return Document(
        io.BytesIO(content),
        len(content),
        hashlib.sha256(content).hexdigest(),
        Limits.model_validate(limits),
    )


def workbook(fill: Fill) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    fill(book)
    book.close()
    return target.getvalue()


def formulas(*texts: str, number_format: str = "General") -> bytes:
    """A workbook with 1.5, 2.5, 3.5 in A1:A3, "word" in B1, and the formulas down column D."""

    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("Table")
        look = book.add_format({"num_format": number_format})
        for row in range(3):
            sheet.write_number(row, 0, row + 1.5)
        sheet.write_string("B1", "word")
        for row, text in enumerate(texts):
            sheet.write_formula(row, 3, text, look, 0)

    return workbook(fill)


def results(content: bytes, count: int) -> list[CellValue]:
    places = [CellPlace(1, row, 4) for row in range(1, count + 1)]
    found = recalculate(document(content), places)
    assert list(found) == places
    return list(found.values())


def with_part(content: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """The same package with parts changed, or left out where ``change`` gives ``None``."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return target.getvalue()


@pytest.fixture
def quiet() -> Iterator[None]:
    """Nothing of a run stays: no folder, no process. Runs of others may come and go meanwhile."""
    before = leftovers()
    yield
    end = monotonic() + 10
    while leftovers() - before and monotonic() < end:
        sleep(0.1)
    assert leftovers() - before == set()


def leftovers() -> set[str]:
    folders = [Path("/dev/shm"), Path(tempfile.gettempdir())]  # noqa: S108
    found = {
        str(path)
        for folder in folders
        if folder.is_dir()
        for path in folder.iterdir()
        if path.name.startswith("recalculate-")
    }
    return found | {"process" for content in environments() if b"/recalculate-" in content}


def environments() -> Iterator[bytes]:
    """The environment of every process that this user may look at."""
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            yield path.read_bytes()
        except OSError:
            continue


@office
@needs_office
@pytest.mark.usefixtures("quiet")
def test_values_come_with_the_types_that_excel_has() -> None:
    cases = {
        "=A1*2": CellValue("n", "3"),
        "=1/3": CellValue("n", "0.333333333333333"),
        "=-0": CellValue("n", "0"),
        "=DATE(2024,1,31)": CellValue("n", "45322"),
        "=TIME(6,0,0)": CellValue("n", "0.25"),
        "=5%": CellValue("n", "0.05"),
        "=A1>1": CellValue("b", "1"),
        "=AND(A1>1,A1>2)": CellValue("b", "0"),
        "=(A1>1)+(A2>1)": CellValue("n", "2"),
        "=--(A1>1)": CellValue("n", "1"),
        "=-(A1>1)": CellValue("n", "-1"),
        "=SUMPRODUCT((A1:A3>2)*A1:A3)": CellValue("n", "6"),
        '=IF(A1>1," two  spaces ","no")': CellValue("str", " two  spaces "),
        '=""': CellValue("str", ""),
        '="line"&CHAR(10)&"<&>"': CellValue("str", "line\n<&>"),
        '="_x0041_"': CellValue("str", "_x005F_x0041_"),
        "=B1": CellValue("str", "word"),
        "=Z99": CellValue("n", "0"),
        "=A1/0": CellValue("e", "#DIV/0!"),
        "=NA()": CellValue("e", "#N/A"),
        "=B1+1": CellValue("e", "#VALUE!"),
        "=#REF!": CellValue("e", "#REF!"),
        "=1E+308*10": CellValue("e", "#NUM!"),
        "=IFERROR(A1/0,7)": CellValue("n", "7"),
        '=TEXT(45322,"dd/mm/yyyy")': CellValue("str", "31/01/2024"),
        '=INDIRECT("A2")': CellValue("n", "2.5"),
        "=SUM(D1:D2)": CellValue("n", "3.33333333333333"),
        '=HYPERLINK("https://example.org/","see")': CellValue("str", "see"),
        '=CELL("row",A3)': CellValue("n", "3"),
    }
    content = formulas(*cases)
    assert dict(zip(cases, results(content, len(cases)), strict=True)) == cases


@office
@needs_office
@pytest.mark.parametrize("number_format", ["0.00", "@", "yyyy-mm-dd", ";;;"])
def test_a_number_format_does_not_turn_a_truth_value_into_a_number(number_format: str) -> None:
    content = formulas("=A1>1", "=A1", number_format=number_format)
    assert results(content, 2) == [CellValue("b", "1"), CellValue("n", "1.5")]


@office
@needs_office
def test_a_workbook_without_any_value_is_worked_out_across_its_sheets() -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first["A1"] = "='It''s hidden'!A1*Chart2!A1"
    hidden = book.create_sheet("It's hidden")
    hidden["A1"] = 6
    hidden["A2"] = "=A1+1"
    hidden.sheet_state = "veryHidden"
    last = book.create_sheet("Chart2")
    last["A1"] = 7
    last["XFD99"] = "=A1"
    target = io.BytesIO()
    book.save(target)
    places = [CellPlace(3, 99, 16384), CellPlace(2, 2, 1), CellPlace(1, 1, 1)]
    assert recalculate(document(target.getvalue()), places) == {
        CellPlace(1, 1, 1): CellValue("n", "42"),
        CellPlace(2, 2, 1): CellValue("n", "7"),
        CellPlace(3, 99, 16384): CellValue("n", "7"),
    }


@office
@needs_office
def test_chart_sheets_count_in_the_order_of_the_tabs() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        first = book.add_worksheet("First")
        first.write_number("A1", 4)
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=First!$A$1:$A$3"})
        book.add_chartsheet("Picture").set_chart(chart)
        book.add_worksheet("Last").write_formula("B2", "=First!A1+1", None, 0)

    place = CellPlace(3, 2, 2)
    assert recalculate(document(workbook(fill)), [place]) == {place: CellValue("n", "5")}


@office
@needs_office
def test_arrays_shared_formulas_and_tables() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("Table")
        for row in range(3):
            sheet.write_number(row + 1, 0, row + 1)
        sheet.add_table("A1:A4", {"name": "Amounts", "columns": [{"header": "One (1)"}]})
        sheet.write_array_formula("C1:C3", '{=IF(A2:A4>1,A2:A4&"!",A2:A4)}', None, 0)
        sheet.write_array_formula("D1", "{=SUM(IF(A2:A4>1,1,0))}", None, 0)
        sheet.write_formula("E1", "=SUM(Amounts[One (1)])", None, 0)
        book.define_name("Rate", "=Table!$A$4")
        sheet.write_formula("F1", "=Rate*2", None, 0)
        sheet.write_formula("G1", "=A2*10", None, 0)

    def share(name: str, data: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return data
        data = data.replace(b"<f>A2*10</f>", b'<f t="shared" ref="G1:G3" si="0">A2*10</f>')
        for row in (b"2", b"3"):
            cell = b'<c r="G%b"><f t="shared" si="0"/><v>0</v></c></row>' % row
            head, mark, tail = data.partition(b'<row r="%b"' % row)
            data = head + mark + tail.replace(b"</row>", cell, 1)
        return data

    content = with_part(workbook(fill), share)
    places = [CellPlace(1, row, 3) for row in (1, 2, 3)]
    places += [CellPlace(1, 1, column) for column in (4, 5, 6)]
    places += [CellPlace(1, row, 7) for row in (1, 2, 3)]
    assert list(recalculate(document(content), places).items()) == sorted(
        zip(
            places,
            [
                CellValue("n", "1"), CellValue("str", "2!"), CellValue("str", "3!"),
                CellValue("n", "2"), CellValue("n", "6"), CellValue("n", "6"),
                CellValue("n", "10"), CellValue("n", "20"), CellValue("n", "30"),
            ],
            strict=True,
        )
    )  # fmt: skip


def refused_places(content: bytes, count: int) -> str:
    with pytest.raises(CannotRebuild) as caught:
        results(content, count)
    assert "Excel" in caught.value.remedy
    assert "NOSUCH" not in str(caught.value)
    return caught.value.place


@office
@needs_office
@pytest.mark.usefixtures("quiet")
def test_functions_that_libreoffice_answers_otherwise_are_refused() -> None:
    wrong = [
        "=NOSUCHFUNCTION(1)",
        "=IFERROR(NOSUCHFUNCTION(1),3)",
        "=_xlfn.NOSUCH(1)",
        "=IFERROR(NOSUCHNAME,3)",
        "=IFERROR(NOSUCHTABLE[x],3)",
        '=CELL("filename",A1)',
        '=INFO("directory")',
        '=IFERROR(_xlfn.WEBSERVICE("http://127.0.0.1/"),1)',
        '=GETPIVOTDATA("x",A1)',
        "=_xlfn.FORMULATEXT(D1)",
    ]
    content = formulas(*wrong, "=A1", "=SUM(A1:A3)", '=CELL("row",A1)')
    assert refused_places(content, 13) == ", ".join(f"sheet 1 D{row}" for row in range(1, 11))


@office
@needs_office
def test_errors_that_only_libreoffice_has_are_refused() -> None:
    content = formulas("=A1/0", "=SQRT(-1)", "=NA()", "=1=", "=B1*1", "=D6")
    assert refused_places(content, 6) == "sheet 1 D2, sheet 1 D4, sheet 1 D6"


@office
@needs_office
def test_a_text_longer_than_excel_has_is_refused() -> None:
    content = formulas('=REPT("x",32767)', '=REPT("x",32768)')
    assert refused_places(content, 2) == "sheet 1 D2"


@office
@needs_office
def test_truth_values_that_libreoffice_counts_are_refused() -> None:
    right = {
        "=IF(A1,A2,0)": CellValue("n", "5"),
        "=NOT(A1)": CellValue("b", "0"),
        "=A1": CellValue("b", "1"),
        "=SUM(A2:A3)": CellValue("n", "5"),
        "=INDEX(A1:A2,1)": CellValue("b", "1"),
        "{=A2:A2>1}": CellValue("b", "1"),
        "{=SUM(IF(A2:A3>1,1,0))}": CellValue("n", "1"),
    }
    wrong = [
        "=SUM(A1:A2)",
        "=VLOOKUP(TRUE,A:A,1,FALSE)",
        '=A1&""',
        "=MAX(Flag,2)",
        '=SUM(INDIRECT("A1"))',
        "{=A1:A1}",
    ]

    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_boolean("A1", True)
        sheet.write_number("A2", 5)
        book.define_name("Flag", "=Sheet1!$A$1")
        for row, text in enumerate([*right, *wrong]):
            if text.startswith("{"):
                sheet.write_array_formula(row, 3, row, 3, text, None, 0)
            else:
                sheet.write_formula(row, 3, text, None, 0)

    def without_wrong(book: xlsxwriter.Workbook) -> None:
        wrong.clear()
        fill(book)

    content = workbook(fill)
    places = ", ".join(f"sheet 1 D{len(right) + row}" for row in range(1, len(wrong) + 1))
    assert refused_places(content, len(right) + len(wrong)) == places
    found = results(workbook(without_wrong), len(right))
    assert dict(zip(right, found, strict=True)) == right


@office
@needs_office
def test_subtotals_over_hidden_rows_are_refused_unless_they_leave_them_out() -> None:
    wrong = ["=SUBTOTAL(9,A1:A3)", "=SUM(SUBTOTAL(109,A1:A3),SUBTOTAL(9,A:A))"]
    right = {
        "=SUBTOTAL(109,A1:A3)": CellValue("n", "5"),
        "=SUBTOTAL(9,A3:A4)": CellValue("n", "4"),
        "=SUM(A1:A3)": CellValue("n", "7"),
    }

    def fill(*texts: str) -> bytes:
        def sheet_of(book: xlsxwriter.Workbook) -> None:
            sheet = book.add_worksheet()
            for row, number in enumerate((1, 2, 4)):
                sheet.write_number(row, 0, number)
            sheet.set_row(1, None, None, {"hidden": True})
            sheet.autofilter("A1:A3")
            for row, text in enumerate(texts):
                sheet.write_formula(row, 3, text, None, 0)

        return workbook(sheet_of)

    assert refused_places(fill(*wrong, *right), 5) == "sheet 1 D1, sheet 1 D2"
    assert dict(zip(right, results(fill(*right), 3), strict=True)) == right


@office
@needs_office
def test_a_workbook_that_calculates_with_displayed_precision_is_refused() -> None:
    content = with_part(
        formulas("=A1"),
        lambda name, data: (
            data.replace(b"<calcPr ", b'<calcPr fullPrecision="0" ')
            if name == "xl/workbook.xml"
            else data
        ),
    )
    with pytest.raises(CannotRebuild, match="precision displayed"):
        results(content, 1)


EXTERNAL = (
    b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">%b'
    b"</externalLink>"
)
STORED = (
    b'<externalBook r:id="rId1"><sheetNames><sheetName val="Far"/></sheetNames><sheetDataSet>'
    b'<sheetData sheetId="0"><row r="1"><cell r="A1"><v>11</v></cell></row></sheetData>'
    b"</sheetDataSet></externalBook>"
)


def linked(formula: str, link: bytes, target: str) -> bytes:
    """A workbook with one external link to ``target``."""
    base = formulas(formula)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

    def change(name: str, data: bytes) -> bytes:
        if name == "xl/workbook.xml":
            return data.replace(
                b"</sheets>",
                b'</sheets><externalReferences><externalReference r:id="rId99"/>'
                b"</externalReferences>",
            )
        if name == "xl/_rels/workbook.xml.rels":
            entry = f'<Relationship Id="rId99" Type="{kind}externalLink" Target="links/l1.xml"/>'
            return data.replace(b"</Relationships>", entry.encode() + b"</Relationships>")
        return data

    target_of = io.BytesIO(with_part(base, change))
    with zipfile.ZipFile(target_of, "a") as package:
        package.writestr("xl/links/l1.xml", EXTERNAL % link)
        package.writestr(
            "xl/links/_rels/l1.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{kind}externalLinkPath" Target="{target}" '
            'TargetMode="External"/></Relationships>',
        )
    return target_of.getvalue()


@office
@needs_office
def test_other_workbooks_give_their_stored_values_and_are_never_opened(tmp_path: Path) -> None:
    other = openpyxl.Workbook()
    sheet = other.active
    assert sheet is not None
    sheet.title = "Far"
    sheet["A1"] = 99
    sheet["A2"] = 98
    path = tmp_path / "other.xlsx"
    other.save(path)
    content = linked("=[1]Far!A1*2", STORED, path.as_uri())
    assert results(content, 1) == [CellValue("n", "22")]
    secret = linked("=[1]Far!A2", STORED, path.as_uri())
    try:
        assert results(secret, 1) != [CellValue("n", "98")]
    except CannotRebuild as error:
        assert error.place == "sheet 1 D1"  # noqa: PT017 (either outcome is right)


@office
@needs_office
def test_a_file_of_this_machine_is_not_read_into_the_copy(tmp_path: Path) -> None:
    path = tmp_path / "other.xlsx"
    path.write_bytes(formulas("=1"))
    for text in (f"'{path.as_uri()}'#$Table.A1", f"'[{path.as_uri()}]Table'!A1"):
        content = formulas(f'=INDIRECT("{text}")')
        try:
            (found,) = results(content, 1)
        except CannotRebuild:
            continue
        assert found.type == "e"


@office
@needs_office
def test_links_to_other_programs_are_refused() -> None:
    live = b'<ddeLink ddeService="service" ddeTopic="topic"><ddeItems/></ddeLink>'
    with pytest.raises(CannotRebuild, match="another program"):
        results(linked("=A1", live, "x"), 1)


@office
@needs_office
def test_nothing_is_fetched() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        content = linked("=[1]Far!A1", STORED, f"http://127.0.0.1:{port}/other.xlsx")
        assert results(content, 1) == [CellValue("n", "11")]
        with pytest.raises(CannotRebuild):
            results(formulas(f'=_xlfn.WEBSERVICE("http://127.0.0.1:{port}/")'), 1)
        with pytest.raises(TimeoutError):
            server.accept()


@office
@needs_office
@pytest.mark.usefixtures("quiet")
def test_a_run_that_takes_too_long_is_told() -> None:
    with pytest.raises(CannotRebuild, match="did not finish in time") as caught:
        recalculate(document(formulas("=A1"), seconds=0.2), [CellPlace(1, 1, 4)])
    assert "limits.seconds" in caught.value.remedy


@office
@needs_office
@pytest.mark.parametrize("seconds", [0.1, 0.4, 0.7])
def test_a_run_that_is_ended_leaves_no_process_and_no_socket(seconds: float) -> None:
    soffice = find_soffice()
    assert soffice is not None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "source.xlsx"
        source.write_bytes(formulas("=A1"))
        ran = Office(soffice, folder, Limits(), monotonic() + seconds)
        try:
            ran.convert(source, "xlsx", [CellPlace(1, 1, 4)])
        except CannotRebuild as error:
            assert "in time" in error.problem  # noqa: PT017 (a fast machine may be done)
        assert name.encode() not in b"".join(environments())
        address = (folder / "profile").as_uri().encode("utf-16-le")
        digest = "".join(
            f"{byte:x}" for byte in hashlib.md5(address, usedforsecurity=False).digest()
        )
        assert list(Path("/tmp").glob(f"OSL_PIPE_*_{digest}")) == []  # noqa: S108


@office
@needs_office
def test_runs_side_by_side_do_not_meet() -> None:
    found: dict[int, CellValue] = {}

    def run(number: int) -> None:
        found[number] = results(formulas(f"=A1+{number}"), 1)[0]

    threads = [threading.Thread(target=run, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: CellValue("n", repr(number + 1.5)) for number in range(3)}


@office
@needs_office
def test_the_home_folder_does_not_matter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert results(formulas("=A1"), 1) == [CellValue("n", "1.5")]
    monkeypatch.setenv("HOME", str(tmp_path / "absent"))
    assert results(formulas("=A1"), 1) == [CellValue("n", "1.5")]
    assert list(tmp_path.iterdir()) == []


@office
@needs_office
def test_a_cell_that_is_no_formula_has_no_value_to_give() -> None:
    with pytest.raises(CannotRebuild, match=r"sheet 1 A1: .*no value"):
        recalculate(document(formulas("=A1")), [CellPlace(1, 1, 1), CellPlace(1, 1, 4)])


def test_without_libreoffice_the_cells_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAFE_RELEASE_SOFFICE", "/nonexistent/soffice")
    assert find_soffice() is None
    places = [CellPlace(2, row, 28) for row in range(12, 0, -1)]
    with pytest.raises(CannotRebuild) as caught:
        recalculate(document(formulas("=A1")), places)
    assert caught.value.place.startswith("sheet 2 AB1, sheet 2 AB2, ")
    assert caught.value.place.endswith("sheet 2 AB10 and 2 more")
    assert "install LibreOffice" in caught.value.remedy
    assert recalculate(document(formulas("=A1")), []) == {}


def test_a_program_that_is_not_libreoffice_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nexit 77\n")
    program.chmod(0o755)
    monkeypatch.setenv("SAFE_RELEASE_SOFFICE", str(program))
    assert find_soffice() == program
    with pytest.raises(CannotRebuild, match="could not work them out"):
        results(formulas("=A1"), 1)


@pytest.mark.parametrize("content", [b"", b"PK", b"no archive at all"])
def test_what_is_no_package_is_malformed(
    content: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stand_in(monkeypatch, tmp_path)
    with pytest.raises(Malformed):
        results(content, 1)


def stand_in(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """A program in LibreOffice's place that must never be reached."""
    program = folder / "soffice"
    program.write_text("#!/bin/sh\ntouch reached\n")
    program.chmod(0o755)
    monkeypatch.setenv("SAFE_RELEASE_SOFFICE", str(program))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_document_type_declaration_never_reaches_libreoffice(
    part: str, encoding: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stand_in(monkeypatch, tmp_path)

    def declare(name: str, data: bytes) -> bytes:
        if name != part:
            return data
        body = data.decode().partition("?>")[2]
        text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY b "c">]>{body}'
        return text.encode(encoding)

    with pytest.raises(Malformed, match="document type"):
        results(with_part(formulas("=A1"), declare), 1)


def test_a_package_beyond_the_limits_is_too_large(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stand_in(monkeypatch, tmp_path)
    with pytest.raises(TooLarge):
        recalculate(document(formulas("=A1"), unpacked_bytes=500), [CellPlace(1, 1, 4)])


@pytest.mark.parametrize(
    ("text", "functions", "areas"),
    [
        ("SUM(A1:B2,Other!C3)", {"SUM"}, [("", 1, 1, 2, 2), ("other", 3, 3, 3, 3)]),
        ("'It''s'!$A$1:$B$9", set(), [("it's", 1, 1, 9, 2)]),
        ("COUNT(A:C)+COUNT($2:$3)", {"COUNT"}, [("", 1, 1, 1 << 20, 3), ("", 2, 1, 3, 1 << 14)]),
        ('"SUM(A1)"&B2', set(), [("", 2, 2, 2, 2)]),
        ("LOG10(A1)", {"LOG10"}, [("", 1, 1, 1, 1)]),
        ("A1 : B2", set(), [("", 1, 1, 1, 1), ("", 2, 2, 2, 2)]),
    ],
)
def test_formulas_are_taken_apart(
    text: str, functions: set[str], areas: list[tuple[str, int, int, int, int]]
) -> None:
    reading = read_formula(text)
    assert reading.functions == functions
    assert [tuple(area) for area in reading.areas] == areas
    assert not reading.unknown


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("IFERROR(foo(1),3)", True),
        ("_xlfn.xlookup(1,A1,B1)", True),
        ("_xlfn.CONCAT(A1)", False),
        ('"foo(1)"', False),
        ("'foo(1)'!A1", False),
        ("Table[Cost(usd)]", False),
        ("Table[#all]", True),
        ("SUM(Table[[#Data],[Cost (usd)]])", False),
        ("SUM([1]Far!A1)", False),
        ("Two!#ref!", False),
        ("\u95a2\u6570(1)", True),
    ],
)
def test_unknown_functions_are_told_by_their_letters(text: str, unknown: bool) -> None:
    assert read_formula(text).unknown is unknown


@pytest.mark.parametrize(
    ("text", "misread"),
    [
        ("Rate*2", False),
        ("rate*2", True),
        ("Bad*2", True),
        ("Deep*2", True),
        ("SUM(Sales[Cost '[x'], '#1])", False),
        ("SUM(Sales[[#Data],[Cost '[x'], '#1]:[Sum]])", False),
        ("SUM(sales[Sum])", True),
        ("IFERROR(Sales[gone],1)", True),
        ("SUBTOTAL(109,[column2])", True),
        ("SUM({TRUE,FALSE})", False),
        ("Macro!A1", True),
        ("SUM('a:b'!c1)", True),
        ("SUM(One:Two!A1)", False),
    ],
)
def test_names_and_tables_are_read_as_libreoffice_knows_them(text: str, misread: bool) -> None:
    known = Known(
        names={
            name: [(formula, read_formula(formula))]
            for name, formula in {"Rate": "One!$A$4", "Bad": "foo(1)", "Deep": "Bad+Deep"}.items()
        },
        tables={"Sales": Area("one", 1, 1, 4, 2)},
        columns={("Sales", "cost [x], #1"), ("Sales", "sum")},
    )
    assert known.misread(text, read_formula(text), frozenset(("macro",))) is misread


@pytest.mark.parametrize(
    ("text", "otherwise"),
    [
        ('CELL("row",A1)', False),
        ('CELL("row",A1)&CELL("file"&"name")', True),
        ("SUM(A1)", False),
        ('INFO("x")', True),
    ],
)
def test_functions_that_answer_otherwise(text: str, otherwise: bool) -> None:
    assert answers_otherwise(text, read_formula(text)) is otherwise


TRUE = CellValue("b", "1")
ONE = CellValue("n", "1")


@pytest.mark.parametrize(
    ("formula", "kind"),
    [
        ("A1>2", Kind.TRUTH),
        ("(A1+1)<=(B1)", Kind.TRUTH),
        ("AND(A1,B1)", Kind.TRUTH),
        ("--(A1>2)", Kind.MISTAKEN),
        ("-A1", Kind.MISTAKEN),
        ("MAX(A1,B1)", Kind.MISTAKEN),
        ("(A1>1)+(A2>1)", Kind.OTHER),
        ("A1^-1", Kind.MISTAKEN),
        ("A1*-1", Kind.OTHER),
        ("SUM(A1=1)", Kind.OTHER),
        ("+A1", Kind.REFERRED),
        ("'a>b'!A1", Kind.REFERRED),
        ("Table[a>b]", Kind.REFERRED),
        ("$A$1:$B$2", Kind.REFERRED),
        ('"a=b"', Kind.OTHER),
        ("1E-5", Kind.OTHER),
        ('IF(A1="(,",A2>1,5)', Kind.TRUTH | Kind.OTHER),
        ("IF(A1,B1)", Kind.TRUTH | Kind.REFERRED),
        ("IFERROR(A1>1,)", Kind.TRUTH | Kind.OTHER),
        ("_xlfn.IFS(A1>1,1,A1>2,--A1)", Kind.OTHER | Kind.MISTAKEN),
        ("_xlfn.SWITCH(A1,1,TRUE(),2)", Kind.OTHER | Kind.TRUTH | Kind.LOST),
    ],
)
def test_the_form_of_a_formula_tells_its_kinds(formula: str, kind: Kind) -> None:
    assert kind_of(formula) == kind


@pytest.mark.parametrize(
    ("value", "formula", "array", "settled"),
    [
        (TRUE, "A1>1", False, TRUE),
        (TRUE, "--(A1>1)", False, ONE),
        (CellValue("b", "-1"), "-(A1>1)", False, CellValue("n", "-1")),
        (TRUE, "IF(A1,--A2,A3)", False, None),
        (ONE, "A1:A3>1", True, TRUE),
        (ONE, "A1:A3*1", True, ONE),
        (ONE, "IF(A1:A3>1,A1:A3>2,1)", True, None),
        (ONE, "IF(A1>1,A1>2,1)", False, ONE),
        (CellValue("n", "2"), "A1:A3>1", True, CellValue("n", "2")),
        (CellValue("str", "1"), "A1>1", False, CellValue("str", "1")),
    ],
)
def test_truth_values_are_settled(
    value: CellValue, formula: str, array: bool, settled: CellValue | None
) -> None:
    assert settle(value, formula, array=array) == settled


@pytest.mark.parametrize("formula", ["(" * 4000 + "A1" + ")" * 4000, "-" * 8000, "(", ")", ")("])
def test_odd_formulas_are_settled_without_harm(formula: str) -> None:
    assert settle(TRUE, formula, array=False) in {None, TRUE, ONE}
    read_formula(formula)
