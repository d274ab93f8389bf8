"""One worksheet, read row by row: what it says, what it hides, and what it may not contain."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from operator import itemgetter
from typing import Protocol

from safe_release.document import CellPlace, CellValue
from safe_release.inspectors.faults import malformed, too_large
from safe_release.inspectors.features import CHILDREN, SHEET_ELEMENTS
from safe_release.inspectors.grid import (
    LAST_COLUMN,
    LAST_ROW,
    Grid,
    Shown,
    area_reference,
    cell_reference,
    column_number,
)
from safe_release.inspectors.places import cell_place, sheet_place
from safe_release.inspectors.raw_xml import Attributes, XmlReader, short
from safe_release.inspectors.reading import BlockDigests, header_reading
from safe_release.inspectors.shapes import (
    END_OF_ROW,
    Cell,
    Row,
    Shape,
    learn,
    read_row,
    unescape,
)
from safe_release.inspectors.shortcuts import EVERY_NUMBER, stored, stored_text
from safe_release.inspectors.strings import SharedStrings, token
from safe_release.inspectors.styles import Styles
from safe_release.inspectors.texts import INVISIBLE, canonical_number, cell_text, is_true, whole
from safe_release.limits import Limits

Area = tuple[int, int, int, int]
CLASSIC_ERRORS = frozenset(
    ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA")
)
_REMEMBERED = 1 << 14
_EXTERNAL = re.compile(r"\[[0-9]+\]|\.xl[a-z]{1,2}\]|\.xl[a-z]{1,2}'!|\|")
_TEXT_BEARERS = frozenset(
    ("x:v", "x:t", "x:f", "x:oddHeader", "x:oddFooter", "x:evenHeader", "x:evenFooter",
     "x:firstHeader", "x:firstFooter", "x:formula", "x:formula1", "x:formula2")
)  # fmt: skip
_UNSHOWN = "xlsx.st.numfmt-unused"
_MOST_SHAPES = 200
_MOST_TOKENS = 50_000
_MOST_STALE = 2_000_000
_LONGEST_PIECE = 1 << 22


class Vocabulary(Protocol):
    """Who decides whether a candidate's names and values are on the list."""

    def element(self, path: tuple[str, ...], attributes: Mapping[str, str], place: str) -> None:
        """Note an element, its parents and its attributes in short names."""


@dataclass(slots=True)
class Surroundings:
    """What a sheet needs to know of its workbook."""

    strings: SharedStrings
    styles: Styles
    limits: Limits
    date1904: bool = False
    full_calculation: bool = False
    displayed: bool = True
    """Whether a number keeps only what its format shows."""
    recalculated: Mapping[tuple[int, int], CellValue] | None = None
    vocabulary: Vocabulary | None = None


@dataclass(slots=True)
class Link:
    """A hyperlink as written (18.3.1.47)."""

    area: Area
    relationship: str
    location: str
    texts: int


@dataclass(slots=True)
class Facts:
    """What one pass over a sheet found out."""

    number: int
    hidden: bool
    grid: Grid
    notes: Counter[str] = field(default_factory=Counter)
    """Channels counted for the sheet as a whole."""
    runs: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    """Channels of rows: the runs of rows they concern."""
    digests: BlockDigests = field(default_factory=BlockDigests)
    cells: int = 0
    examined: int = 0
    merges: list[Area] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    different_first: bool = False
    different_odd_even: bool = False
    full_calculation: bool = False
    show_formulas: bool = False
    show_zeros: bool = True
    odd_numbers: int = 0
    stale: list[CellPlace] = field(default_factory=list)
    stale_areas: list[Area] = field(default_factory=list)
    styles_used: set[int] = field(default_factory=set)
    hidden_texts: list[str] = field(default_factory=list)
    relationships_used: set[str] = field(default_factory=set)
    asides: Counter[str] = field(default_factory=Counter)
    spaces: set[str] = field(default_factory=set)
    string_cells: int = 0
    """How many cells use the pool of strings, hidden ones too."""


class Plan:
    """What to do with each row of one shape."""

    __slots__ = (
        "cells", "emits", "emitted", "formulas", "gone", "hidden_shared", "key", "match", "notes",
        "numbered", "numbers", "row", "shared", "signature", "texts",
    )  # fmt: skip

    def __init__(self, row: Row, shape: Shape) -> None:
        self.row = row
        self.key = row.key
        self.match = shape.pattern.match
        self.numbered = shape.numbered
        self.shared: list[int] = []
        self.hidden_shared: list[int] = []
        self.numbers: list[tuple[int, int]] = []
        self.texts: list[int] = []
        self.formulas: list[int] = []
        self.notes: Counter[str] = Counter()
        self.signature = ""
        self.emits: Callable[[list[str]], Iterable[str]] | None = None
        self.emitted = 0
        self.cells = len(row.cells)
        self.gone = ""
        """Why rows of this shape do not show; empty for rows that do."""

    def take(self, kind: str | None, holds: str, group: int, style: int) -> bool:
        """Say what to do with a group of the pattern; false where rows need a closer look."""
        if holds == "date" or (kind is None and holds == "text"):
            return False
        if holds == "shared":
            (self.hidden_shared if kind is None else self.shared).append(group)
        elif kind is not None and holds == "text":
            self.texts.append(group)
        elif kind is not None and holds == "broad":
            self.numbers.append((group, style))
        return True

    def emit(self, places: list[int], groups: list[int]) -> None:
        """Say which groups a reading takes; ``emits`` is ``None`` where it takes all."""
        self.emitted = len(places)
        if len(places) == 1 and places != groups:
            only = places[0]
            self.emits = lambda values: (values[only],)
        elif places and places != groups:
            self.emits = itemgetter(*places)


class SheetReader:
    """Reads a worksheet part in one pass; ``facts`` holds what came of it.

    Expat reads the head, the tail and unusual rows. Rows of a shape met before are taken whole by
    a pattern learned from it, but only where the parser stands between two rows.
    """

    def __init__(
        self,
        number: int,
        around: Surroundings,
        merges: list[Area],
        hidden: bool = False,
        full_calculation: bool = False,
    ) -> None:
        self.around = around
        self.facts = Facts(number, hidden, Grid(sheet_place(number)))
        self.place = sheet_place(number)
        self._expected = sorted(merges)
        self._next_merge = 0
        self._active: list[Area] = []
        self._arrays: list[Area] = []
        self._pending: dict[Area, tuple[str, str]] = {}
        self._full = full_calculation or around.full_calculation
        self._row = 0
        self._removed = 0
        self._state = 0  # 0 before, 1 within, 2 after the rows
        self._path: list[str] = []
        self._text: list[str] = []
        self._building: _Builder | None = None
        self._plain = False
        self._fed_at_row_end = -1
        self._view_seen = self._pane_seen = False
        self._corner = (1, 1)
        self._extent = (1, 1)
        self._last_column = 1
        self._prefixes: set[str] = set()
        self._plans: list[Plan] = []
        self._known: dict[object, tuple[int, frozenset[int]]] = {}
        self._compiled = 0
        self._tokens: dict[str, str] = {}
        self._shown: dict[tuple[int, str], tuple[str, bool, bool]] = {}
        self._recalculated_rows: dict[int, dict[int, CellValue]] = {}
        self._unwritten: list[int] = []
        self._take_recalculated()
        self.xml = XmlReader(self.place, self, around.limits.depth)

    # -- the part ---------------------------------------------------------------------------

    def read(self, pieces: Iterable[bytes]) -> Facts:
        """Read the part from its pieces. Raises ``Malformed`` and ``TooLarge``."""
        source = iter(pieces)
        first = next(source, b"")
        if first[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in first[:4]:
            self.xml.feed(first)
            for piece in source:
                self.xml.feed(piece)
        else:
            self._read_text(first, source)
        self.xml.feed(b"", final=True)
        self._finish()
        return self.facts

    def _read_text(self, first: bytes, source: Iterator[bytes]) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")()
        declared = re.search(rb"""<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)""", first[:200])
        patterned = declared is None or declared[1].lower() in (b"utf-8", b"us-ascii")
        buffer = ""
        piece: bytes | None = first
        while piece is not None:
            if not patterned:
                self.xml.feed(piece)
            else:
                try:
                    buffer += decoder.decode(piece)
                except UnicodeDecodeError:
                    raise malformed("is not valid UTF-8", place=self.place) from None
                buffer = self._take(buffer)
            piece = next(source, None)
        if buffer:
            self.xml.feed(buffer.encode())

    def _take(self, buffer: str) -> str:
        """Read what can be read of the buffer; return what has to wait for more."""
        at = 0
        if self._state == 0:
            at = self._take_head(buffer)
            if self._state == 0:
                return ""
        close = buffer.find("</sheetData", at)
        while self._state == 1:
            if self._plain and self.xml.depth == 2 and self._between_rows:
                at = self._take_rows(buffer, at)
                if self._state != 1:
                    break
            if 0 <= close < at:
                close = buffer.find("</sheetData", at)
            end = buffer.find(END_OF_ROW, at)
            if end < 0 or 0 <= close < end:
                if close >= 0:
                    # The tail is the parser's: whatever it holds, no pattern looks at it.
                    self._feed(buffer[at:])
                    return ""
                if len(buffer) - at > _LONGEST_PIECE:
                    self._feed(buffer[at:])
                    return ""
                return buffer[at:]
            self._feed(buffer[at : end + len(END_OF_ROW)])
            at = end + len(END_OF_ROW)
        if at < len(buffer):
            self._feed(buffer[at:])
        return ""

    def _take_head(self, buffer: str) -> int:
        """Feed the parser up to the first row, so that it decides where the rows begin."""
        at = 0
        for hit in re.finditer(r"<sheetData>", buffer):
            self._feed(buffer[at : hit.end()])
            at = hit.end()
            if self._state == 1:
                self._plain = self.xml.namespaces.get("") in _MAIN
                self._prefixes = set(self.xml.namespaces)
                self._fed_at_row_end = self.xml.fed
                return at
        self._feed(buffer[at:])
        return len(buffer)

    def _feed(self, text: str) -> None:
        self.xml.feed(text.encode())

    @property
    def _between_rows(self) -> bool:
        """Whether the last byte fed ended a row, or began the rows: nothing is half open."""
        return self.xml.fed == self._fed_at_row_end

    # -- rows by pattern ------------------------------------------------------------------------

    def _take_rows(self, buffer: str, at: int) -> int:
        """Take rows by pattern as long as they are ordinary; return where that ends."""
        plans = self._plans
        while True:
            for position, plan in enumerate(plans):
                end = self._run(plan, buffer, at)
                if end != at:
                    if position:
                        plans.insert(0, plans.pop(position))
                    at = end
                    break
            else:
                if not buffer.startswith("<row", at):
                    return at
                found = read_row(buffer, at, self._row)
                if found is None or not self._declared(found[0]):
                    return at
                self.take_row(found[0])
                self._learn(found[0])
                at = found[1]

    def _declared(self, row: Row) -> bool:
        """Whether every prefix that the row's attributes have is declared."""
        for attributes in (row.attributes, *(cell.attributes for cell in row.cells)):
            for name in attributes:
                prefix, colon, _ = name.partition(":")
                if colon and prefix not in self._prefixes and prefix != "xml":
                    return False
        return True

    def _learn(self, row: Row) -> None:
        """Make a plan for rows like this one, when it is the second of its kind."""
        if row.number < self.facts.grid.first_row:
            # Whether such a row shows depends on where it stands, not on its shape.
            return
        key = row.key
        seen, broad = self._known.get(key, (0, frozenset()))
        if seen < 0 or (seen == 0 and len(self._known) > 5000):
            return
        wider = broad | self._unusual_numbers(row)
        self._known[key] = (seen + 1, wider)
        plan = next((plan for plan in self._plans if plan.key == key), None)
        if seen == 0 or (plan is not None and wider == broad) or self._compiled >= _MOST_SHAPES:
            return
        shape = learn(row, wider, self._narrow)
        self._compiled += 1
        made = self._plan(row, shape) if shape is not None else None
        if plan is not None:
            self._plans.remove(plan)
        if made is None:
            self._known[key] = (-1, wider)
            return
        self._plans.insert(0, made)
        del self._plans[12:]

    def _unusual_numbers(self, row: Row) -> frozenset[int]:
        found = set()
        for index, cell in enumerate(row.cells):
            if cell.type != "n" or not cell.value:
                continue
            narrow = self._narrow(cell.style)
            if narrow is None or not re.fullmatch(f"(?:{narrow})<", cell.value + "<", re.ASCII):
                found.add(index)
        return frozenset(found)

    def _narrow(self, style: int) -> str | None:
        """The pattern of the numbers that need no second look under a style."""
        return self.around.styles.narrow.get(style, EVERY_NUMBER)

    def _stored(self, number: str, style: int) -> tuple[str, str] | None:
        """What the copy stores for a canonical number under a style (docs/numbers.md)."""
        self.facts.notes[_UNSHOWN] += self._leaves_words(number, style)
        code = self.around.styles.shown_codes.get(style)
        if code is None:
            return "n", number
        found = stored(code, number, self.around.date1904)
        if found != ("n", number):
            self.facts.notes["xlsx.cell.masked-by-format"] += 1
        return found if self.around.displayed else ("n", number)

    def _leaves_words(self, number: str, style: int) -> bool:
        """Whether a number's format has a word in a section that does not show the number."""
        uneven = self.around.styles.uneven.get(style)
        return uneven is not None and uneven.leaves_words(number)

    def _plan(self, row: Row, shape: Shape) -> Plan | None:
        """What to do with each row of a shape; ``None`` where rows need a closer look."""
        facts, around = self.facts, self.around
        if around.recalculated is not None or not facts.show_zeros:
            return None
        plan = Plan(row, shape)
        shown = self._row_shown(row)
        plan.notes[_UNSHOWN] += self._is_worded_row(row, shown)
        if shown is Shown.SPACER:
            return None
        if shown is Shown.GONE and not facts.hidden:
            plan.gone = self._why_gone(row)
        offset = 1 if shape.numbered else 0
        slot_of = {slot.cell: i for i, slot in enumerate(shape.slots) if slot.holds != "formula"}
        places: list[int] = []
        signature: list[str] = []
        for index, cell in enumerate(row.cells):
            kind, notes = self._judge(cell, shown)
            plan.notes.update(notes)
            slot = slot_of.get(index)
            if kind in ("stale", "check"):
                return None
            if slot is None:
                continue
            if not plan.take(kind, shape.slots[slot].holds, slot + offset, cell.style):
                return None
            if kind is not None:
                places.append(slot + offset)
                signature.append(f"{facts.grid.column_map[cell.column]}{kind}")
        plan.formulas = [i + offset for i, s in enumerate(shape.slots) if s.holds == "formula"]
        plan.signature = "\x1f" + ",".join(signature)
        plan.emit(places, list(range(offset, len(shape.slots) + offset)))
        return plan

    def _run(self, plan: Plan, buffer: str, at: int) -> int:  # noqa: C901 (the one hot loop)
        """Take rows of one shape from ``at`` on; return where the first other one begins."""
        match, strings, digests = plan.match, self.around.strings, self.facts.digests
        shared, hidden_shared, emits = plan.shared, plan.hidden_shared, plan.emits
        numbers, texts, formulas = plan.numbers, plan.texts, plan.formulas
        emitted, numbered, signature = plan.emitted, plan.numbered, plan.signature
        hidden = strings.hidden
        lines, block_end, row = digests.lines, digests.last, self._row
        removed, count, gone = self._removed, 0, plan.gone
        limit = self._fast_until()
        first = 1 if numbered else 0
        simple = not (hidden_shared or numbers or texts or formulas)
        whole_line = emits is None
        while True:
            hit = match(buffer, at)
            if hit is None:
                break
            values = list(hit.groups())
            number = int(values[0]) if numbered else row + 1
            if number <= row or number >= limit or (number != row + 1 and self._gaps_matter):
                break
            try:
                for index in shared:
                    values[index] = strings[values[index]]
                if not simple and not self._convert(plan, values):
                    break
            except KeyError:
                break
            for index in hidden_shared:
                hidden.add(int(values[index]))
            if gone:
                self._hide_row(number, gone)
            if emitted:
                copy = number - removed
                if copy > block_end:
                    digests.turn(copy)
                    block_end = digests.last
                head = f"{copy}{signature}\x1e"
                if whole_line:
                    lines.append(head + "\x1e".join(values[first:] if first else values))
                else:
                    lines.append(head + "\x1e".join(emits(values)))  # type: ignore[misc]
            row = number
            count += 1
            at = hit.end()
        self._row = row
        if count:
            self._count(plan, count)
        return at

    def _count(self, plan: Plan, rows: int) -> None:
        facts = self.facts
        facts.cells += rows * plan.emitted
        facts.string_cells += rows * (len(plan.shared) + len(plan.hidden_shared))
        facts.examined += rows * plan.cells
        if facts.examined > self.around.limits.cells:
            raise too_large("has more cells than the policy allows", place=self.place)
        for channel, times in plan.notes.items():
            facts.notes[channel] += times * rows

    def _convert(self, plan: Plan, values: list[str]) -> bool:
        """Spell numbers and texts canonically; false where the row needs a closer look."""
        masked = external = unshown = 0
        remembered = self._shown
        for index, style in plan.numbers:
            spelled = values[index]
            shown = remembered.get((style, spelled)) or self._show_number(style, spelled)
            if shown is None:
                return False
            values[index], is_masked, leaves_words = shown
            masked += is_masked
            unshown += leaves_words
        known = self._tokens.get
        for index in plan.texts:
            values[index] = known(values[index]) or self._token(values[index])
        for index in plan.formulas:
            if values[index] and _EXTERNAL.search(values[index]):
                external += 1
        # Counted only now: a row that needs a closer look is counted there.
        if masked:
            self.facts.notes["xlsx.cell.masked-by-format"] += masked
        if external:
            self.facts.notes["xlsx.f.external"] += external
        if unshown:
            self.facts.notes[_UNSHOWN] += unshown
        return True

    def _show_number(self, style: int, spelled: str) -> tuple[str, bool, bool] | None:
        """What a number says under a style, whether its format masks some of it, and whether
        the format has words that do not show; ``None`` where it says no number. Remembered,
        since dates and rates come again and again."""
        number = canonical_number(spelled)
        if number is None:
            return None
        self._vet_number(spelled, number)
        code = self.around.styles.shown_codes.get(style)
        found = ("n", number)
        if code is not None:
            shown = stored(code, number, self.around.date1904)
            if shown is None or shown[0] != "n":
                return None
            found = shown
        is_masked = found[1] != number
        told = (
            found[1] if self.around.displayed else number,
            is_masked,
            self._leaves_words(number, style),
        )
        if len(self._shown) >= _REMEMBERED:
            self._shown.clear()
        self._shown[style, spelled] = told
        return told

    def _vet_number(self, spelled: str, number: str) -> None:
        """A candidate's numbers carry no digit beyond those that read back."""
        if self.around.vocabulary is not None and spelled != number:
            if Decimal(spelled) != Decimal(number) or len(spelled) > len(number) + 2:
                self.facts.odd_numbers += 1

    def _token(self, spelled: str) -> str:
        """The token of a text in its XML spelling; ``KeyError`` where it is empty."""
        known = self._tokens.get(spelled)
        if known is None:
            known = self._text_token(unescape(spelled))
            if not known:
                raise KeyError(spelled)
            if len(self._tokens) < _MOST_TOKENS:
                self._tokens[spelled] = known
        return known

    def _text_token(self, text: str) -> str:
        plain = cell_text(text)
        if plain != text:
            self.facts.notes["xlsx.xml.xstring"] += 1
        if not plain.isascii() and INVISIBLE.search(plain):
            self.facts.notes["ooxml.invisible-unicode"] += 1
        return token(plain)

    @property
    def _gaps_matter(self) -> bool:
        return self.facts.grid.default_hides_rows

    def _fast_until(self) -> int:
        """The first row that needs a closer look: merges, arrays, rows before a frozen pane."""
        if self._active or self._arrays or self._pending:
            return 0
        if self._row + 1 < self.facts.grid.first_row and not self.facts.hidden:
            return 0
        if self._next_merge < len(self._expected):
            return self._expected[self._next_merge][0]
        return LAST_ROW + 1

    # -- rows one by one ------------------------------------------------------------------------

    def _row_shown(self, row: Row) -> Shown:
        if self.facts.hidden or row.number < self.facts.grid.first_row:
            return Shown.GONE
        if is_true(row.attributes.get("hidden", "")):
            return Shown.GONE
        height = row.attributes.get("ht")
        if height is None:
            return Shown.FULL
        size = _size(height)
        return Shown.GONE if size == 0 else Shown.SPACER if 0 < size < 3 else Shown.FULL

    def take_row(self, row: Row) -> None:
        """Take in one row, whatever it looks like."""
        if not self._row < row.number <= LAST_ROW:
            raise malformed(
                "has a row that occurs twice, goes backwards or lies beyond the grid",
                place=f"{self.place}, row {min(row.number, LAST_ROW + 1)}",
            )
        self._skip_to(row.number)
        shown = self._row_shown(row)
        self._note_row_style(row, shown)
        self._row = row.number
        self._vet(row)
        if row.cells:
            self._last_column = max(self._last_column, row.cells[-1].column)
        if shown is Shown.GONE and not self.facts.hidden:
            self._hide(row)
        self.facts.examined += len(row.cells)
        if self.facts.examined > self.around.limits.cells:
            raise too_large("has more cells than the policy allows", place=self.place)
        self._take_cells(row, shown)

    def _vet(self, row: Row) -> None:
        """Put a candidate's row to the list of names, as the parser would have."""
        vocabulary = self.around.vocabulary
        if vocabulary is None or row.forms is None:
            return
        path = ("x:worksheet", "x:sheetData", "x:row")
        place = f"{self.place}, row {row.number}"
        vocabulary.element(path, row.attributes, place)
        for cell, form in zip(row.cells, row.forms, strict=True):
            vocabulary.element((*path, "x:c"), cell.attributes, place)
            if form.formula:
                vocabulary.element((*path, "x:c", "x:f"), cell.formula_attributes, place)
            space = {"xml:space": "preserve"} if form.spaced else {}
            if cell.inline is not None:
                vocabulary.element((*path, "x:c", "x:is"), {}, place)
                vocabulary.element((*path, "x:c", "x:is", "x:t"), space, place)
            elif cell.value is not None:
                vocabulary.element((*path, "x:c", "x:v"), space, place)

    def _note_row_style(self, row: Row, shown: Shown) -> None:
        if shown is not Shown.GONE and not self.facts.hidden:
            self.facts.styles_used.add(whole(row.attributes.get("s", "")))
            self.facts.notes[_UNSHOWN] += self._is_worded_row(row, shown)

    def _is_worded_row(self, row: Row, shown: Shown) -> bool:
        """Whether a row that shows has a format with words; it has no number to show them."""
        return shown is not Shown.GONE and whole(row.attributes.get("s", ""), -1) in (
            self.around.styles.worded
        )

    def _hide(self, row: Row) -> None:
        self._hide_row(row.number, self._why_gone(row))

    def _why_gone(self, row: Row) -> str:
        if row.number < self.facts.grid.first_row:
            return "xlsx.sheet.frozen-unreachable"
        hidden = is_true(row.attributes.get("hidden", ""))
        return "xlsx.sheet.row-hidden" if hidden else "xlsx.sheet.zeroheight"

    def _hide_row(self, number: int, channel: str) -> None:
        self._note_rows(channel, number, number)
        self.facts.grid.hide_rows(number, number)
        self._removed += 1

    def _note_rows(self, channel: str, first: int, last: int) -> None:
        runs = self.facts.runs.setdefault(channel, [])
        if runs and runs[-1][1] == first - 1:
            runs[-1] = (runs[-1][0], last)
        else:
            runs.append((first, last))

    def _skip_to(self, number: int) -> None:
        """Pass the rows between the last one and ``number`` that are not written."""
        start = self._row + 1
        while start < number:
            start = self._pass_unwritten(start, number)

    def _pass_unwritten(self, start: int, number: int) -> int:
        grid = self.facts.grid
        if not self.facts.hidden and start < grid.first_row:
            end = min(number, grid.first_row)
            self._note_rows("xlsx.sheet.frozen-unreachable", start, end - 1)
            grid.hide_rows(start, end - 1)
            self._removed += end - start
            return end
        if not self.facts.hidden and grid.default_hides_rows:
            grid.hide_rows(start, number - 1)
            self._removed += number - start
            return number
        if not self._pending and not self._recalculated_rows and not (
            self._next_merge < len(self._expected) and self._expected[self._next_merge][0] < number
        ):  # fmt: skip
            return number
        # Rows that are not written can still hold a moved or recalculated value.
        row = self._next_interesting(start, number)
        if row >= number:
            return number
        self._row = row
        self._take_cells(Row(row, {}, ()), Shown.GONE if self.facts.hidden else Shown.FULL)
        return row + 1

    def _next_interesting(self, start: int, number: int) -> int:
        if self._pending:
            return start
        rows = [number]
        if self._next_merge < len(self._expected):
            rows.append(max(start, self._expected[self._next_merge][0]))
        while self._unwritten and self._unwritten[-1] < start:
            self._unwritten.pop()
        if self._unwritten:
            rows.append(self._unwritten[-1])
        return min(rows)

    def _take_recalculated(self) -> None:
        for (row, column), value in (self.around.recalculated or {}).items():
            self._recalculated_rows.setdefault(row, {})[column] = value
        self._unwritten = sorted(self._recalculated_rows, reverse=True)

    def _take_cells(self, row: Row, shown: Shown) -> None:
        """Read the cells of a row and put its values into the digest."""
        number, grid = row.number, self.facts.grid
        has_looks = shown is not Shown.GONE and not self.facts.hidden
        self._activate(number)
        covered = self._active
        found: dict[int, tuple[str, str]] = {}
        fresh = dict(self._recalculated_rows.pop(number, {}))
        previous = 0
        for cell in row.cells:
            if not previous < cell.column <= LAST_COLUMN:
                raise malformed(
                    "occurs twice, goes backwards or lies beyond the grid",
                    place=cell_place(self.facts.number, number, min(cell.column, LAST_COLUMN)),
                )
            previous = cell.column
            self.facts.string_cells += cell.type == "s" and bool(cell.value)
            if has_looks and grid.column_map[cell.column]:
                self.facts.styles_used.add(cell.style)
            if covered and self._is_covered(number, cell.column):
                self._note_covered(row, cell, shown)
                if has_looks and grid.column_map[cell.column]:
                    self.facts.notes[_UNSHOWN] += cell.style in self.around.styles.worded
                continue
            value = self._value(row, cell, shown, fresh.pop(cell.column, None))
            if value is not None:
                self._settle(number, cell.column, value, shown, found, covered)
        for column in sorted(fresh):
            if covered and self._is_covered(number, column):
                continue
            value = self._fresh_value(fresh[column], 0)
            if value is not None:
                self._settle(number, column, value, shown, found, covered)
        if shown is not Shown.GONE:
            self._move_pending(number, shown, found)
            if found:
                self._emit(number - self._removed, found)

    def _has_place(self, shown: Shown, column: int) -> bool:
        return shown is Shown.FULL and self.facts.grid.columns[column] is Shown.FULL

    def _emit(self, row: int, found: dict[int, tuple[str, str]]) -> None:
        digests, places = self.facts.digests, self.facts.grid.column_map
        columns = sorted(found)
        if row > digests.last:
            digests.turn(row)
        signature = ",".join(f"{places[column]}{found[column][0]}" for column in columns)
        values = "\x1e".join(found[column][1] for column in columns)
        digests.lines.append(f"{row}\x1f{signature}\x1e{values}")
        self.facts.cells += len(columns)

    # -- merged areas ---------------------------------------------------------------------------

    def _activate(self, number: int) -> None:
        while (
            self._next_merge < len(self._expected) and self._expected[self._next_merge][0] <= number
        ):
            self._active.append(self._expected[self._next_merge])
            self._next_merge += 1
        if self._active:
            self._active = [area for area in self._active if area[2] >= number]
        if self._arrays:
            self._arrays = [area for area in self._arrays if area[2] >= number]

    def _settle(
        self,
        row: int,
        column: int,
        value: tuple[str, str],
        shown: Shown,
        found: dict[int, tuple[str, str]],
        covered: list[Area],
    ) -> None:
        """Put a value where a reader sees it, if a reader sees it."""
        for area in covered:
            if area[0] <= row <= area[2] and area[1] <= column <= area[3]:
                if shown is Shown.GONE or not self.facts.grid.column_map[column]:
                    self._pending[area] = value
                    return
        if self._has_place(shown, column):
            found[column] = value

    def _move_pending(self, row: int, shown: Shown, found: dict[int, tuple[str, str]]) -> None:
        for area in list(self._pending):
            if area[2] < row:
                del self._pending[area]
                continue
            column = next(
                (c for c in range(area[1], area[3] + 1) if self.facts.grid.column_map[c]), 0
            )
            value = self._pending.pop(area)
            if column and self._has_place(shown, column):
                found[column] = value

    # -- values ---------------------------------------------------------------------------------

    def _judge(self, cell: Cell, shown: Shown) -> tuple[str | None, Counter[str]]:
        """The kind of value a cell shows, judged by its form alone, and the channels it has.

        ``None``: no value. ``stale``: a formula whose value cannot be trusted. ``check``: its
        value decides. Else the kind in a reading: n, s, b, e.
        """
        if self.facts.hidden:
            return None, Counter()
        kind, notes = self._judge_shown(cell, shown)
        column = self.facts.grid.columns[cell.column]
        if shown is not Shown.GONE and column is not Shown.GONE:
            notes[_UNSHOWN] += self._leaves_words_by_form(cell, kind)
        return kind, notes

    def _leaves_words_by_form(self, cell: Cell, kind: str | None) -> bool:
        """Whether a cell without a number has a format with words that do not show."""
        styles = self.around.styles
        if cell.style not in styles.worded or kind == "stale":
            return False
        if kind is not None and cell.type in ("s", "str", "inlineStr"):
            return cell.style in styles.silent_over_texts
        # Dates in ISO 8601 are numbers to their format.
        return kind is None or cell.type not in ("n", "d")

    def _judge_shown(self, cell: Cell, shown: Shown) -> tuple[str | None, Counter[str]]:
        has_value = bool(cell.inline if cell.type == "inlineStr" else cell.value)
        notes = self._form_notes(cell)
        column = self.facts.grid.columns[cell.column]
        if shown is not Shown.FULL or column is not Shown.FULL:
            if has_value and shown is not Shown.GONE and column is not Shown.GONE:
                tiny = "col" if column is Shown.SPACER else "row"
                notes[f"xlsx.sheet.{tiny}-tiny"] += 1
            return None, notes
        if cell.type == "e" and "vm" in cell.attributes:
            notes["xlsx.rich.values"] += 1
            return None, notes
        if self._is_stale(cell):
            notes["xlsx.f.no-cache"] += 1
            return "stale", notes
        if not has_value:
            return None, notes
        if cell.style in self.around.styles.invisible:
            notes["xlsx.cell.invisible-text"] += 1
        if cell.type == "b" and cell.style in self.around.styles.checkbox:
            notes["xlsx.cell.checkbox"] += 1
        elif cell.type == "e" and cell.value not in CLASSIC_ERRORS:
            notes["xlsx.cell.bool-error"] += 1
        return self._kind(cell), notes

    def _form_notes(self, cell: Cell) -> Counter[str]:
        """The channels that the spelling of a cell has, whatever its value shows."""
        notes: Counter[str] = Counter()
        notes["xlsx.f.text"] += cell.formula is not None
        notes["xml.foreign-element"] += cell.odd
        inline = cell.type == "inlineStr"
        both = cell.inline is not None and (cell.value is not None or not inline)
        notes["xlsx.cell.dual-value"] += both or (inline and bool(cell.value))
        notes["xlsx.cell.phonetic"] += cell.phonetic
        return +notes

    def _kind(self, cell: Cell) -> str:
        """The kind of a cell's value by its type; ``check`` where the value decides."""
        styles = self.around.styles
        if cell.type == "b":
            return "check" if cell.style in styles.checkbox else "b"
        if cell.type == "e":
            return "e" if cell.value in CLASSIC_ERRORS else "check"
        if cell.type in ("s", "str", "inlineStr"):
            return "check" if cell.style in styles.text_masks else "s"
        if cell.type == "n":
            return "n" if self.facts.show_zeros else "check"
        return "check"

    def _is_stale(self, cell: Cell) -> bool:
        if cell.formula is None:
            return False
        return self._full or (not cell.value and cell.type != "str")

    def _value(
        self, row: Row, cell: Cell, shown: Shown, fresh: CellValue | None
    ) -> tuple[str, str] | None:
        """Kind and token of what a cell shows before merges are looked at."""
        facts = self.facts
        kind, notes = self._judge(cell, shown)
        facts.notes.update(notes)
        self._note_formula(row, cell, shown)
        place = cell_place(facts.number, row.number, cell.column)
        if kind == "stale" or self._in_stale_array(row.number, cell.column):
            if self._counts_as_visible(row.number, cell.column, shown):
                self._note_stale(row.number, cell.column)
            if fresh is not None:
                return self._fresh_value(fresh, cell.style)
            if kind == "stale" and not (cell.value or cell.inline):
                return None
            kind = "check" if kind == "stale" else kind
        elif fresh is not None and (kind is not None or self._has_place(shown, cell.column)):
            return self._fresh_value(fresh, cell.style)
        if kind is None:
            self._note_hidden(cell)
            # The anchor of a merged area shows through what is left of the area.
            if not self._is_hidden_anchor(row.number, cell.column):
                return None
            if cell.type == "e" and "vm" in cell.attributes:
                return None
        return self._plain_value(cell, place)

    def _is_hidden_anchor(self, row: int, column: int) -> bool:
        return not self.facts.hidden and any(
            (row, column) == (area[0], area[1]) for area in self._active
        )

    def _is_covered(self, row: int, column: int) -> bool:
        """Whether a merged area covers the cell, other than as its first."""
        return any(
            area[0] <= row <= area[2]
            and area[1] <= column <= area[3]
            and (row, column) != (area[0], area[1])
            for area in self._active
        )

    def _note_covered(self, row: Row, cell: Cell, shown: Shown) -> None:
        if cell.value or cell.inline:
            if not self.facts.hidden:
                self.facts.notes["xlsx.cell.under-merge"] += 1
            self._note_hidden(cell)
        if cell.formula is not None and not self.facts.hidden:
            self.facts.notes["xlsx.f.text"] += 1
        self._note_formula(row, cell, shown)

    def _counts_as_visible(self, row: int, column: int, shown: Shown) -> bool:
        return self._has_place(shown, column) or self._is_hidden_anchor(row, column)

    def _plain_value(self, cell: Cell, place: str) -> tuple[str, str] | None:
        value = cell.inline if cell.type == "inlineStr" else cell.value
        if not value:
            return None
        if cell.type in ("s", "str", "inlineStr"):
            return self._text_value(cell.type, value, cell.style)
        if cell.type == "e":
            return ("e" if value in CLASSIC_ERRORS else "s"), token(cell_text(value))
        if cell.type == "b":
            return self._flag(value, cell.style, place)
        if cell.type == "n":
            return self._number(value, cell.style, place)
        if cell.type == "d":
            return "d", token(cell_text(value.strip()))
        raise malformed("is of a type that the standard does not know", place=place)

    def _text_value(self, kind: str, value: str, style: int) -> tuple[str, str] | None:
        strings = self.around.strings
        if style in self.around.styles.text_masks:
            plain = strings.texts[strings.index(value)] if kind == "s" else cell_text(value)
            shown = stored_text(self.around.styles.shown_codes.get(style, ""), plain)
            if shown != plain:
                self.facts.notes["xlsx.cell.masked-by-format"] += 1
            if self.around.displayed:
                if kind == "s":
                    strings.hidden.add(strings.index(value))
                return ("s", token(shown)) if shown else None
        if kind == "s":
            try:
                return "s", strings[value]
            except KeyError:
                return None
        text = self._text_token(value)
        return ("s", text) if text else None

    def _flag(self, value: str, style: int, place: str) -> tuple[str, str]:
        if value.strip() not in ("0", "1", "true", "false"):
            raise malformed("holds no boolean although it says so", place=place)
        on = value.strip() in ("1", "true")
        if style in self.around.styles.checkbox:
            return "s", "\u2611" if on else "\u2610"
        return "b", "1" if on else "0"

    def _number(self, value: str, style: int, place: str) -> tuple[str, str] | None:
        number = canonical_number(value.strip())
        if number is None:
            raise malformed("holds no number although it says so", place=place)
        self._vet_number(value, number)
        if number == "0" and not self.facts.show_zeros:
            self.facts.notes["xlsx.sheet.showzeros"] += 1
            self.facts.notes[_UNSHOWN] += style in self.around.styles.worded
            return None
        return self._stored(number, style)

    def _fresh_value(self, fresh: CellValue, style: int) -> tuple[str, str] | None:
        cell = Cell(1, style, fresh.type, fresh.text, None, None, {}, {})
        return self._plain_value(cell, self.place)

    def _note_hidden(self, cell: Cell) -> None:
        """Remember what a hidden cell holds: its words must not turn up in the copy."""
        if cell.type == "s" and cell.value:
            self.around.strings.hidden.add(self.around.strings.index(cell.value))
        elif cell.type in ("str", "inlineStr") and len(self.facts.hidden_texts) < 100_000:
            self.facts.hidden_texts.append((cell.inline or cell.value or "")[:1000])

    def _note_formula(self, row: Row, cell: Cell, shown: Shown) -> None:
        if cell.formula is None:
            return
        if not self.facts.hidden and _EXTERNAL.search(cell.formula):
            self.facts.notes["xlsx.f.external"] += 1
        if cell.formula_attributes.get("t") in ("array", "dataTable"):
            area = area_reference(cell.formula_attributes.get("ref", ""))
            if area is not None and area[0] >= row.number:
                if self._is_stale(cell) and not self.facts.hidden:
                    self._arrays.append(area)
                    self.facts.stale_areas.append(area)

    def _in_stale_array(self, row: int, column: int) -> bool:
        return any(
            area[0] <= row <= area[2] and area[1] <= column <= area[3] for area in self._arrays
        )

    def _note_stale(self, row: int, column: int) -> None:
        if len(self.facts.stale) >= _MOST_STALE:
            raise too_large(
                "has more formulas without a value than can be listed", place=self.place
            )
        self.facts.stale.append(CellPlace(self.facts.number, row, column))

    # -- the parser's events --------------------------------------------------------------------

    def start(self, name: str, attributes: Attributes, depth: int) -> None:
        """An element begins."""
        local = short(name)
        if depth == 1 and local != "x:worksheet":
            raise malformed("is no worksheet of the standard", place=self.place)
        self._path.append(local)
        plain = {short(key): value for key, value in attributes.items()} if attributes else {}
        vocabulary = self.around.vocabulary
        if vocabulary is not None:
            vocabulary.element(tuple(self._path), plain, self._here())
        self._text = []
        if self._building is not None:
            self._foreign(plain)
            self._building.start(self._path[3:], plain)
            return
        if depth == 2 and local == "x:sheetData":
            if self._state:
                raise malformed("has its rows twice", place=self.place)
            self._state = 1
            self.facts.grid.settle()
            return
        if depth == 3 and local == "x:row" and self._path[1] == "x:sheetData":
            self._building = _Builder(self, plain)
            return
        self._element(local, plain, depth)

    def end(self, name: str, depth: int) -> None:
        """An element ends."""
        local = self._path[-1]
        text = "".join(self._text)
        if self._building is not None:
            if depth == 3:
                building, self._building = self._building, None
                self.take_row(building.row())
                self._fed_at_row_end = self.xml.row_end + len(END_OF_ROW)
            else:
                self._building.end(self._path[3:], text)
        elif depth == 2 and local == "x:sheetData":
            self._state = 2
        elif depth == 3 and self._path[1] == "x:headerFooter":
            self.facts.headers[local[2:]] = cell_text(text)
        self._path.pop()
        self._text = []

    def text(self, text: str) -> None:
        """Character data."""
        if self._path and (
            self._path[-1] in _TEXT_BEARERS
            or "x:ext" in self._path
            or "mc:AlternateContent" in self._path
        ):
            self._text.append(text)
        elif not text.isspace():
            self.facts.notes["xml.text-in-element-content"] += 1

    def _here(self) -> str:
        if self._building is not None:
            return f"{self.place}, row {self._building.number}"
        return self.place

    def _element(self, local: str, attributes: Mapping[str, str], depth: int) -> None:
        facts = self.facts
        channel = SHEET_ELEMENTS.get(local)
        if channel is not None:
            facts.notes[channel] += 1
        elif local.startswith("?:") and "x:ext" not in self._path:
            if "mc:AlternateContent" not in self._path:
                facts.notes["xml.foreign-element"] += 1
        if depth == 2 and local.startswith("x:") and local not in CHILDREN["x:worksheet"]:
            facts.notes["xml.foreign-element"] += 1
        self._attributes(attributes)
        if "x:ext" not in self._path:
            self._foreign(attributes)
        if "mc:AlternateContent" in self._path:
            return
        handle = _HANDLERS.get((self._path[1] if depth > 1 else "", local))
        if handle is not None and depth <= 4:
            handle(self, attributes)

    def _foreign(self, attributes: Mapping[str, str]) -> None:
        for key in attributes:
            if key.startswith("?:") and key not in ("?:uid", "?:dyDescent"):
                self.facts.notes["xml.foreign-element"] += 1

    def _attributes(self, attributes: Mapping[str, str]) -> None:
        for key, value in attributes.items():
            if key.startswith("mc:"):
                self.facts.notes["xml.mc-ignorable"] += 1
            elif key == "?:uid":
                self.facts.notes["xlsx.wb.revisionptr"] += 1
            elif key == "r:id":
                self.facts.relationships_used.add(value)

    # -- the elements beside the rows -----------------------------------------------------------

    def _before_rows(self) -> None:
        if self._state:
            raise malformed("has its elements out of order", place=self.place)

    def sheet_view(self, attributes: Mapping[str, str]) -> None:
        """``sheetView`` (18.3.1.87): the first one is the one a reader meets."""
        self._before_rows()
        facts = self.facts
        if self._view_seen:
            return
        self._view_seen = True
        facts.show_zeros = is_true(attributes.get("showZeros", "1"))
        facts.show_formulas = is_true(attributes.get("showFormulas", "0"))
        if facts.show_formulas and not facts.hidden:
            facts.notes["xlsx.sheet.showformulas"] += 1
        if attributes.get("view", "normal") != "normal":
            facts.notes["xlsx.sheet.selection"] += 1
        start = attributes.get("topLeftCell", "")
        corner = cell_reference(start)
        if corner is not None and corner != (1, 1):
            self._corner = corner
            facts.notes["xlsx.sheet.selection"] += 1

    def pane(self, attributes: Mapping[str, str]) -> None:
        """``pane`` (18.3.1.66): what lies before a frozen pane cannot be reached."""
        if self._pane_seen or attributes.get("state") not in ("frozen", "frozenSplit"):
            return
        self._pane_seen = True
        if _size(attributes.get("ySplit", "0")) > 0:
            self.facts.grid.first_row = self._corner[0]
        if _size(attributes.get("xSplit", "0")) > 0:
            self.facts.grid.first_column = self._corner[1]

    def format(self, attributes: Mapping[str, str]) -> None:
        """``sheetFormatPr`` (18.3.1.81): what rows and columns are that are not written."""
        self._before_rows()
        grid = self.facts.grid
        grid.default_hides_rows = (
            is_true(attributes.get("zeroHeight", "0"))
            or _size(attributes.get("defaultRowHeight", "15")) == 0
        )
        grid.default_hides_columns = _size(attributes.get("defaultColWidth", "8")) == 0

    def col(self, attributes: Mapping[str, str]) -> None:
        """``col`` (18.3.1.13)."""
        self._before_rows()
        width = -1.0 if "width" not in attributes else _size(attributes["width"])
        hidden = is_true(attributes.get("hidden", ""))
        self.facts.grid.declare(
            whole(attributes.get("min", "")), whole(attributes.get("max", "")), hidden, width
        )
        style = whole(attributes.get("style", ""))
        self.facts.styles_used.add(style)
        if not hidden and width:
            self.facts.notes[_UNSHOWN] += style in self.around.styles.worded

    def merge(self, attributes: Mapping[str, str]) -> None:
        """``mergeCell`` (18.3.1.55)."""
        area = area_reference(attributes.get("ref", ""))
        if area is not None and area[:2] != area[2:]:
            self.facts.merges.append(area)
            if len(self.facts.merges) > self.around.limits.cells:
                raise too_large("has more merged areas than the policy allows", place=self.place)

    def hyperlink(self, attributes: Mapping[str, str]) -> None:
        """``hyperlink`` (18.3.1.47)."""
        area = area_reference(attributes.get("ref", ""))
        texts = ("tooltip" in attributes) + ("display" in attributes)
        if area is None or len(self.facts.links) > 100_000:
            self.facts.notes["xlsx.ws.hyperlink-target"] += 1
            return
        self.facts.links.append(
            Link(area, attributes.get("r:id", ""), attributes.get("location", ""), texts)
        )

    def header_footer(self, attributes: Mapping[str, str]) -> None:
        """``headerFooter`` (18.3.1.46)."""
        self.facts.different_first = is_true(attributes.get("differentFirst", "0"))
        self.facts.different_odd_even = is_true(attributes.get("differentOddEven", "0"))

    def calculation(self, attributes: Mapping[str, str]) -> None:
        """``sheetCalcPr`` (18.3.1.84)."""
        self.facts.full_calculation = is_true(attributes.get("fullCalcOnLoad", "0"))

    def properties(self, attributes: Mapping[str, str]) -> None:
        """``sheetPr`` (18.3.1.82)."""
        traces = ("codeName", "syncRef", "published", "filterMode", "transitionEvaluation")
        self.facts.notes["xlsx.sheet.selection"] += sum(name in attributes for name in traces)

    def dimension(self, attributes: Mapping[str, str]) -> None:
        """``dimension`` (18.3.1.35): an extent beyond the cells tells of others."""
        area = area_reference(attributes.get("ref", ""))
        if area is not None:
            self._extent = area[2:]

    # -- the end --------------------------------------------------------------------------------

    def _finish(self) -> None:
        facts = self.facts
        if self._state != 2:
            facts.grid.settle()
        last_row = self._row
        self._skip_to_end()
        facts.digests.turn(LAST_ROW)
        facts.asides.update(self.xml.asides)
        facts.spaces = self.xml.spaces
        beyond = self._extent[0] > max(last_row, 1) or self._extent[1] > self._last_column
        if beyond and not facts.merges:
            facts.notes["xlsx.sheet.selection"] += 1
        if not facts.hidden:
            self._list_stale_members()
        facts.notes = +facts.notes

    def _skip_to_end(self) -> None:
        last = self._row
        for area in self._pending:
            last = max(last, area[2])
        for row in self._recalculated_rows:
            last = max(last, row)
        for area in self._expected[self._next_merge :]:
            last = max(last, min(area[0], LAST_ROW))
        if self._row < last:
            self._skip_to(last + 1)

    def _list_stale_members(self) -> None:
        """Members of stale arrays that are not written are stale as well."""
        facts = self.facts
        known = set(facts.stale)
        for area in facts.stale_areas:
            if (area[2] - area[0] + 1) * (area[3] - area[1] + 1) > _MOST_STALE // 2:
                raise too_large("has an array too large to be listed", place=self.place)
            for row in range(area[0], area[2] + 1):
                if not facts.grid.row_in_copy(row):
                    continue
                for column in range(area[1], area[3] + 1):
                    place = CellPlace(facts.number, row, column)
                    if facts.grid.columns[column] is Shown.FULL and place not in known:
                        known.add(place)
                        self._note_stale(row, column)

    def headers_shown(self) -> list[tuple[str, str]]:
        """The headers and footers that print, as a reading holds them."""
        return shown_headers(self.facts)


def shown_headers(facts: Facts) -> list[tuple[str, str]]:
    """The headers and footers that print; those of first and even pages only where switched on."""
    shown = []
    for name, text in sorted(facts.headers.items()):
        if name.startswith("first") and not facts.different_first:
            continue
        if name.startswith("even") and not facts.different_odd_even:
            continue
        reading = header_reading(text)
        if reading.replace("\x1f", ""):
            shown.append((name, reading))
    return shown


_MAIN = frozenset(
    (
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    )
)
_HANDLERS: dict[tuple[str, str], Callable[[SheetReader, Mapping[str, str]], None]] = {
    ("x:sheetViews", "x:sheetView"): SheetReader.sheet_view,
    ("x:sheetViews", "x:pane"): SheetReader.pane,
    ("x:sheetFormatPr", "x:sheetFormatPr"): SheetReader.format,
    ("x:cols", "x:col"): SheetReader.col,
    ("x:mergeCells", "x:mergeCell"): SheetReader.merge,
    ("x:hyperlinks", "x:hyperlink"): SheetReader.hyperlink,
    ("x:headerFooter", "x:headerFooter"): SheetReader.header_footer,
    ("x:sheetCalcPr", "x:sheetCalcPr"): SheetReader.calculation,
    ("x:sheetPr", "x:sheetPr"): SheetReader.properties,
    ("x:dimension", "x:dimension"): SheetReader.dimension,
}


def _size(text: str) -> float:
    """A height or width; -1 where the text is no number."""
    if re.fullmatch(r"[0-9]{1,10}(?:\.[0-9]{0,20})?(?:[eE][+-]?[0-9]{1,2})?", text, re.ASCII):
        return float(text)
    return -1.0


class _Builder:
    """Builds a row from the parser's events."""

    def __init__(self, reader: SheetReader, attributes: Mapping[str, str]) -> None:
        self.reader = reader
        self.attributes = attributes
        spelled = attributes.get("r")
        self.number = reader._row + 1 if spelled is None else whole(spelled)
        if self.number < 1:
            raise malformed("has a row without a proper number", place=reader.place)
        self.cells: list[Cell] = []
        self.column = 0
        self._begin({})

    def _begin(self, attributes: Mapping[str, str]) -> None:
        self.cell = attributes
        self.value: str | None = None
        self.inline: str | None = None
        self.formula: str | None = None
        self.formula_attributes: Mapping[str, str] = {}
        self.odd = self.phonetic = False

    def start(self, path: list[str], attributes: Mapping[str, str]) -> None:
        """An element within the row; ``path`` begins below the row."""
        reader = self.reader
        if path == ["x:c"]:
            self._begin(attributes)
            if len(self.cells) > LAST_COLUMN:
                raise malformed("has more cells than columns", place=reader.place)
        elif path == ["x:c", "x:f"]:
            self.formula, self.formula_attributes = "", attributes
        elif path == ["x:c", "x:is"]:
            self.inline = self.inline or ""
        elif path[-1] == "x:rPh":
            self.phonetic = True
        elif path[-1] == "x:ext":
            reader.facts.notes["xml.ext-list"] += 1
        elif path[-1] == "mc:AlternateContent":
            reader.facts.notes["xml.mc-alternate-branch"] += 1
        elif path[-1].startswith("?:") and "x:ext" not in path:
            self.odd = True

    def end(self, path: list[str], text: str) -> None:
        """An element within the row ends."""
        if path == ["x:c"]:
            self.cells.append(self._made())
        elif path == ["x:c", "x:v"]:
            if self.value is not None:
                self.odd = True
            else:
                self.value = text
        elif path == ["x:c", "x:f"]:
            self.formula = text
        elif path in (["x:c", "x:is", "x:t"], ["x:c", "x:is", "x:r", "x:t"]):
            self.inline = (self.inline or "") + text

    def _made(self) -> Cell:
        reader = self.reader
        place = self.cell.get("r")
        column = self.column + 1
        if place is not None:
            hit = re.fullmatch(r"([A-Za-z]{1,3})([0-9]{1,7})", place, re.ASCII)
            if hit is None or int(hit[2]) != self.number:
                raise malformed("has a cell that lies in another row", place=reader._here())
            column = column_number(hit[1])
        if not self.column < column <= LAST_COLUMN:
            raise malformed(
                "occurs twice, goes backwards or lies beyond the grid",
                place=cell_place(reader.facts.number, self.number, min(column, LAST_COLUMN)),
            )
        self.column = column
        return Cell(column, whole(self.cell.get("s", "")), self.cell.get("t", "n"), self.value,
                    self.inline, self.formula, self.cell, self.formula_attributes, self.odd,
                    self.phonetic)  # fmt: skip

    def row(self) -> Row:
        """The row as it was written."""
        return Row(self.number, self.attributes, tuple(self.cells))
