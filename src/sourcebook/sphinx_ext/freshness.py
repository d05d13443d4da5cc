"""Warn, hence fail, where a notebook's outputs are older than what they were made from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util import logging

from sourcebook.inputs import STAMP, inputs_digest

logger = logging.getLogger(__name__)


def _check(app: Sphinx, env: Any, docnames: list[str]) -> None:
    stamp = inputs_digest(Path(app.srcdir))
    for docname in sorted(env.found_docs):
        path = Path(env.doc2path(docname))
        if path.suffix == ".ipynb":
            found = json.loads(path.read_text(encoding="utf-8"))["metadata"].get(STAMP)
            if found != stamp:
                message = "outputs are older than data, package or lock: run `make notebooks`"
                logger.warning(message, location=docname, type="sourcebook", subtype="stale")


def setup(app: Sphinx) -> None:
    """Connect the check."""
    app.connect("env-before-read-docs", _check)
