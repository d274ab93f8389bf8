"""This module is the chart sheet (18.3.1.12): a tab with a drawing instead of cells."""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element as Node

from safe_release.errors import CannotRebuild, Malformed
from safe_release.formats.gate import Gate, Grammar, Row
from safe_release.formats.opc import OFFICE, XML_DECLARATION, Package, relationships_part
from safe_release.formats.values import Count, Flag, keyword
from safe_release.formats.xlsx import furniture
from safe_release.formats.xlsx.axis import columns_map, rows_map
from safe_release.formats.xlsx.drawing_parts import Drawings
from safe_release.formats.xlsx.drawings import DrawingBuilder
from safe_release.formats.xlsx.grammar import WORKSHEET
from safe_release.formats.xlsx.header_pictures import HeaderPictures
from safe_release.formats.xlsx.styles import NAMESPACE, SourceStyles, StylePool
from safe_release.formats.zip_writer import ZipWriter

CHARTSHEET: Final[Grammar] = {
    **{
        name: row
        for name, row in WORKSHEET.items()
        if name in ("tabColor", "pageMargins", "headerFooter", "drawing", "legacyDrawingHF")
        or name.endswith(("Header", "Footer"))
    },
    "sheetPr": Row(("tabColor",), empty=False),
    "sheetViews": Row(("sheetView",)),
    "sheetView": Row(
        (),
        {
            "tabSelected": Flag(),
            "zoomScale": Count(10, 400),
            "workbookViewId": Count(0, 0),
            "zoomToFit": Flag(),
        },
    ),
    "pageSetup": Row(
        (),
        {
            "paperSize": Count(0, 118),
            "firstPageNumber": Count(0, 32767),
            "orientation": keyword("portrait", "landscape"),
            "blackAndWhite": Flag(),
            "draft": Flag(),
            "useFirstPageNumber": Flag(),
        },
        empty=False,
    ),
}


class ChartSheet:
    """A chart sheet that shows: its drawing is rebuilt first, the part when its tab is known."""

    def __init__(self, package: Package, part: str, number: int, drawings: Drawings) -> None:
        self._place = f"sheet {number}"
        self._drawings = drawings
        self._relations = package.relationships(part)
        self._root = self._tree(package, part)
        self._target = self._drawing(package, part) if self._root is not None else None

    @property
    def shows(self) -> bool:
        """Whether anything is on it that the copy has."""
        return self._target is not None

    @staticmethod
    def _tree(package: Package, part: str) -> Node | None:
        try:
            root = package.tree(part)
        except (Malformed, CannotRebuild):
            return None
        return root if root.tag == "chartsheet" else None

    def _drawing(self, package: Package, part: str) -> str | None:
        node = self._child("drawing")
        id_ = node.get("r:id") if node is not None else None
        for relation in package.relationships(part):
            is_drawing = relation.type == "drawing" and not relation.is_external
            if is_drawing and relation.id == id_ and package.has(relation.target):
                builder = DrawingBuilder(
                    self._drawings, relation.target, columns_map(), _nowhere, self._place
                )
                return builder.build(rows_map())
        return None

    def _child(self, name: str) -> Node | None:
        root = self._root if self._root is not None else Node("")
        return next((node for node in root if node.tag == name), None)

    def write(
        self,
        zip_writer: ZipWriter,
        new: int,
        styles: StylePool,
        source: SourceStyles,
        *,
        is_selected: bool,
    ) -> None:
        """Write the part of the tab with the number ``new``, and what belongs to it."""
        gate = Gate(CHARTSHEET, self._drawings.ledger)
        properties = self._child("sheetPr")
        if properties is not None:
            source.flatten_palette(properties)
        head = gate.carry(properties) if properties is not None else ""
        styles.note(head)
        carried = [
            gate.carry(node)
            for name in ("pageMargins", "pageSetup")
            if (node := self._child(name)) is not None
        ]
        headed = self._child("legacyDrawingHF")
        id_ = headed.get("r:id") if headed is not None else None
        pictures = HeaderPictures(self._drawings, self._relations, id_, self._place)
        headers = furniture.header_footer(
            gate, self._child("headerFooter"), self._place, pictures.keep
        )
        links = [("drawing", self._target or "", False)]
        reference = pictures.build()
        if reference is not None:
            links.append(("vmlDrawing", reference, False))
        markup = (
            f'{XML_DECLARATION}<chartsheet xmlns="{NAMESPACE}" xmlns:r="{OFFICE.rstrip("/")}">'
            f"{head}{self._view(gate, is_selected)}{''.join(carried)}"
            f"{headers}{gate.write('drawing', {'r:id': 'rId1'})}"
            + (gate.write("legacyDrawingHF", {"r:id": "rId2"}) if reference is not None else "")
            + "</chartsheet>"
        )
        zip_writer.add(f"xl/chartsheets/sheet{new}.xml", markup.encode())
        zip_writer.add(
            f"xl/chartsheets/_rels/sheet{new}.xml.rels",
            relationships_part(links),
        )
        self._drawings.flush(zip_writer)

    def _view(self, gate: Gate, is_selected: bool) -> str:
        views = self._child("sheetViews")
        view = next((node for node in views or () if node.tag == "sheetView"), Node("sheetView"))
        attributes: dict[str, str | int] = {
            name: view.attrib[name] for name in ("zoomScale", "zoomToFit") if name in view.attrib
        }
        if attributes.get("zoomScale") == "100":
            del attributes["zoomScale"]
        attributes |= {"tabSelected": int(is_selected), "workbookViewId": 0}
        return gate.write("sheetViews", {}, gate.write("sheetView", attributes))


def _nowhere(_location: str) -> None:
    """A chart sheet has no cells that links within the workbook could be resolved by."""
    return
