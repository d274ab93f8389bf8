"""VML (ECMA-376 part 4, clause 19) through the inspectors' eyes.

``plant(place, data, depth)`` reads a part into nodes, ``None`` where it cannot be read;
``pieces(root)`` are the shapes in it, each a ``Piece``; ``piece(node, kinds)`` is one of them, for
parts of other kinds that hold VML. The words of a part, for who hides them, are ``words(root)``.
"""

from __future__ import annotations

from safe_release.inspectors.vml.pieces import Inset, Letters, Piece, piece, pieces
from safe_release.inspectors.vml.planting import plant, words

__all__ = ["Inset", "Letters", "Piece", "piece", "pieces", "plant", "words"]
