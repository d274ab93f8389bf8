"""Canaries in rows, columns, cells, texts and formulas."""

from __future__ import annotations

from canaries.edits import append_row, cell, insert_column, insert_row, put, put_in, style
from canaries.ooxml import MS
from canaries.planting import plants
from makers.packages import SHEET_TYPE, Package, fragment, x
from makers.sheets import add_table

# rows


@plants("xlsx.sheet.row-hidden")
def _row_hidden(base: Package, canary: str) -> Package:
    insert_row(base, 2, 3, cell("A3", canary), 'hidden="1"')
    return base


@plants("xlsx.sheet.row-hidden", canary="739184620573")
def _row_hidden_by_word(base: Package, canary: str) -> Package:
    append_row(base, 1, 30, f'<c r="B30"><v>{canary}</v></c>', 'hidden="true"')
    return base


@plants("xlsx.sheet.row-hidden")
def _row_collapsed(base: Package, canary: str) -> Package:
    insert_row(base, 2, 2, cell("B2", canary), 'hidden="1" outlineLevel="1"')
    return base


@plants("xlsx.sheet.zeroheight")
def _row_of_no_height(base: Package, canary: str) -> Package:
    insert_row(base, 2, 3, cell("A3", canary), 'ht="0" customHeight="1"')
    return base


@plants("xlsx.sheet.row-tiny", same=False)
def _row_tiny(base: Package, canary: str) -> Package:
    insert_row(base, 2, 3, cell("A3", canary), 'ht="1.5" customHeight="1"')
    return base


@plants("xlsx.sheet.frozen-unreachable")
def _rows_before_pane(base: Package, canary: str) -> Package:
    insert_row(base, 2, 1, cell("A1", canary))
    with base.edit(base.sheet(2)) as root:
        view = next(root.iter(x("sheetView")))
        pane = next(root.iter(x("pane")))
        view.set("topLeftCell", "A2")
        pane.set("topLeftCell", "A3")
    return base


# columns


@plants("xlsx.sheet.col-hidden")
def _column_hidden(base: Package, canary: str) -> Package:
    insert_column(base, 2, 2, canary, 'width="9" hidden="1"')
    return base


@plants("xlsx.sheet.col-hidden")
def _column_collapsed(base: Package, canary: str) -> Package:
    insert_column(base, 2, 1, canary, 'width="9" hidden="true" outlineLevel="1" collapsed="1"')
    return base


@plants("xlsx.sheet.col-zero")
def _column_of_no_width(base: Package, canary: str) -> Package:
    insert_column(base, 2, 2, canary, 'width="0" customWidth="1"')
    return base


@plants("xlsx.sheet.col-tiny", same=False)
def _column_tiny(base: Package, canary: str) -> Package:
    insert_column(base, 2, 2, canary, 'width="0.2" customWidth="1"')
    return base


# views


@plants("xlsx.sheet.showzeros", canary=b"<v>0.000000</v>")
def _zero_not_shown(base: Package, canary: str) -> Package:
    append_row(base, 2, 9, '<c r="C9"><v>0.000000</v></c>')
    with base.edit(base.sheet(2)) as root:
        next(root.iter(x("sheetView"))).set("showZeros", "0")
    return base


@plants(
    "xlsx.sheet.showformulas",
    canary="739184620573",
    refused=("CannotRebuild", "Refused"),
)
def _formulas_shown(base: Package, canary: str) -> Package:
    append_row(base, 2, 9, f'<c r="C9"><f>A1+1</f><v>{canary}</v></c>')
    with base.edit(base.sheet(2)) as root:
        next(root.iter(x("sheetView"))).set("showFormulas", "1")
    return base


@plants("xlsx.sheet.selection", canary=b'activeCell="FOO4242"')
def _selected_cell(base: Package, canary: str) -> Package:
    with base.edit(base.sheet(2)) as root:
        view = next(root.iter(x("sheetView")))
        for old in view.findall(x("selection")):
            view.remove(old)
        view.append(fragment('<selection pane="bottomLeft" activeCell="FOO4242" sqref="FOO4242"/>'))
    return base


@plants("xlsx.sheet.selection", canary=b'topLeftCell="FOO4242"')
def _scroll_position(base: Package, canary: str) -> Package:
    with base.edit(base.sheet(1)) as root:
        view = root.find(f"{x('sheetViews')}/{x('sheetView')}")
        if view is None:
            put(root, '<sheetViews><sheetView workbookViewId="0"/></sheetViews>')
            view = next(root.iter(x("sheetView")))
        view.set("topLeftCell", "FOO4242")
    return base


@plants("xlsx.sheet.selection")
def _code_name_of_sheet(base: Package, canary: str) -> Package:
    with base.edit(base.sheet(2)) as root:
        properties = root.find(x("sheetPr"))
        if properties is None:
            properties = put(root, "<sheetPr/>")
        properties.set("codeName", canary)
    return base


@plants("xlsx.sheet.selection", canary=b'ref="A1:FOO4242"')
def _extent(base: Package, canary: str) -> Package:
    put_in(base, base.sheet(2), '<dimension ref="A1:FOO4242"/>')
    return base


# cells


@plants("xlsx.cell.masked-by-format", canary="739184620573", same=False)
def _masked(base: Package, canary: str) -> Package:
    masked = style(base, "<xf/>", format_code=";;;")
    append_row(base, 2, 9, f'<c r="A9" s="{masked}"><v>{canary}</v></c>')
    return base


@plants("xlsx.cell.masked-by-format", canary="3.14159265358", same=False)
def _exact(base: Package, canary: str) -> Package:
    shown = style(base, "<xf/>", format_code="0.00")
    append_row(base, 2, 9, f'<c r="A9" s="{shown}"><v>{canary}</v></c>')
    return base


@plants("xlsx.cell.invisible-text", same=False)
def _pale(base: Package, canary: str) -> Package:
    pale = style(
        base,
        '<xf applyFont="1"/>',
        font='<font><sz val="11"/><color rgb="FFDDDDDD"/><name val="Calibri"/></font>',
    )
    append_row(base, 2, 9, cell("A9", canary, f' s="{pale}"'))
    return base


@plants("xlsx.cell.under-merge")
def _under_merge(base: Package, canary: str) -> Package:
    with base.edit(base.sheet(1)) as root:
        row = next(root.iter(x("row")))
        covered = next((item for item in row if item.get("r") == "B1"), None)
        if covered is None:
            row.insert(1, fragment(cell("B1", canary)))
        else:
            covered.set("t", "inlineStr")
            covered.append(fragment(f"<is><t>{canary}</t></is>"))
    return base


@plants("xlsx.cell.dual-value")
def _second_value(base: Package, canary: str) -> Package:
    with base.edit(base.sheet(2)) as root:
        item = next(item for item in root.iter(x("c")) if item.get("r") == "B2")
        item.append(fragment(f"<is><t>{canary}</t></is>"))
    return base


@plants("xlsx.cell.duplicate", refused="Malformed")
def _cell_twice(base: Package, canary: str) -> Package:
    append_row(base, 2, 9, cell("A9", "shown") + cell("A9", canary))
    return base


@plants("xlsx.cell.duplicate", refused="Malformed")
def _row_twice(base: Package, canary: str) -> Package:
    append_row(base, 2, 9, cell("A9", "shown"))
    append_row(base, 2, 9, cell("A9", canary))
    return base


@plants("xlsx.cell.phonetic")
def _phonetic(base: Package, canary: str) -> Package:
    with base.edit(base.strings) as root:
        item = next(si for si in root if "".join(si.itertext()) == "North")
        item.append(fragment(f'<rPh sb="0" eb="5"><t>{canary}</t></rPh>'))
        item.append(fragment('<phoneticPr fontId="0"/>'))
    return base


@plants("xlsx.cell.quoteprefix", canary=b'quotePrefix="1"')
def _quote_prefix(base: Package, canary: str) -> Package:
    with base.edit(base.styles) as root:
        formats = root.find(x("cellXfs"))
        assert formats is not None
        formats[0].set("quotePrefix", "1")
    return base


@plants("xlsx.cell.quoteprefix", canary=b'<protection locked="0" hidden="1"')
def _protection(base: Package, canary: str) -> Package:
    with base.edit(base.styles) as root:
        formats = root.find(x("cellXfs"))
        assert formats is not None
        formats[0].append(fragment('<protection locked="0" hidden="1"/>'))
    return base


@plants("xlsx.cell.bool-error", canary=b"<v>#BUSY!</v>", same=False)
def _newer_error(base: Package, canary: str) -> Package:
    append_row(base, 2, 9, '<c r="A9" t="e"><v>#BUSY!</v></c>')
    return base


@plants("xlsx.cell.checkbox", same=False)
def _checkbox(base: Package, canary: str) -> Package:
    bag = f"{MS}/spreadsheetml/2022/featurepropertybag"
    base.add(
        "xl/featurePropertyBag/featurePropertyBag.xml",
        f'<FeaturePropertyBags xmlns="{bag}"><bag type="Checkbox"/><bag type="XFControls">'
        f'<s k="{canary}"/><bagId k="CellControl">0</bagId></bag><bag type="XFComplement"><bagId'
        ' k="XFControls">1</bagId></bag><bag type="XFComplements" extRef='
        '"XFComplementsMapperExtRef">'
        '<a k="MappedFeaturePropertyBags"><bagId>2</bagId></a></bag></FeaturePropertyBags>',
        "application/vnd.ms-excel.featurepropertybag+xml",
        source=base.workbook,
        kind=f"{MS}/2022/11/relationships/FeaturePropertyBag",
    )
    boxed = style(
        base,
        '<xf><extLst><ext uri="{C7286773-470A-42A8-94C5-96B5CB345126}"'
        f' xmlns:xfpb="{bag}"><xfpb:xfComplement i="0"/></ext></extLst></xf>',
    )
    append_row(base, 2, 9, f'<c r="A9" s="{boxed}" t="b"><v>1</v></c>')
    return base


@plants("xlsx.xml.xstring", canary=b"_x0007_")
def _escaped_bell(base: Package, canary: str) -> Package:
    with base.edit(base.strings) as root:
        text = next(t for t in root.iter(x("t")) if t.text == "North")
        text.text = "Nor_x0007_th"
    return base


# formulas


def _formula(base: Package, text: str) -> Package:
    with base.edit(base.sheet(2)) as root:
        item = next(item for item in root.iter(x("c")) if item.get("r") == "B2")
        item.insert(0, fragment(f"<f>{text}</f>"))
    return base


@plants("xlsx.f.text")
def _formula_text(base: Package, canary: str) -> Package:
    return _formula(base, f'IF(A1="{canary}",1,10)')


@plants("xlsx.f.text")
def _formula_note(base: Package, canary: str) -> Package:
    return _formula(base, f'10+N("{canary}")')


@plants("xlsx.f.external")
def _formula_outside(base: Package, canary: str) -> Package:
    return _formula(base, f"'C:\\[{canary}.xlsx]S'!A1")


@plants("xlsx.f.no-cache", same=False, recalculates=True)
def _formula_without_value(base: Package, canary: str) -> Package:
    append_row(base, 2, 9, f'<c r="A9"><f>1234+0*LEN("{canary}")</f></c>')
    return base


@plants("xlsx.f.no-cache", recalculates=True, canary=b'fullCalcOnLoad="1"')
def _calculation_on_load(base: Package, canary: str) -> Package:
    put_in(base, base.workbook, '<calcPr fullCalcOnLoad="1"/>')
    return _formula(base, "5+5")


# tables


@plants("xlsx.tb.names")
def _table_name(base: Package, canary: str) -> Package:
    part = base.targets(base.sheet(1), "table")[0]
    with base.edit(part) as root:
        root.set("name", canary)
        root.set("displayName", canary)
    return base


@plants("xlsx.tb.hidden-header")
def _table_without_header(base: Package, canary: str) -> Package:
    part = add_table(base, 2, "A2:B3", [canary, "Value"], "T2")
    with base.edit(part) as root:
        root.set("headerRowCount", "0")
        root.set("id", "42")
        for name in ("autoFilter", "tableStyleInfo"):
            child = root.find(x(name))
            assert child is not None
            root.remove(child)
    return base


@plants("xlsx.tb.formulas")
def _table_formula(base: Package, canary: str) -> Package:
    with base.edit(base.targets(base.sheet(1), "table")[0]) as root:
        column = list(root.iter(x("tableColumn")))[1]
        column.append(fragment(f'<calculatedColumnFormula>"{canary}"</calculatedColumnFormula>'))
    return base


@plants("xlsx.tb.formulas")
def _label_of_no_total(base: Package, canary: str) -> Package:
    with base.edit(base.targets(base.sheet(1), "table")[0]) as root:
        next(root.iter(x("tableColumn"))).set("totalsRowLabel", canary)
    return base


@plants("xlsx.tb.text")
def _table_comment(base: Package, canary: str) -> Package:
    with base.edit(base.targets(base.sheet(1), "table")[0]) as root:
        root.set("comment", canary)
    return base


@plants("xlsx.tb.binding")
def _table_xpath(base: Package, canary: str) -> Package:
    with base.edit(base.targets(base.sheet(1), "table")[0]) as root:
        column = next(root.iter(x("tableColumn")))
        column.append(fragment(f'<xmlColumnPr mapId="1" xpath="/{canary}" xmlDataType="string"/>'))
    return base


@plants("xlsx.conn.querytable")
def _query_table(base: Package, canary: str) -> Package:
    table = base.targets(base.sheet(1), "table")[0]
    base.add(
        "xl/queryTables/queryTable1.xml",
        '<queryTable xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" name="q"'
        ' connectionId="1"><queryTableRefresh><queryTableDeletedFields count="1"><deletedField'
        f' name="{canary}"/></queryTableDeletedFields></queryTableRefresh></queryTable>',
        f"{SHEET_TYPE}.queryTable+xml",
        source=table,
        kind="queryTable",
    )
    return base
