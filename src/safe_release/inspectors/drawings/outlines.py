"""Numbers in the outlines of shapes (20.1.9) that bend nothing and draw nothing."""

from __future__ import annotations

import re

from safe_release.inspectors.drawings.shown import all_below, below, one
from safe_release.inspectors.raw_xml import Node
from safe_release.inspectors.texts import is_true

_PLAIN = re.compile(r" *val +-?[0-9]{1,8} *")
_STIFF = re.compile(
    r"rect|line|lineInv|ellipse|rtTriangle|diamond|dodecagon|heart|cloud|funnel|pieWedge|"
    r"lightningBolt|irregularSeal[12]|straightConnector1|(?:bent|curved)Connector2|flowChart[A-Z].*"
)
"""Shapes that have nothing to be bent by."""


def idle_numbers(properties: Node | None) -> int:
    """How many adjustments bend nothing, and paths are neither filled nor drawn."""
    shape = one(properties, "a:prstGeom")
    count = 0
    if shape is not None:
        seen = set()
        bends = _STIFF.fullmatch(shape.get("prst").strip()) is None
        for guide in all_below(shape):
            if guide.name == "a:gd":
                is_plain = _PLAIN.fullmatch(guide.get("fmla")) is not None
                count += not (bends and is_plain) or guide.get("name") in seen
                seen.add(guide.get("name"))
    paths = one(properties, "a:custGeom", "a:pathLst")
    outlines = list(below(paths)) if paths is not None else []
    unseen = [
        path
        for path in outlines
        if path.get("fill") == "none" and not is_true(path.get("stroke", "1").strip())
    ]
    return count + (len(unseen) if len(unseen) < len(outlines) else 0)


def idle_lines(root: Node | None) -> int:
    """How many lines that are not painted have a width, dashes or ends all the same."""
    lines = [item for item in all_below(root) if item.name == "a:ln"] if root is not None else []
    return sum(
        "a:noFill" in (names := [item.name for item in below(line)])
        and (len(names) > 1 or bool(line.attributes))
        for line in lines
    )
