"""The table of what was planted and found: a page of the book shows it."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from prove.gates import GATES, code_digest
from prove.mutants import KINDS, Kind
from prove.prover import Result
from sourcebook.sphinx_ext.proof import COLUMNS, SURVIVORS, TABLE, read

ERRORS = "_build/planted.csv"
MOST = 200  # characters of what was changed


def rows(results: Iterable[Result]) -> list[dict[str, str]]:
    """Return one row for each kind, in the order in which kinds are written, module by module."""
    tried, killed = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for result in results:
        key = (result.mutant.kind, result.mutant.gate)
        tried[key] += 1
        killed[key] += result.killed
    return [
        dict(zip(COLUMNS, (*key, str(tried[key]), str(killed[key]), code_digest(GATES[key[1]])), strict=True))
        for key in ((kind.name, kind.gate) for kind in sorted(KINDS, key=_written))
        if tried[key]
    ]


MODULES = ("prove.record", "prove.pages", "prove.site", "prove.suite")


def _written(kind: Kind) -> tuple[int, int]:
    """Return where a kind is written; they register in whatever order modules are imported."""
    return MODULES.index(kind.plant.__module__), kind.plant.__code__.co_firstlineno


def write(root: Path, found: Iterable[dict[str, str]]) -> None:
    """Write the table."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    (root / TABLE).write_text(out.getvalue(), encoding="utf-8", newline="\n")


def write_errors(root: Path, results: Iterable[Result]) -> Path:
    """Write every error with its place, what was changed, its gate and what became of it; return where."""
    path = root / ERRORS
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["kind", "file", "line", "old", "new", "gate", "found"])
        for result in results:
            of, first = result.mutant, result.mutant.splices[0]
            found = str(result.killed).lower()
            writer.writerow([of.kind, first.path, first.line, first.old[:MOST], first.new[:MOST], of.gate, found])
    return path


def stale(root: Path) -> list[str]:
    """Return each kind that the table lacks, or that is none, and each gate whose code changed since."""
    found = read(root / TABLE)
    listed = {(row["kind"], row["gate"]) for row in found}
    known = {(kind.name, kind.gate) for kind in KINDS}
    told = [f"{kind} [{gate}]: not in the table" for kind, gate in sorted(known - listed)]
    told += [f"{kind} [{gate}]: in the table, and planted no more" for kind, gate in sorted(listed - known)]
    changed = {row["gate"] for row in found if row["gate"] in GATES and row["code"] != code_digest(GATES[row["gate"]])}
    return [*told, *(f"{gate}: its code changed since the table was made" for gate in sorted(changed))]


def excused(root: Path, result: Result) -> bool:
    """Whether a survivor is on the list, with a reason."""
    place = (result.mutant.kind, result.mutant.splices[0].path)
    return any((row["kind"], row["file"]) == place and row["reason"] for row in read(root / SURVIVORS))
