"""The AWS CLI, an independent client, deploys and uses the tutorial's function, as in a terminal."""

import base64
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scripts.deployment_package.build import build
from scripts.project.paths import TUTORIAL_EVENT
from tests.integration.deployed import MAY_LOG, TRUST_LAMBDA
from tests.support.tools import Done, Tool, installed

ARN = "arn:aws:lambda:us-east-1:123456789012:function:"
# Of "Return codes from the AWS CLI", version 1: what the service refuses, and what cannot be parsed.
REFUSED, NOT_PARSED = 255, 2


@dataclass(frozen=True)
class Session:
    """A terminal with the AWS CLI, and a function that was deployed with it; its table and role have its name."""

    aws: Tool
    function: str
    package: Path

    def of_lambda(self, operation: str, *arguments: str) -> Done:
        """Run a command of Lambda's for the function."""
        return self.aws("lambda", operation, "--function-name", self.function, *arguments)

    def wait(self, what: str) -> None:
        """Wait as a script does."""
        done = self.aws("lambda", "wait", what, "--function-name", self.function)
        assert done.status == 0, done.err

    def publish(self, description: str) -> str:
        """Publish a version that differs from the last by its description."""
        self.of_lambda("update-function-configuration", "--description", description)
        self.wait("function-updated-v2")
        version: str = self.of_lambda("publish-version").parsed["Version"]
        return version

    def ride(self) -> Done:
        """Ask for a unicorn; what the function answers is in the file `answer.json`."""
        event = f"file://{TUTORIAL_EVENT}"
        return self.of_lambda("invoke", "--log-type", "Tail", "--payload", event, "answer.json")


@pytest.fixture(scope="module")
def session(endpoint: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """Deploy the function as a person would who has the AWS CLI alone."""
    home = tmp_path_factory.mktemp("terminal")
    package = build(output=home / "function.zip").path
    aws = Tool(installed("aws-cli", "aws"), endpoint, home)
    name = f"Cli{uuid.uuid4().hex[:8]}"
    key = ("AttributeName=RideId,KeyType=HASH", "AttributeName=RideId,AttributeType=S")
    role = aws(
        *("iam", "create-role", "--role-name", name),
        *("--assume-role-policy-document", json.dumps(TRUST_LAMBDA)),
    ).parsed["Role"]["Arn"]
    aws("iam", "attach-role-policy", "--role-name", name, "--policy-arn", MAY_LOG)
    statement = {"Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": statement})
    put = ("iam", "put-role-policy", "--role-name", name, "--policy-name", "rides")
    aws(*put, "--policy-document", document)
    aws(
        *("dynamodb", "create-table", "--table-name", name, "--billing-mode", "PAY_PER_REQUEST"),
        *("--key-schema", key[0], "--attribute-definitions", key[1]),
    )
    made = aws(
        *("lambda", "create-function", "--function-name", name, "--role", role),
        *("--runtime", "python3.13", "--handler", "request_unicorn.handler", "--timeout", "20"),
        *("--zip-file", f"fileb://{package}", "--tags", "Project=WildRydes"),
        *("--environment", f"Variables={{RIDES_TABLE={name}}}"),
    ).parsed
    assert made["State"] == "Pending"
    deployed = Session(aws, name, package)
    deployed.wait("function-active-v2")
    yield deployed
    aws("lambda", "delete-function", "--function-name", name)
    aws("logs", "delete-log-group", "--log-group-name", f"/aws/lambda/{name}")
    aws("dynamodb", "delete-table", "--table-name", name)
    aws("iam", "delete-role-policy", "--role-name", name, "--policy-name", "rides")
    aws("iam", "detach-role-policy", "--role-name", name, "--policy-arn", MAY_LOG)
    aws("iam", "delete-role", "--role-name", name)


def test_a_ride_is_answered_recorded_logged_and_counted(session: Session) -> None:
    # Given a function, its table and its log
    aws, name = session.aws, session.function

    # When a rider asks for a unicorn
    invoked = session.ride().parsed

    # Then the command has the status, the version and the log's end, and the file has the answer
    assert (invoked["StatusCode"], invoked["ExecutedVersion"]) == (200, "$LATEST")
    assert "FunctionError" not in invoked
    assert "REPORT RequestId: " in base64.b64decode(invoked["LogResult"]).decode()
    answer = json.loads((aws.home / "answer.json").read_text())
    ride = json.loads(answer["body"])
    assert answer["statusCode"] == 201

    # And the ride is in the table, the log has lines of it, and the metrics count it
    items = aws("dynamodb", "scan", "--table-name", name).parsed["Items"]
    assert ride["RideId"] in {item["RideId"]["S"] for item in items}
    reports = aws(
        *("logs", "filter-log-events", "--log-group-name", f"/aws/lambda/{name}"),
        *("--filter-pattern", "REPORT", "--query", "events[].message"),
    ).parsed
    assert reports
    assert all(message.startswith("REPORT") for message in reports)
    now = datetime.now(UTC)
    counted = aws(
        *("cloudwatch", "get-metric-statistics", "--namespace", "AWS/Lambda"),
        *("--metric-name", "Invocations", "--dimensions", f"Name=FunctionName,Value={name}"),
        *("--start-time", f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"),
        *("--end-time", f"{now + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"),
        *("--period", "7200", "--statistics", "Sum"),
    ).parsed
    assert sum(point["Sum"] for point in counted["Datapoints"]) >= 1


def test_new_code_is_uploaded_published_and_given_half_of_an_alias(session: Session) -> None:
    # Given new code, and two versions
    zip_file = f"fileb://{session.package}"
    updated = session.of_lambda("update-function-code", "--zip-file", zip_file).parsed
    assert updated["LastUpdateStatus"] == "InProgress"
    session.wait("function-updated-v2")
    first, second = session.publish("first"), session.publish("second")

    # When an alias is made of both
    weights = json.dumps({"AdditionalVersionWeights": {second: 0.5}})
    name = f"live{first}"
    session.of_lambda(
        *("create-alias", "--name", name, "--function-version", first),
        *("--routing-config", weights),
    )

    # Then it has both, and calls of it run one of them
    alias = session.of_lambda("get-alias", "--name", name).parsed
    assert alias["RoutingConfig"] == {"AdditionalVersionWeights": {second: 0.5}}
    ran = session.of_lambda("invoke", "--qualifier", name, "answer.json").parsed
    assert ran["ExecutedVersion"] in (first, second)
    assert ran["StatusCode"] == 200


def test_a_permission_is_added_and_read(session: Session) -> None:
    # Given a function
    # When a service is let in
    session.of_lambda(
        *("add-permission", "--statement-id", "topic", "--action", "lambda:InvokeFunction"),
        *("--principal", "sns.amazonaws.com"),
    )

    # Then the policy says so
    policy = json.loads(session.of_lambda("get-policy").parsed["Policy"])
    assert policy["Statement"] == [
        {
            "Sid": "topic",
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "lambda:InvokeFunction",
            "Resource": ARN + session.function,
        }
    ]


def test_settings_are_put_and_read(session: Session) -> None:
    # Given a function that was made with a tag
    # When retries and concurrency are configured
    put = session.of_lambda(
        "put-function-event-invoke-config", "--maximum-retry-attempts", "1"
    ).parsed
    session.of_lambda("put-function-concurrency", "--reserved-concurrent-executions", "5")

    # Then they are read back, and so are the tag and the function in the list
    assert put["FunctionArn"] == f"{ARN}{session.function}:$LATEST"
    assert put["MaximumRetryAttempts"] == 1
    reserved = session.of_lambda("get-function-concurrency").parsed
    assert reserved == {"ReservedConcurrentExecutions": 5}
    tags = session.aws("lambda", "list-tags", "--resource", ARN + session.function)
    assert tags.parsed == {"Tags": {"Project": "WildRydes"}}
    listed = session.aws(
        "lambda", "list-functions", "--query", "Functions[].FunctionName", "--output", "text"
    )
    assert session.function in listed.out.split()


def test_who_calls_and_what_the_role_may_do(session: Session) -> None:
    # Given the credentials of a local run, and the function's role
    aws = session.aws
    role = f"arn:aws:iam::123456789012:role/{session.function}"

    # When both are asked about
    caller = aws("sts", "get-caller-identity").parsed
    simulated = aws(
        *("iam", "simulate-principal-policy", "--policy-source-arn", role),
        *("--action-names", "dynamodb:PutItem", "dynamodb:DeleteTable"),
    ).parsed

    # Then the account is the local AWS's, and the role may do what its policy says
    assert caller["Account"] == "123456789012"
    decisions = {
        result["EvalActionName"]: result["EvalDecision"]
        for result in simulated["EvaluationResults"]
    }
    assert decisions == {"dynamodb:PutItem": "allowed", "dynamodb:DeleteTable": "implicitDeny"}


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (
            ("get-function", "--function-name", "nobody"),
            REFUSED,
            "(ResourceNotFoundException) when calling the GetFunction operation: "
            f"Function not found: {ARN}nobody",
        ),
        (
            ("get-function", "--function-name", "my function"),
            REFUSED,
            "(ValidationException) when calling the GetFunction operation: 1 validation error",
        ),
        (
            ("list-capacity-providers",),
            REFUSED,
            "(UnknownOperationException) when calling the ListCapacityProviders operation: "
            "The local AWS does not offer lambda:ListCapacityProviders.",
        ),
        (("get-function",), NOT_PARSED, "the following arguments are required: --function-name"),
    ],
)
def test_a_command_that_fails_has_awss_words_and_the_clis_status(
    session: Session, arguments: tuple[str, ...], status: int, words: str
) -> None:
    # Given the AWS CLI
    # When a command cannot be done
    done = session.aws("lambda", *arguments)

    # Then it fails at once, as on AWS
    assert done.status == status
    assert words in done.err
