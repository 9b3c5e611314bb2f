"""What invoke.py shows of a call: to a person, to a program, on a terminal, in a pipe."""

import json
import re
import sys

import pytest

from scripts import invoke
from tests.support.made_up_function import CREATED, LATITUDE, TUTORIAL, Executor, proxy

Capture = pytest.CaptureFixture[str]


def test_without_arguments_it_sends_the_tutorials_event_and_shows_status_response_log_and_item(
    aws: Executor, capsys: Capture
) -> None:
    # Given a function that records a ride

    # When it is invoked without a word
    status = invoke.main([])

    # Then the tutorial's event went out, and everything is shown
    assert status == 0
    assert aws.events == [TUTORIAL]
    shown = capsys.readouterr()
    assert re.match(r"RequestUnicorn answered 201 in [\d.]+ ms, request \S+\n", shown.out)
    assert '\nResponse\n  {\n    "RideId": "SvLnijIAtg6inAFUBRT-Fg",' in shown.out
    assert '"Rider": "Zoë"' in shown.out
    assert "\nLog\n  START RequestId: 1\n  unicorn sent\n  END RequestId: 1\n" in shown.out
    assert '\nRecorded item\n  {\n    "RideId": "SvLnijIAtg6inAFUBRT-Fg",' in shown.out
    assert shown.err == ""


def test_the_items_numbers_are_shown_in_all_their_digits(aws: Executor, capsys: Capture) -> None:
    # Given a ride at a place with more digits than a float holds

    # When it is shown to a person and to a machine
    invoke.main([])
    invoke.main(["--json"])

    # Then both see the digits that are stored
    shown = capsys.readouterr().out
    assert shown.count(f'"Latitude": {LATITUDE},') == 2
    assert shown.count('"Longitude": 0.0000001\n') == 2


def test_a_line_of_the_log_ends_where_lambda_ends_it(aws: Executor, capsys: Capture) -> None:
    # Given a function that logs a rider's Unicode line separators, and a line of nothing
    aws.logs = "rider zoe\u2028level=ERROR\x85forged\n\nlast\n"

    # When a machine asks, then each line is one
    invoke.main(["--json"])
    assert json.loads(capsys.readouterr().out)["log"] == [
        "rider zoe\u2028level=ERROR\x85forged",
        "",
        "last",
    ]


def test_json_is_one_object_of_plain_values(aws: Executor, capsys: Capture) -> None:
    # Given a function that records a ride

    # When a machine asks
    status = invoke.main(["--json"])

    # Then it gets one object, and nothing else
    shown = capsys.readouterr()
    answer = json.loads(shown.out)
    assert status == 0
    assert answer["status"] == 201
    assert answer["function_error"] is None
    assert answer["response"] == CREATED
    assert answer["log"] == ["START RequestId: 1", "unicorn sent", "END RequestId: 1"]
    assert answer["item"]["Unicorn"] == {"Name": "Rocinante"}
    assert answer["item"]["PickupLocation"]["Longitude"] == 1e-7
    assert answer["request_id"]
    assert answer["duration_ms"] > 0
    assert shown.err == ""


@pytest.mark.parametrize(
    ("terminal", "no_color", "coloured"),
    [(True, "", True), (True, "1", False), (False, "", False)],
    ids=["terminal", "terminal with NO_COLOR", "pipe"],
)
def test_colour_is_for_terminals_that_want_it(
    aws: Executor,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
    terminal: bool,
    no_color: str,
    coloured: bool,
) -> None:
    # Given a terminal or a pipe, and a person's wish
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    monkeypatch.setenv("NO_COLOR", no_color)

    # When the answer is shown
    invoke.main([])

    # Then it is coloured only where it may be
    assert ("\x1b[" in capsys.readouterr().out) is coloured


def test_a_rider_whose_name_no_encoding_can_hold_is_shown_all_the_same(
    aws: Executor, capsys: Capture
) -> None:
    # Given a function that gives back half a surrogate pair
    aws.result = proxy(201, {**CREATED, "Rider": "\udcff"})

    # When it is invoked
    status = invoke.main(["--json"])

    # Then the half is escaped as JSON does it
    assert status == 0
    assert json.loads(capsys.readouterr().out)["response"]["Rider"] == "\udcff"


@pytest.mark.parametrize("status", [199, 301, 400, 500])
def test_an_answer_other_than_2xx_is_shown_and_fails(
    aws: Executor, capsys: Capture, status: int
) -> None:
    # Given a function that refuses
    aws.result = proxy(status, {"Error": "Latitude must be within ±90"})

    # When it is invoked
    exit_status = invoke.main([])

    # Then its answer is shown, and no ride is looked for
    shown = capsys.readouterr()
    assert exit_status == 1
    assert f"answered {status}" in shown.out
    assert "Latitude must be within ±90" in shown.out
    assert "Recorded item" not in shown.out
    assert shown.err.startswith(f"invoke: RequestUnicorn answered {status} ")


def test_an_exception_in_the_function_is_shown_and_fails(aws: Executor, capsys: Capture) -> None:
    # Given a function that raises, with a payload that looks like a proxy response
    aws.failed = True
    aws.result = '{"errorType": "KeyError", "errorMessage": "body", "statusCode": 200, "body": ""}'

    # When it is invoked
    status = invoke.main(["--json"])

    # Then the exception is shown, and reported on the error stream
    shown = capsys.readouterr()
    answer = json.loads(shown.out)
    assert status == 1
    assert (answer["status"], answer["function_error"]) == (None, "Handled")
    assert answer["response"]["errorType"] == "KeyError"
    assert answer["log"][1] == "unicorn sent"
    assert shown.err.startswith("invoke: RequestUnicorn failed (Handled) ")


@pytest.mark.parametrize(
    "result",
    [
        '"hello"',
        "<html>",
        "null",
        "[" * 100_000,
        "{}",
        '{"statusCode": 201}',
        '{"statusCode": "201", "body": "{}"}',
        '{"statusCode": 201, "body": {}}',
    ],
    ids=lambda result: result[:40],
)
def test_an_answer_that_api_gateway_would_not_understand_fails(
    aws: Executor, capsys: Capture, result: str
) -> None:
    # Given a function that does not answer as a proxy integration must
    aws.result = result

    # When it is invoked
    status = invoke.main([])

    # Then the headline says so
    assert status == 1
    assert "gave no proxy response" in capsys.readouterr().out
