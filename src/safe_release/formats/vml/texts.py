"""This module is the texts of VML shapes (``v:textbox``, 19.1.2.22): lines and runs of HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final
from xml.etree.ElementTree import Element as Node

from safe_release.formats.vml.colors import color
from safe_release.formats.vml.style import Style

_BLANKS: Final = re.compile(r"[ \t\r\n]+")
_ALIGNED: Final = re.compile(r"text-align\s*:\s*(left|center|right|justify)", re.IGNORECASE)
_PAINTED: Final = frozenset(
    f"-:{name}" for name in "font b strong i em u s strike sub sup span".split()
)
"""The elements inside of a line whose texts are painted."""
_TWENTIETHS: Final = re.compile(r"[0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class Run:
    """Letters that look the same; ``size`` in twentieths of a point, ``None`` for the usual."""

    text: str = ""
    face: str = ""
    size: int | None = None
    color: str | None = None
    bold: bool = False
    italic: bool = False
    underlined: bool = False


@dataclass(slots=True)
class Line:
    """A line of a text; ``align`` is ``left``, ``center``, ``right`` or ``justify``."""

    align: str = "left"
    runs: list[Run] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What it says."""
        return "".join(run.text for run in self.runs)


def lines(box: Node | None) -> list[Line]:
    """The lines of a text box; blanks count once, as in HTML, and not at the ends of a line."""
    found: list[Line] = []
    for item in box if box is not None else ():
        if item.tag in ("-:div", "-:p") and not Style(item.get("style", "")).is_hidden:
            hit = _ALIGNED.search(item.get("style", ""))
            found.append(Line(hit[1].lower() if hit is not None else "left"))
            for run in _runs(item, Run()):
                if run is None:
                    found.append(Line(found[-1].align))
                else:
                    found[-1].runs.append(run)
    return [_trimmed(line) for line in found]


def _runs(node: Node, look: Run) -> Iterator[Run | None]:
    """The runs in an element, ``None`` for line breaks."""
    if node.text:
        yield replace(look, text=node.text)
    for item in node:
        if item.tag == "-:br":
            yield None
        elif item.tag in _PAINTED and not Style(item.get("style", "")).is_hidden:
            yield from _runs(item, _looking(item, look))
        if item.tail:
            yield replace(look, text=item.tail)


def _looking(node: Node, look: Run) -> Run:
    if node.tag in ("-:b", "-:strong"):
        return replace(look, bold=True)
    if node.tag in ("-:i", "-:em"):
        return replace(look, italic=True)
    if node.tag == "-:u":
        return replace(look, underlined=True)
    if node.tag != "-:font":
        return look
    size = node.get("size", "").strip()
    return replace(
        look,
        face=node.get("face", look.face),
        size=int(size) if _TWENTIETHS.fullmatch(size) else look.size,
        color=color(node.get("color", "")) or look.color,
    )


def _trimmed(line: Line) -> Line:
    kept: list[Run] = []
    ends_blank = True
    for run in line.runs:
        text = _BLANKS.sub(" ", run.text)
        text = text[1:] if ends_blank and text.startswith(" ") else text
        if text:
            ends_blank = text.endswith(" ")
            kept.append(replace(run, text=text))
    if kept and ends_blank:
        last = replace(kept[-1], text=kept[-1].text[:-1])
        kept[-1:] = [last] if last.text else []
    return Line(line.align, kept)
