"""Colours of shapes and texts, as far as letters can be told from what lies under them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from safe_release.inspectors.colors import Paint, tells_apart
from safe_release.inspectors.drawings.shown import below, one
from safe_release.inspectors.raw_xml import Node

_ALIASES = {"tx1": "dk1", "bg1": "lt1", "tx2": "dk2", "bg2": "lt2"}
_SYSTEM = {"window": "FFFFFF", "windowText": "000000"}
_PRESETS = {
    "white": "FFFFFF", "silver": "C0C0C0", "gray": "808080", "grey": "808080", "black": "000000",
    "red": "FF0000", "yellow": "FFFF00", "lime": "00FF00", "green": "008000", "aqua": "00FFFF",
    "cyan": "00FFFF", "blue": "0000FF", "fuchsia": "FF00FF", "magenta": "FF00FF",
}  # fmt: skip
_PERCENT = re.compile(r"\s*(-?[0-9]{1,10}(?:\.[0-9]{1,6})?)(%?)\s*", re.ASCII)
_LEAST = 0.05
"""Of an opacity below this nothing is seen."""

Colour = tuple[str, ...]
"""Six digits, and the changes the colour undergoes, in order."""


def scheme(theme: Node | None) -> dict[str, str]:
    """The colours of a theme by name (20.1.6.2)."""
    colours = {"lt1": "FFFFFF", "dk1": "000000"}
    nodes = theme.all("a:themeElements", "a:clrScheme") if theme is not None else []
    for node in nodes[:1]:
        for entry in node.children:
            for value in entry.children[:1]:
                digits = _digits(value)
                if digits:
                    colours[entry.name[2:]] = digits
    return colours


def _digits(node: Node) -> str:
    if node.name == "a:srgbClr":
        return _hex(node.get("val"))
    if node.name == "a:sysClr":
        return _hex(node.get("lastClr")) or _SYSTEM.get(node.get("val"), "")
    if node.name == "a:prstClr":
        return _PRESETS.get(node.get("val"), "")
    if node.name == "a:scrgbClr":
        return "".join(f"{_screen(node.get(part)):02X}" for part in ("r", "g", "b"))
    return ""


def _portion(text: str) -> float:
    """A percentage, written with its sign or in thousandths, as a part of one."""
    hit = _PERCENT.fullmatch(text)
    if hit is None or ("." in hit[1] and not hit[2]):
        return 0.0
    return float(hit[1]) / (100 if hit[2] else 100_000)


def _screen(text: str) -> int:
    light = max(0.0, min(1.0, _portion(text)))
    bent = 1.055 * light ** (1 / 2.4) - 0.055 if light > 0.0031308 else light * 12.92
    return round(bent * 255)


def _hex(text: str) -> str:
    digits = frozenset("0123456789abcdefABCDEF")
    return text.upper() if len(text) == 6 and digits.issuperset(text) else ""


def colour(
    holder: Node | None, colours: Mapping[str, str], instead: Colour | None = None
) -> Colour | None:
    """The colour in an element that holds one; ``None`` where it is not known.

    ``instead`` stands for the colour that formats of a theme leave open (``phClr``).
    """
    for node in below(holder) if holder is not None else ():
        start: Colour
        if node.name == "a:schemeClr":
            name = node.get("val")
            start = (colours.get(_ALIASES.get(name, name), ""),)
            if name == "phClr" and instead is not None:
                start = instead
        elif node.name.endswith("Clr"):
            start = (_digits(node),)
        else:
            continue
        changes = (f"{item.name} {item.get('val')}" for item in below(node))
        return (*start, *changes) if start[0] else None
    return None


def painted(
    fill: Node | None, colours: Mapping[str, str], instead: Colour | None = None
) -> tuple[Colour, ...]:
    """All colours of a plain, gradient or pattern fill; none where one of them is unknown."""
    if fill is None:
        return ()
    holders: list[Node | None]
    if fill.name == "a:solidFill":
        holders = [fill]
    elif fill.name == "a:gradFill":
        stops = one(fill, "a:gsLst")
        holders = list(below(stops)) if stops is not None else []
    elif fill.name == "a:pattFill":
        holders = [one(fill, "a:fgClr"), one(fill, "a:bgClr")]
    else:
        return ()
    found: list[Colour] = []
    for holder in holders:
        value = colour(holder, colours, instead)
        if value is None:
            return ()
        found.append(value)
    return tuple(found)


def _density(value: Colour) -> float:
    """The opacity of a colour."""
    left = 1.0
    for change in value[1:]:
        kind, _, amount = change.partition(" ")
        match kind:
            case "a:alpha":
                left = _portion(amount)
            case "a:alphaMod":
                left *= _portion(amount)
            case "a:alphaOff":
                left += _portion(amount)
    return max(0.0, min(1.0, left))


def _looks(value: Colour) -> Paint | None:
    """The colour on a screen; ``None`` for changes other than of lightness.

    With hue and saturation fixed, the spread of the three parts follows the lightness alone.
    """
    red, green, blue = (float(int(value[0][at : at + 2], 16)) for at in (0, 2, 4))
    for change in value[1:]:
        kind, _, amount = change.partition(" ")
        if kind.startswith("a:alpha"):
            continue
        if kind not in ("a:lumMod", "a:lumOff"):
            return None
        low, high = min(red, green, blue), max(red, green, blue)
        middle = (low + high) / 2
        share = _portion(amount)
        moved = middle * share if kind == "a:lumMod" else middle + 255 * share
        moved = max(0.0, min(255.0, moved))
        room = min(middle, 255 - middle)
        wide = min(moved, 255 - moved) / room if room > 0 else 0.0
        red, green, blue = (moved + (part - middle) * wide for part in (red, green, blue))
    return red, green, blue


def is_lost(value: Colour, grounds: tuple[Colour, ...]) -> bool:
    """Whether letters of a colour are not seen on any of these grounds."""
    density = _density(value)
    if density < _LEAST:
        return True
    for ground in grounds:
        if value == ground:
            continue
        letters, paper = _looks(value), _looks(ground)
        if letters is None or paper is None or _density(ground) < 1:
            return False
        red, green, blue = (
            below_ + (over - below_) * density for over, below_ in zip(letters, paper, strict=True)
        )
        if tells_apart((red, green, blue), paper):
            return False
    return bool(grounds)
