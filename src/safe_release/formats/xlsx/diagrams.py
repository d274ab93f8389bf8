"""This module is diagrams (21.4) as the group of shapes that they are painted as."""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element as Node

from safe_release.formats.drawingml.tree import child, copied, descend
from safe_release.formats.opc import Package, Relationship

RELATIONS: Final = "dgm:relIds"
_SHAPES: Final = ("dsp:sp", "dsp:grpSp")


def painted_part(package: Package, relations: dict[str, Relationship], frame: Node) -> str | None:
    """The part that holds a diagram as it was last painted (MS-ODRAWXML 2.6.1.1)."""
    ids = descend(frame, "a:graphic", "a:graphicData", RELATIONS)
    data = relations.get(ids.get("r:dm", "")) if ids is not None else None
    if data is None or data.is_external or not package.has(data.target):
        return None
    for node in package.tree(data.target).iter():
        if node.tag == "dsp:dataModelExt":
            painted = relations.get(node.get("relId", ""))
            if painted is not None and not painted.is_external and package.has(painted.target):
                return painted.target
    return None


def as_group(drawing: Node, frame: Node) -> Node | None:
    """The shapes of a ``dsp:drawing`` as a group in the place of the diagram's frame."""
    tree = child(drawing, "dsp:spTree")
    place = child(frame, "xdr:xfrm")
    size = child(place, "a:ext")
    if tree is None or place is None or size is None:
        return None
    group = Node("xdr:grpSp")
    names = Node("xdr:nvGrpSpPr")
    own = descend(frame, "xdr:nvGraphicFramePr", "xdr:cNvPr")
    names.extend([copied(own) if own is not None else Node("xdr:cNvPr"), Node("xdr:cNvGrpSpPr")])
    properties = Node("xdr:grpSpPr")
    transform = Node("a:xfrm")
    transform.extend(copied(item) for item in place)
    transform.append(Node("a:chOff", {"x": "0", "y": "0"}))
    transform.append(Node("a:chExt", dict(size.attrib)))
    properties.append(transform)
    group.extend([names, properties])
    for node in tree:
        if node.tag in _SHAPES:
            group.extend(_shapes(node))
    return group


def _shapes(node: Node) -> list[Node]:
    shape = _renamed(node)
    if shape.tag == "xdr:grpSp":
        inner = [new for item in node if item.tag in _SHAPES for new in _shapes(item)]
        shape[:] = [item for item in shape if item.tag not in ("xdr:sp", "xdr:grpSp")] + inner
        return [shape]
    body, text_place = child(shape, "xdr:txBody"), child(shape, "xdr:txXfrm")
    own_place = descend(shape, "xdr:spPr", "a:xfrm")
    if body is None or text_place is None or own_place is None or _alike(text_place, own_place):
        return [shape]
    # The text stands elsewhere than its shape: it becomes a box of its own over it.
    box = Node("xdr:sp")
    names = Node("xdr:nvSpPr")
    names.extend([Node("xdr:cNvPr"), Node("xdr:cNvSpPr", {"txBox": "1"})])
    properties = Node("xdr:spPr")
    transform = Node("a:xfrm", dict(text_place.attrib))
    transform.extend(text_place)
    properties.extend([transform, Node("a:prstGeom", {"prst": "rect"}), Node("a:noFill")])
    box.extend([names, properties])
    style = child(shape, "xdr:style")
    font = child(style, "a:fontRef")
    if font is not None:
        box_style = Node("xdr:style")
        box_style.append(copied(font))
        box.append(box_style)
    box.append(body)
    shape.remove(body)
    return [shape, box]


def _renamed(node: Node) -> Node:
    """The node with the names of a sheet's drawing in the place of those of a diagram's."""
    twin = copied(node)
    for item in twin.iter():
        if item.tag.startswith("dsp:"):
            item.tag = "xdr:" + item.tag.removeprefix("dsp:")
    return twin


def _alike(one: Node, other: Node) -> bool:
    def spelled(node: Node) -> list[tuple[str, dict[str, str]]]:
        return [(item.tag, dict(item.attrib)) for item in node]

    return spelled(one) == spelled(other) and one.get("rot", "0") == other.get("rot", "0")
