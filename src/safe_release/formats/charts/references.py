"""This module is the references of a chart (``c:f``, 21.2.2.65): which cells, and where now."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from safe_release.errors import Malformed
from safe_release.formats.xlsx.axis import Reference, parse_references, write_references
from safe_release.formats.xlsx.sheet import Maps

Locate = Callable[[str], Maps | None]
"""The maps of a sheet of the copy, by the name of its tab."""

_MOST: Final = 8192
"""Characters of a formula (Excel specifications and limits)."""
_NAME: Final = re.compile(r"(?:(?:'((?:[^'\[\]]|'')+)'|([\w.]+)|\[0\])!)?([^\W\d][\w.\\?]*)")


@dataclass(frozen=True, slots=True)
class Names:
    """The defined names of a workbook (18.2.5): by sheet, folded, and name, folded."""

    texts: Mapping[tuple[str, str], str]

    def text(self, formula: str) -> str:
        """What a formula that is a name stands for; the formula itself where it is none."""
        match = _NAME.fullmatch(formula)
        if match is None:
            return formula
        quoted, bare, name = match.groups()
        sheet = (quoted.replace("''", "'") if quoted else bare or "").casefold()
        name = name.casefold()
        return self.texts.get((sheet, name)) or self.texts.get(("", name)) or formula


def parse(formula: str, names: Names) -> tuple[Reference, ...] | None:
    """The cells a formula names, each with its sheet; ``None`` where it names no plain cells."""
    text = formula.strip().removeprefix("=")
    if len(text) > _MOST:
        return None
    text = names.text(text).strip().removeprefix("=")
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    try:
        found = parse_references(text)
    except Malformed:
        return None
    return found if all(reference.sheet for reference in found) else None


def carried(
    found: tuple[Reference, ...] | None, locate: Locate, *, only_visible: bool
) -> tuple[Reference, ...] | None:
    """The cells in the copy; ``None`` where the points cannot be read from cells of it.

    ``only_visible`` is ``plotVisOnly``: hidden rows and columns are not plotted and close up;
    where they are plotted although hidden, the copy has no cells for them. An empty result means
    that nothing is plotted.
    """
    if found is None:
        return None
    kept = []
    for sheet, area in found:
        maps = locate(sheet or "")
        if maps is None:
            return None
        rows, columns = area.last_row - area.first_row + 1, area.last_column - area.first_column + 1
        shown = (
            maps.rows.count_shown(area.first_row, area.last_row),
            maps.columns.count_shown(area.first_column, area.last_column),
        )
        if shown != (rows, columns) and not only_visible:
            return None
        moved = area.through(maps.rows, maps.columns)
        if moved is not None:
            kept.append(Reference(maps.name, moved))
    if len(write_references(kept)) > _MOST - 2:
        return None
    return tuple(kept)


def write(references: tuple[Reference, ...]) -> str:
    """The formula of cells in the copy: absolute, several between parentheses."""
    text = write_references(references)
    return f"({text})" if len(references) > 1 else text
