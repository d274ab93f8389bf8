"""This module is the types a value may have on its way into a copy.

Three kinds and no fourth: *checked* values (numbers, keywords, references, colours), *text* (the
few places where free text may pass, all listed in ``TEXT_TYPES``) and ``Decided`` (it hides or
shows; whoever computes visibility must have acted on it before the gate meets it).

A type is called with the untrusted spelling and returns the canonical one, or ``None`` to leave
the attribute out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

ValueType = Callable[[str], str | None]

_DECIMAL: Final = re.compile(
    r"[+-]?(?:\d{1,12}(?:\.\d{0,20})?|\.\d{1,20})(?:[eE][+-]?\d{1,2})?", re.ASCII
)
_INTEGER: Final = re.compile(r"[+-]?\d{1,12}", re.ASCII)
_WHOLE: Final = re.compile(r"\d{1,10}", re.ASCII)
_CONTROLS: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]"
)


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number between two bounds, inclusive; out of bounds is left out."""

    low: int = 0
    high: int = 2_147_483_647

    def __call__(self, untrusted: str) -> str | None:
        untrusted = untrusted.strip()
        if not _INTEGER.fullmatch(untrusted):
            return None
        number = int(untrusted)
        return str(number) if self.low <= number <= self.high else None


@dataclass(frozen=True, slots=True)
class Decimal:
    """A decimal between two bounds, rounded to a grid (``parts`` per unit) and spelled shortly.

    The grid keeps fractions of a pixel from carrying anything.
    """

    low: float
    high: float
    parts: int = 256

    def __call__(self, untrusted: str) -> str | None:
        untrusted = untrusted.strip()
        if not _DECIMAL.fullmatch(untrusted):
            return None
        number = float(untrusted)
        if not self.low <= number <= self.high:
            return None
        number = round(number * self.parts) / self.parts
        return str(int(number)) if number == int(number) else repr(round(number, 10))


@dataclass(frozen=True, slots=True)
class Keyword:
    """One of the words the standard lists."""

    words: frozenset[str]

    def __call__(self, untrusted: str) -> str | None:
        untrusted = untrusted.strip()
        return untrusted if untrusted in self.words else None


def keyword(*words: str) -> Keyword:
    """A ``Keyword`` of these words."""
    return Keyword(frozenset(words))


@dataclass(frozen=True, slots=True)
class Flag:
    """A boolean (ST_OnOff and xsd:boolean), left out where it says what its absence says."""

    default: bool = False

    def __call__(self, untrusted: str) -> str | None:
        value = is_true(untrusted)
        return None if value == self.default else str(int(value))


def whole(untrusted: str | None, default: int = -1) -> int:
    """A whole number of at most ten ASCII digits; -1 for what is none, ``default`` for nothing."""
    if untrusted is None:
        return default
    untrusted = untrusted.strip()
    return int(untrusted) if _WHOLE.fullmatch(untrusted) else -1


def is_true(untrusted: str | None) -> bool:
    """Whether a boolean attribute is set; absent and unreadable are false."""
    return untrusted is not None and untrusted.strip() in ("1", "true")


def argb(untrusted: str) -> str | None:
    """ST_UnsignedIntHex: six digits of colour; alpha, which nobody paints, becomes FF."""
    untrusted = untrusted.strip()
    if re.fullmatch(r"(?:[0-9A-Fa-f]{2})?[0-9A-Fa-f]{6}", untrusted):
        return "FF" + untrusted[-6:].upper()
    return None


def rgb(untrusted: str) -> str | None:
    """ST_HexColorRGB: six hexadecimal digits."""
    return untrusted.upper() if re.fullmatch(r"[0-9A-Fa-f]{6}", untrusted) else None


def tint(untrusted: str) -> str | None:
    """A lightening or darkening between -1 and 1, to four decimals; zero is left out."""
    untrusted = untrusted.strip()
    if not _DECIMAL.fullmatch(untrusted) or not -1 <= float(untrusted) <= 1:
        return None
    number = round(float(untrusted), 4)
    return repr(number) if number else None


def font_name(untrusted: str) -> str | None:
    """A typeface, at most 31 characters (18.8.29)."""
    name = _CONTROLS.sub("", untrusted).strip()[:31]
    return name or None


def format_code(untrusted: str) -> str | None:
    """A number format code, at most 255 characters; what it shows is judged elsewhere."""
    code = _CONTROLS.sub("", untrusted)[:255]
    return code or None


def visible_text(untrusted: str) -> str | None:
    """Text that a caller has found to be visible; only characters XML can carry."""
    return untrusted


def decided(untrusted: str) -> str | None:  # noqa: ARG001 (every type takes one)
    """It hides or shows: computing visibility must have dealt with it before the gate."""
    raise UndecidedError


class UndecidedError(AssertionError):
    """A value that hides or shows reached the gate: a fault of the builder, never of a document."""


TEXT_TYPES: Final = (font_name, format_code, visible_text)
