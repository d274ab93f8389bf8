"""This module is the words in number format codes, and codes without those that nobody sees."""

from __future__ import annotations

import re
from typing import Final

from safe_release.formats.xlsx.numfmt_parse import Section

GENERAL_CODE: Final = "General"
_WORD: Final = re.compile(r"[^\W_]+")
_LANGUAGE: Final = re.compile(r"\[\$([^-\]]*)-([^\]]*)\]", re.DOTALL)
_TAG: Final = re.compile(
    r"[0-9A-Fa-f]{1,8}|x-sys(?:date|time)|[A-Za-z]{2,3}(?:-[A-Za-z]{2,4}){0,2}(?:,[0-9A-Fa-f]{1,8})?"
)
"""What stands for a language: a number of MS-LCID, or a tag of BCP 47, and its calendar."""
_ROOM: Final = re.compile(r"_(.)", re.DOTALL)
_USUAL_ROOM: Final = frozenset("()-+.,% $\u20ac\u00a3\u00a50?_*")
_PIECE: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*].|[^;]', re.DOTALL)


def words(section: Section) -> frozenset[str]:
    """The runs of letters or digits in the literals of a section."""
    text = "".join(token.text if token.kind == "literal" else "\0" for token in section.tokens)
    return frozenset(_WORD.findall(text))


def section_codes(code: str) -> list[str]:
    """The code of each section, as it is written."""
    found = [""]
    at = 0
    while at < len(code):
        piece = _PIECE.match(code, at)
        if piece is None:  # a semicolon
            found.append("")
            at += 1
        else:
            found[-1] += piece.group()
            at = piece.end()
    return found


def seen_through(
    codes: list[str], sections: tuple[Section, ...], shown: int, text: int | None
) -> str:
    """The code with those sections plain that have words which the one that is shown has not.

    ``text`` is the index of the text section. Sections keep their conditions and their number, so
    that the same one is shown again.
    """
    kept = words(sections[shown])
    written = []
    for index, (code, section) in enumerate(zip(codes, sections, strict=True)):
        if index == shown or words(section) <= kept:
            written.append(code)
        elif index == text:
            written.append("@")
        else:
            condition = section.condition
            mark = f"[{condition.operator}{condition.bound}]" if condition is not None else ""
            written.append(mark + GENERAL_CODE)
    return ";".join(written)


def without_signs(code: str) -> str:
    """The code without the signs that only give room or name a language that there is not.

    ``_x`` leaves as much room as x has (ECMA-376-1 18.8.31): x itself is not seen, so that all but
    the usual ones become a digit or, where they are wide, an m.
    """
    return _PIECE.sub(lambda piece: _silent(piece.group()), code)


def _silent(piece: str) -> str:
    room = _ROOM.fullmatch(piece)
    if room is not None and room[1] not in _USUAL_ROOM:
        return "_m" if room[1].lower() in "mw@" else "_0"
    language = _LANGUAGE.fullmatch(piece)
    if language is not None and not _TAG.fullmatch(language[2]):
        return f"[${language[1]}]" if language[1] else ""
    return piece


_COLOUR: Final = re.compile(
    r'"[^"]*"|[\\_*].|\[(?:black|blue|cyan|green|magenta|red|white|yellow|color ?\d{1,2})(\])',
    re.IGNORECASE | re.DOTALL | re.ASCII,
)


def without_colours(code: str) -> str:
    """A code whose sections have the colour of their cell."""
    plain = []
    for section in section_codes(code):
        bare = _COLOUR.sub(lambda hit: "" if hit[1] else hit[0], section)
        # A section of a colour alone shows the number as General does; an empty one, nothing.
        plain.append(bare or (GENERAL_CODE if section else ""))
    return ";".join(plain)
