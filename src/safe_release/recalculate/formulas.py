"""This module is the judgement whether LibreOffice's value of a formula can be Excel's."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import NamedTuple

from safe_release.recalculate.columns import column_number

# Known to LibreOffice, but answering for the machine, for the file's place, in its own spelling,
# or from a part that the copy it works on does not have.
_OTHER_ANSWER = frozenset((
    "CELL", "INFO", "WEBSERVICE", "DDE", "GETPIVOTDATA", "FORMULATEXT", "FORMULA", "STYLE",
    "CURRENT", "SHEET", "SHEETS", "ORG.OPENOFFICE.STYLE", "ORG.OPENOFFICE.CURRENT",
))  # fmt: skip
_SAFE_CELL = re.compile(r'CELL\("(?:address|col|row)"', re.IGNORECASE)

# Over hidden rows these depend on whether a filter or a hand hid them, and LibreOffice takes every
# row hidden within the range of a filter for the filter's. Codes from 101 count neither.
_OVER_SHOWN = frozenset(("SUBTOTAL", "AGGREGATE"))
_LEAVES_HIDDEN = re.compile(r"SUBTOTAL\(1(?:0[1-9]|1[01]),")

# These take a truth value for what it is; the others count it as a number, where Excel does not.
_KEEPS_TRUTH = frozenset((
    "IF", "IFERROR", "IFNA", "IFS", "AND", "OR", "NOT", "XOR", "TRUE", "FALSE", "INDEX", "CHOOSE",
    "N", "T", "ROW", "COLUMN", "ROWS", "COLUMNS", "ISBLANK", "ISERROR", "ISERR", "ISNA", "ISTEXT",
    "OFFSET", "INDIRECT",
))  # fmt: skip
_REACHES = frozenset(("OFFSET", "INDIRECT"))
_TOKEN = re.compile(
    r'"(?:[^"]|"")*+"'  # text
    r"|(?:'((?:[^']|'')++)'|([^\W\d][\w.]*+(?::[^\W\d][\w.]*+)?))!"  # sheet, or a run of them
    r"|\$?([A-Z]{1,3})\$?([0-9]{1,7})(?![\w.(])"  # cell
    r"|\$?([A-Z]{1,3}):\$?([A-Z]{1,3})(?![\w.(])"  # whole columns
    r"|\$?([0-9]{1,7}):\$?([0-9]{1,7})(?![\w.(])"  # whole rows
    r"|([^\W\d][\w.\\?]*+)?(\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*+\])*+\])"  # table
    r"|#[A-Za-z/0]++[!?]?"  # error
    r"|([^\W\d][\w.\\?]*+)(\(?)"  # function or name
    r"|[0-9.]+(?:E[+-]?[0-9]+)?"
    r"|(.)",
    re.DOTALL,
)


class Area(NamedTuple):
    """A rectangle of cells on the sheet of that name, or on the formula's own where it is empty."""

    sheet: str
    first_row: int
    first_column: int
    last_row: int
    last_column: int


_ITEM = re.compile(r"(?:[^\[\]']|'.)+", re.DOTALL)
_KEYWORDS = frozenset(("#All", "#Data", "#Headers", "#Totals", "#This Row"))


@dataclass(slots=True)
class Reading:
    """What a formula, as LibreOffice writes it, calls and refers to."""

    functions: set[str] = field(default_factory=set)
    unknown: bool = False
    """It calls a function that LibreOffice does not know, or holds a part that it cannot read."""
    names: set[str] = field(default_factory=set)
    columns: set[tuple[str, str]] = field(default_factory=set)
    """Columns of tables: name of the table and, in small letters, of the column."""
    joins: bool = False
    """It joins texts."""
    sheets: set[str] = field(default_factory=set)
    areas: list[Area] = field(default_factory=list)


def read_formula(text: str) -> Reading:
    """Take a formula apart as far as the judgement needs.

    LibreOffice writes the names that it knows as they were declared, functions in capitals, and
    all others in small letters: the one trace that an unknown function inside ``IFERROR`` leaves.
    """
    reading = Reading()
    sheet = ""
    corner: Area | None = None  # a cell before a colon, waiting for the other corner
    joined = False
    for match in _TOKEN.finditer(text):
        quoted, bare, column, row, left, right, top, bottom, table, items, name, call, sign = (
            match.groups()
        )
        if quoted is not None or bare is not None:
            sheet = (quoted.replace("''", "'") if quoted is not None else bare).casefold()
            reading.sheets.add(sheet)
            continue
        if column is not None:
            at = column_number(column)
            area = Area(sheet, int(row), at, int(row), at)
            if corner is not None and joined:
                reading.areas[-1] = area = _hull(corner, area)
            else:
                reading.areas.append(area)
            corner, joined, sheet = area, False, ""
            continue
        if sign == ":" and corner is not None:
            joined = True
            continue
        corner, joined = None, False
        if left is not None:
            reading.areas.append(Area(sheet, 1, column_number(left), 1 << 20, column_number(right)))
        elif top is not None:
            reading.areas.append(Area(sheet, int(top), 1, int(bottom), 1 << 14))
        elif items is not None:
            _read_table(reading, table or "", items)
        elif name is not None:
            _read_name(reading, name, bool(call))
        elif sign == "&":
            reading.joins = True
        if not (sign and sign.isspace()):
            sheet = ""
    return reading


def _read_name(reading: Reading, name: str, call: bool) -> None:
    if not call:
        if name not in {"TRUE", "FALSE"}:  # inside of array constants
            reading.names.add(name)
        return
    known = name.removeprefix("_xlfn.").removeprefix("_xlws.")
    if not known.isascii() or known != known.upper() or not known.strip("_.0123456789"):
        reading.unknown = True
    reading.functions.add(known)


def _read_table(reading: Reading, table: str, items: str) -> None:
    """``Table[Column]``, ``Table[[#Data],[Column]]``; ``[1]`` alone is another workbook."""
    inner = items[1:-1]
    if not table and inner.isdigit():
        return
    reading.names.add(table)
    nested = inner.startswith("[")
    for item in _ITEM.findall(inner):
        if nested and not item.strip(",: "):
            continue
        if item.startswith("#"):
            reading.unknown |= item not in _KEYWORDS
        else:
            reading.columns.add((table, re.sub(r"'(.)", r"\1", item).casefold()))


def _hull(one: Area, other: Area) -> Area:
    return Area(
        one.sheet,
        min(one.first_row, other.first_row),
        min(one.first_column, other.first_column),
        max(one.last_row, other.last_row),
        max(one.last_column, other.last_column),
    )


def answers_otherwise(text: str, reading: Reading) -> bool:
    """Whether a function in it answers in LibreOffice for other things than in Excel."""
    found = reading.functions & _OTHER_ANSWER
    if found == {"CELL"}:
        return len(_SAFE_CELL.findall(text)) != len(re.findall(r"\bCELL\(", text))
    return bool(found)


@dataclass(slots=True)
class Known:
    """The names and tables of a workbook as LibreOffice knows them, spelled as it spells them."""

    names: dict[str, list[tuple[str, Reading]]] = field(default_factory=dict)
    """Formula and reading of a name; of several, where sheets have their own."""
    tables: dict[str, Area] = field(default_factory=dict)
    columns: set[tuple[str, str]] = field(default_factory=set)

    def misread(self, text: str, reading: Reading, others: frozenset[str]) -> bool:
        """Whether LibreOffice cannot read a formula, or answers it otherwise than Excel.

        Looks through the names that it uses. ``others`` are sheets whose cells were not given.
        """
        return any(
            one.unknown
            or not one.columns <= self.columns
            or bool(others & one.sheets)
            or answers_otherwise(formula, one)
            for formula, one in self._through(text, reading)
        ) or not all(
            name in self.names or name in self.tables
            for _, one in self._through(text, reading)
            for name in one.names
        )

    def areas(self, reading: Reading) -> list[Area]:
        """The areas that a formula refers to, through names and tables too."""
        found: list[Area] = []
        for _, one in self._through("", reading):
            found += one.areas
            found += [self.tables[name] for name in sorted(one.names) if name in self.tables]
        return found

    def functions(self, reading: Reading) -> set[str]:
        """The functions that a formula calls, through names too."""
        return set().union(*(one.functions for _, one in self._through("", reading)))

    def _through(self, text: str, reading: Reading) -> list[tuple[str, Reading]]:
        if not reading.names:
            return [(text, reading)]
        found = [(text, reading)]
        seen: set[str] = set()
        for _, one in found:  # grows while it is walked
            for name in sorted(one.names - seen):
                seen.add(name)
                found += self.names.get(name, ())
        return found


class Truths:
    """Where the truth values of a workbook stand."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[int, list[int]]] = {}

    def __bool__(self) -> bool:
        return bool(self._rows)

    def add(self, sheet: str, row: int, column: int) -> None:
        """Enter one; the rows of a column come in order."""
        self._rows.setdefault(sheet, {}).setdefault(column, []).append(row)

    def miscounted(self, reading: Reading, known: Known, own_sheet: str, *, array: bool) -> bool:
        """Whether a formula uses one of them in a way in which the two programs differ.

        In an array every way is: LibreOffice has no truth values there.
        """
        functions = known.functions(reading)
        if not (reading.joins or array) and functions <= _KEEPS_TRUTH:
            return False
        if functions & _REACHES or any(":" in sheet for sheet in reading.sheets):
            return True
        return any(self._touch(area, area.sheet or own_sheet) for area in known.areas(reading))

    def _touch(self, area: Area, sheet: str) -> bool:
        for column, rows in self._rows.get(sheet, {}).items():
            if area.first_column <= column <= area.last_column:
                at = bisect_left(rows, area.first_row)
                if at < len(rows) and rows[at] <= area.last_row:
                    return True
        return False


class HiddenRows:
    """Which rows of a workbook are hidden."""

    def __init__(self) -> None:
        self._rows: dict[str, list[int]] = {}

    def __bool__(self) -> bool:
        return bool(self._rows)

    def add(self, sheet: str, row: int) -> None:
        """Enter one; the rows of a sheet come in order."""
        self._rows.setdefault(sheet, []).append(row)

    def doubted(self, text: str, reading: Reading, known: Known, own_sheet: str) -> bool:
        """Whether a formula sums up what shows over rows of which some do not."""
        functions = known.functions(reading)
        if not functions & _OVER_SHOWN:
            return False
        if len(_LEAVES_HIDDEN.findall(text)) == len(re.findall(r"(?:SUBTOTAL|AGGREGATE)\(", text)):
            return False
        if functions & _REACHES or any(":" in sheet for sheet in reading.sheets):
            return True
        for area in known.areas(reading):
            rows = self._rows.get(area.sheet or own_sheet, [])
            at = bisect_left(rows, area.first_row)
            if at < len(rows) and rows[at] <= area.last_row:
                return True
        return False
