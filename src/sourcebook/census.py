"""Find every numeric expression of a seed text, and hold the census against them.

The census answers one question: was a number skipped? So this grammar is wide where `sourcebook.numerals` is
strict: it also takes footnote marks, numbers inside names and compounds (*post-2021*, *two-pronged*), centuries
and decades, and words such as *dozens*, *once* and *half*. What an expression is, the coder says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sourcebook.errors import Problem
from sourcebook.ledger import Row, Table
from sourcebook.numerals import NUMBER_WORDS, SCALES
from sourcebook.parallel import over_cores
from sourcebook.quotes import SeedText

_WORDS = "|".join(sorted({*NUMBER_WORDS, *SCALES}, key=len, reverse=True))
_VAGUE = "dozens?|hundreds|thousands|millions|billions|trillions|decades?|century|centuries|half|quarter|twice|once|double|triple|couple|both"
_DIGITS = r"\d+(?:[.,:]\d+)*"
_EXPRESSION = re.compile(
    rf"""
      (?P<address>(?:https?://|www\.|doi\.org/)\S+|\b[\w.-]+\.link/\S+)
    | (?P<mark>[⁰¹²³⁴⁵⁶⁷⁸⁹]+|\[(?:\d+|[ivxlc]+)\])
    | (?P<digits>{_DIGITS}(?:\s?[–—-]\s?{_DIGITS})*(?:st|nd|rd|th|s)?(?:-\w+)*\s?%?)
    | (?P<words>\b(?:{_WORDS})(?:[ -](?:{_WORDS}))*(?:-\w+)*\b|\b(?:{_VAGUE})(?:-\w+)*\b)
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True)
class Expression:
    """A numeric expression of a seed text, at offsets counted in code points."""

    start: int
    end: int
    text: str


def expressions(text: str) -> Iterator[Expression]:
    """Yield every numeric expression from left to right.

    An address counts once, if it holds a digit: its numbers are nobody's statement.
    """
    for match in _EXPRESSION.finditer(text):
        found = match[0].strip()
        if match["address"] and not re.search(r"\d", found):
            continue
        yield Expression(match.start(), match.start() + len(found), found)


def found_in(texts: Sequence[str], workers: int | None = None) -> list[list[Expression]]:
    """Return the expressions of each text, the same however many processes look for them."""
    return over_cores(_listed, texts, [len(text) for text in texts], workers)


def _listed(text: str) -> list[Expression]:
    return list(expressions(text))


def problems(table: Table, texts: Mapping[str, SeedText], workers: int | None = None) -> Iterator[Problem]:
    """Yield what is unclassified, and what the census has that the text has not."""
    rows = {(row["source_id"], row["start"]): row for row in table.rows}
    of_source: dict[str, list[tuple[str, Row]]] = {}
    for (source, start), classified in rows.items():
        of_source.setdefault(source, []).append((start, classified))
    counted = found_in([text.text for text in texts.values()], workers)
    for (source, text), listed in zip(texts.items(), counted, strict=True):
        found = {str(e.start): e for e in listed}
        for start, expression in found.items():
            row = rows.get((source, start))
            if row is None:
                context = " ".join(text.text[max(0, expression.start - 30) : expression.end + 20].split())
                what = f"{source} has {expression.text!r} at {start} unclassified ({context!r})"
                yield Problem(table.path, 1, what, "add a row to the census")
            elif (row["text"], row["end"]) != (_plain(expression.text), str(expression.end)):
                what = f"{source} has {expression.text!r} at {start}, the census {row['text']!r}"
                yield Problem(table.path, row.line, what, "mend the row")
        for start, classified in of_source.get(source, ()):
            if start not in found:
                what = f"{classified['text']!r} is not at {start} of {source}"
                yield Problem(table.path, classified.line, what, "it moved or is gone: mend or drop the row")


def _plain(text: str) -> str:
    """Return an expression as a cell can hold it: without line breaks."""
    return " ".join(text.split())
