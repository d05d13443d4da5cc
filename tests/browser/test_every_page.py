"""Every page of the book as it is published: what it asks for, what it weighs, what its policy and axe-core say."""

from __future__ import annotations

import re

import pytest
from chromium import (
    COLOURS,
    LINKS,
    OPEN,
    POLICY,
    ROOM,
    WIDTHS,
    all_pages,
    axe_makeup,
    axe_rules,
    drawn,
    show,
    thin,
    too_wide,
    until,
    weight,
    widths,
)
from serving import served

from whole_book import published_figures

TEXT, CHART = 120_000, 160_000  # bytes over the wire, before a reader does anything


class Watched:
    """A page with everything that it asked for and complained of."""

    def __init__(self, chrome, **options):
        self.context = chrome.new_context(
            **{"viewport": {"width": 1280, "height": 900}, "bypass_csp": False, **options}
        )
        self.page = self.context.new_page()
        self.page.add_init_script(POLICY)
        self.asked, self.errors = [], []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type in ("error", "warning") else None)

    def open(self, path, width=1280, theme="light"):
        self.asked.clear()
        self.errors.clear()
        self.page.emulate_media(color_scheme=theme, media="screen")
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.goto(path if isinstance(path, str) else path.as_uri())
        self.page.wait_for_load_state("load")
        self.page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 30)))")  # lazy pictures

    @property
    def foreign(self):
        own = ("file:", "data:", "http://127.0.0.1:")
        return [url for url in self.asked if not url.startswith(own)]

    def complaints(self, theme):
        """What a page does that none may, in words."""
        told = [f"asks for {url}" for url in self.foreign]
        pictures = [url.rpartition("/")[2] for url in self.asked if url.endswith(".svg") and "/_images/" in url]
        told += [f"asks for {name}, which is not shown" for name in pictures if ("-dark." in name) != (theme == "dark")]
        told += [f"policy: {broken}" for broken in self.page.evaluate("broken")]
        return told + [f"console: {error}" for error in self.errors]


@pytest.fixture
def watched(chrome):
    opened = []

    def start(**options):
        opened.append(Watched(chrome, **options))
        return opened[-1]

    yield start
    for one in opened:
        one.context.close()


def limit(page, name):
    """What a page may weigh."""
    charts = page.locator(".evidence-figure, .evidence-picture").count()
    return CHART if charts or name == "search.html" else TEXT  # the search has the index, which no other page has


def test_every_page_asks_for_little_keeps_its_policy_and_is_accessible(site, watched):
    """Half of the pages come from a host and half from a file; every other one is light first, and then dark.

    axe looks at two of three widths, and for colours at the first elements of each make in the book; `make weigh` looks
    at all widths, and at the first of each page.
    """
    at, told = watched(), []
    looked, figures, seen = set(), {"light": 0, "dark": 0}, {}
    pages = all_pages(site)
    with served(site) as host:
        for number, path in enumerate([*pages[::2], *pages[1::2]]):  # the browser begins anew between host and file
            name = path.relative_to(site).as_posix()
            themes = ("light", "dark") if number % 2 else ("dark", "light")
            states = dict(zip(themes, widths(name), strict=True))
            looked |= states.items()
            at.open(path if number < len(pages) // 2 else host + name, states[themes[0]], themes[0])
            weighs = weight([url.replace(host, f"{site.as_uri()}/") for url in at.asked])
            faults = [f"weighs {weighs:,} bytes"] if weighs > limit(at.page, name) else []
            faults += at.complaints(themes[0]) + too_wide(at.page, *WIDTHS)
            for theme, width in states.items():
                show(at.page, theme, width)
                count, undrawn = drawn(at.page, theme)
                figures[theme] += count
                found = axe_makeup(at.page) if theme == themes[0] else axe_rules(at.page, ROOM)
                faults += [f"{theme} at {width} px: {fault}" for fault in undrawn + found]
            thin(at.page, seen)
            for theme, width in reversed(states.items()):
                show(at.page, theme, width)
                faults += [f"{theme} at {width} px: {fault}" for fault in axe_rules(at.page, COLOURS)]
            faults += [f"console: {error}" for error in at.errors if f"console: {error}" not in faults]
            told += [f"{name}: {fault}" for fault in faults]
    assert told == []
    assert len(looked) == 6
    assert set(figures.values()) == {published_figures()}


NAME = """nav => nav.ariaLabel
    ?? document.getElementById(nav.getAttribute("aria-labelledby"))?.textContent.trim()"""


@pytest.mark.parametrize("name", ["index", "book/corridors", "notebooks/06-timeline", "book/ledger", "search"])
def test_a_page_of_each_kind_has_one_h1_its_landmarks_and_a_way_past_them(site, watched, name):
    at = watched()
    at.open(site / f"{name}.html")
    count = at.page.evaluate("""() => Object.fromEntries(["h1", "main", "main article", "nav", "meta[name=description]",
        "link[rel=icon]", "#pst-skip-link a[href='#main-content']", "meta[http-equiv=Content-Security-Policy]"]
        .map(s => [s, document.querySelectorAll(s).length]))""")
    assert count["h1"] == count["main"] == count["main article"] == count["link[rel=icon]"] == 1
    assert count["#pst-skip-link a[href='#main-content']"] == 1
    assert count["meta[http-equiv=Content-Security-Policy]"] == 1
    assert count["meta[name=description]"] == (name != "search")
    named = {"Front page", "Main", *(["On this page"] if name != "search" else [])}  # the search has no sections
    assert {nav.evaluate(NAME) for nav in at.page.locator("nav").all()} == named
    assert count["nav"] == len(named)
    if name == "search":  # its field has the focus
        return
    at.page.keyboard.press("Tab")
    assert at.page.evaluate("document.activeElement.textContent") == "Skip to main content"
    at.page.keyboard.press("Enter")
    at.page.keyboard.press("Tab")
    assert at.page.evaluate("Boolean(document.activeElement.closest('main'))")


def test_a_script_that_is_not_the_books_own_does_not_run(site, watched):
    at = watched()
    at.open(site / "index.html")
    at.page.evaluate("""() => { const s = document.createElement("script"); s.textContent = "window.ran = 1";
        document.body.append(s); const p = document.createElement("p"); p.setAttribute("style", "color: red");
        document.body.append(p); new Image().src = "https://example.org/x.png"; }""")
    until(at.page, "broken.length >= 3")
    assert at.page.evaluate("window.ran") is None
    assert {b.split()[0] for b in at.page.evaluate("broken")} == {"script-src-elem", "style-src-attr", "img-src"}


def look_up_corridors(at, address):
    """Search by keys alone, and follow what is found."""
    at.open(f"{address}book/china.html")
    at.page.keyboard.press("Control+k")
    at.page.keyboard.type("corridor")
    at.page.keyboard.press("Enter")
    at.page.wait_for_selector("#search-results li a")
    until(at.page, "document.querySelectorAll('#search-results li a').length > 5")
    assert at.page.url.endswith("search.html?q=corridor")
    found = at.page.locator("#search-results a", has_text=re.compile("^Corridors$"))
    assert found.count() == 1
    found.click()
    at.page.wait_for_url("**/book/corridors.html*")


def test_search_works_from_a_host_by_key_and_leads_to_a_page(site, watched):
    at = watched()
    with served(site) as host:
        look_up_corridors(at, host)
    assert at.foreign == []
    assert at.errors == []


def test_from_a_file_with_the_network_off_search_cards_and_switch_work(site, watched):
    at = watched(offline=True)
    look_up_corridors(at, f"{site.as_uri()}/")
    at.page.keyboard.press("Tab")
    at.page.locator(LINKS).first.evaluate("a => a.focus({focusVisible: true})")
    assert at.page.locator(OPEN).get_by_role("link").count() > 0
    at.page.keyboard.press("Escape")
    at.page.get_by_role("button", name="Documents").press("Enter")
    at.page.get_by_label("DID Press item (2026)").press("Space")
    assert at.page.locator(".left-status").inner_text().startswith("Read without DID Press item (2026).")
    at.page.locator("a[href*='china-russia.html']").first.click()
    at.page.wait_for_url("**/book/china-russia.html*")
    assert at.page.locator(".left-banner").is_visible()
    assert at.page.evaluate("broken") == []
    assert at.foreign == []
    assert at.errors == []


def test_the_index_is_asked_for_by_the_search_alone(site, watched):
    at = watched()
    at.open(site / "index.html")
    assert not [url for url in at.asked if "search" in url]
    at.open(site / "search.html")
    assert [url for url in at.asked if url.endswith("searchindex.js")]


def test_the_colours_are_chosen_by_key_kept_and_there_before_the_first_paint(site, watched):
    at = watched(color_scheme="light")
    at.open(site / "index.html")
    theme = "[document.documentElement.dataset.mode, document.documentElement.dataset.theme]"
    button = at.page.locator(".theme-switch-button")
    seen = [at.page.evaluate(theme)]
    for _ in range(3):
        button.press("Enter")
        seen.append(at.page.evaluate(theme))
    assert seen == [["auto", "light"], ["dark", "dark"], ["light", "light"], ["auto", "light"]]
    button.press("Enter")
    assert button.get_attribute("aria-label") == "Colours: dark"
    at.page.add_init_script("""new MutationObserver((_, seen) => { if (document.body) {
        window.first = document.documentElement.dataset.theme; seen.disconnect(); } })
        .observe(document, {childList: true, subtree: true});""")
    at.open(site / "book/china.html")
    assert at.page.evaluate("first") == "dark"


def test_only_the_picture_of_the_colours_shown_is_loaded_and_the_other_when_they_change(site, watched):
    at = watched(color_scheme="light")
    at.open(site / "index.html")
    loaded = "[...document.querySelectorAll('.evidence-picture img')].map(i => i.complete && i.naturalWidth > 0)"
    until(at.page, f"{loaded}[0]")
    assert at.page.evaluate(loaded) == [True, False]
    at.page.locator(".theme-switch-button").press("Enter")
    until(at.page, f"{loaded}[1]")


def test_the_contents_open_on_a_phone_by_key_close_by_key_and_give_the_focus_back(site, watched):
    at = watched()
    at.open(site / "book/china.html")
    at.page.set_viewport_size({"width": 390, "height": 760})
    for name in ("Contents of the book", "On this page"):
        button = at.page.get_by_role("button", name=name)
        button.press("Enter")
        dialog = at.page.get_by_role("dialog", name=name)
        assert dialog.get_by_role("link").count() > 2
        at.page.keyboard.press("Escape")
        dialog.wait_for(state="hidden")  # a busy machine takes a moment
        assert dialog.count() == 0
        assert button.evaluate("b => b === document.activeElement")


def test_without_javascript_the_page_is_whole_and_no_button_does_nothing(site, watched):
    at = watched(java_script_enabled=False)
    for name, width in (("index", 1280), ("notebooks/01-diplomacy", 390)):
        at.page.set_viewport_size({"width": width, "height": 800})
        at.page.goto((site / f"{name}.html").as_uri())
        assert at.page.locator("button:visible").count() == 0
        assert at.page.locator("main h1").is_visible()
        assert at.page.locator("nav a:visible").count() > 20
        assert at.page.locator("img.only-light:visible").count() == at.page.locator("img.only-light").count() > 0
        assert at.page.locator("a.evidence:visible").count() > 0
    at.page.goto((site / "search.html").as_uri())
    assert "needs JavaScript" in at.page.locator("main").inner_text()


def test_a_printed_page_has_the_text_and_its_pictures_and_nothing_to_press(site, watched):
    at = watched(color_scheme="dark")
    at.open(site / "notebooks/03-minerals.html", theme="dark")
    at.page.emulate_media(media="print")
    until(at.page, "document.documentElement.dataset.theme === 'light'")
    for gone in ("#pst-primary-sidebar", ".bd-header-article", ".prev-next-footer", "#pst-search-dialog"):
        assert not at.page.locator(gone).first.is_visible(), gone
    assert at.page.locator("main h1").is_visible()
    at.page.pdf()
    lazy = "[...document.querySelectorAll('.evidence-figure img.only-light')].filter(i => !(i.complete && i.naturalWidth)).length"
    until(at.page, f"{lazy} === 0")
