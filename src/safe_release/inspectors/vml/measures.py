"""The values of VML attributes: styles, lengths, fractions, switches and colours."""

from __future__ import annotations

import re

_DECIDES = re.compile(
    r"(?:^|;)\s*(visibility|display|mso-hide)\s*(?::([^;]*)|(?=;|$))", re.IGNORECASE
)
_IN_SIGHT = re.compile(
    r"visibility (?:visible|inherit)?|display (?:block|inline|inline-block)?"
    r"|mso-hide (?:none|screen)?"
)
_NUMBER = r"[+-]?(?:[0-9]{1,9}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})"
_MEASURE = re.compile(rf"\s*({_NUMBER})\s*(pt|px|in|cm|mm|pc|pi|emu|)\s*", re.IGNORECASE)
_FRACTION = re.compile(rf"\s*({_NUMBER})\s*([f%]?)\s*", re.IGNORECASE)
_INCHES = {"pt": 72.0, "px": 96.0, "": 96.0, "in": 1.0, "cm": 2.54, "mm": 25.4, "pc": 6.0,
           "pi": 6.0, "emu": 914_400.0}  # fmt: skip
"""How many of a unit are an inch."""
_INDEXED = re.compile(r"(.*?)\s*(?:\[[0-9]{1,4}\])?", re.DOTALL)
_HTML = """black 000000 silver C0C0C0 gray 808080 white FFFFFF maroon 800000 red FF0000
    purple 800080 fuchsia FF00FF green 008000 lime 00FF00 olive 808000 yellow FFFF00 navy 000080
    blue 0000FF teal 008080 aqua 00FFFF"""
_WINDOWS = """window FFFFFF windowtext 000000 buttonface F0F0F0 buttontext 000000 btnface F0F0F0
    btntext 000000 infobackground FFFFE1 infotext 000000 threedface F0F0F0 threedshadow A0A0A0
    graytext 6D6D6D highlight 0078D7 highlighttext FFFFFF"""
_WORDS = f"{_HTML} {_WINDOWS}".split()
_NAMED = dict(zip(_WORDS[::2], _WORDS[1::2], strict=True))


def is_out_of_sight(style: str) -> bool:
    """Whether any declaration of a style hides its shape, or is not known not to."""
    return any(
        _IN_SIGHT.fullmatch(f"{hit[1]} {(hit[2] or '').strip()}".lower()) is None
        for hit in _DECIDES.finditer(style)
    )


def declared(style: str, name: str) -> str:
    """The last value that a style gives a property."""
    found = ""
    for part in style.split(";"):
        key, _, value = part.partition(":")
        found = value.strip() if key.strip().casefold() == name else found
    return found


def in_points(text: str) -> float | None:
    """A length in points."""
    hit = _MEASURE.fullmatch(text)
    return float(hit[1]) / _INCHES[hit[2].casefold()] * 72 if hit is not None else None


def fraction(text: str, default: float) -> float:
    """A part of one: a number, a percentage, or so many of 65536."""
    hit = _FRACTION.fullmatch(text)
    if hit is None:
        return default
    return float(hit[1]) / {"": 1, "%": 100, "f": 65_536}[hit[2].casefold()]


def is_on(text: str) -> bool:
    """A switch that is on."""
    return text.strip().casefold() in ("t", "true", "1")


def tint(text: str) -> str:
    """Six digits of a colour; empty for what is none, or depends on another colour."""
    hit = _INDEXED.fullmatch(text.strip())
    word = hit[1] if hit is not None else ""
    if re.fullmatch(r"#[0-9A-Fa-f]{6}", word):
        return word[1:].upper()
    if re.fullmatch(r"#[0-9A-Fa-f]{3}", word):
        return "".join(digit + digit for digit in word[1:].upper())
    return _NAMED.get(word.casefold(), "")
