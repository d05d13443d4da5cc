"""Turn numbers, units and dates into text, and hold an author's words against a record.

One implementation serves prose, axes, tables and captions: what `text_of` writes, `verify` accepts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal

from sourcebook.errors import UnitMismatch
from sourcebook.models import Dated, Record, Stated, Unit
from sourcebook.numerals import SCALES, Numeral, find_numerals
from sourcebook.quantity import HEDGE, Quantity

# "Close to" may be either: an author may use it of a number that the record has as "about" or as "nearly".
_HEDGES: Mapping[str, tuple[str, ...]] = {
    "about": ("about", "around", "roughly", "some", "approximately", "an estimated", "estimated", "close to"),
    "nearly": ("nearly", "almost", "just under", "close to"),
    "at_least": (
        "over", "more than", "at least", "upwards of", "above", "exceed", "exceeds", "exceeding",
        "no less than", "no fewer than", "not less than", "not fewer than",
    ),
    "at_most": (
        "up to", "at most", "under", "less than", "fewer than", "below", "no more than", "not more than",
    ),
}  # fmt: skip
_HEDGES_AFTER: Mapping[str, tuple[str, ...]] = {
    "at_least": ("or more", "and more"),
    "at_most": ("or less", "or fewer"),
}
_CURRENCIES = ("AFN", "CNY", "EUR", "USD")
_PREFIX = {"about": "about ", "nearly": "nearly ", "at_least": "at least ", "at_most": "up to "}
_ORDINAL = "zeroth first second third fourth fifth sixth seventh eighth ninth tenth".split()
_MONTHS = "January February March April May June July August September October November December".split()


def rounded(value: float, digits: int) -> float:
    """Round half away from zero to `digits` decimals, as a reader does it by hand; never to minus zero."""
    return _to_places(value, digits, ROUND_HALF_UP)


def _to_places(value: float, digits: int, rounding: str) -> float:
    if not math.isfinite(value):
        return value
    exact = Decimal(f"{value:.15g}")  # what arithmetic leaves behind the fifteenth figure is no part of the number
    return float(exact.quantize(Decimal(1).scaleb(-digits), rounding, Context(prec=400))) + 0.0


def number_text(value: float, digits: int | None = None) -> str:
    """Write a number: ``1,382``, ``15.6``, ``2.3 billion``.

    A scale word is used where three decimals beside it say all: the number is exact with them, or `digits` is
    negative and keeps no more.

    Parameters
    ----------
    value : float
        A finite number.
    digits : int, optional
        Decimals to keep, negative for tens and hundreds; without it every decimal that the number has is
        written, up to six.
    """
    kept = value if digits is None else rounded(value, digits)
    for word, power in (("trillion", 12), ("billion", 9), ("million", 6)):
        if abs(kept) >= 10.0**power:
            if digits is None and rounded(kept, 3 - power) == rounded(kept, 6):
                return f"{_plain(kept / 10.0**power, 3, trim=True)} {word}"
            if digits is not None and digits < 0 and digits + power <= 3:
                return f"{_plain(kept / 10.0**power, max(0, digits + power), trim=False)} {word}"
            break
    if digits is None:
        return _plain(kept, 6, trim=True)
    return _plain(kept, max(digits, 0), trim=False)


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


def period_text(*ends: str) -> str:
    """Write the ends of a period, one that both are and none that is blank: ``August 2021 to February 2024``."""
    return " to ".join(date_text(end) for end in dict.fromkeys(ends) if end)


def dated_text(dated: Dated) -> str:
    """Write the date of a record, and whether it was inferred: ``December 2024 (inferred)``."""
    return f"{date_text(dated.date)}{' (inferred)' if dated.inferred else ''}"


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
    if stated.qualifier == "rank" and stated.low is not None and stated.low == stated.high:
        place = int(stated.low)
        if place == stated.low and 0 <= place < len(_ORDINAL):
            return _ORDINAL[place]
    one = stated.low == stated.high == 1
    prefix = _PREFIX.get(stated.qualifier, "")
    if not prefix and None in (stated.low, stated.high):
        prefix = _PREFIX["at_most" if stated.low is None else "at_least"]
    number = _ends_text(stated.low, stated.high, record.digits)
    return prefix + _with_unit(number, stated.unit, units, one=one)


def _ends_text(low: float | None, high: float | None, digits: int | None) -> str:
    """Write one number, or the two ends of a range: a scale word that both share is written once."""
    if low is None or high is None:
        end = high if low is None else low
        return "" if end is None else number_text(end, digits)
    first, second = number_text(low, digits), number_text(high, digits)
    if first == second:
        return first
    (number, _, scale), (_, _, other) = first.partition(" "), second.partition(" ")
    if scale == other and low >= 0:
        return f"{number}–{second}"
    if other and not scale and 0 < abs(low) * SCALES[other] < high:  # "2 to 3 million" would be two million
        second = _plain(high if digits is None else rounded(high, digits), 6, trim=True)
    return f"{first} to {second}"


def _with_unit(number: str, unit: str, units: Mapping[str, Unit], *, one: bool) -> str:
    top, _, below = unit.partition("/")
    if top in _CURRENCIES:
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
    return ("≈ " if stated.qualifier == "about" else "") + _ends_text(stated.low, stated.high, digits)


@dataclass(frozen=True)
class _Shown:
    """One number as an author writes it: its value, and the decimals to which it is written (-2 for 1,400)."""

    value: float
    places: int


@dataclass(frozen=True)
class _End:
    """One end of a record: its value, and the value that is published, rounded where the record says so."""

    true: float
    published: float

    def __str__(self) -> str:
        return _plain(self.published, 6, trim=True)

    def equals(self, shown: _Shown) -> bool:
        return math.isclose(shown.value, self.published, rel_tol=1e-9, abs_tol=1e-12)

    def rounds_to(self, shown: _Shown) -> bool:
        """Whether the number shown is a rounding that "about" declares: to its own places, within `HEDGE`."""
        return self.equals(shown) or any(_near(shown, value, ROUND_HALF_UP) for value in (self.true, self.published))

    def floors_to(self, shown: _Shown) -> bool:
        """Whether the number shown is the value rounded down, as "over" declares it."""
        return shown.value < self.true and not self.equals(shown) and _near(shown, self.true, ROUND_FLOOR)

    def ceils_to(self, shown: _Shown) -> bool:
        """Whether the number shown is the value rounded up, as "nearly" declares it."""
        return shown.value > self.true and not self.equals(shown) and _near(shown, self.true, ROUND_CEILING)


def _near(shown: _Shown, value: float, rounding: str) -> bool:
    result = _to_places(value, shown.places, rounding)
    return math.isclose(result, shown.value, rel_tol=1e-9) and abs(shown.value - value) <= HEDGE * abs(value)


def verify(words: str, record: Record, units: Mapping[str, Unit]) -> list[str]:
    """Hold an author's words against a record; return what is wrong, nothing if they bear it out.

    The numeral must equal the record's, or be a rounding that a hedge directly beside it declares; the unit noun,
    where there is one, must fit; a qualifier of the record may not be dropped, none may be added, and both ends
    of a range must be given. A rank is told by its number alone, and vague words may be hedged as the author likes.
    """
    numerals = list(find_numerals(words))
    shown = _shown(words, numerals)
    if not shown:
        return [f"{words!r} must hold one number, or the two ends of a range"]
    stated = record.stated
    unit, problem = (stated.unit, "") if stated.qualifier == "rank" else _written_unit(words, stated.unit, units)
    if problem:
        return [problem]
    low, high = _ends_in(record, unit)
    ends = [end for end in (low, high) if end is not None]
    if not ends:
        return [f"{words!r} gives a number where the record has none"]
    kind = _kind(stated.qualifier, low, high)
    if kind in ("rank", "vague"):
        return _unequal(words, shown, ends)
    hedges = _hedges(words, numerals, units, stated.unit)
    if hedges is None:
        return [f"{words!r} hedges in two ways: keep one"]
    found = [_told(words, shown, ends, kind, hedge) for hedge in hedges or [""]]
    return min(found, key=len)


def _shown(words: str, numerals: list[Numeral]) -> list[_Shown]:
    """Return the number or the two ends that the words give; nothing if they give none or too many."""
    given = [(n.low, n.high, words[n.start : n.end]) for n in numerals]
    if len(given) == 1:
        low, high, text = given[0]
        return [_Shown(end, _places(text, end, at)) for end, at in ((low, 0), (high, -1))][: 1 if low == high else 2]
    if len(given) == 2 and all(low == high for low, high, _ in given):
        return [_Shown(low, _places(text, low, 0)) for low, _, text in given]
    return []


def _places(text: str, value: float, at: int) -> int:
    """Return the decimals to which the first or last number of `text` is written: 1 for 2.0, -2 for 1,400."""
    digits = [written.replace(",", "") for written in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]
    if digits and "." in digits[at] and value:
        scale = round(math.log10(abs(value) / float(digits[at])))
        return len(digits[at].partition(".")[2]) - scale
    return -int(Decimal(f"{value:.15g}").normalize().as_tuple().exponent)


def _ends_in(record: Record, unit: str) -> tuple[_End | None, _End | None]:
    """Return the ends of the record in `unit`, None where one is open."""
    stated = record.stated
    factor = 1.0 if unit == stated.unit else Quantity.point(1.0, stated.unit).to(unit).low

    def end(value: float | None) -> _End | None:
        if value is None:
            return None
        true = value * factor
        return _End(true, true if record.digits is None else rounded(true, record.digits))

    return end(stated.low), end(stated.high)


def _kind(qualifier: str, low: _End | None, high: _End | None) -> str:
    """Return which hedge the record calls for: a qualifier, and at_least or at_most where an end is open."""
    if qualifier in (*_HEDGES, "rank", "vague"):
        return qualifier
    if low is None or high is None:
        return "at_most" if low is None else "at_least"
    return "exact" if low.published == high.published else "range"


def _told(words: str, shown: list[_Shown], ends: list[_End], kind: str, hedge: str) -> list[str]:
    """Return what is wrong with the number or numbers shown under one reading of their hedge."""
    if len(shown) == 2:
        if kind != "range":
            return [f"{words!r} gives a range where the record has {ends[0]}"]
        if hedge not in ("", "about"):
            return [f"{words!r} adds a hedge that the record lacks"]
        pairs = list(zip(shown, ends, strict=True))
        wrong = [(s, e) for s, e in pairs if not (e.rounds_to(s) if hedge else e.equals(s))]
        return [_says(words, s, e) for s, e in wrong]
    return list(_one_told(words, shown[0], ends, kind, hedge))


def _one_told(words: str, shown: _Shown, ends: list[_End], kind: str, hedge: str) -> Iterator[str]:
    end = ends[-1] if hedge in ("at_most", "nearly") else ends[0]
    if kind == "range":
        if hedge not in ("at_least", "at_most"):
            yield f"{words!r} gives one number where the record has {ends[0]} to {ends[1]}"
        elif not (end.equals(shown) or (end.floors_to(shown) if hedge == "at_least" else end.ceils_to(shown))):
            yield _says(words, shown, end)
        return
    if kind != "exact" and hedge != kind:
        yield f"{words!r} drops the qualifier {kind!r} of the record ({', '.join(_HEDGES[kind][:4])})"
    elif kind == "exact" and hedge in ("at_least", "at_most", "nearly") and end.equals(shown):
        yield f"{words!r} adds a hedge that the record lacks"
        return
    if not _fits(shown, end, kind, hedge):
        yield _says(words, shown, end)


def _fits(shown: _Shown, end: _End, kind: str, hedge: str) -> bool:
    """Whether one number shown is that of the record, or a rounding that its hedge declares."""
    if end.equals(shown):
        return True
    if kind == "nearly" or not hedge:
        return False
    roundings = {"about": end.rounds_to, "at_least": end.floors_to, "at_most": end.ceils_to, "nearly": end.ceils_to}
    return roundings[hedge](shown)


def _unequal(words: str, shown: list[_Shown], ends: list[_End]) -> list[str]:
    """Hold numbers that need no hedge against the ends stated: one of them, or both in their order."""
    if len(shown) == 2 and len(ends) == 2:
        return [_says(words, s, e) for s, e in zip(shown, ends, strict=True) if not e.equals(s)]
    if len(shown) == 2:
        return [f"{words!r} gives a range where the record has {ends[0]}"]
    return [] if any(end.equals(shown[0]) for end in ends) else [_says(words, shown[0], ends[0])]


def _says(words: str, shown: _Shown, end: _End) -> str:
    return f"{words!r} says {_plain(shown.value, 6, trim=True)} where the record has {end}"


def hedge_beside(before: str, after: str, units: Mapping[str, Unit], unit: str = "") -> str:
    """Return how the words before and behind a number hedge it, as a qualifier; blank where they do not."""
    return next(iter(_hedge_before(before, units) or _hedge_after(after, units, unit)), "")


def _hedges(words: str, numerals: list[Numeral], units: Mapping[str, Unit], unit: str) -> list[str] | None:
    """Return the kinds that the hedge beside the numerals may be; None where hedges contradict each other."""
    before = [_hedge_before(words[: numeral.start], units) for numeral in numerals]
    after = _hedge_after(words[numerals[-1].end :], units, unit)
    if any(kinds and kinds != before[0] for kinds in before[1:]) or (before[0] and after and before[0] != after):
        return None
    return before[0] or after


def _hedge_before(text: str, units: Mapping[str, Unit]) -> list[str]:
    """Return the kinds of the hedge that `text` ends with; a search finds the longest, for it begins first."""
    money = _alternatives(word for code in _CURRENCIES if code in units for word in units[code].words)
    between = rf"(?:\s+(?:an?|the))?\s*(?:{money})?\s*"
    return _kinds(_HEDGES, re.search(rf"\b{_phrases(_HEDGES)}\b{between}$", text, re.IGNORECASE))


def _hedge_after(text: str, units: Mapping[str, Unit], unit: str) -> list[str]:
    nouns = _alternatives(word for part in unit.split("/") if part in units for word in units[part].words)
    after = rf"[\s-]*(?:{nouns})?\s*\b{_phrases(_HEDGES_AFTER)}\b"
    return _kinds(_HEDGES_AFTER, re.match(after, text, re.IGNORECASE))


def _phrases(hedges: Mapping[str, tuple[str, ...]]) -> str:
    return rf"(?P<phrase>{_alternatives(phrase for group in hedges.values() for phrase in group)})"


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=len, reverse=True))


def _kinds(hedges: Mapping[str, tuple[str, ...]], found: re.Match[str] | None) -> list[str]:
    phrase = " ".join(found["phrase"].lower().split()) if found else ""
    return [kind for kind, group in hedges.items() if phrase in group]


def _written_unit(words: str, unit: str, units: Mapping[str, Unit]) -> tuple[str, str]:
    """Return the unit that the words name (or `unit` if they name none), and a problem."""
    rest = words
    for numeral in reversed(list(find_numerals(words))):
        rest = rest[: numeral.start] + " " + rest[numeral.end :]
    if not re.search(r"[^\W\d_]|[%$€]", _without_hedges(rest)):
        return unit, ""
    parts = unit.split("/")
    if all(not part or _names(rest, units[part]) for part in parts if part in units or not part) and unit:
        return unit, ""
    if not unit:
        return _unit_of_ratio(words, units)
    if len(parts) == 1:
        for other in units.values():
            if _names(rest, other) and _same_kind(unit, other.unit):
                return other.unit, ""
    fit = ", ".join(sorted(units[parts[0]].words)) if parts[0] in units else unit
    return unit, f"{words!r} does not name the unit {unit!r} ({fit})"


def _unit_of_ratio(words: str, units: Mapping[str, Unit]) -> tuple[str, str]:
    """Return the same for a plain ratio, told in the author's own words ("1.9 times") but of no unit ("1.9 days")."""
    for numeral in find_numerals(words):
        after = re.match(r"[\s\u00a0-]*([^\W\d_]+|[%$€])", words[numeral.end :])
        for other in units.values() if after else ():
            if after and _names(after[1], other):
                if _same_kind("", other.unit):
                    return other.unit, ""
                return "", f"{words!r} names the unit {other.unit!r}, the record has a plain number"
    return "", ""


def _without_hedges(text: str) -> str:
    phrases = [phrase for table in (_HEDGES, _HEDGES_AFTER) for group in table.values() for phrase in group]
    pattern = rf"{_alternatives(phrases)}|(?:{'|'.join(SCALES)})s?|between|and|from|to"
    return re.sub(rf"\b(?:{pattern})\b", " ", text, flags=re.IGNORECASE)


def _names(text: str, unit: Unit) -> bool:
    return any(re.search(rf"(?<![^\W\d_]){re.escape(w)}(?![^\W\d_])", text, re.IGNORECASE) for w in unit.words)


def _same_kind(unit: str, other: str) -> bool:
    try:
        Quantity.point(1.0, unit).to(other)
    except UnitMismatch:
        return False
    return True
