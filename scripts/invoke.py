#!/usr/bin/env python3
"""Call the function once and show its answer, the end of its log and the ride it recorded.

It calls what the environment points to: the embedded AWS if AWS_ENDPOINT_URL says so, else AWS.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import sys
import textwrap
import time
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

try:
    from boto3.dynamodb.types import TypeDeserializer
    from botocore.exceptions import BotoCoreError, ClientError
except ModuleNotFoundError as missing:
    sys.exit(f"{missing.name} is not installed here: run `make invoke`, or use .venv/bin/python.")

import command_line
from clients import CallError, Clients, explain, one_line
from progress import colour

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient

TUTORIAL_EVENT = Path(__file__).resolve().parent.parent / "tests/events/test_request_event.json"

EXAMPLES = """\
examples:
  invoke.py                                      the tutorial's own event
  invoke.py --rider zoe --lat 64.1 --lon -21.9   the same with another rider and place
  invoke.py event.json                           an event as API Gateway would send it
  invoke.py --json - < event.json | jq .item     for another program

exit status: 0 for a 2xx answer, 1 for any other or none, 2 for bad use
"""

_UNKNOWN = "It may have run all the same: look in its log before you call it again."
_MENDS = {
    "TooManyRequestsException": "Call again in a moment, or raise its reserved concurrency.",
    "ConnectionClosedError": _UNKNOWN,
    "ReadTimeoutError": _UNKNOWN,
}


@dataclass(frozen=True)
class Invocation:
    """One call that was answered.

    `status` and `response` are those of the proxy response, its body parsed if it is JSON. If the
    function failed (`function_error`) or answered anything else, `status` is None and `response`
    is all it said. `item` is the ride in plain values, numbers as Decimal; if a 2xx answer comes
    without one, `item_problem` says why.
    """

    function: str
    status: int | None
    function_error: str | None
    response: object
    log: tuple[str, ...]
    request_id: str
    duration_ms: float
    item: dict[str, object] | None = None
    item_problem: str | None = None

    @property
    def succeeded(self) -> bool:
        """Whether the function answered 2xx."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def headline(self) -> str:
        """The outcome in one line."""
        outcome = f"answered {self.status}"
        if self.function_error:
            outcome = f"failed ({self.function_error})"
        elif self.status is None:
            outcome = "gave no proxy response (statusCode and body)"
        return f"{self.function} {outcome} in {self.duration_ms} ms, request {self.request_id}"


def connect() -> tuple[LambdaClient, DynamoDBClient]:
    """Make the clients that the environment describes; CallError if it describes none."""
    # A function may take 15 minutes ("Lambda quotas"), and a second attempt would record a second ride.
    clients = Clients(read_timeout=15 * 60 + 30, attempts=1)
    return clients.functions, clients.tables


def call(function: str, event: str, functions: LambdaClient, tables: DynamoDBClient) -> Invocation:
    """Invoke a function (its name, name:alias or ARN) with one event, JSON text, and read the ride.

    Raises CallError if there is no answer. A ride that cannot be read is a problem noted in the
    invocation, no more: reading takes permissions that calling does not.
    """
    started = time.perf_counter()
    try:
        answer = functions.invoke(FunctionName=function, LogType="Tail", Payload=event.encode())
        payload = answer["Payload"].read().decode(errors="replace")
    except (BotoCoreError, ClientError) as error:
        who = f"{function} at {functions.meta.endpoint_url}"
        raise CallError(f"No answer from {who}: {explain(error, _MENDS)}") from error
    duration_ms = round((time.perf_counter() - started) * 1000, 1)

    log = base64.b64decode(answer.get("LogResult", "")).decode(errors="replace")
    function_error = answer.get("FunctionError")
    status: int | None
    match _parsed(payload):
        case {"statusCode": int(status), "body": str(body)} if not function_error:
            response = _parsed(body)
        case response:
            status = None
    invocation = Invocation(
        function=function,
        status=status,
        function_error=function_error,
        response=response,
        log=tuple(log.removesuffix("\n").split("\n")) if log else (),
        request_id=answer["ResponseMetadata"].get("RequestId", "unknown"),
        duration_ms=duration_ms,
    )
    return _with_item(invocation, functions, tables) if invocation.succeeded else invocation


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _with_item(made: Invocation, functions: LambdaClient, tables: DynamoDBClient) -> Invocation:
    ride_id = made.response.get("RideId") if isinstance(made.response, dict) else None
    if not isinstance(ride_id, str):
        return replace(made, item_problem="the answer has no RideId.")
    try:
        configuration = functions.get_function_configuration(FunctionName=made.function)
        table = configuration.get("Environment", {}).get("Variables", {}).get("RIDES_TABLE")
        if not table:
            return replace(made, item_problem="the function has no variable RIDES_TABLE.")
        found = tables.get_item(
            TableName=table, Key={"RideId": {"S": ride_id}}, ConsistentRead=True
        )
    except (BotoCoreError, ClientError) as error:
        return replace(made, item_problem=one_line(error))
    if "Item" not in found:
        return replace(made, item_problem=f"table {table} has no RideId {ride_id}.")
    return replace(made, item=TypeDeserializer().deserialize({"M": found["Item"]}))


def to_json(value: object, line: str = "\n") -> str:
    """Write JSON as json.dumps(indent=2) does, but each Decimal with all its digits."""
    if isinstance(value, Decimal):
        return format(value, "f")
    inner = line + "  "
    if isinstance(value, dict) and value:
        members = (f"{to_json(name)}: {to_json(member, inner)}" for name, member in value.items())
        return "{" + inner + f",{inner}".join(members) + line + "}"
    if isinstance(value, list | tuple | set) and value:
        return "[" + inner + f",{inner}".join(to_json(each, inner) for each in value) + line + "]"
    return json.dumps(value, ensure_ascii=False, default=str)


def render(invocation: Invocation, colour: bool = False) -> str:
    """Show an invocation to a person: the outcome, the response, the log and the item."""

    def paint(text: str, code: int) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if colour else text

    sections = {"Response": to_json(invocation.response)}
    if invocation.log:
        sections["Log"] = "\n".join(invocation.log)
    if invocation.item:
        sections["Recorded item"] = to_json(invocation.item)
    bold, red, green = 1, 31, 32
    parts = [paint(invocation.headline, green if invocation.succeeded else red)]
    for title, body in sections.items():
        parts.append(f"{paint(title, bold)}\n{textwrap.indent(body, '  ')}")
    return "\n\n".join(parts)


def read_event(source: str | Path) -> str:
    """Read an event, JSON text, from a file or, for '-', from standard input.

    Raises OSError if it cannot be read, ValueError or RecursionError if it is not JSON in UTF-8.
    """

    def refuse(constant: str) -> NoReturn:
        raise ValueError(f"{constant} is not JSON")

    raw = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    json.loads(raw.decode(), parse_int=str, parse_constant=refuse)
    return raw.decode()


def tutorial_event(rider: str | None, lat: float | None, lon: float | None) -> str:
    """Give the tutorial's event, JSON text, with its values replaced by those that are not None."""
    event = json.loads(read_event(TUTORIAL_EVENT))
    ride = json.loads(event["body"])
    if rider is not None:
        event["requestContext"]["authorizer"]["claims"]["cognito:username"] = rider
    for name, degrees in (("Latitude", lat), ("Longitude", lon)):
        if degrees is not None:
            ride["PickupLocation"][name] = degrees
    return json.dumps({**event, "body": json.dumps(ride, separators=(",", ":"))})


def _attached(words: list[str]) -> list[str]:
    """Write `--lon -1e-5` as `--lon=-1e-5`: argparse takes a number of that form for an option."""
    attached: list[str] = []
    for word in words:
        if attached and attached[-1] in {"--lat", "--lon"}:
            attached[-1] += f"={word}"
        else:
            attached.append(word)
    return attached


def _run(argv: list[str] | None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("event", nargs="?", help="a JSON file, or - for standard input")
    parser.add_argument("--rider", help="change the rider in the tutorial's event")
    parser.add_argument("--lat", type=float, help="change its latitude, in degrees")
    parser.add_argument("--lon", type=float, help="change its longitude, in degrees")
    parser.add_argument(
        "--function", default="RequestUnicorn", help="name, name:alias or ARN (%(default)s)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(_attached(sys.argv[1:] if argv is None else argv))
    changes = (options.rider, options.lat, options.lon)
    if options.event is not None and changes != (None, None, None):
        parser.error("--rider, --lat and --lon change the tutorial's event, not an event of yours")
    try:
        event = tutorial_event(*changes) if options.event is None else read_event(options.event)
    except (OSError, ValueError, RecursionError) as error:
        parser.error(f"the event {options.event or TUTORIAL_EVENT} cannot be sent: {error}")

    invocation = call(options.function, event, *connect())
    coloured = colour(stream_is_terminal=sys.stdout.isatty())
    print(to_json(vars(invocation)) if options.json else render(invocation, coloured))
    if not invocation.succeeded:
        print(f"invoke: {invocation.headline}", file=sys.stderr)
    elif invocation.item_problem:
        print(f"invoke: recorded item not shown: {invocation.item_problem}", file=sys.stderr)
    return 0 if invocation.succeeded else 1


def main(argv: list[str] | None = None) -> int:
    """Run the command and return its exit status."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # half a surrogate pair is valid JSON
    try:
        return _run(argv)
    except CallError as error:
        print(f"invoke: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    command_line.run(main)
