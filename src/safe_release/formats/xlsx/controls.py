"""This module is the controls of a form (18.3.1.19) as what they look like: boxes and signs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from xml.etree.ElementTree import Element as Node

from safe_release.formats.vml import Line, Run, Shape

KINDS: Final = frozenset(
    ("Checkbox", "Radio", "Button", "GBox", "Label", "EditBox", "Drop", "List", "Spin", "Scroll")
)
"""The controls of a form, by what VML calls them (``x:ClientData/@ObjectType``)."""
LISTS: Final = frozenset(("Drop", "List"))
"""Those that show entries, which are somewhere else."""
_CHECKED: Final = {"": "\u2610", "0": "\u2610", "1": "\u2611", "2": "\u25a3"}
_CHOSEN: Final = {"": "\u25cb", "0": "\u25cb", "1": "\u25c9", "2": "\u25cb"}
_EDGE: Final = "A0A0A0"
_FACE: Final = "F0F0F0"
_PAPER: Final = "FFFFFF"
_DROP: Final = Line("right", [Run("\u25bc")])
_SPIN: Final = (Line("center", [Run("\u25b2")]), Line("center", [Run("\u25bc")]))
_ALIGN: Final = {"left": "l", "center": "ctr", "right": "r", "justify": "just"}
_USUAL: Final = 160
_SIGN: Final = 240
"""Twentieths of a point: what controls are written in where nothing else is said, and the size of
their signs, whose box is then about ten points high."""


def control(kind: str, shape: Shape, state: str, *, has_entry: bool = False) -> Node:
    """The shape that a control is in the copy; ``state`` is what ``x:Checked`` says.

    ``has_entry`` tells that a list shows an entry, for which the first run is the place.
    """
    fill, edge, lines = shape.fill, shape.line, list(shape.lines)
    upright = _anchored(shape)
    if kind == "Checkbox":
        lines = _signed(lines, _CHECKED.get(state, _CHECKED[""]))
    elif kind == "Radio":
        lines = _signed(lines, _CHOSEN.get(state, _CHOSEN[""]))
    elif kind == "Button":
        fill, edge = fill or _FACE, _EDGE
    elif kind == "GBox":
        fill, edge, upright = None, _EDGE, "t"
    elif kind in ("Spin", "Scroll"):
        fill, edge, upright = _FACE, _EDGE, "ctr"
        lines = list(_SPIN) if kind == "Spin" else []
    elif kind != "Label":
        fill, edge = _PAPER, _EDGE
        lines = [_dropped(has_entry)] if kind == "Drop" else lines if kind == "EditBox" else []
    properties = paint(fill, edge, shape.weight)
    node = make("xdr:sp", {}, [make("xdr:nvSpPr", {}, [named(shape), make("xdr:cNvSpPr")])])
    node.append(properties)
    body = _body(lines, upright)
    if body is not None:
        node.append(body)
    return node


def make(tag: str, attributes: Mapping[str, str] | None = None, inner: Sequence[Node] = ()) -> Node:
    """An element with its children."""
    node = Node(tag, dict(attributes or {}))
    node.extend(inner)
    return node


def named(shape: Shape | None) -> Node:
    """``xdr:cNvPr`` with the alternative text, which stays where the policy keeps such."""
    return make("xdr:cNvPr", {"descr": shape.alternative} if shape is not None else {})


def paint(fill: str | None, edge: str | None, weight: float) -> Node:
    """``xdr:spPr``: a rectangle that covers nothing (``covers.py``), filled and drawn.

    What lies below it has not been judged: of these objects the order is not known for sure.
    """
    box = make("a:gd", {"name": "adj", "fmla": "val 0"})
    shape = make("a:prstGeom", {"prst": "roundRect"}, [make("a:avLst", {}, [box])])
    width = {"w": str(min(round(weight * 4), 400) * 3175)}
    line = make("a:ln", width if edge else {}, [_solid(edge)])
    return make("xdr:spPr", {}, [shape, _solid(fill), line])


def _solid(color: str | None) -> Node:
    if color is None:
        return make("a:noFill")
    return make("a:solidFill", {}, [make("a:srgbClr", {"val": color})])


def _anchored(shape: Shape) -> str:
    said = shape.data.findtext("x:TextVAlign") if shape.data is not None else None
    return {"Center": "ctr", "Bottom": "b"}.get((said or "").strip(), "t")


def _signed(lines: list[Line], sign: str) -> list[Line]:
    """The lines of a caption with a sign before them, which is as large whatever they are."""
    first = lines[0] if lines else Line()
    sign = f"{sign} " if first.text else sign
    return [Line(first.align, [Run(sign, size=_SIGN), *first.runs]), *lines[1:]]


def _dropped(has_entry: bool) -> Line:
    return Line("left", [Run(), *_DROP.runs]) if has_entry else _DROP


def _body(lines: Sequence[Line], upright: str) -> Node | None:
    if not any(line.text.strip() for line in lines):
        return None
    sides = dict.fromkeys(("lIns", "tIns", "rIns", "bIns"), "0")
    body = make(
        "xdr:txBody", {}, [make("a:bodyPr", {"wrap": "square"} | sides | {"anchor": upright})]
    )
    body.append(make("a:lstStyle"))
    for line in lines:
        body.append(
            make(
                "a:p",
                {},
                [make("a:pPr", {"algn": _ALIGN[line.align]}), *map(_run, line.runs)],
            )
        )
    return body


def _run(run: Run) -> Node:
    looks = {"sz": str((run.size or _USUAL) * 5)}
    looks |= {"b": "1"} if run.bold else {}
    looks |= {"i": "1"} if run.italic else {}
    looks |= {"u": "sng"} if run.underlined else {}
    properties = make("a:rPr", looks, [_solid(run.color or "000000")])
    if run.face:
        properties.append(make("a:latin", {"typeface": run.face}))
    text = make("a:t")
    text.text = run.text
    return make("a:r", {}, [properties, text])
