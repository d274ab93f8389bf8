"""This module is the proof that the styles of pivot tables and tables fall on the right cells."""

from __future__ import annotations

import os
import time
import tracemalloc
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from xml.etree.ElementTree import Element as Node
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safe_release.errors import Malformed, SafeReleaseError, TooLarge
from safe_release.formats.xlsx.axis import rows_map
from safe_release.formats.xlsx.dxf import (
    NOTHING,
    Color,
    Dxf,
    Line,
    overlay,
    read_dxf,
    read_table_styles,
    settled,
)
from safe_release.formats.xlsx.pivot_look import ORDER, pivot_formats
from safe_release.formats.xlsx.preset_styles import preset_style
from safe_release.formats.xlsx.regions import Region, paint
from safe_release.formats.xlsx.table_look import table_formats

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"

HEADERS = 'showRowHeaders="1" showColHeaders="1" showLastColumn="1"'

# Two row fields and one column field in compact form, two page fields, all totals:
#
#          A            B        C        D
#   1      Region       (All)
#   2      Year         (All)
#   3
#   4      Sum          Columns                     header, drop-down captions
#   5      Rows         c1       c2       Total     header, column labels
#   6      r1                                       subheading
#   7        x
#   8        y
#   9      r2                                       subheading
#   10       x
#   11     Total                                    grand total
COMPACT = """
    <location ref="A4:D11" firstHeaderRow="1" firstDataRow="2" firstDataCol="1"
              rowPageCount="2" colPageCount="1"/>
    <pivotFields><pivotField axis="axisRow"/><pivotField axis="axisRow"/>
      <pivotField axis="axisCol"/><pivotField axis="axisPage"/><pivotField axis="axisPage"/>
    </pivotFields>
    <rowFields><field x="0"/><field x="1"/></rowFields>
    <rowItems>
      <i><x/></i><i r="1"><x/></i><i r="1"><x v="1"/></i>
      <i><x v="1"/></i><i r="1"><x/></i><i t="grand"><x/></i>
    </rowItems>
    <colFields><field x="2"/></colFields>
    <colItems><i><x/></i><i><x v="1"/></i><i t="grand"><x/></i></colItems>
    <pageFields><pageField fld="3"/><pageField fld="4"/></pageFields>
    <dataFields><dataField fld="5"/></dataFields>
"""

# The same in tabular form, with a subtotal row below each group and an empty row after it:
#
#          A       B       C       D       E
#   4      Sum             Columns
#   5      Region  Name    c1      c2      Total
#   6      r1      x
#   7              y
#   8      r1 Total
#   9
#   10     r2      x
#   11     r2 Total
#   12
#   13     Total
TABULAR = """
    <location ref="A4:E13" firstHeaderRow="1" firstDataRow="2" firstDataCol="2"/>
    <pivotFields><pivotField axis="axisRow" compact="0" outline="0"/>
      <pivotField axis="axisRow" compact="0" outline="0"/><pivotField axis="axisCol"/>
    </pivotFields>
    <rowFields><field x="0"/><field x="1"/></rowFields>
    <rowItems>
      <i><x/><x/></i><i r="1"><x v="1"/></i><i t="default"><x/></i><i t="blank"><x/></i>
      <i><x v="1"/><x/></i><i t="default"><x v="1"/></i><i t="blank"><x v="1"/></i>
      <i t="grand"><x/></i>
    </rowItems>
    <colFields><field x="2"/></colFields>
    <colItems><i><x/></i><i><x v="1"/></i><i t="grand"><x/></i></colItems>
    <dataFields><dataField fld="3"/></dataFields>
"""


def definition(body: str, style: str | None, flags: str = HEADERS, namespace: str = MAIN) -> Node:
    info = "" if style is None else f'<pivotTableStyleInfo name="{style}" {flags}/>'
    return fromstring(
        f'<pivotTableDefinition xmlns="{namespace}" outline="1">{body}{info}</pivotTableDefinition>'
    )


def looks(
    node: Node, custom: Mapping[str, Mapping[str, Dxf]] | None = None
) -> dict[tuple[int, int], Dxf]:
    cells = list(pivot_formats(node, custom or {}))
    places = [(row, column) for row, column, _ in cells]
    assert places == sorted(set(places)), "row by row, left to right, each cell once"
    return {(row, column): look for row, column, look in cells}


def rectangle(top: int, left: int, bottom: int, right: int) -> set[tuple[int, int]]:
    return {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}


def only(kind: str, look: Dxf = Dxf(italic=True)) -> Mapping[str, Mapping[str, Dxf]]:  # noqa: B008
    """A style that formats one kind of element and leaves the rest alone."""
    return {"Own": {kind: look}}


def cells_of(body: str, kind: str, flags: str = HEADERS) -> set[tuple[int, int]]:
    return set(looks(definition(body, "Own", flags), only(kind)))


ALL = HEADERS + ' showRowStripes="1" showColStripes="1"'


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("wholeTable", rectangle(4, 1, 11, 4) | rectangle(1, 1, 2, 2)),
        ("pageFieldLabels", rectangle(1, 1, 2, 1)),
        ("pageFieldValues", rectangle(1, 2, 2, 2)),
        ("firstColumn", rectangle(4, 1, 11, 1)),
        ("headerRow", rectangle(4, 1, 5, 4)),
        ("firstHeaderCell", {(4, 1)}),
        ("totalRow", rectangle(11, 1, 11, 4)),
        ("lastColumn", rectangle(5, 4, 11, 4)),
        ("firstRowSubheading", rectangle(6, 1, 6, 4) | rectangle(9, 1, 9, 4)),
        ("secondRowSubheading", set()),
        ("firstColumnSubheading", rectangle(5, 2, 5, 3)),
        ("firstSubtotalRow", set()),
        ("firstColumnStripe", rectangle(6, 2, 11, 2) | rectangle(6, 4, 11, 4)),
        ("secondColumnStripe", rectangle(6, 3, 11, 3)),
        ("firstRowStripe", {(row, c) for row in (6, 8, 10) for c in range(1, 5)}),
        ("secondRowStripe", {(row, c) for row in (7, 9, 11) for c in range(1, 5)}),
        ("lastHeaderCell", set()),
    ],
)
def test_elements_of_a_compact_report(kind: str, expected: set[tuple[int, int]]) -> None:
    assert cells_of(COMPACT, kind, ALL) == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("firstColumn", rectangle(4, 1, 13, 2)),
        ("firstHeaderCell", rectangle(4, 1, 4, 2)),
        ("firstRowSubheading", rectangle(6, 1, 7, 1) | {(10, 1)}),
        ("firstSubtotalRow", rectangle(8, 1, 8, 5) | rectangle(11, 1, 11, 5)),
        ("blankRow", rectangle(9, 1, 9, 5) | rectangle(12, 1, 12, 5)),
        ("totalRow", rectangle(13, 1, 13, 5)),
    ],
)
def test_elements_of_a_tabular_report(kind: str, expected: set[tuple[int, int]]) -> None:
    assert cells_of(TABULAR, kind) == expected


@pytest.mark.parametrize(
    ("flag", "kinds"),
    [
        ("showRowHeaders", ("firstColumn", "firstRowSubheading")),
        ("showColHeaders", ("headerRow", "firstColumnSubheading")),
        ("showLastColumn", ("lastColumn",)),
        ("showRowStripes", ("firstRowStripe", "secondRowStripe")),
        ("showColStripes", ("firstColumnStripe", "secondColumnStripe")),
    ],
)
def test_a_switch_turns_its_elements_off_and_no_other(flag: str, kinds: tuple[str, ...]) -> None:
    without = ALL.replace(f'{flag}="1"', f'{flag}="0"')
    for kind in ORDER:
        before, after = cells_of(COMPACT, kind, ALL), cells_of(COMPACT, kind, without)
        if kind in kinds:
            assert before
            assert not after
        elif kind != "firstHeaderCell":  # needs both headers: it is white letters on the header
            assert before == after


def three_levels(form: str, lines: str) -> str:
    return f"""
        <location ref="A1:D8" firstHeaderRow="1" firstDataRow="1" firstDataCol="3"/>
        <pivotFields>{f"<pivotField {form}/>" * 3}</pivotFields>
        <rowFields><field x="0"/><field x="1"/><field x="2"/></rowFields>
        <rowItems>{lines}</rowItems><colItems><i/></colItems>
        <dataFields><dataField fld="3"/></dataFields>
    """


def test_inner_fields_start_at_the_column_of_their_labels() -> None:
    outline = three_levels(
        'compact="0"',
        '<i><x/></i><i r="1"><x/></i><i r="2"><x/></i><i t="default" r="1"><x/></i>'
        '<i t="default"><x/></i>',
    )
    assert cells_of(outline, "firstRowSubheading") == rectangle(2, 1, 2, 4)
    assert cells_of(outline, "secondRowSubheading") == rectangle(3, 2, 3, 4)
    assert cells_of(outline, "secondSubtotalRow") == rectangle(5, 2, 5, 4)
    assert cells_of(outline, "firstSubtotalRow") == rectangle(6, 1, 6, 4)
    tabular = three_levels(
        'outline="0"',
        '<i><x/><x/><x/></i><i r="2"><x/></i><i t="default" r="1"><x/></i><i r="1"><x/><x/></i>'
        '<i t="default" r="1"><x/></i><i t="default"><x/></i><i><x/></i>',
    )
    assert cells_of(tabular, "firstRowSubheading") == rectangle(2, 1, 6, 1) | {(8, 1)}
    assert cells_of(tabular, "secondRowSubheading") == rectangle(2, 2, 3, 2) | {(5, 2)}
    assert cells_of(tabular, "secondSubtotalRow") == rectangle(4, 2, 4, 4) | rectangle(6, 2, 6, 4)


def test_fields_in_compact_form_share_a_column() -> None:
    lines = '<i><x/></i><i r="1"><x/></i><i r="2"><x/></i>'
    mixed = three_levels("", lines).replace('firstDataCol="3"', 'firstDataCol="2"')
    assert cells_of(mixed, "secondRowSubheading") == rectangle(3, 1, 3, 4)


def test_grand_totals_of_several_data_fields_are_one_block() -> None:
    body = three_levels("", '<i><x/></i><i t="grand"><x/></i><i t="grand" i="1"><x/></i>')
    edge = Line("thick")
    cells = looks(definition(body, "Own"), only("totalRow", Dxf(top=edge, bottom=edge)))
    assert {place: (look.top, look.bottom) for place, look in cells.items() if place[1] == 2} == {
        (3, 2): (edge, None),
        (4, 2): (None, edge),
    }


def test_column_subtotals_and_levels() -> None:
    body = """
        <location ref="A3:F6" firstHeaderRow="1" firstDataRow="3" firstDataCol="1"/>
        <pivotFields><pivotField/><pivotField/><pivotField/></pivotFields>
        <rowFields><field x="0"/></rowFields><rowItems><i><x/></i></rowItems>
        <colFields><field x="1"/><field x="2"/></colFields>
        <colItems><i><x/><x/></i><i r="1"><x v="1"/></i><i t="default"><x/></i>
          <i><x v="1"/><x/></i><i t="grand"><x/></i></colItems>
        <dataFields><dataField fld="2"/></dataFields>
    """
    assert cells_of(body, "firstSubtotalColumn") == rectangle(4, 4, 6, 4)
    assert cells_of(body, "firstColumnSubheading") == rectangle(4, 2, 4, 5)
    assert cells_of(body, "secondColumnSubheading") == rectangle(5, 2, 5, 5)
    assert cells_of(body, "lastColumn") == rectangle(4, 6, 6, 6)


def test_levels_go_first_then_second_and_third_in_turn() -> None:
    lines = "".join(f'<i r="{level}"><x/></i>' for level in range(5))
    body = f"""
        <location ref="A1:B6" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/>
        <pivotFields>{"<pivotField/>" * 5}</pivotFields>
        <rowFields>{"".join(f'<field x="{i}"/>' for i in range(5))}</rowFields>
        <rowItems>{lines}</rowItems><colItems><i/></colItems>
        <dataFields><dataField fld="0"/></dataFields>
    """
    rows = {
        kind: {row for row, _ in cells_of(body, f"{kind}RowSubheading")}
        for kind in ("first", "second", "third")
    }
    assert rows == {"first": {2}, "second": {3, 5}, "third": {4}}  # row 6 is the innermost field


def test_page_fields_fill_groups_down_or_across() -> None:
    body = f"""
        <location ref="B9" firstHeaderRow="0" firstDataRow="0" firstDataCol="0"
                  rowPageCount="2" colPageCount="3"/>
        <pageFields>{'<pageField fld="0"/>' * 4}</pageFields>
    """
    node = definition(body, "Own")
    assert set(looks(node, only("pageFieldLabels"))) == {(6, 2), (7, 2), (6, 5), (7, 5)}
    assert set(looks(node, only("pageFieldValues"))) == {(6, 3), (7, 3), (6, 6), (7, 6)}
    node.set("pageOverThenDown", "1")
    assert set(looks(node, only("pageFieldLabels"))) == {(6, 2), (7, 2), (6, 5), (6, 8)}
    assert not looks(node, only("headerRow")), "nothing but page fields: no report"


def test_the_default_style_of_excel() -> None:
    """PivotStyleLight16 on the compact report, cell by cell where it matters."""
    pale, line = Color("theme", 4, 0.8), Line("thin", Color("theme", 4, 0.4))
    cells = looks(definition(COMPACT, "PivotStyleLight16"))
    black = Color("theme", 1)
    header = Dxf(bold=True, color=black, pattern="solid", fg=pale, bg=pale)
    assert cells[4, 1] == header
    assert cells[5, 3] == replace(header, bottom=line)  # the outline of both header rows
    assert cells[11, 2] == replace(header, top=line)
    assert cells[6, 4] == Dxf(bold=True, color=black, bottom=line)
    assert (7, 1) not in cells, "a plain line stays plain"
    assert (3, 1) not in cells, "the row between page fields and report stays plain"
    assert cells[2, 1] == Dxf(pattern="solid", fg=pale, bg=pale, bottom=line)
    assert cells[1, 2] == Dxf(pattern="solid", fg=pale, bg=pale), "one block: no line inside"


def test_outline_and_inner_lines_of_the_whole_table() -> None:
    outer, inner = Line("medium", Color("theme", 5)), Line("hair", Color("auto"))
    box = Dxf(left=outer, right=outer, top=outer, bottom=outer, horizontal=inner, vertical=inner)
    cells = looks(definition(COMPACT, "Own"), only("wholeTable", box))
    assert cells[4, 1] == Dxf(left=outer, top=outer, right=inner, bottom=inner)
    assert cells[7, 2] == Dxf(left=inner, top=inner, right=inner, bottom=inner)
    assert cells[11, 4] == Dxf(left=inner, top=inner, right=outer, bottom=outer)


def test_a_later_element_can_take_a_line_away() -> None:
    """PivotStyleMedium16 draws vertical lines, and takes them out of header and totals."""
    cells = looks(definition(COMPACT, "PivotStyleMedium16"))
    assert cells[7, 2].right == Line("thin", Color("theme", 4, 0.6))
    assert cells[11, 2].right is None
    assert cells[11, 2].fg == Color("theme", 1)


def test_later_elements_win() -> None:
    """On the crossing of everything, the order of 18.8.41 decides."""
    colors = {kind: Color("indexed", 8 + rank) for rank, kind in enumerate(ORDER)}
    custom = {"Own": {kind: Dxf(color=color) for kind, color in colors.items()}}
    cells = looks(definition(COMPACT, "Own", ALL), custom)
    assert {
        place: cells[place].color for place in [(11, 4), (5, 4), (5, 2), (4, 1), (6, 3), (6, 4)]
    } == {
        (11, 4): colors["totalRow"],
        (6, 4): colors["lastColumn"],
        (5, 4): colors["lastColumn"],
        (5, 2): colors["firstColumnSubheading"],
        (4, 1): colors["firstHeaderCell"],
        (6, 3): colors["firstRowSubheading"],
    }
    assert cells[7, 3].color == colors["secondRowStripe"]
    assert cells[1, 1].color == colors["pageFieldLabels"]


def test_stripes_as_wide_as_their_size_says() -> None:
    custom = {
        "Own": {
            "firstRowStripe": Dxf(italic=True, size=2),
            "secondRowStripe": Dxf(strike=True, size=3),
        }
    }
    cells = looks(definition(COMPACT, "Own", ALL), custom)
    rows = {row: look for (row, _), look in cells.items()}
    assert [row for row, look in rows.items() if look == Dxf(italic=True)] == [6, 7, 11]
    assert [row for row, look in rows.items() if look == Dxf(strike=True)] == [8, 9, 10]


def test_strict_names_and_missing_parts_are_read() -> None:
    expected = looks(definition(COMPACT, "PivotStyleDark9"))
    assert looks(definition(COMPACT, "PivotStyleDark9", namespace=STRICT)) == expected
    assert not looks(definition(COMPACT, None))
    assert not looks(definition(COMPACT, "NoSuchStyle"))
    bare = '<location ref="A1:B3" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/>'
    bare += '<rowFields><field x="0"/></rowFields>'
    assert set(looks(definition(bare, "PivotStyleLight16"))) == {(1, 1), (1, 2)}


def test_names_of_other_namespaces_mean_nothing() -> None:
    foreign = COMPACT.replace("<rowItems>", '<rowItems xmlns="urn:example:other">')
    assert not cells_of(foreign, "totalRow")
    assert cells_of(COMPACT, "totalRow")


def without(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<location/>",
        without(COMPACT, 'ref="A4:D11"', 'ref="secret"'),
        without(COMPACT, 'ref="A4:D11"', 'ref="A4:XFE11"'),
        without(COMPACT, 'ref="A4:D11"', 'ref="A1:D8"'),  # no room for the page fields
        without(COMPACT, 'firstDataRow="2"', 'firstDataRow="20"'),
        without(COMPACT, 'firstDataCol="1"', 'firstDataCol="-1"'),
        without(COMPACT, 't="grand"', 't="secret"'),
        without(COMPACT, 'r="1"', 'r="secret"'),
        without(COMPACT, 'x="1"', 'x="secret"'),
        without(COMPACT, 'rowPageCount="2"', 'rowPageCount="99999999999999999999"'),
    ],
)
def test_nonsense_is_malformed_and_not_repeated(body: str) -> None:
    with pytest.raises(Malformed) as caught:
        list(pivot_formats(definition(body, "PivotStyleLight16"), {}, place="pivot table 1"))
    assert str(caught.value).startswith("pivot table 1: ")
    assert "secret" not in str(caught.value)


def test_too_many_cells_and_too_many_fields_are_too_large() -> None:
    huge = without(COMPACT, "A4:D11", "A4:XFD1048576")
    with pytest.raises(TooLarge, match="pivot table 1"):
        list(pivot_formats(definition(huge, "PivotStyleDark1"), {}, place="pivot table 1", cells=9))
    nothing = {"Own": {"firstColumnStripe": Dxf(vertical=Line("thin"))}}  # paints no cell at all
    with pytest.raises(TooLarge):
        list(pivot_formats(definition(huge, "Own", ALL), nothing, cells=100_000))
    many = '<location ref="A1:B3"/><rowFields>' + '<field x="0"/>' * 300 + "</rowFields>"
    with pytest.raises(TooLarge):
        list(pivot_formats(definition(many, "PivotStyleDark1"), {}))


def test_a_long_report_streams() -> None:
    """Memory does not grow with rows times columns, and half a million cells take seconds."""
    count = 20_000
    body = COMPACT.replace("A4:D11", f"A4:Y{count + 6}").replace(
        "<rowItems>", "<rowItems>" + '<i><x/></i><i r="1"><x/></i>' * (count // 2 - 3)
    )
    node = definition(body, "PivotStyleMedium2", ALL)
    tracemalloc.start()
    started = time.monotonic()
    cells = sum(1 for _ in pivot_formats(node, {}))
    took = time.monotonic() - started
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert cells > 25 * count
    assert peak < 4 << 20
    assert took < 30


@given(st.data())
def test_any_definition_gives_cells_or_a_clear_error(data: st.DataObject) -> None:
    number = st.sampled_from(["0", "1", "2", "3", "7", "-1", "x", ""])
    kinds = st.sampled_from(["data", "grand", "blank", "default", "sum", "other"])

    def items(name: str) -> str:
        lines = data.draw(st.lists(st.tuples(kinds, number, st.integers(0, 3)), max_size=6))
        inner = "".join(f'<i t="{t}" r="{r}">{"<x/>" * x}</i>' for t, r, x in lines)
        return f"<{name}>{inner}</{name}>"

    def fields(name: str) -> str:
        drawn = data.draw(st.lists(st.sampled_from(["0", "1", "-2", "9"]), max_size=3))
        return f"<{name}>" + "".join(f'<field x="{x}"/>' for x in drawn) + f"</{name}>"

    draw = data.draw
    location = (
        f'<location ref="{draw(st.sampled_from(["A1", "C5:F9", "B3:B3", "A9:C4", "A:B"]))}"'
        f' firstHeaderRow="{draw(number)}" firstDataRow="{draw(number)}"'
        f' firstDataCol="{draw(number)}" rowPageCount="{draw(number)}"/>'
    )
    forms = draw(st.sampled_from(["", ' compact="0"', ' outline="0"', ' compact="0" outline="0"']))
    body = (
        location
        + f"<pivotFields><pivotField{forms}/><pivotField/></pivotFields>"
        + fields("rowFields")
        + items("rowItems")
        + fields("colFields")
        + items("colItems")
        + "<pageFields><pageField/></pageFields>" * draw(st.integers(0, 1))
    )
    name = draw(st.sampled_from(["PivotStyleLight1", "PivotStyleMedium15", "PivotStyleDark8"]))

    def take() -> list[tuple[int, int, Dxf]]:
        return list(islice(pivot_formats(definition(body, name, ALL), {}), 5_000))

    try:
        cells = take()
    except SafeReleaseError:
        with pytest.raises((Malformed, TooLarge), match=r"^pivot table: "):
            take()
        return
    assert all(row >= 1 and column >= 1 for row, column, _ in cells)
    assert all(look != NOTHING and look == settled(look) for _, _, look in cells)


# Tables -------------------------------------------------------------------------------------------

TABLE_ALL = 'showFirstColumn="1" showLastColumn="1" showRowStripes="1" showColumnStripes="1"'


def table(style: str, flags: str = TABLE_ALL, more: str = 'totalsRowCount="1"') -> Node:
    return fromstring(
        f'<table xmlns="{MAIN}" ref="B2:E9" {more}><tableStyleInfo name="{style}" {flags}/></table>'
    )


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("wholeTable", rectangle(2, 2, 9, 5)),
        ("firstColumn", rectangle(2, 2, 9, 2)),
        ("lastColumn", rectangle(2, 5, 9, 5)),
        ("headerRow", rectangle(2, 2, 2, 5)),
        ("totalRow", rectangle(9, 2, 9, 5)),
        ("lastHeaderCell", {(2, 5)}),
        ("firstTotalCell", {(9, 2)}),
        ("firstColumnStripe", rectangle(3, 2, 8, 2) | rectangle(3, 4, 8, 4)),
        ("firstRowStripe", {(row, c) for row in (3, 6, 8) for c in range(2, 6)}),
        ("firstSubtotalRow", set()),
    ],
)
def test_elements_of_a_table(kind: str, expected: set[tuple[int, int]]) -> None:
    rows = rows_map([(4, 4)])  # does not show: the stripes go on below it
    painted = table_formats(table("Own"), only(kind), rows=rows)
    assert {(row, column) for row, column, _ in painted} == expected


def test_a_table_looks_as_its_built_in_style_says() -> None:
    cells = {
        (row, column): look for row, column, look in table_formats(table("TableStyleMedium2"), {})
    }
    blue, line = Color("theme", 4), Line("thin", Color("theme", 4, 0.4))
    white = Color("theme", 0)
    assert cells[2, 3] == Dxf(
        bold=True, color=white, pattern="solid", fg=blue, bg=blue, top=line, bottom=line
    )
    assert cells[9, 3].top == Line("double", blue)
    assert cells[4, 3] == Dxf(color=Color("theme", 1), top=line, bottom=line)
    bare = table_formats(table("TableStyleMedium2", "", 'headerRowCount="0"'), {})
    assert all(look.pattern is None for _, _, look in bare)
    assert not list(table_formats(table("NoSuchStyle"), {}))


@pytest.mark.parametrize("more", ['headerRowCount="9"', 'totalsRowCount="x"'])
def test_a_table_that_contradicts_itself_is_malformed(more: str) -> None:
    with pytest.raises(Malformed, match=r"^table 3: "):
        list(table_formats(table("TableStyleMedium2", TABLE_ALL, more), {}, place="table 3"))


# Looks and how they lie over each other -----------------------------------------------------------


def test_every_built_in_style_is_there_and_no_other() -> None:
    counts = {"Pivot": (28, 28, 28), "Table": (21, 28, 11)}
    for family, numbers in counts.items():
        for shade, last in zip(("Light", "Medium", "Dark"), numbers, strict=True):
            for number in range(1, last + 1):
                style = preset_style(f"{family}Style{shade}{number}")
                assert style, (family, shade, number)
                assert "headerRow" in style
            assert preset_style(f"{family}Style{shade}{last + 1}") is None
            assert preset_style(f"{family}Style{shade}0") is None
    assert preset_style("") is None
    assert preset_style("pivotstylelight16") is None


@pytest.mark.parametrize(
    ("name", "kind", "look"),
    [
        ("PivotStyleLight2", "secondSubtotalRow", Dxf(color=Color("theme", 4))),
        ("PivotStyleLight3", "secondSubtotalRow", Dxf(bold=True, color=Color("theme", 5))),
        ("PivotStyleLight1", "secondSubtotalRow", Dxf(bold=True, color=Color("theme", 1, 0.5))),
        ("PivotStyleMedium4", "firstHeaderCell", Dxf(bold=True, color=Color("theme", 0))),
        ("PivotStyleLight27", "firstColumnStripe", Dxf(
            pattern="solid", fg=Color("theme", 8, 0.8), bg=Color("theme", 8, 0.8))),
        ("PivotStyleMedium7", "totalRow", Dxf(
            bold=True, color=Color("theme", 1), top=Line("double", Color("theme", 9, -0.25)))),
        ("PivotStyleMedium15", "totalRow", Dxf(
            color=Color("theme", 0), pattern="solid", fg=Color("theme", 1), bg=Color("theme", 1),
            left=Line("none"), right=Line("none"), vertical=Line("none"))),
        ("TableStyleDark10", "headerRow", Dxf(
            color=Color("theme", 0), pattern="solid", fg=Color("theme", 7), bg=Color("theme", 7))),
        ("TableStyleMedium2", "firstRowStripe", Dxf(
            pattern="solid", fg=Color("theme", 4, 0.8), bg=Color("theme", 4, 0.8))),
    ],
)  # fmt: skip
def test_looks_of_built_in_styles(name: str, kind: str, look: Dxf) -> None:
    style = preset_style(name)
    assert style is not None
    assert style[kind] == look


def test_overlay_goes_property_by_property() -> None:
    thin, none = Line("thin", Color("auto")), Line("none")
    red, blue = Color("rgb", "FFFF0000"), Color("rgb", "FF0000FF")
    under = Dxf(bold=True, color=red, pattern="solid", fg=red, bg=red, left=thin, size=4)
    over = Dxf(bold=False, pattern="gray125", fg=blue, left=none, top=thin)
    assert overlay(under, over) == Dxf(
        bold=False, color=red, pattern="gray125", fg=blue, left=none, top=thin
    )
    assert settled(overlay(under, over)) == Dxf(color=red, pattern="gray125", fg=blue, top=thin)
    assert overlay(under, NOTHING) == replace(under, size=1)
    assert overlay(NOTHING, over) == over


colors = st.none() | st.builds(Color, st.just("theme"), st.integers(0, 11))
lines = st.none() | st.builds(Line, st.sampled_from(["none", "thin"]), colors)
dxfs = st.builds(
    Dxf,
    bold=st.none() | st.booleans(),
    color=colors,
    pattern=st.none() | st.sampled_from(["none", "solid"]),
    fg=colors,
    top=lines,
    horizontal=lines,
)


@given(dxfs, dxfs, dxfs)
def test_overlay_can_be_grouped_either_way(one: Dxf, two: Dxf, three: Dxf) -> None:
    assert overlay(overlay(one, two), three) == overlay(one, overlay(two, three))


def test_a_dxf_is_read() -> None:
    node = fromstring(
        f"""<dxf xmlns="{MAIN}">
        <font><b val="0"/><i/><u/><color theme="4" tint="0.39997558519241921"/></font>
        <numFmt numFmtId="164" formatCode="secret"/>
        <fill><patternFill><fgColor rgb="FF112233"/><bgColor rgb="80aabbcc"/></patternFill></fill>
        <border><left style="thin"><color auto="1"/></left><top/><right style="wavy"/>
          <vertical style="hair"><color indexed="64"/></vertical></border></dxf>"""
    )
    ground = Color("rgb", "FFAABBCC")
    assert read_dxf(node) == Dxf(
        bold=False,
        italic=True,
        underline="single",
        color=Color("theme", 4, 0.4),
        pattern="solid",
        fg=ground,
        bg=ground,
        left=Line("thin", Color("auto")),
        top=Line("none"),
        vertical=Line("hair", Color("indexed", 64)),
    )


def test_styles_of_the_workbook_are_read() -> None:
    sheet = fromstring(
        f"""<styleSheet xmlns="{MAIN}"><dxfs><dxf><font><b/></font></dxf><dxf/></dxfs>
        <tableStyles><tableStyle name="Own" table="0">
        <tableStyleElement type="headerRow" dxfId="0"/>
        <tableStyleElement type="firstRowStripe" size="3" dxfId="1"/></tableStyle></tableStyles>
        </styleSheet>"""
    )
    dxfs, table_styles = sheet
    styles = read_table_styles(table_styles, list(dxfs))
    assert styles == {"Own": {"headerRow": Dxf(bold=True), "firstRowStripe": Dxf(size=3)}}
    with pytest.raises(Malformed):
        read_table_styles(table_styles, list(dxfs)[:1])


def test_regions_are_painted_like_a_slow_painter_would() -> None:
    """Against the plain way: a dictionary of cells, filled region by region."""
    shapes = [
        Region("a", 1, 1, 6, 5), Region("b", 2, 2, 4, 2), Region("c", 2, 3, 2, 9),
        Region("b", 4, 4, 9, 6), Region("a", 12, 2, 12, 2), Region("unknown", 13, 1, 14, 1),
    ]  # fmt: skip
    edge, inner = Line("thick"), Line("hair")
    looks = {
        "a": Dxf(top=edge, bottom=edge, horizontal=inner, color=Color("theme", 4)),
        "b": Dxf(left=edge, vertical=inner, right=Line("none"), italic=True),
        "c": Dxf(pattern="solid", fg=Color("auto"), top=inner),
    }
    slow: dict[tuple[int, int], Dxf] = {}
    for kind in "abc":
        for _, top, left, bottom, right in (shape for shape in shapes if shape.kind == kind):
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    look = looks[kind]
                    look = replace(
                        look,
                        top=look.top if row == top else look.horizontal,
                        bottom=look.bottom if row == bottom else look.horizontal,
                        left=look.left if column == left else look.vertical,
                        right=look.right if column == right else look.vertical,
                        horizontal=None,
                        vertical=None,
                    )
                    under = slow.get((row, column), NOTHING)
                    slow[row, column] = overlay(under, look)
    painted = paint(shapes, looks, "abc", place="here", cells=1_000)
    assert {(row, column): look for row, column, look in painted} == {
        place: settled(look) for place, look in slow.items() if settled(look) != NOTHING
    }


# Real reports -------------------------------------------------------------------------------------


def corpus_pivots(name: str) -> Iterator[Node]:
    folder = os.environ.get("SAFE_RELEASE_CORPUS")
    if not folder:
        pytest.skip("SAFE_RELEASE_CORPUS names no folder of real documents")
    found = sorted(Path(folder).rglob(name))
    if not found:
        pytest.skip(f"the corpus has no {name}")
    with zipfile.ZipFile(found[0]) as package:
        parts = [part for part in package.namelist() if "pivotTables/pivotTable" in part]
        for part in sorted(part for part in parts if part.endswith(".xml")):
            yield fromstring(package.read(part))


def attribute(node: Node, path: str, name: str) -> str:
    found = node.find(f"{{{MAIN}}}{path}")
    assert found is not None
    return found.get(name, "")


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("Pivot2.xlsx", 3),
        ("pivottable_tabular_mode.xlsx", 1),
        ("column-style-autofilter.xlsx", 17),
        ("TemplateWithTableSourcePivotTables.xlsx", 14),
        ("pivots.xlsx", 5),
        ("StatusReportforProjectSponsors_TP10204408.xltx", 3),
    ],
)
def test_real_reports_have_their_header_and_total(name: str, count: int) -> None:
    nodes = list(corpus_pivots(name))
    assert len(nodes) == count
    for node in nodes:
        cells = looks(node)
        if not attribute(node, "pivotTableStyleInfo", "name"):
            assert not cells
            continue
        first, _, last = attribute(node, "location", "ref").partition(":")
        top, bottom = (int("".join(filter(str.isdigit, ref))) for ref in (first, last or first))
        header = int(attribute(node, "location", "firstDataRow"))
        left = min(column for _, column in cells)
        for row in range(top, top + header):
            assert cells[row, left].pattern == "solid", "header"
        items = node.find(f"{{{MAIN}}}rowItems")
        if items is not None and items[-1].get("t") == "grand":
            assert cells[bottom, left].bold, "grand total"
        elif header:
            assert (bottom, left) not in cells or items is None or not cells[bottom, left].pattern
        pages = int(attribute(node, "location", "rowPageCount") or 0)
        assert min(row for row, _ in cells) == (top - 1 - pages if pages else top)
