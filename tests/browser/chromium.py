"""Start the machine's Chromium for the page tests, without any request of its own; and what they look for on pages."""

from __future__ import annotations

import functools
import gzip
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import axe_playwright_python
from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-quic",
]  # fmt: skip
OPEN = "[popover]:popover-open"
LINKS = "a.evidence"
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "preload": False,  # axe would fetch stylesheets, which the policy of a page forbids
    "resultTypes": ["violations"],  # to write out what passed takes as long as to look, on a page of the record
}


def executable() -> str:
    """Return the browser's path.

    Raises
    ------
    FileNotFoundError
        If there is none; the message says how to install one.
    """
    for name in NAMES:
        if found := shutil.which(name):
            return found
    raise FileNotFoundError(
        "a browser is missing. Debian: sudo apt-get install chromium | macOS: brew install --cask chromium | "
        "Windows: winget install Chromium"
    )


@contextmanager
def browser() -> Iterator[Any]:
    """Yield a headless browser."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable(), args=QUIET)
        try:
            yield started
        finally:
            started.close()


def pages_with_numbers(site: Path) -> list[Path]:
    """Return the pages that have bound numbers."""
    return [p for p in sorted(site.rglob("*.html")) if 'id="evidence-records"' in p.read_text(encoding="utf-8")]


def resize(page: Any, width: int) -> None:
    """Make a page as wide as this, and wait until it knows: opening it again takes most of a second."""
    page.set_viewport_size({"width": width, "height": 760})
    until(page, f"innerWidth === {width}")


def until(page: Any, expression: str) -> None:
    """Wait until an expression holds; Playwright's own way evaluates in the page, which the policy of ours forbids."""
    for _ in range(600):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never came: {expression}")


COLOURS = ("color-contrast", "link-in-text-block")
PLACES = ("target-size", "scrollable-region-focusable")
ENTRIES = 12
"""How many entries of a list, or rows of a table, are looked at for colours and places: one is made as the next, and
what these rules take grows with the square of a page. Every other rule sees the whole page."""
AXE_STATES = (
    (1280, "light", (*COLOURS, *PLACES)), (1280, "dark", COLOURS), (390, "dark", COLOURS),
    (390, "light", (*COLOURS, *PLACES)), (320, "light", PLACES),
)  # fmt: skip
_SHORTEN = """count => document.querySelectorAll("dl.evidence-entries, tbody")
    .forEach(list => [...list.children].slice(count).forEach(item => item.remove()))"""


@functools.lru_cache(maxsize=1)
def axe_source() -> str:
    """Return axe-core itself, to be put into a page once for several runs."""
    return next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")


def axe_everywhere(page: Any) -> list[str]:
    """Return what axe-core finds on a page as it is, and then in light and dark at three widths; it is cut short."""
    page.evaluate(axe_source())
    # what ends the run of a rule ends it for this page alone
    rules = {rule: {"enabled": False} for rule in (*COLOURS, *PLACES)}
    found = [_told("whole", v) for v in page.evaluate("o => axe.run(o)", {**AXE, "rules": rules})["violations"]]
    page.evaluate(_SHORTEN, ENTRIES)
    for width, theme, few in AXE_STATES:
        page.emulate_media(color_scheme=theme)
        resize(page, width)
        options = {**AXE, "runOnly": list(few)}
        found += [_told(f"{width} {theme}", v) for v in page.evaluate("o => axe.run(o)", options)["violations"]]
    return found


def _told(state: str, violation: Any) -> str:
    return f"{state}: {violation['id']}: {[node['html'][:160] for node in violation['nodes'][:3]]}"


def all_pages(site: Path) -> list[Path]:
    """Return every page of the book, the search too."""
    return [p for p in sorted(site.rglob("*.html")) if "_static" not in p.relative_to(site).parts]


def weight(urls: list[str]) -> int:
    """Return what files that a page asked for weigh, as a host sends them: text compressed."""
    paths = {Path(unquote(urlsplit(url).path)) for url in urls if url.startswith("file:")}
    return sum(_sent(path) for path in paths)


@functools.cache
def _sent(path: Path) -> int:
    content = path.read_bytes()
    return len(content) if path.suffix in (".png", ".woff2", ".zip") else len(gzip.compress(content, 6))
