"""This module is the look that a table's style gives its cells, once the table is gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from heapq import merge
from typing import Final
from xml.etree.ElementTree import Element as Node

from safe_release.errors import Malformed
from safe_release.formats.values import is_true
from safe_release.formats.xlsx.axis import ROWS, Area, AxisMap, parse_area
from safe_release.formats.xlsx.dxf import Dxf, child
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
