"""This module writes pixels as JPEG so that every byte follows from the pixels that show.

A JPEG file can carry more than its pixels say: values beyond white and black, rows outside of the
frame, other spellings of the same coefficients. A file that comes out byte for byte when its own
pixels are encoded again has room for none of that, and cleaning it once more changes nothing. Such
a file is found by encoding and decoding until nothing moves.
"""

from __future__ import annotations

import io

from PIL import Image, ImageChops
from PIL.JpegImagePlugin import JpegImageFile

from safe_release.formats.pictures.faults import DECODING

_QUALITY = 92
_SIDE = 65_500  # the longest side the encoder takes
_CALM = 6
"""Rounds in which nearly all blocks come to rest by themselves."""
_ROUNDS = 100
_SHIFTS = (1, -1, 2, -2, 3, -3)


def is_settled(data: bytes) -> bool:
    """Whether a file is exactly what its own pixels are encoded to."""
    if len(data) < 4 or data[-2:] != b"\xff\xd9":
        return False
    try:
        return _encoded(_decoded(data)) == data
    except DECODING:
        return False


def write_jpeg(image: Image.Image) -> bytes | None:
    """Pixels (``L`` or ``RGB``) as a file that is settled; ``None`` where none was found.

    Blocks of 8 by 8 pixels that swing between two states are moved by up to three of 255 steps,
    the few that still swing are softened.
    """
    if max(image.size) > _SIDE:
        return None
    data = _encoded(image)
    before: Image.Image | None = None
    for turn in range(_ROUNDS):
        pixels = _decoded(data)
        is_moved = before is not None and turn >= _CALM and turn % 3 == 0
        after = _moved(pixels, before, (turn - _CALM) // 3) if is_moved and before else pixels
        following = _encoded(after)
        if following == data and not is_moved:
            return data
        data, before = following, pixels
    return None


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


def _moved(image: Image.Image, before: Image.Image, turn: int) -> Image.Image:
    """The picture with those blocks moved that the last round changed."""
    width, height = image.size
    wide, high = -(-width // 8), -(-height // 8)
    changed: Image.Image | None = None
    for band in ImageChops.difference(image, before).split():
        changed = band if changed is None else ImageChops.lighter(changed, band)
    if changed is None:
        return image
    whole = Image.new("L", (wide * 8, high * 8))
    whole.paste(changed.point([0] + [255] * 255))
    blocks = whole.reduce(8).point([0] + [255] * 255).resize(whole.size, Image.Resampling.NEAREST)
    mask = Image.new("L", image.size)
    mask.paste(blocks)
    if turn < 10:
        shift = _SHIFTS[turn % len(_SHIFTS)]
        other = image.point(
            [min(max(value + shift, 0), 255) for value in range(256)] * len(image.getbands())
        )
    else:
        mean = image.reduce(8).resize((wide * 8, high * 8), Image.Resampling.NEAREST)
        flat = Image.new(image.mode, image.size)
        flat.paste(mean)
        other = Image.blend(image, flat, min(0.1 * (turn - 9), 1.0))
    return Image.composite(other, image, mask)
