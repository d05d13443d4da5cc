"""Cut a seed text into sentences and what is none, so that every word of it is in one segment.

The sentences are the units in which stances are coded. They were fixed before the coding, in
``data/sentences.csv``: `draft` proposes the rows for a new text, an author mends them, and from then on the
table is the authority. `problems` proves that it leaves no word out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sourcebook.errors import Problem
from sourcebook.ledger import Table, integer
from sourcebook.quotes import SeedText

KINDS = ("sentence", "continuation", "heading", "note", "matter")
"""A sentence, its rest behind a page break, a heading, a footnote or reference, and what the page adds."""

_MARKS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_END = re.compile(rf"[.!?…][”\"’')\]*]*[{_MARKS}]*(?:\[\w+\])?\*?(?=\s|$)")
_ABBREVIATION = re.compile(r"(?:\b(?:Dr|Mrs?|Ms|Maj|Gen|Ltd|al|art|cit|No|p|vs|[A-Z])|\.\.)\.$")
_OPENS = re.compile(r"[“\"‘'(«*\[]*[A-Z0-9–-]")
_NUMBER = re.compile(r"-?\s*\d+\.")
_NOTE = re.compile(rf"[{_MARKS}]|\[\w+\]|\* ")
_REFERENCES = re.compile(r"(?:GENERAL )?(?:REFERENCES|BIBLIOGRAPHY)", re.IGNORECASE)
_HEADING_WORDS = 14
_LINE, _BLOCK = (
    re.compile(r"\S(?:.*\S)?"),
    re.compile(r"\S(?:.*\S)?(?:[ \t]*\n[ \t]*(?!(?:[-*•]|\d+[.)])\s)\S(?:.*\S)?)*"),
)
_WRAPPED, _FEW = (
    100,
    8,
)  # characters that no line of a text exceeds that was cut to a width, and lines of a text too short to tell


@dataclass(frozen=True)
class Segment:
    """A stretch of a text, at offsets counted in code points."""

    start: int
    end: int
    kind: str


def draft(text: str) -> list[Segment]:
    """Propose the segments of a text, one line at a time; of a text that was cut to a width, one block of lines.

    A sentence that a footnote or a page's end interrupts goes on in a segment of kind ``continuation``.
    """
    found: list[Segment] = []
    open_sentence = references = False
    lines = text.splitlines()
    wrapped = len(lines) > _FEW and max(map(len, lines)) <= _WRAPPED
    for line in (_BLOCK if wrapped else _LINE).finditer(text):
        words = line[0]
        if references or _NOTE.match(words):
            found.append(Segment(line.start(), line.end(), "note"))
            continue
        references = _REFERENCES.fullmatch(words) is not None
        spans = list(_sentences(text, line.start(), line.end()))
        closed = _closed(text, spans[-1])
        if len(spans) == 1 and not closed and not open_sentence and len(words.split()) <= _HEADING_WORDS:
            found.append(Segment(*spans[0], "heading"))
            continue
        for i, span in enumerate(spans):
            found.append(Segment(*span, "continuation" if open_sentence and i == 0 else "sentence"))
        open_sentence = not closed
    return found


def _closed(text: str, span: tuple[int, int]) -> bool:
    return re.search(rf"(?:{_END.pattern}|:)$", text[span[0] : span[1]]) is not None


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a line; the number of a list's item belongs to its first one."""
    begin = start
    for match in _END.finditer(text, start, end):
        rest = text[match.end() : end]
        following = rest.lstrip()
        if _NUMBER.fullmatch(text[begin : match.end()]) or _ABBREVIATION.search(text[begin : match.start() + 1]):
            continue
        if following and _OPENS.match(following):
            yield begin, match.end()
            begin = end - len(following)
    yield begin, end


def problems(table: Table, texts: Mapping[str, SeedText]) -> Iterator[Problem]:
    """Yield every word of a text that no segment holds, or two, and every segment that is cut or out of place."""
    for source, text in texts.items():
        rows = [row for row in table.rows if row["source_id"] == source]
        spans = [(integer(row["start"]), integer(row["end"]), row.line) for row in rows]
        at = line = 0
        for start, end, line in sorted((a, b, n) for a, b, n in spans if a is not None and b is not None):
            if start < at:
                yield Problem(table.path, line, f"segment begins at {start}, inside the one before", "mend the offsets")
            elif lost := text.text[at:start].strip():
                what = f"{source} has words in no segment before {start}: {' '.join(lost.split())[:60]!r}"
                yield Problem(table.path, line, what, "add a segment, or mend the offsets")
            if end > len(text.text) or text.text[start:end] != text.text[start:end].strip() or start >= end:
                what = f"segment {start} to {end} of {source} begins or ends with a blank, or outside the text"
                yield Problem(table.path, line, what, "mend the offsets")
            at = max(at, end)
        if lost := text.text[at:].strip():
            what = f"{source} has words in no segment after {at}: {' '.join(lost.split())[:60]!r}"
            yield Problem(table.path, line or 1, what, "add a segment")
