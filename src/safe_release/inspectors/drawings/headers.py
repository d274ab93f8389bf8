"""The pictures of headers and footers (18.3.1.51), which stand in a VML part of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping

from safe_release.errors import CannotRebuild, Malformed
from safe_release.inspectors.drawings.facts import Headed
from safe_release.inspectors.examination import Examination
from safe_release.inspectors.names import Vocabulary
from safe_release.inspectors.package import Relationship
from safe_release.inspectors.pictures import Look, examine_picture
from safe_release.inspectors.reading import suffix_of
from safe_release.inspectors.vml import Inset, Piece, pieces, plant, words

CHANNEL = "xlsx.ws.headerfooter-picture"
_PLACE = re.compile(r"[LCR][HF](?:EVEN|FIRST)?")
_SECTIONS = re.compile(
    r'&(?:"[^"]*"|[0-9]{1,3}|K[0-9A-Fa-f]{6}|K[0-9]{2}[+-][0-9]{3}|(.))', re.DOTALL
)


def _asked_for(header: str, text: str) -> list[str]:
    """The ids of the pictures that a header has the codes of."""
    section, found = "C", []
    for hit in _SECTIONS.finditer(text):
        letter = (hit[1] or "").upper()
        if letter in ("L", "C", "R"):
            section = letter
        elif letter == "G":
            found.append(section + suffix_of(header))
    return found


def header_pictures(
    work: Examination, key: str, id_: str, place: str, headers: Mapping[str, str]
) -> tuple[Headed, ...]:
    """The pictures that the headers of a sheet show: those that they have the code of.

    ``headers`` are those that are switched on, by their names.
    """
    codes = [id_ for pair in headers.items() for id_ in _asked_for(*pair)]
    shown = _shown(work, key, id_, place, set(codes))
    # A code without a picture is a trace of one; a second one in a section paints nothing.
    work.notes[CHANNEL, place] += len(codes) - len(shown)
    return shown


def _shown(
    work: Examination, key: str, id_: str, place: str, wanted: set[str]
) -> tuple[Headed, ...]:
    row = next(
        (row for row in work.package.of(key, "vmlDrawing", "legacyDrawing") if row.id == id_), None
    )
    entry = work.package.part(row) if row is not None and id_ else None
    if row is None or entry is None:
        return ()
    archive = work.package.archive
    root = plant(entry.place, archive.read(entry), work.package.document.limits.depth)
    if root is None:
        return ()
    work.judged.add(entry.key)
    rows = {row.id: row for row in work.package.relationships.get(entry.key, ())}
    found: dict[str, Piece] = {}
    for piece in pieces(root):
        found.setdefault(piece.id, piece)
    shown = [
        headed
        for name in sorted(wanted)
        if name in found and (headed := _headed(work, found[name], rows, place)) is not None
    ]
    used = {found[headed.place].inset for headed in shown}
    ids = {inset.id for inset in used if inset is not None}
    work.notes["opc.unused-relationship", entry.place] += sum(id_ not in ids for id_ in rows)
    if not work.is_candidate:
        for text in words(root):
            work.needles.hide(text)
    vocabulary = Vocabulary("vml")
    vocabulary.tree(work.package.tree(entry), entry.place)
    strange = sum(vocabulary.objections.values())
    work.notes[CHANNEL, place] += strange + len(found.keys() - {h.place for h in shown})
    return tuple(shown)


def _headed(
    work: Examination, piece: Piece, rows: dict[str, Relationship], place: str
) -> Headed | None:
    inset = piece.inset
    sizes = [_quarters(side) for side in piece.size]
    if inset is None or piece.hidden or inset.is_blank or None in sizes:
        return None
    picture = _picture(work, inset, rows, place)
    if picture is None or not _PLACE.fullmatch(piece.id):
        return None
    width, height = (side or 0 for side in sizes)
    return Headed(piece.id, (width, height), inset.look, picture)


def _picture(
    work: Examination, inset: Inset, rows: dict[str, Relationship], place: str
) -> Look | None:
    row = rows.get(inset.id)
    entry = work.package.part(row) if row is not None else None
    if row is None or entry is None or row.kind != "image" or not row.standard:
        return None
    if work.policy.pictures == "drop":
        work.notes["xlsx.dr.metafile", place] += 1
        return None
    known, key = work.pictures, (entry.key, inset.crop)
    if key not in known:
        known[key] = None
        try:
            data = work.package.archive.read(entry)
            known[key] = examine_picture(data, place, work.package.document.limits, crop=inset.crop)
        except (Malformed, CannotRebuild):
            pass
    facts = known[key]
    if facts is None or facts.look is None:
        work.notes["xlsx.dr.metafile", place] += 1
        return None
    work.notes["xlsx.dr.image-metadata", place] += not facts.canonical
    work.notes["xlsx.dr.image-metadata", place] += any(inset.crop)
    return facts.look


def _quarters(points: float | None) -> int | None:
    if points is None or not 0.25 <= points <= 10_000:
        return None
    return round(points * 4)
