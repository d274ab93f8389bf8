"""References to cells, whole columns and whole rows, and what is left of them in a copy."""

from __future__ import annotations

import re
from typing import NamedTuple

from safe_release.inspectors.grid import LAST_COLUMN, LAST_ROW, Grid, area_reference, column_number
from safe_release.inspectors.places import column_name

_COLUMNS = re.compile(r"\$?([A-Z]{1,3}):\$?([A-Z]{1,3})", re.ASCII)
_ROWS = re.compile(r"\$?([1-9][0-9]{0,6}):\$?([1-9][0-9]{0,6})", re.ASCII)
_PIECE = re.compile(r"(?:(?:'((?:[^'\[\]:]|'')+)'|([\w.]+))!)?([$A-Z0-9:]+)(?: *, *|\Z)")
LONGEST = 8_192
"""Characters that a name may refer with (Excel specifications and limits)."""


class Span(NamedTuple):
    """A rectangle of a sheet; ``kind`` is ``cells``, ``columns`` or ``rows``."""

    kind: str
    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def written(self, mark: str = "") -> str:
        """The span as a reference, each number behind ``mark``."""
        left, right = column_name(self.first_column), column_name(self.last_column)
        if self.kind == "columns":
            return f"{mark}{left}:{mark}{right}"
        if self.kind == "rows":
            return f"{mark}{self.first_row}:{mark}{self.last_row}"
        first, last = f"{mark}{left}{mark}{self.first_row}", f"{mark}{right}{mark}{self.last_row}"
        return first if first == last else f"{first}:{last}"

    def meets(self, other: Span) -> bool:
        """Whether the two have a cell in common."""
        return (
            max(self.first_row, other.first_row) <= min(self.last_row, other.last_row)
            and max(self.first_column, other.first_column)
            <= min(self.last_column, other.last_column)
        )  # fmt: skip


def span_reference(text: str) -> Span | None:
    """The span of ``A1``, ``A1:B2``, ``A:C`` or ``1:5``; ``None`` for anything else."""
    hit = _COLUMNS.fullmatch(text)
    if hit is not None:
        low, high = sorted((column_number(hit[1]), column_number(hit[2])))
        return Span("columns", 1, low, LAST_ROW, high) if high <= LAST_COLUMN else None
    hit = _ROWS.fullmatch(text)
    if hit is not None:
        low, high = sorted((int(hit[1]), int(hit[2])))
        return Span("rows", low, 1, high, LAST_COLUMN) if high <= LAST_ROW else None
    area = area_reference(text)
    return None if area is None else Span("cells", *area)


def in_copy(span: Span, grid: Grid) -> Span | None:
    """What is left of a span; whole columns and rows stay whole."""
    area = grid.area_in_copy(span[1:])
    if area is None:
        return None
    first_row, first_column, last_row, last_column = area
    if span.kind == "columns":
        first_row, last_row = 1, LAST_ROW
    elif span.kind == "rows":
        first_column, last_column = 1, LAST_COLUMN
    return Span(span.kind, first_row, first_column, last_row, last_column)


def printed(text: str, own: str, grid: Grid, titles: bool) -> str:
    """What a print area, or the titles, of a sheet named ``own`` are in the copy; or nothing."""
    kept: dict[Span, None] = {}
    text, at = text.strip(), 0
    while at < len(text) or not at:
        hit = _PIECE.match(text, at)
        span = span_reference(hit[3]) if hit is not None else None
        if hit is None or span is None or hit.end() == len(text) != hit.end(3):
            return ""
        sheet = hit[1].replace("''", "'") if hit[1] else hit[2] or own
        left = in_copy(span, grid)
        if left is not None and sheet.casefold() == own.casefold():
            kept[left] = None
        at = hit.end()
    kinds = [span.kind for span in kept]
    if titles and ("cells" in kinds or len(set(kinds)) < len(kinds)):
        return ""
    quoted = own.replace("'", "''")
    written = ",".join(f"'{quoted}'!{span.written('$')}" for span in kept)
    return written if len(written) <= LONGEST else ""
