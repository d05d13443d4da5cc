"""A timeline in lanes, one for each power: time runs down the page, so that a phone shows a month apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sourcebook.charts.explore import explorable
from sourcebook.charts.style import color_of
from sourcebook.palette import GRID, INK, MUTED, PALETTE, PAPER
from sourcebook.timeline import OTHER

LANES: Mapping[str, str] = {
    "pakistan": "Pakistan", "china": "China", "taliban-government": "Taliban", "russia": "Russia", OTHER: "Others",
}  # fmt: skip
"""The lanes from left to right: those who meet most stand side by side."""
MARKERS: Mapping[str, tuple[str, float, str, str]] = {
    "political": ("o", 6, "circle", "●"),
    "security": ("^", 6, "triangle-up", "▲"),
    "economic": ("s", 5.2, "square", "■"),
    "transit": ("D", 5.2, "diamond", "◆"),
    "legitimacy": ("*", 9, "star", "★"),
}
"""The shape of a mark by the domain of what happened: matplotlib's, its size, plotly's, and in a legend."""
Segment = tuple[list[Any], list[Any]]
"""The x and the days of the two ends of a line."""
_ACCENT = PALETTE["accent"]
_STEP = 0.155  # of a lane's width, between marks that would lie on each other
_STEPS = (0, 1, -1, 2, -2, 3, -3, 4, -4)


def placed(datings: pd.DataFrame, room: float) -> pd.DataFrame:
    """Give each dating a place in the lane of every power that took part.

    Parameters
    ----------
    datings : DataFrame
        Of `sourcebook.timeline.frame`.
    room : float
        Days that a mark covers on the axis: marks nearer than that are set side by side.

    Returns
    -------
    DataFrame
        One row a dating and lane, in the order of the lanes: the columns of `datings`, lane, x, and day, the middle
        of what the date may mean.
    """
    rows = []
    for number, lane in enumerate(LANES):
        taken: dict[int, date] = defaultdict(lambda: date.min)  # step to the side -> day to which it is taken
        for row in datings[[lane in powers for powers in datings["powers"]]].to_dict("records"):
            day = row["first"] + (row["last"] - row["first"]) / 2
            start, end = min(row["first"], day - timedelta(room / 2)), max(row["last"], day + timedelta(room / 2))
            wide = (0, 1) if row["contradicted"] else (0,)  # the mark ≠ stands beside it
            step = next(s for s in _STEPS if all(taken[s + w] <= start for w in wide))
            taken |= {step + w: end for w in wide}
            rows.append({**row, "lane": lane, "x": round(number + step * _STEP, 3), "day": day})
    return pd.DataFrame(rows)


def listed(datings: pd.DataFrame) -> pd.DataFrame:
    """Return the table that stands under a timeline: one row a dating, and the reference to its date."""
    columns = {"What": "title", "Domain": "domain", "Document": "document", "ref": "ref"}
    table = datings[list(columns.values())].set_axis(list(columns), axis="columns")
    who = [", ".join(LANES[power] for power in powers) for powers in datings["powers"]]
    table.insert(1, "Who took part", who)
    return table


def _across(marks: pd.DataFrame) -> Iterator[Segment]:
    """Yield the lines that join those who took part in one happening."""
    for _, group in marks.groupby("ref", sort=False):
        if len(group) > 1:
            yield [group["x"].min(), group["x"].max()], [group["day"].iloc[0]] * 2


def _between(marks: pd.DataFrame) -> Iterator[Segment]:
    """Yield the lines that join the dates given for one happening."""
    for _, group in marks.groupby(["happening", "lane"], sort=False):
        if len(group) > 1:
            yield list(group["x"]), list(group["day"])


def _spreads(marks: pd.DataFrame) -> Iterator[Segment]:
    """Yield the lines over the month or year that a date may mean."""
    for row in marks[marks["first"] != marks["last"]].to_dict("records"):
        yield [row["x"]] * 2, [row["first"], row["last"]]


def draw_lanes(ax: Axes, marks: pd.DataFrame, names: Mapping[str, tuple[str, float]] | None = None) -> None:
    """Draw the marks of `placed`: a shape for the domain, hollow where the date is inferred.

    A line behind a mark is the month or year that is meant, one across the lanes joins those who took part. What a
    page contradicts bears ≠, and is joined with the other dating of the happening.

    Parameters
    ----------
    ax : Axes
        Where to draw.
    marks : DataFrame
        Of `placed`.
    names : mapping, optional
        Reference -> words to write at the height of its mark, and the lane's x at which they begin.
    """
    for border in range(len(LANES) - 1):
        ax.axvline(border + 0.5, color=GRID, linewidth=0.8, zorder=0)
    for line in _across(marks):
        ax.plot(*line, color=GRID, linewidth=1, zorder=1)
    for line in _between(marks):
        ax.plot(*line, color=_ACCENT, linewidth=1.2, zorder=2)
    for lane, group in marks.groupby("lane", sort=False):
        for line in _spreads(group):
            ax.plot(*line, color=color_of(lane), linewidth=1.6, zorder=3)
        for row in group.to_dict("records"):
            _draw_mark(ax, row, color_of(lane))
    for reference, (words, x) in (names or {}).items():
        day = marks.loc[marks["ref"] == reference, "day"].iloc[0]
        ax.text(x, day, words, color=MUTED, va="center", ha="left", zorder=5)
    _lane_axes(ax)


def _draw_mark(ax: Axes, row: Mapping[str, Any], color: str) -> None:
    shape, size, *_ = MARKERS[row["domain"]]
    fill = PAPER if row["inferred"] else color
    ax.plot(row["x"], row["day"], shape, color=color, markersize=size, markerfacecolor=fill, zorder=4, gid=row["ref"])
    if row["contradicted"]:
        place: dict[str, Any] = {"xytext": (3.5, 0), "textcoords": "offset points", "va": "center"}
        ax.annotate("≠", (row["x"], row["day"]), color=_ACCENT, weight="bold", zorder=5, **place)


def _lane_axes(ax: Axes) -> None:
    ax.set_xlim(-0.5, len(LANES) - 0.38)  # room for a mark ≠ in the last lane
    ax.set_xticks(range(len(LANES)), list(LANES.values()))
    ax.tick_params(axis="x", top=True, labeltop=True, bottom=False, labelbottom=False, length=0)
    for tick, lane in zip(ax.xaxis.get_major_ticks(), LANES, strict=True):
        tick.label2.set(color=INK if lane == OTHER else color_of(lane), weight="bold")
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.tick_params(axis="y", length=0, labelcolor=MUTED)
    ax.grid(axis="y")
    ax.set_axisbelow(True)
    ax.yaxis.set_inverted(True)


def lane_legend(ax: Axes) -> None:
    """Explain shapes, hollow marks, lines and ≠ below the lanes."""
    keys: dict[str, dict[str, Any]] = {
        domain: {"marker": mark[0], "color": MUTED, "markersize": mark[1] + 1} for domain, mark in MARKERS.items()
    }
    keys["date inferred"] = {"marker": "o", "color": MUTED, "markerfacecolor": PAPER}
    keys["month, year"] = {"marker": "|", "color": MUTED, "markersize": 10, "markeredgewidth": 1.6}
    keys["contradicted"] = {"marker": "$≠$", "color": _ACCENT}
    handles = [Line2D([], [], linestyle="", label=label, **key) for label, key in keys.items()]
    ax.legend(
        handles=handles, loc="upper center", bbox_to_anchor=(0.47, 0), ncols=3, handletextpad=0.2, columnspacing=1.0
    )


def explore_lanes(marks: pd.DataFrame, height: int) -> go.Figure:
    """Return the plot of `draw_lanes`: the same marks, each naming its record."""
    figure = explorable(height)
    for lines, color in ((_across(marks), GRID), (_between(marks), _ACCENT)):
        figure.add_trace(_lines(lines, color))
    for lane, group in marks.groupby("lane", sort=False):
        figure.add_trace(_lines(_spreads(group), color_of(lane)))
        fills = [PAPER if inferred else color_of(lane) for inferred in group["inferred"]]
        symbols = [MARKERS[domain][2] for domain in group["domain"]]
        marker = {"symbol": symbols, "color": fills, "size": 9, "line": {"color": color_of(lane), "width": 1.5}}
        points = {"x": list(group["x"]), "y": list(group["day"]), "customdata": list(group["ref"])}
        figure.add_trace(go.Scatter(mode="markers", name=LANES[lane], marker=marker, **points))
    wrong = marks[marks["contradicted"]]
    style = {"mode": "text", "text": ["\u2002≠"] * len(wrong), "textposition": "middle right", "hoverinfo": "skip"}
    figure.add_trace(go.Scatter(x=list(wrong["x"]), y=list(wrong["day"]), textfont={"color": _ACCENT}, **style))
    shapes = [f"{mark[3]} {domain}" for domain, mark in MARKERS.items()]
    keys = [*shapes, "○ date inferred", "| month, year", "≠ contradicted"]
    legend = "<br>".join("   ".join(keys[at : at + 3]) for at in range(0, len(keys), 3))
    figure.add_annotation(
        text=legend, showarrow=False, align="left", x=0, xref="paper", xanchor="left", y=0, yref="paper", yanchor="top", font={"color": MUTED, "size": 11},
    )  # fmt: skip
    ends = [marks["last"].max() + timedelta(30), marks["first"].min() - timedelta(30)]
    names = {"tickvals": list(range(len(LANES))), "ticktext": list(LANES.values())}
    lanes = {"range": [-0.5, len(LANES) - 0.25], "side": "top", "fixedrange": True, "showgrid": False, "tickangle": 0}
    figure.update_xaxes(**lanes, **names)
    figure.update_yaxes(range=ends, type="date")
    return figure.update_layout(margin={"t": 56, "b": 64})


def _lines(segments: Iterator[Segment], color: str) -> go.Scatter:
    xs: list[Any] = []
    ys: list[Any] = []
    for x, y in segments:
        xs += [*x, None]
        ys += [*y, None]
    return go.Scatter(x=xs, y=ys, mode="lines", line={"color": color, "width": 1.6}, hoverinfo="skip")
