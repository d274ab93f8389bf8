"""These tests hold the pages of the documentation to the code."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path
from types import ModuleType
from typing import get_args, get_origin

import pytest

from safe_release import CATALOGUE, Policy
from safe_release.limits import Limits
from safe_release.policy import PROPERTY_NAMES
from safe_release.report import Check, Finding, Report

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(
    path for folder in (ROOT, ROOT / "docs", ROOT / "examples", ROOT / "benchmarks")
    for path in folder.glob("*.md")
)  # fmt: skip
LINK = re.compile(r"\]\((?!https?:)([^)#]+)(#[^)]*)?\)")


def read(*steps: str) -> str:
    return ROOT.joinpath(*steps).read_text(encoding="utf-8")


def table_rows(text: str) -> dict[str, list[str]]:
    """The rows of all tables whose first cell is a code word, by that word."""
    rows = re.findall(r"^\| `([^`]+)` \|(.*)\|$", text, re.MULTILINE)
    return {name: [cell.strip() for cell in rest.split(" | ")] for name, rest in rows}


def writer_of_channels() -> ModuleType:
    place = ROOT / "docs" / "write_channels.py"
    spec = importlib.util.spec_from_file_location("write_channels", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_tables_of_channels_are_those_of_the_catalogue() -> None:
    pages = writer_of_channels().pages()
    assert {path.name for path in pages} == {"README.md", "channels.md"}
    for path, text in pages.items():
        assert path.read_text(encoding="utf-8") == text, "run docs/write_channels.py"


def test_the_page_of_channels_has_them_all() -> None:
    assert set(table_rows(read("docs", "channels.md"))) == set(CATALOGUE)


def test_the_page_of_policies_has_every_field_with_its_default_and_values() -> None:
    rows = table_rows(read("docs", "policy.md"))
    assert list(rows) == list(Policy.model_fields)
    for name, field in Policy.model_fields.items():
        words = re.findall(r'"(\w+)"', " ".join(rows[name][:2]))
        if "Literal" in str(get_origin(field.annotation)):
            assert words[0] == field.default
            assert set(words) == set(get_args(field.annotation))


def test_the_page_of_policies_has_every_property() -> None:
    named = re.findall(r"`(\w+)`", table_rows(read("docs", "policy.md"))["properties"][1])
    assert tuple(named) == PROPERTY_NAMES


def test_the_page_of_limits_has_every_limit_with_its_default() -> None:
    rows = table_rows(read("docs", "limits.md"))
    told = {name: float(cells[0].replace(",", "")) for name, cells in rows.items()}
    assert told == {name: float(field.default) for name, field in Limits.model_fields.items()}


def test_the_page_of_reports_has_every_field() -> None:
    rows = table_rows(read("docs", "report.md"))
    for model in (Report, Finding, Check):
        assert set(model.model_fields) - set(rows) == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_inside_the_project_leads_somewhere(page: Path) -> None:
    targets = [target for target, _ in LINK.findall(page.read_text(encoding="utf-8"))]
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_policy_in_a_page_is_one(page: Path) -> None:
    blocks = re.findall(r"```toml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    for block in blocks:
        Policy.of(**tomllib.loads(block))


def test_policies_in_pages_are_looked_at() -> None:
    assert any("```toml" in page.read_text(encoding="utf-8") for page in PAGES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_channel_named_in_a_page_exists(page: Path) -> None:
    named = re.findall(
        r"\b(?:zip|opc|xml|ooxml|xlsx)\.[a-z]+[.-][a-z.-]+\b", page.read_text("utf-8")
    )
    assert [name for name in named if name not in CATALOGUE] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_in_a_page_compiles(page: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    for block in blocks:
        compile(block, page.name, "exec")
