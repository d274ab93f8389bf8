"""Real documents: read where they are, never copied into the project."""

from __future__ import annotations

import os
from pathlib import Path

SUFFIXES = (".xlsx", ".xlsm", ".xltx", ".xltm")
PROJECT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("SAFE_RELEASE_CORPUS", PROJECT.parent / "shared" / "corpus"))

REFUSED: dict[str, tuple[str, str]] = {
    "ProjectStatusReport_TP10094814.xltx": (
        "UnknownFormat",
        "written in a dialect from before the standard (content types vnd.ms-excel.*+xml)",
    ),
    "duplicate-filename.xlsx": (
        "Malformed",
        "two entries have one name, so two readers see two documents",
    ),
}
"""File name to the error and the reason why that file is rightly refused."""


def workbooks() -> list[Path]:
    """All workbooks of the corpus, in order of their names."""
    if not FOLDER.is_dir():
        return []
    return sorted(
        (path for path in FOLDER.rglob("*") if path.suffix.lower() in SUFFIXES),
        key=lambda path: path.name,
    )
