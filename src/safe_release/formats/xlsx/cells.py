"""This module is the cell as the source spells it (18.3.1.4), whichever way it was read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from typing import Final
from xml.etree.ElementTree import Element as Node

from safe_release.errors import Malformed
from safe_release.formats.values import is_true, whole
from safe_release.formats.xlsx.axis import COLUMNS, ROWS, column_number
from safe_release.formats.xlsx.dxf import Dxf
from safe_release.formats.xlsx.strings import ItemRules, StringItem
from safe_release.formats.xml_reader import REPAIR

TYPES: Final = frozenset(("n", "s", "b", "e", "str", "inlineStr", "d"))
"""ST_CellType (18.18.11)."""

ERRORS: Final = frozenset(
    ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA")
)
"""The error values every application knows; newer ones become text."""

_ISO_DATE: Final = re.compile(
    r"(?:(\d{4})-(\d{2})-(\d{2}))?(?:(?:\A|T)(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?"
    r"(?:Z|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
_DAY: Final = 86_400_000  # milliseconds
_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII)
_CELL_REFERENCE: Final = re.compile(r"([A-Za-z]{1,3})([1-9]\d{0,6})", re.ASCII)


@dataclass(slots=True)
class Cell:
    """A cell of the source.

    ``style`` indexes ``cellXfs``; ``type`` is one of ``TYPES``, or empty for a cell without a
    value; ``text`` is the untrusted value, ``item`` an inline string. ``is_formula`` and
    ``is_rich`` (a rich value, ``c/@vm``) say what stands behind the value. ``under`` is the
    look of a pivot style that lies under the cell's own, ``over`` that of a conditional format on
    top of it, and ``code`` the number format that one gives it; ``is_painted`` says that rules'
    colours let the value show. ``at`` is where in the source a value stood that a merge has moved,
    ``bareness`` how much of its look the cell gives up to show.
    """

    column: int
    style: int = 0
    type: str = ""
    text: str = ""
    item: StringItem | None = None
    is_formula: bool = False
    is_rich: bool = False
    under: Dxf | None = None
    over: Dxf | None = None
    code: str | None = None
    is_painted: bool = False
    spans_rows: bool = False
    spans_columns: bool = False
    """Whether a merge makes the cell higher or wider than its row or column."""
    at: tuple[int, int] | None = None
    bareness: int = 0


@dataclass(frozen=True, slots=True)
class RowLook:
    """The attributes of a row (18.3.1.73) that decide about it."""

    hidden: str | None = None
    height: str | None = None
    style: int = 0
    has_style: bool = False
    is_custom_height: bool = False


def row_look(attributes: dict[str, str]) -> RowLook:
    """What a row's attributes say."""
    return RowLook(
        attributes.get("hidden"),
        attributes.get("ht"),
        style_index(attributes.get("s"), "row"),
        is_true(attributes.get("customFormat")),
        is_true(attributes.get("customHeight")),
    )


def row_number(spelled: str | None, previous: int, place: str) -> int:
    """The number of a row; one that does not say follows its predecessor."""
    number = whole(spelled, previous + 1)
    if not 1 <= number <= ROWS:
        raise Malformed("has a row that a sheet does not have", place=place, remedy=REPAIR)
    if number <= previous:
        raise Malformed("has a row twice, or rows that go backwards", place=place, remedy=REPAIR)
    return number


def style_index(spelled: str | None, place: str) -> int:
    """The index of a cell format."""
    # An empty attribute says nothing; some writers leave such.
    index = whole(spelled or None, 0)
    if index >= 0:
        return index
    raise Malformed("names a cell format that does not exist", place=place, remedy=REPAIR)


def read_cells(row: Node, number: int, place: str, rules: ItemRules) -> list[Cell]:
    """The cells of a row's tree."""
    cells = []
    previous = 0
    for node in row:
        if node.tag == "c":
            cell = _read_cell(node, number, previous, place, rules)
            previous = cell.column
            cells.append(cell)
    return cells


def _read_cell(node: Node, number: int, previous: int, place: str, rules: ItemRules) -> Cell:
    column = _column(node.get("r"), number, previous, place)
    type_ = node.get("t", "n")
    if type_ not in TYPES:
        raise Malformed(
            f"row {number}: has a cell of a type that does not exist", place=place, remedy=REPAIR
        )
    values: dict[str, Node] = {}
    for child in node:
        values.setdefault(child.tag, child)
    cell = Cell(
        column,
        style_index(node.get("s"), place),
        is_formula="f" in values,
        is_rich="vm" in node.attrib,
    )
    if type_ == "inlineStr":
        if "is" in values:
            cell.type, cell.item = type_, rules.item(values["is"])
    elif "v" in values:
        cell.type, cell.text = type_, values["v"].text or ""
    elif cell.is_formula:
        cell.type = type_
    return cell


def _column(reference: str | None, number: int, previous: int, place: str) -> int:
    if reference is None:
        column = previous + 1
    else:
        match = _CELL_REFERENCE.fullmatch(reference.strip())
        if match is None or int(match.group(2)) != number:
            raise Malformed(
                f"row {number}: has a cell reference that is none, or of another row",
                place=place,
                remedy=REPAIR,
            )
        try:
            column = column_number(match.group(1).upper())
        except Malformed:
            column = COLUMNS + 1
    if column > COLUMNS:
        raise Malformed(
            f"row {number}: has a column that a sheet does not have", place=place, remedy=REPAIR
        )
    if column <= previous:
        raise Malformed(
            f"row {number}: has a cell twice, or cells that go backwards",
            place=place,
            remedy=REPAIR,
        )
    return column


def canonical_number(untrusted: str) -> str | None:
    """The one spelling of a number: the shortest decimal that reads back as the same double.

    ``None`` for what is no number, or one that a double cannot hold.
    """
    untrusted = untrusted.strip()
    if not _NUMBER.fullmatch(untrusted):
        return None
    number = float(untrusted)
    if number in (float("inf"), float("-inf")):
        return None
    if number == int(number) and abs(number) < 1e16:
        return str(int(number))
    return repr(number)


def serial_of(untrusted: str, *, is_1904: bool) -> str | None:
    """The serial number of a ``t="d"`` cell's ISO 8601 date, time or both, to the millisecond.

    Zones do not count: Excel shows what is written. ``None`` for what is no date.
    """
    untrusted = untrusted.strip()
    match = _ISO_DATE.fullmatch(untrusted)
    if match is None or not untrusted:
        return None
    year, month, day, hours, minutes, seconds, parts = match.groups()
    if year is None and hours is None:
        return None
    try:
        days = date(int(year), int(month), int(day)).toordinal() if year is not None else None
        time(int(hours or 0), int(minutes or 0), int(seconds or 0))
    except ValueError:
        return None
    whole_seconds = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
    milliseconds = whole_seconds * 1000 + int(f"{parts or '0':0<3}"[:3])
    if days is not None:
        milliseconds += (days - _day_zero(days, is_1904)) * _DAY
    return canonical_number(repr(milliseconds / _DAY))


def _day_zero(days: int, is_1904: bool) -> int:
    """The day with serial number 0; in the 1900 system it moves with a 29 February that never was
    (18.17.4.1)."""
    if is_1904:
        return date(1904, 1, 1).toordinal()
    return date(1899, 12, 30 if days >= date(1900, 3, 1).toordinal() else 31).toordinal()
