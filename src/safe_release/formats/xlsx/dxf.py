"""This module is the differential format: a look that sets some properties and leaves the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Final, Literal
from xml.etree.ElementTree import Element as Node

from safe_release.errors import Malformed
from safe_release.formats.values import argb, is_true, tint, whole
from safe_release.formats.xml_reader import PREFIXES

Edge = Literal["left", "right", "top", "bottom", "horizontal", "vertical"]
EDGES: Final[tuple[Edge, ...]] = ("left", "right", "top", "bottom", "horizontal", "vertical")

LINES: Final = frozenset(
    (
        "none", "thin", "medium", "dashed", "dotted", "thick", "double", "hair", "mediumDashed",
        "dashDot", "mediumDashDot", "dashDotDot", "mediumDashDotDot", "slantDashDot",
    )
)  # fmt: skip
"""ST_BorderStyle (18.18.3)."""

PATTERNS: Final = frozenset(
    (
        "none", "solid", "mediumGray", "darkGray", "lightGray", "darkHorizontal", "darkVertical",
        "darkDown", "darkUp", "darkGrid", "darkTrellis", "lightHorizontal", "lightVertical",
        "lightDown", "lightUp", "lightGrid", "lightTrellis", "gray125", "gray0625",
    )
)  # fmt: skip
"""ST_PatternType (18.18.55)."""

UNDERLINES: Final = frozenset(("none", "single", "double", "singleAccounting", "doubleAccounting"))
"""ST_UnderlineValues (18.18.82)."""


THEME_COLORS: Final = 12
_LAST_INDEXED: Final = 65
"""64 is the system's colour of text, 65 that of its ground (18.8.27)."""


@dataclass(frozen=True, slots=True)
class Color:
    """A colour as SpreadsheetML names it (CT_Color, 18.8.3).

    ``value`` is the index of a theme colour (0 is lt1, 1 dk1, 2 lt2, 3 dk2, 4 to 9 the accents,
    10 and 11 the links), eight hexadecimal digits of ARGB, or the index into the palette; it is 0
    for ``auto``. ``tint`` lightens (up to 1) or darkens (down to -1), to four decimals.
    """

    kind: Literal["theme", "rgb", "indexed", "auto"]
    value: int | str = 0
    tint: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """One side of a border: its ST_BorderStyle and its colour.

    A style of ``none`` is a statement: it takes away a line set below it.
    """

    style: str
    color: Color | None = None


@dataclass(frozen=True, slots=True)
class Dxf:
    """A differential format (CT_Dxf, 18.8.14): ``None`` leaves a property as it was.

    Font: ``bold``, ``italic``, ``strike``, ``underline`` (ST_UnderlineValues), ``color``. Fill:
    ``pattern`` (ST_PatternType) with ``fg`` and ``bg``, meant as in a *cell's* fill, where ``fg``
    is the colour of a solid one. Border: the four sides and, for a range of cells, ``horizontal``
    and ``vertical`` between its cells. ``size`` counts the rows or columns of one band and means
    something in stripes alone (``tableStyleElement/@size``, 18.8.41).
    """

    bold: bool | None = None
    italic: bool | None = None
    strike: bool | None = None
    underline: str | None = None
    color: Color | None = None
    pattern: str | None = None
    fg: Color | None = None
    bg: Color | None = None
    left: Line | None = None
    right: Line | None = None
    top: Line | None = None
    bottom: Line | None = None
    horizontal: Line | None = None
    vertical: Line | None = None
    size: int = 1


NOTHING: Final = Dxf()
_PROPERTIES: Final = tuple(
    field.name for field in fields(Dxf) if field.name not in ("pattern", "fg", "bg", "size")
)


def overlay(dxf: Dxf, over: Dxf) -> Dxf:
    """``dxf`` with ``over`` laid on it: what ``over`` sets wins, property by property.

    The fill counts as one property, each side of the border as its own; ``size`` becomes 1.

    **Under a cell.** The look of a table or pivot style lies *under* the cell's own format: Excel
    shows it only through the properties that the cell leaves at the default of the ``Normal``
    style. To write a ``Dxf`` into a cell's format, go property by property:

    - bold, italic, strike, underline: take the ``Dxf``'s where the cell's font has the value of
      the ``Normal`` font; ``True`` and an underline switch on, ``False`` and ``none`` do nothing;
    - font colour: take it where the cell's font has the colour of the ``Normal`` font (as a rule
      ``theme="1"`` or none at all);
    - fill: take pattern, ``fg`` and ``bg`` together where the cell has no fill (``patternType``
      absent or ``none``);
    - border: take each of the four sides where the cell has no line on that side.

    Everything else of the cell (typeface, size, number format, alignment) stays as it is.
    """
    if over == NOTHING:
        return dxf if dxf.size == 1 else replace(dxf, size=1)
    changes: dict[str, object] = {
        name: value for name in _PROPERTIES if (value := getattr(over, name)) is not None
    }
    if over.pattern is not None:
        changes.update(pattern=over.pattern, fg=over.fg, bg=over.bg)
    return replace(dxf, size=1, **changes)  # type: ignore[arg-type]


def settled(dxf: Dxf) -> Dxf:
    """The look of one cell: statements that take away have done their work and go.

    ``False``, an underline, pattern or line of ``none``, and the inner lines of ranges are as
    nothing in a single cell.
    """
    empty = dxf.pattern in (None, "none")
    return Dxf(
        bold=dxf.bold or None,
        italic=dxf.italic or None,
        strike=dxf.strike or None,
        underline=None if dxf.underline == "none" else dxf.underline,
        color=dxf.color,
        pattern=None if empty else dxf.pattern,
        fg=None if empty else dxf.fg,
        bg=None if empty else dxf.bg,
        left=_drawn(dxf.left),
        right=_drawn(dxf.right),
        top=_drawn(dxf.top),
        bottom=_drawn(dxf.bottom),
    )


def _drawn(line: Line | None) -> Line | None:
    return None if line is None or line.style == "none" else line


def local_name(node: Node) -> str:
    """The name of a SpreadsheetML element, ``""`` for every other node.

    Takes trees of ``read_tree``, whose names are normalised, and namespaced ones alike.
    """
    tag: object = node.tag
    if not isinstance(tag, str):
        return ""  # a comment or processing instruction of a tree that keeps them
    namespace, brace, local = tag.rpartition("}")
    if not brace:
        return local
    return local if PREFIXES.get(namespace[1:]) == "" else ""


def child(node: Node, name: str) -> Node | None:
    """The first child element of that name."""
    return next(children(node, name), None)


def children(node: Node, name: str) -> Iterator[Node]:
    """The child elements of that name, in order."""
    return (item for item in node if local_name(item) == name)


def read_dxf(node: Node, size: int = 1) -> Dxf:
    """The look of a ``dxf`` element; number format, alignment and protection play no part.

    A value outside of the standard's lists counts as absent. A gradient fill is left out. The
    colour of a solid fill stands in ``bgColor`` here, not in ``fgColor`` as in a cell's fill.
    """
    found: dict[str, object] = {}
    for part in node:
        match local_name(part):
            case "font":
                found.update(_font(part))
            case "fill":
                found.update(_fill(part))
            case "border":
                found.update(_border(part))
    return Dxf(**found, size=size)  # type: ignore[arg-type]


def _font(font: Node) -> dict[str, object]:
    found: dict[str, object] = {}
    names = {"b": "bold", "i": "italic", "strike": "strike"}
    for item in font:
        name = local_name(item)
        if name in names:
            found[names[name]] = is_true(item.get("val", "1"))
        elif name == "u" and item.get("val", "single") in UNDERLINES:
            found["underline"] = item.get("val", "single")
        elif name == "color":
            found["color"] = read_color(item)
    return found


def _fill(fill: Node) -> dict[str, object]:
    pattern = child(fill, "patternFill")
    if pattern is None:
        return {}
    kind = pattern.get("patternType", "solid")
    fg, bg = (read_color(child(pattern, name)) for name in ("fgColor", "bgColor"))
    if kind not in PATTERNS or (kind == "solid" and bg is None and fg is None):
        return {}
    if kind == "solid":
        fg = bg = bg or fg
    return {"pattern": kind, "fg": fg, "bg": bg}


def _border(border: Node) -> dict[str, object]:
    found: dict[str, object] = {}
    sides = {"start": "left", "end": "right"} | {edge: edge for edge in EDGES}
    for item in border:
        side = sides.get(local_name(item))
        style = item.get("style", "none")
        if side is not None and style in LINES:
            found[side] = Line(style, read_color(child(item, "color")) if style != "none" else None)
    return found


def read_color(node: Node | None) -> Color | None:
    """The colour that an element of type CT_Color names, ``None`` where it names none.

    Where it names several, the theme's goes first, then the literal one.
    """
    if node is None:
        return None
    shade = float(tint(node.get("tint", "0")) or 0)
    index = whole(node.get("theme"))
    if 0 <= index < THEME_COLORS:
        return Color("theme", index, shade)
    if (value := argb(node.get("rgb", ""))) is not None:
        return Color("rgb", value, shade)
    index = whole(node.get("indexed"))
    if 0 <= index <= _LAST_INDEXED:
        return Color("indexed", index, shade)
    return Color("auto") if is_true(node.get("auto")) else None


def read_table_styles(
    table_styles: Node, dxfs: Sequence[Node], place: str = "table styles"
) -> Mapping[str, Mapping[str, Dxf]]:
    """The workbook's own table and pivot styles: name, then ST_TableStyleType, to its look.

    ``table_styles`` is the ``tableStyles`` element (18.8.42), ``dxfs`` the children of ``dxfs`` in
    order. Raises ``Malformed`` where an element refers to a ``dxf`` that is not there. The first
    of two styles of one name counts.
    """
    found: dict[str, Mapping[str, Dxf]] = {}
    for style in children(table_styles, "tableStyle"):
        looks: dict[str, Dxf] = {}
        for element in children(style, "tableStyleElement"):
            index, kind = element.get("dxfId"), element.get("type", "")
            if index is None:
                continue
            number = int(index) if index.isascii() and index.isdigit() and len(index) < 10 else -1
            if not 0 <= number < len(dxfs):
                raise Malformed("refers to a format that is not there", place=place)
            looks[kind] = read_dxf(dxfs[number], _band(element))
        found.setdefault(style.get("name", ""), looks)
    return found


def _band(element: Node) -> int:
    text = element.get("size", "1")
    good = text.isascii() and text.isdigit() and len(text) < 8
    return max(int(text), 1) if good else 1
