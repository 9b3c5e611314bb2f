"""The errors of invoke.py without an answer, or in an environment that describes no AWS."""

import os
import re
from collections.abc import Callable

import pytest

from scripts import invoke
from tests.support.made_up_function import Executor
from tests.support.stand_in_aws import StandIn, refusal

Capture = pytest.CaptureFixture[str]


def no_answer(capsys: Capture, words: list[str] | None = None) -> str:
    """Invoke in vain; return the one or two lines that say so."""
    status = invoke.main(words or [])
    shown = capsys.readouterr()
    assert status == 1
    assert shown.out == ""
    error = re.sub(r"^No apply of this checkout is left: .*\n", "", shown.err)
    assert len(error.splitlines()) <= 2
    assert error.startswith("invoke: ")
    return error


def test_a_missing_function_names_where_it_was_sought_and_how_to_deploy_it(
    aws: Executor, capsys: Capture
) -> None:
    # Given no function of that name

    # When it is invoked
    error = no_answer(capsys, ["--function", "Pegasus"])

    # Then the place and the fix are named
    assert f"No answer from Pegasus at {os.environ['AWS_ENDPOINT_URL']}" in error
    assert "Function not found" in error
    assert "make local-apply" in error


def test_an_empty_function_name_is_named_as_the_cause(aws: Executor, capsys: Capture) -> None:
    # Given a variable of the shell that is not set

    # When its value is taken for a function

    # Then the cause is named, in one line
    assert "parameter FunctionName" in no_answer(capsys, ["--function", ""])


def test_nothing_at_the_endpoint_says_what_to_start(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, closed_port: int
) -> None:
    # Given an endpoint where nothing listens
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{closed_port}")

    # When the function is invoked
    error = no_answer(capsys)

    # Then the endpoint and the fix are named
    assert f"http://127.0.0.1:{closed_port}" in error
    assert "make local" in error


def test_an_endpoint_that_breaks_off_warns_that_the_function_may_have_run(
    serve: Callable[..., StandIn], capsys: Capture
) -> None:
    # Given an endpoint that takes the call and hangs up
    aws = serve()

    # When the function is invoked
    error = no_answer(capsys)

    # Then it was called once
    assert len(aws.calls) == 1
    assert "may have run" in error


@pytest.mark.parametrize(
    ("status", "code", "message", "fix"),
    [
        (
            403,
            "UnrecognizedClientException",
            "The security token included in the request is invalid.",
            "AWS_PROFILE",
        ),
        (
            403,
            "InvalidSignatureException",
            "The request signature we calculated does not match the signature you provided.\n\n"
            "The Canonical String for this request should have been\nx-amz-security-token:hush",
            "AWS_PROFILE",
        ),
        (
            403,
            "ExpiredTokenException",
            "The security token included in the request is expired",
            "AWS_PROFILE",
        ),
        (
            403,
            "AccessDeniedException",
            "User: arn:aws:iam::123456789012:user/zoe is not authorized to perform: "
            "lambda:InvokeFunction on resource: RequestUnicorn",
            "lambda:InvokeFunction",
        ),
        (429, "TooManyRequestsException", "Rate Exceeded.", "reserved concurrency"),
        (500, "ServiceException", "An internal error occurred.", "An internal error occurred."),
    ],
    ids=lambda value: value if str(value).endswith("Exception") else "",
)
def test_a_refused_call_is_made_once_and_explained(
    serve: Callable[..., StandIn],
    capsys: Capture,
    status: int,
    code: str,
    message: str,
    fix: str,
) -> None:
    # Given an AWS that refuses the call in its own words
    aws = serve(POST=refusal(status, code, message))

    # When the function is invoked
    error = no_answer(capsys)

    # Then it was not invoked again, and only the reason and the fix are shown
    assert len(aws.calls) == 1
    assert message.partition("\n")[0] in error
    assert fix in error
    assert "hush" not in error


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("AWS_REGION", None, "AWS_REGION"),
        ("AWS_PROFILE", "nobody", "nobody"),
        ("AWS_ENDPOINT_URL", "localhost", "Invalid endpoint: localhost"),
        ("AWS_ENDPOINT_URL", "http://[::1", "AWS_ENDPOINT_URL"),
        ("AWS_ACCESS_KEY_ID", None, "AWS_PROFILE"),
    ],
)
def test_an_environment_that_leads_nowhere_is_explained(
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    value: str | None,
    expected: str,
) -> None:
    # Given an environment with a hole or an error in it
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    if value is None:
        monkeypatch.delenv(variable)
        monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    else:
        monkeypatch.setenv(variable, value)

    # When the function is invoked
    error = no_answer(capsys)

    # Then what is wrong is named
    assert expected in error
