"""Hostile and broken sources: a clear error in bounded time, nothing written, nothing harmed."""

from __future__ import annotations

import random
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest
from lxml import etree

from makers.hostile import BOOK, CASES, FINE, SHEET, STRINGS, STYLES, TYPES, Build, changed, plain
from makers.packages import Package
from makers.sheets import workbook
from makers.zips import pack
from safe_release import Policy, clean, errors, inspect, verify
from safe_release.errors import SafeReleaseError, SourceError, TooLarge
from safe_release.limits import Limits

SECONDS = 20.0
"""No hostile file may keep the library busy for longer, on a slow machine."""


@pytest.mark.parametrize(
    ("names", "build"),
    [pytest.param(names, build, id=name) for name, names, build in CASES],
)
def test_hostile_sources_are_refused(names: tuple[str, ...], build: Build, tmp_path: Path) -> None:
    source = build()
    destination = tmp_path / "copy.xlsx"
    destination.write_bytes(b"as it was")
    start = time.monotonic()
    with pytest.raises(tuple(getattr(errors, name) for name in names)) as caught:
        clean(source, destination)
    assert time.monotonic() - start < SECONDS
    assert caught.value.problem
    assert caught.value.remedy, str(caught.value)
    assert "Traceback" not in str(caught.value)
    assert destination.read_bytes() == b"as it was"
    assert [path.name for path in tmp_path.iterdir()] == ["copy.xlsx"]


@pytest.mark.parametrize("build", [pytest.param(build, id=name) for name, _, build in CASES])
def test_hostile_sources_are_no_surprise_to_inspect_and_verify(build: Build) -> None:
    source = build()
    start = time.monotonic()
    for look in (inspect, verify):
        try:
            answer = look(source)
        except SafeReleaseError:
            continue
        assert look is inspect or not answer.passed  # type: ignore[union-attr]
    assert time.monotonic() - start < 2 * SECONDS


def test_the_same_workbook_without_hostility_is_cleaned(tmp_path: Path) -> None:
    clean(plain().zip(), tmp_path / "copy.xlsx")


# limits, one by one


def _many_sheets() -> bytes:
    return workbook(*(f"A1={at}" for at in range(12))).zip()


LIMITS = {
    "source_bytes": (1000, lambda: plain().zip()),
    "unpacked_bytes": (3000, lambda: plain().zip()),
    "part_bytes": (1000, lambda: plain().zip()),
    "small_part_bytes": (500, lambda: plain().zip()),
    "parts": (5, lambda: plain().zip()),
    "ratio": (20, lambda: changed(STRINGS, "Visible 1", "y" * 3_000_000)),
    "depth": (3, lambda: plain().zip()),
    "cells": (3, lambda: plain().zip()),
    "sheets": (10, _many_sheets),
    "seconds": (0.000001, lambda: plain().zip()),
}


@pytest.mark.parametrize("name", LIMITS)
def test_each_limit_of_the_policy_holds(name: str, tmp_path: Path) -> None:
    value, build = LIMITS[name]
    policy = Policy(limits=Limits(**{name: value}))
    with pytest.raises(TooLarge) as caught:
        clean(build(), tmp_path / "copy.xlsx", policy=policy)
    assert caught.value.remedy
    assert list(tmp_path.iterdir()) == []


# bombs, in a process of their own with little memory

RUNNER = """
import resource, sys, time
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[3]) << 20,) * 2)
from safe_release import clean
from safe_release.errors import SafeReleaseError
start = time.monotonic()
try:
    clean(sys.argv[1], sys.argv[2])
    print("cleaned")
except SafeReleaseError as error:
    print(type(error).__name__)
except MemoryError:
    print("out of memory")
"""


def run_with_little_memory(source: bytes, folder: Path, megabytes: int = 900) -> str:
    path, destination = folder / "source.xlsx", folder / "out" / "copy.xlsx"
    path.write_bytes(source)
    destination.parent.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", RUNNER, str(path), str(destination), str(megabytes)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    outcome = done.stdout.strip()
    if outcome != "cleaned":
        assert list(destination.parent.iterdir()) == []
    return outcome


def zeros(megabytes: int, fill: bytes = b" ") -> tuple[bytes, int, int]:
    """Deflate data of so many megabytes of one byte; packed, its checksum and its length."""
    block = fill * (1 << 20)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    crc = 0
    for _ in range(megabytes):
        crc = zlib.crc32(block, crc)
    return first * megabytes + b"\x03\x00", crc, megabytes << 20


def _bomb(part: str, megabytes: int, *, honest: bool) -> bytes:
    payload, crc, size = zeros(megabytes)
    entries = plain().entries()
    for entry in entries:
        if entry.raw_name == part.encode():
            entry.payload, entry.crc, entry.zip64 = payload, crc, honest
            entry.size = size if honest else len(entry.data)
    return pack(entries)


def test_a_bomb_that_hides_its_size(tmp_path: Path) -> None:
    outcome = run_with_little_memory(_bomb(SHEET, 2000, honest=False), tmp_path)
    assert outcome in ("Malformed", "TooLarge")


def test_a_bomb_that_states_its_size(tmp_path: Path) -> None:
    outcome = run_with_little_memory(_bomb(SHEET, 4200, honest=True), tmp_path)
    assert outcome == "TooLarge"


def test_a_bomb_in_a_small_part(tmp_path: Path) -> None:
    outcome = run_with_little_memory(_bomb(STYLES, 400, honest=True), tmp_path)
    assert outcome == "TooLarge"


def test_one_long_string_in_very_many_cells(tmp_path: Path) -> None:
    package = workbook(f"A1={'long ' * 6000}")
    rows = "".join('<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>' for _ in range(20_000))
    head, _, rest = package[SHEET].partition(b"<sheetData>")
    tail = rest.partition(b"</sheetData>")[2]
    package[SHEET] = head + b"<sheetData>" + rows.encode() + b"</sheetData>" + tail
    assert run_with_little_memory(package.zip(), tmp_path) == "cleaned"


def test_very_many_merges(tmp_path: Path) -> None:
    merges = "".join(f'<mergeCell ref="A{at}:B{at}"/>' for at in range(1, 60_000))
    package = workbook("A1=x ; merge A1:B1")
    package.swap(SHEET, '<mergeCell ref="A1:B1"/>', merges)
    start = time.monotonic()
    assert run_with_little_memory(package.zip(), tmp_path) == "cleaned"
    assert time.monotonic() - start < SECONDS


def test_merge_of_a_whole_sheet(tmp_path: Path) -> None:
    package = workbook("A1=x | C7=5 ; merge A1:XFD1048576")
    start = time.monotonic()
    assert run_with_little_memory(package.zip(), tmp_path) == "cleaned"
    assert time.monotonic() - start < SECONDS


def test_every_second_row_hidden(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{at}"{" hidden=" + chr(34) + "1" + chr(34) if at % 2 else ""}>'
        f'<c r="A{at}"><v>{at}</v></c></row>'
        for at in range(1, 40_000)
    )
    merges = "".join(f'<mergeCell ref="B{at}:C{at + 2}"/>' for at in range(1, 39_000, 4))
    package = workbook("A1=x ; merge A1:B1")
    head, _, rest = package[SHEET].partition(b"<sheetData>")
    tail = rest.partition(b"</sheetData>")[2]
    package[SHEET] = head + b"<sheetData>" + rows.encode() + b"</sheetData>" + tail
    package.swap(SHEET, '<mergeCell ref="A1:B1"/>', merges)
    start = time.monotonic()
    assert run_with_little_memory(package.zip(), tmp_path) == "cleaned"
    assert time.monotonic() - start < SECONDS


# damage at random places


def _outcome(source: bytes, destination: Path) -> str:
    """Clean, and say what happened; anything but a SafeReleaseError fails the test."""
    try:
        clean(source, destination)
    except SafeReleaseError as error:
        return type(error).__name__
    assert verify(destination).passed
    destination.unlink()
    return "cleaned"


def test_a_file_cut_anywhere_is_refused(tmp_path: Path) -> None:
    source = plain().zip()
    destination = tmp_path / "copy.xlsx"
    for cut in [*range(0, len(source), 97), *range(len(source) - 60, len(source))]:
        with pytest.raises(SourceError):
            clean(source[:cut], destination)
    assert not destination.exists()


@pytest.mark.parametrize("seed", range(6))
def test_flipped_bytes_are_no_surprise(seed: int, tmp_path: Path) -> None:
    source = plain().zip()
    chance = random.Random(seed)  # noqa: S311
    seen = set()
    for _ in range(60):
        broken = bytearray(source)
        for _ in range(chance.choice((1, 1, 1, 3))):
            broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        seen.add(_outcome(bytes(broken), tmp_path / "copy.xlsx"))
    assert seen & {"Malformed", "UnknownFormat", "Refused", "CannotRebuild", "TooLarge"}


@pytest.mark.parametrize("part", [SHEET, STRINGS, STYLES, BOOK, "xl/tables/table1.xml"])
def test_damaged_xml_is_no_surprise(part: str, tmp_path: Path) -> None:
    chance = random.Random(part)  # noqa: S311
    noise = [b"<c>", b"</row>", b"9" * 30, b"-1", b"", b'"', b"&#0;", b"\xf0\x9f\x98\x80", b"A0",
             b"1e400", b"true", b"<v/>", b"<is/>", b"XFD1048576", b"#REF!", b"_x0000_"]  # fmt: skip
    for _ in range(120):
        package = plain()
        data = package[part]
        start = chance.randrange(60, len(data))
        end = min(len(data), start + chance.choice((0, 1, 2, 5, 20)))
        package[part] = data[:start] + chance.choice(noise) + data[end:]
        _outcome(package.zip(), tmp_path / "copy.xlsx")


ATTRIBUTE_NOISE = ["", "-1", "0", "1e5", "NaN", "99999999999", "A1", "true", "x" * 300, "\u0661"]


@pytest.mark.parametrize("part", [SHEET, STYLES, BOOK, "xl/tables/table1.xml", TYPES])
def test_every_attribute_may_hold_anything(part: str, tmp_path: Path) -> None:
    count = sum(len(element.attrib) for element in etree.fromstring(plain()[part]).iter())
    chance = random.Random(part)  # noqa: S311
    for at in range(count):
        for value in chance.sample(ATTRIBUTE_NOISE, 2):
            package = plain()
            with package.edit(part) as root:
                places = [(e, name) for e in root.iter() for name in e.attrib]
                element, name = places[at]
                element.set(name, value)
            _outcome(package.zip(), tmp_path / "copy.xlsx")


# odd, but fine


@pytest.mark.parametrize("name", FINE)
def test_odd_workbooks_are_cleaned(name: str, tmp_path: Path) -> None:
    clean(FINE[name](), tmp_path / "copy.xlsx")
    copied = Package.read((tmp_path / "copy.xlsx").read_bytes())
    assert b"Visible 1" in copied[copied.strings]
