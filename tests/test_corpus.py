"""Real workbooks by real producers: cleaned and proved, or refused for a reason on record."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from makers.corpus import FOLDER, REFUSED, workbooks
from safe_release import clean, verify
from safe_release.channel import Fate
from safe_release.errors import SafeReleaseError

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.filterwarnings("ignore"),  # openpyxl's remarks on what it does not support
]

BIG = 250_000
"""Bytes from which a workbook takes more than a moment."""


def _files() -> list[object]:
    found = [
        pytest.param(
            path,
            id=path.name,
            marks=[pytest.mark.slow] if path.stat().st_size > BIG else [],
        )
        for path in workbooks()
    ]
    reason = f"SAFE_RELEASE_CORPUS: no workbooks in {FOLDER.name}"
    return found or [pytest.param(Path(), id="none", marks=pytest.mark.skip(reason=reason))]


@pytest.mark.parametrize("path", _files())
def test_cleaned_and_proved_or_refused_for_a_known_reason(path: Path, tmp_path: Path) -> None:
    destination = tmp_path / "copy.xlsx"
    if path.name in REFUSED:
        with pytest.raises(SafeReleaseError) as caught:
            clean(path, destination)
        assert type(caught.value).__name__ == REFUSED[path.name][0]
        assert caught.value.remedy
        assert list(tmp_path.iterdir()) == []
        return
    report = clean(path, destination)
    copy = destination.read_bytes()
    assert report.verdict.passed
    values = _values_without_hidden_sheets_rows_and_columns(copy)

    clean(path, destination)
    assert destination.read_bytes() == copy, "a second run wrote other bytes"
    again = clean(copy, destination)
    assert destination.read_bytes() == copy, "the copy of the copy is not the copy"
    assert {finding.action for finding in again.findings} <= {Fate.KEPT}

    verdict = verify(copy, source=path)
    assert verdict.passed, [text for check in verdict.checks for text in check.objections]
    examined = {check.question: check.examined for check in verdict.checks}
    assert min(examined["whole"], examined["closed"], examined["silent"]) > 0
    assert examined["says the same"] >= values, "fewer places were compared than there are values"


def _values_without_hidden_sheets_rows_and_columns(copy: bytes) -> int:
    """How many values a foreign reader finds."""
    book = openpyxl.load_workbook(io.BytesIO(copy))
    for sheet in book.worksheets:
        assert sheet.sheet_state == "visible"
        assert not any(row.hidden for row in sheet.row_dimensions.values())
        assert not any(column.hidden for column in sheet.column_dimensions.values())
    # ``iter_rows`` would make a cell for every place of a sheet that reaches far down.
    cells = (cell for sheet in book.worksheets for cell in sheet._cells.values())
    return sum(1 for cell in cells if cell.value is not None)


def test_the_table_of_refusals_names_files_that_are_there() -> None:
    names = {path.name for path in workbooks()}
    if not names:
        pytest.skip("SAFE_RELEASE_CORPUS: no workbooks")
    assert set(REFUSED) <= names
