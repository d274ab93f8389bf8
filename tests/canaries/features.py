"""Canaries in what lies over and beside the cells: filters, rules, links, drawings, pivots."""

from __future__ import annotations

import struct
import zlib

from canaries.edits import append_row, cell, put, put_in
from canaries.ooxml import DOCUMENT, DRAWING, MS, xml
from canaries.planting import plants
from makers.packages import MAIN, REL, SHEET_TYPE, Package, fragment, x

XDR = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
XM = "http://schemas.microsoft.com/office/excel/2006/main"


def part_of_sheet(
    base: Package, sheet: int, part: str, kind: str, content_type: str, data: str | bytes
) -> str:
    """A part that hangs off a sheet; returns the relationship's id."""
    raw = xml(data) if isinstance(data, str) else data
    return base.add(part, raw, content_type, source=base.sheet(sheet), kind=kind)


@plants("xlsx.ws.protected-ranges")
def _protected_range(base: Package, canary: str) -> Package:
    put_in(
        base,
        base.sheet(2),
        f'<protectedRanges><protectedRange sqref="A1" name="r" securityDescriptor="{canary}"/>'
        "</protectedRanges>",
    )
    return base


@plants("xlsx.ws.filter-criteria")
def _criterion_of_table(base: Package, canary: str) -> Package:
    with base.edit(base.targets(base.sheet(1), "table")[0]) as root:
        area = root.find(x("autoFilter"))
        if area is None:
            area = fragment(f'<autoFilter ref="{root.get("ref")}"/>')
            root.insert(0, area)
        area.append(
            fragment(f'<filterColumn colId="0"><filters><filter val="{canary}"/></filters>'
                     "</filterColumn>")
        )  # fmt: skip
    return base


@plants("xlsx.ws.filter-criteria", same=False)
def _criterion(base: Package, canary: str) -> Package:
    put_in(
        base,
        base.sheet(2),
        f'<autoFilter ref="A1:B3"><filterColumn colId="0"><customFilters><customFilter val="'
        f'{canary}"/></customFilters></filterColumn></autoFilter>',
    )
    return base


@plants("xlsx.ws.filter-criteria")
def _custom_sort_list(base: Package, canary: str) -> Package:
    put_in(
        base,
        base.sheet(2),
        f'<sortState ref="A2:B3"><sortCondition ref="A2:A3" customList="{canary},b"/></sortState>',
    )
    return base


@plants("xlsx.ws.named-views")
def _named_view(base: Package, canary: str) -> Package:
    part_of_sheet(
        base,
        2,
        "xl/namedSheetViews/namedSheetView1.xml",
        f"{MS}/2019/04/relationships/namedSheetView",
        "application/vnd.ms-excel.namedsheetviews+xml",
        f'<namedSheetViews xmlns="{MS}/spreadsheetml/2019/namedsheetviews"><namedSheetView'
        f' name="{canary}" id="{{0}}"/></namedSheetViews>',
    )
    return base


@plants("xlsx.ws.dv-list")
def _list(base: Package, canary: str) -> Package:
    put_in(
        base,
        base.sheet(2),
        '<dataValidations count="1"><dataValidation type="list" sqref="A2"><formula1>'
        f'"a,{canary}"</formula1></dataValidation></dataValidations>',
    )
    return base


@plants("xlsx.ws.dv-list")
def _prompt(base: Package, canary: str) -> Package:
    put_in(
        base,
        base.sheet(2),
        f'<dataValidations count="1"><dataValidation type="whole" sqref="B2" prompt="{canary}">'
        "<formula1>1</formula1></dataValidation></dataValidations>",
    )
    return base


@plants("xlsx.ws.cf-formula")
def _rule(base: Package, canary: str) -> Package:
    put_in(base, base.styles, '<dxfs count="1"><dxf><font><b/></font></dxf></dxfs>')
    put_in(
        base,
        base.sheet(2),
        '<conditionalFormatting sqref="A2"><cfRule type="expression" dxfId="0" priority="1">'
        f'<formula>A2="{canary}"</formula></cfRule></conditionalFormatting>',
    )
    return base


@plants("xlsx.ws.cf-formula")
def _rule_about_another_sheet(base: Package, canary: str) -> Package:
    _put_rule(base, f"<formula>'{canary}'!$A$1=A2</formula>", 'type="expression" dxfId="0"')
    return base


@plants("xlsx.ws.cf-formula")
def _rule_for_a_text(base: Package, canary: str) -> Package:
    _put_rule(
        base,
        f'<formula>NOT(ISERROR(SEARCH("{canary}",A2)))</formula>',
        f'type="containsText" dxfId="0" operator="containsText" text="{canary}"',
    )
    return base


@plants("xlsx.ws.cf-formula")
def _threshold(base: Package, canary: str) -> Package:
    _put_rule(
        base,
        f'<colorScale><cfvo type="num" val="{canary}"/><cfvo type="max"/>'
        '<color rgb="FFFF0000"/><color rgb="FF00FF00"/></colorScale>',
        'type="colorScale"',
    )
    return base


@plants("xlsx.ws.cf-formula")
def _rule_of_2009(base: Package, canary: str) -> Package:
    _put_extended(
        base,
        f'<x14:cfRule type="expression" priority="1" id="{{{canary}}}"><xm:f>A2="{canary}"</xm:f>'
        "<x14:dxf><font><b/></font></x14:dxf></x14:cfRule><xm:sqref>A2</xm:sqref>",
    )
    return base


@plants("xlsx.cf.show-value", canary="7351924.8125", same=False)
def _number_behind_an_icon(base: Package, canary: str) -> Package:
    append_row(base, 2, 9, f'<c r="A9"><v>{canary}</v></c><c r="B9"><v>3</v></c>')
    _put_rule(
        base,
        '<iconSet iconSet="3Arrows" showValue="0"><cfvo type="percent" val="0"/>'
        '<cfvo type="percent" val="33"/><cfvo type="percent" val="67"/></iconSet>',
        'type="iconSet"',
        "A9:B9",
    )
    return base


@plants("xlsx.cf.show-value", canary="7351924.8125", same=False)
def _number_behind_a_bar(base: Package, canary: str) -> Package:
    append_row(base, 2, 9, f'<c r="A9"><v>{canary}</v></c><c r="B9"><v>3</v></c>')
    _put_rule(
        base,
        '<dataBar showValue="0"><cfvo type="min"/><cfvo type="max"/>'
        '<color rgb="FF638EC6"/></dataBar>',
        'type="dataBar"',
        "A9:B9",
    )
    return base


@plants("xlsx.cf.show-value", canary="7351924.8125")
def _number_behind_a_bar_of_2009(base: Package, canary: str) -> Package:
    append_row(base, 2, 9, f'<c r="A9"><v>{canary}</v></c>')
    _put_extended(
        base,
        '<x14:cfRule type="dataBar" id="{0}"><x14:dataBar showValue="0"><x14:cfvo type="autoMin"/>'
        '<x14:cfvo type="autoMax"/></x14:dataBar></x14:cfRule><xm:sqref>A9</xm:sqref>',
    )
    return base


@plants("xlsx.cell.cf-hides")
def _hidden_by_a_number_format(base: Package, canary: str) -> Package:
    append_row(base, 2, 9, cell("A9", canary))
    _put_rule(
        base,
        "<formula>LEN(A9)&gt;2</formula>",
        'type="expression" dxfId="0"',
        "A9",
        '<numFmt numFmtId="200" formatCode=";;;"/>',
    )
    return base


@plants("xlsx.cell.cf-hides", same=False)
def _hidden_by_its_colour(base: Package, canary: str) -> Package:
    append_row(base, 2, 9, cell("A9", canary) + '<c r="B9"><v>1</v></c>')
    _put_rule(
        base,
        "<formula>$B9=1</formula>",
        'type="expression" dxfId="0"',
        "A9",
        '<font><color rgb="FFFFFFFF"/></font>',
    )
    return base


@plants("xlsx.cell.cf-hides", same=False)
def _hidden_by_a_rule_of_2009(base: Package, canary: str) -> Package:
    append_row(base, 2, 9, cell("A9", canary))
    _put_extended(
        base,
        '<x14:cfRule type="expression" priority="1" id="{0}"><xm:f>ISTEXT(A9)</xm:f><x14:dxf>'
        '<font><color rgb="FF00FF00"/></font><fill><patternFill><bgColor rgb="FF00FF00"/>'
        "</patternFill></fill></x14:dxf></x14:cfRule><xm:sqref>A9</xm:sqref>",
    )
    return base


def _put_rule(
    base: Package, content: str, attributes: str, sqref: str = "A2", dxf: str = "<font><b/></font>"
) -> None:
    """A rule on the second sheet."""
    if "dxfId" in attributes:
        put_in(base, base.styles, f'<dxfs count="1"><dxf>{dxf}</dxf></dxfs>')
    put_in(
        base,
        base.sheet(2),
        f'<conditionalFormatting sqref="{sqref}"><cfRule {attributes} priority="1">{content}'
        "</cfRule></conditionalFormatting>",
    )


def _put_extended(base: Package, content: str) -> None:
    """A rule of the extension of 2009 (MS-XLSX 2.6.48) on the second sheet."""
    put_in(
        base,
        base.sheet(2),
        '<extLst><ext uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}" '
        'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
        'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
        f"<x14:conditionalFormattings><x14:conditionalFormatting>{content}"
        "</x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst>",
    )


def _link(base: Package, place: str, attributes: str) -> None:
    with base.edit(base.sheet(1)) as root:
        links = root.find(x("hyperlinks"))
        if links is None:
            links = put(root, "<hyperlinks/>")
        links.append(fragment(f'<hyperlink ref="{place}" {attributes}/>'))


@plants("xlsx.ws.hyperlink-target")
def _file_link(base: Package, canary: str) -> Package:
    rid = base.relate(base.sheet(1), "hyperlink", f"file:///C:/Users/{canary}/a", external=True)
    _link(base, "A5", f'r:id="{rid}"')
    return base


@plants("xlsx.ws.hyperlink-target")
def _script_link(base: Package, canary: str) -> Package:
    rid = base.relate(base.sheet(1), "hyperlink", f"javascript:alert('{canary}')", external=True)
    _link(base, "A5", f'r:id="{rid}"')
    return base


def _web_link(base: Package, target: str, more: str = "") -> Package:
    rid = base.relate(base.sheet(1), "hyperlink", target, external=True)
    _link(base, "A5", f'r:id="{rid}"{more}')
    return base


@plants("xlsx.ws.hyperlink-target", same=False)
def _body_of_a_mail(base: Package, canary: str) -> Package:
    return _web_link(base, f"mailto:person0042@example.org?subject=a&amp;body={canary}")


@plants("xlsx.ws.hyperlink-target", same=False)
def _fragment_of_a_mail(base: Package, canary: str) -> Package:
    return _web_link(base, "mailto:person0042@example.org", f' location="{canary}"')


@plants("xlsx.ws.hyperlink-target")
def _password_in_a_link(base: Package, canary: str) -> Package:
    return _web_link(base, f"https://person0042:{canary}@example.org/")


@plants("xlsx.ws.hyperlink-target")
def _link_without_a_host(base: Package, canary: str) -> Package:
    return _web_link(base, f"https:///{canary}")


@plants("xlsx.ws.hyperlink-target")
def _endless_link(base: Package, canary: str) -> Package:
    return _web_link(base, f"https://example.org/{'a' * 2079}{canary}")


@plants("xlsx.ws.hyperlink-target")
def _link_to_nowhere(base: Package, canary: str) -> Package:
    _link(base, "A5", f"location=\"'{canary}'!A1\"")
    return base


@plants("xlsx.ws.hyperlink-text")
def _tooltip(base: Package, canary: str) -> Package:
    with base.edit(base.sheet(1)) as root:
        next(root.iter(x("hyperlink"))).set("tooltip", canary)
    return base


@plants("xlsx.ws.hyperlink-text")
def _old_display(base: Package, canary: str) -> Package:
    with base.edit(base.sheet(1)) as root:
        next(root.iter(x("hyperlink"))).set("display", canary)
    return base


@plants("xlsx.ws.headerfooter")
def _first_header_switched_off(base: Package, canary: str) -> Package:
    put_in(
        base,
        base.sheet(2),
        f"<headerFooter><firstHeader>&amp;L{canary}</firstHeader></headerFooter>",
    )
    return base


@plants("xlsx.ws.headerfooter")
def _even_footer_switched_off(base: Package, canary: str) -> Package:
    put_in(base, base.sheet(2), f"<headerFooter><evenFooter>{canary}</evenFooter></headerFooter>")
    return base


def vml(title: str, text: str = "") -> bytes:
    return (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:'
        'office" xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shape id="CH" type="#t">'
        f'<v:imagedata o:relid="rId1" o:title="{title}"/><v:textbox><div>{text}</div></v:textbox>'
        '<x:ClientData ObjectType="Note"><x:Row>1</x:Row><x:Column>0</x:Column></x:ClientData>'
        "</v:shape></xml>"
    ).encode()


@plants("xlsx.ws.headerfooter-picture")
def _header_picture(base: Package, canary: str) -> Package:
    base.default("vml", f"{DOCUMENT}.vmlDrawing")
    base["xl/drawings/vmlDrawing7.vml"] = vml(canary)
    rid = base.relate(base.sheet(2), "vmlDrawing", "/xl/drawings/vmlDrawing7.vml")
    put_in(base, base.sheet(2), f'<legacyDrawingHF r:id="{rid}"/>')
    return base


@plants("xlsx.dr.vml")
def _legacy_drawing(base: Package, canary: str) -> Package:
    base.default("vml", f"{DOCUMENT}.vmlDrawing")
    base["xl/drawings/vmlDrawing8.vml"] = vml("", canary)
    rid = base.relate(base.sheet(2), "vmlDrawing", "/xl/drawings/vmlDrawing8.vml")
    put_in(base, base.sheet(2), f'<legacyDrawing r:id="{rid}"/>')
    return base


def png(comment: str = "") -> bytes:
    """A picture of one grey pixel, with a text chunk."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data)
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", crc)

    text = chunk(b"tEXt", b"Author\0" + comment.encode()) if comment else b""
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">LLBBBBB", 1, 1, 8, 0, 0, 0, 0))
        + text
        + chunk(b"IDAT", zlib.compress(b"\0\x80"))
        + chunk(b"IEND", b"")
    )


@plants("xlsx.ws.background")
def _background(base: Package, canary: str) -> Package:
    base.default("wdp", "image/vnd.ms-photo")
    base["xl/media/image5.wdp"] = b"II\xbc\x01" + canary.encode()
    rid = base.relate(base.sheet(2), "image", "/xl/media/image5.wdp")
    put_in(base, base.sheet(2), f'<picture r:id="{rid}"/>')
    return base


@plants("xlsx.ws.scenarios")
def _scenario(base: Package, canary: str) -> Package:
    put_in(
        base,
        base.sheet(2),
        f'<scenarios><scenario name="worst" count="1" comment="{canary}"><inputCells r="B2"'
        ' val="99"/></scenario></scenarios>',
    )
    return base


@plants("xlsx.ws.consolidate")
def _consolidated(base: Package, canary: str) -> Package:
    put_in(
        base,
        base.sheet(2),
        f'<dataConsolidate><dataRefs count="1"><dataRef ref="A1:B9" sheet="{canary}"/></dataRefs>'
        "</dataConsolidate>",
    )
    return base


@plants("xlsx.ws.custom-properties")
def _property_of_sheet(base: Package, canary: str) -> Package:
    rid = part_of_sheet(
        base,
        2,
        "xl/customProperty1.bin",
        "customProperty",
        f"{DOCUMENT}.spreadsheetml.customProperty",
        canary.encode("utf-16-le"),
    )
    put_in(
        base,
        base.sheet(2),
        f'<customProperties><customPr name="state" r:id="{rid}"/></customProperties>',
    )
    return base


@plants("xlsx.ws.cellwatch", canary=b'<cellWatch r="FOO4242"')
def _watched(base: Package, canary: str) -> Package:
    put_in(base, base.sheet(2), '<cellWatches><cellWatch r="FOO4242"/></cellWatches>')
    return base


@plants("xlsx.ws.cellwatch", canary=b'sqref="FOO4242"')
def _excused(base: Package, canary: str) -> Package:
    put_in(
        base,
        base.sheet(2),
        '<ignoredErrors><ignoredError sqref="FOO4242" numberStoredAsText="1"/></ignoredErrors>',
    )
    return base


def extension(uri: str, body: str) -> str:
    return f'<extLst><ext uri="{uri}" xmlns:x14="{X14}" xmlns:xm="{XM}">{body}</ext></extLst>'


@plants("xlsx.ws.sparklines")
def _sparkline(base: Package, canary: str) -> Package:
    put_in(
        base,
        base.sheet(2),
        extension(
            "{05C60535-1F16-4fd2-B633-F4F36F0B64E0}",
            "<x14:sparklineGroups><x14:sparklineGroup><x14:sparklines><x14:sparkline><xm:f>"
            f"{canary}!A1:A9</xm:f><xm:sqref>C2</xm:sqref></x14:sparkline></x14:sparklines>"
            "</x14:sparklineGroup></x14:sparklineGroups>",
        ),
    )
    return base


# pivots


def _pivot_cache(base: Package, items: str, records: str | None) -> str:
    """A pivot cache that the workbook knows; returns its part."""
    part = "xl/pivotCache/pivotCacheDefinition1.xml"
    rid = base.add(
        part,
        xml(
            f'<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{REL}" recordCount="1" r:id="rId1">'
            '<cacheSource type="worksheet"><worksheetSource ref="A1:B9" sheet="Raw"/>'
            f'</cacheSource><cacheFields count="1"><cacheField name="Key">{items}</cacheField>'
            "</cacheFields></pivotCacheDefinition>"
        ),
        f"{SHEET_TYPE}.pivotCacheDefinition+xml",
        source=base.workbook,
        kind="pivotCacheDefinition",
    )
    if records is not None:
        base.add(
            "xl/pivotCache/pivotCacheRecords1.xml",
            xml(f'<pivotCacheRecords xmlns="{MAIN}" count="1">{records}</pivotCacheRecords>'),
            f"{SHEET_TYPE}.pivotCacheRecords+xml",
            source=part,
            kind="pivotCacheRecords",
            rid="rId1",
        )
    put_in(
        base, base.workbook, f'<pivotCaches><pivotCache cacheId="1" r:id="{rid}"/></pivotCaches>'
    )
    return part


def _pivot_table(base: Package, cache: str, caption: str = "Key") -> None:
    """A report without style on the cells of the second sheet."""
    part = "xl/pivotTables/pivotTable1.xml"
    part_of_sheet(
        base,
        2,
        part,
        "pivotTable",
        f"{SHEET_TYPE}.pivotTable+xml",
        f'<pivotTableDefinition xmlns="{MAIN}" name="P" cacheId="1" dataCaption="Values">'
        '<location ref="A1:B3" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/>'
        f'<pivotFields count="1"><pivotField name="{caption}" axis="axisRow" showAll="0"/>'
        "</pivotFields></pivotTableDefinition>",
    )
    base.relate(part, "pivotCacheDefinition", f"/{cache}")


@plants("xlsx.pivot.records")
def _records(base: Package, canary: str) -> Package:
    cache = _pivot_cache(base, "<sharedItems/>", f'<r><s v="{canary}"/></r>')
    _pivot_table(base, cache)
    return base


@plants("xlsx.pivot.shared-items")
def _shared_items(base: Package, canary: str) -> Package:
    items = f'<sharedItems count="1"><s v="{canary}"/></sharedItems>'
    cache = _pivot_cache(base, items, '<r><x v="0"/></r>')
    _pivot_table(base, cache)
    return base


@plants("xlsx.pivot.orphan-cache")
def _cache_without_report(base: Package, canary: str) -> Package:
    _pivot_cache(base, "<sharedItems/>", f'<r><s v="{canary}"/></r>')
    return base


@plants("xlsx.pivot.definition")
def _pivot_caption(base: Package, canary: str) -> Package:
    cache = _pivot_cache(base, "<sharedItems/>", None)
    _pivot_table(base, cache, canary)
    return base


@plants("xlsx.slicer.cache")
def _slicer(base: Package, canary: str) -> Package:
    base.add(
        "xl/slicerCaches/slicerCache1.xml",
        xml(
            f'<slicerCacheDefinition xmlns="{X14}" name="Slicer_Key" sourceName="{canary}">'
            '<data><tabular pivotCacheId="1"/></data></slicerCacheDefinition>'
        ),
        "application/vnd.ms-excel.slicerCache+xml",
        source=base.workbook,
        kind=f"{MS}/2007/relationships/slicerCache",
    )
    return base


@plants("xlsx.slicer.cache")
def _slicer_on_sheet(base: Package, canary: str) -> Package:
    part_of_sheet(
        base,
        2,
        "xl/slicers/slicer1.xml",
        f"{MS}/2007/relationships/slicer",
        "application/vnd.ms-excel.slicer+xml",
        f'<slicers xmlns="{X14}"><slicer name="Key" cache="Slicer_Key" caption="{canary}"'
        ' rowHeight="241300"/></slicers>',
    )
    return base


@plants("xlsx.timeline")
def _timeline(base: Package, canary: str) -> Package:
    base.add(
        "xl/timelineCaches/timelineCache1.xml",
        xml(
            f'<timelineCacheDefinition xmlns="{MS}/spreadsheetml/2010/11/main" name="T"'
            f' sourceName="{canary}"><state><bounds startDate="2001-01-01T00:00:00"'
            ' endDate="2002-01-01T00:00:00"/></state></timelineCacheDefinition>'
        ),
        "application/vnd.ms-excel.timelineCache+xml",
        source=base.workbook,
        kind=f"{MS}/2011/relationships/timelineCache",
    )
    return base


# comments


@plants("xlsx.comment.text")
def _note(base: Package, canary: str) -> Package:
    return _comments(base, "Person 0042", canary)


@plants("xlsx.comment.text")
def _note_author(base: Package, canary: str) -> Package:
    return _comments(base, canary, "text")


def _comments(base: Package, author: str, text: str) -> Package:
    part_of_sheet(
        base,
        2,
        "xl/comments1.xml",
        "comments",
        f"{SHEET_TYPE}.comments+xml",
        f'<comments xmlns="{MAIN}"><authors><author>{author}</author></authors><commentList>'
        f'<comment ref="A2" authorId="0"><text><t>{text}</t></text></comment></commentList>'
        "</comments>",
    )
    return base


@plants("xlsx.comment.threaded")
def _threaded(base: Package, canary: str) -> Package:
    part_of_sheet(
        base,
        2,
        "xl/threadedComments/threadedComment1.xml",
        f"{MS}/2017/10/relationships/threadedComment",
        "application/vnd.ms-excel.threadedcomments+xml",
        f'<ThreadedComments xmlns="{MS}/spreadsheetml/2018/threadedcomments"><threadedComment'
        f' ref="A2" personId="{{0}}" id="{{1}}" done="1"><text>{canary}</text></threadedComment>'
        "</ThreadedComments>",
    )
    return base


# drawings


def draw(base: Package, content: str, *, rels: tuple[tuple[str, str, bool], ...] = ()) -> Package:
    """A drawing on the second sheet with one object anchored at C2."""
    part = "xl/drawings/drawing1.xml"
    rid = part_of_sheet(
        base,
        2,
        part,
        "drawing",
        f"{DOCUMENT}.drawing+xml",
        f'<xdr:wsDr xmlns:xdr="{XDR}" xmlns:a="{DRAWING}" xmlns:r="{REL}"><xdr:oneCellAnchor>'
        "<xdr:from><xdr:col>2</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>1</xdr:row>"
        '<xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:ext cx="914400" cy="914400"/>'
        f"{content}<xdr:clientData/></xdr:oneCellAnchor></xdr:wsDr>",
    )
    for kind, target, external in rels:
        base.relate(part, kind, target, external=external)
    put_in(base, base.sheet(2), f'<drawing r:id="{rid}"/>')
    return base


def shape(text: str = "", properties: str = 'id="2" name="Box 1"', attributes: str = "") -> str:
    return (
        f'<xdr:sp macro="" textlink="" {attributes}><xdr:nvSpPr><xdr:cNvPr {properties}/>'
        '<xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        f"</xdr:spPr><xdr:txBody><a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></xdr:txBody>"
        "</xdr:sp>"
    )


def picture(blip: str, properties: str = 'id="2" name="Picture 1"', extra: str = "") -> str:
    return (
        f"<xdr:pic><xdr:nvPicPr><xdr:cNvPr {properties}/><xdr:cNvPicPr/></xdr:nvPicPr>"
        f"<xdr:blipFill><a:blip {blip}/>{extra}<a:stretch/></xdr:blipFill><xdr:spPr/></xdr:pic>"
    )


def frame(uri: str, body: str) -> str:
    return (
        '<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="Frame 1"/>'
        "<xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x='0' y='0'/>"
        f"<a:ext cx='0' cy='0'/></xdr:xfrm><a:graphic><a:graphicData uri=\"{uri}\">{body}"
        "</a:graphicData></a:graphic></xdr:graphicFrame>"
    )


@plants("xlsx.chart.cache", same=False)
def _chart(base: Package, canary: str) -> Package:
    base.add(
        "xl/charts/chart1.xml",
        xml(
            f'<c:chartSpace xmlns:c="{CHART}"><c:chart><c:plotArea><c:barChart><c:ser>'
            '<c:idx val="0"/><c:order val="0"/><c:cat><c:strRef><c:f>Raw!A1</c:f><c:strCache>'
            f'<c:ptCount val="1"/><c:pt idx="0"><c:v>{canary}</c:v></c:pt></c:strCache></c:strRef>'
            "</c:cat></c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>"
        ),
        f"{DOCUMENT}.drawingml.chart+xml",
    )
    return draw(
        base,
        frame(CHART, f'<c:chart xmlns:c="{CHART}" r:id="rId1"/>'),
        rels=(("chart", "/xl/charts/chart1.xml", False),),
    )


@plants("xlsx.chart.chartex")
def _newer_chart(base: Package, canary: str) -> Package:
    space = f"{MS}/drawing/2014/chartex"
    base.add(
        "xl/charts/chartEx1.xml",
        xml(
            f'<cx:chartSpace xmlns:cx="{space}"><cx:chartData><cx:data id="0">'
            f'<cx:strDim type="cat"><cx:lvl ptCount="1"><cx:pt idx="0">{canary}</cx:pt></cx:lvl>'
            "</cx:strDim></cx:data></cx:chartData></cx:chartSpace>"
        ),
        "application/vnd.ms-office.chartex+xml",
    )
    return draw(
        base,
        frame(space, f'<cx:chart xmlns:cx="{space}" r:id="rId1"/>'),
        rels=((f"{MS}/2014/relationships/chartEx", "/xl/charts/chartEx1.xml", False),),
    )


@plants("xlsx.dr.form-control")
def _form_control(base: Package, canary: str) -> Package:
    rid = part_of_sheet(
        base,
        2,
        "xl/ctrlProps/ctrlProp1.xml",
        "ctrlProp",
        "application/vnd.ms-excel.controlproperties+xml",
        f'<formControlPr xmlns="{X14}" objectType="Drop" fmlaRange="{canary}!A1:A9"/>',
    )
    put_in(
        base,
        base.sheet(2),
        f'<controls><control shapeId="1027" r:id="{rid}" name="Drop Down 1"/></controls>',
    )
    return base
