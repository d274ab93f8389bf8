"""Scalable drawings (SVG), cut down to what a list knows before LibreOffice draws them.

Nothing of the file reaches the copy but pixels. The list keeps what is drawn from fetching files,
from running anything, and from showing something else than it does in Office: what would change
the picture and is not on the list makes the drawing one that cannot be rebuilt.
"""

from __future__ import annotations

import re
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from safe_release.formats.pictures.faults import cannot_rebuild
from safe_release.formats.xml_reader import XmlReader
from safe_release.limits import Limits

_SHAPES: Final = frozenset(
    """
    svg g a defs symbol use path rect circle ellipse line polyline polygon text tspan
    linearGradient radialGradient stop clipPath
    """.split()
)
_SILENT: Final = frozenset("title desc metadata script view cursor".split())
"""Elements that paint nothing; they and all in them are left out."""
_PAINT: Final = frozenset(
    """
    fill fill-rule fill-opacity stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin
    stroke-miterlimit stroke-dasharray stroke-dashoffset opacity color display visibility overflow
    stop-color stop-opacity clip-path clip-rule font-family font-size font-style font-weight
    font-stretch font-variant text-anchor text-decoration letter-spacing word-spacing
    dominant-baseline baseline-shift writing-mode
    """.split()
)
_ATTRIBUTES: Final = _PAINT | frozenset(
    """
    id x y x1 y1 x2 y2 cx cy r rx ry fx fy dx dy d points width height transform viewBox
    preserveAspectRatio offset gradientUnits gradientTransform spreadMethod clipPathUnits rotate
    xml:space
    """.split()
)
_TELLING: Final = frozenset(
    "filter mask marker marker-start marker-mid marker-end textLength".split()
)
"""Attributes that change the picture, which the list does not draw."""
_VALUE: Final = re.compile(r"[\w\s.,;:#%()+\-'\"/]*")
_LINK: Final = re.compile(r"url\(\s*['\"]?#[\w.-]+['\"]?\s*\)")
_TARGET: Final = re.compile(r"#[\w.-]+")
_LENGTH: Final = re.compile(r"\s*(\d+(?:\.\d*)?|\.\d+)(px|in|cm|mm|pt|pc)?\s*")
_MILLIMETRES: Final = {
    "px": 25.4 / 96, "in": 25.4, "cm": 10.0, "mm": 1.0, "pt": 25.4 / 72, "pc": 25.4 / 6,
}  # fmt: skip
_DRAWN: Final = 100_000
"""Elements that a drawing may come to when all repetitions are drawn."""


def reduced(data: bytes, limits: Limits, place: str) -> tuple[bytes, tuple[float, float]]:
    """The drawing cut down, and its width and height in millimetres.

    Raises ``CannotRebuild`` for drawings that use more than the list knows, ``Malformed`` and
    ``TooLarge`` for what is no XML within the limits.
    """
    reader = _Reducer(place, limits.depth)
    reader.feed(data, last=True)
    reader.check_repetitions()
    return "".join(reader.out).encode("utf-8"), reader.size


class _Reducer(XmlReader):
    def __init__(self, place: str, depth_limit: int) -> None:
        super().__init__(place, depth_limit)
        self.out: list[str] = []
        self.size = (0.0, 0.0)
        self._skipped_from = 0
        self._path: list[tuple[str, str]] = []
        self._counts: dict[str, int] = {"": 0}
        self._uses: dict[str, list[str]] = {"": []}

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        """Write an element of the list; leave out or refuse others."""
        if self._skipped_from:
            return
        local = name.removeprefix("svg:")
        if self.depth == 1 and name != "svg:svg":
            raise self._refusal()
        if not name.startswith("svg:") or local in _SILENT:
            self._skipped_from = self.depth
            return
        if local not in _SHAPES:
            raise self._refusal()
        if local == "a":  # where it leads does not show
            attributes = {key: attributes[key] for key in attributes if key in _ATTRIBUTES}
        kept = self._kept(attributes)
        if self.depth == 1:
            self.size = _size(attributes)
            kept["xmlns"] = "http://www.w3.org/2000/svg"
            kept["xmlns:xlink"] = "http://www.w3.org/1999/xlink"
        written = "g" if local == "a" else local
        identity = kept.get("id", "")
        self._path.append((written, identity))
        for owner in {"", *(above for _, above in self._path)}:
            self._counts[owner] = self._counts.get(owner, 0) + 1
            if "xlink:href" in kept:
                self._uses.setdefault(owner, []).append(kept["xlink:href"][1:])
        spelled = "".join(f" {key}={quoteattr(value)}" for key, value in kept.items())
        self.out.append(f"<{written}{spelled}>")

    def closed(self, name: str) -> None:
        """End an element that was written."""
        if self._skipped_from:
            if self.depth == self._skipped_from:
                self._skipped_from = 0
            return
        self.out.append(f"</{self._path.pop()[0]}>")

    def said(self, text: str) -> None:
        """Write text inside of texts."""
        if not self._skipped_from and self._path and self._path[-1][0] in ("text", "tspan"):
            self.out.append(escape(text))

    def check_repetitions(self) -> None:
        """Refuse drawings that repeat themselves in themselves, or come to too many elements."""
        total: dict[str, int] = {}

        def drawn(owner: str, above: frozenset[str]) -> int:
            if owner in above or len(above) > 32:
                raise self._refusal()
            if owner not in total:
                total[owner] = self._counts.get(owner, 0) + sum(
                    drawn(target, above | {owner}) for target in self._uses.get(owner, ())
                )
            if total[owner] > _DRAWN:
                raise self._refusal()
            return total[owner]

        drawn("", frozenset())

    def _kept(self, attributes: dict[str, str]) -> dict[str, str]:
        kept: dict[str, str] = {}
        given = dict(attributes)
        for declaration in given.pop("style", "").split(";"):
            key, _, value = declaration.partition(":")
            if key.strip() in _PAINT | _TELLING:
                given[key.strip()] = value.strip()
        for key, value in given.items():
            if key in _TELLING and value.strip() not in ("", "none"):
                raise self._refusal()
            if key in ("href", "xlink:href"):
                if not _TARGET.fullmatch(value):
                    raise self._refusal()
                kept["xlink:href"] = value
            elif key in _ATTRIBUTES:
                if not _VALUE.fullmatch(value) or "url" in _LINK.sub("", value.lower()):
                    raise self._refusal()
                kept[key] = value
        return kept

    def _refusal(self) -> Exception:
        return cannot_rebuild("is a scalable drawing (SVG) with more than can be drawn", self.place)


def _size(attributes: dict[str, str]) -> tuple[float, float]:
    """Millimetres, by width and height, else by the box of the view; zero without either."""
    sides = []
    for key in ("width", "height"):
        found = _LENGTH.fullmatch(attributes.get(key, ""))
        if found:
            sides.append(float(found[1]) * _MILLIMETRES[found[2] or "px"])
    if len(sides) == 2:
        return sides[0], sides[1]
    box = attributes.get("viewBox", "").replace(",", " ").split()
    if len(box) == 4 and all(_LENGTH.fullmatch(side) for side in box[2:]):
        return float(box[2]) * _MILLIMETRES["px"], float(box[3]) * _MILLIMETRES["px"]
    return 0.0, 0.0
