"""This module is the drawing of a sheet (20.5): what shows of its objects, in their order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, NamedTuple
from urllib.parse import quote
from xml.etree.ElementTree import Element as Node

from safe_release.errors import CannotRebuild, Malformed
from safe_release.formats.drawingml.alternatives import choose
from safe_release.formats.drawingml.paint import crop_of, is_washed_out
from safe_release.formats.drawingml.style import ThemeStyles
from safe_release.formats.drawingml.tree import child
from safe_release.formats.gate import Gate
from safe_release.formats.opc import (
    OFFICE,
    XML_DECLARATION,
    Relationship,
    relationships_part,
)
from safe_release.formats.pictures import Crop
from safe_release.formats.values import is_true
from safe_release.formats.xlsx import anchors, diagrams
from safe_release.formats.xlsx.axis import Area, AxisMap
from safe_release.formats.xlsx.covers import MOST, Cover, corners, is_opaque
from safe_release.formats.xlsx.drawing_grammar import CHART_URI, DRAWING, OBJECTS
from safe_release.formats.xlsx.drawing_objects import Context, Objects
from safe_release.formats.xlsx.drawing_parts import Drawings
from safe_release.formats.xlsx.furniture import web_address
from safe_release.formats.xlsx.legacy import Legacy

_TWINS: Final = ("a14:compatExt", "a14:cameraTool")
_XDR: Final = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
_A: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"


class Twin(NamedTuple):
    """What stands in a drawing for an object of VML: where, whether it shows, what it says."""

    number: int
    shows: bool
    caption: str


def _twins(found: Sequence[Node]) -> dict[str, Twin]:
    """By the number of the VML shape: the objects that newer programs read in its place."""
    twins: dict[str, Twin] = {}
    for number, anchor in enumerate(found, 1):
        for node in anchor.iter():
            if node.tag not in ("xdr:sp", "xdr:pic"):
                continue
            ids = [mark.get("spid", "") for tag in _TWINS for mark in node.iter(tag)]
            hidden = any(is_true(own.get("hidden")) for own in node.iter("xdr:cNvPr"))
            said = "".join("".join((text.text or "").split()) for text in node.iter("a:t"))
            for id_ in ids:
                twins.setdefault(id_, Twin(number, not hidden, said))
    return twins


class DrawingBuilder:
    """Rebuilds the drawing of one sheet. ``internal`` gives the copy's spelling of a location."""

    def __init__(
        self,
        around: Drawings,
        part: str | None,
        columns: AxisMap,
        internal: Callable[[str], str | None],
        place: str,
    ) -> None:
        self._around = around
        self._columns = columns
        self._internal = internal
        self._place = place
        self._gate = Gate(DRAWING, around.ledger)
        self._relations: dict[str, Relationship] = {}
        self._links: dict[tuple[str, str, bool], str] = {}
        self._diagrams: set[str] = set()
        self._objects = Objects(
            Context(
                *around.looks,
                around.keeps_alt_text,
                self._is_vector,
                self._embed,
                self._link,
                self._chart,
                self._diagram,
            )
        )

        self._found = self._anchors(part) if part is not None else []
        self._covers = self._find_covers()
        self._order: list[tuple[int, Node]] = []
        self._has_lists = False

    def _anchors(self, part: str) -> list[Node]:
        """The anchors; a part that is no drawing, or cannot be read, has none."""
        try:
            root = self._around.package.tree(part)
            relations = self._around.package.relationships(part)
        except (Malformed, CannotRebuild):
            return []
        if root.tag != "xdr:wsDr":
            return []
        self._relations = {relation.id: relation for relation in relations}
        choose(root)
        return [node for node in root if node.tag in anchors.ANCHORS]

    def _find_covers(self) -> dict[int, Cover]:
        """The objects that hide what is behind them, by their number."""
        covers: dict[int, Cover] = {}
        styles, _ = self._around.looks if self._found else (ThemeStyles(None), None)
        for number, anchor in enumerate(self._found, 1):
            cover = corners(anchor)
            if len(covers) < MOST and cover is not None:
                place = f"{self._place}, drawing, object {number}"
                if is_opaque(anchor, styles, partial(self._is_opaque, place)):
                    covers[number] = cover
        return covers

    def _is_opaque(self, place: str, fill: Node) -> bool:
        blip = child(fill, "a:blip")
        relation = self._relations.get(blip.get("r:embed", "")) if blip is not None else None
        if relation is None or relation.type != "image" or relation.is_external:
            return False
        if blip is None or is_washed_out(blip):
            return False
        return self._around.media.is_opaque(relation.target, place, crop_of(fill))

    def covered(self, height: int, width: int) -> list[Area]:
        """The cells that nobody sees for the objects over them (``Cover.cells``)."""
        found = (cover.cells(height, width) for cover in self._covers.values())
        return [area for area in found if area is not None]

    def build(self, rows: AxisMap) -> str | None:
        """Hand over a new drawing part. Returns its target as seen from a sheet, if any."""
        around = self._around
        content = "".join(self._written(rows))
        if not content:
            return None
        around.note(content)
        around.count += 1
        name = f"drawing{around.count}.xml"
        charts = f' xmlns:c="{CHART_URI}"' if "<c:chart " in content else ""
        markup = (
            f'{XML_DECLARATION}<xdr:wsDr xmlns:xdr="{_XDR}" xmlns:a="{_A}"'
            f' xmlns:r="{OFFICE.rstrip("/")}"{charts}>{content}</xdr:wsDr>'
        )
        around.add_drawing(f"xl/drawings/{name}", markup, has_lists=self._has_lists)
        if self._links:
            around.add(f"xl/drawings/_rels/{name}.rels", relationships_part(list(self._links)))
        return f"../drawings/{name}"

    def adopt(self, legacy: Legacy) -> None:
        """Take in what the sheet shows by VML, each object where its twin in the drawing stands.

        What the drawing shows itself, and what says something else there, is left out; so is what
        lies wholly under an object that covers, wherever it would be: its order is not known.
        """
        self._relations |= legacy.relations
        last, twins = len(self._found) + 1, _twins(self._found)
        adopted: list[tuple[int, Node]] = []
        for item in legacy.objects:
            twin = twins.get(item.number)
            if twin is not None and (twin.shows or item.caption not in (None, twin.caption)):
                continue
            number = twin.number if twin is not None else 0
            if not self._is_hidden_behind(number, item.anchor):
                if item.entry is not None:
                    self._has_lists = True
                    item.write_entry(self._around.entry(item.entry))
                adopted.append((number or last, item.anchor))
        self._order = sorted(
            [*enumerate(self._found, 1), *adopted], key=lambda numbered: numbered[0]
        )

    def _written(self, rows: AxisMap) -> list[str]:
        written = []
        for number, anchor in self._order or enumerate(self._found, 1):
            node = child(anchor, *OBJECTS)
            placed = anchors.place(anchor, rows, self._columns)
            if node is None or placed is None or self._is_hidden_behind(number, anchor):
                continue
            place = f"{self._place}, drawing, object {number}"
            settled = self._objects.settle(node, place, is_flat=placed.is_flat)
            if settled is not None:
                content = self._gate.carry(settled)
                written.append(anchors.write(self._gate, anchor, placed, content))
        return written

    def _is_hidden_behind(self, number: int, anchor: Node) -> bool:
        own = corners(anchor)
        return own is not None and any(
            later > number and cover.hides(own) for later, cover in self._covers.items()
        )

    def _related(self, type_: str, target: str, is_external: bool) -> str:
        key = (type_, target, is_external)
        return self._links.setdefault(key, f"rId{len(self._links) + 1}")

    def _is_vector(self, id_: str) -> bool:
        relation = self._relations.get(id_)
        return (
            relation is not None
            and not relation.is_external
            and self._around.media.is_vector(relation.target)
        )

    def _embed(self, id_: str, place: str, crop: tuple[int, ...]) -> str | None:
        relation = self._relations.get(id_)
        if relation is None or relation.type != "image" or relation.is_external:
            return None
        name = self._around.media.use(relation.target, place, Crop(*crop))
        return self._related("image", f"../{name}", False) if name is not None else None

    def _link(self, id_: str) -> str | None:
        relation = self._relations.get(id_)
        if relation is None or relation.type != "hyperlink" or not self._around.keeps_links:
            return None
        location = relation.fragment
        if relation.is_external:
            address = web_address(relation.target)
            if address is not None:
                return self._related("hyperlink", address, True)
            location = relation.target[1:] if relation.target.startswith("#") else ""
        inside = self._internal(location) if location else None
        if inside is None:
            return None
        return self._related("hyperlink", "#" + quote(inside, safe="!'$:"), False)

    def _chart(self, id_: str, place: str) -> str | None:
        relation = self._relations.get(id_)
        if relation is None or relation.type != "chart" or relation.is_external:
            return None
        target = self._around.chart(relation, place)
        return self._related("chart", target, False) if target is not None else None

    def _diagram(self, frame: Node) -> Node | None:
        package = self._around.package
        try:
            part = diagrams.painted_part(package, self._relations, frame)
            if part is None or part in self._diagrams:
                return None
            self._diagrams.add(part)  # no second frame shows the same shapes
            tree = package.tree(part)
            own = package.relationships(part)
            choose(tree)
        except (Malformed, CannotRebuild):
            return None
        # Its pictures are relationships of its own part, whose ids mean something else here.
        self._relations |= {f"{part} {relation.id}": relation for relation in own}
        for node in tree.iter():
            for name in ("r:embed", "r:id"):
                if name in node.attrib:
                    node.attrib[name] = f"{part} {node.attrib[name]}"
        return diagrams.as_group(tree, frame)
