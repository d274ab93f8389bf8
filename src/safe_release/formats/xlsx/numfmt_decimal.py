"""This module is the arithmetic of number formats: decimal digits in whole numbers, no floats."""

from __future__ import annotations

import re
from typing import NamedTuple

from safe_release.errors import Malformed

SIGNIFICANT = 15
"""Decimal digits that a spreadsheet program keeps of a number."""

_SPELLING = re.compile(r"([+-]?)(\d{0,400})(?:\.(\d{0,400}))?(?:[eE]([+-]?\d{1,4}))?\Z", re.ASCII)


class Decimal(NamedTuple):
    """``(-1 if negative else 1) * digits * 10**exponent``; zero is never negative."""

    negative: bool
    digits: int
    exponent: int

    def magnitude(self) -> int:
        """The power of ten of the first digit: 0 for 1 to 9.99, -1 for 0.1; 0 for zero."""
        return len(str(self.digits)) - 1 + self.exponent if self.digits else 0

    def absolute(self) -> Decimal:
        return Decimal(False, self.digits, self.exponent)

    def scaled(self, powers: int) -> Decimal:
        """The number times ten to the ``powers``."""
        return Decimal(self.negative, self.digits, self.exponent + powers if self.digits else 0)

    def spelled(self) -> str:
        """The shortest decimal that reads back as the same double (docs/workbook.md)."""
        text = repr(float(f"{'-' if self.negative else ''}{self.digits}e{self.exponent}"))
        if text.endswith("inf"):  # 15 digits can round past the largest double
            return self._replace(digits=self.digits - 1).spelled()
        return text.removesuffix(".0")


ZERO = Decimal(False, 0, 0)


def decimal_of(spelling: str) -> Decimal:
    """The number that a decimal spelling writes, at 15 significant digits (half away from zero).

    Raises ``Malformed`` when the spelling is no decimal number or lies beyond a double.
    """
    found = _SPELLING.match(spelling)
    if found is None or not (found[2] or found[3]):
        raise Malformed("is not a decimal number", place="a number")
    sign, whole, fraction, power = found.groups()
    fraction = fraction or ""
    digits = int((whole + fraction) or "0")
    if not digits:
        return ZERO
    number = Decimal(sign == "-", digits, int(power or 0) - len(fraction))
    if not -400 < number.magnitude() < 309:
        raise Malformed("is beyond what a number of a workbook can be", place="a number")
    return _shortened(significant(number, SIGNIFICANT))


def _shortened(number: Decimal) -> Decimal:
    """The same number without zeros at the end of its digits, so that equal ones look equal."""
    text = str(number.digits)
    zeros = len(text) - len(text.rstrip("0"))
    if not zeros:
        return number
    return Decimal(number.negative, int(text[:-zeros]), number.exponent + zeros)


def significant(number: Decimal, count: int) -> Decimal:
    """The number at ``count`` significant digits, half away from zero."""
    surplus = len(str(number.digits)) - count
    return rounded(number, -number.exponent - surplus) if surplus > 0 else number


def rounded(number: Decimal, places: int) -> Decimal:
    """The number at ``places`` decimals, half away from zero; negative places are tens."""
    surplus = -places - number.exponent
    if surplus <= 0:
        return number
    if surplus > len(str(number.digits)):
        return ZERO
    unit = 10**surplus
    digits = (number.digits + unit // 2) // unit
    return Decimal(number.negative, digits, -places) if digits else ZERO


def ratio(number: Decimal) -> tuple[int, int]:
    """Numerator (with sign) and denominator of the number, exactly."""
    digits = -number.digits if number.negative else number.digits
    if number.exponent >= 0:
        return digits * 10**number.exponent, 1
    return digits, 10**-number.exponent


def of_ratio(numerator: int, denominator: int) -> Decimal:
    """The quotient of two whole numbers at 15 significant digits, half away from zero."""
    top = abs(numerator)
    if not top:
        return ZERO
    # Enough powers of ten that the quotient has more digits than are kept, and its tail decides.
    powers = max(0, len(str(denominator)) - len(str(top)) + SIGNIFICANT + 2)
    quotient, remainder = divmod(top * 10**powers, denominator)
    # One digit more that is not zero keeps a remainder from passing for an exact half.
    digits = quotient * 10 + (1 if remainder else 0)
    return significant(Decimal(numerator < 0, digits, -powers - 1), SIGNIFICANT)


def integer_and_fraction(number: Decimal, places: int) -> tuple[str, str]:
    """The digits before the point (none for zero) and the ``places`` digits after it."""
    number = rounded(number, places)
    digits = number.digits * 10 ** (number.exponent + places) if number.digits else 0
    text = str(digits).rjust(places + 1, "0")
    cut = len(text) - places
    return text[:cut].lstrip("0"), text[cut:]
