"""The plot behind a figure: its data in the page, and plotly.js beside the book, loaded when a reader asks for it.

plotly.js weighs more than all other scripts and styles of a page together. It is copied from the installed wheel
at build, into a book that has a plot and no other, and `static/explore.js` loads it by a script element: that works
from a file too, where a page may not fetch.
"""

from __future__ import annotations

import json
import re
import shutil
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.writers.html5 import HTML5Translator

from sourcebook.palette import DARK

SCRIPT, STYLE = "plotly.min.js", "plotly.css"
BUILDERS = ("html", "dirhtml", "singlehtml")
CONFIG = {
    "responsive": True,
    "displaylogo": False,
    "displayModeBar": True,
    "displayNotifier": False,
    "doubleClick": "reset",
    "modeBarButtons": [["zoom2d", "pan2d"], ["zoomIn2d", "zoomOut2d", "resetScale2d"]],
}
"""How plotly.js behaves: zoom and its reset, no advertisement, nothing that leaves the page."""
_RULES = re.compile(r'\{("X,X div":.*?)\};for\(')
_RULE = re.compile(r"""(?:"([^"]+)"|([XY])):(?:"([^"]*)"|'([^']*)')(?:,|$)""")
_GUARD = re.compile(r'getElementById\("([0-9a-f]{64})"\)')


class figure_plot(nodes.General, nodes.Element):  # noqa: N801 docutils names a node's visitor after its class
    """The plot of a figure: its JSON in HTML, nothing elsewhere."""


def plot_node(drawn: dict[str, Any]) -> figure_plot:
    """Return the node of a plot, whose figure is to give it its `name`: by it a reader tells one button from another."""
    island = {**drawn, "config": CONFIG, "dark": dict(DARK), "guard": guard()}
    return figure_plot("", name="", island=json.dumps(island, ensure_ascii=False, sort_keys=True))


def _visit_html(self: HTML5Translator, node: figure_plot) -> None:
    if self.builder.name in BUILDERS:
        island = node["island"].replace("<", "\\u003c")  # a title that holds "</script>" would end the element
        name = self.attval(node["name"])
        self.body.append(f'<script type="application/json" class="figure-plot" data-name="{name}">{island}</script>')
    raise nodes.SkipNode


def _skip(self: nodes.NodeVisitor, node: figure_plot) -> None:
    raise nodes.SkipNode


@lru_cache(maxsize=1)
def _bundle() -> str:
    return (files("plotly") / "package_data" / SCRIPT).read_text(encoding="utf-8")


def rules(bundle: str) -> str:
    """Return the style rules that plotly.js would write into the page, as a stylesheet.

    A page may forbid styles that a script writes. plotly.js leaves them out where an element with the id of its
    style sheet has the class ``no-inline-styles``.

    Raises
    ------
    ExtensionError
        If the rules are not where plotly.js 4 has them.
    """
    found = _RULES.search(bundle)
    pairs = [(a or b, c or d) for a, b, c, d in _RULE.findall(found[1])] if found else []
    if not found or len(pairs) < 40 or _RULE.sub("", found[1]):
        raise ExtensionError("the style rules of plotly.js were not found: see sourcebook.sphinx_ext.explore")
    named = {"X": ".js-plotly-plot .plotly", "Y": ".plotly-notifier"}
    return "".join(f"{re.sub('[XY]', lambda m: named[m[0]], where)} {{{what}}}\n" for where, what in pairs)


@lru_cache(maxsize=1)
def guard() -> str:
    """Return the id of an element that keeps the maps in plotly.js from writing styles; blank if there is none."""
    found = _GUARD.search(_bundle())
    return found[1] if found else ""


def _add(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    if doctree is None or app.builder.name not in BUILDERS or next(doctree.findall(figure_plot), None) is None:
        return
    app.add_js_file("explore.js", loading_method="defer")
    app.add_css_file("explore.css", priority=902)
    static = Path(app.outdir, "_static")
    static.mkdir(exist_ok=True)
    with as_file(files("plotly") / "package_data" / SCRIPT) as script:
        shutil.copyfile(script, static / SCRIPT)
    (static / STYLE).write_text(rules(_bundle()), encoding="utf-8", newline="\n")


def setup(app: Sphinx) -> None:
    """Register the node and what its pages need."""
    others: dict[str, Any] = dict.fromkeys(("latex", "text", "man", "texinfo"), (_skip, None))
    app.add_node(figure_plot, html=(_visit_html, None), **others)
    app.connect("html-page-context", _add)
