"""What an inspector learns of the objects on a sheet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from safe_release.inspectors.pictures import Look, alike


@dataclass(frozen=True, slots=True)
class ObjectReading:
    """One object that shows: what it says and where, in the copy's coordinates."""

    kinds: tuple[str, ...] = ()
    """Its own kind and those of its members, with the names of preset shapes."""
    place: tuple[int, ...] = ()
    texts: tuple[str, ...] = ()
    """Its paragraphs that have a text, and those of its members."""
    links: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    """Alternative texts, where the policy keeps them."""
    charts: tuple[str, ...] = ()
    """What the charts in it say, as the reading of charts puts it."""
    pictures: tuple[Look, ...] = ()

    def differs(self, other: ObjectReading) -> str:
        """What of two objects differs, in a word; empty where they say the same."""
        for name in ("kinds", "place", "texts", "links", "alternatives", "charts"):
            if getattr(self, name) != getattr(other, name):
                return {
                    "kinds": "shapes", "place": "places", "alternatives": "alternative texts",
                }.get(name, name)  # fmt: skip
        if len(self.pictures) != len(other.pictures) or not all(
            map(alike, self.pictures, other.pictures)
        ):
            return "pictures"
        return ""


@dataclass(frozen=True, slots=True)
class Headed:
    """A picture of a header: where, how large in quarters of a point, how recoloured, and what."""

    place: str
    size: tuple[int, int]
    look: tuple[int, int, bool, bool]
    picture: Look

    def equals(self, other: Headed) -> bool:
        """Whether another shows the same in the same place."""
        mine = (self.place, self.size, self.look)
        return mine == (other.place, other.size, other.look) and alike(self.picture, other.picture)


@dataclass(slots=True)
class Collected:
    """What is being found out of one object and its members."""

    place: str
    notes: Counter[str] = field(default_factory=Counter)
    kinds: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    alternatives: list[str] = field(default_factory=list)
    charts: list[str] = field(default_factory=list)
    pictures: list[Look] = field(default_factory=list)
    fonts: list[str] = field(default_factory=list)

    def reading(self, place: tuple[int, ...]) -> ObjectReading:
        """What the object says."""
        return ObjectReading(
            tuple(self.kinds),
            place,
            tuple(self.texts),
            tuple(self.links),
            tuple(self.alternatives),
            tuple(self.charts),
            tuple(self.pictures),
        )
