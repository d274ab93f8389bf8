"""This module is the way of one picture: from its kind to pixels, cut, and written anew."""

from __future__ import annotations

from PIL import Image

from safe_release.formats.pictures import Crop, Picture
from safe_release.formats.pictures.decode import decode
from safe_release.formats.pictures.faults import cannot_rebuild
from safe_release.formats.pictures.jpeg_writer import is_settled, write_jpeg
from safe_release.formats.pictures.kinds import kind_of
from safe_release.formats.pictures.metafile import draw, size_of, unpacked
from safe_release.formats.pictures.png_writer import write_png
from safe_release.formats.pictures.svg import reduced
from safe_release.limits import Limits

_WHOLE = 100_000
_SMALL = 16_384  # pixels
_DRAWN = ("emf", "wmf")
_RASTER = ("png", "jpeg", "gif", "bmp", "tiff", "webp")


def rebuild(
    data: bytes, *, limits: Limits, place: str, crop: Crop | None, with_office: bool, upright: bool
) -> Picture:
    """What ``rebuild_picture`` does."""
    kind = kind_of(data)
    if kind == "gzip":
        data = unpacked(data, limits, place)
        kind = kind_of(data)
    if kind in _DRAWN and with_office:
        image = draw(data, size_of(data, kind, place), limits, place)
    elif kind == "svg" and with_office:
        image = draw(*reduced(data, limits, place), limits, place)
    elif kind in _RASTER:
        image = decode(data, kind, limit=limits.pixels, place=place, upright=upright)
    else:
        raise cannot_rebuild("is a picture of a kind that cannot be rebuilt", place)
    box = _box(crop, image.size, place)
    if box is None and kind == "jpeg" and not _is_small(image) and is_settled(data):
        return _picture(data, "jpeg", image)
    if box is not None:
        left, top, right, bottom = box
        cut = Image.new(image.mode, (right - left, bottom - top))
        cut.paste(image, (-left, -top))
        image = cut
    if kind == "jpeg" and not _is_small(image):
        settled = write_jpeg(image)
        if settled is not None:
            return _picture(settled, "jpeg", image)
    return _picture(write_png(image), "png", image)


def _is_small(image: Image.Image) -> bool:
    """Whether PNG costs little and keeps every pixel, which blocks of JPEG at edges do not."""
    return image.width * image.height <= _SMALL


def _picture(data: bytes, kind: str, image: Image.Image) -> Picture:
    return Picture(data, kind, f"image/{kind}", *image.size)


def _box(crop: Crop | None, size: tuple[int, int], place: str) -> tuple[int, int, int, int] | None:
    """The pixels that stay: edges, rounded to the nearest; ``None`` where all do."""
    if crop is None:
        return None
    width, height = size
    left, right = _part(crop.left, width), width - _part(crop.right, width)
    top, bottom = _part(crop.top, height), height - _part(crop.bottom, height)
    if left >= right or top >= bottom:
        raise cannot_rebuild(
            "is a picture cropped to nothing", place, "Delete the picture, or crop it less"
        )
    box = (left, top, right, bottom)
    return None if box == (0, 0, width, height) else box


def _part(value: int, side: int) -> int:
    return (max(value, 0) * side + _WHOLE // 2) // _WHOLE
