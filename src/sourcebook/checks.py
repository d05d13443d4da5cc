"""Every rule that the record must keep, one pure function each.

A rule takes the `Record` of what was read and yields problems; all of them are collected. The table `RULES`
at the end is the list that ``python -m sourcebook check`` runs.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pint
from frictionless import Package, system

from sourcebook import quotes
from sourcebook.derived import definitions, evaluate
from sourcebook.errors import LedgerError, Problem, SourcebookError
from sourcebook.ledger import ANCHORED, Ledger, Row, Table, read_tables, seed_texts, seeds_folder
from sourcebook.numerals import find_numerals
from sourcebook.paths import DATAPACKAGE, ROOT
from sourcebook.quantity import registry


@dataclass(frozen=True)
class Read:
    """What the rules look at: the tables, the folder they came from, and the seed texts if they are there."""

    root: Path
    tables: Mapping[str, Table]
    texts: Mapping[str, quotes.SeedText]
    seeds: Path | None


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
    """

    problems: Sequence[Problem]
    anchors: str
    rows: int


Rule = Callable[[Read], Iterator[Problem]]


def _anchored(read: Read) -> Iterator[tuple[Table, Row]]:
    for name in ANCHORED:
        table = read.tables[name]
        for row in table.rows:
            yield table, row


def _float(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


# --- the schema ------------------------------------------------------------------------------------------

_TODO = {
    "type-error": "write a value of the column's type, as datapackage.json gives it",
    "constraint-error": "use a value that datapackage.json allows for the column",
    "primary-key": "give each row an id of its own",
    "unique-error": "give each row an id of its own",
    "foreign-key": "add the row that is named, or mend the id",
}


def schema(read: Read) -> Iterator[Problem]:
    """Types, enums, patterns, primary and foreign keys, by frictionless on ``datapackage.json``."""
    with system.use_context(trusted=True):
        report = Package(str(read.root / DATAPACKAGE)).validate(limit_errors=100_000)
    paths = {task.name: task.place for task in report.tasks}
    for error in report.errors:
        yield Problem(DATAPACKAGE, 1, error.message, "mend the data package")
    for task in report.tasks:
        table = read.tables[task.name]
        for error in task.errors:
            yield _schema_problem(paths[task.name], table, error)


def _schema_problem(path: str, table: Table, error: Any) -> Problem:
    number = getattr(error, "row_number", None)
    line = table.rows[number - 2].line if number and 0 <= number - 2 < len(table.rows) else 1
    column, cell = getattr(error, "field_name", ""), getattr(error, "cell", "")
    note = error.note.removeprefix("constraint ")
    if error.type == "type-error":
        what = f"{column} {cell!r} is no {note.split('is ')[-1].strip(chr(34))}" if "is " in note else note
    elif error.type == "constraint-error":
        what = f"{column} {'is blank' if not cell else f'{cell!r} breaks the constraint {note}'}"
    elif error.type == "foreign-key":
        what = f"broken foreign key: {note}"
    else:
        what = f"{error.title.lower()}: {note}"
    return Problem(path, line, what, _TODO.get(error.type, "mend the row"))


def keys(read: Read) -> Iterator[Problem]:
    """No id twice, and rows in the order of their key."""
    for table in read.tables.values():
        seen: dict[tuple[str, ...], int] = {}
        for row in table.rows:
            key = tuple(row[c] for c in table.key)
            if key in seen:
                what = f"id {'/'.join(key)!r} is used twice (also on line {seen[key]})"
                yield Problem(table.path, row.line, what, "give one of them another id")
            seen.setdefault(key, row.line)
        order = [tuple(_sortable(row[c]) for c in table.key) for row in table.rows]
        for (before, after), row in zip(pairwise(order), table.rows[1:], strict=True):
            if after < before:
                what = f"row {'/'.join(k[1] or str(k[0]) for k in after)!r} is out of order"
                yield Problem(table.path, row.line, what, f"sort the rows by {', '.join(table.key)}")
                break


def _sortable(cell: str) -> tuple[float, str]:
    return (float(cell), "") if cell.isdigit() else (math.inf, cell)


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


def units(read: Read) -> Iterator[Problem]:
    """Every unit used is in ``units.csv``, and its definition is one that pint understands."""
    table = read.tables["units"]
    try:
        registry(read.root / table.path)
    except (pint.errors.PintError, ValueError, FileNotFoundError) as error:
        yield Problem(table.path, 1, f"unit definition is not understood ({error})", "write it in pint's syntax")
    known = {row["unit"] for row in table.rows}
    for other in read.tables.values():
        if "unit" in other.columns and other.name != "units":
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
    """Low is not above high, and the ends given are those that the qualifier calls for."""
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
        most = quotes.STANCE_WORDS if table.name == "stances" else quotes.MAX_WORDS
        least = 1 if table.name == "stances" else quotes.MIN_WORDS
        if not least <= count <= most:
            yield Problem(
                table.path,
                row.line,
                f"quote has {count} words, {least} to {most} are allowed",
                "quote another fragment",
            )


def anchors(read: Read) -> Iterator[Problem]:
    """Every quotation stands in its source at its offsets; without the texts, its digest is unchanged."""
    sha256 = {row["source_id"]: row["sha256"] for row in read.tables["sources"].rows}
    for table, row in _anchored(read):
        source = row["source_id"]
        text = read.texts.get(source)
        if text is not None:
            yield from _quote_problems(read, table, row, text)
        if not (row["start"].isdigit() and row["end"].isdigit() and row["digest"]):
            yield Problem(
                table.path,
                row.line,
                "quote is not anchored",
                "run `python -m sourcebook anchor` where the texts are",
            )
        elif source in sha256:
            proof = quotes.digest(sha256[source], int(row["start"]), int(row["end"]), row["quote"])
            if proof != row["digest"]:
                what = "digest does not fit source, offsets and quote: one of them changed since it was anchored"
                yield Problem(table.path, row.line, what, "undo the change, or anchor again where the texts are")


def _quote_problems(read: Read, table: Table, row: Row, text: quotes.SeedText) -> Iterator[Problem]:
    found = text.find(row["quote"])
    if not found:
        others = [s for s, other in read.texts.items() if s != row["source_id"] and other.find(row["quote"])]
        where = f"it stands in {', '.join(others)}" if others else "it stands in none of the texts"
        what = f"quote {row['quote']!r} is not in {row['source_id']}; {where}"
        yield Problem(table.path, row.line, what, "mend the source_id" if others else "copy the words from the text")
        return
    if len(found) > 1:
        what = f"quote {row['quote']!r} stands {len(found)} times in {row['source_id']}"
        yield Problem(table.path, row.line, what, "quote more words, so that it is unique")
    start, end = found[0]
    if quotes.crosses_page(text.text[start:end]):
        yield Problem(
            table.path,
            row.line,
            "quote runs over a page break or footnote",
            "quote words from one side of it",
        )
    if row["start"].isdigit() and (int(row["start"]), int(row["end"] or 0)) not in found:
        what = f"quote stands at {start}-{end}, not at {row['start']}-{row['end']}"
        yield Problem(table.path, row.line, what, "run `python -m sourcebook anchor`")


def quotation_limits(read: Read) -> Iterator[Problem]:
    """All quotations together may not give a seed back: no long run, no large share."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for _, row in _anchored(read):
        if row["start"].isdigit() and row["end"].isdigit():
            spans.setdefault(row["source_id"], []).append((int(row["start"]), int(row["end"])))
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
    if read.seeds is None:
        return
    table = read.tables["sources"]
    for row in table.rows:
        path = read.seeds / row["file"]
        if not path.is_file():
            yield Problem(
                table.path,
                row.line,
                f"text {row['file']} of {row['source_id']} is missing",
                "put it into the folder of texts",
            )
            continue
        raw = path.read_bytes()
        if hashlib.sha256(raw).hexdigest() != row["sha256"]:
            what = f"text {row['file']} of {row['source_id']} is altered: its sha256 is not the recorded one"
            yield Problem(table.path, row.line, what, "restore the text that was coded")
        elif str(len(raw.decode("utf-8").split())) != row["words"]:
            yield Problem(
                table.path,
                row.line,
                f"words of {row['source_id']} are {len(raw.decode().split())}",
                "mend the column words",
            )


# --- what belongs together ----------------------------------------------------------------------------


def question_units(read: Read) -> Iterator[Problem]:
    """Claims that answer one question can be compared: their units measure the same thing."""
    asked = {row["question_id"]: row["unit"] for row in read.tables["questions"].rows}
    known = registry(read.root / read.tables["units"].path)
    names = {row["unit"] for row in read.tables["units"].rows}
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
            for column in ("url", "publisher", "source_kind"):
                if not row[column]:
                    yield Problem(
                        table.path,
                        row.line,
                        f"review has no {column}",
                        f"fill {column}, or use the verdict not_found",
                    )


def derived_values(read: Read) -> Iterator[Problem]:
    """Every derived value can be computed from the record."""
    try:
        ledger = Ledger.from_tables(read.root, read.tables)
    except LedgerError:
        return  # a cell that is no number: the schema's rule says which
    for key in definitions():
        try:
            evaluate(ledger, key)
        except (SourcebookError, ArithmeticError, ValueError) as error:
            yield Problem(
                "src/sourcebook/derivations",
                1,
                f"derived value {key!r} fails: {error}",
                "mend its inputs or its formula",
            )


RULES: tuple[Rule, ...] = (
    schema, keys, series_ids, units, values, values_in_quotes, quote_length, anchors, quotation_limits, seeds,
    question_units, evidence, derived_values,
)  # fmt: skip


def run(root: Path = ROOT, rules: Sequence[Rule] = RULES) -> Report:
    """Run every rule on the record under `root` and collect all problems."""
    tables, problems = read_tables(root)
    folder = seeds_folder(root)
    texts = seed_texts(root, tables)
    read = Read(root, tables, texts, folder)
    for rule in rules:
        for problem in rule(read):
            problems.append(Problem(problem.path, problem.line, problem.what, problem.todo, rule.__name__))
    if folder is None:
        proved = "digests only (no seed texts here: set SOURCEBOOK_SEEDS to their folder to check offsets too)"
    else:
        proved = f"offsets and sha256 of {len(texts)} of {len(tables['sources'].rows)} seed texts, and digests"
    unique = sorted({(p.path, p.line, p.what): p for p in problems}.values())
    return Report(unique, proved, sum(len(t.rows) for t in tables.values()))


def count_by_rule(problems: Sequence[Problem]) -> Mapping[str, int]:
    """Return how many problems each rule found."""
    return Counter(p.rule for p in problems)
