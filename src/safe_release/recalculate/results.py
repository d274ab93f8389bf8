"""This module is how the values that LibreOffice worked out are read back, with their types."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from posixpath import join, normpath

from safe_release.document import CellPlace, CellValue
from safe_release.recalculate.columns import column_number
from safe_release.recalculate.failures import cannot_recalculate
from safe_release.recalculate.formulas import (
    Area,
    HiddenRows,
    Known,
    Truths,
    read_formula,
)
from safe_release.recalculate.kinds import settle
from safe_release.recalculate.package import SheetNames
from safe_release.recalculate.result import Result

_LONGEST_TEXT = 32_767  # characters; Excel has #VALUE! beyond
_UNDOUBTED = "#DIV/0!"  # the others also stand for errors that only LibreOffice has
_NOT_OFFERED = "have formulas with functions that LibreOffice does not know or answers differently"
_TRUTHS = "have formulas in which LibreOffice cannot tell truth values from numbers"


def read_values(
    result: Result, names: SheetNames
) -> tuple[dict[CellPlace, CellValue], list[CellPlace]]:
    """The values of the cells asked for, and those whose error may be LibreOffice's alone.

    Raises ``CannotRebuild`` naming cells that have no value, or none that can be trusted.
    """
    asked = result.asked
    sheets = _sheets(result, names)
    known = _known(result, names, sheets)
    values: dict[CellPlace, CellValue] = {}
    truths = Truths()
    hidden = HiddenRows()
    refused: list[CellPlace] = []
    ambiguous: list[CellPlace] = []
    wanted = set(asked)
    for number, part in sheets:
        reader = _Sheet(number, names, known, wanted, values, truths, hidden)
        reader.read(result, part)
        refused += reader.refused
        ambiguous += reader.ambiguous
    if truths or hidden:
        for number, part in sheets:
            second = _SecondLook(number, names, known, truths, hidden)
            second.read(result, part)
            refused += second.refused
            ambiguous += second.ambiguous
    if refused:
        raise cannot_recalculate(_NOT_OFFERED, refused)
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


def _sheets(result: Result, names: SheetNames) -> list[tuple[int, str]]:
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

    result.parse("xl/_rels/workbook.xml.rels", relationship)
    result.parse("xl/workbook.xml", sheet)
    if len(found) == len(names.names):
        return [(number, part) for number, (_, part) in enumerate(found, 1)]
    numbers = {name.casefold(): number for number, name in enumerate(names.names, 1)}
    if len(numbers) < len(names.names) or any(name.casefold() not in numbers for name, _ in found):
        raise cannot_recalculate("are on sheets that LibreOffice renamed", result.asked)
    return [(numbers[name.casefold()], part) for name, part in found]


def _known(result: Result, names: SheetNames, sheets: Sequence[tuple[int, str]]) -> Known:
    """What LibreOffice knows of defined names and tables."""
    known = Known()
    name = ""
    text: list[str] = []

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal name
        name = attributes["name"] if element == "definedName" else ""
        text.clear()

    def end(element: str) -> None:
        if element == "definedName":
            formula = "".join(text)
            known.names.setdefault(name, []).append((formula, read_formula(formula)))

    result.parse("xl/workbook.xml", start, end, text.append)
    for number, part in sheets:
        sheet = names.names[number - 1].casefold()
        for target in _tables(result, part):
            _enter_table(result, target, sheet, known)
    return known


def _tables(result: Result, part: str) -> list[str]:
    found: list[str] = []
    folder, _, name = part.rpartition("/")

    def start(element: str, attributes: dict[str, str]) -> None:
        if element == "Relationship" and attributes["Type"].endswith("/table"):
            found.append(normpath(join(folder, attributes["Target"])).lstrip("/"))

    relationships = f"{folder}/_rels/{name}.rels"
    if relationships in result.package.namelist():
        result.parse(relationships, start)
    return found


def _enter_table(result: Result, part: str, sheet: str, known: Known) -> None:
    name = ""

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal name
        if element == "table":
            name = attributes["displayName"]
            first, _, last = attributes["ref"].partition(":")
            known.tables[name] = Area(sheet, *_cell(first), *_cell(last or first))
        elif element == "tableColumn":
            known.columns.add((name, attributes["name"].casefold()))

    result.parse(part, start)


class _Sheet:
    """One worksheet of the result, read once from start to end."""

    def __init__(
        self,
        number: int,
        names: SheetNames,
        known: Known,
        wanted: set[CellPlace],
        values: dict[CellPlace, CellValue],
        truths: Truths,
        hidden: HiddenRows,
    ) -> None:
        self.refused: list[CellPlace] = []
        self.ambiguous: list[CellPlace] = []
        self._number = number
        self._name = names.names[number - 1].casefold()
        self._others = names.others
        self._known = known
        self._wanted = wanted
        self._values = values
        self._truths = truths
        self._hidden = hidden
        self._arrays: list[tuple[int, int, int, int, str]] = []
        self._pruned = 0
        self._place = CellPlace(number, 0, 0)
        self._at = ""
        self._type = "n"
        self._value = ""
        self._formula: str | None = None
        self._reference = ""
        self._text: list[str] = []
        self._inside = False

    def read(self, result: Result, part: str) -> None:
        """Collect values, truth values, and the cells that cannot be trusted."""
        result.parse(part, self._start, self._end, self._characters)

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        if element == "c":
            self._at = attributes["r"]
            self._type = attributes.get("t", "n")
            self._formula = None
            self._reference = ""
            self._value = ""
        elif element == "row":
            if attributes.get("hidden") in {"true", "1"}:
                self._hidden.add(self._name, int(attributes["r"]))
        elif element == "f":
            self._reference = attributes.get("ref", "") if attributes.get("t") == "array" else ""
            self._inside = True
        elif element == "v":
            # The value of a constant is of no interest, unless it may be a member of an array.
            self._inside = self._formula is not None or bool(self._arrays)

    def _characters(self, data: str) -> None:
        if self._inside:
            self._text.append(data)

    def _end(self, element: str) -> None:
        if element == "c":
            self._cell()
        elif self._inside:
            self._inside = False
            text = "".join(self._text)
            self._text.clear()
            if element == "f":
                self._formula = text
            else:
                self._value = text

    def _cell(self) -> None:
        if self._formula is None and self._type != "b" and not self._arrays:
            return  # a constant, as most cells are
        place = self._place = CellPlace(self._number, *_cell(self._at))
        if self._type == "b":
            self._truths.add(self._name, place.row, place.column)
        formula = self._formula
        if formula is not None:
            self._judge(formula)
            if self._reference:
                self._enter_array(formula)
        if place not in self._wanted:
            return
        array = bool(self._reference)
        if formula is None:
            formula = self._array_of(place)
            if formula is None:
                return  # a constant where the source has a formula: LibreOffice gave it up
            array = True
        value = _value(self._type, self._value)
        if value is None:
            return
        settled = settle(value, formula, array=array)
        if settled is None:
            self.ambiguous.append(place)
        else:
            self._values[place] = settled

    def _judge(self, formula: str) -> None:
        if self._known.misread(formula, read_formula(formula), self._others):
            self.refused.append(self._place)

    def _enter_array(self, formula: str) -> None:
        first, _, last = self._reference.partition(":")
        top, left = _cell(first)
        bottom, right = _cell(last or first)
        if self._pruned != self._place.row:
            self._pruned = self._place.row
            self._arrays = [array for array in self._arrays if array[2] >= self._pruned]
        if (top, left) != (bottom, right):
            self._arrays.append((top, left, bottom, right, formula))

    def _array_of(self, place: CellPlace) -> str | None:
        for top, left, bottom, right, formula in self._arrays:
            if top <= place.row <= bottom and left <= place.column <= right:
                return formula
        return None


class _SecondLook:
    """A sheet read again, once it is known where truth values and hidden rows are."""

    def __init__(
        self,
        number: int,
        names: SheetNames,
        known: Known,
        truths: Truths,
        hidden: HiddenRows,
    ) -> None:
        self.refused: list[CellPlace] = []
        self.ambiguous: list[CellPlace] = []
        self._number = number
        self._name = names.names[number - 1].casefold()
        self._known = known
        self._truths = truths
        self._hidden = hidden
        self._at = ""
        self._inside = self._array = False
        self._text: list[str] = []

    def read(self, result: Result, part: str) -> None:
        """Collect the cells whose formulas the two programs work out differently."""
        result.parse(part, self._start, self._end, self._characters)

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        if element == "c":
            self._at = attributes["r"]
        elif element == "f":
            self._array = attributes.get("t") == "array"
        self._inside = element == "f"
        self._text.clear()

    def _characters(self, data: str) -> None:
        if self._inside:
            self._text.append(data)

    def _end(self, element: str) -> None:
        if element != "f":
            return
        self._inside = False
        formula = "".join(self._text)
        reading = read_formula(formula)
        if self._truths.miscounted(reading, self._known, self._name, array=self._array):
            self.ambiguous.append(self._place())
        if self._hidden.doubted(formula, reading, self._known, self._name):
            self.refused.append(self._place())

    def _place(self) -> CellPlace:
        return CellPlace(self._number, *_cell(self._at))


def _value(kind: str, text: str) -> CellValue | None:
    """The value in the spelling of the standard, ``None`` where there is none to be had."""
    if kind in {"n", "b"}:
        try:
            number = float(text)
        except ValueError:
            return None
        if not isfinite(number):
            return None
        # Adding zero turns the negative one into the one that Excel has.
        spelled = repr(number + 0.0).removesuffix(".0")
        return CellValue("b" if kind == "b" else "n", spelled)
    if kind == "str":
        return CellValue("str", text) if len(text) <= _LONGEST_TEXT else None
    if kind == "e":
        return CellValue("e", text)
    return None


def _cell(reference: str) -> tuple[int, int]:
    letters = reference.rstrip("0123456789")
    return int(reference[len(letters) :]), column_number(letters)
