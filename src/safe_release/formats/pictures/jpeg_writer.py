"""This module writes pixels as JPEG so that every byte follows from the pixels that show.

A JPEG file can carry more than its pixels say: values beyond white and black, rows outside of the
frame, other spellings of the same coefficients. A file that comes out byte for byte when its own
pixels are encoded again has room for none of that, and cleaning it once more changes nothing. Such
a file is found by encoding and decoding until nothing moves: blocks of 8 by 8 pixels do not touch
each other as long as colours are kept at full size.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator

from PIL import Image, ImageChops
from PIL.JpegImagePlugin import JpegImageFile

from safe_release.formats.pictures.faults import DECODING

_QUALITY = 92
_SIDE = 65_500  # the longest side the encoder takes
_ROUNDS = 16
"""Rounds in which nearly all blocks come to rest by themselves."""
_BLOCKS = 2_000
_NUDGES = 320
_TRIES = 30_000
"""How many tries all blocks of a picture may take together: some seconds."""
_DRIFT = 24
"""How far, in steps of 255, a pixel may wander from where the first encoding put it."""


def is_settled(data: bytes) -> bool:
    """Whether a file is exactly what its own pixels are encoded to."""
    if data[-2:] != b"\xff\xd9":
        return False
    try:
        return _encoded(_decoded(data)) == data
    except DECODING:
        return False


def write_jpeg(image: Image.Image) -> bytes | None:
    """Pixels (``L`` or ``RGB``) as a file that is settled; ``None`` where none was found.

    The few blocks that swing between states for ever, or drift away (those that the right and
    the lower edge cut), are nudged, pixel by pixel, by as few of the 255 steps as bring them to
    rest, and lose contrast where that does not.
    """
    if max(image.size) > _SIDE:
        return None
    source = image
    tries = iter(range(_TRIES))
    for _ in range(4):
        data = _encoded(image)
        states = [_decoded(data)]
        for _ in range(_ROUNDS):
            image = _decoded(data)
            following = _encoded(image)
            states = [*states[:1], *states[-3:], image]
            if following == data:
                break
            data = following
        blocks = list(_astray(states[0], states[1:]))
        if following == data and not blocks:
            return data
        if len(blocks) > _BLOCKS:
            return None
        for left, top in blocks:
            _put_to_rest(image, source, left, top, tries)
    return data if is_settled(data) else None


def _encoded(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.info.clear()
    image.save(stream, "JPEG", quality=_QUALITY, subsampling=0, optimize=False, progressive=False)
    return stream.getvalue()


def _decoded(data: bytes) -> Image.Image:
    image = JpegImageFile(io.BytesIO(data))
    image.load()
    fresh = Image.new(image.mode, image.size)
    fresh.paste(image)
    return fresh


def _astray(first: Image.Image, states: list[Image.Image]) -> Iterator[tuple[int, int]]:
    """The corners of the blocks in which the last states differ, or are far from the first."""
    last = states[-1]
    changed = Image.new("L", (-(-last.width // 8) * 8, -(-last.height // 8) * 8))
    near = [0] * (_DRIFT + 1) + [255] * (255 - _DRIFT)
    for state, marks in ((first, near), *((state, [0] + [255] * 255) for state in states[:-1])):
        for band in ImageChops.difference(last, state).split():
            changed.paste(255, mask=_padded(band.point(marks), changed.size))
    blocks = changed.reduce(8)
    for number, mark in enumerate(blocks.tobytes()):
        if mark:
            row, column = divmod(number, blocks.width)
            yield 8 * column, 8 * row


def _padded(band: Image.Image, size: tuple[int, int]) -> Image.Image:
    whole = Image.new("L", size)
    whole.paste(band)
    return whole


def _put_to_rest(
    image: Image.Image, source: Image.Image, left: int, top: int, tries: Iterator[int]
) -> None:
    """Exchange one block for the nearest one to the source's found that is settled."""
    right, bottom = min(left + 8, image.width), min(top + 8, image.height)
    block = source.crop((left, top, right, bottom))
    for nudge, _ in zip(range(_NUDGES), tries, strict=False):
        data = _encoded(_nudged(block, nudge))
        start = _decoded(data)
        for _ in range(6):
            pixels = _decoded(data)
            following = _encoded(pixels)
            if following == data:
                if _farthest(pixels, start) <= _DRIFT:
                    image.paste(pixels, (left, top))
                    return
                break
            data = following


def _farthest(one: Image.Image, other: Image.Image) -> int:
    """The largest difference of two pictures in any pixel and colour."""
    bands = ImageChops.difference(one, other).split()
    return max(value for band in bands for value, uses in enumerate(band.histogram()) if uses)


def _nudged(block: Image.Image, nudge: int) -> Image.Image:
    """The block with noise that is the same each time: little at first, then with less contrast."""
    reach = 1 + min(nudge // 30, 4)
    raw = block.tobytes()
    noise = hashlib.shake_128(nudge.to_bytes(2, "big")).digest(len(raw))
    if nudge >= 120:
        flat = block.resize((1, 1), Image.Resampling.BOX).resize(block.size)
        raw = Image.blend(block, flat, min((nudge - 110) // 10 * 0.05, 1.0)).tobytes()
    return Image.frombytes(
        block.mode,
        block.size,
        bytes(
            min(max(value + step % (2 * reach + 1) - reach, 0), 255)
            for value, step in zip(raw, noise, strict=True)
        ),
    )
