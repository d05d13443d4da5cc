"""Pages of the stances: the matrix, the statement behind each of its cells, and how far the coders agree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from docutils import nodes
from sphinx.application import Sphinx

from sourcebook.agreement import VARIABLES
from sourcebook.alignment import Cell, cells, pairs
from sourcebook.derivations.alignment import key_of
from sourcebook.derived import record
from sourcebook.formatting import cell_text
from sourcebook.ledger import Row
from sourcebook.models import Stance
from sourcebook.sphinx_ext.domain import bound_reference, entry_id
from sourcebook.sphinx_ext.figures import build_table
from sourcebook.sphinx_ext.pages import VOICES, RecordDirective, text_of_parts
from sourcebook.stances import ACTORS, Unit, unit_of


class StanceDirective(RecordDirective):
    """Base of the directives that list stances."""

    def listed(self, stances: Iterable[Stance]) -> nodes.definition_list:
        """Return an entry for each stance, in the order of the documents' sentences."""
        items = [self._item(stance) for stance in sorted(stances, key=lambda s: s.unit)]
        return nodes.definition_list("", *items, classes=["evidence-entries"])

    def _item(self, stance: Stance) -> nodes.Node:
        issue = self.ledger.issues[stance.issue_id]
        source = self.ledger.source(stance.source_id)
        shades = [] if stance.modality == "actual" else [stance.modality]
        coded = ", ".join((stance.relation, *shades, stance.strength, VOICES[stance.voice]))
        term = [
            self.entry("stance", stance.stance_id),
            nodes.strong("", issue.name),
            nodes.Text(f" · {coded} "),
            nodes.literal("", stance.stance_id),
        ]
        paragraphs = [self.quotation(stance.anchor, source)]
        settled = self._settled.get(stance.unit)
        if settled:
            paragraphs.append(text_of_parts(f"The coders differed: {settled['reason']}"))
        facets = {
            "domain": [stance.domain], "document": [stance.source_id], "relation": [stance.relation],
            "modality": [stance.modality], "coders": ["differed" if settled else "agreed"],
        }  # fmt: skip
        return self.definition(term, paragraphs, **facets)

    @property
    def _settled(self) -> dict[Unit, Row]:
        return {unit_of(row): row for row in self.ledger.tables["adjudications"].rows}

    def names(self, slot: Sequence[str]) -> str:
        """Return the actors of a slot as a heading gives them."""
        return " and ".join(self.ledger.actors[actor] for actor in slot if actor)

    def section(self, title: str, key: str, *children: nodes.Node) -> nodes.section:
        """Return a section with an address of its own."""
        return nodes.section("", nodes.title("", title), *children, ids=[key])


class Alignment(StanceDirective):
    """``{alignment}``: the matrix of pairs and domains, then every statement of each cell."""

    heads: ClassVar[dict[str, str]] = {
        "converging": "Converge", "diverging": "Diverge", "shaded": "Not actual", "documents": "Texts",
        "balance": "Balance", "coder-range": "Coders", "without-one": "Without one",
    }  # fmt: skip

    def run(self) -> list[nodes.Node]:
        """Return the table, and a section for each pair with one for each domain that is spoken of."""
        found = cells(self.ledger.coding())
        rows, sections = [], []
        for over_all in pairs(self.ledger.coding()):
            spoken = [cell for cell in found if cell.pair == over_all.pair and cell.stances]
            listed = [
                self.section(cell.domain.capitalize(), _address(cell), self.listed(cell.stances)) for cell in spoken
            ]
            silence = [] if spoken else [text_of_parts("No sentence of the documents is on this pair.")]
            sections.append(self.section(self.names(over_all.pair), _address(over_all), *listed, *silence))
            rows += [self._row(cell) for cell in (over_all, *(cell for cell in found if cell.pair == over_all.pair))]
        heads = ["Pair and domain", *self.heads.values()]
        return [build_table(heads, rows, caption="Statements on each pair, by domain, and their balance"), *sections]

    def _row(self, cell: Cell) -> list[nodes.Node]:
        name = f"{self.names(cell.pair)}: {cell.domain or 'all domains'}"
        if not cell.stances:
            words = nodes.Text(name) if cell.domain else self._link(cell, name)
            return [words, *(nodes.Text("–") for _ in self.heads)]
        return [self._link(cell, name), *(self._bound(cell, what) for what in self.heads)]

    def _link(self, cell: Cell, name: str) -> nodes.Node:
        link = nodes.reference("", name, refid=_address(cell), internal=True)
        return text_of_parts(link if cell.domain else nodes.strong("", "", link))

    def _bound(self, cell: Cell, what: str) -> nodes.Node:
        if what == "without-one" and len(cell.documents) == 1:
            return nodes.Text("single text")
        found = record(self.ledger, "derived", key_of((*cell.pair, cell.domain), what))
        return bound_reference("derived", found.key, cell_text(found.stated, found.digits), self.env.docname)


def _address(cell: Cell) -> str:
    return entry_id("cell" if cell.domain else "pair", "-".join(filter(None, (*cell.pair, cell.domain))))


class Positions(StanceDirective):
    """``{positions}``: what each actor is said to want, support or oppose, by issue."""

    def run(self) -> list[nodes.Node]:
        """Return a section for each actor."""
        alone = [stance for stance in self.ledger.coding() if not stance.actor_b]
        return [
            self.section(
                self.names((actor,)),
                entry_id("actor", actor),
                self.listed(stance for stance in alone if stance.actor_a == actor),
            )
            for actor in ACTORS
        ]


class AgreementTable(RecordDirective):
    """``{agreement}``: alpha with its interval, and units coded alike, for each variable."""

    heads: ClassVar[list[str]] = [
        "Variable",
        "Alpha",
        "95 % interval",
        "Units alike",
        "Alike where both found a stance",
    ]

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        rows: list[list[nodes.Node]] = []
        for name, variable in VARIABLES.items():
            keys = (f"agreement-{name}", f"agreement-{name}-interval", f"agreement-{name}-percent")
            values = [self.reference(f"derived:{key}") for key in keys]
            both = nodes.Text("by definition") if name == "presence" else self.reference(f"derived:{keys[0]}-both")
            rows.append([nodes.Text(variable.label), *values, both])
        return [build_table(self.heads, rows, caption="How far the coders agree")]


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("alignment", Alignment)
    app.add_directive("positions", Positions)
    app.add_directive("agreement", AgreementTable)
