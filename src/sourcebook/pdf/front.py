"""What stands before the first chapter: title page, imprint, contents, lists of figures and tables."""

from __future__ import annotations

import copy
import re
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from sourcebook import __version__
from sourcebook.errors import LedgerError
from sourcebook.formatting import date_text
from sourcebook.ledger import read_tables
from sourcebook.pdf.assembly import Assembly
from sourcebook.pdf.joining import BETWEEN

Element = Any
"""An element of lxml, which ships no types."""
_SENTENCE = re.compile(r"(?<=[^\W\d_][^\W\d_])[.?!](?=\s+[A-Z“])")


@dataclass(frozen=True)
class Edition:
    """Which state of the book is printed."""

    version: str
    commit: str
    """Blank outside a repository."""
    as_of: str
    """The last day on which a page was read against the record, as ISO 8601."""

    @property
    def told(self) -> str:
        """Return it in a line."""
        commit = f", commit {self.commit}" if self.commit else ""
        as_of = f", evidence as of {date_text(self.as_of)}" if self.as_of else ""
        return f"Version {self.version}{commit}{as_of}"


def read_edition(root: Path) -> Edition:
    """Return which state of the book lies under `root`."""
    return Edition(__version__, _commit(root), _as_of(root))


def _commit(root: Path) -> str:
    def git(*words: str) -> str:
        done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, check=False)
        return done.stdout.strip() if done.returncode == 0 else ""

    try:
        top = git("rev-parse", "--show-toplevel")
        if not top or Path(top).resolve() != root.resolve():
            return ""
        changed = git("status", "--porcelain", "--untracked-files=no")
        return git("rev-parse", "--short=10", "HEAD") + (" with changes" if changed else "")
    except FileNotFoundError:
        return ""


def _as_of(root: Path) -> str:
    """Return the latest day on which somebody read a page that the record rests on."""
    try:
        tables, _ = read_tables(root)
    except (LedgerError, OSError):
        return ""
    dates = [row.cells.get("date_accessed", "") for table in tables.values() for row in table.rows]
    return max((date for date in dates if re.fullmatch(r"\d{4}-\d\d-\d\d", date)), default="")


def title_page(book: Assembly, edition: Edition) -> str:
    """Return the title page."""
    plan = book.plan
    return (
        '<section class="cover" id="cover">'
        f'<p class="cover-title">{escape(plan.title)}</p><p class="cover-subtitle">{escape(plan.subtitle)}</p>'
        f'<p class="cover-author">{escape(plan.author)}</p>'
        f'<p class="cover-edition">{escape(edition.told)}</p></section>'
    )


def imprint(book: Assembly, edition: Edition) -> str:
    """Return the page that says what this edition is, how to read it, and what it leaves out."""
    plan, (some, every) = book.plan, book.kept
    left = (
        f" Of {every:,} computed values, series figures and stances it has the {some:,} that are led to."
        if every
        else ""
    )
    lines = (
        f"<strong>{escape(plan.title)}</strong>: {escape(plan.subtitle)}",
        f"{escape(edition.told)}.",
        f"© {escape(plan.copyright)} {escape(plan.author)}. Text and data under CC BY 4.0, code under the MIT licence; "
        "quoted fragments and third-party figures remain under their publishers’ terms.",
        "A number with a dotted underline is a link to its entry in the appendices: the words or the page that it was "
        "read from, or how it was computed. ≠ marks a value that another contradicts, and leads to the contradiction. "
        "Addresses of pages read are links, too.",
        "This edition is made from the same pages as the HTML book. The code of the notebooks, the data tables under "
        "the figures, the list of reviews by verdict and the switch that sets documents aside are in the HTML book "
        f"only.{left}",
        "Set in Source Serif and Source Sans.",
    )
    return '<section class="imprint" id="imprint">' + "".join(f"<p>{line}</p>" for line in lines) + "</section>"


def _line(labels: Mapping[str, str], target: str, number: str, words: str, kind: str) -> str:
    lead = f'<span class="n">{escape(number)}</span> ' if number else ""
    link = f'<a href="{BETWEEN}{escape(target)}" data-page="{labels[target]}">{lead}{escape(words)}</a>'
    return f'<li class="{kind}">{link}</li>'


def contents(book: Assembly, labels: Mapping[str, str]) -> str:
    """Return the contents: parts, chapters and the pages below them."""
    lines = []
    for page in book.pages:
        place = page.place
        if place.part:
            lines.append(_line(labels, part_id(place.part), "", place.part, "of-part"))
        lines.append(_line(labels, place.slug, place.number, page.title, f"of-depth-{place.depth}"))
    return _list("contents", "Contents", lines)


def lists(book: Assembly, labels: Mapping[str, str]) -> str:
    """Return the lists of figures and of tables; one that would be empty is left out."""
    figures = [_captioned(labels, figure, figure.xpath("./figcaption/p[1]")) for figure in book.figures]
    tables = [_captioned(labels, table, table.xpath("./caption")) for table in book.tables]
    return _list("figures", "Figures", figures) + _list("tables", "Tables", tables)


def _captioned(labels: Mapping[str, str], element: Element, captions: list[Element]) -> str:
    caption = copy.deepcopy(captions[0])
    for note in caption.xpath('.//*[@class="footnote"]'):
        note.drop_tree()
    numbers = caption.xpath('.//*[contains(@class, "caption-number")]')
    number = " ".join(numbers[0].text_content().split()) if numbers else ""
    words = " ".join(caption.text_content().split()).removeprefix(number).strip()
    return _line(labels, element.get("id"), number, _SENTENCE.split(words)[0].rstrip("."), "of-caption")


def _list(name: str, heading: str, lines: Iterable[str]) -> str:
    joined = "".join(lines)
    return f'<nav class="front" id="{name}"><h1>{heading}</h1><ul>{joined}</ul></nav>' if joined else ""


def part_id(part: str) -> str:
    """Return the address of a part."""
    return re.sub(r"[^a-z0-9]+", "-", part.lower()).strip("-")
