"""All charts of a workbook: met with their frames, read when every cell is known."""

from __future__ import annotations

from collections.abc import Iterable

from safe_release.errors import SafeReleaseError
from safe_release.inspectors.charts.cells import Cells, shown_text
from safe_release.inspectors.charts.formulas import Place, defined, places
from safe_release.inspectors.charts.reader import ChartReader, Eyes, is_chart, named_places
from safe_release.inspectors.charts.readings import ChartReading, overprecise
from safe_release.inspectors.charts.unpainted import idle_words, looks_of
from safe_release.inspectors.drawings.colours import scheme
from safe_release.inspectors.examination import Examination, part_of
from safe_release.inspectors.names import Vocabulary
from safe_release.inspectors.package import Relationship
from safe_release.inspectors.raw_xml import Node
from safe_release.inspectors.raw_zip import Entry

CACHE = "xlsx.chart.cache"
_MARK = "chart"


def meet_chart(work: Examination, row: Relationship, place: str) -> str | None:
    """Take note of a chart in a frame that shows; ``None`` where no copy has it."""
    entry = work.package.part(row)
    if entry is None or any(entry.key == met.key for met, _ in work.charts):
        work.notes[CACHE, place] += 1
        return None
    root = _tree(work, entry)
    if root is None or not is_chart(root):
        work.notes[CACHE, entry.place] += 1
        return None
    work.charts.append((entry, place))
    return _MARK


def _tree(work: Examination, entry: Entry) -> Node | None:
    try:
        return work.package.tree(entry)
    except SafeReleaseError:
        return None


def read_charts(work: Examination) -> tuple[ChartReading, ...]:
    """Read every chart that was met, and note what they have beyond what a copy has."""
    if not work.charts:
        return ()
    names = defined(work.book)
    roots = [(entry, place, _tree(work, entry)) for entry, place in work.charts]
    wanted = {found for _, _, root in roots if root for found in named_places(root, names)}
    grids = {sheet.name.casefold(): work.facts[sheet.number].grid for sheet in work.book.visible}
    eyes = Eyes(
        names,
        grids.get,
        Cells(work, wanted),
        work.book.date1904,
        not _is_first_version(work),
        work.policy.precision == "displayed",
        _colours(work),
    )
    readings = []
    for entry, place, root in roots:
        if root is None:
            continue
        reader = ChartReader(root, place, eyes)
        reading = reader.read()
        readings.append(reading)
        work.examined += sum(len(series.parts) for series in reading.series)
        vocabulary = Vocabulary("chart")
        vocabulary.tree(root, entry.place)
        extra = sum(vocabulary.objections.values()) + reader.leaves
        extra += _stale_caches(root, eyes) + overprecise(reading) + idle_words(root)
        looks = list(looks_of(root, eyes.absent))
        extra += sum(is_idle for _, is_idle in looks)
        work.notes[CACHE, entry.place] += extra
        for node in root.everything():
            is_lost = node.name in ("a:blipFill", "c:userShapes")
            work.notes["xlsx.chart.user-shapes", entry.place] += is_lost
        if not work.is_candidate:
            work.chart_texts.extend(_said(reading))
            work.chart_texts.extend(look for look, is_idle in looks if not is_idle)
    return tuple(readings)


def _colours(work: Examination) -> dict[str, str]:
    entry = part_of(work.package, work.book, "theme")
    return scheme(work.package.tree(entry) if entry is not None else None)


def _is_first_version(work: Examination) -> bool:
    """Whether the workbook says that Office 2007 wrote it."""
    for row in work.package.of("", "extended-properties"):
        entry = work.package.part(row)
        root = _tree(work, entry) if entry is not None else None
        for node in root.children if root is not None else ():
            if node.name.endswith(":AppVersion"):
                return node.text.strip().startswith("12.")
        return False
    return False


def _said(reading: ChartReading) -> Iterable[str]:
    for title in reading.titles:
        if isinstance(title, str):
            yield title
    for series in reading.series:
        for data in series.parts.values():
            yield from (data.texts or {}).values()
            yield data.code


def _stale_caches(root: Node, eyes: Eyes) -> int:
    """How many caches say something else than the cells that they are said to come from."""
    count = 0
    for node in root.everything():
        if node.name not in ("c:numRef", "c:strRef", "c:multiLvlStrRef"):
            continue
        formula = node.first("c:f")
        named = places(formula.text, eyes.names) if formula is not None else None
        if named is None or any(eyes.grid(place.sheet) is None for place in named):
            count += 1
        elif eyes.cells.is_complete:
            count += not _is_true(node, named, eyes)
    return count


def _is_true(node: Node, named: list[Place], eyes: Eyes) -> bool:
    """Whether a cache has nothing but what its cells show."""
    cells = dict(eyes.cells.inside(named))
    if node.name == "c:multiLvlStrRef":
        return _levels_are_true(node, named, eyes)
    for cache in node.children:
        if cache.name == "c:f":
            continue
        for point in cache.all("c:pt"):
            at, value = point.get("idx"), point.first("c:v")
            cell = cells.get(int(at)) if at.isdigit() and len(at) < 9 else None
            if cell is None or value is None:
                return False
            is_number = cache.name == "c:numCache"
            said = cell.text if is_number else shown_text(cell, eyes.date1904)
            if said != value.text or (is_number and cell.kind != "n"):
                return False
    return True


def _levels_are_true(node: Node, named: list[Place], eyes: Eyes) -> bool:
    texts = {shown_text(cell, eyes.date1904) for _, cell in eyes.cells.inside(named)}
    return all(
        value.text in texts
        for cache in node.all("c:multiLvlStrCache")
        for value in cache.all("c:lvl", "c:pt", "c:v")
    )
