"""Which rows and columns of a sheet show, and where they stand when the rest closes up."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from enum import IntEnum

from safe_release.inspectors.faults import malformed

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})", re.ASCII)


class Shown(IntEnum):
    """What a reader sees of a row or column."""

    GONE = 0
    SPACER = 1  # its look, not its values
    FULL = 2


def column_number(letters: str) -> int:
    """The number of a column from 1 by its letters (18.18.62)."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def cell_reference(text: str) -> tuple[int, int] | None:
    """Row and column of an A1 reference, or ``None`` where it is none within the grid."""
    hit = _REFERENCE.fullmatch(text)
    if hit is None:
        return None
    row, column = int(hit[2]), column_number(hit[1])
    return (row, column) if row <= LAST_ROW and column <= LAST_COLUMN else None


def area_reference(text: str) -> tuple[int, int, int, int] | None:
    """First row and column, last row and column of a reference, or ``None``."""
    first, _, last = text.partition(":")
    start, end = cell_reference(first), cell_reference(last or first)
    if start is None or end is None:
        return None
    return (
        min(start[0], end[0]),
        min(start[1], end[1]),
        max(start[0], end[0]),
        max(start[1], end[1]),
    )


@dataclass(slots=True)
class Grid:
    """The geometry of one sheet, filled from its head and then row by row."""

    place: str
    default_hides_rows: bool = False
    default_hides_columns: bool = False
    default_makes_row_spacers: bool = False
    default_makes_column_spacers: bool = False
    first_row: int = 1
    first_column: int = 1
    """Rows and columns before these cannot be scrolled to."""
    columns: list[Shown] = field(default_factory=list)
    column_map: list[int] = field(default_factory=list)
    """By column from 1: the column in the copy, 0 where it does not show."""
    hidden_columns: dict[str, int] = field(default_factory=dict)
    """Columns that do not show, counted by channel."""
    _declared: list[tuple[int, int, bool, float]] = field(default_factory=list)
    _runs: list[int] = field(default_factory=list)
    _ends: list[int] = field(default_factory=list)
    _before: list[int] = field(default_factory=list)
    """Runs of rows that do not show: first row, last row, and how many go before each."""

    def declare(self, first: int, last: int, hidden: bool, width: float) -> None:
        """Take in a ``col`` element (18.3.1.13); ``width`` is -1 where it has none."""
        if not 1 <= first <= last <= LAST_COLUMN:
            raise malformed("has columns outside the grid", place=self.place)
        if len(self._declared) > LAST_COLUMN:
            raise malformed("declares more columns than there are", place=self.place)
        self._declared.append((first, last, hidden, width))

    def settle(self) -> None:
        """Work out the columns, once the head of the sheet is read."""
        usual = Shown.SPACER if self.default_makes_column_spacers else Shown.FULL
        shown = [Shown.GONE if self.default_hides_columns else usual] * (LAST_COLUMN + 1)
        why = ["xlsx.sheet.col-zero" if self.default_hides_columns else ""] * (LAST_COLUMN + 1)
        for first, last, hidden, width in self._declared:
            if hidden:
                state, reason = Shown.GONE, "xlsx.sheet.col-hidden"
            elif width == 0:
                state, reason = Shown.GONE, "xlsx.sheet.col-zero"
            elif 0 < width < 0.5:
                state, reason = Shown.SPACER, ""
            else:
                state, reason = Shown.FULL, ""
            shown[first : last + 1] = [state] * (last + 1 - first)
            why[first : last + 1] = [reason] * (last + 1 - first)
        for column in range(1, self.first_column):
            shown[column], why[column] = Shown.GONE, "xlsx.sheet.frozen-unreachable"
        for reason in why[1:]:
            if reason:
                self.hidden_columns[reason] = self.hidden_columns.get(reason, 0) + 1
        self.columns = shown
        self.column_map, place = [0], 0
        for state in shown[1:]:
            place += state is not Shown.GONE
            self.column_map.append(place if state is not Shown.GONE else 0)

    def hide_rows(self, first: int, last: int) -> None:
        """Note rows that do not show; they come in ascending order."""
        if first > last:
            return
        if self._ends and self._ends[-1] == first - 1:
            self._ends[-1] = last
            return
        gone = self._before[-1] + self._ends[-1] - self._runs[-1] + 1 if self._runs else 0
        self._runs.append(first)
        self._ends.append(last)
        self._before.append(gone)

    def row_in_copy(self, row: int) -> int:
        """Where a row stands in the copy, or 0 where it does not show."""
        at = bisect_right(self._runs, row) - 1
        if at < 0:
            return row
        if row <= self._ends[at]:
            return 0
        return row - self._before[at] - (self._ends[at] - self._runs[at] + 1)

    def rows_before(self, rows: int) -> int:
        """How many of the first rows of the sheet are in the copy."""
        return self._rows_kept_to(rows)

    def columns_before(self, columns: int) -> int:
        """How many of the first columns of the sheet are in the copy."""
        return sum(1 for place in self.column_map[1 : columns + 1] if place)

    def area_in_copy(self, area: tuple[int, int, int, int]) -> tuple[int, int, int, int] | None:
        """What is left of an area in the copy's coordinates, or ``None`` where nothing is."""
        first_row, last_row = self._span_of_rows(area[0], area[2])
        places = [place for place in self.column_map[area[1] : area[3] + 1] if place]
        if not first_row or not places:
            return None
        return first_row, places[0], last_row, places[-1]

    def _span_of_rows(self, first: int, last: int) -> tuple[int, int]:
        kept = self._rows_kept_to(last) - self._rows_kept_to(first - 1)
        end = self._rows_kept_to(last)
        return (end - kept + 1, end) if kept else (0, 0)

    def _rows_kept_to(self, row: int) -> int:
        """How many rows up to and with this one are in the copy."""
        at = bisect_right(self._runs, row) - 1
        if at < 0:
            return row
        return row - self._before[at] - (min(row, self._ends[at]) - self._runs[at] + 1)
