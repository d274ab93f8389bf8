"""This module is one chart, rebuilt: every place it is drawn from, judged and written anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final
from xml.etree.ElementTree import Element as Node

from safe_release.formats.charts.cells import CopyCells
from safe_release.formats.charts.data import Data, Sources
from safe_release.formats.charts.defaults import SHOWS, spell_out
from safe_release.formats.charts.grammar import AXES, CHART, GROUPS
from safe_release.formats.charts.kinds import separator
from safe_release.formats.charts.labels import bake_fields, bake_labels
from safe_release.formats.charts.nodes import (
    child,
    children,
    is_on,
    only,
    points,
    put,
    text_of,
    value,
)
from safe_release.formats.charts.references import Names, parse
from safe_release.formats.charts.rounding import by_format, rounded
from safe_release.formats.charts.unpainted import (
    drop_beyond,
    drop_looks,
    drop_taken_off,
    drop_unlinked,
    drop_unnamed,
    drop_unseen,
)
from safe_release.formats.drawingml.colors import Palette
from safe_release.formats.gate import Gate
from safe_release.formats.ledger import Ledger
from safe_release.formats.opc import XML_DECLARATION
from safe_release.formats.xlsx.axis import Reference
from safe_release.formats.xlsx.cells import canonical_number

_CHART: Final = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
_ROUND: Final = frozenset(("c:pieChart", "c:pie3DChart", "c:doughnutChart", "c:ofPieChart"))
_SCATTERED: Final = frozenset(("c:scatterChart", "c:bubbleChart"))
_ROLES: Final = ("c:val", "c:yVal", "c:xVal", "c:bubbleSize")
_FINER: Final = 2
"""Digits more where shares are painted as numbers."""


def is_chart(root: Node) -> bool:
    """Whether a part has a chart of a kind that can be rebuilt."""
    area = child(root, "c:chart", "c:plotArea")
    return root.tag == "c:chartSpace" and area is not None and bool(children(area, *GROUPS))


def only_visible(root: Node) -> bool:
    """Whether hidden cells are not plotted; one that does not say is taken to hide them."""
    return is_on(child(root, "c:chart"), "c:plotVisOnly", absent=True)


def wanted(root: Node, names: Names) -> Iterator[tuple[Reference, ...]]:
    """The cells of the source that a chart names."""
    for node in root.iter():
        if node.tag in ("c:f", "c15:f") and node.text:
            found = parse(node.text, names)
            if found is not None:
                yield found


@dataclass(slots=True)
class _Axis:
    """Numbers that are painted along one axis, and where they are written."""

    nodes: list[Node] = field(default_factory=list)
    extent: Decimal | None = None
    finer: bool = False
    is_logarithmic: bool = False


class ChartWriter:
    """Turns the tree of a source's chart into the markup of the copy's."""

    def __init__(
        self, root: Node, sources: Sources, cells: CopyCells, palette: Palette, ledger: Ledger
    ) -> None:
        self._root = root
        self._palette = palette
        self._sources = sources
        self._ledger = ledger
        self._data = Data(sources, cells, only_visible=only_visible(root))
        chart, area = child(root, "c:chart"), child(root, "c:chart", "c:plotArea")
        if chart is None or area is None:
            raise AssertionError("is_chart was not asked")
        self._chart, self._area = chart, area
        self._groups = children(area, *GROUPS)
        self._axes_by_id = {
            value(axis, "c:axId") or "": axis for axis in reversed(children(area, *AXES))
        }
        self._number_axes: dict[object, _Axis] = {}
        self._absent = True
        """What a boolean that is left out says."""

    def markup(self) -> str:
        """The part."""
        drop_taken_off(self._groups)
        bake_labels(self._groups)
        self._choose_style()
        self._absent = not self._sources.is_first_version
        if not self._absent:
            spell_out(self._root)
        drop_unnamed(self._chart, self._groups, absent=self._absent)
        self._titles()
        self._series()
        self._round()
        for group in self._groups:
            for series in children(group, "c:ser"):
                bake_fields(series, self._data)
        for piece in list(self._root.iter("a:fld")):
            piece.tag = "a:r"  # a field shows what stands in it (21.1.2.2.4)
            piece.attrib.clear()
        self._silence_labels()
        drop_looks(self._area, self._chart, self._groups, absent=self._absent)
        drop_unlinked(self._root)
        drop_beyond(self._groups)
        drop_unseen(self._root, self._palette)
        only(self._chart, "c:plotVisOnly", Node("c:plotVisOnly", {"val": "1"}))
        self._renumber_axes()
        return self._write()

    def _choose_style(self) -> None:
        """The style that every reader knows (21.2.2.227) of those offered to newer ones."""
        for alternate in children(self._root, "mc:AlternateContent"):
            style = child(alternate, "mc:Fallback", "c:style")
            if style is not None and child(self._root, "c:style") is None:
                self._root.append(style)
            self._root.remove(alternate)

    # -- texts ----------------------------------------------------------------------------------

    def _titles(self) -> None:
        holders = [self._chart, *children(self._area, *AXES)]
        for axis in children(self._area, *AXES):
            holders += children(axis, "c:dispUnits")
        for holder in holders:
            for title in children(holder, "c:title", "c:dispUnitsLbl"):
                self._linked_text(holder, title)
        for group in self._groups:
            for series in children(group, "c:ser"):
                for trend in children(series, "c:trendline"):
                    for label in children(trend, "c:trendlineLbl"):
                        self._linked_text(trend, label)
                for labels in children(series, "c:dLbls"):
                    for label in children(labels, "c:dLbl"):
                        self._linked_text(labels, label)

    def _linked_text(self, holder: Node, title: Node) -> None:
        text = child(title, "c:tx")
        reference = child(text, "c:strRef")
        if text is None or reference is None:
            return
        made = self._data.of(text, "c:strRef")
        if made is not None and made.tag == "c:strRef":
            only(text, "c:strRef", made)
            return
        shown = _joined(child(reference, "c:strCache"))
        if not shown:
            if title.tag == "c:dLbl":
                title.remove(text)
            else:
                holder.remove(title)
            return
        only(text, "c:strRef", None)
        only(text, "c:rich", rich(shown, child(title, "c:txPr")))

    # -- series ---------------------------------------------------------------------------------

    def _series(self) -> None:
        # Some readers paint points that a chart holds itself only where it holds all of them.
        self._data.keeps_references = not any(
            self._data.is_own(part, is_painted=self._names_are_painted(group, series, part.tag))
            for group in self._groups
            for series in children(group, "c:ser")
            for part in children(series, "c:cat", *_ROLES)
        )
        position, left = -1, []
        for group in self._groups:
            for series in children(group, "c:ser"):
                position += 1
                if self._rebuild(group, series, position):
                    left.append(position)
                else:
                    group.remove(series)
        if len(left) != position + 1:
            self._reindex_legend(left)
        everything = [each for group in self._groups for each in children(group, "c:ser")]
        order = sorted(range(len(everything)), key=lambda at: _order(everything[at]))
        for new, at in enumerate(order):
            only(everything[at], "c:order", Node("c:order", {"val": str(new)}))
            if child(everything[at], "c:idx") is None:
                put(everything[at], "c:idx", str(at))

    def _rebuild(self, group: Node, series: Node, position: int) -> bool:
        """Judge everything a series is drawn from; false where it plots nothing."""
        for role in ("c:val", "c:yVal"):
            node = child(series, role)
            if node is not None and not self._carry(series, node):
                return False
        for role in ("c:cat", "c:xVal", "c:bubbleSize"):
            node = child(series, role)
            if node is not None:
                self._carry(series, node)
        self._name(series, self._paints_names(group, series, position))
        self._categories(group, series)
        for bars in children(series, "c:errBars"):
            kept = [self._carry(bars, end) for end in children(bars, "c:plus", "c:minus")]
            if not all(kept):
                series.remove(bars)
        self._collect(group, series)
        return True

    def _carry(self, holder: Node, node: Node) -> bool:
        made = self._data.of(node)
        if made is None:
            holder.remove(node)
            return False
        for each in list(node):
            node.remove(each)
        node.append(made)
        return True

    def _name(self, series: Node, is_painted: bool) -> None:
        text = child(series, "c:tx")
        if text is None:
            return
        made = self._data.of(text, "c:strRef")
        if made is not None and made.tag == "c:strRef":
            only(text, "c:strRef", made)
            only(text, "c:v", None)
            return
        shown = text_of(text) if child(text, "c:strRef") is None else _joined(made)
        only(series, "c:tx", None)
        if shown and is_painted:
            put(put(series, "c:tx"), "c:v").text = shown

    def _paints_names(self, group: Node, series: Node, position: int) -> bool:
        legend = child(self._chart, "c:legend")
        entries = children(legend, "c:legendEntry") if legend is not None else []
        is_struck = any(
            value(entry, "c:idx") == str(position) and is_on(entry, "c:delete", absent=False)
            for entry in entries
        )
        if legend is not None and not is_struck:
            return True
        title = child(self._chart, "c:title")
        is_alone = sum(len(children(each, "c:ser")) for each in self._groups) == 1
        has_auto_title = (
            child(title, "c:tx") is None
            if title is not None
            else is_alone and not is_on(self._chart, "c:autoTitleDeleted", absent=self._absent)
        )
        return (
            has_auto_title
            or child(self._area, "c:dTable") is not None
            or any(
                not is_on(axis, "c:delete", absent=self._absent)
                for axis in children(self._area, "c:serAx")
            )
            or _labelled(self._absent, group, series, "c:showSerName")
        )

    def _categories(self, group: Node, series: Node) -> None:
        """Names of categories stay where they are painted or stand in the copy's cells."""
        for role in ("c:cat", "c:xVal"):
            node = child(series, role)
            literal = child(node, "c:strLit")
            if literal is None:
                literal = child(node, "c:numLit") if role == "c:cat" else None
            if node is None or literal is None:
                continue
            if not self._names_are_painted(group, series, role):
                series.remove(node)
            elif literal.tag == "c:numLit":
                code = self._category_code(group, literal)
                if any(axis.tag == "c:dateAx" for axis in self._axes(group)):
                    self._as_shown(literal, code)
                else:
                    self._as_names(literal, code)

    def _names_are_painted(self, group: Node, series: Node, role: str) -> bool:
        if role == "c:cat" and self._paints_categories(group):
            return True
        return _labelled(self._absent, group, series, "c:showCatName")

    def _as_names(self, literal: Node, code: str) -> None:
        """Numbers on an axis of names are names; not every reader formats them itself."""
        literal.tag = "c:strLit"
        only(literal, "c:formatCode", None)
        for point in children(literal, "c:pt"):
            text = child(point, "c:v")
            if text is not None:
                text.text = self._data.number_text(text.text or "0", code)
                if not text.text:
                    literal.remove(point)

    def _paints_categories(self, group: Node) -> bool:
        if child(self._area, "c:dTable") is not None:
            return True
        if group.tag in _ROUND:
            return child(self._chart, "c:legend") is not None
        return any(
            not is_on(axis, "c:delete", absent=self._absent)
            and value(axis, "c:tickLblPos") != "none"
            for axis in self._axes(group)
            if axis.tag in ("c:catAx", "c:dateAx")
        )

    def _axes(self, group: Node) -> list[Node]:
        ids = [each.get("val", "") for each in children(group, "c:axId")]
        return [self._axes_by_id[id_] for id_ in ids if id_ in self._axes_by_id]

    def _category_code(self, group: Node, literal: Node) -> str:
        for axis in self._axes(group):
            found = child(axis, "c:numFmt")
            if axis.tag in ("c:catAx", "c:dateAx") and found is not None:
                if found.get("sourceLinked", "1") in ("0", "false"):
                    return found.get("formatCode", "General")
        return _code(literal)

    def _reindex_legend(self, left: list[int]) -> None:
        legend = child(self._chart, "c:legend")
        places = {str(old): str(new) for new, old in enumerate(left)}
        for entry in children(legend, "c:legendEntry") if legend is not None else ():
            new = places.get(value(entry, "c:idx") or "")
            if new is None and legend is not None:
                legend.remove(entry)
            elif new is not None:
                only(entry, "c:idx", Node("c:idx", {"val": new}))

    # -- numbers --------------------------------------------------------------------------------

    def _collect(self, group: Node, series: Node) -> None:
        """Note the numbers that stand in the chart itself, by the axis they are painted along."""
        labels = self._label_code(group, series)
        for role in _ROLES:
            literal = child(series, role, "c:numLit")
            if literal is None:
                continue
            if labels is not None and role in ("c:val", "c:yVal"):
                self._as_shown(literal, labels or _code(literal))
            else:
                self._along(group, role).nodes.append(literal)
        for bars in children(series, "c:errBars"):
            role = "c:xVal" if value(bars, "c:errDir") == "x" else "c:val"
            for end in ("c:plus", "c:minus"):
                literal = child(bars, end, "c:numLit")
                if literal is not None:
                    self._along(group, role).nodes.append(literal)

    def _along(self, group: Node, role: str) -> _Axis:
        role = "c:val" if role == "c:yVal" else role
        axes = [axis for axis in self._axes(group) if axis.tag == "c:valAx"]
        if len(axes) == 2 and role != "c:bubbleSize":
            across = [value(axis, "c:axPos") in ("b", "t") for axis in axes]
            axes = [axis for axis, is_x in zip(axes, across, strict=True)
                    if is_x == (role == "c:xVal")] or axes  # fmt: skip
        key = (role, *map(id, axes)) if axes else (role, id(group))
        found = self._number_axes.get(key)
        if found is None:
            found = self._number_axes[key] = _Axis()
            if len(axes) == 1 and role != "c:bubbleSize":
                found.extent = _extent(axes[0])
                base = value(axes[0], "c:scaling", "c:logBase") or ""
                found.is_logarithmic = canonical_number(base) is not None
        found.finer = found.finer or (group.tag in _ROUND and _any_labelled(self._absent, group))
        return found

    def _label_code(self, group: Node, series: Node) -> str | None:
        """The format in which labels paint values, empty for that of the source; ``None`` where
        no value is painted as a number."""
        if child(self._area, "c:dTable") is not None:
            return ""
        if not _labelled(self._absent, group, series, "c:showVal"):
            return None
        own, common = child(series, "c:dLbls"), child(group, "c:dLbls")
        for labels in (own, common):
            found = child(labels, "c:numFmt")
            if found is not None and found.get("sourceLinked", "0") in ("0", "false"):
                return found.get("formatCode", "")
        return ""

    def _as_shown(self, literal: Node, code: str) -> None:
        for point in children(literal, "c:pt"):
            text = child(point, "c:v")
            shown = (
                by_format(text.text or "", code, self._sources.is_1904)
                if text is not None
                else None
            )
            if text is None or shown is None:
                literal.remove(point)
            else:
                text.text = shown

    def _round(self) -> None:
        for axis in self._number_axes.values():
            texts = [
                text
                for literal in axis.nodes
                for point in children(literal, "c:pt")
                if (text := child(point, "c:v")) is not None
            ]
            given = [text.text or "0" for text in texts]
            finer = _FINER if axis.finer else 0
            if axis.is_logarithmic:  # every decade is as long as the others
                numbers = [each for one in given for each in rounded([one], None, finer)]
            else:
                numbers = rounded(given, axis.extent, finer)
            for text, number in zip(texts, numbers, strict=True):
                text.text = number

    # -- the rest -------------------------------------------------------------------------------

    def _silence_labels(self) -> None:
        """A label that paints nothing keeps no text, and one with odd signs between its parts the
        usual ones."""
        for labels in self._root.iter():
            between = child(labels, "c:separator")
            if between is not None and separator(between.text or "") is None:
                labels.remove(between)
        for label in self._root.iter("c:dLbl"):
            if child(label, "c:tx") is not None and not any(
                is_on(label, name, absent=self._absent) for name in SHOWS
            ):
                only(label, "c:tx", None)

    def _renumber_axes(self) -> None:
        places: dict[str, str] = {}
        for axis in children(self._area, *AXES):
            places.setdefault(value(axis, "c:axId") or "", str(len(places) + 1))
        for node in self._area.iter():
            if node.tag in ("c:axId", "c:crossAx"):
                node.set("val", places.get(node.get("val", ""), "0"))

    def _write(self) -> str:
        gate = Gate(CHART, self._ledger)
        parts = [gate.carry(each) for each in children(self._area, "c:layout")[:1]]
        parts += [gate.carry(group) for group in self._groups]
        parts += [gate.carry(axis) for axis in children(self._area, *AXES)]
        parts += [gate.carry(each) for each in children(self._area, "c:dTable")[:1]]
        parts += [gate.carry(each) for each in children(self._area, "c:spPr")[:1]]
        area = gate.write("c:plotArea", {}, "".join(parts))
        before: list[str] = []
        after: list[str] = []
        for name in CHART["c:chart"].holds:
            found = children(self._chart, name)[:1]
            if name == "c:plotArea":
                before, after = after, []
            else:
                after += [gate.carry(each) for each in found]
        chart = gate.write("c:chart", {}, "".join(before) + area + "".join(after))
        before, after = [], []
        for name in CHART["c:chartSpace"].holds:
            if name == "c:chart":
                before, after = after, []
            else:
                after += [gate.carry(each) for each in children(self._root, name)[:1]]
        return (
            f'{XML_DECLARATION}<c:chartSpace xmlns:c="{_CHART}" xmlns:a="{_DRAWING}">'
            + "".join(before) + chart + "".join(after) + "</c:chartSpace>"
        )  # fmt: skip


def rich(text: str, properties: Node | None) -> Node:
    """A text of a chart's own with the look of what was linked (``c:txPr``)."""
    made = Node("c:rich")
    for name in ("a:bodyPr", "a:lstStyle"):
        found = child(properties, name)
        made.append(found if found is not None else Node(name))
    look = child(properties, "a:p", "a:pPr")
    for line in text.split("\n"):
        paragraph = put(made, "a:p")
        if look is not None:
            paragraph.append(look)
        run = put(paragraph, "a:r")
        own = child(look, "a:defRPr")
        if own is not None:
            run_look = put(run, "a:rPr")
            run_look.attrib.update(own.attrib)
            run_look.extend(own)
        put(run, "a:t").text = line
    return made


def _joined(node: Node | None) -> str:
    """The texts of several cells that name one thing."""
    return " ".join(text for _, text in points(node))


def _labelled(absent: bool, group: Node, series: Node, flag: str) -> bool:
    """Whether labels of a series paint something."""
    own = child(series, "c:dLbls")
    labels = own if own is not None else child(group, "c:dLbls")
    if labels is None:
        return False
    return any(
        is_on(label, flag, absent=absent)
        for label in (labels, *children(labels, "c:dLbl"))
        if not is_on(label, "c:delete", absent=False)
    )


def _any_labelled(absent: bool, group: Node) -> bool:
    return any(
        _labelled(absent, group, series, "c:showPercent") for series in children(group, "c:ser")
    )


def _code(literal: Node) -> str:
    found = child(literal, "c:formatCode")
    return (found.text or "General") if found is not None else "General"


def _extent(axis: Node) -> Decimal | None:
    """The length of an axis with two fixed ends."""
    ends = [canonical_number(value(axis, "c:scaling", name) or "") for name in ("c:min", "c:max")]
    if ends[0] is None or ends[1] is None:
        return None
    return abs(Decimal(ends[1]) - Decimal(ends[0])) or None


def _order(series: Node) -> int:
    text = (value(series, "c:order") or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0
