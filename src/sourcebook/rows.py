"""Put rows into a table's file and take rows out of it, every other row staying byte for byte as it is."""

from __future__ import annotations

import csv
import io
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from sourcebook.ledger import Table, sort_key

Cells = Mapping[str, str]


def written(columns: Sequence[str], rows: Iterable[Cells], *, header: bool = True) -> str:
    """Return rows as CSV; a column that a row lacks is blank."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n", extrasaction="ignore")
    if header:
        writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def with_rows(table: Table, text: str, rows: Iterable[Cells]) -> str:
    """Return a table's text with rows at the places of their keys; one whose key is there already is left out."""
    order = [tuple(sort_key(row[c]) for c in table.key) for row in table.rows]
    there = set(order)
    pieces = _pieces(table, text)
    new: dict[int, list[tuple[tuple[tuple[float, str], ...], str]]] = {}
    for row in rows:
        key = tuple(sort_key(row.get(c, "")) for c in table.key)
        if key not in there:
            there.add(key)
            new.setdefault(bisect_right(order, key), []).append((key, written(table.columns, [row], header=False)))
    out = [pieces[0]]
    for i in range(len(order) + 1):
        out += [line for _, line in sorted(new.get(i, ()))]
        out += [pieces[i + 1]] if i < len(order) else []
    return "".join(out)


def without_rows(table: Table, text: str, lines: Collection[int]) -> str:
    """Return a table's text without the rows that begin on these lines."""
    pieces = _pieces(table, text)
    kept = (piece for row, piece in zip(table.rows, pieces[1:], strict=True) if row.line not in lines)
    return pieces[0] + "".join(kept)


def _pieces(table: Table, text: str) -> list[str]:
    """Return the header and each row as they stand in the file; a row may be several lines."""
    lines = [f"{line}\n" for line in text.removesuffix("\n").split("\n")]
    begins = [0, *(row.line - 1 for row in table.rows), len(lines)]
    return ["".join(lines[a:b]) for a, b in pairwise(begins)]


def replace_files(root: Path, files: Mapping[str, str]) -> None:
    """Write files below `root`: all beside their places first, then all into them.

    Whoever is interrupted has old files or new ones, none in part; doing the same again ends it.
    """
    made = []
    for name, text in files.items():
        path = root / name
        if path.is_file() and path.read_bytes() == text.encode():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.part")
        part.write_text(text, encoding="utf-8", newline="\n")
        made.append((part, path))
    for part, path in made:
        part.replace(path)
