"""A tiny book over the real record, built with any builder: for the tests of the Sphinx extension."""

from __future__ import annotations

import re
import shutil

import pytest
from sphinx.testing.util import SphinxTestApp

from sourcebook.paths import ROOT

CONF = """
extensions = ["myst_nb", "sourcebook.sphinx_ext"]
nb_execution_mode = "off"
nitpicky = True
suppress_warnings = ["ref.conflict"]  # the tiny book has no page of contradictions
numfig = True
myst_enable_extensions = ["colon_fence"]
"""
LEDGER = "# Record\n\n```{claims} wakhan-2025\n```\n\n```{claims} csrs-2024\n```\n"


@pytest.fixture
def make_book(tmp_path):
    """Build pages (name -> MyST) with a builder; return the output folder and the warnings."""

    def build(pages, builder="html", root=None):
        source = root or tmp_path / "book"
        if root is None:
            source.mkdir(exist_ok=True)
            for folder in ("data", "seeds"):
                shutil.copytree(ROOT / folder, source / folder, dirs_exist_ok=True)
            for name in ("datapackage.json", "requirements.txt"):
                shutil.copy(ROOT / name, source)
        exclude = 'exclude_patterns = ["data", "seeds", "_build"]\n'
        (source / "conf.py").write_text(CONF + exclude, encoding="utf-8")
        for name, text in pages.items():
            (source / name).write_text(text, encoding="utf-8")
        app = SphinxTestApp(builder, srcdir=source, builddir=source / "_build", freshenv=True)
        try:
            app.build(force_all=True)
            return app.outdir, re.sub(r"\x1b\[[0-9;]*m", "", app.warning.getvalue())
        finally:
            app.cleanup()

    return build


def page(text):
    return {"index.md": f"# Title\n\n{text}\n\n```{{toctree}}\nrecord\n```\n", "record.md": LEDGER}


def article(out, name="index"):
    text = (out / f"{name}.html").read_text(encoding="utf-8")
    return text[text.index('<div class="body"') :]
