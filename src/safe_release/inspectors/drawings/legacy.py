"""What a sheet shows by VML: previews of documents, linked pictures and controls (18.3.1.19)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from safe_release.errors import SafeReleaseError
from safe_release.inspectors.examination import Examination
from safe_release.inspectors.grid import area_reference
from safe_release.inspectors.package import Relationship
from safe_release.inspectors.raw_xml import Node, tree
from safe_release.inspectors.vml import Letters, Piece, pieces, plant

_SIGNS = {
    "Checkbox": {"0": "\u2610", "1": "\u2611", "2": "\u25a3"},
    "Radio": {"0": "\u25cb", "1": "\u25c9", "2": "\u25cb"},
}
_OWN_TEXT = frozenset(("Checkbox", "Radio", "Button", "GBox", "Label", "EditBox"))
_TEXTLESS = {"Drop": ["\u25bc"], "Spin": ["\u25b2", "\u25bc"], "List": [], "Scroll": []}
_FILLS = {"Button": "F0F0F0", "Drop": "FFFFFF", "List": "FFFFFF", "EditBox": "FFFFFF"}
LISTS = ("Drop", "List")
_STATES = {"": "0", "Unchecked": "0", "Checked": "1", "Mixed": "2"}
_EIGHT = re.compile(r"[0-9]{1,7}(?:,-?[0-9]{1,7}){7}")
_CELLS = re.compile(
    r"\s*(?:(?:'((?:[^']|'')+)'|([^\s'!\[\]:,()]+))!)?"
    r"(\$?[A-Z]{1,3}\$?[0-9]{1,7}(?::\$?[A-Z]{1,3}\$?[0-9]{1,7})?)\s*"
)
_DECLARED = (
    'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


@dataclass(slots=True)
class Legacy:
    """The objects, each with its number among VML shapes, what it says, and its anchor.

    ``pictures`` are the relationships that they use, by the part and the id. ``lost`` counts the
    objects that a reader of the source may see and a copy has not, ``lists`` those whose entries
    are left out; ``notes`` counts other channels.
    """

    objects: list[tuple[str, str | None, Node]] = field(default_factory=list)
    pictures: dict[str, Relationship] = field(default_factory=dict)
    lost: int = 0
    lists: int = 0
    notes: Counter[str] = field(default_factory=Counter)


def chosen(nodes: Iterable[Node]) -> Iterator[Node]:
    """Embedded documents and controls below elements of a sheet; of alternatives the first that
    needs nothing, or what Office 2010 added to sheets."""
    for node in nodes:
        if node.name in ("x:oleObject", "x:control"):
            yield node
        elif node.name in ("x:oleObjects", "x:controls"):
            yield from chosen(node.children)
        elif node.name == "mc:AlternateContent":
            options = [
                item
                for item in node.children
                if item.name == "mc:Fallback"
                or (item.name == "mc:Choice" and _is_known(item.get("Requires", "?")))
            ]
            yield from chosen(options[0].children if options else ())


def _is_known(required: str) -> bool:
    return all(space.endswith("/office/spreadsheetml/2009/9/main") for space in required.split())


def read_legacy(
    work: Examination,
    key: str,
    drawing: str,
    held: list[Node],
    text_of: Callable[[tuple[str | None, int, int]], str],
) -> Legacy:
    """What the VML drawing of a sheet shows; ``held`` are its embedded documents and controls.

    ``text_of`` gives the text that a cell shows, by the name of its sheet, row and column.
    """
    found = Legacy()
    rows = {row.id: row for row in work.package.relationships.get(key, ())}
    root, vml = _root(work, rows.get(drawing))
    described: dict[str, Node] = {}
    for node in held:
        described.setdefault("_x0000_s" + node.get("shapeId").strip(), node)
    sources = {key: rows}
    if root is not None:
        sources[vml] = {row.id: row for row in work.package.relationships.get(vml, ())}
    found.pictures = {
        f"{part} {row.id}": row
        for part, own in sources.items()
        for row in own.values()
        if row.kind == "image" and row.standard
    }
    if root is None:
        for number, node in described.items():
            place = _place(node, None)
            picture = _own_picture(node, key)
            found.lost += place is None or not picture
            if place is not None and picture:
                found.objects.append((number, None, _grown(place + _picture(picture, None))))
        return found
    for piece in pieces(root):
        node_ = described.get(piece.number)
        if piece.kind == "Note":
            continue
        found.notes["xlsx.dr.hidden"] += piece.hidden
        found.notes["xlsx.dr.macro"] += bool(piece.notes.get("FmlaMacro"))
        if piece.hidden:
            continue
        entry = _entry(work, piece, node_, rows, text_of)
        place = _place(node_, piece)
        content = _content(work, piece, node_, rows, (key, vml), entry)
        if place is None or not content:
            found.lost += 1
            continue
        found.lists += piece.kind in LISTS and not entry
        said = None if piece.kind == "Pict" else re.sub(r"\s", "", "".join(piece.texts))
        found.objects.append((piece.number, said, _grown(place + content)))
    return found


def entry_of(piece: Piece) -> tuple[str | None, int, int] | None:
    """The cell that a drop-down list shows: its sheet, row and column."""
    hit = _CELLS.fullmatch(piece.notes.get("FmlaRange", ""))
    number = piece.notes.get("Sel", "")
    if piece.kind != "Drop" or hit is None or not re.fullmatch("[1-9][0-9]{0,6}", number):
        return None
    area = area_reference(re.sub(r"\$", "", hit[3]))
    if area is None or area[1] != area[3]:
        return None
    row = area[0] + int(number) - 1
    sheet = hit[1].replace("''", "'") if hit[1] is not None else hit[2]
    return (sheet, row, area[1]) if row <= area[2] else None


def listed(work: Examination) -> dict[int, set[int]]:
    """By sheet: the rows of cells that drop-down lists may show."""
    numbers = {sheet.name.casefold(): sheet.number for sheet in work.book.visible}
    found: dict[int, set[int]] = {}
    for sheet in work.book.visible if not work.is_candidate else ():
        for row in work.package.of(sheet.entry.key if sheet.entry else "", "vmlDrawing"):
            root, _ = _root(work, row)
            for piece in pieces(root) if root is not None else ():
                cell = entry_of(piece)
                name = sheet.name if cell is None or cell[0] is None else cell[0]
                number = numbers.get(name.casefold())
                if cell is not None and number is not None:
                    found.setdefault(number, set()).add(cell[1])
    return found


def _root(work: Examination, row: Relationship | None) -> tuple[Node | None, str]:
    entry = work.package.part(row) if row is not None else None
    if row is None or entry is None or row.kind not in ("vmlDrawing", "legacyDrawing"):
        return None, ""
    data = work.package.archive.read(entry)
    return plant(entry.place, data, work.package.document.limits.depth), entry.key


def _grown(markup: str) -> Node:
    """The anchor that a newer program would have written."""
    text = f"<xdr:twoCellAnchor {_DECLARED}>{markup}</xdr:twoCellAnchor>"
    return tree("", [text.encode("utf-8", "replace")], 64)[0]


def _corner(name: str, marks: Iterable[tuple[str, str]]) -> str:
    inner = "".join(f"<xdr:{tag}>{value}</xdr:{tag}>" for tag, value in marks)
    return f"<xdr:{name}>{inner}</xdr:{name}>"


def _place(node: Node | None, piece: Piece | None) -> str | None:
    """The corners that the sheet gives an object, or else its VML."""
    if node is not None:
        for kind in ("x:objectPr", "x:controlPr"):
            corners = [
                next((c for c in anchor.children if c.name.endswith(":" + name)), None)
                for anchor in node.all(kind, "x:anchor")[:1]
                for name in ("from", "to")
            ]
            marks = [_marks(corner) for corner in corners if corner is not None]
            if len(marks) == 2:
                return _corner("from", marks[0]) + _corner("to", marks[1])
    spelled = re.sub(r"\s", "", piece.notes.get("Anchor", "")) if piece is not None else ""
    if not _EIGHT.fullmatch(spelled):
        return None
    sides = [max(int(number), 0) for number in spelled.split(",")]
    values = [side * 9525 if at % 2 else side for at, side in enumerate(sides)]
    names = ("col", "colOff", "row", "rowOff")
    texts = list(map(str, values))
    return "".join(
        _corner(corner, zip(names, texts[at : at + 4], strict=True))
        for corner, at in (("from", 0), ("to", 4))
    )


def _marks(corner: Node) -> list[tuple[str, str]]:
    """The marks of a corner that are numbers."""
    return [
        (item.name[4:], item.text.strip())
        for item in corner.children
        if item.name.startswith("xdr:") and re.fullmatch(r"\s*[0-9]{1,10}\s*", item.text, re.ASCII)
    ]


def _content(
    work: Examination,
    piece: Piece,
    node: Node | None,
    rows: Mapping[str, Relationship],
    parts: tuple[str, str],
    entry: str,
) -> str:
    if piece.kind in _OWN_TEXT or piece.kind in _TEXTLESS:
        state = piece.notes.get("Checked", "") or "0"
        row = rows.get(node.get("r:id")) if node is not None else None
        if row is not None and row.kind == "ctrlProp" and not _is_agreed(work, row, piece, state):
            return ""
        return _shape(piece, state, entry)
    is_linked = "FmlaPict" in piece.notes or "Camera" in piece.notes
    if piece.kind != "Pict" or (node is None and not is_linked):
        return ""
    own = _own_picture(node, parts[0]) if node is not None else ""
    if not own and piece.inset is not None:
        own = f"{parts[1]} {piece.inset.id}"
    return _picture(own, piece) if own else ""


def _own_picture(node: Node, key: str) -> str:
    """The picture that an embedded document or control names itself."""
    for kind in ("x:objectPr", "x:controlPr"):
        for description in node.all(kind)[:1]:
            id_ = description.get("r:id")
            return f"{key} {id_}" if id_ else ""
    return ""


def _picture(key: str, piece: Piece | None) -> str:
    inset = piece.inset if piece is not None else None
    if inset is not None and inset.is_blank:
        return ""
    crop = ""
    if inset is not None:
        crop = "".join(f' {s}="{n}"' for s, n in zip("ltrb", inset.crop, strict=True))
    return (
        f'<xdr:pic><xdr:nvPicPr><xdr:cNvPr name="Picture 1"{_spoken(piece)}/></xdr:nvPicPr>'
        "<xdr:blipFill>"
        f"<a:blip r:embed={quoteattr(key)}/><a:srcRect{crop}/></xdr:blipFill><xdr:spPr/></xdr:pic>"
    )


def _entry(
    work: Examination,
    piece: Piece,
    node: Node | None,
    rows: Mapping[str, Relationship],
    text_of: Callable[[tuple[str | None, int, int]], str],
) -> str:
    """What a drop-down list shows, where its two descriptions say the same."""
    cell = entry_of(piece)
    row = rows.get(node.get("r:id")) if node is not None else None
    if cell is None:
        return ""
    if row is not None and row.kind == "ctrlProp":
        newer = _tree(work, row)
        said = (piece.notes.get("FmlaRange", ""), piece.notes.get("Sel", ""))
        if newer is None or said != (newer.get("fmlaRange").strip(), newer.get("sel").strip()):
            return ""
    return " ".join(text_of(cell).split())[:255]


def _spoken(piece: Piece | None) -> str:
    """The alternative text, which a copy has where the policy keeps such."""
    text = piece.alternative if piece is not None else ""
    return f" descr={quoteattr(text)}" if text else ""


def _shape(piece: Piece, state: str, entry: str) -> str:
    """A control as the shape that a copy has in its place."""
    lines = [list(line) for line in piece.paragraphs] if piece.kind in _OWN_TEXT else []
    if piece.kind in _TEXTLESS:
        lines = [[Letters(text, "", 8, "")] for text in _TEXTLESS[piece.kind]]
        if entry:
            lines[0].insert(0, Letters(f"{entry} ", "", 8, ""))
    signs = _SIGNS.get(piece.kind)
    if signs is not None:
        first = lines[0] if lines else []
        sign = signs.get(state, signs["0"]) + (" " if first else "")
        lines[:1] = [[Letters(sign, "", 12, ""), *first]]
    fill = piece.fill
    if piece.kind in ("GBox", "Spin", "Scroll"):
        fill = "" if piece.kind == "GBox" else "F0F0F0"
    elif piece.kind in _FILLS and not (piece.kind == "Button" and fill):
        fill = _FILLS[piece.kind]
    paint = f'<a:solidFill><a:srgbClr val="{fill}"/></a:solidFill>' if fill else "<a:noFill/>"
    body = "".join(f"<a:p>{''.join(map(_run, line))}</a:p>" for line in lines)
    if not any("".join(run.text for run in line).strip() for line in lines):
        body = ""
    return (
        f'<xdr:sp><xdr:nvSpPr><xdr:cNvPr name="Shape 1"{_spoken(piece)}/></xdr:nvSpPr><xdr:spPr>'
        f'<a:prstGeom prst="roundRect"/>{paint}</xdr:spPr>'
        + (f"<xdr:txBody><a:bodyPr/>{body}</xdr:txBody>" if body else "")
        + "</xdr:sp>"
    )


def _run(letters: Letters) -> str:
    size = round((letters.size or 8) * 100)
    face = f"<a:latin typeface={quoteattr(letters.face)}/>" if letters.face else ""
    return (
        f'<a:r><a:rPr sz="{size}"><a:solidFill><a:srgbClr val="{letters.colour or "000000"}"/>'
        f"</a:solidFill>{face}</a:rPr><a:t>{escape(letters.text)}</a:t></a:r>"
    )


def _is_agreed(work: Examination, row: Relationship, piece: Piece, state: str) -> bool:
    """Whether both descriptions of a control say the same: which one is painted is not known."""
    root = _tree(work, row)
    if root is None or root.get("objectType").casefold() != piece.kind.casefold():
        return False
    return piece.kind not in _SIGNS or _STATES.get(root.get("checked").strip(), "?") == state


def _tree(work: Examination, row: Relationship) -> Node | None:
    entry = work.package.part(row)
    try:
        return work.package.tree(entry) if entry is not None else None
    except SafeReleaseError:
        return None
