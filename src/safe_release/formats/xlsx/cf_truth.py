"""This module is whether a rule holds for a cell, worked out over the values of the source."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final

from safe_release.formats.values import is_true, whole
from safe_release.formats.xlsx.axis import Area
from safe_release.formats.xlsx.cells import canonical_number
from safe_release.formats.xlsx.cf_rules import Bound, Rule
from safe_release.formats.xlsx.formula_functions import CannotTell, Error, Value, compared

_MOST_STEPS: Final = 20_000_000
"""Steps that one sheet's rules may take: beyond it, what they show counts as unknown."""
_BY_FORMULA: Final = frozenset(
    (
        "expression", "containsText", "notContainsText", "beginsWith", "endsWith",
        "containsBlanks", "notContainsBlanks", "containsErrors", "notContainsErrors", "timePeriod",
    )
)  # fmt: skip
_OPERATORS: Final[Mapping[str, Callable[[int], bool]]] = {
    "lessThan": lambda order: order < 0,
    "lessThanOrEqual": lambda order: order <= 0,
    "equal": lambda order: order == 0,
    "notEqual": lambda order: order != 0,
    "greaterThanOrEqual": lambda order: order >= 0,
    "greaterThan": lambda order: order > 0,
}


class CellValues:
    """The values of a sheet's cells, hidden ones too, and how much work was done with them."""

    def __init__(self, cells: dict[tuple[int, int], Value]) -> None:
        self.cells = cells
        self.steps = 0
        self.last_row = max((row for row, _ in cells), default=0)
        self.last_column = max((column for _, column in cells), default=0)

    def spend(self, steps: int) -> None:
        """Count work. Raises ``CannotTell`` when it is too much."""
        self.steps += steps
        if self.steps > _MOST_STEPS:
            raise CannotTell

    def one(self, row: int, column: int) -> Value:
        """The value of a cell, ``None`` for an empty one."""
        self.spend(1)
        return self.cells.get((row, column))

    def area(
        self, first_row: int, first_column: int, last_row: int, last_column: int
    ) -> list[Value]:
        """The values of an area, empty cells too. Raises ``CannotTell`` for a huge one."""
        self.spend((last_row - first_row + 1) * (last_column - first_column + 1))
        return [
            self.cells.get((row, column))
            for row in range(first_row, last_row + 1)
            for column in range(first_column, last_column + 1)
        ]

    def written(self, areas: Sequence[Area]) -> Iterator[Value]:
        """The values of the cells in any of the areas that have one."""
        room = sum(
            (min(area.last_row, self.last_row) - area.first_row + 1)
            * (min(area.last_column, self.last_column) - area.first_column + 1)
            for area in areas
            if area.first_row <= self.last_row and area.first_column <= self.last_column
        )
        if room <= len(self.cells) or len(areas) > 64:
            self.spend(room)
            places = {
                (row, column)
                for area in areas
                for row in range(area.first_row, min(area.last_row, self.last_row) + 1)
                for column in range(area.first_column, min(area.last_column, self.last_column) + 1)
            }
            yield from (self.cells[place] for place in places if place in self.cells)
            return
        self.spend(len(self.cells) * len(areas))
        for (row, column), value in self.cells.items():
            if any(
                area.first_row <= row <= area.last_row
                and area.first_column <= column <= area.last_column
                for area in areas
            ):
                yield value

    def numbers(self, areas: Sequence[Area]) -> list[float]:
        """The numbers in the areas, in order of size."""
        return sorted(value for value in self.written(areas) if type(value) is float)


class Judge:
    """Says which rules hold for which cells; what it has to count is counted once for a rule."""

    def __init__(self, values: CellValues) -> None:
        self._values = values
        self._numbers: dict[int, list[float]] = {}
        self._limits: dict[int, tuple[float, bool]] = {}
        self._counts: dict[int, dict[Value, int]] = {}

    def holds(self, rule: Rule, row: int, column: int) -> bool:
        """Whether a rule holds for a cell. Raises ``CannotTell``."""
        if rule.kind == "cellIs":
            return self._compares(rule, row, column)
        if rule.kind in _BY_FORMULA:
            if len(rule.formulas) != 1:
                raise CannotTell
            return _is_so(self._given(rule, 0, row, column))
        value = self._values.one(row, column)
        match rule.kind:
            case "top10":
                return type(value) is float and self._is_beyond(rule, value)
            case "aboveAverage":
                return type(value) is float and self._is_beyond(rule, value)
            case "duplicateValues" | "uniqueValues":
                return self._repeats(rule, value)
        raise CannotTell

    def limits(self, rule: Rule) -> tuple[Fraction, ...] | None:
        """The thresholds of a colour scale, data bar or icon set as numbers.

        ``None`` where they cannot be known, as those of shares are where no cell has a number.
        """
        try:
            numbers = [Fraction(number) for number in self._numbers_of(rule)]
            return tuple(self._limit(rule, bound, numbers) for bound in rule.bounds)
        except CannotTell:
            return None

    def _limit(self, rule: Rule, bound: Bound, numbers: list[Fraction]) -> Fraction:
        if not numbers and bound.kind not in ("num", "formula"):
            raise CannotTell
        low, high = (numbers[0], numbers[-1]) if numbers else (Fraction(0), Fraction(0))
        if bound.kind == "min":
            return low
        if bound.kind == "max":
            return high
        corners = [corner for area in bound.formula.corners for corner in area]
        if any(not (corner.row_fixed and corner.column_fixed) for corner in corners):
            raise CannotTell
        value = bound.formula.value(0, 0, rule.areas[0][:2], self._values.one, self._values.area)
        if type(value) is not float:
            raise CannotTell
        number = Fraction(value)
        match bound.kind:
            case "num" | "formula":
                return number
            case "percent":
                return low + (high - low) * number / 100
            case "percentile" if 0 <= number <= 100:
                place = (len(numbers) - 1) * number / 100
                at = math.floor(place)
                above = numbers[min(at + 1, len(numbers) - 1)]
                return numbers[at] + (above - numbers[at]) * (place - at)
        raise CannotTell

    def _given(self, rule: Rule, which: int, row: int, column: int) -> Value:
        formula = rule.formulas[which]
        anchor = rule.anchor
        if anchor is None:
            if formula.has_relative:
                raise CannotTell
            anchor = rule.areas[0][:2]
        self._values.spend(len(formula.steps or ()))
        return formula.value(
            row - anchor[0], column - anchor[1], (row, column), self._values.one, self._values.area
        )

    def _compares(self, rule: Rule, row: int, column: int) -> bool:
        value = self._values.one(row, column)
        bounds = [self._given(rule, which, row, column) for which in range(len(rule.formulas))]
        if isinstance(value, Error) or any(isinstance(bound, Error) for bound in bounds):
            return False
        if rule.operator in ("between", "notBetween") and len(bounds) == 2:
            if compared(bounds[0], bounds[1]) > 0:
                raise CannotTell  # readers differ in what they make of it
            inside = compared(value, bounds[0]) >= 0 and compared(value, bounds[1]) <= 0
            return inside == (rule.operator == "between")
        if rule.operator not in _OPERATORS or len(bounds) != 1:
            raise CannotTell
        return _OPERATORS[rule.operator](compared(value, bounds[0]))

    def _numbers_of(self, rule: Rule) -> list[float]:
        known = self._numbers.get(id(rule))
        if known is None:
            known = self._numbers[id(rule)] = self._values.numbers(rule.areas)
        return known

    def _is_beyond(self, rule: Rule, value: float) -> bool:
        limit = self._limits.get(id(rule))
        if limit is None:
            read = _top if rule.kind == "top10" else _average
            limit = self._limits[id(rule)] = read(rule, self._numbers_of(rule))
        bound, is_upper = limit
        is_open = rule.kind == "aboveAverage" and not is_true(rule.node.get("equalAverage"))
        if is_open:
            return value > bound if is_upper else value < bound
        return value >= bound if is_upper else value <= bound

    def _repeats(self, rule: Rule, value: Value) -> bool:
        if value is None or value == "" or isinstance(value, Error):
            return False
        counts = self._counts.get(id(rule))
        if counts is None:
            counts = self._counts[id(rule)] = _counted(self._values.written(rule.areas))
        return (counts[_alike(value)] > 1) == (rule.kind == "duplicateValues")


def _is_so(value: Value) -> bool:
    if isinstance(value, (Error, str)):
        return False
    return bool(value)


def _top(rule: Rule, numbers: list[float]) -> tuple[float, bool]:
    rank = whole(rule.node.get("rank"), 10)
    if is_true(rule.node.get("percent")):
        rank = max(1, len(numbers) * rank // 100)
    rank = min(rank, len(numbers))
    if rank < 1:
        raise CannotTell
    is_upper = not is_true(rule.node.get("bottom"))
    return numbers[-rank] if is_upper else numbers[rank - 1], is_upper


def _average(rule: Rule, numbers: list[float]) -> tuple[float, bool]:
    if whole(rule.node.get("stdDev"), 0) or not numbers:
        raise CannotTell
    return math.fsum(numbers) / len(numbers), is_true(rule.node.get("aboveAverage", "1"))


def _counted(values: Iterable[Value]) -> dict[Value, int]:
    counts: dict[Value, int] = {}
    for value in values:
        if value is None or value == "" or isinstance(value, Error):
            continue
        key = _alike(value)
        counts[key] = counts.get(key, 0) + 1
    return counts


def _alike(value: Value) -> Value:
    if isinstance(value, bool):
        return f"\x00{value}"
    if isinstance(value, str):
        if canonical_number(value) is not None:
            raise CannotTell  # whether it equals the number is a matter of the reader
        return value.casefold()
    return value
