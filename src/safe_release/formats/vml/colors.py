"""This module is the colours of VML (19.1.4, ST_ColorType): six digits, or one of few names."""

from __future__ import annotations

import re
from typing import Final

_NAMES: Final = {
    "black": "000000", "silver": "C0C0C0", "gray": "808080", "white": "FFFFFF", "maroon": "800000",
    "red": "FF0000", "purple": "800080", "fuchsia": "FF00FF", "green": "008000", "lime": "00FF00",
    "olive": "808000", "yellow": "FFFF00", "navy": "000080", "blue": "0000FF", "teal": "008080",
    "aqua": "00FFFF",
    "window": "FFFFFF", "windowtext": "000000", "buttonface": "F0F0F0", "buttontext": "000000",
    "btnface": "F0F0F0", "btntext": "000000", "infobackground": "FFFFE1", "infotext": "000000",
    "threedface": "F0F0F0", "threedshadow": "A0A0A0", "graytext": "6D6D6D",
    "highlight": "0078D7", "highlighttext": "FFFFFF",
}  # fmt: skip
"""The names of HTML, and those of Windows in the colours that it has when nobody changed them."""
_DIGITS: Final = re.compile(r"#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")
_INDEX: Final = re.compile(r"\s*\[[0-9]{1,4}\]$")


def color(untrusted: str) -> str | None:
    """A colour as six digits; ``None`` where nobody knows it, or it depends on another one.

    An index behind it (``white [9]``) only says where Excel took it from.
    """
    plain = _INDEX.sub("", untrusted.strip())
    hit = _DIGITS.fullmatch(plain)
    if hit is not None:
        digits = hit[1].upper()
        return digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    return _NAMES.get(plain.lower())
