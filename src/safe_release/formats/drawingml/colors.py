"""This module is the resolution of colours, as far as it takes to see that two are the same."""

from __future__ import annotations

from typing import Final, NamedTuple
from xml.etree.ElementTree import Element as Node

from safe_release.formats.drawingml.tree import child, descend
from safe_release.formats.values import rgb

_MAPPED: Final = {"bg1": "lt1", "tx1": "dk1", "bg2": "lt2", "tx2": "dk2"}
"""A workbook has no map of its own (20.1.6.8): this is the usual one."""
_DEFAULTS: Final = {"lt1": "FFFFFF", "dk1": "000000"}
_NAMED: Final = {"white": "FFFFFF", "black": "000000"}
_SYSTEM: Final = {"window": "FFFFFF", "windowText": "000000"}


class Color(NamedTuple):
    """A colour before and the changes it undergoes: two that are equal look the same."""

    base: str
    changes: tuple[tuple[str, str], ...]

    @property
    def is_clear(self) -> bool:
        """Whether it lets everything through."""
        return any(name == "a:alpha" and value in ("0", "0%") for name, value in self.changes)


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
        return None

    def of(self, parent: Node | None) -> Color | None:
        """The colour in an element that holds one; ``None`` where it cannot be told."""
        node = child(
            parent, "a:srgbClr", "a:sysClr", "a:schemeClr", "a:prstClr", "a:scrgbClr", "a:hslClr"
        )
        if node is None:
            return None
        base = self._plain(node)
        if node.tag == "a:schemeClr":
            name = node.get("val", "")
            base = self._scheme.get(_MAPPED.get(name, name))
        if base is None:
            return None
        return Color(base, tuple((item.tag, item.get("val", "")) for item in node))
