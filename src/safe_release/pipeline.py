"""This module is the story: take in, inspect, rebuild, verify, publish."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, TypeVar

from safe_release.document import Document
from safe_release.errors import CannotRebuild, Objected, PublishError, Refused, SafeReleaseError
from safe_release.intake import Source, candidate, intake
from safe_release.meanwhile import meanwhile, work_alone
from safe_release.policy import Policy
from safe_release.publish import beside
from safe_release.registry import FORMATS, Format, copy_name, recognise
from safe_release.report import Check, Finding, Report, Verdict
from safe_release.verifier import put_the_questions
from safe_release.version import __version__

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

    from safe_release.formats.ledger import Ledger
    from safe_release.inspectors.inspection import Inspection

Destination = str | os.PathLike[str]
_T = TypeVar("_T")
_LARGE = 1 << 20
"""Bytes of a source from which a second process is worth its start."""


def clean(source: Source, destination: Destination, policy: Policy | None = None) -> Report:
    """Rebuild ``source`` from what its reader sees, verify that, and publish it.

    ``source`` is a path, bytes, a binary file object or an ``openpyxl.Workbook``; ``destination``
    a path, replaced in one step or not touched. Raises a ``SafeReleaseError`` that says what is
    wrong, where, and what to do; then nothing was written. ``Refused`` errors carry the report.
    """
    policy = policy or Policy()
    clock = _Clock()
    with intake(source, policy.limits) as document, beside(destination) as made:
        kind = recognise(document)
        _refuse_wrong_suffix(kind, Path(destination))
        seen, attempt = _seen_and_attempted(document, kind, policy, made.stream, clock)
        refuse_by_policy(seen)
        ledger = _rebuilt(seen, made.stream, attempt, clock)
        copy = candidate(made.stream, document)
        verdict = clock.time("verify", put_the_questions, copy, kind, policy, seen.inspection)
        findings = merged(seen.inspection.findings, ledger.findings)
        released = copy.sha256 if verdict.passed else None
        report = seen.report(findings, ledger.left_behind, verdict.checks, released, clock)
        if not verdict.passed:
            raise _objection(report)
        clock.time("publish", made.publish)
    return report.model_copy(update={"seconds": clock.seconds})


def inspect(source: Source, policy: Policy | None = None) -> Report:
    """What is hidden in ``source``; writes nothing. Raises ``SourceError`` and ``Refused``."""
    policy = policy or Policy()
    clock = _Clock()
    with intake(source, policy.limits) as document:
        kind = recognise(document)
        inspection = clock.time("inspect", kind.inspect, document, policy)
        seen = _Seen(document, kind, inspection, policy)
        return seen.report(inspection.findings, {}, (), None, clock)


def verify(file: Source, source: Source | None = None, policy: Policy | None = None) -> Verdict:
    """The verifier alone: is ``file`` whole, closed and silent, and does it say the same as
    ``source``, where one is given? Raises ``SourceError`` where a file cannot be read at all."""
    policy = policy or Policy()
    with ExitStack() as stack:
        document = stack.enter_context(intake(file, policy.limits))
        kind = recognise(document)
        inspection = None
        if source is not None:
            original = stack.enter_context(intake(source, policy.limits))
            other = recognise(original)
            looked = _Seen(original, other, other.inspect(original, policy), policy)
            inspection = _trusted(looked, _Clock()).inspection
        return put_the_questions(document, kind, policy, inspection)


@contextmanager
def outbox(destination: Destination, policy: Policy | None = None) -> Iterator[BinaryIO]:
    """A binary file to write a document into; leaving the block cleans, verifies, publishes it.

    An exception inside the block publishes nothing. Raises what ``clean`` raises.
    """
    draft = _Draft()
    yield draft
    clean(draft.getvalue(), destination, policy)


class _Draft(io.BytesIO):
    """A draft in memory, where nobody else can read it; closing it changes nothing, since many
    writers close what they are given."""

    def close(self) -> None:
        """Leave it open: it is read when the block ends."""


class Outcome(NamedTuple):
    """What became of one document of many: a report, or the error that kept it back."""

    source: str
    report: Report | None
    error: SafeReleaseError | None


def clean_many(
    sources: Iterable[str | os.PathLike[str]],
    directory: Destination,
    policy: Policy | None = None,
    *,
    executor: Executor | None = None,
) -> Iterator[Outcome]:
    """Clean each of ``sources`` into ``directory`` under its own name, in parallel.

    Outcomes come in the order of the sources; a document that fails is reported and stops no
    other. ``executor`` is any ``concurrent.futures.Executor``; without one a pool of processes uses
    every core. Raises ``PublishError`` where two sources have one name.
    """
    from concurrent.futures import ProcessPoolExecutor

    paths = [Path(source) for source in sources]
    folder = Path(directory)
    _refuse_same_names(paths)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PublishError(
            f"cannot be made ({error.strerror})", place="output folder", remedy="Check the path"
        ) from None
    with ExitStack() as stack:
        pool = executor or stack.enter_context(ProcessPoolExecutor(initializer=work_alone))
        waiting = [pool.submit(_clean_one, path, folder / _name(path), policy) for path in paths]
        for path, future in zip(paths, waiting, strict=True):
            yield _outcome(path, future)


def _clean_one(source: Path, destination: Path, policy: Policy | None) -> Report:
    return clean(source, destination, policy)


def _outcome(path: Path, future: Future[Report]) -> Outcome:
    try:
        return Outcome(str(path), future.result(), None)
    except SafeReleaseError as error:
        return Outcome(str(path), None, error)
    except Exception as error:  # noqa: BLE001 (a worker that dies must not take the others along)
        kept_back = SafeReleaseError(
            f"failed unexpectedly ({type(error).__name__})",
            place="source",
            remedy="Nothing was written for it; retry, and report the fault if it stays",
        )
        return Outcome(str(path), None, kept_back)


def _name(path: Path) -> str:
    """The name of a copy; what its source really is shows only when it is opened."""
    names = (copy_name(kind, path.name) for kind in FORMATS)
    return next((name for name in names if name != path.name), path.name)


def _refuse_wrong_suffix(kind: Format, destination: Path) -> None:
    name = copy_name(kind, destination.name)
    if name != destination.name:
        raise PublishError(
            f"has a suffix under which no application opens a plain {kind.name} file",
            place="destination",
            remedy=f"Name it with {kind.suffixes[0]}",
        )


def _refuse_same_names(paths: list[Path]) -> None:
    names: dict[str, Path] = {}
    for path in paths:
        other = names.setdefault(_name(path).casefold(), path)
        if other is not path:
            raise PublishError(
                "two sources would have one name in it",
                place="output folder",
                remedy="Clean them into different folders",
            )


@dataclass(frozen=True, slots=True)
class _Seen:
    """A source that has been looked at."""

    document: Document
    kind: Format
    inspection: Inspection
    policy: Policy

    def report(
        self,
        findings: tuple[Finding, ...],
        left_behind: dict[str, int],
        checks: tuple[Check, ...],
        released: str | None,
        clock: _Clock,
    ) -> Report:
        """The record so far."""
        return Report(
            version=__version__,
            format=self.kind.name,
            source_sha256=self.document.sha256,
            released_sha256=released,
            policy=self.policy,
            findings=findings,
            left_behind=left_behind,
            checks=checks,
            seconds=clock.seconds,
        )


def _seen_and_attempted(
    document: Document, kind: Format, policy: Policy, stream: BinaryIO, clock: _Clock
) -> tuple[_Seen, _Attempt | None]:
    """Look at a source and, if it is large, try at the same time to rebuild it elsewhere.

    Whatever the attempt comes to, what the inspectors say goes first: the order of things is the
    same as when one happens after the other.
    """

    def attempt() -> _Attempt:
        with document.apart() as own:
            return _attempted(own, kind, policy, stream)

    with meanwhile(attempt, is_worth_it=document.size >= _LARGE) as rebuilding:
        inspection = clock.time("inspect", kind.inspect, document, policy)
        seen = _Seen(document, kind, inspection, policy)
        attempted = None
        if rebuilding.is_elsewhere and not inspection.stale:
            attempted = clock.time("rebuild", rebuilding.result)
    return _trusted(seen, clock), attempted


class _Attempt(NamedTuple):
    """A rebuilding, which may have begun before the source had been looked at."""

    ledger: Ledger
    error: SafeReleaseError | None


def _attempted(document: Document, kind: Format, policy: Policy, stream: BinaryIO) -> _Attempt:
    from safe_release.formats.ledger import Ledger

    ledger = Ledger()
    stream.seek(0)
    stream.truncate()
    try:
        kind.rebuild(document, stream, policy, ledger)
    except SafeReleaseError as error:
        return _Attempt(ledger, error)
    finally:
        stream.flush()  # who reads it may be another process
    return _Attempt(ledger, None)


def _trusted(seen: _Seen, clock: _Clock) -> _Seen:
    """A source whose formulas' values can be trusted: those that cannot are worked out anew."""
    stale = seen.inspection.stale
    if not stale:
        return seen
    if seen.policy.stale_formulas == "refuse":
        raise _stale(seen.inspection)
    from safe_release.recalculate import recalculate

    values = clock.time("recalculate", recalculate, seen.document, stale)
    document = seen.document.with_values(values)
    inspection = clock.time("inspect again", seen.kind.inspect, document, seen.policy)
    return _Seen(document, seen.kind, inspection, seen.policy)


def _stale(inspection: Inspection) -> CannotRebuild:
    from safe_release.recalculate.failures import cannot_recalculate

    return cannot_recalculate(
        "have formulas whose values cannot be trusted, and the policy refuses such",
        inspection.stale,
    )


def refuse_by_policy(seen: _Seen) -> None:
    """Raise ``Refused`` where a finding's channel is one that the policy does not release."""
    refused = set(seen.policy.refuse)
    hits = [
        finding
        for finding in seen.inspection.findings
        if finding.channel in refused or "*" in refused
    ]
    if hits:
        error = Refused(
            f"holds what the policy refuses to release ({hits[0].channel})",
            place=hits[0].place,
            remedy="Take it out of the source, or out of the policy's refuse list",
        )
        error.report = seen.report(seen.inspection.findings, {}, (), None, _Clock())
        raise error


def _rebuilt(seen: _Seen, stream: BinaryIO, attempt: _Attempt | None, clock: _Clock) -> Ledger:
    """The candidate in ``stream``: the attempt's, where there was one."""
    if attempt is None:
        attempt = clock.time("rebuild", _attempted, seen.document, seen.kind, seen.policy, stream)
    if attempt.error is not None:
        raise attempt.error
    return attempt.ledger


def merged(inspected: tuple[Finding, ...], decided: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The inspectors' findings, and the builder's where inspectors said nothing of the place."""
    known = {(finding.channel, finding.place) for finding in inspected}
    return inspected + tuple(f for f in decided if (f.channel, f.place) not in known)


def _objection(report: Report) -> Objected:
    failed = [check for check in report.checks if not check.passed]
    first = failed[0].objections[0] if failed[0].objections else failed[0].question
    error = Objected(
        f"the copy is not {failed[0].question}: {first}"
        if failed[0].question != "says the same"
        else f"the copy does not say the same as the source: {first}",
        place="verifier",
        remedy="Nothing was written. This is a fault of safe_release itself: please report it",
    )
    error.report = report
    return error


class _Clock:
    """Wall time by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def time(self, stage: str, work: Callable[..., _T], *arguments: object) -> _T:
        """Do the work and note how long it took."""
        start = time.perf_counter()
        try:
            return work(*arguments)
        finally:
            self.seconds[stage] = round(time.perf_counter() - start, 4)
