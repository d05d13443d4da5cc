"""Join the parts of the book into one tagged PDF, and add what PDF/UA-1 asks for and WeasyPrint leaves out.

Front matter, chapters and appendices are set by processes of their own, since WeasyPrint uses a single core. Each has
its own page numbers. A link from one part to another is an address until here (``book:id``).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

BETWEEN = "book:"
_MARKED = re.compile(rb"/(\w+)\s*<</MCID (\d+)>>\s*BDC")
_HOLLOW = ("/Span", "/NonStruct", "/P", "/Div", "/Sect", "/Part")


@dataclass(frozen=True)
class Part:
    """A part of the book, set."""

    pdf: bytes
    style: str
    """How its pages are numbered: ``r`` for i, ii, ``D`` for 1, 2."""
    prefix: str = ""
    first: int = 1
    """The number of its first page."""


def destinations(pdf: Any) -> dict[str, Any]:
    """Return the named places of a PDF."""
    names = pdf.Root.get("/Names", Dictionary()).get("/Dests", Dictionary()).get("/Names", Array())
    return {str(names[i]): names[i + 1] for i in range(0, len(names), 2)}


def page_labels(part: Part) -> dict[str, str]:
    """Return the number of the page on which each named place of a part is."""
    with pikepdf.open(io.BytesIO(part.pdf)) as pdf:
        of_page = {page.objgen: f"{part.prefix}{count}" for count, page in enumerate(pdf.pages, start=part.first)}
        return {name: of_page[place[0].objgen] for name, place in destinations(pdf).items()}


def pages(part: Part) -> int:
    """Return how many pages a part has."""
    with pikepdf.open(io.BytesIO(part.pdf)) as pdf:
        return len(pdf.pages)


class Volume:
    """Parts joined into one PDF, one after the other as they come."""

    def __init__(self) -> None:
        self._whole: Any = None
        self._parts: list[tuple[Part, int]] = []
        self._places: dict[str, Any] = {}

    def append(self, part: Part) -> None:
        """Put a part behind the others; the first gives the metadata."""
        if self._whole is None:
            self._whole = pikepdf.open(io.BytesIO(part.pdf))
            self._places = destinations(self._whole)
            self._parts.append((part, len(self._whole.pages)))
        else:
            self._parts.append((part, self._add(part, len(self._whole.pages))))

    def prepend(self, part: Part) -> None:
        """Put a part before the others."""
        self._parts.insert(0, (part, self._add(part, 0)))

    def _add(self, part: Part, at: int) -> int:
        """Take in the pages of a part with tags, bookmarks and named places; return how many pages it has."""
        with pikepdf.open(io.BytesIO(part.pdf)) as added:
            self._places |= _insert(self._whole, added, at)
            return len(added.pages)

    def finished(self, told: Mapping[str, str]) -> bytes:
        """Return the PDF; `told` is what a screen reader says of a link to each named place."""
        whole = self._whole
        whole.Root.PageLabels = Dictionary(Nums=self._labels())
        whole.Root.PageMode = Name.UseOutlines
        names = Array()
        for name in sorted(self._places, key=lambda key: key.encode()):
            names.extend([String(name), self._places[name]])
        whole.Root.Names = Dictionary(Dests=whole.make_indirect(Dictionary(Names=names)))
        for page in whole.pages:
            for link in page.obj.get("/Annots", ()):
                _mend_link(link, told)
        out = io.BytesIO()
        whole.save(
            out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=True,
            fix_metadata_version=False,
        )  # fmt: skip
        return out.getvalue()

    def _labels(self) -> Array:
        labels, starts = Array(), 0
        for part, count in self._parts:
            label = Dictionary(S=Name(f"/{part.style}"))
            if part.prefix:
                label.P = String(part.prefix)
            if part.first > 1:
                label.St = part.first
            labels.extend([starts, label])
            starts += count
        return labels


def _insert(whole: Any, added: Any, at: int) -> dict[str, Any]:
    """Put the pages of one PDF into another, before all or behind them, with tags and bookmarks; return its places."""
    root, own = whole.Root.StructTreeRoot, added.Root.StructTreeRoot
    shift = _next_key(root)
    for page in added.pages:
        if "/StructParents" in page.obj:
            page.obj.StructParents = int(page.obj.StructParents) + shift
        for link in page.obj.get("/Annots", ()):
            if "/StructParent" in link:
                link.StructParent = int(link.StructParent) + shift
    for count, page in enumerate(added.pages):
        whole.pages.insert(at + count, page)
    copied = whole.copy_foreign(own if own.is_indirect else added.make_indirect(own))
    numbers = copied.ParentTree.Nums
    shifted = [int(n) + shift if i % 2 == 0 else n for i, n in enumerate(numbers)]
    root.ParentTree.Nums.extend(shifted)
    document = _kids(root)[0]
    elements = _kids(_kids(copied)[0])
    for element in elements:
        element.P = document
    document.K = Array([*_kids(document), *elements] if at else [*elements, *_kids(document)])
    _insert_outline(whole, added, first=not at)
    places = {}
    for name, place in destinations(added).items():
        places[name] = whole.copy_foreign(place if place.is_indirect else added.make_indirect(place))
    return places


def _next_key(root: Any) -> int:
    numbers = root.ParentTree.Nums
    return max((int(numbers[i]) for i in range(0, len(numbers), 2)), default=-1) + 1


def _insert_outline(whole: Any, added: Any, *, first: bool) -> None:
    if "/Outlines" not in added.Root or "/First" not in added.Root.Outlines:
        return
    copied = whole.copy_foreign(added.Root.Outlines)
    if "/Outlines" not in whole.Root or "/First" not in whole.Root.Outlines:
        whole.Root.Outlines = copied
        return
    into = whole.Root.Outlines
    before, after = (copied, into) if first else (into, copied)
    item = copied.First
    while True:
        item.Parent = into
        if "/Next" not in item:
            break
        item = item.Next
    before.Last.Next, after.First.Prev = after.First, before.Last
    into.First, into.Last = before.First, after.Last
    into.Count = int(into.Count) + int(copied.Count)


def _kids(element: Any) -> list[Any]:
    found = element.get("/K")
    return [] if found is None else list(found) if isinstance(found, Array) else [found]


def mend(made: bytes) -> bytes:
    """Return a part as WeasyPrint made it with its tags mended."""
    with pikepdf.open(io.BytesIO(made)) as pdf:
        used: dict[Any, set[int]] = {}
        twice: set[Any] = set()
        for element in _kids(pdf.Root.StructTreeRoot):
            _mend(pdf, element, None, used, twice, in_head=False)
        for page in pdf.pages:
            _mark_artifacts(pdf, page, used.get(page.objgen, set()))
            if "/Annots" in page.obj:
                page.obj.Annots = Array([link for link in page.obj.Annots if link.objgen not in twice])
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, compress_streams=True, fix_metadata_version=False)
        return out.getvalue()


def _mend(pdf: Any, element: Any, page: Any, used: dict[Any, set[int]], twice: set[Any], *, in_head: bool) -> bool:
    """Mend a tag and what is below it; return False for one that holds nothing."""
    page = element.get("/Pg", page)
    kind = str(element.S)
    kept = []
    for kid in _kids(element):
        if isinstance(kid, int):
            used.setdefault(page.objgen, set()).add(kid)
            kept.append(kid)
        elif kid.get("/Type") == Name.OBJR:
            if kind == "/Link":
                kept.append(kid)
            else:
                twice.add(kid.Obj.objgen)  # WeasyPrint repeats a link on what stands in it; the outer one says it all
        elif kid.get("/Type") == Name.MCR:
            used.setdefault(kid.get("/Pg", page).objgen, set()).add(int(kid.MCID))
            kept.append(kid)
        elif _mend(pdf, kid, page, used, twice, in_head=in_head or kind == "/THead"):
            kept.append(kid)
    if not kept and kind in _HOLLOW and "/Alt" not in element:
        return False
    element.K = Array(kept)
    if kind == "/TH":
        attributes = element.get("/A")
        if not isinstance(attributes, Dictionary):
            element.A = attributes = Dictionary(O=Name.Table)
        attributes.Scope = Name.Column if in_head else Name.Row
    elif kind == "/LI":
        _give_body(pdf, element, kept)
    return True


def _give_body(pdf: Any, item: Any, kids: list[Any]) -> None:
    """Wrap what an item of a list holds besides its label."""
    named = [kid for kid in kids if isinstance(kid, Dictionary) and "/S" in kid]
    if any(Name.LBody == kid.S for kid in named):
        return
    labels = [kid for kid in named if Name.Lbl == kid.S]
    rest = [kid for kid in kids if not any(kid is label for label in labels)]
    body = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.LBody, P=item, K=Array(rest)))
    if "/Pg" in item:
        body.Pg = item.Pg
    for kid in rest:
        if isinstance(kid, Dictionary) and "/S" in kid:
            kid.P = body
    item.K = Array([*labels, body])


def _mark_artifacts(pdf: Any, page: Any, live: set[int]) -> None:
    """Mark what no tag holds, running heads and page numbers, as no part of the text."""

    def marked(match: re.Match[bytes]) -> bytes:
        return match[0] if int(match[2]) in live else b"/Artifact <</Type /Pagination>> BDC"

    content = page.Contents.read_bytes()
    changed = _MARKED.sub(marked, content)
    if changed != content:
        page.Contents = pdf.make_stream(changed)


def _mend_link(link: Any, told: Mapping[str, str]) -> None:
    link.F = 4  # print what the screen shows
    action = link.get("/A")
    if action is not None and str(action.get("/URI", "")).startswith(BETWEEN):
        link.Dest = String(str(action.URI).removeprefix(BETWEEN))
        del link.A
    if "/Dest" in link:
        link.Contents = String(told.get(str(link.Dest), str(link.Dest)))


def outline(pdf: Any) -> Iterator[tuple[int, str]]:
    """Yield the depth and the words of every bookmark of a PDF."""

    def below(item: Any, depth: int) -> Iterator[tuple[int, str]]:
        while item is not None:
            yield depth, str(item.Title)
            yield from below(item.get("/First"), depth + 1)
            item = item.get("/Next")

    if "/Outlines" in pdf.Root:
        yield from below(pdf.Root.Outlines.get("/First"), 0)
