"""Which channel an element, attribute or relationship of a workbook belongs to: tables only."""

from __future__ import annotations

SHEET_ELEMENTS = {
    "x:filterColumn": "xlsx.ws.filter-criteria",
    "x:sortState": "xlsx.ws.filter-criteria",
    "x:dataValidation": "xlsx.ws.dv-list",
    "?:dataValidation": "xlsx.ws.dv-list",
    "?:sparkline": "xlsx.ws.sparklines",
    "x:scenario": "xlsx.ws.scenarios",
    "x:dataConsolidate": "xlsx.ws.consolidate",
    "x:customPr": "xlsx.ws.custom-properties",
    "x:cellWatch": "xlsx.ws.cellwatch",
    "x:ignoredError": "xlsx.ws.cellwatch",
    "?:ignoredError": "xlsx.ws.cellwatch",
    "x:cellSmartTag": "xlsx.ws.smarttags",
    "x:webPublishItem": "xlsx.wb.webpublishing",
    "x:protectedRange": "xlsx.ws.protected-ranges",
    "?:protectedRange": "xlsx.ws.protected-ranges",
    "?:userProtectedRange": "xlsx.ws.protected-ranges",
    "x:sheetProtection": "xlsx.ws.protection",
    "x:customSheetView": "xlsx.wb.custom-views",
    "x:oleObject": "ooxml.ole-object",
    "x:control": "xlsx.dr.form-control",
    "x:selection": "xlsx.sheet.selection",
    "x:pivotSelection": "xlsx.sheet.selection",
    "x:ext": "xml.ext-list",
    "mc:AlternateContent": "xml.mc-alternate-branch",
    "x:rPh": "xlsx.cell.phonetic",
}

WORKBOOK_ELEMENTS = {
    "x:fileVersion": "xlsx.wb.workbookpr",
    "x:fileRecoveryPr": "xlsx.wb.workbookpr",
    "x:functionGroup": "xlsx.wb.workbookpr",
    "x:oleSize": "xlsx.wb.workbookpr",
    "x:calcPr": "xlsx.wb.workbookpr",
    "?:revisionPtr": "xlsx.wb.revisionptr",
    "?:coauthVersionLast": "xlsx.wb.revisionptr",
    "?:absPath": "xlsx.wb.abspath",
    "x:fileSharing": "xlsx.wb.filesharing",
    "x:workbookProtection": "xlsx.ws.protection",
    "x:customWorkbookView": "xlsx.wb.custom-views",
    "x:webPublishing": "xlsx.wb.webpublishing",
    "x:webPublishObject": "xlsx.wb.webpublishing",
    "x:smartTagType": "xlsx.ws.smarttags",
    "x:ext": "xml.ext-list",
    "mc:AlternateContent": "xml.mc-alternate-branch",
}

_CHILDREN = {
    "x:workbook": """fileVersion fileSharing workbookPr workbookProtection bookViews sheets
        functionGroups externalReferences definedNames calcPr oleSize customWorkbookViews
        pivotCaches smartTagPr smartTagTypes webPublishing fileRecoveryPr webPublishObjects
        extLst""",
    "x:worksheet": """sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr
        sheetProtection protectedRanges scenarios autoFilter sortState dataConsolidate
        customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations hyperlinks
        printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties
        cellWatches ignoredErrors smartTags drawing drawingHF legacyDrawing legacyDrawingHF picture
        oleObjects controls webPublishItems tableParts extLst""",
    "x:styleSheet": """numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles
        colors extLst""",
}
CHILDREN = {
    parent: frozenset(f"x:{name}" for name in names.split()) for parent, names in _CHILDREN.items()
}
"""The children the standard gives the roots of the parts that are read (annex A)."""

# By the last segment of a relationship's type. The standard's and Microsoft's are both here: the
# copy has neither, so nothing depends on which family a source uses.
RELATIONSHIPS = {
    "core-properties": "ooxml.core-properties",
    "extended-properties": "ooxml.extended-properties",
    "extendedProperties": "ooxml.extended-properties",
    "custom-properties": "ooxml.custom-properties",
    "customProperties": "ooxml.custom-properties",
    "classificationlabels": "ooxml.label-info",
    "thumbnail": "ooxml.thumbnail",
    "customXml": "ooxml.custom-xml",
    "customXmlProps": "ooxml.custom-xml",
    "oleObject": "ooxml.ole-object",
    "package": "ooxml.ole-object",
    "control": "ooxml.activex",
    "activeXControlBinary": "ooxml.activex",
    "vbaProject": "ooxml.vba",
    "vbaProjectSignature": "ooxml.vba",
    "vbaProjectSignatureAgile": "ooxml.vba",
    "vbaProjectSignatureV3": "ooxml.vba",
    "wordVbaData": "ooxml.vba",
    "jsaProject": "ooxml.vba",
    "extensibility": "ooxml.custom-ui",
    "userCustomization": "ooxml.custom-ui",
    "attachedToolbars": "ooxml.custom-ui",
    "webextension": "ooxml.web-extension",
    "webextensiontaskpanes": "ooxml.web-extension",
    "printerSettings": "ooxml.printer-settings",
    "themeOverride": "ooxml.theme-name",
    "origin": "opc.digital-signature",
    "signature": "opc.digital-signature",
    "certificate": "opc.digital-signature",
    "calcChain": "xlsx.wb.calcchain",
    "volatileDependencies": "xlsx.wb.voldeps",
    "wsSortMap": "xlsx.ws.filter-criteria",
    "namedSheetView": "xlsx.ws.named-views",
    "customProperty": "xlsx.ws.custom-properties",
    "pivotCacheRecords": "xlsx.pivot.records",
    "pivotCacheDefinition": "xlsx.pivot.shared-items",
    "pivotTable": "xlsx.pivot.definition",
    "slicer": "xlsx.slicer.cache",
    "slicerCache": "xlsx.slicer.cache",
    "timeline": "xlsx.timeline",
    "timelineCache": "xlsx.timeline",
    "externalLink": "xlsx.ext.path",
    "connections": "xlsx.conn.string",
    "queryTable": "xlsx.conn.querytable",
    "powerPivotData": "xlsx.conn.model",
    "customData": "xlsx.conn.model",
    "customDataProps": "xlsx.conn.model",
    "chart": "xlsx.chart.cache",
    "chartUserShapes": "xlsx.chart.user-shapes",
    "chartStyle": "xlsx.chart.cache",
    "chartColorStyle": "xlsx.chart.cache",
    "chartsheet": "xlsx.chart.chartsheet",
    "chartEx": "xlsx.chart.chartex",
    "comments": "xlsx.comment.text",
    "threadedComment": "xlsx.comment.threaded",
    "person": "xlsx.comment.persons",
    "drawing": "xlsx.dr.objects",
    "image": "xlsx.dr.image-metadata",
    "hdphoto": "xlsx.dr.image-metadata",
    "diagramData": "xlsx.dr.smartart",
    "diagramLayout": "xlsx.dr.smartart",
    "diagramQuickStyle": "xlsx.dr.smartart",
    "diagramColors": "xlsx.dr.smartart",
    "diagramDrawing": "xlsx.dr.smartart",
    "ctrlProp": "xlsx.dr.form-control",
    "ink": "xlsx.dr.ink",
    "model3d": "xlsx.dr.ink",
    "media": "xlsx.dr.ink",
    "audio": "xlsx.dr.ink",
    "video": "xlsx.dr.ink",
    "vmlDrawing": "xlsx.dr.vml",
    "legacyDrawing": "xlsx.dr.vml",
    "sheetMetadata": "xlsx.rich.values",
    "rdRichValue": "xlsx.rich.values",
    "rdRichValueStructure": "xlsx.rich.values",
    "rdRichValueTypes": "xlsx.rich.values",
    "rdArray": "xlsx.rich.values",
    "rdRichValueWebImage": "xlsx.rich.values",
    "rdSupportingPropertyBag": "xlsx.rich.values",
    "rdSupportingPropertyBagStructure": "xlsx.rich.values",
    "richValueRel": "xlsx.rich.values",
    "richStyles": "xlsx.rich.values",
    "FeaturePropertyBag": "xlsx.cell.checkbox",
    "xlMacrosheet": "xlsx.vba.xlm",
    "xlIntlMacrosheet": "xlsx.vba.xlm",
    "dialogsheet": "xlsx.vba.dialogsheet",
    "xmlMaps": "xlsx.cx.xmlmaps",
    "tableSingleCells": "xlsx.cx.xmlmaps",
    "revisionHeaders": "xlsx.rev.log",
    "revisionLog": "xlsx.rev.log",
    "usernames": "xlsx.rev.log",
}

CARRIED = frozenset(
    {"officeDocument", "worksheet", "styles", "sharedStrings", "theme", "table", "hyperlink"}
)
"""Kinds of relationships that are no channel by themselves."""

VISIBLE = {
    "xlsx.chart.user-shapes": "shapes drawn on a chart, or pictures that fill a part of it",
    "xlsx.chart.chartsheet": "a chart sheet",
    "xlsx.chart.chartex": "a chart",
    "xlsx.dr.left-out": "a diagram, strokes of a pen, a control, the entries of a list, or the "
    "picture of an embedded document",
    "xlsx.dr.metafile": "a picture",
    "xlsx.ws.background": "a background picture",
    "xlsx.ws.sparklines": "sparklines",
    "xlsx.slicer.cache": "slicers",
    "xlsx.timeline": "a timeline",
    "xlsx.rich.values": "pictures or cards in cells",
    "ooxml.web-extension": "the picture of an add-in",
    "xlsx.vba.dialogsheet": "a dialog sheet",
}
"""What a reader may have seen of a channel that this version leaves out of the copy."""

# A sheet's own relationships of these kinds say where the reader would miss something.
JUNK = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")
