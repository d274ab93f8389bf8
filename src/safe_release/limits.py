"""How much a source may ask for before it is turned away."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Limits(BaseModel):
    """Bounds on time and memory for one document. Exceeding one raises ``TooLarge``.

    Sizes are bytes, ``ratio`` is unpacked size divided by packed size of one part, ``depth`` is
    the nesting of XML elements, ``seconds`` is wall time for one document, the helpers' included.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source_bytes: int = Field(default=1 << 30, gt=0)
    unpacked_bytes: int = Field(default=8 << 30, gt=0)
    part_bytes: int = Field(default=4 << 30, gt=0)
    small_part_bytes: int = Field(default=256 << 20, gt=0)
    """The largest part that may be held in memory as a tree (styles, tables, workbook)."""
    parts: int = Field(default=20_000, gt=0)
    ratio: int = Field(default=1_200, gt=0)
    """zlib cannot exceed about 1,032; repetitive sheets of real reports reach 100."""
    depth: int = Field(default=128, gt=0)
    cells: int = Field(default=50_000_000, gt=0)
    sheets: int = Field(default=2_000, gt=0)
    pages: int = Field(default=20_000, gt=0)
    pixels: int = Field(default=200_000_000, gt=0)
    seconds: float = Field(default=1_800.0, gt=0)
