"""This module is the writing out of what shapes take from the theme's formats (20.1.4).

A copy's theme has colours and typefaces only, so a shape that is painted in the second fill of its
theme gets that fill as its own.
"""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element as Node

from safe_release.formats.drawingml.tree import child, copied, descend, keep
from safe_release.formats.values import whole

_FILLS: Final = (
    "a:noFill", "a:solidFill", "a:gradFill", "a:blipFill", "a:pattFill", "a:grpFill",
)  # fmt: skip
_EFFECTS: Final = ("a:effectLst", "a:effectDag")
_LINE_PARTS: Final = (
    ("a:noFill", "a:solidFill", "a:gradFill", "a:pattFill"),
    ("a:prstDash", "a:custDash"),
    ("a:round", "a:bevel", "a:miter"),
    ("a:headEnd",),
    ("a:tailEnd",),
)
_BACKGROUNDS: Final = 1001
"""Indices from here on count the fills of backgrounds (20.1.10.57)."""


class ThemeStyles:
    """The format scheme of a theme (20.1.4.1.14) and its colours."""

    def __init__(self, theme: Node | None) -> None:
        scheme = descend(theme, "a:themeElements", "a:fmtScheme")
        self._fills = _list(scheme, "a:fillStyleLst")
        self._backgrounds = _list(scheme, "a:bgFillStyleLst")
        self._lines = _list(scheme, "a:lnStyleLst")
        self._effects = _list(scheme, "a:effectStyleLst")

    def apply(self, properties: Node, style: Node | None) -> None:
        """Give shape properties what their style refers to and they do not say themselves."""
        if style is None:
            return
        fill = self._reference(style, "a:fillRef")
        if fill is not None and child(properties, *_FILLS) is None:
            properties.append(fill)
        line = self._reference(style, "a:lnRef")
        if line is not None:
            own = child(properties, "a:ln")
            keep(properties, [item for item in properties if item.tag != "a:ln"])
            properties.append(_merged(line, own))
        effects = self._reference(style, "a:effectRef")
        if effects is not None:
            if child(properties, *_EFFECTS) is None:
                properties.extend(item for item in effects if item.tag in _EFFECTS)
            for name in ("a:scene3d", "a:sp3d"):
                found = child(effects, name)
                if found is not None and child(properties, name) is None:
                    properties.append(found)

    def _reference(self, style: Node, name: str) -> Node | None:
        """What a reference leads to, in the colour that it gives."""
        reference = child(style, name)
        index = whole(reference.get("idx"), 0) if reference is not None else 0
        lists = {"a:fillRef": self._fills, "a:lnRef": self._lines, "a:effectRef": self._effects}
        found = lists[name]
        if name == "a:fillRef" and index >= _BACKGROUNDS:
            found, index = self._backgrounds, index - _BACKGROUNDS + 1
        if reference is None or not 1 <= index <= len(found):
            return None
        color = next(iter(reference), None)
        if found[index - 1].tag == "a:blipFill":
            # The pictures of a theme do not travel; the colour that tints them does.
            solid = Node("a:solidFill")
            solid.extend([copied(color)] if color is not None else [])
            return solid
        return _colored(found[index - 1], color)


def _list(scheme: Node | None, name: str) -> list[Node]:
    found = child(scheme, name)
    return list(found) if found is not None else []


def _colored(node: Node, color: Node | None) -> Node:
    if node.tag == "a:schemeClr" and node.get("val") == "phClr" and color is not None:
        twin = copied(color)
        twin.extend(copied(item) for item in node)
        return twin
    twin = Node(node.tag, dict(node.attrib))
    twin.extend(_colored(item, color) for item in node)
    return twin


def _merged(line: Node, own: Node | None) -> Node:
    """A line of the theme with what the shape says of its own line over it."""
    if own is None:
        return line
    merged = Node("a:ln", {**line.attrib, **own.attrib})
    for names in _LINE_PARTS:
        found = child(own, *names)
        found = found if found is not None else child(line, *names)
        if found is not None:
            merged.append(found)
    return merged
