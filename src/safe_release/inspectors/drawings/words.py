"""The texts of shapes: which of them a reader can make out (21.1.2)."""

from __future__ import annotations

from collections.abc import Mapping

from safe_release.inspectors.drawings.colours import Colour, colour, is_clear
from safe_release.inspectors.drawings.facts import Collected
from safe_release.inspectors.drawings.shown import below, first_of, one
from safe_release.inspectors.raw_xml import Node
from safe_release.inspectors.texts import whole

FILLS = frozenset(
    ("a:noFill", "a:solidFill", "a:gradFill", "a:blipFill", "a:pattFill", "a:grpFill")
)
_RUNS = ("a:r", "a:fld", "a:br")


def read_body(
    body: Node,
    ground: Colour | None,
    usual: Colour,
    colours: Mapping[str, str],
    found: Collected,
) -> None:
    """Collect the paragraphs of a text, and the words in it that are painted out of sight.

    ``ground`` is the one colour that lies under the text, ``usual`` the colour of texts that
    name none.
    """
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
            if text.strip() and _is_unseen(properties, ground, usual, colours):
                found.notes["xlsx.dr.invisible-paint"] += 1
            else:
                shown.append(text)
        joined = "".join(shown)
        if joined.strip():
            found.texts.append(joined)


def _attribute(node: Node | None, name: str) -> str:
    return node.get(name) if node is not None else ""


def _is_unseen(
    properties: list[Node], ground: Colour | None, usual: Colour, colours: Mapping[str, str]
) -> bool:
    sizes = [node.get("sz").strip() for node in properties if "sz" in node.attributes]
    if sizes and sizes[0].isascii() and sizes[0].isdigit() and int(sizes[0][:10]) <= 100:
        return True
    for node in properties:
        names = {item.name for item in below(node)}
        outline = first_of(one(node, "a:ln"), FILLS - {"a:noFill"})
        if names & {"a:effectLst", "a:highlight"} or outline is not None:
            return False
    paints = [paint for node in properties if (paint := first_of(node, FILLS)) is not None]
    if not paints:
        own: Colour | None = usual
    elif paints[0].name == "a:solidFill":
        own = colour(paints[0], colours)
    else:
        return paints[0].name == "a:noFill"
    return own is not None and (is_clear(own) or own == ground)
