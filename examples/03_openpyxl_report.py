"""This script builds a report with openpyxl and cleans the workbook object itself.

The working sheet is hidden, as in many templates. It never reaches the copy, and no file of the
unclean workbook is ever written.
"""

from __future__ import annotations

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from safe_release import clean

workbook = Workbook()
summary = workbook.worksheets[0]
summary.title = "Summary"
working = workbook.create_sheet("Working")
working.sheet_state = "hidden"

districts = ("Eastmere", "Harbour", "Old Town", "Westway")
for number in range(1, 41):
    working.append([f"Person {number:04}", districts[number % len(districts)]])

summary.append(["District", "People"])
for cell in summary[1]:
    cell.font = Font(bold=True)
for district in districts:
    summary.append([district, sum(row[1] == district for row in working.values)])

report = clean(workbook, "people_by_district.xlsx")

copy = load_workbook("people_by_district.xlsx")
print("sheets of the copy:", ", ".join(copy.sheetnames))
print("channels of the source:", ", ".join(dict.fromkeys(f.channel for f in report.findings)))
