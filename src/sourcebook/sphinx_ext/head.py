"""What the head of a page tells others than its reader: what it is about and, where the site is known, its address.

Without `SITE_URL` there is no canonical address, no Open Graph, no sitemap and no page for addresses that lead
nowhere: each of them needs the whole address, and none is made up.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.application import Sphinx

from sourcebook.sphinx_ext import policy, prints, theme
from sourcebook.sphinx_ext.site import site_url

LENGTH = 160  # characters: search engines show about as many
NOT_PROSE = ("evidence-generated", "evidence-entries", "evidence-table", "picture-caption")
SITEMAP, LOST = "sitemap.xml", "404"


def description(doctree: nodes.document | None) -> str:
    """Return the first paragraphs of a page, as many as a description holds."""
    text = ""
    for paragraph in doctree.findall(nodes.paragraph) if doctree else ():
        if set(NOT_PROSE) & {name for at in _upwards(paragraph) for name in at.get("classes", ())}:
            continue
        if len(paragraph.children) == 1 and isinstance(paragraph.children[0], nodes.emphasis):
            continue  # a subtitle
        text = f"{text} {' '.join(paragraph.astext().split())}".strip()
        if len(text) >= LENGTH / 2:
            break
    if len(text) <= LENGTH:
        return text
    return _cut(text)


def _cut(text: str) -> str:
    """Return the beginning of a text: whole sentences, else whole clauses, else whole words."""
    room, least = text[:LENGTH], LENGTH * 0.45
    sentence = max(room.rfind(f"{mark} ") for mark in ".?!")
    if sentence > least:
        return text[: sentence + 1]
    clause = max(room.rfind(f"{mark} ") for mark in ";:")
    if clause > least:
        return f"{text[:clause]}."
    part = room.rfind(", ")
    return f"{text[:part] if part > LENGTH * 0.6 else text[: LENGTH - 1].rpartition(' ')[0].rstrip(',;:')}…"


def _upwards(node: nodes.Element) -> Iterator[nodes.Element]:
    """Yield a node and what it is in."""
    at = node
    while at is not None:
        yield at
        at = at.parent


def picture(doctree: nodes.document | None) -> tuple[str, str]:
    """Return name and alt text of the first figure of a page, or of the figure that is shown on it again; or blanks."""
    for node in doctree.findall(nodes.Element) if doctree else ():
        image = next(node.findall(nodes.image), None) if "shown" in node else None
        if image is not None:
            return str(node["shown"]), str(image.get("alt", ""))
    return "", ""


def _front_picture(app: Sphinx) -> tuple[str, str]:
    """Return the picture of the front page, sought once: it stands for the pages that have none."""
    found: tuple[str, str] | None = getattr(app, "sourcebook_front_picture", None)
    if found is None:
        found = picture(app.env.get_doctree(app.config.root_doc))
        app.sourcebook_front_picture = found  # type: ignore[attr-defined]
    return found


def _meta(name: str, content: str, kind: str = "name") -> str:
    return f'<meta {kind}="{name}" content="{escape(content)}" />'


def tags(app: Sphinx, pagename: str, title: str, doctree: nodes.document | None) -> list[str]:
    """Return the elements of a page's head that its reader does not see."""
    about = description(doctree)
    made = [_meta("description", about)] if about else []
    made.append('<meta name="color-scheme" content="light dark" />')
    site = site_url(app.config)
    if not site or pagename in ("search", LOST):
        return made
    address = site + app.builder.get_target_uri(pagename).removesuffix("index.html")
    graph = {
        "type": "website" if pagename == app.config.root_doc else "article",
        "site_name": str(app.config.html_title or app.config.project),
        "title": title,
        "description": about,
        "url": address,
    }
    name, alt = picture(doctree)
    if not name:
        name, alt = _front_picture(app)
    if name:
        graph |= {"image": f"{site}{prints.FOLDER}/{name}.png", "image:alt": alt}
        made.append(_meta("twitter:card", "summary_large_image"))
    made.append(f'<link rel="canonical" href="{escape(address)}" />')
    made += [_meta(f"og:{name}", value, "property") for name, value in graph.items() if value]
    return made


def _add(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    context["policy"], context["first_script"] = policy.POLICY, policy.FIRST
    title = app.env.titles[pagename].astext() if pagename in app.env.titles else str(context.get("title") or "")
    found = tags(app, pagename, title, doctree) if app.builder.format == "html" else []
    context["head"] = "\n    ".join(found)


def _lost(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the page that a host shows for an address that leads nowhere; it can stand at any depth."""
    site = site_url(app.config)
    if app.builder.name == "html" and theme.in_use(app.config) and site:
        root = urlsplit(site).path
        front = app.env.titles[app.config.root_doc].astext()
        yield LOST, {"title": "Not found", "root": root, "front": front}, "404.html"


def _sitemap(app: Sphinx, error: Exception | None) -> None:
    site = site_url(app.config)
    path = Path(app.outdir, SITEMAP)
    if error is not None or app.builder.name != "html":
        return
    if not site:
        path.unlink(missing_ok=True)  # of an earlier build
        return
    uris = sorted(app.builder.get_target_uri(name).removesuffix("index.html") for name in app.env.found_docs)
    places = "".join(f"<url><loc>{escape(site + uri)}</loc></url>\n" for uri in uris)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    path.write_text(f"{head}{places}</urlset>\n", encoding="utf-8", newline="\n")


def setup(app: Sphinx) -> None:
    """Fill the head of every page, and write the sitemap."""
    app.connect("html-page-context", _add, priority=910)
    app.connect("html-collect-pages", _lost)
    app.connect("build-finished", _sitemap)
