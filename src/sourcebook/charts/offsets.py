"""How far dates lie from another: from the publication that tells them, and from the date that a page gives."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes

from sourcebook.palette import GRID, INK, MUTED, PALETTE, PAPER

_DOT = 0.085  # width of a dot on the axis of years, whose first year is as wide as each power of ten behind it
_ACCENT = PALETTE["accent"]


def draw_look_back(ax: Axes, ages: pd.DataFrame) -> None:
    """Draw a dot for each happening of `sourcebook.timeline.look_back`, a row for each document, piled where they meet.

    What a page puts after the document is drawn there too, joined with the date that the document gives.
    """
    bottom, middles = 0.0, {}
    for document, group in ages.groupby("document", sort=False):
        piles = _piles(group["years"])
        for (_, row), level in zip(group.iterrows(), piles, strict=True):
            height = bottom + level
            if row["page"]:
                ax.plot([row["years"], row["page_years"]], [height] * 2, color=_ACCENT, linewidth=1.2)
                ax.plot(row["page_years"], height, "o", color=_ACCENT, markersize=5)
                ax.annotate("≠", (row["page_years"], height), xytext=(4, 0), textcoords="offset points", va="center",
                            color=_ACCENT, weight="bold")  # fmt: skip
            fill = PAPER if row["inferred"] else MUTED
            ax.plot(row["years"], height, "o", color=MUTED, markersize=5, markerfacecolor=fill, gid=row["ref"])
        middles[document] = bottom + max(piles) / 2
        bottom += max(piles) + 3
        ax.axhline(bottom - 1.5, color=GRID, linewidth=0.8)
    ax.axvline(0, color=INK, linewidth=1, zorder=0)
    ax.set_xscale("symlog", linthresh=1)
    ax.set_xlim(500, -0.8)
    ax.set_xticks([100, 10, 1, 0], ["100", "10", "1", "0"])
    ax.set_xticks([], minor=True)
    ax.set_ylim(-1.5, bottom - 1.5)
    ax.set_yticks(list(middles.values()), [name.replace(" (", "\n(") for name in middles])
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)


def _piles(years: pd.Series) -> list[int]:
    """Return how high each dot lies, so that none lies on another."""
    taken: dict[int, float] = defaultdict(lambda: -math.inf)  # height -> right end
    levels = dict.fromkeys(years.index, 0)
    for index, age in sorted(years.items(), key=lambda item: (item[1], item[0])):
        at = age if age < 1 else 1 + math.log10(age)
        level = next(n for n in range(len(years)) if taken[n] <= at)
        taken[level], levels[index] = at + _DOT, level
    return [levels[index] for index in years.index]


def draw_offsets(ax: Axes, rows: pd.DataFrame, names: Mapping[str, str]) -> None:
    """Draw each dating as the days by which it may lie off the date that a page gives.

    Parameters
    ----------
    ax : Axes
        Where to draw; the first row comes out on top.
    rows : DataFrame
        Columns happening, label, low, high (days), and color, with which a label is written too; in the order of the
        happenings.
    names : mapping
        Happening -> heading of its rows.
    """
    ticks: list[tuple[str, str]] = []
    for happening, group in rows.groupby("happening", sort=False):
        ticks.append((names[str(happening)], "bold"))
        for row in group.to_dict("records"):
            ends = list(dict.fromkeys((row["low"], row["high"])))
            ax.plot(ends, [len(ticks)] * len(ends), "-o", color=row["color"], linewidth=3, markersize=6)
            ticks.append((row["label"], "normal"))
    ax.axvline(0, color=INK, linewidth=1, zorder=0)
    ax.set_xscale("symlog", linthresh=30)
    days = {"6 years": 2191.5, "1 year": 365.25, "1 month": 30.44}
    ax.set_xticks([*(-d for d in days.values()), 0, *days.values()], [*days, "0", *days], rotation=90)
    ax.set_xticks([], minor=True)
    ax.set_xlim(-4500, 4500)
    ax.set_yticks(range(len(ticks)), [words for words, _ in ticks])
    for label, (_, weight) in zip(ax.get_yticklabels(), ticks, strict=True):
        label.set(weight=weight, color=INK if weight == "bold" else MUTED)
    ax.set_ylim(len(ticks) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x")
    ax.set_axisbelow(True)
