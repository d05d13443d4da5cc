"""What a page says of the book itself: version, commit, the day of its evidence, how to cite it, and its other forms."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import yaml
from sphinx.application import Sphinx

from sourcebook import __version__
from sourcebook.formatting import date_text
from sourcebook.ledger import Ledger
from sourcebook.sphinx_ext.domain import ledger_of
from sourcebook.sphinx_ext.site import REPOSITORY, relative, site_url

CITATION = "CITATION.cff"
PDF = "convergence-and-divergence.pdf"
"""Where the PDF is, below the pages."""
PRINTED = f"_build/pdf/{PDF}"
"""Where a build of the PDF leaves it, below the source folder."""
DATA_PAGE = "book/data"
NOTEBOOKS = "notebooks/"


@dataclass(frozen=True)
class Link:
    """One link of a page's header."""

    words: str
    url: str
    told: str = ""


def evidence_date(ledger: Ledger) -> str:
    """Return the last day on which a page was read for the record; blank if no row says."""
    days = (row.cells.get("date_accessed", "") for table in ledger.tables.values() for row in table.rows)
    return max(days, default="")


def commit(root: Path) -> str:
    """Return the commit that a folder is at, with a plus where tracked files differ; blank where git knows nothing."""
    if not (root / ".git").exists():
        return ""
    try:
        name = _git(root, "rev-parse", "--short=10", "HEAD")
        return f"{name}+" if _git(root, "status", "--porcelain", "--untracked-files=no") else name
    except (OSError, subprocess.CalledProcessError):
        return ""


def _git(root: Path, *command: str) -> str:
    return subprocess.run(["git", *command], cwd=root, check=True, capture_output=True, text=True).stdout.strip()


def citation(root: Path, site: str) -> str:
    """Return how to cite the book, from its citation file; blank where there is none."""
    path = root / CITATION
    if not path.is_file():
        return ""
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    names = (who.get("name") or f"{who['family-names']}, {who['given-names']}" for who in told["authors"])
    year = str(told["date-released"])[:4]
    return f"{'; '.join(names)} ({year}). {told['title']}. Version {told['version']}.{f' {site}' if site else ''}"


def binder(repository: str, pagename: str) -> str:
    """Return where a notebook can be run on Binder; blank unless its repository is on GitHub."""
    parts = urlsplit(repository)
    path = parts.path.strip("/")
    if parts.hostname != "github.com" or path.count("/") != 1 or not pagename.startswith(NOTEBOOKS):
        return ""
    return f"https://mybinder.org/v2/gh/{path}/HEAD?labpath={quote(f'{pagename}.ipynb', safe='')}"


def links(app: Sphinx, pagename: str) -> list[Link]:
    """Return the links of a page's header: only to what is there."""
    page = app.builder.get_target_uri(pagename)
    folder = page.rpartition("/")[0]
    found = []
    if launch := binder(str(app.config[REPOSITORY]), pagename):
        found.append(Link("Run", launch, "Run this notebook on Binder, a free service on mybinder.org"))
    if Path(app.srcdir, PRINTED).is_file():
        found.append(Link("PDF", relative(PDF, folder), "The book as PDF"))
    if DATA_PAGE in app.env.found_docs:
        found.append(
            Link("Data", relative(app.builder.get_target_uri(DATA_PAGE), folder), "The data and their licence")
        )
    return found


def lines(app: Sphinx) -> list[str]:
    """Return what the foot of a page says, as HTML."""
    at, evidence = _state(app)
    version = f"Version {escape(__version__)}" + (f", commit {escape(at)}" if at else "")
    read = f"Evidence as of {escape(date_text(evidence))}." if evidence else ""
    cite = citation(Path(app.srcdir), site_url(app.config))
    told = [f"{version}. {read} Text and data CC BY 4.0, code MIT.".replace("  ", " ")]
    return [*told, f"Cite as: {escape(cite)}"] if cite else told


def _state(app: Sphinx) -> tuple[str, str]:
    """Return commit and day of evidence, found once for a build."""
    found: tuple[str, str] | None = getattr(app, "sourcebook_colophon", None)
    if found is None:
        found = commit(Path(app.srcdir)), evidence_date(ledger_of(app.env))
        app.sourcebook_colophon = found  # type: ignore[attr-defined]
    return found


def _add(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    if app.builder.format == "html":
        context["header_links"] = links(app, pagename)
        folder = app.builder.get_target_uri(pagename).rpartition("/")[0]
        made = Path(app.srcdir, PRINTED).is_file()  # if not, `sphinx_ext.release` puts the link in once it is
        context["pdf_waiting"] = "" if made else relative(PDF, folder)
        context["colophon"] = lines(app)


def _publish(app: Sphinx, error: Exception | None) -> None:
    """Put the PDF beside the pages, where one has been made."""
    made = Path(app.srcdir, PRINTED)
    if error is None and app.builder.name == "html" and made.is_file():
        Path(app.outdir, PDF).write_bytes(made.read_bytes())


def setup(app: Sphinx) -> None:
    """Tell it on every page."""
    app.connect("html-page-context", _add)
    app.connect("build-finished", _publish)
