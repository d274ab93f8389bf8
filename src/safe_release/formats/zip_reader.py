"""This module is the builders' strict reader of zip packages from strangers (APPNOTE 6.3)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final
from urllib.parse import unquote

from safe_release.document import Document
from safe_release.errors import Encrypted, Malformed, TooLarge
from safe_release.formats.xml_reader import REPAIR

_EOCD: Final = struct.Struct("<4s4H2LH")
_ZIP64_LOCATOR: Final = struct.Struct("<4sLQL")
_ZIP64_EOCD: Final = struct.Struct("<4sQ2H2L4Q")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_CHUNK: Final = 1 << 20
_STORED, _DEFLATED = 0, 8
_GRACE: Final = 1 << 20
"""Below this size a ratio proves nothing: a megabyte of spaces is harmless."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the package, numbered from 1 in directory order: its name can be a secret."""

    name: str
    number: int
    method: int
    crc: int
    packed: int
    unpacked: int
    offset: int

    @property
    def place(self) -> str:
        """How a message may call it."""
        return f"entry {self.number} of the package"


def folded(name: str) -> str:
    """A part name as OPC compares it (part 2, 6.2.2): decoded, case-folded, one kind of slash."""
    return unquote(name).replace("\\", "/").lstrip("/").casefold()


class ZipReader:
    """The directory of a package, and its entries inflated piece by piece within the limits.

    Raises ``Malformed`` for what leaves open which bytes a reader would see (names that occur
    twice, headers that disagree, wrong sizes or checksums), ``Encrypted`` and ``TooLarge``.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._stream = document.stream
        self._size = document.size
        self._limits = document.limits
        self.entries: dict[str, Entry] = {}
        for entry in self._directory():
            name = folded(entry.name)
            if name.endswith("/"):
                continue
            if name in self.entries:
                raise Malformed(
                    "has the name of an earlier entry, so that two readers see two documents",
                    place=entry.place,
                    remedy=REPAIR,
                )
            self.entries[name] = entry
        self._refuse_overlaps()

    def read(self, entry: Entry) -> bytes:
        """A small part, whole."""
        limit = self._limits.small_part_bytes
        if entry.unpacked > limit:
            raise TooLarge(
                f"is larger than {limit} bytes unpacked",
                place=entry.place,
                remedy="Raise limits.small_part_bytes if you trust the source",
            )
        return b"".join(self.chunks(entry))

    def chunks(self, entry: Entry) -> Iterator[bytes]:
        """The content of an entry in pieces of about a megabyte, its size and checksum verified."""
        position = self._data_offset(entry)
        remaining = entry.packed
        inflate = zlib.decompressobj(-15) if entry.method == _DEFLATED else None
        total = crc = 0
        while True:
            packed = b""
            if inflate is None or not inflate.unconsumed_tail:
                packed = self._at(position, min(_CHUNK // 8, remaining), entry.place)
                position += len(packed)
                remaining -= len(packed)
            piece = self._inflated(inflate, packed, entry)
            if piece:
                self._document.check_time()
                total += len(piece)
                if total > entry.unpacked:
                    raise _lies(entry)
                crc = zlib.crc32(piece, crc)
                yield piece
            elif not remaining:
                break
        if total != entry.unpacked or crc != entry.crc or (inflate and not inflate.eof):
            raise _lies(entry)

    def _inflated(self, inflate: zlib._Decompress | None, packed: bytes, entry: Entry) -> bytes:
        if inflate is None:
            return packed
        try:
            return inflate.decompress(inflate.unconsumed_tail + packed, _CHUNK)
        except zlib.error:
            raise _lies(entry) from None

    def _at(self, offset: int, size: int, place: str) -> bytes:
        self._stream.seek(offset)
        data = self._stream.read(size)
        if len(data) != size:
            raise Malformed("ends too early", place=place, remedy=REPAIR)
        return data

    def _data_offset(self, entry: Entry) -> int:
        header = _LOCAL.unpack(self._at(entry.offset, _LOCAL.size, entry.place))
        signature, _, flags, method, _, _, crc, packed, unpacked = header[:9]
        name_length, extra_length = int(header[9]), int(header[10])
        name = self._at(entry.offset + _LOCAL.size, name_length, entry.place)
        sizes_later = flags & 8 or 0xFFFFFFFF in (packed, unpacked)
        if (
            signature != b"PK\x03\x04"
            or _decoded(name, flags, entry.place) != entry.name
            or method != entry.method
            or (
                not sizes_later
                and (crc, packed, unpacked) != (entry.crc, entry.packed, entry.unpacked)
            )
        ):
            raise Malformed("has two headers that disagree", place=entry.place, remedy=REPAIR)
        return entry.offset + _LOCAL.size + name_length + extra_length

    def _directory(self) -> Iterator[Entry]:
        count, size, offset = self._end_record()
        if count > self._limits.parts:
            raise TooLarge(
                f"has more than {self._limits.parts} entries",
                place="package",
                remedy="Raise limits.parts if you trust the source",
            )
        directory = self._at(offset, size, "package directory")
        position = 0
        unpacked = 0
        for number in range(1, count + 1):
            if position + _CENTRAL.size > size:
                raise Malformed("ends too early", place="package directory", remedy=REPAIR)
            entry, position = self._entry(directory, position, number)
            unpacked += entry.unpacked
            self._bound(entry, unpacked)
            yield entry

    def _bound(self, entry: Entry, unpacked: int) -> None:
        limits = self._limits
        if unpacked > limits.unpacked_bytes or entry.unpacked > limits.part_bytes:
            raise TooLarge(
                "is larger unpacked than the limits allow",
                place=entry.place,
                remedy="Raise limits.unpacked_bytes and limits.part_bytes if you trust the source",
            )
        if entry.unpacked > _GRACE and entry.unpacked > entry.packed * limits.ratio:
            raise TooLarge(
                f"unpacks to more than {limits.ratio} times its size",
                place=entry.place,
                remedy="Raise limits.ratio if you trust the source",
            )

    def _entry(self, directory: bytes, position: int, number: int) -> tuple[Entry, int]:
        fields = _CENTRAL.unpack_from(directory, position)
        signature, _, _, flags, method, _, _, crc, packed, unpacked = fields[:10]
        name_length, extra_length, comment_length, disk, _, _, offset = fields[10:]
        place = f"entry {number} of the package"
        start = position + _CENTRAL.size
        name = directory[start : start + name_length]
        extra = directory[start + name_length : start + name_length + extra_length]
        if signature != b"PK\x01\x02" or len(extra) != extra_length:
            raise Malformed("is no directory entry", place=place, remedy=REPAIR)
        if flags & 1:
            raise Encrypted(
                "is encrypted", place=place, remedy="Save the document without a password"
            )
        if method not in (_STORED, _DEFLATED) or disk not in (0, 0xFFFF):
            raise Malformed(
                "is packed in a way no Office application uses", place=place, remedy=REPAIR
            )
        unpacked, packed, offset = _zip64(extra, unpacked, packed, offset, place)
        if offset + packed > self._size or (method == _STORED and packed != unpacked):
            raise Malformed("lies outside the file", place=place, remedy=REPAIR)
        entry = Entry(_decoded(name, flags, place), number, method, crc, packed, unpacked, offset)
        return entry, start + name_length + extra_length + comment_length

    def _end_record(self) -> tuple[int, int, int]:
        """Count, size and offset of the directory (APPNOTE 4.3.16); there must be but one."""
        tail_size = min(self._size, _EOCD.size + 0xFFFF)
        tail = self._at(self._size - tail_size, tail_size, "package")
        found: set[tuple[int, int, int]] = set()
        at = tail.rfind(b"PK\x05\x06")
        while at >= 0:
            if at + _EOCD.size <= tail_size:
                record = self._directory_at(tail, at, self._size - tail_size + at)
                if record is not None:
                    found.add(record)
            at = tail.rfind(b"PK\x05\x06", 0, at)
        if len(found) > 1:
            raise Malformed(
                "has two directories, so that two readers see two documents",
                place="package",
                remedy=REPAIR,
            )
        if not found:
            raise Malformed(
                "has no directory: it is cut short or damaged", place="package", remedy=REPAIR
            )
        return found.pop()

    def _directory_at(self, tail: bytes, at: int, position: int) -> tuple[int, int, int] | None:
        _, disk, directory_disk, here, count, size, offset, _ = _EOCD.unpack_from(tail, at)
        if 0xFFFF in (here, count) or 0xFFFFFFFF in (size, offset):
            count, size, offset = self._zip64_end(position, (count, size, offset))
        elif disk or directory_disk or here != count:
            return None
        if offset + size > position or not count:
            return None
        first = self._at(offset, 4, "package directory")
        return (count, size, offset) if first == b"PK\x01\x02" else None

    def _zip64_end(self, position: int, record: tuple[int, int, int]) -> tuple[int, int, int]:
        if position < _ZIP64_LOCATOR.size:
            return record
        at = position - _ZIP64_LOCATOR.size
        signature, _, offset, _ = _ZIP64_LOCATOR.unpack(
            self._at(at, _ZIP64_LOCATOR.size, "package")
        )
        if signature != b"PK\x06\x07":
            return record
        end = _ZIP64_EOCD.unpack(self._at(offset, _ZIP64_EOCD.size, "package"))
        if end[0] != b"PK\x06\x06":
            raise Malformed("has a broken directory", place="package", remedy=REPAIR)
        return end[7], end[8], end[9]

    def _refuse_overlaps(self) -> None:
        # Entries that share bytes are how the densest bombs are made, and never how documents are.
        spans = sorted((entry.offset, entry.packed, entry.place) for entry in self.entries.values())
        for (start, packed, _), (following, _, place) in pairwise(spans):
            if start + _LOCAL.size + packed > following:
                raise Malformed("shares its bytes with another entry", place=place, remedy=REPAIR)


def _decoded(name: bytes, flags: int, place: str) -> str:
    try:
        return name.decode("utf-8" if flags & 0x800 else "cp437")
    except UnicodeDecodeError:
        raise Malformed("has an unreadable name", place=place, remedy=REPAIR) from None


def _zip64(
    extra: bytes, unpacked: int, packed: int, offset: int, place: str
) -> tuple[int, int, int]:
    if 0xFFFFFFFF not in (unpacked, packed, offset):
        return unpacked, packed, offset
    position = 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, position)
        field = extra[position + 4 : position + 4 + length]
        position += 4 + length
        if kind != 1:
            continue
        values = []
        for value in (unpacked, packed, offset):
            if value == 0xFFFFFFFF:
                if len(field) < 8:
                    raise Malformed("has a broken size field", place=place, remedy=REPAIR)
                value, field = struct.unpack("<Q", field[:8])[0], field[8:]
            values.append(value)
        return values[0], values[1], values[2]
    return unpacked, packed, offset


def _lies(entry: Entry) -> Malformed:
    return Malformed(
        "does not hold what its header says: it is damaged or made to deceive",
        place=entry.place,
        remedy=REPAIR,
    )
