"""A web page cannot reach the local AWS through a browser."""

from collections.abc import Iterable
from typing import Any

import pytest
from werkzeug.test import Client

from local_aws.access.same_machine import SameMachineOnly


def inner(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [b"inside"]


@pytest.mark.parametrize("host", ["127.0.0.1:4566", "localhost:4566", "[::1]:4566", "b.localhost"])
def test_programs_on_this_machine_are_served(host: str) -> None:
    # Given a request as an SDK sends it
    # When it arrives
    answer = Client(SameMachineOnly(inner)).post("/", headers={"Host": host})

    # Then it is served
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil", "[", ""]
)
def test_a_foreign_host_is_refused(host: str) -> None:
    # Given a page whose host name resolves to loopback (DNS rebinding)
    # When its request arrives
    answer = Client(SameMachineOnly(inner)).post("/", headers={"Host": host})

    # Then it is refused
    assert answer.status_code == 421


@pytest.mark.parametrize(
    ("host", "status"),
    [
        (f"{'u' * 32}.lambda-url.us-east-1.localhost:4566", 200),
        ("abc123.execute-api.us-east-1.localhost:4566", 200),
        ("abc123.lambda-url.us-east-1.localhost:4566", 403),
        ("abc123.execute-api.us-east-1.localhost.evil.example", 421),
    ],
)
def test_a_page_reaches_function_urls_and_apis_by_their_hosts(host: str, status: int) -> None:
    # Given a page of another site
    # When it asks for what is public on AWS, or for what only looks like it
    headers = {"Host": host, "Origin": "https://site.example"}
    answer = Client(SameMachineOnly(inner)).options("/", headers=headers)

    # Then it reaches only the former
    assert answer.status_code == status


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_a_browsers_cross_origin_request_is_refused(headers: dict[str, str]) -> None:
    # Given a page of another site
    # When it posts to loopback, without a preflight
    answer = Client(SameMachineOnly(inner)).post("/", headers={"Host": "localhost", **headers})

    # Then it is refused
    assert answer.status_code == 403
