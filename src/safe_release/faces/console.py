"""This module is where the command line speaks: results to one stream, talk to the other.

Colour and progress appear on terminals only; rich honours ``NO_COLOR`` and ``TERM=dumb``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

STREAM = "-"


class _Console(Console):
    """rich's console, except that a pipe nobody reads any more is the command line's to judge."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


_results = _Console(soft_wrap=True, markup=False, highlight=False, emoji=False)
_talk = _Console(stderr=True, soft_wrap=True, markup=False, highlight=False, emoji=False)


def prepare() -> None:
    """Let no character of a path or a place stop a message on a terminal of few characters."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def put(lines: str | Iterable[str], style: str | None = None) -> None:
    """Results, to standard output."""
    _print(_results, lines, style)


def say(lines: str | Iterable[str], style: str | None = None) -> None:
    """Talk, to standard error."""
    _print(_talk, lines, style)


def put_data(text: str) -> None:
    """A line of JSON, to standard output, untouched by terminal manners."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _print(console: Console, lines: str | Iterable[str], style: str | None) -> None:
    for line in [lines] if isinstance(lines, str) else lines:
        console.print(line, style=style)


def named(file: str) -> str:
    """A file as the user typed it; standard input by its name."""
    return "standard input" if file == STREAM else file


def progress(files: Sequence[str], doing: str) -> Iterator[str]:
    """The files one by one, under a bar where a person watches and there are several."""
    if len(files) < 2 or not _talk.is_terminal:
        yield from files
        return
    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=_talk, transient=True) as bar:
        yield from bar.track(files)


def waiting(doing: str) -> AbstractContextManager[object]:
    """A sign of life for one long step where a person watches."""
    return _talk.status(doing) if _talk.is_terminal else nullcontext()


def silence_stdout() -> None:
    """After the reader of a pipe has left: keep the interpreter from writing to it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
