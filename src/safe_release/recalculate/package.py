"""This module is the copy of a workbook for LibreOffice: what its formulas need, no more."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import IO, NamedTuple
from urllib.parse import unquote
from xml.parsers import expat

from safe_release.document import CellPlace, Document
from safe_release.errors import Malformed, TooLarge
from safe_release.limits import Limits
from safe_release.recalculate.failures import OPEN_IN_EXCEL, cannot_recalculate
from safe_release.recalculate.structured import SourceTable, area_of, spelled_out

_CHUNK = 1 << 20
_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_TYPES = {
    "officeDocument": _TYPE + "sheet.main+xml",
    "worksheet": _TYPE + "worksheet+xml",
    "sharedStrings": _TYPE + "sharedStrings+xml",
    "table": _TYPE + "table+xml",
    "externalLink": _TYPE + "externalLink+xml",
    "sheetMetadata": _TYPE + "sheetMetadata+xml",
}
# Which relationships are followed from a part of each kind. Styles are left out on purpose: under
# a number format LibreOffice spells a truth value as a number.
_FOLLOWED = {
    "": ("officeDocument",),
    "officeDocument": ("worksheet", "sharedStrings", "externalLink", "sheetMetadata"),
    "worksheet": ("table",),
    "externalLink": ("externalLinkPath", "xlExternalLinkPath", "xlPathMissing"),
}
_LIVE = ("ddeLink", "oleLink")


@dataclass(slots=True)
class SheetNames:
    """The sheets of the source in tab order, and which of them are not worksheets."""

    names: list[str] = field(default_factory=list)
    others: frozenset[str] = frozenset()


class _Relationship(NamedTuple):
    id: str
    kind: str
    target: str


class _Part(NamedTuple):
    kind: str
    source: str  # its name in the source, as compared
    copy: str  # its name in the copy


def write_reduced(document: Document, path: Path, cells: Sequence[CellPlace]) -> SheetNames:
    """Write the copy for LibreOffice to ``path`` and tell the sheets of the workbook.

    Raises ``Malformed`` and ``TooLarge`` for a package that cannot be read, ``CannotRebuild``
    naming ``cells`` where the workbook calculates in a way that cannot be followed.
    """
    document.stream.seek(0)
    try:
        with (
            zipfile.ZipFile(document.stream) as source,
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy,
        ):
            return _Reducer(source, copy, document.limits, cells).run()
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError):
        raise Malformed("is not a readable zip archive", place="package") from None


class _Reducer:
    def __init__(
        self,
        source: zipfile.ZipFile,
        copy: zipfile.ZipFile,
        limits: Limits,
        cells: Sequence[CellPlace],
    ) -> None:
        self._source = source
        self._copy = copy
        self._limits = limits
        self._cells = cells
        self._left = limits.unpacked_bytes
        self._entries: dict[str, zipfile.ZipInfo] = {}
        self._parts: dict[str, _Part] = {}
        for number, entry in enumerate(source.infolist(), 1):
            if entry.is_dir():
                continue
            name = _compared(entry.filename)
            if name in self._entries:
                raise Malformed("has a name that occurs twice", place=f"entry {number}")
            self._entries[name] = entry

    def run(self) -> SheetNames:
        root = _Part("", "", "")
        roots = self._followed(root)[:1]
        if not roots:
            raise Malformed("has no workbook", place="package")
        self._write_relationships(root, roots)
        workbook = self._parts[_target(root, roots[0])]
        sheets = self._sheets(workbook)
        queue = [workbook]
        for part in queue:  # grows while it is walked
            before = len(self._parts)
            self._copy_part(part)
            self._write_relationships(part, self._followed(part))
            queue.extend(list(self._parts.values())[before:])
        self._write_types()
        return sheets

    def _followed(self, part: _Part) -> list[_Relationship]:
        """The relationships of a part that the copy keeps, their targets entered as parts."""
        kept = []
        for relationship in self._relationships(part):
            if relationship.kind not in _FOLLOWED.get(part.kind, ()):
                continue
            if part.kind == "externalLink":
                kept.append(relationship)
                continue
            name = _target(part, relationship)
            if name not in self._entries:
                continue
            if name not in self._parts:
                number = len(self._parts) + 1
                self._parts[name] = _Part(relationship.kind, name, f"xl/part{number}.xml")
            kept.append(relationship)
            if part.kind == "":
                break
        return kept

    def _relationships(self, part: _Part) -> list[_Relationship]:
        name = _relationships_name(part.source)
        if name not in self._entries:
            return []
        found: list[_Relationship] = []

        def start(element: str, attributes: dict[str, str]) -> None:
            if _local(element) == "Relationship":
                kind = attributes.get("Type", "").rpartition("/")[2]
                found.append(
                    _Relationship(attributes.get("Id", ""), kind, attributes.get("Target", ""))
                )

        self._parse(name, start)
        return found

    def _sheets(self, workbook: _Part) -> SheetNames:
        """Read what of the workbook part decides how its formulas may be worked out."""
        worksheets = {item.id for item in self._relationships(workbook) if item.kind == "worksheet"}
        names: list[str] = []
        others: list[str] = []
        exact = True

        def start(element: str, attributes: dict[str, str]) -> None:
            nonlocal exact
            if _local(element) == "sheet":
                name = attributes.get("name", "")
                names.append(name)
                ids = [value for key, value in attributes.items() if key.endswith(" id")]
                if not worksheets.intersection(ids):
                    others.append(name)
            elif _local(element) == "calcPr":
                exact = attributes.get("fullPrecision", "1") in {"1", "true"}

        self._parse(workbook.source, start)
        if not exact:
            # Every number is rounded as its format shows it before others use it (18.2.2), and
            # the copy has no formats.
            raise cannot_recalculate(
                "have formulas without a trustworthy value in a workbook that calculates with "
                "the precision displayed",
                self._cells,
            )
        return SheetNames(names, frozenset(name.casefold() for name in others))

    def _copy_part(self, part: _Part) -> None:
        if part.kind == "externalLink":
            self._refuse_live_link(part)
        tables = self._tables(part) if part.kind == "worksheet" else []
        with (
            self._open(part.source) as source,
            self._copy.open(part.copy, "w", force_zip64=True) as copy,
        ):
            chunks = self._chunks(source)
            for chunk in spelled_out(chunks, tables) if tables else chunks:
                copy.write(chunk)

    def _chunks(self, source: IO[bytes]) -> Iterator[bytes]:
        tail = b""
        while chunk := self._read(source, self._limits.part_bytes):
            # Without the zeros of UTF-16, so that no encoding hides it.
            seen = tail + chunk.replace(b"\0", b"")
            if b"<!DOCTYPE" in seen:
                raise Malformed("has a document type declaration", place="package")
            tail = seen[-9:]
            yield chunk

    def _tables(self, sheet: _Part) -> list[SourceTable]:
        found = []
        for relationship in self._relationships(sheet):
            name = _target(sheet, relationship)
            if relationship.kind == "table" and name in self._entries:
                table = self._table(name)
                if table is not None:
                    found.append(table)
        return found

    def _table(self, part: str) -> SourceTable | None:
        name, area, columns = "", "", set()

        def start(element: str, attributes: dict[str, str]) -> None:
            nonlocal name, area
            if _local(element) == "table":
                name, area = attributes.get("displayName", ""), attributes.get("ref", "")
            elif _local(element) == "tableColumn":
                columns.add(attributes.get("name", "").casefold())

        self._parse(part, start)
        corners = area_of(area)
        return SourceTable(name, corners, frozenset(columns)) if name and corners else None

    def _refuse_live_link(self, part: _Part) -> None:
        def start(element: str, _: dict[str, str]) -> None:
            if _local(element) in _LIVE:
                raise cannot_recalculate(
                    "have formulas without a trustworthy value in a workbook that is linked to "
                    "another program",
                    self._cells,
                    f"Break the link in Excel. {OPEN_IN_EXCEL}",
                )

        self._parse(part.source, start)

    def _parse(self, name: str, start: object) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")

        def doctype(*_: object) -> None:
            raise Malformed("has a document type declaration", place="package")

        parser.StartElementHandler = start  # type: ignore[assignment]
        parser.StartDoctypeDeclHandler = doctype
        try:
            with self._open(name) as stream:
                while chunk := self._read(stream, self._limits.small_part_bytes):
                    parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except expat.ExpatError:
            raise Malformed("has a part that is not well-formed XML", place="package") from None

    def _open(self, name: str) -> IO[bytes]:
        return self._source.open(self._entries[name])

    def _read(self, stream: IO[bytes], most: int) -> bytes:
        chunk = stream.read(_CHUNK)
        self._left -= len(chunk)
        if self._left < 0 or stream.tell() > most:
            raise TooLarge(
                "unpacks to more bytes than the limits allow",
                place="package",
                remedy="Raise limits if the source is trustworthy",
            )
        return chunk

    def _write_relationships(self, part: _Part, kept: list[_Relationship]) -> None:
        if not kept:
            return
        lines = []
        for item in kept:
            if part.kind == "externalLink":
                # The stored values of the other workbook count, under an address that is none.
                number = "".join(filter(str.isdigit, part.copy))
                kind, where = (
                    "externalLinkPath",
                    f'file:///nowhere/{number}.xlsx" TargetMode="External',
                )
            else:
                kind, where = item.kind, f"/{self._parts[_target(part, item)].copy}"
            lines.append(
                f'<Relationship Id="{_escaped(item.id)}" Type="{_RELATIONSHIPS}{kind}" '
                f'Target="{where}"/>'
            )
        self._copy.writestr(
            _relationships_name(part.copy),
            '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.'
            f'openxmlformats.org/package/2006/relationships">{"".join(lines)}</Relationships>',
        )

    def _write_types(self) -> None:
        overrides = "".join(
            f'<Override PartName="/{part.copy}" ContentType="{_TYPES[part.kind]}"/>'
            for part in self._parts.values()
        )
        self._copy.writestr(
            "[Content_Types].xml",
            '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/'
            'package/2006/content-types"><Default Extension="rels" ContentType="application/'
            'vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
            f'ContentType="application/xml"/>{overrides}</Types>',
        )


def _compared(name: str) -> str:
    return unquote(name.replace("\\", "/")).lstrip("/").casefold()


def _target(part: _Part, relationship: _Relationship) -> str:
    target = unquote(relationship.target.replace("\\", "/"))
    base = "/" + dirname(part.source)
    return normpath(join(base, target)).lstrip("/").casefold()


def _relationships_name(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"


def _local(element: str) -> str:
    return element.rpartition(" ")[2]


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
