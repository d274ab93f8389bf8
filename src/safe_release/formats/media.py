"""This module is the pictures of a copy: each once, numbered in the order of first use."""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO
from typing import Final

from safe_release.errors import CannotRebuild, Malformed
from safe_release.formats.opc import Package
from safe_release.formats.pictures import Crop, Picture, rebuild_picture
from safe_release.formats.pictures.kinds import kind_of
from safe_release.formats.zip_writer import ZipWriter
from safe_release.limits import Limits

_PIXELS: Final = frozenset(("png", "jpeg", "gif", "bmp", "tiff", "webp"))


class MediaPool:
    """Rebuilds the pictures that a package shows.

    They are written below ``root``, the folder of the main part. They wait until ``flush``, as the
    part that shows them may be open while it asks for them.
    """

    def __init__(self, package: Package, limits: Limits, root: str, *, drops: bool) -> None:
        self._package = package
        self._limits = limits
        self._root = root
        self._drops = drops
        self._by_source: dict[tuple[str, Crop], str | None] = {}
        self._ready: dict[tuple[str, Crop], Picture | None] = {}
        self._opaque: dict[tuple[str, Crop], bool] = {}
        self._vectors: dict[str, bool] = {}
        self._names: dict[bytes, str] = {}
        self._waiting: list[tuple[str, bytes]] = []
        self.types: dict[str, str] = {}
        """Content types by extension, of the pictures used so far."""

    def use(self, part: str, place: str, crop: Crop) -> str | None:
        """The copy's part for a picture of the source, cut to what shows, as seen from the root.

        ``None`` for what cannot be rebuilt, and for all where the policy drops pictures. Raises
        ``TooLarge``.
        """
        if self._drops or not self._package.has(part):
            return None
        key = (part, crop)
        if key not in self._by_source:
            picture = self._rebuilt(key, place)
            self._by_source[key] = self._named(picture) if picture is not None else None
            self._ready.pop(key, None)
        return self._by_source[key]

    def is_opaque(self, part: str, place: str, crop: Crop) -> bool:
        """Whether a picture of the source shows nothing of what is behind it."""
        key = (part, crop)
        if self._drops or not self._package.has(part) or self.is_vector(part):
            return False
        if key not in self._opaque:
            picture = self._rebuilt(key, place)
            self._ready[key] = picture
            self._opaque[key] = picture is not None and _is_opaque(picture)
        return self._opaque[key]

    def is_vector(self, part: str) -> bool:
        """Whether a picture of the source is drawn, not made of pixels."""
        if part not in self._vectors:
            has_pixels = self._package.has(part) and kind_of(self._package.read(part)) in _PIXELS
            self._vectors[part] = not has_pixels
        return self._vectors[part]

    def _rebuilt(self, key: tuple[str, Crop], place: str) -> Picture | None:
        if key in self._ready:
            return self._ready[key]
        part, crop = key
        try:
            return rebuild_picture(
                self._package.read(part), limits=self._limits, place=place, crop=crop
            )
        except (CannotRebuild, Malformed):
            return None

    def _named(self, picture: Picture) -> str:
        digest = sha256(picture.data).digest()
        name = self._names.get(digest)
        if name is None:
            number = len(self._names) + 1
            name = self._names[digest] = f"media/image{number}.{picture.extension}"
            self._waiting.append((name, picture.data))
            self.types[picture.extension] = picture.content_type
        return name

    def flush(self, zip_writer: ZipWriter) -> None:
        """Write the pictures that wait; no other part may be open."""
        for name, data in self._waiting:
            zip_writer.add(f"{self._root}/{name}", data)
        self._waiting.clear()


def _is_opaque(picture: Picture) -> bool:
    from PIL import Image

    with Image.open(BytesIO(picture.data)) as image:
        if not image.has_transparency_data:
            return True
        lowest, _ = image.convert("RGBA").getchannel("A").getextrema()
        return lowest == 255
