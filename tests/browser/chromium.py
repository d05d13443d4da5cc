"""Start the machine's Chromium for the page tests, without any request of its own; and what they look for on pages."""

from __future__ import annotations

import functools
import gzip
import json
import shutil
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import axe_playwright_python
from playwright.sync_api import sync_playwright

WHOLE = ("chromium", "chromium-browser", "google-chrome")
NAMES = ("chromium-headless-shell", *WHOLE)
"""The shell alone, where it is there, is the same engine without windows: the page tests take two thirds of the time."""
QUIET = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-quic",
]  # fmt: skip
MISSING = "a browser is missing."
POLICY = """window.broken = [];
    addEventListener("securitypolicyviolation", e => broken.push(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`));"""
"""Run before a page's own scripts: it keeps what the page's policy stopped."""
OPEN = "[popover]:popover-open"
LINKS = "a.evidence"
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "preload": False,  # axe would fetch stylesheets, which a page opened from a file may not
    "resultTypes": ["violations"],  # to write out what passed takes as long as to look, on a page of the record
}


def executable(names: Sequence[str] = NAMES) -> str:
    """Return the path of the first of these browsers that is there.

    Raises
    ------
    FileNotFoundError
        If there is none; the message says how to install one.
    """
    for name in names:
        if found := shutil.which(name):
            return found
    raise FileNotFoundError(
        f"{MISSING} Debian: sudo apt-get install chromium-headless-shell | macOS: brew install --cask chromium | "
        "Windows: winget install Chromium"
    )


@contextmanager
def browser() -> Iterator[Any]:
    """Yield a headless browser."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable(), args=QUIET)
        try:
            yield started
        finally:
            started.close()


def pages_with_numbers(site: Path) -> list[Path]:
    """Return the pages that have bound numbers."""
    return [p for p in sorted(site.rglob("*.html")) if 'id="evidence-records"' in p.read_text(encoding="utf-8")]


def resize(page: Any, width: int) -> None:
    """Make a page as wide as this, and wait until it knows: opening it again takes most of a second."""
    page.set_viewport_size({"width": width, "height": 760})
    until(page, f"innerWidth === {width}")


def show(page: Any, theme: str, width: int) -> None:
    """Show a page in the colours of a theme and as wide as this."""
    page.emulate_media(color_scheme=theme)
    resize(page, width)
    until(page, f"document.documentElement.dataset.theme === '{theme}'")


def until(page: Any, expression: str) -> None:
    """Wait until an expression holds; Playwright's own way evaluates in the page, which the policy of ours forbids."""
    for _ in range(600):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never came: {expression}")


Makes = dict[str, dict[str, int]]
"""Elements that were looked at for colours: of each make its number, and how often it was seen."""
COLOURS = ("color-contrast", "link-in-text-block")
"""Rules whose answer hangs on colours, and whose time grows with the square of a page."""
ROOM = ("target-size", "scrollable-region-focusable")
"""Rules whose answer hangs on width."""
ALIKE = 3
"""How many elements of one make are looked at for colours: same tags, classes and attributes, up to the page's root."""
ENTRIES = 10
"""How many entries of a list, or rows of a table, are looked at: one of two thousand entries takes axe half a minute."""
WIDTHS = (1280, 390, 320)
THEMES = ("light", "dark")
_LISTS = "dl.evidence-entries, tbody, .highlight pre"
_SHORTEN = """([lists, count]) => document.querySelectorAll(lists)
    .forEach(list => [...list.children].slice(count).forEach(item => item.remove()))"""
# An element stays when it is one of the first of its make, or anything in it is. What was seen before comes and goes.
_THIN = """([known, count]) => {
    const seen = JSON.parse(known);
    const stays = (element, of) => {
        const own = `${of} ${element.tagName} ${element.className} ${element.getAttributeNames().join()}`;
        const make = seen[own] ??= { number: Object.keys(seen).length, times: 0 };
        const inner = [...element.children].filter(child => stays(child, make.number)).length > 0;
        make.times += 1;
        if (inner || make.times <= count) return true;
        element.remove();
        return false;
    };
    [...document.body.children].forEach(child => stays(child, ""));
    return JSON.stringify(seen);
}"""
_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Of each figure, the pictures that are not hidden: whether it was drawn, and for which theme.
_SHOWN = """() => Promise.all([...document.querySelectorAll(".evidence-figure")].map((figure) => Promise.all(
    [...figure.querySelectorAll("img")].filter((image) => image.getClientRects().length).map(async (image) => {
        image.loading = "eager"; // it comes when it is near, and no reader scrolls here
        return [await image.decode().then(() => image.naturalWidth > 0, () => false), image.className];
    }))))"""


def too_wide(page: Any, *at: int) -> list[str]:
    """Return at which widths a page is wider than the window, in words."""
    told = []
    for width in at:
        resize(page, width)
        overflow = page.evaluate(_OVERFLOW)
        told += [f"is {overflow} px wider than {width} px"] if overflow > 0 else []
    return told


def drawn(page: Any, theme: str) -> tuple[int, list[str]]:
    """Return how many figures a page shows, and which of them are not one picture for these colours, in words."""
    figures = page.evaluate(_SHOWN)
    return len(figures), [
        f"figure {i}: {shown}" for i, shown in enumerate(figures, 1) if shown != [[True, f"only-{theme}"]]
    ]


def widths(name: str) -> tuple[int, int]:
    """Return the two widths at which a page is looked at, light and dark: other ones on the next page, all over the book."""
    number = zlib.crc32(name.encode())
    return WIDTHS[number % 3], WIDTHS[(number + 1 + number // 3 % 2) % 3]


@functools.lru_cache(maxsize=1)
def axe_source() -> str:
    """Return axe-core itself, to be put into a page once for several runs."""
    return next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")


def axe_whole(page: Any) -> list[str]:
    """Return what axe-core finds on a page by every rule; the page is cut short, and for colours what is alike."""
    found = axe_makeup(page)
    thin(page, {})
    return found + axe_rules(page, COLOURS)


def axe_makeup(page: Any) -> list[str]:
    """Return what axe-core finds on a page by all rules but those of colours; lists are cut short."""
    page.evaluate(axe_source())
    page.evaluate(_SHORTEN, [_LISTS, ENTRIES])
    # what ends the run of a rule ends it for this page alone
    return _axe(page, {**AXE, "rules": {rule: {"enabled": False} for rule in COLOURS}})


def axe_rules(page: Any, rules: Sequence[str]) -> list[str]:
    """Return what axe-core finds by these rules on a page where it ran before."""
    return _axe(page, {**AXE, "runOnly": list(rules)})


def thin(page: Any, seen: Makes) -> None:
    """Leave on a page the first elements of each make; `seen` has those of pages before, and is added to."""
    seen.update(json.loads(page.evaluate(_THIN, [json.dumps(seen), ALIKE])))


def axe_of(page: Any, *parts: str) -> list[str]:
    """Return what axe-core finds by every rule on parts of a page, by their selectors; each must be there."""
    page.evaluate(axe_source())
    assert page.evaluate("parts => parts.every(part => document.querySelector(part))", list(parts)), parts
    return _axe(page, AXE, {"include": [[part] for part in parts]})


def axe_states(page: Any) -> list[str]:
    """Return what axe-core finds on a page by every rule in light and dark at every width; it is cut short."""
    found = []
    states = [(theme, width) for theme in THEMES for width in WIDTHS]
    for theme, width in states:
        show(page, theme, width)
        found += [f"{width} {theme}: {told}" for told in axe_makeup(page)]
    thin(page, {})
    for theme, width in states:
        show(page, theme, width)
        found += [f"{width} {theme}: {told}" for told in axe_rules(page, COLOURS)]
    return found


def _axe(page: Any, options: Any, where: Any = "html") -> list[str]:
    found = page.evaluate("([where, options]) => axe.run(where, options)", [where, options])["violations"]
    return [f"{v['id']}: {[node['html'][:160] for node in v['nodes'][:3]]}" for v in found]


def all_pages(site: Path) -> list[Path]:
    """Return every page of the book, the search too."""
    return [p for p in sorted(site.rglob("*.html")) if "_static" not in p.relative_to(site).parts]


def weight(urls: list[str]) -> int:
    """Return what files that a page asked for weigh, as a host sends them: text compressed."""
    paths = {Path(unquote(urlsplit(url).path)) for url in urls if url.startswith("file:")}
    return sum(_sent(path) for path in paths)


@functools.cache
def _sent(path: Path) -> int:
    content = path.read_bytes()
    return len(content) if path.suffix in (".png", ".woff2", ".zip") else len(gzip.compress(content, 6))
