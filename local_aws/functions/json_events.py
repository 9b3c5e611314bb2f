"""Events for functions in JSON; binary values in messages and items are encoded in base64."""

import base64
import json
from collections.abc import Sequence
from typing import Any


def event_of(records: Sequence[Any]) -> bytes:
    """Return the event with these records."""
    return json.dumps({"Records": records}, default=_in_base64).encode()


def _in_base64(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")
