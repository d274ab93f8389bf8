"""This module is the map from source rows and columns to those of the closed-up copy."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, NamedTuple

from safe_release.errors import Malformed
from safe_release.formats.xml_reader import REPAIR

ROWS = 1_048_576
COLUMNS = 16_384


class AxisMap:
    """One axis of a sheet, numbered from 1, whose hidden intervals are taken out.

    What shows keeps its order and closes up. Memory grows with the number of hidden intervals,
    lookups take the logarithm of it. A number outside of the axis shows nothing, and a range is
    read as far as it lies on the axis.
    """

    __slots__ = ("_first", "_gone", "_last", "size")

    def __init__(self, size: int) -> None:
        self.size = size
        self._first = array("l")
        self._last = array("l")
        self._gone = array("l", [0])  # hidden numbers in the first k intervals, at index k

    @classmethod
    def of(cls, size: int, intervals: Iterable[tuple[int, int]]) -> AxisMap:
        """A map that hides every one of these intervals, in whatever order they come.

        Raises ``Malformed`` as ``hide`` does.
        """
        axis = cls(size)
        for first, last in sorted(intervals):
            axis.hide(first, last)
        return axis

    def hide(self, first: int, last: int) -> None:
        """Take out the numbers ``first`` to ``last``; touching and overlapping intervals merge.

        Intervals come in increasing order of their first number. Raises ``Malformed`` where one
        does not, is empty, or leaves the axis.
        """
        if not 1 <= first <= last <= self.size:
            raise Malformed(
                "a range of rows or columns is empty or leaves the sheet", remedy=REPAIR
            )
        if not self._first or first > self._last[-1] + 1:
            self._first.append(first)
            self._last.append(last)
            self._gone.append(self._gone[-1] + last - first + 1)
            return
        if first < self._first[-1]:
            raise Malformed("rows or columns are not in increasing order", remedy=REPAIR)
        if last > self._last[-1]:
            self._gone[-1] += last - self._last[-1]
            self._last[-1] = last

    def union(self, other: AxisMap) -> AxisMap:
        """A map that hides what either of the two hides."""
        return AxisMap.of(self.size, (*self.hidden, *other.hidden))

    @property
    def hidden(self) -> tuple[tuple[int, int], ...]:
        """The hidden intervals, in order and apart from each other."""
        return tuple(zip(self._first, self._last, strict=True))

    def new(self, number: int) -> int | None:
        """The number in the copy, ``None`` where the row or column does not show."""
        at = bisect_right(self._first, number)
        if (at and self._last[at - 1] >= number) or not 1 <= number <= self.size:
            return None
        return number - self._gone[at]

    def span(self, first: int, last: int) -> tuple[int, int] | None:
        """What is left of a range, in numbers of the copy; ``None`` where nothing is."""
        low, high = self._shown_until(first - 1) + 1, self._shown_until(last)
        return (low, high) if low <= high else None

    def first_shown(self, first: int, last: int) -> int | None:
        """The source number of the first row or column of the range that shows."""
        number = max(first, 1)
        at = bisect_right(self._first, number)
        if at and self._last[at - 1] >= number:
            number = self._last[at - 1] + 1  # intervals lie apart, so the next number shows
        return number if number <= min(last, self.size) else None

    def last_shown(self, first: int, last: int) -> int | None:
        """The source number of the last row or column of the range that shows."""
        number = min(last, self.size)
        at = bisect_right(self._first, number)
        if at and self._last[at - 1] >= number:
            number = self._first[at - 1] - 1
        return number if number >= max(first, 1) else None

    @property
    def count_hidden(self) -> int:
        """How many rows or columns are taken out so far."""
        return self._gone[-1]

    def count_shown(self, first: int, last: int) -> int:
        """How many rows or columns of the range show: what a pane of that range splits off."""
        return max(self._shown_until(last) - self._shown_until(first - 1), 0)

    def break_after(self, number: int) -> int | None:
        """The copy's number of the last row or column up to ``number`` that shows.

        A page break after a source row (``brk/@id``, 18.3.1.3) lies after that row in the copy;
        ``None`` where it would lie before the first one, which is no break.
        """
        return self._shown_until(number) or None

    def _shown_until(self, number: int) -> int:
        number = min(max(number, 0), self.size)
        at = bisect_right(self._first, number)
        inside = max(self._last[at - 1] - number, 0) if at else 0
        return number - self._gone[at] + inside

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, AxisMap):
            return NotImplemented
        return (self.size, self._first, self._last) == (other.size, other._first, other._last)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"AxisMap(size={self.size}, intervals={len(self._first)})"


def rows_map(intervals: Iterable[tuple[int, int]] = ()) -> AxisMap:
    """The map of a sheet's rows."""
    return AxisMap.of(ROWS, intervals)


def columns_map(intervals: Iterable[tuple[int, int]] = ()) -> AxisMap:
    """The map of a sheet's columns."""
    return AxisMap.of(COLUMNS, intervals)


@lru_cache(maxsize=COLUMNS)
def column_letters(number: int) -> str:
    """The letters of a column: 1 is A, 16,384 is XFD. Raises ``Malformed`` beyond."""
    if not 1 <= number <= COLUMNS:
        raise Malformed("a column lies beyond XFD", remedy=REPAIR)
    letters = ""
    while number:
        number, digit = divmod(number - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


@lru_cache(maxsize=COLUMNS)
def column_number(letters: str) -> int:
    """The number of a column: A is 1, XFD is 16,384. Raises ``Malformed`` for anything else."""
    if not 1 <= len(letters) <= 3:
        raise Malformed("a column lies beyond XFD or is not written in letters", remedy=REPAIR)
    number = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise Malformed("a column is not written in letters A to Z", remedy=REPAIR)
        number = number * 26 + ord(letter) - 64
    if number > COLUMNS:
        raise Malformed("a column lies beyond XFD", remedy=REPAIR)
    return number


class Area(NamedTuple):
    """A rectangle of cells, ends included, numbered from 1.

    ``kind`` tells how it was written: ``cells`` as ``A1:B2``, ``columns`` as ``A:C`` (every row),
    ``rows`` as ``1:5`` (every column).
    """

    first_row: int
    first_column: int
    last_row: int
    last_column: int
    kind: Literal["cells", "columns", "rows"] = "cells"

    def through(self, rows: AxisMap, columns: AxisMap) -> Area | None:
        """The same area in the copy, shrunk to what shows; ``None`` where nothing of it does.

        Whole columns stay whole columns and whole rows whole rows, whatever closes up in them.
        """
        tall = rows.span(self.first_row, self.last_row)
        wide = columns.span(self.first_column, self.last_column)
        if tall is None or wide is None:
            return None
        if self.kind == "columns":
            tall = (1, ROWS)
        elif self.kind == "rows":
            wide = (1, COLUMNS)
        return Area(tall[0], wide[0], tall[1], wide[1], self.kind)

    def meets(self, other: Area) -> bool:
        """Whether the two have a cell in common."""
        return (
            self.first_row <= other.last_row
            and other.first_row <= self.last_row
            and self.first_column <= other.last_column
            and other.first_column <= self.last_column
        )


class Reference(NamedTuple):
    """An area, with the name of the sheet it is on where one is written before it."""

    sheet: str | None
    area: Area


_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_AREA_TEXT = (
    r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})(?::\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6}))?"
    r"|\$?([A-Z]{1,3}):\$?([A-Z]{1,3})"
    r"|\$?([1-9][0-9]{0,6}):\$?([1-9][0-9]{0,6})"
)
_AREA = re.compile(_AREA_TEXT)
# Square brackets would name another workbook and a colon a run of sheets: neither is a sheet name.
_SHEET_TEXT = r"(?:'((?:[^'\[\]:]|'')++)'|([\w.]++))!"
_REFERENCE = re.compile(rf"(?:{_SHEET_TEXT})?(?:{_AREA_TEXT})")
_COMMA = re.compile(r" *+, *+")


def parse_cell(text: str, place: str = "") -> tuple[int, int]:
    """Row and column of a reference such as ``B4`` (18.18.7 ST_CellRef), without dollar signs.

    Raises ``Malformed`` for anything else and beyond XFD1048576; ``place`` goes into the message.
    """
    match = _CELL.fullmatch(text)
    if match is None:
        raise _not_a_reference(place)
    return _row(match[2], place), _column(match[1], place)


def parse_area(text: str, place: str = "") -> Area:
    """The area of ``A1``, ``A1:B2``, ``A:C`` or ``1:5`` (18.18.62 ST_Ref), dollar signs or not.

    The corners may come in any order. Raises ``Malformed`` for anything else.
    """
    match = _AREA.fullmatch(text)
    if match is None:
        raise _not_a_reference(place)
    return _area(match.groups(), place)


def parse_areas(text: str, place: str = "") -> tuple[Area, ...]:
    """The areas of a list separated by spaces (18.18.76 ST_Sqref), in the order written.

    An empty list has none. Raises ``Malformed`` where an item is not an area.
    """
    return tuple(parse_area(item, place) for item in text.split(" ") if item)


def parse_references(text: str, place: str = "") -> tuple[Reference, ...]:
    """The references of a print area, print title or inside link, separated by commas.

    Raises ``Malformed`` for everything else a defined name may hold: formulas, lost references,
    other workbooks, runs of sheets.
    """
    found = []
    at = 0
    while True:
        match = _REFERENCE.match(text, at)
        if match is None:
            raise _not_a_reference(place)
        quoted, bare, *corners = match.groups()
        sheet = quoted.replace("''", "'") if quoted is not None else bare
        found.append(Reference(sheet, _area(corners, place)))
        at = match.end()
        if at == len(text):
            return tuple(found)
        comma = _COMMA.match(text, at)
        if comma is None:
            raise _not_a_reference(place)
        at = comma.end()


def _not_a_reference(place: str) -> Malformed:
    return Malformed("is not a reference to cells of the sheet", place=place, remedy=REPAIR)


def _row(digits: str, place: str) -> int:
    number = int(digits)
    if number > ROWS:
        raise Malformed("a row lies beyond 1048576", place=place, remedy=REPAIR)
    return number


def _column(letters: str, place: str) -> int:
    try:
        return column_number(letters)
    except Malformed as error:
        raise Malformed(error.problem, place=place, remedy=error.remedy) from None


def _area(groups: Iterable[str | None], place: str) -> Area:
    column, row, to_column, to_row, left, right, top, bottom = groups
    if left is not None and right is not None:
        low, high = sorted((_column(left, place), _column(right, place)))
        return Area(1, low, ROWS, high, "columns")
    if top is not None and bottom is not None:
        low, high = sorted((_row(top, place), _row(bottom, place)))
        return Area(low, 1, high, COLUMNS, "rows")
    if column is None or row is None:
        raise _not_a_reference(place)
    first_row, last_row = sorted((_row(row, place), _row(to_row or row, place)))
    low, high = sorted((_column(column, place), _column(to_column or column, place)))
    return Area(first_row, low, last_row, high)


def write_cell(row: int, column: int) -> str:
    """``B4`` for row 4 and column 2. Raises ``Malformed`` beyond XFD1048576."""
    if not 1 <= row <= ROWS:
        raise Malformed("a row lies beyond 1048576", remedy=REPAIR)
    return f"{column_letters(column)}{row}"


def write_area(area: Area, *, absolute: bool = False) -> str:
    """An area as it was parsed, in one spelling: a single cell without a colon.

    ``absolute`` writes the dollar signs that defined names need.
    """
    mark = "$" if absolute else ""
    left, right = column_letters(area.first_column), column_letters(area.last_column)
    if area.kind == "columns":
        return f"{mark}{left}:{mark}{right}"
    if area.kind == "rows":
        return f"{mark}{area.first_row}:{mark}{area.last_row}"
    first, last = f"{mark}{left}{mark}{area.first_row}", f"{mark}{right}{mark}{area.last_row}"
    return first if first == last else f"{first}:{last}"


def write_areas(areas: Iterable[Area]) -> str:
    """A list separated by spaces (18.18.76 ST_Sqref)."""
    return " ".join(write_area(area) for area in areas)


def write_references(references: Iterable[Reference]) -> str:
    """A list separated by commas, as defined names hold it: absolute, sheet names quoted."""
    return ",".join(
        (f"{quoted(reference.sheet)}!" if reference.sheet is not None else "")
        + write_area(reference.area, absolute=True)
        for reference in references
    )


def quoted(sheet: str) -> str:
    """A sheet name as a formula writes it: between apostrophes, its own ones doubled."""
    return "'" + sheet.replace("'", "''") + "'"


def remap(areas: Iterable[Area], rows: AxisMap, columns: AxisMap) -> tuple[Area, ...]:
    """The areas of the copy, in order, without those of which nothing shows.

    Areas that closing up makes equal become one: the copy would otherwise tell that they differed.
    """
    left = (area.through(rows, columns) for area in areas)
    return tuple(dict.fromkeys(area for area in left if area is not None))
