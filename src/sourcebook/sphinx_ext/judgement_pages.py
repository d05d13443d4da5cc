"""The judgements: each with its account on a page of its own, in short on the front page, and as words that lead there.

Their texts are authored in ``data/judgements.yml``: they are parsed as MyST, held by the gates like any page's, and
what is wrong in them is told with the file and line where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.nodes import Node, system_message
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx

from sourcebook.accounts import check_reference
from sourcebook.derived import record
from sourcebook.errors import SourcebookError
from sourcebook.formatting import date_text, text_of
from sourcebook.judgements import FILE
from sourcebook.ledger import Ledger
from sourcebook.models import Evidence, Judgement, Passage
from sourcebook.sphinx_ext.domain import EntryRole, bound_reference, entry_id, entry_reference, missing, warn
from sourcebook.sphinx_ext.figures import build_table, credit
from sourcebook.sphinx_ext.pages import AS_PRINTED, CONFLICT_KINDS, VERDICTS, RecordDirective, text_of_parts
from sourcebook.sphinx_ext.switch import ground, note

ACCOUNT = "For, against, what would change it"
NONE_AGAINST = "None was found in the documents."


class JudgementDirective(RecordDirective):
    """Base of the directives that show judgements; a page with one is read again when their file changes."""

    def run(self) -> list[Node]:
        """Return what the page shows."""
        self.env.note_dependency(FILE)
        return self.shown(list(self.ledger.judgements.values()))

    def shown(self, judgements: Sequence[Judgement]) -> list[Node]:
        """Return what the page shows of the judgements."""
        raise NotImplementedError

    @property
    def path(self) -> str:
        """The file of the judgements, as warnings name it."""
        return str(Path(self.env.srcdir, FILE))

    def place(self, node: nodes.Element, line: int) -> None:
        """Let a node say where its words stand."""
        node.source, node.line = self.path, line

    def prose(self, passage: Passage, *before: Node) -> nodes.paragraph:
        """Return a paragraph of an author's words, behind what is written from the record."""
        with self._in_their_file():
            parsed, _ = self.state.inline_text(passage.text, passage.line - 1)
        paragraph = nodes.paragraph("", "", *before, *parsed)
        self.place(paragraph, passage.line)
        for raw in list(paragraph.findall(nodes.raw)):
            raw.replace_self(nodes.Text(raw.astext()))  # a "<" in the record is a "<" on the page
        return paragraph

    @contextmanager
    def _in_their_file(self) -> Iterator[None]:
        """Let roles and nodes name the judgements' file and line, as MyST does for a file that is included."""
        document, reporter = self.state.document, self.state.reporter
        source, own, locate = document["source"], reporter.source, getattr(reporter, "get_source_and_line", None)
        document["source"] = reporter.source = self.path
        reporter.get_source_and_line = lambda line: (self.path, line)
        try:
            yield
        finally:
            document["source"], reporter.source = source, own
            del reporter.get_source_and_line
            if locate is not None:
                reporter.get_source_and_line = locate

    def levels(self, judgement: Judgement) -> nodes.inline:
        """Return how likely and how well borne a judgement is; a word that is on no scale as ``[?word]``."""
        likelihood, confidence = judgement.likelihood, judgement.confidence
        words = nodes.inline("", "", classes=["evidence-generated", "judgement-levels"])
        try:
            range_ = self.ledger.likelihood(likelihood.text).range
            words += [nodes.strong("", likelihood.text.capitalize()), nodes.Text(f" ({range_}), ")]
        except SourcebookError as error:
            words += self._lost(likelihood, error)
        try:
            level = self.ledger.confidence(confidence.text).level
            words += [nodes.strong("", level), nodes.Text(" confidence")]
        except SourcebookError as error:
            words += self._lost(confidence, error)
        return words

    def _lost(self, passage: Passage, error: SourcebookError) -> nodes.inline:
        warn(self.env, str(error), f"{self.path}:{passage.line}", "unknown")
        return missing("", passage.text)

    def chapter(self, judgement: Judgement) -> pending_xref:
        """Return a link to the page that argues a judgement, in the words of its title."""
        link = pending_xref(
            "", nodes.inline(), refdomain="std", reftype="doc", reftarget=f"/{judgement.chapter.text}",
            refdoc=self.env.docname, refexplicit=False, refwarn=True,
        )  # fmt: skip
        self.place(link, judgement.chapter.line)
        return link

    def evidence(self, judgement: Judgement, side: str) -> nodes.bullet_list:
        """Return what speaks for a judgement or against it, each with the records that bear it."""
        items = judgement.evidence_for if side == "for" else judgement.evidence_against
        listed = nodes.bullet_list("")
        for number, item in enumerate(items):
            gone = note("ground", ground(judgement, side, number))
            listed += nodes.list_item("", self.prose(item.text), self._records(item, gone))
        return listed

    def _records(self, item: Evidence, gone: nodes.inline) -> nodes.paragraph:
        parts: list[str | Node] = []
        for ref in item.refs:
            parts += ["; " if parts else "", *self._record(ref)]
        paragraph = text_of_parts(*parts, ".", gone)
        paragraph["classes"].append("judgement-records")
        return paragraph

    def _record(self, ref: Passage) -> list[str | Node]:
        """Return a link to a record with its card, and who says it; ``[?kind:id]`` where it leads nowhere."""
        try:
            check_reference(self.ledger, ref.text)
            kind, _, key = ref.text.partition(":")
            words, said = record_words(self.ledger, kind, key)
        except SourcebookError as error:
            return [self._lost(ref, error)]
        link = bound_reference(kind, key, words, self.env.docname)
        link.attributes |= AS_PRINTED  # they may be a quotation
        self.place(link, ref.line)
        link["marked"] = kind != "review"  # its words are a verdict, no value that another could contradict
        return [link, said]


def record_words(ledger: Ledger, kind: str, key: str) -> tuple[str, str]:
    """Return how a list of evidence names a record: the words of the link, and what follows them.

    Raises
    ------
    SourcebookError
        If there is no such record.
    """
    if kind == "event":
        event = ledger.event(key)
        return date_text(event.date), f", {event.title}: {ledger.source(event.source_id).short_name}"
    if kind == "review":
        review = ledger.review(key)
        of, held = review.record
        source = ledger.source((ledger.claim(held) if of == "claim" else ledger.event(held)).source_id)
        return review.publisher, f" on {source.short_name}: {VERDICTS[review.verdict]}"
    if kind == "stance":
        anchor = next(stance.anchor for stance in ledger.coding() if stance.stance_id == key)
        return f"“{anchor.quote}”", f": {ledger.source(anchor.source_id).short_name}"
    if kind == "conflict":
        return "Contradiction", f", {CONFLICT_KINDS[ledger.conflicts[key].kind].lower()}"
    found = record(ledger, kind, key)
    read = "read as " if found.stated.qualifier == "vague" else ""
    return read + text_of(
        found, ledger.units
    ), f": {'computed' if kind == 'derived' else credit(ledger, f'{kind}:{key}')}"


class Judgements(JudgementDirective):
    """``{judgements}``: every judgement with its account, each a section with an address of its own."""

    def shown(self, judgements: Sequence[Judgement]) -> list[Node]:
        """Return the sections."""
        return [self._section(judgement) for judgement in judgements]

    def _section(self, judgement: Judgement) -> nodes.section:
        self.note("judgement", judgement.key)
        title = nodes.title("", judgement.title.text)
        self.place(title, judgement.title.line)
        statement = self.prose(judgement.statement)
        statement["classes"].append("judgement-statement")
        return nodes.section(
            "",
            title,
            statement,
            self.prose(
                judgement.confidence_why,
                self.levels(judgement),
                note("judgement", judgement.key),
                nodes.Text(". "),
            ),
            nodes.definition_list("", *self._account(judgement), classes=["judgement-account", "simple"]),
            text_of_parts("Argued in ", self.chapter(judgement), "."),
            ids=[entry_id("judgement", judgement.key)],
        )

    def _account(self, judgement: Judgement) -> Iterator[nodes.definition_list_item]:
        against: Node = text_of_parts(NONE_AGAINST)
        if judgement.evidence_against:
            against = self.evidence(judgement, "against")
        parts = {
            "Evidence for": self.evidence(judgement, "for"),
            "Evidence against": against,
            "Assumptions": self._listed(judgement.assumptions),
            "What would change it": self._listed(judgement.would_change),
        }
        for name, content in parts.items():
            yield nodes.definition_list_item("", nodes.term("", name), nodes.definition("", content))

    def _listed(self, passages: Sequence[Passage]) -> nodes.bullet_list:
        return nodes.bullet_list("", *(nodes.list_item("", self.prose(passage)) for passage in passages))


class KeyJudgements(JudgementDirective):
    """``{key-judgements}``: the judgements in short, each with the way to its account and its chapter."""

    def shown(self, judgements: Sequence[Judgement]) -> list[Node]:
        """Return the list."""
        items = [
            nodes.list_item("", self.prose(judgement.statement), self._ways(judgement)) for judgement in judgements
        ]
        return [nodes.bullet_list("", *items, classes=["key-judgements"])]

    def _ways(self, judgement: Judgement) -> nodes.paragraph:
        account = entry_reference("judgement", judgement.key, ACCOUNT, self.env.docname)
        gone = note("judgement", judgement.key)
        return text_of_parts(self.levels(judgement), gone, ". ", account, " · ", self.chapter(judgement))


class Likelihoods(RecordDirective):
    """``{likelihoods}``: the words for how likely a judgement is, with their ranges."""

    heads: ClassVar[list[str]] = ["Word", "Probability"]

    def run(self) -> list[Node]:
        """Return the table; words for one range share a row."""
        words = sorted(self.ledger.likelihoods.values(), key=lambda word: (word.order, word.word))
        rows: list[list[Node]] = []
        for _, group in groupby(words, key=lambda word: word.order):
            alike = list(group)
            rows.append([nodes.Text(" or ".join(word.word for word in alike)), nodes.Text(alike[0].range)])
        return [build_table(self.heads, rows, caption="Words for how likely a judgement is")]


class Confidences(RecordDirective):
    """``{confidences}``: the levels of confidence, with what makes a judgement one of them."""

    heads: ClassVar[list[str]] = ["Confidence", "What it takes"]

    def run(self) -> list[Node]:
        """Return the table."""
        levels = sorted(self.ledger.confidences.values(), key=lambda level: level.order)
        rows: list[list[Node]] = [[nodes.Text(at.level), nodes.Text(at.criteria)] for at in levels]
        return [build_table(self.heads, rows, caption="What each level of confidence takes")]


class JudgementRole(EntryRole):
    """``{judgement}`China's lead <china-lead-unproven>` ``: words with a card, leading to a judgement's account."""

    def __init__(self) -> None:
        super().__init__("judgement")

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return the words as a link, or ``[?id]`` beside a typed warning."""
        self.env.note_dependency(FILE)
        return super().run()


def setup(app: Sphinx) -> None:
    """Register the directives and the role."""
    app.add_directive("judgements", Judgements)
    app.add_directive("key-judgements", KeyJudgements)
    app.add_directive("likelihoods", Likelihoods)
    app.add_directive("confidences", Confidences)
    app.add_role("judgement", JudgementRole(), override=True)
