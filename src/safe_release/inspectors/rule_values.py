"""The values of all cells of a sheet, for rules whose effect depends on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from safe_release.document import CellValue
from safe_release.inspectors.grid import Grid
from safe_release.inspectors.iso_dates import date_as_number
from safe_release.inspectors.places import sheet_place
from safe_release.inspectors.raw_xml import Attributes, XmlReader, short
from safe_release.inspectors.rule_formulas import Fault, Told, Unknown
from safe_release.inspectors.shapes import Cell
from safe_release.inspectors.sheet_builder import RowBuilder
from safe_release.inspectors.sheet_facts import Facts, Surroundings
from safe_release.inspectors.texts import canonical_number, cell_text, is_true

_MOST_LOOKS = 20_000_000


class SheetValues:
    """Values by row and column."""

    def __init__(self) -> None:
        self.told: dict[tuple[int, int], Told] = {}
        self.looks = 0

    def look(self, times: int) -> None:
        """Count looks at cells. Raises ``Unknown`` where they become too many."""
        self.looks += times
        if self.looks > _MOST_LOOKS:
            raise Unknown

    def at(self, row: int, column: int) -> Told:
        """The value of a cell."""
        self.look(1)
        return self.told.get((row, column))

    def within(self, area: tuple[int, int, int, int]) -> list[Told]:
        """The values of an area, empty cells too."""
        first_row, first_column, last_row, last_column = area
        self.look((last_row + 1 - first_row) * (last_column + 1 - first_column))
        found = self.told.get
        return [
            found((row, column))
            for row in range(first_row, last_row + 1)
            for column in range(first_column, last_column + 1)
        ]


class _Collector:
    """Hands over every cell of a worksheet part."""

    def __init__(self, number: int, around: Surroundings, values: SheetValues) -> None:
        self._facts = Facts(number, True, Grid(sheet_place(number)), around.limits.cells)
        self._around = around
        self._values = values
        self._path: list[str] = []
        self._text: list[str] = []
        self._row: RowBuilder | None = None
        self._last = 0

    def start(self, name: str, attributes: Attributes, depth: int) -> None:
        """An element begins."""
        self._path.append(short(name))
        self._text = []
        plain = {short(key): value for key, value in attributes.items()}
        if self._row is not None:
            self._row.start(self._path[3:], plain)
        elif depth == 3 and self._path[1:] == ["x:sheetData", "x:row"]:
            self._row = RowBuilder(self._facts, self._last, plain, self._around.styles.faces.inks)

    def end(self, name: str, depth: int) -> None:
        """An element ends."""
        if self._row is not None:
            if depth == 3:
                row, self._row = self._row.row(), None
                self._last = row.number
                self._facts.count_examined(len(row.cells))
                for cell in row.cells:
                    self._values.told[row.number, cell.column] = told_by(cell, self._around)
            else:
                self._row.end(self._path[3:], "".join(self._text))
        self._path.pop()
        self._text = []

    def text(self, text: str) -> None:
        """Character data."""
        if self._row is not None:
            self._text.append(text)


def told_by(cell: Cell, around: Surroundings) -> Told:
    """What a cell says, whatever its format shows of it."""
    value = cell.value or ""
    if cell.type == "inlineStr":
        return None if cell.inline is None else cell_text(cell.inline)
    if cell.value is None and cell.formula is None:
        return None
    if cell.type in ("n", "d"):
        if cell.type == "d":
            value = date_as_number(value, around.date1904) or ""
        number = canonical_number(value.strip())
        return None if number is None else float(number)
    if cell.type == "s":
        return around.strings.texts[around.strings.index(value)] if value else None
    if cell.type == "b":
        return is_true(value.strip())
    if cell.type == "e":
        return Fault(value.strip())
    return cell_text(value) if cell.type == "str" else None


def read_values(
    number: int,
    around: Surroundings,
    pieces: Iterable[bytes],
    fresh: Mapping[tuple[int, int], CellValue] | None,
) -> SheetValues:
    """Read a whole sheet for its values; recalculated ones take the place of stored ones."""
    values = SheetValues()
    reader = XmlReader(sheet_place(number), _Collector(number, around, values), around.limits.depth)
    for piece in pieces:
        reader.feed(piece)
    reader.feed(b"", final=True)
    for place, value in (fresh or {}).items():
        cell = Cell(place[1], 0, value.type, value.text, None, None, {}, {})
        values.told[place] = told_by(cell, around)
    return values
