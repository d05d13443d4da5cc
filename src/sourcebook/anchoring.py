"""Write offsets and digests beside every quotation, where the seed texts are."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sourcebook import quotes
from sourcebook.errors import LedgerError
from sourcebook.ledger import ANCHORED, Row, Table, read_tables, seed_texts
from sourcebook.parallel import over_cores
from sourcebook.stances import Segments, places_of, spans

Place = dict[str, str] | None
"""The cells of a row with its place; None where its quotation does not stand once."""


@dataclass(frozen=True)
class _Job:
    """The rows that quote one document."""

    text: quotes.SeedText | None
    sha256: str
    segments: Segments
    rows: tuple[Row, ...]


def anchor(root: Path, workers: int | None = None) -> tuple[int, int]:
    """Fill start, end, digest and passage of every row whose quotation stands once in its source.

    Returns
    -------
    tuple of int
        How many rows are anchored now, and how many could not be: `sourcebook.checks` says why.

    Raises
    ------
    LedgerError
        If a table is not of its form; carries every problem, and nothing is written. Rewriting what was half
        read would lose the other half.
    """
    tables, problems = read_tables(root)
    if problems:
        raise LedgerError(problems)
    texts = seed_texts(root, tables)
    sha256 = {row["source_id"]: row["sha256"] for row in tables["sources"].rows}
    segments = spans(tables["sentences"])
    done = left = 0
    found = _places(tables, texts, sha256, segments, workers)
    for name in ANCHORED:
        table = tables[name]
        anchored = found[name]
        done += sum(cells is not None for cells in anchored.values())
        left += sum(cells is None for cells in anchored.values())
        _write(root / table.path, table, [anchored.get(row.line) or dict(row.cells) for row in table.rows])
    return done, left


def _places(
    tables: Mapping[str, Table], texts: Mapping[str, quotes.SeedText], sha256: Mapping[str, str], segments: Segments,
    workers: int | None,
) -> dict[str, dict[int, Place]]:  # fmt: skip
    """Return the outcome of every row by table and line, looked for one document at a time over all cores."""
    asked: dict[str, list[tuple[str, Row]]] = {}
    for name in ANCHORED:
        for row in tables[name].quoting:
            asked.setdefault(row["source_id"], []).append((name, row))
    jobs = []
    for source, rows in asked.items():
        named = {row.cells.get("sentence_id", "") for _, row in rows}
        own = {key: segments[key] for key in named if key in segments}
        jobs.append(
            _Job(
                texts.get(source), sha256.get(source, ""), own, tuple(Row(row.line, dict(row.cells)) for _, row in rows)
            )
        )
    done = over_cores(_anchor_all, jobs, [len(job.text.text) if job.text else 0 for job in jobs], workers)
    found: dict[str, dict[int, Place]] = {name: {} for name in ANCHORED}
    for rows, places in zip(asked.values(), done, strict=True):
        for (name, row), place in zip(rows, places, strict=True):
            found[name][row.line] = place
    return found


def _anchor_all(job: _Job) -> list[Place]:
    return [_anchored(row, job) for row in job.rows]


def _anchored(row: Row, job: _Job) -> Place:
    text = job.text
    found = places_of(row, text, job.segments)
    if text is None or len(found) != 1:
        return None
    start, end = found[0]
    proof = quotes.digest(job.sha256, start, end, row["quote"])
    cells = {**row.cells, "start": str(start), "end": str(end), "digest": proof}
    if "passage" in cells:
        passage = text.text[start:end]
        cells["passage"] = "" if passage == row["quote"] else passage
    return cells


def _write(path: Path, table: Table, rows: list[dict[str, str]]) -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, table.columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    text = out.getvalue()
    if path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8", newline="\n")
