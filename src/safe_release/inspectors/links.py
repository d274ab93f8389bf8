"""Which hyperlinks a copy keeps, and where those inside it point (ECMA-376-1 18.3.1.47)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from safe_release.inspectors.grid import cell_reference
from safe_release.inspectors.package import Relationship
from safe_release.inspectors.sheet_facts import Link

_WEB = re.compile(
    r"(?:https?://[^/?#@:][^/?#@]*(?:[/?#].*)?|mailto:[^?#@]*@[^?#]*)", re.IGNORECASE | re.ASCII
)
_PLAIN = re.compile(r"[^\s\x00-\x1f\"<>\\]+", re.ASCII)
_MAIL = re.compile(r"mailto:[^?#]*", re.IGNORECASE | re.ASCII)
_INSIDE = re.compile(
    r"#?(?:(?:'((?:[^']|'')+)'|([^'!]+))!)?(\$?[A-Z]{1,3}\$?[0-9]+)(?::\$?[A-Z]{1,3}\$?[0-9]+)?"
)
_LONGEST = 2_079
"""Characters of a link that the common programs follow."""

Resolver = Callable[[str, int, int], tuple[str, int, int] | None]
"""From sheet name, row and column of a source to those of its copy."""


class LinkReading(NamedTuple):
    """What a link says: its target, or ``None``, and whether more than that is written."""

    target: str | None
    loses: bool


GONE = LinkReading(None, loses=True)


def link_reading(
    link: Link,
    relationships: Mapping[str, Relationship],
    own_sheet: str,
    resolve: Resolver,
    keeps: bool,
) -> LinkReading:
    """What a link says in a reading; nothing where the policy does not keep it.

    A link inside the workbook is known by its sheet and the first cell it names.
    """
    if not keeps:
        return GONE
    if link.relationship:
        row = relationships.get(link.relationship)
        if row is None or not row.external or row.kind != "hyperlink":
            return GONE
        return _web_reading(row.target.strip(), link.location)
    hit = _INSIDE.fullmatch(link.location)
    place = cell_reference(hit[3]) if hit is not None else None
    if hit is None or place is None:
        return GONE
    name = (hit[1] or "").replace("''", "'") or hit[2] or own_sheet
    found = resolve(name, *place)
    return GONE if found is None else LinkReading(f"#{found[0]}!{found[1]},{found[2]}", False)


def _web_reading(address: str, location: str) -> LinkReading:
    """A web link: a location is the fragment of the address; mail keeps its addresses alone."""
    target = address
    if location:
        target = f"{address.partition('#')[0]}#{location.removeprefix('#')}"
    mail = _MAIL.match(target)
    kept = mail[0] if mail is not None else target
    if len(kept) > _LONGEST or not _PLAIN.fullmatch(kept) or not _WEB.fullmatch(kept):
        return GONE
    return LinkReading(kept, loses=kept != target)
