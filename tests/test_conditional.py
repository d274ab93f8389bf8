"""Conditional formats: which stay, which become looks of cells, and what they must not carry."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from canaries.edits import put, put_in
from canaries.layers import occurs
from conftest import Clean
from makers.packages import Package, fragment
from makers.sheets import sheet, workbook
from safe_release import CannotRebuild, clean, inspect, verify
from test_verify import edited

SHEET = "xl/worksheets/sheet1.xml"
RED = '<dxf><fill><patternFill><bgColor rgb="FFFF0000"/></patternFill></fill></dxf>'
BOLD = "<dxf><font><b/></font></dxf>"
WHITE = '<dxf><font><color rgb="FFFFFFFF"/></font></dxf>'
BLANK = '<dxf><numFmt numFmtId="200" formatCode=";;;"/></dxf>'
ICONS = (
    '<iconSet iconSet="3Arrows"{0}><cfvo type="percent" val="0"/><cfvo type="percent" val="33"/>'
    '<cfvo type="percent" val="67"/></iconSet>'
)
BAR = '<dataBar{0}><cfvo type="min"/><cfvo type="max"/><color rgb="FF638EC6"/></dataBar>'
SCALE = (
    '<colorScale><cfvo type="min"/><cfvo type="max"/><color rgb="FFFF0000"/>'
    '<color rgb="FF0000FF"/></colorScale>'
)
NUMBERS = "A1=Visible | A2=10 | A3=20 | A4=30 | A5=40 | A6=50"
HIDDEN = NUMBERS + " ; row 4 hidden=1"


def with_rules(notation: str, rules: Sequence[tuple[str, str, str]], dxfs: str = RED) -> Package:
    """A workbook of one sheet with rules: area, attributes, content; first comes first."""
    package = workbook(notation)
    count = dxfs.count("<dxf>")
    put_in(package, package.styles, f'<dxfs count="{count}">{dxfs}</dxfs>')
    with package.edit(package.sheet(1)) as root:
        for priority, (sqref, attributes, content) in reversed(list(enumerate(rules, 1))):
            text = (
                f'<conditionalFormatting sqref="{sqref}"><cfRule {attributes}'
                f' priority="{priority}">{content}</cfRule></conditionalFormatting>'
            )
            made = put(root, "<conditionalFormatting/>")
            root.replace(made, fragment(text))
            if priority > 1:
                kept = root.find(made.tag)
                assert kept is not None
                kept.tag = "kept"
        for node in root.findall("kept"):
            node.tag = made.tag
    return package


def opened(copy: bytes) -> Worksheet:
    active = openpyxl.load_workbook(io.BytesIO(copy)).active
    assert isinstance(active, Worksheet)
    return active


def rules_of(copy: bytes) -> list[tuple[str, str, list[str]]]:
    """Area, kind and formulas of the rules of a copy's first sheet, by priority."""
    found = [
        (rule.priority, str(area.sqref), rule.type, list(rule.formula))
        for area, rules in opened(copy).conditional_formatting._cf_rules.items()
        for rule in rules
    ]
    return [item[1:] for item in sorted(found)]


def check_again(copy: bytes, source: bytes, cleaned: Clean) -> None:
    """What must hold for every copy: proved, and a copy of it is the same."""
    assert verify(copy, source=source).passed
    assert cleaned(copy)[0] == copy
    assert inspect(copy).findings == ()


@pytest.mark.parametrize(
    ("attributes", "content"),
    [
        ('type="cellIs" dxfId="0" operator="lessThan"', "<formula>25</formula>"),
        (
            'type="cellIs" dxfId="0" operator="between"',
            "<formula>5</formula><formula>$A$2</formula>",
        ),
        ('type="expression" dxfId="0"', "<formula>AND(A2&gt;5,ISNUMBER(A2))</formula>"),
        ('type="expression" dxfId="0"', '<formula>$A2&lt;&gt;""</formula>'),
        ('type="top10" dxfId="0" rank="2" bottom="1"', ""),
        ('type="aboveAverage" dxfId="0" aboveAverage="0" equalAverage="1"', ""),
        ('type="duplicateValues" dxfId="0"', ""),
        ('type="uniqueValues" dxfId="0"', ""),
        ('type="containsBlanks" dxfId="0"', "<formula>LEN(TRIM(A2))=0</formula>"),
        ('type="notContainsErrors" dxfId="0"', "<formula>NOT(ISERROR(A2))</formula>"),
        (
            'type="timePeriod" dxfId="0" timePeriod="today"',
            "<formula>FLOOR(A2,1)=TODAY()</formula>",
        ),
        ('type="colorScale"', SCALE),
        ('type="iconSet"', ICONS.format("")),
        ('type="iconSet"', ICONS.format(' reverse="1"')),
        ('type="dataBar"', BAR.format(' minLength="0" maxLength="100"')),
        (
            'type="dataBar"',
            (
                '<dataBar><cfvo type="num" val="-1.5"/><cfvo type="percentile" val="90"/>'
                '<color theme="4"/></dataBar>'
            ),
        ),
    ],
)
def test_a_rule_about_visible_cells_stays(attributes: str, content: str, cleaned: Clean) -> None:
    source = with_rules(NUMBERS, [("A2:A6", attributes, content)]).zip()
    copy, report = cleaned(source)
    kept = rules_of(copy)
    assert [(area, f'type="{kind}"') for area, kind, _ in kept] == [
        ("A2:A6", attributes.split(" ")[0])
    ]
    assert "xlsx.ws.cf-formula" not in {finding.channel for finding in report.findings}
    check_again(copy, source, cleaned)


def test_a_rule_moves_with_its_cells(cleaned: Clean) -> None:
    notation = "A1=Visible | C5=3 | C6=4 | D5=1 | D6=2 | F9=1 ; row 3 hidden=1 ; col B hidden=1"
    rule = ("C5:C6", 'type="expression" dxfId="0"', "<formula>C5+D5&gt;$F$9</formula>")
    source = with_rules(notation, [rule]).zip()
    copy, _ = cleaned(source)
    assert rules_of(copy) == [("B4:B5", "expression", ["B4+C4>$E$8"])]
    check_again(copy, source, cleaned)


def test_a_text_in_a_rule_becomes_the_look_of_the_cells(cleaned: Clean) -> None:
    notation = "A1=Visible | A2=Falcon | A3=Heron | A4=falcon feather"
    rules = [
        ("A2:A4", 'type="cellIs" dxfId="0" operator="equal"', '<formula>"Falcon"</formula>'),
        (
            "A2:A4",
            'type="containsText" dxfId="1" operator="containsText" text="feather"',
            '<formula>NOT(ISERROR(SEARCH("feather",A2)))</formula>',
        ),
    ]
    source = with_rules(notation, rules, RED + BOLD).zip()
    copy, report = cleaned(source)
    assert rules_of(copy) == []
    cells = opened(copy)
    assert [cells[place].fill.fgColor.rgb for place in ("A2", "A3")] == ["FFFF0000", "00000000"]
    assert [bool(cells[place].font.b) for place in ("A2", "A3", "A4")] == [False, False, True]
    assert "xlsx.ws.cf-formula" in {finding.channel for finding in report.findings}
    check_again(copy, source, cleaned)


@pytest.mark.parametrize(
    ("attributes", "content", "red"),
    [
        ('type="top10" dxfId="0" rank="1"', "", ["A5"]),
        ('type="aboveAverage" dxfId="0"', "", ["A4", "A5"]),
        ('type="cellIs" dxfId="0" operator="greaterThan"', "<formula>$A$4</formula>", ["A4", "A5"]),
        ('type="expression" dxfId="0"', "<formula>A3&gt;35</formula>", ["A4"]),
    ],
)
def test_a_rule_that_looks_at_hidden_cells_becomes_a_look(
    attributes: str, content: str, red: list[str], cleaned: Clean
) -> None:
    source = with_rules(HIDDEN, [("A2:A6", attributes, content)]).zip()
    copy, _ = cleaned(source)
    assert rules_of(copy) == []
    cells = opened(copy)
    painted = [f"A{row}" for row in range(2, 6) if cells[f"A{row}"].fill.patternType == "solid"]
    assert painted == red
    check_again(copy, source, cleaned)


def test_a_colour_scale_over_hidden_cells_becomes_fills(cleaned: Clean) -> None:
    notation = "A1=Visible | A2=0 | A3=100 | A4=50 ; row 3 hidden=1"
    source = with_rules(notation, [("A2:A4", 'type="colorScale"', SCALE)]).zip()
    copy, _ = cleaned(source)
    cells = opened(copy)
    assert [cells[f"A{row}"].fill.fgColor.rgb for row in (2, 3)] == ["FFFF0000", "FF800080"]
    check_again(copy, source, cleaned)


def test_icons_over_hidden_cells_are_left_out_and_said_so(cleaned: Clean) -> None:
    source = with_rules(HIDDEN, [("A2:A6", 'type="iconSet"', ICONS.format(""))]).zip()
    copy, report = cleaned(source)
    assert rules_of(copy) == []
    places = {f.place for f in report.findings if "leaves it out" in f.message}
    assert places == {"sheet 1, A2:A6"}
    check_again(copy, source, cleaned)


def test_icons_by_numbers_stay_beside_hidden_rows(cleaned: Clean) -> None:
    content = (
        '<iconSet iconSet="3Flags"><cfvo type="percent" val="0"/><cfvo type="num" val="15"/>'
        '<cfvo type="num" val="$A$6" gte="0"/></iconSet>'
    )
    source = with_rules(HIDDEN, [("A2:A6", 'type="iconSet"', content)]).zip()
    copy, _ = cleaned(source)
    (rule,) = next(iter(opened(copy).conditional_formatting)).rules
    assert [(bound.type, bound.val) for bound in rule.iconSet.cfvo] == [
        ("percent", 0.0), ("num", 15.0), ("num", "$A$5"),
    ]  # fmt: skip
    check_again(copy, source, cleaned)


def test_a_number_behind_an_icon_becomes_its_place(cleaned: Clean) -> None:
    notation = "A1=Visible | A2=1234.5 | A3=2345.5 | A4=8765.5 | A5=not a number | A6=#N/A"
    source = with_rules(notation, [("A2:A6", 'type="iconSet"', ICONS.format(' showValue="0"'))])
    copy, report = cleaned(source.zip())
    cells = opened(copy)
    assert [cells[f"A{row}"].value for row in range(2, 7)] == [0, 0, 2, "not a number", "#N/A"]
    assert not occurs("8765", copy)
    found = [f for f in report.findings if f.channel == "xlsx.cf.show-value"]
    assert [(f.place, f.count) for f in found] == [("sheet 1", 3)]
    check_again(copy, source.zip(), cleaned)


def test_a_number_behind_a_bar_becomes_its_length_in_percent(cleaned: Clean) -> None:
    notation = "A1=Visible | A2=1000 | A3=1377 | A4=2000 ; row 4 hidden=1"
    source = with_rules(notation, [("A2:A4", 'type="dataBar"', BAR.format(' showValue="0"'))])
    copy, _ = cleaned(source.zip())
    cells = opened(copy)
    assert [cells[f"A{row}"].value for row in (2, 3)] == [0, 38]
    check_again(copy, source.zip(), cleaned)


def test_a_number_behind_a_bar_that_cannot_stay_goes(cleaned: Clean) -> None:
    content = BAR.replace('type="max"', 'type="num" val="Budget"').format(' showValue="0"')
    source = with_rules(NUMBERS, [("A2:A6", 'type="dataBar"', content)]).zip()
    copy, _ = cleaned(source)
    assert [cell.value for cell in opened(copy)["A"]] == ["Visible"]
    check_again(copy, source, cleaned)


def test_a_number_that_a_rule_in_front_lets_show_stays(cleaned: Clean) -> None:
    rules = [
        ("A2:A6", 'type="cellIs" operator="greaterThan" stopIfTrue="1"', "<formula>25</formula>"),
        ("A2:A6", 'type="iconSet"', ICONS.format(' showValue="0"')),
    ]
    source = with_rules(NUMBERS, rules).zip()
    copy, _ = cleaned(source)
    assert [opened(copy)[f"A{row}"].value for row in range(2, 7)] == [None, None, 30, 40, 50]
    check_again(copy, source, cleaned)


@pytest.mark.parametrize("dxf", [WHITE, BLANK])
@pytest.mark.parametrize(
    ("attributes", "content"),
    [
        ('type="cellIs" dxfId="0" operator="equal"', "<formula>40</formula>"),
        ('type="expression" dxfId="0"', "<formula>AND(NOT(A2&lt;&gt;40),LEN(A2)=2)</formula>"),
        ('type="expression" dxfId="0"', "<formula>MOD(ROW(),5)=0</formula>"),
        ('type="expression" dxfId="0"', "<formula>A2=MAX($A$2:$A$6)-10</formula>"),
    ],
)
def test_a_value_that_a_rule_hides_goes(
    dxf: str, attributes: str, content: str, cleaned: Clean
) -> None:
    source = with_rules(NUMBERS, [("A2:A6", attributes, content)], dxf).zip()
    copy, report = cleaned(source)
    assert [opened(copy)[f"A{row}"].value for row in range(2, 7)] == [10, 20, 30, None, 50]
    found = [f for f in report.findings if f.channel == "xlsx.cell.cf-hides"]
    assert [(f.place, f.count) for f in found] == [("sheet 1", 1)]
    check_again(copy, source, cleaned)


def test_the_rule_in_front_decides(cleaned: Clean) -> None:
    rules = [
        ("A4", 'type="expression" dxfId="1"', "<formula>TRUE</formula>"),
        ("A5", 'type="expression" stopIfTrue="1"', "<formula>TRUE</formula>"),
        ("A2:A6", 'type="expression" dxfId="0"', "<formula>A2&gt;15</formula>"),
    ]
    black = '<dxf><font><color rgb="FF000000"/></font></dxf>'
    source = with_rules(NUMBERS, rules, WHITE + black).zip()
    copy, _ = cleaned(source)
    assert [opened(copy)[f"A{row}"].value for row in range(2, 7)] == [10, None, 30, 40, None]
    check_again(copy, source, cleaned)


def test_black_on_black_stays_black_without_its_text(cleaned: Clean) -> None:
    bar = (
        '<dxf><font><color rgb="FF000000"/></font><fill><patternFill><bgColor rgb="FF000000"/>'
        "</patternFill></fill></dxf>"
    )
    rule = ("A2:A6", 'type="cellIs" dxfId="0" operator="equal"', "<formula>30</formula>")
    source = with_rules(NUMBERS, [rule], bar).zip()
    copy, _ = cleaned(source)
    assert opened(copy)["A4"].value is None
    assert opened(copy)["A4"].fill.fgColor.rgb == "FF000000"
    check_again(copy, source, cleaned)


def test_a_number_format_of_a_rule_shows_what_it_shows(cleaned: Clean) -> None:
    dxf = '<dxf><numFmt numFmtId="200" formatCode="0"/></dxf>'
    rule = ("A2:A3", 'type="cellIs" dxfId="0" operator="greaterThan"', "<formula>5</formula>")
    source = with_rules("A1=Visible | A2@2=7.1234 | A3@2=3.1234", [rule], dxf).zip()
    copy, _ = cleaned(source)
    assert [opened(copy)[place].value for place in ("A2", "A3")] == [7, 3.12]
    check_again(copy, source, cleaned)


@pytest.mark.parametrize("dxf", [WHITE, BLANK])
@pytest.mark.parametrize(
    "formula", ["A2&gt;TODAY()", "Limit&lt;A2", "Other!A1=A2", "VLOOKUP(A2,$C$1:$D$9,2)=1"]
)
def test_a_rule_that_may_hide_and_is_not_understood_is_refused(
    dxf: str, formula: str, cleaned: Clean
) -> None:
    rule = ("A2:A6", 'type="expression" dxfId="0"', f"<formula>{formula}</formula>")
    with pytest.raises(CannotRebuild) as caught:
        cleaned(with_rules(NUMBERS, [rule], dxf).zip())
    assert caught.value.place == "sheet 1, A2:A6"
    assert "Manage Rules" in caught.value.remedy


def test_what_is_not_understood_and_hides_nothing_is_left_out(cleaned: Clean) -> None:
    rule = ("A2:A6", 'type="expression" dxfId="0"', "<formula>Limit&lt;A2</formula>")
    source = with_rules(NUMBERS, [rule]).zip()
    copy, report = cleaned(source)
    assert rules_of(copy) == []
    assert "sheet 1, A2:A6" in {finding.place for finding in report.findings}
    check_again(copy, source, cleaned)


def test_rows_of_one_shape_with_a_rule_among_them(cleaned: Clean) -> None:
    cells = " | ".join(f"A{row}={row * 3} | B{row}=text {row % 7}" for row in range(1, 1200))
    rule = (
        "A500:A520",
        'type="cellIs" dxfId="0" operator="greaterThan"',
        "<formula>1530</formula>",
    )
    source = with_rules(cells, [rule], WHITE).zip()
    copy, _ = cleaned(source)
    gone = [row for row in range(1, 1200) if opened_cached(copy)[row - 1] is None]
    assert gone == list(range(511, 521))
    check_again(copy, source, cleaned)


def opened_cached(copy: bytes) -> list[object]:
    if copy not in _OPENED:
        _OPENED.clear()
        _OPENED[copy] = [cell.value for cell in opened(copy)["A"]]
    return _OPENED[copy]


_OPENED: dict[bytes, list[object]] = {}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<formula>25</formula>", "<formula>26</formula>"),
        ("<formula>25</formula>", '<formula>"Falcon0042"</formula>'),
        ("<formula>25</formula>", "<formula>Falcon0042</formula>"),
        ("<formula>25</formula>", "<formula> 25</formula>"),
        ('sqref="A2:A6"', 'sqref="A2:A5"'),
        ('operator="lessThan"', 'operator="greaterThan"'),
        ('priority="1"', 'priority="7"'),
        ('priority="1"', 'priority="1" stopIfTrue="1"'),
        ('priority="1"', 'priority="1" text="Falcon0042"'),
        ('priority="1"', 'priority="1" rank="42"'),
        ("<formula>25</formula>", "<formula>25</formula><extLst/>"),
        ("</cfRule>", '</cfRule><cfRule type="containsErrors" priority="2"/>'),
    ],
)
def test_a_copy_with_another_rule_does_not_pass(old: str, new: str, cleaned: Clean) -> None:
    rule = ("A2:A6", 'type="cellIs" dxfId="0" operator="lessThan"', "<formula>25</formula>")
    source = with_rules(NUMBERS, [rule]).zip()
    copy, _ = cleaned(source)
    changed = edited(copy, SHEET, lambda text: text.replace(old, new))
    assert not verify(changed, source=source).passed


def test_a_copy_without_its_rule_does_not_pass(cleaned: Clean) -> None:
    source = with_rules(NUMBERS, [("A2:A6", 'type="colorScale"', SCALE)]).zip()
    copy, _ = cleaned(source)
    changed = edited(
        copy,
        SHEET,
        lambda text: re.sub("<conditionalFormatting.*</conditionalFormatting>", "", text),
    )
    assert not verify(changed, source=source).passed


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.sets(st.integers(2, 12), max_size=4),
    columns=st.sets(st.integers(2, 6), max_size=2),
    area=st.tuples(st.integers(1, 10), st.integers(1, 5), st.integers(0, 3), st.integers(0, 2)),
    spot=st.tuples(st.integers(1, 12), st.integers(1, 6), st.booleans(), st.booleans()),
)
def test_every_cell_of_a_rule_looks_at_the_cell_it_looked_at(
    rows: set[int],
    columns: set[int],
    area: tuple[int, int, int, int],
    spot: tuple[int, int, bool, bool],
    cleaned: Clean,
) -> None:
    cells = " | ".join(
        f"{get_column_letter(column)}{row}={row * 100 + column}"
        for row in range(1, 17)
        for column in range(1, 10)
    )
    hidden = "".join(f" ; row {row} hidden=1" for row in rows)
    hidden += "".join(f" ; col {get_column_letter(column)} hidden=1" for column in columns)
    top, left, tall, wide = area
    names = {
        (row, column): f"{get_column_letter(column)}{row}"
        for row in range(1, 17)
        for column in range(1, 10)
    }
    written = f"{'$' * spot[3]}{get_column_letter(spot[1])}{'$' * spot[2]}{spot[0]}"
    rule = (
        f"{names[top, left]}:{names[top + tall, left + wide]}",
        'type="expression" dxfId="0"',
        f"<formula>{written}&gt;700</formula>",
    )
    source = with_rules(cells + hidden, [rule]).zip()
    copy, _ = cleaned(source)
    check_again(copy, source, cleaned)
    down, right = (
        [r for r in range(1, 17) if r not in rows],
        [c for c in range(1, 10) if c not in columns],
    )
    moved = {
        (row, column): (down.index(row) + 1, right.index(column) + 1)
        for row in down
        for column in right
    }
    inside = {
        (row, column)
        for row in range(top, top + tall + 1)
        for column in range(left, left + wide + 1)
        if (row, column) in moved
    }
    looked = {
        place: (
            spot[0] if spot[2] else spot[0] + place[0] - top,
            spot[1] if spot[3] else spot[1] + place[1] - left,
        )
        for place in inside
    }
    kept = rules_of(copy)
    if not kept:
        # Every cell that the rule painted is painted.
        cells_ = opened(copy)
        for place, target in looked.items():
            is_red = cells_.cell(*moved[place]).fill.patternType == "solid"
            assert is_red == (target in names and target[0] * 100 + target[1] > 700)
        return
    ((sqref, _, (formula,)),) = kept
    first, _, last = sqref.partition(":")
    box = openpyxl.utils.range_boundaries(sqref)
    assert {(r, c) for r in range(box[1], box[3] + 1) for c in range(box[0], box[2] + 1)} == {
        moved[place] for place in inside
    }
    for place, target in looked.items():
        here = _name(moved[place])
        seen = Translator(f"={formula}", origin=first).translate_formula(here)
        assert seen.replace("$", "") == f"={_name(moved[target])}>700"
    assert last or len(inside) == 1


def _name(place: tuple[int, int]) -> str:
    return f"{get_column_letter(place[1])}{place[0]}"


def test_a_rule_about_a_hidden_sheet_goes(cleaned: Clean) -> None:
    package = workbook("A1=Visible | A2=1", sheet("A1=1", name="Falcon", state="hidden"))
    put_in(package, package.styles, f'<dxfs count="1">{RED}</dxfs>')
    put_in(
        package,
        package.sheet(1),
        '<conditionalFormatting sqref="A2"><cfRule type="expression" dxfId="0" priority="1">'
        "<formula>Falcon!A1=A2</formula></cfRule></conditionalFormatting>",
    )
    copy, _ = cleaned(package.zip())
    assert rules_of(copy) == []
    assert verify(copy, source=package.zip()).passed


def test_rules_of_very_many_areas_take_no_time_to_compare(tmp_path: Path) -> None:
    areas = " ".join(f"{get_column_letter(at)}{at}" for at in range(1, 16_000))
    rules = [(areas, 'type="cellIs" dxfId="0" operator="equal"', "<formula>1</formula>")] * 3
    source = with_rules(NUMBERS, rules).zip()
    destination = tmp_path / "copy.xlsx"
    clean(source, destination)
    assert rules_of(destination.read_bytes()) == []


def test_rules_about_hidden_cells_change_nothing(cleaned: Clean) -> None:
    shown = ("A2:A6", 'type="cellIs" dxfId="0" operator="lessThan"', "<formula>25</formula>")
    notation = NUMBERS + " | A7=5 ; row 7 hidden=1"
    plain = with_rules(notation, [("A2:A7", *shown[1:])]).zip()
    secret = '<formula>"Falcon0042"</formula>'
    hidden = ("A7", 'type="cellIs" dxfId="0" operator="equal" stopIfTrue="1"', secret)
    assert rules_of(cleaned(plain)[0]) == [("A2:A6", "cellIs", ["25"])]
    assert (
        cleaned(with_rules(notation, [hidden, ("A2:A7", *shown[1:])]).zip())[0]
        == (cleaned(plain)[0])
    )
