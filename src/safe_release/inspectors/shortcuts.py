"""Built-in number formats, and which spellings a format takes as they are."""

from __future__ import annotations

from functools import lru_cache

from safe_release.inspectors.codes import Section
from safe_release.inspectors.days import names_the_day
from safe_release.inspectors.shown import code_of, kept_decimals, stored

BUILT_IN: dict[int, str] = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"$"#,##0_);\\("$"#,##0\\)',
    6: '"$"#,##0_);[Red]\\("$"#,##0\\)',
    7: '"$"#,##0.00_);\\("$"#,##0.00\\)',
    8: '"$"#,##0.00_);[Red]\\("$"#,##0.00\\)',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "mm-dd-yy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "m/d/yy h:mm",
    37: "#,##0 ;(#,##0)",
    38: "#,##0 ;[Red](#,##0)",
    39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;[Red](#,##0.00)",
    41: '_(* #,##0_);_(* \\(#,##0\\);_(* "-"_);_(@_)',
    42: '_("$"* #,##0_);_("$"* \\(#,##0\\);_("$"* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)',
    44: '_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mmss.0",
    48: "##0.0E+0",
    49: "@",
}
"""Codes by id (18.8.30 and docs/numbers.md, section 11); ids not here are ``General``."""
for _number, _other in (
    *((number, 14) for number in (*range(27, 37), *range(50, 59), 71, 72)),
    *((number, number - 58) for number in range(59, 63)),
    *((number, number - 58) for number in (67, 68)),
    *((number, number - 57) for number in (69, 70)),
    *((number, number - 58) for number in range(73, 76)),
    *((number, number - 56) for number in range(76, 79)),
    *((number, number - 34) for number in range(79, 82)),
):
    BUILT_IN[_number] = BUILT_IN[_other]

_NUMBER = r"(?!-0<)-?(?=[0-9.]{1,16}<)(?:0|[1-9][0-9]{0,14})"
EVERY_NUMBER = _NUMBER + r"(?:\.[0-9]{0,14}[1-9])?"
"""Numbers of at most fifteen digits in their canonical spelling, before the end of a value."""
# Every day up to 2899999 is before 31 December 9999 in both date systems.
_DAY = r"(?:0|[1-9][0-9]{0,5}|1[0-9]{6}|2[0-8][0-9]{5})"


def keeps_every_digit(code: str) -> bool:
    """Whether every number is stored as it is."""
    read = code_of(code)
    return all(section.kind == "general" and section.condition is None for section in read.numeric)


def masks_texts(code: str) -> bool:
    """Whether a text shows something else under the code (docs/numbers.md, section 9)."""
    section = code_of(code).text
    return (
        section is not None
        and section.kind == "mask"
        and not any(token.kind == "at" for token in section.tokens)
    )


@lru_cache(maxsize=4096)
def narrow_pattern(code: str, date1904: bool) -> str | None:
    """A pattern of canonical numbers that are stored as they are; ``None`` where there is none.

    The short cut of docs/numbers.md, section 10, and whole days under a date that names the day.
    """
    read = code_of(code)
    if keeps_every_digit(code):
        return EVERY_NUMBER
    if any(section.condition is not None for section in read.numeric):
        return None
    above, below = read.numeric[0], read.numeric[min(1, len(read.numeric) - 1)]
    if above.kind == "date" and len(read.numeric) == 1 and names_the_day(above.tokens):
        return _DAY
    places = min(_decimals(above), _decimals(below))
    if places < 0 or stored(code, "0", date1904) != ("n", "0"):
        return None
    fraction = rf"(?:\.[0-9]{{0,{min(places, 15) - 1}}}[1-9])?" if places else ""
    return _NUMBER + fraction


def _decimals(section: Section) -> int:
    return kept_decimals(section.tokens) if section.kind == "plain" else -1
