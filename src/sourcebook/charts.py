"""House style of the charts, and the one way in which a figure is published: `show`."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from sourcebook.derived import record
from sourcebook.errors import SourcebookError
from sourcebook.formatting import cell_text, text_of
from sourcebook.ledger import Ledger
from sourcebook.numerals import find_numerals

MIME = "application/vnd.sourcebook.figure+json"
WIDTH = 4.8  # inches: with type of 10 pt this is still legible at 390 px

INK, MUTED, GRID, PAPER = "#1f2328", "#59636e", "#d0d7de", "#ffffff"
LAND, LAND_MARKED = "#f3f1ec", "#e4ded2"
# Okabe and Ito's palette (2008), darkened where a line on white fell below a contrast of 3 to 1.
PALETTE: Mapping[str, str] = {
    "china": "#b3541e",
    "russia": "#0072b2",
    "pakistan": "#00795c",
    "taliban-government": "#5b4a8a",
    "other": "#8a939c",
    "accent": "#c2185b",
}
DARK: Mapping[str, str] = {
    INK: "#e6edf3",
    MUTED: "#9da7b1",
    GRID: "#3d444d",
    PAPER: "#14181e",
    LAND: "#22272e",
    LAND_MARKED: "#333b45",
    "#b3541e": "#f0934e",
    "#0072b2": "#56b4e9",
    "#00795c": "#2fc79a",
    "#5b4a8a": "#b3a2e8",
    "#8a939c": "#8a939c",
    "#c2185b": "#ff7eb0",
}
"""What each colour of a chart becomes on a dark page; the palette is closed: `show` refuses another."""


class FigureError(SourcebookError, ValueError):
    """A figure breaks the contract of `show`."""


def style() -> None:
    """Set matplotlib's defaults for this book: deterministic SVG, one font, no frame."""
    mpl.rcParams.update(
        {
            "svg.hashsalt": "sourcebook",
            "svg.fonttype": "path",
            "font.family": "DejaVu Sans",
            "font.size": 10,
            "axes.titlesize": 10,
            "axes.labelsize": 10,
            "xtick.labelsize": 10,
            "ytick.labelsize": 10,
            "legend.fontsize": 10,
            "legend.frameon": False,
            "figure.dpi": 100,
            "figure.facecolor": PAPER,
            "axes.facecolor": PAPER,
            "text.color": INK,
            "axes.labelcolor": INK,
            "axes.edgecolor": GRID,
            "xtick.color": MUTED,
            "ytick.color": INK,
            "xtick.labelcolor": MUTED,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": False,
            "grid.color": GRID,
            "hatch.color": MUTED,
            "hatch.linewidth": 0.8,
        }
    )


def canvas(height: float, **subplots: Any) -> tuple[Figure, Any]:
    """Return a figure of the book's width and `height` inches, with its axes."""
    style()
    figure, axes = plt.subplots(figsize=(WIDTH, height), layout="constrained", **subplots)
    return figure, axes


def color_of(actor: str) -> str:
    """Return the colour of an actor: one throughout the book, grey for those that it does not follow."""
    return PALETTE.get(actor, PALETTE["other"])


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


def show(
    figure: Figure,
    name: str,
    caption: str,
    alt: str,
    data: pd.DataFrame,
    *,
    ledger: Ledger,
    bound: Mapping[str, str],
) -> None:
    """Publish a figure: the only way in which one reaches the book.

    Parameters
    ----------
    figure : Figure
        A matplotlib figure in the book's palette.
    name : str
        Kebab label, by which prose refers to it: ``{numref}`fig-<name>` ``.
    caption : str
        The finding, in MyST; numbers are bound by roles.
    alt : str
        What the picture shows, extreme values included, each as ``{kind:id}`` (``{id}`` for a claim).
    data : DataFrame
        What is plotted, one row a mark; shown under the figure and offered as CSV.
    ledger : Ledger
        The record.
    bound : mapping
        Column to show -> column of `data` that holds the references (``claim:china-meetings``); the cells are
        written by the record when the book is built, so that they cannot be older than it.

    Raises
    ------
    FigureError
        If a colour is not of the palette, the figure is too wide, a number written into the picture is none of
        the data, or caption, alt or data are missing.
    UnknownId
        If a reference leads nowhere.
    """
    references = {column: list(data[refs]) for column, refs in bound.items()}
    _check_contract(figure, caption, alt, data)
    svg = _svg(figure)
    _check_colors(svg)
    _check_written_numbers(figure, ledger, [r for column in references.values() for r in column])
    payload = {
        "name": name,
        "caption": caption,
        "alt": alt,
        "columns": [c for c in data.columns if c not in bound.values()] + list(bound),
        "rows": _rows(data, bound),
    }
    plain = f"Figure {name}: {caption}\n{data.to_string(index=False)}"
    display({MIME: payload, "image/svg+xml": svg, "text/plain": plain}, raw=True)
    plt.close(figure)


def _rows(data: pd.DataFrame, bound: Mapping[str, str]) -> list[list[Any]]:
    shown = [c for c in data.columns if c not in bound.values()]
    return [
        [str(row[c]) for c in shown] + [{"ref": row[refs]} if row[refs] else "" for refs in bound.values()]
        for row in data.to_dict("records")
    ]


def _check_contract(figure: Figure, caption: str, alt: str, data: pd.DataFrame) -> None:
    if figure.get_figwidth() > WIDTH + 1e-9:
        raise FigureError(f"figure is {figure.get_figwidth():g} inches wide, {WIDTH} are allowed: use canvas()")
    missing = [what for what, given in (("caption", caption), ("alt", alt)) if not given.strip()]
    if data.empty:
        missing.append("data")
    if missing:
        raise FigureError(f"figure has no {', no '.join(missing)}: say what it shows and what is plotted")


def _svg(figure: Figure) -> str:
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    return re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)


def _check_colors(svg: str) -> None:
    used = {c.lower() for c in re.findall(r"#[0-9a-fA-F]{6}\b", svg)} - {"#000000"}
    strange = sorted(used - set(DARK))
    if strange:
        raise FigureError(f"colours {', '.join(strange)} are not of the palette: use sourcebook.charts.PALETTE")


def _check_written_numbers(figure: Figure, ledger: Ledger, references: Iterable[str]) -> None:
    """Every numeral written into the picture, ticks aside, is one of a plotted record."""
    allowed: set[float] = set()
    for reference in filter(None, references):
        kind, _, key = reference.partition(":")
        found = record(ledger, kind, key)
        for words in (text_of(found, ledger.units), cell_text(found.stated, found.digits)):
            allowed |= {end for n in find_numerals(words) for end in (n.low, n.high)}
    ticks = {t for ax in figure.axes for axis in (ax.xaxis, ax.yaxis) for t in axis.get_ticklabels(which="both")}
    wrong = []
    for written in figure.findobj(Text):
        if written not in ticks and written.get_visible():
            wrong += [found for found in _numbers(written.get_text()) if found[0] not in allowed]
    if wrong:
        raise FigureError(f"numbers in the picture are in no plotted record: {', '.join(t[1] for t in wrong)}")


def _numbers(text: str) -> Sequence[tuple[float, str]]:
    return [
        (end, text) for n in find_numerals(text) for end in {n.low, n.high} if re.search(r"\d", text[n.start : n.end])
    ]


def payload_of(output: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the figure that a notebook's output carries, None if it carries none."""
    found: dict[str, Any] | None = output.get("data", {}).get(MIME)
    return found
