"""What is held of every page as it was written: pictures have words and room, links lead somewhere, ids stand once.

Pictures are made to load when they come near the window, and only for the colours that are shown; each has its size,
so that nothing moves when it comes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from PIL import Image, UnidentifiedImageError
from sphinx.application import Sphinx
from sphinx.util import logging

from sourcebook.sphinx_ext import policy, theme

logger = logging.getLogger(__name__)
_IMAGE = re.compile(r"<img\b[^>]*>")
_DATA = re.compile(r'(<script type="application/[^"]*"[^>]*>).*?</script>', re.DOTALL)
_POINTS = 4 / 3  # px in a point, the unit of an SVG of matplotlib


def _attribute(tag: str, name: str) -> str | None:
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return unescape(found[1]) if found else None


def size(path: Path) -> tuple[int, int] | None:
    """Return a picture's width and height in pixels; None for what has none, or cannot be read."""
    if path.suffix == ".svg":
        head = path.read_text(encoding="utf-8", errors="replace")[:2000]
        box = re.search(r'viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"', head)
        factor = _POINTS if re.search(r'\bwidth="[\d.]+pt"', head) else 1
        return (round(float(box[1]) * factor), round(float(box[2]) * factor)) if box else None
    if path.suffix in (".png", ".jpg", ".jpeg", ".gif", ".webp"):
        try:
            with Image.open(path) as picture:
                return picture.size
        except UnidentifiedImageError:
            return None
    return None


def with_room(html: str, find: Callable[[str], Path]) -> str:
    """Return HTML whose pictures have a size and load late."""

    def one(match: re.Match[str]) -> str:
        tag = match[0]
        source = _attribute(tag, "src")
        path = find(source) if source else None
        found = size(path) if path and path.is_file() and " width=" not in tag else None
        room = f' width="{found[0]}" height="{found[1]}"' if found else ""
        return tag.replace("<img", f'<img loading="lazy" decoding="async"{room}', 1) if " loading=" not in tag else tag

    return _IMAGE.sub(one, html)


def _room(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    if "body" not in context or app.builder.name != "html":
        return
    # copied when all pages are written, so sought where they come from
    originals = {name: Path(app.srcdir, path) for path, name in app.builder.images.items()}
    nowhere = Path(app.outdir)
    context["body"] = with_room(context["body"], lambda s: originals.get(s.rpartition("/")[2], nowhere))


class Pages:
    """The pages of a build, as text without the data that scripts read."""

    def __init__(self, out: Path) -> None:
        self.out = out
        paths = (p for p in sorted(out.rglob("*.html")) if "_static" not in p.relative_to(out).parts)
        self.texts: Mapping[Path, str] = {p: _DATA.sub(r"\1</script>", p.read_text(encoding="utf-8")) for p in paths}
        self.ids = {path: Counter(re.findall(r'\sid="([^"]+)"', text)) for path, text in self.texts.items()}

    def problems(self) -> Iterator[str]:
        """Yield what is wrong, with the page's name."""
        for path, text in self.texts.items():
            name = path.relative_to(self.out).as_posix()
            for problem in (*self._pictures(text), *self._ids(path), *self._links(path, text), *self._policy(text)):
                yield f"{name}: {problem}"

    def _pictures(self, text: str) -> Iterator[str]:
        for tag in _IMAGE.findall(text):
            alt = _attribute(tag, "alt")
            source = _attribute(tag, "src") or ""
            if not alt or alt == source or re.search(r"\.(?:svg|png|jpe?g|gif|webp)$", alt):  # docutils takes the file
                yield f"the picture {source.rpartition('/')[2]} has no alt text: say what it shows"

    def _ids(self, path: Path) -> Iterator[str]:
        for name, times in self.ids[path].items():
            if times > 1:
                yield f"the id {name!r} stands {times} times: give each its own"
        headings = len(re.findall(r"<h1[ >]", self.texts[path]))
        if headings != 1:
            yield f"has {headings} headings of the first level: one page, one h1"

    def _links(self, path: Path, text: str) -> Iterator[str]:
        for link in dict.fromkeys(re.findall(r'\s(?:href|src)="([^"]*)"', text)):
            parts = urlsplit(unescape(link))
            if parts.scheme or parts.netloc or parts.path.startswith("/"):
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file():
                yield f"links to {link}, which is not there"
            elif parts.fragment and target in self.ids and unquote(parts.fragment) not in self.ids[target]:
                yield f"links to {link}: the page has no such id"

    @staticmethod
    def _policy(text: str) -> Iterator[str]:
        for attributes, script in re.findall(r"<script([^>]*)>(.*?)</script>", text, re.DOTALL):
            if "src=" not in attributes and "application/" not in attributes and script != policy.FIRST:
                yield f"has a script in the page, which its policy forbids: {script.strip()[:60]!r}"
        for tag, name in re.findall(r"<(\w+)\b[^>]*?\s(style|on\w+)=\"", text):
            yield f"has a {name} attribute on <{tag}>, which its policy forbids"
        if "<style" in text:
            yield "has a style element, which its policy forbids"


def _check(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.name != "html" or not theme.in_use(app.config):
        return
    problems = list(Pages(Path(app.outdir).resolve()).problems())
    for problem in problems:
        logger.warning(problem, type="sourcebook", subtype="page")
    if problems and (app.keep_going or app.warningiserror):
        app.statuscode = 1  # Sphinx has decided before this event


def setup(app: Sphinx) -> None:
    """Give pictures room while pages are made, and look at the pages when all are written."""
    app.connect("html-page-context", _room, priority=800)
    app.connect("build-finished", _check, priority=850)
