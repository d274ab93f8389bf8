"""What a sheet needs to know of its workbook, and what one pass over it finds out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from safe_release.document import CellPlace, CellValue
from safe_release.inspectors.faults import too_large
from safe_release.inspectors.grid import LAST_COLUMN, Grid
from safe_release.inspectors.looks import LookDigests
from safe_release.inspectors.places import sheet_place
from safe_release.inspectors.raw_xml import Node
from safe_release.inspectors.reading import BlockDigests, header_reading, suffix_of
from safe_release.inspectors.sights import Faces, Scene
from safe_release.inspectors.strings import SharedStrings
from safe_release.inspectors.styles import Styles
from safe_release.limits import Limits

if TYPE_CHECKING:
    from safe_release.inspectors.drawings.facts import Headed

Area = tuple[int, int, int, int]
"""First row and column, last row and column."""
UNSHOWN = "xlsx.st.numfmt-unused"
"""The channel of words in number formats that no value shows."""
MOST_STALE = 2_000_000


class Change(Protocol):
    """What becomes of a value under the rules of conditional formats."""

    @property
    def gone(self) -> bool:
        """Whether it goes."""

    @property
    def number(self) -> str | None:
        """The number in its place."""

    @property
    def code(self) -> str | None:
        """The number format in place of the cell's."""

    @property
    def bare(self) -> bool:
        """Whether a bar or an icon is why."""


class Effects(Protocol):
    """What conditional formats do to values."""

    def touches(self, row: int) -> bool:
        """Whether anything may happen to values of a row."""

    def next_row(self, row: int) -> int:
        """The first row after this one where something may happen."""

    def change(self, row: int, column: int, style: int) -> Change:
        """What becomes of the value of a cell."""


class Vocabulary(Protocol):
    """Who decides whether a candidate's names and values are on the list."""

    def element(self, path: tuple[str, ...], attributes: Mapping[str, str], place: str) -> None:
        """Note an element, its parents and its attributes in short names."""


@dataclass(slots=True)
class Surroundings:
    """What a sheet needs to know of its workbook."""

    strings: SharedStrings
    styles: Styles
    limits: Limits
    date1904: bool = False
    full_calculation: bool = False
    displayed: bool = True
    """Whether a number keeps only what its format shows."""
    recalculated: Mapping[tuple[int, int], CellValue] | None = None
    vocabulary: Vocabulary | None = None
    watched: tuple[int, ...] = ()
    """The header rows of tables, in order: their texts are wanted as they are."""
    effects: Effects | None = None
    """What conditional formats do to values, once that is known."""
    scene: Scene = field(default_factory=lambda: Scene(Faces()))


@dataclass(slots=True)
class Link:
    """A hyperlink as written (18.3.1.47)."""

    area: Area
    relationship: str
    location: str
    texts: int


@dataclass(slots=True)
class Facts:
    """What one pass over a sheet found out."""

    number: int
    hidden: bool
    grid: Grid
    most_cells: int
    """How many cells the policy lets a sheet have."""
    notes: Counter[str] = field(default_factory=Counter)
    """Channels counted for the sheet as a whole."""
    runs: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    """Channels of rows: the runs of rows they concern."""
    digests: BlockDigests = field(default_factory=BlockDigests)
    looks: LookDigests = field(default_factory=LookDigests)
    cells: int = 0
    examined: int = 0
    merges: list[Area] = field(default_factory=list)
    filter_area: Area | None = None
    """The range of the sheet's own filter (18.3.1.2)."""
    links: list[Link] = field(default_factory=list)
    formats: list[tuple[Node, bool]] = field(default_factory=list)
    """Conditional formats, and whether each is an extension's."""
    headers: dict[str, str] = field(default_factory=dict)
    different_first: bool = False
    different_odd_even: bool = False
    legacy: str = ""
    """The relationship id of the VML drawing of the sheet (18.3.1.54)."""
    held: list[Node] = field(default_factory=list)
    """Embedded documents and controls, and alternatives that may hold some."""
    headed: str = ""
    """The relationship id of the drawing of its headers (18.3.1.51)."""
    header_pictures: tuple[Headed, ...] = ()
    """What that drawing shows, once it is known."""
    drawing: str = ""
    """The relationship id of the sheet's drawing (18.3.1.36)."""
    usual_size: tuple[int, int] = (190_500, 609_600)
    """Height and width in EMU of a cell of which nothing else is said."""
    full_calculation: bool = False
    show_formulas: bool = False
    show_zeros: bool = True
    odd_numbers: int = 0
    odd_spellings: int = 0
    """What is spelled in another way than a copy spells it; counts for candidates."""
    idle_cells: int = 0
    """Cells and rows that say nothing which their row or column does not say."""
    beside: dict[str, Node] = field(default_factory=dict)
    """The first element of each kind that stands beside the rows, by its short name."""
    header_texts: dict[tuple[int, int], str] = field(default_factory=dict)
    """What the cells of watched rows show as text, by row and column."""
    column_styles: list[tuple[int, int, int]] = field(default_factory=list)
    """First and last column and format of each run of columns that has one."""
    styles_by_column: list[int] = field(default_factory=list)
    stale: list[CellPlace] = field(default_factory=list)
    stale_areas: list[Area] = field(default_factory=list)
    styles_used: set[int] = field(default_factory=set)
    hidden_texts: list[str] = field(default_factory=list)
    relationships_used: set[str] = field(default_factory=set)
    asides: Counter[str] = field(default_factory=Counter)
    spaces: set[str] = field(default_factory=set)
    unsure: list[Area] = field(default_factory=list)
    """Where conditional formats may paint."""
    is_repainted: bool = False
    """Whether a text stands in the place of a number whose format gave it a colour."""
    has_picture: bool = False
    background: str = ""
    """The relationship to the picture behind the cells (18.3.1.67)."""
    string_cells: int = 0
    """How many cells use the pool of strings, hidden ones too."""

    @property
    def place(self) -> str:
        """The sheet as a report names it."""
        return sheet_place(self.number)

    def column_style(self, column: int) -> int:
        """The format of the cells of a column that are not written."""
        if not self.column_styles:
            return 0
        if not self.styles_by_column:
            self.styles_by_column = [0] * (LAST_COLUMN + 1)
            for first, last, style in self.column_styles:
                self.styles_by_column[first : last + 1] = [style] * (last + 1 - first)
        return self.styles_by_column[column]

    def note_rows(self, channel: str, first: int, last: int) -> None:
        """Count rows for a channel; they come in ascending order."""
        runs = self.runs.setdefault(channel, [])
        if runs and runs[-1][1] == first - 1:
            runs[-1] = (runs[-1][0], last)
        else:
            runs.append((first, last))

    def note_stale(self, row: int, column: int) -> None:
        """List a cell whose value cannot be trusted. Raises ``TooLarge`` past the list's end."""
        if len(self.stale) >= MOST_STALE:
            raise too_large(
                "has more formulas without a value than can be listed", place=self.place
            )
        self.stale.append(CellPlace(self.number, row, column))

    def count_examined(self, cells: int) -> None:
        """Count cells that were read. Raises ``TooLarge`` past the policy's limit."""
        self.examined += cells
        if self.examined > self.most_cells:
            raise too_large("has more cells than the policy allows", place=self.place)

    def headers_on(self) -> dict[str, str]:
        """The headers and footers that are switched on, as written."""
        return {
            name: text
            for name, text in self.headers.items()
            if (self.different_first or not name.startswith("first"))
            and (self.different_odd_even or not name.startswith("even"))
        }

    def headers_shown(self) -> list[tuple[str, str]]:
        """The headers and footers that print, as a reading holds them.

        Those of first and even pages only where they are switched on.
        """
        shown = []
        for name, text in sorted(self.headers_on().items()):
            suffix = suffix_of(name)
            reading = header_reading(
                text, [own.place[0] for own in self.header_pictures if own.place[1:] == suffix]
            )
            if reading.replace("\x1f", ""):
                shown.append((name, reading))
        return shown
