"""A source or candidate, opened once: the one thing builders and inspectors are both given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from math import inf
from os import fstat
from os.path import samestat
from pathlib import Path
from time import monotonic
from typing import BinaryIO, Literal, NamedTuple

from safe_release.errors import SourceError, TooLarge
from safe_release.limits import Limits


class CellPlace(NamedTuple):
    """A cell by the number of its sheet in tab order, its row and its column, all from 1."""

    sheet: int
    row: int
    column: int


class CellValue(NamedTuple):
    """A value as SpreadsheetML spells it: ``type`` is that of ``c/@t`` (18.18.11)."""

    type: Literal["n", "str", "b", "e"]
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes under bounds.

    ``stream`` is seekable and read-only; whoever reads it seeks first. ``recalculated`` holds the
    values LibreOffice worked out for *every* formula cell, where the stored ones cannot be
    trusted; ``None`` means that the stored ones count.
    """

    stream: BinaryIO
    size: int
    sha256: str
    limits: Limits
    deadline: float = field(default=inf, repr=False)
    """When work on it must be over, by ``time.monotonic``."""
    recalculated: Mapping[CellPlace, CellValue] | None = field(default=None, repr=False)
    path: Path | None = field(default=None, repr=False)
    """Where the bytes are, if they are in a file that another process may open as well."""

    @contextmanager
    def apart(self) -> Iterator[Document]:
        """The same bytes through a stream of its own, whose position nobody shares.

        Raises ``SourceError`` where the file is another one by now.
        """
        if self.path is None:
            yield self
            return
        try:
            with self.path.open("rb") as stream:
                if not samestat(fstat(stream.fileno()), fstat(self.stream.fileno())):
                    raise SourceError(
                        "was replaced while it was being read",
                        place="source",
                        remedy="Wait until it is written, and retry",
                    )
                yield replace(self, stream=stream)
        except OSError as error:
            raise SourceError(
                f"cannot be read again ({error.strerror or type(error).__name__})",
                place="source",
                remedy="Check the file and the disk it is on",
            ) from None

    def check_time(self) -> None:
        """Raise ``TooLarge`` when ``limits.seconds`` have passed since it was taken in.

        Called by whoever works through something long, about once a megabyte.
        """
        if monotonic() > self.deadline:
            raise TooLarge(
                f"takes more than {self.limits.seconds:g} seconds",
                place="source",
                remedy="Raise limits.seconds if you trust the source",
            )

    def with_values(self, values: Mapping[CellPlace, CellValue]) -> Document:
        """The same bytes with trustworthy formula values beside them."""
        return replace(self, recalculated=values)
