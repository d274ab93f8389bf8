"""This module is what the drawings of a workbook share, and the parts that they wait to write."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element as Node

from safe_release.formats.gate import escape
from safe_release.formats.ledger import Ledger
from safe_release.formats.media import MediaPool
from safe_release.formats.opc import Package, Relationship
from safe_release.formats.zip_writer import ZipWriter

if TYPE_CHECKING:
    from safe_release.formats.drawingml.colors import Palette
    from safe_release.formats.drawingml.style import ThemeStyles
    from safe_release.formats.xlsx.legacy import Entry

_SCHEME: Final = re.compile(r'<a:schemeClr val="(\w+)"')
_FONT: Final = re.compile(r'typeface="\+(mj|mn)-|<a:fontRef idx="(major|minor)"')
_INDEXES: Final = {
    "lt1": 0, "bg1": 0, "dk1": 1, "tx1": 1, "lt2": 2, "bg2": 2, "dk2": 3, "tx2": 3, "accent1": 4,
    "accent2": 5, "accent3": 6, "accent4": 7, "accent5": 8, "accent6": 9, "hlink": 10,
    "folHlink": 11,
}  # fmt: skip

_ENTRY: Final = re.compile("<a:t>\ue0f0([0-9]{1,7})\ue0f1</a:t>")
_LONGEST_ENTRY: Final = 255

Chart = Callable[[Relationship, str], str | None]
"""From the source's relationship to a chart, and the place of its frame as messages call it, to
the target of the copy's new part as seen from a drawing (``../charts/chart1.xml``); ``None`` where
the chart is left out. It is called while the part of the sheet is being written: parts of the
chart's own go to ``Drawings.add``, which keeps them until the sheet is done."""


@dataclass(slots=True)
class Drawings:
    """The drawings of a workbook: what they share, and what they have used of the theme.

    ``count`` is the number of drawings written, ``header_count`` that of the drawings of headers;
    ``parts`` are those that wait for the sheet at hand to be finished; ``types`` the content types
    of parts, by name; ``waiting`` are drawings with lists in them, and ``entries`` the cells that
    these show.
    """

    package: Package
    media: MediaPool
    ledger: Ledger
    read_theme: Callable[[], Node | None]
    keeps_alt_text: bool
    keeps_links: bool
    chart: Chart = lambda _relation, _place: None
    count: int = 0
    header_count: int = 0
    parts: list[tuple[str, bytes]] = field(default_factory=list)
    types: dict[str, str] = field(default_factory=dict)
    waiting: list[tuple[str, str]] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    colors: set[int] = field(default_factory=set)
    fonts: set[str] = field(default_factory=set)
    _looks: tuple[ThemeStyles, Palette] | None = None

    @property
    def looks(self) -> tuple[ThemeStyles, Palette]:
        """The formats and the colours of the theme, which is read when a drawing needs it."""
        if self._looks is None:
            from safe_release.formats.drawingml.colors import Palette
            from safe_release.formats.drawingml.style import ThemeStyles

            theme = self.read_theme()
            self._looks = ThemeStyles(theme), Palette(theme)
        return self._looks

    def add(self, name: str, data: bytes, content_type: str = "") -> None:
        """A part to be written once the sheet at hand is done."""
        self.parts.append((name, data))
        if content_type:
            self.types[name] = content_type

    def entry(self, cell: Entry) -> str:
        """A sign in the place of an entry of a list, whose cell is written later."""
        self.entries.append(cell)
        return f"\ue0f0{len(self.entries) - 1}\ue0f1"

    def add_drawing(self, name: str, markup: str, *, has_lists: bool) -> None:
        """The part of a drawing; it waits for the last sheet where lists are in it."""
        self.types[name] = "application/vnd.openxmlformats-officedocument.drawing+xml"
        if not has_lists:
            self.parts.append((name, markup.encode()))
        else:
            self.waiting.append((name, markup))

    def finish(self, zip_writer: ZipWriter, text_of: Callable[[Entry], str]) -> None:
        """Write the drawings that waited for the texts of cells, now that all are known."""

        def written(match: re.Match[str]) -> str:
            number = int(match[1])
            if number >= len(self.entries):
                return match[0]
            said = text_of(self.entries[number])
            said = " ".join(said.split())[:_LONGEST_ENTRY]
            return f"<a:t>{escape(said)} </a:t>" if said else "<a:t/>"

        for name, markup in self.waiting:
            zip_writer.add(name, _ENTRY.sub(written, markup).encode())
        self.waiting.clear()

    def flush(self, zip_writer: ZipWriter) -> None:
        """Write what waits; no other part may be open."""
        self.media.flush(zip_writer)
        for name, data in self.parts:
            zip_writer.add(name, data)
        self.parts.clear()

    def note(self, markup: str) -> None:
        """Take note of the colours and typefaces of the theme that markup names."""
        self.colors.update(_INDEXES[name] for name in _SCHEME.findall(markup))
        for short, name in _FONT.findall(markup):
            self.fonts.add(name or {"mj": "major", "mn": "minor"}[short])
        if "<a:t>" in markup:
            # What says nothing of its typeface and colour has the theme's.
            self.fonts.add("minor")
            self.colors.add(_INDEXES["tx1"])
