"""Values computed from the record: pure functions, registered with an id, inputs, unit and rounding.

One definition serves prose, notebooks, charts and tables. A function takes the ledger and nothing else.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sourcebook import alignment, documents, joins, tally
from sourcebook.agreement import measure
from sourcebook.errors import SourcebookError, UnknownId
from sourcebook.geography import distance, route_length
from sourcebook.ledger import Ledger
from sourcebook.models import Record, Stated
from sourcebook.periods import apart, span
from sourcebook.quantity import Quantity

if TYPE_CHECKING:
    import pandas as pd

Formula = Callable[..., Quantity]


@dataclass(frozen=True)
class Definition:
    """How a derived value is made.

    Attributes
    ----------
    key : str
        Identifier.
    inputs : tuple of str
        What it is made from, each as ``kind:id``: claim, series, review or derived; ``period:id``, the length of the
        period that a claim or series row covers; ``route:id``, the least length of a corridor over land;
        ``distance:id/id``, the least distance of two places; ``coding:what/which``, a measure of the codings of
        stances; ``tally:query``, rows of a table counted (`sourcebook.tally`); ``alignment:query``, a measure of what
        stances say of pairs (`sourcebook.alignment`); ``joined:query``, rows of tables with columns that others give
        them (`sourcebook.joins`); ``document:what/which``, a measure of a document (`sourcebook.documents`);
        ``apart:event/review``, the days between an event's date and the one that a page gives. The function gets
        their intervals in this order.
    unit : str
        Unit of the result; the function's result is converted to it.
    digits : int
        Decimals with which it is published; negative for tens and hundreds.
    formula : str
        The formula in words, for the reader.
    label : str
        What the value is, in a few words.
    function : callable
        Takes one `Quantity` for each input, returns a `Quantity`.
    signed : bool
        Whether the value can be below zero; zero is then an end like any other, where of counted things it bounds
        nothing.
    silent : bool
        Whether a record may have nothing to measure; without it `Silence` is an error of the definition.
    """

    key: str
    inputs: tuple[str, ...]
    unit: str
    digits: int
    formula: str
    label: str
    function: Formula
    signed: bool = False
    silent: bool = False


_DEFINITIONS: dict[str, Definition] = {}


def derived(
    key: str,
    *inputs: str,
    unit: str,
    digits: int,
    label: str,
    formula: str,
    signed: bool = False,
    silent: bool = False,
) -> Callable[[Formula], Formula]:
    """Register a function as the derived value `key`; the parameters are those of `Definition`.

    Raises
    ------
    SourcebookError
        If the id is taken.
    """

    def register(function: Formula) -> Formula:
        if key in _DEFINITIONS:
            raise SourcebookError(f"derived value {key!r} is defined twice")
        _DEFINITIONS[key] = Definition(key, inputs, unit, digits, formula, label, function, signed, silent)
        return function

    return register


def definitions() -> Mapping[str, Definition]:
    """Return every definition by id."""
    importlib.import_module("sourcebook.derivations")  # registers them; it imports this module
    return MappingProxyType(_DEFINITIONS)


def definition(key: str) -> Definition:
    """Return one definition; raises `UnknownId`."""
    try:
        return definitions()[key]
    except KeyError:
        raise UnknownId("derived value", key, _DEFINITIONS) from None


def evaluate(ledger: Ledger, key: str) -> Quantity:
    """Compute a derived value from the ledger.

    Raises
    ------
    UnknownId
        If the value, or one of its inputs, is in no table.
    """
    return _evaluate(ledger, key)


@lru_cache(maxsize=1 << 16)
def _evaluate(ledger: Ledger, key: str) -> Quantity:
    made = definition(key)
    result = made.function(*(_input(ledger, name) for name in made.inputs))
    return result.to(made.unit) if made.unit != result.unit else result


def _input(ledger: Ledger, name: str) -> Quantity:
    kind, _, key = name.partition(":")
    if kind == "derived":
        return _evaluate(ledger, key)
    if kind in _MEASURED:
        return _MEASURED[kind](ledger, key)
    return record(ledger, kind, key).stated.quantity


def _period(ledger: Ledger, key: str) -> Quantity:
    covered = ledger.claim(key) if key in ledger.whole.claims else ledger.figure(key)
    return span(covered.period_start, covered.period_end)


def _apart(ledger: Ledger, key: str) -> Quantity:
    event, _, review = key.partition("/")
    dated = ledger.dated(f"review:{review}")
    if dated is None:
        raise SourcebookError(f"review {review!r} gives no date")
    return apart(ledger.event(event).date, dated.date)


_MEASURED: Mapping[str, Callable[[Ledger, str], Quantity]] = {
    "period": _period,
    "route": route_length,
    "distance": lambda ledger, key: distance(ledger, *key.split("/")),
    "coding": lambda ledger, key: measure(ledger.whole, key),  # a property of the coding, not of what documents say
    "tally": tally.count,
    "alignment": alignment.measure,
    "joined": joins.count,
    "document": documents.measure,
    "apart": _apart,
}
"""What is measured on the record without being one of its rows."""


def evidence_of(ledger: Ledger, reference: str) -> set[str]:
    """Return the ``kind:id`` of the stated numbers behind a reference, through every derived value.

    Raises
    ------
    UnknownId
        If a derived value is not defined.
    """
    kind, _, key = reference.partition(":")
    if kind == "apart":
        event, _, review = key.partition("/")
        return {f"event:{event}", f"review:{review}"}
    if kind == "period":
        return {f"claim:{key}" if key in ledger.claims else f"series:{key}"}
    if kind != "derived":
        return {reference}
    return {e for name in definition(key).inputs for e in evidence_of(ledger, name)}


def _from_derived(ledger: Ledger, key: str) -> Record:
    made, value = definition(key), evaluate(ledger, key)
    # what is counted is not negative: zero bounds nothing
    low = None if math.isinf(value.low) or (value.low == 0 < value.high and not made.signed) else value.low
    high = None if math.isinf(value.high) else value.high
    # a floor that is rounded up, or a ceiling that is rounded down, would claim what the record does not bear
    if low is not None and high is None:
        low = _outward(low, made.digits, math.floor)
    if high is not None and low is None:
        high = _outward(high, made.digits, math.ceil)
    qualifier = "range" if low != high and None not in (low, high) else "exact"
    return Record("derived", key, Stated(low, high, made.unit, qualifier), made.label, made.digits)


def _outward(end: float, digits: int, towards: Callable[[float], int]) -> float:
    step = 10.0**-digits
    return round(towards(round(end / step, 9)) * step, max(digits, 0))


def _from_claim(ledger: Ledger, key: str) -> Record:
    claim = ledger.claim(key)
    return Record("claim", key, claim.stated, f"{claim.subject}: {claim.measure}")


def _from_series(ledger: Ledger, key: str) -> Record:
    figure = ledger.figure(key)
    return Record("series", key, figure.stated, figure.label)


def _from_review(ledger: Ledger, key: str) -> Record:
    figure = ledger.review(key).figure
    if figure is None:
        raise SourcebookError(f"review {key!r} carries no number")
    return Record("review", key, figure.stated, figure.label)


_MAKERS: Mapping[str, Callable[[Ledger, str], Record]] = {
    "claim": _from_claim,
    "series": _from_series,
    "review": _from_review,
    "derived": _from_derived,
}
KINDS = tuple(_MAKERS)


def record(ledger: Ledger, kind: str, key: str) -> Record:
    """Return what a bound number leads to, whatever table it stands in.

    Raises
    ------
    UnknownId
        If there is no such record, or no such kind.
    """
    try:
        maker = _MAKERS[kind]
    except KeyError:
        raise UnknownId("kind of record", kind, _MAKERS) from None
    return maker(ledger, key)


def frame(ledger: Ledger, references: Iterable[str]) -> pd.DataFrame:
    """Return records as a table to compute and plot with.

    Parameters
    ----------
    ledger : Ledger
        The record.
    references : iterable of str
        Each ``kind:id``.

    Returns
    -------
    DataFrame
        One row a reference, in the order given: ref, label, low, high (the interval that the words allow, in
        `unit`; infinite at an open end), unit, qualifier, period_start, period_end (blank for derived values).

    Raises
    ------
    UnknownId
        If a reference leads nowhere.
    """
    import pandas as pd  # here, since a check needs none of it and it takes a second to import

    rows = []
    for reference in references:
        kind, _, key = reference.partition(":")
        found = record(ledger, kind, key)
        value = found.stated.quantity
        dated: Any = {"claim": ledger.claims, "series": ledger.rows}.get(kind, {}).get(key)
        rows.append(
            {
                "ref": reference,
                "label": found.label,
                "low": value.low,
                "high": value.high,
                "unit": value.unit,
                "qualifier": found.stated.qualifier,
                "period_start": dated.period_start if dated else "",
                "period_end": dated.period_end if dated else "",
            }
        )
    return pd.DataFrame(rows)
