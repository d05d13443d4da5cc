"""Warn, hence fail, where a notebook's outputs are older than what they were made from, or were not made at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util import logging

from sourcebook.inputs import OUTPUTS, STAMP, inputs_digest, outputs_digest

logger = logging.getLogger(__name__)


def _check(app: Sphinx, env: Any, docnames: list[str]) -> None:
    stamp = inputs_digest(Path(app.srcdir))
    for docname in sorted(env.found_docs):
        path = Path(env.doc2path(docname))
        if path.suffix == ".ipynb":
            notebook = json.loads(path.read_text(encoding="utf-8"))
            if notebook["metadata"].get(STAMP) != stamp:
                message = "outputs are older than data, package or lock: run `make notebooks`"
                logger.warning(message, location=docname, type="sourcebook", subtype="stale")
            if notebook["metadata"].get(OUTPUTS) != outputs_digest(notebook):
                message = "code or outputs are not as they were executed: run `make notebooks`"
                logger.warning(message, location=docname, type="sourcebook", subtype="edited")


def setup(app: Sphinx) -> None:
    """Connect the check."""
    app.connect("env-before-read-docs", _check)
