"""What shows of a source looks the same in its copy, property by property."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from lxml import etree
from openpyxl.cell.rich_text import CellRichText, InlineFont, TextBlock
from openpyxl.styles import Alignment, Border, Font, GradientFill, PatternFill, Side
from openpyxl.styles.colors import Color
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.writer.theme import theme_xml

from makers.corpus import FOLDER, PROJECT, REFUSED, workbooks
from makers.looks import differences
from safe_release import clean

pytestmark = pytest.mark.filterwarnings("ignore")  # openpyxl's remarks on what it does not support

LINES = (
    "thin", "medium", "dashed", "dotted", "thick", "double", "hair", "mediumDashed", "dashDot",
    "mediumDashDot", "dashDotDot", "mediumDashDotDot", "slantDashDot",
)  # fmt: skip
PATTERNS = (
    "solid", "mediumGray", "darkGray", "lightGray", "darkHorizontal", "darkVertical", "darkDown",
    "darkUp", "darkGrid", "darkTrellis", "lightHorizontal", "lightVertical", "lightDown", "lightUp",
    "lightGrid", "lightTrellis", "gray125", "gray0625",
)  # fmt: skip
COLORS = (
    Color(rgb="FF123456"),
    Color(theme=5),
    Color(theme=9, tint=-0.25),
    Color(theme=2, tint=0.4),
    Color(indexed=53),
    Color(indexed=64),
)


def _compare(source: bytes, folder: Path) -> dict[str, int]:
    destination = folder / "copy.xlsx"
    clean(source, destination)
    found, counts = differences(source, destination.read_bytes())
    assert found == []
    return counts


def _files() -> list[object]:
    found = [pytest.param(path, id=path.name) for path in workbooks() if path.name not in REFUSED]
    reason = f"SAFE_RELEASE_CORPUS: no workbooks in {FOLDER.name}"
    return found or [pytest.param(Path(), id="none", marks=pytest.mark.skip(reason=reason))]


@pytest.mark.corpus
@pytest.mark.parametrize("path", _files())
def test_a_real_workbook_looks_the_same(path: Path, tmp_path: Path) -> None:
    _compare(path.read_bytes(), tmp_path)


def test_the_example_looks_the_same(tmp_path: Path) -> None:
    counts = _compare((PROJECT / "examples" / "crime_statistics.xlsx").read_bytes(), tmp_path)
    assert counts["fill"] > 100
    assert counts["table"] >= 0 if "table" in counts else True


def _looks() -> list[dict[str, object]]:
    """Every property of a cell format, one or a few at a time."""
    looks: list[dict[str, object]] = []
    # ruff: noqa: PERF401 (one loop a property reads best)
    for name in ("b", "i", "strike", "outline", "shadow", "condense", "extend"):
        looks.append({"font": Font(name="Calibri", sz=11, **{name: True})})
    for line in ("single", "double", "singleAccounting", "doubleAccounting"):
        looks.append({"font": Font(name="Arial", sz=9.5, u=line, family=2, charset=161)})
    for place in ("superscript", "subscript"):
        looks.append({"font": Font(name="Georgia", sz=14, vertAlign=place, scheme="major")})
    for color in COLORS:
        looks.append({"font": Font(name="Calibri", sz=11, color=color)})
        looks.append({"fill": PatternFill("solid", fgColor=color)})
        looks.append({"border": Border(left=Side("thin", color=color))})
    for pattern in PATTERNS:
        colors = {"fgColor": Color(theme=4), "bgColor": Color(rgb="FFABCDEF")}
        looks.append({"fill": PatternFill(pattern, **colors)})
    looks.append({"fill": GradientFill(degree=45, stop=("FF102030", "FFEEDDCC"))})
    sides = {"left": 0.2, "right": 0.8, "top": 0.3, "bottom": 0.6}
    looks.append({"fill": GradientFill(type="path", stop=("FF102030", "FF908070"), **sides)})
    for number, line in enumerate(LINES):
        side = ("left", "right", "top", "bottom", "diagonal")[number % 5]
        looks.append({"border": Border(**{side: Side(line)}, diagonalUp=True, diagonalDown=True)})
    looks.append({"border": Border(diagonal=Side("hair"), diagonalDown=True)})
    for word in ("left", "center", "right", "fill", "justify", "centerContinuous", "distributed"):
        looks.append({"alignment": Alignment(horizontal=word, indent=3)})
    for word in ("top", "center", "justify", "distributed"):
        looks.append({"alignment": Alignment(vertical=word, wrap_text=True)})
    for degrees in (45, 90, 135, 180, 255):
        looks.append({"alignment": Alignment(textRotation=degrees)})
    looks.append({"alignment": Alignment(shrink_to_fit=True, readingOrder=2)})
    looks.append({"alignment": Alignment(horizontal="distributed", justifyLastLine=True)})
    for code in ("0.00", "#,##0;[Red]-#,##0", "0%", "dd/mm/yyyy", "# ?/?", "@", "0.0E+00"):
        looks.append({"number_format": code})
    return looks


def _fill_in(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
    for number, look in enumerate(_looks()):
        row, column = 3 + number // 8, 2 + number % 8
        cells = [sheet.cell(row, column), sheet.cell(row, column + 10, 1.5)]
        for cell in cells:  # one without a value, one with
            for name, value in look.items():
                setattr(cell, name, value)


def _saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("hides", [False, True], ids=["all shown", "some hidden"])
def test_every_property_of_a_cell_format_stays(hides: bool, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    _fill_in(book.active)
    if hides:
        book.active.row_dimensions[4].hidden = True
        book.active.column_dimensions["D"].hidden = True
    counts = _compare(_saved(book), tmp_path)
    assert counts["fill"] >= 2 * len(_looks()) * (0.7 if hides else 1)


def test_rows_columns_views_and_pages_stay(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = book.active
    for row in range(1, 31):
        for column in range(1, 9):
            sheet.cell(row, column, row * column)
    sheet.row_dimensions[2].height = 33.5
    sheet.row_dimensions[40].fill = PatternFill("solid", fgColor="FF00AA00")
    sheet.column_dimensions["C"].width = 21.25
    sheet.column_dimensions["M"].font = Font(name="Calibri", sz=20, b=True)
    sheet.row_dimensions[5].hidden = sheet.column_dimensions["B"].hidden = True
    sheet.sheet_format.defaultRowHeight, sheet.sheet_format.customHeight = 18, True
    sheet.sheet_format.defaultColWidth = 11.5
    sheet.merge_cells("A8:D9")
    sheet.freeze_panes = "C7"
    sheet.sheet_view.zoomScale, sheet.sheet_view.rightToLeft = 85, True
    sheet.sheet_view.showGridLines = sheet.sheet_view.showRowColHeaders = False
    sheet.sheet_view.defaultGridColor, sheet.sheet_view.colorId = False, 12
    sheet.sheet_properties.tabColor = Color(theme=7, tint=0.2)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight, sheet.page_setup.fitToWidth = 0, 2
    sheet.page_setup.pageOrder, sheet.page_setup.errors = "overThenDown", "dash"
    sheet.page_setup.blackAndWhite = sheet.page_setup.draft = True
    sheet.page_margins.left, sheet.page_margins.header = 1.25, 0.1
    sheet.print_options.horizontalCentered = sheet.print_options.gridLines = True
    sheet.print_area, sheet.print_title_rows = "A1:F25", "1:2"
    sheet.oddHeader.center.text, sheet.oddFooter.right.text = "Figures\n\n", "Page &P of &N"
    sheet.row_breaks.append(Break(id=12))
    sheet.col_breaks.append(Break(id=4))
    counts = _compare(_saved(book), tmp_path)
    assert counts["sheetView colorId"] == 1
    assert counts["print areas"] == counts["tab colour"] == counts["frozen panes"] == 1


def test_tables_links_and_rich_texts_stay(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (("District", "Count"), ("Northfield", 12), ("Eastmere", 7), ("All", 19)):
        sheet.append(row)
    table = Table(displayName="Counts", ref="A1:B4", totalsRowCount=1)
    table.tableStyleInfo = TableStyleInfo("TableStyleMedium9", True, False, False, True)
    sheet.add_table(table)
    sheet["D1"].value, sheet["D1"].hyperlink = "map", "https://www.example.org/map"
    font = InlineFont(rFont="Arial", sz=13, b=True, u="double", color=Color(theme=8, tint=0.3))
    sheet["D2"].value = CellRichText("see ", TextBlock(font, "note 42"), " below")
    counts = _compare(_saved(book), tmp_path)
    assert counts["table"] == counts["links"] == counts["runs"] == 1


def test_theme_colours_that_only_texts_and_tabs_name_stay(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.loaded_theme = _theme()
    book._fonts[0] = Font(name="Arial", sz=10)
    sheet = book.active
    sheet.sheet_properties.tabColor = Color(theme=6)
    font = InlineFont(rFont="Arial", color=Color(theme=8))
    sheet["A1"].value = CellRichText("one ", TextBlock(font, "two"))
    _compare(_saved(book), tmp_path)


def _theme() -> bytes:
    """A theme whose accents are none that any application has of its own."""
    root = etree.fromstring(theme_xml.encode())
    for number, color in enumerate(root.iter()):
        if color.tag.endswith("}srgbClr"):
            color.set("val", f"{(number * 7919) % 0xFFFFFF:06X}")
    return etree.tostring(root)


def test_a_difference_is_found() -> None:
    book = openpyxl.Workbook()
    book.active["A1"].value = 1
    before = _saved(book)
    book.active["A1"].font = Font(name="Calibri", sz=11, b=True)
    book.active.column_dimensions["B"].width = 30
    found, _ = differences(before, _saved(book))
    assert {name for _, name in found} >= {"bold", "column width"}
