"""What can go wrong, and what the person who ran the script can do about it.

::

    SafeReleaseError
    ├── SourceError          the source cannot be taken in
    │   ├── UnknownFormat
    │   ├── Encrypted
    │   ├── Malformed
    │   └── TooLarge
    ├── PolicyError          the policy is not one, or contradicts itself
    ├── Refused              it must not leave; carries the report where there is one
    │   ├── CannotRebuild    something known to be visible cannot be written truthfully
    │   └── Objected         the verifier said no to the candidate
    └── PublishError         the destination could not be written; it is as it was
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from safe_release.report import Report


class SafeReleaseError(Exception):
    """Base of every error this library raises on purpose.

    ``place`` says where (sheet, cell, part, page: never content), ``problem`` what is wrong
    there, ``remedy`` what to do about it. The message joins the three.
    """

    def __init__(self, problem: str, *, place: str = "", remedy: str = "") -> None:
        self.problem = problem
        self.place = place
        self.remedy = remedy
        super().__init__(problem, place, remedy)

    def __str__(self) -> str:
        head = f"{self.place}: {self.problem}" if self.place else self.problem
        return f"{head}. {self.remedy}" if self.remedy else head

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions cross process boundaries in clean_many; keyword arguments need help there.
        return (_rebuilt, (type(self), self.problem, self.place, self.remedy, self.__dict__))


def _rebuilt(
    kind: type[SafeReleaseError], problem: str, place: str, remedy: str, state: dict[str, object]
) -> SafeReleaseError:
    error = kind(problem, place=place, remedy=remedy)
    error.__dict__.update(state)
    return error


class SourceError(SafeReleaseError):
    """The source cannot be taken in."""


class UnknownFormat(SourceError):
    """The content is of no format this version cleans."""


class Encrypted(SourceError):
    """The source is encrypted and no password opens it."""


class Malformed(SourceError):
    """The source breaks its format in a way that leaves open what a reader would see."""


class TooLarge(SourceError):
    """The source exceeds a limit of the policy: bytes, parts, ratio, cells, depth or seconds."""


class PolicyError(SafeReleaseError):
    """The policy has an unknown field, a value out of range, or contradicts itself."""


class Refused(SafeReleaseError):
    """The document must not leave as it is; nothing was written."""

    report: Report | None = None


class CannotRebuild(Refused):
    """Something a reader sees cannot be written truthfully."""


class Objected(Refused):
    """The verifier, looking at the candidate with its own eyes, found a fault."""


class PublishError(SafeReleaseError):
    """The destination could not be written; what was there before is unharmed."""
