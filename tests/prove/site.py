"""Errors in finished pages and in the PDF, for what is held of them when all is written."""

from __future__ import annotations

import re
from pathlib import Path

from prove.mutants import kind, shuffled

BOOK = "book.pdf"


def html(source) -> list[str]:
    """The pages of the built book."""
    root = source.root
    return sorted(p.relative_to(root).as_posix() for p in root.rglob("*.html")
                  if "_static" not in p.relative_to(root).parts and p.name not in ("search.html", "genindex.html"))  # fmt: skip


def in_pages(source, rng, pattern, new):
    """In each page where a pattern's first group is found, one finding changed."""
    for path in shuffled(rng, html(source)):
        matches = list(re.finditer(pattern, source.text(path)))
        if matches:
            match = rng.choice(matches)
            yield source.cut(path, *match.span(1), new(match[1]))


def found(source, rng, pattern, new):
    """The same, as errors for tests, which do not all tell the page."""
    for splice in in_pages(source, rng, pattern, new):
        yield (splice,), "", ""


def told(source, rng, pattern, new, words):
    """The same, as errors that the build tells with the page's name."""
    for splice in in_pages(source, rng, pattern, new):
        yield (splice,), f"{splice.path}: ", words


ELSEWHERE = "https://cdn.example.org"


@kind("a script, style or picture from another host", "test_book.hosts", 6)
def from_elsewhere(source, rng):
    tags = [f'<script src="{ELSEWHERE}/a.js"></script>', f'<link rel="stylesheet" href="{ELSEWHERE}/a.css">',
            f'<img alt="A map of the region" src="{ELSEWHERE}/a.png">']  # fmt: skip
    return found(source, rng, r"()</body>", lambda _: rng.choice(tags))


@kind("a number that leads to no entry", "test_book.entries", 6)
def anchor_broken(source, rng):
    return found(source, rng, r'<a class="evidence [^"]*" href="[^"]*#([^"]+)"', lambda key: f"{key}-too")


@kind("a figure without its alt text", "test_book.figures", 6)
def alt_removed(source, rng):
    return found(
        source, rng, r'class="evidence-figure[^>]*>(?:(?!</figure>)[\s\S])*?<img\b[^>]*?( alt="[^"]*")', lambda _: ""
    )


@kind("a figure dropped from a page", "test_book.figures", 4)
def figure_dropped(source, rng):
    return found(source, rng, r'(<figure class="evidence-figure[\s\S]*?</figure>)', lambda _: "")


@kind("a number shown that could not be traced", "test_book.untraced", 4)
def untraced(source, rng):
    return found(source, rng, r"()</p>", lambda _: ' <span class="evidence-missing">[?x]</span>')


@kind("a picture's alt text removed", "finished.pictures", 8)
def picture_without_alt(source, rng):
    return told(source, rng, r'<img\b[^>]*?( alt="[^"]*")', lambda _: "", "has no alt text")


@kind("a link to a place that is not there", "finished.links", 12)
def link_broken(source, rng):
    return told(source, rng, r'<a\b[^>]*? href="[^":]*#([\w-]+)"', lambda key: f"{key}-too", "-too")


@kind("an id that stands twice", "finished.ids", 6)
def id_twice(source, rng):
    return told(source, rng, r'(<p id="[\w-]+"|<section id="[\w-]+")', lambda tag: f"{tag}></p>{tag}", "stands 2 times")


@kind("a script in the page", "finished.policy", 6)
def inline_script(source, rng):
    return told(source, rng, r"()</body>", lambda _: "<script>track()</script>", "has a script in the page")


@kind("a style or a handler in the page", "finished.policy", 6)
def inline_style(source, rng):
    new = ' style="color: red"', ' onclick="go()"'
    return told(source, rng, r"<p()>", lambda _: rng.choice(new), "attribute on <p>, which its policy forbids")


@kind("a font that is not embedded", "test_pdf.fonts", 4)
def font_not_embedded(source, rng):
    for match in shuffled(rng, re.finditer(r"/(FontFile[23]?) \d+ 0 R", source.text(BOOK))):
        yield (source.cut(BOOK, *match.span(1), "X" * len(match[1])),), "", ""  # of the same length: offsets hold


def written_out(pdf: Path, folder: Path) -> None:
    """Write a PDF out so that it can be read as text."""
    import pikepdf

    with pikepdf.open(pdf) as opened:
        opened.save(folder / BOOK, qdf=True, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
