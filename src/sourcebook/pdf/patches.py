"""What is changed in WeasyPrint 70 while the book is set; it is pinned, and a test says when it no longer fits."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TextIO
from xml.etree import ElementTree

import lxml.html

from sourcebook.pdf import outlines

NARROWER = 1.0
"""px by which a line is set narrower where Pango ended it without need."""


OF_LINES = (
    "direction", "font_family", "font_feature_settings", "font_kerning", "font_language_override", "font_size",
    "font_stretch", "font_style", "font_variant_alternates", "font_variant_caps", "font_variant_east_asian",
    "font_variant_ligatures", "font_variant_numeric", "font_variant_position", "font_variation_settings",
    "font_weight", "hyphenate_character", "hyphenate_limit_chars", "hyphenate_limit_zone", "hyphens", "lang",
    "letter_spacing", "overflow_wrap", "tab_size", "text_decoration_line", "white_space", "word_break",
    "word_spacing",
)  # fmt: skip
"""Every property of a style that `weasyprint.text.line_break` and `weasyprint.text.fonts` read to split a line."""


@contextmanager
def patched() -> Iterator[None]:
    """Draw paths at once, break lines where they are full and only once, read documents by lxml, and name pages once."""
    import pydyf
    import tinyhtml5
    from weasyprint import svg
    from weasyprint.layout import inline, preferred

    changes: list[tuple[Any, str, Any]] = [
        (inline, "split_first_line", remembered(full(inline.split_first_line))),
        (preferred, "split_first_line", remembered(preferred.split_first_line)),
        (tinyhtml5, "parse", tree),
        (pydyf.PDF, "page_references", property(page_references)),
    ]
    slow, before = svg.TAGS["path"], [(holder, name, getattr(holder, name)) for holder, name, _ in changes]
    svg.TAGS["path"] = outlines.draw(slow)
    for holder, name, value in changes:
        setattr(holder, name, value)
    try:
        yield
    finally:
        svg.TAGS["path"] = slow
        for holder, name, value in before:
            setattr(holder, name, value)


def remembered(split: Callable[..., Any]) -> Callable[..., Any]:
    """Return how a first line is split off, done once for the same text, style and width.

    Columns of tables are measured word by word, running heads come on every page, and a part whose figures are moved is
    laid out twice.
    """
    known: dict[Any, Any] = {}
    styles: dict[int, tuple[str, Any]] = {}  # by identity, with the style itself, that no other takes its place

    def first_line(text: str, style: Any, context: Any, *rest: Any, **named: Any) -> Any:
        if id(style) not in styles:
            styles[id(style)] = str([style[name] for name in OF_LINES]), style
        key = text, styles[id(style)][0], rest, *named.items()
        if key not in known:
            known[key] = split(text, style, context, *rest, **named)
        layout, *measures = known[key]
        return copy.copy(layout), *measures  # justified text would change it

    return first_line


def tree(document: TextIO, **_: Any) -> ElementTree.Element:
    """Return what tinyhtml5 makes of a document that lxml wrote, in a tenth of the time."""
    read = lxml.html.document_fromstring(document.read())
    return ElementTree.fromstring(lxml.html.tostring(read, method="xml"))


def page_references(pdf: Any) -> Sequence[bytes]:
    """Return how the pages of a PDF are named in it; pydyf names them all anew for each tag and link."""
    kids = pdf.pages["Kids"][::3]
    known: list[bytes] = pdf.__dict__.setdefault("_page_references", [])
    if len(known) != len(kids):
        known[:] = [f"{number} 0 R".encode() for number in kids]
    return known


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
