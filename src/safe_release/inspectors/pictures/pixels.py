"""The inspectors' eyes: what a picture shows, decoded and compared in their own way."""

from __future__ import annotations

import hashlib
import io
import struct
import warnings
import zlib
from collections.abc import Callable

from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageChops,
    ImageCms,
    ImageOps,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from safe_release.inspectors.pictures.facts import Look, Walk, damaged

_READERS: dict[str, Callable[[io.BytesIO], Image.Image]] = {
    "png": PngImagePlugin.PngImageFile,
    "jpeg": JpegImagePlugin.JpegImageFile,
    "gif": GifImagePlugin.GifImageFile,
    "bmp": BmpImagePlugin.BmpImageFile,
    "tiff": TiffImagePlugin.TiffImageFile,
    "webp": WebPImagePlugin.WebPImageFile,
}
_FAULTS = (
    OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, AttributeError,
    OverflowError, ZeroDivisionError, NotImplementedError, RuntimeError, AssertionError,
    MemoryError, struct.error, zlib.error, Image.DecompressionBombError, ImageCms.PyCMSError,
)  # fmt: skip
_FAINT = 13
_FIELDS = 32
_WORST, _MEAN = 80, 4.0
"""How far two lossy pictures of the same may lie apart, in steps of 255: one field, all fields."""


def _opened(data: bytes, kind: str) -> Image.Image:
    image: Image.Image = _READERS[kind](io.BytesIO(data))
    image.load()
    return image


def is_settled(data: bytes) -> bool:
    """Whether a JPEG file is what its own pixels are encoded to, byte by byte.

    Then no byte of it says more than the pixels do: no coefficient, no padding, no row outside.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            pixels = _opened(data, "jpeg")
            plain = Image.frombytes(pixels.mode, pixels.size, pixels.tobytes())
            again = io.BytesIO()
            plain.save(again, format="JPEG", quality=92, subsampling="4:4:4")
        except _FAULTS:
            return False
        return again.getvalue() == data


def examine_pixels(
    data: bytes,
    kind: str,
    walk: Walk,
    place: str,
    crop: tuple[int, int, int, int] | None,
    upright: bool,
) -> Look:
    """What a picture shows; notes in ``walk`` what its pixels hide. Raises ``Malformed``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            image = _opened(walk.lean or data, kind)
            return _looked_at(image, kind, walk, place, crop, upright)
        except _FAULTS as error:
            raise damaged(place) from error


def _looked_at(
    image: Image.Image,
    kind: str,
    walk: Walk,
    place: str,
    crop: tuple[int, int, int, int] | None,
    upright: bool,
) -> Look:
    if image.mode == "P" and kind == "png":
        uses = image.histogram()
        if any(uses[len(walk.palette) :]):
            raise damaged(place)
        opaque = [*walk.opacities, *[255] * 256]
        if len(set(zip(opaque, walk.palette, strict=False))) < len(walk.palette) or not all(
            uses[: len(walk.palette)]
        ):
            walk.channels["image.palette"] += 1
    profile, turn = walk.profile, walk.orientation
    if kind in ("gif", "bmp", "tiff", "webp"):
        embedded = image.info.get("icc_profile")
        profile = embedded if isinstance(embedded, bytes) else b""
        turn = image.getexif().get(274, 1) if upright else 1
    red, green, blue, alpha = _bands(image, profile)
    clear = alpha.point(lambda value: 0 if value < _FAINT else 255)
    if alpha.getextrema()[0] < 255:  # type: ignore[operator]
        unseen = ImageChops.invert(clear)
        bands = (red, green, blue, alpha)
        if any(ImageChops.multiply(band, unseen).getbbox() for band in bands):
            walk.channels["image.alpha-zero-colour"] += 1
    whole = Image.merge(
        "RGBA", [ImageChops.multiply(band, clear) for band in (red, green, blue, alpha)]
    )
    if upright and turn != 1 and 1 <= turn <= 8:
        tagged = Image.Exif()
        tagged[274] = turn
        whole.info["exif"] = tagged.tobytes()
        whole = ImageOps.exif_transpose(whole)
    if crop is not None:
        whole = _cropped(whole, crop, place)
    return _look(whole, is_exact=kind != "jpeg")


def _bands(image: Image.Image, profile: bytes) -> list[Image.Image]:
    """Red, green, blue and opacity, by the file's profile if it has one for its own colours."""
    key = image.info.get("transparency")
    alpha: Image.Image | None = None
    if image.mode.startswith("I;16"):
        image, alpha = _halved(image, key)
    elif image.mode == "I" or image.mode == "F":
        raise ValueError(image.mode)
    elif key is not None or image.mode in ("P", "PA"):
        image = image.convert("RGBA")
    if image.mode in ("La", "RGBa"):
        image = image.convert({"La": "LA", "RGBa": "RGBA"}[image.mode])
    if image.mode in ("LA", "RGBA"):
        alpha = image.getchannel("A")
        image = image.convert(image.mode[:-1])
    if image.mode == "1":
        image = image.convert("L")
    elif image.mode not in ("L", "RGB", "CMYK"):
        image = image.convert("RGB")
    kinds = {"L": b"GRAY", "RGB": b"RGB ", "CMYK": b"CMYK"}
    was_grey = image.mode == "L"
    if profile[16:20] == kinds[image.mode]:
        try:
            source = ImageCms.getOpenProfile(io.BytesIO(profile))
            light = ImageCms.buildTransform(
                source,
                ImageCms.createProfile("sRGB"),
                image.mode,
                "RGB",
                ImageCms.Intent.PERCEPTUAL,
            )
            image = ImageCms.applyTransform(image, light) or image
        except _FAULTS:
            pass
        if was_grey:
            image = image.convert("L")
    image = image.convert("RGB")
    return [*image.split(), alpha or Image.new("L", image.size, 255)]


def _halved(image: Image.Image, key: object) -> tuple[Image.Image, Image.Image | None]:
    raw = image.tobytes()
    order = "L;16B" if image.mode == "I;16B" else "L;16"
    grey = Image.frombytes("L", image.size, raw, "raw", order)
    if not isinstance(key, int):
        return grey, None
    wide = image.convert("I")
    same = wide.point(lambda value: value * 1 - key)  # zero where it is the transparent grey
    is_other = Image.eval(ImageChops.lighter(_low(same), _low(same, 8)), lambda v: 255 if v else 0)
    return grey, is_other


def _low(image: Image.Image, shift: int = 0) -> Image.Image:
    raw = image.tobytes()
    return Image.frombytes("L", image.size, raw[shift // 8 :: 4])


def _cropped(image: Image.Image, crop: tuple[int, int, int, int], place: str) -> Image.Image:
    """Without what is cut off, in 1/100000 of each side, edges at the nearest pixel."""
    sides = (image.width, image.height, image.width, image.height)
    cut = [
        max(part, 0) * side // 100_000 + (max(part, 0) * side % 100_000 >= 50_000)
        for part, side in zip(crop, sides, strict=True)
    ]
    width, height = image.width - cut[0] - cut[2], image.height - cut[1] - cut[3]
    if width < 1 or height < 1:
        raise damaged(place)
    if (width, height) == image.size:
        return image
    return image.transform(
        (width, height),
        Image.Transform.EXTENT,
        (cut[0], cut[1], cut[0] + width, cut[1] + height),
        Image.Resampling.NEAREST,
    )


def _look(image: Image.Image, *, is_exact: bool) -> Look:
    digest = hashlib.sha256(struct.pack(">2L", *image.size))
    step = max(1, (1 << 22) // image.width)
    for top in range(0, image.height, step):
        rows = image.transform(
            (image.width, min(step, image.height - top)),
            Image.Transform.EXTENT,
            (0, top, image.width, min(top + step, image.height)),
        )
        digest.update(rows.tobytes())
    fields = (min(image.width, _FIELDS), min(image.height, _FIELDS))
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image)
    seen = paper.convert("RGB").resize(fields, Image.Resampling.BOX)
    opacity = image.getchannel("A").resize(fields, Image.Resampling.BOX)
    return Look(
        image.width, image.height, is_exact, digest.digest(), seen.tobytes() + opacity.tobytes()
    )


def alike(source: Look | None, candidate: Look | None) -> bool:
    """Whether a candidate shows what its source shows.

    Exactly, where both keep pixels as they are; else by the mean colours of fields, which may
    differ as far as encoding anew at high quality moves them. Of vector pictures only the
    proportions are compared: nobody but LibreOffice draws them.
    """
    if source is None or candidate is None:
        return False
    if not source.grid:
        return _is_shaped_alike(source, candidate)
    if (source.width, source.height) != (candidate.width, candidate.height):
        return False
    if source.exact == candidate.exact:
        return True
    if source.is_exact and candidate.is_exact:
        return False
    apart = [abs(one - other) for one, other in zip(source.grid, candidate.grid, strict=True)]
    return max(apart) <= _WORST and sum(apart) <= _MEAN * len(apart)


def _is_shaped_alike(source: Look, candidate: Look) -> bool:
    """Whether proportions agree, to a pixel of the shorter side and three percent."""
    one, other = source.width * candidate.height, source.height * candidate.width
    return abs(one - other) <= max(one, other) * 3 // 100 + max(source.width, source.height)
