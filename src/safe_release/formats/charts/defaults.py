"""This module is what a chart means by leaving a boolean out, if the first version wrote it.

The standard's default is true; Office 2007 left out what was false. The copy does not say who wrote
it: what a chart of 2007 leaves out is spelled out, what others leave out stays out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from xml.etree.ElementTree import Element as Node

from safe_release.formats.charts.grammar import AXES, GROUPS
from safe_release.formats.charts.nodes import child, is_on, put

SHOWS: Final = (
    "c:showLegendKey", "c:showVal", "c:showCatName", "c:showSerName", "c:showPercent",
    "c:showBubbleSize",
)  # fmt: skip
_FLAGS: Final[Mapping[str, tuple[str, ...]]] = {
    "c:chartSpace": ("c:roundedCorners",),
    "c:chart": ("c:autoTitleDeleted", "c:showDLblsOverMax"),
    "c:title": ("c:overlay",),
    "c:legend": ("c:overlay",),
    "c:view3D": ("c:rAngAx",),
    "c:trendline": ("c:dispRSqr", "c:dispEq"),
    "c:errBars": ("c:noEndCap",),
    "c:dTable": ("c:showHorzBorder", "c:showVertBorder", "c:showOutline", "c:showKeys"),
    "c:catAx": ("c:auto", "c:noMultiLvlLbl"),
    "c:dateAx": ("c:auto",),
    **dict.fromkeys(GROUPS - {"c:stockChart", "c:surfaceChart", "c:surface3DChart"},
                    ("c:varyColors",)),
    "c:lineChart": ("c:varyColors", "c:marker"),
    "c:bubbleChart": ("c:varyColors", "c:showNegBubbles"),
    "c:surfaceChart": ("c:wireframe",),
    "c:surface3DChart": ("c:wireframe",),
}  # fmt: skip
_SERIES: Final[Mapping[str, tuple[str, ...]]] = {
    "c:barChart": ("c:invertIfNegative",),
    "c:bar3DChart": ("c:invertIfNegative",),
    "c:lineChart": ("c:smooth",),
    "c:scatterChart": ("c:smooth",),
    "c:stockChart": ("c:smooth",),
    "c:bubbleChart": ("c:invertIfNegative", "c:bubble3D"),
}
_WORDS: Final = {"c:majorTickMark": "out", "c:minorTickMark": "none"}


def spell_out(root: Node) -> None:
    """Write every boolean that a chart of Office 2007 leaves out."""
    for node in list(root.iter()):
        names = _FLAGS.get(node.tag, ())
        if node.tag in ("c:dLbls", "c:dLbl") and not is_on(node, "c:delete", absent=False):
            names = SHOWS
        for name in names:
            if child(node, name) is None:
                put(node, name, "0")
        if node.tag in _SERIES:
            for series in (each for each in node if each.tag == "c:ser"):
                for name in _SERIES[node.tag]:
                    if child(series, name) is None:
                        put(series, name, "0")
        if node.tag in AXES:
            _spell_axis(node)
        if node.tag == "c:chart" and child(node, "c:dispBlanksAs") is None:
            put(node, "c:dispBlanksAs", "gap")


def _spell_axis(node: Node) -> None:
    if child(node, "c:delete") is None:
        put(node, "c:delete", "0")
    for name, word in _WORDS.items():
        if child(node, name) is None:
            put(node, name, word)
