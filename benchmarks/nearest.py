"""Dispatch: the nearest unicorn of fleets of many sizes, by our function and by libraries for distances."""

import json
from dataclasses import dataclass
from pathlib import Path

import package
from commands import run
from rounds import Series

INSIDE = Path(__file__).with_name("inside") / "search.py"
ENVIRONMENT_LIMIT = 4096  # bytes; see modules/lambda_function
SIZES = (3, 10, 100, 1000, 10_000)
LABELS = {
    "ours": "**ours**",
    "haversine": "haversine",
    "geopy": "geopy `great_circle`",
    "balltree": "scikit-learn `BallTree`",
}


@dataclass(frozen=True)
class Nearest:
    """Microseconds to find the nearest, by fleet size and contender; the largest fleet that the function can have."""

    series: dict[int, dict[str, Series]]
    largest: int
    disagreements: int


def measure(venv: Path, pickups: int) -> Nearest:
    """Look for the nearest unicorn of `pickups` places, side by side, with the packages of a virtual environment."""
    largest = largest_fleet()
    sizes = sorted({*SIZES, largest})
    command = [str(venv / "bin" / "python"), str(INSIDE), str(package.SOURCE), str(pickups)]
    out, _ = run([*command, *map(str, sizes)], INSIDE.parent)
    found = json.loads(out)
    return Nearest(
        {
            int(size): {
                f"nearest.{size}.{key}": Series(LABELS[key], "µs", tuple(values))
                for key, values in taken.items()
            }
            for size, taken in found["microseconds"].items()
        },
        largest,
        found["disagreements"],
    )


def largest_fleet() -> int:
    """Return how many unicorns of short names, with homes of four decimals, the function's environment takes."""
    size = 1
    while len(environment(size + 1).encode()) <= ENVIRONMENT_LIMIT:
        size += 1
    return size


def environment(unicorns: int) -> str:
    """Return the function's environment as main.tf writes it and Lambda measures it: one JSON object."""
    fleet = [
        {
            "Color": "White",
            "Gender": "Female",
            "Latitude": -47.6174,
            "Longitude": -122.2884,
            "Name": f"Unicorn{number:03}",
        }
        for number in range(unicorns)
    ]
    variables = {
        "ALLOW_ORIGIN": "*",
        "FLEET": json.dumps(fleet, separators=(",", ":")),
        "LOG_RIDERS": "false",
        "RIDES_TABLE": "Rides",
    }
    return json.dumps(variables, separators=(",", ":"))
