"""Derived values on attacks, armed groups and camps, and on what the documents tell of them."""

from __future__ import annotations

from sourcebook.derived import Formula, derived
from sourcebook.documents import names
from sourcebook.quantity import Quantity

SOURCES = tuple(sorted(names()))
KILLED = {
    "khyber-pakhtunkhwa": ("dasu-2021", "besham-2024"),
    "sindh": ("karachi-university-2022", "karachi-clinic-2022", "karachi-airport-2024"),
    "balochistan": ("gwadar-2023",),
    "afghanistan": ("kabul-hotel-2022", "takhar-2025", "kabul-restaurant-2026"),
    "tajikistan": ("tajikistan-2024", "tajikistan-2025-11-26", "tajikistan-2025-11-30"),
}
"""Attacks since 2021, by province of Pakistan or country: the middle of their rows' ids."""
PROVINCES = ("khyber-pakhtunkhwa", "sindh", "balochistan")
TOLD_SINGLY = ("kabul-hotel-2022", "besham-2024", "tajikistan-2024", "takhar-2025")


def _as_is(value: Quantity) -> Quantity:
    return value


def _sum(*values: Quantity) -> Quantity:
    return sum(values[1:], start=values[0])


def _ratio(top: Quantity, bottom: Quantity) -> Quantity:
    return top / bottom


def _difference(whole: Quantity, part: Quantity) -> Quantity:
    return whole - part


def _counted_as(unit: str) -> Formula:
    return lambda value: value.counted_as(unit)


def _killed(attack: str) -> str:
    return f"series:attacks-{attack}-chinese-killed"


# --- the toll of single attacks, never of rows that hold others -------------------------------------------------

for _place, _attacks in KILLED.items():
    derived(
        f"chinese-killed-{_place}",
        *map(_killed, _attacks),
        unit="person",
        digits=0,
        label=f"Chinese killed since 2021 in {_place.replace('-', ' ').title()}, attacks found one by one",
        formula="sum over the attacks listed, each counted once",
    )(_sum)

derived(
    "chinese-killed-pakistan",
    *(f"derived:chinese-killed-{province}" for province in PROVINCES),
    unit="person",
    digits=0,
    label="Chinese killed in Pakistan since 2021, attacks found one by one",
    formula="Khyber Pakhtunkhwa + Sindh + Balochistan",
)(_sum)

derived(
    "chinese-killed-listed",
    *(f"derived:chinese-killed-{place}" for place in ("pakistan", "afghanistan", "tajikistan")),
    unit="person",
    digits=0,
    label="Chinese killed since 2021, attacks found one by one",
    formula="Pakistan + Afghanistan + Tajikistan",
)(_sum)

derived(
    "chinese-killed-told-singly",
    *map(_killed, TOLD_SINGLY),
    unit="person",
    digits=0,
    label="Chinese killed in the attacks that some document tells by itself, as published elsewhere",
    formula="Kabul hotel + Besham + Shamsiddin Shohin 2024 + Takhar",
)(_sum)

derived(
    "khyber-pakhtunkhwa-share-of-killed",
    "derived:chinese-killed-khyber-pakhtunkhwa",
    "series:attacks-nacta-chinese-killed",
    unit="percent",
    digits=0,
    label="share of the Chinese dead of the official count who died in Khyber Pakhtunkhwa",
    formula="Dasu + Besham ÷ Chinese killed by the official count",
)(_ratio)

derived(
    "khyber-pakhtunkhwa-share-of-attacks",
    "series:attacks-nacta-khyber-pakhtunkhwa",
    "series:attacks-nacta-attacks",
    unit="percent",
    digits=0,
    label="share of the attacks of the official count in Khyber Pakhtunkhwa",
    formula="attacks in the province ÷ all attacks by the official count",
)(_ratio)

derived(
    "nacta-provinces",
    *(f"series:attacks-nacta-{province}" for province in PROVINCES),
    unit="attack",
    digits=0,
    label="attacks of the official count, summed over its provinces",
    formula="Khyber Pakhtunkhwa + Sindh + Balochistan",
)(_sum)

derived(
    "pakistan-attacks-listed",
    "tally:incidents?province_id=khyber-pakhtunkhwa|sindh|balochistan&happening_id!=gwadar-2004|dalbandin-2018",
    unit="attack",
    digits=0,
    label="attacks in Pakistan since 2021 that were found one by one",
    formula="rows counted; the attacks of 2004 and 2018 are before that time",
)(_counted_as("attack"))

derived(
    "pakistan-attacks-unlisted",
    "series:attacks-nacta-attacks",
    "derived:pakistan-attacks-listed",
    unit="attack",
    digits=0,
    label="attacks of the official count that were not found one by one",
    formula="attacks by the official count − attacks found; all found are taken to be in the count",
)(_difference)

# --- what the documents tell ------------------------------------------------------------------------------------

derived(
    "attacks-since-2021",
    "tally:tellings?distinct=happening_id",
    unit="attack",
    digits=0,
    label="attacks on Chinese nationals since 2021 that were found one by one",
    formula="different attacks counted",
)(_counted_as("attack"))

derived(
    "attacks-told-singly",
    "tally:tellings?manner=singly&distinct=happening_id",
    unit="attack",
    digits=0,
    label="attacks that at least one document tells by itself",
    formula="different attacks counted",
)(_counted_as("attack"))

for _manner, _words in (
    ("singly", "told by themselves"),
    ("generally", "covered by a general phrase"),
    ("omitted", "left out"),
    ("later", "after its date"),
    ("undecided", "not to be decided"),
):
    for _source in SOURCES:
        derived(
            f"attacks-{_manner}-{_source}",
            f"tally:tellings?manner={_manner}&source_id={_source}",
            unit="attack",
            digits=0,
            label=f"attacks since 2021, {_words}: {_source}",
            formula="rows counted",
        )(_counted_as("attack"))

for _name, _where, _label in (
    ("security-statements", "", "statements of quantity on security"),
    ("security-vague", "&qualifier=vague", "statements on security whose quantity is a vague word"),
    ("security-ranks", "&qualifier=rank", "statements on security that give a rank"),
    ("security-numbers", "&qualifier!=vague|rank", "statements on security that give a number"),
):
    for _source in ("", *SOURCES):
        derived(
            f"{_name}-{_source}" if _source else _name,
            f"tally:claims?domain=security{_where}{f'&source_id={_source}' if _source else ''}",
            unit="claim",
            digits=0,
            label=f"{_label}{f', {_source}' if _source else ''}",
            formula="rows counted",
        )(_as_is)

derived(
    "security-vague-share",
    "derived:security-vague",
    "derived:security-statements",
    unit="percent",
    digits=0,
    label="share of the statements on security whose quantity is a vague word",
    formula="vague statements ÷ all statements on security",
)(_ratio)

# --- fighters and camps -----------------------------------------------------------------------------------------

derived(
    "ttp-to-etim-2021",
    "series:fighters-ttp-2021-h2",
    "series:fighters-etim-2021-h2",
    unit="",
    digits=0,
    label="TTP fighters for each Uyghur fighter, one report of the UN Monitoring Team",
    formula="TTP, second half of 2021 ÷ ETIM/TIP, same half-year; least to greatest",
)(_ratio)

derived(
    "camp-provinces",
    "tally:presence?actor_id=al-qaeda&what=camp&claim_id=&distinct=place_id",
    unit="province",
    digits=0,
    label="provinces that reports on UN findings name for camps of Al-Qaeda",
    formula="different provinces counted",
)(_counted_as("province"))

derived(
    "camp-provinces-badakhshan",
    "tally:presence?actor_id=al-qaeda&what=camp&claim_id=&place_id=badakhshan&distinct=place_id",
    unit="province",
    digits=0,
    label="of them Badakhshan",
    formula="different provinces counted",
)(_counted_as("province"))
