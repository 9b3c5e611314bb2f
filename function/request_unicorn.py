"""The handler: parses the request, chooses a unicorn, records the ride and answers the rider."""

import json
import logging
import os
import time
import traceback
from typing import Any, Protocol

from collector import no_collections

# Most of a cold start.
with no_collections():
    import dispatch
    import record
    import request
    from refusal import Refusal

log = logging.getLogger(__name__)


class Context(Protocol):
    """The part of Lambda's context object that this function uses."""

    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int:
        """Return the time before Lambda stops the invocation."""


def handler(event: object, context: Context) -> dict[str, Any]:
    """Answer one ride request, and log one line about it.

    `event` is the input of an API Gateway proxy integration, of a REST API or an HTTP API, and the
    result is its output. Any other input and any failure gets an answer too: nothing is raised.
    """
    started = time.monotonic()
    line: dict[str, object] = {"reference": context.aws_request_id, "replayed": False}
    try:
        answer = _answer(201, _send_unicorn(event, context, line), {})
        line["outcome"] = "created"
    except Refusal as refusal:
        body = {"Error": refusal.sentence, "Reference": context.aws_request_id}
        answer = _answer(refusal.status, body, refusal.headers)
        line |= {"outcome": refusal.outcome, **_cause(refusal)}
    line["status"] = answer["statusCode"]
    line["duration_ms"] = round((time.monotonic() - started) * 1000)
    log.log(
        logging.ERROR if answer["statusCode"] >= 500 else logging.INFO, "ride request", extra=line
    )
    return answer


def _send_unicorn(event: object, context: Context, line: dict[str, object]) -> dict[str, Any]:
    """Record a ride and return the body of the answer; adds fields to the log line on the way."""
    try:
        asked = request.read(event)
        if os.environ.get("LOG_RIDERS") == "true":
            line["rider"] = asked.rider
        planned = record.plan(asked, dispatch.choose(asked.pickup))
        line["ride_id"] = planned.ride_id
        recorded = record.write(planned, context.get_remaining_time_in_millis() / 1000)
        line["replayed"] = recorded.replayed
        ride = recorded.ride
        return {
            "RideId": ride.ride_id,
            "Unicorn": {
                "Name": ride.unicorn.name,
                "Color": ride.unicorn.color,
                "Gender": ride.unicorn.gender,
            },
            "UnicornName": ride.unicorn.name,
            "Eta": dispatch.eta(ride.unicorn, ride.pickup),
            "Rider": ride.rider,
        }
    except Refusal:
        raise
    except Exception as error:
        raise Refusal(500, "Something went wrong on our side. Please try again later.") from error


def _answer(status: int, body: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
    return {
        "statusCode": status,
        "headers": {
            "Content-Type": "application/json",
            "Access-Control-Allow-Origin": os.environ.get("ALLOW_ORIGIN", "*"),
            **headers,
        },
        "body": json.dumps(body, ensure_ascii=False, separators=(",", ":")),
    }


def _cause(refusal: Refusal) -> dict[str, object]:
    """Return log fields for the exception behind a refusal, if any; `repr` keeps it on one line."""
    error = refusal.__cause__
    if error is None:
        return {}
    return {"cause": repr(error), "stack": traceback.format_tb(error.__traceback__)}
