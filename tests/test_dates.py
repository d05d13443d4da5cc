"""Dates in prose, held against the record."""

from __future__ import annotations

import pytest

from sourcebook.dates import find_dates, verify_date


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("on 25 November 2024", ["2024-11-25"]),
        ("Nov. 2024 and 2025", ["2024-11", "2025"]),
        ("March to November 2024", ["2024-03", "2024-11"]),
        ("May and June 2021, then 2022", ["2021-05", "2021-06", "2022"]),
        ("March 2024 to May 2025", ["2024-03", "2025-05"]),
        ("in March", []),
    ],
)
def test_every_date_with_a_year_is_found(text, dates):
    assert [date.iso for date in find_dates(text)] == dates


PERIOD = ("2024-01", "2024-09-30")


@pytest.mark.parametrize(
    ("words", "stamps"),
    [
        ("November 2024", ("2024-11-25",)),
        ("January to September 2024", PERIOD),
        ("2024", PERIOD),
        ("by September 2024", PERIOD),
        ("up to 30 September 2024", PERIOD),
        ("since January 2024", PERIOD),
    ],
)
def test_dates_that_the_record_bears_out(words, stamps):
    assert verify_date(words, *stamps) == []


@pytest.mark.parametrize(
    ("words", "stamps", "told"),
    [
        ("26 November 2024", ("2024-11-25",), "says 26 November 2024 where the record has 25 November 2024"),
        ("25 November 2024", ("2024-11",), "where the record has November 2024"),
        ("2024", ("2024-01", "2025-02"), "must hold January 2024 and February 2025"),
        ("by January 2024", PERIOD, "says January 2024 where the record has 30 September 2024"),
        ("since September 2024", PERIOD, "where the record has January 2024"),
        ("September 2024", PERIOD, "must hold January 2024 and 30 September 2024"),
        ("September to January 2024", PERIOD, "where the record has January 2024"),
    ],
)
def test_dates_that_the_record_does_not_bear_out(words, stamps, told):
    assert told in " ".join(verify_date(words, *stamps))
