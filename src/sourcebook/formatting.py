"""Turn numbers, units and dates into text, and hold an author's words against a record.

One implementation serves prose, axes, tables and captions: what `text_of` writes, `verify` accepts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from sourcebook.errors import UnitMismatch
from sourcebook.models import Record, Stated, Unit
from sourcebook.numerals import SCALES, Numeral, find_numerals
from sourcebook.quantity import Quantity

_HEDGES: Mapping[str, tuple[str, ...]] = {
    "about": ("about", "around", "roughly", "some", "approximately", "an estimated", "estimated", "close to"),
    "nearly": ("nearly", "almost", "just under", "close to"),
    "at_least": ("over", "more than", "at least", "upwards of", "above", "or more", "and more", "exceed"),
    "at_most": ("up to", "at most", "no more than", "under", "less than", "fewer than", "below", "or less"),
}
_PREFIX = {"about": "about ", "nearly": "nearly ", "at_least": "at least ", "at_most": "up to "}
_ORDINAL = "zeroth first second third fourth fifth sixth seventh eighth ninth tenth".split()
_MONTHS = "January February March April May June July August September October November December".split()


def rounded(value: float, digits: int) -> float:
    """Round half away from zero to `digits` decimals, as a reader does it by hand."""
    if not math.isfinite(value):
        return value
    return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP))


def number_text(value: float, digits: int | None = None) -> str:
    """Write a number: ``1,382``, ``15.6``, ``2.3 billion``.

    Parameters
    ----------
    value : float
        A finite number.
    digits : int, optional
        Decimals to keep; without it every decimal that the number has is written, up to six.
    """
    for word, power in (("trillion", 12), ("billion", 9), ("million", 6)):
        if abs(value) >= 10.0**power:
            decimals = 6 if digits is None else max(0, digits + power)
            kept = value if digits is None else rounded(value, digits)
            return f"{_plain(kept / 10.0**power, decimals, trim=digits is None)} {word}"
    if digits is None:
        return _plain(value, 6, trim=True)
    return _plain(rounded(value, digits), max(digits, 0), trim=False)


def _plain(value: float, decimals: int, *, trim: bool) -> str:
    text = f"{rounded(value, decimals):,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if trim and "." in text else text


def date_text(date: str) -> str:
    """Write an ISO 8601 date of any precision: ``22 February 2024``, ``August 2021``, ``2003``."""
    year, *rest = date.split("-")
    if not rest:
        return year
    month = _MONTHS[int(rest[0]) - 1]
    return f"{int(rest[1])} {month} {year}" if len(rest) > 1 else f"{month} {year}"


def unit_text(unit: str, units: Mapping[str, Unit], *, one: bool = False) -> str:
    """Write a unit as a noun: ``meetings``, ``meetings per month``; ``meeting`` if `one`."""
    if not unit:
        return ""
    top, *below = unit.split("/")
    known = units.get(top)
    noun = top if known is None else ((known.singular if one else known.plural) or known.symbol)
    return " per ".join([noun, *(unit_text(part, units, one=True) for part in below)])


def text_of(record: Record, units: Mapping[str, Unit]) -> str:
    """Write a record as prose would: qualifier, number and unit (``nearly USD 100 million``)."""
    stated = record.stated
    if stated.qualifier == "rank" and stated.low is not None and 0 <= stated.low < len(_ORDINAL):
        return _ORDINAL[int(stated.low)]
    ends = [end for end in (stated.low, stated.high) if end is not None]
    one = stated.low == stated.high == 1
    parts = [number_text(end, record.digits) for end in dict.fromkeys(ends)]
    prefix = _PREFIX.get(stated.qualifier, "")
    if not prefix and len(ends) == 1:
        prefix = _PREFIX["at_most" if stated.low is None else "at_least"]
    return prefix + _with_unit(_joined(parts), stated.unit, units, one=one)


def _joined(parts: list[str]) -> str:
    """Join the ends of a range; a scale word that both share is written once."""
    if len(parts) == 2:
        (low, _, scale), (high, _, same) = parts[0].partition(" "), parts[1].partition(" ")
        if scale == same:
            return f"{low}–{high} {scale}".strip()
    return "–".join(parts)


def _with_unit(number: str, unit: str, units: Mapping[str, Unit], *, one: bool) -> str:
    top, _, below = unit.partition("/")
    if top in ("USD", "AFN", "EUR", "CNY"):
        text = f"{units[top].symbol or top} {number}"
        return f"{text} per {unit_text(below, units, one=True)}" if below else text
    return f"{number} {unit_text(unit, units, one=one)}".strip()


def cell_text(stated: Stated, digits: int | None = None) -> str:
    """Write a number for a table's cell, whose column head carries the unit: ``1,200–1,500``, ``≥ 100``."""
    if stated.low is None or stated.high is None:
        end = stated.high if stated.low is None else stated.low
        sign = "≤" if stated.low is None else "≥"
        sign = "nearly" if stated.qualifier == "nearly" else sign
        return f"{sign} {number_text(end, digits)}" if end is not None else ""
    ends = dict.fromkeys(number_text(end, digits) for end in (stated.low, stated.high))
    return ("≈ " if stated.qualifier == "about" else "") + _joined(list(ends))


def verify(words: str, record: Record, units: Mapping[str, Unit]) -> list[str]:
    """Hold an author's words against a record; return what is wrong, nothing if they bear it out.

    The numeral must equal the record's, or be a rounding that a hedge declares; the unit noun, where there is
    one, must fit; a qualifier of the record may not be dropped, and both ends of a range must be given.
    """
    written = _written(list(find_numerals(words)))
    if written is None:
        return [f"{words!r} must hold one number, or the two ends of a range"]
    low, high = written
    unit, problem = _written_unit(words, record.stated.unit, units)
    if problem:
        return [problem]
    expected = _in_unit(record.stated, unit)
    return [*_number_problems(words, (low, high), expected, record.digits), *_hedge_problems(words, record)]


def _written(numerals: list[Numeral]) -> tuple[float, float] | None:
    if len(numerals) == 1:
        return numerals[0].low, numerals[0].high
    if len(numerals) == 2 and all(n.low == n.high for n in numerals):
        return numerals[0].low, numerals[1].low
    return None


def _written_unit(words: str, unit: str, units: Mapping[str, Unit]) -> tuple[str, str]:
    """Return the unit that the words name (or `unit` if they name none), and a problem."""
    rest = words
    for numeral in reversed(list(find_numerals(words))):
        rest = rest[: numeral.start] + " " + rest[numeral.end :]
    rest = _without_hedges(rest)
    if not re.search(r"[^\W\d_]|[%$€]", rest):
        return unit, ""
    parts = unit.split("/")
    if all(not part or _names(rest, units[part]) for part in parts if part in units or not part) and unit:
        return unit, ""
    if not unit:
        return unit, ""  # a plain ratio is told in the author's own words: "1.9 times"
    if len(parts) == 1:
        for other in units.values():
            if _names(rest, other) and _same_kind(unit, other.unit):
                return other.unit, ""
    fit = ", ".join(sorted(units[parts[0]].words)) if parts[0] in units else unit
    return unit, f"{words!r} does not name the unit {unit!r} ({fit})"


def _without_hedges(text: str) -> str:
    phrases = sorted({h for group in _HEDGES.values() for h in group}, key=len, reverse=True)
    scales = [f"{s}s?" for s in SCALES]
    pattern = "|".join([*map(re.escape, phrases), *scales, "between", "and", "from", "to"])
    return re.sub(rf"\b(?:{pattern})\b", " ", text, flags=re.IGNORECASE)


def _names(text: str, unit: Unit) -> bool:
    return any(re.search(rf"(?<![^\W\d_]){re.escape(w)}(?![^\W\d_])", text, re.IGNORECASE) for w in unit.words)


def _same_kind(unit: str, other: str) -> bool:
    try:
        Quantity.point(1.0, unit).to(other)
    except UnitMismatch:
        return False
    return True


def _in_unit(stated: Stated, unit: str) -> tuple[float | None, float | None]:
    factor = 1.0 if unit == stated.unit else Quantity.point(1.0, stated.unit).to(unit).low
    low, high = (None if end is None else end * factor for end in (stated.low, stated.high))
    return low, high


def _has_hedge(words: str, kinds: Iterable[str]) -> bool:
    return any(re.search(rf"\b{re.escape(h)}\b", words, re.IGNORECASE) for k in kinds for h in _HEDGES[k])


def _number_problems(
    words: str, written: tuple[float, float], expected: tuple[float | None, float | None], digits: int | None
) -> list[str]:
    low, high = expected
    ends = [end for end in (low, high) if end is not None]
    if written[0] == written[1]:
        wanted = ends[-1:] if _has_hedge(words, ["at_most", "nearly"]) else ends[:1]
        if low is not None and high is not None and low != high and not _has_hedge(words, ["at_least", "at_most"]):
            return [f"{words!r} gives one number where the record has {low:g} to {high:g}"]
        pairs = [(written[0], wanted[0])]
    else:
        if len(set(ends)) < 2:
            return [f"{words!r} gives a range where the record has {ends[0]:,g}"]
        pairs = list(zip(written, ends, strict=True))
    rounding = _has_hedge(words, ["about", "nearly", "at_least", "at_most"])
    wrong = [(shown, true) for shown, true in pairs if not _equal(shown, true, digits, rounding=rounding)]
    kept = [true if digits is None else rounded(true, digits) for _, true in wrong]
    return [
        f"{words!r} says {w[0]:,.10g} where the record has {true:,.10g}" for w, true in zip(wrong, kept, strict=True)
    ]


def _equal(shown: float, true: float, digits: int | None, *, rounding: bool) -> bool:
    if digits is not None:
        true = rounded(true, digits)
    if math.isclose(shown, true, rel_tol=1e-9, abs_tol=1e-12):
        return True
    return rounding and math.isclose(rounded(true, _decimals(shown)), shown, rel_tol=1e-9)


def _decimals(value: float) -> int:
    """Return the decimals to which `value` is written: 1 for 1.4, -2 for 1,400."""
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return -int(exponent)


def _hedge_problems(words: str, record: Record) -> list[str]:
    qualifier = record.stated.qualifier
    if qualifier in _HEDGES and not _has_hedge(words, [qualifier]):
        fit = ", ".join(_HEDGES[qualifier][:4])
        return [f"{words!r} drops the qualifier {qualifier!r} of the record ({fit})"]
    return []
