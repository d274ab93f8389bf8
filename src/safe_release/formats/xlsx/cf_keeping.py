"""This module is which rules stay in the copy, and how they are written there.

A rule stays when what it shows depends on visible cells alone and it holds no words: docs/
workbook.md, Conditional formats. The inspectors decide the same by their own means.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from safe_release.formats.gate import Gate, escape
from safe_release.formats.values import whole
from safe_release.formats.xlsx.axis import Area, AxisMap, remap, write_areas, write_cell
from safe_release.formats.xlsx.cf_rules import ICONS, MOST_COMPARED, Bound, Rule
from safe_release.formats.xlsx.formula import Formula
from safe_release.formats.xlsx.styles import StylePool

_OPERANDS: Final = {
    "lessThan": 1, "lessThanOrEqual": 1, "equal": 1, "notEqual": 1, "greaterThanOrEqual": 1,
    "greaterThan": 1, "between": 2, "notBetween": 2,
}  # fmt: skip
_OF_RANGES: Final = frozenset(
    (
        "top10", "aboveAverage", "duplicateValues", "uniqueValues", "colorScale", "dataBar",
        "iconSet",
    )
)  # fmt: skip
"""Kinds for which every cell of the areas counts, not the one at hand alone."""
_BOUNDS: Final = frozenset(("num", "percent", "percentile", "min", "max"))


def decide(rules: Sequence[Rule], rows: AxisMap, columns: AxisMap) -> None:
    """Set ``stays`` of each rule. ``rules`` are in order of priority, their ``limits`` known.

    Only what shows is compared: a rule about hidden cells must not decide about another one.
    """
    if sum(len(rule.areas) for rule in rules) > MOST_COMPARED:
        return
    shown = {id(rule): remap(rule.areas, rows, columns) for rule in rules}
    bare = [rule for rule in rules if rule.is_bare and shown[id(rule)]]
    gone: list[Rule] = []
    for rule in rules:
        own = shown[id(rule)]
        seen = (*own, *remap(reach(rule), rows, columns))
        rule.stays = (
            _may_stay(rule, rows, columns)
            and not any(other is not rule and _meet(seen, shown[id(other)]) for other in bare)
            and not any(
                (other.stops or (other.paints and rule.paints)) and _meet(own, shown[id(other)])
                for other in gone
            )
        )
        if not rule.stays:
            gone.append(rule)


def _meet(areas: Sequence[Area], others: Sequence[Area]) -> bool:
    return any(area.meets(other) for area in areas for other in others)


def _may_stay(rule: Rule, rows: AxisMap, columns: AxisMap) -> bool:
    shown = remap(rule.areas, rows, columns)
    if rule.is_extended or rule.code or rule.blots or not shown:
        return False
    if rule.may_hide and _looks_around(rule):
        return False  # the values it hides go, and without them it may hide others
    if rule.is_bare:
        return rule.limits is not None and _is_drawable(rule)
    if rule.kind in _OF_RANGES:
        return (
            (_has_fixed_bounds(rule) or all(_is_whole(a, rows, columns) for a in rule.areas))
            and (
                rule.kind not in ("colorScale", "dataBar", "iconSet")
                or (_is_drawable(rule) and _bounds_stay(rule, rows, columns))
            )
            and not whole(rule.node.get("stdDev"), 0)
        )
    if rule.kind == "cellIs":
        if _OPERANDS.get(rule.operator) != len(rule.formulas):
            return False
    elif rule.kind not in ("expression", "timePeriod") or len(rule.formulas) != 1:
        return rule.kind in PLAIN and _corner_of(shown) is not None
    return all(formula.may_stay and _can_move(rule, formula, rows, columns)
               for formula in rule.formulas)  # fmt: skip


def _looks_around(rule: Rule) -> bool:
    """Whether a rule looks at more than the cell at hand."""
    anchor = rule.anchor
    return rule.kind in _OF_RANGES or any(
        len(corners) > 1 or anchor is None or corners[0] != (anchor[0], anchor[1], False, False)
        for formula in rule.formulas
        for corners in formula.corners
    )


def _corner_of(areas: Sequence[Area]) -> tuple[int, int] | None:
    """The first cell of areas, where it is the upper left one of all."""
    corner = min(area.first_row for area in areas), min(area.first_column for area in areas)
    return corner if areas[0][:2] == corner else None


PLAIN: Final = {
    "containsBlanks": "LEN(TRIM({0}))=0",
    "notContainsBlanks": "LEN(TRIM({0}))>0",
    "containsErrors": "ISERROR({0})",
    "notContainsErrors": "NOT(ISERROR({0}))",
}
"""Kinds whose formula is always the same, and which: some readers go by it."""


def _is_drawable(rule: Rule) -> bool:
    graphic = rule.graphic
    if graphic is None:
        return False
    colors = sum(item.tag == "color" for item in graphic)
    count = len(rule.bounds)
    if rule.kind == "iconSet":
        is_complete = ICONS.get(rule.icons) == count and not colors
    elif rule.kind == "dataBar":
        is_complete = count == 2 and colors == 1
    else:
        is_complete = count in (2, 3) and colors == count
    return is_complete


def _has_fixed_bounds(rule: Rule) -> bool:
    """Whether thresholds do not depend on the other cells; the first icon's is none."""
    bounds = rule.bounds[1:] if rule.kind == "iconSet" else rule.bounds
    return bool(bounds) and all(bound.kind in ("num", "formula") for bound in bounds)


def _bounds_stay(rule: Rule, rows: AxisMap, columns: AxisMap) -> bool:
    """Whether each threshold is one of the ends, a number, or a visible cell named for good."""
    for bound in rule.bounds:
        if bound.kind in ("min", "max"):
            continue
        corners = _named_cell(bound)
        if corners is not None and bound.kind in (*_BOUNDS, "formula"):
            if rows.new(corners[0]) is None or columns.new(corners[1]) is None:
                return False
        elif bound.kind not in _BOUNDS or not _spelled(bound):
            return False
    return True


def _named_cell(bound: Bound) -> tuple[int, int] | None:
    """The cell that a threshold is, where it is one and stands fast."""
    if len(bound.formula.tokens) != 1 or len(bound.formula.tokens[0].corners) != 1:
        return None
    corner = bound.formula.tokens[0].corners[0]
    return corner[:2] if corner.row_fixed and corner.column_fixed else None


def _spelled(bound: Bound) -> str:
    kinds = [(token.kind, token.text) for token in bound.formula.tokens]
    if [kind for kind, _ in kinds] == ["number"]:
        return kinds[0][1]
    if [kind for kind, _ in kinds] == ["operator", "number"] and kinds[0][1] == "-":
        return "-" + kinds[1][1] if kinds[1][1] != "0" else "0"
    return ""


def reach(rule: Rule) -> Iterator[Area]:
    """The cells that the formulas of a rule look at, as rectangles around them."""
    anchor = rule.anchor or rule.areas[0][:2]
    for formula in (*rule.formulas, *(bound.formula for bound in rule.bounds)):
        for corners in formula.corners:
            for area in rule.areas:
                places = [
                    (
                        corner.row if corner.row_fixed else corner.row + row - anchor[0],
                        corner.column
                        if corner.column_fixed
                        else corner.column + column - anchor[1],
                    )
                    for corner in corners
                    for row, column in (area[:2], area[2:4])
                ]
                yield Area(
                    min(row for row, _ in places),
                    min(column for _, column in places),
                    max(row for row, _ in places),
                    max(column for _, column in places),
                )


def _is_whole(area: Area, rows: AxisMap, columns: AxisMap) -> bool:
    return _shows(rows, area.first_row, area.last_row) and _shows(
        columns, area.first_column, area.last_column
    )


def _shows(axis: AxisMap, first: int, last: int) -> bool:
    return 1 <= first <= last <= axis.size and axis.count_shown(first, last) == last - first + 1


def _can_move(rule: Rule, formula: Formula, rows: AxisMap, columns: AxisMap) -> bool:
    """Whether each reference shows and stands, in the copy, at one distance from all cells."""
    anchor = rule.anchor
    if anchor is None and formula.has_relative:
        return False
    first = anchor or rule.areas[0][:2]
    if formula.has_relative and (rows.new(first[0]) is None or columns.new(first[1]) is None):
        return False
    for area in rule.areas:
        if formula.asks_where and not (
            _shows(rows, 1, area.last_row) and _shows(columns, 1, area.last_column)
        ):
            return False
        tall, wide = (area.first_row, area.last_row), (area.first_column, area.last_column)
        for corners in formula.corners:
            vertical = [(c.row if c.row_fixed else c.row - first[0], c.row_fixed) for c in corners]
            across = [
                (c.column if c.column_fixed else c.column - first[1], c.column_fixed)
                for c in corners
            ]
            if not (_keeps(vertical, tall, rows) and _keeps(across, wide, columns)):
                return False
    return True


def _keeps(ends: list[tuple[int, bool]], span: tuple[int, int], axis: AxisMap) -> bool:
    """One axis of a reference: each end is a fixed number, or a distance from the cell at hand."""
    if all(not is_fixed and number == 0 for number, is_fixed in ends):
        return True  # the row or column of the cell itself
    reached = []
    for number, is_fixed in ends:
        reached += [number] if is_fixed else [span[0] + number, span[1] + number]
    if any(not is_fixed for _, is_fixed in ends):
        reached += span
    return _shows(axis, min(reached), max(reached))


class RuleWriter:
    """Writes the rules that stay."""

    def __init__(self, gate: Gate, styles: StylePool, rows: AxisMap, columns: AxisMap) -> None:
        self._gate = gate
        self._styles = styles
        self._rows = rows
        self._columns = columns

    def write(self, rules: Sequence[Rule]) -> str:
        """``conditionalFormatting`` of each rule, by priority, which is counted anew."""
        written: list[str] = []
        for rule in rules:
            if rule.stays:
                areas = write_areas(remap(rule.areas, self._rows, self._columns))
                content = self._rule(rule, len(written) + 1)
                written.append(self._gate.write("conditionalFormatting", {"sqref": areas}, content))
        markup = "".join(written)
        self._styles.note(markup)
        return markup

    def _rule(self, rule: Rule, priority: int) -> str:
        attributes: dict[str, str | int] = {"type": rule.kind, "priority": priority}
        if rule.dxf is not None and rule.kind not in ("dataBar", "iconSet", "colorScale"):
            attributes["dxfId"] = self._styles.use_dxf(rule.dxf)
        if rule.stops:
            attributes["stopIfTrue"] = 1
        names = {
            "cellIs": ("operator",),
            "timePeriod": ("timePeriod",),
            "top10": ("percent", "bottom", "rank"),
            "aboveAverage": ("aboveAverage", "equalAverage"),
        }.get(rule.kind, ())
        attributes |= {name: rule.node.get(name, "") for name in names if name in rule.node.attrib}
        if rule.kind == "top10":
            attributes["rank"] = whole(rule.node.get("rank"), 10)
        return self._gate.write("cfRule", attributes, self._content(rule))

    def _content(self, rule: Rule) -> str:
        if rule.kind in ("dataBar", "iconSet", "colorScale"):
            return self._graphic(rule)
        if rule.kind in PLAIN:
            corner = _corner_of(remap(rule.areas, self._rows, self._columns)) or (1, 1)
            text = PLAIN[rule.kind].format(write_cell(*corner))
            return self._gate.write("formula", {}, escape(text))
        if rule.kind not in ("cellIs", "expression", "timePeriod"):
            return ""
        return "".join(
            self._gate.write("formula", {}, escape(self._moved(rule, formula)))
            for formula in rule.formulas
        )

    def _moved(self, rule: Rule, formula: Formula) -> str:
        if not formula.has_relative:
            return formula.moved(0, 0, self._rows, self._columns)
        row, column = rule.anchor or rule.areas[0][:2]
        new_row, new_column = self._rows.new(row), self._columns.new(column)
        if new_row is None or new_column is None:
            raise AssertionError("a rule whose first cell does not show was to be written")
        return formula.moved(new_row - row, new_column - column, self._rows, self._columns)

    def _graphic(self, rule: Rule) -> str:
        graphic = rule.graphic
        if graphic is None:
            return ""
        attributes: dict[str, str | int] = {}
        for name in ("iconSet", "reverse", "minLength", "maxLength"):
            if name in graphic.attrib and _GRAPHIC_NAMES[name] == rule.kind:
                attributes[name] = graphic.attrib[name]
        if rule.is_bare:
            attributes["showValue"] = 0
        bounds = "".join(self._bound(bound) for bound in self._bounds(rule))
        colors = "".join(self._gate.carry(item) for item in graphic if item.tag == "color")
        return self._gate.write(rule.kind, attributes, bounds + colors)

    def _bounds(self, rule: Rule) -> list[tuple[str, str, bool]]:
        if not rule.is_bare:
            return [(bound.kind, self._value(bound), bound.includes) for bound in rule.bounds]
        if rule.kind == "dataBar":
            return [("num", "0", True), ("num", "100", True)]
        return [("num", str(index), True) for index in range(len(rule.bounds))]

    def _value(self, bound: Bound) -> str:
        if _named_cell(bound) is not None:
            return bound.formula.moved(0, 0, self._rows, self._columns)
        return _spelled(bound)

    def _bound(self, bound: tuple[str, str, bool]) -> str:
        kind, value, includes = bound
        attributes: dict[str, str | int] = {"type": kind}
        if kind not in ("min", "max"):
            attributes["val"] = value
        if not includes:
            attributes["gte"] = 0
        return self._gate.write("cfvo", attributes)


_GRAPHIC_NAMES: Final = {
    "iconSet": "iconSet", "reverse": "iconSet", "minLength": "dataBar", "maxLength": "dataBar",
}  # fmt: skip
