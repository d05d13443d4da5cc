"""The page of what was planted to prove that the gates can fail; `make prove` writes its table."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from sourcebook.sphinx_ext.figures import build_table

TABLE = "book/proof.csv"
SURVIVORS = "book/survivors.csv"
COLUMNS = ("kind", "gate", "tried", "killed", "code")
HEADS = ["What was planted", "Gate", "Found by it"]


def read(path: Path) -> list[Mapping[str, str]]:
    """Return the rows of a table; none where it was never made."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


class Proof(SphinxDirective):
    """``{proof}``: each kind of error that was planted, how many of it were, and how many the gate named found."""

    def run(self) -> list[nodes.Node]:
        """Return the sum, the table, and what survived with the reason."""
        root = Path(self.env.srcdir)
        for name in (TABLE, SURVIVORS):
            self.env.note_dependency(str(root / name))
        rows = read(root / TABLE)
        return [*self._told(rows), _table(rows), *_survivors(read(root / SURVIVORS))]

    @staticmethod
    def _told(rows: Sequence[Mapping[str, str]]) -> list[nodes.Node]:
        tried, killed = (sum(int(row[column]) for row in rows) for column in ("tried", "killed"))
        gates = len({row["gate"] for row in rows})
        told = f"{tried} errors of {len(rows)} kinds were planted; the gate named found {killed} of them. {gates} gates were asked."
        return [nodes.paragraph("", told, classes=["evidence-generated"])]


def _table(rows: Sequence[Mapping[str, str]]) -> nodes.table:
    made: list[list[nodes.Node]] = [
        [
            nodes.Text(row["kind"].capitalize()),
            nodes.literal("", row["gate"]),
            nodes.Text(f"{row['killed']} of {row['tried']}"),
        ]
        for row in rows
    ]
    return build_table(HEADS, made, ("stacked-table",))


def _survivors(rows: Sequence[Mapping[str, str]]) -> list[nodes.Node]:
    """Return what no gate finds, and why that is left."""
    told = [f"{row['kind'].capitalize()}, in {row['file']}: {row['reason']}" for row in rows]
    items = [nodes.list_item("", nodes.paragraph("", text)) for text in told]
    return [nodes.bullet_list("", *items, classes=["evidence-generated"])] if items else []


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("proof", Proof)
