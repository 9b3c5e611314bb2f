"""Warm requests: one `Invoke` after the other, then many at once, on our local AWS and on MiniStack."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import load
from benchmarks.local_clients import local_client
from benchmarks.ministack import ministack
from benchmarks.rounds import Series, interleaved
from local_aws.client import local_aws
from scripts.project.paths import TUTORIAL_EVENT
from scripts.session import isolation
from scripts.terminal.progress import step
from scripts.terraform.local_stack import LocalStack

CLIENTS = (1, 4, 16, 64)
WARM_UPS = 5


@dataclass(frozen=True)
class Side:
    """A local AWS that our stack is applied to, and every ride that was asked of it, in runs as load.py's."""

    label: str
    endpoint: str
    function: str
    table: str
    runs: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def deployed(folder: Path, venv: Path) -> Iterator[dict[str, Side]]:
    """Apply the same Terraform, with the same zip, to our local AWS and to MiniStack."""
    with local_aws() as ours, ministack(venv, folder / "ministack") as theirs:
        sides = {}
        for key, label, endpoint in (
            ("ours", "**ours**", ours),
            ("ministack", "MiniStack", theirs),
        ):
            isolation.enter(endpoint)
            stack = LocalStack(folder / f"stack-{key}")
            with step(f"terraform apply to {label.strip('*')}"):
                stack.init()
                stack.apply()
            outputs = stack.outputs()
            sides[key] = Side(label, endpoint, outputs["function_name"], outputs["table_name"])
        yield sides


def one_by_one(sides: Mapping[str, Side], rounds: int) -> dict[str, Series]:
    """Ask each side for a ride, in turns; milliseconds from boto3's `invoke` to the payload."""
    calls = {key: _Calls(side) for key, side in sides.items()}
    taken = interleaved(calls, rounds, WARM_UPS)
    for key, side in sides.items():
        side.runs.append(calls[key].run)
    return {
        f"invoke.{key}": Series(sides[key].label, "ms", values) for key, values in taken.items()
    }


def at_once(sides: Mapping[str, Side], rounds: int, rides: int) -> dict[str, Series]:
    """Ask each side for `rides` rides, or four a client, by 1 to 64 clients at once, in turns; rides per second.

    No cold start is measured: all clients ask at once before, and a round of each number of clients is not counted.
    """
    for side in sides.values():
        _rides(side, max(CLIENTS), 4 * max(CLIENTS))
    rates = {}
    for clients in CLIENTS:
        enough = max(rides, 4 * clients)
        taken = interleaved(
            {key: partial(_rides, side, clients, enough) for key, side in sides.items()},
            rounds,
            warm_ups=1,
        )
        for key, values in taken.items():
            rates[f"rate.{clients}.{key}"] = Series(sides[key].label, "rides/s", values)
    return rates


def audit(side: Side) -> list[str]:
    """Compare what this side answered with what its table holds; returns a sentence for each difference."""
    isolation.enter(side.endpoint)
    throttled = sum(run["throttled"] for run in side.runs)
    return load.audit(side.runs, load.recorded(side.table), throttled)


def _rides(side: Side, clients: int, rides: int) -> float:
    isolation.enter(side.endpoint)
    run = load.run(clients, rides, side.function)
    side.runs.append(run)
    return float(len(run["answered"]) / run["seconds"])


class _Calls:
    """Asks one side for a ride at each call, and notes the answers as a run of load.py's."""

    def __init__(self, side: Side) -> None:
        self._functions = local_client("lambda", side.endpoint)
        self._function = side.function
        self._event = TUTORIAL_EVENT.read_bytes()
        self.run: dict[str, Any] = {
            "clients": 1,
            "asked": 0,
            "answered": [],
            "throttled": 0,
            "errors": {},
        }

    def __call__(self) -> float:
        begun = time.perf_counter()
        answer = self._functions.invoke(FunctionName=self._function, Payload=self._event)
        payload = json.loads(answer["Payload"].read())
        took = time.perf_counter() - begun
        self.run["asked"] += 1
        if payload.get("statusCode") == 201:
            self.run["answered"].append(json.loads(payload["body"])["RideId"])
        return took * 1000
