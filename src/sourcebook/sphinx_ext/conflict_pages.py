"""Pages of the contradictions, and of what the documents cite."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.application import Sphinx

from sourcebook.formatting import date_text
from sourcebook.models import Citation, Conflict, Party, Source
from sourcebook.sphinx_ext.domain import entry_reference, nothing
from sourcebook.sphinx_ext.pages import (
    AS_PRINTED,
    CONFLICT_KINDS,
    VERDICTS,
    OfSource,
    RecordDirective,
    link_to,
    text_of_parts,
)

SEVERITIES = ("finding", "trust", "slip")


class Conflicts(RecordDirective):
    """``{conflicts} <severity>``: every contradiction of that weight, both sides in full, and what the book does."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the entries, or a warning for an unknown severity."""
        severity = self.arguments[0]
        if severity not in SEVERITIES:
            return nothing(self, severity, f"no severity {severity!r}: use one of {', '.join(SEVERITIES)}")
        found = [c for c in self.ledger.conflicts.values() if c.severity == severity]
        told = f"{len(found)} of {len(self.ledger.conflicts)} contradictions."
        items = [self._item(conflict) for conflict in found]
        return [text_of_parts(told), nodes.definition_list("", *items, classes=["evidence-entries"])]

    def _item(self, conflict: Conflict) -> nodes.Node:
        term = [
            self.entry("conflict", conflict.conflict_id),
            nodes.strong("", CONFLICT_KINDS[conflict.kind]),
            nodes.Text(" "),
            nodes.literal("", conflict.conflict_id),
        ]
        sources = [p.anchor.source_id for p in conflict.parties if p.anchor]
        sources += [self.ledger.anchor_of(p).source_id for p in conflict.parties if p.kind not in ("", "review")]
        facets = {"kind": [conflict.kind], "document": sources, "severity": [conflict.severity]}
        return self.definition(term, self._paragraphs(conflict), **facets)

    def _paragraphs(self, conflict: Conflict) -> Iterator[nodes.paragraph]:
        yield text_of_parts(conflict.what)
        for party in conflict.parties:
            yield self._side(party)
        if conflict.url:
            yield text_of_parts("The other side is at ", link_to(host(conflict.url), conflict.url), ".")
        used = "none of the values" if conflict.used == "neither" else conflict.used
        yield text_of_parts(f"The book uses: {used.rstrip('.')}. {conflict.reason}")
        yield from self.answers("conflict", conflict.conflict_id)

    def _side(self, party: Party) -> nodes.paragraph:
        ledger, docname = self.ledger, self.env.docname
        if party.kind == "review":
            review = ledger.review(party.key)
            verdict = entry_reference("review", party.key, VERDICTS[review.verdict], docname)
            published = f", {date_text(review.date)}" if review.date else ""
            value = f": {review.value}" if review.value else ""
            return text_of_parts(link_to(review.publisher, review.url), f"{published} ", verdict, f"{value}.")
        anchor = ledger.anchor_of(party)
        words = self.quotation(anchor, ledger.source(anchor.source_id))
        if party.kind:
            words += [nodes.Text(" ("), entry_reference(party.kind, party.key, party.kind, docname), nodes.Text(")")]
        return words


def host(url: str) -> str:
    """Return whose address it is, for a reader; all of it where it is none."""
    return (urlsplit(url).netloc or url).removeprefix("www.")


class Citations(OfSource):
    """``{citations} <source_id>``: what one document cites, as it prints it."""

    def items(self, source: Source) -> Iterable[nodes.Node]:
        """Return one entry for each citation."""
        return [self._item(c, source) for c in self.ledger.citations.values() if c.source_id == source.source_id]

    def _item(self, citation: Citation, source: Source) -> nodes.Node:
        number = f"{citation.kind} {citation.number}".strip()
        printed = ", ".join(filter(None, (citation.author, citation.title, citation.publisher)))
        term = [
            self.entry("citation", citation.citation_id),
            nodes.strong("", number.capitalize()),
            *([nodes.Text(" · "), nodes.inline("", printed, **AS_PRINTED)] if printed else []),
            nodes.Text(" "),
            nodes.literal("", citation.citation_id),
        ]
        dates = [f"{label} {date_text(date)}" for label, date in _dates(citation) if date]
        paragraphs = [self.quotation(citation.anchor, source)]
        if dates:
            paragraphs.append(text_of_parts(f"As printed: {', '.join(dates)}."))
        if citation.note:
            paragraphs.append(text_of_parts(f"Note: {citation.note.rstrip('.')}."))
        paragraphs += self.conflicts("citation", citation.citation_id)
        return self.definition(term, paragraphs)


def _dates(citation: Citation) -> tuple[tuple[str, str], ...]:
    return (("published", citation.date), ("accessed", citation.date_accessed))


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("conflicts", Conflicts)
    app.add_directive("citations", Citations)
