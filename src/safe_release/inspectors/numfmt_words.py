"""Words in number formats: the letters and digits of literals, and which values show them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from safe_release.inspectors.numfmt_code import NotUnderstood, Section, Token, bracket, pieces_of

_WORD = re.compile(r"[^\W_]+")


class Words:
    """The words of one code, section by section (docs/workbook.md, Cells).

    Attributes:
        present: whether the code has a word at all.
        uneven: whether it depends on the number which words show.
        silent_over_texts: whether a text leaves a word unseen.
    """

    def __init__(
        self, sections: Iterable[Section], numeric: Sequence[Section], text: Section | None
    ) -> None:
        every = frozenset[str]().union(*map(_words, sections))
        self._lacks = [_words(section) != every for section in numeric] or [bool(every)]
        self.present = bool(every)
        self.uneven = any(self._lacks)
        self.silent_over_texts = every != (frozenset() if text is None else _words(text))

    def lacking(self, section: int | None) -> bool:
        """Whether another section has a word that this numeric one lacks.

        ``None`` stands for a number that no section of the code shows.
        """
        return self.present if section is None else self._lacks[section]


class UnreadWords(Words):
    """The words of a code that is not understood, none of which any value shows."""

    def __init__(self, code: str) -> None:
        super().__init__((), (), None)
        self.present = self.uneven = self.silent_over_texts = any(_unread(code))
        self._lacks = [self.present]


def _words(section: Section) -> frozenset[str]:
    """Words go on over literals that follow each other; case does not count."""
    return frozenset(_WORD.findall("".join(map(_ink, section.tokens)).casefold()))


def _ink(token: Token) -> str:
    return token.text if token.sort == "literal" else "\0"


def _unread(code: str) -> Iterator[bool]:
    """Whether each piece of a code has a word, as far as its pieces can be told apart."""
    for sort, text in pieces_of(code):
        if sort == "bracket":
            yield bool(_WORD.search(_inside(text)))
        elif sort in ("quoted", "escaped", "literal", "rest"):
            yield bool(_WORD.search(text))


def _inside(text: str) -> str:
    """What a bracket may carry: its symbol, or all of it where no rule knows it."""
    try:
        token = bracket(text)
    except NotUnderstood:
        return text
    return token[1] if token[0] == "literal" else ""
