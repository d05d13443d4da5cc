"""Dates in English text, and whether they are those of the record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sourcebook.formatting import date_text

_MONTHS = "January February March April May June July August September October November December".split()
_MONTH = rf"(?P<month>{'|'.join(f'{m[:3]}(?:{m[3:]})?' for m in _MONTHS)})\.?"
_DATE = re.compile(
    rf"\b(?:(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)? )?{_MONTH} (?:(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?, )?)?"
    r"(?P<year>\d{4})\b"
)
_SHARED = re.compile(rf"\b{_MONTH} (?:to|and|until) (?={_MONTH.replace('month', 'later')} (?P<year>\d{{4}})\b)")
_LAST, _FIRST = re.compile(r"(?:up )?to\b|by\b|until\b", re.IGNORECASE), re.compile(r"since\b|from\b", re.IGNORECASE)


@dataclass(frozen=True)
class Date:
    """A date as written: ISO 8601, as precise as it is, and its place in the text."""

    iso: str
    start: int
    end: int


def find_dates(text: str) -> Iterator[Date]:
    """Yield every date of `text` that has a year, from left to right; "March to May 2024" has two."""
    for match in _SHARED.finditer(text):
        yield Date(f"{match['year']}-{_month(match['month'])}", match.start(), match.end("month"))
    for match in _DATE.finditer(text):
        parts = [match["year"]]
        if match["month"]:
            parts.append(_month(match["month"]))
            day = match["day"] or match["day2"]
            parts += [f"{int(day):02d}"] if day else []
        yield Date("-".join(parts), match.start(), match.end())


def verify_date(words: str, *stamps: str) -> list[str]:
    """Hold the dates that an author writes against those of the record; return what is wrong.

    A date may be told less precisely than it is known ("November 2024" for the 25th), never more. Several dates
    are those of a period, in their order; one date is a period's if it encloses it ("2024"), and its end or start
    after *by*, *until*, *to*, or *since*, *from*.
    """
    found = [date.iso for date in find_dates(words)]
    known = [stamp for stamp in stamps if stamp]
    if len(found) == 1 and len(known) == 2:
        if _LAST.match(words):
            known = known[1:]
        elif _FIRST.match(words):
            known = known[:1]
        elif all(k.startswith(f"{found[0]}-") for k in known):
            return []
    if len(found) != len(known):
        return [f"{words!r} must hold {_told(known)}"]
    wrong = [(f, k) for f, k in zip(found, known, strict=True) if not (k == f or k.startswith(f"{f}-"))]
    return [f"{words!r} says {date_text(f)} where the record has {date_text(k)}" for f, k in wrong]


def _month(name: str) -> str:
    return f"{[m[:3] for m in _MONTHS].index(name[:3]) + 1:02d}"


def _told(stamps: list[str]) -> str:
    return " and ".join(date_text(stamp) for stamp in stamps) or "no date, the record has none"
