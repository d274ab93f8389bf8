"""What a chart says (ECMA-376-1 21.2), from its part and the cells that it is drawn from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from safe_release.inspectors.charts.cells import Cell, Cells, shown_text
from safe_release.inspectors.charts.formulas import Place, hides_some, moved, places
from safe_release.inspectors.charts.readings import ChartReading, Data, Series
from safe_release.inspectors.charts.unpainted import is_deleted, last_point, unseen_runs
from safe_release.inspectors.grid import Grid
from safe_release.inspectors.number_formats import number_format
from safe_release.inspectors.raw_xml import Node
from safe_release.inspectors.texts import canonical_number, cell_text, is_true

MOST_POINTS = 100_000
KINDS = """area area3D line line3D stock radar scatter pie pie3D doughnut bar bar3D ofPie surface
surface3D bubble""".split()
GROUPS = {f"c:{kind}Chart": kind for kind in KINDS}
_AXES = ("c:valAx", "c:catAx", "c:dateAx", "c:serAx")
_ROUND = ("pie", "pie3D", "doughnut", "ofPie")
_SOURCES = ("c:numRef", "c:strRef", "c:multiLvlStrRef", "c:numLit", "c:strLit")
_VALUES = ("c:val", "c:yVal")
_ENDS = ("c:plus", "c:minus")
_FLAGS = ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")
_MOST_LABELS = 5000


@dataclass(frozen=True, slots=True)
class Eyes:
    """What a chart's reader knows of the workbook: names, grids of the visible sheets, cells."""

    names: Mapping[tuple[str, str], str]
    grid: Callable[[str], Grid | None]
    cells: Cells
    date1904: bool
    absent: bool
    """What a boolean element says that is left out: true, unless Office 2007 wrote it."""
    displayed: bool
    """Whether a number in a cell keeps only what its format shows."""
    colours: Mapping[str, str]
    """Those of the theme."""


def is_chart(root: Node) -> bool:
    """Whether a part is a chart of a kind that a copy can have."""
    return root.name == "c:chartSpace" and any(
        node.name in GROUPS
        for chart in root.all("c:chart")[:1]
        for area in chart.all("c:plotArea")[:1]
        for node in area.children
    )


def named_places(root: Node, names: Mapping[tuple[str, str], str]) -> Iterator[Place]:
    """Every cell that a chart names."""
    for node in root.everything():
        if node.name in ("c:f", "c15:f"):
            yield from places(node.text, names) or ()


class ChartReader:
    """Reads one chart of a source or of a copy."""

    def __init__(self, root: Node, place: str, eyes: Eyes) -> None:
        self._eyes = eyes
        self._place = place
        self._chart = root.all("c:chart")[0]
        self._area = self._chart.all("c:plotArea")[0]
        self._groups = [node for node in self._area.children if node.name in GROUPS]
        self._axes = [node for node in self._area.children if node.name in _AXES]
        self._only_visible = self._flag(self._chart, "c:plotVisOnly", absent=True)
        self._legend = self._chart.first("c:legend")
        self._table = self._area.first("c:dTable") is not None
        self._unseen = unseen_runs(root, eyes.colours)
        self.leaves = len(self._unseen)
        """How much the chart is drawn from that a copy has not."""

    def read(self) -> ChartReading:
        """What the chart says."""
        series: list[Series] = []
        position = -1
        for group in self._groups:
            for node in group.all("c:ser"):
                position += 1
                found = self._series(group, node, position)
                if found is not None:
                    series.append(found)
                else:
                    self.leaves += 1
        kinds = tuple(GROUPS[group.name] for group in self._groups)
        titles = tuple(self._titles())
        return ChartReading(self._place, kinds, tuple(series), titles, self._eyes.date1904)

    @staticmethod
    def _flag(node: Node | None, name: str, *, absent: bool) -> bool:
        found = node.first(name) if node is not None else None
        return absent if found is None else is_true(found.get("val", "1").strip())

    def _val(self, node: Node | None, *path: str) -> str:
        found = node.first(*path) if node is not None else None
        return found.get("val") if found is not None else ""

    # -- titles ---------------------------------------------------------------------------------

    def _titles(self) -> Iterator[str | tuple[Place, ...]]:
        holders = [self._chart, *self._axes]
        nodes = [title for holder in holders for title in holder.all("c:title")[:1]]
        nodes += [n for axis in self._axes for n in axis.all("c:dispUnits", "c:dispUnitsLbl")[:1]]
        for group in self._groups:
            for series in group.all("c:ser"):
                for trend in series.all("c:trendline"):
                    own = trend.all("c:trendlineLbl")[:1]
                    if self._says_something(trend):
                        nodes += own
                    else:
                        self.leaves += len(own)
        for node in nodes:
            linked = node.first("c:tx", "c:strRef")
            if linked is None:
                said: str | tuple[Place, ...] = written(node.first("c:tx", "c:rich"), self._unseen)
            else:
                cells = self._cells(linked)
                said = cells or _joined(linked.first("c:strCache"))
            if said:
                yield said

    def _says_something(self, trend: Node) -> bool:
        return any(
            self._flag(trend, name, absent=self._eyes.absent) for name in ("c:dispRSqr", "c:dispEq")
        )

    # -- series ---------------------------------------------------------------------------------

    def _series(self, group: Node, node: Node, position: int) -> Series | None:
        parts: dict[str, Data] = {}
        for name in _VALUES:
            for holder in node.all(name)[:1]:
                data = self._data(holder)
                if data is None:
                    return None
                parts[name] = self._measured(group, node, name, data)
        for name in ("c:cat", "c:xVal", "c:bubbleSize"):
            for holder in node.all(name)[:1]:
                data = self._data(holder)
                if data is not None:
                    self._put(parts, group, node, name, data)
        self._name(parts, group, node, position)
        self._bars(parts, group, node)
        for number, trend in enumerate(node.all("c:trendline")):
            for named in trend.all("c:name")[:1]:
                if self._is_in_legend(trend):
                    parts[f"c:name {number}"] = Data(texts={0: named.text})
                else:
                    self.leaves += 1
        labels, texts = self._labels(node)
        return Series(GROUPS[group.name], parts, labels, texts, last_point(node, group.name))

    def _is_in_legend(self, trend: Node) -> bool:
        """Whether the legend, in which trendlines follow all series, has an entry for one."""
        if self._legend is None:
            return False
        series = [node for group in self._groups for node in group.all("c:ser")]
        trends = [id(found) for node in series for found in node.all("c:trendline")]
        at = len(series) + trends.index(id(trend))
        entries = self._legend.all("c:legendEntry")
        return not any(
            _number(self._val(entry, "c:idx")) == at and is_deleted(entry) for entry in entries
        )

    def _bars(self, parts: dict[str, Data], group: Node, node: Node) -> None:
        """Error bars of lengths of their own (21.2.2.55)."""
        for number, bars in enumerate(node.all("c:errBars")):
            if self._val(bars, "c:errValType") != "cust":
                continue
            ends = {
                f"{name} {number}": self._data(holder)
                for name in _ENDS
                for holder in bars.all(name)[:1]
            }
            if all(data is not None for data in ends.values()):
                across = "c:xVal" if self._val(bars, "c:errDir") == "x" else "c:val"
                for name, data in ends.items():
                    if data is not None:
                        parts[name] = self._along(group, across, data)

    def _put(self, parts: dict[str, Data], group: Node, node: Node, name: str, data: Data) -> None:
        """Take in categories, places or sizes, as far as they are painted."""
        if data.cells:
            own: dict[str, Data] = {}
            held = []
            leaves = self.leaves
            for each in data.held:
                self._put(own, group, node, name, each)
                held += [own.pop(name)] if name in own else []
            self.leaves = leaves  # nothing is left behind where the cells are in the copy
            parts[name] = Data(cells=data.cells, held=tuple(held), is_idle=not held)
        elif data.texts is not None or (data.numbers is not None and name == "c:cat"):
            is_painted = self._labelled(group, node, "CatName")
            if name == "c:cat":
                is_painted = is_painted or self._paints_categories(group)
            if not is_painted:
                self.leaves += 1
            elif data.numbers is None:
                parts[name] = data
            else:
                code = self._category_code(group, data.code)
                dated = any(axis.name == "c:dateAx" for axis in self._axes_of(group))
                parts[name] = self._as_labels(data, code) if dated else self._as_names(data, code)
        else:
            parts[name] = self._along(group, name, data)

    def _measured(self, group: Node, node: Node, name: str, data: Data) -> Data:
        if data.cells:
            held = tuple(self._measured(group, node, name, each) for each in data.held)
            return Data(cells=data.cells, held=held)
        code = self._value_code(group, node)
        if code is None:
            return self._along(group, name, data)
        return self._as_labels(data, code or data.code)

    def _as_names(self, data: Data, code: str) -> Data:
        """Numbers on an axis of names, as they are painted."""
        shown = number_format(code)
        names = {
            at: shown.text_of(str(number), self._eyes.date1904).strip()
            for at, number in (data.numbers or {}).items()
        }
        return Data(texts={at: name for at, name in names.items() if name})

    @staticmethod
    def _as_labels(data: Data, code: str) -> Data:
        shown = number_format(code)
        numbers = {
            at: number
            for at, number in (data.numbers or {}).items()
            if shown.keeps_all_digits or shown.number_as_shown(str(number), False)[0] == "n"
        }
        return Data(numbers=numbers, code=code)

    def _along(self, group: Node, name: str, data: Data) -> Data:
        if data.cells:
            held = tuple(self._along(group, name, each) for each in data.held)
            return Data(cells=data.cells, held=held)
        name = "c:val" if name == "c:yVal" else name
        axes = [axis for axis in self._axes_of(group) if axis.name == "c:valAx"]
        if len(axes) == 2 and name != "c:bubbleSize":
            wanted = [
                axis
                for axis in axes
                if (self._val(axis, "c:axPos") in ("b", "t")) == (name == "c:xVal")
            ]
            axes = wanted or axes
        ids = [self._val(axis, "c:axId") for axis in axes] or [str(self._groups.index(group))]
        length, is_logarithmic = None, False
        if len(axes) == 1 and name != "c:bubbleSize":
            ends = [canonical_number(self._val(axes[0], "c:scaling", f"c:{end}"))
                    for end in ("min", "max")]  # fmt: skip
            if ends[0] is not None and ends[1] is not None:
                length = abs(Decimal(ends[1]) - Decimal(ends[0])) or None
            base = self._val(axes[0], "c:scaling", "c:logBase")
            is_logarithmic = canonical_number(base) is not None
        return Data(
            numbers=data.numbers,
            axis=" ".join((name, *ids)),
            length=length,
            is_logarithmic=is_logarithmic,
        )

    def _axes_of(self, group: Node) -> list[Node]:
        by_id: dict[str, Node] = {}
        for axis in self._axes:
            by_id.setdefault(self._val(axis, "c:axId"), axis)
        ids = [node.get("val") for node in group.all("c:axId")]
        return [by_id[id_] for id_ in ids if id_ in by_id]

    # -- what is painted as text ----------------------------------------------------------------

    def _name(self, parts: dict[str, Data], group: Node, node: Node, position: int) -> None:
        for text in node.all("c:tx")[:1]:
            linked = text.first("c:strRef")
            if linked is not None:
                cells = self._cells(linked)
                if cells:
                    parts["c:tx"] = Data(cells=cells)
                    return
                if cells == ():
                    self.leaves += 1
                    return
                points = self._points(linked).texts or {}
                said = " ".join(said for _, said in sorted(points.items()))
            else:
                said = "".join(cell.text for cell in text.all("c:v"))
            if said and self._paints_names(group, node, position):
                parts["c:tx"] = Data(texts={0: said})
            else:
                self.leaves += bool(said)

    def _paints_names(self, group: Node, node: Node, position: int) -> bool:
        struck = [
            self._val(entry, "c:idx")
            for entry in (self._legend.all("c:legendEntry") if self._legend is not None else ())
            if self._flag(entry, "c:delete", absent=False)
        ]
        if self._legend is not None and str(position) not in struck:
            return True
        if self._table or self._labelled(group, node, "SerName"):
            return True
        deep = [axis for axis in self._axes if axis.name == "c:serAx"]
        if any(not self._flag(axis, "c:delete", absent=self._eyes.absent) for axis in deep):
            return True
        title = self._chart.first("c:title")
        if title is not None:
            return title.first("c:tx") is None
        count = sum(len(each.all("c:ser")) for each in self._groups)
        without = self._flag(self._chart, "c:autoTitleDeleted", absent=self._eyes.absent)
        return count == 1 and not without

    def _paints_categories(self, group: Node) -> bool:
        if self._table or (GROUPS[group.name] in _ROUND and self._legend is not None):
            return True
        return GROUPS[group.name] not in _ROUND and any(
            self._val(axis, "c:tickLblPos") != "none"
            and not self._flag(axis, "c:delete", absent=self._eyes.absent)
            for axis in self._axes_of(group)
            if axis.name in ("c:catAx", "c:dateAx")
        )

    def _category_code(self, group: Node, own: str) -> str:
        for axis in self._axes_of(group):
            found = axis.first("c:numFmt")
            if axis.name in ("c:catAx", "c:dateAx") and found is not None:
                if found.get("sourceLinked", "1") in ("0", "false"):
                    return found.get("formatCode", "General")
        return own or "General"

    def _labelled(self, group: Node, node: Node, flag: str) -> bool:
        labels = node.first("c:dLbls") or group.first("c:dLbls")
        if labels is None or is_deleted(labels):
            return False
        nodes = [labels, *labels.all("c:dLbl")]
        return any(
            self._flag(each, f"c:show{flag}", absent=self._eyes.absent)
            for each in nodes
            if not self._flag(each, "c:delete", absent=False)
        )

    def _value_code(self, group: Node, node: Node) -> str | None:
        if self._table:
            return ""
        if not self._labelled(group, node, "Val"):
            return None
        for labels in (node.first("c:dLbls"), group.first("c:dLbls")):
            found = labels.first("c:numFmt") if labels is not None else None
            if found is not None and found.get("sourceLinked", "0") in ("0", "false"):
                return found.get("formatCode")
        return ""

    def _labels(self, node: Node) -> tuple[dict[int, str], dict[int, str]]:
        """By point: the pattern of a label with a text of its own, and the text as it is."""
        labels = node.first("c:dLbls")
        if labels is None or is_deleted(labels):
            return {}, {}
        said: dict[int, str] = {}
        texts: dict[int, str] = {}
        for cache in islice((n for n in node.everything() if n.name == "c15:dlblRangeCache"), 1):
            texts = dict(_points_in(cache))
        found: dict[int, str] = {}
        present = self._by_point(labels)
        for at, label in present.items():
            ranged = texts.get(at, "") if _shows_range(label) else ""
            rich = label.first("c:tx", "c:rich")
            if self._flag(label, "c:delete", absent=False):
                continue
            shows = self._shows(label)
            linked = label.first("c:tx", "c:strRef")
            if linked is not None:
                cells, text = self._cells(linked), _joined(linked.first("c:strCache"))
                if cells and shows:
                    found.setdefault(at, re.escape(_spelled(cells)))
                    said.setdefault(at, _spelled(cells))
                elif text and shows:
                    found.setdefault(at, re.escape(text))
                    said.setdefault(at, text)
                continue
            if rich is not None and (shows or ranged):
                found.setdefault(at, _pattern(rich, ranged, self._unseen))
                said.setdefault(at, written(rich, self._unseen))
            elif rich is None and ranged:
                found.setdefault(at, re.escape(ranged) + (".*" if shows else ""))
        if _shows_range(labels):
            for at in sorted(set(texts) - set(present))[:_MOST_LABELS]:
                found[at] = re.escape(texts[at]) + (".*" if self._shows(labels) else "")
        return found, said

    def _by_point(self, labels: Node) -> dict[int, Node]:
        """The labels of single points; of two for one point the first counts."""
        found: dict[int, Node] = {}
        for label in labels.all("c:dLbl"):
            found.setdefault(_number(self._val(label, "c:idx")), label)
        return found

    def _shows(self, labels: Node) -> bool:
        return any(self._flag(labels, f"c:show{flag}", absent=self._eyes.absent) for flag in _FLAGS)

    # -- data -----------------------------------------------------------------------------------

    def _data(self, holder: Node) -> Data | None:
        """Cells of the copy or points of the chart's own; ``None`` where there is nothing."""
        for node in holder.children:
            if node.name not in _SOURCES:
                continue
            if node.name in ("c:numLit", "c:strLit"):
                found = _literal(node, dict(_points_in(node)))
            else:
                cells = self._cells(node)
                if cells is not None:
                    is_value = node.name == "c:numRef" and holder.name in (*_VALUES, *_ENDS)
                    return Data(cells=cells, held=self._held(node, is_value)) if cells else None
                self.leaves += 1
                found = self._points(node)
            is_empty_literal = node.name == "c:numLit" and holder.name in (*_VALUES, *_ENDS)
            return found if found.numbers or found.texts or is_empty_literal else None
        return None

    def _held(self, node: Node, is_value: bool) -> tuple[Data, ...]:
        """What visible cells hold and what they show, as points of the chart's own.

        A series whose cells hold no number is one still, which a legend has.
        """
        formula = node.first("c:f")
        named = places(formula.text, self._eyes.names) if formula is not None else None
        found = [self._from_cells(node, named or [], shown=shown) for shown in (True, False)]
        return tuple(data for data in found if data.numbers or data.texts or is_value)

    def _cells(self, node: Node) -> tuple[Place, ...] | None:
        """Where the cells stand in a copy; ``None`` where it has not what is plotted."""
        formula = node.first("c:f")
        named = places(formula.text, self._eyes.names) if formula is not None else None
        if named is None:
            return None
        found = []
        for place in named:
            grid = self._eyes.grid(place.sheet)
            if grid is None or (not self._only_visible and hides_some(place, grid)):
                return None
            self.leaves += hides_some(place, grid)
            where = moved(place, grid)
            found += [where] if where is not None else []
        return tuple(found)

    def _points(self, node: Node) -> Data:
        """The points in the cache, or else in the cells of a hidden sheet."""
        formula = node.first("c:f")
        named = places(formula.text, self._eyes.names) if formula is not None else None
        cache = node.first("c:numCache") or node.first("c:strCache")
        if node.name == "c:multiLvlStrRef":
            cache = node.first("c:multiLvlStrCache")
            points = _levels(cache) if cache is not None else {}
        else:
            points = dict(_points_in(cache)) if cache is not None else {}
        if points:
            return _literal(node, self._unhidden(points, named, whole=False), cache)
        if named is None or any(self._eyes.grid(place.sheet) is not None for place in named):
            return _literal(node, {})
        return self._from_cells(node, named, shown=False)

    def _from_cells(self, node: Node, named: list[Place], *, shown: bool) -> Data:
        """The points that cells show, without those of hidden ones where these are not plotted."""
        cells = list(islice(self._eyes.cells.inside(named), MOST_POINTS))
        if node.name == "c:numRef":
            numbers = [(at, cell) for at, cell in cells if cell.kind == "n"]
            points = {at: text for at, cell in numbers if (text := self._kept(cell, shown))}
            data = _literal(node, self._unhidden(points, named, whole=True))
            codes = self._unhidden({at: cell.code for at, cell in numbers}, named, whole=True)
            code = codes[min(codes)] if codes else ""
            return Data(numbers=data.numbers, code=code)
        points = {at: self._name_of(cell) for at, cell in cells}
        if node.name == "c:multiLvlStrRef":
            top, left, bottom, right = named[0].area
            wide, tall = right - left + 1, bottom - top + 1
            names: dict[int, list[str]] = {}
            for at, text in sorted(points.items()):
                names.setdefault(at // wide if tall >= wide else at % wide, []).append(text)
            return _literal(node, {at: " ".join(texts) for at, texts in names.items()})
        return _literal(node, self._unhidden(points, named, whole=True))

    def _name_of(self, cell: Cell) -> str:
        """What a cell shows as a name; of texts what a copy has of them."""
        if cell.kind == "s" and self._eyes.displayed:
            shown = number_format(cell.code).string_as_shown(cell.text)
            return cell.text if shown is None else shown
        return shown_text(cell, self._eyes.date1904)

    def _kept(self, cell: Cell, shown: bool) -> str:
        """A number of a cell, or what a copy's cell has of it."""
        if not shown or not self._eyes.displayed:
            return cell.text
        kind, text = number_format(cell.code).number_as_shown(cell.text, self._eyes.date1904)
        return text if kind == "n" else ""

    def _unhidden(
        self, points: dict[int, str], named: list[Place] | None, *, whole: bool
    ) -> dict[int, str]:
        """Points without those of hidden cells, where these are not plotted."""
        if named is None or not self._only_visible:
            return points
        gone: list[bool] = []
        for place in named:
            grid = self._eyes.grid(place.sheet)
            if grid is not None:
                gone.extend(islice(_hidden_in(place, grid), MOST_POINTS - len(gone)))
            else:
                gone.extend(islice(self._eyes.cells.hides(place), MOST_POINTS - len(gone)))
        left = [at for at, is_gone in enumerate(gone) if not is_gone]
        if len(left) == len(gone) or (not whole and all(at < len(left) for at in points)):
            return points
        return {new: points[at] for new, at in enumerate(left) if at in points}


def _hidden_in(place: Place, grid: Grid) -> Iterator[bool]:
    top, left, bottom, right = place.area
    for row in range(top, bottom + 1):
        is_row_gone = not grid.row_in_copy(row)
        for column in range(left, right + 1):
            yield is_row_gone or not grid.column_map[column]


def _spelled(cells: tuple[Place, ...]) -> str:
    """Cells in the place of a text."""
    return "\x1f".join(f"{place.sheet}!{place.area}" for place in cells)


def _number(text: str) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else -1


def _points_in(node: Node) -> Iterator[tuple[int, str]]:
    seen = set()
    for point in node.all("c:pt") + node.all("c15:pt"):
        at = _number(point.get("idx"))
        value = point.first("c:v")
        if at >= 0 and at not in seen and value is not None:
            seen.add(at)
            yield at, value.text


def _levels(cache: Node) -> dict[int, str]:
    names: dict[int, list[str]] = {}
    for level in reversed(cache.all("c:lvl")):
        for at, text in sorted(_points_in(level)):
            names.setdefault(at, []).append(text)
    return {at: " ".join(texts) for at, texts in names.items()}


def _literal(node: Node, points: Mapping[int, str], cache: Node | None = None) -> Data:
    kept = {at: text for at, text in points.items() if at < MOST_POINTS}
    if node.name in ("c:numRef", "c:numLit"):
        numbers = {at: number for at, text in kept.items() if (number := canonical_number(text))}
        code = (cache or node).first("c:formatCode")
        return Data(
            numbers={at: Decimal(number) for at, number in numbers.items()},
            code=(code.text if code is not None else "") or "General",
        )
    return Data(texts={at: said for at, text in kept.items() if (said := cell_text(text))})


def _joined(cache: Node | None) -> str:
    return " ".join(text for _, text in sorted(_points_in(cache))) if cache is not None else ""


def written(rich: Node | None, unseen: set[int]) -> str:
    """What a text body says, its paragraphs as lines, without the runs that are out of sight."""
    lines = []
    for paragraph in rich.all("a:p") if rich is not None else ():
        line = ""
        for piece in paragraph.children:
            if id(piece) in unseen:
                continue
            if piece.name in ("a:r", "a:fld"):
                line += "".join(text.text for text in piece.all("a:t"))
            elif piece.name == "a:br":
                line += "\v"
        lines.append(line)
    return "\n".join(lines).strip("\n")


def _pattern(rich: Node, ranged: str, unseen: set[int]) -> str:
    """A pattern of what a label says: fields paint what their point has."""
    lines = []
    for paragraph in rich.all("a:p"):
        line = ""
        for piece in paragraph.children:
            if id(piece) in unseen:
                continue
            if piece.name == "a:fld":
                line += re.escape(ranged) if piece.get("type") == "CELLRANGE" else ".*"
            elif piece.name == "a:r":
                line += re.escape("".join(text.text for text in piece.all("a:t")))
            elif piece.name == "a:br":
                line += "\v"
        lines.append(line)
    return "\n".join(lines).strip("\n")


def _shows_range(node: Node) -> bool:
    return any(
        is_true(each.get("val", "1"))
        for extensions in node.all("c:extLst")
        for each in extensions.everything()
        if each.name == "c15:showDataLabelsRange"
    )
