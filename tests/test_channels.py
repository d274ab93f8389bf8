"""Whether the catalogue is whole and its rows say what they must."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from safe_release.channel import Channel, Fate
from safe_release.channels import CATALOGUE, container, ooxml, xlsx


def test_no_id_is_lost_to_a_namesake() -> None:
    rows = (*container.ROWS, *ooxml.ROWS, *xlsx.ROWS)
    assert len(rows) == len(CATALOGUE)
    assert tuple(CATALOGUE) == tuple(row.id for row in rows)


def test_every_finer_id_is_served_by_one_channel() -> None:
    finer = Counter(name for row in CATALOGUE.values() for name in (row.id, *row.covers))
    assert [name for name, times in finer.items() if times > 1] == []


def test_a_person_can_read_it() -> None:
    assert 90 <= len(CATALOGUE) <= 160


@pytest.mark.parametrize("row", CATALOGUE.values(), ids=lambda row: row.id)
def test_row_is_complete(row: Channel) -> None:
    for name in (row.id, *row.covers):
        assert re.fullmatch(r"(zip|opc|xml|ooxml|xlsx)(\.[a-z0-9]+(-[a-z0-9]+)*)+", name)
    assert row.title[0].isupper()
    assert not row.title.endswith(".")
    assert row.carries[0].isupper()
    assert row.carries.endswith(".")
    assert re.match(r"(ECMA-376|MS-|APPNOTE|RFC|XML|Unicode)", row.spec)


def test_what_this_version_cannot_judge_is_said() -> None:
    kept = [row.id for row in CATALOGUE.values() if row.fate is Fate.KEPT]
    assert kept == [
        "ooxml.invisible-unicode",
        "xlsx.cell.invisible-text",
    ]
