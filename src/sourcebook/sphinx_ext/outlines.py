"""The outlines in a chart, said in fewer words: the borders of a map were most of what its page weighs.

matplotlib gives every point its place on the sheet. The step from the point before is shorter, and to a tenth of a
point, an eighth of a pixel, it is one of few words; compressed, a map is little more than half. Places are rounded, not
steps, so nothing drifts. Bars, ticks and letters, which have few points or curves, stay as they are.
"""

from __future__ import annotations

import re

POINTS = 40  # from here on a path is an outline
TENTH = 10
_PATH = re.compile(r'(?<= d=")[MLz\d\s.-]+(?=")')
_STEP = re.compile(r"([MLz])\s*(?:(-?[\d.]+)\s+(-?[\d.]+))?")


def shorter(svg: str) -> str:
    """Return an SVG whose outlines are written as steps; one that is so already stays as it is."""
    return _PATH.sub(lambda path: _steps(path[0]) if path[0].count("L") >= POINTS else path[0], svg)


def _steps(path: str) -> str:
    made: list[str] = []
    at = begun = (0, 0)
    running = False  # a step after a step needs no letter
    for letter, x, y in _STEP.findall(path):
        if letter == "z":
            made.append("z")
            at, running = begun, False
            continue
        to = round(float(x) * TENTH), round(float(y) * TENTH)
        if letter == "M":
            made.append(f"M{_pair(*to)}")
            begun, running = to, False
        elif to != at:
            step = _pair(to[0] - at[0], to[1] - at[1])
            made.append(step if running and step.startswith("-") else f"{' ' if running else 'l'}{step}")
            running = True
        at = to
    return "".join(made)


def _pair(x: int, y: int) -> str:
    second = _number(y)
    return f"{_number(x)}{'' if second.startswith('-') else ' '}{second}"


def _number(tenths: int) -> str:
    return re.sub(r"^(-?)0(?=\.)", r"\1", f"{tenths / TENTH:.1f}".removesuffix(".0"))
