"""One worksheet, read in one pass: what it says, what it hides, and what it may not contain."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from safe_release.inspectors.faults import malformed, too_large
from safe_release.inspectors.grid import Grid
from safe_release.inspectors.places import sheet_place
from safe_release.inspectors.raw_xml import Attributes, Node, XmlReader, short
from safe_release.inspectors.shapes import END_OF_ROW
from safe_release.inspectors.sheet_areas import Areas
from safe_release.inspectors.sheet_builder import RowBuilder
from safe_release.inspectors.sheet_elements import Elements
from safe_release.inspectors.sheet_facts import Area, Facts, Surroundings
from safe_release.inspectors.sheet_plans import PlannedRows
from safe_release.inspectors.sheet_rows import Rows
from safe_release.inspectors.sheet_values import Values
from safe_release.inspectors.sights import areas_of
from safe_release.inspectors.spelling import Spelling, has_usual_prefixes
from safe_release.inspectors.texts import cell_text, whole

if TYPE_CHECKING:
    from safe_release.inspectors.drawings.covers import Covers

_TEXT_BEARERS = frozenset(
    ("x:v", "x:t", "x:f", "x:oddHeader", "x:oddFooter", "x:evenHeader", "x:evenFooter",
     "x:firstHeader", "x:firstFooter", "x:formula", "x:formula1", "x:formula2")
)  # fmt: skip
_HOLDERS = ("x:oleObjects", "x:controls", "mc:AlternateContent")
_MOST_HELD = 1_000_000
_LONGEST_PIECE = 1 << 22
_MAIN = frozenset(
    (
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    )
)


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
        covers: Covers | None = None,
    ) -> None:
        self.around = around
        self.facts = Facts(number, hidden, Grid(sheet_place(number)), around.limits.cells)
        values = Values(around, self.facts, full_calculation or around.full_calculation)
        self._rows = Rows(around, self.facts, values, Areas(self.facts, merges))
        self._planned = PlannedRows(around, self.facts, self._rows)
        self._elements = Elements(around, self.facts)
        self._covers = covers
        self._state = 0  # 0 before, 1 within, 2 after the rows
        self._path: list[str] = []
        self._text: list[str] = []
        self._building: RowBuilder | None = None
        self._holding = 0
        self._held: list[Node] = []
        """The embedded documents, controls or alternatives at hand, with what is open in them."""
        self._formats: list[Node] = []
        """The conditional format at hand, with the elements that are open in it."""
        self._plain = False
        self._fed_at_row_end = -1
        self.xml = XmlReader(self.facts.place, self, around.limits.depth)
        self._spelling = Spelling() if around.vocabulary is not None else None
        self._counted = (-1, 0)
        """How many children the element at hand says it has, and how many it had so far."""

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
                    raise malformed("is not valid UTF-8", place=self.facts.place) from None
                buffer = self._take(buffer)
            piece = next(source, None)
        if buffer:
            self._feed(buffer)
        if self._spelling is not None:
            self._spelling.feed("", final=True)

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
                at = self._planned.take(buffer, at)
                if self._state != 1:
                    break
            if 0 <= close < at:
                close = buffer.find("</sheetData", at)
            end = buffer.find(END_OF_ROW, at)
            if end < 0 or 0 <= close < end:
                # The tail is the parser's: whatever it holds, no pattern looks at it.
                if close >= 0 or len(buffer) - at > _LONGEST_PIECE:
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
                self._planned.prefixes = frozenset(self.xml.namespaces)
                self._fed_at_row_end = self.xml.fed
                return at
        self._feed(buffer[at:])
        return len(buffer)

    def _feed(self, text: str) -> None:
        self.xml.feed(text.encode())
        if self._spelling is not None:
            self._spelling.feed(text)

    @property
    def _between_rows(self) -> bool:
        """Whether the last byte fed ended a row, or began the rows: nothing is half open."""
        return self.xml.fed == self._fed_at_row_end

    def _finish(self) -> None:
        facts = self.facts
        if self._state != 2:
            facts.grid.settle()
        self._elements.compare_extent(max(self._rows.last, 1), self._rows.last_column)
        self._rows.finish()
        facts.asides.update(self.xml.asides)
        facts.spaces = self.xml.spaces
        facts.notes = +facts.notes
        if self._spelling is not None:
            facts.odd_spellings += self._spelling.odd
            facts.odd_spellings += not has_usual_prefixes(self.xml.declared)

    # -- the parser's events --------------------------------------------------------------------

    def start(self, name: str, attributes: Attributes, depth: int) -> None:
        """An element begins."""
        local = short(name)
        if depth == 1 and local != "x:worksheet":
            raise malformed("is no worksheet of the standard", place=self.facts.place)
        self._path.append(local)
        plain = {short(key): value for key, value in attributes.items()} if attributes else {}
        vocabulary = self.around.vocabulary
        if vocabulary is not None:
            vocabulary.element(tuple(self._path), plain, self._here())
        self._text = []
        if self._building is not None:
            self._elements.count_foreign(plain)
            self._building.start(self._path[3:], plain)
            return
        if depth == 2 and local == "x:sheetData":
            if self._state:
                raise malformed("has its rows twice", place=self.facts.place)
            self._state = 1
            self._elements.rows_begun = True
            self.facts.grid.settle()
            if self._covers is not None:
                usual = self.facts.usual_size
                self._rows.areas.cover(self._covers.cells(*usual), self._covers.veiled(*usual))
            return
        if depth == 2:
            self._counted = (whole(plain.get("count", ""), -1), 0)
        elif depth == 3:
            self._counted = (self._counted[0], self._counted[1] + 1)
        if depth == 3 and local == "x:row" and self._path[1] == "x:sheetData":
            inks = self.around.styles.faces.inks
            self._building = RowBuilder(self.facts, self._rows.last, plain, inks)
            return
        self._elements.take(self._path, plain)
        self._open_format(local, plain)
        self._hold(local, plain, depth)

    def _hold(self, local: str, attributes: dict[str, str], depth: int) -> None:
        """Keep embedded documents and controls whole: what shows of them is asked later."""
        if self._held:
            node = Node(local, attributes)
            self._held[-1].children.append(node)
            self._held.append(node)
            self._holding += 1
            if self._holding > _MOST_HELD:
                raise too_large(
                    "has more controls and alternatives than can be held", place=self.facts.place
                )
        elif depth == 2 and local in _HOLDERS and not self.facts.hidden:
            self._held.append(Node(local, attributes))
            self.facts.held.append(self._held[0])

    def _open_format(self, local: str, attributes: dict[str, str]) -> None:
        """Keep conditional formats whole: what they do is asked when all cells are known."""
        if self._formats:
            node = Node(local, attributes)
            self._formats[-1].children.append(node)
            self._formats.append(node)
        elif local in ("x:conditionalFormatting", "?:conditionalFormatting"):
            self._formats.append(Node(local, attributes))
            if not self.facts.hidden:
                extended = len(self._path) != 2 or local[0] != "x"
                self.facts.formats.append((self._formats[0], extended))

    def end(self, name: str, depth: int) -> None:
        """An element ends."""
        local = self._path[-1]
        text = "".join(self._text)
        if self._building is not None:
            if depth == 3:
                building, self._building = self._building, None
                self._rows.take(building.row())
                self._fed_at_row_end = self.xml.row_end + len(END_OF_ROW)
            else:
                self._building.end(self._path[3:], text)
        elif depth == 2 and local == "x:sheetData":
            self._state = 2
        elif self._formats:
            node = self._formats.pop()
            node.text = text if not node.children else ""
            if local == "?:sqref" and self._path[-2:-1] == ["?:conditionalFormatting"]:
                if self._path[1] == "x:extLst":
                    self.facts.unsure += areas_of(text)
        elif self._held:
            pass
        elif depth == 3 and self._path[1] == "x:headerFooter":
            self.facts.headers[local[2:]] = cell_text(text)
        if self._held:
            self._held.pop().text = text
        if depth == 2 and local != "x:sheetData":
            self.facts.odd_spellings += self._counted[0] not in (-1, self._counted[1])
        self._path.pop()
        self._text = []

    def text(self, text: str) -> None:
        """Character data."""
        if self._path and (
            self._path[-1] in _TEXT_BEARERS
            or "x:ext" in self._path
            or "mc:AlternateContent" in self._path
            or self._held
        ):
            self._text.append(text)
        elif text.isspace():
            self.facts.odd_spellings += 1
        else:
            self.facts.notes["xml.text-in-element-content"] += 1

    def _here(self) -> str:
        return self.facts.place if self._building is None else self._building.place
