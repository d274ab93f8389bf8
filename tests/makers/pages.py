"""A second opinion on what is hidden on the sheets of a workbook, from the XML alone."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from bisect import bisect_left
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from makers.sheets import column_number

TRUE = ("1", "true")


@dataclass
class Page:
    """A sheet: its name, whether it shows, and which rows, columns and cells of it do not."""

    name: str
    shows: bool
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    blank_rows: set[int] = field(default_factory=set)
    """Rows and columns too small to read: they stay without their values."""
    blank_columns: set[int] = field(default_factory=set)
    covered: set[tuple[int, int]] = field(default_factory=set)
    """Cells that a merge covers."""
    moved: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    """The first cell of a merge that shows, and its first cell of all, whose value it carries."""

    def without_hidden(self, texts: dict[tuple[int, int], str]) -> dict[tuple[int, int], str]:
        """The texts that stay, where they stand when hidden rows and columns go."""
        rows, columns = sorted(self.rows), sorted(self.columns)
        gone_rows, gone_columns = self.rows | self.blank_rows, self.columns | self.blank_columns
        carried = {place: texts[first] for place, first in self.moved.items() if first in texts}
        stay = {place: text for place, text in texts.items() if place not in self.covered}
        return {
            (row - bisect_left(rows, row), column - bisect_left(columns, column)): text
            for (row, column), text in {**stay, **carried}.items()
            if row not in gone_rows and column not in gone_columns
        }


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        return {
            info.filename.replace("\\", "/").lower(): archive.read(info)
            for info in archive.infolist()
        }


def _all(root: etree._Element, name: str) -> list[etree._Element]:
    return [e for e in root.iter() if isinstance(e.tag, str) and etree.QName(e).localname == name]


def _targets(parts: dict[str, bytes], part: str) -> dict[str, tuple[str, str]]:
    """Relationship id to the end of its type and the part."""
    folder, name = posixpath.split(part)
    found = {}
    for child in etree.fromstring(parts[posixpath.join(folder, "_rels", f"{name}.rels")]):
        target = child.get("Target", "").replace("\\", "/").lower()
        whole = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
        kind = child.get("Type", "").rpartition("/")[2]
        found.setdefault(child.get("Id", ""), (kind, whole))
    return found


def pages(path: Path) -> list[Page]:
    """The worksheets of a workbook in tab order."""
    parts = _parts(path)
    root = _targets(parts, "")
    book = next(part for kind, part in root.values() if kind == "officeDocument")
    targets = _targets(parts, book)
    made = []
    for item in _all(etree.fromstring(parts[book]), "sheet"):
        rid = next((v for k, v in item.attrib.items() if k.endswith("}id")), "")
        kind, part = targets.get(rid, ("", ""))
        if kind == "worksheet" and part in parts:
            shows = item.get("state", "visible") == "visible"
            made.append(_page(Page(item.get("name", ""), shows), parts[part]))
    return made


def _page(page: Page, data: bytes) -> Page:
    root = etree.fromstring(data, etree.XMLParser(huge_tree=True))
    number = 0
    for row in _all(root, "row"):
        number = int(row.get("r", number + 1))
        height = row.get("ht")
        if row.get("hidden") in TRUE or (height is not None and float(height) == 0):
            page.rows.add(number)
        elif height is not None and float(height) < 3:
            page.blank_rows.add(number)
    for column in _all(root, "col"):
        span = range(int(column.get("min", "1")), int(column.get("max", "1")) + 1)
        width = column.get("width")
        if column.get("hidden") in TRUE or (width is not None and float(width) == 0):
            page.columns |= set(span)
        elif width is not None and float(width) < 0.5:
            page.blank_columns |= set(span)
    _before_pane(page, root)
    for merge in _all(root, "mergeCell"):
        _cover(page, merge.get("ref", ""))
    return page


def _before_pane(page: Page, root: etree._Element) -> None:
    for pane in _all(root, "pane"):
        view = pane.getparent()
        if view is None or etree.QName(view).localname != "sheetView":
            continue
        if pane.get("state") not in ("frozen", "frozenSplit"):
            continue
        match = re.fullmatch(r"([A-Z]+)(\d+)", view.get("topLeftCell", "A1"))
        assert match
        if float(pane.get("ySplit", "0")) > 0:
            page.rows |= set(range(1, int(match[2])))
        if float(pane.get("xSplit", "0")) > 0:
            page.columns |= set(range(1, column_number(match[1])))


def _cover(page: Page, ref: str) -> None:
    """Note the cells a merge covers, and where its value goes when its first cell is hidden."""
    match = re.fullmatch(r"\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)", ref)
    if not match:
        return
    left, right = column_number(match[1]), column_number(match[3])
    area = [
        (row, column)
        for row in range(int(match[2]), int(match[4]) + 1)
        for column in range(left, min(right, left + 500) + 1)
    ]
    page.covered |= set(area[1:])
    for place in area:
        if place[0] not in page.rows and place[1] not in page.columns:
            if place != area[0]:
                page.moved[place] = area[0]
            return
