"""Contradictions: those that can be computed from the record, and what the table of them must keep.

A contradiction that a program can see needs a row in ``data/conflicts.csv`` whose parties name both sides; what
only a reader can see is coded there beside it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from sourcebook.errors import Problem, SourcebookError, UnitMismatch
from sourcebook.ledger import Ledger, Table
from sourcebook.models import Citation, Claim
from sourcebook.periods import days_of, span

Party = tuple[str, str]
"""A kind of record and its id."""

RECORDS = ("claim", "event", "stance", "review", "citation")
"""Kinds of record that take part in a conflict, each with a column ``<kind>_id``."""


@dataclass(frozen=True)
class Contradiction:
    """What a program found.

    Attributes
    ----------
    parties : tuple of Party
        The records that can't all be right.
    what : str
        The contradiction, both sides with their values.
    kinds : tuple of str
        The kinds of conflict that it may be coded as.
    """

    parties: tuple[Party, ...]
    what: str
    kinds: tuple[str, ...]


def contradictions(ledger: Ledger) -> Iterator[Contradiction]:
    """Yield every contradiction that can be computed from the record."""
    yield from _answers(ledger)
    yield from _durations(ledger)
    yield from _happenings(ledger)
    yield from _refuted(ledger)
    yield from _citations(ledger)


def _answers(ledger: Ledger) -> Iterator[Contradiction]:
    """Claims on one question whose intervals do not meet, and whose periods do."""
    asked: dict[str, list[Claim]] = defaultdict(list)
    for claim in ledger.claims.values():
        asked[claim.question_id].append(claim)
    for question, claims in asked.items():
        for one, other in combinations(claims, 2):
            try:
                meet = one.quantity.may_equal(other.quantity)
            except UnitMismatch:
                continue  # the rule on the units of a question says so
            if not meet and same_time(one, other):
                what = f"{_claim(one)} and {_claim(other)} answer the question {question!r} and do not meet"
                yield Contradiction((("claim", one.claim_id), ("claim", other.claim_id)), what, _BY_DOCUMENT)


def _claim(claim: Claim) -> str:
    low, high = claim.stated.low, claim.stated.high
    ends = [f"{end:g}" for end in dict.fromkeys((low, high)) if end is not None]
    return f"{claim.claim_id} ({' to '.join(ends)} {claim.stated.unit})".replace(" )", ")")


def same_time(one: Claim, other: Claim) -> bool:
    """Whether two claims can be about the same time; one without a period can be about any."""
    ends = [(_first(claim.period_start), _last(claim.period_end)) for claim in (one, other)]
    return max(start for start, _ in ends) <= min(end for _, end in ends)


def _first(stamp: str) -> date:
    return days_of(stamp)[0] if stamp else date.min


def _last(stamp: str) -> date:
    return days_of(stamp)[1] if stamp else date.max


def _durations(ledger: Ledger) -> Iterator[Contradiction]:
    """Claims of a length of time that is not the length of the period they are stated for."""
    for claim in ledger.claims.values():
        if not (claim.period_start and claim.period_end):
            continue
        length = span(claim.period_start, claim.period_end)
        try:
            fits = length.overlaps(claim.quantity)
        except UnitMismatch:
            continue  # no length of time
        if not fits:
            what = f"{_claim(claim)} is not the length of its period, {claim.period_start} to {claim.period_end}"
            yield Contradiction((("claim", claim.claim_id),), what, ("within", "calendar", "arithmetic", "upstream"))


def _happenings(ledger: Ledger) -> Iterator[Contradiction]:
    """Datings of one happening that cannot be the same day."""
    told = defaultdict(list)
    for event in ledger.events.values():
        if event.happening_id:
            told[event.happening_id].append(event)
    for events in told.values():
        for one, other in combinations(events, 2):
            (a, b), (c, d) = days_of(one.date), days_of(other.date)
            if max(a, c) > min(b, d):
                what = f"{one.event_id} ({one.date}) and {other.event_id} ({other.date}) date one happening differently"
                yield Contradiction((("event", one.event_id), ("event", other.event_id)), what, _BY_DOCUMENT)


def _refuted(ledger: Ledger) -> Iterator[Contradiction]:
    """Claims and events that a page read against them contradicts."""
    for review in ledger.reviews.values():
        if review.verdict == "contradicts":
            what = f"{review.review_id} contradicts {review.record[1]}"
            yield Contradiction((review.record, ("review", review.review_id)), what, _WITH_THE_WORLD)


_BY_DOCUMENT = ("within", "between", "calendar", "geography", "arithmetic", "name", "upstream")
_WITH_THE_WORLD = ("upstream", "arithmetic", "calendar", "geography", "name", "citation", "within", "between")


def _citations(ledger: Ledger) -> Iterator[Contradiction]:
    """Pages read before they were published, or cited for what came after; one page under two names or dates."""
    by_address: dict[tuple[str, str], list[Citation]] = defaultdict(list)
    by_title: dict[tuple[str, str], list[Citation]] = defaultdict(list)
    for citation in ledger.citations.values():
        yield from _citation(ledger, citation)
        if citation.url:
            by_address[citation.source_id, citation.url.rstrip("/")].append(citation)
        if citation.title:
            by_title[citation.source_id, citation.title.casefold()].append(citation)
    for (_, url), citations in by_address.items():
        yield from _unlike(citations, ("date", "date_accessed"), f"the page {url}")
    for (_, title), citations in by_title.items():
        yield from _unlike(citations, ("date", "author", "url"), f"the title {title!r}")


def _citation(ledger: Ledger, citation: Citation) -> Iterator[Contradiction]:
    own = ("citation", citation.citation_id)
    if citation.date and citation.date_accessed and _last(citation.date_accessed) < _first(citation.date):
        what = f"{citation.citation_id} was read on {citation.date_accessed} and published on {citation.date}"
        yield Contradiction((own,), what, _OF_CITATIONS)
    event = ledger.events.get(citation.event_id)
    if event and citation.date and _last(citation.date) < _first(event.date):
        what = f"{citation.citation_id} of {citation.date} is cited for {event.event_id} of {event.date}"
        yield Contradiction((own, ("event", event.event_id)), what, _OF_CITATIONS)


_OF_CITATIONS = ("citation", "calendar", "name")


def _unlike(citations: Sequence[Citation], columns: Iterable[str], of: str) -> Iterator[Contradiction]:
    for column in columns:
        for one, other in combinations(citations, 2):
            values = (getattr(one, column), getattr(other, column))
            if all(values) and not _alike(column, *values):
                what = f"{of} has the {column} {values[0]} in {one.citation_id} and {values[1]} in {other.citation_id}"
                yield Contradiction(
                    (("citation", one.citation_id), ("citation", other.citation_id)), what, _OF_CITATIONS
                )


def _alike(column: str, one: str, other: str) -> bool:
    if column == "author":
        return _same_people(one, other)
    if column.startswith("date"):  # a month and one of its days are no contradiction
        return _first(one) <= _last(other) and _first(other) <= _last(one)
    return one.rstrip("/").casefold() == other.rstrip("/").casefold()


def _same_people(one: str, other: str) -> bool:
    """Whether two authors can be the same: in whatever order, with initials, or with "et al." for the others."""
    names = _names(one), _names(other)
    if any("et al" in author.replace("et.", "et").casefold() for author in (one, other)):
        return bool(names[0] & names[1])
    return names[0] <= names[1] or names[1] <= names[0]


def _names(author: str) -> frozenset[str]:
    """Return the words of an author's name in lower case, without initials."""
    words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", author.casefold().replace("’", "'"))
    return frozenset(word for word in words if len(word) > 1 and word not in ("et", "al", "and"))


def missing(ledger: Ledger) -> Iterator[Contradiction]:
    """Yield every contradiction that has no row: none of a fitting kind in which all its parties take part."""
    for found in contradictions(ledger):
        kinds = [
            c.kind for c in ledger.conflicts.values() if set(found.parties) <= {(p.kind, p.key) for p in c.parties}
        ]
        if not set(kinds) & set(found.kinds):
            yield found


def row_problems(conflicts: Table, parties: Table) -> Iterator[Problem]:
    """Yield every party that is not one thing, and every conflict without two sides."""
    sides: dict[str, int] = defaultdict(int)
    for row in parties.rows:
        sides[row["conflict_id"]] += 1
        named = [kind for kind in RECORDS if row[f"{kind}_id"]]
        if len(named) + bool(row["quote"]) != 1:
            what = f"party {row['party']} of {row['conflict_id']} is {len(named)} records and {'a' if row['quote'] else 'no'} quotation"
            yield Problem(parties.path, row.line, what, "name one record, or quote words where none has them")
        if bool(row["quote"]) != bool(row["source_id"]):
            what = f"party {row['party']} of {row['conflict_id']} has a quotation without its source, or the reverse"
            yield Problem(parties.path, row.line, what, "fill both, or neither")
    for row in conflicts.rows:
        if not sides[row["conflict_id"]]:
            what = f"conflict {row['conflict_id']!r} has no party"
            yield Problem(conflicts.path, row.line, what, f"add what takes part to {parties.path}")


def unsided(ledger: Ledger) -> Iterator[Problem]:
    """Yield every contradiction between more than two documents of which not every party says which side it takes.

    Without one of the documents nobody could say whether a contradiction is left.
    """
    table = ledger.tables["conflicts"]
    for row in table.rows:
        conflict = ledger.conflicts[row["conflict_id"]]
        said = [party for party in conflict.parties if party.kind != "review"]
        try:
            documents = {ledger.anchor_of(party).source_id for party in said}
        except SourcebookError:
            continue  # a party that is no record: the rules on keys and parties say so
        if conflict.kind == "between" and len(documents) > 2 and {party.side for party in said} != {"a", "b"}:
            what = f"conflict {conflict.conflict_id!r} has {len(documents)} documents, and not each is on side a or b"
            yield Problem(table.path, row.line, what, "write a or b into the column side of each of its parties")
