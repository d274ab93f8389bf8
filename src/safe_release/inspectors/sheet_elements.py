"""The elements beside a sheet's rows: views, columns, merged areas, links, headers, settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from safe_release.inspectors.faults import malformed, too_large
from safe_release.inspectors.features import CHILDREN, SHEET_ELEMENTS
from safe_release.inspectors.grid import NO_SIZE, area_reference, cell_reference
from safe_release.inspectors.raw_xml import Node
from safe_release.inspectors.sheet_facts import UNSHOWN, Facts, Link, Surroundings
from safe_release.inspectors.sights import areas_of
from safe_release.inspectors.texts import is_true, size, whole

_MOST_LINKS = 100_000
_MOST_KEPT = 1_000_000
_BESIDE = frozenset(
    ("x:sheetPr", "x:sheetViews", "x:sheetFormatPr", "x:cols", "x:autoFilter", "x:printOptions",
     "x:pageMargins", "x:pageSetup", "x:headerFooter", "x:rowBreaks", "x:colBreaks")
)  # fmt: skip


class Elements:
    """Takes in the elements of one sheet's head and tail."""

    def __init__(self, around: Surroundings, facts: Facts) -> None:
        self.around = around
        self.facts = facts
        self.rows_begun = False
        self.extent = (1, 1)
        """The last row and column that ``dimension`` claims."""
        self._view_seen = self._pane_seen = False
        self._formatted = ""
        self._corner = (1, 1)
        self._open: list[Node] = []
        self._kept = 0

    def take(self, path: Sequence[str], attributes: Mapping[str, str]) -> None:
        """Take in an element, the last of its path."""
        facts, local, depth = self.facts, path[-1], len(path)
        extended, alternate = "x:ext" in path, "mc:AlternateContent" in path
        channel = SHEET_ELEMENTS.get(local)
        if channel is not None:
            facts.notes[channel] += 1
        elif local.startswith("?:") and not extended and not alternate:
            facts.notes["xml.foreign-element"] += 1
        if depth == 2 and local.startswith("x:") and local not in CHILDREN["x:worksheet"]:
            facts.notes["xml.foreign-element"] += 1
        self._count_attributes(attributes)
        if not extended:
            self.count_foreign(attributes)
        if not facts.hidden:
            self._keep(path, attributes)
        handle = _HANDLERS.get((path[1] if depth > 1 else "", local))
        if handle is not None and depth <= 4 and not alternate:
            handle(self, attributes)

    def _keep(self, path: Sequence[str], attributes: Mapping[str, str]) -> None:
        """Keep the first element of each kind that a reading wants, with what is in it."""
        depth = len(path)
        if depth < 2 or path[1] not in _BESIDE:
            return
        node = Node(path[-1], dict(attributes))
        if depth == 2:
            self._open = [node]
            if self.facts.beside.setdefault(node.name, node) is not node:
                self._open = []
        elif depth - 2 <= len(self._open):
            del self._open[depth - 2 :]
            self._open[-1].children.append(node)
            self._open.append(node)
            self._kept += 1
            if self._kept > _MOST_KEPT:
                raise too_large(
                    "has more columns and breaks than can be held", place=self.facts.place
                )

    def count_foreign(self, attributes: Mapping[str, str]) -> None:
        """Count the attributes of namespaces that the standard does not have."""
        for key in attributes:
            if key.startswith("?:") and key not in ("?:uid", "?:dyDescent"):
                self.facts.notes["xml.foreign-element"] += 1

    def _count_attributes(self, attributes: Mapping[str, str]) -> None:
        for key, value in attributes.items():
            if key.startswith("mc:"):
                self.facts.notes["xml.mc-ignorable"] += 1
            elif key == "?:uid":
                self.facts.notes["xlsx.wb.revisionptr"] += 1
            elif key == "r:id":
                self.facts.relationships_used.add(value)

    def _before_rows(self) -> None:
        if self.rows_begun:
            raise malformed("has its elements out of order", place=self.facts.place)

    def sheet_view(self, attributes: Mapping[str, str]) -> None:
        """``sheetView`` (18.3.1.87): the first one is the one a reader meets."""
        self._before_rows()
        facts = self.facts
        if self._view_seen:
            return
        self._view_seen = True
        facts.show_zeros = is_true(attributes.get("showZeros", "1"))
        facts.show_formulas = is_true(attributes.get("showFormulas", "0"))
        if facts.show_formulas and not facts.hidden:
            facts.notes["xlsx.sheet.showformulas"] += 1
        if attributes.get("view", "normal") != "normal":
            facts.notes["xlsx.sheet.selection"] += 1
        start = attributes.get("topLeftCell", "")
        corner = cell_reference(start)
        if corner is not None and corner != (1, 1):
            self._corner = corner
            facts.notes["xlsx.sheet.selection"] += 1

    def pane(self, attributes: Mapping[str, str]) -> None:
        """``pane`` (18.3.1.66): what lies before a frozen pane cannot be reached."""
        if self._pane_seen or attributes.get("state") not in ("frozen", "frozenSplit"):
            return
        self._pane_seen = True
        if size(attributes.get("ySplit", "0")) > 0:
            self.facts.grid.first_row = self._corner[0]
        if size(attributes.get("xSplit", "0")) > 0:
            self.facts.grid.first_column = self._corner[1]

    def format(self, attributes: Mapping[str, str]) -> None:
        """``sheetFormatPr`` (18.3.1.81): what rows and columns are that are not written."""
        self._before_rows()
        grid = self.facts.grid
        height, width = self.facts.usual_size
        points = size(attributes.get("defaultRowHeight", ""))
        digits = size(attributes.get("defaultColWidth", ""))
        self.facts.usual_size = (
            int(points * 12_700) if points >= 0 else height,
            int(digits * 7 * 9_525) if digits >= 0 else width,
        )
        grid.default_hides_rows = (
            is_true(attributes.get("zeroHeight", "0"))
            or 0 <= size(attributes.get("defaultRowHeight", "15")) < NO_SIZE
        )
        grid.default_hides_columns = 0 <= size(attributes.get("defaultColWidth", "8")) < NO_SIZE
        grid.default_makes_row_spacers = (
            NO_SIZE <= size(attributes.get("defaultRowHeight", "15")) < 3
        )
        grid.default_makes_column_spacers = (
            NO_SIZE <= size(attributes.get("defaultColWidth", "8")) < 0.5
        )

    def col(self, attributes: Mapping[str, str]) -> None:
        """``col`` (18.3.1.13)."""
        self._before_rows()
        width = -1.0 if "width" not in attributes else size(attributes["width"])
        hidden = is_true(attributes.get("hidden", ""))
        first, last = whole(attributes.get("min", "")), whole(attributes.get("max", ""))
        self.facts.grid.declare(first, last, hidden, width)
        style = whole(attributes.get("style", ""))
        if style:
            self.facts.column_styles.append((first, last, style))
        self.facts.styles_used.add(style)
        if not hidden and not 0 <= width < NO_SIZE:
            self.facts.notes[UNSHOWN] += style in self.around.styles.worded

    def auto_filter(self, attributes: Mapping[str, str]) -> None:
        """``autoFilter`` (18.3.1.2)."""
        self.facts.filter_area = area_reference(attributes.get("ref", ""))

    def formatting(self, attributes: Mapping[str, str]) -> None:
        """``conditionalFormatting`` (18.3.1.18)."""
        self._formatted = attributes.get("sqref", "")

    def rule(self, attributes: Mapping[str, str]) -> None:
        """``cfRule`` (18.3.1.10): one that may paint leaves open what lies under its cells."""
        number = whole(attributes.get("dxfId", "").strip(), -1)
        paints = attributes.get("type") in ("colorScale", "dataBar")
        if paints or number in self.around.styles.faces.painting:
            self.facts.unsure += areas_of(self._formatted)
            self._formatted = ""

    def picture(self, attributes: Mapping[str, str]) -> None:
        """``picture`` (18.3.1.67): the background of the sheet."""
        self.facts.has_picture = True
        self.facts.background = attributes.get("r:id", "")

    def merge(self, attributes: Mapping[str, str]) -> None:
        """``mergeCell`` (18.3.1.55)."""
        area = area_reference(attributes.get("ref", ""))
        if area is not None and area[:2] != area[2:]:
            self.facts.merges.append(area)
            if len(self.facts.merges) > self.around.limits.cells:
                raise too_large(
                    "has more merged areas than the policy allows", place=self.facts.place
                )

    def hyperlink(self, attributes: Mapping[str, str]) -> None:
        """``hyperlink`` (18.3.1.47)."""
        area = area_reference(attributes.get("ref", ""))
        texts = ("tooltip" in attributes) + ("display" in attributes)
        if area is None or len(self.facts.links) > _MOST_LINKS:
            self.facts.notes["xlsx.ws.hyperlink-target"] += 1
            return
        self.facts.links.append(
            Link(area, attributes.get("r:id", ""), attributes.get("location", ""), texts)
        )

    def header_footer(self, attributes: Mapping[str, str]) -> None:
        """``headerFooter`` (18.3.1.46)."""
        self.facts.different_first = is_true(attributes.get("differentFirst", "0"))
        self.facts.different_odd_even = is_true(attributes.get("differentOddEven", "0"))

    def calculation(self, attributes: Mapping[str, str]) -> None:
        """``sheetCalcPr`` (18.3.1.84)."""
        self.facts.full_calculation = is_true(attributes.get("fullCalcOnLoad", "0"))

    def properties(self, attributes: Mapping[str, str]) -> None:
        """``sheetPr`` (18.3.1.82)."""
        traces = ("codeName", "syncRef", "published", "filterMode", "transitionEvaluation")
        self.facts.notes["xlsx.sheet.selection"] += sum(name in attributes for name in traces)

    def drawing(self, attributes: Mapping[str, str]) -> None:
        """``drawing`` (18.3.1.36)."""
        self.facts.drawing = self.facts.drawing or attributes.get("r:id", "")

    def legacy_drawing(self, attributes: Mapping[str, str]) -> None:
        """``legacyDrawing`` (18.3.1.54)."""
        self.facts.legacy = self.facts.legacy or attributes.get("r:id", "")

    def header_drawing(self, attributes: Mapping[str, str]) -> None:
        """``legacyDrawingHF`` (18.3.1.51)."""
        self.facts.headed = self.facts.headed or attributes.get("r:id", "")

    def dimension(self, attributes: Mapping[str, str]) -> None:
        """``dimension`` (18.3.1.35): an extent beyond the cells tells of others."""
        area = area_reference(attributes.get("ref", ""))
        if area is not None:
            self.extent = area[2:]

    def compare_extent(self, last_row: int, last_column: int) -> None:
        """Count an extent beyond the rows and columns that the sheet has."""
        beyond = self.extent[0] > last_row or self.extent[1] > last_column
        if beyond and not self.facts.merges:
            self.facts.notes["xlsx.sheet.selection"] += 1


_HANDLERS: dict[tuple[str, str], Callable[[Elements, Mapping[str, str]], None]] = {
    ("x:sheetViews", "x:sheetView"): Elements.sheet_view,
    ("x:sheetViews", "x:pane"): Elements.pane,
    ("x:sheetFormatPr", "x:sheetFormatPr"): Elements.format,
    ("x:cols", "x:col"): Elements.col,
    ("x:conditionalFormatting", "x:conditionalFormatting"): Elements.formatting,
    ("x:conditionalFormatting", "x:cfRule"): Elements.rule,
    ("x:picture", "x:picture"): Elements.picture,
    ("x:mergeCells", "x:mergeCell"): Elements.merge,
    ("x:autoFilter", "x:autoFilter"): Elements.auto_filter,
    ("x:hyperlinks", "x:hyperlink"): Elements.hyperlink,
    ("x:headerFooter", "x:headerFooter"): Elements.header_footer,
    ("x:sheetCalcPr", "x:sheetCalcPr"): Elements.calculation,
    ("x:sheetPr", "x:sheetPr"): Elements.properties,
    ("x:dimension", "x:dimension"): Elements.dimension,
    ("x:drawing", "x:drawing"): Elements.drawing,
    ("x:legacyDrawing", "x:legacyDrawing"): Elements.legacy_drawing,
    ("x:legacyDrawingHF", "x:legacyDrawingHF"): Elements.header_drawing,
}
