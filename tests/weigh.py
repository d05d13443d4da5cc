"""``make weigh``: the published pages beside the stock build of the same content, in one run.

Stock is the same record, roles and figures as Jupyter Book builds them with its own extensions and theme, and the plot
as plotly's ``notebook`` renderer writes it. Bytes are those that come over the wire from a host that compresses text,
before a reader does anything, at 1280 px. Lighthouse is asked for through npx, which keeps it outside of this folder.
"""

from __future__ import annotations

import filecmp
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).parent / "browser"))

from chromium import POLICY, WHOLE, all_pages, axe_states, axe_whole, browser, executable
from serving import served

from whole_book import build, copy_project

PAGES = {
    "text page": ("book/china.html", 120, 98),
    "chart page": ("notebooks/06-timeline.html", 160, 95),
    "front page": ("index.html", 160, 95),
}
"""What is weighed: page, kB at the most, Lighthouse's mark for its speed on a phone at the least."""
LIGHTHOUSE = "lighthouse@12.8.2"
RUNS = 3  # of Lighthouse, whose mark for speed hangs on what else the machine does: the median counts
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
KEPT = ("language", "numfig", "bibtex_reference_style", "myst_enable_extensions")
"""What stands in `_config.yml` because of what is in the pages; all else is how they are built."""
STOCK = """
import json

import plotly.io
from docutils import nodes

from sourcebook import sphinx_ext
from sourcebook.sphinx_ext import colophon, explore, finished, head, scripts, styles, theme


def visit_plot(self, node):
    drawn = json.loads(node["island"])
    figure = {"data": drawn["data"], "layout": drawn["layout"]}
    self.body.append(plotly.io.to_html(figure, full_html=False, include_plotlyjs=True, validate=False, div_id="plot"))
    raise nodes.SkipNode


explore._visit_html, explore._add = visit_plot, lambda *_: None
for module in (colophon, finished, head, scripts, styles):
    module.setup = lambda app: None
theme.setup = lambda app: app.connect("config-inited", lambda app, config: config.html_static_path.append(str(theme.STATIC)))


def setup(app):
    add = app.add_config_value
    app.add_config_value = lambda name, *rest: None if name == "comments_config" else add(name, *rest)
    return sphinx_ext.setup(app)
"""


def stock(folder: Path) -> Path:
    """Make of a copy one that Jupyter Book builds as it comes."""
    (folder / "stock.py").write_text(STOCK, encoding="utf-8")
    path = folder / "_config.yml"
    config = yaml.safe_load(path.read_text("utf-8"))
    of_pages = {key: config["sphinx"]["config"][key] for key in KEPT}
    config["sphinx"] = {"extra_extensions": ["stock"], "local_extensions": {"stock": "."}, "config": of_pages}
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    return folder


def built(folder: Path, *, strict: bool = True, seed: str = "0") -> Path:
    """Build a copy and return its pages."""
    code, output = build(folder, strict=strict, seed=seed)
    assert code == 0, output[-2000:]
    return folder / "_build" / "html"


class Measured:
    """What one page does as it is opened."""

    def __init__(self, chrome: object, address: str) -> None:
        self.page = chrome.new_page(viewport={"width": 1280, "height": 900})
        self.requests, self.came, self.errors = [], [], []
        self.page.on("request", lambda request: self.requests.append(request))
        self.page.on("requestfinished", lambda request: self.came.append(request))
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.add_init_script(POLICY)
        self.page.goto(address)
        self.page.wait_for_timeout(500)
        self.broken = self.page.evaluate("broken")

    @property
    def foreign(self) -> list[str]:
        """Return what is asked for of others."""
        return [r.url for r in self.requests if not r.url.startswith(("http://127.0.0.1:", "data:", "blob:"))]

    @property
    def weight(self) -> int:
        """Return the bytes that came over the wire, without headers."""
        return sum(r.sizes()["responseBodySize"] for r in self.came if r.url.startswith("http"))


def lighthouse(address: str) -> dict[str, int] | str:
    """Return Lighthouse's marks of a page on a phone, the median by speed; or why there are none."""
    npx = shutil.which("npx")
    if npx is None:
        return "Node is not there (Debian: sudo apt-get install nodejs npm | macOS: brew install node | Windows: winget install OpenJS.NodeJS.LTS)"
    try:
        chrome = executable(WHOLE)  # what a reader has
    except FileNotFoundError:
        return "it needs Chromium itself, not the shell alone (Debian: sudo apt-get install chromium)"
    flags = "--chrome-flags=--headless=new --no-sandbox --disable-gpu"
    command = [npx, "--yes", LIGHTHOUSE, address, "--quiet", "--output=json", flags]
    command.append(f"--only-categories={','.join(CATEGORIES)}")
    marks = []
    for _ in range(RUNS):
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env={**os.environ, "CHROME_PATH": chrome}
        )
        if done.returncode:
            return f"{LIGHTHOUSE} could not be had or did not run: {done.stderr.strip().splitlines()[-1:]}"
        found = json.loads(done.stdout)["categories"]
        marks.append({name: round(100 * (found[name]["score"] or 0)) for name in CATEGORIES})
    return sorted(marks, key=lambda mark: mark["performance"])[RUNS // 2]


def compared(host: str, other: str, chrome: object) -> None:
    """Print what pages of ours do beside those of the other."""
    print(f"{'as they are opened':<52}{'ours':>9}{'stock':>9}   target")
    for told, (name, most, _) in PAGES.items():
        both = [Measured(chrome, address + name) for address in (host, other)]
        rows = [(f"kB (gz)  {name}", [round(m.weight / 1000) for m in both], f"at most {most}")]
        rows += [("requests", [len(m.requests) for m in both], "")]
        rows += [("to third parties", [len(m.foreign) for m in both], "0")]
        rows += [("console errors", [len(m.errors) for m in both], "0")]
        rows += [("violations of the policy", [len(both[0].broken), "none set"], "0")]
        rows += [("axe: rules broken", [len(axe_whole(m.page)) for m in both], "0")]
        for what, values, target in rows:
            print(f"{f'{told}: {what}':<52}{values[0]:>9}{values[1]:>9}   {target}", flush=True)
        for m in both:
            m.page.close()


def marked(host: str, other: str) -> None:
    """Print the marks of Lighthouse."""
    print("Lighthouse, mobile")
    for told, (name, _, least) in PAGES.items():
        both = [lighthouse(address + name) for address in (host, other)]
        for reason in (marks for marks in both if isinstance(marks, str)):
            return print(f"  not measured: {reason}")
        for category in CATEGORIES:
            values = [marks[category] for marks in both]
            target = f"at least {least}" if category == "performance" else "100"
            print(f"{f'{told}: {category}':<52}{values[0]:>9}{values[1]:>9}   {target}", flush=True)
    return None


def everywhere(host: str, site: Path, chrome: object) -> None:
    """Print the sums over every page of ours, in light and dark at three widths."""
    names = [path.relative_to(site).as_posix() for path in all_pages(site)]
    foreign = errors = broken = 0
    found = []
    for name in names:
        measured = Measured(chrome, host + name)
        foreign += len(measured.foreign)
        errors += len(measured.errors)
        broken += len(measured.broken)
        found += [f"{name}: {told}" for told in axe_states(measured.page)]
        measured.page.close()
    print(f"every page, {len(names)} of them, in light and dark at 1280, 390 and 320 px (target: 0)")
    print(f"  to third parties {foreign}, console errors {errors}, violations of the policy {broken}, axe {len(found)}")
    print("".join(f"  {told}\n" for told in found), end="")


def main() -> None:
    """Measure both and print the table."""
    with tempfile.TemporaryDirectory() as base:
        folders = [Path(base, name) for name in ("ours", "again in another folder", "stock")]
        for folder in folders:
            folder.mkdir()
            copy_project(folder)
        site, again = built(folders[0], seed="1"), built(folders[1], seed="2")
        plain = built(stock(folders[2]), strict=False)
        with served(site) as host, served(plain) as other, browser() as chrome:
            compared(host, other, chrome)
            everywhere(host, site, chrome)
            marked(host, other)
        names = [p.relative_to(site) for p in all_pages(site)]
        same, different, gone = filecmp.cmpfiles(site, again, names, shallow=False)
        print(
            f"HTML of two clean builds in different folders, other hash seeds: "
            f"{len(same)} pages the same, {len(different) + len(gone)} not (target: 0)"
        )


if __name__ == "__main__":
    main()
