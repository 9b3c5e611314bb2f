#!/usr/bin/env python3
"""Sends rides from many clients at once, with locust, to the function the environment points to.

Prints one JSON object: what was sent, what was answered, how long it took, and the id of every ride answered 201.
"""

from gevent import monkey

monkey.patch_all()  # before anything opens a socket: locust's clients are greenlets

import argparse
import itertools
import json
import random
import sys
import time
from typing import Any

import boto3
import gevent
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from locust import User, task
from locust.env import Environment

THROTTLED = "TooManyRequestsException"
PATIENCE_S = (0.02, 0.1)  # a throttled client waits so long, at random, before it asks again


class Rider(User):  # type: ignore[misc] # locust ships no types that hold under --strict
    """A client that asks for one ride after the other until enough were asked for, and notes every answer."""

    asked: "itertools.count[int]"
    rides: int
    function: str
    answered: list[str]

    def on_start(self) -> None:
        """Make the client's own connection, without the SDK's retries: every refusal counts."""
        config = Config(retries={"total_max_attempts": 1}, read_timeout=60)
        self.lambda_client = boto3.client("lambda", config=config)

    @task  # type: ignore[untyped-decorator] # as above
    def ride(self) -> None:
        """Request a ride, again if throttled; end the whole run after enough rides."""
        number = next(self.asked)
        if number >= self.rides:
            self.stop()
            return
        event = _event(number)
        while not self._ask(event):
            gevent.sleep(random.uniform(*PATIENCE_S))  # noqa: S311 - jitter is no secret

    def _ask(self, event: str) -> bool:
        begun = time.perf_counter()
        name = "ride"
        error: Exception | None = None
        try:
            answer = self.lambda_client.invoke(FunctionName=self.function, Payload=event)
            payload = json.loads(answer["Payload"].read())
            if payload.get("statusCode") == 201:
                self.answered.append(json.loads(payload["body"])["RideId"])
            else:
                error = RuntimeError(f"answered {json.dumps(payload)[:200]}")
        except (BotoCoreError, ClientError) as failure:
            error = failure
            if isinstance(failure, ClientError) and failure.response["Error"]["Code"] == THROTTLED:
                name, error = "throttled", None
        self.environment.events.request.fire(
            request_type="Invoke",
            name=name,
            response_time=(time.perf_counter() - begun) * 1000,
            response_length=0,
            exception=error,
            context={},
        )
        return name == "ride"


def main() -> int:
    """Run from the command line; returns the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog="example: benchmarks/riders.py --clients 16 --rides 1000",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--clients", type=int, required=True, help="how many ask at once")
    parser.add_argument("--rides", type=int, required=True, help="how many rides to ask for in all")
    parser.add_argument("--function", default="RequestUnicorn", help="name of the function")
    options = parser.parse_args()
    print(json.dumps(send(options.clients, options.rides, options.function)))
    return 0


def send(clients: int, rides: int, function: str) -> dict[str, Any]:
    """Ask for `rides` rides from `clients` clients; returns counts, latencies in ms and the rides' ids."""
    Rider.asked, Rider.rides, Rider.function, Rider.answered = (
        itertools.count(),
        rides,
        function,
        [],
    )
    environment = Environment(user_classes=[Rider])
    runner = environment.create_local_runner()
    begun = time.perf_counter()
    runner.start(clients, spawn_rate=clients)
    gevent.sleep(0.1)
    while runner.user_count:
        gevent.sleep(0.05)
    seconds = time.perf_counter() - begun
    runner.quit()
    taken = environment.stats.get("ride", "Invoke")
    return {
        "clients": clients,
        "asked": rides,
        "answered": Rider.answered,
        "throttled": environment.stats.get("throttled", "Invoke").num_requests,
        "errors": {
            str(error.error): error.occurrences for error in environment.stats.errors.values()
        },
        "seconds": seconds,
        "latency_ms": {
            str(percent): taken.get_response_time_percentile(percent / 100)
            for percent in (50, 90, 99, 100)
        },
    }


def _event(number: int) -> str:
    return json.dumps(
        {
            "httpMethod": "POST",
            "requestContext": {"authorizer": {"claims": {"cognito:username": f"rider-{number}"}}},
            "body": json.dumps({"PickupLocation": {"Latitude": 47.6, "Longitude": -122.3}}),
        }
    )


if __name__ == "__main__":
    sys.exit(main())
