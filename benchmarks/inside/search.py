"""Run where the libraries are: how long each takes to find the nearest unicorn, as JSON, in microseconds.

`python search.py FUNCTION_FOLDER PICKUPS SIZE...`
"""

import json
import os
import random
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

Place = tuple[float, float]
Find = Callable[[Place], int]

AS_NEAR_M = 1.0  # two that are equally near, but for rounding


def main(function: str, pickups: int, sizes: list[int]) -> None:
    """Measure every size, contender by contender for each pickup, in an order drawn anew each time."""
    sys.path.insert(0, function)
    draw = random.Random(1)  # noqa: S311 - places, not secrets
    taken: dict[int, dict[str, list[float]]] = {}
    disagreements = 0
    for size in sizes:
        homes = [_place(draw) for _ in range(size)]
        finders = _finders(homes)
        taken[size] = {name: [] for name in finders}
        for pickup in (_place(draw) for _ in range(pickups)):
            chosen = {}
            for name in draw.sample(sorted(finders), len(finders)):
                begun = time.perf_counter()
                chosen[name] = finders[name](pickup)
                taken[size][name].append((time.perf_counter() - begun) * 1e6)
            disagreements += _disagree(pickup, [homes[index] for index in chosen.values()])
    print(json.dumps({"microseconds": taken, "disagreements": disagreements}))


def _place(draw: random.Random) -> Place:
    return round(draw.uniform(-90, 90), 4), round(draw.uniform(-180, 180), 4)


def _finders(homes: list[Place]) -> dict[str, Find]:
    return {
        "ours": _ours(homes),
        "haversine": _haversine(homes),
        "geopy": _geopy(homes),
        "balltree": _ball_tree(homes),
    }


def _ours(homes: list[Place]) -> Find:
    import dispatch
    from request import Location

    os.environ["FLEET"] = json.dumps(
        [
            {"Name": str(index), "Color": "", "Gender": "", "Latitude": lat, "Longitude": lon}
            for index, (lat, lon) in enumerate(homes)
        ]
    )
    dispatch.fleet.cache_clear()
    dispatch.fleet()

    def find(pickup: Place) -> int:
        at = Location(Decimal(str(pickup[0])), Decimal(str(pickup[1])))
        return int(dispatch.choose(at).name)

    return find


def _haversine(homes: list[Place]) -> Find:
    from haversine import haversine

    return lambda pickup: min(range(len(homes)), key=lambda index: haversine(homes[index], pickup))


def _geopy(homes: list[Place]) -> Find:
    from geopy.distance import great_circle

    return lambda pickup: min(
        range(len(homes)), key=lambda index: great_circle(homes[index], pickup).m
    )


def _ball_tree(homes: list[Place]) -> Find:
    import numpy as np
    from sklearn.neighbors import BallTree

    tree = BallTree(np.radians(np.array(homes)), metric="haversine")

    def find(pickup: Place) -> int:
        nearest: Any = tree.query(np.radians([pickup]), return_distance=False)
        return int(nearest[0, 0])

    return find


def _disagree(pickup: Place, chosen: list[Place]) -> bool:
    from haversine import Unit, haversine

    metres = [haversine(home, pickup, unit=Unit.METERS) for home in chosen]
    return bool(max(metres) - min(metres) > AS_NEAR_M)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), [int(size) for size in sys.argv[3:]])
