"""``python tests/browser/screenshot.py folder``: the pictures of the README, from the built book."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from chromium import browser
from PIL import Image

from sourcebook.paths import ROOT

PICTURES = (
    ("front-page", "index", "h1", 1280, "light"),
    ("figure", "notebooks/01-diplomacy", "#fig-meetings-by-partner", 1200, "light"),
    ("phone", "index", "h1", 390, "dark"),
)
"""Name, page, what is in view, width, colours."""


def main(folder: Path) -> None:
    """Take each picture."""
    with browser() as started:
        for name, page_name, seen, width, theme in PICTURES:
            page = started.new_page(viewport={"width": width, "height": 840}, color_scheme=theme)
            page.goto((ROOT / f"_build/html/{page_name}.html").as_uri())
            page.locator(seen).first.evaluate("e => scrollTo(0, e.getBoundingClientRect().top - 90)")
            page.wait_for_timeout(500)  # pictures come when they are near
            taken = Image.open(io.BytesIO(page.screenshot()))
            few = taken.convert("RGB").quantize(192, dither=Image.Dither.NONE)  # flat colours: half the bytes
            few.save(folder / f"{name}.png", optimize=True)
            page.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
