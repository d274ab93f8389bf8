"""This script measures cleaning a large workbook, side by side with openpyxl loading and saving it.

Each measurement is a process of its own; the two subjects take turns, so that whatever else the
machine does meets both. Wall time includes the start of the interpreter; memory is the peak
resident set that the kernel reports for the process. ``clean`` includes the verification.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from workbooks import DIALECTS

SUBJECTS = {
    "clean": "from safe_release import clean; clean(source, destination)",
    "openpyxl": "from openpyxl import load_workbook; load_workbook(source).save(destination)",
}
MOST_ROWS = 1_048_576


class Measurement(NamedTuple):
    """What one process took: seconds of wall time and of CPU, and MiB of memory at its peak."""

    wall: float
    cpu: float
    peak: float


def measure(subject: str, source: Path, destination: Path) -> Measurement:
    """Run one subject in a process of its own. Raises ``SystemExit`` if it fails."""
    code = f"import sys; source, destination = sys.argv[1:]; {SUBJECTS[subject]}"
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(source), str(destination)], env=_environment()
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{subject} failed with exit code {process.returncode}")
    per_mib = 1024 if sys.platform != "darwin" else 1024 * 1024
    return Measurement(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / per_mib)


def _environment() -> dict[str, str]:
    """The subjects keep their compiled modules, as those of an installation are kept."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def warm_up(folder: Path, dialect: str) -> None:
    """Run each subject once on a small workbook, so that its modules are compiled."""
    path = folder / "small.xlsx"
    DIALECTS[dialect](path, 100, 100)
    for subject in SUBJECTS:
        measure(subject, path, folder / f"{subject}.xlsx")


def medians(runs: Sequence[Measurement]) -> Measurement:
    """The median of each figure on its own."""
    return Measurement(*(statistics.median(figures) for figures in zip(*runs, strict=True)))


@contextmanager
def workbook(folder: Path, dialect: str, rows: int, references: int) -> Iterator[Path]:
    """A workbook of that many rows, removed again when it has been measured."""
    path = folder / f"{dialect}_{rows}.xlsx"
    started = time.perf_counter()
    DIALECTS[dialect](path, rows, references)
    size, took = path.stat().st_size / 2**20, time.perf_counter() - started
    texts = f"{min(references, rows - 1):,} references"
    print(
        f"\n{rows:,} rows x 10 columns, {texts}, {dialect} dialect:"
        f" {size:.1f} MiB, made in {took:.1f} s"
    )
    yield path
    path.unlink()


def side_by_side(folder: Path, dialect: str, rows: int, repeats: int) -> None:
    """Both subjects in turn, then medians and ratios as a Markdown table."""
    runs: dict[str, list[Measurement]] = {subject: [] for subject in SUBJECTS}
    with workbook(folder, dialect, rows, MOST_ROWS) as source:
        for _ in range(repeats):
            for subject, measured in runs.items():
                measured.append(measure(subject, source, folder / f"{subject}.xlsx"))
    print(f"medians of {repeats}:\n\n| | wall s | CPU s | peak MiB |\n|---|---:|---:|---:|")
    middle = {subject: medians(measured) for subject, measured in runs.items()}
    for subject, (wall, cpu, peak) in middle.items():
        print(f"| {subject} | {wall:.2f} | {cpu:.2f} | {peak:.0f} |")
    ratios = [ours / theirs for ours, theirs in zip(*middle.values(), strict=True)]
    print("| clean / openpyxl | " + " | ".join(f"{ratio:.3f}" for ratio in ratios) + " |")


def flatness(folder: Path, dialect: str, sizes: Sequence[int], references: int) -> None:
    """One clean of each size: how memory grows with rows, and with the texts that differ."""
    lines = []
    for rows in sizes:
        with workbook(folder, dialect, rows, references) as source:
            lines.append((rows, measure("clean", source, folder / "clean.xlsx")))
    print("\n| rows | wall s | CPU s | peak MiB |\n|---:|---:|---:|---:|")
    for rows, (wall, cpu, peak) in lines:
        print(f"| {rows:,} | {wall:.2f} | {cpu:.2f} | {peak:.0f} |")


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000, help="of the comparison; 0: skip it")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--dialect", choices=sorted(DIALECTS), default="excel")
    parser.add_argument(
        "--flat", type=int, nargs="*", default=[100_000, 400_000, MOST_ROWS], metavar="ROWS",
        help="sizes at which the memory of clean is measured; none: skip it",
    )  # fmt: skip
    parser.add_argument(
        "--references", type=int, default=1_000, metavar="N",
        help="different texts in the reference column of those; the comparison has one a row",
    )  # fmt: skip
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} CPUs")
    with tempfile.TemporaryDirectory() as folder:
        warm_up(Path(folder), options.dialect)
        if options.rows:
            side_by_side(Path(folder), options.dialect, options.rows, options.repeats)
        if options.flat:
            flatness(Path(folder), options.dialect, options.flat, options.references)


if __name__ == "__main__":
    main()
