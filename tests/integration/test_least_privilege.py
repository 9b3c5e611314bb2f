"""The role that Terraform makes has every permission the function needs, and no other."""

import contextlib
import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

from scripts.deployment_package.build import build
from scripts.project.paths import TUTORIAL_EVENT
from scripts.terraform.local_stack import LocalStack
from tests.integration.deployed import Client
from tests.integration.local_runs import entered

# Other names than the defaults, which other tests apply to the same local AWS.
NAMES = {
    "function_name": "LeastPrivilege",
    "role_name": "LeastPrivilege",
    "table_name": "LeastPrivilege",
}
ANOTHER_TABLE = "Another"
ANOTHER_GROUP = "/aws/lambda/Another"


@dataclass(frozen=True)
class Outcome:
    """The result of one ride: its status, and whether it was recorded and logged."""

    status: int
    recorded: bool
    logged: bool


@dataclass(frozen=True)
class Deployment:
    """The applied stack, with the deployer's credentials."""

    outputs: dict[str, str]
    client: Client

    def ride(self) -> Outcome:
        """Empty the table and the log group, and request a ride."""
        self._empty()
        answer = self.client("lambda").invoke(
            FunctionName=self.outputs["function_name"], Payload=TUTORIAL_EVENT.read_text()
        )
        rides = self.client("dynamodb").scan(TableName=self.outputs["table_name"])["Items"]
        lines = self.client("logs").filter_log_events(logGroupName=self.outputs["log_group_name"])
        return Outcome(
            status=json.loads(answer["Payload"].read())["statusCode"],
            recorded=len(rides) == 1,
            logged=len(lines["events"]) > 0,
        )

    def policies(self) -> dict[str, Any]:
        """Return the role's inline policies by name; it has no others."""
        iam, role = self.client("iam"), self.outputs["role_name"]
        assert iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []
        return {
            name: iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
            for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
        }

    @contextlib.contextmanager
    def without(self, element: str, value: str) -> Iterator[None]:
        """Remove an action or a resource from the role's policies inside a `with` block."""
        before = self.policies()
        for name, document in before.items():
            self._put_policy(name, policy_without(document, element, value))
        try:
            yield
        finally:
            for name, document in before.items():
                self._put_policy(name, document)

    def _put_policy(self, name: str, document: dict[str, Any]) -> None:
        policy = {"RoleName": self.outputs["role_name"], "PolicyName": name}
        if document["Statement"]:
            self.client("iam").put_role_policy(**policy, PolicyDocument=json.dumps(document))
        else:
            self.client("iam").delete_role_policy(**policy)

    def _empty(self) -> None:
        table, group = self.outputs["table_name"], self.outputs["log_group_name"]
        dynamodb, logs = self.client("dynamodb"), self.client("logs")
        for ride in dynamodb.scan(TableName=table)["Items"]:
            dynamodb.delete_item(TableName=table, Key={"RideId": ride["RideId"]})
        for stream in logs.describe_log_streams(logGroupName=group)["logStreams"]:
            logs.delete_log_stream(logGroupName=group, logStreamName=stream["logStreamName"])


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def policy_without(document: dict[str, Any], element: str, value: str) -> dict[str, Any]:
    """Return the policy without the value, and without statements that have no other value."""
    changed = copy.deepcopy(document)
    for statement in changed["Statement"]:
        statement[element] = [kept for kept in listed(statement[element]) if kept != value]
    changed["Statement"] = [each for each in changed["Statement"] if each[element]]
    return changed


@pytest.fixture(scope="module")
def deployment(
    local_run: Mapping[str, str], client: Client, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    """Apply the repository's Terraform once, and destroy it afterwards."""
    with entered(local_run):
        build()
        stack = LocalStack(tmp_path_factory.mktemp("least-privilege") / "stack")
        stack.init()
        stack.apply(**NAMES)
        yield Deployment(stack.outputs(), client)
        stack.destroy(**NAMES)


TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/LeastPrivilege"
STREAMS = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/LeastPrivilege:*"
KEPT = Outcome(status=201, recorded=True, logged=True)
NOT_RECORDED = Outcome(status=500, recorded=False, logged=True)
NOT_LOGGED = Outcome(status=201, recorded=True, logged=False)
BROKEN_WITHOUT = {
    ("Action", "dynamodb:PutItem"): NOT_RECORDED,
    ("Action", "logs:CreateLogStream"): NOT_LOGGED,
    ("Action", "logs:PutLogEvents"): NOT_LOGGED,
    ("Resource", TABLE): NOT_RECORDED,
    ("Resource", STREAMS): NOT_LOGGED,
}


def test_the_next_test_covers_every_action_and_resource_of_the_role(deployment: Deployment) -> None:
    # Given the role's policies
    statements = [
        statement
        for document in deployment.policies().values()
        for statement in document["Statement"]
    ]

    # When all actions and resources are collected
    named = {
        (element, value)
        for statement in statements
        for element in ("Action", "Resource")
        for value in listed(statement[element])
    }

    # Then the next test removes each, and every statement is a plain allow
    assert named == set(BROKEN_WITHOUT)
    assert [set(statement) for statement in statements] == [
        {"Effect", "Action", "Resource"} for _ in statements
    ]


@pytest.mark.parametrize(("element", "value"), BROKEN_WITHOUT)
def test_no_permission_can_be_removed(deployment: Deployment, element: str, value: str) -> None:
    # Given a role that lacks one action or one resource
    with deployment.without(element, value):
        # When a rider asks for a unicorn
        broken = deployment.ride()

    # Then something fails, which works again once the policy is restored
    assert broken == BROKEN_WITHOUT[element, value]
    assert deployment.ride() == KEPT


@pytest.fixture
def function_client(deployment: Deployment, endpoint: str) -> Client:
    """Return a maker of clients with the function's role, which send parameters without checking them."""
    given = deployment.client("sts").assume_role(
        RoleArn=deployment.outputs["role_arn"], RoleSessionName="LeastPrivilege"
    )["Credentials"]
    session = boto3.Session(
        given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], "us-east-1"
    )
    config = Config(
        parameter_validation=False, inject_host_prefix=False, retries={"total_max_attempts": 1}
    )
    return lambda service: session.client(service, endpoint_url=endpoint, config=config)  # type: ignore[call-overload] # any service


def answer_code(client: Any, operation: str, parameters: dict[str, Any]) -> str:
    """Return the error code of a call, or "" if it succeeds."""
    try:
        getattr(client, xform_name(operation))(**parameters)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return ""


@pytest.mark.parametrize(
    ("service", "allowed"),
    [("dynamodb", {"PutItem"}), ("logs", {"CreateLogStream", "PutLogEvents"})],
)
def test_every_other_operation_on_its_own_table_and_log_group_is_denied(
    deployment: Deployment, function_client: Client, service: str, allowed: set[str]
) -> None:
    # Given the function's credentials, and the parameters that may name its table and log group
    table, group = deployment.outputs["table_name"], deployment.outputs["log_group_name"]
    own = {
        "TableName": table,
        "TargetTableName": table,
        "ResourceArn": TABLE,
        "TableArn": TABLE,
        "RequestItems": {table: {}},
        "logGroupName": group,
        "logStreamName": "its-own",
        "logGroupIdentifier": group,
        "logGroupNames": [group],
        "logGroupIdentifiers": [group],
        "resourceArn": STREAMS,
    }
    client = function_client(service)
    model = client.meta.service_model

    # When every operation of the service is called
    codes = {}
    for operation in model.operation_names:
        shape = model.operation_model(operation).input_shape
        members = shape.members if shape else {}
        parameters = {name: value for name, value in own.items() if name in members}
        codes[operation] = answer_code(client, operation, parameters)

    # Then all but the role's are denied
    not_refused = {name for name, code in codes.items() if code != "AccessDeniedException"}
    assert not_refused == allowed
    assert len(codes) > 50


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("dynamodb", "PutItem", {"TableName": ANOTHER_TABLE, "Item": {"RideId": {"S": "1"}}}),
        ("dynamodb", "PutItem", {"TableName": f"{TABLE}Archive", "Item": {"RideId": {"S": "1"}}}),
        ("logs", "CreateLogStream", {"logGroupName": ANOTHER_GROUP, "logStreamName": "s"}),
        (
            "logs",
            "PutLogEvents",
            {"logGroupName": ANOTHER_GROUP, "logStreamName": "s", "logEvents": []},
        ),
        (
            "dynamodb",
            "TransactWriteItems",
            {"TransactItems": [{"Put": {"TableName": TABLE}}, {"Delete": {"TableName": TABLE}}]},
        ),
    ],
)
def test_its_own_operations_on_other_resources_are_denied(
    function_client: Client, service: str, operation: str, parameters: dict[str, Any]
) -> None:
    # Given the function's credentials
    client = function_client(service)

    # When they are used for the role's operations on another resource, or combined with others
    code = answer_code(client, operation, parameters)

    # Then it is denied
    assert code == "AccessDeniedException"
