"""This module is the types of DrawingML's values (ECMA-376-1 20.1.10)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from safe_release.formats.values import Count, is_true

EMU: Final = Count(-2_147_483_648, 2_147_483_647)
"""A coordinate in English metric units, 914,400 to the inch (20.1.10.16)."""
LENGTH: Final = Count(0, 2_147_483_647)
ANGLE: Final = Count(-2_147_483_648, 2_147_483_647)
"""In 60,000ths of a degree (20.1.10.3)."""
_PERCENT: Final = re.compile(r"-?\d{1,7}(?:\.\d{1,6})?%", re.ASCII)
_GUIDE: Final = re.compile(r"g[1-9]\d{0,4}", re.ASCII)
_NUMBER: Final = re.compile(r"-?\d{1,12}", re.ASCII)
_ADJUSTMENT: Final = re.compile(r"adj[1-8]?|[hv]f", re.ASCII)
_OPERATORS: Final = {
    "*/": 3, "+-": 3, "+/": 3, "?:": 3, "abs": 1, "at2": 2, "cat2": 3, "cos": 2, "max": 2,
    "min": 2, "mod": 3, "pin": 3, "sat2": 3, "sin": 2, "sqrt": 1, "tan": 2, "val": 1,
}  # fmt: skip
"""20.1.9.11: the operators of guides, and how many arguments each takes."""
BUILT_IN: Final = frozenset(
    (
        "3cd4 3cd8 5cd8 7cd8 b cd2 cd4 cd8 h hc hd2 hd3 hd4 hd5 hd6 hd8 hd10 hd12 hd32 l ls r ss "
        "ssd2 ssd4 ssd6 ssd8 ssd16 ssd32 t vc w wd2 wd3 wd4 wd5 wd6 wd8 wd10 wd12 wd16 wd32"
    ).split()
)
"""20.1.10.56: the guides that every shape has."""


@dataclass(frozen=True, slots=True)
class Percent:
    """Thousandths of a percent; the strict dialect writes ``50%`` for ``50000`` (20.1.10.40)."""

    low: int = -2_147_483_648
    high: int = 2_147_483_647

    def __call__(self, untrusted: str) -> str | None:
        untrusted = untrusted.strip()
        if _PERCENT.fullmatch(untrusted):
            try:
                untrusted = str(int(Decimal(untrusted[:-1]) * 1000))
            except InvalidOperation:
                return None
        return Count(self.low, self.high)(untrusted)


def nothing(_untrusted: str) -> str:
    """An attribute that has to be there and says nothing."""
    return ""


def switch(untrusted: str) -> str:
    """A boolean that says something either way: what is absent is inherited."""
    return str(int(is_true(untrusted)))


def guide_name(untrusted: str) -> str | None:
    """The name of a guide, which ``guides.py`` has made neutral, or of an adjustment."""
    is_known = _GUIDE.fullmatch(untrusted) or _ADJUSTMENT.fullmatch(untrusted)
    return untrusted if is_known else None


def guide_value(untrusted: str) -> str | None:
    """A number, or the name of a guide (20.1.10.2)."""
    untrusted = untrusted.strip()
    if _NUMBER.fullmatch(untrusted):
        return str(int(untrusted))
    return untrusted if untrusted in BUILT_IN else guide_name(untrusted)


def formula(untrusted: str) -> str | None:
    """A guide's formula: an operator and its arguments (20.1.9.11)."""
    operator, *arguments = untrusted.split() or [""]
    values = [guide_value(argument) for argument in arguments]
    if _OPERATORS.get(operator) != len(values) or None in values:
        return None
    return " ".join((operator, *(value or "" for value in values)))


def bullet(untrusted: str) -> str | None:
    """The character of a bullet; a longer text would be a word that hardly shows."""
    return untrusted if 1 <= len(untrusted) <= 2 and untrusted.isprintable() else None
