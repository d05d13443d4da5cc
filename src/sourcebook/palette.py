"""The colours of the charts: one closed palette, and what each becomes on a dark page."""

from collections.abc import Mapping

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
    # agreement and conflict: slate and gold stay apart for every kind of colour-blindness, and neither is an actor's
    "converge": "#3b5166",
    "diverge": "#947f00",
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
    "#3b5166": "#a9bccf",
    "#947f00": "#e0c341",
}
"""What each colour of a chart becomes on a dark page; the palette is closed: `show` refuses another."""
