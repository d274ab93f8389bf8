"""Colours as they show: profiles applied, sixteen bits cut to eight, inks turned into light."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image, ImageChops, ImageCms

from safe_release.formats.pictures.faults import DECODING

_MODES = {b"RGB ": ("RGB",), b"GRAY": ("L",), b"CMYK": ("CMYK",)}


@cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """An ``L``, ``RGB`` or ``CMYK`` picture in sRGB, by its profile where that makes sense.

    Perceptual intent without further flags. A profile that is damaged or made for another number
    of colours is passed over, as viewers do.
    """
    if profile and image.mode in _MODES.get(profile[16:20], ()):
        try:
            shown = ImageCms.profileToProfile(
                image,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                _srgb(),
                renderingIntent=ImageCms.Intent.PERCEPTUAL,
                outputMode="RGB",
            )
        except (*DECODING, ImageCms.PyCMSError):
            shown = None
        if shown is not None:
            return shown.convert("L") if image.mode == "L" else shown
    return image.convert("RGB") if image.mode == "CMYK" else image


def eight_bits(image: Image.Image, key: int | None = None) -> Image.Image:
    """The high bytes of a picture of sixteen-bit greys; ``key`` is the grey that is transparent."""
    raw = image.tobytes()
    low, high = (raw[1::2], raw[0::2]) if image.mode == "I;16B" else (raw[0::2], raw[1::2])
    grey = Image.frombytes("L", image.size, high)
    if key is None:
        return grey
    is_key = ImageChops.multiply(
        grey.point([255 if value == key >> 8 else 0 for value in range(256)]),
        Image.frombytes("L", image.size, low).point(
            [255 if value == key & 255 else 0 for value in range(256)]
        ),
    )
    return Image.merge("LA", (grey, ImageChops.invert(is_key)))
