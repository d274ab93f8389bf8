"""Pictures made byte by byte, so that tests can put anything anywhere into them."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterable

from PIL import Image, ImageDraw

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(name: bytes, body: bytes) -> bytes:
    """A PNG chunk with its checksum."""
    return struct.pack(">L", len(body)) + name + body + struct.pack(">L", zlib.crc32(name + body))


def png(
    width: int,
    height: int,
    depth: int,
    colour: int,
    rows: Iterable[bytes],
    *,
    before: Iterable[tuple[bytes, bytes]] = (),
    after: Iterable[tuple[bytes, bytes]] = (),
    tail: bytes = b"",
    beyond: bytes = b"",
) -> bytes:
    """A PNG file from unfiltered rows; ``tail`` is packed with them, ``beyond`` stands behind."""
    header = struct.pack(">2L5B", width, height, depth, colour, 0, 0, 0)
    pixels = b"".join(b"\0" + row for row in rows) + tail
    parts = [(b"IHDR", header), *before, (b"IDAT", zlib.compress(pixels) + beyond), *after]
    return SIGNATURE + b"".join(chunk(*part) for part in [*parts, (b"IEND", b"")])


def with_chunk(data: bytes, name: bytes, body: bytes, before: bytes = b"IDAT") -> bytes:
    """A PNG file with one more chunk."""
    at = data.index(before) - 4
    return data[:at] + chunk(name, body) + data[at:]


def segment(code: int, body: bytes) -> bytes:
    """A JPEG segment."""
    return struct.pack(">BBH", 0xFF, code, len(body) + 2) + body


def with_segment(data: bytes, code: int, body: bytes) -> bytes:
    """A JPEG file with one more segment, behind its first one."""
    at = 4 + int.from_bytes(data[4:6], "big")
    return data[:at] + segment(code, body) + data[at:]


def scene(mode: str = "RGB", size: tuple[int, int] = (64, 48)) -> Image.Image:
    """Shapes on a gradient: something that shows when it is turned, cut or recoloured."""
    width, height = 64, 48
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    pen = ImageDraw.Draw(image)
    pen.rectangle((width // 8, height // 8, width // 3, height // 2), fill=(200, 30, 40))
    pen.ellipse((width // 2, height // 3, width - 4, height - 4), fill=(20, 90, 180))
    image = image.resize(size)
    if mode in ("RGBA", "LA"):
        image.putalpha(Image.radial_gradient("L").resize(size))
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    """A picture as a file."""
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def pixels(data: bytes, mode: str = "RGBA") -> Image.Image:
    """What a file shows, by Pillow."""
    with Image.open(io.BytesIO(data)) as image:
        return image.convert(mode)


def emf(description: str = "", comment: bytes = b"") -> bytes:
    """A metafile of a red rectangle in a frame of 40 by 20 millimetres (MS-EMF 2.3)."""
    told = description.encode("utf-16-le")
    told += b"\0" * (-len(told) % 4)
    records = [struct.pack("<4L", 39, 24, 1, 0) + struct.pack("<2L", 0x000000FF, 0)]
    records.append(struct.pack("<3L", 37, 12, 1))
    records.append(struct.pack("<2L4l", 43, 24, 20, 10, 200, 100))
    if comment:
        padded = comment + b"\0" * (-len(comment) % 4)
        records.append(struct.pack("<3L", 70, 12 + len(padded), len(comment)) + padded)
    records.append(struct.pack("<5L", 14, 20, 0, 0, 20))
    body = b"".join(records)
    size = 88 + len(told)
    header = struct.pack("<2L4l4l", 1, size, 0, 0, 400, 200, 0, 0, 4000, 2000)
    header += b" EMF" + struct.pack("<3L2H", 0x10000, size + len(body), len(records) + 1, 2, 0)
    header += struct.pack("<3L", len(description), 88 if description else 0, 0)
    header += struct.pack("<4l", 1000, 1000, 100, 100)
    return header + told + body
