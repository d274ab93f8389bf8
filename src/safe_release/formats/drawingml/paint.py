"""This module is the pictures that fill something (20.1.8.13, 20.1.8.14): cut, or left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from xml.etree.ElementTree import Element as Node

from safe_release.formats.drawingml.tree import child, keep
from safe_release.formats.drawingml.values import Percent
from safe_release.formats.pictures import Crop

Embed = Callable[[str, Crop], str | None]
"""From the relationship id of a picture in the source, and what its frame cuts off, to the id in
the copy; ``None`` for a picture that has no place there."""
_SIDES: Final = ("l", "t", "r", "b")
_WHOLE: Final = 100_000
_FAINT: Final = 5_000
"""Opacities below a twentieth leave nothing that a reader could make out."""


def settle_fill(fill: Node, embed: Embed) -> bool:
    """Let a ``blipFill`` refer to the copy's picture. False where there is nothing to be seen.

    What ``a:srcRect`` cuts off leaves the pixels; the room that it adds stays, as a share of what
    is left of them.
    """
    blip = child(fill, "a:blip")
    if blip is None or is_washed_out(blip):
        return False
    window = child(fill, "a:srcRect")
    shares = [_share(window, side) for side in _SIDES]
    crop = crop_of(fill)
    left, top, right, bottom = crop.left, crop.top, crop.right, crop.bottom
    if left + right >= _WHOLE or top + bottom >= _WHOLE:
        return False
    new = embed(blip.get("r:embed", ""), crop)
    if new is None:
        return False
    blip.attrib["r:embed"] = new
    keep(fill, [item for item in fill if item.tag != "a:srcRect"])
    if min(shares) < 0:
        scales = (_WHOLE - left - right, _WHOLE - top - bottom) * 2
        room = {
            side: str(share * _WHOLE // scale)
            for side, share, scale in zip(_SIDES, shares, scales, strict=True)
            if share < 0
        }
        fill.append(Node("a:srcRect", room))
    return True


def crop_of(fill: Node) -> Crop:
    """What ``a:srcRect`` cuts off."""
    window = child(fill, "a:srcRect")
    left, top, right, bottom = (max(_share(window, side), 0) for side in _SIDES)
    return Crop(left, top, right, bottom)


def _share(window: Node | None, side: str) -> int:
    return _percent(window, side, 0)


def _percent(node: Node | None, name: str, default: int) -> int:
    value = Percent()(node.get(name, "")) if node is not None else None
    return int(value) if value is not None else default


def is_washed_out(blip: Node) -> bool:
    """Whether recolouring leaves one even colour of a picture, or nothing."""
    for effect in blip:
        if effect.tag == "a:alphaModFix" and _percent(effect, "amt", _WHOLE) < _FAINT:
            return True
        if effect.tag == "a:alphaRepl" and _percent(effect, "a", _WHOLE) < _FAINT:
            return True
        if effect.tag == "a:lum" and (
            abs(_percent(effect, "bright", 0)) >= _WHOLE
            or _percent(effect, "contrast", 0) <= -_WHOLE
        ):
            return True
        if effect.tag == "a:biLevel" and not 0 < _percent(effect, "thresh", 0) < _WHOLE:
            return True
    return False


def drop_idle_lines(root: Node) -> None:
    """Lines without paint keep nothing but that: no width, no dashes, no ends."""
    for line in list(root.iter("a:ln")):
        bare = child(line, "a:noFill")
        if bare is not None:
            line.attrib.clear()
            keep(line, [bare])
