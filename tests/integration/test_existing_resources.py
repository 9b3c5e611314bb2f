"""import.tf.example takes over resources made by hand, by the steps of the tutorial."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.calling.invocation import call, connect
from scripts.deployment_package.build import build
from scripts.project.paths import ROOT, TUTORIAL_EVENT
from scripts.terraform.local_stack import LocalStack, StackError
from tests.integration.deployed import MAY_LOG, TRUST_LAMBDA, Client, everything, zipped

IMPORTS = ROOT / "import.tf.example"


@pytest.fixture
def tutorial(isolated: None, client: Client) -> str:
    """Make the tutorial's table, role, function and log group as the console does; return the table's ARN."""
    table = client("dynamodb").create_table(
        TableName="Rides",
        AttributeDefinitions=[{"AttributeName": "RideId", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "RideId", "KeyType": "HASH"}],
        ProvisionedThroughput={"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
    )
    arn: str = table["TableDescription"]["TableArn"]
    role = client("iam").create_role(
        RoleName="WildRydesLambda",
        AssumeRolePolicyDocument=json.dumps(TRUST_LAMBDA),
        Description="Allows Lambda functions to call AWS services on your behalf.",
    )
    client("iam").attach_role_policy(RoleName="WildRydesLambda", PolicyArn=MAY_LOG)
    may_write = {
        "Sid": "VisualEditor0",
        "Effect": "Allow",
        "Action": "dynamodb:PutItem",
        "Resource": arn,
    }
    client("iam").put_role_policy(
        RoleName="WildRydesLambda",
        PolicyName="DynamoDBWriteAccess",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [may_write]}),
    )
    client("lambda").create_function(
        FunctionName="RequestUnicorn",
        Runtime="python3.12",  # the tutorial's is nodejs, which the local AWS does not run
        Role=role["Role"]["Arn"],
        Handler="lambda_function.lambda_handler",
        Code={"ZipFile": zipped("lambda_function.py", "lambda_handler = print")},
    )
    client("logs").create_log_group(logGroupName="/aws/lambda/RequestUnicorn")
    return arn


@pytest.fixture
def stack(tutorial: str, tmp_path: Path) -> Iterator[LocalStack]:
    """Yield a working folder for the configuration, beside what was made by hand."""
    build()
    stack = LocalStack(tmp_path / "stack")
    stack.init()
    yield stack
    stack.destroy()


def test_the_tutorials_resources_are_taken_over_and_a_second_plan_is_empty(
    stack: LocalStack, tutorial: str, client: Client
) -> None:
    # Given the tutorial's resources with a ride in the table, so that a plain apply fails
    ride = {"RideId": {"S": "by-hand"}}
    client("dynamodb").put_item(TableName="Rides", Item=ride)
    with pytest.raises(StackError, match="already exists"):
        stack.apply()

    # When it is applied with the file of imports, which is then deleted
    imports = stack.folder / "import.tf"
    imports.write_text(IMPORTS.read_text())
    stack.apply()
    assert stack.plan_is_empty()
    imports.unlink()

    # Then a plan without it is empty, and the ride is still in the same table
    assert stack.plan_is_empty()
    assert stack.outputs()["table_arn"] == tutorial
    assert client("dynamodb").scan(TableName="Rides")["Items"] == [ride]

    # And the function is this one, with the role's own policies
    client("iam").detach_role_policy(RoleName="WildRydesLambda", PolicyArn=MAY_LOG)
    assert call("RequestUnicorn", TUTORIAL_EVENT.read_text(), *connect()).status == 201

    # And destroying leaves nothing
    stack.destroy()
    assert not any(everything(client).values())


def test_a_policy_attached_by_hand_does_not_stop_a_destroy(
    stack: LocalStack, client: Client
) -> None:
    # Given resources that were taken over, with a managed policy on the role
    (stack.folder / "import.tf").write_text(IMPORTS.read_text())
    stack.apply()

    # When they are destroyed
    stack.destroy()

    # Then nothing is left
    assert not any(everything(client).values())
