"""Recognising ordinary rows whole: a strict pattern per shape of row, learned from the rows met."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from safe_release.inspectors.grid import LAST_COLUMN, column_number
from safe_release.inspectors.sights import Run

_CHARACTER = "[^<>&\\x00-\\x08\\x0b-\\x1f\\ufffe\\uffff]*"
_TEXT = f"{_CHARACTER}(?:&(?:amp|lt|gt|quot|apos);{_CHARACTER})*"
_ATTRIBUTES = r'((?: [A-Za-z0-9]+(?::[A-Za-z]+)?="[^"<>&\x00-\x1f]*")*)'
_ROW = re.compile(f"<row{_ATTRIBUTES}(/?)>")
_CELL = re.compile(
    f"<c{_ATTRIBUTES}(?:(/)>|>"
    f"(<f{_ATTRIBUTES}(?:/>|>({_TEXT})</f>))?"
    f'(?:<v( xml:space="preserve")?>({_TEXT})</v>|(<v ?/>)'
    f'|<is><t( xml:space="preserve")?>({_TEXT})</t></is>)?'
    f"</c>)"
)
_ATTRIBUTE = re.compile(r' ([A-Za-z0-9]+(?::[A-Za-z]+)?)="([^"]*)"')
_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})", re.ASCII)
_ERRORS = r"#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|GETTING_DATA)"
_BROAD = r"[-+0-9.eE]{1,40}"
END_OF_ROW = "</row>"


class Cell(NamedTuple):
    """A cell as it is written; ``value`` and ``inline`` are ``None`` where there is none."""

    column: int
    style: int
    type: str
    value: str | None
    inline: str | None
    formula: str | None
    attributes: Mapping[str, str]
    formula_attributes: Mapping[str, str]
    odd: bool = False
    """Whether it holds elements that no rule knows."""
    phonetic: bool = False
    runs: tuple[Run, ...] = ()
    """The runs of an inline text that has any."""


class Form(NamedTuple):
    """How a cell was spelled: what a pattern for such cells needs beyond :class:`Cell`."""

    literal: str
    """The attributes, with the row number of ``r`` left out."""
    empty: str
    """The spelling of a cell or value without content."""
    formula: str
    """``""``, or the opening spelling of the formula: ``<f>``, ``<f t="shared" si="0"/>``."""
    spaced: str
    kind: str
    """``none``, ``value``, ``inline``."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it is written, and its spelling where it was read by pattern."""

    number: int
    attributes: Mapping[str, str]
    cells: tuple[Cell, ...]
    literal: str = ""
    forms: tuple[Form, ...] | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """What rows of one shape have in common."""
        return (
            self.literal,
            tuple(cell.column for cell in self.cells),
            self.forms,
        )


def unescape(text: str) -> str:
    """Character data with the five predefined entities resolved."""
    if "&" not in text:
        return text
    for entity, character in (("lt", "<"), ("gt", ">"), ("quot", '"'), ("apos", "'"), ("amp", "&")):
        text = text.replace(f"&{entity};", character)
    return text


def attributes_of(literal: str) -> dict[str, str] | None:
    """The attributes of a spelling; ``None`` where a name occurs twice, or where a namespace is
    declared: what looks like a row may then be something else."""
    pairs = _ATTRIBUTE.findall(literal)
    found = dict(pairs)
    if len(found) < len(pairs) or any(name.startswith("xmlns") for name in found):
        return None
    return found


def read_row(text: str, at: int, previous: int) -> tuple[Row, int] | None:
    """Read the whole row that stands at ``at``; ``None`` where any of it is unusual.

    ``previous`` is the number of the row before, for rows that do not say theirs (18.3.1.73).
    The second value is where the row ends.
    """
    head = _ROW.match(text, at)
    if head is None:
        return None
    attributes = attributes_of(head[1])
    if attributes is None:
        return None
    spelled = attributes.get("r")
    if spelled is None:
        number = previous + 1
    elif re.fullmatch(r"[1-9][0-9]{0,6}", spelled, re.ASCII):
        number = int(spelled)
    else:
        return None
    literal = head[1] if spelled is None else head[1].replace(f' r="{spelled}"', ' r="\0"', 1)
    if head[2]:
        return Row(number, attributes, (), literal + "/", ()), head.end()
    at = head.end()
    cells: list[Cell] = []
    forms: list[Form] = []
    column = 0
    while not text.startswith(END_OF_ROW, at):
        hit = _CELL.match(text, at)
        found = _cell(hit, number, column) if hit is not None else None
        if hit is None or found is None:
            return None
        cells.append(found[0])
        forms.append(found[1])
        column = found[0].column
        at = hit.end()
    return Row(number, attributes, tuple(cells), literal, tuple(forms)), at + len(END_OF_ROW)


def _cell(hit: re.Match[str], row: int, previous: int) -> tuple[Cell, Form] | None:
    attributes = attributes_of(hit[1])
    if attributes is None:
        return None
    literal, column = hit[1], previous + 1
    place = attributes.get("r")
    if place is not None:
        spelled = _PLACE.fullmatch(place)
        if spelled is None or int(spelled[2]) != row:
            return None
        column = column_number(spelled[1])
        literal = literal.replace(f' r="{place}"', f' r="{spelled[1]}\0"', 1)
    style = attributes.get("s", "0")
    if not previous < column <= LAST_COLUMN or not (style.isascii() and style.isdigit()):
        return None
    formula_attributes = attributes_of(hit[4] or "")
    if formula_attributes is None or "ref" in formula_attributes:
        return None
    value = None if hit[7] is None else unescape(hit[7])
    inline = None if hit[10] is None else unescape(hit[10])
    formula = None if hit[3] is None else unescape(hit[5] or "")
    kind = "value" if value else "inline" if inline is not None else "none"
    cell = Cell(column, int(style), attributes.get("t", "n"), value, inline, formula, attributes,
                formula_attributes)  # fmt: skip
    opening = "" if hit[3] is None else f"<f{hit[4]}/>" if hit[5] is None else f"<f{hit[4]}>"
    empty = "/" if hit[2] else "<v></v>" if value == "" else hit[8] or ""
    form = Form(literal, empty, opening, hit[6] or hit[9] or "", kind)
    return cell, form


class Slot(NamedTuple):
    """A group of a shape's pattern: which cell it belongs to and what it holds."""

    cell: int
    holds: str
    """``narrow``, ``broad``, ``shared``, ``text``, ``flag``, ``error``, ``date``, ``formula``."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A pattern that takes a whole row of one shape; its first group is the row's number."""

    pattern: re.Pattern[str]
    slots: tuple[Slot, ...]
    """From the second group on; without ``r`` from the first."""
    numbered: bool


def learn(row: Row, broad: frozenset[int], narrow: Callable[[int], str | None]) -> Shape | None:
    """The shape of a row; ``None`` where its values make a pattern useless.

    ``broad`` names the cells whose numbers come in any spelling. ``narrow`` gives, by style, the
    pattern of the numbers that a copy takes as they are spelled.
    """
    if row.forms is None:
        return None
    closed = row.literal.endswith("/")
    head = row.literal[:-1] if closed else row.literal
    numbered = "\0" in head
    pieces = ["<row", re.escape(head).replace(re.escape("\0"), "([1-9][0-9]{0,6})")]
    pieces.append("/>" if closed else ">")
    slots: list[Slot] = []
    for index, (cell, form) in enumerate(zip(row.cells, row.forms, strict=True)):
        own = re.escape(form.literal)
        if "\0" in form.literal and not numbered:
            return None
        pieces.append("<c" + own.replace(re.escape("\0"), r"\1"))
        if form.empty == "/":
            pieces.append("/>")
            continue
        pieces.append(">")
        if form.formula:
            pieces.append(re.escape(form.formula))
            if not form.formula.endswith("/>"):
                pieces.append(f"({_TEXT})</f>")
                slots.append(Slot(index, "formula"))
        content = _content(cell, form, index in broad, narrow)
        if content is None:
            return None
        if content[1]:
            slots.append(Slot(index, content[1]))
        pieces.append(content[0] + "</c>")
    if not closed:
        pieces.append(END_OF_ROW)
    return Shape(re.compile("".join(pieces), re.ASCII), tuple(slots), numbered)


def _content(
    cell: Cell, form: Form, broad: bool, narrow: Callable[[int], str | None]
) -> tuple[str, str] | None:
    if form.kind == "none":
        return re.escape(form.empty), ""
    if form.kind == "inline":
        return (
            (f"<is><t{form.spaced}>({_TEXT})</t></is>", "text")
            if (cell.type == "inlineStr")
            else None
        )
    if cell.type == "n":
        number = None if broad else narrow(cell.style)
        inside, holds = (number, "narrow") if number else (_BROAD, "broad")
    elif cell.type in _KINDS:
        inside, holds = _KINDS[cell.type]
    else:
        return None
    return f"<v{form.spaced}>({inside})</v>", holds


_KINDS = {
    "s": ("[0-9]{1,9}", "shared"),
    "b": ("[01]", "flag"),
    "e": (_ERRORS, "error"),
    "str": (_TEXT, "text"),
    "d": ("[0-9T:.Z+-]{1,40}", "date"),
}
