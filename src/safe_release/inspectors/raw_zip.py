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
from safe_release.inspectors.zip_directory import Directory, Fault, Row, extra_fields

CHUNK = 1 << 18
_LOCAL = struct.Struct("<4s5H3I2H")
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")
# 1980-01-01 00:00:00, the first moment a DOS date can name.
_EPOCH = (0, 0x21)


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
    directory = Directory(document)
    archive = Archive(document)
    archive.faults.extend(directory.faults)
    entries = [_local(document, archive, row) for row in directory.rows(document.limits)]
    _refuse_namesakes(entries)
    archive.entries = tuple(entries)
    archive.by_key = {entry.key: entry for entry in entries}
    _account(archive, directory)
    return archive


def _decoded(name: bytes, flags: int) -> str:
    try:
        return name.decode("utf-8" if flags & 0x800 or name.isascii() else "cp437")
    except UnicodeDecodeError:
        return name.decode("cp437")


def _local(document: Document, archive: Archive, row: Row) -> Entry:
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
    streamed = bool(flags & 8)
    # A name in one header only, or sizes that differ, are content for one reader only.
    agreed = streamed or ((row.packed, row.unpacked) == _sizes(local, extra) and local[6] == crc)
    if rest[: local[9]] != row.name or local[3] != method or not agreed:
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


def _sizes(local: tuple[int, ...], extra: bytes) -> tuple[int, int]:
    """Packed and unpacked size by a local header, where they stand in 64 bits too."""
    wide = dict(extra_fields(extra)).get(1, b"")
    if len(wide) < 16:
        return local[7], local[8]
    unpacked, packed = struct.unpack_from("<QQ", wide)
    return packed, unpacked


def _descriptor(document: Document, at: int, crc: int, row: Row) -> int:
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


def _note_headers(faults: list[Fault], row: Row, extra: bytes, name: str, place: str) -> None:
    made_by, _, _, _, time, date = row.fields[:6]
    if row.comment:
        faults.append(Fault("zip.entry-comment", place, len(row.comment)))
    if (time, date) != _EPOCH and (time or date):
        faults.append(Fault("zip.dos-timestamp", place, 1))
    if made_by >> 8 or row.fields[12] or row.fields[13]:
        faults.append(Fault("zip.host-attributes", place, 1))
    if name.endswith("/"):
        faults.append(Fault("zip.directory-entries", place, 1))
    central = [kind for kind, _ in extra_fields(row.extra) if kind != 1]
    local = [kind for kind, _ in extra_fields(extra) if kind != 1 and kind not in central]
    if central:
        faults.append(Fault("zip.extra-fields", place, len(central)))
    if local:
        faults.append(Fault("zip.growth-hint-padding", place, len(extra)))
    for area in (row.extra, extra):
        for kind, value in extra_fields(area):
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


def _account(archive: Archive, directory: Directory) -> None:
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
