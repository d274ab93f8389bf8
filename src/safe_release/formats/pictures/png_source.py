"""This module reads a PNG file chunk by chunk and keeps what pictures are made of (PNG 3, 5)."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import Final

from safe_release.formats.pictures.faults import cannot_rebuild, check_size, malformed

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_KEPT: Final = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
_PROFILE: Final = 4 << 20  # bytes; profiles of printing machines have about one megabyte
_DEPTHS: Final = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}


@dataclass(frozen=True, slots=True)
class PngSource:
    """``lean`` is the file with the chunks that make the picture and no others."""

    lean: bytes
    width: int
    height: int
    depth: int
    colour: int
    entries: int
    has_key: bool
    profile: bytes | None


def read_png(data: bytes, *, limit: int, place: str) -> PngSource:
    """Walk the chunks of a PNG file; what follows its end is not part of it.

    Raises ``Malformed`` where chunks are damaged, out of order or missing, ``TooLarge`` by the
    header alone, ``CannotRebuild`` for kinds of pixels the standard does not have.
    """
    kept = [SIGNATURE]
    header: tuple[int, ...] | None = None
    entries, has_key, profile, last = 0, False, None, b""
    at = len(SIGNATURE)
    seen: set[bytes] = set()
    while True:
        if at + 12 > len(data):
            raise malformed("is a picture that ends early", place)
        (length,) = struct.unpack_from(">L", data, at)
        name = data[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(data):
            raise malformed("is a picture that ends early", place)
        body = data[at + 8 : end - 4]
        if header is None and name != b"IHDR":
            raise malformed("is a picture without a header", place)
        if name in _KEPT:
            (crc,) = struct.unpack_from(">L", data, end - 4)
            if crc != zlib.crc32(name + body):
                raise malformed("is a picture with a damaged part", place)
            if name in seen and not (name == last == b"IDAT"):
                raise malformed("is a picture with parts that occur twice", place)
            kept.append(data[at:end])
        if name == b"IHDR":
            header = _header(body, limit, place)
        elif name == b"PLTE":
            entries = length // 3
            if length % 3 or not 0 < entries <= 256 or b"IDAT" in seen:
                raise malformed("is a picture with a damaged palette", place)
        elif name == b"tRNS":
            has_key = True
        elif name == b"iCCP" and b"IDAT" not in seen:
            profile = _profile(body)
        elif name == b"IEND":
            break
        seen.add(name)
        last, at = name, end
    if b"IDAT" not in seen or header is None or (header[3] == 3 and not entries):
        raise malformed("is a picture without pixels", place)
    width, height, depth, colour = header
    return PngSource(b"".join(kept), width, height, depth, colour, entries, has_key, profile)


def _header(body: bytes, limit: int, place: str) -> tuple[int, int, int, int]:
    if len(body) != 13:
        raise malformed("is a picture with a damaged header", place)
    width, height, depth, colour, packing, filters, interlace = struct.unpack(">2L5B", body)
    check_size(width, height, limit, place)
    if depth not in _DEPTHS.get(colour, ()) or packing or filters or interlace > 1:
        raise cannot_rebuild("is a PNG picture of an unknown kind", place)
    return width, height, depth, colour


def _profile(body: bytes) -> bytes | None:
    name, separator, rest = body[:81].partition(b"\0")
    if not separator or not rest or rest[0] != 0:
        return None
    inflate = zlib.decompressobj()
    try:
        profile = inflate.decompress(body[len(name) + 2 :], _PROFILE)
    except zlib.error:
        return None
    return profile if inflate.eof else None
