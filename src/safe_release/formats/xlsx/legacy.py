"""This module is what a sheet shows by VML: previews of documents, linked pictures, controls.

Each becomes the anchor of an ordinary picture or shape. Of an embedded document only the picture is
read, of a control only what it looks like: no part, formula, cell or macro is followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element as Node

from safe_release.errors import CannotRebuild, Malformed
from safe_release.formats.drawingml.tree import child
from safe_release.formats.opc import Package, Relationship
from safe_release.formats.values import whole
from safe_release.formats.vml import PARTS, Image, Shape, read_markup, shapes
from safe_release.formats.xlsx.axis import parse_references
from safe_release.formats.xlsx.controls import KINDS, control, make, named, paint

_X14: Final = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_PIXEL: Final = 9_525
"""EMU in a pixel, in which VML anchors count (19.4.2.2)."""
_ANCHOR: Final = re.compile(r"\s*[0-9]{1,7}\s*(?:,\s*-?[0-9]{1,7}\s*){7}")
_STATES: Final = {"Checked": "1", "Mixed": "2", "Unchecked": "0", "": "0"}


class Entry(NamedTuple):
    """A cell: the name of its sheet, ``None`` for the one at hand, row and column."""

    sheet: str | None
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class LegacyObject:
    """An object, its anchor in the source's coordinates, and its number among all VML shapes.

    ``caption`` is what it says, without blanks; ``None`` for pictures. ``entry`` is the cell whose
    text a list shows: its sheet, ``None`` for the list's own, row and column.
    """

    number: str
    anchor: Node
    caption: str | None
    entry: Entry | None = None

    def write_entry(self, text: str) -> None:
        """Let the list show a text."""
        next(self.anchor.iter("a:t")).text = text


@dataclass(slots=True)
class Legacy:
    """The objects of a sheet, and the pictures that they refer to by ``part id``."""

    objects: list[LegacyObject] = field(default_factory=list)
    relations: dict[str, Relationship] = field(default_factory=dict)


def holders(nodes: Iterable[Node]) -> Iterator[Node]:
    """The embedded documents and controls among elements of a sheet, of branches Excel reads."""
    for node in nodes:
        if node.tag in ("oleObject", "control"):
            yield node
        elif node.tag in ("oleObjects", "controls"):
            yield from holders(node)
        elif node.tag == "mc:AlternateContent":
            yield from holders(_branch(node))


def _branch(alternate: Node) -> Sequence[Node]:
    for branch in alternate:
        is_read = branch.tag == "mc:Choice" and set(branch.get("Requires", "?").split()) <= {_X14}
        if is_read or branch.tag == "mc:Fallback":
            return list(branch)
    return []


def read_legacy(package: Package, part: str, drawing: str | None, found: Sequence[Node]) -> Legacy:
    """What the VML drawing with the relationship id ``drawing`` shows.

    ``found`` are the embedded documents and controls of the sheet (``holders``).
    """
    legacy = Legacy()
    own = {relation.id: relation for relation in package.relationships(part)}
    relation = own.get(drawing or "")
    vml = ""
    if relation is not None and relation.type in ("vmlDrawing", "legacyDrawing"):
        vml = relation.target if not relation.is_external and package.has(relation.target) else ""
    by_number: dict[str, Node] = {}
    for node in found:
        by_number.setdefault(f"_x0000_s{node.get('shapeId', '').strip()}", node)
    _take(legacy, part, own.values())
    root = None
    if vml:
        root = read_markup(package.read(vml), package.place(vml), package.depth)
        try:
            _take(legacy, vml, package.relationships(vml))
        except (Malformed, CannotRebuild):
            root = None
    for shape in shapes(root) if root is not None else ():
        described = by_number.get(shape.number)
        anchor = _placed(_described(described)) or _pixels(shape)
        if shape.shows and anchor is not None:
            built = _built(package, own, shape, described, (part, vml))
            if built is not None:
                anchor.append(built[0])
                legacy.objects.append(LegacyObject(shape.number, anchor, *built[1:]))
    if root is None:
        # Without VML there are still pictures with places of their own.
        for number, node in by_number.items():
            anchor, picture = _placed(_described(node)), _preview(node, part)
            if anchor is not None and picture is not None:
                anchor.append(picture)
                legacy.objects.append(LegacyObject(number, anchor, None))
    return legacy


def _take(legacy: Legacy, part: str, relations: Iterable[Relationship]) -> None:
    legacy.relations |= {f"{part} {row.id}": row for row in relations if row.type == "image"}


def _described(node: Node | None) -> Node | None:
    return child(node, "objectPr", "controlPr")


def _placed(description: Node | None) -> Node | None:
    """The anchor of ``objectPr`` or ``controlPr`` (18.3.1.1) as one of a drawing."""
    anchor = child(description, "anchor")
    start, end = child(anchor, "from", "xdr:from"), child(anchor, "to", "xdr:to")
    if start is None or end is None:
        return None
    return make(
        "xdr:twoCellAnchor", {}, [make("xdr:from", {}, list(start)), make("xdr:to", {}, list(end))]
    )


def _pixels(shape: Shape) -> Node | None:
    """The anchor that VML gives: column, pixels, row, pixels, of both corners (19.4.2.2)."""
    said = shape.data.findtext("x:Anchor", "") if shape.data is not None else ""
    if not _ANCHOR.fullmatch(said):
        return None
    numbers = [max(int(number), 0) for number in said.split(",")]
    corners = []
    for name, four in (("xdr:from", numbers[:4]), ("xdr:to", numbers[4:])):
        column, across, row, down = four
        marks = (
            ("xdr:col", column), ("xdr:colOff", across * _PIXEL),
            ("xdr:row", row), ("xdr:rowOff", down * _PIXEL),
        )  # fmt: skip
        corners.append(make(name, {}, [_number(tag, value) for tag, value in marks]))
    return make("xdr:twoCellAnchor", {}, corners)


def _number(tag: str, value: int) -> Node:
    node = Node(tag)
    node.text = str(value)
    return node


def _built(
    package: Package,
    own: Mapping[str, Relationship],
    shape: Shape,
    node: Node | None,
    parts: tuple[str, str],
) -> tuple[Node, str | None, Entry | None] | None:
    """The picture or shape of an object, what a control says, and the entry of a list."""
    if shape.data is None:
        return None
    kind = shape.data.get("ObjectType", "")
    sheet, vml = parts
    if kind in KINDS:
        state = (shape.data.findtext("x:Checked") or "").strip() or "0"
        said = "".join("".join(line.text.split()) for line in shape.lines)
        relation = own.get(node.get("r:id", "")) if node is not None else None
        newer: Node | None = None
        if relation is not None and relation.type == "ctrlProp":
            newer = _newer(package, relation, kind, state)
            if newer is None:
                return None
        entry = _entry(shape.data, newer) if kind == "Drop" else None
        return control(kind, shape, state, has_entry=entry is not None), said, entry
    is_linked = child(shape.data, "x:FmlaPict", "x:Camera") is not None
    if kind != "Pict" or (node is None and not is_linked):
        return None
    picture = _preview(node, sheet, shape)
    if picture is None and shape.image is not None:
        picture = _picture(f"{vml} {shape.image.id}", shape.image, shape)
    return (picture, None, None) if picture is not None else None


def _newer(package: Package, relation: Relationship, kind: str, state: str) -> Node | None:
    """The newer description of a control, if it says the same as the older one.

    Which of two that differ is painted nobody can tell.
    """
    try:
        root = package.tree(relation.target) if package.has(relation.target) else None
    except (Malformed, CannotRebuild):
        return None
    if root is None or root.get("objectType", "").casefold() != kind.casefold():
        return None
    is_switch = kind in ("Checkbox", "Radio")
    if is_switch and _STATES.get(root.get("checked", "").strip()) != state:
        return None
    return root


def _entry(data: Node, newer: Node | None) -> Entry | None:
    """The cell with the entry that a list shows, counted from 1 down a column of cells."""
    said = [(data.findtext(name) or "").strip() for name in ("x:FmlaRange", "x:Sel")]
    if newer is not None and said != [
        newer.get(name, usual).strip() for name, usual in (("fmlaRange", ""), ("sel", "0"))
    ]:
        return None
    number = whole(said[1])
    try:
        found = parse_references(said[0])
    except Malformed:
        return None
    if len(found) != 1 or found[0].area.kind != "cells":
        return None
    sheet, area = found[0]
    row = area.first_row + number - 1
    if number < 1 or row > area.last_row or area.first_column != area.last_column:
        return None
    return Entry(sheet, row, area.first_column)


def _preview(node: Node | None, part: str, shape: Shape | None = None) -> Node | None:
    """The picture that ``objectPr`` or ``controlPr`` refers to (18.3.1.20, 18.3.1.57)."""
    description = _described(node)
    id_ = description.get("r:id", "") if description is not None else ""
    if not id_:
        return None
    image = shape.image if shape is not None else None
    return _picture(f"{part} {id_}", image, shape)


def _picture(key: str, image: Image | None, shape: Shape | None) -> Node | None:
    effects: list[Node] = []
    crop = make("a:srcRect")
    if image is not None:
        if image.is_even:
            return None
        sides = zip("ltrb", image.crop, strict=True)
        crop = make("a:srcRect", {side: str(share) for side, share in sides if share})
        effects = list(_effects(image))
    stretch = make("a:stretch", {}, [make("a:fillRect")])
    names = make("xdr:nvPicPr", {}, [named(shape), make("xdr:cNvPicPr")])
    fill = make("xdr:blipFill", {}, [make("a:blip", {"r:embed": key}, effects), crop, stretch])
    colors = (shape.fill, shape.line, shape.weight) if shape is not None else (None, None, 0.75)
    return make("xdr:pic", {}, [names, fill, paint(*colors)])


def _effects(image: Image) -> Iterator[Node]:
    if image.is_grey:
        yield make("a:grayscl")
    if image.is_two_colored:
        yield make("a:biLevel", {"thresh": "50000"})
    if image.black or image.gain != PARTS:
        contrast = image.gain / PARTS - 1 if image.gain < PARTS else 1 - PARTS / image.gain
        yield make(
            "a:lum",
            {
                "bright": str(round(image.black / PARTS * 200_000)),
                "contrast": str(round(contrast * 100_000)),
            },
        )
