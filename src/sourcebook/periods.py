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
    parts = [int(part) for part in stamp.split("-")]
    first = date(*[*parts, 1, 1][:3])
    if len(parts) > 2:
        return first, first
    last_month = first.month if len(parts) == 2 else 12
    return first, date(first.year, last_month, calendar.monthrange(first.year, last_month)[1])


def offset(stamp: str, other: str) -> tuple[int, int]:
    """Return by how many days a date may lie behind another: the least and the most, negative where before it.

    ``2024-12`` lies 136 to 106 days before ``2025-04-16``: (-136, -106).

    Raises
    ------
    ValueError
        If a stamp is no date.
    """
    (first, last), (other_first, other_last) = days_of(stamp), days_of(other)
    return (first - other_last).days, (last - other_first).days


def apart(stamp: str, other: str) -> Quantity:
    """Return how many days two dates may be apart; from zero where they may be the same day."""
    low, high = offset(stamp, other)
    least = 0 if low <= 0 <= high else min(abs(low), abs(high))
    return Quantity(float(least), float(max(abs(low), abs(high))), "day")


def span(start: str, end: str) -> Quantity:
    """Return the length of a period in days, both ends counted.

    ``2021-08`` to ``2024-02`` is an interval: from the last of August to the first of February at the least,
    from the first of August to the last of February at the most. The same stamp twice is that whole month or
    year, and no period is shorter than a day.

    Raises
    ------
    ValueError
        If a stamp is no date, or the period ends before it begins.
    """
    earliest, latest = days_of(start)
    soonest, last = days_of(end)
    most = (last - earliest).days + 1.0
    least = most if start == end else max(1.0, (soonest - latest).days + 1.0)
    return Quantity(least, most, "day")
