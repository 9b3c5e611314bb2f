"""One call of the function: its answer, its log, and the ride that it recorded."""

from __future__ import annotations

import base64
import json
import re
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from boto3.dynamodb.types import TypeDeserializer
from botocore.exceptions import BotoCoreError, ClientError

from scripts.calling.clients import CallError, Clients, explain, one_line

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient

_UNKNOWN = "It may have run anyway: look in its log before you call it again."
_FIXES = {
    "TooManyRequestsException": "Call again in a moment, or raise its reserved concurrency.",
    "ConnectionClosedError": _UNKNOWN,
    "ReadTimeoutError": _UNKNOWN,
}


@dataclass(frozen=True)
class Invocation:
    """One call that was answered.

    `status` and `response` are those of the proxy response, its body parsed if it is JSON. If the
    function failed (`function_error`) or returned anything else, `status` is None and `response`
    is the whole payload. `item` is the recorded ride in plain values, numbers as Decimal; if there is none
    after a 2xx answer, `item_problem` says why.
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
    """Make the clients for the AWS that the environment names. Raises CallError."""
    # A function may take 15 minutes ("Lambda quotas"), and a second attempt would record a second ride.
    clients = Clients(read_timeout=15 * 60 + 30, attempts=1)
    return clients.functions, clients.tables


def call(
    function: str, event: str, functions: LambdaClient, tables: DynamoDBClient | None
) -> Invocation:
    """Invoke a function (its name, name:alias or ARN) with one event, JSON text, and read the ride.

    Without `tables` no ride is read. Raises CallError if the function does not answer. If the ride cannot be read, the
    invocation says why: reading needs permissions that calling does not.
    """
    started = time.perf_counter()
    try:
        answer = functions.invoke(FunctionName=function, LogType="Tail", Payload=event.encode())
        payload = answer["Payload"].read().decode(errors="replace")
    except (BotoCoreError, ClientError) as error:
        who = f"{function} at {functions.meta.endpoint_url}"
        raise CallError(f"No answer from {who}: {explain(error, _FIXES)}") from error
    duration_ms = round((time.perf_counter() - started) * 1000, 1)

    request_id = answer["ResponseMetadata"].get("RequestId", "unknown")
    log = base64.b64decode(answer.get("LogResult", "")).decode(errors="replace")
    function_error = answer.get("FunctionError")
    status: int | None
    match json_or_text(payload):
        case {"statusCode": int(status), "body": str(body)} if not function_error:
            response = json_or_text(body)
        case response:
            status = None
    invocation = Invocation(
        function=function,
        status=status,
        function_error=function_error,
        response=response,
        log=_lines(log, request_id),
        request_id=request_id,
        duration_ms=duration_ms,
    )
    if tables is None or not invocation.succeeded:
        return invocation
    return _with_item(invocation, functions, tables)


def _lines(log: str, request_id: str) -> tuple[str, ...]:
    """Split the end of a log into lines; the next event of Lambda's own may follow a traceback without a newline."""
    if not log:
        return ()
    own_event = rf'(?:START|END|REPORT) RequestId: {re.escape(request_id)}|{{"time":"[^"]*","type":"platform\.'
    apart = re.sub(rf"(?<=[^\n])(?={own_event})", "\n", log)
    return tuple(apart.removesuffix("\n").split("\n"))


def json_or_text(text: str) -> object:
    """Parse JSON; return text that is not JSON unchanged."""
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
        stored = tables.get_item(
            TableName=table, Key={"RideId": {"S": ride_id}}, ConsistentRead=True
        )
    except (BotoCoreError, ClientError) as error:
        return replace(made, item_problem=one_line(error))
    if "Item" not in stored:
        return replace(made, item_problem=f"table {table} has no RideId {ride_id}.")
    return replace(made, item=TypeDeserializer().deserialize({"M": stored["Item"]}))
