"""Formulas of rules (18.17), read from the left to the right and worked out as trees.

A formula that holds anything this module does not know is not known as a whole.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import NamedTuple, Protocol

from safe_release.inspectors.grid import LAST_COLUMN, LAST_ROW, column_number
from safe_release.inspectors.texts import canonical_number

LONGEST = 8192
DEEPEST = 64
_PIECE = re.compile(
    r'"(?:[^"]|"")*"|\#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A)'
    r"|[A-Za-z][A-Za-z0-9.]*\(|\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6}(?![\w.!(\[$])|[A-Za-z]+(?![\w.!(\[$])"
    r"|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?(?![\w.!:(\[$])"
    r"|<=|>=|<>|[-+*/^&=<>%(),:]",
    re.ASCII,
)
_SPOT = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([0-9]{1,7})", re.ASCII)
_LADDER = (("=", "<>", "<", ">", "<=", ">="), ("&",), ("+", "-"), ("*", "/"), ("^",))
"""Operators of two operands, the loosest first (18.17.2.2)."""
BY_DAY = frozenset("TODAY NOW YEAR MONTH DAY WEEKDAY DATE EDATE FLOOR ROUNDDOWN".split())
"""Functions that a rule may call although what they give is not worked out here."""


class Fault(NamedTuple):
    """An error value."""

    code: str


class Spot(NamedTuple):
    """A cell as a formula names it, and what of it is fixed by a dollar sign."""

    row: int
    column: int
    keeps_row: bool
    keeps_column: bool


Told = None | float | str | bool | Fault
"""What a cell or a formula says."""


class Unknown(Exception):
    """What a formula says cannot be worked out."""


class Cells(Protocol):
    """Where formulas look values up."""

    def at(self, row: int, column: int) -> Told:
        """The value of a cell."""

    def within(self, area: tuple[int, int, int, int]) -> list[Told]:
        """The values of an area, empty cells too."""


class Piece(NamedTuple):
    """A node of a formula: what it is, what it says, and what it works on."""

    sort: str
    says: str = ""
    parts: tuple[Piece, ...] = ()
    spots: tuple[Spot, ...] = ()

    def everything(self) -> Iterator[Piece]:
        """This piece and all below it."""
        waiting = [self]
        while waiting:
            piece = waiting.pop()
            yield piece
            waiting.extend(piece.parts)


def parse(formula: str) -> Piece | None:
    """The tree of a formula; ``None`` where it is not known."""
    text = formula.strip().removeprefix("=")
    if len(text) > LONGEST:
        return None
    try:
        return _Parser(text).parsed()
    except Unknown:
        return None


class _Parser:
    def __init__(self, text: str) -> None:
        self._pieces: list[str] = []
        at = 0
        while at < len(text):
            if text[at] in " \n\r\t":
                at += 1
                continue
            hit = _PIECE.match(text, at)
            if hit is None:
                raise Unknown
            self._pieces.append(hit[0])
            at = hit.end()
            if self._pieces[-1] == ":" and text[at - 2 : at - 1].isspace():
                raise Unknown
            if self._pieces[-1] == ":" and text[at : at + 1].isspace():
                raise Unknown
        self._at = 0
        self._depth = 0

    def parsed(self) -> Piece:
        """The whole formula."""
        found = self._rung(0)
        if self._at < len(self._pieces):
            raise Unknown
        return found

    def _peek(self) -> str:
        return self._pieces[self._at] if self._at < len(self._pieces) else ""

    def _next(self) -> str:
        piece = self._peek()
        self._at += 1
        return piece

    def _rung(self, level: int) -> Piece:
        if level == len(_LADDER):
            return self._signed()
        left = self._rung(level + 1)
        while self._peek() in _LADDER[level]:
            sign = self._next()
            left = Piece("two", sign, (left, self._rung(level + 1)))
        return left

    def _signed(self) -> Piece:
        signs = []
        while self._peek() in ("+", "-"):
            signs.append(self._next())
        found = self._primary()
        while self._peek() == "%":
            self._next()
            found = Piece("hundredth", "", (found,))
        for sign in reversed(signs):
            found = Piece("sign", sign, (found,))
        return found

    def _primary(self) -> Piece:
        piece = self._next()
        if piece == "(":
            self._enter()
            found = self._rung(0)
            self._leave()
            return found
        if piece.endswith("(") and piece != "(":
            return self._call(piece[:-1].upper())
        if piece[:1] == '"':
            return Piece("text", piece[1:-1].replace('""', '"'))
        if piece[:1] == "#":
            return Piece("fault", piece)
        if piece.upper() in ("TRUE", "FALSE"):
            return Piece("flag", piece.upper())
        if _SPOT.fullmatch(piece):
            return self._place(piece)
        number = canonical_number(piece) if piece[:1].isdigit() or piece[:1] == "." else None
        if number is None:
            raise Unknown
        return Piece("number", number)

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Unknown

    def _leave(self) -> None:
        if self._next() != ")":
            raise Unknown
        self._depth -= 1

    def _call(self, name: str) -> Piece:
        if name not in WORKED and name not in BY_DAY:
            raise Unknown
        self._enter()
        parts: list[Piece] = []
        if self._peek() != ")":
            parts.append(self._rung(0))
            while self._peek() == ",":
                self._next()
                parts.append(self._rung(0))
        self._leave()
        return Piece("call", name, tuple(parts))

    def _place(self, piece: str) -> Piece:
        first = _spot(piece)
        if self._peek() != ":":
            return Piece("cell", "", (), (first,))
        self._next()
        last = _spot(self._next())
        if last.row < first.row or last.column < first.column or self._peek() == ":":
            raise Unknown
        return Piece("area", "", (), (first, last))


def _spot(piece: str) -> Spot:
    hit = _SPOT.fullmatch(piece)
    if hit is None:
        raise Unknown
    column, row = column_number(hit[2]), int(hit[4])
    if column > LAST_COLUMN or not 1 <= row <= LAST_ROW:
        raise Unknown
    return Spot(row, column, hit[3] == "$", hit[1] == "$")


# -- working it out ---------------------------------------------------------------------------


def work_out(  # noqa: C901 (one branch for each sort of piece)
    piece: Piece, cells: Cells, here: tuple[int, int], start: tuple[int, int]
) -> Told | list[Told]:
    """What a formula says in the cell ``here``, written for the cell ``start``.

    An area alone is a list. Raises ``Unknown``.
    """
    sort = piece.sort
    if sort == "number":
        return float(piece.says)
    if sort == "text":
        return piece.says
    if sort == "flag":
        return piece.says == "TRUE"
    if sort == "fault":
        return Fault(piece.says)
    if sort in ("cell", "area"):
        ends = [_there(spot, here, start) for spot in piece.spots]
        return cells.at(*ends[0]) if sort == "cell" else cells.within((*ends[0], *ends[1]))
    below = [work_out(part, cells, here, start) for part in piece.parts]
    if sort == "call":
        if piece.says in ("ROW", "COLUMN"):
            if below:
                raise Unknown
            return float(here[0] if piece.says == "ROW" else here[1])
        if piece.says not in WORKED:
            raise Unknown
        return WORKED[piece.says](below)
    if any(isinstance(item, list) for item in below):
        raise Unknown
    if sort == "two":
        return _two(piece.says, below[0], below[1])  # type: ignore[arg-type]
    number = numeric(below[0])  # type: ignore[arg-type]
    if sort == "hundredth":
        return number if isinstance(number, Fault) else number / 100
    if piece.says == "+":
        return below[0]
    return number if isinstance(number, Fault) else -number


def _there(spot: Spot, here: tuple[int, int], start: tuple[int, int]) -> tuple[int, int]:
    row = spot.row + (0 if spot.keeps_row else here[0] - start[0])
    column = spot.column + (0 if spot.keeps_column else here[1] - start[1])
    if not 0 < row <= LAST_ROW or not 0 < column <= LAST_COLUMN:
        raise Unknown
    return row, column


def numeric(told: Told) -> float | Fault:
    """A value taken as a number."""
    if told is None:
        return 0.0
    if isinstance(told, Fault):
        return told
    if isinstance(told, str):
        spelled = canonical_number(told)
        return Fault("#VALUE!") if spelled is None else float(spelled)
    return float(told)


def textual(told: Told) -> str | Fault:
    """A value taken as a text."""
    if isinstance(told, (str, Fault)):
        return told
    if told is None:
        return ""
    if told is True or told is False:
        return str(told).upper()
    if not float(told).is_integer() or abs(told) >= 1e11:
        raise Unknown
    return f"{told:.0f}"


def yes(told: Told) -> bool | Fault:
    """A value taken as a condition."""
    if isinstance(told, Fault):
        return told
    if isinstance(told, str):
        return {"true": True, "false": False}.get(told.casefold(), Fault("#VALUE!"))
    return bool(told)


def order(left: Told, right: Told) -> int:
    """Below 0, 0 or above 0, as the first is smaller, equal or greater (18.17.2.5)."""
    if left is None and right is None:
        return 0
    if left is None:
        return -order(right, None)
    if right is None:
        right = False if isinstance(left, bool) else "" if isinstance(left, str) else 0.0
    kinds = [_kind(left), _kind(right)]
    if kinds[0] != kinds[1]:
        return -1 if kinds[0] < kinds[1] else 1
    if isinstance(left, str) and isinstance(right, str):
        one, other = left.casefold(), right.casefold()
        return (one > other) - (one < other)
    first, second = float(left), float(right)  # type: ignore[arg-type]
    return (first > second) - (first < second)


def _kind(told: Told) -> int:
    return 2 if isinstance(told, bool) else 1 if isinstance(told, str) else 0


def _two(sign: str, left: Told, right: Told) -> Told:
    if isinstance(left, Fault):
        return left
    if isinstance(right, Fault):
        return right
    if sign in _LADDER[0]:
        relation = order(left, right)
        return (
            (relation < 0 and "<" in sign)
            or (relation > 0 and ">" in sign)
            or (relation == 0 and "=" in sign)
        )
    if sign == "&":
        texts = textual(left), textual(right)
        return f"{texts[0]}{texts[1]}"
    first, second = numeric(left), numeric(right)
    if isinstance(first, Fault):
        return first
    if isinstance(second, Fault):
        return second
    return _calculated(sign, first, second)


def _calculated(sign: str, first: float, second: float) -> Told:
    if sign == "/" and second == 0:
        return Fault("#DIV/0!")
    try:
        result: object
        if sign == "+":
            result = first + second
        elif sign == "-":
            result = first - second
        elif sign == "*":
            result = first * second
        else:
            result = first / second if sign == "/" else first**second
    except (ArithmeticError, ValueError):
        return Fault("#NUM!")
    return result if isinstance(result, float) and math.isfinite(result) else Fault("#NUM!")


# -- functions --------------------------------------------------------------------------------

Below = list[Told | list[Told]]
Function = Callable[[Below], Told]


def _alone(below: Below, least: int = 1, most: int = 1) -> list[Told]:
    if not least <= len(below) <= most or any(isinstance(item, list) for item in below):
        raise Unknown
    return below  # type: ignore[return-value]


def _all(decide: Callable[[list[bool]], bool]) -> Function:
    def function(below: Below) -> Told:
        truths: list[bool] = []
        for told in _alone(below, 1, 255):
            truth = yes(told)
            if isinstance(truth, Fault):
                return truth
            truths.append(truth)
        return decide(truths)

    return function


def _asks(question: Callable[[Told], bool]) -> Function:
    return lambda below: question(_alone(below)[0])


def _of_text(work: Callable[[str], Told]) -> Function:
    def function(below: Below) -> Told:
        text = textual(_alone(below)[0])
        return text if isinstance(text, Fault) else work(text)

    return function


def _of_number(work: Callable[[float], float]) -> Function:
    def function(below: Below) -> Told:
        number = numeric(_alone(below)[0])
        return number if isinstance(number, Fault) else float(work(number))

    return function


def _not(below: Below) -> Told:
    truth = yes(_alone(below)[0])
    return truth if isinstance(truth, Fault) else not truth


def _if(below: Below) -> Told:
    told = _alone(below, 2, 3)
    truth = yes(told[0])
    if isinstance(truth, Fault):
        return truth
    return told[1] if truth else (told[2:] or [False])[0]


def _or_else(below: Below) -> Told:
    first, other = _alone(below, 2, 2)
    return other if isinstance(first, Fault) else first


def _rest(below: Below) -> Told:
    first, second = map(numeric, _alone(below, 2, 2))
    if isinstance(first, Fault):
        return first
    if isinstance(second, Fault):
        return second
    return Fault("#DIV/0!") if second == 0 else first % second


def _sum_up(work: Callable[[list[float]], Told]) -> Function:
    def function(below: Below) -> Told:
        numbers: list[float] = []
        for item in below:
            for told in item if isinstance(item, list) else [item]:
                if isinstance(told, Fault):
                    return told
                if type(told) is float:
                    numbers.append(told)
                elif not isinstance(item, list):
                    raise Unknown
        return work(numbers)

    return function


def _total(numbers: list[float]) -> float:
    return float(sum(map(Fraction, numbers)))


def _tally(question: Callable[[Told], bool]) -> Function:
    def function(below: Below) -> Told:
        if not all(isinstance(item, list) for item in below):
            raise Unknown
        return float(sum(question(told) for item in below for told in item))  # type: ignore[union-attr]

    return function


def _tally_equal(below: Below) -> Told:
    if len(below) != 2 or not isinstance(below[0], list) or type(below[1]) is not float:
        raise Unknown
    return float(sum(type(told) is float and told == below[1] for told in below[0]))


def _position(strict: bool) -> Function:
    def function(below: Below) -> Told:
        needle, text = map(textual, _alone(below, 2, 2))
        if isinstance(needle, Fault):
            return needle
        if isinstance(text, Fault):
            return text
        if not strict and re.search(r"[*?~]", needle):
            raise Unknown
        at = text.find(needle) if strict else text.lower().find(needle.lower())
        return Fault("#VALUE!") if at < 0 else at + 1.0

    return function


def _slice(cut: Callable[[str, int], str]) -> Function:
    def function(below: Below) -> Told:
        told = _alone(below, 1, 2)
        text, count = textual(told[0]), numeric(told[1]) if len(told) > 1 else 1.0
        if isinstance(text, Fault):
            return text
        if isinstance(count, Fault):
            return count
        return cut(text, int(count)) if 0 <= count < 1e6 else Fault("#VALUE!")

    return function


def _constant(value: bool) -> Function:
    def function(below: Below) -> Told:
        if below:
            raise Unknown
        return value

    return function


def _nowhere(_: Below) -> Told:
    raise Unknown


WORKED: dict[str, Function] = {
    "AND": _all(all),
    "OR": _all(any),
    "NOT": _not,
    "IF": _if,
    "IFERROR": _or_else,
    "TRUE": _constant(True),
    "FALSE": _constant(False),
    "ISBLANK": _asks(lambda told: told is None),
    "ISERROR": _asks(lambda told: isinstance(told, Fault)),
    "ISERR": _asks(lambda told: isinstance(told, Fault) and told.code != "#N/A"),
    "ISNA": _asks(lambda told: isinstance(told, Fault) and told.code == "#N/A"),
    "ISNUMBER": _asks(lambda told: type(told) is float),
    "ISTEXT": _asks(lambda told: isinstance(told, str)),
    "ISNONTEXT": _asks(lambda told: not isinstance(told, str)),
    "ISLOGICAL": _asks(lambda told: isinstance(told, bool)),
    "LEN": _of_text(lambda text: float(sum(1 + (ord(char) > 0xFFFF) for char in text))),
    "TRIM": _of_text(lambda text: re.sub(" {2,}", " ", text.strip(" "))),
    "UPPER": _of_text(str.upper),
    "LOWER": _of_text(str.lower),
    "ABS": _of_number(math.fabs),
    "INT": _of_number(math.floor),
    "MOD": _rest,
    "SUM": _sum_up(_total),
    "MIN": _sum_up(lambda numbers: min(numbers) if numbers else 0.0),
    "MAX": _sum_up(lambda numbers: max(numbers) if numbers else 0.0),
    "AVERAGE": _sum_up(
        lambda numbers: _total(numbers) / len(numbers) if numbers else Fault("#DIV/0!")
    ),
    "COUNT": _tally(lambda told: type(told) is float),
    "COUNTA": _tally(lambda told: told is not None),
    "COUNTBLANK": _tally(lambda told: told is None or told == ""),
    "COUNTIF": _tally_equal,
    "SEARCH": _position(strict=False),
    "FIND": _position(strict=True),
    "LEFT": _slice(lambda text, count: text[:count]),
    "RIGHT": _slice(lambda text, count: text[max(len(text) - count, 0) :]),
    "ROW": _nowhere,
    "COLUMN": _nowhere,
}
"""The functions that are worked out here; ``ROW()`` and ``COLUMN()`` by :func:`work_out`."""
