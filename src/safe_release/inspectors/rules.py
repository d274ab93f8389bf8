"""Rules of conditional formats (18.3.1.18) as a sheet has them, and which of them a copy keeps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from safe_release.inspectors.colors import INK, PAPER, Inks, Paint, sinks
from safe_release.inspectors.faults import malformed, too_large
from safe_release.inspectors.grid import LAST_COLUMN, LAST_ROW, Grid, area_reference, column_number
from safe_release.inspectors.raw_xml import Node
from safe_release.inspectors.rule_formulas import Piece, parse
from safe_release.inspectors.texts import canonical_number, is_true, whole

Area = tuple[int, int, int, int]
_MOST_COMPARED = 4096
_MOST_AREAS = 100_000
_LAST = 2_147_483_647
_COLUMNS = re.compile(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})", re.ASCII)
_ROWS = re.compile(r"\$?([1-9][0-9]{0,6}):\$?([1-9][0-9]{0,6})", re.ASCII)
_ICONS = {
    "3": "Arrows ArrowsGray Flags TrafficLights1 TrafficLights2 Signs Symbols Symbols2",
    "4": "Arrows ArrowsGray RedToBlack Rating TrafficLights",
    "5": "Arrows ArrowsGray Rating Quarters",
}
ICON_SETS = {
    f"{count}{name}": int(count) for count, names in _ICONS.items() for name in names.split()
}
_COUNTED = frozenset(("top10", "aboveAverage", "duplicateValues", "uniqueValues"))
_GRAPHIC = frozenset(("colorScale", "dataBar", "iconSet"))
_TWO = frozenset(("between", "notBetween"))
_ONE = frozenset("lessThan lessThanOrEqual equal notEqual greaterThanOrEqual greaterThan".split())
_BY_NAME = frozenset("containsBlanks notContainsBlanks containsErrors notContainsErrors".split())


@dataclass(slots=True)
class Dress:
    """What a differential format does to a cell, as far as it matters here."""

    text: Paint | None = None
    colours_text: bool = False
    grounds: tuple[Paint, ...] | None = None
    fills: bool = False
    code: str = ""

    @property
    def blots(self) -> bool:
        """Whether text and ground of its own are one."""
        return self.colours_text and self.fills and _merge(self.text, self.grounds)


def _merge(text: Paint | None, grounds: tuple[Paint, ...] | None) -> bool:
    return text is not None and grounds is not None and sinks(text, grounds)


@dataclass(slots=True)
class Rule:
    """One rule."""

    kind: str
    areas: tuple[Area, ...]
    priority: int
    node: Node
    extended: bool
    stops: bool = False
    dress: Dress | None = None
    formulas: tuple[Piece | None, ...] = ()
    bounds: tuple[tuple[str, Piece | None, bool], ...] = ()
    """Of a graphic: kind of threshold, what it says, whether it belongs to what is above it."""
    bare: bool = False
    """Whether a bar or icon stands in the place of the number."""
    limits: tuple[Fraction, ...] | None = None
    kept: bool = False
    suspect: bool = False
    """Whether its colours could make some text one with its ground."""

    @property
    def dresses(self) -> bool:
        """Whether it sets a look that rules behind it cannot."""
        return self.dress is not None or self.kind == "colorScale"

    @property
    def start(self) -> tuple[int, int] | None:
        """The cell that formulas are written for; ``None`` where that is open."""
        top = min(area[0] for area in self.areas), min(area[1] for area in self.areas)
        return top if top == self.areas[0][:2] else None

    def graphic(self) -> Node | None:
        """The element that paints."""
        return next((c for c in self.node.children if c.name.endswith(f":{self.kind}")), None)


def cross(one: Area, other: Area) -> bool:
    """Whether two areas have a cell in common."""
    return not (one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1])


def area_list(text: str, place: str) -> tuple[Area, ...]:
    """The areas of a list (18.18.76), whole columns and rows too."""
    found = []
    for word in text.split():
        area = area_reference(word)
        columns, rows = _COLUMNS.fullmatch(word), _ROWS.fullmatch(word)
        if columns is not None:
            low, high = sorted(map(column_number, columns.groups()))
            area = (1, low, LAST_ROW, high) if high <= LAST_COLUMN else None
        elif rows is not None:
            low, high = sorted(map(int, rows.groups()))
            area = (low, 1, high, LAST_COLUMN) if high <= LAST_ROW else None
        if area is None:
            raise malformed("has a conditional format of no area", place=place)
        found.append(area)
    return tuple(found)


class Wardrobe:
    """The formats of cells and rules in a style sheet, by what they colour."""

    def __init__(self, styles: Node | None, theme: Node | None) -> None:
        self.inks = Inks(styles, theme)
        root = styles if styles is not None else Node("x:styleSheet", {})
        self._dxfs = root.all("x:dxfs", "x:dxf")
        self._fonts = root.all("x:fonts", "x:font")
        self._fills = root.all("x:fills", "x:fill")
        self._formats = root.all("x:cellXfs", "x:xf")
        self._known: dict[int, tuple[Paint | None, tuple[Paint, ...] | None]] = {}

    def of_rule(self, node: Node, extended: bool) -> Dress | None:
        """What the differential format of a rule does."""
        own = next((c for c in node.children if c.name.endswith(":dxf")), None)
        if extended and own is not None:
            return self._dress(own)
        index = whole(node.get("dxfId").strip(), -1)
        return self._dress(self._dxfs[index]) if 0 <= index < len(self._dxfs) else None

    def _dress(self, dxf: Node) -> Dress:
        found = Dress()
        for color in dxf.all("x:font", "x:color"):
            named = self.inks.named(color)
            found.colours_text = bool(named.kind)
            found.text = self.inks.paint(named, INK)
        for pattern in dxf.all("x:fill", "x:patternFill"):
            kind = pattern.get("patternType", "solid")
            front, back = (
                self.inks.named(pattern.first(f"x:{name}Color")) for name in ("fg", "bg")
            )
            if kind == "solid":
                front = back if back.kind else front
                if not front.kind:
                    continue
            grounds = self.inks.pattern(kind, front, back)
            if grounds is None and kind not in _PATTERNS:
                continue
            found.fills, found.grounds = True, grounds
        for code in dxf.all("x:numFmt"):
            found.code = found.code or code.get("formatCode")
        return found

    def of_cell(self, style: int) -> tuple[Paint | None, tuple[Paint, ...] | None]:
        """The colour of a cell's text, and of what lies under it."""
        known = self._known.get(style)
        if known is None:
            node = self._formats[style] if style < len(self._formats) else Node("", {})
            font, fill = whole(node.get("fontId")), whole(node.get("fillId"))
            colour = self._fonts[font].first("x:color") if font < len(self._fonts) else None
            ground = self._fills[fill] if fill < len(self._fills) else None
            known = self.inks.look(colour, INK), self.inks.grounds(ground)
            self._known[style] = known
        return known

    def everywhere(self) -> tuple[set[Paint | None], set[tuple[Paint, ...] | None]]:
        """Every colour that cells can have text and ground in."""
        texts = {self.inks.look(font.first("x:color"), INK) for font in self._fonts}
        return texts | {INK}, {self.inks.grounds(fill) for fill in self._fills} | {(PAPER,)}


_PATTERNS = frozenset(
    """none solid mediumGray darkGray lightGray darkHorizontal darkVertical darkDown darkUp
    darkGrid darkTrellis lightHorizontal lightVertical lightDown lightUp lightGrid lightTrellis
    gray125 gray0625""".split()
)


# -- reading ----------------------------------------------------------------------------------


def rules_of(formats: Sequence[tuple[Node, bool]], wardrobe: Wardrobe, place: str) -> list[Rule]:
    """The rules of a sheet, the one that counts most first.

    ``formats`` are its ``conditionalFormatting`` elements, and whether each is an extension's.
    """
    found: list[Rule] = []
    twins: dict[str, Rule] = {}
    areas = 0
    for part, extended in sorted(formats, key=lambda pair: pair[1]):
        spelled = part.get("sqref")
        if "sqref" not in part.attributes:
            spelled = next((c.text for c in part.children if c.name.endswith(":sqref")), "")
        covered = area_list(spelled, place)
        for node in part.children:
            if not node.name.endswith(":cfRule"):
                continue
            areas += len(covered)
            if areas > _MOST_AREAS:
                raise too_large("has conditional formats of too many areas", place=place)
            twin = twins.get(node.get("id")) if extended else None
            if twin is not None and node.get("type", twin.kind) == twin.kind:
                bars = (c for c in node.children if c.name.endswith(f":{twin.kind}"))
                bar = next(bars, None)
                twin.bare = twin.bare or (bar is not None and _is_bare(bar, twin.kind))
                continue
            if covered:
                rule = _rule(node, covered, extended, wardrobe)
                found.append(rule)
                for child in node.everything():
                    if child.name == "?:id" and child.text.strip():
                        twins[child.text.strip()] = rule
    found.sort(key=lambda rule: rule.priority)
    return found


def _is_bare(graphic: Node, kind: str) -> bool:
    shows = graphic.get("showValue", "1").strip()
    return kind in ("dataBar", "iconSet") and shows not in ("1", "true")


def _rule(node: Node, areas: tuple[Area, ...], extended: bool, wardrobe: Wardrobe) -> Rule:
    kind = node.get("type").strip()
    rule = Rule(kind, areas, whole(node.get("priority").strip(), _LAST), node, extended)
    rule.stops = node.get("stopIfTrue").strip() in ("1", "true")
    rule.dress = wardrobe.of_rule(node, extended)
    rule.formulas = tuple(
        parse(child.text) for child in node.children if child.name.endswith((":formula", ":f"))
    )
    graphic = rule.graphic() if kind in _GRAPHIC else None
    if graphic is not None:
        rule.bare = _is_bare(graphic, kind)
        rule.bounds = tuple(
            _bound(child) for child in graphic.children if child.name.endswith(":cfvo")
        )
    return rule


def _bound(node: Node) -> tuple[str, Piece | None, bool]:
    said = node.get("val")
    if "val" not in node.attributes:
        said = next((c.text for c in node.children if c.name.endswith(":f")), "")
    return node.get("type").strip(), parse(said), node.get("gte", "1").strip() in ("1", "true")


# -- keeping ----------------------------------------------------------------------------------


def settle(rules: Sequence[Rule], grid: Grid) -> None:
    """Say which rules a copy keeps (docs/workbook.md, Conditional formats).

    The rules are in the order in which they count; ``limits`` of bare ones are known. What they
    do to cells that do not show is nobody's business.
    """
    lost: list[tuple[Rule, tuple[Area, ...]]] = []
    if sum(len(rule.areas) for rule in rules) > _MOST_COMPARED:
        return
    places = [Keeping(rule, grid).areas() for rule in rules]
    for rule, own in zip(rules, places, strict=True):
        looks = [*own, *filter(None, map(grid.area_in_copy, _within_grid(_seen(rule))))]
        disturbed = any(
            other.bare and other is not rule and _touch(looks, theirs)
            for other, theirs in zip(rules, places, strict=True)
        )
        outranked = any(
            (other.stops or (other.dresses and rule.dresses)) and _touch(own, theirs)
            for other, theirs in lost
        )
        rule.kept = Keeping(rule, grid).good() and not disturbed and not outranked
        if not rule.kept:
            lost.append((rule, own))


def _touch(ones: Iterable[Area], others: Sequence[Area]) -> bool:
    return any(cross(one, other) for one in ones for other in others)


def _within_grid(areas: Iterable[Area]) -> Iterator[Area]:
    for top, left, bottom, right in areas:
        if bottom >= 1 and right >= 1 and top <= LAST_ROW and left <= LAST_COLUMN:
            yield max(top, 1), max(left, 1), min(bottom, LAST_ROW), min(right, LAST_COLUMN)


def _seen(rule: Rule) -> Iterator[Area]:
    """Rectangles around what the formulas of a rule look at."""
    start = rule.start or rule.areas[0][:2]
    for formula in filter(None, (*rule.formulas, *(bound[1] for bound in rule.bounds))):
        for piece in formula.everything():
            for area in rule.areas if piece.spots else ():
                rows, columns = [], []
                for spot in piece.spots:
                    down, right = area[0] - start[0], area[1] - start[1]
                    tall, wide = area[2] - area[0], area[3] - area[1]
                    rows += (
                        [spot.row] if spot.keeps_row else [spot.row + down, spot.row + down + tall]
                    )
                    columns += (
                        [spot.column]
                        if spot.keeps_column
                        else [spot.column + right, spot.column + right + wide]
                    )
                yield min(rows), min(columns), max(rows), max(columns)


class Keeping:
    """Whether a rule may be kept, and what it then says in the copy."""

    def __init__(self, rule: Rule, grid: Grid) -> None:
        self._rule = rule
        self._grid = grid

    def good(self) -> bool:
        """Whether the rule by itself may be kept."""
        rule = self._rule
        if rule.extended or not self.areas():
            return False
        if rule.dress is not None and (rule.dress.code or rule.dress.blots):
            return False
        if rule.suspect and self._looks_further():
            return False
        if rule.bare:
            return rule.limits is not None and self._is_whole_graphic()
        if rule.kind in _COUNTED or rule.kind in _GRAPHIC:
            together = all(
                self._all_rows(area[0], area[2]) and self._all_columns(area[1], area[3])
                for area in rule.areas
            )
            plain = rule.kind in _COUNTED or (
                self._is_whole_graphic() and all(map(self._stays, rule.bounds))
            )
            # Numbers stand for themselves, whatever the other cells hold.
            steps = rule.bounds[rule.kind == "iconSet" :]
            apart = bool(steps) and {kind for kind, _, _ in steps} <= {"num", "formula"}
            return (together or apart) and plain and not whole(rule.node.get("stdDev").strip())
        if rule.kind in _BY_NAME:
            own = self.areas()
            return own[0][:2] == (min(a[0] for a in own), min(a[1] for a in own))
        wanted = {"expression": 1, "timePeriod": 1}.get(rule.kind, 0)
        if rule.kind == "cellIs":
            operator = rule.node.get("operator").strip()
            wanted = 2 if operator in _TWO else 1 if operator in _ONE else 0
        return (
            wanted > 0
            and len(rule.formulas) == wanted
            and all(piece is not None and self._moves(piece) for piece in rule.formulas)
        )

    def _looks_further(self) -> bool:
        """Whether the rule looks at other cells than the one it is about."""
        rule = self._rule
        if rule.kind in _COUNTED or rule.kind in _GRAPHIC:
            return True
        pieces = [p for formula in filter(None, rule.formulas) for p in formula.everything()]
        here = (*(rule.start or (0, 0)), False, False)
        return any(piece.spots and piece.spots != (here,) for piece in pieces)

    def areas(self) -> tuple[Area, ...]:
        """The areas in the copy's coordinates; those that became one counted once."""
        found: dict[Area, None] = {}
        for area in self._rule.areas:
            left = self._grid.area_in_copy(area)
            if left is None:
                continue
            if (area[0], area[2]) == (1, LAST_ROW):
                left = (1, left[1], LAST_ROW, left[3])
            if (area[1], area[3]) == (1, LAST_COLUMN):
                left = (left[0], 1, left[2], LAST_COLUMN)
            found[left] = None
        return tuple(found)

    def _all_rows(self, first: int, last: int) -> bool:
        if not 1 <= first <= last <= LAST_ROW:
            return False
        ends = self._grid.row_in_copy(first), self._grid.row_in_copy(last)
        return all(ends) and ends[1] - ends[0] == last - first

    def _all_columns(self, first: int, last: int) -> bool:
        if not 1 <= first <= last <= LAST_COLUMN:
            return False
        places = self._grid.column_map
        return bool(places[first] and places[last]) and places[last] - places[first] == last - first

    def _is_whole_graphic(self) -> bool:
        rule = self._rule
        graphic = rule.graphic()
        if graphic is None:
            return False
        colours = len(graphic.all("x:color"))
        steps = len(rule.bounds)
        if rule.kind == "iconSet":
            name = graphic.get("iconSet", "3TrafficLights1").strip()
            whole_one = ICON_SETS.get(name, -1) == steps and colours == 0
        elif rule.kind == "dataBar":
            whole_one = (steps, colours) == (2, 1)
        else:
            whole_one = steps in (2, 3) and colours == steps
        return whole_one

    def _stays(self, bound: tuple[str, Piece | None, bool]) -> bool:
        """Whether a threshold is an end, a number, or a cell that shows and is named for good."""
        return bound[0] in ("min", "max") or bool(self._threshold(bound))

    def _threshold(self, bound: tuple[str, Piece | None, bool]) -> str:
        kind, piece, _ = bound
        if kind in ("min", "max") or piece is None:
            return ""
        if piece.sort == "cell" and kind in ("num", "percent", "percentile", "formula"):
            row, column, keeps_row, keeps_column = piece.spots[0]
            place = self._grid.row_in_copy(row), self._grid.column_map[column]
            return f"{place}" if keeps_row and keeps_column and all(place) else ""
        return _number(piece) if kind in ("num", "percent", "percentile") else ""

    def _moves(self, formula: Piece) -> bool:
        """Whether nothing in a formula is hidden, a word, or stands elsewhere in the copy."""
        rule = self._rule
        for piece in formula.everything():
            if piece.sort == "fault" or (piece.sort == "text" and piece.says):
                return False
            if piece.sort == "number" and _significant(piece.says) > 6:
                return False
            if piece.sort == "call" and piece.says in ("ROW", "COLUMN"):
                if not all(
                    self._all_rows(1, area[2]) and self._all_columns(1, area[3])
                    for area in rule.areas
                ):
                    return False
            if piece.spots and not self._spots_move(piece):
                return False
        return True

    def _spots_move(self, piece: Piece) -> bool:
        rule = self._rule
        loose = any(not (spot.keeps_row and spot.keeps_column) for spot in piece.spots)
        start = rule.start
        if loose and (
            start is None
            or not self._grid.row_in_copy(start[0])
            or not self._grid.column_map[start[1]]
        ):
            return False
        row, column = start or rule.areas[0][:2]
        for area in rule.areas:
            down = [(s.row, True) if s.keeps_row else (s.row - row, False) for s in piece.spots]
            along = [
                (s.column, True) if s.keeps_column else (s.column - column, False)
                for s in piece.spots
            ]
            if not _same_line(down) and not self._all_rows(*_stretch(down, area[0], area[2])):
                return False
            if not _same_line(along) and not self._all_columns(*_stretch(along, area[1], area[3])):
                return False
        return True

    # -- what it says -------------------------------------------------------------------------

    def says(self) -> tuple[str, ...]:
        """A kept rule in the copy's coordinates, in words that two readings share."""
        rule = self._rule
        words = [rule.kind, "stop" if rule.stops else ""]
        words.append(" ".join(str(area) for area in self.areas()))
        if rule.kind in ("cellIs", "expression", "timePeriod"):
            words += [rule.node.get("operator").strip(), rule.node.get("timePeriod").strip()]
            words += [self._spelled(piece) for piece in rule.formulas if piece is not None]
        elif rule.kind == "top10":
            flags = [_flag(rule.node, name) for name in ("percent", "bottom")]
            words += [*flags, str(whole(rule.node.get("rank").strip(), 10))]
        elif rule.kind == "aboveAverage":
            words += [_flag(rule.node, "aboveAverage", "1"), _flag(rule.node, "equalAverage")]
        elif rule.kind in _GRAPHIC:
            words += self._graphic_says()
        return tuple(words)

    def _graphic_says(self) -> list[str]:
        rule = self._rule
        graphic = rule.graphic()
        if graphic is None:
            return []
        words = [graphic.get("iconSet", "3TrafficLights1"), _flag(graphic, "reverse")]
        words.append("bare" if rule.bare else "")
        if rule.bare and rule.kind == "dataBar":
            words += ["num 0 1", "num 100 1"]
        elif rule.bare:
            words += [f"num {number} 1" for number in range(len(rule.bounds))]
        else:
            words += [f"{bound[0]} {self._threshold(bound)} {bound[2]:d}" for bound in rule.bounds]
        return words

    def _spelled(self, piece: Piece) -> str:
        parts = ",".join(self._spelled(part) for part in piece.parts)
        return f"{piece.sort}[{piece.says}{self._places(piece)}]({parts})"

    def _places(self, piece: Piece) -> str:
        start = self._rule.start or self._rule.areas[0][:2]
        words = []
        for spot in piece.spots:
            row = f"R{self._grid.row_in_copy(spot.row)}"
            column = f"C{self._grid.column_map[spot.column]}"
            words.append(row if spot.keeps_row else f"r{spot.row - start[0]}")
            words.append(column if spot.keeps_column else f"c{spot.column - start[1]}")
        return " ".join(words)


def _same_line(ends: list[tuple[int, bool]]) -> bool:
    return all(number == 0 and not fixed for number, fixed in ends)


def _stretch(ends: list[tuple[int, bool]], first: int, last: int) -> tuple[int, int]:
    """From where to where a reference reaches over an area, the area itself if it is relative."""
    reached: list[int] = []
    for number, fixed in ends:
        reached += [number] if fixed else [first, last, first + number, last + number]
    return min(reached), max(reached)


def _number(piece: Piece) -> str:
    """A plain number, as a threshold spells it; empty for anything else."""
    if piece.sort == "number":
        return piece.says
    if (piece.sort, piece.says) == ("sign", "-") and piece.parts[0].sort == "number":
        return canonical_number(f"-{piece.parts[0].says}") or ""
    return ""


def _significant(number: str) -> int:
    """How many digits of a number tell something."""
    digits = re.sub("[eE].*|[^0-9]", "", number)
    return len(digits.strip("0"))


def _flag(node: Node, name: str, usual: str = "0") -> str:
    return "1" if is_true(node.get(name, usual).strip()) else "0"
