"""This script writes the tables of channels in docs/channels.md and README.md from the catalogue.

Run it after a change of the catalogue; a test compares the files with what it would write.
"""

from __future__ import annotations

from pathlib import Path

from safe_release.channel import Severity
from safe_release.channels import CATALOGUE
from safe_release.faces.summary import catalogue_markdown

ROOT = Path(__file__).resolve().parents[1]
START, END = "<!-- channels: written by docs/write_channels.py -->", "<!-- end of channels -->"


def between_marks(text: str, table: str) -> str:
    """The text with the table between its marks, whatever stood there. Each mark occurs once."""
    head, rest = text.split(START)
    _, tail = rest.split(END)
    return f"{head}{START}\n{table}\n{END}{tail}"


def gravest() -> str:
    """The channels that can carry whole records, as a short table."""
    rows = [row for row in CATALOGUE.values() if row.severity is Severity.HIGH]
    lines = [f"| {row.title} | {row.fate.value} | `{row.id}` |" for row in rows]
    return "\n".join(["| hidden in a source | in the copy | channel |", "|---|---|---|", *lines])


def pages() -> dict[Path, str]:
    """What each page should say."""
    tables = {
        ROOT / "docs" / "channels.md": "\n".join(catalogue_markdown()),
        ROOT / "README.md": gravest(),
    }
    return {
        path: between_marks(path.read_text(encoding="utf-8"), table)
        for path, table in tables.items()
    }


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
