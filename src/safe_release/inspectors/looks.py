"""How cells look (ECMA-376-1 18.8): font, fill, border, alignment, once for each format."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from hashlib import blake2b

from safe_release.inspectors.attributes import flag, number_on_grid
from safe_release.inspectors.colors import PALETTE
from safe_release.inspectors.raw_xml import Node
from safe_release.inspectors.reading import BLOCK
from safe_release.inspectors.texts import whole

_PALETTE = tuple(f"{color:06X}" for color in PALETTE)
_SCHEME = {
    "a:lt1": "FFFFFF", "a:dk1": "000000", "a:lt2": "EEECE1", "a:dk2": "1F497D",
    "a:accent1": "4F81BD", "a:accent2": "C0504D", "a:accent3": "9BBB59", "a:accent4": "8064A2",
    "a:accent5": "4BACC6", "a:accent6": "F79646", "a:hlink": "0000FF", "a:folHlink": "800080",
}  # fmt: skip
"""The colours that ``theme`` names, in its order, as they are without a theme."""
_FACES = {"major": "Cambria", "minor": "Calibri"}
_RGB = re.compile(r"(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})")
_SWITCHES = ("x:b", "x:i", "x:strike", "x:outline", "x:shadow", "x:condense", "x:extend")
_LINES = frozenset(
    """thin medium dashed dotted thick double hair mediumDashed dashDot mediumDashDot dashDotDot
    mediumDashDotDot slantDashDot""".split()
)
_PATTERNS = frozenset(
    """mediumGray darkGray lightGray darkHorizontal darkVertical darkDown darkUp darkGrid
    darkTrellis lightHorizontal lightVertical lightDown lightUp lightGrid lightTrellis gray125
    gray0625""".split()
)
_ACROSS = frozenset("left center right fill justify centerContinuous distributed".split())
_DOWN = frozenset(("top", "center", "justify", "distributed"))
_UNDERLINES = frozenset(("double", "singleAccounting", "doubleAccounting"))
_UNPAINTED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]"
)
_NOTHING = Node("", {})


class Looks:
    """The looks of a workbook's cell formats, by index; absent style sheets have one format."""

    def __init__(self, root: Node = _NOTHING, theme: Node = _NOTHING) -> None:
        own = root.all("x:colors", "x:indexedColors", "x:rgbColor")
        self._palette = [
            (own[index].get("rgb")[-6:] if index < len(own) else "") or usual
            for index, usual in enumerate(_PALETTE)
        ]
        self._scheme = [_scheme_colour(theme, name, usual) for name, usual in _SCHEME.items()]
        self._faces = {
            kind: _face(theme.first("a:themeElements", "a:fontScheme", f"a:{kind}Font", "a:latin"))
            or usual
            for kind, usual in _FACES.items()
        }
        fonts = [self._font(node) for node in root.all("x:fonts", "x:font")]
        fills = [self._fill(node) for node in root.all("x:fills", "x:fill")]
        borders = [self._border(node) for node in root.all("x:borders", "x:border")]
        # Without a list of fonts there is one all the same: Excel's first.
        usual = Node("x:font", {})
        usual.children = [Node("x:sz", {"val": "11"}), Node("x:name", {"val": "Calibri"})]
        fonts = fonts or [self._font(usual)]
        self._of: list[tuple[str, str]] = []
        self._parts: list[tuple[str, str, str, str, str]] = []
        for node in root.all("x:cellXfs", "x:xf") or [_NOTHING]:
            parts = (
                _at(fonts, node.get("fontId")),
                _at(fills, node.get("fillId")) or "none",
                _at(borders, node.get("borderId")) or self._border(_NOTHING),
            )
            alignment = node.first("x:alignment") or _NOTHING
            plain, right = (_aligned(alignment, usual) for usual in ("", "right"))
            self._of.append((_short((*parts, plain)), _short((*parts, right))))
            self._parts.append((*parts, plain, right))

    @property
    def scheme(self) -> str:
        """The colours of the theme, in the order of their indexes."""
        return " ".join(self._scheme)

    def odd_theme(self, used: Collection[str], all_colours: bool) -> bool:
        """Whether a theme has colours or typefaces of its own that nothing uses."""
        colours = zip(self._scheme, _SCHEME.values(), strict=True)
        faces = zip(self._faces.items(), _FACES.values(), strict=True)
        return any(
            own != usual and not all_colours and str(index) not in used
            for index, (own, usual) in enumerate(colours)
        ) or any(face != usual and kind not in used for (kind, face), usual in faces)

    def of(self, style: int, on_the_right: bool = False) -> str:
        """The look of a format; ``on_the_right`` where a text stands in a number's place."""
        return self._of[style][on_the_right] if 0 <= style < len(self._of) else ""

    def framed(self, style: int, on_the_right: bool, frame: int) -> str:
        """The look of a format with the border of another: each cell of a merge draws its own."""
        if not (0 <= style < len(self._parts) and 0 <= frame < len(self._parts)):
            return ""
        font, fill, _, plain, right = self._parts[style]
        return _short((font, fill, self._parts[frame][2], right if on_the_right else plain))

    def is_usual(self, index: int) -> bool:
        """Whether a colour of the palette is there, and is the one that every reader knows."""
        return 0 <= index < len(_PALETTE) and self._palette[index].upper() == _PALETTE[index]

    def colour(self, node: Node | None) -> str:
        """A colour (18.8.3) as red, green and blue, and what it is tinted by."""
        if node is None:
            return "-"
        tint = _tint(node.get("tint"))
        hit = _RGB.fullmatch(node.get("rgb").strip())
        index, theme = whole(node.get("indexed"), -1), whole(node.get("theme"), -1)
        if hit is not None:
            return hit[1].upper() + tint
        if 0 <= index < len(self._palette):
            return self._palette[index].upper() + tint
        if index in (64, 65):
            return f"system{index}{tint}"
        if 0 <= theme < len(self._scheme):
            return self._scheme[theme] + tint
        return ("auto" if flag(node, "auto") else "-") + tint

    def _font(self, font: Node) -> str:
        found: dict[str, Node] = {}
        for node in font.children:
            found.setdefault(node.name, node)
        said = [
            "1" if name in found and flag(found[name], "val", default=True) else "0"
            for name in _SWITCHES
        ]
        line = found["x:u"].get("val", "single") if "x:u" in found else "none"
        said.append(line if line in _UNDERLINES or line == "none" else "single")
        raised = found.get("x:vertAlign", _NOTHING).get("val")
        said.append(raised if raised in ("superscript", "subscript") else "")
        said.append(number_on_grid(found.get("x:sz", _NOTHING).get("val"), 1, 409, 20))
        said.append(self.colour(found.get("x:color")))
        scheme = found.get("x:scheme", _NOTHING).get("val").strip()
        name = _UNPAINTED.sub("", found.get("x:name", _NOTHING).get("val")).strip()[:31]
        said.append(self._faces.get(scheme, name))
        return " ".join(said)

    def _fill(self, fill: Node) -> str:
        gradient, pattern = fill.first("x:gradientFill"), fill.first("x:patternFill")
        if gradient is not None and pattern is None:
            stops = [
                number_on_grid(stop.get("position"), 0, 1, 1000)
                + self.colour(stop.first("x:color"))
                for stop in gradient.all("x:stop")
            ]
            turn = number_on_grid(gradient.get("degree"), -360, 360, 256) or "0"
            return " ".join(("path" if gradient.get("type") == "path" else "", turn, *stops))
        kind = pattern.get("patternType", "none").strip() if pattern is not None else "none"
        if pattern is None or (kind != "solid" and kind not in _PATTERNS):
            return "none"
        front = self.colour(pattern.first("x:fgColor"))
        back = self.colour(pattern.first("x:bgColor")) if kind != "solid" else ""
        return f"{kind} {front} {back}"

    def _border(self, border: Node) -> str:
        said = [str(int(flag(border, f"diagonal{way}"))) for way in ("Up", "Down")]
        for names in (("x:left", "x:start"), ("x:right", "x:end"), ("x:top",), ("x:bottom",),
                      ("x:diagonal",)):  # fmt: skip
            side = next((node for node in border.children if node.name in names), _NOTHING)
            line = side.get("style", "none").strip()
            said.append(line + self.colour(side.first("x:color")) if line in _LINES else "")
        return "/".join(said)


class LookDigests:
    """Digests of the looks of rows as they come, in runs of rows that look alike."""

    def __init__(self) -> None:
        self._blocks: dict[int, blake2b] = {}
        self._look = ""
        self._first = self._last = 0

    def add(self, look: str, first: int, last: int) -> None:
        """Take in rows of the copy that look so, all of them after the ones before."""
        if look == self._look and first == self._last + 1:
            self._last = last
            return
        self._close()
        self._look, self._first, self._last = look, first, last

    def _close(self) -> None:
        first = self._first
        while self._look and first <= self._last:
            block = (first - 1) // BLOCK
            last = min(self._last, (block + 1) * BLOCK)
            digest = self._blocks.setdefault(block, blake2b(digest_size=16))
            digest.update(f"{first}-{last} {self._look}\n".encode("utf-8", "surrogatepass"))
            first = last + 1

    def result(self) -> dict[int, bytes]:
        """The digests of the blocks of rows that have looks of their own."""
        self._close()
        self._look = ""
        return {block: digest.digest() for block, digest in self._blocks.items()}


def row_look(own: str, cells: Sequence[tuple[int, str]]) -> str:
    """The look of a row and of those of its cells that look otherwise, shortly; or nothing."""
    if not own and not cells:
        return ""
    text = own + "|" + ",".join(f"{column}{look}" for column, look in cells)
    return text if len(text) < 64 else _short((text,))


def _tint(text: str) -> str:
    exact = number_on_grid(text, -1, 1, 1 << 40)
    return f"{round(float(text), 4):+}" if exact and round(float(text), 4) else ""


def _short(parts: Sequence[str]) -> str:
    text = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return blake2b(text, digest_size=9).hexdigest()


def _at(pool: Sequence[str], index: str) -> str:
    number = whole(index.strip())
    return pool[number] if number < len(pool) else ""


def _aligned(node: Node, usual: str) -> str:
    across, down = node.get("horizontal").strip(), node.get("vertical").strip()
    turn = node.get("textRotation").strip()
    degrees = whole(turn)
    said = [
        across if across in _ACROSS else usual,
        down if down in _DOWN else "",
        str(degrees) if 1 <= degrees <= 180 or degrees == 255 else "",
    ]
    said += [str(int(flag(node, name))) for name in ("wrapText", "shrinkToFit", "justifyLastLine")]
    indent, order = whole(node.get("indent").strip()), whole(node.get("readingOrder").strip())
    said.append(str(indent) if 1 <= indent <= 250 else "")
    said.append(str(order) if order in (1, 2) else "")
    return " ".join(said)


def _scheme_colour(theme: Node, name: str, usual: str) -> str:
    for node in theme.all("a:themeElements", "a:clrScheme", name):
        for child in node.children:
            value = child.get("val" if child.name == "a:srgbClr" else "lastClr")
            if child.name in ("a:srgbClr", "a:sysClr"):
                return value.upper() if re.fullmatch("[0-9A-Fa-f]{6}", value) else usual
    return usual


def _face(latin: Node | None) -> str:
    return _UNPAINTED.sub("", latin.get("typeface")).strip()[:31] if latin is not None else ""
