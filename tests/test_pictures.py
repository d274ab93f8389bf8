"""Whether pictures are written anew from what they show, and what is hidden stays behind."""

from __future__ import annotations

from functools import cache

import pytest
from PIL import Image, ImageChops

from canaries import CANARY
from canaries.layers import spellings
from canaries.pictures import PICTURE_PLANTERS, PicturePlanter, layers
from makers.pictures import pixels, saved, scene
from safe_release.channels import pictures as rows
from safe_release.errors import CannotRebuild
from safe_release.formats.pictures import Crop, Picture, rebuild_picture
from safe_release.inspectors.pictures import alike, examine_picture
from safe_release.limits import Limits
from safe_release.office import find_soffice

OTHER = "Falcon0043Wv9Jp"
LIMITS = Limits()
BY_ID = {planter.id: planter for planter in PICTURE_PLANTERS}


def rebuilt(data: bytes, crop: Crop | None = None) -> Picture:
    return rebuild_picture(data, limits=LIMITS, place="picture 1", crop=crop)


@cache
def copy_of(planter: str, word: str) -> bytes:
    return rebuilt(BY_ID[planter].plant(word)).data


def _some(*, refused: bool | None = None):  # type: ignore[no-untyped-def]
    chosen = []
    for planter in PICTURE_PLANTERS:
        if refused is not None and planter.refused != refused:
            continue
        marks = [pytest.mark.libreoffice] if planter.with_office else []
        if planter.with_office and find_soffice() is None:
            marks.append(pytest.mark.skip(reason="LibreOffice is not installed"))
        chosen.append(pytest.param(planter, id=planter.id, marks=marks))
    return pytest.mark.parametrize("planter", chosen)


def occurs(word: str, data: bytes) -> bool:
    return any(spelled in layer for layer in layers(data) for spelled in spellings(word))


def test_every_channel_of_pictures_has_a_canary() -> None:
    assert {planter.channel for planter in PICTURE_PLANTERS} == {row.id for row in rows.ROWS}


@_some()
def test_1_the_word_is_in_the_picture(planter: PicturePlanter) -> None:
    assert occurs(CANARY[: planter.length], planter.plant(CANARY))
    assert not occurs(CANARY[: planter.length], planter.plant(""))


@_some()
def test_2_the_inspector_names_the_channel(planter: PicturePlanter) -> None:
    facts = examine_picture(planter.plant(CANARY), "picture 1", LIMITS)
    assert planter.channel in facts.channels


@_some(refused=False)
def test_3_the_word_is_in_no_layer_of_the_copy(planter: PicturePlanter) -> None:
    assert not occurs(CANARY[: planter.length], copy_of(planter.id, CANARY))


@_some(refused=False)
def test_4_the_copy_is_what_a_copy_may_be_and_shows_the_same(planter: PicturePlanter) -> None:
    source = examine_picture(planter.plant(CANARY), "picture 1", LIMITS)
    copy = examine_picture(copy_of(planter.id, CANARY), "picture 1", LIMITS)
    assert copy.canonical
    assert not copy.channels
    assert alike(source.look, copy.look)


@_some(refused=False)
def test_5_the_copy_does_not_depend_on_the_word(planter: PicturePlanter) -> None:
    copy = copy_of(planter.id, CANARY)
    assert copy == copy_of(planter.id, OTHER)
    if planter.same:
        assert copy == copy_of(planter.id, "")
    assert rebuilt(copy).data == copy


@_some()
def test_6_the_inspector_objects_to_the_picture_as_a_candidate(planter: PicturePlanter) -> None:
    facts = examine_picture(planter.plant(CANARY), "picture 1", LIMITS)
    assert not facts.canonical


@_some(refused=True)
def test_kinds_that_cannot_be_rebuilt_say_so_and_quote_nothing(planter: PicturePlanter) -> None:
    with pytest.raises(CannotRebuild) as caught:
        rebuilt(planter.plant(CANARY))
    assert caught.value.place == "picture 1"
    assert caught.value.remedy
    assert CANARY not in str(caught.value)


def farthest(one: Image.Image, other: Image.Image) -> int:
    assert one.size == other.size
    bands = ImageChops.difference(one, other).split()
    return max(value for band in bands for value, uses in enumerate(band.histogram()) if uses)


@pytest.mark.parametrize("kind", ["PNG", "GIF", "BMP", "TIFF", "WEBP"])
@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_kinds_without_loss_show_the_same_pixels(kind: str, mode: str) -> None:
    image = scene().quantize(20) if mode == "P" else scene(mode)
    if kind == "GIF" and mode == "RGB":
        image = image.quantize(200)
    if kind == "WEBP":
        image = image.convert("RGB")
    source = saved(image, kind, **({"lossless": True} if kind == "WEBP" else {}))
    copy = rebuilt(source)
    assert (copy.extension, copy.content_type) == ("png", "image/png")
    assert (copy.width, copy.height) == image.size
    assert farthest(pixels(source), pixels(copy.data)) == 0
    assert rebuilt(copy.data) == copy
    one, other = (examine_picture(data, "p", LIMITS) for data in (source, copy.data))
    assert other.canonical
    assert alike(one.look, other.look)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_shows_through_stays_so(mode: str) -> None:
    source = saved(scene(mode), "PNG")
    copy = rebuilt(source)
    before, after = pixels(source), pixels(copy.data)
    for paper in ("white", "black", "orange"):
        shown = []
        for image in (before, after):
            ground = Image.new("RGBA", image.size, paper)
            ground.alpha_composite(image)
            shown.append(ground)
        assert farthest(*shown) <= 12
    assert examine_picture(copy.data, "p", LIMITS).canonical


@pytest.mark.parametrize(
    "options", [{}, {"progressive": True}, {"subsampling": 0}, {"optimize": True}]
)
@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("size", [(160, 120), (163, 117), (129, 128), (2000, 9)])
def test_jpeg_stays_jpeg_and_comes_to_rest(
    mode: str, options: dict[str, object], size: tuple[int, int]
) -> None:
    source = saved(scene(mode, size), "JPEG", quality=85, **options)
    copy = rebuilt(source)
    assert copy.extension == "jpeg"
    assert rebuilt(copy.data) == copy
    assert farthest(pixels(source, "RGB"), pixels(copy.data, "RGB")) <= 48
    one, other = (examine_picture(data, "p", LIMITS) for data in (source, copy.data))
    assert other.canonical
    assert alike(one.look, other.look)


@pytest.mark.parametrize("size", [(1, 1), (7, 3), (64, 48), (128, 128)])
def test_small_jpeg_becomes_png_and_keeps_every_pixel(size: tuple[int, int]) -> None:
    source = saved(scene("RGB", size), "JPEG", quality=85)
    copy = rebuilt(source)
    assert copy.extension == "png"
    assert farthest(pixels(source), pixels(copy.data)) == 0


def test_pictures_that_show_something_else_are_not_alike() -> None:
    image = scene()
    for kind in ("PNG", "JPEG"):
        source = examine_picture(saved(image, kind), "p", LIMITS)
        for other in (
            image.transpose(Image.Transpose.ROTATE_180),
            ImageChops.invert(image),
            image.crop((0, 0, 63, 48)),
            Image.new("RGB", image.size, "white"),
        ):
            copy = examine_picture(saved(other, kind), "p", LIMITS)
            assert not alike(source.look, copy.look)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
@pytest.mark.parametrize(
    "crop", [(25_000, 0, 0, 0), (10_010, 20_020, 33_333, 5), (-5_000, 50_000, -1, 0), (0, 0, 0, 1)]
)
def test_what_is_cut_off_is_gone(kind: str, crop: tuple[int, int, int, int]) -> None:
    width, height = 240, 180
    source = saved(scene("RGB", (width, height)), kind)
    copy = rebuilt(source, Crop(*crop))
    left, top, right, bottom = (max(part, 0) / 100_000 for part in crop)
    box = (
        round(left * width),
        round(top * height),
        width - round(right * width),
        height - round(bottom * height),
    )
    assert (copy.width, copy.height) == (box[2] - box[0], box[3] - box[1])
    expected = pixels(source).crop(box)
    assert farthest(expected.convert("RGB"), pixels(copy.data, "RGB")) <= (
        48 if kind == "JPEG" else 0
    )
    whole = examine_picture(source, "p", LIMITS)
    cut = examine_picture(source, "p", LIMITS, crop=crop)
    found = examine_picture(copy.data, "p", LIMITS)
    assert found.canonical
    assert alike(cut.look, found.look)
    assert alike(whole.look, found.look) == (box == (0, 0, width, height))


def test_a_picture_cropped_to_nothing_is_refused() -> None:
    with pytest.raises(CannotRebuild, match="cropped to nothing"):
        rebuilt(saved(scene(), "PNG"), Crop(left=60_000, right=50_000))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied_where_the_host_does_so(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    source = saved(scene("RGB", (240, 180)), "JPEG", exif=exif, quality=92)
    as_it_lies = rebuilt(source)
    turned = rebuild_picture(source, limits=LIMITS, place="p", upright=True)
    assert (as_it_lies.width, as_it_lies.height) == (240, 180)
    assert (turned.width, turned.height) == ((240, 180) if orientation < 5 else (180, 240))
    look = examine_picture(source, "p", LIMITS, upright=True).look
    assert alike(look, examine_picture(turned.data, "p", LIMITS).look)
    assert alike(look, examine_picture(as_it_lies.data, "p", LIMITS).look) == (orientation == 1)


def test_few_colours_make_small_files() -> None:
    logo = Image.new("RGB", (400, 300), "white")
    logo.paste((200, 0, 0), (50, 50, 350, 120))
    copy = rebuilt(saved(logo, "PNG"))
    assert len(copy.data) < 700
    assert copy.data[24:26] == b"\x01\x03"


@pytest.mark.libreoffice
@pytest.mark.skipif(find_soffice() is None, reason="LibreOffice is not installed")
def test_metafiles_become_pixels_with_what_shows_through() -> None:
    from makers.pictures import emf

    copy = rebuilt(emf())
    image = pixels(copy.data)
    assert copy.extension == "png"
    assert abs(copy.width - 2 * copy.height) <= 2
    assert image.getpixel((copy.width // 4, copy.height // 4)) == (255, 0, 0, 255)
    assert image.getpixel((copy.width - 3, copy.height - 3))[3] == 0  # type: ignore[index]


def test_metafiles_are_refused_without_libreoffice() -> None:
    from makers.pictures import emf

    with pytest.raises(CannotRebuild):
        rebuild_picture(emf(), limits=LIMITS, place="p", with_office=False)
