"""Cell formats (ECMA-376-1 18.8), as far as they decide what a cell shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from safe_release.inspectors.features import CHILDREN
from safe_release.inspectors.looks import Looks
from safe_release.inspectors.number_formats import InspectedFormat, builtin_code, number_format
from safe_release.inspectors.raw_xml import Node
from safe_release.inspectors.shortcuts import masks_texts, narrow_pattern
from safe_release.inspectors.sights import Faces, read_faces
from safe_release.inspectors.texts import is_true, whole

_NEUTRAL_STYLE = re.compile(r"(?:Table )?Style ?[1-9][0-9]{0,4}", re.ASCII)
_SIGNS = re.compile(
    r'"[^"]*"|[\\*].|(_).|\[\$([^-\]]*)-'
    r"(?!(?:[0-9a-f]{1,8}|x-sys(?:date|time)|[a-z]{2,3}(?:-[a-z]{2,4}){0,2}(?:,[0-9a-f]{1,8})?)\])"
    r"[^\]]*\]",
    re.IGNORECASE | re.DOTALL | re.ASCII,
)
_INKS = re.compile(
    r'"[^"]*"|[\\_*].'
    r"|\[(black|blue|cyan|green|magenta|red|white|yellow|color ?[0-9]{1,2})\]|.",
    re.IGNORECASE | re.DOTALL | re.ASCII,
)
_SYMBOLS = re.compile(
    r"wingdings|webdings|symbol|marlett|barcode|code ?39|code ?128", re.IGNORECASE
)


@dataclass(slots=True)
class Styles:
    """Facts by the index of a format in ``cellXfs``."""

    count: int = 0
    looks: Looks = field(default_factory=Looks)
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
    doubtful: frozenset[int] = frozenset()
    """Formats in which letters are hard to see, or none."""
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
    table_styles: tuple[str, ...] = ()
    """The names of the table styles of its own."""
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
    faces: Faces = field(default_factory=Faces)

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
        self.codes[new] = code
        names = tuple({name for name in (*own.colours, own.colour_of_text) if name})
        self.faces.dress(style, new, names)
        return new

    def number_format(self, index: int) -> InspectedFormat:
        """The number format of a cell format."""
        code = self.codes.get(index)
        return number_format(builtin_code(self.format_ids.get(index, 0)) if code is None else code)


_MADE = 1_000_000
"""More than a style sheet can have formats."""


def read_styles(root: Node, date1904: bool, theme: Node | None = None) -> Styles:
    """Read a style sheet in the colours of a theme; absent lists count as empty."""
    looks = Looks(root) if theme is None else Looks(root, theme)
    styles = Styles(looks=looks, date1904=date1904)
    for node in root.all("x:numFmts", "x:numFmt"):
        styles.formats[whole(node.get("numFmtId"))] = node.get("formatCode")
    fonts = root.all("x:fonts", "x:font")
    checkbox, text_masks, symbols = set(), set(), set()
    colours = []
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
        if _has_symbols(_at(fonts, node.get("fontId"))):
            symbols.add(index)
        own = number_format(shown)
        colours.append(tuple({name for name in (*own.colours, own.colour_of_text) if name}))
        protection = node.first("x:protection")
        if is_true(node.get("quotePrefix")) or (protection and is_true(protection.get("hidden"))):
            styles.marks += 1
    styles.checkbox, styles.text_masks = frozenset(checkbox), frozenset(text_masks)
    _note_words(styles)
    styles.faces = read_faces(root, theme, colours)
    near = {index for index in range(len(formats)) if styles.faces.letters(index).near}
    styles.doubtful = frozenset(symbols | near)
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
    styles.table_styles = tuple(
        node.get("name") for node in root.all("x:tableStyles", "x:tableStyle")
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
    """A code without colours and what shows nothing: the sign that gives room, no language."""
    if not understood:
        return "General"
    plain = "".join(hit[0] for hit in _INKS.finditer(code) if not hit[1])
    return _SIGNS.sub(_without_sign, plain) or "General"


def _without_sign(hit: re.Match[str]) -> str:
    if hit[1]:
        return "_"
    if hit[2] is None:
        return hit[0]
    return f"[${hit[2]}]" if hit[2] else ""


def _at(nodes: list[Node], index: str) -> Node | None:
    number = whole(index)
    return nodes[number] if number < len(nodes) else None


def _has_symbols(font: Node | None) -> bool:
    """Whether a font paints signs where letters are stored (18.8.22)."""
    name = font.first("x:name") if font is not None else None
    return name is not None and bool(_SYMBOLS.search(name.get("val")))
