"""What happened when, by the record: each happening once, and again where it is dated otherwise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sourcebook.ledger import Ledger
from sourcebook.models import Event, Review
from sourcebook.periods import days_of, offset

if TYPE_CHECKING:
    import pandas as pd

POWERS = ("pakistan", "china", "taliban-government", "russia")
OTHER = "other"
"""Who took part where none of the powers did."""


@dataclass(frozen=True)
class Dating:
    """One date of one happening.

    Attributes
    ----------
    event : Event
        The telling that stands for it: one that states the date, before one from which it was inferred.
    tellings : tuple of Event
        Every telling that dates it so, or more coarsely.
    contradicted : bool
        Whether a page gives another date.
    powers : tuple of str
        Which of `POWERS` took part, by any telling of the happening, or `OTHER`.
    """

    event: Event
    tellings: tuple[Event, ...]
    contradicted: bool
    powers: tuple[str, ...]

    @property
    def first(self) -> date:
        """The first day that is meant."""
        return days_of(self.event.date)[0]

    @property
    def last(self) -> date:
        """The last day that is meant."""
        return days_of(self.event.date)[1]


def datings(ledger: Ledger) -> tuple[Dating, ...]:
    """Return the dates of every happening, from the earliest.

    Where a happening is told several times the most precise date stands for the coarser ones that it lies in, except
    that a date which a page contradicts never stands for one which none does.
    """
    told: dict[str, list[Event]] = defaultdict(list)
    for event in ledger.events.values():
        told[event.happening].append(event)
    found = [dating for tellings in told.values() for dating in _of_one(ledger, tellings)]
    return tuple(sorted(found, key=lambda d: (d.first, d.last, d.event.event_id)))


def _of_one(ledger: Ledger, tellings: Sequence[Event]) -> Iterator[Dating]:
    powers = powers_of(ledger, tellings)
    for contradicted in (False, True):
        group = [e for e in tellings if bool(ledger.refuting(e.event_id)) == contradicted]
        for stamp in _finest({event.date for event in group}):
            standing = min((e for e in group if e.date == stamp), key=_standing)
            same = tuple(e for e in group if _within(stamp, e.date))
            yield Dating(standing, same, contradicted, powers)


def _standing(event: Event) -> tuple[bool, int, str]:
    return event.inferred, event.anchor.start or 0, event.event_id  # a date that is stated, where it is told first


def _finest(stamps: Iterable[str]) -> list[str]:
    known = sorted(stamps)
    return [stamp for stamp in known if not any(other != stamp and _within(other, stamp) for other in known)]


def _within(stamp: str, coarse: str) -> bool:
    """Whether one date is the other, or a day or month of it."""
    return stamp == coarse or stamp.startswith(f"{coarse}-")


def powers_of(ledger: Ledger, tellings: Iterable[Event]) -> tuple[str, ...]:
    """Return the powers that took part in a happening, in the order of `POWERS`; `OTHER` where none did."""
    present = {ledger.powers[actor] for event in tellings for actor in event.actors}
    return tuple(power for power in POWERS if power in present) or (OTHER,)


def frame(ledger: Ledger) -> pd.DataFrame:
    """Return `datings` as a table to draw.

    Returns
    -------
    DataFrame
        One row a dating: ref (``event:id``), happening, title, domain, powers (tuple), document, first, last (days),
        inferred, contradicted.
    """
    import pandas as pd  # here, since a check needs none of it and it takes a second to import

    rows = [
        {
            "ref": f"event:{dating.event.event_id}",
            "happening": dating.event.happening,
            "title": dating.event.title,
            "domain": dating.event.domain,
            "powers": dating.powers,
            "document": ledger.source(dating.event.source_id).short_name,
            "first": dating.first,
            "last": dating.last,
            "inferred": dating.event.inferred,
            "contradicted": dating.contradicted,
        }
        for dating in datings(ledger)
    ]
    return pd.DataFrame(rows)


def look_back(ledger: Ledger) -> pd.DataFrame:
    """Return how long before a document was published each happening lies that it dates, by its own dates.

    Returns
    -------
    DataFrame
        One row a document and happening, documents in the order of publication: source_id, document, ref, years (from
        the middle of the event's date, as far as it is not later, to the middle of the publication's), inferred, and
        page (``review:id``, with page_years) where a page puts the happening wholly after the document.
    """
    import pandas as pd

    rows = []
    for source in sorted(ledger.sources.values(), key=lambda s: (days_of(s.date_published), s.source_id)):
        told: dict[str, list[Event]] = defaultdict(list)
        for event in ledger.events_of(source.source_id):
            told[event.happening].append(event)
        for tellings in told.values():
            event = min(tellings, key=lambda e: (-len(e.date), *_standing(e)))
            late = [r for r in ledger.refuting(event.event_id) if offset(r.dated, source.date_published)[0] > 0]
            rows.append(
                {
                    "source_id": source.source_id,
                    "document": source.short_name,
                    "ref": f"event:{event.event_id}",
                    "years": _years(event.date, source.date_published, clipped=True),
                    "inferred": event.inferred,
                    "page": f"review:{late[0].review_id}" if late else "",
                    "page_years": _years(late[0].dated, source.date_published) if late else None,
                }
            )
    return pd.DataFrame(rows)


def _years(stamp: str, published: str, *, clipped: bool = False) -> float:
    (first, last), (earliest, latest) = days_of(stamp), days_of(published)
    end = min(last, latest) if clipped else last
    return round(((earliest - first).days + (latest - end).days) / 2 / 365.25, 3)


def refuted(ledger: Ledger) -> pd.DataFrame:
    """Return every dating of the happenings for which a page gives another date, by how far they are off.

    Returns
    -------
    DataFrame
        The page's date and one row a dating, in the order of the pages' dates: happening, title, teller (document or
        publisher), ref (``event:id`` or ``review:id``), contradicted, low and high (days behind the page's date,
        negative before it).
    """
    import pandas as pd

    pages: dict[str, Review] = {}
    for event in ledger.events.values():
        for review in ledger.refuting(event.event_id)[:1]:
            pages.setdefault(event.happening, review)
    rows = []
    for happening, page in sorted(pages.items(), key=lambda item: (item[1].dated, item[0])):
        told = [(f"review:{page.review_id}", page.publisher, page.dated, False)]
        own = [d for d in datings(ledger) if d.event.happening == happening]
        for dating in sorted(own, key=lambda d: d.contradicted):
            event = dating.event
            source = ledger.source(event.source_id).short_name
            told.append((f"event:{event.event_id}", source, event.date, dating.contradicted))
        for ref, teller, stamp, contradicted in told:
            low, high = (0, 0) if ref.startswith("review:") else offset(stamp, page.dated)
            row = {"happening": happening, "title": own[0].event.title, "teller": teller, "ref": ref}
            rows.append({**row, "contradicted": contradicted, "low": low, "high": high})
    return pd.DataFrame(rows)
