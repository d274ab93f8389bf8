"""Rows one by one: which of them show, where they stand in the copy, and what their cells say."""

from __future__ import annotations

import re
from collections import Counter

from safe_release.document import CellValue
from safe_release.inspectors.faults import malformed
from safe_release.inspectors.grid import LAST_COLUMN, LAST_ROW, Shown, area_reference
from safe_release.inspectors.places import cell_place
from safe_release.inspectors.shapes import Cell, Row
from safe_release.inspectors.sheet_areas import Areas
from safe_release.inspectors.sheet_facts import UNSHOWN, Facts, Surroundings
from safe_release.inspectors.sheet_values import Values
from safe_release.inspectors.texts import is_true, size, whole

EXTERNAL = re.compile(r"\[[0-9]+\]|\.xl[a-z]{1,2}\]|\.xl[a-z]{1,2}'!|\|")
"""Formulas that may reach for another workbook or program (18.17.2.3)."""


class Rows:
    """Takes in the rows of one sheet in their order."""

    def __init__(self, around: Surroundings, facts: Facts, values: Values, areas: Areas) -> None:
        self.around = around
        self.facts = facts
        self.values = values
        self.areas = areas
        self.last = 0
        """The row read last."""
        self.removed = 0
        """How many rows up to it do not show."""
        self._recalculated: dict[int, dict[int, CellValue]] = {}
        self.last_column = 1
        """The last column that any row has a cell in."""
        for (row, column), value in (around.recalculated or {}).items():
            self._recalculated.setdefault(row, {})[column] = value
        self._unwritten = sorted(self._recalculated, reverse=True)

    def take(self, row: Row) -> None:
        """Take in one row, whatever it looks like."""
        if not self.last < row.number <= LAST_ROW:
            raise malformed(
                "has a row that occurs twice, goes backwards or lies beyond the grid",
                place=f"{self.facts.place}, row {min(row.number, LAST_ROW + 1)}",
            )
        self.skip_to(row.number)
        shown = self.shown(row)
        self._note_row_style(row, shown)
        self.last = row.number
        self._vet(row)
        if row.cells:
            self.last_column = max(self.last_column, row.cells[-1].column)
        if shown is Shown.GONE and not self.facts.hidden:
            self.hide(row.number, self.why_gone(row))
        self.facts.count_examined(len(row.cells))
        self._take_cells(row, shown)

    def shown(self, row: Row) -> Shown:
        """What a reader sees of a written row."""
        if self.facts.hidden or row.number < self.facts.grid.first_row:
            return Shown.GONE
        if is_true(row.attributes.get("hidden", "")):
            return Shown.GONE
        height = row.attributes.get("ht")
        if height is None:
            return Shown.SPACER if self.facts.grid.default_makes_row_spacers else Shown.FULL
        points = size(height)
        return Shown.GONE if points == 0 else Shown.SPACER if 0 < points < 3 else Shown.FULL

    def _vet(self, row: Row) -> None:
        """Put a candidate's row to the list of names, as the parser would have."""
        vocabulary = self.around.vocabulary
        if vocabulary is None or row.forms is None:
            return
        path = ("x:worksheet", "x:sheetData", "x:row")
        place = f"{self.facts.place}, row {row.number}"
        vocabulary.element(path, row.attributes, place)
        for cell, form in zip(row.cells, row.forms, strict=True):
            vocabulary.element((*path, "x:c"), cell.attributes, place)
            if form.formula:
                vocabulary.element((*path, "x:c", "x:f"), cell.formula_attributes, place)
            space = {"xml:space": "preserve"} if form.spaced else {}
            if cell.inline is not None:
                vocabulary.element((*path, "x:c", "x:is"), {}, place)
                vocabulary.element((*path, "x:c", "x:is", "x:t"), space, place)
            elif cell.value is not None:
                vocabulary.element((*path, "x:c", "x:v"), space, place)

    def _note_row_style(self, row: Row, shown: Shown) -> None:
        if shown is not Shown.GONE and not self.facts.hidden:
            self.facts.styles_used.add(whole(row.attributes.get("s", "")))
            self.facts.notes[UNSHOWN] += self.is_worded(row, shown)

    def is_worded(self, row: Row, shown: Shown) -> bool:
        """Whether a row that shows has a format with words; it has no number to show them."""
        return shown is not Shown.GONE and whole(row.attributes.get("s", ""), -1) in (
            self.around.styles.worded
        )

    def why_gone(self, row: Row) -> str:
        """The channel of a written row that does not show."""
        if row.number < self.facts.grid.first_row:
            return "xlsx.sheet.frozen-unreachable"
        hidden = is_true(row.attributes.get("hidden", ""))
        return "xlsx.sheet.row-hidden" if hidden else "xlsx.sheet.zeroheight"

    def hide(self, number: int, channel: str) -> None:
        """Take a row off the copy."""
        self.facts.note_rows(channel, number, number)
        self.facts.grid.hide_rows(number, number)
        self.removed += 1

    # -- rows that are not written ------------------------------------------------------------

    def skip_to(self, number: int) -> None:
        """Pass the rows between the last one and ``number`` that are not written."""
        start = self.last + 1
        while start < number:
            start = self._pass_unwritten(start, number)

    def finish(self) -> None:
        """Pass the rows after the last one that is written, and close the digests."""
        last = max((self.last, self.areas.last_row, *self._recalculated))
        if self.last < last:
            self.skip_to(last + 1)
        self.facts.digests.turn(LAST_ROW)
        if not self.facts.hidden:
            self.areas.list_stale_members()

    def _pass_unwritten(self, start: int, number: int) -> int:
        grid = self.facts.grid
        if not self.facts.hidden and start < grid.first_row:
            end = min(number, grid.first_row)
            self.facts.note_rows("xlsx.sheet.frozen-unreachable", start, end - 1)
            grid.hide_rows(start, end - 1)
            self.removed += end - start
            return end
        if not self.facts.hidden and grid.default_hides_rows:
            grid.hide_rows(start, number - 1)
            self.removed += number - start
            return number
        if not (self.areas.pending or self._recalculated or self.areas.next_row < number):
            return number
        # Rows that are not written can still hold a moved or recalculated value.
        row = self._next_interesting(start, number)
        if row >= number:
            return number
        self.last = row
        self._take_cells(Row(row, {}, ()), Shown.GONE if self.facts.hidden else Shown.FULL)
        return row + 1

    def _next_interesting(self, start: int, number: int) -> int:
        if self.areas.pending:
            return start
        rows = [number, max(start, self.areas.next_row)]
        while self._unwritten and self._unwritten[-1] < start:
            self._unwritten.pop()
        if self._unwritten:
            rows.append(self._unwritten[-1])
        return min(rows)

    # -- cells --------------------------------------------------------------------------------

    def _take_cells(self, row: Row, shown: Shown) -> None:
        """Read the cells of a row and put its values into the digest."""
        number, grid = row.number, self.facts.grid
        has_looks = shown is not Shown.GONE and not self.facts.hidden
        self.areas.reach(number)
        covered = self.areas.active
        found: dict[int, tuple[str, str]] = {}
        fresh = dict(self._recalculated.pop(number, {}))
        previous = 0
        for cell in row.cells:
            if not previous < cell.column <= LAST_COLUMN:
                raise malformed(
                    "occurs twice, goes backwards or lies beyond the grid",
                    place=cell_place(self.facts.number, number, min(cell.column, LAST_COLUMN)),
                )
            previous = cell.column
            self.facts.string_cells += cell.type == "s" and bool(cell.value)
            if has_looks and grid.column_map[cell.column]:
                self.facts.styles_used.add(cell.style)
            if covered and self.areas.is_covered(number, cell.column):
                self._note_covered(row, cell)
                if has_looks and grid.column_map[cell.column]:
                    self.facts.notes[UNSHOWN] += cell.style in self.around.styles.worded
                continue
            value = self._seen_value(row, cell, shown, fresh.pop(cell.column, None))
            if value is not None:
                self.areas.settle(number, cell.column, value, shown, found, covered)
        for column in sorted(fresh):
            if self.areas.is_covered(number, column) or self.areas.is_behind(number, column):
                continue
            value = self.values.fresh_value(fresh[column], 0)
            if value is not None:
                self.areas.settle(number, column, value, shown, found, covered)
        if shown is not Shown.GONE:
            self.areas.move_pending(number, shown, found)
            if found:
                self._emit(number - self.removed, found)

    def _emit(self, row: int, found: dict[int, tuple[str, str]]) -> None:
        digests, places = self.facts.digests, self.facts.grid.column_map
        columns = sorted(found)
        if row > digests.last:
            digests.turn(row)
        signature = ",".join(f"{places[column]}{found[column][0]}" for column in columns)
        values = "\x1e".join(found[column][1] for column in columns)
        digests.lines.append(f"{row}\x1f{signature}\x1e{values}")
        self.facts.cells += len(columns)

    def _value(
        self, row: Row, cell: Cell, shown: Shown, fresh: CellValue | None
    ) -> tuple[str, str] | None:
        """Kind and token of what a cell shows before merges are looked at."""
        facts = self.facts
        kind, notes = self.values.judge(cell, shown)
        if self.areas.is_roomy(row.number, cell.column, shown):
            # A merged area that begins in a spacer shows its value all the same.
            notes = Counter({name: n for name, n in notes.items() if not name.endswith("-tiny")})
        facts.notes.update(notes)
        self._note_formula(row, cell)
        place = cell_place(facts.number, row.number, cell.column)
        if kind == "stale" or self.areas.in_stale_array(row.number, cell.column):
            if self.areas.may_show(row.number, cell.column, shown):
                self.facts.note_stale(row.number, cell.column)
            if fresh is not None:
                return self.values.fresh_value(fresh, cell.style)
            if kind == "stale" and not (cell.value or cell.inline):
                return None
            kind = "check" if kind == "stale" else kind
        elif fresh is not None and (kind is not None or self.areas.has_place(shown, cell.column)):
            return self.values.fresh_value(fresh, cell.style)
        if kind is None:
            self.values.note_hidden(cell)
            # The anchor of a merged area shows through what is left of the area.
            if not self.areas.is_anchor(row.number, cell.column):
                return None
            if cell.type == "e" and "vm" in cell.attributes:
                return None
        return self.values.plain_value(cell, place)

    def _note_covered(self, row: Row, cell: Cell) -> None:
        if cell.value or cell.inline:
            if not self.facts.hidden:
                self.facts.notes["xlsx.cell.under-merge"] += 1
            self.values.note_hidden(cell)
        if cell.formula is not None and not self.facts.hidden:
            self.facts.notes["xlsx.f.text"] += 1
        self._note_formula(row, cell)

    def _seen_value(
        self, row: Row, cell: Cell, shown: Shown, fresh: CellValue | None
    ) -> tuple[str, str] | None:
        """What a cell shows where no object hides it."""
        has_look = shown is not Shown.GONE and not self.facts.hidden
        if self.areas.is_behind(row.number, cell.column):
            has_look = has_look and bool(self.facts.grid.column_map[cell.column])
            self._note_behind(row, cell, has_look)
            return None
        value = self._value(row, cell, shown, fresh)
        if value is not None and has_look and self.areas.is_veiled(row.number, cell.column):
            self.facts.notes["xlsx.cell.invisible-text"] += 1
        return value

    def _note_behind(self, row: Row, cell: Cell, has_look: bool) -> None:
        """Note a cell that an object hides; its look stays, its words do not."""
        if has_look:
            self.facts.notes[UNSHOWN] += cell.style in self.around.styles.worded
            self.facts.notes["xlsx.cell.covered"] += bool(cell.value or cell.inline)
        if cell.formula is not None:
            self.facts.notes["xlsx.f.text"] += 1
        self.values.note_hidden(cell)
        self._note_formula(row, cell)

    def _note_formula(self, row: Row, cell: Cell) -> None:
        if cell.formula is None:
            return
        if not self.facts.hidden and EXTERNAL.search(cell.formula):
            self.facts.notes["xlsx.f.external"] += 1
        if cell.formula_attributes.get("t") in ("array", "dataTable"):
            area = area_reference(cell.formula_attributes.get("ref", ""))
            if area is not None and area[0] >= row.number:
                if self.values.is_stale(cell) and not self.facts.hidden:
                    self.areas.arrays.append(area)
                    self.facts.stale_areas.append(area)
