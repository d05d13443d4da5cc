"""Start the machine's Chromium for the page tests; without any request of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-quic",
]  # fmt: skip


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
