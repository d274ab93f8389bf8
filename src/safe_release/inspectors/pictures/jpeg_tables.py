"""Everything in front of the pixels of a copy's JPEG, from the tables of T.81, annex K."""

from __future__ import annotations

from functools import cache
from typing import Final

_QUALITY: Final = 92
_LUMA: Final = (
    16, 11, 10, 16, 24, 40, 51, 61,
    12, 12, 14, 19, 26, 58, 60, 55,
    14, 13, 16, 24, 40, 57, 69, 56,
    14, 17, 22, 29, 51, 87, 80, 62,
    18, 22, 37, 56, 68, 109, 103, 77,
    24, 35, 55, 64, 81, 104, 113, 92,
    49, 64, 78, 87, 103, 121, 120, 101,
    72, 92, 95, 98, 112, 100, 103, 99,
)  # fmt: skip
_CHROMA: Final = (
    17, 18, 24, 47, 99, 99, 99, 99,
    18, 21, 26, 66, 99, 99, 99, 99,
    24, 26, 56, 99, 99, 99, 99, 99,
    47, 66, 99, 99, 99, 99, 99, 99,
    *[99] * 32,
)  # fmt: skip
# Code lengths and symbols of the Huffman tables K.3 to K.6, each behind its class and number.
_DC_LUMA: Final = bytes.fromhex("0000010501010101010100000000000000000102030405060708090a0b")
_AC_LUMA: Final = bytes.fromhex(
    "100002010303020403050504040000017d01020300041105122131410613516107227114328191a1"
    "082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a434445464748"
    "494a535455565758595a636465666768696a737475767778797a838485868788898a929394959697"
    "98999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1"
    "e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa"
)
_DC_CHROMA: Final = bytes.fromhex("0100030101010101010101010000000000000102030405060708090a0b")
_AC_CHROMA: Final = bytes.fromhex(
    "11000201020404030407050404000102770001020311040521310612415107617113223281081442"
    "91a1b1c109233352f0156272d10a162434e125f11718191a262728292a35363738393a4344454647"
    "48494a535455565758595a636465666768696a737475767778797a82838485868788898a92939495"
    "969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9"
    "dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa"
)
_JFIF: Final = b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"


def _zigzag() -> list[int]:
    """The order in which coefficients are written (A.6): diagonals, to and fro."""
    places = [(row, column) for row in range(8) for column in range(8)]
    places.sort(key=lambda at: (sum(at), at[0] if sum(at) % 2 else at[1]))
    return [8 * row + column for row, column in places]


def _steps(table: tuple[int, ...]) -> bytes:
    scale = 200 - 2 * _QUALITY
    return bytes(min(max((table[at] * scale + 50) // 100, 1), 255) for at in _zigzag())


def _segment(code: int, body: bytes) -> bytes:
    return bytes((0xFF, code)) + (len(body) + 2).to_bytes(2, "big") + body


@cache
def heads() -> tuple[bytes, bytes]:
    """The start of a grey and of a coloured picture; ``SIZE`` stands for height and width."""
    start = b"\xff\xd8" + _segment(0xE0, _JFIF)
    grey = (
        start
        + _segment(0xDB, b"\0" + _steps(_LUMA))
        + _segment(0xC0, b"\x08SIZE\x01\x01\x11\0")
        + _segment(0xC4, _DC_LUMA)
        + _segment(0xC4, _AC_LUMA)
        + _segment(0xDA, b"\x01\x01\0\0\x3f\0")
    )
    colour = (
        start
        + _segment(0xDB, b"\0" + _steps(_LUMA))
        + _segment(0xDB, b"\x01" + _steps(_CHROMA))
        + _segment(0xC0, b"\x08SIZE\x03\x01\x11\0\x02\x11\x01\x03\x11\x01")
        + _segment(0xC4, _DC_LUMA)
        + _segment(0xC4, _AC_LUMA)
        + _segment(0xC4, _DC_CHROMA)
        + _segment(0xC4, _AC_CHROMA)
        + _segment(0xDA, b"\x03\x01\0\x02\x11\x03\x11\0\x3f\0")
    )
    return grey, colour
