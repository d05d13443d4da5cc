"""How long a period is, when its ends are known to the day, the month or the year only."""

from __future__ import annotations

import calendar
from datetime import date

from sourcebook.quantity import Quantity


def days_of(stamp: str) -> tuple[date, date]:
    """Return the first and the last day that an ISO 8601 date of any precision may mean.

    Raises
    ------
    ValueError
        If `stamp` is no date.
    """
    year, month, day = ([int(part) for part in stamp.split("-")] + [0, 0])[:3]
    first = date(year, month or 1, day or 1)
    if day:
        return first, first
    last_month = month or 12
    return first, date(year, last_month, calendar.monthrange(year, last_month)[1])


def span(start: str, end: str) -> Quantity:
    """Return the length of a period in days, both ends counted.

    ``2021-08`` to ``2024-02`` is an interval: from the last of August to the first of February at the least,
    from the first of August to the last of February at the most.
    """
    earliest, latest = days_of(start)
    soonest, last = days_of(end)
    return Quantity((soonest - latest).days + 1.0, (last - earliest).days + 1.0, "day")
