"""CreateFunction and updates: states, and what answers hold."""

import time
from collections.abc import Callable

from botocore.exceptions import ClientError

from tests.integration.deployed import zipped
from tests.integration.fidelity.case import (
    ARN,
    CONFLICT,
    Case,
    Difference,
    answer,
    guide,
    report,
)
from tests.integration.fidelity.lab import Lab, refused, status

STATES = {"State", "StateReason", "StateReasonCode", "LastUpdateStatus", "RuntimeVersionConfig"}


def created(lab: Lab) -> object:
    made = lab.create(FunctionName=lab.name())
    return {name: made.get(name) for name in ("State", "StateReasonCode", "LastUpdateStatus")}


def settled(lab: Lab) -> object:
    read = lab.settled(lab.function())
    return [read["State"], read["LastUpdateStatus"], read.get("StateReasonCode")]


def updated(lab: Lab) -> object:
    name = lab.function()
    answered = lab.call("update_function_code", FunctionName=name, ZipFile=zipped("probe.py", "x"))
    return [answered["State"], answered["LastUpdateStatus"]]


def updated_twice(lab: Lab) -> object:
    name = lab.function()
    return soon_enough(
        lambda: lab.call("update_function_code", FunctionName=name, ZipFile=zipped("probe.py")),
        lambda: lab.refusal(
            "update_function_configuration", FunctionName=name, Description="again"
        ),
        lambda: lab.settled(name),
    )


def updated_while_pending(lab: Lab) -> object:
    names: list[str] = []
    return soon_enough(
        lambda: names.append(lab.create(FunctionName=lab.name())["FunctionName"]),
        lambda: lab.refusal(
            "update_function_configuration", FunctionName=names[-1], Description="early"
        ),
        lambda: None,
    )


def invoked_while_pending(lab: Lab) -> object:
    names: list[str] = []
    return soon_enough(
        lambda: names.append(lab.create(FunctionName=lab.name())["FunctionName"]),
        lambda: lab.refusal("invoke", FunctionName=names[-1]),
        lambda: None,
    )


def published_during_update(lab: Lab) -> object:
    name = lab.function()
    return soon_enough(
        lambda: lab.call("update_function_code", FunctionName=name, ZipFile=zipped("probe.py")),
        lambda: lab.refusal("publish_version", FunctionName=name),
        lambda: lab.settled(name),
    )


def soon_enough(
    begin: Callable[[], object], ask: Callable[[], str], wait: Callable[[], object]
) -> str:
    """Return what is answered right after a beginning; on a slow machine the next call may come too late for that."""
    for _ in range(20):
        begin()
        answered = ask()
        if not answered.startswith("20"):
            break
        wait()
    return answered


def listed(lab: Lab) -> object:
    functions = lab.call("list_functions")["Functions"]
    return sorted(STATES & {key for function in functions for key in function})


def keys(lab: Lab) -> object:
    read = lab.call("get_function", FunctionName=lab.function())
    return sorted(read["Configuration"])


def without_variables(lab: Lab) -> object:
    name = lab.function(Environment={"Variables": {"COLOUR": "white"}})
    before = lab.settled(name)["Environment"]
    return [before, "Environment" in lab.update(name, Environment={"Variables": {}})]


def twice(lab: Lab) -> object:
    name = lab.create(FunctionName=lab.name())["FunctionName"]
    try:
        lab.create(FunctionName=name)
    except ClientError as error:
        return refused(error)
    return "made twice"


def from_s3(lab: Lab) -> object:
    s3, bucket = lab.client("s3"), lab.name().lower()
    s3.create_bucket(Bucket=bucket)
    lab.afterwards(s3.delete_bucket, Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="code.zip", Body=zipped("probe.py"))
    lab.afterwards(s3.delete_object, Bucket=bucket, Key="code.zip")
    name = lab.name()
    made = lab.create(FunctionName=name, Code={"S3Bucket": bucket, "S3Key": "code.zip"})
    lab.settled(name)
    return [status(made), "pid" in lab.invoke(name)["Payload"]]


def by_arn(lab: Lab) -> object:
    name = lab.name()
    made = lab.create(FunctionName=ARN + name)
    return [made["FunctionName"], made["FunctionArn"]]


def by_part_of_arn(lab: Lab) -> object:
    name = lab.function()
    part = f"123456789012:function:{name}"
    read = lab.call("update_function_configuration", FunctionName=part, Description="by a part")
    return [read["FunctionName"], read["Description"]]


def gone(lab: Lab) -> object:
    name = lab.function()
    pid = lab.invoke(name)["Payload"]["pid"]
    deleted = status(lab.call("delete_function", FunctionName=name))
    again = lab.refusal("invoke", FunctionName=name)
    return [deleted, pid > 0, again]


def published_at_once(lab: Lab) -> object:
    made = lab.create(FunctionName=lab.name(), Publish=True)
    return [made["Version"], made["FunctionArn"]]


def dry_run(lab: Lab) -> object:
    before = lab.call("get_function")["Configuration"]["CodeSha256"]
    code = zipped("probe.py", "x = 1")
    preview = lab.call("update_function_code", ZipFile=code, DryRun=True)
    after = lab.call("get_function")["Configuration"]["CodeSha256"]
    return [preview["CodeSha256"] != before, after == before]


def pending_for(lab: Lab) -> object:
    began = time.monotonic()
    lab.settled(lab.create(FunctionName=lab.name())["FunctionName"])
    return "less than a second" if time.monotonic() - began < 1 else "longer"


CASES = (
    Case(
        "A new function is Pending, without an update status",
        "create_function",
        {"State": "Pending", "StateReasonCode": "Creating", "LastUpdateStatus": None},
        created,
    ),
    Case(
        "A Pending function becomes Active",
        "get_function_configuration until it has settled",
        ["Active", "Successful", None],
        settled,
    ),
    Case(
        "An update is InProgress",
        "update_function_code",
        ["Active", "InProgress"],
        updated,
    ),
    Case(
        "A second update at once is a conflict",
        "update_function_code, then update_function_configuration",
        f"409 {CONFLICT}: The operation cannot be performed at this time. "
        f"An update is in progress for resource: {ARN}NAME",
        updated_twice,
    ),
    Case(
        "An update of a Pending function is a conflict",
        "create_function, then update_function_configuration",
        f"409 {CONFLICT}: The operation cannot be performed at this time. "
        "The function is currently in the following state: Pending",
        updated_while_pending,
    ),
    Case(
        "A Pending function is not invoked",
        "create_function, then invoke",
        f"409 {CONFLICT}: The operation cannot be performed at this time. "
        "The function is currently in the following state: Pending",
        invoked_while_pending,
        guide("Lambda function states"),
    ),
    Case(
        "During an update nothing is published",
        "update_function_code, then publish_version",
        f"409 {CONFLICT}: The operation cannot be performed at this time. "
        f"An update is in progress for resource: {ARN}NAME",
        published_during_update,
        guide("Lambda function states"),
    ),
    Case("Lists have no states", "list_functions", [], listed),
    Case(
        "GetFunction has these members and no others for a function with nothing configured",
        "get_function",
        [
            *("Architectures", "CodeSha256", "CodeSize", "Description", "EphemeralStorage"),
            *("FunctionArn", "FunctionName", "Handler", "LastModified", "LastUpdateStatus"),
            *("LoggingConfig", "MemorySize", "PackageType", "RevisionId", "Role", "Runtime"),
            *("RuntimeVersionConfig", "SnapStart", "State", "Timeout", "TracingConfig", "Version"),
        ],
        keys,
    ),
    Case(
        "An environment without variables is left out",
        "update_function_configuration(Environment={'Variables': {}})",
        [{"Variables": {"COLOUR": "white"}}, False],
        without_variables,
        report("hashicorp/terraform-provider-aws#43763", "2025-08"),
    ),
    answer(
        "Logging is text, to the function's log group, unless configured",
        {"LogFormat": "Text", "LogGroup": "/aws/lambda/NAME"},
        lambda got: got["Configuration"]["LoggingConfig"],
        "get_function",
    ),
    answer(
        "The version of the runtime is an ARN with a hash",
        "arn:aws:lambda:us-east-1::runtime:…",
        lambda got: got["RuntimeVersionConfig"]["RuntimeVersionArn"],
        "get_function_configuration",
    ),
    answer(
        "SnapStart is off unless configured",
        {"ApplyOn": "None", "OptimizationStatus": "Off"},
        lambda got: got["SnapStart"],
        "get_function_configuration",
    ),
    Case(
        "A function made with Publish has version 1, and an unqualified ARN",
        "create_function(Publish=True)",
        ["1", ARN + "NAME"],
        published_at_once,
    ),
    Case(
        "An ARN as the new function's name is understood",
        f"create_function(FunctionName='{ARN}NAME')",
        ["NAME", ARN + "NAME"],
        by_arn,
    ),
    Case(
        "A part of an ARN names the function to update",
        "update_function_configuration(FunctionName='123456789012:function:NAME')",
        ["NAME", "by a part"],
        by_part_of_arn,
    ),
    Case("Code comes from S3 too", "create_function(Code={S3Bucket, S3Key})", [201, True], from_s3),
    Case(
        "DeleteFunction answers 204, and the function is gone",
        "delete_function, then invoke",
        [204, True, f"404 ResourceNotFoundException: Function not found: {ARN}NAME:$LATEST"],
        gone,
    ),
    Case(
        "A function is not made twice",
        "create_function twice",
        f"409 {CONFLICT}: Function already exist: NAME",
        twice,
    ),
    Case(
        "A DryRun of new code changes nothing",
        "update_function_code(DryRun=True)",
        [True, True],
        dry_run,
    ),
    Case(
        "How long a new function is Pending",
        "create_function, then get_function_configuration",
        "some seconds",
        pending_for,
        source=guide("Lambda function states"),
        differs=Difference(
            "less than a second",
            "Terraform, the CLI and tests would wait for nothing. The states are the same.",
        ),
    ),
)
