"""This module is one worksheet: head, rows as a stream, tail, and the parts it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import Element as Node

from safe_release.channel import Fate as Action
from safe_release.document import CellPlace, CellValue
from safe_release.errors import CannotRebuild, Malformed
from safe_release.formats.gate import Gate
from safe_release.formats.opc import (
    OFFICE,
    XML_DECLARATION,
    Package,
    Relationship,
    relationships_part,
)
from safe_release.formats.pictures import Crop
from safe_release.formats.values import is_true
from safe_release.formats.xlsx import furniture
from safe_release.formats.xlsx.axis import (
    COLUMNS,
    ROWS,
    Area,
    AxisMap,
    parse_area,
    parse_references,
    quoted,
    write_area,
)
from safe_release.formats.xlsx.drawing_parts import Drawings
from safe_release.formats.xlsx.dxf import Dxf
from safe_release.formats.xlsx.grammar import WORKSHEET
from safe_release.formats.xlsx.grounds import Grounds, conditional_areas, pivot_area
from safe_release.formats.xlsx.rows import Book, RowWriter
from safe_release.formats.xlsx.shapes import FastRows
from safe_release.formats.xlsx.sheet_reader import SheetReader, forecast
from safe_release.formats.xlsx.sight import Sight
from safe_release.formats.xlsx.specials import Specials, specials
from safe_release.formats.xlsx.styles import NAMESPACE
from safe_release.formats.xlsx.table_look import TableLook, table_formats
from safe_release.formats.xlsx.tables import SourceTable, TableWriter, read_table
from safe_release.formats.xlsx.visible import Geometry
from safe_release.formats.xml_reader import REPAIR
from safe_release.formats.zip_writer import PartWriter, ZipWriter

if TYPE_CHECKING:
    from safe_release.formats.xlsx.cf_effects import Effects
    from safe_release.formats.xlsx.cf_rules import Rule
    from safe_release.formats.xlsx.cf_truth import CellValues
    from safe_release.formats.xlsx.drawings import DrawingBuilder
    from safe_release.formats.xlsx.header_pictures import HeaderPictures
    from safe_release.formats.xlsx.legacy import Legacy

_PAGE_FIELD_ROWS: Final = 258
"""A pivot table has at most 256 page fields; they stand above it with an empty row between."""


class _Enough(Exception):
    """What was looked for in the rows is known."""


@dataclass(frozen=True, slots=True)
class Maps:
    """Where the rows and columns of a source sheet are in the copy."""

    rows: AxisMap
    columns: AxisMap
    name: str = ""
    """That of the sheet's tab."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a sheet has to know of the rest of the workbook while it is rebuilt.

    ``sight`` and ``copied`` see the cell formats of the source, as they are there and as they will
    be in the copy. ``locate`` finds the maps and the name of a visible sheet by its name.
    """

    package: Package
    book: Book
    zip_writer: ZipWriter
    tables: TableWriter
    drawings: Drawings
    custom_styles: Mapping[str, Mapping[str, Dxf]]
    sight: Sight
    copied: Sight
    locate: Callable[[str], Maps | None]
    keeps_links: bool
    fresh: Mapping[CellPlace, CellValue]
    depth: int
    part_bytes: int


class SheetBuilder:
    """Rebuilds one visible worksheet.

    ``name`` is that of its tab, ``number`` its place among all tabs of the source, ``new`` among
    those of the copy.
    """

    def __init__(self, around: Surroundings, part: str, name: str, number: int, new: int) -> None:
        self._around = around
        self._name = name
        self._part = part
        self._new = new
        self._number = number
        self.place = f"sheet {number}"
        self._gate = Gate(WORKSHEET, around.book.ledger)
        self._links: list[tuple[str, str, bool]] = []
        self._relations = around.package.relationships(part)
        ahead = forecast(self._chunks(), self._reader())
        self._forecast, self._formats = ahead.parts, ahead.formats
        self._legacy = self._read_legacy(ahead)
        self._watched: set[int] = set()
        self._geometry = Geometry(self._forecast, self.place)
        self._tables = self._read_tables()
        self._writer: RowWriter | None = None
        self._table_areas: list[Area] = []
        self.filter_area: Area | None = None
        """The range of the sheet's own filter in the copy, once it is built."""
        self._drawing: DrawingBuilder | None = None
        self._kept: list[bool] = [True for _ in self._tables]
        self._refuse_formula_view()

    @property
    def entries(self) -> list[tuple[str, int]]:
        """The sheets and rows of the cells that lists on this sheet show."""
        return [
            (self._name if item.entry.sheet is None else item.entry.sheet, item.entry.row)
            for item in (self._legacy.objects if self._legacy is not None else ())
            if item.entry is not None
        ]

    def watch(self, row: int) -> None:
        """Remember what the texts in a row are, once it is written."""
        self._watched.add(row)

    def text(self, row: int, column: int) -> str:
        """The text that a cell of a watched row shows in the copy, if all of it shows."""
        writer = self._writer
        if writer is None or (row, column) in writer.partial_texts:
            return ""
        return writer.header_texts.get((row, column), "")

    @property
    def maps(self) -> Maps:
        """The maps of this sheet, read ahead if it has not been built yet."""
        if self._writer is None:
            self._writer = self._mapped()
        return Maps(self._writer.rows, self._geometry.columns, self._name)

    def _mapped(self) -> RowWriter:
        """A writer that knows which rows show, and has written none."""
        book = self._around.book
        writer = RowWriter(
            book, self._geometry, self._no_specials(), self._number, True, self._grounds()
        )
        reader = self._reader()

        reader.read_rows(self._chunks(), FastRows(writer).note, writer.note_node)
        writer.finish_mapping()
        return writer

    def build(self, is_selected: bool) -> None:
        """Write the sheet and the parts that belong to it."""
        around = self._around
        rules, effects = self._conditional()
        self._drawing = self._find_drawing()
        self._kept = self._foresee_tables(effects)
        ahead = self._writer.rows if self._writer is not None else None
        writer = self._writer_of(self._specials(effects, self._baked()))
        self._writer = writer
        fast = FastRows(writer)
        reader = self._reader()
        with around.zip_writer.part(f"xl/worksheets/sheet{self._new}.xml") as sink:
            columns = furniture.columns(self._gate, self._geometry, around.book.style_pool)

            def begin() -> PartWriter:
                sink.write(self._head(writer.rows, columns, is_selected).encode())
                return sink

            writer.wait(furniture.frozen_rows(self._geometry), begin)
            reader.read_rows(self._chunks(), fast.take, writer.take_node)
            writer.finish()
            self._compare(reader, ahead, writer.rows)
            tables = self._table_parts(writer)
            formats = self._rules(rules, effects, writer.rows)
            self._adopt()
            sink.write(self._tail(reader.parts, writer.rows, len(tables), formats).encode())
        for name, markup in tables:
            around.zip_writer.add(name, markup.encode())
        around.drawings.flush(around.zip_writer)
        if self._links:
            self._write_relationships()
        self._note_left_out(reader.parts)

    def _chunks(self) -> Iterator[bytes]:
        return self._around.package.chunks(self._part)

    def _reader(self) -> SheetReader:
        return SheetReader(self.place, self._around.depth, self._around.part_bytes)

    def _refuse_formula_view(self) -> None:
        view = self._geometry.view
        if view is not None and is_true(view.get("showFormulas")):
            raise CannotRebuild(
                "shows its formulas instead of their values",
                place=self.place,
                remedy="Switch Show Formulas off in Excel, save and retry",
            )

    def _shows_zeros(self) -> bool:
        view = self._geometry.view
        return view is None or "showZeros" not in view.attrib or is_true(view.get("showZeros"))

    def _read_tables(self) -> list[SourceTable]:
        found = []
        for relation in self._related("table"):
            if self._around.package.has(relation.target):
                tree = self._around.package.tree(relation.target)
                table = read_table(tree, self._around.package.place(relation.target))
                if table is not None:
                    found.append(table)
        return sorted(found, key=lambda table: table.area)

    def _related(self, type_: str) -> list[Relationship]:
        return [r for r in self._relations if r.type == type_ and not r.is_external]

    def _writer_of(self, special: Specials) -> RowWriter:
        return RowWriter(
            self._around.book,
            self._geometry,
            special,
            self._number,
            self._shows_zeros(),
            self._grounds(),
        )

    def _baked(self) -> list[tuple[Area, Iterator[tuple[int, int, Dxf]]]]:
        """The looks of tables that become plain cells."""
        styles, place = self._around.custom_styles, self.place
        return [
            (table.area, table_formats(table.node, styles, rows=self.maps.rows, place=place))
            for table, kept in zip(self._tables, self._kept, strict=True)
            if not kept
        ]

    def _grounds(self) -> Grounds:
        source = self._around.book.style_source
        return Grounds(
            self._around.sight,
            self._around.copied,
            [
                TableLook(
                    table.node,
                    table.area,
                    table.header_rows,
                    table.total_rows,
                    self._around.custom_styles,
                )
                for table in self._tables
            ],
            self._kept,
            conditional_areas(self._forecast, source.dxfs),
            [pivot_area(definition, area) for definition, area in self._pivots()],
            "picture" in self._forecast,
        )

    def _foresee_tables(self, effects: Effects | None) -> list[bool]:
        """Which tables the copy has: what is painted in their cells depends on it.

        The rows are read up to the point where that is known, as a rule the first below a header.
        """
        if not self._tables:
            return []
        merged = self._forecast.get("mergeCells")
        merges = [parse_area(node.get("ref", ""), self.place) for node in merged or ()]
        areas = [table.area for table in self._tables]
        is_crowded = any(area.meets(other) for area in areas for other in merges) or any(
            one.meets(other) for at, one in enumerate(areas) for other in areas[:at]
        )
        writer = self._writer_of(self._specials(effects.ahead() if effects is not None else None))
        fast, reader = FastRows(writer), self._reader()

        def take(buffer: bytes, position: int) -> int:
            if not is_crowded and all(self._is_begun(table, writer) for table in self._tables):
                raise _Enough
            return fast.note(buffer, position)

        try:
            reader.read_rows(self._chunks(), take, writer.note_node)
            writer.finish_mapping()
        except _Enough:
            pass
        columns, place = self._geometry.columns, self.place
        taken = furniture.merged(merged, writer.rows, columns, place) if is_crowded else []
        kept = []
        for table in self._tables:
            found = self._around.tables.remains(
                table, writer.rows, columns, writer.header_texts, taken
            )
            kept.append(found is not None)
            if found is not None:
                taken.append(found[0])
        return kept

    @staticmethod
    def _is_begun(table: SourceTable, writer: RowWriter) -> bool:
        """Whether a row of a table's body has been met that shows, or all of them are past."""
        first, last = table.area.first_row + table.header_rows, table.area.last_row
        until = min(writer.last, last - table.total_rows)
        return writer.last >= last or (until >= first and writer.rows.count_shown(first, until) > 0)

    def _no_specials(self) -> Specials:
        return specials((), [], {}, (), self.place)

    def _specials(
        self,
        effects: Effects | None = None,
        baked: Sequence[tuple[Area, Iterator[tuple[int, int, Dxf]]]] = (),
    ) -> Specials:
        merged = self._forecast.get("mergeCells")
        fresh: dict[int, dict[int, CellValue]] = {}
        for cell, value in self._around.fresh.items():
            if cell.sheet == self._number:
                fresh.setdefault(cell.row, {})[cell.column] = value
        return specials(
            [parse_area(node.get("ref", ""), self.place) for node in merged or ()],
            [*self._pivot_looks(), *baked],
            fresh,
            {table.header_row for table in self._tables if table.header_row is not None}
            | self._watched,
            self.place,
            self._covered(),
            effects,
        )

    def _conditional(self) -> tuple[list[Rule], Effects | None]:
        """The rules of the sheet, decided, and their effects on cells."""
        if not self._formats:
            return [], None
        # What most workbooks have no use for is loaded for those alone that have.
        from safe_release.formats.xlsx.cf_rules import read_rules
        from safe_release.formats.xlsx.conditional import weigh

        book = self._around.book
        for part in self._formats:
            book.style_source.flatten_palette(part)
        rules = read_rules(self._formats, book.style_source.dxfs, self.place)
        if not rules:
            return [], None
        maps = self.maps
        effects = weigh(
            rules, maps.rows, maps.columns, book.style_source, self._around.sight.colors,
            self._read_values, self.place,
        )  # fmt: skip
        return rules, effects

    def _rules(self, rules: list[Rule], effects: Effects | None, rows: AxisMap) -> str:
        """The rules that stay; the ledger is told about the others."""
        if not rules:
            return ""
        from safe_release.formats.xlsx.cf_keeping import RuleWriter
        from safe_release.formats.xlsx.conditional import note

        note(rules, effects, self._around.book.ledger, self.place)
        pool = self._around.book.style_pool
        return RuleWriter(self._gate, pool, rows, self._geometry.columns).write(rules)

    def _read_values(self) -> CellValues:
        from safe_release.formats.xlsx.cf_truth import CellValues
        from safe_release.formats.xlsx.conditional import ValueReader

        book = self._around.book
        values = ValueReader(book.strings, book.rules, self.place, is_1904=book.is_1904)
        self._reader().read_rows(self._chunks(), lambda _, position: position, values.take)
        for cell, value in self._around.fresh.items():
            if cell.sheet == self._number:
                values.refresh(cell.row, cell.column, value)
        return CellValues(values.cells)

    def _pivots(self) -> Iterator[tuple[Node, Area]]:
        for relation in self._related("pivotTable"):
            if not self._around.package.has(relation.target):
                continue
            definition = self._around.package.tree(relation.target)
            location = next((child for child in definition if child.tag == "location"), None)
            if location is not None:
                yield definition, parse_area(location.get("ref", ""), self.place)

    def _pivot_looks(self) -> Iterator[tuple[Area, Iterator[tuple[int, int, Dxf]]]]:
        from safe_release.formats.xlsx.pivot_look import pivot_formats

        for definition, area in self._pivots():
            top = max(1, area.first_row - _PAGE_FIELD_ROWS)
            looks = pivot_formats(definition, self._around.custom_styles, place=self.place)
            yield area._replace(first_row=top), looks

    def _head(self, rows: AxisMap, columns: str, is_selected: bool) -> str:
        head = self._forecast
        properties = head.get("sheetPr")
        if properties is not None:
            self._around.book.style_source.flatten_palette(properties)
        written = self._gate.carry(properties) if properties is not None else ""
        self._around.book.style_pool.note(written)
        return (
            f'{XML_DECLARATION}<worksheet xmlns="{NAMESPACE}" xmlns:r="{OFFICE.rstrip("/")}">'
            + written
            + furniture.sheet_view(
                self._gate, self._geometry, rows, self._around.book.style_source, is_selected
            )
            + furniture.format_defaults(self._gate, head.get("sheetFormatPr"))
            + columns
            + "<sheetData>"
        )

    def _compare(self, reader: SheetReader, ahead: AxisMap | None, rows: AxisMap) -> None:
        """What was read ahead must be what the parser saw."""
        seen, foreseen = (
            [
                *(node.get("ref", "") for node in parts.get("mergeCells", ())),
                parts.get("drawing", Node("drawing")).get("r:id"),
                *_fingerprint([parts[name] for name in _LEGACY if name in parts]),
            ]
            for parts in (reader.parts, self._forecast)
        )
        for part in reader.formats:
            self._around.book.style_source.flatten_palette(part)
        if (
            seen != foreseen
            or _fingerprint(reader.formats) != _fingerprint(self._formats)
            or (ahead is not None and ahead.hidden != rows.hidden)
        ):
            raise Malformed(
                "hides its end from quick readers: it was made to deceive",
                place=self.place,
                remedy=REPAIR,
            )

    def _filtered(self, parts: Mapping[str, Node], rows: AxisMap) -> Area | None:
        area = furniture.filtered(parts.get("autoFilter"), rows, self._geometry.columns, self.place)
        # A table has a filter of its own; Excel takes a second one on its cells for damage.
        return (
            None if area is None or any(area.meets(table) for table in self._table_areas) else area
        )

    def _table_parts(self, writer: RowWriter) -> list[tuple[str, str]]:
        parts = []
        maps = Maps(writer.rows, self._geometry.columns)
        taken = furniture.merged(
            self._forecast.get("mergeCells"), maps.rows, maps.columns, self.place
        )
        merges = len(taken)
        for table, kept in zip(self._tables, self._kept, strict=True):
            markup = None
            if kept:
                markup = self._around.tables.write(
                    table, maps.rows, maps.columns, writer.header_texts, taken
                )
            if markup is None:
                self._around.book.ledger.note(
                    "xlsx.tb.names",
                    self.place,
                    Action.REPLACED,
                    "a table that has no header or rows left, or merged cells, became plain cells",
                )
                continue
            name = f"tables/table{self._around.tables.count}.xml"
            parts.append((f"xl/{name}", markup))
        self._table_areas = taken[merges:]
        return parts

    def _tail(self, parts: Mapping[str, Node], rows: AxisMap, tables: int, formats: str) -> str:
        gate, columns, place = self._gate, self._geometry.columns, self.place
        self.filter_area = self._filtered(parts, rows)
        links, gone = furniture.hyperlinks(
            gate, parts.get("hyperlinks"), rows, columns, self._external, self._internal, place
        )
        if gone:
            self._around.book.ledger.note(
                "xlsx.ws.hyperlink-target", place, Action.REMOVED,
                "links that lead to files, to removed places, or that the policy does not keep",
                gone,
            )  # fmt: skip
        pictures = self._header_pictures(parts.get("legacyDrawingHF"))
        return "".join(
            (
                "</sheetData>",
                furniture.auto_filter(gate, self.filter_area),
                furniture.merges(gate, parts.get("mergeCells"), rows, columns, place),
                formats,
                links,
                self._carried(parts, "printOptions"),
                self._carried(parts, "pageMargins"),
                self._carried(parts, "pageSetup"),
                furniture.header_footer(
                    gate,
                    parts.get("headerFooter"),
                    place,
                    pictures.keep if pictures is not None else None,
                ),
                furniture.breaks(gate, "rowBreaks", parts.get("rowBreaks"), rows, COLUMNS),
                furniture.breaks(gate, "colBreaks", parts.get("colBreaks"), columns, ROWS),
                self._drawing_reference(rows),
                self._reference(
                    "legacyDrawingHF", "vmlDrawing", pictures.build() if pictures else None
                ),
                self._background(parts.get("picture")),
                self._table_list(tables),
                "</worksheet>",
            )
        )

    def _carried(self, parts: Mapping[str, Node], name: str) -> str:
        node = parts.get(name)
        return self._gate.carry(node) if node is not None else ""

    def _find_drawing(self) -> DrawingBuilder | None:
        """18.3.1.36: the builder of the sheet's drawing, which may lie over cells."""
        node = self._forecast.get("drawing")
        id_ = node.get("r:id") if node is not None else None
        for relation in self._related("drawing"):
            if relation.id == id_ and self._around.package.has(relation.target):
                return self._drawing_of(relation.target)
        return None

    def _drawing_of(self, part: str | None) -> DrawingBuilder:
        from safe_release.formats.xlsx.drawings import DrawingBuilder

        around, columns = self._around.drawings, self._geometry.columns
        return DrawingBuilder(around, part, columns, self._internal, self.place)

    def _header_pictures(self, headed: Node | None) -> HeaderPictures | None:
        if headed is None:
            return None
        from safe_release.formats.xlsx.header_pictures import HeaderPictures

        around, id_ = self._around.drawings, headed.get("r:id")
        return HeaderPictures(around, self._relations, id_, self.place)

    def _read_legacy(self, ahead: SheetReader) -> Legacy | None:
        """What the sheet shows by VML: previews, linked pictures, controls."""
        parts = ahead.parts
        node = parts.get("legacyDrawing")
        held = [parts[name] for name in ("oleObjects", "controls") if name in parts]
        held += [part for part in ahead.formats if part.tag == "mc:AlternateContent"]
        if node is None and not held:
            return None
        from safe_release.formats.xlsx.legacy import holders, read_legacy

        found = list(holders(held))
        if node is None and not found:
            return None
        id_ = node.get("r:id") if node is not None else None
        return read_legacy(self._around.package, self._part, id_, found)

    def _adopt(self) -> None:
        """Give the drawing what the sheet shows by VML."""
        legacy = self._legacy
        if legacy is None or not legacy.objects:
            return
        objects = [
            replace(item, entry=item.entry._replace(sheet=self._name))
            if item.entry is not None and item.entry.sheet is None
            else item
            for item in legacy.objects
        ]
        if self._drawing is None:
            self._drawing = self._drawing_of(None)
        self._drawing.adopt(replace(legacy, objects=objects))

    def _covered(self) -> list[Area]:
        drawing = self._drawing
        return drawing.covered(*self._geometry.usual_size) if drawing is not None else []

    def _background(self, node: Node | None) -> str:
        """18.3.1.67: the picture behind the cells, rebuilt; none where that cannot be done."""
        id_ = node.get("r:id") if node is not None else None
        for relation in self._related("image"):
            if relation.id == id_:
                media = self._around.drawings.media
                name = media.use(relation.target, self.place, Crop(0, 0, 0, 0))
                if name is not None:
                    self._links.append(("image", f"../{name}", False))
                    return self._gate.write("picture", {"r:id": f"rId{len(self._links)}"})
        return ""

    def _drawing_reference(self, rows: AxisMap) -> str:
        """The reference to the sheet's drawing, whose parts wait for the sheet's end."""
        target = self._drawing.build(rows) if self._drawing is not None else None
        return self._reference("drawing", "drawing", target)

    def _reference(self, name: str, type_: str, target: str | None) -> str:
        """An element that refers to a part; nothing where there is none."""
        if target is None:
            return ""
        self._links.append((type_, target, False))
        return self._gate.write(name, {"r:id": f"rId{len(self._links)}"})

    def _table_list(self, count: int) -> str:
        if not count:
            return ""
        first = self._around.tables.count - count + 1
        written = []
        for number in range(first, first + count):
            self._links.append(("table", f"../tables/table{number}.xml", False))
            written.append(self._gate.write("tablePart", {"r:id": f"rId{len(self._links)}"}))
        return self._gate.write("tableParts", {"count": count}, "".join(written))

    def _external(self, id_: str, fragment: str) -> str | None:
        for relation in self._relations:
            if relation.id == id_ and relation.type == "hyperlink" and relation.is_external:
                target = relation.target
                if fragment:
                    target = f"{target.partition('#')[0]}#{fragment.removeprefix('#')}"
                address = furniture.web_address(target)
                if address is None or not self._around.keeps_links:
                    return None
                self._links.append(("hyperlink", address, True))
                return f"rId{len(self._links)}"
        return None

    def _internal(self, location: str) -> str | None:
        if not self._around.keeps_links:
            return None
        try:
            references = parse_references(location.removeprefix("#"))
        except Malformed:
            return None  # a defined name; names do not travel
        if len(references) != 1:
            return None
        name, target = references[0]
        name = self._name if name is None else name
        maps = self._around.locate(name)
        if maps is None or target.kind != "cells":
            return None
        # A reader lands on the first cell: without it the link leads elsewhere than it says.
        first = Area(target.first_row, target.first_column, target.first_row, target.first_column)
        if first.through(maps.rows, maps.columns) is None:
            return None
        area = target.through(maps.rows, maps.columns)
        return None if area is None else f"{quoted(name)}!{write_area(area)}"

    def _write_relationships(self) -> None:
        name = f"xl/worksheets/_rels/sheet{self._new}.xml.rels"
        self._around.zip_writer.add(name, relationships_part(self._links))

    def _note_left_out(self, parts: Mapping[str, Node]) -> None:
        ledger = self._around.book.ledger
        for name in parts:
            if name not in _REBUILT:
                ledger.leave(name if name in _KNOWN else "other")


def _fingerprint(nodes: Sequence[Node]) -> list[Any]:
    """What trees say, to compare two of them."""
    return [
        (node.tag, sorted(node.attrib.items()), node.text or "", _fingerprint(list(node)))
        for node in nodes
    ]


_LEGACY: Final = ("legacyDrawing", "oleObjects", "controls")
_REBUILT: Final[Sequence[str]] = (
    "sheetPr", "sheetViews", "sheetFormatPr", "cols", "autoFilter", "mergeCells",
    "conditionalFormatting", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "drawing", "legacyDrawingHF", "picture",
    "tableParts",
)  # fmt: skip
_KNOWN: Final = frozenset(
    (
        "dimension", "sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios", "sortState",
        "dataConsolidate", "customSheetViews", "phoneticPr",
        "dataValidations", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
        "legacyDrawing", "drawingHF", "oleObjects",
        "controls", "webPublishItems", "extLst",
    )
)  # fmt: skip
