#!/usr/bin/env python3
"""Sends rides from many clients at once, with locust: to the function the environment points to, or through its door.

Prints one JSON object: what was sent, what was answered, how long it took, and the id of every ride answered 201.
"""

from gevent import monkey

monkey.patch_all()  # before anything opens a socket: locust's clients are greenlets

import argparse
import itertools
import json
import os
import random
import sys
import time
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import boto3
import gevent
import urllib3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from locust import User, task
from locust.env import Environment
from urllib3.exceptions import HTTPError

THROTTLED = "TooManyRequestsException"
PICKUP = {"PickupLocation": {"Latitude": 47.6, "Longitude": -122.3}}
PATIENCE_S = (0.02, 0.1)  # a throttled client waits so long, at random, before it asks again


class ThrottledError(Exception):
    """The request was refused for now."""


class Invoking:
    """Asks for rides by Lambda's Invoke, without the SDK's retries: every refusal counts."""

    def __init__(self, function: str) -> None:
        config = Config(retries={"total_max_attempts": 1}, read_timeout=60)
        self._client = boto3.client("lambda", config=config)
        self._function = function

    def ride(self, number: int) -> str:
        """Ask for a ride; returns its id. Raises ThrottledError, or what else went wrong."""
        try:
            answer = self._client.invoke(FunctionName=self._function, Payload=_event(number))
        except ClientError as failure:
            if failure.response["Error"]["Code"] == THROTTLED:
                raise ThrottledError from failure
            raise
        payload = json.loads(answer["Payload"].read())
        if payload.get("statusCode") != 201:
            raise RuntimeError(f"answered {json.dumps(payload)[:200]}")
        return str(json.loads(payload["body"])["RideId"])


class Door:
    """Asks for rides as the page does: POST /ride, with a rider's token and a new idempotency key."""

    def __init__(self, url: str, token: str) -> None:
        self._pool = urllib3.PoolManager(maxsize=1, retries=False)
        self._url = f"{url}/ride"
        self._headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}

    def ride(self, _: int) -> str:
        """Ask for a ride; returns its id. Raises ThrottledError, or what else went wrong."""
        headers = {**self._headers, "idempotency-key": str(uuid.uuid4())}
        answer = self._pool.request("POST", self._url, body=json.dumps(PICKUP), headers=headers)
        if answer.status == 429:
            raise ThrottledError
        if answer.status != 201:
            raise RuntimeError(f"answered {answer.status} {answer.data[:200]!r}")
        return str(answer.json()["RideId"])


class Rider(User):  # type: ignore[misc] # locust ships no types that hold under --strict
    """A client that asks for one ride after the other until enough were asked for, and notes every answer."""

    asked: "itertools.count[int]"
    rides: int
    senders: list[Invoking | Door]
    answered: list[str]

    def on_start(self) -> None:
        """Take a sender, and so a connection, of the client's own."""
        self.sender = self.senders.pop()

    @task  # type: ignore[untyped-decorator] # as above
    def ride(self) -> None:
        """Request a ride, again if throttled; end the whole run after enough rides."""
        number = next(self.asked)
        if number >= self.rides:
            self.stop()
            return
        while not self._ask(number):
            gevent.sleep(random.uniform(*PATIENCE_S))  # noqa: S311 - jitter is no secret

    def _ask(self, number: int) -> bool:
        begun = time.perf_counter()
        name = "ride"
        error: Exception | None = None
        try:
            self.answered.append(self.sender.ride(number))
        except ThrottledError:
            name = "throttled"
        except (BotoCoreError, ClientError, HTTPError, RuntimeError) as failure:
            error = failure
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
    parser.add_argument(
        "--url", help="the front door to go through, with the ID token in the variable RIDER_TOKEN"
    )
    options = parser.parse_args()
    way: Callable[[], Invoking | Door] = partial(Invoking, options.function)
    if options.url:
        way = partial(Door, options.url, os.environ["RIDER_TOKEN"])
    print(json.dumps(send(options.clients, options.rides, way)))
    return 0


def send(clients: int, rides: int, way: Callable[[], Invoking | Door]) -> dict[str, Any]:
    """Ask for `rides` rides from `clients` clients; returns counts, latencies in ms and the rides' ids.

    `seconds` are from the first request to the last answer; the SDK's clients are made before.
    """
    Rider.asked, Rider.rides, Rider.answered = itertools.count(), rides, []
    Rider.senders = [way() for _ in range(clients)]
    environment = Environment(user_classes=[Rider])
    runner = environment.create_local_runner()
    begun = time.perf_counter()
    runner.start(clients, spawn_rate=clients)
    runner.spawning_greenlet.join()
    runner.user_greenlets.join()
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
            "body": json.dumps(PICKUP),
        }
    )


if __name__ == "__main__":
    sys.exit(main())
