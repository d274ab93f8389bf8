"""Canaries in charts, on a base that shows a chart of visible cells and one of its own points."""

from __future__ import annotations

from canaries.edits import append_row
from canaries.features import CHART, DOCUMENT, DRAWING, draw, frame
from canaries.ooxml import MS, xml
from canaries.planting import BASES, made, plants
from makers.packages import Package

PART = "xl/charts/chart1.xml"
C15 = f"{MS}/drawing/2012/chart"
TYPE = f"{DOCUMENT}.drawingml.chart+xml"


def literal(*texts: str) -> str:
    """The points of a cache or literal."""
    points = "".join(f'<c:pt idx="{at}"><c:v>{text}</c:v></c:pt>' for at, text in enumerate(texts))
    return f'<c:ptCount val="{len(texts)}"/>{points}'


def cells(kind: str, formula: str, *texts: str) -> str:
    """A reference with its cache."""
    code = "<c:formatCode>General</c:formatCode>" if kind == "num" else ""
    return (
        f"<c:{kind}Ref><c:f>{formula}</c:f><c:{kind}Cache>{code}{literal(*texts)}"
        f"</c:{kind}Cache></c:{kind}Ref>"
    )


def series(
    name: str = cells("str", "'Notes'!$B$1", "Value"),
    categories: str = cells("str", "'Notes'!$A$2:$A$3", "first", "second"),
    values: str = cells("num", "'Notes'!$B$2:$B$3", "10", "20"),
    extra: str = "",
    number: int = 0,
) -> str:
    return (
        f'<c:ser><c:idx val="{number}"/><c:order val="{number}"/><c:tx>{name}</c:tx>{extra}'
        f"<c:cat>{categories}</c:cat><c:val>{values}</c:val></c:ser>"
    )


def chart(
    content: str,
    *,
    title: str = "Seen above the bars",
    legend: str = '<c:legend><c:legendPos val="r"/></c:legend>',
    axis: str = "",
    tail: str = '<c:plotVisOnly val="1"/>',
    after: str = "",
) -> str:
    """A bar chart of some series, with both axes."""
    ends = (
        '<c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/>'
        '<c:axPos val="{}"/>{}<c:majorTickMark val="out"/><c:minorTickMark val="none"/>'
        '<c:tickLblPos val="{}"/><c:crossAx val="{}"/>'
    )
    return (
        f'<c:chartSpace xmlns:c="{CHART}" xmlns:a="{DRAWING}"><c:chart><c:title><c:tx><c:rich>'
        f"<a:bodyPr/><a:p><a:r><a:t>{title}</a:t></a:r></a:p></c:rich></c:tx>"
        '<c:overlay val="0"/></c:title><c:autoTitleDeleted val="0"/><c:plotArea>'
        f'<c:barChart><c:barDir val="col"/><c:grouping val="clustered"/>{content}'
        '<c:axId val="1"/><c:axId val="2"/></c:barChart>'
        f'<c:catAx><c:axId val="1"/>{ends.format("b", axis, (axis and "none") or "nextTo", 2)}'
        f'</c:catAx><c:valAx><c:axId val="2"/>{ends.format("l", "", "nextTo", 1)}</c:valAx>'
        f"</c:plotArea>{legend}{tail}</c:chart>{after}</c:chartSpace>"
    )


def charted(markup: str) -> Package:
    package = Package.read(made("plain"))
    package.add(PART, xml(markup), TYPE)
    return draw(
        package,
        frame(CHART, f'<c:chart xmlns:c="{CHART}" r:id="rId1"/>'),
        rels=(("chart", f"/{PART}", False),),
    )


BASES["charted"] = lambda: charted(chart(series()))


def put(base: Package, markup: str, before: str = "</c:chartSpace>") -> Package:
    base.swap(PART, before, markup + before)
    return base


def exchange(base: Package, markup: str) -> Package:
    """Another chart in the frame of the base."""
    base[PART] = xml(markup)
    return base


def extension(markup: str) -> str:
    return f'<c:extLst><c:ext uri="{{0}}" xmlns:c15="{C15}">{markup}</c:ext></c:extLst>'


def hide_sheet(base: Package, *rows: str) -> None:
    written = "".join(rows)
    base.add_sheet("Raw", f"<sheetData>{written}</sheetData>", state="hidden")


@plants("xlsx.chart.cache", base="charted")
def _stale_cache(base: Package, canary: str) -> Package:
    base.swap(PART, "<c:v>first</c:v>", f"<c:v>{canary}</c:v>")
    return base


@plants("xlsx.chart.cache", base="charted")
def _cache_beyond_the_cells(base: Package, canary: str) -> Package:
    base.swap(
        PART, "<c:v>second</c:v></c:pt>",
        f'<c:v>second</c:v></c:pt><c:pt idx="7"><c:v>{canary}</c:v></c:pt>',
    )  # fmt: skip
    return base


@plants("xlsx.chart.cache", base="charted")
def _filtered_series(base: Package, canary: str) -> Package:
    hidden = series(name=f"<c:v>{canary}</c:v>", number=1).replace("c:ser", "c15:ser")
    markup = extension(f"<c15:filteredBarSeries>{hidden}</c15:filteredBarSeries>")
    return put(base, markup, "</c:barChart>")


@plants("xlsx.chart.cache", base="charted")
def _full_range(base: Package, canary: str) -> Package:
    markup = extension(f"<c15:fullRef><c15:sqref>'{canary}'!$A$1:$A$900</c15:sqref></c15:fullRef>")
    return put(base, markup, "</c:numRef>")


@plants("xlsx.chart.cache", base="charted")
def _pivot_source(base: Package, canary: str) -> Package:
    name = f"[{canary}.xlsx]A!Pivot1"
    markup = f'<c:pivotSource><c:name>{name}</c:name><c:fmtId val="0"/></c:pivotSource>'
    return put(base, markup, "<c:chart>")


@plants("xlsx.chart.cache", base="charted")
def _footer_of_a_chart(base: Package, canary: str) -> Package:
    markup = (
        "<c:printSettings><c:headerFooter><c:oddFooter>"
        f"{canary}</c:oddFooter></c:headerFooter></c:printSettings>"
    )
    return put(base, markup)


@plants("xlsx.chart.cache", base="charted")
def _identity_of_a_series(base: Package, canary: str) -> Package:
    own = f'<u:uniqueId xmlns:u="{MS}/drawing/2014/chart" val="{canary}"/>'
    markup = f'<c:extLst><c:ext uri="{{1}}">{own}</c:ext></c:extLst>'
    return put(base, markup, "</c:ser>")


@plants("xlsx.chart.cache", base="charted")
def _embedded_workbook(base: Package, canary: str) -> Package:
    rid = base.add(
        f"xl/embeddings/{canary}.xlsx",
        canary,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        source=PART,
        kind="package",
    )
    space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return put(base, f'<c:externalData xmlns:r="{space}" r:id="{rid}"/>')


@plants("xlsx.chart.cache", base="charted")
def _style_part(base: Package, canary: str) -> Package:
    base.add(
        "xl/charts/style1.xml",
        xml(f'<cs:chartStyle xmlns:cs="{MS}/drawing/2012/chartStyle" id="{canary}"/>'),
        "application/vnd.ms-office.chartstyle+xml",
        source=PART,
        kind=f"{MS}/2011/relationships/chartStyle",
    )
    return base


@plants("xlsx.chart.cache", base="charted")
def _newer_style(base: Package, canary: str) -> Package:
    space = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    markup = (
        f'<mc:AlternateContent xmlns:mc="{space}"><mc:Choice Requires="c14"'
        f' xmlns:c14="{MS}/drawing/2007/8/2/chart"><c14:style val="{canary}"/></mc:Choice>'
        "</mc:AlternateContent>"
    )
    return put(base, markup, "<c:chart>")


@plants("xlsx.chart.cache", base="charted", same=False)
def _points_of_a_hidden_row(base: Package, canary: str) -> Package:
    append_row(base, 2, 4, f'<c r="A4" t="inlineStr"><is><t>{canary}</t></is></c>'
               '<c r="B4"><v>30</v></c>', 'hidden="1"')  # fmt: skip
    names = cells("str", "'Notes'!$A$2:$A$4", "first", "second", canary)
    values = cells("num", "'Notes'!$B$2:$B$4", "10", "20", "30")
    return exchange(base, chart(series(categories=names, values=values)))


@plants("xlsx.chart.cache", base="charted", same=False)
def _points_of_a_hidden_row_of_a_hidden_sheet(base: Package, canary: str) -> Package:
    hide_sheet(
        base,
        '<row r="1"><c r="A1"><v>5</v></c></row>',
        f'<row r="2" hidden="1"><c r="A2" t="str"><v>{canary}</v></c></row>',
    )
    names = cells("str", "Raw!$A$1:$A$2", "5", canary)
    values = cells("num", "Raw!$A$1:$A$2", "5", "0")
    return exchange(base, chart(series(categories=names, values=values)))


@plants("xlsx.chart.cache", base="charted", same=False)
def _name_without_a_legend(base: Package, canary: str) -> Package:
    return exchange(base, chart(series(name=f"<c:v>{canary}</c:v>"), legend=""))


@plants("xlsx.chart.cache", base="charted", same=False)
def _names_that_no_axis_paints(base: Package, canary: str) -> Package:
    hide_sheet(base)
    names = cells("str", "Raw!$A$1:$A$2", canary, "b")
    return exchange(base, chart(series(categories=names), axis=" "))


@plants("xlsx.chart.cache", base="charted", same=False)
def _path_of_another_workbook(base: Package, canary: str) -> Package:
    values = cells("num", f"'[{canary}.xlsx]Sheet1'!$A$1:$A$2", "10", "20")
    return exchange(base, chart(series(values=values)))


@plants("xlsx.chart.cache", base="charted", same=False, canary="31415926535")
def _digits_that_no_picture_shows(base: Package, canary: str) -> Package:
    values = cells("num", "[1]Sheet1!$A$1:$A$2", f"2.{canary}", "3")
    return exchange(base, chart(series(values=values)))


@plants("xlsx.chart.cache", base="charted", same=False)
def _range_of_labels(base: Package, canary: str) -> Package:
    """The second point's label is struck: its cell does not show."""
    label = (
        '<c:dLbls><c:dLbl><c:idx val="0"/><c:tx><c:rich><a:bodyPr/><a:p><a:fld type="CELLRANGE"'
        ' id="{0}"><a:t>[CELLRANGE]</a:t></a:fld></a:p></c:rich></c:tx><c:showVal val="1"/>'
        '<c:showLegendKey val="0"/><c:showCatName val="0"/><c:showSerName val="0"/>'
        '<c:showPercent val="0"/><c:showBubbleSize val="0"/>'
        + extension('<c15:showDataLabelsRange val="1"/>')
        + '</c:dLbl><c:dLbl><c:idx val="1"/><c:delete val="1"/></c:dLbl>'
        '<c:showLegendKey val="0"/><c:showVal val="0"/><c:showCatName val="0"/>'
        '<c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
    )
    cache = extension(
        "<c15:datalabelsRange><c15:f>Raw!$C$1:$C$2</c15:f><c15:dlblRangeCache>"
        + literal("Seen on a bar", canary)
        + "</c15:dlblRangeCache></c15:datalabelsRange>"
    )
    markup = chart(series(extra=label)).replace("</c:ser>", f"{cache}</c:ser>")
    return exchange(base, markup)


@plants("xlsx.chart.user-shapes", base="charted")
def _shapes_on_a_chart(base: Package, canary: str) -> Package:
    space = "http://schemas.openxmlformats.org/drawingml/2006/chartDrawing"
    rid = base.add(
        "xl/drawings/drawing2.xml",
        xml(
            f'<c:userShapes xmlns:c="{CHART}" xmlns:d="{space}"><d:x>{canary}</d:x></c:userShapes>'
        ),
        f"{DOCUMENT}.drawingml.chartshapes+xml",
        source=PART,
        kind="chartUserShapes",
    )
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return put(base, f'<c:userShapes xmlns:r="{office}" r:id="{rid}"/>')


@plants("xlsx.chart.user-shapes", base="charted", same=False)
def _picture_in_a_bar(base: Package, canary: str) -> Package:
    base.default("png", "image/png")
    base["xl/media/image9.png"] = canary.encode()
    rid = base.relate(PART, "image", "/xl/media/image9.png")
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    fill = (
        f'<c:spPr><a:blipFill><a:blip xmlns:r="{office}" r:embed="{rid}"/><a:stretch/>'
        "</a:blipFill></c:spPr>"
    )
    return exchange(base, chart(series(extra=fill)))
