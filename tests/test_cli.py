"""These tests use the command line as a person and as a script do."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pytest
from openpyxl import Workbook

from safe_release import CATALOGUE, Report, Verdict, __version__
from safe_release.faces import cli, summary
from safe_release.faces.cli import main
from safe_release.report import Check, Finding

ROOT = Path(__file__).resolve().parents[1]
STATISTICS = str(ROOT / "examples" / "crime_statistics.xlsx")
SECRET = "Person"  # the word in all hidden places of the example, and in no visible one


class Outcome(NamedTuple):
    """What a run of the command line leaves for its caller."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):
    """The command line in this process."""

    def call(*arguments: str | Path) -> Outcome:
        with pytest.raises(SystemExit) as exit_:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return Outcome(int(exit_.value.code or 0), captured.out, captured.err)

    return call


def piped(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """The command line in a process of its own, all its streams pipes."""
    code = "from safe_release.faces.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        input=given, capture_output=True, timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A small workbook from a script: nothing in it that its author would call hidden."""
    workbook = Workbook()
    workbook.worksheets[0].append(["District", "Count"])
    workbook.worksheets[0].append(["Harbour", 3])
    workbook.save(tmp_path / "plain.xlsx")
    return tmp_path / "plain.xlsx"


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken.xlsx"
    path.write_bytes(b"the download broke off")
    return path


# --- clean ---


def test_clean_publishes_and_says_so_verdict_first(run, tmp_path: Path) -> None:
    copy = tmp_path / "copy.xlsx"
    code, out, err = run("clean", STATISTICS, "--output", copy)
    assert code == 0
    assert zipfile.is_zipfile(copy)
    assert out.splitlines()[0] == f"Released a clean copy of {STATISTICS} (xlsx)"
    assert out.index("Left behind:") < out.index("The verifier's answers:")
    assert "Very hidden sheets" in out
    assert err == ""


def test_clean_names_all_four_answers(run, tmp_path: Path) -> None:
    _, out, _ = run("clean", STATISTICS, "--output", tmp_path / "copy.xlsx")
    answers = dict(
        re.findall(r"^  (whole|closed|silent|says the same) +(yes|NO) ", out, re.MULTILINE)
    )
    assert answers == dict.fromkeys(("whole", "closed", "silent", "says the same"), "yes")


@pytest.mark.parametrize("verb", [("clean", "--output"), ("inspect", "")])
@pytest.mark.parametrize("form", ["", "--json"])
def test_nothing_hidden_is_printed(run, tmp_path: Path, verb: tuple[str, str], form: str) -> None:
    command, option = verb
    where = [option, str(tmp_path / "copy.xlsx")] if option else []
    _, out, err = run(command, STATISTICS, *where, *([form] if form else []))
    assert len(out) > 500
    assert SECRET not in out + err


def test_clean_as_json_is_the_report(run, tmp_path: Path) -> None:
    code, out, _ = run("clean", STATISTICS, "--output", tmp_path / "copy.xlsx", "--json")
    report = Report.model_validate_json(out)
    assert code == 0
    assert report.released_sha256 is not None
    assert report.verdict.passed


def test_clean_writes_the_report_beside(run, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    run("clean", STATISTICS, "--output", tmp_path / "copy.xlsx", "--report", path)
    assert Report.model_validate_json(path.read_bytes()).findings


def test_clean_into_a_folder_keeps_names_and_order(run, tmp_path: Path, plain: Path) -> None:
    folder = tmp_path / "released"
    code, out, _ = run("clean", STATISTICS, plain, "--output-dir", folder, "--json")
    assert code == 0
    assert sorted(path.name for path in folder.iterdir()) == ["crime_statistics.xlsx", "plain.xlsx"]
    first, second = map(Report.model_validate_json, out.splitlines())
    assert len(first.findings) > len(second.findings)


def test_a_broken_source_stops_no_other(run, tmp_path: Path, plain: Path, broken: Path) -> None:
    folder, record = tmp_path / "released", tmp_path / "report.json"
    code, out, err = run("clean", broken, plain, "--output-dir", folder, "--report", record)
    assert code == 2
    assert [path.name for path in folder.iterdir()] == ["plain.xlsx"]
    assert str(broken) in err
    assert str(plain) in out
    failed, done = json.loads(record.read_text(encoding="utf-8"))
    assert failed["error"]["kind"]
    assert Report.model_validate(done).released_sha256


def test_a_refusal_exits_with_1_and_writes_nothing(run, tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text('refuse = ["xlsx.wb.sheet-veryhidden"]\n', encoding="utf-8")
    copy = tmp_path / "copy.xlsx"
    code, out, err = run("clean", STATISTICS, "--output", copy, "--policy", policy)
    assert code == 1
    assert out == ""
    assert "refused, nothing was written" in err
    assert SECRET not in err
    assert not copy.exists()


def test_a_refusal_leaves_the_former_copy_alone(run, tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text('refuse = ["*"]\n', encoding="utf-8")
    copy = tmp_path / "copy.xlsx"
    copy.write_bytes(b"last month's")
    assert run("clean", STATISTICS, "--output", copy, "--policy", policy).code == 1
    assert copy.read_bytes() == b"last month's"


def test_the_source_may_come_and_the_copy_may_go_through_pipes(tmp_path: Path) -> None:
    source = Path(STATISTICS).read_bytes()
    done = piped("clean", "-", "--output", "-", given=source)
    assert done.returncode == 0, done.stderr
    assert zipfile.ZipFile(BytesIO(done.stdout)).testzip() is None
    assert b"Released a clean copy of standard input" in done.stderr
    direct = tmp_path / "copy.xlsx"
    assert piped("clean", STATISTICS, "--output", str(direct)).returncode == 0
    assert done.stdout == direct.read_bytes()


def test_a_refused_copy_puts_nothing_on_standard_output() -> None:
    done = piped("clean", "-", "--output", "-", given=b"not a document")
    assert done.returncode == 2
    assert done.stdout == b""


def on_a_terminal(*arguments: str, **environment: str) -> bytes:
    """What a person at a terminal sees of a run, escape sequences included."""
    pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")
    ours, theirs = pty.openpty()
    code = "from safe_release.faces.cli import main; main()"
    clean_environment = {
        name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "CI")
    }
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdin=theirs, stdout=theirs, stderr=theirs,
        env={**clean_environment, "PYTHONPATH": str(ROOT / "src"), "TERM": "xterm", **environment},
    )  # fmt: skip
    os.close(theirs)
    seen = b""
    with contextlib.suppress(OSError):  # how a pseudo-terminal says that its other end is closed
        while block := os.read(ours, 4096):
            seen += block
    os.close(ours)
    assert process.wait(timeout=60) == 0
    return seen


GREEN = b"\x1b[32m"


def test_the_verdict_has_a_colour_on_a_terminal(plain: Path, tmp_path: Path) -> None:
    copy = str(tmp_path / "copy.xlsx")
    assert GREEN in on_a_terminal("clean", str(plain), "--output", copy)


def test_the_verdict_has_none_where_nobody_wants_it(plain: Path, tmp_path: Path) -> None:
    seen = on_a_terminal("clean", str(plain), "--output", str(tmp_path / "copy.xlsx"), NO_COLOR="1")
    assert GREEN not in seen
    assert b"Released a clean copy" in seen


def test_a_person_sees_how_far_it_is(plain: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.xlsx"
    other.write_bytes(plain.read_bytes())
    folder = str(tmp_path / "released")
    assert b"2/2" in on_a_terminal("clean", str(plain), str(other), "--output-dir", folder)


def test_no_colour_and_no_bar_in_a_pipe(tmp_path: Path, plain: Path) -> None:
    done = piped("clean", STATISTICS, str(plain), "--output-dir", str(tmp_path / "released"))
    assert done.returncode == 0
    assert b"\x1b" not in done.stdout + done.stderr
    assert done.stderr == b""


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (["clean", "a.xlsx"], "--output FILE or --output-dir DIR"),
        (["clean", "a.xlsx", "--output", "b.xlsx", "--output-dir", "c"], "either --output"),
        (["clean", "a.xlsx", "b.xlsx", "--output", "c.xlsx"], "--output-dir for several"),
        (["clean", "-", "--output-dir", "c"], "Use --output"),
        (["clean", "a.xlsx", "--output", "-", "--json"], "--report"),
        (["inspect", "-", "-"], "only once"),
        (["verify", "a.xlsx", "b.xlsx", "--source", "c.xlsx"], "one by one"),
        (["channels", "xlsx.pivot.record"], "xlsx.pivot.records"),
        (["clean"], "SOURCE"),
        (["bleach", "a.xlsx"], "bleach"),
        (["inspect", "a.xlsx", "--html"], "--html"),
    ],
)
def test_wrong_usage_exits_with_2_and_tells_what_to_type(run, arguments, remedy: str) -> None:
    code, out, err = run(*arguments)
    assert code == 2
    assert out == ""
    assert remedy in err


@pytest.mark.parametrize("option", ["--output", "--output-dir"])
def test_a_copy_never_replaces_its_source(run, plain: Path, option: str) -> None:
    before = plain.read_bytes()
    where = plain.parent / "." / plain.name if option == "--output" else plain.parent
    code, _, err = run("clean", plain, option, where)
    assert code == 2
    assert "would replace its source" in err
    assert plain.read_bytes() == before


def test_a_wrong_policy_is_wrong_usage(run, tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text('link = "none"\n', encoding="utf-8")
    code, _, err = run("inspect", STATISTICS, "--policy", policy)
    assert code == 2
    assert "link" in err
    assert "docs/policy.md" in err


def test_a_missing_source_is_told_with_its_path(run, tmp_path: Path) -> None:
    code, out, err = run("clean", tmp_path / "nowhere.xlsx", "--output", tmp_path / "copy.xlsx")
    assert code == 2
    assert out == ""
    assert str(tmp_path / "nowhere.xlsx") in err


def test_a_report_that_cannot_be_written_is_told(run, tmp_path: Path, plain: Path) -> None:
    record = tmp_path / "no folder" / "report.json"
    code, _, err = run("clean", plain, "--output", tmp_path / "copy.xlsx", "--report", record)
    assert code == 2
    assert "the report was not written" in err


# --- inspect ---


def test_inspect_exits_with_1_and_counts(run) -> None:
    code, out, err = run("inspect", STATISTICS)
    assert code == 1
    assert out.startswith(f"{STATISTICS}: hidden data of ")
    assert "Pivot cache records" in out
    assert err == ""


def test_inspect_of_a_clean_copy_finds_nothing(run, tmp_path: Path) -> None:
    run("clean", STATISTICS, "--output", tmp_path / "copy.xlsx")
    code, out, _ = run("inspect", tmp_path / "copy.xlsx")
    assert out == f"{tmp_path / 'copy.xlsx'}: nothing hidden was found (xlsx)\n"
    assert code == 0


def test_inspect_goes_on_after_a_broken_source(run, broken: Path) -> None:
    code, out, err = run("inspect", broken, STATISTICS, "--json")
    assert code == 2
    failed, found = map(json.loads, out.splitlines())
    assert failed["error"]["kind"] == "UnknownFormat"
    assert found["findings"]
    assert err == ""


# --- verify ---


def test_verify_passes_a_copy_and_objects_to_its_source(run, tmp_path: Path) -> None:
    copy = tmp_path / "copy.xlsx"
    run("clean", STATISTICS, "--output", copy)
    code, out, _ = run("verify", copy, "--source", STATISTICS)
    assert out.startswith(f"{copy}: may leave")
    assert code == 0
    code, out, _ = run("verify", STATISTICS)
    assert out.startswith(f"{STATISTICS}: falls short: ")
    assert code == 1


def test_verify_objects_to_the_copy_of_something_else(run, tmp_path: Path, plain: Path) -> None:
    copy = tmp_path / "copy.xlsx"
    run("clean", plain, "--output", copy)
    code, out, _ = run("verify", copy, "--source", STATISTICS, "--json")
    verdict = Verdict.model_validate_json(out)
    assert code == 1
    assert "says the same" in [check.question for check in verdict.checks if not check.passed]


# --- channels and the rest ---


def test_channels_lists_the_catalogue(run) -> None:
    code, out, _ = run("channels")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == list(CATALOGUE)


def test_channels_shows_one_in_full(run) -> None:
    _, out, _ = run("channels", "xlsx.pivot.records")
    channel = CATALOGUE["xlsx.pivot.records"]
    assert channel.carries in out
    assert channel.spec in out


def test_the_version_is_shown(run) -> None:
    assert run("--version") == (0, f"{__version__}\n", "")


def test_help_shows_every_command(run) -> None:
    code, out, _ = run("--help")
    assert code == 0
    for command in ("clean", "inspect", "verify", "channels"):
        assert command in out


def test_an_unknown_error_is_named_without_its_message(run, monkeypatch) -> None:
    def explode(*_: object, **__: object) -> None:
        raise KeyError("a hidden word")

    monkeypatch.setattr(cli.safe_release, "inspect", explode)
    code, out, err = run("inspect", STATISTICS)
    assert code == 2
    assert "unexpected KeyError" in err
    assert "hidden word" not in out + err


def test_a_reader_that_leaves_early_is_met_with_silence_but_not_with_0() -> None:
    code = "from safe_release.faces.cli import main; main(['channels'])"
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={"PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait() == 141
    assert said == b""


def test_places_beyond_the_third_are_counted() -> None:
    findings = [
        Finding(channel="xlsx.f.text", place=f"sheet {n}", count=n, action="replaced", message="")
        for n in (1, 2, 3, 4, 5)
    ]
    [(_, [line])] = summary.lines_by_fate(findings)
    assert line == (CATALOGUE["xlsx.f.text"].title, "sheet 1; sheet 2; sheet 3 and 2 more", 15)


def test_what_can_carry_most_comes_first() -> None:
    ids = ("zip.dos-timestamp", "xlsx.wb.abspath", "xlsx.pivot.records")
    findings = [
        Finding(channel=id_, place="entry 1", count=1, action="removed", message="") for id_ in ids
    ]
    [(_, lines)] = summary.lines_by_fate(findings)
    assert [line.title for line in lines] == [CATALOGUE[id_].title for id_ in reversed(ids)]


def test_objections_stand_under_their_question() -> None:
    check = Check(question="whole", passed=False, examined=7, objections=("entry 3: a gap",))
    first, second, *_ = summary.check_lines([check])
    assert first.split()[:2] == ["whole", "NO"]
    assert second.strip() == "entry 3: a gap"
    assert summary.verdict_line(Verdict(checks=(check,))) == "falls short: whole"


def test_a_question_that_was_not_asked_has_no_answer() -> None:
    check = Check(question="says the same", passed=True, examined=4)
    *others, last = summary.check_lines([check])
    assert [line.split()[1:3] for line in others] == [["-", "not"]] * 3
    assert last.split()[3:6] == ["yes", "4", "examined:"]


def test_an_empty_verdict_does_not_pass() -> None:
    assert summary.verdict_line(Verdict(checks=())) == "falls short: nothing was examined"
