"""Canaries in the container: zip records, package conventions, XML syntax."""

from __future__ import annotations

import struct
import zlib

from lxml import etree

from canaries.planting import plants
from makers.compound import encrypted_workbook
from makers.packages import (
    MAIN,
    MC,
    REL,
    SHEET_TYPE,
    XML_HEAD,
    Package,
    r,
    rels_name,
    x,
)
from makers.zips import Entry, deflate, pack

UNKNOWN = "urn:example:unknown"


@plants("zip.archive-comment")
def _archive_comment(base: Package, canary: str) -> bytes:
    return base.zip(comment=canary.encode())


@plants("zip.entry-comment")
def _entry_comment(base: Package, canary: str) -> bytes:
    entries = base.entries()
    entries[1].comment = canary.encode()
    return pack(entries)


@plants("zip.growth-hint-padding")
def _growth_hint(base: Package, canary: str) -> bytes:
    entries = base.entries()
    padding = canary.encode().ljust(64, b"\0")
    entries[-1].extra_local = struct.pack("<HHHH", 0xA220, len(padding) + 4, 0xA028, 64) + padding
    return pack(entries)


@plants("zip.extra-fields")
def _extra_field(base: Package, canary: str) -> bytes:
    entries = base.entries()
    entries[0].extra_central = struct.pack("<HH", 0x4453, len(canary)) + canary.encode()
    return pack(entries)


@plants("zip.extra-fields", canary=struct.pack("<HHBL", 0x5455, 5, 1, 1_712_345_678))
def _unix_time(base: Package, canary: str) -> bytes:
    entries = base.entries()
    for entry in entries:
        extra = struct.pack("<HHBL", 0x5455, 5, 1, 1_712_345_678)
        entry.extra_local = entry.extra_central = extra
    return pack(entries)


@plants("zip.extra-unicode-path", refused=("Malformed", "Refused", "CannotRebuild"))
def _unicode_path(base: Package, canary: str) -> bytes:
    entries = base.entries()
    entry = entries[-1]
    name = f"xl/{canary}.xml".encode()
    field = struct.pack("<BL", 1, zlib.crc32(entry.raw_name)) + name
    entry.extra_local = entry.extra_central = struct.pack("<HH", 0x7075, len(field)) + field
    return pack(entries)


@plants("zip.dos-timestamp", canary=struct.pack("<HH", 0x6A5B, 0x5993))
def _timestamp(base: Package, canary: str) -> bytes:
    entries = base.entries()
    entries[-1].time, entries[-1].date = 0x6A5B, 0x5993
    return pack(entries)


@plants("zip.host-attributes", canary=struct.pack("<L", 0x81B60020))
def _host(base: Package, canary: str) -> bytes:
    entries = base.entries()
    for entry in entries:
        entry.made_by, entry.external = 0x031E, 0x81B60020
    return pack(entries)


@plants("zip.host-attributes", canary=b"[Content_Types].xmlPK\x05\x06")
def _entry_order(base: Package, canary: str) -> bytes:
    entries = [*base.entries()[1:], base.entries()[0]]
    entries[-1].method = 0
    entries[-1].payload = entries[-1].data
    # The last name of the directory stands right before the end record.
    return pack(entries)


@plants("zip.directory-entries")
def _folder(base: Package, canary: str) -> bytes:
    return pack([*base.entries(), Entry(f"xl/{canary}/", method=0, external=0x10)])


@plants("zip.directory-entries")
def _desktop_leavings(base: Package, canary: str) -> bytes:
    return pack([*base.entries(), Entry("__MACOSX/xl/._workbook.xml", canary.encode())])


@plants("zip.duplicate-names", refused="Malformed")
def _duplicate(base: Package, canary: str) -> bytes:
    part = base.strings
    other = base[part].replace(b"Visible", canary.encode())
    return pack([Entry(part, other), *base.entries()])


@plants("zip.duplicate-names", refused="Malformed")
def _alias(base: Package, canary: str) -> bytes:
    part = base.strings
    other = base[part].replace(b"Visible", canary.encode())
    return pack([*base.entries(), Entry(part.upper().replace("/", "\\"), other)])


@plants("zip.hidden-entries")
def _unlisted(base: Package, canary: str) -> bytes:
    old = Entry("xl/worksheets/sheet9.xml", f"<v>{canary}</v>".encode(), listed=False)
    entries = base.entries()
    return pack([*entries[:2], old, *entries[2:]])


@plants("zip.gaps")
def _gap(base: Package, canary: str) -> bytes:
    entries = base.entries()
    entries[2].before = canary.encode()
    return pack(entries)


@plants("zip.gaps")
def _gap_before_directory(base: Package, canary: str) -> bytes:
    return base.zip(before_directory=canary.encode())


@plants("zip.gaps")
def _behind_the_end(base: Package, canary: str) -> bytes:
    return base.zip(suffix=canary.encode())


@plants("zip.polyglot", refused=("Malformed", "UnknownFormat"))
def _second_archive(base: Package, canary: str) -> bytes:
    other = base.copy()
    other.swap(other.strings, "Visible", canary)
    return base.zip(prefix=other.zip())


@plants("zip.deflate-slack")
def _deflate_slack(base: Package, canary: str) -> bytes:
    entries = base.entries()
    entries[1].payload = deflate(entries[1].data) + canary.encode()
    return pack(entries)


@plants("zip.size-crc-mismatch", refused="Malformed")
def _other_name_inside(base: Package, canary: str) -> bytes:
    entries = base.entries()
    entries[-1].local_name = f"xl/{canary}.xml".encode()
    return pack(entries)


@plants("zip.encrypted-entry", refused=("Encrypted", "Malformed"))
def _encrypted_entry(base: Package, canary: str) -> bytes:
    secret = Entry("xl/secret.xml", canary.encode(), method=0, flags=1)
    return pack([*base.entries(), secret])


@plants("zip.polyglot", refused=("Malformed", "UnknownFormat"))
def _polyglot(base: Package, canary: str) -> bytes:
    return base.zip(prefix=b"%PDF-1.4 " + canary.encode() + b"\n")


@plants("opc.orphan-part")
def _orphan(base: Package, canary: str) -> Package:
    base.add(
        "xl/worksheets/sheet77.xml",
        XML_HEAD
        + f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="inlineStr">'
        f"<is><t>{canary}</t></is></c></row></sheetData></worksheet>".encode(),
        f"{SHEET_TYPE}.worksheet+xml",
    )
    return base


@plants("opc.untyped-part")
def _untyped(base: Package, canary: str) -> Package:
    base["xl/leftover.qqq"] = canary.encode()
    return base


@plants("opc.trash-item")
def _trash(base: Package, canary: str) -> Package:
    base["[trash]/0000.dat"] = b"\xff\xff\xff\xff" + canary.encode()
    return base


@plants("opc.interleaved-piece", refused=("Malformed", "CannotRebuild", "Refused"))
def _pieces(base: Package, canary: str) -> Package:
    half = len(canary) // 2
    part = "xl/media/image9.bin"
    base.add(f"{part}/[0].piece", canary[:half].encode() + b" " + canary.encode())
    base.add(f"{part}/[1].last.piece", canary[half:].encode())
    return base


@plants("opc.unknown-content-type")
def _type_of_nothing(base: Package, canary: str) -> Package:
    base.declare(f"xl/{canary}.xml", f"{SHEET_TYPE}.connections+xml")
    return base


@plants("opc.unused-relationship")
def _unused_relationship(base: Package, canary: str) -> Package:
    base.relate(base.sheet(1), "hyperlink", f"https://example.org/{canary}", external=True)
    return base


@plants("opc.dangling-relationship")
def _dangling(base: Package, canary: str) -> Package:
    base.relate(base.workbook, "connections", f"{canary}.xml")
    return base


@plants("opc.external-target")
def _external_target(base: Package, canary: str) -> Package:
    base.relate(base.sheet(1), "image", f"file:///C:/Users/{canary}/x.png", external=True)
    return base


def renamed(base: Package, part: str, new: str) -> Package:
    """The package with one part under another name, all references following."""
    named = Package()
    for name, data in base.items():
        if name == "[Content_Types].xml":
            data = data.replace(f'"/{part}"'.encode(), f'"/{new}"'.encode())
        if name == rels_name(base.workbook):
            with_name = Package({name: data})
            with with_name.edit(name) as root:
                for child in root:
                    if part.endswith(child.get("Target", "").lstrip("/")):
                        child.set("Target", f"/{new}")
            data = with_name[name]
        target = rels_name(new) if name == rels_name(part) else new if name == part else name
        named[target] = data
    return named


@plants("opc.part-name")
def _telling_part(base: Package, canary: str) -> Package:
    part = base.sheet(2)
    return renamed(base, part, f"xl/worksheets/{canary}.xml")


@plants("opc.part-name")
def _telling_id(base: Package, canary: str) -> Package:
    with base.edit(rels_name(base.workbook)) as root:
        child = next(child for child in root if child.get("Type", "").endswith("/worksheet"))
        old = child.get("Id", "")
        child.set("Id", canary)
    with base.edit(base.workbook) as root:
        for item in root.iter(x("sheet")):
            if item.get(r("id")) == old:
                item.set(r("id"), canary)
    return base


@plants("opc.foreign-producer-part")
def _foreign_part(base: Package, canary: str) -> Package:
    base.add("vendor/store.xml", f"<store>{canary}</store>", kind="http://example.org/2020/store")
    return base


@plants("opc.singletons")
def _second_workbook(base: Package, canary: str) -> Package:
    other = base[base.workbook].replace(b"Summary", canary.encode())
    base.add(
        "xl/workbook2.xml", other, f"{SHEET_TYPE}.sheet.main+xml", kind="officeDocument", rid="zz9"
    )
    return base


@plants("opc.digital-signature")
def _signature(base: Package, canary: str) -> Package:
    kind = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature"
    signature = "application/vnd.openxmlformats-package.digital-signature"
    base.add("_xmlsignatures/origin.sigs", b"", f"{signature}-origin", kind=f"{kind}/origin")
    base.add(
        "_xmlsignatures/sig1.xml",
        f'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><Object>{canary}</Object>'
        "</Signature>",
        f"{signature}-xmlsignature+xml",
        source="_xmlsignatures/origin.sigs",
        kind=f"{kind}/signature",
    )
    return base


@plants("opc.encrypted-container", refused="Encrypted")
def _encrypted(base: Package, canary: str) -> bytes:
    return encrypted_workbook(canary.encode())


@plants("opc.dialect", refused=("CannotRebuild", "UnknownFormat", "Malformed", "Refused"))
def _dialect(base: Package, canary: str) -> Package:
    old = "http://schemas.microsoft.com/office/excel/2006/2"
    for part in (base.workbook, base.sheet(1), base.sheet(2), base.styles):
        base.swap(part, MAIN, old)
    base.swap(base.strings, MAIN, old)
    base.swap(base.strings, "Visible", f"Visible {canary}")
    return base


@plants("xml.comment")
def _comment(base: Package, canary: str) -> Package:
    base.swap(base.sheet(1), "</sheetData>", f"<!-- {canary} --></sheetData>")
    return base


@plants("xml.comment")
def _comment_after_root(base: Package, canary: str) -> Package:
    base[base.styles] += f"<!--{canary}-->".encode()
    return base


@plants("xml.processing-instruction")
def _instruction(base: Package, canary: str) -> Package:
    base.swap(base.workbook, "<sheets>", f"<?template {canary}?><sheets>")
    return base


@plants("xml.dtd-entity", refused="Malformed")
def _entity(base: Package, canary: str) -> Package:
    base.swap(base.strings, "<sst ", f'<!DOCTYPE sst [<!ENTITY word "{canary}">]><sst ')
    base.swap(base.strings, "Visible", "&word;")
    return base


@plants("xml.cdata", canary=b"<![CDATA[North]]>")
def _cdata(base: Package, canary: str) -> Package:
    base.swap(base.strings, ">North<", "><![CDATA[North]]><")
    return base


@plants("xml.text-in-element-content")
def _stray_text(base: Package, canary: str) -> Package:
    base.swap(base.sheet(1), "</sheetData>", f"{canary}</sheetData>")
    return base


@plants("xml.text-in-element-content")
def _stray_text_in_styles(base: Package, canary: str) -> Package:
    base.swap(base.styles, "</cellXfs>", f"{canary}</cellXfs>")
    return base


@plants("xml.foreign-element")
def _foreign_element(base: Package, canary: str) -> Package:
    base.swap(
        base.sheet(1), "<sheetData", f'<z:store xmlns:z="{UNKNOWN}">{canary}</z:store><sheetData'
    )
    return base


@plants("xml.foreign-element")
def _foreign_attribute(base: Package, canary: str) -> Package:
    with base.edit(base.sheet(1)) as root:
        cell = next(root.iter(x("c")))
        cell.set(f"{{{UNKNOWN}}}note", canary)
    return base


@plants("xml.foreign-element")
def _unknown_name(base: Package, canary: str) -> Package:
    base.swap(base.workbook, "</sheets>", f"</sheets><secretPr>{canary}</secretPr>")
    return base


@plants("xml.foreign-element")
def _namespace_declaration(base: Package, canary: str) -> Package:
    base.swap(base.styles, "<styleSheet ", f'<styleSheet xmlns:q="urn:{canary}" ')
    return base


@plants("xml.mc-alternate-branch")
def _alternate(base: Package, canary: str) -> Package:
    alternate = (
        f'<mc:AlternateContent xmlns:mc="{MC}"><mc:Choice xmlns:z="{UNKNOWN}" Requires="z">'
        f'<z:a name="{canary}"/></mc:Choice><mc:Fallback><drawing xmlns:r="{REL}" r:id="rId1"/>'
        "</mc:Fallback></mc:AlternateContent>"
    )
    base.swap(base.sheet(1), "</worksheet>", f"{alternate}</worksheet>")
    return base


@plants("xml.mc-ignorable")
def _ignorable(base: Package, canary: str) -> Package:
    base.swap(
        base.sheet(2),
        "<worksheet ",
        f'<worksheet xmlns:mc="{MC}" xmlns:{canary}="urn:example:{canary}"'
        f' mc:Ignorable="{canary}" ',
    )
    return base


@plants("xml.ext-list")
def _extension(base: Package, canary: str) -> Package:
    base.swap(
        base.sheet(1),
        "</worksheet>",
        f'<extLst><ext uri="{{00000000-0000-0000-0000-000000000042}}" xmlns:z="{UNKNOWN}">'
        f"<z:data>{canary}</z:data></ext></extLst></worksheet>",
    )
    return base


@plants("xml.encoding", canary="sheetData".encode("utf-16-le"))
def _utf16(base: Package, canary: str) -> Package:
    root = etree.fromstring(base[base.sheet(2)])
    text = etree.tostring(root, encoding="unicode")
    base[base.sheet(2)] = b"\xff\xfe" + ('<?xml version="1.0" encoding="UTF-16"?>' + text).encode(
        "utf-16-le"
    )
    return base


@plants("xml.malformed", refused="Malformed")
def _malformed(base: Package, canary: str) -> Package:
    base.swap(base.sheet(2), "</sheetData>", f"<row><c>{canary}</row></sheetData>")
    return base


@plants("opc.foreign-producer-part")
def _foreign_part_of_sheet(base: Package, canary: str) -> Package:
    base.add(
        "xl/cellimages.xml",
        f'<etc:cellImages xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData">{canary}'
        "</etc:cellImages>",
        "application/vnd.wps-officedocument.cellimage+xml",
        source=base.workbook,
        kind="http://www.wps.cn/officeDocument/2020/cellImage",
    )
    return base
