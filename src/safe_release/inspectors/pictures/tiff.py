"""The inspectors' reading of TIFF directories, in files and inside of camera data (TIFF 6.0)."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_BASELINE = frozenset(
    {
        254, 255, 256, 257, 258, 259, 262, 263, 266, 273, 274, 277, 278, 279, 280, 281, 284, 290,
        291, 292, 293, 301, 317, 318, 319, 320, 321, 322, 323, 324, 325, 332, 334, 338, 339, 340,
        341, 347, 512, 513, 514, 519, 520, 521, 529, 530, 531, 532,
    }
)  # fmt: skip
"""Tags that pixels are made of."""
_TAGS = {
    269: "image.comment", 270: "image.comment", 271: "image.exif", 272: "image.exif",
    282: "image.rendering-hints", 283: "image.rendering-hints", 285: "image.comment",
    296: "image.rendering-hints", 305: "image.exif", 306: "image.exif", 315: "image.exif",
    316: "image.exif", 330: "image.extra-frames", 337: "image.comment", 700: "image.xmp",
    33432: "image.comment", 33723: "image.iptc", 34377: "image.iptc", 34665: "image.exif",
    34675: "image.icc", 34853: "image.exif", 37724: "image.extra-frames",
}  # fmt: skip
_MOST = 4096


def _directory(data: bytes, order: str, at: int) -> Iterator[tuple[int, int, int, int]]:
    """Tag, type, count, and where the value field stands."""
    if at + 2 > len(data):
        return
    (count,) = struct.unpack_from(order + "H", data, at)
    for number in range(min(count, _MOST)):
        entry = at + 2 + 12 * number
        if entry + 12 > len(data):
            return
        yield (*struct.unpack_from(order + "2HL", data, entry), entry + 8)


def _next(data: bytes, order: str, at: int) -> int:
    (count,) = struct.unpack_from(order + "H", data, at) if at + 2 <= len(data) else (0,)
    after = at + 2 + 12 * count
    return struct.unpack_from(order + "L", data, after)[0] if after + 4 <= len(data) else 0


def _start(data: bytes) -> tuple[str, int] | None:
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None or len(data) < 8:
        return None
    return order, struct.unpack_from(order + "L", data, 4)[0]


def camera_data(data: bytes) -> tuple[int, bool]:
    """Orientation (1 to 8), and whether a second directory holds a small picture."""
    start = _start(data)
    if start is None:
        return 1, False
    order, at = start
    orientation = 1
    for tag, kind, count, value in _directory(data, order, at):
        if tag == 274:
            (number,) = struct.unpack_from(order + "H", data, value)
            orientation = number if kind == 3 and count == 1 and 1 <= number <= 8 else 1
            break
    second = _next(data, order, at)
    return orientation, 0 < second < len(data) and any(
        True for _ in _directory(data, order, second)
    )


def walk_tiff(data: bytes) -> Counter[str]:
    """The channels of a TIFF file: tags beyond those of pixels, further pages, unused bytes."""
    found: Counter[str] = Counter()
    start = _start(data)
    if start is None:
        return found
    order, at = start
    used = [(0, 8)]
    for tag, kind, count, value in _directory(data, order, at):
        size = _SIZES.get(kind, 1) * count
        if size > 4:
            (where,) = struct.unpack_from(order + "L", data, value)
            used.append((where, where + size))
        if tag in (273, 324):
            used.extend(_strips(data, order, at, tag))
        if tag not in _BASELINE:
            found[_TAGS.get(tag, "image.private-data")] += 1
    (count,) = struct.unpack_from(order + "H", data, at) if at + 2 <= len(data) else (0,)
    used.append((at, at + 6 + 12 * count))
    if _next(data, order, at):
        found["image.extra-frames"] += 1
    elif _has_gap(data, used):
        found["image.data-tail"] += 1
    return found


def _strips(data: bytes, order: str, at: int, tag: int) -> Iterator[tuple[int, int]]:
    lists: dict[int, list[int]] = {}
    for name, kind, count, value in _directory(data, order, at):
        if name in (tag, tag + (6 if tag == 273 else 1)) and kind in (3, 4):
            size = _SIZES[kind] * count
            if size > 4:
                (value,) = struct.unpack_from(order + "L", data, value)
            if value + size <= len(data):
                lists[name] = list(
                    struct.unpack_from(f"{order}{count}{'H' if kind == 3 else 'L'}", data, value)
                )
    starts, sizes = (lists.get(name, []) for name in (tag, tag + (6 if tag == 273 else 1)))
    for start, size in zip(starts, sizes, strict=False):
        yield start, start + size


def _has_gap(data: bytes, used: list[tuple[int, int]]) -> bool:
    """Whether bytes that are not zero lie where nothing points at."""
    position = 0
    for start, stop in sorted(used):
        if start > position and data[position:start].strip(b"\0"):
            return True
        position = max(position, stop)
    return bool(data[position:].strip(b"\0"))


def size_of(data: bytes) -> tuple[int, int] | None:
    """Width and height by the first directory."""
    start = _start(data)
    if start is None:
        return None
    order, at = start
    sides = {256: 0, 257: 0}
    for tag, kind, _, value in _directory(data, order, at):
        if tag in sides and kind in (3, 4):
            (sides[tag],) = struct.unpack_from(order + ("H" if kind == 3 else "L"), data, value)
    return sides[256], sides[257]
