"""Derived values on borders, distances, transit times, trade and tariffs."""

from __future__ import annotations

from sourcebook.derived import derived
from sourcebook.quantity import Quantity

BORDER_ROWS = (
    "border-cia-1996", "border-xinhua-2006", "border-cia-2020", "border-rferl-2021", "border-radio-azadi-2024",
    "border-bakhtar-2024", "border-diplomat-2024", "border-afghanistan-international-2025",
)  # fmt: skip
"""Published lengths of the Afghan-Chinese border, in the order of their dates."""


def _same(value: Quantity) -> Quantity:
    return value


def _ratio(top: Quantity, bottom: Quantity) -> Quantity:
    return top / bottom


def _hull(*values: Quantity) -> Quantity:
    return Quantity(min(v.low for v in values), max(v.high for v in values), values[0].unit)


derived(
    "border-miles-in-km",
    "claim:rehalem-border-miles",
    unit="km",
    digits=1,
    label="57 miles in kilometres",
    formula="miles × 1.609344",
)(_same)

derived(
    "border-published",
    *(f"series:{row}" for row in BORDER_ROWS),
    unit="km",
    digits=0,
    label="length of the Afghan-Chinese border as published elsewhere",
    formula="least to greatest of the published lengths",
)(_hull)

derived(
    "border-slip",
    "derived:border-miles-in-km",
    "claim:rehalem-corridor-km",
    unit="",
    digits=1,
    label="how far the paper's two lengths are apart",
    formula="57 miles in kilometres ÷ 57 kilometres",
)(_ratio)

derived(
    "rail-over-schedule",
    "claim:rail-days",
    "series:transit-rail-chongqing-hairatan-days",
    unit="",
    digits=1,
    label="the article's rail time against the scheduled one of 2025",
    formula="20–22 days ÷ 12–15 days",
)(_ratio)

derived(
    "tir-saving",
    "series:transit-tir-kashgar-kabul-days",
    "claim:rail-days",
    unit="percent",
    digits=0,
    label="days of the Khunjerab pilot for each hundred of the article's rail days",
    formula="days of the pilot ÷ 20–22 days",
)(_ratio)

derived(
    "chabahar-cost-ratio",
    "series:transit-port-kabul-chabahar-cost",
    "series:transit-port-kabul-karachi-cost",
    unit="",
    digits=1,
    label="cost of a container by way of Chabahar for each dollar by way of Karachi",
    formula="about 4,000 dollars ÷ about 2,000 dollars, both as a report from Islamabad put it in late 2025",
)(_ratio)

for _key, _route, _label in (
    ("rail-km", "rail-kazakhstan-uzbekistan", "Chongqing to Hairatan by rail"),
    ("osh-km", "rail-osh", "Kashgar to Hairatan by way of Osh"),
    ("khunjerab-km", "khunjerab-tir", "Kashgar to Kabul by way of Khunjerab"),
    ("wakhan-km", "wakhan", "Kashgar to Kabul by way of Wakhan"),
):
    derived(
        _key,
        f"route:{_route}",
        unit="km",
        digits=-1,
        label=f"{_label}, least length",
        formula="sum of the straight distances between the places along the route; the real way is longer",
    )(_same)

derived(
    "rail-speed-claimed",
    "derived:rail-km",
    "claim:rail-days",
    unit="km/day",
    digits=-1,
    label="least speed by the article's days",
    formula="least length of the route ÷ days, if the journey starts in Chongqing",
)(_ratio)

derived(
    "record-train-speed",
    "series:transit-rail-xian-tashkent-km",
    "series:transit-rail-xian-tashkent-days",
    unit="km/day",
    digits=-1,
    label="speed of the record train from Xi'an to Tashkent",
    formula="kilometres of track ÷ days",
)(_ratio)

for _port in ("karachi", "gwadar", "chabahar", "bandar-abbas"):
    derived(
        f"aynak-to-{_port}",
        f"distance:mes-aynak/{_port}",
        unit="km",
        digits=-1,
        label=f"straight distance from Mes Aynak to {_port.replace('-', ' ').title()}",
        formula="great circle; any road is longer",
    )(_same)


# --- trade and tariffs: flows as Afghanistan sees them, each by the side that counts it --------------------

_CHINA, _PAKISTAN = "series:trade-china", "series:trade-pakistan"


def _rise(now: Quantity, before: Quantity) -> Quantity:
    return now / before - Quantity.point(1.0, "")


derived(
    "china-imports-month-of-nine",
    f"{_CHINA}-afghan-imports-2024-01-to-2024-02",
    f"{_CHINA}-afghan-imports-2024-01-to-2024-09",
    unit="percent",
    digits=0,
    label="imports from China in one month by the statistics office, of nine months by the commerce ministry",
    formula="one solar month of early 2024 ÷ January to September 2024; an even ninth would be 11 percent",
)(_ratio)

derived(
    "china-export-share-2023",
    f"{_CHINA}-china-exports-2023",
    f"{_CHINA}-china-total-2023",
    unit="percent",
    digits=1,
    label="Afghan exports in the trade with China of 2023, Chinese count",
    formula="Afghan exports ÷ trade both ways, both of 2023 as the Chinese side gives them, on two pages",
)(_ratio)

derived(
    "china-exports-rise",
    f"{_CHINA}-afghan-exports-2025-01-to-2025-09",
    f"{_CHINA}-afghan-exports-2024-01-to-2024-09",
    unit="percent",
    digits=0,
    label="rise of Afghan exports to China, January to September 2025 against 2024, Afghan ministry",
    formula="exports of 2025 ÷ exports of 2024 − 1, the same nine months by the same count",
)(_rise)

derived(
    "china-imports-rise",
    f"{_CHINA}-afghan-imports-2025-01-to-2025-09",
    f"{_CHINA}-afghan-imports-2024-01-to-2024-09",
    unit="percent",
    digits=0,
    label="rise of Afghan imports from China, January to September 2025 against 2024, Afghan ministry",
    formula="imports of 2025 ÷ imports of 2024 − 1, the same nine months by the same count",
)(_rise)

derived(
    "china-exports-season",
    f"{_CHINA}-china-exports-2022-11-to-2022-12",
    f"{_CHINA}-china-exports-2022",
    unit="percent",
    digits=0,
    label="Afghan exports to China of November and December in those of the year 2022, Chinese count",
    formula="exports of November and December 2022 ÷ exports of 2022",
)(_ratio)


@derived(
    "pakistan-trade-state-bank",
    f"{_PAKISTAN}-pakistan-exports-2023-07-to-2024-06",
    f"{_PAKISTAN}-pakistan-imports-2023-07-to-2024-06",
    unit="USD",
    digits=-6,
    label="trade of Afghanistan with Pakistan, July 2023 to June 2024, Pakistani central bank",
    formula="Afghan exports + Afghan imports of the fiscal year, goods and services paid through banks",
)
def _both_ways(exports: Quantity, imports: Quantity) -> Quantity:
    return exports + imports


derived(
    "pakistan-trade-mirror",
    f"{_PAKISTAN}-afghan-total-2024",
    "derived:pakistan-trade-state-bank",
    unit="",
    digits=1,
    label="trade with Pakistan by the Afghan ministry for each dollar by the Pakistani central bank",
    formula="year 2024 by the ministry ÷ July 2023 to June 2024 by the bank",
)(_ratio)


@derived(
    "tariff-share-2006",
    "series:tariffs-2006-items",
    "series:tariffs-2022-items",
    "series:tariffs-2022-share",
    unit="percent",
    digits=0,
    label="the 278 items of 2006 in the tariff lines of 2022, if each item is one line",
    formula="278 items ÷ (8,786 lines ÷ 98 percent); our inference, since the list of 2006 was not read",
)
def _as_lines(items: Quantity, lines: Quantity, share: Quantity) -> Quantity:
    return items / (lines / share)


@derived(
    "tariff-last-step",
    "series:tariffs-2024-share",
    "series:tariffs-2022-share",
    unit="percent",
    digits=0,
    label="tariff lines that the step of December 2024 freed",
    formula="share of lines free since December 2024 − share free since December 2022",
)
def _step(after: Quantity, before: Quantity) -> Quantity:
    return after - before
