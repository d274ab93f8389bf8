"""This module is the rebuilding of a workbook, from its root relationship to a new package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Final
from xml.etree.ElementTree import Element as Node

from safe_release.channel import Fate as Action
from safe_release.document import Document
from safe_release.errors import CannotRebuild, Malformed, TooLarge, UnknownFormat
from safe_release.formats.charts.book import TYPE as CHART_TYPE
from safe_release.formats.charts.book import Charts
from safe_release.formats.charts.references import Names
from safe_release.formats.gate import Gate, escape
from safe_release.formats.ledger import Ledger
from safe_release.formats.media import MediaPool
from safe_release.formats.opc import OFFICE, XML_DECLARATION, Package, relationships_part
from safe_release.formats.properties import APPLICATION_PROPERTIES, core_properties
from safe_release.formats.theme import rebuild_theme
from safe_release.formats.values import is_true, whole
from safe_release.formats.xlsx.axis import Reference, parse_references, write_references
from safe_release.formats.xlsx.drawing_parts import Drawings
from safe_release.formats.xlsx.dxf import read_table_styles
from safe_release.formats.xlsx.grammar import TABLE, WORKBOOK
from safe_release.formats.xlsx.recognise import MAIN_TYPES
from safe_release.formats.xlsx.rows import Book
from safe_release.formats.xlsx.sheet import Maps, SheetBuilder, Surroundings
from safe_release.formats.xlsx.sight import Sight
from safe_release.formats.xlsx.strings import ItemRules, SourceStrings, StringPool, read_strings
from safe_release.formats.xlsx.styles import NAMESPACE, SourceStyles, StylePool
from safe_release.formats.xlsx.tables import TableWriter
from safe_release.formats.xlsx.visible import sheet_shows, window_shows
from safe_release.formats.xml_reader import REPAIR
from safe_release.formats.zip_writer import ZipWriter
from safe_release.policy import Policy

if TYPE_CHECKING:
    from safe_release.formats.xlsx.chartsheets import ChartSheet
    from safe_release.formats.xlsx.legacy import Entry

_MAX_NAME: Final = 31
_MAX_FORMULA: Final = 8192
"""Characters that a name may refer with (Excel specifications and limits)."""
_BATCH: Final = 1024
_LEFT_OUT: Final = {"chartsheet": "xlsx.chart.chartsheet", "dialogsheet": "xlsx.vba.dialogsheet"}


@dataclass(frozen=True, slots=True)
class Tab:
    """A sheet of the workbook that shows: its place among all tabs, its name and its part."""

    number: int
    name: str
    part: str
    is_chart: bool = False

    @property
    def kind(self) -> str:
        """The type of its relationship."""
        return "chartsheet" if self.is_chart else "worksheet"

    def target(self, new: int) -> str:
        """Its part in the copy, as the workbook names it."""
        return f"{self.kind}s/sheet{new}.xml"


def rebuild(document: Document, target: BinaryIO, policy: Policy, ledger: Ledger) -> None:
    """Write to ``target`` a workbook of what ``document`` shows (docs/workbook.md).

    Raises ``Malformed``, ``TooLarge``, ``Encrypted`` and ``CannotRebuild``.
    """
    zip_writer = ZipWriter()
    try:
        _Builder(document, policy, ledger, zip_writer).build()
        zip_writer.save(target)
    finally:
        zip_writer.close()


class _Builder:
    def __init__(
        self, document: Document, policy: Policy, ledger: Ledger, zip_writer: ZipWriter
    ) -> None:
        self._document = document
        self._policy = policy
        self._ledger = ledger
        self._zip = zip_writer
        self._package = Package(document)
        self._part = self._find_workbook()
        self._root = self._package.tree(self._part)
        if self._root.tag != "workbook":
            raise UnknownFormat(
                "is a workbook in a dialect that is not ECMA-376's",
                place="workbook",
                remedy="Open it in Excel, save it as xlsx and retry",
            )
        self._gate = Gate(WORKBOOK, ledger)
        self._tabs = self._visible_tabs()
        self._builders: dict[str, SheetBuilder] = {}
        self._charts = Charts(self._package, self._all_names(), self._locate, ledger)

    def build(self) -> None:
        book = self._book()
        around = self._surroundings(book)
        charts = self._chart_sheets(around)
        for new, tab in enumerate(self._tabs, 1):
            if not tab.is_chart:
                self._builders[tab.name.casefold()] = SheetBuilder(
                    around, tab.part, tab.name, tab.number, new
                )
        for builder in self._builders.values():
            for sheet, row in builder.entries:
                if sheet.casefold() in self._builders:
                    self._builders[sheet.casefold()].watch(row)
        active = self._active()
        for new, tab in enumerate(self._tabs):
            if tab.is_chart:
                charts[tab.number].write(
                    self._zip,
                    new + 1,
                    book.style_pool,
                    book.style_source,
                    is_selected=new == active,
                )
            else:
                self._builders[tab.name.casefold()].build(is_selected=new == active)
        around.drawings.finish(self._zip, self._entry)
        limits = self._document.limits
        self._charts.write(
            self._zip,
            book,
            {
                tab.name.casefold(): f"xl/{tab.target(new)}"
                for new, tab in enumerate(self._tabs, 1)
                if not tab.is_chart
            },
            self._worksheet_part,
            (limits.depth, limits.small_part_bytes),
            lambda: around.drawings.looks[1],
            around.drawings.note,
            trusts_formulas=not self._document.recalculated and not book.is_in_doubt,
        )
        if self._charts.count:
            # What a chart does not paint itself is painted in the theme's colours.
            around.drawings.colors.update(range(12))
            around.drawings.fonts.add("minor")
        self._zip.add("xl/styles.xml", book.style_pool.markup().encode())
        if len(book.pool):
            self._write_strings(book.pool, book.style_pool)
        self._write_theme(book.style_pool, around)
        self._zip.add("xl/workbook.xml", self._workbook(active).encode())
        if self._policy.properties:
            self._zip.add("docProps/core.xml", core_properties(self._policy.properties))
        self._write_package(around)

    def _entry(self, entry: Entry) -> str:
        """The text that a list shows; none where its cell does not show."""
        builder = self._builders.get((entry.sheet or "").casefold())
        return builder.text(entry.row, entry.column) if builder is not None else ""

    def _chart_sheets(self, around: Surroundings) -> dict[int, ChartSheet]:
        """The chart sheets by their tabs; tabs of which nothing is left are given up."""
        if not any(tab.is_chart for tab in self._tabs):
            return {}
        from safe_release.formats.xlsx.chartsheets import ChartSheet

        found = {}
        for tab in [tab for tab in self._tabs if tab.is_chart]:
            sheet = ChartSheet(self._package, tab.part, tab.number, around.drawings)
            around.drawings.flush(self._zip)
            if sheet.shows:
                found[tab.number] = sheet
            else:
                self._tabs.remove(tab)
                self._note_left_out(tab.number, "chartsheet")
        return found

    def _find_workbook(self) -> str:
        part = self._package.related("", "officeDocument")
        if part is None:
            raise Malformed("has no document at its root", place="package", remedy=REPAIR)
        if self._package.content_type(part) not in MAIN_TYPES:
            raise Malformed(
                "calls its workbook something that is no workbook", place="package", remedy=REPAIR
            )
        return part

    def _section(self, name: str) -> Sequence[Node]:
        return next((list(child) for child in self._root if child.tag == name), [])

    def _visible_tabs(self) -> list[Tab]:
        if not window_shows(self._section("bookViews")):
            raise CannotRebuild(
                "opens without a window: nothing of it is visible",
                place="workbook",
                remedy="Unhide its window in Excel (View, Unhide), save and retry",
            )
        relations = {r.id: r for r in self._package.relationships(self._part)}
        sheets = [node for node in self._section("sheets") if node.tag == "sheet"]
        if len(sheets) > self._document.limits.sheets:
            raise TooLarge(
                f"has more than {self._document.limits.sheets} sheets",
                place="workbook",
                remedy="Raise limits.sheets if you trust the source",
            )
        tabs: list[Tab] = []
        for number, node in enumerate(sheets, 1):
            if not sheet_shows(node):
                continue
            relation = relations.get(node.get("r:id", ""))
            if relation is None:
                raise Malformed("is listed and has no part", place=f"sheet {number}", remedy=REPAIR)
            is_chart = relation.type == "chartsheet" and self._package.has(relation.target)
            if relation.is_external or not (is_chart or relation.type == "worksheet"):
                self._note_left_out(number, relation.type)
                continue
            name = self._tab_name(node, number, tabs)
            tabs.append(Tab(number, name, relation.target, is_chart))
        if all(tab.is_chart for tab in tabs):
            raise CannotRebuild(
                "has no visible worksheet",
                place="workbook",
                remedy="Unhide the sheets that are to be released and retry",
            )
        return tabs

    def _note_left_out(self, number: int, type_: str) -> None:
        channel = _LEFT_OUT.get(type_, "xlsx.vba.xlm")
        message = (
            "a chart sheet without a chart that this version knows is left out"
            if type_ == "chartsheet"
            else "a sheet that is no worksheet is left out"
        )
        self._ledger.note(channel, f"sheet {number}", Action.REMOVED, message)

    @staticmethod
    def _tab_name(node: Node, number: int, tabs: list[Tab]) -> str:
        name = "".join(char for char in node.get("name", "") if ord(char) >= 32)
        is_bad = any(char in "[]:*?/\\" for char in name) or "'" in (name[:1], name[-1:])
        if not name or len(name) > _MAX_NAME or is_bad:
            raise Malformed(
                "has a name that Excel does not allow", place=f"sheet {number}", remedy=REPAIR
            )
        if any(tab.name.casefold() == name.casefold() for tab in tabs):
            raise Malformed(
                "has the name of an earlier sheet", place=f"sheet {number}", remedy=REPAIR
            )
        return name

    def _active(self) -> int:
        views = [view for view in self._section("bookViews") if view.tag == "workbookView"]
        wanted = whole(views[0].get("activeTab"), 0) + 1 if views else 1
        return next((new for new, tab in enumerate(self._tabs) if tab.number == wanted), 0)

    def _book(self) -> Book:
        styles = self._styles()
        calculation = next((node for node in self._root if node.tag == "calcPr"), Node("calcPr"))
        properties = next((n for n in self._root if n.tag == "workbookPr"), Node("workbookPr"))
        rules = ItemRules(self._ledger, styles.flatten_palette)
        return Book(
            strings=self._strings(rules),
            style_source=styles,
            pool=StringPool(),
            style_pool=StylePool(styles),
            rules=rules,
            ledger=self._ledger,
            is_1904=is_true(properties.get("date1904")),
            is_displayed=self._policy.precision == "displayed",
            is_in_doubt=is_true(calculation.get("fullCalcOnLoad")),
            cell_limit=self._document.limits.cells,
        )

    def _styles(self) -> SourceStyles:
        part = self._package.related(self._part, "styles")
        if part is None or not self._package.has(part):
            return SourceStyles(None, "styles", self._ledger)
        return SourceStyles(self._package.tree(part), self._package.place(part), self._ledger)

    def _strings(self, rules: ItemRules) -> SourceStrings:
        part = self._package.related(self._part, "sharedStrings")
        if part is None or not self._package.has(part):
            return SourceStrings("string table", [])
        depth = self._document.limits.depth
        chunks = self._package.chunks(part)
        return read_strings(chunks, self._package.place(part), depth, rules)

    def _surroundings(self, book: Book) -> Surroundings:
        source, theme = book.style_source, self._readable_theme()
        return Surroundings(
            package=self._package,
            book=book,
            zip_writer=self._zip,
            tables=TableWriter(Gate(TABLE, self._ledger), book.style_pool),
            drawings=self._drawings(),
            custom_styles=read_table_styles(source.table_styles, source.dxfs, source.place),
            sight=Sight(source, theme),
            copied=Sight(source, theme, is_copy=True),
            locate=self._locate,
            keeps_links=self._policy.links == "web",
            fresh=self._document.recalculated or {},
            depth=self._document.limits.depth,
            part_bytes=self._document.limits.small_part_bytes,
        )

    def _drawings(self) -> Drawings:
        policy = self._policy
        limits = self._document.limits
        return Drawings(
            package=self._package,
            media=MediaPool(self._package, limits, "xl", drops=policy.pictures == "drop"),
            ledger=self._ledger,
            read_theme=self._theme,
            keeps_alt_text=policy.alt_text == "keep",
            keeps_links=policy.links == "web",
            chart=self._charts.note,
        )

    def _theme(self) -> Node | None:
        part = self._package.related(self._part, "theme")
        return self._package.tree(part) if part is not None and self._package.has(part) else None

    def _locate(self, name: str) -> Maps | None:
        builder = self._builders.get(name.casefold())
        return builder.maps if builder is not None else None

    def _all_names(self) -> Names:
        """What the defined names of the source stand for; charts may be drawn from them."""
        texts: dict[tuple[str, str], str] = {}
        sheets = [node.get("name", "") for node in self._section("sheets") if node.tag == "sheet"]
        for node in self._section("definedNames"):
            local = whole(node.get("localSheetId"), len(sheets))
            sheet = sheets[local] if 0 <= local < len(sheets) else ""
            texts.setdefault((sheet.casefold(), node.get("name", "").casefold()), node.text or "")
        return Names(texts)

    def _worksheet_part(self, name: str) -> str | None:
        """The source's part of a worksheet, hidden or not, by the folded name of its tab."""
        relations = {r.id: r for r in self._package.relationships(self._part)}
        for node in self._section("sheets"):
            relation = relations.get(node.get("r:id", ""))
            if node.get("name", "").casefold() == name and relation is not None:
                is_there = relation.type == "worksheet" and self._package.has(relation.target)
                return relation.target if is_there else None
        return None

    def _write_strings(self, pool: StringPool, styles: StylePool) -> None:
        with self._zip.part("xl/sharedStrings.xml") as sink:
            sink.write(
                f'{XML_DECLARATION}<sst xmlns="{NAMESPACE}" uniqueCount="{len(pool)}">'.encode()
            )
            items = pool.items()
            while batch := "</si><si>".join(islice(items, _BATCH)):
                sink.write(f"<si>{batch}</si>".encode())
                styles.note(batch)
            sink.write(b"</sst>")

    def _write_theme(self, styles: StylePool, around: Surroundings) -> None:
        # The built-in table styles are painted in the theme's colours, whichever they name.
        colors = frozenset(range(12)) if around.tables.count else styles.theme_colors()
        colors |= around.drawings.colors
        fonts = styles.theme_fonts() | around.drawings.fonts
        if not colors and not fonts:
            return
        theme = rebuild_theme(self._theme(), colors, fonts)
        self._zip.add("xl/theme/theme1.xml", theme.encode())

    def _readable_theme(self) -> Node | None:
        """The theme; none where it cannot be read, which matters to who uses it alone."""
        try:
            return self._theme()
        except Malformed:
            return None

    def _workbook(self, active: int) -> str:
        properties = next((n for n in self._root if n.tag == "workbookPr"), Node("workbookPr"))
        date = {"date1904": properties.get("date1904", "0")}
        written = self._gate.carry(Node("workbookPr", date))
        view = self._gate.write("workbookView", {"activeTab": active} if active else {})
        sheets = "".join(
            self._gate.write("sheet", {"name": tab.name, "sheetId": new, "r:id": f"rId{new}"})
            for new, tab in enumerate(self._tabs, 1)
        )
        return (
            f'{XML_DECLARATION}<workbook xmlns="{NAMESPACE}" xmlns:r="{OFFICE.rstrip("/")}">'
            + written
            + f"<bookViews>{view}</bookViews><sheets>{sheets}</sheets>{self._names()}</workbook>"
        )

    def _names(self) -> str:
        """Print areas, titles and filters of sheets that show (18.2.5); no other name travels."""
        written = []
        for new, tab in enumerate(self._tabs):
            for name in ("_xlnm.Print_Area", "_xlnm.Print_Titles"):
                text = self._print_name(name, tab)
                if text:
                    attributes = {"name": name, "localSheetId": new}
                    written.append(self._gate.write("definedName", attributes, escape(text)))
            builder = self._builders.get(tab.name.casefold())
            area = builder.filter_area if builder is not None else None
            if area is not None:
                # Without the name LibreOffice shows no buttons, and older Excel fails in sorting.
                attributes = {"name": "_xlnm._FilterDatabase", "localSheetId": new, "hidden": 1}
                text = write_references([Reference(tab.name, area)])
                written.append(self._gate.write("definedName", attributes, escape(text)))
        return f"<definedNames>{''.join(written)}</definedNames>" if written else ""

    def _print_name(self, name: str, tab: Tab) -> str:
        for node in self._section("definedNames"):
            local = node.get("localSheetId", "").strip()
            if node.get("name") == name and local == str(tab.number - 1):
                is_title = name == "_xlnm.Print_Titles"
                return self._remapped(node.text or "", tab, is_title=is_title)
        return ""

    def _remapped(self, text: str, tab: Tab, *, is_title: bool) -> str:
        try:
            references = parse_references(text.strip())
        except Malformed:
            return ""  # a formula or a lost reference prints nothing of its own
        if tab.is_chart:
            return ""
        maps = self._builders[tab.name.casefold()].maps
        kept = []
        for reference in references:
            is_foreign = (reference.sheet or tab.name).casefold() != tab.name.casefold()
            area = reference.area.through(maps.rows, maps.columns)
            if area is not None and not is_foreign:
                kept.append(Reference(tab.name, area))
        kept = list(dict.fromkeys(kept))  # what became equal is one page
        kinds = [reference.area.kind for reference in kept]
        if is_title and ("cells" in kinds or len(set(kinds)) < len(kinds)):
            return ""  # Excel repeats whole rows and whole columns, one run of each
        written = write_references(kept)
        return written if len(written) <= _MAX_FORMULA else ""

    def _write_package(self, around: Surroundings) -> None:
        overrides = [("/xl/workbook.xml", "spreadsheetml.sheet.main+xml")]
        rows: list[tuple[str, str, bool]] = []
        for new, tab in enumerate(self._tabs, 1):
            rows.append((tab.kind, tab.target(new), False))
            overrides.append((f"/xl/{tab.target(new)}", f"spreadsheetml.{tab.kind}+xml"))
        overrides += [
            (f"/xl/charts/chart{new}.xml", CHART_TYPE) for new in range(1, self._charts.count + 1)
        ]
        overrides += [
            (f"/xl/tables/table{new}.xml", "spreadsheetml.table+xml")
            for new in range(1, around.tables.count + 1)
        ]
        for wanted, name, type_ in (
            ("theme/theme1.xml", "theme", "theme+xml"),
            ("styles.xml", "styles", "spreadsheetml.styles+xml"),
            ("sharedStrings.xml", "sharedStrings", "spreadsheetml.sharedStrings+xml"),
        ):
            if self._zip.has(f"xl/{wanted}"):
                rows.append((name, wanted, False))
                overrides.append((f"/xl/{wanted}", type_))
        self._zip.add("xl/_rels/workbook.xml.rels", relationships_part(rows))
        self._zip.add("docProps/app.xml", APPLICATION_PROPERTIES)
        overrides.append(("/docProps/app.xml", "extended-properties+xml"))
        roots = [
            ("officeDocument", "xl/workbook.xml", False),
            ("extended-properties", "docProps/app.xml", False),
        ]
        has_properties = self._zip.has("docProps/core.xml")
        self._zip.add("_rels/.rels", relationships_part(roots, core=has_properties))
        types = _content_types(overrides, around.drawings, core=has_properties)
        self._zip.add("[Content_Types].xml", types)


def _content_types(overrides: list[tuple[str, str]], drawings: Drawings, *, core: bool) -> bytes:
    package = "application/vnd.openxmlformats-package."
    rows = "".join(
        f'<Override PartName="{name}"'
        f' ContentType="application/vnd.openxmlformats-officedocument.{type_}"/>'
        for name, type_ in overrides
    )
    rows += "".join(
        f'<Override PartName="/{name}" ContentType="{type_}"/>'
        for name, type_ in drawings.types.items()
    )
    pictures = "".join(
        f'<Default Extension="{extension}" ContentType="{type_}"/>'
        for extension, type_ in sorted(drawings.media.types.items())
    )
    if core:
        rows += (
            f'<Override PartName="/docProps/core.xml" ContentType="{package}core-properties+xml"/>'
        )
    return (
        f'{XML_DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'content-types"><Default Extension="rels" ContentType="{package}relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{pictures}{rows}</Types>'
    ).encode()
