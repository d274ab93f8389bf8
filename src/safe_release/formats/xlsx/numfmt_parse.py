"""This module is the reader of number format codes (18.8.31): from characters to sections."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

MAX_LENGTH = 255
"""Characters of the longest format code that a spreadsheet program takes."""

Kind = Literal["general", "literal", "plain", "exponent", "fraction", "date", "text", "unclear"]


class Token(NamedTuple):
    """One step of a section: what it is, and its characters (or the ink it leaves)."""

    kind: str
    text: str


class Condition(NamedTuple):
    """``[<5]``: the operator and the bound as a decimal spelling."""

    operator: str
    bound: str


class Section(NamedTuple):
    """One part of a format code between semicolons."""

    kind: Kind
    tokens: tuple[Token, ...]
    condition: Condition | None = None
    colour: str = ""


class NotUnderstood(Exception):
    """The code is none that a spreadsheet program would take."""


GENERAL = Section("general", (Token("general", ""),))

_ANY_CASE = re.IGNORECASE | re.ASCII
_COLOUR = re.compile(
    r"(black|blue|cyan|green|magenta|red|white|yellow|color ?\d{1,2})\Z", _ANY_CASE
)
_CONDITION = re.compile(
    r"(<=|>=|<>|<|>|=) *(-?(?:\d{1,30}\.?\d{0,30}|\.\d{1,30})(?:e[+-]?\d{1,3})?)\Z", _ANY_CASE
)
_ELAPSED = re.compile(r"(h+|m+|s+)\Z", _ANY_CASE)
_CALENDAR = re.compile(r"((db|nat)num\d{1,2}|eng|hij|jpn|twn|zho|tha|kor)\Z", _ANY_CASE)
_RUN = re.compile(r"y+|m+|d+|h+|s+|e+|g+|b+|aaa+", _ANY_CASE)
_AM_PM = re.compile(r"am/pm|a/p", _ANY_CASE)
_MARKS = {".": "point", ",": "comma", "%": "percent", "/": "slash", "@": "at"}
_DATE_KINDS = frozenset(("date", "elapsed", "half"))
_PADDING = frozenset(("literal", "blank", "fill"))


def sections_of(code: str) -> tuple[Section, ...]:
    """The sections of a format code; raises ``NotUnderstood``."""
    if len(code) > MAX_LENGTH:
        raise NotUnderstood
    if not code:
        return (GENERAL,)
    return tuple(_section(part) for part in _parts(code))


class _Part:
    """A section while it is read."""

    def __init__(self) -> None:
        self.tokens: list[Token] = []
        self.condition: Condition | None = None
        self.colour = ""
        self.marked = False

    def add(self, kind: str, text: str) -> None:
        self.tokens.append(Token(kind, text))

    def holds(self, *kinds: str) -> bool:
        return any(token.kind in kinds for token in self.tokens)


def _parts(code: str) -> list[_Part]:
    parts = [_Part()]
    at = 0
    while at < len(code):
        if code[at] == ";":
            parts.append(_Part())
            at += 1
        else:
            at = _step(code, at, parts[-1])
    return parts


def _step(code: str, at: int, part: _Part) -> int:
    """Read one token at ``at`` into ``part``; returns where the next begins."""
    letter = code[at]
    if letter == '"':
        return _quoted(code, at, part)
    if letter == "[":
        return _bracket(code, at, part)
    if letter in "\\_*":
        return _escaped(code, at, part)
    if letter in "0#?":
        part.add("digit", letter)
        return at + 1
    if letter in _MARKS:
        part.add(_MARKS[letter], letter)
        return at + 1
    return _word(code, at, part)


def _quoted(code: str, at: int, part: _Part) -> int:
    end = code.find('"', at + 1)
    if end < 0:
        raise NotUnderstood
    if end > at + 1:
        part.add("literal", code[at + 1 : end])
    else:
        part.add("blank", "")
    return end + 1


def _escaped(code: str, at: int, part: _Part) -> int:
    r"""``\x`` prints x, ``_x`` leaves the width of x as one space, ``*x`` fills with x."""
    letter = code[at]
    if at + 1 >= len(code):
        raise NotUnderstood
    following = code[at + 1]
    if letter == "\\":
        part.add("literal", following)
    elif letter == "_":
        part.add("blank", " ")
    else:
        part.add("fill", following)
    return at + 2


def _bracket(code: str, at: int, part: _Part) -> int:
    end = code.find("]", at + 1)
    if end < 0:
        raise NotUnderstood
    content = code[at + 1 : end]
    if content.startswith("$"):
        # [$symbol-locale]: the symbol prints, the locale does not (18.8.31).
        symbol = content[1:].partition("-")[0]
        part.add("literal" if symbol else "blank", symbol)
    elif found := _CONDITION.match(content):
        part.condition = Condition(found[1], found[2])
        part.marked = True
    elif _COLOUR.match(content):
        part.colour = content.lower().replace(" ", "")
        part.marked = True
    elif _ELAPSED.match(content):
        part.add("elapsed", content.lower())
    elif _CALENDAR.match(content):
        part.marked = True
    else:
        raise NotUnderstood
    return end + 1


def _word(code: str, at: int, part: _Part) -> int:
    """A keyword, a date code, or a character that prints itself."""
    if code[at : at + 7].lower() == "general":
        part.add("general", "")
        return at + 7
    if found := _AM_PM.match(code, at):
        part.add("half", found[0])
        return found.end()
    letter = code[at]
    if letter in "Ee" and code[at + 1 : at + 2] in ("+", "-") and part.holds("digit"):
        part.add("power", code[at + 1])
        return at + 2
    if letter in "Bb" and code[at + 1 : at + 2] in ("1", "2"):
        part.marked = True
        return at + 2  # B1 and B2 choose a calendar and print nothing
    if found := _RUN.match(code, at):
        part.add("date", found[0].lower())
        return found.end()
    if letter in "Nn":
        raise NotUnderstood
    part.add("literal", letter)
    return at + 1


def _section(part: _Part) -> Section:
    tokens = part.tokens
    if not tokens and part.marked:
        # A section of brackets alone shows the number as General does.
        return GENERAL._replace(condition=part.condition, colour=part.colour)
    if any(token.kind in _DATE_KINDS for token in tokens):
        kind: Kind = "date"
        tokens = _date_tokens(tokens)
    elif part.holds("general"):
        kind = "general"
        _only(tokens, _PADDING | {"general"})
    elif part.holds("at"):
        kind = "text"
        _only(tokens, _PADDING | {"at", "point", "comma", "percent", "slash"})
    elif part.holds("digit"):
        kind, tokens = _numeric(part, tokens)
    else:
        kind = "literal"
        if part.holds("slash"):
            raise NotUnderstood
        tokens = [token if token.kind in _PADDING else Token("literal", token.text)
                  for token in tokens]  # fmt: skip
    return Section(kind, tuple(tokens), part.condition, part.colour)


def _only(tokens: list[Token], kinds: frozenset[str]) -> None:
    if any(token.kind not in kinds for token in tokens):
        raise NotUnderstood


def _numeric(part: _Part, tokens: list[Token]) -> tuple[Kind, list[Token]]:
    if part.holds("slash"):
        if part.holds("power", "point", "percent") or _count(tokens, "slash") > 1:
            raise NotUnderstood
        return "fraction", tokens
    if _count(tokens, "power") > 1:
        raise NotUnderstood
    return ("exponent" if part.holds("power") else "plain"), tokens


def _count(tokens: list[Token], kind: str) -> int:
    return sum(token.kind == kind for token in tokens)


def _date_tokens(tokens: list[Token]) -> list[Token]:
    """Date codes with ``m`` told apart, ``.000`` as parts of a second, the rest as it prints."""
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        zeros = _zeros(tokens, at + 1) if token.kind == "point" else 0
        if zeros > 3 or token.kind in ("digit", "general", "at", "power"):
            raise NotUnderstood
        if zeros:
            found.append(Token("parts", "0" * zeros))
        elif token.kind in _DATE_KINDS or token.kind in _PADDING:
            found.append(token)
        else:
            found.append(Token("literal", token.text))
        at += 1 + zeros
    return _minutes(found)


def _zeros(tokens: list[Token], at: int) -> int:
    end = at
    while end < len(tokens) and tokens[end] == Token("digit", "0"):
        end += 1
    return end - at


def _minutes(tokens: list[Token]) -> list[Token]:
    """``m`` and ``mm`` are minutes after hours and beside seconds (18.8.31), else months.

    After seconds they are so only where no minutes came before: ``h:mm:ss m`` ends in a month.
    """
    codes = [at for at, token in enumerate(tokens) if token.kind in ("date", "elapsed")]
    found = list(tokens)
    seen = False
    for place, at in enumerate(codes):
        code = tokens[at]
        if code.kind == "elapsed":
            seen = seen or code.text[0] == "m"
        if code.kind != "date" or code.text not in ("m", "mm"):
            continue
        before = tokens[codes[place - 1]].text[0] if place else ""
        after = tokens[codes[place + 1]] if place + 1 < len(codes) else None
        follows = before == "h" or (before == "s" and not seen)
        if follows or (after is not None and after.kind == "date" and after.text[0] == "s"):
            found[at] = Token("date", "n" * len(code.text))
            seen = True
    return found
