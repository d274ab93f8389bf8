"""The inspectors' reading of PNG files, byte by byte (PNG specification, third edition)."""

from __future__ import annotations

import zlib
from itertools import pairwise

from safe_release.inspectors.pictures.facts import Walk, damaged

_HINTS = frozenset({b"pHYs", b"gAMA", b"cHRM", b"sRGB", b"cICP", b"sBIT", b"bKGD", b"oFFs"})
_PIXELS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_FRAMES = frozenset({b"acTL", b"fcTL", b"fdAT"})
_OURS = frozenset({(1, 0), (8, 0), (8, 2), (1, 3), (2, 3), (4, 3), (8, 3), (8, 4), (8, 6)})
"""Depth and colour type of the pictures that a copy may hold."""
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PASSES = (
    (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)
)  # fmt: skip
_FAINT = 13
_STEP = 1 << 20


def walk_png(data: bytes, place: str) -> Walk:
    """Chunks, their order and what is in them; raises ``Malformed``.

    Nothing is inflated here: the caller looks at the size first.
    """
    walk = Walk()
    names: list[bytes] = []
    lean = [data[:8]]
    position = 8
    while not names or names[-1] != b"IEND":
        stop = position + 12 + int.from_bytes(data[position : position + 4], "big")
        if stop > len(data):
            raise damaged(place)
        whole = data[position:stop]
        name, body = whole[4:8], whole[8:-4]
        if not names and (name != b"IHDR" or len(body) != 13):
            raise damaged(place)
        if zlib.crc32(whole[4:-4]).to_bytes(4, "big") != whole[-4:]:
            if name in _PIXELS:
                raise damaged(place)
            walk.channels["image.private-data"] += 1
        _note(walk, name, body)
        if name in _PIXELS:
            lean.append(whole)
        if name == b"iCCP" and b"IDAT" not in names:
            walk.profile = _profile(body)
        names.append(name)
        position = stop
    if position != len(data):
        walk.channels["image.trailing"] += 1
    walk.lean = b"".join(lean)
    header = lean[1][8:21]
    walk.width = int.from_bytes(header[:4], "big")
    walk.height = int.from_bytes(header[4:8], "big")
    walk.depth = header[8]
    if header[9] not in _SAMPLES or b"IDAT" not in names:
        raise damaged(place)
    if walk.depth == 16:
        walk.channels["image.high-bit"] += 1
    walk.is_canonical = (
        position == len(data) and not walk.channels and _is_ours(walk, header, names, data)
    )
    return walk


def _note(walk: Walk, name: bytes, body: bytes) -> None:
    if name == b"PLTE":
        walk.palette = [(body[at], body[at + 1], body[at + 2]) for at in range(0, len(body) - 2, 3)]
    elif name == b"tRNS":
        walk.opacities = body
    elif name in _TEXTS:
        is_xmp = name == b"iTXt" and body.startswith(b"XML:com.adobe.xmp\0")
        walk.channels["image.xmp" if is_xmp else "image.comment"] += 1
    elif name in (b"eXIf", b"tIME"):
        walk.channels["image.exif"] += 1
    elif name == b"iCCP":
        walk.channels["image.icc"] += 1
    elif name in _FRAMES:
        walk.channels["image.extra-frames"] += 1
    elif name in (b"hIST", b"sPLT"):
        walk.channels["image.palette"] += 1
    elif name in _HINTS:
        walk.channels["image.rendering-hints"] += 1
    elif name not in _PIXELS:
        walk.channels["image.private-data"] += 1


def _profile(body: bytes) -> bytes:
    start = body.find(b"\0", 0, 81)
    if start < 0 or body[start + 1 : start + 2] != b"\0":
        return b""
    stream = zlib.decompressobj()
    try:
        profile = stream.decompress(body[start + 2 :], 4 << 20)
    except zlib.error:
        return b""
    return profile if stream.eof else b""


def _is_ours(walk: Walk, header: bytes, names: list[bytes], data: bytes) -> bool:
    """Whether the chunks are those of a copy: their order, their form, the palette's order."""
    colour = header[9]
    head = [b"IHDR"]
    if colour == 3:
        head.append(b"PLTE")
        if walk.opacities:
            head.append(b"tRNS")
    pixels = len(names) - len(head) - 1
    if names != [*head, *[b"IDAT"] * pixels, b"IEND"] or pixels < 1:
        return False
    if (walk.depth, colour) not in _OURS or header[10:13] != b"\0\0\0":
        return False
    if colour == 3:
        count = len(walk.palette)
        alphas = [*walk.opacities, *[255] * (count - len(walk.opacities))]
        order = [(alpha, *entry) for alpha, entry in zip(alphas, walk.palette, strict=False)]
        fewest = next(bits for bits in (1, 2, 4, 8) if count <= 1 << bits) if count <= 256 else 0
        if len(alphas) != count or any(a >= b for a, b in pairwise(order)):
            return False
        if fewest != walk.depth or 255 in walk.opacities or len(walk.lean) != len(data):
            return False
    return True


def inspect_pixels(walk: Walk, place: str) -> None:
    """Inflate the pixels piece by piece: as many bytes as the header says, and no more.

    Notes data behind the pixels; raises ``Malformed`` where there are too few.
    """
    header = walk.lean[16:29]
    expected = _expected(walk, header[9], header[12])
    stream = zlib.decompressobj()
    position, inflated, is_tail = 8, 0, False
    lengths: list[int] = []
    lean = memoryview(walk.lean)
    while position < len(lean):
        size = int.from_bytes(lean[position : position + 4], "big")
        if bytes(lean[position + 4 : position + 8]) == b"IDAT":
            lengths.append(size)
            rest: bytes = bytes(lean[position + 8 : position + 8 + size])
            while rest and not stream.eof and inflated <= expected:
                try:
                    inflated += len(stream.decompress(rest, _STEP))
                except zlib.error as error:
                    raise damaged(place) from error
                rest = stream.unconsumed_tail
            is_tail = is_tail or bool(rest) or bool(stream.unused_data)
        position += size + 12
    while not stream.eof and inflated <= expected and (more := stream.decompress(b"", _STEP)):
        inflated += len(more)
    if inflated < expected:
        raise damaged(place)
    if inflated > expected or is_tail or not stream.eof:
        walk.channels["image.data-tail"] += 1
    if len(set(lengths[:-1])) > 1 or not 0 < lengths[-1] <= lengths[0]:
        walk.is_canonical = False  # the cuts between chunks could spell something


def _expected(walk: Walk, colour: int, interlace: int) -> int:
    """How many bytes the pixels inflate to (PNG 7.2, 8.1), filter bytes included."""
    bits = walk.depth * _SAMPLES[colour]
    whole = ((0, 0, 1, 1),)
    total = 0
    for left, top, across, down in _PASSES if interlace else whole:
        columns = -(-(walk.width - left) // across)
        rows = -(-(walk.height - top) // down)
        if columns > 0 and rows > 0:
            total += rows * (1 + (columns * bits + 7) // 8)
    return total
