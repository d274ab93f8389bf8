"""What date and time sections show, and the serial number that says no more (section 8)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from safe_release.inspectors.numfmt_code import NotUnderstood, Section, Token
from safe_release.inspectors.numfmt_digits import Number, half_up, quotient, spelled
from safe_release.inspectors.numfmt_patterns import FILLED, Reading, shown_literal

DAY = 86_400
LAST_DAY = (2_958_465, 2_957_003)
"""31 December 9999 in the 1900 and in the 1904 system."""
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_BEFORE_1900 = date(1899, 12, 31).toordinal()
_START_1904 = date(1904, 1, 1).toordinal()
_NEVER = 60  # 29 February 1900, which the 1900 system counts and the calendar does not


class Moment(NamedTuple):
    """A rounded point in time."""

    year: int
    month: int
    day: int
    weekday: int
    hour: int
    minute: int
    second: int
    fraction: int
    """Milliseconds, as far as they are rounded."""
    seconds: int
    """Whole seconds since day 0."""


_SIGNIFICANT_PLACES = 15
_LAST_PLAIN = 18
"""Decimals of a part of a day that is still spelled without an exponent."""

Part = str | Callable[[Moment], str]


def calendar_day(day: int, date1904: bool) -> tuple[int, int, int, int]:
    """Year, month, day of the month and weekday (0 is Sunday) of a serial day."""
    if date1904:
        found = date.fromordinal(_START_1904 + day)
        return found.year, found.month, found.day, (day + 5) % 7
    weekday = (day - 1) % 7
    if day == 0:
        return 1900, 1, 0, weekday
    if day == _NEVER:
        return 1900, 2, 29, weekday
    found = date.fromordinal(_BEFORE_1900 + day - (day > _NEVER))
    return found.year, found.month, found.day, weekday


def new_year(year: int, date1904: bool) -> int:
    """The serial day of 1 January."""
    ordinal = date(year, 1, 1).toordinal()
    if date1904:
        return ordinal - _START_1904
    return ordinal - _BEFORE_1900 + (year > 1900)


def _year(letter: str, size: int) -> Part:
    offset = 543 if letter == "b" else 0
    if letter != "e" and size < 3:
        return lambda at: f"{(at.year + offset) % 100:02d}"
    return lambda at: str(at.year + offset)


def _month(size: int) -> Part:
    if size <= 2:
        return lambda at: str(at.month).zfill(size)
    if size == 3:
        return lambda at: _MONTHS[at.month - 1][:3]
    if size == 5:
        return lambda at: _MONTHS[at.month - 1][0]
    return lambda at: _MONTHS[at.month - 1]


def _day(letter: str, size: int) -> Part:
    if letter == "d" and size <= 2:
        return lambda at: str(at.day).zfill(size)
    if size == 3:
        return lambda at: _DAYS[at.weekday][:3]
    return lambda at: _DAYS[at.weekday]


def _clock(letter: str, size: int, half: bool) -> Part:
    width = min(size, 2)
    if letter == "h" and half:
        return lambda at: str(at.hour % 12 or 12).zfill(width)
    if letter == "h":
        return lambda at: str(at.hour).zfill(width)
    if letter == "m":
        return lambda at: str(at.minute).zfill(width)
    return lambda at: str(at.second).zfill(width)


def _elapsed(letter: str, size: int) -> Part:
    unit = {"h": 3600, "m": 60, "s": 1}[letter]
    return lambda at: str(at.seconds // unit).zfill(size)


def _half(text: str) -> Part:
    morning, afternoon = ("AM", "PM") if len(text) > 3 else (text[0], text[2])
    return lambda at: morning if at.hour < 12 else afternoon


def _decimals(size: int) -> Part:
    return lambda at: f".{at.fraction:03d}"[: size + 1]


class Times:
    """A section with a date, a time or an elapsed time."""

    def __init__(self, section: Section) -> None:
        self.places = 0
        self.shown: set[str] = set()
        self.elapsed = 0
        self.has_time = False
        self._half = any(token.sort == "half" for token in section.tokens)
        self._minutes = _minutes_of(section.tokens)
        self._parts: list[Part] = []
        tokens, index = section.tokens, 0
        while index < len(tokens):
            index = self._add(tokens, index)
        self.unit: int = 10**self.places
        self.has_time = bool(self.shown & {"hour", "minute", "second", "half", "decimals"})
        self.kept_day = self._date_that_is_kept()
        self.says_number = self.kept_day is not None
        self.whole_days = self.kept_day == "day" and not self.has_time
        self.all_time = {"hour", "minute", "second"} <= self.shown

    def _add(self, tokens: Sequence[Token], index: int) -> int:
        token = tokens[index]
        if token.sort == "point":
            return self._add_decimals(tokens, index)
        if token.sort == "placeholder":
            raise NotUnderstood
        if token.sort == "date":
            self._parts.append(self._date_part(tokens, index))
        elif token.sort == "elapsed":
            letter = token.text[0].lower()
            self._parts.append(_elapsed(letter, len(token.text)))
            self.shown.add({"h": "hour", "m": "minute", "s": "second"}[letter])
            self.elapsed = min(self.elapsed or DAY, {"h": 3600, "m": 60, "s": 1}[letter])
        elif token.sort == "half":
            self._parts.append(_half(token.text))
            self.shown.add("half")
        else:
            self._parts.append(shown_literal(token))
        return index + 1

    def _add_decimals(self, tokens: Sequence[Token], index: int) -> int:
        end = index + 1
        while end < len(tokens) and tokens[end].sort == "placeholder" and tokens[end].text == "0":
            end += 1
        size = end - index - 1
        if size > 3:
            raise NotUnderstood
        if size:
            self.shown.add("decimals")
            self.places = max(self.places, size)
            self._parts.append(_decimals(size))
        else:
            self._parts.append(".")
        return end

    def _date_part(self, tokens: Sequence[Token], index: int) -> Part:
        letter, size = tokens[index].text[0].lower(), len(tokens[index].text)
        if letter in "yeb":
            self.shown.add("year")
            return _year(letter, size)
        if letter == "g":
            return ""
        if letter == "m" and index not in self._minutes:
            self.shown.add("month")
            return _month(size)
        if letter in "da":
            self.shown.add("day" if letter == "d" and size <= 2 else "weekday")
            return _day(letter, size)
        self.shown.add({"h": "hour", "m": "minute", "s": "second"}[letter])
        return _clock(letter, size, self._half)

    def _date_that_is_kept(self) -> str | None:
        """``none``, ``day``, ``month`` or ``year``; ``None`` where no number says the date."""
        if self.elapsed:
            return "elapsed"
        dated = self.shown & {"year", "month", "day", "weekday"}
        if not dated:
            return "none" if self.has_time else None
        if {"year", "month", "day"} <= dated:
            return "day"
        if "day" in dated or "weekday" in dated or "year" not in dated:
            return None
        return "month" if "month" in dated else "year"

    def read(self, number: Number, minus: bool, date1904: bool) -> Reading:
        """The time rounded to what the section shows, and its parts."""
        if (number.negative and not date1904) or number.magnitude > 8:
            return Reading(FILLED, None)
        units = self._rounded(number)
        day, rest = divmod(units, DAY * self.unit)
        if day > LAST_DAY[date1904]:
            return Reading(FILLED, None)
        seconds, fraction = divmod(rest, self.unit)
        minutes, second = divmod(seconds, 60)
        hour, minute = divmod(minutes, 60)
        moment = Moment(
            *calendar_day(day, date1904), hour, minute, second,
            fraction * 10 ** (3 - self.places), day * DAY + seconds,
        )  # fmt: skip
        text = "".join([part if isinstance(part, str) else part(moment) for part in self._parts])
        kept = None
        if self.says_number:
            ratio = quotient(self.kept_units(units, date1904), DAY * self.unit)
            kept = spelled(number.negative, *ratio)
        return Reading(f"-{text}" if minus else text, kept)

    def _rounded(self, number: Number) -> int:
        """The absolute value in units of the last decimal of a second that shows."""
        scale: int = 10 ** max(0, -number.power)
        value: int = number.digits * 10 ** max(0, number.power)
        if not self.has_time:
            return value // scale * DAY
        return half_up(value * DAY * self.unit, scale)

    def kept_units(self, units: int, date1904: bool) -> int:
        """What is left of a rounded time when all that does not show is taken away."""
        if self.kept_day == "elapsed":
            return self._kept_elapsed(units)
        length = DAY * self.unit
        if self.kept_day == "day":
            if self.all_time:
                return units
            return units // length * length + self._kept_time(units % length)
        time = self._kept_time(units % length)
        if self.kept_day == "none":
            return time
        day = units // length
        year, _, of_month, _ = calendar_day(day, date1904)
        day = day - of_month + 1 if self.kept_day == "month" else new_year(year, date1904)
        return day * length + time

    def _kept_elapsed(self, units: int) -> int:
        seconds, fraction = divmod(units, self.unit)
        kept = seconds // self.elapsed * self.elapsed
        left = seconds - kept
        if "minute" in self.shown:
            kept += left // 60 * 60
        if "second" in self.shown:
            kept += left % 60
        return kept * self.unit + fraction

    def _kept_time(self, units: int) -> int:
        if not self.has_time:
            return 0
        seconds, fraction = divmod(units, self.unit)
        kept = 0
        if "hour" in self.shown:
            kept = seconds // 3600 * 3600
        elif "half" in self.shown and seconds >= DAY // 2:
            kept = DAY // 2
        if "minute" in self.shown:
            kept += seconds % 3600 // 60 * 60
        if "second" in self.shown:
            kept += seconds % 60
        return kept * self.unit + fraction

    def quick(self, digits: int, decimals: int, date1904: bool) -> str | None:
        """The kept number of a natural number; ``None`` where it asks for a closer look.

        Args:
            digits: the number in units of its last decimal, at most 15 digits.
            decimals: how many decimals it has.
        """
        scale: int = 10**decimals
        length = DAY * self.unit
        if self.has_time:
            units = (2 * digits * length + scale) // (2 * scale)
        else:
            units = digits // scale * length
        if units // length > LAST_DAY[date1904]:
            return None
        day, rest = divmod(self.kept_units(units, date1904), length)
        if not rest:
            return str(day)
        head = str(day)
        places = _SIGNIFICANT_PLACES - len(head) if day else _places_below_one(rest, length)
        fraction = (2 * rest * 10**places + length) // (2 * length)
        text = str(fraction).zfill(places)
        return f"{head}.{text}".rstrip("0") if places <= _LAST_PLAIN else None


def _places_below_one(rest: int, length: int) -> int:
    """Decimals that hold 15 significant digits of a part of a day."""
    places = _SIGNIFICANT_PLACES
    while rest * 10 < length and places <= _LAST_PLAIN:
        rest *= 10
        places += 1
    return places


def _minutes_of(tokens: Sequence[Token]) -> set[int]:
    """Where ``m`` and ``mm`` mean minutes: they stand by hours or seconds (section 8)."""
    clocks = [i for i, token in enumerate(tokens) if token.sort in ("date", "elapsed")]
    found: set[int] = set()
    previous, seen = "", False
    for number, index in enumerate(clocks):
        token = tokens[index]
        letter = token.text[0].lower()
        if letter == "m":
            after = [tokens[i] for i in clocks[number + 1 : number + 2]]
            by_next = any(other.sort == "date" and other.text[0] in "sS" for other in after)
            by_last = previous == "h" or (previous == "s" and not seen)
            if token.sort == "date" and len(token.text) < 3 and (by_next or by_last):
                found.add(index)
            seen = seen or token.sort == "elapsed" or index in found
        previous = letter
    return found
