"""This module is the styles of a workbook (18.8): read whole, written as far as they are used."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal
from xml.etree.ElementTree import Element as Node

from safe_release.errors import Malformed, TooLarge
from safe_release.formats.gate import Gate
from safe_release.formats.ledger import Ledger
from safe_release.formats.opc import XML_DECLARATION
from safe_release.formats.values import is_true, whole
from safe_release.formats.xlsx.dxf import NOTHING, PATTERNS, Color, Dxf, child, read_color
from safe_release.formats.xlsx.grammar import STYLES
from safe_release.formats.xlsx.layering import (
    put_over_border,
    put_over_fill,
    put_over_font,
    put_under_border,
    put_under_fill,
    put_under_font,
)
from safe_release.formats.xlsx.numbers import NumberFormat, builtin_code, number_format
from safe_release.formats.xlsx.numfmt_words import GENERAL_CODE, without_colours, without_signs
from safe_release.formats.xml_reader import REPAIR

NAMESPACE: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

_PALETTE: Final = (
    "000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF 000000 FFFFFF FF0000 00FF00 0000FF "
    "FFFF00 FF00FF 00FFFF 800000 008000 000080 808000 800080 008080 C0C0C0 808080 9999FF 993366 "
    "FFFFCC CCFFFF 660066 FF8080 0066CC CCCCFF 000080 FF00FF FFFF00 00FFFF 800080 800000 008080 "
    "0000FF 00CCFF CCFFFF CCFFCC FFFF99 99CCFF FF99CC CC99FF FFCC99 3366FF 33CCCC 99CC00 FFCC00 "
    "FF9900 FF6600 666699 969696 003366 339966 003300 333300 993300 993366 333399 333333"
)
"""The default palette (18.8.27)."""

_DEFAULT_FONT: Final = '<font><sz val="11"/><name val="Calibri"/><family val="2"/></font>'
_NO_FILL: Final = '<fill><patternFill patternType="none"/></fill>'
_GRAY_FILL: Final = '<fill><patternFill patternType="gray125"/></fill>'
_NO_BORDER: Final = "<border><left/><right/><top/><bottom/><diagonal/></border>"
_SIDES: Final = ("left", "right", "top", "bottom", "diagonal")
_SWITCHES: Final = frozenset(("b", "i", "strike", "condense", "extend", "outline", "shadow"))
_BUILTIN: Final = frozenset((*range(23), *range(27, 60)))
"""Number formats that applications know by number, some in the reader's own language (18.8.30)."""
_THEMED: Final = re.compile(r'<\w+(?: [^>]*)? theme="(\d+)"')
_AFTER_COLOR: Final = re.compile(r"(<(?:name|family|charset|scheme) |</font>)")
_COLOR: Final = re.compile(r"<color(?: [^<>]*)?/>")
_SCHEME: Final = re.compile(r'<scheme val="(major|minor)"/>')
_FRAMED: Final = -1_000_000
"""Numbers from here down are formats put together; no cell of a source can name them."""
_MAX_WRITTEN: Final = 65_490
_MAX_STYLES: Final = 66_000
"""Excel holds 65,490 cell formats; more than that is no document."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks, resolved: the markup of its parts, and its number format.

    ``builtin`` is the number of a built-in format, -1 for a format of the document's own, whose
    code is ``code`` in either case.
    """

    font: str
    fill: str
    border: str
    alignment: str
    builtin: int
    code: str
    is_checkbox: bool = False
    """Whether a boolean is painted as a check box (MS-XLSX, xfComplement); not written itself."""


class SourceStyles:
    """The styles part of the source. Every style a cell names becomes a ``Look``."""

    def __init__(self, root: Node | None, place: str, ledger: Ledger) -> None:
        self.place = place
        root = root if root is not None else Node("styleSheet")
        if root.tag != "styleSheet":
            raise Malformed("is no style sheet", place=place, remedy=REPAIR)
        self.gate = Gate(STYLES, ledger)
        sections = {child.tag: child for child in reversed(root)}
        self._palette = self._read_palette(sections.get("colors"))
        self.flatten_palette(root)
        self._codes = {
            whole(node.get("numFmtId")): without_signs(node.get("formatCode", ""))
            for node in _section(sections, "numFmts", "numFmt")
        }
        self._fonts = [_plain_font(node) for node in _section(sections, "fonts", "font")]
        self._fills = [_plain_fill(node) for node in _section(sections, "fills", "fill")]
        self._borders = [_plain_border(node) for node in _section(sections, "borders", "border")]
        self._xfs = _section(sections, "cellXfs", "xf")
        if len(self._xfs) > _MAX_STYLES:
            raise Malformed("has more cell formats than Excel can hold", place=place, remedy=REPAIR)
        self._count = max(1, len(self._xfs))
        self._framed: dict[tuple[int, int], int] = {}
        self._framed_xfs: dict[int, Node] = {}
        self._looks: dict[int, Look] = {}
        self._normal_format = self._find_normal_format(sections)
        self._normal = self._find_normal_font()
        self.dxfs = _section(sections, "dxfs", "dxf")
        self.table_styles = sections.get("tableStyles", Node("tableStyles"))

    @property
    def palette(self) -> Sequence[str]:
        """The colours that ``indexed`` means below 64."""
        return self._palette[:64]

    @property
    def normal_font_node(self) -> Node:
        """The font of the style Normal."""
        return self._normal

    @property
    def plain_colors(self) -> tuple[str, str]:
        """Black and white for fonts, not spelled as Normal is: a table style would replace it."""
        usual = read_color(child(self._normal, "color"))
        black, white = (
            other if usual == Color("rgb", value) else value
            for value, other in (("FF000000", "FF010101"), ("FFFFFFFF", "FFFEFEFE"))
        )
        return f'<color rgb="{black}"/>', f'<color rgb="{white}"/>'

    def font_and_fill(self, index: int, under: Dxf) -> tuple[Node, Node]:
        """The font and the fill of a ``cellXfs`` entry, over the look of a pivot style."""
        self.look(index)
        xf = self._xf(index)
        font, fill = self._font(xf), self._pick(self._fills, xf, "fillId")
        if under != NOTHING:
            font, fill = put_under_font(font, self._normal, under), put_under_fill(fill, under)
        return font, fill

    @property
    def normal_font(self) -> str:
        """The markup of the font of the style Normal: column widths are measured in its digits."""
        return self.gate.carry(self._normal)

    @property
    def normal(self) -> Look:
        """The look of the style Normal: some readers give it to cells of the first format."""
        carry = self.gate.carry
        xf = self._normal_format
        alignment = next((child for child in xf if child.tag == "alignment"), None)
        return Look(
            font=self.normal_font,
            fill=_filled(carry(self._pick(self._fills, xf, "fillId"))),
            border=carry(_plain_border(self._pick(self._borders, xf, "borderId"))),
            alignment=carry(alignment) if alignment is not None else "",
            builtin=0,
            code=builtin_code(0),
        )

    @property
    def count(self) -> int:
        """How many cell formats there are; a cell may name none of them, or the first."""
        return self._count

    def framed(self, index: int, border: int) -> int:
        """The number of a format like ``index`` with the border of format ``border`` (18.8.45).

        Each cell of a merge draws its own border and the first cell everything else.
        Raises ``Malformed`` where either is not there.
        """
        if self.look(index).border == self.look(border).border:
            return index
        new = self._framed.get((index, border))
        if new is None:
            xf = Node("xf", self._xf(index).attrib)
            xf.extend(self._xf(index))
            xf.set("borderId", str(_index(self._xf(border), "borderId")))
            new = self._framed[index, border] = _FRAMED - len(self._framed)
            self._framed_xfs[new] = xf
            self._looks[new] = self._resolve(xf)
        return new

    def look(self, index: int) -> Look:
        """The look of ``cellXfs`` entry ``index``. Raises ``Malformed`` where there is none."""
        look = self._looks.get(index)
        if look is None:
            if not 0 <= index < self.count:
                raise Malformed("names a cell format that does not exist", remedy=REPAIR)
            look = self._looks[index] = self._resolve(self._xf(index))
        return look

    @property
    def fonts(self) -> list[Node]:
        """The fonts that cells may have."""
        return [*self._fonts, self._normal]

    @property
    def fills(self) -> list[Node]:
        """The fills that cells may have."""
        return self._fills

    def paint_at(self, index: int) -> tuple[Node, Node]:
        """The font and the fill of ``cellXfs`` entry ``index``. Raises ``Malformed``."""
        self.look(index)
        xf = self._xf(index)
        return self._font(xf), self._pick(self._fills, xf, "fillId")

    def look_between(self, index: int, under: Dxf | None, over: Dxf | None) -> Look:
        """The look of an entry with a table or pivot style's look under it and a rule's over it.

        The rule for ``under`` is that of ``dxf.overlay``: what the cell leaves at the default of
        Normal takes what lies under it. What ``over`` sets wins.
        """
        look = self.look(index)
        xf = self._xf(index)
        under, over = under or Dxf(), over or Dxf()
        font = put_over_font(put_under_font(self._font(xf), self._normal, under), over)
        fill = put_over_fill(put_under_fill(self._pick(self._fills, xf, "fillId"), under), over)
        border = put_under_border(self._pick(self._borders, xf, "borderId"), under)
        border = put_over_border(border, over)
        carry = self.gate.carry
        return replace(
            look, font=carry(font), fill=_filled(carry(fill)), border=carry(_plain_border(border))
        )

    def _xf(self, index: int) -> Node:
        if index in self._framed_xfs:
            return self._framed_xfs[index]
        return self._xfs[index] if self._xfs else Node("xf")

    def _resolve(self, xf: Node) -> Look:
        carry = self.gate.carry
        alignment = next((child for child in xf if child.tag == "alignment"), None)
        written = carry(alignment) if alignment is not None else ""
        number = _index(xf, "numFmtId")
        code = self._codes.get(number, "")
        return Look(
            font=carry(self._font(xf)),
            fill=_filled(carry(self._pick(self._fills, xf, "fillId"))),
            border=carry(_plain_border(self._pick(self._borders, xf, "borderId"))),
            alignment=written,
            builtin=-1 if code else number if number in _BUILTIN else 0,
            code=code or builtin_code(number),
            is_checkbox=any(node.tag == "xfpb:xfComplement" for node in xf.iter()),
        )

    def _font(self, xf: Node) -> Node:
        return self._pick(self._fonts, xf, "fontId") if self._fonts else self._normal

    def _pick(self, pool: list[Node], xf: Node, attribute: str) -> Node:
        index = _index(xf, attribute)
        if not pool and index == 0:
            return Node({"fillId": "fill", "borderId": "border", "fontId": "font"}[attribute])
        if not 0 <= index < len(pool):
            raise Malformed(
                f"has a cell format whose {attribute} does not exist",
                place=self.place,
                remedy=REPAIR,
            )
        return pool[index]

    def _find_normal_font(self) -> Node:
        if not self._fonts:
            return _default_font()
        index = _index(self._normal_format, "fontId")
        return self._fonts[index if 0 <= index < len(self._fonts) else 0]

    @staticmethod
    def _find_normal_format(sections: Mapping[str, Node]) -> Node:
        formats = _section(sections, "cellStyleXfs", "xf")
        chosen = 0
        for style in _section(sections, "cellStyles", "cellStyle"):
            if style.get("builtinId", "").strip() == "0":
                chosen = _index(style, "xfId")
                break
        return formats[chosen] if 0 <= chosen < len(formats) else Node("xf")

    @staticmethod
    def _read_palette(colors: Node | None) -> list[str]:
        palette = _PALETTE.split()
        for node in colors if colors is not None else ():
            if node.tag == "indexedColors":
                for position, color in enumerate(node):
                    if position < len(palette):
                        palette[position] = color.get("rgb", "")[-6:] or palette[position]
        return palette

    def is_usual_color(self, index: int) -> bool:
        """Whether a colour of the palette is there, and what it is by default."""
        return (
            0 <= index < len(_PALETTE.split()) and self._palette[index] == _PALETTE.split()[index]
        )

    def _flatten_palette(self, node: Node) -> None:
        # A palette of the source's own would have to travel whole; its colours travel one by one.
        indexed = whole(node.get("indexed"))
        if 0 <= indexed < len(self._palette):
            del node.attrib["indexed"]
            node.attrib.setdefault("rgb", "FF" + self._palette[indexed])

    def flatten_palette(self, root: Node) -> None:
        """Turn palette colours in another part's tree into colours of their own."""
        for node in root.iter():
            self._flatten_palette(node)


def _section(sections: Mapping[str, Node], name: str, item: str) -> list[Node]:
    section = sections.get(name)
    return [] if section is None else [child for child in section if child.tag == item]


def _index(node: Node, attribute: str) -> int:
    return whole(node.get(attribute) or None, 0)


def _bared(look: Look, bareness: int, colors: tuple[str, str]) -> Look:
    font = _COLOR.sub("", look.font)
    if bareness > 2:
        font = _AFTER_COLOR.sub(
            rf"{colors[bareness - 3]}\1", font.replace("<font/>", "<font></font>"), count=1
        )
    return replace(look, font=font, fill=_NO_FILL if bareness > 1 else look.fill)


def _with_code(look: Look, code: str) -> Look:
    return replace(look, builtin=0 if code == GENERAL_CODE else -1, code=code)


def _on_the_right(look: Look) -> Look:
    """The look of a text that stands where a number stood."""
    if "horizontal=" in look.alignment:
        return look
    rest = look.alignment.removeprefix("<alignment").removesuffix("/>")
    return replace(look, alignment=f'<alignment horizontal="right"{rest}/>')


def _default_font() -> Node:
    font = Node("font")
    for name, value in (("sz", "11"), ("name", "Calibri"), ("family", "2")):
        font.append(Node(name, {"val": value}))
    return font


def _filled(fill: str) -> str:
    return fill if "patternFill" in fill or "gradientFill" in fill else _NO_FILL


def _plain_font(font: Node) -> Node:
    """One spelling of what is off: not there."""
    plain = Node("font")
    for item in font:
        off = item.tag in _SWITCHES and not is_true(item.get("val", "1"))
        if not off and not (item.tag == "u" and item.get("val") == "none"):
            plain.append(item)
    return plain


def _plain_fill(fill: Node) -> Node:
    """A fill without the colours it does not paint."""
    plain = Node("fill")
    for item in fill:
        pattern = item.get("patternType", "none").strip()
        pattern = pattern if pattern in PATTERNS else "none"
        if item.tag == "patternFill" and pattern in ("none", "solid"):
            kept = Node("patternFill", {"patternType": pattern})
            kept.extend(color for color in item if pattern == "solid" and color.tag == "fgColor")
            plain.append(kept)
        else:
            plain.append(item)
    return plain


def _plain_border(border: Node) -> Node:
    """A border with all five sides, the undrawn ones empty."""
    plain = Node("border", {k: v for k, v in border.attrib.items() if k.startswith("diagonal")})
    sides = {"start": "left", "end": "right"}
    found = {sides.get(side.tag, side.tag): side for side in reversed(border)}
    for name in _SIDES:
        side = found.get(name)
        is_drawn = side is not None and side.get("style", "none") != "none"
        kept = Node(name, {"style": side.get("style", "")} if side is not None and is_drawn else {})
        kept.extend(side if side is not None and is_drawn else ())
        plain.append(kept)
    return plain


Replaced = Literal["nothing", "text", "number"]
"""What a text in the copy stands in the place of."""


class StylePool:
    """The copy's styles, in order of first use, each look once."""

    def __init__(self, source: SourceStyles) -> None:
        self._source = source
        self._normal = source.normal
        self._fonts = {self._normal.font: 0}
        self._fills = {_NO_FILL: 0, _GRAY_FILL: 1}
        self._borders = {_NO_BORDER: 0}
        self._noted_colors: set[int] = set()
        self._noted_fonts: set[str] = set()
        self._codes: dict[str, int] = {}
        self._xfs: dict[str, int] = {}
        self._by_source: dict[tuple[int, Dxf | None, Dxf | None, str, bool, int], int] = {}
        self._by_look: dict[Look, int] = {}
        self._dxfs: dict[str, int] = {}
        self._table_styles: dict[str, str] = {}
        self.use(0)

    def use(
        self,
        index: int,
        under: Dxf | None = None,
        bareness: int = 0,
        over: Dxf | None = None,
        shown: NumberFormat | None = None,
    ) -> int:
        """The copy's number for a source cell format that shows no number.

        ``under`` is the look of a pivot style that lies under it, ``over`` that of a rule on top;
        ``bareness`` what has to go for its letters to show: the font's colour (1), the fill as
        well (2), and where that does not do, a black (3) or white (4) font in place of a table's
        colour. ``shown`` takes the place of its number format. Raises ``Malformed``.
        """
        code = (shown or self.format_at(index)).code_for_nothing
        return self._used(index, under, code, over=over, bareness=bareness)

    def use_for_number(
        self,
        index: int,
        number: str,
        under: Dxf | None = None,
        bareness: int = 0,
        over: Dxf | None = None,
        shown: NumberFormat | None = None,
    ) -> int:
        """The copy's number for a source cell format that shows this number."""
        code = (shown or self.format_at(index)).code_for_number(number)
        return self._used(index, under, code, over=over, bareness=bareness)

    def use_for_text(
        self,
        index: int,
        under: Dxf | None,
        replaced: Replaced,
        bareness: int = 0,
        over: Dxf | None = None,
        shown: NumberFormat | None = None,
    ) -> int:
        """The copy's number for a source cell format that shows a text.

        ``replaced`` is what the text takes the place of: in a number's it stays on the right.
        """
        code = self.code_for_text(index, replaced, shown)
        is_right = replaced == "number"
        return self._used(index, under, code, over=over, is_right=is_right, bareness=bareness)

    def code_for_text(
        self, index: int, replaced: Replaced, shown: NumberFormat | None = None
    ) -> str:
        """The number format code of a source cell format that shows a text."""
        own = shown or self.format_at(index)
        return own.code_for_text() if replaced == "nothing" else GENERAL_CODE

    def use_dxf(self, dxf: Node) -> int:
        """The copy's number for a differential format, without its number format."""
        markup = self._source.gate.carry(_painted(dxf))
        return self._dxfs.setdefault(markup, len(self._dxfs))

    def _used(
        self,
        index: int,
        under: Dxf | None,
        code: str,
        *,
        over: Dxf | None = None,
        is_right: bool = False,
        bareness: int = 0,
    ) -> int:
        if bareness and any(number_format(code).colours):
            code = without_colours(code)
        key = (index, under, over, code, is_right, bareness)
        new = self._by_source.get(key)
        if new is None:
            look = self._source.look(index)
            if under is not None or over is not None:
                look = self._source.look_between(index, under, over)
            if bareness:
                look = _bared(look, bareness, self._source.plain_colors)
            if code != look.code:
                look = _with_code(look, code)
            new = self._by_source[key] = self._add(_on_the_right(look) if is_right else look)
        return new

    def format_at(self, index: int) -> NumberFormat:
        """The number format of a source cell format, which need not be used for that."""
        return number_format(self._source.look(index).code)

    def is_checkbox(self, index: int) -> bool:
        """Whether a boolean in a source cell format is painted as a check box."""
        return self._source.look(index).is_checkbox

    def _add(self, look: Look) -> int:
        new = self._by_look.get(look)
        if new is None:
            new = self._by_look[look] = self._write(look)
        return new

    def _write(self, look: Look) -> int:
        ids = self._ids(look)
        normal = self._normal
        applied = {
            "applyNumberFormat": ids["numFmtId"] != 0,
            "applyFont": look.font != normal.font,
            "applyFill": look.fill != normal.fill,
            "applyBorder": look.border != normal.border,
            "applyAlignment": bool(look.alignment or normal.alignment),
        }
        flags = {name: int(value) for name, value in applied.items()}
        xf = self._source.gate.write("xf", ids | {"xfId": 0} | flags, look.alignment)
        new = self._xfs.setdefault(xf, len(self._xfs))
        if new >= _MAX_WRITTEN:
            raise TooLarge(
                f"would need more than {_MAX_WRITTEN} cell formats",
                place=self._source.place,
                remedy="Give its cells fewer different formats, save and retry",
            )
        return new

    def _ids(self, look: Look) -> dict[str, str | int]:
        return {
            "numFmtId": look.builtin if look.builtin >= 0 else self._number(look.code),
            "fontId": self._fonts.setdefault(look.font, len(self._fonts)),
            "fillId": self._fills.setdefault(look.fill, len(self._fills)),
            "borderId": self._borders.setdefault(look.border, len(self._borders)),
        }

    def _number(self, code: str) -> int:
        return self._codes.setdefault(code, 164 + len(self._codes))

    def use_table_style(self, name: str) -> str:
        """The copy's name for a table style of the source's own; empty where it has none such."""
        if name in self._table_styles:
            return self._table_styles[name]
        if not any(style.get("name") == name for style in self._source.table_styles):
            return ""
        return self._table_styles.setdefault(name, f"Style {len(self._table_styles) + 1}")

    def markup(self) -> str:
        """The styles part."""
        normal = self._source.gate.write("xf", self._ids(self._normal), self._normal.alignment)
        pools = [
            ("numFmts", [self._number_markup(code, id_) for code, id_ in self._codes.items()]),
            ("fonts", list(self._fonts)),
            ("fills", list(self._fills)),
            ("borders", list(self._borders)),
            ("cellStyleXfs", [normal]),
            ("cellXfs", list(self._xfs)),
            ("cellStyles", ['<cellStyle name="Normal" xfId="0" builtinId="0"/>']),
        ]
        table_styles = self._table_styles_markup()
        pools.append(("dxfs", list(self._dxfs)))
        sections = "".join(
            f'<{name} count="{len(items)}">{"".join(items)}</{name}>'
            for name, items in pools
            if items
        )
        content = sections + table_styles
        return f'{XML_DECLARATION}<styleSheet xmlns="{NAMESPACE}">{content}</styleSheet>'

    def written_codes(self) -> list[str]:
        """The number format code of each of the copy's cell formats, by its number."""
        own = {id_: code for code, id_ in self._codes.items()}
        ids = (int(xf.partition('numFmtId="')[2].partition('"')[0] or 0) for xf in self._xfs)
        return [own.get(id_) or builtin_code(id_) for id_ in ids]

    def note(self, markup: str) -> None:
        """What stands outside of the styles and may name colours and typefaces of the theme."""
        if "<color" in markup or "<tabColor" in markup or "<scheme" in markup:
            self._noted_colors.update(int(index) for index in _THEMED.findall(markup))
            self._noted_fonts.update(_SCHEME.findall(markup))

    def theme_colors(self) -> frozenset[int]:
        """The theme colours that anything written so far names (20.1.6.2), by index."""
        pools = (self._fonts, self._fills, self._borders, self._dxfs)
        return frozenset(self._noted_colors) | frozenset(
            int(index) for pool in pools for markup in pool for index in _THEMED.findall(markup)
        )

    def theme_fonts(self) -> frozenset[str]:
        """The theme's typefaces, ``major`` or ``minor``, that anything written so far names."""
        return frozenset(self._noted_fonts) | frozenset(
            name for markup in self._fonts for name in _SCHEME.findall(markup)
        )

    def _number_markup(self, code: str, id_: int) -> str:
        return self._source.gate.write("numFmt", {"numFmtId": id_, "formatCode": code})

    def _table_styles_markup(self) -> str:
        if not self._table_styles:
            return ""
        styles = []
        for name, new_name in self._table_styles.items():
            style = next(node for node in self._source.table_styles if node.get("name") == name)
            by_type: dict[str | None, Node] = {}
            for node in style:
                by_type.setdefault(node.get("type"), node)
            elements = [self._table_style_element(node) for node in by_type.values()]
            elements = [element for element in elements if element]
            attributes: dict[str, str | int] = {"name": new_name, "pivot": "0"}
            attributes["count"] = len(elements)
            styles.append(self._source.gate.write("tableStyle", attributes, "".join(elements)))
        return f'<tableStyles count="{len(styles)}">{"".join(styles)}</tableStyles>'

    def _table_style_element(self, node: Node) -> str:
        index = _index(node, "dxfId") if "dxfId" in node.attrib else -1
        if node.tag != "tableStyleElement" or not 0 <= index < len(self._source.dxfs):
            return ""
        if node.get("type") not in STYLES["tableStyleElement"].attributes["type"].words:  # type: ignore[attr-defined]
            return ""
        new = self.use_dxf(self._source.dxfs[index])
        return self._source.gate.write(
            "tableStyleElement",
            {"type": node.get("type", ""), "size": node.get("size", ""), "dxfId": new},
        )


def _painted(dxf: Node) -> Node:
    """What a table style paints with a differential format: no typeface, no number format."""
    copy = Node("dxf")
    for part in dxf:
        if part.tag == "font":
            font = Node("font")
            font.extend(item for item in part if item.tag in ("b", "i", "strike", "u", "color"))
            copy.append(font)
        elif part.tag in ("fill", "border"):
            copy.append(part)
    return copy
