"""The writing in charts: matplotlib draws it as outlines, letter by letter; the PDF has it as text.

Outlines look the same on every machine, which is why the charts have them. In a PDF text is found and copied, and
WeasyPrint draws it ten times as fast. A group of letters that is not understood stays as it is.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont
from lxml import etree

from sourcebook.pdf.fonts import Face

SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_LETTER = re.compile(r"#(DejaVuSans(?:-Bold|-Oblique|-BoldOblique)?)-([0-9a-f]+)")
_PLACED = re.compile(r"(?P<where>.*?)\s*scale\((?P<size>[\d.]+) -(?P=size)\)")
_FAMILY = "Book Chart"
_FOR_ALL = re.compile(r"\s*\*\s*\{([^{}]*)\}\s*")
_LIGATURES = re.compile(r"[\ufb00-\ufb06]")
_STYLES = {"-Bold": {"font-weight": "600"}, "-Oblique": {"font-style": "italic"}}


def folder() -> Path:
    """Return where matplotlib has the fonts that it measured the charts with; it is not imported for it."""
    spec = find_spec("matplotlib")
    places = spec.submodule_search_locations if spec else None
    return Path((places or ["."])[0], "mpl-data/fonts/ttf")


def faces() -> list[Face]:
    """Return the fonts of the charts, as far as they are there."""
    found = [Face(_FAMILY, str(folder() / "DejaVuSans.ttf"))]
    found.append(Face(_FAMILY, str(folder() / "DejaVuSans-Bold.ttf"), 600))
    found.append(Face(_FAMILY, str(folder() / "DejaVuSans-Oblique.ttf"), style="italic"))
    return [face for face in found if face.path.is_file()]


@lru_cache(maxsize=4)
def _characters(name: str) -> dict[int, str]:
    """Return the character of each glyph of a font, by the glyph's number."""
    path = folder() / f"{name}.ttf"
    if not path.is_file():
        return {}
    with TTFont(path) as font:
        return {font.getGlyphID(glyph): chr(code) for code, glyph in sorted(font.getBestCmap().items(), reverse=True)}


def with_text(svg: bytes) -> bytes:
    """Return a chart with text in the place of outlined letters."""
    tree = etree.fromstring(svg)
    left = False
    for group in list(tree.iter(f"{SVG}g")):
        letters = [kid for kid in group if kid.tag != f"{SVG}defs"]
        if not letters or any(kid.tag != f"{SVG}use" or not _LETTER.fullmatch(kid.get(_HREF, "")) for kid in letters):
            continue
        text = _text(group, letters)
        if text is None:
            left = True
        else:
            text.tail = group.tail
            group.getparent().replace(group, text)
    if left:
        return svg
    _lighten(tree)
    return bytes(etree.tostring(tree))


def _lighten(tree: Any) -> None:
    """Write styles as attributes and take groups apart that only have a name: half as many elements to draw."""
    for style in list(tree.iter(f"{SVG}style")):
        if rule := _FOR_ALL.fullmatch(style.text or ""):
            tree.attrib.update(_declared(rule[1]))  # from where it is inherited
            style.getparent().remove(style)
    for element in tree.iter():
        if style := element.attrib.pop("style", ""):
            element.attrib.update(_declared(style))
    for group in list(tree.iter(f"{SVG}g")):
        if set(group.attrib) <= {"id"}:
            at, parent = group.getparent().index(group), group.getparent()
            parent[at : at + 1] = list(group)


def _declared(style: str) -> dict[str, str]:
    pairs = (declaration.partition(":") for declaration in style.split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs if name.strip()}


def _text(group: Any, letters: list[Any]) -> Any:
    placed = _PLACED.fullmatch(group.get("transform", ""))
    found = [match for letter in letters if (match := _LETTER.fullmatch(letter.get(_HREF)))]
    names = {match[1] for match in found}
    if placed is None or len(names) != 1:
        return None
    have = _characters(name := names.pop())
    words = "".join(have.get(int(match[2], 16), "\ufffd") for match in found)
    if "\ufffd" in words:
        return None
    text = etree.Element(f"{SVG}text", {"transform": placed["where"], "font-family": _FAMILY})
    text.set("font-size", f"{float(placed['size']) * 100:g}")
    text.set("style", group.get("style", ""))
    for suffix, styles in _STYLES.items():
        if name.endswith(suffix):
            text.attrib.update(styles)
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    text.text = _LIGATURES.sub(lambda match: unicodedata.normalize("NFKC", match[0]), words)
    return text
