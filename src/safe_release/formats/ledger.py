"""This module is the builders' record of what they left behind and what they decided."""

from __future__ import annotations

from collections import Counter

from safe_release.channel import Fate
from safe_release.report import Finding


class Ledger:
    """Counts, by standard name, what no rule carries, and keeps the builder's own findings.

    Names from a document can be secrets themselves (custom XML names its elements after what it
    hides), so callers pass only names of the standard's vocabulary; ``other`` stands for the rest.
    """

    def __init__(self) -> None:
        self._names: Counter[str] = Counter()
        self._findings: dict[tuple[str, str, Fate, str], int] = {}

    def leave(self, name: str, count: int = 1) -> None:
        """Count a name of the standard's that stays behind."""
        self._names[name] += count

    def note(self, channel: str, place: str, action: Fate, message: str, count: int = 1) -> None:
        """Record what the builder did about a channel at a place."""
        key = (channel, place, action, message)
        self._findings[key] = self._findings.get(key, 0) + count

    @property
    def left_behind(self) -> dict[str, int]:
        """Names and counts, in alphabetical order."""
        return dict(sorted(self._names.items()))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was decided, in the order in which it first came up."""
        return tuple(
            Finding(channel=channel, place=place, count=count, action=action, message=message)
            for (channel, place, action, message), count in self._findings.items()
        )
