"""Find numerals in English text, in digits or in words.

A numeral is read with its scale word ("2.3 billion"), as a range ("20-22", "12 to 15") and as an ordinal
("third", "19th"). Sign, decimal and thousands marks are never altered.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
).split()
_SMALL = (
    {word: float(n) for n, word in enumerate(_ONES)}
    | {word: 10.0 * n for n, word in enumerate(_TENS, start=2)}
    | {word: float(n) for n, word in enumerate(_ORDINALS)}
    | {word[:-1] + "ieth": 10.0 * n for n, word in enumerate(_TENS, start=2)}
)
NUMBER_WORDS = tuple(_SMALL)
"""Every cardinal and ordinal of one word; `SCALES` are apart."""
SCALES = {"dozen": 12.0, "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_ABBREVIATIONS = {"m": 1e6, "mn": 1e6, "bn": 1e9, "tn": 1e12}
_FACTORS = {"tens": 10.0} | SCALES | {f"{word}s": value for word, value in SCALES.items()} | _ABBREVIATIONS


def _words(tens: list[str], ones: list[str], others: list[str]) -> str:
    return rf"(?:(?:{'|'.join(_TENS)})[ -](?:{'|'.join(ones[1:10])})|{'|'.join([*tens, *others])})\b"


_TENTHS = [word[:-1] + "ieth" for word in _TENS]
_CARDINAL, _ORDINAL = _words(_TENS, _ONES, _ONES), _words(_TENTHS, _ORDINALS, _ORDINALS)
_PLAIN = rf"(?:{_ORDINAL}|{_CARDINAL})"
_SCALE = "|".join(SCALES)
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
# "5 m" is five metres and "5m" five million: a newspaper's abbreviation of one letter stands close
_IN_DIGITS = (
    rf"(?:{_DIGITS})(?![.,]?\d)(?:st|nd|rd|th)?(?!(?!(?:bn|mn|tn|m)\b)[^\W_])"
    rf"(?:[ \u00a0-](?:{_SCALE})s?\b)*(?: ?(?:bn|mn|tn)\b|m\b)?"
)
# "two hundred and three hundred" is two numbers, "two hundred and three" one
_HUNDRED = (
    rf"(?:an?|{_CARDINAL})[ -]hundred\b"
    rf"(?:[ -]and[ -]{_PLAIN}(?![ -]hundred\b)|[ -]{_CARDINAL}(?![ -]hundred\b))?"
)
_IN_WORDS = rf"\b(?<!half )(?:{_HUNDRED}|{_PLAIN}|an?(?=[ -](?:{_SCALE})\b))(?:[ -](?:{_SCALE})s?\b)?"
_PLURAL = rf"\b(?:tens(?= of\b)|(?:{_SCALE})s)(?: of (?:{_SCALE})s)*\b"
_ATOM = re.compile(
    rf"(?<![\w.,])(?P<sign>(?<!\d)(?<!\d )[-−](?=\d))?"
    rf"(?:(?P<digits>{_IN_DIGITS})|(?P<plural>{_PLURAL})|(?P<words>{_IN_WORDS}))",
    re.IGNORECASE,
)
_RANGE = re.compile(r" ?[–—-] ?| to ")


@dataclass(frozen=True)
class Numeral:
    """A number as written.

    Attributes
    ----------
    low, high : float
        Equal for a single number, the two ends for a range.
    start, end : int
        Offsets in the text, in code points.
    """

    low: float
    high: float
    start: int
    end: int


@dataclass(frozen=True)
class _Atom:
    """One number with its scale words; `scale` is the last of them, 1 if there is none."""

    value: float
    scale: float
    start: int
    end: int
    kind: str = ""
    ordinal: bool = False
    signed: bool = False


def _value(text: str) -> float:
    """Read a number in digits or words with its scale, such as ``2.3 billion`` or ``two hundred and five``."""
    total, current = 0.0, None
    for token in re.findall(rf"{_DIGITS}|[a-z]+", text.lower()):
        if token[0].isdigit():
            current = float(token.replace(",", ""))
        elif token in _SMALL:
            current = (current or 0.0) + _SMALL[token]
        elif token in ("a", "an"):
            current = 1.0
        elif token in _FACTORS:  # anything else is "and" or an ordinal's suffix: 19th
            current = (1.0 if current is None else current) * _FACTORS[token]
            if _FACTORS[token] > 100:
                total, current = total + current, None
    return total + (current or 0.0)


def _last_scale(text: str) -> float:
    found = re.search(rf"(?:({_SCALE})s?|(?<=[\d ])(bn|mn|tn|m))$", text.lower())
    return _FACTORS[found[1] or found[2]] if found else 1.0


def _read(match: re.Match[str]) -> _Atom:
    text, kind = match[0].lstrip("-−"), match.lastgroup or ""
    if kind == "plural":  # the plural alone, "tens of thousands", is two at the least
        value = 2 * math.prod(_FACTORS[word] for word in text.lower().split(" of "))
    else:
        value = -_value(text) if match["sign"] else _value(text)
    ordinal = re.fullmatch(_ORDINAL, text, re.IGNORECASE) is not None
    return _Atom(value, _last_scale(text), match.start(), match.end(), kind, ordinal, bool(match["sign"]))


def _continues(before: _Atom, gap: str, after: _Atom) -> bool:
    """Whether two numbers in words are one: ``twelve thousand`` and ``three hundred``, not ``first`` and ``three``."""
    in_words = before.kind == after.kind == "words"
    joined = gap == " and " or (gap == " " and not after.ordinal)
    return in_words and joined and before.scale >= 1000 and after.value < before.scale


def _atoms(text: str) -> list[_Atom]:
    atoms: list[_Atom] = []
    for atom in map(_read, _ATOM.finditer(text)):
        if atoms and _continues(atoms[-1], text[atoms[-1].end : atom.start], atom):
            first = atoms.pop()
            atom = replace(atom, value=first.value + atom.value, start=first.start)
        atoms.append(atom)
    return atoms


def find_numerals(text: str) -> Iterator[Numeral]:
    """Yield every numeral of `text` from left to right.

    In a range whose first end has no scale of its own that of the second applies to both, if the first stays
    below: ``2-3 billion`` is 2 to 3 thousand millions, ``500–1.2 million`` begins at 500.
    """
    atoms = _atoms(text)
    while atoms:
        first, second = atoms.pop(0), atoms[0] if atoms else None
        if second and not second.signed and _RANGE.fullmatch(text, first.end, second.start):
            low = first.value
            if first.scale in (1.0, 100.0) and abs(low) * second.scale < second.value:
                low *= second.scale
            del atoms[0]
            if low <= second.value:
                yield Numeral(low, second.value, first.start, second.end)
                continue
            # no range but two numbers that meet, as in a date: 2021-08
            yield Numeral(first.value, first.value, first.start, first.end)
            yield Numeral(second.value, second.value, second.start, second.end)
        else:
            yield Numeral(first.value, first.value, first.start, first.end)
