"""The conditional formats of one sheet in an examination: what they do, and which of them stay."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from safe_release.inspectors.examination import Examination, part_of
from safe_release.inspectors.names import fits
from safe_release.inspectors.places import column_name
from safe_release.inspectors.raw_xml import Node
from safe_release.inspectors.rule_effects import Effects, Truths, sinking
from safe_release.inspectors.rule_formulas import parse
from safe_release.inspectors.rule_values import SheetValues, read_values
from safe_release.inspectors.rules import Keeping, Rule, Wardrobe, rules_of, settle
from safe_release.inspectors.sheet_facts import Facts, Surroundings
from safe_release.inspectors.texts import cell_text, whole

_QUOTED = re.compile(r'"([^"]+)"')


def wardrobe_of(work: Examination) -> Wardrobe:
    """The formats of a workbook by their colours, read at the first sheet that has rules."""
    if work.wardrobe is None:
        roots: list[Node | None] = []
        for kind in ("styles", "theme"):
            entry = part_of(work.package, work.book, kind)
            roots.append(work.package.tree(entry) if entry is not None else None)
        work.wardrobe = Wardrobe(roots[0], roots[1])
    return work.wardrobe


class SheetRules:
    """The rules of a sheet that has been read once without them."""

    def __init__(self, work: Examination, number: int, facts: Facts, around: Surroundings) -> None:
        self._work = work
        self._number = number
        self._around = around
        self._wardrobe = wardrobe_of(work)
        self._rules = rules_of(facts.formats, self._wardrobe, facts.place)
        self._grid = facts.grid
        self._place = facts.place

    def effects(self, pieces: Callable[[], Iterable[bytes]]) -> Effects | None:
        """What the rules do to values; ``None`` where none of them can do anything."""
        rules = self._rules
        suspects = sinking(rules, self._wardrobe)
        for rule in rules:
            rule.suspect = id(rule) in suspects
        coded = any(rule.dress is not None and rule.dress.code for rule in rules)
        if not (coded or any(rule.bare for rule in rules) or suspects):
            settle(rules, self._grid)
            return None
        values: SheetValues = read_values(
            self._number, self._around, pieces(), self._around.recalculated
        )
        truths = Truths(values)
        for rule in rules:
            rule.limits = truths.limits(rule) if rule.bare else None
        settle(rules, self._grid)
        return Effects(rules, truths, self._wardrobe, self._place)

    def note(self, facts: Facts, effects: Effects | None) -> None:
        """Count what goes, remember the words in rules, and say what stays."""
        work = self._work
        kept = [rule for rule in self._rules if rule.kept]
        work.rules[self._number] = tuple(Keeping(rule, facts.grid).says() for rule in kept)
        written = sum(child.name.endswith(":cfRule") for part, _ in facts.formats
                      for child in part.children)  # fmt: skip
        facts.notes["xlsx.ws.cf-formula"] += written - len(kept)
        if work.is_candidate:
            places = [whole(rule.node.get("priority"), -1) for rule in kept]
            facts.notes["xlsx.ws.cf-formula"] += places != list(range(1, len(kept) + 1))
            facts.notes["xlsx.ws.cf-formula"] += sum(map(_is_odd, kept))
            return
        for part, _ in facts.formats:
            for node in part.everything():
                for quoted in _QUOTED.findall(node.text):
                    work.needles.hide(cell_text(quoted))
                work.needles.hide(cell_text(node.get("text")))


def _is_odd(rule: Rule) -> bool:
    """Whether a candidate's rule holds more than its kind needs, or spells it otherwise."""
    allowed = {
        "cellIs": ("dxfId", "operator"),
        "timePeriod": ("dxfId", "timePeriod"),
        "top10": ("dxfId", "percent", "bottom", "rank"),
        "aboveAverage": ("dxfId", "aboveAverage", "equalAverage"),
        "colorScale": (),
        "dataBar": (),
        "iconSet": (),
    }.get(rule.kind, ("dxfId",))
    named = set(rule.node.attributes) - {"type", "priority", "stopIfTrue", *allowed}
    formulas = [child.text for child in rule.node.children if child.name == "x:formula"]
    fixed = _FIXED.get(rule.kind)
    if fixed is not None:
        start = rule.start or rule.areas[0][:2]
        wanted = parse(fixed.format(_reference(start)))
        if len(formulas) != 1 or parse(formulas[0]) != wanted:
            return True
    elif rule.kind not in ("cellIs", "expression", "timePeriod") and formulas:
        return True
    return bool(named) or not all(fits("rule", text) for text in formulas)


_FIXED = {
    "containsBlanks": "LEN(TRIM({0}))=0",
    "notContainsBlanks": "LEN(TRIM({0}))>0",
    "containsErrors": "ISERROR({0})",
    "notContainsErrors": "NOT(ISERROR({0}))",
}
"""The formulas that kinds have which say all by their name."""


def _reference(place: tuple[int, int]) -> str:
    return f"{column_name(place[1])}{place[0]}"
