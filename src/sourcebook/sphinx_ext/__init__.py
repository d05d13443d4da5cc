"""The Sphinx extension: roles, entries, figures and the gates that act while the book is built."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging

from sourcebook import __version__
from sourcebook.errors import LedgerError
from sourcebook.inputs import inputs_digest
from sourcebook.ledger import Ledger, read_tables
from sourcebook.sphinx_ext import confirmed, conflict_pages, figures, freshness, pages, stance_pages
from sourcebook.sphinx_ext.domain import EvidenceDomain, EvidenceRole, VoicesRole

logger = logging.getLogger(__name__)
STATIC = Path(__file__).parent / "static"


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
        return Ledger.from_tables(root, tables)


def _outdated(app: Sphinx, env: Any, added: set[str], changed: set[str], removed: set[str]) -> set[str]:
    """Read every page again when the record or the package changed: any of them may show it."""
    stamp = inputs_digest(Path(app.srcdir))
    before, env.sourcebook_stamp = getattr(env, "sourcebook_stamp", None), stamp
    return set(env.found_docs) if before not in (None, stamp) else set()


def _static_files(app: Sphinx, config: Config) -> None:
    config.html_static_path.append(str(STATIC))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.add_config_value("comments_config", {}, "html")  # Jupyter Book sets it though we leave sphinx_comments out
    app.add_domain(EvidenceDomain)
    for kind in EvidenceDomain.kinds:
        app.add_role(kind, EvidenceRole(kind))
    app.add_role("voices", VoicesRole())
    pages.setup(app)
    conflict_pages.setup(app)
    confirmed.setup(app)
    stance_pages.setup(app)
    figures.setup(app)
    freshness.setup(app)
    app.add_css_file("sourcebook.css", priority=900)
    app.connect("config-inited", _static_files)
    app.connect("builder-inited", _load_ledger)
    app.connect("env-get-outdated", _outdated)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
