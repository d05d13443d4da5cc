from datetime import date

import pytest

from sourcebook.periods import days_of, span
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


def test_no_date_is_refused():
    with pytest.raises(ValueError, match="invalid literal"):
        span("spring", "2024")
