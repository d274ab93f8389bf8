"""This module is the command line: the library's verbs, their files and their exit codes.

Exit codes: 0, done, or nothing found; 1, hidden data found, or refused (nothing was written); 2,
wrong usage, a source that cannot be taken in, or a destination that cannot be written. With
several sources the highest one counts. ``-`` is standard input or output.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, BinaryIO, NoReturn, ParamSpec, TypeVar

import typer

import safe_release
from safe_release.channels import CATALOGUE
from safe_release.errors import Refused, SafeReleaseError
from safe_release.faces import summary
from safe_release.faces.console import (
    STREAM,
    named,
    prepare,
    progress,
    put,
    put_data,
    say,
    silence_stdout,
    waiting,
)
from safe_release.policy import Policy
from safe_release.report import Report, Verdict

DONE, FOUND, UNUSABLE = 0, 1, 2
INTERRUPTED, UNREAD = 130, 141  # as a shell reports SIGINT and SIGPIPE

Result = Report | Verdict | SafeReleaseError
Cleaned = Report | SafeReleaseError
Answer = TypeVar("Answer", Report, Verdict)
Given = ParamSpec("Given")

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Sources = Annotated[list[str], typer.Argument(metavar="SOURCE...", help="Files; - is stdin.")]
Files = Annotated[list[str], typer.Argument(metavar="FILE...", help="Files; - is stdin.")]
PolicyFile = Annotated[
    Path | None,
    typer.Option("--policy", metavar="FILE", help="A TOML file, or a pyproject.toml."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, one line a source.")]


class WrongUse(Exception):
    """Arguments that do not go together: what is wrong, and what to type instead."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit; every failure is a sentence, none a traceback."""
    prepare()
    try:
        code = app(args=arguments, prog_name="safe-release", standalone_mode=False)
    except (WrongUse, SafeReleaseError) as error:
        say(f"safe-release: {error}", "red")
        code = UNUSABLE
    except KeyboardInterrupt:
        say("safe-release: interrupted; what was not finished was not released")
        code = INTERRUPTED
    except BrokenPipeError:
        silence_stdout()
        code = UNREAD
    except Exception as error:  # noqa: BLE001 - its message could quote a document
        code = explain(error)
    sys.exit(code or DONE)


def explain(error: Exception) -> int:
    """Show what typer says about wrong usage; of any other error only the name of its kind."""
    show: Callable[[], None] | None = getattr(error, "show", None)
    if show is None:
        say(
            f"safe-release: unexpected {type(error).__name__}; what was not finished was not"
            " released. This is a fault of safe-release itself: please report it",
            "red",
        )
        return UNUSABLE
    show()
    return UNUSABLE


@app.command()
def clean(
    sources: Sources,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where the copy goes; - is stdout."),
    ] = None,
    output_dir: Annotated[
        Path | None,
        typer.Option("--output-dir", metavar="DIR", help="Where the copies go, under their names."),
    ] = None,
    policy: PolicyFile = None,
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="FILE.json", help="Write the report here as well."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Rebuild each source from what its reader sees, verify the copy, and publish it."""
    check_destination(sources, output, output_dir, as_json)
    chosen = policy_from(policy)
    if output_dir is None:
        outcomes = clean_one(sources[0], str(output), chosen)
    else:
        outcomes = clean_into(sources, output_dir, chosen)
    tell: Callable[..., None] = say if output == STREAM else put
    code, records = DONE, []
    for source, result in outcomes:
        code = max(code, code_of(result))
        records.append(as_data(result))
        if as_json:
            put_data(json.dumps(records[-1]))
        elif isinstance(result, Report):
            tell(f"Released a clean copy of {named(source)} ({result.format})", "green")
            tell(summary.report_lines(result))
        else:
            say_failed(source, result, refused="refused, nothing was written")
    if report is not None:
        write_report(report, records)
    return code


@app.command()
def inspect(sources: Sources, policy: PolicyFile = None, as_json: AsJson = False) -> int:
    """Tell what is hidden in each source; exit with 1 if anything is. Writes nothing."""
    check_streams(sources)
    chosen = policy_from(policy)
    code = DONE
    for source in progress(sources, "inspecting"):
        with waiting("inspecting"):
            result = attempt(safe_release.inspect, opened(source), policy=chosen)
        code = max(code, code_of(result, findings_count=True))
        if as_json:
            put_data(json.dumps(as_data(result)))
        elif isinstance(result, Report):
            put(f"{named(source)}: {summary.inspection_line(result)}")
            put(summary.report_lines(result))
        else:
            say_failed(source, result)
    return code


@app.command()
def verify(
    files: Files,
    source: Annotated[
        str | None,
        typer.Option("--source", metavar="FILE", help="What the file was made from."),
    ] = None,
    policy: PolicyFile = None,
    as_json: AsJson = False,
) -> int:
    """Put the verifier's questions to each file; exit with 1 if one falls short."""
    check_streams([*files, source or ""])
    if source is not None and len(files) > 1:
        raise WrongUse("--source belongs to one file. Verify the files one by one")
    chosen = policy_from(policy)
    code = DONE
    for file in progress(files, "verifying"):
        with waiting("verifying"):
            origin = opened(source) if source is not None else None
            result = attempt(safe_release.verify, opened(file), source=origin, policy=chosen)
        code = max(code, code_of(result))
        if as_json:
            put_data(json.dumps(as_data(result)))
        elif isinstance(result, Verdict):
            put(f"{named(file)}: {summary.verdict_line(result)}")
            put(summary.check_lines(result.checks))
        else:
            say_failed(file, result)
    return code


@app.command()
def channels(
    channel_id: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="One channel, in full.")
    ] = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="The catalogue as a Markdown table.")
    ] = False,
) -> int:
    """List the ways a document can carry what its reader does not see."""
    if channel_id is None:
        put(summary.catalogue_markdown() if markdown else summary.catalogue_lines())
    elif channel_id in CATALOGUE:
        put(summary.channel_lines(CATALOGUE[channel_id]))
    else:
        near = ", ".join(get_close_matches(channel_id, CATALOGUE, n=3, cutoff=0.4))
        raise WrongUse(
            "there is no channel of that id. "
            + (f"Near to it: {near}" if near else "safe-release channels lists them all")
        )
    return DONE


def show_version(wanted: bool) -> None:
    """Print the version and exit."""
    if wanted:
        put(safe_release.__version__)
        raise typer.Exit


@app.callback()
def options(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Rebuild office documents from their visible content only, and prove the copies."""


def check_destination(
    sources: Sequence[str], output: str | None, output_dir: Path | None, as_json: bool
) -> None:
    """Raise ``WrongUse`` unless exactly one place for the copies is named, and it fits them."""
    check_streams(sources)
    if (output is None) == (output_dir is None):
        raise WrongUse("say where the copy goes: either --output FILE or --output-dir DIR")
    if output is not None and len(sources) > 1:
        raise WrongUse("--output belongs to one source. Use --output-dir for several")
    if output_dir is not None and STREAM in sources:
        raise WrongUse("standard input has no name to keep in a folder. Use --output")
    if output == STREAM and as_json:
        raise WrongUse("--output - and --json both need standard output. Use --report FILE.json")
    if output == STREAM and sys.stdout.isatty():
        raise WrongUse("a document does not go to a terminal. Redirect it, or name a file")
    for source in sources:
        place = Path(output) if output is not None else Path(str(output_dir), Path(source).name)
        if STREAM not in (source, output) and is_same_file(Path(source), place):
            raise WrongUse(f"the copy would replace its source {source}. Name another place")


def is_same_file(source: Path, destination: Path) -> bool:
    """Whether both names lead to one file; a name that leads to none leads to no other's."""
    try:
        return source.samefile(destination)
    except OSError:
        return False


def check_streams(files: Sequence[str]) -> None:
    """Standard input can be read once."""
    if files.count(STREAM) > 1:
        raise WrongUse("standard input can be read only once")


def policy_from(path: Path | None) -> Policy:
    """The policy of a file, or the default one. Raises ``PolicyError``."""
    return Policy() if path is None else Policy.load(path)


def opened(source: str) -> str | BinaryIO:
    """What the library takes as a source: a path, or standard input."""
    return sys.stdin.buffer if source == STREAM else source


def attempt(
    verb: Callable[Given, Answer], *given: Given.args, **by_name: Given.kwargs
) -> Answer | SafeReleaseError:
    """The verb's result, or the library's error as a value: one bad source stops no other."""
    try:
        return verb(*given, **by_name)
    except SafeReleaseError as error:
        return error


def clean_one(source: str, destination: str, policy: Policy) -> Iterator[tuple[str, Cleaned]]:
    """One source into one file, or through a private one onto standard output."""
    with place_for(destination) as path, waiting("cleaning"):
        result = attempt(safe_release.clean, opened(source), path, policy)
    yield source, result


def clean_into(
    sources: Sequence[str], folder: Path, policy: Policy
) -> Iterator[tuple[str, Cleaned]]:
    """Each source into the folder, under its own name, on all cores."""
    outcomes = safe_release.clean_many(sources, folder, policy)
    for source, outcome in zip(progress(sources, "cleaning"), outcomes, strict=True):
        if outcome.error is not None:
            yield source, outcome.error
        elif outcome.report is not None:
            yield source, outcome.report


@contextmanager
def place_for(destination: str) -> Iterator[Path]:
    """A path to publish at. What stands there afterwards reaches standard output if asked."""
    if destination != STREAM:
        yield Path(destination)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "copy"
        yield path
        if path.exists():
            sys.stdout.buffer.write(path.read_bytes())
            sys.stdout.buffer.flush()


def code_of(result: Result, *, findings_count: bool = False) -> int:
    """The exit code that one result asks for."""
    if isinstance(result, SafeReleaseError):
        return FOUND if isinstance(result, Refused) else UNUSABLE
    if isinstance(result, Verdict):
        return DONE if result.passed else FOUND
    return FOUND if findings_count and result.findings else DONE


def as_data(result: Result) -> dict[str, Any]:
    """A result as JSON data: the report or verdict itself, or an object with the key ``error``."""
    if not isinstance(result, SafeReleaseError):
        return result.model_dump(mode="json")
    report: Report | None = getattr(result, "report", None)
    return {
        "error": {
            "kind": type(result).__name__,
            "place": result.place,
            "problem": result.problem,
            "remedy": result.remedy,
            "report": None if report is None else report.model_dump(mode="json"),
        }
    }


def write_report(path: Path, records: list[dict[str, Any]]) -> None:
    """One record as itself, several as an array in the order of the sources."""
    data = records[0] if len(records) == 1 else records
    try:
        path.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise WrongUse(f"the report was not written ({error.strerror}). Check its path") from None


def say_failed(source: str, error: SafeReleaseError, refused: str = "refused") -> None:
    """Source, what is wrong, where, and what to do; then what the report holds, if there is one."""
    head = refused if isinstance(error, Refused) else "failed"
    say(f"{named(source)}: {head}: {error}", "red")
    report: Report | None = getattr(error, "report", None)
    if report is not None:
        say(summary.report_lines(report))
