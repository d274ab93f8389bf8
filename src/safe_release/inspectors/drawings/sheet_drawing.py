"""The drawing of one visible sheet: its reading, its channels, and the words that it hides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import unquote

from safe_release.errors import CannotRebuild, Malformed, SafeReleaseError
from safe_release.inspectors.drawings.anchors import extent
from safe_release.inspectors.drawings.colours import scheme
from safe_release.inspectors.drawings.covers import Covers, box_of, is_opaque, read_covers
from safe_release.inspectors.drawings.facts import Collected, ObjectReading
from safe_release.inspectors.drawings.legacy import Legacy
from safe_release.inspectors.drawings.objects import OBJECTS, Eyes, read_object
from safe_release.inspectors.drawings.shown import all_below, below, first_of, one
from safe_release.inspectors.examination import Examination, part_of
from safe_release.inspectors.grid import Grid
from safe_release.inspectors.links import Resolver, link_reading
from safe_release.inspectors.names import Vocabulary
from safe_release.inspectors.package import Relationship
from safe_release.inspectors.pictures import Look, PictureFacts, examine_picture
from safe_release.inspectors.raw_xml import Node
from safe_release.inspectors.raw_zip import Entry
from safe_release.inspectors.sheet_facts import Link
from safe_release.inspectors.strings import count_invisible
from safe_release.inspectors.texts import is_true

_ANCHORS = ("xdr:twoCellAnchor", "xdr:oneCellAnchor", "xdr:absoluteAnchor")
_PICTURES = "xlsx.dr.image-metadata"
_PIXELS = ("png", "jpeg", "gif", "bmp", "tiff", "webp")
_PAINT = "xlsx.dr.invisible-paint"
ChartReader = Callable[[Examination, Relationship, str], str | None]
"""What a chart says, by its relationship and the place of its frame; ``None`` where a copy has no
such chart. Its channels and hidden words it notes itself."""


def no_chart(_work: Examination, _row: Relationship, _place: str) -> str | None:
    """No chart is in a copy."""
    return None


class SheetDrawing:
    """Reads the drawing that a sheet refers to."""

    def __init__(
        self,
        work: Examination,
        place: str,
        sheet_name: str,
        grid: Grid,
        resolve: Resolver,
        chart: ChartReader = no_chart,
    ) -> None:
        self._work = work
        self._place = place
        self._sheet_name = sheet_name
        self._grid = grid
        self._resolve = resolve
        self._read_chart = chart
        self._rows: dict[str, Relationship] = {}
        self._used: set[str] = set()
        self._diagrams: set[str] = set()
        self._covers = Covers()
        entry = part_of(work.package, work.book, "theme")
        theme = work.package.tree(entry) if entry is not None else None
        self._eyes = Eyes(
            scheme(theme),
            theme,
            work.policy.alt_text == "keep",
            self._picture,
            self._link,
            self._chart,
            self._diagram,
        )

    def read(self, entry: Entry | None, legacy: Legacy | None = None) -> tuple[ObjectReading, ...]:
        """The objects that show, in their order. A part that cannot be read shows none.

        ``legacy`` is what the sheet shows by VML.
        """
        anchors = self._begin(entry) if entry is not None else []
        rows = dict(self._rows)
        found: list[ObjectReading] = []
        for number, anchor in self._ordered(anchors, legacy):
            reading = self._object(anchor, number)
            found += [reading] if reading is not None else []
        if entry is not None:
            idle = sum(
                1 for id_, row in rows.items() if id_ not in self._used and row.kind != "chart"
            )
            self._work.notes["opc.unused-relationship", f"{self._place}, drawing"] += idle
        return tuple(found)

    def _begin(self, entry: Entry) -> list[Node]:
        """The anchors of a part, whose words are hidden for now, and its relationships."""
        work = self._work
        work.judged.add(entry.key)
        self._covers = covers_of(work, entry)
        root = work.drawings.pop(entry.key, None) or _root(work, entry)
        if root is None:
            work.notes["opc.foreign-producer-part", entry.place] += 1
            return []
        rows = work.package.relationships.get(entry.key, ())
        self._rows = {row.id: row for row in rows}
        if not work.is_candidate:
            for node in root.everything():  # what shows is taken out again, once all is read
                work.needles.hide(" ".join((node.text, *node.attributes.values())))
        if not work.is_candidate:
            self._note_extras(root, entry)
        return _anchors(root)

    def _ordered(self, anchors: list[Node], legacy: Legacy | None) -> list[tuple[int, Node]]:
        """The anchors with their numbers; objects of VML stand where the drawing has their twin.

        Those that the drawing shows itself are no objects of their own; those that it describes in
        other words, or covers, are lost.
        """
        numbered = list(enumerate(anchors, 1))
        if legacy is None or not legacy.objects:
            return numbered
        self._rows |= legacy.pictures
        twins = _twins(numbered)
        for id_, said, anchor in legacy.objects:
            number, shows, caption = twins.get(id_, (0, False, said))
            if shows:
                continue
            box = box_of(anchor, number)
            if (said is not None and said != caption) or (box and self._covers.hides(box)):
                self._work.notes["xlsx.dr.objects", f"{self._place}, drawing"] += 1
            else:
                numbered.append((number or len(anchors) + 1, anchor))
        return sorted(numbered, key=lambda pair: pair[0])

    def _object(self, anchor: Node, number: int) -> ObjectReading | None:
        collected = Collected(f"{self._place}, drawing, object {number}")
        node = first_of(anchor, OBJECTS)
        where = extent(anchor, self._grid)
        box = box_of(anchor, number)
        if box is not None and self._covers.hides(box):
            where = None
        shows = False
        if node is None:
            collected.notes["xlsx.dr.left-out"] += any(
                item.name == "xdr:contentPart" for item in below(anchor)
            )
        elif where is None:
            own = next((entry for item in below(node) if (entry := one(item, "xdr:cNvPr"))), None)
            is_off = own is not None and own.get("hidden").strip() in ("1", "true")
            collected.notes["xlsx.dr.hidden" if is_off else "xlsx.dr.objects"] += 1
        else:
            shows = read_object(node, where.is_flat, self._eyes, collected)
        self._note(anchor, collected, shows)
        if not shows or where is None:
            return None
        return collected.reading(where.place)

    def _note(self, anchor: Node, collected: Collected, shows: bool) -> None:
        work = self._work
        for channel, count in collected.notes.items():
            work.notes[channel, collected.place] += count
        if shows:
            work.shown_texts += collected.texts + collected.fonts + collected.links
            work.shown_texts += collected.alternatives
            invisible = count_invisible(collected.texts)
            work.notes["ooxml.invisible-unicode", collected.place] += invisible

    def _note_extras(self, root: Node, entry: Entry) -> None:
        """Everything beyond what a copy may have is a trace of who made the objects, and how."""
        vocabulary = Vocabulary("drawing")
        vocabulary.tree(root, entry.place)
        place = f"{self._place}, drawing"
        self._work.notes["xlsx.dr.names-ids", place] += sum(vocabulary.objections.values())
        for item in root.everything():
            self._work.notes["xlsx.dr.linked-picture", place] += (
                "r:link" in item.attributes or item.name == "?:picAttrSrcUrl"
            )

    def _picture(self, fill: Node, found: Collected) -> bool:
        blip = one(fill, "a:blip")
        if blip is None:
            return False
        if _is_even(blip):
            found.notes[_PAINT] += 1
            return False
        row = self._rows.get(blip.get("r:embed"))
        entry = self._work.package.part(row) if row is not None else None
        if row is None or entry is None or row.kind != "image" or not row.standard:
            return False
        self._used.add(row.id)
        if self._work.policy.pictures == "drop":
            found.notes["xlsx.dr.metafile"] += 1
            return False
        crop = _crop(one(fill, "a:srcRect"))
        if _cuts_all(crop):
            return False
        found.notes[_PICTURES] += any(side > 0 for side in crop)
        facts = _examined(self._work, entry, crop, found.place)
        if facts is None or facts.look is None:
            found.notes["xlsx.dr.metafile"] += 1
            return False
        found.notes[_PICTURES] += not facts.canonical
        found.pictures.append(facts.look)
        return True

    def _link(self, node: Node) -> str:
        row = self._rows.get(node.get("r:id"))
        if row is None or row.kind != "hyperlink":
            return ""
        self._used.add(row.id)
        target = row.target
        if not row.external or target.startswith("#"):
            if "#" not in target:
                return ""
            location = unquote(target.partition("#")[2]) if not row.external else target[1:]
            link = Link((1, 1, 1, 1), "", location, 0)
        else:
            link = Link((1, 1, 1, 1), row.id, "", 0)
        keeps = self._work.policy.links == "web"
        reading = link_reading(link, self._rows, self._sheet_name, self._resolve, keeps)
        return reading.target or ""

    def _chart(self, id_: str, place: str) -> str | None:
        row = self._rows.get(id_)
        if row is None or row.kind != "chart" or row.external:
            return None
        self._used.add(row.id)
        return self._read_chart(self._work, row, place)

    def _diagram(self, frame: Node) -> Node | None:
        ids = one(frame, "a:graphic", "a:graphicData", "dgm:relIds")
        if ids is None:
            return None
        self._used.update(ids.attributes.values())
        data = self._tree(ids.get("r:dm"))
        for node in data.everything() if data is not None else ():
            if node.name == "dsp:dataModelExt":
                painted = self._tree(node.get("relId"))
                key = self._rows[node.get("relId")].key if painted is not None else ""
                if painted is not None and key not in self._diagrams:
                    self._diagrams.add(key)  # a second frame with the same shapes shows none
                    return self._with_own_pictures(painted, key)
                if painted is not None:
                    return None
        return None

    def _with_own_pictures(self, painted: Node, key: str) -> Node:
        """The tree of a diagram, whose pictures and links are relationships of its own part."""
        for row in self._work.package.relationships.get(key, ()):
            self._rows[f"{key} {row.id}"] = row
        for node in all_below(painted):
            for name in ("r:embed", "r:id"):
                if name in node.attributes:
                    node.attributes[name] = f"{key} {node.attributes[name]}"
        return painted

    def _tree(self, id_: str) -> Node | None:
        row = self._rows.get(id_)
        entry = self._work.package.part(row) if row is not None else None
        self._used.add(id_)
        if entry is None:
            return None
        try:
            return self._work.package.tree(entry)
        except SafeReleaseError:
            return None


def _twins(numbered: list[tuple[int, Node]]) -> dict[str, tuple[int, bool, str | None]]:
    """What a drawing has for objects of VML, by their ids: number, whether it shows, its words."""
    twins: dict[str, tuple[int, bool, str | None]] = {}
    for number, anchor in numbered:
        holders = [node for node in all_below(anchor) if node.name in ("xdr:sp", "xdr:pic")]
        for holder in holders:
            inside = list(all_below(holder))
            is_off = any(
                node.name == "xdr:cNvPr" and is_true(node.get("hidden").strip()) for node in inside
            )
            said = "".join("".join(node.text.split()) for node in inside if node.name == "a:t")
            for node in inside:
                if node.name in ("a14:compatExt", "a14:cameraTool"):
                    twins.setdefault(node.get("spid"), (number, not is_off, said))
    return twins


def covers_of(work: Examination, entry: Entry) -> Covers:
    """What the objects of a drawing lie over, asked once."""
    known = work.covers.get(entry.key)
    if known is None:
        root = _root(work, entry)
        if root is not None:
            work.drawings[entry.key] = root
        rows = {row.id: row for row in work.package.relationships.get(entry.key, ())}
        theme = part_of(work.package, work.book, "theme")
        known = work.covers[entry.key] = read_covers(
            _anchors(root) if root is not None else [],
            work.package.tree(theme) if theme is not None else None,
            lambda fill: _is_opaque_picture(work, rows, fill),
        )
    return known


def _root(work: Examination, entry: Entry) -> Node | None:
    try:
        root = work.package.tree(entry)
    except (Malformed, CannotRebuild):
        return None
    return root if root.name == "xdr:wsDr" else None


def _anchors(root: Node) -> list[Node]:
    return [node for node in below(root) if node.name in _ANCHORS]


def _is_opaque_picture(work: Examination, rows: Mapping[str, Relationship], fill: Node) -> bool:
    """Whether the picture of a fill shows, and nothing through it."""
    blip = one(fill, "a:blip")
    row = rows.get(blip.get("r:embed")) if blip is not None else None
    entry = work.package.part(row) if row is not None else None
    if blip is None or row is None or entry is None or row.kind != "image" or not row.standard:
        return False
    crop = _crop(one(fill, "a:srcRect"))
    if work.policy.pictures == "drop" or _is_even(blip):
        return False
    if _cuts_all(crop):
        return False
    facts = _examined(work, entry, crop, entry.place)
    if facts is None or facts.look is None or facts.kind not in _PIXELS:
        return False
    return is_opaque(work.package.archive.read(entry), crop)


def _cuts_all(crop: tuple[int, int, int, int]) -> bool:
    left, top, right, bottom = (max(side, 0) for side in crop)
    return left + right >= 100_000 or top + bottom >= 100_000


def background(work: Examination, key: str, id_: str, place: str) -> tuple[Look, ...]:
    """The picture behind the cells of a sheet (18.3.1.67), as far as a copy can have it."""
    row = next((row for row in work.package.relationships.get(key, ()) if row.id == id_), None)
    entry = work.package.part(row) if row is not None else None
    is_picture = row is not None and row.kind == "image" and row.standard and not row.external
    facts = None
    if is_picture and entry is not None and work.policy.pictures != "drop":
        facts = _examined(work, entry, (0, 0, 0, 0), place)
    if facts is None or facts.look is None or entry is None:
        work.notes["xlsx.ws.background", place] += 1
        return ()
    work.notes[_PICTURES, entry.place] += not facts.canonical
    work.judged.add(key)
    return (facts.look,)


def _examined(
    work: Examination, entry: Entry, crop: tuple[int, int, int, int], place: str
) -> PictureFacts | None:
    """What is to be known of a picture; ``None`` where it is damaged."""
    known, key = work.pictures, (entry.key, crop)
    if key not in known:
        known[key] = None
        try:
            data = work.package.archive.read(entry)
            known[key] = examine_picture(data, place, work.package.document.limits, crop=crop)
        except (Malformed, CannotRebuild):
            return None
    return known[key]


def _is_even(blip: Node) -> bool:
    """Whether recolouring leaves nothing of a picture but one colour."""
    for effect in below(blip):
        if effect.name == "a:alphaModFix" and _share(effect, "amt", 100_000) < 5_000:
            return True
        if effect.name == "a:alphaRepl" and _share(effect, "a", 100_000) < 5_000:
            return True
        if effect.name == "a:lum":
            bright, contrast = _share(effect, "bright", 0), _share(effect, "contrast", 0)
            if abs(bright) >= 100_000 or contrast <= -100_000:
                return True
        if effect.name == "a:biLevel" and not 0 < _share(effect, "thresh", 0) < 100_000:
            return True
    return False


def _share(node: Node, name: str, default: int) -> int:
    """Thousandths of a percent, which the strict dialect writes as percents."""
    text = node.get(name).strip()
    try:
        if text.endswith("%"):
            return int(float(text[:-1]) * 1000)
        return int(text) if text else default
    except (ValueError, OverflowError):
        return default


def _crop(window: Node | None) -> tuple[int, int, int, int]:
    if window is None:
        return (0, 0, 0, 0)
    left, top, right, bottom = (_share(window, side, 0) for side in ("l", "t", "r", "b"))
    return left, top, right, bottom
