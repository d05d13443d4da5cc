import math

import pytest

from sourcebook.derived import KINDS, definition, derived, evaluate, frame, record
from sourcebook.errors import SourcebookError, UnitMismatch, UnknownId
from sourcebook.models import Stated
from sourcebook.quantity import Quantity

pytestmark = pytest.mark.usefixtures("no_derivations")


def define(key, *inputs, unit="day", digits=1, function=lambda *values: values[0]):
    derived(key, *inputs, unit=unit, digits=digits, label=f"label of {key}", formula="as the function does")(function)


def test_a_value_is_computed_from_the_intervals_of_its_inputs_in_order(project):
    define("rate", "claim:coast-row", "claim:repair-time", unit="km/day", function=lambda way, time: way / time)
    value = evaluate(project.load(), "rate")
    assert value.unit == "km/day"
    assert (value.low, value.high) == pytest.approx((57 * 1.609344 / 22, 57 * 1.609344 / 20))


def test_a_value_may_be_made_of_derived_values_reviews_and_series(project):
    define("doubled", "review:crossings-almanac", unit="event", function=lambda times: times * 2)
    define("sum", "derived:doubled", "claim:crossings", unit="event", function=lambda one, two: one + two)
    define("pilots", "series:meetings-pilots", unit="meeting")
    ledger = project.load()
    value = evaluate(ledger, "sum")
    assert (value.low, value.high) == pytest.approx(
        (2 * 1260 + 1382, 2 * 1540 + 1382)
    )  # "about 1,400" is 1,260 to 1,540
    assert evaluate(ledger, "pilots").low == 12


def test_a_period_is_an_interval_of_days(project):
    project.change("claims", 6, period_start="2024-03-01", period_end="2024-04")
    define("observed", "period:repair-time")
    value = evaluate(project.load(), "observed")
    assert (value.low, value.high, value.unit) == (32, 61, "day")


def test_each_ledger_has_values_of_its_own(project):
    define("days", "claim:repair-time")
    before = project.load()
    assert evaluate(before, "days").high == 22
    project.change("claims", 6, value_high="30")
    assert evaluate(project.load(), "days").high == 30
    assert evaluate(before, "days").high == 22


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("claim:repair-tim", "no claim has the id 'repair-tim'; did you mean repair-time"),
        ("series:meetings-pilot", "did you mean meetings-pilots?"),
        ("review:nowhere", "no review has the id 'nowhere'"),
        ("derived:ghost", "no derived value has the id 'ghost'"),
        ("clam:repair-time", "no kind of record has the id 'clam'; did you mean claim?"),
    ],
)
def test_an_input_that_leads_nowhere_is_named(project, reference, message):
    define("lost", reference)
    with pytest.raises(UnknownId) as caught:
        evaluate(project.load(), "lost")
    assert message in str(caught.value)


def test_an_unknown_value_names_near_misses():
    define("transit-days")
    with pytest.raises(UnknownId, match="did you mean transit-days"):
        definition("transit-day")


def test_an_id_is_taken_once():
    define("twice")
    with pytest.raises(SourcebookError, match="derived value 'twice' is defined twice"):
        define("twice")


def test_a_result_of_another_kind_than_declared_is_refused(project):
    define("odd", "claim:repair-time", unit="km")
    with pytest.raises(UnitMismatch, match="day is no km"):
        evaluate(project.load(), "odd")


@pytest.mark.parametrize(
    ("kind", "key", "stated", "label"),
    [
        ("claim", "repair-cost", Stated(None, 1e8, "USD", "nearly"), "ferry: crossings in spring"),
        ("series", "meetings-pilots", Stated(12, 12, "meeting"), "Meetings of the pilots"),
        ("review", "crossings-almanac", Stated(1400, 1400, "event", "about"), "Almanac Society on crossings"),
    ],
)
def test_a_record_is_the_number_as_stated_whatever_its_table(project, kind, key, stated, label):
    found = record(project.load(), kind, key)
    assert (found.kind, found.key, found.stated, found.label, found.digits) == (kind, key, stated, label, None)


@pytest.mark.parametrize(
    ("reference", "stated"),
    [
        ("claim:crossings", Stated(1382, 1382, "event", "exact")),
        ("claim:repair-time", Stated(20, 22, "day", "range")),
        ("review:crossings-almanac", Stated(1260, 1540, "event", "range")),
    ],
)
def test_a_derived_record_carries_its_interval_and_digits(project, reference, stated):
    define("made", reference, unit=stated.unit, digits=0)
    found = record(project.load(), "derived", "made")
    assert (found.stated.unit, found.stated.qualifier) == (stated.unit, stated.qualifier)
    assert (found.stated.low, found.stated.high) == pytest.approx((stated.low, stated.high))
    assert (found.digits, found.label) == (0, "label of made")


def test_an_open_end_of_a_derived_record_is_blank(project):
    project.change("claims", 6, value_high="", qualifier="at_least")
    define("open", "claim:repair-time")
    assert record(project.load(), "derived", "open").stated == Stated(20, None, "day", "exact")


def test_an_end_without_a_least_value_is_blank(project):
    define("fall", "claim:repair-time", function=lambda time: time - Quantity(0, math.inf, "day"))
    assert record(project.load(), "derived", "fall").stated == Stated(None, 22, "day", "exact")


def test_an_input_in_an_unknown_unit_is_one_of_our_errors(project):
    project.change("claims", 6, unit="furlong")
    define("odd", "claim:repair-time")
    with pytest.raises(UnitMismatch, match="unknown unit 'furlong'"):
        evaluate(project.load(), "odd")


def test_a_review_without_a_number_has_no_record(project):
    project.change("reviews", 2, value_low="", value_high="")
    with pytest.raises(SourcebookError, match="review 'crossings-almanac' carries no number"):
        record(project.load(), "review", "crossings-almanac")


def test_the_kinds_of_record():
    assert set(KINDS) == {"claim", "series", "review", "derived"}


def test_a_frame_has_one_row_a_reference_in_the_order_given(project):
    project.change("claims", 6, value_high="", qualifier="at_least")
    table = frame(project.load(), ["series:meetings-pilots", "claim:repair-time"])
    assert list(table["ref"]) == ["series:meetings-pilots", "claim:repair-time"]
    assert list(table["low"]) == [12, 20]
    assert list(table["high"]) == [12, math.inf]
    assert list(table["unit"]) == ["meeting", "day"]
    assert list(table["period_start"]) == ["2024", ""]


def test_zero_bounds_nothing_of_what_is_counted_and_is_an_end_of_what_can_be_negative(project):
    def span(_):
        return Quantity(0.0, 0.5, "")

    for key, signed in (("counted", False), ("balance", True)):
        derived(key, "claim:crossings", unit="", digits=2, label=key, formula="none", signed=signed)(span)
    ledger = project.load()
    counted, balance = (record(ledger, "derived", key).stated for key in ("counted", "balance"))
    assert (counted.low, counted.high) == (None, 0.5)
    assert (balance.low, balance.high, balance.qualifier) == (0.0, 0.5, "range")
