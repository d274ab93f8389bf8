"""Open packages as a dictionary of parts, with the edits that planters and hostile cases need."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from lxml import etree

from makers.zips import Entry, pack

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_REL = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
XML_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

Root = etree._Element


def x(name: str) -> str:
    """The qualified name of a SpreadsheetML element."""
    return f"{{{MAIN}}}{name}"


def r(name: str) -> str:
    """The qualified name of an attribute of the relationships namespace."""
    return f"{{{REL}}}{name}"


def fragment(text: str) -> Root:
    """An element written as text, with ``x:`` as default namespace and ``r:`` and ``mc:`` bound."""
    at = min(position for position in (text.find(mark) for mark in " />") if position > 0)
    declared = f' xmlns="{MAIN}" xmlns:r="{REL}" xmlns:mc="{MC}"'
    return etree.fromstring(text[:at] + declared + text[at:])


def rels_name(part: str) -> str:
    """The relationships part of a part; of the package itself for ``""``."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


class Package(dict[str, bytes]):
    """Part name (without leading slash) to bytes, in the order in which they are zipped."""

    @classmethod
    def read(cls, data: bytes) -> Package:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return cls((info.filename, archive.read(info)) for info in archive.infolist())

    def copy(self) -> Package:
        return Package(self)

    def entries(self) -> list[Entry]:
        return [Entry(name, data) for name, data in self.items()]

    def zip(self, change: Callable[[Entry], None] | None = None, **options: object) -> bytes:
        """The package's bytes; ``change`` may alter each entry's headers."""
        entries = self.entries()
        for entry in entries if change else ():
            assert change is not None
            change(entry)
        return pack(entries, **options)  # type: ignore[arg-type]

    # XML

    @contextmanager
    def edit(self, part: str) -> Iterator[Root]:
        """The part as a tree; written back on leaving."""
        root = etree.fromstring(self[part])
        yield root
        kept = [prefix for prefix in root.nsmap if prefix]
        etree.cleanup_namespaces(root, keep_ns_prefixes=kept)
        self[part] = XML_HEAD + etree.tostring(root)

    def swap(self, part: str, old: str | bytes, new: str | bytes, count: int = 1) -> None:
        """Replace text that must be there."""
        old = old.encode() if isinstance(old, str) else old
        new = new.encode() if isinstance(new, str) else new
        assert old in self[part], f"{part} does not hold what the test wants to replace"
        self[part] = self[part].replace(old, new, count)

    # relationships and content types

    def relate(
        self, source: str, kind: str, target: str, *, rid: str | None = None, external: bool = False
    ) -> str:
        """Add a relationship and return its id. ``kind`` without ``:`` is one of ``REL``."""
        name = rels_name(source)
        if name not in self:
            self[name] = XML_HEAD + f'<Relationships xmlns="{PACKAGE_REL}"/>'.encode()
        with self.edit(name) as root:
            taken = {child.get("Id") for child in root}
            number = next(n for n in range(1, 100_000) if f"rId{n}" not in taken)
            rid = rid or f"rId{number}"
            child = etree.SubElement(root, f"{{{PACKAGE_REL}}}Relationship")
            child.set("Id", rid)
            child.set("Type", kind if ":" in kind else f"{REL}/{kind}")
            child.set("Target", target)
            if external:
                child.set("TargetMode", "External")
        return rid

    def declare(self, part: str, content_type: str) -> None:
        with self.edit("[Content_Types].xml") as root:
            child = etree.SubElement(root, f"{{{TYPES}}}Override")
            child.set("PartName", f"/{part}")
            child.set("ContentType", content_type)

    def default(self, extension: str, content_type: str) -> None:
        with self.edit("[Content_Types].xml") as root:
            if not any(child.get("Extension") == extension for child in root):
                child = etree.Element(f"{{{TYPES}}}Default")
                child.set("Extension", extension)
                child.set("ContentType", content_type)
                root.insert(0, child)

    def add(
        self,
        part: str,
        data: bytes | str,
        content_type: str = "application/xml",
        *,
        source: str = "",
        kind: str = "",
        rid: str | None = None,
    ) -> str:
        """Add a part, its content type and, with ``kind``, a relationship from ``source``."""
        self[part] = data.encode() if isinstance(data, str) else data
        self.declare(part, content_type)
        return self.relate(source, kind, f"/{part}", rid=rid) if kind else ""

    def targets(self, source: str, kind: str) -> list[str]:
        """The parts that ``source`` reaches by a relationship type ending in ``/kind``."""
        if rels_name(source) not in self:
            return []
        folder = posixpath.dirname(source)
        found = []
        for child in etree.fromstring(self[rels_name(source)]):
            if child.get("Type", "").endswith(f"/{kind}") and child.get("TargetMode") != "External":
                target = child.get("Target", "")
                whole = target if target.startswith("/") else f"/{folder}/{target}"
                found.append(posixpath.normpath(whole).lstrip("/"))
        return found

    # well-known parts, by relationship

    @property
    def workbook(self) -> str:
        return self.targets("", "officeDocument")[0]

    @property
    def strings(self) -> str:
        return self.targets(self.workbook, "sharedStrings")[0]

    @property
    def styles(self) -> str:
        return self.targets(self.workbook, "styles")[0]

    def sheet(self, number: int) -> str:
        """The part of the sheet with this number in tab order, from 1."""
        root = etree.fromstring(self[self.workbook])
        rid = root.findall(f".//{x('sheet')}")[number - 1].get(r("id"))
        folder = posixpath.dirname(self.workbook)
        for child in etree.fromstring(self[rels_name(self.workbook)]):
            if child.get("Id") == rid:
                whole = posixpath.join("/" + folder, child.get("Target", ""))
                return posixpath.normpath(whole).lstrip("/")
        raise AssertionError("sheet without relationship")

    def add_sheet(self, name: str, body: str, *, state: str = "", kind: str = "worksheet") -> str:
        """Add a worksheet whose root holds ``body``; returns the part's name."""
        number = sum(1 for part in self if "sheet" in part) + 50
        part = f"xl/worksheets/sheet{number}.xml"
        text = f'<worksheet xmlns="{MAIN}" xmlns:r="{REL}">{body}</worksheet>'
        rid = self.add(
            part,
            XML_HEAD + text.encode(),
            f"{SHEET_TYPE}.{kind}+xml",
            source=self.workbook,
            kind=kind,
        )
        with self.edit(self.workbook) as root:
            sheets = root.find(x("sheets"))
            assert sheets is not None
            child = etree.SubElement(sheets, x("sheet"))
            child.set("name", name)
            child.set("sheetId", str(number))
            child.set(r("id"), rid)
            if state:
                child.set("state", state)
        return part
