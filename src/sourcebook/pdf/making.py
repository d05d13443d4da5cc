"""Make the PDF: assemble, set the parts side by side, join them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

from sourcebook.pdf import front, joining, setting
from sourcebook.pdf.assembly import BUILT, Assembly, assemble

PDF = "_build/pdf/convergence-and-divergence.pdf"


def make(root: Path, say: Callable[[str], None] = print, pool: Executor | None = None) -> Path:
    """Print the built book under `root`, and return where the PDF is.

    Parameters
    ----------
    say
        What is told of its progress.
    pool
        Where parts are set; two processes of its own where there is none.

    Raises
    ------
    MissingTool
        If Pango or a font is missing.
    PrintError
        If a page cannot be printed as it is.
    """
    began = time.perf_counter()
    with pool or ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        warm = [pool.submit(setting.warm) for _ in range(2)]  # while the pages are put together
        try:
            book, edition = assemble(root), front.read_edition(root)
        finally:
            for done in warm:
                done.result()  # what is missing here is told before what is wrong with a page
        some, every = book.kept
        say(
            f"  {len(book.pages)} pages, {book.charts} charts, {len(book.bound)} numbers, {some} of {every} computed values and rows"
        )
        site, labels, volume = Path(root, BUILT), dict[str, str](), joining.Volume()
        parts = _set(pool, site, setting.chapter_sources(book, edition))
        told = descriptions(book)
        for part, name in parts:
            labels |= joining.page_labels(part)
            volume.append(part)
            say(f"  {name}: set after {time.perf_counter() - began:.1f} s")
        front_matter = setting.front_source(book, edition, labels)
        volume.prepend(pool.submit(setting.set_alone, site, front_matter).result())
    made = volume.finished(told)
    path = root / PDF
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(made)
    say(f"  {len(made) / 1e6:.1f} MB after {time.perf_counter() - began:.1f} s")
    return path


def _set(pool: Executor, site: Path, sources: Sequence[setting.Source]) -> Iterator[tuple[joining.Part, str]]:
    """Begin to set parts two at a time, and return them in their order; figures wait for the number of their first page."""
    waiting = [source for source in sources if source.name == setting.FIGURES]
    rest = sorted((s for s in sources if s not in waiting), key=lambda s: (s.name != setting.CHAPTERS, -len(s.html)))
    jobs = {source.name: pool.submit(setting.set_alone, site, source) for source in rest[:2]}
    for source in waiting:
        after = joining.pages(jobs[setting.CHAPTERS].result())
        jobs[source.name] = pool.submit(setting.set_alone, site, replace(source, first=after + 1))
    jobs |= {source.name: pool.submit(setting.set_alone, site, source) for source in rest[2:]}
    return ((jobs[source.name].result(), source.name) for source in sources)


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
