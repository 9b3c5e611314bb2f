"""The handler: a rider asks, a unicorn is sent, the ride is recorded, the rider is answered."""

import json
import logging
import os
import time
import traceback
from typing import Any, Protocol

import dispatch
import record
import request
from refusal import Refusal

log = logging.getLogger(__name__)


class Context(Protocol):
    """What this function uses of Lambda's context object."""

    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int:
        """Return how long the function may still run."""


def handler(event: object, context: Context) -> dict[str, Any]:
    """Answer one request for a ride, and log one line about it.

    `event` is what API Gateway sends to a Lambda proxy integration, of a REST API or an HTTP API;
    the answer is what it expects back. Whatever else comes, and whatever fails, there is an
    answer: nothing is raised.
    """
    started = time.monotonic()
    line: dict[str, object] = {"reference": context.aws_request_id, "replayed": False}
    try:
        answer = _answer(201, _send_unicorn(event, context, line), {})
        line["outcome"] = "created"
    except Refusal as refusal:
        told = {"Error": refusal.sentence, "Reference": context.aws_request_id}
        answer = _answer(refusal.status, told, refusal.headers)
        line |= {"outcome": refusal.outcome, **_cause(refusal)}
    line["status"] = answer["statusCode"]
    line["duration_ms"] = round((time.monotonic() - started) * 1000)
    log.log(
        logging.ERROR if answer["statusCode"] >= 500 else logging.INFO, "ride request", extra=line
    )
    return answer


def _send_unicorn(event: object, context: Context, line: dict[str, object]) -> dict[str, Any]:
    """Send a unicorn and tell of the ride, noting on the log line what is learned on the way."""
    try:
        asked = request.read(event)
        if os.environ.get("LOG_RIDERS") == "true":
            line["rider"] = asked.rider
        planned = record.plan(asked, dispatch.choose(asked.pickup))
        line["ride_id"] = planned.ride_id
        ride = record.write(planned, context.get_remaining_time_in_millis() / 1000)
        line["replayed"] = ride is not planned
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
    """Tell of the fault behind a refusal, if any; `repr` keeps its text on one line."""
    fault = refusal.__cause__
    if fault is None:
        return {}
    return {"cause": repr(fault), "stack": traceback.format_tb(fault.__traceback__)}
