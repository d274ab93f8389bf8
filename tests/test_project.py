"""These tests hold the project together: what it exports, what its import costs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from importlib import resources
from pathlib import Path

import pytest

import safe_release
from canaries.features import draw, shape
from makers.sheets import workbook

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

PUBLIC = {
    "CATALOGUE", "CannotRebuild", "Channel", "Check", "Encrypted", "Finding", "Malformed",
    "Objected", "Policy", "PolicyError", "PublishError", "Refused", "Report", "SafeReleaseError",
    "SourceError", "TooLarge", "UnknownFormat", "Verdict", "__version__", "clean", "clean_many",
    "inspect", "outbox", "verify",
}  # fmt: skip


def modules_after(statement: str) -> set[str]:
    """The modules a fresh interpreter has loaded after a statement."""
    code = f"import sys, json\n{statement}\nprint(json.dumps(list(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, text=True, check=True, env={"PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    return set(json.loads(done.stdout))


def test_every_public_name_can_be_imported() -> None:
    assert {name for name in PUBLIC if not hasattr(safe_release, name)} == set()


def test_all_lists_the_public_names() -> None:
    assert {*safe_release.__all__, "__version__"} >= PUBLIC


def test_dir_shows_the_public_names() -> None:
    assert set(dir(safe_release)) >= PUBLIC


@pytest.mark.parametrize("first", ["clean", "inspect", "outbox", "verify", "Policy"])
def test_the_verbs_are_functions_whichever_is_used_first(first: str) -> None:
    verbs = ("clean", "inspect", "verify", "clean_many", "outbox")
    code = (
        f"import safe_release as package; package.{first}\n"
        f"assert all(callable(getattr(package, verb)) for verb in {verbs})"
    )
    environment = {"PYTHONPATH": str(ROOT / "src")}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        safe_release.no_such_name  # noqa: B018


def test_the_version_is_that_of_the_distribution() -> None:
    assert safe_release.__version__ == PROJECT["project"]["version"]


def test_the_changelog_knows_the_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## \[{re.escape(safe_release.__version__)}\]", text, re.MULTILINE)


@pytest.mark.parametrize("heavy", ["openpyxl", "lxml.etree", "typer", "rich", "pandas", "numpy"])
def test_importing_the_package_loads_nothing_heavy(heavy: str) -> None:
    assert heavy not in modules_after("import safe_release")


def test_a_heavy_import_would_be_noticed() -> None:
    assert "lxml.etree" in modules_after("import safe_release, lxml.etree")


def test_types_travel_with_the_package() -> None:
    assert resources.files("safe_release").joinpath("py.typed").is_file()


def test_every_dependency_is_explained_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| ([\w-]+) \| .{10,} \|$", readme, re.MULTILINE))
    needed = {re.split(r"[<>=\[]", line)[0] for line in PROJECT["project"]["dependencies"]}
    assert needed
    assert needed - rows == set()


def test_every_module_says_what_it_is() -> None:
    files = [
        *(ROOT / "src").rglob("*.py"), *(ROOT / "examples").glob("*.py"),
        *(ROOT / "benchmarks").glob("*.py"), *(ROOT / "docs").glob("*.py"),
    ]  # fmt: skip
    assert len(files) > 20
    silent = [
        str(file.relative_to(ROOT))
        for file in files
        if not file.read_text(encoding="utf-8").startswith('"""')
    ]
    assert silent == []


def test_what_draws_is_loaded_for_workbooks_that_have_drawings(tmp_path: Path) -> None:
    plain = workbook("A1=1", "A1=1")
    drawn = draw(plain.copy(), shape("Seen"))
    heavy = {"safe_release.formats.xlsx.drawings", "safe_release.inspectors.drawings.sheet_drawing"}
    loaded = []
    for name, package in (("plain", plain), ("drawn", drawn)):
        source, copy = tmp_path / f"{name}.xlsx", tmp_path / f"{name}_copy.xlsx"
        source.write_bytes(package.zip())
        run = f"from safe_release import clean; clean({str(source)!r}, {str(copy)!r})"
        loaded.append(modules_after(run))
    assert not (heavy | {"PIL", "safe_release.formats.vml"}) & loaded[0]
    assert heavy <= loaded[1]
