"""This module is small tools for the tree of a chart part."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element as Node

from safe_release.formats.values import is_true


def child(node: Node | None, *path: str) -> Node | None:
    """The first descendant along a path of names."""
    for name in path:
        if node is None:
            return None
        node = next((each for each in node if each.tag == name), None)
    return node


def children(node: Node, *names: str) -> list[Node]:
    """The children with one of some names."""
    return [each for each in node if each.tag in names]


def value(node: Node | None, *path: str) -> str | None:
    """``val`` of a descendant; ``None`` where it is absent."""
    found = child(node, *path)
    return None if found is None else found.get("val")


def is_on(node: Node | None, name: str, *, absent: bool) -> bool:
    """A boolean child (21.2.3.2); written without ``val`` it is true."""
    found = child(node, name)
    return absent if found is None else is_true(found.get("val", "1"))


def put(node: Node, name: str, val: str | None = None) -> Node:
    """A new child at the end; the gate puts children in order."""
    made = Node(name) if val is None else Node(name, {"val": val})
    node.append(made)
    return made


def only(node: Node, name: str, made: Node | None) -> None:
    """Replace all children of a name by one, or by none."""
    for each in children(node, name):
        node.remove(each)
    if made is not None:
        node.append(made)


def text_of(node: Node | None) -> str:
    """The characters of every ``a:t`` and ``c:v`` below."""
    return (
        ""
        if node is None
        else "".join(each.text or "" for each in node.iter() if each.tag in ("a:t", "c:v"))
    )


def points(node: Node | None) -> Iterator[tuple[int, str]]:
    """Index and text of the points of a cache or literal (21.2.2.129), in order, each once."""
    seen: dict[int, str] = {}
    for point in children(node, "c:pt") if node is not None else ():
        index = point.get("idx", "").strip()
        content = child(point, "c:v")
        if index.isascii() and index.isdigit() and len(index) < 8 and content is not None:
            seen.setdefault(int(index), content.text or "")
    yield from sorted(seen.items())
