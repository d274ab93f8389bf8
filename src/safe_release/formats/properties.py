"""This module is the properties of a document; none is inherited (22.2; part 2, 11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from safe_release.formats.gate import escape
from safe_release.formats.opc import XML_DECLARATION

_ELEMENTS: Final = {
    "category": "cp:category",
    "creator": "dc:creator",
    "description": "dc:description",
    "keywords": "cp:keywords",
    "language": "dc:language",
    "subject": "dc:subject",
    "title": "dc:title",
}


APPLICATION_PROPERTIES: Final = (
    f"{XML_DECLARATION}<Properties"
    ' xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>Microsoft Excel Compatible</Application></Properties>"
).encode()
"""The extended properties of every workbook, a constant: LibreOffice takes the row heights of a
workbook as they are written only where the name of its application begins like this."""


def core_properties(properties: Mapping[str, str]) -> bytes:
    """The core properties part, holding what the policy sets and nothing else."""
    written = "".join(
        f"<{_ELEMENTS[name]}>{escape(value)}</{_ELEMENTS[name]}>"
        for name, value in sorted(properties.items())
    )
    return (
        f"{XML_DECLARATION}<cp:coreProperties"
        ' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/">{written}</cp:coreProperties>'
    ).encode()
