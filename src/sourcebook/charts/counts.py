"""Counts crossed by two headings: one table of references, drawn as stacked bars or as dots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from sourcebook.derived import frame
from sourcebook.ledger import Ledger
from sourcebook.palette import GRID, INK, MUTED, PALETTE, PAPER

HALO = [withStroke(linewidth=2.5, foreground=PAPER)]
FILLS: Mapping[str, dict[str, Any]] = {
    "solid": {"facecolor": PALETTE["accent"], "edgecolor": PALETTE["accent"]},
    "crossed": {"facecolor": PAPER, "edgecolor": PALETTE["accent"], "hatch": "xxxxx"},
    "hatched": {"facecolor": PAPER, "edgecolor": PALETTE["accent"], "hatch": "///"},
    "dotted": {"facecolor": GRID, "edgecolor": MUTED, "hatch": "..."},
    "grey": {"facecolor": GRID, "edgecolor": MUTED},
    "blank": {"facecolor": PAPER, "edgecolor": MUTED},
}
"""Fills of a bar's parts, told apart without colour too; the accent is for what a finding is about."""

_REF = " ref"
_LARGEST = 21.0  # points across: two dots of neighbouring rows do not touch
_NARROWEST = 0.035  # of the figure: a number of one figure fits within


def documents(ledger: Ledger, *, short: bool = False) -> dict[str, str]:
    """Return the documents, the longest first: the name without its year, or its first word, and the id."""
    sources = sorted(ledger.sources.values(), key=lambda source: -source.words)
    names = [source.short_name.partition(" (")[0] for source in sources]
    return {name.split()[0] if short else name: s.source_id for name, s in zip(names, sources, strict=True)}


def crossed(rows: Mapping[str, str], columns: Mapping[str, str], pattern: str) -> pd.DataFrame:
    """Return references for every row and column: `pattern` filled with the id of each, as ``{row}`` and ``{column}``."""
    cells = {
        name: [pattern.format(row=row, column=column) for row in rows.values()] for name, column in columns.items()
    }
    return pd.DataFrame(cells, index=list(rows))


def counts_of(ledger: Ledger, references: pd.DataFrame) -> pd.DataFrame:
    """Return the numbers of a table of references; nothing where a cell is blank."""
    found = frame(ledger, [ref for ref in references.to_numpy().ravel() if ref]).drop_duplicates("ref")
    values = dict(zip(found["ref"], found["low"], strict=True))
    return references.map(lambda ref: values.get(ref, 0.0))


def tabled(references: pd.DataFrame, head: str) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the table that stands under a figure, and which of its columns hold the references of which."""
    data = references.rename(columns=_on_one_line).add_suffix(_REF)
    data.insert(0, head, [_on_one_line(row) for row in references.index])
    return data.reset_index(drop=True), {name: f"{name}{_REF}" for name in map(_on_one_line, references.columns)}


def _on_one_line(label: str) -> str:
    return label.replace("\n", " ")


def split_bars(
    ax: Axes, counts: pd.DataFrame, parts: Mapping[str, str], *, shares: bool = False, beyond: Sequence[float] = ()
) -> None:
    """Draw one bar a row, its parts from left to right, each with its number where there is room.

    Parameters
    ----------
    ax : Axes
        Where to draw; the first row comes out on top.
    counts : DataFrame
        Numbers, one column a part.
    parts : mapping
        What the picture calls each part -> its fill, a key of `FILLS`, in the order of the columns.
    shares : bool
        Whether each bar is as long as the axis, its parts named above the first; the numbers stay counts.
    beyond : sequence of float
        For each row a number to write behind the bar with a plus.
    """
    lengths = counts.div(counts.sum(axis=1), axis=0) if shares else counts
    limit = float(lengths.sum(axis=1).max())
    place = ax.get_subplotspec()
    room = limit * _NARROWEST * (place.get_gridspec().ncols if place else 1)
    left = pd.Series(0.0, index=counts.index)
    for column, (name, fill) in zip(counts.columns, parts.items(), strict=True):
        there = [row for row, length in enumerate(lengths[column]) if length]  # a bar of no length still has an edge
        look = {"label": name, "height": 0.66, "linewidth": 0.8, **FILLS[fill]}
        ax.barh(there, lengths[column].iloc[there], left=left.iloc[there], **look)
        for row, (count, length, start) in enumerate(zip(counts[column], lengths[column], left, strict=True)):
            if length >= room * len(f"{count:.0f}"):
                _number(ax, start + length / 2, row, count, fill)
        if shares:
            _name_part(ax, name, float(left.iloc[0]), float(lengths[column].iloc[0]))
        left += lengths[column]
    for row, more in enumerate(beyond):
        ax.text(left.iloc[row] + limit * 0.015, row, f"+{more:.0f}", ha="left", va="center", color=MUTED)
    _rows(ax, counts, shares=shares)
    ax.set_xlim(0, limit)


def _number(ax: Axes, x: float, row: int, count: float, fill: str) -> None:
    color = PAPER if fill == "solid" else INK
    effects = HALO if "hatch" in FILLS[fill] else []
    ax.text(x, row, f"{count:.0f}", ha="center", va="center", color=color, path_effects=effects)


def _name_part(ax: Axes, name: str, start: float, length: float) -> None:
    """Write what a part is above the first bar; the last one ends where the bar ends."""
    last = start + length > 1 - 1e-9
    ax.text(1.0 if last else start + length / 2, -0.42, name, ha="right" if last else "center", va="bottom")


def _rows(ax: Axes, counts: pd.DataFrame, *, shares: bool = False) -> None:
    ax.set_yticks(range(len(counts)), list(counts.index))
    ax.set_ylim(len(counts) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    if shares:
        ax.set_xticks([])
        ax.spines["bottom"].set_visible(False)


def paired(ax: Axes, counts: pd.DataFrame, parts: Mapping[str, str], *, digits: int = 0) -> None:
    """Draw two bars a row, one below the other, each with its number behind it.

    Parameters
    ----------
    ax : Axes
        Where to draw; the first row comes out on top.
    counts : DataFrame
        Numbers in two columns.
    parts : mapping
        What a legend calls each column -> its fill, a key of `FILLS`.
    digits : int
        Decimals of the numbers written.
    """
    limit = float(counts.to_numpy().max())
    for column, (name, fill), shift in zip(counts.columns, parts.items(), (-0.19, 0.19), strict=True):
        rows = [row + shift for row in range(len(counts))]
        ax.barh(rows, counts[column], height=0.36, label=name, linewidth=0.8, **FILLS[fill])
        for row, count in zip(rows, counts[column], strict=True):
            ax.text(count + limit * 0.03, row, f"{count:,.{digits}f}", ha="left", va="center")
    _rows(ax, counts)
    ax.set_xlim(0, limit * 1.3)


def dots(ax: Axes, counts: pd.DataFrame) -> None:
    """Draw a dot for each cell, its area in proportion to the number beside it; rows and columns as in the table."""
    greatest = float(counts.to_numpy().max())
    for column, name in enumerate(counts.columns):
        for row, count in enumerate(counts[name]):
            if count:
                size = _LARGEST * (count / greatest) ** 0.5
                ax.plot([column - 0.16], [row], "o", color=PALETTE["accent"], markersize=size, markeredgewidth=0)
            ax.text(column + 0.16, row, f"{count:.0f}", ha="left", va="center", color=INK if count else MUTED)
    ax.set_xticks(range(len(counts.columns)), [str(name) for name in counts.columns])
    ax.set_yticks(range(len(counts)), list(counts.index))
    ax.set_xlim(-0.55, len(counts.columns) - 0.35)
    ax.set_ylim(len(counts) - 0.45, -0.55)
    ax.xaxis.tick_top()
    ax.tick_params(length=0, labelcolor=INK)
    for spine in ax.spines.values():
        spine.set_visible(False)
