"""The fonts that the book is set in, all from the package, and what they can write."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

FOLDER = Path(__file__).parent / "fonts"
ARABIC = "U+0600-06FF, U+0750-077F, U+08A0-08FF, U+FB50-FDFF, U+FE70-FEFF"
HAN = "U+2E80-2FDF, U+3000-9FFF, U+F900-FAFF, U+FF00-FFEF"


@dataclass(frozen=True)
class Face:
    """A font file under the name that the stylesheet gives it."""

    family: str
    file: str
    weight: int = 400
    style: str = "normal"
    covers: str = ""
    """Blank for all that it has."""

    @property
    def path(self) -> Path:
        """Return where it is."""
        return FOLDER / self.file

    @property
    def rule(self) -> str:
        """Return its rule for a stylesheet whose base is the folder of fonts."""
        covers = f"; unicode-range: {self.covers}" if self.covers else ""
        return (
            f'@font-face {{ font-family: "{self.family}"; src: url("{self.path.as_uri()}"); '
            f"font-weight: {self.weight}; font-style: {self.style}{covers} }}\n"
        )


FACES = (
    Face("Book Serif", "SourceSerif4_400Regular.ttf"),
    Face("Book Serif", "SourceSerif4_400Regular_Italic.ttf", style="italic"),
    Face("Book Serif", "SourceSerif4_600SemiBold.ttf", 600),
    Face("Book Serif", "SourceSerif4_600SemiBold_Italic.ttf", 600, "italic"),
    Face("Book Sans", "SourceSans3_400Regular.ttf"),
    Face("Book Sans", "SourceSans3_400Regular_Italic.ttf", style="italic"),
    Face("Book Sans", "SourceSans3_600SemiBold.ttf", 600),
    Face("Book Mono", "SourceCodePro_400Regular.ttf"),
    Face("Book Arabic", "NotoNaskhArabic-Regular.ttf", covers=ARABIC),
    Face("Book Han", "NotoSansSC_400Regular.ttf", covers=HAN),
    Face("Book Signs", "NotoSansMath-Regular.ttf"),
)
"""In the order in which the stylesheet tries them."""


def missing_files() -> list[str]:
    """Return the names of font files that are not where the package has them."""
    return [face.file for face in FACES if not face.path.is_file()]


def rules(more: Iterable[Face] = ()) -> str:
    """Return the rules that name the fonts to the stylesheet."""
    return "".join(face.rule for face in (*FACES, *more))


@lru_cache(maxsize=1)
def written() -> frozenset[str]:
    """Return every character that some font has."""
    found: set[str] = set()
    for face in FACES:
        with TTFont(face.path, lazy=True) as font:
            found.update(map(chr, font.getBestCmap()))
    return frozenset(found)


def unwritten(text: str) -> list[str]:
    """Return the characters of a text that no font has, in their order; white space and joiners need none."""
    have = written()
    return sorted({c for c in text if c not in have and not c.isspace() and c not in "\u200b\u200c\u200d\u2060\ufeff"})
