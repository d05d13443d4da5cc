"""Every page as a reader meets it: opened from a file, at desktop and phone width, light and dark."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from chromium import resize, until

from sourcebook.paths import ROOT
from whole_book import published_figures

# Of each figure, the pictures that are not hidden: whether it was drawn, and for which theme.
SHOWN = """() => Promise.all([...document.querySelectorAll(".evidence-figure")].map((figure) => Promise.all(
    [...figure.querySelectorAll("img")].filter((image) => image.getClientRects().length).map(async (image) => {
        image.loading = "eager"; // it comes when it is near, and no reader scrolls here
        return [await image.decode().then(() => image.naturalWidth > 0, () => false), image.className];
    }))))"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def page_paths(site):
    return [
        p
        for p in sorted(site.rglob("*.html"))
        if "_static" not in p.parts and p.name not in ("search.html", "genindex.html")
    ]


def test_pages_fit_and_draw_every_picture(site, chrome):
    page = chrome.new_page(color_scheme="light")
    errors, drawn = [], {"light": 0, "dark": 0}
    page.on("pageerror", lambda error: errors.append(str(error)))
    for path in page_paths(site):
        resize(page, 1280)
        page.emulate_media(color_scheme="light")
        page.goto(path.as_uri())
        # what fits does not hang on the colours, and which picture is drawn not on the width
        for width, theme in ((1280, "light"), (390, ""), (320, "dark")):
            resize(page, width)
            overflow = page.evaluate(OVERFLOW)
            assert overflow <= 0, f"{path.name} is {overflow} px wider than {width} px"
            if theme and page.locator(".evidence-figure").count():
                page.emulate_media(color_scheme=theme)
                until(page, f"document.documentElement.dataset.theme === '{theme}'")
                for shown in page.evaluate(SHOWN):
                    assert shown == [[True, f"only-{theme}"]], f"{path.name}: {shown}"
                    drawn[theme] += 1
    page.close()
    assert set(drawn.values()) == {published_figures()}
    assert errors == []


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


def test_a_dark_page_is_printed_light_and_is_dark_again(site, chrome):
    page = chrome.new_page(color_scheme="dark")
    page.goto((site / "notebooks/01-diplomacy.html").as_uri())
    theme = "document.documentElement.dataset.theme"
    picture = page.locator(".evidence-figure img:visible").first
    for media, expected in (("screen", "dark"), ("print", "light"), ("screen", "dark")):
        page.emulate_media(media=media, color_scheme="dark")
        until(page, f"{theme} === '{expected}'")
        assert picture.get_attribute("class") == f"only-{expected}"
    page.evaluate(f"addEventListener('beforeprint', () => {{ window.printed = {theme}; }})")
    page.pdf()
    assert page.evaluate("printed") == "light"
    assert page.evaluate(theme) == "dark"
    page.goto((site / "book/record-wakhan-2025.html").as_uri())
    page.emulate_media(media="print")
    assert not page.locator(".record-filter select").first.is_visible()
    page.close()


def test_the_browser_knows_what_the_pages_use(chrome):
    page = chrome.new_page()
    assert page.evaluate("'popover' in HTMLElement.prototype && CSS.supports('selector(:has(a))')")
    page.close()


def test_without_a_browser_one_line_names_the_commands_the_rest_runs_and_the_run_fails():
    here = Path(__file__)
    wanted = [f"{here}::test_the_browser_knows_what_the_pages_use", str(here.parents[1] / "test_errors.py")]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *wanted]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PATH": ""}, capture_output=True, text=True, check=False
    )
    told = [line for line in done.stdout.splitlines() if "browser is missing" in line]
    assert len(told) == 1, done.stdout + done.stderr
    assert re.search(r"Debian: sudo apt-get install chromium \| macOS: .* \| Windows: ", told[0])
    assert re.search(r"[1-9]\d* passed, 1 skipped", done.stdout)
    assert done.returncode == 1
