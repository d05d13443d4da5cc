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
from pathlib import Path
from typing import Any

import lxml.html

from sourcebook.pdf import fonts, front, lettering, outlines
from sourcebook.pdf.assembly import PICTURES, Assembly, Page
from sourcebook.pdf.joining import BETWEEN, Part, mend
from sourcebook.pdf.problems import MissingTool, PrintError

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


def chapter_sources(book: Assembly, edition: front.Edition) -> list[Source]:
    """Return the chapters as one part, and each appendix, whose pages begin with its letter."""
    parts: dict[str, list[Page]] = {}
    for page in book.pages:
        first = page.place.number[:1]
        parts.setdefault(first if first.isalpha() else "", []).append(page)
    ids = {
        key: {i for p in pages for i in p.article.xpath("descendant-or-self::*/@id")} for key, pages in parts.items()
    }
    return [
        Source(
            f"appendix {letter}" if letter else "chapters",
            _document(book, edition, "appendix" if letter else "main", _chapters(pages, ids[letter]), letter),
            "D",
            letter,
        )
        for letter, pages in parts.items()
    ]


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
    from weasyprint import svg
    from weasyprint.svg.path import path as slow
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

    svg.TAGS["path"] = outlines.draw(slow)
    fetcher, faces = Pictures(allowed_protocols={"file", "data"}), FontConfiguration()
    with _heard() as warnings:
        rules = fonts.rules(lettering.faces()) + STYLE.read_text(encoding="utf-8")
        style = weasyprint.CSS(string=rules, font_config=faces, url_fetcher=fetcher)
        made: bytes = weasyprint.HTML(string=source.html, base_url="book:///", url_fetcher=fetcher).write_pdf(
            stylesheets=[style], font_config=faces, pdf_variant="pdf/ua-1", uncompressed_pdf=True,
        )  # fmt: skip  # what it would compress, and hash, `mend` takes apart again
    if warnings:
        raise PrintError(f"the print stylesheet or a picture: {warning}" for warning in warnings)
    return Part(mend(made), source.style, source.prefix)


def set_alone(site: Path, source: Source) -> Part:
    """Do so in a process of its own: the collector finds nothing in a tree that lives to the end, and takes a fifth."""
    gc.disable()
    return set_part(site, source)
