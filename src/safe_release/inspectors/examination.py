"""Everything that one reading of a workbook found out, while it is being found out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from safe_release.document import CellPlace
from safe_release.inspectors.names import Vocabulary
from safe_release.inspectors.needles import Needles
from safe_release.inspectors.package import Package
from safe_release.inspectors.raw_xml import Node
from safe_release.inspectors.raw_zip import Entry
from safe_release.inspectors.reading import Reading
from safe_release.inspectors.sheet_facts import Facts
from safe_release.inspectors.strings import SharedStrings
from safe_release.inspectors.styles import Styles
from safe_release.inspectors.tables import Table
from safe_release.inspectors.workbook import Workbook
from safe_release.policy import Policy

if TYPE_CHECKING:
    from safe_release.inspectors.drawings.covers import Covers
    from safe_release.inspectors.pictures import PictureFacts
    from safe_release.inspectors.rules import Wardrobe

Notes = Counter[tuple[str, str]]
"""Channels and their places, counted."""


@dataclass(slots=True)
class Examination:
    """Everything that one reading of a workbook found out."""

    package: Package
    book: Workbook
    styles: Styles
    strings: SharedStrings
    policy: Policy
    notes: Notes = field(default_factory=Counter)
    vocabularies: list[tuple[str, Vocabulary]] = field(default_factory=list)
    facts: dict[int, Facts] = field(default_factory=dict)
    tables: dict[int, list[Table]] = field(default_factory=dict)
    """The tables of each visible sheet as written, by the sheet's number."""
    rules: dict[int, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    """By sheet: the conditional formats that a copy keeps."""
    wardrobe: Wardrobe | None = None
    """The formats by their colours, where a sheet has asked for them."""
    stale: list[CellPlace] = field(default_factory=list)
    needles: Needles = field(default_factory=Needles)
    reading: Reading = field(default_factory=lambda: Reading(()))
    examined: int = 0
    string_cells: int = 0
    spaces: set[str] = field(default_factory=set)
    is_candidate: bool = False
    charts: list[tuple[Entry, str]] = field(default_factory=list)
    """Charts whose frames show, with the places of these, in the order of a copy."""
    chart_texts: list[str] = field(default_factory=list)
    """What these paint as text."""
    chart_sheets: set[str] = field(default_factory=set)
    """The keys of the chart sheets that a copy has."""
    judged: set[str] = field(default_factory=set)
    """The keys of the parts whose words are judged one by one, drawings of visible sheets."""
    pictures: dict[tuple[str, tuple[int, int, int, int]], PictureFacts | None] = field(
        default_factory=dict
    )
    """What is known of pictures, by part and what is cut off; ``None`` for damaged ones."""
    drawings: dict[str, Node] = field(default_factory=dict)
    """Drawings that have been parsed for what they cover, and not yet been read."""
    covers: dict[str, Covers] = field(default_factory=dict)
    """What the objects of drawings lie over, by part."""
    shown_texts: list[str] = field(default_factory=list)
    """Texts, typefaces and targets of links that objects on sheets show."""

    def vocabulary(self, kind: str, place: str) -> Vocabulary | None:
        """A fresh list for a part of a candidate; ``None`` for sources."""
        if not self.is_candidate:
            return None
        vocabulary = Vocabulary(kind)
        self.vocabularies.append((place, vocabulary))
        return vocabulary


def part_of(package: Package, book: Workbook, kind: str) -> Entry | None:
    """The first part of a kind that the workbook part refers to."""
    rows = package.of(book.entry.key, kind)
    return package.part(rows[0]) if rows else None
