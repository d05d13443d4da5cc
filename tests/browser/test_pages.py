"""Single pages as a reader meets them: a number's link, a figure's data, print; and a run without a browser."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from chromium import until

from sourcebook.paths import ROOT


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
    assert re.search(r"Debian: sudo apt-get install chromium-headless-shell \| macOS: .* \| Windows: ", told[0])
    assert re.search(r"[1-9]\d* passed, 1 skipped", done.stdout)
    assert done.returncode == 1
