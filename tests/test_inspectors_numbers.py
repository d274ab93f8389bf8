"""The inspectors' number formats: the tables of docs/numbers.md, laws, and the builders' engine."""

from __future__ import annotations

import random
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from makers.corpus import workbooks
from safe_release.errors import Malformed
from safe_release.formats.xlsx import numbers as builders
from safe_release.inspectors.number_formats import (
    InspectedFormat,
    builtin_code,
    canonical,
    number_format,
)

PAGE = Path(__file__).parent.parent / "docs" / "numbers.md"

PLAIN = [
    ("0.00", "2.675", "2.68"), ("0", "-0.5", "-1"), ("0", "-0.4", "0"), ("0;(0)", "-0.4", "(0)"),
    (".0", "12", "12.0"), (".0", "0.25", ".3"), ("#.#0", "1", "1.0"), ("#.##", "0", "."),
    ("0,", "12345", "12"), ("0.0,,", "1234567", "1.2"), ("0,.0", "1234", "1234.0"),
    ("0,.", "1234", "1."), ("#,##0", "1234567.5", "1,234,568"), ("0,000", "5", "0,005"),
    ("?,??0", "5", "    5"), ("#,###", "0", ""), ("0.0?", "1.2", "1.2 "),
    ("0.0.0", "1.25", "1.2.5"),
    ("0%", "0.125", "13%"), ("0%%", "0.12345", "1235%%"), ("00-00", "1234567", "12345-67"),
    ("000-00", "7", "000-07"), (",0", "5", ",5"), ('0"x",0', "12", "1x,2"),
    ('#,#"x"', "1234", "1,234x"),
    ("_(0_)", "5", " 5 "), ("*-0", "5", "5"), ("\\0\\\\0", "5", "0\\5"), ('"-"??', "0", "-  "),
    ("[$€-407] 0", "5", "€ 5"), ("[$-409]0", "5", "5"), ("0", "0.30000000000000004", "0"),
    ("0.00000000000000000", "0.30000000000000004", "0.30000000000000000"),
    ("0", "1234567890123456.8", "1234567890123460"), ("0", "1e-300", "0"),
    (".).,?#", "1", "1.). "),
]  # fmt: skip
EXPONENTS = [
    ("0.00E+00", "12345", "1.23E+04"), ("0.00E-00", "12345", "1.23E04"),
    ("0.00E-00", "0.00012", "1.20E-04"), ("##0.0E+0", "12345", "12.3E+3"),
    ("##0.0E+0", "999960", "1.0E+6"), ("##0.0E+0", "0", "000.0E+0"), (".00E+0", "0.5", ".50E+0"),
    (".00e+0", "0.999", ".10E+1"), ("0E+#", "1", "1E+0"), ("0E+0%", "0.5", "5E+1%"),
    ("0.0E+0", "-5", "-5.0E+0"), ("0,E+0", "123456", "1E+2"), ('0E+0"x"0', "1e+20", "1E+2x0"),
]  # fmt: skip
FRACTIONS = [
    ("# ?/?", "0.3", " 2/7"), ("# ?/?", "1.3", "1 1/3"), ("??/??", "0.89", " 8/9 "),
    ("# ?/?", "0.99", "1    "), ("# ??/??", "0.99", " 98/99"), ("# ?/?", "0.125", " 1/8"),
    ("# ?/?", "0", "0    "),
    ("0 0/0", "0", "0 0/1"), ("# 0/0", "0", " 0/1"), ("?/?", "0", "0/1"), ("?/?", "2.5", "5/2"),
    ("# ?/8", "0.99", "1    "), ("# ?/8", "1.3", "1 2/8"), ("# ??/16", "0.06", "  1/16"),
    ("# ?/?", "-0.01", "-0    "), ("00/00", "0.5", "01/02"), ("#,##0 ?/?", "1234.5", "1,234 1/2"),
    ('# ?/?" in"', "0.5", " 1/2 in"), ("# ?\\ /_x?", "0.5", " 1 / 2"),
    ("# ?/100", "0.255", " 26/100"),
]  # fmt: skip
TIMES = [
    ("yyyy-mm-dd", "0", "1900-01-00"), ("yyyy-mm-dd", "60", "1900-02-29"),
    ("yyyy-mm-dd", "61", "1900-03-01"), ("ddd", "1", "Sun"), ("dddd", "61", "Thursday"),
    ("aaa aaaa", "1", "Sun Sunday"), ("yyyy-mm-dd", "2958465", "9999-12-31"),
    ("yyyy-mm-dd", "2958466", "########"), ("yyyy-mm-dd", "-1", "########"),
    ("yyyy-mm-dd", "2958465.9", "9999-12-31"), ("yyyy h:mm", "2958465.99999999", "########"),
    ("d h:mm:ss", "0.9999999", "1 0:00:00"), ("h:mm", "0.9999", "23:59"),
    ("[h]:mm", "1.5", "36:00"), ("[hhh]", "0.5", "012"), ("[m]", "1", "1440"),
    ("[ss]", "1", "86400"),
    ("mm:ss.0", "0.00001157", "00:01.0"), ("ss.000", "0.0000114352", "00.988"),
    ("h:mm AM/PM", "0", "12:00 AM"), ("h A/p", "0.75", "6 p"), ("hh am/pm", "0.5", "12 PM"),
    ("m mm mmm mmmm mmmmm mmmmmm", "32", "2 02 Feb February F February"),
    ("s mm mm", "0.5", "0 00 01"), ("h d m", "0.5", "12 0 1"), ("m s", "0.5", "0 0"),
    ("y yy yyy e ee", "43831", "20 20 2020 2020 2020"), ("b bbb", "43831", "63 2563"),
    ("g", "1", ""), ("ggge", "43831", "2020"), ("B1yyyy", "43831", "2020"),
    ("d, m. y %/", "43831", "1, 1. 20 %/"), ("aaAM/PM", "0.5", "Sat1/P1"),
]  # fmt: skip
TIMES_1904 = [
    ("yyyy-mm-dd dddd", "0", "1904-01-01 Friday"), ("yyyy-mm-dd", "2957003", "9999-12-31"),
    ("yyyy-mm-dd", "2957004", "########"), ("h:mm", "-1.5", "-12:00"),
    ("h:mm;h:mm", "-1.5", "12:00"),
]  # fmt: skip
GENERAL = [
    ("General", "0.1", "0.1"), ("General", "12345678901", "12345678901"),
    ("General", "99999999999.9", "1E+11"), ("General", "0.00012345678", "0.000123457"),
    ("General", "0.00001234", "0.00001234"), ("General", "1.23456789e-05", "1.23457E-05"),
    ("General", "9.99999999e-05", "0.0001"), ("General", "-1.5e+300", "-1.5E+300"),
    ('"a"General_b', "-1", "-a1 "), ("[Red]", "1.5", "1.5"), ("", "1.5", "1.5"),
    ("@", "1.5", "1.5"),
]  # fmt: skip
SECTIONS = [
    ("0;-0;x", "0", "x"), ("0;0", "-1", "1"), ("0;;", "-1", ""), ("[<5]0.0;0", "4", "4.0"),
    ("[<5]0.0;0", "9", "9"), ("[<0]0;0", "-5", "5"), ("[<=0]0;0", "-5", "-5"),
    ("[=-1]0;0", "-1", "1"),
    ("[>100]0;[<-100]0;x", "-101", "101"), ("[>100]0;[<-100]0;x", "-5", "-x"),
    ("[>100]0;[<5]0", "50", "########"), ("[>5]0", "-2.5", "-2.5"), ("[<-3]0", "-2.5", "2.5"),
    ("[<-3]0;0;0", "-2.5", "-3"), ("0;[<-5]0.0;x", "-6", "6.0"), ('[<5]"*"', "-3", "-*"),
    ("[>1][<5]0;x", "7", "x"), ("[=1e1]x;0", "10", "x"), ("[< 5]x;0", "4", "x"), ("**", "5", "*"),
    ("**", "-5", "-*"), (";;;@", "5", ""), ('0;0;0;"t"', "-5", "5"),
]  # fmt: skip
SHOWN = PLAIN + EXPONENTS + FRACTIONS + TIMES + GENERAL + SECTIONS

STORED = [
    (";;;", "5", ("", "")), ("0;;", "-1", ("", "")), ("#", "0.2", ("", "")), ("_x", "5", ("", "")),
    ("General", "0.30000000000000004", ("n", "0.30000000000000004")),
    ("0n", "0.125", ("n", "0.125")), ('"x"', "5", ("s", "x")),
    ("[>5]0;[<1]0", "3", ("s", "########")),
    ("d-mmm", "43831", ("s", "1-Jan")), ("dddd", "43831", ("s", "Wednesday")),
    ("yyyy d", "43831", ("s", "2020 1")), ("mmm yyyy ddd", "43831", ("s", "Jan 2020 Wed")),
    ("0;(0)", "-0.4", ("s", "(0)")), ("[<10]0.0;0", "9.97", ("s", "10.0")),
    ("0.00", "2.675", ("n", "2.68")), ("0", "-0.4", ("n", "0")), ("0%", "0.12345", ("n", "0.12")),
    ("0.0%", "0.12345", ("n", "0.123")), ("0,", "1499", ("n", "1000")),
    ("0.0,,", "1250000", ("n", "1300000")),
    ("0.00000", "0.00001234", ("n", "1e-05")), ("0.00", "1e-05", ("n", "0")),
    ("0.00E+00", "12345", ("n", "12300")), ("0.00E+00", "-1.2345e-10", ("n", "-1.23e-10")),
    ("# ?/?", "0.3", ("n", "0.285714285714286")), ("# ?/8", "1.3", ("n", "1.25")),
    ("# ?/?", "-0.01", ("s", "-0")), ("# ?/?", "0.01", ("n", "0")),
    ("yyyy-mm-dd", "43831.7", ("n", "43831")), ("mmm-yy", "43861", ("n", "43831")),
    ("yy", "43861", ("n", "43831")), ("mmm-yy", "0", ("n", "1")),
    ("h:mm", "43831.123456", ("n", "0.122916666666667")),
    ("yyyy-mm-dd h:mm", "43831.123456", ("n", "43831.1229166667")),
    ("mm:ss", "0.123456", ("n", "0.0401273148148148")),
    ("AM/PM", "0.7", ("n", "0.5")), ("[h]", "1.99", ("n", "1.95833333333333")),
    ("[h]:ss", "0.123456", ("n", "0.0838773148148148")), ("[h][s]", "1.687505", ("n", "1.6875")),
    ("[mm]:ss", "1.5", ("n", "1.5")), ("h;h;z", "0.01", ("s", "0")), ("h", "0.01", ("n", "0")),
    ("0", "1.7976931348623157e+308", ("s", "179769313486232" + "0" * 294)),
    ("0.0", "1234567890123456.8", ("n", "1234567890123460")),
]  # fmt: skip

NOT_UNDERSTOOD = [
    '"a', "[Red", "\\", "0_", "0*", "[x]0", "0;0;0;0;0", "0n", "Nn", "0;0;[<5]0", "@;0", "0@",
    "@ d",
    "d0", "d General", "dE+0 0E+0", "ss.0000", "ss.?", "General0", "General.", "0/", "/0",
    "0 /0 /0", "0.0/0",
    "0%/0", "0E+0E+0", "0E+", "0E+0/0", "/", "0/0 0", "0,/0", "0/1234567890123456", "# ?/0,",
    "0" * 256,
    "[<n]0", "[<+5]0", "[=<5]0",
]  # fmt: skip


@pytest.mark.parametrize(("code", "number", "text"), SHOWN)
def test_a_number_shows(code: str, number: str, text: str) -> None:
    assert number_format(code).understood
    assert number_format(code).text_of(number, date1904=False) == text


@pytest.mark.parametrize(("code", "number", "text"), TIMES_1904)
def test_a_number_shows_in_the_1904_system(code: str, number: str, text: str) -> None:
    assert number_format(code).text_of(number, date1904=True) == text


@pytest.mark.parametrize(("code", "number", "stored"), STORED)
def test_a_copy_stores(code: str, number: str, stored: tuple[str, str]) -> None:
    assert number_format(code).number_as_shown(number, date1904=False) == stored


@pytest.mark.parametrize("code", NOT_UNDERSTOOD)
def test_a_code_that_is_not_understood_changes_nothing(code: str) -> None:
    found = number_format(code)
    assert not found.understood
    assert found.keeps_all_digits
    assert found.number_as_shown("1.23456789", date1904=False) == ("n", "1.23456789")
    assert found.text_of_string("text") == "text"
    assert found.string_as_shown("text") is None


@pytest.mark.parametrize("code", ["0;0;0;0/", ";;;?/", "0;0;0;0E+", "0;0;0;s.0000", "0;0;0;/"])
def test_a_malformed_fourth_section_spoils_the_code(code: str) -> None:
    assert not number_format(code).understood


@pytest.mark.parametrize(
    "code", ["B1", "b2", "[DBNum1]", "[ENG]", "[Red]", "[<5]", "[Color12][JPN]"]
)
def test_a_section_of_nothing_but_settings_is_general(code: str) -> None:
    assert number_format(code).number_as_shown("1.23456789", date1904=False) == ("n", "1.23456789")


@pytest.mark.parametrize(
    ("code", "shown", "stored"),
    [
        ("General", "text", None), ("0;0;0", "text", None), ("0;0;0;0", "text", None),
        ("@", "text", None), ("[Red]@", "text", None), ("_(@_)", " text ", None),
        ("@@", "texttext", None), ("@.%/,", "text.%/,", None), ("0;@", "text", None),
        (";;;", "", ""), ('0;0;0;"x"', "x", "x"), ("0;0;0;**", "*", "*"), ("0;0;0;_x", " ", ""),
        ("0;0;0;General!", "text!", None), ("0;0;[<5]@", "text", None),
    ],
)  # fmt: skip
def test_a_text_shows(code: str, shown: str, stored: str | None) -> None:
    assert number_format(code).understood
    assert number_format(code).text_of_string("text") == shown
    assert number_format(code).string_as_shown("text") == stored


@pytest.mark.parametrize(
    ("code", "quick", "keeps_all"),
    [
        ("0.00", 2, False), ("#,##0", 0, False), ("0.0%", 3, False), ("0;0.00", 0, False),
        ("#", None, False),
        ("0,", None, False), ("[<5]0", None, False), ("0;0;", None, False), ("yyyy", None, False),
        ('0.00;-0.00;"-"??', 2, False), ("General", None, True), ("@", None, True),
        (";;;", None, False),
        ("General;[<5]General", None, False), ("[Red]General;General;General", None, True),
    ],
)  # fmt: skip
def test_short_cuts(code: str, quick: int | None, keeps_all: bool) -> None:
    assert number_format(code).quick == quick
    assert number_format(code).keeps_all_digits is keeps_all


@pytest.mark.parametrize(
    ("spelling", "one"),
    [
        ("1", "1"), ("1.0", "1"), ("-0", "0"), ("+1.50", "1.5"), (".5", "0.5"), ("5.", "5"),
        ("1E5", "100000"),
        ("1E15", "1000000000000000"), ("1E16", "1e+16"), ("0.00001", "1e-05"), ("0.0001", "0.0001"),
        ("1.5E20", "1.5e+20"), ("0.1000000000000000055", "0.1"), ("1e-400", "0"), ("007", "7"),
        ("123456789012345678", "1.2345678901234568e+17"),
        ("-12345678901234.5", "-12345678901234.5"),
    ],
)  # fmt: skip
def test_one_spelling(spelling: str, one: str) -> None:
    assert canonical(spelling) == one


@pytest.mark.parametrize(
    "code", ["General", "0.00", "0.00000000000000", "yyyy-mm-dd h:mm:ss.000", "0.0E+0"]
)
@pytest.mark.parametrize(
    ("spelling", "one"),
    [
        ("0.76725425625497345", "0.7672542562549735"), ("0.00001", "1e-05"), ("1.50", "1.5"),
        ("44927.604166666664241", "44927.604166666664"), ("-0", "0"), ("1E3", "1000"),
    ],
)  # fmt: skip
def test_the_spelling_of_the_source_makes_no_difference(code: str, spelling: str, one: str) -> None:
    assert canonical(spelling) == one
    found = number_format(code)
    assert found.number_as_shown(spelling, False) == found.number_as_shown(one, False)


@pytest.mark.parametrize(
    "spelling", ["", "x", "1_0", "INF", "nan", "1e400", "１", " 1", "1,5", "9" * 5000]
)
def test_no_number(spelling: str) -> None:
    with pytest.raises(Malformed):
        number_format("0").number_as_shown(spelling, date1904=False)


def test_built_in_codes_are_those_of_the_page() -> None:
    section = PAGE.read_text("utf-8").partition("## 11.")[2].partition("## 12.")[0]
    listed = re.findall(r"(?<![0-9–])([0-9]+) `([^`]+)`", section)
    assert len(listed) == 36
    for number, code in listed:
        assert builtin_code(int(number)) == code
    alike = {
        27: 14,
        36: 14,
        50: 14,
        58: 14,
        59: 1,
        62: 4,
        67: 9,
        70: 13,
        71: 14,
        75: 17,
        76: 20,
        81: 47,
    }
    for number, other in alike.items():
        assert builtin_code(number) == builtin_code(other)
    assert {builtin_code(number) for number in (0, -1, 23, 26, 63, 66, 82, 10**9)} == {"General"}


def _spelled(value: float) -> str:
    return canonical(repr(value))


NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(_spelled),
    st.floats(-3e6, 3e6).map(_spelled),
    st.decimals(-100_000, 100_000, places=3).map(lambda value: _spelled(float(value))),
    st.integers(-(10**16), 10**16).map(lambda value: _spelled(float(value))),
    st.sampled_from(
        ["0", "-0.5", "0.5", "9.97", "0.999999", "59.99999", "60", "999999.5", "5e-324"]
    ),
)
PIECES = {
    "plain": '0 0 0 # # ? . , , % "x" \\- _) *- ( ) ; \\0 [Red]'.split(),
    "exponent": "0 0 # ? . , % E+ E- e+ ; - *x _x".split(),
    "fraction": "0 # ? ?? / / _) - 1 8 16 100 , ; *x % .".split(),
    "date": (
        "y yy yyyy m mm mmm mmmm mmmmm mmmmmm d dd ddd dddd h hh s ss AM/PM A/P a/P aaa aaaa b "
        "bb bbb e ee g B1y B1 B2 .0 .00 .000 [h] [hh] [mm] [s] [ss] [m] : / - ; [$-409] % , ."
    ).split(),
    "condition": (
        '[<5] [>=-2.5] [=0] [<>10] [<=0] [>100] [<-3] [=-1] [>1] [<0] [>=0] 0 0.0 # "x" General '
        "yyyy ; ; ; @ ( - 0% #,##0, E+0"
    ).split(),
}
for _pieces in PIECES.values():
    _pieces.append(" ")
PIECES["all"] = [piece for pieces in PIECES.values() for piece in pieces]


def _code(pieces: Sequence[str]) -> str:
    """A code of pieces with at most four sections."""
    return ";".join("".join(pieces).split(";")[:4])


CODES = st.sampled_from(list(PIECES)).flatmap(
    lambda name: st.lists(st.sampled_from(PIECES[name]), min_size=1, max_size=9).map(_code)
)


@settings(max_examples=400, deadline=None)
@given(CODES, NUMBERS, st.booleans())
def test_a_copy_shows_the_same_and_a_copy_of_it_is_itself(
    code: str, number: str, date1904: bool
) -> None:
    found = number_format(code)
    sort, stored = found.number_as_shown(number, date1904)
    shown = found.text_of(number, date1904)
    if sort == "n":
        assert canonical(stored) == stored
        assert found.text_of(stored, date1904) == shown
        assert found.number_as_shown(stored, date1904) == ("n", stored)
        assert not found.keeps_all_digits or stored == number
    else:
        assert stored == shown.strip(" ")
        assert (sort == "s") == bool(stored)


@settings(max_examples=300, deadline=None)
@given(CODES, st.decimals(-(10**9), 10**9, places=4).map(lambda value: _spelled(float(value))))
def test_the_short_cut_changes_nothing(code: str, number: str) -> None:
    quick = number_format(code).quick
    decimals = len(number.partition(".")[2])
    if quick is not None and decimals <= quick:
        assert number_format(code).number_as_shown(number, date1904=False) == ("n", number)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40), st.text(max_size=10))
def test_any_text_is_a_code_and_no_number(code: str, text: str) -> None:
    found = InspectedFormat(code)
    assert found.text_of("1.5", date1904=False) is not None
    assert found.string_as_shown(text) is None or not found.keeps_all_digits or found.understood
    try:
        value = canonical(text)
    except Malformed:
        return
    assert float(value) == float(text)


def _unlike(code: str, numbers: list[str]) -> list[object]:
    """Where the two engines differ."""
    theirs, ours = builders.number_format(code), number_format(code)
    unlike: list[object] = []
    if theirs.understood != ours.understood:
        unlike.append((code, "understood", theirs.understood, ours.understood))
    for number in numbers:
        for date1904 in (False, True):
            kind, text = theirs.as_displayed(number, date1904)
            sort = {"number": "n", "text": "s"}.get(kind, "")
            expected = (theirs.text(number, date1904), (sort, text if sort else ""))
            found = (
                ours.text_of(number, date1904),
                ours.number_as_shown(number, date1904),
            )
            if expected != found:
                unlike.append((code, number, date1904, expected, found))
    for text in ("text", " "):
        stored = theirs.string_as_displayed(text)
        if (stored is None) != ((mine := ours.string_as_shown(text)) is None) or (
            stored is not None and mine is not None and stored.strip(" ") != mine.strip(" ")
        ):
            unlike.append((code, text, stored, mine))
    return unlike


SAMPLE = [
    "0", "1", "-1", "0.5", "-0.4", "0.3", "-1.3", "1234.567", "-1234567.891", "0.004",
    "44927.604166666664",
    "0.30000000000000004", "1e-05", "1.5e+20", "1e-300", "60", "59.99999", "0.999999",
    "2958465.99999",
    "123456789012345", "-0.00012345", "99999.99999", "0.9999", "45123.5208449074", "9.97",
    "1.2345678901234568e+17",
]  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(CODES, st.lists(NUMBERS, min_size=3, max_size=3))
def test_builders_and_inspectors_agree_on_any_code(code: str, numbers: list[str]) -> None:
    assert _unlike(code, numbers) == []


@pytest.mark.parametrize("pieces", list(PIECES))
def test_builders_and_inspectors_agree_on_many_codes(pieces: str) -> None:
    chosen = random.Random(pieces)  # noqa: S311 - the same codes every time
    for _ in range(400):
        code = _code(chosen.choices(PIECES[pieces], k=chosen.randint(1, 9)))
        assert _unlike(code, chosen.sample(SAMPLE, 6)) == []


@pytest.mark.parametrize("code", sorted({row[0] for row in SHOWN + STORED} | set(NOT_UNDERSTOOD)))
def test_builders_and_inspectors_agree_on_the_tables(code: str) -> None:
    assert _unlike(code, SAMPLE) == []


def test_builders_and_inspectors_agree_on_built_in_codes() -> None:
    for number in range(-1, 120):
        assert builders.builtin_code(number) == builtin_code(number)
        assert _unlike(builtin_code(number), SAMPLE) == []


def _codes_of(path: Path) -> set[str]:
    """The format codes of a workbook's styles; none where it has none that can be read."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        with zipfile.ZipFile(path) as archive:
            root = etree.fromstring(archive.read("xl/styles.xml"), parser)
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError):
        return set()
    return {code for code in root.xpath("//*[local-name()='numFmt']/@formatCode") if code}


@pytest.mark.corpus
def test_builders_and_inspectors_agree_on_codes_in_use() -> None:
    codes = sorted({str(code) for path in workbooks() for code in _codes_of(path)})
    if not codes:
        pytest.skip("SAFE_RELEASE_CORPUS: no workbooks")
    assert [found for code in codes for found in _unlike(code, SAMPLE)] == []
