"""This module is the pictures of a copy: each once, numbered in the order of first use."""

from __future__ import annotations

from hashlib import sha256

from safe_release.errors import CannotRebuild, Malformed
from safe_release.formats.opc import Package
from safe_release.formats.pictures import Crop, Picture, rebuild_picture
from safe_release.formats.zip_writer import ZipWriter
from safe_release.limits import Limits


class MediaPool:
    """Rebuilds the pictures that a package shows and writes them below ``root``, the folder of its main part.

    Pictures wait until ``flush``, as the part that shows them may be open while it asks for them.
    """

    def __init__(self, package: Package, limits: Limits, root: str, *, drops: bool) -> None:
        self._package = package
        self._limits = limits
        self._root = root
        self._drops = drops
        self._by_source: dict[tuple[str, Crop], str | None] = {}
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
            self._by_source[key] = None
            try:
                picture = rebuild_picture(
                    self._package.read(part), limits=self._limits, place=place, crop=crop
                )
            except (CannotRebuild, Malformed):
                return None
            self._by_source[key] = self._named(picture)
        return self._by_source[key]

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
