"""This module is how formulas without a trustworthy stored value get one from LibreOffice.

What rests on LibreOffice, and what does not:

* Every value returned here is LibreOffice's, worked out anew from the workbook's constants. It
  keeps 15 significant digits, as many as Excel shows. ``TEXT``, ``DOLLAR``, ``VALUE`` and their
  like follow the conventions of the United States, whatever the machine's are.
* ``TODAY``, ``NOW``, ``RAND`` and their like give the value of the moment: two runs differ.
* LibreOffice is given a copy of the workbook made for it: sheets, strings, tables and the stored
  values of other workbooks. Styles, pictures, macros, connections, pivot caches and the addresses
  of other files never reach it, so that it has nothing to run and nothing to fetch.
* Where it cannot give Excel's value, or would give another one, the document is refused: functions
  that it does not know, wherever in the workbook they stand (``IFERROR`` would swallow the
  error); functions that answer for the machine or for a part it was not given (``CELL``, ``INFO``,
  ``WEBSERVICE``, ``GETPIVOTDATA`` ...); ``SUBTOTAL`` over hidden rows, unless its code leaves them
  out; truth values where it takes them for the numbers 1 and 0;
  errors of its own that Excel does not have.
* Formulas that compare a truth value with a number (``=A1=1``) are not recognised as one of these;
  Excel says no where LibreOffice says yes.
"""

from __future__ import annotations

from collections.abc import Iterable
from time import monotonic

from safe_release.document import CellPlace, CellValue, Document
from safe_release.office import find_soffice, private_folder
from safe_release.recalculate.error_texts import read_error_texts
from safe_release.recalculate.failures import OPEN_IN_EXCEL, cannot_recalculate
from safe_release.recalculate.office import Office
from safe_release.recalculate.package import write_reduced
from safe_release.recalculate.result import opened
from safe_release.recalculate.results import read_values

__all__ = ["find_soffice", "recalculate"]


def recalculate(document: Document, cells: Iterable[CellPlace]) -> dict[CellPlace, CellValue]:
    """The values of these formula cells, worked out by LibreOffice in a throw-away profile.

    ``CellPlace.sheet`` counts every sheet of the workbook in tab order, hidden ones, chart sheets
    and macro sheets too. Takes at most ``document.limits.seconds``; several calls may run at once.

    Raises ``CannotRebuild`` naming the cells (ten at most) where LibreOffice is absent, fails,
    takes too long, or has no value that Excel would show too; ``Malformed`` and ``TooLarge``
    where the package cannot be read within its limits.
    """
    asked = sorted(set(cells))
    if not asked:
        return {}
    soffice = find_soffice()
    if soffice is None:
        raise cannot_recalculate(
            "have formulas without a trustworthy value, and LibreOffice is not installed",
            asked,
            f"{OPEN_IN_EXCEL}, or install LibreOffice",
        )
    deadline = monotonic() + document.limits.seconds
    with private_folder(document.size, "recalculate") as folder:
        source = folder / "source.xlsx"
        names = write_reduced(document, source, asked)
        office = Office(soffice, folder, document.limits, deadline)
        with opened(office.convert(source, "xlsx", asked), asked, deadline) as result:
            values, doubtful = read_values(result, names)
        if doubtful:
            with opened(office.convert(source, "ods", asked), doubtful, deadline) as result:
                texts = read_error_texts(result, names)
            unknown = [place for place in doubtful if place not in texts]
            if unknown:
                raise cannot_recalculate(
                    "have formulas for which LibreOffice has an error of its own", unknown
                )
            values.update((place, CellValue("e", text)) for place, text in texts.items())
        return {place: values[place] for place in asked}
