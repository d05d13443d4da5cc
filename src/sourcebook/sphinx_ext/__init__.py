"""The Sphinx extension: roles, entries, figures and the gates that act while the book is built."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util import logging

from sourcebook import __version__, schema_org
from sourcebook import exports as published
from sourcebook.errors import LedgerError
from sourcebook.inputs import inputs_digest
from sourcebook.judgements import read_judgements
from sourcebook.ledger import Ledger, read_tables
from sourcebook.sphinx_ext import (
    cards,
    colophon,
    confirmed,
    conflict_pages,
    explore,
    exports,
    figures,
    filters,
    finished,
    freshness,
    gate,
    head,
    inert,
    judgement_pages,
    languages,
    own_script,
    pages,
    pictures,
    prints,
    proof,
    scripts,
    site,
    stance_pages,
    styles,
    switch,
    theme,
    upstream_pages,
    uses,
)
from sourcebook.sphinx_ext.domain import (
    UNNUMBERED,
    DateRole,
    EntryRole,
    EvidenceDomain,
    EvidenceRole,
    VoicesRole,
    faulty,
)

logger = logging.getLogger(__name__)


def _load_ledger(app: Sphinx) -> None:
    """Load the record once for the build; a record that cannot be read ends it."""
    root = Path(app.srcdir)
    app.sourcebook_ledger = _ledger(root)  # type: ignore[attr-defined]  # the environment is pickled: not there


def _ledger(root: Path) -> Ledger:
    try:
        return Ledger.load(root)
    except LedgerError as error:
        for problem in error.problems:
            logger.error("%s", problem, type="sourcebook", subtype="ledger")
        tables, _ = read_tables(root)
        return Ledger.from_tables(root, tables, judgements=read_judgements(root)[0])


def _outdated(app: Sphinx, env: Any, added: set[str], changed: set[str], removed: set[str]) -> set[str]:
    """Read every page again when the record or the package changed: any of them may show it."""
    stamp = f"{inputs_digest(Path(app.srcdir))} {_own_digest()}"
    before, env.sourcebook_stamp = getattr(env, "sourcebook_stamp", None), stamp
    wrong, env.sourcebook_faulty = faulty(env) - removed, set()
    return set(env.found_docs) if before not in (None, stamp) else wrong


def _own_digest() -> str:
    """Return a digest of this extension, scripts, styles and templates included, and of what no notebook depends on.

    Where no page is out of date Sphinx copies no static file either: a changed style went unseen.
    """
    found = hashlib.sha256()
    own = [p for p in Path(__file__).parent.rglob("*") if p.suffix in (".py", ".js", ".css", ".csv", ".html")]
    own += [Path(str(module.__file__)) for module in (published, schema_org)]
    for path in sorted(own):
        found.update(path.read_bytes())
    return found.hexdigest()


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.add_config_value("comments_config", {}, "html")  # Jupyter Book sets it though we leave sphinx_comments out
    app.add_domain(EvidenceDomain)
    for kind in EvidenceDomain.kinds:
        app.add_role(kind, EvidenceRole(kind))
    for kind in ("event", "period"):
        app.add_role(kind, DateRole(kind))
    app.add_role("voices", VoicesRole())
    for kind in UNNUMBERED:
        app.add_role(kind, EntryRole(kind))
    languages.setup(app)
    site.setup(app)
    theme.setup(app)
    pages.setup(app)
    pictures.setup(app)
    conflict_pages.setup(app)
    upstream_pages.setup(app)
    cards.setup(app)
    confirmed.setup(app)
    own_script.setup(app)
    gate.setup(app)
    uses.setup(app)
    stance_pages.setup(app)
    judgement_pages.setup(app)
    proof.setup(app)
    figures.setup(app)
    prints.setup(app)
    explore.setup(app)
    switch.setup(app)
    filters.setup(app)
    freshness.setup(app)
    inert.setup(app)
    exports.setup(app)
    head.setup(app)
    colophon.setup(app)
    styles.setup(app)
    scripts.setup(app)
    finished.setup(app)
    app.add_css_file("sourcebook.css", priority=900)
    app.add_js_file("print.js", loading_method="defer")
    app.add_js_file("reader.js", loading_method="defer")
    app.connect("builder-inited", _load_ledger)
    app.connect("env-get-outdated", _outdated)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
