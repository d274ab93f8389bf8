"""The second reading: what a workbook says to its reader, as digests that two readings share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from safe_release.inspectors.charts.readings import ChartReading
    from safe_release.inspectors.drawings.facts import Headed, ObjectReading
    from safe_release.inspectors.pictures import Look

BLOCK = 1000
"""Rows of the copy that share a digest."""


@dataclass(frozen=True, slots=True)
class SheetReading:
    """One visible sheet, in the copy's coordinates."""

    name: str
    cells: int
    """How many cells have a value."""
    blocks: dict[int, bytes] = field(default_factory=dict)
    """Digests of the values of each block of rows that has any; block 0 is rows 1 to 1000."""
    merges: tuple[tuple[int, int, int, int], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[tuple[int, int, int, int], str], ...] = ()
    beside: tuple[tuple[str, str], ...] = ()
    """What it says beside its cells: kinds, and what is said of each."""
    looks: dict[int, bytes] = field(default_factory=dict)
    """Digests of how the rows and cells of each block of rows look."""
    has_own_looks: bool = True
    """Whether all looks are those of cells: a pivot table paints over them."""
    objects: tuple[ObjectReading, ...] = ()
    """What stands over the cells, from back to front."""
    background: tuple[Look, ...] = ()
    """The picture behind the cells, if there is one."""
    rules: tuple[tuple[str, ...], ...] = ()
    """The conditional formats that stay, the one that counts most first."""
    kind: str = "worksheet"
    header_pictures: tuple[Headed, ...] = ()
    """The pictures of its headers and footers, by their places."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything a workbook says: its sheets in tab order."""

    sheets: tuple[SheetReading, ...]
    date1904: bool = False
    """In which system its dates are counted (18.17.4.1)."""
    active: int = 0
    """Which of the sheets is in front, from 0."""
    charts: tuple[ChartReading, ...] = ()
    """In the order of sheets and frames."""

    @property
    def cells(self) -> int:
        """How many cells have a value."""
        return sum(sheet.cells for sheet in self.sheets)


class BlockDigests:
    """Digests of rows as they come, in ascending order, without holding them."""

    def __init__(self) -> None:
        self.blocks: dict[int, bytes] = {}
        self.lines: list[str] = []
        self.last = BLOCK
        """The last row of the block at hand."""

    def turn(self, row: int) -> None:
        """Close the block at hand and open the one that ``row`` lies in."""
        if self.lines:
            data = "\x1d".join(self.lines).encode("utf-8", "surrogatepass")
            self.blocks[self.last // BLOCK - 1] = blake2b(data, digest_size=16).digest()
            self.lines.clear()
        self.last = (row + BLOCK - 1) // BLOCK * BLOCK


_CODE = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|K[0-9]{2}[+-][0-9]{3}|[0-9]{1,3}|.)', re.DOTALL)
_LOOKS = frozenset('BIUESXYOHK0123456789"')
_FACE = re.compile(r'&"[^",&]{1,31}(?:,[^",&]{1,31})?"')
"""A typeface and its style; what is longer, or has codes in it, is none."""
_DROPPED = frozenset("ZF")
_FIELDS = frozenset("PNDTA&")
_SUFFIXES = {"odd": "", "even": "EVEN", "first": "FIRST"}


def suffix_of(header: str) -> str:
    """What stands behind the letter of a section in the id of a picture, for ``oddHeader``."""
    for pages, suffix in _SUFFIXES.items():
        if header.startswith(pages):
            return header[len(pages) :][:1] + suffix
    return ""


def header_reading(text: str, pictured: Sequence[str] = ()) -> str:
    """What a header or footer says (18.3.1.46), by its three sections, and in which looks.

    ``pictured`` are the letters of the sections that have a picture. The codes for path and file
    name say nothing here, nor does that for a picture where there is none: the copy drops them. So
    does a typeface that the next one replaces, or that is too long to be one.
    """
    left = set(pictured)
    sections: dict[str, list[str]] = {"L": [], "C": [], "R": []}
    section, at, face = "C", 0, False
    for hit in _CODE.finditer(text):
        if hit.start() > at:
            sections[section].append(text[at : hit.start()])
            face = False
        at = hit.end()
        letter = hit[0][1].upper()
        if letter == "G":
            if section in left:
                sections[section].append("&G")
                left.discard(section)
                face = False
            continue
        if letter in _DROPPED or (letter == '"' and not _FACE.fullmatch(hit[0])):
            continue
        if letter == '"' and face:
            sections[section].pop()
        face = letter == '"'
        if letter in sections:
            section = letter
        elif letter in _LOOKS:
            sections[section].append(f"\x02{hit[0]}\x02")
        elif letter in _FIELDS:
            sections[section].append("&" + letter)
        else:
            # An ampersand that begins no code says nothing; what follows it stays.
            sections[section].append(hit[0][1:])
    sections[section].append(text[at:])
    return "\x1f".join("".join(part).strip() for part in sections.values()).strip("\x1f")


def differences(source: Reading, candidate: Reading) -> list[str]:
    """Where two readings differ: places and faults, without content."""
    found: list[str] = []
    if len(source.sheets) != len(candidate.sheets):
        found.append(
            f"workbook: {len(candidate.sheets)} sheets where the source shows {len(source.sheets)}"
        )
    if source.date1904 != candidate.date1904:
        found.append("workbook: its dates are counted from another day")
    if source.active != candidate.active:
        found.append("workbook: another sheet is in front")
    if len(source.charts) != len(candidate.charts):
        found.append(
            f"workbook: {len(candidate.charts)} charts where the source shows {len(source.charts)}"
        )
    found.extend(
        f"{ours.place}: the chart's {what} differ"
        for theirs, ours in zip(source.charts, candidate.charts, strict=False)
        if (what := theirs.differs(ours))
    )
    for number, (theirs, ours) in enumerate(zip(source.sheets, candidate.sheets, strict=False), 1):
        place = f"sheet {number} of the copy"
        if theirs.name != ours.name:
            found.append(f"{place}: its name differs")
        if theirs.kind != ours.kind:
            found.append(f"{place}: a {ours.kind} where the source has a {theirs.kind}")
        found.extend(
            f"{place}, rows {block * BLOCK + 1}-{(block + 1) * BLOCK}: values differ"
            for block in sorted(theirs.blocks.keys() | ours.blocks.keys())
            if theirs.blocks.get(block) != ours.blocks.get(block)
        )
        found.extend(
            f"{place}, rows {block * BLOCK + 1}-{(block + 1) * BLOCK}: looks differ"
            for block in sorted(theirs.looks.keys() | ours.looks.keys())
            if theirs.has_own_looks and theirs.looks.get(block) != ours.looks.get(block)
        )
        if theirs.cells != ours.cells:
            found.append(f"{place}: {ours.cells} values where the source shows {theirs.cells}")
        found.extend(_kind_differences(place, "merged areas", theirs.merges, ours.merges))
        found.extend(_kind_differences(place, "headers or footers", theirs.headers, ours.headers))
        found.extend(_kind_differences(place, "links", theirs.links, ours.links))
        for kind in dict.fromkeys(kind for kind, _ in (*theirs.beside, *ours.beside)):
            left, right = (
                Counter(said for own, said in reading.beside if own == kind)
                for reading in (theirs, ours)
            )
            if left != right:
                found.append(f"{place}: {kind} differ")
        found.extend(_object_differences(place, theirs.objects, ours.objects))
        found.extend(_picture_differences(place, theirs, ours))
        rules = enumerate(theirs.rules), enumerate(ours.rules)
        found.extend(_kind_differences(place, "conditional formats", *rules))
    return found


def _picture_differences(place: str, theirs: SheetReading, ours: SheetReading) -> Iterator[str]:
    """Pictures that stand in no drawing."""
    if not (theirs.background or ours.background or theirs.header_pictures or ours.header_pictures):
        return
    from safe_release.inspectors.pictures import alike

    pairs = list(zip(theirs.background, ours.background, strict=False))
    if len(theirs.background) != len(ours.background) or not all(alike(*pair) for pair in pairs):
        yield f"{place}: the picture behind the cells differs"
    headed = list(zip(theirs.header_pictures, ours.header_pictures, strict=False))
    if len(theirs.header_pictures) != len(ours.header_pictures) or not all(
        one.equals(other) for one, other in headed
    ):
        yield f"{place}: pictures of headers or footers differ"


def _object_differences(
    place: str, theirs: tuple[ObjectReading, ...], ours: tuple[ObjectReading, ...]
) -> list[str]:
    if len(theirs) != len(ours):
        return [f"{place}, drawing: {len(ours)} objects where the source shows {len(theirs)}"]
    return [
        f"{place}, drawing, object {number}: its {what} differ"
        for number, (one, other) in enumerate(zip(theirs, ours, strict=True), 1)
        if (what := one.differs(other))
    ]


def _kind_differences(
    place: str, what: str, theirs: Iterable[object], ours: Iterable[object]
) -> list[str]:
    left, right = set(theirs), set(ours)
    lost, revealed = len(left - right), len(right - left)
    if not lost and not revealed:
        return []
    return [f"{place}: {what} differ ({lost} lost, {revealed} new)"]
