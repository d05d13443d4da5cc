"""Quantities as closed intervals with units, and arithmetic on them."""

from __future__ import annotations

import csv
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pint

from sourcebook.errors import UnitMismatch
from sourcebook.paths import UNITS

HEDGE = 0.10
"""How far "about" reaches to either side, and "nearly" below: a convention of this book, not of its sources."""

_NAME = re.compile(r"[A-Za-z_]+")
_PREFIX = "sb_"  # our "line" is a telephone line, pint's is a twelfth of an inch


@lru_cache
def registry(path: Path = UNITS) -> pint.UnitRegistry:
    """Return pint's registry with every unit of `path` (columns unit, definition) defined in it.

    Raises
    ------
    pint.errors.DefinitionSyntaxError
        If a definition is none of pint's.
    """
    known: Any = pint.UnitRegistry()
    with path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            known.define(f"{_PREFIX}{row['unit']} = {row['definition']}")
    return known


def _pint_unit(unit: str) -> Any:
    return registry().Unit(_NAME.sub(lambda m: _PREFIX + m[0], unit) if unit else "dimensionless")


def _our_name(unit: Any) -> str:
    return f"{unit:~C}".replace(_PREFIX, "").replace("dimensionless", "")


@dataclass(frozen=True)
class Quantity:
    """A closed interval with a unit; one number is an interval whose ends meet.

    Parameters
    ----------
    low, high : float
        Ends, in `unit`; ``-inf`` and ``inf`` stand for an open end.
    unit : str
        A unit of ``data/units.csv``, or a product of such (``meeting/month``).

    Raises
    ------
    ValueError
        If `low` is above `high` or an end is not a number.

    Notes
    -----
    Arithmetic is that of intervals (Moore, Kearfott and Cloud, *Introduction to Interval Analysis*, 2009,
    chapter 2): the result encloses every value that operands within their intervals can give.
    """

    low: float
    high: float
    unit: str

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"low end {self.low} above high end {self.high}")

    @classmethod
    def point(cls, value: float, unit: str) -> Quantity:
        """Return the interval that holds `value` alone."""
        return cls(value, value, unit)

    @property
    def is_point(self) -> bool:
        """Whether the ends meet."""
        return self.low == self.high

    @property
    def is_bounded(self) -> bool:
        """Whether both ends are finite."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    def to(self, unit: str) -> Quantity:
        """Return the same interval in another unit.

        Raises
        ------
        UnitMismatch
            If the units measure different things.
        """
        try:
            factor = (1 * _pint_unit(self.unit)).to(_pint_unit(unit)).magnitude
        except pint.DimensionalityError as error:
            raise UnitMismatch(f"{self.unit} is no {unit}") from error
        return Quantity(self.low * factor, self.high * factor, unit)

    def counted_as(self, unit: str) -> Quantity:
        """Return the same numbers under another unit, where one thing counts as one of another.

        For what no conversion knows: a meeting with China is one engagement. Use it in a derived value's
        function, where its formula says so.
        """
        return Quantity(self.low, self.high, unit)

    def overlaps(self, other: Quantity) -> bool:
        """Whether some value lies in both intervals."""
        same = other.to(self.unit)
        return self.low <= same.high and same.low <= self.high

    def __add__(self, other: Quantity) -> Quantity:
        same = other.to(self.unit)
        return Quantity(self.low + same.low, self.high + same.high, self.unit)

    def __sub__(self, other: Quantity) -> Quantity:
        same = other.to(self.unit)
        return Quantity(self.low - same.high, self.high - same.low, self.unit)

    def __mul__(self, other: Quantity | float) -> Quantity:
        one, two = _without_percent(self), _without_percent(other)
        ends = [_times(a, b) for a in (one.low, one.high) for b in (two.low, two.high)]
        return _reduced(min(ends), max(ends), _pint_unit(one.unit) * _pint_unit(two.unit))

    __rmul__ = __mul__

    def __truediv__(self, other: Quantity | float) -> Quantity:
        one, two = _without_percent(self), _without_percent(other)
        if two.low <= 0 <= two.high:
            raise ZeroDivisionError(f"divisor {other} holds zero")
        ends = [_over(a, b) for a in (one.low, one.high) for b in (two.low, two.high)]
        return _reduced(min(ends), max(ends), _pint_unit(one.unit) / _pint_unit(two.unit))


def _without_percent(value: Quantity | float) -> Quantity:
    """Turn a bare number, or a percentage, into a plain factor."""
    if not isinstance(value, Quantity):
        return Quantity.point(float(value), "")
    return value.to("") if value.unit == "percent" else value


def _times(a: float, b: float) -> float:
    return 0.0 if a == 0 or b == 0 else a * b


def _over(a: float, b: float) -> float:
    return 0.0 if math.isinf(b) else a / b


def _reduced(low: float, high: float, unit: Any) -> Quantity:
    """Cancel units of one kind (km/mile) so that a ratio of like things is a plain number."""
    if unit.dimensionless:
        factor = (1 * unit).to("dimensionless").magnitude
        return Quantity(low * factor, high * factor, "")
    return Quantity(low, high, _our_name(unit))


def reading(low: float | None, high: float | None, qualifier: str, unit: str) -> Quantity:
    """Read stated words as an interval: the one place where a hedge becomes arithmetic.

    "About 500" is 450 to 550, "nearly 100" is 90 to 100 (`HEDGE`), "over 100" is 100 and everything above,
    "up to 8" is 0 to 8. A blank end is open: minus infinity never, since what the book counts is not negative.

    Parameters
    ----------
    low, high : float or None
        The numbers as stated, None where the words leave an end open.
    qualifier : str
        One of the qualifiers of ``claims.csv``.
    unit : str
        Unit of both.

    Raises
    ------
    ValueError
        If neither end is stated.
    """
    if low is None and high is None:
        raise ValueError("neither end is stated")
    if qualifier == "about" and low is not None and high is not None:
        return Quantity(low * (1 - HEDGE), high * (1 + HEDGE), unit)
    if qualifier == "nearly" and high is not None:
        return Quantity(high * (1 - HEDGE), high, unit)
    return Quantity(0.0 if low is None else low, math.inf if high is None else high, unit)
