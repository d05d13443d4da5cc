"""House style, marks and maps, and `show`, the only way in which a figure reaches the book."""

from sourcebook.charts.alignment import (
    bindings,
    draw_balances,
    draw_documents,
    draw_matrix,
    draw_order,
    measured,
    referenced,
)
from sourcebook.charts.by_document import matrix, stacked
from sourcebook.charts.counts import counts_of, crossed, documents, dots, paired, split_bars, tabled
from sourcebook.charts.dated import draw_rounds, draw_told
from sourcebook.charts.explore import explorable
from sourcebook.charts.lanes import draw_lanes, explore_lanes, lane_legend, listed, placed
from sourcebook.charts.maps import base_map, draw_route, label_place, write_on_map
from sourcebook.charts.marks import colored_by_count, interval_bars, labelled, legible, ranges
from sourcebook.charts.offsets import draw_look_back, draw_offsets
from sourcebook.charts.publish import show
from sourcebook.charts.style import canvas, color_of
from sourcebook.charts.timeline import decimal_year, said_on
from sourcebook.errors import FigureError
from sourcebook.palette import DARK, INK, MUTED, PALETTE

__all__ = [
    "DARK",
    "INK",
    "MUTED",
    "PALETTE",
    "FigureError",
    "base_map",
    "bindings",
    "canvas",
    "color_of",
    "colored_by_count",
    "counts_of",
    "crossed",
    "decimal_year",
    "documents",
    "dots",
    "draw_balances",
    "draw_documents",
    "draw_lanes",
    "draw_look_back",
    "draw_matrix",
    "draw_offsets",
    "draw_order",
    "draw_rounds",
    "draw_route",
    "draw_told",
    "explorable",
    "explore_lanes",
    "interval_bars",
    "label_place",
    "labelled",
    "lane_legend",
    "legible",
    "listed",
    "matrix",
    "measured",
    "paired",
    "placed",
    "ranges",
    "referenced",
    "said_on",
    "show",
    "split_bars",
    "stacked",
    "tabled",
    "write_on_map",
]
