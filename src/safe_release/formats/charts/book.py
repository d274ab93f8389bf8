"""This module is the charts of one workbook: noted while sheets are written, written after them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from safe_release.channel import Fate as Action
from safe_release.errors import SafeReleaseError
from safe_release.formats.charts.references import Locate, Names, carried
from safe_release.formats.ledger import Ledger
from safe_release.formats.opc import Package, Relationship
from safe_release.formats.xlsx.axis import Area, Reference
from safe_release.formats.xlsx.rows import Book
from safe_release.formats.zip_writer import ZipWriter

if TYPE_CHECKING:
    from safe_release.formats.drawingml.colors import Palette

TYPE: Final = "drawingml.chart+xml"
_MOST_AREAS: Final = 200_000


class Charts:
    """Takes note of every chart that a drawing of the copy shows, and writes them all at the end.

    A chart's numbers come from the cells of the copy, which are known when the last sheet is
    written.
    """

    def __init__(self, package: Package, names: Names, locate: Locate, ledger: Ledger) -> None:
        self._package = package
        self._names = names
        self._locate = locate
        self._ledger = ledger
        self._noted: list[str] = []
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
        self._noted.append(part)
        return f"../charts/chart{self.count}.xml"

    def _problem(self, part: str) -> str:
        if not part or not self._package.has(part):
            return "a chart without its part is left out"
        if part in self._noted:
            return "a chart that two frames share is left out in the second"
        try:
            root = self._package.tree(part)
        except SafeReleaseError:
            return "a chart that cannot be read is left out"
        from safe_release.formats.charts.rebuild import is_chart, only_visible, wanted

        if not is_chart(root):
            return "a chart of a kind that this version does not know is left out"
        for references in wanted(root, self._names):
            self._wanted.add((references, only_visible(root)))
        if len(self._wanted) > _MOST_AREAS:
            return "a chart beyond the number of places that charts may be drawn from is left out"
        return ""

    def write(
        self,
        zip_writer: ZipWriter,
        book: Book,
        parts: Mapping[str, str],
        part_of: Callable[[str], str | None],
        limits: tuple[int, int],
        palette: Callable[[], Palette],
        used: Callable[[str], None],
        *,
        trusts_formulas: bool,
    ) -> None:
        """Write the charts.

        ``parts`` are the copy's sheets by the folded names of their tabs; ``part_of`` finds
        the source's worksheets by theirs, hidden ones too; ``limits`` are those of nesting and of
        a row; ``palette`` gives the colours of the theme; ``used`` is told the markup, for the
        colours and typefaces of the theme in it; ``trusts_formulas`` tells whether no formula of
        the source was worked out anew.
        """
        if not self._noted:
            return
        from safe_release.formats.charts.cells import CopyCells
        from safe_release.formats.charts.data import Sources
        from safe_release.formats.charts.hidden import HiddenSheets
        from safe_release.formats.charts.rebuild import ChartWriter

        cells = CopyCells(zip_writer, book.pool, book.style_pool)
        for sheet, areas in sorted(self._areas().items()):
            if sheet in parts:
                cells.read(sheet, parts[sheet], areas)
        places = {reference for references, _ in self._wanted for reference in references}
        sources = Sources(
            self._names,
            self._locate,
            HiddenSheets(self._package, book, part_of, places, limits),
            is_1904=book.is_1904,
            is_first_version=self._is_first_version(),
            trusts_formulas=trusts_formulas,
        )
        for number, part in enumerate(self._noted, 1):
            root = self._package.tree(part)
            markup = ChartWriter(root, sources, cells, palette(), self._ledger).markup()
            used(markup)
            zip_writer.add(f"xl/charts/chart{number}.xml", markup.encode())

    def _areas(self) -> dict[str, set[Area]]:
        areas: dict[str, set[Area]] = {}
        for references, is_only in self._wanted:
            for sheet, area in carried(references, self._locate, only_visible=is_only) or ():
                areas.setdefault((sheet or "").casefold(), set()).add(area)
        return areas

    def _is_first_version(self) -> bool:
        """Whether Office 2007 wrote the workbook, or somebody who writes like it."""
        part = self._package.related("", "extended-properties")
        if part is None or not self._package.has(part):
            return False
        try:
            root = self._package.tree(part)
        except SafeReleaseError:
            return False
        return any(
            node.tag == "?:AppVersion" and (node.text or "").strip().startswith("12.")
            for node in root
        )
