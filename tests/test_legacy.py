"""What workbooks show through VML: pictures of headers, previews, linked pictures, controls."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from PIL import Image

from canaries.drawings import add, anchor, between, boxed
from canaries.edits import put_in
from canaries.features import X14, draw, png, shape
from canaries.ooxml import DOCUMENT, embed, xml
from makers.legacy import control, head, legacy, picture, twin, vml
from makers.packages import MAIN, MC, Package
from makers.sheets import sheet, workbook
from safe_release import Policy, clean, errors, inspect, verify
from safe_release.formats.vml import Style, read_markup, shapes
from safe_release.inspectors.vml import pieces, plant

XDR = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"


def stripes(width: int = 40, height: int = 20) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (width // 2, 0, width, height))
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def released(source: bytes, policy: Policy) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        destination = Path(folder) / "copy.xlsx"
        clean(source, destination, policy)
        return destination.read_bytes()


def cleaned(package: Package, policy: Policy | None = None) -> Package:
    """The copy; cleaned again it must stay what it is, and it must hold nothing hidden."""
    policy = policy or Policy()
    copy = released(package.zip(), policy)
    assert released(copy, policy) == copy
    assert inspect(copy, policy).findings == ()
    assert verify(copy, source=package.zip(), policy=policy).passed
    return Package.read(copy)


def header_of(copy: Package) -> str:
    markup = copy[copy.sheet(1)].decode()
    found = re.search("<headerFooter.*?</headerFooter>", markup)
    return found[0] if found is not None else ""


def heads(copy: Package) -> list[str]:
    """The ids of the pictures in headers."""
    parts = [data.decode() for name, data in copy.items() if name.endswith(".vml")]
    return re.findall('<v:shape id="([A-Z]+)"', "".join(parts))


def texts(copy: Package) -> list[str]:
    """The paragraphs of the shapes of the copy's only drawing."""
    drawing = copy.get("xl/drawings/drawing1.xml", b"").decode()
    paragraphs = re.findall("<a:p>.*?</a:p>", drawing)
    return ["".join(re.findall("<a:t>([^<]*)</a:t>", paragraph)) for paragraph in paragraphs]


# -- headers ------------------------------------------------------------------------------------


def test_the_pictures_of_headers_stay_and_so_do_their_codes() -> None:
    source = head(workbook("A1=1"), {"LH": stripes(), "CF": png()}, "&amp;L&amp;G text", "&amp;G")
    copy = cleaned(source)
    assert header_of(copy) == (
        "<headerFooter><oddHeader>&amp;L&amp;G text</oddHeader><oddFooter>&amp;G</oddFooter>"
        "</headerFooter>"
    )
    part = copy["xl/drawings/vmlDrawing1.vml"].decode()
    assert heads(copy) == ["LH", "CF"]
    assert "width:40pt;height:36pt" in part
    assert "logo" not in part
    assert len([name for name in copy if name.startswith("xl/media/")]) == 2


def test_codes_without_a_picture_go_and_so_do_pictures_without_a_code() -> None:
    source = head(workbook("A1=1"), {"LH": stripes()}, "&amp;Ra&amp;G", "&amp;Lb&amp;G")
    copy = cleaned(source)
    assert header_of(copy) == (
        "<headerFooter><oddHeader>&amp;Ra</oddHeader><oddFooter>&amp;Lb</oddFooter></headerFooter>"
    )
    assert heads(copy) == []
    assert not any(name.startswith("xl/media/") for name in copy)


def test_a_code_without_any_drawing_is_a_trace_of_a_picture() -> None:
    source = workbook("A1=1")
    put_in(
        source,
        source.sheet(1),
        "<headerFooter><oddHeader>&amp;La&amp;G</oddHeader></headerFooter>",
    )
    channel = "xlsx.ws.headerfooter-picture"
    assert channel in {finding.channel for finding in inspect(source.zip()).findings}
    copy = cleaned(source)
    assert header_of(copy) == "<headerFooter><oddHeader>&amp;La</oddHeader></headerFooter>"
    copy.swap("xl/worksheets/sheet1.xml", "&amp;La<", "&amp;La&amp;G<")
    silent = next(check for check in verify(copy.zip()).checks if check.question == "silent")
    assert any(channel in objection for objection in silent.objections)


@pytest.mark.parametrize("is_on", [True, False])
def test_the_pictures_of_first_pages_stay_where_these_are_switched_on(is_on: bool) -> None:
    attributes = 'differentFirst="1"' if is_on else ""
    source = head(
        workbook("A1=1"), {"LHFIRST": stripes(), "RHEVEN": png()}, "x", attributes=attributes
    )
    source.swap(
        source.sheet(1),
        "</headerFooter>",
        "<evenHeader>&amp;R&amp;G</evenHeader><firstHeader>&amp;L&amp;G</firstHeader></headerFooter>",
    )
    copy = cleaned(source)
    assert heads(copy) == (["LHFIRST"] if is_on else [])


def test_what_is_cut_off_a_logo_leaves_its_pixels() -> None:
    source = head(workbook("A1=1"), {"LH": stripes()}, "&amp;L&amp;G", looks='cropright="32768f"')
    copy = cleaned(source)
    with Image.open(io.BytesIO(copy["xl/media/image1.png"])) as image:
        assert image.size == (20, 20)
        assert image.convert("RGB").getcolors() == [(400, (255, 0, 0))]
    assert "crop" not in copy["xl/drawings/vmlDrawing1.vml"].decode()


def test_a_watermark_stays_pale_and_grey() -> None:
    looks = 'gain="19661f" blacklevel="22938f" grayscale="t"'
    source = head(workbook("A1=1"), {"CH": stripes()}, "&amp;G", looks=looks)
    part = cleaned(source)["xl/drawings/vmlDrawing1.vml"].decode()
    assert 'gain="19661f" blacklevel="22938f" grayscale="t"' in part


@pytest.mark.parametrize("looks", ['blacklevel=".5"', 'gain="0"', 'cropleft="1"'])
def test_a_logo_of_which_nothing_is_left_goes(looks: str) -> None:
    copy = cleaned(head(workbook("A1=1"), {"CH": stripes()}, "&amp;G", looks=looks))
    assert heads(copy) == []
    assert header_of(copy) == ""


def test_a_hidden_logo_goes() -> None:
    source = head(workbook("A1=1"), {"CH": stripes()}, "&amp;G")
    source.swap("xl/drawings/vmlDrawing41.vml", "position:", "visibility:hidden;position:")
    assert heads(cleaned(source)) == []


def test_no_logo_stays_where_the_policy_drops_pictures() -> None:
    source = head(workbook("A1=1"), {"CH": stripes()}, "&amp;G;x")
    copy = cleaned(source, Policy(pictures="drop"))
    assert heads(copy) == []
    assert header_of(copy) == "<headerFooter><oddHeader>;x</oddHeader></headerFooter>"


def test_two_codes_of_one_picture_are_one() -> None:
    copy = cleaned(head(workbook("A1=1"), {"CH": stripes()}, "&amp;G&amp;g"))
    assert header_of(copy) == "<headerFooter><oddHeader>&amp;G</oddHeader></headerFooter>"


def test_sheets_have_drawings_of_their_own_for_headers() -> None:
    source = workbook("A1=1", "A1=2")
    head(source, {"LH": stripes()}, "&amp;L&amp;G", sheet=1)
    head(source, {"RH": stripes()}, "&amp;R&amp;G", sheet=2)
    copy = cleaned(source)
    assert b'data="2"' in copy["xl/drawings/vmlDrawing2.vml"]
    assert heads(copy) == ["LH", "RH"]
    assert [name for name in copy if name.startswith("xl/media/")] == ["xl/media/image1.png"]


@pytest.mark.parametrize("is_first", [True, False])
def test_the_first_shape_of_an_id_counts_though_it_is_hidden(is_first: bool) -> None:
    source = head(workbook("A1=1"), {"LH": stripes()}, "&amp;L&amp;G")
    hidden = '<v:group style="display:none"><v:shape id="LH"/></v:group>'
    if is_first:
        source.swap("xl/drawings/vmlDrawing41.vml", "<v:shape", f"{hidden}<v:shape")
    else:
        source.swap("xl/drawings/vmlDrawing41.vml", "</xml>", f"{hidden}</xml>")
    assert heads(cleaned(source)) == ([] if is_first else ["LH"])


def test_chart_sheets_keep_the_pictures_of_their_headers() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        cells = book.add_worksheet("Cells")
        cells.write_column(0, 0, [1, 2, 3])
        sheet_ = book.add_chartsheet("Picture")
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=Cells!$A$1:$A$3"})
        sheet_.set_chart(chart)
    source = Package.read(stream.getvalue())
    source.default("vml", f"{DOCUMENT}.vmlDrawing")
    source["xl/media/image90.png"] = stripes()
    source["xl/drawings/vmlDrawing90.vml"] = vml(
        '<v:shape id="CF" style="width:20pt;height:10pt"><v:imagedata o:relid="rId1"/></v:shape>'
    )
    source.relate("xl/drawings/vmlDrawing90.vml", "image", "/xl/media/image90.png")
    part = next(name for name in source if name.startswith("xl/chartsheets/sheet"))
    rid = source.relate(part, "vmlDrawing", "/xl/drawings/vmlDrawing90.vml")
    source.swap(
        part,
        "<drawing ",
        "<headerFooter><oddFooter>&amp;G</oddFooter></headerFooter><drawing ",
    )
    source.swap(part, "</chartsheet>", f'<legacyDrawingHF r:id="{rid}"/></chartsheet>')
    copy = cleaned(source)
    assert heads(copy) == ["CF"]
    own = next(name for name in copy if name.startswith("xl/chartsheets/sheet"))
    assert b"<oddFooter>&amp;G</oddFooter>" in copy[own]


def test_a_copy_whose_logo_is_another_is_objected_to() -> None:
    source = head(workbook("A1=1"), {"LH": stripes()}, "&amp;L&amp;G")
    copy = cleaned(source)
    other = head(workbook("A1=1"), {"LH": stripes(20, 40)}, "&amp;L&amp;G")
    verdict = verify(copy.zip(), source=other.zip())
    assert any("headers" in text for check in verdict.checks for text in check.objections)


# -- controls -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "state", "said"),
    [
        ("Checkbox", "", "\u2610 Yes"),
        ("Checkbox", "<x:Checked>1</x:Checked>", "\u2611 Yes"),
        ("Checkbox", "<x:Checked>2</x:Checked>", "\u25a3 Yes"),
        ("Radio", "", "\u25cb Yes"),
        ("Radio", "<x:Checked>1</x:Checked>", "\u25c9 Yes"),
        ("Button", "", "Yes"),
        ("GBox", "", "Yes"),
        ("Label", "", "Yes"),
        ("EditBox", "", "Yes"),
    ],
)
def test_a_control_is_what_it_looks_like(kind: str, state: str, said: str) -> None:
    source = legacy(workbook("A1=1"), 1, control(kind, "Yes", data=state))
    copy = cleaned(source)
    assert texts(copy) == [said]
    drawing = copy["xl/drawings/drawing1.xml"].decode()
    assert "<xdr:col>1</xdr:col><xdr:colOff>95250</xdr:colOff>" in drawing
    assert not any(name.endswith(".vml") or "ctrlProp" in name for name in copy)


@pytest.mark.parametrize(
    ("kind", "said"),
    [("Drop", ["\u25bc"]), ("List", []), ("Spin", ["\u25b2", "\u25bc"]), ("Scroll", [])],
)
def test_a_control_without_words_is_a_box(kind: str, said: list[str]) -> None:
    source = legacy(workbook("A1=1"), 1, control(kind, "never seen"))
    copy = cleaned(source)
    assert texts(copy) == said
    assert copy["xl/drawings/drawing1.xml"].decode().count("<xdr:sp ") == 1


def _listed(cells: str, sel: str, book: str = "A1=1 | D1=North | D2=South | D3=5") -> Package:
    data = f"<x:FmlaRange>{cells}</x:FmlaRange><x:Sel>{sel}</x:Sel>"
    return legacy(
        workbook(book, sheet("A1=East | A2=West", name="More")), 1, control("Drop", data=data)
    )


@pytest.mark.parametrize(
    ("cells", "sel", "said"),
    [
        ("$D$1:$D$3", "2", "South \u25bc"),
        ("$D$1:$D$3", "1", "North \u25bc"),
        ("More!$A$1:$A$2", "2", "West \u25bc"),
        ("'more'!A1:A2", "1", "East \u25bc"),
        ("$D$1:$D$3", "0", "\u25bc"),
        ("$D$1:$D$3", "4", "\u25bc"),
        ("$D$1:$D$3", "3", "\u25bc"),  # a number: how it is shown is not asked
        ("$D$1:$E$3", "1", "\u25bc"),
        ("Gone!$A$1:$A$2", "1", "\u25bc"),
        ("List", "1", "\u25bc"),
        ("[1]More!$A$1:$A$2", "1", "\u25bc"),
        ("", "1", "\u25bc"),
    ],
)
def test_a_list_shows_the_entry_that_a_cell_shows(cells: str, sel: str, said: str) -> None:
    assert texts(cleaned(_listed(cells, sel))) == [said]


@pytest.mark.parametrize(
    "book",
    [
        "A1=1 | D1=North | D2=South ; row 2 hidden=1",
        "A1=1 | D1=North | D2=South ; col D hidden=1",
    ],
)
def test_a_list_does_not_show_an_entry_that_no_cell_shows(book: str) -> None:
    copy = cleaned(_listed("$D$1:$D$2", "2", book))
    assert texts(copy) == ["\u25bc"]
    assert not any(b"South" in data for data in copy.values())


def test_a_list_shows_no_entry_of_which_letters_are_out_of_sight() -> None:
    source = _listed("$D$2:$D$3", "1", "A1=1 | A9=2")
    letters = '<r><t>seen</t></r><r><rPr><sz val="1"/></rPr><t>unseen</t></r>'
    row = f'<row r="2"><c r="D2" t="inlineStr"><is>{letters}</is></c></row><row r="9">'
    source.swap(source.sheet(1), '<row r="9">', row)
    assert texts(cleaned(source)) == ["\u25bc"]


def test_a_list_with_two_descriptions_shows_what_both_say() -> None:
    for sel, said in (("2", "South \u25bc"), ("1", "\u25bc")):
        source = _listed("$D$1:$D$3", "2")
        _described(source, kind="Drop", state=f'sel="{sel}" fmlaRange="$D$1:$D$3"')
        assert texts(cleaned(source)) == [said]


def test_a_sign_in_the_place_of_an_entry_says_nothing() -> None:
    sign = "\ue0f0" + "0\ue0f1"
    source = legacy(workbook("A1=1"), 1, control("Label", sign))
    assert texts(Package.read(released(source.zip(), Policy()))) == [sign]


def test_entries_of_a_list_that_are_left_out_are_reported() -> None:
    source = legacy(workbook("A1=1"), 1, control("List", data="<x:FmlaRange>A1:A2</x:FmlaRange>"))
    assert "xlsx.dr.left-out" in {finding.channel for finding in inspect(source.zip()).findings}


def test_captions_keep_their_lines_and_looks() -> None:
    inner = 'one <b>two</b></font><br><font face="Arial" size="200" color="#FF0000">three'
    copy = cleaned(legacy(workbook("A1=1"), 1, control("Button", inner)))
    drawing = copy["xl/drawings/drawing1.xml"].decode()
    assert texts(copy) == ["one two", "three"]
    assert 'sz="1000"' in drawing
    assert 'b="1"' in drawing
    assert 'val="FF0000"' in drawing
    assert 'typeface="Arial"' in drawing


@pytest.mark.parametrize(
    "inner",
    ["<span style='display:none'>unseen</span>", "<script>unseen</script>", "<o:p>unseen</o:p>"],
)
def test_letters_that_nobody_is_known_to_see_go(inner: str) -> None:
    copy = cleaned(legacy(workbook("A1=1"), 1, control("Label", f"a {inner}b")))
    assert texts(copy) == ["a b"]


def test_a_caption_in_the_colour_of_its_box_goes() -> None:
    source = legacy(
        workbook("A1=1"),
        1,
        control("Button", "unseen").replace('filled="f"', 'fillcolor="#000000"')
        .replace('color="auto"', 'color="#000000"'),
    )  # fmt: skip
    assert texts(cleaned(source)) == [""]


def test_a_control_stands_where_its_description_says() -> None:
    source = legacy(workbook("A1=1"), 1, control("Label", "Here"))
    marks = (
        "<{0}><xdr:col>{1}</xdr:col><xdr:colOff>7</xdr:colOff><xdr:row>{1}</xdr:row>"
        "<xdr:rowOff>7</xdr:rowOff></{0}>"
    )
    _described(source, f"<anchor>{marks.format('from', 3)}{marks.format('to', 5)}</anchor>")
    drawing = cleaned(source)["xl/drawings/drawing1.xml"].decode()
    assert "<xdr:col>3</xdr:col><xdr:colOff>7</xdr:colOff>" in drawing


def _described(source: Package, inner: str = "", *, kind: str = "Label", state: str = "") -> None:
    """Describe the only control as Office 2010 does, in an alternative within another."""
    rid = source.add(
        "xl/ctrlProps/ctrlProp1.xml",
        xml(f'<formControlPr xmlns="{X14}" objectType="{kind}" {state}/>'),
        "application/vnd.ms-excel.controlproperties+xml",
        source=source.sheet(1),
        kind="ctrlProp",
    )
    branch = f'<mc:AlternateContent xmlns:mc="{MC}"><mc:Choice xmlns:x14="{X14}" Requires="x14">'
    end = "</mc:Choice><mc:Fallback/></mc:AlternateContent>"
    source.swap(
        source.sheet(1),
        "</worksheet>",
        f'{branch}<controls>{branch}<control xmlns:xdr="{XDR}" shapeId="1025" r:id="{rid}"'
        f' name="Control 1"><controlPr defaultSize="0">{inner}</controlPr></control>{end}'
        f"</controls>{end}</worksheet>",
    )


@pytest.mark.parametrize(
    ("old", "new", "shows"),
    [
        ("0", "", True),
        ("1", 'checked="Checked"', True),
        ("1", "", False),
        ("0", 'checked="x"', False),
    ],
)
def test_a_control_whose_descriptions_differ_is_left_out(old: str, new: str, shows: bool) -> None:
    data = f"<x:Checked>{old}</x:Checked>"
    source = legacy(workbook("A1=1"), 1, control("Checkbox", "Yes", data=data))
    _described(source, kind="CheckBox", state=new)
    assert bool(texts(cleaned(source))) == shows


def test_a_hidden_control_goes() -> None:
    for style in (
        "visibility:hidden",
        "display:none",
        "VISIBILITY : Hidden; width:9pt",
        "mso-hide:all",
        "visibility:hidden;visibility:visible",
        "visibility:hidden !important",
        "display:run-in",
    ):
        source = legacy(workbook("A1=1"), 1, control("Label", "unseen", style=style))
        assert texts(cleaned(source)) == []


def test_a_control_on_hidden_rows_goes_and_one_below_them_moves_up() -> None:
    book = workbook("A1=1 | A9=2 ; row 2 hidden=1 ; row 3 hidden=1 ; row 4 hidden=1")
    on = control("Label", "unseen", anchor="0,0,1,2,1,0,3,5")
    below = control("Label", "seen", anchor="0,0,5,2,1,0,7,5", number=1026)
    copy = cleaned(legacy(book, 1, on, below))
    assert texts(copy) == ["seen"]
    assert b"<xdr:row>2</xdr:row>" in copy["xl/drawings/drawing1.xml"]


def _with_box(*more: str) -> Package:
    source = workbook("A1=1", "A1=2")
    draw(source, shape("first"))
    for markup in more:
        add(source, markup)
    return source


def test_an_object_stands_where_its_twin_stands_in_the_drawing() -> None:
    source = _with_box(twin("Yes"), anchor(shape("last")))
    copy = cleaned(legacy(source, 2, control("Label", "Y es")))
    assert texts(copy) == ["first", "Y es", "last"]


def test_a_control_that_its_twin_calls_otherwise_is_left_out() -> None:
    source = legacy(_with_box(twin("No")), 2, control("Label", "Yes"))
    assert texts(cleaned(source)) == ["first"]


def test_an_object_that_the_drawing_shows_itself_is_shown_once() -> None:
    source = legacy(_with_box(twin("Yes", hidden="")), 2, control("Label", "Yes"))
    assert texts(cleaned(source)) == ["first", "Yes"]


@pytest.mark.parametrize("is_over", [True, False])
def test_a_control_under_an_opaque_object_goes(is_over: bool) -> None:
    box = between(boxed("box"), (0, 0, 0, 0), (8, 0, 8, 0))
    order = (box, twin("Yes")) if is_over else (twin("Yes"), box)
    source = legacy(_with_box(*order), 2, control("Label", "Yes"))
    assert texts(cleaned(source))[1:] == (["box", "Yes"] if is_over else ["box"])


def test_controls_cover_no_cells() -> None:
    source = legacy(
        workbook("B3=5 | A1=1"), 1, control("Button", "on it", anchor="0,0,0,0,5,0,5,0")
    )
    copy = cleaned(source)
    assert b'r="B3"' in copy[copy.sheet(1)]


@pytest.mark.parametrize("keeps", [True, False])
def test_alternative_texts_stay_where_the_policy_keeps_them(keeps: bool) -> None:
    source = legacy(
        workbook("A1=1"), 1, control("Label", "x", more='alt="spoken &lt; &quot;words&quot;"')
    )
    policy = Policy(alt_text="keep" if keeps else "drop")
    first = released(source.zip(), policy)
    assert released(first, policy) == first
    assert (b"spoken &lt; " in Package.read(first)["xl/drawings/drawing1.xml"]) == keeps


# -- pictures -----------------------------------------------------------------------------------


def test_the_preview_of_a_document_stays_and_nothing_of_the_document() -> None:
    source = legacy(workbook("A1=1"), 1, picture(), image=stripes())
    embed(source, 1, b"inside")
    copy = cleaned(source)
    drawing = copy["xl/drawings/drawing1.xml"].decode()
    assert drawing.count("<xdr:pic>") == 1
    assert '<a:srgbClr val="FFFFFF"/>' in drawing
    with Image.open(io.BytesIO(copy["xl/media/image1.png"])) as image:
        assert image.size == (40, 20)
    assert not any("embeddings" in name for name in copy)
    assert "ooxml.ole-object" in {found.channel for found in inspect(source.zip()).findings}


def test_the_picture_that_the_object_names_itself_is_the_one_that_is_seen() -> None:
    source = legacy(workbook("A1=1"), 1, picture(), image=png())
    source["xl/media/image71.png"] = stripes()
    own = source.relate(source.sheet(1), "image", "/xl/media/image71.png")
    marks = (
        "<{0}><xdr:col>{1}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{1}</xdr:row>"
        "<xdr:rowOff>0</xdr:rowOff></{0}>"
    )
    source.swap(
        source.sheet(1),
        "</worksheet>",
        f'<oleObjects><oleObject xmlns:xdr="{XDR}" progId="Package" shapeId="1025"><objectPr'
        f' defaultSize="0" r:id="{own}"><anchor>{marks.format("from", 2)}{marks.format("to", 6)}'
        "</anchor></objectPr></oleObject></oleObjects></worksheet>",
    )
    copy = cleaned(source)
    assert b"<xdr:col>2</xdr:col>" in copy["xl/drawings/drawing1.xml"]
    with Image.open(io.BytesIO(copy["xl/media/image1.png"])) as image:
        assert image.size == (40, 20)


@pytest.mark.parametrize(
    ("data", "shows"),
    [("<x:FmlaPict>$A$1</x:FmlaPict>", True), ("<x:Camera/>", True), ("", False)],
)
def test_a_picture_stays_where_something_says_that_it_is_one(data: str, shows: bool) -> None:
    source = legacy(workbook("A1=1"), 1, picture(data), image=stripes())
    copy = cleaned(source)
    assert ("xl/drawings/drawing1.xml" in copy) == shows
    assert not any(b"FmlaPict" in data for data in copy.values())


def test_what_is_cut_off_a_preview_leaves_its_pixels() -> None:
    shape_ = picture("<x:Camera/>").replace("<v:imagedata ", '<v:imagedata cropleft="50%" ')
    copy = cleaned(legacy(workbook("A1=1"), 1, shape_, image=stripes()))
    with Image.open(io.BytesIO(copy["xl/media/image1.png"])) as image:
        assert image.convert("RGB").getcolors() == [(400, (0, 0, 255))]


# -- reading ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [b"", b"<xml", b"no markup", b"<xml><a></b></xml>", b"\xff\xfe\0", b"<!DOCTYPE x><xml/>"],
)
def test_a_drawing_that_cannot_be_read_shows_nothing(data: bytes) -> None:
    source = legacy(workbook("A1=1"), 1, control("Label", "x"))
    head(source, {"LH": stripes()}, "a&amp;L&amp;G")
    source["xl/drawings/vmlDrawing60.vml"] = source["xl/drawings/vmlDrawing41.vml"] = data
    copy = cleaned(source)
    assert texts(copy) == []
    assert heads(copy) == []


@pytest.mark.parametrize(
    "anchor_",
    ["", "1", "1,2,3,4,5,6,7", "a,b,c,d,e,f,g,h", "1,0,1,0,99999999999,0,5,0", "5,0,5,0,1,0,1,0"],
)
def test_an_object_without_a_place_is_left_out(anchor_: str) -> None:
    source = legacy(workbook("A1=1"), 1, control("Label", "x", anchor=anchor_))
    assert texts(cleaned(source)) == []


def test_hundreds_of_controls_are_read() -> None:
    many = [control("Label", f"n{at}", number=2000 + at) for at in range(600)]
    copy = cleaned(legacy(workbook("A1=1"), 1, *many))
    assert len(texts(copy)) == 600


def test_groups_within_groups_end_at_the_limit() -> None:
    deep = "<v:group>" * 5000 + control("Label", "x") + "</v:group>" * 5000
    source = legacy(workbook("A1=1"), 1, deep)
    with pytest.raises(errors.TooLarge):
        released(source.zip(), Policy())


READ = vml(
    '<v:shapetype id="k" o:spt="136" stroked="f"/>',
    '<v:shape id="w" type="#k" style="WIDTH:2cm;height:12px;width:1in" fillcolor="silver [22]">'
    '<v:textpath string="DRAFT &amp; more"/><v:textbox><div style="text-align:center"> a\n b<br>'
    '<font face="F" size="200" color="#abc">c </font>d </div></v:textbox></v:shape>',
    '<v:rect id="r" filled="f" strokecolor="#010203" style="display:none"><v:imagedata'
    ' o:relid="rId3" croptop=".25" cropbottom="16384f" gain="2" grayscale="true"/></v:rect>',
    '<v:group style="visibility:hidden"><v:oval id="o"/></v:group>',
    '<v:group><v:oval id="p"/></v:group>',
)


def test_both_readers_of_vml_see_the_same() -> None:
    root, other = read_markup(READ, "x", 99), plant("x", READ, 99)
    assert root is not None
    assert other is not None
    ours = {shape_.id: shape_ for shape_ in shapes(root)}
    theirs = {piece.id: piece for piece in pieces(other)}
    assert [id_ for id_, found in ours.items() if found.shows] == ["w", "p"]
    assert list(ours) == list(theirs) == ["w", "r", "o", "p"]
    assert [id_ for id_, piece in theirs.items() if not piece.hidden] == ["w", "p"]
    word = ours["w"]
    assert (word.preset, word.word_art, word.fill, word.line) == (
        136,
        "DRAFT & more",
        "C0C0C0",
        None,
    )
    assert [line.text for line in word.lines] == ["a b", "c d"] == theirs["w"].texts
    assert (word.lines[1].runs[0].face, word.lines[1].runs[0].color) == ("F", "AABBCC")
    assert (word.style.points("width"), word.style.points("height")) == (72, 9) == theirs["w"].size
    assert (theirs["w"].art, theirs["w"].fill, theirs["w"].stroke) == ("DRAFT & more", "C0C0C0", "")
    box, image = ours["r"], ours["r"].image
    assert not box.shows
    assert (box.fill, box.line) == (None, "010203")
    assert image is not None
    inset = theirs["r"].inset
    assert inset is not None
    assert image.crop == (0, 25_000, 0, 25_000) == inset.crop
    assert (image.gain, image.black, image.is_grey, image.is_two_colored) == inset.look


@pytest.mark.parametrize(
    ("text", "points"),
    [("1in", 72), ("2.54cm", 72), ("25.4mm", 72), ("96", 72), ("96px", 72), ("6pc", 72),
     ("1em", None), ("", None), ("50%", None), ("1e9pt", None)],
)  # fmt: skip
def test_lengths(text: str, points: float | None) -> None:
    found = Style(f"width:{text}").points("width")
    assert found is None if points is None else found == pytest.approx(points)


def test_the_zip_of_a_copy_lists_the_drawing_of_headers_with_its_type() -> None:
    copy = cleaned(head(workbook("A1=1"), {"LH": stripes()}, "&amp;L&amp;G"))
    with zipfile.ZipFile(io.BytesIO(copy.zip())) as archive:
        types = archive.read("[Content_Types].xml").decode()
    assert f'PartName="/xl/drawings/vmlDrawing1.vml" ContentType="{DOCUMENT}.vmlDrawing"' in types
    assert MAIN in copy[copy.sheet(1)].decode()
