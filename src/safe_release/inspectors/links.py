"""Which hyperlinks a copy keeps, and where those inside it point (ECMA-376-1 18.3.1.47)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from safe_release.inspectors.grid import cell_reference
from safe_release.inspectors.package import Relationship
from safe_release.inspectors.sheet import Link

_WEB = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x1f\"<>\\]+", re.IGNORECASE | re.ASCII)
_INSIDE = re.compile(r"#?(?:(?:'((?:[^']|'')+)'|([^'!]+))!)?(\$?[A-Za-z]{1,3}\$?[0-9]+)(?::.*)?")

Resolver = Callable[[str, int, int], tuple[str, int, int] | None]
"""From sheet name, row and column of a source to those of its copy."""


def link_reading(
    link: Link,
    relationships: Mapping[str, Relationship],
    own_sheet: str,
    resolve: Resolver,
    web: bool,
    inside: bool,
) -> str | None:
    """What a link says in a reading, or ``None`` where the policy does not keep it.

    A fragment counts the same in the target and in ``location``. A link inside the workbook is
    known by its sheet and the first cell it names.
    """
    if link.relationship:
        row = relationships.get(link.relationship)
        if row is None or not row.external or row.kind != "hyperlink" or not web:
            return None
        target = row.target.strip()
        if link.location:
            target = f"{target}#{link.location}"
        return target if _WEB.fullmatch(target) else None
    hit = _INSIDE.fullmatch(link.location)
    if hit is None or not inside:
        return None
    place = cell_reference(hit[3])
    if place is None:
        return None
    name = (hit[1] or "").replace("''", "'") or hit[2] or own_sheet
    found = resolve(name, *place)
    return None if found is None else f"#{found[0]}!{found[1]},{found[2]}"
