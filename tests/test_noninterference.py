"""Change, add or delete hidden content: the copy stays the same, byte for byte."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import openpyxl
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from makers.grids import Cell, Hidden, Line, Visible, build, expected
from makers.sheets import workbook
from safe_release import clean

TEXTS = st.text(
    alphabet=st.sampled_from("abcXYZ 019&<>\"'=+-@é☂😀\n"), min_size=1, max_size=12
).filter(lambda text: text.strip() and not text.startswith(("=", "#")))
NUMBERS = st.integers(-10_000, 10_000).map(lambda number: f"{number / 4:g}")
STYLES = st.sampled_from([0, 0, 0, 1])
CELLS = st.one_of(
    st.builds(Cell, st.just("n"), NUMBERS, STYLES),
    st.builds(Cell, st.sampled_from(["shared", "inline", "rich", "formula"]), TEXTS, STYLES),
    st.builds(Cell, st.just("b"), st.sampled_from(["0", "1"]), STYLES),
    st.builds(Cell, st.just("e"), st.sampled_from(["#N/A", "#DIV/0!", "#REF!"]), STYLES),
    st.builds(Cell, st.just("empty"), style=STYLES),
)
ROW_ROUTES = st.sampled_from(
    [
        'hidden="1"',
        'hidden="true"',
        'ht="0" customHeight="1"',
        'hidden="1" outlineLevel="2"',
        'hidden="1" collapsed="1" s="1" customFormat="1"',
    ]
)
COLUMN_ROUTES = st.sampled_from(
    ['hidden="1" width="9"', 'hidden="true"', 'width="0" customWidth="1"',
     'hidden="1" outlineLevel="1" style="1"']
)  # fmt: skip
VALUES = st.lists(CELLS, min_size=1, max_size=3).map(tuple)


def _lines(routes: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[Line, ...]]:
    return st.lists(st.builds(Line, st.integers(0, 5), routes, VALUES), max_size=3).map(tuple)


@st.composite
def _visible(draw: st.DrawFn) -> Visible:
    height, width = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    rows = tuple(tuple(draw(CELLS) for _ in range(width)) for _ in range(height))
    # A row without any value at its end would leave the copy's size open.
    assume(any(cell.kind != "empty" for row in rows for cell in row))
    merges: tuple[tuple[int, int, int, int], ...] = ()
    if draw(st.booleans()):
        top, left = draw(st.integers(0, height - 1)), draw(st.integers(0, width - 1))
        bottom, right = draw(st.integers(top, height - 1)), draw(st.integers(left, width - 1))
        if (top, left) != (bottom, right):
            merges = ((top, left, bottom, right),)
    return Visible(rows, merges, frozen=height > 1 and draw(st.booleans()))


HIDDEN = st.builds(
    Hidden,
    rows=_lines(ROW_ROUTES),
    columns=_lines(COLUMN_ROUTES),
    scrolled=st.lists(CELLS, max_size=2).map(tuple),
    covered=st.none() | CELLS.filter(lambda cell: cell.style == 0),
    second=st.just("") | TEXTS,
    sheets=st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from(["hidden", "veryHidden", "show"]), CELLS),
        max_size=2,
    ).map(tuple),
    orphans=st.lists(TEXTS, max_size=3).map(tuple),
    comment=st.just("") | TEXTS,
    name=st.just("") | st.sampled_from(["one", "two"]),
    records=st.just("") | st.sampled_from(["one", "two"]),
    zero_height=st.booleans(),
)
BOOKS = st.lists(_visible(), min_size=1, max_size=2)


def _copy(source: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        destination = Path(folder) / "copy.xlsx"
        clean(source, destination)
        return destination.read_bytes()


def _values(copy: bytes) -> list[dict[tuple[int, int], object]]:
    book = openpyxl.load_workbook(io.BytesIO(copy))
    return [
        {
            (cell.row, cell.column): cell.value
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        }
        for sheet in book.worksheets
    ]


@settings(max_examples=60, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])  # fmt: skip
@given(st.data())
def test_hidden_content_makes_no_difference(data: st.DataObject) -> None:
    sheets = data.draw(BOOKS)
    beside = st.lists(HIDDEN, min_size=len(sheets), max_size=len(sheets))
    bare = _copy(build(sheets, [Hidden() for _ in sheets]))
    assert _values(bare) == [expected(sheet) for sheet in sheets]
    for hidden in (data.draw(beside), data.draw(beside)):
        assert _copy(build(sheets, hidden)) == bare


@settings(max_examples=25, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])  # fmt: skip
@given(BOOKS, st.data())
def test_visible_content_makes_a_difference(sheets: list[Visible], data: st.DataObject) -> None:
    hidden = data.draw(st.lists(HIDDEN, min_size=len(sheets), max_size=len(sheets)))
    other = Visible((*sheets[0].rows, (Cell("inline", "one more"),)), frozen=sheets[0].frozen)
    assume(not sheets[0].merges)
    before = _copy(build(sheets, hidden))
    after = _copy(build([other, *sheets[1:]], hidden))
    assert before != after


def test_the_model_catches_a_lost_and_a_revealed_value() -> None:
    sheet = Visible(((Cell("n", "1"), Cell("shared", "a")),))
    source = build([sheet], [Hidden(rows=(Line(0, "", (Cell("inline", "x"),)),))])
    # The row above is written without any attribute that hides: it shows.
    assert _values(_copy(source)) != [expected(sheet)]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(-(10**6), 10**6), st.integers(1, 4999))
def test_digits_behind_a_number_format_make_no_difference(cents: int, rest: int) -> None:
    shown = f"{cents / 100:.2f}"
    notation = "A1=Visible 1 | B1@2={value}"
    exact = _copy(workbook(notation.format(value=shown)).zip())
    longer = _copy(workbook(notation.format(value=f"{shown}{rest:04}")).zip())
    assert exact == longer
    assert _values(exact)[0][1, 2] == float(shown)
