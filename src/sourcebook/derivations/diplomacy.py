"""Derived values on the count of diplomatic meetings."""

from __future__ import annotations

from functools import reduce
from operator import add

from sourcebook.derived import derived
from sourcebook.quantity import Quantity

PARTNERS = (
    "china", "turkey", "iran", "qatar", "pakistan", "uzbekistan", "russia", "turkmenistan", "japan", "saudi-arabia",
    "european-union", "united-kingdom", "norway", "united-states", "germany",
)  # fmt: skip
"""The partners whose count was published, in the order of the count."""

_ROWS = tuple(f"series:meetings-{partner}" for partner in PARTNERS)


@derived(
    "meetings-published",
    *_ROWS,
    unit="meeting",
    digits=0,
    label="meetings with the partners whose count was published",
    formula="sum over the published partners",
)
def _published(*partners: Quantity) -> Quantity:
    return reduce(add, partners)


@derived(
    "partners-published",
    *_ROWS,
    unit="",
    digits=0,
    label="partners whose count was published",
    formula="number of published partners, the European Union counted as one",
)
def _partners(*partners: Quantity) -> Quantity:
    return Quantity.point(float(len(partners)), "")


@derived(
    "meetings-unpublished",
    "claim:meetings-total",
    "derived:meetings-published",
    unit="meeting",
    digits=0,
    label="meetings left for every other partner if no meeting counts twice",
    formula="all meetings − meetings with the published partners",
)
def _unpublished(total: Quantity, published: Quantity) -> Quantity:
    return total - published


@derived(
    "partners-unpublished",
    "series:meetings-countries-2024",
    "derived:partners-published",
    unit="country",
    digits=0,
    label="further countries that these meetings would have to be shared among",
    formula="countries counted, at least, − published partners other than the European Union",
)
def _others(countries: Quantity, published: Quantity) -> Quantity:
    return countries - (published - Quantity.point(1.0, "")).counted_as("country")


@derived(
    "published-share",
    "derived:meetings-published",
    "claim:meetings-total",
    unit="percent",
    digits=0,
    label="meetings with the published partners for each hundred counted in all",
    formula="meetings with the published partners ÷ all meetings",
)
def _published_share(published: Quantity, total: Quantity) -> Quantity:
    return published / total


@derived(
    "china-meetings-ratio",
    "claim:china-meetings",
    "claim:meetings-total",
    unit="percent",
    digits=1,
    label="meetings with China for each hundred meetings counted in all",
    formula="meetings with China ÷ all meetings; a ceiling of China's share, since a meeting with several "
    "countries may count once in the total and once for each",
)
def _china_ratio(china: Quantity, total: Quantity) -> Quantity:
    return china / total


@derived(
    "engagements-per-meeting",
    "series:meetings-engagements-2022",
    "series:meetings-total-2022",
    unit="engagement/meeting",
    digits=2,
    label="country engagements for each meeting in the first-year edition",
    formula="engagements ÷ meetings, both of the edition of August 2022",
)
def _engagements(engagements: Quantity, meetings: Quantity) -> Quantity:
    return engagements / meetings


@derived(
    "china-engagement-share",
    "claim:china-meetings",
    "claim:meetings-total",
    "derived:engagements-per-meeting",
    unit="percent",
    digits=1,
    label="China's share of engagements if later meetings had as many countries each as those of the first year",
    formula="meetings with China, each one engagement, ÷ (all meetings × engagements for each meeting)",
)
def _china_share(china: Quantity, total: Quantity, each: Quantity) -> Quantity:
    return china.counted_as("engagement") / (total * each)


@derived(
    "top-four-ratio",
    *_ROWS[:4],
    "claim:meetings-total",
    unit="percent",
    digits=1,
    label="meetings with the first four partners for each hundred counted in all",
    formula="(China + Turkey + Iran + Qatar) ÷ all meetings; a ceiling, as above",
)
def _top_four(*parts: Quantity) -> Quantity:
    return reduce(add, parts[:-1]) / parts[-1]


@derived(
    "top-four-share",
    "derived:top-four-ratio",
    "derived:engagements-per-meeting",
    unit="percent",
    digits=1,
    label="the first four partners' share of engagements on the same assumption",
    formula="ratio of the first four ÷ engagements for each meeting",
)
def _top_four_share(ratio: Quantity, each: Quantity) -> Quantity:
    return ratio / each.counted_as("")


@derived(
    "published-engagement-share",
    "derived:published-share",
    "derived:engagements-per-meeting",
    unit="percent",
    digits=1,
    label="the published partners' share of engagements on the same assumption",
    formula="published share ÷ engagements for each meeting",
)
def _published_engagement(share: Quantity, each: Quantity) -> Quantity:
    return share / each.counted_as("")


@derived(
    "window-by-dates",
    "period:meetings-total",
    unit="month",
    digits=1,
    label="length of the period that the article's dates enclose",
    formula="from some day of August 2021 to some day of February 2024, both ends counted",
)
@derived(
    "window-by-count",
    "period:meetings-total-2024",
    unit="month",
    digits=1,
    label="length of the period that the count covers",
    formula="15 August 2021 to 22 February 2024, both ends counted",
)
def _window(period: Quantity) -> Quantity:
    return period


@derived(
    "window-by-words",
    "claim:meetings-years",
    unit="month",
    digits=0,
    label="length of the period in the article's words",
    formula="three years in months",
)
def _words(years: Quantity) -> Quantity:
    return years


def _rate(meetings: Quantity, window: Quantity) -> Quantity:
    return meetings / window


for _who, _claim, _label in (
    ("all", "meetings-total", "meetings in all"),
    ("china", "china-meetings", "meetings with China"),
):
    for _window_key, _reading in (
        ("by-words", "read as three years"),
        ("by-dates", "by the article's dates"),
        ("by-count", "by the count's own period"),
    ):
        derived(
            f"{_who}-rate-{_window_key}",
            f"claim:{_claim}",
            f"derived:window-{_window_key}",
            unit="meeting/month",
            digits=1,
            label=f"{_label} per month, {_reading}",
            formula=f"{_label} ÷ months, {_reading}",
        )(_rate)


@derived(
    "rate-understatement",
    "derived:all-rate-by-count",
    "derived:all-rate-by-words",
    unit="percent",
    digits=0,
    label="by how much the real rate is above the one that three years would give",
    formula="rate over the count's own period ÷ rate over three years − 1",
)
def _understatement(real: Quantity, told: Quantity) -> Quantity:
    return real / told - Quantity.point(1.0, "")


@derived(
    "three-powers-meetings",
    "series:meetings-china",
    "series:meetings-pakistan",
    "series:meetings-russia",
    unit="meeting",
    digits=0,
    label="meetings with China, Pakistan and Russia",
    formula="China + Pakistan + Russia",
)
def _three(*powers: Quantity) -> Quantity:
    return reduce(add, powers)


@derived(
    "china-to-russia",
    "series:meetings-china",
    "series:meetings-russia",
    unit="",
    digits=1,
    label="meetings with China for each with Russia",
    formula="China ÷ Russia",
)
def _to_russia(china: Quantity, russia: Quantity) -> Quantity:
    return china / russia


@derived(
    "china-over-turkey",
    "claim:china-meetings",
    "claim:turkey-meetings",
    unit="meeting",
    digits=0,
    label="meetings by which China leads Turkey",
    formula="China − Turkey",
)
def _over_turkey(china: Quantity, turkey: Quantity) -> Quantity:
    return china - turkey
