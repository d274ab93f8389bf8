"""How decimal numbers are read, rounded and spelled by the inspectors' number formats."""

from __future__ import annotations

import re
from typing import NamedTuple

from safe_release.errors import Malformed

SIGNIFICANT = 15
"""How many digits of a number count (docs/numbers.md, section 1)."""
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,6})?", re.ASCII)
_TOO_MANY = 10**SIGNIFICANT
_LONGEST = 1_000
_SHORT = re.compile(
    r"0|-?[1-9][0-9]*|-?[1-9][0-9]*\.[0-9]*[1-9]|-?0\.0{0,3}[1-9](?:[0-9]*[1-9])?", re.ASCII
)
_SHORT_LENGTH = 15
_INFINITE = float("inf")


class Number(NamedTuple):
    """A decimal of at most 15 digits: ``digits`` times ten to the ``power``; zero has no sign."""

    negative: bool
    digits: int
    power: int

    @property
    def magnitude(self) -> int:
        """The power of ten of the first digit; 0 for zero."""
        return len(str(self.digits)) - 1 + self.power if self.digits else 0

    @property
    def order(self) -> tuple[int, int, int]:
        """A key that sorts numbers by value, without writing out their powers."""
        if not self.digits:
            return (0, 0, 0)
        size = len(str(self.digits))
        full = self.digits * 10 ** (SIGNIFICANT - size)
        if self.negative:
            return (-1, -size - self.power, -full)
        return (1, size + self.power, full)


ZERO = Number(False, 0, 0)


def canonical(spelling: str) -> str:
    """The one spelling of a double: the shortest decimal that reads back as the same double.

    Zero has no sign, whole numbers below 1e16 have no point, magnitudes under -4 and over 15
    are written like ``1e-05`` and ``1.5e+20``.

    Raises:
        Malformed: the text spells no finite decimal number (18.18.11).
    """
    if len(spelling) <= _SHORT_LENGTH and _SHORT.fullmatch(spelling):
        # So few digits are the shortest ones of their double.
        return spelling
    if len(spelling) > _LONGEST or not _DECIMAL.fullmatch(spelling):
        raise Malformed("a numeric cell holds no number")
    text = shortest(float(spelling))
    if text is None:
        raise Malformed("a numeric cell holds a number beyond the largest double")
    return text


def shortest(value: float) -> str | None:
    """The canonical spelling of a double; ``None`` for an infinite one."""
    if value in (_INFINITE, -_INFINITE):
        return None
    text = repr(value).removesuffix(".0")
    return "0" if text == "-0" else text


def number_of(spelling: str) -> Number:
    """The 15-digit decimal of a number that is spelled canonically, or of a condition's bound."""
    mantissa, _, power = spelling.partition("e")
    whole, _, decimals = mantissa.partition(".")
    digits = abs(int(whole + decimals))
    if not digits:
        return ZERO
    exponent = (int(power) if power else 0) - len(decimals)
    if digits >= _TOO_MANY:
        digits, exponent = significant(digits, exponent)
    return Number(whole[:1] == "-", digits, exponent)


def significant(digits: int, power: int) -> tuple[int, int]:
    """The same number at 15 significant digits, half away from zero, without zeros at its end."""
    surplus = len(str(digits)) - SIGNIFICANT
    if surplus > 0:
        digits = half_up(digits, 10**surplus)
        power += surplus
    if digits % 10:
        return digits, power
    text = str(digits)
    kept = text.rstrip("0")
    return int(kept or "0"), power + len(text) - len(kept)


def half_up(dividend: int, divisor: int) -> int:
    """The whole number nearest to a ratio of two natural numbers, halves going up."""
    return (2 * dividend + divisor) // (2 * divisor)


def at_places(digits: int, power: int, places: int) -> int:
    """A number at so many decimals, counted in units of the last of them."""
    shift = power + places
    return digits * 10**shift if shift >= 0 else half_up(digits, 10**-shift)


def quotient(dividend: int, divisor: int) -> tuple[int, int]:
    """Digits and power of a ratio of natural numbers at 15 significant digits."""
    if not dividend:
        return 0, 0
    magnitude = len(str(dividend)) - len(str(divisor))
    if dividend * 10 ** max(0, -magnitude) < divisor * 10 ** max(0, magnitude):
        magnitude -= 1
    shift = SIGNIFICANT - 1 - magnitude
    digits = half_up(dividend * 10 ** max(0, shift), divisor * 10 ** max(0, -shift))
    return digits, -shift


def spelled(negative: bool, digits: int, power: int) -> str | None:
    """The canonical spelling of a decimal; ``None`` where no double comes near it."""
    sign = "-" if negative else ""
    text = shortest(float(f"{sign}{digits}e{power}"))
    if text is None:
        lower, exponent = _lowered(digits, power)
        text = shortest(float(f"{sign}{lower}e{exponent}"))
    return text


def _lowered(digits: int, power: int) -> tuple[int, int]:
    """The number with the last of its 15 digits one less."""
    missing = SIGNIFICANT - len(str(digits))
    full = digits * 10**missing if missing >= 0 else digits // 10**-missing
    return full - 1, power - missing


def general(number: Number) -> str:
    """What ``General`` shows of a number without its sign (docs/numbers.md, section 4)."""
    if not number.digits:
        return "0"
    magnitude, digits, power = number.magnitude, number.digits, number.power
    if -4 <= magnitude <= 10:
        places = min(9, max(0, 9 - magnitude))
        rounded = at_places(digits, power, places)
        if len(str(rounded)) - 1 - places <= 10:
            return _positional(rounded, places)
    if -9 <= magnitude <= -5 and power >= -9:
        return _positional(digits, -power)
    return _scientific(digits, power, magnitude)


def _scientific(digits: int, power: int, magnitude: int) -> str:
    six = at_places(digits, power, 5 - magnitude)
    if len(str(six)) > 6:
        six, magnitude = six // 10, magnitude + 1
    if magnitude == -4:
        return _positional(six, 9)
    first, rest = str(six)[0], str(six)[1:].rstrip("0")
    mantissa = f"{first}.{rest}" if rest else first
    return f"{mantissa}E{'-' if magnitude < 0 else '+'}{abs(magnitude):02d}"


def _positional(digits: int, places: int) -> str:
    """A decimal in full, without zeros after its last decimal."""
    if places <= 0:
        return str(digits * 10**-places)
    text = str(digits).zfill(places + 1)
    return f"{text[:-places]}.{text[-places:]}".rstrip("0").rstrip(".")
