"""These tests hold a policy to its word: what it does not understand, it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from safe_release import CATALOGUE, Policy, PolicyError


def load(folder: Path, text: str, name: str = "release.toml") -> Policy:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return Policy.load(path)


def test_the_default_needs_no_file(tmp_path: Path) -> None:
    assert load(tmp_path, "") == Policy()


def test_a_file_says_what_it_changes_and_no_more(tmp_path: Path) -> None:
    text = 'links = "none"\nrefuse = ["*"]\n[properties]\ntitle = "T"\n[limits]\nparts = 9\n'
    policy = load(tmp_path, text)
    assert policy.links == "none"
    assert policy.refuse == ("*",)
    assert policy.properties == {"title": "T"}
    assert policy.limits.parts == 9
    assert policy.limits.cells == Policy().limits.cells
    assert policy.stale_formulas == Policy().stale_formulas


def test_a_pyproject_file_has_a_table_of_its_own(tmp_path: Path) -> None:
    text = '[project]\nname = "example"\n[tool.safe-release]\nlinks = "none"\n'
    assert load(tmp_path, text, "pyproject.toml").links == "none"
    assert load(tmp_path, '[project]\nname = "example"\n', "pyproject.toml") == Policy()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('link = "none"', "link"),
        ('links = "some"', "links"),
        ('[properties]\nauthor = "Person 0001"', "properties"),
        ("[limits]\nparts = 0", "limits.parts"),
        ("[limits]\nrows = 5", "limits.rows"),
        ('refuse = ["xlsx.pivot.record"]', "refuse"),
        ('refuse = "*"', "refuse"),
        ("cls = 1", "cls"),
    ],
)
def test_what_is_not_understood_is_an_error_that_names_the_field(
    tmp_path: Path, text: str, place: str
) -> None:
    with pytest.raises(PolicyError, match=rf"(^|\W){place}\W"):
        load(tmp_path, text)


def test_what_is_no_toml_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="TOML"):
        load(tmp_path, "links: none")


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="cannot be read"):
        Policy.load(tmp_path / "nowhere.toml")


@pytest.mark.parametrize("channel", CATALOGUE)
def test_every_channel_can_be_refused(channel: str) -> None:
    assert Policy(refuse=(channel,)).refuse == (channel,)


def test_a_policy_does_not_change() -> None:
    with pytest.raises(ValidationError):
        Policy().links = "none"  # type: ignore[misc]


def test_a_policy_survives_json() -> None:
    policy = Policy(links="none", refuse=("xlsx.pivot.records",), properties={"title": "T"})
    assert Policy.model_validate_json(policy.model_dump_json()) == policy
