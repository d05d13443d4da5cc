"""The roles that bind a number to the record, and the domain that leads it to its entry.

A role emits a `pending_xref` around the author's words: the one node that every builder, and every copy that
Sphinx makes of a title (sidebar, ``<title>``, next and previous), already treats right. It becomes a plain
reference to the entry when references are resolved, and plain words where there is nothing to lead to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from docutils import nodes
from docutils.nodes import Element, Node, system_message
from sphinx.addnodes import pending_xref
from sphinx.builders import Builder
from sphinx.domains import Domain, ObjType
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole
from sphinx.util.nodes import make_refnode

from sourcebook.derived import KINDS, record
from sourcebook.errors import SourcebookError
from sourcebook.formatting import text_of, verify
from sourcebook.ledger import Ledger

logger = logging.getLogger(__name__)
NAME = "evidence"
_EXPLICIT = re.compile(r"(?P<words>.+?)\s*<(?P<key>[^<>]+)>\s*", re.DOTALL)


def ledger_of(env: BuildEnvironment) -> Ledger:
    """Return the record that the build reads."""
    ledger: Ledger = env.app.sourcebook_ledger  # type: ignore[attr-defined]
    return ledger


def entry_id(kind: str, key: str) -> str:
    """Return the permanent address of a record within its page."""
    return f"{kind}-{key}"


def bound_reference(kind: str, key: str, words: str, docname: str) -> pending_xref:
    """Return the node of a bound number: `words`, leading to the entry of the record."""
    return pending_xref(
        "", nodes.Text(words), refdomain=NAME, reftype=kind, reftarget=key, refdoc=docname,
        refexplicit=True, refwarn=True,
    )  # fmt: skip


def missing(words: str, key: str) -> nodes.inline:
    """Return what a reader sees where a number could not be traced: the words, and ``[?id]``."""
    text = f"{words} [?{key}]" if words else f"[?{key}]"
    return nodes.inline("", text, classes=[f"{NAME}-missing"])


class EvidenceRole(SphinxRole):
    """``{claim}`215 meetings <china-meetings>` ``: words that are held against the record.

    With an id alone the record writes the words: number, qualifier and unit.
    """

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return the bound number, or ``[?id]`` beside a typed warning."""
        explicit = _EXPLICIT.fullmatch(self.text)
        words, key = (explicit["words"], explicit["key"].strip()) if explicit else ("", self.text.strip())
        ledger = ledger_of(self.env)
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

    def _warn(self, message: str, subtype: str) -> None:
        logger.warning(message, location=self.get_location(), type="sourcebook", subtype=subtype)


class VoicesRole(SphinxRole):
    """``{voices}`question_id` ``: how many documents and origins speak to a question, as "2 documents, 1 origin"."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return the count as a link to the question, or ``[?id]`` beside a typed warning."""
        key = self.text.strip()
        try:
            voices = ledger_of(self.env).voices(key)
        except SourcebookError as error:
            logger.warning(str(error), location=self.get_location(), type="sourcebook", subtype="unknown")
            return [missing("", key)], []
        return [bound_reference("question", key, voices.told, self.env.docname)], []


ENTRIES = (*KINDS, "event", "stance", "citation", "conflict", "question")
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
            logger.warning(message, location=location, type="sourcebook", subtype="entry")
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
    ) -> nodes.reference | None:  # fmt: skip
        """Return the reference to the entry, with the classes that a card looks for."""
        page = self.entries.get((typ, target))
        if page is None:
            return None
        reference: nodes.reference = make_refnode(builder, fromdocname, page, entry_id(typ, target), contnode)
        reference["classes"] += [NAME, f"{NAME}-{typ}"]
        return reference

    def get_objects(self) -> Iterable[tuple[str, str, str, str, str, int]]:
        """Yield every entry for Sphinx's inventory and search."""
        for (kind, key), page in self.entries.items():
            yield key, key, kind, page, entry_id(kind, key), 1
