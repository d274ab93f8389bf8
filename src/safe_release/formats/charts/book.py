"""This module is the charts of one workbook: noted while sheets are written, written after them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element as Node

from safe_release.channel import Fate as Action
from safe_release.errors import SafeReleaseError
from safe_release.formats.charts.cells import CopyCells
from safe_release.formats.charts.data import Sources
from safe_release.formats.charts.rebuild import ChartWriter, is_chart, only_visible, wanted
from safe_release.formats.charts.references import Locate, carried
from safe_release.formats.ledger import Ledger
from safe_release.formats.opc import Package, Relationship
from safe_release.formats.xlsx.axis import Area, Reference
from safe_release.formats.xlsx.strings import StringPool
from safe_release.formats.xlsx.styles import StylePool
from safe_release.formats.zip_writer import ZipWriter

TYPE: Final = "drawingml.chart+xml"
_MOST_AREAS: Final = 200_000


@dataclass(frozen=True, slots=True)
class _Noted:
    part: str
    place: str


class Charts:
    """Takes note of every chart that a drawing of the copy shows, and writes them all at the end.

    A chart's numbers come from the cells of the copy, which are known when the last sheet is
    written.
    """

    def __init__(self, package: Package, sources: Sources, ledger: Ledger) -> None:
        self._package = package
        self._sources = sources
        self._ledger = ledger
        self._noted: list[_Noted] = []
        self._wanted: set[tuple[tuple[Reference, ...], bool]] = set()

    @property
    def count(self) -> int:
        """How many charts the copy has."""
        return len(self._noted)

    def note(self, relation: Relationship | None, place: str) -> str | None:
        """The part that a chart will be, as its drawing names it; ``None`` where none will."""
        part = relation.target if relation is not None and not relation.is_external else ""
        problem = self._problem(part)
        if problem:
            self._ledger.note("xlsx.chart.cache", place, Action.REMOVED, problem)
            return None
        self._noted.append(_Noted(part, place))
        return f"../charts/chart{self.count}.xml"

    def _problem(self, part: str) -> str:
        if not part or not self._package.has(part):
            return "a chart without its part is left out"
        if any(noted.part == part for noted in self._noted):
            return "a chart that two frames share is left out in the second"
        try:
            root = self._package.tree(part)
        except SafeReleaseError:
            return "a chart that cannot be read is left out"
        if not is_chart(root):
            return "a chart of a kind that this version does not know is left out"
        for references in wanted(root, self._sources.names):
            self._wanted.add((references, only_visible(root)))
        if len(self._wanted) > _MOST_AREAS:
            return "a chart beyond the number of places that charts may be drawn from is left out"
        return ""

    def write(
        self,
        zip_writer: ZipWriter,
        pool: StringPool,
        styles: StylePool,
        parts: Mapping[str, str],
    ) -> None:
        """Write the charts. ``parts`` are the copy's sheets by the folded names of their tabs."""
        if not self._noted:
            return
        cells = CopyCells(zip_writer, pool, styles)
        for sheet, areas in sorted(self._areas(self._sources.locate).items()):
            if sheet in parts:
                cells.read(sheet, parts[sheet], areas)
        for number, noted in enumerate(self._noted, 1):
            markup = self._markup(self._package.tree(noted.part), cells)
            zip_writer.add(f"xl/charts/chart{number}.xml", markup.encode())

    def _areas(self, locate: Locate) -> dict[str, set[Area]]:
        areas: dict[str, set[Area]] = {}
        for references, is_only in self._wanted:
            for sheet, area in carried(references, locate, only_visible=is_only) or ():
                areas.setdefault((sheet or "").casefold(), set()).add(area)
        return areas

    def _markup(self, root: Node, cells: CopyCells) -> str:
        return ChartWriter(root, self._sources, cells, self._ledger).markup()
