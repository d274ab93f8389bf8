"""A channel: one way a document can carry what its reader does not see."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What becomes of a channel in a released copy. The words are those of ``Finding.action``."""

    REMOVED = "removed"  # no rule carries it
    REPLACED = "replaced"  # what it shows takes its place: a formula becomes its value
    REENCODED = "reencoded"  # decoded and written anew: pixels, strings, numbers
    KEPT = "kept"  # stays, because this version cannot judge it; the report says so
    REFUSED = "refused"  # a document that has it is not released


class Severity(StrEnum):
    """How much the channel can carry: HIGH whole records, MEDIUM names and paths, LOW traces."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Channel:
    """One row of the catalogue.

    ``id`` is stable and named after the thing hidden, never the cure. ``carries`` tells in one
    sentence what can leak this way. ``spec`` cites the clause of the standard or the vendor
    document that defines the place. ``covers`` lists the finer catalogue ids that the same rule
    serves, so that a report and the specification can be read side by side.
    """

    id: str
    title: str
    carries: str
    fate: Fate
    severity: Severity
    spec: str
    since: str = "0.1"
    covers: tuple[str, ...] = ()
