"""What the rules of a sheet do to the values of its cells: hide them, or change what they show."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from safe_release.inspectors.colors import Paint, sinks
from safe_release.inspectors.faults import too_large
from safe_release.inspectors.rule_formulas import Fault, Piece, Told, Unknown, order, work_out
from safe_release.inspectors.rule_values import SheetValues
from safe_release.inspectors.rules import Area, Dress, Rule, Wardrobe
from safe_release.inspectors.texts import canonical_number, is_true, whole

_MOST_STEPS = 200_000_000
_MOST_PAINTS = 1000
_BY_FORMULA = frozenset(
    """expression containsText notContainsText beginsWith endsWith containsBlanks
    notContainsBlanks containsErrors notContainsErrors timePeriod""".split()
)


class Change(NamedTuple):
    """What becomes of a value: it goes, another number or another number format shows it."""

    gone: bool = False
    number: str | None = None
    code: str | None = None
    bare: bool = False
    """Whether a bar or an icon is why."""


NONE = Change()


class Truths:
    """Whether rules hold, asked cell by cell."""

    def __init__(self, values: SheetValues) -> None:
        self.values = values
        self._numbers: dict[int, list[Fraction]] = {}
        self._counts: dict[int, Counter[object]] = {}

    def holds(self, rule: Rule, row: int, column: int) -> bool:
        """Whether a rule holds for a cell. Raises ``Unknown``."""
        if rule.kind in _BY_FORMULA:
            if len(rule.formulas) != 1:
                raise Unknown
            told = self._told(rule, rule.formulas[0], row, column)
            return bool(told) if isinstance(told, (float, bool)) else False
        own = self.values.at(row, column)
        if rule.kind == "cellIs":
            return self._compares(rule, own, row, column)
        if rule.kind in ("top10", "aboveAverage"):
            return type(own) is float and self._stands_out(rule, Fraction(own))
        if rule.kind in ("duplicateValues", "uniqueValues"):
            return self._repeats(rule, own)
        raise Unknown

    def _told(self, rule: Rule, piece: Piece | None, row: int, column: int) -> Told:
        start = rule.start
        if piece is None:
            raise Unknown
        if start is None:
            spots = [spot for part in piece.everything() for spot in part.spots]
            if not all(spot.keeps_row and spot.keeps_column for spot in spots):
                raise Unknown
            start = rule.areas[0][:2]
        self.values.look(1)
        told = work_out(piece, self.values, (row, column), start)
        if isinstance(told, list):
            raise Unknown
        return told

    def _compares(self, rule: Rule, own: Told, row: int, column: int) -> bool:
        operator = rule.node.get("operator").strip()
        told = [self._told(rule, piece, row, column) for piece in rule.formulas]
        if isinstance(own, Fault) or any(isinstance(item, Fault) for item in told):
            return False
        if operator in ("between", "notBetween") and len(told) == 2:
            if order(told[0], told[1]) > 0:
                raise Unknown
            inside = order(told[0], own) <= 0 <= order(told[1], own)
            return inside is (operator == "between")
        if len(told) != 1:
            raise Unknown
        relation = order(own, told[0])
        answers = {
            "lessThan": relation < 0,
            "lessThanOrEqual": relation <= 0,
            "equal": relation == 0,
            "notEqual": relation != 0,
            "greaterThanOrEqual": relation >= 0,
            "greaterThan": relation > 0,
        }
        if operator not in answers:
            raise Unknown
        return answers[operator]

    def numbers(self, rule: Rule) -> list[Fraction]:
        """The numbers in the areas of a rule, in order of size."""
        known = self._numbers.get(id(rule))
        if known is None:
            told = (item for item in self._in(rule.areas) if type(item) is float)
            known = self._numbers[id(rule)] = sorted(Fraction(number) for number in told)
        return known

    def _in(self, areas: Sequence[Area]) -> Iterator[Told]:
        columns: dict[int, list[Area]] = {}
        self.values.look(len(self.values.told))
        for (row, column), told in self.values.told.items():
            close = columns.get(column)
            if close is None:
                close = columns[column] = [a for a in areas if a[1] <= column <= a[3]]
            self.values.look(len(close))
            if any(a[0] <= row <= a[2] for a in close):
                yield told

    def _stands_out(self, rule: Rule, own: Fraction) -> bool:
        numbers = self.numbers(rule)
        if rule.kind == "aboveAverage":
            return _off_average(rule, own, numbers)
        rank = whole(rule.node.get("rank").strip(), 10)
        if is_true(rule.node.get("percent").strip()):
            rank = max(1, len(numbers) * rank // 100)
        rank = min(rank, len(numbers))
        if rank < 1:
            raise Unknown
        if is_true(rule.node.get("bottom").strip()):
            return own <= numbers[rank - 1]
        return own >= numbers[len(numbers) - rank]

    def _repeats(self, rule: Rule, own: Told) -> bool:
        if own is None or own == "" or isinstance(own, Fault):
            return False
        counts = self._counts.get(id(rule))
        if counts is None:
            counts = Counter(
                _face(told)
                for told in self._in(rule.areas)
                if told is not None and told != "" and not isinstance(told, Fault)
            )
            self._counts[id(rule)] = counts
        repeated = counts[_face(own)] >= 2
        return repeated is (rule.kind == "duplicateValues")

    def limits(self, rule: Rule) -> tuple[Fraction, ...] | None:
        """The thresholds of a graphic; ``None`` where they cannot be worked out."""
        try:
            numbers = self.numbers(rule)
            return tuple(self._limit(rule, bound, numbers) for bound in rule.bounds)
        except Unknown:
            return None

    def _limit(
        self, rule: Rule, bound: tuple[str, Piece | None, bool], numbers: list[Fraction]
    ) -> Fraction:
        kind, piece, _ = bound
        if kind in ("min", "max", "percent", "percentile") and not numbers:
            raise Unknown
        if kind in ("min", "max"):
            return numbers[0] if kind == "min" else numbers[-1]
        if piece is None or kind not in ("num", "formula", "percent", "percentile"):
            raise Unknown
        spots = [spot for part in piece.everything() for spot in part.spots]
        if not all(spot.keeps_row and spot.keeps_column for spot in spots):
            raise Unknown
        told = work_out(piece, self.values, rule.areas[0][:2], rule.areas[0][:2])
        if type(told) is not float:
            raise Unknown
        share = Fraction(told)
        if kind in ("num", "formula"):
            return share
        if kind == "percent":
            return numbers[0] * (1 - share / 100) + numbers[-1] * (share / 100)
        if not 0 <= share <= 100:
            raise Unknown
        place = share * (len(numbers) - 1) / 100
        below, part = int(place), place - int(place)
        if not part:
            return numbers[below]
        return numbers[below] * (1 - part) + numbers[below + 1] * part


def _off_average(rule: Rule, own: Fraction, numbers: list[Fraction]) -> bool:
    if whole(rule.node.get("stdDev").strip()) or not numbers:
        raise Unknown
    middle = Fraction(float(sum(numbers)) / len(numbers))
    if own == middle:
        return is_true(rule.node.get("equalAverage").strip())
    return (own > middle) is is_true(rule.node.get("aboveAverage", "1").strip())


def _face(told: Told) -> object:
    """What equal values have in common: case does not count, and a flag is no number."""
    if isinstance(told, str):
        if canonical_number(told) is not None:
            raise Unknown
        return told.casefold()
    return (told,) if isinstance(told, bool) else told


class Effects:
    """What rules do to values, cell by cell."""

    def __init__(
        self, rules: Sequence[Rule], truths: Truths, wardrobe: Wardrobe, place: str
    ) -> None:
        self._place = place
        self._rules = rules
        self._truths = truths
        self._wardrobe = wardrobe
        self._sinking = sinking(rules, wardrobe)
        self._active = [rule for rule in rules if self._acts(rule)]
        spans = sorted((a[0], a[2]) for rule in self._active for a in rule.areas)
        self._starts: list[int] = []
        self._ends: list[int] = []
        for first, last in spans:
            if self._ends and first <= self._ends[-1] + 1:
                self._ends[-1] = max(self._ends[-1], last)
            else:
                self._starts.append(first)
                self._ends.append(last)
        self._row = 0
        self._near: list[tuple[int, int, int, int]] = []
        """Of the areas that the row lies in: last row, first and last column, rank of the rule."""
        self._waiting = sorted(
            (
                (area[0], area[2], area[1], area[3], rank)
                for rank, rule in enumerate(rules)
                for area in rule.areas
            ),
            reverse=True,
        )
        self._steps = 0
        self.unsure = 0

    def _acts(self, rule: Rule) -> bool:
        coded = rule.dress is not None and bool(rule.dress.code)
        return rule.bare or coded or id(rule) in self._sinking

    def touches(self, row: int) -> bool:
        """Whether anything may happen to values of a row."""
        at = bisect_right(self._starts, row) - 1
        return at >= 0 and row <= self._ends[at]

    def next_row(self, row: int) -> int:
        """The first row after this one where something may happen."""
        at = bisect_right(self._starts, row)
        return self._starts[at] if at < len(self._starts) else 1 << 30

    def change(self, row: int, column: int, style: int) -> Change:
        """What becomes of the value of a cell; rows are asked about in their order."""
        if row != self._row:
            self._move_to(row)
        self._count(len(self._near))
        ranks = {rank for _, first, last, rank in self._near if first <= column <= last}
        here = [self._rules[rank] for rank in sorted(ranks)]
        if not any(self._acts(rule) for rule in here):
            return NONE
        return self._change(here, row, column, style)

    def _move_to(self, row: int) -> None:
        self._row = row
        while self._waiting and self._waiting[-1][0] <= row:
            _, last, left, right, rank = self._waiting.pop()
            self._near.append((last, left, right, rank))
        self._near = [near for near in self._near if near[0] >= row]
        self._count(len(self._near))

    def _count(self, steps: int) -> None:
        self._steps += steps
        if self._steps > _MOST_STEPS:
            raise too_large(
                "has conditional formats that would take too long to work out",
                place=self._place,
                remedy="Delete rules (Conditional Formatting, Manage Rules), save and retry",
            )

    def _change(  # noqa: C901 (one walk down the rules)
        self, here: list[Rule], row: int, column: int, style: int
    ) -> Change:
        own = self._truths.values.told.get((row, column))
        if own is None:
            return NONE
        true: list[Dress] = []
        open_: list[Dress] = []
        bare: list[Rule] = []
        for rule in here:
            if rule.kind in ("dataBar", "iconSet"):
                if rule.bare and type(own) is float:
                    bare.append(rule)
                continue
            if rule.kind == "colorScale":
                continue
            try:
                if not self._truths.holds(rule, row, column):
                    continue
            except Unknown:
                if rule.dress is not None and self._acts(rule):
                    open_.append(rule.dress)
                continue
            if rule.dress is not None:
                true.append(rule.dress)
            if rule.stops:
                break
        code = next((dress.code for dress in true if dress.code), None)
        if any(
            (dress.code and code is None)
            or self._sinks([dress, *true], style)
            or self._sinks([*true, dress], style)
            for dress in open_
        ):
            self.unsure += 1
            return Change(gone=True)
        if self._sinks(true, style):
            return Change(gone=True)
        if bare:
            number = None
            if len(bare) == 1 and bare[0].kept and type(own) is float:
                number = _substitute(bare[0], Fraction(own))
            return Change(number is None, number, None, bare=True)
        return Change(code=code) if code is not None else NONE

    def _sinks(self, dresses: list[Dress], style: int) -> bool:
        """Whether rules, the one that counts most first, make a text one with its ground."""
        text, grounds = self._wardrobe.of_cell(style)
        coloured = next((dress for dress in dresses if dress.colours_text), None)
        filled = next((dress for dress in dresses if dress.fills), None)
        if coloured is None and filled is None:
            return False
        text = coloured.text if coloured is not None else text
        grounds = filled.grounds if filled is not None else grounds
        return _are_one(text, grounds)


@lru_cache(maxsize=4096)
def _are_one(text: Paint | None, grounds: tuple[Paint, ...] | None) -> bool:
    return text is not None and grounds is not None and sinks(text, grounds)


def sinking(rules: Sequence[Rule], wardrobe: Wardrobe) -> set[int]:
    """The rules that could make some cell's text one with its ground, alone or together."""
    dressed = [(rule, rule.dress) for rule in rules if rule.dress is not None]
    texts = {dress.text for _, dress in dressed if dress.colours_text}
    grounds = {dress.grounds for _, dress in dressed if dress.fills}
    if not texts and not grounds:
        return set()
    cell_texts, cell_grounds = wardrobe.everywhere()
    if len(cell_texts) + len(cell_grounds) > _MOST_PAINTS:
        return {id(rule) for rule, dress in dressed if dress.colours_text or dress.fills}
    found = set()
    for rule, dress in dressed:
        own_text: set[Paint | None] = {dress.text} if dress.colours_text else set()
        own_grounds = {dress.grounds} if dress.fills else set()
        under = own_grounds | grounds if dress.fills else grounds | cell_grounds
        over = own_text | texts if dress.colours_text else texts | cell_texts
        if any(
            _are_one(text, ground)
            for text, ground in (
                *((text, ground) for text in own_text for ground in under),
                *((text, ground) for text in over for ground in own_grounds),
            )
        ):
            found.add(id(rule))
    return found


def _substitute(rule: Rule, own: Fraction) -> str | None:
    """The number under which the same icon, or as long a bar, is painted."""
    limits = rule.limits
    if limits is None:
        return None
    if rule.kind == "iconSet":
        for place in range(len(limits) - 1, 0, -1):
            if own > limits[place] or (own == limits[place] and rule.bounds[place][2]):
                return str(place)
        return "0"
    low, high = limits
    if own >= high:
        return "100"
    if own <= low:
        return "0"
    return str(int((own - low) * 200 / (high - low) + 1) // 2)
