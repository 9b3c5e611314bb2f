#!/usr/bin/env python3
"""Load test: sends rides from more and more clients to the function on a local AWS of its own, then audits every ride.

Writes docs/load.md. Everything stays on loopback; the number of rides is fixed, so the run always ends.
"""

import json
import os
import platform
import secrets
import shutil
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
from pycognito import AWSSRP

from local_aws.client import local_aws
from local_aws.processes.work_folder import make_work_folder
from scripts.deployment_package.packages import build_all
from scripts.deployment_package.runtime import DEFAULT_RUNTIME
from scripts.project.paths import LOCAL, ROOT
from scripts.session import isolation
from scripts.terminal import command_line
from scripts.terminal.progress import step
from scripts.terraform.local_stack import LocalStack

CLIENTS = (1, 4, 16, 64)
DOOR_CLIENTS = (1, 4, 16)
RIDES = 10_000
RESERVED_CONCURRENCY = 16  # fewer than the most clients, so that some are throttled
# The front door's own throttling is set high, so that it does not limit the speed.
OPEN_DOOR: dict[str, Any] = {
    "front_door": True,
    "front_door_rate_limit": 10_000,
    "front_door_burst_limit": 5_000,
}
LIMIT_S = 600
REPORT = ROOT / "docs" / "load.md"


@dataclass(frozen=True)
class Level:
    """What one number of clients saw: rides per second, latency percentiles in ms, answers by kind."""

    way: str
    clients: int
    asked: int
    answered: int
    throttled: int
    errors: int
    per_second: float
    latency_ms: dict[str, float]


@command_line.verb("load")
def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns 1 if a ride was lost, duplicated or failed."""
    parser = command_line.parser(__doc__, 'example: make load ARGS="--rides 1000"')
    parser.add_argument(
        "--rides",
        type=int,
        default=RIDES,
        help=f"rides in total (default: {RIDES}; others are printed only)",
    )
    rides = parser.parse_args(arguments).rides
    steps = len(CLIENTS) + len(DOOR_CLIENTS)
    if rides < steps:
        parser.error(f"--rides {rides}: at least {steps} are needed, one for each step")
    levels, findings = load(rides)
    text = report(levels, findings)
    print(text)
    if rides == RIDES:
        REPORT.write_text(text)
    return 1 if findings else 0


def load(rides: int) -> tuple[list[Level], list[str]]:
    """Request `rides` rides, the same number at each step; returns the figures and the audit's findings."""
    build_all(DEFAULT_RUNTIME)
    with ExitStack() as started:
        folder = make_work_folder(LOCAL, "load")
        started.callback(shutil.rmtree, folder, ignore_errors=True)
        with step("Start the local AWS"):
            isolation.enter(started.enter_context(local_aws()))
        stack = LocalStack(folder)
        with step("terraform apply"):
            stack.init()
            stack.apply(reserved_concurrency=RESERVED_CONCURRENCY, **OPEN_DOOR)
        outputs = stack.outputs()
        share = rides // (len(CLIENTS) + len(DOOR_CLIENTS))
        runs = [run(clients, share, outputs["function_name"]) for clients in CLIENTS]
        os.environ["RIDER_TOKEN"] = _token(outputs["user_pool_id"], outputs["client_id"])
        runs += [
            run(clients, share, outputs["function_name"], outputs["url"])
            for clients in DOOR_CLIENTS
        ]
        with step("Audit"):
            throttled = _throttles(outputs["function_name"])
            findings = audit(runs, recorded(outputs["table_name"]), throttled)
    return [_level(run) for run in runs], findings


def audit(runs: list[dict[str, Any]], recorded: list[str], throttled: int) -> list[str]:
    """Compare the clients' answers with the ids in the table and with Lambda's count of throttles.

    Returns a sentence for each thing that is wrong.
    """
    answered = Counter(ride for run in runs for ride in run["answered"])
    kept = Counter(recorded)
    findings = [
        f"{run['clients']} clients asked for {run['asked']} rides and got {len(run['answered'])}: {run['errors']}"
        for run in runs
        if len(run["answered"]) != run["asked"]
    ]
    answered_429 = sum(run["throttled"] for run in runs)
    if answered_429 != throttled:
        findings.append(
            f"{throttled} requests were throttled, {answered_429} clients received a 429"
        )
    wrong = {
        "answered twice": [ride for ride, times in answered.items() if times > 1],
        "answered but not recorded": list(answered - kept),
        "recorded but not answered": list(kept - answered),
    }
    return findings + [
        f"{len(rides)} rides {how}: {rides[:3]}" for how, rides in wrong.items() if rides
    ]


def report(levels: list[Level], findings: list[str]) -> str:
    """Return the figures as Markdown."""
    rows = [
        f"| {level.way} | {level.clients} | {level.answered:,} | {level.per_second:.0f} | "
        + " | ".join(f"{level.latency_ms[percent]:.0f}" for percent in ("50", "90", "99", "100"))
        + f" | {level.throttled:,} | {level.errors} |"
        for level in levels
    ]
    verdict = findings or [
        "every 201 is one item, every item one 201; no ride twice; "
        "throttled clients received a 429 and succeeded on retry."
    ]
    return "\n".join(
        [
            "# Load on the local AWS",
            "",
            f"Made by `make load` on {datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} processors ({platform.machine()}), "
            f"Python {platform.python_version()}; clients, local AWS and function share them. "
            f"The function reserves a concurrency of {RESERVED_CONCURRENCY}; latencies are of rides that were "
            "answered 201, cold starts included, in milliseconds. Compare rows, not machines.",
            "",
            "| by | clients | rides | rides/s | p50 | p90 | p99 | max | throttled | errors |",
            "|:--|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
            *rows,
            "",
            *(f"Audit: {sentence}" for sentence in verdict),
            "",
        ]
    )


def run(clients: int, rides: int, function: str, url: str | None = None) -> dict[str, Any]:
    """Run `riders.py` against the function in the environment's AWS, or against its front door at `url`.

    Returns what it prints, and "way": "Invoke" or "front door".
    """
    way = "front door" if url else "Invoke"
    command = [
        *(sys.executable, str(Path(__file__).with_name("riders.py"))),
        *("--clients", str(clients), "--rides", str(rides), "--function", function),
        *(("--url", url) if url else ()),
    ]
    with step(f"{rides:,} rides by {way}, {clients} at once"):
        done = subprocess.run(
            command, check=True, stdout=subprocess.PIPE, text=True, timeout=LIMIT_S
        )
    return {**json.loads(done.stdout.splitlines()[-1]), "way": way}


def _token(pool_id: str, client_id: str) -> str:
    """Return the ID token of a new rider."""
    cognito = boto3.client("cognito-idp")
    name, password = "load", secrets.token_urlsafe()
    cognito.sign_up(ClientId=client_id, Username=name, Password=password)
    cognito.admin_confirm_sign_up(UserPoolId=pool_id, Username=name)
    signing_in = AWSSRP(name, password, pool_id, client_id, client=cognito)
    return str(signing_in.authenticate_user()["AuthenticationResult"]["IdToken"])


def _level(run: dict[str, Any]) -> Level:
    return Level(
        way=run["way"],
        clients=run["clients"],
        asked=run["asked"],
        answered=len(run["answered"]),
        throttled=run["throttled"],
        errors=sum(run["errors"].values()),
        per_second=len(run["answered"]) / run["seconds"],
        latency_ms=run["latency_ms"],
    )


def _throttles(function: str) -> int:
    """Return the sum of Lambda's metric Throttles."""
    now = datetime.now(UTC)
    points = boto3.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName="Throttles",
        Dimensions=[{"Name": "FunctionName", "Value": function}],
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(minutes=1),
        Period=60,
        Statistics=["Sum"],
    )["Datapoints"]
    return round(sum(point["Sum"] for point in points))


def recorded(table: str) -> list[str]:
    """Return the id of every ride in the table."""
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    return [item["RideId"]["S"] for page in pages for item in page["Items"]]


if __name__ == "__main__":
    command_line.run(main)
