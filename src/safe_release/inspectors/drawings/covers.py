"""Cells and objects that lie wholly below an opaque object (docs/workbook.md, over the cells)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO

from PIL import Image

from safe_release.inspectors.drawings.anchors import corner_marks
from safe_release.inspectors.drawings.objects import theme_fill_node
from safe_release.inspectors.drawings.shown import all_below, below, first_of, one
from safe_release.inspectors.drawings.words import FILLS
from safe_release.inspectors.raw_xml import Node
from safe_release.inspectors.texts import is_true, whole

MOST = 200
"""Objects of a sheet that are asked what they cover."""
Area = tuple[int, int, int, int]
_BOXES = ("rect", "flowChartProcess")
_PLAIN = ("a:solidFill", "a:gradFill", "a:pattFill")
_SOFT = ("a:softEdge", "a:scene3d", "a:sp3d")
_TURN = 10_800_000


@dataclass(frozen=True, slots=True)
class Box:
    """An object by its marks: rows and columns from 0 with offsets, and what it is like."""

    number: int
    top: tuple[int, int]
    left: tuple[int, int]
    bottom: tuple[int, int]
    right: tuple[int, int]

    def holds(self, other: Box) -> bool:
        """Whether another object lies within this one."""
        return (
            self.top <= other.top
            and self.left <= other.left
            and other.bottom <= self.bottom
            and other.right <= self.right
        )


@dataclass(slots=True)
class Covers:
    """What the objects of a sheet lie over; judged before its cells are."""

    opaque: list[Box] = field(default_factory=list)
    veiling: list[Box] = field(default_factory=list)
    """Objects that hide something at least: the opaque ones, and charts."""

    def cells(self, height: int, width: int) -> list[Area]:
        """The areas of cells that nobody sees, for the usual size of a cell in EMU.

        An object may begin a twentieth of a cell late; where it ends, it ends between cells.
        """
        found = []
        for box in self.opaque:
            first_row = box.top[0] + (1 if box.top[1] * 20 <= height else 2)
            first_column = box.left[0] + (1 if box.left[1] * 20 <= width else 2)
            if first_row <= box.bottom[0] and first_column <= box.right[0]:
                found.append((first_row, first_column, box.bottom[0], box.right[0]))
        return found

    def veiled(self, height: int, width: int) -> list[Area]:
        """The areas of cells of which an object hides about a fifth or more."""
        found = []
        for box in self.veiling:
            area = (
                box.top[0] + (1 if box.top[1] * 5 <= height * 4 else 2),
                box.left[0] + (1 if box.left[1] * 5 <= width * 4 else 2),
                box.bottom[0] + (1 if box.bottom[1] * 5 >= height else 0),
                box.right[0] + (1 if box.right[1] * 5 >= width else 0),
            )
            if area[0] <= area[2] and area[1] <= area[3]:
                found.append(area)
        return found

    def hides(self, box: Box) -> bool:
        """Whether an object lies wholly below a later one."""
        return any(cover.number > box.number and cover.holds(box) for cover in self.opaque)


def box_of(anchor: Node, number: int) -> Box | None:
    """An object between two cells; objects of a size of their own tell no cells."""
    if anchor.name != "xdr:twoCellAnchor":
        return None
    start, end = corner_marks(one(anchor, "xdr:from")), corner_marks(one(anchor, "xdr:to"))
    if start is None or end is None or end[0] < start[0] or end[1] < start[1]:
        return None
    return Box(number, start[0], start[1], end[0], end[1])


def read_covers(
    anchors: list[Node], theme: Node | None, picture_is_opaque: Callable[[Node], bool]
) -> Covers:
    """Which of the objects hide what is behind them."""
    covers = Covers()
    for number, anchor in enumerate(anchors, 1):
        box = box_of(anchor, number)
        if box is None or len(covers.opaque) >= MOST:
            continue
        if _is_opaque(anchor, theme, picture_is_opaque):
            covers.opaque.append(box)
            covers.veiling.append(box)
        elif len(covers.veiling) < 2 * MOST and _is_chart(anchor):
            covers.veiling.append(box)
    return covers


def is_opaque(data: bytes, crop: tuple[int, int, int, int]) -> bool:
    """Whether no pixel of what is left of a picture lets anything through."""
    with Image.open(BytesIO(data)) as image:
        if not image.has_transparency_data:
            return True
        width, height = image.size
        left, top, right, bottom = (max(side, 0) for side in crop)
        alpha = image.convert("RGBA").getchannel("A")
        box = (
            round(left * width / 100_000),
            round(top * height / 100_000),
            width - round(right * width / 100_000),
            height - round(bottom * height / 100_000),
        )
        return alpha.crop(box).getextrema() == (255, 255)


def _is_chart(anchor: Node) -> bool:
    frame = one(anchor, "xdr:graphicFrame")
    own = one(frame, "xdr:nvGraphicFramePr", "xdr:cNvPr")
    shows = own is not None and not is_true(own.get("hidden").strip())
    return shows and one(frame, "a:graphic", "a:graphicData", "c:chart") is not None


def _is_opaque(anchor: Node, theme: Node | None, picture_is_opaque: Callable[[Node], bool]) -> bool:
    node = first_of(anchor, frozenset(("xdr:sp", "xdr:pic")))
    shape = one(node, "xdr:spPr")
    if node is None or shape is None or not _is_upright_box(node, shape):
        return False
    own = next((entry for item in below(node) if (entry := one(item, "xdr:cNvPr"))), None)
    if own is None or is_true(own.get("hidden").strip()):
        return False
    style = one(node, "xdr:style")
    if any(item.name in _SOFT for item in all_below(shape)) or _theme_is_soft(style, shape, theme):
        return False
    if node.name == "xdr:pic":
        fill = one(node, "xdr:blipFill")
        return fill is not None and _is_filled(fill) and picture_is_opaque(fill)
    fill = first_of(shape, FILLS)
    if fill is None:
        fill = theme_fill_node(one(style, "a:fillRef"), theme)
        reference = one(style, "a:fillRef")
        if reference is not None and _lets_through(reference):
            return False
        if fill is not None and fill.name == "a:blipFill":
            return True  # the pictures of a theme become the colour that tints them
    return fill is not None and fill.name in _PLAIN and not _lets_through(fill)


def _lets_through(node: Node) -> bool:
    return any(item.name.startswith("a:alpha") for item in all_below(node))


def _is_upright_box(node: Node, shape: Node) -> bool:
    frame = one(shape, "a:xfrm")
    turn = frame.get("rot", "0").strip().lstrip("-") if frame is not None else "0"
    if whole(turn) % _TURN or one(shape, "a:custGeom") is not None:
        return False
    preset = one(shape, "a:prstGeom")
    if preset is None:
        return node.name == "xdr:pic"
    return preset.get("prst").strip() in _BOXES


def _theme_is_soft(style: Node | None, shape: Node, theme: Node | None) -> bool:
    """Whether the effects that a shape takes from its theme leave its edges or plane unclear."""
    reference = one(style, "a:effectRef")
    index = whole(reference.get("idx")) if reference is not None else 0
    lists = theme.all("a:themeElements", "a:fmtScheme", "a:effectStyleLst") if theme else []
    styles = lists[0].children if lists else []
    if not 1 <= index <= len(styles):
        return False
    names = {item.name for item in styles[index - 1].everything()}
    has_own = one(shape, "a:effectLst") is not None or one(shape, "a:effectDag") is not None
    return bool(names & {"a:scene3d", "a:sp3d"}) or ("a:softEdge" in names and not has_own)


def _is_filled(fill: Node) -> bool:
    """Whether a picture fills its frame without a margin and lets nothing through."""
    blip, inside = one(fill, "a:blip"), one(fill, "a:stretch", "a:fillRect")
    window = one(fill, "a:srcRect")
    if blip is None or one(fill, "a:stretch") is None or (inside and inside.attributes):
        return False
    if window is not None and any("-" in value for value in window.attributes.values()):
        return False
    return not any(item.name.startswith(("a:alpha", "a:clrChange")) for item in below(blip))
