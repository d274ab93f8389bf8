"""This module is the reading of a formula's form: can its value be a truth value?"""

from __future__ import annotations

import re
from enum import Flag, auto

from safe_release.document import CellValue


class Kind(Flag):
    """What the value of a formula may be, as far as its form tells."""

    NONE = 0
    TRUTH = auto()
    OTHER = auto()
    """A number or text, and LibreOffice knows it."""
    MISTAKEN = auto()
    """A number in Excel for which LibreOffice may have a truth value."""
    REFERRED = auto()
    """The value of another cell, whatever that is."""
    LOST = auto()
    """A truth value that LibreOffice passes on as a number."""


_UNCLEAR = Kind.MISTAKEN | Kind.TRUTH | Kind.LOST
_DEEPEST = 64  # levels; Excel allows as many (22.1.2: functions nest in functions)
_BARED = 8  # pairs of brackets around the whole; more are no formula that a person wrote
_TRUTH = frozenset((
    "AND", "OR", "NOT", "XOR", "TRUE", "FALSE", "EXACT", "ISBLANK", "ISERR", "ISERROR", "ISEVEN",
    "ISFORMULA", "ISLOGICAL", "ISNA", "ISNONTEXT", "ISNUMBER", "ISODD", "ISREF", "ISTEXT",
))  # fmt: skip
# Which arguments a function passes on, from the first to the last, by steps.
_PASSES = {
    "IF": slice(1, None),
    "IFERROR": slice(0, None),
    "IFNA": slice(0, None),
    "IFS": slice(1, None, 2),
    "CHOOSE": slice(1, None),
    "SWITCH": slice(1, None),
}
_LOSES = frozenset(("SWITCH",))
_REFERS = frozenset(("INDEX", "OFFSET", "INDIRECT"))
# These give a number for whatever they are given, and LibreOffice says so.
_NUMBER = frozenset((
    "SUM", "SUMPRODUCT", "SUMIF", "SUMIFS", "SUMSQ", "COUNT", "COUNTA", "COUNTIF", "COUNTIFS",
    "COUNTBLANK", "AVERAGE", "AVERAGEIF", "AVERAGEIFS", "MATCH", "ROUND", "ROUNDUP", "ROUNDDOWN",
    "ABS", "INT", "MOD", "SIGN", "TRUNC", "PRODUCT", "MEDIAN", "LARGE", "SMALL", "RANK", "LEN",
    "ROW", "ROWS", "COLUMN", "COLUMNS", "N", "VALUE", "FIND", "SEARCH", "SUBTOTAL", "VLOOKUP",
    "HLOOKUP", "LOOKUP", "YEAR", "MONTH", "DAY", "DATE", "TIME", "WEEKDAY", "QUOTIENT", "STDEV",
    "VAR", "FREQUENCY", "MMULT", "RAND", "RANDBETWEEN", "CEILING", "FLOOR",
))  # fmt: skip
_LEXEME = re.compile(
    r'"(?:[^"]|"")*+"|\'(?:[^\']|\'\')*+\'|\[(?:\'.|[^\[\]\'])*+\]'
    r"|[0-9.]+E[+-]?[0-9]+|[\w.$!:#?\\]+|<=|>=|<>|.",
    re.DOTALL,
)


def settle(value: CellValue, formula: str, *, array: bool) -> CellValue | None:
    """The value with the type that Excel gives it; ``None`` where that cannot be told.

    LibreOffice has no truth values, only numbers that look like it, and loses or keeps that look
    where Excel does the contrary. Only 1 and 0 are ever in doubt.
    """
    if value.type == "b" and value.text not in {"0", "1"}:
        return CellValue("n", value.text)
    if value.type == "b":
        kind = kind_of(formula)
        if not kind & Kind.MISTAKEN:
            return value
        if kind & ~(Kind.MISTAKEN | Kind.OTHER):
            return None
        return CellValue("n", value.text)
    if value.type != "n" or value.text not in {"0", "1"}:
        return value
    kind = kind_of(formula)
    if kind == Kind.TRUTH:
        return CellValue("b", value.text)
    if kind & Kind.LOST or (array and kind & Kind.TRUTH):
        return None
    return value


def kind_of(formula: str) -> Kind:
    """What the value of a formula may be, from the operators and functions it is made of."""
    lexemes = [item for item in _LEXEME.findall(formula) if not item.isspace()]
    return _kind(lexemes, 0)


def _kind(lexemes: list[str], depth: int) -> Kind:
    lexemes = _bare(lexemes)
    if not lexemes:
        return Kind.OTHER  # an argument left out
    if depth > _DEEPEST:
        return _UNCLEAR
    operators = _operators(lexemes)
    if any(lexemes[at] in {"=", "<", ">", "<=", ">=", "<>"} for at in operators):
        return Kind.TRUTH
    if any(at and lexemes[at] in "*/+-&" for at in operators if _is_binary(lexemes, at)):
        return Kind.OTHER
    if lexemes[0] == "+":
        return _kind(lexemes[1:], depth + 1)
    if operators:
        return Kind.MISTAKEN
    if len(lexemes) > 2 and lexemes[1] == "(" and lexemes[-1] == ")":
        return _call(lexemes, depth)
    if lexemes[0] in {"(", ")"}:
        return _UNCLEAR
    if lexemes[0][0] in '"0123456789.' and ":" not in lexemes[0]:
        return Kind.OTHER
    return Kind.REFERRED


def _call(lexemes: list[str], depth: int) -> Kind:
    name = lexemes[0].removeprefix("_xlfn.")
    if name in _TRUTH:
        return Kind.TRUTH
    if name in _NUMBER:
        return Kind.OTHER
    if name in _REFERS:
        return Kind.REFERRED
    if name not in _PASSES:
        return Kind.MISTAKEN
    arguments = _arguments(lexemes[2:-1])
    kind = Kind.NONE
    for argument in arguments[_PASSES[name]]:
        kind |= _kind(argument, depth + 1)
    if name == "IF" and len(arguments) == 2:
        kind |= Kind.TRUTH  # FALSE where the condition does not hold
    if name in _LOSES and kind & Kind.TRUTH:
        kind |= Kind.LOST
    return kind


def _bare(lexemes: list[str]) -> list[str]:
    """Without brackets around the whole."""
    for _ in range(_BARED):
        if len(lexemes) < 2 or lexemes[0] != "(" or _closing(lexemes) < len(lexemes) - 1:
            break
        lexemes = lexemes[1:-1]
    return lexemes


def _closing(lexemes: list[str]) -> int:
    depth = 0
    for at, lexeme in enumerate(lexemes):
        if lexeme == "(":
            depth += 1
        elif lexeme == ")":
            depth -= 1
            if depth == 0:
                return at
    return -1


def _operators(lexemes: list[str]) -> list[int]:
    """Where operators stand outside of all brackets."""
    depth = 0
    found = []
    for at, lexeme in enumerate(lexemes):
        if lexeme in {"(", "{"}:
            depth += 1
        elif lexeme in {")", "}"}:
            depth -= 1
        elif depth == 0 and lexeme in {
            "=", "<", ">", "<=", ">=", "<>", "+", "-", "*", "/", "^", "&", "%",
        }:  # fmt: skip
            found.append(at)
    return found


def _is_binary(lexemes: list[str], at: int) -> bool:
    return lexemes[at - 1] not in {"+", "-", "*", "/", "^", "&"}


def _arguments(lexemes: list[str]) -> list[list[str]]:
    """Cut at the commas outside of all brackets."""
    depth = 0
    found: list[list[str]] = [[]]
    for lexeme in lexemes:
        if lexeme in {"(", "{"}:
            depth += 1
        elif lexeme in {")", "}"}:
            depth -= 1
        if lexeme == "," and depth == 0:
            found.append([])
        else:
            found[-1].append(lexeme)
    return found
