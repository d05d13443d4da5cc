"""What is left of the record when a reader sets documents aside.

A claim rests on its document, and on every other that says at least as much on the same question and time; an event,
on the documents that date the same happening to the same time, or more closely within it; a coded statement, on its
document alone. What rests only on documents that are set aside is gone. A derived value is computed again from what is
left: it stands, changes, or is gone with an input that it cannot do without. What was published elsewhere stands, and
so does what is measured on the coding as a whole.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from itertools import combinations
from types import MappingProxyType
from typing import Any

from sourcebook.conflicts import same_time
from sourcebook.derived import record
from sourcebook.errors import SetAside, Silence, UnitMismatch, UnknownId
from sourcebook.formatting import cell_text
from sourcebook.ledger import Ledger, Table
from sourcebook.models import Claim, Conflict, Event, Judgement, Review, Source
from sourcebook.periods import days_of


@dataclass(frozen=True, eq=False)
class Remainder(Ledger):
    """A record without some documents: its tables have the rows of the others, and what hangs on them.

    A claim or event that stands though its document is away can be looked up, and is counted nowhere. Build it with
    `remainder`.

    Attributes
    ----------
    full : Ledger
        The record with every document.
    left_out : frozenset of str
        The documents that are set aside.
    """

    full: Ledger | None = None
    left_out: frozenset[str] = frozenset()

    @property
    def whole(self) -> Ledger:
        """The record with every document."""
        assert self.full is not None
        return self.full

    @property
    def away(self) -> frozenset[str]:
        """The documents that are set aside."""
        return self.left_out

    def claim(self, key: str) -> Claim:
        """Return a claim that stands; raises `SetAside` where it rests only on what is away."""
        if resting(self.whole, "claim", key) <= self.away:
            raise SetAside(f"claim {key!r} rests only on documents that are set aside")
        return self.whole.claim(key)

    def event(self, key: str) -> Event:
        """Return an event that stands; raises `SetAside` where it rests only on what is away."""
        if resting(self.whole, "event", key) <= self.away:
            raise SetAside(f"event {key!r} rests only on documents that are set aside")
        return self.whole.event(key)

    def review(self, key: str) -> Review:
        """Return a review: what a page says stands without the documents."""
        return self.whole.review(key)

    def source(self, key: str) -> Source:
        """Return a document; raises `SetAside` where it is set aside."""
        if key in self.away:
            raise SetAside(f"document {key!r} is set aside")
        return self.whole.source(key)


EVERY = 6
"""Up to so many documents a reader may set aside any of them: 63 choices. Of more, one at a time: the choices double
with each document, and every number of the book is computed for every choice."""


def one_at_a_time(ledger: Ledger) -> bool:
    """Whether a reader may set aside a single document only."""
    return len(ledger.whole.sources) > EVERY


def subsets(ledger: Ledger) -> tuple[frozenset[str], ...]:
    """Return the choices of documents to set aside but none, by `mask`: for five documents, thirty-one."""
    names = sorted(ledger.sources)
    if one_at_a_time(ledger):
        return tuple(frozenset({name}) for name in names)
    chosen = (frozenset(some) for size in range(1, len(names) + 1) for some in combinations(names, size))
    return tuple(sorted(chosen, key=lambda away: mask(ledger, away)))


def mask(ledger: Ledger, away: Collection[str]) -> int:
    """Return a choice of documents as a number: a bit for each, in the order of their ids.

    Where documents are set aside one at a time, the place of the one, counted from 1: fifty bits are more than a
    browser's numbers hold.
    """
    if one_at_a_time(ledger):
        return next((i for i, source in enumerate(sorted(ledger.whole.sources), start=1) if source in away), 0)
    return sum(1 << i for i, source in enumerate(sorted(ledger.whole.sources)) if source in away)


@lru_cache(maxsize=64)
def remainder(ledger: Ledger, away: frozenset[str]) -> Remainder:
    """Return what is left of a record without some documents.

    Raises
    ------
    UnknownId
        If there is no such document.
    """
    for source in away:
        ledger.source(source)
    fallen = {c.conflict_id for c in ledger.conflicts.values() if not _stands(ledger, c, away)}
    tables = _tables(ledger, away, fallen)
    there = {name: {row[table.key[0]] for row in table.rows} for name, table in tables.items()}
    of_documents: dict[str, Any] = {
        name: MappingProxyType({key: of for key, of in getattr(ledger, name).items() if key in there[name]})
        for name in ("sources", "questions", "origins", "claims", "events", "reviews", "citations")
    }
    kept = {field.name: getattr(ledger, field.name) for field in fields(ledger)} | of_documents
    kept["tables"] = MappingProxyType(tables)
    kept["conflicts"] = MappingProxyType(
        {key: _without(ledger, c, away) for key, c in ledger.conflicts.items() if key not in fallen}
    )
    kept["codings"] = MappingProxyType(
        {coder: tuple(s for s in stances if s.source_id not in away) for coder, stances in ledger.codings.items()}
    )
    return Remainder(**kept, full=ledger, left_out=away)


def _without(ledger: Ledger, conflict: Conflict, away: Collection[str]) -> Conflict:
    left = (p for p in conflict.parties if p.kind == "review" or ledger.anchor_of(p).source_id not in away)
    return replace(conflict, parties=tuple(left))


def _tables(ledger: Ledger, away: frozenset[str], fallen: Collection[str]) -> dict[str, Table]:
    """Return every table without the rows that hang on some documents or on a fallen contradiction.

    A question that nobody answers any more, and an origin that nobody names, go with them.
    """
    tables = {
        name: replace(table, rows=tuple(row for row, on in zip(table.rows, hung, strict=True) if not on & away))
        for name, (table, hung) in _hanging(ledger).items()
    }
    for name in ("conflicts", "conflict_parties"):
        tables[name] = _leave_out(tables[name], "conflict_id", fallen)
    for name, column in (("questions", "question_id"), ("origins", "origin_id")):
        named, left = ({row[column] for row in of["claims"].rows} for of in (ledger.tables, tables))
        tables[name] = _leave_out(tables[name], column, named - left)
    return tables


def _leave_out(table: Table, column: str, values: Collection[str]) -> Table:
    return replace(table, rows=tuple(row for row in table.rows if row[column] not in values))


@lru_cache(maxsize=4)
def _hanging(ledger: Ledger) -> Mapping[str, tuple[Table, tuple[frozenset[str], ...]]]:
    """Return each table with, for each of its rows, the documents that it hangs on: it goes with any of them."""
    found: dict[str, tuple[frozenset[str], ...]] = {}
    by_key: dict[str, dict[str, frozenset[str]]] = {}

    def look(name: str) -> dict[str, frozenset[str]]:
        if name not in by_key:
            table = ledger.tables[name]
            keys = [row[table.key[0]] for row in table.rows]
            found[name] = tuple(
                frozenset({key} if name == "sources" else ()).union(
                    *(look(to).get(row[column], frozenset()) for column, to in table.foreign)
                )
                for key, row in zip(keys, table.rows, strict=True)
            )
            by_key[name] = dict(zip(keys, found[name], strict=True)) if len(table.key) == 1 else {}
        return by_key[name]

    for name in ledger.tables:
        look(name)
    return {name: (table, found[name]) for name, table in ledger.tables.items()}


def resting(ledger: Ledger, kind: str, key: str) -> frozenset[str]:
    """Return the documents on which a claim, event, stance or citation rests: any one of them bears it.

    Raises
    ------
    UnknownId
        If there is no such record.
    """
    return _resting(ledger.whole, kind, key)


@lru_cache(maxsize=4096)
def _resting(ledger: Ledger, kind: str, key: str) -> frozenset[str]:
    if kind == "claim":
        claim = ledger.claim(key)
        others = ledger.voices(claim.question_id).claims
        return frozenset(other.source_id for other in others if _says_as_much(other, claim))
    if kind == "event":
        event = ledger.event(key)
        told = [other for other in ledger.events.values() if other.happening == event.happening]
        return frozenset(other.source_id for other in told if _as_close(other, event))
    if kind == "citation":
        return frozenset({ledger.citation(key).source_id})
    return frozenset({ledger.stance(key).source_id})


def _says_as_much(other: Claim, claim: Claim) -> bool:
    """Whether what one claim allows lies within what another does, for a time that may be the same."""
    if other.claim_id == claim.claim_id:
        return True
    try:
        said = other.quantity.to(claim.quantity.unit)
    except UnitMismatch:
        return False
    ranks = (other.stated.qualifier == "rank") == (claim.stated.qualifier == "rank")
    return ranks and claim.quantity.low <= said.low and said.high <= claim.quantity.high and same_time(other, claim)


def _as_close(other: Event, event: Event) -> bool:
    """Whether the days that one date may mean lie within those that another may."""
    (first, last), (other_first, other_last) = days_of(event.date), days_of(other.date)
    return first <= other_first and other_last <= last


def _stands(ledger: Ledger, conflict: Conflict, away: Collection[str]) -> bool:
    """Whether a contradiction is one still.

    Between documents it is, while words of two sides are left; else, while words that are contradicted are.
    """
    said = [(p, ledger.anchor_of(p).source_id) for p in conflict.parties if p.kind != "review"]
    sides = {p.side or ("a" if conflict.kind != "between" else source) for p, source in said if source not in away}
    return not said or (len(sides) > 1 if conflict.kind == "between" else "a" in sides)


KINDS = ("claim", "event", "stance", "citation", "conflict", "question", "derived", "judgement")
"""Kinds of record of which something may be gone; what was published elsewhere stands."""


def left(ledger: Ledger, kind: str, key: str, away: frozenset[str]) -> str | None:
    """Return what is left of a record without some documents.

    Parameters
    ----------
    ledger : Ledger
        The record with every document.
    kind, key : str
        Which record.
    away : frozenset of str
        The documents that are set aside.

    Returns
    -------
    str or None
        Its number as a table has it; who speaks to a question; how much of a judgement's account is gone; blank for
        a record that stands and is no number. None where nothing is left.

    Raises
    ------
    UnknownId
        If there is no such record or document, or no such kind.
    """
    if kind in ("claim", "event", "stance", "citation"):
        return None if resting(ledger, kind, key) <= away else ""
    if kind == "conflict":
        return "" if _stands(ledger, ledger.conflict(key), away) else None
    if kind == "question":
        ledger.voices(key)
        voices = remainder(ledger, away).voices(key) if key in remainder(ledger, away).questions else None
        return voices.told if voices else None
    if kind == "judgement":
        return grounds(ledger, ledger.judgement(key), away)
    if kind == "derived":
        return computed(ledger if not away else remainder(ledger, away), key)
    if kind == "series":
        ledger.figure(key)
    elif kind == "review":
        ledger.review(key)
    else:
        raise UnknownId("kind of record", kind, (*KINDS, "series", "review"))
    return ""


def computed(ledger: Ledger, key: str) -> str | None:
    """Return a derived value of a record, or of what is left of one, as a table has it; None where it is gone.

    Raises
    ------
    UnknownId
        If there is no such value.
    """
    try:
        found = record(ledger, "derived", key)
    except (SetAside, Silence, ZeroDivisionError):
        return None
    return cell_text(found.stated, found.digits)


def lost(ledger: Ledger, references: Collection[str], away: frozenset[str]) -> bool:
    """Whether a ground of a judgement is gone: of the records that it names some were there, and none is left.

    A reference that leads nowhere counts for nothing: the check of the judgements tells it.
    """
    return _borne(ledger, references, frozenset()) and not _borne(ledger, references, away)


def _borne(ledger: Ledger, references: Collection[str], away: frozenset[str]) -> bool:
    for reference in references:
        kind, _, key = reference.partition(":")
        with suppress(UnknownId):
            if left(ledger, kind, key, away) is not None:
                return True
    return False


def grounds(ledger: Ledger, judgement: Judgement, away: frozenset[str]) -> str:
    """Return how many grounds of a judgement are gone: those of which no record stands; blank where none is."""
    told = []
    for side, items in (("for", judgement.evidence_for), ("against", judgement.evidence_against)):
        gone = sum(lost(ledger, [ref.text for ref in item.refs], away) for item in items)
        told += [f"{gone} of {len(items)} {side}"] if gone else []
    return f"grounds gone: {', '.join(told)}" if told else ""


Changes = Mapping[int, str | None]


def changes(ledger: Ledger, kind: str, key: str) -> Changes:
    """Return what is left of a record by the `mask` of each choice of documents that changes it."""
    full = left(ledger, kind, key, frozenset())
    found = {mask(ledger, away): left(ledger, kind, key, away) for away in subsets(ledger)}
    return MappingProxyType({number: text for number, text in found.items() if text != full})


def folded(ledger: Ledger, found: Changes, full: str | None = "") -> tuple[int, Changes]:
    """Return the bits that matter to `changes`, and the changes by these bits alone: most records rest on one document.

    ``found[number]`` is ``folded[number & bits]`` for every number.
    """
    if one_at_a_time(ledger):
        return ((1 << len(ledger.sources).bit_length()) - 1 if found else 0), dict(found)
    bits = 0
    numbers = range(1 << len(ledger.sources))
    for i in range(len(ledger.sources)):
        if any(found.get(n, full) != found.get(n ^ (1 << i), full) for n in numbers):
            bits |= 1 << i
    return bits, {n & bits: text for n, text in found.items()}
