"""From the tree to pages: WeasyPrint, the print stylesheet, and what the machine must have for them."""

from __future__ import annotations

import copy
import gc
import io
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from html import escape
from itertools import takewhile
from pathlib import Path
from typing import Any

import lxml.html

from sourcebook.pdf import flow, fonts, front, lettering, patches
from sourcebook.pdf.assembly import PICTURES, Assembly, Page
from sourcebook.pdf.joining import BETWEEN, Part, mend
from sourcebook.pdf.problems import MissingTool, PrintError

CHAPTERS, FIGURES = "chapters", "chapters with figures"
VARIANT = "pdf/ua-1"
STYLE = Path(__file__).parent / "print.css"
PANGO = (
    "Pango, which sets the type of the PDF, is missing. "
    "Debian: sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 | macOS: brew install pango | "
    "Windows: winget install MSYS2.MSYS2, then in its shell: pacman -S mingw-w64-ucrt-x86_64-pango"
)
FONTS = (
    "fonts of the PDF are missing below src/sourcebook/pdf/fonts ({names}). They come with the repository on every "
    "system, Debian, macOS and Windows: git checkout -- src/sourcebook/pdf/fonts"
)


def engine() -> Any:
    """Return WeasyPrint, once everything that it needs is there.

    Raises
    ------
    MissingTool
        If Pango or a font is missing.
    """
    if absent := fonts.missing_files():
        raise MissingTool(FONTS.format(names=", ".join(absent)))
    try:
        with redirect_stdout(io.StringIO()):  # where it prints a paragraph of its own before it fails
            import weasyprint
    except OSError as error:  # it loads Pango on import
        raise MissingTool(PANGO) from error
    return weasyprint


@dataclass(frozen=True)
class Source:
    """A part of the book as HTML."""

    name: str
    html: str
    style: str
    prefix: str = ""
    first: int = 1
    """The number of its first page."""
    arranged: bool = False
    """Whether figures may go behind the paragraphs after them, where that fills a page."""


def chapter_sources(book: Assembly, edition: front.Edition) -> list[Source]:
    """Return the chapters, those with figures apart, and each appendix, whose pages begin with its letter."""
    parts: dict[str, list[Page]] = {}
    name = CHAPTERS
    for page in book.pages:
        first = page.place.number[:1]
        if page.place.part:  # it begins a sheet
            name = f"appendix {first}" if first.isalpha() else FIGURES if _has_figures(book, page) else name
        if first.isalpha():
            name = f"appendix {first}"
        parts.setdefault(name, []).append(page)
    ids = {
        key: {i for p in pages for i in p.article.xpath("descendant-or-self::*/@id")} for key, pages in parts.items()
    }
    return [
        Source(
            name,
            _document(book, edition, "appendix" if letter else "main", _chapters(pages, ids[name]), letter),
            "D",
            letter,
            arranged=name == FIGURES,
        )
        for name, pages in parts.items()
        for letter in (name.removeprefix("appendix ") if name.startswith("appendix ") else "",)
    ]


def _has_figures(book: Assembly, opening: Page) -> bool:
    """Return whether the part that a page opens has figures."""
    after = book.pages[book.pages.index(opening) + 1 :]
    part = [opening, *takewhile(lambda page: not page.place.part, after)]
    return any(page.article.xpath(".//figure[@id]") for page in part)


def front_source(book: Assembly, edition: front.Edition, labels: Mapping[str, str]) -> Source:
    """Return title page, imprint, contents and lists; `labels` are the numbers of the pages that they name."""
    parts = (
        front.title_page(book, edition),
        front.imprint(book, edition),
        front.contents(book, labels),
        front.lists(book, labels),
    )
    return Source("front", _document(book, edition, "before", parts), "r")


def _document(book: Assembly, edition: front.Edition, name: str, parts: Iterable[str], letter: str = "") -> str:
    plan = book.plan
    stamp = f"{edition.as_of or '1970-01-01'}T00:00:00Z"
    title = f"{plan.title}: {plan.subtitle}" if plan.subtitle else plan.title
    head = (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="author" content="{escape(plan.author)}">'
        f'<meta name="description" content="{escape(edition.told)}"><meta name="generator" content="sourcebook">'
        f'<meta name="dcterms.created" content="{stamp}"><meta name="dcterms.modified" content="{stamp}">'
        f'</head><body><main class="{name}" data-book="{escape(plan.title)}" data-letter="{letter}">'
    )
    return "\n".join([head, *parts, "</main></body></html>"])


def _chapters(pages: Iterable[Page], ids: set[str]) -> Iterator[str]:
    """Yield the pages of a part; a link out of it is an address until the parts are joined."""
    for page in pages:
        place, article = page.place, copy.deepcopy(page.article)
        for link in article.xpath('.//a[starts-with(@href, "#")]'):
            if link.get("href")[1:] not in ids:
                link.set("href", BETWEEN + link.get("href")[1:])
        kinds = [article.get("class")]
        if article.xpath('.//dl[contains(@class, "evidence-entries")]'):
            kinds.append("record")
        if place.part:
            kinds.append("opens")
            name, _, caption = place.part.partition(": ")
            label = f'<span class="part-number">{escape(name)}</span> {escape(caption)}'
            yield f'<h1 class="part" id="{front.part_id(place.part)}">{label}</h1>'
        article.set("class", " ".join(kinds))
        yield lxml.html.tostring(article, encoding="unicode")


@contextmanager
def _heard() -> Iterator[list[str]]:
    """Collect what WeasyPrint warns of."""
    warnings: list[str] = []

    class Warned(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            warnings.append(record.getMessage())

    logger, handler = logging.getLogger("weasyprint"), Warned(logging.WARNING)
    before = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    try:
        yield warnings
    finally:
        logger.removeHandler(handler)
        logger.level, logger.propagate = before


def set_part(site: Path, source: Source) -> Part:
    """Set a part of the book whose pictures are below `site`.

    Raises
    ------
    MissingTool
        If Pango or a font is missing.
    PrintError
        If WeasyPrint warns: of a style that it does not know, or a picture that it cannot draw.
    """
    weasyprint = engine()
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Pictures(URLFetcher):
        """Find pictures in the built book and fonts in the package; nothing else is fetched."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith(PICTURES):
                path = site / url.removeprefix(PICTURES)
                kind = "image/svg+xml" if path.suffix == ".svg" else f"image/{path.suffix[1:]}"
                drawn = path.read_bytes()
                drawn = lettering.with_text(drawn) if path.suffix == ".svg" else drawn
                return URLFetcherResponse(url, drawn, {"Content-Type": kind})
            return super().fetch(url, headers)

    fetcher, faces = Pictures(allowed_protocols={"file", "data"}), FontConfiguration()
    with _heard() as warnings, patches.patched():
        rules = fonts.rules(lettering.faces()) + STYLE.read_text(encoding="utf-8")
        rules += f"@page :first {{ counter-reset: page {source.first} }}" if source.first > 1 else ""
        style = weasyprint.CSS(string=rules, font_config=faces, url_fetcher=fetcher)
        options = {"font_config": faces, "stylesheets": [style], "cache": {}, "pdf_variant": VARIANT}
        pages = weasyprint.HTML(string=source.html, base_url="book:///", url_fetcher=fetcher)
        laid_out = pages.render(**options)
        if source.arranged and (html := flow.arranged(source.html, pages.etree_element, laid_out.pages)):
            laid_out = weasyprint.HTML(string=html, base_url="book:///", url_fetcher=fetcher).render(**options)
        # what it would compress, and hash, `mend` takes apart again
        made: bytes = laid_out.write_pdf(pdf_variant=VARIANT, uncompressed_pdf=True)
    if warnings:
        raise PrintError(f"the print stylesheet or a picture: {warning}" for warning in warnings)
    return Part(mend(made), source.style, source.prefix, source.first)


def warm() -> None:
    """Load WeasyPrint in a process that will soon need it."""
    gc.disable()
    engine()


def set_alone(site: Path, source: Source) -> Part:
    """Do so in a process of its own: the collector finds nothing in a tree that lives to the end, and takes a fifth."""
    gc.disable()
    return set_part(site, source)
