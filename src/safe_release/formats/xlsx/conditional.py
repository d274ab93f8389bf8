"""This module is the conditional formats of one sheet: read, decided, and on their way to cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from xml.etree.ElementTree import Element as Node

from safe_release.channel import Fate
from safe_release.document import CellValue
from safe_release.formats.ledger import Ledger
from safe_release.formats.values import whole
from safe_release.formats.xlsx.axis import AxisMap, write_area
from safe_release.formats.xlsx.cells import (
    Cell,
    canonical_number,
    read_cells,
    row_number,
    serial_of,
)
from safe_release.formats.xlsx.cf_effects import Effects, blots, hiding
from safe_release.formats.xlsx.cf_keeping import decide
from safe_release.formats.xlsx.cf_rules import Rule
from safe_release.formats.xlsx.cf_truth import CellValues, Judge
from safe_release.formats.xlsx.colors import Colors
from safe_release.formats.xlsx.formula_functions import Error, Value
from safe_release.formats.xlsx.strings import ItemRules, SourceStrings, decode
from safe_release.formats.xlsx.styles import SourceStyles


class ValueReader:
    """Reads the values of a whole sheet, for the few sheets whose rules need them."""

    def __init__(
        self, strings: SourceStrings, rules: ItemRules, place: str, *, is_1904: bool
    ) -> None:
        self._strings = strings
        self._rules = rules
        self._place = place
        self._is_1904 = is_1904
        self._last = 0
        self.cells: dict[tuple[int, int], Value] = {}

    def take(self, node: Node) -> None:
        """A row as a tree."""
        number = row_number(node.get("r"), self._last, self._place)
        self._last = number
        for cell in read_cells(node, number, self._place, self._rules):
            value = self._value(cell)
            if value is not None:
                self.cells[number, cell.column] = value

    def refresh(self, row: int, column: int, value: CellValue) -> None:
        """A recalculated value."""
        cell = Cell(column, type=value.type, text=value.text)
        self.cells[row, column] = self._value(cell)

    def _value(self, cell: Cell) -> Value:
        match cell.type:
            case "n" | "d":
                text = cell.text
                if cell.type == "d":
                    text = serial_of(text, is_1904=self._is_1904) or ""
                number = canonical_number(text)
                return None if number is None else float(number)
            case "s" if cell.text:
                return self._strings.item(whole(cell.text), self._place).text
            case "str":
                return decode(cell.text)
            case "inlineStr":
                return cell.item.text if cell.item is not None else ""
            case "b":
                return cell.text.strip() in ("1", "true")
            case "e":
                return Error(cell.text.strip())
        return None


def weigh(
    rules: Sequence[Rule],
    rows: AxisMap,
    columns: AxisMap,
    styles: SourceStyles,
    colors: Colors,
    read: Callable[[], CellValues],
    place: str,
) -> Effects | None:
    """Decide which rules stay, and work out what the others do to cells.

    ``read`` gives the values of the sheet; it is called where something depends on them.
    """
    for rule in rules:
        rule.blots = blots(rule, colors)
    suspects = hiding(rules, styles, colors)
    for rule in rules:
        rule.may_hide = id(rule) in suspects
    is_needed = any(rule.is_bare or rule.code for rule in rules)
    values = None
    if is_needed or suspects:
        values = read()
        judge = Judge(values)
        for rule in rules:
            rule.limits = judge.limits(rule) if rule.is_bare else None
    decide(rules, rows, columns)
    if values is None:
        if all(rule.stays or not rule.paints for rule in rules):
            return None
        values = read()
    return Effects(rules, values, styles, colors, place)


def note(rules: Sequence[Rule], effects: Effects | None, ledger: Ledger, place: str) -> None:
    """Tell the ledger what became of the rules that did not stay."""
    for rule in rules:
        if rule.stays:
            continue
        where = f"{place}, {write_area(rule.areas[0])}"
        is_baked = effects is not None and id(rule) in effects.baked
        is_lost = effects is None or id(rule) in effects.lost
        if is_baked and not is_lost:
            ledger.note(
                "xlsx.ws.cf-formula", where, Fate.REPLACED,
                "a conditional format whose rule cannot stay: the cells keep the look it gave them",
            )  # fmt: skip
        elif is_lost and (rule.paints or rule.graphic is not None):
            ledger.note(
                "xlsx.ws.cf-formula", where, Fate.REMOVED,
                "a conditional format shows, and this version leaves it out: its rule cannot stay,"
                " and its effect cannot be worked out",
            )  # fmt: skip
