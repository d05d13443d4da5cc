"""What is changed in WeasyPrint 70 while the book is set; it is pinned, and a test says when it no longer fits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sourcebook.pdf import outlines

NARROWER = 1.0
"""px by which a line is set narrower where Pango ended it without need."""


@contextmanager
def patched() -> Iterator[None]:
    """Draw paths at once, and break lines where they are full."""
    from weasyprint import svg
    from weasyprint.layout import inline

    slow, split = svg.TAGS["path"], inline.split_first_line
    svg.TAGS["path"] = outlines.draw(slow)
    inline.split_first_line = full(split)
    try:
        yield
    finally:
        svg.TAGS["path"] = slow
        inline.split_first_line = split


def full(split: Callable[..., Any]) -> Callable[..., Any]:
    """Return how a first line is split off, and once more where less than half of it was filled.

    Pango 1.50 ends the line after a word or two where a text fits but for the blank at its end ("Amu" stood alone above
    "TV. Taliban terminate …"). A pixel less, and it does not. A line that a long word leaves short comes out the same.
    """

    def first_line(text: str, style: Any, context: Any, max_width: Any, *rest: Any, **named: Any) -> Any:
        found = split(text, style, context, max_width, *rest, **named)
        resume, width = found[2], found[3]
        if resume is None or max_width is None or not width < max_width / 2 < float("inf"):
            return found
        again = split(text, style, context, max_width - NARROWER, *rest, **named)
        return again if width < again[3] <= max_width else found

    return first_line
