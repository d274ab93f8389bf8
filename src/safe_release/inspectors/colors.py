"""What colours look like (18.8.3, 18.8.19, 20.1.6.2), and which of them a reader can tell apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from safe_release.inspectors.raw_xml import Node
from safe_release.inspectors.texts import is_true, whole

Paint = tuple[float, float, float]
"""Red, green, blue of a screen, 0 to 255; tints leave fractions."""
PAPER: Paint = (255.0, 255.0, 255.0)
INK: Paint = (0.0, 0.0, 0.0)

_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})")
_SIX = re.compile(r"[0-9A-Fa-f]{6}")
_TINT = re.compile(r"[+-]?(?:[0-9]{1,12}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?:[eE][+-]?[0-9]{1,2})?")
PALETTE = (
    0x000000, 0xFFFFFF, 0xFF0000, 0x00FF00, 0x0000FF, 0xFFFF00, 0xFF00FF, 0x00FFFF,
    0x000000, 0xFFFFFF, 0xFF0000, 0x00FF00, 0x0000FF, 0xFFFF00, 0xFF00FF, 0x00FFFF,
    0x800000, 0x008000, 0x000080, 0x808000, 0x800080, 0x008080, 0xC0C0C0, 0x808080,
    0x9999FF, 0x993366, 0xFFFFCC, 0xCCFFFF, 0x660066, 0xFF8080, 0x0066CC, 0xCCCCFF,
    0x000080, 0xFF00FF, 0xFFFF00, 0x00FFFF, 0x800080, 0x800000, 0x008080, 0x0000FF,
    0x00CCFF, 0xCCFFFF, 0xCCFFCC, 0xFFFF99, 0x99CCFF, 0xFF99CC, 0xCC99FF, 0xFFCC99,
    0x3366FF, 0x33CCCC, 0x99CC00, 0xFFCC00, 0xFF9900, 0xFF6600, 0x666699, 0x969696,
    0x003366, 0x339966, 0x003300, 0x333300, 0x993300, 0x993366, 0x333399, 0x333333,
)  # fmt: skip
"""The colours that ``indexed`` names where a workbook has no palette of its own (18.8.27)."""
_SCHEME = ("lt1", "dk1", "lt2", "dk2", *(f"accent{n}" for n in range(1, 7)), "hlink", "folHlink")
"""In the order in which cells count them: light before dark, unlike the theme itself."""
_OFFICE = (
    0xFFFFFF, 0x000000, 0xEEECE1, 0x1F497D, 0x4F81BD, 0xC0504D, 0x9BBB59, 0x8064A2, 0x4BACC6,
    0xF79646, 0x0000FF, 0x800080,
)  # fmt: skip
_SHADED = frozenset(
    """solid mediumGray darkGray lightGray darkHorizontal darkVertical darkDown darkUp darkGrid
    darkTrellis lightHorizontal lightVertical lightDown lightUp lightGrid lightTrellis gray125
    gray0625""".split()
)
_NAMES = {
    "black": 0x000000, "white": 0xFFFFFF, "red": 0xFF0000, "green": 0x00FF00, "blue": 0x0000FF,
    "yellow": 0xFFFF00, "magenta": 0xFF00FF, "cyan": 0x00FFFF,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """A colour as an element names it: ``theme``, ``rgb``, ``system``, or nothing at all."""

    kind: str = ""
    value: int = 0
    tint: float = 0.0


class Inks:
    """What the colours of a workbook look like."""

    def __init__(self, styles: Node | None = None, theme: Node | None = None) -> None:
        self.palette: list[int | None] = list(PALETTE)
        # Of two lists the first counts, as of all lists of a style sheet.
        lists = styles.all("x:colors")[:1] if styles is not None else []
        entries = [own for part in lists for own in part.all("x:indexedColors")]
        for own in entries:
            for place, entry in enumerate(own.children[: len(PALETTE)]):
                spelled = entry.get("rgb")[-6:]
                if spelled:
                    self.palette[place] = int(spelled, 16) if _SIX.fullmatch(spelled) else None
        self.theme = _theme(theme)

    def named(self, node: Node | None) -> Named:
        """The colour that an element names, after the palette; of several the theme's first."""
        if node is None:
            return Named()
        tint = _tint(node.get("tint").strip())
        theme = whole(node.get("theme").strip(), -1)
        if 0 <= theme < len(_SCHEME):
            return Named("theme", theme, tint)
        literal = _HEX.fullmatch(node.get("rgb").strip())
        if literal is not None:
            return Named("rgb", int(literal[1], 16), tint)
        index = whole(node.get("indexed").strip(), -1)
        if 0 <= index < len(self.palette) and "rgb" not in node.attributes:
            value = self.palette[index]
            return Named() if value is None else Named("rgb", value, tint)
        if index in (64, 65):
            return Named("system", index, tint)
        return Named("auto") if is_true(node.get("auto").strip()) else Named()

    def paint(self, named: Named, usual: Paint) -> Paint | None:
        """What a named colour looks like; ``usual`` where nothing or ``auto`` is named.

        ``None`` where the theme leaves it open.
        """
        if named.kind in ("", "auto"):
            return usual
        if named.kind == "system":
            return _shaded(PAPER if named.value == 65 else INK, named.tint)
        value = self.theme[named.value] if named.kind == "theme" else named.value
        return None if value is None else _shaded(_split(value), named.tint)

    def look(self, node: Node | None, usual: Paint) -> Paint | None:
        """What the colour of an element looks like."""
        return self.paint(self.named(node), usual)

    def of_format(self, name: str) -> Paint | None:
        """A colour as number formats name it (18.8.31); ``None`` for no colour."""
        value = _NAMES.get(name.strip().lower())
        if value is not None:
            return _split(value)
        hit = re.fullmatch(r"color *([0-9]{1,4}) *", name.strip().lower(), re.ASCII)
        if hit is None or not 1 <= int(hit[1]) <= 56:
            return None
        entry = self.palette[int(hit[1]) + 7]
        return None if entry is None else _split(entry)

    def grounds(self, fill: Node | None) -> tuple[Paint, ...] | None:
        """The colours that a fill (18.8.20) puts under a text; ``None`` where they are unknown,
        an empty tuple where it puts none."""
        if fill is None:
            return ()
        gradient = fill.first("x:gradientFill")
        if gradient is not None:
            stops = gradient.all("x:stop")
            found = [self.look(stop.first("x:color"), INK) for stop in stops]
            return _all_of(found) if found else None
        pattern = fill.first("x:patternFill")
        if pattern is None:
            return ()
        kind = pattern.get("patternType", "none").strip()
        foreground = self.named(pattern.first("x:fgColor"))
        background = self.named(pattern.first("x:bgColor"))
        return self.pattern(kind, foreground, background)

    def pattern(self, kind: str, foreground: Named, background: Named) -> tuple[Paint, ...] | None:
        """The colours of a pattern; both of them show, but in a solid one."""
        if kind not in _SHADED:
            return ()
        if kind == "solid" and not foreground.kind:
            return None
        found = [self.paint(foreground, INK)]
        if kind != "solid":
            found.append(self.paint(background, PAPER))
        return _all_of(found)


def tells_apart(one: Paint, other: Paint) -> bool:
    """Whether letters of one colour can be told from a ground of the other (docs/workbook.md)."""
    return _ratio(one, other) >= 1.15 or _distance(one, other) >= 20


def is_near(one: Paint, other: Paint) -> bool:
    """Whether they can be told apart, but hardly."""
    return tells_apart(one, other) and _ratio(one, other) < 1.5 and _distance(one, other) < 40


def sinks(text: Paint, grounds: Iterable[Paint]) -> bool:
    """Whether letters can be told from none of the colours under them."""
    return all(not tells_apart(text, ground) for ground in tuple(grounds) or (PAPER,))


def _all_of(found: list[Paint | None]) -> tuple[Paint, ...] | None:
    known = tuple(paint for paint in found if paint is not None)
    return None if len(known) < len(found) else known


def _split(value: int) -> Paint:
    return float(value >> 16), float(value >> 8 & 255), float(value & 255)


def _tint(spelled: str) -> float:
    if not _TINT.fullmatch(spelled) or abs(float(spelled)) > 1:
        return 0.0
    return round(float(spelled), 4)


def _theme(root: Node | None) -> list[int | None]:
    scheme = root.first("a:themeElements", "a:clrScheme") if root is not None else None
    found: list[int | None] = list(_OFFICE)
    for index, name in enumerate(_SCHEME):
        entry = scheme.first(f"a:{name}") if scheme is not None else None
        if entry is None:
            continue
        found[index] = None
        if len(entry.children) != 1 or entry.children[0].children:
            continue
        color = entry.children[0]
        attribute = {"a:srgbClr": "val", "a:sysClr": "lastClr"}.get(color.name)
        if attribute == "lastClr" and attribute not in color.attributes:
            found[index] = _OFFICE[index]
        elif attribute is not None and _SIX.fullmatch(color.get(attribute)):
            found[index] = int(color.get(attribute), 16)
    return found


def _shaded(paint: Paint, tint: float) -> Paint:
    """Lighter or darker with hue and saturation as they were (18.8.19).

    With both fixed, the spread of the three parts follows the lightness alone.
    """
    if not tint:
        return paint
    low, high = min(paint), max(paint)
    middle = (low + high) / 2
    room = min(middle, 255 - middle)
    moved = middle + (255 - middle) * tint if tint > 0 else middle * (1 + tint)
    if not room:
        return moved, moved, moved
    spread = min(moved, 255 - moved) / room
    red, green, blue = (moved + (part - middle) * spread for part in paint)
    return red, green, blue


def _light(paint: Paint) -> list[float]:
    """The light that a screen gives for each part (IEC 61966-2-1)."""
    return [
        (part / 255 / 12.92) if part <= 10.31475 else ((part / 255 + 0.055) / 1.055) ** 2.4
        for part in paint
    ]


def _dot(weights: tuple[float, float, float], light: list[float]) -> float:
    return sum(weight * part for weight, part in zip(weights, light, strict=True))


_BRIGHTNESS = (0.2126, 0.7152, 0.0722)


def _ratio(one: Paint, other: Paint) -> float:
    """The contrast of WCAG 2.2, from 1 to 21."""
    first, second = _dot(_BRIGHTNESS, _light(one)), _dot(_BRIGHTNESS, _light(other))
    ratio = (first + 0.05) / (second + 0.05)
    return round(max(ratio, 1 / ratio), 6)


def _distance(one: Paint, other: Paint) -> float:
    """The distance of CIE 1976 in L*a*b*, under D65."""
    curves = [_curves(one), _curves(other)]
    (x1, y1, z1), (x2, y2, z2) = curves
    x, y, z = x1 - x2, y1 - y2, z1 - z2
    squares = (116 * y) ** 2 + (500 * (x - y)) ** 2 + (200 * (y - z)) ** 2
    return round(sqrt(squares), 6)


def _curves(paint: Paint) -> tuple[float, float, float]:
    light = _light(paint)
    x = _dot((0.4124, 0.3576, 0.1805), light) / 0.9505
    z = _dot((0.0193, 0.1192, 0.9505), light) / 1.089
    return _curve(x), _curve(_dot(_BRIGHTNESS, light)), _curve(z)


def _curve(part: float) -> float:
    edge = 6 / 29
    return part ** (1 / 3) if part > edge**3 else part / (3 * edge**2) + 4 / 29
