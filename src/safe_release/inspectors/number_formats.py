"""What a number shows under its format, as the inspectors read docs/numbers.md."""

from __future__ import annotations

import re
from functools import lru_cache

from safe_release.inspectors.numfmt_code import (
    Condition,
    Kind,
    NotUnderstood,
    Section,
    sections_of,
)
from safe_release.inspectors.numfmt_digits import Number, canonical, number_of
from safe_release.inspectors.numfmt_fractions import Fraction
from safe_release.inspectors.numfmt_patterns import (
    FILLED,
    Exponent,
    General,
    Mask,
    Plain,
    Reading,
    Rule,
    TextSection,
)
from safe_release.inspectors.numfmt_times import LAST_DAY, Times
from safe_release.inspectors.numfmt_words import UnreadWords, Words

__all__ = ["InspectedFormat", "builtin_code", "canonical", "number_format"]

_BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: '"$"#,##0_);\\("$"#,##0\\)', 6: '"$"#,##0_);[Red]\\("$"#,##0\\)',
    7: '"$"#,##0.00_);\\("$"#,##0.00\\)', 8: '"$"#,##0.00_);[Red]\\("$"#,##0.00\\)',
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "mm-dd-yy",
    15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "m/d/yy h:mm",
    37: "#,##0 ;(#,##0)", 38: "#,##0 ;[Red](#,##0)",
    39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;[Red](#,##0.00)",
    41: '_(* #,##0_);_(* \\(#,##0\\);_(* "-"_);_(@_)',
    42: '_("$"* #,##0_);_("$"* \\(#,##0\\);_("$"* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)',
    44: '_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
_READ_AS = {
    **dict.fromkeys([*range(27, 37), *range(50, 59)], 14),
    59: 1, 60: 2, 61: 3, 62: 4, 67: 9, 68: 10, 69: 12, 70: 13, 71: 14, 72: 14,
    73: 15, 74: 16, 75: 17, 76: 20, 77: 21, 78: 22, 79: 45, 80: 46, 81: 47,
}  # fmt: skip
_SIMPLE = re.compile(r"(-?)(?!0\.0000|0$)(0|[1-9][0-9]{0,14})(?:\.([0-9]{0,19}[1-9]))?", re.ASCII)
_NOTHING = ("", "")
_DIGITS = 15
_CLEAR = 14
"""Digits that come before the fifteenth and the one that is rounded."""
_LONG_DAY = 8
_ZERO_APART = 3
"""Sections of a code that has one for zero."""
_NEARLY_ONE = "999999"
_DAYS_HELD = 4096
_WELL_WITHIN = 250


def builtin_code(numFmtId: int) -> str:  # noqa: N803 - the standard's name
    """The code of a format id that the workbook does not define (18.8.30)."""
    return _BUILT_IN.get(_READ_AS.get(numFmtId, numFmtId), "General")


class InspectedFormat:
    """One number format code, ready to say what a copy keeps of a number.

    Attributes:
        code: the code as the workbook has it.
        understood: whether the rules can read it; where not, everything is kept as it is.
        keeps_all_digits: whether every number is stored as it is.
        quick: decimals up to which a number of at most 15 digits, spelled without exponent, is
            stored as it is, or ``None`` where that cannot be said.
        words: which sections have the words of its literals.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        self.understood = True
        self._rules: list[Rule | Times] = [General()]
        self._conditions: list[Condition | None] = [None]
        self._text: TextSection | None = None
        self.words = Words((), (), None)
        self.colours: tuple[str, ...] = ()
        """The colours that the sections for numbers name."""
        self.colour_of_text = ""
        try:
            self._compile(sections_of(code) if code else [])
        except NotUnderstood:
            self.understood = False
            self.words = UnreadWords(code)
            self._rules, self._conditions, self._text = [General()], [None], None
            self.colours, self.colour_of_text = (), ""
        self._conditional = any(self._conditions[:2])
        self.keeps_all_digits = self._keeps_all_digits()
        self._fast = self._fast_rules()
        self._of_zero: dict[bool, tuple[str, str]] = {}
        self._vanished: dict[tuple[str, bool], tuple[str, str]] = {}
        self._days: dict[int, tuple[str, str]] = {}
        self.quick = self._quick_places()

    def _compile(self, sections: list[Section]) -> None:
        numeric = sections[:3]
        rules = [_rule(section) for section in sections]
        text: Section | None = None
        if sections and sections[-1].kind is Kind.TEXT:
            numeric, text = sections[:-1], sections[-1]
        elif len(sections) == 4 and sections[3].kind in (Kind.MASK, Kind.GENERAL):
            text = sections[3]
        self._text = None if text is None else TextSection(text)
        self.colours = tuple(section.colour for section in numeric)
        self.colour_of_text = "" if text is None else text.colour
        self.words = Words(sections, numeric, text)
        if numeric:
            self._rules = rules[: len(numeric)]
            self._conditions = [section.condition for section in numeric]

    def _keeps_all_digits(self) -> bool:
        if not all(isinstance(rule, General) for rule in self._rules):
            return False
        # Two conditions and no third section leave numbers that fill their cell.
        return not (len(self._rules) == 2 and self._conditions[1])

    def _fast_rules(self) -> tuple[Rule | Times, Rule | Times] | None:
        """The sections of positive and negative numbers, where the sign alone decides."""
        if self._conditional:
            return None
        return self._rules[0], self._rules[min(1, len(self._rules) - 1)]

    def _quick_places(self) -> int | None:
        plain = [rule for rule in self._fast or () if isinstance(rule, Plain)]
        if len(plain) != 2 or self._shown("0", date1904=False) != ("n", "0"):
            return None
        places = min(rule.places for rule in plain)
        return places if places >= 0 else None

    def number_as_shown(self, spelling: str, date1904: bool) -> tuple[str, str]:
        """What a copy stores of a number under ``precision="displayed"``.

        Returns:
            ``("n", spelling)`` for a number, ``("s", text)`` where it becomes a text and
            ``("", "")`` where nothing shows (docs/numbers.md, section 10).

        Raises:
            Malformed: the spelling is that of no number.
        """
        if self.keeps_all_digits:
            return "n", canonical(spelling)
        if spelling == "0":
            found = self._of_zero.get(date1904)
            if found is None:
                found = self._of_zero[date1904] = self._shown("0", date1904)
            return found
        if self._fast is not None:
            hit = _SIMPLE.fullmatch(spelling)
            if hit is not None:
                rule = self._fast[1] if hit[1] else self._fast[0]
                if isinstance(rule, Plain):
                    return self._plain(rule.places, spelling, hit, date1904)
                if isinstance(rule, Times) and not hit[1]:
                    return self._moment(rule, spelling, hit, date1904)
        return self._shown(canonical(spelling), date1904)

    def _plain(
        self, places: int, spelling: str, parts: re.Match[str], date1904: bool
    ) -> tuple[str, str]:
        """A plain section of one sign: the rounded number shows the same, unless it is zero."""
        sign, head, tail = parts[1], parts[2], parts[3] or ""
        decimals = len(tail)
        if decimals <= places and len(spelling) <= _DIGITS:
            return "n", spelling
        if decimals > places >= 0 and len(head) + places < _CLEAR and tail[places] != "4":
            # No digit after this one can change how the number is rounded.
            digits, decimals = int(head + tail[:places]) + (tail[places] > "4"), places
        else:
            one = _shortest(spelling)
            if one != spelling:
                return self.number_as_shown(one, date1904)
            digits, decimals = _fifteen(head, tail)
            if decimals > places:
                digits = (digits + 5 * 10 ** (decimals - places - 1)) // 10 ** (decimals - places)
                decimals = places
        if not digits:
            key = (sign, date1904)
            found = self._vanished.get(key)
            if found is None:
                found = self._vanished[key] = self._shown(canonical(spelling), date1904)
            return found
        if decimals <= 0:
            whole = str(digits * 10**-decimals)
            # Longer ones may be spelled otherwise.
            return (
                ("n", sign + whole)
                if len(whole) <= _DIGITS
                else self._shown(canonical(spelling), date1904)
            )
        text = str(digits)
        if len(text) <= decimals:
            if len(text) < decimals - 3:
                return self._shown(canonical(spelling), date1904)
            text = text.zfill(decimals + 1)
        return "n", f"{sign}{text[:-decimals]}.{text[-decimals:]}".rstrip("0").rstrip(".")

    def _moment(
        self, rule: Times, spelling: str, parts: re.Match[str], date1904: bool
    ) -> tuple[str, str]:
        """A date section of positive numbers: the kept number shows the same, unless it is zero."""
        head, tail = parts[2], parts[3] or ""
        if len(head) < _LONG_DAY:
            if not rule.has_time and tail < _NEARLY_ONE:
                return self._day(rule, spelling, int(head), date1904)
            one = _shortest(spelling)
            if one != spelling:
                return self.number_as_shown(one, date1904)
            if rule.says_number:
                digits, decimals = _fifteen(head, tail)
                kept = rule.quick(digits, decimals, date1904)
                if kept is not None and (kept != "0" or len(self._rules) < _ZERO_APART):
                    return "n", kept
        return self._shown(canonical(spelling), date1904)

    def _day(self, rule: Times, spelling: str, day: int, date1904: bool) -> tuple[str, str]:
        """A section of dates without time: all numbers of a day but zero are one."""
        if not day:
            return self._shown(canonical(spelling), date1904)
        if rule.says_number and day <= LAST_DAY[date1904]:
            kept = str(day) if rule.whole_days else rule.quick(day, 0, date1904)
            if kept is not None and kept != "0":
                return "n", kept
        key = -day if date1904 else day
        found = self._days.get(key)
        if found is None:
            if len(self._days) >= _DAYS_HELD:
                self._days.clear()
            found = self._days[key] = self._shown(str(day), date1904)
        return found

    def _shown(self, spelling: str, date1904: bool) -> tuple[str, str]:
        """The rules of section 10 in their order."""
        number = number_of(spelling)
        rounded = self._rounded(number)
        if rounded is not None:
            return "n", rounded
        reading = self._reading(number, date1904)
        ink = reading.text.strip(" ")
        if not ink:
            return _NOTHING
        if reading.whole:
            return "n", spelling
        if reading.kept is None:
            return "s", ink
        if reading.kept == spelling:
            return "n", spelling
        again = self._reading(number_of(reading.kept), date1904)
        same = again.text == reading.text and (again.whole or again.kept == reading.kept)
        return ("n", reading.kept) if same else ("s", ink)

    def _rounded(self, number: Number) -> str | None:
        """The kept number where rounding it again must give the same digits, so that it shows.

        That holds for plain sections and exponents, where it is not zero, lies well within the
        doubles and has the same section.
        """
        rule, minus = self._choice(number)
        if not isinstance(rule, Plain | Exponent) or abs(number.magnitude) > _WELL_WITHIN:
            return None
        kept = rule.kept(number)
        if kept is None or kept == "0":
            return None
        if self._conditional and self._choice(number_of(kept)) != (rule, minus):
            return None
        return kept

    def colour_of_number(self, spelling: str) -> str:
        """The colour that the section of a number names, or an empty string.

        Raises:
            Malformed: the spelling is that of no number.
        """
        if not any(self.colours):
            return ""
        rule, _ = self._choice(number_of(canonical(spelling)))
        places = (place for place, own in enumerate(self._rules) if own is rule)
        place = next(places, None)
        return "" if place is None else self.colours[place]

    def leaves_words(self, spelling: str) -> bool:
        """Whether a word of the code stands in no section that shows this number.

        Raises:
            Malformed: the spelling is that of no number.
        """
        if not self.words.uneven:
            return False
        rule, _ = self._choice(number_of(canonical(spelling)))
        places = (place for place, own in enumerate(self._rules) if own is rule)
        return self.words.lacking(next(places, None))

    def text_of(self, spelling: str, date1904: bool) -> str:
        """The text that a number shows, spaces included.

        Raises:
            Malformed: the spelling is that of no number.
        """
        return self._reading(number_of(canonical(spelling)), date1904).text

    def string_as_shown(self, text: str) -> str | None:
        """What a copy stores of a text; ``None`` where it is the text itself.

        A text section that holds the text shows it again from what is stored; only one without
        ``@`` and ``General`` puts something else in its place, which is empty where it has no ink
        (docs/numbers.md, section 9).
        """
        if self._text is None or self._text.repeats:
            return None
        shown = self._text.shown(text)
        return shown if shown.strip(" ") else ""

    def text_of_string(self, text: str) -> str:
        """What a text shows, spaces included (docs/numbers.md, section 9)."""
        if self._text is None or self._text.alone:
            return text
        return self._text.shown(text)

    def _reading(self, number: Number, date1904: bool) -> Reading:
        rule, minus = self._choice(number)
        if rule is None:
            return Reading(FILLED, None)
        if isinstance(rule, Times):
            return rule.read(number, minus, date1904)
        return rule.read(number, minus)

    def _choice(self, number: Number) -> tuple[Rule | Times | None, bool]:
        """The section for a number, and whether it shows a minus (section 3)."""
        if self._conditional:
            return self._conditional_choice(number)
        rules = self._rules
        if len(rules) == 1:
            return rules[0], number.negative
        if number.negative:
            return rules[1], False
        if len(rules) > 2 and not number.digits:
            return rules[2], False
        return rules[0], False

    def _conditional_choice(self, number: Number) -> tuple[Rule | Times | None, bool]:
        rules = self._rules
        first = self._conditions[0] or _POSITIVE
        second = self._conditions[1] if len(rules) > 1 else None
        order = number.order
        if first.holds(order):
            return rules[0], number.negative and not first.only_negative
        if second is not None:
            if second.holds(order):
                return rules[1], number.negative and not second.only_negative
            return (rules[2], number.negative) if len(rules) > 2 else (None, False)
        unsigned = len(rules) < 3 and first.bound.negative and first.operator != "="
        rule = rules[1] if len(rules) > 1 else _GENERAL
        return rule, number.negative and not unsigned


_POSITIVE = Condition(">", Number(False, 0, 0))
_GENERAL = General()
_RULES: dict[Kind, type[Plain | Exponent | Fraction | General | Mask | Times]] = {
    Kind.PLAIN: Plain,
    Kind.EXPONENT: Exponent,
    Kind.FRACTION: Fraction,
    Kind.GENERAL: General,
    Kind.MASK: Mask,
    Kind.DATE: Times,
}


def _rule(section: Section) -> Rule | Times:
    # A text section reads no number; Mask stands in for it and is never asked.
    return _RULES.get(section.kind, Mask)(section)


def _shortest(spelling: str) -> str:
    """The canonical spelling of a number that is plainly spelled and has no long whole part."""
    return repr(float(spelling)).removesuffix(".0") if len(spelling) > _DIGITS else spelling


def _fifteen(head: str, tail: str) -> tuple[int, int]:
    """A plain spelling at 15 significant digits: its digits and its number of decimals."""
    digits, decimals = int(head + tail), len(tail)
    if len(head) + decimals <= _DIGITS:
        return digits, decimals
    surplus = len(str(digits)) - _DIGITS
    if surplus > 0:
        digits = (digits + 5 * 10 ** (surplus - 1)) // 10**surplus
        decimals -= surplus
    return digits, decimals


@lru_cache(maxsize=4096)
def number_format(code: str) -> InspectedFormat:
    """The format of a code, read once (18.8.31)."""
    return InspectedFormat(code)
