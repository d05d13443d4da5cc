"""Derived values of the chapters on what each power wants: statements counted, and trade."""

from __future__ import annotations

from sourcebook.derived import derived
from sourcebook.quantity import Quantity

NAMES = {
    "china": "China", "russia": "Russia", "pakistan": "Pakistan", "taliban-government": "the Taliban government",
}  # fmt: skip
ISSUES = {
    "china": ("uyghur-militants", "mining", "wakhan-link"),
    "russia": ("other-corridors", "mining", "recognition"),
    "pakistan": ("ttp", "wakhan-link"),
    "taliban-government": ("recognition", "ttp", "wakhan-link", "uyghur-militants"),
}
DOCUMENTS = {
    "china": ("rehalem-2025", "csrs-2024"),
    "russia": ("csrs-2024", "rehalem-2025", "wakhan-2025"),
    "pakistan": ("wakhan-2025", "did-2026", "zeeshan-2024", "csrs-2024"),
    "taliban-government": ("rehalem-2025", "wakhan-2025", "csrs-2024"),
}


def _same(value: Quantity) -> Quantity:
    return value


def _fall(now: Quantity, before: Quantity) -> Quantity:
    return Quantity.point(1.0, "") - now / before


def _ratio(top: Quantity, bottom: Quantity) -> Quantity:
    return top / bottom


def _counted(key: str, query: str, label: str) -> None:
    derived(key, f"tally:{query}", unit="stance", digits=0, label=label, formula="stances of the record, counted")(
        _same
    )


for _actor, _name in NAMES.items():
    _alone = f"stances?actor_a={_actor}&actor_b="
    _counted(f"stances-{_actor}", _alone, f"statements on what {_name} wants, supports or opposes")
    for _issue in ISSUES[_actor]:
        _counted(f"stances-{_actor}-on-{_issue}", f"{_alone}&issue_id={_issue}", f"of these, on {_issue}")
    for _document in DOCUMENTS[_actor]:
        _counted(f"stances-{_actor}-in-{_document}", f"{_alone}&source_id={_document}", f"of these, in {_document}")

derived(
    "pakistan-trade-fall",
    "series:trade-pakistan-afghan-total-2025",
    "series:trade-pakistan-afghan-total-2024",
    unit="percent",
    digits=0,
    label="fall of Afghan trade with Pakistan from 2024 to 2025, Afghan side",
    formula="1 − trade of 2025 ÷ trade of 2024",
)(_fall)

derived(
    "pakistan-transit-fall",
    "series:economy-transit-pakistan-2024-25",
    "series:economy-transit-pakistan-2023-24",
    unit="percent",
    digits=0,
    label="fall of Afghan transit through Pakistan over the same eight months of two years",
    formula="1 − July 2024 to February 2025 ÷ July 2023 to February 2024",
)(_fall)

derived(
    "china-imports-to-exports",
    "series:trade-china-afghan-imports-2024-01-to-2024-09",
    "series:trade-china-afghan-exports-2024-01-to-2024-09",
    unit="",
    digits=0,
    label="Afghan imports from China for each dollar exported there, January to September 2024, Afghan side",
    formula="imports ÷ exports",
)(_ratio)

derived(
    "china-aid-to-american",
    "series:aid-china-2021-2024",
    "series:aid-us-appropriated-2024-09",
    unit="percent",
    digits=1,
    label="Chinese humanitarian aid since the takeover for each hundred dollars appropriated by the United States",
    formula="Chinese aid as its envoy gave it ÷ American appropriations to September 2024",
)(_ratio)

for _key, _query, _label in (
    ("all", "conflicts", "contradictions of the record"),
    ("finding", "conflicts?severity=finding", "contradictions that bear on a finding"),
):
    derived(
        f"contradictions-{_key}", f"tally:{_query}", unit="contradiction", digits=0, label=_label,
        formula="rows of conflicts.csv, counted",
    )(_same)  # fmt: skip
