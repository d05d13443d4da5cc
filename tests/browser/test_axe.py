"""What axe-core finds on pages with a card open and on pages of the record."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from chromium import AXE, LINKS, OPEN

PAGES = (
    "index", "book/corridors", "book/methods", "notebooks/01-diplomacy", "book/ledger", "book/ledger-conflicts",
    "book/record-did-2026", "book/record-zeeshan-2024", "book/references",
)  # fmt: skip

SHORTEN = """document.querySelectorAll(
    ".evidence-entries > :nth-child(n+60), table tbody > :nth-child(n+60)").forEach((entry) => entry.remove())"""
"""Entries of a list are made alike by one function: sixty show what hundreds would, in a tenth of the time."""


@pytest.mark.parametrize(
    ("width", "theme", "names"),
    [(1280, "light", PAGES), (390, "dark", PAGES), (1280, "dark", PAGES[:2]), (390, "light", PAGES[:2])],
    ids=["desktop-light", "phone-dark", "desktop-dark", "phone-light"],
)
def test_axe_finds_nothing_with_a_card_open_nor_on_the_record_pages(site, chrome, width, theme, names):
    context = chrome.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    page = context.new_page()
    found = []
    for name in names:
        page.goto((site / f"{name}.html").as_uri())
        page.evaluate(SHORTEN)
        if page.locator(LINKS).count():
            page.keyboard.press("Tab")
            page.locator(LINKS).first.evaluate("a => a.focus({focusVisible: true})")
            page.wait_for_selector(OPEN)
        for violation in Axe().run(page, options=AXE).response["violations"]:
            nodes = [node["html"][:160] for node in violation["nodes"][:3]]
            found.append(f"{name}: {violation['id']}: {nodes}")
    context.close()
    assert found == []
