"""Finds the nearest unicorn of a fleet too large for the function's environment: one Query of a geohash-keyed table.

A home is stored nine times on each level: in its own cell and in the eight around it. The one Query of a pickup's cell
then reads the homes of the whole block of nine cells. If the nearest of them is nearer than the edge of the block, it
is the nearest of all; otherwise the next, coarser level is queried. A level is a length of geohash (Niemeyer, 2008).
"""

import functools
import math
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

EARTH_RADIUS = 6_371_008.8  # metres, the mean radius (IUGG)
ALPHABET = "0123456789bcdefghjkmnpqrstuvwxyz"
# Cells of 4.9 by 4.9 km, 156 by 156 km and 1,250 by 625 km at the equator.
LEVELS = (5, 3, 2)
# What a Query reads is rounded up to 4 KB; an eventually consistent one costs half a read request unit for each 4 KB.
PAGE_BYTES, UNITS_A_PAGE = 4096, 0.5


@dataclass(frozen=True)
class Point:
    """A place, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Search:
    """The index of the unicorn nearest to a pickup, None if none is near, and what the Queries read."""

    nearest: int | None
    queries: int
    items: int
    read_units: float


class Table:
    """The table of a fleet by its partition keys, as DynamoDB would store it, but in memory."""

    def __init__(self, homes: Sequence[Point], item_bytes: int) -> None:
        self.homes = homes
        self.item_bytes = item_bytes
        self.cells: Mapping[str, Sequence[int]] = _stored(homes)

    @property
    def items(self) -> int:
        """How many items the table holds."""
        return sum(map(len, self.cells.values()))

    def search(self, pickup: Point) -> Search:
        """Query one level after the other until the nearest is certain, or there is no coarser level."""
        items, units = 0, 0.0
        for queries, level in enumerate(LEVELS, 1):
            candidates = self.cells.get(cell_of(pickup, level), ())
            items += len(candidates)
            units += read_units(len(candidates), self.item_bytes)
            distances = [(metres(self.homes[each], pickup), each) for each in candidates]
            distance, nearest = min(distances, default=(math.inf, -1))
            if distance <= margin(pickup, level):
                return Search(nearest, queries, items, units)
        return Search(None, len(LEVELS), items, units)


def read_units(items: int, item_bytes: int) -> float:
    """Return what an eventually consistent Query costs ("Read consistency", DynamoDB Developer Guide)."""
    return max(1, math.ceil(items * item_bytes / PAGE_BYTES)) * UNITS_A_PAGE


def cell_of(point: Point, level: int) -> str:
    """Return the geohash of a point."""
    return _name(*_row_and_column(point, level), level)


def block_of(point: Point, level: int) -> frozenset[str]:
    """Return the cells of the block around a point: nine, or six at a pole."""
    return _block(*_row_and_column(point, level), level)


def margin(point: Point, level: int) -> float:
    """Return a distance in metres within which every place is in the block around the point."""
    row, column = _row_and_column(point, level)
    rows, columns = _counts(level)
    height, width = 180 / rows, 360 / columns
    south, north = (row - 1) * height - 90, (row + 2) * height - 90
    # Beyond a pole are the cells on the other side of the Earth.
    up = min(north, 90) - point.latitude
    down = point.latitude - max(south, -90)
    west = point.longitude - ((column - 1) * width - 180)
    east = (column + 2) * width - 180 - point.longitude
    return min(
        math.radians(min(up, down)) * EARTH_RADIUS,
        *(_to_meridian(point.latitude, degrees) for degrees in (west, east)),
    )


def metres(start: Point, end: Point) -> float:
    """Return the great-circle distance (haversine)."""
    lat1, lat2 = math.radians(start.latitude), math.radians(end.latitude)
    turn = math.radians(end.longitude - start.longitude)
    half = (
        math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(turn / 2) ** 2
    )
    return 2 * EARTH_RADIUS * math.asin(min(1.0, math.sqrt(half)))


def cities(seed: int, count: int, near: int, spread_km: float) -> list[Point]:
    """Return `count` times `near` places: cities anywhere from 60° south to 60° north, and places in them."""
    random_ = random.Random(seed)  # noqa: S311 - a made-up fleet, the same at every run
    degree = math.radians(1) * EARTH_RADIUS / 1000
    places = []
    for _ in range(count):
        centre = Point(random_.uniform(-60, 60), random_.uniform(-180, 180))
        narrow = math.cos(math.radians(centre.latitude))
        for _ in range(near):
            latitude = centre.latitude + random_.gauss(0, spread_km / degree)
            longitude = centre.longitude + random_.gauss(0, spread_km / degree / narrow)
            places.append(Point(latitude, (longitude + 180) % 360 - 180))
    return places


def _stored(homes: Sequence[Point]) -> dict[str, list[int]]:
    cells: dict[str, list[int]] = defaultdict(list)
    for index, home in enumerate(homes):
        for level in LEVELS:
            for cell in block_of(home, level):
                cells[cell].append(index)
    return cells


@functools.cache
def _block(row: int, column: int, level: int) -> frozenset[str]:
    rows, columns = _counts(level)
    return frozenset(
        _name(row + up, (column + right) % columns, level)
        for up in (-1, 0, 1)
        for right in (-1, 0, 1)
        if 0 <= row + up < rows
    )


def _to_meridian(latitude: float, degrees: float) -> float:
    """Return the distance to the meridian so many degrees away; at 90° and more the pole is the nearest of it."""
    if degrees >= 90:
        return math.radians(90 - abs(latitude)) * EARTH_RADIUS
    across = math.cos(math.radians(latitude)) * math.sin(math.radians(degrees))
    return math.asin(across) * EARTH_RADIUS


def _counts(level: int) -> tuple[int, int]:
    """Return how many rows and columns of cells cover the Earth; of five bits a letter, the first is of longitude."""
    bits = 5 * level
    return 1 << bits // 2, 1 << (bits + 1) // 2


def _row_and_column(point: Point, level: int) -> tuple[int, int]:
    rows, columns = _counts(level)
    row = min(rows - 1, int((point.latitude + 90) / 180 * rows))
    column = min(columns - 1, int((point.longitude + 180) / 360 * columns))
    return row, column


def _name(row: int, column: int, level: int) -> str:
    bits = 5 * level
    number = 0
    for bit in range(bits):
        source, place = (column, (bits + 1) // 2) if bit % 2 == 0 else (row, bits // 2)
        number = number << 1 | source >> place - 1 - bit // 2 & 1
    return "".join(ALPHABET[number >> 5 * left & 31] for left in reversed(range(level)))
