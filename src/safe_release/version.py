"""This module is the version, alone, so that reading it costs nothing."""

from __future__ import annotations

from typing import Final

__version__: Final = "0.1.0"
