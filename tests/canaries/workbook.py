"""Canaries in the workbook part, its sheets, names, styles and strings."""

from __future__ import annotations

from canaries.edits import append_row, cell, put, put_in, style
from canaries.ooxml import DOCUMENT, MS, OFFICE, xml
from canaries.planting import plants
from makers.packages import MAIN, MC, REL, SHEET_TYPE, Package, fragment, x

X15 = "http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"
X15AC = "http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac"


def sheet_body(canary: str) -> str:
    return f'<sheetData><row r="1">{cell("A1", canary)}</row></sheetData>'


@plants("xlsx.wb.sheet-hidden")
def _hidden_sheet(base: Package, canary: str) -> Package:
    base.add_sheet("Raw", sheet_body(canary), state="hidden")
    return base


@plants("xlsx.wb.sheet-hidden")
def _name_of_hidden_sheet(base: Package, canary: str) -> Package:
    base.add_sheet(canary, "<sheetData/>", state="hidden")
    return base


@plants("xlsx.wb.sheet-hidden")
def _sheet_of_unknown_state(base: Package, canary: str) -> Package:
    base.add_sheet("Raw", sheet_body(canary), state="show")
    return base


@plants("xlsx.wb.sheet-hidden")
def _hidden_first_sheet(base: Package, canary: str) -> Package:
    base.add_sheet("Raw", sheet_body(canary), state="hidden")
    with base.edit(base.workbook) as root:
        sheets = root.find(x("sheets"))
        assert sheets is not None
        sheets.insert(0, sheets[-1])
        for view in root.iter(x("workbookView")):
            view.set("activeTab", str(int(view.get("activeTab", "0")) + 1))
    return base


@plants("xlsx.wb.sheet-veryhidden")
def _very_hidden_sheet(base: Package, canary: str) -> Package:
    base.add_sheet("Raw", sheet_body(canary), state="veryHidden")
    return base


@plants(
    "xlsx.wb.window-hidden",
    canary=b'visibility="hidden"',
    refused=("CannotRebuild", "Refused"),
)
def _hidden_window(base: Package, canary: str) -> Package:
    put_in(base, base.workbook, '<bookViews><workbookView visibility="hidden"/></bookViews>')
    return base


@plants("xlsx.wb.workbookpr")
def _code_name(base: Package, canary: str) -> Package:
    put_in(base, base.workbook, f'<workbookPr codeName="{canary}"/>')
    return base


@plants("xlsx.wb.workbookpr")
def _file_version(base: Package, canary: str) -> Package:
    put_in(base, base.workbook, f'<fileVersion appName="xl" codeName="{canary}"/>')
    return base


@plants("xlsx.wb.workbookpr", canary=b'sheetId="424242"')
def _sheet_ids(base: Package, canary: str) -> Package:
    with base.edit(base.workbook) as root:
        next(root.iter(x("sheet"))).set("sheetId", "424242")
    return base


@plants("xlsx.wb.workbookpr", canary=b'xWindow="4242"')
def _window_position(base: Package, canary: str) -> Package:
    with base.edit(base.workbook) as root:
        views = root.find(x("bookViews"))
        view = put(root, "<bookViews><workbookView/></bookViews>")[0] if views is None else views[0]
        view.set("xWindow", "4242")
    return base


@plants("xlsx.wb.workbookpr", canary=b'calcId="191029424"')
def _calculation_build(base: Package, canary: str) -> Package:
    put_in(base, base.workbook, '<calcPr calcId="191029424"/>')
    return base


@plants("xlsx.wb.revisionptr")
def _revision_pointer(base: Package, canary: str) -> Package:
    space = "http://schemas.microsoft.com/office/spreadsheetml/2014/revision"
    pointer = f'<xr:revisionPtr xmlns:xr="{space}" documentId="8_{canary}"/>'
    base.swap(base.workbook, "<sheets>", f"{pointer}<sheets>")
    return base


@plants("xlsx.wb.revisionptr")
def _unique_id_of_sheet(base: Package, canary: str) -> Package:
    space = "http://schemas.microsoft.com/office/spreadsheetml/2014/revision"
    with base.edit(base.sheet(1)) as root:
        root.set(f"{{{space}}}uid", f"{{{canary}}}")
    return base


@plants("xlsx.wb.abspath")
def _last_path(base: Package, canary: str) -> Package:
    path = (
        f'<mc:AlternateContent xmlns:mc="{MC}"><mc:Choice xmlns:x15="{X15}" Requires="x15">'
        f'<x15ac:absPath xmlns:x15ac="{X15AC}" url="C:\\Users\\{canary}\\"/></mc:Choice>'
        "</mc:AlternateContent>"
    )
    base.swap(base.workbook, "<sheets>", f"{path}<sheets>")
    return base


@plants("xlsx.wb.filesharing")
def _reservation(base: Package, canary: str) -> Package:
    put_in(base, base.workbook, f'<fileSharing userName="{canary}" reservationPassword="CC1A"/>')
    return base


@plants("xlsx.ws.protection")
def _sheet_password(base: Package, canary: str) -> Package:
    put_in(
        base,
        base.sheet(2),
        f'<sheetProtection algorithmName="SHA-512" hashValue="{canary}" saltValue="AA=="'
        ' sheet="1"/>',
    )
    return base


@plants("xlsx.ws.protection")
def _workbook_password(base: Package, canary: str) -> Package:
    put_in(
        base,
        base.workbook,
        f'<workbookProtection workbookHashValue="{canary}" lockStructure="1"/>',
    )
    return base


@plants("xlsx.wb.custom-views")
def _custom_view(base: Package, canary: str) -> Package:
    put_in(
        base,
        base.workbook,
        f'<customWorkbookViews><customWorkbookView name="{canary}"'
        ' guid="{00000000-0000-0000-0000-000000000042}" windowWidth="1" windowHeight="1"'
        ' activeSheetId="1"/></customWorkbookViews>',
    )
    return base


@plants("xlsx.wb.custom-views")
def _custom_sheet_view(base: Package, canary: str) -> Package:
    put_in(
        base,
        base.sheet(2),
        '<customSheetViews><customSheetView guid="{00000000-0000-0000-0000-000000000042}">'
        f"<headerFooter><oddHeader>{canary}</oddHeader></headerFooter></customSheetView>"
        "</customSheetViews>",
    )
    return base


def define(base: Package, text: str) -> Package:
    """Add a defined name to those that are there."""
    with base.edit(base.workbook) as root:
        names = root.find(x("definedNames"))
        if names is None:
            names = put(root, "<definedNames/>")
        names.append(fragment(text))
    return base


@plants("xlsx.wb.name-visible")
def _name(base: Package, canary: str) -> Package:
    return define(base, f'<definedName name="{canary}">Summary!$B$4</definedName>')


@plants("xlsx.wb.name-visible")
def _constant(base: Package, canary: str) -> Package:
    return define(base, f'<definedName name="k">"{canary}"</definedName>')


@plants("xlsx.wb.name-hidden")
def _hidden_name(base: Package, canary: str) -> Package:
    return define(base, f'<definedName name="{canary}" hidden="1">Summary!$B$4</definedName>')


@plants("xlsx.wb.name-hidden", canary=b"Notes!$A$1:$B$63635")
def _filter_database(base: Package, canary: str) -> Package:
    return define(
        base,
        '<definedName name="_xlnm._FilterDatabase" localSheetId="1" hidden="1">'
        "Notes!$A$1:$B$63635</definedName>",
    )


@plants("xlsx.wb.name-attrs")
def _comment_on_name(base: Package, canary: str) -> Package:
    return define(base, f'<definedName name="k" comment="{canary}">Summary!$B$4</definedName>')


def workbook_part(base: Package, part: str, kind: str, content_type: str, text: str) -> Package:
    """A part that hangs off the workbook."""
    base.add(part, xml(text), content_type, source=base.workbook, kind=kind)
    return base


@plants("xlsx.wb.calcchain", canary=b'<c r="FOO4242" i="9"/>')
def _calculation_chain(base: Package, canary: str) -> Package:
    return workbook_part(
        base,
        "xl/calcChain.xml",
        "calcChain",
        f"{SHEET_TYPE}.calcChain+xml",
        f'<calcChain xmlns="{MAIN}"><c r="FOO4242" i="9"/></calcChain>',
    )


@plants("xlsx.wb.voldeps")
def _volatile(base: Package, canary: str) -> Package:
    return workbook_part(
        base,
        "xl/volatileDependencies.xml",
        "volatileDependencies",
        f"{SHEET_TYPE}.volatileDependencies+xml",
        f'<volTypes xmlns="{MAIN}"><volType type="realTimeData"><main first="feed"><tp t="s">'
        f"<v>{canary}</v></tp></main></volType></volTypes>",
    )


@plants("xlsx.wb.webpublishing")
def _publishing(base: Package, canary: str) -> Package:
    put_in(
        base,
        base.workbook,
        f'<webPublishObjects count="1"><webPublishObject id="1" divId="d" destinationFile="'
        f'C:\\{canary}.htm"/></webPublishObjects>',
    )
    return base


@plants("xlsx.wb.webpublishing")
def _published_item(base: Package, canary: str) -> Package:
    put_in(
        base,
        base.sheet(2),
        '<webPublishItems count="1"><webPublishItem id="1" divId="d" sourceType="sheet"'
        f' destinationFile="C:\\{canary}.htm"/></webPublishItems>',
    )
    return base


@plants("xlsx.ws.smarttags")
def _smart_tag(base: Package, canary: str) -> Package:
    put_in(
        base,
        base.sheet(2),
        '<smartTags><cellSmartTags r="A2"><cellSmartTag type="0"><cellSmartTagPr key="k" '
        f'val="{canary}"/></cellSmartTag></cellSmartTags></smartTags>',
    )
    return base


@plants("xlsx.ws.smarttags")
def _smart_tag_type(base: Package, canary: str) -> Package:
    put_in(
        base,
        base.workbook,
        f'<smartTagTypes><smartTagType namespaceUri="urn:x" name="{canary}"/></smartTagTypes>',
    )
    return base


# strings


def _append_string(base: Package, text: str) -> int:
    with base.edit(base.strings) as root:
        root.append(fragment(f"<si><t>{text}</t></si>"))
        return len(root.findall(x("si"))) - 1


@plants("xlsx.sst.orphan")
def _orphan_string(base: Package, canary: str) -> Package:
    _append_string(base, canary)
    return base


@plants("xlsx.sst.hidden-only")
def _string_of_hidden_row(base: Package, canary: str) -> Package:
    index = _append_string(base, canary)
    append_row(base, 2, 20, f'<c r="A20" t="s"><v>{index}</v></c>', 'hidden="1"')
    return base


@plants("xlsx.sst.order", canary=b'count="424242"')
def _string_counts(base: Package, canary: str) -> Package:
    with base.edit(base.strings) as root:
        root.set("count", "424242")
    return base


@plants("xlsx.sst.order", canary=None)
def _string_order(base: Package, canary: str) -> Package:
    with base.edit(base.strings) as root:
        items = root.findall(x("si"))
        last = len(items) - 1
        root.remove(items[last])
        root.insert(0, items[last])
    for number in (1, 2):
        with base.edit(base.sheet(number)) as root:
            for item in root.iter(x("c")):
                value = item.find(x("v"))
                if item.get("t") == "s" and value is not None:
                    value.text = str((int(value.text or "0") + 1) % (last + 1))
    return base


# styles


@plants("xlsx.st.style-names")
def _style_name(base: Package, canary: str) -> Package:
    with base.edit(base.styles) as root:
        names = root.find(x("cellStyles"))
        if names is None:
            names = put(
                root, '<cellStyles><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
            )
        names.append(fragment(f'<cellStyle name="{canary}" xfId="0"/>'))
        if names.get("count"):
            names.set("count", str(len(names)))
    return base


@plants("xlsx.st.numfmt-unused")
def _unused_format(base: Package, canary: str) -> Package:
    with base.edit(base.styles) as root:
        formats = root.find(x("numFmts"))
        if formats is None:
            formats = put(root, "<numFmts/>")
        formats.append(fragment(f'<numFmt numFmtId="399" formatCode="0&quot;{canary}&quot;"/>'))
        if formats.get("count"):
            formats.set("count", str(len(formats)))
    return base


@plants("xlsx.st.numfmt-unused", same=False)
def _format_of_an_empty_cell(base: Package, canary: str) -> Package:
    number = style(base, "<xf/>", format_code=f'0"{canary}"')
    append_row(base, 2, 9, f'<c r="A9" s="{number}"/>')
    return base


@plants("xlsx.st.numfmt-unused", same=False)
def _format_of_a_text(base: Package, canary: str) -> Package:
    number = style(base, "<xf/>", format_code=f'0"{canary}";;;"text "@')
    append_row(base, 2, 9, cell("A9", "Text 0001", f' s="{number}"'))
    return base


@plants("xlsx.st.numfmt-unused", same=False)
def _section_that_no_number_has(base: Package, canary: str) -> Package:
    number = style(base, "<xf/>", format_code=f'0;-0;"{canary}"')
    append_row(base, 2, 9, f'<c r="A9" s="{number}"><v>5</v></c>')
    return base


@plants("xlsx.st.numfmt-unused", same=False)
def _format_that_is_none(base: Package, canary: str) -> Package:
    number = style(base, "<xf/>", format_code=f'0n"{canary}"')
    append_row(base, 2, 9, f'<c r="A9" s="{number}"><v>5</v></c>')
    return base


@plants("xlsx.st.numfmt-unused", same=False)
def _format_of_a_row(base: Package, canary: str) -> Package:
    number = style(base, "<xf/>", format_code=f'0"{canary}"')
    append_row(base, 2, 9, "", f'ht="20" customHeight="1" s="{number}" customFormat="1"')
    return base


@plants("xlsx.st.numfmt-unused", same=False)
def _format_of_a_column(base: Package, canary: str) -> Package:
    number = style(base, "<xf/>", format_code=f'0"{canary}"')
    put_in(base, base.sheet(2), f'<cols><col min="9" max="9" width="9" style="{number}"/></cols>')
    return base


@plants("xlsx.st.pools")
def _unused_font(base: Package, canary: str) -> Package:
    style(base, "<xf/>", font=f'<font><sz val="11"/><name val="{canary}"/></font>')
    return base


@plants("xlsx.st.pools")
def _table_style(base: Package, canary: str) -> Package:
    put_in(
        base,
        base.styles,
        f'<tableStyles count="1"><tableStyle name="{canary}" count="0"/></tableStyles>',
    )
    return base


@plants("xlsx.st.pools")
def _rule_format(base: Package, canary: str) -> Package:
    put_in(
        base,
        base.styles,
        '<dxfs count="1"><dxf><numFmt numFmtId="398" formatCode="&quot;'
        f'{canary}&quot;"/></dxf></dxfs>',
    )
    return base


# parts that hang off the workbook


@plants("xlsx.comment.persons")
def _person(base: Package, canary: str) -> Package:
    return workbook_part(
        base,
        "xl/persons/person.xml",
        f"{MS}/2017/10/relationships/person",
        "application/vnd.ms-excel.person+xml",
        f'<personList xmlns="{MS}/spreadsheetml/2018/threadedcomments"><person'
        f' displayName="{canary}" id="{{00000000-0000-0000-0000-000000000042}}"/></personList>',
    )


@plants("xlsx.cx.xmlmaps")
def _xml_map(base: Package, canary: str) -> Package:
    return workbook_part(
        base,
        "xl/xmlMaps.xml",
        "xmlMaps",
        "application/xml",
        f'<MapInfo xmlns="{MAIN}" SelectionNamespaces=""><Schema ID="Schema1"/>'
        f'<Map ID="1" Name="{canary}" RootElement="r" SchemaID="Schema1"'
        ' ShowImportExportValidationErrors="0" AutoFit="1" Append="0" PreserveSortAFLayout="1"'
        ' PreserveFormat="1"/></MapInfo>',
    )


@plants("xlsx.rev.log")
def _revision_log(base: Package, canary: str) -> Package:
    headers = "xl/revisions/revisionHeaders.xml"
    workbook_part(
        base,
        headers,
        "revisionHeaders",
        f"{SHEET_TYPE}.revisionHeaders+xml",
        f'<headers xmlns="{MAIN}" xmlns:r="{REL}" guid="{{0}}"><header guid="{{0}}"'
        ' dateTime="2020-01-01T00:00:00Z" maxSheetId="3" userName="Person 0042" r:id="rId1">'
        '<sheetIdMap count="1"><sheetId val="1"/></sheetIdMap></header></headers>',
    )
    base.add(
        "xl/revisions/revisionLog1.xml",
        xml(
            f'<revisions xmlns="{MAIN}"><rcc rId="1" sId="1"><oc r="A1" t="inlineStr"><is><t>'
            f'{canary}</t></is></oc><nc r="A1"/></rcc></revisions>'
        ),
        f"{SHEET_TYPE}.revisionLog+xml",
        source=headers,
        kind="revisionLog",
    )
    return base


@plants("xlsx.rev.log")
def _shared_users(base: Package, canary: str) -> Package:
    return workbook_part(
        base,
        "xl/revisions/userNames.xml",
        "usernames",
        f"{SHEET_TYPE}.userNames+xml",
        f'<users xmlns="{MAIN}" count="1"><userInfo guid="{{0}}" name="{canary}" id="-1"'
        ' dateTime="2020-01-01T00:00:00"/></users>',
    )


@plants("xlsx.vba.xlm")
def _macro_sheet(base: Package, canary: str) -> Package:
    part = base.add_sheet("Macro1", sheet_body(canary), kind="macrosheet")
    base[part] = (
        base[part]
        .replace(b"worksheet", b"xm:macrosheet")
        .replace(b"<xm:macrosheet ", f'<xm:macrosheet xmlns:xm="{MS}/excel/2006/main" '.encode())
    )
    rels = "xl/_rels/workbook.xml.rels"
    base.swap(rels, f"{OFFICE}/relationships/macrosheet", f"{MS}/2006/relationships/xlMacrosheet")
    base.swap(
        "[Content_Types].xml",
        f"{SHEET_TYPE}.macrosheet+xml",
        "application/vnd.ms-excel.macrosheet+xml",
    )
    return base


@plants("xlsx.vba.dialogsheet")
def _dialog_sheet(base: Package, canary: str) -> Package:
    part = base.add_sheet(
        "Dialog1",
        f"<headerFooter><oddHeader>{canary}</oddHeader></headerFooter>",
        kind="dialogsheet",
    )
    base[part] = base[part].replace(b"worksheet", b"dialogsheet")
    return base


@plants("xlsx.ext.path")
def _external_path(base: Package, canary: str) -> Package:
    return _external(base, f"file:///C:/Users/{canary}/book.xlsx", "")


@plants("xlsx.ext.cache")
def _external_cells(base: Package, canary: str) -> Package:
    return _external(
        base,
        "book.xlsx",
        '<sheetNames><sheetName val="S"/></sheetNames><sheetDataSet><sheetData sheetId="0">'
        f'<row r="1"><cell r="A1" t="str"><v>{canary}</v></cell></row></sheetData></sheetDataSet>',
    )


def _external(base: Package, target: str, body: str) -> Package:
    part = "xl/externalLinks/externalLink1.xml"
    rid = base.add(
        part,
        xml(
            f'<externalLink xmlns="{MAIN}" xmlns:r="{REL}"><externalBook r:id="rId1">{body}'
            "</externalBook></externalLink>"
        ),
        f"{SHEET_TYPE}.externalLink+xml",
        source=base.workbook,
        kind="externalLink",
    )
    base.relate(part, "externalLinkPath", target, external=True)
    put_in(
        base,
        base.workbook,
        f'<externalReferences><externalReference r:id="{rid}"/></externalReferences>',
    )
    return base


@plants("xlsx.conn.string")
def _connection(base: Package, canary: str) -> Package:
    return workbook_part(
        base,
        "xl/connections.xml",
        "connections",
        f"{SHEET_TYPE}.connections+xml",
        f'<connections xmlns="{MAIN}"><connection id="1" name="c" type="1" refreshedVersion="4">'
        f'<dbPr connection="Server={canary};" command="select"/></connection></connections>',
    )


@plants("xlsx.conn.model")
def _data_model(base: Package, canary: str) -> Package:
    base.add(
        "xl/model/item.data",
        canary.encode("utf-16-le"),
        f"{DOCUMENT}.model+data",
        source=base.workbook,
        kind="powerPivotData",
    )
    return base


@plants("xlsx.conn.powerquery")
def _power_query(base: Package, canary: str) -> Package:
    import base64

    from makers.zips import Entry, pack

    inner = pack([Entry("Formulas/Section1.m", f"let a = {canary} in a".encode(), method=0)])
    blob = b"\0\0\0\0" + len(inner).to_bytes(4, "little") + inner + bytes(12)
    text = (
        '<?xml version="1.0" encoding="utf-16"?><DataMashup'
        f' xmlns="http://schemas.microsoft.com/DataMashup">{base64.b64encode(blob).decode()}'
        "</DataMashup>"
    )
    base.add(
        "customXml/item1.xml",
        b"\xff\xfe" + text.encode("utf-16-le"),
        source=base.workbook,
        kind="customXml",
    )
    return base


@plants("xlsx.rich.values")
def _rich_value(base: Package, canary: str) -> Package:
    return workbook_part(
        base,
        "xl/richData/rdrichvalue.xml",
        f"{MS}/2017/06/relationships/rdRichValue",
        "application/vnd.ms-excel.rdrichvalue+xml",
        f'<rvData xmlns="{MS}/spreadsheetml/2017/richdata" count="1"><rv s="0"><v>{canary}</v>'
        "</rv></rvData>",
    )


@plants("xlsx.rich.values")
def _metadata(base: Package, canary: str) -> Package:
    return workbook_part(
        base,
        "xl/metadata.xml",
        "sheetMetadata",
        f"{SHEET_TYPE}.sheetMetadata+xml",
        f'<metadata xmlns="{MAIN}"><metadataStrings count="1"><s v="{canary}"/></metadataStrings>'
        "</metadata>",
    )


@plants("xlsx.chart.chartsheet")
def _chart_sheet(base: Package, canary: str) -> Package:
    part = base.add_sheet(
        "Chart1",
        '<sheetViews><sheetView workbookViewId="0"/></sheetViews>'
        f"<headerFooter><oddHeader>{canary}</oddHeader></headerFooter>",
        kind="chartsheet",
    )
    base[part] = base[part].replace(b"worksheet", b"chartsheet")
    return base
