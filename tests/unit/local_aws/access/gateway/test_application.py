"""What an API answers: routes, limits, throttles, CORS, and what goes wrong behind it."""

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from local_aws.access.gateway.application import Application, Exchange
from local_aws.access.gateway.configuration import Cors, HttpApi, Integration, Limits, Route, Stage
from local_aws.access.gateway.integrations import IntegrationError
from local_aws.access.gateway.records import access_log_line
from local_aws.access.gateway.throttle import Throttle
from tests.support.http_api import FUNCTION, api, authorizer, request, route

Ask = Callable[..., Exchange]


def echo(function_arn: str, source_arn: str, event: bytes) -> bytes:
    """Answer as a function that shows how it was called."""
    body = json.dumps({"function": function_arn, "source": source_arn, **json.loads(event)})
    return json.dumps({"statusCode": 201, "headers": {"X-A": "1"}, "body": body}).encode()


@pytest.fixture
def serving() -> Iterator[Callable[..., Ask]]:
    """Give a maker of applications; each returns what answers requests."""
    made: list[Application] = []

    def serve(described: HttpApi, invoke: Any = echo) -> Ask:
        made.append(Application(lambda: described, lambda _: None, invoke))
        return lambda *arguments, **headers: made[-1].answer(request(*arguments, **headers))

    yield serve
    for application in made:
        application.close()


def message(exchange: Exchange) -> tuple[int, Any]:
    return exchange.answer.status, json.loads(exchange.answer.body)


def test_a_function_is_called_for_its_route(serving: Callable[..., Ask]) -> None:
    # Given a route on a stage with a name
    ask = serving(api(route("POST /ride"), stages=(Stage("prod"),)))

    # When it is asked for below the stage
    exchange = ask("/prod/ride")

    # Then the function is called for the ARN of stage and route, and its answer is the client's
    seen = json.loads(exchange.answer.body)
    assert exchange.answer.status == 201
    assert seen["function"] == FUNCTION.function_arn
    assert seen["source"] == "arn:aws:execute-api:eu-west-1:123456789012:abc/prod/POST/ride"
    assert ("x-a", "1") in exchange.answer.headers


@pytest.mark.parametrize(
    ("asked", "status", "text"),
    [
        (("/nowhere",), 404, "Not Found"),
        (("/ride", "GET"), 404, "Not Found"),
        (("/ride", "POST", b"x" * (10 * 1024 * 1024 + 1)), 413, "Request Entity Too Large"),
        (("/ride?" + "x" * 10_240,), 431, "Request Header Fields Too Large"),
    ],
)
def test_what_no_route_takes_is_refused(
    serving: Callable[..., Ask], asked: tuple[Any, ...], status: int, text: str
) -> None:
    # Given one route, when something else or too much is asked for
    ask = serving(api(route("POST /ride")))

    # Then the gateway itself answers
    assert message(ask(*asked)) == (status, {"message": text})


def test_a_route_of_riders_is_closed_without_a_token(serving: Callable[..., Ask]) -> None:
    # Given a route with an authorizer
    ask = serving(api(route("POST /ride", authorizer=authorizer("client"))))

    # When it is asked for without a token
    exchange = ask()

    # Then it is closed
    assert message(exchange) == (401, {"message": "Unauthorized"})
    assert ("www-authenticate", "Bearer") in exchange.answer.headers


def test_a_function_that_fails_is_a_500_and_one_that_is_slow_a_503(
    serving: Callable[..., Ask],
) -> None:
    # Given a function that fails, and one that does not return in time
    done = threading.Event()

    def fail(*_: Any) -> bytes:
        raise IntegrationError("Invalid permissions on Lambda function")

    def wait(*_: Any) -> bytes:
        done.wait(5)
        return b"{}"

    hurried = Route("POST /ride", Integration(FUNCTION.function_arn, timeout_s=0.05))

    # When each is asked for
    failed, slow = serving(api(route("POST /ride")), fail)(), serving(api(hurried), wait)()
    done.set()

    # Then neither says why to the client
    assert message(failed) == (500, {"message": "Internal Server Error"})
    assert message(slow) == (503, {"message": "Service Unavailable"})
    assert failed.answer.error == "Invalid permissions on Lambda function"


def test_a_stages_burst_is_taken_and_no_more(serving: Callable[..., Ask]) -> None:
    # Given a stage that takes two requests at once
    stage = Stage("$default", default_limits=Limits(rate=0.001, burst=2))
    ask = serving(api(route("POST /ride"), stages=(stage,)))

    # When three come
    # Then the third is throttled
    assert [ask().answer.status for _ in range(3)] == [201, 201, 429]


def test_a_bucket_fills_with_time() -> None:
    # Given an empty bucket of one request, filled twice a second
    now = [0.0]
    throttle = Throttle(lambda: now[0])
    limits = Limits(rate=2, burst=1)
    assert throttle.admits("s", "r", limits)
    assert not throttle.admits("s", "r", limits)

    # When half a second is over
    now[0] = 0.5

    # Then there is one again, and another route has its own
    assert throttle.admits("s", "r", limits)
    assert throttle.admits("s", "other", limits)


CORS = Cors(("https://a.example",), ("POST",), ("authorization",), ("x-a",), 300)


def cors_headers(exchange: Exchange) -> dict[str, str]:
    return {k: v for k, v in exchange.answer.headers if k.startswith("access-control-")}


def test_a_preflight_request_is_answered_by_the_api(serving: Callable[..., Ask]) -> None:
    # Given an API with CORS
    ask = serving(api(route("POST /ride"), cors=CORS))

    # When a browser asks first, from an origin that is allowed and from another
    allowed, other = (
        ask("/ride", "OPTIONS", origin=origin, access_control_request_method="POST")
        for origin in ("https://a.example", "https://b.example")
    )

    # Then only the first may go on
    assert (allowed.answer.status, other.answer.status) == (204, 204)
    assert cors_headers(allowed) == {
        "access-control-allow-origin": "https://a.example",
        "access-control-allow-methods": "POST",
        "access-control-allow-headers": "authorization",
        "access-control-max-age": "300",
    }
    assert cors_headers(other) == {}


def test_the_integrations_cors_headers_are_replaced(serving: Callable[..., Ask]) -> None:
    # Given a function that allows everybody, behind an API that does not
    def everybody(*_: Any) -> bytes:
        headers = {"Access-Control-Allow-Origin": "*"}
        return json.dumps({"statusCode": 200, "headers": headers}).encode()

    ask = serving(api(route("POST /ride"), cors=CORS), everybody)

    # When a page of an allowed origin asks
    # Then it sees what the API allows
    assert cors_headers(ask(origin="https://a.example")) == {
        "access-control-allow-origin": "https://a.example",
        "access-control-expose-headers": "x-a",
    }
    assert cors_headers(ask(origin="https://b.example")) == {}


def test_the_access_log_says_what_its_format_asks_for_on_one_line(
    serving: Callable[..., Ask],
) -> None:
    # Given a stage with a format, and a rider's agent that would break the line
    names = {"r": "routeKey", "s": "status", "e": "error.message", "a": "identity.userAgent"}
    form = json.dumps({key: f"$context.{name}" for key, name in names.items()})
    described = api(route("POST /ride"), stages=(Stage("$default", log_format=form),))
    ask = serving(described)

    # When requests are answered
    lines = [
        json.loads(access_log_line(exchange, described))
        for exchange in (ask(user_agent='a"\nb'), ask("/nowhere"))
    ]

    # Then each is a line of JSON
    assert lines == [
        {"r": "POST /ride", "s": "201", "e": "-", "a": 'a"\nb'},
        {"r": "-", "s": "404", "e": "Not Found", "a": "-"},
    ]
