"""The colours of table styles (18.8.40): the built-in ones by a table, a workbook's own as read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from safe_release.inspectors.colors import Named
from safe_release.inspectors.raw_xml import Node


class Coat(NamedTuple):
    """What a differential format (18.8.14) sets: the colour of letters, and a fill."""

    ink: Named | None = None
    fill: tuple[str, Named, Named] | None = None
    """Pattern, foreground and background, meant as in a cell's fill."""
    size: int = 1
    """How many rows or columns a stripe is wide."""

    def under(self, other: Coat) -> Coat:
        """This one with another laid over it."""
        return Coat(other.ink or self.ink, other.fill or self.fill)


Style = Mapping[str, Coat]
_PATTERNS = frozenset(
    """none solid mediumGray darkGray lightGray darkHorizontal darkVertical darkDown darkUp
    darkGrid darkTrellis lightHorizontal lightVertical lightDown lightUp lightGrid lightTrellis
    gray125 gray0625""".split()
)

# Letters before the slash, ground behind it. L and D are the theme's light and dark, A the accent
# of the style and N the next one, lightened or darkened by percent. First the style in black and
# white that a group begins with, then its six coloured ones.
_GROUPS = {
    ("Light", 1): (
        "all D, head D, foot D, ends D, band /L-15",
        "all A-25, head A-25, foot A-25, ends A-25, band /A+80",
    ),
    ("Light", 8): ("all D, head L/D, foot D, ends D", "all D, head L/A, foot D, ends D"),
    ("Light", 15): (
        "all D, head D, foot D, ends D, band /L-15",
        "all D, head D, foot D, ends D, band /A+80",
    ),
    ("Medium", 1): (
        "all D, head L/D, foot D, ends D, band /L-15",
        "all D, head L/A, foot D, ends D, band /A+80",
    ),
    ("Medium", 8): (
        "all D/L-15, head L/D, foot L/D, ends L/D, band /L-35",
        "all D/A+80, head L/A, foot L/A, ends L/A, band /A+60",
    ),
    ("Medium", 15): (
        "all D, head L/D, ends L/D, band /L-15",
        "all D, head L/A, ends L/A, band /L-15",
    ),
    ("Medium", 22): (
        "all D/L-15, head D, foot D, ends D, band /L-35",
        "all D/A+80, head D, foot D, ends D, band /A+60",
    ),
    ("Dark", 1): (
        "all L/D+45, head L/D, foot L/D+15, ends L/D+25, band /D+25",
        "all L/A, head L/D, foot L/A-50, ends L/A-25, band /A-25",
    ),
    ("Dark", 8): (
        "all /L-15, head L/D, foot D, ends D, band /L-35",
        "all /A+80, head L/N, foot D, ends D, band /A+60",
    ),
}
_LAST = {"Light": 21, "Medium": 28, "Dark": 11}
_PARTS = {
    "all": ("wholeTable",),
    "head": ("headerRow",),
    "foot": ("totalRow",),
    "ends": ("firstColumn", "lastColumn"),
    "band": ("firstRowStripe", "firstColumnStripe"),
}
_BUILT_IN = re.compile(r"TableStyle(Light|Medium|Dark)([1-9][0-9]?)", re.ASCII)


def built_in(name: str) -> Style:
    """The colours of a built-in table style; nothing where there is none of that name."""
    hit = _BUILT_IN.fullmatch(name)
    if hit is None or int(hit[2]) > _LAST[hit[1]]:
        return {}
    group, place = divmod(int(hit[2]) - 1, 7)
    is_paired = (hit[1], group) == ("Dark", 1)
    accent = 2 * place - 1 if is_paired else place
    found: dict[str, Coat] = {}
    for clause in _GROUPS[hit[1], 7 * group + 1][place > 0].split(", "):
        part, _, colors = clause.partition(" ")
        letters, _, ground = colors.partition("/")
        fill = ("solid", _theme(ground, accent), Named()) if ground else None
        coat = Coat(_theme(letters, accent) if letters else None, fill)
        found.update(dict.fromkeys(_PARTS[part], coat))
    return found


def _theme(spelled: str, accent: int) -> Named:
    index = {"L": 0, "D": 1, "A": 3 + accent, "N": 4 + accent}[spelled[0]]
    return Named("theme", index, int(spelled[1:] or 0) / 100)


@dataclass(frozen=True, slots=True)
class Table:
    """A table as far as it colours its cells (18.5.1.2): its area and its style."""

    area: tuple[int, int, int, int]
    headers: int
    totals: int
    shows: frozenset[str]
    style: Style

    def coats(self) -> set[Coat]:
        """Every coat that a cell of it may have."""
        stripes = ("", "first", "second")
        return (
            {
                self._coat(f"{across}ColumnStripe", f"{down}RowStripe", *ends, row, *corner)
                for across in stripes
                for down in stripes
                for ends in ((), ("firstColumn",), ("lastColumn",), ("lastColumn", "firstColumn"))
                for row in ("", "headerRow", "totalRow")
                for corner in ((), *((kind,) for kind in _CORNERS))
            }
            if self.style
            else {Coat()}
        )

    def coat(self, row: int, column: int, before: int) -> Coat:
        """The coat of a cell; ``before`` counts the rows of the body that show above it."""
        if not self.style:
            return Coat()
        top, left, bottom, right = self.area
        sides = [
            name
            for name, edge in (("first", left), ("last", right))
            if column == edge and f"show{name.title()}Column" in self.shows
        ]
        ends = [f"{name}Column" for name in reversed(sides)]
        if row < top + self.headers:
            return self._coat(*ends, "headerRow", *(f"{name}HeaderCell" for name in sides))
        if row > bottom - self.totals:
            return self._coat(*ends, "totalRow", *(f"{name}TotalCell" for name in sides))
        stripes = []
        if "showColumnStripes" in self.shows:
            stripes.append(self._stripe("ColumnStripe", column - left))
        if "showRowStripes" in self.shows:
            stripes.append(self._stripe("RowStripe", before))
        return self._coat(*stripes, *ends)

    def _stripe(self, kind: str, place: int) -> str:
        first, second = (self.style.get(name + kind, Coat()).size for name in ("first", "second"))
        return ("first" if place % (first + second) < first else "second") + kind

    def _coat(self, *kinds: str) -> Coat:
        found = Coat()
        for kind in ("wholeTable", *kinds):
            found = found.under(self.style.get(kind, Coat()))
        return found


_CORNERS = ("firstHeaderCell", "lastHeaderCell", "firstTotalCell", "lastTotalCell")
EVERY_FLAG = ("showFirstColumn", "showLastColumn", "showRowStripes", "showColumnStripes")


def pattern_of(fill: Node | None, named: list[Named]) -> tuple[str, Named, Named] | None:
    """The fill of a differential format, whose solid ones have their colour in ``bgColor``.

    ``named`` are its foreground and background.
    """
    if fill is None:
        return None
    kind = fill.get("patternType", "solid")
    foreground, background = named
    if kind == "solid":
        foreground = background if background.kind else foreground
        if not foreground.kind:
            return None
    return (kind, foreground, background) if kind in _PATTERNS else None
