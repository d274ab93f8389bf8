"""What a number shows under its format, and what a copy may keep of it (docs/numbers.md)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache

from safe_release.inspectors.codes import (
    EXACT,
    FIFTEEN,
    Code,
    Section,
    Token,
    fraction_parts,
    read_code,
)
from safe_release.inspectors.days import date_shown
from safe_release.inspectors.texts import canonical_number

FILLED = "########"


@dataclass(frozen=True, slots=True)
class Shown:
    """A number under a section: its text, and the number that says as much.

    ``kept`` is ``None`` where no number does; ``as_is`` marks sections that keep all digits.
    """

    text: str
    kept: Decimal | None = None
    as_is: bool = False


@lru_cache(maxsize=4096)
def code_of(code: str) -> Code:
    """A code, read once."""
    return read_code(code)


@lru_cache(maxsize=65_536)
def stored(code: str, number: str, date1904: bool) -> tuple[str, str] | None:
    """What a copy stores for a number, by its canonical spelling, under a format code.

    ``("n", spelling)``, ``("s", text)``, or ``None`` for no value (docs/numbers.md, section 10).
    """
    x = FIFTEEN.create_decimal(number)
    read = code_of(code)
    shown = _show(read, x, date1904)
    if shown.as_is:
        return "n", number
    ink = shown.text.strip(" ")
    if not ink:
        return None
    kept = shown.kept
    if kept is None:
        return "s", ink
    spelled = canonical_number(_spell(kept))
    if spelled is None:
        return "s", ink
    again_x = FIFTEEN.create_decimal(spelled)
    if again_x != x:
        again = _show(read, again_x, date1904)
        if again.text != shown.text or again.kept is None or again.kept != kept:
            return "s", ink
    return "n", spelled


def stored_text(code: str, text: str) -> str:
    """What a copy stores for a text under a format code (docs/numbers.md, section 9)."""
    section = code_of(code).text
    if section is None or any(token.kind in ("at", "general") for token in section.tokens):
        return text
    if section.kind == "general":
        return text
    return _mask(section, "").strip(" ")


def _spell(number: Decimal) -> str:
    text = str(number)
    if canonical_number(text) is None and number.is_finite() and number:
        # Fifteen digits rounded past the largest double: the last of them is lowered by one.
        sign, digits, exponent = number.as_tuple()
        lowered = int("".join(map(str, digits)).ljust(15, "0")) - 1
        text = f"{'-' if sign else ''}{lowered}E{number.adjusted() - 14}"
        del exponent
    return text


def _show(code: Code, x: Decimal, date1904: bool) -> Shown:
    chosen = code.choose(x)
    if chosen is None:
        return Shown(FILLED)
    section, below = chosen
    minus = "-" if below else ""
    if section.kind == "general":
        return Shown("", as_is=True)
    if section.kind == "mask":
        return Shown(_mask(section, minus))
    if section.kind == "date":
        found = date_shown(section.tokens, x, date1904)
        if found is None:
            return Shown(FILLED)
        text, kept = found
        if kept is not None:
            kept = kept.copy_sign(x) if kept else Decimal(0)
        return Shown(minus + text, kept)
    shower = {"plain": _plain, "exponent": _exponent, "fraction": _fraction}[section.kind]
    text, kept = shower(section.tokens, x)
    if minus and not kept and section.kind != "fraction":
        minus = ""
    return Shown(minus + text, kept)


def _mask(section: Section, minus: str) -> str:
    text = "".join(token.text for token in section.tokens if token.kind != "fill")
    if not text.strip(" "):
        fills = [token.text for token in section.tokens if token.kind == "fill"]
        text = next((fill for fill in fills if fill != " "), text)
    return minus + text


def round_at(x: Decimal, places: int) -> Decimal:
    """Half away from zero at a number of decimals, which may be negative."""
    if not x:
        return Decimal(0)
    if x.adjusted() < -places - 1:
        return Decimal(0)
    return x.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=EXACT)


# -- plain numbers ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Pattern:
    """Placeholders around a point, and what commas and percents do (section 5)."""

    tokens: tuple[Token, ...]
    point: int
    """Where the first point stands among the tokens; their count where there is none."""
    wholes: tuple[int, ...]
    decimals: tuple[int, ...]
    silent: frozenset[int]
    """Commas that show nothing."""
    grouped: bool
    thousands: int
    percents: int
    bare_point: bool


@lru_cache(maxsize=4096)
def _pattern(tokens: tuple[Token, ...]) -> _Pattern:
    point = next((i for i, token in enumerate(tokens) if token.kind == "point"), len(tokens))
    places = [i for i, token in enumerate(tokens) if token.kind == "place"]
    silent: set[int] = set()
    grouped, thousands, at = False, 0, 0
    while at < len(tokens):
        if tokens[at].kind != "comma":
            at += 1
            continue
        end = at
        while end < len(tokens) and tokens[end].kind == "comma":
            end += 1
        if at and tokens[at - 1].kind in ("place", "point"):
            silent.update(range(at, end))
            if end < len(tokens) and tokens[end].kind == "place" and end < point:
                grouped = True
            elif not any(place >= end for place in places):
                thousands += end - at
        at = end
    wholes = tuple(i for i in places if i < point)
    return _Pattern(
        tokens,
        point,
        wholes,
        tuple(i for i in places if i > point),
        frozenset(silent),
        grouped,
        thousands,
        sum(token.kind == "percent" for token in tokens),
        point < len(tokens) and not wholes,
    )


def _lay(pattern: _Pattern, whole: str, fraction: str) -> str:
    """Put digits into the placeholders."""
    pieces: list[str] = []
    significant = len(fraction.rstrip("0"))
    filled = _fill_whole([pattern.tokens[i].text for i in pattern.wholes], whole, pattern.grouped)
    for index, token in enumerate(pattern.tokens):
        if index == pattern.point:
            if pattern.bare_point:
                pieces.append(_fill_whole(["#"], whole, pattern.grouped)[0])
            pieces.append(".")
        elif index in pattern.silent or token.kind == "fill":
            continue
        elif token.kind == "place" and index < pattern.point:
            pieces.append(filled.pop(0))
        elif token.kind == "place":
            position = pattern.decimals.index(index)
            if position < significant:
                pieces.append(fraction[position])
            else:
                pieces.append({"0": "0", "?": " ", "#": ""}[token.text])
        else:
            pieces.append(token.text)
    return "".join(pieces)


def _fill_whole(places: list[str], digits: str, grouped: bool) -> list[str]:
    """What each whole placeholder shows, filled from the right; the first takes what is left."""
    shown: list[str] = []
    count = len(places)
    for index, place in enumerate(places):
        power = count - 1 - index
        if index == 0 and len(digits) > count:
            taken = digits[: len(digits) - power]
            piece = ""
            for offset, digit in enumerate(taken):
                piece += digit + _comma(power + len(taken) - 1 - offset, digit, grouped)
            shown.append(piece)
            continue
        if power < len(digits):
            character = digits[len(digits) - 1 - power]
        else:
            character = {"0": "0", "?": " ", "#": ""}[place]
        shown.append(character + _comma(power, character, grouped))
    return shown


def _comma(power: int, character: str, grouped: bool) -> str:
    if not grouped or not character or power == 0 or power % 3:
        return ""
    return " " if character == " " else ","


def _digits(x: Decimal, places: int) -> tuple[str, str]:
    """Whole and decimal digits of a number that is not negative; no whole digit for zero."""
    text = format(round_at(x, places).copy_abs(), "f")
    whole, _, fraction = text.partition(".")
    return whole.lstrip("0"), fraction.ljust(places, "0")[:places]


def _plain(tokens: tuple[Token, ...], x: Decimal) -> tuple[str, Decimal]:
    pattern = _pattern(tokens)
    power = 2 * pattern.percents - 3 * pattern.thousands
    places = len(pattern.decimals)
    whole, fraction = _digits(x.copy_abs().scaleb(power, EXACT), places)
    return _lay(pattern, whole, fraction), round_at(x, places + power)


def kept_decimals(tokens: tuple[Token, ...]) -> int:
    """How many decimals of the stored number a plain section keeps."""
    pattern = _pattern(tokens)
    return len(pattern.decimals) + 2 * pattern.percents - 3 * pattern.thousands


# -- exponents --------------------------------------------------------------------------------


def _exponent(tokens: tuple[Token, ...], x: Decimal) -> tuple[str, Decimal]:
    at = next(i for i, token in enumerate(tokens) if token.kind == "exponent")
    pattern = _pattern(tokens[:at])
    power = 2 * pattern.percents - 3 * pattern.thousands
    width, places = len(pattern.wholes), len(pattern.decimals)
    step = max(width, 1)
    scaled = x.copy_abs().scaleb(power, EXACT)
    exponent = 0
    mantissa = Decimal(0)
    if scaled:
        magnitude = scaled.adjusted() + (width == 0)
        exponent = magnitude // step * step
        mantissa = round_at(scaled.scaleb(-exponent, EXACT), places)
        if mantissa and mantissa.adjusted() >= width:
            exponent += step
            mantissa = round_at(scaled.scaleb(-exponent, EXACT), places)
    whole, fraction = _digits(mantissa, places)
    if not mantissa:
        whole = "0" * width
    text = _lay(pattern, whole, fraction) + "E"
    text += "-" if exponent < 0 else "+" if tokens[at].text == "+" else ""
    after = tokens[at + 1 :]
    filled = _fill_whole(
        [token.text for token in after if token.kind == "place"], str(abs(exponent)), False
    )
    for token in after:
        if token.kind == "place":
            text += filled.pop(0)
        elif token.kind != "fill":
            text += token.text
    return text, mantissa.scaleb(exponent - power, EXACT).copy_sign(x) if mantissa else Decimal(0)


# -- fractions --------------------------------------------------------------------------------


def quotient(above: int, below: int) -> Decimal:
    """A ratio at 15 significant digits, half away from zero."""
    # An exact half of the fifteenth digit ends long before the digits of the division do.
    return FIFTEEN.plus(EXACT.divide(Decimal(above), Decimal(below)))


def _convergent(x: Decimal, whole: int, rest: Decimal, places: int) -> tuple[int, int]:
    """The last convergent whose denominator fits, in binary64 (section 7)."""
    most = min(places, 7)
    t = float(x) - float(whole) if rest else 0.0
    limit = 1 / 10**most
    n, d, n1, d1 = 0, 1, 1, 0
    while t > limit:
        inverse = 1 / t
        a = int(inverse)
        if a * d + d1 > 10**most - 1:
            break
        n, d, n1, d1 = a * n + n1, a * d + d1, n, d
        t = inverse - a
    return n, d


def _fraction(tokens: tuple[Token, ...], x: Decimal) -> tuple[str, Decimal]:
    parts = fraction_parts(tokens)
    if parts is None:
        return "", x
    size = x.copy_abs()
    floor = size.to_integral_value(rounding=ROUND_FLOOR)
    whole, rest = int(floor), EXACT.subtract(size, floor)
    if parts.fixed:
        below = parts.fixed
        above = int(round_at(EXACT.multiply(rest, Decimal(below)), 0))
    else:
        above, below = _convergent(size, whole, rest, len(parts.denominator))
    if parts.whole:
        if above == below:
            whole, above = whole + 1, 0
    else:
        whole, above = 0, whole * below + above
    kept = quotient(whole * below + above, below)
    return _lay_fraction(tokens, whole, above, below), kept.copy_sign(x) if kept else Decimal(0)


def _lay_fraction(tokens: tuple[Token, ...], whole: int, above: int, below: int) -> str:
    parts = fraction_parts(tokens)
    if parts is None:
        return ""
    first, last = parts.numerator.start, parts.denominator.stop
    zeros = any(tokens[i].text == "0" for i in parts.numerator) or (
        not parts.fixed and any(tokens[i].text == "0" for i in parts.denominator)
    )
    vanishes = bool(parts.whole) and above == 0 and not zeros
    digits = str(whole) if whole else "0" if parts.whole and vanishes else ""
    filled = _fill_whole([tokens[i].text for i in parts.whole], digits, parts.grouped)
    pieces: list[str] = []
    for token in tokens[:first]:
        if token.kind == "place":
            pieces.append(filled.pop(0))
        elif token.kind not in ("fill", "comma"):
            pieces.append(token.text)
    if vanishes:
        pieces.append(" " * sum(token.length for token in tokens[first:last]))
    else:
        pieces += _fill_whole([tokens[i].text for i in parts.numerator], str(above), False)
        pieces += [token.text for token in tokens[parts.numerator.stop : parts.denominator.start]]
        if parts.fixed:
            pieces += [tokens[i].text for i in parts.denominator]
        else:
            pieces.append(_denominator([tokens[i].text for i in parts.denominator], str(below)))
    pieces += [token.text for token in tokens[last:] if token.kind != "fill"]
    return "".join(pieces)


def _denominator(places: list[str], digits: str) -> str:
    missing = places[len(digits) :]
    return "0" * missing.count("0") + digits + " " * missing.count("?")
