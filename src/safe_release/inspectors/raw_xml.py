"""A reader of XML parts on expat that sees what tree builders drop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol
from xml.parsers import expat

from safe_release.inspectors.faults import malformed, too_large

Attributes = Mapping[str, str]
# Names arrive as "namespace name"; attributes without a namespace have a bare name.
_BETWEEN = " "
_CHOICE = "http://schemas.openxmlformats.org/markup-compatibility/2006 Choice"
"""What it requires is named by prefixes; who is told of it gets the namespaces."""


class Handler(Protocol):
    """Who is told about the elements of a part."""

    def start(self, name: str, attributes: Attributes, depth: int) -> None:
        """An element begins; the root has depth 1."""

    def end(self, name: str, depth: int) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Character data, possibly in pieces."""


class XmlReader:
    """Feeds a handler with a part's elements and counts what stands beside them.

    Refuses document type declarations (ECMA-376-2 6.1.4) and nesting beyond ``depth`` with
    ``Malformed`` and ``TooLarge``. ``asides`` counts channels: comments, processing
    instructions, CDATA sections, and encodings other than UTF-8.
    """

    def __init__(self, place: str, handler: Handler, depth: int) -> None:
        self.place = place
        self.depth = 0
        self.fed = 0
        self.asides: Counter[str] = Counter()
        self.namespaces: dict[str, str] = {}
        """By prefix, the first one declared."""
        self.spaces: set[str] = set()
        self.declared: set[tuple[str, str]] = set()
        """Prefixes with the namespaces they stand for."""
        self._handler = handler
        self._limit = depth
        self._started = False
        self._row_end = -1
        self._parser = parser = expat.ParserCreate(namespace_separator=_BETWEEN)
        parser.buffer_text = True
        parser.ordered_attributes = False
        if hasattr(parser, "SetReparseDeferralEnabled"):
            # Whoever feeds whole elements must be told of them at once.
            parser.SetReparseDeferralEnabled(False)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = handler.text
        parser.CommentHandler = self._comment
        parser.ProcessingInstructionHandler = self._instruction
        parser.StartCdataSectionHandler = self._cdata
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._entity
        parser.StartNamespaceDeclHandler = self._namespace
        parser.XmlDeclHandler = self._declaration

    @property
    def row_end(self) -> int:
        """Where, in bytes fed, the end tag of the last element began."""
        return self._row_end

    def feed(self, data: bytes, final: bool = False) -> None:
        """Parse more bytes; ``Malformed`` where they are not well-formed XML."""
        if not self._started and data:
            self._started = True
            self._look_at_encoding(data)
        try:
            self._parser.Parse(data, final)
        except expat.ExpatError:
            raise malformed(
                "is not well-formed XML",
                place=self.place,
                remedy="Open the file in its application and save it again",
            ) from None
        except (ValueError, LookupError):  # an encoding Python does not know
            raise malformed("has an unknown encoding", place=self.place) from None
        self.fed += len(data)

    def _look_at_encoding(self, data: bytes) -> None:
        if (
            data[:3] == b"\xef\xbb\xbf"
            or data[:2] in (b"\xff\xfe", b"\xfe\xff")
            or data[1:2] == b"\0"
        ):
            self.asides["xml.encoding"] += 1

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > self._limit:
            raise too_large("is nested deeper than the policy allows", place=self.place)
        if name == _CHOICE and "Requires" in attributes:
            needed = attributes["Requires"].split()
            attributes["Requires"] = " ".join(self.namespaces.get(key) or "?" for key in needed)
        self._handler.start(name, attributes, self.depth)

    def _end(self, name: str) -> None:
        self._row_end = self._parser.CurrentByteIndex
        self._handler.end(name, self.depth)
        self.depth -= 1

    def _comment(self, text: str) -> None:
        self.asides["xml.comment"] += 1

    def _instruction(self, target: str, data: str) -> None:
        self.asides["xml.processing-instruction"] += 1

    def _cdata(self) -> None:
        self.asides["xml.cdata"] += 1

    def _doctype(self, *_: object) -> None:
        raise malformed(
            "has a document type declaration, which the standard forbids", place=self.place
        )

    def _entity(self, *_: object) -> None:
        raise malformed("declares entities, which the standard forbids", place=self.place)

    def _namespace(self, prefix: str | None, uri: str | None) -> None:
        if len(self.spaces) < 1000:
            self.namespaces.setdefault(prefix or "", uri or "")
            self.spaces.add(uri or "")
            self.declared.add((prefix or "", uri or ""))
        if not (uri or "").startswith(_KNOWN_SPACES):
            self.asides["xml.foreign-element"] += 1

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding and encoding.lower() not in ("utf-8", "us-ascii"):
            self.asides["xml.encoding"] += 1


def walk(place: str, pieces: Iterable[bytes], handler: Handler, depth: int) -> XmlReader:
    """Read a whole part from its pieces; the reader returned has the counts."""
    reader = XmlReader(place, handler, depth)
    for piece in pieces:
        reader.feed(piece)
    reader.feed(b"", final=True)
    return reader


def split_name(name: str) -> tuple[str, str]:
    """Namespace and local name of an element or attribute."""
    space, _, local = name.rpartition(_BETWEEN)
    return space, local


_KNOWN_SPACES = (
    "http://schemas.openxmlformats.org/",
    "http://schemas.microsoft.com/",
    "http://purl.oclc.org/ooxml/",
    "http://purl.org/dc/",
    "http://www.w3.org/",
    "urn:schemas-microsoft-com:",
)
_FAMILIES = {
    "http://purl.oclc.org/ooxml/spreadsheetml/main": "x",
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "x",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.openxmlformats.org/package/2006/relationships": "rel",
    "http://schemas.openxmlformats.org/package/2006/content-types": "ct",
    "http://purl.oclc.org/ooxml/drawingml/main": "a",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a",
    "http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing": "xdr",
    "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing": "xdr",
    "http://schemas.openxmlformats.org/drawingml/2006/chart": "c",
    "http://purl.oclc.org/ooxml/drawingml/chart": "c",
    "http://schemas.microsoft.com/office/drawing/2012/chart": "c15",
    "http://schemas.openxmlformats.org/drawingml/2006/diagram": "dgm",
    "http://purl.oclc.org/ooxml/drawingml/diagram": "dgm",
    "http://schemas.microsoft.com/office/drawing/2008/diagram": "dsp",
    "http://schemas.microsoft.com/office/drawing/2010/main": "a14",
    "http://schemas.openxmlformats.org/package/2006/metadata/core-properties": "cp",
    "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties": "ep",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "urn:schemas-microsoft-com:vml": "v",
    "urn:schemas-microsoft-com:office:office": "o",
    "http://www.w3.org/XML/1998/namespace": "xml",
}


def short(name: str) -> str:
    """A name with the standard's usual prefix, both dialects alike; unknown spaces as ``?``.

    Names without a namespace stay bare.
    """
    space, _, local = name.rpartition(_BETWEEN)
    if not space:
        return local
    return f"{_FAMILIES.get(space, '?')}:{local}"


class Node:
    """An element of a small part: name and attributes in short form, children and text."""

    __slots__ = ("attributes", "children", "name", "text")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[Node] = []
        self.text = ""

    def get(self, name: str, default: str = "") -> str:
        """An attribute by its short name."""
        return self.attributes.get(name, default)

    def all(self, *path: str) -> list[Node]:
        """The descendants along a path of short names."""
        nodes = [self]
        for step in path:
            nodes = [child for node in nodes for child in node.children if child.name == step]
        return nodes

    def first(self, *path: str) -> Node | None:
        """The first descendant along a path of short names."""
        return next(iter(self.all(*path)), None)

    def everything(self) -> Iterator[Node]:
        """The element and all its descendants, in document order."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))


_MOST_NODES = 3_000_000


class _Planter:
    def __init__(self, place: str) -> None:
        self.root = Node("", {})
        self._open = [self.root]
        self._count = 0
        self._place = place

    def start(self, name: str, attributes: Attributes, depth: int) -> None:
        self._count += 1
        if self._count > _MOST_NODES:
            raise too_large("has more elements than can be held", place=self._place)
        node = Node(short(name), {short(key): value for key, value in attributes.items()})
        self._open[-1].children.append(node)
        self._open.append(node)

    def end(self, name: str, depth: int) -> None:
        self._open.pop()

    def text(self, text: str) -> None:
        self._open[-1].text += text


def stray_texts(root: Node) -> int:
    """How many elements of a part have text though the standard gives them none.

    Extensions and alternate content are channels of their own.
    """
    count, stack = 0, [root]
    while stack:
        node = stack.pop()
        if node.name in ("x:ext", "mc:AlternateContent"):
            continue
        count += node.name not in _BEARERS and bool(node.text.strip())
        stack.extend(node.children)
    return count


_BEARERS = frozenset(("x:definedName", "x:calculatedColumnFormula", "x:totalsRowFormula"))


def tree(place: str, pieces: Iterable[bytes], depth: int) -> tuple[Node, XmlReader]:
    """A small part as a tree, and the reader with what stood beside its elements."""
    planter = _Planter(place)
    reader = walk(place, pieces, planter, depth)
    return planter.root.children[0], reader
