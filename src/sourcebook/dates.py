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


@dataclass(frozen=True)
class Date:
    """A date as written: ISO 8601, as precise as it is, and its place in the text."""

    iso: str
    start: int
    end: int


def find_dates(text: str) -> Iterator[Date]:
    """Yield every date of `text` that has a year, from left to right."""
    for match in _DATE.finditer(text):
        parts = [match["year"]]
        if match["month"]:
            parts.append(f"{[m[:3] for m in _MONTHS].index(match['month'][:3]) + 1:02d}")
            day = match["day"] or match["day2"]
            parts += [f"{int(day):02d}"] if day else []
        yield Date("-".join(parts), match.start(), match.end())


def verify_date(words: str, *stamps: str) -> list[str]:
    """Hold the dates that an author writes against those of the record; return what is wrong.

    A date may be told less precisely than it is known ("November 2024" for the 25th), never more. Several dates
    are those of a period, in their order.
    """
    found = [date.iso for date in find_dates(words)]
    known = [stamp for stamp in stamps if stamp]
    if len(found) != len(known):
        return [f"{words!r} must hold {_told(known)}"]
    wrong = [(f, k) for f, k in zip(found, known, strict=True) if not (k == f or k.startswith(f"{f}-"))]
    return [f"{words!r} says {date_text(f)} where the record has {date_text(k)}" for f, k in wrong]


def _told(stamps: list[str]) -> str:
    return " and ".join(date_text(stamp) for stamp in stamps) or "no date, the record has none"
