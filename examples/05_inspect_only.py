"""This script looks before anything is decided: what is hidden in a workbook, and how bad is it?

``inspect`` writes nothing. The catalogue tells what each channel can carry.
"""

from __future__ import annotations

from pathlib import Path

from safe_release import CATALOGUE, inspect

report = inspect(Path(__file__).with_name("crime_statistics.xlsx"))

for finding in report.findings:
    channel = CATALOGUE[finding.channel]
    print(f"{channel.severity.value:<7} {channel.title} ({finding.place}): {channel.carries}")

worst = [f for f in report.findings if CATALOGUE[f.channel].severity.value == "high"]
print(f"{len(report.findings)} findings, {len(worst)} of which can carry whole records")
