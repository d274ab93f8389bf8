"""This module is the reading of VML parts, which Office itself does not always close properly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from xml.etree.ElementTree import Element as Node

from safe_release.errors import CannotRebuild, Malformed
from safe_release.formats.xml_reader import TreeReader

_PREFIXES: Final[Mapping[str, str]] = {
    "urn:schemas-microsoft-com:vml": "v:",
    "urn:schemas-microsoft-com:office:office": "o:",
    "urn:schemas-microsoft-com:office:excel": "x:",
    "urn:schemas-microsoft-com:office:word": "w10:",
    "urn:schemas-microsoft-com:office:powerpoint": "pvml:",
}
_OPEN_BREAK: Final = re.compile(rb"<br\s*>(?!\s*</br\s*>)", re.IGNORECASE)
"""A line break without its end, as Excel writes it into the texts of controls."""


class _MarkupReader(TreeReader):
    """A tree that keeps what follows a child (``tail``): texts of VML are HTML of a kind."""

    def _name(self, name: str) -> str:
        namespace, _, local = name.rpartition("}")
        prefix = _PREFIXES.get(namespace)
        return prefix + local if prefix is not None else super()._name(name)

    def said(self, text: str) -> None:
        """Add text to the node at hand, or behind the last one in it."""
        node = self._stack[-1]
        if len(node):
            node[-1].tail = (node[-1].tail or "") + text
        else:
            node.text = (node.text or "") + text


def read_markup(data: bytes, place: str, depth_limit: int) -> Node | None:
    """The tree of a VML part; ``None`` where it cannot be read. Raises ``TooLarge``.

    Elements of HTML, which have no namespace, are called ``-:div``, ``-:font``, ``-:br``.
    """
    reader = _MarkupReader(place, depth_limit)
    try:
        reader.feed(_OPEN_BREAK.sub(b"<br/>", data), last=True)
    except (Malformed, CannotRebuild):
        return None
    return reader.root
