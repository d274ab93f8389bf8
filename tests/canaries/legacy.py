"""Canaries in VML: pictures of headers, previews of documents, linked pictures, controls."""

from __future__ import annotations

from canaries.drawings import add
from canaries.edits import put_in
from canaries.features import X14, png
from canaries.ooxml import DOCUMENT, control_with_state, embed, xml
from canaries.planting import BASES, made, plants
from makers.legacy import control, head, legacy, picture, twin
from makers.packages import MAIN, Package

HEADED = "xl/drawings/vmlDrawing1.vml"


def _headed() -> Package:
    package = Package.read(made("plain"))
    return head(package, {"LH": png(), "RF": png()}, "&amp;L&amp;GSeen", "&amp;R&amp;G")


def swap(base: Package, part: str, old: str, new: str) -> Package:
    """Change the first place where a part has this."""
    base.swap(part, old, new)
    return base


BASES["headed"] = _headed


@plants("xlsx.ws.headerfooter-picture", base="headed")
def _title_of_a_logo(base: Package, canary: str) -> Package:
    return swap(base, HEADED, 'o:relid="rId1"', f'o:relid="rId1" o:title="{canary}"')


@plants("xlsx.ws.headerfooter-picture", base="headed")
def _description_of_a_logo(base: Package, canary: str) -> Package:
    return swap(base, HEADED, 'id="LH"', f'id="LH" alt="{canary}"')


@plants("xlsx.ws.headerfooter-picture", base="headed")
def _logo_that_no_header_has(base: Package, canary: str) -> Package:
    shape = (
        '<v:shape id="CH" type="#_x0000_t75" style="width:9pt;height:9pt"><v:imagedata'
        f' o:relid="rId1" o:title="{canary}"/></v:shape></xml>'
    )
    return swap(base, HEADED, "</xml>", shape)


@plants("xlsx.ws.headerfooter-picture", base="headed")
def _logo_of_first_pages_that_are_none(base: Package, canary: str) -> Package:
    base.swap(
        base.sheet(1),
        "</headerFooter>",
        f"<firstHeader>&amp;L&amp;G{canary}</firstHeader></headerFooter>",
    )
    shape = (
        '<v:shape id="LHFIRST" type="#_x0000_t75" style="width:9pt;height:9pt"><v:imagedata'
        ' o:relid="rId1"/></v:shape></xml>'
    )
    return swap(base, HEADED, "</xml>", shape)


@plants("xlsx.ws.headerfooter-picture", base="headed")
def _text_in_a_logo(base: Package, canary: str) -> Package:
    return swap(base, HEADED, "</v:shape>", f"<v:textbox><div>{canary}</div></v:textbox></v:shape>")


@plants("xlsx.dr.image-metadata", base="headed")
def _metadata_of_a_logo(base: Package, canary: str) -> Package:
    base["xl/media/image1.png"] = png(canary)
    return base


@plants("xlsx.dr.hidden")
def _hidden_control(base: Package, canary: str) -> Package:
    return legacy(base, 2, control("Checkbox", canary, style="visibility:hidden"))


@plants("xlsx.dr.vml")
def _control_in_a_hidden_group(base: Package, canary: str) -> Package:
    inner = control("Button", canary)
    return legacy(base, 2, f'<v:group style="display:none">{inner}</v:group>')


@plants("xlsx.dr.vml")
def _control_of_no_size(base: Package, canary: str) -> Package:
    return legacy(base, 2, control("Label", canary, anchor="1,0,1,0,1,0,1,0"))


@plants("xlsx.dr.vml")
def _control_beside_the_sheet(base: Package, canary: str) -> Package:
    return legacy(base, 2, control("Label", canary, anchor="20000,0,1,0,20001,0,2,0"))


@plants("xlsx.comment.text")
def _note_that_is_always_open(base: Package, canary: str) -> Package:
    legacy(
        base, 2, control("Note", canary, data="<x:Visible/><x:Row>1</x:Row><x:Column>1</x:Column>")
    )
    base.add(
        "xl/comments1.xml",
        xml(
            f'<comments xmlns="{MAIN}"><authors><author/></authors><commentList><comment ref="B2"'
            f' authorId="0"><text><t>{canary}</t></text></comment></commentList></comments>'
        ),
        f"{DOCUMENT}.spreadsheetml.comments+xml",
        source=base.sheet(2),
        kind="comments",
    )
    return base


@plants("xlsx.dr.vml", base="drawn")
def _caption_that_the_drawing_lacks(base: Package, canary: str) -> Package:
    legacy(base, 2, control("Checkbox", canary))
    return add(base, twin("Other words"))


@plants("xlsx.dr.vml", base="drawn")
def _caption_under_a_box(base: Package, canary: str) -> Package:
    return legacy(base, 2, control("Checkbox", canary, anchor="4,9,3,9,5,0,5,0"))


@plants("xlsx.dr.form-control", same=False)
def _cell_behind_a_control(base: Package, canary: str) -> Package:
    data = f"<x:FmlaLink>{canary}!$A$1</x:FmlaLink><x:Checked>1</x:Checked>"
    legacy(base, 2, control("Checkbox", "Seen", data=data))
    return _controlled(base, "CheckBox", f'checked="Checked" fmlaLink="{canary}!$A$1"')


@plants("xlsx.dr.form-control", same=False)
def _list_behind_a_control(base: Package, canary: str) -> Package:
    data = f"<x:FmlaRange>{canary}!$A$1:$A$9</x:FmlaRange><x:Sel>2</x:Sel>"
    legacy(base, 2, control("Drop", canary, data=data))
    return _controlled(base, "Drop", f'sel="2" fmlaRange="{canary}!$A$1:$A$9"')


@plants("xlsx.dr.form-control")
def _control_in_two_states(base: Package, canary: str) -> Package:
    legacy(base, 2, control("Checkbox", canary, data="<x:Checked>1</x:Checked>"))
    return _controlled(base, "CheckBox", "")


def _controlled(base: Package, kind: str, attributes: str) -> Package:
    rid = base.add(
        "xl/ctrlProps/ctrlProp1.xml",
        xml(f'<formControlPr xmlns="{X14}" objectType="{kind}" {attributes}/>'),
        "application/vnd.ms-excel.controlproperties+xml",
        source=base.sheet(2),
        kind="ctrlProp",
    )
    put_in(
        base,
        base.sheet(2),
        f'<controls><control shapeId="1025" r:id="{rid}" name="Control 1"/></controls>',
    )
    return base


@plants("xlsx.dr.macro", same=False)
def _macro_of_a_button(base: Package, canary: str) -> Package:
    data = f"<x:FmlaMacro>[0]!{canary}</x:FmlaMacro>"
    return legacy(base, 2, control("Button", "Seen", data=data))


@plants("xlsx.dr.alt-text", same=False)
def _description_of_a_control(base: Package, canary: str) -> Package:
    return legacy(
        base, 2, control("Button", "Seen").replace("<v:shape ", f'<v:shape alt="{canary}" ')
    )


@plants("xlsx.dr.vml", same=False)
def _name_of_a_control(base: Package, canary: str) -> Package:
    shape = control("Button", "Seen").replace(
        'id="_x0000_s1025"', f'id="{canary}" o:spid="_x0000_s1025"'
    )
    return legacy(base, 2, shape)


@plants("ooxml.ole-object", same=False)
def _document_behind_a_picture(base: Package, canary: str) -> Package:
    legacy(base, 2, picture())
    return embed(base, 2, canary.encode() + canary.encode("utf-16-le"), canary)


@plants("ooxml.activex", same=False)
def _state_behind_a_picture(base: Package, canary: str) -> Package:
    legacy(base, 2, picture())
    return control_with_state(base, canary, 1025)


@plants("xlsx.dr.vml", same=False)
def _cells_behind_a_picture(base: Package, canary: str) -> Package:
    return legacy(base, 2, picture(f"<x:FmlaPict>{canary}!$A$1:$B$2</x:FmlaPict><x:Camera/>"))


@plants("xlsx.dr.vml", same=False)
def _title_of_a_preview(base: Package, canary: str) -> Package:
    shape = picture("<x:FmlaPict>$A$1</x:FmlaPict>")
    return legacy(base, 2, shape.replace("<v:imagedata ", f'<v:imagedata o:title="{canary}" '))


@plants("xlsx.dr.vml")
def _picture_of_nothing(base: Package, canary: str) -> Package:
    return legacy(base, 2, picture().replace("<v:imagedata ", f'<v:imagedata o:title="{canary}" '))


@plants("xlsx.dr.vml")
def _washed_out_picture(base: Package, canary: str) -> Package:
    shape = picture("<x:FmlaPict>$A$1</x:FmlaPict>").replace(
        "<v:imagedata ", f'<v:imagedata blacklevel=".5" o:title="{canary}" '
    )
    return legacy(base, 2, shape)
