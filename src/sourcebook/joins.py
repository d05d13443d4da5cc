"""Count rows by what other tables say of them: a claim by its reviews, an event by the age of its document.

`sourcebook.tally` counts what stands in one table. A query here reads the same, over five tables that have further
columns (`FURTHER`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from sourcebook import tally
from sourcebook.errors import SourcebookError, UnknownId
from sourcebook.ledger import UNKNOWN, Ledger
from sourcebook.models import Review
from sourcebook.periods import days_of
from sourcebook.quantity import Quantity

GRAVITY = ("contradicts", "partly", "confirms_other_origin", "confirms", "not_found")
"""Verdicts from the gravest to the mildest; a search without a result says less than any page, so it stands last."""

AGES = {"same year": 0, "1 year": 1, "2-4 years": 4, "5-20 years": 20}
"""Bands of age in calendar years, each with the greatest that it holds; what is above them all is `OLDER`."""
OLDER = "older"

Cells = Mapping[str, str]

FURTHER: Mapping[str, Mapping[str, str]] = {
    "claims": {
        "gravest": "gravest verdict of its reviews",
        "mildest": "mildest verdict of its reviews",
        "shared": "origin stands behind claims of another document too",
    },
    "events": {
        "gravest": "gravest verdict of its reviews",
        "mildest": "mildest verdict of its reviews",
        "age": "age when the document appeared",
    },
    "questions": {"documents": "documents that answer it", "origins": "known origins of the answers"},
    "conflict_parties": {
        "source_id": "document whose words take part",
        "kind": "kind of the contradiction",
        "severity": "severity of the contradiction",
    },
    "citations": {"early": "read before it was published"},
}
"""The columns that a table gains, and what each is in words. Blank: no review, or a side that is no document's."""


def count(ledger: Ledger, text: str) -> Quantity:
    """Return how many rows, or different values, a query finds; see `sourcebook.tally.count`.

    Raises
    ------
    UnknownId
        If the table gains no column here, or there is no such column or value.
    SourcebookError
        If the query does not read as one.
    """
    query = tally.parse(text)
    if query.table not in _MAKERS:
        raise UnknownId("table with further columns", query.table, _MAKERS)
    return tally.count_rows(ledger, _rows, query)


@lru_cache(maxsize=256)
def _rows(ledger: Ledger, table: str) -> tuple[Sequence[Cells], tuple[str, ...]]:
    return tuple(_MAKERS[table](ledger)), (*ledger.tables[table].columns, *FURTHER[table])


def told(text: str) -> str:
    """Return a query in words."""
    query = tally.parse(text)
    words = FURTHER.get(query.table, {})
    conditions = tuple((words.get(column, column), wanted, values) for column, wanted, values in query.conditions)
    return replace(query, conditions=conditions).told


def verdicts(reviews: Sequence[Review]) -> dict[str, str]:
    """Return the gravest and the mildest verdict of the reviews of one record; blank where there is none."""
    given = sorted((review.verdict for review in reviews), key=GRAVITY.index)
    pages = [verdict for verdict in given if verdict != "not_found"] or given
    return {"gravest": given[0], "mildest": pages[-1]} if given else {"gravest": "", "mildest": ""}


def age(date: str, published: str) -> str:
    """Return the band of `AGES` in which a date lies, in calendar years before a date of publication.

    Raises
    ------
    SourcebookError
        If it lies in a later year.
    """
    years = int(published[:4]) - int(date[:4])
    if years < 0:
        raise SourcebookError(f"{date} lies behind the publication in {published}")
    return next((band for band, most in AGES.items() if years <= most), OLDER)


def early(published: str, read: str) -> bool:
    """Whether a page was read before it was published, on every day that the dates may mean; not where one is blank."""
    return bool(published and read) and days_of(read)[1] < days_of(published)[0]


def _claims(ledger: Ledger) -> Iterator[Cells]:
    behind = defaultdict(set)
    for claim in ledger.claims.values():
        behind[claim.origin_id].add(claim.source_id)
    for row in ledger.tables["claims"].rows:
        shared = row["origin_id"] != UNKNOWN and len(behind[row["origin_id"]]) > 1
        held = verdicts(ledger.reviews_of("claim", row["claim_id"]))
        yield {**row.cells, **held, "shared": "true" if shared else "false"}


def _events(ledger: Ledger) -> Iterator[Cells]:
    for row in ledger.tables["events"].rows:
        held = verdicts(ledger.reviews_of("event", row["event_id"]))
        yield {**row.cells, **held, "age": age(row["date"], ledger.source(row["source_id"]).date_published)}


def _questions(ledger: Ledger) -> Iterator[Cells]:
    for row in ledger.tables["questions"].rows:
        voices = ledger.voices(row["question_id"])
        yield {**row.cells, "documents": str(voices.documents), "origins": str(voices.origins)}


def _conflict_parties(ledger: Ledger) -> Iterator[Cells]:
    stances = {stance.stance_id: stance.source_id for stance in ledger.coding()}
    for row in ledger.tables["conflict_parties"].rows:
        conflict = ledger.conflict(row["conflict_id"])
        named = (
            row["source_id"],
            ledger.claim(row["claim_id"]).source_id if row["claim_id"] else "",
            ledger.event(row["event_id"]).source_id if row["event_id"] else "",
            ledger.citation(row["citation_id"]).source_id if row["citation_id"] else "",
            stances.get(row["stance_id"], ""),
        )
        yield {**row.cells, "source_id": "".join(named), "kind": conflict.kind, "severity": conflict.severity}


def _citations(ledger: Ledger) -> Iterator[Cells]:
    for row in ledger.tables["citations"].rows:
        yield {**row.cells, "early": "true" if early(row["date"], row["date_accessed"]) else "false"}


_MAKERS: Mapping[str, Callable[[Ledger], Iterator[Cells]]] = {
    "claims": _claims,
    "events": _events,
    "questions": _questions,
    "conflict_parties": _conflict_parties,
    "citations": _citations,
}
