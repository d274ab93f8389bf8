"""These tests run the examples as a reader would, and look into what they leave."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
from openpyxl import load_workbook

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples"
WORKBOOK = EXAMPLES / "crime_statistics.xlsx"

LEAVES = {
    "01_clean_one_file.py": ("crime_statistics_clean.xlsx",),
    "02_pandas_to_outbox.py": ("offences_by_district.xlsx",),
    "03_openpyxl_report.py": ("people_by_district.xlsx",),
    "04_folder.py": ("outbox/february.xlsx", "outbox/january.xlsx", "outbox/march.xlsx"),
    "05_inspect_only.py": (),
    "06_policy.py": ("released.xlsx",),
}
SAYS = {
    "01_clean_one_file.py": ("xlsx.pivot.records", "xlsx.wb.sheet-veryhidden", "silent: yes"),
    "02_pandas_to_outbox.py": ("Old Town",),
    "03_openpyxl_report.py": ("sheets of the copy: Summary\n", "xlsx.wb.sheet-hidden"),
    "04_folder.py": ("april.xlsx: not released", "march.xlsx: released"),
    "05_inspect_only.py": ("Pivot cache records", "can carry whole records"),
    "06_policy.py": ("refused: ", "a file was written: False", "released: True, links: none"),
}


def run(script: str, folder: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / script)],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def everything_in(workbook: Path) -> bytes:
    """All parts of a package, unpacked, and their names."""
    with zipfile.ZipFile(workbook) as package:
        return b"\n".join(name.encode() + package.read(name) for name in package.namelist())


def maker() -> ModuleType:
    place = EXAMPLES / "make_crime_statistics.py"
    spec = importlib.util.spec_from_file_location("make_crime_statistics", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_every_script_is_run() -> None:
    assert {path.name for path in EXAMPLES.glob("[0-9]*.py")} == set(LEAVES) == set(SAYS)


@pytest.mark.parametrize("script", LEAVES)
def test_a_script_says_and_leaves_what_it_should(script: str, tmp_path: Path) -> None:
    if script.startswith("02"):
        pytest.importorskip("pandas")
    said = run(script, tmp_path)
    for words in SAYS[script]:
        assert words in said
    found = sorted(
        path.relative_to(tmp_path).as_posix()
        for path in tmp_path.rglob("*.xlsx")
        if "inbox" not in path.parts
    )
    assert tuple(found) == LEAVES[script]
    for name in found:
        assert b"Person" not in everything_in(tmp_path / name)
        load_workbook(tmp_path / name)


def test_the_workbook_is_the_one_its_script_makes() -> None:
    with zipfile.ZipFile(WORKBOOK) as package:
        kept = {name: package.read(name) for name in package.namelist()}
    assert kept == maker().parts()
    assert WORKBOOK.stat().st_size < 200_000


def test_two_runs_of_the_maker_write_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        maker().write(tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_the_workbook_hides_people_in_many_parts() -> None:
    with zipfile.ZipFile(WORKBOOK) as package:
        parts = [name for name in package.namelist() if b"Person" in package.read(name)]
    assert len(parts) >= 12
    assert "xl/pivotCache/pivotCacheDefinition1.xml" in parts


def test_the_workbook_opens_in_openpyxl_with_its_pivot_table() -> None:
    workbook = load_workbook(WORKBOOK)
    assert [sheet.sheet_state for sheet in workbook] == ["visible"] * 4 + ["hidden", "veryHidden"]
    assert workbook["Pivot"]._pivots[0].cache.records.count == 300


@pytest.mark.libreoffice
def test_workbook_and_copy_print_the_same_summary(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None or shutil.which("pdftotext") is None:
        pytest.skip("LibreOffice or poppler is not installed")
    run("01_clean_one_file.py", tmp_path)
    texts = []
    for workbook in (WORKBOOK, tmp_path / "crime_statistics_clean.xlsx"):
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        convert = ["--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(workbook)]
        subprocess.run([office, profile, *convert], check=True, capture_output=True, timeout=180)
        pdf = tmp_path / f"{workbook.stem}.pdf"
        first_page = ["pdftotext", "-layout", "-f", "1", "-l", "1", str(pdf), "-"]
        printed = subprocess.run(first_page, check=True, capture_output=True, text=True).stdout
        texts.append([line.split() for line in printed.splitlines() if line.strip()])
    source, copy = texts
    # The footer of the source names the path of its file; the copy's does not.
    assert copy[:-1] == source[:-1]
    assert any(row[:2] == ["All", "districts"] for row in copy)
