"""The source switch in a real browser: what it marks and tells, against what is computed from the record."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import combinations, product
from types import MappingProxyType

import pytest
from chromium import OPEN, THEMES, WIDTHS, axe_of, show, too_wide

import small_book
from sourcebook.ledger import Ledger
from sourcebook.remainder import EVERY, left, subsets

FIVE = ("csrs-2024", "did-2026", "rehalem-2025", "wakhan-2025", "zeeshan-2024")
ALL = [frozenset(some) for size in range(1, 6) for some in combinations(FIVE, size)]
NUMBERED = re.compile(r"(claim|event|stance|citation|conflict|question|derived|judgement)-(.+)")

# What is shown of every bound number.
MARKS = """() => {
    const found = {};
    for (const link of document.querySelectorAll("a.evidence")) {
        const note = link.nextElementSibling?.classList.contains("left-note") ? link.nextElementSibling : null;
        const gone = link.hasAttribute("data-gone");
        const told = gone ? null : note ? /\\[(.*)\\]$/.exec(note.textContent)[1] : "";
        const key = link.hash.slice(1);
        if (key in found && found[key] !== told) throw new Error(`${key} is told in two ways`);
        if (Boolean(note) !== (told !== "")) throw new Error(`${key} is marked and not told`);
        found[key] = told;
    }
    return found;
}"""
# The same for each of the choices: made by the boxes, as a reader makes them.
SHOWN = f"""(choices) => {{
    const boxes = [...document.querySelectorAll(".left-panel input")];
    return choices.map((away) => {{
        for (const box of boxes) box.checked = !away.includes(box.value);
        boxes[0].dispatchEvent(new Event("change", {{bubbles: true}}));
        return [({MARKS})(), document.querySelector(".left-status").textContent];
    }});
}}"""


# The picture that is shown for each of the choices.
PICTURES = """async (choices) => {
    const boxes = [...document.querySelectorAll(".left-panel input")];
    const picture = document.querySelector(".picture-of--alignment-matrix img.only-light");
    const shown = [];
    for (const away of choices) {
        for (const box of boxes) box.checked = !away.includes(box.value);
        boxes[0].dispatchEvent(new Event("change", {bubbles: true}));
        await picture.decode();
        shown.push({width: picture.naturalWidth, src: picture.getAttribute("src"), alt: picture.alt});
    }
    return shown;
}"""


def address(page):
    """Where the page says that it is: the browser's driver learns of a rewritten address a moment later."""
    return page.evaluate("location.href")


@cache
def expected(ledger, name, away):
    """What shall be shown of a record: blank where nothing changes, None where nothing is left."""
    match = NUMBERED.fullmatch(name)
    if match is None:
        return ""  # published elsewhere
    now, full = (left(ledger, match[1], match[2], documents) for documents in (away, frozenset()))
    return "" if now == full else now


def test_for_every_choice_the_marks_and_counts_are_those_of_the_record(site, chrome):
    ledger = Ledger.load()
    assert set(subsets(ledger)) == set(ALL)
    page = chrome.new_page(viewport={"width": 1280, "height": 900})
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    marked = changed = 0
    for path in sorted(site.rglob("*.html")):
        if 'class="evidence evidence-' not in path.read_text(encoding="utf-8"):
            continue
        page.goto(path.as_uri())
        for away, (found, told) in zip(ALL, page.evaluate(SHOWN, [sorted(some) for some in ALL]), strict=True):
            wanted = {name: expected(ledger, name, away) for name in found}
            assert found == wanted, f"{path.name} without {sorted(away)}"
            assert all(ledger.sources[document].short_name in told for document in away)
            marked += sum(text is None for text in found.values())
            changed += sum(bool(text) for text in found.values())
    page.close()
    assert marked > 1000
    assert changed > 1000
    assert errors == []


def test_of_a_large_library_one_document_is_set_aside_at_a_time(book, tmp_path, monkeypatch, chrome):
    like = book.sources["did-2026"]
    more = {f"made-{n}-2025": replace(like, source_id=f"made-{n}-2025", short_name=f"Made {n}") for n in range(EVERY)}
    large = replace(book, sources=MappingProxyType({**book.sources, **more}))
    monkeypatch.setattr(Ledger, "load", classmethod(lambda cls, root, **options: large))
    small_book.lay_out(tmp_path / "book")
    bound = (
        "{claim}`215 meetings <china-meetings>`",
        "{voices}`attacks-on-chinese-pakistan`",
        "{event}`2024 <wakhan-shoigu-kabul>`",
    )
    home = '```{raw} html\n<main class="bd-article"></main>\n```\n\n'  # the plain theme of a small book has none
    pages = small_book.page(home + " and ".join(bound))
    pages["record.md"] += "\n```{events} wakhan-2025\n```\n\n```{questions}\n```\n"
    out, _ = small_book.build(tmp_path / "book", pages)
    at = chrome.new_page()
    at.goto((out / "index.html").as_uri() + "?without=wakhan-2025,csrs-2024")  # of two the later counts
    at.wait_for_selector(".left-banner:not([hidden])")
    at.get_by_role("button", name="Documents").click()
    names = at.locator(".left-panel input").evaluate_all("boxes => boxes.map(box => box.value)")
    assert names == sorted(large.sources)
    seen = set()
    for name in [*names, "wakhan-2025"]:
        at.locator(f'.left-panel input[value="{name}"]').click()
        away = frozenset({name})
        assert at.locator(".left-panel input:not(:checked)").evaluate_all("b => b.map(box => box.value)") == [name]
        assert address(at).endswith(f"?without={name}")
        assert at.locator(".left-status").inner_text().startswith(f"Read without {large.sources[name].short_name}.")
        found = at.evaluate(MARKS)
        assert found == {key: expected(large, key, away) for key in found}
        seen |= set(found.values())
    assert len(found) == len(bound)
    assert {None, ""} < seen  # gone, standing, and a count that changes
    at.locator('.left-panel input[value="wakhan-2025"]').click()
    assert at.locator(".left-panel input:not(:checked)").count() == 0
    assert "without" not in address(at)
    at.close()


def test_the_entries_of_a_document_that_is_set_aside_are_marked(site, chrome):
    page = chrome.new_page()
    page.goto((site / "book/record-zeeshan-2024.html").as_uri() + "?without=zeeshan-2024")
    page.wait_for_selector(".left-banner")
    ledger = Ledger.load()
    away = frozenset({"zeeshan-2024"})
    wanted = [
        f"claim-{c.claim_id}"
        for c in ledger.claims_of("zeeshan-2024")
        if left(ledger, "claim", c.claim_id, away) is None
    ]
    shown = page.evaluate("[...document.querySelectorAll('dt[data-gone] [id^=claim-]')].map(e => e.id)")
    assert sorted(shown) == sorted(wanted)
    assert wanted
    page.close()


def test_a_link_with_a_choice_opens_on_it_and_the_choice_lasts_over_pages(site, chrome):
    context = chrome.new_context()
    page = context.new_page()
    page.goto((site / "index.html").as_uri() + "?without=csrs-2024,did-2026,nobody-1999")
    page.wait_for_selector(".left-banner")
    assert "CSRS brief (2024) and DID Press item (2026)" in page.locator(".left-status").inner_text()
    assert address(page).endswith("index.html?without=csrs-2024,did-2026")
    link = page.locator(".bd-article").get_by_role("link", name="China and Russia").first
    assert "?without=csrs-2024,did-2026" in link.get_attribute("href")  # where storage is forbidden, links carry it
    link.click()
    page.wait_for_selector(".left-banner")
    assert address(page).endswith("book/china-russia.html?without=csrs-2024,did-2026")
    page.goto((site / "book/china.html").as_uri())  # an address without a choice: what was chosen in this tab
    page.wait_for_selector(".left-banner")
    page.get_by_role("button", name="Read with all").click()
    assert address(page).endswith("book/china.html")
    assert page.locator(".left-note").count() == 0
    page.goto((site / "book/russia.html").as_uri())
    assert not page.locator(".left-banner").is_visible()
    context.close()


def test_the_matrix_follows_and_every_other_figure_says_that_it_does_not(site, chrome):
    page = chrome.new_page()
    page.goto((site / "index.html").as_uri())
    picture = page.locator(".picture-of--alignment-matrix img.only-light")
    before = picture.get_attribute("src"), picture.get_attribute("alt")
    for shown in page.evaluate(PICTURES, [sorted(away) for away in ALL]):
        assert shown["width"] > 100
        assert shown["src"] != before[0]
        assert shown["alt"].startswith("Drawn without ")
    page.goto((site / "index.html").as_uri() + "?without=")
    assert (picture.get_attribute("src"), picture.get_attribute("alt")) == before
    page.goto((site / "notebooks/08-audit.html").as_uri() + "?without=rehalem-2025")
    page.wait_for_selector(".left-figure")
    for figure in page.locator("figure.evidence-figure").all():
        marks = figure.locator("a.evidence[data-gone], a.evidence[data-changed]").count()
        assert figure.locator(".left-figure").count() == (marks > 0)
        if marks:
            assert figure.locator(".left-figure").inner_text().startswith("Drawn with all documents: ")
    page.close()


def test_a_judgement_says_which_grounds_are_gone(site, chrome):
    page = chrome.new_page()
    page.goto((site / "index.html").as_uri() + f"?without={','.join(FIVE)}")
    page.wait_for_selector(".left-banner")
    ledger = Ledger.load()
    told = page.evaluate(
        "[...document.querySelectorAll('[class*=\"left-of--judgement-\"] + .left-note')].map(e => /\\[(.*)\\]/.exec(e.textContent)[1])"
    )
    wanted = [left(ledger, "judgement", key, frozenset(FIVE)) for key in ledger.judgements]
    assert told == [text for text in wanted if text]
    assert len(told) > 4
    page.goto((site / "book/judgements.html").as_uri() + f"?without={','.join(FIVE)}")
    page.wait_for_selector(".left-banner")
    gone = page.locator("[class*='left-of--ground-'] + .left-note").count()
    assert gone == sum(int(n) for text in told for n in re.findall(r"(\d+) of", text))
    page.close()


def test_the_card_of_a_number_tells_what_is_left_of_it(site, chrome):
    page = chrome.new_page()
    page.goto((site / "book/china-russia.html").as_uri() + "?without=csrs-2024")
    page.wait_for_selector(".left-banner")
    page.keyboard.press("Tab")
    page.locator("a.evidence[data-gone]").first.evaluate("a => a.focus({focusVisible: true})")
    assert "Without what is set aside: rests only on what is set aside" in page.locator(OPEN).inner_text()
    page.close()


@pytest.mark.parametrize("name", ["index", "book/china-russia"])
def test_axe_finds_nothing_with_the_switch_open(site, chrome, name):
    at = chrome.new_page()
    at.goto((site / f"{name}.html").as_uri() + "?without=csrs-2024")
    at.wait_for_selector(".left-banner")
    at.get_by_role("button", name="Documents").click()
    assert at.locator(".left-panel").is_visible()
    for theme, width in product(THEMES, WIDTHS):
        show(at, theme, width)
        assert axe_of(at, ".left-panel", ".left-banner", "[data-gone]") == [], (theme, width)
        assert too_wide(at, width) == []
        box = at.locator(".left-panel").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    at.close()


def test_keys_set_a_document_aside_and_bring_it_back(site, chrome):
    page = chrome.new_page(viewport={"width": 320, "height": 760})
    page.goto((site / "book/china.html").as_uri())
    toggle = page.get_by_role("button", name="Documents")
    toggle.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert "without=csrs-2024" in address(page)
    assert page.locator(".left-status").inner_text().startswith("Read without CSRS brief (2024).")
    page.keyboard.press("Escape")
    assert not page.locator(".left-panel").is_visible()
    assert toggle.evaluate("b => b === document.activeElement")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert "without" not in address(page)
    page.close()


def test_a_finger_sets_a_document_aside(site, chrome):
    context = chrome.new_context(viewport={"width": 320, "height": 760}, has_touch=True)
    page = context.new_page()
    page.goto((site / "book/china.html").as_uri())
    page.get_by_role("button", name="Documents").tap()
    page.get_by_label("DID Press item (2026)").tap()
    assert address(page).endswith("?without=did-2026")
    for box in page.locator(".left-panel label").all():
        assert box.bounding_box()["height"] >= 24
    page.touchscreen.tap(160, 700)
    assert not page.locator(".left-panel").is_visible()
    context.close()


def test_without_javascript_there_is_no_switch(site, chrome):
    context = chrome.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "index.html").as_uri() + "?without=csrs-2024")
    assert page.locator(".left-control, .left-banner, .left-note").count() == 0
    context.close()


def test_the_switch_is_off_by_default_and_changes_nothing(site, chrome):
    page = chrome.new_page()
    page.goto((site / "book/china-russia.html").as_uri())
    assert page.locator(".left-banner").is_hidden()
    assert page.locator("[data-gone], [data-changed], .left-note, .left-figure").count() == 0
    assert address(page).endswith("china-russia.html")
    page.close()
