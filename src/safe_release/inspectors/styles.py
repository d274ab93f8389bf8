"""Cell formats (ECMA-376-1 18.8), as far as they decide what a cell shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from safe_release.inspectors.features import CHILDREN
from safe_release.inspectors.number_formats import InspectedFormat, builtin_code, number_format
from safe_release.inspectors.raw_xml import Node
from safe_release.inspectors.shortcuts import masks_texts, narrow_pattern
from safe_release.inspectors.texts import is_true, whole

_NEUTRAL_STYLE = re.compile(r"(?:Table )?Style ?[1-9][0-9]{0,4}", re.ASCII)
_SIGNS = re.compile(
    r'"[^"]*"|[\\*].|(_).|\[\$([^-\]]*)-'
    r"(?!(?:[0-9a-f]{1,8}|x-sys(?:date|time)|[a-z]{2,3}(?:-[a-z]{2,4}){0,2}(?:,[0-9a-f]{1,8})?)\])"
    r"[^\]]*\]",
    re.IGNORECASE | re.DOTALL | re.ASCII,
)
_SYMBOLS = re.compile(
    r"wingdings|webdings|symbol|marlett|barcode|code ?39|code ?128", re.IGNORECASE
)


@dataclass(slots=True)
class Styles:
    """Facts by the index of a format in ``cellXfs``."""

    count: int = 0
    checkbox: frozenset[int] = frozenset()
    narrow: dict[int, str | None] = field(default_factory=dict)
    """By format: the pattern of the numbers that a copy takes as they are spelled."""
    text_masks: frozenset[int] = frozenset()
    """Formats under which a text shows something else."""
    shown_codes: dict[int, str] = field(default_factory=dict)
    """The code of each format, built-in ones too; formats that keep every digit are absent."""
    worded: frozenset[int] = frozenset()
    """Formats whose codes have words in their literals."""
    silent_over_texts: frozenset[int] = frozenset()
    """Those of them that have a word which no text shows."""
    uneven: dict[int, InspectedFormat] = field(default_factory=dict)
    """Those of them whose words depend on the number."""
    invisible: frozenset[int] = frozenset()
    marks: int = 0
    """Formats with an apostrophe mark or with cell protection beyond the default."""
    codes: dict[int, str] = field(default_factory=dict)
    """The format code of each format that has one of its own."""
    keys: dict[int, str] = field(default_factory=dict)
    """By format: the code that shows its numbers. ``~`` stands for every code of several sections:
    which of them shows depends on the number, and a copy loses words of the others."""
    formats: dict[int, str] = field(default_factory=dict)
    """``numFmts`` by id."""
    format_ids: dict[int, int] = field(default_factory=dict)
    names: int = 0
    """Cell styles other than ``Normal``."""
    dxfs: frozenset[int] = frozenset()
    """The differential formats."""
    dxfs_used: frozenset[int] = frozenset()
    """Those that a table style uses."""
    telling_names: int = 0
    """Table styles with a name of their own."""
    unknown: int = 0
    """Elements that the standard does not give a style sheet."""
    extensions: int = 0
    compatibility: int = 0
    recent_colours: int = 0
    fonts: tuple[str, ...] = ()
    made: int = 0
    """Formats that conditional formats made of others by a number format of their own."""
    date1904: bool = False

    def with_code(self, style: int, code: str) -> int:
        """The number of a format like another one, with this number format."""
        self.made += 1
        new = _MADE + self.made
        own = number_format(code)
        self.narrow[new] = narrow_pattern(code, self.date1904)
        if not own.keeps_all_digits:
            self.shown_codes[new] = code
        if masks_texts(code):
            self.text_masks |= {new}
        if style in self.checkbox:
            self.checkbox |= {new}
        if own.words.present:
            self.worded |= {new}
        if own.words.silent_over_texts:
            self.silent_over_texts |= {new}
        if own.words.uneven:
            self.uneven[new] = own
            self.narrow[new] = None
        self.keys[new] = "~" if ";" in code else _read_code(code, own.understood)
        return new


_MADE = 1_000_000
"""More than a style sheet can have formats."""


def read_styles(root: Node, date1904: bool) -> Styles:
    """Read a style sheet; absent lists count as empty."""
    styles = Styles(date1904=date1904)
    for node in root.all("x:numFmts", "x:numFmt"):
        styles.formats[whole(node.get("numFmtId"))] = node.get("formatCode")
    fonts, fills = root.all("x:fonts", "x:font"), root.all("x:fills", "x:fill")
    checkbox, text_masks, invisible = set(), set(), set()
    formats = root.all("x:cellXfs", "x:xf")
    styles.count = len(formats)
    for index, node in enumerate(formats):
        number = whole(node.get("numFmtId"))
        styles.format_ids[index] = number
        code = styles.formats.get(number)
        if code is not None:
            styles.codes[index] = code
        shown = code if code is not None else builtin_code(number)
        styles.narrow[index] = narrow_pattern(shown, date1904)
        if not number_format(shown).keeps_all_digits:
            styles.shown_codes[index] = shown
        if masks_texts(shown):
            text_masks.add(index)
        if any(child.name == "?:xfComplement" for child in node.everything()):
            checkbox.add(index)
        if _is_invisible(_at(fonts, node.get("fontId")), _at(fills, node.get("fillId"))):
            invisible.add(index)
        protection = node.first("x:protection")
        if is_true(node.get("quotePrefix")) or (protection and is_true(protection.get("hidden"))):
            styles.marks += 1
    styles.checkbox, styles.text_masks = frozenset(checkbox), frozenset(text_masks)
    _note_words(styles)
    styles.invisible = frozenset(invisible)
    names = root.all("x:cellStyles", "x:cellStyle")
    styles.names = sum(1 for node in names if node.get("name") != "Normal")
    used = {
        whole(node.get("dxfId"), -1)
        for node in root.all("x:tableStyles", "x:tableStyle", "x:tableStyleElement")
    }
    dxfs = root.all("x:dxfs", "x:dxf")
    styles.dxfs = frozenset(range(len(dxfs)))
    styles.dxfs_used = frozenset(used)
    styles.telling_names = sum(
        not _NEUTRAL_STYLE.fullmatch(node.get("name"))
        for node in root.all("x:tableStyles", "x:tableStyle")
    )
    styles.unknown = sum(node.name not in CHILDREN["x:styleSheet"] for node in root.children)
    for node in root.everything():
        styles.extensions += node.name == "x:ext"
        styles.compatibility += any(name.startswith("mc:") for name in node.attributes)
    styles.recent_colours = len(root.all("x:colors", "x:mruColors", "x:color"))
    styles.fonts = tuple(node.get("val") for node in root.all("x:fonts", "x:font", "x:name"))
    return styles


def _note_words(styles: Styles) -> None:
    codes = {
        index: styles.codes.get(index) or builtin_code(number)
        for index, number in styles.format_ids.items()
    }
    formats = {index: number_format(code) for index, code in codes.items()}
    styles.worded = frozenset(i for i, own in formats.items() if own.words.present)
    styles.silent_over_texts = frozenset(
        i for i, own in formats.items() if own.words.silent_over_texts
    )
    styles.uneven = {i: own for i, own in formats.items() if own.words.uneven}
    # Which words show is asked number by number, so none is taken without a look.
    styles.narrow.update(dict.fromkeys(styles.uneven))
    styles.keys = {
        index: "~" if ";" in codes[index] else _read_code(codes[index], own.understood)
        for index, own in formats.items()
    }


def _read_code(code: str, understood: bool) -> str:
    """A code without what shows nothing: the sign that gives room, a language there is not."""
    if not understood:
        return "General"
    return _SIGNS.sub(_without_sign, code)


def _without_sign(hit: re.Match[str]) -> str:
    if hit[1]:
        return "_"
    if hit[2] is None:
        return hit[0]
    return f"[${hit[2]}]" if hit[2] else ""


def _at(nodes: list[Node], index: str) -> Node | None:
    number = whole(index)
    return nodes[number] if number < len(nodes) else None


def _is_invisible(font: Node | None, fill: Node | None) -> bool:
    """Whether text in the font can hardly be seen on the fill (18.8.22, 18.8.32)."""
    if font is None:
        return False
    size = font.first("x:sz")
    if size is not None and re.fullmatch(r"[0-2](\.\d*)?", size.get("val", "11")):
        return True
    name = font.first("x:name")
    if name is not None and _SYMBOLS.search(name.get("val")):
        return True
    colour = _colour(font.first("x:color"), "black")
    pattern = fill.first("x:patternFill") if fill is not None else None
    ground = "white"
    if pattern is not None and pattern.get("patternType") == "solid":
        ground = _colour(pattern.first("x:fgColor"), "white")
    return colour == ground


def _colour(node: Node | None, default: str) -> str:
    if node is None:
        return default
    if "rgb" in node.attributes:
        value = node.get("rgb").upper()[-6:]
        return {"FFFFFF": "white", "000000": "black"}.get(value, value)
    tint = node.get("tint") if node.get("tint") not in ("", "0") else ""
    if "theme" in node.attributes:
        name = {"0": "white", "1": "black"}.get(node.get("theme"), "theme" + node.get("theme"))
        return name + tint
    if "indexed" in node.attributes:
        names = {"1": "white", "9": "white", "65": "white", "0": "black", "8": "black"}
        return names.get(node.get("indexed"), "indexed" + node.get("indexed"))
    return default
