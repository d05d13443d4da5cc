"""Marks on an axis of decimal years: steps as told and as found, and numbered rounds of talks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes

from sourcebook.charts.timeline import decimal_year
from sourcebook.palette import MUTED, PALETTE, PAPER


def draw_told(ax: Axes, steps: pd.DataFrame) -> None:
    """Draw one step a row: a dot where pages date it, a hollow square where a document does, and a line between.

    Parameters
    ----------
    ax : Axes
        Where to draw; the first row comes out on top, a key below the last.
    steps : DataFrame
        Columns label, found and told (ISO 8601 dates; the second blank where no document dates the step) and color,
        of the dot.
    """
    for row, (found, told, color) in enumerate(zip(steps["found"], steps["told"], steps["color"], strict=True)):
        at = decimal_year(found)
        if told:
            _square(ax, decimal_year(told), row)
            ax.plot([decimal_year(told), at], [row, row], color=PALETTE["accent"], linewidth=1.5, zorder=2)
        ax.plot([at], [row], "o", color=color, markersize=7, zorder=4)
    key = len(steps)
    start = ax.get_xlim()[0]
    _square(ax, start + 0.1, key)
    ax.plot([start + 1.15], [key], "o", color=PALETTE["other"], markersize=7)
    _words(ax, key, {start + 0.2: "in a document", start + 1.25: "on a page"})
    _rows(ax, list(steps["label"]), bottom=key + 0.5)


def _square(ax: Axes, x: float, row: int) -> None:
    ax.plot([x], [row], "s", color=PALETTE["accent"], markerfacecolor=PAPER, markersize=12, zorder=3)


def draw_rounds(ax: Axes, rounds: pd.DataFrame, labels: Sequence[str]) -> None:
    """Draw rounds of talks as numbered marks, one row for each kind of talks; squares where a document tells of one.

    Parameters
    ----------
    ax : Axes
        Where to draw; the first row comes out on top, a key below the last.
    rounds : DataFrame
        Columns row (place of the talks in `labels`), held (ISO 8601 date), number, and told (true or false).
    labels : sequence of str
        Names of the talks.
    """
    for row, held, number, told in zip(rounds["row"], rounds["held"], rounds["number"], rounds["told"], strict=True):
        shape, color = ("s", PALETTE["accent"]) if told else ("o", MUTED)
        ax.plot([decimal_year(held)], [row], shape, color=color, markersize=14)
        ax.text(decimal_year(held), row, number, color=PAPER, ha="center", va="center_baseline", weight="bold")
    key, start = len(labels), ax.get_xlim()[0]
    for x, shape, color in ((start + 0.25, "s", PALETTE["accent"]), (start + 2.6, "o", MUTED)):
        ax.plot([x], [key], shape, color=color, markersize=10)
    _words(ax, key, {start + 0.45: "told by a document", start + 2.8: "by none"})
    _rows(ax, labels, bottom=key + 0.6)


def _words(ax: Axes, row: int, words: Mapping[float, str]) -> None:
    for x, text in words.items():
        ax.text(x, row, text, color=MUTED, va="center")


def _rows(ax: Axes, labels: Sequence[str], *, bottom: float) -> None:
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(bottom, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x")
    ax.set_axisbelow(True)
