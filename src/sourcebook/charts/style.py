"""The look of every chart: one closed palette, one font, deterministic SVG."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.figure import Figure

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
