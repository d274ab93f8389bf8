"""The dates of ``t="d"`` cells (ISO 8601), read as the numbers they stand for."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from safe_release.inspectors.texts import canonical_number

_CLOCK = (
    r"(?P<h>[01][0-9]|2[0-3]):(?P<m>[0-5][0-9])(?::(?P<s>[0-5][0-9])(?:[.,](?P<f>[0-9]{1,9}))?)?"
)
_DAY = r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
_ZONE = r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
_FORMS = (re.compile(f"{_DAY}(?:T{_CLOCK})?{_ZONE}"), re.compile(f"T?{_CLOCK}{_ZONE}"))
_MILLISECONDS = 86_400_000


def date_as_number(text: str, date1904: bool) -> str | None:
    """The serial of a date, canonically spelled; ``None`` where the text is no date.

    Zones do not count, digits beyond the millisecond are cut off. Days before March 1900 are one
    less than the calendar says, for the leap day that 1900 had in spreadsheets only (18.17.4.1).
    """
    hit = next((hit for form in _FORMS if (hit := form.fullmatch(text.strip()))), None)
    if hit is None:
        return None
    parts = hit.groupdict()
    clock = timedelta(
        hours=int(parts["h"] or 0),
        minutes=int(parts["m"] or 0),
        seconds=int(parts["s"] or 0),
        milliseconds=int((parts["f"] or "").ljust(3, "0")[:3]),
    )
    if "day" in parts:
        try:
            day = datetime.fromisoformat(parts["day"])
        except ValueError:
            return None
        start = datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 30)  # noqa: DTZ001
        clock += day - start
        if not date1904 and day < datetime(1900, 3, 1):  # noqa: DTZ001
            clock -= timedelta(days=1)
    return canonical_number(repr(clock // timedelta(milliseconds=1) / _MILLISECONDS))
