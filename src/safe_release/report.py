"""The record of a release: what was found, what became of it, what the verifier said.

A report counts and points. It never quotes: it travels with the file it describes, and a quoted
hidden cell would publish the cell.
"""

from __future__ import annotations

from html import escape
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from safe_release.channel import Fate
from safe_release.policy import Policy


class Finding(BaseModel):
    """A channel seen in a document.

    ``place`` is a sheet by its number, a cell range, a part, a page. Names that could themselves
    be secret (a hidden sheet's, a part's) are given by number. ``count`` says how many of the
    thing there are at the place.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    channel: str
    place: str
    count: int = Field(ge=1)
    action: Fate
    message: str


class Check(BaseModel):
    """One of the verifier's four questions and its answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: Literal["whole", "closed", "silent", "says the same"]
    passed: bool
    examined: int = Field(ge=0)
    """How many things (bytes, names, places, cells) were looked at to answer."""
    objections: tuple[str, ...] = ()
    """Place and fault of each objection, at most twenty; never content."""


class Verdict(BaseModel):
    """What the verifier says of a file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """True when every question was answered yes."""
        return bool(self.checks) and all(check.passed for check in self.checks)


class Report(BaseModel):
    """What ``clean`` and ``inspect`` return; what an information officer files."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    """Of safe_release."""
    format: str
    source_sha256: str
    released_sha256: str | None = None
    """Of the copy; ``None`` when nothing was published."""
    policy: Policy
    findings: tuple[Finding, ...] = ()
    left_behind: dict[str, int] = Field(default_factory=dict)
    """Standard names of elements and attributes that no rule carries, and how often; names that
    no standard knows are counted together as ``other``."""
    checks: tuple[Check, ...] = ()
    seconds: dict[str, float] = Field(default_factory=dict)
    """Wall time of each stage. The only part of a report that differs between two equal runs."""
    plugins: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The verifier's answers as one value."""
        return Verdict(checks=self.checks)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(finding.channel)}</td><td>{escape(finding.place)}</td>"
            f"<td>{finding.count}</td><td>{escape(finding.action)}</td>"
            f"<td>{escape(finding.message)}</td></tr>"
            for finding in self.findings
        )
        checks = ", ".join(
            f"{check.question}: {'yes' if check.passed else 'NO'}" for check in self.checks
        )
        state = "released" if self.released_sha256 else "not released"
        return (
            f"<p><strong>safe_release {escape(self.version)}</strong>: {escape(self.format)}, "
            f"{state}. {escape(checks)}</p><table><thead><tr><th>channel</th><th>place</th>"
            f"<th>count</th><th>action</th><th>message</th></tr></thead><tbody>{rows}</tbody></table>"
        )
