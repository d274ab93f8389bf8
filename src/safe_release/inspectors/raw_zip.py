"""A reader of ZIP containers that accounts for every byte."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from safe_release.document import Document
from safe_release.errors import Encrypted, Malformed
from safe_release.inspectors.faults import malformed, too_large
from safe_release.inspectors.places import part_place
from safe_release.limits import Limits

CHUNK = 1 << 18
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_END64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR64 = struct.Struct("<4sIQI")
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")
# 1980-01-01 00:00:00, the first moment a DOS date can name.
_EPOCH = (0, 0x21)


@dataclass(frozen=True, slots=True)
class Fault:
    """A channel of the container seen at a place, with a count of bytes or entries."""

    channel: str
    place: str
    count: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the central directory with what its local header adds."""

    number: int
    name: str
    key: str
    """The name as names are compared: slashes, escapes and case folded."""
    method: int
    flags: int
    crc: int
    packed: int
    unpacked: int
    start: int
    data_offset: int
    end: int
    canonical: bool
    """Whether both headers hold nothing but what a canonical archive needs."""

    @property
    def place(self) -> str:
        """How a report names the entry."""
        return part_place(self.name, self.number)


@dataclass(slots=True)
class Archive:
    """The entries of a container, and what lies between and beside them."""

    document: Document
    entries: tuple[Entry, ...] = ()
    faults: list[Fault] = field(default_factory=list)
    by_key: dict[str, Entry] = field(default_factory=dict)

    def get(self, name: str) -> Entry | None:
        """The entry of a part name, compared as names are compared."""
        return self.by_key.get(name_key(name))

    def stream(self, entry: Entry, size: int = 1 << 20) -> Iterator[bytes]:
        """The content of an entry in pieces of at most ``size`` bytes.

        Raises ``Malformed`` where data, sizes and checksum contradict each other (APPNOTE 4.4),
        and notes bytes that decompression never reached.
        """
        limits = self.document.limits
        if entry.unpacked > limits.part_bytes:
            raise too_large("unpacks to more bytes than the policy allows", place=entry.place)
        crc = total = 0
        for piece in self._inflate(entry, size):
            self.document.check_time()
            total += len(piece)
            if total > entry.unpacked:
                raise _lie(entry)
            crc = zlib.crc32(piece, crc)
            yield piece
        if total != entry.unpacked or crc != entry.crc:
            raise _lie(entry)

    def read(self, entry: Entry) -> bytes:
        """The whole content of a small part; ``TooLarge`` beyond ``Limits.small_part_bytes``."""
        if entry.unpacked > self.document.limits.small_part_bytes:
            raise too_large("is too large to be read as a tree", place=entry.place)
        return b"".join(self.stream(entry))

    def _inflate(self, entry: Entry, size: int) -> Iterator[bytes]:
        stream = self.document.stream
        position, left = entry.data_offset, entry.packed
        if entry.method == 0:
            while left:
                stream.seek(position)
                piece = stream.read(min(size, left))
                if not piece:
                    raise _lie(entry)
                position += len(piece)
                left -= len(piece)
                yield piece
            return
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        while left and not inflater.eof:
            stream.seek(position)
            packed = stream.read(min(CHUNK, left))
            if not packed:
                raise _lie(entry)
            position += len(packed)
            left -= len(packed)
            yield from _unpacked(inflater, packed, size, entry)
        # What is still held back comes out in bounded pieces too.
        yield from _unpacked(inflater, b"", size, entry)
        if not inflater.eof:
            raise _lie(entry)
        slack = len(inflater.unused_data) + left
        if slack:
            fault = Fault("zip.deflate-slack", entry.place, slack)
            if fault not in self.faults:
                self.faults.append(fault)


def _unpacked(
    inflater: zlib._Decompress, packed: bytes, size: int, entry: Entry
) -> Iterator[bytes]:
    """What a piece of packed bytes unpacks to, in pieces of at most ``size``."""
    while not inflater.eof:
        try:
            piece = inflater.decompress(packed, size)
        except zlib.error:
            raise _lie(entry) from None
        packed = inflater.unconsumed_tail
        if piece:
            yield piece
        if not packed and not piece:
            return


def name_key(name: str) -> str:
    """A part name as names are compared (ECMA-376-2 6.2.2.3)."""
    plain = _PERCENT.sub(lambda hit: chr(int(hit[1], 16)), name.replace("\\", "/"))
    return plain.lstrip("/").casefold()


def _lie(entry: Entry) -> Malformed:
    return malformed(
        "sizes or checksum contradict the data",
        place=entry.place,
        remedy="Open the file in its application and save it again",
    )


def open_archive(document: Document) -> Archive:
    """Read the directory and every local header, and account for every byte.

    Raises ``Malformed`` where two readers could see two documents (names that occur twice,
    headers that contradict each other, entries that overlap), ``Encrypted`` for encrypted
    entries and compound files, ``TooLarge`` beyond the limits.
    """
    stream, size = document.stream, document.size
    if size > document.limits.source_bytes:
        raise too_large("is larger than the policy allows", place="file")
    stream.seek(0)
    magic = stream.read(8)
    if magic.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise Encrypted(
            "is a compound file: encrypted, or of an older format",
            place="file",
            remedy="Save it without a password as xlsx",
        )
    if not magic.startswith(b"PK\x03\x04"):
        raise malformed("does not begin as an archive", place="file")
    directory = _Directory(document)
    archive = Archive(document)
    archive.faults.extend(directory.faults)
    entries = [_local(document, archive, row) for row in directory.rows(document.limits)]
    _refuse_namesakes(entries)
    archive.entries = tuple(entries)
    archive.by_key = {entry.key: entry for entry in entries}
    _account(archive, directory)
    return archive


@dataclass(slots=True)
class _Row:
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


class _Directory:
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

    def rows(self, limits: Limits) -> list[_Row]:
        """The records of the directory in their order."""
        if self.count > limits.parts:
            raise too_large("has more entries than the policy allows", place="archive")
        if self.start + self.length > self.records_start or self.length > 1 << 26:
            raise malformed("has a directory that does not fit", place="archive")
        self.stream.seek(self.start)
        data = self.stream.read(self.length)
        rows: list[_Row] = []
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


def _central(data: bytes, at: int, number: int) -> tuple[_Row, int]:
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
    wide = dict(_extras(extra)).get(1)
    if wide is not None:
        values = iter(struct.unpack(f"<{len(wide) // 8}Q", wide[: len(wide) // 8 * 8]))
        unpacked = next(values, unpacked) if unpacked == 0xFFFFFFFF else unpacked
        packed = next(values, packed) if packed == 0xFFFFFFFF else packed
        offset = next(values, offset) if offset == 0xFFFFFFFF else offset
    row = _Row(
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


def _extras(extra: bytes) -> Iterator[tuple[int, bytes]]:
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


def _decoded(name: bytes, flags: int) -> str:
    try:
        return name.decode("utf-8" if flags & 0x800 or name.isascii() else "cp437")
    except UnicodeDecodeError:
        return name.decode("cp437")


def _local(document: Document, archive: Archive, row: _Row) -> Entry:
    """Join a directory record with its local header; ``Malformed`` where they disagree."""
    made_by, _, flags, method, time, date, crc = row.fields[:7]
    name = _decoded(row.name, flags)
    place = part_place(name, row.number)
    if flags & 0x2041:
        raise Encrypted("is encrypted", place=place, remedy="Save it without a password")
    if method not in (0, 8):
        raise malformed("is packed by an unusual method", place=place)
    document.stream.seek(row.offset)
    head = document.stream.read(_LOCAL.size)
    if len(head) < _LOCAL.size or head[:4] != b"PK\x03\x04":
        raise malformed("has no local header", place=place)
    local = _LOCAL.unpack(head)
    rest = document.stream.read(local[9] + local[10])
    extra = rest[local[9] :]
    wide = dict(_extras(extra)).get(1, b"")
    streamed = bool(flags & 8)
    sizes = {(local[7], local[8])}
    if len(wide) >= 16:
        unpacked64, packed64 = struct.unpack_from("<QQ", wide)
        sizes = {(packed64, unpacked64)}
    agreed = (row.packed, row.unpacked) in sizes and local[6] == crc
    zero = streamed and local[6] == 0 and sizes <= {(0, 0), (0xFFFFFFFF, 0xFFFFFFFF)}
    # A name in one header only, or sizes that differ, are content for one reader only.
    if rest[: local[9]] != row.name or local[3] != method or not (agreed or zero or streamed):
        raise malformed("has two headers that contradict each other", place=place)
    data = row.offset + _LOCAL.size + len(rest)
    end = data + row.packed
    if end > document.size:
        raise malformed("reaches beyond the end of the file", place=place)
    if streamed:
        end += _descriptor(document, end, crc, row)
    _note_headers(archive.faults, row, extra, name, place)
    canonical = (
        not (row.extra or extra or row.comment or flags & ~0x800 or row.fields[13] or made_by >> 8)
        and (time, date) == _EPOCH
        and local[4:6] == (time, date)
        and local[2] == flags
        and not row.fields[12]
    )
    return Entry(row.number, name, name_key(name), method, flags, crc, row.packed, row.unpacked,
                 row.offset, data, end, canonical)  # fmt: skip


def _descriptor(document: Document, at: int, crc: int, row: _Row) -> int:
    """The length of the data descriptor (APPNOTE 4.3.9) that stands at ``at``, or 0."""
    document.stream.seek(at)
    data = document.stream.read(24)
    for form in ("<4sIII", "<4sIQQ", "<III", "<IQQ"):
        length = struct.calcsize(form)
        if len(data) < length:
            continue
        fields = struct.unpack_from(form, data)
        if form[1] == "4" and fields[0] != b"PK\x07\x08":
            continue
        if fields[-3:] == (crc, row.packed, row.unpacked):
            return length
    return 0


def _note_headers(faults: list[Fault], row: _Row, extra: bytes, name: str, place: str) -> None:
    made_by, _, _, _, time, date = row.fields[:6]
    if row.comment:
        faults.append(Fault("zip.entry-comment", place, len(row.comment)))
    if (time, date) != _EPOCH and (time or date):
        faults.append(Fault("zip.dos-timestamp", place, 1))
    if made_by >> 8 or row.fields[12] or row.fields[13]:
        faults.append(Fault("zip.host-attributes", place, 1))
    if name.endswith("/"):
        faults.append(Fault("zip.directory-entries", place, 1))
    central = [kind for kind, _ in _extras(row.extra) if kind != 1]
    local = [kind for kind, _ in _extras(extra) if kind != 1 and kind not in central]
    if central:
        faults.append(Fault("zip.extra-fields", place, len(central)))
    if local:
        faults.append(Fault("zip.growth-hint-padding", place, len(extra)))
    for area in (row.extra, extra):
        for kind, value in _extras(area):
            if kind == 0x7075 and value[5:] != row.name:
                raise malformed("has two different names", place=place)


def _refuse_namesakes(entries: list[Entry]) -> None:
    seen: dict[str, int] = {}
    for entry in entries:
        if entry.key in seen:
            raise malformed(
                "occurs twice, so that readers would see different documents",
                place=entry.place,
                remedy="Open the file in its application and save it again",
            )
        seen[entry.key] = entry.number


def _account(archive: Archive, directory: _Directory) -> None:
    """Every byte before the directory belongs to an entry, or is a fault."""
    at = 0
    for entry in sorted(archive.entries, key=lambda entry: entry.start):
        if entry.start < at:
            raise malformed("overlaps another entry", place=entry.place)
        _gap(archive, at, entry.start)
        at = entry.end
    if at > directory.start:
        raise malformed("reaches into the directory", place="archive")
    _gap(archive, at, directory.start)


def _gap(archive: Archive, start: int, end: int) -> None:
    if start == end:
        return
    archive.document.stream.seek(start)
    deleted = archive.document.stream.read(4) == b"PK\x03\x04"
    channel = "zip.hidden-entries" if deleted else "zip.gaps"
    archive.faults.append(Fault(channel, "between the entries", end - start))
