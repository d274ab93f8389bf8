"""Fixtures that all tests share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from safe_release import Policy, Report, clean

Clean = Callable[..., tuple[bytes, Report]]


@pytest.fixture
def cleaned(tmp_path: Path) -> Clean:
    """Clean bytes and return the bytes of the copy beside the report."""

    def run(source: object, **policy: object) -> tuple[bytes, Report]:
        destination = tmp_path / "copy.xlsx"
        report = clean(source, destination, policy=Policy.of(**policy))
        return destination.read_bytes(), report

    return run
