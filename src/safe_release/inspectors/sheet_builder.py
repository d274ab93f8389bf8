"""A row built from the parser's events, for rows that no pattern takes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from safe_release.inspectors.colors import Inks
from safe_release.inspectors.faults import malformed
from safe_release.inspectors.grid import LAST_COLUMN, column_number
from safe_release.inspectors.places import cell_place
from safe_release.inspectors.shapes import Cell, Row
from safe_release.inspectors.sheet_facts import Facts
from safe_release.inspectors.sights import Run
from safe_release.inspectors.texts import whole


class RowBuilder:
    """Builds a row from the parser's events; ``previous`` is the number of the row before."""

    def __init__(
        self, facts: Facts, previous: int, attributes: Mapping[str, str], inks: Inks
    ) -> None:
        self.facts = facts
        self.inks = inks
        self.attributes = attributes
        spelled = attributes.get("r")
        self.number = previous + 1 if spelled is None else whole(spelled)
        if self.number < 1:
            raise malformed("has a row without a proper number", place=facts.place)
        self.cells: list[Cell] = []
        self.column = 0
        self._begin({})

    @property
    def place(self) -> str:
        """The row as a report names it."""
        return f"{self.facts.place}, row {self.number}"

    def _begin(self, attributes: Mapping[str, str]) -> None:
        self.cell = attributes
        self.value: str | None = None
        self.inline: str | None = None
        self.formula: str | None = None
        self.formula_attributes: Mapping[str, str] = {}
        self.odd = self.phonetic = False
        self.runs: list[Run] = []

    def start(self, path: list[str], attributes: Mapping[str, str]) -> None:
        """An element within the row; ``path`` begins below the row."""
        if path == ["x:c"]:
            self._begin(attributes)
            if len(self.cells) > LAST_COLUMN:
                raise malformed("has more cells than columns", place=self.facts.place)
        elif path == ["x:c", "x:f"]:
            self.formula, self.formula_attributes = "", attributes
        elif path == ["x:c", "x:is"]:
            self.inline = self.inline or ""
        elif path == ["x:c", "x:is", "x:r"]:
            self.runs.append(Run(""))
        elif path[:-1] == ["x:c", "x:is", "x:r", "x:rPr"]:
            self.runs[-1] = self.runs[-1].dressed(path[-1], dict(attributes), self.inks)
        elif path[-1] == "x:rPh":
            self.phonetic = True
        elif path[-1] == "x:ext":
            self.facts.notes["xml.ext-list"] += 1
        elif path[-1] == "mc:AlternateContent":
            self.facts.notes["xml.mc-alternate-branch"] += 1
        elif path[-1].startswith("?:") and "x:ext" not in path:
            self.odd = True

    def end(self, path: list[str], text: str) -> None:
        """An element within the row ends."""
        if path == ["x:c"]:
            self.cells.append(self._made())
        elif path == ["x:c", "x:v"]:
            if self.value is not None:
                self.odd = True
            else:
                self.value = text
        elif path == ["x:c", "x:f"]:
            self.formula = text
        elif path in (["x:c", "x:is", "x:t"], ["x:c", "x:is", "x:r", "x:t"]):
            self.inline = (self.inline or "") + text
            if path[2] == "x:t":
                self.runs.append(Run(text))
            else:
                self.runs[-1] = self.runs[-1]._replace(text=self.runs[-1].text + text)

    def _made(self) -> Cell:
        place = self.cell.get("r")
        column = self.column + 1
        if place is not None:
            hit = re.fullmatch(r"([A-Za-z]{1,3})([0-9]{1,7})", place, re.ASCII)
            if hit is None or int(hit[2]) != self.number:
                raise malformed("has a cell that lies in another row", place=self.place)
            column = column_number(hit[1])
        if not self.column < column <= LAST_COLUMN:
            raise malformed(
                "occurs twice, goes backwards or lies beyond the grid",
                place=cell_place(self.facts.number, self.number, min(column, LAST_COLUMN)),
            )
        self.column = column
        return Cell(column, whole(self.cell.get("s", "")), self.cell.get("t", "n"), self.value,
                    self.inline, self.formula, self.cell, self.formula_attributes, self.odd,
                    self.phonetic, self._rich_runs())  # fmt: skip

    def _rich_runs(self) -> tuple[Run, ...]:
        return tuple(self.runs) if any(run.is_dressed for run in self.runs) else ()

    def row(self) -> Row:
        """The row as it was written."""
        return Row(self.number, self.attributes, tuple(self.cells))
