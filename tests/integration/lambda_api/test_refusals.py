"""What Lambda refuses, with the code and the words that AWS was recorded to answer."""

import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.deployed import zipped
from tests.integration.lambda_api.conftest import PREFIX, Prepared

VALIDATION = "ValidationException"
INVALID = "InvalidParameterValueException"
MISSING = "ResourceNotFoundException"
MISMATCH = "The derived qualifier from the function name does not match the specified qualifier."
ELSEWHERE = "arn:aws:lambda:eu-west-1:123456789012:function:{name}"
UNREACHABLE = "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')"
OPERATIONS_ON_FUNCTIONS = (
    *("get_function", "get_function_configuration", "delete_function", "invoke"),
    *("get_function_event_invoke_config", "get_function_url_config", "get_policy"),
    *("get_function_code_signing_config", "get_function_concurrency", "list_aliases"),
    *("list_versions_by_function", "publish_version", "update_function_configuration"),
)


def violation(value: str, name: str, constraint: str) -> str:
    return (
        f"1 validation error detected: Value '{value}' at '{name}' failed to satisfy constraint: "
        f"{constraint}"
    )


def refusal(function: Prepared, operation: str, **parameters: Any) -> dict[str, Any]:
    """Return the response to a call that is refused; `{name}` in a parameter is the function's name."""
    filled = {
        key: value.replace("{name}", function.name) if isinstance(value, str) else value
        for key, value in parameters.items()
    }
    with pytest.raises(ClientError) as refused:
        getattr(function.service, operation)(**{"FunctionName": function.name, **filled})
    return dict(refused.value.response)


def check(response: dict[str, Any], status: int, code: str, message: str) -> None:
    assert response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert response["Error"]["Code"] == code
    assert message in (response["Error"]["Message"] or "")
    # Errors of the service model have a Type, and a 404 its message as Message too.
    assert response.get("Type") == (
        None if code in (VALIDATION, "AccessDeniedException") else "User"
    )
    if code == MISSING:
        assert response["Message"] == response["Error"]["Message"]
    assert re.fullmatch(r"[0-9a-f-]{36}", response["ResponseMetadata"]["RequestId"])


@pytest.mark.parametrize("operation", OPERATIONS_ON_FUNCTIONS)
@pytest.mark.parametrize(
    "name", ["my-function!", "my function", "a:b:c:d", "arn:aws:lambda:us-east-1:12:function:x"]
)
def test_what_cannot_be_a_name_is_refused(prepared: Prepared, operation: str, name: str) -> None:
    # Given a function
    # When another is asked for by what is no name
    response = refusal(prepared, operation, FunctionName=name)

    # Then the error shows the pattern of names
    pattern = "Member must satisfy regular expression pattern: "
    check(response, 400, VALIDATION, violation(name, "functionName", pattern))


@pytest.mark.parametrize("operation", OPERATIONS_ON_FUNCTIONS)
def test_a_name_that_is_too_long_is_refused(prepared: Prepared, operation: str) -> None:
    # Given a function
    # When another is asked for by a name of 300 letters
    response = refusal(prepared, operation, FunctionName="f" * 300)

    # Then the error has the length of names
    check(response, 400, VALIDATION, "Member must have length less than or equal to ")


@pytest.mark.parametrize("operation", OPERATIONS_ON_FUNCTIONS)
def test_a_function_of_another_region_is_not_reachable(prepared: Prepared, operation: str) -> None:
    # Given a function
    # When one of its name is asked for in another region
    response = refusal(prepared, operation, FunctionName=ELSEWHERE)

    # Then it is not this one
    check(response, 404, MISSING, UNREACHABLE)


@pytest.mark.parametrize(
    "operation",
    [
        *("get_function", "get_function_configuration", "delete_function", "invoke", "get_policy"),
        "get_function_event_invoke_config",
    ],
)
def test_two_qualifiers_must_be_the_same(prepared: Prepared, operation: str) -> None:
    # Given a function
    # When a call names two of its versions
    response = refusal(prepared, operation, FunctionName="{name}:1", Qualifier="$LATEST")

    # Then it is refused
    check(response, 400, INVALID, MISMATCH)


@pytest.mark.parametrize("operation", ["get_function", "invoke", "delete_function", "get_policy"])
@pytest.mark.parametrize("qualifier", ["invalid!", "a b", "q" * 129])
def test_what_cannot_be_a_qualifier_is_refused(
    prepared: Prepared, operation: str, qualifier: str
) -> None:
    # Given a function
    # When a version of it is asked for by what is no qualifier
    response = refusal(prepared, operation, Qualifier=qualifier)

    # Then that is refused
    check(response, 400, VALIDATION, f"Value '{qualifier}' at 'qualifier' failed to satisfy")


LAYER = "arn:aws:lambda:us-east-1:123456789012:layer:none:1"


@pytest.mark.parametrize(
    ("operation", "parameters", "status", "code", "message"),
    [
        ("get_function", {"FunctionName": "no"}, 404, MISSING, f"Function not found: {PREFIX}no"),
        (
            "get_function",
            {"FunctionName": "no", "Qualifier": "$LATEST"},
            404,
            MISSING,
            f"Function not found: {PREFIX}no:$LATEST",
        ),
        (
            "get_function",
            {"Qualifier": "99"},
            404,
            MISSING,
            f"Function not found: {PREFIX}{{name}}:99",
        ),
        ("invoke", {"FunctionName": "no"}, 404, MISSING, f"Function not found: {PREFIX}no:$LATEST"),
        ("delete_function", {"FunctionName": "no"}, 404, MISSING, f"not found: {PREFIX}no"),
        (
            "delete_function",
            {"Qualifier": "$LATEST"},
            400,
            INVALID,
            "$LATEST version cannot be deleted without deleting the function.",
        ),
        (
            "update_function_code",
            {"RevisionId": "wrong", "ZipFile": b"x"},
            412,
            "PreconditionFailedException",
            "The Revision Id provided does not match the latest Revision Id. "
            "Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
        ),
        (
            "update_function_code",
            {"ZipFile": b"no zip"},
            400,
            INVALID,
            "Could not unzip uploaded file. Please check your file, then try to upload again.",
        ),
        (
            "update_function_code",
            {"S3Bucket": "nowhere", "S3Key": "k"},
            400,
            INVALID,
            "Error occurred while GetObject. S3 Error Code: NoSuchBucket.",
        ),
        (
            "update_function_configuration",
            {"MemorySize": 99999},
            400,
            VALIDATION,
            violation("99999", "memorySize", "Member must have value less than or equal to 32768"),
        ),
        (
            "update_function_configuration",
            {"MemorySize": 20000},
            400,
            INVALID,
            "'MemorySize' value failed to satisfy constraint",
        ),
        (
            "update_function_configuration",
            {"Timeout": 901},
            400,
            INVALID,
            "Member must have value less than or equal to 900",
        ),
        (
            "update_function_configuration",
            {"Environment": {"Variables": {"A": "x" * 5000}}},
            400,
            VALIDATION,
            "Value at 'environment.variables' failed to satisfy constraint: Map keys must satisfy",
        ),
        (
            "update_function_configuration",
            {"Environment": {"Variables": {"LONG": "x" * 5000}}},
            400,
            INVALID,
            "exceeded the 4KB limit. String measured: ",
        ),
        (
            "update_function_configuration",
            {"Environment": {"Variables": {"AWS_REGION": "mine"}}},
            400,
            INVALID,
            "Reserved keys used in this request: AWS_REGION",
        ),
        (
            "update_function_configuration",
            {"Runtime": "python2.7"},
            400,
            INVALID,
            "Value python2.7 at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [",
        ),
        (
            "update_function_configuration",
            {"Runtime": "python9"},
            400,
            INVALID,
            "or be a valid ARN",
        ),
        (
            "update_function_configuration",
            {"Layers": [LAYER]},
            400,
            INVALID,
            f"Layer version {LAYER} does not exist.",
        ),
        (
            "update_function_configuration",
            {"Role": "arn:aws:iam::123456789012:role/none"},
            400,
            INVALID,
            "The role defined for the function cannot be assumed by Lambda.",
        ),
        (
            "update_function_configuration",
            {"Role": "no-arn"},
            400,
            VALIDATION,
            violation("no-arn", "role", "Member must satisfy regular expression pattern: arn:"),
        ),
        (
            "update_function_configuration",
            {"SnapStart": {"ApplyOn": "Always"}},
            400,
            VALIDATION,
            violation(
                "Always",
                "snapStart.applyOn",
                "Member must satisfy enum value set: [PublishedVersions, None]",
            ),
        ),
        (
            "update_function_configuration",
            {"TracingConfig": {"Mode": "Active"}},
            400,
            INVALID,
            "The provided execution role does not have permissions to call PutTraceSegments on XRAY",
        ),
        (
            "publish_version",
            {"CodeSha256": "wrong"},
            400,
            INVALID,
            "CodeSHA256 (wrong) is different from current CodeSHA256 in $LATEST (",
        ),
        (
            "create_alias",
            {"Name": "2024", "FunctionVersion": "1"},
            400,
            VALIDATION,
            violation(
                "2024",
                "name",
                "Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)",
            ),
        ),
        (
            "create_alias",
            {"Name": "live", "FunctionVersion": "1"},
            409,
            "ResourceConflictException",
            f"Alias already exists: {PREFIX}{{name}}:live",
        ),
        (
            "create_alias",
            {"Name": "new", "FunctionVersion": "99"},
            404,
            MISSING,
            f"Function not found: {PREFIX}{{name}}:99",
        ),
        (
            "create_alias",
            {
                "Name": "new",
                "FunctionVersion": "1",
                "RoutingConfig": {"AdditionalVersionWeights": {"1": 0.5}},
            },
            400,
            INVALID,
            "Invalid function version 1. Function version 1 is already included in routing configuration.",
        ),
        (
            "create_alias",
            {
                "Name": "new",
                "FunctionVersion": "1",
                "RoutingConfig": {"AdditionalVersionWeights": {"2": 0.5, "3": 0.1}},
            },
            400,
            INVALID,
            "Number of items in AdditionalVersionWeights cannot be greater than 1",
        ),
        (
            "create_alias",
            {
                "Name": "new",
                "FunctionVersion": "1",
                "RoutingConfig": {"AdditionalVersionWeights": {"2": 2.0}},
            },
            400,
            VALIDATION,
            violation(
                "{2=2.0}",
                "routingConfig.additionalVersionWeights",
                "Map value must satisfy constraint: [Member must have value less than or equal to 1.0, "
                "Member must have value greater than or equal to 0.0, Member must not be null]",
            ),
        ),
        (
            "create_alias",
            {
                "Name": "new",
                "FunctionVersion": "1",
                "RoutingConfig": {"AdditionalVersionWeights": {"$LATEST": 0.5}},
            },
            400,
            VALIDATION,
            "Map keys must satisfy constraint: [Member must have length less than or equal to 1024",
        ),
        (
            "create_alias",
            {
                "Name": "new",
                "FunctionVersion": "$LATEST",
                "RoutingConfig": {"AdditionalVersionWeights": {"1": 0.5}},
            },
            400,
            INVALID,
            "$LATEST is not supported for an alias pointing to more than 1 version",
        ),
        (
            "create_alias",
            {
                "Name": "new",
                "FunctionVersion": "1",
                "RoutingConfig": {"AdditionalVersionWeights": {"99": 0.5}},
            },
            404,
            MISSING,
            f"Function not found: {PREFIX}{{name}}:99",
        ),
        (
            "get_alias",
            {"Name": "none"},
            404,
            MISSING,
            f"Cannot find alias arn: {PREFIX}{{name}}:none",
        ),
        (
            "update_alias",
            {"Name": "live", "RevisionId": "stale"},
            412,
            "PreconditionFailedException",
            "does not match the latest Revision Id",
        ),
        (
            "put_function_event_invoke_config",
            {},
            400,
            INVALID,
            "You must specify at least one of error handling or destination setting.",
        ),
        (
            "put_function_event_invoke_config",
            {"MaximumRetryAttempts": 3},
            400,
            VALIDATION,
            violation(
                "3", "maximumRetryAttempts", "Member must have value less than or equal to 2"
            ),
        ),
        (
            "put_function_event_invoke_config",
            {"Qualifier": "none", "MaximumRetryAttempts": 1},
            404,
            MISSING,
            "The function doesn't exist.",
        ),
        (
            "put_function_event_invoke_config",
            {"DestinationConfig": {"OnFailure": {"Destination": PREFIX + "{name}"}}},
            400,
            INVALID,
            "The destination ARN ",
        ),
        (
            "put_function_event_invoke_config",
            {
                "DestinationConfig": {
                    "OnSuccess": {"Destination": "arn:aws:iam::123456789012:role/x"}
                }
            },
            400,
            INVALID,
            "The provided destination config DestinationConfig(onSuccess=OnSuccess(destination="
            "arn:aws:iam::123456789012:role/x), onFailure=null) is invalid.",
        ),
        (
            "get_function_event_invoke_config",
            {},
            404,
            MISSING,
            f"The function {PREFIX}{{name}}:$LATEST doesn't have an EventInvokeConfig",
        ),
        (
            "update_function_event_invoke_config",
            {"MaximumRetryAttempts": 1, "Qualifier": "live"},
            404,
            MISSING,
            f"The function {PREFIX}{{name}}:live doesn't have an EventInvokeConfig",
        ),
        (
            "add_permission",
            {
                "StatementId": "s",
                "Action": "lambda:InvokeFunction",
                "Principal": "s3.amazonaws.com",
                "Qualifier": "$LATEST",
            },
            400,
            INVALID,
            "We currently do not support adding policies for $LATEST.",
        ),
        (
            "add_permission",
            {
                "StatementId": "s.x",
                "Action": "lambda:InvokeFunction",
                "Principal": "s3.amazonaws.com",
            },
            400,
            VALIDATION,
            violation(
                "s.x",
                "statementId",
                "Member must satisfy regular expression pattern: ([a-zA-Z0-9-_]+)",
            ),
        ),
        (
            "add_permission",
            {"StatementId": "s", "Action": "lambda:InvokeFunction", "Principal": "nobody"},
            400,
            INVALID,
            "The provided principal was invalid. Please check the principal and try again.",
        ),
        (
            "add_permission",
            {
                "StatementId": "s",
                "Action": "lambda:InvokeFunction",
                "Principal": "s3.amazonaws.com",
                "Qualifier": "none",
            },
            404,
            MISSING,
            f"Cannot find alias arn: {PREFIX}{{name}}:none",
        ),
        (
            "get_policy",
            {},
            404,
            MISSING,
            "The resource you requested does not exist.",
        ),
        (
            "remove_permission",
            {"StatementId": "s"},
            404,
            MISSING,
            "No policy is associated with the given resource.",
        ),
        (
            "put_function_concurrency",
            {"ReservedConcurrentExecutions": 100000},
            400,
            INVALID,
            "decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
        ),
        (
            "put_function_concurrency",
            {"FunctionName": PREFIX + "{name}:1", "ReservedConcurrentExecutions": 1},
            400,
            INVALID,
            "This operation is permitted on Lambda functions only.",
        ),
        (
            "put_function_concurrency",
            {"FunctionName": "no", "ReservedConcurrentExecutions": 1},
            404,
            MISSING,
            f"Function not found: {PREFIX}no:$LATEST",
        ),
        (
            "put_provisioned_concurrency_config",
            {"Qualifier": "$LATEST", "ProvisionedConcurrentExecutions": 1},
            400,
            INVALID,
            "Provisioned Concurrency Configs cannot be applied to unpublished function versions.",
        ),
        (
            "get_provisioned_concurrency_config",
            {"Qualifier": "1"},
            404,
            "ProvisionedConcurrencyConfigNotFoundException",
            "No Provisioned Concurrency Config found for this function",
        ),
        (
            "get_function_url_config",
            {},
            404,
            MISSING,
            "The resource you requested does not exist.",
        ),
        (
            "create_function_url_config",
            {"AuthType": "NONE", "Qualifier": "1"},
            400,
            VALIDATION,
            violation(
                "1",
                "qualifier",
                "Member must satisfy regular expression pattern: ((?!^\\d+$)^[0-9a-zA-Z-_]+$)",
            ),
        ),
        (
            "put_function_recursion_config",
            {"RecursiveLoop": "Sometimes"},
            400,
            VALIDATION,
            violation(
                "Sometimes",
                "recursiveLoop",
                "Member must satisfy enum value set: [Allow, Terminate]",
            ),
        ),
        (
            "invoke",
            {"InvocationType": "Later"},
            400,
            VALIDATION,
            violation(
                "Later",
                "invocationType",
                "Member must satisfy enum value set: [DryRun, RequestResponse, Event]",
            ),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and value.islower() else None,
)
def test_a_call_is_refused_in_awss_words(
    prepared: Prepared,
    operation: str,
    parameters: dict[str, Any],
    status: int,
    code: str,
    message: str,
) -> None:
    # Given a function with versions 1 and 2, and an alias
    # When a call asks for what Lambda refuses
    response = refusal(prepared, operation, **parameters)

    # Then it is refused so
    check(response, status, code, message.replace("{name}", prepared.name))


@pytest.mark.parametrize(
    ("changed", "code", "message"),
    [
        ({"FunctionName": "my-function!"}, VALIDATION, "Value 'my-function!' at 'functionName'"),
        (
            {"FunctionName": "f" * 65},
            INVALID,
            violation("f" * 65, "functionName", "Member must have length less than or equal to 64"),
        ),
        (
            {"FunctionName": "f" * 141},
            VALIDATION,
            "Member must have length less than or equal to 140",
        ),
        ({"FunctionName": PREFIX + "f:1"}, VALIDATION, f"Value '{PREFIX}f:1' at 'functionName'"),
        ({"FunctionName": "210987654321:function:f"}, "AccessDeniedException", ""),
        ({"Code": {"ZipFile": b""}}, INVALID, "Uploaded file must be a non-empty zip"),
        ({"Code": {"ZipFile": b"x"}}, INVALID, "Could not unzip uploaded file."),
        ({"Code": {}}, INVALID, "Please provide a source for function code."),
        ({"Runtime": "python3.7"}, INVALID, "Value python3.7 at 'runtime' failed to satisfy"),
        ({"Runtime": "nodejs22.x"}, INVALID, "The local AWS does not offer the runtime nodejs22.x"),
        ({"PackageType": "Image"}, INVALID, "does not offer functions of container images"),
        ({"Layers": [LAYER] * 6}, INVALID, "Cannot reference more than 5 layers."),
        ({"Architectures": ["mips"]}, VALIDATION, "Value '[mips]' at 'architectures' failed to"),
        (
            {"Architectures": ["x86_64", "arm64"]},
            VALIDATION,
            violation(
                "[x86_64, arm64]",
                "architectures",
                "Member must have length less than or equal to 1",
            ),
        ),
        ({"Role": "arn:aws:iam::123456789012:role/no"}, INVALID, "cannot be assumed by Lambda."),
        (
            {"Tags": {f"k{number}": "" for number in range(51)}},
            INVALID,
            "Number of tags exceeds resource tag limit.",
        ),
        (
            {"DeadLetterConfig": {"TargetArn": "arn:aws:sqs:us-east-1:123456789012:q"}},
            INVALID,
            "The provided execution role does not have permissions to call SendMessage on SQS",
        ),
    ],
)
def test_a_function_is_not_made(
    prepared: Prepared, changed: dict[str, Any], code: str, message: str
) -> None:
    # Given a role, and all that a function needs
    good = {
        "FunctionName": "not-made",
        "Runtime": "python3.13",
        "Role": prepared.role,
        "Handler": "probe.handler",
        "Code": {"ZipFile": zipped("probe.py")},
    }

    # When one parameter is what Lambda refuses
    response = refusal(prepared, "create_function", **{**good, **changed})

    # Then there is no function
    check(response, 403 if code == "AccessDeniedException" else 400, code, message)
    assert refusal(prepared, "get_function", FunctionName="not-made")


def test_a_function_is_not_made_twice(prepared: Prepared) -> None:
    # Given a function
    # When another of its name is made
    response = refusal(
        prepared,
        "create_function",
        Runtime="python3.13",
        Role=prepared.role,
        Handler="probe.handler",
        Code={"ZipFile": zipped("probe.py")},
    )

    # Then that is a conflict
    message = f"Function already exist: {prepared.name}"
    check(response, 409, "ResourceConflictException", message)


def test_tags_are_not_removed_without_keys(prepared: Prepared) -> None:
    # Given a function
    # When tags are to be removed, and no key is named
    with pytest.raises(ClientError) as refused:
        prepared.service.untag_resource(Resource=prepared.arn, TagKeys=[])

    # Then that is refused
    message = "Value null at 'tagKeys' failed to satisfy constraint: Member must not be null"
    check(dict(refused.value.response), 400, VALIDATION, message)
