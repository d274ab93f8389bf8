"""Compound files (MS-CFB): the container of encrypted workbooks and of the old binary ones."""

from __future__ import annotations

import struct

SECTOR = 512
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def _directory_entry(name: str, kind: int, child: int, right: int, start: int, size: int) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    return (
        raw.ljust(64, b"\0")
        + struct.pack("<HBBLLL", len(raw) if name else 0, kind, 1, FREE, right, child)
        + bytes(36)
        + struct.pack("<LQ", start, size)
    )


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file of version 3 whose root storage holds the streams.

    Streams are padded to 4,096 bytes, so that none of them goes into the mini stream.
    """
    sectors: list[bytes] = []
    chain: list[int] = []
    places = []
    for data in streams.values():
        data = data.ljust(max(4096, -(-len(data) // SECTOR) * SECTOR), b"\0")
        start, count = len(sectors), len(data) // SECTOR
        sectors += [data[at : at + SECTOR] for at in range(0, len(data), SECTOR)]
        chain += [*range(start + 1, start + count), END]
        places.append((start, len(data)))
    listing = _directory_entry("Root Entry", 5, 1 if streams else FREE, FREE, END, 0)
    for number, (name, (start, size)) in enumerate(zip(streams, places, strict=True), 1):
        right = number + 1 if number < len(streams) else FREE
        listing += _directory_entry(name, 2, FREE, right, start, size)
    while len(listing) % SECTOR:
        listing += _directory_entry("", 0, FREE, FREE, 0, 0)
    directory = len(sectors)
    pieces = [listing[at : at + SECTOR] for at in range(0, len(listing), SECTOR)]
    sectors += pieces
    chain += [*range(directory + 1, directory + len(pieces)), END]
    fats = -(-(len(chain) + 1) // 127)
    first_fat = len(sectors)
    chain += [FAT] * fats
    chain += [FREE] * (fats * 128 - len(chain))
    table = struct.pack(f"<{len(chain)}L", *chain)
    sectors += [table[at : at + SECTOR] for at in range(0, len(table), SECTOR)]
    difat = [first_fat + at for at in range(fats)] + [FREE] * (109 - fats)
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
        + struct.pack("<LLLLLLLLL", 0, fats, directory, 0, 4096, END, 0, END, 0)
        + struct.pack("<109L", *difat)
    )
    return header + b"".join(sectors)


def encrypted_workbook(clear: bytes = b"") -> bytes:
    """What Office writes for a workbook with a password to open; ``clear`` lies beside it."""
    info = struct.pack("<HHL", 4, 4, 0x40) + b'<?xml version="1.0"?><encryption/>'
    noise = bytes((at * 151 + 7) % 256 for at in range(6000))
    return compound(
        {
            "EncryptedPackage": struct.pack("<Q", 5990) + noise,
            "EncryptionInfo": info,
            "\x05SummaryInformation": clear,
        }
    )


def old_workbook() -> bytes:
    """The outside of an xls file: a Workbook stream that begins with a BIFF8 record."""
    return compound({"Workbook": struct.pack("<HHHH", 0x809, 16, 0x600, 5) + bytes(12)})
