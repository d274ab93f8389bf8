"""Workbooks from a model in two halves: what a reader sees, and what is hidden beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from makers.packages import MAIN, REL, SHEET_TYPE, XML_HEAD, Package
from makers.sheets import column_letters, workbook


@dataclass(frozen=True)
class Cell:
    """A value and the way in which the source stores it."""

    kind: str
    """``n``, ``shared``, ``inline``, ``rich``, ``b``, ``e``, ``formula``, ``empty``."""
    value: str = ""
    style: int = 0


@dataclass(frozen=True)
class Visible:
    """A sheet as its reader sees it: a grid without gaps."""

    rows: tuple[tuple[Cell, ...], ...]
    merges: tuple[tuple[int, int, int, int], ...] = ()
    """First row, first column, last row, last column, from 0, that do not overlap."""
    frozen: bool = False


@dataclass(frozen=True)
class Line:
    """A hidden row or column: before which visible one, by which attributes, with what in it."""

    before: int
    attributes: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Hidden:
    """What may change without changing the copy."""

    rows: tuple[Line, ...] = ()
    columns: tuple[Line, ...] = ()
    scrolled: tuple[Cell, ...] = ()
    """Values of rows above a frozen pane, one a row; only where the sheet is frozen."""
    covered: Cell | None = None
    """A value for the cells that merges cover."""
    second: str = ""
    """A second value in each numeric cell, that its type does not point at."""
    sheets: tuple[tuple[int, str, Cell], ...] = ()
    """Place among the tabs, state, value."""
    orphans: tuple[str, ...] = ()
    comment: str = ""
    name: str = ""
    records: str = ""
    zero_height: bool = False


@dataclass
class _Pool:
    items: list[str] = field(default_factory=list)

    def add(self, item: str) -> int:
        self.items.append(item)
        return len(self.items) - 1


def _text(value: str) -> str:
    return f'<t xml:space="preserve">{escape(value)}</t>'


def _rich(value: str) -> str:
    half = len(value) // 2
    runs = f"<r>{_text(value[:half])}</r>" if half else ""
    return f'{runs}<r><rPr><b/><sz val="11"/></rPr>{_text(value[half:])}</r>'


def _cell(place: str, cell: Cell, pool: _Pool, second: str = "") -> str:
    head = f'<c r="{place}" s="{cell.style}"'
    extra = f"<is>{_text(second)}</is>" if second else ""
    match cell.kind:
        case "n":
            return f"{head}><v>{cell.value}</v>{extra}</c>"
        case "shared":
            return f'{head} t="s"><v>{pool.add(_text(cell.value))}</v></c>'
        case "rich":
            return f'{head} t="s"><v>{pool.add(_rich(cell.value))}</v></c>'
        case "inline":
            return f'{head} t="inlineStr"><is>{_text(cell.value)}</is></c>'
        case "b" | "e":
            return f'{head} t="{cell.kind}"><v>{cell.value}</v></c>'
        case "formula":
            return f'{head} t="str"><f>A1&amp;"x"</f><v>{escape(cell.value)}</v></c>'
    return f"{head}/>"


def _places(count: int, lines: tuple[Line, ...], lowest: int) -> list[int | Line]:
    """Visible numbers and hidden lines in the order of the source."""
    order: list[int | Line] = []
    for number in range(count + 1):
        order += [line for line in lines if max(lowest, min(line.before, count)) == number]
        if number < count:
            order.append(number)
    return order


def _rows(visible: Visible, hidden: Hidden, pool: _Pool) -> tuple[str, dict[int, int], list[str]]:
    """The rows' XML, visible row to source row, and the names of the source columns."""
    width = max(map(len, visible.rows))
    columns = _places(width, hidden.columns, 0)
    rows = _places(len(visible.rows), hidden.rows, 1 if visible.frozen else 0)
    covered = {
        (row, column)
        for top, left, bottom, right in visible.merges
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if (row, column) != (top, left)
    }
    out = [
        f'<row r="{at}">{_cell(f"A{at}", cell, pool)}</row>'
        for at, cell in enumerate(hidden.scrolled if visible.frozen else (), 1)
    ]
    shift = len(out)
    where = {}
    for at, row in enumerate(rows, shift + 1):
        cells = []
        for number, column in enumerate(columns, 1):
            cell = _source_cell(visible, hidden, row, column, covered)
            if cell is not None:
                place = f"{column_letters(number)}{at}"
                second = hidden.second if isinstance(row, int) and isinstance(column, int) else ""
                cells.append(_cell(place, cell, pool, second))
        if isinstance(row, int):
            where[row] = at
        attributes = row.attributes if isinstance(row, Line) else ""
        out.append(f'<row r="{at}" {attributes}>{"".join(cells)}</row>')
    return "".join(out), where, [column_letters(n) for n in range(1, len(columns) + 1)]


def _source_cell(
    visible: Visible,
    hidden: Hidden,
    row: int | Line,
    column: int | Line,
    covered: set[tuple[int, int]],
) -> Cell | None:
    if isinstance(row, int) and isinstance(column, int):
        if (row, column) in covered:
            return hidden.covered
        cells = visible.rows[row]
        return cells[column] if column < len(cells) else None
    line, other = (row, column) if isinstance(row, Line) else (column, row)
    assert isinstance(line, Line)
    index = other if isinstance(other, int) else 0
    return line.cells[index % len(line.cells)] if line.cells else None


def _sheet(visible: Visible, hidden: Hidden, pool: _Pool) -> str:
    rows, where, names = _rows(visible, hidden, pool)
    columns = _places(max(map(len, visible.rows)), hidden.columns, 0)
    cols = "".join(
        f'<col min="{at}" max="{at}" {column.attributes}/>'
        for at, column in enumerate(columns, 1)
        if isinstance(column, Line)
    )
    place = {column: names[at] for at, column in enumerate(columns) if isinstance(column, int)}
    merges = "".join(
        f'<mergeCell ref="{place[left]}{where[top]}:{place[right]}{where[bottom]}"/>'
        for top, left, bottom, right in visible.merges
    )
    view = '<sheetView workbookViewId="0"/>'
    if visible.frozen:
        top = len(hidden.scrolled) + 1
        view = (
            f'<sheetView workbookViewId="0" topLeftCell="A{top}"><pane ySplit="1"'
            f' topLeftCell="A{top + 1}" activePane="bottomLeft" state="frozen"/></sheetView>'
        )
    zero = ' zeroHeight="1"' if hidden.zero_height else ""
    return (
        f'<worksheet xmlns="{MAIN}" xmlns:r="{REL}"><sheetViews>{view}</sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"{zero}/>{f"<cols>{cols}</cols>" if cols else ""}'
        f"<sheetData>{rows}</sheetData>"
        f"{f'<mergeCells>{merges}</mergeCells>' if merges else ''}</worksheet>"
    )


def build(sheets: list[Visible], hidden: list[Hidden]) -> bytes:
    """The source: each visible sheet with the hidden half at its side."""
    tabs: list[tuple[str, str, str]] = []
    pool = _Pool()
    pool.items += [_text(text) for text in hidden[0].orphans]
    for number, (visible, beside) in enumerate(zip(sheets, hidden, strict=True), 1):
        tabs.append((f"Sheet {number}", "", _sheet(visible, beside, pool)))
    for number, (at, state, cell) in enumerate(hidden[0].sheets):
        body = f'<sheetData><row r="1">{_cell("A1", cell, pool)}</row></sheetData>'
        text = f'<worksheet xmlns="{MAIN}">{body}</worksheet>'
        tabs.insert(at % (len(tabs) + 1), (f"Raw {number}", state, text))
    package = workbook(*("A1=x" for _ in tabs))
    with package.edit(package.workbook) as root:
        for item, (name, state, _) in zip(root.iter(f"{{{MAIN}}}sheet"), tabs, strict=True):
            item.set("name", name)
            if state:
                item.set("state", state)
    for number, (_, _, text) in enumerate(tabs, 1):
        package[package.sheet(number)] = XML_HEAD + text.encode()
    items = "".join(f"<si>{item}</si>" for item in pool.items)
    package[package.strings] = XML_HEAD + f'<sst xmlns="{MAIN}">{items}</sst>'.encode()
    _beside(package, hidden[0], next(at for at, tab in enumerate(tabs, 1) if not tab[1]))
    return package.zip()


def _beside(package: Package, hidden: Hidden, first: int) -> None:
    """Comments, names and pivot records: hidden in parts of their own."""
    with package.edit(package.workbook) as root:
        views = next(root.iter(f"{{{MAIN}}}workbookView"))
        views.set("activeTab", str(first - 1))
    if hidden.name:
        text = f'<definedName name="_n" hidden="1">"{escape(hidden.name)}"</definedName>'
        package.swap(package.workbook, "</sheets>", f"</sheets><definedNames>{text}</definedNames>")
    if hidden.comment:
        package.add(
            "xl/comments1.xml",
            XML_HEAD
            + f'<comments xmlns="{MAIN}"><authors><author>Person 0042</author></authors>'
            f'<commentList><comment ref="A1" authorId="0"><text>{_text(hidden.comment)}</text>'
            f"</comment></commentList></comments>".encode(),
            f"{SHEET_TYPE}.comments+xml",
            source=package.sheet(first),
            kind="comments",
        )
    if hidden.records:
        package.add(
            "xl/pivotCache/pivotCacheRecords1.xml",
            XML_HEAD
            + f'<pivotCacheRecords xmlns="{MAIN}" count="1"><r><s v="{escape(hidden.records)}"/>'
            f"</r></pivotCacheRecords>".encode(),
            f"{SHEET_TYPE}.pivotCacheRecords+xml",
        )


def shown(cell: Cell) -> object:
    """The value of a cell as a reader's library gives it back."""
    match cell.kind:
        case "n":
            return float(cell.value)
        case "b":
            return cell.value == "1"
        case "empty":
            return None
    return cell.value or None


def expected(visible: Visible) -> dict[tuple[int, int], object]:
    """Row and column, from 1, to the value that the copy must show there."""
    covered = {
        (row, column)
        for top, left, bottom, right in visible.merges
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if (row, column) != (top, left)
    }
    return {
        (row + 1, column + 1): shown(cell)
        for row, cells in enumerate(visible.rows)
        for column, cell in enumerate(cells)
        if shown(cell) is not None and (row, column) not in covered
    }
