"""What a section with a numerator and a denominator shows (docs/numbers.md, section 7)."""

from __future__ import annotations

from collections.abc import Sequence

from safe_release.inspectors.numfmt_code import NotUnderstood, Section, Token
from safe_release.inspectors.numfmt_digits import Number, half_up, quotient, spelled
from safe_release.inspectors.numfmt_patterns import Reading, joined, shown_literal, whole_slots

_LONGEST_DENOMINATOR = 15
_LARGEST_FREE = 7
"""Digits of a free denominator that count."""


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
            text += joined(self.layout, ())
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
        return joined(self.layout, whole_slots(self.whole, digits, self.grouping))

    def _shown_fraction(self, numerator: int, denominator: int) -> str:
        above = "".join(whole_slots(self.numerator, str(numerator), grouping=False))
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
