"""Rows one by one: which of them show, where they stand in the copy, and what their cells say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from safe_release.document import CellValue
from safe_release.inspectors.attributes import number_on_grid
from safe_release.inspectors.faults import malformed
from safe_release.inspectors.grid import LAST_COLUMN, LAST_ROW, NO_SIZE, Shown, area_reference
from safe_release.inspectors.looks import row_look
from safe_release.inspectors.places import cell_place
from safe_release.inspectors.shapes import Cell, Form, Row
from safe_release.inspectors.sheet_areas import Areas
from safe_release.inspectors.sheet_facts import UNSHOWN, Effects, Facts, Surroundings
from safe_release.inspectors.sheet_values import Values
from safe_release.inspectors.spelling import needs_space
from safe_release.inspectors.strings import token
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
        self._watched = list(reversed(around.watched))
        self._watched_rows = frozenset(around.watched)
        self._unwritten = sorted(self._recalculated, reverse=True)

    @property
    def next_watched(self) -> int:
        """The next row whose texts are wanted as they are, or one past the grid."""
        while self._watched and self._watched[-1] <= self.last:
            self._watched.pop()
        return self._watched[-1] if self._watched else LAST_ROW + 1

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
        if 0 <= points < NO_SIZE:
            return Shown.GONE
        return Shown.SPACER if 0 <= points < 3 else Shown.FULL

    def _vet(self, row: Row) -> None:
        """Put a candidate's row to the list of names, as the parser would have."""
        vocabulary = self.around.vocabulary
        if vocabulary is None:
            return
        self._vet_looks(row)
        if row.forms is None:
            return
        self.facts.odd_spellings += row.literal.endswith("/")
        self.facts.odd_spellings += sum(map(_is_odd, row.cells, row.forms))
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

    def _vet_looks(self, row: Row) -> None:
        """A candidate has no rows and cells that look as if they were not there."""
        has_style = "s" in row.attributes
        self.facts.odd_spellings += has_style != ("customFormat" in row.attributes)
        self.facts.odd_spellings += "customHeight" in row.attributes and "ht" not in row.attributes
        own = whole(row.attributes.get("s", "")) if has_style else None
        idle = sum(
            cell.style == (self.facts.column_style(cell.column) if own is None else own)
            for cell in row.cells
            if cell.value is None and cell.inline is None
        )
        self.facts.idle_cells += idle + (not row.cells and len(row.attributes) < 2)

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
        if not (self.areas.is_moving or self._recalculated or self.areas.next_row < number):
            return number
        # Rows that are not written can still hold a moved or recalculated value.
        row = self._next_interesting(start, number)
        if row >= number:
            return number
        self.last = row
        self._take_cells(Row(row, {}, ()), Shown.GONE if self.facts.hidden else Shown.FULL)
        return row + 1

    def _next_interesting(self, start: int, number: int) -> int:
        if self.areas.is_moving:
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
        looks: dict[int, str] = {}
        look_of = self.around.styles.looks.of
        previous = 0
        for cell in self._changed(row, shown, fresh):
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
                looks[cell.column] = look_of(cell.style)
                self._note_covered(row, cell)
                if has_looks and grid.column_map[cell.column]:
                    self.facts.notes[UNSHOWN] += cell.style in self.around.styles.worded
                continue
            new = fresh.pop(cell.column, None)
            value = self._seen_value(row, cell, shown, new)
            # A text that takes a number's place stays on the right.
            is_right = value is not None and value[0] == "s" and _is_number(cell, new)
            looks[cell.column] = look_of(cell.style, is_right)
            if is_right and any(self.around.styles.number_format(cell.style).colours):
                # The colour came from the format, which goes; the font's may be made to show.
                self.facts.is_repainted = True
            if covered and not (has_looks and grid.column_map[cell.column]):
                self.areas.note_look(number, cell.column, (cell.style, is_right))
            if value is not None:
                self.areas.settle(number, cell.column, value, shown, found, covered)
        self._settle_fresh(number, shown, fresh, found)
        if shown is not Shown.GONE:
            self.areas.move_pending(number, shown, found)
            if found:
                self._emit(row, found)
            self._take_looks(row, looks)

    def _settle_fresh(
        self,
        number: int,
        shown: Shown,
        fresh: Mapping[int, CellValue],
        found: dict[int, tuple[str, str]],
    ) -> None:
        """Put recalculated values of cells that are not written where a reader sees them."""
        for column in sorted(fresh):
            if self.areas.active and self.areas.is_covered(number, column):
                continue
            if self.areas.is_behind(number, column):
                continue
            value = self.values.fresh_value(fresh[column], 0, number, column)
            if value is not None:
                self.areas.settle(number, column, value, shown, found, self.areas.active)

    def _take_looks(self, row: Row, looks: dict[int, str]) -> None:
        """Take in how a row that shows looks."""
        if self.facts.hidden:
            return
        if self.areas.moved_looks:
            own = {cell.column: cell.style for cell in row.cells}
            for column, (style, is_right) in self.areas.moved_to(row.number).items():
                frame = own.get(column, self._style_beneath(row, column))
                looks[column] = self.around.styles.looks.framed(style, is_right, frame)
        look = self.look(row, looks)
        if look:
            place = row.number - self.removed
            self.facts.looks.add(look, place, place)

    def _style_beneath(self, row: Row, column: int) -> int:
        """The format of a cell that is not written."""
        if is_true(row.attributes.get("customFormat", "").strip()):
            return whole(row.attributes.get("s", ""))
        return self.facts.column_style(column)

    def look(self, row: Row, looks: Mapping[int, str]) -> str:
        """How a row and its cells look; nothing where they look as their columns do."""
        styles, places = self.around.styles.looks, self.facts.grid.column_map
        own, said = None, ""
        if is_true(row.attributes.get("customFormat", "").strip()):
            own = styles.of(whole(row.attributes.get("s", "")))
            said = own
        height = number_on_grid(row.attributes.get("ht", ""), 0.05, 409.5, 20)
        if height:
            said += f" {height}" + "c" * is_true(row.attributes.get("customHeight", "").strip())
        column_style = self.facts.column_style
        usual = styles.of(0)
        styled = bool(self.facts.column_styles)
        cells = []
        for column, look in looks.items():
            expected = own
            if expected is None:
                expected = styles.of(column_style(column)) if styled else usual
            if look != expected and places[column]:
                cells.append((places[column], look))
        return row_look(said, sorted(cells))

    def _watch(self, row: Row, found: dict[int, tuple[str, str]]) -> None:
        """Remember which texts the cells of a table's header show."""
        cells = [*row.cells]
        for column, fresh in self._fresh_texts(row.number):
            cells.append(Cell(column, 0, fresh.type, fresh.text, None, None, {}, {}))
        texts = (self.values.shown_text(cell) for cell in cells)
        by_token = {token(text): text for text in texts if text}
        for column, (kind, said) in found.items():
            if kind == "s" and said in by_token:
                self.facts.header_texts[row.number, column] = by_token[said]

    def _fresh_texts(self, row: int) -> list[tuple[int, CellValue]]:
        fresh = self.around.recalculated or {}
        return [
            (column, value)
            for (own, column), value in fresh.items()
            if own == row and value.type in ("s", "str", "inlineStr")
        ]

    def _changed(self, row: Row, shown: Shown, fresh: dict[int, CellValue]) -> Iterable[Cell]:
        """The cells as conditional formats leave them."""
        effects = self.around.effects
        if effects is None or self.facts.hidden or not effects.touches(row.number):
            return row.cells
        columns = self.facts.grid.columns
        changed = []
        for cell in row.cells:
            new, channel = self._change(effects, row.number, cell, fresh)
            changed.append(new)
            if channel and shown is not Shown.GONE and columns[cell.column] is not Shown.GONE:
                self.facts.notes[channel] += 1
        return changed

    def _change(
        self, effects: Effects, row: int, cell: Cell, fresh: dict[int, CellValue]
    ) -> tuple[Cell, str]:
        """A cell as rules leave it, and the channel of what it loses by them."""
        if self.values.is_stale(cell) and cell.column not in fresh:
            return cell, ""
        change = effects.change(row, cell.column, cell.style)
        if change.code is not None:
            dressed = cell._replace(style=self.values.style_with(cell.style, change.code))
            return dressed, "xlsx.cell.cf-hides" if self.values.is_masked(dressed) else ""
        if not change.gone and change.number is None:
            return cell, ""
        usual = change.number is not None and self.values.is_general(cell.style)
        if usual and cell.type == "n" and cell.value == change.number and cell.formula is None:
            return cell, ""
        self.facts.notes["xlsx.f.text"] += cell.formula is not None
        self._note_formula(Row(row, {}, ()), cell)
        fresh.pop(cell.column, None)
        if change.gone:
            self.values.note_hidden(cell)
        general = self.values.style_with(cell.style, "General")
        new = cell._replace(
            type="n",
            value=change.number,
            inline=None,
            formula=None,
            formula_attributes={},
            style=cell.style if change.gone else general,
        )
        return new, "xlsx.cf.show-value" if change.bare else "xlsx.cell.cf-hides"

    def _emit(self, source: Row, found: dict[int, tuple[str, str]]) -> None:
        if source.number in self._watched_rows:
            self._watch(source, found)
        row = source.number - self.removed
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
                return self.values.fresh_value(fresh, cell.style, row.number, cell.column)
            if kind == "stale" and not (cell.value or cell.inline):
                return None
            kind = "check" if kind == "stale" else kind
        elif fresh is not None and (kind is not None or self.areas.has_place(shown, cell.column)):
            return self.values.fresh_value(fresh, cell.style, row.number, cell.column)
        if kind is None:
            self.values.note_hidden(cell)
            # The anchor of a merged area shows through what is left of the area.
            if not self.areas.is_anchor(row.number, cell.column):
                return None
            if cell.type == "e" and "vm" in cell.attributes:
                return None
        return self.values.seen_value(cell, row.number, place)

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


def _is_number(cell: Cell, new: CellValue | None) -> bool:
    return (cell.type if new is None else new.type) in ("n", "d")


def _is_odd(cell: Cell, form: Form) -> bool:
    """Whether a cell that a pattern took is spelled in another way than a copy's."""
    if form.kind == "none":
        return form.empty != "/"
    if form.kind == "inline":
        return bool(form.spaced) != needs_space(cell.inline or "")
    return bool(form.empty)
