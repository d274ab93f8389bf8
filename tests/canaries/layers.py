"""Where a canary could sit in a file: every layer, every spelling."""

from __future__ import annotations

import base64
import contextlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from urllib.parse import quote


def _base64_cores(raw: bytes) -> Iterator[bytes]:
    """The characters of base64 that depend on ``raw`` alone, at each of the three alignments."""
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + raw)
        head = (0, 2, 3)[shift]
        tail = (0, 2, 3)[-(shift + len(raw)) % 3]
        core = text.rstrip(b"=")
        end = len(text) - tail - (1 if tail else 0)
        yield core[head : min(len(core), end)]


def spellings(canary: str) -> list[bytes]:
    """The byte strings a canary can hide behind."""
    plain = canary.encode("utf-8")
    wide = [canary.encode("utf-16-le"), canary.encode("utf-16-be")]
    found = [plain, *wide]
    for raw in (plain, *wide):
        found += [raw.hex().encode(), raw.hex().upper().encode()]
        found += [core for core in _base64_cores(raw) if len(core) >= 8]
    found.append(quote(canary, safe="").encode())
    found.append("".join(f"%{byte:02X}" for byte in plain).encode())
    found.append("".join(f"%{byte:02x}" for byte in plain).encode())
    found.append("".join(f"&#{ord(char)};" for char in canary).encode())
    found.append("".join(f"&#x{ord(char):x};" for char in canary).encode())
    found.append("".join(f"&#x{ord(char):X};" for char in canary).encode())
    found.append("".join(f"_x{ord(char):04X}_" for char in canary).encode())
    found.append(
        canary.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode("utf-8")
    )
    return list(dict.fromkeys(found))


def layers(data: bytes, depth: int = 0) -> Iterator[bytes]:
    """The file itself and everything that inflates out of it, listed in a directory or not."""
    yield data
    seen = {data}
    for inner in [*_listed(data), *_found(data)]:
        if inner in seen:
            continue
        seen.add(inner)
        if inner[:2] == b"PK" and depth < 3:
            yield from layers(inner, depth + 1)
        else:
            yield inner


def _listed(data: bytes) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                try:
                    yield archive.read(info)
                except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError):
                    continue
    except zipfile.BadZipFile:
        return


def _found(data: bytes) -> Iterator[bytes]:
    at = data.find(b"PK\x03\x04")
    while at >= 0:
        name, extra = (int.from_bytes(data[at + i : at + i + 2], "little") for i in (26, 28))
        start = at + 30 + name + extra
        with contextlib.suppress(zlib.error):
            yield zlib.decompressobj(-15).decompress(data[start:], 1 << 26)
        at = data.find(b"PK\x03\x04", at + 4)


def occurs(canary: str | bytes, data: bytes) -> bool:
    """Whether the canary is anywhere in the file: a word in any spelling, bytes as they are."""
    if isinstance(canary, bytes):
        return any(canary in layer for layer in layers(data))
    looked_for = spellings(canary)
    for layer in layers(data):
        narrow = layer.replace(b"\0", b"")  # base64 and escapes inside a UTF-16 part
        if any(spelling in layer or spelling in narrow for spelling in looked_for):
            return True
    return False
