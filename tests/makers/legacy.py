"""VML for tests: pictures of headers, controls, previews, and their twins in drawings."""

from __future__ import annotations

from canaries.edits import put_in
from canaries.features import png
from canaries.ooxml import DOCUMENT
from makers.packages import Package

SPACES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
PICTURE = "xl/media/image70.png"
A14 = "http://schemas.microsoft.com/office/drawing/2010/main"


def vml(*shapes: str) -> bytes:
    """A VML part of these shapes."""
    return f"<xml {SPACES}>{''.join(shapes)}</xml>".encode()


def head(
    package: Package,
    pictures: dict[str, bytes],
    header: str,
    footer: str = "",
    *,
    attributes: str = "",
    looks: str = "",
    sheet: int = 1,
) -> Package:
    """Give a sheet's header and footer texts, and pictures by the ids of their shapes."""
    package.default("vml", f"{DOCUMENT}.vmlDrawing")
    package.default("png", "image/png")
    part = f"xl/drawings/vmlDrawing{40 + sheet}.vml"
    shapes = []
    for number, (id_, data) in enumerate(pictures.items(), 1):
        name = f"xl/media/image{50 + number}.png"
        package[name] = data
        rid = package.relate(part, "image", f"/{name}")
        shapes.append(
            f'<v:shape id="{id_}" o:spid="_x0000_s10{number}" type="#_x0000_t75" style="position:'
            f'absolute;margin-left:0;margin-top:0;width:40pt;height:.5in;z-index:{number}">'
            f'<v:imagedata o:relid="{rid}" o:title="logo" {looks}/></v:shape>'
        )
    package[part] = vml(*shapes)
    rid = package.relate(package.sheet(sheet), "vmlDrawing", f"/{part}")
    texts = f"<oddHeader>{header}</oddHeader>" + (
        f"<oddFooter>{footer}</oddFooter>" if footer else ""
    )
    put_in(package, package.sheet(sheet), f"<headerFooter {attributes}>{texts}</headerFooter>")
    put_in(package, package.sheet(sheet), f'<legacyDrawingHF r:id="{rid}"/>')
    return package


def control(
    kind: str,
    text: str = "",
    *,
    data: str = "",
    style: str = "",
    anchor: str = "1, 10, 1, 4, 3, 20, 2, 12",
    number: int = 1025,
    more: str = "",
) -> str:
    """A control in VML, as Excel writes it."""
    return (
        f'<v:shape id="_x0000_s{number}" type="#_x0000_t201" style="position:absolute;{style}"'
        f' filled="f" stroked="f" {more}><v:textbox style="mso-direction-alt:auto"><div'
        f' style="text-align:left"><font face="Tahoma" size="160" color="auto">{text}</font></div>'
        f'</v:textbox><x:ClientData ObjectType="{kind}"><x:SizeWithCells/><x:Anchor>\n {anchor}'
        f"</x:Anchor><x:TextVAlign>Center</x:TextVAlign>{data}</x:ClientData></v:shape>"
    )


def picture(data: str = "", *, anchor: str = "1, 10, 1, 4, 3, 20, 4, 12") -> str:
    """A shape with a picture; ``data`` says what is behind it."""
    return (
        '<v:shape id="_x0000_s1025" type="#_x0000_t75" style="position:absolute" filled="t"'
        ' fillcolor="window [65]" stroked="t" strokecolor="windowText [64]"><v:imagedata'
        ' o:relid="rId1"/><x:ClientData ObjectType="Pict"><x:SizeWithCells/>'
        f"<x:Anchor>{anchor}</x:Anchor><x:CF>Pict</x:CF>{data}</x:ClientData></v:shape>"
    )


def legacy(package: Package, sheet: int, *shapes: str, image: bytes | None = None) -> Package:
    """Give a sheet a VML drawing; ``rId1`` of it is a picture."""
    package.default("vml", f"{DOCUMENT}.vmlDrawing")
    package.default("png", "image/png")
    part = "xl/drawings/vmlDrawing60.vml"
    package[part] = vml(*shapes)
    if "imagedata" in "".join(shapes):
        package[PICTURE] = png() if image is None else image
        package.relate(part, "image", f"/{PICTURE}")
    rid = package.relate(package.sheet(sheet), "vmlDrawing", f"/{part}")
    put_in(package, package.sheet(sheet), f'<legacyDrawing r:id="{rid}"/>')
    return package


def twin(text: str, number: int = 1025, *, hidden: str = ' hidden="1"') -> str:
    """The anchor by which newer programs know a control: a shape that is switched off."""
    words = f"<xdr:txBody><a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></xdr:txBody>"
    return (
        "<xdr:twoCellAnchor><xdr:from><xdr:col>0</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>0"
        "</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>2</xdr:col><xdr:colOff>0"
        '</xdr:colOff><xdr:row>2</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to><xdr:sp macro=""'
        f' textlink=""><xdr:nvSpPr><xdr:cNvPr id="{number}" name="Control 1"{hidden}><a:extLst>'
        f'<a:ext uri="{{0}}"><a14:compatExt xmlns:a14="{A14}" spid="_x0000_s{number}"/></a:ext>'
        '</a:extLst></xdr:cNvPr><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr><a:prstGeom prst="rect">'
        f"<a:avLst/></a:prstGeom></xdr:spPr>{words}</xdr:sp><xdr:clientData/></xdr:twoCellAnchor>"
    )
