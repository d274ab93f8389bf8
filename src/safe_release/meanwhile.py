"""This module is one piece of work done in a second process while the first goes on."""

from __future__ import annotations

import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic, sleep
from typing import Generic, NoReturn, TypeVar

_T = TypeVar("_T")
_ALONE = False
_LAST_BREATH = 5.0
"""Seconds for a child to clear away what it has begun."""


def work_alone() -> None:
    """From now on this process does one thing after the other: its siblings use the other cores."""
    global _ALONE
    _ALONE = True


class _Abandoned(BaseException):
    """The parent has no use for the work any more."""


class Pending(Generic[_T]):
    """Work that may be going on elsewhere."""

    def __init__(self, work: Callable[[], _T], reader: int | None, child: int) -> None:
        self._work = work
        self._reader = reader
        self._child = child

    @property
    def is_elsewhere(self) -> bool:
        """Whether a second process is at it."""
        return self._reader is not None

    def result(self) -> _T:
        """What the work returned, or raise what it raised; done here where nobody did it."""
        if self._reader is not None:
            with suppress(OSError, EOFError, pickle.UnpicklingError):
                with os.fdopen(self._reader, "rb") as pipe:
                    self._reader = None
                    # What comes through the pipe was written by this very program.
                    returned, raised = pickle.load(pipe)  # noqa: S301
                self._reap()
                if raised is not None:
                    raise raised
                answer: _T = returned
                return answer
        return self._work()

    def abandon(self) -> None:
        """Nobody wants it any more: the child is told to clear up, and then made to go."""
        if self._reader is not None:
            os.close(self._reader)
            self._reader = None
        if self._child:
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(self._child, signal.SIGTERM)
                end = monotonic() + _LAST_BREATH
                while monotonic() < end:
                    if os.waitpid(self._child, os.WNOHANG) != (0, 0):
                        self._child = 0
                        return
                    sleep(0.002)
                os.kill(self._child, signal.SIGKILL)
            self._reap()

    def _reap(self) -> None:
        if self._child:
            with suppress(ChildProcessError):
                os.waitpid(self._child, 0)
            self._child = 0


@contextmanager
def meanwhile(work: Callable[[], _T], *, is_worth_it: bool) -> Iterator[Pending[_T]]:
    """Begin ``work`` in a forked process if it is worth that and safe, else when asked for it.

    A fork copies only the thread that asks for it, and with it every lock another one holds: it is
    safe where there is no other. ``work`` must not share a file position with who goes on.
    """
    reader, child = _begun(work) if is_worth_it and _is_safe() else (None, 0)
    pending = Pending(work, reader, child)
    try:
        yield pending
    finally:
        pending.abandon()


def _is_safe() -> bool:
    return (
        not _ALONE
        and hasattr(os, "fork")
        and threading.active_count() == 1
        and (os.cpu_count() or 1) > 1
    )


def _begun(work: Callable[[], object]) -> tuple[int | None, int]:
    reader, writer = os.pipe()
    try:
        child = os.fork()
    except OSError:
        os.close(reader)
        os.close(writer)
        return None, 0
    if child == 0:
        _work_and_exit(work, writer)
    os.close(writer)
    return reader, child


def _leave(_number: int, _frame: object) -> NoReturn:
    raise _Abandoned


def _work_and_exit(work: Callable[[], object], writer: int) -> NoReturn:
    """The child: answer through the pipe, and leave without the parent's farewells."""
    status = 1
    try:
        signal.signal(signal.SIGTERM, _leave)
        try:
            answer: tuple[object, BaseException | None] = (work(), None)
        except Exception as error:  # noqa: BLE001 (the parent raises it)
            answer = (None, error)
        with os.fdopen(writer, "wb") as pipe:
            pickle.dump(answer, pipe, protocol=pickle.HIGHEST_PROTOCOL)
        status = 0
    finally:
        os._exit(status)
