"""The inspectors' reading of JPEG files, byte by byte (ITU-T T.81, annex B)."""

from __future__ import annotations

from safe_release.inspectors.pictures.facts import Walk, damaged
from safe_release.inspectors.pictures.jpeg_tables import heads
from safe_release.inspectors.pictures.tiff import camera_data

_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})


def walk_jpeg(data: bytes, place: str) -> Walk:
    """Segments up to the end of the first image, and what is in them; raises ``Malformed``."""
    walk = Walk()
    kept: list[bytes] = [b"\xff\xd8"]
    pieces: dict[int, bytes] = {}
    position, is_over = 2, False
    while not is_over:
        start = position
        while data[position : position + 1] == b"\xff":
            position += 1
        if position == start or position >= len(data):
            raise damaged(place)
        if position > start + 1:
            walk.channels["image.private-data"] += 1  # fill bytes: any number of them
        code = data[position]
        position += 1
        if code == 0xD9:
            is_over = True
            continue
        if code == 1 or 0xD0 <= code <= 0xD7:
            continue
        stop = position + int.from_bytes(data[position : position + 2], "big")
        if stop > len(data) or stop < position + 2:
            raise damaged(place)
        body = data[position + 2 : stop]
        if code == 0xDA:
            stop = _end_of_scan(data, stop, place)
        if 0xE0 <= code <= 0xEF or code == 0xFE or code >= 0xF0:
            _note(walk, code, body, pieces)
        is_kind = code in (0xE0, 0xEE) and body[:5] in (b"JFIF\0", b"Adobe")
        if is_kind or not (0xE0 <= code <= 0xEF or code >= 0xF0):
            kept.append(bytes((0xFF, code)) + data[position:stop])
        if code in _FRAMES:
            if walk.width or len(body) < 6:
                raise damaged(place)
            walk.height = int.from_bytes(body[1:3], "big")
            walk.width = int.from_bytes(body[3:5], "big")
        position = stop
    if not walk.width:
        raise damaged(place)
    if position != len(data):
        walk.channels["image.trailing"] += 1
    walk.lean = b"".join((*kept, b"\xff\xd9"))
    walk.profile = b"".join(pieces[number] for number in sorted(pieces))
    if sorted(pieces) != list(range(1, len(pieces) + 1)):
        walk.profile = b""
    walk.is_canonical = position == len(data) and not walk.channels and _is_ours(walk, data)
    return walk


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
    channel = "image.private-data"
    if code == 0xE0 and body[:5] == b"JFIF\0":
        if len(body) > 14:
            channel = "image.thumbnail"
        elif body == b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0":
            return
        else:
            channel = "image.rendering-hints"
    elif code == 0xE0 and body[:5] == b"JFXX\0":
        channel = "image.thumbnail"
    elif code == 0xE1 and body[:5] == b"Exif\0":
        channel = "image.exif"
        orientation, has_thumbnail = camera_data(body[6:])
        if walk.orientation == 1:
            walk.orientation = orientation
        if has_thumbnail:
            walk.channels["image.thumbnail"] += 1
    elif code == 0xE1 and body.startswith(b"http://ns.adobe.com/"):
        channel = "image.xmp"
    elif code == 0xE2 and body.startswith(b"ICC_PROFILE\0"):
        channel = "image.icc"
        if len(body) > 14 and body[12] not in pieces:
            pieces[body[12]] = body[14:]
    elif code == 0xE2 and body.startswith(b"MPF\0"):
        channel = "image.extra-frames"
    elif code == 0xED:
        channel = "image.iptc"
    elif code == 0xEE and body[:5] == b"Adobe" and len(body) == 12:
        channel = "image.rendering-hints"
    elif code == 0xFE:
        channel = "image.comment"
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
