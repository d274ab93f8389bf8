"""How texts and numbers of cells are spelled in a reading."""

from __future__ import annotations

import re

from safe_release.errors import Malformed
from safe_release.inspectors.numfmt_digits import canonical

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BEGINNING = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
_LONE = re.compile(r"[\ud800-\udfff]")
_SIZE = re.compile(r"[0-9]{1,10}(?:\.[0-9]{0,20})?(?:[eE][+-]?[0-9]{1,2})?", re.ASCII)
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ue000-\uf8ff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e01ef\U000f0000-\U0010fffd]"
)
"""Characters that paint nothing, or nothing that the standard defines."""


def _character(hit: re.Match[str]) -> str:
    return chr(int(hit[1], 16))


def cell_text(text: str) -> str:
    """The text a reader sees (22.9.2.19 ST_Xstring): escapes decoded once, controls gone."""
    if "_x" in text:
        text = _ESCAPE.sub(_character, text)
        if _LONE.search(text):
            text = _LONE.sub("", text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore"))
    return _CONTROL.sub("", text) if _CONTROL.search(text) else text


def is_escaped_in_need(text: str, plain: str) -> bool:
    """Whether ``text`` is the one markup of ``plain``: an underscore is escaped (as ``_x005F_``)
    where it would else begin an escape, and nothing else is."""
    return text == (_BEGINNING.sub("_x005F_", plain) if "_x" in plain else plain)


def canonical_number(text: str) -> str | None:
    """The one spelling of a double (docs/numbers.md, section 1); ``None`` where it spells none."""
    try:
        return canonical(text)
    except Malformed:
        return None


def is_true(value: str) -> bool:
    """A boolean of the standard (22.9.2.1 and XML Schema)."""
    return value in ("1", "true", "on")


def size(text: str) -> float:
    """A height or width; -1 where the text is no number."""
    return float(text) if _SIZE.fullmatch(text) else -1.0


def whole(value: str, default: int = 0) -> int:
    """A non-negative whole number, or the default where the attribute is absent or no number."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else default
