"""The inspectors' reading of the kinds that no copy holds: GIF, BMP, WebP, EMF, WMF."""

from __future__ import annotations

import struct
from collections import Counter

from safe_release.inspectors.pictures.facts import damaged


def walk_gif(data: bytes, place: str) -> tuple[int, int, Counter[str]]:
    """Screen size and channels (GIF89a, 18 to 27); raises ``Malformed``."""
    found: Counter[str] = Counter()
    if len(data) < 13:
        raise damaged(place)
    width, height, flags = struct.unpack_from("<2HB", data, 6)
    position = 13 + _table(flags)
    frames = 0
    while position < len(data):
        mark = data[position]
        if mark == 0x3B:
            if position + 1 != len(data):
                found["image.trailing"] += 1
            break
        if mark == 0x21 and position + 2 < len(data):
            label = data[position + 1]
            stop = _blocks(data, position + 2)
            name = data[position + 3 : position + 14]
            if label in (0xFE, 0x01):
                found["image.comment"] += 1
            elif label == 0xFF and name.startswith((b"XMP ", b"ICCRGBG1")):
                found["image.xmp" if name[:3] == b"XMP" else "image.icc"] += 1
            elif label not in (0xF9, 0xFF) or (label == 0xFF and name != b"NETSCAPE2.0"):
                found["image.private-data"] += 1
            position = stop
        elif mark == 0x2C and position + 10 < len(data):
            left, top, wide, high, local = struct.unpack_from("<4HB", data, position + 1)
            if frames or left + wide > width or top + high > height:
                found["image.extra-frames"] += 1
            frames += 1
            position = _blocks(data, position + 11 + _table(local))
        else:
            found["image.trailing"] += 1
            break
    return width, height, found


def _table(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _blocks(data: bytes, position: int) -> int:
    """Where a chain of blocks ends."""
    while position < len(data) and data[position]:
        position += 1 + data[position]
    return position + 1


def walk_bmp(data: bytes, place: str) -> tuple[int, int, Counter[str]]:
    """Size and channels of a bitmap: what lies around its header, palette and pixels."""
    found: Counter[str] = Counter()
    if len(data) < 30:
        raise damaged(place)
    pixels, header = struct.unpack_from("<2L", data, 10)
    if header == 12:
        width, height, _, bits = struct.unpack_from("<4H", data, 18)
        packing = size = colours = 0
    elif header >= 40 and len(data) >= 54:
        width, height, _, bits, packing, size = struct.unpack_from("<2l2H2L", data, 18)
        (colours,) = struct.unpack_from("<L", data, 46)
    else:
        raise damaged(place)
    entries = colours or (1 << bits if bits <= 8 else 0)
    table = min(entries, 1 << 16) * (3 if header == 12 else 4)
    masks = 16 if header == 40 and packing in (3, 6) else 0
    if data[14 + header + table + masks : pixels].strip(b"\0"):
        found["image.private-data"] += 1
    if header >= 124 and any(struct.unpack_from("<2L", data, 14 + 112)):
        found["image.icc"] += 1
    row = (width * bits + 31) // 32 * 4
    end = pixels + (size if packing in (1, 2) and size else row * abs(height))
    if data[end:].strip(b"\0"):
        found["image.trailing"] += 1
    if not packing and row * 8 >= width * bits + 8:
        used = (width * bits + 7) // 8
        spare = (
            data[at + used : at + row] for at in range(pixels, min(end, len(data)), max(row, 1))
        )
        if any(rest.strip(b"\0") for rest in spare):
            found["image.data-tail"] += 1
    return width, abs(height), found


def walk_webp(data: bytes, place: str) -> tuple[int, int, Counter[str]]:
    """Size and channels of a WebP file (RIFF container, extended format)."""
    found: Counter[str] = Counter()
    width = height = 0
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise damaged(place)
    if data[end:].strip(b"\0"):
        found["image.trailing"] += 1
    position = 12
    names = {b"EXIF": "image.exif", b"XMP ": "image.xmp", b"ICCP": "image.icc"}
    while position + 8 <= end:
        name = data[position : position + 4]
        size = int.from_bytes(data[position + 4 : position + 8], "little")
        body = data[position + 8 : position + 18]
        if name == b"VP8X" and len(body) == 10:
            width = 1 + int.from_bytes(body[4:7], "little")
            height = 1 + int.from_bytes(body[7:10], "little")
        elif name == b"VP8 " and not width and len(body) == 10:
            width, height = (side & 0x3FFF for side in struct.unpack_from("<2H", body, 6))
        elif name == b"VP8L" and not width and len(body) >= 5:
            bits = int.from_bytes(body[1:5], "little")
            width, height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        elif name in names:
            found[names[name]] += 1
        elif name in (b"ANIM", b"ANMF"):
            found["image.extra-frames"] += 1
        elif name not in (b"VP8 ", b"VP8L", b"ALPH"):
            found["image.private-data"] += 1
        position += 8 + size + size % 2
    return width, height, found
