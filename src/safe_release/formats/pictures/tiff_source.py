"""This module bounds what the directory of a TIFF file makes its decoder read (TIFF 6.0, 2)."""

from __future__ import annotations

import struct
from typing import Final

from safe_release.formats.pictures.faults import malformed

_SIZES: Final = {3: 2, 4: 4, 5: 8, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8}
_SLACK: Final = 1 << 16


def check_directory(data: bytes, place: str) -> None:
    """Refuse files whose values overlap: a small file could ask for any amount of memory.

    Raises ``Malformed``, also for directories that are cut off.
    """
    order = "<" if data[:2] == b"II" else ">"
    try:
        (start,) = struct.unpack_from(order + "L", data, 4)
        (count,) = struct.unpack_from(order + "H", data, start)
        entries = [
            struct.unpack_from(order + "2HL", data, start + 2 + 12 * number)
            for number in range(count)
        ]
    except struct.error as error:
        raise malformed("is a picture that ends early", place) from error
    asked = sum(_SIZES.get(kind, 1) * length for _, kind, length in entries)
    if asked > 2 * len(data) + _SLACK:
        raise malformed("is a picture whose parts overlap", place)
