"""This module is what stands around the cells of a sheet: views, columns, links, page set-up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final
from urllib.parse import quote
from xml.etree.ElementTree import Element as Node

from safe_release.errors import Malformed
from safe_release.formats.gate import Gate
from safe_release.formats.values import is_true, whole
from safe_release.formats.xlsx.axis import (
    COLUMNS,
    ROWS,
    Area,
    AxisMap,
    parse_area,
    parse_areas,
    write_area,
    write_cell,
)
from safe_release.formats.xlsx.strings import decode, units
from safe_release.formats.xlsx.styles import SourceStyles, StylePool
from safe_release.formats.xlsx.visible import Fate, Geometry

_MAX_HEADER: Final = 255
"""Characters of a header or footer with its codes; Excel repairs a sheet that has more."""
_MAX_BREAKS: Final = 1026
_MAX_LINKS: Final = 65_530
"""Page breaks in a direction and links on a sheet (Excel specifications and limits)."""
_CODES: Final = re.compile(
    r"(&(?:\"[^\"]*\"|K(?:[0-9A-Fa-f]{6}|[0-9]{2}[+-][0-9]{3})|[0-9]{1,3}|[^ZFzf]))|&[ZFzf]",
    re.DOTALL,
)
"""The codes of headers and footers (18.3.1.46). Those for the path (&Z) and the file name (&F) are
the ones that show nothing in a copy; so does that for a picture (&G) where there is none."""
PICTURE_PLACES: Final = {
    f"{pages}{where}": where[0] + suffix
    for pages, suffix in (("odd", ""), ("even", "EVEN"), ("first", "FIRST"))
    for where in ("Header", "Footer")
}
"""Headers and footers in the order of the schema, and what follows the letter of a section in the
id of a picture's shape, such as ``LHFIRST``."""
_FONT_CODE: Final = re.compile(r"&\"[^\",&]{1,31}(?:,[^\",&]{1,31})?\"")
"""A typeface and its style; anything longer, or with codes in it, is a text that nobody sees."""
_WEB: Final = frozenset(("http", "https", "mailto"))
_MAX_ADDRESS: Final = 2079
"""Characters of a link that the common programs follow."""
_MAX_HOST: Final = 256
_HOST: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\]")
_PORT: Final = re.compile(r"[0-9]{0,5}", re.ASCII)
_BARE_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_URL: Final = re.compile(rf"[!#-;=?-\[\]-~\xa0-\U0010ffff]{{1,{_MAX_ADDRESS}}}")
"""Everything a link is written in; quotes, angle brackets and backslashes are none of it (RFC 3986
appendix C)."""


def sheet_view(
    gate: Gate, geometry: Geometry, rows: AxisMap, styles: SourceStyles, is_selected: bool
) -> str:
    """The one view of a sheet, scrolled to its start."""
    view = geometry.view if geometry.view is not None else Node("sheetView")
    attributes: dict[str, str | int] = {
        name: view.attrib[name]
        for name in ("showGridLines", "showRowColHeaders", "rightToLeft", "zoomScale")
        if name in view.attrib
    }
    if view.get("view", "normal") != "normal":
        # The zoom of page views is another one; what counts is the normal view's.
        attributes.pop("zoomScale", None)
        if view.get("zoomScaleNormal", "0") != "0":
            attributes["zoomScale"] = view.attrib["zoomScaleNormal"]
    if attributes.get("zoomScale") == "100":
        del attributes["zoomScale"]
    color = whole(view.get("colorId"))
    if is_true(view.get("defaultGridColor", "1")) is False and styles.is_usual_color(color):
        attributes |= {"defaultGridColor": 0, "colorId": color}
    attributes |= {"tabSelected": int(is_selected), "workbookViewId": 0}
    return gate.write(
        "sheetViews", {}, gate.write("sheetView", attributes, _pane(gate, geometry, rows))
    )


def frozen_rows(geometry: Geometry) -> int:
    """The source's last frozen row; what a pane keeps can be told when rows have come so far."""
    return geometry.first_row + geometry.split("ySplit") - 1 if geometry.is_frozen else 0


def _pane(gate: Gate, geometry: Geometry, rows: AxisMap) -> str:
    if not geometry.is_frozen or geometry.pane is None:
        return ""
    columns = geometry.columns
    down = _frozen(rows, geometry.first_row, geometry.split("ySplit"), geometry, 0)
    across = _frozen(columns, geometry.first_column, geometry.split("xSplit"), geometry, 1)
    if not 0 <= down < ROWS or not 0 <= across < COLUMNS or not down + across:
        return ""
    corner = {(True, True): "bottomRight", (True, False): "bottomLeft", (False, True): "topRight"}
    attributes: dict[str, str | int] = {"topLeftCell": write_cell(down + 1, across + 1)}
    if across:
        attributes["xSplit"] = across
    if down:
        attributes["ySplit"] = down
    attributes["activePane"] = corner[bool(down), bool(across)]
    return gate.write("pane", attributes | {"state": "frozen"})


def _frozen(axis: AxisMap, first: int, split: int, geometry: Geometry, which: int) -> int:
    """How many rows or columns of the copy are frozen.

    18.3.1.66 counts what is *visible* in the pane, some writers count hidden ones too. Where the
    lower pane is not scrolled, its first cell tells which was meant.
    """
    if split <= 0 or geometry.pane is None:
        return 0
    try:
        corner = parse_area(geometry.pane.get("topLeftCell", "A1"), geometry.place)
        start = (corner.first_row, corner.first_column)[which]
    except Malformed:
        start = 0
    if start > first and axis.count_shown(first, start - 1) == split:
        return split
    return axis.count_shown(first, first + split - 1)


def columns(gate: Gate, geometry: Geometry, styles: StylePool) -> str:
    """``cols``: what shows of them, joined where neighbours look the same."""
    runs = []
    for column in geometry.columns_written:
        span = geometry.columns.span(column.first, column.last)
        if column.fate is Fate.HIDDEN or span is None:
            continue
        look: dict[str, str | int] = {}
        if column.width is not None:
            look["width"] = column.width
        style = styles.use(column.style)
        if style:
            look["style"] = style
        if column.is_custom:
            look["customWidth"] = 1
        if look:
            runs.append((span, look))
    written = "".join(
        gate.write("col", {"min": first, "max": last} | look)
        for (first, last), look in _joined(runs)
    )
    return gate.write("cols", {}, written) if written else ""


def _joined(
    runs: Iterable[tuple[tuple[int, int], dict[str, str | int]]],
) -> Iterable[tuple[tuple[int, int], dict[str, str | int]]]:
    joined: list[tuple[tuple[int, int], dict[str, str | int]]] = []
    for (first, last), look in runs:
        if joined and joined[-1][1] == look and joined[-1][0][1] + 1 == first:
            joined[-1] = ((joined[-1][0][0], last), look)
        else:
            joined.append(((first, last), look))
    return joined


def format_defaults(gate: Gate, head: Node | None) -> str:
    """``sheetFormatPr``, whose default row height is required; none where the source has none."""
    if head is None:
        return ""
    attributes = dict(head.attrib)
    for name in ("zeroHeight", "outlineLevelRow", "outlineLevelCol"):
        attributes.pop(name, None)
    for name in [name for name in attributes if name.startswith("?:")]:
        del attributes[name]
    kept = Node("sheetFormatPr", attributes)
    written = gate.carry(kept)
    if "defaultRowHeight=" not in written:
        kept.attrib["defaultRowHeight"] = "15"
        written = gate.carry(kept)
    return written


def merges(gate: Gate, merge_cells: Node | None, rows: AxisMap, across: AxisMap, place: str) -> str:
    """``mergeCells``: shrunk to what shows, in reading order."""
    kept = merged(merge_cells, rows, across, place)
    written = "".join(gate.write("mergeCell", {"ref": write_area(area)}) for area in sorted(kept))
    return gate.write("mergeCells", {"count": len(kept)}, written) if kept else ""


def merged(merge_cells: Node | None, rows: AxisMap, across: AxisMap, place: str) -> list[Area]:
    """The merged ranges of the copy; what has shrunk to one cell is none."""
    kept = []
    for node in merge_cells if merge_cells is not None else ():
        area = parse_area(node.get("ref", ""), place).through(rows, across)
        if area is not None and area[:2] != area[2:4]:
            kept.append(area)
    return kept


def filtered(node: Node | None, rows: AxisMap, across: AxisMap, place: str) -> Area | None:
    """The range of a sheet's filter in the copy."""
    if node is None:
        return None
    return parse_area(node.get("ref", ""), place).through(rows, across)


def auto_filter(gate: Gate, area: Area | None) -> str:
    """The range of a filter, without its criteria."""
    return gate.write("autoFilter", {"ref": write_area(area)}) if area is not None else ""


def breaks(gate: Gate, name: str, node: Node | None, axis: AxisMap, across: int) -> str:
    """Manual page breaks below rows or right of columns that show."""
    kept = set()
    for item in node if node is not None else ():
        if item.tag == "brk" and is_true(item.get("man")):
            new = axis.break_after(whole(item.get("id")))
            if new is not None and new < axis.size:
                kept.add(new)
    ordered = sorted(kept)[:_MAX_BREAKS]
    written = "".join(
        gate.write("brk", {"id": id_, "max": across - 1, "man": 1}) for id_ in ordered
    )
    count = {"count": len(ordered), "manualBreakCount": len(ordered)}
    return gate.write(name, count, written) if ordered else ""


def header_footer(
    gate: Gate, node: Node | None, place: str, picture: Callable[[str], bool] | None = None
) -> str:
    """Headers and footers that print, without path and file name.

    ``picture`` tells whether the copy has a picture, by the id of its shape; without it there are
    none. Raises ``Malformed``
    where a text is longer than Excel allows.
    """
    if node is None:
        return ""
    used = {"oddHeader", "oddFooter"}
    if is_true(node.get("differentOddEven")):
        used |= {"evenHeader", "evenFooter"}
    if is_true(node.get("differentFirst")):
        used |= {"firstHeader", "firstFooter"}
    kept = Node("headerFooter", dict(node.attrib))
    for item in (found for tag in PICTURE_PLACES if (found := node.find(tag)) is not None):
        text = ""
        if item.tag in used:
            text = _shown_codes(decode(item.text or ""), PICTURE_PLACES[item.tag], picture)
        if units(text) > _MAX_HEADER:
            raise Malformed(
                f"has a header or footer of more than {_MAX_HEADER} characters",
                place=place,
                remedy="Shorten it in the page setup, save and retry",
            )
        if text:
            child = Node(item.tag)
            child.text = text
            if text != text.strip():
                child.attrib["xml:space"] = "preserve"  # empty lines move the text on the paper
            kept.append(child)
    return gate.carry(kept) if len(kept) else ""


def _shown_codes(text: str, suffix: str, picture: Callable[[str], bool] | None) -> str:
    section, at = "C", 0
    pictured: set[str] = set()
    kept: list[str] = []
    for match in _CODES.finditer(text):
        if match.start() > at:
            kept.append(text[at : match.start()])
        at = match.end()
        code = match.group(1) or ""
        letter = code[1:2].upper()
        if letter in ("L", "C", "R"):
            section = letter
        elif letter == "G":
            # A section has one picture, however often its code stands there.
            if picture is None or section in pictured or not picture(section + suffix):
                continue
            pictured.add(section)
            code = "&G"
        elif letter == '"':
            if not _FONT_CODE.fullmatch(code):
                continue
            if kept and _FONT_CODE.fullmatch(kept[-1]):
                kept.pop()  # no text was set in it
        if code:
            kept.append(code)
    kept.append(text[at:])
    joined = "".join(kept)
    return "" if re.fullmatch(r"(?:&[LCRlcr]|\s)*", joined) else joined


def web_address(untrusted: str) -> str | None:
    """A link that may stay under the policy ``links="web"``: http, https and mailto.

    What is returned is a URI of RFC 3986 in ASCII: readers refuse a package whose links are none.
    Other characters are percent-encoded as UTF-8, a ``%`` that begins no escape is encoded too,
    and a host of other characters is written as IDNA (RFC 3490). ``None`` for every other link,
    and for one that carries a user name, a password, or no proper host.
    """
    untrusted = untrusted.strip()
    if not _URL.fullmatch(untrusted):
        return None
    scheme, _, rest = untrusted.partition(":")
    if scheme.lower() == "mailto":
        # Subject and body are nowhere to be seen until somebody writes the mail.
        path = re.split("[?#]", rest, maxsplit=1)[0]
        return _bounded(f"mailto:{_percent_encoded(path)}") if "@" in path else None
    if scheme.lower() not in _WEB or not rest.startswith("//"):
        return None
    end = re.search("[/?#]", rest[2:])
    cut = len(rest) if end is None else end.start() + 2
    # Names before an @ are credentials; a host with anything else in it leads nowhere.
    authority = _authority(rest[2:cut])
    if authority is None:
        return None
    head, mark, fragment = rest[cut:].partition("#")
    tail = _percent_encoded(head) + mark + _percent_encoded(fragment)
    return _bounded(f"{scheme}://{authority}{tail}")


def _bounded(address: str) -> str | None:
    return address if len(address) <= _MAX_ADDRESS else None


def _authority(untrusted: str) -> str | None:
    host, mark, port = untrusted.rpartition(":")
    if not mark or untrusted.endswith("]"):
        host, mark, port = untrusted, "", ""
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii") if len(host) < _MAX_HOST else ""
        except UnicodeError:
            return None
    is_proper = _HOST.fullmatch(host) and len(host) < _MAX_HOST
    return f"{host}{mark}{port}" if is_proper and _PORT.fullmatch(port) else None


def _percent_encoded(text: str) -> str:
    return quote(_BARE_PERCENT.sub("%25", text), safe="%/?:@!$&'()*+,;=-._~")


def hyperlinks(
    gate: Gate,
    node: Node | None,
    rows: AxisMap,
    across: AxisMap,
    external: Callable[[str, str], str | None],
    internal: Callable[[str], str | None],
    place: str,
) -> tuple[str, int]:
    """``hyperlinks`` that policy keeps, and how many went.

    ``external`` gives a relationship's new id for its old one and the fragment of the address
    (18.3.1.47, ``location`` beside ``r:id``), ``internal`` the new location.
    """
    written: list[str] = []
    gone = 0
    for item in node if node is not None else ():
        if item.tag != "hyperlink":
            continue
        areas = [area.through(rows, across) for area in parse_areas(item.get("ref", ""), place)]
        shown = [area for area in areas if area is not None]
        if not shown:
            continue
        id_, location = item.get("r:id"), item.get("location", "")
        target: dict[str, str | int] = {}
        if id_ is not None:
            new = external(id_, location)
            target = {"r:id": new} if new is not None else {}
        elif location:
            new = internal(location)
            target = {"location": new} if new is not None else {}
        if target and len(written) < _MAX_LINKS:
            written.append(gate.write("hyperlink", {"ref": write_area(shown[0])} | target))
        else:
            gone += 1
    return (gate.write("hyperlinks", {}, "".join(written)) if written else ""), gone
