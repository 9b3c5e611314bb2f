"""Versions, and the RevisionId that changes with a function."""

from tests.integration.deployed import zipped
from tests.integration.fidelity.case import ARN, CONFLICT, INVALID, STALE, Case, answer, refusal
from tests.integration.fidelity.lab import Lab, status

STALE_TEXT = (
    f"412 {STALE}: The Revision Id provided does not match the latest Revision Id. "
    "Call the GetFunction/GetAlias API to retrieve the latest Revision Id"
)


def revisions(lab: Lab) -> object:
    name = lab.function()
    seen = [lab.settled(name)["RevisionId"]]
    in_progress = lab.call("update_function_configuration", FunctionName=name, Description="new")
    seen.append(in_progress["RevisionId"])
    seen.append(lab.settled(name)["RevisionId"])
    seen.append(lab.call("publish_version", FunctionName=name)["RevisionId"])
    seen.append(lab.settled(name)["RevisionId"])
    return [len(seen), len(set(seen))]


def current_revision(lab: Lab) -> object:
    name = lab.function()
    revision = lab.settled(name)["RevisionId"]
    answered = lab.call(
        "update_function_configuration", FunctionName=name, Description="x", RevisionId=revision
    )
    return status(answered)


def published_twice(lab: Lab) -> object:
    name = lab.function()
    return [lab.call("publish_version", FunctionName=name)["Version"] for _ in range(2)]


def published_with_hash(lab: Lab) -> object:
    name = lab.function()
    sha256 = lab.settled(name)["CodeSha256"]
    return lab.call("publish_version", FunctionName=name, CodeSha256=sha256)["Version"]


def published_answer(lab: Lab) -> object:
    published = lab.call("publish_version", FunctionName=lab.function(), Description="mine")
    return [status(published), published["FunctionArn"], published["Description"]]


def published_by_update(lab: Lab) -> object:
    name = lab.function()
    code = zipped("probe.py", "def handler(event, context): return 1")
    updated = lab.call("update_function_code", FunctionName=name, ZipFile=code, Publish=True)
    return [updated["Version"], updated["FunctionArn"]]


def versions_run_their_code(lab: Lab) -> object:
    name = lab.function("def handler(event, context):", "    return 'old'")
    lab.call("publish_version", FunctionName=name)
    code = zipped("probe.py", "def handler(event, context):\n    return 'new'")
    lab.call("update_function_code", FunctionName=name, ZipFile=code)
    lab.settled(name)
    return [lab.invoke(name, Qualifier=which)["Payload"] for which in ("1", "$LATEST")]


def numbers_are_not_given_twice(lab: Lab) -> object:
    name = lab.versions("first", "second")
    deleted = status(lab.call("delete_function", FunctionName=name, Qualifier="2"))
    lab.update(name, Description="third")
    return [deleted, lab.call("publish_version", FunctionName=name)["Version"]]


def unknown_deleted(lab: Lab) -> object:
    return status(lab.call("delete_function", FunctionName=lab.function(), Qualifier="7"))


CASES = (
    Case(
        "The RevisionId changes with an update, with its end, and with a publication",
        "update_function_configuration, get_function_configuration, publish_version",
        [5, 5],
        revisions,
    ),
    Case(
        "The current RevisionId is accepted",
        "update_function_configuration(RevisionId=the current one)",
        200,
        current_revision,
    ),
    refusal(
        "An update of the configuration checks the RevisionId",
        STALE_TEXT,
        "update_function_configuration",
        Description="x",
        RevisionId="wrong",
    ),
    refusal(
        "PublishVersion checks the RevisionId",
        STALE_TEXT,
        "publish_version",
        RevisionId="wrong",
    ),
    refusal(
        "PublishVersion checks the hash of the code",
        f"400 {INVALID}: CodeSHA256 (wrong) is different from current CodeSHA256 in $LATEST (…). "
        "Please try again with the CodeSHA256 in $LATEST.",
        "publish_version",
        CodeSha256="wrong",
    ),
    Case(
        "The right hash of the code is accepted",
        "publish_version(CodeSha256=the code's)",
        "1",
        published_with_hash,
    ),
    Case(
        "A publication answers 201, with the version's ARN and its description",
        "publish_version(Description='mine')",
        [201, f"{ARN}NAME:1", "mine"],
        published_answer,
    ),
    Case(
        "Publishing what has not changed gives the same version",
        "publish_version twice",
        ["1", "1"],
        published_twice,
    ),
    Case(
        "An update of the code can publish",
        "update_function_code(Publish=True)",
        ["1", f"{ARN}NAME:1"],
        published_by_update,
    ),
    Case(
        "Each version runs the code it was published with",
        "publish_version, update_function_code, invoke both",
        ["old", "new"],
        versions_run_their_code,
    ),
    Case(
        "A version's number is not given twice",
        "delete_function(Qualifier='2'), publish_version",
        [204, "3"],
        numbers_are_not_given_twice,
    ),
    Case(
        "Deleting an unknown version answers 204",
        "delete_function(Qualifier='7')",
        204,
        unknown_deleted,
    ),
    refusal(
        "$LATEST is not deleted alone",
        f"400 {INVALID}: $LATEST version cannot be deleted without deleting the function.",
        "delete_function",
        Qualifier="$LATEST",
    ),
    refusal(
        "A version that an alias needs is not deleted",
        f"409 {CONFLICT}: Unable to delete version because the following aliases reference it: [live]",
        "delete_function",
        Qualifier="1",
    ),
    answer(
        "The list of versions begins with $LATEST, each with a qualified ARN",
        [f"{ARN}NAME:$LATEST", f"{ARN}NAME:1", f"{ARN}NAME:2"],
        lambda got: [version["FunctionArn"] for version in got["Versions"]],
        "list_versions_by_function",
    ),
    answer(
        "A version keeps the description of its publication",
        ["second", "first", "second"],
        lambda got: [version["Description"] for version in got["Versions"]],
        "list_versions_by_function",
    ),
)
