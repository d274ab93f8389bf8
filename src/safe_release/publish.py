"""This module is publication: beside the destination first, then one rename; nothing on failure."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from safe_release.errors import PublishError

_REMEDY = "Check that the folder exists, that you may write there, and that there is space"


class Candidate:
    """A file beside the destination that nobody is meant to see.

    ``stream`` is open for writing and reading. ``publish`` gives it the destination's name in one
    step; without it the file is gone when the context ends, whatever happened.
    """

    def __init__(self, destination: Path, stream: BinaryIO, path: Path) -> None:
        self._destination = destination
        self._path = path
        self._is_published = False
        self.stream = stream

    def publish(self) -> None:
        """Flush to disk and replace the destination atomically. Raises ``PublishError``."""
        try:
            self.stream.flush()
            os.fsync(self.stream.fileno())
            self._keep_mode()
            self._path.replace(self._destination)
            self._is_published = True
            self._sync_folder()
        except (OSError, ValueError) as error:  # a name that no system takes is a ValueError
            raise _failure(error) from None

    def _keep_mode(self) -> None:
        # A destination that others may read stays readable by them; a new one gets the usual mode.
        try:
            mode = stat.S_IMODE(self._destination.stat().st_mode)
        except OSError:
            mask = os.umask(0)
            os.umask(mask)
            mode = 0o666 & ~mask
        self._path.chmod(mode)

    def _sync_folder(self) -> None:
        with contextlib.suppress(OSError):  # not every file system can
            folder = os.open(self._destination.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def discard(self) -> None:
        """Close, and remove what was not published."""
        with contextlib.suppress(OSError):
            self.stream.close()
        if not self._is_published:
            with contextlib.suppress(OSError):
                self._path.unlink()


@contextlib.contextmanager
def beside(destination: str | os.PathLike[str]) -> Iterator[Candidate]:
    """A candidate for ``destination``. Raises ``PublishError`` where none can be made."""
    try:
        target = _target(destination)
    except (OSError, ValueError, TypeError) as error:
        raise _failure(error) from None
    path = target.parent / f".safe-release-{secrets.token_hex(8)}.part"
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except (OSError, ValueError) as error:
        raise _failure(error) from None
    candidate = Candidate(target, os.fdopen(descriptor, "w+b"), path)
    try:
        yield candidate
    except OSError as error:
        # The only files written inside are the candidate and its spool.
        raise _failure(error) from None
    finally:
        candidate.discard()


def _target(destination: str | os.PathLike[str]) -> Path:
    target = Path(destination).absolute()
    if target.is_dir():
        raise PublishError("is a folder", place="destination", remedy="Name a file")
    if target.is_symlink():
        target = target.resolve()
    if target.exists() and not target.is_file():
        raise PublishError("is a device or a pipe", place="destination", remedy="Name a file")
    return target


def _failure(error: Exception) -> PublishError:
    reason = getattr(error, "strerror", None) or type(error).__name__
    return PublishError(
        f"could not be written ({reason})",
        place="destination",
        remedy=_REMEDY,
    )
