"""The book's own scripts as they are published: without comments and blanks, which are a quarter of what they weigh.

They are read in `static`, where each says what it does and why.
"""

from __future__ import annotations

from pathlib import Path

import rjsmin
from sphinx.application import Sphinx

from sourcebook.sphinx_ext import theme


def published(script: str) -> str:
    """Return a script without comments and blanks; its strings and what it does are the same."""
    return str(rjsmin.jsmin(script)) + "\n"


def _publish(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.format != "html":
        return
    for source in sorted(theme.STATIC.glob("*.js")):
        copied = Path(app.outdir, "_static", source.name)
        if copied.is_file():
            copied.write_text(published(source.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


def setup(app: Sphinx) -> None:
    """Publish them when all files are copied."""
    app.connect("build-finished", _publish)
