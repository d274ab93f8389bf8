"""Real workbooks by real producers: cleaned and proved, or refused for a reason on record."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from makers.corpus import FOLDER, REFUSED, workbooks
from safe_release import Report, clean, inspect, verify
from safe_release.errors import SafeReleaseError

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.filterwarnings("ignore"),  # openpyxl's remarks on what it does not support
]

FILES = [pytest.param(path, id=path.name) for path in workbooks()] or [
    pytest.param(
        Path(), marks=pytest.mark.skip(reason=f"SAFE_RELEASE_CORPUS: no workbooks in {FOLDER.name}")
    )
]


@cache
def _outcome(path: Path, folder: Path) -> tuple[bytes, Report] | SafeReleaseError:
    destination = folder / "copy.xlsx"
    try:
        report = clean(path, destination)
    except SafeReleaseError as error:
        assert not destination.exists()
        return error
    copy = destination.read_bytes()
    destination.unlink()
    return copy, report


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("corpus")


@pytest.mark.parametrize("path", FILES)
def test_cleaned_or_refused_for_a_known_reason(path: Path, folder: Path) -> None:
    outcome = _outcome(path, folder)
    if isinstance(outcome, SafeReleaseError):
        kind = type(outcome).__name__
        assert path.name in REFUSED, f"{kind}: {outcome}"
        assert kind == REFUSED[path.name][0]
        assert outcome.remedy
    else:
        assert path.name not in REFUSED, "cleaned, though the table says that it is refused"


@pytest.mark.parametrize("path", FILES)
def test_the_copy_opens_elsewhere_and_holds_nothing_hidden(path: Path, folder: Path) -> None:
    outcome = _outcome(path, folder)
    if isinstance(outcome, SafeReleaseError):
        pytest.skip(f"refused: {type(outcome).__name__}")
    copy, report = outcome
    assert report.verdict.passed
    book = openpyxl.load_workbook(io.BytesIO(copy))
    assert all(sheet.sheet_state == "visible" for sheet in book.worksheets)
    for sheet in book.worksheets:
        assert not any(row.hidden for row in sheet.row_dimensions.values())
        assert not any(column.hidden for column in sheet.column_dimensions.values())
    assert {finding.action for finding in inspect(copy).findings} <= {"kept"}


@pytest.mark.parametrize("path", FILES)
def test_twice_the_same_and_a_copy_of_a_copy(path: Path, folder: Path, tmp_path: Path) -> None:
    outcome = _outcome(path, folder)
    if isinstance(outcome, SafeReleaseError):
        pytest.skip(f"refused: {type(outcome).__name__}")
    copy, _ = outcome
    again = tmp_path / "again.xlsx"
    clean(path, again)
    assert again.read_bytes() == copy, "a second run wrote other bytes"
    clean(copy, again)
    assert again.read_bytes() == copy, "the copy of the copy is not the copy"


@pytest.mark.parametrize("path", FILES)
def test_the_verifier_agrees(path: Path, folder: Path) -> None:
    outcome = _outcome(path, folder)
    if isinstance(outcome, SafeReleaseError):
        pytest.skip(f"refused: {type(outcome).__name__}")
    copy, _ = outcome
    for verdict in (verify(copy), verify(copy, source=path)):
        assert verdict.passed, [text for check in verdict.checks for text in check.objections]
        assert all(check.examined for check in verdict.checks if check.question != "says the same")


def test_the_table_of_refusals_names_files_that_are_there() -> None:
    names = {path.name for path in workbooks()}
    if not names:
        pytest.skip("SAFE_RELEASE_CORPUS: no workbooks")
    assert set(REFUSED) <= names
