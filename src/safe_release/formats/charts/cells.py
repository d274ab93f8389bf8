"""This module is the reading back of cells from the copy's own sheets, for the caches of charts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final, NamedTuple
from xml.sax.saxutils import unescape

from safe_release.formats.xlsx.axis import Area, Reference, column_number
from safe_release.formats.xlsx.strings import StringPool, decode
from safe_release.formats.xlsx.styles import StylePool
from safe_release.formats.zip_writer import ZipWriter

MOST: Final = 1_000_000
"""Cells that are held at most for all charts of a workbook; beyond, charts have no caches."""
_ROW: Final = re.compile(rb'<row r="([1-9][0-9]*)"[^>]*?(?:/>|>(.*?)</row>)', re.DOTALL)
_CELL: Final = re.compile(
    rb'<c r="([A-Z]+)[0-9]+"(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?>(.*?)</c>', re.DOTALL
)
_VALUE: Final = re.compile(rb"<v>([^<]*)</v>")
_TEXT: Final = re.compile(r"<t(?: [^>]*)?>([^<]*)</t>")


class Value(NamedTuple):
    """What a cell of the copy holds: its kind (``n``, ``s``, ``b``, ``e``), value and format."""

    kind: str
    text: str
    code: str


class CopyCells:
    """The cells of the copy that charts refer to, read after all sheets are written."""

    def __init__(self, zip_writer: ZipWriter, pool: StringPool, styles: StylePool) -> None:
        self._zip = zip_writer
        self._codes = styles.written_codes()
        self._pool = pool
        self._texts: list[str] = []
        self._cells: dict[str, dict[tuple[int, int], Value]] = {}
        self._last: dict[str, int] = {}
        self._count = 0
        self.is_complete = True
        """Whether every cell asked for is held."""

    def read(self, sheet: str, part: str, areas: Iterable[Area]) -> None:
        """Read what the areas of a sheet hold."""
        cells = self._cells.setdefault(sheet.casefold(), {})
        areas = list(areas)
        rows = merged((area.first_row, area.last_row) for area in areas)
        columns = merged((area.first_column, area.last_column) for area in areas)
        at = 0
        for number, content in self._rows(part):
            while at < len(rows) and rows[at][1] < number:
                at += 1
            if at == len(rows) or not self.is_complete:
                return
            if rows[at][0] > number:
                continue
            for match in _CELL.finditer(content):
                column = column_number(match[1].decode())
                if any(first <= column <= last for first, last in columns):
                    value = self._value(match)
                    if value is not None:
                        cells[number, column] = value
                        self._count += 1
            self.is_complete = self._count <= MOST

    def of(self, references: Iterable[Reference]) -> Iterator[tuple[int, Value]]:
        """The values in some cells, each with its place among them, counted from 0."""
        start = 0
        for sheet, area in references:
            for place, value in inside(self._cells.get((sheet or "").casefold(), {}), area):
                yield start + place, value
            start += (area.last_row - area.first_row + 1) * (
                area.last_column - area.first_column + 1
            )

    def _rows(self, part: str) -> Iterator[tuple[int, bytes]]:
        rest = b""
        for piece in self._zip.read(part):
            rest += piece
            end = 0
            for match in _ROW.finditer(rest):
                end = match.end()
                yield int(match[1]), match[2] or b""
            rest = rest[end:]
            if b"</sheetData>" in rest:
                return

    def _value(self, match: re.Match[bytes]) -> Value | None:
        style = int(match[2] or 0)
        code = self._codes[style] if style < len(self._codes) else "General"
        kind = (match[3] or b"n").decode()
        if kind == "inlineStr":
            return Value("s", _plain(match[4].decode()), code)
        found = _VALUE.search(match[4])
        if found is None:
            return None
        text = found[1].decode()
        if kind == "s":
            return Value("s", self._pooled(int(text)), code)
        return Value(kind, text, code)

    def _pooled(self, index: int) -> str:
        if not self._texts:
            self._texts = list(islice(self._pool.items(), len(self._pool)))
        return _plain(self._texts[index])


def _plain(markup: str) -> str:
    return decode(unescape("".join(_TEXT.findall(markup)), {"&quot;": '"', "&#13;": "\r"}))


def inside(cells: Mapping[tuple[int, int], Value], area: Area) -> Iterator[tuple[int, Value]]:
    """The cells of an area, row by row, each with its place in it, counted from 0."""
    wide = area.last_column - area.first_column + 1
    tall = area.last_row - area.first_row + 1
    if wide * tall > len(cells):
        found = sorted(
            place
            for place in cells
            if area.first_row <= place[0] <= area.last_row
            and area.first_column <= place[1] <= area.last_column
        )
    else:
        found = [
            (row, column)
            for row in range(area.first_row, area.last_row + 1)
            for column in range(area.first_column, area.last_column + 1)
            if (row, column) in cells
        ]
    for row, column in found:
        yield (row - area.first_row) * wide + column - area.first_column, cells[row, column]


def merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that cover the same numbers, in order and apart from each other."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(found[-1][1], last)
        else:
            found.append((first, last))
    return found
