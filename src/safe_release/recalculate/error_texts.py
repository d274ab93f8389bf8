"""This module is how errors that Excel has too are told from those of LibreOffice alone."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from safe_release.document import CellPlace
from safe_release.recalculate.package import SheetNames
from safe_release.recalculate.result import Result

_GENUINE = frozenset(("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NUM!", "#N/A"))


def read_error_texts(result: Result, names: SheetNames) -> dict[CellPlace, str]:
    """The errors among these cells that Excel has too, as OpenDocument spells them.

    Only there LibreOffice tells its own errors (``Err:502``) from those of Excel.
    """
    reader = _ErrorTexts(names, result.asked)
    reader.read(result)
    return reader.found


class _ErrorTexts:
    def __init__(self, names: SheetNames, asked: Sequence[CellPlace]) -> None:
        self._numbers = {name.casefold(): number for number, name in enumerate(names.names, 1)}
        self._asked: dict[int, dict[int, list[int]]] = {}
        for place in sorted(asked):
            rows = self._asked.setdefault(place.sheet, {})
            rows.setdefault(place.row, []).append(place.column)
        self.found: dict[CellPlace, str] = {}
        self._sheet = 0
        self._rows: list[int] = []
        self._row = self._next_row = self._column = self._next_column = 1
        self._text: list[str] = []
        self._is_error = False

    def read(self, result: Result) -> None:
        """Walk through the sheets once."""
        result.parse("content.xml", self._start, self._end, self._text.append)

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        if element == "table:table":
            self._sheet = self._numbers.get(attributes.get("table:name", "").casefold(), 0)
            self._rows = sorted(self._asked.get(self._sheet, ()))
            self._next_row = 1
        elif element == "table:table-row":
            self._row = self._next_row
            self._next_row += int(attributes.get("table:number-rows-repeated", "1"))
            self._next_column = 1
        elif element in {"table:table-cell", "table:covered-table-cell"}:
            self._column = self._next_column
            self._next_column += int(attributes.get("table:number-columns-repeated", "1"))
            self._is_error = attributes.get("calcext:value-type") == "error"
        self._text.clear()

    def _end(self, element: str) -> None:
        if element == "text:p" and self._is_error:
            text = "".join(self._text)
            self._is_error = False
            if text in _GENUINE:
                self._enter(text)
        self._text.clear()

    def _enter(self, text: str) -> None:
        first, last = bisect_left(self._rows, self._row), bisect_left(self._rows, self._next_row)
        for row in self._rows[first:last]:
            columns = self._asked[self._sheet][row]
            low = bisect_left(columns, self._column)
            high = bisect_right(columns, self._next_column - 1)
            for column in columns[low:high]:
                self.found[CellPlace(self._sheet, row, column)] = text
