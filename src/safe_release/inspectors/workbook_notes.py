"""The channels of a workbook as a whole: names, headers, styles, strings, parts and needles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from safe_release.inspectors import parts
from safe_release.inspectors.examination import Examination, part_of
from safe_release.inspectors.features import CHILDREN, WORKBOOK_ELEMENTS
from safe_release.inspectors.grid import area_reference
from safe_release.inspectors.places import sheet_place
from safe_release.inspectors.raw_xml import Node
from safe_release.inspectors.strings import count_invisible
from safe_release.inspectors.texts import is_true, whole

_LARGE = 4 << 20
_KEPT_NAMES = frozenset({"_xlnm.Print_Area", "_xlnm.Print_Titles"})
FILTER_NAME = "_xlnm._FilterDatabase"
_BUILT_IN = re.compile(r"_xlnm\.|_xlchart\.|Excel_BuiltIn_")
_KEPT_WORKBOOK = {"x:workbookPr": {"date1904"}, "x:workbookView": {"activeTab"}}
_FIELDS = re.compile(r"&[ZFzf]")


def note_all(work: Examination) -> None:
    package, notes = work.package, work.notes
    _note_workbook(work)
    _note_names(work)
    _note_headers(work)
    _note_styles(work)
    _note_strings(work)
    charts = {entry.key for entry, _ in work.charts} | work.chart_sheets
    parts.note_relationships(package, notes, work.judged, charts)
    parts.note_entries(package, notes)
    parts.note_small_parts(package, notes, work.judged)
    for sheet in work.book.visible:
        for row in package.of(sheet.entry.key if sheet.entry else "", "table"):
            entry = package.part(row)
            if entry is not None:
                parts.note_table(package.tree(entry), entry.place, notes)
    if not work.is_candidate:
        parts.read_hidden_parts(package, _carried(work) | work.judged, notes, work.needles)
        _show(work)
    notes.update(package.notes)


def _carried(work: Examination) -> set[str]:
    """The keys of the parts whose words are judged one by one, not as a whole."""
    keys = {"[content_types].xml", work.book.entry.key}
    for kind in ("styles", "sharedStrings", "theme"):
        entry = part_of(work.package, work.book, kind)
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
    filtered: set[int] = set()
    for node in work.book.names:
        name = node.get("name")
        own = whole(node.get("localSheetId"), -1)
        if name in _KEPT_NAMES and own in visible and not is_true(node.get("hidden")):
            pass
        elif own not in filtered and _is_filter(work, node, own):
            filtered.add(own)
        elif is_true(node.get("hidden")) or _BUILT_IN.match(name):
            notes["xlsx.wb.name-hidden", place] += 1
        else:
            notes["xlsx.wb.name-visible", place] += 1
        extra = set(node.attributes) - {"name", "localSheetId", "hidden"}
        notes["xlsx.wb.name-attrs", place] += bool(extra)
        if name not in _KEPT_NAMES:
            work.needles.hide(f"{name} {node.text} {' '.join(node.attributes.values())}")


def _is_filter(work: Examination, node: Node, own: int) -> bool:
    """Whether a name says nothing but where the filter of a visible sheet is."""
    facts = work.facts.get(own + 1)
    if node.get("name") != FILTER_NAME or facts is None or facts.filter_area is None:
        return False
    sheet, _, area = node.text.strip().rpartition("!")
    if sheet[:1] == sheet[-1:] == "'":
        sheet = sheet[1:-1].replace("''", "'")
    name = work.book.sheets[own].name
    is_same = area_reference(area) == facts.filter_area
    return is_same and sheet.casefold() == name.casefold()


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
            if name not in shown:
                work.needles.hide(text)


def _used_styles(work: Examination) -> set[int]:
    used = {0}
    for facts in work.facts.values():
        used |= facts.styles_used
    return used


def _note_styles(work: Examination) -> None:
    styles, notes = work.styles, work.notes
    entry = part_of(work.package, work.book, "styles")
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
    ruled = {
        whole(rule.get("dxfId").strip(), -1)
        for facts in work.facts.values()
        for part, _ in facts.formats
        for rule in part.children
    }
    idle_dxfs = len(styles.dxfs - styles.dxfs_used - ruled)
    pools = idle_formats + idle_dxfs + styles.recent_colours + styles.telling_names
    notes["xlsx.st.pools", place] += pools
    notes["xml.foreign-element", place] += styles.unknown
    notes["xml.ext-list", place] += styles.extensions
    notes["xml.mc-ignorable", place] += styles.compatibility


def _note_strings(work: Examination) -> None:
    strings, notes = work.strings, work.notes
    if not strings.texts:
        return
    place = strings.place
    order = strings.order
    seen = strings.empty_used.union(order)
    idle = set(range(len(strings.texts))) - seen
    orphans = idle - strings.hidden
    notes["xlsx.sst.orphan", place] += len(orphans)
    notes["xlsx.sst.hidden-only", place] += len(idle) - len(orphans)
    count, unique = strings.counts
    wrong = count not in (-1, work.string_cells) or unique not in (-1, len(strings.texts))
    notes["xlsx.sst.order", place] += order != sorted(order) or wrong
    notes["ooxml.invisible-unicode", place] += count_invisible(strings.seen_texts())
    for text in strings.unseen_texts():
        work.needles.hide(text)
    for index in sorted(idle):
        work.needles.hide(strings.texts[index])


def _show(work: Examination) -> None:
    """Take the words a reader sees out of the needles."""
    strings, styles = work.strings, work.styles
    work.needles.show(strings.seen_texts())
    work.needles.show(sheet.name for sheet in work.book.visible)
    work.needles.show(styles.fonts)
    used = _used_styles(work)
    work.needles.show(code for index, code in styles.codes.items() if index in used)
    for facts in work.facts.values():
        work.needles.show(text for _, text in facts.headers_shown())
    for sheet in work.reading.sheets:
        work.needles.show(target for _, target in sheet.links)
    work.needles.show(work.shown_texts)
    work.needles.show(work.policy.properties.values())
    work.needles.show(work.chart_texts)
    theme = part_of(work.package, work.book, "theme")
    if theme is not None and theme.unpacked < _LARGE:
        work.needles.show(_theme_fonts(work.package.tree(theme)))


def _theme_fonts(root: Node) -> Iterator[str]:
    for node in root.everything():
        if "typeface" in node.attributes:
            yield node.get("typeface")
