"""The evidence card in a real browser: where it leads, what it shows, and what stands beside it; `test_touch` opens every one."""

from __future__ import annotations

import json
import re

import pytest
from chromium import LINKS, OPEN, pages_with_numbers

from small_book import HOSTILE, hostile_book  # noqa: F401  -- a fixture


def test_every_bound_number_has_a_card_and_an_entry_that_exists(site):
    anchors, counted = {}, 0
    for path in pages_with_numbers(site):
        html = path.read_text(encoding="utf-8")
        records = set(
            re.findall(
                r'"((?:claim|event|derived|series|review|conflict|stance|judgement|question)-[a-z0-9-]+)": \{', html
            )
        )
        for href in re.findall(r'<a class="evidence evidence-[^"]*" href="([^"]*)"', html):
            page, _, fragment = href.partition("#")
            target = (path.parent / page).resolve() if page else path
            if target not in anchors:
                anchors[target] = set(re.findall(r'id="([^"]+)"', target.read_text(encoding="utf-8")))
            assert fragment in anchors[target], f"{path.name}: {href}"
            assert fragment in records, f"{path.name}: {href} has no card"
            counted += 1
    assert counted > 2000


def test_a_card_that_opens_has_no_more_than_itself_styled_anew(site, chrome):
    page = chrome.new_page(viewport={"width": 1280, "height": 900})
    page.goto((site / "notebooks/08-audit.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.wait_for_timeout(300)  # what was opened has its style by then
    page.keyboard.press("Tab")
    chrome.started.start_tracing(page=page, categories=["devtools.timeline"])
    for i in range(5):
        page.locator(LINKS).nth(i).evaluate("a => a.focus({focusVisible: true})")
        assert page.locator(OPEN).count() == 1
    events = json.loads(chrome.started.stop_tracing())["traceEvents"]
    styled = [
        e["args"]["elementCount"] for e in events if e["name"] == "UpdateLayoutTree" and "elementCount" in e["args"]
    ]
    page.close()
    assert len(styled) > 5
    assert max(styled) < 1000  # of four thousand


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


def test_what_the_record_holds_is_text_in_the_card_and_runs_from_right_to_left(hostile_book, chrome):
    page = chrome.new_page()
    alerts = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    page.goto((hostile_book / "index.html").as_uri())
    page.keyboard.press("Tab")
    page.locator(LINKS).first.evaluate("a => a.focus({focusVisible: true})")
    card = page.locator(OPEN)
    quote = card.locator("blockquote")
    assert quote.evaluate("q => q.textContent") == HOSTILE
    assert quote.evaluate("q => getComputedStyle(q).direction") == "rtl"
    assert card.locator(".evidence-card-title").evaluate("p => p.textContent") == f"{HOSTILE}: {HOSTILE}"
    assert card.locator("script, b").count() == 0
    page.goto((hostile_book / "record.html").as_uri())
    quoted = page.locator("dd em.quoted").filter(has_text=HOSTILE)
    assert quoted.count() == 1
    assert quoted.evaluate("q => getComputedStyle(q).unicodeBidi") == "plaintext"
    assert alerts == []
    page.close()


def test_without_javascript_a_number_is_a_link_to_its_entry(site, chrome):
    context = chrome.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    page.locator(LINKS).first.click()
    page.locator(":target").wait_for(state="attached")  # the address changes before the page is there
    assert re.search(r"/book/[a-z0-9-]+\.html#[a-z]+-", page.url)
    assert page.locator(":target").count() == 1
    context.close()


# For every choice: how many entries it says it leaves, and how many it does.
CHOOSE_ALL = """() => {
    const form = document.querySelector(".record-filter");
    return [...form.querySelectorAll("select")].flatMap(select => [...select.options].slice(1).map(option => {
        select.value = option.value;
        form.dispatchEvent(new Event("change"));
        const entries = document.querySelectorAll("dl.evidence-entries > dt:not([hidden])");
        const said = Number(option.text.match(/\\((\\d+)\\)$/)[1]);
        select.value = "";
        return { option: option.text, said, shown: entries.length };
    }));
}"""


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


def test_a_power_is_found_with_all_who_act_for_it_by_its_name(site, chrome):
    page = chrome.new_page()
    page.goto((site / "book/record-rehalem-2025.html").as_uri())
    actors = page.locator('.record-filter select[name="actor"]')
    named = actors.locator("option").all_inner_texts()
    assert any(name.startswith("Taliban government (") for name in named)
    actors.select_option(label=next(name for name in named if name.startswith("Taliban government (")))
    assert page.locator("dt:has(#claim-rehalem-takeover-years)").is_visible()  # of the movement, which took power
    assert page.locator("dt:has(#event-rehalem-omar-lu-shulin)").is_visible()  # of Mullah Omar
    assert not page.locator("dt:has(#claim-rehalem-policy-periods)").is_visible()
    page.close()


@pytest.mark.parametrize(
    ("name", "facets"),
    [
        ("record-rehalem-2025", ["actor", "conflict", "domain", "origin", "verdict"]),
        ("ledger", ["document", "domain", "kind"]),
        ("ledger-conflicts", ["document", "kind", "severity"]),
        ("ledger-derived", ["topic", "unit"]),
        ("ledger-reviews", ["document", "domain", "source", "verdict"]),
        ("record-stances", ["coders", "document", "domain", "modality", "relation"]),
    ],
)
def test_every_choice_of_a_filter_leaves_as_many_entries_as_it_says(site, chrome, name, facets):
    page = chrome.new_page()
    page.goto((site / f"book/{name}.html").as_uri())
    assert page.locator(".record-filter select").evaluate_all("s => s.map(s => s.name)") == facets
    told = page.evaluate(CHOOSE_ALL)
    assert [choice for choice in told if choice["said"] != choice["shown"]] == []
    assert [choice for choice in told if not choice["shown"]] == []
    page.close()


def test_a_card_opens_within_fifty_milliseconds_of_script(site, chrome):
    page = chrome.new_page(viewport={"width": 1280, "height": 900})
    page.goto((site / "book/corridors.html").as_uri())
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
