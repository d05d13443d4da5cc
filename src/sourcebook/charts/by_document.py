"""Marks that set documents, or the parts of a whole, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from sourcebook.palette import GRID, INK, PAPER


def matrix(ax: Axes, cells: pd.DataFrame, marks: Mapping[str, Mapping[str, Any]]) -> None:
    """Draw one mark a cell, the columns headed above by slanting labels.

    Parameters
    ----------
    ax : Axes
        Where to draw; the first row comes out on top.
    cells : DataFrame
        A word a cell; index and columns are the labels.
    marks : mapping
        Word -> how matplotlib's `plot` draws it; a word that is missing here leaves the cell empty.
    """
    for word, style in marks.items():
        at = [(x, y) for y, row in enumerate(cells.to_numpy()) for x, cell in enumerate(row) if cell == word]
        ax.plot([x for x, _ in at], [y for _, y in at], linestyle="none", label=word, **style)
    for y in range(len(cells)):
        ax.axhline(y, color=GRID, linewidth=0.6, zorder=0)
    ax.set_yticks(range(len(cells)), list(cells.index))
    ax.set_xticks(range(len(cells.columns)), list(cells.columns), rotation=30, ha="left", rotation_mode="anchor")
    ax.xaxis.tick_top()
    ax.tick_params(length=0, labelcolor=INK)
    ax.set_xlim(-0.5, len(cells.columns) - 0.5)
    ax.set_ylim(len(cells) - 0.5, -0.5)
    for spine in ax.spines.values():
        spine.set_visible(False)


def stacked(ax: Axes, parts: pd.DataFrame, looks: Sequence[Mapping[str, Any]], *, least: float) -> None:
    """Draw one horizontal bar a row, made of parts with their numbers in them.

    Parameters
    ----------
    ax : Axes
        Where to draw; the first row comes out on top.
    parts : DataFrame
        A number a cell; the index labels the rows, the columns are the parts from left to right.
    looks : sequence of mapping
        How matplotlib's `barh` draws each part; one with a `color` is filled, and its number stands out from it.
    least : float
        The smallest part, in units of the axis, that its number fits into; smaller ones have it left out.
    """
    left = pd.Series(0.0, index=parts.index)
    rows = range(len(parts))
    for column, look in zip(parts, looks, strict=True):
        ax.barh(rows, parts[column], left=left, height=0.62, label=column, **look)
        for row, (start, size) in enumerate(zip(left, parts[column], strict=True)):
            if size >= least:
                box = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.5} if "hatch" in look else None
                ink = PAPER if "color" in look else INK  # a box would hide most of a short part that is filled
                ax.text(start + size / 2, row, f"{size:g}", ha="center", va="center", color=ink, bbox=box)
        left += parts[column]
    ax.set_yticks(rows, list(parts.index))
    ax.set_ylim(len(parts) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
