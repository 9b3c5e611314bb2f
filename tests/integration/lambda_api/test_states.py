"""What is refused while a function is being made or updated, after "Lambda function states"."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.deployed import Client, zipped
from tests.integration.lambda_api.conftest import Prepared, make, unmake

NEW_CODE = "def handler(event, context):\n    return 'new'\n"
CANNOT = "The operation cannot be performed at this time. "


def conflict(operation: Callable[..., Any], **parameters: Any) -> str:
    """Return the message of the 409 that an operation is answered with."""
    with pytest.raises(ClientError) as refusal:
        operation(**parameters)
    response = refusal.value.response
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 409
    assert response["Error"]["Code"] == "ResourceConflictException"
    return response["Error"]["Message"]


def test_a_pending_function_is_neither_invoked_nor_updated_nor_published(client: Client) -> None:
    # Given a function that is being made
    other = make(client)
    service, name = other.service, f"{other.name}-2"
    service.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=other.role,
        Handler="probe.handler",
        Code={"ZipFile": zipped("probe.py")},
    )

    # When it is used at once
    messages = {
        conflict(service.invoke, FunctionName=name),
        conflict(service.invoke, FunctionName=name, InvocationType="Event"),
        conflict(service.publish_version, FunctionName=name),
        conflict(service.update_function_configuration, FunctionName=name, Timeout=5),
    }

    # Then each is a conflict that names the state, and the function can be read
    assert messages == {f"{CANNOT}The function is currently in the following state: Pending"}
    assert service.get_function(FunctionName=name)["Configuration"]["State"] == "Pending"
    service.delete_function(FunctionName=name)
    unmake(client, other)


def test_during_an_update_requests_run_the_old_code_and_nothing_is_published(
    function: Prepared,
) -> None:
    # Given a function whose code is being updated
    service, name = function.service, function.name
    service.update_function_code(FunctionName=name, ZipFile=zipped("probe.py", NEW_CODE))

    # When it is published, invoked, and invoked again afterwards
    message = conflict(service.publish_version, FunctionName=name)
    during = service.invoke(FunctionName=name)["Payload"].read()
    after = function.ready().service.invoke(FunctionName=name)["Payload"].read()

    # Then publishing is a conflict, and the new code runs only afterwards
    assert message == f"{CANNOT}An update is in progress for resource: {function.arn}"
    assert b"pid" in during
    assert after == b'"new"'
