"""Where figures stand: one that would leave a page half empty lets the paragraphs after it go first.

CSS has no figures that float to the next page. The pages are laid out once as they are written, the heights of their
blocks are taken from that, and the pages are filled with them anew: a paragraph of the same section goes before a figure
that does not fit. What comes out is laid out once more, as it is to be printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import lxml.html

BARE = 110.0
"""px, 29 mm: how much of a page may stay empty above its foot before a paragraph is brought there."""
LINES = 40.0
"""px: two lines, the least of a paragraph on a page."""
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_MOVABLE = frozenset(("p", "ul", "ol"))

Box = Any
"""A box of WeasyPrint, which ships no types for what is inside of it."""


@dataclass
class Block:
    """A child of a page of the book, laid out."""

    section: int
    place: int
    tag: str
    opens: bool
    """Whether it begins a sheet whatever came before."""
    whole: bool
    """Whether it stays on one sheet."""
    leads: bool
    """Whether it ends with a colon, and may not be parted from what follows."""
    height: float = 0.0
    above: float = 0.0
    below: float = 0.0
    after: list[int] = field(default_factory=list)
    """Of a figure: the places of the paragraphs that go before it."""


def arranged(html: str, root: Any, pages: Sequence[Any]) -> str | None:
    """Return a document with its figures moved, or None where no page gains by it.

    Parameters
    ----------
    html
        The document.
    root
        The same as WeasyPrint read it.
    pages
        The same as WeasyPrint laid it out.
    """
    flow = blocks(root, pages)
    moved = [block for block in fill(flow, float(pages[0]._page_box.height)) if block.after]
    if not moved:
        return None
    tree = lxml.html.document_fromstring(html)
    sections = [list(group) for group in _groups(tree)]
    for block in moved:
        figure = sections[block.section][block.place]
        for place in block.after:
            paragraph = sections[block.section][place]
            paragraph.tail, figure.tail = None, None
            figure.addprevious(paragraph)
    return f"<!DOCTYPE html>{lxml.html.tostring(tree, encoding='unicode')}"


def _groups(root: Any) -> Iterator[Any]:
    """Yield what holds blocks: the pages of the book, and what stands around them."""
    for main in root.iter("main"):
        yield main
        for child in main:
            if child.tag == "section":
                yield child


def blocks(root: Any, pages: Sequence[Any]) -> list[Block]:
    """Return the blocks of a document in the order in which they were laid out."""
    known: dict[Any, Block] = {}
    for section, group in enumerate(_groups(root)):
        for place, child in enumerate(group):
            if child.tag != "section":
                known[child] = _block(child, section, place)
    found: list[Block] = []
    for page in pages:
        for box in _top(page._page_box, known):
            block = known[box.element]
            if block not in found[-1:]:
                found.append(block)
                block.above = float(box.margin_top)
            block.height += float(box.border_height())
            block.below = float(box.margin_bottom)
    return found


def _block(element: Any, section: int, place: int) -> Block:
    kinds = element.get("class", "").split()
    whole = element.tag == "figure" or bool({"evidence-picture", "short"} & set(kinds))
    words = "".join(element.itertext()).rstrip()
    return Block(section, place, element.tag, "part" in kinds, whole, words.endswith(":"))


def _top(box: Box, known: dict[Any, Block]) -> Iterator[Box]:
    """Yield the outermost boxes of known elements."""
    for child in box.all_children() if hasattr(box, "all_children") else ():
        if child.element in known:
            yield child
        else:
            yield from _top(child, known)


def fill(flow: list[Block], height: float) -> list[Block]:
    """Fill sheets of a height with blocks, and note in each figure what goes before it; return the order."""
    todo, done = list(flow), list[Block]()
    used = 0.0
    while todo:
        block = todo.pop(0)
        if block.opens:
            used = 0.0
        gap = max(done[-1].below if done else 0.0, block.above) if used else 0.0
        if block.tag == "figure" and used + gap + block.height > height:
            while height - used > BARE and (paragraph := _next(block, todo)):
                todo.remove(paragraph)
                block.after.append(paragraph.place)
                used = _set(used, gap, paragraph, height)
                done.append(paragraph)
                gap = max(paragraph.below, block.above)
        used = _set(used, gap, block, height, *_held(block, todo))
        done.append(block)
    return done


def _next(figure: Block, todo: Sequence[Block]) -> Block | None:
    """Return the paragraph that may go before a figure; one that leads to the next figure may not."""
    if not todo or todo[0].section != figure.section or todo[0].tag not in _MOVABLE or todo[0].leads:
        return None
    return None if todo[1:] and todo[1].tag == "figure" else todo[0]


def _held(block: Block, todo: Sequence[Block]) -> Iterator[Block]:
    """Yield what a heading has to have below it on its sheet."""
    for before, after in pairwise((block, *todo[:3])):
        if before.tag not in _HEADINGS:
            return
        yield after


def _set(used: float, gap: float, block: Block, height: float, *held: Block) -> float:
    """Return how much of a sheet is used once a block is set."""
    least = block.height if block.whole or block.tag in _HEADINGS else min(block.height, LINES)
    for after in held:
        least += max(block.below, after.above)
        least += after.height if after.whole or after.tag in _HEADINGS else min(after.height, LINES)
    if used and used + gap + least > height:
        used, gap = 0.0, 0.0
    rest = used + gap + block.height
    while rest > height:
        rest -= height
    return rest
