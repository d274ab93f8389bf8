"""The workbook part: sheets, windows, names and calculation (ECMA-376-1 18.2)."""

from __future__ import annotations

from dataclasses import dataclass, field

from safe_release.inspectors.faults import malformed, too_large, unknown_format
from safe_release.inspectors.package import Package, Relationship
from safe_release.inspectors.raw_xml import Node
from safe_release.inspectors.raw_zip import Entry
from safe_release.inspectors.texts import cell_text, is_true, whole

MAIN_TYPES = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    "application/vnd.ms-excel.template.macroEnabled.main+xml",
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet by its tab: ``number`` counts all tabs from 1, hidden ones too."""

    number: int
    name: str
    state: str
    kind: str
    """The relationship's: ``worksheet``, ``chartsheet``, ``dialogsheet``, ..."""
    entry: Entry | None

    @property
    def visible(self) -> bool:
        """Whether a reader reaches the sheet's cells."""
        return self.state in ("", "visible") and self.kind == "worksheet"


@dataclass(slots=True)
class Workbook:
    """What the workbook part says."""

    entry: Entry
    root: Node
    sheets: tuple[Sheet, ...] = ()
    date1904: bool = False
    full_calculation: bool = False
    active: int = 0
    windows: tuple[str, ...] = ()
    """The ``visibility`` of each window."""
    names: list[Node] = field(default_factory=list)

    @property
    def visible(self) -> tuple[Sheet, ...]:
        """The sheets that are released, in tab order."""
        return tuple(sheet for sheet in self.sheets if sheet.visible)


def open_workbook(package: Package) -> Workbook:
    """Read the first office document of the package.

    Raises ``UnknownFormat`` when it is no workbook of the xlsx family, ``Malformed`` when a sheet
    lacks its part, ``TooLarge`` beyond ``Limits.sheets``.
    """
    entry = package.part(package.of("", "officeDocument")[0])
    if entry is None:
        raise malformed("the office document is missing", place="package")
    declared = package.content_type(entry)
    if declared.casefold() not in {kind.casefold() for kind in MAIN_TYPES}:
        raise unknown_format("is no workbook of the xlsx family", place="package")
    root = package.tree(entry)
    if root.name != "x:workbook":
        raise unknown_format("is no workbook of the standard", place=entry.place)
    book = Workbook(entry, root)
    book.sheets = _sheets(package, entry, root)
    if len(book.sheets) > package.document.limits.sheets:
        raise too_large("has more sheets than the policy allows", place=entry.place)
    for node in root.all("x:workbookPr"):
        book.date1904 = is_true(node.get("date1904"))
    for node in root.all("x:calcPr"):
        book.full_calculation = is_true(node.get("fullCalcOnLoad"))
    windows = root.all("x:bookViews", "x:workbookView")
    book.windows = tuple(node.get("visibility", "visible") for node in windows)
    book.active = whole(windows[0].get("activeTab")) if windows else 0
    book.names = root.all("x:definedNames", "x:definedName")
    return book


def _sheets(package: Package, entry: Entry, root: Node) -> tuple[Sheet, ...]:
    by_id: dict[str, Relationship] = {}
    for row in package.relationships.get(entry.key, ()):
        by_id.setdefault(row.id, row)
    sheets: list[Sheet] = []
    for number, node in enumerate(root.all("x:sheets", "x:sheet"), 1):
        found = by_id.get(node.get("r:id"))
        part = package.part(found) if found is not None else None
        kind = found.kind if found is not None else ""
        name = "".join(sign for sign in cell_text(node.get("name")) if sign >= " ")
        sheet = Sheet(number, name, node.get("state"), kind, part)
        if sheet.visible and part is None:
            raise malformed("lacks its part", place=f"sheet {number}")
        sheets.append(sheet)
    return tuple(sheets)
