"""Whether an anchored object lies on rows and columns that show, and on which (20.5.2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from safe_release.inspectors.drawings.shown import one
from safe_release.inspectors.grid import LAST_COLUMN, LAST_ROW, Grid
from safe_release.inspectors.raw_xml import Node

_WHOLE = re.compile(r"\s*[0-9]{1,10}\s*", re.ASCII)
_SIGNED = re.compile(r"\s*(-?)([0-9]{1,10})\s*", re.ASCII)
_REACH = {"row": 5_200_650, "col": 17_145_000}
"""How far into a row or column an offset can lead: 409.5 points and 255 characters, in EMU."""


class Extent(NamedTuple):
    """Where an object is in the copy: cells counted from 0, top left and bottom right.

    Objects of a size of their own have it in EMU instead of the second pair. ``is_flat`` tells
    that one side of it has no length.
    """

    place: tuple[int, int, int, int]
    is_flat: bool


def extent(anchor: Node, grid: Grid) -> Extent | None:
    """The extent of an anchor in the copy; ``None`` where nothing of it is painted on the sheet."""
    if anchor.name == "xdr:absoluteAnchor":
        return _fixed(anchor)
    start = one(anchor, "xdr:from")
    rows, columns = _axis(start, "row", LAST_ROW), _axis(start, "col", LAST_COLUMN)
    if rows is None or columns is None:
        return None
    top, left = grid.rows_before(rows[0]), grid.columns_before(columns[0])
    if anchor.name == "xdr:oneCellAnchor":
        size = own_size(one(anchor, "xdr:ext"))
        if size is None or size == (0, 0):
            return None
        return Extent((top, left, *size), 0 in size)
    end = one(anchor, "xdr:to")
    last_row, last_column = _axis(end, "row", LAST_ROW), _axis(end, "col", LAST_COLUMN)
    if last_row is None or last_column is None:
        return None
    states = (
        _state(rows, last_row, grid.rows_before, _REACH["row"]),
        _state(columns, last_column, grid.columns_before, _REACH["col"]),
    )
    if "gone" in states or states == ("flat", "flat"):
        return None
    bottom, right = grid.rows_before(last_row[0]), grid.columns_before(last_column[0])
    return Extent((top, left, bottom, right), "flat" in states)


def _state(
    near: tuple[int, int], far: tuple[int, int], before: Callable[[int], int], reach: int
) -> str:
    """What one side of an object is: ``long``, ``flat`` (a line's), or ``gone``."""

    def shows(cell: int) -> bool:
        return before(cell + 1) > before(cell)

    if far < near:
        return "gone"
    if far == near:
        return "flat" if shows(near[0]) else "gone"
    if far[0] == near[0]:
        return "long" if shows(near[0]) and min(far[1], reach) > near[1] else "gone"
    is_across = before(far[0]) > before(near[0])
    return "long" if is_across or (shows(far[0]) and far[1] > 0) else "gone"


def corner_marks(corner: Node | None) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Row and column of a corner from 0, each with its offset."""
    row, column = _axis(corner, "row", LAST_ROW), _axis(corner, "col", LAST_COLUMN)
    return (row, column) if row is not None and column is not None else None


def _axis(corner: Node | None, name: str, size: int) -> tuple[int, int] | None:
    cell, offset = one(corner, f"xdr:{name}"), one(corner, f"xdr:{name}Off")
    number = _number(cell.text) if cell is not None else -1
    if not 0 <= number < size:
        return None
    return number, max(_number(offset.text), 0) if offset is not None else 0


def _number(text: str) -> int:
    return int(text) if _WHOLE.fullmatch(text) else -1


def own_size(node: Node | None) -> tuple[int, int] | None:
    """Width and height of an ``ext``; ``None`` where it is none."""
    if node is None:
        return None
    width, height = _number(node.get("cx", "-")), _number(node.get("cy", "-"))
    return (width, height) if min(width, height) >= 0 else None


def _fixed(anchor: Node) -> Extent | None:
    position, size = one(anchor, "xdr:pos"), own_size(one(anchor, "xdr:ext"))
    if position is None or size is None or size == (0, 0):
        return None
    left, top = _signed(position.get("x")), _signed(position.get("y"))
    if left + size[0] < 0 or top + size[1] < 0:
        return None
    return Extent((max(top, 0), max(left, 0), *size), 0 in size)


def _signed(text: str) -> int:
    hit = _SIGNED.fullmatch(text)
    if hit is None:
        return 0
    return -int(hit[2]) if hit[1] else int(hit[2])
