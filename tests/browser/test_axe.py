"""What axe-core finds on an evidence card; the pages themselves are looked at by `test_every_page`."""

from __future__ import annotations

import pytest
from chromium import LINKS, OPEN, axe_of

PAGES = ("index", "book/corridors", "book/methods", "notebooks/01-diplomacy", "book/judgements")


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark"), (1280, "dark"), (320, "light")])
def test_axe_finds_nothing_on_a_card_nor_on_its_number(site, chrome, width, theme):
    context = chrome.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    page = context.new_page()
    found = []
    for name in PAGES:
        page.goto((site / f"{name}.html").as_uri())
        page.keyboard.press("Tab")
        page.locator(LINKS).first.evaluate("a => a.focus({focusVisible: true})")
        page.wait_for_selector(OPEN)
        found += [f"{name}: {told}" for told in axe_of(page, OPEN, f"{LINKS}[aria-expanded=true]")]
    context.close()
    assert found == []
