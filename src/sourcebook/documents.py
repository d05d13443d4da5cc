"""What the documents are called, and measures of them as inputs of derived values."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from sourcebook.errors import Silence, SourcebookError, UnknownId
from sourcebook.ledger import Ledger
from sourcebook.models import Source
from sourcebook.paths import SOURCES
from sourcebook.periods import days_of
from sourcebook.quantity import Quantity


@lru_cache
def names(path: Path = SOURCES) -> Mapping[str, str]:
    """Return what a label calls each document of `path` (columns source_id, called, words), the longest first.

    The values that every document has are defined by it, so that a new document needs a row and no code.

    Raises
    ------
    SourcebookError
        If the file cannot be read.
    """
    try:
        with path.open(encoding="utf-8", newline="") as handle:
            rows = [(-int(row["words"]), row["source_id"], row["called"]) for row in csv.DictReader(handle)]
    except (OSError, UnicodeDecodeError, csv.Error, KeyError, TypeError, ValueError) as error:
        raise SourcebookError(f"documents cannot be read ({error})") from error
    return MappingProxyType({source: called for _, source, called in sorted(rows)})


def measure(ledger: Ledger, key: str) -> Quantity:
    """Return a measure of one document.

    Parameters
    ----------
    key : str
        ``words/`` and a source: its length. ``lag/`` and a source: the days from its newest dated event to its
        publication, as an interval where either is known to the month or the year only.

    Raises
    ------
    UnknownId
        If there is no such measure or document.
    Silence
        If a document dates nothing, and its news can have no age.
    """
    what, _, which = key.partition("/")
    if what not in _MEASURES:
        raise UnknownId("measure of a document", what, _MEASURES)
    return _MEASURES[what](ledger, ledger.source(which))


def told(ledger: Ledger, key: str) -> str:
    """Return a measure in words."""
    what, _, which = key.partition("/")
    return f"{_WORDS[what]} of {ledger.source(which).short_name}"


def _words(ledger: Ledger, source: Source) -> Quantity:
    return Quantity.point(source.words, "")


def _lag(ledger: Ledger, source: Source) -> Quantity:
    spans = [days_of(event.date) for event in ledger.events_of(source.source_id)]
    if not spans:
        raise Silence(f"{source.source_id} tells no dated event")
    newest = max(first for first, _ in spans), max(last for _, last in spans)
    published = days_of(source.date_published)
    least, most = (published[0] - newest[1]).days, (published[1] - newest[0]).days
    return Quantity(float(max(0, least)), float(most), "day")


_MEASURES: Mapping[str, Callable[[Ledger, Source], Quantity]] = {"words": _words, "lag": _lag}
_WORDS = {"words": "length in words", "lag": "newest dated event and date of publication"}
