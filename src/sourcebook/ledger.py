"""Read the tables, the judgements and the seed texts into one immutable `Ledger`."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from sourcebook import quotes
from sourcebook.errors import LedgerError, Problem, SourcebookError, UnknownId
from sourcebook.files import inside, read_text
from sourcebook.judgements import read_judgements
from sourcebook.models import (
    Anchor,
    Citation,
    Claim,
    Confidence,
    Conflict,
    Dated,
    Event,
    Figure,
    Issue,
    Judgement,
    Leg,
    Likelihood,
    Origin,
    Party,
    Place,
    Question,
    Review,
    Route,
    Source,
    Stance,
    Stated,
    Unit,
    Voices,
)
from sourcebook.paths import DATAPACKAGE, ROOT, SEED_TEXTS, SEEDS_VARIABLE

if TYPE_CHECKING:
    import pandas as pd

SERIES_FOLDER = "data/series/"
T = TypeVar("T")
UNKNOWN = "unknown"
"""The origin of claims whose origin was not found: not one voice, but none that is known."""
STANCES = ("stances", "codings")
"""Tables of stances: the record, and the two codings that it was made from."""
ANCHORED = ("claims", "events", *STANCES, "citations", "conflict_parties")
TODO_TYPE = "write a value of the column's type, as datapackage.json gives it"


@dataclass(frozen=True)
class Row:
    """One row of a table: its line in the file, and its cells as text by column."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


@dataclass(frozen=True)
class Table:
    """One CSV file of the data package.

    Attributes
    ----------
    name, path : str
        Name of the resource, and its file under the root.
    fields : mapping
        The Table Schema's description of each column, in order.
    key : tuple of str
        Columns of the primary key.
    foreign : tuple
        The foreign keys that are one column: the column, and the table that it leads to.
    rows : tuple of Row
        The records.
    lines : tuple of int
        Line of each physical record, the header and blank lines included; empty if the file could not be read.
    """

    name: str
    path: str
    fields: Mapping[str, Mapping[str, Any]]
    key: tuple[str, ...]
    foreign: tuple[tuple[str, str], ...] = ()
    rows: tuple[Row, ...] = ()
    lines: tuple[int, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(self.fields)

    @property
    def is_series(self) -> bool:
        """Whether the table is a context series."""
        return self.path.startswith(SERIES_FOLDER)

    @property
    def quoting(self) -> tuple[Row, ...]:
        """The rows that quote a seed text, or have to; in some tables a row may do without."""
        required = self.fields["quote"].get("constraints", {}).get("required")
        return tuple(row for row in self.rows if row["quote"] or required)

    def frame(self) -> pd.DataFrame:
        """Return the rows as text, one column each, blanks as empty strings."""
        import pandas as pd  # here, since a check needs none of it and it takes a second to import

        return pd.DataFrame([dict(row.cells) for row in self.rows], columns=list(self.columns), dtype=str)


def read_descriptor(root: Path) -> dict[str, Any]:
    """Return the data package's descriptor.

    Raises
    ------
    LedgerError
        If the file is missing or is no JSON object with resources.
    """
    path = root / DATAPACKAGE
    try:
        descriptor = json.loads(path.read_text(encoding="utf-8"))
        descriptor["resources"]
    except FileNotFoundError:
        raise LedgerError([Problem(DATAPACKAGE, 1, "file is missing", "restore it from the repository")]) from None
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        line = getattr(error, "lineno", 1)
        raise LedgerError([Problem(DATAPACKAGE, line, f"is no data package ({error})", "mend the JSON")]) from None
    return dict(descriptor)


def read_tables(root: Path) -> tuple[dict[str, Table], list[Problem]]:
    """Read every table of the data package under `root`, with every problem of form that they have.

    A resource without a schema is no table.
    """
    tables: dict[str, Table] = {}
    problems: list[Problem] = []
    for resource in (r for r in read_descriptor(root)["resources"] if "schema" in r):
        table, found = _read_table(root, resource)
        problems += found
        tables[table.name] = table
    return tables, problems


def _read_table(root: Path, resource: Mapping[str, Any]) -> tuple[Table, list[Problem]]:
    key = resource["schema"]["primaryKey"]
    fields = MappingProxyType({field["name"]: field for field in resource["schema"]["fields"]})
    table = Table(
        resource["name"],
        resource["path"],
        fields,
        tuple([key] if isinstance(key, str) else key),
        tuple(
            (of["fields"][0], of["reference"]["resource"])
            for of in resource["schema"].get("foreignKeys", ())
            if len(of["fields"]) == 1
        ),
    )
    text, problems = read_text(root, table.path, "restore it, or take it out of datapackage.json")
    if text is None:
        return table, problems
    records, broken = _records(table.path, text.removeprefix("\ufeff").replace("\r\n", "\n"))
    header = records[0][1] if records else []
    problems += [*broken, *_header_problems(table, header)]
    rows = []
    for line, cells in records[1:]:
        if not cells:
            problems.append(Problem(table.path, line, "line is blank", "delete it"))
            continue
        if len(cells) != len(header):
            what = f"row has {len(cells)} cells, the header {len(header)}"
            problems.append(Problem(table.path, line, what, "quote cells that hold commas, and count the commas"))
        padded = dict(zip(header, cells, strict=False))
        rows.append(Row(line, MappingProxyType({c: padded.get(c, "") for c in table.columns})))
    return replace(table, rows=tuple(rows), lines=tuple(line for line, _ in records)), problems


def _header_problems(table: Table, header: Sequence[str]) -> Iterator[Problem]:
    for column in table.columns:
        if column not in header:
            yield Problem(table.path, 1, f"column {column!r} is missing", "add it; datapackage.json lists all")
    for column in dict.fromkeys(header):
        if column not in table.columns:
            what = f"column {column!r} is unknown" if column else "a column has no name"
            yield Problem(table.path, 1, what, "drop it, or add it to datapackage.json")
        elif header.count(column) > 1:
            yield Problem(table.path, 1, f"column {column!r} stands twice in the header", "drop one of them")


LONGEST = 131_072
"""Characters of a cell: the limit of `csv`, which other packages lift for the whole process."""
_TOO_LONG = f"a cell is longer than {LONGEST:,} characters", "shorten it, or close a quotation mark before it"


def _records(path: str, text: str) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    """Return every physical record with the line it begins on; reading stops at a faulty quotation mark.

    A mark that is never closed once swallowed the rest of a table into one cell without a word.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            if any(len(cell) > LONGEST for cell in cells):
                return records, [Problem(path, line, *_TOO_LONG)]
            records.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        if "field limit" in str(error):
            return records, [Problem(path, line, *_TOO_LONG)]
        what = "quotation mark is not closed or misplaced"
        return records, [Problem(path, line, what, "close it; within a quoted cell write it twice")]
    return records, []


def seeds_folder(root: Path = ROOT) -> Path | None:
    """Return the folder with the seed texts: `SOURCEBOOK_SEEDS`, else ``seeds/text``; None if there is none.

    A folder that the variable names is returned though it may not exist: a path that is mistyped is a problem,
    not a clone without texts.
    """
    named = os.environ.get(SEEDS_VARIABLE)
    if named:
        return Path(named)
    folder = root / SEED_TEXTS
    return folder if folder.is_dir() else None


def number(text: str) -> float | None:
    """Return a cell as a finite number, None if it is blank; raises ValueError if it is none."""
    value = float(text) if text else None
    if value is not None and not math.isfinite(value):
        raise ValueError(f"{text!r} is no finite number")
    return value


def integer(text: str) -> int | None:
    """Return a cell as an integer, None if it is blank; raises ValueError if it is none."""
    if text and not re.fullmatch(r"-?[0-9]{1,18}", text):  # int() takes other scripts and underscores, too
        raise ValueError(f"{text!r} is no integer")
    return int(text) if text else None


def sort_key(cell: str) -> tuple[float, str]:
    """Return by what a cell of a key is sorted: numbers by their value and first."""
    return (float(cell), "") if re.fullmatch(r"[0-9]+", cell) else (math.inf, cell)


_KINDS: Mapping[str, Callable[[str], object]] = {"number": number, "integer": integer}


def number_problems(tables: Iterable[Table]) -> Iterator[Problem]:
    """Yield a problem for every cell that the records need as a number and that is none."""
    for table in tables:
        for column, of in table.fields.items():
            if of["type"] not in _KINDS:
                continue
            for row in table.rows:
                cell = row[column]
                if not cell and of.get("constraints", {}).get("required"):
                    yield Problem(table.path, row.line, f"{column} is blank", "fill it")
                elif not _reads(_KINDS[of["type"]], cell):
                    yield Problem(table.path, row.line, f"{column} {cell!r} is no {of['type']}", TODO_TYPE)


def _reads(read: Callable[[str], object], cell: str) -> bool:
    try:
        read(cell)
    except ValueError:
        return False
    return True


def anchor_of(row: Row) -> Anchor:
    """Return the anchor columns of a row."""
    start, end = integer(row["start"]), integer(row["end"])
    return Anchor(row["source_id"], row["quote"], start, end, row["digest"], row.cells.get("passage", ""))


def _stated(row: Row) -> Stated:
    return Stated(number(row["value_low"]), number(row["value_high"]), row["unit"], row["qualifier"] or "exact")


def _actors(table: Table, key: str) -> Mapping[str, Sequence[str]]:
    """Return the actors that a joining table gives each record."""
    actors: dict[str, list[str]] = defaultdict(list)
    for row in table.rows:
        actors[row[key]].append(row["actor_id"])
    return actors


def _claim(row: Row, actors: Sequence[str]) -> Claim:
    plain = ("value_note", "period_start", "period_end", "place_id", "origin_id", "role", "domain", "aside", "note")
    return Claim(
        claim_id=row["claim_id"],
        question_id=row["question_id"],
        anchor=anchor_of(row),
        subject=row["subject"],
        measure=row["measure"],
        stated=_stated(row),
        actors=tuple(actors),
        **{column: row[column] for column in plain},
    )


def _events(tables: Mapping[str, Table]) -> dict[str, Event]:
    actors = _actors(tables["event_actors"], "event_id")
    plain = ("event_id", "date", "precision", "title", "domain", "happening_id", "place_id", "note")
    return {
        row["event_id"]: Event(
            anchor=anchor_of(row),
            inferred=row["inferred"] == "true",
            actors=tuple(actors.get(row["event_id"], ())),
            **{column: row[column] for column in plain},
        )
        for row in tables["events"].rows
    }


_PUBLICATION = ("publisher", "title", "date", "url", "date_accessed", "source_kind", "note")


def _figure(key: str, row: Row, label: str, start: str, end: str) -> Figure:
    return Figure(key, _stated(row), label, start, end, **{c: row[c] for c in _PUBLICATION})


def _review(row: Row) -> Review:
    key = row["review_id"]
    has_number = bool(row["unit"]) and bool(row["value_low"] or row["value_high"])
    label = f"{row['publisher']} on {row['claim_id'] or row['event_id']}"
    figure = _figure(key, row, label, row["period"], "") if has_number else None
    plain = ("claim_id", "event_id", "verdict", "value", *_PUBLICATION)
    return Review(review_id=key, figure=figure, **{c: row[c] for c in plain})


def _stance(row: Row, key: str, domains: Mapping[str, str]) -> Stance:
    plain = ("sentence_id", "actor_a", "actor_b", "relation", "issue_id", "modality", "strength", "voice")
    return Stance(row[key], anchor_of(row), domain=domains.get(row["issue_id"], ""), **{c: row[c] for c in plain})


def _codings(tables: Mapping[str, Table], domains: Mapping[str, str]) -> dict[str, tuple[Stance, ...]]:
    """Return the stances of the record and of each coder."""
    found = {"record": tuple(_stance(row, "stance_id", domains) for row in tables["stances"].rows)}
    for coder in sorted({row["coder"] for row in tables["codings"].rows}):
        mine = (row for row in tables["codings"].rows if row["coder"] == coder)
        found[coder] = tuple(_stance(row, "coding_id", domains) for row in mine)
    return found


def _citation(row: Row) -> Citation:
    plain = "number kind author title publisher date date_accessed url same_as event_id note".split()
    return Citation(row["citation_id"], anchor_of(row), **{c: row[c] for c in plain})


def _conflicts(tables: Mapping[str, Table]) -> dict[str, Conflict]:
    parties: dict[str, list[Party]] = defaultdict(list)
    for row in tables["conflict_parties"].rows:
        named = [(k, row[f"{k}_id"]) for k in ("claim", "event", "stance", "review", "citation") if row[f"{k}_id"]]
        kind, key = named[0] if named else ("", "")
        parties[row["conflict_id"]].append(Party(kind, key, anchor_of(row) if row["quote"] else None, row["side"]))
    return {
        row["conflict_id"]: Conflict(**row.cells, parties=tuple(parties[row["conflict_id"]]))
        for row in tables["conflicts"].rows
    }


def _likelihood(row: Row) -> Likelihood:
    return Likelihood(row["word"], int(row["percent_low"]), int(row["percent_high"]), int(row["order"]))


def _confidence(row: Row) -> Confidence:
    settled = row["settled"] == "true"
    return Confidence(row["level"], row["criteria"], int(row["origins"]), settled, int(row["order"]))


def _unit(row: Row) -> Unit:
    aliases = tuple(filter(None, row["aliases"].split("|")))
    return Unit(row["unit"], row["definition"], row["singular"], row["plural"], row["symbol"], aliases)


def _source(row: Row) -> Source:
    cells = dict(row.cells)
    return Source(words=int(cells.pop("words")), **cells)


@dataclass(frozen=True, eq=False)
class Ledger:
    """Every record, by id.

    Look-ups raise `UnknownId`, which names the nearest ids. Build it with `Ledger.load`. It is hashed by identity, so
    that what is computed from it can be kept.
    """

    root: Path
    tables: Mapping[str, Table]
    sources: Mapping[str, Source]
    units: Mapping[str, Unit]
    questions: Mapping[str, Question]
    origins: Mapping[str, Origin]
    claims: Mapping[str, Claim]
    events: Mapping[str, Event]
    actors: Mapping[str, str]
    issues: Mapping[str, Issue]
    codings: Mapping[str, tuple[Stance, ...]]
    reviews: Mapping[str, Review]
    citations: Mapping[str, Citation]
    conflicts: Mapping[str, Conflict]
    likelihoods: Mapping[str, Likelihood]
    confidences: Mapping[str, Confidence]
    judgements: Mapping[str, Judgement]
    series: Mapping[str, Mapping[str, Figure]]
    places: Mapping[str, Place]
    routes: Mapping[str, Route]
    texts: Mapping[str, quotes.SeedText] = field(default_factory=dict)

    @classmethod
    def load(cls, root: Path = ROOT, *, texts: bool = False) -> Ledger:
        """Read the tables and the judgements under `root`, and the seed texts if asked for and present.

        Raises
        ------
        LedgerError
            If the tables are not of the form that ``datapackage.json`` gives them, or the judgements not of theirs;
            carries every problem. What they *say* is held against the sources by `sourcebook.checks`.
        """
        tables, problems = read_tables(root)
        judgements, of_judgements = read_judgements(root)
        if problems or of_judgements:
            raise LedgerError([*problems, *of_judgements])
        return cls.from_tables(root, tables, seed_texts(root, tables) if texts else {}, judgements)

    @classmethod
    def from_tables(
        cls,
        root: Path,
        tables: Mapping[str, Table],
        texts: Mapping[str, quotes.SeedText] | None = None,
        judgements: Iterable[Judgement] = (),
    ) -> Ledger:
        """Build the records from tables and judgements that have been read.

        Raises
        ------
        LedgerError
            If a cell that should be a number is none; carries every such cell.
        """
        problems = list(number_problems(tables.values()))
        if problems:
            raise LedgerError(problems)

        def plain(name: str, key: str, kind: type[Any]) -> dict[str, Any]:
            return {row[key]: kind(**row.cells) for row in tables[name].rows}

        legs = [_leg(row) for row in tables["route_legs"].rows]
        by_route: dict[str, list[Leg]] = defaultdict(list)
        for leg in legs:
            by_route[leg.route_id].append(leg)
        routes = {
            row["route_id"]: Route(**row.cells, legs=tuple(by_route[row["route_id"]])) for row in tables["routes"].rows
        }
        issues = plain("issues", "issue_id", Issue)
        domains = {key: issue.domain for key, issue in issues.items()}
        about = _actors(tables["claim_actors"], "claim_id")
        claims = {row["claim_id"]: _claim(row, about.get(row["claim_id"], ())) for row in tables["claims"].rows}
        return cls(
            root=root,
            tables=MappingProxyType(dict(tables)),
            sources=MappingProxyType({row["source_id"]: _source(row) for row in tables["sources"].rows}),
            units=MappingProxyType({row["unit"]: _unit(row) for row in tables["units"].rows}),
            questions=MappingProxyType(plain("questions", "question_id", Question)),
            origins=MappingProxyType(plain("origins", "origin_id", Origin)),
            claims=MappingProxyType(claims),
            events=MappingProxyType(_events(tables)),
            actors=MappingProxyType({row["actor_id"]: row["name"] for row in tables["actors"].rows}),
            issues=MappingProxyType(issues),
            codings=MappingProxyType(_codings(tables, domains)),
            reviews=MappingProxyType({row["review_id"]: _review(row) for row in tables["reviews"].rows}),
            citations=MappingProxyType({row["citation_id"]: _citation(row) for row in tables["citations"].rows}),
            conflicts=MappingProxyType(_conflicts(tables)),
            likelihoods=MappingProxyType({row["word"]: _likelihood(row) for row in tables["likelihoods"].rows}),
            confidences=MappingProxyType({row["level"]: _confidence(row) for row in tables["confidences"].rows}),
            judgements=MappingProxyType({judgement.key: judgement for judgement in judgements}),
            series=MappingProxyType({t.name: _series(t) for t in tables.values() if t.is_series}),
            places=MappingProxyType(
                {row["place_id"]: _place(row) for row in tables["places"].rows if row["lat"] and row["lon"]}
            ),
            routes=MappingProxyType(routes),
            texts=MappingProxyType(dict(texts or {})),
        )

    @property
    def whole(self) -> Ledger:
        """The record with every document: itself, unless it is what is left of one (`sourcebook.remainder`)."""
        return self

    @property
    def away(self) -> frozenset[str]:
        """The documents that are set aside."""
        return frozenset()

    def claim(self, key: str) -> Claim:
        """Return the claim with this id."""
        return _look_up("claim", self.claims, key)

    def event(self, key: str) -> Event:
        """Return the event with this id."""
        return _look_up("event", self.events, key)

    def citation(self, key: str) -> Citation:
        """Return the citation with this id."""
        return _look_up("citation", self.citations, key)

    def conflict(self, key: str) -> Conflict:
        """Return the conflict with this id."""
        return _look_up("conflict", self.conflicts, key)

    def source(self, key: str) -> Source:
        """Return the source with this id."""
        return _look_up("source", self.sources, key)

    def place(self, key: str) -> Place:
        """Return the place with this id."""
        return _look_up("place", self.places, key)

    def route(self, key: str) -> Route:
        """Return the corridor with this id."""
        return _look_up("route", self.routes, key)

    def review(self, key: str) -> Review:
        """Return the review with this id."""
        return _look_up("review", self.reviews, key)

    def stance(self, key: str) -> Stance:
        """Return a coded statement of the record."""
        return _look_up("stance", self._stances, key)

    def judgement(self, key: str) -> Judgement:
        """Return the judgement with this id."""
        return _look_up("judgement", self.judgements, key)

    def likelihood(self, word: str) -> Likelihood:
        """Return what a word of the scale of likelihood stands for."""
        return _look_up("likelihood", self.likelihoods, word)

    def confidence(self, level: str) -> Confidence:
        """Return what a level of confidence asks for."""
        return _look_up("confidence", self.confidences, level)

    def figure(self, key: str) -> Figure:
        """Return the row of any series with this id."""
        return _look_up("series row", self.rows, key)

    @cached_property
    def rows(self) -> Mapping[str, Figure]:
        """Every row of every series, by id."""
        return {key: figure for rows in self.series.values() for key, figure in rows.items()}

    def unit(self, key: str) -> Unit:
        """Return the unit with this name."""
        return _look_up("unit", self.units, key)

    def claims_of(self, source_id: str) -> list[Claim]:
        """Return the claims of one document, in the order of their ids."""
        return [c for c in self.claims.values() if c.source_id == source_id]

    def events_of(self, source_id: str) -> list[Event]:
        """Return the events of one document, by date; a month comes before its days."""
        return sorted((e for e in self.events.values() if e.source_id == source_id), key=lambda e: (e.date, e.event_id))

    def coding(self, name: str = "record") -> tuple[Stance, ...]:
        """Return the stances of the record of adjudication, or of one coder: first or second.

        Raises
        ------
        UnknownId
            If there is no such coding.
        """
        return _look_up("coding", self.codings, name)

    @cached_property
    def powers(self) -> Mapping[str, str]:
        """The power of the book that each actor is, or speaks or acts for; blank for all others."""
        return {row["actor_id"]: row["belongs_to"] for row in self.tables["actors"].rows}

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """Every sentence that was coded, by id: those of a document that no coder has read would count as agreement."""
        coded = {row["source_id"] for row in self.tables["codings"].rows}
        rows = (row for row in self.tables["sentences"].rows if row["kind"] == "sentence")
        return tuple(row["sentence_id"] for row in rows if row["source_id"] in coded)

    def voices(self, question_id: str) -> Voices:
        """Return who speaks to a question: its claims, and how many documents and origins they come from.

        Raises
        ------
        UnknownId
            If there is no such question.
        """
        _look_up("question", self.questions, question_id)
        claims = self._claims_by_question.get(question_id, ())
        known = {c.origin_id for c in claims if c.origin_id != UNKNOWN}
        unknown = sum(c.origin_id == UNKNOWN for c in claims)
        return Voices(tuple(claims), len({c.source_id for c in claims}), len(known), unknown)

    @cached_property
    def _stances(self) -> Mapping[str, Stance]:
        return {stance.stance_id: stance for stance in self.coding()}

    @cached_property
    def _claims_by_question(self) -> Mapping[str, list[Claim]]:
        found: dict[str, list[Claim]] = defaultdict(list)
        for claim in self.claims.values():
            found[claim.question_id].append(claim)
        return found

    def reviews_of(self, kind: str, key: str) -> Sequence[Review]:
        """Return the reviews of one claim or event."""
        return self._reviews_by_record.get((kind, key), ())

    @cached_property
    def _reviews_by_record(self) -> Mapping[tuple[str, str], Sequence[Review]]:
        found: dict[tuple[str, str], list[Review]] = defaultdict(list)
        for review in self.reviews.values():
            found[review.record].append(review)
        return found

    def dated(self, reference: str) -> Dated | None:
        """Return the date that ``kind:id`` stands for; None where it is a number.

        Raises
        ------
        UnknownId
            If there is no such event or review.
        """
        kind, _, key = reference.partition(":")
        if kind == "event":
            event = self.event(key)
            return Dated(kind, key, event.date, event.inferred)
        if kind == "review" and self.review(key).dated:
            return Dated(kind, key, self.review(key).dated, inferred=False)
        return None

    def anchor_of(self, party: Party) -> Anchor:
        """Return the words with which a document takes part in a conflict.

        Raises
        ------
        SourcebookError
            If the party is a review, which is no document's words, or in no table.
        """
        anchor = party.anchor
        if party.kind == "claim":
            anchor = self.claim(party.key).anchor
        elif party.kind == "event":
            anchor = self.event(party.key).anchor
        elif party.kind == "citation":
            anchor = self.citation(party.key).anchor
        elif party.kind == "stance":
            anchor = self.stance(party.key).anchor
        if anchor is None:
            raise SourcebookError(f"{party.kind} {party.key!r} is no words of a document")
        return anchor

    def contradicted(self, kind: str, key: str) -> Conflict | None:
        """Return the first conflict of a record's value: a claim's that bears on a finding, an event's with its date.

        A review is what contradicts, and bears no mark. An event takes part in many for what it tells; its date is
        contradicted by a page that gives another.
        """
        if kind == "review":
            return None
        found = self.conflicts_of(kind, key)
        if kind == "event":
            refuted = {("review", review.review_id) for review in self.refuting(key)}
            return next((c for c in found if refuted & {(p.kind, p.key) for p in c.parties}), None)
        return next((c for c in found if c.severity == "finding"), None)

    def refuting(self, event_id: str) -> Sequence[Review]:
        """Return the reviews that give an event another date; a page may contradict what else is told of it."""
        return [r for r in self.reviews_of("event", event_id) if r.verdict == "contradicts" and r.dated]

    def conflicts_of(self, kind: str, key: str) -> Sequence[Conflict]:
        """Return the conflicts in which one record takes part."""
        return self._conflicts_by_party.get((kind, key), ())

    @cached_property
    def _conflicts_by_party(self) -> Mapping[tuple[str, str], Sequence[Conflict]]:
        found: dict[tuple[str, str], list[Conflict]] = defaultdict(list)
        for conflict in self.conflicts.values():
            for kind, key in dict.fromkeys((p.kind, p.key) for p in conflict.parties if p.key):
                found[kind, key].append(conflict)
        return found


def _look_up(kind: str, records: Mapping[str, T], key: str) -> T:
    try:
        return records[key]
    except KeyError:
        raise UnknownId(kind, key, records) from None


def _series(table: Table) -> Mapping[str, Figure]:
    rows = table.rows
    return {r["row_id"]: _figure(r["row_id"], r, r["label"], r["period_start"], r["period_end"]) for r in rows}


def _place(row: Row) -> Place:
    named = {c: row[c] for c in ("place_id", "name", "kind", "country")}
    return Place(**named, lat=float(row["lat"]), lon=float(row["lon"]))


def _leg(row: Row) -> Leg:
    named = {c: row[c] for c in ("route_id", "from_place_id", "to_place_id", "mode", "url")}
    return Leg(leg=int(row["leg"]), km=number(row["km"]), **named)


def seed_texts(root: Path, tables: Mapping[str, Table]) -> dict[str, quotes.SeedText]:
    """Return the seed texts that are present, by source; what is missing or altered, `checks` says."""
    folder = seeds_folder(root)
    if folder is None:
        return {}
    texts = {}
    for row in tables["sources"].rows:
        path = inside(folder, row["file"])
        if path is not None and path.is_file():
            raw = path.read_bytes()
            if hashlib.sha256(raw).hexdigest() == row["sha256"] and is_utf8(raw):
                texts[row["source_id"]] = quotes.SeedText(row["source_id"], raw.decode("utf-8"))
    return texts


def is_utf8(raw: bytes) -> bool:
    """Whether the bytes are UTF-8."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
