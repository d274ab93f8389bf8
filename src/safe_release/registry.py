"""This module is the formats: one row each, two independent hands side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, BinaryIO

from safe_release.document import Document
from safe_release.errors import UnknownFormat
from safe_release.intake import recognise_magic

if TYPE_CHECKING:
    from safe_release.formats.ledger import Ledger
    from safe_release.inspectors.inspection import Inspection
    from safe_release.policy import Policy
    from safe_release.report import Check


@dataclass(frozen=True, slots=True)
class Format:
    """A format: how it is recognised, rebuilt, and looked at.

    ``suffixes`` are those of its sources; a copy goes by the first, whatever its source went by.
    ``rebuild`` is a builder's, ``inspect`` and ``audit`` are inspectors': the first looks at a
    source, the second at a candidate. They are found by name, so that a format costs nothing until
    a document of it comes.
    """

    name: str
    suffixes: tuple[str, ...]
    recognise: Callable[[Document], bool]
    rebuild: Callable[[Document, BinaryIO, Policy, Ledger], None]
    inspect: Callable[[Document, Policy], Inspection]
    audit: Callable[[Document, Policy, Inspection | None], tuple[Check, ...]]


def _late(module: str, name: str) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        return getattr(import_module(module), name)(*arguments)

    return call


def copy_name(kind: Format, name: str) -> str:
    """A copy's file name for a source's: the suffix of plain documents instead of that of ones
    with macros and of templates, under which applications do not open a plain document."""
    stem, dot, suffix = name.rpartition(".")
    other = f".{suffix.lower()}" in kind.suffixes[1:]
    return stem + kind.suffixes[0] if dot and other else name


FORMATS: tuple[Format, ...] = (
    Format(
        name="xlsx",
        suffixes=(".xlsx", ".xlsm", ".xltx", ".xltm"),
        recognise=_late("safe_release.formats.xlsx.recognise", "recognise"),
        rebuild=_late("safe_release.formats.xlsx.build", "rebuild"),
        inspect=_late("safe_release.inspectors.xlsx", "inspect"),
        audit=_late("safe_release.inspectors.xlsx", "audit"),
    ),
)


def recognise(document: Document) -> Format:
    """The format of a document, by its content alone.

    Raises ``UnknownFormat`` with what it seems to be, and ``Encrypted``.
    """
    recognise_magic(document)
    for kind in FORMATS:
        if kind.recognise(document):
            return kind
    raise UnknownFormat(
        "is a package of a kind that this version does not clean",
        place="source",
        remedy="This version cleans xlsx, xlsm, xltx and xltm workbooks",
    )
