"""The texts of shapes: which of them a reader can make out (21.1.2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from safe_release.inspectors.drawings.colours import Colour, colour, is_lost, painted
from safe_release.inspectors.drawings.facts import Collected
from safe_release.inspectors.drawings.shown import all_below, below, first_of, one
from safe_release.inspectors.raw_xml import Node
from safe_release.inspectors.texts import whole

FILLS = frozenset(
    ("a:noFill", "a:solidFill", "a:gradFill", "a:blipFill", "a:pattFill", "a:grpFill")
)
_LETTERED = ("a:r", "a:fld")
_RUNS = ("a:r", "a:fld", "a:br")


def read_body(
    body: Node,
    grounds: tuple[Colour, ...],
    usual: Colour,
    colours: Mapping[str, str],
    found: Collected,
) -> None:
    """Collect the paragraphs of a text, and the words in it that are painted out of sight.

    ``grounds`` are the colours that lie under the text, ``usual`` is the colour of texts that
    name none.
    """
    scale = shrunk(body)
    for paragraph in below(body):
        if paragraph.name != "a:p":
            continue
        level = whole(_attribute(one(paragraph, "a:pPr"), "lvl")) + 1
        inherited = one(body, "a:lstStyle", f"a:lvl{level}pPr", "a:defRPr")
        shown = []
        for run in below(paragraph):
            if run.name not in _RUNS:
                continue
            if run.name == "a:br":
                shown.append("\n")
                continue
            found.notes["xlsx.dr.textlink"] += run.name == "a:fld"
            text = "".join(item.text for item in below(run) if item.name == "a:t")
            properties = [node for node in (one(run, "a:rPr"), inherited) if node is not None]
            if text.strip() and is_unseen(properties, grounds, usual, colours, scale):
                found.notes["xlsx.dr.invisible-paint"] += 1
            else:
                shown.append(text)
        joined = "".join(shown)
        if joined.strip():
            found.texts.append(joined)


def _attribute(node: Node | None, name: str) -> str:
    return node.get(name) if node is not None else ""


def shrunk(body: Node) -> int:
    """The percent of their size that letters have after they were made to fit."""
    spelled = _attribute(one(body, "a:bodyPr", "a:normAutofit"), "fontScale").strip()
    digits, sign = spelled.removesuffix("%"), spelled[-1:] == "%"
    if sign:
        digits = digits.partition(".")[0]
    if not digits.isascii() or not digits.isdigit() or len(digits) > 6:
        return 100
    percent = int(digits) if sign else int(digits) // 1000
    return percent if 0 <= percent <= 100 else 100


def is_unseen(
    properties: list[Node],
    grounds: tuple[Colour, ...],
    usual: Colour,
    colours: Mapping[str, str],
    scale: int,
) -> bool:
    """Whether letters of these properties, the nearest first, are out of sight."""
    sizes = [node.get("sz").strip() for node in properties if "sz" in node.attributes]
    spelled = sizes[0] if sizes else "1100"
    if spelled.isascii() and spelled.isdigit() and int(spelled[:10]) * scale // 100 <= 205:
        return True

    def nearest(*path: str) -> Node | None:
        return next((hit for node in properties if (hit := one(node, *path)) is not None), None)

    highlight = nearest("a:highlight")
    if highlight is not None:
        behind = colour(highlight, colours)
        grounds = () if behind is None else (behind,)
    holders = [(node, one(node, "a:ln")) for node in properties]
    fill = next((hit for own, _ in holders if (hit := first_of(own, FILLS)) is not None), None)
    line = next((hit for _, own in holders if (hit := first_of(own, FILLS)) is not None), None)
    letters: list[Colour] = [usual] if fill is None else []
    for paint in (fill, line):
        if paint is not None and paint.name != "a:noFill":
            colors = painted(paint, colours)
            if not colors:
                return False
            letters.extend(colors)
    effects = nearest("a:effectLst")
    for effect in below(effects) if effects is not None else ():
        if effect.name in ("a:blur", "a:reflection", "a:softEdge"):
            continue
        if effect.name == "a:glow" and not whole(effect.get("rad").strip()):
            continue
        around = colour(effect, colours)
        if around is None or effect.name == "a:fillOverlay":
            return False
        letters.append(around)
    return all(is_lost(own, grounds) for own in letters)


def typefaces(body: Node, inherits: bool = False) -> tuple[list[str], int]:
    """The typefaces that letters of a text are painted in, and how many others it names.

    ``inherits`` tells that what a paragraph sets counts for its runs, as in charts.
    """
    letters = "".join(item.text for item in all_below(body) if item.name == "a:t")
    far = any(ord(letter) >= 0x590 for letter in letters)
    scripts = {"a:ea": far, "a:cs": far, "a:sym": any(0xF000 <= ord(c) <= 0xF0FF for c in letters)}
    scripts["a:buFont"] = any(n.name in ("a:buChar", "a:buAutoNum") for n in all_below(body))
    used: list[str] = []
    idle = 0
    paragraphs = [node for node in below(body) if node.name == "a:p"]
    levels = {f"a:lvl{whole(_attribute(one(node, 'a:pPr'), 'lvl')) + 1}pPr" for node in paragraphs}
    for holder, paints in _holders(body, paragraphs, levels, inherits):
        for face in all_below(holder):
            name = face.get("typeface")
            if "typeface" not in face.attributes:
                continue
            is_painted = paints or face.name == "a:buFont"
            if is_painted and scripts.get(face.name, True):
                used.append(name)
            elif not name.startswith("+"):
                idle += 1
    return used, idle


def _holders(
    body: Node, paragraphs: list[Node], levels: set[str], inherits: bool
) -> Iterator[tuple[Node, bool]]:
    """What may name typefaces in a text, and whether letters are painted in them."""
    styles = one(body, "a:lstStyle")
    for level in below(styles) if styles is not None else ():
        yield level, level.name in levels
    for paragraph in paragraphs:
        runs = [node for node in below(paragraph) if node.name in _LETTERED]
        has_letters = any(_says(run).strip() for run in runs)
        for item in below(paragraph):
            if item.name == "a:pPr":
                yield item, inherits and has_letters
            else:
                yield item, item.name in _LETTERED and bool(_says(item).strip())


def _says(run: Node) -> str:
    return "".join(item.text for item in below(run) if item.name == "a:t")
