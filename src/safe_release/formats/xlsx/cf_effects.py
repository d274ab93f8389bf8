"""This module is what rules do to single cells: values that go, looks that stay without them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

from safe_release.errors import CannotRebuild, TooLarge
from safe_release.formats.xlsx.axis import write_area
from safe_release.formats.xlsx.cf_rules import Rule
from safe_release.formats.xlsx.cf_truth import CellValues, Judge
from safe_release.formats.xlsx.colors import RGB, Colors, Ground, hides
from safe_release.formats.xlsx.dxf import NOTHING, Color, Dxf, beyond, overlay, read_color
from safe_release.formats.xlsx.formula_functions import CannotTell
from safe_release.formats.xlsx.styles import SourceStyles

REMEDY: Final = (
    "Delete the rule in Excel (Conditional Formatting, Manage Rules), or paste the values in its"
    " place; save and retry"
)
_MOST_STEPS: Final = 100_000_000
"""Cells of areas that are gone through for one sheet."""
_MOST_PAINTS: Final = 1000
"""Colours of a workbook beyond which every rule is looked at cell by cell."""


class Effect(NamedTuple):
    """What becomes of a cell: a look over its own, a number format, another number, or no value."""

    over: Dxf | None = None
    code: str | None = None
    number: str | None = None
    is_gone: bool = False
    is_painted: bool = False
    """Whether the colours of rules are over the cell's own."""


class _Paint(NamedTuple):
    """What a cell's own format paints."""

    text: RGB | None
    ground: Ground | None


@dataclass(slots=True)
class _Span:
    first_row: int
    last_row: int
    first_column: int
    last_column: int
    rank: int


class Effects:
    """The effects of one sheet's rules, row by row in ascending order.

    ``rules`` are in order of priority and decided. ``lost`` holds the rules whose effect could not
    be worked out and so is nowhere in the copy.
    """

    def __init__(
        self, rules: Sequence[Rule], values: CellValues, styles: SourceStyles, colors: Colors,
        place: str,
    ) -> None:  # fmt: skip
        self._rules = rules
        self._values = values
        self._judge = Judge(values)
        self._styles = styles
        self._colors = colors
        self._place = place
        self._paints: dict[int, _Paint] = {}
        self.hiding = hiding(rules, styles, colors)
        self.lost = {
            id(rule)
            for rule in rules
            if not rule.stays and not (rule.paints or rule.code or rule.stops)
        }
        self._scales = {
            id(rule): _Scale(rule, self._judge.limits(rule), colors)
            for rule in rules
            if rule.kind == "colorScale" and not rule.stays
        }
        self._concerned = [rule for rule in rules if self._concerns(rule)]
        self._spans = sorted(
            (
                _Span(area.first_row, area.last_row, area.first_column, area.last_column, rank)
                for rank, rule in enumerate(rules)
                for area in rule.areas
            ),
            key=lambda span: span.first_row,
            reverse=True,
        )
        self._alive: list[_Span] = []
        self.baked: set[int] = set()
        self._steps = 0

    def ahead(self) -> Effects:
        """The same effects for a reading ahead, which goes through the rows on its own."""
        other = copy(self)
        other._spans, other._alive = list(self._spans), []
        return other

    def _concerns(self, rule: Rule) -> bool:
        """Whether it changes anything in a cell of the copy."""
        is_baked = not rule.stays and (rule.paints or bool(rule.code))
        return is_baked or rule.is_bare or id(rule) in self.hiding

    @property
    def rows(self) -> list[tuple[int, int]]:
        """The runs of rows in which something happens, at most to the last row with a value."""
        last = self._values.last_row
        return [
            (area.first_row, min(area.last_row, last))
            for rule in self._concerned
            for area in rule.areas
            if area.first_row <= last
        ]

    def in_row(self, row: int, styles: Mapping[int, int]) -> dict[int, Effect]:
        """By column, what becomes of the cells of a row. ``styles`` are the written cells' formats.

        Raises ``CannotRebuild`` where it cannot be known whether a value shows.
        """
        while self._spans and self._spans[-1].first_row <= row:
            self._alive.append(self._spans.pop())
        self._alive = [span for span in self._alive if span.last_row >= row]
        ranks: dict[int, set[int]] = {}
        self._steps += len(self._alive)
        for span in self._alive:
            last = min(span.last_column, self._values.last_column)
            self._steps += max(last - span.first_column, 0)
            if self._steps > _MOST_STEPS:
                raise TooLarge(
                    "has conditional formats that would take too long to work out",
                    place=self._place,
                    remedy=REMEDY,
                )
            for column in range(span.first_column, last + 1):
                ranks.setdefault(column, set()).add(span.rank)
        found = {}
        for column, concerned in ranks.items():
            rules = [self._rules[rank] for rank in sorted(concerned)]
            if not any(self._concerns(rule) for rule in rules):
                continue
            effect = self._effect(rules, row, column, styles.get(column))
            if effect != Effect():
                found[column] = effect
        return found

    def _effect(  # noqa: C901 (one walk down the rules, in their order)
        self, rules: list[Rule], row: int, column: int, style: int | None
    ) -> Effect:
        value = self._values.cells.get((row, column))
        over, seen = NOTHING, NOTHING
        code: str | None = None
        unknown: list[Rule] = []
        bare: list[Rule] = []
        for rule in rules:
            if rule.kind in ("dataBar", "iconSet"):
                if rule.is_bare and type(value) is float:
                    bare.append(rule)
                continue
            if rule.kind == "colorScale":
                scale = self._scales.get(id(rule))
                painted = scale.at(value) if scale is not None and type(value) is float else None
                if painted is not None:
                    over = overlay(beyond(painted, seen), over)
                    self.baked.add(id(rule))
                continue
            try:
                if not self._judge.holds(rule, row, column):
                    continue
            except CannotTell:
                if not rule.stays:
                    self.lost.add(id(rule))
                unknown.append(rule)
                continue
            if rule.look is not None:
                if not rule.stays:
                    # What a rule in front sets, and goes on setting in the copy, is its affair.
                    over = overlay(beyond(rule.look, seen), over)
                    self.baked.add(id(rule))
                seen = overlay(rule.look, seen)
            if rule.code and code is None:
                code = rule.code
            if rule.stops:
                break
        if value is not None:
            self._refuse_unknown(unknown, seen, code, style)
        look = settled_over(over)
        if value is not None and self._sinks(seen, style):
            return Effect(look, None, None, is_gone=True)
        if bare:
            number = _stand_in(bare[0], value) if len(bare) == 1 and bare[0].stays else None
            return Effect(look, None if number is None else "General", number, number is None)
        is_painted = seen.color is not None or seen.pattern is not None
        return Effect(look, code if value is not None else None, None, False, is_painted)

    def _refuse_unknown(
        self, unknown: list[Rule], seen: Dxf, code: str | None, style: int | None
    ) -> None:
        for rule in unknown:
            hides_by_color = (
                id(rule) in self.hiding
                and rule.look is not None
                and (
                    self._sinks(overlay(rule.look, seen), style)
                    or self._sinks(overlay(seen, rule.look), style)
                )
            )
            if hides_by_color or (rule.code and code is None):
                raise CannotRebuild(
                    "has a conditional format that may hide values, and whether it does cannot be"
                    " worked out",
                    place=f"{self._place}, {write_area(rule.areas[0])}",
                    remedy=REMEDY,
                )

    def _sinks(self, look: Dxf, style: int | None) -> bool:
        """Whether rules make a text one with its ground."""
        if look.color is None and look.pattern is None:
            return False
        paint = self._paint(style or 0)
        text = paint.text if look.color is None else self._colors.seen(look.color, "text")
        ground = paint.ground if look.pattern is None else self._colors.ground_of(look)
        return _is_one(text, ground)

    def _paint(self, style: int) -> _Paint:
        known = self._paints.get(style)
        if known is None:
            font, fill = self._styles.paint_at(style)
            known = _Paint(self._colors.text(font), self._colors.ground(fill))
            self._paints[style] = known
        return known


def settled_over(over: Dxf) -> Dxf | None:
    """The look to lay over a cell's own; ``None`` where there is none."""
    return None if over == NOTHING else over


def hiding(rules: Sequence[Rule], styles: SourceStyles, colors: Colors) -> set[int]:
    """The rules whose colours could make a text one with its ground in some cell."""
    looks = [(rule, rule.look) for rule in rules if rule.look is not None]
    texts = {colors.seen(look.color, "text") for _, look in looks if look.color is not None}
    grounds = {colors.ground_of(look) for _, look in looks if look.pattern is not None}
    own_texts = {colors.text(font) for font in styles.fonts}
    own_grounds = {colors.ground(fill) for fill in styles.fills} | {()}
    found: set[int] = set()
    if len(own_texts) + len(own_grounds) > _MOST_PAINTS:
        return {id(rule) for rule, look in looks if look.color or look.pattern}
    for rule, look in looks:
        fronts = {colors.seen(look.color, "text")} if look.color is not None else own_texts | texts
        backs = {colors.ground_of(look)} if look.pattern is not None else own_grounds | grounds
        if look.color is None and look.pattern is None:
            continue
        if look.color is not None and look.pattern is not None:
            pairs = [(front, back) for front in fronts for back in backs | grounds]
            pairs += [(front, back) for front in texts for back in backs]
        else:
            pairs = [(front, back) for front in fronts for back in backs]
        if any(_is_one(front, back) for front, back in pairs):
            found.add(id(rule))
    return found


def blots(rule: Rule, colors: Colors) -> bool:
    """Whether a rule by itself gives a text and its ground one colour."""
    look = rule.look
    if look is None or look.color is None or look.pattern is None:
        return False
    return _is_one(colors.seen(look.color, "text"), colors.ground_of(look))


@lru_cache(maxsize=4096)
def _is_one(text: RGB | None, ground: Ground | None) -> bool:
    return text is not None and ground is not None and hides(text, ground)


def _stand_in(rule: Rule, value: object) -> str | None:
    """The number that shows the same icon, or a bar of the same length to a percent."""
    if rule.limits is None or type(value) is not float:
        return None
    number = Fraction(value)
    if rule.kind == "iconSet":
        steps = zip(rule.bounds[1:], rule.limits[1:], strict=True)
        reached = [
            index
            for index, (bound, limit) in enumerate(steps, 1)
            if number > limit or (bound.includes and number == limit)
        ]
        return str(max(reached, default=0))
    low, high = rule.limits
    if high <= low:
        return "100" if number >= high else "0"
    share = min(max((number - low) / (high - low), Fraction(0)), Fraction(1))
    return str(math.floor(share * 100 + Fraction(1, 2)))


class _Scale:
    """A colour scale (18.3.1.16) as the fill of each number."""

    def __init__(self, rule: Rule, limits: tuple[Fraction, ...] | None, colors: Colors) -> None:
        graphic = rule.graphic
        named = [read_color(item) for item in graphic if item.tag == "color"] if graphic else []
        seen = [colors.seen(color, "foreground") for color in named]
        self._colors = [color for color in seen if color is not None]
        self._limits = limits or ()
        self._is_known = len(self._limits) == len(self._colors) == len(named) >= 2

    def at(self, value: object) -> Dxf | None:
        """The fill of a cell with this number."""
        if not self._is_known or type(value) is not float:
            return None
        number = Fraction(value)
        at = 0
        while at < len(self._limits) - 2 and number > self._limits[at + 1]:
            at += 1
        low, high = self._limits[at], self._limits[at + 1]
        share = (
            float(min(max((number - low) / (high - low), Fraction(0)), Fraction(1)))
            if high > low
            else float(number >= high)
        )
        mixed = [
            first + (second - first) * share
            for first, second in zip(self._colors[at], self._colors[at + 1], strict=True)
        ]
        spelled = "FF" + "".join(f"{round(part * 255):02X}" for part in mixed)
        color = Color("rgb", spelled)
        return Dxf(pattern="solid", fg=color, bg=color)
