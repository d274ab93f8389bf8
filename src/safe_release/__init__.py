"""safe_release: rebuild a document from what its reader sees, prove the copy, then publish it.

The names a script needs, each loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from safe_release.version import __version__

if TYPE_CHECKING:
    from safe_release.channel import Channel
    from safe_release.channels import CATALOGUE
    from safe_release.errors import (
        CannotRebuild,
        Encrypted,
        Malformed,
        Objected,
        PolicyError,
        PublishError,
        Refused,
        SafeReleaseError,
        SourceError,
        TooLarge,
        UnknownFormat,
    )
    from safe_release.limits import Limits
    from safe_release.pipeline import Outcome, clean, clean_many, inspect, outbox, verify
    from safe_release.policy import Policy
    from safe_release.report import Check, Finding, Report, Verdict

_HOMES = {
    "CATALOGUE": "channels",
    "CannotRebuild": "errors",
    "Channel": "channel",
    "Check": "report",
    "Encrypted": "errors",
    "Finding": "report",
    "Limits": "limits",
    "Malformed": "errors",
    "Objected": "errors",
    "Outcome": "pipeline",
    "Policy": "policy",
    "PolicyError": "errors",
    "PublishError": "errors",
    "Refused": "errors",
    "Report": "report",
    "SafeReleaseError": "errors",
    "SourceError": "errors",
    "TooLarge": "errors",
    "UnknownFormat": "errors",
    "Verdict": "report",
    "clean": "pipeline",
    "clean_many": "pipeline",
    "inspect": "pipeline",
    "outbox": "pipeline",
    "verify": "pipeline",
}

__all__ = [
    "CATALOGUE", "CannotRebuild", "Channel", "Check", "Encrypted", "Finding", "Limits", "Malformed",
    "Objected", "Outcome", "Policy", "PolicyError", "PublishError", "Refused", "Report",
    "SafeReleaseError", "SourceError", "TooLarge", "UnknownFormat", "Verdict", "__version__",
    "clean", "clean_many", "inspect", "outbox", "verify",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value  # the next use finds it without asking
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
