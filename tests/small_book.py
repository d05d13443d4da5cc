"""Tiny books over the real record, built with any builder: for the tests of the Sphinx extension.

A test that needs a book of its own asks for `make_book`. A test of one page asks for `built` and has a parameter
`text`: the pages of all such tests of a module are built in one book.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass, replace
from types import MappingProxyType

import pytest
from sphinx.testing.util import SphinxTestApp

from sourcebook.inputs import OUTPUTS, STAMP, inputs_digest, outputs_digest
from sourcebook.ledger import Ledger
from sourcebook.models import FIGURE_MIME
from sourcebook.paths import ROOT

CONF = """
extensions = ["myst_nb", "sourcebook.sphinx_ext"]
nb_execution_mode = "off"
nitpicky = True
suppress_warnings = ["ref.conflict", "ref.origin"]  # the tiny book has no page of contradictions, nor of origins
numfig = True
myst_enable_extensions = ["colon_fence"]
exclude_patterns = ["data", "seeds", "_build"]
"""
NO_SIDEBAR = 'html_sidebars = {"**": []}\n'  # a page of a shared book tells of no other
LEDGER = "# Record\n\n```{claims} wakhan-2025\n```\n\n```{claims} csrs-2024\n```\n"
RECORD = "# Record\n\n" + "".join(
    f"```{{{name}}} {of}\n```\n\n"
    for name, of in (
        ("claims", "wakhan-2025"), ("claims", "csrs-2024"), ("claims", "rehalem-2025"), ("claims", "did-2026"),
        ("claims", "zeeshan-2024"), ("events", "wakhan-2025"), ("events", "did-2026"), ("questions", ""),
        ("unknown-origins", ""), ("origins", ""),
    )
)  # fmt: skip
ALL_PAGES = "# Contents\n\n```{toctree}\n:glob:\n:hidden:\n\n*\n```\n"


def lay_out(source):
    """Copy into a folder what every build reads."""
    source.mkdir(exist_ok=True)
    for folder in ("data", "seeds"):
        shutil.copytree(ROOT / folder, source / folder, dirs_exist_ok=True)
    for name in ("datapackage.json", "requirements.txt"):
        shutil.copy(ROOT / name, source)


def build(source, pages, builder="html", conf=CONF):
    """Build pages (name -> text) in a folder that is laid out; return the output folder and the warnings."""
    (source / "conf.py").write_text(conf, encoding="utf-8")
    for name, text in pages.items():
        (source / name).write_text(text, encoding="utf-8")
    app = SphinxTestApp(builder, srcdir=source, builddir=source / "_build", freshenv=True)
    try:
        app.build(force_all=True)
        return app.outdir, re.sub(r"\x1b\[[0-9;]*m", "", app.warning.getvalue())
    finally:
        app.cleanup()


@pytest.fixture
def make_book(tmp_path):
    """Build a book of the test's own; return the output folder and the warnings."""

    def make(pages, builder="html", root=None):
        source = root or tmp_path / "book"
        if root is None:
            lay_out(source)
        return build(source, pages, builder)

    return make


@dataclass(frozen=True)
class Built:
    """One page of a shared book: its file's name, its HTML, the folder it is in, and what was told of it alone."""

    name: str
    html: str
    out: object
    warnings: str

    @property
    def article(self):
        return body(self.html)

    @property
    def record(self):
        """The page of the record in the same book."""
        return (self.out / "record.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def shelf(request, tmp_path_factory):
    """Every page that a test of the module asks for by its parameter `text`, built in one book."""
    of_module = [item for item in request.session.items if getattr(item, "module", None) is request.module]
    wanted = (item.callspec.params["text"] for item in of_module if "built" in item.fixturenames)
    source = tmp_path_factory.mktemp("shelf") / "book"
    lay_out(source)
    (source / "picture.png").write_bytes(b"")
    stamp = inputs_digest(source)
    names = {text: f"page-{n}.{'ipynb' if is_notebook(text) else 'md'}" for n, text in enumerate(dict.fromkeys(wanted))}
    pages = {name: stamped(text, stamp) if is_notebook(text) else titled(text) for text, name in names.items()}
    out, warnings = build(source, {"index.md": ALL_PAGES, "record.md": RECORD, **pages}, conf=CONF + NO_SIDEBAR)
    told = [t for t in re.split(rf"^{re.escape(str(source))}/", warnings, flags=re.MULTILINE) if t]
    assert [t for t in told if not t.startswith("page-")] == []
    return {
        text: Built(
            name,
            (out / name).with_suffix(".html").read_text(encoding="utf-8"),
            out,
            "".join(t for t in told if t.startswith(f"{name}:")),
        )
        for text, name in names.items()
    }


@pytest.fixture
def built(shelf, text):
    """The page of a test's parameter `text`."""
    return shelf[text]


def titled(text):
    return f"# Title\n\n{text}\n"


def page(text):
    return {"index.md": f"{titled(text)}\n```{{toctree}}\nrecord\n```\n", "record.md": LEDGER}


def article(out, name="index"):
    return body((out / f"{name}.html").read_text(encoding="utf-8"))


def body(html):
    return html[html.index('<div class="body"') :]


# --- a record that means harm ------------------------------------------------------------------------------

ARABIC = "\u0642\u0627\u0644 \u0623\u062d\u0645\u062f"
PASHTO = "\u067e\u069a\u062a\u0648 \u067c\u0648\u0644"
HOSTILE = f'{ARABIC} </script><script>alert("&")</script> {PASHTO} "quoted" & \'more\' <b> \u202e[x](y)'
"""From right to left, markup of HTML and Markdown, and an override of direction that nothing ends."""


@pytest.fixture
def hostile_book(book, tmp_path, monkeypatch):
    """A small book whose record has such words wherever it takes them from others; returns the folder."""
    claim = book.claims["china-meetings"]
    anchor = replace(claim.anchor, quote=HOSTILE)
    claim = replace(claim, subject=HOSTILE, measure=HOSTILE, value_note=HOSTILE, note=HOSTILE, anchor=anchor)
    reviews = {
        key: replace(review, publisher=HOSTILE, value=HOSTILE, note=HOSTILE)
        for key, review in book.reviews.items()
        if review.claim_id == claim.claim_id
    }
    origin = replace(book.origins[claim.origin_id], name=HOSTILE)
    hostile = replace(
        book,
        claims=MappingProxyType({**book.claims, claim.claim_id: claim}),
        reviews=MappingProxyType({**book.reviews, **reviews}),
        origins=MappingProxyType({**book.origins, origin.origin_id: origin}),
    )
    monkeypatch.setattr(Ledger, "load", classmethod(lambda cls, root, **options: hostile))
    lay_out(tmp_path / "book")
    out, _ = build(tmp_path / "book", page("{claim}`215 meetings <china-meetings>`"))
    return out


# --- notebooks --------------------------------------------------------------------------------------------


def is_notebook(text):
    return text.startswith('{"cells"')


def notebook(*cells, **metadata):
    """A notebook: strings are cells of Markdown, payloads the figures that a cell of code published."""
    made = [{"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# Notebook"}]
    for cell in cells:
        shared = {"id": f"cell-{len(made)}", "metadata": {}}
        if isinstance(cell, str):
            made.append(shared | {"cell_type": "markdown", "source": cell})
        else:
            made.append(shared | {"cell_type": "code", "execution_count": 1, "source": "x", "outputs": [shown(cell)]})
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata["kernelspec"] = kernel
    return json.dumps({"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def shown(payload):
    """The output of a cell that published a figure."""
    svg = "<svg xmlns='http://www.w3.org/2000/svg' fill='#1f2328'></svg>"
    data = {FIGURE_MIME: payload, "image/svg+xml": svg, "text/plain": "figure"}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def stamped(text, stamp):
    """A notebook as if it had been executed on inputs of this digest, unless it says otherwise."""
    made = json.loads(text)
    made["metadata"].setdefault(STAMP, stamp)
    made["metadata"].setdefault(OUTPUTS, outputs_digest(made))
    return json.dumps(made)


def payload(**overrides):
    """What a figure is made from."""
    made = {
        "name": "bars",
        "caption": "China has {claim}`215 meetings <china-meetings>`.",
        "alt": "One bar of {china-meetings}.",
        "columns": ["Partner", "Meetings"],
        "rows": [["China", {"ref": "claim:china-meetings"}]],
    }
    return {**made, **overrides}
