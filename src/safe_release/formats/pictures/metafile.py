"""Metafiles (EMF, WMF) as pixels, drawn by LibreOffice on a page of their own size.

What they hold beside what they paint (titles, comments, second drawings, texts outside of the
frame) is not in pixels. The page is drawn twice, on white and on black: where both agree the
picture is opaque.
"""

from __future__ import annotations

import base64
import struct
import zlib
from pathlib import Path
from time import monotonic
from typing import Final

from PIL import Image, ImageChops

from safe_release.errors import SafeReleaseError
from safe_release.formats.pictures.decode import decode, shown
from safe_release.formats.pictures.faults import cannot_rebuild, check_size, malformed
from safe_release.limits import Limits
from safe_release.office import Soffice, find_soffice, private_folder

_SECONDS: Final = 60.0
_DENSITY: Final = 192 / 25.4  # pixels per millimetre: twice those of a screen
_LEAST, _MOST = 16, 2400
"""Pixels of the longer side."""
_PAGES: Final = (("white", "#ffffff"), ("black", "#000000"))
_SET_WINDOW_EXT: Final = 0x020C
_NAMES: Final = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("style", "style"),
        ("draw", "drawing"),
        ("fo", "xsl-fo-compatible"),
        ("svg", "svg-compatible"),
    )
)


def unpacked(data: bytes, limits: Limits, place: str) -> bytes:
    """What a gzip-compressed metafile (EMZ, WMZ) holds; raises ``Malformed``, ``CannotRebuild``."""
    inflate = zlib.decompressobj(31)
    try:
        content = inflate.decompress(data, limits.small_part_bytes)
    except zlib.error as error:
        raise malformed("is a damaged compressed picture", place) from error
    if not inflate.eof:
        raise cannot_rebuild("is a compressed picture that ends early or is too large", place)
    return content


def size_of(data: bytes, kind: str, place: str) -> tuple[float, float]:
    """Width and height of a metafile in millimetres; zero where it says none.

    Raises ``Malformed`` where its header is cut off.
    """
    try:
        return _emf_size(data) if kind == "emf" else _wmf_size(data)
    except struct.error as error:
        raise malformed("is a picture that ends early", place) from error


def draw(data: bytes, size: tuple[float, float], limits: Limits, place: str) -> Image.Image:
    """A vector picture as LibreOffice draws it, with what shows through staying so.

    ``size`` is in millimetres. Raises ``CannotRebuild`` where there is none, where LibreOffice is
    absent or has no result within a minute.
    """
    width, height = size
    if width <= 0 or height <= 0:
        raise cannot_rebuild("is a drawing without a size, so that nothing of it shows", place)
    soffice = find_soffice()
    if soffice is None:
        raise cannot_rebuild(
            "is a drawing that LibreOffice would have to draw, and it is not installed",
            place,
            "Install LibreOffice, or save the picture as PNG and insert it again",
        )
    scale = min(max(_DENSITY, _LEAST / max(width, height)), _MOST / max(width, height))
    across, down = max(round(width * scale), 1), max(round(height * scale), 1)
    check_size(across, down, limits.pixels, place)
    with private_folder(len(data), "drawing") as folder:
        deadline = monotonic() + min(_SECONDS, limits.seconds)
        ran = Soffice(soffice, folder, limits, deadline).run(
            _command(data, width, height, folder, across, down)
        )
        pages = []
        for name, _ in _PAGES:
            path = folder / "drawn" / f"{name}.png"
            if not ran or not path.is_file():
                raise cannot_rebuild("is a drawing that LibreOffice did not draw", place)
            try:
                page = decode(
                    path.read_bytes(), "png", limit=limits.pixels, place=place, upright=False
                )
            except SafeReleaseError as error:
                raise cannot_rebuild("is a drawing that LibreOffice did not draw", place) from error
            pages.append(page.convert("RGB"))
    return shown(_cut_out(*pages), None)


def _command(
    data: bytes, width: float, height: float, folder: Path, across: int, down: int
) -> list[str]:
    sources = []
    for name, paper in _PAGES:
        path = folder / f"{name}.fodg"
        path.write_text(_page(data, width, height, paper), encoding="ascii")
        sources.append(str(path))
    size = (
        f'{{"PixelWidth":{{"type":"long","value":"{across}"}},'
        f'"PixelHeight":{{"type":"long","value":"{down}"}}}}'
    )
    target = f"png:draw_png_Export:{size}"
    return ["--convert-to", target, "--outdir", str(folder / "drawn"), *sources]


def _page(data: bytes, width: float, height: float, paper: str) -> str:
    """A drawing (OpenDocument, one file) of one page, filled by the picture (lengths in mm)."""
    wide, high = f"{width:.3f}mm", f"{height:.3f}mm"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<office:document {_NAMES} office:version="1.2" '
        'office:mimetype="application/vnd.oasis.opendocument.graphics">'
        '<office:styles><style:style style:name="standard" style:family="graphic"/></office:styles>'
        '<office:automatic-styles><style:page-layout style:name="P">'
        '<style:page-layout-properties fo:margin-top="0mm" fo:margin-bottom="0mm" '
        f'fo:margin-left="0mm" fo:margin-right="0mm" fo:page-width="{wide}" '
        f'fo:page-height="{high}" style:print-orientation="portrait"/></style:page-layout>'
        '<style:style style:name="D" style:family="drawing-page"><style:drawing-page-properties '
        f'draw:background-size="full" draw:fill="solid" draw:fill-color="{paper}"/></style:style>'
        '<style:style style:name="G" style:family="graphic">'
        '<style:graphic-properties draw:stroke="none" draw:fill="none"/></style:style>'
        '</office:automatic-styles><office:master-styles><style:master-page style:name="Default" '
        'style:page-layout-name="P" draw:style-name="D"/></office:master-styles>'
        "<office:body><office:drawing>"
        '<draw:page draw:name="p" draw:style-name="D" draw:master-page-name="Default">'
        f'<draw:frame draw:style-name="G" svg:x="0mm" svg:y="0mm" svg:width="{wide}" '
        f'svg:height="{high}"><draw:image><office:binary-data>'
        f"{base64.b64encode(data).decode('ascii')}</office:binary-data></draw:image></draw:frame>"
        "</draw:page></office:drawing></office:body></office:document>\n"
    )


def _cut_out(white: Image.Image, black: Image.Image) -> Image.Image:
    """The picture that gives these two on white and on black."""
    opacity: Image.Image | None = None
    for band in ImageChops.invert(ImageChops.difference(white, black)).split():
        opacity = band if opacity is None else ImageChops.lighter(opacity, band)
    if opacity is None:
        return white
    if white.size != black.size:
        return white
    return Image.merge("RGBa", (*black.split(), opacity)).convert("RGBA")


def _emf_size(data: bytes) -> tuple[float, float]:
    """Millimetres, from the frame in hundredths of them (MS-EMF 2.2.9); none for empty bounds."""
    left, top, right, bottom = struct.unpack_from("<4l", data, 8)
    if right < left or bottom < top:
        return 0, 0
    left, top, right, bottom = struct.unpack_from("<4l", data, 24)
    return (right - left) / 100, (bottom - top) / 100


def _wmf_size(data: bytes) -> tuple[float, float]:
    """Millimetres, from the placeable header (MS-WMF 2.3.2.3), else the window's proportions."""
    if data[:4] == b"\xd7\xcd\xc6\x9a":
        left, top, right, bottom, inch = struct.unpack_from("<4hH", data, 6)
        if inch and right != left and bottom != top:
            return abs(right - left) / inch * 25.4, abs(bottom - top) / inch * 25.4
        at = 22 + 18
    else:
        at = 18
    while at + 6 <= len(data):
        words, function = struct.unpack_from("<LH", data, at)
        if function == _SET_WINDOW_EXT and words >= 5:
            height, width = (abs(side) for side in struct.unpack_from("<2h", data, at + 6))
            longer = max(width, height, 1)
            return width / longer * 100, height / longer * 100
        if words < 3:
            break
        at += 2 * words
    return 0, 0
