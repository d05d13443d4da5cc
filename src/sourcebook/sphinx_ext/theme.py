"""What this book changes in the two themes that it is built on, all of it, and what it relies on in them.

The book is set in sphinx-book-theme, which builds on pydata-sphinx-theme. Their pages load four scripts of 570 kB, a
dozen stylesheets, an icon font and the search index; ours load one stylesheet (`styles`) and the scripts in `static`,
under a policy that lets nothing else run (`policy`). A later release of a theme may rename what is changed here:
`RELIED_ON` says what has to be there, and a test looks for it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

THEME = "sphinx_book_theme"
TEMPLATES = Path(__file__).parent / "theme"
STATIC = Path(__file__).parent / "static"
ROOTS: Mapping[str, tuple[str, str]] = {
    "book": ("sphinx_book_theme", "theme/sphinx_book_theme"),
    "pydata": ("pydata_sphinx_theme", "theme/pydata_sphinx_theme"),
    "basic": ("sphinx", "themes/basic"),
}
"""Where each theme has its files: package, and folder in it."""

SHEETS = (
    "basic.css",
    "styles/pydata-sphinx-theme.css",
    "pygments.css",
    "styles/sphinx-book-theme.css",
    "mystnb.*.css",
    "sphinx-design.min.css",
)
"""Stylesheets of others, in the order in which they are put into ours; ``styles/theme.css`` only imports the first."""
LEFT_OUT = ("styles/theme.css",)
"""Stylesheets of others for what no page has."""

UNUSED = (
    "scripts", "styles", "vendor", "locales", "images", "basic.css", "pygments.css", "mystnb.*.css", "*.png",
    "sphinx-design.min.css", "design-tabs.js", "webpack-macros.html", "sbt-webpack-macros.html",
)  # fmt: skip
"""What is under ``_static`` after a build and no page asks for."""

TEMPLATES_OF_OURS: Mapping[str, str] = {
    "layout.html": "one stylesheet, one policy, no script of the theme's; one h1; no empty header and footer",
    "search.html": "the search index on this page alone, and no inline script",
    "sections/announcement.html": "blank: it is for what is fetched from elsewhere",
    "components/article-header-buttons.html": "PDF and data, Binder",
    "components/navbar-logo.html": "a landmark, which the theme leaves out",
    "components/page-toc.html": "the icon is no part of the heading",
    "components/search-button-field.html": "the name that is shown is the name that is read out",
    "components/search-button.html": "a name of its own, where the theme has a tooltip made by a script",
    "components/theme-switcher.html": "the same",
    "components/toggle-primary-sidebar.html": "the same",
    "components/toggle-secondary-sidebar.html": "the same",
}
"""Templates of the themes that ours take the place of, and why."""

RELIED_ON: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("pydata", "layout.html"): (
        "{%- block css %}", "{%- block extrahead %}", "{% block docs_navbar %}", "{% block docs_body %}",
        "{%- block scripts_end %}", "{%- block footer %}", '<main id="main-content"', 'id="pst-skip-link"',
        '<dialog id="pst-search-dialog">', '<dialog id="pst-primary-sidebar-modal">', 'id="pst-primary-sidebar"',
        '<dialog id="pst-secondary-sidebar-modal">', 'id="pst-secondary-sidebar"',
        '{% include "sections/announcement.html" %}', ".pst-js-only", 'data-theme="{{ default_mode }}"',
    ),
    ("book", "layout.html"): ("{% block docs_main %}", "{% block docs_body %}"),
    ("basic", "layout.html"): ("{{- metatags }}", "{%- block scripts %}", "{{- script() }}", "{%- block linktags %}"),
    ("pydata", "components/search-field.html"): ('class="bd-search', 'type="search"', "search-button__kbd-shortcut"),
    ("book", "sections/footer-content.html"): ("theme_footer_content_items",),
    ("pydata", "static/styles/pydata-sphinx-theme.css"): (
        "html[data-theme=light]{--pst-color-primary:", "html[data-theme=dark]{--pst-color-primary:", ".skip-link", "Font Awesome",
    ),
    ("book", "static/styles/sphinx-book-theme.css"): (".bd-header-article", ".pst-sidebar-hidden"),
    ("basic", "static/searchtools.js"): ("SHOW_SEARCH_SUMMARY", 'getElementById("search-results")'),
}  # fmt: skip
"""What has to stand in a theme's file for our changes to take hold."""


def theme_file(theme: str, path: str) -> Traversable:
    """Return a file of an installed theme."""
    package, folder = ROOTS[theme]
    return files(package).joinpath(*folder.split("/"), *path.split("/"))


def missing() -> list[str]:
    """Return what is relied on and not there, one line each."""
    told = []
    for (theme, path), expected in RELIED_ON.items():
        found = theme_file(theme, path)
        text = found.read_text(encoding="utf-8") if found.is_file() else None
        told += [f"{theme}: {path} is gone"] if text is None else []
        told += [f"{theme}: {path}: {words!r} is gone" for words in expected if text is not None and words not in text]
    return told


def in_use(config: Config) -> bool:
    """Whether the book is set in the theme that is changed here."""
    return str(config.html_theme) == THEME


def _register(app: Sphinx, config: Config) -> None:
    # new lists: an unset one is the default that all builds of a process share
    config.html_static_path = [*config.html_static_path, str(STATIC)]
    if in_use(config):
        # first, since the theme adds its own; and twice, since the themes name components with their folder or without
        config.templates_path = [str(TEMPLATES), str(TEMPLATES / "components"), *config.templates_path]


def prune(static: Path, also: Iterable[str]) -> None:
    """Remove from a build what no page asks for."""
    for pattern in (*UNUSED, *also):
        for path in static.glob(pattern):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def _mend(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Leave of the scripts ours alone, and mend for screen readers what others write."""
    if "body" in context:  # docutils gives an entry of its list a role that is out of use, and that no list holds
        context["body"] = context["body"].replace('role="doc-biblioentry"', 'role="listitem"')
    for function in ("generate_toctree_html", "generate_header_nav_html"):
        if function in context:
            context[function] = _named(context[function])
    if not in_use(app.config):
        return
    context["default_mode"] = "light"  # without a script; with one, the first on the page finds out
    own = {path.name for path in STATIC.iterdir()}
    scripts = context["script_files"]  # in place: Sphinx keeps the list
    scripts[:] = [s for s in scripts if _name(s) in own]


def _name(asset: Any) -> str:
    return str(getattr(asset, "filename", asset) or "").partition("?")[0].rpartition("/")[2]


def _named(function: Callable[..., Any]) -> Callable[..., str]:
    return lambda *args, **options: str(function(*args, **options)).replace(
        "<summary>", '<summary aria-label="Pages below">'
    )


def setup(app: Sphinx) -> None:
    """Put our templates before the theme's, and our changes behind."""
    app.connect("config-inited", _register)
    app.connect("html-page-context", _mend, priority=900)  # after the theme has added its functions
