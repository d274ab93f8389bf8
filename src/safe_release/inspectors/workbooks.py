"""A whole workbook through the inspectors' eyes: findings, stale cells, reading, needles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from safe_release.document import CellValue, Document
from safe_release.errors import Malformed
from safe_release.inspectors import parts
from safe_release.inspectors.beside import beside_cells
from safe_release.inspectors.examination import Examination, part_of
from safe_release.inspectors.faults import malformed
from safe_release.inspectors.grid import Grid, area_reference
from safe_release.inspectors.links import Resolver, link_reading
from safe_release.inspectors.package import Package, Relationship, open_package
from safe_release.inspectors.places import sheet_place
from safe_release.inspectors.raw_xml import Node
from safe_release.inspectors.raw_zip import Entry
from safe_release.inspectors.reading import Reading, SheetReading
from safe_release.inspectors.sheet import SheetReader
from safe_release.inspectors.sheet_facts import Area, Facts, Surroundings
from safe_release.inspectors.sights import Scene, pivot_area
from safe_release.inspectors.sights import read_table as read_painted
from safe_release.inspectors.spans import Span, in_copy, printed
from safe_release.inspectors.strings import SharedStrings, read_strings
from safe_release.inspectors.styles import Styles, read_styles
from safe_release.inspectors.tables import Tables, read_table
from safe_release.inspectors.workbook import Sheet, Workbook, open_workbook
from safe_release.inspectors.workbook_notes import note_all
from safe_release.policy import Policy

if TYPE_CHECKING:
    from safe_release.inspectors.charts.readings import ChartReading
    from safe_release.inspectors.drawings.covers import Covers
    from safe_release.inspectors.drawings.facts import ObjectReading
    from safe_release.inspectors.drawings.legacy import Legacy
    from safe_release.inspectors.pictures import Look
    from safe_release.inspectors.rule_effects import Effects
    from safe_release.inspectors.sheet_rules import SheetRules

_PLACED_ROWS = 20
_MERGE = re.compile(rb'<mergeCell ref="([A-Z0-9:]{2,30})"')
_LARGE = 4 << 20


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
    scenes = {sheet.number: _scene(work, sheet) for sheet in book.visible}
    for scene in scenes.values():
        scene.announce()
    work.strings = _strings(work)
    fresh = _by_sheet(document)
    for sheet in book.sheets:
        if not sheet.visible and sheet.kind == "worksheet" and sheet.entry is not None:
            _read_hidden(work, sheet)
    lists = _listed(work)
    for index, sheet in enumerate(book.visible):
        guess = merges[index] if merges is not None and index < len(merges) else None
        rows = lists.get(sheet.number, set())
        _read_visible(work, sheet, fresh.get(sheet.number), guess, scenes[sheet.number], rows)
    work.reading = _reading(work)
    note_all(work)
    return work


def _styles(package: Package, book: Workbook) -> Styles:
    entry = part_of(package, book, "styles")
    if entry is None:
        return Styles()
    return read_styles(package.tree(entry), book.date1904, _theme(package, book))


def _theme(package: Package, book: Workbook) -> Node | None:
    """The theme; ``None`` where there is none that can be read."""
    entry = part_of(package, book, "theme")
    try:
        return package.tree(entry) if entry is not None else None
    except Malformed:
        return None


def _scene(work: Examination, sheet: Sheet) -> Scene:
    """What lies under the cells of a sheet, as far as other parts tell; its tables are noted."""
    scene = Scene(work.styles.faces)
    key = sheet.entry.key if sheet.entry is not None else ""
    work.tables[sheet.number] = tables = []
    for row in work.package.of(key, "table"):
        entry = work.package.part(row)
        if entry is None:
            continue
        root = work.package.tree(entry)
        painted, table = read_painted(root, scene.faces.styles), read_table(root)
        if painted is not None:
            scene.tables.append(painted)
        if table is not None:
            tables.append(table)
    scene.tables.sort(key=lambda table: table.area)
    for row in work.package.of(key, "pivotTable"):
        entry = work.package.part(row)
        area = pivot_area(work.package.tree(entry)) if entry else None
        if area is not None:
            scene.pivots.append(area)
    return scene


def _strings(work: Examination) -> SharedStrings:
    entry = part_of(work.package, work.book, "sharedStrings")
    if entry is None:
        return SharedStrings()
    vocabulary = work.vocabulary("strings", entry.place)
    strings, reader, stray = read_strings(
        entry.place,
        work.package.archive.stream(entry),
        work.package.document.limits.depth,
        vocabulary,
        work.styles.faces,
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
    scene: Scene,
    listed_rows: set[int],
) -> None:
    entry = sheet.entry
    if entry is None:
        return
    merges = sorted(guess) if guess is not None else _guess_merges(work, entry)
    tables = work.tables[sheet.number]
    headers = {table.span.first_row for table in tables if table.has_header}
    watched = tuple(sorted(headers | listed_rows))
    full = False
    drawing = next(iter(work.package.of(entry.key, "drawing")), None)
    effects: Effects | None = None
    ruled: SheetRules | None = None
    for _ in range(6):
        around = _surroundings(work)
        around.effects = effects
        around.recalculated = fresh
        around.watched = watched
        around.scene = scene
        around.vocabulary = work.vocabulary("sheet", sheet_place(sheet.number))
        mark = work.strings.mark()
        reader = SheetReader(
            sheet.number, around, merges, full_calculation=full, covers=_covers(work, drawing)
        )
        facts = reader.read(work.package.archive.stream(entry))
        is_foreseen = scene.foresaw(facts.unsure, facts.has_picture)
        named = next(
            (row for row in work.package.of(entry.key, "drawing") if row.id == facts.drawing), None
        )
        if (
            sorted(facts.merges) == merges
            and facts.full_calculation in (False, full)
            and is_foreseen
            and named == drawing
        ):
            if ruled is None and facts.formats:
                # What most workbooks have no use for is loaded for those alone that have.
                from safe_release.inspectors.sheet_rules import SheetRules

                ruled = SheetRules(work, sheet.number, facts, around)
                effects = ruled.effects(lambda: work.package.archive.stream(entry))
            if around.effects is effects:
                if ruled is not None:
                    ruled.note(facts, effects)
                _keep(work, sheet, facts)
                return
        merges, full, drawing = sorted(facts.merges), facts.full_calculation, named
        # What the reading under wrong assumptions took for visible may not be.
        work.strings.forget(mark)
        if around.vocabulary is not None:
            work.vocabularies.pop()
    raise malformed("cannot be read twice alike", place=sheet_place(sheet.number))


def _covers(work: Examination, drawing: Relationship | None) -> Covers | None:
    """What the objects of a sheet lie over."""
    part = work.package.part(drawing) if drawing is not None else None
    if part is None:
        return None
    from safe_release.inspectors.drawings.sheet_drawing import covers_of

    return covers_of(work, part)


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
        headers = facts.headers_on()
        if facts.headed or any("&g" in text.lower() for text in headers.values()):
            from safe_release.inspectors.drawings.headers import header_pictures

            facts.header_pictures = header_pictures(
                work, sheet.entry.key, facts.headed, place, headers
            )
        rows_ = work.package.relationships.get(sheet.entry.key, ())
        unused = parts.unused(rows_, facts.relationships_used)
        work.notes["opc.unused-relationship", place] += unused


# -- the reading ------------------------------------------------------------------------------


def _reading(work: Examination) -> Reading:
    sheets = []
    resolve = _resolver(work)
    tables = Tables(work.styles.table_styles)
    visible = {sheet.number for sheet in work.book.visible}
    shown: list[int] = []
    charts = _chart_sheets(work)
    for sheet in work.book.sheets:
        if sheet.number in charts:
            sheets.append(charts[sheet.number])
            shown.append(sheet.number - 1)
        if sheet.number not in visible:
            continue
        shown.append(sheet.number - 1)
        facts = work.facts[sheet.number]
        merges = _merges(facts.grid, facts.merges)
        beside = _beside(work, sheet, facts, merges, tables)
        objects = _objects(work, sheet, facts, resolve)
        sheets.append(
            SheetReading(
                sheet.name,
                facts.cells,
                dict(facts.digests.blocks),
                merges,
                tuple(facts.headers_shown()),
                _links(work, sheet, facts, resolve),
                beside,
                facts.looks.result(),
                has_own_looks=_has_own_looks(work, sheet, facts, beside),
                objects=objects,
                background=_background(work, sheet, facts),
                rules=work.rules.get(sheet.number, ()),
                header_pictures=facts.header_pictures,
            )
        )
    active = shown.index(work.book.active) if work.book.active in shown else 0
    return Reading(tuple(sheets), work.book.date1904, active, _charts(work))


def _chart_sheets(work: Examination) -> dict[int, SheetReading]:
    if all(sheet.kind != "chartsheet" for sheet in work.book.sheets):
        return {}
    from safe_release.inspectors.charts.sheets import read_chart_sheets

    return read_chart_sheets(work)


def _charts(work: Examination) -> tuple[ChartReading, ...]:
    if not work.charts:
        return ()
    from safe_release.inspectors.charts.book import read_charts

    return read_charts(work)


def _has_own_looks(
    work: Examination, sheet: Sheet, facts: Facts, beside: Sequence[tuple[str, str]]
) -> bool:
    """Whether the looks of a sheet's cells are theirs alone.

    Pivot tables, rules and tables that a copy has as plain cells paint over them, and what lies
    on an unknown ground is made to show.
    """
    key = sheet.entry.key if sheet.entry is not None else ""
    tables = sum(kind == "tables" for kind, _ in beside)
    is_plain = tables == len(work.tables[sheet.number])
    is_known = not (facts.formats or facts.unsure or facts.has_picture or facts.is_repainted)
    return is_plain and is_known and not work.package.of(key, "pivotTable")


def _beside(
    work: Examination, sheet: Sheet, facts: Facts, merges: Sequence[Area], tables: Tables
) -> tuple[tuple[str, str], ...]:
    """Tables, print areas and titles of a sheet, and what else stands beside its cells."""
    taken = [Span("cells", *area) for area in merges]
    own, texts = work.tables[sheet.number], facts.header_texts
    found = [
        ("tables", said)
        for said in tables.reading(own, facts.grid, texts, taken, work.is_candidate)
    ]
    if found:
        # The styles of tables are painted in the theme's colours, whichever they name.
        found.append(("colours of tables", work.styles.looks.scheme))
    found += beside_cells(facts, taken[len(merges) :], work.styles.looks)
    for name in ("_xlnm.Print_Area", "_xlnm.Print_Titles"):
        node = next((node for node in work.book.names if _is_of(node, name, sheet)), None)
        if node is not None:
            is_title = name == "_xlnm.Print_Titles"
            found.append((name[6:], printed(node.text, sheet.name, facts.grid, is_title)))
    return tuple(pair for pair in found if pair[1])


def _is_of(node: Node, name: str, sheet: Sheet) -> bool:
    return node.get("name") == name and node.get("localSheetId").strip() == str(sheet.number - 1)


def _objects(
    work: Examination, sheet: Sheet, facts: Facts, resolve: Resolver
) -> tuple[ObjectReading, ...]:
    key = sheet.entry.key if sheet.entry is not None else ""
    entries = [
        work.package.part(row)
        for row in work.package.of(key, "drawing")
        if row.id == facts.drawing and work.package.part(row) is not None
    ]
    legacy = _legacy(work, key, sheet, facts)
    if not entries and legacy is None:
        return ()
    from safe_release.inspectors.charts.book import meet_chart
    from safe_release.inspectors.drawings.sheet_drawing import SheetDrawing

    place = sheet_place(sheet.number)
    drawing = SheetDrawing(work, place, sheet.name, facts.grid, resolve, meet_chart)
    return drawing.read(entries[0] if entries else None, legacy)


def _listed(work: Examination) -> dict[int, set[int]]:
    """The rows whose texts lists of controls may show, for the sheets that have them."""
    if not any(
        row.kind == "vmlDrawing" for rows in work.package.relationships.values() for row in rows
    ):
        return {}
    from safe_release.inspectors.drawings.legacy import listed

    return listed(work)


def _legacy(work: Examination, key: str, sheet: Sheet, facts: Facts) -> Legacy | None:
    """What a sheet shows by VML, if it has any or refers to what may."""
    if not facts.legacy and not facts.held:
        return None
    from safe_release.inspectors.drawings.legacy import chosen, read_legacy

    held = list(chosen(facts.held))
    if not facts.legacy and not held:
        return None
    numbers = {other.name.casefold(): other.number for other in work.book.visible}

    def text_of(cell: tuple[str | None, int, int]) -> str:
        number = numbers.get((sheet.name if cell[0] is None else cell[0]).casefold())
        return work.facts[number].header_texts.get(cell[1:], "") if number is not None else ""

    found = read_legacy(work, key, facts.legacy, held, text_of)
    work.notes["xlsx.dr.left-out", facts.place] += found.lost + found.lists
    for channel, count in found.notes.items():
        work.notes[channel, facts.place] += count
    return found


def _background(work: Examination, sheet: Sheet, facts: Facts) -> tuple[Look, ...]:
    if not facts.has_picture or sheet.entry is None:
        return ()
    from safe_release.inspectors.drawings.sheet_drawing import background

    return background(work, sheet.entry.key, facts.background, sheet_place(sheet.number))


def _merges(grid: Grid, merges: Sequence[Area]) -> tuple[Area, ...]:
    found = (grid.area_in_copy(area) for area in merges)
    return tuple(sorted(area for area in found if area is not None and area[:2] != area[2:]))


def _resolver(work: Examination) -> Resolver:
    by_name = {sheet.name.casefold(): sheet for sheet in work.book.visible}

    def resolve(name: str, area: Area) -> str | None:
        sheet = by_name.get(name.casefold())
        if sheet is None:
            return None
        grid = work.facts[sheet.number].grid
        left = in_copy(Span("cells", *area), grid)
        # A reader lands on the first cell: without it the link leads elsewhere than it says.
        first_shows = grid.row_in_copy(area[0]) and grid.column_map[area[1]]
        return f"{sheet.name}!{left.written()}" if left is not None and first_shows else None

    return resolve


def _links(
    work: Examination,
    sheet: Sheet,
    facts: Facts,
    resolve: Resolver,
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
