"""Publish the exports beside the pages, list them, and tell machines what the pages hold.

A book publishes them that has a page with the directive ``exports``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.nodes import Node
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from sourcebook import schema_org
from sourcebook.errors import SourcebookError
from sourcebook.exports import CLAIMS, DOCUMENTS, SUMS, claims_json, package, package_name, sums
from sourcebook.ledger import read_descriptor
from sourcebook.paths import DATAPACKAGE
from sourcebook.sphinx_ext.domain import NAME, EvidenceDomain, ledger_of
from sourcebook.sphinx_ext.figures import build_table
from sourcebook.sphinx_ext.pages import VERDICTS, RecordDirective, text_of_parts
from sourcebook.sphinx_ext.site import absolute, entry_address, folder_of, relative, site_url

logger = logging.getLogger(__name__)
FOLDER = "data"
FLAG = "sourcebook_exports"
BUILDERS = ("html", "dirhtml")
"""Builders that publish: whoever prints the book or reads it as one page has the files from its site."""


@dataclass(frozen=True)
class File:
    """One published file: its bytes, its media type, and what it is."""

    content: bytes
    media: str
    what: str

    @property
    def size(self) -> str:
        """The size as a reader wants it."""
        size = len(self.content)
        if size < 1e3:
            return f"{size} bytes"
        return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"


class export_list(nodes.General, nodes.Element):  # noqa: N801 docutils names a node's visitor after its class
    """Stands for the list of exports until every entry has its page."""


class Exports(RecordDirective):
    """``{exports}``: the published files, each with its size and what it is."""

    def run(self) -> list[Node]:
        """Return the place of the list; a page with one is read again when a file of the package changes."""
        self.env.metadata[self.env.docname][FLAG] = True
        root = Path(self.env.srcdir)
        for name in (DATAPACKAGE, *DOCUMENTS, *(r["path"] for r in read_descriptor(root)["resources"])):
            self.env.note_dependency(name)
        return [export_list("")]


class Ratings(RecordDirective):
    """``{ratings}``: what each verdict rates a claim in the structured data."""

    def run(self) -> list[Node]:
        """Return the table, from the best."""
        rows = sorted(self.ledger.tables["ratings"].rows, key=lambda row: -int(row["rating"]))
        cells = [[VERDICTS[row["verdict"]], row["rating"], row["name"]] for row in rows]
        heads = ["Gravest verdict of the pages", "Rating", "In words"]
        rated: list[list[Node]] = [[nodes.Text(cell) for cell in row] for row in cells]
        return [build_table(heads, rated, caption="How the verdicts of pages rate a claim or event")]


def exporting(env: BuildEnvironment) -> list[str]:
    """Return the pages that list the exports."""
    return [docname for docname in sorted(env.all_docs) if FLAG in env.metadata.get(docname, {})]


def exported(app: Sphinx) -> Mapping[str, File]:
    """Return every published file by name, made once for a build."""
    made: Mapping[str, File] | None = getattr(app, FLAG, None)
    if made is None:
        made = _make(app)
        setattr(app, FLAG, made)
    return made


def _make(app: Sphinx) -> Mapping[str, File]:
    ledger, root = ledger_of(app.env), Path(app.srcdir)
    pages = _pages(app)

    def address(kind: str, key: str) -> str:
        return entry_address(app.builder, pages, kind, key, FOLDER)

    here = f"{site_url(app.config)}{FOLDER}/{CLAIMS}" if site_url(app.config) else CLAIMS
    files = {
        package_name(root): File(
            package(root),
            "application/zip",
            "The data package: every table, its descriptor, the definition of each column, the licence, how to cite it",
        ),
        CLAIMS: File(
            claims_json(ledger, address, here),
            "application/ld+json",
            "Every claim, event and stance as a Web Annotation, with its place in the document and what is held "
            "against it",
        ),
    }
    check = sums({name: file.content for name, file in files.items()})
    return {**files, SUMS: File(check, "text/plain", "Checksums of these files, as sha256sum reads them")}


def _pages(app: Sphinx) -> dict[tuple[str, str], str]:
    domain = app.env.get_domain(NAME)
    assert isinstance(domain, EvidenceDomain)
    return domain.entries


def _list(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the list of files in its place; the sizes are known only now."""
    for place in list(doctree.findall(export_list)):
        if app.builder.name not in BUILDERS:
            place.replace_self(text_of_parts("The files are published with the pages of the book."))
            continue
        try:
            files = exported(app)
        except SourcebookError as error:
            logger.warning(str(error), location=docname, type="sourcebook", subtype="exports")
            place.replace_self([])
            continue
        items = [_item(app, docname, name, file) for name, file in files.items()]
        place.replace_self(nodes.definition_list("", *items, classes=["evidence-generated"]))


def _item(app: Sphinx, docname: str, name: str, file: File) -> nodes.definition_list_item:
    path = relative(f"{FOLDER}/{name}", folder_of(app.builder, docname))
    link = nodes.reference("", name, refuri=path, internal=True)  # as code it would not break on a narrow page
    term = nodes.term("", "", link, nodes.Text(f", {file.size}"))
    return nodes.definition_list_item("", term, nodes.definition("", nodes.paragraph("", file.what)))


def _publish(app: Sphinx, error: Exception | None) -> None:
    """Write the files beside the pages."""
    if error is not None or app.builder.name not in BUILDERS or not exporting(app.env):
        return
    try:
        files = exported(app)
    except SourcebookError:
        return  # told where the list should be
    folder = Path(app.outdir, FOLDER)
    folder.mkdir(exist_ok=True)
    for name, file in files.items():
        (folder / name).write_bytes(file.content)


def script(data: Any) -> str:
    """Return structured data as an element that a browser neither runs nor shows.

    There is no "<" in it: a title that holds "</script>" would end the element.
    """
    text = json.dumps(data, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{text}</script>\n'


def _structured(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Tell of the data set on the page that lists the exports, and of reviewed claims where they have their entry."""
    listing = exporting(app.env) if doctree is not None and app.builder.name in BUILDERS else []
    if not listing:
        return
    told = [_claim_reviews(app, pagename)]
    if pagename in listing and getattr(app, FLAG, None) is not None:
        told.append(_dataset(app, pagename))
    # behind the text: in the head it would keep a browser from its styles
    context["body"] += "".join(script(data) for data in told if data)


def _dataset(app: Sphinx, docname: str) -> dict[str, Any]:
    folder = folder_of(app.builder, docname)
    files = {
        file.what: (absolute(app.config, f"{FOLDER}/{name}", folder), file.media, len(file.content))
        for name, file in exported(app).items()
        if name != SUMS
    }
    site = site_url(app.config)
    return schema_org.dataset(ledger_of(app.env), f"{site}{app.builder.get_target_uri(docname)}" if site else "", files)


def _claim_reviews(app: Sphinx, docname: str) -> dict[str, Any]:
    ledger, pages, folder = ledger_of(app.env), _pages(app), folder_of(app.builder, docname)

    def address(kind: str, key: str) -> str:
        return entry_address(app.builder, pages, kind, key, folder)

    here = [found for found in schema_org.reviewed(ledger) if pages.get(found) == docname]
    return schema_org.claim_reviews(ledger, here, address, site_url(app.config)) if here else {}


def setup(app: Sphinx) -> None:
    """Register the directives, the list and the files."""
    app.add_node(export_list)
    app.add_directive("exports", Exports)
    app.add_directive("ratings", Ratings)
    app.connect("doctree-resolved", _list)
    app.connect("html-page-context", _structured)
    app.connect("build-finished", _publish)
