import math

import pytest

from sourcebook.errors import UnknownId
from sourcebook.geography import EARTH_RADIUS, distance, great_circle, route_length
from sourcebook.ledger import Ledger
from sourcebook.models import Place


def place(lat, lon):
    return Place("p", "P", "city", "AF", lat, lon)


def test_a_quarter_of_the_equator():
    assert great_circle(place(0, 0), place(0, 90)) == pytest.approx(math.pi / 2 * EARTH_RADIUS)


def test_one_degree_along_a_meridian():
    assert great_circle(place(34, 69), place(35, 69)) == pytest.approx(111.195, abs=0.001)


def test_a_distance_is_a_floor():
    ledger = Ledger.load()
    found = distance(ledger, "kabul", "karachi")
    assert found.high == math.inf
    assert found.low == pytest.approx(1_090, rel=0.02)


def test_a_route_is_as_long_as_its_legs_over_land():
    ledger = Ledger.load()
    legs = [leg for leg in ledger.route("karachi").legs if leg.mode != "sea"]
    total = sum(great_circle(ledger.place(leg.from_place_id), ledger.place(leg.to_place_id)) for leg in legs)
    assert len(legs) < len(ledger.route("karachi").legs)
    assert route_length(ledger, "karachi").low == pytest.approx(total)


def test_the_legs_of_every_route_join():
    for route in Ledger.load().routes.values():
        for before, after in zip(route.legs, route.legs[1:], strict=False):
            assert before.to_place_id == after.from_place_id, route.route_id
            assert after.leg == before.leg + 1


def test_an_unknown_place_is_told():
    with pytest.raises(UnknownId, match="no place has the id 'kabull'; did you mean kabul"):
        distance(Ledger.load(), "kabull", "karachi")
