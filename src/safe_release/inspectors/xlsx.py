"""The inspector of workbooks: what a source hides, and whether a candidate may leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from html import escape

from safe_release.channel import Fate
from safe_release.channels import CATALOGUE
from safe_release.document import Document
from safe_release.inspectors.canonical import form_objections
from safe_release.inspectors.examination import Examination
from safe_release.inspectors.features import VISIBLE
from safe_release.inspectors.inspection import Inspection
from safe_release.inspectors.names import (
    PICTURES,
    TYPES,
    namespaces,
    part_kind,
)
from safe_release.inspectors.names import Vocabulary as Names
from safe_release.inspectors.needles import found_in
from safe_release.inspectors.raw_xml import Node, tree
from safe_release.inspectors.raw_zip import Entry
from safe_release.inspectors.reading import differences
from safe_release.inspectors.spelling import Spelling, has_usual_prefixes
from safe_release.inspectors.workbooks import examine
from safe_release.policy import Policy
from safe_release.report import Check, Finding

MOST_OBJECTIONS = 20
ODD = "is spelled in another way than a copy"
MASKED = "xlsx.cell.masked-by-format"
ALTERNATIVE = "xlsx.dr.alt-text"
_PROPERTIES = {
    "title": "dc:title",
    "subject": "dc:subject",
    "creator": "dc:creator",
    "keywords": "cp:keywords",
    "description": "dc:description",
    "category": "cp:category",
    "language": "dc:language",
}


def inspect(document: Document, policy: Policy) -> Inspection:
    """Everything hidden in a source, the cells whose values are stale, and its reading.

    Raises the subclasses of ``SourceError`` where the source leaves open what a reader sees.
    """
    work = examine(document, policy)
    return Inspection(
        tuple(findings(work, policy)), tuple(work.stale), work.reading, work.needles.result()
    )


def findings(work: Examination, policy: Policy) -> list[Finding]:
    """The channels seen, in the catalogue's order."""
    order = {channel: number for number, channel in enumerate(CATALOGUE)}
    rows = [(channel, place, count) for (channel, place), count in work.notes.items() if count]
    rows.sort(key=lambda row: order[row[0]])
    return [
        Finding(
            channel=channel,
            place=place,
            count=count,
            action=(fate := fate_of(channel, policy)),
            message=message(channel, fate),
        )
        for channel, place, count in rows
    ]


def fate_of(channel: str, policy: Policy) -> Fate:
    """What becomes of a channel; every digit stays where the policy keeps what is stored."""
    if channel == MASKED and policy.precision == "stored":
        return Fate.KEPT
    if channel == ALTERNATIVE and policy.alt_text == "keep":
        return Fate.KEPT
    return CATALOGUE[channel].fate


def message(channel: str, fate: Fate) -> str:
    """What a finding says to the person who releases the document."""
    row = CATALOGUE[channel]
    text = f"{row.title}. {row.carries}"
    if fate is Fate.KEPT and channel in (MASKED, ALTERNATIVE):
        text += " The policy keeps what is stored."
    elif fate is Fate.KEPT:
        text += " This version cannot judge it and keeps it: look at the place before publishing."
    elif fate is Fate.REFUSED:
        text += " A document that has it is not released."
    if channel in VISIBLE:
        text += f" A reader of the source may have seen {VISIBLE[channel]}: the copy lacks it."
    return text


def audit(
    document: Document, policy: Policy, source: Inspection | None = None
) -> tuple[Check, ...]:
    """The four answers about a candidate: whole, closed, silent, says the same.

    Raises the subclasses of ``SourceError`` where the candidate cannot be read at all.
    """
    sheets = source.reading.sheets if source is not None else ()
    merges = [sheet.merges for sheet in sheets if sheet.kind == "worksheet"] if source else None
    work = examine(document, policy, candidate=True, merges=merges)
    return (
        _whole(work),
        _closed(work, policy),
        _silent(work, policy, source),
        _same(work, source),
    )


def _check(question: str, examined: int, objections: list[str]) -> Check:
    return Check.model_validate(
        {
            "question": question,
            "passed": not objections,
            "examined": examined,
            "objections": tuple(objections[:MOST_OBJECTIONS]),
        }
    )


def _whole(work: Examination) -> Check:
    """Every byte belongs to a part in canonical form, and every part is reached once."""
    archive = work.package.archive
    objections = [f"{fault.place}: {fault.channel}" for fault in archive.faults]
    objections += [
        f"{entry.place}: its headers are not canonical"
        for entry in archive.entries
        if not entry.canonical
    ]
    targets = Counter(
        row.key for rows in work.package.relationships.values() for row in rows if not row.external
    )
    objections += [
        f"{entry.place}: is reached {targets[entry.key]} times"
        for entry in archive.entries
        if not _is_reached_well(part_kind(entry.name), targets[entry.key])
    ]
    ids = [
        rows
        for rows in work.package.relationships.values()
        if sorted(row.id for row in rows)
        != sorted(f"rId{number}" for number in range(1, len(rows) + 1))
    ]
    objections += ["relationships: their ids are not counted from 1" for _ in ids]
    return _check("whole", work.package.document.size, objections)


def _is_reached_well(kind: str | None, times: int) -> bool:
    """Several drawings may show one picture; of everything else there is one use."""
    return times == 1 or kind in ("types", "rels") or (kind in PICTURES and times > 1)


def _closed(work: Examination, policy: Policy) -> Check:
    """Every part, name and value is on the list."""
    objections: list[str] = []
    archive = work.package.archive
    examined = 0
    roots: dict[str, Node] = {}
    sheets = {sheet.entry.key for sheet in work.book.sheets if sheet.entry is not None}
    for entry in archive.entries:
        kind = part_kind(entry.name)
        if kind is None:
            objections.append(f"{entry.place}: a part that is not on the list")
            continue
        declared = work.package.content_type(entry)
        if declared != TYPES[kind] and kind != "types":
            objections.append(f"{entry.place}: a content type that is not on the list")
        if kind in PICTURES:
            continue  # what it is made of, its drawing has asked
        if kind in ("sheet", "strings"):
            if kind == "sheet" and entry.key not in sheets:
                objections.append(f"{entry.place}: a sheet without a tab")
            continue
        roots[entry.key] = root = _read_part(work, entry, kind, objections)
        if kind == "core":
            values = {node.name: node.text for node in root.children}
            wanted = {_PROPERTIES[key]: value for key, value in policy.properties.items()}
            if values != wanted:
                objections.append(f"{entry.place}: properties that the policy does not set")
    spaces = work.spaces.union(*(facts.spaces for facts in work.facts.values()))
    if not spaces <= namespaces("sheet"):
        objections.append("sheets or strings: a namespace that is not on the list")
    for _, vocabulary in work.vocabularies:
        objections += [
            f"{fault} ({count})" if count > 1 else fault
            for fault, count in vocabulary.objections.items()
        ]
        examined += vocabulary.examined
    objections += _odd_sheets(work)
    objections += form_objections(work, roots)
    objections += _closed_relationships(work)
    return _check("closed", examined, objections)


def _read_part(work: Examination, entry: Entry, kind: str, objections: list[str]) -> Node:
    """Put a small part to the list of names, and its markup to the one spelling."""
    data = work.package.archive.read(entry)
    root, reader = tree(entry.place, [data], work.package.document.limits.depth)
    spelling = Spelling()
    spelling.feed(data.decode("utf-8", "replace"), final=True)
    if spelling.odd or not has_usual_prefixes(reader.declared):
        objections.append(f"{entry.place}: {ODD}")
    vocabulary = Names(kind)
    vocabulary.tree(root, entry.place)
    work.vocabularies.append((entry.place, vocabulary))
    if not reader.spaces <= namespaces(kind):
        objections.append(f"{entry.place}: a namespace that is not on the list")
    return root


def _odd_sheets(work: Examination) -> Iterator[str]:
    """What of the sheets and their texts is spelled in another way, or says nothing."""
    if work.strings.odd_spellings:
        yield f"{work.strings.place}: {ODD}"
    for number, facts in work.facts.items():
        if facts.odd_numbers:
            yield f"sheet {number}: numbers that are spelled in another way than a copy's"
        if facts.odd_spellings:
            yield f"sheet {number}: {ODD}"
        if facts.idle_cells:
            yield f"sheet {number}: rows or cells that nobody sees ({facts.idle_cells})"


def _closed_relationships(work: Examination) -> list[str]:
    """External targets are links of sheets and nothing else."""
    return [
        "relationships: an external target that is no link"
        for rows in work.package.relationships.values()
        for row in rows
        if row.external and row.kind != "hyperlink"
    ]


def _silent(work: Examination, policy: Policy, source: Inspection | None) -> Check:
    """No finder of the source's channels finds anything, and no hidden word turns up."""
    found = [
        finding
        for finding in findings(work, policy)
        if finding.action is not Fate.KEPT
        and not (finding.channel == "ooxml.core-properties" and policy.properties)
    ]
    objections = [f"{finding.place}: {finding.channel} ({finding.count})" for finding in found]
    free = [text for _, vocabulary in work.vocabularies for text in sorted(vocabulary.free)]
    if source is not None:
        objections += [
            f"{place}: words that only hidden places of the source have ({len(hits)})"
            for place, vocabulary in work.vocabularies
            if (hits := _unseen(work, found_in(source.needles, sorted(vocabulary.free))))
        ]
    return _check("silent", work.examined + len(free), objections)


def _unseen(work: Examination, texts: list[str]) -> list[str]:
    """Those of the texts that no cell shows: a table's column is called what its header says."""
    if not texts:
        return texts
    strings = work.strings
    shown = {strings.texts[index] for index in strings.seen()}
    left = {text for text in texts if text not in shown}
    for sheet in work.book.visible:
        if left and sheet.entry is not None:
            left -= _written_inside(work, sheet.entry, left)
    return sorted(left)


def _written_inside(work: Examination, entry: Entry, texts: set[str]) -> set[str]:
    """Those of the texts that a sheet has in a cell of its own, in the spelling of a copy."""
    spelled = {f">{escape(text, quote=False)}</t></is>".encode(): text for text in texts}
    longest = max(map(len, spelled))
    found, rest = set(), b""
    for piece in work.package.archive.stream(entry):
        window = rest + piece
        found |= {text for markup, text in spelled.items() if markup in window}
        rest = window[-longest:]
    return found


def _same(work: Examination, source: Inspection | None) -> Check:
    """The readings of source and candidate are equal; not asked where no source is given."""
    if source is None:
        return _check("says the same", 0, [])
    found = differences(source.reading, work.reading)
    return _check("says the same", work.reading.cells, found)
