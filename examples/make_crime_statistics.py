"""This script writes crime_statistics.xlsx, the workbook that the other examples clean.

It looks like what a police force publishes: four tidy sheets. Behind them stand the raw records of
three hundred made-up people: in a pivot cache, on a hidden and a very hidden sheet, in filtered
rows and a hidden column, in notes, names, a link's cache, custom XML and properties. The parts
are written one by one, in the order in which a spreadsheet program would look for them.
"""

from __future__ import annotations

import struct
import sys
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

HERE = Path(__file__).parent
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
VENDOR = "application/vnd.openxmlformats-officedocument"
TYPE = f"{VENDOR}.spreadsheetml"

DISTRICTS = ("Eastmere", "Harbour", "Northfield", "Old Town", "Westway")
OFFENCES = ("Burglary", "Criminal damage", "Theft", "Vehicle crime")
OUTCOMES = ("Charged", "No suspect found", "Under investigation")
COLUMNS = ("Reference", "Date", "District", "Offence", "Outcome", "Person", "Address", "Loss")
RESIDENTS = (41_250, 18_430, 52_875, 9_960, 33_120)

# Indices into cellXfs of styles_part.
PLAIN, TITLE, NOTE, HEAD, LABEL, COUNT, TOTAL, PERCENT, RATE, MONTH, DAY, MONEY = range(12)


class Incident(NamedTuple):
    """One raw record: what must never be published."""

    reference: str
    day: date
    district: str
    offence: str
    outcome: str
    person: str
    address: str
    loss: int


def incidents() -> list[Incident]:
    """Three hundred records, the same on every run."""
    chance = Random(2025).random
    return [
        Incident(
            reference=f"REF-{number:04}",
            day=date(2025, 1, 1) + timedelta(days=int(chance() * 365)),
            district=DISTRICTS[int(chance() * len(DISTRICTS))],
            offence=OFFENCES[int(chance() * len(OFFENCES))],
            outcome=OUTCOMES[int(chance() * len(OUTCOMES))],
            person=f"Person {number:04}",
            address=f"Example Street {1 + int(chance() * 180)}",
            loss=25 * (1 + int(chance() * 120)),
        )
        for number in range(1, 301)
    ]


def serial(day: date) -> int:
    """A date as the 1900 date system counts it."""
    return (day - date(1899, 12, 30)).days


@dataclass(frozen=True)
class Cell:
    """What one cell holds: a value, its style and, where there is one, its formula."""

    value: str | int | float | None = None
    style: int = PLAIN
    formula: str = ""


@dataclass
class Strings:
    """The shared strings, numbered in the order in which cells ask for them."""

    indices: dict[str, int] = field(default_factory=dict)
    uses: int = 0

    def index(self, text: str) -> int:
        self.uses += 1
        return self.indices.setdefault(text, len(self.indices))

    def part(self) -> str:
        # Three strings that no cell uses any more: what stays behind when rows are deleted.
        orphans = [f"Person {number:04}, Example Street {number}" for number in (301, 302, 303)]
        texts = [*self.indices, *orphans]
        items = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
        return f'<sst xmlns="{MAIN}" count="{self.uses}" uniqueCount="{len(texts)}">{items}</sst>'


@dataclass
class Sheet:
    """The cells of a sheet and the markup around them, in the order the schema wants."""

    rows: list[list[Cell]]
    columns: str
    views: str = '<sheetView workbookViewId="0"/>'
    properties: str = ""
    after: str = ""
    hidden_rows: frozenset[int] = frozenset()

    def part(self, strings: Strings) -> str:
        width = max(len(row) for row in self.rows)
        data = "".join(self.row(number, strings) for number in range(1, len(self.rows) + 1))
        return (
            f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}/relationships"'
            ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
            ' mc:Ignorable="x14ac"'
            ' xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac">'
            f'{self.properties}<dimension ref="A1:{letter(width)}{len(self.rows)}"/>'
            f"<sheetViews>{self.views}</sheetViews>"
            '<sheetFormatPr defaultRowHeight="15" x14ac:dyDescent="0.25"/>'
            f"<cols>{self.columns}</cols><sheetData>{data}</sheetData>{self.after}</worksheet>"
        )

    def row(self, number: int, strings: Strings) -> str:
        cells = self.rows[number - 1]
        written = "".join(
            cell_markup(f"{letter(column)}{number}", cell, strings)
            for column, cell in enumerate(cells, start=1)
        )
        if not written:
            return ""
        hidden = ' hidden="1"' if number in self.hidden_rows else ""
        tall = ' ht="24" customHeight="1"' if cells[0].style == TITLE else ""
        return (
            f'<row r="{number}" spans="1:{len(cells)}"{tall}{hidden} x14ac:dyDescent="0.25">'
            f"{written}</row>"
        )


def letter(column: int) -> str:
    """The letter of one of the first 26 columns, from 1."""
    return chr(ord("A") + column - 1)


def cell_markup(place: str, cell: Cell, strings: Strings) -> str:
    if cell.value is None:
        return f'<c r="{place}" s="{cell.style}"/>' if cell.style else ""
    style = f' s="{cell.style}"' if cell.style else ""
    formula = f"<f>{escape(cell.formula)}</f>" if cell.formula else ""
    if isinstance(cell.value, str):
        return f'<c r="{place}"{style} t="s"><v>{strings.index(cell.value)}</v></c>'
    return f'<c r="{place}"{style}>{formula}<v>{cell.value!r}</v></c>'


# --- the four sheets that are meant to be seen ------------------------------------------------


def summary_sheet(records: list[Incident]) -> Sheet:
    counts = Counter((record.district, record.offence) for record in records)
    rows = [
        [Cell("Recorded offences by district, 2025", TITLE), *[Cell(style=TITLE)] * 7],
        [Cell("Example Constabulary. Every figure here is made up.", NOTE)],
        [],
        [Cell(text, HEAD) for text in ("District", *OFFENCES, "Total", "Share", "Per 1,000")],
    ]
    for line, (district, residents) in enumerate(zip(DISTRICTS, RESIDENTS, strict=True), start=5):
        values = [counts[district, offence] for offence in OFFENCES]
        rows.append(
            [
                Cell(district, LABEL),
                *(Cell(value, COUNT) for value in values),
                Cell(sum(values), COUNT, f"SUM(B{line}:E{line})"),
                Cell(sum(values) / len(records), PERCENT, f"F{line}/$F$10"),
                Cell(
                    sum(values) / residents * 1000, RATE, f"F{line}/[1]Residents!B{line - 4}*1000"
                ),
            ]
        )
    rows.append(
        [
            Cell("All districts", TOTAL),
            *(
                Cell(
                    sum(counts[district, offence] for district in DISTRICTS),
                    TOTAL,
                    f"SUM({letter(column)}5:{letter(column)}9)",
                )
                for column, offence in enumerate(OFFENCES, start=2)
            ),
            Cell(len(records), TOTAL, "SUM(F5:F9)"),
        ]
    )
    rows += [[], [Cell("Guide to the figures", NOTE)], [Cell("Map of the districts", NOTE)]]
    return Sheet(
        rows,
        columns='<col min="1" max="1" width="22" customWidth="1"/>'
        '<col min="2" max="8" width="15" customWidth="1"/>',
        properties='<sheetPr><tabColor rgb="FF1F4E79"/><pageSetUpPr fitToPage="1"/></sheetPr>',
        views='<sheetView showGridLines="0" tabSelected="1" workbookViewId="0">'
        '<pane ySplit="4" topLeftCell="A5" activePane="bottomLeft" state="frozen"/>'
        '<selection pane="bottomLeft" activeCell="F6" sqref="F6"/></sheetView>',
        after='<mergeCells count="1"><mergeCell ref="A1:H1"/></mergeCells>'
        '<hyperlinks><hyperlink ref="A12" r:id="rId4" tooltip="Draft by Person 0042"/>'
        '<hyperlink ref="A13" r:id="rId5"/></hyperlinks>'
        '<printOptions horizontalCentered="1"/>'
        '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0" r:id="rId1"/>'
        "<headerFooter><oddHeader>&amp;LExample Constabulary&amp;R2025</oddHeader>"
        "<oddFooter>&amp;L&amp;Z&amp;F&amp;RPage &amp;P of &amp;N</oddFooter></headerFooter>"
        '<legacyDrawing r:id="rId2"/>',
    )


def pivot_sheet(records: list[Incident]) -> Sheet:
    counts = Counter((record.district, record.offence) for record in records)
    rows = [
        [Cell("Offences counted by a pivot table", TITLE), *[Cell(style=TITLE)] * 5],
        [],
        [Cell("Count of Reference"), Cell("Column Labels")],
        [Cell("Row Labels"), *(Cell(offence) for offence in OFFENCES), Cell("Grand Total")],
    ]
    for district in DISTRICTS:
        values = [counts[district, offence] for offence in OFFENCES]
        rows.append([Cell(district), *(Cell(value) for value in [*values, sum(values)])])
    totals = [sum(counts[district, offence] for district in DISTRICTS) for offence in OFFENCES]
    rows.append([Cell("Grand Total"), *(Cell(value) for value in [*totals, len(records)])])
    return Sheet(
        rows,
        columns='<col min="1" max="6" width="18" customWidth="1"/>',
        after='<mergeCells count="1"><mergeCell ref="A1:F1"/></mergeCells>',
    )


def monthly_sheet(records: list[Incident]) -> Sheet:
    counts = Counter((record.day.month, record.offence) for record in records)
    rows = [[Cell(text, HEAD) for text in ("Month", *OFFENCES, "All")]]
    for month in range(1, 13):
        values = [counts[month, offence] for offence in OFFENCES]
        rows.append(
            [
                Cell(serial(date(2025, month, 1)), MONTH),
                *(Cell(value, COUNT) for value in values),
                Cell(sum(values), COUNT, f"SUM(B{month + 1}:E{month + 1})"),
            ]
        )
    return Sheet(
        rows,
        columns='<col min="1" max="6" width="16" customWidth="1"/>',
        after='<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3"'
        ' footer="0.3"/><tableParts count="1"><tablePart r:id="rId1"/></tableParts>',
    )


def list_sheet(records: list[Incident]) -> Sheet:
    """A list filtered to one district; its column of persons was hidden, not deleted."""
    chosen = records[:60]
    head = ("Day", "District", "Offence", "Person", "Outcome", "Loss")
    rows = [[Cell(text, HEAD) for text in head]]
    rows += [
        [
            Cell(serial(record.day), DAY),
            Cell(record.district),
            Cell(record.offence),
            Cell(f"{record.person}, {record.address}"),
            Cell(record.outcome),
            Cell(record.loss, MONEY),
        ]
        for record in chosen
    ]
    filtered = frozenset(
        line for line, record in enumerate(chosen, start=2) if record.district != "Harbour"
    )
    return Sheet(
        rows,
        columns='<col min="1" max="3" width="18" customWidth="1"/>'
        '<col min="4" max="4" width="30" hidden="1" customWidth="1"/>'
        '<col min="5" max="6" width="20" customWidth="1"/>',
        properties='<sheetPr filterMode="1"/>',
        hidden_rows=filtered,
        after=f'<autoFilter ref="A1:F{len(rows)}"><filterColumn colId="1"><filters>'
        '<filter val="Harbour"/></filters></filterColumn></autoFilter>',
    )


# --- the two sheets that are not --------------------------------------------------------------


def records_sheet(records: list[Incident]) -> Sheet:
    rows = [[Cell(text, HEAD) for text in COLUMNS]]
    rows += [
        [
            Cell(record.reference),
            Cell(serial(record.day), DAY),
            *(Cell(text) for text in record[2:7]),
            Cell(record.loss, MONEY),
        ]
        for record in records
    ]
    return Sheet(rows, columns='<col min="1" max="8" width="20" customWidth="1"/>')


def desk_sheet() -> Sheet:
    rows = [[Cell("Officer", HEAD), Cell("Desk", HEAD), Cell("Note", HEAD)]]
    rows += [
        [Cell(f"Person {9000 + number}"), Cell(number), Cell(f"Informant: Person {number:04}")]
        for number in range(1, 13)
    ]
    return Sheet(rows, columns='<col min="1" max="3" width="26" customWidth="1"/>')


# --- the parts beside the sheets --------------------------------------------------------------


def workbook_part() -> str:
    sheets = (
        ("Summary", ""),
        ("Pivot", ""),
        ("By month", ""),
        ("Harbour list", ""),
        ("Records", ' state="hidden"'),
        ("Desk", ' state="veryHidden"'),
    )
    tabs = "".join(
        f'<sheet name="{name}" sheetId="{number}"{state} r:id="rId{number}"/>'
        for number, (name, state) in enumerate(sheets, start=1)
    )
    return (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}/relationships">'
        '<fileVersion appName="xl" lastEdited="7" lowestEdited="7" rupBuild="22228"/>'
        '<workbookPr defaultThemeVersion="124226"/>'
        '<bookViews><workbookView xWindow="0" yWindow="0" windowWidth="24000"'
        ' windowHeight="12000"/></bookViews>'
        f"<sheets>{tabs}</sheets>"
        '<externalReferences><externalReference r:id="rId10"/></externalReferences>'
        "<definedNames>"
        '<definedName name="_xlnm._FilterDatabase" localSheetId="3" hidden="1">'
        "'Harbour list'!$A$1:$F$61</definedName>"
        '<definedName name="_xlnm.Print_Area" localSheetId="0">Summary!$A$1:$H$13</definedName>'
        '<definedName name="_xlnm.Print_Titles" localSheetId="0">Summary!$1:$4</definedName>'
        '<definedName name="Contact" hidden="1">"Person 0007, Example Street 12"</definedName>'
        '<definedName name="Officers" comment="Kept by Person 9001">Desk!$A$2:$A$13</definedName>'
        '</definedNames><calcPr calcId="191029"/>'
        '<pivotCaches><pivotCache cacheId="1" r:id="rId11"/></pivotCaches></workbook>'
    )


def styles_part() -> str:
    def font(looks: str, colour: str, scheme: str = "") -> str:
        return (
            f'<font>{looks}<color {colour}/><name val="Calibri"/><family val="2"/>{scheme}</font>'
        )

    fonts = (
        font('<sz val="11"/>', 'theme="1"', '<scheme val="minor"/>')
        + font('<b/><sz val="16"/>', 'rgb="FF1F4E79"')
        + font('<i/><sz val="10"/>', 'rgb="FF595959"')
        + font('<b/><sz val="11"/>', 'rgb="FFFFFFFF"')
        + font('<b/><sz val="11"/>', 'theme="1"')
    )
    fills = (
        '<fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill>'
        '<fill><patternFill patternType="solid"><fgColor rgb="FF1F4E79"/>'
        '<bgColor indexed="64"/></patternFill></fill>'
        '<fill><patternFill patternType="solid"><fgColor theme="0" tint="-0.14999847407452621"/>'
        '<bgColor indexed="64"/></patternFill></fill>'
    )
    borders = (
        "<border><left/><right/><top/><bottom/><diagonal/></border>"
        '<border><left/><right/><top style="thin"><color auto="1"/></top>'
        '<bottom style="double"><color auto="1"/></bottom><diagonal/></border>'
    )
    # number format, font, fill, border and horizontal alignment, in the order of the constants
    looks = (
        (0, 0, 0, 0, ""), (0, 1, 0, 0, "center"), (0, 2, 0, 0, ""), (0, 3, 2, 0, "center"),
        (0, 4, 3, 0, ""), (3, 0, 0, 0, ""), (3, 4, 0, 1, ""), (164, 0, 0, 0, ""),
        (2, 0, 0, 0, ""), (17, 0, 0, 0, "left"), (14, 0, 0, 0, "left"), (165, 0, 0, 0, ""),
    )  # fmt: skip
    xfs = "".join(
        f'<xf numFmtId="{number}" fontId="{font}" fillId="{fill}" borderId="{border}" xfId="0"'
        ' applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1"'
        + (f' applyAlignment="1"><alignment horizontal="{side}"/></xf>' if side else "/>")
        for number, font, fill, border, side in looks
    )
    return (
        f'<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="0.0%"/>'
        '<numFmt numFmtId="165" formatCode="&quot;£&quot;#,##0"/></numFmts>'
        f'<fonts count="5">{fonts}</fonts><fills count="4">{fills}</fills>'
        f'<borders count="2">{borders}</borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        f'</cellStyleXfs><cellXfs count="{len(looks)}">{xfs}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        '<dxfs count="0"/><tableStyles count="0" defaultTableStyle="TableStyleMedium2"'
        ' defaultPivotStyle="PivotStyleLight16"/></styleSheet>'
    )


def theme_part() -> str:
    colours = {
        "dk2": "44546A", "lt2": "E7E6E6", "accent1": "4472C4", "accent2": "ED7D31",
        "accent3": "A5A5A5", "accent4": "FFC000", "accent5": "5B9BD5", "accent6": "70AD47",
        "hlink": "0563C1", "folHlink": "954F72",
    }  # fmt: skip
    others = "".join(
        f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in colours.items()
    )
    face = '<a:latin typeface="{}"/><a:ea typeface=""/><a:cs typeface=""/>'
    paint = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="6350">{paint}<a:prstDash val="solid"/></a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Example">'
        '<a:themeElements><a:clrScheme name="Example">'
        '<a:dk1><a:sysClr val="windowText" lastClr="000000"/></a:dk1>'
        f'<a:lt1><a:sysClr val="window" lastClr="FFFFFF"/></a:lt1>{others}</a:clrScheme>'
        f'<a:fontScheme name="Example"><a:majorFont>{face.format("Calibri Light")}</a:majorFont>'
        f"<a:minorFont>{face.format('Calibri')}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="Example"><a:fillStyleLst>{paint * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{line * 3}</a:lnStyleLst><a:effectStyleLst>{effect * 3}"
        f"</a:effectStyleLst><a:bgFillStyleLst>{paint * 3}</a:bgFillStyleLst></a:fmtScheme>"
        "</a:themeElements></a:theme>"
    )


def table_part() -> str:
    names = ("Month", *OFFENCES, "All")
    columns = "".join(
        f'<tableColumn id="{number}" name={quoteattr(name)}/>'
        for number, name in enumerate(names[:-1], start=1)
    )
    return (
        f'<table xmlns="{MAIN}" id="1" name="Months" displayName="Months" ref="A1:F13"'
        ' comment="Prepared by Person 9001" totalsRowShown="0"><autoFilter ref="A1:F13"/>'
        f'<tableColumns count="6">{columns}<tableColumn id="6" name="All">'
        "<calculatedColumnFormula>SUM(B2:E2)</calculatedColumnFormula></tableColumn>"
        '</tableColumns><tableStyleInfo name="TableStyleMedium2" showFirstColumn="0"'
        ' showLastColumn="0" showRowStripes="1" showColumnStripes="0"/></table>'
    )


def shared_values(records: list[Incident]) -> dict[str, list[str]]:
    """The distinct values of each text field, in the order in which a pivot cache lists them."""
    return {
        "Reference": [record.reference for record in records],
        "District": list(DISTRICTS),
        "Offence": list(OFFENCES),
        "Outcome": list(OUTCOMES),
        "Person": [record.person for record in records],
        "Address": sorted({record.address for record in records}),
    }


def pivot_cache_part(records: list[Incident]) -> str:
    shared = shared_values(records)
    days = sorted(record.day for record in records)
    losses = sorted(record.loss for record in records)
    fields = []
    for name in COLUMNS:
        if name in shared:
            items = "".join(f'<s v="{value}"/>' for value in shared[name])
            body = f'<sharedItems count="{len(shared[name])}">{items}</sharedItems>'
        elif name == "Date":
            body = (
                '<sharedItems containsSemiMixedTypes="0" containsNonDate="0" containsDate="1"'
                f' containsString="0" minDate="{days[0]}T00:00:00"'
                f' maxDate="{days[-1] + timedelta(days=1)}T00:00:00"/>'
            )
        else:
            body = (
                '<sharedItems containsSemiMixedTypes="0" containsString="0" containsNumber="1"'
                f' containsInteger="1" minValue="{losses[0]}" maxValue="{losses[-1]}"/>'
            )
        number = 14 if name == "Date" else 0
        fields.append(f'<cacheField name="{name}" numFmtId="{number}">{body}</cacheField>')
    return (
        f'<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{OFFICE}/relationships" r:id="rId1"'
        ' refreshedBy="Person 9001" refreshedDate="46000.5" createdVersion="6"'
        f' refreshedVersion="6" minRefreshableVersion="3" recordCount="{len(records)}">'
        '<cacheSource type="worksheet"><worksheetSource'
        f' ref="A1:H{len(records) + 1}" sheet="Records"/></cacheSource>'
        f'<cacheFields count="{len(fields)}">{"".join(fields)}</cacheFields>'
        "</pivotCacheDefinition>"
    )


def pivot_records_part(records: list[Incident]) -> str:
    shared = shared_values(records)
    lines = [
        f'<r><x v="{shared["Reference"].index(record.reference)}"/>'
        f'<d v="{record.day}T00:00:00"/>'
        f'<x v="{shared["District"].index(record.district)}"/>'
        f'<x v="{shared["Offence"].index(record.offence)}"/>'
        f'<x v="{shared["Outcome"].index(record.outcome)}"/>'
        f'<x v="{shared["Person"].index(record.person)}"/>'
        f'<x v="{shared["Address"].index(record.address)}"/><n v="{record.loss}"/></r>'
        for record in records
    ]
    return (
        f'<pivotCacheRecords xmlns="{MAIN}" count="{len(lines)}">{"".join(lines)}'
        "</pivotCacheRecords>"
    )


def pivot_table_part() -> str:
    def axis(name: str, count: int) -> str:
        items = "".join(f'<item x="{number}"/>' for number in range(count))
        return (
            f'<pivotField axis="{name}" showAll="0"><items count="{count + 1}">{items}'
            '<item t="default"/></items></pivotField>'
        )

    def lines(count: int) -> str:
        first = "<i><x/></i>"
        rest = "".join(f'<i><x v="{number}"/></i>' for number in range(1, count))
        return f'{first}{rest}<i t="grand"><x/></i>'

    other = '<pivotField showAll="0"/>'
    day = '<pivotField numFmtId="14" showAll="0"/>'
    fields = (
        '<pivotField dataField="1" showAll="0"/>',
        day,
        axis("axisRow", len(DISTRICTS)),
        axis("axisCol", len(OFFENCES)),
        *[other] * 4,
    )
    return (
        f'<pivotTableDefinition xmlns="{MAIN}" name="PivotTable1" cacheId="1"'
        ' applyNumberFormats="0" applyBorderFormats="0" applyFontFormats="0"'
        ' applyPatternFormats="0" applyAlignmentFormats="0" applyWidthHeightFormats="1"'
        ' dataCaption="Values" updatedVersion="6" minRefreshableVersion="3"'
        ' useAutoFormatting="1" itemPrintTitles="1" createdVersion="6" indent="0" outline="1"'
        ' outlineData="1" multipleFieldFilters="0">'
        '<location ref="A3:F10" firstHeaderRow="1" firstDataRow="2" firstDataCol="1"/>'
        f'<pivotFields count="{len(fields)}">{"".join(fields)}</pivotFields>'
        f'<rowFields count="1"><field x="2"/></rowFields>'
        f'<rowItems count="{len(DISTRICTS) + 1}">{lines(len(DISTRICTS))}</rowItems>'
        f'<colFields count="1"><field x="3"/></colFields>'
        f'<colItems count="{len(OFFENCES) + 1}">{lines(len(OFFENCES))}</colItems>'
        '<dataFields count="1"><dataField name="Count of Reference" fld="0" subtotal="count"'
        ' baseField="0" baseItem="0"/></dataFields>'
        '<pivotTableStyleInfo name="PivotStyleLight16" showRowHeaders="1" showColHeaders="1"'
        ' showRowStripes="0" showColStripes="0" showLastColumn="1"/></pivotTableDefinition>'
    )


def external_link_part() -> str:
    rows = "".join(
        f'<row r="{line}"><cell r="A{line}" t="str"><v>{district}</v></cell>'
        f'<cell r="B{line}"><v>{residents}</v></cell>'
        f'<cell r="C{line}" t="str"><v>Person {8000 + line}</v></cell></row>'
        for line, (district, residents) in enumerate(zip(DISTRICTS, RESIDENTS, strict=True), 1)
    )
    return (
        f'<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{OFFICE}/relationships" r:id="rId1">'
        '<sheetNames><sheetName val="Residents"/></sheetNames>'
        f'<sheetDataSet><sheetData sheetId="0">{rows}</sheetData></sheetDataSet>'
        "</externalBook></externalLink>"
    )


def comments_part() -> str:
    return (
        f'<comments xmlns="{MAIN}"><authors><author>Person 9001</author></authors>'
        '<commentList><comment ref="B6" authorId="0"><text><r><t>Two of these are the same'
        " household, see Person 0012, Example Street 88.</t></r></text></comment>"
        "</commentList></comments>"
    )


def comment_drawing_part() -> str:
    return (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office'
        ':office" xmlns:x="urn:schemas-microsoft-com:office:excel">'
        '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>'
        '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202"'
        ' path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
        '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
        '<v:shape id="_x0000_s1025" type="#_x0000_t202" style="position:absolute;'
        'margin-left:120pt;margin-top:60pt;width:144pt;height:60pt;visibility:hidden"'
        ' fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
        '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"/><x:ClientData ObjectType="Note">'
        "<x:MoveWithCells/><x:SizeWithCells/><x:Anchor>2, 15, 5, 2, 4, 31, 9, 1</x:Anchor>"
        "<x:AutoFill>False</x:AutoFill><x:Row>5</x:Row><x:Column>1</x:Column></x:ClientData>"
        "</v:shape></xml>"
    )


def printer_settings_part() -> bytes:
    """A printer's DEVMODE structure: the name of the device, then mostly zeros."""
    device = "Printer of Person 9001".encode("utf-16-le").ljust(64, b"\0")
    sizes = struct.pack("<HHHHI", 0x0401, 0, 220, 0, 0)
    return (device + sizes).ljust(220, b"\0")


def properties_parts() -> dict[str, str]:
    core = (
        f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        "<dc:title>Answer to request 0042</dc:title><dc:creator>Person 9001</dc:creator>"
        "<cp:lastModifiedBy>Person 9002</cp:lastModifiedBy>"
        '<dcterms:created xsi:type="dcterms:W3CDTF">2026-01-05T08:00:00Z</dcterms:created>'
        '<dcterms:modified xsi:type="dcterms:W3CDTF">2026-01-06T09:30:00Z</dcterms:modified>'
        "</cp:coreProperties>"
    )
    app = (
        f'<Properties xmlns="{OFFICE}/extended-properties"><Application>Microsoft Excel'
        "</Application><Manager>Person 9003</Manager><Company>Example Constabulary</Company>"
        "<AppVersion>16.0300</AppVersion></Properties>"
    )
    custom = (
        f'<Properties xmlns="{OFFICE}/custom-properties" xmlns:vt="{OFFICE}/docPropsVTypes">'
        '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="Case officer">'
        "<vt:lpwstr>Person 9004</vt:lpwstr></property></Properties>"
    )
    return {"docProps/core.xml": core, "docProps/app.xml": app, "docProps/custom.xml": custom}


def custom_xml_parts() -> dict[str, str]:
    item = (
        '<case xmlns="urn:example:case-file"><number>0042</number>'
        "<complainant>Person 0099, Example Street 7</complainant></case>"
    )
    properties = (
        f'<ds:datastoreItem xmlns:ds="{OFFICE}/customXml"'
        ' ds:itemID="{00000000-0000-4000-8000-000000000042}">'
        '<ds:schemaRefs><ds:schemaRef ds:uri="urn:example:case-file"/></ds:schemaRefs>'
        "</ds:datastoreItem>"
    )
    return {"customXml/item1.xml": item, "customXml/itemProps1.xml": properties}


# --- the package ------------------------------------------------------------------------------


def relationships(*rows: tuple[str, str]) -> str:
    """A relationships part; each row is a type (its last segment, or whole) and a target."""
    lines = []
    for number, (kind, target) in enumerate(rows, start=1):
        whole = kind if "/" in kind else f"{OFFICE}/relationships/{kind}"
        outside = ' TargetMode="External"' if ":" in target else ""
        lines.append(f'<Relationship Id="rId{number}" Type="{whole}" Target="{target}"{outside}/>')
    return f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(lines)}</Relationships>'


def relationship_parts() -> dict[str, str]:
    return {
        "_rels/.rels": relationships(
            ("officeDocument", "xl/workbook.xml"),
            (f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            ("extended-properties", "docProps/app.xml"),
            ("custom-properties", "docProps/custom.xml"),
        ),
        "xl/_rels/workbook.xml.rels": relationships(
            *(("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, 7)),
            ("theme", "theme/theme1.xml"),
            ("styles", "styles.xml"),
            ("sharedStrings", "sharedStrings.xml"),
            ("externalLink", "externalLinks/externalLink1.xml"),
            ("pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml"),
            ("customXml", "../customXml/item1.xml"),
        ),
        "xl/worksheets/_rels/sheet1.xml.rels": relationships(
            ("printerSettings", "../printerSettings/printerSettings1.bin"),
            ("vmlDrawing", "../drawings/vmlDrawing1.vml"),
            ("comments", "../comments1.xml"),
            ("hyperlink", "https://www.example.org/guide"),
            ("hyperlink", "file:///S:/Example/Person%209001/districts.png"),
        ),
        "xl/worksheets/_rels/sheet2.xml.rels": relationships(
            ("pivotTable", "../pivotTables/pivotTable1.xml")
        ),
        "xl/worksheets/_rels/sheet3.xml.rels": relationships(("table", "../tables/table1.xml")),
        "xl/pivotTables/_rels/pivotTable1.xml.rels": relationships(
            ("pivotCacheDefinition", "../pivotCache/pivotCacheDefinition1.xml")
        ),
        "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels": relationships(
            ("pivotCacheRecords", "pivotCacheRecords1.xml")
        ),
        "xl/externalLinks/_rels/externalLink1.xml.rels": relationships(
            ("externalLinkPath", "file:///S:/Example/Person%209001/residents.xlsx")
        ),
        "customXml/_rels/item1.xml.rels": relationships(("customXmlProps", "itemProps1.xml")),
    }


def content_types_part() -> str:
    defaults = {
        "bin": f"{TYPE}.printerSettings",
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "vml": f"{VENDOR}.vmlDrawing",
        "xml": "application/xml",
    }
    overrides = {
        "xl/workbook.xml": f"{TYPE}.sheet.main+xml",
        **{f"xl/worksheets/sheet{number}.xml": f"{TYPE}.worksheet+xml" for number in range(1, 7)},
        "xl/theme/theme1.xml": f"{VENDOR}.theme+xml",
        "xl/styles.xml": f"{TYPE}.styles+xml",
        "xl/sharedStrings.xml": f"{TYPE}.sharedStrings+xml",
        "xl/tables/table1.xml": f"{TYPE}.table+xml",
        "xl/comments1.xml": f"{TYPE}.comments+xml",
        "xl/pivotTables/pivotTable1.xml": f"{TYPE}.pivotTable+xml",
        "xl/pivotCache/pivotCacheDefinition1.xml": f"{TYPE}.pivotCacheDefinition+xml",
        "xl/pivotCache/pivotCacheRecords1.xml": f"{TYPE}.pivotCacheRecords+xml",
        "xl/externalLinks/externalLink1.xml": f"{TYPE}.externalLink+xml",
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "docProps/app.xml": f"{VENDOR}.extended-properties+xml",
        "docProps/custom.xml": f"{VENDOR}.custom-properties+xml",
        "customXml/itemProps1.xml": f"{VENDOR}.customXmlProperties+xml",
    }
    lines = "".join(
        f'<Default Extension="{name}" ContentType="{kind}"/>' for name, kind in defaults.items()
    ) + "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in overrides.items()
    )
    return f'<Types xmlns="{PACKAGE}/content-types">{lines}</Types>'


def parts() -> dict[str, bytes]:
    """Every part of the workbook by its name."""
    records = incidents()
    strings = Strings()
    sheets = (
        summary_sheet(records), pivot_sheet(records), monthly_sheet(records),
        list_sheet(records), records_sheet(records), desk_sheet(),
    )  # fmt: skip
    texts = {
        "[Content_Types].xml": content_types_part(),
        **relationship_parts(),
        "xl/workbook.xml": workbook_part(),
        **{
            f"xl/worksheets/sheet{number}.xml": sheet.part(strings)
            for number, sheet in enumerate(sheets, start=1)
        },
        "xl/theme/theme1.xml": theme_part(),
        "xl/styles.xml": styles_part(),
        "xl/sharedStrings.xml": strings.part(),
        "xl/tables/table1.xml": table_part(),
        "xl/pivotTables/pivotTable1.xml": pivot_table_part(),
        "xl/pivotCache/pivotCacheDefinition1.xml": pivot_cache_part(records),
        "xl/pivotCache/pivotCacheRecords1.xml": pivot_records_part(records),
        "xl/externalLinks/externalLink1.xml": external_link_part(),
        "xl/comments1.xml": comments_part(),
        **custom_xml_parts(),
        **properties_parts(),
    }
    return {
        **{name: (DECLARATION + text).encode() for name, text in texts.items()},
        "xl/drawings/vmlDrawing1.vml": comment_drawing_part().encode(),
        "xl/printerSettings/printerSettings1.bin": printer_settings_part(),
    }


def write(destination: Path) -> None:
    """Write the package; entries carry no time of day, so that two runs make the same bytes."""
    with zipfile.ZipFile(destination, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for name, content in parts().items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, content)


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "crime_statistics.xlsx")
