"""This module is the one way a package is written: same parts, same bytes."""

from __future__ import annotations

import queue
import struct
import tempfile
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Final

from safe_release.errors import PublishError, TooLarge

_LEVEL: Final = 2
"""Measured on sheets of mixed values: a fifth larger than level 6 in a quarter of its time."""
_DATE: Final = 0x0021  # 1980-01-01, the first day a zip can name: no clock may leak into a copy
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_EOCD: Final = struct.Struct("<4s4H2LH")
_PIECE: Final = 1 << 18


@dataclass(slots=True)
class _Spooled:
    name: str
    start: int
    packed: int = 0
    unpacked: int = 0
    crc: int = 0


class PartWriter:
    """Takes the content of one part in pieces; packs it on a thread beside whoever produces it.

    zlib lets go of the interpreter lock, so that packing a sheet costs little time of its own. The
    pieces are cut at fixed sizes: the packed bytes depend on the content alone.
    """

    def __init__(self, spool: BinaryIO, entry: _Spooled) -> None:
        self._spool = spool
        self._entry = entry
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        self._queue: queue.Queue[bytes | None] = queue.Queue(maxsize=8)
        self._fault: BaseException | None = None
        self._thread = threading.Thread(target=self._pack, daemon=True)
        self._thread.start()

    def write(self, data: bytes) -> None:
        """Add to the part."""
        self._waiting.append(data)
        self._waiting_bytes += len(data)
        if self._waiting_bytes >= _PIECE:
            self._hand_over()

    def close(self) -> None:
        """Wait until everything is packed. Raises what packing raised."""
        self._hand_over()
        self._queue.put(None)
        self._thread.join()
        if self._fault is not None:
            raise self._fault

    def abandon(self) -> None:
        """Stop without finishing; the spool is about to be thrown away."""
        self._queue.put(None)
        self._thread.join()

    def _hand_over(self) -> None:
        if self._waiting:
            self._queue.put(b"".join(self._waiting))
            self._waiting = []
            self._waiting_bytes = 0

    def _pack(self) -> None:
        deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15, 9)
        entry = self._entry
        while (data := self._queue.get()) is not None:
            if self._fault is None:
                try:
                    entry.crc = zlib.crc32(data, entry.crc)
                    entry.unpacked += len(data)
                    self._keep(deflate.compress(data))
                except Exception as fault:  # noqa: BLE001 handed to the producer, who waits in close()
                    self._fault = fault
        if self._fault is None:
            try:
                self._keep(deflate.flush())
            except Exception as fault:  # noqa: BLE001
                self._fault = fault

    def _keep(self, packed: bytes) -> None:
        self._spool.write(packed)
        self._entry.packed += len(packed)


class ZipWriter:
    """Collects parts and writes the package in canonical order.

    The packed parts wait in an unnamed file, so that memory does not grow with them and the order
    of the package does not depend on the order of building: content types first (18.2 of part 2
    leaves the order open; recognisers of file types do not), relationships next, then by name.
    """

    def __init__(self, folder: str | None = None) -> None:
        self._spool = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 (closed in close())
        self._entries: list[_Spooled] = []

    @contextmanager
    def part(self, name: str) -> Iterator[PartWriter]:
        """Write one part; parts follow one another."""
        if self.has(name):
            raise AssertionError("a part is written once")
        entry = _Spooled(name, self._spool.tell())
        writer = PartWriter(self._spool, entry)
        try:
            yield writer
        except BaseException:
            writer.abandon()
            raise
        try:
            writer.close()
        except OSError as error:
            raise PublishError(
                f"the candidate could not be written ({error.strerror})",
                place="destination",
                remedy="Check the free space where the destination and temporary files are",
            ) from None
        self._entries.append(entry)

    def add(self, name: str, data: bytes) -> None:
        """Write a part that is at hand as a whole."""
        with self.part(name) as writer:
            writer.write(data)

    def has(self, name: str) -> bool:
        """Whether a part was written."""
        return any(entry.name == name for entry in self._entries)

    def read(self, name: str) -> Iterator[bytes]:
        """The content of a part that was written, in pieces; no part may be open meanwhile."""
        entry = next(entry for entry in self._entries if entry.name == name)
        inflate = zlib.decompressobj(-15)
        at, left = entry.start, entry.packed
        try:
            while left:
                self._spool.seek(at)
                piece = self._spool.read(min(left, _PIECE))
                at += len(piece)
                left -= len(piece)
                yield inflate.decompress(piece)
        finally:
            self._spool.seek(0, 2)

    def save(self, target: BinaryIO) -> None:
        """Write the package."""
        directory = bytearray()
        offset = 0
        for entry in sorted(self._entries, key=_canonical_order):
            if max(offset, entry.packed, entry.unpacked) >= 0xFFFFFFFF:
                raise TooLarge(
                    "the copy would be larger than 4 GiB",
                    place="package",
                    remedy="Split the document",
                )
            name = entry.name.encode("ascii")
            common = (20, 0, 8, 0, _DATE, entry.crc, entry.packed, entry.unpacked, len(name), 0)
            target.write(_LOCAL.pack(b"PK\x03\x04", *common) + name)
            self._copy(entry, target)
            directory += _CENTRAL.pack(b"PK\x01\x02", 20, *common, 0, 0, 0, 0, offset) + name
            offset += _LOCAL.size + len(name) + entry.packed
        count = len(self._entries)
        target.write(directory)
        target.write(_EOCD.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), offset, 0))

    def close(self) -> None:
        """Throw the spool away."""
        self._spool.close()

    def _copy(self, entry: _Spooled, target: BinaryIO) -> None:
        self._spool.seek(entry.start)
        left = entry.packed
        while left:
            piece = self._spool.read(min(left, 1 << 20))
            target.write(piece)
            left -= len(piece)


def _canonical_order(entry: _Spooled) -> tuple[int, str]:
    if entry.name == "[Content_Types].xml":
        return 0, entry.name
    return (1 if entry.name == "_rels/.rels" else 2), entry.name
