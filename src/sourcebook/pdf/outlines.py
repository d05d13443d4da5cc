"""The lines of charts, written at once.

WeasyPrint reads a path point by point with regular expressions, and a hatching anew for every bar: that was a third of
the time that the chapters took. Paths as matplotlib writes them need no more than their numbers put before their letters.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

_NUMBER = r"-?\d+(?:\.\d+)?"
_STEP = re.compile(rf"([MLQCz])((?:\s+{_NUMBER})*)\s*")
_WRITTEN = {"M": b"m", "L": b"l", "C": b"c"}
_COUNTS = {"M": 2, "L": 2, "Q": 4, "C": 6, "z": 0}


@lru_cache(maxsize=256)
def operators(path: str) -> bytes | None:
    """Return path data in the operators of PDF; None for data that matplotlib would not write."""
    lines, at, x, y = [], 0, 0.0, 0.0
    path = path.strip()
    if not path.startswith("M"):
        return None
    while at < len(path):
        step = _STEP.match(path, at)
        if step is None:
            return None
        letter, numbers = step[1], step[2].split()
        at = step.end()
        if len(numbers) != _COUNTS[letter]:
            return None
        if letter == "z":
            lines.append(b"h")
            if at < len(path) and path[at] != "M":
                return None
            continue
        if letter == "Q":
            qx, qy, to_x, to_y = map(float, numbers)
            bends = ((x + 2 * qx) / 3, (y + 2 * qy) / 3, (to_x + 2 * qx) / 3, (to_y + 2 * qy) / 3)
            lines.append(f"{' '.join(f'{bend:.3f}' for bend in bends)} {numbers[2]} {numbers[3]} c".encode())
        else:
            lines.append(b"%s %s" % (" ".join(numbers).encode(), _WRITTEN[letter]))
        x, y = float(numbers[-2]), float(numbers[-1])
    return b"\n".join(lines)


def draw(slow: Any) -> Any:
    """Return how a path is drawn; `slow` is how WeasyPrint does it, for paths of another form."""

    def path(svg: Any, node: Any, font_size: float) -> None:
        written = operators(node.get("d", ""))
        if written is None or any(key.startswith("marker") for key in node.attrib):
            slow(svg, node, font_size)
        else:
            svg.stream.stream.append(written)

    return path
