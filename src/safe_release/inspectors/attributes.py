"""Booleans and decimals of attributes, as a copy has them."""

from __future__ import annotations

import re

from safe_release.inspectors.raw_xml import Node

_NUMBER = re.compile(
    r"[+-]?(?:[0-9]{1,12}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?:[eE][+-]?[0-9]{1,2})?", re.ASCII
)


def flag(node: Node, name: str, default: bool = False) -> bool:
    """A boolean attribute (22.9.2.1)."""
    value = node.attributes.get(name)
    return default if value is None else value.strip() in ("1", "true")


def number_on_grid(text: str, low: float, high: float, parts: int) -> str:
    """A decimal as a copy has it: rounded to so many parts of one; nothing where it is none."""
    plain = text.strip()
    if not _NUMBER.fullmatch(plain) or not low <= float(plain) <= high:
        return ""
    return format(round(float(plain) * parts) / parts, ".9f").rstrip("0").rstrip(".")
