"""This module is the Open Packaging Conventions (ECMA-376 part 2) as builders need them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote
from xml.etree.ElementTree import Element as Node

from safe_release.document import Document
from safe_release.errors import Malformed, SourceError, UnknownFormat
from safe_release.formats.gate import quote
from safe_release.formats.xml_reader import REPAIR, read_tree
from safe_release.formats.zip_reader import Entry, ZipReader, folded

_FAMILIES: Final = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/",
    "http://purl.oclc.org/ooxml/officeDocument/relationships/",
)
OFFICE: Final = _FAMILIES[0]
XML_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_RELATIONSHIPS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_CORE: Final = f"{_RELATIONSHIPS}/metadata/core-properties"
_WELL_KNOWN: Final = re.compile(
    r"(?:xl/(?:workbook|styles|sharedStrings|(?:worksheets/sheet|tables/table|"
    r"pivotTables/pivotTable|theme/theme)\d{1,4})\.xml)|\[Content_Types\]\.xml",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Relationship:
    """``type`` is the last step of a type both families know, or ``"other"``. ``target`` is the
    folded name of a part, or the untrusted URI of something outside the package; ``fragment`` what
    stands after the ``#`` of an internal target."""

    id: str
    type: str
    target: str
    is_external: bool
    fragment: str = ""


class Package:
    """A package as its relationships show it."""

    def __init__(self, document: Document) -> None:
        self._zip = ZipReader(document)
        self.depth = document.limits.depth
        """How deep elements may nest."""
        entry = self._zip.entries.get("[content_types].xml")
        if entry is None:
            raise self._no_package()
        self._defaults: dict[str, str] = {}
        self._overrides: dict[str, str] = {}
        for node in read_tree(self._zip.read(entry), "[Content_Types].xml", self.depth):
            if node.tag == "ct:Default":
                extension = node.get("Extension", "").casefold()
                self._defaults.setdefault(extension, node.get("ContentType", ""))
            elif node.tag == "ct:Override":
                self._overrides.setdefault(
                    folded(node.get("PartName", "")), node.get("ContentType", "")
                )

    def _no_package(self) -> SourceError:
        if any(name.startswith(("xl/", "word/", "ppt/")) for name in self._zip.entries):
            return Malformed("has no list of content types", place="package", remedy=REPAIR)
        return UnknownFormat(
            "is a zip file and no Office document",
            place="source",
            remedy="This version cleans xlsx, xlsm, xltx and xltm workbooks",
        )

    def content_type(self, part: str) -> str:
        """What the package says a part is; empty where it says nothing."""
        extension = part.rpartition(".")[2]
        return (self._overrides.get(part) or self._defaults.get(extension, "")).strip().lower()

    def entry(self, part: str) -> Entry:
        """The zip entry of a part. Raises ``Malformed`` where a relationship leads nowhere."""
        entry = self._zip.entries.get(part)
        if entry is None:
            raise Malformed("a part that is referred to is missing", place="package", remedy=REPAIR)
        return entry

    def has(self, part: str) -> bool:
        """Whether the part is there."""
        return part in self._zip.entries

    def place(self, part: str) -> str:
        """How a message may call a part: by name only where the name is everybody's."""
        entry = self.entry(part)
        return f"part {entry.name}" if _WELL_KNOWN.fullmatch(entry.name) else entry.place

    def read(self, part: str) -> bytes:
        """A small part, whole."""
        return self._zip.read(self.entry(part))

    def chunks(self, part: str) -> Iterator[bytes]:
        """A large part in pieces."""
        return self._zip.chunks(self.entry(part))

    def tree(self, part: str) -> Node:
        """A small part as a tree with normalised names."""
        return read_tree(self.read(part), self.place(part), self.depth)

    def relationships(self, part: str = "") -> list[Relationship]:
        """The relationships of a part, or of the package, in document order."""
        folder, _, name = part.rpartition("/")
        source = posixpath.join(folder, "_rels", f"{name}.rels")
        if not self.has(source):
            return []
        found = []
        seen = set()
        for node in read_tree(self.read(source), self.entry(source).place, self.depth):
            if node.tag != "pr:Relationship":
                continue
            id_ = node.get("Id", "")
            if id_ in seen:
                raise Malformed(
                    "gives two relationships one id", place=self.entry(source).place, remedy=REPAIR
                )
            seen.add(id_)
            external = node.get("TargetMode", "").strip() == "External"
            target = node.get("Target", "")
            found.append(
                Relationship(
                    id_,
                    _short(node.get("Type", "")),
                    target if external else _resolved(folder, target),
                    external,
                    "" if external else unquote(target.partition("#")[2]),
                )
            )
        return found

    def related(self, part: str, type_: str) -> str | None:
        """The first part that a relationship of this type leads to."""
        for relationship in self.relationships(part):
            if relationship.type == type_ and not relationship.is_external:
                return relationship.target
        return None


def _short(type_: str) -> str:
    for family in _FAMILIES:
        if type_.startswith(family):
            return type_[len(family) :]
    return "other"


def _resolved(folder: str, target: str) -> str:
    # A target is a relative URI (part 2, 6.5.3.4); one that climbs out of the package ends at
    # its root.
    path = unquote(target.partition("#")[0]).replace("\\", "/")
    joined = path if path.startswith("/") else posixpath.join("/", folder, path)
    return folded(posixpath.normpath(joined))


def relationships_part(rows: list[tuple[str, str, bool]], *, core: bool = False) -> bytes:
    """The markup of a relationships part: rows of (type, target, external), ids in order.

    ``core`` adds the relationship to the core properties, whose type is the package's own.
    """
    types = [(OFFICE + type_, target, external) for type_, target, external in rows]
    if core:
        types.append((_CORE, "docProps/core.xml", False))
    lines = []
    for number, (type_, target, external) in enumerate(types, 1):
        mode = ' TargetMode="External"' if external else ""
        lines.append(
            f'<Relationship Id="rId{number}" Type="{type_}" Target="{quote(target)}"{mode}/>'
        )
    return (
        f'{XML_DECLARATION}<Relationships xmlns="{_RELATIONSHIPS}">{"".join(lines)}</Relationships>'
    ).encode()
