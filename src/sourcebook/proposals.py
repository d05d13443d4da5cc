"""Propose what each number of a new text may be: a claim, a date, an apparatus, a name.

A proposal is a guess that saves typing: the quotation with its place, the value, a unit and a hedge where the words
beside the number have them. What it is, the coder says.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sourcebook.census import Expression, expressions
from sourcebook.formatting import hedge_beside
from sourcebook.models import Unit
from sourcebook.numerals import Numeral, find_numerals
from sourcebook.quotes import MAX_WORDS, MIN_WORDS, SeedText, normalise

_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = rf"(?P<month>sept|{'|'.join(f'{m}|{m[:3]}' for m in _MONTHS)})\.?"
_DAY = r"(?P<day{}>\d{{1,2}})(?:st|nd|rd|th)?"
_DATE = re.compile(
    rf"\b(?:{_DAY.format('')}\s+(?:of\s+)?)?{_MONTH},?\s+(?:{_DAY.format('_after')},?\s+)?(?P<year>[12]\d{{3}})\b"
    r"|\b(?P<iso>[12]\d{3}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)\b"
    r"|\b(?P<mm>0[1-9]|1[0-2])/(?P<yyyy>[12]\d{3})\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"1[4-9]\d{2}|20\d{2}")
_ORDINAL = re.compile(r"(?:\d+|\w+)?(?:st|nd|rd|th|first|second|third)", re.IGNORECASE)
_LIST = re.compile(r"(?:^|\n)[ \t]*(?:[-*•] ?)?\(?$")
_OF_A_DOCUMENT = re.compile(
    r"\b(?:sections?|chapters?|pages?|pp?\.|vol(?:ume|\.)?|no\.|figures?|tables?|appendix|clauses?|articles?|paragraphs?|"
    r"footnotes?|isbn|issn|parts?|versions?|revisions?|releases?|tags?|notes?|steps?|levels?|§)\s*#?$",
    re.IGNORECASE,
)
_STANDARD = re.compile(r"(?<![\w$])(?!(?:USD?|EUR|CNY|AFN|GBP|PKR|RUB)\b)[A-Z]{2,}(?:[/-][A-Z]+)* $")
_NOTICE = re.compile(r"(?:copyright|\(c\)|©)[^\n]*$", re.IGNORECASE)
_PHRASES = frozenset("one once both half twice double triple couple quarter single".split())
_MONEY = {"$": "USD", "€": "EUR", "¥": "CNY"}
_NEAR = 40  # characters beside a number in which a hedge or a heading is sought


@dataclass(frozen=True)
class Proposal:
    """What one number of a text may be.

    Attributes
    ----------
    expressions : tuple of Expression
        What of the census it is made of: "2.3 billion" is two.
    kind : str
        A class of the census.
    why : str
        What made the program think so; the reason of what is neither claim nor event.
    quote : str
        The fewest words around it that stand once in the text; blank where no 15 words do.
    start, end : int
        Their offsets.
    low, high, unit, qualifier : str
        Of a claim, as its columns hold them; the unit blank where no word beside the number is one.
    date : str
        Of an event, ISO 8601.
    """

    expressions: tuple[Expression, ...]
    kind: str
    why: str = ""
    quote: str = ""
    start: int = 0
    end: int = 0
    low: str = ""
    high: str = ""
    unit: str = ""
    qualifier: str = ""
    date: str = ""


def propose(text: SeedText, units: Mapping[str, Unit], after: int = 0) -> Iterator[Proposal]:
    """Yield a proposal for every number of a text from left to right; each expression of the census is in one.

    Parameters
    ----------
    text : SeedText
        The text.
    units : mapping
        The units of the record, by name.
    after : int
        Offset behind what has been proposed already.
    """
    flat = re.sub(r"[\n\t\r\f]", " ", text.text)  # a numeral goes over the end of a line; offsets stay
    dates = {match.start(): match for match in _DATE.finditer(flat)}
    numerals = list(find_numerals(flat))
    passages, known = _Passages(text), _Units(units)
    for group, date, numeral in _groups(list(expressions(text.text)), dates, numerals):
        if group[0].start < after:
            continue
        if date is not None:
            yield passages.quoted(group, "event", "a date", date=_iso(date), over=(date.start(), date.end()))
        else:
            yield _number(text.text, flat, passages, group, numeral, known)


Group = tuple[tuple[Expression, ...], "re.Match[str] | None", Numeral | None]


def _groups(found: list[Expression], dates: Mapping[int, re.Match[str]], numerals: list[Numeral]) -> Iterator[Group]:
    """Yield the expressions that are one date or one number together."""
    date_starts, numeral_starts = sorted(dates), [n.start for n in numerals]
    at = 0
    while at < len(found):
        first = found[at]
        i, j = bisect_right(date_starts, first.start) - 1, bisect_right(numeral_starts, first.end - 1) - 1
        date = dates[date_starts[i]] if i >= 0 and dates[date_starts[i]].end() > first.start else None
        numeral = numerals[j] if j >= 0 and numerals[j].end > first.start else None
        end = date.end() if date else numeral.end if numeral else first.end
        many = at + 1
        while many < len(found) and found[many].start < end:
            many += 1
        yield tuple(found[at:many]), date, numeral
        at = many


def _iso(date: re.Match[str]) -> str:
    if date["iso"]:
        return date["iso"]
    if date["mm"]:
        return f"{date['yyyy']}-{date['mm']}"
    month = next(i for i, name in enumerate(_MONTHS, start=1) if name.startswith(date["month"][:3].lower()))
    day = date["day"] or date["day_after"]
    return f"{date['year']}-{month:02d}" + (f"-{int(day):02d}" if day else "")


def _number(
    text: str, flat: str, passages: _Passages, group: tuple[Expression, ...], numeral: Numeral | None,
    units: _Units,
) -> Proposal:  # fmt: skip
    start, end = group[0].start, group[-1].end
    before, after = flat[max(0, start - _NEAR) : start], flat[end : end + _NEAR]
    if aside := _aside(text, group[0].text, start, end):
        return Proposal(group, *aside)
    if numeral is None:
        return passages.quoted(
            group, "claim", "a quantity without a value: vague, or a turn of phrase", qualifier="vague"
        )
    if _YEAR.fullmatch(group[0].text) and len(group) == 1 and not units.beside(before, after, within=1):
        return passages.quoted(group, "event", "a year", date=group[0].text)
    if numeral.low == numeral.high and _ORDINAL.fullmatch(group[-1].text) and not group[-1].text.isdigit():
        return passages.quoted(group, "ordinal", "a place in an order")
    if len(group) == 1 and group[0].text.lower() in _PHRASES and not units.beside(before, after):
        return Proposal(group, "other", "a turn of phrase, neither count nor measure")
    unit = units.beside(before, after)
    qualifier = "range" if numeral.low != numeral.high else hedge_beside(before, after, units.all, unit) or "exact"
    low = "" if qualifier in ("at_most", "nearly") else f"{numeral.low:.15g}"
    high = "" if qualifier == "at_least" else f"{numeral.high:.15g}"
    return passages.quoted(group, "claim", "a number", low=low, high=high, unit=unit, qualifier=qualifier)


def _aside(text: str, first: str, start: int, end: int) -> tuple[str, str] | None:
    """Return class and reason of a number that counts nothing by where it stands."""
    before, after = text[max(0, start - _NEAR) : start], text[end : end + 2]
    if re.match(r"https?://|www\.|doi\.org|[\w.-]+\.link/", first, re.IGNORECASE):
        return "apparatus", "address"
    if re.match(r"[⁰¹²³⁴⁵⁶⁷⁸⁹\[]", first):
        return "apparatus", "mark of a note"
    if first.isdigit() and _LIST.search(before) and re.match(r"[.)]\s", after):
        return "apparatus", "number of a list"
    if _OF_A_DOCUMENT.search(before):
        return "apparatus", "page, part or version of a document"
    if _YEAR.match(first) and _NOTICE.search(before):
        return "apparatus", "year of a notice of copyright"
    if re.search(r"[^\W\d]$|[\w][_/#.:@-]$|(?<!\w)\.$", before) or re.match(r"[^\W\d]|[_/@]\w", after):
        return "name", "part of a name"
    if _STANDARD.search(before) or re.fullmatch(r"\d+(?:-\d+){2,}|\d{3,}-\d{1,2}", first):
        return "name", "number of a standard, a version or a name"
    return None


class _Units:
    """The words and symbols of units, looked up beside a number."""

    def __init__(self, units: Mapping[str, Unit]) -> None:
        self.all = units
        self.words = {
            word: name for name, unit in reversed(list(units.items())) for word in unit.words if len(word) > 1
        }
        self.symbols = {unit.symbol: name for name, unit in units.items() if unit.symbol}

    def beside(self, before: str, after: str, within: int = 3) -> str:
        """Return the unit whose word or symbol stands beside a number, or is one of the words `within` so many behind it."""
        behind = [word.strip(".,;:()") for word in after.replace("-", " ").split()[:within]]
        found = self.symbols.get(behind[0], "") if behind else ""
        found = found or next((self.words[word.lower()] for word in behind if word.lower() in self.words), "")
        money = _MONEY.get(before.rstrip()[-1:], "")
        return found or (money if money in self.all else "")


class _Passages:
    """The words of a text, and the fewest around a number that stand once in it."""

    def __init__(self, text: SeedText) -> None:
        self.text = text
        self.words = [(m.start(), m.end()) for m in re.finditer(r"\S+", text.text)]
        self.starts = [start for start, _ in self.words]
        self.breaks = [m.start() for m in re.finditer(r"\n\s*\n", text.text)]

    def quoted(
        self, group: tuple[Expression, ...], kind: str, why: str, *, over: tuple[int, int] | None = None, **cells: str
    ) -> Proposal:
        start, end = over or (group[0].start, group[-1].end)
        quote, at, until = self.fragment(start, end)
        return Proposal(group, kind, why, quote, at, until, **cells)

    def fragment(self, start: int, end: int) -> tuple[str, int, int]:
        """Return the fewest words around some offsets that are a quotation, with their place; blank if there are none."""
        first, last = bisect_right(self.starts, start) - 1, bisect_right(self.starts, end - 1) - 1
        block = bisect_right(self.breaks, start)
        turn = 0
        while last - first < MAX_WORDS:
            a, b = self.words[first][0], self.words[last][1]
            quote = normalise(self.text.text[a:b])
            if MIN_WORDS <= len(quote.split()) <= MAX_WORDS and self.text.find(quote) == [(a, b)]:
                return quote, a, b
            sides = [last + 1, first - 1] if turn % 3 else [first - 1, last + 1]
            grown = next((i for i in sides if self._within(i, block)), None)
            if grown is None:
                break
            first, last, turn = min(first, grown), max(last, grown), turn + 1
        return "", 0, 0

    def _within(self, word: int, block: int) -> bool:
        return 0 <= word < len(self.words) and bisect_right(self.breaks, self.words[word][0]) == block
