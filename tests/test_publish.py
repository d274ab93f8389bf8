"""Nothing is published but a proven copy, whole, in one step; what was there stays otherwise."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import signal
import stat
import subprocess
import sys
import time
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import openpyxl
import pytest

from makers.sheets import tall, workbook
from safe_release import clean, clean_many, outbox, verify
from safe_release.errors import (
    Malformed,
    PublishError,
    SafeReleaseError,
    SourceError,
    UnknownFormat,
)

SOURCE = workbook("A1=Visible 1 | A2=2 ; row 3 hidden").zip()
BEFORE = b"as it was"


@pytest.fixture
def destination(tmp_path: Path) -> Path:
    """A destination that is there already."""
    folder = tmp_path / "outbox"
    folder.mkdir()
    path = folder / "copy.xlsx"
    path.write_bytes(BEFORE)
    return path


def _untouched(destination: Path) -> None:
    assert destination.read_bytes() == BEFORE
    assert [path.name for path in destination.parent.iterdir()] == [destination.name]


def test_what_is_published_is_what_the_report_says(destination: Path, tmp_path: Path) -> None:
    source = tmp_path / "source.xlsx"
    source.write_bytes(SOURCE)
    times = source.stat().st_mtime_ns
    report = clean(source, destination)
    assert report.source_sha256 == hashlib.sha256(SOURCE).hexdigest()
    assert report.released_sha256 == hashlib.sha256(destination.read_bytes()).hexdigest()
    assert report.verdict.passed
    assert source.read_bytes() == SOURCE
    assert source.stat().st_mtime_ns == times
    assert [path.name for path in destination.parent.iterdir()] == ["copy.xlsx"]


# places that cannot be written


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(PublishError) as caught:
        clean(SOURCE, tmp_path / "nowhere" / "copy.xlsx")
    assert caught.value.remedy
    assert list(tmp_path.iterdir()) == []


def test_a_folder_as_destination(tmp_path: Path) -> None:
    folder = tmp_path / "copy.xlsx"
    folder.mkdir()
    with pytest.raises(PublishError):
        clean(SOURCE, folder)
    assert list(folder.iterdir()) == []
    assert list(tmp_path.iterdir()) == [folder]


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(BEFORE)
    with pytest.raises(PublishError):
        clean(SOURCE, tmp_path / "file" / "copy.xlsx")
    assert (tmp_path / "file").read_bytes() == BEFORE


def test_a_name_too_long(tmp_path: Path) -> None:
    with pytest.raises(PublishError):
        clean(SOURCE, tmp_path / ("n" * 400 + ".xlsx"))
    assert list(tmp_path.iterdir()) == []


def test_a_pipe_is_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "copy.xlsx"
    os.mkfifo(pipe)
    with pytest.raises(PublishError):
        clean(SOURCE, pipe)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert list(tmp_path.iterdir()) == [pipe]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write into every folder")
def test_a_folder_without_permission(destination: Path) -> None:
    destination.parent.chmod(0o500)
    try:
        with pytest.raises(PublishError):
            clean(SOURCE, destination)
    finally:
        destination.parent.chmod(0o700)
    _untouched(destination)


FULL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (1500, 1500))
from safe_release import clean
from safe_release.errors import PublishError
try:
    clean(open(sys.argv[1], "rb").read(), sys.argv[2])
except PublishError as error:
    print("PublishError", bool(error.remedy))
"""


def _python(code: str, *arguments: object, **options: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,  # type: ignore[call-overload]
    )


def test_no_space_left(destination: Path, tmp_path: Path) -> None:
    (tmp_path / "source.xlsx").write_bytes(tall(500))
    process = _python(FULL, tmp_path / "source.xlsx", destination)
    told, complaint = process.communicate(timeout=60)
    assert told.strip() == "PublishError True", complaint[-2000:]
    _untouched(destination)


# interruptions

SLOW = """
import sys
from safe_release import clean
print("ready", flush=True)
clean(sys.argv[1], sys.argv[2])
print("done", flush=True)
"""


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("big") / "source.xlsx"
    path.write_bytes(tall(150_000))
    return path


@pytest.mark.parametrize("wait", [0.05, 0.3, 0.8])
def test_a_killed_process_leaves_the_destination(wait: float, big: Path, destination: Path) -> None:
    process = _python(SLOW, big, destination)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(wait)
    process.kill()
    told, _ = process.communicate(timeout=60)
    if "done" in told:
        pytest.skip("the machine was quicker than the signal")
    assert destination.read_bytes() == BEFORE
    others = [path for path in destination.parent.iterdir() if path != destination]
    assert all(path.suffix != ".xlsx" and path.name.startswith(".") for path in others)
    clean(SOURCE, destination)
    assert verify(destination).passed


@pytest.mark.parametrize("wait", [0.1, 0.5])
def test_an_interrupted_process_leaves_nothing(wait: float, big: Path, destination: Path) -> None:
    process = _python(SLOW, big, destination)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(wait)
    process.send_signal(signal.SIGINT)
    told, complaint = process.communicate(timeout=60)
    if "done" in told:
        pytest.skip("the machine was quicker than the signal")
    assert "KeyboardInterrupt" in complaint
    _untouched(destination)


class Breaking(io.BytesIO):
    """A source that fails after a number of reads."""

    def __init__(self, data: bytes, error: BaseException) -> None:
        super().__init__(data)
        self.error = error
        self.left = 1

    def read(self, size: int | None = -1, /) -> bytes:
        self.left -= 1
        if self.left < 0:
            raise self.error
        return super().read(1000)


def test_an_interrupt_while_reading(destination: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        clean(Breaking(SOURCE, KeyboardInterrupt()), destination)
    _untouched(destination)


def test_a_source_that_cannot_be_read(destination: Path) -> None:
    with pytest.raises(SourceError) as caught:
        clean(Breaking(SOURCE, OSError(5, "Input/output error")), destination)
    assert caught.value.remedy
    _untouched(destination)


def test_a_source_that_is_not_there(destination: Path, tmp_path: Path) -> None:
    for missing in (tmp_path / "nothing.xlsx", tmp_path, str(tmp_path / "nothing.xlsx")):
        with pytest.raises(SourceError) as caught:
            clean(missing, destination)
        assert caught.value.remedy
    _untouched(destination)


# names


def test_source_and_destination_are_one_file(tmp_path: Path) -> None:
    """Cleaning in place either happens whole, or not at all with a sentence that says so."""
    path = tmp_path / "report.xlsx"
    path.write_bytes(SOURCE)
    try:
        report = clean(path, path)
    except SafeReleaseError as error:
        assert error.remedy  # noqa: PT017
        assert path.read_bytes() == SOURCE
    else:
        assert report.released_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        assert verify(path, source=SOURCE).passed
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_as_destination_stays_a_link(tmp_path: Path) -> None:
    target = tmp_path / "real.xlsx"
    target.write_bytes(BEFORE)
    link = tmp_path / "copy.xlsx"
    link.symlink_to(target)
    clean(SOURCE, link)
    assert link.is_symlink()
    assert verify(target).passed


def test_the_mode_of_the_destination_stays(destination: Path) -> None:
    destination.chmod(0o640)
    clean(SOURCE, destination)
    assert stat.S_IMODE(destination.stat().st_mode) == 0o640


def test_a_new_destination_gets_the_usual_mode(tmp_path: Path) -> None:
    clean(SOURCE, tmp_path / "copy.xlsx")
    usual = tmp_path / "usual"
    usual.touch()
    assert (tmp_path / "copy.xlsx").stat().st_mode == usual.stat().st_mode


def test_two_at_once_into_one_destination(destination: Path) -> None:
    sources = [workbook(f"A1=Visible {at}").zip() for at in range(8)]
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda source: clean(source, destination), sources))
    left = hashlib.sha256(destination.read_bytes()).hexdigest()
    assert left in {report.released_sha256 for report in reports}
    assert [path.name for path in destination.parent.iterdir()] == ["copy.xlsx"]


# outbox


def test_outbox_publishes_on_leaving(destination: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "Visible 1"
    book.create_sheet("Raw").sheet_state = "hidden"
    with outbox(destination) as file:
        book.save(file)
        assert destination.read_bytes() == BEFORE
    copy = openpyxl.load_workbook(destination)
    assert copy.sheetnames == ["Sheet"]
    assert copy.active["A1"].value == "Visible 1"
    assert [path.name for path in destination.parent.iterdir()] == ["copy.xlsx"]


def test_outbox_publishes_nothing_after_an_exception(destination: Path) -> None:
    def fail() -> None:
        with outbox(destination) as file:
            file.write(SOURCE)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    _untouched(destination)


@pytest.mark.parametrize("written", [b"", b"not a workbook", SOURCE[:-40]])
def test_outbox_publishes_nothing_it_cannot_clean(written: bytes, destination: Path) -> None:
    with pytest.raises(SourceError), outbox(destination) as file:
        file.write(written)
    _untouched(destination)


# many


def _folder_of_sources(folder: Path) -> list[Path]:
    made = {
        "one.xlsx": SOURCE,
        "broken.xlsx": SOURCE[:-40],
        "two.xlsm": SOURCE,
        "text.xlsx": b"Area,Count\n",
    }
    folder.mkdir()
    for name, data in made.items():
        (folder / name).write_bytes(data)
    return [*(folder / name for name in made), folder / "missing.xlsx"]


@pytest.mark.parametrize("kind", [None, ThreadPoolExecutor, ProcessPoolExecutor])
def test_one_bad_source_stops_no_other(kind: type[Executor] | None, tmp_path: Path) -> None:
    sources = _folder_of_sources(tmp_path / "sources")
    with contextlib.ExitStack() as stack:
        executor = stack.enter_context(kind(2)) if kind else None
        outcomes = list(clean_many(sources, tmp_path / "outbox", executor=executor))
    assert [outcome.source for outcome in outcomes] == [str(path) for path in sources]
    assert [type(outcome.error) for outcome in outcomes] == [
        type(None), Malformed, type(None), UnknownFormat, SourceError,
    ]  # fmt: skip
    assert all(outcome.error.remedy for outcome in outcomes if outcome.error)
    written = sorted(path.name for path in (tmp_path / "outbox").iterdir())
    assert written == ["one.xlsx", "two.xlsx"]
    for outcome in outcomes:
        assert (outcome.report is None) == (outcome.error is not None)
    copies = [path.read_bytes() for path in sorted((tmp_path / "outbox").iterdir())]
    assert copies[0] == copies[1]


def test_two_sources_of_one_name(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "report.xlsx").write_bytes(SOURCE)
    sources = [tmp_path / "a" / "report.xlsx", tmp_path / "b" / "report.xlsx"]
    with pytest.raises(PublishError):
        list(clean_many(sources, tmp_path / "outbox"))


@pytest.mark.parametrize("suffix", [".xlsm", ".XLTX", ".xltm"])
def test_a_copy_is_not_published_under_a_suffix_that_keeps_it_shut(
    suffix: str, tmp_path: Path
) -> None:
    destination = tmp_path / f"copy{suffix}"
    with pytest.raises(PublishError) as caught:
        clean(SOURCE, destination)
    assert ".xlsx" in caught.value.remedy
    assert list(tmp_path.iterdir()) == []


def test_outbox_takes_a_file_that_its_user_closed(destination: Path) -> None:
    with outbox(destination) as file:
        file.write(SOURCE)
        file.close()
    assert verify(destination, source=SOURCE).passed
