"""What the sections without dates show: plain, exponent, fraction, General, mask and text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from safe_release.inspectors.numfmt_code import Kind, NotUnderstood, Section, Token
from safe_release.inspectors.numfmt_digits import (
    Number,
    at_places,
    general,
    half_up,
    quotient,
    spelled,
)

FILLED = "########"
"""What a cell shows that cannot show its number."""
_MISSING = {"0": "0", "?": " ", "#": ""}
_LONGEST_DENOMINATOR = 15
_LARGEST_FREE = 7
Layout = Sequence[str | int]


class Reading(NamedTuple):
    """What a section shows of a number, and the number that says no more."""

    text: str
    kept: str | None
    """Spelled; ``None`` where no number says it."""
    whole: bool = False
    """Whether all digits are kept."""


class Rule(Protocol):
    """One section, ready to read numbers."""

    def read(self, number: Number, minus: bool, /) -> Reading:
        """The section applied to a number; ``minus`` says whether it shows its sign."""


def shown_literal(token: Token) -> str:
    """What a token shows that is no placeholder of its section."""
    return "" if token.sort == "fill" else token.text


def _joined(layout: Layout, filled: Sequence[str]) -> str:
    return "".join([item if isinstance(item, str) else filled[item] for item in layout])


def _whole_slots(slots: str, digits: str, grouping: bool) -> list[str]:
    """What each whole placeholder shows; the first takes the digits that are left over."""
    size = len(slots)
    shown = []
    for place in range(max(size, len(digits)) - 1, -1, -1):
        slot = slots[size - 1 - place] if place < size else ""
        char = digits[-1 - place] if place < len(digits) else _MISSING[slot]
        if grouping and place and not place % 3 and char:
            char += " " if char == " " else ","
        shown.append(char)
    surplus = len(shown) - size
    return ["".join(shown[: surplus + 1]), *shown[surplus + 1 :]] if size else []


def _decimal_slots(slots: str, digits: str) -> list[str]:
    """What each decimal placeholder shows of as many digits."""
    last = len(digits.rstrip("0"))
    return [
        digit if index < last else _MISSING[slot]
        for index, (slot, digit) in enumerate(zip(slots, digits, strict=True))
    ]


class Digits:
    """The placeholders of a plain pattern and what stands between them (section 5)."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.layout: list[str | int] = []
        self.whole = self.decimal = ""
        self.percents = self.thousands = 0
        self.grouping = self.point = self.implied = False
        last = max(i for i, token in enumerate(tokens) if token.sort == "placeholder")
        for index, token in enumerate(tokens):
            self._add(token, index, tokens, last)

    def _add(self, token: Token, index: int, tokens: Sequence[Token], last: int) -> None:
        if token.sort == "placeholder":
            self.layout.append(len(self.whole) + len(self.decimal))
            if self.point:
                self.decimal += token.text
            else:
                self.whole += token.text
        elif token.sort == "point" and not self.point:
            if not self.whole:
                self.implied = True
                self.layout.append(0)
                self.whole = "#"
            self.point = True
            self.layout.append(".")
        elif token.sort == "comma" and self._is_sign(index, tokens):
            self._add_comma(index, tokens, last)
        else:
            self.percents += token.sort == "percent"
            self.layout.append(shown_literal(token))

    def _is_sign(self, index: int, tokens: Sequence[Token]) -> bool:
        """Whether the run of commas directly follows a placeholder or a point."""
        start = index
        while start and tokens[start - 1].sort == "comma":
            start -= 1
        if not start:
            return False
        return tokens[start - 1].sort in ("placeholder", "point")

    def _add_comma(self, index: int, tokens: Sequence[Token], last: int) -> None:
        following = index
        while following < len(tokens) and tokens[following].sort == "comma":
            following += 1
        beside = following < len(tokens) and tokens[following].sort == "placeholder"
        if beside and not self.point:
            self.grouping = True
        elif index > last:
            self.thousands += 1

    @property
    def places(self) -> int:
        """Decimals of the number that the pattern shows, counted before scaling."""
        return len(self.decimal) + self.shift

    @property
    def shift(self) -> int:
        """The power of ten by which the number is multiplied before it is shown."""
        return 2 * self.percents - 3 * self.thousands

    def split(self, units: int) -> tuple[str, str]:
        """Whole and decimal digits of a number in units of the last decimal placeholder."""
        count = len(self.decimal)
        text = str(units).zfill(count + 1)
        whole, decimals = (text[:-count], text[-count:]) if count else (text, "")
        return ("" if whole == "0" else whole), decimals

    def filled(self, whole: str, decimals: str) -> list[str]:
        """What each placeholder shows."""
        return [
            *_whole_slots(self.whole, whole, self.grouping),
            *_decimal_slots(self.decimal, decimals),
        ]


class Plain:
    """A section of placeholders."""

    def __init__(self, section: Section) -> None:
        self.digits = Digits(section.tokens)
        self.places = self.digits.places

    def read(self, number: Number, minus: bool, /) -> Reading:
        """The number scaled, rounded and laid out (section 5)."""
        units = at_places(number.digits, number.power, self.places)
        digits = self.digits
        sign = "-" if minus and units else ""
        text = sign + _joined(digits.layout, digits.filled(*digits.split(units)))
        return Reading(text, spelled(number.negative, units, -self.places))

    def kept(self, number: Number) -> str | None:
        """The kept number alone."""
        units = at_places(number.digits, number.power, self.places)
        return spelled(number.negative, units, -self.places)


class Exponent:
    """A section with a power of ten (section 6)."""

    def __init__(self, section: Section) -> None:
        at = next(i for i, token in enumerate(section.tokens) if token.sort == "exponent")
        self.digits = Digits(section.tokens[:at])
        self.plus = section.tokens[at].text[1] == "+"
        self.layout: list[str | int] = []
        self.slots = ""
        percents = 0
        for token in section.tokens[at + 1 :]:
            if token.sort == "placeholder":
                self.layout.append(len(self.slots))
                self.slots += token.text
            else:
                percents += token.sort == "percent"
                self.layout.append(shown_literal(token))
        if not self.slots:
            raise NotUnderstood
        self.shift = self.digits.shift + 2 * percents
        self.whole = 0 if self.digits.implied else len(self.digits.whole)

    def read(self, number: Number, minus: bool, /) -> Reading:
        """The mantissa rounded at the power that fits the pattern."""
        places = len(self.digits.decimal)
        power, units = self._normal(number, places)
        whole, decimals = self.digits.split(units)
        if not units:
            whole = "0" * self.whole
        mantissa = _joined(self.digits.layout, self.digits.filled(whole, decimals))
        sign = "-" if power < 0 else "+" if self.plus else ""
        # An exponent of zero has a digit; only mantissas have none.
        tail = _joined(self.layout, _whole_slots(self.slots, str(abs(power)), grouping=False))
        text = f"{'-' if minus and units else ''}{mantissa}E{sign}{tail}"
        return Reading(text, spelled(number.negative, units, power - places - self.shift))

    def kept(self, number: Number) -> str | None:
        """The kept number alone."""
        places = len(self.digits.decimal)
        power, units = self._normal(number, places)
        return spelled(number.negative, units, power - places - self.shift)

    def _normal(self, number: Number, places: int) -> tuple[int, int]:
        """The exponent, and the mantissa in units of its last decimal."""
        if not number.digits:
            return 0, 0
        step = max(self.whole, 1)
        shifted = number.power + self.shift
        magnitude = number.magnitude + self.shift + (self.whole == 0)
        power = magnitude // step * step
        units = at_places(number.digits, shifted - power, places)
        if len(str(units)) - 1 - places >= self.whole:
            power += step
            units = at_places(number.digits, shifted - power, places)
        return power, units


class Fraction:
    """A section with a numerator and a denominator (section 7)."""

    def __init__(self, section: Section) -> None:
        tokens = [token for token in section.tokens if token.sort != "fill"]
        slash = next(i for i, token in enumerate(tokens) if token.sort == "slash")
        before, start = self._numerator(tokens, slash)
        after, end = self._denominator(tokens, slash)
        self.numerator = "".join(token.text for token in tokens[start:before])
        self.denominator = "".join(token.text for token in tokens[after:end])
        self.fixed = 0 if tokens[after].sort == "placeholder" else int(self.denominator)
        self.gaps = (_spaces(tokens[before:slash]), _spaces(tokens[slash + 1 : after]))
        shown = (self.numerator, *self.gaps, "/", self.denominator)
        self.blank = " " * sum(len(part) for part in shown)
        self._whole_part(tokens[:start])
        tail = tokens[end:]
        if any(token.sort in ("placeholder", "comma") for token in tail):
            raise NotUnderstood
        self.tail = "".join(shown_literal(token) for token in tail)
        self.zero_shows = "0" in self.numerator or (not self.fixed and "0" in self.denominator)

    @staticmethod
    def _numerator(tokens: Sequence[Token], slash: int) -> tuple[int, int]:
        """Where the numerator ends and starts."""
        end = slash
        while end and _is_space(tokens[end - 1]):
            end -= 1
        start = end
        while start and tokens[start - 1].sort == "placeholder":
            start -= 1
        if start == end or (start and tokens[start - 1].sort == "comma"):
            raise NotUnderstood
        return end, start

    @staticmethod
    def _denominator(tokens: Sequence[Token], slash: int) -> tuple[int, int]:
        """Where the denominator starts and ends."""
        start = slash + 1
        while start < len(tokens) and _is_space(tokens[start]):
            start += 1
        if start == len(tokens):
            raise NotUnderstood
        first, end = tokens[start], start
        if first.sort == "placeholder":
            while end < len(tokens) and tokens[end].sort == "placeholder":
                end += 1
        elif first.is_digit and first.text[0] != "0":
            while end < len(tokens) and tokens[end].is_digit:
                end += 1
        size = sum(len(token.text) for token in tokens[start:end])
        if not 0 < size <= _LONGEST_DENOMINATOR:
            raise NotUnderstood
        return start, end

    def _whole_part(self, tokens: Sequence[Token]) -> None:
        self.whole = ""
        self.layout: list[str | int] = []
        self.grouping = False
        for token in tokens:
            if token.sort == "placeholder":
                self.layout.append(len(self.whole))
                self.whole += token.text
            elif token.sort == "comma":
                self.grouping = True
            else:
                self.layout.append(shown_literal(token))

    def read(self, number: Number, minus: bool, /) -> Reading:
        """The number split into whole part, numerator and denominator."""
        whole, numerator, denominator = self._split(number)
        kept = quotient(whole * denominator + numerator, denominator)
        text = "-" if minus else ""
        if not self.whole:
            numerator += whole * denominator
            text += _joined(self.layout, ())
        elif numerator:
            text += self._shown_whole(whole, "")
        elif self.zero_shows:
            denominator = self.fixed or 1
            text += self._shown_whole(whole, "")
        else:
            text += self._shown_whole(whole, "0") + self.blank
        if not self.whole or numerator or self.zero_shows:
            text += self._shown_fraction(numerator, denominator)
        return Reading(text + self.tail, spelled(number.negative, *kept))

    def _shown_whole(self, whole: int, zero: str) -> str:
        digits = str(whole) if whole else zero
        return _joined(self.layout, _whole_slots(self.whole, digits, self.grouping))

    def _shown_fraction(self, numerator: int, denominator: int) -> str:
        above = "".join(_whole_slots(self.numerator, str(numerator), grouping=False))
        if self.fixed:
            below = self.denominator
        else:
            digits = str(denominator)
            missing = self.denominator[: max(0, len(self.denominator) - len(digits))]
            below = "0" * missing.count("0") + digits + " " * missing.count("?")
        return f"{above}{self.gaps[0]}/{self.gaps[1]}{below}"

    def _split(self, number: Number) -> tuple[int, int, int]:
        """Whole part, numerator and denominator of the absolute value."""
        scale = 10 ** max(0, -number.power)
        whole, rest = divmod(number.digits * 10 ** max(0, number.power), scale)
        if self.fixed:
            denominator = self.fixed
            numerator = half_up(rest * denominator, scale)
        else:
            nearest = float(f"{number.digits}e{number.power}") - float(whole) if rest else 0.0
            size = min(len(self.denominator), _LARGEST_FREE)
            numerator, denominator = _convergent(nearest, 10**size)
        if self.whole and numerator == denominator:
            return whole + 1, 0, denominator
        return whole, numerator, denominator


def _convergent(rest: float, limit: int) -> tuple[int, int]:
    """The last convergent of a continued fraction with a denominator below the limit."""
    numerator, denominator, last_numerator, last_denominator = 0, 1, 1, 0
    while rest > 1 / limit:
        inverse = 1 / rest
        whole = int(inverse)
        next_denominator = whole * denominator + last_denominator
        if next_denominator > limit - 1:
            break
        numerator, last_numerator = whole * numerator + last_numerator, numerator
        denominator, last_denominator = next_denominator, denominator
        rest = inverse - whole
    return numerator, denominator


def _is_space(token: Token) -> bool:
    return token.sort in ("literal", "blank") and token.text in ("", " ")


def _spaces(tokens: Sequence[Token]) -> str:
    return "".join(token.text for token in tokens)


class General:
    """A section that shows numbers as they are (section 4)."""

    def __init__(self, section: Section | None = None) -> None:
        tokens = section.tokens if section else ()
        self.parts: list[str | None] = [
            None if token.sort == "general" else shown_literal(token) for token in tokens
        ]
        if None not in self.parts:
            self.parts.append(None)

    def read(self, number: Number, minus: bool, /) -> Reading:
        """All digits are kept."""
        shown = general(number)
        text = "".join([shown if part is None else part for part in self.parts])
        return Reading(f"-{text}" if minus else text, None, whole=True)


class Mask:
    """A section that shows the same of every number (section 9)."""

    def __init__(self, section: Section) -> None:
        self.text = "".join(shown_literal(token) for token in section.tokens)
        self.fill = _fill_of(section)

    def read(self, _number: Number, minus: bool, /) -> Reading:
        """The literals, or the character that fills the cell where nothing else shows."""
        text = _inked(self.text, self.fill)
        return Reading(f"-{text}" if minus else text, None)


class TextSection:
    """The section that texts show under (section 9)."""

    def __init__(self, section: Section) -> None:
        self.parts: list[str | None] = [
            None if token.sort in ("text", "general") else shown_literal(token)
            for token in section.tokens
        ]
        if section.kind is Kind.GENERAL and None not in self.parts:
            self.parts.append(None)
        self.alone = section.kind is Kind.TEXT and self.parts == [None]
        self.repeats = None in self.parts
        self.fill = _fill_of(section)

    def shown(self, text: str) -> str:
        """The section around a text."""
        joined = "".join([text if part is None else part for part in self.parts])
        if joined.strip(" "):
            return joined
        return _inked("".join([part or "" for part in self.parts]), self.fill)


def _fill_of(section: Section) -> str:
    """The first character that paints a cell, or nothing."""
    fills = [token.text for token in section.tokens if token.sort == "fill"]
    return next((fill for fill in fills if fill.strip(" ")), "")


def _inked(text: str, fill: str) -> str:
    return text if not fill or text.strip(" ") else fill
