"""This module is the words of a chart that nothing paints: labels taken off, names of no legend.

What is dropped here is dropped before anything is drawn from it; runs that cannot be seen are
dropped at the end, when fields have become runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.etree.ElementTree import Element as Node

from safe_release.formats.charts.defaults import SHOWS
from safe_release.formats.charts.grammar import AXES
from safe_release.formats.charts.nodes import child, children, is_on, only, put, value
from safe_release.formats.drawingml.colors import Palette
from safe_release.formats.drawingml.paint import drop_idle_lines
from safe_release.formats.drawingml.texts import settle_texts
from safe_release.formats.drawingml.tree import keep
from safe_release.formats.values import whole

_FILLS: Final = (
    "a:noFill", "a:solidFill", "a:gradFill", "a:blipFill", "a:pattFill", "a:grpFill",
)  # fmt: skip
_LIGHT_STYLES: Final = 40
"""The styles of 21.2.2.227 up to this one have dark texts on a light ground."""
_ENDS: Final = ("c:plus", "c:minus")


def drop_taken_off(groups: Sequence[Node]) -> None:
    """Labels that were deleted keep nothing but that; of two for one point the first counts."""
    for group in groups:
        for holder in (group, *children(group, "c:ser")):
            for labels in children(holder, "c:dLbls"):
                if is_on(labels, "c:delete", absent=False):
                    keep(labels, [])
                    put(labels, "c:delete", "1")
                    continue
                _drop_repeated(labels)
                for label in children(labels, "c:dLbl"):
                    if is_on(label, "c:delete", absent=False):
                        keep(label, children(label, "c:idx")[:1])
                        put(label, "c:delete", "1")


def _drop_repeated(labels: Node) -> None:
    seen = set()
    for label in children(labels, "c:dLbl"):
        index = whole(value(label, "c:idx"), -1)
        if index in seen:
            labels.remove(label)
        seen.add(index)


def drop_unnamed(chart: Node, groups: Sequence[Node], *, absent: bool) -> None:
    """Names of trendlines that no legend has, their labels that say nothing, idle error bars.

    In a legend the trendlines follow all series.
    """
    legend = child(chart, "c:legend")
    struck = {
        whole(value(entry, "c:idx"), -1)
        for entry in (children(legend, "c:legendEntry") if legend is not None else ())
        if is_on(entry, "c:delete", absent=False)
    }
    position = sum(len(children(group, "c:ser")) for group in groups)
    for group in groups:
        for series in children(group, "c:ser"):
            for trend in children(series, "c:trendline"):
                if legend is None or position in struck:
                    only(trend, "c:name", None)
                position += 1
                if not any(is_on(trend, f"c:disp{what}", absent=absent) for what in ("Eq", "RSqr")):
                    only(trend, "c:trendlineLbl", None)
            for bars in children(series, "c:errBars"):
                kind = value(bars, "c:errValType")
                for name in _ENDS if kind != "cust" else ():
                    only(bars, name, None)
                if kind in ("cust", "stdErr"):
                    only(bars, "c:val", None)


def drop_looks(area: Node, chart: Node, groups: Sequence[Node], *, absent: bool) -> None:
    """Typefaces and number formats of texts that are not painted.

    These are the numbers along an axis without any, labels that show nothing, deleted entries.
    """
    legend = child(chart, "c:legend")
    for entry in children(legend, "c:legendEntry") if legend is not None else ():
        if is_on(entry, "c:delete", absent=False):
            only(entry, "c:txPr", None)
    for axis in children(area, *AXES):
        if is_on(axis, "c:delete", absent=absent) or value(axis, "c:tickLblPos") == "none":
            _drop_look(axis)
    for group in groups:
        for holder in (group, *children(group, "c:ser")):
            for labels in children(holder, "c:dLbls"):
                each = [*children(labels, "c:dLbl"), labels]
                shown = [any(is_on(item, name, absent=absent) for name in SHOWS) for item in each]
                for item, is_shown in zip(each, shown, strict=True):
                    if not is_shown and (item is not labels or not any(shown)):
                        _drop_look(item)


def drop_unlinked(root: Node) -> None:
    """Formats that give way to those of the cells (``sourceLinked``) and are not theirs."""
    codes = {node.text for node in root.iter() if node.tag == "c:formatCode"}
    for node in root.iter():
        linked = node.get("sourceLinked", "0").strip() if node.tag == "c:numFmt" else "0"
        if linked in ("1", "true") and node.get("formatCode") not in codes:
            node.attrib["formatCode"] = "General"


def _drop_look(node: Node) -> None:
    for name in ("c:txPr", "c:numFmt"):
        only(node, name, None)


def drop_beyond(groups: Sequence[Node]) -> None:
    """Labels and looks of points that a series does not have."""
    for group in groups:
        for series in children(group, "c:ser"):
            count = _count(series)
            if count < 0:
                continue
            count += group.tag == "c:ofPieChart"  # what the second pie stands for is one more
            for holder in (series, *children(series, "c:dLbls")):
                for point in children(holder, "c:dLbl", "c:dPt"):
                    if whole(value(point, "c:idx"), -1) >= count:
                        holder.remove(point)


def _count(series: Node) -> int:
    """The points of a rebuilt series; -1 where it does not say."""
    for role in ("c:val", "c:yVal"):
        for path in (("c:numLit",), ("c:numRef", "c:numCache")):
            found = value(child(series, role), *path, "c:ptCount")
            if found is not None:
                return whole(found)
    return -1


def drop_unseen(root: Node, palette: Palette) -> None:
    """Runs that cannot be seen, and texts where only their look is asked for (``c:txPr``)."""
    drop_idle_lines(root)
    style = child(root, "c:style")
    is_light = style is None or 1 <= whole(style.get("val", "2")) <= _LIGHT_STYLES
    paper = Node("a:solidFill")
    paper.append(Node("a:schemeClr", {"val": "bg1"}))
    own = child(root, "c:spPr")
    ground = paper if own is None else _fill(own)
    for holder in root.iter():
        for text in children(holder, "c:tx"):
            rich = child(text, "c:rich")
            if rich is None:
                continue
            under = _fill(child(holder, "c:spPr"))
            if under is None and holder.tag in ("c:title", "c:dispUnitsLbl"):
                under = ground
            settle_texts(rich, under if is_light else None, None, palette, inherits=True)
        for look in children(holder, "c:txPr"):
            for paragraph in children(look, "a:p"):
                keep(paragraph, children(paragraph, "a:pPr", "a:endParaRPr"))


def _fill(properties: Node | None) -> Node | None:
    found = children(properties, *_FILLS)[:1] if properties is not None else []
    return found[0] if found else None
