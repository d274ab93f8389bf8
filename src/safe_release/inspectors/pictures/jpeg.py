"""The inspectors' reading of JPEG files, byte by byte (ITU-T T.81, annex B)."""

from __future__ import annotations

from safe_release.inspectors.pictures.facts import Walk, damaged
from safe_release.inspectors.pictures.jpeg_tables import heads
from safe_release.inspectors.pictures.tiff import camera_data

_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})

_CARRIERS = frozenset({*range(0xE0, 0xFF)})
"""Segments that no pixel is made of."""
_STARTS = (
    (0xE0, b"JFIF\0", "image.rendering-hints"),
    (0xE0, b"JFXX\0", "image.thumbnail"),
    (0xE1, b"Exif\0", "image.exif"),
    (0xE1, b"http://ns.adobe.com/", "image.xmp"),
    (0xE2, b"ICC_PROFILE\0", "image.icc"),
    (0xE2, b"MPF\0", "image.extra-frames"),
    (0xED, b"", "image.iptc"),
    (0xEE, b"Adobe", "image.rendering-hints"),
    (0xFE, b"", "image.comment"),
)


def walk_jpeg(data: bytes, place: str) -> Walk:
    """Segments up to the end of the first image, and what is in them; raises ``Malformed``."""
    walk = Walk()
    kept: list[bytes] = [b"\xff\xd8"]
    pieces: dict[int, bytes] = {}
    position = 2
    while True:
        code, after = _code(walk, data, position, place)
        if code == 0xD9:
            position = after
            break
        stop = after
        if code != 1 and not 0xD0 <= code <= 0xD7:
            stop += int.from_bytes(data[after : after + 2], "big")
            if stop > len(data) or stop < after + 2:
                raise damaged(place)
            body = data[after + 2 : stop]
            if code == 0xDA:
                stop = _end_of_scan(data, stop, place)
            if code in _CARRIERS:
                _note(walk, code, body, pieces)
            if code not in _CARRIERS or body[:5] in (b"JFIF\0", b"Adobe"):
                kept.append(bytes((0xFF, code)) + data[after:stop])
            if code in _FRAMES:
                _size(walk, body, place)
        position = stop
    if not walk.width:
        raise damaged(place)
    if position != len(data):
        walk.channels["image.trailing"] += 1
    walk.lean = b"".join((*kept, b"\xff\xd9"))
    if sorted(pieces) == list(range(1, len(pieces) + 1)):
        walk.profile = b"".join(pieces[number] for number in sorted(pieces))
    walk.is_canonical = position == len(data) and not walk.channels and _is_ours(walk, data)
    return walk


def _code(walk: Walk, data: bytes, position: int, place: str) -> tuple[int, int]:
    """The code of the marker here, and where it ends."""
    start = position
    while data[position : position + 1] == b"\xff":
        position += 1
    if position == start or position >= len(data):
        raise damaged(place)
    if position > start + 1:
        walk.channels["image.private-data"] += 1  # fill bytes: any number of them
    return data[position], position + 1


def _size(walk: Walk, body: bytes, place: str) -> None:
    if walk.width or len(body) < 6:
        raise damaged(place)
    walk.height = int.from_bytes(body[1:3], "big")
    walk.width = int.from_bytes(body[3:5], "big")


def _end_of_scan(data: bytes, position: int, place: str) -> int:
    """Where the next marker stands that is neither a stuffed byte nor a restart (B.1.1.5)."""
    while True:
        position = data.find(b"\xff", position)
        if position < 0 or position + 1 >= len(data):
            raise damaged(place)
        after = data[position + 1]
        if after == 0xFF:
            position += 1
        elif after == 0 or 0xD0 <= after <= 0xD7:
            position += 2
        else:
            return position


def _note(walk: Walk, code: int, body: bytes, pieces: dict[int, bytes]) -> None:
    if code == 0xE0 and body == b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0":
        return
    channel = next(
        (
            channel
            for number, start, channel in _STARTS
            if code == number and body.startswith(start)
        ),
        "image.private-data",
    )
    if channel == "image.rendering-hints" and len(body) > 14:
        channel = "image.thumbnail" if code == 0xE0 else "image.private-data"
    elif channel == "image.exif":
        orientation, has_thumbnail = camera_data(body[6:])
        if walk.orientation == 1:
            walk.orientation = orientation
        if has_thumbnail:
            walk.channels["image.thumbnail"] += 1
    elif channel == "image.icc" and len(body) > 14:
        pieces.setdefault(body[12], body[14:])
    walk.channels[channel] += 1


def _is_ours(walk: Walk, data: bytes) -> bool:
    """Whether all before the pixels is spelled as in a copy: constant but for the size."""
    size = walk.height.to_bytes(2, "big") + walk.width.to_bytes(2, "big")
    for head in heads():
        before, after = head.split(b"SIZE")
        whole = before + size + after
        if data.startswith(whole):
            scan = data[len(whole) : -2]
            return data[-2:] == b"\xff\xd9" and b"\xff" not in scan.replace(b"\xff\0", b"")
    return False
