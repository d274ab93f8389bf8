"""From the bytes of a picture to the pixels it shows: ``L``, ``RGB`` or ``RGBA``, in sRGB."""

from __future__ import annotations

import io
import struct
import warnings

from PIL import Image
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from safe_release.formats.pictures.colour import eight_bits, in_srgb
from safe_release.formats.pictures.faults import DECODING, cannot_rebuild, check_size, malformed
from safe_release.formats.pictures.jpeg_source import read_jpeg
from safe_release.formats.pictures.png_source import read_png

# The classes themselves, not ``Image.open``: nothing else is tried on data from strangers.
_OTHERS: dict[str, type[ImageFile]] = {
    "gif": GifImageFile,
    "bmp": BmpImageFile,
    "tiff": TiffImageFile,
    "webp": WebPImageFile,
}
_FAINT = 13
"""Opacity (of 255) below which a pixel cannot be told from nothing."""
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def decode(data: bytes, kind: str, *, limit: int, place: str, upright: bool) -> Image.Image:
    """The first picture of a file as it shows, a new object without anything of the source's.

    ``upright`` applies the orientation that a camera noted. Raises ``Malformed``, ``TooLarge``
    (more than ``limit`` pixels) and ``CannotRebuild``.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they quote what is in the file
        try:
            if kind == "png":
                return _png(data, limit, place)
            if kind == "jpeg":
                return _jpeg(data, limit, place, upright)
            return _other(data, kind, limit, place, upright)
        except DECODING as error:
            raise malformed("is a picture that cannot be decoded", place) from error


def _png(data: bytes, limit: int, place: str) -> Image.Image:
    source = read_png(data, limit=limit, place=place)
    image: Image.Image = PngImageFile(io.BytesIO(source.lean))
    image.load()
    key = image.info.get("transparency") if source.has_key else None
    if image.mode == "P":
        if image.getextrema()[1] >= source.entries:  # type: ignore[operator]
            raise malformed("is a picture with colours beyond its palette", place)
        image = image.convert("RGB" if key is None else "RGBA")
    elif image.mode.startswith("I"):
        image = eight_bits(image, key if isinstance(key, int) else None)
    elif key is not None:
        if source.depth == 16:
            raise cannot_rebuild("is a PNG picture of a rare kind", place)
        image = image.convert("RGBA")
    return shown(image, source.profile)


def _jpeg(data: bytes, limit: int, place: str, upright: bool) -> Image.Image:
    source = read_jpeg(data, limit=limit, place=place)
    image: Image.Image = JpegImageFile(io.BytesIO(source.lean))
    image.load()
    image = shown(image, source.profile)
    return _turned(image, source.orientation) if upright else image


def _other(data: bytes, kind: str, limit: int, place: str, upright: bool) -> Image.Image:
    if kind == "webp":
        check_size(*_webp_size(data, place), limit, place)
    image: Image.Image = _OTHERS[kind](io.BytesIO(data))
    check_size(*image.size, limit, place)
    image.load()
    profile = image.info.get("icc_profile")
    orientation = image.getexif().get(0x0112, 1) if upright else 1
    if image.mode.startswith("I;16"):
        image = eight_bits(image)
    elif image.mode in ("P", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
    elif image.mode in ("I", "F"):
        raise cannot_rebuild("is a picture of a rare kind", place)
    elif image.mode not in ("1", "L", "LA", "La", "RGB", "RGBA", "RGBa", "RGBX", "CMYK"):
        image = image.convert("RGB")  # YCbCr, LAB, HSV
    image = shown(image, profile if isinstance(profile, bytes) else None)
    return _turned(image, orientation if isinstance(orientation, int) else 1)


def _webp_size(data: bytes, place: str) -> tuple[int, int]:
    """The canvas by the first chunk (WebP container specification)."""
    name, body = data[12:16], data[20:30]
    if len(body) == 10 and name == b"VP8X":
        return (
            1 + int.from_bytes(body[4:7], "little"),
            1 + int.from_bytes(body[7:10], "little"),
        )
    if len(body) == 10 and name == b"VP8 ":
        width, height = struct.unpack_from("<2H", body, 6)
        return width & 0x3FFF, height & 0x3FFF
    if len(body) == 10 and name == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    raise malformed("is a picture without a header", place)


def shown(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours in sRGB, nothing under pixels that are transparent, a new object."""
    alpha: Image.Image | None = None
    if image.mode in ("LA", "La", "RGBA", "RGBa"):
        image = image.convert("RGBA" if image.mode.startswith("RGB") else "LA")
        alpha = image.getchannel("A")
        image = image.convert("L" if image.mode == "LA" else "RGB")
    elif image.mode in ("1", "RGBX"):
        image = image.convert("L" if image.mode == "1" else "RGB")
    image = in_srgb(image, profile)
    if alpha is not None:
        alpha = alpha.point([0 if value < _FAINT else value for value in range(256)])
        if alpha.getextrema() != (255, 255):
            image = image.convert("RGB")
            image.putalpha(alpha)
            nothing = Image.new("RGBA", image.size)
            return Image.composite(image, nothing, alpha.point([0] + [255] * 255))
    fresh = Image.new(image.mode, image.size)
    fresh.paste(image)
    return fresh


def _turned(image: Image.Image, orientation: int) -> Image.Image:
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)
