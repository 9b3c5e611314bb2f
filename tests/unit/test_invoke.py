"""scripts/invoke.py, over real sockets: a moto server, and small servers that answer as AWS refuses."""

import io
import json
import math
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.awslambda.models import LambdaFunction
from moto.server import ThreadedMotoServer

import invoke

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = json.loads((ROOT / "tests/events/test_request_event.json").read_text())
RIDE_ID = "SvLnijIAtg6inAFUBRT-Fg"
LATITUDE = "47.617475583566300000000000000000000001"  # 38 digits, as many as DynamoDB keeps
RIDE: dict[str, Any] = {
    "RideId": {"S": RIDE_ID},
    "User": {"S": "the_username"},
    "Unicorn": {"M": {"Name": {"S": "Rocinante"}}},
    "PickupLocation": {"M": {"Latitude": {"N": LATITUDE}, "Longitude": {"N": "0.0000001"}}},
}
CREATED = {"RideId": RIDE_ID, "UnicornName": "Rocinante", "Rider": "Zoë"}


def proxy(status: object, body: object) -> str:
    return json.dumps({"statusCode": status, "body": json.dumps(body)})


@dataclass
class Executor:
    """What the function will answer, and the events it was sent."""

    result: str = proxy(201, CREATED)
    failed: bool = False
    logs: str = "START RequestId: 1\nunicorn sent\nEND RequestId: 1\n"
    events: list[Any] = field(default_factory=list)

    @property
    def pickup(self) -> dict[str, float]:
        pickup: dict[str, float] = json.loads(self.events[0]["body"])["PickupLocation"]
        return pickup


@pytest.fixture(scope="module")
def moto_url() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    roles = boto3.client("iam", endpoint_url=url)
    tables = boto3.client("dynamodb", endpoint_url=url)
    functions = boto3.client("lambda", endpoint_url=url)
    role = roles.create_role(RoleName="InvokeTest", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    tables.create_table(
        TableName="Rides",
        KeySchema=[{"AttributeName": "RideId", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "RideId", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    tables.put_item(TableName="Rides", Item=RIDE)
    for name, variables in (("RequestUnicorn", {"RIDES_TABLE": "Rides"}), ("Tableless", {})):
        functions.create_function(
            FunctionName=name,
            Role=role,
            Code={"ZipFile": b"never unpacked here"},
            Runtime="python3.13",
            Handler="request_unicorn.handler",
            Environment={"Variables": variables},
            Publish=True,
        )
    functions.create_alias(FunctionName="RequestUnicorn", Name="live", FunctionVersion="1")
    yield url
    for name in ("RequestUnicorn", "Tableless"):
        functions.delete_function(FunctionName=name)
    tables.delete_table(TableName="Rides")
    roles.delete_role(RoleName="InvokeTest")
    server.stop()


@pytest.fixture
def aws(moto_url: str, monkeypatch: pytest.MonkeyPatch) -> Executor:
    """Moto with the function's answer made up: it wants Docker. Integration tests run the real one."""
    executor = Executor()

    def run(_: LambdaFunction, event: Any) -> tuple[str, bool, str]:
        executor.events.append(event)
        return executor.result, executor.failed, executor.logs

    monkeypatch.setattr(LambdaFunction, "_invoke_lambda", run)
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto_url)
    return executor


@dataclass(frozen=True)
class Answer:
    status: int
    body: object
    headers: dict[str, str] = field(default_factory=dict)


def refusal(status: int, code: str, message: str) -> Answer:
    return Answer(status, {"__type": code, "message": message}, {"x-amzn-ErrorType": code})


@dataclass(frozen=True)
class StandIn:
    """A server that gives the answer set for a method, and closes the connection if there is none."""

    answers: dict[str, Answer]
    calls: list[str] = field(default_factory=list)

    def handler(self) -> type[BaseHTTPRequestHandler]:
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                stand_in.calls.append(self.path)
                self.rfile.read(int(self.headers["Content-Length"]))
                self.answer()

            def do_GET(self) -> None:
                self.answer()

            def answer(self) -> None:
                answer = stand_in.answers.get(self.command)
                if answer is None:
                    return
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(json.dumps(answer.body).encode())

            def log_message(self, *_: object) -> None:
                pass

        return Handler


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., StandIn]]:
    """Start a stand-in for all of AWS, or for the service that `variable` names the endpoint of."""
    servers = []

    def start(variable: str = "AWS_ENDPOINT_URL", **answers: Answer) -> StandIn:
        stand_in = StandIn(answers)
        server = ThreadingHTTPServer(("127.0.0.1", 0), stand_in.handler())
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        servers.append((server, thread))
        monkeypatch.setenv(variable, f"http://127.0.0.1:{server.server_port}")
        return stand_in

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def closed_port() -> int:
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        return server.server_port


Capture = pytest.CaptureFixture[str]


# --- What is shown -------------------------------------------------------------------------------


def test_alone_it_sends_the_tutorials_event_and_shows_status_response_log_and_item(
    aws: Executor, capsys: Capture
) -> None:
    # Given a function that records a ride

    # When it is invoked without a word
    status = invoke.main([])

    # Then the tutorial's event went out, and everything there is to see is seen
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


# --- Which event, which function -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "rider", "latitude", "longitude"),
    [
        (["--rider", "zoe"], "zoe", 47.6174755835663, -122.28837066650185),
        (["--rider", ""], "", 47.6174755835663, -122.28837066650185),
        (["--lat", "nan"], "the_username", math.nan, -122.28837066650185),
        (["--lat", "64.1"], "the_username", 64.1, -122.28837066650185),
        (["--lon", "-21.9"], "the_username", 47.6174755835663, -21.9),
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

    # Then it answers, and the ride is found as ever
    assert status == 0
    assert "Recorded item" in capsys.readouterr().out


# --- Bad use: 2 ----------------------------------------------------------------------------------


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
    ],
    ids=" ".join,
)
def test_bad_use_sends_nothing(
    aws: Executor, capsys: Capture, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    # Given words that cannot be meant, and a sound event on standard input
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"{}")))

    # When they are said
    with pytest.raises(SystemExit) as exited:
        invoke.main(words)

    # Then nothing is sent, and the usage is shown
    assert exited.value.code == 2
    assert aws.events == []
    assert capsys.readouterr().err.startswith("usage: ")


# --- The function's errors: 1 --------------------------------------------------------------------


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

    # Then the exception is shown, and on the error stream that there was one
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

    # Then that is said
    assert status == 1
    assert "gave no proxy response" in capsys.readouterr().out


# --- No answer: 1 --------------------------------------------------------------------------------


def no_answer(capsys: Capture, words: list[str] | None = None) -> str:
    """Invoke in vain; return the one or two lines that say so."""
    status = invoke.main(words or [])
    shown = capsys.readouterr()
    assert status == 1
    assert shown.out == ""
    assert len(shown.err.splitlines()) <= 2
    assert shown.err.startswith("invoke: ")
    return shown.err


def test_a_missing_function_names_where_it_was_sought_and_how_to_deploy_it(
    aws: Executor, capsys: Capture
) -> None:
    # Given no function of that name

    # When it is invoked
    said = no_answer(capsys, ["--function", "Pegasus"])

    # Then the place and the mend are named
    assert f"No answer from Pegasus at {os.environ['AWS_ENDPOINT_URL']}" in said
    assert "Function not found" in said
    assert "make local-apply" in said


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
    said = no_answer(capsys)

    # Then the endpoint and the mend are named
    assert f"http://127.0.0.1:{closed_port}" in said
    assert "make local" in said


def test_an_endpoint_that_breaks_off_warns_that_the_function_may_have_run(
    serve: Callable[..., StandIn], capsys: Capture
) -> None:
    # Given an endpoint that takes the call and hangs up
    aws = serve()

    # When the function is invoked
    said = no_answer(capsys)

    # Then it was called once
    assert len(aws.calls) == 1
    assert "may have run" in said


@pytest.mark.parametrize(
    ("status", "code", "message", "mend"),
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
    mend: str,
) -> None:
    # Given an AWS that refuses the call in its own words
    aws = serve(POST=refusal(status, code, message))

    # When the function is invoked
    said = no_answer(capsys)

    # Then it was not invoked again, and no more than the reason and the mend is said
    assert len(aws.calls) == 1
    assert message.partition("\n")[0] in said
    assert mend in said
    assert "hush" not in said


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
    said = no_answer(capsys)

    # Then what is wrong is named
    assert expected in said


# --- The recorded item, if it may be read --------------------------------------------------------

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
    said = item_not_shown(capsys)

    # Then the permission is named
    assert "AccessDeniedException" in said
    assert "GetItem" in said


def test_without_permission_to_read_the_configuration_the_rest_is_shown(
    serve: Callable[..., StandIn], capsys: Capture
) -> None:
    # Given a caller who may call the function but not ask it for its table
    serve(POST=Answer(200, json.loads(proxy(201, CREATED))), GET=DENIED)

    # When the function is invoked
    said = item_not_shown(capsys)

    # Then the permission is named
    assert "GetFunctionConfiguration" in said


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

    # Then it is said why no item is shown
    assert why in item_not_shown(capsys, words)


# --- As a person has it --------------------------------------------------------------------------


def test_a_loopback_endpoint_is_not_sought_through_a_proxy(
    aws: Executor, monkeypatch: pytest.MonkeyPatch, closed_port: int
) -> None:
    # Given a proxy for everything, which would not find this machine's loopback
    for variable in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(variable, raising=False)
    for variable in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(variable, f"http://127.0.0.1:{closed_port}")

    # When the function is invoked

    # Then it answers
    assert invoke.main([]) == 0


def test_aws_region_alone_is_enough(aws: Executor, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given the region in the one variable that Terraform and the other SDKs read
    monkeypatch.delenv("AWS_DEFAULT_REGION")

    # When the function is invoked

    # Then it is found
    assert invoke.main([]) == 0


def test_the_client_waits_longer_than_any_function_may_run() -> None:
    # Given Lambda's longest timeout, in seconds
    longest = 900

    # When the clients are made
    functions, _ = invoke.connect()

    # Then they wait longer
    config: Any = functions.meta.config  # its type leaves out what a Config is made from
    assert config.read_timeout > longest


def test_ctrl_c_ends_it_without_a_traceback(
    aws: Executor, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a person who loses patience
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(invoke, "call", interrupted)

    # When the function is invoked
    status = invoke.main([])

    # Then the shell is told so, in silence
    assert status == 130
    assert capsys.readouterr() == ("", "")


def test_it_runs_as_a_command_from_any_folder(aws: Executor, tmp_path: Path) -> None:
    # Given a person in another folder

    # When they run the script into a pipe
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts/invoke.py")],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    # Then they see the ride, and no colour
    assert (done.returncode, done.stderr) == (0, "")
    assert "Recorded item" in done.stdout
    assert "\x1b" not in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_without_boto3_it_says_where_that_is() -> None:
    # Given a Python without the project's packages
    command = [sys.executable, "-S", str(ROOT / "scripts/invoke.py")]

    # When the script is run by it
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)

    # Then it names the Python to use
    assert done.returncode == 1
    assert done.stderr.startswith("boto3 is not installed here: ")
    assert len(done.stderr.splitlines()) == 1


def test_help_shows_examples(capsys: Capture) -> None:
    # Given a person who has never used it

    # When they ask for help
    with pytest.raises(SystemExit) as exited:
        invoke.main(["--help"])

    # Then they see how
    assert exited.value.code == 0
    assert "invoke.py --rider zoe --lat 64.1 --lon -21.9" in capsys.readouterr().out
