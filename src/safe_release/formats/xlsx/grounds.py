"""This module is what lies under the cells of one sheet, and what a reader sees of their values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element as Node

from safe_release.errors import Malformed
from safe_release.formats.xlsx.axis import COLUMNS, ROWS, Area, AxisMap, parse_area
from safe_release.formats.xlsx.dxf import NOTHING, Dxf, child
from safe_release.formats.xlsx.sight import Paint, Sight
from safe_release.formats.xlsx.strings import StringItem
from safe_release.formats.xlsx.table_look import TableLook

MOST_BARE: Final = 4
"""A cell gives up its font's colour (1), then its fill (2), takes black (3) or white (4), and then
it shows on anything that a table puts under it."""
_CELLS: Final = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}(?::[A-Z]{1,3}[1-9][0-9]{0,6})?")
_EVERYTHING: Final = Area(1, 1, ROWS, COLUMNS)
_NO_TABLE: Final = (NOTHING,)


@dataclass(slots=True)
class Grounds:
    """What lies under the cells of one sheet.

    ``sight`` sees the source and ``copied`` the copy; ``tables`` are those of the source, and
    ``kept`` tells which of them the copy has. In ``unsure`` areas conditional formats paint, in
    ``pivots`` a pivot style does, and a picture may lie under the whole sheet.
    """

    sight: Sight
    copied: Sight
    tables: Sequence[TableLook] = ()
    kept: Sequence[bool] = ()
    unsure: Sequence[Area] = ()
    pivots: Sequence[Area] = ()
    has_picture: bool = False
    _ordinary: dict[int, bool] = field(default_factory=dict)

    def is_ordinary(self, index: int) -> bool:
        """Whether a cell format shows every plain value, wherever on the sheet."""
        found = self._ordinary.get(index)
        if found is None:
            looks = self._looks()
            found = self._ordinary[index] = all(
                sight.shows_always(index, looks) for sight in (self.sight, self.copied)
            )
        return found

    def _looks(self) -> Iterable[Dxf]:
        return {NOTHING, *(look for table in self.tables for look in table.all)}

    def shows_runs(self, index: int, item: StringItem) -> bool:
        """Whether an ordinary cell format shows all of a text, wherever on the sheet."""
        return item.runs is None or all(
            sight.shows_whole(item, sight.paint(index, look))
            for sight in (self.sight, self.copied)
            for look in self._looks()
        )

    def named(self, paint: Paint, name: str) -> Paint:
        """What a section of a number format paints that names a colour."""
        return self.sight.named(paint, name)

    def paint(self, index: int, row: int, column: int, rows: AxisMap) -> Paint:
        """What a cell of the source is painted with: its size, and its colours where known."""
        table = next((look.at(row, column, rows) for look in self.tables
                      if _holds(look.area, row, column)), NOTHING)  # fmt: skip
        paint = self.sight.paint(index, table)
        if any(_holds(area, row, column) for area in self.unsure):
            return paint._replace(text=None, ground=None)
        is_open = any(_holds(area, row, column) for area in self.pivots)
        if is_open and not self.sight.is_decisive(index):
            return paint._replace(text=None, ground=None)
        is_open = self.has_picture and paint.ground == ()
        return paint._replace(text=None, ground=None) if is_open else paint

    def paint_in_copy(
        self, index: int, row: int, column: int, rows: AxisMap, under: Dxf, bareness: int
    ) -> Paint:
        """What the cell is painted with in the copy, having given up so much of its look."""
        table = next((look.at(row, column, rows) for look, kept in
                      zip(self.tables, self.kept, strict=True)
                      if kept and _holds(look.area, row, column)), NOTHING)  # fmt: skip
        return self.copied.paint(index, table, under, bareness)


def _holds(area: Area, row: int, column: int) -> bool:
    return (
        area.first_row <= row <= area.last_row and area.first_column <= column <= area.last_column
    )


_MOST_AREAS: Final = 1000
"""Of more areas than these the conditional formats of a sheet count as lying everywhere."""


def conditional_areas(parts: Mapping[str, Node], dxfs: Sequence[Node]) -> list[Area]:
    """Where conditional formats may paint: the whole sheet where that is hard to say."""
    found: list[Area] = []
    for node in parts.get("conditionalFormatting", ()):
        if any(_paints(rule, dxfs) for rule in node):
            found += _areas(node.get("sqref", ""))
    extensions = parts.get("extLst")
    for node in extensions.iter() if extensions is not None else ():
        if node.tag == "?:conditionalFormatting":
            for each in node:
                found += _areas(each.text or "") if each.tag == "?:sqref" else ()
    return found if len(found) <= _MOST_AREAS else [_EVERYTHING]


def _paints(rule: Node, dxfs: Sequence[Node]) -> bool:
    """Whether a rule may change what letters are painted with, or on (18.3.1.10)."""
    if rule.tag != "cfRule":
        return False
    if rule.get("type", "") in ("colorScale", "dataBar"):
        return True
    index = rule.get("dxfId", "").strip()
    if not (index.isascii() and index.isdigit() and len(index) < 7 and int(index) < len(dxfs)):
        return False
    look = dxfs[int(index)]
    font = child(look, "font")
    return child(look, "fill") is not None or (
        font is not None and child(font, "color") is not None
    )


def _areas(sqref: str) -> Iterator[Area]:
    for item in sqref.split():
        try:
            yield parse_area(item) if _CELLS.fullmatch(item) else _EVERYTHING
        except Malformed:
            yield _EVERYTHING


def pivot_area(definition: Node, area: Area) -> Area:
    """Where a pivot table's style may paint: its range and the page fields above (18.10.1.49)."""
    fields = next((each for each in definition if each.tag == "pageFields"), None)
    count = 0 if fields is None else sum(each.tag == "pageField" for each in fields)
    if not count:
        return area
    return area._replace(
        first_row=max(1, area.first_row - count - 1),
        last_column=min(COLUMNS, max(area.last_column, area.first_column + 3 * count)),
    )
