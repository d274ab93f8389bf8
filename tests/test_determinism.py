"""The same visible content makes the same bytes: whatever the machine, the hour, the spelling."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from conftest import Clean
from makers.packages import MAIN, Package
from makers.sheets import add_table, workbook
from makers.zips import pack

NOTATION = (
    "A1@1=Visible 1 | B1@2=3.5 | A2=Area | B2=Count | A3=North | B3=5 | A4=South | B4={B3} 7;"
    "row 6 hidden ; link A1 https://example.org/a ; merge A5:B5 ; col A width=20 customWidth=1"
)
SECOND = "A1=Visible 1 | A2=TRUE | A3=#N/A ; pane ySplit=1 topLeftCell=A2 state=frozen"


def _package() -> Package:
    package = workbook(NOTATION, SECOND)
    add_table(package, 1, "A2:B4", ["Area", "Count"], "T")
    return package


def test_twice_the_same(cleaned: Clean) -> None:
    first, report = cleaned(_package().zip())
    second, other = cleaned(_package().zip())
    assert first == second
    assert report.model_dump(exclude={"seconds"}) == other.model_dump(exclude={"seconds"})


def test_every_kind_of_source_makes_the_same_copy(cleaned: Clean, tmp_path: Path) -> None:
    data = _package().zip()
    path = tmp_path / "source.bin"
    path.write_bytes(data)
    expected, _ = cleaned(data)
    with path.open("rb") as file:
        for source in (path, str(path), file, io.BytesIO(data)):
            assert cleaned(source)[0] == expected


def test_a_workbook_of_openpyxl_is_a_source(cleaned: Clean) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Area", "Count"])
    book.active.append(["North", 5])
    book.properties.creator = "Person 0042"
    copy, _ = cleaned(book)
    assert copy == cleaned(book)[0]
    again = openpyxl.load_workbook(io.BytesIO(copy))
    assert list(again.active.values) == [("Area", "Count"), ("North", 5)]


RUN = """
import sys
from safe_release import clean
report = clean(sys.argv[1], sys.argv[2])
print(report.model_dump_json(exclude={"seconds"}))
"""


def test_seeds_zones_languages_and_folders_do_not_matter(tmp_path: Path) -> None:
    source = tmp_path / "source.xlsx"
    source.write_bytes(_package().zip())
    answers = set()
    surroundings = [
        {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "2", "TZ": "Pacific/Apia", "LC_ALL": "C.UTF-8"},
        {"PYTHONHASHSEED": "3", "PYTHONUTF8": "0", "LANG": "tr_TR", "USER": "person0042"},
    ]
    for number, changes in enumerate(surroundings):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = os.pathsep.join(filter(None, sys.path))
        done = subprocess.run(
            [sys.executable, "-c", RUN, str(source), str(folder / "copy.xlsx")],
            env={**os.environ, "PYTHONPATH": path, **changes},
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        answers.add((done.stdout, (folder / "copy.xlsx").read_bytes()))
    assert len(answers) == 1


def _entries_reversed() -> bytes:
    return pack(reversed(_package().entries()))


def _headers_of_another_tool() -> bytes:
    entries = _package().entries()
    for at, entry in enumerate(entries):
        entry.method = 8 * (at % 2)
        entry.time, entry.date, entry.made_by, entry.external = 0x6A5B, 0x5993, 0x031E, 0x81A40000
        entry.descriptor = b"16" if at % 3 == 0 else b""
    return pack(entries)


def _without_places() -> bytes:
    import re

    package = _package()
    part = package.sheet(2)
    package[part] = re.sub(rb'(<(?:row|c)) r="[A-Z0-9]+"', rb"\1", package[part])
    return package.zip()


def _pretty() -> bytes:
    package = _package()
    for part in (package.sheet(1), package.workbook, package.styles):
        package[part] = package[part].replace(b"><", b">\n  <")
    return package.zip()


def _other_prefix() -> bytes:
    package = _package()
    for part in (package.styles, package.strings):
        text = package[part].decode().replace(f'xmlns="{MAIN}"', f'xmlns:s="{MAIN}"')
        text = text.replace("</", "\0").replace("<", "<s:").replace("\0", "</s:")
        package[part] = text.replace("<s:?xml", "<?xml").encode()
    return package.zip()


def _unused_pools() -> bytes:
    package = _package()
    package.swap(package.strings, "<si>", "<si><t>unused</t></si><si>")
    for number in (1, 2):
        with package.edit(package.sheet(number)) as root:
            for cell in root.iter(f"{{{MAIN}}}c"):
                if cell.get("t") == "s":
                    cell[0].text = str(int(cell[0].text or "0") + 1)
    return package.zip()


def _numbers_spelled_otherwise() -> bytes:
    package = _package()
    package.swap(package.sheet(1), "<v>3.5</v>", "<v>35.00E-1</v>")
    package.swap(package.sheet(1), "<v>5</v>", "<v>5.0</v>")
    return package.zip()


@pytest.mark.parametrize(
    "spelled",
    [
        _entries_reversed,
        _headers_of_another_tool,
        _without_places,
        _pretty,
        _other_prefix,
        _unused_pools,
        _numbers_spelled_otherwise,
    ],
)
def test_the_spelling_of_the_source_does_not_matter(spelled: object, cleaned: Clean) -> None:
    assert callable(spelled)
    source = spelled()
    assert source != _package().zip()
    assert cleaned(source)[0] == cleaned(_package().zip())[0]


def test_a_copy_of_a_copy_is_the_copy(cleaned: Clean) -> None:
    copy, _ = cleaned(_package().zip())
    again, report = cleaned(copy)
    assert again == copy
    assert report.findings == ()
    assert report.left_behind == {}
