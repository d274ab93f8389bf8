"""The register of planters: for each channel the documents that carry a canary there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from makers.packages import Package
from makers.sheets import add_table, sheet, workbook

CANARY = "Canary0042Qz7Kx"
MARKER = "Visible marker 0001"
"""A text that every base document shows, and every copy must still hold."""

Plant = Callable[[Package, str], Package | bytes]


@dataclass(frozen=True)
class Planter:
    """One way to put a canary into one channel."""

    channel: str
    name: str
    plant: Plant
    canary: str | bytes | None = CANARY
    """The word to look for; ``None`` where an order is the secret and only bytes can differ."""
    refused: tuple[str, ...] = ()
    """The classes of safe_release.errors that ``clean`` may raise; empty when it must not."""
    same: bool = True
    """Whether the copy equals that of the document without the canary, byte for byte."""
    recalculates: bool = False
    """Whether the copy needs LibreOffice to work out a value."""
    base: str = "plain"
    """Which of ``BASES`` the canary is planted into."""

    @property
    def id(self) -> str:
        return self.name if self.name.startswith(self.channel) else f"{self.channel}-{self.name}"

    def planted(self, base: bytes, word: str = CANARY) -> bytes:
        """The base with ``word`` planted into it."""
        made = self.plant(Package.read(base), word)
        return made if isinstance(made, bytes) else made.zip()


PLANTERS: list[Planter] = []


def plants(
    channel: str,
    *,
    canary: str | bytes | None = CANARY,
    refused: str | tuple[str, ...] = (),
    same: bool = True,
    recalculates: bool = False,
    base: str = "plain",
) -> Callable[[Plant], Plant]:
    """Register a function that plants the canary into ``channel``."""
    names = (refused,) if isinstance(refused, str) else refused

    def register(plant: Plant) -> Plant:
        name = getattr(plant, "__name__", "").removeprefix("_")
        PLANTERS.append(Planter(channel, name, plant, canary, names, same, recalculates, base))
        return plant

    return register


def _plain() -> Package:
    package = workbook(
        sheet(
            f"A1@1={MARKER} | A2=Method note | A3=Area | B3=Count | C3=Share |"
            "A4=North | B4=1250 | C4@2=3.14 | A5=South | B5=987 | C5@2=2.5 | A6=On | B6=TRUE |"
            "C6=#N/A | D4@3=45000 ; merge A1:C1 ; link A2 https://example.org/method ;"
            "col A width=24 customWidth=1",
            name="Summary",
        ),
        sheet(
            "A1=Key | B1=Value | A2=first | B2=10 | A3=second | B3=20 ;"
            "pane ySplit=1 topLeftCell=A2 activePane=bottomLeft state=frozen ;"
            'raw <pageSetup orientation="landscape"/>',
            name="Notes",
        ),
    )
    add_table(package, 1, "A3:C5", ["Area", "Count", "Share"], "Table1")
    return package


BASES: dict[str, Callable[[], Package]] = {"plain": _plain}


@cache
def made(base: str) -> bytes:
    """The base as the makers write it: the source of the clean base."""
    return BASES[base]().zip()
