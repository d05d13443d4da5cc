import math
from operator import add, mul, sub, truediv

import pytest

from sourcebook.errors import SourcebookError, UnitMismatch
from sourcebook.paths import UNITS
from sourcebook.quantity import HEDGE, Quantity, defined, misdefined, reading, registry


def q(low, high=None, unit="km"):
    return Quantity(low, low if high is None else high, unit)


def about(quantity):
    """The ends and the unit, to compare with room for floating point."""
    return pytest.approx((quantity.low, quantity.high)), quantity.unit


@pytest.mark.parametrize(
    ("one", "operation", "two", "result"),
    [
        (q(1, 2), add, q(10, 20), q(11, 22)),
        (q(1, 2), add, q(1, unit="mile"), q(2.609344, 3.609344)),
        (q(1, 2), sub, q(1, 5), q(-4, 1)),
        (q(5, 5), sub, q(5, 5), q(0)),
        (q(2, 3), mul, q(4, 5, "day"), q(8, 15, "km*day")),
        (q(-2, 3), mul, q(-5, 4, ""), q(-15, 12)),
        (q(-3, -2), mul, q(-5, -4, ""), q(8, 15)),
        (q(2), mul, 3, q(6)),
        (q(10, 20), truediv, q(2, 4, "day"), q(2.5, 10, "km/day")),
        (q(-8, 8), truediv, q(-4, -2, ""), q(-4, 4)),
        (q(4, 8), truediv, 2, q(2, 4)),
    ],
)
def test_arithmetic_encloses_every_value_of_its_operands(one, operation, two, result):
    found = operation(one, two)
    assert (found.low, found.high) == pytest.approx((result.low, result.high))
    # the order in which a product of units is written is pint's
    assert sorted(found.unit.split("*")) == sorted(result.unit.split("*"))


def test_a_bare_number_may_stand_before_the_quantity():
    assert 3 * q(2, 4) == q(6, 12)


@pytest.mark.parametrize("divisor", [q(0, 4, "day"), q(-1, 4, "day"), q(-4, 0, "day"), q(0, unit="day"), 0])
def test_division_by_an_interval_that_holds_zero_raises(divisor):
    with pytest.raises(ZeroDivisionError, match="holds zero"):
        q(10, 20) / divisor


@pytest.mark.parametrize(
    ("one", "operation", "two", "low", "high"),
    [
        (q(1, math.inf), add, q(2), 3, math.inf),
        (q(1, 2), sub, q(1, math.inf), -math.inf, 1),
        (q(1, math.inf), mul, 2, 2, math.inf),
        (q(0, math.inf), mul, q(0, unit=""), 0, 0),
        (q(-math.inf, 0), mul, q(0, 1, ""), -math.inf, 0),
        (q(10, 20), truediv, q(5, math.inf, ""), 0, 4),
        (q(10, math.inf), truediv, q(2, math.inf, ""), 0, math.inf),
    ],
)
def test_an_open_end_stays_open_or_closes_at_zero(one, operation, two, low, high):
    result = operation(one, two)
    assert (result.low, result.high) == pytest.approx((low, high))


@pytest.mark.parametrize(
    ("one", "operation", "two", "value", "unit"),
    [
        (q(50, unit="percent"), mul, q(200, unit="USD"), 100, "USD"),
        (q(200, unit="USD"), truediv, q(50, unit="percent"), 400, "USD"),
        (q(50, unit="percent"), mul, q(50, unit="percent"), 0.25, ""),
        (q(5, unit="percent"), add, q(0.1, unit=""), 15, "percent"),
    ],
)
def test_a_percentage_is_folded_into_a_factor(one, operation, two, value, unit):
    assert about(operation(one, two)) == ((value, value), unit)


@pytest.mark.parametrize(
    ("one", "operation", "two", "value", "unit"),
    [
        (q(1), truediv, q(1, unit="mile"), 1 / 1.609344, ""),
        (q(12, unit="meeting"), truediv, q(12, unit="month"), 1, "meeting/month"),
        (q(2, unit="USD/t"), mul, q(3, unit="t"), 6, "USD"),
        (q(6, unit="USD"), truediv, q(3, unit="USD/t"), 2, "t"),
    ],
)
def test_like_units_cancel(one, operation, two, value, unit):
    assert about(operation(one, two)) == ((value, value), unit)


def test_an_open_end_stays_open_in_another_unit():
    assert q(1, math.inf).to("mile").high == math.inf


def test_numbers_may_be_counted_under_another_unit():
    assert q(3, 5, "meeting").counted_as("engagement") == q(3, 5, "engagement")


@pytest.mark.parametrize(
    ("quantity", "unit", "value"),
    [
        (q(1, unit="mile"), "km", 1.609344),
        (q(57, unit="mile"), "km", 91.732608),
        (q(1, unit="year"), "day", 365.25),
        (q(1, unit="decade"), "month", 120),
        (q(12, unit="meeting/year"), "meeting/month", 1),
        (q(40, unit="percent"), "", 0.4),
    ],
)
def test_conversion_goes_by_the_definitions_of_the_unit_table(quantity, unit, value):
    assert about(quantity.to(unit)) == ((value, value), unit)


@pytest.mark.parametrize(("one", "two"), [("km", "day"), ("USD", "EUR"), ("meeting", "truck"), ("km", "")])
def test_quantities_of_different_kinds_do_not_mix(one, two):
    with pytest.raises(UnitMismatch, match="is no"):
        q(1, unit=one).to(two)
    with pytest.raises(UnitMismatch, match="is no"):
        q(1, unit=one) + q(1, unit=two)


def test_line_is_a_telephone_line_and_not_a_twelfth_of_an_inch():
    with pytest.raises(UnitMismatch):
        q(1, unit="line").to("km")


@pytest.mark.parametrize(("low", "high"), [(3, 2), (math.nan, 2), (1, math.nan)])
def test_ends_that_do_not_meet_in_order_are_refused(low, high):
    with pytest.raises(ValueError, match="above high end"):
        Quantity(low, high, "km")


@pytest.mark.parametrize(
    ("two", "meets"),
    [(q(2, 9), True), (q(2.1, 9), False), (q(1, unit="mile"), True), (q(2, unit="mile"), False), (q(-9, 1), True)],
)
def test_overlap_is_told_across_units_and_includes_the_ends(two, meets):
    assert q(1, 2).overlaps(two) is meets


def test_a_point_is_an_interval_whose_ends_meet():
    assert Quantity.point(7, "km") == q(7, 7)
    assert (q(7).is_point, q(7, 8).is_point) == (True, False)
    assert (q(7).is_bounded, q(7, math.inf).is_bounded) == (True, False)


@pytest.mark.parametrize(
    ("low", "high", "qualifier", "ends"),
    [
        (5, 5, "exact", (5, 5)),
        (500, 500, "about", (450, 550)),
        (None, 100, "nearly", (90, 100)),
        (100, None, "at_least", (100, math.inf)),
        (None, 8, "at_most", (0, 8)),
        (20, 22, "range", (20, 22)),
        (3, 3, "rank", (3, 3)),
        (50, 100, "vague", (50, 100)),
        (5, None, "range", (5, math.inf)),
        (-500, -500, "about", (-550, -450)),
        (None, -100, "nearly", (-100, -90)),
        (None, -5, "at_most", (-math.inf, -5)),
    ],
)
def test_reading_turns_each_qualifier_into_an_interval(low, high, qualifier, ends):
    found = reading(low, high, qualifier, "day")
    assert (found.low, found.high, found.unit) == (*map(pytest.approx, ends), "day")
    assert HEDGE == 0.10


def test_reading_needs_a_number():
    with pytest.raises(ValueError, match="neither end is stated"):
        reading(None, None, "exact", "day")


def test_the_registry_reads_a_table_of_its_own(tmp_path):
    path = tmp_path / "units.csv"
    path.write_text("unit,definition\nsack,[sack]\ncart,12*sb_sack\n", encoding="utf-8")
    assert registry(path) is registry(path)
    assert registry(path).Quantity(2, "sb_cart").to("sb_sack").magnitude == 24


def test_one_registry_serves_every_copy_of_a_table(tmp_path):
    copy = tmp_path / "units.csv"
    copy.write_bytes(UNITS.read_bytes())
    registry.cache_clear()  # tests before may have used more tables than are kept
    assert registry(copy) is registry()


def test_a_table_that_cannot_be_read_is_one_of_our_errors(tmp_path):
    with pytest.raises(SourcebookError, match="units cannot be read"):
        registry(tmp_path / "units.csv")


@pytest.mark.parametrize(
    ("definition", "what"),
    [
        ("2**", "definition '2**' of 'yoke' is none of pint's"),
        ("((", "definition '((' of 'yoke' is none of pint's"),
        ("3 +", "definition '3 +' of 'yoke' is none of pint's"),
        ("[x", "definition '[x' of 'yoke' is none of pint's"),
        ("nosuch", "definition 'nosuch' of 'yoke' is none of pint's ('nosuch' is not defined in the unit registry)"),
        ("=", "definition '=' of 'yoke' is none of pint's"),
        ("a = b", "definition 'a = b' of 'yoke' is none of pint's"),
        ("2*sb_yoke", "definition '2*sb_yoke' of 'yoke' is none of pint's"),
        ("0", "definition '0' of 'yoke' is none of pint's"),
        (" ", "definition is blank"),
    ],
)
def test_a_definition_without_meaning_is_told_and_harms_no_other(definition, what):
    rows = (("yoke", definition), ("cart", "12*day"))
    assert misdefined(rows) == {"yoke": what}
    assert defined(rows)[0].Quantity(1, "sb_cart").to("day").magnitude == pytest.approx(12)


@pytest.mark.parametrize("unit", ["furlong", "km/furlong", "km/", "((", "2"])
def test_an_unknown_unit_is_a_mismatch(unit):
    with pytest.raises(UnitMismatch, match="unknown unit"):
        q(1, unit=unit).to("km")
    with pytest.raises(UnitMismatch, match="unknown unit"):
        q(1).to(unit)


@pytest.mark.parametrize(
    ("low", "unit", "same"),
    [
        (92, "km", True),
        (91, "km", True),
        (57, "km", False),
        (90, "km", False),
        (57, "mile", True),
        (57.2, "mile", False),
    ],
)
def test_a_converted_number_may_be_rounded_and_another_may_not(low, unit, same):
    assert Quantity.point(57, "mile").may_equal(Quantity.point(low, unit)) is same
