"""This script makes the pictures of docs/visible.md: a made-up workbook and its copy, as printed.

Run it after a change of what a copy shows, and look at the pictures. Needs LibreOffice, poppler,
Pillow and XlsxWriter.
"""

from __future__ import annotations

import io
import subprocess
import tempfile
from pathlib import Path

import xlsxwriter
from PIL import Image, ImageChops, ImageDraw

from safe_release import clean

PICTURES = Path(__file__).resolve().parent / "pictures"
DISTRICTS = ("Northfield", "Eastmere", "Southgate", "Westbrook")
QUARTERS = ((41, 38, 52, 47), (3, 12, 9, 15), (27, 31, 24, 29), (18, 2, 22, 20))


def badge() -> io.BytesIO:
    """A picture to place on the sheet."""
    picture = Image.new("RGB", (120, 60), "#1F4E79")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((8, 8, 111, 51), outline="white", width=3)
    draw.text((32, 24), "PICTURE", fill="white")
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    stream.seek(0)
    return stream


def workbook(path: Path) -> None:
    """A page with one of everything: what shows of it, and something hidden behind it."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Summary")
    raw = book.add_worksheet("Records")
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "font_color": "white", "bg_color": "#1F4E79"})
    masked = book.add_format({"num_format": '[<5]"*";0', "align": "right"})
    share = book.add_format({"num_format": "0.0%"})
    unseen = book.add_format({"font_color": "white"})
    sheet.set_column("A:A", 16)
    sheet.write("A1", "Incidents by district (made up)", bold)
    sheet.write("F1", "A remark in white on white", unseen)
    for column, text in enumerate(("District", "Q1", "Q2", "Q3", "Q4", "Share")):
        sheet.write(2, column, text, head)
    total = sum(map(sum, QUARTERS))
    for row, (district, counts) in enumerate(zip(DISTRICTS, QUARTERS, strict=True), 3):
        sheet.write(row, 0, district)
        for column, count in enumerate(counts, 1):
            sheet.write(row, column, count, masked)
        sheet.write(row, 5, sum(counts) / total, share)
    sheet.write(7, 0, "A hidden row")
    sheet.set_row(7, None, None, {"hidden": True})
    sheet.conditional_format("F4:F7", {"type": "data_bar", "bar_color": "#9DC3E6"})
    sheet.conditional_format("B4:E7", {"type": "3_color_scale", "min_color": "#FFFFFF",
                                       "mid_color": "#FCE4D6", "max_color": "#F4B084"})  # fmt: skip
    sheet.write("A10", "Trend")
    for row, value in enumerate((1, 2, 3), 10):
        sheet.write(row, 0, f"Measure {row - 9}")
        sheet.write(row, 1, value)
    sheet.conditional_format(
        "B11:B13", {"type": "icon_set", "icon_style": "3_traffic_lights", "icons_only": True}
    )
    for row in range(40):
        raw.write(row, 0, f"Record {row}, not for release")
        raw.write(row, 1, row * 7 % 11)
    raw.hide()
    chart = book.add_chart({"type": "column"})
    for row in range(3, 7):
        chart.add_series({"name": ["Summary", row, 0], "categories": ["Summary", 2, 1, 2, 4],
                          "values": ["Summary", row, 1, row, 4]})  # fmt: skip
    chart.set_title({"name": "Incidents by quarter"})
    sheet.insert_chart("A16", chart, {"x_scale": 0.9, "y_scale": 0.8})
    sheet.insert_textbox("D10", "A text box", {"width": 120, "height": 40,
                                               "fill": {"color": "#E2EFDA"}})  # fmt: skip
    sheet.insert_image("D13", "badge.png", {"image_data": badge(), "description": "alt text"})
    sheet.print_area("A1:H34")
    sheet.fit_to_pages(1, 1)
    book.close()


def printed(path: Path, folder: Path) -> Image.Image:
    """The first page, cut down to what is on it."""
    profile = (folder / "profile").as_uri()
    subprocess.run(  # noqa: S603
        ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf",  # noqa: S607
         "--outdir", str(folder), str(path)],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    target = folder / path.stem
    subprocess.run(  # noqa: S603
        ["pdftoppm", "-png", "-r", "70", "-l", "1", "-singlefile", f"{target}.pdf", str(target)],  # noqa: S607
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    picture = Image.open(f"{target}.png").convert("RGB")
    box = ImageChops.difference(picture, Image.new("RGB", picture.size, "white")).getbbox()
    left, top, right, bottom = box or (0, 0, *picture.size)
    return picture.crop((max(0, left - 12), max(0, top - 12), right + 12, bottom + 12))


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        workbook(folder / "source.xlsx")
        clean(folder / "source.xlsx", folder / "copy.xlsx")
        for stem in ("source", "copy"):
            picture = printed(folder / f"{stem}.xlsx", folder)
            picture.save(PICTURES / f"visible-{stem}.png", optimize=True)


if __name__ == "__main__":
    main()
