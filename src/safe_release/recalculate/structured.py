"""This module spells references to tables out, as LibreOffice reads them in any cell.

Excel takes ``[Column]`` inside of a table for that table's (18.5.1.2 has the names, MS-XLSX
2.2.2.1 the grammar of structured references), and writers use it for totals. LibreOffice wants
``Table[Column]``. Only spellings change: what is not understood stays, and is judged in the result.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape

from safe_release.recalculate.columns import column_number

_CELL = re.compile(
    rb"(<(?:[A-Za-z][\w.-]*:)?c\b[^<>]*?\sr=[\"']([A-Z]{1,3})([0-9]{1,7})[\"'][^<>]*>\s*"
    rb"<(?:[A-Za-z][\w.-]*:)?f\b[^<>]*(?<!/)>)([^<>\[]*\[[^<>]*)(?=</)"
)
_REFERENCE = re.compile(
    r'"(?:[^"]|"")*+(?:"|\Z)'  # text; one without an end takes the rest, once
    r"|'(?:[^']|'')*+(?:'|\Z)"  # sheet
    r"|((?<![\w.\\?])[^\W\d][\w.\\?]*+)?(\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*+\])*+\])(?![\w!'])",
    re.DOTALL,
)
_PIECE = re.compile(r"\[((?:[^\[\]']|'.)*+)\]|([,:])|((?:[^\[\]',:]|'.)++)", re.DOTALL)
_ENTITY = re.compile("&(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});")
_ESCAPED = re.compile(r"'(.)", re.DOTALL)
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")
_LONGEST = 1 << 20
_MOST_QUOTES = 200
"""Each may begin something that has no end; formulas of people have a handful."""


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A table of a sheet: its name, its first and last row and column, its columns in small
    letters."""

    name: str
    area: tuple[int, int, int, int]
    columns: frozenset[str]

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell lies in it."""
        first_row, first_column, last_row, last_column = self.area
        return first_row <= row <= last_row and first_column <= column <= last_column


def spelled_out(chunks: Iterable[bytes], tables: list[SourceTable]) -> Iterator[bytes]:
    """The part of a sheet, with the references to tables in its formulas spelled out."""

    def rewrite(found: re.Match[bytes]) -> bytes:
        opening, letters, digits, formula = found.groups()
        try:
            text = _ENTITY.sub(lambda entity: unescape(entity[0]), formula.decode())
        except UnicodeDecodeError:
            return found[0]
        if text.count("'") > _MOST_QUOTES:
            return found[0]
        row, column = int(digits), column_number(letters.decode())
        own = next((table for table in tables if table.holds(row, column)), None)
        return opening + _escaped(_rewritten(text, own)).encode()

    rest = b""
    for chunk in chunks:
        rest += chunk
        # What stands before the start of a cell are whole cells.
        cut = max(rest.rfind(b"<c "), rest.rfind(b"<", 0, max(rest.rfind(b":c "), 0)))
        if cut <= 0 and len(rest) > _LONGEST:
            cut = len(rest)
        if cut > 0:
            yield _CELL.sub(rewrite, rest[:cut])
            rest = rest[cut:]
    yield _CELL.sub(rewrite, rest)


def area_of(reference: str) -> tuple[int, int, int, int] | None:
    """First row and column, last row and column of ``A1:B4``."""
    found = _AREA.fullmatch(reference)
    if found is None:
        return None
    first, top, last, bottom = found.groups()
    last, bottom = last or first, bottom or top
    return int(top), column_number(first), int(bottom), column_number(last)


def _rewritten(formula: str, own: SourceTable | None) -> str:
    def spell(found: re.Match[str]) -> str:
        name, items = found.groups()
        if items is None or (not name and own is None):
            return found[0]
        pieces = _pieces(items[1:-1])
        if pieces is None:
            return found[0]
        if not name:
            columns = [text for text in pieces if text not in ",:" and not text.startswith("#")]
            if own is None or not {_plain(text) for text in columns} <= own.columns:
                return found[0]
            name = own.name
        if len(pieces) == 1:
            return f"{name}[{pieces[0]}]"
        return f"{name}[{''.join(text if text in ',:' else f'[{text}]' for text in pieces)}]"

    return _REFERENCE.sub(spell, formula)


def _pieces(inner: str) -> list[str] | None:
    """The items of a reference and what stands between them; ``None`` where they are no such."""
    this_row = inner.startswith("@")
    inner = inner[1:] if this_row else inner
    if not inner.startswith("["):
        # A column that needs no brackets of its own, whatever is in its name.
        return (["#This Row", ",", inner] if inner else ["#This Row"]) if this_row else [inner]
    found: list[str] = []
    at = 0
    while at < len(inner):
        hit = _PIECE.match(inner, at)
        if hit is None:
            return None
        bracketed, sign, bare = hit.groups()
        at = hit.end()
        text = sign or (bare.strip() if bracketed is None else bracketed)
        if text:
            found.append(text)
    if any(text in ",:" for text in found[::2]) or any(text not in ",:" for text in found[1::2]):
        return None
    return ["#This Row", ",", *found] if this_row else found


def _plain(column: str) -> str:
    return _ESCAPED.sub(r"\1", column).casefold()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
