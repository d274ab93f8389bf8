"""This module is the rules of conditional formats as the source has them (18.3.1.10, 18.3.1.18)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final
from xml.etree.ElementTree import Element as Node

from safe_release.errors import TooLarge
from safe_release.formats.values import is_true, whole
from safe_release.formats.xlsx.axis import Area, parse_areas
from safe_release.formats.xlsx.dxf import Dxf, read_dxf
from safe_release.formats.xlsx.formula import Formula, read_formula
from safe_release.formats.xlsx.numfmt_words import without_signs

MOST_COMPARED: Final = 4096
"""Areas of a sheet's rules beyond which none stays: comparing each with each takes too long."""
_MOST_AREAS: Final = 100_000
GRAPHICS: Final = frozenset(("colorScale", "dataBar", "iconSet"))
"""Kinds that paint by themselves, without a differential format."""
ICONS: Final = {
    "3Arrows": 3, "3ArrowsGray": 3, "3Flags": 3, "3TrafficLights1": 3, "3TrafficLights2": 3,
    "3Signs": 3, "3Symbols": 3, "3Symbols2": 3, "4Arrows": 4, "4ArrowsGray": 4, "4RedToBlack": 4,
    "4Rating": 4, "4TrafficLights": 4, "5Arrows": 5, "5ArrowsGray": 5, "5Rating": 5, "5Quarters": 5,
}  # fmt: skip
"""ST_IconSetType (18.18.42) and how many icons each has."""
_WITH_TEXT: Final = frozenset(("containsText", "notContainsText", "beginsWith", "endsWith"))


@dataclass(frozen=True, slots=True)
class Bound:
    """A threshold (cfvo, 18.3.1.11): its ST_CfvoType and what is written for it."""

    kind: str
    formula: Formula
    includes: bool = True


@dataclass(slots=True)
class Rule:
    """One rule (cfRule) with the areas it is about.

    ``look`` and ``code`` are what its differential format sets, ``node`` is the element itself and
    ``dxf`` that of the format. An ``is_extended`` rule comes from the extension of 2009 (x14).
    """

    kind: str
    areas: tuple[Area, ...]
    priority: int
    stops: bool
    node: Node
    operator: str = ""
    formulas: tuple[Formula, ...] = ()
    text: str = ""
    bounds: tuple[Bound, ...] = ()
    dxf: Node | None = None
    look: Dxf | None = None
    code: str = ""
    shows_value: bool = True
    icons: str = ""
    is_extended: bool = False
    stays: bool = False
    limits: tuple[Fraction, ...] | None = None
    """The thresholds of a graphic without values, worked out; ``None`` where nobody can."""
    blots: bool = False
    """Whether it gives a text and its ground one colour."""
    may_hide: bool = False
    """Whether its colours may be those of a text or a ground of some cell."""

    @property
    def graphic(self) -> Node | None:
        """The element of a colour scale, data bar or icon set."""
        return next((node for node in self.node if _local(node) == self.kind), None)

    @property
    def paints(self) -> bool:
        """Whether it sets colours, fonts or borders that another rule may set as well."""
        return self.look is not None or self.kind == "colorScale"

    @property
    def is_bare(self) -> bool:
        """Whether it paints a bar or an icon in the place of the number."""
        return self.kind in ("dataBar", "iconSet") and not self.shows_value

    @property
    def anchor(self) -> tuple[int, int] | None:
        """The cell that relative references start from; ``None`` where readers differ in it."""
        corner = (
            min(area.first_row for area in self.areas),
            min(area.first_column for area in self.areas),
        )
        return corner if self.areas[0][:2] == corner else None


def read_rules(parts: Sequence[Node], dxfs: Sequence[Node], place: str) -> list[Rule]:
    """All rules of a sheet, the one that goes first in front.

    ``parts`` are its ``conditionalFormatting`` elements, and those that may hold others, which
    this version does not write. Raises ``Malformed`` for areas that are none, ``TooLarge`` for too
    many of them.
    """
    rules: list[Rule] = []
    by_id: dict[str, Rule] = {}
    areas = 0
    for part, is_extended in _formats(parts):
        written = part.get("sqref", "") if "sqref" in part.attrib else _text_of(part, "sqref")
        covered = parse_areas(" ".join(written.split()), place)
        for node in (item for item in part if _local(item) == "cfRule"):
            areas += len(covered)
            _bound(areas, place)
            partner = by_id.get(node.get("id", "")) if is_extended else None
            if partner is not None and partner.kind == node.get("type", partner.kind):
                # It repeats a rule of the standard's with more detail, and says what shows.
                graphic = next((item for item in node if _local(item) == partner.kind), None)
                if graphic is not None and not is_true(graphic.get("showValue", "1")):
                    partner.shows_value = False
            elif covered:
                rule = _rule(node, covered, dxfs, is_extended=is_extended)
                rules.append(rule)
                by_id.update((id_, rule) for id_ in _ids(node))
    return sorted(rules, key=lambda rule: rule.priority)


def _formats(parts: Sequence[Node]) -> Iterator[tuple[Node, bool]]:
    """The elements that hold rules, and whether they stand where the standard wants them."""
    yield from ((part, False) for part in parts if part.tag == "conditionalFormatting")
    for part in parts:
        if part.tag != "conditionalFormatting":
            yield from (
                (node, True) for node in part.iter() if _local(node) == "conditionalFormatting"
            )


def _bound(areas: int, place: str) -> None:
    if areas > _MOST_AREAS:
        raise TooLarge(
            f"has conditional formats of more than {_MOST_AREAS} areas",
            place=place,
            remedy="Delete rules in Excel (Conditional Formatting, Manage Rules), save and retry",
        )


def _ids(rule: Node) -> Iterable[str]:
    return (node.text.strip() for node in rule.iter() if node.tag == "?:id" and node.text)


def _local(node: Node) -> str:
    return str(node.tag).rpartition(":")[2]


def _text_of(node: Node, name: str) -> str:
    return next((child.text or "" for child in node if _local(child) == name), "")


def _rule(node: Node, areas: tuple[Area, ...], dxfs: Sequence[Node], *, is_extended: bool) -> Rule:
    kind = node.get("type", "").strip()
    names = ("f", "formula")
    rule = Rule(
        kind,
        areas,
        _priority(node),
        is_true(node.get("stopIfTrue")),
        node,
        node.get("operator", "").strip(),
        tuple(read_formula(child.text or "") for child in node if _local(child) in names),
        node.get("text", "") if kind in _WITH_TEXT else "",
        is_extended=is_extended,
    )
    rule.dxf = _dxf(node, dxfs, is_extended=is_extended)
    if rule.dxf is not None:
        rule.look = read_dxf(rule.dxf)
        format_ = next((child for child in rule.dxf if _local(child) == "numFmt"), None)
        rule.code = without_signs(format_.get("formatCode", "")) if format_ is not None else ""
    graphic = rule.graphic if kind in GRAPHICS else None
    if graphic is not None:
        rule.shows_value = is_true(graphic.get("showValue", "1"))
        rule.icons = graphic.get("iconSet", "3TrafficLights1").strip()
        rule.bounds = tuple(_read_bound(item) for item in graphic if _local(item) == "cfvo")
    return rule


def _priority(node: Node) -> int:
    number = whole(node.get("priority"), 2_147_483_647)
    return number if number >= 0 else 2_147_483_647


def _dxf(node: Node, dxfs: Sequence[Node], *, is_extended: bool) -> Node | None:
    own = next((child for child in node if _local(child) == "dxf"), None)
    if is_extended and own is not None:
        return own
    index = whole(node.get("dxfId"))
    return dxfs[index] if 0 <= index < len(dxfs) else None


def _read_bound(node: Node) -> Bound:
    written = node.get("val")
    if written is None:
        written = next((child.text or "" for child in node if _local(child) == "f"), "")
    return Bound(node.get("type", "").strip(), read_formula(written), is_true(node.get("gte", "1")))
