"""The shapes of VML: what each is, whether it is in sight, and what it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from safe_release.inspectors.raw_xml import Node
from safe_release.inspectors.vml.measures import (
    declared,
    fraction,
    in_points,
    is_on,
    is_out_of_sight,
    tint,
)
from safe_release.inspectors.vml.planting import TEXT

_KINDS = frozenset(
    f"v:{name}"
    for name in "shape rect roundrect oval line polyline arc curve image".split()
)  # fmt: skip
_LETTERED = frozenset(("font", "b", "strong", "i", "em", "u", "s", "strike", "sub", "sup", "span"))
_SPACES = re.compile(r"[ \t\r\n]+")
_ALIGN = re.compile(r"text-align\s*:\s*(left|center|right|justify)", re.IGNORECASE)
_SIZE = re.compile(r"\s*([0-9]{1,4})\s*")


@dataclass(frozen=True, slots=True)
class Inset:
    """The picture in a shape: its relationship, what is cut off, and how it is recoloured."""

    id: str
    crop: tuple[int, int, int, int]
    look: tuple[int, int, bool, bool]
    """Contrast and brightness in parts of 65536; without colours; in two colours."""

    @property
    def is_blank(self) -> bool:
        """Whether one even colour is all that is left."""
        gain, black, _, _ = self.look
        left, top, right, bottom = self.crop
        return (
            abs(black) >= 32_768 or gain <= 0 or left + right >= 100_000 or top + bottom >= 100_000
        )


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters of one look: colour as six digits or nothing, size in points or 0."""

    text: str
    face: str
    size: float
    colour: str


@dataclass(slots=True)
class Piece:
    """One shape; ``kind`` is what a sheet calls it (``Checkbox``), ``notes`` what it says of it."""

    id: str
    number: str
    hidden: bool
    size: tuple[float | None, float | None]
    fill: str
    stroke: str
    inset: Inset | None
    paragraphs: list[list[Letters]] = field(default_factory=list)
    art: str = ""
    alternative: str = ""
    kind: str = ""
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def texts(self) -> list[str]:
        """Its lines."""
        return ["".join(letters.text for letters in line) for line in self.paragraphs]


def pieces(root: Node) -> Iterator[Piece]:
    """The shapes of a part in their order; what a hidden group holds is hidden."""
    kinds: dict[str, Node] = {}
    for node in root.everything():
        if node.name == "v:shapetype":
            kinds.setdefault(node.get("id"), node)

    def inside(node: Node, hidden: bool) -> Iterator[Piece]:
        for item in node.children:
            if item.name in _KINDS:
                found = piece(item, kinds)
                found.hidden |= hidden
                yield found
            elif item.name == "v:group":
                yield from inside(item, hidden or is_out_of_sight(item.get("style")))

    yield from inside(root, False)


def piece(node: Node, kinds: Mapping[str, Node]) -> Piece:
    """A shape from its element; ``kinds`` are the ``v:shapetype`` by their ids."""
    kind = kinds.get(node.get("type").removeprefix("#"))
    style = node.get("style")
    found = Piece(
        node.get("id"),
        node.get("o:spid") or node.get("id"),
        is_out_of_sight(style),
        (in_points(declared(style, "width")), in_points(declared(style, "height"))),
        _paint(node, kind, "fill", "FFFFFF"),
        _paint(node, kind, "stroke", "000000"),
        _inset(node.first("v:imagedata")),
    )
    box = node.first("v:textbox")
    for part in box.children if box is not None else ():
        if part.name in ("div", "p") and not is_out_of_sight(part.get("style")):
            found.paragraphs += _lines(part)
    art = node.first("v:textpath")
    found.art = art.get("string") if art is not None and is_on(art.get("on", "t")) else ""
    found.alternative = node.get("alt")
    data = node.first("sheet:ClientData")
    if data is not None:
        found.kind = data.get("ObjectType")
        for item in data.children:
            if item.name.startswith("sheet:"):
                said = "".join(text.text for text in item.children if text.name == TEXT)
                found.notes.setdefault(item.name[6:], said.strip())
    return found


def _paint(node: Node, kind: Node | None, name: str, usual: str) -> str:
    """The colour of a fill or an outline; empty where there is none."""
    switch = "filled" if name == "fill" else "stroked"
    above = kind.get(switch) if kind is not None else ""
    own = node.first(f"v:{name}")
    if not is_on(node.get(switch) or above or "t"):
        return ""
    if own is not None and not is_on(own.get("on", "t")):
        return ""
    return tint(node.get(f"{name}color")) or usual


def _inset(node: Node | None) -> Inset | None:
    if node is None:
        return None
    id_ = node.get("o:relid") or node.get("r:id") or node.get("r:pict")
    if not id_:
        return None
    sides = [round(fraction(node.get(f"crop{side}"), 0) * 100_000) for side in _SIDES]
    left, top, right, bottom = (min(max(side, 0), 100_000) for side in sides)
    gain = min(max(fraction(node.get("gain"), 1), -64), 64)
    black = min(max(fraction(node.get("blacklevel"), 0), -1), 1)
    parts = (round(gain * 65_536), round(black * 65_536))
    look = (*parts, is_on(node.get("grayscale")), is_on(node.get("bilevel")))
    return Inset(id_, (left, top, right, bottom), look)


_SIDES = ("left", "top", "right", "bottom")


def _lines(block: Node) -> list[list[Letters]]:
    """The lines of a paragraph of HTML, without the blanks that it does not paint."""
    lines: list[list[Letters]] = [[]]
    stack = [(item, Letters("", "", 0, "")) for item in reversed(block.children)]
    while stack:
        node, look = stack.pop()
        if node.name == TEXT:
            lines[-1].append(Letters(node.text, look.face, look.size, look.colour))
            continue
        if node.name == "br":
            lines.append([])
            continue
        if node.name not in _LETTERED or is_out_of_sight(node.get("style")):
            continue
        if node.name == "font":
            size = _SIZE.fullmatch(node.get("size"))
            look = Letters(
                "",
                node.get("face", look.face),
                int(size[1]) / 20 if size is not None else look.size,
                tint(node.get("color")) or look.colour,
            )
        stack.extend((item, look) for item in reversed(node.children))
    return [_squeezed(line) for line in lines]


def _squeezed(line: list[Letters]) -> list[Letters]:
    """A line with single blanks between its words, and none around them."""
    whole = "".join(letters.text for letters in line)
    owner = [at for at, letters in enumerate(line) for _ in letters.text]
    kept: list[list[str]] = [[] for _ in line]
    for hit in re.finditer(r"[^ \t\r\n]+|[ \t\r\n]+", whole):
        is_blank = _SPACES.fullmatch(hit[0]) is not None
        if not is_blank:
            for at in range(hit.start(), hit.end()):
                kept[owner[at]].append(whole[at])
        elif hit.start() > 0 and hit.end() < len(whole):
            kept[owner[hit.start()]].append(" ")
    return [
        Letters("".join(text), letters.face, letters.size, letters.colour)
        for text, letters in zip(kept, line, strict=True)
        if text
    ]
