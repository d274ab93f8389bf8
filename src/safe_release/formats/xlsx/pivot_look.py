"""This module is the look that a pivot table's style gives its cells, once the pivot is gone.

The areas that style elements apply to follow [MS-XLS] 2.4.321 and 2.4.273.107, and ECMA-376 part 1,
18.8.41 and 18.18.93. Neither says, and no running application was at hand to tell, that

- a label of an outer field in tabular form is a subheading down the rows of its group;
- the innermost row of column labels counts as a column subheading;
- the only column of values counts as the grand total column where there are no column fields;
- page fields that stand below each other are one region, and every third column starts the next
  group of them;
- row stripes are counted over all rows below the header, whatever the groups.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from typing import Final
from xml.etree.ElementTree import Element as Node

from safe_release.errors import Malformed, TooLarge
from safe_release.formats.values import is_true
from safe_release.formats.xlsx.axis import COLUMNS, Area, parse_area
from safe_release.formats.xlsx.dxf import Dxf, child, children
from safe_release.formats.xlsx.preset_styles import preset_style
from safe_release.formats.xlsx.regions import Region, paint

ORDER: Final = (
    "wholeTable", "pageFieldLabels", "pageFieldValues", "firstColumnStripe", "secondColumnStripe",
    "firstRowStripe", "secondRowStripe", "firstColumn", "headerRow", "firstHeaderCell",
    "firstSubtotalColumn", "secondSubtotalColumn", "thirdSubtotalColumn", "blankRow",
    "firstSubtotalRow", "secondSubtotalRow", "thirdSubtotalRow", "firstColumnSubheading",
    "secondColumnSubheading", "thirdColumnSubheading", "firstRowSubheading",
    "secondRowSubheading", "thirdRowSubheading", "lastColumn", "totalRow",
)  # fmt: skip
"""The elements of a pivot style as they are applied, the later over the earlier (18.8.41)."""

_ITEM_TYPES: Final = (
    "data", "grand", "blank", "default", "sum", "countA", "avg", "max", "min", "product", "count",
    "stdDev", "stdDevP", "var", "varP",
)  # fmt: skip
"""ST_ItemType (18.18.43); what comes after ``blank`` is a subtotal."""
_DATA, _GRAND, _BLANK = range(3)

_FIELDS: Final = 256  # on one axis; reports have five
_PAGE_STRIDE: Final = 3  # columns from one group of page fields to the next: label, value, gap
_VALUES: Final = -2  # the field that stands for the captions of several data fields (18.10.1.31)


def pivot_formats(
    definition: Node,
    custom_styles: Mapping[str, Mapping[str, Dxf]],
    *,
    place: str = "pivot table",
    cells: int = 50_000_000,
) -> Iterator[tuple[int, int, Dxf]]:
    """Row, column and look of every cell of a pivot table that its style formats.

    ``definition`` is the ``pivotTableDefinition`` (18.10.1.73); the cache is not needed.
    ``custom_styles`` are the workbook's own styles as ``read_table_styles`` gives them; a name
    that is not among them is looked up among the built-in ones, and a name that is nowhere
    formats nothing. Rows and columns are those of the source, numbered from 1; they come row by
    row, left to right. How a look lies under the cell's own format is told at ``overlay``.

    Formats that a person gave to parts of the pivot table (``formats/format``, 18.10.1.35) are not
    looked at: Excel saves them in the formats of the cells as well.

    Raises ``Malformed`` where the definition contradicts itself, ``TooLarge`` where it asks for
    more than ``cells`` cells or has more than 256 fields on an axis.
    """
    layout = _Layout.of(definition, place)
    style = child(definition, "pivotTableStyleInfo")
    name = "" if style is None else style.get("name", "")
    looks = custom_styles.get(name) or preset_style(name) or {}
    if style is None or not looks:
        return iter(())
    shows = _Shows.of(style)
    fixed = [*_page_regions(definition, layout, place)]
    if layout.holds_report:
        fixed += _frame(layout, shows)
        fixed += _column_stripes(layout, shows, looks)
        fixed += _column_items(layout, shows)
        fixed += _column_subheadings(layout, shows)
    streams = [
        iter(sorted(fixed, key=_first_row)),
        _row_stripes(layout, shows, looks),
        _row_items(layout, shows),
    ]
    return paint(merge(*streams, key=_first_row), looks, ORDER, place=place, cells=cells)


def _first_row(region: Region) -> int:
    return region.first_row


@dataclass(frozen=True, slots=True)
class _Shows:
    """Which elements the pivot table switches on ([MS-XLS] 2.4.273.107)."""

    row_headers: bool  # firstColumn and row subheadings
    column_headers: bool  # headerRow and column subheadings
    row_stripes: bool
    column_stripes: bool
    last_column: bool

    @classmethod
    def of(cls, style: Node) -> _Shows:
        return cls(
            is_true(style.get("showRowHeaders")),
            is_true(style.get("showColHeaders")),
            is_true(style.get("showRowStripes")),
            is_true(style.get("showColStripes")),
            is_true(style.get("showLastColumn")),
        )


class _Items:
    """The lines of an axis (``rowItems``, ``colItems``): a few bytes for each.

    A line has a type, a number of items that it repeats from the line before, and a number of
    items that it writes anew (18.10.1.44).
    """

    __slots__ = ("kinds", "repeated", "written")

    def __init__(self, items: Node | None, place: str) -> None:
        self.kinds = array("B")
        self.repeated = array("L")
        self.written = array("L")
        for item in () if items is None else children(items, "i"):
            kind = item.get("t", "data")
            if kind not in _ITEM_TYPES:
                raise Malformed("has an item of a type the standard does not know", place=place)
            self.kinds.append(_ITEM_TYPES.index(kind))
            self.repeated.append(_whole(item, "r", 0, place))
            self.written.append(sum(1 for _ in children(item, "x")))

    def __len__(self) -> int:
        return len(self.kinds)

    def level(self, index: int) -> int:
        """The depth of the innermost item that a line writes, from 0."""
        return max(self.repeated[index] + self.written[index] - 1, 0)

    def group_end(self, index: int, level: int) -> int:
        """The last line of the group that a line opens at a level."""
        end = index + 1
        while (
            end < len(self.kinds)
            and self.kinds[end] not in (_GRAND, _BLANK)
            and self.repeated[end] > level
        ):
            end += 1
        return end - 1


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where things stand. Rows and columns are numbered from 1.

    ``label_top`` is the first row of column labels, ``body_top`` the first below the header,
    ``data_left`` the first column of values. For each row field, ``label_columns`` tells the column
    of its labels, ``outlined`` whether they have a row of their own.
    """

    area: Area
    label_top: int
    body_top: int
    data_left: int
    rows: _Items
    columns: _Items
    label_columns: tuple[int, ...]
    outlined: tuple[bool, ...]
    column_fields: int
    holds_report: bool

    @classmethod
    def of(cls, definition: Node, place: str) -> _Layout:
        location = child(definition, "location")
        if location is None:
            raise Malformed("does not tell where it lies", place=place)
        area = parse_area(location.get("ref", ""), place)
        body_top = area.first_row + _whole(location, "firstDataRow", 1, place)
        data_left = area.first_column + _whole(location, "firstDataCol", 1, place)
        if body_top > area.last_row + 1 or data_left > area.last_column + 1:
            raise Malformed("has a header that is larger than itself", place=place)
        label_top = area.first_row + _whole(location, "firstHeaderRow", 1, place)
        row_fields = _fields(definition, "rowFields", place)
        column_fields = _fields(definition, "colFields", place)
        data = child(definition, "dataFields")
        steps, outlined = _forms(definition, row_fields)
        rightmost = max(data_left - 1, area.first_column)
        return cls(
            area=area,
            label_top=min(label_top, body_top),
            body_top=body_top,
            data_left=data_left,
            rows=_Items(child(definition, "rowItems"), place),
            columns=_Items(child(definition, "colItems"), place),
            label_columns=tuple(min(area.first_column + step, rightmost) for step in steps),
            outlined=outlined,
            column_fields=len(column_fields),
            # Without a field on any axis Excel shows a placeholder, which has no style.
            holds_report=bool(row_fields or column_fields) or data is not None,
        )

    def label_column(self, level: int) -> int:
        """The column of the labels of a row field; that of the innermost one beyond."""
        if not self.label_columns:
            return self.area.first_column
        return self.label_columns[min(level, len(self.label_columns) - 1)]


def _whole(node: Node, name: str, default: int, place: str) -> int:
    text = node.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise Malformed(f"has an attribute {name} that is not a number of cells", place=place)
    return int(text)


def _fields(definition: Node, name: str, place: str) -> list[int]:
    """The indexes of the fields on an axis, in order, the outermost first."""
    axis = child(definition, name)
    found: list[int] = []
    for field in () if axis is None else children(axis, "field"):
        text = field.get("x", "")
        if text != str(_VALUES) and not (text.isascii() and text.isdigit() and len(text) < 8):
            raise Malformed("names a field by something that is no number", place=place)
        found.append(int(text))
        if len(found) > _FIELDS:
            raise TooLarge(
                f"has more than {_FIELDS} fields on one axis",
                place=place,
                remedy="Make a copy of the report with fewer fields",
            )
    return found


def _forms(definition: Node, row_fields: list[int]) -> tuple[list[int], tuple[bool, ...]]:
    """For each row field: columns its labels are moved right by, whether they have their own row.

    A field in outline form has its labels in a row of their own, and in compact form shares its
    column with the field inside of it (18.10.1.69, ``outline`` and ``compact``).
    """
    described = child(definition, "pivotFields")
    fields = [] if described is None else list(children(described, "pivotField"))
    steps: list[int] = []
    outlined: list[bool] = []
    column = 0
    for index in row_fields:
        steps.append(column)
        if 0 <= index < len(fields):
            form = (fields[index].get("outline", "1"), fields[index].get("compact", "1"))
        else:
            # The captions of data fields follow the table, whose own defaults differ (18.10.1.73).
            form = (definition.get("outline", "0"), definition.get("compact", "1"))
        outline, compact = (is_true(value) for value in form)
        outlined.append(outline)
        column += 0 if outline and compact else 1
    return steps, tuple(outlined)


def _page_regions(definition: Node, layout: _Layout, place: str) -> Iterator[Region]:
    """The page fields, which stand above the report with an empty row between (18.10.1.49)."""
    pages = child(definition, "pageFields")
    count = 0 if pages is None else sum(1 for _ in children(pages, "pageField"))
    location = child(definition, "location")
    if not count or location is None:
        return
    height = _whole(location, "rowPageCount", 0, place) or count
    width = max(_whole(location, "colPageCount", 0, place), 1)
    top = layout.area.first_row - 1 - height
    if top < 1:
        raise Malformed("has page fields above the first row of the sheet", place=place)
    sideways = is_true(definition.get("pageOverThenDown"))
    for group in range(min(width, count)):
        across, down = len(range(group, count, width)), count - group * height
        filled = min(across if sideways else down, height)
        column = layout.area.first_column + _PAGE_STRIDE * group
        if filled < 1 or column >= COLUMNS:
            return
        bottom = top + filled - 1
        yield Region("wholeTable", top, column, bottom, column + 1)
        yield Region("pageFieldLabels", top, column, bottom, column)
        yield Region("pageFieldValues", top, column + 1, bottom, column + 1)


def _frame(layout: _Layout, shows: _Shows) -> Iterator[Region]:
    """The whole report, its header and its row labels."""
    top, left, bottom, right, _ = layout.area
    body, data = layout.body_top, layout.data_left
    yield Region("wholeTable", top, left, bottom, right)
    labelled = bool(layout.label_columns)
    if shows.row_headers and labelled and data > left:
        yield Region("firstColumn", top, left, bottom, data - 1)
    if shows.column_headers and body > top:
        yield Region("headerRow", top, left, body - 1, right)
    # The captions of the row fields fill the last row of the header. Without the ground of the
    # header, white letters of its first cell would stand on white: so both must be on.
    last = body - (2 if labelled else 1)
    if (
        (shows.column_headers and shows.row_headers)
        and layout.column_fields
        and (last >= top and data > left)
    ):
        yield Region("firstHeaderCell", top, left, last, data - 1)


def _bands(
    first: int, last: int, looks: Mapping[str, Dxf], kinds: tuple[str, str]
) -> Iterator[tuple[str, int, int]]:
    """Stripes of two kinds in turn, each as wide as its look says."""
    sizes = [looks[kind].size if kind in looks else 1 for kind in kinds]
    turn = 0
    while first <= last:
        end = min(first + sizes[turn] - 1, last)
        yield kinds[turn], first, end
        first, turn = end + 1, 1 - turn


def _column_stripes(layout: _Layout, shows: _Shows, looks: Mapping[str, Dxf]) -> Iterator[Region]:
    kinds = ("firstColumnStripe", "secondColumnStripe")
    if not shows.column_stripes or looks.keys().isdisjoint(kinds):
        return
    area = layout.area
    if layout.body_top > area.last_row:
        return
    for kind, first, last in _bands(layout.data_left, area.last_column, looks, kinds):
        yield Region(kind, layout.body_top, first, area.last_row, last)


def _row_stripes(layout: _Layout, shows: _Shows, looks: Mapping[str, Dxf]) -> Iterator[Region]:
    kinds = ("firstRowStripe", "secondRowStripe")
    if not (shows.row_stripes and layout.label_columns) or looks.keys().isdisjoint(kinds):
        return
    area = layout.area
    for kind, first, last in _bands(layout.body_top, area.last_row, looks, kinds):
        yield Region(kind, first, area.first_column, last, area.last_column)


def _ordinal(level: int) -> str:
    """The outermost field comes first, those inside of it second and third in turn."""
    return "first" if level == 0 else ("third", "second")[level % 2]


def _column_items(layout: _Layout, shows: _Shows) -> Iterator[Region]:
    """Columns of subtotals and grand totals, from their labels down."""
    area, columns = layout.area, layout.columns
    top = layout.label_top
    if top > area.last_row:
        return
    for index, kind in enumerate(columns.kinds):
        column = layout.data_left + index
        if column > area.last_column:
            return
        if kind > _BLANK:
            ordinal = _ordinal(columns.level(index))
            yield Region(f"{ordinal}SubtotalColumn", top, column, area.last_row, column)
    if shows.last_column:
        for first, last in _grand_columns(layout):
            yield Region("lastColumn", top, first, area.last_row, last)


def _grand_columns(layout: _Layout) -> Iterator[tuple[int, int]]:
    """Runs of columns that total the whole of a row."""
    last_column = layout.area.last_column
    if not layout.column_fields:
        if layout.columns and layout.data_left <= last_column:
            yield layout.data_left, last_column
        return
    index = 0
    for kind, run in groupby(layout.columns.kinds):
        length = sum(1 for _ in run)
        first = layout.data_left + index
        index += length
        if kind == _GRAND and first <= last_column:
            yield first, min(first + length - 1, last_column)


def _column_subheadings(layout: _Layout, shows: _Shows) -> Iterator[Region]:
    """The rows of column labels, one for each field, up to the grand totals."""
    if not shows.column_headers or not layout.column_fields:
        return
    last = layout.area.last_column
    for first, end in _grand_columns(layout):
        if end == last:
            last = first - 1
    if last < layout.data_left:
        return
    for level in range(layout.column_fields):
        row = layout.label_top + level
        if row >= layout.body_top:
            return
        yield Region(f"{_ordinal(level)}ColumnSubheading", row, layout.data_left, row, last)


def _row_items(layout: _Layout, shows: _Shows) -> Iterator[Region]:
    """Rows of subtotals, grand totals and blanks, and subheadings, in order of their first row."""
    area, rows = layout.area, layout.rows
    if not layout.label_columns:
        return
    for index, kind in enumerate(rows.kinds):
        row = layout.body_top + index
        if row > area.last_row:
            return
        if kind == _DATA:
            if shows.row_headers:
                yield from _row_subheadings(layout, index, row)
        elif kind == _BLANK:
            yield Region("blankRow", row, area.first_column, row, area.last_column)
        elif kind != _GRAND:
            level = rows.level(index)
            left = layout.label_column(level)
            yield Region(f"{_ordinal(level)}SubtotalRow", row, left, row, area.last_column)
        elif index == 0 or rows.kinds[index - 1] != _GRAND:
            last = index
            while last + 1 < len(rows) and rows.kinds[last + 1] == _GRAND:
                last += 1
            bottom = min(layout.body_top + last, area.last_row)
            yield Region("totalRow", row, area.first_column, bottom, area.last_column)


def _row_subheadings(layout: _Layout, index: int, row: int) -> Iterator[Region]:
    """What a line says of the groups it opens: a row of its own, or labels beside the group."""
    area, rows = layout.area, layout.rows
    innermost = len(layout.label_columns) - 1
    level, count = rows.repeated[index], rows.written[index]
    if count == 1 and level < innermost and layout.outlined[level]:
        left = layout.label_column(level)
        yield Region(f"{_ordinal(level)}RowSubheading", row, left, row, area.last_column)
        return
    for opened in range(level, min(level + count, innermost)):
        column = layout.label_column(opened)
        bottom = min(layout.body_top + rows.group_end(index, opened), area.last_row)
        yield Region(f"{_ordinal(opened)}RowSubheading", row, column, bottom, column)
