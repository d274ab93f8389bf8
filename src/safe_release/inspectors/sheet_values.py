"""What a cell shows: the kind of its value, its token in a reading, and what it hides."""

from __future__ import annotations

from collections import Counter

from safe_release.document import CellValue
from safe_release.inspectors.faults import malformed
from safe_release.inspectors.grid import Shown
from safe_release.inspectors.iso_dates import date_as_number
from safe_release.inspectors.shapes import Cell, unescape
from safe_release.inspectors.sheet_facts import UNSHOWN, Facts, Surroundings
from safe_release.inspectors.shortcuts import EVERY_NUMBER, stored, stored_text
from safe_release.inspectors.sights import Letters, Run
from safe_release.inspectors.strings import token
from safe_release.inspectors.texts import (
    INVISIBLE,
    canonical_number,
    cell_text,
    is_escaped_in_need,
)

CLASSIC_ERRORS = frozenset(
    ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA")
)
_REMEMBERED = 1 << 14
_MOST_TOKENS = 50_000
_MOST_HIDDEN_TEXTS = 100_000


class Values:
    """Reads the values of one sheet's cells and counts what their spelling and format hide."""

    def __init__(self, around: Surroundings, facts: Facts, full: bool) -> None:
        self.around = around
        self.facts = facts
        self.full = full
        """Whether every formula is worked out anew on opening."""
        self.tokens: dict[str, str] = {}
        """Tokens of texts by their XML spelling."""
        self.shown: dict[tuple[int, str], tuple[str, bool, bool]] = {}
        """What :meth:`show_number` said, by style and spelling."""
        self._dressed: dict[tuple[int, str], int] = {}

    # -- by form ------------------------------------------------------------------------------

    def judge(self, cell: Cell, shown: Shown) -> tuple[str | None, Counter[str]]:
        """The kind of value a cell shows, judged by its form alone, and the channels it has.

        ``None``: no value. ``stale``: a formula whose value cannot be trusted. ``check``: its
        value decides. Else the kind in a reading: n, s, b, e.
        """
        if self.facts.hidden:
            return None, Counter()
        kind, notes = self._judge_shown(cell, shown)
        column = self.facts.grid.columns[cell.column]
        if shown is not Shown.GONE and column is not Shown.GONE:
            notes[UNSHOWN] += self._leaves_words_by_form(cell, kind)
        return kind, notes

    def _judge_shown(self, cell: Cell, shown: Shown) -> tuple[str | None, Counter[str]]:
        has_value = bool(cell.inline if cell.type == "inlineStr" else cell.value)
        notes = self._form_notes(cell)
        column = self.facts.grid.columns[cell.column]
        if shown is not Shown.FULL or column is not Shown.FULL:
            if has_value and shown is not Shown.GONE and column is not Shown.GONE:
                tiny = "col" if column is Shown.SPACER else "row"
                notes[f"xlsx.sheet.{tiny}-tiny"] += 1
            return None, notes
        if cell.type == "e" and "vm" in cell.attributes:
            notes["xlsx.rich.values"] += 1
            return None, notes
        if self.is_stale(cell):
            notes["xlsx.f.no-cache"] += 1
            return "stale", notes
        if not has_value:
            return None, notes
        if cell.style in self.around.styles.doubtful:
            notes["xlsx.cell.invisible-text"] += 1
        if cell.type == "b" and cell.style in self.around.styles.checkbox:
            notes["xlsx.cell.checkbox"] += 1
        elif cell.type == "e" and cell.value not in CLASSIC_ERRORS:
            notes["xlsx.cell.bool-error"] += 1
        return self._kind(cell), notes

    def _leaves_words_by_form(self, cell: Cell, kind: str | None) -> bool:
        """Whether a cell without a number has a format with words that do not show."""
        styles = self.around.styles
        if cell.style not in styles.worded or kind == "stale":
            return False
        if kind is not None and cell.type in ("s", "str", "inlineStr"):
            return cell.style in styles.silent_over_texts
        # Dates in ISO 8601 are numbers to their format.
        return kind is None or cell.type not in ("n", "d")

    def _form_notes(self, cell: Cell) -> Counter[str]:
        """The channels that the spelling of a cell has, whatever its value shows."""
        notes: Counter[str] = Counter()
        notes["xlsx.f.text"] += cell.formula is not None
        notes["xml.foreign-element"] += cell.odd
        inline = cell.type == "inlineStr"
        both = cell.inline is not None and (cell.value is not None or not inline)
        notes["xlsx.cell.dual-value"] += both or (inline and bool(cell.value))
        notes["xlsx.cell.phonetic"] += cell.phonetic
        return +notes

    def _kind(self, cell: Cell) -> str:
        """The kind of a cell's value by its type; ``check`` where the value or place decides."""
        styles = self.around.styles
        if not self.around.scene.is_ordinary(cell.style):
            return "check"
        if cell.type == "b":
            looked_at = cell.style in styles.checkbox or cell.style in styles.text_masks
            return "check" if looked_at else "b"
        if cell.type == "e":
            return "e" if cell.value in CLASSIC_ERRORS else "check"
        if cell.type in ("s", "str", "inlineStr"):
            return "check" if cell.style in styles.text_masks else "s"
        if cell.type == "n":
            return "n" if self.facts.show_zeros else "check"
        return "check"

    def style_with(self, style: int, code: str) -> int:
        """The number under which a format with another number format is known here."""
        key = style, code
        made = self._dressed.get(key)
        if made is None:
            made = self._dressed[key] = self.around.styles.with_code(style, code)
        return made

    def is_masked(self, cell: Cell) -> bool:
        """Whether a format shows a number as none, or a text as another."""
        if cell.type != "n":
            return cell.style in self.around.styles.text_masks
        number = canonical_number((cell.value or "").strip())
        code = self.around.styles.shown_codes.get(cell.style)
        if number is None or code is None:
            return False
        shown = stored(code, number, self.around.date1904)
        return shown is None or shown[0] != "n"

    def is_general(self, style: int) -> bool:
        """Whether numbers of a style are shown as they are."""
        return self.around.styles.keys.get(style, "General") == "General"

    def is_stale(self, cell: Cell) -> bool:
        if cell.formula is None:
            return False
        return self.full or (not cell.value and cell.type != "str")

    # -- by value -----------------------------------------------------------------------------

    def seen_value(self, cell: Cell, row: int, place: str) -> tuple[str, str] | None:
        """What a reader sees of a value on the ground where it stands."""
        scene, faces = self.around.scene, self.around.styles.faces
        runs = () if self.facts.hidden else self._runs(cell)
        if self.facts.hidden or (scene.is_ordinary(cell.style) and not runs):
            return self.plain_value(cell, place)
        letters, supposed = scene.letters(cell.style, row, cell.column, self.facts.grid)
        name = self._colour(cell)
        if letters.grounds is not None:
            letters = faces.coloured(letters, name)
        supposed = faces.coloured(supposed, name)
        if runs:
            return self._seen_runs(cell, runs, letters, supposed, place)
        if letters.unseen and self._says_something(cell):
            self._note_unseen(cell, letters.is_tiny)
            return None
        self.facts.notes["xlsx.cell.invisible-text"] += supposed.unseen
        return self.plain_value(cell, place)

    def _says_something(self, cell: Cell) -> bool:
        if cell.type == "s" and cell.value:
            return bool(self.around.strings.texts[self.around.strings.index(cell.value)])
        value = cell.inline if cell.type == "inlineStr" else cell.value
        return bool(cell_text(value or ""))

    def _note_unseen(self, cell: Cell, is_tiny: bool) -> None:
        self.facts.notes["xlsx.cell.font-tiny" if is_tiny else "xlsx.cell.font-eq-fill"] += 1
        self.note_hidden(cell)

    def _runs(self, cell: Cell) -> tuple[Run, ...]:
        """The runs of a text that have to be looked at one by one."""
        styles, strings = self.around.styles, self.around.strings
        if self.around.displayed and cell.style in styles.text_masks:
            return ()
        if cell.type == "inlineStr":
            return cell.runs
        if cell.type != "s" or not cell.value:
            return ()
        index = strings.index(cell.value)
        if index in strings.concerned or not self.around.scene.is_ordinary(cell.style):
            return strings.runs.get(index, ())
        return ()

    def _seen_runs(
        self,
        cell: Cell,
        runs: tuple[Run, ...],
        letters: Letters,
        supposed: Letters,
        place: str,
    ) -> tuple[str, str] | None:
        faces, strings = self.around.styles.faces, self.around.strings
        runs = tuple(run for run in runs if cell_text(run.text))
        seen = [run for run in runs if faces.sees(run, letters)]
        is_open = any(not faces.sees(run, supposed) for run in seen)
        self.facts.notes["xlsx.cell.invisible-text"] += is_open
        if len(seen) == len(runs) and not (cell.type == "s" and strings.has_part(cell.value)):
            return self.plain_value(cell, place)
        if not seen:
            if runs:
                self._note_unseen(cell, letters.is_tiny)
            return None
        text = "".join(cell_text(run.text) for run in seen)
        self.facts.notes["xlsx.cell.richrun-hidden"] += len(seen) < len(runs)
        if cell.type == "s":
            strings.show_part(strings.index(cell.value or ""), text)
        else:
            self.facts.hidden_texts += [run.text for run in runs if run not in seen]
        return "s", token(text)

    def _colour(self, cell: Cell) -> str:
        """The colour that the number format of a cell gives its value."""
        shown = self.around.styles.number_format(cell.style)
        if cell.type in ("s", "str", "inlineStr", "b"):
            return shown.colour_of_text
        value: str | None = cell.value or ""
        if cell.type == "d":
            value = date_as_number(cell.value or "", self.around.date1904)
        if cell.type not in ("n", "d") or value is None or canonical_number(value.strip()) is None:
            return ""
        return shown.colour_of_number(value.strip())

    def plain_value(self, cell: Cell, place: str) -> tuple[str, str] | None:
        value = cell.inline if cell.type == "inlineStr" else cell.value
        if not value:
            return None
        if cell.type in ("s", "str", "inlineStr"):
            return self._text_value(cell.type, value, cell.style)
        if cell.type == "e":
            return ("e" if value in CLASSIC_ERRORS else "s"), token(cell_text(value))
        if cell.type == "b":
            return self._flag(value, cell.style, place)
        if cell.type == "n":
            return self._keyed(self._number(value, cell.style, place), cell.style)
        if cell.type == "d":
            serial = date_as_number(value, self.around.date1904)
            if serial is None:
                raise malformed("holds no date although it says so", place=place)
            return self._keyed(self._number(serial, cell.style, place), cell.style)
        raise malformed("is of a type that the standard does not know", place=place)

    def fresh_value(
        self, fresh: CellValue, style: int, row: int, column: int
    ) -> tuple[str, str] | None:
        cell = Cell(column, style, fresh.type, fresh.text, None, None, {}, {})
        return self.seen_value(cell, row, self.facts.place)

    def _text_value(self, kind: str, value: str, style: int) -> tuple[str, str] | None:
        strings = self.around.strings
        if style in self.around.styles.text_masks:
            plain = strings.texts[strings.index(value)] if kind == "s" else cell_text(value)
            shown = stored_text(self.around.styles.shown_codes.get(style, ""), plain)
            if shown != plain:
                self.facts.notes["xlsx.cell.masked-by-format"] += 1
            if self.around.displayed:
                if kind == "s":
                    strings.hidden.add(strings.index(value))
                return ("s", token(shown)) if shown else None
        if kind == "s":
            try:
                return "s", strings[value]
            except KeyError:
                return None
        text = self._text_token(value)
        return ("s", text) if text else None

    def shown_text(self, cell: Cell) -> str:
        """What a cell with a text shows as it is; nothing for other cells."""
        value = cell.inline if cell.type == "inlineStr" else cell.value
        if not value or cell.type not in ("s", "str", "inlineStr"):
            return ""
        strings = self.around.strings
        plain = strings.texts[strings.index(value)] if cell.type == "s" else cell_text(value)
        if not self.around.displayed:
            return plain
        return stored_text(self.around.styles.shown_codes.get(cell.style, ""), plain)

    def _keyed(self, found: tuple[str, str] | None, style: int) -> tuple[str, str] | None:
        """A number's kind says by which format it is shown."""
        if found is None or found[0] != "n":
            return found
        return self.kind_of_numbers(style), found[1]

    def kind_of_numbers(self, style: int) -> str:
        """The kind of the numbers of a style in a reading."""
        return f"n{self.around.styles.keys.get(style, '')}"

    def _flag(self, value: str, style: int, place: str) -> tuple[str, str] | None:
        if value.strip() not in ("0", "1", "true", "false"):
            raise malformed("holds no boolean although it says so", place=place)
        self.facts.odd_spellings += value not in ("0", "1")
        on = value.strip() in ("1", "true")
        if style in self.around.styles.text_masks:
            self.facts.notes["xlsx.cell.masked-by-format"] += 1
            if self.around.displayed:
                code = self.around.styles.shown_codes.get(style, "")
                shown = stored_text(code, "TRUE" if on else "FALSE")
                return ("s", token(shown)) if shown else None
        if style in self.around.styles.checkbox:
            return "s", "\u2611" if on else "\u2610"
        return "b", "1" if on else "0"

    def _number(self, value: str, style: int, place: str) -> tuple[str, str] | None:
        number = canonical_number(value.strip())
        if number is None:
            raise malformed("holds no number although it says so", place=place)
        self._vet_number(value, number)
        if number == "0" and not self.facts.show_zeros:
            self.facts.notes["xlsx.sheet.showzeros"] += 1
            self.facts.notes[UNSHOWN] += style in self.around.styles.worded
            return None
        return self._stored(number, style)

    def _stored(self, number: str, style: int) -> tuple[str, str] | None:
        """What the copy stores for a canonical number under a style (docs/numbers.md)."""
        self.facts.notes[UNSHOWN] += self._leaves_words(number, style)
        code = self.around.styles.shown_codes.get(style)
        if code is None:
            return "n", number
        found = stored(code, number, self.around.date1904)
        if found != ("n", number):
            self.facts.notes["xlsx.cell.masked-by-format"] += 1
        return found if self.around.displayed else ("n", number)

    def _leaves_words(self, number: str, style: int) -> bool:
        """Whether a number's format has a word in a section that does not show the number."""
        uneven = self.around.styles.uneven.get(style)
        return uneven is not None and uneven.leaves_words(number)

    def _vet_number(self, spelled: str, number: str) -> None:
        """A candidate's numbers carry no digit beyond those that read back."""
        if self.around.vocabulary is not None and spelled != number:
            self.facts.odd_numbers += 1

    def _text_token(self, text: str) -> str:
        plain = cell_text(text)
        if plain != text and not is_escaped_in_need(text, plain):
            self.facts.notes["xlsx.xml.xstring"] += 1
        if not plain.isascii() and INVISIBLE.search(plain):
            self.facts.notes["ooxml.invisible-unicode"] += 1
        return token(plain)

    def note_hidden(self, cell: Cell) -> None:
        """Remember what a hidden cell holds: its words must not turn up in the copy."""
        if cell.type == "s" and cell.value:
            self.around.strings.hidden.add(self.around.strings.index(cell.value))
        elif cell.type in ("str", "inlineStr") and len(self.facts.hidden_texts) < 100_000:
            self.facts.hidden_texts.append((cell.inline or cell.value or "")[:1000])

    # -- for rows that are taken by pattern ---------------------------------------------------

    def narrow(self, style: int) -> str | None:
        """The pattern of the numbers that need no second look under a style."""
        return self.around.styles.narrow.get(style, EVERY_NUMBER)

    def show_number(self, style: int, spelled: str) -> tuple[str, bool, bool] | None:
        """What a number says under a style, whether its format masks some of it, and whether
        the format has words that do not show; ``None`` where it says no number. Remembered,
        since dates and rates come again and again."""
        number = canonical_number(spelled)
        if number is None:
            return None
        self._vet_number(spelled, number)
        code = self.around.styles.shown_codes.get(style)
        found = ("n", number)
        if code is not None:
            shown = stored(code, number, self.around.date1904)
            if shown is None or shown[0] != "n":
                return None
            found = shown
        is_masked = found[1] != number
        told = (
            found[1] if self.around.displayed else number,
            is_masked,
            self._leaves_words(number, style),
        )
        if len(self.shown) >= _REMEMBERED:
            self.shown.clear()
        self.shown[style, spelled] = told
        return told

    def token(self, spelled: str) -> str:
        """The token of a text in its XML spelling; ``KeyError`` where it is empty."""
        known = self.tokens.get(spelled)
        if known is None:
            self.facts.odd_spellings += "&quot;" in spelled or "&apos;" in spelled
            known = self._text_token(unescape(spelled))
            if not known:
                raise KeyError(spelled)
            if len(self.tokens) < _MOST_TOKENS:
                self.tokens[spelled] = known
        return known
