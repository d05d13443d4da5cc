"""What the notebooks' charts really draw: their own code, run once for each notebook that a test asks for."""

from __future__ import annotations

import json
import math
from functools import lru_cache

import matplotlib.pyplot as plt
import pytest

from sourcebook import charts
from sourcebook.derived import record
from sourcebook.ledger import Ledger
from sourcebook.paths import ROOT

LEDGER = Ledger.load()


@lru_cache
def figures_of(notebook):
    """Every figure of a notebook by name: (figure, data, bound), drawn by the code that stands in it."""
    figures = {}

    def keep(figure, name, caption, alt, data, *, ledger, bound, **_):
        figures[name] = (figure, data, bound)
        plt.close(figure)  # pyplot warns of more than twenty that it holds; the figure itself stays

    before = charts.show
    charts.show = keep
    try:
        scope: dict = {}
        path = ROOT / "notebooks" / f"{notebook}.ipynb"
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                exec(compile("".join(cell["source"]), path.name, "exec"), scope)
    finally:
        charts.show = before
    return figures


def quantity(reference):
    kind, _, key = reference.partition(":")
    return record(LEDGER, kind, key).stated.quantity


def bars_of(figure):
    """(low, high) of each row drawn by `interval_bars`; infinite where it reaches the axis' end by an arrow."""
    (ax,) = figure.axes
    solid, open_part = ax.containers
    limit = ax.get_xlim()[1]
    ends = [(s.get_width(), s.get_width() + o.get_width()) for s, o in zip(solid, open_part, strict=True)]
    arrows = {a.xy[1] for a in ax.texts if getattr(a, "arrow_patch", None)}
    return [
        (low, math.inf if row in arrows and math.isclose(high, limit) else high) for row, (low, high) in enumerate(ends)
    ]


def ranges_of(figure):
    """(low, high) of each row drawn by `ranges`."""
    (ax,) = figure.axes
    return [tuple(float(x) for x in line.get_xdata()) for line in ax.lines if line.get_marker() == "o"]


def assert_same(plotted, expected):
    assert len(plotted) == len(expected)
    for one, two in zip(plotted, expected, strict=True):
        assert one == pytest.approx(two)
