"""The objects of a drawing: whether they show, and what they say and hide."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from safe_release.inspectors.drawings.anchors import own_size
from safe_release.inspectors.drawings.colours import Colour, colour, painted
from safe_release.inspectors.drawings.facts import Collected
from safe_release.inspectors.drawings.outlines import idle_lines, idle_numbers
from safe_release.inspectors.drawings.shown import all_below, below, first_of, one
from safe_release.inspectors.drawings.words import FILLS, read_body, typefaces
from safe_release.inspectors.names import fits
from safe_release.inspectors.names.nested import rules
from safe_release.inspectors.raw_xml import Node
from safe_release.inspectors.texts import is_true, whole

OBJECTS = frozenset(("xdr:sp", "xdr:cxnSp", "xdr:pic", "xdr:grpSp", "xdr:graphicFrame"))
_NEUTRAL = re.compile(r"(?:Shape|Connector|Picture|Group|Chart) [1-9][0-9]{0,6}", re.ASCII)
_BACKGROUND = 1000
_PRESETS = rules("drawing")["a:prstGeom"].attributes["prst"]

Seen = Callable[[Node, Collected], bool]
"""Whether the picture of a fill shows; what it hides is noted."""


@dataclass(frozen=True, slots=True)
class Eyes:
    """How an object reaches what lies outside of its drawing.

    ``link`` gives the reading of a relationship's target, or nothing where it does not stay;
    ``chart`` what a chart says, or ``None`` where a copy has no such chart; ``diagram`` the painted
    shapes of a diagram's frame.
    """

    colours: Mapping[str, str]
    theme: Node | None
    keeps_alternatives: bool
    picture: Seen
    link: Callable[[Node], str]
    chart: Callable[[str, str], str | None]
    diagram: Callable[[Node], Node | None]


def read_object(node: Node, flat: bool, eyes: Eyes, found: Collected) -> bool:
    """Collect what an object says; false where it does not show.

    ``flat`` tells that it has no height or no width: only lines are painted that way.
    """
    own = next((entry for item in below(node) if (entry := one(item, "xdr:cNvPr"))), None)
    if own is None:
        return False
    if is_true(own.get("hidden").strip()):
        found.notes["xlsx.dr.hidden"] += 1
        return False
    if node.name == "xdr:graphicFrame":
        shows = not flat and _read_frame(node, eyes, found)
    elif node.name == "xdr:grpSp":
        found.kinds.append("group")
        shows = _read_group([item for item in below(node) if item.name in OBJECTS], eyes, found)
        _read_fill(one(node, "xdr:grpSpPr"), eyes, found)
    elif node.name == "xdr:pic":
        found.kinds.append("picture")
        fill = one(node, "xdr:blipFill")
        shape = one(node, "xdr:spPr")
        shows = not flat and fill is not None and shape is not None and eyes.picture(fill, found)
        if shows:
            _read_fill(shape, eyes, found)
    else:
        shows = _read_shape(node, "xdr", flat, eyes, found)
    if shows:
        _read_names(own, eyes, found)
        found.notes["xlsx.dr.macro"] += bool(node.get("macro"))
        found.notes["xlsx.dr.textlink"] += bool(node.get("textlink"))
    return shows


def _read_names(own: Node, eyes: Eyes, found: Collected) -> None:
    if not _NEUTRAL.fullmatch(own.get("name")):
        found.notes["xlsx.dr.names-ids"] += 1
    spoken = [f"{key} {own.get(key)}" for key in ("descr", "title") if own.get(key)]
    found.notes["xlsx.dr.alt-text"] += bool(spoken)
    if eyes.keeps_alternatives:
        found.alternatives.extend(spoken)
    _read_links([own], eyes, found)


def _read_links(nodes: list[Node], eyes: Eyes, found: Collected) -> None:
    for node in nodes:
        for item in below(node):
            if item.name in ("a:hlinkClick", "a:hlinkHover", "a:hlinkMouseOver"):
                target = eyes.link(item) if item.name == "a:hlinkClick" else ""
                extra = set(item.attributes) - {"r:id"}
                found.notes["xlsx.dr.hyperlink"] += not target or bool(extra)
                if target:
                    found.links.append(target)


def _read_group(members: list[Node], eyes: Eyes, found: Collected) -> bool:
    """The members of a group; a group of which none shows does not show."""
    shows = False
    for member in members:
        properties = one(member, "xdr:spPr") or one(member, "xdr:grpSpPr")
        frame = one(properties, "a:xfrm") if properties is not None else one(member, "xdr:xfrm")
        size = own_size(one(frame, "a:ext"))
        inner = Collected(found.place)
        if size is None or size == (0, 0):
            found.notes["xlsx.dr.objects"] += 1
        elif read_object(member, 0 in size, eyes, inner):
            take(found, inner)
            shows = True
        else:
            found.notes.update(inner.notes)
    return shows


def take(found: Collected, inner: Collected) -> None:
    """Take in what a member of a group says."""
    found.notes.update(inner.notes)
    for name in ("kinds", "texts", "links", "alternatives", "charts", "pictures", "fonts"):
        getattr(found, name).extend(getattr(inner, name))


def _read_shape(
    node: Node, prefix: str, flat: bool, eyes: Eyes, found: Collected, apart: bool = False
) -> bool:
    """``apart`` tells that the text stands elsewhere than the shape's own paint."""
    properties, style = one(node, f"{prefix}:spPr"), one(node, f"{prefix}:style")
    if properties is None:
        return False
    preset = one(properties, "a:prstGeom")
    if preset is not None and not fits(_PRESETS, preset.get("prst").strip()):
        preset = None
    kind = "line" if node.name == "xdr:cxnSp" else "shape"
    found.kinds.append(f"{kind} {preset.get('prst').strip()}" if preset is not None else kind)
    ground = _read_fill(properties, eyes, found, style)
    body = one(node, f"{prefix}:txBody")
    if body is None:
        return True
    inner = Collected(found.place)
    usual = colour(one(style, "a:fontRef"), eyes.colours) or (eyes.colours["dk1"],)
    read_body(body, () if apart else ground, usual, eyes.colours, inner)
    if flat and not apart:
        # What has no height or width has no room for a text.
        found.notes["xlsx.dr.objects"] += bool(inner.texts)
        return True
    take(found, inner)
    faces, idle = typefaces(body)
    found.fonts.extend(faces)
    found.notes["xlsx.dr.names-ids"] += idle + idle_lines(body)
    for item in all_below(body):
        if item.name == "a:blipFill":
            eyes.picture(item, found)
        _read_links([item], eyes, found)
    return True


def _read_fill(
    properties: Node | None, eyes: Eyes, found: Collected, style: Node | None = None
) -> tuple[Colour, ...]:
    """The colours of a fill, its own or its theme's; its picture is collected."""
    found.notes["xlsx.dr.names-ids"] += idle_numbers(properties) + idle_lines(properties)
    fill = first_of(properties, FILLS)
    if fill is not None:
        if fill.name == "a:blipFill":
            eyes.picture(fill, found)
        return painted(fill, eyes.colours)
    return _theme_fill(one(style, "a:fillRef"), eyes)


def theme_fill_node(reference: Node | None, theme: Node | None) -> Node | None:
    """The fill of a theme that a reference leads to (20.1.4.2.10)."""
    index = whole(reference.get("idx")) if reference is not None else 0
    if not index or theme is None:
        return None
    name = "a:fillStyleLst" if index <= _BACKGROUND else "a:bgFillStyleLst"
    styles = theme.all("a:themeElements", "a:fmtScheme", name)
    fills = styles[0].children if styles else []
    place = index - 1 if index <= _BACKGROUND else index - _BACKGROUND - 1
    return fills[place] if place < len(fills) else None


def _theme_fill(reference: Node | None, eyes: Eyes) -> tuple[Colour, ...]:
    """The colours that a shape takes from its theme."""
    own = colour(reference, eyes.colours)
    fill = theme_fill_node(reference, eyes.theme)
    if fill is not None and fill.name == "a:blipFill":
        return () if own is None else (own,)
    return painted(fill, eyes.colours, own)


def _read_frame(node: Node, eyes: Eyes, found: Collected) -> bool:
    chart = one(node, "a:graphic", "a:graphicData", "c:chart")
    if chart is not None:
        said = eyes.chart(chart.get("r:id"), found.place)
        if said is not None:
            found.kinds.append("chart")
            found.charts.append(said)
        return said is not None
    painted = eyes.diagram(node)
    shapes = one(painted, "dsp:spTree")
    if shapes is None or one(node, "xdr:xfrm", "a:ext") is None:
        # Slicers, charts of later kinds and ink have channels of their own.
        data = one(node, "a:graphic", "a:graphicData")
        found.notes["xlsx.dr.left-out"] += one(data, "dgm:relIds") is not None
        return False
    found.kinds.append("group")
    return _read_diagram(shapes, eyes, found)


def _read_diagram(shapes: Node, eyes: Eyes, found: Collected) -> bool:
    """The shapes a diagram was last painted as, which a copy has as a group."""
    shows = False
    for item in below(shapes):
        if item.name == "dsp:grpSp":
            size = own_size(one(item, "dsp:grpSpPr", "a:xfrm", "a:ext"))
            mark = len(found.kinds)
            found.kinds.append("group")
            if size not in (None, (0, 0)) and _read_diagram(item, eyes, found):
                _read_fill(one(item, "dsp:grpSpPr"), eyes, found)
                shows = True
            else:
                del found.kinds[mark:]
        elif item.name == "dsp:sp":
            size = own_size(one(item, "dsp:spPr", "a:xfrm", "a:ext"))
            own = one(item, "dsp:nvSpPr", "dsp:cNvPr")
            if size is None or size == (0, 0) or own is None:
                continue
            if is_true(own.get("hidden").strip()):
                continue
            apart = _text_stands_apart(item)
            shows |= _read_shape(item, "dsp", 0 in size, eyes, found, apart)
            if apart:
                found.kinds.append("shape rect")
    return shows


def _text_stands_apart(shape: Node) -> bool:
    """Whether a text has a place of its own, which makes it an object of its own in a copy."""
    text, own = one(shape, "dsp:txXfrm"), one(shape, "dsp:spPr", "a:xfrm")
    if text is None or own is None or one(shape, "dsp:txBody") is None:
        return False

    def spelled(node: Node) -> list[str]:
        return [f"{item.name} {sorted(item.attributes.items())}" for item in node.children]

    turns = (text.get("rot", "0"), own.get("rot", "0"))
    return spelled(text) != spelled(own) or turns[0] != turns[1]
