"""This module is the table of what a chart part may hold (ECMA-376-1 21.2), in schema order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from safe_release.formats.charts.kinds import (
    Percent,
    double,
    label_format,
    reference,
    separator,
    switch,
)
from safe_release.formats.drawingml.grammar import DRAWINGML, LINE_FILL, TEXT_BODY
from safe_release.formats.gate import Grammar, Row
from safe_release.formats.values import Count, Decimal, ValueType, keyword, visible_text

_GROUPS: Final = {
    "bar": "barDir grouping varyColors ser* dLbls gapWidth overlap serLines* axId*",
    "bar3D": "barDir grouping varyColors ser* dLbls gapWidth gapDepth shape axId*",
    "line": "grouping varyColors ser* dLbls dropLines hiLowLines upDownBars marker smooth axId*",
    "line3D": "grouping varyColors ser* dLbls dropLines gapDepth axId*",
    "pie": "varyColors ser* dLbls firstSliceAng",
    "pie3D": "varyColors ser* dLbls",
    "doughnut": "varyColors ser* dLbls firstSliceAng holeSize",
    "ofPie": "ofPieType varyColors ser* dLbls gapWidth splitType splitPos custSplit secondPieSize"
    " serLines*",
    "area": "grouping varyColors ser* dLbls dropLines axId*",
    "area3D": "grouping varyColors ser* dLbls dropLines gapDepth axId*",
    "scatter": "scatterStyle varyColors ser* dLbls axId*",
    "bubble": "varyColors ser* dLbls bubble3D bubbleScale showNegBubbles sizeRepresents axId*",
    "radar": "radarStyle varyColors ser* dLbls axId*",
    "stock": "ser* dLbls dropLines hiLowLines upDownBars axId*",
    "surface": "wireframe ser* bandFmts axId*",
    "surface3D": "wireframe ser* bandFmts axId*",
}
GROUPS: Final = frozenset(f"c:{name}Chart" for name in _GROUPS)
"""The elements of ``plotArea`` that hold series (21.2.2)."""
AXES: Final = frozenset(("c:valAx", "c:catAx", "c:dateAx", "c:serAx"))
_AXIS: Final = (
    "axId scaling delete axPos majorGridlines minorGridlines title numFmt majorTickMark"
    " minorTickMark tickLblPos spPr txPr crossAx crosses crossesAt"
)
_SHOWS: Final = "showLegendKey showVal showCatName showSerName showPercent showBubbleSize"
_HOLDS: Final = {
    **{f"{name}Chart": holds for name, holds in _GROUPS.items()},
    "chartSpace": "date1904 roundedCorners style chart spPr txPr",
    "chart": "title autoTitleDeleted view3D floor sideWall backWall plotArea legend plotVisOnly"
    " dispBlanksAs showDLblsOverMax",
    "title": "tx layout overlay spPr txPr",
    "tx": "strRef rich v",
    "layout": "manualLayout",
    "manualLayout": "layoutTarget xMode yMode wMode hMode x y w h",
    "view3D": "rotX hPercent rotY depthPercent rAngAx perspective",
    "floor": "thickness spPr",
    "sideWall": "thickness spPr",
    "backWall": "thickness spPr",
    "plotArea": "layout dTable spPr",
    "ser": "idx order tx spPr invertIfNegative marker explosion dPt* dLbls trendline* errBars* cat"
    " val xVal yVal bubbleSize bubble3D smooth shape",
    "marker": "symbol size spPr",
    "dPt": "idx invertIfNegative marker bubble3D explosion spPr",
    "dLbls": f"dLbl* delete numFmt spPr txPr dLblPos {_SHOWS} separator showLeaderLines"
    " leaderLines",
    "dLbl": f"idx delete layout tx numFmt spPr txPr dLblPos {_SHOWS} separator",
    "trendline": "name spPr trendlineType order period forward backward intercept dispRSqr dispEq"
    " trendlineLbl",
    "trendlineLbl": "layout tx numFmt spPr txPr",
    "errBars": "errDir errBarType errValType noEndCap plus minus val spPr",
    "cat": "multiLvlStrRef numRef numLit strRef strLit",
    "xVal": "multiLvlStrRef numRef numLit strRef strLit",
    "yVal": "numRef numLit",
    "bubbleSize": "numRef numLit",
    "plus": "numRef numLit",
    "minus": "numRef numLit",
    "strRef": "f strCache",
    "numRef": "f numCache",
    "multiLvlStrRef": "f multiLvlStrCache",
    "multiLvlStrCache": "ptCount lvl*",
    "lvl": "pt*",
    "strCache": "ptCount pt*",
    "strLit": "ptCount pt*",
    "numCache": "formatCode ptCount pt*",
    "numLit": "formatCode ptCount pt*",
    "pt": "v",
    "upDownBars": "gapWidth upBars downBars",
    "bandFmts": "bandFmt*",
    "bandFmt": "idx spPr",
    "custSplit": "secondPiePt*",
    "dTable": "showHorzBorder showVertBorder showOutline showKeys spPr txPr",
    "legend": "legendPos legendEntry* layout overlay spPr txPr",
    "legendEntry": "idx delete txPr",
    "valAx": f"{_AXIS} crossBetween majorUnit minorUnit dispUnits",
    "catAx": f"{_AXIS} auto lblAlgn lblOffset tickLblSkip tickMarkSkip noMultiLvlLbl",
    "dateAx": f"{_AXIS} auto lblOffset baseTimeUnit majorUnit majorTimeUnit minorUnit"
    " minorTimeUnit",
    "serAx": f"{_AXIS} tickLblSkip tickMarkSkip",
    "scaling": "logBase orientation max min",
    "dispUnits": "custUnit builtInUnit dispUnitsLbl",
    "dispUnitsLbl": "layout tx spPr txPr",
    **dict.fromkeys(
        ("majorGridlines", "minorGridlines", "dropLines", "hiLowLines", "serLines", "leaderLines",
         "upBars", "downBars"),
        "spPr",
    ),
}  # fmt: skip
_SWITCHES: Final = (
    "date1904 roundedCorners autoTitleDeleted overlay plotVisOnly showDLblsOverMax rAngAx"
    " varyColors invertIfNegative smooth delete showLeaderLines dispRSqr dispEq noEndCap bubble3D"
    f" showNegBubbles wireframe showHorzBorder showVertBorder showOutline showKeys auto"
    f" noMultiLvlLbl {_SHOWS}"
)
_POINTS: Final = Count(0, 1_048_575)
_PLACES: Final = Count(0, 9_999_999_999)
_UNITS: Final = keyword("days", "months", "years")
_TICKS: Final = keyword("cross", "in", "none", "out")
_MODE: Final = keyword("edge", "factor")
_PLACE: Final = Decimal(-10, 10, 10_000)
_SKIP: Final = Count(1, 65_535)
_VALUES: Final[dict[str, ValueType]] = {
    **dict.fromkeys(_SWITCHES.split(), switch),
    **dict.fromkeys(("idx", "secondPiePt"), _POINTS),
    "order": _POINTS,
    "ptCount": _PLACES,
    **dict.fromkeys(
        "logBase max min crossesAt majorUnit minorUnit custUnit forward backward intercept"
        " splitPos".split(),
        double,
    ),
    "style": Count(1, 48),
    "layoutTarget": keyword("inner", "outer"),
    **dict.fromkeys(("xMode", "yMode", "wMode", "hMode"), _MODE),
    **dict.fromkeys("xywh", _PLACE),
    "rotX": Count(-90, 90),
    "hPercent": Percent(5, 500),
    "rotY": Count(0, 360),
    "depthPercent": Percent(20, 2000),
    "perspective": Count(0, 240),
    "thickness": Percent(0, 1000),
    "barDir": keyword("bar", "col"),
    "grouping": keyword("percentStacked", "clustered", "standard", "stacked"),
    "gapWidth": Percent(0, 500),
    "gapDepth": Percent(0, 500),
    "overlap": Percent(-100, 100),
    "shape": keyword("cone", "coneToMax", "box", "cylinder", "pyramid", "pyramidToMax"),
    "firstSliceAng": Count(0, 360),
    "holeSize": Percent(1, 90),
    "ofPieType": keyword("pie", "bar"),
    "splitType": keyword("auto", "cust", "percent", "pos", "val"),
    "secondPieSize": Percent(5, 200),
    "scatterStyle": keyword("none", "line", "lineMarker", "marker", "smooth", "smoothMarker"),
    "bubbleScale": Percent(0, 300),
    "sizeRepresents": keyword("area", "w"),
    "radarStyle": keyword("standard", "marker", "filled"),
    "explosion": Count(0, 400),
    "symbol": keyword(
        "circle", "dash", "diamond", "dot", "none", "plus", "square", "star", "triangle", "x",
        "auto",
    ),
    "size": Count(2, 72),
    "dLblPos": keyword("bestFit", "b", "ctr", "inBase", "inEnd", "l", "outEnd", "r", "t"),
    "trendlineType": keyword("exp", "linear", "log", "movingAvg", "poly", "power"),
    "period": Count(2, 255),
    "errDir": keyword("x", "y"),
    "errBarType": keyword("both", "minus", "plus"),
    "errValType": keyword("cust", "fixedVal", "percentage", "stdDev", "stdErr"),
    "orientation": keyword("maxMin", "minMax"),
    "axPos": keyword("b", "l", "r", "t"),
    "axId": Count(1, 255),
    "crossAx": Count(1, 255),
    "majorTickMark": _TICKS,
    "minorTickMark": _TICKS,
    "tickLblPos": keyword("high", "low", "nextTo", "none"),
    "crosses": keyword("autoZero", "max", "min"),
    "crossBetween": keyword("between", "midCat"),
    "lblAlgn": keyword("ctr", "l", "r"),
    "lblOffset": Percent(0, 1000),
    "tickLblSkip": _SKIP,
    "tickMarkSkip": _SKIP,
    "baseTimeUnit": _UNITS,
    "majorTimeUnit": _UNITS,
    "minorTimeUnit": _UNITS,
    "builtInUnit": keyword(
        "hundreds", "thousands", "tenThousands", "hundredThousands", "millions", "tenMillions",
        "hundredMillions", "billions", "trillions",
    ),
    "legendPos": keyword("b", "tr", "l", "r", "t"),
    "dispBlanksAs": keyword("span", "gap", "zero"),
}  # fmt: skip
_DEFAULTED: Final = frozenset(
    """layoutTarget xMode yMode wMode hMode barDir grouping shape ofPieType splitType scatterStyle
    sizeRepresents radarStyle trendlineType errBarType errValType orientation majorTickMark
    minorTickMark tickLblPos dispBlanksAs legendPos gapWidth gapDepth overlap holeSize bubbleScale
    secondPieSize hPercent depthPercent rotX rotY perspective firstSliceAng size lblOffset
    builtInUnit period style""".split()
) | frozenset(_SWITCHES.split())
"""Elements whose value has a default: without it they still say something."""
_TEXTS: Final[dict[str, ValueType]] = {
    "f": reference,
    "v": visible_text,
    "formatCode": label_format,
    "separator": separator,
    "name": visible_text,
}


_SHAPE: Final = Row((LINE_FILL, "a:ln", "a:effectLst", "a:scene3d", "a:sp3d"), empty=False)
"""Fill, line and effects (20.1.2.2.35); place and geometry are not the chart's."""
_NEEDS_RELATIONSHIPS: Final = ("a:blip", "a:blipFill", "a:hlinkClick")


def _rows() -> Iterable[tuple[str, Row]]:
    for name, holds in _HOLDS.items():
        yield f"c:{name}", Row(tuple(f"c:{child}" for child in holds.split()))
    for name, type_ in _VALUES.items():
        needs = () if name in _DEFAULTED else ("val",)
        holds_ = tuple(f"c:{child}" for child in _HOLDS.get(name, "").split())
        yield f"c:{name}", Row(holds_, {"val": type_}, needs=needs)
    for name, text in _TEXTS.items():
        yield f"c:{name}", Row(text=text)
    markers = _HOLDS["marker"].split()
    yield "c:marker", Row(tuple(f"c:{child}" for child in markers), {"val": switch})
    yield "c:val", Row(("c:numRef", "c:numLit"), {"val": double})
    yield "c:pt", Row(("c:v",), {"idx": _PLACES}, needs=("idx",))
    yield (
        "c:numFmt",
        Row((), {"formatCode": label_format, "sourceLinked": switch}, needs=("formatCode",)),
    )
    yield "c:spPr", _SHAPE
    yield "c:rich", TEXT_BODY
    yield "c:txPr", TEXT_BODY


CHART: Final[Grammar] = {
    **{name: row for name, row in DRAWINGML.items() if name not in _NEEDS_RELATIONSHIPS},
    **dict(_rows()),
}
"""Elements of a chart part."""
