"""How far the two codings of stances agree: Krippendorff's alpha over every unit, with bootstrap intervals.

Krippendorff, *Content Analysis* (4th ed., 2019), chapter 12. Two coders, nominal values, nothing missing: a unit
without a stance has the value *none*. Intervals come from drawing whole sentences, since the ten units of one
sentence are not independent of each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sourcebook.errors import UnknownId
from sourcebook.ledger import Ledger
from sourcebook.models import Stance
from sourcebook.quantity import Quantity
from sourcebook.stances import VALUES, Unit, units

if TYPE_CHECKING:
    from numpy.typing import NDArray

NONE = "none"
DRAWS, SEED, LEVEL = 2000, 20241206, 0.95

Value = Callable[[Stance], str]


@dataclass(frozen=True)
class Variable:
    """What is compared, of which units.

    Attributes
    ----------
    name, label : str
        Identifier, and what a table calls it.
    value : callable
        The category of a stance.
    of : callable
        Whether a unit is asked it.
    """

    name: str
    label: str
    value: Value
    of: Callable[[Unit], bool] = lambda unit: True


VARIABLES: Mapping[str, Variable] = {
    v.name: v
    for v in (
        Variable("presence", "a stance, or none", lambda s: "stance"),
        Variable("relation-actor", "relation, of an actor", lambda s: s.relation, lambda unit: not unit[2]),
        Variable("relation-pair", "relation, of a pair", lambda s: s.relation, lambda unit: bool(unit[2])),
        Variable("direction", "for or against", lambda s: s.direction),
        Variable("issue", "issue", lambda s: s.issue_id),
        Variable("domain", "domain of the issue", lambda s: s.domain),
        Variable("modality", "modality", lambda s: s.modality),
        Variable("strength", "strength", lambda s: s.strength),
        Variable("voice", "voice", lambda s: s.voice),
    )
}


@dataclass(frozen=True)
class Agreement:
    """How far two coders agree on one variable.

    Attributes
    ----------
    variable : Variable
        What is compared.
    units : int
        Units compared, *none* included.
    alpha, low, high : float
        Krippendorff's alpha, and the ends of its bootstrap interval.
    percent : float
        Units with the same value, per hundred.
    both : int
        Units in which both coders found a stance.
    percent_both : float
        Of these, those with the same value, per hundred.
    """

    variable: Variable
    units: int
    alpha: float
    low: float
    high: float
    percent: float
    both: int
    percent_both: float


@lru_cache(maxsize=64)
def agreement(ledger: Ledger, name: str) -> Agreement:
    """Compare the two codings on one variable.

    Raises
    ------
    UnknownId
        If there is no such variable, or a coding is missing.
    """
    if name not in VARIABLES:
        raise UnknownId("variable of coding", name, VARIABLES)
    first, second, sentences = ledger.coding("first"), ledger.coding("second"), ledger.sentences
    import krippendorff  # here, since a check of the tables needs neither
    import numpy as np

    variable = VARIABLES[name]
    asked = [unit for unit in units(sentences) if variable.of(unit)]
    found = [{stance.unit: variable.value(stance) for stance in coding} for coding in (first, second)]
    values = [[coding.get(unit, NONE) for unit in asked] for coding in found]
    categories = sorted({*values[0], *values[1]})
    code = {category: i for i, category in enumerate(categories)}
    numbers = np.array([[code[value] for value in row] for row in values])
    if len(categories) < 2:
        alpha = low = high = 1.0  # nobody found anything: nothing to disagree on, and nothing that shows skill
    else:
        alpha = float(krippendorff.alpha(reliability_data=numbers, level_of_measurement="nominal"))
        low, high = _interval(numbers, [unit[0] for unit in asked], sentences, len(categories))
    same = numbers[0] == numbers[1]
    both = np.array([unit in found[0] and unit in found[1] for unit in asked])
    shared = int(both.sum())
    percent_both = 100 * float(same[both].mean()) if shared else 0.0
    return Agreement(variable, len(asked), alpha, low, high, 100 * float(same.mean()), shared, percent_both)


def _interval(
    numbers: NDArray[Any], where: Sequence[str], sentences: Sequence[str], categories: int
) -> tuple[float, float]:
    """Return the ends of the interval that holds `LEVEL` of the alphas of redrawn sentences.

    Only counts are needed of a sentence: how many of its units disagree, and how often each category is used.
    """
    import numpy as np

    place = {sentence: i for i, sentence in enumerate(sentences)}
    rows = np.array([place[sentence] for sentence in where])
    disagree = np.bincount(rows, numbers[0] != numbers[1], len(sentences))
    used = np.zeros((len(sentences), categories))
    for coder in numbers:
        np.add.at(used, (rows, coder), 1)
    draws = np.random.default_rng(SEED).multinomial(len(sentences), np.full(len(sentences), 1 / len(sentences)), DRAWS)
    alphas = nominal_alpha(2 * (draws @ disagree), draws @ used)
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(alphas[np.isfinite(alphas)], [tail, 1 - tail])
    return float(low), float(high)


def nominal_alpha(disagreements: NDArray[Any], used: NDArray[Any]) -> NDArray[Any]:
    """Return alpha from the disagreeing values (both directions) and from how often each category is used.

    Parameters
    ----------
    disagreements : array, shape (...,)
        Off-diagonal sum of the coincidence matrix.
    used : array, shape (..., categories)
        Its margins.
    """
    import numpy as np

    n = used.sum(axis=-1)
    expected = n**2 - (used**2).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        alpha: NDArray[Any] = 1 - (n - 1) * disagreements / expected
    return alpha


def measure(ledger: Ledger, key: str) -> Quantity:
    """Return a measure of the codings, named ``what/which``.

    Parameters
    ----------
    key : str
        ``alpha/``, ``interval/`` or ``percent/`` and a variable; ``stances/`` and a coding; ``units/`` and a
        variable; ``both/`` or ``percent-both/`` and a variable; ``sentences/all``; ``settled/differed``, units in
        which the coders differed; ``settled/overruled``, units in which the record overrules both;
        ``quotes/same``, the share of the units found by both for which they chose the same words.

    Raises
    ------
    UnknownId
        If there is no such measure, variable or coding.
    """
    what, _, which = key.partition("/")
    if what == "stances":
        return Quantity.point(len(ledger.coding(which)), "stance")
    if key == "sentences/all":
        return Quantity.point(len(ledger.sentences), "sentence")
    if what == "settled" and which in (settled := _settled(ledger)):
        return Quantity.point(settled[which], "coding_unit")
    if key == "quotes/same":
        return Quantity.point(_same_words(ledger), "percent")
    if what in ("sentences", "settled", "quotes"):
        raise UnknownId("measure of the codings", key, _OF_ALL)
    found = agreement(ledger, which)
    known = {
        "alpha": Quantity.point(found.alpha, ""),
        "interval": Quantity(found.low, found.high, ""),
        "percent": Quantity.point(found.percent, "percent"),
        "percent-both": Quantity.point(found.percent_both, "percent"),
        "units": Quantity.point(found.units, "coding_unit"),
        "both": Quantity.point(found.both, "coding_unit"),
    }
    if what not in known:
        raise UnknownId("measure of the codings", what, [*known, "stances", "sentences", "settled", "quotes"])
    return known[what]


_OF_ALL = ("sentences/all", "settled/differed", "settled/overruled", "quotes/same")


def _same_words(ledger: Ledger) -> float:
    first, second = ({s.unit: s.anchor.quote for s in ledger.coding(name)} for name in ("first", "second"))
    both = first.keys() & second.keys()
    return 100 * sum(first[unit] == second[unit] for unit in both) / len(both) if both else 0.0


def _settled(ledger: Ledger) -> Mapping[str, int]:
    """Return in how many units the coders differed, and in how many the record overrules what both found."""
    first, second = (
        {s.unit: tuple(getattr(s, value) for value in VALUES) for s in ledger.coding(name)}
        for name in ("first", "second")
    )
    differed = sum(first.get(unit) != second.get(unit) for unit in first.keys() | second.keys())
    return {"differed": differed, "overruled": len(ledger.tables["adjudications"].rows) - differed}
