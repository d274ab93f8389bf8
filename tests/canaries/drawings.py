"""Canaries in the objects of a drawing, on a base that shows a text box, a picture and a group."""

from __future__ import annotations

from canaries.edits import append_row
from canaries.features import draw, frame, picture, png, shape
from canaries.ooxml import DOCUMENT, DRAWING, MS, xml
from canaries.planting import BASES, made, plants
from makers.packages import Package

PART = "xl/drawings/drawing1.xml"
MEDIA = "xl/media/image1.png"
FILLED = '<a:solidFill><a:srgbClr val="336699"/></a:solidFill>'


def boxed(text: str, own: str = 'id="2" name="Box 1"', place: str = "0") -> str:
    """A filled member of a group."""
    return (
        shape(text, own)
        .replace(
            "<xdr:spPr>",
            f'<xdr:spPr><a:xfrm><a:off x="{place}" y="0"/><a:ext cx="400" cy="400"/></a:xfrm>',
        )
        .replace("</a:prstGeom>", f"</a:prstGeom>{FILLED}")
    )


def group(*members: str) -> str:
    return (
        '<xdr:grpSp><xdr:nvGrpSpPr><xdr:cNvPr id="9" name="Group 1"/><xdr:cNvGrpSpPr/>'
        '</xdr:nvGrpSpPr><xdr:grpSpPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="900" cy="400"/>'
        '<a:chOff x="0" y="0"/><a:chExt cx="900" cy="400"/></a:xfrm></xdr:grpSpPr>'
        f"{''.join(members)}</xdr:grpSp>"
    )


def anchor(content: str, row: str = "8", size: str = "914400") -> str:
    return (
        "<xdr:oneCellAnchor><xdr:from><xdr:col>2</xdr:col><xdr:colOff>0</xdr:colOff>"
        f"<xdr:row>{row}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
        f'<xdr:ext cx="{size}" cy="{size}"/>{content}<xdr:clientData/></xdr:oneCellAnchor>'
    )


def between(content: str, start: tuple[int, ...], end: tuple[int, ...]) -> str:
    """An anchor from one cell to another: columns, offsets, rows and offsets."""
    keys = ("col", "colOff", "row", "rowOff")
    marks = [
        "".join(f"<xdr:{key}>{value}</xdr:{key}>" for key, value in zip(keys, mark, strict=True))
        for mark in (start, end)
    ]
    return (
        f"<xdr:twoCellAnchor><xdr:from>{marks[0]}</xdr:from><xdr:to>{marks[1]}</xdr:to>{content}"
        "<xdr:clientData/></xdr:twoCellAnchor>"
    )


def _drawn() -> Package:
    package = Package.read(made("plain"))
    package.default("png", "image/png")
    package[MEDIA] = png()
    draw(package, shape("Seen in a box"), rels=(("image", f"/{MEDIA}", False),))
    add(package, anchor(picture('r:embed="rId1"')))
    add(package, between(boxed("Seen on a box"), (4, 0, 3, 0), (6, 0, 6, 0)))
    members = (boxed("Seen in a group"), boxed("Seen beside it", place="500"))
    return add(package, anchor(group(*members), "12"))


BASES["drawn"] = _drawn


def add(base: Package, markup: str) -> Package:
    """Put an anchor in front of the others' end, so that it lies on top."""
    base.swap(PART, "</xdr:wsDr>", f"{markup}</xdr:wsDr>")
    return base


def change(base: Package, old: str, new: str) -> Package:
    """Change the first place where the drawing of the base has this."""
    base.swap(PART, old, new)
    return base


@plants("xlsx.dr.objects", base="drawn")
def _of_no_size(base: Package, canary: str) -> Package:
    return add(base, anchor(shape(canary), size="0"))


@plants("xlsx.dr.objects", base="drawn")
def _beside_the_sheet(base: Package, canary: str) -> Package:
    return add(base, anchor(shape(canary), row="1048577"))


@plants("xlsx.dr.objects", base="drawn")
def _of_no_size_in_a_group(base: Package, canary: str) -> Package:
    member = boxed(canary).replace('cx="400" cy="400"', 'cx="0" cy="0"')
    return change(base, "</xdr:grpSp>", f"{member}</xdr:grpSp>")


@plants("xlsx.dr.objects", base="drawn")
def _under_another(base: Package, canary: str) -> Package:
    below = between(shape(canary), (4, 5, 3, 5), (5, 5, 5, 5))
    return change(base, "<xdr:twoCellAnchor>", f"{below}<xdr:twoCellAnchor>")


@plants("xlsx.cell.covered", base="drawn")
def _value_under_a_box(base: Package, canary: str) -> Package:
    append_row(base, 2, 5, f'<c r="E5" t="inlineStr"><is><t>{canary}</t></is></c>')
    return base


@plants("xlsx.dr.hidden", base="drawn")
def _hidden_box(base: Package, canary: str) -> Package:
    return add(base, anchor(shape(canary, 'id="20" name="Box 1" hidden="1"')))


@plants("xlsx.dr.hidden", base="drawn")
def _hidden_in_a_group(base: Package, canary: str) -> Package:
    member = boxed(canary, 'id="20" name="Box 1" hidden="true"')
    return change(base, "</xdr:grpSp>", f"{member}</xdr:grpSp>")


@plants("xlsx.dr.hidden", base="drawn")
def _hidden_group(base: Package, canary: str) -> Package:
    hidden = group(boxed(canary)).replace('name="Group 1"', 'name="Group 1" hidden="1"')
    return add(base, anchor(hidden))


@plants("xlsx.dr.alt-text", base="drawn")
def _alternative_text(base: Package, canary: str) -> Package:
    return change(base, 'name="Shape 1"', f'name="Shape 1" descr="{canary}"')


@plants("xlsx.dr.macro", base="drawn")
def _macro_of_shape(base: Package, canary: str) -> Package:
    return change(base, 'macro=""', f'macro="{canary}.Run"')


@plants("xlsx.dr.names-ids", base="drawn")
def _name_of_shape(base: Package, canary: str) -> Package:
    return change(base, 'name="Shape 1"', f'name="{canary}"')


@plants("xlsx.dr.names-ids", base="drawn")
def _former_fill(base: Package, canary: str) -> Package:
    space = f"{MS}/drawing/2010/main"
    return change(
        base,
        "</xdr:spPr>",
        f'<a:extLst><a:ext uri="{{0}}"><a14:hiddenFill xmlns:a14="{space}"><a:solidFill>'
        f'<a:srgbClr val="{canary}"/></a:solidFill></a14:hiddenFill></a:ext></a:extLst></xdr:spPr>',
    )


@plants("xlsx.dr.textlink", base="drawn")
def _linked_text(base: Package, canary: str) -> Package:
    change(base, 'textlink=""', f'textlink="{canary}!$A$1"')
    field = f'<a:fld id="{{{canary}}}" type="TxLink"><a:t>Seen in a box</a:t></a:fld>'
    return change(base, "<a:r><a:t>Seen in a box</a:t></a:r>", field)


@plants("xlsx.dr.hyperlink", base="drawn")
def _link_to_a_file(base: Package, canary: str) -> Package:
    rid = base.relate(PART, "hyperlink", f"file:///C:/Users/{canary}/x.xlsx", external=True)
    return change(
        base,
        'name="Shape 1"/>',
        f'name="Shape 1"><a:hlinkClick r:id="{rid}" tooltip="{canary}"/></xdr:cNvPr>',
    )


@plants("xlsx.dr.invisible-paint", base="drawn")
def _unpainted(base: Package, canary: str) -> Package:
    run = f"<a:r><a:rPr><a:noFill/></a:rPr><a:t>{canary}</a:t></a:r>"
    return change(base, "</a:r></a:p>", f"</a:r>{run}</a:p>")


@plants("xlsx.dr.invisible-paint", base="drawn")
def _in_the_colour_of_its_shape(base: Package, canary: str) -> Package:
    run = f"<a:r><a:rPr>{FILLED}</a:rPr><a:t>{canary}</a:t></a:r></a:p>"
    seen = "<a:t>Seen in a group</a:t></a:r>"
    return change(base, f"{seen}</a:p>", f"{seen}{run}")


@plants("xlsx.dr.invisible-paint", base="drawn")
def _a_point_high(base: Package, canary: str) -> Package:
    run = f'<a:r><a:rPr sz="100"/><a:t>{canary}</a:t></a:r>'
    return change(base, "</a:r></a:p>", f"</a:r>{run}</a:p>")


@plants("xlsx.dr.invisible-paint", base="drawn")
def _washed_out(base: Package, canary: str) -> Package:
    base["xl/media/image7.png"] = png(canary)
    rid = base.relate(PART, "image", "/xl/media/image7.png")
    faded = picture(f'r:embed="{rid}"').replace(
        f'<a:blip r:embed="{rid}"/>',
        f'<a:blip r:embed="{rid}"><a:lum bright="100000"/></a:blip>',
    )
    return add(base, anchor(faded))


@plants("xlsx.dr.image-metadata", base="drawn")
def _picture_metadata(base: Package, canary: str) -> Package:
    base[MEDIA] = png(canary)
    return base


@plants("xlsx.dr.linked-picture", base="drawn")
def _linked_picture(base: Package, canary: str) -> Package:
    target = f"file:///C:/Users/{canary}/x.png"
    rid = base.relate(PART, "image", target, external=True)
    return add(base, anchor(picture(f'r:link="{rid}"')))


@plants("xlsx.dr.metafile", base="drawn")
def _vector_picture(base: Package, canary: str) -> Package:
    base.default("emf", "image/x-emf")
    header = b"\1\0\0\0\x58\0\0\0" + bytes(32) + b" EMF" + bytes(44)
    base["xl/media/image8.emf"] = header + canary.encode("utf-16-le")
    rid = base.relate(PART, "image", "/xl/media/image8.emf")
    return add(base, anchor(picture(f'r:embed="{rid}"')))


@plants("xlsx.dr.smartart", base="drawn")
def _diagram(base: Package, canary: str) -> Package:
    return _unpainted_diagram(base, canary)


@plants("xlsx.dr.left-out", base="drawn")
def _diagram_without_shapes(base: Package, canary: str) -> Package:
    return _unpainted_diagram(base, canary)


def _unpainted_diagram(base: Package, canary: str) -> Package:
    space = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
    rid = base.add(
        "xl/diagrams/data1.xml",
        xml(
            f'<dgm:dataModel xmlns:dgm="{space}" xmlns:a="{DRAWING}"><dgm:ptLst>'
            f'<dgm:pt modelId="1"><dgm:t><a:p><a:r><a:t>{canary}</a:t></a:r></a:p>'
            "</dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>"
        ),
        f"{DOCUMENT}.drawingml.diagramData+xml",
        source=PART,
        kind="diagramData",
    )
    return add(base, anchor(frame(space, f'<dgm:relIds xmlns:dgm="{space}" r:dm="{rid}"/>')))


@plants("xlsx.dr.ink", base="drawn")
def _ink(base: Package, canary: str) -> Package:
    rid = base.add(
        "xl/ink/ink1.xml",
        xml(
            f'<inkml:ink xmlns:inkml="http://www.w3.org/2003/InkML"><inkml:trace>{canary}'
            "</inkml:trace></inkml:ink>"
        ),
        "application/inkml+xml",
        source=PART,
        kind="customXml",
    )
    return add(base, anchor(f'<xdr:contentPart r:id="{rid}"/>'))
