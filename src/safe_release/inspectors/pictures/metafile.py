"""The inspectors' reading of vector pictures (MS-EMF, MS-WMF, SVG): their proportions.

They cannot draw them. What a candidate has instead is checked for what it is made of, and for the
proportions of its source.
"""

from __future__ import annotations

import re
import zlib

from safe_release.inspectors.pictures.facts import Look, damaged

_ROOT = re.compile(rb"<(?:\w+:)?svg\b[^>]*>")
_SIDE = re.compile(r"\s(width|height)\s*=\s*[\"']\s*([0-9.]{1,12})(px|in|cm|mm|pt|pc)?\s*[\"']")
_VIEW = re.compile(r"\sviewBox\s*=\s*[\"'][-0-9.\s,]*?([0-9.]{1,12})[\s,]+([0-9.]{1,12})\s*[\"']")
_UNITS = {"": 72, "px": 72, "in": 6912, "cm": 2721.26, "mm": 272.126, "pt": 96, "pc": 1152}


def opened(data: bytes, most: int, place: str) -> bytes:
    """The content of a gzip-compressed picture, up to ``most`` bytes; raises ``Malformed``."""
    stream = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        content = stream.decompress(data, most)
    except zlib.error as error:
        raise damaged(place) from error
    if not stream.eof:
        raise damaged(place)
    return content


def proportions(data: bytes, kind: str, crop: tuple[int, int, int, int] | None) -> Look | None:
    """Width and height in hundredths of a millimetre, or in units of the drawing's own."""
    sides = {"emf": _emf, "wmf": _wmf, "svg": _svg}[kind](data)
    if sides is None:
        return None
    left, top, right, bottom = (max(part, 0) for part in crop or (0, 0, 0, 0))
    width = sides[0] * (100_000 - left - right) // 100_000
    height = sides[1] * (100_000 - top - bottom) // 100_000
    return Look(width, height, False, b"", b"") if width > 0 and height > 0 else None


def _number(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "little", signed=True)


def _emf(data: bytes) -> tuple[int, int] | None:
    if len(data) < 40 or any(_number(data, at, 4) > _number(data, at + 8, 4) for at in (8, 12)):
        return None
    return (
        _number(data, 32, 4) - _number(data, 24, 4),
        _number(data, 36, 4) - _number(data, 28, 4),
    )


def _wmf(data: bytes) -> tuple[int, int] | None:
    position = 18
    if data[:4] == b"\xd7\xcd\xc6\x9a":
        width = abs(_number(data, 10, 2) - _number(data, 6, 2))
        height = abs(_number(data, 12, 2) - _number(data, 8, 2))
        if width and height and data[14:16] != b"\0\0":
            return width, height
        position += 22
    while position + 6 <= len(data):
        words = int.from_bytes(data[position : position + 4], "little")
        if data[position + 4 : position + 6] == b"\x0c\x02" and words >= 5:
            return (
                abs(_number(data, position + 8, 2)) * 64,
                abs(_number(data, position + 6, 2)) * 64,
            )
        if words < 3:
            return None
        position += 2 * words
    return None


def _svg(data: bytes) -> tuple[int, int] | None:
    """In 72nds of a pixel, by width and height of the root, else by the box of its view."""
    root = _ROOT.search(data[:65_536])
    if root is None:
        return None
    tag = root[0].decode("utf-8", "replace")
    try:
        sides = {key: float(size) * _UNITS[unit] for key, size, unit in _SIDE.findall(tag)}
        if len(sides) == 2:
            return round(sides["width"]), round(sides["height"])
        view = _VIEW.search(tag)
        return view and (round(float(view[1]) * 72), round(float(view[2]) * 72))
    except ValueError:
        return None
