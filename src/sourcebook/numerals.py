"""Find numerals in English text, in digits or in words.

A numeral is read with its scale word ("2.3 billion"), as a range ("20-22", "12 to 15") and as an ordinal
("third", "19th"). Sign, decimal and thousands marks are never altered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

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
SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_ABBREVIATIONS = {"m": 1e6, "mn": 1e6, "bn": 1e9, "tn": 1e12}

_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_UNDER_TEN = "|".join([*_ONES[1:10], *_ORDINALS[1:10]])
_WORD = rf"(?:{'|'.join(_TENS)})[ -](?:{_UNDER_TEN})|" + "|".join(sorted(_SMALL, key=len, reverse=True))
_SCALE = "|".join(SCALES)
_ATOM = rf"(?:{_DIGITS})(?![.,]?\d)(?:st|nd|rd|th)?(?!(?!(?:bn|mn|tn|m)\b)[^\W_])|\b(?:{_WORD})\b|\b(?:a|an)(?= (?:{_SCALE})\b)"
_SCALED = rf"(?:{_ATOM})(?:(?: |-|\u00a0)(?:{_SCALE})s?\b)*(?: ?(?:bn|mn|tn|m)\b(?![²³]))?|\b(?:{_SCALE})s\b"
_NUMERAL = re.compile(
    rf"(?<![\w.,])(?P<sign>(?<!\d)[-−](?=\d))?(?P<low>{_SCALED})"
    rf"(?:(?: ?[–—-] ?| to )(?P<high>{_SCALED}))?",
    re.IGNORECASE,
)


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


def _value(text: str) -> float:
    """Read one scaled atom, such as ``2.3 billion`` or ``two hundred``."""
    total, current = 0.0, None
    if text.lower().removesuffix("s") in SCALES and text[-1] in "sS":
        return 2 * SCALES[text.lower().removesuffix("s")]  # the plural alone, "trillions", is two at least
    for token in re.findall(rf"{_DIGITS}|[a-z]+", text.lower()):
        if token[0].isdigit():
            current = float(token.replace(",", ""))
        elif token in _SMALL:
            current = (current or 0.0) + _SMALL[token]
        elif token in ("a", "an"):
            current = 1.0
        else:
            scale = SCALES.get(token) or SCALES.get(token.removesuffix("s")) or _ABBREVIATIONS.get(token)
            if scale is not None:  # anything else is an ordinal's suffix: 19th
                current = (1.0 if current is None else current) * scale
                if scale > 100:
                    total, current = total + current, None
    return total + (current or 0.0)


def _trailing_scale(text: str) -> float:
    """Return the scale that ends `text` (``million`` in ``100 million``), or 1."""
    found = re.search(rf"(?:({_SCALE})s?|(bn|mn|tn|m))$", text.lower())
    return (SCALES.get(found[1] or "") or _ABBREVIATIONS.get(found[2] or "", 1.0)) if found else 1.0


def find_numerals(text: str) -> Iterator[Numeral]:
    """Yield every numeral of `text` from left to right.

    In a range whose first end has no scale word the scale of the second applies to both:
    ``2-3 billion`` is 2 to 3 thousand millions.
    """
    for match in _NUMERAL.finditer(text):
        low, high = match["low"], match["high"]
        first = _value(low)
        if high is None:
            second = first
        else:
            second = _value(high)
            if _trailing_scale(low) == 1.0 and first < second:
                first *= _trailing_scale(high)
        if match["sign"]:
            first, second = -first, (-second if high is None else second)
        if first > second:  # no range but two numbers that meet, as in a date: 2021-08
            yield Numeral(first, first, match.start("low"), match.end("low"))
            yield Numeral(second, second, match.start("high"), match.end("high"))
        else:
            yield Numeral(first, second, match.start(), match.end())
