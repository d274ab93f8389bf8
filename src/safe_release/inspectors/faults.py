"""The errors of inspectors, each with a remedy."""

from __future__ import annotations

from safe_release.errors import Malformed, TooLarge, UnknownFormat


def malformed(
    problem: str,
    *,
    place: str,
    remedy: str = "Open the file in its application, repair it there and save it again",
) -> Malformed:
    """A source that leaves open what its reader sees."""
    return Malformed(problem, place=place, remedy=remedy)


def too_large(
    problem: str,
    *,
    place: str,
    remedy: str = "Raise the limit in the policy if you trust the source",
) -> TooLarge:
    """A source beyond a limit of the policy."""
    return TooLarge(problem, place=place, remedy=remedy)


def unknown_format(
    problem: str, *, place: str, remedy: str = "Save it as an xlsx workbook"
) -> UnknownFormat:
    """A document of a kind that this inspector does not read."""
    return UnknownFormat(problem, place=place, remedy=remedy)
