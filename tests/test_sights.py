"""What a reader sees of values: what shows stays on any ground, and both hands agree."""

from __future__ import annotations

import io
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from canaries.edits import append_row, cell, put, style
from canaries.layers import occurs
from canaries.sights import painted, solid
from makers.packages import Package, fragment, x
from makers.sheets import add_table, sheet, workbook
from safe_release import Report, clean
from safe_release.channel import Fate
from safe_release.formats.xlsx.dxf import Dxf
from safe_release.formats.xlsx.preset_styles import preset_style
from safe_release.inspectors.colors import Named
from safe_release.inspectors.table_styles import built_in

WORD = "Shown0042"
WHITE = '<color theme="0"/>'
GRADIENT = (
    '<fill><gradientFill><stop position="0"><color rgb="FFFFFFFF"/></stop>'
    '<stop position="1"><color rgb="FF000080"/></stop></gradientFill></fill>'
)


def made(text: str = "A1=first | B1=second | A2=one | B2=2") -> Package:
    return workbook(sheet(text, name="Sheet"))


def cleaned(source: Package) -> tuple[bytes, Report]:
    with TemporaryDirectory() as folder:
        target = Path(folder) / "copy.xlsx"
        report = clean(source.zip(), target)
        return target.read_bytes(), report


def values(copy: bytes) -> dict[str, object]:
    page = openpyxl.load_workbook(io.BytesIO(copy)).active
    assert page is not None
    return {item.coordinate: item.value for row in page.rows for item in row
            if item.value is not None}  # fmt: skip


def rule(sqref: str, inside: str) -> str:
    return f'<conditionalFormatting sqref="{sqref}">{inside}</conditionalFormatting>'


@pytest.mark.parametrize(
    ("color", "fill"),
    [
        (WHITE, solid('theme="4"')),
        (WHITE, solid('rgb="FF1F497D"')),
        ('<color rgb="FFFF0000"/>', solid('rgb="FF008000"')),
        ('<color rgb="FFFFFF00"/>', ""),
        ("", '<fill><patternFill patternType="gray125"/></fill>'),
        ('<color theme="1"/>', solid('theme="0"')),
        ('<color indexed="64"/>', solid('indexed="65"')),
        ('<color auto="1"/>', solid('theme="3" tint="0.8"')),
        (
            WHITE,
            GRADIENT,
        ),
    ],
)
def test_what_shows_stays(color: str, fill: str) -> None:
    source = made()
    number = painted(source, color, fill=fill)
    append_row(source, 1, 9, cell("A9", WORD, f' s="{number}"'))
    copy, report = cleaned(source)
    assert values(copy)["A9"] == WORD
    assert not any(f.channel.startswith("xlsx.cell.font-") for f in report.findings)


def test_white_headers_of_dark_tables_stay() -> None:
    source = made("A1=Area | B1=Count | A2=North | B2=2 | A3=South | B3=3")
    add_table(source, 1, "A1:B3", ["Area", "Count"], "Table1")
    number = painted(source, WHITE)
    for part in ("A1", "B1"):
        source.swap(source.sheet(1), f'r="{part}"', f'r="{part}" s="{number}"')
    copy, report = cleaned(source)
    assert values(copy)["A1"] == "Area"
    assert not any(f.channel.startswith("xlsx.cell.font-") for f in report.findings)


def test_white_on_a_fill_of_a_rule_stays_and_shows() -> None:
    source = made()
    number = painted(source, WHITE)
    append_row(source, 1, 9, cell("A9", WORD, f' s="{number}"'))
    with source.edit("xl/styles.xml") as root:
        put(root, '<dxfs count="1"><dxf><fill><patternFill><bgColor rgb="FF000080"/>'
                  "</patternFill></fill></dxf></dxfs>")  # fmt: skip
    with source.edit(source.sheet(1)) as root:
        put(root, rule("A5:A10", '<cfRule type="expression" dxfId="0" priority="1">'
                                 "<formula>1</formula></cfRule>"))  # fmt: skip
    copy, report = cleaned(source)
    assert values(copy)["A9"] == WORD
    page = openpyxl.load_workbook(io.BytesIO(copy)).active
    assert page is not None
    assert page["A9"].font.color is None
    told = {f.action for f in report.findings if f.channel == "xlsx.cell.invisible-text"}
    assert told == {Fate.KEPT}
    assert cleaned(Package.read(copy))[0] == copy


def test_a_rule_that_paints_nothing_reveals_nothing() -> None:
    source = made()
    number = painted(source, WHITE)
    append_row(source, 1, 9, cell("A9", WORD, f' s="{number}"'))
    with source.edit("xl/styles.xml") as root:
        put(root, '<dxfs count="1"><dxf><font><b/></font></dxf></dxfs>')
    with source.edit(source.sheet(1)) as root:
        put(root, rule("A5:A10", '<cfRule type="expression" dxfId="0" priority="1">'
                                 "<formula>1</formula></cfRule>"))  # fmt: skip
    copy, _ = cleaned(source)
    assert not occurs(WORD, copy)


def test_a_text_stays_where_it_shows_and_goes_where_it_does_not() -> None:
    source = made("A1=x | B1=y | A2=z | B2=z")
    white = painted(source, WHITE)
    dark = painted(source, "", fill=solid('rgb="FFC00000"'))
    look = f'<rPr><sz val="11"/>{WHITE}</rPr>'
    run = f'<r><t xml:space="preserve">Sum </t></r><r>{look}<t>{WORD}</t></r>'
    with source.edit("xl/sharedStrings.xml") as root:
        root.append(fragment(f"<si>{run}</si>"))
        place = len(root) - 1
    written = [f'<c r="{{}}" s="{number}" t="s"><v>{place}</v></c>' for number in (0, dark, white)]
    for row in range(5, 9):
        cells = "".join(
            text.format(f"{column}{row}") for column, text in zip("ABC", written, strict=True)
        )
        append_row(source, 1, row, cells)
    copy, _ = cleaned(source)
    found = values(copy)
    assert found["A5"] == found["A8"] == "Sum "
    assert found["B5"] == found["B8"] == f"Sum {WORD}"
    assert "C5" not in found
    assert cleaned(Package.read(copy))[0] == copy


def test_a_red_number_on_red_goes_and_the_black_one_beside_it_stays() -> None:
    source = made()
    number = painted(source, "", fill=solid('rgb="FFFF0000"'), format_code="0;[Red]-0")
    for row, value in enumerate((5, -6, 7, -8), 5):
        append_row(source, 1, row, f'<c r="A{row}" s="{number}"><v>{value}</v></c>')
    found = values(cleaned(source)[0])
    assert (found["A5"], found["A7"]) == (5, 7)
    assert not {"A6", "A8"} & set(found)


def test_built_in_table_styles_are_the_same_in_both_hands() -> None:
    for group, count in (("Light", 22), ("Medium", 29), ("Dark", 12)):
        for number in range(1, count + 1):
            name = f"TableStyle{group}{number}"
            ours = {kind: look for kind, look in (preset_style(name) or {}).items()
                    if (look.color, look.fg) != (None, None)}  # fmt: skip
            theirs = built_in(name)
            assert ours.keys() == theirs.keys(), name
            for kind, look in ours.items():
                coat = theirs[kind]
                assert _color(look, "color") == coat.ink, (name, kind)
                assert _color(look, "fg") == (coat.fill[1] if coat.fill else None), (name, kind)


def _color(look: Dxf, part: str) -> Named | None:
    color = getattr(look, part)
    return None if color is None else Named(color.kind, color.value, color.tint)


COLORS = st.sampled_from(
    [
        "", 'theme="0"', 'theme="1"', 'theme="4"', 'theme="4" tint="0.8"', 'rgb="FFFFFFFF"',
        'rgb="FFFFFF00"', 'rgb="FF000000"', 'rgb="FFDCE6F1"', 'indexed="9"', 'indexed="64"',
        'indexed="65"', 'auto="1"', 'rgb="FF4F81BD"', 'theme="1" tint="-0.5"', 'theme="99"',
    ]
)  # fmt: skip
PATTERNS = st.sampled_from(["none", "solid", "gray125", "darkGrid", "mediumGray", "nonsense"])
CODES = st.sampled_from(
    ["", "0.00", "[White]0;[Red]-0", "0;[Color 1]-0;0;[White]@", "[Black]General", "[Color 60]0"]
)
NAMES = st.sampled_from(
    ["TableStyleMedium2", "TableStyleDark1", "TableStyleLight9", "TableStyleMedium9", "Own", "No"]
)
FORMATS = st.lists(st.tuples(COLORS, PATTERNS, COLORS, COLORS, CODES, st.sampled_from([1, 2, 11])),
                   min_size=2, max_size=5)  # fmt: skip
RUNS = st.lists(st.tuples(st.booleans(), COLORS, st.sampled_from(["", "1", "11"])),
                min_size=1, max_size=3)  # fmt: skip
FLAGS = st.tuples(*[st.booleans()] * 4)


@settings(
    deadline=None,
    max_examples=40,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(
    formats=FORMATS,
    runs=RUNS,
    name=NAMES,
    flags=FLAGS,
    hidden=st.sets(st.integers(3, 12)),
    choices=st.lists(st.integers(0, 99), min_size=60, max_size=60),
    painted_over=st.booleans(),
)
def test_both_hands_agree_on_any_looks(
    formats: list[tuple[str, str, str, str, str, int]],
    runs: list[tuple[bool, str, str]],
    name: str,
    flags: tuple[bool, ...],
    hidden: set[int],
    choices: list[int],
    painted_over: bool,
) -> None:
    """A copy that the verifier lets pass, and whose copy is itself, says that they do."""
    source = workbook(sheet("A1=Area | B1=Count | C1=Share", name="Sheet"))
    numbers = [0]
    for color, kind, fg, bg, code, size in formats:
        fill = f'<fill><patternFill patternType="{kind}">'
        fill += f"<fgColor {fg}/>" if fg else ""
        fill += f"<bgColor {bg}/>" if bg else ""
        font = f'<font><sz val="{size}"/>{f"<color {color}/>" if color else ""}</font>'
        xf = '<xf applyFont="1" applyFill="1"/>'
        numbers.append(style(source, xf, font, code, f"{fill}</patternFill></fill>"))
    rich = "".join(
        f"<r>{_properties(color, size) if dressed else ''}<t>word{at}</t></r>"
        for at, (dressed, color, size) in enumerate(runs)
    )
    pick = iter(choices)
    for row in range(2, 22):
        cells = "".join(_any_cell(f"{column}{row}", numbers, next(pick), rich) for column in "ABC")
        append_row(source, 1, row, cells, 'hidden="1"' if row in hidden else "")
    part = add_table(source, 1, "A1:C16", ["Area", "Count", "Share"], "Table1")
    shows = ("showFirstColumn", "showLastColumn", "showRowStripes", "showColumnStripes")
    with source.edit(part) as root:
        info = root.find(x("tableStyleInfo"))
        assert info is not None
        info.set("name", name)
        for flag, value in zip(shows, flags, strict=True):
            info.set(flag, str(int(value)))
    with source.edit("xl/styles.xml") as root:
        put(root, OWN_LOOKS)
        put(root, OWN_STYLE)
    if painted_over:
        with source.edit(source.sheet(1)) as root:
            put(root, rule("B3:C9 A15:A18", '<cfRule type="cellIs" dxfId="0" priority="1" '
                           'operator="greaterThan"><formula>0</formula></cfRule>'))  # fmt: skip
    copy, _ = cleaned(source)
    again, _ = cleaned(Package.read(copy))
    assert again == copy


OWN_LOOKS = (
    '<dxfs count="3"><dxf><font><color theme="0"/></font><fill><patternFill><bgColor theme="1"/>'
    '</patternFill></fill></dxf><dxf><fill><patternFill patternType="darkGrid"><fgColor theme="0"/>'
    '<bgColor rgb="FFFFFFFE"/></patternFill></fill></dxf><dxf><font><color rgb="FFFFFFFF"/></font>'
    "</dxf></dxfs>"
)
OWN_STYLE = (
    '<tableStyles count="1"><tableStyle name="Own" pivot="0" count="4">'
    '<tableStyleElement type="headerRow" dxfId="0"/><tableStyleElement type="firstRowStripe" '
    'size="2" dxfId="1"/><tableStyleElement type="lastColumn" dxfId="2"/>'
    '<tableStyleElement type="secondColumnStripe" dxfId="0"/></tableStyle></tableStyles>'
)


def _properties(color: str, size: str) -> str:
    inside = (f'<sz val="{size}"/>' if size else "") + (f"<color {color}/>" if color else "")
    return f"<rPr>{inside}</rPr>"


def _any_cell(place: str, numbers: list[int], choice: int, rich: str) -> str:
    number = numbers[choice % len(numbers)]
    kind = choice // 7 % 5
    if kind == 0:
        return f'<c r="{place}" s="{number}"><v>{choice - 50}</v></c>'
    if kind == 1:
        return cell(place, f"text{choice}", f' s="{number}"')
    if kind == 2:
        return f'<c r="{place}" s="{number}" t="inlineStr"><is>{rich}</is></c>'
    if kind == 3:
        return f'<c r="{place}" s="{number}" t="b"><v>{choice % 2}</v></c>'
    return f'<c r="{place}" s="{number}"/>'


def test_a_table_that_becomes_plain_cells_keeps_its_look() -> None:
    """White headers on the dark ground of a table that merged cells make plain."""
    source = made("A1=Area | B1=Count | A2=North | B2=2 | A3=South | B3=3 ; merge A3:B3")
    add_table(source, 1, "A1:B3", ["Area", "Count"], "Table1")
    number = painted(source, WHITE)
    source.swap(source.sheet(1), 'r="A1"', f'r="A1" s="{number}"')
    copy, report = cleaned(source)
    page = openpyxl.load_workbook(io.BytesIO(copy)).active
    assert page is not None
    assert page.tables == {}
    assert page["A1"].value == "Area"
    assert page["A1"].fill.fgColor.theme == 4
    assert page["A2"].fill.fgColor.theme == 4
    assert page["A2"].fill.fgColor.tint == pytest.approx(0.8)
    assert not any(f.channel.startswith("xlsx.cell.font-") for f in report.findings)
    assert cleaned(Package.read(copy))[0] == copy
