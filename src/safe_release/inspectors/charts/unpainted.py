"""What of a chart's texts nobody sees: runs out of sight, and words where nothing paints any."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from safe_release.inspectors.drawings.colours import Colour, painted
from safe_release.inspectors.drawings.outlines import idle_lines
from safe_release.inspectors.drawings.shown import first_of
from safe_release.inspectors.drawings.words import FILLS, is_unseen, shrunk, typefaces
from safe_release.inspectors.raw_xml import Node
from safe_release.inspectors.texts import is_true, whole

_ON_PAPER = ("c:title", "c:dispUnitsLbl")
_LAST_LIGHT = 40
_PIECES = ("a:r", "a:fld")
_CONDITION = re.compile(r"\[ *[<>=]")


def is_deleted(node: Node) -> bool:
    """Whether a label, an entry or an axis was taken off (21.2.2.40)."""
    found = node.first("c:delete")
    return found is not None and is_true(found.get("val", "1").strip())


def last_point(series: Node, group: str) -> int | None:
    """How many points a series says to have, with the one that a pie of a pie adds."""
    for role in ("c:val", "c:yVal"):
        for path in (("c:numLit",), ("c:numRef", "c:numCache")):
            for count in series.all(role, *path, "c:ptCount")[:1]:
                return whole(count.get("val").strip()) + (group == "c:ofPieChart")
    return None


def unseen_runs(root: Node, colours: Mapping[str, str]) -> set[int]:
    """The runs in texts of a chart that are out of sight, by the identity of their nodes."""
    styles = [whole(node.get("val", "2").strip()) for node in root.all("c:style")[:1]]
    for node in root.all("mc:AlternateContent", "mc:Fallback", "c:style")[:1]:
        styles = styles or [whole(node.get("val", "2").strip())]
    is_light = not styles or 1 <= styles[0] <= _LAST_LIGHT
    page = root.all("c:spPr")[:1]
    paper: tuple[Colour, ...] = ((colours["lt1"],),)
    if page:
        paper = painted(first_of(page[0], FILLS), colours)
    found: set[int] = set()
    for holder in root.everything():
        for body in [rich for text in holder.all("c:tx") for rich in text.all("c:rich")[:1]]:
            own = first_of(holder.first("c:spPr"), FILLS)
            grounds = painted(own, colours)
            if own is None and holder.name in _ON_PAPER:
                grounds = paper
            found.update(_lost(body, grounds if is_light else (), colours))
    return found


def _lost(body: Node, grounds: tuple[Colour, ...], colours: Mapping[str, str]) -> Iterator[int]:
    scale = shrunk(body)
    for paragraph in body.all("a:p"):
        levels = [node.get("lvl") for node in paragraph.all("a:pPr")[:1]]
        level = whole(levels[0] if levels else "") + 1
        over = paragraph.all("a:pPr", "a:defRPr")[:1]
        over += body.all("a:lstStyle", f"a:lvl{level}pPr", "a:defRPr")[:1]
        for piece in paragraph.children:
            text = "".join(item.text for item in piece.all("a:t"))
            if piece.name not in _PIECES or not text.strip():
                continue
            layers = piece.all("a:rPr")[:1] + over
            if is_unseen(layers, grounds, (colours["dk1"],), colours, scale):
                yield id(piece)


def looks_of(root: Node, absent: bool) -> Iterator[tuple[str, bool]]:
    """Typefaces and number formats of texts, and whether nothing is painted in them.

    ``absent`` is what a boolean says that is left out. Formats that give way to those of the cells
    are painted as long as they are the same.
    """
    codes = {item.text for item in root.everything() if item.name == "c:formatCode"}
    yield from _looks_below(root, absent, codes | {"General"}, False)


def _looks_below(
    node: Node, absent: bool, codes: set[str], idle: bool
) -> Iterator[tuple[str, bool]]:
    for item in node.children:
        is_idle = idle or (item.name in ("c:txPr", "c:numFmt") and _paints_no_text(node, absent))
        is_idle |= item.name == "c:numFmt" and _is_telling(item.get("formatCode"))
        if item.name == "c:numFmt" and is_true(item.get("sourceLinked").strip()):
            is_idle |= item.get("formatCode") not in codes
        for name in ("typeface", "formatCode"):
            if name in item.attributes:
                yield item.get(name), is_idle
        yield from _looks_below(item, absent, codes, is_idle)


def _is_telling(code: str) -> bool:
    """Whether a format under a condition has words or numbers that no axis need ever show."""
    plain = re.sub(r"\[[A-Za-z]+[ 0-9]*\]", "", code)
    if not _CONDITION.search(plain):
        return False
    digits = (number.strip("0") for number in re.findall("[0-9]+", plain))
    return any(len(number) > 3 for number in digits) or bool(
        re.search(r"[^\W\d_]{5}", plain.replace("General", ""))
    )


def _paints_no_text(node: Node, absent: bool) -> bool:
    if node.name == "c:legendEntry":
        return is_deleted(node)
    if node.name in ("c:valAx", "c:catAx", "c:dateAx", "c:serAx"):
        places = [item.get("val") for item in node.all("c:tickLblPos")[:1]]
        flags = [is_true(item.get("val", "1").strip()) for item in node.all("c:delete")[:1]]
        return places == ["none"] or (flags[0] if flags else absent)
    if node.name == "c:dLbl":
        return not _shows(node, absent)
    if node.name == "c:dLbls":
        return not any(_shows(item, absent) for item in (node, *node.all("c:dLbl")))
    return False


def _shows(labels: Node, absent: bool) -> bool:
    for what in ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize"):
        flags = [is_true(item.get("val", "1").strip()) for item in labels.all(f"c:show{what}")[:1]]
        if flags[0] if flags else absent:
            return True
    return False


def idle_words(root: Node) -> int:
    """How many places have words or settings that nothing paints, and that a copy has not."""
    count = idle_lines(root)
    for node in root.everything():
        if node.name == "c:txPr":
            count += sum(item.name in _PIECES for item in node.everything())
        elif node.name == "c:rich":
            count += typefaces(node, inherits=True)[1]
        elif node.name in ("c:dLbl", "c:dLbls") and is_deleted(node):
            kept = {"c:idx", "c:delete"} if node.name == "c:dLbl" else {"c:delete"}
            count += any(item.name not in kept for item in node.children)
        elif node.name == "c:errBars":
            kinds = [item.get("val") for item in node.all("c:errValType")[:1]]
            idle = {"c:plus", "c:minus"} if kinds != ["cust"] else {"c:val"}
            idle |= {"c:val"} if kinds == ["stdErr"] else set()
            count += any(item.name in idle for item in node.children)
        if node.name == "c:dLbls":
            places = [item.get("val").strip() for item in node.all("c:dLbl", "c:idx")]
            count += len(places) - len(set(places))
        for series in node.all("c:ser") if node.name.endswith("Chart") else ():
            last = last_point(series, node.name)
            marks = series.all("c:dPt", "c:idx") + series.all("c:dLbls", "c:dLbl", "c:idx")
            places_ = [whole(mark.get("val").strip()) for mark in marks]
            count += sum(last is not None and at >= last for at in places_)
    return count
