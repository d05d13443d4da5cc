"""Where a date stands on an axis of years."""

from __future__ import annotations

from sourcebook.ledger import Ledger
from sourcebook.periods import days_of


def decimal_year(stamp: str) -> float:
    """Return the middle of a day, month or year as a decimal year.

    Raises
    ------
    ValueError
        If `stamp` is no date.
    """
    first, last = days_of(stamp)
    middle = (first.timetuple().tm_yday + last.timetuple().tm_yday) / 2 - 0.5
    return first.year + middle / days_of(f"{first.year}")[1].timetuple().tm_yday


def said_on(ledger: Ledger, reference: str) -> str:
    """Return when a number was stated: a claim's document, a page, or the period of a row of a series.

    Raises
    ------
    UnknownId
        If there is no such claim, review or row.
    """
    kind, _, key = reference.partition(":")
    if kind == "claim":
        return ledger.source(ledger.claim(key).source_id).date_published
    return ledger.review(key).date if kind == "review" else ledger.figure(key).period_start
