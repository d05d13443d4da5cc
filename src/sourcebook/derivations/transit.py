"""Derived values on borders, distances and transit times."""

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

for _key, _length, _days, _label in (
    ("rail-speed-claimed", "rail-km", "claim:rail-days", "by the article's days"),
    ("rail-speed-scheduled", "rail-km", "series:transit-rail-chongqing-hairatan-days", "by the schedule of 2025"),
    ("osh-speed", "osh-km", "series:transit-multimodal-kashgar-osh-hairatan-days", "road to Osh, then rail"),
    ("khunjerab-speed", "khunjerab-km", "series:transit-tir-kashgar-kabul-days", "Khunjerab road pilot"),
):
    derived(
        _key,
        f"derived:{_length}",
        _days,
        unit="km/day",
        digits=-1,
        label=f"least speed, {_label}",
        formula="least length of the route ÷ days; if the journey starts in Chongqing, for the railway",
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
