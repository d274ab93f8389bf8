"""The errors of picture builders, and what the decoders throw at hostile input."""

from __future__ import annotations

import struct
import zlib

from PIL import Image

from safe_release.errors import CannotRebuild, Malformed, TooLarge

SAVE_AGAIN = "Open the picture in an image editor, save it as PNG and insert it again"

DECODING = (
    OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, AttributeError,
    OverflowError, ZeroDivisionError, NotImplementedError, RuntimeError, AssertionError,
    MemoryError, struct.error, zlib.error, Image.DecompressionBombError,
)  # fmt: skip
"""What a decoder of pictures may raise on damaged data; none of it is a message for people."""


def malformed(problem: str, place: str) -> Malformed:
    """A picture that leaves open what its reader sees."""
    return Malformed(problem, place=place, remedy=SAVE_AGAIN)


def cannot_rebuild(problem: str, place: str, remedy: str = SAVE_AGAIN) -> CannotRebuild:
    """A picture of a kind that cannot be written anew."""
    return CannotRebuild(problem, place=place, remedy=remedy)


def check_size(width: int, height: int, limit: int, place: str) -> None:
    """Refuse a picture by its header, before anything is decoded.

    Raises ``TooLarge`` beyond ``limit`` pixels, ``Malformed`` without any.
    """
    if width <= 0 or height <= 0:
        raise malformed("is a picture without pixels", place)
    if width * height > limit:
        raise TooLarge(
            "is a picture with more pixels than allowed",
            place=place,
            remedy="Raise limits.pixels in the policy if you trust the source",
        )
