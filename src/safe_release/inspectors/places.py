"""How a report names a place without quoting what could be secret there."""

from __future__ import annotations

import re

_COMMON = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(?:core|app|custom)\.xml|"
    r"docProps/thumbnail\.[a-z]{3,4}|docMetadata/LabelInfo\.xml|"
    r"xl/(?:workbook|styles|sharedStrings|calcChain|connections|metadata|xmlMaps|"
    r"volatileDependencies)\.xml|xl/_rels/workbook\.xml\.rels|xl/vbaProject\.bin|"
    r"xl/(?:worksheets|chartsheets|dialogsheets|macrosheets)/(?:_rels/)?sheet\d{1,4}\.xml(?:\.rels)?|"
    r"xl/(?:theme/theme|tables/table|comments|comments/comment|pivotTables/pivotTable|"
    r"pivotCache/pivotCacheDefinition|pivotCache/pivotCacheRecords|externalLinks/externalLink|"
    r"drawings/drawing|charts/chart|queryTables/queryTable|threadedComments/threadedComment|"
    r"persons/person|slicers/slicer|slicerCaches/slicerCache|revisions/revisionLog|"
    r"ctrlProps/ctrlProp)\d{0,4}\.xml|"
    r"xl/drawings/vmlDrawing\d{1,4}\.vml|xl/printerSettings/printerSettings\d{1,4}\.bin|"
    r"xl/media/image\d{1,4}\.(?:png|jpe?g|gif|emf|wmf|bmp|tiff?)|"
    r"customXml/(?:item|itemProps)\d{1,4}\.xml",
    re.IGNORECASE,
)


def part_place(name: str, number: int) -> str:
    """A part by its name if the standards make that name common, else by its number.

    ``number`` is the entry's position in the central directory, from 1.
    """
    return name if is_common(name) else f"entry {number} of the package"


def is_common(name: str) -> bool:
    """Whether the standards or every producer give this name to a part."""
    return _COMMON.fullmatch(name) is not None


def sheet_place(number: int) -> str:
    """A sheet by its number in tab order, from 1."""
    return f"sheet {number}"


def column_name(column: int) -> str:
    """The letters of a column, from 1: 28 is ``AB`` (ECMA-376-1 18.18.62)."""
    letters = ""
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


def cell_place(sheet: int, row: int, column: int) -> str:
    """A cell as a person looks for it."""
    return f"{sheet_place(sheet)}, cell {column_name(column)}{row}"
