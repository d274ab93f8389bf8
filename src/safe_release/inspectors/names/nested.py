"""Lists of names for parts whose elements nest in each other: one rule for an element anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Rule:
    """What an element may have: attributes with the types of their values, text, children."""

    attributes: Mapping[str, str] = field(default_factory=dict)
    children: frozenset[str] = frozenset()


_FILES = {
    "drawing": ("drawing",),
    "chart": ("drawing", "chart"),
    "chartsheet": ("chartsheet",),
    "vml": ("vml",),
}
"""The lists of a kind; a later line about an element takes the place of an earlier one."""


@cache
def rules(kind: str) -> Mapping[str, Rule]:
    """The rules of a kind of part by the short names of elements; the first is the root's."""
    groups: dict[str, list[str]] = {}
    words: dict[str, list[str]] = {}
    found: dict[str, Rule] = {}
    files = [resources.files(__package__).joinpath(f"{name}.txt") for name in _FILES[kind]]
    for line in (line for file in files for line in file.read_text("utf-8").splitlines()):
        head, *rest = line.split() or ["#"]
        if head.startswith("%"):
            groups.setdefault(head, []).extend(rest)
        elif head.startswith("@"):
            words.setdefault(head[1:], []).extend(rest)
        elif not head.startswith("#"):
            own, _, below = line.partition(" > ")
            rule = dict(word.split("=", 1) for word in own.split()[1:])
            found[head] = Rule(rule, frozenset(below.split()))
    spelled = {name: "{" + "|".join(items) + "}" for name, items in words.items()}
    return {
        name: Rule(
            {key: spelled.get(type_, type_) for key, type_ in rule.attributes.items()},
            _flat(rule.children, groups),
        )
        for name, rule in found.items()
    }


def _flat(names: frozenset[str], groups: Mapping[str, list[str]]) -> frozenset[str]:
    """The names with those of the groups among them."""
    flat: set[str] = set()
    for name in names:
        flat |= _flat(frozenset(groups[name]), groups) if name in groups else {name}
    return frozenset(flat)


NESTED = {
    "drawing": "xdr:wsDr", "chart": "c:chartSpace", "chartsheet": "x:chartsheet", "vml": "xml",
}  # fmt: skip
"""Kinds of parts with rules of this form, and their roots."""
