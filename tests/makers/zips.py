"""A zip writer that can write every header, gap and lie a zip can hold."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

EPOCH_DATE = 0x21  # 1 January 1980, the earliest date a DOS field can hold
MAX16 = 0xFFFF
MAX32 = 0xFFFFFFFF


def deflate(data: bytes, level: int = 6) -> bytes:
    """Raw deflate, as zip method 8 stores it."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


@dataclass
class Entry:
    """One file of a zip. A field left at ``None`` is written truthfully."""

    name: str | bytes
    data: bytes = b""
    method: int = 8
    time: int = 0
    date: int = EPOCH_DATE
    flags: int = 0
    made_by: int = 20
    needs: int = 20
    internal: int = 0
    external: int = 0
    extra_local: bytes = b""
    extra_central: bytes = b""
    comment: bytes = b""
    before: bytes = b""
    """Bytes that belong to nothing, written in front of the local header."""
    payload: bytes | None = None
    """Packed bytes to store instead of the packed ``data``."""
    crc: int | None = None
    size: int | None = None
    packed_size: int | None = None
    local_name: bytes | None = None
    local_crc: int | None = None
    local_size: int | None = None
    local_method: int | None = None
    offset: int | None = None
    """Where the directory says that the entry starts."""
    descriptor: bytes = b""
    """``b"12"``, ``b"16"``, ``b"20"`` or ``b"24"``: sizes follow the data in that many bytes."""
    zip64: bool = False
    listed: bool = True
    """False: the local part is written, the directory does not know it."""
    written: bool = True
    """False: only the directory knows it."""

    @property
    def raw_name(self) -> bytes:
        return self.name if isinstance(self.name, bytes) else self.name.encode("utf-8")

    @property
    def stored(self) -> bytes:
        if self.payload is not None:
            return self.payload
        return deflate(self.data) if self.method == 8 else self.data


def local_record(entry: Entry) -> bytes:
    """The local header of an entry and its data."""
    stored = entry.stored
    crc = zlib.crc32(entry.data) if entry.crc is None else entry.crc
    size = len(entry.data) if entry.size is None else entry.size
    packed = len(stored) if entry.packed_size is None else entry.packed_size
    crc = crc if entry.local_crc is None else entry.local_crc
    size = size if entry.local_size is None else entry.local_size
    flags, extra, after = entry.flags, entry.extra_local, b""
    fields = (crc, packed, size)
    if entry.descriptor:
        flags |= 8
        width = int(entry.descriptor)
        sizes = struct.pack("<LQQ" if width >= 20 else "<LLL", crc, packed, size)
        after = (b"PK\x07\x08" if width in (16, 24) else b"") + sizes
        fields = (0, 0, 0)
    if entry.zip64:
        extra = struct.pack("<HHQQ", 1, 16, size, packed) + extra
        fields = (fields[0], MAX32, MAX32)
    name = entry.raw_name if entry.local_name is None else entry.local_name
    head = struct.pack(
        "<4sHHHHHLLLHH",
        b"PK\x03\x04",
        entry.needs,
        flags,
        entry.method if entry.local_method is None else entry.local_method,
        entry.time,
        entry.date,
        *fields,
        len(name),
        len(extra),
    )
    return head + name + extra + stored + after


def _central(entry: Entry, offset: int) -> bytes:
    crc = zlib.crc32(entry.data) if entry.crc is None else entry.crc
    size = len(entry.data) if entry.size is None else entry.size
    packed = len(entry.stored) if entry.packed_size is None else entry.packed_size
    extra = entry.extra_central
    if entry.zip64:
        extra = struct.pack("<HHQQ", 1, 16, size, packed) + extra
        size = packed = MAX32
    flags = entry.flags | (8 if entry.descriptor else 0)
    name = entry.raw_name
    return (
        struct.pack(
            "<4sHHHHHHLLLHHHHHLL",
            b"PK\x01\x02",
            entry.made_by,
            entry.needs,
            flags,
            entry.method,
            entry.time,
            entry.date,
            crc,
            packed & MAX32,
            size & MAX32,
            len(name),
            len(extra),
            len(entry.comment),
            0,
            entry.internal,
            entry.external,
            (offset if entry.offset is None else entry.offset) & MAX32,
        )
        + name
        + extra
        + entry.comment
    )


def pack(
    entries: Iterable[Entry],
    *,
    prefix: bytes = b"",
    before_directory: bytes = b"",
    comment: bytes = b"",
    suffix: bytes = b"",
    zip64: bool = False,
    count: int | None = None,
    disk: int = 0,
    shift_offsets: bool = True,
) -> bytes:
    """The zip, byte by byte.

    ``prefix`` goes in front (offsets count it when ``shift_offsets``), ``before_directory``
    between the last entry and the directory, ``suffix`` behind the end. ``count`` is what the end
    record claims; ``zip64`` adds the long end record and its locator.
    """
    body = bytearray(prefix)
    base = 0 if shift_offsets else len(prefix)
    directory: list[bytes] = []
    for entry in entries:
        body += entry.before
        offset = len(body) - base
        if entry.written:
            body += local_record(entry)
        if entry.listed:
            directory.append(_central(entry, offset))
    body += before_directory
    start = len(body) - base
    listing = b"".join(directory)
    body += listing
    number = len(directory) if count is None else count
    if zip64:
        at = len(body)
        body += struct.pack(
            "<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, number, number, len(listing), start
        )
        body += struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    small = zip64 or number > MAX16
    body += struct.pack(
        "<4sHHHHLLH",
        b"PK\x05\x06",
        disk,
        disk,
        MAX16 if small else number,
        MAX16 if small else number,
        MAX32 if zip64 else len(listing),
        MAX32 if zip64 else start,
        len(comment),
    )
    return bytes(body + comment + suffix)
