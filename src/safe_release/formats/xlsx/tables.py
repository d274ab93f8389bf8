"""This module is tables (18.5.1.2): their range and style, under neutral names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element as Node

from safe_release.formats.gate import Gate
from safe_release.formats.opc import XML_DECLARATION
from safe_release.formats.values import is_true
from safe_release.formats.xlsx.axis import Area, AxisMap, parse_area, write_area
from safe_release.formats.xlsx.strings import units
from safe_release.formats.xlsx.styles import NAMESPACE, StylePool

_BUILTIN: Final = re.compile(
    r"TableStyle(?:Light(?:1?\d|2[01])|Medium(?:1?\d|2[0-8])|Dark(?:\d|1[01]))"
)
_MAX_NAME: Final = 255
"""Characters in the name of a column; Excel repairs a table that has a longer one."""


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A table of the source: where it is, and how many header and total rows it has."""

    node: Node
    area: Area
    header_rows: int
    total_rows: int

    @property
    def header_row(self) -> int | None:
        """The row whose texts name the columns."""
        return self.area.first_row if self.header_rows else None


def read_table(node: Node, place: str) -> SourceTable | None:
    """A table; ``None`` for what is none that a reader would see."""
    if node.tag != "table":
        return None
    area = parse_area(node.get("ref", ""), place)
    if area.kind != "cells":
        return None
    return SourceTable(
        node, area, _rows(node, "headerRowCount", 1), _rows(node, "totalsRowCount", 0)
    )


def _rows(node: Node, attribute: str, default: int) -> int:
    spelled = node.get(attribute, "").strip()
    return int(spelled) if spelled in ("0", "1") else default


class TableWriter:
    """Writes the tables of one workbook."""

    def __init__(self, gate: Gate, styles: StylePool) -> None:
        self._gate = gate
        self._styles = styles
        self.count = 0

    def write(
        self,
        table: SourceTable,
        rows: AxisMap,
        columns: AxisMap,
        texts: Mapping[tuple[int, int], str],
        taken: list[Area],
    ) -> str | None:
        """The part of a table, or ``None`` where what shows of it is no table any more.

        ``taken`` gets the area of a table that is written.
        """
        found = self.remains(table, rows, columns, texts, taken)
        if found is None:
            return None
        shown, names = found
        header = table.header_row is not None
        totals = bool(table.total_rows) and rows.new(table.area.last_row) is not None
        taken.append(shown)
        self.count += 1
        return self._markup(table, shown, names, header, totals)

    def remains(
        self,
        table: SourceTable,
        rows: AxisMap,
        columns: AxisMap,
        texts: Mapping[tuple[int, int], str],
        taken: Sequence[Area],
    ) -> tuple[Area, list[str]] | None:
        """The area and the column names of what shows of a table, if that is a table still.

        ``texts`` are those of header cells by source row and column: a column is called what its
        header shows, which is also what Excel insists on. ``taken`` are the copy's merged cells and
        earlier tables, of which a table may touch none.
        """
        shown = table.area.through(rows, columns)
        header = table.header_row is not None and rows.new(table.area.first_row) is not None
        totals = bool(table.total_rows) and rows.new(table.area.last_row) is not None
        if shown is None or shown.last_row - shown.first_row < header + totals:
            return None
        if table.header_row is not None and not header:
            return None
        if table.header_row is None and not _has_style(table.node):
            return None  # neither a header nor a style: it shows nothing
        names = self._names(table, columns, texts) if header else self._numbers(shown)
        if names is None or self._would_split(table, rows):
            return None
        if any(shown.meets(area) for area in taken) or _shifts(table, columns):
            return None
        return shown, names

    @staticmethod
    def _would_split(table: SourceTable, rows: AxisMap) -> bool:
        first_body = table.area.first_row + table.header_rows
        return rows.count_shown(first_body, table.area.last_row - table.total_rows) < 1

    @staticmethod
    def _numbers(shown: Area) -> list[str]:
        width = shown.last_column - shown.first_column + 1
        return [f"Column{number}" for number in range(1, width + 1)]

    @staticmethod
    def _names(
        table: SourceTable, columns: AxisMap, texts: Mapping[tuple[int, int], str]
    ) -> list[str] | None:
        names = [
            texts.get((table.area.first_row, column), "")
            for column in range(table.area.first_column, table.area.last_column + 1)
            if columns.new(column) is not None
        ]
        if not all(names) or len({name.casefold() for name in names}) < len(names):
            return None
        if any(units(name) > _MAX_NAME for name in names):
            return None
        return names

    def _markup(
        self, table: SourceTable, shown: Area, names: list[str], header: bool, totals: bool
    ) -> str:
        attributes: dict[str, str | int] = {
            "xmlns": NAMESPACE,
            "id": self.count,
            "name": f"Table{self.count}",
            "displayName": f"Table{self.count}",
            "ref": write_area(shown),
        }
        if not header:
            attributes["headerRowCount"] = 0
        attributes |= {"totalsRowCount": 1} if totals else {"totalsRowShown": 0}
        content = self._filter(table, shown, header, totals) + self._columns(names)
        content += self._style(table.node)
        return XML_DECLARATION + self._gate.write("table", attributes, content)

    def _filter(self, table: SourceTable, shown: Area, header: bool, totals: bool) -> str:
        if not header or not any(child.tag == "autoFilter" for child in table.node):
            return ""
        filtered = shown._replace(last_row=shown.last_row - totals)
        return self._gate.write("autoFilter", {"ref": write_area(filtered)})

    def _columns(self, names: list[str]) -> str:
        written = "".join(
            self._gate.write("tableColumn", {"id": number, "name": _xstring(name)})
            for number, name in enumerate(names, 1)
        )
        return self._gate.write("tableColumns", {"count": len(names)}, written)

    def _style(self, node: Node) -> str:
        info = next((child for child in node if child.tag == "tableStyleInfo"), None)
        if info is None:
            return ""
        name = info.get("name", "")
        attributes: dict[str, str | int] = {
            flag: int(is_true(info.get(flag)))
            for flag in ("showFirstColumn", "showLastColumn", "showRowStripes", "showColumnStripes")
        }
        new = name if _BUILTIN.fullmatch(name) else self._styles.use_table_style(name)
        if new:
            attributes["name"] = new
        return self._gate.write("tableStyleInfo", attributes)


def _shifts(table: SourceTable, columns: AxisMap) -> bool:
    """Whether a table would paint other columns in the copy, where some do not show."""
    area = table.area
    info = next((each for each in table.node if each.tag == "tableStyleInfo"), None)
    if info is None:
        return False
    hidden = (
        area.last_column
        - area.first_column
        + 1
        - columns.count_shown(area.first_column, area.last_column)
    )
    return (
        (hidden > 0 and is_true(info.get("showColumnStripes")))
        or (is_true(info.get("showFirstColumn")) and columns.new(area.first_column) is None)
        or (is_true(info.get("showLastColumn")) and columns.new(area.last_column) is None)
    )


def _has_style(node: Node) -> bool:
    return any(child.tag == "tableStyleInfo" and child.get("name") for child in node)


def _xstring(text: str) -> str:
    escaped = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
    return escaped.replace("\n", "_x000a_").replace("\t", "_x0009_")
