"""Canaries in the parts that all Office Open XML formats share."""

from __future__ import annotations

from canaries.edits import append_row, cell, put, put_in
from canaries.planting import plants
from makers.compound import compound
from makers.packages import XML_HEAD, Package, x

PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
MS = "http://schemas.microsoft.com/office"
DOCUMENT = "application/vnd.openxmlformats-officedocument"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


def xml(text: str) -> bytes:
    return XML_HEAD + text.encode()


@plants("ooxml.core-properties")
def _core(base: Package, canary: str) -> Package:
    base.add(
        "docProps/core.xml",
        xml(
            f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties"'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:creator>{canary}</dc:creator></cp:coreProperties>"
        ),
        "application/vnd.openxmlformats-package.core-properties+xml",
        kind=f"{PACKAGE}/relationships/metadata/core-properties",
    )
    return base


@plants("ooxml.core-properties")
def _core_elsewhere(base: Package, canary: str) -> Package:
    base.add(
        "package/services/metadata/core-properties/0042.psmdcp",
        xml(f'<coreProperties xmlns="{PACKAGE}/metadata/core-properties"><category>{canary}'
            "</category></coreProperties>"),
        "application/vnd.openxmlformats-package.core-properties+xml",
        kind=f"{PACKAGE}/relationships/metadata/core-properties",
    )  # fmt: skip
    return base


def _app(base: Package, body: str) -> Package:
    base["docProps/app.xml"] = xml(
        f'<Properties xmlns="{OFFICE}/extended-properties" xmlns:vt="{OFFICE}/docPropsVTypes">'
        f"{body}</Properties>"
    )
    return base


@plants("ooxml.extended-properties")
def _company(base: Package, canary: str) -> Package:
    return _app(base, f"<Manager>{canary}</Manager><TotalTime>7</TotalTime>")


@plants("ooxml.app-titles-of-parts")
def _titles(base: Package, canary: str) -> Package:
    return _app(
        base,
        '<TitlesOfParts><vt:vector size="1" baseType="lpstr">'
        f"<vt:lpstr>{canary}</vt:lpstr></vt:vector></TitlesOfParts>",
    )


def _custom(base: Package, name: str, value: str) -> Package:
    base.add(
        "docProps/custom.xml",
        xml(
            f'<Properties xmlns="{OFFICE}/custom-properties" xmlns:vt="{OFFICE}/docPropsVTypes">'
            f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name="{name}">'
            f"<vt:lpwstr>{value}</vt:lpwstr></property></Properties>"
        ),
        f"{DOCUMENT}.custom-properties+xml",
        kind="custom-properties",
    )
    return base


@plants("ooxml.custom-properties")
def _custom_property(base: Package, canary: str) -> Package:
    return _custom(base, "Case number", canary)


@plants("ooxml.label-info")
def _label_property(base: Package, canary: str) -> Package:
    return _custom(base, "MSIP_Label_00000000-0000-0000-0000-000000000042_Owner", canary)


@plants("ooxml.label-info")
def _label_part(base: Package, canary: str) -> Package:
    base.add(
        "docMetadata/LabelInfo.xml",
        xml(
            f'<clbl:labelList xmlns:clbl="{MS}/2020/mipLabelMetadata"><clbl:label id="{canary}"/>'
            "</clbl:labelList>"
        ),
        "application/vnd.ms-office.classificationlabels+xml",
        kind=f"{MS}/2020/02/relationships/classificationlabels",
    )
    return base


@plants("ooxml.thumbnail")
def _thumbnail(base: Package, canary: str) -> Package:
    base.default("jpeg", "image/jpeg")
    base["docProps/thumbnail.jpeg"] = (
        b"\xff\xd8\xff\xfe\x00\x11" + canary.encode()[:15] + b"\xff\xd9"
    )
    base.relate("", f"{PACKAGE}/relationships/metadata/thumbnail", "docProps/thumbnail.jpeg")
    return base


@plants("ooxml.custom-xml")
def _custom_xml(base: Package, canary: str) -> Package:
    base.add(
        "customXml/item1.xml",
        xml(f'<report xmlns="urn:example:report"><row>{canary}</row></report>'),
        source=base.workbook,
        kind="customXml",
    )
    base.add(
        "customXml/itemProps1.xml",
        xml(
            f'<ds:datastoreItem xmlns:ds="{OFFICE}/customXml"'
            ' ds:itemID="{00000000-0000-0000-0000-000000000042}"/>'
        ),
        f"{DOCUMENT}.customXmlProperties+xml",
        source="customXml/item1.xml",
        kind="customXmlProps",
    )
    return base


def embed(base: Package, sheet: int, data: bytes, program: str = "Package") -> Package:
    """Embed a document of a program into a sheet, as the object with the number 1025."""
    part = base.sheet(sheet)
    rid = base.add(
        "xl/embeddings/oleObject1.bin",
        data,
        f"{DOCUMENT}.oleObject",
        source=part,
        kind="oleObject",
    )
    put_in(
        base,
        part,
        f'<oleObjects><oleObject progId="{program}" shapeId="1025" r:id="{rid}"/></oleObjects>',
    )
    return base


def control_with_state(base: Package, value: str, number: int) -> Package:
    """Give the second sheet an ActiveX control with a stored value."""
    part = base.sheet(2)
    rid = base.add(
        "xl/activeX/activeX1.xml",
        xml(
            f'<ax:ocx xmlns:ax="{MS}/2006/activeX" ax:classid="{{0}}"'
            f' ax:persistence="persistPropertyBag"><ax:ocxPr ax:name="Value" ax:value="{value}"/>'
            "</ax:ocx>"
        ),
        "application/vnd.ms-office.activeX+xml",
        source=part,
        kind="control",
    )
    put_in(base, part, f'<controls><control shapeId="{number}" r:id="{rid}"/></controls>')
    return base


@plants("ooxml.ole-object")
def _ole(base: Package, canary: str) -> Package:
    return embed(base, 2, compound({"\x01Ole10Native": canary.encode()}))


@plants("ooxml.ole-object")
def _embedded_workbook(base: Package, canary: str) -> Package:
    from makers.sheets import workbook

    inner = workbook(f"A1={canary}").zip()
    base.add(
        "xl/embeddings/Microsoft_Excel_Sheet1.xlsx",
        inner,
        f"{DOCUMENT}.spreadsheetml.sheet",
        source=base.sheet(1),
        kind="package",
    )
    return base


@plants("ooxml.activex")
def _activex(base: Package, canary: str) -> Package:
    return control_with_state(base, canary, 1026)


@plants("ooxml.vba")
def _macros(base: Package, canary: str) -> Package:
    base.add(
        "xl/vbaProject.bin",
        compound({"PROJECT": canary.encode()}),
        "application/vnd.ms-office.vbaProject",
        source=base.workbook,
        kind=f"{MS}/2006/relationships/vbaProject",
    )
    base.swap(
        "[Content_Types].xml",
        f"{DOCUMENT}.spreadsheetml.sheet.main+xml",
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    return base


@plants("ooxml.custom-ui")
def _ribbon(base: Package, canary: str) -> Package:
    base.add(
        "customUI/customUI.xml",
        xml(f'<customUI xmlns="{MS}/2006/01/customui" onLoad="{canary}"/>'),
        kind=f"{MS}/2006/relationships/ui/extensibility",
    )
    return base


@plants("ooxml.web-extension")
def _web_extension(base: Package, canary: str) -> Package:
    base.add(
        "xl/webextensions/taskpanes.xml",
        xml(f'<wetp:taskpanes xmlns:wetp="{MS}/webextensions/taskpanes/2010/11"/>'),
        "application/vnd.ms-office.webextensiontaskpanes+xml",
        kind=f"{MS}/2011/relationships/webextensiontaskpanes",
    )
    base.add(
        "xl/webextensions/webextension1.xml",
        xml(
            f'<we:webextension xmlns:we="{MS}/webextensions/webextension/2010/11" id="{{0}}">'
            f'<we:properties><we:property name="token" value="{canary}"/></we:properties>'
            "</we:webextension>"
        ),
        "application/vnd.ms-office.webextension+xml",
        source="xl/webextensions/taskpanes.xml",
        kind=f"{MS}/2011/relationships/webextension",
    )
    return base


@plants("ooxml.printer-settings")
def _printer(base: Package, canary: str) -> Package:
    sheet = base.sheet(2)
    rid = base.add(
        "xl/printerSettings/printerSettings1.bin",
        canary.encode("utf-16-le"),
        f"{DOCUMENT}.spreadsheetml.printerSettings",
        source=sheet,
        kind="printerSettings",
    )
    with base.edit(sheet) as root:
        setup = root.find(x("pageSetup"))
        if setup is None:
            setup = put(root, "<pageSetup/>")
        setup.set(f"{{{OFFICE}/relationships}}id", rid)
    return base


def _theme(base: Package) -> str:
    """The theme that the style of the base's table needs."""
    return base.targets(base.workbook, "theme")[0]


@plants("ooxml.theme-name")
def _theme_name(base: Package, canary: str) -> Package:
    with base.edit(_theme(base)) as root:
        root.set("name", canary)
    return base


@plants("ooxml.theme-name")
def _name_of_colours(base: Package, canary: str) -> Package:
    with base.edit(_theme(base)) as root:
        next(root.iter(f"{{{DRAWING}}}clrScheme")).set("name", canary)
    return base


@plants("ooxml.theme-name")
def _theme_colour(base: Package, canary: str) -> Package:
    base.swap(
        _theme(base),
        "</a:themeElements>",
        f'</a:themeElements><a:custClrLst><a:custClr name="{canary}"><a:srgbClr val="123456"/>'
        "</a:custClr></a:custClrLst>",
    )
    return base


INVISIBLE = "".join(chr(0xE0000 + ord(char)) for char in "Canary0042Qz7Kx")


@plants("ooxml.invisible-unicode", canary=INVISIBLE, same=False)
def _tag_characters(base: Package, canary: str) -> Package:
    append_row(base, 2, 9, cell("A9", f"Total{canary}"))
    return base
