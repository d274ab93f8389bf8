"""How a number format code is cut into sections and tokens (ECMA-376-1 18.8.31)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from safe_release.inspectors.numfmt_digits import Number, number_of

LONGEST = 255
"""Characters of a code that is still read."""


class Kind(Enum):
    """What a section makes of a number (docs/numbers.md, section 2)."""

    GENERAL = "General"
    DATE = "date"
    TEXT = "text"
    FRACTION = "fraction"
    EXPONENT = "exponent"
    PLAIN = "plain"
    MASK = "mask"


class Token(NamedTuple):
    """A piece of a code: its sort, and what it shows or says."""

    sort: str
    text: str

    @property
    def is_digit(self) -> bool:
        """Whether the token shows digits alone, which may belong to a denominator."""
        return bool(self.text) and not self.text.strip("0123456789")


class Condition(NamedTuple):
    """The numbers that a section is for."""

    operator: str
    bound: Number

    def holds(self, order: tuple[int, int, int]) -> bool:
        """Whether a number is admitted, given by its order."""
        bound = self.bound.order
        if self.operator == "=":
            return order == bound
        if self.operator == "<>":
            return order != bound
        if order == bound:
            return len(self.operator) > 1
        return order < bound if self.operator[0] == "<" else order > bound

    @property
    def only_negative(self) -> bool:
        """Whether it admits negative numbers alone, so that the section shows no minus."""
        if self.operator == "<":
            return self.bound.negative or not self.bound.digits
        return self.operator in ("<=", "=") and self.bound.negative


@dataclass(frozen=True, slots=True)
class Section:
    """The tokens between two semicolons, without those that show nothing."""

    kind: Kind
    tokens: tuple[Token, ...]
    condition: Condition | None
    colour: str = ""
    """The colour it names for what it shows."""


class NotUnderstood(Exception):
    """The code is none that this page of rules can read."""


_TOKEN = re.compile(
    r"""
      (?P<section>;)
    | "(?P<quoted>[^"]*)"
    | \\(?P<escaped>.)
    | _(?P<blank>.)
    | \*(?P<fill>.)
    | \[(?P<bracket>[^\]]*)\]
    | (?P<broken>["\\_*\[nN])
    | (?P<general>(?i:general))
    | (?P<half>(?i:am/pm|a/p))
    | (?P<exponent>[eE][+-])
    | (?P<calendar>[bB][12])
    | (?P<date>(?i:y+|m+|d+|h+|s+|e+|g+|b+|aaa+))
    | (?P<placeholder>[0\#?])
    | (?P<point>\.) | (?P<comma>,) | (?P<percent>%) | (?P<slash>/) | (?P<text>@)
    | (?P<literal>.)
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE | re.ASCII)
_CONDITION = re.compile(
    r"(<=|>=|<>|<|>|=)[ ]*"
    r"(-?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,3})?)",
    re.ASCII,
)
_COLOUR = re.compile(
    r"black|blue|cyan|green|magenta|red|white|yellow|color ?[0-9]{1,2}", re.IGNORECASE | re.ASCII
)
_CALENDAR = re.compile(
    r"(?:dbnum|natnum)[0-9]{1,2}|eng|hij|jpn|twn|zho|tha|kor", re.IGNORECASE | re.ASCII
)
_SILENT = frozenset({"condition", "colour", "calendar"})
_SHOWN_AS_WRITTEN = frozenset({"literal", "blank", "fill"})


def sections_of(code: str) -> list[Section]:
    """The sections of a code.

    Raises:
        NotUnderstood: by the rules of docs/numbers.md, section 2.
    """
    if len(code) > LONGEST:
        raise NotUnderstood
    rows = _rows(code)
    if len(rows) > 4:
        raise NotUnderstood
    sections = [_section(row) for row in rows]
    if len(sections) > 2 and sections[2].condition and sections[2].kind is not Kind.TEXT:
        raise NotUnderstood
    last = len(sections) - 1
    for index, section in enumerate(sections):
        text = any(token.sort == "text" for token in section.tokens)
        if text and (index != last or section.kind is not Kind.TEXT):
            raise NotUnderstood
    return sections


def _rows(code: str) -> list[list[Token]]:
    rows: list[list[Token]] = [[]]
    position, placeholders = 0, False
    while position < len(code):
        hit = _TOKEN.match(code, position)
        if hit is None or hit.lastgroup is None or hit.lastgroup == "broken":
            raise NotUnderstood
        sort, end = hit.lastgroup, hit.end()
        text = hit[sort]
        if sort == "exponent" and not placeholders:
            sort, end = "date", position + 1
            text = code[position:end]
        if sort == "section":
            rows.append([])
            placeholders = False
        else:
            token = Token(*_meaning(sort, text))
            placeholders = placeholders or token.sort == "placeholder"
            rows[-1].append(token)
        position = end
    return rows


def _meaning(sort: str, text: str) -> tuple[str, str]:
    """Sort and text of a token as the sections count them."""
    if sort in ("quoted", "escaped"):
        return "literal", text
    if sort == "blank":
        return "blank", " "
    return bracket(text) if sort == "bracket" else (sort, text)


def pieces_of(code: str) -> Iterator[tuple[str, str]]:
    """Sort and text of each piece of a code that need not be understood.

    What follows a quote or bracket that does not close is one last piece of the sort ``rest``.
    """
    position = 0
    while hit := _TOKEN.match(code, position):
        sort = hit.lastgroup or ""
        if sort == "broken" and hit[0] in '"[':
            yield "rest", code[position:]
            return
        yield sort, hit[sort]
        position = hit.end()


def bracket(inside: str) -> tuple[str, str]:
    """Sort and text of what stands in a bracket.

    Raises:
        NotUnderstood: no rule knows it.
    """
    if inside.startswith("$"):
        return "literal", inside[1:].partition("-")[0]
    for sort, pattern in (
        ("condition", _CONDITION),
        ("elapsed", _ELAPSED),
        ("colour", _COLOUR),
        ("calendar", _CALENDAR),
    ):
        if pattern.fullmatch(inside):
            return sort, inside
    raise NotUnderstood


def _section(row: list[Token]) -> Section:
    conditions = [_condition(token.text) for token in row if token.sort == "condition"]
    sorts = [token.sort for token in row]
    kind = _kind(sorts)
    _check(kind, sorts)
    condition = conditions[-1] if conditions else None
    colours = [token.text for token in row if token.sort == "colour"]
    shown = tuple(token for token in row if token.sort not in _SILENT)
    return Section(kind, shown, condition, colours[-1] if colours else "")


def _condition(text: str) -> Condition:
    hit = _CONDITION.fullmatch(text)
    if hit is None:
        raise NotUnderstood
    return Condition(hit[1], number_of(hit[2].lower()))


def _kind(sorts: list[str]) -> Kind:
    present = set(sorts)
    if present and present <= _SILENT:
        return Kind.GENERAL
    if present & {"date", "elapsed", "half"}:
        return Kind.DATE
    if "general" in present:
        return Kind.GENERAL
    if "text" in present:
        return Kind.TEXT
    if "placeholder" in present:
        if "slash" in present:
            return Kind.FRACTION
        return Kind.EXPONENT if "exponent" in present else Kind.PLAIN
    return Kind.MASK


def _check(kind: Kind, sorts: list[str]) -> None:
    """Refuse what the kind of the section has no meaning for."""
    present = set(sorts)
    wrong = (
        (kind is Kind.DATE and bool(present & {"general", "text", "exponent"}))
        or (kind is Kind.GENERAL and not present <= _SILENT | _SHOWN_AS_WRITTEN | {"general"})
        or (kind is Kind.TEXT and "placeholder" in present)
        or (kind is Kind.FRACTION and bool(present & {"point", "percent", "exponent"}))
        or (kind is Kind.FRACTION and sorts.count("slash") > 1)
        or (kind is Kind.EXPONENT and sorts.count("exponent") > 1)
        or (kind is Kind.MASK and "slash" in present)
    )
    if wrong:
        raise NotUnderstood
