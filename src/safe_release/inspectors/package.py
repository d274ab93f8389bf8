"""The package of a document: content types, relationships, and what they reach."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import unquote

from safe_release.document import Document
from safe_release.inspectors.faults import malformed, unknown_format
from safe_release.inspectors.places import is_common
from safe_release.inspectors.raw_xml import Node, stray_texts, tree
from safe_release.inspectors.raw_zip import Archive, Entry, name_key, open_archive

OFFICE = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/",
    "http://purl.oclc.org/ooxml/officeDocument/relationships/",
)
_PRERELEASE = (
    "http://schemas.openxmlformats.org/officeDocument/2005/",
    "http://schemas.microsoft.com/office/2005/",
)


_STRUCTURES = frozenset(("x:workbook", "x:styleSheet", "x:table", "rel:Relationships", "ct:Types"))
_RELATIONSHIP_ID = re.compile("rId[0-9]{1,7}")


@dataclass(frozen=True, slots=True)
class Relationship:
    """One relationship of a part or of the package (ECMA-376-2 6.5)."""

    id: str
    type: str
    target: str
    external: bool
    key: str
    """Of the part an internal target names, compared as names are compared."""

    @property
    def kind(self) -> str:
        """The last segment of the type."""
        return self.type.rpartition("/")[2]

    @property
    def standard(self) -> bool:
        """Whether the type belongs to one of the standard's two families."""
        return self.type.startswith(OFFICE)


@dataclass(slots=True)
class Package:
    """An archive read as a package; ``notes`` counts channels by place."""

    document: Document
    archive: Archive
    notes: Counter[tuple[str, str]] = field(default_factory=Counter)
    defaults: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, str] = field(default_factory=dict)
    reached: dict[str, set[str]] = field(default_factory=dict)
    """Parts that relationships reach, with the kinds of the relationships that do."""
    relationships: dict[str, tuple[Relationship, ...]] = field(default_factory=dict)
    """By the key of the source part; the package itself is the empty key."""

    def tree(self, entry: Entry) -> Node:
        """A small part as a tree; what stands beside its elements is noted."""
        root, reader = tree(entry.place, [self.archive.read(entry)], self.document.limits.depth)
        for channel, count in reader.asides.items():
            self.notes[channel, entry.place] += count
        self.notes["xml.text-in-element-content", entry.place] += (
            stray_texts(root) if root.name in _STRUCTURES else 0
        )
        return root

    def of(self, key: str, *kinds: str) -> list[Relationship]:
        """The relationships of a part whose standard type ends in one of ``kinds``."""
        return [
            row for row in self.relationships.get(key, ()) if row.standard and row.kind in kinds
        ]

    def part(self, row: Relationship) -> Entry | None:
        """The entry an internal relationship names."""
        return None if row.external else self.archive.by_key.get(row.key)

    def content_type(self, entry: Entry) -> str:
        """The declared type of a part, or ``""`` (ECMA-376-2 7.2.3)."""
        declared = self.overrides.get(entry.key)
        if declared is not None:
            return declared
        return self.defaults.get(entry.key.rpartition(".")[2], "")


def open_package(document: Document) -> Package:
    """Read the container, the content types and every relationship that is reached.

    Raises ``UnknownFormat`` when there is no office document, ``Malformed`` for pieces of parts.
    """
    archive = open_archive(document)
    package = Package(document, archive)
    for entry in archive.entries:
        if entry.key.endswith(".piece"):
            raise malformed("is a part stored in pieces", place=entry.place)
    _read_types(package)
    _reach(package)
    if not package.of("", "officeDocument"):
        if any(row.type.startswith(_PRERELEASE) for row in package.relationships.get("", ())):
            raise unknown_format(
                "is of a dialect older than the standard",
                place="package",
                remedy="Open it in its application and save it again",
            )
        raise unknown_format("has no office document in it", place="package")
    return package


def _read_types(package: Package) -> None:
    entry = package.archive.get("[Content_Types].xml")
    if entry is None:
        raise unknown_format("has no content types", place="package")
    for node in package.tree(entry).children:
        if node.name == "ct:Default":
            package.defaults.setdefault(node.get("Extension").casefold(), node.get("ContentType"))
        elif node.name == "ct:Override":
            key = name_key(node.get("PartName"))
            package.overrides.setdefault(key, node.get("ContentType"))
            if key not in package.archive.by_key:
                package.notes["opc.unknown-content-type", "[Content_Types].xml"] += 1


def _reach(package: Package) -> None:
    """Follow relationships from the package's root, breadth first."""
    waiting = [""]
    seen = {""}
    while waiting:
        key = waiting.pop(0)
        rows = _relationships(package, key)
        package.relationships[key] = rows
        for row in rows:
            if row.external:
                continue
            entry = package.archive.by_key.get(row.key)
            if entry is None:
                continue
            package.reached.setdefault(row.key, set()).add(row.type)
            if row.key not in seen:
                seen.add(row.key)
                waiting.append(row.key)


def rels_key(key: str) -> str:
    """The key of the part that holds a part's relationships (ECMA-376-2 6.5.2)."""
    folder, _, name = key.rpartition("/")
    return f"{folder}/_rels/{name}.rels".lstrip("/")


def _relationships(package: Package, key: str) -> tuple[Relationship, ...]:
    entry = package.archive.by_key.get(rels_key(key))
    if entry is None:
        return ()
    source = package.archive.by_key.get(key)
    place = entry.place if is_common(entry.name) or source is None else source.place
    folder = key.rpartition("/")[0]
    rows: list[Relationship] = []
    for node in package.tree(entry).children:
        if node.name != "rel:Relationship":
            continue
        target = node.get("Target")
        external = node.get("TargetMode") == "External"
        path = target.partition("#")[0].replace("\\", "/")
        full = "" if external else posixpath.normpath(posixpath.join("/" + folder, path or "."))
        row = Relationship(
            node.get("Id"), node.get("Type"), target, external, name_key(unquote(full))
        )
        rows.append(row)
        if not _RELATIONSHIP_ID.fullmatch(row.id):
            package.notes["opc.part-name", place] += 1
        if external and row.kind != "hyperlink":
            package.notes["opc.external-target", place] += 1
        elif not external and row.key not in package.archive.by_key and path:
            package.notes["opc.dangling-relationship", place] += 1
    return tuple(rows)
