"""Distances along the gazetteer."""

from __future__ import annotations

import math

from sourcebook.ledger import Ledger
from sourcebook.models import Place
from sourcebook.quantity import Quantity

EARTH_RADIUS = 6371.0088
"""Mean radius of the Earth in kilometres (Moritz, Geodetic Reference System 1980)."""


def great_circle(one: Place, two: Place) -> float:
    """Return the shortest distance over the surface between two places, in kilometres (haversine formula)."""
    lat1, lon1, lat2, lon2 = map(math.radians, (one.lat, one.lon, two.lat, two.lon))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(half))


def distance(ledger: Ledger, one: str, two: str) -> Quantity:
    """Return the distance between two places as an interval open above: no road is shorter.

    Raises
    ------
    UnknownId
        If a place is not in the gazetteer.
    """
    return Quantity(great_circle(ledger.place(one), ledger.place(two)), math.inf, "km")


def route_length(ledger: Ledger, route_id: str) -> Quantity:
    """Return the length of a corridor's legs over land as an interval open above.

    Each leg counts with the distance between its ends, so the sum is a floor.
    """
    land = [leg for leg in ledger.route(route_id).legs if leg.mode != "sea"]
    total = sum(distance(ledger, leg.from_place_id, leg.to_place_id).low for leg in land)
    return Quantity(total, math.inf, "km")
