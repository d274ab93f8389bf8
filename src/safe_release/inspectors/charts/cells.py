"""The cells that charts are drawn from, read from the parts of sheets once more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from safe_release.document import CellValue
from safe_release.inspectors.charts.formulas import Area, Place
from safe_release.inspectors.examination import Examination
from safe_release.inspectors.grid import Grid, Shown, cell_reference
from safe_release.inspectors.iso_dates import date_as_number
from safe_release.inspectors.number_formats import builtin_code, number_format
from safe_release.inspectors.raw_xml import Attributes, XmlReader, short
from safe_release.inspectors.raw_zip import Entry
from safe_release.inspectors.texts import canonical_number, cell_text, is_true, size, whole

MOST = 1_000_000
"""Cells that are held at most; charts of a workbook with more have no caches."""


@dataclass(slots=True)
class Cell:
    """What a cell holds: kind (``n``, ``s``, ``b``, ``e``), spelling, and the format of it."""

    kind: str
    text: str
    code: str = "General"


@dataclass(slots=True)
class SheetCells:
    """Cells of one sheet by row and column, and which of its rows and columns are hidden."""

    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    grid: Grid = field(default_factory=lambda: Grid(""))

    def inside(self, area: Area) -> Iterator[tuple[int, Cell]]:
        """The cells of an area by their place in it, row by row."""
        top, left, bottom, right = area
        wide = right - left + 1
        if wide * (bottom - top + 1) <= len(self.cells):
            for number in range(wide * (bottom - top + 1)):
                cell = self.cells.get((top + number // wide, left + number % wide))
                if cell is not None:
                    yield number, cell
            return
        for row, column in sorted(
            place for place in self.cells if top <= place[0] <= bottom and left <= place[1] <= right
        ):
            yield (row - top) * wide + column - left, self.cells[row, column]


class _Stop(Exception):
    """Nothing more is wanted of a sheet."""


class _Reader:
    """Takes the cells of some areas as the parser meets them."""

    def __init__(
        self,
        work: Examination,
        areas: list[Area],
        fresh: Mapping[tuple[int, int], CellValue],
    ) -> None:
        self._fresh = fresh
        self._names: dict[str, str] = {}
        self.found = SheetCells()
        self._work = work
        self._areas = _joined(areas)
        self._last = max((area[2] for area in areas), default=0)
        self._row = self._column = 0
        self._type = ""
        self._style = 0
        self._value: list[str] | None = None
        self._texts: list[str] = []
        self._path: list[str] = []
        self._count = 0
        self.is_full = False

    def start(self, name: str, attributes: Attributes, depth: int) -> None:
        local = self._names.get(name)
        if local is None:
            local = self._names[name] = short(name)
        self._path.append(local)
        if local == "x:c" and depth == 4:
            self._open_cell(attributes)
            return
        if local == "x:v" and depth == 5:
            self._value = []
            return
        grid = self.found.grid
        if local == "x:sheetFormatPr":
            grid.default_hides_rows = is_true(attributes.get("zeroHeight", "")) or (
                size(attributes.get("defaultRowHeight", "")) == 0
            )
            grid.default_hides_columns = size(attributes.get("defaultColWidth", "")) == 0
        elif local == "x:col":
            first, last = whole(attributes.get("min", "")), whole(attributes.get("max", ""))
            hidden = is_true(attributes.get("hidden", ""))
            grid.declare(first, last, hidden, size(attributes.get("width", "")))
        elif local == "x:sheetData":
            grid.settle()
        elif local == "x:row" and depth == 3:
            self._open_row(attributes)
        elif local == "x:t" and "x:rPh" not in self._path:
            self._texts.append("")

    def _open_cell(self, attributes: Attributes) -> None:
        place = cell_reference(attributes.get("r", ""))
        self._column = place[1] if place is not None else self._column + 1
        self._type = attributes.get("t", "n")
        self._style = whole(attributes.get("s", ""))
        self._value, self._texts = None, []

    def _open_row(self, attributes: Attributes) -> None:
        number = whole(attributes.get("r", ""), self._row + 1)
        grid = self.found.grid
        if grid.default_hides_rows:
            grid.hide_rows(self._row + 1, number - 1)
        if is_true(attributes.get("hidden", "")) or size(attributes.get("ht", "")) == 0:
            grid.hide_rows(number, number)
        self._row, self._column = number, 0
        if number > self._last:
            raise _Stop

    def end(self, name: str, depth: int) -> None:
        local = self._path.pop()
        if local == "x:c" and depth == 4:
            self._close_cell()

    def text(self, text: str) -> None:
        if self._path and self._path[-1] == "x:v" and self._value is not None:
            self._value.append(text)
        elif self._path and self._path[-1] == "x:t" and self._texts:
            self._texts[-1] += text

    def _close_cell(self) -> None:
        row, column = self._row, self._column
        if not any(a[0] <= row <= a[2] and a[1] <= column <= a[3] for a in self._areas):
            return
        fresh = self._fresh.get((row, column))
        if fresh is not None:
            self._type, self._value, self._texts = fresh.type, [fresh.text], [fresh.text]
        kind, text = self._said()
        if text:
            styles, style = self._work.styles, self._style
            code = styles.codes.get(style) or builtin_code(styles.format_ids.get(style, 0))
            self.found.cells[row, column] = Cell(kind, text, code)
            self._count += 1
            self.is_full = self.is_full or self._count > MOST

    def _said(self) -> tuple[str, str]:
        value = "".join(self._value or ())
        if self._type == "inlineStr":
            return "s", cell_text("".join(self._texts))
        if self._type == "s":
            strings = self._work.strings
            return "s", strings.texts[strings.index(value)] if value else ""
        if self._type == "str":
            return "s", cell_text(value)
        if self._type == "d":
            return "n", date_as_number(value, self._work.book.date1904) or ""
        if self._type == "n":
            return "n", (canonical_number(value.strip()) or "") if value.strip() else ""
        return self._type, value.strip()


def _joined(areas: list[Area]) -> list[Area]:
    """Areas that take in all of these, few where these are many."""
    if len(areas) <= 64:
        return areas
    by_columns: dict[tuple[int, int], list[Area]] = {}
    for area in areas:
        by_columns.setdefault((area[1], area[3]), []).append(area)
    joined = [
        (min(a[0] for a in group), left, max(a[2] for a in group), right)
        for (left, right), group in by_columns.items()
    ]
    if len(joined) <= 64:
        return joined
    return [
        (
            min(a[0] for a in areas), min(a[1] for a in areas),
            max(a[2] for a in areas), max(a[3] for a in areas),
        )
    ]  # fmt: skip


class Cells:
    """Reads the sheets that charts are drawn from, each once."""

    def __init__(self, work: Examination, places: Iterable[Place]) -> None:
        self._work = work
        self._areas: dict[str, set[Area]] = {}
        for place in places:
            self._areas.setdefault(place.sheet, set()).add(place.area)
        self._read: dict[str, SheetCells | None] = {}
        self.is_complete = True

    def of(self, name: str) -> SheetCells | None:
        """What a sheet holds, by its folded name; ``None`` where there is no such worksheet."""
        if name not in self._read:
            sheets = (s for s in self._work.book.sheets if s.name.casefold() == name)
            sheet = next(sheets, None)
            entry = sheet.entry if sheet is not None and sheet.kind == "worksheet" else None
            self._read[name] = self._sheet(entry, name) if entry is not None else None
        return self._read[name]

    def inside(self, places: Iterable[Place]) -> Iterator[tuple[int, Cell]]:
        """The cells in some places, each with its place among all of them."""
        start = 0
        for place in places:
            sheet = self.of(place.sheet)
            for at, cell in sheet.inside(place.area) if sheet is not None else ():
                yield start + at, cell
            start += place.size

    def hides(self, place: Place) -> Iterator[bool]:
        """For every cell of a place whether it does not show."""
        sheet = self.of(place.sheet)
        top, left, bottom, right = place.area
        for row in range(top, bottom + 1):
            is_row_gone = sheet is not None and not sheet.grid.row_in_copy(row)
            for column in range(left, right + 1):
                yield is_row_gone or (
                    sheet is not None and sheet.grid.columns[column] is Shown.GONE
                )

    def _sheet(self, entry: Entry, name: str) -> SheetCells:
        numbers = {s.number for s in self._work.book.sheets if s.entry is entry}
        fresh = {
            (place.row, place.column): value
            for place, value in (self._work.package.document.recalculated or {}).items()
            if place.sheet in numbers
        }
        reader = _Reader(self._work, sorted(self._areas.get(name, ())), fresh)
        parser = XmlReader(entry.place, reader, self._work.package.document.limits.depth)
        try:
            for piece in self._work.package.archive.stream(entry):
                parser.feed(piece)
            parser.feed(b"", final=True)
        except _Stop:
            pass
        self.is_complete = self.is_complete and not reader.is_full
        return reader.found


def shown_text(cell: Cell, date1904: bool) -> str:
    """What a cell shows as a name in a chart."""
    if cell.kind == "b":
        return "TRUE" if cell.text in ("1", "true") else "FALSE"
    if cell.kind == "n":
        return number_format(cell.code).text_of(cell.text, date1904).strip()
    return cell.text
