"""This module is the labels of points whose text comes from elsewhere (MS-ODRAWXML 2.24.3)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final
from xml.etree.ElementTree import Element as Node

from safe_release.formats.charts.data import Data
from safe_release.formats.charts.defaults import SHOWS
from safe_release.formats.charts.nodes import child, children, is_on, points, put, value
from safe_release.formats.values import is_true

_BREAK: Final = ", "
_MOST_LABELS: Final = 5000
_SERIES_ONLY: Final = frozenset(
    ("c:dLbl", "c:extLst", "c:delete", "c:showLeaderLines", "c:leaderLines")
)


def bake_labels(groups: list[Node]) -> None:
    """Make labels that show cells into labels that show these texts."""
    for group in groups:
        for series in children(group, "c:ser"):
            texts = _range_texts(series)
            labels = child(series, "c:dLbls")
            if labels is None:
                continue
            for label in children(labels, "c:dLbl"):
                _bake_range(label, texts)
            if _shows_range(labels):
                _add(labels, texts)


def _range_texts(series: Node) -> Mapping[int, str]:
    for extension in series.iter("c15:dlblRangeCache"):
        return dict(points(extension))
    return {}


def _shows_range(node: Node) -> bool:
    found = child(node, "c:extLst")
    return found is not None and any(
        is_true(each.get("val", "1")) for each in found.iter("c15:showDataLabelsRange")
    )


def _bake_range(label: Node, texts: Mapping[int, str]) -> None:
    """Put the text of its cell where a label has a field for it (``a:fld``, 21.1.2.2.4)."""
    own = texts.get(_index(label), "") if _shows_range(label) else ""
    for field in list(label.iter("a:fld")):
        if field.get("type") == "CELLRANGE":
            text = child(field, "a:t")
            if text is not None:
                text.text = own
            field.set("type", "")
    if own and child(label, "c:tx") is None:
        _write(label, own)


def _add(labels: Node, texts: Mapping[int, str]) -> None:
    """A label for every point that has none of its own."""
    present = {_index(label) for label in children(labels, "c:dLbl")}
    common = [each for each in labels if each.tag not in _SERIES_ONLY]
    for index in sorted(set(texts) - present)[:_MOST_LABELS]:
        label = put(labels, "c:dLbl")
        put(label, "c:idx", str(index))
        label.extend(common)
        _write(label, texts[index])


def _write(label: Node, text: str) -> None:
    """A text of its own, followed by what the label shows besides."""
    rich = put(put(label, "c:tx"), "c:rich")
    put(rich, "a:bodyPr")
    paragraph = put(rich, "a:p")
    parts = [text]
    separator = child(label, "c:separator")
    between = (separator.text if separator is not None else None) or _BREAK
    for flag, kind in (
        ("c:showSerName", "SERIESNAME"),
        ("c:showCatName", "CATEGORYNAME"),
        ("c:showVal", "VALUE"),
        ("c:showPercent", "PERCENTAGE"),
        ("c:showBubbleSize", "BUBBLESIZE"),
    ):
        if is_on(label, flag, absent=False):
            parts.append(kind)
    for number, part in enumerate(parts):
        if number:
            put(put(paragraph, "a:r"), "a:t").text = between
        run = put(paragraph, "a:fld" if number else "a:r")
        if number:
            run.set("type", part)
        put(run, "a:t").text = part
    if not any(is_on(label, flag, absent=False) for flag in SHOWS):
        # A label that shows nothing is not painted, whatever its text.
        for each in children(label, "c:showVal"):
            label.remove(each)
        put(label, "c:showVal", "1")


def bake_fields(series: Node, data: Data) -> None:
    """Make runs of the fields in labels, with what they show of the rebuilt series."""
    labels = child(series, "c:dLbls")
    for label in children(labels, "c:dLbl") if labels is not None else ():
        for paragraph in list(label.iter("a:p")):
            for field in children(paragraph, "a:fld"):
                text = _shown(field.get("type", ""), series, _index(label), label, labels, data)
                field.tag = "a:r"
                field.attrib.clear()
                content = child(field, "a:t")
                if content is not None and text is not None:
                    content.text = text


def _shown(
    kind: str, series: Node, index: int, label: Node, labels: Node | None, data: Data
) -> str | None:
    match kind:
        case "":
            return None
        case "SERIESNAME":
            return next((text for _, text in _points_of(series, "c:tx")), "") or _own(series)
        case "CATEGORYNAME" | "XVALUE":
            for role in ("c:cat", "c:xVal"):
                found = dict(_points_of(series, role))
                if index in found:
                    return _number(series, role, found[index], None, labels, data)
            return str(index + 1)
        case "VALUE" | "YVALUE" | "PERCENTAGE" | "BUBBLESIZE":
            role = "c:bubbleSize" if kind == "BUBBLESIZE" else (
                "c:val" if child(series, "c:val") is not None else "c:yVal"
            )  # fmt: skip
            found = dict(_points_of(series, role))
            if index not in found:
                return ""
            if kind == "PERCENTAGE":
                total = sum(abs(Decimal(text)) for text in found.values())
                share = abs(Decimal(found[index])) / total if total else Decimal(0)
                return data.number_text(f"{share:.6f}", "0%")
            return _number(series, role, found[index], label, labels, data)
    return ""


def _own(series: Node) -> str:
    text = child(series, "c:tx", "c:v")
    return (text.text or "") if text is not None else ""


def _points_of(series: Node, role: str) -> list[tuple[int, str]]:
    for node in child(series, role) or ():
        if node.tag in ("c:numLit", "c:strLit"):
            return list(points(node))
        for cache in children(node, "c:numCache", "c:strCache"):
            return list(points(cache))
        levels = child(node, "c:multiLvlStrCache", "c:lvl")
        return list(points(levels))
    return []


def _number(
    series: Node, role: str, text: str, label: Node | None, labels: Node | None, data: Data
) -> str:
    node = child(series, role)
    code = ""
    for each in node if node is not None else ():
        if each.tag in ("c:strRef", "c:strLit", "c:multiLvlStrRef"):
            return text
        found = child(each, "c:formatCode")
        found = child(each, "c:numCache", "c:formatCode") if found is None else found
        code = (found.text or "") if found is not None else ""
    for holder in (label, labels) if label is not None else ():
        own = child(holder, "c:numFmt")
        if own is not None and own.get("sourceLinked", "0") in ("0", "false"):
            code = own.get("formatCode", "")
            break
    return data.number_text(text, code or "General")


def _index(label: Node) -> int:
    text = (value(label, "c:idx") or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else -1
