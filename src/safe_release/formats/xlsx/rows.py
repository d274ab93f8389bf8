"""This module is the writing of rows: every cell judged, and written as what it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, cast
from xml.etree.ElementTree import Element as Node

from safe_release.channel import Fate as Action
from safe_release.document import CellValue
from safe_release.errors import CannotRebuild, Malformed, SafeReleaseError, TooLarge
from safe_release.formats.ledger import Ledger
from safe_release.formats.values import Decimal, whole
from safe_release.formats.xlsx.axis import ROWS, AxisMap, column_letters, write_cell
from safe_release.formats.xlsx.cells import (
    ERRORS,
    Cell,
    RowLook,
    canonical_number,
    read_cells,
    row_look,
    row_number,
    serial_of,
)
from safe_release.formats.xlsx.dxf import NOTHING
from safe_release.formats.xlsx.grounds import MOST_BARE, Grounds
from safe_release.formats.xlsx.numbers import NumberFormat, number_format
from safe_release.formats.xlsx.sight import Paint
from safe_release.formats.xlsx.specials import Merge, Specials
from safe_release.formats.xlsx.strings import (
    ItemRules,
    SourceStrings,
    StringItem,
    StringPool,
    decode,
    is_too_long,
    plain_item,
)
from safe_release.formats.xlsx.styles import Replaced, SourceStyles, StylePool
from safe_release.formats.xlsx.visible import Fate, Geometry
from safe_release.formats.xml_reader import REPAIR
from safe_release.formats.zip_writer import PartWriter

if TYPE_CHECKING:
    from safe_release.formats.xlsx.cf_effects import Effect

_HEIGHT: Final = Decimal(0.05, 409.5, 20)
_FLUSH: Final = 1 << 11
STALE_REMEDY: Final = (
    "Open the workbook in Excel, let it calculate, save it and retry, or install LibreOffice"
)


@dataclass(frozen=True, slots=True)
class Book:
    """What all sheets of one workbook share while it is rebuilt."""

    strings: SourceStrings
    style_source: SourceStyles
    pool: StringPool
    style_pool: StylePool
    rules: ItemRules
    ledger: Ledger
    is_1904: bool
    is_displayed: bool
    """Numbers keep what their format shows (``Policy.precision``)."""
    is_in_doubt: bool
    """Every stored formula value is to be doubted (``fullCalcOnLoad``)."""
    cell_limit: int


_Value = tuple[str, str, str]
"""Type and content of a cell in the copy, and what its format has to know: of a number its
spelling, of a text what it stands in the place of."""
_NOTHING: Final[_Value] = ("", "", "")


class RowWriter:
    """Takes the rows of one sheet in order and writes those that show, closed up.

    ``rows`` is the map from source rows to the copy's, complete when the last row has been taken.
    """

    def __init__(
        self,
        book: Book,
        geometry: Geometry,
        specials: Specials,
        number: int,
        shows_zeros: bool,
        grounds: Grounds,
    ) -> None:
        self.book = book
        self.grounds = grounds
        self.geometry = geometry
        self.specials = specials
        self.place = f"sheet {number}"
        self.rows = AxisMap(ROWS)
        self.header_texts: dict[tuple[int, int], str] = {}
        self.partial_texts: set[tuple[int, int]] = set()
        """Those of which some letters are out of sight."""
        self.last = 0
        self.shift = 0
        self.cells = 0
        self.out: list[bytes] = []
        self._sink: PartWriter | None = None
        self._begin: Callable[[], PartWriter] | None = None
        self._begins_after = 0
        self.shows_zeros = shows_zeros
        self._columns = geometry.columns
        self._column_styles: dict[int, int] = {}
        if geometry.first_row > 1:
            self._hide(1, geometry.first_row - 1)

    def wait(self, row: int, begin: Callable[[], PartWriter]) -> None:
        """Keep what is written until the source's row ``row`` has passed, then ``begin`` tells
        where it goes: the head of a sheet says how many of the frozen rows show."""
        self._begins_after = row
        self._begin = begin

    def flush(self, *, is_last: bool = False) -> None:
        """Pass on what has been written."""
        if self._sink is None and (is_last or self.last >= self._begins_after):
            self._sink = self._begin() if self._begin is not None else None
        if self._sink is not None and self.out:
            self._sink.write(b"".join(self.out))
            self.out.clear()

    def note_node(self, node: Node) -> None:
        """A row as a tree, of which nothing is wanted but its visibility and a header's texts."""
        number = row_number(node.get("r"), self.last, self.place)
        look = row_look(dict(node.attrib))
        self.note(number, look)
        if number in self.specials.watched:
            cells = read_cells(node, number, self.place, self.book.rules)
            fate = self.geometry.row_fate(number, look.hidden, look.height)
            for cell in self._special(number, look, cells, fate):
                if self._columns.new(cell.column) is not None and fate is not Fate.HIDDEN:
                    self._watch(number, cell, fate)

    def note(self, number: int, look: RowLook) -> None:
        """A row of which nothing but its visibility is wanted."""
        self.pass_gap(number)
        if self.geometry.row_fate(number, look.hidden, look.height) is Fate.HIDDEN:
            self.hide(number)
        self.last = number

    def finish_mapping(self) -> None:
        """No row follows the ones that were noted."""
        self.pass_gap(ROWS + 1)

    def take_node(self, node: Node) -> None:
        """A row as a tree."""
        number = row_number(node.get("r"), self.last, self.place)
        look = row_look(dict(node.attrib))
        self.take(number, look, read_cells(node, number, self.place, self.book.rules))

    def take(self, number: int, look: RowLook, cells: list[Cell]) -> None:
        """A row of the source, with a number greater than the last one's."""
        self.pass_gap(number)
        self.cells += len(cells)
        self._row(number, look, cells)
        if len(self.out) > _FLUSH or self.cells > self.book.cell_limit:
            self.checkpoint()

    def hide(self, number: int) -> None:
        """A row that does not show."""
        if number >= self.geometry.first_row:
            self._hide(number, number)
        self.last = number

    def checkpoint(self) -> None:
        """Now and then: pass on what has been written, and look at the limits."""
        if self.cells > self.book.cell_limit:
            raise TooLarge(
                f"has more than {self.book.cell_limit} cells",
                place=self.place,
                remedy="Raise limits.cells if you trust the source",
            )
        self.flush()

    def finish(self) -> None:
        """No row follows."""
        self.pass_gap(ROWS + 1)
        self.flush(is_last=True)

    def pass_gap(self, number: int) -> None:
        """Deal with the unwritten rows before ``number``."""
        first = self.last + 1
        if self.geometry.unwritten_rows_hide:
            if first < number:
                self._hide(max(first, self.geometry.first_row), number - 1)
        else:
            while (row := next(self.specials.rows_to_visit(self.last, number), None)) is not None:
                self._row(row, RowLook(), [])
        self.last = max(self.last, number - 1)

    def _hide(self, first: int, last: int) -> None:
        if first <= last:
            self.rows.hide(first, last)
            self.shift = self.rows.count_hidden

    def _row(self, number: int, look: RowLook, cells: list[Cell]) -> None:
        fate = self.geometry.row_fate(number, look.hidden, look.height)
        if number >= self.specials.next_row:
            cells = self._special(number, look, cells, fate)
            self.specials.passed(number)
        if fate is Fate.HIDDEN:
            self.hide(number)
        else:
            self._write(number, look, cells, fate)
            self.last = number

    def _write(self, number: int, look: RowLook, cells: list[Cell], fate: Fate) -> None:
        new = number - self.shift
        row_style = self.book.style_pool.use(look.style) if look.has_style else None
        written = []
        for cell in cells:
            column = self._columns.new(cell.column)
            if column is None:
                continue
            markup = self._cell(cell, number, row_style, fate, f"{column_letters(column)}{new}")
            if markup:
                written.append(markup)
            if number in self.specials.watched:
                self._watch(number, cell, fate)
        attributes = row_attributes(look, row_style)
        if written or attributes:
            self.out.append(f'<row r="{new}"{attributes}>{"".join(written)}</row>'.encode())

    def _cell(self, cell: Cell, row: int, row_style: int | None, fate: Fate, reference: str) -> str:
        try:
            type_, content, told = self._value(cell, row, fate)
            style = self._style(cell, row, type_, told)
        except SafeReleaseError as error:
            raise self._placed(error, row, cell.column) from None
        if not type_:
            inherited = self.inherited(cell.column) if row_style is None else row_style
            return "" if style == inherited else f'<c r="{reference}"{style_attribute(style)}/>'
        return f'<c r="{reference}"{style_attribute(style)}{TYPE_ATTRIBUTES[type_]}>{content}</c>'

    def _style(self, cell: Cell, row: int, type_: str, told: str) -> int:
        pool = self.book.style_pool
        shown = number_format(cell.code) if cell.code is not None else None
        match type_:
            case "n":
                code = self._format(cell).code_for_number(told)
                colour = number_format(code).colour_of_number(told) if "[" in code else ""
                self._bare(cell, row, colour, None)
                return pool.use_for_number(
                    cell.style, told, cell.under, cell.bareness, cell.over, shown
                )
            case "s" | "inlineStr":
                replaced = cast("Replaced", told)
                if cell.type not in ("s", "str", "inlineStr"):
                    self._bare(cell, row, "", None)  # it stands under General
                return pool.use_for_text(
                    cell.style, cell.under, replaced, cell.bareness, cell.over, shown
                )
            case "":
                return pool.use(cell.style, cell.under, over=cell.over)
        format_ = number_format(self._format(cell).code_for_nothing)
        self._bare(cell, row, format_.colour_of_text if type_ == "b" else "", None)
        return pool.use(cell.style, cell.under, cell.bareness, cell.over, shown)

    def _format(self, cell: Cell) -> NumberFormat:
        if cell.code is not None:
            return number_format(cell.code)
        return self.book.style_pool.format_at(cell.style)

    def _bare(self, cell: Cell, row: int, colour: str, item: StringItem | None) -> None:
        """Let a cell that shows give up as much of its look as it takes to show in the copy."""
        if cell.is_painted:
            return  # the colours of a rule are over its own
        if cell.under is None and self.grounds.is_ordinary(cell.style):
            if item is None or self.grounds.shows_runs(cell.style, item):
                return
        at_row, at_column = cell.at or (row, cell.column)
        while cell.bareness < MOST_BARE:
            paint = self.grounds.paint_in_copy(
                cell.style, at_row, at_column, self.rows, cell.under or NOTHING, cell.bareness
            )
            if not cell.bareness:
                paint = self.grounds.copied.named(paint, colour)
            shown = item
            if cell.bareness and item is not None:
                shown = self.grounds.copied.bared(item, paint)
            if not (
                paint.hides if shown is None else not self.grounds.copied.shows_whole(shown, paint)
            ):
                return
            cell.bareness += 1

    def _hidden(self, cell: Cell, row: int) -> bool:
        """Whether a reader sees nothing of a value that is no text of several runs."""
        if cell.is_painted or self.grounds.is_ordinary(cell.style):
            return False
        return self._paint(cell, row).hides

    def _paint(self, cell: Cell, row: int) -> Paint:
        """What a value of the source is painted with."""
        row, column = cell.at or (row, cell.column)
        paint = self.grounds.paint(cell.style, row, column, self.rows)
        return paint if paint.ground is None else self.grounds.named(paint, self._colour(cell))

    def _colour(self, cell: Cell) -> str:
        """The colour that a cell's number format gives its value."""
        format_ = self._format(cell)
        if not any(format_.colours) or cell.type == "e":
            return ""
        if cell.type not in ("n", "d"):
            return format_.colour_of_text
        text = cell.text
        if cell.type == "d":
            text = serial_of(text, is_1904=self.book.is_1904) or ""
        number = canonical_number(text)
        return "" if number is None else format_.colour_of_number(number)

    def inherited(self, column: int) -> int:
        """The copy's number of the format that an unwritten cell of a column has."""
        style = self._column_styles.get(column)
        if style is None:
            style = self.book.style_pool.use(self.geometry.column_style(column))
            self._column_styles[column] = style
        return style

    def _placed(self, error: SafeReleaseError, row: int, column: int) -> SafeReleaseError:
        if error.place:
            return error
        place = f"{self.place}, cell {write_cell(row, column)}"
        return type(error)(error.problem, place=place, remedy=error.remedy)

    def _value(self, cell: Cell, row: int, fate: Fate) -> _Value:
        """What a cell shows."""
        if not cell.type or not self._is_readable(cell, fate):
            return _NOTHING
        if cell.is_formula and self._is_stale(cell):
            raise CannotRebuild("has a formula without a value", remedy=STALE_REMEDY)
        if cell.type not in ("s", "str", "inlineStr") and self._hidden(cell, row):
            return _NOTHING
        match cell.type:
            case "n":
                return self._number(cell)
            case "s" | "str" | "inlineStr":
                return self._string(cell, row)
            case "b":
                return self._boolean(cell)
            case "e":
                return self._error(cell)
            case _:
                return self._date(cell)

    def _is_readable(self, cell: Cell, fate: Fate) -> bool:
        """A spacer is too small for a value, unless a merge lends it more."""
        if fate is Fate.SPACER and not cell.spans_rows:
            return False
        return cell.spans_columns or not self.geometry.is_spacer_column(cell.column)

    def _at(self, row: int, cell: Cell) -> str:
        return f"{self.place}, cell {write_cell(row, cell.column)}"

    def _is_stale(self, cell: Cell) -> bool:
        return self.book.is_in_doubt or (cell.text == "" and cell.type != "str")

    def _date(self, cell: Cell) -> _Value:
        """An ISO 8601 date is a number spelled otherwise; its format shows as much of it."""
        serial = serial_of(cell.text, is_1904=self.book.is_1904)
        if serial is None:
            raise Malformed("has a date that is none", remedy=REPAIR)
        return self._number(replace(cell, text=serial))

    def _number(self, cell: Cell) -> _Value:
        if not cell.text.strip():
            return _NOTHING
        number = canonical_number(cell.text)
        if number is None:
            raise Malformed("has a number that is none", remedy=REPAIR)
        if not self.shows_zeros and float(number) == 0:
            return _NOTHING
        if not self.book.is_displayed:
            return "n", f"<v>{number}</v>", number
        shown = self._format(cell).as_displayed(number, self.book.is_1904)
        if shown.kind == "number":
            return "n", f"<v>{shown.text}</v>", shown.text
        item = plain_item(shown.text if shown.kind == "text" else "")
        return self._pooled(item, "number")

    def _string(self, cell: Cell, row: int) -> _Value:
        item = self._item(cell, row)
        unmasked = self._unmasked(item, cell)
        told: Replaced = "nothing" if unmasked is item else "text"
        shown = self._seen(unmasked, cell, row)
        if not shown.text:
            return _NOTHING
        colour = number_format(self.book.style_pool.code_for_text(cell.style, told)).colour_of_text
        self._bare(cell, row, colour, shown)
        if cell.bareness:
            bareness = cell.bareness
            at_row, at_column = cell.at or (row, cell.column)
            paint = self.grounds.paint_in_copy(
                cell.style, at_row, at_column, self.rows, cell.under or NOTHING, bareness
            )
            shown = self.grounds.copied.bared(shown, paint)
        if cell.type != "inlineStr":
            return self._pooled(shown, told)
        self.book.style_pool.note(shown.markup)
        return "inlineStr", f"<is>{shown.markup}</is>", told

    def _item(self, cell: Cell, row: int) -> StringItem:
        if cell.type == "s":
            return self.book.strings.item(whole(cell.text), self._at(row, cell))
        if cell.type == "inlineStr":
            return cell.item or plain_item("")
        return plain_item(cell.text)

    def _seen(self, item: StringItem, cell: Cell, row: int) -> StringItem:
        """What a reader sees of a text on its ground."""
        if self.grounds.is_ordinary(cell.style) and self.grounds.shows_runs(cell.style, item):
            return item
        return self.grounds.sight.visible(item, self._paint(cell, row)) or plain_item("")

    def _unmasked(self, item: StringItem, cell: Cell) -> StringItem:
        """What a format without a place for texts shows in a text's place."""
        if not self.book.is_displayed or not self._bounded(item).text:
            return self._bounded(item)
        shown = self._format(cell).string_as_displayed(item.text)
        return item if shown is None else plain_item(shown)

    @staticmethod
    def _bounded(item: StringItem) -> StringItem:
        if is_too_long(item.text):
            raise Malformed("has a text longer than a cell can hold", remedy=REPAIR)
        return item

    def _pooled(self, item: StringItem, replaced: Replaced = "text") -> _Value:
        if not item.text:
            return _NOTHING
        return "s", f"<v>{self.book.pool.add(item.markup)}</v>", replaced

    def _boolean(self, cell: Cell) -> _Value:
        text = cell.text.strip()
        if text not in ("0", "1", "true", "false"):
            raise Malformed("has a boolean that is none", remedy=REPAIR)
        is_set = text in ("1", "true")
        name = plain_item("TRUE" if is_set else "FALSE")
        shown = self._unmasked(name, cell)
        if shown is not name:
            return self._pooled(shown)
        if self.book.style_pool.is_checkbox(cell.style):
            return self._pooled(plain_item("☑" if is_set else "☐"))
        return "b", f"<v>{int(is_set)}</v>", ""

    def _error(self, cell: Cell) -> _Value:
        if cell.is_rich:
            self.book.ledger.note(
                "xlsx.rich.values",
                self.place,
                Action.REMOVED,
                "a picture or card in a cell shows, and this version leaves it out",
            )
            return _NOTHING
        code = cell.text.strip()
        if code in ERRORS:
            return "e", f"<v>{code}</v>", ""
        return self._pooled(plain_item(decode(code)))

    def _special(self, number: int, look: RowLook, cells: list[Cell], fate: Fate) -> list[Cell]:
        """The cells of a row after everything that touches it from elsewhere."""
        row = {cell.column: cell for cell in cells}
        for column, value in self.specials.fresh.get(number, {}).items():
            _refresh(row, column, value, self._style_of(look, column))
        if self.specials.effects is not None:
            styles = {cell.column: cell.style for cell in cells}
            for column, effect in self.specials.effects.in_row(number, styles).items():
                self._affect(row, column, effect, look)
        merges = self.specials.merges_in(number)
        for column in [column for column in row if self.specials.is_covered(number, column)]:
            row[column] = Cell(column, row[column].style)
        for merge in merges:
            self._merge(merge, number, look, row, fate)
        if fate is not Fate.HIDDEN:
            for column, under in self.specials.looks_in(number).items():
                cell = row.get(column)
                if cell is None:
                    cell = row[column] = Cell(column, self._style_of(look, column))
                cell.under = under
        return [row[column] for column in sorted(row)]

    def _affect(self, row: dict[int, Cell], column: int, effect: Effect, look: RowLook) -> None:
        """What a conditional format makes of a cell."""
        cell = row.get(column)
        if cell is None:
            if effect.over is None:
                return
            cell = row[column] = Cell(column, self._style_of(look, column))
        cell.over, cell.code = effect.over, effect.code
        cell.is_painted = effect.is_painted
        if effect.is_gone or effect.number is not None:
            cell.type = "" if effect.number is None else "n"
            cell.text, cell.item = effect.number or "", None
            cell.is_formula = cell.is_rich = False

    def _style_of(self, look: RowLook, column: int) -> int:
        return look.style if look.has_style else self.geometry.column_style(column)

    def _merge(
        self, merge: Merge, number: int, look: RowLook, row: dict[int, Cell], fate: Fate
    ) -> None:
        """Blank what lies under a merge; its value moves to the first cell that shows."""
        area = merge.area
        anchor = row.get(area.first_column) if number == area.first_row else None
        if anchor is not None:
            anchor.at = (number, anchor.column)
            merge.moved = anchor
        target = None
        if fate is not Fate.HIDDEN and not merge.is_settled:
            target = self._columns.first_shown(area.first_column, area.last_column)
            merge.is_settled = target is not None
        for column, cell in row.items():
            is_anchor = number == area.first_row and column == area.first_column == target
            if area.first_column <= column <= area.last_column and not is_anchor:
                row[column] = Cell(column, cell.style)
        if target is not None and merge.moved is not None:
            own = row[target].style if target in row else self._style_of(look, target)
            row[target] = replace(
                merge.moved,
                column=target,
                style=self.book.style_source.framed(merge.moved.style, own),
                spans_rows=area.first_row < area.last_row,
                spans_columns=area.first_column < area.last_column,
            )
        if merge.is_settled:
            merge.moved = None

    def _watch(self, number: int, cell: Cell, fate: Fate) -> None:
        """Remember what a header cell shows: its column is called by it."""
        if not self._is_readable(cell, fate):
            return
        if cell.type not in ("s", "str", "inlineStr"):
            return
        item = self._unmasked(self._item(cell, number), cell)
        shown = self._seen(item, cell, number).text
        if shown:
            self.header_texts[number, cell.column] = shown
            if shown != item.text:
                self.partial_texts.add((number, cell.column))


def row_attributes(look: RowLook, style: int | None) -> str:
    """The attributes of a row in the copy, beside its number."""
    height = _HEIGHT(look.height) if look.height is not None else None
    custom = ' customHeight="1"' if height and look.is_custom_height else ""
    styled = f' s="{style}" customFormat="1"' if style is not None else ""
    return f"{styled}{f' ht={chr(34)}{height}{chr(34)}' if height else ''}{custom}"


def style_attribute(style: int) -> str:
    """``s``, absent for the first format."""
    return f' s="{style}"' if style else ""


TYPE_ATTRIBUTES: Final = {
    "n": "",
    "s": ' t="s"',
    "b": ' t="b"',
    "e": ' t="e"',
    "inlineStr": ' t="inlineStr"',
}


def _refresh(row: dict[int, Cell], column: int, value: CellValue, style: int) -> None:
    cell = row.get(column)
    if cell is None:
        cell = row[column] = Cell(column, style)
    cell.type = value.type
    cell.text = value.text
    cell.item = None
    cell.is_formula = False
