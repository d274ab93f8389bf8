"""This module is the shapes of VML (19.1.2): identity, place, paint, picture, text and WordArt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element as Node

from safe_release.formats.vml.colors import color
from safe_release.formats.vml.style import Style, length, share
from safe_release.formats.vml.texts import Line, lines

_SHAPES: Final = frozenset(
    ("v:shape", "v:rect", "v:roundrect", "v:oval", "v:line", "v:polyline", "v:arc", "v:curve",
     "v:image")
)  # fmt: skip
_NUMBER: Final = re.compile(r"[0-9]{1,4}")
_WHOLE: Final = 100_000
PARTS: Final = 65_536


@dataclass(frozen=True, slots=True)
class Image:
    """``v:imagedata`` (19.1.2.11).

    ``id`` names a relationship of the part. ``crop`` is what is cut off left, top, right and
    bottom in 1/100000 of the side, never less than nothing. ``gain`` is the contrast and ``black``
    the brightness, both in parts of 65536: 65536 and 0 where they are unchanged.
    """

    id: str
    crop: tuple[int, int, int, int]
    gain: int
    black: int
    is_grey: bool
    is_two_colored: bool

    @property
    def is_even(self) -> bool:
        """Whether what is left of the picture is one colour."""
        return abs(self.black) >= PARTS // 2 or self.gain <= 0 or cuts_all(self.crop)


def cuts_all(crop: tuple[int, int, int, int]) -> bool:
    """Whether nothing is left of a picture."""
    left, top, right, bottom = crop
    return left + right >= _WHOLE or top + bottom >= _WHOLE


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape. ``node`` is its element, for what only one host knows.

    ``preset`` is the number of its kind (``o:spt``; 75 is a picture, 136 to 175 are WordArt, 201 a
    control, 202 a text box). ``fill`` and ``line`` are the colours of its inside and outline,
    ``None`` where it has none; ``weight`` is that of the outline in points. ``alternative`` is its
    alternative text.
    """

    id: str
    number: str
    preset: int
    style: Style
    fill: str | None
    line: str | None
    weight: float
    alternative: str
    image: Image | None
    lines: list[Line]
    word_art: str
    data: Node | None
    node: Node

    @property
    def shows(self) -> bool:
        """Whether its style leaves it in sight."""
        return not self.style.is_hidden


def shapes(root: Node) -> Iterator[Shape]:
    """The shapes below a node, from back to front as they are written, those of groups too.

    A group that is hidden hides its members.
    """
    presets = _presets(root)
    stack = [(node, False) for node in reversed(root)]
    while stack:
        node, is_hidden = stack.pop()
        if node.tag in _SHAPES:
            shape = read_shape(node, presets)
            shape.style.is_hidden |= is_hidden
            yield shape
        elif node.tag == "v:group":
            is_hidden = is_hidden or Style(node.get("style", "")).is_hidden
            stack.extend((item, is_hidden) for item in reversed(node))


def _presets(root: Node) -> Mapping[str, Node]:
    """The kinds of shapes that a part declares, by the reference to each."""
    found: dict[str, Node] = {}
    for node in root.iter("v:shapetype"):
        found.setdefault("#" + node.get("id", ""), node)
    return found


def read_shape(node: Node, presets: Mapping[str, Node]) -> Shape:
    """A shape from its element; ``presets`` are the ``v:shapetype`` by ``#`` and id."""
    kind = presets.get(node.get("type", ""))
    fill, stroke = node.find("v:fill"), node.find("v:stroke")
    is_filled = _switch(node, kind, "filled") and _is_on(fill)
    is_drawn = _switch(node, kind, "stroked") and _is_on(stroke)
    weight = length(node.get("strokeweight", ""))
    art = node.find("v:textpath")
    return Shape(
        node.get("id", ""),
        node.get("o:spid", "") or node.get("id", ""),
        _preset(node, kind),
        Style(node.get("style", "")),
        (color(node.get("fillcolor", "")) or "FFFFFF") if is_filled else None,
        (color(node.get("strokecolor", "")) or "000000") if is_drawn else None,
        weight if weight is not None and weight > 0 else 0.75,
        node.get("alt", ""),
        _image(node.find("v:imagedata")),
        lines(node.find("v:textbox")),
        art.get("string", "") if art is not None and _is_on(art) else "",
        node.find("x:ClientData"),
        node,
    )


def _preset(node: Node, kind: Node | None) -> int:
    number = node.get("o:spt", "") or (kind.get("o:spt", "") if kind is not None else "")
    if not number:
        number = node.get("type", "").rpartition("_t")[2]
    return int(number) if _NUMBER.fullmatch(number) else 0


def _switch(node: Node, kind: Node | None, name: str) -> bool:
    """Whether a switch is on, which it is where neither the shape nor its kind turns it off."""
    spelled = node.get(name) or (kind.get(name) if kind is not None else None) or "t"
    return spelled.strip().lower() in ("t", "true", "1")


def _is_on(node: Node | None) -> bool:
    return node is None or node.get("on", "t").strip().lower() in ("t", "true", "1")


def _image(node: Node | None) -> Image | None:
    if node is None:
        return None
    id_ = node.get("o:relid", "") or node.get("r:id", "") or node.get("r:pict", "")
    if not id_:
        return None
    left, top, right, bottom = (
        min(max(round((share(node.get(f"crop{side}", "")) or 0) * _WHOLE), 0), _WHOLE)
        for side in ("left", "top", "right", "bottom")
    )
    gain, black = share(node.get("gain", "")), share(node.get("blacklevel", "")) or 0
    return Image(
        id_,
        (left, top, right, bottom),
        PARTS if gain is None else round(min(max(gain, -64), 64) * PARTS),
        round(min(max(black, -1), 1) * PARTS),
        node.get("grayscale", "f").strip().lower() in ("t", "true", "1"),
        node.get("bilevel", "f").strip().lower() in ("t", "true", "1"),
    )
