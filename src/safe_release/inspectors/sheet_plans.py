"""Rows taken whole: plans for rows of a shape met before, and the loop that follows them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from operator import itemgetter

from safe_release.inspectors.grid import Shown
from safe_release.inspectors.shapes import Row, Shape, learn, read_row
from safe_release.inspectors.sheet_facts import UNSHOWN, Facts, Surroundings
from safe_release.inspectors.sheet_rows import EXTERNAL, Rows

_MOST_SHAPES = 200
_MOST_KNOWN = 5_000
_MOST_PLANS = 12


class Plan:
    """What to do with each row of one shape."""

    __slots__ = (
        "cells", "emits", "emitted", "formulas", "gone", "hidden_shared", "key", "match", "notes",
        "numbered", "numbers", "row", "shared", "signature", "texts",
    )  # fmt: skip

    def __init__(self, row: Row, shape: Shape) -> None:
        self.row = row
        self.key = row.key
        self.match = shape.pattern.match
        self.numbered = shape.numbered
        self.shared: list[int] = []
        self.hidden_shared: list[int] = []
        self.numbers: list[tuple[int, int]] = []
        self.texts: list[int] = []
        self.formulas: list[int] = []
        self.notes: Counter[str] = Counter()
        self.signature = ""
        self.emits: Callable[[list[str]], Iterable[str]] | None = None
        self.emitted = 0
        self.cells = len(row.cells)
        self.gone = ""
        """Why rows of this shape do not show; empty for rows that do."""

    def take(self, kind: str | None, holds: str, group: int, style: int) -> bool:
        """Say what to do with a group of the pattern; false where rows need a closer look."""
        if holds == "date" or (kind is None and holds == "text"):
            return False
        if holds == "shared":
            (self.hidden_shared if kind is None else self.shared).append(group)
        elif kind is not None and holds == "text":
            self.texts.append(group)
        elif kind is not None and holds == "broad":
            self.numbers.append((group, style))
        return True

    def emit(self, places: list[int], groups: list[int]) -> None:
        """Say which groups a reading takes; ``emits`` is ``None`` where it takes all."""
        self.emitted = len(places)
        if len(places) == 1 and places != groups:
            only = places[0]
            self.emits = lambda values: (values[only],)
        elif places and places != groups:
            self.emits = itemgetter(*places)


class PlannedRows:
    """Takes rows by pattern as long as they are ordinary.

    Only where the parser stands between two rows: ``prefixes`` are those declared there.
    """

    def __init__(self, around: Surroundings, facts: Facts, rows: Rows) -> None:
        self.around = around
        self.facts = facts
        self.rows = rows
        self.values = rows.values
        self.areas = rows.areas
        self.prefixes: frozenset[str] = frozenset()
        self._plans: list[Plan] = []
        self._known: dict[object, tuple[int, frozenset[int]]] = {}
        self._compiled = 0

    def take(self, buffer: str, at: int) -> int:
        """Take rows by pattern as long as they are ordinary; return where that ends."""
        plans = self._plans
        while True:
            for position, plan in enumerate(plans):
                end = self._run(plan, buffer, at)
                if end != at:
                    if position:
                        plans.insert(0, plans.pop(position))
                    at = end
                    break
            else:
                if not buffer.startswith("<row", at):
                    return at
                found = read_row(buffer, at, self.rows.last)
                if found is None or not self._declared(found[0]):
                    return at
                self.rows.take(found[0])
                self._learn(found[0])
                at = found[1]

    def _declared(self, row: Row) -> bool:
        """Whether every prefix that the row's attributes have is declared."""
        for attributes in (row.attributes, *(cell.attributes for cell in row.cells)):
            for name in attributes:
                prefix, colon, _ = name.partition(":")
                if colon and prefix not in self.prefixes and prefix != "xml":
                    return False
        return True

    # -- making plans -------------------------------------------------------------------------

    def _learn(self, row: Row) -> None:
        """Make a plan for rows like this one, when it is the second of its kind."""
        if row.number < self.facts.grid.first_row:
            # Whether such a row shows depends on where it stands, not on its shape.
            return
        key = row.key
        seen, broad = self._known.get(key, (0, frozenset()))
        if seen < 0 or (seen == 0 and len(self._known) > _MOST_KNOWN):
            return
        wider = broad | self._unusual_numbers(row)
        self._known[key] = (seen + 1, wider)
        plan = next((plan for plan in self._plans if plan.key == key), None)
        if seen == 0 or (plan is not None and wider == broad) or self._compiled >= _MOST_SHAPES:
            return
        shape = learn(row, wider, self.values.narrow)
        self._compiled += 1
        made = self._plan(row, shape) if shape is not None else None
        if plan is not None:
            self._plans.remove(plan)
        if made is None:
            self._known[key] = (-1, wider)
            return
        self._plans.insert(0, made)
        del self._plans[_MOST_PLANS:]

    def _unusual_numbers(self, row: Row) -> frozenset[int]:
        found = set()
        for index, cell in enumerate(row.cells):
            if cell.type != "n" or not cell.value:
                continue
            narrow = self.values.narrow(cell.style)
            if narrow is None or not re.fullmatch(f"(?:{narrow})<", cell.value + "<", re.ASCII):
                found.add(index)
        return frozenset(found)

    def _plan(self, row: Row, shape: Shape) -> Plan | None:
        """What to do with each row of a shape; ``None`` where rows need a closer look."""
        facts, around = self.facts, self.around
        if around.recalculated is not None or not facts.show_zeros:
            return None
        plan = Plan(row, shape)
        shown = self.rows.shown(row)
        plan.notes[UNSHOWN] += self.rows.is_worded(row, shown)
        if shown is Shown.SPACER:
            return None
        if shown is Shown.GONE and not facts.hidden:
            plan.gone = self.rows.why_gone(row)
        offset = 1 if shape.numbered else 0
        slot_of = {slot.cell: i for i, slot in enumerate(shape.slots) if slot.holds != "formula"}
        places: list[int] = []
        signature: list[str] = []
        for index, cell in enumerate(row.cells):
            kind, notes = self.values.judge(cell, shown)
            plan.notes.update(notes)
            slot = slot_of.get(index)
            if kind in ("stale", "check"):
                return None
            if slot is None:
                continue
            if not plan.take(kind, shape.slots[slot].holds, slot + offset, cell.style):
                return None
            if kind is not None:
                places.append(slot + offset)
                told = self.values.kind_of_numbers(cell.style) if kind == "n" else kind
                signature.append(f"{facts.grid.column_map[cell.column]}{told}")
        plan.formulas = [i + offset for i, s in enumerate(shape.slots) if s.holds == "formula"]
        plan.signature = "\x1f" + ",".join(signature)
        plan.emit(places, list(range(offset, len(shape.slots) + offset)))
        return plan

    # -- following them -----------------------------------------------------------------------

    def _run(self, plan: Plan, buffer: str, at: int) -> int:  # noqa: C901 (the one hot loop)
        """Take rows of one shape from ``at`` on; return where the first other one begins."""
        match, strings, digests = plan.match, self.around.strings, self.facts.digests
        shared, hidden_shared, emits = plan.shared, plan.hidden_shared, plan.emits
        numbers, texts, formulas = plan.numbers, plan.texts, plan.formulas
        emitted, numbered, signature = plan.emitted, plan.numbered, plan.signature
        hidden = strings.hidden
        lines, block_end, row = digests.lines, digests.last, self.rows.last
        removed, count, gone = self.rows.removed, 0, plan.gone
        limit, gaps_matter = self._fast_until(), self.facts.grid.default_hides_rows
        first = 1 if numbered else 0
        simple = not (hidden_shared or numbers or texts or formulas)
        whole_line = emits is None
        while True:
            hit = match(buffer, at)
            if hit is None:
                break
            values = list(hit.groups())
            number = int(values[0]) if numbered else row + 1
            if number <= row or number >= limit or (number != row + 1 and gaps_matter):
                break
            try:
                for index in shared:
                    values[index] = strings[values[index]]
                if not simple and not self._convert(plan, values):
                    break
            except KeyError:
                break
            for index in hidden_shared:
                hidden.add(int(values[index]))
            if gone:
                self.rows.hide(number, gone)
            if emitted:
                copy = number - removed
                if copy > block_end:
                    digests.turn(copy)
                    block_end = digests.last
                head = f"{copy}{signature}\x1e"
                if whole_line:
                    lines.append(head + "\x1e".join(values[first:] if first else values))
                else:
                    lines.append(head + "\x1e".join(emits(values)))  # type: ignore[misc]
            row = number
            count += 1
            at = hit.end()
        self.rows.last = row
        if count:
            self._count(plan, count)
        return at

    def _count(self, plan: Plan, rows: int) -> None:
        facts = self.facts
        facts.cells += rows * plan.emitted
        facts.string_cells += rows * (len(plan.shared) + len(plan.hidden_shared))
        facts.count_examined(rows * plan.cells)
        for channel, times in plan.notes.items():
            facts.notes[channel] += times * rows

    def _convert(self, plan: Plan, values: list[str]) -> bool:
        """Spell numbers and texts canonically; false where the row needs a closer look."""
        masked = external = unshown = 0
        remembered = self.values.shown
        for index, style in plan.numbers:
            spelled = values[index]
            shown = remembered.get((style, spelled)) or self.values.show_number(style, spelled)
            if shown is None:
                return False
            values[index], is_masked, leaves_words = shown
            masked += is_masked
            unshown += leaves_words
        known = self.values.tokens.get
        for index in plan.texts:
            values[index] = known(values[index]) or self.values.token(values[index])
        for index in plan.formulas:
            if values[index] and EXTERNAL.search(values[index]):
                external += 1
        # Counted only now: a row that needs a closer look is counted there.
        if masked:
            self.facts.notes["xlsx.cell.masked-by-format"] += masked
        if external:
            self.facts.notes["xlsx.f.external"] += external
        if unshown:
            self.facts.notes[UNSHOWN] += unshown
        return True

    def _fast_until(self) -> int:
        """The first row that needs a closer look: merges, arrays, rows before a frozen pane."""
        if not self.areas.is_idle:
            return 0
        if self.rows.last + 1 < self.facts.grid.first_row and not self.facts.hidden:
            return 0
        return min(self.areas.next_row, self.areas.next_covered_row)
