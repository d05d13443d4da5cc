"""Write offsets and digests beside every quotation, where the seed texts are."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from sourcebook import quotes
from sourcebook.errors import LedgerError
from sourcebook.ledger import ANCHORED, Row, Table, read_tables, seed_texts
from sourcebook.stances import Segments, places_of, spans


def anchor(root: Path) -> tuple[int, int]:
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
    for name in ANCHORED:
        table = tables[name]
        anchored = {row.line: _anchored(row, texts, sha256, segments) for row in table.quoting}
        done += sum(cells is not None for cells in anchored.values())
        left += sum(cells is None for cells in anchored.values())
        _write(root / table.path, table, [anchored.get(row.line) or dict(row.cells) for row in table.rows])
    return done, left


def _anchored(
    row: Row, texts: Mapping[str, quotes.SeedText], sha256: Mapping[str, str], segments: Segments
) -> dict[str, str] | None:
    text = texts.get(row["source_id"])
    found = places_of(row, text, segments)
    if text is None or len(found) != 1:
        return None
    start, end = found[0]
    proof = quotes.digest(sha256[row["source_id"]], start, end, row["quote"])
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
