"""What axe-core finds on an evidence card, and what is left of a page for it; `test_every_page` looks at the pages."""

from __future__ import annotations

import pytest
from chromium import ALIKE, COLOURS, LINKS, OPEN, axe_makeup, axe_of, axe_rules, show, thin

PAGES = ("index", "book/corridors", "book/methods", "notebooks/01-diplomacy", "book/judgements")
STATES = ((1280, "light"), (390, "dark"), (1280, "dark"), (320, "light"))


@pytest.mark.parametrize(("number", "name"), enumerate(PAGES))
def test_axe_finds_nothing_on_a_card_nor_on_its_number(site, chrome, number, name):
    """In two states on each page: a card is made alike on all of them."""
    page = chrome.new_page()
    page.goto((site / f"{name}.html").as_uri())
    thin(page, {})  # axe reads all of a page, to look at a card
    page.keyboard.press("Tab")
    link = page.locator(LINKS).first
    found = []
    for width, theme in (STATES * 2)[number % 4 :][:2]:
        show(page, theme, width)
        link.evaluate("a => { a.blur(); a.focus({focusVisible: true}); }")
        page.wait_for_selector(OPEN)
        found += [f"{width} {theme}: {told}" for told in axe_of(page, OPEN, f"{LINKS}[aria-expanded=true]")]
        page.keyboard.press("Escape")
        assert page.locator(OPEN).count() == 0
    page.close()
    assert found == []


PALE = "<style>.pale { color: #bbb; background: #fff }</style>"
LIKE = "<p class='like'>Words that are <b>read</b>.</p>" * 30


def contrast(page, body, seen):
    page.set_content(f"<html lang='en'><title>A page</title>{PALE}<main><h1>A page</h1>{body}</main></html>")
    told = [fault.partition(":")[0] for fault in axe_makeup(page)]
    thin(page, seen)
    return told + [fault.partition(":")[0] for fault in axe_rules(page, COLOURS)]


@pytest.mark.parametrize(
    "body",
    [
        LIKE + "<p class='like'>Words that are <em class='pale'>pale</em>.</p>",
        LIKE + "<p class='pale'>Pale words.</p>",
        LIKE.replace("<b>", "<b class='pale'>"),
        LIKE + "<section><p class='like pale'>Pale words.</p></section>",
    ],
)
def test_what_is_left_of_a_page_for_the_rules_of_colours_has_one_of_each_make(chrome, body):
    page = chrome.new_page()
    seen = {}
    assert contrast(page, LIKE, seen) == []
    assert contrast(page, body, seen) == ["color-contrast"]
    page.close()


def test_what_was_looked_at_on_pages_before_is_not_looked_at_again(chrome):
    page = chrome.new_page()
    seen = {}
    contrast(page, LIKE, seen)
    contrast(page, LIKE, seen)
    assert page.locator("p").count() == 0
    contrast(page, LIKE, {})
    assert page.locator("p").count() == ALIKE
    page.close()
