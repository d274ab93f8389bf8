"""What a chart says to its reader, and whether two charts say the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from safe_release.inspectors.charts.formulas import Place
from safe_release.inspectors.number_formats import number_format

_ALLOWED = Decimal("0.011")
"""What a point may differ by, of the length of its axis: a pixel or two."""
_CLOSE = 6
"""An axis whose points differ by less than this part of the largest need not begin at zero."""


@dataclass(frozen=True, slots=True)
class Data:
    """What a part of a series is drawn from: cells of the copy, or points of its own."""

    cells: tuple[Place, ...] = ()
    numbers: Mapping[int, Decimal] | None = None
    texts: Mapping[int, str] | None = None
    code: str = ""
    """The format that the numbers are painted in as text, where they are."""
    axis: str = ""
    """Which points are painted along one axis."""
    length: Decimal | None = None
    """That of an axis with fixed ends."""
    is_logarithmic: bool = False
    """Whether each decade of the axis is as long as the others."""
    held: tuple[Data, ...] = ()
    """What the cells show, and what they hold: a copy may have such points instead of cells."""
    is_idle: bool = False
    """Whether a copy that holds points has none of these, because nothing paints them."""


@dataclass(frozen=True, slots=True)
class Series:
    """One series that plots something, by the part of it."""

    kind: str
    parts: Mapping[str, Data]
    labels: Mapping[int, str] = field(default_factory=dict)
    """Patterns of the labels that have a text of their own, by the point."""
    label_texts: Mapping[int, str] = field(default_factory=dict)
    """These texts, as far as they stand in the chart."""
    count: int | None = None
    """How many points there are; ``None`` where the chart does not say."""


@dataclass(frozen=True, slots=True)
class ChartReading:
    """One chart: kinds of its groups, series, and the texts or cells of titles."""

    place: str
    kinds: tuple[str, ...] = ()
    series: tuple[Series, ...] = ()
    titles: tuple[str | tuple[Place, ...], ...] = ()
    date1904: bool = False

    def differs(self, other: ChartReading) -> str:
        """What of a copy's chart differs, in a word; empty where nothing does."""
        if self.kinds != other.kinds:
            return "kinds"
        if self.titles != other.titles:
            return "titles"
        if [series.kind for series in self.series] != [series.kind for series in other.series]:
            return "series"
        spans = self._spans()
        for one, two in zip(self.series, other.series, strict=True):
            idle = {name for name, data in one.parts.items() if data.is_idle}
            if set(one.parts) - idle != set(two.parts) - idle:
                return "series"
            for name, data in one.parts.items():
                if name in two.parts and not self._is_said(data, two.parts[name], spans):
                    return f"series ({name})"
            # A copy has no labels of points that it has not.
            labels = {
                at: pattern
                for at, pattern in one.labels.items()
                if two.count is None or at < two.count
            }
            if set(labels) != set(two.labels) or not all(
                re.fullmatch(pattern, two.label_texts.get(at, ""), re.DOTALL)
                for at, pattern in labels.items()
            ):
                return "labels"
        return ""

    def _is_said(self, one: Data, two: Data, spans: Mapping[str, Decimal]) -> bool:
        if one.cells and not two.cells:
            return any(self._alike(each, two, spans) for each in one.held)
        return self._alike(one, two, spans)

    def _alike(self, one: Data, two: Data, spans: Mapping[str, Decimal]) -> bool:
        if one.cells != two.cells or one.texts != two.texts:
            return False
        if one.numbers is None or two.numbers is None:
            return one.numbers is two.numbers
        if set(one.numbers) != set(two.numbers):
            return False
        if one.code:
            shown = number_format(one.code)
            pairs = ((number, two.numbers[at]) for at, number in one.numbers.items())
            return all(
                shown.text_of(f"{a}", self.date1904) == shown.text_of(f"{b}", self.date1904)
                for a, b in pairs
            )
        if one.is_logarithmic:
            return all(
                abs(number - two.numbers[at]) <= abs(number) * _ALLOWED
                for at, number in one.numbers.items()
            )
        allowed = spans[one.axis] * _ALLOWED
        return all(abs(number - two.numbers[at]) <= allowed for at, number in one.numbers.items())

    def _spans(self) -> dict[str, Decimal]:
        """The length of each axis, as far as points tell, those of cells too."""
        parts = [data for series in self.series for data in series.parts.values()]
        return spans([*parts, *(each for data in parts for each in data.held)])


def spans(data: Iterable[Data]) -> dict[str, Decimal]:
    """By axis: how far apart the points along it lie, zero taken in unless they are close."""
    numbers: dict[str, list[Decimal]] = {}
    lengths: dict[str, Decimal] = {}
    for each in data:
        if each.numbers is not None and not each.code:
            numbers.setdefault(each.axis, []).extend(each.numbers.values())
            if each.length is not None:
                lengths[each.axis] = each.length
    found = {}
    for axis, values in numbers.items():
        largest = max(map(abs, values), default=Decimal(0))
        spread = max(values, default=Decimal(0)) - min(values, default=Decimal(0))
        own = spread if 0 < spread * _CLOSE < largest else largest
        found[axis] = lengths.get(axis, own)
    return found


def overprecise(reading: ChartReading) -> int:
    """How many points of a chart's own have digits that no picture shows."""
    lengths = spans(data for series in reading.series for data in series.parts.values())
    count = 0
    for series in reading.series:
        finer = 2 if series.kind in ("pie", "pie3D", "doughnut", "ofPie") else 0
        for data in series.parts.values():
            if data.numbers is None or data.code or not lengths.get(data.axis):
                continue
            shared = lengths[data.axis].adjusted() - 2 - finer
            for number in data.numbers.values():
                last = number.adjusted() - 2 - finer if data.is_logarithmic else shared
                exponent = number.normalize().as_tuple().exponent
                count += bool(number) and isinstance(exponent, int) and exponent < last
    return count
