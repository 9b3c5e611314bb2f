"""The recorded item, which invoke.py shows if it may be read and says why if not."""

import json
from collections.abc import Callable

import pytest

from scripts import invoke
from tests.support.made_up_function import CREATED, Executor, proxy
from tests.support.stand_in_aws import Answer, StandIn, refusal

Capture = pytest.CaptureFixture[str]


DENIED = refusal(
    400,
    "AccessDeniedException",
    "User: arn:aws:iam::123456789012:user/zoe is not authorized to perform this",
)


def item_not_shown(capsys: Capture, words: list[str] | None = None) -> str:
    """Invoke with success but without an item; return the one line that says why."""
    status = invoke.main(words or [])
    shown = capsys.readouterr()
    assert status == 0
    assert "answered 201" in shown.out
    assert "Recorded item" not in shown.out
    assert shown.err.startswith("invoke: recorded item not shown: ")
    assert len(shown.err.splitlines()) == 1
    return shown.err


def test_without_permission_to_read_the_item_the_rest_is_shown(
    aws: Executor, serve: Callable[..., StandIn], capsys: Capture
) -> None:
    # Given a caller who may call the function but not read the table
    serve("AWS_ENDPOINT_URL_DYNAMODB", POST=DENIED)

    # When the function is invoked
    error = item_not_shown(capsys)

    # Then the permission is named
    assert "AccessDeniedException" in error
    assert "GetItem" in error


def test_without_permission_to_read_the_configuration_the_rest_is_shown(
    serve: Callable[..., StandIn], capsys: Capture
) -> None:
    # Given a caller who may call the function but not ask it for its table
    serve(POST=Answer(200, json.loads(proxy(201, CREATED))), GET=DENIED)

    # When the function is invoked
    error = item_not_shown(capsys)

    # Then the permission is named
    assert "GetFunctionConfiguration" in error


def test_a_ride_that_is_not_in_the_table_is_missed(aws: Executor, capsys: Capture) -> None:
    # Given a function that claims a ride it has not recorded
    aws.result = proxy(201, {"RideId": "nowhere"})

    # When it is invoked

    # Then the lie is noticed
    assert "table Rides has no RideId nowhere" in item_not_shown(capsys)


@pytest.mark.parametrize(
    ("words", "body", "why"),
    [
        (["--function", "Tableless"], CREATED, "no variable RIDES_TABLE"),
        ([], {"Ride": "none"}, "no RideId"),
        ([], {"RideId": 7}, "no RideId"),
        ([], "hello", "no RideId"),
    ],
)
def test_a_function_that_records_no_rides_is_shown_without_one(
    aws: Executor, capsys: Capture, words: list[str], body: object, why: str
) -> None:
    # Given a function of another kind
    aws.result = proxy(201, body)

    # When it is invoked

    # Then it is error why no item is shown
    assert why in item_not_shown(capsys, words)
