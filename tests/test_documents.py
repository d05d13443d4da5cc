"""Measures of the documents themselves."""

from __future__ import annotations

import pytest

from sourcebook.documents import measure, told
from sourcebook.errors import UnknownId
from sourcebook.ledger import Ledger

LEDGER = Ledger.load()


def test_a_document_is_as_long_as_its_record_says():
    found = measure(LEDGER, "words/did-2026")
    assert (found.low, found.high, found.unit) == (LEDGER.sources["did-2026"].words, 297, "")


@pytest.mark.parametrize(
    ("published", "events", "least", "most"),
    [
        ("2024-12", ["2024-12-06", "2009-07"], 0, 25),
        ("2025-02-10", ["2025-01-31", "2025-01-01"], 10, 10),
        ("2025-02", ["2025", "2025-01"], 0, 58),
        ("2025", ["2025-07-03"], 0, 181),
        ("2024-04", ["2024-03", "2023-05"], 1, 60),
    ],
)
def test_the_newest_event_is_as_old_as_the_dates_allow(published, events, least, most):
    class Source:
        source_id, date_published = "any", published

    class Told:
        def __init__(self, date):
            self.date = date

    class Record:
        source = staticmethod(lambda key: Source)
        events_of = staticmethod(lambda key: [Told(date) for date in events])

    found = measure(Record, "lag/any")
    assert (found.low, found.high, found.unit) == (least, most, "day")


@pytest.mark.parametrize(("key", "lost"), [("length/did-2026", "measure of a document"), ("words/did-2025", "source")])
def test_what_leads_nowhere_is_named(key, lost):
    with pytest.raises(UnknownId, match=lost):
        measure(LEDGER, key)


def test_a_measure_is_read_out():
    assert told(LEDGER, "words/did-2026") == "length in words of DID Press item (2026)"
    assert told(LEDGER, "lag/did-2026") == "newest dated event and date of publication of DID Press item (2026)"
