"""Pages of the record: each row an entry with a permanent address, in plain static HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from sourcebook import alignment, documents, joins
from sourcebook.derived import definitions, record
from sourcebook.errors import Silence, SourcebookError
from sourcebook.formatting import date_text, period_text, text_of
from sourcebook.ledger import Ledger
from sourcebook.models import Anchor, Claim, Event, Figure, Origin, Review, Source
from sourcebook.sphinx_ext.domain import ENTRIES, EvidenceDomain, entry_id, entry_reference, ledger_of, nothing
from sourcebook.sphinx_ext.figures import build_table
from sourcebook.sphinx_ext.site import form_address, report_address
from sourcebook.tally import parse

FACET = "facet-"
"""How the class of a facet begins: ``facet-domain--security``."""
AS_PRINTED = {"support_smartquotes": False}
"""Of a node with words of a document: Sphinx makes no other quotation marks, dashes or dots of them."""
VOICES = {"author": "in the document's own voice", "actor": "as the actor's words", "third": "credited to others"}
VERDICTS = {
    "confirms": "confirms",
    "confirms_other_origin": "confirms the number, of another origin",
    "partly": "confirms in part",
    "contradicts": "contradicts",
    "not_found": "not found",
}
CONFLICT_KINDS = {
    "within": "A document against itself",
    "between": "Between documents",
    "upstream": "Against what it relies on, or the world",
    "arithmetic": "Against arithmetic",
    "calendar": "Against the calendar",
    "geography": "Against the map",
    "name": "A name",
    "citation": "A citation",
}


def text_of_parts(*parts: str | nodes.Node) -> nodes.paragraph:
    """Return a paragraph of words and inline nodes."""
    words = (nodes.Text(p) if isinstance(p, str) else p for p in parts)
    return nodes.paragraph("", "", *words, classes=["evidence-generated"])


def link_to(words: str, url: str) -> nodes.Node:
    """Return words that lead to an address, plain where there is none."""
    return nodes.reference("", words, refuri=url) if url else nodes.Text(words)


def rounding_text(digits: int) -> str:
    """Return to what a value with so many decimals is rounded; negative ones are tens and hundreds."""
    if digits < 0:
        return f"{10**-digits:,}s"
    return f"{digits} decimal{'s' if digits > 1 else ''}" if digits else "whole numbers"


def said_by(claim: Claim) -> str:
    """Return whether a document speaks for itself."""
    return "counted or asserted by this document" if claim.role == "primary" else "relayed by this document"


class RecordDirective(SphinxDirective):
    """Base of the directives that write entries; notes each one in the domain."""

    has_content = False

    @property
    def ledger(self) -> Ledger:
        """The record of the build."""
        return ledger_of(self.env)

    def note(self, kind: str, key: str) -> None:
        """Tell the domain that the page being read holds the entry of a record."""
        domain = self.env.get_domain(EvidenceDomain.name)
        assert isinstance(domain, EvidenceDomain)
        domain.note_entry(kind, key, self.get_location())

    def entry(self, kind: str, key: str) -> nodes.target:
        """Return the address of an entry, noted in the domain."""
        self.note(kind, key)
        target = nodes.target("", "", ids=[entry_id(kind, key)])
        self.state.document.note_explicit_target(target)
        return target

    def reference(self, name: str) -> nodes.Node:
        """Return a link to the entry of ``kind:id``, in the record's own words."""
        kind, _, key = name.partition(":")
        if kind == "period":
            kind = "claim" if key in self.ledger.claims else "series"
            return entry_reference(kind, key, "the period covered", self.env.docname)
        if kind == "coding":
            return nodes.Text("the codings of stances")
        if kind == "tally":
            return nodes.Text(parse(key).told)
        if kind == "alignment":
            return nodes.Text(alignment.parse(key).told)
        if kind == "joined":
            return nodes.Text(joins.told(key))
        if kind == "document":
            return nodes.Text(documents.told(self.ledger, key))
        if kind == "apart":
            event, _, review = key.partition("/")
            told = date_text(self.ledger.event(event).date), date_text(self.ledger.review(review).dated)
            one, other = (
                entry_reference(of, name, words, self.env.docname)
                for of, name, words in zip(("event", "review"), (event, review), told, strict=True)
            )
            return nodes.inline("", "", one, nodes.Text(" and "), other)
        if kind in ("route", "distance"):
            ends = [self.ledger.place(place).name for place in key.split("/")] if kind == "distance" else []
            return nodes.Text(f"least distance, {' to '.join(ends) or self.ledger.route(key).name}")
        found = record(self.ledger, kind, key)
        return entry_reference(kind, key, text_of(found, self.ledger.units), self.env.docname)

    def definition(
        self, term: Sequence[nodes.Node], paragraphs: Iterable[nodes.paragraph], **facets: Iterable[str]
    ) -> nodes.Node:
        """Return one entry: a term and what is known; by its facets a reader can filter (`filters`)."""
        classes = [f"{FACET}{facet}--{value}" for facet, values in facets.items() for value in dict.fromkeys(values)]
        return nodes.definition_list_item(
            "", nodes.term("", "", *term, classes=classes), nodes.definition("", *paragraphs)
        )

    def held(self, kind: str, key: str) -> dict[str, list[str]]:
        """Return the facets of what is held against a record: verdicts, and the weight of its conflicts."""
        verdicts = [r.verdict for r in self.ledger.reviews_of(kind, key)]
        conflicts = [c.severity for c in self.ledger.conflicts_of(kind, key)]
        return {"verdict": verdicts or ["not-reviewed"], "conflict": conflicts or ["none"]}

    def actors(self, named: Sequence[str]) -> list[str]:
        """Return actors, and the powers that they are or act for: who asks for a power finds all of them."""
        return [*named, *filter(None, (self.ledger.powers[actor] for actor in named))]

    def value(self, claim: Claim) -> str:
        """Return what a claim states; of vague words, what they were read as."""
        value = text_of(record(self.ledger, "claim", claim.claim_id), self.ledger.units)
        return f"read as {value}" if claim.stated.qualifier == "vague" else value

    @staticmethod
    def quotation(anchor: Anchor, source: Source) -> nodes.paragraph:
        """Return the words of the document and their place."""
        at = f", characters {anchor.start:,} to {anchor.end:,}" if anchor.start is not None else ""
        words = nodes.emphasis("", anchor.quote, classes=["quoted"], **AS_PRINTED)
        return text_of_parts("“", words, f"”, {source.short_name}{at}.")

    def review(self, review: Review) -> nodes.paragraph:
        """Return what a page says of a claim or event."""
        published = f", {date_text(review.date)}" if review.date else ""
        value = f": {review.value}" if review.value else ""
        who = [link_to(review.publisher, review.url), f"{published}{value}. "] if review.publisher else []
        verdict = nodes.inline("", f"{VERDICTS[review.verdict]} ", classes=["verdict", f"verdict-{review.verdict}"])
        target = self.entry("review", review.review_id)
        return text_of_parts("Held against upstream: ", target, verdict, *who, review.note)

    def conflicts(self, kind: str, key: str) -> Iterator[nodes.paragraph]:
        """Yield a paragraph for each contradiction in which a record takes part."""
        for conflict in self.ledger.conflicts_of(kind, key):
            label = entry_reference("conflict", conflict.conflict_id, "In conflict", self.env.docname)
            used = "no value" if conflict.used == "neither" else conflict.used.rstrip(".")
            yield text_of_parts(label, f" ({conflict.severity}): {conflict.what} The book uses: {used}.")

    def answers(self, kind: str, key: str) -> Iterator[nodes.paragraph]:
        """Yield what was replied to a record, and the way to report an error in it, where there is one."""
        for row in self.ledger.tables["replies"].rows:
            if row["about"] == f"{kind}:{key}":
                who = link_to(row["author"], row["url"])
                yield text_of_parts(
                    "Reply of ", who, f", {date_text(row['date'])}: {row['words']} ", "The book: ", row["answer"]
                )
        address = report_address(self.config, kind, key)
        if address:
            yield text_of_parts(link_to("Report an error in this record", address))


class OfSource(RecordDirective):
    """Base of the directives that list the records of one document."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the entries, or a warning for an unknown source."""
        try:
            source = self.ledger.source(self.arguments[0])
        except SourcebookError as error:
            return nothing(self, self.arguments[0], str(error))
        return [nodes.definition_list("", *self.items(source), classes=["evidence-entries"])]

    def items(self, source: Source) -> Iterable[nodes.Node]:
        """Return one entry for each record."""
        raise NotImplementedError


class Claims(OfSource):
    """``{claims} <source_id>``: every claim of one document, with quotation, origin and reviews."""

    def items(self, source: Source) -> Iterable[nodes.Node]:
        """Return one entry for each claim."""
        return [self._item(claim, source) for claim in self.ledger.claims_of(source.source_id)]

    def _item(self, claim: Claim, source: Source) -> nodes.Node:
        term = [
            self.entry("claim", claim.claim_id),
            nodes.strong("", self.value(claim)),
            nodes.Text(f" · {claim.subject}: {claim.measure} "),
            nodes.literal("", claim.claim_id),
        ]
        facets = {
            "actor": self.actors(claim.actors), "domain": [claim.domain], "origin": [claim.origin_id],
            **self.held("claim", claim.claim_id),
        }  # fmt: skip
        return self.definition(term, self._paragraphs(claim, source), **facets)

    def _paragraphs(self, claim: Claim, source: Source) -> Iterable[nodes.paragraph]:
        yield self.quotation(claim.anchor, source)
        origin: Origin = self.ledger.origins[claim.origin_id]
        yield text_of_parts(
            "Origin: ",
            entry_reference("origin", origin.origin_id, origin.name, self.env.docname),
            f"; {said_by(claim)}.",
        )
        if claim.period_start or claim.period_end:
            yield text_of_parts(f"Period as stated: {period_text(claim.period_start, claim.period_end)}.")
        for label, words in (("How the words were read", claim.value_note), ("Note", claim.note)):
            if words:
                yield text_of_parts(f"{label}: {words.rstrip('.')}.")
        for review in self.ledger.reviews_of("claim", claim.claim_id):
            yield self.review(review)
        yield from self.conflicts("claim", claim.claim_id)
        yield from self.answers("claim", claim.claim_id)


class Events(OfSource):
    """``{events} <source_id>``: every dated happening of one document, by date."""

    def items(self, source: Source) -> Iterable[nodes.Node]:
        """Return one entry for each event."""
        return [self._item(event, source) for event in self.ledger.events_of(source.source_id)]

    def _item(self, event: Event, source: Source) -> nodes.Node:
        term = [
            self.entry("event", event.event_id),
            nodes.strong("", date_text(event.date)),
            nodes.Text(f"{' (inferred)' if event.inferred else ''} · {event.title} "),
            nodes.literal("", event.event_id),
        ]
        who = [self.ledger.actors[actor] for actor in event.actors]
        where = [self.ledger.places[event.place_id].name] if event.place_id in self.ledger.places else []
        paragraphs = [self.quotation(event.anchor, source), text_of_parts("; ".join([*who, *where]), ".")]
        if event.note:
            paragraphs.append(text_of_parts(f"Note: {event.note.rstrip('.')}."))
        paragraphs += [self.review(review) for review in self.ledger.reviews_of("event", event.event_id)]
        paragraphs += self.conflicts("event", event.event_id)
        paragraphs += self.answers("event", event.event_id)
        facets = {"actor": self.actors(event.actors), "domain": [event.domain], **self.held("event", event.event_id)}
        return self.definition(term, paragraphs, **facets)


class Questions(RecordDirective):
    """``{questions}``: every question that more than one claim answers, with documents and origins counted."""

    def run(self) -> list[nodes.Node]:
        """Return the entries."""
        items = []
        for question in self.ledger.questions.values():
            voices = self.ledger.voices(question.question_id)
            if len(voices.claims) < 2:
                continue
            answers: list[nodes.Node] = []
            for claim in voices.claims:
                source = self.ledger.source(claim.source_id).short_name
                answers += [
                    nodes.Text("; " if answers else ""),
                    self.reference(f"claim:{claim.claim_id}"),
                    nodes.Text(f", {source}"),
                ]
            term = [
                self.entry("question", question.question_id),
                nodes.strong("", question.text),
                nodes.Text(" "),
                nodes.literal("", question.question_id),
            ]
            paragraphs = [text_of_parts(f"{voices.told}."), text_of_parts(*answers, ".")]
            sources = [claim.source_id for claim in voices.claims]
            items.append(self.definition(term, paragraphs, domain=[question.domain], document=sources))
        return [nodes.definition_list("", *items, classes=["evidence-entries"])]


class DerivedValues(RecordDirective):
    """``{derived-values}``: every derived value with its formula, inputs and rounding."""

    def run(self) -> list[nodes.Node]:
        """Return the entries."""
        items = []
        for key, made in sorted(definitions().items()):
            try:
                value = text_of(record(self.ledger, "derived", key), self.ledger.units)
            except Silence:
                if not made.silent:
                    raise
                continue  # a document that dates nothing has no age of its news, and no entry for it
            term = [
                self.entry("derived", key), nodes.strong("", value),
                nodes.Text(f" · {made.label} "), nodes.literal("", key),
            ]  # fmt: skip
            inputs: list[nodes.Node] = []
            for name in made.inputs:
                inputs += [nodes.Text("; " if inputs else "From: "), self.reference(name)]
            formula = f"Formula: {made.formula}. Rounded to {rounding_text(made.digits)}."
            topic = made.function.__module__.rpartition(".")[2]
            facets = {"topic": [topic], "unit": [made.unit or "none"]}
            items.append(self.definition(term, [text_of_parts(formula), text_of_parts(*inputs, ".")], **facets))
        return [nodes.definition_list("", *items, classes=["evidence-entries"])]


class Series(RecordDirective):
    """``{series-rows} <name>``: every row of one context series."""

    required_arguments = 1
    heads: ClassVar[list[str]] = ["What, and when", "Value", "Published by"]

    def run(self) -> list[nodes.Node]:
        """Return the table, or a warning for an unknown series."""
        name = self.arguments[0]
        if name not in self.ledger.series:
            return nothing(self, name, f"no series {name!r}: use one of {', '.join(self.ledger.series)}")
        rows = [self._row(figure) for figure in self.ledger.series[name].values()]
        return [build_table(self.heads, rows, ("stacked-table",))]

    def _row(self, figure: Figure) -> list[nodes.Node]:
        period = period_text(figure.period_start, figure.period_end)
        what = text_of_parts(self.entry("series", figure.figure_id), figure.label, f" ({period})" if period else "")
        value = text_of(record(self.ledger, "series", figure.figure_id), self.ledger.units)
        published = f" ({figure.date[:4]})" if figure.date else ""
        return [what, nodes.Text(value), text_of_parts(link_to(figure.publisher, figure.url), published)]


class Corrections(RecordDirective):
    """``{corrections}``: every published value that changed, with the reason."""

    def run(self) -> list[nodes.Node]:
        """Return the table, or the sentence that there is none."""
        rows = self.ledger.tables["corrections"].rows
        if not rows:
            return [text_of_parts("No published number has changed so far.")]
        return [
            build_table(
                ["Date", "Record", "Old", "New", "Reason"],
                [[nodes.Text(row[c]) for c in ("date", "id", "old", "new", "reason")] for row in rows],
            )
        ]


class Replies(RecordDirective):
    """``{replies}``: what authors and readers replied, and what the book answered."""

    def run(self) -> list[nodes.Node]:
        """Return the table, or the sentence that there is none."""
        rows = self.ledger.tables["replies"].rows
        if not rows:
            return [text_of_parts("No reply has come so far.")]
        cells = [
            [
                text_of_parts(f"{date_text(row['date'])}, ", link_to(row["author"], row["url"])),
                self._about(row["about"]),
                nodes.Text(row["words"]),
                nodes.Text(row["answer"]),
            ]
            for row in sorted(rows, key=lambda row: (row["date"], row["reply_id"]))
        ]
        return [build_table(["From", "About", "Reply", "Answer"], cells)]

    def _about(self, about: str) -> nodes.Node:
        kind, _, key = about.partition(":")
        return entry_reference(kind, key, key, self.env.docname) if kind in ENTRIES else nodes.Text(about)


class ReportError(RecordDirective):
    """``{report-error}``: the way to the form; in words where the book was built without its repository's address."""

    def run(self) -> list[nodes.Node]:
        """Return a sentence."""
        address = form_address(self.config)
        if address:
            return [text_of_parts("Open an issue: ", link_to("report an error, or reply", address), ".")]
        told = "This copy was built without the address of its repository: look for it where you got the book."
        return [text_of_parts(told)]


DIRECTIVES: dict[str, Callable[..., RecordDirective]] = {
    "claims": Claims, "events": Events, "questions": Questions,
    "derived-values": DerivedValues, "series-rows": Series, "corrections": Corrections, "replies": Replies,
    "report-error": ReportError,
}  # fmt: skip


def setup(app: Sphinx) -> None:
    """Register the directives."""
    for name, directive in DIRECTIVES.items():
        app.add_directive(name, directive)  # type: ignore[arg-type]
