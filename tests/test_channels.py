"""Whether the catalogue is whole and its rows say what they must."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from safe_release.channel import Channel, Fate
from safe_release.channels import CATALOGUE, container, ooxml, pictures, xlsx


def test_no_id_is_lost_to_a_namesake() -> None:
    rows = (*container.ROWS, *ooxml.ROWS, *pictures.ROWS, *xlsx.ROWS)
    assert len(rows) == len(CATALOGUE)
    assert tuple(CATALOGUE) == tuple(row.id for row in rows)


def test_every_finer_id_is_served_by_one_channel() -> None:
    finer = Counter(name for row in CATALOGUE.values() for name in (row.id, *row.covers))
    assert [name for name, times in finer.items() if times > 1] == []


def test_a_person_can_read_it() -> None:
    assert 90 <= len(CATALOGUE) <= 200


@pytest.mark.parametrize("row", CATALOGUE.values(), ids=lambda row: row.id)
def test_row_is_complete(row: Channel) -> None:
    for name in (row.id, *row.covers):
        family = r"zip|opc|xml|ooxml|xlsx|image|jpeg|png|gif|webp|tiff|bmp|ico|jp2|heif|avif-jxl"
        family += r"|psd|eps|emf|wmf|svg"
        assert re.fullmatch(rf"({family})(\.[a-z0-9]+(-[a-z0-9]+)*)+", name)
    assert row.title[0].isupper()
    assert not row.title.endswith(".")
    assert row.carries[0].isupper()
    assert row.carries.endswith(".")
    assert re.match(
        r"(ECMA-376|MS-|APPNOTE|RFC|XML|Unicode|ITU-T|ISO|PNG|GIF89a|TIFF|Exif|IPTC|ICC|SVG)",
        row.spec,
    )


def test_what_this_version_cannot_judge_is_said() -> None:
    kept = [row.id for row in CATALOGUE.values() if row.fate is Fate.KEPT]
    assert kept == [
        "ooxml.invisible-unicode",
        "xlsx.cell.invisible-text",
    ]
