"""Cut ``borders.geojson`` and ``countries.geojson`` out of a world map.

Source: ``countries-10m.json`` of world-atlas 2.0.2, a TopoJSON redistribution of Natural Earth 4.1.0,
Admin 0 countries at 1:10m. Natural Earth is in the public domain; world-atlas is under the ISC licence.
Natural Earth draws boundaries as they are held on the ground, not as any government claims them.

Run as ``python data/geo/make_borders.py package/countries-10m.json``; needs shapely 2.1. The same input
and ``data/places.csv``, which has the country codes, give the same bytes.

Lines are thinned before they are joined to polygons, so neighbours keep sharing one border. The edge of
the map is on no border: ``borders.geojson`` has land borders and coasts (lake shores of the Caspian
included) and nothing else.
"""

import argparse
import csv
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shapely import make_valid, unary_union
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Polygon, box, mapping
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge

Point = tuple[float, float]
Rings = list[list[list[int]]]

FRAME = box(40, 14, 112, 58)
CLOSE_UP = (60.0, 29.0, 80.0, 41.0)  # west, south, east, north: Afghanistan, and Kashmir beyond it
TOLERANCE = 0.02  # degrees
CLOSE_UP_TOLERANCE = 0.005  # degrees; the source itself is on a grid of 0.0036 by 0.0017
SMALLEST_ISLAND = 0.01  # square degrees; smaller ones vanish at the printed size
DECIMALS = 4

# Leased by Russia, on Kazakh soil; a hole in Kazakhstan would only raise questions.
PART_OF = {"Baikonur": "Kazakhstan"}

# Contested by one of the two or by a third: India claims the Kashmir that China and Pakistan have divided by
# treaty. The short Sikkim stretch is the least contested and is drawn like the rest. Siachen, which India
# and Pakistan both claim, is a piece of its own in the source.
DISPUTED_PAIRS = {
    ("Bhutan", "China"),
    ("China", "India"),
    ("China", "Pakistan"),
    ("China", "Siachen Glacier"),
    ("India", "Siachen Glacier"),
    ("Pakistan", "Siachen Glacier"),
}
# India and Pakistan agree on their border up to Jammu; north of it run the working boundary and the
# Line of Control.
KASHMIR = box(73.0, 32.3, 78.0, 36.0)


def decoded_arcs(topology: dict[str, Any]) -> list[list[Point]]:
    """Undo the quantisation and delta coding of TopoJSON: lists of (lon, lat) in degrees."""
    (scale_x, scale_y), (left, bottom) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for deltas in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in deltas:
            x, y = x + dx, y + dy
            points.append((round(x * scale_x + left, DECIMALS), round(y * scale_y + bottom, DECIMALS)))
        arcs.append(points)
    return arcs


def rings_by_country(topology: dict[str, Any]) -> dict[str, Rings]:
    """Polygons of each country as lists of rings of arc numbers (``~n`` is arc n backwards)."""
    countries: dict[str, Rings] = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        name = shape["properties"]["name"]
        arcs = shape.get("arcs", [])
        polygons = [arcs] if shape["type"] == "Polygon" else arcs
        countries.setdefault(PART_OF.get(name, name), []).extend(polygons)
    return countries


def sides(countries: dict[str, Rings]) -> dict[int, tuple[str, str]]:
    """Name what lies on both sides of each arc; the second is empty for a coast."""
    owners: dict[int, list[str]] = {}
    for name, polygons in countries.items():
        for arc in (arc for rings in polygons for ring in rings for arc in ring):
            owners.setdefault(arc if arc >= 0 else ~arc, []).append(name)
    return {arc: (min(names), max(names) if len(names) > 1 else "") for arc, names in owners.items()}


def distance(point: Point, start: Point, end: Point) -> float:
    """Distance of a point from a segment, in degrees."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    along = ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length if length else 0.0
    along = min(1.0, max(0.0, along))
    return math.hypot(point[0] - start[0] - along * dx, point[1] - start[1] - along * dy)


def tolerance(point: Point) -> float:
    """How far the thinned line may pass from this point, in degrees."""
    west, south, east, north = CLOSE_UP
    inside = west <= point[0] <= east and south <= point[1] <= north
    return CLOSE_UP_TOLERANCE if inside else TOLERANCE


def thinned(points: list[Point]) -> list[Point]:
    """Thin a line after Douglas and Peucker, with a tolerance that depends on the place.

    Shapely's ``simplify`` knows one tolerance for a whole line, and the Afghan borders run through both.
    """
    kept = {0, len(points) - 1}
    open_spans = [(0, len(points) - 1)]
    while open_spans:
        first, last = open_spans.pop()
        excess = [distance(p, points[first], points[last]) / tolerance(p) for p in points[first + 1 : last]]
        if excess and max(excess) > 1:
            middle = first + 1 + excess.index(max(excess))
            kept.add(middle)
            open_spans += [(first, middle), (middle, last)]
    return [points[i] for i in sorted(kept)]


def ring_points(ring: list[int], arcs: list[list[Point]]) -> list[Point]:
    """Join the arcs of a ring end to end."""
    points: list[Point] = []
    for arc in ring:
        points += arcs[arc][len(points) > 0 :] if arc >= 0 else arcs[~arc][::-1][len(points) > 0 :]
    return points


def polygons_of(rings: Rings, arcs: list[list[Point]]) -> Iterator[Polygon]:
    """Build the polygons of a country that are large enough to be drawn."""
    for outer, *holes in rings:
        edge = ring_points(outer, arcs)
        if len(edge) >= 4 and Polygon(edge).area >= SMALLEST_ISLAND:
            inner = [ring_points(hole, arcs) for hole in holes]
            yield make_valid(Polygon(edge, [hole for hole in inner if len(hole) >= 4]))


def parts(shape: BaseGeometry, kind: type[BaseGeometry]) -> list[Any]:
    """Take the lines, or the polygons, out of what an intersection gave."""
    members = getattr(shape, "geoms", [shape])
    return [member for member in members if isinstance(member, kind) and not member.is_empty]


def rounded(coordinates: Any) -> Any:
    """Round nested coordinates and turn tuples into lists."""
    if isinstance(coordinates, float | int):
        return round(coordinates, DECIMALS)
    return [rounded(part) for part in coordinates]


def feature(shape: BaseGeometry, **properties: Any) -> dict[str, Any]:
    """Make one GeoJSON feature."""
    drawn = mapping(shape)
    geometry = {"type": drawn["type"], "coordinates": rounded(drawn["coordinates"])}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def country_codes(gazetteer: Path) -> dict[str, str]:
    """Read the alpha-2 codes of the countries that the book names."""
    with gazetteer.open(encoding="utf-8", newline="") as file:
        return {row["name"]: row["country"] for row in csv.DictReader(file) if row["kind"] == "country"}


def is_small_island(points: list[Point]) -> bool:
    """Tell whether an arc closes on itself around too little land to draw."""
    return points[0] == points[-1] and (len(points) < 4 or Polygon(points).area < SMALLEST_ISLAND)


def disputed_area(a: str, b: str) -> Polygon:
    """Where the line between two neighbours is disputed; empty if it is not."""
    if (a, b) == ("India", "Pakistan"):
        return KASHMIR
    return FRAME if (a, b) in DISPUTED_PAIRS else Polygon()


def border_features(arcs: list[list[Point]], neighbours: dict[int, tuple[str, str]]) -> list[dict[str, Any]]:
    """Borders and coasts within the frame, cut where a disputed line begins."""
    pieces: dict[tuple[str, str, bool], list[LineString]] = {}
    for number, (a, b) in neighbours.items():
        if a == b or is_small_island(arcs[number]):
            continue
        line = LineString(arcs[number]).intersection(FRAME)
        area = disputed_area(a, b)
        pieces.setdefault((a, b, True), []).extend(parts(line.intersection(area), LineString))
        pieces.setdefault((a, b, False), []).extend(parts(line.difference(area), LineString))
    return [
        feature(line, a=a, b=b, disputed=disputed)
        for (a, b, disputed), lines in sorted(pieces.items())
        for line in sorted(parts(linemerge(MultiLineString(lines)), LineString), key=lambda line: line.wkt)
    ]


def country_features(
    arcs: list[list[Point]], countries: dict[str, Rings], codes: dict[str, str]
) -> list[dict[str, Any]]:
    """Countries clipped to the frame, one feature each."""
    features = []
    for name, rings in sorted(countries.items()):
        clipped = unary_union([polygon.intersection(FRAME) for polygon in polygons_of(rings, arcs)])
        shapes = sorted(parts(clipped, Polygon), key=lambda polygon: polygon.wkt)
        if shapes:
            shape = MultiPolygon(shapes) if len(shapes) > 1 else shapes[0]
            features.append(feature(shape, name=name, iso=codes.get(name, "")))
    return features


def write(path: Path, features: list[dict[str, Any]]) -> None:
    """Write a feature collection, one feature a line, so that a change can be read in a diff."""
    lines = [json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in features]
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    path.write_text(text, encoding="utf-8", newline="\n")


def main() -> None:
    """Read the world map given on the command line and write both files beside this script."""
    parser = argparse.ArgumentParser(description="Cut the maps of the book out of world-atlas.")
    parser.add_argument("topology", type=Path, help="countries-10m.json of world-atlas 2.0.2")
    topology = json.loads(parser.parse_args().topology.read_text(encoding="utf-8"))
    countries = rings_by_country(topology)
    arcs = [thinned(points) for points in decoded_arcs(topology)]
    folder = Path(__file__).parent
    codes = country_codes(folder.parent / "places.csv")
    write(folder / "borders.geojson", border_features(arcs, sides(countries)))
    write(folder / "countries.geojson", country_features(arcs, countries, codes))


if __name__ == "__main__":
    main()
