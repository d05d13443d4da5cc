"""The look of every chart: one closed palette, one font, deterministic SVG."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from sourcebook.palette import GRID, INK, MUTED, PALETTE, PAPER

WIDTH = 4.8  # inches: with type of 10 pt this is still legible at 390 px


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
            "xaxis.labellocation": "right",
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
