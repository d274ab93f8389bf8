"""The one spelling of a copy's markup: nothing can be said between the characters of tags."""

from __future__ import annotations

import re
from collections.abc import Iterable

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PREFIXES = frozenset(("", "a", "c", "cp", "dc", "dcterms", "dcmitype", "r", "v", "o",
                      "x14", "x15", "xdr", "xm", "xsi"))  # fmt: skip
"""What a copy calls namespaces."""
_NAME = r"(?:[A-Za-z0-9]{1,8}:)?[A-Za-z][A-Za-z0-9]*+"
_VALUE = r'"[^<>&"\x00-\x1f]*+(?:&(?:amp|lt|gt|quot|#10|#9|#13);[^<>&"\x00-\x1f]*+)*+"'
_TAG = f"<(?:/{_NAME}|{_NAME}(?: {_NAME}={_VALUE})*+/?)>"
_TEXT = r"[^<>&\r]*+(?:&(?:amp|lt|gt);[^<>&\r]*+)*+"
_MARKUP = re.compile(f"{_TEXT}(?:{_TAG}{_TEXT})*+")
_HOLLOW = re.compile(r"<([A-Za-z:0-9]++)[^<>]*+(?<!/)></")
_OPEN_WHEN_EMPTY = re.compile(r"row|sheetData|(?:cp|dc):[a-z]+", re.IGNORECASE)
"""Elements that have two tags even where nothing stands between them."""
_HEADER = re.compile(r'<(?:odd|even|first)[A-Z][a-z]+( xml:space="preserve")?>([^<]*+)</')
_RUN = re.compile(r'<t( xml:space="preserve")?>([^<]*+)</t>')
_MOST_HELD = 1 << 22


def needs_space(text: str) -> bool:
    """Whether a text has blanks that a reader might drop without ``xml:space``."""
    return "  " in text or "\n" in text or "\t" in text or text[:1].isspace() or text[-1:].isspace()


def has_one_spelling(markup: str) -> bool:
    """Whether whole tags and texts are spelled as a copy spells them.

    Double quotes and single blanks in tags, no reference that is not needed, one tag for an
    element without content, and blanks declared exactly where they count.
    """
    if not _MARKUP.fullmatch(markup):
        return False
    if any(not _OPEN_WHEN_EMPTY.fullmatch(hit[1]) for hit in _HOLLOW.finditer(markup)):
        return False
    if any(bool(hit[1]) != (hit[2] != hit[2].strip()) for hit in _HEADER.finditer(markup)):
        return False
    return all(bool(hit[1]) == needs_space(hit[2]) for hit in _RUN.finditer(markup))


def has_usual_prefixes(declared: Iterable[tuple[str, str]]) -> bool:
    """Whether each namespace has one prefix, and it is one of those that a copy has."""
    pairs = list(declared)
    return len({space for _, space in pairs}) == len(pairs) and all(
        prefix in PREFIXES for prefix, _ in pairs
    )


class Spelling:
    """Looks at a part's markup as it passes; ``odd`` counts the pieces spelled in another way."""

    def __init__(self) -> None:
        self.odd = 0
        self._held = ""
        self._begun = False

    def feed(self, piece: str, final: bool = False) -> None:
        """Take in the next characters of the part."""
        text = self._held + piece
        if not self._begun:
            if len(text) < len(DECLARATION) and not final:
                self._held = text
                return
            self._begun = True
            self.odd += not text.startswith(DECLARATION)
            text = text.removeprefix(DECLARATION)
        end = text.rfind(">") + 1
        self._held = text[end:]
        if len(self._held) > _MOST_HELD:
            self.odd += 1
            self._held = ""
        self.odd += not has_one_spelling(text[:end]) if end else 0
        self.odd += final and bool(self._held)
