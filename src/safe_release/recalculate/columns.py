"""This module is the columns of sheets, by number and by letters (18.18.7): 1 is A."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=1 << 14)
def column_number(letters: str) -> int:
    """The number of a column by its letters, in capitals."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(column: int) -> str:
    """The letters of a column by its number."""
    text = ""
    while column > 0:
        column, digit = divmod(column - 1, 26)
        text = chr(65 + digit) + text
    return text
