"""This module is how reports, verdicts and channels read to a person.

Everything here counts and points, as reports do; no line quotes a document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from safe_release.channel import Fate, Severity
from safe_release.channels import CATALOGUE

if TYPE_CHECKING:
    from safe_release.channel import Channel
    from safe_release.report import Check, Finding, Report, Verdict

PLACES_SHOWN = 3

CLEANED = {
    Fate.REMOVED: "Left behind",
    Fate.REPLACED: "Replaced by what shows",
    Fate.REENCODED: "Written anew",
    Fate.KEPT: "Kept, so look there before you publish",
    Fate.REFUSED: "Not releasable",
}
INSPECTED = {
    Fate.REMOVED: "A clean copy would leave behind",
    Fate.REPLACED: "A clean copy would show instead of",
    Fate.REENCODED: "A clean copy would write anew",
    Fate.KEPT: "A clean copy would keep, so look there before you publish",
    Fate.REFUSED: "No copy is released of a file with",
}
SEVERITIES = tuple(Severity)
QUESTIONS = {
    "whole": "is every byte accounted for?",
    "closed": "is everything in it on the list of what may be there?",
    "silent": "is it free of hidden channels, and of words hidden in the source?",
    "says the same": "does a second reading find in it what the source shows?",
}


class Line(NamedTuple):
    """One channel in a summary: its title, where it was met and how many there were."""

    title: str
    places: str
    total: int


def lines_by_fate(findings: Iterable[Finding]) -> Iterator[tuple[Fate, list[Line]]]:
    """The findings, one line a channel, by what becomes of them; the worst first."""
    groups: dict[Fate, dict[str, list[Finding]]] = {fate: {} for fate in Fate}
    for finding in findings:
        groups[finding.action].setdefault(finding.channel, []).append(finding)
    for fate, channels in groups.items():
        if channels:
            worst_first = sorted(channels, key=severity_rank)
            yield fate, [line_of(name, channels[name]) for name in worst_first]


def severity_rank(channel_id: str) -> int:
    """0 for what can carry whole records; a plug-in's channel, of which nothing is known, too."""
    channel = CATALOGUE.get(channel_id)
    return SEVERITIES.index(channel.severity) if channel else 0


def line_of(channel_id: str, findings: list[Finding]) -> Line:
    """All findings of one channel as one line; a plug-in's channel goes by its id."""
    channel = CATALOGUE.get(channel_id)
    places = list(dict.fromkeys(finding.place for finding in findings))
    more = len(places) - PLACES_SHOWN
    shown = "; ".join(places[:PLACES_SHOWN]) + (f" and {more} more" if more > 0 else "")
    return Line(
        channel.title if channel else channel_id,
        shown,
        sum(finding.count for finding in findings),
    )


def report_lines(report: Report) -> Iterator[str]:
    """The findings and the verifier's answers, as the command line prints them."""
    headings = CLEANED if report.released_sha256 else INSPECTED
    for fate, lines in lines_by_fate(report.findings):
        yield f"{headings[fate]}:"
        yield from table_lines(lines)
    if report.left_behind:
        total, names = sum(report.left_behind.values()), len(report.left_behind)
        yield f"Besides, {total:,} elements and attributes under {names:,} names had no rule."
    if report.checks:
        yield "The verifier's answers:"
        yield from check_lines(report.checks)


def table_lines(lines: list[Line]) -> Iterator[str]:
    """Channel, count and places in columns."""
    wide = max(len(line.title) for line in lines)
    digits = max(len(f"{line.total:,}") for line in lines)
    for line in lines:
        yield f"  {line.title:<{wide}}  {line.total:>{digits},}  {line.places}"


def check_lines(checks: Iterable[Check]) -> Iterator[str]:
    """One line a question, and one under it for each objection."""
    answers: dict[str, Check] = {check.question: check for check in checks}
    for question, meaning in QUESTIONS.items():
        check = answers.get(question)
        if check is None:
            yield f"  {question:<13}  -    not asked: {meaning}"
            continue
        answer = "yes" if check.passed else "NO"
        yield f"  {question:<13}  {answer:<3}  {check.examined:,} examined: {meaning}"
        for objection in check.objections:
            yield f"    {objection}"


def inspection_line(report: Report) -> str:
    """What ``inspect`` found, in one line."""
    kinds = len({finding.channel for finding in report.findings})
    if not kinds:
        return f"nothing hidden was found ({report.format})"
    return f"hidden data of {kinds} kind{'s' if kinds > 1 else ''} was found ({report.format})"


def verdict_line(verdict: Verdict) -> str:
    """The verdict in one line."""
    if verdict.passed:
        return "may leave: the verifier has no objection"
    failed = ", ".join(check.question for check in verdict.checks if not check.passed)
    return f"falls short: {failed or 'nothing was examined'}"


def channel_lines(channel: Channel) -> Iterator[str]:
    """One channel of the catalogue, in full."""
    yield f"{channel.id}: {channel.title}"
    yield f"  what can leak  {channel.carries}"
    yield f"  in the copy    {channel.fate.value}"
    yield f"  severity       {channel.severity.value}"
    yield f"  defined in     {channel.spec}"
    yield f"  known since    {channel.since}"
    if channel.covers:
        yield f"  covers         {', '.join(channel.covers)}"


def catalogue_lines() -> Iterator[str]:
    """The catalogue, one line a channel."""
    wide = max(map(len, CATALOGUE))
    for channel in CATALOGUE.values():
        yield f"{channel.id:<{wide}}  {channel.fate.value:<9}  {channel.title}"


def catalogue_markdown() -> Iterator[str]:
    """The catalogue as the table of docs/channels.md."""
    yield "| channel | what it is | what can leak this way | in the copy | severity | defined in |"
    yield "|---|---|---|---|---|---|"
    for channel in CATALOGUE.values():
        cells = (
            f"`{channel.id}`", channel.title, channel.carries,
            channel.fate.value, channel.severity.value, channel.spec,
        )  # fmt: skip
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
