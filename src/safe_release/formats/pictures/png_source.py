"""This module reads a PNG file chunk by chunk and keeps what pictures are made of (PNG 3, 5)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from safe_release.formats.pictures.faults import cannot_rebuild, check_size, malformed

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_KEPT: Final = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
_PROFILE: Final = 4 << 20  # bytes; profiles of printing machines have about one megabyte
_PIECE: Final = 1 << 20
_ADAM7: Final = (
    (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)
)  # fmt: skip
"""First column and row, steps to the next ones, of the passes of interlaced pictures (PNG 8.1)."""
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
    packed: list[bytes] = []
    header: tuple[int, int, int, int] | None = None
    entries, profile, last = 0, None, b""
    seen: set[bytes] = set()
    for name, body, whole in _chunks(data, place):
        if not seen:
            header = _header(name, body, limit, place)
        if name in _KEPT:
            if name in seen and not (name == last == b"IDAT"):
                raise malformed("is a picture with parts that occur twice", place)
            kept.append(whole)
        if name == b"IDAT":
            packed.append(body)
        elif name == b"PLTE":
            entries = len(body) // 3
            if len(body) % 3 or not 0 < entries <= 256 or b"IDAT" in seen:
                raise malformed("is a picture with a damaged palette", place)
        elif name == b"iCCP" and b"IDAT" not in seen:
            profile = _profile(body)
        seen.add(name)
        last = name
    if b"IDAT" not in seen or header is None or (header[3] == 3 and not entries):
        raise malformed("is a picture without pixels", place)
    _check_pixels(packed, header, is_interlaced=kept[1][20] == 1, place=place)
    return PngSource(b"".join(kept), *header, entries, b"tRNS" in seen, profile)


def _chunks(data: bytes, place: str) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Name, body and whole of each chunk up to the last; those that are kept are intact."""
    at, name = len(SIGNATURE), b""
    while name != b"IEND":
        if at + 12 > len(data):
            raise malformed("is a picture that ends early", place)
        (length,) = struct.unpack_from(">L", data, at)
        name = data[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(data):
            raise malformed("is a picture that ends early", place)
        whole = data[at:end]
        if name in _KEPT and struct.pack(">L", zlib.crc32(whole[4:-4])) != whole[-4:]:
            raise malformed("is a picture with a damaged part", place)
        yield name, whole[8:-4], whole
        at = end


def _header(name: bytes, body: bytes, limit: int, place: str) -> tuple[int, int, int, int]:
    if name != b"IHDR" or len(body) != 13:
        raise malformed("is a picture with a damaged header", place)
    width, height, depth, colour, packing, filters, interlace = struct.unpack(">2L5B", body)
    check_size(width, height, limit, place)
    if depth not in _DEPTHS.get(colour, ()) or packing or filters or interlace > 1:
        raise cannot_rebuild("is a PNG picture of an unknown kind", place)
    return width, height, depth, colour


def _check_pixels(
    packed: list[bytes], header: tuple[int, int, int, int], *, is_interlaced: bool, place: str
) -> None:
    """Whether all rows are there: the decoder would take missing ones for black."""
    width, height, depth, colour = header
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    missing = 0
    for start_x, start_y, step_x, step_y in _ADAM7 if is_interlaced else ((0, 0, 1, 1),):
        columns = (width - start_x + step_x - 1) // step_x
        rows = (height - start_y + step_y - 1) // step_y
        if columns > 0:
            missing += rows * (1 + (columns * samples * depth + 7) // 8)
    inflate = zlib.decompressobj()
    for part in packed:
        rest = part
        while rest and missing > 0 and not inflate.eof:
            try:
                missing -= len(inflate.decompress(rest, _PIECE))
            except zlib.error as error:
                raise malformed("is a picture with damaged pixels", place) from error
            rest = inflate.unconsumed_tail
    if missing > 0:
        missing -= len(inflate.flush())
    if missing > 0:
        raise malformed("is a picture that ends early", place)


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
