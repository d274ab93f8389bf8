"""This module is the rounding of points that stand in a chart itself: no more than is painted."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from safe_release.formats.xlsx.cells import canonical_number
from safe_release.formats.xlsx.numbers import number_format

_DIGITS: Final = 3
"""Significant digits of the range of an axis that a picture can show."""
_NEAR: Final = Decimal(6)
"""An axis begins at zero unless its points lie closer together than a sixth of the largest."""
_LONGEST: Final = 10
"""Digits of a number in the format General."""


def by_format(number: str, code: str, is_1904: bool) -> str | None:
    """The number as labels of a format paint it; ``None`` where they paint no number."""
    found = number_format(code)
    if found.keeps_all_digits:
        return canonical_number(f"{float(number):.{_LONGEST}g}")
    shown = found.as_displayed(number, is_1904)
    return shown.text if shown.kind == "number" else None


def step_of(
    numbers: Sequence[Decimal], extent: Decimal | None = None, finer: int = 0
) -> int | None:
    """The power of ten that points on one axis are rounded to; ``None`` where none need be.

    ``extent`` is the length of an axis whose ends are fixed; ``finer`` adds digits.
    """
    if not numbers:
        return None
    largest = max(abs(number) for number in numbers)
    spread = max(numbers) - min(numbers)
    if extent is not None:
        span = extent
    else:
        span = spread if spread and spread * _NEAR < largest else largest
    # No double has more digits than 15.
    return max(span.adjusted() - _DIGITS + 1 - finer, largest.adjusted() - 14) if span else None


def rounded(numbers: Sequence[str], extent: Decimal | None = None, finer: int = 0) -> list[str]:
    """The points of one axis, rounded alike; what is rounded is not rounded further."""
    found = [Decimal(number) for number in numbers]
    seen: set[int] = set()
    while (step := step_of(found, extent, finer)) is not None and step not in seen:
        seen.add(step)
        unit = Decimal(1).scaleb(step)
        found = [_to(number, unit) for number in found]
    return [canonical_number(f"{number:f}") or "0" for number in found]


def _to(number: Decimal, unit: Decimal) -> Decimal:
    return (number / unit).quantize(Decimal(1), rounding=ROUND_HALF_EVEN) * unit
