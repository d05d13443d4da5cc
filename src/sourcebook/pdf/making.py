"""Make the PDF: assemble, set the parts side by side, join them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from sourcebook.pdf import front, joining, setting
from sourcebook.pdf.assembly import BUILT, Assembly, assemble

PDF = "_build/pdf/convergence-and-divergence.pdf"


def make(root: Path, say: Callable[[str], None] = print) -> Path:
    """Print the built book under `root`, and return where the PDF is.

    Raises
    ------
    MissingTool
        If Pango or a font is missing.
    PrintError
        If a page cannot be printed as it is.
    """
    began = time.perf_counter()
    setting.engine()  # told at once, and not after the work
    book, edition = assemble(root), front.read_edition(root)
    some, every = book.kept
    say(
        f"  {len(book.pages)} pages, {book.charts} charts, {len(book.bound)} numbers, {some} of {every} computed values and rows"
    )
    site = Path(root, BUILT)
    sources = setting.chapter_sources(book, edition)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        longest_first = sorted(sources, key=lambda source: -len(source.html))
        jobs = {source.name: pool.submit(setting.set_alone, site, source) for source in longest_first}
        parts, labels = [], dict[str, str]()
        for source in sources:
            parts.append(part := jobs[source.name].result())
            labels |= joining.page_labels(part)
            say(f"  {source.name}: set after {time.perf_counter() - began:.1f} s")
        before = pool.submit(setting.set_alone, site, setting.front_source(book, edition, labels)).result()
    made = joining.join([before, *parts], descriptions(book))
    path = root / PDF
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(made)
    say(f"  {len(made) / 1e6:.1f} MB after {time.perf_counter() - began:.1f} s")
    return path


def descriptions(book: Assembly) -> Mapping[str, str]:
    """Return what is said of each place that a link leads to: its first words."""
    told: dict[str, str] = {}
    for page in book.pages:
        told[page.place.slug] = f"Chapter {page.place.number}: {page.title}" if page.place.number else page.title
        if page.place.part:
            told[front.part_id(page.place.part)] = page.place.part
        for element in page.article.xpath(".//*[@id]"):
            captions = element.xpath("./figcaption/p[1] | ./caption")
            words = " ".join((captions[0] if captions else element).text_content().split())
            told[element.get("id")] = f"{words[:100].rsplit(' ', 1)[0]} …" if len(words) > 100 else words
    return told
