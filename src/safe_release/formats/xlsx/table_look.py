"""This module is the look that a table's style gives its cells, once the table is gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from heapq import merge
from itertools import product
from typing import Final
from xml.etree.ElementTree import Element as Node

from safe_release.errors import Malformed
from safe_release.formats.values import is_true
from safe_release.formats.xlsx.axis import ROWS, Area, AxisMap, parse_area
from safe_release.formats.xlsx.dxf import NOTHING, Dxf, child, overlay
from safe_release.formats.xlsx.preset_styles import preset_style
from safe_release.formats.xlsx.regions import Region, paint

ORDER: Final = (
    "wholeTable", "firstColumnStripe", "secondColumnStripe", "firstRowStripe", "secondRowStripe",
    "lastColumn", "firstColumn", "headerRow", "totalRow", "firstHeaderCell", "lastHeaderCell",
    "firstTotalCell", "lastTotalCell",
)  # fmt: skip
"""The elements of a table style as they are applied, the later over the earlier (18.8.41)."""


def table_formats(
    table: Node,
    custom_styles: Mapping[str, Mapping[str, Dxf]],
    *,
    rows: AxisMap | None = None,
    place: str = "table",
    cells: int = 50_000_000,
) -> Iterator[tuple[int, int, Dxf]]:
    """Row, column and look of every cell of a table that its style formats.

    ``table`` is the ``table`` element (18.5.1.2), ``custom_styles`` the workbook's own styles as
    ``read_table_styles`` gives them; a name that is neither there nor built in formats nothing.
    Rows and columns are those of the source, numbered from 1; they come row by row, left to right.
    Row stripes are counted over the rows that show, as Excel does in a filtered table: ``rows``
    tells them. How a look lies under the cell's own format is told at ``overlay``.

    Raises ``Malformed`` where the range is none or shorter than its header and totals, and
    ``TooLarge`` where more than ``cells`` cells would be formatted.
    """
    area = parse_area(table.get("ref", ""), place)
    header = _count(table, "headerRowCount", 1, place)
    totals = _count(table, "totalsRowCount", 0, place)
    if header + totals > area.last_row - area.first_row + 1:
        raise Malformed("is shorter than its header and totals", place=place)
    style = child(table, "tableStyleInfo")
    name = "" if style is None else style.get("name", "")
    looks = custom_styles.get(name) or preset_style(name) or {}
    if style is None or not looks:
        return iter(())
    body = area._replace(first_row=area.first_row + header, last_row=area.last_row - totals)
    fixed = [*_frame(area, body, style), *_column_stripes(body, style, looks)]
    streams = [
        iter(sorted(fixed, key=_first_row)),
        _row_stripes(body, style, looks, rows or AxisMap(ROWS)),
    ]
    return paint(merge(*streams, key=_first_row), looks, ORDER, place=place, cells=cells)


class TableLook:
    """The colours that a table's style puts under its cells, place by place."""

    def __init__(
        self,
        table: Node,
        area: Area,
        header_rows: int,
        total_rows: int,
        custom_styles: Mapping[str, Mapping[str, Dxf]],
    ) -> None:
        self.area = area
        self._body = area._replace(
            first_row=area.first_row + header_rows, last_row=area.last_row - total_rows
        )
        style = child(table, "tableStyleInfo")
        name = "" if style is None else style.get("name", "")
        self._looks = custom_styles.get(name) or preset_style(name) or {}
        self._shows = {
            kind: style is not None and is_true(style.get(kind))
            for kind in ("showFirstColumn", "showLastColumn", "showRowStripes", "showColumnStripes")
        }
        self._colors: dict[tuple[str, ...], Dxf] = {}

    @property
    def all(self) -> Iterable[Dxf]:
        """Every combination of colours that a cell of the table may have."""
        if not self._looks:
            return (NOTHING,)
        rows = ((), ("firstRowStripe",), ("secondRowStripe",), ("headerRow",), ("totalRow",))
        columns = ((), ("firstColumnStripe",), ("secondColumnStripe",))
        ends = ((), ("firstColumn",), ("lastColumn",), ("lastColumn", "firstColumn"))
        corners = ((), *((kind,) for kind in ORDER[-4:]))
        return {
            self._merged(tuple(kind for part in parts for kind in part))
            for parts in product(columns, rows[:3], ends, ((), *rows[3:]), corners)
        }

    def at(self, row: int, column: int, rows: AxisMap) -> Dxf:
        """The colours under a cell; ``rows`` tells which rows above it show."""
        if not self._looks:
            return NOTHING
        return self._merged(tuple(self._kinds(row, column, rows)))

    def _kinds(self, row: int, column: int, rows: AxisMap) -> Iterator[str]:
        body, shows = self._body, self._shows
        ends = [
            name
            for name, at in (("Last", self.area.last_column), ("First", self.area.first_column))
            if column == at and shows[f"show{name}Column"]
        ]
        if body.first_row <= row <= body.last_row:
            if shows["showColumnStripes"]:
                yield self._stripe("ColumnStripe", column - body.first_column)
            if shows["showRowStripes"]:
                yield self._stripe("RowStripe", rows.count_shown(body.first_row, row) - 1)
        yield from (f"{name.lower()}Column" for name in ends)
        if row < body.first_row:
            yield "headerRow"
            yield from (f"{name.lower()}HeaderCell" for name in reversed(ends))
        elif row > body.last_row:
            yield "totalRow"
            yield from (f"{name.lower()}TotalCell" for name in reversed(ends))

    def _stripe(self, kind: str, before: int) -> str:
        first, second = f"first{kind}", f"second{kind}"
        turn = before % (_size(self._looks, first) + _size(self._looks, second))
        return first if turn < _size(self._looks, first) else second

    def _merged(self, kinds: tuple[str, ...]) -> Dxf:
        found = self._colors.get(kinds)
        if found is None:
            found = NOTHING
            for kind in ("wholeTable", *kinds):
                found = overlay(found, self._looks.get(kind, NOTHING))
            found = Dxf(color=found.color, pattern=found.pattern, fg=found.fg, bg=found.bg)
            self._colors[kinds] = found
        return found


def _first_row(region: Region) -> int:
    return region.first_row


def _count(table: Node, name: str, default: int, place: str) -> int:
    text = table.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise Malformed(f"has an attribute {name} that is not a number of rows", place=place)
    return int(text)


def _frame(area: Area, body: Area, style: Node) -> Iterator[Region]:
    """The whole table, its header, its totals, its first and last column and their corners."""
    top, left, bottom, right, _ = area
    yield Region("wholeTable", top, left, bottom, right)
    ends = [
        (name, column)
        for name, column in (("first", left), ("last", right))
        if is_true(style.get(f"show{name.capitalize()}Column"))
    ]
    for name, column in ends:
        yield Region(f"{name}Column", top, column, bottom, column)
    if body.first_row > top:
        yield Region("headerRow", top, left, body.first_row - 1, right)
        for name, column in ends:
            yield Region(f"{name}HeaderCell", top, column, body.first_row - 1, column)
    if body.last_row < bottom:
        yield Region("totalRow", body.last_row + 1, left, bottom, right)
        for name, column in ends:
            yield Region(f"{name}TotalCell", body.last_row + 1, column, bottom, column)


def _column_stripes(body: Area, style: Node, looks: Mapping[str, Dxf]) -> Iterator[Region]:
    kinds = ("firstColumnStripe", "secondColumnStripe")
    if not is_true(style.get("showColumnStripes")) or body.first_row > body.last_row:
        return
    if looks.keys().isdisjoint(kinds):
        return
    column, turn = body.first_column, 0
    while column <= body.last_column:
        last = min(column + _size(looks, kinds[turn]) - 1, body.last_column)
        yield Region(kinds[turn], body.first_row, column, body.last_row, last)
        column, turn = last + 1, 1 - turn


def _row_stripes(
    body: Area, style: Node, looks: Mapping[str, Dxf], rows: AxisMap
) -> Iterator[Region]:
    kinds = ("firstRowStripe", "secondRowStripe")
    if not is_true(style.get("showRowStripes")) or looks.keys().isdisjoint(kinds):
        return
    row, turn = body.first_row, 0
    while (first := rows.first_shown(row, body.last_row)) is not None:
        last = first
        for _ in range(_size(looks, kinds[turn]) - 1):
            following = rows.first_shown(last + 1, body.last_row)
            if following is None:
                break
            last = following
        yield Region(kinds[turn], first, body.first_column, last, body.last_column)
        row, turn = last + 1, 1 - turn


def _size(looks: Mapping[str, Dxf], kind: str) -> int:
    return looks[kind].size if kind in looks else 1
