"""This module is the recognising of a workbook, which needs nothing of what rebuilds it."""

from __future__ import annotations

from typing import Final

from safe_release.document import Document
from safe_release.errors import Malformed, UnknownFormat
from safe_release.formats.opc import Package
from safe_release.formats.xml_reader import REPAIR

_MAIN: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_SPREADSHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml."
MAIN_TYPES: Final = frozenset(
    (
        _MAIN,
        _SPREADSHEET + "template.main+xml",
        "application/vnd.ms-excel.sheet.macroenabled.main+xml",
        "application/vnd.ms-excel.template.macroenabled.main+xml",
        "application/vnd.ms-excel.addin.macroenabled.main+xml",
    )
)
"""What a package may call its workbook (compared in lower case); the copy is always the first."""
_BINARY: Final = "application/vnd.ms-excel.sheet.binary.macroenabled.main"


def recognise(document: Document) -> bool:
    """Whether a package's root leads to a workbook.

    Raises ``UnknownFormat`` for workbooks of another kind, saying which.
    """
    package = Package(document)
    part = package.related("", "officeDocument")
    type_ = package.content_type(part) if part is not None else ""
    if type_ == _BINARY:
        raise UnknownFormat(
            "is a binary workbook (xlsb)",
            place="source",
            remedy="Open it in Excel, save it as xlsx and retry",
        )
    if type_ in MAIN_TYPES:
        return True
    if part is None and package.has("xl/workbook.xml"):
        raise UnknownFormat(
            "is a workbook in a dialect from before the standard",
            place="source",
            remedy="Open it in Excel, save it as xlsx and retry",
        )
    is_sibling = any(name in type_ for name in ("wordprocessingml", "presentationml", "ms-word"))
    if part is not None and part.startswith("xl/") and not is_sibling:
        raise Malformed(
            "calls its workbook something that is no workbook", place="package", remedy=REPAIR
        )
    return False
