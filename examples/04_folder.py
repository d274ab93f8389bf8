"""This script cleans a folder of workbooks on all cores, and tells of each how it went.

One document that is refused or broken stops no other: its outcome is the error, in its turn.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from safe_release import clean_many


def main() -> None:
    """Fill a folder, clean it, print an outcome a line."""
    inbox = Path("inbox")
    inbox.mkdir(exist_ok=True)
    workbook = Path(__file__).with_name("crime_statistics.xlsx")
    for month in ("january", "february", "march"):
        shutil.copy(workbook, inbox / f"{month}.xlsx")
    (inbox / "april.xlsx").write_bytes(b"the download broke off")

    sources = sorted(inbox.glob("*.xlsx"))
    for outcome in clean_many(sources, "outbox"):
        name = Path(outcome.source).name
        if outcome.report is not None:
            print(f"{name}: released, {len(outcome.report.findings)} findings")
        else:
            print(f"{name}: not released: {outcome.error}")


# Worker processes import this module again, so the work starts only where it is the main one.
if __name__ == "__main__":
    main()
