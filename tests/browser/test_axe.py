"""What axe-core finds on an evidence card; the pages themselves are looked at by `test_every_page`."""

from __future__ import annotations

import pytest
from chromium import LINKS, OPEN, axe_of, resize, until

PAGES = ("index", "book/corridors", "book/methods", "notebooks/01-diplomacy", "book/judgements")
STATES = ((1280, "light"), (390, "dark"), (1280, "dark"), (320, "light"))


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_on_a_card_nor_on_its_number(site, chrome, name):
    page = chrome.new_page()
    page.goto((site / f"{name}.html").as_uri())
    page.keyboard.press("Tab")
    link = page.locator(LINKS).first
    found = []
    for width, theme in STATES:
        page.emulate_media(color_scheme=theme)
        resize(page, width)
        until(page, f"document.documentElement.dataset.theme === '{theme}'")
        link.evaluate("a => { a.blur(); a.focus({focusVisible: true}); }")
        page.wait_for_selector(OPEN)
        found += [f"{width} {theme}: {told}" for told in axe_of(page, OPEN, f"{LINKS}[aria-expanded=true]")]
        page.keyboard.press("Escape")
        assert page.locator(OPEN).count() == 0
    page.close()
    assert found == []
