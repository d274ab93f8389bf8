"""This module is the builders' one way to read XML: expat, bounded, without entities or network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from xml.etree.ElementTree import Element as Node
from xml.parsers import expat

from safe_release.errors import CannotRebuild, Malformed, TooLarge

PREFIXES: Final[Mapping[str, str]] = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "",
    "http://purl.oclc.org/ooxml/spreadsheetml/main": "",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r:",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r:",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a:",
    "http://purl.oclc.org/ooxml/drawingml/main": "a:",
    "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing": "xdr:",
    "http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing": "xdr:",
    "http://schemas.openxmlformats.org/drawingml/2006/chart": "c:",
    "http://purl.oclc.org/ooxml/drawingml/chart": "c:",
    "http://schemas.openxmlformats.org/drawingml/2006/diagram": "dgm:",
    "http://purl.oclc.org/ooxml/drawingml/diagram": "dgm:",
    "http://schemas.microsoft.com/office/drawing/2008/diagram": "dsp:",
    "http://schemas.microsoft.com/office/drawing/2010/main": "a14:",
    "http://schemas.microsoft.com/office/drawing/2016/SVG/main": "asvg:",
    "http://schemas.microsoft.com/office/drawing/2012/chart": "c15:",
    "http://schemas.openxmlformats.org/package/2006/relationships": "pr:",
    "http://schemas.openxmlformats.org/package/2006/content-types": "ct:",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc:",
    "http://schemas.microsoft.com/office/spreadsheetml/2022/featurepropertybag": "xfpb:",
    "http://www.w3.org/2000/svg": "svg:",
    "http://www.w3.org/1999/xlink": "xlink:",
    "http://www.w3.org/XML/1998/namespace": "xml:",
}
"""Namespaces a rule may know, and the prefix under which builders see their names. Every other
namespace becomes ``?:``, so that no rule can match it and no message can repeat it."""

REPAIR: Final = "Open it in the application that made it, save it again, and retry"


class XmlReader:
    """An expat parser that turns names of known namespaces into ``prefix:local``.

    Refuses document type declarations (and with them every entity that is not predefined), bounds
    the nesting, and hides comments, processing instructions and CDATA marks from whoever listens.
    Subclasses override ``opened``, ``closed`` and ``said``.
    """

    def __init__(self, place: str, depth_limit: int) -> None:
        self.place = place
        self.depth = 0
        self._depth_limit = depth_limit
        self._names: dict[str, str] = {}
        self._prefixes: dict[str, str] = {}
        self._default = ""
        self._encoding = "utf-8"
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.ordered_attributes = False
        if hasattr(parser, "SetReparseDeferralEnabled"):
            # Whoever feeds whole elements must hear of them at once (expat 2.6).
            parser.SetReparseDeferralEnabled(False)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.said
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartNamespaceDeclHandler = self._namespace
        parser.XmlDeclHandler = self._declaration
        self._parser = parser

    def feed(self, data: bytes, last: bool = False) -> None:
        """Parse some more bytes. Raises ``Malformed`` or ``TooLarge``."""
        try:
            self._parser.Parse(data, last)
        except (expat.ExpatError, LookupError, ValueError):
            raise Malformed("is not well-formed XML", place=self.place, remedy=REPAIR) from None

    @property
    def byte_index(self) -> int:
        """In ``opened`` and ``closed``: how many bytes were fed before the tag at hand."""
        return self._parser.CurrentByteIndex

    @property
    def is_plain(self) -> bool:
        """Whether bytes inside the root mean what they look like: UTF-8, and unprefixed names of
        a known main namespace. Only then may elements be taken by pattern, not by the parser."""
        return self._encoding == "utf-8" and PREFIXES.get(self._default) == ""

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins; ``self.depth`` is 1 for the root."""

    def closed(self, name: str) -> None:
        """An element ends; ``self.depth`` is still that of the element."""

    def said(self, text: str) -> None:
        """Character data."""

    def _name(self, name: str) -> str:
        known = self._names.get(name)
        if known is None:
            namespace, _, local = name.rpartition("}")
            prefix = PREFIXES.get(namespace, "?:") if namespace else "-:"
            known = self._names[name] = prefix + local
        return known

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth == 1:
            self._default = self._prefixes.get("", "")
        if self.depth > self._depth_limit:
            raise TooLarge(
                f"nests deeper than {self._depth_limit} elements",
                place=self.place,
                remedy="Raise limits.depth if you trust the source",
            )
        named = {}
        for key, value in attributes.items():
            named[key if "}" not in key else self._name(key)] = value
        if "Requires" in named and self._name(name) == "mc:Choice":
            # Prefixes mean something only here, where their declarations are at hand.
            spaces = (self._prefixes.get(prefix, "") for prefix in named["Requires"].split())
            named["Requires"] = " ".join(space or "?" for space in spaces)
        if "mc:MustUnderstand" in named:
            self._must_understand(named["mc:MustUnderstand"])
        self.opened(self._name(name), named)

    def _end(self, name: str) -> None:
        self.closed(self._name(name))
        self.depth -= 1

    def _namespace(self, prefix: str | None, uri: str | None) -> None:
        self._prefixes[prefix or ""] = uri or ""

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self._encoding = (encoding or "utf-8").lower()

    def _must_understand(self, prefixes: str) -> None:
        # ECMA-376 part 3, 7.3: a reader that does not know such a namespace must not go on.
        if any(self._prefixes.get(prefix, "") not in PREFIXES for prefix in prefixes.split()):
            raise CannotRebuild(
                "must not be read without knowing an extension that this version does not know",
                place=self.place,
                remedy="Save it without the extension",
            )

    def _doctype(self, *_: object) -> None:
        raise Malformed(
            "has a document type declaration, which Office documents never have",
            place=self.place,
            remedy=REPAIR,
        )


class TreeReader(XmlReader):
    """Builds a tree of the whole document."""

    def __init__(self, place: str, depth_limit: int) -> None:
        super().__init__(place, depth_limit)
        self.root: Node | None = None
        self._stack: list[Node] = []

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        """Hang a node on its parent."""
        node = Node(name, attributes)
        if self._stack:
            self._stack[-1].append(node)
        elif self.root is None:
            self.root = node
        self._stack.append(node)

    def closed(self, name: str) -> None:
        """Leave a node."""
        self._stack.pop()

    def said(self, text: str) -> None:
        """Add text; what follows a child is no one's, the schemas have no mixed content."""
        node = self._stack[-1]
        if not len(node):
            node.text = (node.text or "") + text


def read_tree(data: bytes, place: str, depth_limit: int) -> Node:
    """The tree of a small part, names normalised. Raises ``Malformed`` or ``TooLarge``."""
    reader = TreeReader(place, depth_limit)
    reader.feed(data, last=True)
    if reader.root is None:  # expat objects to an empty document
        raise AssertionError
    return reader.root
