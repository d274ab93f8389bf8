"""Pictures through the inspectors' eyes: what they hide, what they are made of, what they show."""

from __future__ import annotations

from collections import Counter

from safe_release.errors import TooLarge
from safe_release.inspectors.pictures.facts import Look, PictureFacts, Walk, damaged
from safe_release.inspectors.pictures.jpeg import walk_jpeg
from safe_release.inspectors.pictures.metafile import opened, proportions
from safe_release.inspectors.pictures.others import walk_bmp, walk_gif, walk_webp
from safe_release.inspectors.pictures.pixels import alike, examine_pixels, is_settled
from safe_release.inspectors.pictures.png import inspect_pixels, walk_png
from safe_release.inspectors.pictures.tiff import size_of, walk_tiff
from safe_release.limits import Limits

__all__ = ["Look", "PictureFacts", "alike", "examine_picture"]

_VECTORS = {"emf": "emf.drawing", "wmf": "emf.drawing", "svg": "svg.drawing"}


def examine_picture(
    data: bytes,
    place: str,
    limits: Limits,
    *,
    crop: tuple[int, int, int, int] | None = None,
    upright: bool = False,
) -> PictureFacts:
    """Look into a picture, of a source or of a candidate.

    ``crop`` is what a source's document cuts off: left, top, right, bottom in 1/100000 of the
    side; negative values cut nothing. ``upright`` applies the orientation a camera noted.

    Raises ``Malformed`` for damaged data, ``TooLarge`` beyond ``limits.pixels``.
    """
    kind = _kind(data)
    if kind == "gzip":
        data = opened(data, limits.small_part_bytes, place)
        kind = _kind(data)
        if kind not in _VECTORS:
            kind = "unknown"
    if kind in _VECTORS:
        look = proportions(data, kind, crop)
        size = (look.width, look.height) if look else (0, 0)
        return PictureFacts(kind, *size, Counter({_VECTORS[kind]: 1}), False, look)
    if kind not in ("png", "jpeg", "gif", "bmp", "tiff", "webp"):
        return PictureFacts(kind, 0, 0, Counter({"image.unknown-kind": 1}), False, None)
    walk = _walked(data, kind, place)
    _bound(walk.width, walk.height, limits, place)
    if kind == "png":
        inspect_pixels(walk, place)
    elif kind == "jpeg" and walk.is_canonical:
        walk.is_canonical = is_settled(data)
    look = examine_pixels(data, kind, walk, place, crop, upright)
    return PictureFacts(
        kind,
        walk.width,
        walk.height,
        walk.channels,
        walk.is_canonical and not walk.channels,
        look,
    )


def _kind(data: bytes) -> str:
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return "png"
    if data[:3] == b"\xff\xd8\xff":
        return "jpeg"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "gif"
    if data[:2] == b"BM":
        return "bmp"
    if data[:4] in (b"II*\0", b"MM\0*"):
        return "tiff"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[40:44] == b" EMF":
        return "emf"
    if data[:4] == b"\xd7\xcd\xc6\x9a" or data[1:5] == b"\0\x09\0\0":
        return "wmf"
    if data[:2] == b"\x1f\x8b":
        return "gzip"
    return "svg" if b"<svg" in data[:65_536] or b":svg" in data[:65_536] else "unknown"


def _walked(data: bytes, kind: str, place: str) -> Walk:
    if kind == "png":
        return walk_png(data, place)
    if kind == "jpeg":
        return walk_jpeg(data, place)
    if kind == "tiff":
        return Walk(*_tiff_size(data, place), walk_tiff(data))
    readers = {"gif": walk_gif, "bmp": walk_bmp, "webp": walk_webp}
    width, height, channels = readers[kind](data, place)
    return Walk(width, height, channels)


def _tiff_size(data: bytes, place: str) -> tuple[int, int]:
    size = size_of(data)
    if size is None:
        raise damaged(place)
    return size


def _bound(width: int, height: int, limits: Limits, place: str) -> None:
    if width <= 0 or height <= 0:
        raise damaged(place)
    if width * height > limits.pixels:
        raise TooLarge(
            "has more pixels than allowed",
            place=place,
            remedy="Raise limits.pixels in the policy if you trust the source",
        )
