"""``make weigh``: the published pages beside the stock build of the same content, in one run.

Stock is the same record, roles and figures in sphinx-book-theme as it comes. Bytes are those over the wire, before a
reader does anything; a page is opened from a file at 1280 px.
"""

from __future__ import annotations

import filecmp
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "browser"))

from chromium import AXE, all_pages, axe_source, browser, weight

from whole_book import build, copy_project

PAGES = {"text page": "book/china", "chart page": "notebooks/06-timeline", "front page": "index"}
STOCK = """
from sourcebook import sphinx_ext
from sourcebook.sphinx_ext import colophon, finished, head, styles, theme

for module in (colophon, finished, head, styles):
    module.setup = lambda app: None
theme.setup = lambda app: app.connect("config-inited", lambda app, config: config.html_static_path.append(str(theme.STATIC)))
setup = sphinx_ext.setup
"""
POLICY = "addEventListener('securitypolicyviolation', () => window.broken = (window.broken ?? 0) + 1)"


def stock(folder: Path) -> Path:
    """Make of a copy one in the theme as it comes."""
    (folder / "stock.py").write_text(STOCK, encoding="utf-8")
    config = folder / "_config.yml"
    text = config.read_text("utf-8").replace("- sourcebook.sphinx_ext\n", "- stock\n")
    text = text.replace("      footer_content_items: [colophon.html]\n", "")
    config.write_text(text.replace("sphinx:\n", "sphinx:\n  local_extensions: {stock: .}\n", 1), encoding="utf-8")
    return folder


def built(folder: Path) -> Path:
    """Build a copy and return its pages."""
    code, output = build(folder)
    assert code == 0, output[-2000:]
    return folder / "_build" / "html"


def measured(site: Path, chrome: object) -> dict[str, tuple[int, int, int, int, int]]:
    """Return for each page its bytes, requests, requests to others, errors and violations of axe."""
    found = {}
    for told, name in PAGES.items():
        page = chrome.new_page(viewport={"width": 1280, "height": 900})
        asked, errors = [], []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.on("console", lambda m, errors=errors: errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error, errors=errors: errors.append(str(error)))
        page.add_init_script(POLICY)
        page.goto((site / f"{name}.html").as_uri())
        page.wait_for_timeout(500)
        broken = page.evaluate("window.broken ?? 0")
        foreign = [url for url in asked if not url.startswith(("file:", "data:"))]
        page.evaluate(axe_source())
        violations = page.evaluate("o => axe.run(o)", AXE)["violations"]
        found[told] = (weight(asked), len(asked), len(foreign), len(errors) + broken, len(violations))
        page.close()
    return found


def main() -> None:
    """Measure both and print the table."""
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        folders = {key: base / key for key in ("ours", "again in another folder", "stock")}
        for folder in folders.values():
            folder.mkdir()
            copy_project(folder)
        sites = [built(folders["ours"]), built(folders["again in another folder"]), built(stock(folders["stock"]))]
        with browser() as chrome:
            ours, others = measured(sites[0], chrome), measured(sites[2], chrome)
        print("pages, over the wire before interaction:        ours      stock   target")
        for told, target in zip(PAGES, (120, 160, 160), strict=True):
            a, b = ours[told], others[told]
            print(f"  {told:<12} kB                         {a[0] / 1e3:9.0f} {b[0] / 1e3:10.0f}   at most {target}")
            for row, what in enumerate(("requests", "to other hosts", "errors, policy", "axe violations"), 1):
                print(f"  {told:<12} {what:<24}   {a[row]:9} {b[row]:10}   {'' if row == 1 else 0}")
        names = [p.relative_to(sites[0]) for p in all_pages(sites[0])]
        same, other, gone = filecmp.cmpfiles(*sites[:2], names, shallow=False)
        print(
            f"  HTML of two clean builds in different folders: {len(same)} pages the same, {len(other) + len(gone)} not"
        )


if __name__ == "__main__":
    main()
