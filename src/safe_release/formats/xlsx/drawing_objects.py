"""This module is the objects of a drawing: what of each a reader sees, ready for the gate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element as Node

from safe_release.formats.drawingml.colors import Palette
from safe_release.formats.drawingml.guides import neutral_guides, settle_adjustments
from safe_release.formats.drawingml.paint import Embed, drop_idle_lines, settle_fill
from safe_release.formats.drawingml.style import ThemeStyles
from safe_release.formats.drawingml.texts import settle_texts
from safe_release.formats.drawingml.tree import child, descend, keep
from safe_release.formats.values import is_true, whole
from safe_release.formats.xlsx.drawing_grammar import CHART_URI, OBJECTS

_FILLS: Final = (
    "a:noFill", "a:solidFill", "a:gradFill", "a:blipFill", "a:pattFill", "a:grpFill",
)  # fmt: skip
_NAMES: Final = {
    "xdr:sp": "Shape", "xdr:cxnSp": "Connector", "xdr:pic": "Picture", "xdr:grpSp": "Group",
    "xdr:graphicFrame": "Chart",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Context:
    """Whom an object asks for what lies outside of its drawing.

    ``chart`` gives the relationship id in the copy of a chart by that of the source, or ``None``;
    ``link`` does so for hyperlinks; ``diagram`` gives the group a diagram's frame is painted as.
    """

    styles: ThemeStyles
    palette: Palette
    keeps_alt_text: bool
    is_vector: Callable[[str], bool]
    embed: Callable[[str, str, tuple[int, ...]], str | None]
    link: Callable[[str], str | None]
    chart: Callable[[str, str], str | None]
    diagram: Callable[[Node], Node | None]


class Objects:
    """Settles the objects of one drawing and numbers those that stay."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._count = 0

    def settle(self, node: Node, place: str, *, is_flat: bool) -> Node | None:
        """An object as it shows; ``None`` where nothing of it does.

        ``is_flat`` tells of an object without height or width, which only a line can be.
        """
        count = self._count
        found = self._settled(node, place, is_flat)
        own = _non_visual(found) if found is not None else None
        if own is None:
            self._count = count
        else:
            self._links(own)
        return found

    def _settled(self, node: Node, place: str, is_flat: bool) -> Node | None:
        own = _non_visual(node)
        if own is None or is_true(own.get("hidden")):
            return None
        if node.tag == "xdr:graphicFrame" and not _is_chart(node):
            group = self._context.diagram(node)
            return self._settled(group, place, is_flat) if group is not None else None
        self._name(node, own)
        if node.tag == "xdr:pic":
            return None if is_flat else self._picture(node, place)
        if node.tag == "xdr:grpSp":
            return self._group(node, place)
        if node.tag == "xdr:graphicFrame":
            return None if is_flat else self._frame(node, place)
        return self._shape(node, place, is_flat)

    def _name(self, node: Node, own: Node) -> None:
        self._count += 1
        keeps = self._context.keeps_alt_text
        kept = {name: own.attrib[name] for name in ("descr", "title") if keeps and own.get(name)}
        own.attrib.clear()
        own.attrib.update(
            {"id": str(self._count + 1), "name": f"{_NAMES[node.tag]} {self._count}"} | kept
        )

    def _links(self, node: Node) -> None:
        """Let the links below a node lead where they may, and drop the others."""
        for parent in node.iter():
            link = child(parent, "a:hlinkClick")
            if link is None:
                continue
            new = self._context.link(link.get("r:id", ""))
            link.attrib["r:id"] = new or ""
            keep(
                parent,
                [
                    item
                    for item in parent
                    if item.tag != "a:hlinkClick" or (item is link and new is not None)
                ],
            )

    def _picture(self, node: Node, place: str) -> Node | None:
        fill = child(node, "xdr:blipFill")
        properties = child(node, "xdr:spPr")
        blip = child(fill, "a:blip")
        is_vector = blip is not None and self._context.is_vector(blip.get("r:embed", ""))
        if fill is None or properties is None or not settle_fill(fill, self._embed(place)):
            return None
        self._paint(properties, child(node, "xdr:style"), place)
        if is_vector:
            _uncover(properties)
        keep(node, [item for item in node if item.tag != "xdr:style"])
        node.attrib.clear()
        return node

    def _embed(self, place: str) -> Embed:
        return lambda id_, crop: self._context.embed(
            id_, place, (crop.left, crop.top, crop.right, crop.bottom)
        )

    def _paint(self, properties: Node, style: Node | None, place: str) -> None:
        """Write the theme's formats out, and give fills their pictures."""
        self._context.styles.apply(properties, style)
        drop_idle_lines(properties)
        fill = child(properties, *_FILLS)
        if fill is not None and fill.tag == "a:blipFill" and not settle_fill(
            fill, self._embed(place)
        ):  # fmt: skip
            keep(properties, [item for item in properties if item is not fill])
            properties.append(Node("a:noFill"))
        geometry = child(properties, "a:custGeom")
        if geometry is not None:
            neutral_guides(geometry)
        preset = child(properties, "a:prstGeom")
        if preset is not None:
            settle_adjustments(preset)

    def _shape(self, node: Node, place: str, is_flat: bool) -> Node | None:
        properties, style = child(node, "xdr:spPr"), child(node, "xdr:style")
        if properties is None:
            return None
        self._paint(properties, style, place)
        body = child(node, "xdr:txBody")
        dropped = ["xdr:style"]
        if body is None or is_flat:
            dropped.append("xdr:txBody")
        else:
            settle_texts(body, child(properties, *_FILLS), style, self._context.palette)
            self._text_fills(body, place)
            drop_idle_lines(body)
            self._links(body)
        keep(node, [item for item in node if item.tag not in dropped])
        font = child(style, "a:fontRef")
        if font is not None and body is not None and not is_flat:
            node.append(_font_style(font))
        node.attrib.clear()
        node.attrib["macro"] = ""
        if node.tag == "xdr:sp":
            node.attrib["textlink"] = ""
        return node

    def _text_fills(self, body: Node, place: str) -> None:
        for parent in body.iter():
            fill = child(parent, "a:blipFill")
            if fill is not None and not settle_fill(fill, self._embed(place)):
                keep(parent, [item for item in parent if item is not fill])

    def _group(self, node: Node, place: str) -> Node | None:
        properties = child(node, "xdr:grpSpPr")
        if properties is None:
            return None
        self._paint(properties, None, place)
        kept = []
        objects = 0
        for item in node:
            if item.tag not in OBJECTS:
                if item.tag in ("xdr:nvGrpSpPr", "xdr:grpSpPr"):
                    kept.append(item)
                continue
            size = _size(item)
            settled = None
            if size is not None and size != (0, 0):
                settled = self.settle(item, place, is_flat=0 in size)
            if settled is not None:
                kept.append(settled)
                objects += 1
        keep(node, kept)
        return node if objects else None

    def _frame(self, node: Node, place: str) -> Node | None:
        chart = descend(node, "a:graphic", "a:graphicData", "c:chart")
        new = self._context.chart(chart.get("r:id", ""), place) if chart is not None else None
        if chart is None or new is None:
            return None
        chart.attrib.clear()
        chart.attrib["r:id"] = new
        data = descend(node, "a:graphic", "a:graphicData")
        if data is not None:
            data.attrib["uri"] = CHART_URI
        node.attrib.clear()
        node.attrib["macro"] = ""
        return node


def _non_visual(node: Node) -> Node | None:
    return next((found for item in node if (found := child(item, "xdr:cNvPr")) is not None), None)


def _uncover(properties: Node) -> None:
    """Write the rectangle of a picture as one that covers nothing (``covers.py``).

    What a drawn picture covers, inspectors cannot see without drawing it, so none is judged: a
    rounded rectangle with corners of radius 0 looks the same and is not taken for a cover.
    """
    preset = child(properties, "a:prstGeom")
    if child(properties, "a:custGeom") is None and (preset is None or preset.get("prst") == "rect"):
        keep(properties, [item for item in properties if item is not preset])
        preset = Node("a:prstGeom", {"prst": "roundRect"})
        adjustments = Node("a:avLst")
        adjustments.append(Node("a:gd", {"name": "adj", "fmla": "val 0"}))
        preset.append(adjustments)
        properties.append(preset)


def _is_chart(frame: Node) -> bool:
    return descend(frame, "a:graphic", "a:graphicData", "c:chart") is not None


def _size(node: Node) -> tuple[int, int] | None:
    """The size of an object in a group; ``None`` where it has none."""
    holder = child(node, "xdr:spPr", "xdr:grpSpPr")
    transform = child(holder, "a:xfrm") if holder is not None else child(node, "xdr:xfrm")
    size = child(transform, "a:ext")
    if size is None:
        return None
    width, height = whole(size.get("cx")), whole(size.get("cy"))
    return (width, height) if width >= 0 and height >= 0 else None


def _font_style(font: Node) -> Node:
    """A style that refers to a typeface and a colour of text alone."""
    style = Node("xdr:style")
    for name in ("a:lnRef", "a:fillRef", "a:effectRef"):
        reference = Node(name, {"idx": "0"})
        reference.append(Node("a:scrgbClr", {"r": "0", "g": "0", "b": "0"}))
        style.append(reference)
    style.append(font)
    return style
