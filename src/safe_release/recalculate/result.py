"""This module is a file that LibreOffice wrote, opened and parsed within the time that is left."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from xml.parsers import expat

from safe_release.document import CellPlace
from safe_release.recalculate.failures import cannot_recalculate, out_of_time

_CHUNK = 1 << 18


def _nothing(_: str) -> None:
    return


@dataclass(frozen=True, slots=True)
class Result:
    """The package, the cells it was made for, and the moment (monotonic) to stop at."""

    package: zipfile.ZipFile
    asked: Sequence[CellPlace]
    deadline: float

    def parse(
        self,
        part: str,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] = _nothing,
        text: Callable[[str], None] = _nothing,
    ) -> None:
        """Hand the elements and characters of a part on, in order.

        Raises ``CannotRebuild`` naming the cells when time is up.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text
        with self.package.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                if monotonic() > self.deadline:
                    raise out_of_time(self.asked)
                parser.Parse(chunk, False)
        parser.Parse(b"", True)


@contextmanager
def opened(path: Path, asked: Sequence[CellPlace], deadline: float) -> Iterator[Result]:
    """Open a result; one that is cut short or broken is a failure of LibreOffice."""
    try:
        with zipfile.ZipFile(path) as package:
            yield Result(package, asked, deadline)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, expat.ExpatError):
        raise cannot_recalculate(
            "have formulas without a trustworthy value, and LibreOffice wrote a broken result",
            asked,
        ) from None
