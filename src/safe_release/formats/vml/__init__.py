"""VML (ECMA-376 part 4, clause 19): what shapes of the older kind say and show.

Three kinds of documents use it: sheets (pictures of headers, previews of embedded documents, form
controls), and texts and slides beside them (watermarks, previews). The interface is small:

- ``read_markup(data, place, depth)``: a VML part as a tree whose names are ``v:shape``, ``o:lock``
  and ``x:ClientData``, or ``None`` where it cannot be read. Builders whose own reader gives VML the
  same names may skip it.
- ``shapes(root)``: the shapes below a node, as ``Shape``; ``read_shape(node, presets)`` for one.
- ``Style``: a ``style`` attribute by its properties, lengths in points.

Nothing of this decides what a copy holds: it reads, the formats decide.
"""

from __future__ import annotations

from safe_release.formats.vml.markup import read_markup
from safe_release.formats.vml.shapes import PARTS, Image, Shape, read_shape, shapes
from safe_release.formats.vml.style import Style
from safe_release.formats.vml.texts import Line, Run

__all__ = ["PARTS", "Image", "Line", "Run", "Shape", "Style", "read_markup", "read_shape", "shapes"]
