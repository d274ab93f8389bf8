"""The pool of shared strings (ECMA-376-1 18.4), and which of them a reader sees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import blake2b

from safe_release.inspectors.faults import malformed
from safe_release.inspectors.names import Vocabulary
from safe_release.inspectors.raw_xml import Attributes, XmlReader, short
from safe_release.inspectors.sights import Faces, Run
from safe_release.inspectors.spelling import Spelling, has_usual_prefixes, needs_space
from safe_release.inspectors.texts import INVISIBLE, cell_text, is_escaped_in_need, whole


def token(text: str) -> str:
    """A text as a reading holds it: itself when short, else a digest of it."""
    if len(text) <= 40:
        return text
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class SharedStrings(dict[str, str]):
    """Tokens by the spelling of an index.

    Looking one up marks it as seen: the dictionary holds exactly the indexes that visible cells
    have used. A ``KeyError`` means the text is empty or the spelling is no index; ``hidden``
    holds the indexes that hidden cells use.
    """

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.hidden: set[int] = set()
        self.empty_used: set[int] = set()
        self.phonetic = 0
        self.counts = (-1, -1)
        """``sst/@count`` and ``@uniqueCount``; -1 where absent."""
        self.escaped = 0
        self.extensions = 0
        self.alternates = 0
        self.foreign = 0
        self.odd_spellings = 0
        """Items and indexes that are spelled in another way than a copy's."""
        self.place = "xl/sharedStrings.xml"
        self.runs: dict[int, tuple[Run, ...]] = {}
        """By index: the runs of texts that have any with a look of their own."""
        self.concerned: set[int] = set()
        """Texts with a run that some ground of the workbook would hide."""
        self._order: dict[int, None] = {}
        """The indexes that visible cells have used, in order of first use, where the keys do not
        say it: where some texts do not show whole."""
        self.parts_seen: dict[int, set[str]] = {}
        """What cells have shown of a text that they do not show whole."""

    def __missing__(self, spelling: str) -> str:
        try:
            index = int(spelling)
        except ValueError:
            index = -1
        if str(index) != spelling or not 0 <= index < len(self.texts):
            index = self.index(spelling)
            self.odd_spellings += spelling != str(index)
        text = self.texts[index]
        if not text:
            self.empty_used.add(index)
            raise KeyError(spelling)
        if self.concerned:
            if index in self.concerned:
                raise KeyError(spelling)
            self._order.setdefault(index)
        value = self[spelling] = token(text)
        return value

    @property
    def order(self) -> list[int]:
        """The indexes that visible cells have used, in order of first use."""
        return list(self._order) if self.concerned else list(map(int, self))

    def has_part(self, spelling: str | None) -> bool:
        """Whether an index is one of a text that some cell may not show whole."""
        return bool(spelling) and self.index(spelling or "") in self.concerned

    def show_part(self, index: int, text: str) -> None:
        """Note that a visible cell shows this much of a text."""
        self._order.setdefault(index)
        self.parts_seen.setdefault(index, set()).add(text)

    def index(self, spelling: str) -> int:
        """The index a cell spells; ``Malformed`` when the pool has no such string."""
        plain = spelling.strip()
        if plain.isascii() and plain.isdigit() and len(plain) < 10:
            index = int(plain)
            if index < len(self.texts):
                return index
        raise malformed("has no string a cell asks for", place=self.place)

    def seen(self) -> set[int]:
        """The indexes that visible cells have used."""
        return set(self.order) | self.empty_used

    def seen_texts(self) -> Iterator[str]:
        """What visible cells have shown of the pool."""
        if not self.parts_seen:
            yield from map(self.texts.__getitem__, sorted(self.seen()))
            return
        whole_ones = {int(spelling) for spelling in self}
        for index in sorted(self.seen()):
            if index in whole_ones or index not in self.parts_seen:
                yield self.texts[index]
        for texts in self.parts_seen.values():
            yield from sorted(texts)

    def unseen_texts(self) -> Iterator[str]:
        """The runs of texts that no cell has shown whole."""
        if not self.parts_seen:
            return
        whole_ones = {int(spelling) for spelling in self}
        for index in self.parts_seen:
            if index not in whole_ones:
                yield from (run.text for run in self.runs.get(index, ()))

    def mark(self) -> tuple[int, int, set[int], dict[int, set[str]]]:
        """What has been used so far, for ``forget``."""
        parts = {index: set(texts) for index, texts in self.parts_seen.items()}
        return len(self), len(self._order), set(self.empty_used), parts

    def forget(self, mark: tuple[int, int, set[int], dict[int, set[str]]]) -> None:
        """Take back every use since the mark."""
        for spelling in list(self)[mark[0] :]:
            del self[spelling]
        for index in list(self._order)[mark[1] :]:
            del self._order[index]
        self.empty_used, self.parts_seen = mark[2], mark[3]


class _Reader:
    """Collects the texts; what is no ``t`` of a string or of a run is not part of it."""

    def __init__(self, strings: SharedStrings, vocabulary: Vocabulary | None, faces: Faces) -> None:
        self.strings = strings
        self.faces = faces
        self.runs: list[Run] = []
        self.vocabulary = vocabulary
        self.path: list[str] = []
        self.taking = False
        self.stray = 0

    def start(self, name: str, attributes: Attributes, depth: int) -> None:
        local = short(name)
        self.path.append(local)
        if self.vocabulary is not None:
            plain = {short(key): value for key, value in attributes.items()}
            self.vocabulary.element(tuple(self.path), plain, self.strings.place)
        if depth == 1:
            self.strings.counts = (
                whole(attributes.get("count", ""), -1),
                whole(attributes.get("uniqueCount", ""), -1),
            )
        elif depth == 2 and local == "x:si":
            self.runs = []
        elif depth == 3 and self.path[1] == "x:si" and local in ("x:r", "x:t"):
            self.runs.append(Run(""))
        elif depth == 5 and self.path[1:4] == ["x:si", "x:r", "x:rPr"]:
            plain = {short(key): value for key, value in attributes.items()}
            self.runs[-1] = self.runs[-1].dressed(local, plain, self.faces.inks)
        elif local == "x:rPh":
            self.strings.phonetic += 1
        elif local == "x:ext":
            self.strings.extensions += 1
        elif local == "mc:AlternateContent":
            self.strings.alternates += 1
        elif local.startswith("?:"):
            self.strings.foreign += 1
        self.taking = local == "x:t" and (
            (depth == 3 and self.path[1] == "x:si")
            or (depth == 4 and self.path[1:3] == ["x:si", "x:r"])
        )

    def end(self, name: str, depth: int) -> None:
        self.path.pop()
        self.taking = False
        if depth == 2 and short(name) == "x:si":
            pieces = [run.text for run in self.runs]
            said = [cell_text(text) for text in pieces]
            plain = "".join(said)
            if said != pieces and not all(map(is_escaped_in_need, pieces, said)):
                self.strings.escaped += 1
            if any(run.is_dressed for run in self.runs):
                self._note_runs(len(self.strings.texts))
            self.strings.texts.append(plain)

    def _note_runs(self, index: int) -> None:
        self.strings.runs[index] = tuple(self.runs)
        if not all(self.faces.sees_everywhere(run) for run in self.runs if run.text):
            self.strings.concerned.add(index)

    def text(self, text: str) -> None:
        if self.taking:
            self.runs[-1] = self.runs[-1]._replace(text=self.runs[-1].text + text)
        elif not text.isspace():
            self.stray += 1


_OPENING = "<si><t>"
_SPACED = '<si><t xml:space="preserve">'
_CLOSING = "</t></si>"
_PLAIN_ITEMS = re.compile(
    rb"(?:<si><t(?: xml:space=\"preserve\")?>[^<>&\x00-\x08\x0b-\x1f]++</t></si>)++"
)


def read_strings(
    place: str,
    pieces: Iterable[bytes],
    depth: int,
    vocabulary: Vocabulary | None = None,
    faces: Faces | None = None,
) -> tuple[SharedStrings, XmlReader, int]:
    """The pool of a workbook, the reader with its asides, and the count of stray texts.

    The parser reads what comes up to the end of an item; runs of plain items in between, which
    leave its state as it was, are split by their tags.
    """
    strings = SharedStrings()
    strings.place = place
    collector = _Reader(strings, vocabulary, faces or Faces())
    reader = XmlReader(place, collector, depth)
    spelling = Spelling() if vocabulary is not None else None
    held = b""
    for piece in pieces:
        held += piece
        done = 0
        while (end := held.find(b"</si>", done)) >= 0:
            run = None
            if collector.path == ["x:sst"] and _is_plain(reader):
                run = _PLAIN_ITEMS.match(held, done)
            if run is not None:
                _split_items(run[0], collector)
                done = run.end()
            else:
                reader.feed(held[done : end + 5])
                if spelling is not None:
                    spelling.feed(held[done : end + 5].decode("utf-8", "replace"))
                done = end + 5
        held = held[done:]
    reader.feed(held)
    reader.feed(b"", final=True)
    if spelling is not None:
        spelling.feed(held.decode("utf-8", "replace"), final=True)
        strings.odd_spellings += spelling.odd + (not has_usual_prefixes(reader.declared))
    return strings, reader, collector.stray


def _is_plain(reader: XmlReader) -> bool:
    """Whether the tags of an item, as bytes, are what they look like."""
    space = reader.namespaces.get("", "")
    return "spreadsheetml" in space and not reader.asides["xml.encoding"]


def _split_items(run: bytes, collector: _Reader) -> None:
    try:
        items = run.decode().split(_CLOSING)
    except UnicodeDecodeError:
        raise malformed("is not well-formed XML", place=collector.strings.place) from None
    items.pop()
    texts = [
        item[len(_OPENING) :] if item.startswith(_OPENING) else item[len(_SPACED) :]
        for item in items
    ]
    strings = collector.strings
    if b"_x" in run:
        plain = [cell_text(text) for text in texts]
        strings.escaped += len(texts) - sum(map(is_escaped_in_need, texts, plain))
        texts = plain
    strings.texts += texts
    if collector.vocabulary is not None:
        strings.odd_spellings += _odd_items(run, items, texts)
        collector.vocabulary.examined += 2 * len(texts) + run.count(b" xml:space=")


def _odd_items(run: bytes, items: list[str], texts: list[str]) -> int:
    """How many items declare blanks that need none, or the other way round."""
    marks = (b" xml:space=", b"  ", b"\n", b"\t", b"> ", b" <")
    if run.isascii() and not any(mark in run for mark in marks):
        return 0
    return sum(
        item.startswith(_SPACED) != needs_space(text)
        for item, text in zip(items, texts, strict=True)
    )


def count_invisible(texts: Iterable[str]) -> int:
    """How many texts have characters that paint nothing."""
    return sum(1 for text in texts if not text.isascii() and INVISIBLE.search(text))
