"""This module is what reaches into rows from elsewhere: merges, pivot looks, fresh values, headers.

Most rows of a sheet are untouched by any of it and take the fast way. ``Specials`` knows which
rows are not, and what happens in them.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left as bisect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from safe_release.document import CellValue
from safe_release.errors import Malformed
from safe_release.formats.xlsx.axis import Area
from safe_release.formats.xlsx.cells import Cell
from safe_release.formats.xlsx.dxf import Dxf
from safe_release.formats.xml_reader import REPAIR

if TYPE_CHECKING:
    from safe_release.formats.xlsx.cf_effects import Effects

_NEVER = 1 << 30


@dataclass(slots=True)
class Merge:
    """A merged range of the source, and what its anchor held if that does not show."""

    area: Area
    moved: Cell | None = None
    is_settled: bool = False


@dataclass(slots=True)
class Specials:
    """Everything that touches particular rows of one sheet, in row order.

    ``fresh`` are recalculated values by row and column; ``looks`` yields (row, column, look) of
    pivot styles; ``effects`` are those of conditional formats; ``watched`` are the header rows of
    tables, whose texts name the columns.
    """

    merges: list[Merge]
    fresh: Mapping[int, Mapping[int, CellValue]]
    watched: frozenset[int]
    looks: Iterator[tuple[int, int, Dxf]]
    spans: list[tuple[int, int]]
    covered: list[Area] = field(default_factory=list)
    effects: Effects | None = None
    everything: bool = False
    _active: list[Merge] = field(default_factory=list)
    _next_merge: int = 0
    _next_span: int = 0
    _look: tuple[int, int, Dxf] | None = None
    _fresh_rows: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._fresh_rows = sorted(self.fresh)

    @property
    def next_row(self) -> int:
        """The first row not yet passed that something touches."""
        if self.everything:
            return 1
        return self.spans[self._next_span][0] if self._next_span < len(self.spans) else _NEVER

    def passed(self, row: int) -> None:
        """Rows up to this one are done."""
        spans = self.spans
        while self._next_span < len(spans) and spans[self._next_span][1] <= row:
            self._next_span += 1
        if self._next_span < len(spans) and spans[self._next_span][0] <= row:
            spans[self._next_span] = (row + 1, spans[self._next_span][1])

    def merges_in(self, row: int) -> list[Merge]:
        """The merges that cover a row; rows are asked for in order."""
        merges = self.merges
        while self._next_merge < len(merges) and merges[self._next_merge].area.first_row <= row:
            self._active.append(merges[self._next_merge])
            self._next_merge += 1
        self._active = [merge for merge in self._active if merge.area.last_row >= row]
        return self._active

    def is_covered(self, row: int, column: int) -> bool:
        """Whether an object hides the cell, with all of the merge that it belongs to.

        Ask for rows in order, after ``merges_in``.
        """
        areas = [area for area in self.covered if _holds(area, row, column)]
        if not areas:
            return False
        merge = next((m.area for m in self._active if _holds(m.area, row, column)), None)
        return merge is None or any(
            area.first_row <= merge.first_row
            and area.first_column <= merge.first_column
            and merge.last_row <= area.last_row
            and merge.last_column <= area.last_column
            for area in areas
        )

    def looks_in(self, row: int) -> dict[int, Dxf]:
        """The pivot looks of a row, by column."""
        found: dict[int, Dxf] = {}
        while True:
            if self._look is None:
                self._look = next(self.looks, None)
            if self._look is None or self._look[0] > row:
                return found
            if self._look[0] == row:
                found[self._look[1]] = self._look[2]
            self._look = None

    def rows_to_visit(self, after: int, before: int) -> Iterator[int]:
        """Unwritten rows strictly between two written ones in which something may have to appear:
        a fresh value, or the content of a merge whose anchor does not show."""
        rows = self._fresh_rows
        waiting = rows[bisect(rows, after + 1) : bisect(rows, before)]
        pending = [
            merge
            for merge in self.merges_in(after)
            if merge.moved is not None and not merge.is_settled and merge.area.last_row > after
        ]
        if pending and after + 1 < before:
            waiting = sorted({*waiting, after + 1})
        return iter(waiting)


def specials(
    merges: Iterable[Area],
    looks: list[tuple[Area, Iterator[tuple[int, int, Dxf]]]],
    fresh: Mapping[int, Mapping[int, CellValue]],
    watched: Iterable[int],
    place: str,
    covered: Iterable[Area] = (),
    effects: Effects | None = None,
) -> Specials:
    """Put together what touches rows. Raises ``Malformed`` for merges that overlap."""
    ordered = sorted(merges)
    _refuse_overlaps(ordered, place)
    watched = frozenset(watched)
    spans = [(area.first_row, area.last_row) for area in ordered]
    spans += [(area.first_row, area.last_row) for area, _ in looks]
    spans += [(row, row) for row in {*fresh, *watched}]
    hidden = list(covered)
    spans += [(area.first_row, area.last_row) for area in hidden]
    spans += effects.rows if effects is not None else []
    return Specials(
        [Merge(area) for area in ordered],
        fresh,
        watched,
        heapq.merge(*(cells for _, cells in looks), key=lambda look: look[:2]),
        _joined(spans),
        hidden,
        effects,
    )


def _holds(area: Area, row: int, column: int) -> bool:
    return (
        area.first_row <= row <= area.last_row and area.first_column <= column <= area.last_column
    )


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def _refuse_overlaps(areas: list[Area], place: str) -> None:
    """Sweep down the rows with the column intervals of the merges that are open there."""
    closing: list[tuple[int, int]] = []
    open_columns: list[tuple[int, int]] = []  # disjoint, so that looking at two neighbours will do
    for area in areas:
        while closing and closing[0][0] < area.first_row:
            _, first = heapq.heappop(closing)
            del open_columns[bisect(open_columns, (first, 0))]
        at = bisect(open_columns, (area.first_column, 0))
        before = open_columns[at - 1][1] if at else 0
        after = open_columns[at][0] if at < len(open_columns) else _NEVER
        if before >= area.first_column or after <= area.last_column:
            raise Malformed("has merged cells that overlap", place=place, remedy=REPAIR)
        open_columns.insert(at, (area.first_column, area.last_column))
        heapq.heappush(closing, (area.last_row, area.first_column))
