"""Which hyperlinks a copy keeps, and where those inside it point (ECMA-376-1 18.3.1.47)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from encodings.idna import ToASCII
from typing import NamedTuple

from safe_release.inspectors.grid import area_reference
from safe_release.inspectors.package import Relationship
from safe_release.inspectors.sheet_facts import Area, Link

_WEB = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[^\]/?#]*\]|[^/?#:]*)(?P<port>:[0-9]{0,5})?"
    r"(?P<path>[/?][^#]*)?(?P<fragment>#.*)?",
    re.IGNORECASE | re.ASCII,
)
_PLAIN = re.compile(r"[^\s\x00-\x1f\x7f-\x9f\"<>\\]+", re.ASCII)
_MAIL = re.compile(r"mailto:([^?#]*@[^?#]*)", re.IGNORECASE | re.ASCII)
_HOST = re.compile(r"(?!-|\.)[A-Z0-9._-]{1,255}|\[[0-9A-F:.]{1,253}\]", re.IGNORECASE | re.ASCII)
_DOTS = re.compile("[.\u3002\uff0e\uff61]")
_UNSAFE = re.compile(r"%(?![0-9A-Fa-f]{2})|[^%A-Za-z0-9._~!$&'()*+,;=:@/?-]")
"""What RFC 3986 lets stand in no path, query or fragment as it is."""
_INSIDE = re.compile(
    r"#?(?:(?:'((?:[^']|'')+)'|([^'!]+))!)?(\$?[A-Z]{1,3}\$?[0-9]+(?::\$?[A-Z]{1,3}\$?[0-9]+)?)"
)
_LONGEST = 2_079
"""Characters of a link that the common programs follow."""

Resolver = Callable[[str, Area], str | None]
"""From sheet name and area of a source to the place in its copy, if its first cell has one."""


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

    A link inside the workbook is known by its sheet and the cells it names.
    """
    if not keeps:
        return GONE
    if link.relationship:
        row = relationships.get(link.relationship)
        if row is None or not row.external or row.kind != "hyperlink":
            return GONE
        return _web_reading(row.target.strip(), link.location)
    hit = _INSIDE.fullmatch(link.location)
    area = area_reference(hit[3]) if hit is not None else None
    if hit is None or area is None:
        return GONE
    name = (hit[1] or "").replace("''", "'") or hit[2] or own_sheet
    found = resolve(name, area)
    return GONE if found is None else LinkReading(f"#{found}", loses=False)


def _web_reading(address: str, location: str) -> LinkReading:
    """A web link: a location is the fragment of the address; mail keeps its addresses alone.

    A copy has it as a URI of RFC 3986, whichever characters the source wrote it in.
    """
    target = address
    if location:
        target = f"{address.partition('#')[0]}#{location.removeprefix('#')}"
    if len(target) > _LONGEST or not _PLAIN.fullmatch(target):
        return GONE
    mail = _MAIL.match(target)
    if mail is not None:
        kept = f"mailto:{_encoded(mail[1])}"
        return LinkReading(kept, mail[0] != target) if len(kept) <= _LONGEST else GONE
    hit = _WEB.fullmatch(target)
    host = _plain_host(hit["host"]) if hit is not None else ""
    if hit is None or not host:
        return GONE
    fragment = hit["fragment"] or ""
    kept = f"{hit['scheme']}://{host}{hit['port'] or ''}{_encoded(hit['path'] or '')}"
    kept += fragment[:1] + _encoded(fragment[1:])
    return LinkReading(kept, loses=False) if len(kept) <= _LONGEST else GONE


def _encoded(text: str) -> str:
    return _UNSAFE.sub(lambda hit: "".join(f"%{byte:02X}" for byte in hit[0].encode()), text)


def _plain_host(host: str) -> str:
    """A host in ASCII, label by label (RFC 3490); nothing where it is no name of one."""
    if not host.isascii():
        labels = _DOTS.split(host) if len(host) < 256 else [""]
        ends = labels.pop() if labels[-1] == "" and len(labels) > 1 else None
        try:
            host = ".".join(ToASCII(label).decode("ascii") for label in labels)
        except UnicodeError:
            return ""
        host += "" if ends is None else "."
    return host if _HOST.fullmatch(host) else ""
