"""Quantities as closed intervals with units, and arithmetic on them."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pint

from sourcebook.errors import SourcebookError, UnitMismatch
from sourcebook.paths import UNITS

HEDGE = 0.10
"""How far "about" reaches to either side, and "nearly" below: a convention of this book, not of its sources."""

CONVERSION = 0.01
"""How far a number is off at most when a text has converted it from another unit and rounded."""

_NAME = re.compile(r"[A-Za-z_]+")
_PREFIX = "sb_"  # our "line" is a telephone line, pint's is a twelfth of an inch


Definitions = tuple[tuple[str, str], ...]
"""Every unit with its definition, in the order of the table."""


@lru_cache
def registry(path: Path = UNITS) -> pint.UnitRegistry:
    """Return pint's registry with every unit of `path` (columns unit, definition) defined in it.

    Raises
    ------
    SourcebookError
        If the file cannot be read.
    """
    try:
        with path.open(encoding="utf-8", newline="") as handle:
            rows = [(row.get("unit") or "", row.get("definition") or "") for row in csv.DictReader(handle)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SourcebookError(f"units cannot be read ({error})") from error
    return defined(tuple(rows))[0]


def misdefined(rows: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Return what is wrong with each unit whose definition means nothing to pint."""
    return defined(tuple(rows))[1]


@lru_cache(maxsize=8)
def defined(rows: Definitions) -> tuple[Any, Mapping[str, str]]:
    """Return a registry with these units, and what is wrong with those that it has not.

    The registry is kept by what the table says, not by its path: one serves a whole run.
    """
    known: Any = pint.UnitRegistry()
    wrong: dict[str, str] = {}
    for unit, definition in rows:
        problem = _define(known, unit, definition)
        if problem:
            wrong[unit] = problem
    return known, wrong


def _define(known: Any, unit: str, definition: str) -> str:
    if not re.fullmatch(r"[A-Za-z_]+", unit):
        return f"unit {unit!r} is no name of letters"
    if not definition.strip():
        return "definition is blank"
    what = f"definition {definition!r} of {unit!r} is none of pint's"
    if re.search(r"[=;#@\n]", definition):
        return what  # pint reads more into these marks: "a = b" would be a unit with a symbol
    try:
        known.define(f"{_PREFIX}{unit} = {definition}")
        factor = known.Quantity(1, _PREFIX + unit).to_base_units().magnitude
    except Exception as error:  # pint answers what it cannot read with anything from TypeError to RecursionError
        return f"{what} ({error})" if isinstance(error, pint.errors.UndefinedUnitError) else what
    return "" if math.isfinite(factor) and factor > 0 else what


def _pint_unit(unit: str) -> Any:
    """Return pint's unit for one of ours.

    Raises
    ------
    UnitMismatch
        If it is no unit of ``data/units.csv``, nor a product of such.
    """
    known = registry()
    try:
        return known.Unit(_NAME.sub(lambda m: _PREFIX + m[0], unit) if unit else "dimensionless")
    except Exception as error:  # as in _define
        raise UnitMismatch(f"unknown unit {unit!r}") from error


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
            If the units measure different things, or one of them is unknown.
        """
        own, other = _pint_unit(self.unit), _pint_unit(unit)
        try:
            factor = (1 * own).to(other).magnitude
        except (pint.errors.PintError, RecursionError) as error:  # the second: a unit defined by itself
            raise UnitMismatch(f"{self.unit or 'a plain number'} is no {unit or 'plain number'}") from error
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

    def may_equal(self, other: Quantity) -> bool:
        """Whether both may state one value: they overlap, or miss by what rounds when a unit is converted.

        57 miles are 91.7 km, and a text that has 92 km says the same.
        """
        slack = CONVERSION if other.unit != self.unit else 0.0
        return Quantity(self.low * (1 - slack), self.high * (1 + slack), self.unit).overlaps(other)

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
    "up to 8" is 0 to 8. A blank end is open; below it stops at zero, since what is counted is not negative, unless
    the number stated is: "up to -5" has no least value.

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
        ends = [end * factor for end in (low, high) for factor in (1 - HEDGE, 1 + HEDGE)]
        return Quantity(min(ends), max(ends), unit)
    if qualifier == "nearly" and high is not None:
        short = high * (1 - HEDGE)
        return Quantity(min(short, high), max(short, high), unit)
    least = -math.inf if high is not None and high < 0 else 0.0
    return Quantity(least if low is None else low, math.inf if high is None else high, unit)
