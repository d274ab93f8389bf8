"""Attacks on drawings and charts: words and numbers that no reader sees, and that want to stay."""

from __future__ import annotations

import pytest

from canaries.charts import PART as CHART
from canaries.charts import chart, series
from canaries.charts import charted as with_chart
from canaries.drawings import FILLED, PART
from canaries.features import draw, shape
from canaries.planting import made
from conftest import Clean
from makers.packages import Package
from safe_release import inspect, verify
from test_conditional import NUMBERS, check_again, rules_of, with_rules
from test_red_team import SECRET, holds


def filled(body: str, fill: str = FILLED, edit: tuple[str, str] = ("", "")) -> bytes:
    """A workbook with a shape that holds a text; ``body`` is what stands in its ``txBody``."""
    package = Package.read(made("plain"))
    draw(package, shape("first").replace("</a:prstGeom>", f"</a:prstGeom>{fill}"))
    text = package[PART].decode()
    start, end = text.index("<xdr:txBody>") + len("<xdr:txBody>"), text.index("</xdr:txBody>")
    package[PART] = (text[:start] + body + text[end:]).replace(*edit).encode()
    return package.zip()


def solid(value: str, change: str = "") -> str:
    return f'<a:solidFill><a:srgbClr val="{value}">{change}</a:srgbClr></a:solidFill>'


def gradient(*values: str) -> str:
    stops = "".join(
        f'<a:gs pos="{place * 1000}"><a:srgbClr val="{value}"/></a:gs>'
        for place, value in enumerate(values)
    )
    return f"<a:gradFill><a:gsLst>{stops}</a:gsLst></a:gradFill>"


def runs(properties: str, body: str = "<a:bodyPr/>") -> str:
    return (
        f"{body}<a:lstStyle/><a:p><a:r><a:t>Seen</a:t></a:r><a:r>{properties}"
        f"<a:t>{SECRET}</a:t></a:r></a:p>"
    )


BLUE = "336699"
SINKING = {
    "no paint, effects of nothing": ("<a:noFill/><a:effectLst/>", FILLED),
    "its ground, effects of nothing": (solid(BLUE) + "<a:effectLst/>", FILLED),
    "its ground, a glow of no width": (
        solid(BLUE) + '<a:effectLst><a:glow rad="0"><a:srgbClr val="FF0000"/></a:glow>'
        "</a:effectLst>",
        FILLED,
    ),
    "marked in its own colour": (
        solid("FF0000") + '<a:highlight><a:srgbClr val="FE0000"/></a:highlight>', FILLED),
    "outlined in the same": (f"<a:ln>{solid(BLUE)}</a:ln>{solid(BLUE)}", FILLED),
    "a step beside its ground": (solid("336598"), FILLED),
    "five percent darker than white": (
        '<a:solidFill><a:schemeClr val="bg1"><a:lumMod val="95000"/></a:schemeClr></a:solidFill>',
        solid("FFFFFF")),
    "a colour of the standard's": (
        '<a:solidFill><a:prstClr val="red"/></a:solidFill>', solid("FF0000")),
    "a colour by its light": (
        '<a:solidFill><a:scrgbClr r="100000" g="0" b="0"/></a:solidFill>', solid("FF0000")),
    "on a gradient": (solid("FFFFFF"), gradient("FFFFFF", "FDFDFD")),
    "a gradient itself": (gradient(BLUE, "336699"), FILLED),
    "one percent of a colour": (solid("FF0000", '<a:alpha val="1000"/>'), FILLED),
    "nothing of an opacity": (solid("FF0000", '<a:alphaMod val="0"/>'), FILLED),
}  # fmt: skip


@pytest.mark.parametrize(("paint", "fill"), SINKING.values(), ids=SINKING)
def test_a_text_that_sinks_into_its_shape_goes(cleaned: Clean, paint: str, fill: str) -> None:
    source = filled(runs(f"<a:rPr>{paint}</a:rPr>"), fill)
    assert "xlsx.dr.invisible-paint" in {item.channel for item in inspect(source).findings}
    copy, _ = cleaned(source)
    assert holds(copy) == []
    assert holds(copy, "Seen") != []
    assert verify(copy, source=source).passed
    assert cleaned(copy)[0] == copy


@pytest.mark.parametrize(
    ("properties", "body"),
    [
        ('<a:rPr sz="200"/>', "<a:bodyPr/>"),
        ('<a:rPr sz="1000"/>', '<a:bodyPr><a:normAutofit fontScale="10000"/></a:bodyPr>'),
    ],
)
def test_a_text_too_small_to_read_goes(cleaned: Clean, properties: str, body: str) -> None:
    text = runs(properties, body).replace("<a:r><a:t>Seen", '<a:r><a:rPr sz="4000"/><a:t>Seen')
    copy, _ = cleaned(filled(text))
    assert holds(copy) == []
    assert holds(copy, "Seen") != []


SHOWING = {
    "another colour": (solid("FFFFFF"), FILLED),
    "outlined": (f"<a:ln>{solid('FFFFFF')}</a:ln><a:noFill/>", FILLED),
    "marked": (solid(BLUE) + '<a:highlight><a:srgbClr val="FFFF00"/></a:highlight>', FILLED),
    "lit": (
        solid(BLUE) + '<a:effectLst><a:glow rad="63500"><a:srgbClr val="FFFFFF"/></a:glow>'
        "</a:effectLst>",
        FILLED,
    ),
    "on one end of a gradient": (solid("FFFFFF"), gradient("FFFFFF", "000000")),
    "half darker than white": (
        '<a:solidFill><a:schemeClr val="bg1"><a:lumMod val="50000"/></a:schemeClr></a:solidFill>',
        solid("FFFFFF")),
}  # fmt: skip


@pytest.mark.parametrize(("paint", "fill"), SHOWING.values(), ids=SHOWING)
def test_a_text_that_comes_out_of_its_shape_stays(cleaned: Clean, paint: str, fill: str) -> None:
    copy, _ = cleaned(filled(runs(f"<a:rPr>{paint}</a:rPr>"), fill))
    assert holds(copy) == [PART]


FACE = f'<a:latin typeface="{SECRET}"/>'
SEEN = "<a:r><a:t>Seen</a:t></a:r>"
LEVELS = "<a:lstStyle><a:lvl9pPr><a:defRPr>{}</a:defRPr></a:lvl9pPr></a:lstStyle>"
IDLE = {
    "of a level without paragraphs": f"{LEVELS.format(FACE)}<a:p>{SEEN}</a:p>",
    "of an end": f"<a:p>{SEEN}<a:endParaRPr>{FACE}</a:endParaRPr></a:p>",
    "of a paragraph's defaults": f"<a:p><a:pPr><a:defRPr>{FACE}</a:defRPr></a:pPr>{SEEN}</a:p>",
    "of a line break": f"<a:p>{SEEN}<a:br><a:rPr>{FACE}</a:rPr></a:br>{SEEN}</a:p>",
    "of a blank": f"<a:p>{SEEN}<a:r><a:rPr>{FACE}</a:rPr><a:t> </a:t></a:r></a:p>",
    "of signs": f"<a:p><a:r><a:rPr>{FACE.replace('latin', 'sym')}</a:rPr><a:t>Seen</a:t></a:r>"
    "</a:p>",
    "of scripts": f"<a:p><a:r><a:rPr>{FACE.replace('latin', 'ea')}{FACE.replace('latin', 'cs')}"
    "</a:rPr><a:t>Seen</a:t></a:r></a:p>",
    "of no bullet": f"<a:p><a:pPr>{FACE.replace('latin', 'buFont')}<a:buNone/></a:pPr>{SEEN}</a:p>",
}


@pytest.mark.parametrize("body", IDLE.values(), ids=IDLE)
def test_the_name_of_a_typeface_that_paints_nothing_goes(cleaned: Clean, body: str) -> None:
    source = filled(f"<a:bodyPr/>{body}")
    copy, _ = cleaned(source)
    assert holds(copy) == []
    assert holds(copy, "Seen") != []
    assert cleaned(copy)[0] == copy
    assert inspect(copy).findings == ()


@pytest.mark.parametrize(("kind", "text"), [("latin", "Seen"), ("ea", "\u898b"), ("cs", "\u0628")])
def test_the_name_of_a_typeface_that_paints_letters_stays(
    cleaned: Clean, kind: str, text: str
) -> None:
    face = FACE.replace("latin", kind)
    run = f"<a:r><a:rPr>{face}</a:rPr><a:t>{text}</a:t></a:r>"
    assert holds(cleaned(filled(f"<a:bodyPr/><a:p>{run}</a:p>"))[0]) == [PART]


def bent(kind: str, *guides: tuple[str, str]) -> str:
    listed = "".join(f'<a:gd name="{name}" fmla="{formula}"/>' for name, formula in guides)
    return f'<a:prstGeom prst="{kind}"><a:avLst>{listed}</a:avLst></a:prstGeom>'


TRIANGLE = (
    '<a:path w="9" h="9"><a:moveTo><a:pt x="0" y="0"/></a:moveTo>'
    '<a:lnTo><a:pt x="9" y="0"/></a:lnTo><a:lnTo><a:pt x="0" y="9"/></a:lnTo><a:close/></a:path>'
)
UNDRAWN = TRIANGLE.replace("<a:path ", '<a:path fill="none" stroke="0" ').replace("9", "4915112")
OUTLINES = {
    "of a rectangle": bent("rect", ("adj", "val 4915112")),
    "twice": bent("roundRect", ("adj", "val 100"), ("adj", "val 4915112")),
    "as a formula": bent("roundRect", ("adj", "?: 1 100 4915112")),
    "of many digits": bent("roundRect", ("adj", "val 4915112000")),
    "of a path that is not drawn": f"<a:custGeom><a:pathLst>{UNDRAWN}{TRIANGLE}</a:pathLst>"
    "</a:custGeom>",
}


def test_an_arc_keeps_its_ends(cleaned: Clean) -> None:
    rectangle = '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    arc = bent("arc", ("adj1", "val 16200000"), ("adj2", "val 0"))
    copy, _ = cleaned(filled(f"<a:bodyPr/><a:p>{SEEN}</a:p>", edit=(rectangle, arc)))
    assert arc.encode() in Package.read(copy)[PART]


@pytest.mark.parametrize("outline", OUTLINES.values(), ids=OUTLINES)
def test_numbers_of_an_outline_that_bend_nothing_go(cleaned: Clean, outline: str) -> None:
    rectangle = '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    source = filled(f"<a:bodyPr/><a:p>{SEEN}</a:p>", edit=(rectangle, outline))
    assert holds(source, "4915112") == [PART]
    assert "xlsx.dr.names-ids" in {item.channel for item in inspect(source).findings}
    copy, _ = cleaned(source)
    assert holds(copy, "4915112") == []
    assert cleaned(copy)[0] == copy
    assert inspect(copy).findings == ()


UNDRAWN_LINE = (
    '<a:ln w="4915112"><a:noFill/><a:custDash><a:ds d="4915112" sp="1"/></a:custDash></a:ln>'
)


def test_a_line_that_is_not_drawn_has_no_width(cleaned: Clean) -> None:
    shaped = filled(f"<a:bodyPr/><a:p>{SEEN}</a:p>", FILLED + UNDRAWN_LINE)
    plotted = with_chart(chart(series(extra=f"<c:spPr>{UNDRAWN_LINE}</c:spPr>"))).zip()
    for source in (shaped, plotted):
        assert holds(source, "4915112") != []
        copy, _ = cleaned(source)
        assert holds(copy, "4915112") == []
        assert holds(copy, "<a:ln><a:noFill/></a:ln>") != []
        assert verify(copy, source=source).passed
        assert cleaned(copy)[0] == copy
        assert inspect(copy).findings == ()


# -- charts ---------------------------------------------------------------------------------------

SHOWN = "".join(
    f'<c:show{what} val="{int(what == "Val")}"/>'
    for what in ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")
)


def rich(text: str, properties: str = "") -> str:
    return (
        "<c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p><a:r><a:t>Seen</a:t></a:r>"
        f"<a:r>{properties}<a:t>{text}</a:t></a:r></a:p></c:rich></c:tx>"
    )


def label(content: str, at: int = 1) -> str:
    return f'<c:dLbl><c:idx val="{at}"/>{content}</c:dLbl>'


def trend(content: str) -> str:
    name, _, rest = content.partition("|")
    shows = '<c:dispRSqr val="0"/><c:dispEq val="0"/>'
    kind = '<c:trendlineType val="linear"/>'
    return f"<c:trendline>{name}{kind}{shows}{rest}</c:trendline>"


ENTRY = '<c:legend><c:legendPos val="r"/>{}</c:legend>'
STRUCK = '<c:legendEntry><c:idx val="{}"/><c:delete val="1"/></c:legendEntry>'


def labels(*items: str, last: str = SHOWN) -> str:
    return f"<c:dLbls>{''.join(items)}{last}</c:dLbls>"


DELETED = '<c:delete val="1"/>'
NO_PAINT = "<a:rPr><a:noFill/></a:rPr>"
LOOK = f"<a:bodyPr/><a:lstStyle/><a:p><a:r><a:t>{SECRET}</a:t></a:r></a:p>"
UNPAINTED = {
    "a deleted label": labels(label(DELETED + rich(SECRET))),
    "deleted labels": labels(label(rich(SECRET) + SHOWN), last=DELETED),
    "a second label": labels(label(rich("One") + SHOWN), label(rich(SECRET) + SHOWN)),
    "a label of no point": labels(label(rich(SECRET) + SHOWN, 4711)),
    "a look of no point": f'<c:dPt><c:idx val="4711"/><c:spPr>{solid("FA1C01")}</c:spPr></c:dPt>',
    "letters without paint": labels(label(rich(SECRET, NO_PAINT) + SHOWN)),
    "a look of labels with a text": labels(f"<c:txPr>{LOOK}</c:txPr>"),
    "a label of a silent trendline": trend(f"|<c:trendlineLbl>{rich(SECRET)}</c:trendlineLbl>"),
    "idle lengths of error bars": '<c:errBars><c:errBarType val="both"/>'
    '<c:errValType val="stdErr"/><c:plus><c:numLit><c:formatCode>General</c:formatCode>'
    '<c:ptCount val="1"/><c:pt idx="0"><c:v>4711</c:v></c:pt></c:numLit></c:plus>'
    '<c:val val="4711"/></c:errBars>',
}


def charted(extra: str = "", **settings: str) -> bytes:
    return with_chart(chart(series(extra=extra), **settings)).zip()


def check_unpainted(source: bytes, plain: bytes, cleaned: Clean) -> None:
    found = {item.place for item in inspect(source).findings if item.channel == "xlsx.chart.cache"}
    assert any(CHART in place for place in found)
    copy, _ = cleaned(source)
    for text in (SECRET, "4711", "FA1C01"):
        assert holds(copy, text) == []
    assert verify(copy, source=source).passed
    assert cleaned(copy)[0] == copy
    assert not any(item.channel == "xlsx.chart.cache" for item in inspect(copy).findings)
    assert holds(cleaned(plain)[0], SECRET) != [] or plain == source


@pytest.mark.parametrize("extra", UNPAINTED.values(), ids=UNPAINTED)
def test_words_of_a_chart_that_nothing_paints_go(cleaned: Clean, extra: str) -> None:
    source = charted(extra)
    check_unpainted(source, source, cleaned)


@pytest.mark.parametrize("legend", ["", ENTRY.format(STRUCK.format(1))], ids=["none", "struck"])
def test_the_name_of_a_trendline_stands_in_the_legend(cleaned: Clean, legend: str) -> None:
    named = trend(f"<c:name>{SECRET}</c:name>|")
    check_unpainted(charted(named, legend=legend), charted(named), cleaned)


@pytest.mark.parametrize(
    "paint",
    ["<a:noFill/>", solid("FFFFFF"), solid("FF0000", '<a:alpha val="0"/>')],
    ids=["none", "white", "clear"],
)
def test_runs_of_a_title_that_cannot_be_seen_go(cleaned: Clean, paint: str) -> None:
    source = charted(title=f"Seen</a:t></a:r><a:r><a:rPr>{paint}</a:rPr><a:t>{SECRET}")
    seen = charted(title=f"Seen</a:t></a:r><a:r><a:rPr>{solid('FF0000')}</a:rPr><a:t>{SECRET}")
    check_unpainted(source, seen, cleaned)


WORDED = '<c:numFmt formatCode="0&quot;{}&quot;" sourceLinked="{}"/>'


def with_axis(markup: str, place: str = "nextTo", deleted: int = 0) -> bytes:
    """A chart whose axis of numbers has this in front of its tick marks."""
    made_ = chart(series())
    start = made_.index("<c:valAx>")
    axis = made_[start:].replace("<c:majorTickMark", markup + "<c:majorTickMark", 1)
    axis = axis.replace('<c:tickLblPos val="nextTo"/>', f'<c:tickLblPos val="{place}"/>')
    axis = axis.replace('<c:delete val="0"/>', f'<c:delete val="{deleted}"/>')
    return with_chart(made_[:start] + axis).zip()


@pytest.mark.parametrize(
    ("linked", "place", "deleted"),
    [(0, "none", 0), (0, "nextTo", 1), (1, "nextTo", 0)],
    ids=["no numbers", "deleted", "as in the cells"],
)
def test_a_number_format_that_no_axis_paints_goes(
    cleaned: Clean, linked: int, place: str, deleted: int
) -> None:
    source = with_axis(WORDED.format(SECRET, linked), place, deleted)
    check_unpainted(source, with_axis(WORDED.format(SECRET, 0)), cleaned)


def test_words_and_numbers_under_a_condition_of_an_axis_go(cleaned: Clean) -> None:
    code = f"[&gt;4915112]0&quot;{SECRET}&quot;;0"
    source = with_axis(f'<c:numFmt formatCode="{code}" sourceLinked="0"/>')
    copy, _ = cleaned(source)
    assert holds(copy) == holds(copy, "4915112") == []


def test_formats_and_typefaces_that_only_a_chart_paints_stay(cleaned: Clean) -> None:
    face = f'<a:latin typeface="{SECRET}"/>'
    source = charted(title=f"Seen</a:t></a:r><a:r><a:rPr>{face}</a:rPr><a:t>this")
    assert holds(cleaned(source)[0]) == [CHART]
    source = with_axis('<c:numFmt formatCode="[&gt;=1000000]0,,&quot;M&quot;;0" sourceLinked="0"/>')
    assert holds(cleaned(source)[0], "[&gt;=1000000]") == [CHART]


# -- conditional formats -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("attributes", "formula"),
    [
        ('type="cellIs" dxfId="0" operator="equal"', "4915112"),
        ('type="cellIs" dxfId="0" operator="greaterThan"', "-4.915112E6"),
        ('type="expression" dxfId="0"', "AND(A2&gt;25,4915112&lt;&gt;0)"),
    ],
)
def test_numbers_of_many_digits_in_rules_go_and_their_effect_stays(
    cleaned: Clean, attributes: str, formula: str
) -> None:
    content = f"<formula>{formula}</formula>"
    source = with_rules(NUMBERS, [("A2:A6", attributes, content)]).zip()
    assert "xlsx.ws.cf-formula" in {item.channel for item in inspect(source).findings}
    copy, _ = cleaned(source)
    assert holds(copy, "491511") == holds(copy, "4.915112") == rules_of(copy) == []
    assert b"FFFF0000" in Package.read(copy)["xl/styles.xml"] or "equal" in attributes
    check_again(copy, source, cleaned)


@pytest.mark.parametrize("number", ["100000000", "0.5", "45292", "-1234.56"])
def test_thresholds_of_few_digits_stay(cleaned: Clean, number: str) -> None:
    attributes = 'type="cellIs" dxfId="0" operator="greaterThan"'
    rule = ("A2:A6", attributes, f"<formula>{number}</formula>")
    assert len(rules_of(cleaned(with_rules(NUMBERS, [rule]).zip())[0])) == 1
