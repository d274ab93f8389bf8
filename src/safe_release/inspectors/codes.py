"""Number format codes: tokens, sections and their kinds (docs/numbers.md, sections 2 and 3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import NamedTuple

FIFTEEN = Context(prec=15, rounding=ROUND_HALF_UP, Emin=-999_999, Emax=999_999)
EXACT = Context(prec=1200, rounding=ROUND_HALF_UP, Emin=-999_999, Emax=999_999)
LONGEST = 255
_QUOTED = re.compile(r'"([^"]*)"', re.DOTALL)
_BRACKET = re.compile(r"\[([^\]]*)\]", re.DOTALL)
_CONDITION = re.compile(
    r"(<=|>=|<>|<|>|=) *(-?[0-9]{1,30}(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,3})?)", re.ASCII
)
_COLOUR = re.compile(r"black|blue|cyan|green|magenta|red|white|yellow|color ?[0-9]{1,2}", re.I)
_ELAPSED = re.compile(r"h+|m+|s+", re.I)
_CALENDAR = re.compile(r"(?:dbnum|natnum)[0-9]{1,2}|eng|hij|jpn|twn|zho|tha|kor", re.I)
_HALF = re.compile(r"am/pm|a/p", re.I)
_DATE = re.compile(r"y+|m+|d+|h+|s+|e+|g+|b+|aaa+", re.I)
_BESIDE = frozenset({"condition", "colour", "calendar"})
_PLAIN_TEXT = frozenset({"literal", "blank", "fill"}) | _BESIDE


class Token(NamedTuple):
    """A piece of a code: what it is, what it says, and how many characters it takes."""

    kind: str
    text: str
    length: int


class Condition(NamedTuple):
    """A bound that a number must meet for a section."""

    operator: str
    bound: Decimal

    def holds(self, number: Decimal) -> bool:
        """Whether a number meets it."""
        order = number.compare(self.bound)
        return {
            "<": order < 0,
            "<=": order <= 0,
            "=": order == 0,
            "<>": order != 0,
            ">": order > 0,
            ">=": order >= 0,
        }[self.operator]

    @property
    def negative_alone(self) -> bool:
        """Whether only negative numbers meet it."""
        if self.operator == "<":
            return self.bound <= 0
        return self.operator in ("<=", "=") and self.bound < 0


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a code."""

    kind: str
    """``general``, ``plain``, ``exponent``, ``fraction``, ``date``, ``text``, ``mask``."""
    tokens: tuple[Token, ...]
    condition: Condition | None = None


GENERAL = Section("general", ())


@dataclass(frozen=True, slots=True)
class Code:
    """A code by its sections; one that is not understood is ``General``."""

    numeric: tuple[Section, ...]
    text: Section | None = None

    def choose(self, number: Decimal) -> tuple[Section, bool] | None:
        """The section for a number and whether a minus stands before it; ``None``: filled."""
        sections, count = self.numeric, len(self.numeric)
        below = number < 0
        first = sections[0].condition
        second = sections[1].condition if count > 1 else None
        if first is None and second is None:
            if count == 1:
                return sections[0], below
            if count == 2:
                return sections[1 if below else 0], False
            return sections[0 if number > 0 else 1 if below else 2], False
        first = first or Condition(">", Decimal(0))
        if first.holds(number):
            return sections[0], below and not first.negative_alone
        if second is not None:
            if second.holds(number):
                return sections[1], below and not second.negative_alone
            return (sections[2], below) if count > 2 else None
        swallowed = count < 3 and first.bound < 0 and first.operator != "="
        return (sections[1] if count > 1 else GENERAL), below and not swallowed


class _NotUnderstood(Exception):
    """The code says nothing that the page defines."""


def read_code(code: str) -> Code:
    """Read a code; one that is not understood shows as ``General``."""
    try:
        return _read(code)
    except _NotUnderstood:
        return Code((GENERAL,))


def _read(code: str) -> Code:
    if not code:
        return Code((GENERAL,))
    if len(code) > LONGEST:
        raise _NotUnderstood
    sections = [_section(tokens) for tokens in _split(code)]
    if len(sections) > 4:
        raise _NotUnderstood
    text: Section | None = None
    if sections[-1].kind == "text":
        text = sections.pop()
    elif len(sections) == 4:
        last = sections.pop()
        text = last if last.kind in ("mask", "general") else None
    if any(section.kind == "text" for section in sections):
        raise _NotUnderstood
    if len(sections) > 2 and sections[2].condition is not None:
        raise _NotUnderstood
    return Code(tuple(sections[:3]) or (GENERAL,), text)


def _split(code: str) -> list[list[Token]]:
    sections: list[list[Token]] = [[]]
    at = 0
    while at < len(code):
        token = _token(code, at, sections[-1])
        at += token.length
        if token.kind == "next":
            sections.append([])
        else:
            sections[-1].append(token)
    return sections


_SINGLE = {";": "next", ".": "point", ",": "comma", "%": "percent", "/": "slash", "@": "at"}


def _token(code: str, at: int, before: list[Token]) -> Token:
    character = code[at]
    if character == ";":
        return Token("next", ";", 1)
    if character == '"':
        hit = _QUOTED.match(code, at)
        if hit is None:
            raise _NotUnderstood
        return Token("literal", hit[1], len(hit[0]))
    if character in "\\_*":
        if at + 1 == len(code):
            raise _NotUnderstood
        kind = {"\\": "literal", "_": "blank", "*": "fill"}[character]
        return Token(kind, " " if kind == "blank" else code[at + 1], 2)
    if character == "[":
        return _bracket(code, at)
    if character in "0#?":
        return Token("place", character, 1)
    if character in _SINGLE:
        return Token(_SINGLE[character], character, 1)
    return _letters(code, at, before)


def _letters(code: str, at: int, before: list[Token]) -> Token:
    character = code[at]
    if code[at : at + 7].casefold() == "general":
        return Token("general", "General", 7)
    if hit := _HALF.match(code, at):
        return Token("half", hit[0], len(hit[0]))
    placed = any(token.kind == "place" for token in before)
    if character in "Ee" and code[at + 1 : at + 2] in ("+", "-") and placed:
        return Token("exponent", code[at + 1], 2)
    if character in "Bb" and code[at + 1 : at + 2] in ("1", "2"):
        return Token("calendar", "", 2)
    if (hit := _DATE.match(code, at)) and character.isascii():
        return Token("date", hit[0].lower(), len(hit[0]))
    if character in "nN":
        raise _NotUnderstood
    return Token("literal", character, 1)


def _bracket(code: str, at: int) -> Token:
    hit = _BRACKET.match(code, at)
    if hit is None:
        raise _NotUnderstood
    inside, length = hit[1], len(hit[0])
    if inside.startswith("$"):
        return Token("literal", inside[1:].partition("-")[0], length)
    if _CONDITION.fullmatch(inside):
        return Token("condition", inside, length)
    if _COLOUR.fullmatch(inside):
        return Token("colour", inside, length)
    if _ELAPSED.fullmatch(inside):
        return Token("elapsed", inside.lower(), length)
    if _CALENDAR.fullmatch(inside):
        return Token("calendar", "", length)
    raise _NotUnderstood


def _section(tokens: list[Token]) -> Section:
    kinds = {token.kind for token in tokens}
    condition: Condition | None = None
    for token in tokens:
        if token.kind == "condition" and (hit := _CONDITION.fullmatch(token.text)):
            condition = Condition(hit[1], FIFTEEN.create_decimal(hit[2]))
    kind = _kind(tokens, kinds)
    kept = tuple(token for token in tokens if token.kind not in _BESIDE)
    return Section(kind, kept, condition)


def _kind(tokens: list[Token], kinds: set[str]) -> str:
    if kinds and kinds <= _BESIDE:
        return "general"
    if kinds & {"date", "elapsed", "half"}:
        if kinds & {"general", "at", "exponent"} or _stray_places(tokens):
            raise _NotUnderstood
        return "date"
    if "general" in kinds:
        if not kinds <= _PLAIN_TEXT | {"general"} or sum(t.kind == "general" for t in tokens) > 1:
            raise _NotUnderstood
        return "general"
    if "at" in kinds:
        if kinds & {"place", "exponent"}:
            raise _NotUnderstood
        return "text"
    if "place" in kinds:
        return _number_kind(tokens, kinds)
    if "slash" in kinds:
        raise _NotUnderstood
    return "mask"


def _number_kind(tokens: list[Token], kinds: set[str]) -> str:
    count = {kind: sum(token.kind == kind for token in tokens) for kind in ("slash", "exponent")}
    if "slash" in kinds:
        if kinds & {"point", "percent", "exponent"} or count["slash"] > 1:
            raise _NotUnderstood
        bare = [token for token in tokens if token.kind not in _BESIDE]
        if fraction_parts(tuple(bare)) is None:
            raise _NotUnderstood
        return "fraction"
    if "exponent" in kinds:
        at = next(i for i, token in enumerate(tokens) if token.kind == "exponent")
        if count["exponent"] > 1 or not any(t.kind == "place" for t in tokens[at:]):
            raise _NotUnderstood
        return "exponent"
    return "plain"


def _stray_places(tokens: list[Token]) -> bool:
    """Whether a date section has placeholders other than decimals of a second."""
    at = 0
    while at < len(tokens):
        if tokens[at].kind == "point":
            zeros = 0
            while at + 1 < len(tokens) and tokens[at + 1] == Token("place", "0", 1):
                zeros += 1
                at += 1
            if zeros > 3:
                return True
        elif tokens[at].kind == "place":
            return True
        at += 1
    return False


class FractionParts(NamedTuple):
    """Where the parts of a fraction stand among the tokens; ``fixed`` is 0 where it is free."""

    numerator: range
    denominator: range
    fixed: int
    whole: tuple[int, ...]
    grouped: bool


def fraction_parts(tokens: tuple[Token, ...]) -> FractionParts | None:
    """The parts of a fraction section (docs/numbers.md, section 7); ``None``: not understood."""
    slash = next(i for i, token in enumerate(tokens) if token.kind == "slash")
    end = slash
    if end and _is_space(tokens[end - 1]):
        end -= 1
    start = end
    while start and tokens[start - 1].kind == "place":
        start -= 1
    first = slash + 1
    if first < len(tokens) and _is_space(tokens[first]):
        first += 1
    last, digits = first, ""
    while last < len(tokens) and tokens[last].kind == "place":
        last += 1
    if last == first:
        while last < len(tokens) and _is_digits(tokens[last]):
            digits += tokens[last].text
            last += 1
        if not digits or digits[0] == "0":
            return None
    if start == end or last - first > 15 or len(digits) > 15:
        return None
    whole = tuple(i for i in range(start) if tokens[i].kind == "place")
    outside = [*range(whole[-1] + 1 if whole else 0, start), *range(last, len(tokens))]
    if any(tokens[i].kind in ("place", "comma") for i in outside):
        return None
    grouped = any(tokens[i].kind == "comma" for i in range(start))
    return FractionParts(range(start, end), range(first, last), int(digits or 0), whole, grouped)


def _is_space(token: Token) -> bool:
    return token.kind in ("literal", "blank") and token.text == " "


def _is_digits(token: Token) -> bool:
    if token.kind == "place":
        return token.text == "0"
    return token.kind == "literal" and token.text.isascii() and token.text.isdigit()
