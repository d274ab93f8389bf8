"""Which spellings of numbers a format takes as they are, so that most cells need no second look."""

from __future__ import annotations

import re
from functools import lru_cache

from safe_release.inspectors.number_formats import number_format
from safe_release.inspectors.texts import canonical_number

_NUMBER = r"(?!-?0\.0000|-0<)-?(?=[0-9.]{1,16}<)(?:0|[1-9][0-9]{0,14})"
EVERY_NUMBER = _NUMBER + r"(?:\.[0-9]{0,14}[1-9])?"
"""Numbers of at most fifteen digits in their canonical spelling, before the end of a value.

Magnitudes under -4 are spelled with an exponent, and so not among them.
"""
# Every day up to 2899999 is before 31 December 9999 in both date systems.
_DAY = r"(?:0|[1-9][0-9]{0,5}|1[0-9]{6}|2[0-8][0-9]{5})"
_BRANCHES = re.compile(r"[;]|\[ *[<>=]")
# A month of days, the odd ones at the start of the calendar, and the ends: what all of them keep
# names year, month and day, since a format that names less moves some of them.
_PROBES = (*(str(day) for day in range(45_000, 45_032)), "0", "1", "59", "60", "61", "2899999")
_PROBE_TEXT = "\u2603 probe \u2603"


@lru_cache(maxsize=4096)
def narrow_pattern(code: str, date1904: bool) -> str | None:
    """A pattern of canonical numbers that are stored as they are; ``None`` where there is none.

    The short cut of docs/numbers.md, section 10, and whole days under a date that names the day.
    """
    shown = number_format(code)
    if shown.keeps_all_digits:
        return EVERY_NUMBER
    if shown.quick is not None:
        places = min(shown.quick, 15)
        return _NUMBER + (rf"(?:\.[0-9]{{0,{places - 1}}}[1-9])?" if places else "")
    if not _BRANCHES.search(code) and _names_the_day(code, date1904):
        return _DAY
    return None


def _names_the_day(code: str, date1904: bool) -> bool:
    shown = number_format(code)
    return all(shown.number_as_shown(day, date1904) == ("n", day) for day in _PROBES) and (
        shown.number_as_shown("45000.5", date1904) == ("n", "45000")
    )


def stored(code: str, number: str, date1904: bool) -> tuple[str, str] | None:
    """What a copy stores for a canonical number: a kind (n or s) and its spelling, or nothing."""
    kind, text = number_format(code).number_as_shown(number, date1904)
    if text == number and kind == "n":
        return "n", number
    if not kind:
        return None
    if kind == "n":
        return "n", canonical_number(text) or text
    return kind, text


def stored_text(code: str, text: str) -> str:
    """What a copy stores for a text (docs/numbers.md, section 9)."""
    if not masks_texts(code):
        return text
    shown = number_format(code).string_as_shown(text)
    return text if shown is None else shown.strip(" ")


@lru_cache(maxsize=4096)
def masks_texts(code: str) -> bool:
    """Whether a text section of the code shows texts as something else."""
    shown = number_format(code).string_as_shown(_PROBE_TEXT)
    return shown is not None and _PROBE_TEXT not in shown
