"""Words of other languages on a page say which, so that a screen reader pronounces them and hyphens fall right.

``languages.csv`` lists them. Names that English has taken over (Xinhua, Taliban) are not in it. What a page marks
itself stays as it is; titles stay plain, since Sphinx copies them into menus and ``<title>``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

LIST = Path(__file__).with_suffix(".csv")
CLASS = "language-"  # docutils makes the attribute `lang` of a class that begins so
PLAIN = (nodes.title, nodes.literal, nodes.literal_block, nodes.raw, nodes.comment)


@lru_cache(maxsize=1)
def languages() -> Mapping[str, str]:
    """Return the language of each expression."""
    with LIST.open(encoding="utf-8", newline="") as lines:
        return {row["words"]: row["language"] for row in csv.DictReader(lines)}


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(languages(), key=lambda words: (-len(words), words))
    return re.compile(rf"\b({'|'.join(re.escape(words) for words in longest_first)})\b")


def marked(text: str) -> list[nodes.Node]:
    """Return a text as nodes in which the expressions name their language."""
    parts = _pattern().split(text)
    return [
        nodes.inline("", part, classes=[f"{CLASS}{languages()[part]}"]) if at % 2 else nodes.Text(part)
        for at, part in enumerate(parts)
        if part
    ]


def _stays(text: nodes.Text) -> bool:
    at = text.parent
    while at is not None:
        if isinstance(at, PLAIN) or at.get("lang") or any(name.startswith(CLASS) for name in at.get("classes", ())):
            return True
        at = at.parent
    return False


class Languages(SphinxPostTransform):
    """Mark what is listed, in pages only."""

    default_priority = 900  # when references are resolved: their words may be on the list
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Mark each text."""
        for text in list(self.document.findall(nodes.Text)):
            if _pattern().search(text) and not _stays(text):
                text.parent.replace(text, marked(text))


def setup(app: Sphinx) -> None:
    """Mark when a page is written."""
    app.add_post_transform(Languages)
