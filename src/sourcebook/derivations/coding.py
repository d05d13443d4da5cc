"""Derived values on the coding of stances: how many, and how far two coders agree."""

from __future__ import annotations

from sourcebook.agreement import DRAWS, LEVEL, VARIABLES
from sourcebook.derived import derived
from sourcebook.quantity import Quantity


def _as_measured(value: Quantity) -> Quantity:
    return value


def _measured(key: str, measure: str, *, unit: str, digits: int, label: str, formula: str) -> None:
    derived(key, f"coding:{measure}", unit=unit, digits=digits, label=label, formula=formula)(_as_measured)


for _name, _of in VARIABLES.items():
    _measured(
        f"agreement-{_name}",
        f"alpha/{_name}",
        unit="",
        digits=2,
        label=f"Krippendorff's alpha of the two codings: {_of.label}",
        formula="1 minus observed over expected disagreement, nominal, over every unit, none included",
    )
    _measured(
        f"agreement-{_name}-interval",
        f"interval/{_name}",
        unit="",
        digits=2,
        label=f"interval of that alpha: {_of.label}",
        formula=f"middle {LEVEL:.0%} of the alphas of {DRAWS:,} redraws of the sentences, with replacement",
    )
    _measured(
        f"agreement-{_name}-percent",
        f"percent/{_name}",
        unit="percent",
        digits=1,
        label=f"units coded alike: {_of.label}",
        formula="units with the same value ÷ all units",
    )
    _measured(
        f"agreement-{_name}-both",
        f"percent-both/{_name}",
        unit="percent",
        digits=1,
        label=f"units coded alike, of those in which both found a stance: {_of.label}",
        formula="units with the same value ÷ units in which both coders found a stance",
    )

for _coding, _label in {
    "record": "stances of the record",
    "first": "stances that the first coder found",
    "second": "stances that the second coder found",
}.items():
    _measured(f"stances-{_coding}", f"stances/{_coding}", unit="stance", digits=0, label=_label, formula="rows counted")

_measured(
    "coding-sentences",
    "sentences/all",
    unit="sentence",
    digits=0,
    label="sentences of the documents that were coded",
    formula="rows of sentences.csv of kind sentence, counted",
)
_measured(
    "coding-units",
    "units/presence",
    unit="coding_unit",
    digits=0,
    label="units of coding",
    formula="sentences × ten slots: four actors and their six pairs",
)
_measured(
    "coding-both",
    "both/presence",
    unit="coding_unit",
    digits=0,
    label="units in which both coders found a stance",
    formula="units that both codings have a row for, counted",
)
_measured(
    "coding-disagreements",
    "settled/differed",
    unit="coding_unit",
    digits=0,
    label="units in which the two codings differ",
    formula="units whose values are not the same in both codings, counted",
)
_measured(
    "coding-overruled",
    "settled/overruled",
    unit="coding_unit",
    digits=0,
    label="units in which the record overrules what both coders found",
    formula="rows of adjudications.csv − units in which the two codings differ",
)
_measured(
    "coding-same-words",
    "quotes/same",
    unit="percent",
    digits=0,
    label="stances found by both for which both chose the same words",
    formula="units with the same quotation ÷ units in which both coders found a stance",
)
