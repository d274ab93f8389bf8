"""What an inspector learned of a source, and hands to whoever audits the copy."""

from __future__ import annotations

from dataclasses import dataclass, field

from safe_release.document import CellPlace
from safe_release.inspectors.reading import Reading
from safe_release.report import Finding


@dataclass(frozen=True, slots=True)
class Inspection:
    """A source through the inspectors' eyes.

    ``stale`` names the visible formula cells whose stored values cannot be trusted, with the
    members of their arrays. ``needles`` are words met only in hidden places: they never leave
    this value, and are not to be printed.
    """

    findings: tuple[Finding, ...]
    stale: tuple[CellPlace, ...]
    reading: Reading
    needles: frozenset[str] = field(default=frozenset(), repr=False)
