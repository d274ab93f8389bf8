"""This module is the sheets that stay behind, as far as charts of the copy are drawn from them.

A chart paints the cells of a hidden sheet. Where it has no cache of them, as charts of many
writers, its points are read from the sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element as Node

from safe_release.errors import Malformed, SourceError
from safe_release.formats.charts.cells import MOST, Value, inside, merged
from safe_release.formats.opc import Package
from safe_release.formats.values import whole
from safe_release.formats.xlsx.axis import ROWS, Area, AxisMap, Reference
from safe_release.formats.xlsx.cells import Cell, read_cells, row_look, row_number, serial_of
from safe_release.formats.xlsx.rows import Book
from safe_release.formats.xlsx.sheet import Maps
from safe_release.formats.xlsx.sheet_reader import SheetReader, forecast
from safe_release.formats.xlsx.visible import Fate, Geometry

_PLACE: Final = "a hidden sheet"


@dataclass(slots=True)
class _Sheet:
    maps: Maps
    cells: dict[tuple[int, int], Value] = field(default_factory=dict)
    constants: dict[tuple[int, int], Value] = field(default_factory=dict)
    """Those of the cells that no formula works out."""


class HiddenSheets:
    """Reads hidden sheets when a chart needs them, each once.

    ``part_of`` finds a worksheet by the name of its tab; ``wanted`` is every cell that charts name.
    """

    def __init__(
        self,
        package: Package,
        book: Book,
        part_of: Callable[[str], str | None],
        wanted: Iterable[Reference],
        limits: tuple[int, int],
    ) -> None:
        self._package = package
        self._book = book
        self._part_of = part_of
        self._depth, self._row_limit = limits
        self._areas: dict[str, list[Area]] = {}
        for sheet, area in wanted:
            self._areas.setdefault((sheet or "").casefold(), []).append(area)
        self._sheets: dict[str, _Sheet | None] = {}
        self._count = 0

    def maps(self, name: str) -> Maps | None:
        """Which rows and columns of a sheet are not hidden; ``None`` where it cannot be read."""
        sheet = self._sheet(name)
        return sheet.maps if sheet is not None else None

    def values(
        self, references: Iterable[Reference], *, only_constants: bool = False
    ) -> Iterator[tuple[int, Value]]:
        """What some cells hold, each with its place among them."""
        start = 0
        for name, area in references:
            sheet = self._sheet(name or "")
            cells: dict[tuple[int, int], Value] = {}
            if sheet is not None:
                cells = sheet.constants if only_constants else sheet.cells
            for place, found in inside(cells, area):
                yield start + place, found
            start += (area.last_row - area.first_row + 1) * (
                area.last_column - area.first_column + 1
            )

    def _sheet(self, name: str) -> _Sheet | None:
        key = name.casefold()
        if key not in self._sheets:
            part = self._part_of(key)
            try:
                self._sheets[key] = self._read(part, self._areas.get(key, [])) if part else None
            except SourceError:
                self._sheets[key] = None
        return self._sheets[key]

    def _reader(self) -> SheetReader:
        return SheetReader(_PLACE, self._depth, self._row_limit)

    def _read(self, part: str, areas: list[Area]) -> _Sheet:
        head = dict(forecast(self._package.chunks(part), self._reader()).parts)
        head.pop("sheetViews", None)  # a chart paints also what cannot be scrolled to
        geometry = Geometry(head, _PLACE)
        rows = AxisMap(ROWS)
        cells: dict[tuple[int, int], Value] = {}
        constants: dict[tuple[int, int], Value] = {}
        tall = merged((area.first_row, area.last_row) for area in areas)
        wide = merged((area.first_column, area.last_column) for area in areas)
        last = 0

        def pass_gap(number: int) -> None:
            if geometry.unwritten_rows_hide and last + 1 < number:
                rows.hide(last + 1, number - 1)

        def note(node: Node) -> None:
            nonlocal last
            number = row_number(node.get("r"), last, _PLACE)
            pass_gap(number)
            last = number
            look = row_look(dict(node.attrib))
            if geometry.row_fate(number, look.hidden, look.height) is Fate.HIDDEN:
                rows.hide(number, number)
            if self._count > MOST or not any(low <= number <= high for low, high in tall):
                return
            for cell in read_cells(node, number, _PLACE, self._book.rules):
                if any(low <= cell.column <= high for low, high in wide):
                    found = self._value(cell)
                    if found is not None:
                        cells[number, cell.column] = found
                        if not cell.is_formula:
                            constants[number, cell.column] = found
                        self._count += 1

        self._reader().read_rows(self._package.chunks(part), lambda _data, at: at, note)
        pass_gap(ROWS + 1)
        return _Sheet(Maps(rows, geometry.columns), cells, constants)

    def _value(self, cell: Cell) -> Value | None:
        """What the cell holds; errors are no points."""
        try:
            code = self._book.style_source.look(cell.style).code
        except Malformed:
            code = "General"
        match cell.type:
            case "n" | "b":
                text = cell.text.strip()
            case "d":
                text = serial_of(cell.text, is_1904=self._book.is_1904) or ""
            case "s":
                text = self._book.strings.item(whole(cell.text), _PLACE).text
            case "str":
                text = cell.text
            case "inlineStr":
                text = cell.item.text if cell.item is not None else ""
            case _:
                return None
        kind = {"n": "n", "d": "n", "b": "b"}.get(cell.type, "s")
        return Value(kind, text, code) if text else None
