"""This module is how the values that LibreOffice worked out are read back, with their types."""

from __future__ import annotations

import zipfile
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from math import isfinite
from pathlib import Path
from posixpath import join, normpath
from xml.parsers import expat

from safe_release.document import CellPlace, CellValue
from safe_release.recalculate.failures import cannot_recalculate
from safe_release.recalculate.formulas import (
    Reading,
    Truths,
    answers_otherwise,
    may_lose_truth,
    read_formula,
)
from safe_release.recalculate.package import SheetNames

_CHUNK = 1 << 18
_LONGEST_TEXT = 32_767  # characters; Excel has #VALUE! beyond
_GENUINE = frozenset(("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NUM!", "#N/A"))
_UNDOUBTED = "#DIV/0!"  # the others also stand for errors that only LibreOffice has
_NOT_OFFERED = "have formulas with functions that LibreOffice does not know or answers differently"
_TRUTHS = "have formulas in which LibreOffice cannot tell truth values from numbers"

_Start = Callable[[str, dict[str, str]], None]
_End = Callable[[str], None]


def read_values(
    path: Path, names: SheetNames, asked: Sequence[CellPlace]
) -> tuple[dict[CellPlace, CellValue], list[CellPlace]]:
    """The values of the cells asked for, and those whose error may be LibreOffice's alone.

    Raises ``CannotRebuild`` naming cells that have no value, or none that can be trusted.
    """
    with zipfile.ZipFile(path) as package:
        sheets = _sheets(package, names, asked)
        _check_names(package, asked)
        values: dict[CellPlace, CellValue] = {}
        truths = Truths()
        refused: list[CellPlace] = []
        ambiguous: list[CellPlace] = []
        wanted = set(asked)
        for number, part in sheets:
            reader = _Sheet(number, names, wanted, values, truths)
            reader.read(package, part)
            refused += reader.refused
            ambiguous += reader.ambiguous
        if refused:
            raise cannot_recalculate(_NOT_OFFERED, refused)
        if truths:
            for number, part in sheets:
                ambiguous += _Miscounted(number, names, truths).read(package, part)
        if ambiguous:
            raise cannot_recalculate(_TRUTHS, ambiguous)
    missing = [place for place in asked if place not in values]
    if missing:
        raise cannot_recalculate("have formulas for which LibreOffice has no value", missing)
    unknown = [place for place in asked if values[place] == CellValue("e", "#NAME?")]
    if unknown:
        raise cannot_recalculate(_NOT_OFFERED, unknown)
    doubtful = [
        place for place in asked if values[place].type == "e" and values[place].text != _UNDOUBTED
    ]
    return values, doubtful


def _parse(stream_of: zipfile.ZipFile, part: str, start: _Start, end: _End, text: _End) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    with stream_of.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
    parser.Parse(b"", True)


def _nothing(_: str) -> None:
    return


def _sheets(
    package: zipfile.ZipFile, names: SheetNames, asked: Sequence[CellPlace]
) -> list[tuple[int, str]]:
    """Number in the source and part in the result of every sheet LibreOffice wrote.

    It keeps the order of the tabs; where it left one out, the names tell which.
    """
    targets: dict[str, str] = {}
    found: list[tuple[str, str]] = []

    def relationship(element: str, attributes: dict[str, str]) -> None:
        if element == "Relationship":
            targets[attributes["Id"]] = normpath(join("xl", attributes["Target"])).lstrip("/")

    def sheet(element: str, attributes: dict[str, str]) -> None:
        if element == "sheet":
            found.append((attributes["name"], targets[attributes["r:id"]]))

    _parse(package, "xl/_rels/workbook.xml.rels", relationship, _nothing, _nothing)
    _parse(package, "xl/workbook.xml", sheet, _nothing, _nothing)
    if len(found) == len(names.names):
        return [(number, part) for number, (_, part) in enumerate(found, 1)]
    numbers = {name.casefold(): number for number, name in enumerate(names.names, 1)}
    if len(numbers) < len(names.names) or any(name.casefold() not in numbers for name, _ in found):
        raise cannot_recalculate("are on sheets that LibreOffice renamed", asked)
    return [(numbers[name.casefold()], part) for name, part in found]


def _check_names(package: zipfile.ZipFile, asked: Sequence[CellPlace]) -> None:
    """Refuse names whose formula LibreOffice cannot follow: any cell may use them."""
    inside = False
    text: list[str] = []

    def start(element: str, _: dict[str, str]) -> None:
        nonlocal inside
        inside = element == "definedName"
        text.clear()

    def characters(data: str) -> None:
        if inside:
            text.append(data)

    def end(element: str) -> None:
        nonlocal inside
        if element == "definedName":
            inside = False
            formula = "".join(text)
            reading = read_formula(formula)
            if reading.unknown or answers_otherwise(formula, reading):
                raise cannot_recalculate(
                    "may depend on a defined name with functions that LibreOffice does not "
                    "know or answers differently",
                    asked,
                )

    _parse(package, "xl/workbook.xml", start, end, characters)


class _Sheet:
    """One worksheet of the result, read once from start to end."""

    def __init__(
        self,
        number: int,
        names: SheetNames,
        wanted: set[CellPlace],
        values: dict[CellPlace, CellValue],
        truths: Truths,
    ) -> None:
        self.refused: list[CellPlace] = []
        self.ambiguous: list[CellPlace] = []
        self._number = number
        self._name = names.names[number - 1].casefold()
        self._others = names.others
        self._wanted = wanted
        self._values = values
        self._truths = truths
        self._arrays: list[tuple[int, int, int, int, bool]] = []
        self._place = CellPlace(number, 0, 0)
        self._type = "n"
        self._formula: str | None = None
        self._reference = ""
        self._text: list[str] = []
        self._inside = False

    def read(self, package: zipfile.ZipFile, part: str) -> None:
        """Collect values, truth values, and the cells that cannot be trusted."""
        _parse(package, part, self._start, self._end, self._characters)

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        if element == "c":
            self._place = CellPlace(self._number, *_cell(attributes["r"]))
            self._type = attributes.get("t", "n")
            self._formula = None
            self._reference = ""
            self._value = ""
        elif element == "f":
            self._reference = attributes.get("ref", "") if attributes.get("t") == "array" else ""
            self._begin()
        elif element == "v":
            self._begin()

    def _begin(self) -> None:
        self._inside = True
        self._text.clear()

    def _characters(self, data: str) -> None:
        if self._inside:
            self._text.append(data)

    def _end(self, element: str) -> None:
        if element == "f":
            self._formula = "".join(self._text)
            self._inside = False
        elif element == "v":
            self._value = "".join(self._text)
            self._inside = False
        elif element == "c":
            self._cell()

    def _cell(self) -> None:
        place = self._place
        if self._type == "b":
            self._truths.add(self._name, place.row, place.column)
        lossy = False
        if self._formula is not None:
            reading = read_formula(self._formula)
            if (
                reading.unknown
                or (self._others and reading.sheets & self._others)
                or answers_otherwise(self._formula, reading)
            ):
                self.refused.append(place)
            if self._reference:
                lossy = may_lose_truth(self._formula)
                self._enter_array(lossy)
        if place not in self._wanted:
            return
        if self._formula is None:
            member = self._array_of(place)
            if member is None:
                return  # a constant where the source has a formula: LibreOffice gave it up
            lossy = member
        value = _value(self._type, self._value)
        if value is None:
            return
        if lossy and value.type == "n" and value.text in {"0", "1"}:
            self.ambiguous.append(place)
        self._values[place] = value

    def _enter_array(self, lossy: bool) -> None:
        first, _, last = self._reference.partition(":")
        top, left = _cell(first)
        bottom, right = _cell(last or first)
        self._arrays = [array for array in self._arrays if array[2] >= self._place.row]
        if (top, left) != (bottom, right):
            self._arrays.append((top, left, bottom, right, lossy))

    def _array_of(self, place: CellPlace) -> bool | None:
        for top, left, bottom, right, lossy in self._arrays:
            if top <= place.row <= bottom and left <= place.column <= right:
                return lossy
        return None


class _Miscounted:
    """The second look at a sheet, once it is known where truth values stand."""

    def __init__(self, number: int, names: SheetNames, truths: Truths) -> None:
        self._number = number
        self._name = names.names[number - 1].casefold()
        self._truths = truths

    def read(self, package: zipfile.ZipFile, part: str) -> list[CellPlace]:
        """The cells whose formulas use a truth value in a way in which the programs differ."""
        found: list[CellPlace] = []
        text: list[str] = []
        at = ""
        inside = False

        def start(element: str, attributes: dict[str, str]) -> None:
            nonlocal at, inside
            if element == "c":
                at = attributes["r"]
            inside = element == "f"
            text.clear()

        def characters(data: str) -> None:
            if inside:
                text.append(data)

        def end(element: str) -> None:
            nonlocal inside
            if element == "f":
                inside = False
                reading: Reading = read_formula("".join(text))
                if self._truths.miscounted(reading, self._name):
                    found.append(CellPlace(self._number, *_cell(at)))

        _parse(package, part, start, end, characters)
        return found


def _value(kind: str, text: str) -> CellValue | None:
    """The value in the spelling of the standard, ``None`` where there is none to be had."""
    if kind == "n":
        try:
            number = float(text)
        except ValueError:
            return None
        if not isfinite(number):
            return None
        # Adding zero turns the negative one into the one that Excel has.
        return CellValue("n", repr(number + 0.0).removesuffix(".0"))
    if kind == "str":
        return CellValue("str", text) if len(text) <= _LONGEST_TEXT else None
    if kind == "b":
        return CellValue("b", text) if text in {"0", "1"} else None
    if kind == "e":
        return CellValue("e", text)
    return None


def _cell(reference: str) -> tuple[int, int]:
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(reference[len(letters) :]), column


def read_error_texts(
    path: Path, names: SheetNames, asked: Sequence[CellPlace]
) -> dict[CellPlace, str]:
    """The errors among these cells that Excel has too, as OpenDocument spells them.

    Only there LibreOffice tells its own errors (``Err:502``) from those of Excel.
    """
    with zipfile.ZipFile(path) as package:
        return _ErrorTexts(names, asked).read(package)


class _ErrorTexts:
    def __init__(self, names: SheetNames, asked: Sequence[CellPlace]) -> None:
        self._numbers = {name.casefold(): number for number, name in enumerate(names.names, 1)}
        self._asked: dict[int, dict[int, list[int]]] = {}
        for place in sorted(asked):
            rows = self._asked.setdefault(place.sheet, {})
            rows.setdefault(place.row, []).append(place.column)
        self._found: dict[CellPlace, str] = {}
        self._sheet = 0
        self._rows: list[int] = []
        self._row = self._next_row = self._column = self._next_column = 1
        self._text: list[str] = []
        self._is_error = False

    def read(self, package: zipfile.ZipFile) -> dict[CellPlace, str]:
        _parse(package, "content.xml", self._start, self._end, self._text.append)
        return self._found

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        if element == "table:table":
            self._sheet = self._numbers.get(attributes.get("table:name", "").casefold(), 0)
            self._rows = sorted(self._asked.get(self._sheet, ()))
            self._next_row = 1
        elif element == "table:table-row":
            self._row = self._next_row
            self._next_row += int(attributes.get("table:number-rows-repeated", "1"))
            self._next_column = 1
        elif element in {"table:table-cell", "table:covered-table-cell"}:
            self._column = self._next_column
            self._next_column += int(attributes.get("table:number-columns-repeated", "1"))
            self._is_error = attributes.get("calcext:value-type") == "error"
        self._text.clear()

    def _end(self, element: str) -> None:
        if element == "text:p" and self._is_error:
            text = "".join(self._text)
            self._is_error = False
            if text in _GENUINE:
                self._enter(text)
        self._text.clear()

    def _enter(self, text: str) -> None:
        first, last = bisect_left(self._rows, self._row), bisect_left(self._rows, self._next_row)
        for row in self._rows[first:last]:
            columns = self._asked[self._sheet][row]
            low = bisect_left(columns, self._column)
            high = bisect_right(columns, self._next_column - 1)
            for column in columns[low:high]:
                self._found[CellPlace(self._sheet, row, column)] = text
