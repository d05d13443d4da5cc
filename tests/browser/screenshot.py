"""``python tests/browser/screenshot.py out.png``: the picture of the README, from the built book."""

from __future__ import annotations

import sys
from pathlib import Path

from chromium import browser

from sourcebook.paths import ROOT


def main(out: Path) -> None:
    """Take one picture of the diplomacy notebook with a figure in view."""
    with browser() as started:
        page = started.new_page(viewport={"width": 1200, "height": 760}, color_scheme="light")
        page.goto((ROOT / "_build/html/notebooks/01-diplomacy.html").as_uri())
        page.locator("#fig-meetings-by-partner").scroll_into_view_if_needed()
        page.screenshot(path=str(out))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
