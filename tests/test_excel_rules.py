"""What makes Excel offer to repair a workbook, and that no copy does it.

Excel says little of what it does not like. The rules below are those of the standard and of the
published limits, and the causes that users and authors of spreadsheet libraries have found; each
names its clause or its witness. They are asked of copies of generated and of real workbooks.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import pytest
from lxml import etree

from conftest import Clean
from makers.corpus import FOLDER, REFUSED, workbooks
from makers.packages import Package, r, x
from makers.sheets import Sheet, add_table, column_number, sheet, workbook
from safe_release import Malformed, SafeReleaseError, clean

Node = etree._Element
Rule = Callable[["Book"], Iterator[str]]
RULES: list[Rule] = []

CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]*)")
URI = re.compile(r"[!#-;=?-\[\]-~\u00a0-\U0010ffff]{1,2079}")
ORDER = (
    "sheetPr", "sheetViews", "sheetFormatPr", "cols", "sheetData", "autoFilter", "mergeCells",
    "conditionalFormatting", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "drawing", "legacyDrawingHF", "picture",
    "tableParts",
)  # fmt: skip
RUN = (
    "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color",
    "rFont", "family", "charset", "scheme",
)  # fmt: skip
ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA")

Box = tuple[int, int, int, int]


def rule(function: Rule) -> Rule:
    RULES.append(function)
    return function


def units(text: str) -> int:
    """Characters as Excel counts them."""
    return len(text.encode("utf-16-le")) // 2


def box(ref: str) -> Box:
    """First column, first row, last column, last row."""
    corners = CELL.findall(ref)
    (left, top), (right, bottom) = corners[0], corners[-1]
    return column_number(left), int(top), column_number(right), int(bottom)


def meet(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def name(node: Node) -> str:
    return etree.QName(node).localname


def decoded(text: str) -> str:
    """22.9.2.19 ST_Xstring."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)


@dataclass
class Page:
    """A worksheet and what belongs to it."""

    name: str
    root: Node
    targets: dict[str, tuple[str, str]]
    """Relationship id to type and target."""
    strings: list[Node]
    tables: list[Node] = field(default_factory=list)

    def all(self, tag: str) -> list[Node]:
        return list(self.root.iter(x(tag)))

    def text(self, cell: Node) -> str | None:
        """The text in a cell, where it holds one."""
        holder = cell
        if cell.get("t") == "s":
            holder = self.strings[int(cell.findtext(x("v")) or -1)]
        elif cell.get("t") != "inlineStr":
            return None
        return "".join(decoded(node.text or "") for node in holder.iter(x("t")))


class Book:
    """A copy as Excel finds it."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.archive = zipfile.ZipFile(io.BytesIO(data))
        self.parts = {
            info.filename: etree.fromstring(self.archive.read(info))
            for info in self.archive.infolist()
            if info.filename.endswith((".xml", ".rels", ".vml"))
        }
        self.book = self.parts["xl/workbook.xml"]
        self.styles = self.parts["xl/styles.xml"]
        strings = self.parts.get("xl/sharedStrings.xml")
        self.strings = [] if strings is None else strings.findall(x("si"))
        targets = self.targets("xl/workbook.xml")
        self.pages = [
            self._page(node.get("name") or "", f"xl/{targets[node.get(r('id')) or ''][1]}")
            for node in self.book.iter(x("sheet"))
        ]

    def targets(self, part: str) -> dict[str, tuple[str, str]]:
        folder, _, file = part.rpartition("/")
        rels = self.parts.get(f"{folder}/_rels/{file}.rels")
        return {
            node.get("Id", ""): (node.get("Type", "").rpartition("/")[2], node.get("Target", ""))
            for node in (rels if rels is not None else ())
        }

    def _page(self, title: str, part: str) -> Page:
        page = Page(title, self.parts[part], self.targets(part), self.strings)
        for node in page.all("tablePart"):
            target = page.targets[node.get(r("id")) or ""][1]
            page.tables.append(self.parts[target.replace("../", "xl/")])
        return page

    def pool(self, section: str) -> list[Node]:
        found = self.styles.find(x(section))
        return [] if found is None else list(found)


@rule
def zip_is_plain(book: Book) -> Iterator[str]:
    """Part 2, 7.3 and annex B: stored or deflated, version 2.0, no descriptor, no encryption."""
    for info in book.archive.infolist():
        if info.flag_bits or info.extract_version > 20 or info.compress_type not in (0, 8):
            yield f"{info.filename} is packed in an unusual way"
        if info.extra or info.comment or not info.filename.isascii():
            yield f"{info.filename} has more than a name and content"
    names = book.archive.namelist()
    if names[:2] != ["[Content_Types].xml", "_rels/.rels"] or len(set(names)) < len(names):
        yield "the entries are not in the usual order"


@rule
def every_part_has_a_type_and_a_way_to_it(book: Book) -> Iterator[str]:
    """Part 2, 7.2.3 and 6.5: a part without a type, and a target without a part, are damage."""
    types = book.parts["[Content_Types].xml"]
    declared = [node.get("PartName", "") for node in types if "PartName" in node.attrib]
    parts = {f"/{part}" for part in book.parts if not part.endswith((".rels", "Types].xml"))}
    if set(declared) != parts or len(declared) != len(parts):
        yield "parts and content types differ"
    pictures = {f"/{part}" for part in book.archive.namelist() if part not in book.parts}
    typed = {node.get("Extension", "") for node in types if "Extension" in node.attrib}
    if not {part.rpartition(".")[2] for part in pictures} <= typed:
        yield "a picture has no content type"
    parts |= pictures
    reached = {"/xl/workbook.xml", "/docProps/core.xml", "/docProps/app.xml"} & parts
    for part in book.parts:
        for type_, target in book.targets(part).values():
            if type_ != "hyperlink":
                reached.add(f"/xl/{target.removeprefix('../')}")
    if reached != parts:
        yield "parts and relationships differ"


@rule
def objects_of_drawings(book: Book) -> Iterator[str]:
    """20.5: ids above 0, each once in a drawing; sizes that are none below zero; every relationship
    that is named is there; what a schema requires of an object it has."""
    required = {
        "sp": ("nvSpPr", "spPr"), "cxnSp": ("nvCxnSpPr", "spPr"),
        "pic": ("nvPicPr", "blipFill", "spPr"), "grpSp": ("nvGrpSpPr", "grpSpPr"),
        "graphicFrame": ("nvGraphicFramePr", "xfrm", "graphic"), "txBody": ("bodyPr", "p"),
    }  # fmt: skip
    for part, root in book.parts.items():
        if not part.startswith("xl/drawings/drawing"):
            continue
        ids = [node.get("id", "0") for node in root.iter("{*}cNvPr")]
        if len(set(ids)) < len(ids) or "0" in ids or not ids:
            yield f"{part}: objects are not numbered"
        named = {
            value for node in root.iter("{*}*") for key, value in node.attrib.items()
            if str(key) in (r("id"), r("embed"))
        }  # fmt: skip
        if named != set(book.targets(part)):
            yield f"{part}: relationships are named that are not there, or the reverse"
        for node in root.iter("{*}*"):
            children = [str(child.tag).rpartition("}")[2] for child in node]
            wanted = required.get(str(node.tag).rpartition("}")[2], ())
            if not set(wanted) <= set(children):
                yield f"{part}: an object lacks what it must have"


@rule
def names_of_sheets(book: Book) -> Iterator[str]:
    """18.2.19 and Excel's limits: 1 to 31 characters, no ``[]:*?/\\``, no apostrophe at an end."""
    names = [page.name for page in book.pages]
    for at, title in enumerate(names, 1):
        if not 1 <= units(title) <= 31 or re.search(r"[\[\]:*?/\\\x00-\x1f]|^'|'$", title):
            yield f"sheet {at} has a name that is none"
    if len({title.casefold() for title in names}) < len(names):
        yield "two sheets have one name"
    ids = [node.get("sheetId") for node in book.book.iter(x("sheet"))]
    active = [int(node.get("activeTab", "0")) for node in book.book.iter(x("workbookView"))]
    if len(set(ids)) < len(ids) or not active or max(active) >= len(names):
        yield "sheets are not numbered, or none is active"


@rule
def the_filter_has_its_name(book: Book) -> Iterator[str]:
    """18.2.5: the hidden name of a filter repeats its range; without it no button shows."""
    names = {
        name.get("localSheetId"): (name.text or "").rpartition("!")[2].replace("$", "")
        for name in book.book.iter(x("definedName"))
        if name.get("name") == "_xlnm._FilterDatabase"
    }
    for number, page in enumerate(book.pages):
        ranges = [node.get("ref") for node in page.all("autoFilter")]
        if ranges != [names[key] for key in names if key == str(number)]:
            yield "the name of a filter says something else than the filter"


@rule
def names_that_are_defined(book: Book) -> Iterator[str]:
    """18.2.5: quoted sheet names (ClosedXML 1331, exceljs 3071), absolute references, titles of
    whole rows and whole columns, each once, at most 8,192 characters."""
    seen = set()
    for node in book.book.iter(x("definedName")):
        text, title = node.text or "", book.pages[int(node.get("localSheetId", "0"))].name
        quoted = "'" + title.replace("'", "''") + "'!"
        areas = [area.removeprefix(quoted) for area in re.split(r",(?=')", text)]
        if text.count(quoted) != len(areas) or units(text) > 8192:
            yield f"{node.get('name')} does not refer to its own sheet"
        whole = [bool(re.fullmatch(r"\$[A-Z]+:\$[A-Z]+", area)) for area in areas]
        rows = [bool(re.fullmatch(r"\$\d+:\$\d+", area)) for area in areas]
        if node.get("name") == "_xlnm.Print_Titles":
            if sum(whole) > 1 or sum(rows) > 1 or sum(whole) + sum(rows) < len(areas):
                yield "print titles are no rows and columns"
        elif not all(
            is_whole or is_rows or re.fullmatch(r"\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?", area)
            for area, is_whole, is_rows in zip(areas, whole, rows, strict=True)
        ):
            yield "a name is no reference"
        key = node.get("name"), node.get("localSheetId")
        if key in seen:
            yield "a name is defined twice"
        seen.add(key)


@rule
def conditional_formats_are_whole(book: Book) -> Iterator[str]:
    """18.3.1.10: a rule has the operands its kind needs, a format that is there, a rank."""
    formulas = {
        "cellIs": (1, 2), "expression": (1,), "timePeriod": (1,), "containsBlanks": (1,),
        "notContainsBlanks": (1,), "containsErrors": (1,), "notContainsErrors": (1,),
    }  # fmt: skip
    bounds = {"colorScale": (2, 3), "dataBar": (2,), "iconSet": (3, 4, 5)}
    for page in book.pages:
        ranks = []
        for holder in page.all("conditionalFormatting"):
            if not holder.get("sqref") or not len(holder):
                yield "a conditional format has no area or no rule"
            for node in holder:
                ranks.append(int(node.get("priority", "0")))
                kind = node.get("type", "")
                if not 0 <= int(node.get("dxfId", "0")) < max(len(book.pool("dxfs")), 1):
                    yield "a conditional format names no format"
                if len(node.findall(x("formula"))) not in formulas.get(kind, (0,)):
                    yield "a conditional format has other operands than its kind needs"
                steps = node.findall(f"{x(kind)}/{x('cfvo')}") if kind in bounds else []
                if len(steps) not in bounds.get(kind, (0,)):
                    yield "a scale, bar or icon set has not the thresholds it needs"
                if any("val" not in step.attrib for step in steps
                       if step.get("type") not in ("min", "max")):  # fmt: skip
                    yield "a threshold has no value"
        if sorted(ranks) != list(range(1, len(ranks) + 1)):
            yield "two conditional formats have one priority"


@rule
def elements_are_in_order(book: Book) -> Iterator[str]:
    """18.3.1.99: a worksheet is a sequence (exceljs 106); 18.4.7: runs as Excel writes them."""
    for page in book.pages:
        tags = [name(child) for child in page.root]
        once = [tag for tag, _ in groupby(tags)]  # there is one for each rule
        if once != sorted(set(tags), key=ORDER.index):
            yield "the elements of a sheet are not in order"
        if any(tags.count(tag) > 1 for tag in set(tags) - {"conditionalFormatting"}):
            yield "an element of a sheet is there twice"
        for tag in ("cols", "mergeCells", "hyperlinks", "rowBreaks", "colBreaks", "tableParts"):
            for node in page.all(tag):
                if not len(node) or node.get("count", str(len(node))) != str(len(node)):
                    yield f"{tag} is empty or miscounted"
    for holder in (*book.strings, *(page.root for page in book.pages)):
        for node in holder.iter(x("rPr")):
            tags = [name(child) for child in node]
            if tags != sorted(set(tags), key=RUN.index):
                yield "the properties of a run are not in order"


@rule
def rows_and_cells_go_forward(book: Book) -> Iterator[str]:
    """18.3.1.73 and 18.3.1.4: in order, each once, up to XFD1048576; heights up to 409.5."""
    for page in book.pages:
        last = 0
        for row in page.all("row"):
            number = int(row.get("r", "0"))
            if not last < number <= 1_048_576 or float(row.get("ht", "1")) > 409.5:
                yield "a row is out of order, or too high"
            last, column = number, 0
            for cell in row:
                match = CELL.fullmatch(cell.get("r", ""))
                if match is None or int(match[2]) != number:
                    yield "a cell is not in its row"
                elif not column < column_number(match[1]) <= 16_384:
                    yield "a cell is out of order"
                else:
                    column = column_number(match[1])


@rule
def cells_hold_what_their_type_says(book: Book) -> Iterator[str]:
    """18.18.11 ST_CellType."""
    for page in book.pages:
        for cell in page.all("c"):
            kind, value = cell.get("t", "n"), cell.findtext(x("v"))
            fits = {
                "s": lambda v: 0 <= int(v or -1) < len(book.strings),
                "n": lambda v: v is None or abs(float(v)) < float("inf"),
                "b": lambda v: v in ("0", "1"),
                "e": lambda v: v in ERRORS,
                "inlineStr": lambda v: v is None,
            }
            if kind not in fits or not fits[kind](value):
                yield f"a cell of type {kind} holds something else"


@rule
def texts_fit_into_cells(book: Book) -> Iterator[str]:
    """No text beyond 32,767 characters, its runs together (Excel's limits), no character that XML
    or a cell cannot hold."""
    holders = [*book.strings, *(node for page in book.pages for node in page.all("is"))]
    for holder in holders:
        text = "".join(decoded(node.text or "") for node in holder.iter(x("t")))
        if not 0 < units(text) <= 32_767:
            yield "a text is empty or longer than a cell can hold"
        if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", text):
            yield "a text holds control characters"
        for node in holder.iter(x("t")):
            space = node.get("{http://www.w3.org/XML/1998/namespace}space")
            if (node.text or "") != (node.text or "").strip() and space != "preserve":
                yield "white space at the end of a text is not preserved"


@rule
def columns_do_not_overlap(book: Book) -> Iterator[str]:
    """18.3.1.13: in order, not overlapping (EPPlus 107), not wider than 255 (Excel's limits)."""
    for page in book.pages:
        taken = 0
        for node in page.all("col"):
            first, last = int(node.get("min", "0")), int(node.get("max", "0"))
            if not taken < first <= last <= 16_384 or float(node.get("width", "9")) > 255:
                yield "columns overlap, or one is too wide"
            taken = last


@rule
def merges_lie_apart(book: Book) -> Iterator[str]:
    """18.3.1.55: merged cells that overlap are removed on opening (XlsxWriter 848)."""
    for page in book.pages:
        boxes = sorted(box(node.get("ref", "")) for node in page.all("mergeCell"))
        if any(one[:2] == one[2:] for one in boxes):
            yield "a merge of one cell"
        if len(boxes) < 2_000 and any(
            meet(one, other) for at, one in enumerate(boxes) for other in boxes[at + 1 :]
        ):
            yield "merges overlap"


@rule
def tables_are_whole(book: Book) -> Iterator[str]:
    """18.5.1: a column for each of the range, named by the text of its header cell (XlsxWriter 739,
    ClosedXML 285), no name twice in whatever case (exceljs 106), none over 255 characters (openxlsx
    402), at least one row beside header and totals (ARCtrl 462)."""
    tables = [table for page in book.pages for table in page.tables]
    for attribute in ("id", "displayName", "name"):
        if len({table.get(attribute) for table in tables}) < len(tables):
            yield f"two tables have one {attribute}"
    for page in book.pages:
        for table in page.tables:
            left, top, right, bottom = box(table.get("ref", ""))
            header = int(table.get("headerRowCount", "1"))
            totals = int(table.get("totalsRowCount", "0"))
            names = [decoded(node.get("name", "")) for node in table.iter(x("tableColumn"))]
            if len(names) != right - left + 1 or bottom - top + 1 <= header + totals:
                yield "a table has not as many columns or rows as its range"
            if len({item.casefold() for item in names}) < len(names) or not all(names):
                yield "a table has a name twice, or none"
            if any(units(item) > 255 for item in names):
                yield "the name of a column is too long"
            if header and names != _header(page, left, top, right):
                yield "the names of columns are not the texts of the header"
            if re.fullmatch(r"[A-Z]{1,3}\d+|[RC]\d*", table.get("displayName", ""), re.IGNORECASE):
                yield "the name of a table is a reference"


def _header(page: Page, left: int, top: int, right: int) -> list[str | None]:
    row = next(node for node in page.all("row") if node.get("r") == str(top))
    cells = {column_number(cell.get("r", "").rstrip("0123456789")): cell for cell in row}
    return [page.text(cells[at]) if at in cells else None for at in range(left, right + 1)]


@rule
def tables_lie_apart(book: Book) -> Iterator[str]:
    """A table on merged cells (ClosedXML 369), on another table or under the sheet's own filter
    (EPPlus 103, XlsxWriter 1102) is taken away on opening."""
    for page in book.pages:
        tables = [box(table.get("ref", "")) for table in page.tables]
        others = [box(node.get("ref", "")) for node in page.all("mergeCell")]
        others += [box(node.get("ref", "")) for node in page.all("autoFilter")]
        for at, table in enumerate(tables):
            if any(meet(table, other) for other in (*tables[at + 1 :], *others)):
                yield "a table lies on something else"


@rule
def filters_of_tables_lie_in_them(book: Book) -> Iterator[str]:
    """18.3.1.2: over the header and rows of the table, without its totals; none without header."""
    for page in book.pages:
        for table in page.tables:
            left, top, right, bottom = box(table.get("ref", ""))
            bottom -= int(table.get("totalsRowCount", "0"))
            for node in table.iter(x("autoFilter")):
                if box(node.get("ref", "")) != (left, top, right, bottom):
                    yield "a filter is not that of its table"
                if table.get("headerRowCount") == "0":
                    yield "a table without header is filtered"


@rule
def links_are_few_and_addresses(book: Book) -> Iterator[str]:
    """At most 65,530 links on a sheet (rubyXL 475), of 2,079 characters, each an anyURI (office-kit
    117): no blanks, quotes, brackets or backslashes."""
    for page in book.pages:
        links = page.all("hyperlink")
        if len(links) > 65_530:
            yield "too many links"
        for node in links:
            id_ = node.get(r("id"))
            if (id_ is None) == (node.get("location") is None):
                yield "a link leads nowhere, or to two places"
            elif id_ is not None and not URI.fullmatch(page.targets[id_][1]):
                yield "a link is no address"
        used = [node.get(r("id")) for node in page.root.iter() if node.get(r("id"))]
        if sorted(filter(None, used)) != sorted(page.targets):
            yield "relationships and their use differ"


@rule
def pages_are_set_up(book: Book) -> Iterator[str]:
    """Headers and footers up to 255 characters with their codes (ClosedXML 141), at most 1,026
    breaks in a direction, none behind the last row or column (Excel's limits)."""
    for page in book.pages:
        for node in page.all("headerFooter"):
            if any(units(child.text or "") > 255 or not child.text for child in node):
                yield "a header or footer is empty or too long"
        for tag, size in (("rowBreaks", 1_048_576), ("colBreaks", 16_384)):
            for node in page.all(tag):
                ids = [int(child.get("id", "0")) for child in node]
                if not 0 < len(ids) <= 1026 or ids != sorted(set(ids)):
                    yield "page breaks are too many or out of order"
                elif not 0 < ids[0] <= ids[-1] < size:
                    yield "a page break lies behind the end"


@rule
def views_are_views(book: Book) -> Iterator[str]:
    """18.3.1.66: a frozen pane freezes something, and its lower part begins behind it."""
    selected = 0
    for page in book.pages:
        views = page.all("sheetView")
        if len(views) != 1:
            yield "a sheet has not one view"
        selected += views[0].get("tabSelected") == "1"
        for pane in page.all("pane"):
            across, down = (int(pane.get(key, "0")) for key in ("xSplit", "ySplit"))
            left, top, _, _ = box(pane.get("topLeftCell", ""))
            part = {(1, 1): "bottomRight", (0, 1): "bottomLeft", (1, 0): "topRight"}
            if (left, top) != (across + 1, down + 1):
                yield "a pane does not begin behind what is frozen"
            if pane.get("activePane") != part.get((min(across, 1), min(down, 1))):
                yield "the active pane is not there"
    if selected != 1:
        yield "not one sheet is selected"


@rule
def formats_refer_to_what_is_there(book: Book) -> Iterator[str]:
    """18.8.45 xf: every index in its pool; at most 65,490 of them (exceljs 102)."""
    pools = {key: len(book.pool(key)) for key in ("fonts", "fills", "borders", "cellXfs", "dxfs")}
    codes = {node.get("numFmtId"): node.get("formatCode", "") for node in book.pool("numFmts")}
    for node in (*book.pool("cellXfs"), *book.pool("cellStyleXfs")):
        for attribute, pool in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")):
            if not 0 <= int(node.get(attribute, "-1")) < pools[pool]:
                yield f"{attribute} is out of range"
        number = node.get("numFmtId", "")
        if int(number) >= 164 and number not in codes:
            yield "a number format is missing"
    if pools["cellXfs"] > 65_490 or not all(0 < units(code) <= 255 for code in codes.values()):
        yield "too many cell formats, or too long number formats"
    for page in book.pages:
        used = [cell.get("s", "0") for cell in (*page.all("c"), *page.all("row"))]
        used += [node.get("style", "0") for node in page.all("col")]
        if max(map(int, used), default=0) >= pools["cellXfs"]:
            yield "a cell format is missing"
    for node in book.styles.iter(x("tableStyleElement")):
        if not 0 <= int(node.get("dxfId", "-1")) < pools["dxfs"]:
            yield "a differential format is missing"
    for section in book.styles:
        if section.get("count") not in (None, str(len(section))):
            yield f"{name(section)} is miscounted"


@rule
def looks_are_possible(book: Book) -> Iterator[str]:
    """18.8: typefaces of 1 to 31 characters in 1 to 409 points, rotations up to 180 or 255, the two
    first fills none and gray125, gradients of at least one stop."""
    for tag in ("name", "rFont"):
        for part in (book.styles, *book.strings):
            if any(not 1 <= units(node.get("val", "")) <= 31 for node in part.iter(x(tag))):
                yield "a typeface has no name, or too long a one"
    if any(not 1 <= float(node.get("val", "0")) <= 409 for node in book.styles.iter(x("sz"))):
        yield "a font has an impossible size"
    for node in book.styles.iter(x("alignment")):
        turn = int(node.get("textRotation", "0"))
        if not (0 <= turn <= 180 or turn == 255) or int(node.get("indent", "0")) > 250:
            yield "an alignment is impossible"
    fills = [node[0].get("patternType") for node in book.pool("fills")[:2]]
    if fills != ["none", "gray125"]:
        yield "the first fills are not the reserved ones"
    if any(not len(node) for node in book.styles.iter(x("gradientFill"))):
        yield "a gradient has no colours"


@rule
def a_theme_is_there_when_named(book: Book) -> Iterator[str]:
    """18.8.3: a theme colour or font of a style needs a theme to be looked up in."""
    named = b" theme=" in etree.tostring(book.styles) or list(book.styles.iter(x("scheme")))
    if named and "xl/theme/theme1.xml" not in book.parts:
        yield "the theme is missing"


def faults(data: bytes) -> list[str]:
    """Everything in a copy that Excel is known not to like."""
    book = Book(data)
    return [f"{one.__name__}: {fault}" for one in RULES for fault in one(book)]


DAMAGE = {
    "tables_are_whole": ("xl/tables/table1.xml", 'name="h"', 'name="x"'),
    "tables_lie_apart": ("xl/worksheets/sheet1.xml", 'ref="A5:B5"', 'ref="A3:B3"'),
    "filters_of_tables_lie_in_them": ("xl/tables/table1.xml", 'Filter ref="A1', 'Filter ref="A2'),
    "merges_lie_apart": ("xl/worksheets/sheet1.xml", 'ref="A5:B5"', 'ref="A5:A5"'),
    "elements_are_in_order": (
        "xl/worksheets/sheet1.xml",
        'mergeCells count="1"',
        'mergeCells count="2"',
    ),
    "rows_and_cells_go_forward": ("xl/worksheets/sheet1.xml", '<row r="2"', '<row r="1"'),
    "cells_hold_what_their_type_says": (
        "xl/worksheets/sheet1.xml",
        '"A2"><v>1<',
        '"A2" t="b"><v>7<',
    ),
    "texts_fit_into_cells": ("xl/sharedStrings.xml", "<t>h</t>", "<t> h</t>"),
    "names_of_sheets": ("xl/workbook.xml", 'name="Sheet1"', 'name="[1]"'),
    "views_are_views": ("xl/worksheets/sheet1.xml", 'tabSelected="1"', 'tabSelected="0"'),
    "looks_are_possible": ("xl/styles.xml", 'patternType="gray125"', 'patternType="none"'),
    "formats_refer_to_what_is_there": ("xl/styles.xml", 'cellXfs count="1"', 'cellXfs count="2"'),
}


@pytest.mark.parametrize("broken", DAMAGE)
def test_the_rules_find_what_they_look_for(broken: str, cleaned: Clean) -> None:
    copy, _ = cleaned(_tabled(TABLE, "A1:B3", ["h", "k"], " ; merge A5:B5").zip())
    assert faults(copy) == []
    package = Package.read(copy)
    package.swap(*DAMAGE[broken])
    assert broken in {fault.partition(":")[0] for fault in faults(package.zip())}


def _tabled(
    cells: str, ref: str, columns: list[str], tail: str = "", attributes: str = ""
) -> Package:
    package = workbook(cells + tail)
    part = add_table(package, 1, ref, columns, "Source")
    if attributes:
        package.swap(part, f'ref="{ref}">', f'ref="{ref}" {attributes}>')
    return package


TABLE = "A1=h | B1=k | A2=1 | B2=2 | A3=3 | B3=4"
LONG = "h" * 256

TABLES = {
    "plain": (_tabled(TABLE, "A1:B3", ["h", "k"]), 1),
    "totals": (_tabled(TABLE, "A1:B3", ["h", "k"], attributes='totalsRowCount="1"'), 1),
    "merged": (_tabled(TABLE, "A1:B3", ["h", "k"], " ; merge A2:A3"), 0),
    "merged beside": (_tabled(TABLE, "A1:B3", ["h", "k"], " ; merge A5:B5"), 1),
    "filtered twice": (
        _tabled(TABLE, "A1:B3", ["h", "k"], ' ; raw <autoFilter ref="A1:B3"/>'),
        1,
    ),
    "same names": (_tabled("A1=h | B1=H | A2=1 | B2=2", "A1:B2", ["h", "H2"]), 0),
    "number as header": (_tabled("A1=h | B1=7 | A2=1 | B2=2", "A1:B2", ["h", "7"]), 0),
    "other names": (_tabled(TABLE, "A1:B3", ["x", "y"]), 1),
    "no rows": (_tabled("A1=h | B1=k", "A1:B1", ["h", "k"]), 0),
    "long name": (_tabled(f"A1={LONG} | B1=k | A2=1 | B2=2", "A1:B2", [LONG, "k"]), 0),
    "longest name": (_tabled(f"A1={LONG[1:]} | B1=k | A2=1", "A1:B2", [LONG[1:], "k"]), 1),
    "two lines": (_tabled("A1=h\nk | B1=k | A2=1", "A1:B2", ["h_x000a_k", "k"]), 1),
    "edges": (_tabled(TABLE, "A1:B3", ["h", "k"], " ; col A hidden"), 1),
    "hidden rows": (_tabled(TABLE, "A1:B3", ["h", "k"], " ; row 2 hidden ; row 3 hidden"), 0),
    "spacer": (_tabled(TABLE, "A1:B3", ["h", "k"], " ; col A width=0.2"), 0),
}


@pytest.mark.parametrize("case", TABLES)
def test_tables_that_excel_would_repair_become_plain_cells(case: str, cleaned: Clean) -> None:
    package, kept = TABLES[case]
    copy, _ = cleaned(package.zip())
    assert faults(copy) == []
    assert sum(len(page.tables) for page in Book(copy).pages) == kept
    assert cleaned(copy)[0] == copy


def test_of_two_tables_on_the_same_cells_one_stays(cleaned: Clean) -> None:
    package = _tabled(TABLE, "A1:B3", ["h", "k"])
    again = package["xl/tables/table1.xml"].replace(b'ref="A1:B3"', b'ref="B1:B3"')
    again = again.replace(b'count="2"><tableColumn id="1" name="h"/>', b'count="1">')
    id_ = package.add(
        "xl/tables/table2.xml",
        again.replace(b"Source", b"Other"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml",
        source=package.sheet(1),
        kind="table",
    )
    package.swap(package.sheet(1), "</tableParts>", f'<tablePart r:id="{id_}"/></tableParts>')
    copy, _ = cleaned(package.zip())
    assert faults(copy) == []
    assert sum(len(page.tables) for page in Book(copy).pages) == 1


def _named(reference: str, kind: str = "Print_Titles", title: str = "") -> bytes:
    text = f'<definedName name="_xlnm.{kind}" localSheetId="0">{reference}</definedName>'
    made = sheet("A1=Visible 1 | B2=2 | C3=3")
    made.name = title
    return workbook(made, "A1=2", book=f"<definedNames>{text}</definedNames>").zip()


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("Sheet1!$A:$B,Sheet1!$1:$2", "'Sheet1'!$A:$B,'Sheet1'!$1:$2"),
        ("Sheet1!$1:$1", "'Sheet1'!$1:$1"),
        ("Sheet1!$1:$1,Sheet1!$3:$3", None),
        ("Sheet1!$A$1:$B$2", None),
        ("#REF!", None),
    ],
)
def test_print_titles_are_rows_and_columns(
    reference: str, expected: str | None, cleaned: Clean
) -> None:
    copy, _ = cleaned(_named(reference))
    assert faults(copy) == []
    assert Book(copy).book.findtext(f".//{x('definedName')}") == expected


@pytest.mark.parametrize("title", ["Bob's", "R1C1", "a-b", "12pm", "T&amp;O", "ä", "a,b!c"])
def test_names_of_sheets_are_quoted(title: str, cleaned: Clean) -> None:
    """fastexcel 281, poi 545, abap2xlsx 724: whatever the name, the print area refers to it."""
    plain = title.replace("&amp;", "&")
    quoted = "'" + title.replace("'", "''") + "'"
    copy, _ = cleaned(_named(f"{quoted}!$A$1:$B$2", "Print_Area", plain))
    assert faults(copy) == []
    expected = "'" + plain.replace("'", "''") + "'!$A$1:$B$2"
    assert Book(copy).book.findtext(f".//{x('definedName')}") == expected


def test_the_print_area_of_another_sheet_is_none(cleaned: Clean) -> None:
    copy, _ = cleaned(_named("Sheet2!$A$1:$A$1", "Print_Area"))
    assert Book(copy).book.find(f".//{x('definedName')}") is None


def _linked(address: str) -> bytes:
    return workbook(Sheet(cells={(1, 1): ("", "Visible 1")}, links=[("A1", address)])).zip()


@pytest.mark.parametrize("mark", ['"', "<", ">", "\\"])
def test_a_link_that_is_no_uri_goes(mark: str, cleaned: Clean) -> None:
    """office-kit 117: one such address, and Excel takes the workbook for damaged."""
    copy, _ = cleaned(_linked(f"https://example.org/a{mark}b"))
    assert faults(copy) == []
    assert not Book(copy).pages[0].all("hyperlink")


@pytest.mark.parametrize(
    "address",
    ["https://example.org/a?b=1&c='2'", "https://example.org/%C3%A4#%C3%A9", "mailto:a@b.example"],
)
def test_a_link_that_is_one_stays(address: str, cleaned: Clean) -> None:
    copy, _ = cleaned(_linked(address))
    assert faults(copy) == []
    assert [target for _, target in Book(copy).pages[0].targets.values()] == [address]


def test_breaks_behind_the_last_row_go(cleaned: Clean) -> None:
    tail = (
        '<rowBreaks count="2"><brk id="2" man="1"/><brk id="1048576" man="1"/></rowBreaks>'
        '<colBreaks count="1"><brk id="16384" man="1"/></colBreaks>'
    )
    copy, _ = cleaned(workbook(f"A1=1 | A4=4 ; raw {tail}").zip())
    assert faults(copy) == []
    assert [node.get("id") for node in Book(copy).pages[0].all("brk")] == ["2"]


@pytest.mark.parametrize(("length", "is_kept"), [(253, True), (254, False)])
def test_headers_are_of_255_characters(length: int, is_kept: bool, cleaned: Clean) -> None:
    made = Sheet(cells={(1, 1): ("", "Visible 1")})
    made.tail = f"<headerFooter><oddHeader>&amp;L{'x' * length}</oddHeader></headerFooter>"
    if is_kept:
        assert faults(cleaned(workbook(made).zip())[0]) == []
        return
    with pytest.raises(Malformed, match=r"sheet 1: .* header or footer .* 255"):
        cleaned(workbook(made).zip())


@pytest.mark.parametrize("is_rich", [False, True])
@pytest.mark.parametrize("excess", [0, 1])
def test_texts_are_counted_as_excel_counts(excess: int, is_rich: bool, cleaned: Clean) -> None:
    """A character outside the first plane counts twice (Excel's limits: 32,767)."""
    package = workbook("A1=Visible 1")
    text = "\U0001f600" * 16_383 + "x" * (1 + excess)
    plain = '<t xml:space="preserve">Visible 1</t>'
    runs = f"<r><t>{text[:9]}</t></r><r><rPr><b/></rPr><t>{text[9:]}</t></r>"
    package.swap(package.strings, plain, runs if is_rich else f"<t>{text}</t>")
    if excess:
        with pytest.raises(Malformed, match=r"sheet 1, cell A1: .* longer than a cell"):
            cleaned(package.zip())
    else:
        assert faults(cleaned(package.zip())[0]) == []


@pytest.mark.parametrize(("turn", "kept"), [("90", "90"), ("255", "255"), ("200", None)])
def test_rotations_are_angles(turn: str, kept: str | None, cleaned: Clean) -> None:
    package = workbook("A1@1=Visible 1")
    package.swap(
        package.styles,
        ' applyBorder="1"/>',
        f' applyBorder="1" applyAlignment="1"><alignment textRotation="{turn}"/></xf>',
    )
    copy, _ = cleaned(package.zip())
    assert faults(copy) == []
    found = [node.get("textRotation") for node in Book(copy).styles.iter(x("alignment"))]
    assert found == ([kept] if kept else [])


def test_runs_are_spelled_in_order(cleaned: Clean) -> None:
    package = workbook("A1=Visible 1")
    properties = '<rFont val="Arial"/><sz val="9"/><color rgb="FF112233"/><i/><b/>'
    package.swap(
        package.strings,
        '<t xml:space="preserve">Visible 1</t>',
        f"<r><t>a</t></r><r><rPr>{properties}</rPr><t> b </t></r>",
    )
    copy, _ = cleaned(package.zip())
    assert faults(copy) == []
    tags = [name(child) for child in Book(copy).strings[0].iter(x("rPr")).__next__()]
    assert tags == ["b", "i", "sz", "color", "rFont"]


def test_properties_of_the_policy(cleaned: Clean) -> None:
    properties = {"title": "A & B <c>", "creator": "Person 0042", "language": "en"}
    copy, _ = cleaned(workbook("A1=Visible 1").zip(), properties=properties)
    assert faults(copy) == []


def test_the_example_opens(cleaned: Clean) -> None:
    example = Path(__file__).resolve().parents[1] / "examples" / "crime_statistics.xlsx"
    assert faults(cleaned(example)[0]) == []


@pytest.mark.corpus
def test_copies_of_real_workbooks(tmp_path: Path) -> None:
    paths = [path for path in workbooks() if path.name not in REFUSED]
    paths = [path for path in paths if path.stat().st_size < 150_000]
    if not paths:
        pytest.skip(f"SAFE_RELEASE_CORPUS: no workbooks in {FOLDER.name}")
    found: dict[str, list[str]] = {}
    for path in paths:
        try:
            clean(path, tmp_path / "copy.xlsx")
        except SafeReleaseError:
            continue  # whether it may be refused is asked where all real workbooks are cleaned
        found[path.name] = faults((tmp_path / "copy.xlsx").read_bytes())
    assert {key: value for key, value in found.items() if value} == {}
    assert len(found) > len(paths) // 2
