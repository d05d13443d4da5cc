from datetime import date

import pytest

from sourcebook.periods import apart, days_of, offset, span
from sourcebook.quantity import Quantity


@pytest.mark.parametrize(
    ("stamp", "first", "last"),
    [
        ("2021", date(2021, 1, 1), date(2021, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2021-08-15", date(2021, 8, 15), date(2021, 8, 15)),
    ],
)
def test_a_date_covers_as_many_days_as_its_precision_leaves_open(stamp, first, last):
    assert days_of(stamp) == (first, last)


def test_days_counts_both_ends():
    assert span("2024-02-01", "2024-02-29") == Quantity(29, 29, "day")


def test_months_give_an_interval():
    # 31 August 2021 to 1 February 2024, and 1 August 2021 to 29 February 2024
    assert span("2021-08", "2024-02") == Quantity(885, 943, "day")


@pytest.mark.parametrize(("stamp", "days"), [("2024-02", 29), ("2023", 365), ("2024-02-22", 1)])
def test_the_same_stamp_twice_is_that_whole_time(stamp, days):
    assert span(stamp, stamp) == Quantity.point(days, "day")


@pytest.mark.parametrize(
    ("start", "end", "ends"),
    [("2024-02", "2024-02-10", (1, 10)), ("2024-02-10", "2024", (1, 326)), ("2023-12", "2024", (2, 397))],
)
def test_no_period_is_shorter_than_a_day(start, end, ends):
    assert span(start, end) == Quantity(*ends, "day")


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="above high end"):
        span("2024", "2021")


@pytest.mark.parametrize("stamp", ["2024-13", "2024-00", "2023-02-29", "2024-05-00", "0000"])
def test_what_is_in_no_calendar_is_refused(stamp):
    with pytest.raises(ValueError, match=r"must be in|out of range"):
        days_of(stamp)


def test_no_date_is_refused():
    with pytest.raises(ValueError, match="invalid literal"):
        span("spring", "2024")


@pytest.mark.parametrize(
    ("stamp", "other", "days"),
    [
        ("2024-12-06", "2024-11-25", (11, 11)),
        ("2024-11-25", "2024-12-06", (-11, -11)),
        ("2024-12", "2025-04-17", (-137, -107)),
        ("2021-08", "2021-08-30", (-29, 1)),
    ],
)
def test_a_date_lies_behind_another_by_the_least_to_the_most_days_that_both_may_mean(stamp, other, days):
    assert offset(stamp, other) == days


def test_dates_are_apart_by_no_less_than_nothing():
    assert apart("2024-12", "2025-04-17") == apart("2025-04-17", "2024-12") == Quantity(107, 137, "day")
    assert apart("2021-08", "2021-08-30") == Quantity(0, 29, "day")
