"""What the releaser decided: the choices that shape a copy."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from safe_release.channels import CATALOGUE
from safe_release.errors import PolicyError
from safe_release.limits import Limits

_LONGEST = 255
_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
PROPERTY_NAMES = (
    "title", "subject", "creator", "keywords", "description", "category", "language",
)  # fmt: skip


class Policy(BaseModel):
    """Safe and usable by default; frozen; unknown fields are errors.

    Fields that a format has no use for are ignored by it: ``docs/policy.md`` says which format
    reads which field.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    precision: Literal["displayed", "stored"] = "displayed"
    """``displayed``: a number keeps what its format shows; ``stored``: every digit."""
    stale_formulas: Literal["recalculate", "refuse"] = "recalculate"
    """What to do with formulas whose stored value is absent or not to be trusted."""
    tracked_changes: Literal["final", "refuse"] = "final"
    links: Literal["web", "none"] = "web"
    """``web``: http, https and mailto links and links inside the copy stay; ``none``: no link."""
    alt_text: Literal["drop", "keep"] = "drop"
    pictures: Literal["reencode", "drop"] = "reencode"
    pdf_text_layer: Literal["drop", "keep"] = "drop"
    pdf_pages: Literal["vector", "raster"] = "vector"
    properties: dict[str, str] = Field(default_factory=dict)
    """Document properties to set on the copy; nothing is inherited from the source."""
    refuse: tuple[str, ...] = ()
    """Channel ids, or ``"*"``, whose presence refuses the release instead of cleaning it."""
    limits: Limits = Field(default_factory=Limits)

    @field_validator("properties")
    @classmethod
    def _known_properties(cls, value: dict[str, str]) -> dict[str, str]:
        unknown = sorted(set(value) - set(PROPERTY_NAMES))
        if unknown:
            raise ValueError(f"unknown properties; the ones known are {', '.join(PROPERTY_NAMES)}")
        if any(len(text) > _LONGEST or _UNWRITABLE.search(text) for text in value.values()):
            raise ValueError(f"a property is a text of at most {_LONGEST} printable characters")
        return value

    @field_validator("refuse")
    @classmethod
    def _known_channels(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        # A misspelt id would never be met, and so never refuse anything.
        unknown = [name for name in value if name != "*" and name not in CATALOGUE]
        if unknown:
            raise ValueError(f"no channels of the catalogue: {', '.join(unknown)}")
        return value

    @classmethod
    def of(cls, /, **fields: Any) -> Policy:
        """A policy from keyword arguments; raises ``PolicyError`` where a field is wrong."""
        try:
            return cls(**fields)
        except ValidationError as error:
            raise PolicyError(
                "; ".join(
                    f"{'.'.join(str(step) for step in item['loc']) or 'policy'}: {item['msg']}"
                    for item in error.errors(include_url=False, include_input=False)
                ),
                place="policy",
                remedy="See docs/policy.md for the fields and their values",
            ) from None

    @classmethod
    def load(cls, path: str | Path) -> Policy:
        """Read a policy from a TOML file, or from ``[tool.safe-release]`` of a pyproject.toml.

        Raises ``PolicyError`` when the file cannot be read, is no TOML, or has unknown keys.
        """
        path = Path(path)
        try:
            with path.open("rb") as file:
                table = tomllib.load(file)
        except OSError as error:
            raise PolicyError(
                f"cannot be read ({error.strerror})", place="policy file", remedy="Check the path"
            ) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError):
            raise PolicyError(
                "is not valid TOML", place="policy file", remedy="Check its syntax"
            ) from None
        if path.name == "pyproject.toml":
            table = table.get("tool", {}).get("safe-release", {})
        return cls.of(**table)
