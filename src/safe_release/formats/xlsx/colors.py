"""This module is colours as a reader sees them: what a name of one paints, and what blends in.

A ground is the colours that a fill paints, each of them somewhere in the cell: one for a solid
fill, two for a pattern, one for every stop of a gradient. A text is hidden where it can be told
from none of them.
"""

from __future__ import annotations

import colorsys
from collections.abc import Sequence
from math import sqrt
from typing import Final, Literal
from xml.etree.ElementTree import Element as Node

from safe_release.formats.theme import theme_colors
from safe_release.formats.values import rgb
from safe_release.formats.xlsx.dxf import PATTERNS, Color, Dxf, child, children, read_color

RGB = tuple[float, float, float]
"""Red, green and blue of sRGB, each from 0 to 1."""
Ground = tuple[RGB, ...]
Role = Literal["text", "foreground", "background"]

BLACK: Final[RGB] = (0.0, 0.0, 0.0)
WHITE: Final[RGB] = (1.0, 1.0, 1.0)
WINDOW: Final[Ground] = (WHITE,)
"""What lies under a cell without a fill."""

_CONTRAST: Final = 1.15
"""The lowest contrast (WCAG 2, 1.4.3) at which letters come out of their ground."""
_DIFFERENCE: Final = 20.0
"""The least difference of colour (CIE 1976, in L*a*b*) at which they do so without contrast."""
_NAMED: Final = {
    "BLACK": "000000", "WHITE": "FFFFFF", "RED": "FF0000", "GREEN": "00FF00", "BLUE": "0000FF",
    "YELLOW": "FFFF00", "MAGENTA": "FF00FF", "CYAN": "00FFFF",
}  # fmt: skip
"""The colours that a section of a number format may name (18.8.31)."""
_NAMED_INDEXES: Final = 56


class Colors:
    """The theme and the palette of one workbook.

    ``palette`` are the 64 colours that ``indexed`` means (18.8.27), six hexadecimal digits each.
    """

    def __init__(self, theme: Node | None, palette: Sequence[str]) -> None:
        self._theme = [
            None if spelled is None else _rgb(spelled) for spelled in theme_colors(theme)
        ]
        self._palette = [_rgb(spelled) if rgb(spelled) else None for spelled in palette]

    def seen(self, color: Color | None, role: Role) -> RGB | None:
        """What a colour looks like; one that is absent or ``auto`` is the system's for its role.

        ``None`` where it cannot be known: a theme may define colours in ways nobody writes.
        """
        if color is None or color.kind == "auto":
            return WHITE if role == "background" else BLACK
        base: RGB | None
        if color.kind == "theme":
            base = self._theme[int(color.value)]
        elif color.kind == "rgb":
            base = _rgb(str(color.value)[-6:])
        elif int(color.value) < len(self._palette):
            base = self._palette[int(color.value)]
        else:
            base = WHITE if color.value == 65 else BLACK
        return None if base is None else _tinted(base, color.tint)

    def text(self, font: Node) -> RGB | None:
        """The colour of a ``font`` or ``rPr``."""
        return self.seen(read_color(child(font, "color")), "text")

    def named(self, name: str) -> RGB | None:
        """A colour as a number format names it: ``Red``, ``Color 15``; ``None`` for no colour."""
        name = name.strip().upper()
        if name in _NAMED:
            return _rgb(_NAMED[name])
        number = name.removeprefix("COLOR").strip() if name.startswith("COLOR") else ""
        if number.isascii() and number.isdigit() and 1 <= int(number[:4]) <= _NAMED_INDEXES:
            return self._palette[int(number) + 7]
        return None

    def ground(self, fill: Node) -> Ground | None:
        """What a cell's ``fill`` (18.8.20) paints; nothing where it is none.

        ``None`` where that cannot be known.
        """
        gradient = child(fill, "gradientFill")
        if gradient is not None:
            stops = [read_color(child(stop, "color")) for stop in children(gradient, "stop")]
            return _known([self.seen(stop, "foreground") for stop in stops]) if stops else None
        pattern = child(fill, "patternFill")
        if pattern is None:
            return ()
        fg, bg = (read_color(child(pattern, name)) for name in ("fgColor", "bgColor"))
        return self._pattern(pattern.get("patternType", "none").strip(), fg, bg)

    def ground_of(self, look: Dxf) -> Ground | None:
        """What the fill of a differential format paints; nothing where it sets none."""
        return () if look.pattern is None else self._pattern(look.pattern, look.fg, look.bg)

    def _pattern(self, kind: str, fg: Color | None, bg: Color | None) -> Ground | None:
        if kind == "none":
            return ()
        if kind not in PATTERNS or (kind == "solid" and fg is None):
            return None
        seen = [self.seen(fg, "foreground")]
        if kind != "solid":
            seen.append(self.seen(bg, "background"))
        return _known(seen)


def tells_apart(one: RGB, other: RGB) -> bool:
    """Whether a reader can tell letters of one colour from a ground of the other.

    Letters are strokes of a pixel or two. By lightness they come out at a contrast of 1.15, which
    is 6 units of L* next to white as next to black. By hue alone, eyes resolve about a third as
    finely, hence three times that difference (red on green has 170).
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    if round((lighter + 0.05) / (darker + 0.05), 6) >= _CONTRAST:
        return True
    apart = sum((a - b) ** 2 for a, b in zip(_lab(one), _lab(other), strict=True))
    return round(sqrt(apart), 6) >= _DIFFERENCE


def hides(text: RGB, ground: Ground) -> bool:
    """Whether a text can be told from none of the colours that lie under it."""
    return not any(tells_apart(text, color) for color in ground or WINDOW)


def _known(seen: Sequence[RGB | None]) -> Ground | None:
    known = tuple(color for color in seen if color is not None)
    return known if len(known) == len(seen) else None


def _rgb(spelled: str) -> RGB:
    red, green, blue = (int(spelled[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


def _tinted(color: RGB, tint: float) -> RGB:
    """18.8.19: lighter or darker in the cylinder of hue, lightness and saturation."""
    if not tint:
        return color
    hue, lightness, saturation = colorsys.rgb_to_hls(*color)
    lightness = lightness * (1 + tint) if tint < 0 else lightness * (1 - tint) + tint
    return colorsys.hls_to_rgb(hue, lightness, saturation)


def _linear(color: RGB) -> RGB:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color
    )
    return red, green, blue


def _luminance(color: RGB) -> float:
    red, green, blue = _linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _lab(color: RGB) -> tuple[float, float, float]:
    """CIE L*a*b* under the white of sRGB (D65)."""
    red, green, blue = _linear(color)
    x = _root((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505)
    y = _root(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    z = _root((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _root(part: float) -> float:
    return part ** (1 / 3) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116
