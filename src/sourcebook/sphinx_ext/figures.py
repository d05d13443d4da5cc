"""Build numbered figures from the notebooks' outputs.

`sourcebook.charts.show` puts two things side by side into an output: the picture (SVG) and the figure's name,
caption, alt text and data; some have a third, the plot that a reader may ask for. myst-nb renders each by itself;
the MIME renderer makes a figure of the second, and `PlaceFigures` moves the others into it before figures are
numbered.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

from sourcebook.derived import evidence_of, record
from sourcebook.errors import SourcebookError
from sourcebook.files import inert_cell
from sourcebook.formatting import cell_text, date_text, dated_text, period_text, text_of, unit_text
from sourcebook.ledger import Ledger
from sourcebook.models import FIGURE_MIME, PLOTLY_MIME, REASONS, Record
from sourcebook.palette import DARK
from sourcebook.sphinx_ext import outlines, prints
from sourcebook.sphinx_ext.domain import bound_reference, ledger_of, stamps_of, warn
from sourcebook.sphinx_ext.explore import figure_plot, plot_node

logger = logging.getLogger(__name__)
FOLDER = "_build/figures"  # below the source folder: Sphinx offers for download only what lies there
MEASURED = {
    "route": "distances along our gazetteer",
    "distance": "distances along our gazetteer",
    "coding": "our coding of the documents",
    "tally": "our record",
    "alignment": "our coding of the documents",
    "joined": "our record",
    "document": "our record",
    "apart": "our record",
}
"""Whom to credit for what is measured on the record itself."""
PLACEHOLDER = re.compile(r"\{(?:(?P<kind>[a-z]+):)?(?P<key>[^{}:]+)\}")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class figure_data(nodes.General, nodes.Element):  # noqa: N801 docutils names a node's visitor after its class
    """The data of a figure: folded away in HTML, in full elsewhere."""


def _visit_html(self: HTML5Translator, node: figure_data) -> None:
    self.body.append('<details class="figure-data"><summary>Data of this figure</summary>')


def _depart_html(self: HTML5Translator, node: figure_data) -> None:
    self.body.append("</details>")


def _pass(self: nodes.NodeVisitor, node: figure_data) -> None:
    """Other builders show the table as it is."""


def resolve(ledger: Ledger, reference: str) -> Record:
    """Return the record that ``kind:id`` names; a bare id is a claim's."""
    kind, _, key = reference.rpartition(":")
    return record(ledger, kind or "claim", key)


def fill(template: str, ledger: Ledger) -> str:
    """Fill each ``{kind:id}`` of an alt text with the record's words, ``{reason:words}`` with the words.

    Raises
    ------
    SourcebookError
        If a placeholder names no record.
    """

    def words(match: re.Match[str]) -> str:
        if match["kind"] in REASONS:
            return match["key"]
        if dated := ledger.dated(match[0][1:-1]):
            return date_text(dated.date)
        if match["kind"] == "period":
            _, stamps = stamps_of(ledger, "period", match["key"])
            return period_text(*stamps)
        return text_of(record(ledger, match["kind"] or "claim", match["key"]), ledger.units)

    return PLACEHOLDER.sub(words, template)


def credit(ledger: Ledger, reference: str) -> str:
    """Name whom a stated number is taken from."""
    kind, _, key = reference.partition(":")
    if kind in MEASURED:
        return MEASURED[kind]
    if kind in ("claim", "event"):
        return ledger.source((ledger.claim(key) if kind == "claim" else ledger.event(key)).source_id).short_name
    page = ledger.figure(key) if kind == "series" else ledger.review(key)
    return f"{page.publisher} ({page.date[:4]})" if page.date else page.publisher


def source_line(ledger: Ledger, references: list[str]) -> str:
    """Return the line that credits everything plotted."""
    behind = sorted({e for reference in references for e in evidence_of(ledger, reference)})
    names = sorted({credit(ledger, e) for e in behind}, key=str.casefold)
    computed = "; our computation" if any(r.startswith("derived:") for r in references) else ""
    return f"Source: {'; '.join(names)}{computed}."


MARKED = "≠: another value contradicts this one; the record says which."


def _contradicted(ledger: Ledger, references: list[str]) -> bool:
    return any(ledger.contradicted(*reference.split(":", 1)) for reference in references)


class FigureRenderer:
    """myst-nb's renderer for the outputs of `sourcebook.charts.show`."""

    mime_priority_overrides: ClassVar[list[tuple[str, str, int | None]]] = [
        ("*", FIGURE_MIME, 1),
        ("*", PLOTLY_MIME, 2),
    ]

    @staticmethod
    def handle_mime(renderer: NbElementRenderer, data: MimeData, inline: bool) -> list[nodes.Element] | None:
        """Return the figure, its picture still to come, or its plot; None for what is not ours."""
        env = getattr(renderer.renderer, "sphinx_env", None)
        if inline or env is None or not hasattr(env.app, "sourcebook_ledger"):
            return None
        payload: Any = data.content
        if data.mime_type == PLOTLY_MIME:
            return [plot_node(payload)]
        if data.mime_type != FIGURE_MIME:
            return None
        try:
            return _figure(renderer, env, payload, data.line)
        except SourcebookError as error:
            named = payload.get("name") if isinstance(payload, dict) else None
            message = f"figure {named!r}: {error}"
            warn(env, message, (env.docname, data.line), "figure")
            return [nodes.paragraph("", f"[?{named}]", classes=["evidence-missing"])]


def _of_its_form(payload: Any) -> None:
    """Raise `SourcebookError` where a stored figure is not as `sourcebook.charts.show` writes it: its name is a file's."""
    if not isinstance(payload, dict) or not {"name", "caption", "alt", "columns", "rows"} <= payload.keys():
        raise SourcebookError("is not of the form that sourcebook.charts.show writes")
    words = [payload["name"], payload["caption"], payload["alt"], *payload["columns"]]
    cells = [
        cell["ref"] if isinstance(cell, dict) and [*cell] == ["ref"] else cell
        for row in payload["rows"]
        for cell in row
    ]
    if not all(isinstance(word, str) for word in words) or not all(
        isinstance(cell, str | int | float) for cell in cells
    ):
        raise SourcebookError("is not of the form that sourcebook.charts.show writes")
    if any(len(row) != len(payload["columns"]) for row in payload["rows"]):
        raise SourcebookError("has a row that is not as long as its head")
    if not _NAME.fullmatch(payload["name"]):
        raise SourcebookError("has a name that is no words joined by hyphens")


def _figure(
    renderer: NbElementRenderer, env: BuildEnvironment, payload: dict[str, Any], line: int | None
) -> list[nodes.Element]:
    ledger = ledger_of(env)
    _of_its_form(payload)
    references = references_of(payload)
    name = f"fig-{payload['name']}"
    figure = nodes.figure("", classes=["evidence-figure"], ids=[name], names=[name])
    figure["alt"] = fill(payload["alt"], ledger)
    figure["template"] = payload["alt"]
    figure["shown"], figure["references"] = payload["name"], references
    caption = nodes.caption("", "")
    with renderer.renderer.current_node_context(caption):
        renderer.renderer.nested_render_text(payload["caption"], line or 0, inline=True)
    table = figure_data("", _table(ledger, payload, env.docname), _download(env, ledger, payload))
    told = source_line(ledger, references) + (f" {MARKED}" if _contradicted(ledger, references) else "")
    credits = nodes.paragraph("", told, classes=["evidence-generated"])
    places = prints.addresses(env, payload["name"], source_line(ledger, references))
    legend = nodes.legend("", credits, places, table)
    figure += [caption, legend]
    renderer.renderer.document.note_explicit_target(figure)
    return [figure]


def references_of(payload: dict[str, Any]) -> list[str]:
    """Return the reference of every bound cell of a figure's data."""
    return [cell["ref"] for row in payload["rows"] for cell in row if isinstance(cell, dict)]


def _table(ledger: Ledger, payload: dict[str, Any], docname: str) -> nodes.table:
    rows = [[_cell(ledger, cell, docname) for cell in row] for row in payload["rows"]]
    heads = [head + _column_unit(ledger, payload["rows"], i) for i, head in enumerate(payload["columns"])]
    return build_table(heads, rows)


def _column_unit(ledger: Ledger, rows: list[list[Any]], column: int) -> str:
    """Return the unit that every bound cell of a column shares, to be written once in its head."""
    cells = [row[column]["ref"] for row in rows if isinstance(row[column], dict)]
    found = {resolve(ledger, ref).stated.unit for ref in cells if ledger.dated(ref) is None}
    named = len(found) == 1 and not found & {"", "rank"}  # a place in an order is no amount of anything
    return f" ({unit_text(found.pop(), ledger.units)})" if named else ""


def _cell(ledger: Ledger, cell: Any, docname: str) -> nodes.Node:
    if not isinstance(cell, dict):
        return nodes.Text(cell)
    if dated := ledger.dated(cell["ref"]):
        return bound_reference(dated.kind, dated.key, dated_text(dated), docname)
    found = resolve(ledger, cell["ref"])
    return bound_reference(found.kind, found.key, cell_text(found.stated, found.digits), docname)


def build_table(
    heads: list[str], rows: list[list[nodes.Node]], classes: tuple[str, ...] = (), caption: str = ""
) -> nodes.table:
    """Return a table with one head row; each cell holds one inline node or one block."""
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in heads), cols=len(heads))
    head = nodes.row("", *(nodes.entry("", nodes.paragraph("", text)) for text in heads))
    body = nodes.tbody("")
    for row in rows:
        body += nodes.row("", *(nodes.entry("", _block(cell)) for cell in row))
    group += [nodes.thead("", head), body]
    title = [nodes.title("", caption)] if caption else []
    return nodes.table("", *title, group, classes=["evidence-table", *classes])


def _block(cell: nodes.Node) -> nodes.Node:
    return cell if isinstance(cell, nodes.Body) else nodes.paragraph("", "", cell)


def _download(env: BuildEnvironment, ledger: Ledger, payload: dict[str, Any]) -> nodes.paragraph:
    """Write the data as CSV and return the link to it."""
    path = Path(env.srcdir, FOLDER, f"{payload['name']}.csv")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(csv_text(ledger, payload), encoding="utf-8", newline="\n")
    target = f"/{FOLDER}/{path.name}"
    link = addnodes.download_reference("", "", nodes.literal("", path.name), reftarget=target, refdoc=env.docname)
    return nodes.paragraph("", "Download: ", link, classes=["evidence-generated"])


def csv_text(ledger: Ledger, payload: dict[str, Any]) -> str:
    """Return a figure's data as CSV, each bound column as several.

    A number has low, high, unit, qualifier, reference and source; a date has date, precision, inferred, reference
    and source.
    """
    texts = [i for i, _ in enumerate(payload["columns"]) if not _is_bound(payload["rows"], i)]
    parts = {i: _parts(ledger, payload["rows"], i) for i, _ in enumerate(payload["columns"]) if i not in texts}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = payload["columns"]
    heads = [names[i] for i in texts] + [f"{names[i]} {part}" for i in parts for part in parts[i]]
    writer.writerow([_inert(head) for head in heads])
    for row in payload["rows"]:
        cells = [row[i] for i in texts]
        for i in parts:
            cells += _csv_cells(ledger, row[i]["ref"]) if row[i] else [""] * len(parts[i])
        writer.writerow([_inert(cell) for cell in cells])
    return out.getvalue()


def _inert(cell: object) -> object:
    """Return a cell as one line: behind a bare carriage return, which csv does not quote, a spreadsheet begins a row."""
    return inert_cell(" ".join(cell.split()) if isinstance(cell, str) else cell)


def _is_bound(rows: list[list[Any]], column: int) -> bool:
    return any(isinstance(row[column], dict) for row in rows)


def _parts(ledger: Ledger, rows: list[list[Any]], column: int) -> tuple[str, ...]:
    dated = any(isinstance(row[column], dict) and ledger.dated(row[column]["ref"]) for row in rows)
    return ("date", "precision", "inferred", "reference", "source") if dated else (
        "low", "high", "unit", "qualifier", "reference", "source",
    )  # fmt: skip


def _csv_cells(ledger: Ledger, reference: str) -> list[Any]:
    credits = "; ".join(sorted({credit(ledger, e) for e in evidence_of(ledger, reference)}))
    if dated := ledger.dated(reference):
        return [dated.date, dated.precision, str(dated.inferred).lower(), reference, credits]
    found = resolve(ledger, reference)
    ends = [None if e is None else round(e, 10) for e in (found.stated.low, found.stated.high)]
    return [*ends, found.stated.unit, found.stated.qualifier, reference, credits]


class PlaceFigures(SphinxTransform):
    """Move each picture into the figure that describes it, with a twin for dark pages and the plot behind it."""

    default_priority = 200  # after parsing, before figures are numbered and mime types selected

    def apply(self, **_: Any) -> None:
        """Replace each mime bundle of ours by its figure."""
        for bundle in list(self.document.findall(nodes.container)):
            if bundle.get("nb_element") != "mime_bundle":
                continue
            by_type = {c["mime_type"]: c for c in bundle.children if isinstance(c, nodes.container)}
            if FIGURE_MIME not in by_type:
                if PLOTLY_MIME in by_type:
                    message = "a plot without picture, caption and data: publish it by sourcebook.charts.show"
                    warn(self.env, message, bundle, "figure")
                continue
            figure = next(iter(by_type[FIGURE_MIME].findall(nodes.figure)), None)
            picture = next(iter(by_type["image/svg+xml"].findall(nodes.image)), None)
            if figure is None or picture is None:
                bundle.replace_self(by_type[FIGURE_MIME].children)
                continue
            pictures = self._pictures(picture["uri"], figure.attributes.pop("alt"))
            figure.insert(0, nodes.container("", *pictures, classes=["figure-picture"]))
            for plot in by_type[PLOTLY_MIME].findall(figure_plot) if PLOTLY_MIME in by_type else ():
                plot["name"] = figure["ids"][0].removeprefix("fig-").replace("-", " ")
                figure.insert(1, plot.deepcopy())
            bundle.replace_self(figure)

    def _pictures(self, uri: str, alt: str) -> list[nodes.Node]:
        light = nodes.image("", uri=uri, alt=alt, classes=["only-light"])
        # a picture's address is absolute below the source folder, or relative to the page
        path = (
            Path(self.env.srcdir, uri.lstrip("/"))
            if uri.startswith("/")
            else Path(self.env.srcdir, Path(self.env.docname).parent, uri)
        )
        drawn = outlines.shorter(path.read_text(encoding="utf-8"))
        for to, svg in ((path, drawn), (path.with_name(f"{path.stem}-dark.svg"), recolor(drawn))):
            to.write_text(svg, encoding="utf-8", newline="\n")
        twin = nodes.image("", uri=uri.removesuffix(".svg") + "-dark.svg", alt=alt, classes=["only-dark"])
        return [light, addnodes.only("", twin, expr="html")]


def recolor(svg: str) -> str:
    """Return an SVG in the colours of a dark page."""
    return re.sub(r"#[0-9a-fA-F]{6}\b", lambda m: DARK.get(m[0].lower(), m[0]), svg)


def setup(app: Sphinx) -> None:
    """Register the node and the transform; the renderer is an entry point of the package."""
    app.add_node(
        figure_data, html=(_visit_html, _depart_html), latex=(_pass, _pass), text=(_pass, _pass),
        man=(_pass, _pass), texinfo=(_pass, _pass),
    )  # fmt: skip
    app.add_transform(PlaceFigures)
