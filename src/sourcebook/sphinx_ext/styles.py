"""One stylesheet for the book, of the theme's and our own, with the rules that a page can use and no others.

The theme's sheets are written for every site; of their 550 kB a book uses a tenth. A rule stays if some page, or some
script of the book, names every class, id and element that it asks for; so does what `:is` and `:not` hold. Then the
custom properties go that nothing refers to. The whole is one file, so that a page waits for one answer.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import tinycss2
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from sourcebook.palette import DARK, GRID, INK, MUTED, PALETTE, PAPER
from sourcebook.sphinx_ext import theme

SHEET = "book.css"
UNSTAMPED = "0" * 10
"""Stands in a page for the digest of the stylesheet, which is made when all pages are written."""
OWN = ("reader.css", "icons.css", "sourcebook.css", "evidence.css", "explore.css", "switch.css")
"""Our own sheets, in their order; ``noscript.css`` is for pages without a script, and stands alone."""
_LINK = re.compile(rf"(?<={re.escape(SHEET)}\?v=)[0-9a-f]{{10}}")
_ICON_FONT = re.compile(r"Font Awesome|--fa-font|--fa\b|--pst-icon|[\ue000-\uf8ff]")
_PROPERTY = re.compile(  # a custom property with its value, which may hold strings and brackets
    r"""(?<=[{;])\s*(--[\w-]+)\s*:(?:"[^"]*"|'[^']*'|\([^()]*(?:\([^()]*\)[^()]*)*\)|[^;}"'(])*(?:;|(?=\}))"""
)
_WORD = re.compile(r"-?[A-Za-z_][\w-]*")


@dataclass(frozen=True)
class Used:
    """What pages and scripts name: classes and ids, and elements."""

    names: frozenset[str]
    tags: frozenset[str]


def used(pages: Iterable[str], scripts: Iterable[str]) -> Used:
    """Return what can match a selector: what pages hold, and every word of a script, which may make anything."""
    names: set[str] = set()
    tags: set[str] = set()
    for page in pages:
        for value in re.findall(r'\s(?:class|id)="([^"]*)"', page):
            names.update(value.split())
        tags.update(re.findall(r"<([a-z][a-z0-9]*)", page))
    for script in scripts:
        words = set(_WORD.findall(script))
        names |= words
        tags |= words
    return Used(frozenset(names), frozenset(tags))


def trim(css: str, of: Used) -> str:
    """Return a stylesheet without the rules that match nothing, the icon font and comments."""
    return "".join(_rules(_parsed(css), of))


@lru_cache(maxsize=32)
def _parsed(css: str) -> tuple[Any, ...]:
    """Return the rules of a stylesheet: the theme's are the same in every build of a process."""
    return tuple(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True))


def _rules(rules: Iterable[Any], of: Used) -> Iterator[str]:
    for rule in rules:
        if rule.type == "qualified-rule":
            kept = [s for s in _selectors(rule.prelude) if _matches(s, of)]
            body = tinycss2.serialize(rule.content).strip()
            if kept and body and not _ICON_FONT.search(_declared(body)):
                yield f"{','.join(tinycss2.serialize(s).strip() for s in kept)}{{{body}}}"
        elif rule.type == "at-rule":
            yield from _at_rule(rule, of)
        elif rule.type == "error":
            raise ExtensionError(f"a stylesheet cannot be read: {rule.message}")


def _declared(body: str) -> str:
    """Return what a rule shows: a custom property that is only defined shows nothing."""
    return ";".join(d for d in _split(body) if not d.lstrip().startswith("--"))


def _at_rule(rule: Any, of: Used) -> Iterator[str]:
    prelude = tinycss2.serialize(rule.prelude).strip()
    if rule.at_keyword in ("media", "supports"):
        inner = "".join(_rules(tinycss2.parse_rule_list(rule.content, True, True), of))
        if inner:
            yield f"@{rule.at_keyword} {prelude}{{{inner}}}"
    elif rule.at_keyword in ("import", "charset"):
        return  # what is imported is in the book's sheet
    elif rule.content is not None:
        body = tinycss2.serialize(rule.content).strip()
        if not (rule.at_keyword == "font-face" and _ICON_FONT.search(body)):
            yield f"@{rule.at_keyword} {prelude}{{{body}}}"


def _selectors(prelude: Iterable[Any]) -> Iterator[list[Any]]:
    current: list[Any] = []
    for token in prelude:
        if token == ",":
            yield current
            current = []
        else:
            current.append(token)
    yield current


def _matches(selector: list[Any], of: Used) -> bool:
    before = ""
    for token in selector:
        if token.type == "hash" and token.value not in of.names:
            return False
        if token.type == "ident" and before == "." and token.value not in of.names:
            return False
        if token.type == "ident" and before not in (".", ":") and token.lower_value not in of.tags:
            return False
        before = token.value if token.type == "literal" else ""
    return True


def without_unreferenced(css: str, *elsewhere: str) -> str:
    """Return a stylesheet without custom properties and animations that nothing refers to."""
    scripts = {word for text in elsewhere for word in re.findall(r"--[\w-]+", text)}
    before = ""
    while before != css:  # what only such a property referred to goes with it
        before, css = css, _without_unreferenced(css, scripts)
    return css


def _without_unreferenced(css: str, scripts: set[str]) -> str:
    named = scripts | set(re.findall(r"var\(\s*(--[\w-]+)", css))
    made = _PROPERTY.sub(lambda m: m[0] if m[1] in named else "", css)
    made = re.sub(r"(?<=[};])[^{};]+\{\s*\}", "", made)
    for name in re.findall(r"@keyframes ([\w-]+)\{", made):
        if len(re.findall(rf"(?<![\w-]){re.escape(name)}(?![\w-])", made)) == 1:
            made = re.sub(rf"@keyframes {re.escape(name)}\{{(?:[^{{}}]*\{{[^{{}}]*\}})*[^{{}}]*\}}", "", made)
    return made


def _split(body: str) -> list[str]:
    return re.split(r""";(?=(?:[^"']|"[^"]*"|'[^']*')*$)""", body) if ("'" in body or '"' in body) else body.split(";")


def palette() -> str:
    """Return the colours of the charts as custom properties, for light pages and dark."""
    named = {"ink": INK, "muted": MUTED, "grid": GRID, "paper": PAPER, **PALETTE}
    light = "".join(f"--{name}:{color};" for name, color in named.items())
    dark = "".join(f"--{name}:{DARK[color]};" for name, color in named.items())
    return f"html{{{light}}}html[data-theme=dark]{{{dark}}}"


def sheet(static: Path, of: Used, scripts: Iterable[str] = ()) -> str:
    """Return the book's stylesheet, from the sheets that a build has gathered in a folder."""
    parts = []
    for pattern in theme.SHEETS:
        found = sorted(static.glob(pattern))
        if not found and pattern != "sphinx-design.min.css":
            raise ExtensionError(f"the theme's stylesheet {pattern} is gone: see sourcebook.sphinx_ext.theme")
        parts += [path.read_text(encoding="utf-8") for path in found]
    own = [(theme.STATIC / name).read_text(encoding="utf-8") for name in OWN]
    trimmed = "".join(trim(css, of) for css in (*parts, palette(), *own))
    return without_unreferenced(trimmed, *scripts)


def _pages(app: Sphinx) -> list[Path]:
    return [p for p in sorted(Path(app.outdir).rglob("*.html")) if "_static" not in p.relative_to(app.outdir).parts]


def _bundle(app: Sphinx, error: Exception | None) -> None:
    """Write the stylesheet, name its digest in every page, and leave out what it took the place of."""
    static = Path(app.outdir, "_static")
    if error is not None or app.builder.name != "html" or not theme.in_use(app.config):
        return
    if not (static / "styles").is_dir():
        return  # no page was written, and no sheet copied
    pages = {path: path.read_text(encoding="utf-8") for path in _pages(app)}
    scripts = [path.read_text(encoding="utf-8") for path in sorted(theme.STATIC.glob("*.js"))]
    scripts.append((static / "searchtools.js").read_text(encoding="utf-8"))
    made = sheet(static, used(pages.values(), scripts), scripts)
    (static / SHEET).write_text(made, encoding="utf-8", newline="\n")
    digest = hashlib.sha256(made.encode()).hexdigest()[:10]
    for path, text in pages.items():
        stamped = _LINK.sub(digest, text)
        if stamped != text:
            path.write_text(stamped, encoding="utf-8", newline="\n")
    theme.prune(static, OWN)  # they are in the one sheet


def _gathered(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Refuse a stylesheet that would not reach the page."""
    context["style_digest"] = UNSTAMPED
    if not theme.in_use(app.config) or app.builder.name != "html":
        return
    known = {*theme.SHEETS, *theme.LEFT_OUT, *OWN}
    for asset in context["css_files"]:
        name = re.sub(r"^(?:\.\./)*_static/", "", str(getattr(asset, "filename", asset)).partition("?")[0])
        if re.sub(r"^mystnb\..*\.css$", "mystnb.*.css", name) not in known:
            raise ExtensionError(f"{pagename}: the stylesheet {name} is in no list: see sourcebook.sphinx_ext.styles")


def setup(app: Sphinx) -> None:
    """Gather the sheets of every page, and write one when the pages are written."""
    app.connect("html-page-context", _gathered, priority=950)
    app.connect("build-finished", _bundle, priority=800)  # after whatever adds to the pages
