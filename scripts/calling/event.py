"""The events that are sent to a function: the tutorial's, changed or not, another package's, or a person's own."""

import json
import sys
from pathlib import Path
from typing import NoReturn

from scripts.project.packages import ProjectPackage
from scripts.project.paths import TUTORIAL_EVENT


def read_event(source: str | Path) -> str:
    """Read an event, JSON text, from a file or, for '-', from standard input.

    Raises OSError if it cannot be read, ValueError or RecursionError if it is not JSON in UTF-8.
    """

    def refuse(constant: str) -> NoReturn:
        raise ValueError(f"{constant} is not JSON")

    raw = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    json.loads(raw.decode(), parse_int=str, parse_constant=refuse)
    return raw.decode()


def package_event(package: ProjectPackage) -> str:
    """Read a package's own test event, JSON text; without one it is {}, as `sam local invoke` sends."""
    return read_event(package.event) if package.event else "{}"


def tutorial_event(rider: str | None, lat: float | None, lon: float | None) -> str:
    """Return the tutorial's event, JSON text, with the values that are not None in place of its own."""
    event = json.loads(read_event(TUTORIAL_EVENT))
    ride = json.loads(event["body"])
    if rider is not None:
        event["requestContext"]["authorizer"]["claims"]["cognito:username"] = rider
    for name, degrees in (("Latitude", lat), ("Longitude", lon)):
        if degrees is not None:
            ride["PickupLocation"][name] = degrees
    return json.dumps({**event, "body": json.dumps(ride, separators=(",", ":"))})
