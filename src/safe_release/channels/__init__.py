"""The catalogue: every way a document can carry what its reader does not see."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from safe_release.channel import Channel
from safe_release.channels import container, ooxml, pictures, xlsx

CATALOGUE: Mapping[str, Channel] = MappingProxyType(
    {row.id: row for row in (*container.ROWS, *ooxml.ROWS, *pictures.ROWS, *xlsx.ROWS)}
)
"""All channels by id, as documented: container, shared parts, pictures, formats."""
