"""This module is the taking in of a source: opened once, bounded, told apart by its content."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, BinaryIO, Final, TypeAlias, Union, cast

from safe_release.document import Document
from safe_release.errors import Encrypted, SourceError, TooLarge, UnknownFormat
from safe_release.limits import Limits

if TYPE_CHECKING:
    import openpyxl

Source: TypeAlias = Union[str, "os.PathLike[str]", bytes, bytearray, BinaryIO, "openpyxl.Workbook"]
"""What can be cleaned: a path, bytes, a binary file object, or a workbook of openpyxl's."""

_CHUNK: Final = 1 << 20
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The first bytes of a compound file (MS-CFB 2.2): encrypted and pre-2007 documents are such."""
_ENCRYPTED_PACKAGE: Final = "EncryptedPackage".encode("utf-16-le")
_LEGACY: Final = {
    "Workbook": "an Excel 97-2003 workbook (xls)",
    "Book": "an Excel 5 workbook (xls)",
    "WordDocument": "a Word 97-2003 document (doc)",
    "PowerPoint Document": "a PowerPoint 97-2003 presentation (ppt)",
}
_OTHERS: Final = (
    (b"%PDF-", "a PDF document"),
    (b"{\\rtf", "a Rich Text document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
)
SAVE_AS: Final = "Open it in the application that made it, save it as xlsx and retry"


@contextlib.contextmanager
def intake(source: Source, limits: Limits) -> Iterator[Document]:
    """Open ``source`` once and hold it while it is looked at.

    Raises ``SourceError`` where it cannot be read or changes meanwhile, and ``TooLarge``.
    """
    with contextlib.ExitStack() as stack:
        stream, is_shared = _opened(source, stack, limits)
        deadline = monotonic() + limits.seconds
        path = Path(stream.name) if is_shared else None
        document = Document(stream, *_measured(stream, limits), limits, deadline, path=path)
        yield document
        if is_shared and _measured(stream, limits) != (document.size, document.sha256):
            raise SourceError(
                "changed while it was being read",
                place="source",
                remedy="Wait until it is written, and retry",
            )


def candidate(stream: BinaryIO, source: Document) -> Document:
    """A freshly written candidate as a document, under the limits and deadline of its source."""
    return Document(stream, *_measured(stream, source.limits), source.limits, source.deadline)


def recognise_magic(document: Document) -> None:
    """Pass a zip package; say of everything else what it is.

    Raises ``Encrypted`` and ``UnknownFormat``.
    """
    document.stream.seek(0)
    head = document.stream.read(1 << 16)
    if head.startswith(b"PK\x03\x04"):
        return
    if head.startswith(_COMPOUND):
        raise _compound(document)
    what = next((name for magic, name in _OTHERS if head.startswith(magic)), None)
    if what is not None:
        raise UnknownFormat(
            f"is {what}, which this version does not clean", place="source", remedy=SAVE_AS
        )
    if not head:
        raise UnknownFormat("is empty", place="source", remedy="Check how it was written")
    raise UnknownFormat(
        "is no document of a known format, whatever its name says", place="source", remedy=SAVE_AS
    )


def _compound(document: Document) -> SourceError:
    document.stream.seek(0)
    content = b""
    found = []
    while chunk := document.stream.read(_CHUNK):
        content = content[-64:] + chunk
        if _ENCRYPTED_PACKAGE in content:
            return Encrypted(
                "is encrypted with a password",
                place="source",
                remedy="Open it with its password, save it without one, and retry",
            )
        found += [name for name in _LEGACY if _name(name) in content]
    what = _LEGACY[found[0]] if found else "a compound file of an older application"
    return UnknownFormat(f"is {what}", place="source", remedy=SAVE_AS)


def _name(stream: str) -> bytes:
    # A directory entry pads the name of a stream with zeros (MS-CFB 2.6.1).
    return stream.encode("utf-16-le") + b"\0\0\0\0"


def _opened(source: Source, stack: contextlib.ExitStack, limits: Limits) -> tuple[BinaryIO, bool]:
    """The stream, and whether somebody else could write to it meanwhile."""
    if isinstance(source, (bytes, bytearray)):
        return io.BytesIO(source), False
    if isinstance(source, (str, os.PathLike)):
        try:
            return stack.enter_context(open(source, "rb")), True  # noqa: PTH123
        except (OSError, ValueError) as error:
            raise SourceError(
                f"cannot be opened ({_reason(error)})",
                place="source",
                remedy="Check the path and that you may read it",
            ) from None
    if hasattr(source, "read"):
        return _held(cast("BinaryIO", source), limits), False
    return _saved(source), False


def _held(source: BinaryIO, limits: Limits) -> BinaryIO:
    """The rest of a file object, which may be a pipe, in memory."""
    held = io.BytesIO()
    try:
        while data := source.read(_CHUNK):
            if not isinstance(data, bytes):
                raise SourceError(
                    "is a text file object", place="source", remedy="Open the file in binary mode"
                )
            held.write(data)
            if held.tell() > limits.source_bytes:
                break  # measuring it says so
    except (OSError, ValueError) as error:
        raise _unreadable(error) from None
    return held


def _saved(source: object) -> BinaryIO:
    """A library's own object, saved into memory."""
    kind = type(source)
    if kind.__name__ == "Workbook" and kind.__module__.startswith("openpyxl."):
        stream = io.BytesIO()
        try:
            source.save(stream)  # type: ignore[attr-defined]
        except Exception as error:  # noqa: BLE001 (whatever openpyxl has against its own workbook)
            raise SourceError(
                f"cannot be saved by openpyxl ({type(error).__name__})",
                place="source",
                remedy="Give it a sheet, and save it once",
            ) from None
        stream.seek(0)
        return stream
    raise SourceError(
        f"a {kind.__name__} is nothing that can be cleaned",
        place="source",
        remedy="Pass a path, bytes, a binary file object or an openpyxl Workbook",
    )


def _measured(stream: BinaryIO, limits: Limits) -> tuple[int, str]:
    digest = hashlib.sha256()
    size = 0
    try:
        stream.seek(0)
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            if size > limits.source_bytes:
                raise TooLarge(
                    f"is larger than {limits.source_bytes} bytes",
                    place="source",
                    remedy="Raise limits.source_bytes if you trust the source",
                )
    except OSError as error:
        raise _unreadable(error) from None
    return size, digest.hexdigest()


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__


def _unreadable(error: Exception) -> SourceError:
    return SourceError(
        f"cannot be read ({_reason(error)})",
        place="source",
        remedy="Check the file and the disk it is on",
    )
