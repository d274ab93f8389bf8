"""This module is formulas of rules: read strictly, evaluated over known values, moved to the copy.

It knows a small part of 18.17: numbers, texts, booleans, references to cells of the same sheet,
operators and a few functions. Whatever else a formula holds makes all of it unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

from safe_release.errors import Malformed
from safe_release.formats.xlsx.axis import COLUMNS, ROWS, AxisMap, column_letters, column_number
from safe_release.formats.xlsx.cells import canonical_number
from safe_release.formats.xlsx.formula_functions import (
    FUNCTIONS,
    OPERATORS,
    CannotTell,
    Error,
    Value,
    negated,
    percent,
)

_LONGEST: Final = 8192
"""Characters of a formula (Excel specifications and limits)."""
_DEEPEST: Final = 64
"""Brackets in brackets; Excel takes as many functions."""
_TOKEN: Final = re.compile(
    r"(?P<space>[ \n\r\t]+)"
    r'|(?P<text>"(?:[^"]|"")*")'
    r"|(?P<error>#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A))"
    r"|(?P<function>[A-Za-z][A-Za-z0-9.]*)\("
    r"|(?P<flag>(?i:TRUE|FALSE))(?![\w.!(\[])"
    r"|(?P<area>\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6}(?::\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6})?)"
    r"(?![\w.!(:\[$])"
    r"|(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?)(?![\w.!:(\[$])"
    r"|(?P<operator><=|>=|<>|[-+*/^&=<>%])"
    r"|(?P<open>\()|(?P<close>\))|(?P<comma>,)",
    re.ASCII,
)
_CORNER: Final = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([1-9][0-9]{0,6})", re.ASCII)
_RANKS: Final = {
    "=": 1, "<>": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4,
    "^": 5, "negate": 6, "plus": 6,
}  # fmt: skip
_CHANGING: Final = frozenset(
    ("TODAY", "NOW", "YEAR", "MONTH", "DAY", "WEEKDAY", "DATE", "EDATE", "FLOOR", "ROUNDDOWN")
)
"""Functions that stay in the copy although nobody can say now what they will give."""
_BY_PLACE: Final = frozenset(("ROW", "COLUMN"))


class Corner(NamedTuple):
    """One end of a reference: row and column, each fixed or relative to the rule's first cell."""

    row: int
    column: int
    row_fixed: bool
    column_fixed: bool


_MOST_DIGITS: Final = 6


class Token(NamedTuple):
    """A piece of a formula, in its one spelling; ``corners`` are those of a reference."""

    kind: str
    text: str
    corners: tuple[Corner, ...] = ()


class Step(NamedTuple):
    """One step of working a formula out: what to put on the stack, or what to do with its top."""

    kind: str
    text: str
    operands: int = 0
    corners: tuple[Corner, ...] = ()


class _Unreadable(Exception):
    """The formula holds what this module does not know."""


Look = Callable[[int, int], Value]
Areas = Callable[[int, int, int, int], list[Value]]


def _is_telling(number: str) -> bool:
    """Whether a number has more digits than a threshold needs: it may name somebody."""
    try:
        return len(Decimal(number).normalize().as_tuple().digits) > _MOST_DIGITS
    except InvalidOperation:
        return True


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as read. ``steps`` is ``None`` where it is not known what it says."""

    tokens: tuple[Token, ...] = ()
    steps: tuple[Step, ...] | None = None

    @property
    def has_words(self) -> bool:
        """Whether it holds a text that somebody could read in the rule."""
        return any(token.kind == "text" and token.text != '""' for token in self.tokens)

    @property
    def corners(self) -> tuple[tuple[Corner, ...], ...]:
        """Its references."""
        return tuple(token.corners for token in self.tokens if token.corners)

    @property
    def has_relative(self) -> bool:
        """Whether a reference of it depends on the cell that is asked about."""
        return any(
            not (corner.row_fixed and corner.column_fixed)
            for corners in self.corners
            for corner in corners
        )

    @property
    def asks_where(self) -> bool:
        """Whether its value depends on the number of a row or column."""
        return any(t.kind == "function" and t.text in _BY_PLACE for t in self.tokens)

    @property
    def may_stay(self) -> bool:
        """Whether a copy may hold it, as far as its pieces go: references are another matter."""
        return (
            self.steps is not None
            and not self.has_words
            and not any(
                token.kind == "error" or (token.kind == "number" and _is_telling(token.text))
                for token in self.tokens
            )
        )

    def value(self, down: int, right: int, cell: tuple[int, int], look: Look, area: Areas) -> Value:
        """What it gives, its relative references moved ``down`` and ``right``, for ``cell``.

        Raises ``CannotTell``.
        """
        if self.steps is None:
            raise CannotTell
        stack: list[object] = []
        for step in self.steps:
            _take(step, stack, down, right, cell, look, area)
        result = stack.pop()
        if isinstance(result, list) or stack:
            raise CannotTell
        return result  # type: ignore[return-value]

    def moved(self, down: int, right: int, rows: AxisMap, columns: AxisMap) -> str:
        """Its spelling in the copy, where the first cell of its rule has moved by so much.

        Whoever asks has seen that every reference can move: see ``conditional_keeping``.
        """
        return "".join(
            ":".join(_moved(corner, down, right, rows, columns) for corner in token.corners)
            if token.corners
            else token.text + "(" * (token.kind == "function")
            for token in self.tokens
        )


def read_formula(untrusted: str) -> Formula:
    """Read the formula of a rule; one that is not known has no steps."""
    text = untrusted.strip().removeprefix("=")
    if len(text) > _LONGEST:
        return Formula()
    try:
        tokens = _tokens(text)
    except _Unreadable:
        return Formula()
    try:
        return Formula(tokens, _Compiler().compiled(tokens))
    except _Unreadable:
        return Formula(tokens)


def _tokens(text: str) -> tuple[Token, ...]:
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise _Unreadable
        at = match.end()
        kind, spelled = match.lastgroup, match[match.lastgroup]
        if kind == "area":
            corners = tuple(_corner(part) for part in spelled.split(":"))
            found.append(Token(kind, "", _in_order(corners)))
        elif kind == "number":
            number = canonical_number(spelled)
            if number is None:
                raise _Unreadable
            found.append(Token(kind, number))
        elif kind in ("function", "flag"):
            found.append(Token(kind, spelled.upper()))
        elif kind != "space":
            found.append(Token(kind, spelled))
    return tuple(found)


def _corner(text: str) -> Corner:
    match = _CORNER.fullmatch(text)
    if match is None:
        raise _Unreadable
    try:
        column = column_number(match[2].upper())
    except Malformed:
        raise _Unreadable from None
    row = int(match[4])
    if row > ROWS:
        raise _Unreadable
    return Corner(row, column, bool(match[3]), bool(match[1]))


def _in_order(corners: tuple[Corner, ...]) -> tuple[Corner, ...]:
    if len(corners) == 2:
        first, last = corners
        if first.row > last.row or first.column > last.column:
            raise _Unreadable
    return corners


class _Compiler:
    """Turns tokens into steps, operators after what they work on (the shunting yard)."""

    def __init__(self) -> None:
        self._steps: list[Step] = []
        self._waiting: list[tuple[str, str]] = []
        self._counts: list[int] = []
        self._depth = 0

    def compiled(self, tokens: tuple[Token, ...]) -> tuple[Step, ...]:
        """The steps. Raises ``_Unreadable``."""
        wants_operand = True
        before = ""
        for token in tokens:
            wants_operand = self._take(token, wants_operand, before)
            before = token.kind
        if wants_operand:
            raise _Unreadable
        while self._waiting:
            if self._waiting[-1][0] != "operator":
                raise _Unreadable
            self._settle()
        return tuple(self._steps)

    def _take(self, token: Token, wants_operand: bool, before: str) -> bool:
        match token.kind:
            case "number" | "text" | "flag" | "error" | "area" if wants_operand:
                self._steps.append(Step(token.kind, token.text, 0, token.corners))
                return False
            case "function" | "open" if wants_operand and self._depth == _DEEPEST:
                raise _Unreadable
            case "function" if wants_operand:
                self._depth += 1
                if token.text not in FUNCTIONS and token.text not in _CHANGING:
                    raise _Unreadable
                self._waiting.append(("function", token.text))
                self._counts.append(1)
                return True
            case "open" if wants_operand:
                self._depth += 1
                self._waiting.append(("open", ""))
                return True
            case "close":
                return self._close(wants_operand, before)
            case "comma" if not wants_operand:
                self._settle_to_opening()
                if not self._waiting or self._waiting[-1][0] != "function":
                    raise _Unreadable
                self._counts[-1] += 1
                return True
            case "operator":
                return self._operator(token.text, wants_operand)
        raise _Unreadable

    def _operator(self, text: str, wants_operand: bool) -> bool:
        if wants_operand:
            if text not in "+-":
                raise _Unreadable
            self._waiting.append(("operator", "negate" if text == "-" else "plus"))
            return True
        if text == "%":
            self._steps.append(Step("percent", ""))
            return False
        while (
            self._waiting
            and self._waiting[-1][0] == "operator"
            and _RANKS[self._waiting[-1][1]] >= _RANKS[text]
        ):
            self._settle()
        self._waiting.append(("operator", text))
        return True

    def _close(self, wants_operand: bool, before: str) -> bool:
        if wants_operand:
            if before != "function" or not self._waiting or self._waiting[-1][0] != "function":
                raise _Unreadable
            self._counts[-1] = 0
        else:
            self._settle_to_opening()
        if not self._waiting:
            raise _Unreadable
        kind, name = self._waiting.pop()
        self._depth -= 1
        if kind == "function":
            self._steps.append(Step("function", name, self._counts.pop()))
        return False

    def _settle_to_opening(self) -> None:
        while self._waiting and self._waiting[-1][0] == "operator":
            self._settle()

    def _settle(self) -> None:
        _, text = self._waiting.pop()
        self._steps.append(Step("operator", text))


def _take(
    step: Step,
    stack: list[object],
    down: int,
    right: int,
    cell: tuple[int, int],
    look: Look,
    area: Areas,
) -> None:
    match step.kind:
        case "number":
            stack.append(float(step.text))
        case "text":
            stack.append(step.text[1:-1].replace('""', '"'))
        case "flag":
            stack.append(step.text == "TRUE")
        case "error":
            stack.append(Error(step.text))
        case "area":
            places = [_place(corner, down, right) for corner in step.corners]
            first, last = places[0], places[-1]
            stack.append(look(*first) if len(places) == 1 else area(*first, *last))
        case "percent":
            stack.append(percent(_single(stack.pop())))
        case "operator" if step.text in ("negate", "plus"):
            value = _single(stack.pop())
            stack.append(negated(value) if step.text == "negate" else value)
        case "operator":
            other = _single(stack.pop())
            stack.append(OPERATORS[step.text](_single(stack.pop()), other))
        case _:
            arguments = stack[len(stack) - step.operands :]
            del stack[len(stack) - step.operands :]
            if step.text in _BY_PLACE:
                if arguments:
                    raise CannotTell
                stack.append(float(cell[step.text == "COLUMN"]))
            elif step.text in FUNCTIONS:
                stack.append(FUNCTIONS[step.text](arguments))
            else:
                raise CannotTell


def _single(value: object) -> Value:
    if isinstance(value, list):
        raise CannotTell
    return value  # type: ignore[return-value]


def _place(corner: Corner, down: int, right: int) -> tuple[int, int]:
    row = corner.row if corner.row_fixed else corner.row + down
    column = corner.column if corner.column_fixed else corner.column + right
    if not (1 <= row <= ROWS and 1 <= column <= COLUMNS):
        raise CannotTell
    return row, column


def _moved(corner: Corner, down: int, right: int, rows: AxisMap, columns: AxisMap) -> str:
    row = rows.new(corner.row) if corner.row_fixed else corner.row + down
    column = columns.new(corner.column) if corner.column_fixed else corner.column + right
    if row is None or column is None:
        raise AssertionError("a reference to what does not show was to be moved")
    return f"{'$' * corner.column_fixed}{column_letters(column)}{'$' * corner.row_fixed}{row}"
