"""This module is small helpers on the trees of DrawingML."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from xml.etree.ElementTree import Element as Node


def child(node: Node | None, *names: str) -> Node | None:
    """The first child that has one of these names."""
    if node is None:
        return None
    return next((item for item in node if item.tag in names), None)


def descend(node: Node | None, *path: str) -> Node | None:
    """The first descendant along a path of names."""
    for name in path:
        node = child(node, name)
    return node


def keep(node: Node, kept: Iterable[Node]) -> None:
    """Give a node these children and no others."""
    node[:] = list(kept)


def rewrite(root: Node, change: Callable[[Node], Iterable[Node]]) -> None:
    """Put in the place of every node below ``root`` what ``change`` makes of it, top down."""
    stack = [root]
    while stack:
        node = stack.pop()
        if len(node):
            keep(node, [new for old in node for new in change(old)])
            stack.extend(node)


def copied(node: Node) -> Node:
    """A node and all below it, anew."""
    twin = Node(node.tag, dict(node.attrib))
    twin.text = node.text
    twin.extend(copied(item) for item in node)
    return twin
