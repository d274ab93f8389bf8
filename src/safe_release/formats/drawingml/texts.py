"""This module is the texts of shapes (21.1.2): which runs a reader can make out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.etree.ElementTree import Element as Node

from safe_release.formats.drawingml.colors import Color, Palette
from safe_release.formats.drawingml.tree import child, descend, keep
from safe_release.formats.drawingml.values import Percent
from safe_release.formats.values import whole

_PAINTS: Final = (
    "a:noFill", "a:solidFill", "a:gradFill", "a:blipFill", "a:pattFill", "a:grpFill",
)  # fmt: skip
_FACES: Final = ("a:latin", "a:ea", "a:cs", "a:sym")
_FAR: Final = "\u0590"
"""From here on letters may be painted in the faces for complex and East Asian scripts."""
_SIGNS: Final = ("\uf000", "\uf0ff")
"""Where fonts of signs have theirs."""
_TINY: Final = 205
"""Hundredths of a point: what is set in two points or less, to a twentieth, is a line."""
_USUAL_SIZE: Final = 1_100
_ADDED: Final = frozenset(("a:glow", "a:innerShdw", "a:outerShdw", "a:prstShdw"))
"""Effects that paint a colour of their own around letters."""
_PLAIN: Final = frozenset(("a:blur", "a:reflection", "a:softEdge"))
"""Effects that paint nothing where the letters paint nothing."""


def settle_texts(
    body: Node,
    ground: Node | None,
    style: Node | None,
    palette: Palette,
    *,
    inherits: bool = False,
) -> int:
    """Make runs of fields and drop the runs that cannot be seen. Returns how many of these went.

    ``ground`` is the fill of the shape; against none, and against pictures, only letters without
    any paint are judged. ``inherits`` tells that runs take what their paragraph sets (``a:pPr``),
    as they do in charts.
    """
    under = palette.all_of(ground)
    usual = palette.of(child(style, "a:fontRef")) or palette.text
    scale = _scale(body)
    gone = 0
    for paragraph in body:
        if paragraph.tag != "a:p":
            continue
        kept = []
        level = whole(_get(child(paragraph, "a:pPr"), "lvl"), 0) + 1
        above = [descend(child(body, "a:lstStyle"), f"a:lvl{level}pPr", "a:defRPr")]
        if inherits:
            above.insert(0, descend(paragraph, "a:pPr", "a:defRPr"))
        for item in paragraph:
            run = _as_run(item)
            if (
                run.tag == "a:r"
                and _text(run)
                and _is_unseen(run, above, usual, under, palette, scale)
            ):
                gone += 1
            else:
                kept.append(run)
        keep(paragraph, kept)
    drop_idle_faces(body, inherits=inherits)
    return gone


def drop_idle_faces(body: Node, *, inherits: bool) -> None:
    """Drop the typefaces that no letter is painted in: their names are free text.

    Those of levels that no paragraph has, of paragraphs' ends and line breaks, of bullets that are
    none, and for scripts of which the text has no character.
    """
    paragraphs = [node for node in body if node.tag == "a:p"]
    text = "".join(piece.text or "" for node in paragraphs for piece in node.iter("a:t"))
    levels = {whole(_get(child(node, "a:pPr"), "lvl"), 0) + 1 for node in paragraphs}
    styles = child(body, "a:lstStyle")
    if styles is not None:
        keep(styles, [node for node in styles if node.tag in {f"a:lvl{n}pPr" for n in levels}])
    for paragraph in paragraphs:
        has_letters = any(_text(item) for item in paragraph if item.tag == "a:r")
        properties = child(paragraph, "a:pPr")
        defaults = child(properties, "a:defRPr")
        if defaults is not None and not (inherits and has_letters):
            _drop_faces(defaults, _FACES)
        for item in paragraph:
            if item.tag == "a:endParaRPr":
                _drop_faces(item, _FACES)
            elif item.tag == "a:br" or (item.tag == "a:r" and not _text(item)):
                for own in item:
                    _drop_faces(own, _FACES)
    has_bullets = any(node.tag in ("a:buChar", "a:buAutoNum") for node in body.iter())
    has_far = any(char >= _FAR for char in text)
    has_signs = any(_SIGNS[0] <= char <= _SIGNS[1] for char in text)
    idle = [("a:buFont", has_bullets), ("a:ea", has_far), ("a:cs", has_far), ("a:sym", has_signs)]
    names = tuple(name for name, is_used in idle if not is_used)
    for node in list(body.iter()):
        _drop_faces(node, names)


def _drop_faces(node: Node, names: tuple[str, ...]) -> None:
    """Drop typefaces that are no reference to the theme's (20.1.4.1.16)."""
    if any(item.tag in names for item in node):
        keep(
            node,
            [
                item
                for item in node
                if item.tag not in names or item.get("typeface", "").startswith("+")
            ],
        )


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


def _scale(body: Node) -> int:
    """What is left of a size where a text is made to fit its shape, in percent (21.1.2.1.3)."""
    fit = descend(body, "a:bodyPr", "a:normAutofit")
    spelled = Percent(0, 100_000)(fit.get("fontScale", "")) if fit is not None else None
    return int(spelled) // 1000 if spelled else 100


def _is_unseen(
    run: Node,
    above: Sequence[Node | None],
    usual: Color,
    under: tuple[Color, ...],
    palette: Palette,
    scale: int,
) -> bool:
    layers = [node for node in (child(run, "a:rPr"), *above) if node is not None]
    size = next((node.get("sz") for node in layers if "sz" in node.attrib), None)
    if 0 <= whole(size, _USUAL_SIZE) * scale // 100 <= _TINY:
        return True
    marked = next((found for node in layers if (found := child(node, "a:highlight")) is not None),
                  None)  # fmt: skip
    if marked is not None:
        color = palette.of(marked)
        under = (color,) if color is not None else ()
    paint = next((found for node in layers if (found := child(node, *_PAINTS)) is not None), None)
    inks = [(usual,) if paint is None else _inks(paint, palette)]
    outlines = (child(child(node, "a:ln"), *_PAINTS) for node in layers)
    outline = next((found for found in outlines if found is not None), None)
    if outline is not None:
        inks.append(_inks(outline, palette))
    lists = (child(node, "a:effectLst") for node in layers)
    effects = next((found for found in lists if found is not None), None)
    for effect in effects if effects is not None else ():
        if effect.tag in _PLAIN or (effect.tag == "a:glow" and whole(effect.get("rad"), 0) < 1):
            continue
        color = palette.of(effect) if effect.tag in _ADDED else None
        inks.append((color,) if color is not None else None)
    return all(
        colors is not None and all(color.sinks(under) for color in colors) for colors in inks
    )


def _inks(paint: Node, palette: Palette) -> tuple[Color, ...] | None:
    """The colours of letters, none for no paint; ``None`` where they are unknown."""
    if paint.tag == "a:noFill":
        return ()
    return palette.all_of(paint) or None
