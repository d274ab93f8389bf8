"""What cells a formula of a chart names (ECMA-376-1 21.2.2.65), and where they stand in a copy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from safe_release.inspectors.grid import LAST_COLUMN, LAST_ROW, Grid, area_reference, column_number
from safe_release.inspectors.workbook import Workbook

Area = tuple[int, int, int, int]
_LONGEST = 8192
_COLUMNS = re.compile(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})", re.ASCII)
_ROWS = re.compile(r"\$?([1-9][0-9]{0,6}):\$?([1-9][0-9]{0,6})", re.ASCII)
_NAME = re.compile(r"[^\W\d][\w.\\?]*")
_PLAIN_SHEET = re.compile(r"[\w.]+")


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle of cells on a sheet, called by its folded name; whole rows or columns too."""

    sheet: str
    area: Area
    whole: str = ""
    """``rows`` or ``columns`` where it is written without the others."""

    @property
    def size(self) -> int:
        """How many cells it has."""
        return (self.area[2] - self.area[0] + 1) * (self.area[3] - self.area[1] + 1)


def defined(book: Workbook) -> dict[tuple[str, str], str]:
    """The texts of defined names by folded sheet (empty: the whole workbook) and folded name."""
    found: dict[tuple[str, str], str] = {}
    for node in book.names:
        own = node.get("localSheetId")
        number = int(own) if own.isascii() and own.isdigit() and len(own) < 6 else -1
        sheet = book.sheets[number].name if 0 <= number < len(book.sheets) else ""
        found.setdefault((sheet.casefold(), node.get("name").casefold()), node.text)
    return found


def places(formula: str, names: Mapping[tuple[str, str], str]) -> list[Place] | None:
    """The cells that a formula names; ``None`` where it names none, or computes them."""
    text = formula.strip().removeprefix("=")
    if len(text) > _LONGEST:
        return None
    found = _all(text)
    if found is None:
        sheet, _, name = text.rpartition("!")
        own = _unquoted(sheet) if sheet not in ("", "[0]") else ""
        if own is None or not _NAME.fullmatch(name):
            return None
        key = own.casefold(), name.casefold()
        meant = names.get(key) or names.get(("", key[1])) or ""
        found = _all(meant.strip().removeprefix("="))
    return found


def _all(text: str) -> list[Place] | None:
    if text[:1] == "(" and text[-1:] == ")":
        text = text[1:-1]
    found = []
    for item in _split(text):
        sheet, mark, cells = item.strip(" ").rpartition("!")
        name = _unquoted(sheet) if mark else None
        area = _area(cells)
        if name is None or area is None:
            return None
        corner = cells.partition(":")[0].strip("$")
        whole = "rows" if corner.isdigit() else "columns" if corner.isalpha() else ""
        found.append(Place(name.casefold(), area, whole))
    return found


def _split(text: str) -> Iterator[str]:
    """The parts between the commas that stand outside of apostrophes."""
    part, quoted = "", False
    for piece in re.split("([',])", text):
        if piece == "," and not quoted:
            yield part
            part = ""
            continue
        quoted ^= piece == "'"
        part += piece
    yield part


def _unquoted(sheet: str) -> str | None:
    if len(sheet) > 2 and sheet[0] == sheet[-1] == "'":
        inner = sheet[1:-1]
        whole = inner.replace("''", "")
        is_plain = "'" not in whole and not set("[]:") & set(inner)
        return inner.replace("''", "'") if is_plain else None
    return sheet if _PLAIN_SHEET.fullmatch(sheet) else None


def _area(text: str) -> Area | None:
    # The standard writes columns in capitals.
    if text != text.upper():
        return None
    if (hit := _COLUMNS.fullmatch(text)) is not None:
        low, high = sorted((column_number(hit[1]), column_number(hit[2])))
        return (1, low, LAST_ROW, high) if high <= LAST_COLUMN else None
    if (hit := _ROWS.fullmatch(text)) is not None:
        low, high = sorted((int(hit[1]), int(hit[2])))
        return (low, 1, high, LAST_COLUMN) if high <= LAST_ROW else None
    return area_reference(text)


def hides_some(place: Place, grid: Grid) -> bool:
    """Whether some rows or columns of a place do not show."""
    top, left, bottom, right = place.area
    rows = grid.rows_before(bottom) - grid.rows_before(top - 1)
    columns = grid.columns_before(right) - grid.columns_before(left - 1)
    return rows < bottom - top + 1 or columns < right - left + 1


def moved(place: Place, grid: Grid) -> Place | None:
    """Where a place stands in the copy; whole rows and columns stay whole."""
    area = grid.area_in_copy(place.area)
    if area is None:
        return None
    if place.whole == "columns":
        area = (1, area[1], LAST_ROW, area[3])
    elif place.whole == "rows":
        area = (area[0], 1, area[2], LAST_COLUMN)
    return Place(place.sheet, area, place.whole)
