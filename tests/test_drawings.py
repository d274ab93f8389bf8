"""Drawings of sheets: what shows of pictures, shapes and texts is in the copy, and nothing else."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from lxml import etree
from openpyxl.drawing.image import Image as SheetImage
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from canaries.drawings import PART, anchor, boxed, group
from canaries.features import XDR, draw, picture, png, shape
from canaries.ooxml import DRAWING
from canaries.planting import made
from conftest import Clean
from makers.corpus import workbooks
from makers.packages import MC, REL, Package
from makers.sheets import workbook
from safe_release import Policy, clean, inspect, verify

A14 = "http://schemas.microsoft.com/office/drawing/2010/main"
NAMES = {"xdr": XDR, "a": DRAWING, "r": REL}
Root = etree._Element


def tree(copy: bytes, part: str = PART) -> Root:
    return etree.fromstring(Package.read(copy)[part])


def objects(copy: bytes) -> list[str]:
    """The kinds of the top objects, from back to front."""
    kinds = ("sp", "cxnSp", "pic", "grpSp")
    return [
        etree.QName(node).localname
        for anchored in tree(copy)
        for node in anchored
        if etree.QName(node).localname in kinds
    ]


def texts(copy: bytes) -> list[str]:
    return [node.text or "" for node in tree(copy).iter(f"{{{DRAWING}}}t")]


def marks(copy: bytes) -> list[tuple[int, ...]]:
    """Column, offset, row, offset of every mark of an anchor."""
    found = tree(copy).iter(f"{{{XDR}}}from", f"{{{XDR}}}to")
    return [tuple(int(item.text or "") for item in node) for node in found]


def drawn(*contents: str) -> Package:
    """A package with these anchors on the second sheet."""
    package = Package.read(made("plain"))
    draw(package, shape("first"))
    package.swap(PART, package[PART][package[PART].index(b"<xdr:oneCellAnchor") :],
                 "".join(contents) + "</xdr:wsDr>")  # fmt: skip
    return package


def two_cells(content: str, start: tuple[int, ...], end: tuple[int, ...], edit: str = "") -> str:
    def corner(name: str, values: tuple[int, ...]) -> str:
        keys = ("col", "colOff", "row", "rowOff")
        cells = "".join(f"<xdr:{k}>{v}</xdr:{k}>" for k, v in zip(keys, values, strict=True))
        return f"<xdr:{name}>{cells}</xdr:{name}>"

    return (
        f"<xdr:twoCellAnchor{edit}>{corner('from', start)}{corner('to', end)}{content}"
        "<xdr:clientData/></xdr:twoCellAnchor>"
    )


def written(fill: Callable[[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet], None]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Drawn")
        sheet.write("A1", "cell")
        fill(book, sheet)
    return stream.getvalue()


def photo(color: str = "navy", size: tuple[int, int] = (40, 20)) -> io.BytesIO:
    stream = io.BytesIO()
    Image.new("RGB", size, color).save(stream, "PNG")
    return stream


def test_a_text_box_keeps_its_text_place_and_looks(cleaned: Clean) -> None:
    source = written(
        lambda _, sheet: sheet.insert_textbox(
            "C4",
            "Two lines\nof text",
            {
                "fill": {"color": "#FF9900"},
                "line": {"color": "red", "width": 2.25},
                "font": {"bold": True, "size": 14, "color": "#123456"},
                "object_position": 1,
            },
        )
    )
    copy, report = cleaned(source)
    assert texts(copy) == ["Two lines", "of text"]
    assert marks(copy)[0] == (2, 0, 3, 0)
    markup = etree.tostring(tree(copy)).decode()
    for look in ('val="FF9900"', 'w="28575"', 'sz="1400"', 'b="1"', 'val="123456"'):
        assert look in markup
    assert "xlsx.dr.names-ids" in {finding.channel for finding in report.findings}


def test_pictures_are_written_anew_and_each_once(cleaned: Clean) -> None:
    def fill(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        for cell in ("B2", "F2"):
            sheet.insert_image(cell, "secret-name.png", {"image_data": photo(), "x_scale": 2})
        other = book.add_worksheet("Other")
        other.insert_image("B2", "b.png", {"image_data": photo()})
        other.insert_image("B9", "c.png", {"image_data": photo("red")})

    copy, _ = cleaned(written(fill))
    package = Package.read(copy)
    assert sorted(name for name in package if "media" in name) == [
        "xl/media/image1.png", "xl/media/image2.png",
    ]  # fmt: skip
    assert b"secret" not in b"".join(package.values())
    seen = Image.open(io.BytesIO(package["xl/media/image1.png"])).convert("RGB")
    assert seen.size == (40, 20)
    assert seen.getpixel((3, 3)) == (0, 0, 128)


def test_what_is_cropped_away_is_gone(cleaned: Clean) -> None:
    image = Image.new("RGB", (100, 50), "red")
    image.paste("blue", (0, 0, 25, 50))
    stream = io.BytesIO()
    image.save(stream, "PNG")
    package = drawn(anchor(picture('r:embed="rId1"', extra='<a:srcRect l="25000" b="-10000"/>')))
    package.default("png", "image/png")
    package["xl/media/image1.png"] = stream.getvalue()
    package.relate(PART, "image", "/xl/media/image1.png")
    copy, report = cleaned(package.zip())
    kept = Image.open(io.BytesIO(Package.read(copy)["xl/media/image1.png"])).convert("RGB")
    assert kept.size == (75, 50)
    assert kept.getcolors() == [(75 * 50, (255, 0, 0))]
    window = tree(copy).find(".//a:srcRect", NAMES)
    assert window is not None
    assert dict(window.attrib) == {"b": "-10000"}
    assert "xlsx.dr.image-metadata" in {finding.channel for finding in report.findings}


def test_the_policy_drops_pictures(cleaned: Clean) -> None:
    source = written(lambda _, sheet: sheet.insert_image("B2", "x.png", {"image_data": photo()}))
    copy, report = cleaned(source, pictures="drop")
    assert not any("media" in name or "drawing" in name for name in Package.read(copy))
    assert "xlsx.dr.metafile" in {finding.channel for finding in report.findings}


@pytest.mark.parametrize(("policy", "kept"), [("keep", "A tall tree"), ("drop", None)])
def test_alternative_texts_by_policy(cleaned: Clean, policy: str, kept: str | None) -> None:
    source = written(
        lambda _, sheet: sheet.insert_image(
            "B2", "x.png", {"image_data": photo(), "description": "A tall tree"}
        )
    )
    copy, report = cleaned(source, alt_text=policy)
    own = tree(copy).find(".//xdr:cNvPr", NAMES)
    assert own is not None
    assert own.get("descr") == kept
    assert own.get("name") == "Picture 1"
    assert "xlsx.dr.alt-text" in {finding.channel for finding in report.findings}


def test_links_of_objects_by_policy(cleaned: Clean) -> None:
    def fill(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        book.add_worksheet("Two words").write("A3", "target")
        for cell, url in (
            ("B2", "https://example.org/page"),
            ("B9", "internal:'Two words'!A3"),
            ("B16", r"external:c:\secret\plan.xlsx"),
        ):
            sheet.insert_image(cell, "x.png", {"image_data": photo(), "url": url, "tip": "TIP"})

    source = written(fill)
    copy, report = cleaned(source)
    rels = Package.read(copy)["xl/drawings/_rels/drawing1.xml.rels"]
    assert b"https://example.org/page" in rels
    assert b"#'Two%20words'!A3" in rels
    assert b"secret" not in rels
    assert len(tree(copy).findall(".//a:hlinkClick", NAMES)) == 2
    assert b"TIP" not in Package.read(copy)[PART]
    assert "xlsx.dr.hyperlink" in {finding.channel for finding in report.findings}
    assert b"hlinkClick" not in Package.read(cleaned(source, links="none")[0])[PART]


def test_marks_follow_rows_and_columns_that_close_up(cleaned: Clean) -> None:
    def fill(_: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column("B:B", None, None, {"hidden": True})

    package = Package.read(written(fill))
    place = (
        two_cells(shape("after"), (3, 10, 5, 20), (5, 30, 8, 40))
        + two_cells(shape("starts hidden"), (1, 99, 2, 99), (3, 30, 8, 40))
        + two_cells(shape("ends hidden"), (0, 5, 0, 5), (1, 99, 2, 99))
        + two_cells(shape("all hidden"), (4, 0, 2, 10), (6, 0, 2, 90))
        + two_cells(shape("hidden to the edge"), (4, 0, 2, 10), (6, 0, 3, 0))
    )
    draw_on(package, place)
    copy, report = cleaned(package.zip())
    assert texts(copy) == ["after", "starts hidden", "ends hidden"]
    assert marks(copy) == [
        (2, 10, 4, 20), (4, 30, 7, 40),
        (1, 0, 2, 0), (2, 30, 7, 40),
        (0, 5, 0, 5), (1, 0, 2, 0),
    ]  # fmt: skip
    gone = [finding for finding in report.findings if finding.channel == "xlsx.dr.objects"]
    assert [finding.place for finding in gone] == [
        "sheet 1, drawing, object 4", "sheet 1, drawing, object 5",
    ]  # fmt: skip


def draw_on(package: Package, anchors: str) -> None:
    """Put a drawing with these anchors on the first sheet."""
    root = f'<xdr:wsDr xmlns:xdr="{XDR}" xmlns:a="{DRAWING}" xmlns:r="{REL}" xmlns:mc="{MC}">'
    rid = package.add(
        PART,
        f"{root}{anchors}</xdr:wsDr>",
        "application/vnd.openxmlformats-officedocument.drawing+xml",
        source=package.sheet(1),
        kind="drawing",
    )
    at = package[package.sheet(1)].rindex(b"</worksheet>")
    drawing = f'<drawing xmlns:r="{REL}" r:id="{rid}"/>'.encode()
    package[package.sheet(1)] = package[package.sheet(1)][:at] + drawing + b"</worksheet>"


def test_members_of_groups_that_do_not_show_are_gone(cleaned: Clean) -> None:
    hidden = boxed("hidden", 'id="4" name="x" hidden="1"')
    empty = group(boxed("of no size").replace('cx="400"', 'cx="0"').replace('cy="400"', 'cy="0"'))
    package = drawn(anchor(group(boxed("seen"), hidden, group(hidden))), anchor(empty, "20"))
    copy, _ = cleaned(package.zip())
    assert objects(copy) == ["grpSp"]
    assert texts(copy) == ["seen"]


def test_the_order_from_back_to_front_stays(cleaned: Clean) -> None:
    frame = '<a:xfrm><a:off x="0" y="0"/><a:ext cx="9" cy="9"/></a:xfrm>'
    middle = picture('r:embed="rId1"').replace("<xdr:spPr/>", f"<xdr:spPr>{frame}</xdr:spPr>")
    nested = group(boxed("b"), middle, boxed("c"))
    package = drawn(anchor(shape("a")), anchor(nested, "9"), anchor(shape("d"), "20"))
    package.default("png", "image/png")
    package["xl/media/image1.png"] = png()
    package.relate(PART, "image", "/xl/media/image1.png")
    copy, _ = cleaned(package.zip())
    inner = tree(copy).find(".//xdr:grpSp", NAMES)
    assert inner is not None
    assert [etree.QName(node).localname for node in inner][2:] == ["sp", "pic", "sp"]
    assert texts(copy) == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("requires", "space", "taken"),
    [
        ("a14", A14, "choice"),
        ("v", "urn:example:unknown", "fallback"),
        ("xdr14", "http://schemas.microsoft.com/office/excel/2010/spreadsheetDrawing", "fallback"),
    ],
)
def test_of_alternates_what_excel_shows(
    cleaned: Clean, requires: str, space: str, taken: str
) -> None:
    package = drawn(
        two_cells(
            f'<mc:AlternateContent xmlns:mc="{MC}"><mc:Choice xmlns:{requires}="{space}"'
            f' Requires="{requires}">{shape("choice")}</mc:Choice><mc:Fallback>'
            f"{shape('fallback')}</mc:Fallback></mc:AlternateContent>",
            (0, 0, 0, 0),
            (3, 0, 3, 0),
        )
    )
    copy, _ = cleaned(package.zip())
    assert texts(copy) == [taken]


def test_a_formula_in_a_shape_is_the_picture_of_it(cleaned: Clean) -> None:
    math = shape("x").replace("<a:t>x</a:t>", f'<a:t>x</a:t><a14:m xmlns:a14="{A14}"/>')
    package = drawn(
        two_cells(
            f'<mc:AlternateContent xmlns:mc="{MC}"><mc:Choice xmlns:a14="{A14}" Requires="a14">'
            f"{math}</mc:Choice><mc:Fallback>{shape('e=mc')}</mc:Fallback></mc:AlternateContent>",
            (0, 0, 0, 0),
            (3, 0, 3, 0),
        )
    )
    assert texts(cleaned(package.zip())[0]) == ["e=mc"]


STYLE = (
    '<xdr:style><a:lnRef idx="2"><a:schemeClr val="accent2"><a:shade val="50000"/></a:schemeClr>'
    '</a:lnRef><a:fillRef idx="1"><a:schemeClr val="accent2"/></a:fillRef><a:effectRef idx="0">'
    '<a:schemeClr val="accent1"/></a:effectRef><a:fontRef idx="minor"><a:schemeClr val="{0}"/>'
    "</a:fontRef></xdr:style>"
)


def _themed(text_color: str) -> Package:
    styled = shape("styled").replace("<xdr:txBody>", f"{STYLE.format(text_color)}<xdr:txBody>")
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    package = Package.read(stream.getvalue())
    draw_on(package, anchor(styled))
    return package


def test_a_style_is_written_out_in_the_colours_of_the_theme(cleaned: Clean) -> None:
    copy, _ = cleaned(_themed("lt1").zip())
    root = tree(copy)
    properties = root.find(".//xdr:spPr", NAMES)
    assert properties is not None
    fill = properties.find("a:solidFill/a:schemeClr", NAMES)
    line = properties.find("a:ln/a:solidFill/a:schemeClr", NAMES)
    assert fill is not None
    assert line is not None
    assert fill.get("val") == line.get("val") == "accent2"
    assert [etree.QName(item).localname for item in line] == ["shade"]
    assert {node.get("idx") for node in root.iter(f"{{{DRAWING}}}fillRef")} == {"0"}
    theme = Package.read(copy)["xl/theme/theme1.xml"]
    assert b'<a:accent2><a:srgbClr val="C0504D"/></a:accent2>' in theme
    assert texts(copy) == ["styled"]


def test_text_in_the_colour_that_a_style_fills_with_is_gone(cleaned: Clean) -> None:
    copy, report = cleaned(_themed("accent2").zip())
    assert texts(copy) == []
    assert "xlsx.dr.invisible-paint" in {finding.channel for finding in report.findings}


def test_white_text_without_a_ground_of_its_own_stays(cleaned: Clean) -> None:
    white = '<a:rPr><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill></a:rPr><a:t>over cells'
    package = drawn(anchor(shape("x").replace("<a:t>x", white)))
    assert texts(cleaned(package.zip())[0]) == ["over cells"]


def test_guides_of_free_forms_are_called_by_numbers(cleaned: Clean) -> None:
    form = shape("x").replace(
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>',
        '<a:custGeom><a:avLst/><a:gdLst><a:gd name="secret" fmla="*/ w 1 3"/>'
        '<a:gd name="informant" fmla="val 7"/><a:gd name="other" fmla="+- secret 0 5"/></a:gdLst>'
        '<a:ahLst/><a:cxnLst><a:cxn ang="0"><a:pos x="informant" y="t"/></a:cxn></a:cxnLst>'
        '<a:rect l="l" t="t" r="r" b="b"/><a:pathLst><a:path w="9" h="9"><a:moveTo>'
        '<a:pt x="other" y="0"/></a:moveTo><a:lnTo><a:pt x="9" y="hc"/></a:lnTo><a:arcTo wR="1"'
        ' hR="1" stAng="cd4" swAng="5400000"/><a:lnTo><a:pt x="0" y="0"/></a:lnTo><a:close/>'
        "</a:path></a:pathLst></a:custGeom>",
    )
    copy, _ = cleaned(drawn(anchor(form)).zip())
    guides = [dict(node.attrib) for node in tree(copy).iter(f"{{{DRAWING}}}gd")]
    assert guides == [
        {"name": "g1", "fmla": "*/ w 1 3"},
        {"name": "g2", "fmla": "+- g1 0 5"},
    ]
    path = tree(copy).find(".//a:path", NAMES)
    assert path is not None
    steps = [etree.QName(node).localname for node in path]
    assert steps == ["moveTo", "lnTo", "arcTo", "lnTo", "close"]
    point = path.find("a:moveTo/a:pt", NAMES)
    assert point is not None
    assert point.get("x") == "g2"


def test_a_picture_that_openpyxl_inserts(cleaned: Clean) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.add_image(SheetImage(photo("green")), "C5")
    stream = io.BytesIO()
    book.save(stream)
    copy, _ = cleaned(stream.getvalue())
    assert objects(copy) == ["pic"]
    assert marks(copy) == [(2, 0, 4, 0)]
    assert verify(copy, source=stream.getvalue()).passed


def test_a_copy_with_other_objects_is_not_released(cleaned: Clean) -> None:
    source = drawn(anchor(shape("seen")), anchor(shape("beside"), "9")).zip()
    copy = cleaned(source)[0]
    for old, new in (
        (b"<a:t>seen</a:t>", b"<a:t>other</a:t>"),
        (b"<xdr:row>1</xdr:row>", b"<xdr:row>2</xdr:row>"),
        (b'prst="rect"', b'prst="ellipse"'),
    ):
        package = Package.read(copy)
        if old not in package[PART]:
            old, new = b"<xdr:row>8</xdr:row>", b"<xdr:row>7</xdr:row>"
        package.swap(PART, old, new)
        verdict = verify(package.zip(), source=source)
        objections = [text for check in verdict.checks for text in check.objections]
        assert any("drawing, object" in text for text in objections), objections


def test_another_picture_is_another_copy(cleaned: Clean) -> None:
    source = written(lambda _, sheet: sheet.insert_image("B2", "x.png", {"image_data": photo()}))
    other = written(
        lambda _, sheet: sheet.insert_image("B2", "x.png", {"image_data": photo("red")})
    )
    assert not verify(cleaned(source)[0], source=other).passed
    assert verify(cleaned(source)[0], source=source).passed


def test_a_part_that_is_no_drawing_shows_nothing(cleaned: Clean) -> None:
    package = drawn(anchor(shape("seen")))
    package[PART] = b"no markup at all"
    copy, _ = cleaned(package.zip())
    assert PART not in Package.read(copy)


def test_a_clean_copy_has_no_findings(cleaned: Clean) -> None:
    source = drawn(anchor(shape("seen", 'id="7" name="Mine"')), anchor(group(boxed("x")), "9"))
    copy, _ = cleaned(source.zip())
    assert inspect(copy).findings == ()


@pytest.mark.corpus
def test_real_files_keep_their_objects(cleaned: Clean) -> None:
    expected = {
        "AllShapes.xlsx": ["sp", "sp", "sp", "sp", "grpSp"],
        "textbox29.xlsx": ["sp"],
        "Youtube.xlsx": ["pic"],
    }
    found = {path.name: path for path in workbooks() if path.name in expected}
    if found.keys() != expected.keys():
        pytest.skip("SAFE_RELEASE_CORPUS: no workbooks")
    for name, kinds in expected.items():
        assert objects(cleaned(found[name])[0]) == kinds, name


def test_the_picture_behind_the_cells_stays(tmp_path: Path) -> None:
    """18.3.1.67: its pixels stay, what is written beside them goes."""
    picture = Image.new("RGB", (6, 4), "#204060")
    notes = PngInfo()
    notes.add_text("Comment", "Falcon0042")
    stream = io.BytesIO()
    picture.save(stream, "PNG", pnginfo=notes)
    package = workbook("A1=Seen")
    package.default("png", "image/png")
    package["xl/media/back.png"] = stream.getvalue()
    part = package.sheet(1)
    rid = package.relate(part, "image", "/xl/media/back.png")
    package.swap(part, "</worksheet>", f'<picture r:id="{rid}"/></worksheet>')
    report = clean(package.zip(), tmp_path / "copy.xlsx")
    copy = Package.read((tmp_path / "copy.xlsx").read_bytes())
    with Image.open(io.BytesIO(copy["xl/media/image1.png"])) as kept:
        assert kept.convert("RGB").tobytes() == picture.tobytes()
    assert b"<picture r:id=" in copy[part]
    assert all(b"Falcon0042" not in data for data in copy.values())
    assert "xlsx.dr.image-metadata" in {finding.channel for finding in report.findings}
    assert "xlsx.ws.background" not in {finding.channel for finding in report.findings}
    again = tmp_path / "again.xlsx"
    clean(tmp_path / "copy.xlsx", again)
    assert again.read_bytes() == (tmp_path / "copy.xlsx").read_bytes()
    clean(package.zip(), again, Policy(pictures="drop"))
    assert "xl/media/image1.png" not in Package.read(again.read_bytes())
