"""Which unicorn goes, and when it will be there."""

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
SPEED = 50.0  # metres per second, 180 km/h: a unicorn in no hurry
ETA_WITHOUT_HOME = "30 seconds"  # the tutorial's


@dataclass(frozen=True)
class Unicorn:
    """A unicorn of the fleet, and where it starts from, if that is known."""

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
    """Choose the nearest unicorn, or any, all as likely, where they have no homes.

    Of several that are equally near, to the millimetre, the first in the fleet goes.

    Raises ValueError, TypeError, KeyError or AttributeError where FLEET holds no sound fleet.
    """
    homes = [(unicorn, unicorn.home) for unicorn in fleet() if unicorn.home]
    if not homes:
        return secrets.choice(fleet())
    return min(homes, key=lambda each: round(metres(each[1], pickup), 3))[0]


def eta(unicorn: Unicorn, pickup: Location) -> str:
    """Say how long the unicorn flies to the pickup, rounded up: seconds, from a minute on minutes.

    The item in the table keeps no Eta, so this is what answers a first request and its replay
    alike: from the unicorn's name, and the home the fleet gives it now.
    """
    home = next((known.home for known in fleet() if known.name == unicorn.name), None)
    if home is None:
        return ETA_WITHOUT_HOME
    seconds = max(1, math.ceil(metres(home, pickup) / SPEED))
    count, unit = (seconds, "second") if seconds < 60 else (math.ceil(seconds / 60), "minute")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def metres(start: Location, end: Location) -> float:
    """Measure the great circle between two points on a spherical Earth.

    By the arctangent (Vincenty's formula on a sphere), which is exact to nanometres at any
    distance, where the arccosine fails for neighbours and the haversine for antipodes.
    """
    lat1, lat2 = math.radians(start.latitude), math.radians(end.latitude)
    turn = math.radians(end.longitude - start.longitude)
    east = math.cos(lat2) * math.sin(turn)
    north = math.cos(lat1) * math.sin(lat2) - math.sin(lat1) * math.cos(lat2) * math.cos(turn)
    ahead = math.sin(lat1) * math.sin(lat2) + math.cos(lat1) * math.cos(lat2) * math.cos(turn)
    return EARTH_RADIUS * math.atan2(math.hypot(east, north), ahead)


@functools.cache
def fleet() -> tuple[Unicorn, ...]:
    """Read the fleet once: FLEET is a JSON list of {Name, Color, Gender, Latitude, Longitude}."""
    text = os.environ.get("FLEET")
    if not text:
        return TUTORIAL_FLEET
    unicorns = tuple(
        Unicorn(member["Name"], member["Color"], member["Gender"], _home(member))
        for member in json.loads(text, parse_float=Decimal, parse_int=Decimal)
    )
    if len({unicorn.home is None for unicorn in unicorns}) != 1:
        raise ValueError("FLEET must name a unicorn, and give a home to every unicorn or to none")
    return unicorns


def _home(member: Any) -> Location | None:
    latitude, longitude = member.get("Latitude"), member.get("Longitude")
    if latitude is None and longitude is None:
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError(f"FLEET gives {member['Name']} a home that is not on Earth")
    return Location(latitude, longitude)
