"""Work in a second process: the same answers, the same errors, and nothing left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from makers.sheets import tall
from safe_release import clean
from safe_release import pipeline as story
from safe_release.errors import Malformed
from safe_release.meanwhile import meanwhile

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


def no_child_is_left() -> bool:
    try:
        return os.waitpid(-1, os.WNOHANG) == (0, 0)
    except ChildProcessError:
        return True


@pytest.mark.parametrize("is_worth_it", [True, False])
def test_an_answer_is_the_same_wherever_it_is_worked_out(is_worth_it: bool) -> None:
    with meanwhile(lambda: [os.getpid(), "x" * 200_000], is_worth_it=is_worth_it) as work:
        elsewhere = work.is_elsewhere
        where, text = work.result()
    assert len(str(text)) == 200_000
    assert (where != os.getpid()) == elsewhere
    assert no_child_is_left()


def test_an_error_comes_back_with_its_place_and_remedy() -> None:
    def fail() -> None:
        raise Malformed("is broken", place="entry 3", remedy="Save it again")

    with meanwhile(fail, is_worth_it=True) as work, pytest.raises(Malformed) as caught:
        work.result()
    assert (caught.value.place, caught.value.remedy) == ("entry 3", "Save it again")
    assert no_child_is_left()


def test_work_whose_process_dies_is_done_here() -> None:
    here = os.getpid()

    def work() -> str:
        if os.getpid() != here:
            os._exit(9)
        return "done"

    with meanwhile(work, is_worth_it=True) as pending:
        assert pending.result() == "done"
    assert no_child_is_left()


def test_work_that_nobody_waits_for_is_ended() -> None:
    with meanwhile(lambda: threading.Event().wait(60), is_worth_it=True):
        pass
    assert no_child_is_left()


def test_no_second_process_beside_other_threads() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        with meanwhile(os.getpid, is_worth_it=True) as work:
            assert not work.is_elsewhere
            assert work.result() == os.getpid()
    finally:
        stop.set()
        thread.join()


def test_a_large_source_gives_the_same_copy_either_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "source.xlsx"
    source.write_bytes(tall(3_000))
    copies = []
    for large in (0, 1 << 40):
        monkeypatch.setattr(story, "_LARGE", large)
        report = clean(source, tmp_path / "copy.xlsx")
        copies.append(((tmp_path / "copy.xlsx").read_bytes(), report.findings, report.left_behind))
    assert copies[0] == copies[1]


def test_a_script_without_a_main_guard_may_clean_a_large_source(tmp_path: Path) -> None:
    source = tmp_path / "source.xlsx"
    source.write_bytes(tall(3_000))
    script = (
        "import sys, safe_release.pipeline as story\n"
        "story._LARGE = 0\n"
        "print(story.clean(sys.argv[1], sys.argv[2]).verdict.passed)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, source, tmp_path / "copy.xlsx"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("True\n", "")
