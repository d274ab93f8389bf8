"""This module is how the regions of a table or pivot style become the looks of single cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from safe_release.errors import TooLarge
from safe_release.formats.xlsx.dxf import NOTHING, Dxf, Line, overlay, settled

_REMEMBERED: Final = 256  # rows that look alike are worked out once; this many looks are kept


class Region(NamedTuple):
    """A rectangle of cells, ends included, numbered from 1, that one style element formats.

    ``kind`` is the element's ST_TableStyleType (18.18.93).
    """

    kind: str
    first_row: int
    first_column: int
    last_row: int
    last_column: int


class _Span(NamedTuple):
    """What one region does to one row."""

    rank: int
    first_column: int
    last_column: int
    kind: str
    at_top: bool
    at_bottom: bool


class _Stroke(NamedTuple):
    """What one region does to one cell: which look, and which of its edges lie outside."""

    kind: str
    top: bool
    bottom: bool
    left: bool
    right: bool


_Run = tuple[int, int, Dxf]


def paint(
    regions: Iterable[Region],
    looks: Mapping[str, Dxf],
    order: Sequence[str],
    *,
    place: str,
    cells: int,
) -> Iterator[tuple[int, int, Dxf]]:
    """Row, column and look of every cell that the regions change, row by row, left to right.

    ``regions`` come in increasing order of their first row. ``order`` lists the kinds of elements
    as they are applied, the later over the earlier (18.8.41); a kind outside of it is not applied.
    A line of ``left``, ``right``, ``top`` or ``bottom`` falls on the region's outline,
    ``horizontal`` and ``vertical`` on the edges between its cells.

    Memory grows with the regions alive in one row, not with the cells. Raises ``TooLarge`` when
    the cells painted, and the regions met on the way, come to more than ``cells``.
    """
    painter = _Painter(looks)
    ranks = {kind: rank for rank, kind in enumerate(order) if kind in looks}
    spent = 0
    for row, spans in _rows(regions, ranks):
        runs = painter.runs(spans)
        # Regions count as well: a hostile style could have thousands in a row and paint nothing.
        spent += len(spans) + sum(last - first + 1 for first, last, _ in runs)
        if spent > cells:
            raise TooLarge(
                f"has a style that formats more than {cells} cells",
                place=place,
                remedy="Raise limits.cells if you trust the source",
            )
        for first, last, look in runs:
            for column in range(first, last + 1):
                yield row, column, look


def _rows(
    regions: Iterable[Region], ranks: Mapping[str, int]
) -> Iterator[tuple[int, tuple[_Span, ...]]]:
    """Every row that a region touches, with what touches it, in order of application."""
    coming = (region for region in regions if region.kind in ranks)
    ahead = next(coming, None)
    alive: list[Region] = []
    row = 0
    while alive or ahead is not None:
        row = row + 1 if alive or ahead is None else ahead.first_row
        while ahead is not None and ahead.first_row <= row:
            alive.append(ahead)
            ahead = next(coming, None)
        alive = [region for region in alive if region.last_row >= row]
        if alive:
            # The sort is stable, so that of two regions of one kind the later one lies over.
            yield row, tuple(sorted((_span(region, row, ranks) for region in alive), key=_rank))


def _span(region: Region, row: int, ranks: Mapping[str, int]) -> _Span:
    return _Span(
        ranks[region.kind],
        region.first_column,
        region.last_column,
        region.kind,
        row == region.first_row,
        row == region.last_row,
    )


def _rank(span: _Span) -> int:
    return span.rank


class _Painter:
    """Remembers rows and cells that it has worked out, as most of them repeat."""

    def __init__(self, looks: Mapping[str, Dxf]) -> None:
        self._looks = looks
        self._rows: dict[tuple[_Span, ...], list[_Run]] = {}
        self._cells: dict[tuple[_Stroke, ...], Dxf] = {}

    def runs(self, spans: tuple[_Span, ...]) -> list[_Run]:
        """The cells of a row that are changed: first and last column, and their look."""
        known = self._rows.get(spans)
        if known is None:
            if len(self._rows) >= _REMEMBERED:
                self._rows.clear()
            known = self._rows[spans] = list(self._cut(spans))
        return known

    def _cut(self, spans: tuple[_Span, ...]) -> Iterator[_Run]:
        # Within a run every cell is touched by the same regions, on the same edges of them.
        cuts = sorted(
            {
                column
                for span in spans
                for column in (
                    span.first_column,
                    span.first_column + 1,
                    span.last_column,
                    span.last_column + 1,
                )
            }
        )
        coming = sorted(range(len(spans)), key=lambda index: -spans[index].first_column)
        alive: list[int] = []
        for first, after in pairwise(cuts):
            while coming and spans[coming[-1]].first_column <= first:
                alive.append(coming.pop())
            alive = sorted(index for index in alive if spans[index].last_column >= first)
            look = self._cell(tuple(_stroke(spans[index], first) for index in alive))
            if look != NOTHING:
                yield first, after - 1, look

    def _cell(self, strokes: tuple[_Stroke, ...]) -> Dxf:
        known = self._cells.get(strokes)
        if known is None:
            if len(self._cells) >= 16 * _REMEMBERED:
                self._cells.clear()
            known = NOTHING
            for stroke in strokes:
                known = overlay(known, _within(self._looks[stroke.kind], stroke))
            known = self._cells[strokes] = settled(known)
        return known


def _stroke(span: _Span, column: int) -> _Stroke:
    return _Stroke(
        span.kind,
        span.at_top,
        span.at_bottom,
        column == span.first_column,
        column == span.last_column,
    )


def _within(look: Dxf, stroke: _Stroke) -> Dxf:
    """The look of a region at one of its cells: inner lines become sides."""

    def side(outer: Line | None, inner: Line | None, at_edge: bool) -> Line | None:
        return outer if at_edge else inner

    return Dxf(
        bold=look.bold,
        italic=look.italic,
        strike=look.strike,
        underline=look.underline,
        color=look.color,
        pattern=look.pattern,
        fg=look.fg,
        bg=look.bg,
        left=side(look.left, look.vertical, stroke.left),
        right=side(look.right, look.vertical, stroke.right),
        top=side(look.top, look.horizontal, stroke.top),
        bottom=side(look.bottom, look.horizontal, stroke.bottom),
    )
