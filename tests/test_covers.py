"""What lies wholly under an opaque object is not in the copy; what shows beside it is."""

from __future__ import annotations

import io

import openpyxl
import pytest
from PIL import Image

from canaries.drawings import PART, between, boxed
from canaries.features import picture
from conftest import Clean
from makers.packages import Package
from makers.sheets import workbook
from safe_release import verify
from test_drawings import draw_on, texts

BOX = ((1, 0, 1, 0), (3, 0, 3, 0))
"""Over B2:C3, from edge to edge."""
SHEET = "A1=a1 | B1=b1 | A2=a2 | B2=b2 | C2=c2 | D2=d2 | B3=b3 | C3=42 | D3=d3 | C4=c4"


def over(*anchors: str, sheet: str = SHEET) -> Package:
    package = workbook(sheet)
    draw_on(package, "".join(anchors))
    return package


def values(copy: bytes) -> set[str]:
    sheet = openpyxl.load_workbook(io.BytesIO(copy)).active
    assert sheet is not None
    return {str(cell.value) for row in sheet.rows for cell in row if cell.value is not None}


def covering(kind: str) -> str:
    """A box over B2:C3, changed as its name says."""
    changes = {
        "plain": ("", ""),
        "half transparent": ('val="336699"/>', 'val="336699"><a:alpha val="50000"/></a:srgbClr>'),
        "without a fill": ("<a:solidFill>", "<a:noFill/><a:solidFill>"),
        "round": ('prst="rect"', 'prst="ellipse"'),
        "turned": ("<a:xfrm>", '<a:xfrm rot="2700000">'),
        "hidden": ('name="Box 1"', 'name="Box 1" hidden="1"'),
        "soft": ("</xdr:spPr>", '<a:effectLst><a:softEdge rad="99"/></a:effectLst></xdr:spPr>'),
        "upside down": ("<a:xfrm>", '<a:xfrm rot="10800000">'),
    }
    old, new = changes[kind]
    return between(boxed("over").replace(old, new), *BOX)


@pytest.mark.parametrize("kind", ["plain", "upside down"])
def test_values_under_an_opaque_box_are_gone(cleaned: Clean, kind: str) -> None:
    source = over(covering(kind)).zip()
    copy, report = cleaned(source)
    assert values(copy) == {"a1", "b1", "a2", "d2", "d3", "c4"}
    found = [finding for finding in report.findings if finding.channel == "xlsx.cell.covered"]
    assert [(finding.place, finding.count) for finding in found] == [("sheet 1", 4)]
    assert cleaned(copy)[0] == copy
    assert verify(copy, source=source).passed


@pytest.mark.parametrize(
    "kind", ["half transparent", "without a fill", "round", "turned", "hidden", "soft"]
)
def test_values_under_other_objects_stay(cleaned: Clean, kind: str) -> None:
    copy, _ = cleaned(over(covering(kind)).zip())
    assert {"b2", "c2", "b3", "42"} <= values(copy)


def test_a_cell_of_which_a_part_shows_stays_and_is_reported(cleaned: Clean) -> None:
    box = between(boxed("over"), (1, 90_000, 1, 0), (3, 300_000, 3, 100_000))
    copy, report = cleaned(over(box).zip())
    assert values(copy) == {"a1", "b1", "a2", "b2", "d2", "b3", "d3", "c4"}
    channels = {finding.channel: finding.count for finding in report.findings}
    assert channels["xlsx.cell.covered"] == 2
    assert channels["xlsx.cell.invisible-text"] == 5  # b2, b3, d2, d3 and c4


def test_a_merged_cell_is_gone_when_all_of_it_is_covered(cleaned: Clean) -> None:
    wide = "A2=left | C2=within ; merge A2:B2 ; merge C2:C3"
    copy, _ = cleaned(over(covering("plain"), sheet=wide).zip())
    assert values(copy) == {"left"}


@pytest.mark.parametrize("alpha", [255, 254])
def test_a_picture_covers_when_all_its_pixels_do(cleaned: Clean, alpha: int) -> None:
    image = Image.new("RGBA", (50, 50), (10, 20, 30, 255))
    image.putpixel((7, 7), (10, 20, 30, alpha))
    stream = io.BytesIO()
    image.save(stream, "PNG")
    package = over(between(picture('r:embed="rId1"'), *BOX))
    package.default("png", "image/png")
    package["xl/media/image1.png"] = stream.getvalue()
    package.relate(PART, "image", "/xl/media/image1.png")
    copy, _ = cleaned(package.zip())
    assert ("b2" in values(copy)) == (alpha < 255)
    assert cleaned(copy)[0] == copy


def test_of_objects_under_others_the_upper_one_stays(cleaned: Clean) -> None:
    below = between(boxed("below"), (1, 9, 1, 9), (2, 0, 2, 0))
    beside = between(boxed("beside"), (1, 9, 1, 9), (4, 0, 2, 0))
    copy, report = cleaned(over(below, beside, covering("plain")).zip())
    assert texts(copy) == ["beside", "over"]
    gone = [finding.place for finding in report.findings if finding.channel == "xlsx.dr.objects"]
    assert gone == ["sheet 1, drawing, object 1"]
    # What lies on top of an opaque object shows.
    assert texts(cleaned(over(covering("plain"), below).zip())[0]) == ["over", "below"]


def test_rows_of_one_shape_lose_what_is_covered(cleaned: Clean) -> None:
    rows = " | ".join(
        f"A{row}={row} | B{row}=text {row} | C{row}={row + 5000}" for row in range(1, 400)
    )
    source = over(between(boxed("over"), (1, 0, 99, 0), (2, 0, 200, 0)), sheet=rows).zip()
    copy, report = cleaned(source)
    kept = values(copy)
    assert not any(f"text {row}" in kept for row in range(100, 201))
    assert all(f"text {row}" in kept for row in (*range(1, 100), *range(201, 400)))
    assert all(str(row + 5000) in kept for row in range(1, 400))
    assert {f.count for f in report.findings if f.channel == "xlsx.cell.covered"} == {101}


def test_hidden_rows_above_a_box_move_it_with_what_it_covers(cleaned: Clean) -> None:
    package = over(covering("plain"))
    package.swap(package.sheet(1), '<row r="1"', '<row r="1" hidden="1"')
    copy, _ = cleaned(package.zip())
    assert values(copy) == {"a2", "d2", "d3", "c4"}
    assert cleaned(copy)[0] == copy
