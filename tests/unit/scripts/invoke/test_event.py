"""Which event invoke.py sends, to which function, and what it refuses to send."""

import io
import json
import math
import os
import sys
from pathlib import Path

import pytest

from scripts import invoke
from scripts.session import last_apply
from scripts.session.last_apply import Applied
from tests.support.made_up_function import TUTORIAL, Executor

Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("words", "rider", "latitude", "longitude"),
    [
        (["--rider", "zoe"], "zoe", 47.6174755835663, -122.28837066650185),
        (["--rider", ""], "", 47.6174755835663, -122.28837066650185),
        (["--lat", "nan"], "the_username", math.nan, -122.28837066650185),
        (["--lat", "64.1"], "the_username", 64.1, -122.28837066650185),
        (["--lon", "-21.9"], "the_username", 47.6174755835663, -21.9),
        (["--lat", "-1e1", "--lon=-1e-5"], "the_username", -10, -1e-5),
        (["--rider", "zoe", "--lat", "91", "--lon", "0"], "zoe", 91, 0),
    ],
)
def test_flags_change_the_tutorials_event_and_leave_the_range_to_the_function(
    aws: Executor, words: list[str], rider: str, latitude: float, longitude: float
) -> None:
    # Given a rider, a latitude, a longitude, or some of them

    # When they are named
    invoke.main(words)

    # Then they stand in the tutorial's event, which is otherwise what it was
    assert aws.pickup == pytest.approx(
        {"Latitude": latitude, "Longitude": longitude}, rel=0, nan_ok=True
    )
    (event,) = aws.events
    assert event["requestContext"]["authorizer"]["claims"] == {"cognito:username": rider}
    changed = {"body", "requestContext"}
    assert {key: event[key] for key in event.keys() - changed} == {
        key: TUTORIAL[key] for key in TUTORIAL.keys() - changed
    }


def test_an_event_file_is_sent_as_it_is(aws: Executor, tmp_path: Path) -> None:
    # Given an event of one's own
    path = tmp_path / "event.json"
    path.write_text('{"httpMethod": "GET", "path": "/Zoë"}', encoding="utf-8")

    # When it is named
    invoke.main([str(path)])

    # Then the function gets it
    assert aws.events == [{"httpMethod": "GET", "path": "/Zoë"}]


def test_a_dash_sends_standard_input(aws: Executor, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given an event on standard input
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"httpMethod": "PUT"}')))

    # When it is asked for
    invoke.main(["-"])

    # Then the function gets it
    assert aws.events == [{"httpMethod": "PUT"}]


@pytest.mark.parametrize(
    "name",
    ["RequestUnicorn:live", "arn:aws:lambda:us-east-1:123456789012:function:RequestUnicorn"],
)
def test_a_function_may_be_named_by_alias_or_arn(aws: Executor, capsys: Capture, name: str) -> None:
    # Given another name of the function

    # When it is invoked by it
    status = invoke.main(["--function", name])

    # Then it answers, and the ride is found as usual
    assert status == 0
    assert "Recorded item" in capsys.readouterr().out


def test_another_package_is_sent_an_event_of_its_own(
    aws: Executor, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given an apply whose page is a function that answers with a document
    last_apply.remember(
        Applied(os.environ["AWS_ENDPOINT_URL"], "us-east-1", "Two", "Two", {"page": "Tableless"})
    )
    aws.result = json.dumps({"statusCode": 200, "body": "<!doctype html>" + 2000 * "x"})

    # When it is called
    status = invoke.main(["--package", "page"])

    # Then it got the request of a browser, and no ride is looked for
    assert status == 0
    assert [event["rawPath"] for event in aws.events] == ["/"]
    shown = capsys.readouterr()
    assert "Tableless answered 200" in shown.out
    assert "  <!doctype html>xxx" in shown.out
    assert "… 1,015 more characters" in shown.out
    assert shown.err == ""


def test_a_package_in_place_of_an_event_is_explained(aws: Executor, capsys: Capture) -> None:
    # Given a person who names a package where an event is expected
    # When they do so
    with pytest.raises(SystemExit):
        invoke.main(["page"])

    # Then they learn how to name it
    assert "page is a package, not an event: --package page" in capsys.readouterr().err


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b'{"path": NaN}', b'"\xff"', b"[" * 100_000],
    ids=["empty", "cut off", "NaN", "not UTF-8", "too deep"],
)
def test_an_event_that_is_not_json_is_bad_use(
    aws: Executor, capsys: Capture, tmp_path: Path, content: bytes
) -> None:
    # Given a file that Lambda would not take
    path = tmp_path / "event.json"
    path.write_bytes(content)

    # When it is named
    with pytest.raises(SystemExit) as exited:
        invoke.main([str(path)])

    # Then nothing is sent, and the file is named
    assert exited.value.code == 2
    assert aws.events == []
    assert f"error: the event {path} cannot be sent: " in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["no-such-file.json"],
        ["."],
        ["--lat", "north"],
        ["--lon", ""],
        ["-", "--rider", "zoe"],
        ["-", "--lat", "0"],
        ["--colour"],
        ["--package", "pages"],
        ["--package", "page", "--rider", "zoe"],
        ["--package", "page", "--function", "Two"],
    ],
    ids=" ".join,
)
def test_bad_use_sends_nothing(
    aws: Executor, capsys: Capture, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    # Given arguments that make no sense, and a sound event on standard input
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"{}")))

    # When they are given
    with pytest.raises(SystemExit) as exited:
        invoke.main(words)

    # Then nothing is sent, and the usage is shown
    assert exited.value.code == 2
    assert aws.events == []
    assert capsys.readouterr().err.startswith("usage: ")
