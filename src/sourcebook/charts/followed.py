"""Figures that are drawn again when a reader sets documents aside: each a function of the record alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from sourcebook.charts.alignment import draw_balances, draw_matrix, measured, pair_label
from sourcebook.charts.publish import svg_of
from sourcebook.charts.style import canvas
from sourcebook.derivations.alignment import CELLS
from sourcebook.ledger import Ledger
from sourcebook.stances import PAIRS

COUNTED = ("statements", "converging", "diverging", "documents", "balance")
RANGED = ("statements", "balance", "coder-range", "without-one")


def cells_of(ledger: Ledger) -> pd.DataFrame:
    """Return what the matrix draws of a record; columns as in `measured`."""
    return measured(ledger, CELLS, COUNTED)


def pairs_of(ledger: Ledger) -> pd.DataFrame:
    """Return what the balances draw of a record, the highest first, silent pairs last; columns as in `measured`."""
    drawn = measured(ledger, [(*pair, "") for pair in PAIRS], RANGED)
    return drawn.sort_values("balance", ascending=False, kind="stable", ignore_index=True)


def alignment_matrix(ledger: Ledger) -> Figure:
    """Return the matrix of pairs by domains."""
    figure, ax = canvas(5.1)
    draw_matrix(ax, cells_of(ledger))
    return figure


def alignment_balance(ledger: Ledger) -> Figure:
    """Return the balance of each pair, with its ranges."""
    figure, ax = canvas(4.0)
    draw_balances(ax, pairs_of(ledger))
    return figure


def _told_matrix(ledger: Ledger) -> str:
    rows = [row for _, row in cells_of(ledger).iterrows() if row["statements"] > 0]
    told = [f"{row['cell']} {row['converging']:.0f}/{row['diverging']:.0f}" for row in rows]
    return f"Statements that converge/diverge: {'; '.join(told)}. All other cells are silent." if told else SILENT


def _told_balance(ledger: Ledger) -> str:
    rows = pairs_of(ledger).dropna(subset=["balance"])
    told = [f"{pair_label(row['name'], lines=1)} {row['balance']:.2f}".replace("-", "−") for _, row in rows.iterrows()]
    return f"Balances, the highest first: {'; '.join(told)}. The other pairs have no statement." if told else SILENT


SILENT = "Nothing is left that could be drawn."
FOLLOWED: Mapping[str, tuple[Callable[[Ledger], Figure], Callable[[Ledger], str]]] = {
    "alignment-matrix": (alignment_matrix, _told_matrix),
    "alignment-balance": (alignment_balance, _told_balance),
}
"""What draws a figure, by its name, and what tells it in words."""


def drawn(name: str, ledger: Ledger) -> str:
    """Return a figure of a record as SVG."""
    figure = FOLLOWED[name][0](ledger)
    svg = svg_of(figure)
    plt.close(figure)
    return svg


def told(name: str, ledger: Ledger) -> str:
    """Return what a figure of a record shows, in words."""
    return FOLLOWED[name][1](ledger)
