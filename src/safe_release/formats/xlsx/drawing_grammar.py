"""This module is everything that may stand in the drawing of a sheet (ECMA-376-1 20.5)."""

from __future__ import annotations

from typing import Final

from safe_release.formats.drawingml.grammar import (
    DRAWINGML,
    GROUP_PROPERTIES,
    NO_MACRO,
    NON_VISUAL,
    PICTURE_FILL,
    SHAPE_PROPERTIES,
    STYLE,
    TEXT_BODY,
)
from safe_release.formats.drawingml.values import LENGTH
from safe_release.formats.gate import Grammar, Row
from safe_release.formats.values import Count, Flag, keyword, visible_text

OBJECTS: Final = ("xdr:sp", "xdr:grpSp", "xdr:graphicFrame", "xdr:cxnSp", "xdr:pic")
_OBJECT: Final = "|".join(OBJECTS)
_MARKER: Final = Row(("xdr:col", "xdr:colOff", "xdr:row", "xdr:rowOff"))
CHART_URI: Final = "http://schemas.openxmlformats.org/drawingml/2006/chart"

DRAWING: Final[Grammar] = {
    **DRAWINGML,
    "xdr:twoCellAnchor": Row(
        ("xdr:from", "xdr:to", _OBJECT, "xdr:clientData"),
        {"editAs": keyword("twoCell", "oneCell", "absolute")},
    ),
    "xdr:oneCellAnchor": Row(("xdr:from", "xdr:ext", _OBJECT, "xdr:clientData")),
    "xdr:absoluteAnchor": Row(("xdr:pos", "xdr:ext", _OBJECT, "xdr:clientData")),
    "xdr:from": _MARKER,
    "xdr:to": _MARKER,
    "xdr:col": Row(text=Count(0, 16_384)),
    "xdr:row": Row(text=Count(0, 1_048_576)),
    "xdr:colOff": Row(text=LENGTH),
    "xdr:rowOff": Row(text=LENGTH),
    "xdr:pos": Row((), {"x": LENGTH, "y": LENGTH}, needs=("x", "y")),
    "xdr:ext": Row((), {"cx": LENGTH, "cy": LENGTH}, needs=("cx", "cy")),
    "xdr:clientData": Row(),
    "xdr:sp": Row(
        ("xdr:nvSpPr", "xdr:spPr", "xdr:style", "xdr:txBody"),
        {"macro": NO_MACRO, "textlink": NO_MACRO},
    ),
    "xdr:nvSpPr": Row(("xdr:cNvPr", "xdr:cNvSpPr")),
    "xdr:cNvSpPr": Row((), {"txBox": Flag()}),
    "xdr:cxnSp": Row(("xdr:nvCxnSpPr", "xdr:spPr", "xdr:style"), {"macro": NO_MACRO}),
    "xdr:nvCxnSpPr": Row(("xdr:cNvPr", "xdr:cNvCxnSpPr")),
    "xdr:cNvCxnSpPr": Row(),
    "xdr:pic": Row(("xdr:nvPicPr", "xdr:blipFill", "xdr:spPr", "xdr:style"), {"macro": NO_MACRO}),
    "xdr:nvPicPr": Row(("xdr:cNvPr", "xdr:cNvPicPr")),
    "xdr:cNvPicPr": Row(("a:picLocks",)),
    "xdr:blipFill": PICTURE_FILL,
    "xdr:grpSp": Row(("xdr:nvGrpSpPr", "xdr:grpSpPr", _OBJECT + "*")),
    "xdr:nvGrpSpPr": Row(("xdr:cNvPr", "xdr:cNvGrpSpPr")),
    "xdr:cNvGrpSpPr": Row(),
    "xdr:grpSpPr": GROUP_PROPERTIES,
    "xdr:graphicFrame": Row(("xdr:nvGraphicFramePr", "xdr:xfrm", "a:graphic"), {"macro": NO_MACRO}),
    "xdr:nvGraphicFramePr": Row(("xdr:cNvPr", "xdr:cNvGraphicFramePr")),
    "xdr:cNvGraphicFramePr": Row(),
    "xdr:xfrm": Row(("a:off", "a:ext")),
    "a:graphic": Row(("a:graphicData",)),
    "a:graphicData": Row(("c:chart",), {"uri": keyword(CHART_URI)}),
    "c:chart": Row((), {"r:id": visible_text}, needs=("r:id",)),
    "xdr:cNvPr": NON_VISUAL,
    "xdr:spPr": SHAPE_PROPERTIES,
    "xdr:style": STYLE,
    "xdr:txBody": TEXT_BODY,
}
