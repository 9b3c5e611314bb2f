"""Recursion configs, account settings, runtime management, lists, and tags."""

from tests.integration.deployed import zipped
from tests.integration.fidelity.case import (
    ARN,
    INVALID,
    MISSING,
    VALIDATION,
    Case,
    answer,
    guide,
    refusal,
)
from tests.integration.fidelity.lab import Lab, status

DETECTED = f"400 {VALIDATION}: 1 validation error detected:"


def recursion(lab: Lab) -> object:
    name = lab.function()
    before = lab.call("get_function_recursion_config", FunctionName=name)["RecursiveLoop"]
    put = lab.call("put_function_recursion_config", FunctionName=name, RecursiveLoop="Allow")
    after = lab.call("get_function_recursion_config", FunctionName=name)["RecursiveLoop"]
    return [before, put["RecursiveLoop"], after]


def snap_start(lab: Lab) -> object:
    name = lab.function(SnapStart={"ApplyOn": "PublishedVersions"})
    latest = lab.settled(name)["SnapStart"]
    lab.call("publish_version", FunctionName=name)
    return [latest, lab.settled(name, Qualifier="1")["SnapStart"]]


def all_versions(lab: Lab) -> object:
    name = lab.versions("first")
    listed = lab.call("list_functions", FunctionVersion="ALL")["Functions"]
    return [entry["FunctionArn"] for entry in listed if entry["FunctionName"] == name]


def without_versions(lab: Lab) -> object:
    name = lab.versions("first")
    pages = lab.client("lambda").get_paginator("list_functions").paginate()
    return [
        entry["FunctionArn"]
        for page in pages
        for entry in page["Functions"]
        if entry["FunctionName"] == name
    ]


def pages(lab: Lab) -> object:
    name = lab.versions("first", "second")
    first = lab.call("list_versions_by_function", FunctionName=name, MaxItems=2)
    rest = lab.call("list_versions_by_function", FunctionName=name, Marker=first["NextMarker"])
    return [[version["Version"] for version in page["Versions"]] for page in (first, rest)] + [
        "NextMarker" in rest
    ]


def tagged(lab: Lab) -> object:
    name = lab.function()
    answered = [
        status(lab.call("tag_resource", Resource=ARN + name, Tags={"a": "1", "b": "2"})),
        status(lab.call("untag_resource", Resource=ARN + name, TagKeys=["a"])),
    ]
    tags = lab.call("list_tags", Resource=ARN + name)["Tags"]
    return [*answered, tags, lab.call("get_function", FunctionName=name)["Tags"]]


def tags_revise(lab: Lab) -> object:
    name = lab.function()
    before = lab.settled(name)["RevisionId"]
    lab.call("tag_resource", Resource=ARN + name, Tags={"a": "1"})
    return lab.settled(name)["RevisionId"] != before


def too_many(lab: Lab) -> object:
    name = lab.function(Tags={"first": "1"})
    tags = {f"key{number}": "x" for number in range(50)}
    return lab.refusal("tag_resource", Resource=ARN + name, Tags=tags)


def fifty(lab: Lab) -> object:
    name = lab.function()
    tags = {f"key{number}": "x" for number in range(50)}
    lab.call("tag_resource", Resource=ARN + name, Tags=tags)
    return len(lab.call("list_tags", Resource=ARN + name)["Tags"])


def made_with_tags(lab: Lab) -> object:
    name = lab.function(Tags={"Project": "x"})
    return lab.call("list_tags", Resource=ARN + name)["Tags"]


def code_size(lab: Lab) -> object:
    code = zipped("probe.py", "x = 1")
    made = lab.create(FunctionName=lab.name(), Code={"ZipFile": code})
    return made["CodeSize"] == len(code)


def runtime_management(lab: Lab) -> object:
    read = lab.call("get_runtime_management_config")
    return {key: value for key, value in read.items() if key != "ResponseMetadata"}


CASES = (
    Case(
        "A recursive loop is ended unless the function allows it",
        "put_function_recursion_config(RecursiveLoop='Allow')",
        ["Terminate", "Allow", "Allow"],
        recursion,
    ),
    refusal(
        "A recursive loop is allowed or ended",
        f"{DETECTED} Value 'Sometimes' at 'recursiveLoop' failed to satisfy constraint: "
        "Member must satisfy enum value set: [Allow, Terminate]",
        "put_function_recursion_config",
        RecursiveLoop="Sometimes",
    ),
    refusal(
        "The recursion config of an unknown function is not found",
        f"404 {MISSING}: Function not found: {ARN}no",
        "get_function_recursion_config",
        FunctionName="no",
    ),
    answer(
        "The account has Lambda's quotas",
        {
            "TotalCodeSize": 80530636800,
            "CodeSizeUnzipped": 262144000,
            "CodeSizeZipped": 52428800,
            "ConcurrentExecutions": 1000,
        },
        lambda got: {
            key: value
            for key, value in got["AccountLimit"].items()
            if key != "UnreservedConcurrentExecutions"
        },
        "get_account_settings",
    ),
    answer(
        "The account says what is used",
        ["FunctionCount", "TotalCodeSize"],
        lambda got: sorted(got["AccountUsage"]),
        "get_account_settings",
    ),
    Case(
        "SnapStart is on for published versions",
        "create_function(SnapStart={'ApplyOn': 'PublishedVersions'}), publish_version",
        [
            {"ApplyOn": "PublishedVersions", "OptimizationStatus": "Off"},
            {"ApplyOn": "PublishedVersions", "OptimizationStatus": "On"},
        ],
        snap_start,
    ),
    refusal(
        "SnapStart is not for every runtime",
        f"400 {INVALID}: python3.11 is not supported for SnapStart enabled functions.",
        "update_function_configuration",
        Runtime="python3.11",
        SnapStart={"ApplyOn": "PublishedVersions"},
    ),
    Case(
        "The runtime is updated automatically unless configured",
        "get_runtime_management_config",
        {"UpdateRuntimeOn": "Auto", "FunctionArn": f"{ARN}NAME"},
        runtime_management,
        guide("Runtime update modes"),
    ),
    Case(
        "The list of functions has versions where they are asked for",
        "list_functions(FunctionVersion='ALL')",
        [f"{ARN}NAME:$LATEST", f"{ARN}NAME:1"],
        all_versions,
    ),
    Case(
        "The list of functions has unqualified ARNs",
        "list_functions",
        [f"{ARN}NAME"],
        without_versions,
    ),
    refusal(
        "The list of functions is filtered by ALL alone",
        f"{DETECTED} Value 'SOME' at 'functionVersion' failed to satisfy constraint: "
        "Member must satisfy enum value set: [ALL]",
        "list_functions",
        FunctionVersion="SOME",
    ),
    Case(
        "Lists come in pages",
        "list_versions_by_function(MaxItems=2), then with its NextMarker",
        [["$LATEST", "1"], ["2"], False],
        pages,
    ),
    Case("CodeSize is the zip's", "create_function", True, code_size),
    Case(
        "Tags are added and removed with 204, and GetFunction has them",
        "tag_resource, untag_resource, list_tags, get_function",
        [204, 204, {"b": "2"}, {"b": "2"}],
        tagged,
    ),
    Case("Tags change the RevisionId", "tag_resource", True, tags_revise),
    Case(
        "A function is made with tags", "create_function(Tags=…)", {"Project": "x"}, made_with_tags
    ),
    Case("A function may have 50 tags", "tag_resource with 50", 50, fifty),
    Case(
        "A function has at most 50 tags",
        "tag_resource with 50 more",
        f"400 {INVALID}: Number of tags exceeds resource tag limit.",
        too_many,
    ),
    refusal(
        "A version has no tags",
        f"400 {INVALID}: Tags on function aliases and versions are not supported. "
        "Please specify a function ARN.",
        "tag_resource",
        Resource=f"{ARN}NAME:1",
        Tags={"a": "1"},
    ),
    refusal(
        "Tags of an unknown function are not found",
        f"404 {MISSING}: Function not found: {ARN}no",
        "list_tags",
        Resource=f"{ARN}no",
    ),
    refusal(
        "No tags cannot be added",
        f"400 {INVALID}: An error occurred and the request cannot be processed.",
        "tag_resource",
        Resource=f"{ARN}NAME",
        Tags={},
    ),
    refusal(
        "No keys cannot be removed",
        f"{DETECTED} Value null at 'tagKeys' failed to satisfy constraint: Member must not be null",
        "untag_resource",
        Resource=f"{ARN}NAME",
        TagKeys=[],
    ),
    refusal(
        "AWS's own tags cannot be set",
        f"400 {INVALID}: …",
        "tag_resource",
        Resource=f"{ARN}NAME",
        Tags={"aws:mine": "1"},
    ),
    answer(
        "A function without tags has an empty map",
        {},
        lambda got: got["Tags"],
        "list_tags",
        Resource=f"{ARN}NAME",
    ),
)
