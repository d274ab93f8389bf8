"""This module is the number formats of a workbook (18.8.30, 18.8.31): what a cell shows and keeps.

The rules are those of docs/numbers.md, section for section.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne
from typing import Literal, NamedTuple

from safe_release.errors import Malformed
from safe_release.formats.xlsx.numfmt_date import OVERFLOW, DateWriter
from safe_release.formats.xlsx.numfmt_decimal import Decimal, decimal_of, ratio
from safe_release.formats.xlsx.numfmt_number import (
    ExponentWriter,
    FractionWriter,
    PlainWriter,
    general,
)
from safe_release.formats.xlsx.numfmt_parse import (
    GENERAL,
    Condition,
    NotUnderstood,
    Section,
    sections_of,
)
from safe_release.formats.xlsx.numfmt_words import (
    GENERAL_CODE,
    section_codes,
    seen_through,
    words,
)

BUILTIN_CODES: dict[int, str] = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: '"$"#,##0_);\\("$"#,##0\\)', 6: '"$"#,##0_);[Red]\\("$"#,##0\\)',
    7: '"$"#,##0.00_);\\("$"#,##0.00\\)', 8: '"$"#,##0.00_);[Red]\\("$"#,##0.00\\)',
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "mm-dd-yy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
    18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "m/d/yy h:mm",
    37: "#,##0 ;(#,##0)", 38: "#,##0 ;[Red](#,##0)",
    39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;[Red](#,##0.00)",
    41: '_(* #,##0_);_(* \\(#,##0\\);_(* "-"_);_(@_)',
    42: '_("$"* #,##0_);_("$"* \\(#,##0\\);_("$"* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)',
    44: '_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
"""The codes behind the ids that need no ``numFmt``, as an English (US) reader has them."""

_DATES_ELSEWHERE = frozenset((*range(27, 37), *range(50, 59)))
_LIKE_OTHERS = {59: 1, 60: 2, 61: 3, 62: 4, 67: 9, 68: 10, 69: 12, 70: 13, 71: 14, 72: 14, 73: 15,
                74: 16, 75: 17, 76: 20, 77: 21, 78: 22, 79: 45, 80: 46, 81: 47}  # fmt: skip


def builtin_code(numFmtId: int) -> str:  # noqa: N803 - the standard's name
    """The format code of a built-in id (18.8.30); ``General`` for an id that has none.

    Ids 27 to 36 and 50 to 58 are dates of East Asian settings, 59 to 81 Thai ones; they are read
    as the nearest English ones.
    """
    if numFmtId in _DATES_ELSEWHERE:
        return BUILTIN_CODES[14]
    return BUILTIN_CODES.get(_LIKE_OTHERS.get(numFmtId, numFmtId), "General")


class Shown(NamedTuple):
    """What the copy stores for a number: a number, a text, or no value."""

    kind: Literal["number", "text", "nothing"]
    text: str


_NOTHING = Shown("nothing", "")


class _Reading(NamedTuple):
    """What a section shows, and the number that says just that (None: no number does)."""

    text: str
    kept: Decimal | None


class _Rule:
    """A numeric section, ready to read numbers with."""

    def __init__(self, section: Section) -> None:
        self.kind = section.kind
        self.section = section
        self.plain = PlainWriter(section) if section.kind == "plain" else None
        self.exponent = ExponentWriter(section) if section.kind == "exponent" else None
        self.fraction = FractionWriter(section) if section.kind == "fraction" else None
        self.date = DateWriter(section) if section.kind == "date" else None

    def read(self, number: Decimal, minus: bool, date1904: bool) -> _Reading:
        """``minus``: a negative number shows its sign here."""
        sign = "-" if minus and number.negative else ""
        if self.date is not None:
            return self._read_date(self.date, number, sign, date1904)
        writer = self.plain or self.exponent or self.fraction
        if writer is not None:
            text, kept = writer.show(number)
            if not kept.digits and self.fraction is None:
                sign = ""  # what rounds to nothing has no sign: -0.04 shows as 0.0
            return _Reading(sign + text, kept)
        if self.kind == "general":
            return _Reading(sign + _literal(self.section, general(number)), number)
        return _Reading(sign + _mask(self.section), None)

    @staticmethod
    def _read_date(writer: DateWriter, number: Decimal, sign: str, date1904: bool) -> _Reading:
        moment = writer.moment(number, date1904)
        if moment is None:
            return _Reading(OVERFLOW, None)
        kept = writer.kept(moment, date1904)
        return _Reading(
            sign + writer.show(moment, date1904),
            None if kept is None else writer.number(kept, number.negative),
        )


def _literal(section: Section, value: str) -> str:
    """A section without placeholders, with ``value`` where General or @ stands."""
    return "".join(
        value if token.kind in ("general", "at") else token.text
        for token in section.tokens
        if token.kind != "fill"
    )


def _mask(section: Section) -> str:
    """What a section without placeholders prints; one fill character where it prints no ink."""
    text = _literal(section, "")
    if text.strip(" "):
        return text
    return next((t.text for t in section.tokens if t.kind == "fill" and t.text != " "), text)


_OPERATORS: dict[str, Callable[[int, int], bool]] = {
    "<": lt, "<=": le, "=": eq, "<>": ne, ">": gt, ">=": ge,
}  # fmt: skip


class _Test:
    """A condition, as a test of numbers."""

    def __init__(self, condition: Condition) -> None:
        try:
            bound = decimal_of(condition.bound)
        except Malformed:
            raise NotUnderstood from None
        self.operator = condition.operator
        self.top, self.bottom = ratio(bound)
        self._holds = _OPERATORS[condition.operator]

    def __call__(self, number: Decimal) -> bool:
        top, bottom = ratio(number)
        return self._holds(top * self.bottom, self.top * bottom)

    @property
    def only_negative(self) -> bool:
        """No number but a negative one passes, so its sign says nothing new."""
        if self.operator == "<":
            return self.top <= 0
        return self.operator in ("<=", "=") and self.top < 0

    @property
    def else_hides_sign(self) -> bool:
        """The section after this one, where it is the last, shows negative numbers unsigned."""
        return self.operator != "=" and self.top < 0


_ABOVE_ZERO = Condition(">", "0")


class NumberFormat:
    """A number format code, read once. Made by ``number_format``; do not make it directly."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.understood = True
        """False where no spreadsheet program would take the code; it then shows as General."""
        try:
            self._read(sections_of(code))
        except NotUnderstood:
            self.understood = False
            self.code = GENERAL_CODE
            self._read((GENERAL,))

    def _read(self, sections: tuple[Section, ...]) -> None:
        if len(sections) > 4:
            raise NotUnderstood
        self._sections = sections
        self._text = _text_section(sections)
        numeric = sections[:3] if len(sections) == 4 else sections
        if numeric and numeric[-1].kind == "text" and len(sections) < 4:
            numeric = numeric[:-1]
        if any(section.kind == "text" for section in numeric):
            raise NotUnderstood
        rules = [_Rule(section) for section in numeric or (GENERAL,)]
        for unused in sections[3:]:
            if unused.kind in ("plain", "exponent", "fraction", "date"):
                _Rule(unused)  # for what it raises: a malformed section spoils the whole code
        self._tests = _tests_of([rule.section for rule in rules])
        self._rules = rules
        found = [words(section) for section in sections]
        self.has_words = any(found)
        """Whether a literal has letters or digits, which a person may have written."""
        self.has_stray_words = any(more - these for these in found for more in found)
        """Whether one section has words that another has not."""
        self._text_at = next((at for at, s in enumerate(sections) if s is self._text), None)
        self.colours = tuple(section.colour for section in sections)
        """The colour named in each section, in lower case, or an empty string: reported only."""
        self.keeps_all_digits = self._tests is None and all(r.kind == "general" for r in rules)
        """Every number is stored as it is."""
        self._zero: dict[bool, Shown] = {}
        self._positive, self._negative = self._quick_places()
        date = rules[0].date
        self._whole_days = self._tests is None and date is not None and date.whole_days
        # 15 digits of a day hold hundredths of a second in any year, thousandths not in all.
        self._instant = (
            date if self._tests is None and date is not None and date.parts < 3 else None
        )
        self.max_decimals = self._max_decimals()
        """Decimals that every number keeps, where every number keeps the same way; else None.

        A spelling without exponent, of at most 15 significant digits and at most this many of
        them after the point, is stored as it is, and nothing need be called.
        """

    def _quick_places(self) -> tuple[int | None, int | None]:
        """Decimals that numbers above and below zero keep, where rounding is all there is to do."""
        if self._tests is not None:
            return None, None
        positive, negative = self._rules[0], self._rules[min(1, len(self._rules) - 1)]
        return _quick_places(positive), _quick_places(negative)

    def _max_decimals(self) -> int | None:
        if self._positive is None or self._negative is None:
            return None
        if self.as_displayed("0", False) != ("number", "0"):
            return None
        return min(self._positive, self._negative)

    def text(self, value: str, date1904: bool) -> str:
        """The text shown for a number, in the English (US) reading.

        Raises ``Malformed`` when ``value`` is no decimal number.
        """
        return self._reading(decimal_of(value), date1904).text

    def text_of_string(self, text: str) -> str | None:
        """The text shown for a string; None where it shows as it is."""
        if self._text is None or self._text.tokens == (("at", "@"),):
            return None
        shown = _literal(self._text, text)
        return shown if shown.strip(" ") else _mask(self._text)

    def string_as_displayed(self, text: str) -> str | None:
        """What the copy stores for a string; None where it stays as it is.

        A text section that holds the text shows it again from what is stored; only one without
        ``@`` and ``General`` puts something else in its place.
        """
        if self._text is None or any(
            token.kind in ("at", "general") for token in self._text.tokens
        ):
            return None
        return self.text_of_string(text)

    def colour_of_number(self, value: str) -> str:
        """The colour that the section for this number names, or an empty string.

        Raises ``Malformed`` when ``value`` is no decimal number.
        """
        if not any(self.colours):
            return ""
        rule, _ = self._select(decimal_of(value))
        shown = next((at for at, each in enumerate(self._rules) if each is rule), None)
        return "" if shown is None else self.colours[shown]

    @property
    def colour_of_text(self) -> str:
        """The colour that the section for texts names, or an empty string."""
        return "" if self._text_at is None else self.colours[self._text_at]

    def code_for_number(self, value: str) -> str:
        """The code for a cell with this number: words only in the section that shows it.

        Raises ``Malformed`` when ``value`` is no decimal number.
        """
        if not self.has_stray_words:
            return self.code
        rule, _ = self._select(decimal_of(value))
        shown = next((at for at, each in enumerate(self._rules) if each is rule), None)
        if shown is None:
            return GENERAL_CODE
        return seen_through(section_codes(self.code), self._sections, shown, self._text_at)

    def code_for_text(self) -> str:
        """The code for a cell with a text that stays as it is."""
        if not self.has_words:
            return self.code
        if self._text_at is None:
            return GENERAL_CODE
        codes = section_codes(self.code)
        return seen_through(codes, self._sections, self._text_at, self._text_at)

    @property
    def code_for_nothing(self) -> str:
        """The code for a cell, row or column without a number."""
        return GENERAL_CODE if self.has_words else self.code

    def as_displayed(self, value: str, date1904: bool) -> Shown:
        """What the copy stores: no more than the text shows, and the same text from it.

        Raises ``Malformed`` when ``value`` is no decimal number.
        """
        if self.keeps_all_digits:
            return Shown("number", value)
        places = self._negative if value[:1] == "-" else self._positive
        quick = _rounded_spelling(value, places) if places is not None else ""
        if quick:
            return Shown("number", quick)
        if value == "0":
            return self._of_zero(date1904)
        if self._whole_days and len(value) < 7 and value.isdecimal() and value.isascii():
            return Shown("number", value)
        if self._instant is not None and value[:1] != "-":
            return self._of_instant(self._instant, value, date1904)
        return self._faithful(value, date1904)

    def _of_instant(self, writer: DateWriter, value: str, date1904: bool) -> Shown:
        """The short way for dates with a time: what is kept shows the same by construction."""
        moment = writer.moment(decimal_of(value), date1904)
        kept = None if moment is None else writer.kept(moment, date1904)
        if kept is None or not any(kept):
            return self._faithful(value, date1904)
        return Shown("number", writer.number(kept, False).spelled())

    def _of_zero(self, date1904: bool) -> Shown:
        """Zeros are many, and each shows the same."""
        if date1904 not in self._zero:
            self._zero[date1904] = self._faithful("0", date1904)
        return self._zero[date1904]

    def _faithful(self, value: str, date1904: bool) -> Shown:
        number = decimal_of(value)
        rule, minus = self._select(number)
        if rule is None:
            return Shown("text", OVERFLOW)
        text, kept = rule.read(number, minus, date1904)
        ink = text.strip(" ")
        if not ink:
            return _NOTHING
        if rule.kind == "general":
            return Shown("number", value)
        if kept is None:
            return Shown("text", ink)
        spelled = kept.spelled()
        if spelled != value:
            again = self._reading(decimal_of(spelled), date1904)
            if again.text != text or again.kept is None or again.kept.spelled() != spelled:
                return Shown("text", ink)
        return Shown("number", spelled)

    def _reading(self, number: Decimal, date1904: bool) -> _Reading:
        rule, minus = self._select(number)
        if rule is None:
            return _Reading(OVERFLOW, None)
        return rule.read(number, minus, date1904)

    def _select(self, number: Decimal) -> tuple[_Rule | None, bool]:
        """The section for a number, and whether a negative number shows its sign there."""
        rules = self._rules
        if self._tests is not None:
            return self._select_by_test(number, *self._tests)
        if len(rules) == 1:
            return rules[0], True
        if number.negative:
            return rules[1], False
        return (rules[2] if len(rules) == 3 and not number.digits else rules[0]), False

    def _select_by_test(
        self, number: Decimal, first: _Test, second: _Test | None
    ) -> tuple[_Rule | None, bool]:
        rules = self._rules
        if first(number):
            return rules[0], not first.only_negative
        if second is not None:
            if second(number):
                return rules[1], not second.only_negative
            return (rules[2], True) if len(rules) == 3 else (None, True)
        minus = len(rules) == 3 or not first.else_hides_sign
        return (rules[1] if len(rules) > 1 else _GENERAL_RULE), minus


_GENERAL_RULE = _Rule(GENERAL)


def _text_section(sections: tuple[Section, ...]) -> Section | None:
    """The section for strings: the fourth, or a last one with @."""
    last = sections[-1]
    if last.kind == "text" or (len(sections) == 4 and last.kind in ("literal", "general")):
        return last
    return None


def _tests_of(sections: list[Section]) -> tuple[_Test, _Test | None] | None:
    """The tests that choose among sections; None where the sign does."""
    first = sections[0].condition
    second = sections[1].condition if len(sections) > 1 else None
    if len(sections) > 2 and sections[2].condition is not None:
        raise NotUnderstood
    if first is None and second is None:
        return None
    return _Test(first or _ABOVE_ZERO), None if second is None else _Test(second)


def _quick_places(rule: _Rule) -> int | None:
    plain = rule.plain
    return plain.kept if plain is not None and plain.kept >= 0 else None


def _rounded_spelling(value: str, places: int) -> str:
    """The number at ``places`` decimals; empty where the slower way must decide."""
    unsigned = value[1:] if value[:1] == "-" else value
    whole, _, tail = unsigned.partition(".")
    if len(unsigned) > 20 or not (whole + tail).isdecimal() or not value.isascii():
        return ""
    after = len(tail)
    if len(unsigned) <= 15 and after <= places:
        return "" if unsigned == "0" else value
    number = int(whole + tail)
    surplus = len(str(number)) - 15
    if surplus > 0:
        number = (number + 5 * 10 ** (surplus - 1)) // 10**surplus
        after -= surplus
    surplus = after - places
    if surplus > 0:
        number = (number + 5 * 10 ** (surplus - 1)) // 10**surplus
        after = places
    if after < 0 or not number:
        return ""
    digits = str(number)
    if after:
        if len(digits) + 4 <= after + 1:
            return ""
        digits = digits.rjust(after + 1, "0")
        digits = f"{digits[:-after]}.{digits[-after:]}".rstrip("0").rstrip(".")
    return "-" + digits if value[:1] == "-" else digits


@lru_cache(maxsize=1024)
def number_format(code: str) -> NumberFormat:
    """The format that a code writes (18.8.31). Never raises: see ``NumberFormat.understood``."""
    return NumberFormat(code)
