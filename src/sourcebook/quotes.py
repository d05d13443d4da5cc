"""Match quotations against seed texts, number-aware, and prove them by digest.

Normalisation takes away what typesetting did to the words: white space, soft hyphens and hyphenation at a
line's end, ligatures, the shape of quotation marks, and the backslashes and asterisks of Markdown. It never
touches a digit, sign, percent, currency, decimal or thousands mark.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from sourcebook.numerals import SCALES

MIN_WORDS, MAX_WORDS = 4, 15
STANCE_WORDS = 6
MAX_RUN = 25
MAX_SHARE, MAX_SHARE_SHORT, SHORT_TEXT = 0.40, 0.60, 500

_CHARACTERS = {
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"',
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u02bc": "'",
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl",
    "\u2011": "-", "\u00ad": "", "*": "",
}  # fmt: skip
_HYPHENATION = re.compile(r"(?<=[^\W\d_])-\s*\n\s*(?=[a-z])")
_TOKEN = re.compile(r"[^\W_]+")
_RUN = 3  # tokens that the index of a text is keyed by: the shortest quotation of a claim has four words
_ESCAPE = re.compile(r"\\(?=[\W_])")


def normalise_with_map(text: str) -> tuple[str, list[int]]:
    """Return `text` normalised, and for each of its characters the offset it came from."""
    dropped = {i for m in _HYPHENATION.finditer(text) for i in range(m.start(), m.end())}
    dropped |= {m.start() for m in _ESCAPE.finditer(text)}
    out: list[str] = []
    origin: list[int] = []
    for offset, character in enumerate(text):
        if offset in dropped:
            continue
        if character.isspace():
            if out and out[-1] != " ":
                out.append(" ")
                origin.append(offset)
            continue
        for replacement in _CHARACTERS.get(character, character):
            out.append(replacement)
            origin.append(offset)
    return "".join(out), origin


def normalise(text: str) -> str:
    """Return `text` normalised, without white space at its ends."""
    return normalise_with_map(text)[0].strip()


def digest(source_sha256: str, start: int, end: int, quote: str) -> str:
    """Return the proof that `quote` was found at these offsets of the text with this sha256."""
    payload = f"{source_sha256}|{start}|{end}|{normalise(quote)}"
    return hashlib.sha256(payload.encode()).hexdigest()


def crosses_page(passage: str) -> bool:
    """Whether a passage of the raw text runs over a blank line: a page break, footnote or paragraph."""
    return re.search(r"\n\s*\n", passage) is not None


@dataclass(frozen=True)
class SeedText:
    """A seed text, indexed so that a quotation is found in time that does not grow with the text.

    Parameters
    ----------
    source_id : str
        The document.
    text : str
        The text as read, offsets counted in code points.
    """

    source_id: str
    text: str

    @cached_property
    def _normal(self) -> tuple[str, list[int]]:
        return normalise_with_map(self.text)

    @cached_property
    def _index(self) -> Mapping[tuple[str, ...], list[int]]:
        """Offsets in the normalised text of each run of `_RUN` tokens."""
        tokens = list(_TOKEN.finditer(self._normal[0]))
        index: dict[tuple[str, ...], list[int]] = {}
        for i in range(len(tokens) - _RUN + 1):
            index.setdefault(tuple(t[0] for t in tokens[i : i + _RUN]), []).append(tokens[i].start())
        return index

    def find(self, quote: str) -> list[tuple[int, int]]:
        """Return the (start, end) offsets in the raw text of every occurrence of `quote`.

        Words and numbers at its ends must be whole: ``5 meetings`` is not found in ``215 meetings``, nor
        ``100`` in ``100 %``. A quotation without a word or number stands nowhere.
        """
        wanted = normalise(quote)
        normal, origin = self._normal
        tokens = list(_TOKEN.finditer(wanted))
        if not tokens:
            return []
        if len(tokens) >= _RUN:
            run = self._index.get(tuple(t[0] for t in tokens[:_RUN]), [])
            starts = [at - tokens[0].start() for at in run]
        else:
            starts = [m.start() for m in re.finditer(re.escape(wanted), normal)]
        spans = [(start, start + len(wanted)) for start in starts if start >= 0]
        hits = [(a, b) for a, b in spans if normal[a:b] == wanted and _whole(normal, a, b)]
        return [(origin[a], origin[b - 1] + 1) for a, b in hits]

    def covered_words(self, spans: Iterable[tuple[int, int]]) -> tuple[int, int, int]:
        """Return how many words `spans` cover in all, in their longest run, and how many there are."""
        ordered = sorted(spans)
        total = covered = run = longest = at = 0
        for word in re.finditer(r"\S+", self.text):
            total += 1
            while at < len(ordered) and ordered[at][1] <= word.start():
                at += 1
            inside = at < len(ordered) and ordered[at][0] < word.end()
            run = run + 1 if inside else 0
            covered += inside
            longest = max(longest, run)
        return covered, longest, total


# What makes a numeral longer than the digits that a quotation begins or ends with. A blank groups thousands, too.
_SCALE_WORD = rf"(?:{'|'.join(SCALES)}|bn|mn|tn)"
_CUT_BEFORE = re.compile(r"(?:\d[ .,]|[-−]|[$€£¥] ?|\d ?[–—-] ?)$")
_CUT_AFTER = re.compile(rf"[.,]\d| ?%| \d{{3}}(?!\d)| ?[–—-] ?\d|[ -]?{_SCALE_WORD}s?\b", re.IGNORECASE)


def _whole(text: str, start: int, end: int) -> bool:
    """Whether neither a word nor a numeral of `text` is cut at `start` or `end`."""
    before, after = text[max(0, start - 4) : start], text[end : end + 12]
    if (before[-1:].isalnum() and text[start].isalnum()) or (after[:1].isalnum() and text[end - 1].isalnum()):
        return False
    if text[start].isdigit() and _CUT_BEFORE.search(before):
        return False
    return not (text[end - 1].isdigit() and _CUT_AFTER.match(after))
