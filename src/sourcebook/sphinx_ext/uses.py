"""A claim that no page uses needs a reason: what was recorded is either told or set aside on purpose."""

from __future__ import annotations

from collections.abc import Iterable

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from sourcebook.derived import definitions, evidence_of
from sourcebook.sphinx_ext.domain import NAME, ledger_of
from sourcebook.sphinx_ext.figures import PLACEHOLDER

logger = logging.getLogger(__name__)


def _note(app: Sphinx, doctree: nodes.document) -> None:
    """Remember what the page being read binds, in its text and in its alt texts."""
    bound = {
        f"{node['reftype']}:{node['reftarget']}"
        for node in doctree.findall(pending_xref)
        if node.get("refdomain") == NAME and node.get("bound")
    }
    for figure in doctree.findall(nodes.figure):
        bound |= {f"{m['kind'] or 'claim'}:{m['key']}" for m in PLACEHOLDER.finditer(figure.get("template", ""))}
    _kept(app.env)[app.env.docname] = bound


def _kept(env: BuildEnvironment) -> dict[str, set[str]]:
    if not hasattr(env, "sourcebook_uses"):
        env.sourcebook_uses = {}  # type: ignore[attr-defined]
    kept: dict[str, set[str]] = env.sourcebook_uses  # type: ignore[attr-defined]
    return kept


def used_claims(env: BuildEnvironment) -> set[str]:
    """Return every claim that some page uses, itself or in a derived value."""
    ledger = ledger_of(env)
    used: set[str] = set()
    for reference in set().union(*_kept(env).values()) if _kept(env) else set():
        kind, _, key = reference.partition(":")
        behind = evidence_of(ledger, reference) if kind != "derived" or key in definitions() else set()
        used |= {e.removeprefix("claim:") for e in behind if e.startswith("claim:")}
    return used


def _check(app: Sphinx, env: BuildEnvironment) -> None:
    ledger = ledger_of(env)
    if not any(docname.startswith("book/") for docname in env.found_docs):
        return  # a part of the book is built: others may use what this part does not
    used = used_claims(env)
    lines = {row["claim_id"]: row.line for row in ledger.tables["claims"].rows}
    for key, claim in ledger.claims.items():
        if (key in used) == bool(claim.aside):
            unused = f"claim {key!r} is used by no page: use it, or say why not in the column `aside`"
            stale = f"claim {key!r} is used, and set aside as {claim.aside!r}: blank the column `aside`"
            message = stale if claim.aside else unused
            logger.warning(message, location=f"data/claims.csv:{lines[key]}", type="sourcebook", subtype="unused")


def _purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    _kept(env).pop(docname, None)


def _merge(app: Sphinx, env: BuildEnvironment, docnames: Iterable[str], other: BuildEnvironment) -> None:
    _kept(env).update({name: _kept(other)[name] for name in docnames if name in _kept(other)})


def setup(app: Sphinx) -> None:
    """Gather what pages use, and hold the claims to it when all are read."""
    app.connect("doctree-read", _note)
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)
    app.connect("env-check-consistency", _check)
