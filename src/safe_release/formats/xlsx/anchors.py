"""This module is where objects on a sheet stand once hidden rows and columns are gone (20.5.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element as Node

from safe_release.formats.drawingml.tree import child
from safe_release.formats.gate import Gate
from safe_release.formats.values import whole
from safe_release.formats.xlsx.axis import COLUMNS, ROWS, AxisMap

_TALLEST: Final = 5_200_650
_WIDEST: Final = 17_145_000
"""A row of 409.5 points and a column of 255 characters, in EMU: no offset reaches farther."""
ANCHORS: Final = ("xdr:twoCellAnchor", "xdr:oneCellAnchor", "xdr:absoluteAnchor")


class Mark(NamedTuple):
    """A place on one axis: a row or column from 0, and how far into it."""

    cell: int
    offset: int

    def through(self, axis: AxisMap, longest: int) -> Mark:
        """The same place in the copy: what does not show has no size."""
        new = axis.new(self.cell + 1)
        if new is None:
            return Mark(axis.count_shown(1, self.cell), 0)
        return Mark(new - 1, min(self.offset, longest))


@dataclass(frozen=True, slots=True)
class Placed:
    """The marks of an anchor in the copy. ``end`` is absent where the anchor has a size instead.

    ``is_flat`` tells of a size of zero on one axis: only lines are painted that way.
    """

    start: tuple[Mark, Mark]
    end: tuple[Mark, Mark] | None
    is_flat: bool


def place(anchor: Node, rows: AxisMap, columns: AxisMap) -> Placed | None:
    """Where an anchor stands in the copy; ``None`` where nothing of it is on the sheet.

    Excel stores anchors as they are painted: an object that moved or shrank when rows were hidden
    has been written with its new marks, so that one rule serves every ``editAs``.
    """
    if anchor.tag == "xdr:absoluteAnchor":
        return _absolute(anchor)
    first = corner(child(anchor, "xdr:from"))
    if first is None:
        return None
    axes = ((rows, _TALLEST), (columns, _WIDEST))
    start = [mark.through(axis, longest) for mark, (axis, longest) in zip(first, axes, strict=True)]
    if anchor.tag == "xdr:oneCellAnchor":
        size = _size(anchor)
        if size is None or size == (0, 0):
            return None
        return Placed((start[0], start[1]), None, 0 in size)
    last = corner(child(anchor, "xdr:to"))
    if last is None:
        return None
    end = []
    flat = 0
    for (axis, longest), near, far, new in zip(axes, first, last, start, strict=True):
        mark = far.through(axis, longest)
        if far < near:
            return None
        if mark <= new:
            # Flat from the start it is a line; flat now it lay on what does not show.
            if near != far or axis.new(near.cell + 1) is None:
                return None
            flat += 1
        end.append(max(mark, new))
    if flat == 2:
        return None
    return Placed((start[0], start[1]), (end[0], end[1]), bool(flat))


def _absolute(anchor: Node) -> Placed | None:
    position, size = child(anchor, "xdr:pos"), _size(anchor)
    if position is None or size is None or size == (0, 0):
        return None
    x, y = (_number(position.get(name)) for name in ("x", "y"))
    if x + size[0] < 0 or y + size[1] < 0:
        return None
    return Placed((Mark(0, max(y, 0)), Mark(0, max(x, 0))), None, 0 in size)


def _number(text: str | None) -> int:
    text = (text or "").strip()
    return -whole(text[1:]) if text.startswith("-") else max(whole(text), 0)


def corner(node: Node | None) -> tuple[Mark, Mark] | None:
    """The marks of a corner, down and across; ``None`` where it is not on the sheet."""
    if node is None:
        return None
    found = {item.tag: item.text for item in reversed(node)}
    row, column = whole(found.get("xdr:row")), whole(found.get("xdr:col"))
    if not 0 <= row < ROWS or not 0 <= column < COLUMNS:
        return None
    down, across = (max(whole(found.get(name)), 0) for name in ("xdr:rowOff", "xdr:colOff"))
    return Mark(row, down), Mark(column, across)


def _size(anchor: Node) -> tuple[int, int] | None:
    node = child(anchor, "xdr:ext")
    if node is None:
        return None
    width, height = whole(node.get("cx")), whole(node.get("cy"))
    return (width, height) if width >= 0 and height >= 0 else None


def write(gate: Gate, anchor: Node, placed: Placed, content: str) -> str:
    """An anchor with its object, which is markup from the same gate."""
    down, across = placed.start
    if anchor.tag == "xdr:absoluteAnchor":
        head = gate.write("xdr:pos", {"x": across.offset, "y": down.offset})
    else:
        head = _marker(gate, "xdr:from", placed.start)
    if placed.end is not None:
        head += _marker(gate, "xdr:to", placed.end)
    else:
        size = child(anchor, "xdr:ext")
        head += gate.carry(size) if size is not None else ""
    attributes: dict[str, str | int] = {}
    if anchor.tag == "xdr:twoCellAnchor" and "editAs" in anchor.attrib:
        attributes["editAs"] = anchor.attrib["editAs"]
    return gate.write(anchor.tag, attributes, head + content + gate.write("xdr:clientData", {}))


def _marker(gate: Gate, name: str, marks: tuple[Mark, Mark]) -> str:
    down, across = marks
    values = (
        ("xdr:col", across.cell), ("xdr:colOff", across.offset),
        ("xdr:row", down.cell), ("xdr:rowOff", down.offset),
    )  # fmt: skip
    return gate.write(name, {}, "".join(gate.write(key, {}, str(value)) for key, value in values))
