"""What a copy holds beside its values has one form: nothing unused, twice, or counted wrongly."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from safe_release.inspectors.attributes import flag
from safe_release.inspectors.examination import Examination, part_of
from safe_release.inspectors.grid import area_reference
from safe_release.inspectors.names import part_kind
from safe_release.inspectors.package import rels_key
from safe_release.inspectors.places import column_name
from safe_release.inspectors.raw_xml import Node
from safe_release.inspectors.spans import Span, printed
from safe_release.inspectors.texts import whole

Roots = Mapping[str, Node]
"""The trees of a candidate's small parts, by key."""
_BUILT_IN_FORMATS = 164
_PLAIN_KINDS = frozenset(
    ("types", "rels", "core", "app", "workbook", "sheet", "strings", "styles", "table", "theme")
)
"""Parts whose use of a theme is known."""
_OWN_STYLE = re.compile(r"Style [1-9][0-9]{0,4}")


def form_objections(work: Examination, roots: Roots) -> Iterator[str]:
    """Where a candidate's parts are not in the form that every copy has."""
    yield from _types(work, roots)
    yield from _relationships(work)
    for key, root in roots.items():
        place = work.package.archive.by_key[key].place
        if any(
            "count" in node.attributes and whole(node.get("count"), -1) != len(node.children)
            for node in root.everything()
        ):
            yield f"{place}: a count that is wrong"
    entry = part_of(work.package, work.book, "styles")
    if entry is not None and entry.key in roots:
        for fault in _styles(roots[entry.key], _table_styles(roots)):
            yield f"{entry.place}: {fault}"
    yield from _sheets(work)
    yield from _views(work)
    yield from _names(work)
    yield from _tables(work, roots)
    yield from _theme(work, roots)
    yield from _header_drawings(work, roots)


def _types(work: Examination, roots: Roots) -> Iterator[str]:
    """Two defaults, and one override for each part that is neither of them (ECMA-376-2 7.2.3)."""
    root = roots.get("[content_types].xml")
    if root is None:
        return
    extensions = [node.get("Extension") for node in root.children if node.name == "ct:Default"]
    names = [node.get("PartName") for node in root.children if node.name == "ct:Override"]
    parts = {
        f"/{entry.name}"
        for entry in work.package.archive.entries
        if not entry.key.endswith(".rels") and entry.key != "[content_types].xml"
    }
    if extensions[:2] != ["rels", "xml"] or len(set(extensions)) < len(extensions):
        yield "[Content_Types].xml: defaults that are not those of a copy"
    if len(set(names)) < len(names) or not set(names) <= parts:
        yield "[Content_Types].xml: types of parts that are not there"


def _relationships(work: Examination) -> Iterator[str]:
    """A target is the shortest way from its source to its part (ECMA-376-2 6.5.3.4)."""
    archive = work.package.archive
    for key, rows in work.package.relationships.items():
        holder = archive.by_key.get(rels_key(key))
        source = archive.by_key.get(key)
        folder = posixpath.dirname(source.name) if source is not None else ""
        for row in rows:
            entry = archive.by_key.get(row.key)
            if row.external or entry is None or holder is None:
                continue
            if row.target != posixpath.relpath(f"/{entry.name}", f"/{folder}"):
                yield f"{holder.place}: a target that is spelled in another way"


def _sheets(work: Examination) -> Iterator[str]:
    """Sheets are counted from 1 in the order of their tabs."""
    for number, sheet in enumerate(work.book.sheets, 1):
        part = f"xl/{sheet.kind}s/sheet{number}.xml"
        if sheet.entry is not None and sheet.entry.name != part:
            yield f"sheet {number}: its part has another number"
    nodes = work.book.root.all("x:sheets", "x:sheet")
    if [node.get("r:id") for node in nodes] != [f"rId{n}" for n in range(1, len(nodes) + 1)]:
        yield f"{work.book.entry.place}: sheets that are not counted from 1"


def _views(work: Examination) -> Iterator[str]:
    """Panes are scrolled to their start; the sheet in front, and no other, is selected."""
    for index, sheet in enumerate(work.book.sheets):
        if sheet.number not in work.facts:
            continue  # a chart sheet, whose own reader has put it to the list
        nodes = work.facts[sheet.number].beside
        views = nodes["x:sheetViews"].children if "x:sheetViews" in nodes else []
        selected = [flag(view, "tabSelected") for view in views]
        if selected != [index == work.reading.active]:
            yield f"sheet {sheet.number}: a view that is not that of a copy"
        for pane in (node for view in views for node in view.children):
            down, across = whole(pane.get("ySplit")), whole(pane.get("xSplit"))
            corner = f"{'bottom' if down else 'top'}{'Right' if across else 'Left'}"
            said = (pane.get("topLeftCell"), pane.get("activePane"))
            if said != (f"{column_name(across + 1)}{down + 1}", corner):
                yield f"sheet {sheet.number}: a pane that is not scrolled to its start"


def _names(work: Examination) -> Iterator[str]:
    """Print areas and titles: each sheet's once, in the order of the sheets, in one spelling."""
    order = []
    sheets = {sheet.number - 1: sheet for sheet in work.book.sheets if sheet.number in work.facts}
    for node in work.book.names:
        number = whole(node.get("localSheetId"), -1)
        order.append((number, node.get("name")))
        if number not in sheets:
            yield f"{work.book.entry.place}: a name of a sheet that is not there"
            continue
        grid = work.facts[sheets[number].number].grid
        titles = node.get("name") == "_xlnm.Print_Titles"
        if node.text != printed(node.text, sheets[number].name, grid, titles):
            yield f"{work.book.entry.place}: a name that is spelled in another way"
    if order != sorted(set(order)):
        yield f"{work.book.entry.place}: names that occur twice, or not in order"


def _header_drawings(work: Examination, roots: Roots) -> Iterator[str]:
    """The pictures of headers: one kind of shape, each place once, numbered in their order."""
    for key, root in roots.items():
        if root.name != "xml":
            continue
        entry = work.package.archive.by_key[key]
        number = whole(re.sub(r"[^0-9]", "", entry.name.rpartition("/")[2]))
        shapes = root.all("v:shape")
        names = [node.name for node in root.children]
        maps = [node.get("data") for node in root.all("o:shapelayout", "o:idmap")]
        equations = [node.get("eqn") for node in root.all("v:shapetype", "v:formulas", "v:f")]
        if (
            names != ["o:shapelayout", "v:shapetype", *["v:shape" for _ in shapes]]
            or maps != [str(number)]
            or len(equations) != 12
            or len(set(equations)) != 12
            or not shapes
            or len({node.get("id") for node in shapes}) < len(shapes)
            or any(len(node.children) != 1 for node in shapes)
        ):
            yield f"{entry.place}: pictures of headers that are not those of a copy"
        for at, node in enumerate(shapes, 1):
            is_numbered = node.get("o:spid") == f"_x0000_s{1024 * number + at}"
            if not is_numbered or not node.get("style").endswith(f";z-index:{at}"):
                yield f"{entry.place}: a picture of another number"


def _theme(work: Examination, roots: Roots) -> Iterator[str]:
    """A theme says its own colours and typefaces as far as the copy uses them (20.1.6.9)."""
    entry = part_of(work.package, work.book, "theme")
    kinds = {part_kind(entry.name) for entry in work.package.archive.entries}
    if entry is None or entry.key not in roots or not kinds <= _PLAIN_KINDS:
        return
    used = set().union(*(vocabulary.themed for _, vocabulary in work.vocabularies))
    has_tables = any(root.name == "x:table" for root in roots.values())
    if work.styles.looks.odd_theme(used, has_tables):
        yield f"{entry.place}: colours or typefaces that nothing uses"
    lists = roots[entry.key].all("a:themeElements", "a:fmtScheme")
    if [len(node.children) for scheme in lists for node in scheme.children] != [3, 3, 3, 3]:
        yield f"{entry.place}: more or fewer formats than a copy has"


# -- styles -----------------------------------------------------------------------------------


def _table_styles(roots: Roots) -> set[str]:
    return {
        node.get("name")
        for root in roots.values()
        if root.name == "x:table"
        for node in root.all("x:tableStyleInfo")
    }


def _styles(root: Node, named: set[str]) -> Iterator[str]:
    """Fonts, fills, borders and formats: each in use, each once, in order of first use (18.8)."""
    formats = root.all("x:cellStyleXfs", "x:xf") + root.all("x:cellXfs", "x:xf")
    for what, item, attribute, always in (
        ("fonts", "x:font", "fontId", 1),
        ("fills", "x:fill", "fillId", 2),
        ("borders", "x:border", "borderId", 1),
    ):
        nodes = root.all(f"x:{what}", item)
        used = [whole(node.get(attribute), -1) for node in formats]
        yield from _pool(what, nodes, used, always)
    yield from _pool("cell formats", root.all("x:cellXfs", "x:xf"), (), None)
    codes = root.all("x:numFmts", "x:numFmt")
    ids = [whole(node.get("numFmtId"), -1) for node in codes]
    used = [whole(node.get("numFmtId"), -1) for node in formats]
    own = list(dict.fromkeys(number for number in used if number >= _BUILT_IN_FORMATS))
    if ids != list(range(_BUILT_IN_FORMATS, _BUILT_IN_FORMATS + len(ids))) or own != ids:
        yield "number formats that are not in use, or not in order"
    if len({node.get("formatCode") for node in codes}) < len(codes):
        yield "number formats that occur twice"
    yield from _pool("differential formats", root.all("x:dxfs", "x:dxf"), (), None)
    styles = root.all("x:tableStyles", "x:tableStyle")
    names = [node.get("name") for node in styles]
    if names != [f"Style {number}" for number in range(1, len(names) + 1)]:
        yield "table styles that are not counted from 1"
    if not set(names) <= named or not set(filter(_OWN_STYLE.fullmatch, named)) <= set(names):
        yield "table styles that no table has, or tables of styles that are not there"


def _pool(
    what: str, nodes: Sequence[Node], used: Iterable[int], always: int | None
) -> Iterator[str]:
    """A list of looks; ``always`` is how many of them are there in use or not."""
    if len({_markup(node) for node in nodes}) < len(nodes):
        yield f"{what} that occur twice"
    if always is not None:
        order = list(dict.fromkeys([*range(always), *used]))
        if order != list(range(len(nodes))):
            yield f"{what} that are not in use, or not in order"


def _markup(node: Node) -> str:
    """An element as a text that equal elements share."""
    inside = "".join(map(_markup, node.children))
    return f"<{node.name} {sorted(node.attributes.items())}>{node.text}{inside}</>"


# -- tables -----------------------------------------------------------------------------------


def _tables(work: Examination, roots: Roots) -> Iterator[str]:
    """Tables are counted from 1 over all sheets, their columns from 1 over their range."""
    number = 0
    for sheet in work.book.visible:
        for row in work.package.of(sheet.entry.key if sheet.entry else "", "table"):
            entry = work.package.part(row)
            root = roots.get(row.key)
            if entry is None or root is None:
                continue
            number += 1
            for fault in _table(root, number, entry.name):
                yield f"{entry.place}: {fault}"


def _table(root: Node, number: int, part: str) -> Iterator[str]:
    name = f"Table{number}"
    names = (root.get("name"), root.get("displayName"), root.get("id"), part)
    if names != (name, name, str(number), f"xl/tables/table{number}.xml"):
        yield "a table of another number"
    area = area_reference(root.get("ref"))
    columns = root.all("x:tableColumns", "x:tableColumn")
    ids = [node.get("id") for node in columns]
    if area is None or ids != [str(n) for n in range(1, area[3] - area[1] + 2)]:
        yield "a table with more or fewer columns than its range"
    filters = [node.get("ref") for node in root.all("x:autoFilter")]
    if area is not None and filters:
        last = area[2] - (root.get("totalsRowCount") == "1")
        if filters != [Span("cells", area[0], area[1], last, area[3]).written()]:
            yield "a filter of another range than its table's"
    names_ = [node.get("name").casefold() for node in columns]
    if len(set(names_)) < len(names_):
        yield "a table with columns of one name"
