"""Whether a reader sees the letters of a cell: their colour and size, and what lies under them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from safe_release.inspectors.colors import INK, PAPER, Inks, Named, Paint, is_near, sinks
from safe_release.inspectors.grid import LAST_COLUMN, LAST_ROW, Grid, area_reference
from safe_release.inspectors.raw_xml import Node
from safe_release.inspectors.table_styles import EVERY_FLAG, Coat, Table, built_in, pattern_of
from safe_release.inspectors.texts import is_true, whole

Area = tuple[int, int, int, int]
EVERYWHERE: Area = (1, 1, LAST_ROW, LAST_COLUMN)
_MOST_AREAS = 1000
_AREA = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}(?::[A-Z]{1,3}[1-9][0-9]{0,6})?", re.ASCII)
_SIZE = re.compile(r"[0-9]{1,4}(?:\.[0-9]{0,9})?", re.ASCII)
_LOOKS = frozenset(
    f"x:{name}"
    for name in """b i strike condense extend outline shadow u vertAlign sz color rFont family
    charset scheme""".split()
)


class Run(NamedTuple):
    """A run of a rich text (18.4.4): its text, and what its own properties say of its look."""

    text: str
    is_dressed: bool = False
    """Whether it has properties of its own."""
    ink: Named = Named()
    size: str = ""

    def dressed(self, name: str, attributes: dict[str, str], inks: Inks) -> Run:
        """The run with one more of its properties; of two alike the first counts."""
        if name == "x:color" and not self.ink.kind:
            return self._replace(is_dressed=True, ink=inks.named(Node(name, attributes)))
        if name == "x:sz" and not self.size:
            return self._replace(is_dressed=True, size=attributes.get("val", ""))
        return self._replace(is_dressed=self.is_dressed or name in _LOOKS)


class Letters(NamedTuple):
    """How the letters of a cell look; what cannot be known is ``None``."""

    ink: Paint | None
    is_tiny: bool
    grounds: tuple[Paint, ...] | None

    @property
    def unseen(self) -> bool:
        """Whether nothing of them can be seen."""
        if self.is_tiny:
            return True
        return self.ink is not None and self.grounds is not None and sinks(self.ink, self.grounds)

    @property
    def near(self) -> bool:
        """Whether they can hardly be seen."""
        return (
            self.ink is not None
            and self.grounds is not None
            and any(is_near(self.ink, ground) for ground in self.grounds or (PAPER,))
        )


def is_tiny(size: str) -> bool:
    """Whether a size in points, to a twentieth, is two or less: such letters read as a line."""
    size = size.strip()
    return bool(_SIZE.fullmatch(size)) and round(float(size) * 20) <= 40


@dataclass(frozen=True, slots=True)
class Face:
    """What a cell format says of letters and ground."""

    ink: Named
    is_usual: bool
    """Whether the ink is that of Normal, which a table style may replace."""
    is_tiny: bool
    grounds: tuple[Paint, ...] | None
    colours: tuple[str, ...] = ()
    """The colours that sections of its number format name."""


@dataclass(slots=True)
class Faces:
    """The cell formats of a workbook and its differential ones, as far as they colour."""

    inks: Inks = field(default_factory=Inks)
    by_style: list[Face] = field(default_factory=list)
    dxfs: list[Coat] = field(default_factory=list)
    painting: frozenset[int] = frozenset()
    """The differential formats that set the colour of letters or a fill."""
    styles: dict[str, dict[str, Coat]] = field(default_factory=dict)
    """The workbook's own table styles."""
    grounds: set[tuple[Paint, ...] | None] = field(default_factory=set)
    """All that lies under any letters of the workbook."""
    made: dict[int, Face] = field(default_factory=dict)
    """The formats that conditional formats made of others."""
    _known: dict[tuple[int, Coat], Letters] = field(default_factory=dict)
    _clear: dict[Run, bool] = field(default_factory=dict)

    def face(self, style: int) -> Face:
        """What a cell format says."""
        made = self.made.get(style)
        if made is not None:
            return made
        return self.by_style[style] if style < len(self.by_style) else _PLAIN

    def dress(self, style: int, new: int, colours: tuple[str, ...]) -> None:
        """Note a format that differs from another one in its number format only."""
        self.made[new] = replace(self.face(style), colours=colours)

    def letters(self, style: int, coat: Coat = Coat()) -> Letters:  # noqa: B008 (it is immutable)
        """The letters of a cell format over what a table puts under the cell."""
        found = self._known.get((style, coat))
        if found is None:
            face = self.face(style)
            ink = coat.ink if coat.ink is not None and face.is_usual else face.ink
            grounds = face.grounds
            if grounds == () and coat.fill is not None:
                grounds = self.inks.pattern(*coat.fill)
            found = Letters(self.inks.paint(ink, INK), face.is_tiny, grounds)
            self._known[style, coat] = found
        return found

    def shows(self, style: int, coats: Iterable[Coat]) -> bool:
        """Whether a format shows every value, over any of these coats."""
        names = self.face(style).colours
        for coat in coats:
            letters = self.letters(style, coat)
            if letters.ink is None or letters.grounds is None:
                return False
            if any(self.coloured(letters, name).unseen for name in ("", *names)):
                return False
        return True

    def coloured(self, letters: Letters, name: str) -> Letters:
        """The letters in the colour that a number format names, if it does."""
        ink = self.inks.of_format(name) if name else None
        return letters if ink is None else letters._replace(ink=ink)

    def sees(self, run: Run, letters: Letters) -> bool:
        """Whether a reader sees a run in a cell of such letters.

        What its own properties leave open may be the cell's or the default.
        """
        inks = [letters.ink, INK] if run.is_dressed else [letters.ink]
        if run.ink.kind:
            inks = [self.inks.paint(run.ink, INK)]
        tiny = is_tiny(run.size) if run.size else letters.is_tiny and not run.is_dressed
        return any(not Letters(ink, tiny, letters.grounds).unseen for ink in inks)

    def sees_everywhere(self, run: Run) -> bool:
        """Whether a reader sees a run on every ground of the workbook, whatever cell has it.

        Runs that look like their cell are seen wherever plain text is.
        """
        if not run.is_dressed:
            return True
        run = run._replace(text="")
        if run not in self._clear:
            self._clear[run] = all(
                self.sees(run, Letters(None if run.ink.kind else INK, False, grounds))
                for grounds in self.grounds
            )
        return self._clear[run]


_PLAIN = Face(Named(), True, False, ())


def read_faces(root: Node, theme: Node | None, colours: Sequence[tuple[str, ...]]) -> Faces:
    """Read what a style sheet colours; ``colours`` are those of each format's number format."""
    faces = Faces(Inks(root, theme))
    inks = faces.inks
    fonts, fills = root.all("x:fonts", "x:font"), root.all("x:fills", "x:fill")
    normal = _normal_font(root, fonts)
    usual = inks.named(normal.first("x:color") if normal is not None else None)
    for node, names in zip(root.all("x:cellXfs", "x:xf"), colours, strict=True):
        font, fill = _at(fonts, node.get("fontId")), _at(fills, node.get("fillId"))
        font = normal if not fonts else font
        ink = inks.named(font.first("x:color") if font is not None else None)
        size = font.first("x:sz") if font is not None else None
        faces.by_style.append(
            Face(
                ink,
                ink == usual,
                size is not None and is_tiny(size.get("val")),
                inks.grounds(fill),
                names,
            )
        )
    dxfs = root.all("x:dxfs", "x:dxf")
    faces.dxfs = [_coat(node, inks) for node in dxfs]
    faces.painting = frozenset(
        place
        for place, node in enumerate(dxfs)
        if node.first("x:fill") is not None or node.first("x:font", "x:color") is not None
    )
    for style in root.all("x:tableStyles", "x:tableStyle"):
        own: dict[str, Coat] = {}
        for element in style.all("x:tableStyleElement"):
            index = whole(element.get("dxfId"), -1)
            if 0 <= index < len(faces.dxfs):
                wide = max(whole(element.get("size"), 1), 1)
                own.setdefault(element.get("type"), faces.dxfs[index]._replace(size=wide))
        faces.styles.setdefault(style.get("name"), own)
    faces.grounds = {(), *(face.grounds for face in faces.by_style)}
    return faces


def _at(nodes: list[Node], index: str) -> Node | None:
    number = whole(index.strip())
    return nodes[number] if number < len(nodes) else None


def _normal_font(root: Node, fonts: list[Node]) -> Node | None:
    formats = root.all("x:cellStyleXfs", "x:xf")
    named = [
        node
        for node in root.all("x:cellStyles", "x:cellStyle")
        if node.get("builtinId").strip() == "0"
    ]
    chosen = whole(named[0].get("xfId").strip()) if named else 0
    index = formats[chosen].get("fontId") if chosen < len(formats) else ""
    return _at(fonts, index) or (fonts[0] if fonts else None)


def _coat(node: Node, inks: Inks) -> Coat:
    font, fill = node.first("x:font"), node.first("x:fill")
    color = font.first("x:color") if font is not None else None
    ink = inks.named(color)
    pattern = fill.first("x:patternFill") if fill is not None else None
    named = [
        inks.named(pattern.first(name) if pattern is not None else None)
        for name in ("x:fgColor", "x:bgColor")
    ]
    return Coat(ink if ink.kind else None, pattern_of(pattern, named))


@dataclass(slots=True)
class Scene:
    """What lies under the cells of one visible sheet.

    ``unsure`` are areas where conditional formats may paint, ``pivots`` such of pivot styles.
    """

    faces: Faces
    tables: list[Table] = field(default_factory=list)
    pivots: list[Area] = field(default_factory=list)
    unsure: list[Area] = field(default_factory=list)
    has_picture: bool = False
    was_asked: bool = False
    """Whether the reading so far depended on more than the tables."""
    _ordinary: dict[int, bool] = field(default_factory=dict)

    def announce(self) -> None:
        """Add what the tables put under letters to what the workbook has."""
        for table in self.tables:
            for coat in table.coats():
                if coat.fill is not None:
                    self.faces.grounds.add(self.faces.inks.pattern(*coat.fill))

    def foresaw(self, unsure: list[Area], has_picture: bool) -> bool:
        """Whether a reading went by the right areas, or needed none; else the next one will."""
        unsure = bounded(unsure)
        is_right = (unsure, has_picture) == (self.unsure, self.has_picture)
        was_needed, self.was_asked = self.was_asked, False
        if was_needed and not is_right:
            self.unsure, self.has_picture = unsure, has_picture
            return False
        return True

    def is_ordinary(self, style: int) -> bool:
        """Whether a format shows every value wherever on the sheet it stands."""
        found = self._ordinary.get(style)
        if found is None:
            coats = {Coat()}.union(*(table.coats() for table in self.tables))
            found = self._ordinary[style] = self.faces.shows(style, coats)
        return found

    def letters(self, style: int, row: int, column: int, grid: Grid) -> tuple[Letters, Letters]:
        """The letters of a cell, and what they would be if nothing were unknown."""
        self.was_asked = True
        coat = Coat()
        for table in self.tables:
            if _within(table.area, row, column):
                first = table.area[0] + table.headers
                coat = table.coat(row, column, grid.rows_shown(first, row) - 1)
                break
        supposed = self.faces.letters(style, coat)
        face = self.faces.face(style)
        is_open = any(_within(area, row, column) for area in self.unsure)
        if face.is_usual or face.grounds == ():
            is_open = is_open or any(_within(area, row, column) for area in self.pivots)
        is_open = is_open or (self.has_picture and supposed.grounds == ())
        return (Letters(None, supposed.is_tiny, None) if is_open else supposed), supposed


def _within(area: Area, row: int, column: int) -> bool:
    return area[0] <= row <= area[2] and area[1] <= column <= area[3]


def areas_of(sqref: str) -> list[Area]:
    """The areas of a list (18.18.76); the whole sheet for one that is hard to read."""
    found = []
    for item in sqref.split():
        area = area_reference(item) if _AREA.fullmatch(item) else None
        found.append(area or EVERYWHERE)
    return found


def bounded(areas: list[Area]) -> list[Area]:
    """The areas, or the whole sheet where they are too many to ask each cell for."""
    return areas if len(areas) <= _MOST_AREAS else [EVERYWHERE]


def pivot_area(root: Node) -> Area | None:
    """Where a pivot table's style may colour: its range and its page fields (18.10.1.49)."""
    location = root.first("x:location")
    area = area_reference(location.get("ref")) if location is not None else None
    pages = len(root.all("x:pageFields", "x:pageField"))
    if area is None or not pages:
        return area
    top, left, bottom, right = area
    return (max(1, top - pages - 1), left, bottom, min(LAST_COLUMN, max(right, left + 3 * pages)))


def read_table(root: Node, own: dict[str, dict[str, Coat]]) -> Table | None:
    """A table as far as it colours (18.5.1.2); ``own`` are the workbook's table styles."""
    area = area_reference(root.get("ref"))
    if root.name != "x:table" or area is None:
        return None
    info = root.first("x:tableStyleInfo")
    name = info.get("name") if info is not None else ""
    shows = [flag for flag in EVERY_FLAG if info is not None and is_true(info.get(flag).strip())]
    counts = [root.get(name).strip() for name in ("headerRowCount", "totalsRowCount")]
    headers = int(counts[0]) if counts[0] in ("0", "1") else 1
    totals = int(counts[1]) if counts[1] in ("0", "1") else 0
    style = own.get(name) or built_in(name) if info is not None else {}
    return Table(area, headers, totals, frozenset(shows), style)
