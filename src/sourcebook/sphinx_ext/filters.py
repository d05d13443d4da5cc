"""The filters of the record's pages: an entry has its facets as classes, and ``static/filter.js`` offers them.

Every entry is static HTML; without the script all of them are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from sourcebook.ledger import Ledger
from sourcebook.sphinx_ext.domain import island, ledger_of
from sourcebook.sphinx_ext.pages import CONFLICT_KINDS, FACET, VERDICTS


def names(ledger: Ledger) -> Mapping[str, Mapping[str, str]]:
    """Return what a reader calls the values of each facet; values that are missing are words themselves."""
    return {
        "actor": ledger.actors,
        "document": {key: source.short_name for key, source in ledger.sources.items()},
        "kind": CONFLICT_KINDS,
        "origin": {key: origin.name for key, origin in ledger.origins.items()},
        "verdict": VERDICTS,
    }


def _add(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    if doctree is None or app.builder.format != "html":
        return
    classes = {name for term in doctree.findall(nodes.term) for name in term["classes"] if name.startswith(FACET)}
    if not classes:
        return
    known = names(ledger_of(app.env))
    shown: dict[str, dict[str, str]] = {}
    for name in classes:
        facet, _, value = name.removeprefix(FACET).partition("--")
        if value in known.get(facet, {}):
            shown.setdefault(facet, {})[value] = known[facet][value]
    context["body"] += island("facet-names", shown)
    app.add_js_file("filter.js", loading_method="defer")


def setup(app: Sphinx) -> None:
    """Add script and names to every page whose entries can be filtered."""
    app.connect("html-page-context", _add)
