"""The records at the end of an archive: its directory, read as it stands (APPNOTE 4.3.12)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from safe_release.document import Document
from safe_release.inspectors.faults import malformed, too_large
from safe_release.limits import Limits

_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_END64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR64 = struct.Struct("<4sIQI")


@dataclass(frozen=True, slots=True)
class Fault:
    """A channel of the container seen at a place, with a count of bytes or entries."""

    channel: str
    place: str
    count: int


@dataclass(slots=True)
class Row:
    """A record of the central directory as it stands."""

    number: int
    name: bytes
    fields: tuple[int, ...]
    extra: bytes
    comment: bytes
    packed: int
    unpacked: int
    offset: int
    zip64: bool


class Directory:
    """The records at the end of the archive."""

    def __init__(self, document: Document) -> None:
        self.stream, self.size = document.stream, document.size
        self.faults: list[Fault] = []
        tail_size = min(self.size, 22 + 65_535 + 4096)
        self.stream.seek(self.size - tail_size)
        tail = self.stream.read(tail_size)
        at = self._find_end(tail)
        self.end = self.size - tail_size + at
        record = _END.unpack_from(tail, at)
        comment = record[7]
        after = len(tail) - at - _END.size - comment
        if comment:
            self.faults.append(Fault("zip.archive-comment", "archive", comment))
        if after:
            self.faults.append(Fault("zip.gaps", "after the end of the archive", after))
        self.count, self.length, self.start = record[4], record[5], record[6]
        if record[1] or record[2] or record[3] != record[4]:
            raise malformed("is an archive of several disks", place="archive")
        self.records_start = self.end
        if self.count == 0xFFFF or 0xFFFFFFFF in (self.length, self.start):
            self._read_end64()

    @staticmethod
    def _find_end(tail: bytes) -> int:
        at = tail.rfind(b"PK\x05\x06")
        first = at
        while at >= 0:
            # The record whose comment reaches the end of the file is the one meant.
            if at + _END.size <= len(tail):
                comment = _END.unpack_from(tail, at)[7]
                if at + _END.size + comment == len(tail):
                    return at
                if at + _END.size + comment < len(tail):
                    first = max(first, at) if first != at else at
            at = tail.rfind(b"PK\x05\x06", 0, at)
        if first < 0 or first + _END.size > len(tail):
            raise malformed("has no end of archive", place="archive")
        comment = _END.unpack_from(tail, first)[7]
        if first + _END.size + comment > len(tail):
            raise malformed("ends within its last record", place="archive")
        return first

    def _read_end64(self) -> None:
        self.stream.seek(max(0, self.end - _LOCATOR64.size))
        data = self.stream.read(_LOCATOR64.size)
        if len(data) < _LOCATOR64.size or data[:4] != b"PK\x06\x07":
            raise malformed("lacks its 64-bit directory", place="archive")
        at = _LOCATOR64.unpack(data)[2]
        self.stream.seek(at)
        data = self.stream.read(_END64.size)
        if len(data) < _END64.size or data[:4] != b"PK\x06\x06":
            raise malformed("lacks its 64-bit directory", place="archive")
        record = _END64.unpack(data)
        self.records_start = at
        self.count, self.length, self.start = record[7], record[8], record[9]
        slack = self.end - _LOCATOR64.size - (at + 12 + record[1])
        if slack or record[1] != _END64.size - 12:
            extra = abs(slack) + abs(record[1] - (_END64.size - 12))
            self.faults.append(Fault("zip.gaps", "beside the directory", extra))

    def rows(self, limits: Limits) -> list[Row]:
        """The records of the directory in their order."""
        if self.count > limits.parts:
            raise too_large("has more entries than the policy allows", place="archive")
        if self.start + self.length > self.records_start or self.length > 1 << 26:
            raise malformed("has a directory that does not fit", place="archive")
        self.stream.seek(self.start)
        data = self.stream.read(self.length)
        rows: list[Row] = []
        at = unpacked = 0
        while at + _CENTRAL.size <= len(data) and len(rows) < self.count:
            row, at = _central(data, at, len(rows) + 1)
            unpacked += row.unpacked
            if row.unpacked > limits.ratio * max(row.packed, 1) and row.unpacked > 1 << 16:
                raise too_large("unpacks suspiciously", place=f"entry {row.number} of the package")
            rows.append(row)
        if len(rows) != self.count:
            raise malformed("has a directory that does not fit", place="archive")
        if unpacked > limits.unpacked_bytes:
            raise too_large("unpacks to more bytes than the policy allows", place="archive")
        if at < len(data):
            self.faults.append(Fault("zip.gaps", "within the directory", len(data) - at))
        gap = self.records_start - self.start - self.length
        if gap:
            self.faults.append(Fault("zip.gaps", "after the directory", gap))
        return rows


def _central(data: bytes, at: int, number: int) -> tuple[Row, int]:
    fields = _CENTRAL.unpack_from(data, at)
    if fields[0] != b"PK\x01\x02":
        raise malformed("has a directory that does not fit", place="archive")
    names, extras, comments = fields[10], fields[11], fields[12]
    body = at + _CENTRAL.size
    end = body + names + extras + comments
    if end > len(data):
        raise malformed("has a directory that does not fit", place="archive")
    extra = data[body + names : body + names + extras]
    packed, unpacked, offset = fields[8], fields[9], fields[16]
    wide = dict(extra_fields(extra)).get(1)
    if wide is not None:
        values = iter(struct.unpack(f"<{len(wide) // 8}Q", wide[: len(wide) // 8 * 8]))
        unpacked = next(values, unpacked) if unpacked == 0xFFFFFFFF else unpacked
        packed = next(values, packed) if packed == 0xFFFFFFFF else packed
        offset = next(values, offset) if offset == 0xFFFFFFFF else offset
    row = Row(
        number,
        data[body : body + names],
        fields[1:],
        extra,
        data[body + names + extras : end],
        packed,
        unpacked,
        offset,
        wide is not None,
    )
    return row, end


def extra_fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    """The fields of an extra area; a rest that is no field comes under the number -1."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if at + 4 + length > len(extra):
            break
        yield kind, extra[at + 4 : at + 4 + length]
        at += 4 + length
    if at < len(extra):
        yield -1, extra[at:]
