"""This module is the colours of drawings, as far as it takes to tell letters from their ground."""

from __future__ import annotations

import colorsys
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element as Node

from safe_release.formats.drawingml.tree import child, descend
from safe_release.formats.drawingml.values import Percent
from safe_release.formats.values import rgb
from safe_release.formats.xlsx.colors import RGB, hides

_MAPPED: Final = {"bg1": "lt1", "tx1": "dk1", "bg2": "lt2", "tx2": "dk2"}
"""A workbook has no map of its own (20.1.6.8): this is the usual one."""
_DEFAULTS: Final = {"lt1": "FFFFFF", "dk1": "000000"}
_NAMED: Final = {
    "white": "FFFFFF", "black": "000000", "red": "FF0000", "green": "008000", "lime": "00FF00",
    "blue": "0000FF", "yellow": "FFFF00", "cyan": "00FFFF", "aqua": "00FFFF", "magenta": "FF00FF",
    "fuchsia": "FF00FF", "gray": "808080", "grey": "808080", "silver": "C0C0C0",
}  # fmt: skip
_SYSTEM: Final = {"window": "FFFFFF", "windowText": "000000"}


_COLORS: Final = (
    "a:srgbClr", "a:sysClr", "a:schemeClr", "a:prstClr", "a:scrgbClr", "a:hslClr",
)  # fmt: skip
_WHOLE: Final = 100_000
_FAINT: Final = 0.05
"""Below this opacity nothing is left that a reader could make out, as of pictures."""
_LIGHTNESS: Final = ("a:lumMod", "a:lumOff")


class Color(NamedTuple):
    """A colour before and the changes it undergoes: two that are equal look the same."""

    base: str
    changes: tuple[tuple[str, str], ...]

    @property
    def opacity(self) -> float:
        """How much of what lies under it a colour hides, from 0 to 1 (20.1.2.3.1)."""
        found = 1.0
        for name, value in self.changes:
            share = _share(value)
            if name == "a:alpha":
                found = share
            elif name == "a:alphaMod":
                found *= share
            elif name == "a:alphaOff":
                found += share
        return min(max(found, 0.0), 1.0)

    @property
    def is_clear(self) -> bool:
        """Whether it lets everything through."""
        return self.opacity < _FAINT

    @property
    def seen(self) -> RGB | None:
        """What it looks like where nothing shows through; ``None`` for changes that programs
        work out each in its own way."""
        red, green, blue = (int(self.base[at : at + 2], 16) / 255 for at in (0, 2, 4))
        for name, value in self.changes:
            if name.startswith("a:alpha"):
                continue
            if name not in _LIGHTNESS:
                return None
            hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
            share = _share(value)
            light = light * share if name == "a:lumMod" else light + share
            red, green, blue = colorsys.hls_to_rgb(hue, min(max(light, 0.0), 1.0), saturation)
        return red, green, blue

    def sinks(self, grounds: tuple[Color, ...]) -> bool:
        """Whether letters of it can be told from none of these grounds."""
        if self.is_clear:
            return True
        return bool(grounds) and all(self._sinks(ground) for ground in grounds)

    def _sinks(self, ground: Color) -> bool:
        if self == ground:
            return True
        own, under = self.seen, ground.seen
        if own is None or under is None or ground.opacity < 1:
            return False
        part = self.opacity
        red, green, blue = (a * part + b * (1 - part) for a, b in zip(own, under, strict=True))
        return hides((red, green, blue), (under,))


def _share(untrusted: str) -> float:
    spelled = Percent()(untrusted)
    return 0.0 if spelled is None else int(spelled or 0) / _WHOLE


def _light(untrusted: str) -> int:
    """A part of a linear colour (20.1.2.3.30) as a screen's."""
    part = min(max(_share(untrusted), 0.0), 1.0)
    return round(255 * (12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055))


class Palette:
    """The colours of a theme."""

    def __init__(self, theme: Node | None) -> None:
        self._scheme: dict[str, str] = dict(_DEFAULTS)
        scheme = descend(theme, "a:themeElements", "a:clrScheme")
        for node in scheme if scheme is not None else ():
            color = next(iter(node), None)
            found = self._plain(color) if color is not None else None
            if found is not None:
                self._scheme[node.tag.removeprefix("a:")] = found

    @property
    def text(self) -> Color:
        """What texts are painted in that say nothing of it."""
        return Color(self._scheme["dk1"], ())

    @staticmethod
    def _plain(node: Node) -> str | None:
        if node.tag == "a:srgbClr":
            return rgb(node.get("val", ""))
        if node.tag == "a:sysClr":
            return rgb(node.get("lastClr", "")) or _SYSTEM.get(node.get("val", ""))
        if node.tag == "a:prstClr":
            return _NAMED.get(node.get("val", ""))
        if node.tag == "a:scrgbClr":
            return "".join(f"{_light(node.get(part, '')):02X}" for part in "rgb")
        return None

    def of(self, parent: Node | None) -> Color | None:
        """The colour in an element that holds one; ``None`` where it cannot be told."""
        node = child(parent, *_COLORS)
        return None if node is None else self._color(node)

    def all_of(self, fill: Node | None) -> tuple[Color, ...]:
        """The colours that a plain, gradient or pattern fill paints; none where one is unknown."""
        if fill is None or fill.tag not in ("a:solidFill", "a:gradFill", "a:pattFill"):
            return ()
        if fill.tag == "a:solidFill":
            nodes = [child(fill, *_COLORS)]
        elif fill.tag == "a:gradFill":
            stops = child(fill, "a:gsLst")
            nodes = [child(stop, *_COLORS) for stop in stops] if stops is not None else []
        else:
            nodes = [child(child(fill, name), *_COLORS) for name in ("a:fgClr", "a:bgClr")]
        found = [self._color(node) if node is not None else None for node in nodes]
        known = tuple(color for color in found if color is not None)
        return known if len(known) == len(found) else ()

    def _color(self, node: Node) -> Color | None:
        base = self._plain(node)
        if node.tag == "a:schemeClr":
            name = node.get("val", "")
            base = self._scheme.get(_MAPPED.get(name, name))
        if base is None:
            return None
        return Color(base, tuple((item.tag, item.get("val", "")) for item in node))
