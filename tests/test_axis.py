"""This module is the proof that rows, columns and references close up as a plain list would."""

from __future__ import annotations

import string
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safe_release.errors import Malformed
from safe_release.formats.xlsx.axis import (
    COLUMNS,
    ROWS,
    Area,
    AxisMap,
    Reference,
    column_letters,
    column_number,
    columns_map,
    parse_area,
    parse_areas,
    parse_cell,
    parse_references,
    remap,
    rows_map,
    write_area,
    write_areas,
    write_cell,
    write_references,
)

SIZE = 30
numbers = st.integers(1, SIZE)
ranges = st.tuples(numbers, numbers).map(lambda pair: (min(pair), max(pair)))
interval_lists = st.lists(ranges, max_size=8)


def shown(intervals: list[tuple[int, int]], size: int = SIZE) -> list[int]:
    """The numbers that show, by trying every one: the model the map is held against."""
    return [
        number
        for number in range(1, size + 1)
        if not any(first <= number <= last for first, last in intervals)
    ]


def spot(numbers: list[int], number: int) -> int | None:
    return numbers.index(number) + 1 if number in numbers else None


@given(interval_lists)
def test_new_numbers_are_the_places_in_the_list_of_what_shows(
    intervals: list[tuple[int, int]],
) -> None:
    axis = AxisMap.of(SIZE, intervals)
    model = shown(intervals)
    assert [axis.new(number) for number in range(-1, SIZE + 3)] == [
        spot(model, number) for number in range(-1, SIZE + 3)
    ]


@given(interval_lists, st.integers(-2, SIZE + 3), st.integers(-2, SIZE + 3))
def test_ranges_agree_with_the_list(
    intervals: list[tuple[int, int]], first: int, last: int
) -> None:
    axis = AxisMap.of(SIZE, intervals)
    model = shown(intervals)
    inside = [number for number in model if first <= number <= last]
    assert axis.count_shown(first, last) == len(inside)
    assert axis.first_shown(first, last) == (inside[0] if inside else None)
    assert axis.last_shown(first, last) == (inside[-1] if inside else None)
    assert axis.span(first, last) == (
        (spot(model, inside[0]), spot(model, inside[-1])) if inside else None
    )


@given(interval_lists, st.integers(0, SIZE))
def test_a_break_stays_below_the_last_row_that_shows_above_it(
    intervals: list[tuple[int, int]], number: int
) -> None:
    above = [row for row in shown(intervals) if row <= number]
    assert AxisMap.of(SIZE, intervals).break_after(number) == (len(above) or None)


@given(interval_lists, interval_lists)
def test_union_hides_what_either_hides(
    left: list[tuple[int, int]], right: list[tuple[int, int]]
) -> None:
    both = AxisMap.of(SIZE, left).union(AxisMap.of(SIZE, right))
    assert both == AxisMap.of(SIZE, left + right)
    assert [n for n in range(1, SIZE + 1) if both.new(n) is not None] == shown(left + right)


@given(interval_lists, interval_lists)
def test_closing_up_twice_is_closing_up_once(
    left: list[tuple[int, int]], right: list[tuple[int, int]]
) -> None:
    first, second = AxisMap.of(SIZE, left), AxisMap.of(SIZE, right)
    model = shown(left)
    gone_later = [(old, old) for old in model if second.new(spot(model, old) or 0) is None]
    both = AxisMap.of(SIZE, left + gone_later)
    for number in range(1, SIZE + 1):
        between = first.new(number)
        assert both.new(number) == (None if between is None else second.new(between))


@given(interval_lists)
def test_hidden_intervals_lie_apart_and_rebuild_the_map(intervals: list[tuple[int, int]]) -> None:
    axis = AxisMap.of(SIZE, intervals)
    hidden = axis.hidden
    assert all(left[1] + 1 < right[0] for left, right in pairwise(hidden))
    assert AxisMap.of(SIZE, hidden) == axis


@given(ranges)
def test_nothing_hidden_changes_nothing(pair: tuple[int, int]) -> None:
    axis = AxisMap(SIZE)
    assert axis.span(*pair) == pair
    assert axis.new(pair[0]) == pair[0]
    assert axis.break_after(pair[1]) == pair[1]


def test_a_map_of_every_second_row_answers_at_both_ends() -> None:
    axis = rows_map((row, row) for row in range(1, ROWS, 2))
    assert axis.new(ROWS) == ROWS // 2
    assert axis.new(2) == 1
    assert axis.span(1, ROWS) == (1, ROWS // 2)
    assert len(axis.hidden) == ROWS // 2


@pytest.mark.parametrize("pair", [(0, 1), (5, 4), (1, COLUMNS + 1), (-3, -1)])
def test_intervals_off_the_axis_are_malformed(pair: tuple[int, int]) -> None:
    with pytest.raises(Malformed):
        columns_map([pair])


def test_intervals_out_of_order_are_malformed() -> None:
    axis = AxisMap(SIZE)
    axis.hide(10, 12)
    with pytest.raises(Malformed):
        axis.hide(3, 4)


def test_letters_and_numbers_agree_on_every_column() -> None:
    alphabet = string.ascii_uppercase
    names = (
        list(alphabet)
        + [a + b for a in alphabet for b in alphabet]
        + [a + b + c for a in alphabet for b in alphabet for c in alphabet]
    )[:COLUMNS]
    assert names[-1] == "XFD"
    assert [column_letters(number) for number in range(1, COLUMNS + 1)] == names
    assert [column_number(name) for name in names] == list(range(1, COLUMNS + 1))


@pytest.mark.parametrize("letters", ["", "a", "XFE", "ZZZ", "AAAA", "A1", "Å", " A"])
def test_letters_of_no_column_are_malformed(letters: str) -> None:
    with pytest.raises(Malformed):
        column_number(letters)


@pytest.mark.parametrize("number", [0, -1, COLUMNS + 1])
def test_numbers_of_no_column_are_malformed(number: int) -> None:
    with pytest.raises(Malformed):
        column_letters(number)


sheet_rows = st.integers(1, ROWS)
sheet_columns = st.integers(1, COLUMNS)
cell_areas = st.builds(
    lambda rows, columns: Area(min(rows), min(columns), max(rows), max(columns)),
    st.tuples(sheet_rows, sheet_rows),
    st.tuples(sheet_columns, sheet_columns),
)
column_areas = st.tuples(sheet_columns, sheet_columns).map(
    lambda pair: Area(1, min(pair), ROWS, max(pair), "columns")
)
row_areas = st.tuples(sheet_rows, sheet_rows).map(
    lambda pair: Area(min(pair), 1, max(pair), COLUMNS, "rows")
)
areas = st.one_of(cell_areas, column_areas, row_areas)
sheet_names = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="[]:"), min_size=1
)
references = st.builds(Reference, st.none() | sheet_names, areas)


@given(areas, st.booleans())
def test_an_area_reads_back_as_written(area: Area, absolute: bool) -> None:
    text = write_area(area, absolute=absolute)
    assert parse_area(text) == area
    assert text.count("$") == (text.replace(":", "").count("$") if absolute else 0)


@given(st.lists(areas))
def test_a_list_of_areas_reads_back_as_written(items: list[Area]) -> None:
    assert list(parse_areas(write_areas(items))) == items


@given(st.lists(references, min_size=1))
def test_references_read_back_as_written(items: list[Reference]) -> None:
    assert list(parse_references(write_references(items))) == items


@given(sheet_rows, sheet_columns)
def test_a_cell_reads_back_as_written(row: int, column: int) -> None:
    assert parse_cell(write_cell(row, column)) == (row, column)


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("A1", Area(1, 1, 1, 1)),
        ("$B$4", Area(4, 2, 4, 2)),
        ("A$1:$C9", Area(1, 1, 9, 3)),
        ("C9:A1", Area(1, 1, 9, 3)),
        ("A9:C1", Area(1, 1, 9, 3)),
        ("A:C", Area(1, 1, ROWS, 3, "columns")),
        ("$C:$A", Area(1, 1, ROWS, 3, "columns")),
        ("$1:$5", Area(1, 1, 5, COLUMNS, "rows")),
        ("XFD1048576", Area(ROWS, COLUMNS, ROWS, COLUMNS)),
    ],
)
def test_areas_as_people_write_them(text: str, area: Area) -> None:
    assert parse_area(text) == area


BAD_AREAS = [
    "", "A", "1", "A0", "A01", "a1", "AAAA1", "XFE1", "A1048577", "A99999999", "A1:", ":A1",
    "A1:B", "A:1", "A1:B2:C3", "A1 ", " A1", "A1\n", "$$A1", "A1$", "A-1", "A1,B2", "R1C1", "#REF!",
    "A\u0661", "\uff211", "Sheet1!A1", "A1#",
]  # fmt: skip


@pytest.mark.parametrize("text", BAD_AREAS)
def test_what_is_not_an_area_is_malformed_and_not_quoted(text: str) -> None:
    with pytest.raises(Malformed) as caught:
        parse_area(text, place="sheet 3")
    assert str(caught.value).startswith("sheet 3: ")
    assert len(text) < 3 or text not in str(caught.value)


@pytest.mark.parametrize("text", [*BAD_AREAS, "$A$1", "A1:B2"])
def test_what_is_not_a_cell_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        parse_cell(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sheet1!$A$1:$B$2", [("Sheet1", "A1:B2")]),
        ("'It''s here'!$A:$C,'It''s here'!$1:$5", [("It's here", "A:C"), ("It's here", "1:5")]),
        ("'a,b'!A1, Été.2!B2", [("a,b", "A1"), ("Été.2", "B2")]),
        ("$A$1", [(None, "A1")]),
        ("A1!A1", [("A1", "A1")]),
    ],
)
def test_references_as_people_write_them(text: str, expected: list[tuple[str | None, str]]) -> None:
    found = [(item.sheet, write_area(item.area)) for item in parse_references(text)]
    assert found == expected


@pytest.mark.parametrize(
    "text",
    [
        "", ",", "A1,", ",A1", "A1,,B2", "#REF!", "Sheet1!#REF!", "[1]Sheet1!$A$1", "!A1", "''!A1",
        "'[1]Sheet1'!$A$1", "Sheet1:Sheet3!A1", "'Sheet1:Sheet3'!A1", "'open!A1", "A1:Sheet1!B2",
        "OFFSET(Sheet1!$A$1,0,0,5,5)", "Sheet1!A1 Sheet1!B2", "(A1,B2)", "'a'b'!A1", "Sheet 1!A1",
    ],
)  # fmt: skip
def test_what_is_not_a_list_of_references_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        parse_references(text)


def test_a_hostile_sheet_name_takes_no_time() -> None:
    with pytest.raises(Malformed):
        parse_references("'" + "''" * 200_000)
    with pytest.raises(Malformed):
        parse_references("a." * 200_000)


@given(interval_lists, interval_lists, st.tuples(ranges, ranges))
def test_an_area_shrinks_to_the_cells_that_show(
    rows: list[tuple[int, int]],
    columns: list[tuple[int, int]],
    corners: tuple[tuple[int, int], tuple[int, int]],
) -> None:
    (top, bottom), (left, right) = corners
    got = Area(top, left, bottom, right).through(AxisMap.of(SIZE, rows), AxisMap.of(SIZE, columns))
    down, across = shown(rows), shown(columns)
    cells = [
        (down.index(row) + 1, across.index(column) + 1)
        for row in down
        if top <= row <= bottom
        for column in across
        if left <= column <= right
    ]
    if got is None:
        assert cells == []
    else:
        assert cells == [
            (row, column)
            for row in range(got.first_row, got.last_row + 1)
            for column in range(got.first_column, got.last_column + 1)
        ]


def test_whole_columns_and_rows_stay_whole() -> None:
    rows, columns = rows_map([(2, 9)]), columns_map([(1, 1), (5, COLUMNS)])
    assert parse_area("A:C").through(rows, columns) == parse_area("A:B")
    assert parse_area("$1:$12").through(rows, columns) == parse_area("1:4")
    assert parse_area("E:F").through(rows, columns) is None
    assert parse_area("2:9").through(rows, columns) is None


def test_areas_that_become_equal_become_one() -> None:
    found = remap(parse_areas("A1:B9 A1:C9 C1 A1"), rows_map(), columns_map([(3, 3)]))
    assert write_areas(found) == "A1:B9 A1"
