"""Four questions put to a candidate: is it whole, closed, silent, and does it say the same?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from safe_release.document import Document
from safe_release.errors import Refused, SafeReleaseError
from safe_release.policy import Policy
from safe_release.report import Check, Verdict

if TYPE_CHECKING:
    from safe_release.inspectors.inspection import Inspection
    from safe_release.registry import Format

QUESTIONS = ("whole", "closed", "silent", "says the same")


def put_the_questions(
    candidate: Document, kind: Format, policy: Policy, source: Inspection | None = None
) -> Verdict:
    """Ask the four questions; a candidate that cannot be read fails the first.

    Without ``source`` the last question cannot be asked, and the verdict has no answer to it.
    Objections name places and faults, never content.
    """
    try:
        checks = kind.audit(candidate, policy, source)
    except Refused:
        raise
    except SafeReleaseError as error:
        checks = _unreadable(error)
    answered = tuple(check.question for check in checks)
    if answered != QUESTIONS:
        missing = Check(
            question="whole",
            passed=False,
            examined=0,
            objections=("verifier: not every question was answered once",),
        )
        checks = (missing,)
    elif source is None:
        checks = checks[:-1]
    return Verdict(checks=checks)


def _unreadable(error: SafeReleaseError) -> tuple[Check, ...]:
    place = f"{error.place}: " if error.place else ""
    first = Check(
        question="whole", passed=False, examined=0, objections=(f"{place}{error.problem}",)
    )
    rest = tuple(
        Check(question=question, passed=False, examined=0, objections=("could not be read",))
        for question in ("closed", "silent", "says the same")
    )
    return (first, *rest)
