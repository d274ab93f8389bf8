"""This module is the writer of digits: what numeric sections of a format show of a number."""

from __future__ import annotations

from typing import NamedTuple

from safe_release.formats.xlsx.numfmt_decimal import (
    ZERO,
    Decimal,
    integer_and_fraction,
    of_ratio,
    ratio,
    rounded,
    significant,
)
from safe_release.formats.xlsx.numfmt_parse import NotUnderstood, Section, Token

GENERAL_WIDTH = 11
"""Characters that General gives to a number, its point included and its sign not."""

MOST_DENOMINATOR_DIGITS = 7
"""Digits of the longest denominator that is looked for; more placeholders stay empty."""


class Reading(NamedTuple):
    """The characters a section shows (without sign), and the number they say."""

    text: str
    number: Decimal


def placed(marks: str, digits: str, grouped: bool = False) -> list[str]:
    """One string for each placeholder of a whole number; the first takes all digits left over."""
    pieces: list[str] = []
    surplus = max(0, len(digits) - len(marks))
    filled = digits[surplus:].rjust(len(marks), "\0")
    for at, mark in enumerate(marks):
        digit = filled[at]
        piece = {"0": "0", "?": " ", "#": ""}[mark] if digit == "\0" else digit
        pieces.append(piece + _separator(piece, len(marks) - 1 - at) if grouped else piece)
    if surplus:
        last = len(digits) - 1
        pieces[0] = "".join(
            digit + (_separator(digit, last - at) if grouped else "")
            for at, digit in enumerate(digits[:surplus])
        ) + pieces[0]  # fmt: skip
    return pieces


def _separator(piece: str, place: int) -> str:
    if not piece or not place or place % 3:
        return ""
    return " " if piece == " " else ","


def _decimals(marks: str, digits: str) -> list[str]:
    """One string for each placeholder after the point; zeros at the end show where 0 asks."""
    last = len(digits.rstrip("0"))
    return [
        digits[at] if at < last else {"0": "0", "?": " ", "#": ""}[mark]
        for at, mark in enumerate(marks)
    ]


class Pattern:
    """Placeholders around one decimal point, with what is printed between them."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.steps: list[Token] = []
        self.whole = ""
        self.places = ""
        self.grouped = False
        self.scale = 0
        """Powers of ten by which the shown number is greater than the stored one."""
        self._point = False
        for at, token in enumerate(tokens):
            self._read(tokens, at, token)
        if self._point and not self.whole:
            # Digits before a point that nothing stands before are shown all the same.
            at = next(i for i, step in enumerate(self.steps) if step.kind == "point")
            self.steps.insert(at, Token("whole", "#"))
            self.whole = "#"
            self.bare = True
        else:
            self.bare = False

    def _read(self, tokens: tuple[Token, ...], at: int, token: Token) -> None:
        if token.kind == "digit":
            if self._point:
                self.places += token.text
            else:
                self.whole += token.text
            self.steps.append(Token("place" if self._point else "whole", token.text))
        elif token.kind == "point":
            self.steps.append(Token("literal" if self._point else "point", "."))
            self._point = True
        elif token.kind == "comma":
            self._comma(tokens, at)
        elif token.kind == "percent":
            self.scale += 2
            self.steps.append(Token("literal", "%"))
        elif token.kind != "fill":
            self.steps.append(Token("literal", token.text))

    def _comma(self, tokens: tuple[Token, ...], at: int) -> None:
        before, after = at, at
        while before >= 0 and tokens[before].kind == "comma":
            before -= 1
        while after < len(tokens) and tokens[after].kind == "comma":
            after += 1
        if before < 0 or tokens[before].kind not in ("digit", "point"):
            self.steps.append(Token("literal", ","))
        elif after < len(tokens) and tokens[after].kind == "digit" and not self._point:
            self.grouped = True
        elif not any(token.kind == "digit" for token in tokens[after:]):
            self.scale -= 3

    def show(self, number: Decimal, zero: str = "") -> str:
        """The digits of a number that is scaled already; its sign is left to the caller.

        ``zero`` stands before the point where the number is zero.
        """
        whole, decimals = integer_and_fraction(number, len(self.places))
        if not number.digits:
            whole = zero
        left = iter(placed(self.whole, whole, self.grouped)) if self.whole else iter(())
        right = iter(_decimals(self.places, decimals))
        ink = {"whole": left, "place": right}
        return "".join(
            next(ink[step.kind]) if step.kind in ink else step.text for step in self.steps
        )


class PlainWriter:
    """``#,##0.00``, ``0%``, ``0.0,,"M"``."""

    def __init__(self, section: Section) -> None:
        self.pattern = Pattern(section.tokens)
        self.kept = len(self.pattern.places) + self.pattern.scale
        """Decimals of the stored number that show."""

    def show(self, number: Decimal) -> Reading:
        kept = rounded(number, self.kept)
        return Reading(self.pattern.show(kept.scaled(self.pattern.scale)), kept)


class ExponentWriter:
    """``0.00E+00``, ``##0.0E+0``: the exponent is a multiple of the whole placeholders."""

    def __init__(self, section: Section) -> None:
        at = next(i for i, token in enumerate(section.tokens) if token.kind == "power")
        self.signed = section.tokens[at].text == "+"
        self.tail = [token for token in section.tokens[at + 1 :] if token.kind != "fill"]
        self.marks = "".join(token.text for token in self.tail if token.kind == "digit")
        if not self.marks:
            raise NotUnderstood
        self.pattern = Pattern(section.tokens[:at])
        percents = sum(2 for token in self.tail if token.kind == "percent")
        self.scale = self.pattern.scale + percents
        self.width = 0 if self.pattern.bare else len(self.pattern.whole)

    def show(self, number: Decimal) -> Reading:
        scaled = number.scaled(self.scale)
        power, mantissa = self._split(scaled)
        digits = iter(placed(self.marks, str(abs(power))))
        sign = "-" if power < 0 else "+" if self.signed else ""
        tail = "".join(next(digits) if t.kind == "digit" else t.text for t in self.tail)
        text = f"{self.pattern.show(mantissa, '0' * self.width)}E{sign}{tail}"
        return Reading(text, mantissa.scaled(power - self.scale))

    def _split(self, number: Decimal) -> tuple[int, Decimal]:
        if not number.digits:
            return 0, ZERO
        step = max(self.width, 1)
        places = len(self.pattern.places)
        top = number.magnitude() + (0 if self.width else 1)
        power = top // step * step
        mantissa = rounded(number.scaled(-power), places)
        if mantissa.magnitude() >= self.width and mantissa.digits:
            # Rounding made one digit too many: 9.96 shows as 1.0E+1.
            power += step
            mantissa = rounded(number.scaled(-power), places)
        return power, mantissa


class FractionWriter:
    """``# ?/?``, ``?/8``: a whole number where there is room for one, and a fraction."""

    def __init__(self, section: Section) -> None:
        tokens = [token for token in section.tokens if token.kind != "fill"]
        slash = next(i for i, token in enumerate(tokens) if token.kind == "slash")
        end = slash
        while end > 0 and _is_space(tokens[end - 1]):
            end -= 1
        start = end
        while start > 0 and tokens[start - 1].kind == "digit":
            start -= 1
        below = slash + 1
        while below < len(tokens) and _is_space(tokens[below]):
            below += 1
        stop = _denominator_end(tokens, below)
        self.over = "".join(token.text for token in tokens[start:end])
        self.under = "".join(token.text for token in tokens[below:stop])
        fixed = tokens[below:stop] and tokens[below].kind == "literal"
        self.fixed = int(self.under) if fixed else 0
        self.limit = 10 ** min(len(self.under), MOST_DENOMINATOR_DIGITS) - 1
        self.whole = "".join(t.text for t in tokens[:start] if t.kind == "digit")
        self.grouped = any(token.kind == "comma" for token in tokens[:start])
        self.head = [token for token in tokens[:start] if token.kind != "comma"]
        self.line = ["".join(t.text for t in tokens[end:slash]), "/",
                     "".join(t.text for t in tokens[slash + 1 : below])]  # fmt: skip
        self.tail = "".join(token.text for token in tokens[stop:])
        rest = tokens[max(0, start - 1) : start] + tokens[end:below] + tokens[stop:]
        if (
            not self.over
            or not 0 < len(self.under) <= 15
            or (fixed and self.under[0] == "0")
            or any(token.kind in ("digit", "comma") for token in rest)
        ):
            raise NotUnderstood

    def show(self, number: Decimal) -> Reading:
        whole, over, under = self._parts(number.absolute())
        said = of_ratio(whole * under + over, under)
        text = self._head(whole, over) + self._line(over, under) + self.tail
        return Reading(text, said._replace(negative=number.negative and bool(said.digits)))

    def _parts(self, number: Decimal) -> tuple[int, int, int]:
        top, bottom = ratio(number)
        whole, rest = divmod(top, bottom)
        if self.fixed:
            under = self.fixed
            over = (2 * rest * under + bottom) // (2 * bottom)
        else:
            # The terms come from the double nearest to the 15 digits, as programs take them.
            tail = float(f"{number.digits}e{number.exponent}") - float(whole) if rest else 0.0
            over, under = _convergent(max(tail, 0.0), self.limit)
        if not self.whole:
            return 0, whole * under + over, under
        return whole + over // under, over % under, under

    def _head(self, whole: int, over: int) -> str:
        if not self.whole:
            return "".join(token.text for token in self.head)
        # A number with no fraction shows its zero; one with a fraction only where 0 asks.
        digits = str(whole) if whole or (not over and not self._shows_zero()) else ""
        pieces = iter(placed(self.whole, digits, self.grouped))
        return "".join(next(pieces) if t.kind == "digit" else t.text for t in self.head)

    def _shows_zero(self) -> bool:
        return "0" in self.over or (not self.fixed and "0" in self.under)

    def _line(self, over: int, under: int) -> str:
        if self.whole and not over and not self._shows_zero():
            return " " * (len(self.over) + len("".join(self.line)) + len(self.under))
        above = "".join(placed(self.over, str(over)))
        below = self.under if self.fixed else _left_aligned(self.under, str(under))
        return above + "".join(self.line) + below


def _is_space(token: Token) -> bool:
    return token.kind in ("literal", "blank") and token.text in (" ", "")


def _denominator_end(tokens: list[Token], at: int) -> int:
    """Where a run of placeholders, or a number such as 16 or 100, ends."""
    fixed = at < len(tokens) and tokens[at].kind == "literal"
    while at < len(tokens):
        token = tokens[at]
        literal = token.kind == "literal" and token.text.isdecimal() and token.text.isascii()
        digit = token.kind == "digit" and (not fixed or token.text == "0")
        if not digit and not (literal and fixed):
            break
        at += 1
    return at


def _left_aligned(marks: str, digits: str) -> str:
    """A denominator begins at its first placeholder; 0 fills before, ? after."""
    missing = marks[: max(0, len(marks) - len(digits))]
    return "0" * missing.count("0") + digits + " " * missing.count("?")


def _convergent(tail: float, limit: int) -> tuple[int, int]:
    """The last convergent of the continued fraction whose denominator is within the limit.

    Each step is one subtraction and one division of doubles, which every machine does alike.
    """
    over, under, before_over, before_under = 0, 1, 1, 0
    while tail > 1 / (limit + 1):
        inverse = 1.0 / tail
        term = int(inverse)
        following = term * under + before_under
        if following > limit:
            break
        over, before_over = term * over + before_over, over
        under, before_under = following, under
        tail = inverse - term
    return over, under


def general(number: Decimal) -> str:
    """What ``General`` shows: at most 11 characters, or six digits and a power of ten."""
    if not number.digits:
        return "0"
    size = number.magnitude()
    if -5 < size < GENERAL_WIDTH:
        places = min(9, max(0, GENERAL_WIDTH - 2 - size))
        shown = rounded(number, places)
        if shown.magnitude() < GENERAL_WIDTH:
            return _fixed(shown, places)
    elif -10 < size < 0 and rounded(number, 9) == number:
        return _fixed(number, 9)
    short = significant(number, 6)
    if short.magnitude() == -4:
        return _fixed(short, 9)
    digits = str(short.digits).rstrip("0")
    point = "." if len(digits) > 1 else ""
    power = short.magnitude()
    return f"{digits[0]}{point}{digits[1:]}E{'-' if power < 0 else '+'}{abs(power):02d}"


def _fixed(number: Decimal, places: int) -> str:
    whole, decimals = integer_and_fraction(number, places)
    decimals = decimals.rstrip("0")
    return f"{whole or '0'}.{decimals}" if decimals else whole or "0"
