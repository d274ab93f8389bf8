"""Whether the inspectors account for every byte of a container, and refuse what readers dispute."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from safe_release.document import Document
from safe_release.errors import Encrypted, Malformed, TooLarge
from safe_release.inspectors.raw_zip import Archive, name_key, open_archive
from safe_release.limits import Limits

TEXT = b"<a>" + b"Person 0042 " * 50 + b"</a>"


def document(data: bytes, limits: Limits | None = None) -> Document:
    return Document(io.BytesIO(data), len(data), "", limits or Limits())


def archive_of(*entries: tuple[str, bytes], comment: bytes = b"") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in entries:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system = 0
            info.external_attr = 0
            info.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(info, data)
        file.comment = comment
    return stream.getvalue()


PLAIN = archive_of(("a.xml", TEXT), ("b.xml", TEXT))


def channels(data: bytes) -> dict[str, int]:
    archive = read_all(data)
    return {fault.channel: fault.count for fault in archive.faults}


def read_all(data: bytes) -> Archive:
    archive = open_archive(document(data))
    for entry in archive.entries:
        assert b"".join(archive.stream(entry, 100)) == TEXT
    return archive


def test_a_canonical_archive_has_no_fault() -> None:
    archive = read_all(PLAIN)
    assert archive.faults == []
    assert all(entry.canonical for entry in archive.entries)


def test_comments_are_counted() -> None:
    data = archive_of(("a.xml", TEXT), comment=b"made by Person 0042")
    assert channels(data) == {"zip.archive-comment": 19}


def test_bytes_after_the_end_are_counted() -> None:
    assert channels(PLAIN + b"trailing") == {"zip.gaps": 8}


def moved(data: bytes, extra: bytes, at: int) -> bytes:
    """The archive with bytes put in front of its directory, which moves."""
    end = data.rfind(b"PK\x05\x06")
    start = struct.unpack_from("<I", data, end + 16)[0]
    assert at == start
    tail = bytearray(data[end:])
    struct.pack_into("<I", tail, 16, start + len(extra))
    return data[:start] + extra + data[start:end] + bytes(tail)


def test_a_deleted_entry_is_found_in_the_bytes() -> None:
    start = struct.unpack_from("<I", PLAIN, PLAIN.rfind(b"PK\x05\x06") + 16)[0]
    assert channels(moved(PLAIN, b"PK\x03\x04 an old part", start)) == {"zip.hidden-entries": 16}
    assert channels(moved(PLAIN, b"remains", start)) == {"zip.gaps": 7}


def test_padding_that_only_a_local_header_has_is_found() -> None:
    extra = struct.pack("<HH", 0xA220, 6) + b"secret"
    head = bytearray(PLAIN[:30])
    struct.pack_into("<H", head, 28, len(extra))
    first = 30 + len("a.xml")
    shifted = bytearray(bytes(head) + PLAIN[30:first] + extra + PLAIN[first:])
    end = shifted.rfind(b"PK\x05\x06")
    start = struct.unpack_from("<I", shifted, end + 16)[0] + len(extra)
    struct.pack_into("<I", shifted, end + 16, start)
    second = shifted.find(b"PK\x01\x02", start + 4)
    moved_to = struct.unpack_from("<I", shifted, second + 42)[0] + len(extra)
    struct.pack_into("<I", shifted, second + 42, moved_to)
    assert channels(bytes(shifted)) == {"zip.growth-hint-padding": 10}


@pytest.mark.parametrize("other", ["A.XML", "/a.xml", "%61.xml", "a.xml"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name_are_refused(other: str) -> None:
    with pytest.raises(Malformed, match="occurs twice"):
        open_archive(document(archive_of(("a.xml", TEXT), (other, TEXT))))


def test_names_are_compared_as_readers_compare_them() -> None:
    assert name_key("\\XL\\work%62ook.xml") == "xl/workbook.xml"


def test_a_checksum_that_lies_is_refused() -> None:
    data = bytearray(PLAIN)
    for at in (data.find(b"PK\x03\x04") + 14, data.find(b"PK\x01\x02") + 16):
        data[at] ^= 1
    archive = open_archive(document(bytes(data)))
    with pytest.raises(Malformed, match="contradict"):
        b"".join(archive.stream(archive.entries[0]))


def test_headers_that_disagree_are_refused() -> None:
    data = bytearray(PLAIN)
    data[30] = ord("z")
    with pytest.raises(Malformed, match="contradict each other"):
        open_archive(document(bytes(data)))


def test_encrypted_entries_are_refused() -> None:
    data = bytearray(PLAIN)
    data[data.find(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(Encrypted):
        open_archive(document(bytes(data)))


def test_limits_hold() -> None:
    with pytest.raises(TooLarge):
        open_archive(document(PLAIN, Limits(parts=1)))
    with pytest.raises(TooLarge):
        open_archive(document(PLAIN, Limits(unpacked_bytes=1000)))
    bomb = archive_of(("a.xml", bytes(1 << 20)))
    with pytest.raises(TooLarge):
        open_archive(document(bomb, Limits(ratio=10)))


def test_another_document_in_front_is_refused() -> None:
    with pytest.raises(Malformed):
        open_archive(document(b"%PDF-1.7 " + PLAIN))
