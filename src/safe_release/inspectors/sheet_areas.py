"""Areas that a row crosses: merged cells, whose value may move, and arrays of formulas."""

from __future__ import annotations

from safe_release.document import CellPlace
from safe_release.inspectors.faults import too_large
from safe_release.inspectors.grid import LAST_ROW, Shown
from safe_release.inspectors.sheet_facts import MOST_STALE, Area, Facts


class Areas:
    """The merged areas and stale arrays of one sheet, as its rows pass by."""

    def __init__(self, facts: Facts, merges: list[Area]) -> None:
        self.facts = facts
        self.active: list[Area] = []
        """Merged areas that the row at hand lies in."""
        self.arrays: list[Area] = []
        """Arrays without a trusted value that the row at hand lies in."""
        self.pending: dict[Area, tuple[str, str]] = {}
        """Values of merged areas whose first cell does not show."""
        self._expected = sorted(merges)
        self._next = 0
        self._covers: list[Area] = []
        self._veils: list[Area] = []
        self._spans: list[tuple[int, int]] = []
        self._reached = 0

    def cover(self, covers: list[Area], veils: list[Area]) -> None:
        """Areas of cells that objects hide, and such that they hide in part."""
        self._covers, self._veils = covers, veils
        for first, last in sorted((area[0], area[2]) for area in (*covers, *veils)):
            if self._spans and first <= self._spans[-1][1] + 1:
                self._spans[-1] = (self._spans[-1][0], max(self._spans[-1][1], last))
            else:
                self._spans.append((first, last))

    @property
    def next_covered_row(self) -> int:
        """The first row after the one at hand with cells below an object; else past the grid."""
        after = self._reached + 1
        while self._spans and self._spans[0][1] < after:
            del self._spans[0]
        return max(self._spans[0][0], after) if self._spans else LAST_ROW + 1

    def is_behind(self, row: int, column: int) -> bool:
        """Whether an object hides the cell, with all of the merged area that it belongs to."""
        own = (row, column, row, column)
        if not any(_holds(cover, own) for cover in self._covers):
            return False
        merged = next((area for area in self.active if _holds(area, own)), own)
        return any(_holds(cover, merged) for cover in self._covers if _holds(cover, own))

    def is_veiled(self, row: int, column: int) -> bool:
        """Whether an object hides a part of the cell."""
        return any(_holds(veil, (row, column, row, column)) for veil in self._veils)

    @property
    def next_row(self) -> int:
        """The first row of the next merged area, or one past the grid."""
        return self._expected[self._next][0] if self._next < len(self._expected) else LAST_ROW + 1

    @property
    def last_row(self) -> int:
        """The last row that a value may stand in because of an area; 0 where there is none."""
        ends = (area[2] for area in self.pending)
        starts = (min(area[0], LAST_ROW) for area in self._expected[self._next :])
        return max((0, *ends, *starts))

    @property
    def is_idle(self) -> bool:
        """Whether the row at hand lies in no area that matters to its values."""
        return not (self.active or self.arrays or self.pending)

    def reach(self, number: int) -> None:
        """Take up the areas that begin by this row, and leave those that ended."""
        self._reached = number
        while self.next_row <= number:
            self.active.append(self._expected[self._next])
            self._next += 1
        if self.active:
            self.active = [area for area in self.active if area[2] >= number]
        if self.arrays:
            self.arrays = [area for area in self.arrays if area[2] >= number]

    def is_covered(self, row: int, column: int) -> bool:
        """Whether a merged area covers the cell, other than as its first."""
        return any(
            area[0] <= row <= area[2]
            and area[1] <= column <= area[3]
            and (row, column) != (area[0], area[1])
            for area in self.active
        )

    def is_anchor(self, row: int, column: int) -> bool:
        """Whether the cell of a visible sheet is the first of a merged area."""
        return not self.facts.hidden and any(
            (row, column) == (area[0], area[1]) for area in self.active
        )

    def is_roomy(self, row: int, column: int, shown: Shown) -> bool:
        """Whether the cell is the first of a merged area that is large enough to read in."""
        return not self.facts.hidden and any(
            (row, column) == (area[0], area[1]) and self._has_room(area, shown, column)
            for area in self.active
        )

    def has_place(self, shown: Shown, column: int) -> bool:
        """Whether values of a column show in a row that is shown so."""
        return shown is Shown.FULL and self.facts.grid.columns[column] is Shown.FULL

    def may_show(self, row: int, column: int, shown: Shown) -> bool:
        """Whether the value of a cell shows, in its place or elsewhere in its merged area."""
        return self.has_place(shown, column) or self.is_anchor(row, column)

    def settle(
        self,
        row: int,
        column: int,
        value: tuple[str, str],
        shown: Shown,
        found: dict[int, tuple[str, str]],
        covered: list[Area],
    ) -> None:
        """Put a value where a reader sees it, if a reader sees it."""
        for area in covered:
            if area[0] <= row <= area[2] and area[1] <= column <= area[3]:
                if shown is Shown.GONE or not self.facts.grid.column_map[column]:
                    self.pending[area] = value
                elif self._has_room(area, shown, column):
                    found[column] = value
                return
        if self.has_place(shown, column):
            found[column] = value

    def _has_room(self, area: Area, shown: Shown, column: int) -> bool:
        """Whether a merged area is large enough to read in, spacers or not."""
        high = shown is Shown.FULL or area[0] < area[2]
        wide = self.facts.grid.columns[column] is Shown.FULL or area[1] < area[3]
        return high and wide

    def move_pending(self, row: int, shown: Shown, found: dict[int, tuple[str, str]]) -> None:
        """Put values of merged areas into the first cell of them that shows."""
        places = self.facts.grid.column_map
        for area in list(self.pending):
            if area[2] < row:
                del self.pending[area]
                continue
            column = next((c for c in range(area[1], area[3] + 1) if places[c]), 0)
            value = self.pending.pop(area)
            if column and self._has_room(area, shown, column):
                found[column] = value

    def in_stale_array(self, row: int, column: int) -> bool:
        """Whether the cell is a member of an array without a trusted value."""
        return any(
            area[0] <= row <= area[2] and area[1] <= column <= area[3] for area in self.arrays
        )

    def list_stale_members(self) -> None:
        """Members of stale arrays that are not written are stale as well."""
        facts = self.facts
        known = set(facts.stale)
        for area in facts.stale_areas:
            if (area[2] - area[0] + 1) * (area[3] - area[1] + 1) > MOST_STALE // 2:
                raise too_large("has an array too large to be listed", place=facts.place)
            for row in range(area[0], area[2] + 1):
                if not facts.grid.row_in_copy(row):
                    continue
                for column in range(area[1], area[3] + 1):
                    place = CellPlace(facts.number, row, column)
                    if facts.grid.columns[column] is Shown.FULL and place not in known:
                        known.add(place)
                        facts.note_stale(row, column)


def _holds(area: Area, other: Area) -> bool:
    return (
        area[0] <= other[0] and area[1] <= other[1] and other[2] <= area[2] and other[3] <= area[3]
    )
