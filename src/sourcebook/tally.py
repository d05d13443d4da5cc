"""Count rows of the record's tables: what a derived value is made from when it says how many.

A query reads ``table?column=value&column!=value|value&distinct=column``: rows whose cells are (not) among the values,
or, with ``distinct``, the different values of a column over those rows; a blank is no value.

Some tables have more columns than their file. Stances have the domain that their issue gives. Events have their
`year`, the `happening` that they tell (their own where it is told once), how many `documents` tell that, and whether
a page gives another date (`contradicted`, yes or no); who took part in them (event_actors) has all columns of the
event, and the power that the actor belongs to.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sourcebook.errors import SetAside, SourcebookError, UnknownId
from sourcebook.ledger import STANCES, Ledger
from sourcebook.quantity import Quantity

_UNITS: Mapping[str, str] = {
    "sources": "document", "origins": "origin", "claims": "claim", "events": "event", "stances": "stance",
    "codings": "stance", "conflicts": "contradiction", "reviews": "review", "citations": "citation",
    "census": "expression", "sentences": "segment", "attacks": "attack", "source_id": "document",
    "origin_id": "origin", "happening_id": "event", "sentence_id": "sentence", "claim_id": "claim",
    "event_id": "event", "conflict_id": "contradiction", "happening": "event", "event_actors": "event",
}  # fmt: skip
"""What is counted, by table or distinct column; rows of other tables are entries."""


Cells = Sequence[Mapping[str, str]]
Rows = Callable[[Ledger, str], tuple[Cells, Sequence[str]]]
"""Returns the rows of a table, and its columns."""


@dataclass(frozen=True)
class Query:
    """A query, taken apart.

    Attributes
    ----------
    table : str
        Name of the table.
    conditions : tuple
        Column, whether its value shall be among the values or not, and the values.
    distinct : str
        Column whose different values are counted; blank to count rows.
    """

    table: str
    conditions: tuple[tuple[str, bool, tuple[str, ...]], ...]
    distinct: str

    @property
    def told(self) -> str:
        """The query in words."""
        parts = [f"{column} {'=' if wanted else '≠'} {' or '.join(v or 'blank' for v in values)}" for column, wanted, values in self.conditions]  # fmt: skip
        what = f"different {self.distinct} among rows" if self.distinct else "rows"
        return f"{what} of {self.table}.csv{' where ' if parts else ''}{', '.join(parts)}"


def parse(text: str) -> Query:
    """Take a query apart.

    Raises
    ------
    SourcebookError
        If it does not read as one.
    """
    table, _, rest = text.partition("?")
    conditions, distinct = [], ""
    for part in filter(None, rest.split("&")):
        found = re.fullmatch(r"(\w+)(!?=)(.*)", part)
        if not found:
            raise SourcebookError(f"{part!r} of the query {text!r} is no condition: write column=value")
        column, sign, values = found.groups()
        if column == "distinct":
            distinct = values
        else:
            conditions.append((column, sign == "=", tuple(values.split("|"))))
    return Query(table, tuple(conditions), distinct)


def count(ledger: Ledger, text: str) -> Quantity:
    """Return how many rows, or different values, a query finds.

    Raises
    ------
    UnknownId
        If there is no such table or column, or no row at all has one of the values: a typing error would count
        nothing, and look like a finding.
    SetAside
        If it counts rows of documents that are all set aside.
    SourcebookError
        If the query does not read as one.
    """
    query = parse(text)
    if query.table not in ledger.tables:
        raise UnknownId("table", query.table, ledger.tables)
    return count_rows(ledger, _rows, query)


def count_rows(ledger: Ledger, rows_of: Rows, query: Query) -> Quantity:
    """Return how many of the rows, or different values, a query finds; raises what `count` does.

    A value is known that some row has, be its document set aside or not.
    """
    _check(ledger, rows_of, query)
    for column, wanted, values in query.conditions:
        if column == "source_id" and wanted and ledger.away.issuperset(values):
            raise SetAside(f"the documents of {query.told} are set aside")
    rows, _ = rows_of(ledger, query.table)
    found = set(range(len(rows)))
    for column, wanted, values in query.conditions:
        places = _places(ledger, rows_of, query.table, column)
        having = frozenset[int]().union(*(places.get(value, ()) for value in values))
        found = found & having if wanted else found - having
    counted = len(found)
    if query.distinct:
        places = _places(ledger, rows_of, query.table, query.distinct)
        counted = sum(bool(value) and not found.isdisjoint(at) for value, at in places.items())
    return Quantity.point(counted, _UNITS.get(query.distinct or query.table, "entry"))


def _check(ledger: Ledger, rows_of: Rows, query: Query) -> None:
    _, columns = rows_of(ledger.whole, query.table)
    for column in (*(c for c, _, _ in query.conditions), *filter(None, [query.distinct])):
        if column not in columns:
            raise UnknownId(f"column of {query.table}", column, columns)
    for column, _, values in query.conditions:
        known = {*_places(ledger.whole, rows_of, query.table, column)}
        known |= {*ledger.whole.sources} if column == "source_id" else set()
        for value in values:
            if value not in known:
                raise UnknownId(f"value of {query.table}.{column}", value, known)


@lru_cache(maxsize=4096)
def _places(ledger: Ledger, rows_of: Rows, table: str, column: str) -> Mapping[str, frozenset[int]]:
    """Return which rows of a table have each value of a column: a query is asked for every choice of documents."""
    found: dict[str, list[int]] = {}
    for place, row in enumerate(rows_of(ledger, table)[0]):
        found.setdefault(row[column], []).append(place)
    return {value: frozenset(places) for value, places in found.items()}


@lru_cache(maxsize=1024)
def _rows(ledger: Ledger, table: str) -> tuple[Cells, tuple[str, ...]]:
    rows = tuple(_cells(ledger, table))
    return rows, (*ledger.tables[table].columns, *(rows[0] if rows else ()))


def _cells(ledger: Ledger, table: str) -> Iterator[Mapping[str, str]]:
    events = _events(ledger) if table in ("events", "event_actors") else {}
    for row in ledger.tables[table].rows:
        if table in STANCES:
            yield {**row.cells, "domain": ledger.issues[row["issue_id"]].domain}
        elif table == "events":
            yield events[row["event_id"]]
        elif table == "event_actors":
            yield {**events[row["event_id"]], **row.cells, "belongs_to": ledger.powers[row["actor_id"]]}
        else:
            yield row.cells


def _events(ledger: Ledger) -> Mapping[str, Mapping[str, str]]:
    telling = defaultdict(set)
    for event in ledger.events.values():
        telling[event.happening].add(event.source_id)
    return {
        row["event_id"]: {
            **row.cells,
            "year": row["date"][:4],
            "happening": ledger.event(row["event_id"]).happening,
            "documents": str(len(telling[ledger.event(row["event_id"]).happening])),
            "contradicted": "yes" if ledger.refuting(row["event_id"]) else "no",
        }
        for row in ledger.tables["events"].rows
    }
