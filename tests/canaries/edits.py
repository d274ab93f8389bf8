"""Edits that planters share: an element in its place, a row or a column between others."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from makers.packages import MAIN, Package, Root, fragment, x
from makers.sheets import column_letters, column_number

WORKSHEET = [
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
]
WORKBOOK = [
    "fileVersion",
    "fileSharing",
    "workbookPr",
    "workbookProtection",
    "bookViews",
    "sheets",
    "functionGroups",
    "externalReferences",
    "definedNames",
    "calcPr",
    "oleSize",
    "customWorkbookViews",
    "pivotCaches",
    "smartTagPr",
    "smartTagTypes",
    "webPublishing",
    "fileRecoveryPr",
    "webPublishObjects",
    "extLst",
]
STYLESHEET = [
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
    "extLst",
]
ORDER = {"worksheet": WORKSHEET, "workbook": WORKBOOK, "styleSheet": STYLESHEET}


def put(root: Root, text: str) -> Root:
    """Put an element where the schema wants it; one of that name that is there makes room."""
    child = fragment(text)
    order = ORDER[etree.QName(root).localname]
    rank = order.index(etree.QName(child).localname)
    for old in root.findall(child.tag):
        root.remove(old)
    before = [c for c in root if c.tag.startswith(f"{{{MAIN}}}")
              and order.index(etree.QName(c).localname) < rank]  # fmt: skip
    root.insert(root.index(before[-1]) + 1 if before else 0, child)
    return child


def put_in(package: Package, part: str, text: str) -> None:
    """``put`` in a part of the package."""
    with package.edit(part) as root:
        put(root, text)


def cell(place: str, text: str, extra: str = "") -> str:
    """A cell with an inline string."""
    return f'<c r="{place}"{extra} t="inlineStr"><is><t>{text}</t></is></c>'


def append_row(package: Package, sheet: int, row: int, cells: str, attributes: str = "") -> None:
    """Put a row behind the last one of a sheet."""
    with package.edit(package.sheet(sheet)) as root:
        data = root.find(x("sheetData"))
        assert data is not None
        data.append(fragment(f'<row r="{row}" {attributes}>{cells}</row>'))


def _moved(place: str, row: Callable[[int], int], column: Callable[[int], int]) -> str:
    match = re.fullmatch(r"([A-Z]+)(\d+)", place)
    assert match
    return f"{column_letters(column(column_number(match[1])))}{row(int(match[2]))}"


def insert_row(package: Package, sheet: int, at: int, cells: str, attributes: str = "") -> None:
    """Insert a row; cells below move down. For sheets without tables, merges and links."""
    with package.edit(package.sheet(sheet)) as root:
        data = root.find(x("sheetData"))
        assert data is not None
        rows = list(data)
        for row in rows:
            number = int(row.get("r", ""))
            if number < at:
                continue
            row.set("r", str(number + 1))
            for item in row:
                item.set("r", _moved(item.get("r", ""), lambda n: n + 1, lambda n: n))
        place = sum(1 for row in rows if int(row.get("r", "")) < at)
        data.insert(place, fragment(f'<row r="{at}" {attributes}>{cells}</row>'))


def insert_column(package: Package, sheet: int, at: int, text: str, attributes: str) -> None:
    """Insert a column that holds ``text`` in every row, and give it ``attributes``."""
    with package.edit(package.sheet(sheet)) as root:
        for row in root.iter(x("row")):
            for item in row:
                number = column_number(re.sub(r"\d", "", item.get("r", "")))
                if number >= at:
                    item.set("r", _moved(item.get("r", ""), lambda n: n, lambda n: n + 1))
            index = sum(
                1 for item in row if column_number(re.sub(r"\d", "", item.get("r", ""))) < at
            )
            row.insert(index, fragment(cell(f"{column_letters(at)}{row.get('r')}", text)))
        assert root.find(x("cols")) is None, "the planter wants a sheet without column widths"
        put(root, f'<cols><col min="{at}" max="{at}" {attributes}/></cols>')


def style(package: Package, xf: str, font: str = "", format_code: str = "", fill: str = "") -> int:
    """Append a cell format to the styles and return its index."""
    with package.edit(package.styles) as root:
        font_id = 0
        if font:
            fonts = root.find(x("fonts"))
            assert fonts is not None
            font_id = len(fonts)
            fonts.append(fragment(font))
        fill_id = 0
        if fill:
            fills = root.find(x("fills"))
            assert fills is not None
            fill_id = len(fills)
            fills.append(fragment(fill))
        format_id = 0
        if format_code:
            formats = root.find(x("numFmts"))
            if formats is None:
                put(root, "<numFmts/>")
                formats = root.find(x("numFmts"))
            assert formats is not None
            format_id = 300 + len(formats)
            made = etree.SubElement(formats, x("numFmt"))
            made.set("numFmtId", str(format_id))
            made.set("formatCode", format_code)
        formats_of_cells = root.find(x("cellXfs"))
        assert formats_of_cells is not None
        item = fragment(xf)
        for name, value in (("numFmtId", format_id), ("fontId", font_id)):
            item.set(name, str(value))
        if fill_id:
            item.set("fillId", str(fill_id))
        for name in ("fillId", "borderId", "xfId"):
            if item.get(name) is None:
                item.set(name, "0")
        if format_code:
            item.set("applyNumberFormat", "1")
        formats_of_cells.append(item)
        for pool in ("numFmts", "fonts", "fills", "cellXfs"):
            element = root.find(x(pool))
            if element is not None and element.get("count"):
                element.set("count", str(len(element)))
        return len(formats_of_cells) - 1
