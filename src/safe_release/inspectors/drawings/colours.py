"""Colours of shapes and texts, as far as two can be told to be the same."""

from __future__ import annotations

from collections.abc import Mapping

from safe_release.inspectors.drawings.shown import below
from safe_release.inspectors.raw_xml import Node

_ALIASES = {"tx1": "dk1", "bg1": "lt1", "tx2": "dk2", "bg2": "lt2"}
_KNOWN = {"window": "FFFFFF", "windowText": "000000", "white": "FFFFFF", "black": "000000"}

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
        return _hex(node.get("lastClr")) or _KNOWN.get(node.get("val"), "")
    if node.name == "a:prstClr":
        return _KNOWN.get(node.get("val"), "")
    return ""


def _hex(text: str) -> str:
    digits = frozenset("0123456789abcdefABCDEF")
    return text.upper() if len(text) == 6 and digits.issuperset(text) else ""


def colour(holder: Node | None, colours: Mapping[str, str]) -> Colour | None:
    """The colour in an element that holds one; ``None`` where it is not known."""
    for node in below(holder) if holder is not None else ():
        if node.name == "a:schemeClr":
            name = node.get("val")
            digits = colours.get(_ALIASES.get(name, name), "")
        elif node.name.endswith("Clr"):
            digits = _digits(node)
        else:
            continue
        changes = (f"{item.name} {item.get('val')}" for item in below(node))
        return (digits, *changes) if digits else None
    return None


def is_clear(value: Colour) -> bool:
    """Whether nothing of a colour is left to see."""
    return "a:alpha 0" in value[1:] or "a:alpha 0%" in value[1:]
