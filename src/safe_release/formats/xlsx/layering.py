"""This module is how looks come to lie under a cell's own format, or over it."""

from __future__ import annotations

from xml.etree.ElementTree import Element as Node

from safe_release.formats.xlsx.dxf import Color, Dxf, Line, child, read_color


def put_under_font(font: Node, normal: Node, under: Dxf) -> Node:
    """The font with what it leaves at Normal's taken from ``under``."""
    own = {item.tag: item for item in font}
    made = Node("font")
    made.extend(font)
    for name, value in (("b", under.bold), ("i", under.italic), ("strike", under.strike)):
        if value and name not in own:
            made.append(Node(name))
    if under.underline and "u" not in own:
        made.append(Node("u", {} if under.underline == "single" else {"val": under.underline}))
    if under.color is not None and is_usual_color(own.get("color"), normal):
        kept = [item for item in made if item.tag != "color"]
        made = Node("font")
        made.extend(kept)
        made.append(_color("color", under.color))
    return made


def put_under_fill(fill: Node, under: Dxf) -> Node:
    """The fill, or where it is none the one of ``under``."""
    pattern = next(iter(fill), None)
    is_empty = pattern is None or (
        pattern.tag == "patternFill" and pattern.get("patternType", "none") == "none"
    )
    if not is_empty or under.pattern is None:
        return fill
    painted = Node("patternFill", {"patternType": under.pattern})
    if under.fg is not None:
        painted.append(_color("fgColor", under.fg))
    if under.bg is not None and under.pattern != "solid":
        painted.append(_color("bgColor", under.bg))
    made = Node("fill")
    made.append(painted)
    return made


def put_under_border(border: Node, under: Dxf) -> Node:
    """The border with its undrawn sides taken from ``under``."""
    own = {side.tag: side for side in border if side.get("style", "none") != "none"}
    made = Node("border", dict(border.attrib))
    lines: dict[str, Line | None] = {
        "left": under.left,
        "right": under.right,
        "top": under.top,
        "bottom": under.bottom,
    }
    for name in ("left", "right", "top", "bottom", "diagonal"):
        line = lines.get(name)
        if name in own:
            made.append(own[name])
        elif line is not None:
            side = Node(name, {"style": line.style})
            if line.color is not None:
                side.append(_color("color", line.color))
            made.append(side)
    return made


def put_over_font(font: Node, over: Dxf) -> Node:
    """The font with what ``over`` sets."""
    gone = {
        name
        for name, value in (
            ("b", over.bold),
            ("i", over.italic),
            ("strike", over.strike),
            ("u", over.underline),
            ("color", over.color),
        )
        if value is not None
    }
    made = Node("font")
    made.extend(item for item in font if item.tag not in gone)
    for name, value in (("b", over.bold), ("i", over.italic), ("strike", over.strike)):
        if value:
            made.append(Node(name))
    if over.underline not in (None, "none"):
        made.append(Node("u", {} if over.underline == "single" else {"val": str(over.underline)}))
    if over.color is not None:
        made.append(_color("color", over.color))
    return made


def put_over_fill(fill: Node, over: Dxf) -> Node:
    """The fill of ``over``, or where it sets none the cell's own."""
    if over.pattern is None:
        return fill
    return put_under_fill(Node("fill"), over)


def put_over_border(border: Node, over: Dxf) -> Node:
    """The border with the sides that ``over`` sets."""
    set_ = {name for name in ("left", "right", "top", "bottom") if getattr(over, name) is not None}
    bare = Node("border", dict(border.attrib))
    bare.extend(side for side in border if side.tag not in set_)
    drawn = {name: line for name in set_ if (line := getattr(over, name)).style != "none"}
    return put_under_border(bare, Dxf(**drawn))


def _color(name: str, color: Color) -> Node:
    attributes: dict[str, str] = {color.kind: "1" if color.kind == "auto" else str(color.value)}
    if color.tint:
        attributes["tint"] = repr(color.tint)
    return Node(name, attributes)


def is_usual_color(color: Node | None, normal: Node) -> bool:
    """Whether a font has the colour of the font of Normal, so that a table style shows through."""
    return read_color(color) == read_color(child(normal, "color"))
