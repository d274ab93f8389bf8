"""This module is what operators and functions of rules' formulas give (18.17)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from safe_release.formats.xlsx.cells import canonical_number


@dataclass(frozen=True, slots=True)
class Error:
    """An error value, by its code."""

    code: str


Value = None | float | str | bool | Error
"""What a cell or formula gives; ``None`` is an empty cell."""


class CannotTell(Exception):
    """What a formula gives is not known."""


_BAD: Final = Error("#VALUE!")


def compared(left: Value, right: Value) -> int:
    """Smaller, equal or greater: numbers before texts before booleans; empty is like the other."""
    if left is None:
        left = _empty_like(right)
    if right is None:
        right = _empty_like(left)
    first, second = _key(left), _key(right)
    return (first > second) - (first < second)


def _empty_like(other: Value) -> Value:
    if isinstance(other, bool):
        return False
    return "" if isinstance(other, str) else 0.0


def _key(value: Value) -> tuple[int, float, str]:
    if isinstance(value, bool):
        return 2, float(value), ""
    if isinstance(value, str):
        return 1, 0.0, value.casefold()
    return 0, float(value or 0.0) if not isinstance(value, Error) else 0.0, ""


def number_of(value: Value) -> float | Error:
    """A value where a number is wanted."""
    if value is None:
        return 0.0
    if isinstance(value, str):
        spelled = canonical_number(value)
        return _BAD if spelled is None else float(spelled)
    return value if isinstance(value, Error) else float(value)


def text_of(value: Value) -> str | Error:
    """A value where a text is wanted."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value != int(value) or abs(value) >= 1e11:
            raise CannotTell
        return str(int(value))
    return value


def truth_of(value: Value) -> bool | Error:
    """A value where a condition is wanted."""
    if isinstance(value, str):
        if value.casefold() in ("true", "false"):
            return value.casefold() == "true"
        return _BAD
    return value if isinstance(value, Error) else bool(value)


def negated(value: Value) -> Value:
    """Unary minus."""
    number = number_of(value)
    return number if isinstance(number, Error) else -number


def percent(value: Value) -> Value:
    """The percent sign behind a value."""
    number = number_of(value)
    return number if isinstance(number, Error) else number / 100


def _test(holds: Callable[[int], bool]) -> Callable[[Value, Value], Value]:
    def operator(left: Value, right: Value) -> Value:
        for value in (left, right):
            if isinstance(value, Error):
                return value
        return holds(compared(left, right))

    return operator


def _arithmetic(work: Callable[[float, float], Value]) -> Callable[[Value, Value], Value]:
    def operator(left: Value, right: Value) -> Value:
        first, second = number_of(left), number_of(right)
        if isinstance(first, Error):
            return first
        if isinstance(second, Error):
            return second
        try:
            result = work(first, second)
        except (OverflowError, ValueError, ZeroDivisionError):
            return Error("#NUM!")
        is_number = isinstance(result, float) and math.isfinite(result)
        return result if is_number or isinstance(result, Error) else Error("#NUM!")

    return operator


def _divided(left: float, right: float) -> Value:
    return left / right if right else Error("#DIV/0!")


def _power(left: float, right: float) -> Value:
    result = left**right
    return result if isinstance(result, float) else Error("#NUM!")


def _joined(left: Value, right: Value) -> Value:
    first, second = text_of(left), text_of(right)
    if isinstance(first, Error):
        return first
    return second if isinstance(second, Error) else first + second


OPERATORS: Final[Mapping[str, Callable[[Value, Value], Value]]] = {
    "=": _test(lambda order: order == 0),
    "<>": _test(lambda order: order != 0),
    "<": _test(lambda order: order < 0),
    ">": _test(lambda order: order > 0),
    "<=": _test(lambda order: order <= 0),
    ">=": _test(lambda order: order >= 0),
    "&": _joined,
    "+": _arithmetic(lambda left, right: left + right),
    "-": _arithmetic(lambda left, right: left - right),
    "*": _arithmetic(lambda left, right: left * right),
    "/": _arithmetic(_divided),
    "^": _arithmetic(_power),
}

Arguments = list[object]


def _one(arguments: Arguments) -> Value:
    if len(arguments) != 1 or isinstance(arguments[0], list):
        raise CannotTell
    return arguments[0]  # type: ignore[return-value]


def _flags(arguments: Arguments) -> list[bool] | Error:
    if not arguments or any(isinstance(item, list) for item in arguments):
        raise CannotTell
    found = []
    for item in arguments:
        truth = truth_of(item)  # type: ignore[arg-type]
        if isinstance(truth, Error):
            return truth
        found.append(truth)
    return found


def _and(arguments: Arguments) -> Value:
    flags = _flags(arguments)
    return flags if isinstance(flags, Error) else all(flags)


def _or(arguments: Arguments) -> Value:
    flags = _flags(arguments)
    return flags if isinstance(flags, Error) else any(flags)


def _not(arguments: Arguments) -> Value:
    truth = truth_of(_one(arguments))
    return truth if isinstance(truth, Error) else not truth


def _if(arguments: Arguments) -> Value:
    if len(arguments) not in (2, 3) or any(isinstance(item, list) for item in arguments):
        raise CannotTell
    truth = truth_of(arguments[0])  # type: ignore[arg-type]
    if isinstance(truth, Error):
        return truth
    if truth:
        return arguments[1]  # type: ignore[return-value]
    return arguments[2] if len(arguments) == 3 else False  # type: ignore[return-value]


def _if_error(arguments: Arguments) -> Value:
    if len(arguments) != 2 or any(isinstance(item, list) for item in arguments):
        raise CannotTell
    return arguments[1] if isinstance(arguments[0], Error) else arguments[0]  # type: ignore[return-value]


def _is(test: Callable[[Value], bool]) -> Callable[[Arguments], Value]:
    return lambda arguments: test(_one(arguments))


def _number(work: Callable[[float], float]) -> Callable[[Arguments], Value]:
    def function(arguments: Arguments) -> Value:
        number = number_of(_one(arguments))
        return number if isinstance(number, Error) else float(work(number))

    return function


def _text(work: Callable[[str], Value]) -> Callable[[Arguments], Value]:
    def function(arguments: Arguments) -> Value:
        text = text_of(_one(arguments))
        return text if isinstance(text, Error) else work(text)

    return function


def _mod(arguments: Arguments) -> Value:
    if len(arguments) != 2 or any(isinstance(item, list) for item in arguments):
        raise CannotTell
    first, second = (number_of(item) for item in arguments)  # type: ignore[arg-type]
    if isinstance(first, Error):
        return first
    if isinstance(second, Error):
        return second
    return first - second * math.floor(first / second) if second else Error("#DIV/0!")


def _numbers(arguments: Arguments) -> list[float] | Error:
    """The numbers of an aggregate: of areas the real ones only."""
    found: list[float] = []
    for item in arguments:
        if isinstance(item, list):
            for value in item:
                if isinstance(value, Error):
                    return value
                if isinstance(value, float):
                    found.append(value)
        elif isinstance(item, float):
            found.append(item)
        elif isinstance(item, Error):
            return item
        else:
            raise CannotTell  # a cell by itself and a constant count differently
    return found


def _aggregate(work: Callable[[list[float]], Value]) -> Callable[[Arguments], Value]:
    def function(arguments: Arguments) -> Value:
        numbers = _numbers(arguments)
        return numbers if isinstance(numbers, Error) else work(numbers)

    return function


def _mean(numbers: list[float]) -> Value:
    return math.fsum(numbers) / len(numbers) if numbers else Error("#DIV/0!")


def _counted(test: Callable[[Value], bool]) -> Callable[[Arguments], Value]:
    def function(arguments: Arguments) -> Value:
        if not all(isinstance(item, list) for item in arguments):
            raise CannotTell
        return float(sum(test(value) for item in arguments for value in item))  # type: ignore[attr-defined]

    return function


def _count_if(arguments: Arguments) -> Value:
    if len(arguments) != 2 or not isinstance(arguments[0], list):
        raise CannotTell
    wanted = arguments[1]
    if not isinstance(wanted, float) or isinstance(wanted, bool):
        raise CannotTell  # texts are patterns and may hold operators
    return float(sum(value == wanted and isinstance(value, float) for value in arguments[0]))


def _found(*, is_exact: bool) -> Callable[[Arguments], Value]:
    def function(arguments: Arguments) -> Value:
        if len(arguments) != 2 or any(isinstance(item, list) for item in arguments):
            raise CannotTell
        needle, text = (text_of(item) for item in arguments)  # type: ignore[arg-type]
        if isinstance(needle, Error):
            return needle
        if isinstance(text, Error):
            return text
        if not is_exact:
            if any(sign in needle for sign in "*?~"):
                raise CannotTell
            needle, text = needle.lower(), text.lower()
        at = text.find(needle)
        return float(at + 1) if at >= 0 else _BAD

    return function


def _end(take: Callable[[str, int], str]) -> Callable[[Arguments], Value]:
    def function(arguments: Arguments) -> Value:
        if len(arguments) not in (1, 2) or any(isinstance(item, list) for item in arguments):
            raise CannotTell
        text = text_of(arguments[0])  # type: ignore[arg-type]
        count = number_of(arguments[1]) if len(arguments) == 2 else 1.0  # type: ignore[arg-type]
        if isinstance(text, Error):
            return text
        if isinstance(count, Error):
            return count
        return take(text, int(count)) if 0 <= count < 1e6 else _BAD

    return function


def _trimmed(text: str) -> str:
    return " ".join(part for part in text.split(" ") if part)


def _no_arguments(value: bool) -> Callable[[Arguments], Value]:
    def function(arguments: Arguments) -> Value:
        if arguments:
            raise CannotTell
        return value

    return function


def _is_number(value: Value) -> bool:
    return isinstance(value, float)


def _by_place(_: Arguments) -> Value:
    raise CannotTell


FUNCTIONS: Final[Mapping[str, Callable[[Arguments], Value]]] = {
    "AND": _and,
    "OR": _or,
    "NOT": _not,
    "IF": _if,
    "IFERROR": _if_error,
    "TRUE": _no_arguments(True),
    "FALSE": _no_arguments(False),
    "ISBLANK": _is(lambda value: value is None),
    "ISERROR": _is(lambda value: isinstance(value, Error)),
    "ISERR": _is(lambda value: isinstance(value, Error) and value.code != "#N/A"),
    "ISNA": _is(lambda value: value == Error("#N/A")),
    "ISNUMBER": _is(_is_number),
    "ISTEXT": _is(lambda value: isinstance(value, str)),
    "ISNONTEXT": _is(lambda value: not isinstance(value, str)),
    "ISLOGICAL": _is(lambda value: isinstance(value, bool)),
    "LEN": _text(lambda text: float(len(text.encode("utf-16-le", "surrogatepass")) // 2)),
    "TRIM": _text(_trimmed),
    "UPPER": _text(str.upper),
    "LOWER": _text(str.lower),
    "ABS": _number(abs),
    "INT": _number(math.floor),
    "MOD": _mod,
    "SUM": _aggregate(lambda numbers: math.fsum(numbers)),
    "MIN": _aggregate(lambda numbers: min(numbers, default=0.0)),
    "MAX": _aggregate(lambda numbers: max(numbers, default=0.0)),
    "AVERAGE": _aggregate(_mean),
    "COUNT": _counted(_is_number),
    "COUNTA": _counted(lambda value: value is not None),
    "COUNTBLANK": _counted(lambda value: value in (None, "")),
    "COUNTIF": _count_if,
    "SEARCH": _found(is_exact=False),
    "FIND": _found(is_exact=True),
    "LEFT": _end(lambda text, count: text[:count]),
    "RIGHT": _end(lambda text, count: text[len(text) - min(count, len(text)) :]),
    "ROW": _by_place,
    "COLUMN": _by_place,
}
"""The functions that this library works out; ``ROW()`` and ``COLUMN()`` are told by the caller."""
