"""Canaries that stand in the sheet for all to see, in letters that nobody can."""

from __future__ import annotations

from canaries.edits import append_row, cell, put, style
from canaries.planting import plants
from makers.packages import Package, fragment, x

FONT = '<font><sz val="{size}"/>{color}<name val="Calibri"/></font>'


def painted(
    base: Package, color: str, *, size: float = 11, fill: str = "", format_code: str = ""
) -> int:
    """A cell format with these colours."""
    font = FONT.format(size=size, color=color)
    return style(base, '<xf applyFont="1" applyFill="1"/>', font=font, fill=fill,
                 format_code=format_code)  # fmt: skip


def solid(color: str) -> str:
    return f'<fill><patternFill patternType="solid"><fgColor {color}/></patternFill></fill>'


DENSE = (
    '<fill><patternFill patternType="darkGrid"><fgColor rgb="FF0101FE"/>'
    '<bgColor rgb="FF0000F8"/></patternFill></fill>'
)
PALE = (
    '<fill><gradientFill><stop position="0"><color rgb="FFFFFFFF"/></stop>'
    '<stop position="1"><color rgb="FFF8F8F8"/></stop></gradientFill></fill>'
)
COLOURS = {
    "literal": ('<color rgb="FFFFFFFF"/>', ""),
    "nearly": ('<color rgb="FFFFFFFE"/>', ""),
    "palette": ('<color indexed="9"/>', ""),
    "window": ('<color indexed="65"/>', ""),
    "theme": ('<color theme="0"/>', ""),
    "tinted": ('<color theme="1" tint="1"/>', ""),
    "automatic": ("", solid('rgb="FF000000"')),
    "other_spelling": ('<color indexed="10"/>', solid('rgb="FFFF0000"')),
    "tinted_fill": ('<color theme="4" tint="0.5999"/>', solid('theme="4" tint="0.6"')),
    "pattern": (
        '<color rgb="FF0000FF"/>',
        DENSE,
    ),
    "gradient": (
        '<color rgb="FFFFFFFF"/>',
        PALE,
    ),
}


def _plant_colour(name: str, color: str, fill: str) -> None:
    def plant(base: Package, canary: str) -> Package:
        number = painted(base, color, fill=fill)
        append_row(base, 2, 9, cell("A9", canary, f' s="{number}"'))
        return base

    plant.__name__ = name
    plants("xlsx.cell.font-eq-fill", same=False)(plant)


for _name, (_color, _fill) in COLOURS.items():
    _plant_colour(_name, _color, _fill)


@plants("xlsx.cell.font-eq-fill", same=False)
def _own_palette(base: Package, canary: str) -> Package:
    number = painted(base, '<color indexed="20"/>')
    entries = "".join(
        f'<rgbColor rgb="00{"FDFDFD" if place == 20 else "123456"}"/>' for place in range(64)
    )
    with base.edit("xl/styles.xml") as root:
        put(root, f"<colors><indexedColors>{entries}</indexedColors></colors>")
    append_row(base, 2, 9, cell("A9", canary, f' s="{number}"'))
    return base


@plants("xlsx.cell.font-eq-fill", canary="739184620573", same=False)
def _format_colour(base: Package, canary: str) -> Package:
    number = painted(base, "", format_code="0;[White]-0")
    append_row(base, 2, 9, f'<c r="A9" s="{number}"><v>-{canary}</v></c>')
    return base


@plants("xlsx.cell.font-eq-fill", same=False)
def _format_colour_of_texts(base: Package, canary: str) -> Package:
    number = painted(base, "", format_code="0;-0;0;[Color 2]@")
    append_row(base, 2, 9, cell("A9", canary, f' s="{number}"'))
    return base


@plants("xlsx.cell.font-eq-fill", canary="739184620573", same=False)
def _result_of_a_formula(base: Package, canary: str) -> Package:
    number = painted(base, '<color theme="0"/>')
    append_row(base, 2, 9, f'<c r="A9" s="{number}"><f>B2*1</f><v>{canary}</v></c>')
    return base


@plants("xlsx.cell.font-eq-fill", same=False)
def _shared(base: Package, canary: str) -> Package:
    number = painted(base, '<color theme="0"/>')
    with base.edit("xl/sharedStrings.xml") as root:
        root.append(fragment(f"<si><t>{canary}</t></si>"))
        place = len(root) - 1
    rows = [f'<c r="A{row}" s="{number}" t="s"><v>{place}</v></c>' for row in range(9, 14)]
    for row, written in enumerate(rows, 9):
        append_row(base, 2, row, written)
    return base


@plants("xlsx.cell.font-eq-fill", same=False)
def _merged(base: Package, canary: str) -> Package:
    number = painted(base, '<color theme="0"/>')
    append_row(base, 2, 9, cell("A9", canary, f' s="{number}"'), 'hidden="1"')
    append_row(base, 2, 10, "")
    with base.edit(base.sheet(2)) as root:
        put(root, '<mergeCells count="1"><mergeCell ref="A9:B10"/></mergeCells>')
    return base


@plants("xlsx.cell.font-eq-fill", same=False)
def _body_of_a_table(base: Package, canary: str) -> Package:
    """White is what the header of the table is written in; of its stripes every other is white."""
    number = painted(base, '<color theme="0"/>')
    with base.edit(base.sheet(1)) as root:
        item = next(item for item in root.iter(x("c")) if item.get("r") == "B5")
        for child in list(item):
            item.remove(child)
        item.set("s", str(number))
        item.set("t", "inlineStr")
        item.append(fragment(f"<is><t>{canary}</t></is>"))
    return base


@plants("xlsx.cell.font-tiny", same=False)
def _two_points(base: Package, canary: str) -> Package:
    number = painted(base, "", size=2)
    append_row(base, 2, 9, cell("A9", canary, f' s="{number}"'))
    return base


@plants("xlsx.cell.font-tiny", same=False)
def _one_point_under_a_rule(base: Package, canary: str) -> Package:
    number = painted(base, "", size=1)
    append_row(base, 2, 9, cell("A9", canary, f' s="{number}"'))
    with base.edit(base.sheet(2)) as root:
        put(
            root,
            '<conditionalFormatting sqref="A1:B20"><cfRule type="colorScale" priority="1">'
            '<colorScale><cfvo type="min"/><cfvo type="max"/><color rgb="FFFF0000"/>'
            '<color rgb="FF00FF00"/></colorScale></cfRule></conditionalFormatting>',
        )
    return base


RUNS = (
    '<r><t xml:space="preserve">Total </t></r><r><rPr>{look}<rFont val="Calibri"/></rPr>'
    "<t>{canary}</t></r>"
)
WHITE_RUN = '<sz val="11"/><color theme="0"/>'


def _rich(base: Package, canary: str, look: str, extra: str = "") -> Package:
    runs = RUNS.format(look=look, canary=canary)
    append_row(base, 2, 9, f'<c r="A9" t="inlineStr"{extra}><is>{runs}</is></c>')
    return base


@plants("xlsx.cell.richrun-hidden", same=False)
def _white_run(base: Package, canary: str) -> Package:
    return _rich(base, canary, WHITE_RUN)


@plants("xlsx.cell.richrun-hidden", same=False)
def _tiny_run(base: Package, canary: str) -> Package:
    return _rich(base, canary, '<sz val="1"/>')


@plants("xlsx.cell.richrun-hidden", same=False)
def _run_in_the_colour_of_the_fill(base: Package, canary: str) -> Package:
    number = painted(base, "", fill=solid('rgb="FFC0504D"'))
    return _rich(base, canary, '<sz val="11"/><color rgb="FFC0504D"/>', f' s="{number}"')


@plants("xlsx.cell.richrun-hidden", same=False)
def _shared_run(base: Package, canary: str) -> Package:
    with base.edit("xl/sharedStrings.xml") as root:
        root.append(fragment(f"<si>{RUNS.format(look=WHITE_RUN, canary=canary)}</si>"))
        place = len(root) - 1
    for row in range(9, 14):
        append_row(base, 2, row, f'<c r="A{row}" t="s"><v>{place}</v></c>')
    return base
