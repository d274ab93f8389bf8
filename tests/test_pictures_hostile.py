"""Whether pictures from strangers end in a copy or in an error of ours, and in no other way."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

import pytest
from PIL import Image

from canaries.pictures import layers
from makers.pictures import (
    SIGNATURE,
    chunk,
    emf,
    pixels,
    png,
    saved,
    scene,
    with_chunk,
    with_segment,
)
from safe_release.errors import CannotRebuild, Malformed, SafeReleaseError, TooLarge
from safe_release.formats.pictures import rebuild_picture
from safe_release.formats.pictures.svg import reduced
from safe_release.inspectors.pictures import alike, examine_picture
from safe_release.limits import Limits

LIMITS = Limits(pixels=1_000_000)
SIDE = 60_000


def both(data: bytes) -> tuple[object, object]:
    """What builder and inspector make of it: a result or an error of ours."""
    found: list[object] = []
    for hand in (
        lambda: rebuild_picture(data, limits=LIMITS, place="p", with_office=False),
        lambda: examine_picture(data, "p", LIMITS),
    ):
        try:
            found.append(hand())
        except SafeReleaseError as error:
            found.append(error)
    for error in found:
        assert not isinstance(error, SafeReleaseError) or (error.place == "p" and error.remedy)
    return found[0], found[1]


def _bombs() -> Iterator[tuple[str, bytes]]:
    header = struct.pack(">2L5B", SIDE, SIDE, 8, 6, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    yield "png", SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    jpeg = bytearray(saved(scene(), "JPEG"))
    at = jpeg.index(b"\xff\xc0")
    jpeg[at + 5 : at + 9] = struct.pack(">2H", SIDE, SIDE)
    yield "jpeg", bytes(jpeg)
    gif = bytearray(saved(scene(), "GIF"))
    gif[6:10] = struct.pack("<2H", SIDE, SIDE)
    yield "gif", bytes(gif)
    bmp = bytearray(saved(scene(), "BMP"))
    bmp[18:26] = struct.pack("<2l", SIDE, SIDE)
    yield "bmp", bytes(bmp)
    tiff = saved(scene(), "TIFF")
    sides = struct.pack("<HHLL", 256, 3, 1, 64), struct.pack("<HHLL", 256, 4, 1, SIDE)
    if sides[0] not in tiff:
        sides = struct.pack("<HHLL", 256, 4, 1, 64), sides[1]
    yield "tiff", tiff.replace(*sides)
    webp = bytearray(saved(scene(), "WEBP", lossless=True))
    webp[21:25] = struct.pack("<L", 16_383 | 16_383 << 14)
    yield "webp", bytes(webp)


@pytest.mark.parametrize(("kind", "data"), [pytest.param(*bomb, id=bomb[0]) for bomb in _bombs()])
def test_too_many_pixels_are_refused_by_the_header(kind: str, data: bytes) -> None:
    for found in both(data):
        assert isinstance(found, TooLarge), kind


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"])
def test_pictures_cut_off_anywhere(kind: str) -> None:
    whole = saved(scene("RGB", (40, 30)), kind)
    for length in range(0, len(whole), 1 + len(whole) // 150):
        built, seen = both(whole[:length])
        if kind in ("PNG", "JPEG") and length > 8:
            assert isinstance(built, Malformed), length
            assert isinstance(seen, Malformed), length


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"])
def test_pictures_with_wrong_bytes_anywhere(kind: str) -> None:
    whole = saved(scene("RGB", (40, 30)), kind)
    state = 12345
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(3):
            state = (state * 1_103_515_245 + 12_345) % (1 << 31)
            data[state % len(data)] = state >> 16 & 255
        built, seen = both(bytes(data))
        # Where both have a result, they saw the same picture.
        if not isinstance(built, SafeReleaseError) and not isinstance(seen, SafeReleaseError):
            copy = examine_picture(built.data, "p", LIMITS)  # type: ignore[attr-defined]
            assert copy.canonical
            assert alike(seen.look, copy.look)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", [b"IHDR", b"IDAT", b"IEND"])
def test_wrong_checksums_of_what_makes_pixels(name: bytes) -> None:
    data = bytearray(saved(scene(), "PNG"))
    at = data.index(name)
    (length,) = struct.unpack_from(">L", data, at - 4)
    data[at + 4 + length] ^= 1
    assert all(isinstance(found, Malformed) for found in both(bytes(data)))


def test_lengths_that_lie() -> None:
    data = saved(scene(), "PNG")
    at = data.index(b"IDAT") - 4
    for length in (0, 1, 1 << 16, 1 << 31, (1 << 32) - 1):
        lying = data[:at] + struct.pack(">L", length) + data[at + 4 :]
        assert all(isinstance(found, Malformed) for found in both(lying))


def test_colours_beyond_the_palette() -> None:
    data = png(4, 1, 8, 3, [bytes([0, 1, 2, 3])], before=[(b"PLTE", bytes(9))])
    assert all(isinstance(found, Malformed) for found in both(data))


def test_no_palette_two_headers_no_pixels() -> None:
    head = struct.pack(">2L5B", 4, 1, 8, 2, 0, 0, 0)
    whole = png(4, 1, 8, 2, [bytes(12)])
    for data in (
        png(4, 1, 8, 3, [bytes(4)]),
        with_chunk(whole, b"IHDR", head),
        SIGNATURE + chunk(b"IHDR", head) + chunk(b"IEND", b""),
        SIGNATURE + chunk(b"IDAT", b"") + chunk(b"IEND", b""),
        png(4, 3, 8, 2, [bytes(12)]),
    ):
        built, seen = both(data)
        assert isinstance(built, Malformed)
        assert isinstance(seen, Malformed) or not seen.canonical  # type: ignore[attr-defined]


def test_packed_texts_and_profiles_of_any_size_are_not_unpacked() -> None:
    bomb = zlib.compress(b"\0" * (200 << 20), 9)
    data = saved(scene(), "PNG")
    plain = rebuild_picture(data, limits=LIMITS, place="p")
    for name in (b"iCCP", b"zTXt"):
        built, seen = both(with_chunk(data, name, b"x\0\0" + bomb))
        assert built == plain
        assert not seen.canonical  # type: ignore[attr-defined]


def test_pixels_that_inflate_without_end() -> None:
    data = png(40, 30, 8, 2, [bytes(120)] * 30, tail=b"\0" * (200 << 20))
    built, seen = both(data)
    assert not isinstance(built, SafeReleaseError)
    assert seen.channels["image.data-tail"]  # type: ignore[attr-defined]


def test_files_that_are_two_files() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word.txt", "Canary0042Qz7Kx")
    page = b"<html><script>Canary0042Qz7Kx</script></html>"
    jpeg = saved(scene("RGB", (160, 120)), "JPEG")
    for data in (
        saved(scene(), "PNG") + stream.getvalue(),
        jpeg + stream.getvalue(),
        with_segment(jpeg, 0xFE, page),
        saved(scene(), "GIF") + page,
        jpeg + saved(scene(), "JPEG"),
    ):
        built, seen = both(data)
        assert not any(b"Canary" in layer for layer in layers(built.data))  # type: ignore[attr-defined]
        assert not seen.canonical  # type: ignore[attr-defined]
        with pytest.raises(zipfile.BadZipFile):
            zipfile.ZipFile(io.BytesIO(built.data))  # type: ignore[attr-defined]


def test_only_files_of_ours_are_canonical() -> None:
    """A copy with one more of anything is none any more."""
    copy = rebuild_picture(saved(scene("RGB", (160, 120)), "JPEG"), limits=LIMITS, place="p").data
    end, scan = len(copy) - 2, copy.index(b"\xff\xda")
    for other in (
        copy + b"\0",
        copy[:end] + b"\0" + copy[end:],
        copy[:end] + b"\xff" + copy[end:],
        copy[:end] + b"\xff\xd0" + copy[end:],
        copy[:scan] + b"\xff" + copy[scan:],
        with_segment(copy, 0xDD, b"\0\1"),
        with_segment(copy, 0xDB, b"\2" + bytes([1] * 64)),
    ):
        assert not examine_picture(other, "p", LIMITS).canonical
    assert examine_picture(copy, "p", LIMITS).canonical
    copy = rebuild_picture(saved(scene(), "PNG"), limits=LIMITS, place="p").data
    for other in (
        copy + b"\0",
        with_chunk(copy, b"tEXt", b"a\0b"),
        with_chunk(copy, b"IDAT", b""),
        with_chunk(copy, b"zzZz", b""),
        with_chunk(copy, b"sRGB", b"\0"),
    ):
        assert not examine_picture(other, "p", LIMITS).canonical
    assert examine_picture(copy, "p", LIMITS).canonical


def test_a_jpeg_that_hides_rows_below_its_frame_comes_out_like_one_without() -> None:
    """Blocks reach beyond the frame; what is in them there must not reach the copy."""
    image = scene("RGB", (160, 128))
    sources = []
    for hidden in ("white", "black"):
        other = image.copy()
        other.paste(hidden, (0, 120, 160, 128))
        data = bytearray(saved(other, "JPEG", quality=92, subsampling=0))
        at = data.index(b"\xff\xc0")
        data[at + 5 : at + 7] = struct.pack(">H", 120)
        sources.append(bytes(data))
    assert sources[0] != sources[1]
    one, other_copy = (rebuild_picture(data, limits=LIMITS, place="p") for data in sources)
    assert one.height == 120
    assert one == other_copy
    assert not examine_picture(sources[0], "p", LIMITS).canonical


def test_headers_of_metafiles_that_lie() -> None:
    whole = emf("drawing\0title\0")
    for at in range(0, 88, 4):
        for value in (0, 0x7FFFFFFF, 0xFFFFFFFF):
            both(whole[:at] + struct.pack("<L", value) + whole[at + 4 :])
    for length in range(0, len(whole), 7):
        both(whole[:length])


def test_compressed_pictures_of_any_size_are_refused() -> None:
    compressor = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = compressor.compress(b"\0" * (20 << 20)) + compressor.flush()
    limits = Limits(small_part_bytes=1 << 20)
    with pytest.raises(SafeReleaseError):
        rebuild_picture(bomb, limits=limits, place="p")
    with pytest.raises(SafeReleaseError):
        examine_picture(bomb, "p", limits)


@pytest.mark.parametrize(
    ("depth", "colour", "row"),
    [
        (1, 0, b"\xa0"), (2, 0, b"\x1b"), (4, 0, b"\x1f\x80"), (8, 0, b"\x00\x40\x80\xff"),
        (16, 0, b"\x00\x01\x40\x02\x80\x03\xff\x04"), (8, 2, bytes(range(0, 240, 20))),
        (16, 2, bytes(range(0, 240, 10))), (8, 4, b"\x00\xff\x40\x80\x80\x20\xff\x00"),
        (16, 4, bytes(range(0, 160, 10))), (8, 6, bytes(range(15, 255, 15))),
        (16, 6, bytes(range(0, 256, 8))), (2, 3, b"\x1b"), (4, 3, b"\x01\x23"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("key", [False, True])
def test_all_forms_of_png_are_read_alike_by_both(
    depth: int, colour: int, row: bytes, key: bool
) -> None:
    before = [(b"PLTE", bytes(range(12)))] if colour == 3 else []
    if key and colour in (0, 2, 3):
        samples = {
            0: row[:2] if depth == 16 else b"\0\0",
            2: row[:6] if depth == 16 else b"\0\0\0\x14\0\x28",
        }
        before.append((b"tRNS", b"\0\x80\xff" if colour == 3 else samples[colour]))
    source = png(4, 2, depth, colour, [row, row], before=before)
    built, seen = both(source)
    if depth == 16 and colour == 2 and key:
        assert isinstance(built, SafeReleaseError)
        return
    copy = examine_picture(built.data, "p", LIMITS)  # type: ignore[attr-defined]
    assert copy.canonical
    assert alike(seen.look, copy.look)  # type: ignore[attr-defined]
    with Image.open(io.BytesIO(source)) as image:
        if depth <= 8 and not (key or colour in (4, 6)):
            assert image.convert("RGB").tobytes() == pixels(built.data, "RGB").tobytes()  # type: ignore[attr-defined]


def test_interlaced_pictures() -> None:
    image = scene()
    plain = rebuild_picture(saved(image, "PNG"), limits=LIMITS, place="p")
    # Adam7 (PNG 8.1), spelled out: the pixels of each pass, row by row.
    passes = (
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
        (0, 1, 1, 2),
    )  # fmt: skip
    rows = []
    for left, top, across, down in passes:
        for y in range(top, image.height, down):
            points = [image.getpixel((x, y)) for x in range(left, image.width, across)]
            rows.append(b"\0" + b"".join(bytes(point) for point in points))  # type: ignore[arg-type]
    header = struct.pack(">2L5B", *image.size, 8, 2, 0, 0, 1)
    body = zlib.compress(b"".join(rows))
    data = SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    assert both(data)[0] == plain


_SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
_SVG += 'width="40" height="20">'


@pytest.mark.parametrize(
    "content",
    [
        '<image href="file:///etc/hostname" width="9" height="9"/>',
        '<image xlink:href="https://example.org/a.png" width="9" height="9"/>',
        '<image href="data:image/png;base64,AAAA" width="9" height="9"/>',
        '<use href="https://example.org/a.svg#a"/>',
        '<use xlink:href="file:///a.svg#a"/>',
        '<rect width="9" height="9" fill="url(file:///a.svg#a)"/>',
        '<rect width="9" height="9" style="fill:URL( https://example.org/#a )"/>',
        '<rect width="9" height="9" style="filter:url(#f)"/>',
        '<rect width="9" height="9" mask="url(#f)"/>',
        "<style>@import 'https://example.org/a.css';</style>",
        "<foreignObject><p>text</p></foreignObject>",
        '<switch><text systemLanguage="en">text</text></switch>',
        '<rect width="9"><animate attributeName="x" to="4"/></rect>',
        '<g id="a"><use href="#a"/></g>',
        '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>',
        "".join(
            f'<g id="a{level}">' + f'<use href="#a{level - 1}"/>' * 12 + "</g>"
            for level in range(1, 20)
        )
        + '<path id="a0" d="M0 0"/>',
    ],
)
def test_svg_that_reaches_out_or_does_more_than_is_drawn_is_refused(content: str) -> None:
    with pytest.raises(CannotRebuild):
        reduced(f"{_SVG}{content}</svg>".encode(), LIMITS, "p")


@pytest.mark.parametrize(
    "document",
    [
        "<svg", "<svg/>", "<html><svg/></html>", f"{_SVG}<g></svg>", f"{_SVG}" + "<g>" * 5000,
        f'<!DOCTYPE svg [<!ENTITY a "b">]>{_SVG}</svg>',
        f'<!DOCTYPE svg SYSTEM "file:///etc/hostname">{_SVG}</svg>',
    ],
)  # fmt: skip
def test_svg_that_is_none_is_an_error_of_ours(document: str) -> None:
    with pytest.raises(SafeReleaseError):
        reduced(document.encode(), LIMITS, "p")


def test_what_is_left_of_an_svg() -> None:
    source = (
        f'{_SVG}<title>a</title><rect onclick="b()" class="c" id="d" width="9" '
        'style="fill:red;quotes:x" data-e="f"/><a href="https://example.org/g"><text x="1">h &lt; <tspan>i</tspan>'
        "j</text></a><sodipodi:k xmlns:sodipodi='urn:l'><path d='M0 0'/></sodipodi:k></svg>"
    )
    content, size = reduced(source.encode(), LIMITS, "p")
    assert content.decode() == (
        '<svg width="40" height="20" xmlns="http://www.w3.org/2000/svg" '
        'xmlns:xlink="http://www.w3.org/1999/xlink"><rect id="d" width="9" fill="red"></rect>'
        '<g><text x="1">h &lt; <tspan>i</tspan>j</text></g></svg>'
    )
    assert [round(side, 2) for side in size] == [10.58, 5.29]
