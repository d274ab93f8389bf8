"""This module tells kinds of pictures by their first bytes; names and content types may lie."""

from __future__ import annotations

from typing import Final

_STARTS: Final = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"BM", "bmp"),
    (b"\xd7\xcd\xc6\x9a", "wmf"),
    (b"\x01\x00\x09\x00\x00", "wmf"),
    (b"\x02\x00\x09\x00\x00", "wmf"),
    (b"\x1f\x8b", "gzip"),
)


def kind_of(data: bytes) -> str:
    """``png jpeg gif tiff bmp webp emf wmf gzip svg``, or nothing for what no rule knows."""
    for start, kind in _STARTS:
        if data.startswith(start):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[:4] == b"\x01\x00\x00\x00" and data[40:44] == b" EMF":
        return "emf"
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"<") and b"svg" in data[:65536]:
        return "svg"
    return ""
