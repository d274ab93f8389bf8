"""VML parts as nodes; texts keep their place among elements, as nodes called ``#text``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from safe_release.errors import CannotRebuild, Malformed
from safe_release.inspectors.raw_xml import Attributes, Node, short, walk

_SPACES = {
    "urn:schemas-microsoft-com:vml": "v",
    "urn:schemas-microsoft-com:office:office": "o",
    "urn:schemas-microsoft-com:office:excel": "sheet",
    "urn:schemas-microsoft-com:office:word": "text",
}
_UNCLOSED = re.compile(rb"<br\s*>(?!\s*</br\s*>)", re.IGNORECASE)
"""Excel leaves the line breaks of captions open, which no other part of a document does."""
TEXT = "#text"


def _own(name: str) -> str:
    space, _, local = name.rpartition(" ")
    return f"{_SPACES[space]}:{local}" if space in _SPACES else short(name)


class _Grower:
    """Grows the tree as elements and texts come."""

    def __init__(self) -> None:
        self.open = [Node("", {})]
        self._pieces: list[str] = []

    def _settle(self) -> None:
        if self._pieces:
            text = Node(TEXT, {})
            text.text = "".join(self._pieces)
            self.open[-1].children.append(text)
            self._pieces.clear()

    def start(self, name: str, attributes: Attributes, depth: int) -> None:
        self._settle()
        node = Node(_own(name), {_own(key): value for key, value in attributes.items()})
        self.open[-1].children.append(node)
        self.open.append(node)

    def end(self, name: str, depth: int) -> None:
        self._settle()
        self.open.pop()

    def text(self, text: str) -> None:
        self._pieces.append(text)


def plant(place: str, data: bytes, depth: int) -> Node | None:
    """The root of a VML part; ``None`` where it is no XML. Raises ``TooLarge``."""
    grower = _Grower()
    try:
        walk(place, [_UNCLOSED.sub(b"<br/>", data)], grower, depth)
    except (Malformed, CannotRebuild):
        return None
    return grower.open[0].children[0]


def words(root: Node) -> Iterator[str]:
    """Everything in a part that may be a word: texts and values of attributes."""
    for node in root.everything():
        if node.name == TEXT:
            yield node.text
        yield from node.attributes.values()
