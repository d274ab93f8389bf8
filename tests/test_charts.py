"""Charts: what they show stays, drawn from cells of the copy or from the points they plot."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from canaries.charts import PART, cells, chart, charted, literal, series
from makers.charts import (
    OPENPYXL,
    ROWS,
    XLSXWRITER,
    by_openpyxl,
    by_xlsxwriter,
    column_chart,
)
from makers.packages import Package
from safe_release import Report, clean, verify
from safe_release.channel import Fate
from safe_release.formats.charts.references import Names, carried, parse, write
from safe_release.formats.charts.rounding import rounded
from safe_release.formats.xlsx.axis import columns_map, rows_map
from safe_release.formats.xlsx.sheet import Maps

FAR = (
    '<c:numLit><c:ptCount val="99999999999"/><c:pt idx="99999999"><c:v>1</c:v></c:pt>'
    '<c:pt idx="0"><c:v>2</c:v></c:pt></c:numLit>'
)


def cleaned(source: bytes) -> tuple[bytes, Report]:
    with tempfile.TemporaryDirectory() as folder:
        destination = Path(folder) / "copy.xlsx"
        report = clean(source, destination)
        return destination.read_bytes(), report


def markup(copy: bytes, number: int = 1) -> str:
    return Package.read(copy)[f"xl/charts/chart{number}.xml"].decode()


def copied(markup_: str) -> str:
    """The copy's chart of a chart in the place of the base's."""
    return markup(cleaned(charted(markup_).zip())[0])


def made(kind: str, *, hidden: bool) -> bytes:
    maker = by_openpyxl if kind in OPENPYXL else by_xlsxwriter
    return maker(kind, hidden=hidden)


@pytest.mark.parametrize("kind", XLSXWRITER + OPENPYXL)
@pytest.mark.parametrize("hidden", [False, True], ids=["visible", "hidden"])
def test_every_kind_stays(kind: str, hidden: bool) -> None:
    source = made(kind, hidden=hidden)
    copy, _ = cleaned(source)
    assert verify(copy, source=source).passed
    again, report = cleaned(copy)
    assert again == copy
    assert {finding.action for finding in report.findings} <= {Fate.KEPT}
    theirs = openpyxl.load_workbook(io.BytesIO(source)).worksheets[0]._charts
    ours = openpyxl.load_workbook(io.BytesIO(copy)).worksheets[0]._charts
    assert [type(one) for one in ours] == [type(one) for one in theirs]
    assert [len(one.series) for one in ours] == [len(one.series) for one in theirs]
    text = markup(copy)
    assert ("<c:f>" in text) != hidden
    assert "<c:ext" not in text
    points = re.findall(r"<c:(?:numCache|numLit)>.*?</c:(?:numCache|numLit)>", text)
    assert points
    assert all(block.count("<c:pt ") >= ROWS - 1 for block in points)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_references_name_the_visible_cells(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 12))
    values = [float(10 * n + 1) for n in range(count)]
    rows = data.draw(st.sets(st.integers(0, count - 1)))
    columns = data.draw(st.sets(st.sampled_from([0, 1, 3])))
    copy, _ = cleaned(column_chart(values, rows, columns))
    shown = [value for at, value in enumerate(values) if at not in rows]
    text = markup(copy)
    formulas = re.findall(r"<c:val><c:numRef><c:f>([^<]*)</c:f>", text)
    assert len(formulas) == bool(shown)
    if shown:
        sheet = openpyxl.load_workbook(io.BytesIO(copy)).worksheets[0]
        area = sheet[formulas[0].rpartition("!")[2].replace("$", "")]
        cells_ = [row[0] for row in area] if isinstance(area, tuple) else [area]
        assert [cell.value for cell in cells_] == shown
        cached = re.findall(r"<c:numCache>.*?</c:numCache>", text)[0]
        assert [float(v) for v in re.findall("<c:v>([^<]*)</c:v>", cached)] == shown
    assert ("name" in text) == (3 not in columns and bool(shown))


@given(
    rows=st.lists(st.tuples(st.integers(1, 60), st.integers(0, 5)), max_size=5),
    columns=st.lists(st.tuples(st.integers(1, 20), st.integers(0, 3)), max_size=4),
    area=st.tuples(st.integers(1, 60), st.integers(0, 20), st.integers(1, 20), st.integers(0, 9)),
)
def test_remapped_areas_are_the_visible_cells(
    rows: list[tuple[int, int]],
    columns: list[tuple[int, int]],
    area: tuple[int, int, int, int],
) -> None:
    maps = Maps(
        rows_map((first, first + more) for first, more in rows),
        columns_map((first, first + more) for first, more in columns),
        "A b",
    )
    top, tall, left, wide = area
    letters = [openpyxl.utils.get_column_letter(column) for column in (left, left + wide)]
    found = parse(f"'A b'!${letters[0]}${top}:${letters[1]}${top + tall}", Names({}))
    moved = carried(found, lambda _name: maps, only_visible=True)
    shown = {
        (maps.rows.new(row), maps.columns.new(column))
        for row in range(top, top + tall + 1)
        for column in range(left, left + wide + 1)
    }
    visible = {place for place in shown if None not in place}
    assert moved is not None
    named = {
        (row, column)
        for _, each in moved
        for row in range(each.first_row, each.last_row + 1)
        for column in range(each.first_column, each.last_column + 1)
    }
    assert named == visible
    plotted = carried(found, lambda _name: maps, only_visible=False)
    assert (plotted is None) == (len(visible) < (tall + 1) * (wide + 1))


@given(st.lists(st.floats(-1e12, 1e12).map(repr), max_size=8), st.integers(0, 2))
def test_rounding_is_done_once(numbers: list[str], finer: int) -> None:
    once = rounded(numbers, None, finer)
    assert rounded(once, None, finer) == once
    span = max((abs(Decimal(n)) for n in numbers), default=Decimal(0))
    for before, after in zip(numbers, once, strict=True):
        assert abs(Decimal(before) - Decimal(after)) <= span / 100


def test_unions_and_names() -> None:
    names = Names({("", "sales"): "Data!$A$1:$A$3", ("data", "own"): "(Data!$A$1,Data!$C$4)"})
    maps = Maps(rows_map([(2, 2)]), columns_map(), "Data")

    def moved(formula: str) -> str:
        found = carried(parse(formula, names), lambda _name: maps, only_visible=True)
        return "-" if found is None else write(found)

    assert moved("Sales") == moved("[0]!Sales") == "'Data'!$A$1:$A$2"
    assert moved("Data!own") == "('Data'!$A$1,'Data'!$C$3)"
    assert moved("Data!$A$2") == ""
    for formula in ("OFFSET(Data!$A$1,1,1)", "[1]Data!$A$1", "Data!#REF!", "", "A1", "Unknown"):
        assert moved(formula) == "-"


def test_hidden_rows_that_are_plotted_become_points() -> None:
    source = Package.read(column_chart([1.23456, 2.0, 3.0], hidden_rows=[1]))
    source.swap(PART, '<c:plotVisOnly val="1"/>', '<c:plotVisOnly val="0"/>')
    text = markup(cleaned(source.zip())[0])
    block = re.findall("<c:numLit>.*?</c:numLit>", text)[0]
    assert re.findall("<c:v>([^<]*)</c:v>", block) == ["1.23", "2", "3"]
    assert "<c:f>" not in text


def test_labels_from_cells_become_texts() -> None:
    off = "".join(
        f'<c:show{flag} val="0"/>'
        for flag in ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")
    )
    space = "http://schemas.microsoft.com/office/drawing/2012/chart"
    labels = (
        f"<c:dLbls>{off}<c:extLst><c:ext uri='x' xmlns:c15='{space}'>"
        "<c15:showDataLabelsRange val='1'/></c:ext></c:extLst></c:dLbls>"
    )
    cache = (
        f"<c:extLst><c:ext uri='y' xmlns:c15='{space}'><c15:datalabelsRange><c15:f>Raw!A1:A2"
        f"</c15:f><c15:dlblRangeCache>{literal('seen one', 'seen two')}</c15:dlblRangeCache>"
        "</c15:datalabelsRange></c:ext></c:extLst>"
    )
    text = copied(chart(series(extra=labels)).replace("</c:ser>", f"{cache}</c:ser>"))
    assert "<a:t>seen one</a:t>" in text
    assert "<a:t>seen two</a:t>" in text
    assert "Raw" not in text


def test_fields_in_labels_show_their_values() -> None:
    flags = "".join(
        f'<c:show{flag} val="{int(flag == "Val")}"/>'
        for flag in ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")
    )
    fields = "".join(
        f'<a:fld type="{kind}" id="{{0}}"><a:t>[{kind}]</a:t></a:fld><a:r><a:t> / </a:t></a:r>'
        for kind in ("VALUE", "CATEGORYNAME", "SERIESNAME", "PERCENTAGE")
    )
    labels = (
        f'<c:dLbls><c:dLbl><c:idx val="1"/><c:tx><c:rich><a:bodyPr/><a:p>{fields}</a:p></c:rich>'
        f"</c:tx>{flags}</c:dLbl>{flags}</c:dLbls>"
    )
    text = copied(chart(series(extra=labels)))
    assert "".join(re.findall("<a:t>([^<]*)</a:t>", text)).endswith("20 / second / Value / 67% / ")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<c:v>10</c:v>", "<c:v>11</c:v>"),
        ("<c:v>first</c:v>", "<c:v>fiirst</c:v>"),
        ("$B$2:$B$3", "$B$2:$B$2"),
        ("'Notes'!$B$2", "'Summary'!$B$2"),
        ("'Notes'!$B$2", "'Nowhere'!$B$2"),
        ("Seen above", "Unseen above"),
        ("<c:barChart>", "<c:lineChart>"),
        ('<c:barDir val="col"/>', '<c:barDir val="col" other="1"/>'),
        ("</c:chart>", "</c:chart><c:printSettings/>"),
    ],
)
def test_the_verifier_sees_what_was_changed(old: str, new: str) -> None:
    source = charted(chart(series())).zip()
    copy = Package.read(cleaned(source)[0])
    assert verify(copy.zip(), source=source).passed
    assert old.encode() in copy[PART]
    copy[PART] = copy[PART].replace(old.encode(), new.encode())
    if "barChart" in old:
        copy[PART] = copy[PART].replace(b"</c:barChart>", b"</c:lineChart>")
    assert not verify(copy.zip(), source=source).passed


def test_the_verifier_sees_points_that_were_changed() -> None:
    source = by_xlsxwriter("column", hidden=True)
    copy = Package.read(cleaned(source)[0])
    for old, new in (
        (b"<c:v>2.5</c:v>", b"<c:v>2.7</c:v>"),
        (b"<c:v>2.5</c:v>", b"<c:v>2.50012</c:v>"),
    ):
        changed = Package.read(copy.zip())
        assert old in changed[PART]
        changed[PART] = changed[PART].replace(old, new)
        assert not verify(changed.zip(), source=source).passed


@pytest.mark.parametrize(
    "markup_",
    [
        "<c:chartSpace xmlns:c='http://schemas.openxmlformats.org/drawingml/2006/chart'/>",
        "<x/>",
        chart(series()).replace("barChart", "newChart"),
        chart(series())[:-9],
    ],
    ids=["empty", "other root", "unknown kind", "cut short"],
)
def test_charts_that_are_none_are_left_out_with_a_finding(markup_: str) -> None:
    copy, report = cleaned(charted(markup_).zip())
    assert "xl/charts/chart1.xml" not in Package.read(copy)
    messages = [f.message for f in report.findings if f.channel == "xlsx.chart.cache"]
    assert any("left out" in message for message in messages)


@pytest.mark.parametrize(
    "values",
    [
        cells("num", "[1]A!$A$1:$A$2", "1e308", "-1e308"),
        cells("num", "[1]A!$A$1:$A$2", "1e-300", "NaN"),
        FAR,
        cells("num", "'Notes'!$A:$XFD", "1", "2"),
        cells("num", "'Notes'!$1:$1048576", "1"),
        cells("num", "(" + ",".join(["'Notes'!$B$2"] * 500) + ")", "1"),
        cells("num", "(" * 200 + "'Notes'!$B$2" + ")" * 200, "1"),
        cells("num", "Raw!$A:$XFD", "1", "2"),
    ],
    ids=[
        "huge",
        "tiny",
        "far point",
        "whole sheet",
        "whole rows",
        "union",
        "nested",
        "hidden whole",
    ],
)
def test_odd_numbers_and_places(values: str) -> None:
    source = charted(chart(series(values=values))).zip()
    copy, _ = cleaned(source)
    assert cleaned(copy)[0] == copy
    assert verify(copy, source=source).passed


def _book(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    fill(book)
    book.close()
    return target.getvalue()


def test_chart_sheets_stay_in_their_place() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("First").write_column(0, 0, [1, 2, 3])
        for name in ("Seen picture", "Unseen picture"):
            sheet = book.add_chartsheet(name)
            chart_ = book.add_chart({"type": "line"})
            chart_.add_series({"values": ["First", 0, 0, 2, 0]})
            sheet.set_chart(chart_)
            if name.startswith("Un"):
                sheet.hide()
        book.add_worksheet("Last")

    source = _book(fill)
    copy, _ = cleaned(source)
    book = openpyxl.load_workbook(io.BytesIO(copy))
    assert book.sheetnames == ["First", "Seen picture", "Last"]
    assert [sheet.title for sheet in book.chartsheets] == ["Seen picture"]
    assert "xl/charts/chart2.xml" not in Package.read(copy)
    assert cleaned(copy)[0] == copy
    assert verify(copy, source=source).passed


@pytest.mark.parametrize(
    ("code", "shown"),
    [(";;;", ["1.23", "2.47", "3.7"]), ("0", ["1.23", "2.47", "3.7"]), ("0.00", None)],
)
def test_what_cells_do_not_show_is_plotted_all_the_same(code: str, shown: list[str] | None) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("Data")
        form = book.add_format({"num_format": code})
        values = [1.2345, 2.469, 3.7035]
        for row, number in enumerate(values):
            sheet.write(row, 0, number, form)
        chart_ = book.add_chart({"type": "line"})
        chart_.add_series({"values": ["Data", 0, 0, 2, 0]})
        sheet.insert_chart("C2", chart_)

    text = markup(cleaned(_book(fill))[0])
    literal_ = re.findall("<c:numLit>.*?</c:numLit>", text)
    assert (re.findall("<c:v>([^<]*)</c:v>", literal_[0]) if literal_ else None) == shown
    assert ("<c:f>" in text) == (shown is None)


@pytest.mark.parametrize("white", ["values", "names", "both", "one name"])
@pytest.mark.parametrize("kind", ["column", "pie", "line"])
def test_what_stands_in_white_cells_is_painted_all_the_same(white: str, kind: str) -> None:
    names = ["Northern", "Southern", "Eastern"]

    def fill(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet("Data")
        pale = book.add_format({"font_color": "white"})
        for row, name in enumerate(names):
            is_pale = white in ("names", "both") or (white == "one name" and row == 1)
            page.write(row, 0, name, pale if is_pale else None)
            page.write(row, 1, row * 1.5 + 1, pale if white != "names" else None)
        made = book.add_chart({"type": kind})
        made.add_series({"categories": "=Data!$A$1:$A$3", "values": "=Data!$B$1:$B$3"})
        page.insert_chart("D10", made)

    source = _book(fill)
    copy, _ = cleaned(source)
    text = markup(copy)
    assert re.findall(r"<c:cat>.*?</c:cat>", text)
    assert [f"<c:v>{name}</c:v>" in text for name in names] == [True] * 3
    assert "<c:v>2.5</c:v>" in text
    assert cleaned(copy)[0] == copy


def test_names_that_their_format_does_not_show_stay_behind() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet("Data")
        page.write_column(
            0, 0, ["Falcon0041", "Falcon0042"], book.add_format({"num_format": ";;;"})
        )
        page.write_column(0, 1, [1, 2], book.add_format({"font_color": "white"}))
        made = book.add_chart({"type": "column"})
        made.add_series({"categories": "=Data!$A$1:$A$2", "values": "=Data!$B$1:$B$2"})
        page.insert_chart("D10", made)

    copy, _ = cleaned(_book(fill))
    assert "<c:v>2</c:v>" in markup(copy)
    assert "Falcon" not in markup(copy)


def test_a_series_without_numbers_stays_beside_one_that_holds_its_own() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet("Data")
        pale = book.add_format({"font_color": "white"})
        page.write_column(0, 0, [1, 2, 3], pale)
        page.write_column(0, 1, ["none", "none", "none"])
        made = book.add_chart({"type": "column"})
        made.add_series({"name": "Filled", "values": "=Data!$A$1:$A$3"})
        made.add_series({"name": "Empty", "values": "=Data!$B$1:$B$3"})
        page.insert_chart("D10", made)

    copy, _ = cleaned(_book(fill))
    assert markup(copy).count("<c:ser>") == 2
    assert "Empty" in markup(copy)
    assert cleaned(copy)[0] == copy


@pytest.mark.parametrize(("between", "kept"), [("; ", True), ("and", False), ("", False)])
def test_labels_have_the_usual_signs_between_their_parts(between: str, kept: bool) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet("Data")
        page.write_column(0, 0, [1, 2, 3])
        made = book.add_chart({"type": "column"})
        labels = {"value": True, "category": True, "separator": ";"}
        made.add_series({"values": "=Data!$A$1:$A$3", "data_labels": labels})
        page.insert_chart("D10", made)

    package = Package.read(_book(fill))
    part = "xl/charts/chart1.xml"
    text = package[part].decode()
    own = re.compile("<c:separator>[^<]*</c:separator>")
    assert own.search(text)
    package[part] = own.sub(f"<c:separator>{between}</c:separator>", text).encode()
    copy, _ = cleaned(package.zip())
    assert (f"<c:separator>{between}</c:separator>" in markup(copy)) == kept
    assert ("c:separator" in markup(copy)) == kept


def test_points_on_a_logarithmic_axis_keep_digits_of_their_own() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet("Data")
        page.write(0, 0, "shown")
        page.write_column(0, 1, [0.012345, 12.345, 1234567], book.add_format({"color": "white"}))
        made = book.add_chart({"type": "line"})
        made.add_series({"values": "=Data!$B$1:$B$3"})
        made.set_y_axis({"log_base": 10})
        page.insert_chart("D10", made)

    copy, _ = cleaned(_book(fill))
    assert re.findall("<c:pt [^>]*><c:v>([^<]*)</c:v>", markup(copy)) == [
        "0.0123",
        "12.3",
        "1230000",
    ]
    assert cleaned(copy)[0] == copy
