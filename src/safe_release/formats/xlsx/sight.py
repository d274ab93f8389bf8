"""This module is what letters are painted with, and on what: whether a reader can see them.

Size is a matter of its own: letters of at most two points read as a line (18.8.30 lets ``sz`` be
anything).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element as Node

from safe_release.formats.xlsx.colors import BLACK, RGB, WHITE, Colors, Ground, hides
from safe_release.formats.xlsx.dxf import NOTHING, Dxf, child, read_color
from safe_release.formats.xlsx.layering import is_usual_color
from safe_release.formats.xlsx.numbers import number_format
from safe_release.formats.xlsx.strings import Run, StringItem
from safe_release.formats.xlsx.styles import SourceStyles

_SIZE: Final = re.compile(r"[0-9]{1,4}(?:\.[0-9]{0,9})?", re.ASCII)
_TINY: Final = 2 * 20
"""Twentieths of a point, in which the copy counts sizes."""


class Paint(NamedTuple):
    """The colour and size of letters, and the colours that lie under them.

    A colour or ground that cannot be known is ``None`` and hides nothing.
    """

    text: RGB | None
    is_tiny: bool
    ground: Ground | None

    @property
    def hides(self) -> bool:
        """Whether a reader sees nothing of the letters."""
        if self.is_tiny:
            return True
        return self.text is not None and self.ground is not None and hides(self.text, self.ground)

    def hides_run(self, run: Run, colors: Colors) -> bool:
        """Whether a reader sees nothing of one run of a text in the cell.

        What a run leaves open is the cell's or the default: it hides only where both of them do.
        """
        is_tiny = self.is_tiny and not run.has_look
        if run.size:
            is_tiny = reads_as_line(run.size)
        texts = {self.text} if not run.has_look else {self.text, BLACK}
        if run.color is not None:
            texts = {colors.seen(run.color, "text")}
        return all(Paint(text, is_tiny, self.ground).hides for text in texts)


def reads_as_line(size: str) -> bool:
    """Whether letters of a size in points are too small to be told from a line."""
    return bool(_SIZE.fullmatch(size.strip())) and round(float(size) * 20) <= _TINY


class Sight:
    """What the cell formats of a workbook paint, each worked out once.

    ``is_copy`` sees them as they are written: what the copy does not carry has its default there.
    """

    def __init__(self, styles: SourceStyles, theme: Node | None, *, is_copy: bool = False) -> None:
        self._styles = styles
        self.colors = Colors(theme, styles.palette, is_copy=is_copy)
        self._paints: dict[tuple[int, Dxf, Dxf, int], Paint] = {}
        self._decisive: dict[int, bool] = {}
        self._coded: dict[int, tuple[RGB, ...]] = {}

    def paint(
        self, index: int, table: Dxf = NOTHING, under: Dxf = NOTHING, bareness: int = 0
    ) -> Paint:
        """What a cell format paints over the look of a table, once ``under`` is written into it.

        ``bareness`` takes the font's colour away (1), and the fill (2), and then makes letters
        black (3) or white (4), whatever the table says.
        """
        key = (index, table, under, bareness)
        found = self._paints.get(key)
        if found is None:
            found = self._paints[key] = self._painted(index, table, under, bareness)
        return found

    def _painted(self, index: int, table: Dxf, under: Dxf, bareness: int) -> Paint:
        font, fill = self._styles.font_and_fill(index, under)
        size = child(font, "sz")
        is_tiny = size is not None and reads_as_line(size.get("val", ""))
        color = None if bareness else child(font, "color")
        text = self.colors.seen(read_color(color), "text")
        if table.color is not None and (
            is_usual_color(color, self._styles.normal_font_node) or bareness
        ):
            text = self.colors.seen(table.color, "text")
        if bareness > 2:
            text = BLACK if bareness == 3 else WHITE
        ground = () if bareness > 1 else self.colors.ground(fill)
        return Paint(text, is_tiny, self.colors.ground_of(table) if ground == () else ground)

    def is_decisive(self, index: int) -> bool:
        """Whether a cell format's own colours decide, whatever lies under it."""
        found = self._decisive.get(index)
        if found is None:
            font, fill = self._styles.font_and_fill(index, NOTHING)
            is_usual = is_usual_color(child(font, "color"), self._styles.normal_font_node)
            found = self._decisive[index] = not is_usual and self.colors.ground(fill) != ()
        return found

    def named(self, paint: Paint, name: str) -> Paint:
        """What a section of a number format paints that names a colour."""
        color = self.colors.named(name) if name else None
        return paint if color is None else paint._replace(text=color)

    def shows_always(self, index: int, tables: Iterable[Dxf]) -> bool:
        """Whether whatever a format paints shows, over any of these looks and for any value."""
        names = {"", *number_format(self._styles.look(index).code).colours}
        for table in tables:
            paint = self.paint(index, table)
            if paint.text is None or paint.ground is None:
                return False
            if any(self.named(paint, name).hides for name in names):
                return False
        return True

    def visible(self, item: StringItem, paint: Paint) -> StringItem | None:
        """What a reader sees of a text; ``None`` for nothing of it."""
        if item.runs is None:
            return None if paint.hides else item
        kept = [run for run in item.runs if not paint.hides_run(run, self.colors)]
        if len(kept) == len(item.runs):
            return item
        return StringItem.of_runs(kept) if kept else None

    def bared(self, item: StringItem, paint: Paint) -> StringItem:
        """A text whose runs have lost the colours in which they would not show."""
        if item.runs is None:
            return item
        return StringItem.of_runs(
            [run.without_color() if paint.hides_run(run, self.colors) else run for run in item.runs]
        )

    def shows_whole(self, item: StringItem, paint: Paint) -> bool:
        """Whether a reader sees every run of a text."""
        if item.runs is None:
            return not paint.hides
        return not any(paint.hides_run(run, self.colors) for run in item.runs)
