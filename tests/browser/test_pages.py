"""Every page as a reader meets it: opened from a file, at desktop and phone width, light and dark."""

from __future__ import annotations

import pytest
from chromium import executable, resize

from whole_book import published_figures


def page_paths(site):
    return [
        p
        for p in sorted(site.rglob("*.html"))
        if "_static" not in p.parts and p.name not in ("search.html", "genindex.html")
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("widths", [(1280,), (390, 320)], ids=["desktop", "phones"])
def test_pages_open_from_a_file_fit_and_draw_every_picture(site, chrome, widths, theme):
    context = chrome.new_context(color_scheme=theme)
    page = context.new_page()
    errors, foreign = [], []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "request", lambda request: None if request.url.startswith(("file:", "data:")) else foreign.append(request.url)
    )
    pictures = dict.fromkeys(widths, 0)
    for path in page_paths(site):
        resize(page, widths[0])
        page.goto(path.as_uri())
        page.wait_for_load_state("load")
        for width in widths:
            resize(page, width)
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert overflow <= 0, f"{path.name} is {overflow} px wider than {width} px"
            shown = page.evaluate(
                "[...document.querySelectorAll('.evidence-figure')].map(f => [...f.querySelectorAll('img')]"
                ".filter(i => i.getClientRects().length).map(i => [i.naturalWidth, i.className]))"
            )
            for images in shown:
                assert len(images) == 1, f"{path.name}: {images}"
                assert images[0][0] > 0, f"{path.name}: a picture was not drawn"
                assert images[0][1] == f"only-{theme}"
                pictures[width] += 1
    context.close()
    assert set(pictures.values()) == {published_figures()}
    assert errors == []
    assert foreign == []


def test_a_bound_number_leads_to_its_entry_by_a_click(site, chrome):
    page = chrome.new_page()
    page.goto((site / "book/russia.html").as_uri())
    page.get_by_role("link", name="215 meetings").click()
    assert page.url.endswith("book/record-wakhan-2025.html#claim-china-meetings")
    assert page.locator("#claim-china-meetings").evaluate(
        "e => { const r = e.getBoundingClientRect(); return r.top >= 0 && r.top < innerHeight }"
    )


def test_the_data_of_a_figure_open_without_script(site, chrome):
    context = chrome.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "notebooks/01-diplomacy.html").as_uri())
    figure = page.locator("#fig-meetings-by-partner")
    assert not figure.locator("table").is_visible()
    figure.locator("summary").click()
    assert figure.locator("tbody tr").count() == 15
    assert figure.locator("table").is_visible()
    context.close()


def test_a_missing_browser_is_one_line_that_names_the_commands(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(FileNotFoundError, match=r"Debian: .*apt-get install chromium \| macOS: .* \| Windows: "):
        executable()
