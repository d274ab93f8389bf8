"""Parts beside the sheets: what channel each belongs to, and the words in it."""

from __future__ import annotations

import re
from collections import Counter

from safe_release.errors import SafeReleaseError
from safe_release.inspectors.features import CARRIED, JUNK, RELATIONSHIPS
from safe_release.inspectors.needles import Needles
from safe_release.inspectors.package import Package, Relationship, rels_key
from safe_release.inspectors.places import is_common
from safe_release.inspectors.raw_xml import Node
from safe_release.inspectors.raw_zip import Entry

Notes = Counter[tuple[str, str]]
_COMMENT = re.compile(rb"<!--")
_INSTRUCTION = re.compile(rb"<\?(?!xml[ \t])")
_SAMPLE = 8 << 20
_NEUTRAL_THEME = frozenset(("", "Theme", "Office", "Office Theme", "Colors", "Colours", "Fonts",
                            "Formats", "Copy"))  # fmt: skip
_NEUTRAL_COLUMN = re.compile(r"Column[1-9][0-9]{0,6}")
_NEUTRAL_TABLE = re.compile(r"Table[1-9][0-9]{0,6}")


def note_relationships(package: Package, notes: Notes, judged: set[str], charts: set[str]) -> None:
    """Note the channel of every relationship that is no part of a copy.

    ``judged`` are the drawings that were read object by object, with the pictures in them;
    ``charts`` the charts in these, and chart sheets, that a copy has.
    """
    pivots = {
        row.key
        for key, rows in package.relationships.items()
        for row in rows
        if row.kind == "pivotCacheDefinition" and _reached_as(package, key, "pivotTable")
    }
    for key, rows in package.relationships.items():
        for row in rows:
            entry = package.part(row)
            place = entry.place if entry is not None else _place_of(package, key)
            if row.kind == "extended-properties" and _is_neutral(package, entry):
                continue
            channel = _channel_of(package, row, entry)
            if row.kind in ("chart", "chartsheet", "drawing", "image", "vmlDrawing"):
                channel = None if _is_judged(row, key, judged, charts) else channel
            if channel is not None and not (row.kind == "package" and not key):
                notes[channel, place] += 1
                if row.kind == "pivotCacheDefinition" and row.key not in pivots:
                    notes["xlsx.pivot.orphan-cache", place] += 1
            elif row.kind in RELATIONSHIPS:
                continue
            elif row.kind not in CARRIED and entry is not None:
                notes["opc.foreign-producer-part", place] += 1
            elif row.kind not in CARRIED and not row.external:
                notes["opc.unused-relationship", place] += 1
    documents = package.of("", "officeDocument")
    if len(documents) > 1:
        notes["opc.singletons", "package"] += len(documents) - 1
    cores = [row for row in package.relationships.get("", ()) if row.kind == "core-properties"]
    if len(cores) > 1:
        notes["opc.singletons", "package"] += len(cores) - 1


def _is_judged(row: Relationship, key: str, judged: set[str], charts: set[str]) -> bool:
    """Whether a copy has what a relationship leads to, as far as it shows."""
    if row.kind == "chartsheet":
        return row.key in charts
    own = row.key if row.kind in ("drawing", "vmlDrawing") else key
    if not row.standard or own not in judged:
        return False
    return row.kind != "chart" or row.key in charts


def _channel_of(package: Package, row: Relationship, entry: Entry | None) -> str | None:
    if row.kind == "customXml" and entry is not None and "inkml" in package.content_type(entry):
        return "xlsx.dr.ink"
    return RELATIONSHIPS.get(row.kind)


def _is_neutral(package: Package, entry: Entry | None) -> bool:
    """Whether application properties are the constant that every copy has (22.2.2.1)."""
    if entry is None or entry.unpacked > 512:
        return False
    try:
        root = package.tree(entry)
    except SafeReleaseError:
        return False
    said = [(node.name, node.text, len(node.attributes)) for node in root.everything()]
    return said == [
        ("ep:Properties", "", 0),
        ("ep:Application", "Microsoft Excel Compatible", 0),
    ]


def _reached_as(package: Package, key: str, kind: str) -> bool:
    return any(found.endswith("/" + kind) for found in package.reached.get(key, ()))


def _place_of(package: Package, key: str) -> str:
    source = package.archive.by_key.get(key)
    return source.place if source is not None else "package"


def note_entries(package: Package, notes: Notes) -> None:
    """Note entries that no relationship reaches, that have no type, and telling names."""
    rels = {rels_key(key) for key in package.relationships}
    for entry in package.archive.entries:
        if entry.key == "[content_types].xml" or entry.key in rels:
            continue
        if entry.name.endswith("/"):
            continue
        if entry.key.startswith("[trash]"):
            notes["opc.trash-item", entry.place] += 1
        elif any(mark in entry.key for mark in JUNK):
            notes["zip.directory-entries", entry.place] += 1
        elif entry.key not in package.reached:
            typed = package.content_type(entry)
            notes["opc.orphan-part" if typed else "opc.untyped-part", entry.place] += 1
        elif not package.content_type(entry):
            notes["opc.untyped-part", entry.place] += 1
        elif not is_common(entry.name):
            notes["opc.part-name", entry.place] += 1
    entries = package.archive.entries
    starts = [entry.start for entry in entries]
    if starts != sorted(starts) or entries[0].key != "[content_types].xml":
        notes["zip.host-attributes", "archive"] += 1
    for fault in package.archive.faults:
        many = fault.channel in ("zip.dos-timestamp", "zip.host-attributes", "zip.extra-fields",
                                 "zip.growth-hint-padding")  # fmt: skip
        notes[fault.channel, "archive" if many else fault.place] += 1 if many else fault.count


def note_table(root: Node, place: str, notes: Notes) -> None:
    """Note what a table has beyond its range and style (18.5.1.2)."""
    names = sum(not _NEUTRAL_TABLE.fullmatch(root.get(name)) for name in ("name", "displayName"))
    for node in root.everything():
        if node.name in ("x:filterColumn", "x:sortState"):
            notes["xlsx.ws.filter-criteria", place] += 1
        elif node.name in ("x:calculatedColumnFormula", "x:totalsRowFormula"):
            notes["xlsx.tb.formulas", place] += 1
        elif node.name == "x:xmlColumnPr":
            notes["xlsx.tb.binding", place] += 1
        elif node.name == "x:ext":
            notes["xml.ext-list", place] += 1
        elif node.name == "?:msForm":
            notes["xlsx.tb.binding", place] += 1
        elif node.name == "?:table":
            notes["xlsx.tb.text", place] += "altText" in node.attributes
        if "totalsRowLabel" in node.attributes or "totalsRowFunction" in node.attributes:
            notes["xlsx.tb.formulas", place] += 1
        if "queryTableFieldId" in node.attributes or node.get("tableType", "worksheet") not in (
            "", "worksheet"
        ):  # fmt: skip
            notes["xlsx.tb.binding", place] += 1
        notes["xlsx.wb.revisionptr", place] += "?:uid" in node.attributes
        names += "uniqueName" in node.attributes
    notes["xlsx.tb.names", place] += names
    telling = [
        node
        for node in root.all("x:tableColumns", "x:tableColumn")
        if not _NEUTRAL_COLUMN.fullmatch(node.get("name"))
    ]
    headless = root.get("headerRowCount") == "0"
    notes["xlsx.tb.hidden-header", place] += headless and bool(telling)
    notes["xlsx.tb.text", place] += "comment" in root.attributes


def note_theme(root: Node, place: str, notes: Notes) -> None:
    """Note names that tell where a theme comes from, and what hangs on it (20.1.6.9)."""
    for node in root.everything():
        if node.name in ("a:theme", "a:clrScheme", "a:fontScheme", "a:fmtScheme"):
            notes["ooxml.theme-name", place] += node.get("name") not in _NEUTRAL_THEME
        elif node.name in ("a:custClr", "a:spDef", "a:lnDef", "a:txDef", "a:extraClrScheme",
                           "a:blip", "a:ext"):  # fmt: skip
            notes["ooxml.theme-name", place] += 1


def note_drawing(root: Node, place: str, notes: Notes) -> None:
    """Note what objects on a sheet hold beyond their picture."""
    for node in root.everything():
        attributes = node.attributes
        if node.name == "xdr:cNvPr":
            notes["xlsx.dr.hidden", place] += attributes.get("hidden") in ("1", "true")
            notes["xlsx.dr.alt-text", place] += bool(
                attributes.get("descr") or attributes.get("title")
            )
        notes["xlsx.dr.macro", place] += bool(attributes.get("macro"))
        notes["xlsx.dr.linked-picture", place] += "r:link" in attributes
        notes["xlsx.dr.linked-picture", place] += node.name == "?:picAttrSrcUrl"


def note_properties(root: Node, place: str, notes: Notes) -> None:
    """Note labels among custom properties and titles among application properties."""
    for node in root.everything():
        local = node.name.partition(":")[2] or node.name
        if local == "property" and node.get("name").startswith("MSIP_Label"):
            notes["ooxml.label-info", place] += 1
        elif local == "TitlesOfParts":
            notes["ooxml.app-titles-of-parts", place] += 1


def read_hidden_parts(package: Package, carried: set[str], notes: Notes, needles: Needles) -> None:
    """Look into the parts that no copy has: for words, and for what XML hides in them."""
    for entry in package.archive.entries:
        if entry.key in carried or entry.name.endswith("/") or entry.unpacked == 0:
            continue
        data = _sample(package, entry)
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            text = data.decode("utf-16", "replace")
        elif data[:1].isspace() or data[:1] in (b"<", b"\xef"):
            text = data.decode("utf-8", "replace")
        else:
            continue
        plain = text.encode("utf-8", "replace")
        notes["xml.comment", entry.place] += len(_COMMENT.findall(plain))
        notes["xml.processing-instruction", entry.place] += len(_INSTRUCTION.findall(plain))
        if "DataMashup" in text[:2000]:
            notes["xlsx.conn.powerquery", entry.place] += 1
        if "<sheetDataSet" in text and re.search(r"<(?:\w+:)?cell[ >/]", text):
            notes["xlsx.ext.cache", entry.place] += len(re.findall(r"<(?:\w+:)?cell[ >/]", text))
        needles.hide_markup(text)


def _sample(package: Package, entry: Entry) -> bytes:
    pieces, size = [], 0
    for piece in package.archive.stream(entry):
        pieces.append(piece)
        size += len(piece)
        if size >= _SAMPLE:
            break
    return b"".join(pieces)[:_SAMPLE]


def note_small_parts(package: Package, notes: Notes, judged: set[str]) -> None:
    """Look into drawings, themes and properties that relationships reach."""
    readers = {
        "drawing": note_drawing,
        "theme": note_theme,
        "custom-properties": note_properties,
        "extended-properties": note_properties,
    }
    for key, kinds in package.reached.items():
        entry = package.archive.by_key[key]
        for kind in sorted({found.rpartition("/")[2] for found in kinds}):
            reader = readers.get(kind)
            if reader is None or entry.unpacked > _SAMPLE or key in judged:
                continue
            try:
                root = package.tree(entry)
            except SafeReleaseError:
                # Nothing of this part is carried: that it cannot be read changes nothing.
                notes["opc.foreign-producer-part", entry.place] += 1
                continue
            reader(root, entry.place, notes)


def unused(rows: tuple[Relationship, ...], used: set[str]) -> int:
    """How many relationships of a sheet no element names though elements should."""
    named = {"hyperlink", "drawing", "table", "image", "control", "oleObject"}
    return sum(1 for row in rows if row.kind in named and row.id not in used)
