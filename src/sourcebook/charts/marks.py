"""Marks that show a number with its uncertainty."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes

from sourcebook.charts.style import color_of
from sourcebook.derived import definition, frame
from sourcebook.errors import SourcebookError
from sourcebook.ledger import Ledger
from sourcebook.palette import INK, PALETTE

MARK = " ≠"
"""Behind the label of a value that another contradicts, where that bears on a finding."""


def labelled(ledger: Ledger, references: Mapping[str, str]) -> pd.DataFrame:
    """Return records to draw: one row for each label, in the order given.

    Columns: label (a line break in it is kept for the picture; a contradicted value bears a mark), ref, low, high, and color, which sets what the
    documents claim apart from everything else.
    """
    drawn = frame(ledger, references.values())[["ref", "low", "high"]]
    marks = [MARK if ledger.contradicted(*ref.split(":", 1)) else "" for ref in references.values()]
    drawn.insert(0, "label", [label + mark for label, mark in zip(references, marks, strict=True)])
    claimed = drawn["ref"].str.startswith("claim:")
    return drawn.assign(color=claimed.map({True: PALETTE["accent"], False: PALETTE["other"]}))


def colored_by_count(ledger: Ledger, drawn: pd.DataFrame) -> pd.DataFrame:
    """Return rows of trade in the colour of the side that counts them.

    Raises
    ------
    SourcebookError
        If a value mixes flows that two sides have counted: no such value is drawn.
    """
    counted = {row["row_id"]: row["reporter"] for row in ledger.tables["trade"].rows}
    colors = []
    for reference in drawn["ref"]:
        sides = {counted[row] for row in _rows_behind(reference)}
        if len(sides) != 1:
            raise SourcebookError(
                f"{reference!r} mixes what {' and '.join(sorted(sides))} have counted: draw them apart"
            )
        colors.append(color_of(*sides))
    return drawn.assign(color=colors)


def _rows_behind(reference: str) -> set[str]:
    """Return the rows of series that a value is made from."""
    kind, _, key = reference.partition(":")
    return {key} if kind == "series" else {row for name in definition(key).inputs for row in _rows_behind(name)}


def legible(drawn: pd.DataFrame, head: str) -> pd.DataFrame:
    """Return the table that stands under a figure: the labels under `head`, without line breaks, and the references."""
    return pd.DataFrame({head: drawn["label"].str.replace("\n", " "), "ref": drawn["ref"]})


def interval_bars(ax: Axes, frame: pd.DataFrame, *, limit: float) -> None:
    """Draw one horizontal bar a row from zero to `low`, hatched from `low` to `high`; open ends get an arrow.

    Parameters
    ----------
    ax : Axes
        Where to draw; the first row comes out on top.
    frame : DataFrame
        Columns label, low, high (inf for an open end) and color.
    limit : float
        Right end of the axis, to which an open end is drawn.
    """
    rows = range(len(frame))
    low, high = frame["low"].to_numpy(), frame["high"].clip(upper=limit).to_numpy()
    ax.barh(rows, low, color=list(frame["color"]), height=0.62)
    ax.barh(
        rows, high - low, left=low, height=0.62, facecolor="none", edgecolor=list(frame["color"]),
        hatch="////", linewidth=1.0,
    )  # fmt: skip
    for row in rows:
        if frame["high"].iloc[row] > limit:
            tail = {"arrowstyle": "->", "color": INK}
            ax.annotate("", (limit, row), (limit * 0.94, row), arrowprops=tail)
    ax.set_yticks(list(rows), list(frame["label"]))
    ax.set_ylim(len(frame) - 0.4, -0.6)
    ax.set_xlim(0, limit)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)


def ranges(ax: Axes, frame: pd.DataFrame) -> None:
    """Draw one horizontal line a row from `low` to `high` with dots at the ends (one dot for a point).

    Parameters
    ----------
    ax : Axes
        Where to draw; the first row comes out on top.
    frame : DataFrame
        Columns label, low, high (finite) and color.
    """
    for row, (low, high, color) in enumerate(zip(frame["low"], frame["high"], frame["color"], strict=True)):
        ax.plot([low, high], [row, row], color=color, linewidth=4, solid_capstyle="round")
        ax.plot([low, high], [row, row], "o", color=color, markersize=7)
    ax.set_yticks(range(len(frame)), list(frame["label"]))
    ax.set_ylim(len(frame) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x")
    ax.set_axisbelow(True)
