"""This module is the choice among alternate contents (ECMA-376 part 3, 7.6): what Excel shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final
from xml.etree.ElementTree import Element as Node

from safe_release.formats.drawingml.tree import rewrite

_MICROSOFT: Final = "http://schemas.microsoft.com/office/drawing/"
_UNDERSTOOD: Final = frozenset(
    _MICROSOFT + path
    for path in (
        "2010/main",
        "2014/main",
        "2010/slicer",
        "2012/slicer",
        "2012/timeslicer",
        "2014/chartex",
        "2015/9/8/chartex",
        "2015/10/21/chartex",
        "2016/5/9/chartex",
        "2016/5/10/chartex",
        "2016/5/11/chartex",
        "2016/5/12/chartex",
        "2016/5/13/chartex",
        "2016/5/14/chartex",
    )
)
"""What the current Office understands in a drawing and draws itself. Of ink and three-dimensional
models the fallback is taken: it is their picture."""


def choose(root: Node) -> None:
    """Put in the place of every ``mc:AlternateContent`` the content of its chosen branch."""

    def change(node: Node) -> Iterable[Node]:
        return _chosen(node) if node.tag == "mc:AlternateContent" else (node,)

    rewrite(root, change)


def _chosen(alternate: Node) -> Iterator[Node]:
    for branch in alternate:
        is_taken = branch.tag == "mc:Fallback" or (
            branch.tag == "mc:Choice"
            and _UNDERSTOOD.issuperset(branch.get("Requires", "?").split())
            and not any(node.tag == "a14:m" for node in branch.iter())  # its fallback is a picture
        )
        if is_taken:
            for node in branch:
                if node.tag == "mc:AlternateContent":
                    yield from _chosen(node)
                else:
                    yield node
            return
