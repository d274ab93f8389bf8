"""The tree of a drawing as the current Office reads it, without rewriting it."""

from __future__ import annotations

from collections.abc import Iterator

from safe_release.inspectors.raw_xml import Node

_DRAWN = ("2010/main", "2014/main", "2010/slicer", "2012/slicer", "2012/timeslicer")


def below(node: Node) -> Iterator[Node]:
    """The children of an element, with those of the branch of alternate content that is read."""
    for item in node.children:
        if item.name == "mc:AlternateContent":
            yield from _branch(item)
        else:
            yield item


def _branch(alternate: Node) -> Iterator[Node]:
    for option in alternate.children:
        if option.name == "mc:Choice":
            needed = option.get("Requires").split()
            if not needed or not all(map(_is_drawn, needed)) or _has_formula(option):
                continue
        elif option.name != "mc:Fallback":
            continue
        yield from below(option)
        return


def _is_drawn(space: str) -> bool:
    """Whether Office draws what a namespace defines; ink and models it has pictures of."""
    path = space.removeprefix("http://schemas.microsoft.com/office/drawing/")
    return path != space and (path in _DRAWN or path.endswith("/chartex"))


def _has_formula(option: Node) -> bool:
    return any(node.name == "a14:m" for node in option.everything())


def all_below(node: Node) -> Iterator[Node]:
    """An element and all that is read below it, in document order."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(list(below(current))))


def one(node: Node | None, *path: str) -> Node | None:
    """The first element along a path of names."""
    for step in path:
        if node is None:
            return None
        node = next((item for item in below(node) if item.name == step), None)
    return node


def first_of(node: Node | None, names: frozenset[str]) -> Node | None:
    """The first child whose name is one of these."""
    if node is None:
        return None
    return next((item for item in below(node) if item.name in names), None)
