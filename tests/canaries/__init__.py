"""The canaries: for each channel documents that carry a word there and nowhere else."""

from __future__ import annotations

from canaries import cells, charts, container, drawings, features, legacy, ooxml, sights, workbook
from canaries.planting import BASES, CANARY, MARKER, PLANTERS, Planter, made

__all__ = ["BASES", "CANARY", "MARKER", "PLANTERS", "Planter", "made"]
MODULES = (container, ooxml, workbook, cells, sights, features, drawings, charts, legacy)
