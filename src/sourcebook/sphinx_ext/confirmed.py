"""Words that say that several sources agree need a claim in their sentence that several origins answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx

from sourcebook.ledger import Ledger
from sourcebook.sphinx_ext.domain import NAME, ledger_of, warn

ORIGINS = 2
"""How many separate origins it takes."""
WORDS = re.compile(
    r"\b(?<!un)(?:confirmed|corroborat\w+|(?:multiple|several) sources|independently verified)\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"\b(?:not|never|nor|neither|no|none|cannot|hardly|without)\b[^.;:]{0,40}$", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?](?=\s)|\n")


def unsupported(block: nodes.TextElement, ledger: Ledger) -> Iterator[str]:
    """Yield each such word of a block whose sentence binds no claim that enough origins answer."""
    text, claims = "", []
    for part in block.findall(lambda node: isinstance(node, nodes.Text | pending_xref)):
        if isinstance(part, nodes.Text):
            mentioned = isinstance(part.parent, nodes.emphasis | nodes.literal)  # *confirmed*, the word itself
            text += " " * len(part) if mentioned else str(part)
        elif part.get("refdomain") == NAME and part["reftype"] == "claim":
            claims.append((len(text), part["reftarget"]))
    ends = [match.end() for match in _SENTENCE_END.finditer(text)] + [len(text) + 1]
    start = 0
    for end in ends:
        bound = [key for at, key in claims if start <= at < end]
        for match in WORDS.finditer(text, start, min(end, len(text))):
            if not _NEGATED.search(text[start : match.start()]) and not any(_borne(ledger, key) for key in bound):
                yield match[0]
        start = end


def _borne(ledger: Ledger, claim_id: str) -> bool:
    claim = ledger.claims.get(claim_id)
    return claim is not None and ledger.voices(claim.question_id).origins >= ORIGINS


def _check(app: Sphinx, doctree: nodes.document) -> None:
    ledger = ledger_of(app.env)
    for block in doctree.findall(nodes.TextElement):
        if isinstance(block, nodes.paragraph | nodes.title | nodes.caption | nodes.term) and not _of_record(block):
            for word in unsupported(block, ledger):
                message = f"says {word!r} without a claim in the sentence that {ORIGINS} origins or more answer"
                warn(app.env, message, block, "confirmed")


def _of_record(block: nodes.Node) -> bool:
    """Whether a block is an entry, written by a directive from the record: its words are a coder's note."""
    parent: nodes.Node | None = block
    while parent is not None:
        if isinstance(parent, nodes.Element) and {"evidence-entries", "evidence-table"} & set(
            parent.get("classes", ())
        ):
            return True
        parent = parent.parent
    return False


def setup(app: Sphinx) -> None:
    """Hold every page to it when it is read."""
    app.connect("doctree-read", _check)
