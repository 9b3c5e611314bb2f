"""Reserved and provisioned concurrency."""

from typing import Any

from tests.integration.fidelity.case import ARN, CONFLICT, INVALID, MISSING, Case, guide, refusal
from tests.integration.fidelity.lab import Lab, status

UNPUBLISHED = f"400 {INVALID}: Provisioned Concurrency Configs cannot be applied to unpublished function versions."
NOT_A_VERSION = (
    f"400 {INVALID}: The function resource provided must be an alias or a published version."
)
NONE = (
    "404 ProvisionedConcurrencyConfigNotFoundException: "
    "No Provisioned Concurrency Config found for this function"
)


def provision(lab: Lab, name: str, qualifier: str) -> dict[str, object]:
    return lab.call(
        "put_provisioned_concurrency_config",
        FunctionName=name,
        Qualifier=qualifier,
        ProvisionedConcurrentExecutions=1,
    )


def with_alias(lab: Lab) -> str:
    name = lab.versions("first")
    lab.call("create_alias", FunctionName=name, Name="live", FunctionVersion="1")
    return name


def reserved(lab: Lab) -> object:
    name = lab.function()
    lab.call("put_function_concurrency", FunctionName=name, ReservedConcurrentExecutions=7)
    read = lab.call("get_function_concurrency", FunctionName=name)["ReservedConcurrentExecutions"]
    return [read, lab.call("get_function", FunctionName=name)["Concurrency"]]


def unreserved(lab: Lab) -> object:
    name = lab.function()
    lab.call("put_function_concurrency", FunctionName=name, ReservedConcurrentExecutions=7)
    answered = status(lab.call("delete_function_concurrency", FunctionName=name))
    read = lab.call("get_function_concurrency", FunctionName=name)
    return [answered, "ReservedConcurrentExecutions" in read]


def provisioned(lab: Lab) -> object:
    answered = provision(lab, lab.versions("first"), "1")
    kept = ("Status", "RequestedProvisionedConcurrentExecutions")
    return [status(answered), *(answered[name] for name in kept)]


def ready(lab: Lab) -> object:
    name = lab.versions("first")
    provision(lab, name, "1")

    def read() -> object:
        config = lab.call("get_provisioned_concurrency_config", FunctionName=name, Qualifier="1")
        return config if config["Status"] == "READY" else None

    config = lab.eventually(read)
    return [
        config["AllocatedProvisionedConcurrentExecutions"],
        config["AvailableProvisionedConcurrentExecutions"],
    ]


def listed(lab: Lab) -> object:
    name = with_alias(lab)
    provision(lab, name, "live")
    configs = lab.call("list_provisioned_concurrency_configs", FunctionName=name)
    return [config["FunctionArn"] for config in configs["ProvisionedConcurrencyConfigs"]]


def deleted(lab: Lab) -> object:
    name = lab.versions("first")
    provision(lab, name, "1")
    given = {"FunctionName": name, "Qualifier": "1"}
    answered = status(lab.call("delete_provisioned_concurrency_config", **given))
    return [answered, lab.refusal("get_provisioned_concurrency_config", **given)]


def both_provisioned(first: str, second: str) -> Any:
    """Return what provisions an alias and the version behind it, in an order."""

    def ask(lab: Lab) -> object:
        name = with_alias(lab)
        provision(lab, name, first)
        return lab.refusal(
            "put_provisioned_concurrency_config",
            FunctionName=name,
            Qualifier=second,
            ProvisionedConcurrentExecutions=1,
        )

    return ask


def more_than_reserved(lab: Lab) -> object:
    name = lab.versions("first")
    lab.call("put_function_concurrency", FunctionName=name, ReservedConcurrentExecutions=1)
    return lab.refusal(
        "put_provisioned_concurrency_config",
        FunctionName=name,
        Qualifier="1",
        ProvisionedConcurrentExecutions=5,
    )


def initialization_type(lab: Lab) -> object:
    code = ("import os", "def handler(event, context):")
    name = lab.function(*code, "    return os.environ['AWS_LAMBDA_INITIALIZATION_TYPE']")
    return lab.invoke(name)["Payload"]


CASES = (
    Case(
        "Reserved concurrency is read back, also by GetFunction",
        "put_function_concurrency(7)",
        [7, {"ReservedConcurrentExecutions": 7}],
        reserved,
    ),
    Case(
        "Reserved concurrency is deleted with 204",
        "delete_function_concurrency",
        [204, False],
        unreserved,
    ),
    refusal(
        "100 of the account's concurrency cannot be reserved",
        f"400 {INVALID}: Specified ReservedConcurrentExecutions for function decreases account's "
        "UnreservedConcurrentExecution below its minimum value of [100].",
        "put_function_concurrency",
        ReservedConcurrentExecutions=100000,
    ),
    refusal(
        "A version reserves nothing",
        f"400 {INVALID}: This operation is permitted on Lambda functions only. Aliases and versions do not "
        "support this operation. Please specify either a function name or an unqualified function ARN.",
        "put_function_concurrency",
        FunctionName=f"{ARN}NAME:1",
        ReservedConcurrentExecutions=1,
    ),
    Case(
        "Provisioning is accepted with 202, and in progress",
        "put_provisioned_concurrency_config(1)",
        [202, "IN_PROGRESS", 1],
        provisioned,
    ),
    Case(
        "Provisioned concurrency becomes ready",
        "get_provisioned_concurrency_config until it is",
        [1, 1],
        ready,
    ),
    Case(
        "The list has an alias's ARN",
        "list_provisioned_concurrency_configs",
        [f"{ARN}NAME:live"],
        listed,
    ),
    Case(
        "Provisioned concurrency is deleted with 204",
        "delete_provisioned_concurrency_config",
        [204, NONE],
        deleted,
    ),
    Case(
        "The version behind a provisioned alias is not provisioned",
        "put_provisioned_concurrency_config of both",
        f"409 {CONFLICT}: Version is pointed by a Provisioned Concurrency alias",
        both_provisioned("live", "1"),
    ),
    Case(
        "An alias of a provisioned version is not provisioned",
        "put_provisioned_concurrency_config of both",
        f"409 {CONFLICT}: Alias can't be used for Provisioned Concurrency configuration on an already "
        "Provisioned version",
        both_provisioned("1", "live"),
    ),
    Case(
        "No more is provisioned than is reserved",
        "put_function_concurrency(1), put_provisioned_concurrency_config(5)",
        f"400 {INVALID}: Requested Provisioned Concurrency should not be greater than the "
        "reservedConcurrentExecution for function",
        more_than_reserved,
    ),
    refusal(
        "$LATEST is not provisioned",
        UNPUBLISHED,
        "put_provisioned_concurrency_config",
        Qualifier="$LATEST",
        ProvisionedConcurrentExecutions=1,
    ),
    refusal(
        "Provisioned concurrency is at least 1",
        "400 ValidationException: 1 validation error detected: Value '0' at "
        "'provisionedConcurrentExecutions' failed to satisfy constraint: "
        "Member must have value greater than or equal to 1",
        "put_provisioned_concurrency_config",
        Qualifier="1",
        ProvisionedConcurrentExecutions=0,
    ),
    refusal(
        "An unknown version is not provisioned",
        f"404 {MISSING}: Function not found: {ARN}NAME:99",
        "put_provisioned_concurrency_config",
        Qualifier="99",
        ProvisionedConcurrentExecutions=1,
    ),
    refusal(
        "An unknown alias is not provisioned",
        f"404 {MISSING}: Cannot find alias arn: {ARN}NAME:none",
        "put_provisioned_concurrency_config",
        Qualifier="none",
        ProvisionedConcurrentExecutions=1,
    ),
    refusal(
        "A version without a config says so",
        NONE,
        "get_provisioned_concurrency_config",
        Qualifier="1",
    ),
    refusal(
        "$LATEST has no config to read",
        NOT_A_VERSION,
        "get_provisioned_concurrency_config",
        Qualifier="$LATEST",
    ),
    Case(
        "A function sees how it was initialised",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "on-demand",
        initialization_type,
        guide("Defined runtime environment variables"),
    ),
)
