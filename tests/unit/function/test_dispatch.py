"""The fleet, the choice and the flight time, compared with an independent library for geodesics."""

import contextlib
import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import dispatch
import pytest
from dispatch import Unicorn
from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped] # it ships no types
from hypothesis import given
from hypothesis import strategies as st
from request import Location

SPHERE = Geodesic(6_371_008.8, 0)  # no flattening: a sphere, of Earth's mean radius

places = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def at(latitude: float, longitude: float) -> Location:
    return Location(Decimal(str(latitude)), Decimal(str(longitude)))


def flight(start: tuple[float, float], end: tuple[float, float]) -> float:
    metres: float = SPHERE.Inverse(*start, *end)["s12"]
    return metres


def homed(name: str, latitude: Any, longitude: Any) -> dict[str, object]:
    home = {"Latitude": latitude, "Longitude": longitude}
    return {"Name": name, "Color": "White", "Gender": "Male", **home}


@contextlib.contextmanager
def fleet(members: object) -> Iterator[None]:
    """Set FLEET, as a new execution environment would see it."""
    text = members if isinstance(members, str) else json.dumps(members)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FLEET", text)
        dispatch.fleet.cache_clear()
        try:
            yield
        finally:
            dispatch.fleet.cache_clear()


@given(places, places)
def test_distance_matches_an_independent_library(
    start: tuple[float, float], end: tuple[float, float]
) -> None:
    # Given two points, when the great circle between them is measured
    measured = dispatch.metres(at(*start), at(*end))

    # Then geographiclib agrees to the micrometre
    assert measured == pytest.approx(flight(start, end), rel=0, abs=1e-6)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ((0, 179.9), (0, -179.9)),
        ((52, 180), (52, -180)),
        ((90, 0), (90, 135)),
        ((90, 12), (-90, -77)),
        ((-90, 5), (-89.9999, 5)),
        ((0, 0), (0, 180)),
        ((47.6, -122.3), (-47.6, 57.7)),
        ((47.6, -122.3), (-47.5999999, 57.7)),
        ((47.6, -122.3), (47.6, -122.3)),
        ((47.6, -122.3), (47.6000000001, -122.3)),
    ],
)
def test_distance_is_right_at_the_antimeridian_the_poles_the_antipodes_and_close_by(
    start: tuple[float, float], end: tuple[float, float]
) -> None:
    # Given two points in such a place, when the great circle is measured both ways
    forth, back = dispatch.metres(at(*start), at(*end)), dispatch.metres(at(*end), at(*start))

    # Then geographiclib agrees
    assert (forth, back) == pytest.approx((flight(start, end),) * 2, rel=0, abs=1e-6)


@given(st.lists(places, min_size=1, max_size=5), places)
def test_the_nearest_unicorn_goes(
    homes: list[tuple[float, float]], pickup: tuple[float, float]
) -> None:
    # Given a fleet with homes
    with fleet([homed(str(number), *home) for number, home in enumerate(homes)]):
        # When one is chosen
        chosen = dispatch.choose(at(*pickup))

    # Then by geographiclib no other is nearer by a millimetre
    flights = [flight(home, pickup) for home in homes]
    assert flights[int(chosen.name)] <= min(flights) + 0.001


@pytest.mark.parametrize(
    ("pickup", "homes"),
    [
        ((0, 0), [(0, 1), (0, -1), (1, 0), (-1, 0)]),
        ((10.2, 10.2), [(10.2, 10.3), (10.2, 10.1)]),
        ((47.1, 180), [(47.1, 179.9), (47.1, -179.9)]),
        ((47.1, -180), [(47.1, -179.9), (47.1, 179.9)]),
        ((90, 0), [(80, 0), (80, 33.3), (80, -121.7), (80, 180)]),
        ((-90, 77), [(-80, 0), (-80, 33.3), (-80, -121.7), (-80, 180)]),
        ((47.6, -122.3), [(-47.6, 57.7), (-47.6, 57.7)]),
        ((1, 2), [(3, 4), (3, 4)]),
        ((5, 180), [(6, 180), (6, -180)]),
    ],
)
def test_of_equally_near_unicorns_the_first_goes(
    pickup: tuple[float, float], homes: list[tuple[float, float]]
) -> None:
    # Given homes that are equally far from the pickup, also by geographiclib
    flights = [flight(home, pickup) for home in homes]
    assert flights == pytest.approx([flights[0]] * len(homes), rel=0, abs=1e-6)

    # When the fleet lists them in either order
    for order in (homes, homes[::-1]):
        with fleet([homed(str(number), *home) for number, home in enumerate(order)]):
            # Then the first in the list goes
            assert dispatch.choose(at(*pickup)).name == "0"


def test_a_difference_of_less_than_half_a_millimetre_is_ignored() -> None:
    # Given a unicorn at the pickup, listed after one that is 0.4 mm away
    away, here = (47.6000000036, -122.3), (47.6, -122.3)
    assert flight(away, here) == pytest.approx(0.0004, abs=1e-5)
    with fleet([homed("away", *away), homed("here", *here)]):
        # When one is chosen, then the first goes
        assert dispatch.choose(at(*here)).name == "away"


def test_the_tutorials_unicorns_are_equally_likely() -> None:
    # Given no fleet in the environment, when 6,000 unicorns are drawn
    drawn = Counter(dispatch.choose(at(47.6, -122.3)) for _ in range(6000))

    # Then all three go, equally often (1,600 is ten standard deviations below the mean)
    assert set(drawn) == {
        Unicorn("Bucephalus", "Golden", "Male"),
        Unicorn("Shadowfax", "White", "Male"),
        Unicorn("Rocinante", "Yellow", "Female"),
    }
    assert min(drawn.values()) > 1600


@pytest.mark.parametrize("home", [{}, {"Latitude": None, "Longitude": None}], ids=repr)
def test_a_fleet_without_homes_is_chosen_from_at_random(home: dict[str, None]) -> None:
    # Given a fleet of two without homes, which are left out or null
    members = [{"Name": name, "Color": "Grey", "Gender": "Female", **home} for name in "AB"]
    with fleet(members):
        # When forty are drawn, then both go, with the tutorial's Eta
        drawn = {dispatch.choose(at(1, 2)) for _ in range(40)}
        assert drawn == {Unicorn("A", "Grey", "Female"), Unicorn("B", "Grey", "Female")}
        assert {dispatch.eta(unicorn, at(1, 2)) for unicorn in drawn} == {"30 seconds"}


def test_an_empty_variable_means_the_tutorials_fleet() -> None:
    # Given FLEET without a value, when it is parsed, then the fleet is the tutorial's
    with fleet(""):
        assert dispatch.fleet() == dispatch.TUTORIAL_FLEET


def test_a_home_keeps_its_digits() -> None:
    # Given a home written with more digits than a float has
    with fleet('[{"Name":"A","Color":"b","Gender":"c","Latitude":1.10,"Longitude":-180}]'):
        # When the fleet is parsed, then all are kept
        assert str(dispatch.fleet()[0].home) == str(Location(Decimal("1.10"), Decimal(-180)))


@pytest.mark.parametrize("latitude", [-90, 90])
@pytest.mark.parametrize("longitude", [-180, 180])
def test_a_home_may_be_at_a_pole_and_on_the_antimeridian(latitude: int, longitude: int) -> None:
    # Given a unicorn with such a home, when the fleet is parsed, then it has that home
    with fleet([homed("A", latitude, longitude)]):
        assert dispatch.fleet()[0].home == at(latitude, longitude)


@pytest.mark.parametrize(
    "members",
    [
        *([], {}, "[", "null", "5", [None], [5], ["Shadowfax"], [{}], [{"Name": "Shadowfax"}]),
        [homed("A", 1, 2), homed("B", None, None)],
        [homed("A", 1, None)],
        [homed("A", None, 1)],
        *([homed("A", 90.1, 0)], [homed("A", -90.1, 0)]),
        *([homed("A", 0, 180.1)], [homed("A", 0, -180.1)]),
        *([homed("A", "1", 2)], [homed("A", 1, "2")], [homed("A", 1, [])]),
        *([homed("A", float("nan"), 0)], [homed("A", 0, float("inf"))]),
    ],
    ids=repr,
)
def test_an_invalid_fleet_is_an_error_at_every_request(members: object) -> None:
    # Given that fleet
    with fleet(members):
        # When a unicorn is chosen, then it fails each time, not only the first
        for _ in range(2):
            with pytest.raises((ValueError, TypeError, KeyError, AttributeError)):
                dispatch.choose(at(1, 2))


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ([], "must have a unicorn"),
        ([homed("A", 1, 2), homed("B", None, None)], "a home for every unicorn or for none"),
        ([homed("A", 91, 2)], "has coordinates out of range for A"),
    ],
)
def test_the_error_of_an_invalid_fleet_says_what_is_wrong(members: object, sentence: str) -> None:
    # Given that fleet, when it is parsed, then the error says what is wrong
    with fleet(members), pytest.raises(ValueError, match=f"^FLEET .*{sentence}"):
        dispatch.fleet()


@pytest.mark.parametrize(
    ("metres", "words"),
    [
        (0, "1 second"),
        (49.9, "1 second"),
        (50.1, "2 seconds"),
        (1499, "30 seconds"),
        (1501, "31 seconds"),
        (2949, "59 seconds"),
        (2951, "1 minute"),
        (2999, "1 minute"),
        (3001, "2 minutes"),
        (35_999, "12 minutes"),
        (36_001, "13 minutes"),
        (20_015_114, "6672 minutes"),
    ],
)
def test_eta_is_the_flight_time_rounded_up(metres: float, words: str) -> None:
    # Given a unicorn whose home is that far north of the pickup
    home = SPHERE.Direct(-90, 0, 0, metres)
    with fleet([homed("A", home["lat2"], home["lon2"])]):
        # When its Eta is asked for, then it is the time at 180 km/h, rounded up
        assert dispatch.eta(Unicorn("A", "White", "Male"), at(-90, 0)) == words


def test_a_unicorn_that_left_the_fleet_has_the_tutorials_eta() -> None:
    # Given a fleet with homes, when the Eta of a unicorn that is not in it is asked for
    with fleet([homed("A", 1, 2)]):
        # Then it is the tutorial's
        assert dispatch.eta(Unicorn("Z", "White", "Male"), at(1, 2)) == "30 seconds"
