"""Pictures written anew: pixels as they show, in files that hold nothing but these pixels.

PNG stays PNG, JPEG stays JPEG unless it is small, and GIF, BMP, TIFF, WebP and what LibreOffice
drew become PNG. ``docs/pictures.md`` says
what a copy holds; any builder of documents may call this.
"""

from __future__ import annotations

from dataclasses import dataclass

from safe_release.errors import CannotRebuild
from safe_release.limits import Limits

__all__ = ["CannotRebuild", "Crop", "Picture", "rebuild_picture"]


@dataclass(frozen=True, slots=True)
class Crop:
    """What is cut off each side, in 1/100000 of the side (``a:srcRect``, 20.1.8.55).

    Only positive values cut; negative ones are room around the picture, which its host keeps.
    """

    left: int = 0
    top: int = 0
    right: int = 0
    bottom: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of ours: its bytes, the extension and content type to name it by, pixels."""

    data: bytes
    extension: str
    content_type: str
    width: int
    height: int


def rebuild_picture(
    data: bytes,
    *,
    limits: Limits,
    place: str,
    crop: Crop | None = None,
    with_office: bool = True,
    upright: bool = False,
) -> Picture:
    """Write a picture anew from what it shows; of several frames or pages the first.

    ``upright`` applies the orientation a camera noted: for hosts that do so too, which Office is
    not (it turns the frame instead). ``with_office`` lets LibreOffice draw vector pictures.

    Raises ``CannotRebuild`` for kinds that cannot be written anew, ``Malformed`` for damaged
    data, ``TooLarge`` beyond ``limits.pixels``; all name ``place``.
    """
    from safe_release.formats.pictures.rebuild import rebuild  # documents without pictures are many

    return rebuild(
        data, limits=limits, place=place, crop=crop, with_office=with_office, upright=upright
    )
