"""The built pages in one tree: every id prefixed by its page, every link inside the tree or out of the book.

The pages come from Jupyter Book and not from its `singlehtml` builder, which repeats ids over the pages. What a reader
of paper cannot use is taken out: code cells, data tables and downloads of figures, scripts, buttons.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import lxml.html

from sourcebook.pdf import evidence
from sourcebook.pdf.contents import Place, Plan, read_places, read_plan
from sourcebook.pdf.fonts import unwritten
from sourcebook.pdf.problems import PrintError

Element = Any
"""An element of lxml, which ships no types."""
BUILT = "_build/html"
PICTURES = "picture:///"
"""How the address of a picture begins: the same in every folder, so that the bytes are."""
_OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_UNPRINTED = (
    "script", "style", "button", "input", "form", "nav", "template",
    'a[contains(@class, "headerlink")]', '*[contains(@class, "copybtn")]', '*[contains(@class, "toctree-wrapper")]',
    'div[contains(@class, "cell_input")]', 'details[contains(@class, "hide")]', 'img[contains(@class, "only-dark")]',
    '*[contains(concat(" ", @class, " "), " no-pdf ")]', '*[contains(@class, "left-of--") and not(node())]',
    'hr[contains(@class, "footnotes")]', 'div[@class="citation"]/span[contains(@class, "label")]', "comment()",
)  # fmt: skip
_BARE = (
    'span[@class="pre"]', 'span[@class="plain"]', 'span[@class="doc"]', 'span[@class="caption-text"]',
    'span[contains(@class, "std-numref")]', 'span[contains(@class, "bibtex-citation")]', "span[not(@*)]",
    'div[contains(@class, "scrollable")]', 'div[contains(@class, "cell_output")]', 'div[contains(@class, "tag_")]',
    "td/p[not(preceding-sibling::*) and not(following-sibling::*)]",
    "th/p[not(preceding-sibling::*) and not(following-sibling::*)]",
)  # fmt: skip
"""What only marks words for scripts and styles; without it there is a third less to lay out."""


@dataclass
class Page:
    """One page, made ready to be printed."""

    place: Place
    article: Element
    title: str


@dataclass
class Assembly:
    """The printed pages of a book, and what is wrong with them."""

    plan: Plan
    pages: list[Page]
    problems: list[str] = field(default_factory=list)
    kept: tuple[int, int] = (0, 0)
    """Of pages of which only the entries led to are printed: how many are, and how many there are."""

    @property
    def bound(self) -> list[Element]:
        """Return every number of the printed pages that leads to an entry."""
        return [a for page in self.pages for a in page.article.xpath('.//a[contains(@class, "evidence ")]')]

    @property
    def figures(self) -> list[Element]:
        """Return every numbered figure."""
        return [f for page in self.pages for f in page.article.xpath(".//figure[@id]")]

    @property
    def charts(self) -> int:
        """Return how many pictures are printed."""
        return sum(len(page.article.xpath(".//img")) for page in self.pages)

    @property
    def tables(self) -> list[Element]:
        """Return every numbered table."""
        return [t for page in self.pages for t in page.article.xpath(".//table[caption]")]


def assemble(root: Path) -> Assembly:
    """Read the built pages under `root` into one book.

    Raises
    ------
    PrintError
        If a page is missing, has a picture without alternative text, a link without target, an id twice, or a
        character that no font has: every problem at once, each with the page's name.
    """
    plan = read_plan(root)
    places = read_places(root, plan)
    site = Path(root, BUILT)
    if absent := [p.docname for p in places if not (site / f"{p.docname}.html").is_file()]:
        raise PrintError(f"{name}: this page is not built: run `make html`" for name in absent)
    known: dict[str, set[str]] = {}
    problems: list[str] = []
    pages = []
    for place in places:
        article = _article(site / f"{place.docname}.html")
        known[place.docname] = _ids(article, place, problems)
        pages.append(_page(article, place, problems))
    if pages[0].place.depth == 0:
        _rename(pages[0], plan.summary)
    known |= {name: set(_article(site / f"{name}.html").xpath(".//@id")) for name in sorted(plan.leave_out)}
    slugs = {place.docname: place.slug for place in places}
    for page in pages:
        _address(page, slugs, known, site, problems)
    book = Assembly(plan, pages, problems)
    _keep_linked(book)
    _number_tables(book)
    for page in pages:
        _flatten(page)
    _unlink_lost(book)
    _check_characters(book)
    if problems:
        raise PrintError(problems)
    return book


def _article(path: Path) -> Element:
    """Return what a page says, without the theme around it."""
    tree = lxml.html.document_fromstring(path.read_bytes(), parser=lxml.html.HTMLParser(encoding="utf-8"))
    found = tree.xpath('//article[contains(@class, "bd-article")]')
    return found[0] if found else tree.xpath("//body")[0]


def _ids(article: Element, place: Place, problems: list[str]) -> set[str]:
    found = Counter(article.xpath(".//@id"))
    problems += [f"{place.docname}: the id {key!r} is there {n} times" for key, n in found.items() if n > 1]
    return set(found)


def _page(article: Element, place: Place, problems: list[str]) -> Page:
    """Take out of a page what is not printed, and give the rest the form of a chapter."""
    _keep_file_names(article)
    for path in _UNPRINTED:
        for element in article.xpath(f".//{path}"):
            element.getparent().remove(element) if callable(element.tag) else element.drop_tree()
    for path in _BARE:
        for element in article.xpath(f".//{path}"):
            if not element.get("id"):
                element.drop_tag()
    _move_ids(article)
    _unfold(article)
    _notes(article, place, problems)
    _pictures(article, place, problems)
    _tables(article)
    _run_in(article)
    _unmark(article)
    return Page(place, article, _headings(article, place, problems))


def _keep_file_names(article: Element) -> None:
    """Leave of a figure's data, which are not printed, the name of their file."""
    for details in article.xpath('.//details[contains(@class, "figure-data")]'):
        names = [_text(link) for link in details.xpath('.//a[contains(@class, "download")]')]
        for links in details.getparent().xpath('./p[contains(@class, "figure-addresses")]'):
            links.drop_tree()
        before = details.getprevious()
        if names and before is not None and before.tag == "p":
            _append_text(before, f" Data: {', '.join(names)}.")
        details.drop_tree()


def _move_ids(article: Element) -> None:
    """Put the id of an empty anchor on what it stands in, where that has none."""
    for anchor in article.xpath('.//span[contains(@class, "target")][@id][not(node())]'):
        parent = anchor.getparent()
        if parent.tag in ("dt", "p", "td") and not parent.get("id"):
            parent.set("id", anchor.get("id"))
            anchor.drop_tree()


def _unfold(article: Element) -> None:
    """Print what a reader would open."""
    for summary in article.xpath(".//summary"):
        summary.tag = "p"
        summary.set("class", "admonition-title")
    for details in article.xpath(".//details"):
        details.tag = "div"
    for link in article.xpath('.//a[contains(@class, "download")]'):
        link.drop_tag()
    for title in article.xpath(".//*[@title]"):
        del title.attrib["title"]


def _notes(article: Element, place: Place, problems: list[str]) -> None:
    """Move each footnote to its first call: the stylesheet floats it to the foot of the page."""
    notes = {note.get("id"): note for note in article.xpath('.//aside[contains(@class, "footnote")][@id]')}
    called: set[str] = set()
    for call in article.xpath('.//a[contains(@class, "footnote-reference")]'):
        key = call.get("href", "").lstrip("#")
        if key not in notes:
            problems.append(f"{place.docname}: a footnote is called that is not there: {key}")
        elif key in called:
            call.text = call.text_content().strip("[]")
        else:
            called.add(key)
            _float(call, notes[key], key)
    for group in article.xpath('.//aside[contains(@class, "footnote-list") or contains(@class, "footnote")]'):
        if group.getparent() is not None:
            group.drop_tree()


def _float(call: Element, note: Element, key: str) -> None:
    for label in note.xpath('./span[contains(@class, "label")]'):
        label.drop_tree()
    for paragraph in note.xpath("./p"):
        paragraph.drop_tag()
    note.tag, note.tail = "span", call.tail
    note.attrib.clear()
    note.set("class", "footnote")
    note.set("id", key)
    call.getparent().replace(call, note)


def _pictures(article: Element, place: Place, problems: list[str]) -> None:
    """Give every picture an address that is the same on every machine, and ask for its alternative text."""
    for picture in article.xpath(".//img"):
        source, alt = picture.get("src", ""), " ".join(picture.get("alt", "").split())
        if not alt or alt == source or re.fullmatch(r"\S*_?images?/\S+", alt):
            problems.append(f"{place.docname}: a picture has no alternative text: {posixpath.basename(source)}")
        picture.set("alt", alt)
        if _OUTSIDE.match(source) or source.startswith("//"):
            problems.append(f"{place.docname}: a picture is not in the book: {source}")
            continue
        picture.set("src", PICTURES + _resolve(place.docname, source))
        for name in ("width", "height", "style", "class"):
            picture.attrib.pop(name, None)


def _resolve(docname: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(docname), unquote(href)))


def _tables(article: Element) -> None:
    """Say which cells are heads, of what; set numbers to the right; name wide and long tables."""
    for table in article.xpath(".//table"):
        for head in table.xpath(".//thead//th"):
            head.set("scope", "col")
        for head in table.xpath(".//tbody//th"):
            head.set("scope", "row")
        rows = [row.xpath("./td | ./th") for row in table.xpath(".//tbody/tr")]
        width = max(map(len, rows), default=0)
        for column, head in enumerate(table.xpath(".//thead/tr[last()]/*")):
            cells = [row[column] for row in rows if column < len(row)]
            if cells and all(re.fullmatch(r"[-−–+]?[\d.,–−%≈≥≤≠ ]*\d[\d.,–−%≠ ]*", _text(c) or "0") for c in cells):
                for cell in [head, *cells]:
                    cell.set("class", "number")
        size = "wide" if width > 7 else ""
        table.set("class", " ".join(filter(None, ("data", size, "long" if len(rows) > 12 else "short"))))
        table.attrib.pop("border", None)


def _run_in(article: Element) -> None:
    """Set what is known of an entry in a paragraph; reviews and contradictions keep lines of their own."""
    for known in article.xpath('.//dl[contains(@class, "evidence-entries")]/dd'):
        before = None
        for paragraph in known.xpath("./p"):
            apart = paragraph.get("id") or _text(paragraph).startswith("In conflict")
            if before is None or apart:
                before = None if apart else paragraph
                continue
            _append_text(before, " ")
            _append_text(before, paragraph.text or "")
            for child in list(paragraph):
                before.append(child)
            paragraph.drop_tree()


def _unmark(article: Element) -> None:
    """Take off what marks words and entries for scripts and styles of the screen, and costs time here."""
    for entry in article.xpath('.//dt[contains(@class, "facet-")] | .//dd//p[@class="evidence-generated"]'):
        del entry.attrib["class"]
    for code in article.xpath('.//code[contains(@class, "literal")]'):
        del code.attrib["class"]
    for entry in article.xpath('.//dl[contains(@class, "evidence-entries")]/dd'):
        for quoted in entry.xpath('.//em[contains(@class, "quoted")]'):
            quoted.drop_tag()  # its quotation marks stay: half of the pieces that a line is set of were these
        if len(entry) == 1 and entry[0].tag == "p" and not entry[0].get("id"):
            entry[0].drop_tag()


def _append_text(element: Element, text: str) -> None:
    """Put text behind all that an element holds."""
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _headings(article: Element, place: Place, problems: list[str]) -> str:
    """Put the headings below that of the part, number the first, and return its words."""
    heads = article.xpath(" | ".join(f".//{name}" for name in _HEADINGS))
    if not heads:
        problems.append(f"{place.docname}: the page has no heading")
        return ""
    for head in heads:
        head.tag = f"h{min(6, int(head.tag[1]) + place.depth)}"
        section = head.getparent()
        if section.tag == "section" and section.get("id") and not head.get("id"):
            head.set("id", section.attrib.pop("id"))
    first = heads[0]
    title = _text(first)
    first.set("class", f"title depth-{place.depth}")
    if place.number:
        number = lxml.html.Element("span", {"class": "no"})
        number.text = place.number
        number.tail, first.text = f"\u2002{first.text or ''}", None
        first.insert(0, number)
    return title


def _rename(page: Page, words: str) -> None:
    """Give the root page a title of its own: the book's stands on the title page."""
    for head in page.article.xpath('.//h1[contains(@class, "title")]'):
        for child in list(head):
            head.remove(child)
        head.text = page.title = words


def _text(element: Element) -> str:
    return " ".join(element.text_content().split())


def _address(page: Page, slugs: dict[str, str], known: dict[str, set[str]], site: Path, problems: list[str]) -> None:
    """Prefix the ids of a page, and lead its links into the book or out of it; the name of a file stays as words."""
    place = page.place
    for element in page.article.xpath(".//*[@id]"):
        element.set("id", f"{place.slug}--{element.get('id')}")
    page.article.set("id", place.slug)
    for link in page.article.xpath(".//a"):
        href = link.get("href")
        if href is None:
            link.drop_tag()
        elif not _OUTSIDE.match(href):
            if _is_file(site / _resolve(place.docname, href)):
                link.drop_tag()
                continue
            target = _target(place.docname, href, slugs, known, problems)
            if target:
                link.set("href", target)
                continue
            if _is_bound(link):
                problems.append(f"{place.docname}: the entry of a number is not printed: {href}")
            link.drop_tag()


def _target(
    docname: str, href: str, slugs: dict[str, str], known: dict[str, set[str]], problems: list[str]
) -> str | None:
    path, _, fragment = href.partition("#")
    page = _resolve(docname, path).removesuffix(".html") if path else docname
    if page not in known or (fragment and fragment not in known[page]):
        problems.append(f"{docname}: a link leads nowhere: {href}")
        return None
    if page not in slugs:
        return None
    return f"#{slugs[page]}--{fragment}" if fragment else f"#{slugs[page]}"


def _is_file(path: Path) -> bool:
    """Return whether a link leads to a file that lies beside the pages, such as an export."""
    return path.suffix != ".html" and path.is_file()


def _is_bound(link: Element) -> bool:
    """Return whether a link is a number of the text."""
    return "evidence" in link.get("class", "").split()


def _keep_linked(book: Assembly) -> None:
    """Print of some pages only the entries that others lead to, and say how many those are."""
    partial = [page for page in book.pages if page.place.docname in book.plan.only_linked]
    whole = [page.article for page in book.pages if page not in partial]
    kept, number, total = evidence.linked(whole, [page.article for page in partial])
    book.kept = (number, total)
    for page in partial:
        some, every = evidence.prune(page.article, kept)
        if some < every:
            told = lxml.html.Element("p", {"class": "left-out"})
            told.text = (
                f"Printed are the {some:,} entries of {every:,} to which a number or a statement of this book leads; "
                "all of them are in the HTML book and in the data."
            )
            page.article.xpath(" | ".join(f".//{name}" for name in _HEADINGS))[0].addnext(told)


def _number_tables(book: Assembly) -> None:
    """Number the tables; one without a caption is called by the heading above it."""
    count = 0
    for page in book.pages:
        for table in page.article.xpath(".//table"):
            count += 1
            captions = table.xpath("./caption")
            caption = captions[0] if captions else lxml.html.Element("caption")
            if not captions:
                heads = table.xpath("(preceding::h2 | preceding::h3 | preceding::h4 | preceding::h5)[last()]")
                own = [head for head in heads if page.article in head.iterancestors()]
                name = _text(own[-1]).removeprefix(page.place.number).strip() if own else page.title
                caption.text = name
                table.insert(0, caption)
            for number in caption.xpath('.//*[contains(@class, "caption-number")]'):
                number.drop_tree()
            number = lxml.html.Element("span", {"class": "caption-number"})
            number.text, number.tail, caption.text = f"Table {count}", f" {(caption.text or '').lstrip()}", None
            caption.insert(0, number)
            if not table.get("id"):
                table.set("id", f"table-{count}")


def _flatten(page: Page) -> None:
    """Keep one section for a page: nested ones only cost time, and their ids are on their headings."""
    for section in page.article.xpath(".//section"):
        if section.get("id"):
            section.tag = "div"
        else:
            section.drop_tag()
    page.article.tag = "section"
    page.article.set("class", f"page depth-{page.place.depth}")
    page.article.tail = "\n"


def _unlink_lost(book: Assembly) -> None:
    """Let links to entries that are not printed be plain words, but never those of a number."""
    ids = {found for page in book.pages for found in page.article.xpath("descendant-or-self::*/@id")}
    for page in book.pages:
        for link in page.article.xpath('.//a[starts-with(@href, "#")]'):
            if link.get("href")[1:] in ids:
                continue
            if _is_bound(link):
                book.problems.append(
                    f"{page.place.docname}: the entry of a number is not printed: {link.get('href')[1:]}"
                )
            link.drop_tag()


def _check_characters(book: Assembly) -> None:
    for page in book.pages:
        if lost := unwritten(page.article.text_content()):
            told = ", ".join(f"{character} (U+{ord(character):04X})" for character in lost)
            book.problems.append(
                f"{page.place.docname}: no font of the book has {told}: add one to src/sourcebook/pdf/fonts"
            )
