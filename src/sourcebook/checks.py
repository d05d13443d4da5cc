"""Every rule that the record must keep, one pure function each.

A rule takes what was `Read` and yields problems; all of them are collected. The table `RULES`
at the end is the list that ``python -m sourcebook check`` runs.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from sourcebook import accounts, belongings, census, conflicts, documents, files, history, quotes, segments, stances
from sourcebook.derived import definitions, evaluate
from sourcebook.errors import Problem, Silence, SourcebookError, UnitMismatch
from sourcebook.joins import GRAVITY
from sourcebook.judgements import read_judgements
from sourcebook.ledger import (
    ANCHORED,
    STANCES,
    TODO_TYPE,
    Ledger,
    Row,
    Table,
    is_utf8,
    number_problems,
    read_tables,
    seed_texts,
    seeds_folder,
    sort_key,
)
from sourcebook.models import Judgement, Review
from sourcebook.numerals import find_numerals
from sourcebook.paths import DATAPACKAGE, PROPOSED, ROOT, SEED_TEXTS, SEEDS_VARIABLE
from sourcebook.periods import days_of
from sourcebook.quantity import defined, misdefined, registry

DERIVATIONS = "src/sourcebook/derivations"
REPLIED = ("claim", "event", "conflict")
"""Kinds of record whose entries show a reply."""


@dataclass(frozen=True)
class Read:
    """What the rules look at: the tables and judgements, their folder, and the seed texts if they are there."""

    root: Path
    tables: Mapping[str, Table]
    judgements: Sequence[Judgement]
    texts: Mapping[str, quotes.SeedText]
    seeds: Path | None
    release: history.Release = field(default_factory=history.Release)


@dataclass(frozen=True)
class Report:
    """The outcome of a check.

    Attributes
    ----------
    problems : sequence of Problem
        In the order of file and line.
    anchors : str
        What was proved of the quotations: offsets and sha256, or digests only.
    rows : int
        Rows looked at.
    published : str
        What the values were held against.
    """

    problems: Sequence[Problem]
    anchors: str
    rows: int
    published: str = ""


Rule = Callable[[Read], Iterator[Problem]]


def _anchored(read: Read) -> Iterator[tuple[Table, Row]]:
    for name in ANCHORED:
        table = read.tables[name]
        for row in table.quoting:
            yield table, row


def _float(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _offsets(row: Row) -> tuple[int, int] | None:
    """Return start and end of an anchored row. str.isdigit() would let "²" through, which int() does not."""
    cells = (row["start"], row["end"])
    return (int(cells[0]), int(cells[1])) if all(re.fullmatch(r"[0-9]{1,18}", cell) for cell in cells) else None


# --- the schema ------------------------------------------------------------------------------------------

_ELSEWHERE = (
    "scheme-error", "source-error", "encoding-error", "blank-header", "blank-row", "missing-cell", "extra-cell",
    "primary-key",
)  # fmt: skip
"""What frictionless says of a file's form or of a key: `read_tables` and the rule `keys` say it better."""


def schema(read: Read) -> Iterator[Problem]:
    """Types, enums and patterns, by frictionless on ``datapackage.json``; and foreign keys."""
    from frictionless import Package, system  # here, since it takes a second to import

    with system.use_context(trusted=True):
        package = Package(str(read.root / DATAPACKAGE))
        keys = [(r.name, key) for r in package.resources for key in r.schema.foreign_keys]
        for resource in package.resources:
            resource.schema.foreign_keys = []  # it reads a table anew for each key that leads there: half its time
        report = package.validate(limit_errors=100_000)
    for error in report.errors:
        yield Problem(DATAPACKAGE, 1, error.message, "mend the data package")
    # It reads cells by their place: under a wrong header none is what it takes it for.
    mislabelled = {task.name for task in report.tasks if any(e.type.endswith("-label") for e in task.errors)}
    for task in report.tasks:
        if task.name not in read.tables:
            continue  # no table: its own rules look into it
        table = read.tables[task.name]
        for error in task.errors if task.name not in mislabelled else ():
            if not _said_elsewhere(table, error):
                yield _schema_problem(table, error)
    for name, key in keys:
        if name not in mislabelled:
            yield from _broken_keys(read.tables[name], key["fields"], read.tables, key["reference"])


def _said_elsewhere(table: Table, error: Any) -> bool:
    return error.type in _ELSEWHERE or (error.type == "unique-error" and error.field_name in table.key)


def _broken_keys(
    table: Table, columns: Sequence[str], tables: Mapping[str, Table], reference: Mapping[str, Any]
) -> Iterator[Problem]:
    """Yield a problem for each row that names a row which is not there."""
    named = tables.get(reference["resource"] or table.name)
    if named is None:
        what = f"a foreign key of {table.name} leads to {reference['resource']!r}, which is no table"
        yield Problem(DATAPACKAGE, 1, what, "mend the data package")
        return
    if not named.lines:
        return  # the table could not be read: that is the problem
    there = {tuple(row[column] for column in reference["fields"]) for row in named.rows}
    for row in table.rows:
        cells = tuple(row[column] for column in columns)
        if any(cells) and cells not in there:
            what = (
                f'broken foreign key: for "{", ".join(columns)}": values "{", ".join(cells)}" not found in '
                f'the lookup table "{named.name}" as "{", ".join(reference["fields"])}"'
            )
            yield Problem(table.path, row.line, what, "add the row that is named, or mend the id")


def _schema_problem(table: Table, error: Any) -> Problem:
    number = getattr(error, "row_number", None) or 1
    line = table.lines[number - 1] if number <= len(table.lines) else 1
    if error.type == "type-error":
        kind = table.fields[error.field_name]["type"]
        return Problem(table.path, line, f"{error.field_name} {error.cell!r} is no {kind}", TODO_TYPE)
    if error.type == "constraint-error":
        return Problem(table.path, line, *_broken_constraint(table, error))
    if error.type == "unique-error":
        what = f"{error.field_name} {error.cell!r} is used twice"
        return Problem(table.path, line, what, "give each row one of its own")
    if error.type == "hash-count":
        what = "is not the file that was handed in: its sha256 is not the one in datapackage.json"
        return Problem(table.path, 1, what, "undo the change; what differs from it goes into the record")
    return Problem(table.path, line, ": ".join(filter(None, (error.title.lower(), error.note))), "mend the row")


def _broken_constraint(table: Table, error: Any) -> tuple[str, str]:
    """Return what is wrong with a cell that breaks a constraint of its column, and what to do."""
    column, cell = error.field_name, error.cell
    if not cell:
        return f"{column} is blank", "fill it"
    found = re.search(r'constraint "(\w+)"', error.note)
    name = found[1] if found else ""
    limit = table.fields[column].get("constraints", {}).get(name)
    allowed = ", ".join(limit) if isinstance(limit, list) else limit
    what = f"{_BREAKS[name]} {allowed}" if name in _BREAKS else error.note
    return f"{column} {cell!r} {what}", "use a value that datapackage.json allows for the column"


_BREAKS = {
    "enum": "is none of",
    "pattern": "does not fit the pattern",
    "minimum": "is below",
    "maximum": "is above",
}


def keys(read: Read) -> Iterator[Problem]:
    """No id twice, and rows in the order of their key."""
    for table in read.tables.values():
        seen: dict[tuple[str, ...], int] = {}
        rows = [row for row in table.rows if all(row[c] for c in table.key)]  # a blank key is the schema's matter
        for row in rows:
            key = tuple(row[c] for c in table.key)
            if key in seen:
                what = f"id {'/'.join(key)!r} is used twice (also on line {seen[key]})"
                yield Problem(table.path, row.line, what, "give one of them another id")
            seen.setdefault(key, row.line)
        order = [tuple(sort_key(row[c]) for c in table.key) for row in rows]
        for (before, after), row in zip(pairwise(order), rows[1:], strict=False):
            if after < before:
                what = f"row {'/'.join(k[1] or str(k[0]) for k in after)!r} is out of order"
                yield Problem(table.path, row.line, what, f"sort the rows by {', '.join(table.key)}")
                break


def series_ids(read: Read) -> Iterator[Problem]:
    """A row id is unique over all series, since a bound number names it without its table."""
    seen: dict[str, str] = {}
    for table in read.tables.values():
        for row in table.rows if table.is_series else ():
            key = row["row_id"]
            if key in seen and seen[key] != table.path:
                yield Problem(table.path, row.line, f"row id {key!r} stands in {seen[key]} too", "rename one")
            seen.setdefault(key, table.path)


# --- values ----------------------------------------------------------------------------------------------


def _definitions(table: Table) -> tuple[tuple[str, str], ...]:
    return tuple((row["unit"], row["definition"]) for row in table.rows)


def units(read: Read) -> Iterator[Problem]:
    """Every unit used is in ``units.csv``, and its definition is one that pint understands."""
    table = read.tables["units"]
    wrong = misdefined(_definitions(table))
    for row in table.rows:
        if row["unit"] in wrong:
            todo = "write it as pint does: 12*day, or [thing] for what is counted"
            yield Problem(table.path, row.line, wrong[row["unit"]], todo)
    known = {row["unit"] for row in table.rows}
    for other in read.tables.values():
        if "unit" in other.columns and other.name != "units" and table.lines:
            for row in other.rows:
                if row["unit"] and row["unit"] not in known:
                    yield Problem(
                        other.path,
                        row.line,
                        f"unknown unit {row['unit']!r}",
                        "use one of data/units.csv, or add it there",
                    )


_ENDS = {"at_least": (True, False), "at_most": (False, True), "nearly": (False, True)}


def values(read: Read) -> Iterator[Problem]:
    """A number is finite, low is not above high, and the ends given are those that the qualifier calls for."""
    yield from number_problems(read.tables.values())
    for table in read.tables.values():
        if "value_low" not in table.columns:
            continue
        for row in table.rows:
            low, high, qualifier = row["value_low"], row["value_high"], row["qualifier"]
            given = (bool(low), bool(high))
            if all(given):
                a, b = _float(low), _float(high)
                if a is not None and b is not None and a > b:
                    yield Problem(
                        table.path,
                        row.line,
                        f"value_low {low} is above value_high {high}",
                        "swap them, or mend one",
                    )
            if not any(given):
                if table.name == "claims" or table.is_series:
                    yield Problem(table.path, row.line, "has no value", "fill value_low, value_high or both")
            elif qualifier in _ENDS and given != _ENDS[qualifier]:
                end = "value_low" if _ENDS[qualifier][0] else "value_high"
                yield Problem(
                    table.path,
                    row.line,
                    f"qualifier {qualifier!r} needs {end} alone",
                    f"fill {end} and blank the other",
                )
            elif qualifier in ("exact", "about") and low != high:
                yield Problem(
                    table.path,
                    row.line,
                    f"qualifier {qualifier!r} needs one number",
                    "write it into both ends, or use range",
                )


def dates(read: Read) -> Iterator[Problem]:
    """A date is one of the calendar, and no period ends before it begins."""
    for table in read.tables.values():
        columns = [name for name, of in table.fields.items() if _holds_dates(of)]
        for row in table.rows:
            for column in columns:
                if re.fullmatch(r"\d{4}(-\d{2}){0,2}", row[column]) and _days(row[column]) is None:
                    what = f"{column} {row[column]!r} is no date"
                    yield Problem(table.path, row.line, what, "write a day of the calendar, or its month or year")
            if {"period_start", "period_end"} <= set(columns):
                start, end = _days(row["period_start"]), _days(row["period_end"])
                if start and end and start[0] > end[1]:
                    what = f"period_start {row['period_start']} is after period_end {row['period_end']}"
                    yield Problem(table.path, row.line, what, "swap them, or mend one")


def _holds_dates(of: Mapping[str, Any]) -> bool:
    return of["type"] == "date" or str(of.get("constraints", {}).get("pattern", "")).startswith(r"^\d{4}")


def _days(cell: str) -> tuple[date, date] | None:
    try:
        return days_of(cell) if cell.isascii() else None
    except ValueError:
        return None


def inert_cells(read: Read) -> Iterator[Problem]:
    """No cell is one that a spreadsheet would run, or has control characters, or turns the direction of what follows."""
    for table in read.tables.values():
        for row in table.rows:
            for column, cell in row.cells.items():
                if cell and files.begins_formula(cell):
                    what = f"{column} begins with {cell[0]!r}, which a spreadsheet runs as a formula"
                    yield Problem(
                        table.path, row.line, what, "begin it with a word; quote from the word before or behind"
                    )
                elif cell and (found := _CONTROLS.search(cell)) and column != "passage":
                    what = f"{column} holds the control character {found[0]!r}"
                    yield Problem(table.path, row.line, what, "delete it")


_CONTROLS = re.compile(r"[\x01-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def coordinates(read: Read) -> Iterator[Problem]:
    """A place has a latitude and a longitude, or neither."""
    table = read.tables["places"]
    for row in table.rows:
        if bool(row["lat"]) != bool(row["lon"]):
            given, other = ("lat", "lon") if row["lat"] else ("lon", "lat")
            yield Problem(table.path, row.line, f"place has {given} without {other}", "fill both, or blank both")


def values_in_quotes(read: Read) -> Iterator[Problem]:
    """A claim's number stands in its quotation, or a ``value_note`` says why it does not."""
    table = read.tables["claims"]
    for row in table.rows:
        if row["value_note"]:
            continue
        found = {end for n in find_numerals(quotes.normalise(row["quote"])) for end in (n.low, n.high)}
        for column in ("value_low", "value_high"):
            value = _float(row[column])
            if value is not None and not any(math.isclose(value, n, rel_tol=1e-12) for n in found):
                what = f"{column} {row[column]} is not in the quote {row['quote']!r}"
                yield Problem(table.path, row.line, what, "mend the value or the quote, or explain in value_note")


# --- quotations ------------------------------------------------------------------------------------------


def quote_length(read: Read) -> Iterator[Problem]:
    """A quotation is 4 to 15 words counted by blanks; one of a stance is at most 6."""
    for table, row in _anchored(read):
        count = len(row["quote"].split())
        most = quotes.STANCE_WORDS if table.name in STANCES else quotes.MAX_WORDS
        least = 1 if table.name in (*STANCES, "conflict_parties") else quotes.MIN_WORDS
        if row["quote"] and not least <= count <= most:
            yield Problem(
                table.path,
                row.line,
                f"quote has {count} words, {least} to {most} are allowed",
                "quote another fragment",
            )


def anchors(read: Read) -> Iterator[Problem]:
    """Every quotation stands in its source at its offsets; without the texts, its digest is unchanged."""
    sha256 = {row["source_id"]: row["sha256"] for row in read.tables["sources"].rows}
    spans = stances.spans(read.tables["sentences"])
    for table, row in _anchored(read):
        source = row["source_id"]
        text = read.texts.get(source)
        if text is not None and row["quote"]:
            yield from _quote_problems(read, table, row, text, stances.places_of(row, text, spans))
        offsets = _offsets(row)
        if offsets is None or not row["digest"]:
            yield Problem(
                table.path,
                row.line,
                "quote is not anchored",
                "run `.venv/bin/python -m sourcebook anchor` where the texts are",
            )
        elif source in sha256:
            proof = quotes.digest(sha256[source], *offsets, row["quote"])
            if proof != row["digest"]:
                what = "digest does not fit source, offsets and quote: one of them changed since it was anchored"
                yield Problem(table.path, row.line, what, "undo the change, or anchor again where the texts are")


def _quote_problems(
    read: Read, table: Table, row: Row, text: quotes.SeedText, found: list[tuple[int, int]]
) -> Iterator[Problem]:
    place = row.cells.get("sentence_id") or row["source_id"]
    if not found:
        others = [s for s, other in read.texts.items() if s != row["source_id"] and other.find(row["quote"])]
        others = [*others, *([row["source_id"]] if place != row["source_id"] and text.find(row["quote"]) else [])]
        where = f"it stands in {', '.join(others)}" if others else "it stands in none of the texts"
        what = f"quote {row['quote']!r} is not in {place}; {where}"
        yield Problem(table.path, row.line, what, "mend the source_id" if others else "copy the words from the text")
        return
    if len(found) > 1:
        what = f"quote {row['quote']!r} stands {len(found)} times in {place}"
        yield Problem(table.path, row.line, what, "quote more words, so that it is unique")
    start, end = found[0]
    if quotes.crosses_page(text.text[start:end]):
        yield Problem(
            table.path,
            row.line,
            "quote runs over a page break or footnote",
            "quote words from one side of it",
        )
    if _offsets(row) not in (None, *found):
        what = f"quote stands at {start}-{end}, not at {row['start']}-{row['end']}"
        yield Problem(table.path, row.line, what, "run `.venv/bin/python -m sourcebook anchor`")


def passages(read: Read) -> Iterator[Problem]:
    """What another program looks for in a text is there: the passage is as long as its offsets say, and the quote.

    That needs no text; where the texts are, the passage is held against them.
    """
    todo = "run `.venv/bin/python -m sourcebook anchor` where the texts are"
    for table, row in _anchored(read):
        offsets = _offsets(row)
        if "passage" not in table.columns or offsets is None or not row["quote"]:
            continue
        start, end = offsets
        exact = row["passage"] or row["quote"]
        text = read.texts.get(row["source_id"])
        if row["passage"] == row["quote"] or quotes.normalise(exact) != quotes.normalise(row["quote"]):
            what = f"passage {row['passage']!r} is not another shape of the quote"
            yield Problem(table.path, row.line, what, todo)
        elif len(exact) != end - start:
            what = f"passage has {len(exact)} characters, its offsets are {end - start} apart"
            yield Problem(table.path, row.line, what, todo)
        elif text is not None and text.text[start:end] != exact:
            yield Problem(table.path, row.line, "passage is not what the text has at its offsets", todo)


def replies(read: Read) -> Iterator[Problem]:
    """A reply is about a record that exists or a page, and names its document where an author of one replies."""
    table = read.tables["replies"]
    keys = {f"{kind}:{row[f'{kind}_id']}" for kind in REPLIED for row in read.tables[f"{kind}s"].rows}
    for row in table.rows:
        if row["about"] not in keys and not (read.root / f"{row['about']}.md").is_file():
            what = f"{row['about']!r} is neither a record nor a page"
            yield Problem(table.path, row.line, what, f"write {', '.join(f'{k}:id' for k in REPLIED)}, or book/page")


def ratings(read: Read) -> Iterator[Problem]:
    """The scale of ratings follows the order of the verdicts from the gravest, and leaves none out."""
    table = read.tables["ratings"]
    found = [row["verdict"] for row in sorted(table.rows, key=lambda row: _float(row["rating"]) or 0)]
    wanted = [verdict for verdict in GRAVITY if verdict != "not_found"]
    if found != wanted:
        yield Problem(table.path, 1, f"ratings run {', '.join(found)}", f"let them run {', '.join(wanted)}")


def quotation_limits(read: Read) -> Iterator[Problem]:
    """All quotations together may not give a seed back: no long run, no large share."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for _, row in _anchored(read):
        offsets = _offsets(row)
        if offsets:
            spans.setdefault(row["source_id"], []).append(offsets)
    for source, text in read.texts.items():
        covered, longest, total = text.covered_words(spans.get(source, []))
        limit = quotes.MAX_SHARE_SHORT if total < quotes.SHORT_TEXT else quotes.MAX_SHARE
        if covered > limit * total:
            what = f"quotations cover {covered} of the {total} words of {source}, {limit:.0%} are allowed"
            yield Problem("data/claims.csv", 1, what, "shorten them")
        if longest > quotes.MAX_RUN:
            what = f"quotations cover {longest} words of {source} in one run, {quotes.MAX_RUN} are allowed"
            yield Problem("data/claims.csv", 1, what, "shorten those that meet")


def seeds(read: Read) -> Iterator[Problem]:
    """Where a folder of texts is given, each source's text is in it, with the sha256 and words recorded."""
    table = read.tables["sources"]
    if read.seeds is not None and not read.seeds.is_dir():
        what = f"{SEEDS_VARIABLE} names {read.seeds}, which is no folder"
        yield Problem(table.path, 1, what, "set it to the folder of texts, or unset it")
    elif read.seeds is not None:
        for row in table.rows:
            if row["file"]:
                for what, todo in _text_problems(files.inside(read.seeds, row["file"]), row):
                    yield Problem(table.path, row.line, what, todo)


def _text_problems(path: Path | None, row: Row) -> Iterator[tuple[str, str]]:
    name = f"text {row['file']} of {row['source_id']}"
    if path is None or not path.is_file():
        yield f"{name} is missing", "put it into the folder of texts"
        return
    raw = path.read_bytes()
    if hashlib.sha256(raw).hexdigest() != row["sha256"]:
        yield f"{name} is altered: its sha256 is not the recorded one", "restore the text that was coded"
    elif not is_utf8(raw):
        yield f"{name} is not UTF-8", "save it as UTF-8, and record its sha256"
    elif str(len(raw.decode("utf-8").split())) != row["words"]:
        yield f"words of {row['source_id']} are {len(raw.decode('utf-8').split())}", "mend the column words"


# --- the census and the events ---------------------------------------------------------------------------


def census_complete(read: Read) -> Iterator[Problem]:
    """Every numeric expression of every text is in the census, and nothing else is."""
    yield from census.problems(read.tables["census"], read.texts)


def census_rows(read: Read) -> Iterator[Problem]:
    """A row of the census points to a claim or event of its own document, or gives a reason."""
    owners = {
        name: {row[f"{name}_id"]: row["source_id"] for row in read.tables[f"{name}s"].rows}
        for name in ("claim", "event")
    }
    table = read.tables["census"]
    for row in table.rows:
        for name, owner in owners.items():
            key = row[f"{name}_id"]
            if bool(key) != (row["class"] == name):
                what = f"class {row['class']!r} with {name}_id {key!r}"
                yield Problem(table.path, row.line, what, f"name the {name} if it is one, and none if it is not")
            elif key and owner.get(key, row["source_id"]) != row["source_id"]:
                what = f"{name} {key!r} is of {owner[key]}, the expression of {row['source_id']}"
                yield Problem(table.path, row.line, what, f"name a {name} of the same document")
        if row["class"] not in owners and not row["reason"]:
            yield Problem(
                table.path,
                row.line,
                f"{row['text']!r} is {row['class']} without a reason",
                "say why it is neither claim nor event",
            )


_MONTHS = "january february march april may june july august september october november december".split()


def event_dates(read: Read) -> Iterator[Problem]:
    """A date that is not inferred stands in its quotation; one that is has its reason in the note."""
    table = read.tables["events"]
    for row in table.rows:
        if row["inferred"] == "true":
            if not row["note"]:
                yield Problem(
                    table.path, row.line, f"date {row['date']} is inferred without a reason", "give the reason in note"
                )
            continue
        words = quotes.normalise(row["quote"]).lower()
        year, *rest = row["date"].split("-")
        missing = [] if re.search(rf"(?<!\d){year}(?!\d)", words) else [year]
        if rest and rest[0].isdigit() and 1 <= int(rest[0]) <= 12 and not _says_month(words, int(rest[0])):
            missing.append(_MONTHS[int(rest[0]) - 1].title())
        if len(rest) > 1 and not re.search(rf"(?<!\d)0?{rest[1].lstrip('0')}(?!\d)", words):
            missing.append(rest[1])
        if missing:
            what = f"date {row['date']} is stated, but {', '.join(missing)} is not in the quote {row['quote']!r}"
            yield Problem(table.path, row.line, what, "quote the date, or mark it inferred and say from what")


def _says_month(words: str, month: int) -> bool:
    return re.search(rf"\b{_MONTHS[month - 1][:3]}(?:{_MONTHS[month - 1][3:]})?\b", words) is not None


def event_precision(read: Read) -> Iterator[Problem]:
    """A date is written as precisely as its precision says, and somebody took part in the event."""
    table, parts = read.tables["events"], {"year": 1, "month": 2, "day": 3}
    joined = {row["event_id"] for row in read.tables["event_actors"].rows}
    for row in table.rows:
        if row["precision"] in parts and len(row["date"].split("-")) != parts[row["precision"]]:
            what = f"date {row['date']} is not of precision {row['precision']}"
            yield Problem(table.path, row.line, what, "write the date as precisely as it is known")
        if row["event_id"] not in joined:
            yield Problem(
                table.path, row.line, f"event {row['event_id']!r} has no actor", "add one to event_actors.csv"
            )


def claim_actors(read: Read) -> Iterator[Problem]:
    """A claim whose subject is an actor, or names several, is joined to each or to the power it belongs to."""
    named, powers = {}, {}
    for row in read.tables["actors"].rows:
        powers[row["actor_id"]] = row["belongs_to"]
        for name in re.split(r" \(|\)", row["name"]):
            named[name] = row["actor_id"]
    joined = {(row["claim_id"], row["actor_id"]) for row in read.tables["claim_actors"].rows}
    table = read.tables["claims"]
    for row in table.rows:
        for name in filter(named.__contains__, re.split(r", | and ", row["subject"])):
            actor = named[name]
            if not joined & {(row["claim_id"], actor), (row["claim_id"], powers[actor])}:
                what = f"claim {row['claim_id']!r} is about {name}, and not joined to it"
                yield Problem(table.path, row.line, what, f"add {actor} to claim_actors.csv")


# --- documents and releases ------------------------------------------------------------------------------


def document_pages(read: Read) -> Iterator[Problem]:
    """Every document has a dossier and a page of its record, and both are in the contents."""
    yield from belongings.page_problems(read.root, read.tables["sources"])


def document_counts(read: Read) -> Iterator[Problem]:
    """Where a file says in words how many documents there are, it is as many."""
    yield from belongings.count_problems(read.root, read.tables["sources"])


def tellings_complete(read: Read) -> Iterator[Problem]:
    """Every document is asked about the same attacks."""
    yield from belongings.telling_problems(read.tables)


def corrections(read: Read) -> Iterator[Problem]:
    """A value that changed since the last release has its row among the corrections, which stay."""
    yield from history.problems(read.release, read.tables)


def unpublished(read: Read) -> Iterator[Problem]:
    """Neither a text nor what was proposed from one is kept by git: it would give the text away."""
    for folder in (SEED_TEXTS, PROPOSED):
        for name in history.tracked(read.root, folder):
            yield Problem(
                name, 1, "is kept by git, and quotes more of a text than may be published", f"git rm --cached {name}"
            )


# --- sentences and stances --------------------------------------------------------------------------------


def sentences(read: Read) -> Iterator[Problem]:
    """Every word of every text is in one segment, and the segments of a sentence name it."""
    table = read.tables["sentences"]
    yield from segments.problems(table, read.texts)
    seen: set[str] = set()
    for row in table.rows:
        key, kind = row["sentence_id"], row["kind"]
        if bool(key) != (kind in ("sentence", "continuation")):
            what = f"segment of kind {kind!r} with sentence_id {key!r}"
            yield Problem(table.path, row.line, what, "name the sentence if it is one, and none if it is not")
        elif key and (key in seen) != (kind == "continuation"):
            what = f"sentence {key} begins twice" if key in seen else f"continuation of {key}, which has not begun"
            yield Problem(table.path, row.line, what, "mend the kind or the sentence_id")
        seen.add(key)


def stance_rows(read: Read) -> Iterator[Problem]:
    """A stance, and a coding, is of one unit of the codebook, and its words stand in its sentence."""
    for name in STANCES:
        yield from stances.row_problems(read.tables[name], read.tables["sentences"])


def adjudicated(read: Read) -> Iterator[Problem]:
    """Where the record of stances is not what both coders found, a row says why."""
    yield from stances.adjudication_problems(*(read.tables[name] for name in (*STANCES, "adjudications")))


# --- what belongs together ----------------------------------------------------------------------------


def question_units(read: Read) -> Iterator[Problem]:
    """Claims that answer one question can be compared: their units measure the same thing."""
    asked = {row["question_id"]: row["unit"] for row in read.tables["questions"].rows}
    known, wrong = defined(_definitions(read.tables["units"]))
    names = {row["unit"] for row in read.tables["units"].rows} - set(wrong)
    for row in read.tables["claims"].rows:
        unit = asked.get(row["question_id"])
        if (
            unit in names
            and row["unit"] in names
            and not known.Unit(f"sb_{unit}").is_compatible_with(f"sb_{row['unit']}")
        ):
            what = f"unit {row['unit']!r} cannot be compared with {unit!r} of the question {row['question_id']!r}"
            yield Problem("data/claims.csv", row.line, what, "mend the unit, or ask another question")


def evidence(read: Read) -> Iterator[Problem]:
    """A review names one claim or event, and has an address unless nothing was found."""
    table = read.tables["reviews"]
    for row in table.rows:
        if bool(row["claim_id"]) == bool(row["event_id"]):
            yield Problem(table.path, row.line, "review names no claim or event, or both", "name one")
        if row["verdict"] != "not_found":
            for column in ("url", "publisher", "source_kind", "date_accessed"):
                if not row[column]:
                    yield Problem(
                        table.path,
                        row.line,
                        f"review has no {column}",
                        f"fill {column}, or use the verdict not_found",
                    )


def verdicts(read: Read) -> Iterator[Problem]:
    """A verdict fits its numbers and dates: what does not meet the claim or event cannot confirm it."""
    ledger = _ledger(read)
    if ledger is None:
        return
    lines = {row["review_id"]: row.line for row in read.tables["reviews"].rows}
    for review in ledger.reviews.values():
        if review.verdict in ("confirms", "confirms_other_origin") and not _meets(ledger, review):
            what = f"{review.review_id} confirms {review.claim_id or review.event_id}, which its value does not meet"
            yield Problem("data/reviews.csv", lines[review.review_id], what, "mend the verdict or the value")


def _meets(ledger: Ledger, review: Review) -> bool:
    """Whether a review's number or date can be the claim's or event's; one without any can."""
    claim, event = ledger.claims.get(review.claim_id), ledger.events.get(review.event_id)
    if claim and review.figure:
        try:
            return claim.quantity.may_equal(review.figure.quantity)
        except UnitMismatch:
            return True  # another measure: words compare them, not numbers
    days = _days(review.value) if re.fullmatch(r"\d{4}(-\d{2}){0,2}", review.value) else None
    own = _days(event.date) if event else None
    return not (days and own) or (days[0] <= own[1] and own[0] <= days[1])


def leads(read: Read) -> Iterator[Problem]:
    """Every lead is used by a review or a row of a series, at its own address or with a reason why not."""
    table = read.tables["leads"]
    known = {row["row_id"] for other in read.tables.values() if other.is_series for row in other.rows}
    for row in table.rows:
        used = bool(row["review_id"] or row["row_id"])
        if used == bool(row["reason"]):
            what = (
                f"lead {row['lead_id']} is {'used and has a reason why not' if used else 'neither used nor rejected'}"
            )
            yield Problem(table.path, row.line, what, "name what uses it, or say why it is rejected")
        if row["row_id"] and row["row_id"] not in known:
            yield Problem(table.path, row.line, f"no series has the row {row['row_id']!r}", "mend the row_id")


def one_side(read: Read) -> Iterator[Problem]:
    """A figure of trade says whose statistics it is from, or why that is not known: the two sides differ widely."""
    table = read.tables["trade"]
    for row in table.rows:
        if not row["reporter"] and not row["note"]:
            what = f"{row['row_id']} does not say whose statistics it is from"
            yield Problem(table.path, row.line, what, "fill reporter, or say in the note why it is not known")


def conflict_rows(read: Read) -> Iterator[Problem]:
    """A conflict has parties, and each is one record or a quotation."""
    yield from conflicts.row_problems(read.tables["conflicts"], read.tables["conflict_parties"])


def conflicts_complete(read: Read) -> Iterator[Problem]:
    """Every contradiction that can be computed has a row in the table of conflicts."""
    ledger = _ledger(read)
    if ledger is None:
        return
    for found in conflicts.missing(ledger):
        parties = ", ".join(f"{kind} {key}" for kind, key in found.parties)
        todo = f"add a row of kind {', '.join(found.kinds)}, and to conflict_parties.csv {parties}"
        yield Problem("data/conflicts.csv", 1, found.what, todo)


def sides(read: Read) -> Iterator[Problem]:
    """Every party of a contradiction between more than two documents says which side it takes."""
    ledger = _ledger(read)
    if ledger is not None:
        yield from conflicts.unsided(ledger)


def judgements(read: Read) -> Iterator[Problem]:
    """The judgements are few, have ids of their own and use the words of the two scales."""
    yield from accounts.scale_problems(read.tables["likelihoods"])
    yield from accounts.row_problems(read.judgements, read.tables)


def judgement_evidence(read: Read) -> Iterator[Problem]:
    """The evidence of a judgement leads to records, each on one side, and bears the confidence."""
    ledger = _ledger(read)
    if ledger is not None:
        yield from accounts.evidence_problems(read.judgements, ledger)


def judgement_chapters(read: Read) -> Iterator[Problem]:
    """The chapter that argues a judgement is a page of the book."""
    yield from accounts.chapter_problems(read.judgements, read.root)


def _ledger(read: Read) -> Ledger | None:
    """Return the record, None where another rule says why there is none."""
    if not all(table.lines for table in read.tables.values()):
        return None  # a table could not be read: that is the problem
    try:
        registry()
        documents.names()
        return Ledger.from_tables(read.root, read.tables, judgements=read.judgements)
    except SourcebookError:
        return None  # a cell that is no number: the rule on values says which


def derived_values(read: Read) -> Iterator[Problem]:
    """Every derived value can be computed from the record."""
    ledger = _ledger(read)
    if ledger is None:
        return
    for key, made in definitions().items():
        try:
            evaluate(ledger, key)
        except Silence:
            if not made.silent:
                yield Problem(DERIVATIONS, 1, f"derived value {key!r} has nothing to measure", "mend its inputs")
        except (SourcebookError, ArithmeticError, ValueError) as error:
            yield Problem(
                DERIVATIONS,
                1,
                f"derived value {key!r} fails: {error}",
                "mend its inputs or its formula",
            )


RULES: tuple[Rule, ...] = (
    schema, keys, series_ids, units, values, dates, inert_cells, coordinates, values_in_quotes, quote_length, anchors,
    passages, quotation_limits, seeds, census_complete, census_rows, event_dates, event_precision, claim_actors,
    document_pages, document_counts, tellings_complete, corrections, unpublished, sentences,
    stance_rows, adjudicated, question_units, evidence, verdicts, ratings, replies, leads, one_side, conflict_rows,
    conflicts_complete, sides, judgements,
    judgement_evidence, judgement_chapters, derived_values,
)  # fmt: skip


def run(root: Path = ROOT, rules: Sequence[Rule] = RULES) -> Report:
    """Run every rule on the record under `root` and collect all problems."""
    tables, problems = read_tables(root)
    found, of_judgements = read_judgements(root)
    problems += of_judgements
    folder = seeds_folder(root)
    texts = seed_texts(root, tables)
    release = history.last_release(root, tables.values())
    read = Read(root, tables, found, texts, folder, release)
    for rule in rules:
        for problem in rule(read):
            problems.append(Problem(problem.path, problem.line, problem.what, problem.todo, rule.__name__))
    if folder is None:
        proved = "digests only (no seed texts here: set SOURCEBOOK_SEEDS to their folder to check offsets too)"
    else:
        proved = f"offsets and sha256 of {len(texts)} of {len(tables['sources'].rows)} seed texts, and digests"
    unique = sorted({(p.path, p.line, p.what): p for p in reversed(problems)}.values())  # the first rule to say it
    return Report(unique, proved, sum(len(t.rows) for t in tables.values()), release.told)


def count_by_rule(problems: Sequence[Problem]) -> Mapping[str, int]:
    """Return how many problems each rule found."""
    return Counter(p.rule for p in problems)
