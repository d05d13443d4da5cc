"""What a page shows does nothing: no script, no handler, no address that runs, from whoever wrote it.

Pages are text of authors, and notebooks carry outputs that anything may have written. A stored output of a type that
would be put into the page as it is ends the build; active HTML in a text, and an address that is none of the web,
come out as words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from sourcebook.models import FIGURE_MIME, PLOTLY_MIME
from sourcebook.sphinx_ext.domain import warn

SHOWN = frozenset({FIGURE_MIME, PLOTLY_MIME, "image/svg+xml", "image/png", "text/plain"})
"""Types of output that pages show; none of them is put into a page as HTML."""
ACTIVE = re.compile(
    r"<\s*/?\s*(?:script|iframe|object|embed|form|base|meta|link|style|foreignObject|svg|math)\b"
    r"|<[^>]*[\s/\"']on\w+\s*=|(?:javascript|vbscript|data)\s*:",
    re.IGNORECASE,
)
_IN_A_PICTURE = re.compile(
    r"<\s*(?:[\w-]+:)?(?:script|foreignObject|iframe|handler)\b|<[^>]*[\s/\"']on\w+\s*=|javascript\s*:|<!ENTITY"
    r"|(?:href|src)\s*=\s*[\"']?\s*(?:https?:)?//",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"[\x00-\x20]*(?P<scheme>[a-z][a-z0-9+.\x00-\x20-]*):", re.IGNORECASE)
_SCHEMES = ("http", "https", "mailto", "doi")


def output_problems(notebook: Any) -> Iterator[str]:
    """Yield what is wrong with the stored outputs of a notebook."""
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        yield "is no notebook"
        return
    for number, cell in enumerate(cells, start=1):
        outputs = cell.get("outputs", []) if isinstance(cell, dict) else None
        for output in outputs if isinstance(outputs, list) else [None]:
            for what in _of_output(output):
                yield f"cell {number}: {what}"


def _of_output(output: Any) -> Iterator[str]:
    if not isinstance(output, dict):
        yield "an output is no object"
    elif output.get("output_type") == "error":
        yield "an output is an error: execute the notebook again"
    elif not isinstance(data := output.get("data", {}), dict):
        yield "an output has no data"
    else:
        for kind in sorted(map(str, data.keys() - SHOWN)):
            yield f"an output is of the type {kind[:60]!r}, which would run in the page: publish it by sourcebook.charts.show"
        picture = data.get("image/svg+xml", "")
        drawn = "".join(map(str, picture)) if isinstance(picture, list) else str(picture)
        for found in list(_IN_A_PICTURE.finditer(drawn))[:1]:
            yield f"a picture has {found[0][:40]!r}, which would run or fetch"


def runs(address: str) -> bool:
    """Whether an address is of a scheme that is not of the web, with whatever blanks in it."""
    found = _SCHEME.match(address)
    return found is not None and re.sub(r"[\x00-\x20]", "", found["scheme"]).lower() not in _SCHEMES


def _outputs(app: Sphinx, env: Any, docnames: list[str]) -> None:
    told = []
    for docname in sorted(env.found_docs):
        path = Path(env.doc2path(docname))
        if path.suffix == ".ipynb":
            try:
                notebook: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            except (UnicodeDecodeError, ValueError, RecursionError) as error:
                raise ExtensionError(f"{docname}: cannot be read as a notebook ({error})") from None
            told += [f"{docname}: {what}" for what in output_problems(notebook)]
    if told:
        raise ExtensionError("\n".join(told))


def _texts(app: Sphinx, doctree: nodes.document) -> None:
    for raw in list(doctree.findall(nodes.raw)):
        if "html" in raw.get("format", "") and ACTIVE.search(raw.astext()):
            warn(app.env, f"HTML that would run in the page: {' '.join(raw.astext().split())[:60]!r}", raw, "active")
            words = nodes.Text(raw.astext())
            raw.replace_self(words if isinstance(raw.parent, nodes.TextElement) else nodes.paragraph("", "", words))
    for link in list(doctree.findall(nodes.reference)):
        if runs(link.get("refuri", "")):
            warn(app.env, f"the address {link['refuri'][:60]!r} is none of the web", link, "active")
            link.replace_self(nodes.inline("", "", *link.children))


def setup(app: Sphinx) -> None:
    """Look through stored outputs before pages are read, and through each page when it is."""
    app.connect("env-before-read-docs", _outputs)
    app.connect("doctree-read", _texts)
