"""This module is the neutral names of the guides in shapes of one's own (20.1.9.8)."""

from __future__ import annotations

import re
from typing import Final
from xml.etree.ElementTree import Element as Node

from safe_release.formats.drawingml.tree import child, keep
from safe_release.formats.drawingml.values import BUILT_IN
from safe_release.formats.values import is_true

_NUMBER: Final = re.compile(r"-?\d+", re.ASCII)
_ADJUSTMENT: Final = re.compile(r"-?\d{1,8}", re.ASCII)
"""A full turn is 21,600,000, and a shape is never bent by more than that of its size (100,000)."""
RIGID: Final = frozenset(
    """rect line lineInv ellipse rtTriangle diamond straightConnector1 bentConnector2
    curvedConnector2 heart lightningBolt cloud pieWedge dodecagon funnel irregularSeal1
    irregularSeal2 flowChartAlternateProcess flowChartCollate flowChartConnector flowChartDecision
    flowChartDelay flowChartDisplay flowChartDocument flowChartExtract flowChartInputOutput
    flowChartInternalStorage flowChartMagneticDisk flowChartMagneticDrum flowChartMagneticTape
    flowChartManualInput flowChartManualOperation flowChartMerge flowChartMultidocument
    flowChartOfflineStorage flowChartOffpageConnector flowChartOnlineStorage flowChartOr
    flowChartPredefinedProcess flowChartPreparation flowChartProcess flowChartPunchedCard
    flowChartPunchedTape flowChartSort flowChartSummingJunction flowChartTerminator""".split()
)
"""The preset shapes without adjustments (20.1.10.56)."""
_MAX_GUIDES: Final = 10_000
_USERS: Final = frozenset(("a:pt", "a:arcTo", "a:rect"))


def settle_adjustments(preset: Node) -> None:
    """Keep one plain number for each adjustment of a preset shape, and none where it has none."""
    for found in preset:
        if found.tag != "a:avLst":
            continue
        kept: dict[str, Node] = {}
        for guide in found if preset.get("prst") not in RIGID else ():
            operator, *numbers = guide.get("fmla", "").split() or [""]
            if guide.tag == "a:gd" and operator == "val" and len(numbers) == 1:
                if _ADJUSTMENT.fullmatch(numbers[0]):
                    kept.setdefault(guide.get("name", ""), guide)
        keep(found, kept.values())


def _drop_unpainted(geometry: Node) -> None:
    """Drop the paths of a free form that are neither filled nor drawn, if others are."""
    paths = child(geometry, "a:pathLst")
    if paths is None:
        return
    kept = [path for path in paths if path.get("fill") != "none" or _is_drawn(path)]
    if kept:
        keep(paths, kept)


def _is_drawn(path: Node) -> bool:
    return is_true(path.get("stroke", "1"))


def neutral_guides(geometry: Node) -> None:
    """Call the guides of an ``a:custGeom`` g1, g2 and so on, and drop those that draw nothing.

    A guide's name is free text, and what handles and connection sites refer to paints nothing.
    """
    _drop_unpainted(geometry)
    lists = [item for item in geometry if item.tag in ("a:avLst", "a:gdLst")]
    guides = [guide for found in lists for guide in found if guide.tag == "a:gd"][:_MAX_GUIDES]
    formulas: dict[str, list[str]] = {}
    for guide in guides:
        formulas.setdefault(guide.get("name", ""), guide.get("fmla", "").split())
    used = _reached(geometry, formulas)
    kept_names = [name for name in formulas if name in used]
    names = {name: f"g{number}" for number, name in enumerate(kept_names, 1)}
    seen: set[str] = set()
    for found in lists:
        kept = []
        for guide in found:
            name = guide.get("name", "")
            if guide.tag == "a:gd" and name in names and name not in seen:
                seen.add(name)
                terms = [names.get(term, term) for term in formulas[name][1:]]
                attributes = {"name": names[name], "fmla": " ".join((*formulas[name][:1], *terms))}
                kept.append(Node("a:gd", attributes))
        keep(found, kept)
    for node in geometry.iter():
        if node.tag in _USERS:
            for key, value in node.attrib.items():
                node.attrib[key] = names.get(value.strip(), value)


def _reached(geometry: Node, formulas: dict[str, list[str]]) -> set[str]:
    paths = child(geometry, "a:pathLst")
    areas = [node for node in (child(geometry, "a:rect"),) if node is not None]
    users = [*areas, *(paths.iter() if paths is not None else ())]
    waiting = [
        value.strip() for node in users if node.tag in _USERS for value in node.attrib.values()
    ]
    used: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in used and name in formulas and name not in BUILT_IN:
            used.add(name)
            waiting.extend(term for term in formulas[name][1:] if not _NUMBER.fullmatch(term))
    return used
