"""Chooses a unicorn for a pickup and estimates its time of arrival."""

import functools
import json
import math
import os
import secrets
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from request import Location

EARTH_RADIUS = 6_371_008.8  # metres, the mean radius (IUGG)
SPEED = 50.0  # metres per second: 180 km/h
ETA_WITHOUT_HOME = "30 seconds"  # the tutorial's


@dataclass(frozen=True)
class Unicorn:
    """A unicorn of the fleet and its home, the place it starts from, if it has one."""

    name: str
    color: str
    gender: str
    home: Location | None = None


TUTORIAL_FLEET = (
    Unicorn("Bucephalus", "Golden", "Male"),
    Unicorn("Shadowfax", "White", "Male"),
    Unicorn("Rocinante", "Yellow", "Female"),
)


def choose(pickup: Location) -> Unicorn:
    """Choose the nearest unicorn, or one at random if the fleet has no homes.

    Distances are compared to the millimetre; of equally near unicorns, the first in the fleet wins.

    Raises ValueError, TypeError, KeyError or AttributeError if FLEET is not a valid fleet.
    """
    homes = [(unicorn, unicorn.home) for unicorn in fleet() if unicorn.home]
    if not homes:
        return secrets.choice(fleet())
    return min(homes, key=lambda each: round(metres(each[1], pickup), 3))[0]


def eta(unicorn: Unicorn, pickup: Location) -> str:
    """Return the flight time, rounded up, in seconds below a minute and in minutes from there.

    The table does not store the Eta. A request and its replay both compute it, from the home that
    the fleet now has for the unicorn's name.
    """
    home = next((known.home for known in fleet() if known.name == unicorn.name), None)
    if home is None:
        return ETA_WITHOUT_HOME
    seconds = max(1, math.ceil(metres(home, pickup) / SPEED))
    count, unit = (seconds, "second") if seconds < 60 else (math.ceil(seconds / 60), "minute")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def metres(start: Location, end: Location) -> float:
    """Return the great-circle distance in metres between two points on a spherical Earth.

    Vincenty's formula on a sphere is accurate to nanometres at any distance. The spherical law of
    cosines is not for points close together, nor is the haversine formula for antipodes.
    """
    lat1, lat2 = math.radians(start.latitude), math.radians(end.latitude)
    turn = math.radians(end.longitude - start.longitude)
    east = math.cos(lat2) * math.sin(turn)
    north = math.cos(lat1) * math.sin(lat2) - math.sin(lat1) * math.cos(lat2) * math.cos(turn)
    ahead = math.sin(lat1) * math.sin(lat2) + math.cos(lat1) * math.cos(lat2) * math.cos(turn)
    return EARTH_RADIUS * math.atan2(math.hypot(east, north), ahead)


@functools.cache
def fleet() -> tuple[Unicorn, ...]:
    """Parse FLEET, once: a JSON list of {Name, Color, Gender, Latitude, Longitude}."""
    text = os.environ.get("FLEET")
    if not text:
        return TUTORIAL_FLEET
    unicorns = tuple(
        Unicorn(member["Name"], member["Color"], member["Gender"], _home(member))
        for member in json.loads(text, parse_float=Decimal, parse_int=Decimal)
    )
    if len({unicorn.home is None for unicorn in unicorns}) != 1:
        raise ValueError("FLEET must have a unicorn, and a home for every unicorn or for none")
    return unicorns


def _home(member: Any) -> Location | None:
    latitude, longitude = member.get("Latitude"), member.get("Longitude")
    if latitude is None and longitude is None:
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError(f"FLEET has coordinates out of range for {member['Name']}")
    return Location(latitude, longitude)
