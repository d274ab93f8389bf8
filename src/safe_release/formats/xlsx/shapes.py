"""This module is the fast way through ordinary rows: recognised whole by a strict pattern.

A row is taken from the bytes only if a pattern matches all of it, from ``<row`` to ``</row>``.
Cells of ordinary spelling are understood one by one first; from a row that was understood comes the
pattern of its *shape* (the same columns, formats and types), which takes the rows like it at once.
Whatever does not match completely is left to the XML parser.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from safe_release.formats.xlsx.axis import ROWS, column_letters, column_number
from safe_release.formats.xlsx.cells import Cell, RowLook, canonical_number, row_look
from safe_release.formats.xlsx.rows import (
    TYPE_ATTRIBUTES,
    RowWriter,
    row_attributes,
    style_attribute,
)
from safe_release.formats.xlsx.strings import plain_item
from safe_release.formats.xlsx.visible import Fate

_TEXT: Final = rb"[^<&]*(?:&(?:amp|lt|gt|quot|apos);[^<&]*)*"
_ATTRIBUTES: Final = rb"(?: [A-Za-z0-9]{1,20}(?::[A-Za-z0-9]{1,20})?=\"[^\"<&]*\")*"
_ROW: Final = re.compile(rb"<row r=\"([1-9][0-9]{0,6})\"(" + _ATTRIBUTES + rb") ?(?:(/>)|>)")
_FORMULA: Final = rb"<f" + _ATTRIBUTES + rb" ?(?:/>|>" + _TEXT + rb"</f>)"
_CELL: Final = re.compile(
    rb"<c r=\"([A-Z]{1,3})([0-9]{1,7})\"(" + _ATTRIBUTES + rb") ?(?:/>|>"
    rb"(" + _FORMULA + rb")?"
    rb"(?:<v>(" + _TEXT + rb")</v>|<is><t(?: xml:space=\"preserve\")?>(" + _TEXT + rb")</t></is>)"
    rb"</c>)"
)
_NOT_CELLS: Final = re.compile(rb"<[!?]|<[^>]*\brow\b")
_CELL_ATTRIBUTE: Final = re.compile(r" ([A-Za-z0-9:]+)=\"([^\"]*)\"")
_PLAIN_NUMBER: Final = (
    rb"(0|-?(?:[1-9][0-9]{0,14}|(?=[0-9.]{3,16}<)(?:0(?=\.(?!0000))|[1-9][0-9]*)\.[0-9]*[1-9]))"
)
"""Numbers in their one spelling that a double keeps exactly: at most fifteen digits, no zeros to
spare, no exponent. Anything else is worth a closer look, not an objection. A tag follows."""
_ENTITIES: Final = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}
_ENTITY: Final = re.compile("&(?:lt|gt|quot|apos|amp);")
_TYPES: Final = ("n", "s", "b", "e", "str", "inlineStr")
_REMEMBERED: Final = 1 << 14
_MAX_SHAPES: Final = 256
_WORTH_A_SHAPE: Final = 2


class _RawCell(NamedTuple):
    """A cell as bytes: what comes before its value, the value, and what comes after."""

    column: bytes
    attributes: bytes
    formula: bytes
    value: bytes | None
    inline: bytes | None


class _LongWay(Exception):
    """A value needs more than the fast way does."""


class _Shape:
    """Rows of one kind: how they are recognised and how they are written.

    ``match`` finds the row number and one value for every cell that shows, ``match_plain`` the same
    where no number needs a second look. ``template`` takes the
    number once for the row, and then number and value for each cell; an empty one writes nothing,
    ``None`` says that the row is hidden. The value of a cell without one is empty.
    """

    __slots__ = ("cells", "count", "lookups", "match", "match_plain", "numbers", "template")

    def __init__(
        self, pattern: bytes, plain: bytes, maker: _TemplateMaker | None, cells: int
    ) -> None:
        self.match = re.compile(pattern, re.DOTALL).match
        self.match_plain = re.compile(plain, re.DOTALL).match
        self.template = maker.template() if maker is not None else None
        self.cells = cells
        self.count = 1 + 2 * maker.count if maker is not None else 1
        self.numbers = tuple(maker.numbers) if maker is not None else ()
        self.lookups = tuple(maker.lookups) if maker is not None else ()


class _StringNumbers(dict[bytes, bytes]):
    """From the source's string numbers to the copy's, given out at first use.

    They are for the cells of one ``style``, and of texts of several runs have those alone that all
    show there.
    """

    def __init__(self, writer: RowWriter, style: int) -> None:
        super().__init__()
        self._strings = writer.book.strings
        self._add = writer.book.pool.add
        self._grounds = writer.grounds
        self._style = style

    def __missing__(self, spelled: bytes) -> bytes:
        index = int(spelled)
        markup = self._strings.simple(index) or self._markup(index)
        new = self[spelled] = b"%d" % self._add(markup)
        return new

    def _markup(self, index: int) -> str:
        if index >= len(self._strings):
            raise _LongWay
        markup = self._strings.markup(index)
        runs = self._strings.runs_of(index)
        if not markup or not (runs is None or self._grounds.shows_runs(self._style, runs)):
            raise _LongWay
        return markup


class _Converted(dict[bytes, bytes]):
    """Values as the copy spells them, worked out once for those that come again."""

    def __init__(self, convert: Callable[[bytes], bytes]) -> None:
        super().__init__()
        self._convert = convert

    def __missing__(self, value: bytes) -> bytes:
        if len(self) >= _REMEMBERED:
            self.clear()
        converted = self[value] = self._convert(value)
        return converted


class FastRows:
    """Takes ordinary rows from the bytes of a sheet and hands them to its ``RowWriter``."""

    def __init__(self, writer: RowWriter) -> None:
        self._writer = writer
        self._book = writer.book
        self._strings: dict[int, _StringNumbers] = {}
        self._displayed: dict[int, _Converted] = {}
        self._looks: dict[bytes, RowLook | None] = {}
        self._kinds: dict[bytes, tuple[int, str] | None] = {}
        self._seen: dict[tuple[object, ...], int] = {}
        self._shapes: dict[tuple[object, ...], _Shape] = {}
        self._recent: list[_Shape] = []

    def take(self, buffer: bytes, position: int) -> int:
        """Take rows from ``position`` on; returns where the first one begins that it does not."""
        while True:
            position = self._take_shaped(buffer, position)
            after = self._take_row(buffer, position)
            if after == position:
                return position
            position = after

    def note(self, buffer: bytes, position: int) -> int:
        """Like ``take``, for who only wants to know which rows show.

        The cells are passed over: without comments, instructions and nested rows in between, the
        next end of a row is this row's. Whether they are well-formed is for the real reading.
        """
        writer = self._writer
        while opening := _ROW.match(buffer, position):
            look = self._look(opening.group(2))
            number = int(opening.group(1))
            if look is None or not writer.last < number <= ROWS:
                break
            if number in writer.specials.watched:
                break  # its texts are wanted
            end = opening.end()
            if not opening.group(3):
                end = buffer.find(b"</row>", end) + 6
                if end < 6 or _NOT_CELLS.search(buffer, opening.end(), end - 6):
                    break
            writer.note(number, look)
            position = end
        return position

    def _take_shaped(self, buffer: bytes, position: int) -> int:
        recent = self._recent
        tried = 0
        while tried < len(recent):
            shape = recent[tried]
            after = self._run(shape, buffer, position)
            if after == position:
                tried += 1
                continue
            position = after
            if tried:
                recent.insert(0, recent.pop(tried))
            tried = 0
        return position

    def _run(self, shape: _Shape, buffer: bytes, position: int) -> int:
        """Take the rows of one shape that follow one another."""
        writer = self._writer
        match, match_plain, template = shape.match, shape.match_plain, shape.template
        numbers, lookups, count, cells = shape.numbers, shape.lookups, shape.count, shape.cells
        special = writer.specials.next_row
        hides_gaps = writer.geometry.unwritten_rows_hide
        while True:
            found = match_plain(buffer, position)
            is_plain = found is not None
            if found is None:
                found = match(buffer, position) if numbers else None
                if found is None:
                    return position
            spelled, *values = found.groups()
            number = int(spelled)
            last = writer.last
            if (
                number <= last
                or number >= special
                or number > ROWS
                or (hides_gaps and number != last + 1)
            ):
                return position
            if template is None:
                writer.hide(number)
            elif not template:
                writer.last = number
            else:
                try:
                    if not is_plain:
                        for place in numbers:
                            values[place] = _canonical(values[place])
                    for place, lookup in lookups:
                        values[place] = lookup[values[place]]
                except _LongWay:
                    return position
                row = b"%d" % (number - writer.shift) if writer.shift else spelled
                arguments = [row] * count
                arguments[2::2] = values
                writer.out.append(template % tuple(arguments))
                writer.last = number
            writer.cells += cells
            position = found.end()
            if len(writer.out) > 2048:
                writer.checkpoint()

    def _take_row(self, buffer: bytes, position: int) -> int:
        opening = _ROW.match(buffer, position)
        if opening is None:
            return position
        look = self._look(opening.group(2))
        number = int(opening.group(1))
        if look is None or not self._writer.last < number <= ROWS:
            return position
        if opening.group(3):
            self._writer.take(number, look, [])
            return opening.end()
        end = buffer.find(b"</row>", opening.end())
        if end < 0:
            return position
        raw = self._raw_cells(buffer, opening.end(), end, opening.group(1))
        if raw is None:
            return position
        cells = self._cells(raw)
        if cells is None:
            return position
        is_reached = number >= self._writer.geometry.first_row
        if is_reached and number < self._writer.specials.next_row:
            self._consider_shape(opening.group(2), look, number, raw, cells)
        self._writer.take(number, look, cells)
        return end + 6

    def _look(self, attributes: bytes) -> RowLook | None:
        if attributes not in self._looks:
            pairs = _CELL_ATTRIBUTE.findall(attributes.decode("latin-1"))
            names = [name for name, _ in pairs]
            # A namespace of its own would make it a row of something else.
            is_plain = len({*names, "r"}) == len(names) + 1 and not any(
                name.startswith("xmlns") for name in names
            )
            if len(self._looks) > 65_536:
                self._looks.clear()
            self._looks[attributes] = row_look(dict(pairs)) if is_plain else None
        return self._looks[attributes]

    @staticmethod
    def _raw_cells(buffer: bytes, start: int, end: int, number: bytes) -> list[_RawCell] | None:
        raw = []
        while start < end:
            found = _CELL.match(buffer, start, end)
            if found is None or found.group(2) != number:
                return None
            column, _, *fields = found.groups(b"")
            raw.append(_RawCell(column, *fields))
            start = found.end()
        return raw

    def _cells(self, raw: Sequence[_RawCell]) -> list[Cell] | None:
        cells = []
        previous = 0
        for item in raw:
            kind = self._kind(item.attributes)
            if kind is None or (len(item.column) == 3 and item.column > b"XFD"):
                return None
            style, type_ = kind
            column = column_number(item.column.decode())
            if column <= previous:
                return None
            previous = column
            cell = self._cell(item, column, style, type_)
            if cell is None:
                return None
            cells.append(cell)
        return cells

    @staticmethod
    def _cell(item: _RawCell, column: int, style: int, type_: str) -> Cell | None:
        try:
            value = (item.value or b"").decode()
            inline = (item.inline or b"").decode()
        except UnicodeDecodeError:
            return None
        if type_ == "inlineStr":
            if value or item.formula:
                return None
            return Cell(column, style, type_, item=plain_item(_resolved(inline)))
        if inline:
            return None
        has_value = bool(value) or bool(item.formula)
        return Cell(
            column,
            style,
            type_ if has_value else "",
            _resolved(value),
            is_formula=bool(item.formula),
        )

    def _kind(self, attributes: bytes) -> tuple[int, str] | None:
        if attributes not in self._kinds:
            self._kinds[attributes] = _kind(attributes)
        return self._kinds[attributes]

    def _consider_shape(
        self,
        row_attributes_: bytes,
        look: RowLook,
        number: int,
        raw: Sequence[_RawCell],
        cells: Sequence[Cell],
    ) -> None:
        key = (
            row_attributes_,
            *(
                (
                    item.column,
                    item.attributes,
                    bool(item.formula),
                    item.value is not None and bool(item.value),
                )
                for item in raw
            ),
        )
        if key in self._shapes or len(self._shapes) >= _MAX_SHAPES:
            shape = self._shapes.get(key)
            if shape is not None and shape not in self._recent:
                self._recent.insert(0, shape)
                del self._recent[3:]
            return
        seen = self._seen[key] = self._seen.get(key, 0) + 1
        if len(self._seen) > 4096:
            self._seen.clear()
        if seen < _WORTH_A_SHAPE:
            return
        shape = self._shape(row_attributes_, look, number, raw, cells)
        if shape is not None:
            self._shapes[key] = shape
            self._recent.insert(0, shape)
            del self._recent[3:]

    def _shape(
        self,
        attributes: bytes,
        look: RowLook,
        number: int,
        raw: Sequence[_RawCell],
        cells: Sequence[Cell],
    ) -> _Shape | None:
        fate = self._writer.geometry.row_fate(number, look.hidden, look.height)
        if fate is Fate.SPACER:
            return None
        if any(self._is_stale(item, cell) for item, cell in zip(raw, cells, strict=True)):
            return None
        pattern = [rb'<row r="([1-9][0-9]{0,6})"', re.escape(attributes), rb" ?>"]
        maker = None
        groups: list[int] = []
        """Which pieces of the pattern find the values that are written, in their order."""
        if fate is Fate.SHOWN:
            maker = _TemplateMaker(self._writer, look, self._strings, self._displayed)
        for item, cell in zip(raw, cells, strict=True):
            value: bytes | None = VALUES[cell.type]
            if maker is not None and self._writer.geometry.columns.new(cell.column):
                written = maker.count
                value = maker.add(item, cell)
                if maker.count > written:
                    groups.append(len(pattern) + 1)
            if value is None:
                return None
            opening, closing = _around_value(item, cell)
            pattern += (opening, value, closing)
        pattern.append(b"</row>")
        plain = list(pattern)
        for place in maker.numbers if maker is not None else ():
            plain[groups[place]] = _PLAIN_NUMBER
        return _Shape(b"".join(pattern), b"".join(plain), maker, len(cells))

    def _is_stale(self, item: _RawCell, cell: Cell) -> bool:
        return cell.is_formula and (self._book.is_in_doubt or not item.value)


VALUES: Final = {
    "": b"",
    "n": rb"[-+0-9.eE]{1,28}",
    "s": rb"[0-9]{1,10}",
    "b": rb"[01]",
    "e": rb"#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A)",
    "str": _TEXT,
    "inlineStr": _TEXT,
}
"""What a value of each type may look like on the fast way."""


class _TemplateMaker:
    """Puts together what a row of a shape is written with."""

    def __init__(
        self,
        writer: RowWriter,
        look: RowLook,
        strings: dict[int, _StringNumbers],
        displayed: dict[int, _Converted],
    ) -> None:
        self._writer = writer
        self._book = writer.book
        self._strings = strings
        self._displayed = displayed
        pool = self._book.style_pool
        self._row_style = pool.use(look.style) if look.has_style else None
        self._attributes = row_attributes(look, self._row_style)
        self._cells: list[str] = []
        self.count = 0
        self.numbers: list[int] = []
        self.lookups: list[tuple[int, dict[bytes, bytes]]] = []

    def add(self, item: _RawCell, cell: Cell) -> bytes | None:
        """Add a cell that shows; the pattern of its value, ``None`` if it needs the long way."""
        type_ = cell.type
        if self._writer.geometry.is_spacer_column(cell.column):
            type_ = ""
        if not type_:
            return self._add_empty(cell)
        sample = item.inline or item.value or b""
        if not self._writer.grounds.is_ordinary(cell.style):
            return None
        handler = self._handler(type_, cell.style, sample)
        if handler is None or not re.fullmatch(VALUES[type_], sample):
            return None
        handler(self.count)
        style = style_attribute(self._style(cell))
        written = "s" if type_ == "str" else type_
        content = "<is>%b</is>" if type_ == "inlineStr" else "<v>%b</v>"
        self._add(cell, f"{style}{TYPE_ATTRIBUTES[written]}>{content}</c>")
        return b"(" + VALUES[type_] + b")"

    def template(self) -> bytes:
        """The row, with places for its number and its values; empty when there is nothing in it."""
        opening = f'<row r="%b"{self._attributes}>'
        if not self._attributes and not self._cells:
            return b""
        return f"{opening}{''.join(self._cells)}</row>".encode()

    def _add(self, cell: Cell, rest: str) -> None:
        column = self._writer.geometry.columns.new(cell.column)
        letters = column_letters(column or 1)
        self._cells.append(f'<c r="{letters}%b"{rest}')
        self.count += 1

    def _add_empty(self, cell: Cell) -> bytes:
        style = self._book.style_pool.use(cell.style)
        inherited = self._row_style
        if inherited is None:
            inherited = self._writer.inherited(cell.column)
        if style == inherited:
            return VALUES[cell.type]
        self._add(cell, f"{style_attribute(style)}/>%b")
        return VALUES[cell.type] + b"()"

    def _style(self, cell: Cell) -> int:
        pool = self._book.style_pool
        match cell.type:
            case "n":
                return pool.use_for_number(cell.style, "0")  # all numbers alike: see _handler
            case "s" | "str" | "inlineStr":
                return pool.use_for_text(cell.style, None, "nothing")
        return pool.use(cell.style)

    def _handler(self, type_: str, style: int, sample: bytes) -> Callable[[int], None] | None:
        """What to do about values of this type in this format, ``None`` for the long way.

        ``sample`` is the value at hand: what it needs, its likes will need too.
        """
        format_ = self._book.style_pool.format_at(style)
        masks = self._book.is_displayed
        match type_:
            case "n" if not self._writer.shows_zeros or format_.has_stray_words:
                return None
            case "n" if not masks or format_.keeps_all_digits:
                return self.numbers.append
            case "n":
                return self._look_up(self._numbers_of(style), sample)
            case "b":
                is_masked = masks and format_.string_as_displayed("TRUE") is not None
                return None if is_masked or self._book.style_pool.is_checkbox(style) else _nothing
            case "e":
                return _nothing
            case _ if masks and format_.string_as_displayed("x") is not None:
                return None
            case "s":
                strings = self._strings.setdefault(style, _StringNumbers(self._writer, style))
                return self._look_up(strings, sample)
            case "str":
                return self._look_up(_Converted(self._pooled), sample)
            case _:
                return self._look_up(_Converted(_inline), sample)

    def _look_up(self, table: dict[bytes, bytes], sample: bytes) -> Callable[[int], None] | None:
        try:
            table[sample]
        except _LongWay:
            return None
        return lambda place: self.lookups.append((place, table))

    def _numbers_of(self, style: int) -> _Converted:
        """Numbers as a format of the source shows them."""
        if style in self._displayed:
            return self._displayed[style]
        format_, is_1904 = self._book.style_pool.format_at(style), self._book.is_1904
        short = _short_numbers(format_.max_decimals)

        def displayed(value: bytes) -> bytes:
            if short is not None and short.fullmatch(value):
                return value
            shown = format_.as_displayed(_canonical(value).decode(), is_1904)
            if shown.kind != "number":
                raise _LongWay
            return shown.text.encode()

        return self._displayed.setdefault(style, _Converted(displayed))

    def _pooled(self, value: bytes) -> bytes:
        item = plain_item(_text(value))
        if not item.text:
            raise _LongWay
        return b"%d" % self._book.pool.add(item.markup)


def _short_numbers(decimals: int | None) -> re.Pattern[bytes] | None:
    """Numbers that a format of so many decimals shows whole: they stay as they are spelled."""
    if decimals is None or not 0 <= decimals <= 9:
        return None
    fraction = rb"(?:\.[0-9]{0,%d}[1-9])?" % (decimals - 1) if decimals else b""
    return re.compile(rb"0|[1-9][0-9]{0,4}" + fraction)


def _nothing(place: int) -> None:
    """Booleans and known errors are written as they are."""


def _inline(value: bytes) -> bytes:
    item = plain_item(_text(value))
    if not item.text:
        raise _LongWay
    return item.markup.encode()


def _text(value: bytes) -> str:
    try:
        return _resolved(value.decode())
    except UnicodeDecodeError:
        raise _LongWay from None


def _canonical(value: bytes) -> bytes:
    number = canonical_number(value.decode("latin-1"))
    if number is None:
        raise _LongWay
    return number.encode()


def _resolved(text: str) -> str:
    if "&" not in text:
        return text
    return _ENTITY.sub(lambda match: _ENTITIES[match.group()], text)


def _kind(attributes: bytes) -> tuple[int, str] | None:
    """Format and type that a cell's attributes name; ``None`` for unusual ones."""
    pairs = dict(_CELL_ATTRIBUTE.findall(attributes.decode("latin-1")))
    if attributes.count(b"=") != len(pairs) or not set(pairs) <= {"s", "t", "cm"}:
        return None
    style, type_ = pairs.get("s", "0"), pairs.get("t", "n")
    if type_ not in _TYPES or not (style.isascii() and style.isdecimal() and len(style) < 6):
        return None
    return int(style), type_


def _around_value(item: _RawCell, cell: Cell) -> tuple[bytes, bytes]:
    """What the value of a cell stands between."""
    opening = b'<c r="' + item.column + rb'\1"' + re.escape(item.attributes)
    if not cell.type:
        return opening + rb" ?/>", b""
    formula = _FORMULA if item.formula else b""
    if cell.type == "inlineStr":
        return (
            opening + rb" ?>" + formula + rb"<is><t(?: xml:space=\"preserve\")?>",
            rb"</t></is></c>",
        )
    return opening + rb" ?>" + formula + rb"<v>", rb"</v></c>"
