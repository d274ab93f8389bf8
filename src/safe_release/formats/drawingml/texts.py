"""This module is the texts of shapes (21.1.2): which runs a reader can make out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from xml.etree.ElementTree import Element as Node

from safe_release.formats.drawingml.colors import Color, Palette
from safe_release.formats.drawingml.tree import child, descend, keep
from safe_release.formats.values import whole

_PAINTS: Final = (
    "a:noFill", "a:solidFill", "a:gradFill", "a:blipFill", "a:pattFill", "a:grpFill",
)  # fmt: skip
_TINY: Final = 100
"""Hundredths of a point: what is set in one point or less is a line."""


def settle_texts(body: Node, ground: Node | None, style: Node | None, palette: Palette) -> int:
    """Make runs of fields and drop the runs that cannot be seen. Returns how many of these went.

    ``ground`` is the fill of the shape; against another than one plain colour nothing is judged.
    """
    under = palette.of(ground) if ground is not None and ground.tag == "a:solidFill" else None
    usual = palette.of(child(style, "a:fontRef")) or palette.text
    gone = 0
    for paragraph in body:
        if paragraph.tag != "a:p":
            continue
        kept = []
        level = whole(_get(child(paragraph, "a:pPr"), "lvl"), 0) + 1
        above = descend(child(body, "a:lstStyle"), f"a:lvl{level}pPr", "a:defRPr")
        for item in paragraph:
            run = _as_run(item)
            if run.tag == "a:r" and _text(run) and _is_unseen(run, above, usual, under, palette):
                gone += 1
            else:
                kept.append(run)
        keep(paragraph, kept)
    return gone


def _get(node: Node | None, name: str) -> str | None:
    return node.get(name) if node is not None else None


def _as_run(item: Node) -> Node:
    """A field as the text that it shows (21.1.2.2.4)."""
    if item.tag != "a:fld":
        return item
    run = Node("a:r")
    run.extend(part for part in item if part.tag in ("a:rPr", "a:t"))
    return run


def _text(run: Node) -> str:
    return "".join(part.text or "" for part in run if part.tag == "a:t").strip()


def _is_unseen(
    run: Node, above: Node | None, usual: Color, under: Color | None, palette: Palette
) -> bool:
    layers = [node for node in (child(run, "a:rPr"), above) if node is not None]
    size = next((node.get("sz") for node in layers if "sz" in node.attrib), None)
    if size is not None and 0 <= whole(size) <= _TINY:
        return True
    has_outline = any(child(child(node, "a:ln"), *_PAINTS[1:]) is not None for node in layers)
    effects = any(descend(node, "a:effectLst") is not None for node in layers)
    paint = next((found for node in layers if (found := child(node, *_PAINTS)) is not None), None)
    if has_outline or effects or _is_marked(layers):
        return False
    if paint is not None and paint.tag != "a:solidFill":
        return paint.tag == "a:noFill"
    color = palette.of(paint) if paint is not None else usual
    return color is not None and (color.is_clear or color == under)


def _is_marked(layers: Iterable[Node]) -> bool:
    return any(child(node, "a:highlight") is not None for node in layers)
