"""Start the machine's Chromium for the page tests, without any request of its own; and what they look for on pages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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
    page.wait_for_function("width => innerWidth === width", arg=width)
