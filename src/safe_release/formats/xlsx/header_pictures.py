"""This module is the pictures of headers and footers (18.3.1.51): a VML part, written anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from safe_release.errors import CannotRebuild, Malformed
from safe_release.formats.gate import Gate, Grammar, Row
from safe_release.formats.opc import XML_DECLARATION, Relationship, relationships_part
from safe_release.formats.pictures import Crop
from safe_release.formats.values import Decimal, keyword, visible_text
from safe_release.formats.vml import PARTS, Shape, read_markup, shapes
from safe_release.formats.xlsx.drawing_parts import Drawings

_TYPE: Final = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_IDS: Final = 1024
"""Ids of shapes that belong to one drawing."""
_POINTS: Final = Decimal(0.25, 10_000, 4)

GRAMMAR: Final[Grammar] = {
    "v:shape": Row(
        ("v:imagedata",),
        {
            "id": visible_text,
            "o:spid": visible_text,
            "type": keyword("#_x0000_t75"),
            "style": visible_text,
        },
    ),
    "v:imagedata": Row(
        (),
        {
            "o:relid": visible_text,
            "gain": visible_text,
            "blacklevel": visible_text,
            "grayscale": keyword("t"),
            "bilevel": keyword("t"),
        },
    ),
}
"""What may stand in the part beside its constant beginning (ECMA-376-4 19.1.2)."""

_HEAD: Final = (
    f'{XML_DECLARATION}<xml xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:o="urn:schemas-microsoft-com:office:office">'
    '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="%d"/></o:shapelayout>'
    '<v:shapetype id="_x0000_t75" coordsize="21600,21600" o:spt="75" o:preferrelative="t"'
    ' path="m@4@5l@4@11@9@11@9@5xe" filled="f" stroked="f"><v:stroke joinstyle="miter"/>'
    "<v:formulas>"
    + "".join(
        f'<v:f eqn="{equation}"/>'
        for equation in (
            "if lineDrawn pixelLineWidth 0", "sum @0 1 0", "sum 0 0 @1", "prod @2 1 2",
            "prod @3 21600 pixelWidth", "prod @3 21600 pixelHeight", "sum @0 0 1", "prod @6 1 2",
            "prod @7 21600 pixelWidth", "sum @8 21600 0", "prod @7 21600 pixelHeight",
            "sum @10 21600 0",
        )
    )
    + '</v:formulas><v:path o:extrusionok="f" gradientshapeok="t" o:connecttype="rect"/>'
    '<o:lock v:ext="edit" aspectratio="t"/></v:shapetype>'
)  # fmt: skip
"""The kind of shape that a picture is (``_x0000_t75``), as every program that reads it has it."""


class HeaderPictures:
    """The pictures of one sheet's headers and footers, asked for as their codes are met."""

    def __init__(
        self,
        around: Drawings,
        relations: Sequence[Relationship],
        id_: str | None,
        place: str,
    ) -> None:
        self._around = around
        self._place = place
        self._relations: dict[str, Relationship] = {}
        self._shapes: dict[str, Shape] = {}
        self._links: dict[str, int] = {}
        self._written: dict[str, str] = {}
        self._gate = Gate(GRAMMAR, around.ledger)
        for relation in relations:
            is_drawing = relation.type in ("vmlDrawing", "legacyDrawing")
            if id_ and relation.id == id_ and is_drawing and not relation.is_external:
                self._read(relation.target)

    def _read(self, part: str) -> None:
        package = self._around.package
        if not package.has(part):
            return
        root = read_markup(package.read(part), package.place(part), package.depth)
        for shape in shapes(root) if root is not None else ():
            self._shapes.setdefault(shape.id, shape)
        try:
            rows = package.relationships(part)
        except (Malformed, CannotRebuild):
            rows = []
        self._relations = {relation.id: relation for relation in rows}

    def keep(self, id_: str) -> bool:
        """Whether the copy has the picture with the shape's id, such as ``LH``."""
        if id_ not in self._written:
            self._written[id_] = self._markup(id_)
        return bool(self._written[id_])

    def _markup(self, id_: str) -> str:
        shape = self._shapes.get(id_)
        if shape is None or shape.image is None or not shape.shows or shape.image.is_even:
            return ""
        sizes = [_POINTS(str(shape.style.points(side))) for side in ("width", "height")]
        relation = self._relations.get(shape.image.id)
        if None in sizes or relation is None or relation.type != "image" or relation.is_external:
            return ""
        name = self._around.media.use(relation.target, self._place, Crop(*shape.image.crop))
        if name is None:
            return ""
        link = self._links.setdefault(f"../{name}", len(self._links) + 1)
        number = sum(map(bool, self._written.values())) + 1
        image = shape.image
        looks: dict[str, str | int] = {"o:relid": f"rId{link}"}
        if image.gain != PARTS:
            looks["gain"] = f"{image.gain}f"
        if image.black:
            looks["blacklevel"] = f"{image.black}f"
        looks |= {"grayscale": "t"} if image.is_grey else {}
        looks |= {"bilevel": "t"} if image.is_two_colored else {}
        return self._gate.write(
            "v:shape",
            {
                "id": id_,
                "o:spid": f"_x0000_s{_IDS * (self._around.header_count + 1) + number}",
                "type": "#_x0000_t75",
                "style": f"position:absolute;margin-left:0;margin-top:0;width:{sizes[0]}pt;"
                f"height:{sizes[1]}pt;z-index:{number}",
            },
            self._gate.write("v:imagedata", looks),
        )

    def build(self) -> str | None:
        """The part's target as seen from a sheet; ``None`` where no picture is left."""
        shown = "".join(self._written.values())
        if not shown:
            return None
        around = self._around
        around.header_count += 1
        name = f"vmlDrawing{around.header_count}.vml"
        markup = _HEAD % around.header_count + shown + "</xml>"
        around.add(f"xl/drawings/{name}", markup.encode(), _TYPE)
        links = [("image", target, False) for target in self._links]
        around.add(f"xl/drawings/_rels/{name}.rels", relationships_part(links))
        return f"../drawings/{name}"
