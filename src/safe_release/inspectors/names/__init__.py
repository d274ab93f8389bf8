"""The names and values a candidate may contain: the second of the two keys."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from safe_release.inspectors.names.nested import NESTED, rules
from safe_release.inspectors.raw_xml import Node
from safe_release.inspectors.spans import span_reference
from safe_release.inspectors.texts import cell_text

KEYWORDS = frozenset(
    """
    none solid mediumGray darkGray lightGray darkHorizontal darkVertical darkDown darkUp darkGrid
    darkTrellis lightHorizontal lightVertical lightDown lightUp lightGrid lightTrellis gray125
    gray0625 thin medium dashed dotted thick double hair mediumDashed dashDot mediumDashDot
    dashDotDot mediumDashDotDot slantDashDot general left center right fill justify
    centerContinuous distributed top bottom single singleAccounting doubleAccounting baseline
    superscript subscript major minor windowText window flat ctr sng sq rnd
    wholeTable headerRow totalRow firstColumn lastColumn firstRowStripe secondRowStripe
    firstColumnStripe secondColumnStripe firstHeaderCell lastHeaderCell firstTotalCell
    lastTotalCell
    Jpan Hang Hans Hant Arab Hebr Thai Ethi Beng Gujr Khmr Knda Guru Cans Cher Yiii Tibt Thaa Deva
    Telu Taml Syrc Orya Mlym Laoo Sinh Mong Viet Uigh Geor Armn Bugi Bopo Java Lisu Mymr Nkoo Olck
    Osma Phag Syrn Syrj Syre Sora Tale Talu Tfng
    """.split()
)
_CELL = r"[A-Z]{1,3}[1-9][0-9]{0,6}"
_AREA = rf"(?:({_CELL}):(?!\1$))?{_CELL}"
_FIXED = r"\$[A-Z]{1,3}\$[1-9][0-9]{0,6}"
_SPAN = (
    rf"(?:{_FIXED}(?::{_FIXED})?|\$[A-Z]{{1,3}}:\$[A-Z]{{1,3}}"
    r"|\$[1-9][0-9]{0,6}:\$[1-9][0-9]{0,6})"
)
_RELATIVE = (
    r"(?:[A-Z]{1,3}[1-9][0-9]{0,6}(?::[A-Z]{1,3}[1-9][0-9]{0,6})?"
    r"|[A-Z]{1,3}:[A-Z]{1,3}|[1-9][0-9]{0,6}:[1-9][0-9]{0,6})"
)
_SHEET = r"'(?:[^']|'')+'!"
_BUILT_IN = r"(?:Table|Pivot)Style(?:Light|Medium|Dark)[0-9]{1,2}"

_GUIDED = (
    "-?[0-9]{1,12}|g[1-9][0-9]{0,4}|adj[1-8]?|[hv]f|[0-9]?cd[248]|[blrtwh]|[hv]c|[ls]s|"
    "hd(?:[234568]|10|12|32)|wd(?:[234568]|1[026]|32)|ssd(?:[2468]|16|32)"
)

_QUARTERS = r"[0-9]{1,5}(?:\.25|\.5|\.75)?"
VALUES: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.ASCII | re.DOTALL)
    for name, pattern in {
        "bool": "0|1",
        "count": "0|[1-9][0-9]{0,6}",
        "integer": "-?[1-9][0-9]{0,6}|0",
        "size": r"(?:0|[1-9][0-9]{0,6})(?:\.[0-9]{0,9}[1-9])?",
        "tint": r"-?[01]\.[0-9]{1,4}",
        "cell": _CELL,
        "area": _AREA,
        "areas": f"{_SHEET}{_SPAN}(?:,{_SHEET}{_SPAN})*",
        "rid": "rId[1-9][0-9]{0,6}",
        "rgb": "[0-9A-F]{6}",
        "argb": "FF[0-9A-F]{6}",
        "keyword": "|".join(sorted(KEYWORDS)),
        "text": ".*",
        "palette": r"[1-5]?[0-9]|6[0-3]",
        "application": "Microsoft Excel Compatible",
        "told": ".*",
        "header": ".*",
        "sqref": rf"{_RELATIVE}(?: {_RELATIVE})*",
        "threshold": r"-?[0-9]{1,320}(?:\.[0-9]{1,340})?(?:e[+-][0-9]{1,3})?"
        r"|\$[A-Z]{1,3}\$[1-9][0-9]{0,6}",
        # No text in quotes but the empty one, no name, no other sheet.
        "rule": r"(?:[-+*/^&=<>%(),:$0-9.eA-Z#!?]|\"\"(?!\"))+",
        "inside": f"{_SHEET}{_RELATIVE}",
        "format": r"[^\x00-\x1f]{1,255}",
        "font": r"[^\x00-\x1f<>\\/]{0,64}",
        "table": "Table[1-9][0-9]{0,6}",
        "style": rf"{_BUILT_IN}|(?:Table )?Style ?[1-9][0-9]{{0,4}}",
        "neutral": "Theme",
        "part": r"/(?:xl/(?:workbook|styles|sharedStrings|theme/theme1|"
        r"(?:work|chart)sheets/sheet[1-9][0-9]{0,4}|tables/table[1-9][0-9]{0,6}|"
        r"(?:drawings/drawing|charts/chart)[1-9][0-9]{0,4})|docProps/(?:core|app))\.xml"
        r"|/xl/drawings/vmlDrawing[1-9][0-9]{0,4}\.vml",
        "type": r"application/vnd\.openxmlformats-(?:officedocument\.(?:spreadsheetml\."
        r"(?:sheet\.main|worksheet|chartsheet|styles|sharedStrings|table)|theme|drawing"
        r"|drawingml\.chart|extended-properties)|package\.core-properties)\+xml"
        r"|application/vnd\.openxmlformats-officedocument\.vmlDrawing",
        "relation": r"http://schemas\.openxmlformats\.org/(?:officeDocument/2006/relationships/"
        r"(?:officeDocument|worksheet|chartsheet|styles|sharedStrings|theme|table|hyperlink|drawing"
        r"|vmlDrawing|image|chart|extended-properties)|package/2006/relationships/metadata/core-properties)",
        "target": r"(?:[!#$&-;=?@A-Z_a-z~\[\]]|%[0-9A-Fa-f]{2}){1,4096}",
        "source": rf"\(?{_SHEET}{_SPAN}(?:,{_SHEET}{_SPAN})*\)?",
        "double": r"-?(?:0|[1-9][0-9]{0,16})(?:\.[0-9]{1,25})?(?:[eE][+-]?[0-9]{1,3})?",
        "share": r"-?(?:[0-9]|10)(?:\.[0-9]{1,4})?",
        "separator": r"[ ,;:.|/\n()\-]{1,4}",
        "labels": r"[^\x00-\x1f]{1,255}",
        "number": "0|-?[1-9][0-9]{0,9}",
        "length": "0|[1-9][0-9]{0,9}",
        "negative": "-[1-9][0-9]{0,9}",
        "object": "(?:Shape|Connector|Picture|Group|Chart) [1-9][0-9]{0,6}",
        "bullet": r"[^\x00-\x1f\x7f]{1,2}",
        "side": "tl|t|tr|l|ctr|r|bl|b|br",
        "shadow": "shdw(?:[1-9]|1[0-9]|20)",
        "equation": r"if lineDrawn pixelLineWidth 0|sum @0 1 0|sum 0 0 @1|prod @2 1 2"
        r"|prod @3 21600 pixelWidth|prod @3 21600 pixelHeight|sum @0 0 1|prod @6 1 2"
        r"|prod @7 21600 pixelWidth|sum @8 21600 0|prod @7 21600 pixelHeight|sum @10 21600 0",
        "header_style": r"position:absolute;margin-left:0;margin-top:0;"
        rf"width:{_QUARTERS}pt;height:{_QUARTERS}pt;z-index:[1-9][0-9]?",
        "shape_id": "_x0000_s[1-9][0-9]{3,7}",
        "parts": "-?[1-9][0-9]{0,7}f",
        "section": "[LCR][HF](?:EVEN|FIRST)?",
        "guide": "g[1-9][0-9]{0,4}|adj[1-8]?|hf|vf",
        "guided": _GUIDED,
        "formula": rf"(?:\*/|\+-|\+/|\?:|abs|at2|cat2|cos|max|min|mod|pin|sat2|sin|sqrt|tan|val)"
        rf"(?: (?:{_GUIDED})){{1,3}}",
    }.items()
}
"""The types of values, by the whole spelling each allows."""
FREE = frozenset({"format", "font", "target", "told", "header", "labels"})
"""The types that leave room for words, besides the texts a reading compares."""

PARTS: Mapping[str, re.Pattern[str]] = {
    kind: re.compile(pattern, re.ASCII)
    for kind, pattern in {
        "types": r"\[Content_Types\]\.xml",
        "rels": r"_rels/\.rels|xl/_rels/workbook\.xml\.rels|"
        r"xl/(?:work|chart)sheets/_rels/sheet[1-9][0-9]{0,4}\.xml\.rels|"
        r"xl/drawings/_rels/(?:drawing[1-9][0-9]{0,4}\.xml|vmlDrawing[1-9][0-9]{0,4}\.vml)\.rels",
        "core": r"docProps/core\.xml",
        "app": r"docProps/app\.xml",
        "workbook": r"xl/workbook\.xml",
        "sheet": r"xl/worksheets/sheet[1-9][0-9]{0,4}\.xml",
        "chartsheet": r"xl/chartsheets/sheet[1-9][0-9]{0,4}\.xml",
        "strings": r"xl/sharedStrings\.xml",
        "styles": r"xl/styles\.xml",
        "table": r"xl/tables/table[1-9][0-9]{0,6}\.xml",
        "theme": r"xl/theme/theme1\.xml",
        "drawing": r"xl/drawings/drawing[1-9][0-9]{0,4}\.xml",
        "vml": r"xl/drawings/vmlDrawing[1-9][0-9]{0,4}\.vml",
        "chart": r"xl/charts/chart[1-9][0-9]{0,4}\.xml",
        "png": r"xl/media/image[1-9][0-9]{0,5}\.png",
        "jpeg": r"xl/media/image[1-9][0-9]{0,5}\.jpeg",
    }.items()
}
"""The parts of a copy, by kind and whole name."""

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml."
TYPES: Mapping[str, str] = {
    "types": "application/xml",
    "rels": "application/vnd.openxmlformats-package.relationships+xml",
    "core": "application/vnd.openxmlformats-package.core-properties+xml",
    "app": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    "workbook": _XLSX + "sheet.main+xml",
    "sheet": _XLSX + "worksheet+xml",
    "chartsheet": _XLSX + "chartsheet+xml",
    "strings": _XLSX + "sharedStrings+xml",
    "styles": _XLSX + "styles+xml",
    "table": _XLSX + "table+xml",
    "theme": "application/vnd.openxmlformats-officedocument.theme+xml",
    "drawing": "application/vnd.openxmlformats-officedocument.drawing+xml",
    "vml": "application/vnd.openxmlformats-officedocument.vmlDrawing",
    "chart": "application/vnd.openxmlformats-officedocument.drawingml.chart+xml",
    "png": "image/png",
    "jpeg": "image/jpeg",
}
PICTURES = frozenset(("png", "jpeg"))
"""The kinds of parts that are pictures, which several drawings may show."""

NAMESPACES: Mapping[str, frozenset[str]] = {
    "types": frozenset({"http://schemas.openxmlformats.org/package/2006/content-types"}),
    "rels": frozenset({"http://schemas.openxmlformats.org/package/2006/relationships"}),
    "core": frozenset(
        {
            "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
            "http://purl.org/dc/elements/1.1/",
            "http://purl.org/dc/terms/",
            "http://purl.org/dc/dcmitype/",
            "http://www.w3.org/2001/XMLSchema-instance",
        }
    ),
    "app": frozenset({"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"}),
    "theme": frozenset({"http://schemas.openxmlformats.org/drawingml/2006/main"}),
    "chart": frozenset(
        {
            "http://schemas.openxmlformats.org/drawingml/2006/main",
            "http://schemas.openxmlformats.org/drawingml/2006/chart",
        }
    ),
    "vml": frozenset({"urn:schemas-microsoft-com:vml", "urn:schemas-microsoft-com:office:office"}),
    "drawing": frozenset(
        {
            "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
            "http://schemas.openxmlformats.org/drawingml/2006/main",
            "http://schemas.openxmlformats.org/drawingml/2006/chart",
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        }
    ),
}
_SPREADSHEET = frozenset(
    {
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    }
)


def namespaces(kind: str) -> frozenset[str]:
    """The namespaces a part of a kind may declare."""
    return NAMESPACES.get(kind, _SPREADSHEET)


def part_kind(name: str) -> str | None:
    """The kind of a part of a copy by its name; ``None`` for parts no copy has."""
    return next((kind for kind, pattern in PARTS.items() if pattern.fullmatch(name)), None)


@cache
def grammar() -> Mapping[str, Mapping[tuple[str, ...], Mapping[str, str]]]:
    """By kind of part and path of elements: the attributes, each with the type of its value."""
    sections: dict[str, list[tuple[str, list[str]]]] = {}
    lines = resources.files(__package__).joinpath("xlsx.txt").read_text("utf-8").splitlines()
    section = ""
    for line in lines:
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            section = line.strip("[]")
            sections[section] = []
            continue
        path, *words = line.split()
        sections[section].append((path, words))
    return {
        kind: dict(_expand(sections, kind, ())) for kind in sections if not kind.startswith("+")
    }


def _expand(
    sections: Mapping[str, list[tuple[str, list[str]]]], section: str, above: tuple[str, ...]
) -> list[tuple[tuple[str, ...], dict[str, str]]]:
    rows: list[tuple[tuple[str, ...], dict[str, str]]] = []
    for path, words in sections[section]:
        steps = above if path == "." else (*above, *path.split("/"))
        rule = dict(word.split("=", 1) for word in words if not word.startswith("+"))
        taken = [word for word in words if word.startswith("+")]
        if not taken:
            rows.append((steps, rule))
        for word in taken:
            rows.extend(_expand(sections, word, steps))
    return rows


_SCHEME = frozenset(
    f"a:{name}"
    for name in (
        "dk1",
        "lt1",
        "dk2",
        "lt2",
        "accent1",
        "accent2",
        "accent3",
        "accent4",
        "accent5",
        "accent6",
        "hlink",
        "folHlink",
    )
)


@dataclass(slots=True)
class Vocabulary:
    """Puts a part's elements to the list, remembers what is not on it, and the free texts."""

    kind: str
    objections: Counter[str] = field(default_factory=Counter)
    free: set[str] = field(default_factory=set)
    themed: set[str] = field(default_factory=set)
    """The colours, by index, and typefaces of the theme that are used."""
    examined: int = 0

    def element(self, path: tuple[str, ...], attributes: Mapping[str, str], place: str) -> None:
        """Note an element with its parents and attributes, all in short names."""
        self.examined += 1 + len(attributes)
        rule = self._rule(path)
        if rule is None:
            self.objections[f"{place}: an element that is not on the list"] += 1
            return
        for name, value in attributes.items():
            kind = rule.get(name)
            if kind is None:
                self.objections[f"{place}: an attribute that is not on the list"] += 1
            elif not fits(kind, value):
                self.objections[f"{place}: a value that is not on the list"] += 1
            elif name == "theme" or path[-1] == "x:scheme":
                self.themed.add(value)
            elif kind in FREE and len(self.free) < 100_000:
                # Targets inside the package are on the list by their whole spelling.
                if kind != "target" or ":" in value:
                    self.free.add(cell_text(value) if kind == "told" else value)

    def _rule(self, path: tuple[str, ...]) -> Mapping[str, str] | None:
        if self.kind in NESTED:
            own = rules(self.kind).get(path[-1])
            above = rules(self.kind).get(path[-2]) if len(path) > 1 else None
            held = above.children if above is not None else {NESTED[self.kind]}
            return own.attributes if own is not None and path[-1] in held else None
        paths = grammar()[self.kind]
        rule = paths.get(path)
        if rule is None and path[-1] in _SCHEME:
            rule = paths.get((*path[:-1], "a:*"))
        elif rule is None and len(path) > 1 and path[-2] in _SCHEME:
            rule = paths.get((*path[:-2], "a:*", path[-1]))
        return rule

    def tree(self, root: Node, place: str) -> None:
        """Put a whole small part to the list."""
        stack: list[tuple[tuple[str, ...], Node]] = [((root.name,), root)]
        while stack:
            path, node = stack.pop()
            self.element(path, node.attributes, place)
            kind = (self._rule(path) or {}).get("#text")
            if node.text if kind is None else not fits(kind, node.text):
                self.objections[f"{place}: text that is not on the list"] += 1
            stack.extend(((*path, child.name), child) for child in node.children)


def fits(kind: str, value: str) -> bool:
    """Whether a value is of a type of the list."""
    if kind.startswith("{"):
        return value in kind[1:-1].split("|")
    if VALUES[kind].fullmatch(value) is None:
        return False
    return kind not in ("area", "inside") or _is_upright(value.rpartition("!")[2])


def _is_upright(reference: str) -> bool:
    """Whether a reference lies on the grid and names its first corner first."""
    span = span_reference(reference)
    return span is not None and span.written() == reference
