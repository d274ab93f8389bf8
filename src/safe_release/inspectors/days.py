"""Dates and times under a format (docs/numbers.md, section 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache

from safe_release.inspectors.codes import EXACT, FIFTEEN, Token

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_WEEK = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_DAY = 86_400
_UNITS = {"h": 3600, "m": 60, "s": 1}


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a date section shows."""

    roles: tuple[str, ...]
    """By token: y, M, d, w, h, m, s, a role of elapsed time in capitals E-, or ``""``."""
    decimals: int
    timed: bool
    half: bool


@lru_cache(maxsize=4096)
def _parts(tokens: tuple[Token, ...]) -> _Parts:
    roles = [""] * len(tokens)
    clock = [i for i, token in enumerate(tokens) if token.kind in ("date", "elapsed")]
    minutes_before = False
    previous = ""
    for order, index in enumerate(clock):
        token = tokens[index]
        letter = token.text[0]
        if token.kind == "elapsed":
            roles[index] = "elapsed"
            minutes_before |= letter == "m"
        elif letter == "m" and len(token.text) <= 2:
            following = tokens[clock[order + 1]] if order + 1 < len(clock) else None
            before_seconds = (
                following is not None and following.kind == "date" and following.text[0] == "s"
            )
            minutes = previous == "h" or (previous == "s" and not minutes_before) or before_seconds
            roles[index] = "minute" if minutes else "month"
            minutes_before |= minutes
            letter = "m" if minutes else "M"
        else:
            roles[index] = _role(token.text)
        previous = letter
    decimals = _decimals(tokens, roles)
    half = any(token.kind == "half" for token in tokens)
    timed = half or bool(set(roles) & {"hour", "minute", "second", "elapsed", "decimals"})
    return _Parts(tuple(roles), decimals, timed, half)


def _role(text: str) -> str:
    letter = text[0]
    if letter == "d":
        return "day" if len(text) <= 2 else "weekday"
    return {"y": "year", "e": "year", "b": "buddhist", "g": "era", "m": "month", "a": "weekday",
            "h": "hour", "s": "second"}[letter]  # fmt: skip


def _decimals(tokens: tuple[Token, ...], roles: list[str]) -> int:
    most = 0
    for index, token in enumerate(tokens):
        if token.kind != "point":
            continue
        zeros = 0
        while index + 1 + zeros < len(tokens) and tokens[index + 1 + zeros].kind == "place":
            roles[index + 1 + zeros] = "digit"
            zeros += 1
        if zeros:
            roles[index] = "decimals"
            most = max(most, zeros)
    return most


def date_shown(
    tokens: tuple[Token, ...], x: Decimal, date1904: bool
) -> tuple[str, Decimal | None] | None:
    """The text of a date section and the number that says as much; ``None``: the cell is filled.

    The number is ``None`` where none says it; it comes without its sign.
    """
    if x < 0 and not date1904:
        return None
    parts = _parts(tokens)
    size = x.copy_abs()
    if size > 3_000_000:
        return None
    if parts.timed:
        seconds = EXACT.multiply(size, Decimal(_DAY)).quantize(
            Decimal(1).scaleb(-parts.decimals), rounding=ROUND_HALF_UP, context=EXACT
        )
    else:
        seconds = size.to_integral_value(rounding=ROUND_FLOOR) * _DAY
    day = int(seconds // _DAY)
    if day > (2_957_003 if date1904 else 2_958_465):
        return None
    clock = _Clock(day, EXACT.subtract(seconds, Decimal(day * _DAY)), seconds, date1904)
    return _text(tokens, parts, clock), _kept(tokens, parts, clock)


def names_the_day(tokens: tuple[Token, ...]) -> bool:
    """Whether a section shows year, month and day, and no time."""
    parts = _parts(tokens)
    roles = set(parts.roles)
    return not parts.timed and {"month", "day"} <= roles and bool(roles & {"year", "buddhist"})


class _Clock:
    """A moment by its parts."""

    def __init__(self, day: int, time: Decimal, total: Decimal, date1904: bool) -> None:
        self.serial, self.total, self.date1904 = day, total, date1904
        whole = int(time)
        self.hour, self.minute, self.second = whole // 3600, whole // 60 % 60, whole % 60
        self.fraction = EXACT.subtract(time, Decimal(whole))
        if date1904:
            moment = date(1904, 1, 1) + timedelta(days=day)
            self.year, self.month, self.day = moment.year, moment.month, moment.day
            self.weekday = (day + 5) % 7
            return
        self.weekday = (day - 1) % 7
        if day == 0:
            self.year, self.month, self.day = 1900, 1, 0
        elif day == 60:
            self.year, self.month, self.day = 1900, 2, 29
        else:
            moment = date(1899, 12, 31 if day < 60 else 30) + timedelta(days=day)
            self.year, self.month, self.day = moment.year, moment.month, moment.day

    def first(self, month: int) -> int:
        """The serial number of the first of a month of this year."""
        start = date(self.year, month, 1)
        if self.date1904:
            return (start - date(1904, 1, 1)).days
        serial = (start - date(1899, 12, 30)).days
        return serial if serial > 60 else serial - 1


def _text(tokens: tuple[Token, ...], parts: _Parts, clock: _Clock) -> str:
    pieces: list[str] = []
    for index, (token, role) in enumerate(zip(tokens, parts.roles, strict=True)):
        if role == "digit" or token.kind == "fill":
            continue
        if role == "decimals":
            zeros = 0
            while index + 1 + zeros < len(tokens) and parts.roles[index + 1 + zeros] == "digit":
                zeros += 1
            pieces.append("." + f"{int(clock.fraction.scaleb(3, EXACT)):03d}"[:zeros])
        elif token.kind == "half":
            pieces.append(_half(token.text, clock.hour >= 12))
        elif role == "elapsed":
            unit = _UNITS[token.text[0]]
            pieces.append(str(int(clock.total // unit)).rjust(len(token.text), "0"))
        elif role:
            pieces.append(_piece(role, token.text, clock, parts.half))
        else:
            pieces.append(token.text)
    return "".join(pieces)


def _half(text: str, afternoon: bool) -> str:
    if len(text) > 3:
        return "PM" if afternoon else "AM"
    return text[2] if afternoon else text[0]


def _piece(role: str, code: str, clock: _Clock, half: bool) -> str:
    size = len(code)
    if role == "year":
        long = code[0] == "e" or size > 2
        return f"{clock.year:04d}" if long else f"{clock.year % 100:02d}"
    if role == "buddhist":
        year = clock.year + 543
        return f"{year}" if size > 2 else f"{year % 100:02d}"
    if role == "era":
        return ""
    if role == "month":
        name = _MONTHS[clock.month - 1]
        return {1: str(clock.month), 2: f"{clock.month:02d}", 3: name[:3], 5: name[:1]}.get(
            size, name
        )
    if role == "weekday":
        name = _WEEK[clock.weekday]
        return name[:3] if size == 3 else name
    if role == "hour":
        number = (clock.hour % 12 or 12) if half else clock.hour
    else:
        number = {"day": clock.day, "minute": clock.minute, "second": clock.second}[role]
    return str(number) if size == 1 else f"{number:02d}"


def _kept(tokens: tuple[Token, ...], parts: _Parts, clock: _Clock) -> Decimal | None:
    roles = set(parts.roles)
    elapsed = [token.text[0] for token in tokens if token.kind == "elapsed"]
    decimals = clock.fraction if "decimals" in roles else Decimal(0)
    minute = "minute" in roles or "m" in elapsed
    second = "second" in roles or "s" in elapsed
    if elapsed:
        unit = max(_UNITS[letter] for letter in elapsed)
        base = int(clock.total // unit) * unit
        left = int(clock.total) - base
        kept = Decimal(base)
        if "s" in elapsed:
            return _serial(Decimal(int(clock.total)) + decimals)
        if minute and unit > 60:
            kept += left // 60 * 60
        if second and unit > 1:
            kept += left % 60
        return _serial(kept + decimals)
    year = bool(roles & {"year", "buddhist"})
    month, day = "month" in roles, "day" in roles
    if not parts.timed and not year:
        return None
    if (month and not year) or (day and not (month and year)):
        return None
    if "weekday" in roles and not (year and month and day):
        return None
    serial = 0
    if year:
        serial = clock.serial if day else clock.first(clock.month if month else 1)
    time = Decimal(0)
    if "hour" in roles:
        time += clock.hour * 3600
    elif parts.half and clock.hour >= 12:
        time += 12 * 3600
    time += (clock.minute * 60 if minute else 0) + (clock.second if second else 0)
    return _serial(EXACT.add(Decimal(serial * _DAY), time + decimals))


def _serial(seconds: Decimal) -> Decimal:
    """Seconds as days at 15 significant digits, half away from zero on the exact ratio."""
    # An exact half of the fifteenth digit ends long before the digits of the division do.
    return FIFTEEN.plus(EXACT.divide(seconds, Decimal(_DAY)))
