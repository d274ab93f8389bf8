"""This module is everything that may stand in a rebuilt workbook, table by table (ECMA-376 part 1).

Names are the standard's. What is not here is not written. Attributes that hide or show are typed
``decided``: ``visible.py`` has acted on them and takes them away before the gate is reached.
"""

from __future__ import annotations

import re
from typing import Final

from safe_release.formats.gate import Grammar, Row
from safe_release.formats.values import (
    Count,
    Decimal,
    Flag,
    argb,
    decided,
    font_name,
    format_code,
    keyword,
    tint,
    visible_text,
)

_SIDE: Final = Row(
    ("color",),
    {
        "style": keyword(
            "none", "thin", "medium", "dashed", "dotted", "thick", "double", "hair",
            "mediumDashed", "dashDot", "mediumDashDot", "dashDotDot", "mediumDashDotDot",
            "slantDashDot",
        )
    },
)  # fmt: skip
_COLOR: Final = Row(
    (),
    {
        "auto": Flag(),
        "indexed": Count(64, 65),  # the system colours; palette entries are written as rgb
        "rgb": argb,
        "theme": Count(0, 11),
        "tint": tint,
    },
)


def _rotation(untrusted: str) -> str | None:
    """18.8.1: degrees up to 90, below the horizon 91 to 180, and 255 for letters on each other."""
    return Count(255, 255)(untrusted) or Count(1, 180)(untrusted)


def _number(untrusted: str) -> str | None:
    """A number in its one spelling, or a cell named for good."""
    pattern = r"-?[0-9]+(?:\.[0-9]+)?(?:e[+-][0-9]+)?|\$[A-Z]{1,3}\$[1-9][0-9]{0,6}"
    return untrusted if re.fullmatch(pattern, untrusted, re.ASCII) else None


_ON: Final = Row((), {"val": Flag(default=True)})
_UNDERLINE: Final = Row(
    (), {"val": keyword("double", "singleAccounting", "doubleAccounting", "none")}
)
_FONT_PARTS: Final[Grammar] = {
    "b": _ON,
    "i": _ON,
    "strike": _ON,
    "condense": _ON,
    "extend": _ON,
    "outline": _ON,
    "shadow": _ON,
    "u": _UNDERLINE,
    "vertAlign": Row((), {"val": keyword("superscript", "subscript")}, needs=("val",)),
    "sz": Row((), {"val": Decimal(1, 409, 20)}, needs=("val",)),
    "color": _COLOR,
    "family": Row((), {"val": Count(0, 14)}, needs=("val",)),
    "charset": Row((), {"val": Count(0, 255)}, needs=("val",)),
    "scheme": Row((), {"val": keyword("major", "minor")}, needs=("val",)),
}

STRINGS: Final[Grammar] = {
    **_FONT_PARTS,
    "rFont": Row((), {"val": font_name}, needs=("val",)),
    "rPr": Row(
        (
            "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz",
            "color", "rFont", "family", "charset", "scheme",
        )
    ),
}  # fmt: skip
"""18.4: the properties of a rich run, in the order in which Excel writes them (the schema leaves
it open, other readers do not). The texts themselves are written by ``strings.py``."""

STYLES: Final[Grammar] = {
    **_FONT_PARTS,
    "name": Row((), {"val": font_name}, needs=("val",)),
    "font": Row(
        (
            "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz",
            "color", "name", "family", "charset", "scheme",
        )
    ),
    "fill": Row(("patternFill", "gradientFill")),
    "patternFill": Row(
        ("fgColor", "bgColor"),
        {
            "patternType": keyword(
                "none", "solid", "mediumGray", "darkGray", "lightGray", "darkHorizontal",
                "darkVertical", "darkDown", "darkUp", "darkGrid", "darkTrellis", "lightHorizontal",
                "lightVertical", "lightDown", "lightUp", "lightGrid", "lightTrellis", "gray125",
                "gray0625",
            )
        },
    ),
    "fgColor": _COLOR,
    "bgColor": _COLOR,
    "gradientFill": Row(
        ("stop*",),
        {
            "type": keyword("path"),
            "degree": Decimal(-360, 360),
            "left": Decimal(0, 1),
            "right": Decimal(0, 1),
            "top": Decimal(0, 1),
            "bottom": Decimal(0, 1),
        },
    ),
    "stop": Row(("color",), {"position": Decimal(0, 1, 1000)}, needs=("position",)),
    "border": Row(
        ("left", "right", "start", "end", "top", "bottom", "diagonal", "vertical", "horizontal"),
        {"diagonalUp": Flag(), "diagonalDown": Flag(), "outline": Flag(default=True)},
    ),
    **dict.fromkeys(("left", "right", "start", "end", "top", "bottom", "diagonal"), _SIDE),
    **dict.fromkeys(("vertical", "horizontal"), _SIDE),
    "alignment": Row(
        (),
        {
            "horizontal": keyword(
                "left", "center", "right", "fill", "justify", "centerContinuous", "distributed"
            ),
            "vertical": keyword("top", "center", "justify", "distributed"),
            "textRotation": _rotation,
            "wrapText": Flag(),
            "indent": Count(1, 250),
            "justifyLastLine": Flag(),
            "shrinkToFit": Flag(),
            "readingOrder": Count(1, 2),
        },
        empty=False,
    ),
    "numFmt": Row(
        (), {"numFmtId": Count(0, 65535), "formatCode": format_code}, needs=("formatCode",)
    ),
    "xf": Row(
        ("alignment",),
        {
            "numFmtId": Count(),
            "fontId": Count(),
            "fillId": Count(),
            "borderId": Count(),
            "xfId": Count(0, 0),
            "applyNumberFormat": Flag(),
            "applyFont": Flag(),
            "applyFill": Flag(),
            "applyBorder": Flag(),
            "applyAlignment": Flag(),
        },
    ),
    "dxf": Row(("font", "numFmt", "fill", "alignment", "border")),
    "tableStyle": Row(
        ("tableStyleElement*",),
        {"name": visible_text, "pivot": Flag(default=True), "count": Count()},
    ),
    "tableStyleElement": Row(
        (),
        {
            "type": keyword(
                "wholeTable", "headerRow", "totalRow", "firstColumn", "lastColumn",
                "firstRowStripe", "secondRowStripe", "firstColumnStripe", "secondColumnStripe",
                "firstHeaderCell", "lastHeaderCell", "firstTotalCell", "lastTotalCell",
            ),
            "size": Count(2, 9),
            "dxfId": Count(),
        },
    ),
}  # fmt: skip

WORKSHEET: Final[Grammar] = {
    "sheetPr": Row(("tabColor", "pageSetUpPr"), empty=False),
    "tabColor": _COLOR,
    "pageSetUpPr": Row((), {"fitToPage": Flag()}, empty=False),
    "sheetViews": Row(("sheetView",)),
    "sheetView": Row(
        ("pane",),
        {
            "showFormulas": decided,
            "showGridLines": Flag(default=True),
            "showRowColHeaders": Flag(default=True),
            "showZeros": decided,
            "rightToLeft": Flag(),
            "tabSelected": Flag(),
            "topLeftCell": decided,
            "defaultGridColor": Flag(default=True),
            "colorId": Count(0, 63),
            "zoomScale": Count(10, 400),
            "zoomScaleNormal": Count(10, 400),
            "workbookViewId": Count(0, 0),
        },
    ),
    "pane": Row(
        (),
        {
            "xSplit": Decimal(0, 1_000_000, 1),
            "ySplit": Decimal(0, 1_100_000, 1),
            "topLeftCell": visible_text,
            "activePane": keyword("bottomRight", "topRight", "bottomLeft"),
            "state": keyword("frozen", "split"),
        },
    ),
    "sheetFormatPr": Row(
        (),
        {
            "baseColWidth": Count(1, 255),
            "defaultColWidth": Decimal(0.05, 255),
            "defaultRowHeight": Decimal(0.05, 409.5, 20),
            "customHeight": Flag(),
            "zeroHeight": decided,
            "thickTop": Flag(),
            "thickBottom": Flag(),
        },
    ),
    "cols": Row(("col*",)),
    "col": Row(
        (),
        {
            "min": Count(1, 16384),
            "max": Count(1, 16384),
            "width": Decimal(0.05, 255),
            "style": Count(),
            "hidden": decided,
            "customWidth": Flag(),
        },
    ),
    "autoFilter": Row((), {"ref": visible_text}),
    "mergeCells": Row(("mergeCell*",), {"count": Count()}),
    "mergeCell": Row((), {"ref": visible_text}),
    "conditionalFormatting": Row(("cfRule*",), {"sqref": visible_text}),
    "cfRule": Row(
        ("formula*", "colorScale", "dataBar", "iconSet"),
        {
            "type": keyword(
                "expression", "cellIs", "colorScale", "dataBar", "iconSet", "top10",
                "uniqueValues", "duplicateValues", "containsBlanks", "notContainsBlanks",
                "containsErrors", "notContainsErrors", "timePeriod", "aboveAverage",
            ),
            "dxfId": Count(),
            "priority": Count(1),
            "stopIfTrue": Flag(),
            "aboveAverage": Flag(default=True),
            "percent": Flag(),
            "bottom": Flag(),
            "operator": keyword(
                "lessThan", "lessThanOrEqual", "equal", "notEqual", "greaterThanOrEqual",
                "greaterThan", "between", "notBetween",
            ),
            "timePeriod": keyword(
                "today", "yesterday", "tomorrow", "last7Days", "thisMonth", "lastMonth",
                "nextMonth", "thisWeek", "lastWeek", "nextWeek",
            ),
            "rank": Count(1, 1000),
            "equalAverage": Flag(),
        },
    ),
    "formula": Row((), {}, text=visible_text),
    "colorScale": Row(("cfvo*", "color*")),
    "dataBar": Row(
        ("cfvo*", "color"),
        {
            "minLength": Count(0, 100),
            "maxLength": Count(0, 100),
            "showValue": Flag(default=True),
        },
    ),
    "iconSet": Row(
        ("cfvo*",),
        {
            "iconSet": keyword(
                "3Arrows", "3ArrowsGray", "3Flags", "3TrafficLights1", "3TrafficLights2",
                "3Signs", "3Symbols", "3Symbols2", "4Arrows", "4ArrowsGray", "4RedToBlack",
                "4Rating", "4TrafficLights", "5Arrows", "5ArrowsGray", "5Rating", "5Quarters",
            ),
            "showValue": Flag(default=True),
            "reverse": Flag(),
        },
    ),
    "cfvo": Row(
        (),
        {
            "type": keyword("num", "percent", "percentile", "formula", "min", "max"),
            "val": _number,
            "gte": Flag(default=True),
        },
    ),
    "color": _COLOR,
    "hyperlinks": Row(("hyperlink*",)),
    "hyperlink": Row((), {"ref": visible_text, "r:id": visible_text, "location": visible_text}),
    "printOptions": Row(
        (),
        {
            "horizontalCentered": Flag(),
            "verticalCentered": Flag(),
            "headings": Flag(),
            "gridLines": Flag(),
            "gridLinesSet": Flag(default=True),
        },
        empty=False,
    ),
    "pageMargins": Row(
        (),
        {
            side: Decimal(0, 49, 10_000)
            for side in ("left", "right", "top", "bottom", "header", "footer")
        },
        needs=("left", "right", "top", "bottom", "header", "footer"),
    ),
    "pageSetup": Row(
        (),
        {
            "paperSize": Count(0, 118),
            "scale": Count(10, 400),
            "firstPageNumber": Count(0, 32767),
            "fitToWidth": Count(0, 32767),
            "fitToHeight": Count(0, 32767),
            "pageOrder": keyword("downThenOver", "overThenDown"),
            "orientation": keyword("portrait", "landscape"),
            "blackAndWhite": Flag(),
            "draft": Flag(),
            "useFirstPageNumber": Flag(),
            "errors": keyword("displayed", "blank", "dash", "NA"),
        },
        empty=False,
    ),
    "headerFooter": Row(
        ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"),
        {
            "differentOddEven": Flag(),
            "differentFirst": Flag(),
            "scaleWithDoc": Flag(default=True),
            "alignWithMargins": Flag(default=True),
        },
    ),
    **{
        name: Row((), {"xml:space": keyword("preserve")}, text=visible_text)
        for name in (
            "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter",
        )
    },
    "rowBreaks": Row(("brk*",), {"count": Count(), "manualBreakCount": Count()}),
    "colBreaks": Row(("brk*",), {"count": Count(), "manualBreakCount": Count()}),
    "brk": Row((), {"id": Count(1, 1048576), "max": Count(0, 1048575), "man": Flag()}),
    "drawing": Row((), {"r:id": visible_text}),
    "legacyDrawingHF": Row((), {"r:id": visible_text}),
    "picture": Row((), {"r:id": visible_text}),
    "tableParts": Row(("tablePart*",), {"count": Count()}),
    "tablePart": Row((), {"r:id": visible_text}),
}  # fmt: skip
"""18.3.1; rows and cells have a rule of their own in ``rows.py``."""

TABLE: Final[Grammar] = {
    "table": Row(
        ("autoFilter", "tableColumns", "tableStyleInfo"),
        {
            "xmlns": visible_text,
            "id": Count(1),
            "name": visible_text,
            "displayName": visible_text,
            "ref": visible_text,
            "headerRowCount": Count(0, 0),
            "totalsRowCount": Count(1, 1),
            "totalsRowShown": Count(0, 0),
        },
    ),
    "autoFilter": Row((), {"ref": visible_text}),
    "tableColumns": Row(("tableColumn*",), {"count": Count()}),
    "tableColumn": Row((), {"id": Count(1), "name": visible_text}),
    "tableStyleInfo": Row(
        (),
        {
            "name": visible_text,
            "showFirstColumn": keyword("0", "1"),
            "showLastColumn": keyword("0", "1"),
            "showRowStripes": keyword("0", "1"),
            "showColumnStripes": keyword("0", "1"),
        },
    ),
}
"""18.5."""

WORKBOOK: Final[Grammar] = {
    "workbookPr": Row((), {"date1904": Flag()}, empty=False),
    "bookViews": Row(("workbookView",)),
    "workbookView": Row((), {"activeTab": Count()}),
    "sheets": Row(("sheet*",)),
    "sheet": Row((), {"name": visible_text, "sheetId": Count(1), "r:id": visible_text}),
    "definedNames": Row(("definedName*",)),
    "definedName": Row(
        (),
        {
            "name": keyword("_xlnm.Print_Area", "_xlnm.Print_Titles", "_xlnm._FilterDatabase"),
            "localSheetId": Count(),
            "hidden": Flag(),
        },
        text=visible_text,
    ),
}
"""18.2."""
