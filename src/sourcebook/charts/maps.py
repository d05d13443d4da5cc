"""Maps on plain axes over our own borders: no projection library, no tile, no request."""

from __future__ import annotations

import json
import math
from collections.abc import Collection
from functools import lru_cache
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from sourcebook.ledger import Ledger
from sourcebook.models import Place
from sourcebook.palette import GRID, INK, LAND, LAND_MARKED, MUTED, PAPER
from sourcebook.paths import GEO

_HALO = [withStroke(linewidth=2.5, foreground=PAPER)]


@lru_cache
def _features(name: str) -> tuple[dict[str, Any], ...]:
    return tuple(json.loads((GEO / f"{name}.geojson").read_text(encoding="utf-8"))["features"])


def base_map(
    ax: Axes, west: float, east: float, south: float, north: float, *, marked: Collection[str] = ("Afghanistan",)
) -> None:
    """Draw land and borders within a frame of degrees; disputed lines are dashed, `marked` countries shaded.

    The frame's middle latitude is drawn true to scale in both directions (plate carrée with that standard parallel).
    """
    for feature in _features("countries"):
        fill = LAND_MARKED if feature["properties"]["name"] in marked else LAND
        for polygon in _polygons(feature["geometry"]):
            outer = polygon[0]
            if not _in_frame(outer, west, east, south, north):
                continue
            ax.fill([p[0] for p in outer], [p[1] for p in outer], facecolor=fill, edgecolor="none", zorder=0)
    for feature in _features("borders"):
        points = feature["geometry"]["coordinates"]
        if not _in_frame(points, west, east, south, north):
            continue
        dashes = (0, (3, 2)) if feature["properties"]["disputed"] else "solid"
        ax.plot([p[0] for p in points], [p[1] for p in points], color=MUTED, linewidth=0.7, linestyle=dashes, zorder=1)
    ax.set_xlim(west, east)
    ax.set_ylim(south, north)
    ax.set_aspect(1 / math.cos(math.radians((south + north) / 2)))
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set_visible(True)
        spine.set_color(GRID)


def _in_frame(points: list[list[float]], west: float, east: float, south: float, north: float) -> bool:
    """Whether the rectangle around `points` meets the frame; what lies outside would only make the file heavy."""
    lons, lats = [p[0] for p in points], [p[1] for p in points]
    return min(lons) <= east and max(lons) >= west and min(lats) <= north and max(lats) >= south


def _polygons(geometry: dict[str, Any]) -> list[Any]:
    return [geometry["coordinates"]] if geometry["type"] == "Polygon" else list(geometry["coordinates"])


def draw_route(ax: Axes, ledger: Ledger, route_id: str, color: str, linestyle: Any = "solid") -> None:
    """Draw a corridor as straight legs between its places."""
    legs = ledger.route(route_id).legs
    places = [ledger.place(legs[0].from_place_id), *(ledger.place(leg.to_place_id) for leg in legs)]
    path = {"color": color, "linestyle": linestyle, "linewidth": 2.2, "solid_joinstyle": "round", "zorder": 3}
    ax.plot([p.lon for p in places], [p.lat for p in places], path_effects=_HALO, **path)


def label_place(
    ax: Axes,
    place: Place,
    *,
    dx: float = 0.0,
    dy: float = 0.0,
    align: str = "left",
    text: str | None = None,
    marker: str = "o",
    size: float = 3.5,
    leader: bool = False,
) -> None:
    """Mark a place with a dot, or another marker, and its name, shifted by degrees; a leader joins the two."""
    if leader:
        ax.plot([place.lon, place.lon + dx], [place.lat, place.lat + dy], color=MUTED, linewidth=0.7, zorder=4)
    ax.plot([place.lon], [place.lat], marker, color=INK, markersize=size, zorder=5)
    write_on_map(ax, place.lon + dx, place.lat + dy, text or place.name, ha=align, va="center", zorder=6)


def write_on_map(ax: Axes, lon: float, lat: float, words: str, **style: Any) -> None:
    """Write words on a map so that a line under them does not strike them through; `style` is matplotlib's."""
    ax.text(lon, lat, words, path_effects=_HALO, **style)
