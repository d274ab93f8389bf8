"""This module is the judgement of which sheets, rows and columns a reader sees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final
from xml.etree.ElementTree import Element as Node

from safe_release.errors import Malformed
from safe_release.formats.values import is_true, whole
from safe_release.formats.xlsx.axis import COLUMNS, AxisMap, parse_cell
from safe_release.formats.xml_reader import REPAIR

SPACER_POINTS: Final = 3.0
"""A row lower than this (4 pixels) shows a line, never a word."""
SPACER_CHARACTERS: Final = 0.5
_EMU_PER_POINT: Final = 12_700
_EMU_PER_DIGIT: Final = 66_675
_BOOLEANS: Final = frozenset(("0", "1", "true", "false"))
_SIZE: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{0,20})?(?:[eE][+-]?[0-9]{1,2})?")


class Fate(Enum):
    """What becomes of a row or column."""

    SHOWN = "shown"
    SPACER = "spacer"  # too small to read anything in: stays without values
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Column:
    """A ``col`` element (18.3.1.13) as far as it shows: a run of columns and their common look."""

    first: int
    last: int
    width: str | None
    style: int
    is_custom: bool
    fate: Fate


def sheet_shows(sheet: Node) -> bool:
    """A sheet shows when its state is absent or ``visible`` (18.2.19); any other word hides."""
    return sheet.get("state", "visible") == "visible"


def window_shows(views: Iterable[Node]) -> bool:
    """A workbook shows when one of its windows does, or when it has none (18.2.30)."""
    states = [view.get("visibility", "visible") for view in views]
    return not states or "visible" in states


def size_fate(hidden: str | None, size: str | None, spacer: float, place: str) -> Fate:
    """The fate of a row or column by its own flag and size.

    Raises ``Malformed`` where they are no flag and no size: whether it shows would be a guess.
    """
    if hidden is not None and hidden not in _BOOLEANS:
        raise Malformed("is hidden or not in a word that is neither", place=place, remedy=REPAIR)
    if size is not None and not _SIZE.fullmatch(size):
        raise Malformed("has a size that is no number", place=place, remedy=REPAIR)
    if is_true(hidden):
        return Fate.HIDDEN
    number = float(size) if size is not None else spacer
    if number <= 0:
        return Fate.HIDDEN
    return Fate.SPACER if number < spacer else Fate.SHOWN


def _is_nothing(size: str | None, place: str) -> bool:
    """Whether a size is written and leaves nothing to see."""
    return size is not None and size_fate(None, size, SPACER_POINTS, place) is Fate.HIDDEN


class Geometry:
    """What the head of a worksheet says about rows and columns that do not show."""

    def __init__(self, head: Mapping[str, Node], place: str) -> None:
        self.place = place
        defaults = head.get("sheetFormatPr", Node("sheetFormatPr"))
        self._default_height = defaults.get("defaultRowHeight")
        self._default_width = defaults.get("defaultColWidth")
        self.unwritten_rows_hide = is_true(defaults.get("zeroHeight")) or _is_nothing(
            defaults.get("defaultRowHeight"), place
        )
        self._unwritten_columns_hide = _is_nothing(defaults.get("defaultColWidth"), place)
        self.view = _first(head.get("sheetViews"), "sheetView")
        self.pane = _first(self.view, "pane")
        self.first_row, self.first_column = self._reachable()
        self.columns_written = self._columns(head.get("cols"))
        self.columns = AxisMap.of(COLUMNS, self._hidden_columns())
        self._narrow: dict[int, bool] = {}
        self._styles: dict[int, int] = {}
        narrow = [
            (column.first, column.last)
            for column in self.columns_written
            if column.fate is Fate.SPACER
        ]
        self.spacers = (*narrow, *self._narrow_unwritten())

    @property
    def usual_size(self) -> tuple[int, int]:
        """Height and width of a cell in EMU where nothing else is said, at 7 pixels a digit."""
        height = _SIZE.fullmatch(self._default_height or "")
        width = _SIZE.fullmatch(self._default_width or "")
        return (
            int(float(height[0]) * _EMU_PER_POINT) if height else 190_500,
            int(float(width[0]) * _EMU_PER_DIGIT) if width else 609_600,
        )

    @property
    def is_frozen(self) -> bool:
        """Whether panes are frozen (18.3.1.66)."""
        return self.pane is not None and self.pane.get("state") in ("frozen", "frozenSplit")

    def split(self, attribute: str) -> int:
        """How many rows (``ySplit``) or columns (``xSplit``) a frozen pane holds."""
        try:
            return int(float(self.pane.get(attribute, "0"))) if self.pane is not None else 0
        except (ValueError, OverflowError):
            return 0

    def row_fate(self, number: int, hidden: str | None, height: str | None) -> Fate:
        """The fate of a written row."""
        if number < self.first_row:
            return Fate.HIDDEN
        place = f"{self.place}, row {number}"
        fate = size_fate(hidden, height, SPACER_POINTS, place)
        if fate is Fate.SHOWN and height is None:
            # The default's size hides only rows that are not written, but makes spacers of all.
            default = size_fate(None, self._default_height, SPACER_POINTS, place)
            return Fate.SPACER if default is Fate.SPACER else fate
        return fate

    def is_spacer_column(self, number: int) -> bool:
        """Whether a column is too narrow to read anything in."""
        narrow = self._narrow.get(number)
        if narrow is None:
            narrow = any(first <= number <= last for first, last in self.spacers)
            self._narrow[number] = narrow
        return narrow

    def _narrow_unwritten(self) -> list[tuple[int, int]]:
        """The columns that are not written, where the default width makes spacers of them."""
        width = self._default_width
        if size_fate(None, width, SPACER_CHARACTERS, self.place) is not Fate.SPACER:
            return []
        return list(_gaps(self.columns_written))

    def column_style(self, number: int) -> int:
        """The source's cell format for cells of a column that are not written."""
        style = self._styles.get(number)
        if style is None:
            covering = (c.style for c in self.columns_written if c.first <= number <= c.last)
            style = self._styles[number] = next(covering, 0)
        return style

    def _reachable(self) -> tuple[int, int]:
        # Frozen panes cannot scroll: what lies before the first row or column of the upper left
        # pane is out of every reader's reach.
        view = self.view
        if view is None or not self.is_frozen or "topLeftCell" not in view.attrib:
            return 1, 1
        row, column = parse_cell(view.attrib["topLeftCell"], self.place)
        return (
            row if self.split("ySplit") > 0 else 1,
            column if self.split("xSplit") > 0 else 1,
        )

    def _columns(self, cols: Node | None) -> tuple[Column, ...]:
        found: list[Column] = []
        taken = 0
        nodes = [node for node in cols if node.tag == "col"] if cols is not None else []
        for node in sorted(nodes, key=lambda node: _bound(node, "min", self.place)):
            first, last = _bound(node, "min", self.place), _bound(node, "max", self.place)
            if first > last:
                raise Malformed(
                    "has a column range that ends before it begins",
                    place=self.place,
                    remedy=REPAIR,
                )
            if first <= taken:
                raise Malformed("describes a column twice", place=self.place, remedy=REPAIR)
            taken = last
            found.append(
                Column(
                    first,
                    last,
                    node.get("width"),
                    _style(node),
                    is_true(node.get("customWidth")),
                    size_fate(node.get("hidden"), node.get("width"), SPACER_CHARACTERS, self.place),
                )
            )
        return tuple(found)

    def _hidden_columns(self) -> list[tuple[int, int]]:
        hidden = [
            (column.first, column.last)
            for column in self.columns_written
            if column.fate is Fate.HIDDEN
        ]
        if self.first_column > 1:
            hidden.append((1, self.first_column - 1))
        if self._unwritten_columns_hide:
            hidden += _gaps(self.columns_written)
        return hidden


def _gaps(columns: Iterable[Column]) -> Iterator[tuple[int, int]]:
    """The runs of columns that no ``col`` describes."""
    after = 1
    for column in columns:
        if column.first > after:
            yield after, column.first - 1
        after = column.last + 1
    if after <= COLUMNS:
        yield after, COLUMNS


def _first(parent: Node | None, name: str) -> Node | None:
    return next((node for node in parent if node.tag == name), None) if parent is not None else None


def _bound(node: Node, attribute: str, place: str) -> int:
    number = whole(node.get(attribute))
    if 1 <= number <= COLUMNS:
        return number
    raise Malformed("names columns that a sheet does not have", place=place, remedy=REPAIR)


def _style(node: Node) -> int:
    return max(whole(node.get("style"), 0), 0)
