"""This module has LibreOffice load a workbook, calculate, and save it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from safe_release.document import CellPlace
from safe_release.limits import Limits
from safe_release.office import Soffice
from safe_release.recalculate.failures import cannot_recalculate, out_of_time

_FILTERS = {"xlsx": "Calc MS Excel 2007 XML", "ods": "calc8"}


class Office:
    """LibreOffice with a profile of its own in ``folder``, until ``deadline`` (monotonic)."""

    def __init__(self, soffice: Path, folder: Path, limits: Limits, deadline: float) -> None:
        self._folder = folder
        self._soffice = Soffice(soffice, folder, limits, deadline)

    def convert(self, source: Path, kind: str, cells: Sequence[CellPlace]) -> Path:
        """Load ``source``, calculate everything, and save it as ``kind`` (``xlsx`` or ``ods``).

        Raises ``CannotRebuild`` naming ``cells`` where there is no result in time.
        """
        folder = self._folder / kind
        folder.mkdir()
        finished = self._soffice.run(
            [
                f"--infilter={_FILTERS['xlsx']}",
                "--convert-to",
                f"{kind}:{_FILTERS[kind]}",
                "--outdir",
                str(folder),
                str(source),
            ]
        )
        result = folder / f"{source.stem}.{kind}"
        if not finished:
            raise out_of_time(cells)
        if not result.is_file():
            raise cannot_recalculate(
                "have formulas without a trustworthy value, and LibreOffice could not work "
                "them out",
                cells,
            )
        return result
