"""What an inspector learns of a picture."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from safe_release.errors import Malformed


@dataclass(frozen=True, slots=True)
class Look:
    """What a picture shows, to be compared with :func:`alike`.

    ``exact`` is a digest of size and pixels; ``grid`` the mean colours over white and the opacity
    of up to 32 by 32 fields, for files whose kind does not keep pixels exactly (``is_exact``).
    """

    width: int
    height: int
    is_exact: bool
    exact: bytes
    grid: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """A picture through the inspectors' eyes.

    ``channels`` counts the ids of hidden places that it uses; ``canonical`` tells whether it
    is made of exactly what a copy may have. ``look`` is ``None`` for kinds that nobody here
    reads. ``width`` and ``height`` are those of the file, before anything is cut off: pixels, or
    for metafiles units of their own.
    """

    kind: str
    width: int
    height: int
    channels: Counter[str]
    canonical: bool
    look: Look | None


@dataclass(slots=True)
class Walk:
    """What the bytes of a file say, before anything is decoded."""

    width: int = 0
    height: int = 0
    channels: Counter[str] = field(default_factory=Counter)
    is_canonical: bool = False
    lean: bytes = b""
    profile: bytes = b""
    orientation: int = 1
    depth: int = 8
    palette: list[tuple[int, int, int]] = field(default_factory=list)
    opacities: bytes = b""


def damaged(place: str) -> Malformed:
    """The error for a picture that leaves open what its reader sees."""
    return Malformed(
        "is a damaged picture",
        place=place,
        remedy="Open the picture in an image editor, save it as PNG and insert it again",
    )
