"""This module is what objects lie over: cells and other objects that nobody sees for them.

An object covers what is below it when it is a rectangle, not turned, of opaque paint: a black box
over a name, a picture over a table. Judged is what lies wholly below one object.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element as Node

from safe_release.formats.drawingml.style import ThemeStyles
from safe_release.formats.drawingml.tree import child, copied, descend
from safe_release.formats.values import is_true, whole
from safe_release.formats.xlsx.anchors import Mark, corner
from safe_release.formats.xlsx.axis import Area

MOST: Final = 200
"""Covering objects of a sheet that are judged; what more of them cover stays."""
_RECTANGLES: Final = ("rect", "flowChartProcess")
_PAINTS: Final = ("a:solidFill", "a:gradFill", "a:pattFill")
_FILLS: Final = (*_PAINTS, "a:noFill", "a:blipFill", "a:grpFill")
_HALF_TURN: Final = 10_800_000
_SEES_THROUGH: Final = frozenset(("a:softEdge", "a:scene3d", "a:sp3d"))
_SLACK: Final = 20
"""One part in so many of a row or column may stick out before the covering object begins."""

IsOpaque = Callable[[Node], bool]
"""Whether the picture of an ``xdr:blipFill`` hides all that is behind it."""


class Cover(NamedTuple):
    """The two corners of an object that covers, each a row's and a column's mark."""

    start: tuple[Mark, Mark]
    end: tuple[Mark, Mark]

    def cells(self, height: int, width: int) -> Area | None:
        """The cells that lie wholly below it, for the usual height and width of cells in EMU.

        The last row and column count where the object ends at their end, as it does when it was
        snapped to the cells.
        """
        first = [
            mark.cell + 1 + (mark.offset * _SLACK > size)
            for mark, size in zip(self.start, (height, width), strict=True)
        ]
        last = [mark.cell for mark in self.end]
        if first[0] > last[0] or first[1] > last[1]:
            return None
        return Area(first[0], first[1], last[0], last[1])

    def hides(self, other: Cover) -> bool:
        """Whether another object lies wholly below this one."""
        return (
            self.start[0] <= other.start[0]
            and self.start[1] <= other.start[1]
            and other.end[0] <= self.end[0]
            and other.end[1] <= self.end[1]
        )


def corners(anchor: Node) -> Cover | None:
    """The corners of an anchor between two cells; other anchors tell none."""
    if anchor.tag != "xdr:twoCellAnchor":
        return None
    start, end = corner(child(anchor, "xdr:from")), corner(child(anchor, "xdr:to"))
    if start is None or end is None or end[0] < start[0] or end[1] < start[1]:
        return None
    return Cover(start, end)


def is_opaque(anchor: Node, styles: ThemeStyles, is_opaque_picture: IsOpaque) -> bool:
    """Whether the object of an anchor hides all that is behind its frame."""
    node = child(anchor, "xdr:sp", "xdr:pic")
    properties = child(node, "xdr:spPr")
    if node is None or properties is None:
        return False
    own = next((found for item in node if (found := child(item, "xdr:cNvPr")) is not None), None)
    if own is None or is_true(own.get("hidden")):
        return False
    transform = child(properties, "a:xfrm")
    turn = transform.get("rot", "0").strip() if transform is not None else "0"
    if whole(turn.removeprefix("-")) % _HALF_TURN or child(properties, "a:custGeom") is not None:
        return False
    preset = child(properties, "a:prstGeom")
    is_picture = node.tag == "xdr:pic"
    kind = preset.get("prst", "").strip() if preset is not None else "rect" if is_picture else ""
    if kind not in _RECTANGLES:
        return False
    painted = copied(properties)
    styles.apply(painted, child(node, "xdr:style"))
    if any(item.tag in _SEES_THROUGH for item in painted.iter()):
        return False
    if is_picture:
        fill = child(node, "xdr:blipFill")
        return fill is not None and _fills_its_frame(fill) and is_opaque_picture(fill)
    fill = child(painted, *_FILLS)
    return (
        fill is not None
        and fill.tag in _PAINTS
        and not any(item.tag.startswith("a:alpha") for item in fill.iter())
    )


def _fills_its_frame(fill: Node) -> bool:
    blip, stretch = child(fill, "a:blip"), child(fill, "a:stretch")
    window, inside = child(fill, "a:srcRect"), descend(stretch, "a:fillRect")
    if blip is None or stretch is None or (inside is not None and inside.attrib):
        return False
    if window is not None and any(
        value.strip().startswith("-") for value in window.attrib.values()
    ):
        return False
    return not any(item.tag.startswith(("a:alpha", "a:clrChange")) for item in blip)
