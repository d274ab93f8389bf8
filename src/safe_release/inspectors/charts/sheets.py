"""Chart sheets (ECMA-376-1 18.3.1.12): tabs with a drawing instead of cells."""

from __future__ import annotations

from collections.abc import Sequence

from safe_release.errors import SafeReleaseError
from safe_release.inspectors.charts.book import meet_chart
from safe_release.inspectors.drawings.facts import Headed
from safe_release.inspectors.drawings.headers import header_pictures
from safe_release.inspectors.drawings.sheet_drawing import SheetDrawing
from safe_release.inspectors.examination import Examination
from safe_release.inspectors.grid import Grid
from safe_release.inspectors.names import Vocabulary
from safe_release.inspectors.places import sheet_place
from safe_release.inspectors.raw_xml import Node
from safe_release.inspectors.reading import SheetReading, header_reading, suffix_of
from safe_release.inspectors.sheet_facts import Area
from safe_release.inspectors.texts import is_true
from safe_release.inspectors.workbook import Sheet

_CHANNEL = "xlsx.chart.chartsheet"


def read_chart_sheets(work: Examination) -> dict[int, SheetReading]:
    """What the chart sheets say that a copy has, by the numbers of their tabs."""
    found = {}
    for sheet in work.book.sheets:
        if sheet.kind == "chartsheet" and sheet.state in ("", "visible"):
            reading = _read(work, sheet)
            if reading is not None:
                found[sheet.number] = reading
    return found


def _read(work: Examination, sheet: Sheet) -> SheetReading | None:
    place = sheet_place(sheet.number)
    try:
        root = work.package.tree(sheet.entry) if sheet.entry is not None else None
    except SafeReleaseError:
        root = None
    if sheet.entry is None or root is None or root.name != "x:chartsheet":
        work.notes[_CHANNEL, place] += 1
        return None
    grid = Grid(place)
    grid.settle()
    wanted = [node.get("r:id") for node in root.all("x:drawing")[:1]]
    for row in work.package.of(sheet.entry.key, "drawing"):
        entry = work.package.part(row)
        if row.id in wanted and entry is not None:
            drawing = SheetDrawing(work, place, sheet.name, grid, _nowhere, meet_chart)
            objects = drawing.read(entry)
            if objects:
                work.chart_sheets.add(sheet.entry.key)
                vocabulary = Vocabulary("chartsheet")
                vocabulary.tree(root, place)
                work.notes[_CHANNEL, place] += sum(vocabulary.objections.values())
                pictures = _header_pictures(work, sheet.entry.key, root, place)
                headers = tuple(_headers(root, pictures))
                work.chart_texts += [sheet.name, *(text for _, text in headers)]
                return SheetReading(
                    sheet.name,
                    0,
                    headers=headers,
                    objects=objects,
                    kind="chartsheet",
                    header_pictures=pictures,
                )
    work.notes[_CHANNEL, place] += 1
    return None


def _header_pictures(work: Examination, key: str, root: Node, place: str) -> tuple[Headed, ...]:
    """The pictures of headers and footers."""
    ids = [node.get("r:id") for node in root.all("x:legacyDrawingHF")[:1]]
    return header_pictures(work, key, "".join(ids), place, _headers_on(root))


def _headers_on(root: Node) -> dict[str, str]:
    """The headers and footers that are switched on, as written."""
    found = {}
    for holder in root.all("x:headerFooter")[:1]:
        for node in holder.children:
            name = node.name.partition(":")[2]
            is_off = (name.startswith("first") and not is_true(holder.get("differentFirst"))) or (
                name.startswith("even") and not is_true(holder.get("differentOddEven"))
            )
            if not is_off:
                found[name] = node.text
    return found


def _headers(root: Node, pictures: Sequence[Headed]) -> list[tuple[str, str]]:
    """The headers and footers that print."""
    shown = []
    for name, text in _headers_on(root).items():
        own = [item.place[0] for item in pictures if item.place[1:] == suffix_of(name)]
        reading = header_reading(text, own)
        if reading.replace("\x1f", ""):
            shown.append((name, reading))
    return sorted(shown)


def _nowhere(_name: str, _area: Area) -> None:
    """Links within the workbook do not stay on a chart sheet."""
    return
