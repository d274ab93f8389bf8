"""This module is the ``style`` attribute of VML shapes (19.1.2.19), and VML's numbers."""

from __future__ import annotations

import re
from typing import Final

_POINTS: Final = {
    "pt": 1.0, "": 0.75, "px": 0.75, "in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4, "pc": 12.0,
    "pi": 12.0, "emu": 1 / 12_700,
}  # fmt: skip
"""Points in a unit; a number without one is in pixels, 96 to an inch."""
_LENGTH: Final = re.compile(r"([+-]?(?:[0-9]{1,9}(?:\.[0-9]{0,9})?|\.[0-9]{1,9}))\s*([a-z]{0,3})")
_SHARE: Final = re.compile(r"([+-]?(?:[0-9]{1,9}(?:\.[0-9]{0,9})?|\.[0-9]{1,9}))\s*(f|%|)")
_UNIT: Final = 65_536
"""What an ``f`` behind a number divides it by."""
_SEEN: Final = {
    "visibility": ("", "visible", "inherit"),
    "display": ("", "block", "inline", "inline-block"),
    "mso-hide": ("", "none", "screen"),
}
"""The values of properties that hide a shape which are known not to hide it."""


class Style:
    """The properties of a ``style`` attribute, by names in lower case; the last one counts."""

    def __init__(self, untrusted: str) -> None:
        self._values: dict[str, str] = {}
        self.is_hidden = False
        """Whether any of its declarations takes the shape out of sight, or may do so."""
        for declaration in untrusted.split(";"):
            name, _, value = declaration.partition(":")
            name, value = name.strip().lower(), value.strip()
            self._values[name] = value
            if value.lower() not in _SEEN.get(name, (value.lower(),)):
                self.is_hidden = True

    def get(self, name: str) -> str:
        """The value of a property as it is spelled; empty where there is none."""
        return self._values.get(name, "")

    def points(self, name: str) -> float | None:
        """A length in points; ``None`` where it is none, or of a unit that depends on others."""
        return length(self.get(name))


def length(untrusted: str) -> float | None:
    """A length in points."""
    hit = _LENGTH.fullmatch(untrusted.strip().lower())
    if hit is None or hit[2] not in _POINTS:
        return None
    return float(hit[1]) * _POINTS[hit[2]]


def share(untrusted: str) -> float | None:
    """A fraction: ``0.5``, ``50%`` and ``32768f`` are a half (19.1.2.12, ``cropleft``)."""
    hit = _SHARE.fullmatch(untrusted.strip().lower())
    if hit is None:
        return None
    return float(hit[1]) / {"f": _UNIT, "%": 100, "": 1}[hit[2]]
