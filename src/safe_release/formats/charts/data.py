"""This module is the data of a chart: cells of the copy and what they hold, or the points alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Final, TypeVar
from xml.etree.ElementTree import Element as Node

from safe_release.formats.charts.cells import CopyCells, Value
from safe_release.formats.charts.hidden import HiddenSheets
from safe_release.formats.charts.nodes import child, children, points, put, value
from safe_release.formats.charts.references import Locate, Names, carried, parse, write
from safe_release.formats.xlsx.axis import Reference
from safe_release.formats.xlsx.cells import canonical_number
from safe_release.formats.xlsx.numbers import number_format
from safe_release.formats.xlsx.strings import decode

_T = TypeVar("_T")
MOST_POINTS: Final = 100_000
"""Points of one series that a chart holds itself (three times what Excel 2007 plots)."""
_SEEN: Final = Decimal("0.01")
"""How far a mark may move, of the distance between the lowest and the highest."""
_REFERENCES: Final = ("c:numRef", "c:strRef", "c:multiLvlStrRef")
_LITERALS: Final = ("c:numLit", "c:strLit")


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the data of charts may come from.

    ``locate`` knows the sheets of the copy, ``hidden`` reads those that stay behind.
    """

    names: Names
    locate: Locate
    hidden: HiddenSheets
    is_1904: bool
    is_first_version: bool
    trusts_formulas: bool
    """Whether the values that the source stores for formulas are those that the copy shows."""


class Data:
    """Judges the places that one chart is drawn from."""

    def __init__(self, sources: Sources, cells: CopyCells, *, only_visible: bool) -> None:
        self._sources = sources
        self._cells = cells
        self._only_visible = only_visible
        self._moved: dict[str, tuple[Reference, ...] | None] = {}
        self._masked: dict[tuple[str, str], bool] = {}
        self.keeps_references = True
        """Whether what is drawn from cells of the copy goes on being drawn from them."""

    def of(self, holder: Node, name: str = "") -> Node | None:
        """What takes the place of a reference or literal; ``None`` where it plots nothing.

        Values without a number plot nothing either, but a legend has their series, and what error
        bars have at their other end shows: they stay.
        """
        names = (name,) if name else (*_REFERENCES, *_LITERALS)
        node = next(iter(children(holder, *names)), None)
        if node is None:
            return None
        if node.tag in _LITERALS:
            made = _literal(node.tag, node, points(node))
            is_kept = child(made, "c:pt") is not None or _may_be_empty(holder, made)
            return made if is_kept else None
        return self._carried(holder, node, keeps=bool(name) or self.keeps_references)

    def is_own(self, holder: Node, *, is_painted: bool) -> bool:
        """Whether the chart itself will hold the points, because no cells of the copy do.

        ``is_painted`` says whether texts among them would be painted.
        """
        for node in children(holder, *_REFERENCES, *_LITERALS)[:1]:
            if node.tag in _LITERALS:
                return child(node, "c:pt") is not None
            text = self._formula(node)
            moved = self.place(text)
            if moved is None:
                return child(self._points(node, text), "c:pt") is not None
            if node.tag == "c:strRef":
                return is_painted and self._leaves_names(node, text, moved)
            return self._is_masked(node, text, moved)
        return False

    def _leaves_names(self, node: Node, formula: str, moved: tuple[Reference, ...]) -> bool:
        """Whether names are painted that the copy's cells do not show, such as white ones."""
        cached = list(points(child(node, "c:strCache")))
        named = {at for at, text in self._plotted(cached, formula) if text.strip()}
        missing = named - {at for at, _ in self._cells.of(moved)} if named else named
        return bool(missing and missing & self._held_names(formula).keys())

    def _held_names(self, formula: str) -> dict[int, Value]:
        """These values without texts in whose place their format shows something else."""
        return {
            at: value
            for at, value in self._held_values(formula).items()
            if value.kind != "s"
            or number_format(value.code).string_as_displayed(value.text) is None
        }

    def _held_values(self, formula: str) -> dict[int, Value]:
        """What the source's cells of a formula hold, without those of hidden ones."""
        parsed = parse(formula, self._sources.names) or ()
        values = self._sources.hidden.values(
            parsed, only_constants=not self._sources.trusts_formulas
        )
        return dict(self._plotted(list(islice(values, MOST_POINTS)), formula, is_whole=True))

    def _is_masked(self, node: Node, formula: str, moved: tuple[Reference, ...]) -> bool:
        """Whether numbers are plotted that the copy's cells do not show: formats blank them or
        round them to a few steps, or rows and columns are too small to read."""
        key = formula, node.tag
        if key not in self._masked:
            missing = self._missing(node, formula, moved) if node.tag == "c:numRef" else set()
            held = self._held(formula) if missing else ()
            self._masked[key] = any(place in missing for place, _ in held)
        return self._masked[key]

    def _missing(self, node: Node, formula: str, moved: tuple[Reference, ...]) -> set[int]:
        """The points of the source's cache that the copy's cells have not, or elsewhere."""
        cached = self._plotted(list(points(child(node, "c:numCache"))), formula)
        numbers = {
            place: Decimal(number)
            for place, text in cached
            if (number := canonical_number(text)) is not None
        }
        if not numbers:
            return set()
        shown = {
            place: Decimal(value.text)
            for place, value in self._cells.of(moved)
            if value.kind == "n"
        }
        low, high = min(numbers.values()), max(numbers.values())
        allowed = (high - low or abs(high)) * _SEEN
        return {
            place
            for place, number in numbers.items()
            if place not in shown or abs(shown[place] - number) > allowed
        }

    def _held(self, formula: str) -> list[tuple[int, str]]:
        """The numbers among these values."""
        held = self._held_values(formula).items()
        return [(at, value.text) for at, value in held if value.kind == "n"]

    def place(self, formula: str) -> tuple[Reference, ...] | None:
        """The cells of the copy that a formula of the source names; see ``carried``."""
        if formula not in self._moved:
            found = parse(formula, self._sources.names)
            self._moved[formula] = carried(
                found, self._sources.locate, only_visible=self._only_visible
            )
        return self._moved[formula]

    @staticmethod
    def _formula(node: Node) -> str:
        formula = child(node, "c:f")
        return (formula.text or "") if formula is not None else ""

    def _carried(self, holder: Node, node: Node, *, keeps: bool) -> Node | None:
        text = self._formula(node)
        moved = self.place(text)
        if moved == ():
            return None
        if moved is None or not keeps:
            made = self._points(node, text) if moved is None else self._taken(node, text, moved)
            is_empty = child(made, "c:pt") is None
            return None if is_empty and (not moved or not _may_be_empty(holder, made)) else made
        made = Node(node.tag)
        put(made, "c:f").text = write(moved)
        if self._cells.is_complete:
            made.append(self._cache(node.tag, moved))
        return made

    # -- caches of cells ------------------------------------------------------------------------

    def _cache(self, tag: str, moved: tuple[Reference, ...]) -> Node:
        if tag == "c:multiLvlStrRef":
            return self._levels(moved)
        found = list(self._cells.of(moved))
        if tag == "c:strRef":
            cache = Node("c:strCache")
            shown = [(place, self.text(value)) for place, value in found]
        else:
            cache = Node("c:numCache")
            numbers = [(place, value) for place, value in found if value.kind == "n"]
            code = numbers[0][1].code if numbers else "General"
            put(cache, "c:formatCode").text = code
            shown = [(place, value.text) for place, value in numbers]
        _fill(cache, shown, _size(moved, shown))
        return cache

    def _levels(self, moved: tuple[Reference, ...]) -> Node:
        """Categories on several levels (21.2.2.95): the innermost comes first."""
        cache = Node("c:multiLvlStrCache")
        area = moved[0].area
        tall = area.last_row - area.first_row + 1
        wide = area.last_column - area.first_column + 1
        levels: dict[int, list[tuple[int, str]]] = {}
        for place, found in self._cells.of(moved[:1]):
            row, column = divmod(place, wide)
            level, at = (column, row) if tall >= wide else (row, column)
            levels.setdefault(level, []).append((at, self.text(found)))
        last = max((at for level in levels.values() for at, _ in level), default=-1)
        count = last + 1 if area.kind != "cells" else max(tall, wide)
        put(cache, "c:ptCount", str(count))
        for level in range(min(tall, wide, 64) - 1, -1, -1):
            _points(put(cache, "c:lvl"), levels.get(level, ()))
        return cache

    def text(self, value: Value) -> str:
        """What a cell shows."""
        if value.kind == "b":
            return "TRUE" if value.text == "1" else "FALSE"
        if value.kind == "n":
            return self.number_text(value.text, value.code)
        return value.text

    def number_text(self, number: str, code: str) -> str:
        """What a number shows under a format."""
        return number_format(code).text(number, self._sources.is_1904).strip()

    # -- points of the source's cache -----------------------------------------------------------

    def _points(self, node: Node, formula: str) -> Node:
        """The points as the source's cache has them, or else the cells of a hidden sheet."""
        tag = "c:numLit" if node.tag == "c:numRef" else "c:strLit"
        if node.tag == "c:multiLvlStrRef":
            cache, found = None, _flat(child(node, "c:multiLvlStrCache"))
        else:
            cache = child(node, "c:numCache" if tag == "c:numLit" else "c:strCache")
            found = list(points(cache))
        if not found:
            return self._hidden_cells(node.tag, formula)
        return _literal(tag, cache, self._plotted(found, formula))

    def _hidden_cells(self, kind: str, formula: str) -> Node:
        parsed = parse(formula, self._sources.names)
        if parsed is None or any(self._sources.locate(sheet or "") for sheet, _ in parsed):
            return Node(kind)
        return self._taken_from(kind, parsed, self._sources.hidden.values(parsed), formula)

    def _taken(self, node: Node, formula: str, moved: tuple[Reference, ...]) -> Node:
        """The points that cells of the copy hold, and those that they do not show."""
        if node.tag != "c:numRef":
            values = dict(self._cells.of(moved)) | self._held_names(formula)
            return self._taken_from(node.tag, moved, sorted(values.items()), "")
        made = self._taken_from(node.tag, moved, self._cells.of(moved), "")
        held = [at for at in self._held_values(formula).items() if at[1].kind == "n"]
        if not held:
            return made
        shown, own = dict(points(made)), {at: value.text for at, value in held}
        numbers = shown | own if self._is_masked(node, formula, moved) else own | shown
        form, found = Node(""), sorted(numbers.items())
        put(form, "c:formatCode").text = held[0][1].code
        put(form, "c:ptCount", str(_size(moved, found)))
        return _literal("c:numLit", form, found)

    def _taken_from(
        self,
        kind: str,
        places: tuple[Reference, ...],
        held: Iterable[tuple[int, Value]],
        formula: str,
    ) -> Node:
        tag = "c:numLit" if kind == "c:numRef" else "c:strLit"
        values = list(islice(held, MOST_POINTS))
        made = Node("")
        if tag == "c:numLit":
            values = [(place, value) for place, value in values if value.kind == "n"]
            if values:
                put(made, "c:formatCode").text = values[0][1].code
            shown = [(place, value.text) for place, value in values]
        else:
            shown = [(place, self.text(value)) for place, value in values]
        if kind == "c:multiLvlStrRef":
            area = places[0].area
            wide = area.last_column - area.first_column + 1
            tall = area.last_row - area.first_row + 1
            names: dict[int, list[str]] = {}
            for place, text in shown:
                names.setdefault(place // wide if tall >= wide else place % wide, []).append(text)
            return _literal(tag, made, [(at, " ".join(parts)) for at, parts in names.items()])
        put(made, "c:ptCount", str(_size(places, shown)))
        return _literal(tag, made, self._plotted(shown, formula, is_whole=True))

    def _plotted(
        self, found: list[tuple[int, _T]], formula: str, *, is_whole: bool = False
    ) -> Iterable[tuple[int, _T]]:
        """Points without those of hidden rows and columns, where these are not plotted."""
        parsed = parse(formula, self._sources.names)
        if parsed is None or not self._only_visible:
            return found
        shown = list(islice(self._shown(parsed), MOST_POINTS))
        left = [at for at, is_shown in enumerate(shown) if is_shown]
        places = {place: new for new, place in enumerate(left)}
        is_short = not is_whole and all(at < len(places) for at, _ in found)
        if len(places) == len(shown) or is_short:
            return found  # the writer left the hidden ones out itself
        return [(places[at], text) for at, text in found if at in places]

    def _shown(self, references: Iterable[Reference]) -> Iterator[bool]:
        for sheet, area in references:
            # Workbooks elsewhere hide what they hide: their cache has what is plotted.
            maps = self._sources.locate(sheet or "") or self._sources.hidden.maps(sheet or "")
            for row in range(area.first_row, area.last_row + 1):
                is_row_shown = maps is None or maps.rows.new(row) is not None
                for column in range(area.first_column, area.last_column + 1):
                    yield is_row_shown and (maps is None or maps.columns.new(column) is not None)


def _may_be_empty(holder: Node, made: Node) -> bool:
    return made.tag == "c:numLit" and holder.tag in ("c:val", "c:yVal", "c:plus", "c:minus")


def _size(moved: tuple[Reference, ...], shown: list[tuple[int, str]]) -> int:
    """How many points there are; of whole columns as many as reach to the last one."""
    if any(area.kind != "cells" for _, area in moved):
        return shown[-1][0] + 1 if shown else 0
    return sum(
        (area.last_row - area.first_row + 1) * (area.last_column - area.first_column + 1)
        for _, area in moved
    )


def _fill(node: Node, shown: Iterable[tuple[int, str]], count: int) -> None:
    put(node, "c:ptCount", str(count))
    _points(node, shown)


def _points(node: Node, shown: Iterable[tuple[int, str]]) -> None:
    for place, text in shown:
        point = put(node, "c:pt")
        point.set("idx", str(place))
        put(point, "c:v").text = text


def _literal(tag: str, source: Node | None, found: Iterable[tuple[int, str]]) -> Node:
    """Points that the chart holds itself (21.2.2.122, 21.2.2.205)."""
    made = Node(tag)
    kept: list[tuple[int, str]] = []
    for place, text in found:
        if place >= MOST_POINTS:
            break
        shown = canonical_number(text) if tag == "c:numLit" else decode(text)
        if shown:
            kept.append((place, shown))
    code = child(source, "c:formatCode")
    if tag == "c:numLit":
        put(made, "c:formatCode").text = (code.text if code is not None else "") or "General"
    size = value(source, "c:ptCount") or ""
    count = int(size) if size.isascii() and size.isdigit() and len(size) < 7 else 0
    _fill(made, kept, max(min(count, MOST_POINTS), kept[-1][0] + 1 if kept else 0))
    return made


def _flat(cache: Node | None) -> list[tuple[int, str]]:
    """Names on several levels as one: outer ones stand before the first of their group."""
    names: dict[int, list[str]] = {}
    for level in reversed(children(cache, "c:lvl")) if cache is not None else ():
        for place, text in points(level):
            names.setdefault(place, []).append(text)
    return [(place, " ".join(parts)) for place, parts in sorted(names.items())]
