"""House style, marks and maps, and `show`, the only way in which a figure reaches the book."""

from sourcebook.charts.maps import base_map, draw_route, label_place
from sourcebook.charts.marks import interval_bars, labelled, legible, ranges
from sourcebook.charts.publish import FigureError, show
from sourcebook.charts.style import canvas, color_of
from sourcebook.palette import DARK, INK, MUTED, PALETTE

__all__ = [
    "DARK",
    "INK",
    "MUTED",
    "PALETTE",
    "FigureError",
    "base_map",
    "canvas",
    "color_of",
    "draw_route",
    "interval_bars",
    "label_place",
    "labelled",
    "legible",
    "ranges",
    "show",
]
