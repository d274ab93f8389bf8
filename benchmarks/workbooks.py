"""This module makes the large workbooks that the benchmarks clean.

Ten columns: three of text (one of them a reference, with a value of its own in every row, or with
as many values as the caller asks for), then a whole number, a
decimal, a date, a boolean, a percentage, a formula with its stored value, and a hidden column of
whole numbers. Every hundredth row is hidden. The first row is a header.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'

HEADER = (
    "Reference", "District", "Offence", "Count", "Amount",
    "Day", "Closed", "Share", "Double", "Record",
)  # fmt: skip
DISTRICTS = tuple(f"District {number:02}" for number in range(1, 41))
OFFENCES = tuple(f"Offence {number:02}" for number in range(1, 13))
FIXED = len(HEADER) + len(DISTRICTS) + len(OFFENCES)  # shared strings before the references
FIRST_DAY = 45_658  # 1 January 2025 in the 1900 date system
EVERY = 100  # one row in so many is hidden
CHUNK = 5_000


def write_excel_dialect(path: Path, rows: int, references: int) -> None:
    """The workbook as Excel spells it: spans, shared strings, ``x14ac:dyDescent``."""
    references = min(references, rows - 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, text in _small_parts().items():
            package.writestr(name, DECLARATION + text)
        with package.open("xl/sharedStrings.xml", "w", force_zip64=True) as part:
            for text in _shared_strings(rows, references):
                part.write(text.encode())
        with package.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for text in _sheet(rows, references):
                part.write(text.encode())


def _sheet(rows: int, references: int) -> Iterator[str]:
    yield (
        f'{DECLARATION}<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}"'
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        ' mc:Ignorable="x14ac"'
        ' xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac">'
        f'<dimension ref="A1:J{rows}"/><sheetViews><sheetView tabSelected="1" workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        '</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15" x14ac:dyDescent="0.25"/>'
        '<cols><col min="1" max="9" width="15.7109375" customWidth="1"/>'
        '<col min="10" max="10" width="15.7109375" hidden="1" customWidth="1"/></cols><sheetData>'
    )
    cells = "".join(
        f'<c r="{letter}1" t="s"><v>{index}</v></c>' for index, letter in enumerate("ABCDEFGHIJ")
    )
    yield f'<row r="1" spans="1:10" x14ac:dyDescent="0.25">{cells}</row>'
    for start in range(2, rows + 1, CHUNK):
        numbers = range(start, min(start + CHUNK, rows + 1))
        yield "".join(_row(r, FIXED + (r - 2) % references) for r in numbers)
    yield (
        '</sheetData><pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3"'
        ' footer="0.3"/></worksheet>'
    )


def _row(r: int, reference: int) -> str:
    district, offence, count = 10 + r * 7 % 40, 50 + r * 5 % 12, r * 31 % 997
    hidden = "" if r % EVERY else ' hidden="1"'
    return (
        f'<row r="{r}" spans="1:10"{hidden} x14ac:dyDescent="0.25"><c r="A{r}" t="s"><v>{reference}'
        f'</v></c><c r="B{r}" t="s"><v>{district}</v></c><c r="C{r}" t="s"><v>{offence}</v></c>'
        f'<c r="D{r}"><v>{count}</v></c><c r="E{r}" s="3"><v>{r * 37 % 9973 / 8}</v></c>'
        f'<c r="F{r}" s="1"><v>{FIRST_DAY + r % 365}</v></c><c r="G{r}" t="b"><v>{r & 1}</v></c>'
        f'<c r="H{r}" s="2"><v>{r % 1000 / 1000}</v></c><c r="I{r}"><f>D{r}*2</f><v>{count * 2}'
        f'</v></c><c r="J{r}"><v>{r * 13 % 99991}</v></c></row>'
    )


def _shared_strings(rows: int, references: int) -> Iterator[str]:
    fixed = (*HEADER, *DISTRICTS, *OFFENCES)
    total = FIXED + references
    yield f'{DECLARATION}<sst xmlns="{MAIN}" count="{rows * 3 + 7}" uniqueCount="{total}">'
    yield "".join(f"<si><t>{text}</t></si>" for text in fixed)
    for start in range(2, references + 2, CHUNK):
        numbers = range(start, min(start + CHUNK, references + 2))
        yield "".join(f"<si><t>Reference {number:07}</t></si>" for number in numbers)
    yield "</sst>"


def _small_parts() -> dict[str, str]:
    parts = {
        "xl/workbook.xml": ("officeDocument", "sheet.main"),
        "xl/worksheets/sheet1.xml": ("worksheet", "worksheet"),
        "xl/styles.xml": ("styles", "styles"),
        "xl/sharedStrings.xml": ("sharedStrings", "sharedStrings"),
    }
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{TYPE}.{kind}+xml"/>'
        for name, (_, kind) in parts.items()
    )
    links = [
        f'<Relationship Id="rId{{}}" Type="{OFFICE}/{kind}" Target="{name}"/>'
        for name, (kind, _) in parts.items()
    ]
    root, *others = links
    inner = "".join(
        link.format(number).replace('"xl/', '"') for number, link in enumerate(others, start=1)
    )
    head = f'<Relationships xmlns="{PACKAGE}/relationships">'
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{overrides}</Types>",
        "_rels/.rels": f"{head}{root.format(1)}</Relationships>",
        "xl/_rels/workbook.xml.rels": f"{head}{inner}</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><bookViews><workbookView/>'
        '</bookViews><sheets><sheet name="Records" sheetId="1" r:id="rId1"/></sheets>'
        '<calcPr calcId="191029"/></workbook>',
        "xl/styles.xml": _styles(),
    }


def _styles() -> str:
    xfs = "".join(
        f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        for number in (0, 14, 10, 4)
    )
    return (
        f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/>'
        '</font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border>'
        "<left/><right/><top/><bottom/><diagonal/></border></borders>"
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        f'</cellStyleXfs><cellXfs count="4">{xfs}</cellXfs><cellStyles count="1">'
        '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def write_with_xlsxwriter(path: Path, rows: int, references: int) -> None:
    """The same cells as XlsxWriter spells them."""
    import xlsxwriter

    references = min(references, rows - 1)

    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Records")
        day = workbook.add_format({"num_format": 14})
        share = workbook.add_format({"num_format": 10})
        amount = workbook.add_format({"num_format": 4})
        sheet.set_column("J:J", None, None, {"hidden": True})
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, HEADER)
        for r in range(2, rows + 1):
            line, count = r - 1, r * 31 % 997
            if not r % EVERY:
                sheet.set_row(line, None, None, {"hidden": True})
            sheet.write_string(line, 0, f"Reference {2 + (r - 2) % references:07}")
            sheet.write_string(line, 1, DISTRICTS[r * 7 % 40])
            sheet.write_string(line, 2, OFFENCES[r * 5 % 12])
            sheet.write_number(line, 3, count)
            sheet.write_number(line, 4, r * 37 % 9973 / 8, amount)
            sheet.write_number(line, 5, FIRST_DAY + r % 365, day)
            sheet.write_boolean(line, 6, bool(r & 1))
            sheet.write_number(line, 7, r % 1000 / 1000, share)
            sheet.write_formula(line, 8, f"=D{r}*2", None, count * 2)
            sheet.write_number(line, 9, r * 13 % 99991)


DIALECTS = {"excel": write_excel_dialect, "xlsxwriter": write_with_xlsxwriter}
