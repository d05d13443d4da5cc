"""Hold the record against the last release: a published value that changed or went has its row in the corrections."""

from __future__ import annotations

import csv
import io
import math
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sourcebook.errors import Problem
from sourcebook.formatting import date_text
from sourcebook.ledger import Table
from sourcebook.numerals import find_numerals

Cells = Mapping[str, str]
STATED = ("value_low", "value_high", "unit", "qualifier")
_KEEPS = ("corrections", "replies")
_VALUES: Mapping[str, tuple[str, ...]] = {"claims": STATED, "reviews": STATED, "events": ("date",)}
"""Which columns are a record's value; of a series, those of `STATED`."""
RELEASES = "v[0-9]*"
"""Tags that are releases; any other is somebody's mark, and nothing was published with it."""
_PATIENCE = 20  # s


@dataclass(frozen=True)
class Release:
    """The tables of the last release, as far as it had them; `tag` is blank where there is none."""

    tag: str = ""
    tables: Mapping[str, Sequence[Cells]] = field(default_factory=dict)

    @property
    def told(self) -> str:
        """What the values are held against, in words."""
        return f"held against {self.tag}" if self.tag else "held against nothing (no release before this one)"


def last_release(root: Path, tables: Iterable[Table]) -> Release:
    """Return the tables of the last release before what lies there; an empty one where the project has no history.

    What is a release itself, and unchanged, is held against the one before.
    """
    if not (root / ".git").exists():
        return Release()
    watched = [table for table in tables if _watched(table)]
    released = _git(root, "tag", "--points-at", "HEAD", "--list", RELEASES)
    changed = _git(root, "status", "--porcelain", "--", *(table.path for table in watched))
    commit = "HEAD^" if released and not changed else "HEAD"
    tag = _git(root, "describe", "--tags", "--abbrev=0", "--match", RELEASES, commit).decode().strip()
    if not tag:
        return Release()
    return Release(tag, {t.name: _rows(_git(root, "show", f"{tag}:{t.path}")) for t in watched})


def _git(root: Path, *arguments: str) -> bytes:
    """Return what git says; nothing where it is not there or has nothing to say."""
    command = ["git", "--no-pager", "-C", str(root), *arguments]
    try:
        return subprocess.run(command, capture_output=True, check=True, timeout=_PATIENCE).stdout
    except (OSError, subprocess.SubprocessError):
        return b""


def tracked(root: Path, folder: str) -> list[str]:
    """Return the files of a folder that git keeps."""
    return _git(root, "ls-files", "--", folder).decode().splitlines() if (root / ".git").exists() else []


def _rows(raw: bytes) -> list[Cells]:
    reader = csv.DictReader(io.StringIO(raw.decode("utf-8", "replace"), newline=""), restval="")
    return [{key: cell or "" for key, cell in row.items() if key} for row in reader]


def _watched(table: Table) -> bool:
    return table.is_series or table.name in (*_VALUES, *_KEEPS)


def problems(release: Release, tables: Mapping[str, Table]) -> Iterator[Problem]:
    """Yield every published value that changed or went without a row in the corrections, and every row taken back."""
    corrections, kept = tables["corrections"], {name: _cells(tables[name]) for name in _KEEPS}
    before = {name: list(release.tables.get(name, ())) for name in _KEEPS}
    for name in _KEEPS:
        for row in before[name]:
            if not any(all(other.get(c, "") == cell for c, cell in row.items()) for other in kept[name]):
                what = f"the row of {row.get('date')} on {row.get('id') or row.get('about')!r}, published in {release.tag}, is changed or gone"
                yield Problem(tables[name].path, 1, what, "put it back as it was; what is new is a row of its own")
    new = [row for row in kept["corrections"] if row not in before["corrections"]]
    documents = {row["source_id"] for row in tables["sources"].rows}
    for table in tables.values():
        columns = STATED if table.is_series else _VALUES.get(table.name, ())
        now = {row[table.key[0]]: row for row in table.rows}
        for row in release.tables.get(table.name, ()) if columns else ():
            key, there = row.get(table.key[0], ""), now.get(row.get(table.key[0], ""))
            old = {c: row[c] for c in columns if c in row}
            fresh = {c: there[c] for c in old} if there else {}
            if old == fresh:
                continue
            gone = {row.get("source_id", "")} - documents  # of a document that was taken out one row says all
            said = [r for r in new if r["id"] == key or (not there and r["id"] in gone)]
            path, line = (table.path, there.line) if there else (corrections.path, 1)
            became = f"is {_text(fresh)} now" if there else "is gone"
            what = f"{key} was {_text(old)} in {release.tag} and {became}"
            if not said:
                yield Problem(
                    path, line, what, f"add a row to {corrections.path} with the old value, the new and the reason"
                )
            elif there and not any(_says(r["old"], old) and _says(r["new"], fresh) for r in said):
                todo = f"write both values into its row of {corrections.path}, as numbers or dates"
                yield Problem(path, line, what, todo)


def _cells(table: Table) -> list[Cells]:
    return [dict(row.cells) for row in table.rows]


def _text(cells: Cells) -> str:
    ends = [cell for column, cell in cells.items() if column.startswith("value_")]
    others = [cell for column, cell in cells.items() if not column.startswith("value_")]
    return " ".join(filter(None, [" to ".join(dict.fromkeys(filter(None, ends))), *others]))


def _says(words: str, value: Cells) -> bool:
    """Whether a cell of the corrections has a value in it: its date, or each of its numbers."""
    if "date" in value:
        return value["date"] in words or date_text(value["date"]) in words
    found = [end for numeral in find_numerals(words) for end in (numeral.low, numeral.high)]
    ends = [cell for column, cell in value.items() if column.startswith("value_") and cell]
    return all(any(_equal(end, number) for number in found) for end in ends)


def _equal(cell: str, number: float) -> bool:
    try:
        return math.isclose(float(cell), number, rel_tol=1e-9)
    except ValueError:
        return False
