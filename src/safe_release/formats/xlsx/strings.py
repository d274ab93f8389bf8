"""This module is the texts of a workbook: the source's string table, and the one built from use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element as Node

from safe_release.errors import Malformed
from safe_release.formats.gate import Gate, escape
from safe_release.formats.ledger import Ledger
from safe_release.formats.xlsx.dxf import Color, child, read_color
from safe_release.formats.xlsx.grammar import STRINGS
from safe_release.formats.xml_reader import REPAIR, XmlReader

_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LOOKS_ESCAPED: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_COLOR: Final = re.compile(r"<color(?: [^<>]*)?/>")
_USUAL_SIZE: Final = '<rPr><sz val="11"/></rPr>'
_UNSHOWN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EDGE_SPACE: Final = re.compile(r"\A\s|\s\Z|[\n\t]|  ")
_SIMPLE: Final = re.compile(r"[!-%'-;=?-~]+(?: [!-%'-;=?-~]+)*")
"""Printable ASCII with single spaces inside: most texts, and nothing in them needs a thought."""
MAX_TEXT: Final = 32_767
"""Characters in a cell (Excel specifications and limits), in units of UTF-16."""


def decode(text: str) -> str:
    """The characters of an ST_Xstring (22.9.2.19): ``_xHHHH_`` decoded once, unprintables gone."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text)
        # Two escapes may be the halves of one character.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "")
    return _UNSHOWN.sub("", text)


def units(text: str) -> int:
    """The length of a text in units of UTF-16, in which Excel counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _is_simple(text: str) -> bool:
    return "_x" not in text and len(text) < MAX_TEXT and _SIMPLE.fullmatch(text) is not None


def is_too_long(text: str) -> bool:
    """Whether a text is longer than a cell can hold."""
    return 2 * len(text) > MAX_TEXT and units(text) > MAX_TEXT


def encode(text: str) -> str:
    """ST_Xstring markup of a decoded text: what looks like an escape is escaped."""
    if "_x" in text:
        text = _LOOKS_ESCAPED.sub("_x005F_", text)
    return escape(text)


def text_element(text: str) -> str:
    """``<t>`` with its text; white space that XML would be free to drop is preserved."""
    space = ' xml:space="preserve"' if _EDGE_SPACE.search(text) else ""
    return f"<t{space}>{encode(text)}</t>"


class Run(NamedTuple):
    """A run of rich text (18.4.4).

    ``properties`` is the markup of its ``rPr``, ``color`` and ``size`` are what that says, if it
    does; ``has_look`` tells whether there is an ``rPr`` at all.
    """

    text: str
    properties: str = ""
    has_look: bool = False
    color: Color | None = None
    size: str = ""

    @property
    def markup(self) -> str:
        """The markup of the run."""
        return f"<r>{self.properties}{text_element(self.text)}</r>"

    def without_color(self) -> Run:
        """The run in the default colour or that of its cell."""
        properties = _COLOR.sub("", self.properties)
        if properties != "<rPr></rPr>":
            return self._replace(properties=properties, color=None)
        # Without any property it would take the size of its cell, too.
        return self._replace(properties=_USUAL_SIZE, color=None, size="11")


class StringItem:
    """What an ``si`` or ``is`` shows: its plain text, and its markup without phonetics.

    ``markup`` is what goes between the item's tags. An item that shows nothing has empty markup.
    ``runs`` are those of rich text.
    """

    __slots__ = ("markup", "runs", "text")

    def __init__(self, text: str, markup: str, runs: tuple[Run, ...] | None = None) -> None:
        self.text = text
        self.markup = markup
        self.runs = runs

    @classmethod
    def of_runs(cls, runs: Sequence[Run]) -> StringItem:
        """An item of rich text."""
        text = "".join(run.text for run in runs)
        return cls(text, "".join(run.markup for run in runs if run.text), tuple(runs))


def plain_item(untrusted: str) -> StringItem:
    """An item of plain text."""
    if _is_simple(untrusted):
        return StringItem(untrusted, f"<t>{untrusted}</t>")
    text = decode(untrusted)
    return StringItem(text, text_element(text) if text else "")


class ItemRules:
    """Reads ``CT_Rst`` (18.4.8, 18.4.4): plain text or rich runs; phonetic runs are not shown."""

    def __init__(self, ledger: Ledger, flatten_palette: Callable[[Node], None]) -> None:
        self._gate = Gate(STRINGS, ledger)
        self._ledger = ledger
        self._flatten_palette = flatten_palette

    def item(self, node: Node) -> StringItem:
        """The item of an ``si`` or ``is`` element."""
        runs = [part for part in node if part.tag in ("r", "t")]
        for part in node:
            if part.tag not in ("r", "t"):
                self._ledger.leave(part.tag if part.tag in ("rPh", "phoneticPr") else "other")
        if all(run.tag == "t" for run in runs):
            return plain_item("".join(run.text or "" for run in runs))
        found = [self._run(run) for run in runs]
        return StringItem.of_runs([run for run in found if run.text])

    def _run(self, run: Node) -> Run:
        if run.tag == "t":
            return Run(decode(run.text or ""))
        text = "".join(decode(part.text or "") for part in run if part.tag == "t")
        if not text:
            return Run("")
        properties = next((part for part in run if part.tag == "rPr"), None)
        written = ""
        if properties is not None:
            self._flatten_palette(properties)
            written = self._gate.carry(properties)
        if written == "<rPr/>":
            written = ""
        if properties is None or not written:
            return Run(text)
        size = child(properties, "sz")
        return Run(
            text,
            written,
            has_look=True,
            color=read_color(child(properties, "color")),
            size="" if size is None else size.get("val", ""),
        )


_PLAIN: Final = re.compile(rb"\s*<si>(?:<t(?: xml:space=\"preserve\")?>([^<&]*)</t>|<t ?/>)</si>")


class SourceStrings:
    """The source's string table (18.4.9), by index, read when a cell first needs it.

    Plain items are recognised by a strict pattern; anything else goes through the XML parser.
    """

    def __init__(self, place: str, items: list[StringItem | str]) -> None:
        self._place = place
        self._items = items

    def __len__(self) -> int:
        return len(self._items)

    def item(self, index: int, cell: str) -> StringItem:
        """The item of an index. Raises ``Malformed`` where there is none."""
        if not 0 <= index < len(self._items):
            raise Malformed("refers to a string that does not exist", place=cell, remedy=REPAIR)
        item = self._items[index]
        return plain_item(item) if isinstance(item, str) else item

    def runs_of(self, index: int) -> StringItem | None:
        """The item of an index that is known to exist, if it has runs."""
        item = self._items[index]
        return None if isinstance(item, str) or item.runs is None else item

    def simple(self, index: int) -> str:
        """The markup of an index whose item is a simple text; empty for all others."""
        if index >= len(self._items):
            return ""
        item = self._items[index]
        is_simple = isinstance(item, str) and _is_simple(item)
        return f"<t>{item}</t>" if is_simple else ""

    def markup(self, index: int) -> str:
        """The markup of an index that is known to exist; empty where the item shows nothing, or
        more than a cell can."""
        item = self._items[index]
        if not isinstance(item, str):
            return "" if is_too_long(item.text) else item.markup
        if _is_simple(item):
            return f"<t>{item}</t>"
        return "" if is_too_long(item) else plain_item(item).markup


class _StringsReader(XmlReader):
    def __init__(self, place: str, depth: int, rules: ItemRules) -> None:
        super().__init__(place, depth)
        self.items: list[StringItem | str] = []
        self._rules = rules
        self._stack: list[Node] = []

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        if self.depth == 1:
            if name != "sst":
                raise Malformed("is no string table", place=self.place, remedy=REPAIR)
            return
        node = Node(name, attributes)
        if self._stack:
            self._stack[-1].append(node)
        self._stack.append(node)

    def closed(self, name: str) -> None:
        if self.depth == 1:
            return
        node = self._stack.pop()
        if not self._stack and node.tag == "si":
            self.items.append(self._rules.item(node))

    def said(self, text: str) -> None:
        if self._stack and not len(self._stack[-1]):
            self._stack[-1].text = (self._stack[-1].text or "") + text


def read_strings(
    chunks: Iterator[bytes], place: str, depth: int, rules: ItemRules
) -> SourceStrings:
    """Read a string table. Raises ``Malformed`` and ``TooLarge``."""
    reader = _StringsReader(place, depth, rules)
    buffer = b""
    for chunk in chunks:
        buffer += chunk
        position = 0
        while True:
            if reader.depth == 1 and reader.is_plain:
                position = _take_plain(reader, buffer, position)
            end = buffer.find(b"</si>", position)
            if end < 0:
                break
            reader.feed(buffer[position : end + 5])
            position = end + 5
        buffer = buffer[position:]
    reader.feed(buffer, last=True)
    return SourceStrings(place, reader.items)


def _take_plain(reader: _StringsReader, buffer: bytes, position: int) -> int:
    match = _PLAIN.match
    items = reader.items
    while found := match(buffer, position):
        try:
            items.append((found.group(1) or b"").decode())
        except UnicodeDecodeError:
            raise Malformed("is not well-formed XML", place=reader.place, remedy=REPAIR) from None
        position = found.end()
    return position


class StringPool:
    """The copy's string table, in order of first use, each text once."""

    def __init__(self) -> None:
        self._index: dict[str, int] = {}

    def add(self, markup: str) -> int:
        """The index of an item with this markup."""
        return self._index.setdefault(markup, len(self._index))

    def __len__(self) -> int:
        return len(self._index)

    def items(self) -> Iterator[str]:
        """The markup between the tags of each item."""
        return iter(self._index)
