"""This module writes pixels as PNG: the same bytes for the same pixels, and nothing else."""

from __future__ import annotations

import io
import struct

from PIL import Image, ImageChops

_COLOURS = 256


def write_png(image: Image.Image) -> bytes:
    """Pixels (``L``, ``RGB``, ``RGBA``) in the smallest of the forms PNG has for them.

    The form depends on the pixels alone: black and white, a sorted palette of the colours that
    occur, greys, colours, with or without transparency.
    """
    found = image.getcolors(_COLOURS)
    colours = None if found is None else sorted({_rgba(colour) for _, colour in found}, key=_order)
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    options: dict[str, object] = {}
    if colours is None:
        if image.mode == "RGBA" and _is_grey(image):
            image = image.convert("LA")
        elif image.mode == "RGB" and _is_grey(image):
            image = image.convert("L")
    elif all(red == green == blue and alpha == 255 for red, green, blue, alpha in colours):
        if {red for red, *_ in colours} <= {0, 255}:
            image = image.convert("L").point([0] * 128 + [255] * 128, "1")
        elif len(colours) > 16:
            image = image.convert("L")
        else:
            image = _indexed(image, colours)
    else:
        image = _indexed(image, colours)
        keys = bytes(alpha for *_, alpha in colours if alpha < 255)
        if keys:
            options["transparency"] = keys
    stream = io.BytesIO()
    image.info.clear()
    image.save(stream, "PNG", compress_level=9, **options)
    return stream.getvalue()


def _rgba(colour: object) -> tuple[int, int, int, int]:
    if isinstance(colour, int):
        return (colour, colour, colour, 255)
    if isinstance(colour, tuple):
        return (*colour, 255) if len(colour) == 3 else colour
    raise TypeError(colour)


def _order(colour: tuple[int, int, int, int]) -> tuple[int, ...]:
    red, green, blue, alpha = colour
    return (alpha, red, green, blue)


def _is_grey(image: Image.Image) -> bool:
    red, green, blue, *_ = image.split()
    return all(ImageChops.difference(red, other).getbbox() is None for other in (green, blue))


def _indexed(image: Image.Image, colours: list[tuple[int, int, int, int]]) -> Image.Image:
    """The picture as indices into a palette of exactly these colours."""
    places = {
        struct.unpack("=L", bytes(colour))[0]: number for number, colour in enumerate(colours)
    }
    pixels = memoryview(image.convert("RGBA").tobytes()).cast("L" if _LONG == 4 else "I")
    indexed = Image.frombytes("P", image.size, bytes(map(places.__getitem__, pixels)))
    indexed.putpalette(bytes(part for colour in colours for part in colour[:3]))
    return indexed


_LONG = struct.calcsize("L")
