"""Workbooks with charts of every kind, made with two foreign writers."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import openpyxl
import xlsxwriter
from openpyxl import chart as kinds
from openpyxl.chart import Reference, Series

XLSXWRITER = (
    "bar", "bar/stacked", "bar/percent_stacked", "column", "column/stacked", "line",
    "line/stacked", "area", "area/stacked", "pie", "doughnut", "scatter",
    "scatter/smooth_with_markers", "radar", "radar/filled", "stock",
)  # fmt: skip
OPENPYXL = (
    "AreaChart", "AreaChart3D", "BarChart", "BarChart3D", "BubbleChart", "DoughnutChart",
    "LineChart", "LineChart3D", "PieChart", "PieChart3D", "ProjectedPieChart", "RadarChart",
    "ScatterChart", "StockChart", "SurfaceChart", "SurfaceChart3D",
)  # fmt: skip
ROWS = 6


def by_xlsxwriter(kind: str, *, hidden: bool = False) -> bytes:
    """A workbook with one chart of three series; ``hidden``: drawn from a hidden sheet."""
    name, _, subtype = kind.partition("/")
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    shown, data = book.add_worksheet("Shown"), book.add_worksheet("Data")
    if hidden:
        data.hide()
    data.write_row(0, 0, ["Name", "North", "South", "East"])
    for row in range(1, ROWS + 1):
        data.write_row(row, 0, [f"Item {row}", row * 1.25, 9 - row * 0.5, row % 3 + 1])
    chart = book.add_chart({"type": name, "subtype": subtype} if subtype else {"type": name})
    for column in (1,) if name in ("pie", "doughnut") else (1, 2, 3):
        first = column if name == "scatter" else 0
        chart.add_series(
            {
                "name": ["Data", 0, column],
                "categories": ["Data", 1, first, ROWS, first],
                "values": ["Data", 1, column, ROWS, column],
            }
        )
    chart.set_title({"name": "Seen title"})
    shown.write(0, 0, "Visible marker 0001")
    shown.insert_chart("B3", chart)
    book.close()
    return target.getvalue()


def by_openpyxl(kind: str, *, hidden: bool = False) -> bytes:
    """The same by a writer that keeps no caches."""
    book = openpyxl.Workbook()
    shown = book.active
    assert shown is not None
    shown["A1"] = "Visible marker 0001"
    data = book.create_sheet("It's data")
    data.sheet_state = "hidden" if hidden else "visible"
    for row in (["n", "x", "y", "z"], *([n, n * 2.5, 7 - n, n % 2 + 1] for n in range(1, ROWS))):
        data.append(row)
    chart = getattr(kinds, kind)()
    columns = [Reference(data, min_col=at, min_row=2, max_row=ROWS) for at in (1, 2, 3, 4)]
    if kind in ("ScatterChart", "BubbleChart"):
        sizes = columns[3] if kind == "BubbleChart" else None
        chart.series.append(
            Series(values=columns[1], xvalues=columns[0], zvalues=sizes, title="Seen series")
        )
    else:
        last = 2 if "Pie" in kind or kind == "DoughnutChart" else 4
        chart.add_data(
            Reference(data, min_col=2, max_col=last, min_row=1, max_row=ROWS),
            titles_from_data=True,
        )
        chart.set_categories(columns[0])
    shown.add_chart(chart, "B3")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def column_chart(
    values: Sequence[float], hidden_rows: Iterable[int] = (), hidden_columns: Iterable[int] = ()
) -> bytes:
    """A line chart of one column of numbers, C, some rows and columns hidden; rows from 1."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet("Data")
    sheet.write_column(0, 2, values)
    sheet.write_column(0, 3, [f"name {n}" for n in range(len(values))])
    for row in hidden_rows:
        sheet.set_row(row, None, None, {"hidden": True})
    for column in hidden_columns:
        sheet.set_column(column, column, None, None, {"hidden": True})
    chart = book.add_chart({"type": "line"})
    last = len(values) - 1
    chart.add_series({"values": ["Data", 0, 2, last, 2], "categories": ["Data", 0, 3, last, 3]})
    sheet.insert_chart("G2", chart)
    book.close()
    return target.getvalue()
