"""What the sections without dates or fractions show: plain, exponent, General, mask and text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from safe_release.inspectors.numfmt_code import Kind, NotUnderstood, Section, Token
from safe_release.inspectors.numfmt_digits import (
    Number,
    at_places,
    general,
    spelled,
)

FILLED = "########"
"""What a cell shows that cannot show its number."""
_MISSING = {"0": "0", "?": " ", "#": ""}
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


def joined(layout: Layout, filled: Sequence[str]) -> str:
    """Literals, and what the placeholders between them show."""
    return "".join([item if isinstance(item, str) else filled[item] for item in layout])


def whole_slots(slots: str, digits: str, grouping: bool) -> list[str]:
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
            *whole_slots(self.whole, whole, self.grouping),
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
        text = sign + joined(digits.layout, digits.filled(*digits.split(units)))
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
        mantissa = joined(self.digits.layout, self.digits.filled(whole, decimals))
        sign = "-" if power < 0 else "+" if self.plus else ""
        # An exponent of zero has a digit; only mantissas have none.
        tail = joined(self.layout, whole_slots(self.slots, str(abs(power)), grouping=False))
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
