"""This module is the calendar of number formats: what date and time sections show of a number."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from safe_release.formats.xlsx.numfmt_decimal import Decimal, of_ratio, ratio
from safe_release.formats.xlsx.numfmt_parse import Section, Token

OVERFLOW = "########"
"""What stands for a cell filled with number signs: its number is no date of the calendar."""

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August",
          "September", "October", "November", "December")  # fmt: skip
WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")

LAST_DAY = {False: 2_958_465, True: 2_957_003}
"""The serial number of 31 December 9999 in the 1900 and the 1904 system (18.17.4.1)."""

_SECONDS = {"h": 3600, "m": 60, "s": 1}
_EPOCH_1900 = date(1899, 12, 31).toordinal()
_EPOCH_1904 = date(1904, 1, 1).toordinal()
_PHANTOM = 60
"""The serial number of 29 February 1900, a day that only the 1900 system has."""
_YEARS_BETWEEN = 1462
"""Days between the two systems' first days."""


class Moment(NamedTuple):
    """Whole days, and ticks since midnight (as many to the second as the section shows)."""

    days: int
    ticks: int


class DateWriter:
    """``yyyy-mm-dd``, ``[h]:mm``, ``mmm yy``."""

    def __init__(self, section: Section) -> None:
        self.tokens = section.tokens
        codes = {t.text[0] + str(min(len(t.text), 3)) for t in self.tokens if t.kind == "date"}
        letters = {code[0] for code in codes}
        self.elapsed = {t.text[0] for t in self.tokens if t.kind == "elapsed"}
        self.half = any(token.kind == "half" for token in self.tokens)
        self.parts = max((len(t.text) for t in self.tokens if t.kind == "parts"), default=0)
        self.second: int = 10**self.parts
        """Ticks of a second."""
        self.year = bool(letters & {"y", "e", "b"})
        self.month = "m" in letters
        self.day = bool(codes & {"d1", "d2"})
        self.weekday = bool(codes & {"d3", "a3"})
        self.units = {"h" if "h" in letters else "", "m" if "n" in letters else "",
                      "s" if "s" in letters else ""} | self.elapsed  # fmt: skip
        self.clock = bool(self.units - {""}) or self.half or self.parts > 0
        self.whole_days = self.year and self.month and self.day and not self.elapsed

    def moment(self, number: Decimal, date1904: bool) -> Moment | None:
        """The instant shown, or None where the calendar has none; the sign is left out."""
        top, bottom = ratio(number.absolute())
        if number.negative and not date1904:
            return None
        if not self.clock:
            found = Moment(top // bottom, 0)
        else:
            # A clock is rounded to its smallest unit, a second at most, before it is read.
            scale = 86400 * self.second
            found = Moment(*divmod((2 * top * scale + bottom) // (2 * bottom), scale))
        return found if found.days <= LAST_DAY[date1904] else None

    def show(self, moment: Moment, date1904: bool) -> str:
        day = calendar_day(moment.days, date1904)
        return "".join(self._ink(token, moment, day, date1904) for token in self.tokens)

    def _ink(self, token: Token, moment: Moment, day: tuple[int, int, int], date1904: bool) -> str:
        if token.kind in ("literal", "blank"):
            return token.text
        if token.kind == "date":
            if token.text[0] in "hns":
                return self._clock(token.text, moment)
            return _calendar(token.text, day, weekday(moment.days, date1904))
        if token.kind == "elapsed":
            total = (moment.days * 86400 * self.second + moment.ticks) // self.second
            return str(total // _SECONDS[token.text[0]]).rjust(len(token.text), "0")
        if token.kind == "parts":
            tail = str(moment.ticks % self.second).rjust(self.parts, "0")
            return "." + tail[: len(token.text)]
        if token.kind == "half":
            return _half(token.text, moment.ticks // (43200 * self.second))
        return ""

    def _clock(self, code: str, moment: Moment) -> str:
        seconds = moment.ticks // self.second
        if code[0] == "h":
            value = seconds // 3600
            if self.half:
                value = value % 12 or 12
        else:
            value = seconds // 60 % 60 if code[0] == "n" else seconds % 60
        return str(value).rjust(min(len(code), 2), "0")

    def kept(self, moment: Moment, date1904: bool) -> Moment | None:
        """The instant with nothing but what shows, or None where no instant says just that."""
        if self.elapsed:
            return self._kept_duration(moment)
        if not self.clock and not self.year:
            return None
        days = 0
        if self.year or self.month or self.day or self.weekday:
            if not self.year or (self.day and not self.month) or (
                self.weekday and not self.day
            ):  # fmt: skip
                return None
            days = self._kept_days(moment.days, date1904)
        scale = self.second
        ticks = moment.ticks if self.clock else 0
        hours = ticks // (3600 * scale)
        if "h" not in self.units:
            hours = hours // 12 * 12 if self.half else 0
        return Moment(days, hours * 3600 * scale + self._below_hours(ticks % (3600 * scale)))

    def _kept_days(self, days: int, date1904: bool) -> int:
        if self.day:
            return days
        year, month, _ = calendar_day(days, date1904)
        return serial_of(year, month if self.month else 1, date1904)

    def _below_hours(self, ticks: int) -> int:
        scale = self.second
        minutes, rest = divmod(ticks, 60 * scale)
        seconds, tail = divmod(rest, scale)
        kept = minutes * 60 * scale if "m" in self.units else 0
        return kept + (seconds * scale if "s" in self.units else 0) + tail

    def _kept_duration(self, moment: Moment) -> Moment:
        scale = self.second
        total = moment.days * 86400 * scale + moment.ticks
        unit = min(_SECONDS[letter] for letter in self.elapsed) * scale
        rest = total % unit
        kept = total - rest + self._below_hours(rest)
        return Moment(*divmod(kept, 86400 * scale))

    def number(self, moment: Moment, negative: bool) -> Decimal:
        scale = 86400 * self.second
        total = moment.days * scale + moment.ticks
        return of_ratio(-total if negative else total, scale)


def _calendar(code: str, day: tuple[int, int, int], week: int) -> str:
    year, month, number = day
    letter, length = code[0], len(code)
    if letter == "y":
        return f"{year:04d}" if length > 2 else f"{year % 100:02d}"
    if letter == "e":
        return str(year)
    if letter == "b":
        return str(year + 543) if length > 2 else f"{(year + 543) % 100:02d}"
    if letter == "m" and length > 2:
        name = MONTHS[month - 1]
        return name[:3] if length == 3 else name[0] if length == 5 else name
    if letter in "da" and length > 2:
        return WEEKDAYS[week][:3] if length == 3 else WEEKDAYS[week]
    if letter in "md":
        return str(month if letter == "m" else number).rjust(length, "0")
    return ""  # g, the name of an era, prints nothing in an English reading


def _half(code: str, afternoon: int) -> str:
    if len(code) == 3:
        return code[2] if afternoon else code[0]
    return "PM" if afternoon else "AM"


def calendar_day(days: int, date1904: bool) -> tuple[int, int, int]:
    """Year, month and day of a serial number; day 0 of January 1900 and its 29 February too."""
    if date1904:
        found = date.fromordinal(_EPOCH_1904 + days)
    elif days == 0:
        return 1900, 1, 0
    elif days == _PHANTOM:
        return 1900, 2, 29
    else:
        found = date.fromordinal(_EPOCH_1900 + days - (days > _PHANTOM))
    return found.year, found.month, found.day


def serial_of(year: int, month: int, date1904: bool) -> int:
    """The serial number of the first day of a month."""
    ordinal = date(year, month, 1).toordinal()
    if date1904:
        return ordinal - _EPOCH_1904
    days = ordinal - _EPOCH_1900
    return days + (days >= _PHANTOM)


def weekday(days: int, date1904: bool) -> int:
    """0 for Sunday; in the 1900 system 1 January 1900 counts as one."""
    return (days + 6 + (_YEARS_BETWEEN if date1904 else 0)) % 7
