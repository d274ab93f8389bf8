"""The canaries of pictures: a word in each place of a picture that does not show."""

from __future__ import annotations

import contextlib
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageCms

from canaries.planting import CANARY
from makers.pictures import emf, png, saved, scene, with_chunk, with_segment

Plant = Callable[[str], bytes]


@dataclass(frozen=True)
class PicturePlanter:
    """One way to put a word into one channel of a picture."""

    channel: str
    name: str
    plant: Plant
    same: bool = True
    """Whether the copy is that of the picture without a word, too, and not only of other words."""
    refused: bool = False
    with_office: bool = False
    length: int = len(CANARY)
    """How many letters of the word find room."""

    @property
    def id(self) -> str:
        return f"{self.channel}-{self.name}"


PICTURE_PLANTERS: list[PicturePlanter] = []


def hides(channel: str, **options: object) -> Callable[[Plant], Plant]:
    """Register a function that makes a picture, with a word in ``channel`` if it gets one."""

    def register(plant: Plant) -> Plant:
        name = getattr(plant, "__name__", "").removeprefix("_")
        PICTURE_PLANTERS.append(PicturePlanter(channel, name, plant, **options))  # type: ignore[arg-type]
        return plant

    return register


def _jpeg() -> bytes:
    return saved(scene("RGB", (160, 120)), "JPEG", quality=80)


def _png() -> bytes:
    return saved(scene(), "PNG")


def _exif_bytes(word: str) -> bytes:
    exif = Image.Exif()
    exif[315] = word
    exif[0x9286] = b"UNICODE\0" + word.encode("utf-16-be")
    return exif.tobytes()


@hides("image.exif")
def _artist_of_a_jpeg(word: str) -> bytes:
    return with_segment(_jpeg(), 0xE1, _exif_bytes(word)) if word else _jpeg()


@hides("image.exif")
def _artist_of_a_png(word: str) -> bytes:
    return with_chunk(_png(), b"eXIf", _exif_bytes(word)[6:]) if word else _png()


@hides("image.thumbnail")
def _jfxx(word: str) -> bytes:
    body = b"JFXX\0\x13\x05\x01" + word.encode()
    return with_segment(_jpeg(), 0xE0, body) if word else _jpeg()


@hides("image.thumbnail")
def _second_directory(word: str) -> bytes:
    if not word:
        return _jpeg()
    tiff = b"II*\0" + struct.pack("<L", 8) + struct.pack("<HL", 0, 14)
    tiff += struct.pack("<H2HLLL", 1, 513, 4, 1, 40, 0) + word.encode()
    return with_segment(_jpeg(), 0xE1, b"Exif\0\0" + tiff)


@hides("image.xmp")
def _xmp_of_a_jpeg(word: str) -> bytes:
    body = f"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>{word}</x:xmpmeta>".encode()
    return with_segment(_jpeg(), 0xE1, body) if word else _jpeg()


@hides("image.xmp")
def _xmp_of_a_png(word: str) -> bytes:
    body = f"XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta>{word}</x:xmpmeta>".encode()
    return with_chunk(_png(), b"iTXt", body) if word else _png()


@hides("image.iptc")
def _by_line(word: str) -> bytes:
    body = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x14\x1c\x02\x50\0\x0f" + word.encode()
    return with_segment(_jpeg(), 0xED, body) if word else _jpeg()


def _profile(word: str) -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    old = "No copyright, use freely".encode("utf-16-be")
    new = word.encode("utf-16-be")
    assert old in profile
    return profile.replace(old, new + old[len(new) :])


@hides("image.icc", same=False)
def _copyright_of_a_profile_in_a_jpeg(word: str) -> bytes:
    return with_segment(_jpeg(), 0xE2, b"ICC_PROFILE\0\x01\x01" + _profile(word))


@hides("image.icc", same=False)
def _copyright_of_a_profile_in_a_png(word: str) -> bytes:
    return with_chunk(_png(), b"iCCP", b"p\0\0" + zlib.compress(_profile(word)))


@hides("image.comment")
def _comment_of_a_jpeg(word: str) -> bytes:
    return with_segment(_jpeg(), 0xFE, word.encode()) if word else _jpeg()


@hides("image.comment")
def _text_of_a_png(word: str) -> bytes:
    return with_chunk(_png(), b"tEXt", b"Comment\0" + word.encode()) if word else _png()


@hides("image.comment")
def _packed_text_of_a_png(word: str) -> bytes:
    body = b"Comment\0\0" + zlib.compress(word.encode())
    return with_chunk(_png(), b"zTXt", body, b"IEND") if word else _png()


@hides("image.comment")
def _comment_of_a_gif(word: str) -> bytes:
    return saved(scene(), "GIF", **({"comment": word.encode()} if word else {}))


@hides("image.comment")
def _description_of_a_tiff(word: str) -> bytes:
    return saved(scene(), "TIFF", **({"description": word} if word else {}))


@hides("image.private-data")
def _provenance(word: str) -> bytes:
    return with_segment(_jpeg(), 0xEB, b"JP\0\x01" + word.encode()) if word else _jpeg()


@hides("image.private-data")
def _chunk_of_a_program(word: str) -> bytes:
    return with_chunk(_png(), b"mkBF", zlib.compress(word.encode())) if word else _png()


@hides("image.private-data")
def _chunk_of_a_webp(word: str) -> bytes:
    data = saved(scene(), "WEBP", lossless=True)
    if not word:
        return data
    data += b"PRIV" + struct.pack("<L", len(word)) + word.encode() + b"\0" * (len(word) % 2)
    return data[:4] + struct.pack("<L", len(data) - 8) + data[8:]


@hides("image.private-data")
def _gap_of_a_bitmap(word: str) -> bytes:
    data = saved(scene(), "BMP")
    if not word:
        return data
    (start,) = struct.unpack_from("<L", data, 10)
    moved = struct.pack("<L", start + len(word))
    return data[:10] + moved + data[14:start] + word.encode() + data[start:]


@hides("image.rendering-hints", length=8)
def _resolution(word: str) -> bytes:
    return with_chunk(_png(), b"pHYs", word.encode()[:8] + b"\0") if word else _png()


@hides("image.trailing")
def _after_a_jpeg(word: str) -> bytes:
    return _jpeg() + word.encode()


@hides("image.trailing")
def _after_a_png(word: str) -> bytes:
    return _png() + word.encode()


@hides("image.trailing")
def _after_a_gif(word: str) -> bytes:
    return saved(scene(), "GIF") + word.encode()


@hides("image.trailing")
def _after_a_webp(word: str) -> bytes:
    return saved(scene(), "WEBP", lossless=True) + word.encode()


@hides("image.trailing")
def _after_a_bitmap(word: str) -> bytes:
    return saved(scene(), "BMP") + word.encode()


def _rows() -> list[bytes]:
    return [bytes([30 * row, 200, 90] * 5) for row in range(6)]


@hides("image.data-tail")
def _rows_below(word: str) -> bytes:
    return png(5, 6, 8, 2, _rows(), tail=b"\0" + word.encode() if word else b"")


@hides("image.data-tail")
def _after_the_packed_pixels(word: str) -> bytes:
    return png(5, 6, 8, 2, _rows(), beyond=word.encode())


@hides("image.data-tail")
def _gap_of_a_tiff(word: str) -> bytes:
    return saved(scene(), "TIFF") + word.encode()


@hides("image.alpha-zero-colour")
def _colours_that_are_not_painted(word: str) -> bytes:
    colours = word.encode() or b"\0" * 15
    hidden = [colours[at : at + 3] + b"\0" for at in range(0, 15, 3)]
    rows = [b"".join(hidden), bytes([10, 20, 30, 255] * 5), bytes([90, 80, 70, 128] * 5)]
    return png(5, 3, 8, 6, rows)


@hides("image.alpha-zero-colour")
def _colours_that_cannot_be_seen(word: str) -> bytes:
    colours = word.encode() or b"\0" * 15
    hidden = [colours[at : at + 3] + (b"\x0c" if word else b"\0") for at in range(0, 15, 3)]
    return png(5, 2, 8, 6, [b"".join(hidden), bytes([10, 20, 30, 255] * 5)])


@hides("image.palette")
def _unused_colours(word: str) -> bytes:
    palette = bytes([255, 0, 0, 0, 0, 255]) + word.encode()
    return png(8, 2, 8, 3, [bytes([0, 1] * 4), bytes([1, 0] * 4)], before=[(b"PLTE", palette)])


@hides("image.extra-frames")
def _second_frame_of_a_gif(word: str) -> bytes:
    first = scene().quantize(16)
    if not word:
        return saved(first, "GIF")
    second = Image.new("P", first.size, 1)
    second.putpalette(word.encode() + b"\0" * 33)
    return saved(first, "GIF", save_all=True, append_images=[second], optimize=False)


@hides("image.extra-frames")
def _frame_of_an_animated_png(word: str) -> bytes:
    if not word:
        return png(5, 6, 8, 2, _rows())
    control = struct.pack(">5L2H2B", 0, 5, 6, 0, 0, 1, 10, 0, 0)
    frame = struct.pack(">L", 2) + zlib.compress(word.encode() * 6, 0)
    return png(
        5, 6, 8, 2, _rows(),
        before=[(b"acTL", struct.pack(">2L", 2, 0)), (b"fcTL", control)],
        after=[(b"fcTL", struct.pack(">L", 1) + control[4:]), (b"fdAT", frame)],
    )  # fmt: skip


@hides("image.extra-frames")
def _second_page_of_a_tiff(word: str) -> bytes:
    if not word:
        return saved(scene(), "TIFF")
    page = Image.frombytes("L", (len(word), 1), word.encode())
    return saved(scene(), "TIFF", save_all=True, append_images=[page])


@hides("image.high-bit")
def _low_halves(word: str) -> bytes:
    low = word.encode() or b"\0" * 15
    rows = [b"".join(bytes([40 + 3 * row, byte]) for byte in low) for row in range(3)]
    return png(5, 3, 16, 2, rows)


@hides("image.unknown-kind", refused=True)
def _jpeg_xr(word: str) -> bytes:
    return b"II\xbc\x01" + struct.pack("<L", 8) + word.encode() + b"\0" * 32


@hides("emf.drawing", with_office=True)
def _title(word: str) -> bytes:
    return emf(f"drawing\0{word}\0" if word else "")


@hides("emf.drawing", with_office=True)
def _comment_of_a_metafile(word: str) -> bytes:
    return emf(comment=b"priv" + word.encode() if word else b"")


def _svg(hidden: str) -> bytes:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:e="urn:editor" viewBox="0 0 40 20">'
        f'<rect width="20" height="20" fill="red"/>{hidden}<circle cx="30" cy="10" r="8"/></svg>'
    ).encode()


@hides("svg.drawing", with_office=True)
def _description_of_an_svg(word: str) -> bytes:
    return _svg(f"<desc>{word}</desc><e:name>{word}</e:name><!-- {word} -->" if word else "")


@hides("svg.drawing", with_office=True)
def _layer_of_an_svg(word: str) -> bytes:
    layer = f'<g display="none" id="{word}" data-name="{word}"><text>{word}</text></g>'
    return _svg(layer if word else "")


@hides("svg.drawing", with_office=True)
def _script_of_an_svg(word: str) -> bytes:
    return _svg(f"<script>var a = '{word}'</script>" if word else "")


def layers(data: bytes) -> list[bytes]:
    """The file, what inflates out of it, and the halves of its sixteen-bit numbers."""
    found = [data]
    joined = b""
    at = 8
    while data[:4] == b"\x89PNG" and at + 12 <= len(data):
        (length,) = struct.unpack_from(">L", data, at)
        if data[at + 4 : at + 8] == b"IDAT":
            joined += data[at + 8 : at + 8 + length]
        at += 12 + length
    if joined:
        found.append(zlib.decompressobj().decompress(joined))
    for mark in (b"\x78\x9c", b"\x78\xda", b"\x78\x01", b"\x78\x5e"):
        at = data.find(mark)
        while at >= 0:
            with contextlib.suppress(zlib.error):
                found.append(zlib.decompressobj().decompress(data[at:], 1 << 22))
            at = data.find(mark, at + 1)
    # Pixels without every second byte, and without every fourth: low halves, opacities.
    return [
        view
        for layer in found
        for view in (layer, layer[1::2], layer[2::2], _without_fourths(layer))
    ]


def _without_fourths(layer: bytes) -> bytes:
    return b"".join(layer[at : at + 3] for at in range(1, len(layer), 4))
