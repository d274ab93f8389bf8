"""Tables (ECMA-376-1 18.5.1.2): which of them a copy has, and what is left of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from safe_release.inspectors.grid import Grid
from safe_release.inspectors.raw_xml import Node
from safe_release.inspectors.spans import Span, in_copy, span_reference
from safe_release.inspectors.texts import cell_text

_BUILT_IN = re.compile(r"TableStyle(Light|Medium|Dark)(0|[1-9][0-9]?)", re.ASCII)
_MOST = {"Light": 21, "Medium": 28, "Dark": 11}
_FLAGS = ("showFirstColumn", "showLastColumn", "showRowStripes", "showColumnStripes")
_LONGEST_NAME = 255


@dataclass(frozen=True, slots=True)
class Table:
    """A table as written: ``named`` are the names that it gives its columns."""

    span: Span
    has_header: bool
    has_totals: bool
    has_filter: bool
    has_look: bool
    style: str
    flags: str
    named: tuple[str, ...]


def read_table(root: Node) -> Table | None:
    """A table; ``None`` for what is none."""
    span = span_reference(root.get("ref"))
    if root.name != "x:table" or span is None or span.kind != "cells":
        return None
    look = root.first("x:tableStyleInfo")
    return Table(
        span,
        has_header=root.get("headerRowCount", "1").strip() != "0",
        has_totals=root.get("totalsRowCount").strip() == "1",
        has_filter=root.first("x:autoFilter") is not None,
        has_look=look is not None,
        style=look.get("name") if look is not None else "",
        flags="".join(
            "1" if look is not None and look.get(flag).strip() in ("1", "true") else "0"
            for flag in _FLAGS
        ),
        named=tuple(
            cell_text(node.get("name")) for node in root.all("x:tableColumns", "x:tableColumn")
        ),
    )


class Tables:
    """Reads the tables of one workbook; ``own`` are the names of its own table styles."""

    def __init__(self, own: Iterable[str]) -> None:
        self._own = frozenset(own)
        self._numbers: dict[str, int] = {}
        """Its own table styles in order of first use."""

    def reading(
        self,
        tables: Iterable[Table],
        grid: Grid,
        texts: Mapping[tuple[int, int], str],
        taken: list[Span],
        is_candidate: bool,
    ) -> list[str]:
        """What a copy says of the tables of a sheet, in the order of their ranges.

        ``texts`` are those that the cells of header rows show. ``taken`` are the copy's merged
        cells; the tables that a copy has join them.
        """
        found = []
        for table in sorted(tables, key=lambda table: table.span[1:]):
            left = _left(table, grid)
            names = _names(table, left, grid, texts) if left is not None else None
            if left is None or names is None or any(left.meets(area) for area in taken):
                continue
            if _paints_elsewhere(table, grid):
                continue
            taken.append(left)
            header, totals = _ends(table, grid)
            said = [left.written(), str(header), str(totals), str(header and table.has_filter)]
            if table.has_look:
                said += [self._style(table.style), table.flags]
            # A column of a copy is called what its header shows.
            wrong = is_candidate and list(table.named) != names
            found.append("|".join((*said, "other names" if wrong else "")))
        return found

    def _style(self, name: str) -> str:
        hit = _BUILT_IN.fullmatch(name)
        if hit is not None and int(hit[2]) <= _MOST[hit[1]]:
            return name
        if name not in self._own:
            return ""
        return f"Style {self._numbers.setdefault(name, len(self._numbers) + 1)}"


def _ends(table: Table, grid: Grid) -> tuple[bool, bool]:
    """Whether the header row and the totals row show."""
    _, first_row, _, last_row, _ = table.span
    return (
        table.has_header and bool(grid.row_in_copy(first_row)),
        table.has_totals and bool(grid.row_in_copy(last_row)),
    )


def _paints_elsewhere(table: Table, grid: Grid) -> bool:
    """Whether hidden columns would move the stripes or the end columns of a table's style."""
    first, last, _, stripes = (flag == "1" for flag in table.flags)
    columns = grid.column_map[table.span.first_column : table.span.last_column + 1]
    return (
        (stripes and not all(columns)) or (first and not columns[0]) or (last and not columns[-1])
    )


def _left(table: Table, grid: Grid) -> Span | None:
    """The range of a table in the copy; ``None`` where what shows of it is no table."""
    left = in_copy(table.span, grid)
    header, totals = _ends(table, grid)
    _, first_row, first_column, last_row, last_column = table.span
    if left is None or left.last_row - left.first_row < header + totals:
        return None
    if table.has_header != header or not (table.has_header or table.style):
        return None
    body = (first_row + table.has_header, first_column, last_row - table.has_totals, last_column)
    return left if body[0] <= body[2] and grid.area_in_copy(body) is not None else None


def _names(
    table: Table, left: Span, grid: Grid, texts: Mapping[tuple[int, int], str]
) -> list[str] | None:
    """What the columns are called; ``None`` where the header does not name them all."""
    if not table.has_header:
        width = left.last_column - left.first_column + 1
        return [f"Column{number}" for number in range(1, width + 1)]
    columns = range(table.span.first_column, table.span.last_column + 1)
    shown = [column for column in columns if grid.column_map[column]]
    names = [texts.get((table.span.first_row, column), "") for column in shown]
    if not all(names) or len({name.casefold() for name in names}) < len(names):
        return None
    longest = max(len(name.encode("utf-16-le", "surrogatepass")) // 2 for name in names)
    return names if longest <= _LONGEST_NAME else None
