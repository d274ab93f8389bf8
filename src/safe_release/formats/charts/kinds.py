"""This module is the types of values that only charts have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from safe_release.formats.values import is_true
from safe_release.formats.xlsx.cells import canonical_number
from safe_release.formats.xlsx.numbers import number_format

_SEPARATOR: Final = re.compile(r"[ ,;:.|/\n()\-]{1,4}")
_CONDITION: Final = re.compile(r"\[ *[<>=]")
_COLOR: Final = re.compile(r"\[[A-Za-z]+[ 0-9]*\]")
_TELLING: Final = re.compile(r"[^\W\d_]{5}|[1-9][0-9]{2,}[1-9]")
"""Words and numbers under a condition; ``K`` and ``[>=1000000]`` tell nothing."""
_REFERENCE: Final = re.compile(
    r"\(?'(?:[^']|'')+'!\$?[A-Z0-9]+\$?[0-9]*(?::\$?[A-Z0-9]+\$?[0-9]*)?"
    r"(?:,'(?:[^']|'')+'!\$?[A-Z0-9]+\$?[0-9]*(?::\$?[A-Z0-9]+\$?[0-9]*)?)*\)?"
)


def switch(untrusted: str) -> str | None:
    """A boolean that is written whatever it says: an absent element says something else."""
    return "1" if is_true(untrusted) else "0"


def double(untrusted: str) -> str | None:
    """An xsd:double of at most 15 digits, in one spelling."""
    number = canonical_number(untrusted)
    return None if number is None else canonical_number(f"{float(number):.15g}")


def separator(untrusted: str) -> str | None:
    """What stands between the parts of a label: punctuation, no words."""
    return untrusted if _SEPARATOR.fullmatch(untrusted) else None


def reference(untrusted: str) -> str | None:
    """A formula that ``references`` wrote."""
    return untrusted if _REFERENCE.fullmatch(untrusted) else None


def label_format(untrusted: str) -> str | None:
    """A number format of labels, without words that no positive number shows."""
    code = untrusted[:255]
    if not code or any(ord(character) < 32 for character in code):
        return "General"
    found = number_format(code)
    if _CONDITION.search(code) and _TELLING.search(_COLOR.sub("", code).replace("General", "")):
        return "General"
    return found.code_for_number("1") if found.has_stray_words else code


@dataclass(frozen=True, slots=True)
class Percent:
    """A whole number of percent, with or without its sign."""

    low: int
    high: int

    def __call__(self, untrusted: str) -> str | None:
        digits = untrusted.strip().removesuffix("%")
        if not re.fullmatch(r"-?[0-9]{1,5}", digits, re.ASCII):
            return None
        number = int(digits)
        return str(number) if self.low <= number <= self.high else None
