"""This module is the closed-world gate: what has a row in a grammar is written, nothing else is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from xml.etree.ElementTree import Element as Node

from safe_release.formats.ledger import Ledger
from safe_release.formats.values import ValueType

_NO_ATTRIBUTES: Mapping[str, ValueType] = MappingProxyType({})
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_ATTRIBUTE_ESCAPES = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&quot;",
        "\n": "&#10;",
        "\t": "&#9;",
        "\r": "&#13;",
    }
)


@dataclass(frozen=True, slots=True)
class Row:
    """What an element may hold.

    ``holds`` names its children in the order of the schema; a trailing ``*`` lets one repeat.
    Names joined by ``|`` are a choice: the first of them alone, or with ``*`` all of them in the
    order of the document.
    ``attributes`` gives each attribute the type of its value, in the order of writing. ``text`` is
    the type of its character data; without it there is none. ``needs`` names the attributes without
    which the element says nothing and is left out; ``empty`` false leaves it out when it has come
    to nothing at all.
    """

    holds: tuple[str, ...] = ()
    attributes: Mapping[str, ValueType] = field(default_factory=lambda: _NO_ATTRIBUTES)
    text: ValueType | None = None
    needs: tuple[str, ...] = ()
    empty: bool = True


Grammar = Mapping[str, Row]


def escape(text: str) -> str:
    """Character data as XML spells it."""
    return text.translate(_ESCAPES)


def quote(text: str) -> str:
    """An attribute value as XML spells it, between double quotes."""
    return text.translate(_ATTRIBUTE_ESCAPES)


class Gate:
    """Carries elements through a grammar and writes elements that a builder computed.

    Both ways the grammar has the last word: names and values it does not know are counted in the
    ledger on the way through, and are a fault of the builder on the way out.
    """

    def __init__(self, grammar: Grammar, ledger: Ledger) -> None:
        self._grammar = grammar
        self._ledger = ledger

    def carry(self, node: Node) -> str:
        """The markup of ``node`` as far as the grammar knows it; empty when it may not stand."""
        row = self._grammar.get(node.tag)
        if row is None:
            self._ledger.leave("other")
            return ""
        accepted = self._attributes(node, row)
        if any(needed not in accepted for needed in row.needs):
            return ""
        attributes = "".join(f' {key}="{quote(value)}"' for key, value in accepted.items())
        text = ""
        if row.text is not None and node.text:
            text = escape(row.text(node.text) or "")
        content = text + self._children(node, row)
        if not row.empty and not attributes and not content:
            return ""
        return _element(node.tag, attributes, content)

    def _attributes(self, node: Node, row: Row) -> dict[str, str]:
        accepted = {}
        for name, type_ in row.attributes.items():
            if name in node.attrib:
                value = type_(node.attrib[name])
                if value is not None:
                    accepted[name] = value
        left = sum(1 for name in node.attrib if name not in row.attributes)
        if left:
            self._ledger.leave("attributes", left)
        return accepted

    def _children(self, node: Node, row: Row) -> str:
        parts: list[str] = []
        known = set()
        for entry in row.holds:
            names = entry.rstrip("*").split("|")
            known.update(names)
            found = [child for child in node if child.tag in names]
            parts.extend(map(self.carry, found if entry.endswith("*") else found[:1]))
        for child in node:
            if child.tag not in known:
                self._ledger.leave(child.tag if child.tag in self._grammar else "other")
        return "".join(parts)

    def write(self, name: str, attributes: Mapping[str, str | int], content: str = "") -> str:
        """The markup of a computed element. ``content`` is markup that came from this gate."""
        row = self._grammar[name]
        parts = []
        for attribute, type_ in row.attributes.items():
            if attribute in attributes:
                value = type_(str(attributes[attribute]))
                if value is not None:
                    parts.append(f' {attribute}="{quote(value)}"')
        unknown = [attribute for attribute in attributes if attribute not in row.attributes]
        if unknown:
            raise AssertionError(f"the grammar has no {unknown} on {name}")
        return _element(name, "".join(parts), content)


def _element(name: str, attributes: str, content: str) -> str:
    if content:
        return f"<{name}{attributes}>{content}</{name}>"
    return f"<{name}{attributes}/>"
