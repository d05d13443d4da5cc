"""What axe-core finds on pages with a card open and on pages of the record."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from chromium import AXE, LINKS, OPEN

PAGES = (
    "index", "book/corridors", "book/methods", "notebooks/01-diplomacy", "book/ledger", "book/ledger-conflicts",
    "book/record-did-2026", "book/record-zeeshan-2024", "book/references",
)  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_with_a_card_open_nor_on_the_record_pages(site, chrome, width, theme):
    context = chrome.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    page = context.new_page()
    found = []
    for name in PAGES:
        page.goto((site / f"{name}.html").as_uri())
        if page.locator(LINKS).count():
            page.keyboard.press("Tab")
            page.locator(LINKS).first.evaluate("a => a.focus({focusVisible: true})")
            page.wait_for_selector(OPEN)
        for violation in Axe().run(page, options=AXE).response["violations"]:
            nodes = [node["html"][:160] for node in violation["nodes"][:3]]
            found.append(f"{name}: {violation['id']}: {nodes}")
    context.close()
    assert found == []
