"""This module is the reading of a worksheet as a stream: its head, its rows, its tail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final
from xml.etree.ElementTree import Element as Node

from safe_release.errors import Malformed, TooLarge
from safe_release.formats.xml_reader import REPAIR, XmlReader

_HEAD: Final = frozenset(("sheetPr", "sheetViews", "sheetFormatPr", "cols"))
"""What must come before the rows, because it decides about them (18.3.1.99 fixes the order)."""
_ONCE: Final = _HEAD | {
    "autoFilter", "mergeCells", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "tableParts",
}  # fmt: skip
"""What two of would leave open which one a reader sees."""
_MAY_HOLD_RULES: Final = frozenset(("extLst", "mc:AlternateContent"))
_ROWS_END: Final = b"</sheetData"
_TEXTLESS: Final = frozenset(("sheetData", "row", "c"))


class SheetReader(XmlReader):
    """Collects the children of ``worksheet`` as trees, and hands out each row as one.

    Rows may instead be taken from the bytes by a caller who recognises them whole: between two
    rows the parser's state is the same before and after, so that it never needs to see them.
    """

    def __init__(self, place: str, depth_limit: int, row_limit: int) -> None:
        super().__init__(place, depth_limit)
        self.parts: dict[str, Node] = {}
        self.formats: list[Node] = []
        """What holds conditional formats, or may."""
        self.is_in_rows = False
        self._row_limit = row_limit
        self._stack: list[Node] = []
        self._rows: list[Node] = []
        self._had_rows = False
        self._fed = 0
        self._rows_touched_at = -1
        self._is_between_rows = False

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        """Start collecting a child of the root, or a row."""
        if self.depth == 1:
            if name != "worksheet":
                raise Malformed("is no worksheet", place=self.place, remedy=REPAIR)
            return
        if self.depth == 2 and name == "sheetData":
            if self._had_rows:
                raise Malformed("has its rows twice", place=self.place, remedy=REPAIR)
            self.is_in_rows = self._had_rows = True
            self._rows_touched_at = self.byte_index
            return
        node = Node(name, attributes)
        if self._stack:
            self._stack[-1].append(node)
        self._stack.append(node)

    def closed(self, name: str) -> None:
        """Finish a child of the root, or a row."""
        if self.depth == 1:
            return
        if self.depth == 2 and not self._stack:
            self.is_in_rows = False
            return
        node = self._stack.pop()
        if not self._stack:
            self._finish(node)

    def said(self, text: str) -> None:
        """Add text to what is being collected."""
        if self._stack and self._stack[-1].tag not in _TEXTLESS and not len(self._stack[-1]):
            self._stack[-1].text = (self._stack[-1].text or "") + text

    def _finish(self, node: Node) -> None:
        if self.is_in_rows:
            self._rows_touched_at = self.byte_index
            if node.tag == "row":
                self._rows.append(node)
            return
        if node.tag == "conditionalFormatting":
            # There are many of them: one for each list of areas.
            self.parts.setdefault(node.tag, Node(node.tag)).append(node)
            self.formats.append(node)
            return
        if node.tag in self.parts and node.tag in _ONCE:
            raise Malformed(f"has {node.tag} twice", place=self.place, remedy=REPAIR)
        if self._had_rows and node.tag in _HEAD:
            raise Malformed(f"has {node.tag} after its rows", place=self.place, remedy=REPAIR)
        self.parts.setdefault(node.tag, node)
        if node.tag in _MAY_HOLD_RULES:
            self.formats.append(node)

    def read_rows(
        self,
        chunks: Iterator[bytes],
        take: Callable[[bytes, int], int],
        row: Callable[[Node], None],
    ) -> None:
        """Go through the part once.

        ``take(bytes, position)`` takes whole rows that begin exactly at a position and returns
        where it stopped; ``row`` gets every other row.
        """
        buffer = b""
        begun = False
        for chunk in chunks:
            buffer += chunk
            position = 0
            while True:
                begun = begun or self.is_in_rows
                if self.is_in_rows and self.is_plain and self._is_between():
                    position = take(buffer, position)
                if begun and buffer.startswith(_ROWS_END, position):
                    self.feed(buffer[position:])
                    position = len(buffer)
                mark = b"</row>" if begun else b"<sheetData"
                end = buffer.find(mark, position)
                end = buffer.find(b">", end) + 1 if end >= 0 else 0
                if end <= 0:
                    break
                self.feed(buffer[position:end])
                position = end
                self._hand_out(row)
            buffer = buffer[position:]
            if len(buffer) > self._row_limit:
                raise TooLarge(
                    "has a row or a table of properties larger than the limits allow",
                    place=self.place,
                    remedy="Raise limits.small_part_bytes if you trust the source",
                )
        self.feed(buffer, last=True)
        self._hand_out(row)

    def _is_between(self) -> bool:
        """Whether the last byte fed ended a row, or the tag before the first one.

        Behind an end of row in a comment the parser is still inside the comment.
        """
        return self.depth == 2 and self._is_between_rows

    def feed(self, data: bytes, last: bool = False) -> None:
        """Parse some more bytes, and remember where the tags end that a row may follow."""
        last_tag = self._fed + data.rfind(b"<")
        super().feed(data, last)
        self._fed += len(data)
        self._is_between_rows = self._rows_touched_at == last_tag

    def _hand_out(self, row: Callable[[Node], None]) -> None:
        for node in self._rows:
            row(node)
        self._rows.clear()


def forecast(chunks: Iterator[bytes], reader: SheetReader) -> SheetReader:
    """What stands before and after the rows of a sheet, without the rows.

    Merged cells are listed behind the rows they blank, so they must be known early. The search
    for the end of the rows is by bytes, hence a forecast: the caller compares it with what the
    parser sees in the end.
    """
    head, tail, has_rows = b"", b"", False
    for chunk in chunks:
        if has_rows:
            tail += chunk
        else:
            head += chunk
            start = head.find(b"<sheetData")
            end = head.find(b">", start) + 1 if start >= 0 else 0
            has_rows = end > 0 and head[end - 2 : end] != b"/>"
            if has_rows:
                head, tail = head[:end], head[end:]
        last = tail.rfind(_ROWS_END)
        tail = tail[last:] if last >= 0 else tail[1 - len(_ROWS_END) :]
    reader.feed(head)
    reader.feed(tail, last=True)
    return reader
