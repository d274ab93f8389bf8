"""Tables of which an object hides the header become plain cells that look the same."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import xlsxwriter

from safe_release import clean


def test_a_table_whose_header_lies_under_an_object_keeps_its_look(tmp_path: Path) -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    white = book.add_format({"font_color": "white"})
    columns = [{"header": "District"}, {"header": "Count", "format": white}]
    rows = [["Northfield", 12], ["Eastmere", 7], ["Southgate", 9]]
    style = "Table Style Medium 9"
    sheet.add_table("B3:C6", {"data": rows, "columns": columns, "style": style})
    sheet.insert_textbox("B2", "Covers the header", {"width": 200, "height": 41,
                                                     "fill": {"color": "#E2EFDA"}})  # fmt: skip
    book.close()
    target = tmp_path / "copy.xlsx"
    clean(stream.getvalue(), target)
    copy = openpyxl.load_workbook(target).active
    assert copy is not None
    assert list(copy.tables) == []
    assert [copy["B3"].value, copy["C3"].value] == [None, None]
    # White figures show on the stripes of the style only; so they and the stripes stay together.
    assert [copy[f"C{row}"].value for row in (4, 5, 6)] == [12, 7, 9]
    assert all(copy[f"C{row}"].fill.fill_type == "solid" for row in (4, 5, 6))
