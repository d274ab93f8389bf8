"""What a workbook looks like to a foreign reader, and where two workbooks look different.

Which rows and columns show is computed here from the raw XML, without the library.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import openpyxl
from lxml import etree
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.styles.colors import COLOR_INDEX
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

STRICT = (
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main",
     b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (b"http://purl.oclc.org/ooxml/officeDocument/",
     b"http://schemas.openxmlformats.org/officeDocument/2006/"),
    (b"http://purl.oclc.org/ooxml/drawingml/main",
     b"http://schemas.openxmlformats.org/drawingml/2006/main"),
)  # fmt: skip
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
THEME_ORDER = (
    "lt1", "dk1", "lt2", "dk2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6",
    "hlink", "folHlink",
)  # fmt: skip
OFFICE_THEME = (
    "FFFFFF", "000000", "EEECE1", "1F497D", "4F81BD", "C0504D", "9BBB59", "8064A2", "4BACC6",
    "F79646", "0000FF", "800080",
)  # fmt: skip
Difference = tuple[str, str]
"""Place and property."""


_BY_THE_WAY = frozenset(
    (
        "drawing", "legacyDrawing", "legacyDrawingHF", "pivotCaches", "externalReferences",
        "conditionalFormatting", "dataValidations", "extLst", "mergeCells",
    )
)  # fmt: skip
_SIDE_PARTS = rb'<Relationship\b[^>]*/(?:pivot\w+|drawing|comments|externalLink|vml\w+)"[^>]*>'


def transitional(package: bytes) -> bytes:
    """The package under the names openpyxl knows, without what it trips over.

    Merges go because openpyxl forgets the look of every cell under one.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(made, "w") as new:
        entries = {entry.replace("\\", "/"): entry for entry in old.namelist()}
        types = next(name for name in entries if name.lower() == "[content_types].xml")
        spelled = {"[content_types].xml": "[Content_Types].xml"} | {
            name.lower(): name
            for name in re.findall(r'PartName="/([^"]+)"', old.read(entries[types]).decode())
        }
        for name, entry in entries.items():
            content = old.read(entry)
            if name.endswith((".xml", ".rels")):
                for strict, usual in STRICT:
                    content = content.replace(strict, usual)
            if name.endswith(".rels"):
                content = re.sub(_SIDE_PARTS, b"", content)
            new.writestr(spelled.get(name.lower(), name), content)
    return made.getvalue()


def without_merges(package: bytes) -> bytes:
    """What openpyxl may see of a transitional package."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.startswith("xl/work") and name.endswith(".xml"):
                root = etree.fromstring(content)
                for child in list(root):
                    if etree.QName(child).localname in _BY_THE_WAY:
                        root.remove(child)
                content = etree.tostring(root)
            new.writestr(name, content)
    return made.getvalue()


@dataclass
class RowSeen:
    """A written row: its height and the cell format of its unwritten cells."""

    height: float | None
    is_custom: bool
    style: int | None
    is_hidden: bool


@dataclass
class SheetSeen:
    """One worksheet as openpyxl reads it, and its rows and columns as they are written."""

    sheet: Worksheet
    book: BookSeen
    part: str
    raw: Any
    rows: dict[int, RowSeen] = field(default_factory=dict)
    columns: list[tuple[int, int, float | None, int, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.namespace = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
        self.defaults = self.one("sheetFormatPr")
        views = self.one("sheetViews")
        self.view = views[0] if views is not None and len(views) else None
        for col in self.all("cols/col"):
            width = _number(col.get("width"))
            is_hidden = _true(col.get("hidden")) or width == 0
            self.columns.append(
                (int(col.get("min")), int(col.get("max")), width, int(col.get("style", 0)),
                 is_hidden)
            )  # fmt: skip
        self.recalculated = {
            range_boundaries(formula.getparent().get("r"))[1::-1]
            for formula in self.raw.iter(f"{self.namespace}f")
            if formula.getparent().get("r")
        }
        number = 0
        for row in self.all("sheetData/row"):
            number = int(row.get("r", number + 1))
            height = _number(row.get("ht"))
            style = int(row.get("s", 0)) if _true(row.get("customFormat")) else None
            is_hidden = _true(row.get("hidden")) or height == 0
            self.rows[number] = RowSeen(height, _true(row.get("customHeight")), style, is_hidden)

    def one(self, path: str) -> Any:
        """The element of a path below the worksheet."""
        return self.raw.find("/".join(self.namespace + step for step in path.split("/")))

    def all(self, path: str) -> list[Any]:
        """The elements of a path below the worksheet."""
        return list(self.raw.findall("/".join(self.namespace + step for step in path.split("/"))))

    def unreachable(self) -> tuple[int, int]:
        """How many rows and columns lie before the first that frozen panes can show."""
        pane = self.view.find(self.namespace + "pane") if self.view is not None else None
        if pane is None or pane.get("state") not in ("frozen", "frozenSplit"):
            return 0, 0
        column, row, _, _ = range_boundaries(self.view.get("topLeftCell", "A1"))
        across, down = (float(pane.get(name, 0)) > 0 for name in ("xSplit", "ySplit"))
        return (row - 1 if down else 0), (column - 1 if across else 0)

    def hides_row(self) -> Callable[[int], bool]:
        """Whether a row of this sheet does not show."""
        defaults = self.defaults if self.defaults is not None else {}
        by_default = (
            _true(defaults.get("zeroHeight")) or _number(defaults.get("defaultRowHeight")) == 0
        )
        before, _ = self.unreachable()
        rows = self.rows

        def hides(row: int) -> bool:
            seen = rows.get(row)
            return row <= before or (by_default if seen is None else seen.is_hidden)

        return hides

    def hides_column(self) -> Callable[[int], bool]:
        """Whether a column of this sheet does not show."""
        defaults = self.defaults if self.defaults is not None else {}
        by_default = _number(defaults.get("defaultColWidth")) == 0
        _, before = self.unreachable()

        def hides(column: int) -> bool:
            run = self.run(column)
            return column <= before or (by_default if run is None else run[4])

        return hides

    def run(self, column: int) -> tuple[int, int, float | None, int, bool] | None:
        """The ``col`` element of a column."""
        return next((run for run in self.columns if run[0] <= column <= run[1]), None)

    def format(self, row: int, column: int) -> int | Any:
        """The cell format at a place, written or not, as openpyxl's array of numbers."""
        cell = self.sheet._cells.get((row, column))
        if cell is not None:
            return cell._style
        seen, run = self.rows.get(row), self.run(column)
        index = seen.style if seen is not None and seen.style is not None else run[3] if run else 0
        return self.book.book._cell_styles[index]


class BookSeen:
    """A workbook as openpyxl reads it, with its colours resolved."""

    def __init__(self, package: bytes) -> None:
        self._package = package
        package = transitional(package)
        self.book = openpyxl.load_workbook(
            io.BytesIO(without_merges(package)), rich_text=True, data_only=True
        )
        self._theme = _theme(self.book.loaded_theme)
        self._palette = [str(color)[-6:] for color in self.book._colors or COLOR_INDEX]
        self._seen: dict[Any, dict[str, object]] = {}
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            parts = _sheet_parts(archive)
            self.sheets = [
                SheetSeen(
                    sheet,
                    self,
                    parts[sheet.title],
                    etree.fromstring(archive.read(parts[sheet.title])),
                )
                for sheet in self.book.worksheets
                if sheet.sheet_state == "visible" and "worksheets" in parts[sheet.title]
            ]

    def pivot_areas(self, part: str) -> list[str]:
        """Where the pivot tables of a sheet stand."""
        folder, _, name = part.rpartition("/")
        entry = f"{folder}/_rels/{name}.rels".lower()
        areas = []
        with zipfile.ZipFile(io.BytesIO(self._package)) as archive:
            entries = {name.replace("\\", "/").lower(): name for name in archive.namelist()}
            rels = archive.read(entries[entry]).decode() if entry in entries else ""
            for target in re.findall(r'pivotTables/[^"]+\.xml', rels):
                content = archive.read(entries[f"xl/{target}".lower()])
                location = etree.fromstring(content).find("{*}location")
                areas.append(location.get("ref"))
        return areas

    def color(self, color: Any) -> object:
        """What a colour shows: six digits, or the name of a system colour, and its tint."""
        if color is None:
            return None
        tint = round(color.tint or 0.0, 3)
        if color.type == "theme":
            return (self._theme[color.theme] if color.theme < 12 else "?", tint)
        if color.type == "indexed":
            index = color.indexed
            return (self._palette[index] if index < len(self._palette) else f"system {index}", tint)
        return (str(color.rgb)[-6:].upper(), tint) if color.type == "rgb" else "auto"

    def look(self, array: Any) -> dict[str, object]:
        """Every property of a cell format, resolved."""
        key = tuple(array)
        if key not in self._seen:
            book = self.book
            self._seen[key] = {
                **self.font(book._fonts[array.fontId]),
                **self.fill(book._fills[array.fillId]),
                **self.border(book._borders[array.borderId]),
                **self.alignment(book._alignments[array.alignmentId]),
                "number format": self._code(array.numFmtId),
            }
        return self._seen[key]

    def _code(self, number: int) -> str:
        if number >= 164:
            return str(self.book._number_formats[number - 164]) or "General"
        return str(openpyxl.styles.numbers.BUILTIN_FORMATS.get(number, f"built in {number}"))

    def font(self, font: Any) -> dict[str, object]:
        """A font's properties."""
        return {
            "font name": font.name if hasattr(font, "name") else font.rFont,
            "font size": font.sz,
            "bold": bool(font.b),
            "italic": bool(font.i),
            "strike": bool(font.strike),
            "outline": bool(font.outline),
            "shadow": bool(font.shadow),
            "underline": None if font.u == "none" else font.u,
            "vertAlign": None if font.vertAlign == "baseline" else font.vertAlign,
            "font colour": self.color(font.color),
            "font scheme": font.scheme if font.scheme != "none" else None,
            "charset": font.charset or None,
            "family": font.family,
        }

    def fill(self, fill: Any) -> dict[str, object]:
        """A fill's properties, without the colours that it does not paint."""
        if fill.tagname == "gradientFill":
            stops = tuple((stop.position, self.color(stop.color)) for stop in fill.stop)
            edges = (fill.degree, fill.left, fill.right, fill.top, fill.bottom)
            return {"fill": (fill.type, *(round(edge or 0, 2) for edge in edges), stops)}
        pattern = fill.patternType or "none"
        if pattern == "none":
            return {"fill": pattern}
        if pattern == "solid":
            return {"fill": (pattern, self.color(fill.fgColor))}
        return {"fill": (pattern, self.color(fill.fgColor), self.color(fill.bgColor))}

    def border(self, border: Any) -> dict[str, object]:
        """The lines of a border."""
        made: dict[str, object] = {}
        sides = {"left": border.left, "right": border.right, "top": border.top,
                 "bottom": border.bottom, "diagonal": border.diagonal}  # fmt: skip
        if border.start is not None and border.start.style:
            sides["left"] = border.start
        if border.end is not None and border.end.style:
            sides["right"] = border.end
        for name, side in sides.items():
            is_drawn = side is not None and side.style not in (None, "none")
            made[f"{name} line"] = (side.style, self.color(side.color)) if is_drawn else None
        if made["diagonal line"] is not None:
            made["diagonals"] = (bool(border.diagonalUp), bool(border.diagonalDown))
        return made

    @staticmethod
    def alignment(alignment: Any) -> dict[str, object]:
        """Where a text stands in its cell."""
        usual = {"horizontal": "general", "vertical": "bottom"}
        return {
            name: getattr(alignment, name) or usual.get(name, 0)
            for name in (
                "horizontal", "vertical", "textRotation", "wrapText", "indent", "justifyLastLine",
                "shrinkToFit", "readingOrder",
            )
        }  # fmt: skip

    def runs(self, value: Any) -> list[tuple[object, str]]:
        """The runs of a rich text, neighbours of one look joined."""
        runs: list[tuple[object, str]] = []
        for item in value:
            is_run = isinstance(item, TextBlock)
            look = tuple(self.font(item.font).items()) if is_run else None
            text = _printable(item.text if is_run else str(item))
            if runs and runs[-1][0] == look:
                runs[-1] = (look, runs[-1][1] + text)
            elif text:
                runs.append((look, text))
        return runs


def _printable(text: str) -> str:
    return re.sub(r"[\x00-\x08\x0b-\x1f]", "", text or "")


def _true(text: str | None) -> bool:
    return text in ("1", "true")


def _number(text: str | None) -> float | None:
    return float(text) if text is not None else None


def _theme(theme: bytes | None) -> list[str]:
    if not theme:
        return list(OFFICE_THEME)
    root = etree.fromstring(theme)
    scheme = root.find(".//{*}clrScheme")
    found = {}
    for entry in scheme if scheme is not None else ():
        found[etree.QName(entry).localname] = (entry[0].get("lastClr") or entry[0].get("val"))[-6:]
    return [found.get(name, "?").upper() for name in THEME_ORDER]


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    book = openpyxl.reader.excel.ExcelReader(archive.fp, keep_links=False)
    book.read_manifest()
    book.read_strings()
    book.read_workbook()
    return {sheet.name: rel.target for sheet, rel in book.parser.find_sheets()}


class Shown:
    """Where the rows or columns of a source are in its copy."""

    def __init__(self, hides: Callable[[int], bool], last: int) -> None:
        self._hides = hides
        self._last = last
        self._new = [0]
        self._old = [0]

    def _extend(self, old: int) -> None:
        while len(self._new) <= old:
            row = len(self._new)
            if self._hides(row):
                self._new.append(0)
            else:
                self._old.append(row)
                self._new.append(len(self._old) - 1)

    def new(self, old: int) -> int:
        """The place in the copy, 0 for what does not show."""
        self._extend(old)
        return self._new[old]

    def old(self, new: int) -> int:
        """The place in the source."""
        while len(self._old) <= new and len(self._new) <= self._last:
            self._extend(len(self._new))
        return self._old[new] if new < len(self._old) else 0

    def span(self, first: int, last: int) -> tuple[int, int] | None:
        """What shows of a range."""
        shown = [new for new in (self.new(old) for old in range(first, last + 1)) if new]
        return (shown[0], shown[-1]) if shown else None


def differences(source: bytes, copy: bytes) -> tuple[list[Difference], dict[str, int]]:
    """Where the copy of a workbook looks different from what shows of its source.

    Also returns how many things of each kind were compared.
    """
    old, new = BookSeen(source), BookSeen(copy)
    counts: dict[str, int] = {}
    found: list[Difference] = []
    titles = {re.sub("[\\x00-\\x1f]", "", s.sheet.title): s for s in old.sheets}
    if list(titles) != [s.sheet.title for s in new.sheets]:
        found.append(("workbook", "sheet names"))
    if old.book.epoch != new.book.epoch:
        found.append(("workbook", "date1904"))
    for number, after in enumerate(new.sheets, 1):
        pair = Pair(titles[after.sheet.title], after)
        for place, name in pair.differences(counts):
            found.append((f"sheet {number} {place}".rstrip(), name))
    return found, counts


_OF_RULES = ("fill", "bold", "italic", "strike", "underline", "font colour", "number format")


class Pair:
    """One visible sheet of the source and its copy."""

    def __init__(self, old: SheetSeen, new: SheetSeen) -> None:
        self.old = old
        self.new = new
        self.rows = Shown(old.hides_row(), LAST_ROW)
        self.columns = Shown(old.hides_column(), LAST_COLUMN)
        self.pivots = [range_boundaries(area) for area in old.book.pivot_areas(old.part)]
        self.ruled = [
            range_boundaries(area)
            for format_ in old.all("conditionalFormatting")
            for area in (format_.get("sqref") or "").split()
        ]

    def differences(self, counts: dict[str, int]) -> Iterator[Difference]:
        """Place and property of everything that looks different."""
        checks = (
            self.cells, self.sizes, self.defaults, self.merges, self.view, self.page, self.breaks,
            self.names, self.tables, self.links,
        )  # fmt: skip
        for check in checks:
            for place, name, is_same in check():
                counts[name] = counts.get(name, 0) + 1
                if not is_same:
                    yield place, name

    def cells(self) -> Iterator[tuple[str, str, bool]]:
        """The look of every place where either workbook has a cell."""
        places = {
            (self.rows.new(row), self.columns.new(column))
            for row, column in self.old.sheet._cells
            if self.rows.new(row) and self.columns.new(column)
        } | set(self.new.sheet._cells)
        for row, column in sorted(places):
            before = (self.rows.old(row), self.columns.old(column))
            place = f"{get_column_letter(column)}{row}"
            one = self.old.book.look(self.old.format(*before))
            other = self.new.book.look(self.new.format(row, column))
            cell = self.new.sheet._cells.get((row, column))
            original = self.old.sheet._cells.get(before)
            became_text = _kind(original) != _kind(cell) or before in self.old.recalculated
            for name in one.keys() | other.keys():
                is_same = one.get(name) == other.get(name)
                if not is_same:
                    is_same = self._is_meant(name, before, one, became_text)
                if is_same or name.endswith("line") or not self._is_moved(before):
                    yield place, name, is_same
            rich = [isinstance(c.value, CellRichText) for c in (original, cell) if c is not None]
            if any(rich) and original is not None and cell is not None and not became_text:
                runs = self.old.book.runs(_rich(original.value))
                yield place, "runs", runs == self.new.book.runs(_rich(cell.value))

    def _is_moved(self, place: tuple[int, int]) -> bool:
        """Whether a place takes the look of a merge's first cell, which does not show."""
        for area in self.old.all("mergeCells/mergeCell"):
            left, top, right, bottom = range_boundaries(area.get("ref"))
            if left <= place[1] <= right and top <= place[0] <= bottom:
                return not self.rows.new(top) or not self.columns.new(left)
        return False

    def _is_meant(
        self, name: str, place: tuple[int, int], look: dict[str, object], became_text: bool
    ) -> bool:
        """Whether the rules of the copy change a property at a place of the source."""
        if name in ("number format", "horizontal") and became_text:
            return True
        for left, top, right, bottom in self.ruled:  # a rule that goes leaves its look behind
            if left <= place[1] <= right and top <= place[0] <= bottom:
                return name in _OF_RULES or name.endswith("line")
        if name == "number format":  # a word in a section that does not show goes
            return re.search(r'"[^"]*\w[^"]*"|\\\w', str(look[name])) is not None
        for left, top, right, bottom in self.pivots:  # the pivot style becomes the cells'
            is_page_field = place[0] < top and left <= place[1]
            if is_page_field or (left <= place[1] <= right and top <= place[0] <= bottom):
                return name in ("fill", "bold", "italic", "font colour") or name.endswith("line")
        return False

    def sizes(self) -> Iterator[tuple[str, str, bool]]:
        """Row heights, column widths, and the cell formats of rows and columns."""
        rows = {self.rows.new(row) for row in self.old.rows} | set(self.new.rows)
        nothing = RowSeen(None, False, None, False)
        for row in sorted(rows - {0}):
            before = self.old.rows.get(self.rows.old(row), nothing)
            after = self.new.rows.get(row, nothing)
            yield f"row {row}", "row height", _close(before.height, after.height, 0.05)
            yield f"row {row}", "row format", self._same_format(before.style, after.style)
        columns: set[int] = set()
        for sheet, shown in ((self.old, self.columns), (self.new, None)):
            for first, last, *_ in sheet.columns:
                ends = [*range(first, min(last, first + 300) + 1), last]
                columns |= {shown.new(column) if shown else column for column in ends}
        for column in sorted(columns - {0}):
            old = self.columns.old(column)
            runs = self.old.run(old), self.new.run(column)
            widths = [run[2] if run else None for run in runs]
            yield f"column {column}", "column width", _close(*widths, 0.005)
            styles = [run[3] if run else 0 for run in runs]
            yield f"column {column}", "column format", self._same_format(*styles)

    def _same_format(self, old: int | None, new: int | None) -> bool:
        if old is None or new is None:
            return old == new
        one = self.old.book.look(self.old.book.book._cell_styles[old])
        other = self.new.book.look(self.new.book.book._cell_styles[new])
        return all(
            one.get(name) == other.get(name) or self._is_meant(name, (0, 0), one, False)
            for name in one.keys() | other.keys()
        )

    def _attributes(self, path: str, names: dict[str, str]) -> Iterator[tuple[str, str, bool]]:
        for name, usual in names.items():
            values = []
            for sheet in (self.old, self.new):
                node = sheet.one(path)
                text = node.get(name, usual) if node is not None else usual
                # A scale of nothing, and a width for columns that all are written, say nothing.
                is_void = text == "0" and name in ("scale", "defaultColWidth")
                values.append(_spelled(usual if is_void else text))
            yield "", f"{path.split('/')[-1]} {name}", values[0] == values[1]

    def defaults(self) -> Iterator[tuple[str, str, bool]]:
        """The sizes of rows and columns that are not written."""
        if not self.old.hides_row()(LAST_ROW):
            yield from self._attributes("sheetFormatPr", {"defaultRowHeight": "15"})
        if not self.old.hides_column()(LAST_COLUMN) or self.old.run(LAST_COLUMN):
            yield from self._attributes("sheetFormatPr", {"defaultColWidth": ""})
        yield from self._attributes("sheetFormatPr", {"baseColWidth": "8", "customHeight": "0"})

    def merges(self) -> Iterator[tuple[str, str, bool]]:
        """Merged areas."""
        kept = set()
        for area in self.old.all("mergeCells/mergeCell"):
            shown = self._through(range_boundaries(area.get("ref")))
            if shown is not None and shown[:2] != shown[2:]:
                kept.add(shown)
        found = self.new.all("mergeCells/mergeCell")
        yield "", "merges", kept == {range_boundaries(area.get("ref")) for area in found}

    def _through(self, bounds: tuple[int, ...]) -> tuple[int, int, int, int] | None:
        left, top, right, bottom = bounds
        across, down = self.columns.span(left, right), self.rows.span(top, bottom)
        return (across[0], down[0], across[1], down[1]) if across and down else None

    def view(self) -> Iterator[tuple[str, str, bool]]:
        """How the sheet is shown on a screen."""
        view = "sheetViews/sheetView"
        if self.old.view is None or self.old.view.get("view", "normal") == "normal":
            yield from self._attributes(view, {"zoomScale": "100"})
        yield from self._attributes(
            view,
            {"showGridLines": "1", "showRowColHeaders": "1", "rightToLeft": "0",
             "defaultGridColor": "1", "colorId": "64"},
        )  # fmt: skip
        if not any(self.old.unreachable()):
            pane = self._pane(self.old)
            down, across = self.rows.span(1, pane[0]), self.columns.span(1, pane[1])
            shown = (down[1] if down else 0, across[1] if across else 0)
            yield "", "frozen panes", shown == self._pane(self.new)
        colors = [
            sheet.book.color(sheet.sheet.sheet_properties.tabColor)
            for sheet in (self.old, self.new)
        ]
        yield "", "tab colour", colors[0] == colors[1]

    @staticmethod
    def _pane(sheet: SheetSeen) -> tuple[int, int]:
        pane = sheet.one("sheetViews/sheetView/pane")
        if pane is None or pane.get("state") not in ("frozen", "frozenSplit"):
            return 0, 0
        return int(float(pane.get("ySplit", 0))), int(float(pane.get("xSplit", 0)))

    def page(self) -> Iterator[tuple[str, str, bool]]:
        """What is printed."""
        yield from self._attributes(
            "pageSetup",
            {"paperSize": "1", "scale": "100", "firstPageNumber": "1", "fitToWidth": "1",
             "fitToHeight": "1", "pageOrder": "downThenOver", "orientation": "portrait",
             "blackAndWhite": "0", "draft": "0", "useFirstPageNumber": "0",
             "errors": "displayed"},
        )  # fmt: skip
        yield from self._attributes("sheetPr/pageSetUpPr", {"fitToPage": "0"})
        yield from self._attributes(
            "printOptions",
            dict.fromkeys(("horizontalCentered", "verticalCentered", "headings", "gridLines"), "0")
            | {"gridLinesSet": "1"},
        )
        usual = {"left": "0.7", "right": "0.7", "top": "0.75", "bottom": "0.75",
                 "header": "0.3", "footer": "0.3"}  # fmt: skip
        yield from self._attributes("pageMargins", usual)
        used = [
            name
            for name, switch in (
                ("odd", None), ("even", "differentOddEven"), ("first", "differentFirst"),
            )
            if switch is None or self._switched(switch)
        ]  # fmt: skip
        for name in used:
            for part in ("Header", "Footer"):
                texts = []
                for sheet in (self.old, self.new):
                    node = sheet.one(f"headerFooter/{name}{part}")
                    text = (node.text or "") if node is not None else ""
                    text = re.sub(r"_x000[dD]_|\r", "", text).replace("_x000a_", "\n")
                    text = re.sub(r"&[GFZ]", "", text)
                    texts.append("" if re.fullmatch(r"(&[LCR]|\s)*", text) else text)
                yield "", f"{name}{part}", texts[0][:255] == texts[1]

    def _switched(self, switch: str) -> bool:
        node = self.old.one("headerFooter")
        return node is not None and _true(node.get(switch))

    def breaks(self) -> Iterator[tuple[str, str, bool]]:
        """Manual page breaks: below a row, right of a column, or before it if that is hidden."""
        for name, shown in (("rowBreaks", self.rows), ("colBreaks", self.columns)):
            kept = set()
            for brk in self.old.all(f"{name}/brk"):
                if _true(brk.get("man")):
                    span = shown.span(1, int(brk.get("id", 0)))
                    kept |= {span[1]} if span else set()
            found = {int(brk.get("id")) for brk in self.new.all(f"{name}/brk")}
            yield "", name, found <= kept and len(kept) - len(found) <= len(kept - found)
            yield "", f"{name} kept", found == kept

    def names(self) -> Iterator[tuple[str, str, bool]]:
        """Print areas and print titles."""
        areas = []
        for sheet, is_old in ((self.old.sheet, True), (self.new.sheet, False)):
            made = set()
            for area in str(sheet.print_area or "").split(","):
                if area and "#REF" not in area:
                    bounds = range_boundaries(area.rpartition("!")[2])
                    if None not in bounds:
                        through = self._through(bounds) if is_old else bounds
                        made |= {through} if through else set()
            areas.append(made)
        if areas[0]:  # openpyxl misses those of sheets behind hidden ones
            yield "", "print areas", areas[0] == areas[1]
        for name, shown in (("print_title_rows", self.rows), ("print_title_cols", self.columns)):
            titles = []
            for sheet, is_old in ((self.old.sheet, True), (self.new.sheet, False)):
                ends = _ends(getattr(sheet, name))
                titles.append(shown.span(*ends) if ends and is_old else ends)
            yield "", name, titles[0] == titles[1]

    def tables(self) -> Iterator[tuple[str, str, bool]]:
        """Tables whose header shows: range, stripes and built-in or custom style."""
        found = {range_boundaries(table.ref): table for table in self.new.sheet.tables.values()}
        for table in self.old.sheet.tables.values():
            left, top, right, bottom = range_boundaries(table.ref)
            area = self._through((left, top, right, bottom))
            if area is None or not self.rows.new(top) or table.headerRowCount == 0:
                continue
            if area[3] - area[1] < 1 + (table.totalsRowCount or 0):
                continue
            new = found.get(area)
            yield f"table {area}", "table", new is not None
            if new is None:
                continue
            infos = [one.tableStyleInfo for one in (table, new)]
            flags = ("showFirstColumn", "showLastColumn", "showRowStripes", "showColumnStripes")
            for flag in flags:
                values = [bool(getattr(info, flag, False)) for info in infos]
                yield f"table {area}", f"table {flag}", values[0] == values[1]
            names = [getattr(info, "name", None) for info in infos]
            is_same = names[0] == names[1] or str(names[1]).startswith("Style ")
            yield f"table {area}", "table style", is_same

    def links(self) -> Iterator[tuple[str, str, bool]]:
        """Web links stay where they are."""
        found = {link.ref for link in _links(self.new.sheet)}
        for link in _links(self.old.sheet):
            area = self._through(range_boundaries(link.ref.split()[0]))
            target = str(link.target or "")
            if area is None or not re.match(r"https?://[^@]+$", target):
                continue
            first = f"{get_column_letter(area[0])}{area[1]}"
            yield first, "links", any(ref.split(":")[0] == first for ref in found)


def _links(sheet: Any) -> list[Any]:
    cells = list(sheet._cells.values())
    return [cell.hyperlink for cell in cells if getattr(cell, "hyperlink", None)]


def _rich(value: Any) -> Any:
    return value if isinstance(value, CellRichText) else [str(value)]


def _kind(cell: Any) -> str:
    if cell is None or cell.value is None:
        return "nothing"
    return "text" if isinstance(cell.value, (str, CellRichText)) else "value"


def _close(one: float | None, other: float | None, by: float) -> bool:
    if one is None or other is None:
        return one == other
    return abs(one - other) <= by


def _spelled(text: str) -> object:
    text = "portrait" if text == "default" else text
    try:
        return round(float({"true": "1", "false": "0"}.get(text, text)), 3)
    except ValueError:
        return text


def _ends(title: str | None) -> tuple[int, int] | None:
    found = re.findall(r"[A-Z]+|[0-9]+", str(title or "").rpartition("!")[2].upper())
    if not found:
        return None
    ends = [
        int(one) if one.isdigit() else openpyxl.utils.column_index_from_string(one) for one in found
    ]
    return ends[0], ends[-1]
