"""This script cleans one workbook and prints what stayed behind.

``clean`` opens the source, writes a new file from what its reader sees, verifies that file, and
only then puts it at the destination. If anything goes wrong it raises, and there is no file.
"""

from __future__ import annotations

from pathlib import Path

from safe_release import SafeReleaseError, clean

source = Path(__file__).with_name("crime_statistics.xlsx")

try:
    report = clean(source, "crime_statistics_clean.xlsx")
except SafeReleaseError as error:
    raise SystemExit(f"not released: {error}") from None

for finding in report.findings:
    print(f"{finding.action.value:<10} {finding.count:>6}  {finding.channel:<30} {finding.place}")
for check in report.checks:
    print(f"{check.question}: {'yes' if check.passed else 'no'} ({check.examined} examined)")

# The report holds no content of the document: keep it with the copy.
Path("crime_statistics_clean.json").write_text(report.model_dump_json(indent=2), encoding="utf-8")
