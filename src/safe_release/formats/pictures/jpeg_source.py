"""This module reads a JPEG file marker by marker and keeps what pixels are made of (T.81, B)."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import Final

from safe_release.formats.pictures.faults import cannot_rebuild, check_size, malformed

_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2, 0xC9, 0xCA})
_OTHER_FRAMES: Final = frozenset({0xC3, 0xC5, 0xC6, 0xC7, 0xCB, 0xCD, 0xCE, 0xCF, 0xDE, 0xDF})
_TABLES: Final = frozenset({0xC4, 0xCC, 0xDB, 0xDD})
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_NEXT: Final = re.compile(rb"\xff+[\x01-\xcf\xd8-\xfe]")
_SCANS: Final = 100
"""A picture of many scans costs as many passes over its pixels; real ones have about ten."""
_JFIF: Final = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
_ADOBE: Final = b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00"


@dataclass(frozen=True, slots=True)
class JpegSource:
    """``lean`` is the file with the segments that make pixels, and constant ones of kind."""

    lean: bytes
    width: int
    height: int
    components: int
    profile: bytes | None
    orientation: int


class _Walk:
    def __init__(self) -> None:
        self.kept: list[bytes] = []
        self.frame: tuple[int, int, int] | None = None
        self.jfif = False
        self.transform: int | None = None
        self.profile: dict[int, tuple[int, bytes]] = {}
        self.orientation = 1
        self.scans = 0


def read_jpeg(data: bytes, *, limit: int, place: str) -> JpegSource:
    """Walk the segments up to the first end of image; what follows is not part of it.

    Raises ``Malformed`` where segments are cut off or contradict each other, ``TooLarge`` by the
    frame header alone, ``CannotRebuild`` for kinds that browsers and offices do not show either.
    """
    walk = _Walk()
    at = 2
    while True:
        code, at = _marker(data, at, place)
        if code == 0xD9:
            break
        if code in _ALONE:
            continue
        if at + 2 > len(data):
            raise malformed("is a picture that ends early", place)
        (length,) = struct.unpack_from(">H", data, at)
        end = at + length
        if length < 2 or end > len(data):
            raise malformed("is a picture that ends early", place)
        body = data[at + 2 : end]
        if code == 0xDA:
            found = _NEXT.search(data, end)
            if found is None:
                raise malformed("is a picture that ends early", place)
            end = found.start()
        _take(walk, code, data[at - 2 : end], body, limit, place)
        at = end
    if walk.frame is None or not walk.scans:
        raise malformed("is a picture without pixels", place)
    width, height, components = walk.frame
    start = [b"\xff\xd8"]
    if walk.jfif:
        start.append(_JFIF)
    if walk.transform is not None:
        start.append(_ADOBE + bytes([walk.transform]))
    lean = b"".join([*start, *walk.kept, b"\xff\xd9"])
    return JpegSource(lean, width, height, components, _joined(walk.profile), walk.orientation)


def _marker(data: bytes, at: int, place: str) -> tuple[int, int]:
    """The code of the marker at a place, behind its fill bytes, and where it ends."""
    if at >= len(data):
        raise malformed("is a picture that ends early", place)
    if data[at] != 0xFF:
        raise malformed("is a picture with bytes between its segments", place)
    while at < len(data) and data[at] == 0xFF:
        at += 1
    if at >= len(data):
        raise malformed("is a picture that ends early", place)
    return data[at], at + 1


def _take(walk: _Walk, code: int, whole: bytes, body: bytes, limit: int, place: str) -> None:
    whole = bytes([0xFF, code]) + whole[2:]
    if code in _FRAMES:
        walk.frame = _frame(walk, body, limit, place)
        walk.kept.append(whole)
    elif code in _OTHER_FRAMES or code == 0xDC:
        raise cannot_rebuild("is a JPEG picture of a rare kind", place)
    elif code == 0xDA:
        walk.scans += 1
        if walk.frame is None:
            raise malformed("is a picture with pixels before their header", place)
        if walk.scans > _SCANS:
            raise cannot_rebuild("is a picture in too many layers", place)
        walk.kept.append(whole)
    elif code in _TABLES:
        walk.kept.append(whole)
    else:
        _note(walk, code, body)


def _frame(walk: _Walk, body: bytes, limit: int, place: str) -> tuple[int, int, int]:
    if walk.frame is not None or len(body) < 6:
        raise malformed("is a picture with two headers", place)
    depth, height, width, components = struct.unpack_from(">B2HB", body)
    if height == 0 or depth != 8 or components not in (1, 3, 4):
        raise cannot_rebuild("is a JPEG picture of a rare kind", place)
    check_size(width, height, limit, place)
    return width, height, components


def _note(walk: _Walk, code: int, body: bytes) -> None:
    """What says how pixels are meant: colours and, where asked for, orientation."""
    if code == 0xE0 and body.startswith(b"JFIF\0"):
        walk.jfif = True
    elif code == 0xEE and body.startswith(b"Adobe") and len(body) >= 12:
        walk.transform = min(body[11], 2)
    elif code == 0xE1 and body.startswith(b"Exif\0") and walk.orientation == 1:
        walk.orientation = _orientation(body[6:])
    elif code == 0xE2 and body.startswith(b"ICC_PROFILE\0") and len(body) > 14:
        walk.profile.setdefault(body[12], (body[13], body[14:]))


def _joined(pieces: dict[int, tuple[int, bytes]]) -> bytes | None:
    """The profile from its numbered pieces (ICC.1, B.4), if all are there."""
    numbers = range(1, len(pieces) + 1)
    if not pieces or any(
        number not in pieces or pieces[number][0] != len(pieces) for number in numbers
    ):
        return None
    return b"".join(pieces[number][1] for number in numbers)


def _orientation(tiff: bytes) -> int:
    """Tag 0x0112 of the first directory (Exif 4.6.5); 1 where there is none that makes sense."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return 1
    (start,) = struct.unpack_from(order + "L", tiff, 4)
    if start + 2 > len(tiff):
        return 1
    (count,) = struct.unpack_from(order + "H", tiff, start)
    for number in range(count):
        at = start + 2 + 12 * number
        if at + 12 > len(tiff):
            break
        tag, kind, size = struct.unpack_from(order + "2HL", tiff, at)
        if tag == 0x0112:
            (value,) = struct.unpack_from(order + "H", tiff, at + 8)
            return value if kind == 3 and size == 1 and 1 <= value <= 8 else 1
    return 1
