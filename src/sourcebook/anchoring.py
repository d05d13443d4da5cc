"""Write offsets and digests beside every quotation, where the seed texts are."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from sourcebook import quotes
from sourcebook.errors import LedgerError
from sourcebook.ledger import ANCHORED, Row, Table, read_tables, seed_texts
from sourcebook.stances import places_of, spans


def anchor(root: Path) -> tuple[int, int]:
    """Fill start, end and digest of every row whose quotation stands once in its source.

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
        places = [places_of(row, texts.get(row["source_id"]), segments) for row in table.rows]
        anchored = [
            _anchored(row, found, sha256.get(row["source_id"], ""))
            for row, found in zip(table.rows, places, strict=True)
        ]
        done += sum(cells is not None for cells in anchored)
        left += sum(cells is None for cells in anchored)
        rows = [cells or dict(row.cells) for cells, row in zip(anchored, table.rows, strict=True)]
        _write(root / table.path, table, rows)
    return done, left


def _anchored(row: Row, found: list[tuple[int, int]], sha256: str) -> dict[str, str] | None:
    if len(found) != 1:
        return None
    start, end = found[0]
    proof = quotes.digest(sha256, start, end, row["quote"])
    return {**row.cells, "start": str(start), "end": str(end), "digest": proof}


def _write(path: Path, table: Table, rows: list[dict[str, str]]) -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, table.columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    text = out.getvalue()
    if path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8", newline="\n")
