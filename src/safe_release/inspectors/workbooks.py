"""A whole workbook through the inspectors' eyes: findings, stale cells, reading, needles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from safe_release.document import CellPlace, CellValue, Document
from safe_release.inspectors import parts
from safe_release.inspectors.faults import malformed
from safe_release.inspectors.features import CHILDREN, WORKBOOK_ELEMENTS
from safe_release.inspectors.grid import Grid, area_reference
from safe_release.inspectors.links import link_reading
from safe_release.inspectors.names import Vocabulary
from safe_release.inspectors.needles import Needles
from safe_release.inspectors.package import Package, open_package
from safe_release.inspectors.places import sheet_place
from safe_release.inspectors.raw_xml import Node
from safe_release.inspectors.raw_zip import Entry
from safe_release.inspectors.reading import Reading, SheetReading
from safe_release.inspectors.sheet import SheetReader
from safe_release.inspectors.sheet_facts import Area, Facts, Surroundings
from safe_release.inspectors.strings import SharedStrings, count_invisible, read_strings
from safe_release.inspectors.styles import Styles, read_styles
from safe_release.inspectors.texts import is_true, whole
from safe_release.inspectors.workbook import Sheet, Workbook, open_workbook
from safe_release.policy import Policy

Notes = Counter[tuple[str, str]]
_PLACED_ROWS = 20
_MERGE = re.compile(rb'<mergeCell ref="([A-Z0-9:]{2,30})"')
_LARGE = 4 << 20
_KEPT_NAMES = frozenset({"_xlnm.Print_Area", "_xlnm.Print_Titles"})
_BUILT_IN = re.compile(r"_xlnm\.|_xlchart\.|Excel_BuiltIn_")
_KEPT_WORKBOOK = {"x:workbookPr": {"date1904"}, "x:workbookView": {"activeTab"}}
_FIELDS = re.compile(r"&[ZFzf]")
_PICTURE = re.compile(r"&[Gg]")


@dataclass(slots=True)
class Examination:
    """Everything that one reading of a workbook found out."""

    package: Package
    book: Workbook
    styles: Styles
    strings: SharedStrings
    policy: Policy
    notes: Notes = field(default_factory=Counter)
    vocabularies: list[tuple[str, Vocabulary]] = field(default_factory=list)
    facts: dict[int, Facts] = field(default_factory=dict)
    stale: list[CellPlace] = field(default_factory=list)
    needles: Needles = field(default_factory=Needles)
    reading: Reading = field(default_factory=lambda: Reading(()))
    examined: int = 0
    string_cells: int = 0
    spaces: set[str] = field(default_factory=set)
    is_candidate: bool = False

    def vocabulary(self, kind: str, place: str) -> Vocabulary | None:
        """A fresh list for a part of a candidate; ``None`` for sources."""
        if not self.is_candidate:
            return None
        vocabulary = Vocabulary(kind)
        self.vocabularies.append((place, vocabulary))
        return vocabulary


def examine(
    document: Document,
    policy: Policy,
    candidate: bool = False,
    merges: Sequence[Sequence[Area]] | None = None,
) -> Examination:
    """Read a workbook once, hidden places first.

    ``candidate`` puts every name and value to the list of what a copy may contain. ``merges``
    are the merged areas expected in each visible sheet: wrong ones cost a second reading.
    Raises the subclasses of ``SourceError``.
    """
    package = open_package(document)
    book = open_workbook(package)
    styles = _styles(package, book)
    work = Examination(package, book, styles, SharedStrings(), policy, is_candidate=candidate)
    work.strings = _strings(work)
    fresh = _by_sheet(document)
    for sheet in book.sheets:
        if not sheet.visible and sheet.kind == "worksheet" and sheet.entry is not None:
            _read_hidden(work, sheet)
    for index, sheet in enumerate(book.visible):
        guess = merges[index] if merges is not None and index < len(merges) else None
        _read_visible(work, sheet, fresh.get(sheet.number), guess)
    work.reading = _reading(work)
    _note_all(work)
    return work


def _part(package: Package, book: Workbook, kind: str) -> Entry | None:
    rows = package.of(book.entry.key, kind)
    return package.part(rows[0]) if rows else None


def _styles(package: Package, book: Workbook) -> Styles:
    entry = _part(package, book, "styles")
    return read_styles(package.tree(entry), book.date1904) if entry is not None else Styles()


def _strings(work: Examination) -> SharedStrings:
    entry = _part(work.package, work.book, "sharedStrings")
    if entry is None:
        return SharedStrings()
    vocabulary = work.vocabulary("strings", entry.place)
    strings, reader, stray = read_strings(
        entry.place,
        work.package.archive.stream(entry),
        work.package.document.limits.depth,
        vocabulary,
    )
    work.spaces |= reader.spaces
    for channel, count in reader.asides.items():
        work.notes[channel, entry.place] += count
    work.notes["xml.text-in-element-content", entry.place] += stray
    work.notes["xlsx.cell.phonetic", entry.place] += strings.phonetic
    work.notes["xlsx.xml.xstring", entry.place] += strings.escaped
    work.notes["xml.ext-list", entry.place] += strings.extensions
    work.notes["xml.mc-alternate-branch", entry.place] += strings.alternates
    work.notes["xml.foreign-element", entry.place] += strings.foreign
    return strings


def _by_sheet(document: Document) -> dict[int, dict[tuple[int, int], CellValue]]:
    found: dict[int, dict[tuple[int, int], CellValue]] = {}
    for place, value in (document.recalculated or {}).items():
        found.setdefault(place.sheet, {})[place.row, place.column] = value
    return found


def _surroundings(work: Examination) -> Surroundings:
    return Surroundings(
        work.strings,
        work.styles,
        work.package.document.limits,
        work.book.date1904,
        work.book.full_calculation,
        displayed=work.policy.precision == "displayed",
    )


def _read_hidden(work: Examination, sheet: Sheet) -> None:
    """A hidden sheet is read for the words in it, and for the strings it uses."""
    if sheet.entry is None:
        return
    reader = SheetReader(sheet.number, _surroundings(work), [], hidden=True)
    facts = reader.read(work.package.archive.stream(sheet.entry))
    for text in facts.hidden_texts:
        work.needles.hide(text)
    work.examined += facts.examined
    work.string_cells += facts.string_cells


def _read_visible(
    work: Examination,
    sheet: Sheet,
    fresh: dict[tuple[int, int], CellValue] | None,
    guess: Sequence[Area] | None,
) -> None:
    entry = sheet.entry
    if entry is None:
        return
    merges = sorted(guess) if guess is not None else _guess_merges(work, entry)
    full = False
    for _ in range(3):
        around = _surroundings(work)
        around.recalculated = fresh
        around.vocabulary = work.vocabulary("sheet", sheet_place(sheet.number))
        before, empty = len(work.strings), set(work.strings.empty_used)
        reader = SheetReader(sheet.number, around, merges, full_calculation=full)
        facts = reader.read(work.package.archive.stream(entry))
        if sorted(facts.merges) == merges and facts.full_calculation in (False, full):
            _keep(work, sheet, facts)
            return
        merges, full = sorted(facts.merges), facts.full_calculation
        # What the reading under wrong assumptions took for visible may not be.
        for spelling in list(work.strings)[before:]:
            del work.strings[spelling]
        work.strings.empty_used = empty
        if around.vocabulary is not None:
            work.vocabularies.pop()
    raise malformed("cannot be read twice alike", place=sheet_place(sheet.number))


def _guess_merges(work: Examination, entry: Entry) -> list[Area]:
    """The merged areas of a large sheet, from a quick look at its tail; only a guess."""
    if entry.unpacked < _LARGE:
        return []
    tail = b""
    for piece in work.package.archive.stream(entry, 1 << 22):
        tail = tail[-16:] + piece if len(tail) < 16 or b"</sheetData" not in tail else tail + piece
        at = tail.rfind(b"</sheetData")
        tail = tail[at:] if at >= 0 else tail[-16:]
        if len(tail) > 1 << 26:
            return []
    areas = (area_reference(text.decode("ascii")) for text in _MERGE.findall(tail))
    return sorted(area for area in areas if area is not None and area[:2] != area[2:])


def _keep(work: Examination, sheet: Sheet, facts: Facts) -> None:
    place = sheet_place(sheet.number)
    work.facts[sheet.number] = facts
    work.examined += facts.examined
    work.stale.extend(facts.stale)
    work.string_cells += facts.string_cells
    for channel, count in (*facts.notes.items(), *facts.asides.items()):
        work.notes[channel, place] += count
    for channel, runs in facts.runs.items():
        if len(runs) > _PLACED_ROWS:
            work.notes[channel, place] += sum(last - first + 1 for first, last in runs)
            continue
        for first, last in runs:
            rows = f"row {first}" if first == last else f"rows {first}-{last}"
            work.notes[channel, f"{place}, {rows}"] += last - first + 1
    for channel, count in facts.grid.hidden_columns.items():
        work.notes[channel, place] += count
    for text in facts.hidden_texts:
        work.needles.hide(text)
    if sheet.entry is not None:
        rows_ = work.package.relationships.get(sheet.entry.key, ())
        unused = parts.unused(rows_, facts.relationships_used)
        work.notes["opc.unused-relationship", place] += unused


def _note_all(work: Examination) -> None:
    package, notes = work.package, work.notes
    _note_workbook(work)
    _note_names(work)
    _note_headers(work)
    _note_styles(work)
    _note_strings(work)
    parts.note_relationships(package, notes)
    parts.note_entries(package, notes)
    parts.note_small_parts(package, notes)
    for sheet in work.book.visible:
        for row in package.of(sheet.entry.key if sheet.entry else "", "table"):
            entry = package.part(row)
            if entry is not None:
                parts.note_table(package.tree(entry), entry.place, notes)
    if not work.is_candidate:
        parts.read_hidden_parts(package, _carried(work), notes, work.needles)
        _show(work)
    notes.update(package.notes)


def _carried(work: Examination) -> set[str]:
    """The keys of the parts whose words are judged one by one, not as a whole."""
    keys = {"[content_types].xml", work.book.entry.key}
    for kind in ("styles", "sharedStrings", "theme"):
        entry = _part(work.package, work.book, kind)
        if entry is not None:
            keys.add(entry.key)
    keys.update(sheet.entry.key for sheet in work.book.sheets if sheet.entry is not None)
    keys.update(entry.key for entry in work.package.archive.entries if entry.key.endswith(".rels"))
    return keys


def _note_workbook(work: Examination) -> None:
    notes, place = work.notes, work.book.entry.place
    for node in work.book.root.everything():
        channel = WORKBOOK_ELEMENTS.get(node.name)
        if channel is not None:
            notes[channel, place] += 1
        for name in node.attributes:
            notes["xlsx.wb.revisionptr", place] += name == "?:uid"
            notes["xml.mc-ignorable", place] += name.startswith("mc:")
        kept = _KEPT_WORKBOOK.get(node.name)
        if kept is not None:
            notes["xlsx.wb.workbookpr", place] += bool(set(node.attributes) - kept)
    notes["xml.foreign-element", place] += sum(
        node.name not in CHILDREN["x:workbook"]
        and node.name != "mc:AlternateContent"
        and node.name != "?:revisionPtr"
        for node in work.book.root.children
    )
    ids = [whole(node.get("sheetId")) for node in work.book.root.all("x:sheets", "x:sheet")]
    notes["xlsx.wb.workbookpr", place] += ids != list(range(1, len(ids) + 1))
    for sheet in work.book.sheets:
        if sheet.state not in ("", "visible"):
            very = "xlsx.wb.sheet-veryhidden" if sheet.state == "veryHidden" else ""
            notes[very or "xlsx.wb.sheet-hidden", sheet_place(sheet.number)] += 1
    windows = work.book.windows
    if windows and all(state not in ("", "visible") for state in windows):
        notes["xlsx.wb.window-hidden", place] += 1


def _note_names(work: Examination) -> None:
    notes, place = work.notes, work.book.entry.place
    visible = {sheet.number - 1 for sheet in work.book.visible}
    for node in work.book.names:
        name = node.get("name")
        own = whole(node.get("localSheetId"), -1)
        if name in _KEPT_NAMES and own in visible and not is_true(node.get("hidden")):
            pass
        elif is_true(node.get("hidden")) or _BUILT_IN.match(name):
            notes["xlsx.wb.name-hidden", place] += 1
        else:
            notes["xlsx.wb.name-visible", place] += 1
        extra = set(node.attributes) - {"name", "localSheetId", "hidden"}
        notes["xlsx.wb.name-attrs", place] += bool(extra)
        if name not in _KEPT_NAMES:
            work.needles.hide(f"{name} {node.text} {' '.join(node.attributes.values())}")


def _note_headers(work: Examination) -> None:
    for number, facts in work.facts.items():
        place = sheet_place(number)
        shown = {name for name, _ in facts.headers_shown()}
        for name, text in facts.headers.items():
            unused = bool(text) and (
                (name.startswith("first") and not facts.different_first)
                or (name.startswith("even") and not facts.different_odd_even)
            )
            fields = bool(_FIELDS.search(text.replace("&&", "")))
            work.notes["xlsx.ws.headerfooter", place] += unused or fields
            picture = bool(_PICTURE.search(text.replace("&&", "")))
            work.notes["xlsx.ws.headerfooter-picture", place] += picture
            if name not in shown:
                work.needles.hide(text)


def _used_styles(work: Examination) -> set[int]:
    used = {0}
    for facts in work.facts.values():
        used |= facts.styles_used
    return used


def _note_styles(work: Examination) -> None:
    styles, notes = work.styles, work.notes
    entry = _part(work.package, work.book, "styles")
    if entry is None:
        return
    place = entry.place
    used = _used_styles(work)
    formats = {styles.format_ids.get(index, 0) for index in used}
    idle = [code for number, code in styles.formats.items() if number not in formats]
    if not work.is_candidate:
        # A candidate's own formats of table styles may have number formats too.
        for code in idle:
            work.needles.hide(code)
    notes["xlsx.st.numfmt-unused", place] += len(idle)
    notes["xlsx.st.style-names", place] += styles.names
    notes["xlsx.cell.quoteprefix", place] += styles.marks
    idle_formats = sum(1 for index in range(styles.count) if index not in used)
    pools = idle_formats + styles.idle_dxfs + styles.recent_colours + styles.telling_names
    notes["xlsx.st.pools", place] += pools
    notes["xml.foreign-element", place] += styles.unknown
    notes["xml.ext-list", place] += styles.extensions
    notes["xml.mc-ignorable", place] += styles.compatibility


def _note_strings(work: Examination) -> None:
    strings, notes = work.strings, work.notes
    if not strings.texts:
        return
    place = strings.place
    seen = strings.seen()
    idle = set(range(len(strings.texts))) - seen
    orphans = idle - strings.hidden
    notes["xlsx.sst.orphan", place] += len(orphans)
    notes["xlsx.sst.hidden-only", place] += len(idle) - len(orphans)
    order = [int(spelling) for spelling in strings]
    count, unique = strings.counts
    wrong = count not in (-1, work.string_cells) or unique not in (-1, len(strings.texts))
    notes["xlsx.sst.order", place] += order != sorted(order) or wrong
    texts = (strings.texts[index] for index in sorted(seen))
    notes["ooxml.invisible-unicode", place] += count_invisible(texts)
    for index in sorted(idle):
        work.needles.hide(strings.texts[index])


def _show(work: Examination) -> None:
    """Take the words a reader sees out of the needles."""
    strings, styles = work.strings, work.styles
    work.needles.show(strings.texts[index] for index in sorted(strings.seen()))
    work.needles.show(sheet.name for sheet in work.book.visible)
    work.needles.show(styles.fonts)
    used = _used_styles(work)
    work.needles.show(code for index, code in styles.codes.items() if index in used)
    for facts in work.facts.values():
        work.needles.show(text for _, text in facts.headers_shown())
    for sheet in work.reading.sheets:
        work.needles.show(target for _, target in sheet.links)
    work.needles.show(work.policy.properties.values())
    theme = _part(work.package, work.book, "theme")
    if theme is not None and theme.unpacked < _LARGE:
        work.needles.show(_theme_fonts(work.package.tree(theme)))


def _theme_fonts(root: Node) -> Iterator[str]:
    for node in root.everything():
        if "typeface" in node.attributes:
            yield node.get("typeface")


# -- the reading ------------------------------------------------------------------------------


def _reading(work: Examination) -> Reading:
    sheets = []
    resolve = _resolver(work)
    shown = {sheet.number for sheet in work.book.visible}
    for sheet in work.book.sheets:
        if sheet.number not in shown:
            continue
        facts = work.facts[sheet.number]
        sheets.append(
            SheetReading(
                sheet.name,
                facts.cells,
                dict(facts.digests.blocks),
                _merges(facts.grid, facts.merges),
                tuple(facts.headers_shown()),
                _links(work, sheet, facts, resolve),
            )
        )
    return Reading(tuple(sheets), work.book.date1904)


def _merges(grid: Grid, merges: Sequence[Area]) -> tuple[Area, ...]:
    found = (grid.area_in_copy(area) for area in merges)
    return tuple(sorted(area for area in found if area is not None and area[:2] != area[2:]))


def _resolver(work: Examination) -> Callable[[str, int, int], tuple[str, int, int] | None]:
    by_name = {sheet.name.casefold(): sheet for sheet in work.book.visible}

    def resolve(name: str, row: int, column: int) -> tuple[str, int, int] | None:
        sheet = by_name.get(name.casefold())
        if sheet is None:
            return None
        grid = work.facts[sheet.number].grid
        place = grid.row_in_copy(row), grid.column_map[column]
        return (sheet.name, *place) if all(place) else None

    return resolve


def _links(
    work: Examination,
    sheet: Sheet,
    facts: Facts,
    resolve: Callable[[str, int, int], tuple[str, int, int] | None],
) -> tuple[tuple[Area, str], ...]:
    rows = work.package.relationships.get(sheet.entry.key if sheet.entry else "", ())
    by_id = {row.id: row for row in rows}
    keeps = work.policy.links == "web"
    found: list[tuple[Area, str]] = []
    place = sheet_place(sheet.number)
    for link in facts.links:
        work.notes["xlsx.ws.hyperlink-text", place] += link.texts
        target, loses = link_reading(link, by_id, sheet.name, resolve, keeps)
        area = facts.grid.area_in_copy(link.area)
        work.notes["xlsx.ws.hyperlink-target", place] += loses
        if target is not None and area is not None:
            found.append((area, target))
    return tuple(sorted(found))
