"""Words met only in hidden places of a source: none of them may turn up in the copy."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

MOST_WORDS = 200_000
_BATCH = 4096
_WORD = re.compile(r"[^\W_]{5,64}")
_CONTENT = re.compile(r'>([^<>]{5,})<|="([^"<>]{5,})"')
_ADDRESS = re.compile(r"https?://schemas\.|http://purl\.|^[{(]?[0-9A-Fa-f-]{36}[)}]?$")
# Words that any workbook has for reasons of its format.
_COMMON = frozenset(
    """
    general normal table column columns sheet theme office calibri cambria arial times roman
    courier verdana tahoma aptos narrow light dark medium style colors colours fonts formats
    standard currency percent comma black white color color1 color2 yellow green magenta accent
    https openxmlformats schemas hyperlink mailto false print titles
    """.split()
)

# What the columns of a table without a header row are called in a copy.
_NEUTRAL = re.compile(r"column[1-9][0-9]{0,4}", re.ASCII)


def words(text: str) -> set[str]:
    """The words of a text that tell something: five letters, or six digits, or more."""
    found = set()
    for word in _WORD.findall(text):
        if word.isdigit():
            if len(word) >= 6:
                found.add(word)
        else:
            folded = word.casefold()
            if folded not in _COMMON and not _NEUTRAL.fullmatch(folded):
                found.add(folded)
    return found


class Needles:
    """Collects hidden words and visible words; memory stays bounded, long words have priority."""

    def __init__(self) -> None:
        self._hidden: set[str] = set()

    def hide(self, text: str) -> None:
        """Take in a text from a hidden place."""
        self._hidden |= words(text)
        if len(self._hidden) > 2 * MOST_WORDS:
            self._hidden = set(sorted(self._hidden, key=lambda w: (-len(w), w))[:MOST_WORDS])

    def hide_markup(self, markup: str) -> None:
        """Take in the texts and attribute values of a hidden part."""
        for text, value in _CONTENT.findall(markup):
            if not _ADDRESS.search(value):
                self.hide(text or value)

    def show(self, texts: Iterable[str]) -> None:
        """Take out the words of visible texts. Call it after everything hidden is in."""
        rest = iter(texts)
        # No word goes on over the end of a line, and what is no word was never taken in.
        while self._hidden and (batch := list(islice(rest, _BATCH))):
            said = _WORD.findall("\n".join(batch))
            self._hidden.difference_update(map(str.casefold, said))

    def result(self) -> frozenset[str]:
        """The words met only in hidden places."""
        return frozenset(self._hidden)


def found_in(needles: frozenset[str], texts: Iterable[str]) -> list[str]:
    """Those of the texts that hold a needle."""
    return [text for text in texts if words(text) & needles]
