"""Workbooks from one-line notations.

``sheet("A1=Visible 1 | B1=3.5 | C1={B1*2} 7 ; row 4 hidden ; col C width=0")``: cells stand
between ``|``, what is not a cell after ``;``.

Cells: a number is a number, ``TRUE`` and ``FALSE`` are booleans, ``#N/A`` and its like are errors,
``{formula} value`` is a formula with its stored value, ``'12`` is the text 12, ``A1@2`` has style
2, everything else is text. ``A1=`` is a cell without a value.

Directives: ``row 4 hidden``, ``row 4 ht=0``, ``col B width=0``, ``col B:D hidden``, ``merge
A1:B2``, ``name Data``, ``state hidden``, ``format zeroHeight=1``, ``view showZeros=0``, ``pane
ySplit=1 topLeftCell=A2 state=frozen``, ``link A1 https://example.org/``, ``raw <element/>``
(appended at the end of the sheet), ``head <element/>`` (put in front of the cells).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from makers.packages import MAIN, PACKAGE_REL, REL, SHEET_TYPE, TYPES, XML_HEAD, Package

NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?$")
CELL = re.compile(r"([A-Z]+)(\d+)(?:@(\d+))?=(.*)$", re.DOTALL)
FORMULA = re.compile(r"\{(.*?)\}\s*(.*)$", re.DOTALL)


def column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass
class Sheet:
    """What a notation says, before it is written."""

    name: str = ""
    state: str = ""
    cells: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    """(row, column) to (style, value as noted)."""
    rows: dict[int, str] = field(default_factory=dict)
    cols: dict[str, str] = field(default_factory=dict)
    merges: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    format: str = 'defaultRowHeight="15"'
    view: str = ""
    pane: str = ""
    head: str = ""
    tail: str = ""


def _attributes(words: str) -> str:
    pairs = (word.partition("=") for word in words.split())
    return " ".join(f"{name}={quoteattr(value or '1')}" for name, _, value in pairs)


def sheet(notation: str, name: str = "", state: str = "") -> Sheet:
    """Read a notation."""
    cells, *directives = notation.split(";")
    made = Sheet(name, state)
    for item in filter(None, (part.strip() for part in cells.split("|"))):
        match = CELL.match(item)
        assert match, f"no cell: {item}"
        letters, row, style, value = match.groups()
        made.cells[int(row), column_number(letters)] = (style or "", value)
    for directive in filter(None, (part.strip() for part in directives)):
        word, _, rest = directive.partition(" ")
        if word == "row":
            number, _, rest = rest.partition(" ")
            made.rows[int(number)] = _attributes(rest)
        elif word == "col":
            letters, _, rest = rest.partition(" ")
            made.cols[letters] = _attributes(rest)
        elif word == "merge":
            made.merges.append(rest)
        elif word == "link":
            place, _, target = rest.partition(" ")
            made.links.append((place, target))
        elif word in ("format", "view", "pane"):
            setattr(made, word, _attributes(rest))
        elif word in ("raw", "head"):
            which = "tail" if word == "raw" else "head"
            setattr(made, which, getattr(made, which) + rest)
        elif word in ("name", "state"):
            setattr(made, word, rest)
        else:
            raise AssertionError(f"no directive: {directive}")
    return made


class Strings:
    """The shared strings that sheets ask for, in order of asking."""

    def __init__(self, inline: bool) -> None:
        self.inline = inline
        self.index: dict[str, int] = {}
        self.extra: list[str] = []

    def part(self) -> bytes:
        items = "".join(
            f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in self.index
        ) + "".join(self.extra)
        return XML_HEAD + f'<sst xmlns="{MAIN}">{items}</sst>'.encode()


def _cell(place: str, style: str, value: str, strings: Strings) -> str:
    head = f'<c r="{place}"' + (f' s="{style}"' if style else "")
    formula = ""
    if match := FORMULA.match(value):
        formula, value = f"<f>{escape(match[1])}</f>", match[2]
    if value == "" and not formula:
        return head + "/>"
    if NUMBER.match(value) or (formula and value == ""):
        stored = f"<v>{value}</v>" if value else ""
        return f"{head}>{formula}{stored}</c>"
    if value in ("TRUE", "FALSE"):
        return f'{head} t="b">{formula}<v>{int(value == "TRUE")}</v></c>'
    if re.match(r"#[A-Z0-9/_]+[!?]?$", value):
        return f'{head} t="e">{formula}<v>{value}</v></c>'
    text = value.removeprefix("'")
    if formula:
        return f'{head} t="str">{formula}<v>{escape(text)}</v></c>'
    if strings.inline:
        kept = f'<is><t xml:space="preserve">{escape(text)}</t></is>'
        return f'{head} t="inlineStr">{kept}</c>'
    index = strings.index.setdefault(text, len(strings.index))
    return f'{head} t="s"><v>{index}</v></c>'


def _rows(made: Sheet, strings: Strings) -> str:
    out = []
    for number in sorted({row for row, _ in made.cells} | set(made.rows)):
        cells = "".join(
            _cell(f"{column_letters(column)}{row}", style, value, strings)
            for (row, column), (style, value) in sorted(made.cells.items())
            if row == number
        )
        extra = f" {made.rows[number]}" if made.rows.get(number) else ""
        out.append(f'<row r="{number}"{extra}>{cells}</row>')
    return "".join(out)


def _columns(made: Sheet) -> str:
    out = []
    for letters, attributes in made.cols.items():
        first, _, last = letters.partition(":")
        bounds = f'min="{column_number(first)}" max="{column_number(last or first)}"'
        out.append((column_number(first), f"<col {bounds} {attributes}/>"))
    return f"<cols>{''.join(text for _, text in sorted(out))}</cols>" if out else ""


def _sheet_part(made: Sheet, strings: Strings, package: Package, part: str) -> bytes:
    pane = f"<pane {made.pane}/>" if made.pane else ""
    view = f'<sheetView {made.view} workbookViewId="0">{pane}</sheetView>'
    merges = "".join(f'<mergeCell ref="{ref}"/>' for ref in made.merges)
    links = ""
    for place, target in made.links:
        if target.startswith("#"):
            links += f'<hyperlink ref="{place}" location={quoteattr(target[1:])}/>'
        else:
            rid = package.relate(part, "hyperlink", target, external=True)
            links += f'<hyperlink ref="{place}" r:id="{rid}"/>'
    body = (
        f"<sheetViews>{view}</sheetViews><sheetFormatPr {made.format}/>{_columns(made)}{made.head}"
        f"<sheetData>{_rows(made, strings)}</sheetData>"
        + (f"<mergeCells>{merges}</mergeCells>" if merges else "")
        + (f"<hyperlinks>{links}</hyperlinks>" if links else "")
        + made.tail
    )
    return XML_HEAD + f'<worksheet xmlns="{MAIN}" xmlns:r="{REL}">{body}</worksheet>'.encode()


STYLES = (
    XML_HEAD
    + f"""<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="0.000"/>
</numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>
<font><b/><sz val="14"/><color rgb="FF1F4E78"/><name val="Calibri"/></font></fonts>
<fills count="3"><fill><patternFill patternType="none"/></fill>
<fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid">
<fgColor rgb="FFFFF2CC"/></patternFill></fill></fills><borders count="2"><border><left/><right/>
<top/><bottom/><diagonal/></border><border><left/><right/><top/><bottom style="thin">
<color rgb="FF000000"/></bottom><diagonal/></border></borders><cellStyleXfs count="1">
<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5">
<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="0" fontId="1" fillId="2" borderId="1" xfId="0" applyFont="1" applyFill="1"
 applyBorder="1"/><xf numFmtId="2" fontId="0" fillId="0" borderId="0" xfId="0"
 applyNumberFormat="1"/><xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0"
 applyNumberFormat="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0"
 applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0"
 builtinId="0"/></cellStyles></styleSheet>""".replace("\n", "").encode()
)
"""Style 1 is a bold heading on yellow, 2 two decimals, 3 a date, 4 three decimals."""


def workbook(
    *sheets: Sheet | str, inline: bool = False, extra_strings: tuple[str, ...] = (), book: str = ""
) -> Package:
    """A package of the sheets; ``book`` goes into the workbook part behind its sheets."""
    package = Package()
    package["[Content_Types].xml"] = (
        XML_HEAD
        + f'<Types xmlns="{TYPES}"><Default Extension="rels" ContentType="'
        f'application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/></Types>'.encode()
    )
    package["_rels/.rels"] = XML_HEAD + f'<Relationships xmlns="{PACKAGE_REL}"/>'.encode()
    main = "xl/workbook.xml"
    package.add(main, b"", f"{SHEET_TYPE}.sheet.main+xml", kind="officeDocument")
    strings = Strings(inline)
    rows = ""
    for number, item in enumerate(sheets, 1):
        made = sheet(item) if isinstance(item, str) else item
        part = f"xl/worksheets/sheet{number}.xml"
        package[part] = b""
        package[part] = _sheet_part(made, strings, package, part)
        package.declare(part, f"{SHEET_TYPE}.worksheet+xml")
        rid = package.relate(main, "worksheet", f"worksheets/sheet{number}.xml")
        state = f' state="{made.state}"' if made.state else ""
        name = quoteattr(made.name or f"Sheet{number}")
        rows += f'<sheet name={name} sheetId="{number}"{state} r:id="{rid}"/>'
    package[main] = (
        XML_HEAD
        + f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{rows}</sheets>{book}</workbook>".encode()
    )
    package.add("xl/styles.xml", STYLES, f"{SHEET_TYPE}.styles+xml", source=main, kind="styles")
    strings.extra = [f"<si>{text}</si>" for text in extra_strings]
    if strings.index or strings.extra:
        package.add(
            "xl/sharedStrings.xml",
            strings.part(),
            f"{SHEET_TYPE}.sharedStrings+xml",
            source=main,
            kind="sharedStrings",
        )
    return package


def add_table(package: Package, number: int, ref: str, columns: list[str], name: str) -> str:
    """Give sheet ``number`` a table over ``ref``; returns the table's part."""
    part = f"xl/tables/table{number}.xml"
    names = "".join(
        f'<tableColumn id="{at}" name={quoteattr(text)}/>' for at, text in enumerate(columns, 1)
    )
    text = (
        f'<table xmlns="{MAIN}" id="1" name="{name}" displayName="{name}" ref="{ref}">'
        f'<autoFilter ref="{ref}"/><tableColumns count="{len(columns)}">{names}</tableColumns>'
        f'<tableStyleInfo name="TableStyleMedium2" showFirstColumn="0" showLastColumn="0"'
        f' showRowStripes="1" showColumnStripes="0"/></table>'
    )
    home = package.sheet(number)
    rid = package.add(
        part, XML_HEAD + text.encode(), f"{SHEET_TYPE}.table+xml", source=home, kind="table"
    )
    package.swap(
        home,
        "</worksheet>",
        f'<tableParts count="1"><tablePart r:id="{rid}"/></tableParts></worksheet>',
    )
    return part


def tall(rows: int) -> bytes:
    """A workbook of so many rows of three cells, quick to make."""
    package = workbook("A1=Visible 1 | B1=x")
    part = package.sheet(1)
    head, _, rest = package[part].partition(b"<sheetData>")
    tail = rest.partition(b"</sheetData>")[2]
    body = "".join(
        f'<row r="{at}"><c r="A{at}" t="s"><v>0</v></c><c r="B{at}"><v>{at}</v></c>'
        f'<c r="C{at}"><f>B{at}*2</f><v>{at * 2}</v></c></row>'
        for at in range(1, rows + 1)
    )
    package[part] = head + b"<sheetData>" + body.encode() + b"</sheetData>" + tail
    return package.zip()
