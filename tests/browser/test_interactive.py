"""The plot behind a figure in a real browser: asked for, drawn, stepped through, closed, printed, refused."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
from chromium import POLICY, axe_of, show, until
from serving import Quiet, served

from sourcebook.models import PLOTLY_MIME
from sourcebook.palette import DARK, PALETTE
from sourcebook.paths import ROOT

PAGE = "notebooks/06-timeline.html"
FIGURE = "#fig-events-since-2021"
NAME = "Explore this figure: events since 2021"
POINTS = f"{FIGURE} .figure-canvas .points .point"


def marks():
    """Points with a record in the stored plot."""
    notebook = json.loads((ROOT / "notebooks/06-timeline.ipynb").read_text(encoding="utf-8"))
    (plot,) = [
        output["data"][PLOTLY_MIME]
        for cell in notebook["cells"]
        for output in cell.get("outputs", ())
        if PLOTLY_MIME in output.get("data", {})
    ]
    return [reference for trace in plot["data"] for reference in trace.get("customdata", ())]


class Reader:
    """A page as a reader opens it, with everything it asked for and complained of."""

    def __init__(self, chrome, address, **options):
        self.context = chrome.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        self.page = self.context.new_page()
        self.errors, self.asked = [], []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(address)

    @property
    def button(self):
        return self.page.get_by_role("button", name=NAME, exact=True)

    def explore(self):
        self.button.focus()
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector(f"{FIGURE} .figure-explore[aria-busy=false]")
        assert self.page.locator(POINTS).count()

    def sizes(self):
        """How wide and high the plot is, and what it stands in."""
        return self.page.locator(f"{FIGURE} .figure-canvas").evaluate("""c => {
            const plot = c.querySelector(".main-svg").getBoundingClientRect();
            return [[plot.width, plot.height], [c.clientWidth, c.clientHeight]].map(size => size.map(Math.round));
        }""")

    def overflow(self):
        return self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.fixture
def reader(site, chrome):
    """Open the page; options are those of a browser context."""
    opened = []

    def start(**options):
        opened.append(Reader(chrome, (site / PAGE).as_uri(), **options))
        return opened[-1]

    yield start
    for one in opened:
        one.context.close()


def test_the_plot_comes_when_it_is_asked_for_by_key_fits_and_is_accessible(reader):
    at = reader()
    assert not [url for url in at.asked if "plotly" in url]
    for width, theme in ((320, "light"), (1280, "dark"), (390, "dark"), (1280, "light")):
        show(at.page, theme, width)
        at.explore()
        assert at.page.locator(POINTS).count() == len(marks())
        assert at.button.get_attribute("aria-expanded") == "true"
        assert at.button.evaluate("b => b === document.activeElement")
        assert not at.page.locator(f"{FIGURE} .figure-picture").is_visible()
        assert at.overflow() <= 0, (width, theme)
        plot, canvas = at.sizes()
        assert plot == canvas, (width, theme)
        at.page.get_by_role("button", name="Next point").press("Enter")
        assert axe_of(at.page, FIGURE) == [], (width, theme)
        at.page.keyboard.press("Escape")
        assert at.button.get_attribute("aria-expanded") == "false"
    assert [url for url in at.asked if not url.startswith(("file:", "data:"))] == []
    assert at.errors == []


def test_the_button_is_reached_by_tabbing(reader):
    at = reader()
    at.page.evaluate(f"document.querySelector('{FIGURE}').closest('.cell').previousElementSibling.scrollIntoView()")
    before = at.page.locator(f"{FIGURE}").evaluate_handle("f => f.closest('.cell')")
    before.evaluate("c => { c.tabIndex = -1; c.focus(); }")
    for _ in range(6):
        at.page.keyboard.press("Tab")
        if at.button.evaluate("b => b === document.activeElement"):
            break
    assert at.button.evaluate("b => b.matches(':focus-visible')")


def test_escape_closes_the_plot_and_gives_the_picture_back(reader):
    at = reader()
    at.explore()
    at.page.keyboard.press("Tab")
    at.page.keyboard.press("Escape")
    assert at.button.get_attribute("aria-expanded") == "false"
    assert at.button.evaluate("b => b === document.activeElement")
    assert at.page.locator(f"{FIGURE} .figure-picture img:visible").count() == 1
    assert not at.page.locator(f"{FIGURE} div.figure-plot").is_visible()
    at.page.keyboard.press("Enter")
    at.page.wait_for_selector(POINTS)
    assert sum("plotly.min.js" in url for url in at.asked) == 1


def test_the_first_points_are_told_by_keys_and_lead_to_their_entries(reader):
    at = reader()
    at.explore()
    told = at.page.locator(f"{FIGURE} .figure-told")
    following = at.page.get_by_role("button", name="Next point")
    for reference in marks()[:12]:
        following.press("Enter")
        assert told.locator("a").get_attribute("href").endswith(f"#{reference.replace(':', '-')}")
        assert at.page.locator(f"{FIGURE} .hoverlayer .hovertext").count() == 1
    assert told.get_attribute("role") == "status"
    at.page.get_by_role("button", name="Previous point").press("Enter")
    assert told.locator("a").get_attribute("href").endswith(f"#{marks()[10].replace(':', '-')}")
    told.locator("a").click()
    at.page.wait_for_selector(":target", state="attached")


def test_a_point_that_is_clicked_is_told(reader):
    at = reader()
    at.explore()
    point = at.page.locator(POINTS).last
    point.scroll_into_view_if_needed()
    box = point.bounding_box()
    at.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    at.page.wait_for_selector(f"{FIGURE} .figure-told a")


def test_the_colours_follow_the_page(reader):
    at = reader(color_scheme="light")
    at.explore()
    strokes = f"[...document.querySelectorAll('{POINTS}')].map(p => getComputedStyle(p).stroke)"

    def rgb(color):
        return f"rgb({', '.join(str(int(color[i : i + 2], 16)) for i in (1, 3, 5))})"

    assert rgb(PALETTE["china"]) in at.page.evaluate(strokes)
    at.page.evaluate("document.documentElement.dataset.theme = 'dark'")
    until(at.page, f"({strokes}).includes('{rgb(DARK[PALETTE['china']])}')")
    assert rgb(PALETTE["china"]) not in at.page.evaluate(strokes)


def test_a_finger_scrolls_the_page_over_the_plot(reader):
    at = reader(viewport={"width": 390, "height": 760}, has_touch=True, is_mobile=True)
    at.button.tap()
    at.page.wait_for_selector(POINTS)
    at.page.evaluate(f"document.querySelector('{FIGURE} .figure-canvas').scrollIntoView()")
    before = at.page.evaluate("scrollY")
    touch = at.context.new_cdp_session(at.page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": 200, "y": 600}]})
    for step in range(1, 21):
        point = {"x": 200, "y": 600 - step * 10}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        at.page.wait_for_timeout(16)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    until(at.page, f"scrollY > {before} + 100")


def test_nothing_moves_for_a_reader_who_asked_for_less_motion(reader):
    at = reader(reduced_motion="reduce")
    at.explore()
    moving = f"[...document.querySelectorAll('{FIGURE} .figure-canvas *')].filter(e => parseFloat(getComputedStyle(e).transitionDuration))"
    assert at.page.evaluate(f"{moving}.length") == 0


def test_without_script_and_on_paper_there_is_the_picture_alone(reader):
    at = reader(java_script_enabled=False)
    assert at.page.locator(".figure-explore").count() == 0
    assert at.page.locator(f"{FIGURE} .figure-picture img:visible").count() == 1
    printed = reader()
    printed.explore()
    printed.page.emulate_media(media="print")
    assert not printed.button.is_visible()
    assert not printed.page.locator(f"{FIGURE} div.figure-plot").is_visible()
    assert printed.page.locator(f"{FIGURE} .figure-picture img:visible").count() == 1


def test_a_plot_that_cannot_be_loaded_says_so_and_can_be_asked_for_again(site, chrome):
    with served(site, Quiet) as address:
        at = Reader(chrome, address + PAGE)
        at.page.route("**/plotly.min.js", lambda route: route.abort())
        at.button.click()
        at.page.wait_for_selector(f"{FIGURE} .figure-told:has-text('could not be loaded')")
        assert at.page.locator(f"{FIGURE} .figure-picture img:visible").count() == 1
        at.button.click()
        at.page.unroute("**/plotly.min.js")
        at.explore()
        assert at.page.locator(POINTS).count() == len(marks())
        at.context.close()


def test_the_stylesheet_has_the_rules_that_plotly_would_write(site, chrome):
    page = chrome.new_page()
    page.goto((site / PAGE).as_uri())
    page.add_script_tag(path=str(files("plotly") / "package_data" / "plotly.min.js"))
    written = "[...document.getElementById('plotly.js-style-global').sheet.cssRules].map(r => r.cssText).sort()"
    own = page.evaluate(written)
    assert len(own) > 40
    sheet = next(site.rglob("plotly.css")).read_text(encoding="utf-8")
    ours = "text => { const s = new CSSStyleSheet(); s.replaceSync(text); return [...s.cssRules].map(r => r.cssText).sort(); }"
    assert page.evaluate(ours, sheet) == own
    page.close()


def test_the_plot_keeps_the_policy_of_its_page_also_from_a_file_with_the_network_off(site, chrome):
    at = Reader(chrome, "about:blank", bypass_csp=False, offline=True)
    at.page.add_init_script(POLICY)
    at.page.goto((site / PAGE).as_uri())
    at.explore()
    at.page.get_by_role("button", name="Next point").click()
    at.page.locator(f"{FIGURE} .modebar-btn").nth(2).click()
    at.page.wait_for_timeout(300)
    assert at.page.evaluate("broken") == []
    assert at.errors == []
    assert at.page.locator(f"{FIGURE} .modebar").evaluate("m => getComputedStyle(m).position") == "absolute"
    at.context.close()
