"""The units in which stances are coded, and what a table of stances must keep.

Every sentence is coded for four actors and their six pairs (``data/codebook.md``). A unit without a row is one
for which the coder found no stance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from sourcebook.errors import Problem
from sourcebook.ledger import Row, Table, integer
from sourcebook.quotes import SeedText

Unit = tuple[str, str, str]
"""A sentence and a slot: its actor and a blank, or the two of a pair."""

Segments = Mapping[str, list[tuple[int, int]]]
"""The offsets of each sentence's segments."""
ACTORS = ("china", "russia", "pakistan", "taliban-government")
"""Whose stances are coded."""
PAIRS = tuple(combinations(ACTORS, 2))
"""Every two of them."""
SLOTS = (*((actor, "") for actor in ACTORS), *PAIRS)
"""The four actors and their six pairs, in the order of the codebook."""
VALUES = ("relation", "issue_id", "modality", "strength", "voice")
"""What is coded of a unit."""
ALONE, TOGETHER = ("wants", "supports", "opposes"), ("converges", "diverges")


def units(sentences: Iterable[str]) -> list[Unit]:
    """Return every unit of coding of some sentences."""
    return [(sentence, *slot) for sentence in sentences for slot in SLOTS]


def unit_of(row: Row) -> Unit:
    """Return the unit that a row is about."""
    return row["sentence_id"], row["actor_a"], row["actor_b"]


def unit_id(unit: Unit) -> str:
    """Return a unit as an identifier."""
    return "-".join(filter(None, unit))


def spans(sentences: Table) -> Segments:
    """Return the offsets of each sentence's segments."""
    found: dict[str, list[tuple[int, int]]] = {}
    for row in sentences.rows:
        start, end = integer(row["start"]), integer(row["end"])
        if row["sentence_id"] and start is not None and end is not None:
            found.setdefault(row["sentence_id"], []).append((start, end))
    return found


def places_of(row: Row, text: SeedText | None, segments: Mapping[str, list[tuple[int, int]]]) -> list[tuple[int, int]]:
    """Return where the quotation of a row stands: a stance's within its sentence, any other in the whole text."""
    found = text.find(row["quote"]) if text else []
    if "sentence_id" not in row.cells:
        return found
    own = segments.get(row["sentence_id"], [])
    return [(a, b) for a, b in found if any(start <= a and b <= end for start, end in own)]


def row_problems(table: Table, sentences: Table) -> Iterator[Problem]:
    """Yield every row whose slot, relation, id or place is not one of the codebook."""
    segments = spans(sentences)
    owners = {row["sentence_id"]: row["source_id"] for row in sentences.rows}
    for row in table.rows:
        slot = (row["actor_a"], row["actor_b"])
        if slot not in SLOTS:
            what = f"slot {' and '.join(filter(None, slot))!r} is none of the codebook"
            yield Problem(table.path, row.line, what, f"name one of {', '.join(ACTORS)}, or two in this order")
        elif row["relation"] not in (allowed := TOGETHER if row["actor_b"] else ALONE):
            what = f"relation {row['relation']!r} is not one of {'a pair' if row['actor_b'] else 'one actor'}"
            yield Problem(table.path, row.line, what, f"use {', '.join(allowed)}")
        expected = "-".join(filter(None, (row["coder"] if "coder" in table.columns else "", *unit_of(row))))
        if row[table.key[0]] != expected:
            what = f"id {row[table.key[0]]!r} does not name the unit"
            yield Problem(table.path, row.line, what, f"write {expected}")
        if owners.get(row["sentence_id"], row["source_id"]) != row["source_id"]:
            what = f"sentence {row['sentence_id']} is of {owners[row['sentence_id']]}, not {row['source_id']}"
            yield Problem(table.path, row.line, what, "mend the source_id or the sentence_id")
        start, end = row["start"], row["end"]
        held = segments.get(row["sentence_id"], [])
        if start and end and held and not any(a <= int(start) and int(end) <= b for a, b in held):
            what = f"quote {row['quote']!r} stands outside sentence {row['sentence_id']}"
            yield Problem(table.path, row.line, what, "quote words of the sentence, and anchor again")


def adjudication_problems(stances: Table, codings: Table, adjudications: Table) -> Iterator[Problem]:
    """Yield every unit whose record is not what both codings say and that has no reason, and the reverse."""
    record = {unit_of(row): row for row in stances.rows}
    coders: dict[str, dict[Unit, Row]] = {"first": {}, "second": {}}
    for row in codings.rows:
        coders.get(row["coder"], {})[unit_of(row)] = row
    settled = {unit_of(row): row for row in adjudications.rows}
    for unit in sorted({*record, *coders["first"], *coders["second"], *settled}):
        values = {name: _values(rows.get(unit)) for name, rows in {"record": record, **coders}.items()}
        same = values["record"] == values["first"] == values["second"]
        if not same and unit not in settled:
            line = record[unit].line if unit in record else 1
            what = f"{unit_id(unit)}: the record is not what both coders found"
            yield Problem(stances.path, line, what, f"add a row to {adjudications.path} that says why")
        if unit in settled:
            row = settled[unit]
            if row[adjudications.key[0]] != unit_id(unit):
                what = f"id {row[adjudications.key[0]]!r} does not name the unit"
                yield Problem(adjudications.path, row.line, what, f"write {unit_id(unit)}")
            if same:
                what = f"{unit_id(unit)} is no disagreement"
                yield Problem(adjudications.path, row.line, what, "drop the row")
            elif row["taken"] in coders and values["record"] != values[row["taken"]]:
                what = f"{unit_id(unit)} is said to follow the {row['taken']} coder, and does not"
                yield Problem(adjudications.path, row.line, what, "mend `taken`, or the record")


def _values(row: Row | None) -> Mapping[str, str] | None:
    return {column: row[column] for column in VALUES} if row else None
