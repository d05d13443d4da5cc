"""Pages of what lies behind the documents: whoever first said a thing, and what pages elsewhere say of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx

from sourcebook.formatting import date_text
from sourcebook.ledger import UNKNOWN
from sourcebook.models import Origin, Review
from sourcebook.sphinx_ext.domain import entry_reference, nothing
from sourcebook.sphinx_ext.pages import VERDICTS, RecordDirective, link_to, text_of_parts


class Origins(RecordDirective):
    """``{origins}``: whoever first said it, and how many claims of which documents rest on it."""

    def run(self) -> list[nodes.Node]:
        """Return the entries."""
        items = [self._item(origin) for origin in self.ledger.origins.values()]
        return [nodes.definition_list("", *items, classes=["evidence-entries"])]

    def _item(self, origin: Origin) -> nodes.Node:
        term = [
            self.entry("origin", origin.origin_id),
            nodes.strong("", "", link_to(origin.name, origin.url)),
            nodes.Text(f" · {origin.kind.replace('_', ' ')} "),
            nodes.literal("", origin.origin_id),
        ]
        claims = Counter(c.source_id for c in self.ledger.claims.values() if c.origin_id == origin.origin_id)
        told = "; ".join(f"{self.ledger.source(key).short_name}, {number}" for key, number in claims.items())
        paragraphs = [text_of_parts(f"Claims: {told or 'none'}.")]
        if origin.note:
            paragraphs.append(text_of_parts(origin.note))
        return self.definition(term, paragraphs, kind=[origin.kind], document=claims)


class UnknownOrigins(RecordDirective):
    """``{unknown-origins}``: the claims whose origin was not found, counted and listed."""

    def run(self) -> list[nodes.Node]:
        """Return a sentence and the list."""
        claims = [c for c in self.ledger.claims.values() if c.origin_id == UNKNOWN]
        items = []
        for claim in claims:
            term = [self.reference(f"claim:{claim.claim_id}"), nodes.Text(f" · {claim.subject}: {claim.measure}")]
            source = text_of_parts(self.ledger.source(claim.source_id).short_name)
            items.append(self.definition(term, [source], domain=[claim.domain], document=[claim.source_id]))
        told = f"{len(claims)} of {len(self.ledger.claims)} claims have no origin that was found."
        return [text_of_parts(told), nodes.definition_list("", *items, classes=["evidence-entries"])]


class Reviews(RecordDirective):
    """``{reviews} <verdict>``: every page elsewhere with that verdict on a claim or event."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the entries, or a warning for an unknown verdict."""
        verdict = self.arguments[0]
        if verdict not in VERDICTS:
            return nothing(self, verdict, f"no verdict {verdict!r}: use one of {', '.join(VERDICTS)}")
        found = [r for r in self.ledger.reviews.values() if r.verdict == verdict]
        told = f"{len(found)} of {len(self.ledger.reviews)} reviews."
        items = [self._item(review) for review in found]
        return [text_of_parts(told), nodes.definition_list("", *items, classes=["evidence-entries"])]

    def _item(self, review: Review) -> nodes.Node:
        kind, key = review.record
        held = self.ledger.claim(key) if kind == "claim" else self.ledger.event(key)
        who = link_to(review.publisher, review.url) if review.publisher else nodes.Text("No page")
        value = f": {date_text(review.dated) if review.dated else review.value}" if review.value else ""
        address = entry_reference("review", review.review_id, review.review_id, self.env.docname)
        term = [nodes.strong("", "", who), nodes.Text(f"{value} · "), address]
        facets = {
            "verdict": [review.verdict], "source": [review.source_kind or "none"], "domain": [held.domain],
            "document": [held.source_id],
        }  # fmt: skip
        return self.definition(term, self._paragraphs(review), **facets)

    def _paragraphs(self, review: Review) -> Iterator[nodes.paragraph]:
        kind, key = review.record
        if kind == "claim":
            claim = self.ledger.claim(key)
            source, told = claim.source_id, f"{claim.subject}: {claim.measure}"
            words = self.value(claim)
        else:
            event = self.ledger.event(key)
            source, told, words = event.source_id, event.title, date_text(event.date)
        on = entry_reference(kind, key, words, self.env.docname)
        short = self.ledger.source(source).short_name
        yield text_of_parts(f"{VERDICTS[review.verdict].capitalize()}: ", on, f" · {told}, {short}.")
        title = f"“{review.title}”" if review.title else ""
        read = f"read {date_text(review.date_accessed)}" if review.date_accessed else ""
        told = ", ".join(filter(None, (title, date_text(review.date) if review.date else "", read)))
        if told:
            yield text_of_parts(f"{told[0].upper()}{told[1:]}.")
        if review.note:
            yield text_of_parts(review.note)


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("origins", Origins)
    app.add_directive("unknown-origins", UnknownOrigins)
    app.add_directive("reviews", Reviews)
