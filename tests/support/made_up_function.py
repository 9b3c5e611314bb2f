"""A fake function with the answer that a test sets, and the ride that it supposedly recorded."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TUTORIAL = json.loads(
    (Path(__file__).resolve().parents[1] / "events/test_request_event.json").read_text()
)
RIDE_ID = "SvLnijIAtg6inAFUBRT-Fg"
LATITUDE = "47.617475583566300000000000000000000001"  # 38 digits, as many as DynamoDB keeps
RIDE: dict[str, Any] = {
    "RideId": {"S": RIDE_ID},
    "User": {"S": "the_username"},
    "Unicorn": {"M": {"Name": {"S": "Rocinante"}}},
    "PickupLocation": {"M": {"Latitude": {"N": LATITUDE}, "Longitude": {"N": "0.0000001"}}},
}
CREATED = {"RideId": RIDE_ID, "UnicornName": "Rocinante", "Rider": "Zoë"}


def proxy(status: object, body: object) -> str:
    return json.dumps({"statusCode": status, "body": json.dumps(body)})


@dataclass
class Executor:
    """What the function will answer, and the events it was sent."""

    result: str = proxy(201, CREATED)
    failed: bool = False
    logs: str = "START RequestId: 1\nunicorn sent\nEND RequestId: 1\n"
    events: list[Any] = field(default_factory=list)

    @property
    def pickup(self) -> dict[str, float]:
        pickup: dict[str, float] = json.loads(self.events[0]["body"])["PickupLocation"]
        return pickup
