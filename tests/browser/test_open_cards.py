"""The evidence card in a real browser: over every bound number of the book."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from chromium import browser

from whole_book import site  # noqa: F401

OPEN = "[popover]:popover-open"
LINKS = "a.evidence"
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture(scope="module")
def chrome():
    with browser() as started:
        yield started


def pages_with_numbers(site):
    return [p for p in sorted(site.rglob("*.html")) if 'id="evidence-records"' in p.read_text(encoding="utf-8")]


def test_every_bound_number_has_a_card_and_an_entry_that_exists(site):
    anchors, counted = {}, 0
    for path in pages_with_numbers(site):
        html = path.read_text(encoding="utf-8")
        records = set(re.findall(r'"((?:claim|event|derived|series|review)-[a-z0-9-]+)": \{', html))
        for href in re.findall(r'<a class="evidence evidence-[^"]*" href="([^"]*)"', html):
            page, _, fragment = href.partition("#")
            target = (path.parent / page).resolve() if page else path
            if target not in anchors:
                anchors[target] = set(re.findall(r'id="([^"]+)"', target.read_text(encoding="utf-8")))
            assert fragment in anchors[target], f"{path.name}: {href}"
            assert fragment in records, f"{path.name}: {href} has no card"
            counted += 1
    assert counted > 300


def test_every_bound_number_opens_its_card_by_keyboard_and_shows_its_value(site, chrome):
    page = chrome.new_page(viewport={"width": 1280, "height": 900})
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    opened = 0
    for path in pages_with_numbers(site):
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        page.keyboard.press("Tab")
        for i in range(page.locator(LINKS).count()):
            told = page.evaluate(
                """([links, open, i]) => {
                    const link = document.querySelectorAll(links)[i];
                    if (!link.getClientRects().length) return "hidden";
                    link.focus({focusVisible: true});
                    const card = document.querySelector(open);
                    if (!card) return "none";
                    const a = link.getBoundingClientRect(), b = card.getBoundingClientRect();
                    const rects = [...link.getClientRects()];
                    const covers = rects.some(r => r.left < b.right && b.left < r.right && r.top < b.bottom - 1 && b.top < r.bottom - 1);
                    const inside = b.left >= 0 && b.right <= innerWidth && b.top >= 0 && b.bottom <= innerHeight;
                    return covers ? "covers" : inside ? card.textContent : "overflows";
                }""",
                [LINKS, OPEN, i],
            )
            assert told not in ("none", "covers", "overflows"), f"{path.name}: number {i} {told}"
            opened += told != "hidden"
    page.close()
    assert opened > 300
    assert errors == []


@pytest.mark.parametrize("width", [390, 320])
def test_every_bound_number_opens_its_card_by_touch_without_leaving_the_page(site, chrome, width):
    context = chrome.new_context(viewport={"width": width, "height": 760}, has_touch=True)
    page = context.new_page()
    opened = 0
    for path in pages_with_numbers(site):
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        for i in range(page.locator(LINKS).count()):
            box = page.evaluate(
                """([links, i]) => {
                    const link = document.querySelectorAll(links)[i];
                    if (!link.getClientRects().length) return null;
                    link.scrollIntoView({block: "center", inline: "center"});
                    const r = link.getClientRects()[0];
                    return [r.left + r.width / 2, r.top + r.height / 2];
                }""",
                [LINKS, i],
            )
            if box is None:
                continue
            page.touchscreen.tap(*box)
            told = page.evaluate(
                """([open, x, y]) => {
                    const card = document.querySelector(open);
                    if (!card) return "none";
                    const b = card.getBoundingClientRect();
                    const covers = x > b.left && x < b.right && y > b.top && y < b.bottom;
                    const inside = b.left >= 0 && b.right <= innerWidth && b.top >= 0 && b.bottom <= innerHeight;
                    return covers ? "covers" : inside ? "fits" : "overflows";
                }""",
                [OPEN, *box],
            )
            assert told == "fits", f"{path.name}: number {i} {told}"
            page.keyboard.press("Escape")
            opened += 1
        assert page.url == path.as_uri(), "a tap left the page"
    context.close()
    assert opened > 300


def test_the_keyboard_enters_the_card_and_comes_back(site, chrome):
    page = chrome.new_page(viewport={"width": 1280, "height": 900})
    page.goto((site / "index.html").as_uri())
    page.keyboard.press("Tab")
    link = page.locator(LINKS).first
    link.evaluate("a => a.focus({focusVisible: true})")
    page.keyboard.press("Tab")
    assert page.evaluate(f"document.querySelector('{OPEN}').contains(document.activeElement)")
    page.keyboard.press("Escape")
    assert page.locator(OPEN).count() == 0
    assert link.evaluate("a => a === document.activeElement")
    page.close()


def test_without_javascript_a_number_is_a_link_to_its_entry(site, chrome):
    context = chrome.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    page.locator(LINKS).first.click()
    assert re.search(r"record-.*\.html#claim-", page.url)
    assert page.locator(":target").count() == 1
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_with_a_card_open_nor_on_the_record_pages(site, chrome, width, theme):
    context = chrome.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    page = context.new_page()
    found = []
    for name in ("index", "book/ledger-conflicts", "book/record-did-2026", "book/record-zeeshan-2024", "book/methods"):
        page.goto((site / f"{name}.html").as_uri())
        if page.locator(LINKS).count():
            page.keyboard.press("Tab")
            page.locator(LINKS).first.evaluate("a => a.focus({focusVisible: true})")
            page.wait_for_selector(OPEN)
        for violation in Axe().run(page, options=WCAG).response["violations"]:
            nodes = [node["html"][:160] for node in violation["nodes"][:3]]
            found.append(f"{name}: {violation['id']}: {nodes}")
    context.close()
    assert found == []


def test_a_filter_hides_what_was_not_asked_for_and_shows_all_again(site, chrome):
    page = chrome.new_page()
    page.goto((site / "book/record-wakhan-2025.html").as_uri())
    entries = page.locator("dl.evidence-entries > dt:visible")
    every = entries.count()
    page.select_option('.record-filter select[name="verdict"]', "contradicts")
    few = entries.count()
    assert 0 < few < every / 2
    assert page.locator(".record-filter output").inner_text() == f"{few} of {every} entries"
    page.click(".record-filter button[type=reset]")
    page.wait_for_timeout(50)
    assert entries.count() == every
    page.close()


def test_a_card_opens_within_fifty_milliseconds_of_script(site, chrome):
    page = chrome.new_page(viewport={"width": 1280, "height": 900})
    page.goto((site / "book/mining-and-transit.html").as_uri())
    page.keyboard.press("Tab")
    times = page.evaluate(
        """links => [...document.querySelectorAll(links)].slice(0, 20).map(link => {
            const before = performance.now();
            link.focus({focusVisible: true});
            return performance.now() - before;
        })""",
        LINKS,
    )
    assert sorted(times)[len(times) // 2] <= 50
    page.close()
