"""This module is how a failed recalculation is told: the cells by place, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from safe_release.document import CellPlace
from safe_release.errors import CannotRebuild
from safe_release.recalculate.columns import column_letters

OPEN_IN_EXCEL = "Open the workbook in Excel, let it calculate, and save it"
_NAMED = 10


def cannot_recalculate(
    problem: str, cells: Sequence[CellPlace], remedy: str = OPEN_IN_EXCEL
) -> CannotRebuild:
    """The error that names up to ten of these cells, in tab order."""
    places = sorted(set(cells))
    named = ", ".join(spelled(place) for place in places[:_NAMED])
    more = f" and {len(places) - _NAMED} more" if len(places) > _NAMED else ""
    return CannotRebuild(problem, place=named + more, remedy=remedy)


def out_of_time(cells: Sequence[CellPlace]) -> CannotRebuild:
    """The error for a recalculation that did not end in time."""
    return cannot_recalculate(
        "have formulas without a trustworthy value, and LibreOffice did not finish in time",
        cells,
        f"{OPEN_IN_EXCEL}, or raise limits.seconds",
    )


def spelled(place: CellPlace) -> str:
    """``sheet 3 B4``."""
    return f"sheet {place.sheet} {column_letters(place.column)}{place.row}"
