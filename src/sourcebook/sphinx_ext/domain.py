"""The roles that bind a number to the record, and the domain that leads it to its entry.

A role emits a `pending_xref` around the author's words: the one node that every builder, and every copy that
Sphinx makes of a title (sidebar, ``<title>``, next and previous), already treats right. It becomes a plain
reference to the entry when references are resolved, and plain words where there is nothing to lead to.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from docutils import nodes
from docutils.nodes import Element, Node, system_message
from sphinx.addnodes import pending_xref
from sphinx.builders import Builder
from sphinx.domains import Domain, ObjType
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.nodes import make_refnode

from sourcebook.dates import verify_date
from sourcebook.derived import KINDS, record
from sourcebook.errors import SourcebookError, UnknownId
from sourcebook.formatting import period_text, text_of, verify
from sourcebook.ledger import Ledger

logger = logging.getLogger(__name__)
NAME = "evidence"
_EXPLICIT = re.compile(r"(?P<words>.+?)\s*<(?P<key>[^<>]+)>\s*", re.DOTALL)


def ledger_of(env: BuildEnvironment) -> Ledger:
    """Return the record that the build reads."""
    ledger: Ledger = env.app.sourcebook_ledger  # type: ignore[attr-defined]
    return ledger


def warn(env: BuildEnvironment, message: str, location: Any, subtype: str) -> None:
    """Tell what is wrong on the page being read, and remember the page.

    Sphinx keeps what it read of a page though the build failed, and is silent about it the next time.
    """
    faulty(env).add(env.docname)
    logger.warning(message, location=location, type="sourcebook", subtype=subtype)


def nothing(directive: SphinxDirective, name: str, message: str) -> list[nodes.Node]:
    """Tell that a directive asks for what is not there, and return what stands in its place."""
    warn(directive.env, message, directive.get_location(), "unknown")
    return [nodes.paragraph("", f"[?{name}]", classes=["evidence-missing"])]


def faulty(env: BuildEnvironment) -> set[str]:
    """Return the pages that were wrong when they were last read: they are read again."""
    if not hasattr(env, "sourcebook_faulty"):
        env.sourcebook_faulty = set()  # type: ignore[attr-defined]
    pages: set[str] = env.sourcebook_faulty  # type: ignore[attr-defined]
    return pages


def entry_id(kind: str, key: str) -> str:
    """Return the permanent address of a record within its page."""
    return f"{kind}-{key}"


def entry_reference(kind: str, key: str, words: str, docname: str) -> pending_xref:
    """Return a link to the entry of a record, as one entry makes to another."""
    return pending_xref(
        "", nodes.Text(words), refdomain=NAME, reftype=kind, reftarget=key, refdoc=docname,
        refexplicit=True, refwarn=True,
    )  # fmt: skip


def island(name: str, data: object) -> str:
    """Return data as JSON in an element of the page, for a script to read."""
    # no "<" in it: a quotation that holds "</script>" would end the element
    text = json.dumps(data, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
    return f'<script type="application/json" id="{name}">{text}</script>'


def bound_reference(kind: str, key: str, words: str, docname: str) -> pending_xref:
    """Return the node of a bound number: `words`, with a card, leading to the entry of the record."""
    node = entry_reference(kind, key, words, docname)
    node["bound"] = node["marked"] = True
    return node


def missing(words: str, key: str) -> nodes.inline:
    """Return what a reader sees where a number could not be traced: the words, and ``[?id]``."""
    text = f"{words} [?{key}]" if words else f"[?{key}]"
    return nodes.inline("", text, classes=[f"{NAME}-missing"])


def _words_and_key(text: str) -> tuple[str, str]:
    """Return the author's words and the id of ``words <id>``; no words where the id stands alone."""
    explicit = _EXPLICIT.fullmatch(text)
    return (explicit["words"], explicit["key"].strip()) if explicit else ("", text.strip())


class EvidenceRole(SphinxRole):
    """``{claim}`215 meetings <china-meetings>` ``: words that are held against the record.

    With an id alone the record writes the words: number, qualifier and unit.
    """

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return the bound number, or ``[?id]`` beside a typed warning."""
        words, key = _words_and_key(self.text)
        ledger = ledger_of(self.env)
        dated = ledger.reviews[key].dated if self.kind == "review" and key in ledger.reviews else ""
        if words and dated:
            return self._date(words, key, dated)
        try:
            found = record(ledger, self.kind, key)
        except SourcebookError as error:
            self._warn(str(error), "unknown")
            return [missing(words, key)], []
        problems = verify(words, found, ledger.units) if words else []
        for problem in problems:
            self._warn(f"{key}: {problem}", "unequal")
        if problems:
            return [missing(words, key)], []
        text = words or text_of(found, ledger.units)
        return [bound_reference(self.kind, key, text, self.env.docname)], []

    def _date(self, words: str, key: str, dated: str) -> tuple[list[Node], list[system_message]]:
        """Return the date that a page gives for an event."""
        problems = verify_date(words, dated)
        for problem in problems:
            self._warn(f"{key}: {problem}", "unequal")
        return [missing(words, key) if problems else bound_reference("review", key, words, self.env.docname)], []

    def _warn(self, message: str, subtype: str) -> None:
        warn(self.env, message, self.get_location(), subtype)


class DateRole(SphinxRole):
    """``{event}`November 2024 <wakhan-shoigu-kabul>` ``: a date that is held against the record.

    ``{period}`` does the same for the two ends of the period that a claim, or a row of a series, covers. With an id
    alone the record writes the date.
    """

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return the bound date, or ``[?id]`` beside a typed warning."""
        words, key = _words_and_key(self.text)
        try:
            kind, stamps = stamps_of(ledger_of(self.env), self.kind, key)
        except SourcebookError as error:
            warn(self.env, str(error), self.get_location(), "unknown")
            return [missing(words, key)], []
        problems = verify_date(words, *stamps) if words else []
        for problem in problems:
            warn(self.env, f"{key}: {problem}", self.get_location(), "unequal")
        if problems:
            return [missing(words, key)], []
        text = words or period_text(*stamps)
        node = bound_reference(kind, key, text, self.env.docname)
        node["marked"] = self.kind == "event"  # that a claim's value is contradicted says nothing about its period
        return [node], []


def stamps_of(ledger: Ledger, role: str, key: str) -> tuple[str, tuple[str, ...]]:
    """Return the kind of record that a date role names, and its dates.

    Raises
    ------
    UnknownId
        If there is no such record.
    """
    if role == "event":
        return "event", (ledger.event(key).date,)
    if key in ledger.claims:
        claim = ledger.claims[key]
        return "claim", tuple(dict.fromkeys((claim.period_start, claim.period_end)))
    figure = ledger.figure(key)
    return "series", tuple(dict.fromkeys((figure.period_start, figure.period_end)))


class VoicesRole(SphinxRole):
    """``{voices}`question_id` ``: how many documents and origins speak to a question, as "2 documents, 1 origin"."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return the count as a link to the question, or ``[?id]`` beside a typed warning."""
        key = self.text.strip()
        try:
            voices = ledger_of(self.env).voices(key)
        except SourcebookError as error:
            warn(self.env, str(error), self.get_location(), "unknown")
            return [missing("", key)], []
        return [bound_reference("question", key, voices.told, self.env.docname)], []


class EntryRole(SphinxRole):
    """``{conflict}`two dates <shoigu-kabul-date>` ``: words with a card, leading to a record that is no number.

    The words are ordinary prose: a number in them needs a role of its own.
    """

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return the words as a link, or ``[?id]`` beside a typed warning."""
        words, key = _words_and_key(self.text)
        known = UNNUMBERED[self.kind](ledger_of(self.env))
        if not words or key not in known:
            told = (
                str(UnknownId(self.kind, key, known))
                if words
                else f"{self.kind} {key!r} has no words: write `words <id>`"
            )
            warn(self.env, told, self.get_location(), "unknown")
            return [missing(words, key)], []
        return [bound_reference(self.kind, key, words, self.env.docname)], []


UNNUMBERED: Mapping[str, Callable[[Ledger], Collection[str]]] = {
    "conflict": lambda ledger: ledger.conflicts,
    "stance": lambda ledger: {stance.stance_id for stance in ledger.coding()},
    "judgement": lambda ledger: ledger.judgements,
}
"""Kinds of record that prose can lead to without stating a number, and their ids."""


ENTRIES = (*KINDS, "event", "stance", "citation", "conflict", "question", "origin", "judgement")
"""Kinds of record that have an entry with an address."""


class EvidenceDomain(Domain):
    """Where each record has its entry."""

    name = NAME
    label = "Evidence"
    kinds = KINDS
    object_types = {kind: ObjType(kind, kind) for kind in ENTRIES}  # noqa: RUF012 as Sphinx declares them
    initial_data: dict[str, Any] = {"entries": {}}  # noqa: RUF012
    data_version = 1

    @property
    def entries(self) -> dict[tuple[str, str], str]:
        """The page of each entry by kind and id."""
        entries: dict[tuple[str, str], str] = self.data["entries"]
        return entries

    def note_entry(self, kind: str, key: str, location: Any = None) -> None:
        """Record that the page being read holds the entry of a record."""
        other = self.entries.get((kind, key))
        if other not in (None, self.env.docname):
            message = f"entry {kind} {key!r} stands on {other} too"
            warn(self.env, message, location, "entry")
            faulty(self.env).add(str(other))  # read alone, the one page would not meet the other
        self.entries[kind, key] = self.env.docname

    def clear_doc(self, docname: str) -> None:
        """Forget the entries of a page that is read anew."""
        for entry in [entry for entry, page in self.entries.items() if page == docname]:
            del self.entries[entry]

    def merge_domaindata(self, docnames: Iterable[str], otherdata: dict[str, Any]) -> None:
        """Take over the entries that another process read."""
        wanted = set(docnames)
        self.entries.update({e: page for e, page in otherdata["entries"].items() if page in wanted})

    def resolve_xref(
        self, env: BuildEnvironment, fromdocname: str, builder: Builder, typ: str, target: str,
        node: pending_xref, contnode: Element,
    ) -> nodes.reference | nodes.inline | None:  # fmt: skip
        """Return the reference to the entry; behind a bound number whose value is contradicted, a mark."""
        page = self.entries.get((typ, target))
        if page is None:
            return None
        reference: nodes.reference = make_refnode(builder, fromdocname, page, entry_id(typ, target), contnode)
        if not node.get("bound"):
            reference["classes"].append(f"{NAME}-link")
            return reference
        reference["classes"] += [NAME, f"{NAME}-{typ}"]
        reference[NAME] = (typ, target)
        mark = self._mark(env, fromdocname, builder, typ, target) if node["marked"] else None
        return nodes.inline("", "", reference, mark) if mark else reference

    def _mark(self, env: BuildEnvironment, page: str, builder: Builder, kind: str, key: str) -> nodes.reference | None:
        """Return the mark of a value that another contradicts, where that bears on a finding."""
        conflict = ledger_of(env).contradicted(kind, key)
        where = self.entries.get(("conflict", conflict.conflict_id)) if conflict else None
        if conflict is None or where is None:
            return None
        mark: nodes.reference = make_refnode(
            builder,
            page,
            where,
            entry_id("conflict", conflict.conflict_id),
            nodes.Text("≠"),
            f"Contradicted: {conflict.what}",
        )
        mark["classes"] += ["conflict-mark"]
        return mark

    def get_objects(self) -> Iterable[tuple[str, str, str, str, str, int]]:
        """Yield every entry for Sphinx's inventory and search."""
        for (kind, key), page in self.entries.items():
            yield key, key, kind, page, entry_id(kind, key), 1
