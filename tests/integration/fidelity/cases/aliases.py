"""Aliases: what they answer, weights, and what cannot be one."""

from typing import Any

from tests.integration.fidelity.case import (
    ARN,
    CONFLICT,
    INVALID,
    MISSING,
    STALE,
    VALIDATION,
    Case,
    answer,
    refusal,
)
from tests.integration.fidelity.lab import Lab, status

DETECTED = f"400 {VALIDATION}: 1 validation error detected:"
WEIGHT = (
    "at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: "
    "Map value must satisfy constraint: [Member must have value less than or equal to 1.0, "
    "Member must have value greater than or equal to 0.0, Member must not be null]"
)


def made(lab: Lab, **parameters: Any) -> tuple[str, dict[str, Any]]:
    """Make an alias of version 1 of a function with two versions."""
    name = lab.versions("first", "second")
    given = {"FunctionName": name, "Name": "live", "FunctionVersion": "1", **parameters}
    return name, lab.call("create_alias", **given)


def weights(**of_versions: float) -> dict[str, Any]:
    """Return a RoutingConfig from v2=0.5 and the like."""
    named = {version.removeprefix("v"): weight for version, weight in of_versions.items()}
    return {"AdditionalVersionWeights": named}


def refused_alias(behaviour: str, aws: str, **parameters: Any) -> Case:
    """Return the case of an alias that cannot be made."""
    return refusal(
        behaviour, aws, "create_alias", **{"Name": "new", "FunctionVersion": "1", **parameters}
    )


def created(lab: Lab) -> object:
    answered = made(lab)[1]
    return [status(answered), {k: v for k, v in answered.items() if k != "ResponseMetadata"}]


def both_run(lab: Lab) -> object:
    name, _ = made(lab, RoutingConfig=weights(v2=0.5))
    return {lab.invoke(name, Qualifier="live")["ExecutedVersion"] for _ in range(20)}


def updated(lab: Lab) -> object:
    name, before = made(lab)
    after = lab.call("update_alias", FunctionName=name, Name="live", FunctionVersion="2")
    return [status(after), after["FunctionVersion"], after["RevisionId"] != before["RevisionId"]]


def updated_with_nothing(lab: Lab) -> object:
    name, before = made(lab, Description="mine")
    after = lab.call("update_alias", FunctionName=name, Name="live")
    return [after["Description"], after["RevisionId"] != before["RevisionId"]]


def weights_kept(lab: Lab) -> object:
    name, _ = made(lab, RoutingConfig=weights(v2=0.25))
    after = lab.call("update_alias", FunctionName=name, Name="live", Description="new")
    return after["RoutingConfig"]


def weights_dropped(lab: Lab) -> object:
    name, _ = made(lab, RoutingConfig=weights(v2=0.25))
    after = lab.call("update_alias", FunctionName=name, Name="live", RoutingConfig=weights())
    return "RoutingConfig" in after


def deleted_twice(lab: Lab) -> object:
    name, _ = made(lab)
    return [status(lab.call("delete_alias", FunctionName=name, Name="live")) for _ in range(2)]


def filtered(lab: Lab) -> object:
    name, _ = made(lab)
    lab.call("create_alias", FunctionName=name, Name="next", FunctionVersion="2")
    return [
        [
            alias["Name"]
            for alias in lab.call("list_aliases", FunctionName=name, FunctionVersion=version)[
                "Aliases"
            ]
        ]
        for version in ("1", "2", "$LATEST")
    ]


def of_latest(lab: Lab) -> object:
    return lab.call(
        "create_alias", FunctionName=lab.function(), Name="dev", FunctionVersion="$LATEST"
    )["FunctionVersion"]


def alias_is_not_deleted_as_a_version(lab: Lab) -> object:
    name, _ = made(lab)
    return lab.refusal("delete_function", FunctionName=name, Qualifier="live")


CASES = (
    Case(
        "A new alias is answered with 201, and an empty description",
        "create_alias",
        [
            201,
            {
                "AliasArn": f"{ARN}NAME:live",
                "Name": "live",
                "FunctionVersion": "1",
                "Description": "",
                "RevisionId": "UUID",
            },
        ],
        created,
    ),
    Case(
        "A weighted alias runs both versions",
        "create_alias(RoutingConfig={'2': 0.5}), invoke 20 times",
        ["1", "2"],
        both_run,
    ),
    Case(
        "An update answers 200, with a new RevisionId",
        "update_alias(FunctionVersion='2')",
        [200, "2", True],
        updated,
    ),
    Case(
        "An update with nothing changes the RevisionId too",
        "update_alias",
        ["mine", True],
        updated_with_nothing,
    ),
    Case(
        "Weights stay where none are given",
        "update_alias(Description='new')",
        {"AdditionalVersionWeights": {"2": 0.25}},
        weights_kept,
    ),
    Case(
        "Empty weights are none",
        "update_alias(RoutingConfig={'AdditionalVersionWeights': {}})",
        False,
        weights_dropped,
    ),
    Case("Deleting an alias answers 204, twice", "delete_alias twice", [204, 204], deleted_twice),
    Case(
        "The list of aliases is filtered by version",
        "list_aliases(FunctionVersion=…)",
        [["live"], ["next"], []],
        filtered,
    ),
    Case(
        "An alias may name $LATEST", "create_alias(FunctionVersion='$LATEST')", "$LATEST", of_latest
    ),
    Case(
        "An alias is not deleted as a version",
        "delete_function(Qualifier='live')",
        f"400 {INVALID}: Deletion of aliases is not currently supported; use the DeleteAlias API instead.",
        alias_is_not_deleted_as_a_version,
    ),
    answer(
        "GetFunction by an alias has the alias's ARN and the version's number",
        [f"{ARN}NAME:live", "1"],
        lambda got: [got["Configuration"]["FunctionArn"], got["Configuration"]["Version"]],
        "get_function",
        Qualifier="live",
    ),
    answer(
        "Invoke by an alias says which version ran",
        "1",
        lambda got: got["ExecutedVersion"],
        "invoke",
        Qualifier="live",
    ),
    refused_alias(
        "Digits alone are no alias",
        f"{DETECTED} Value '2024' at 'name' failed to satisfy constraint: "
        r"Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)",
        Name="2024",
    ),
    refused_alias(
        "$LATEST is no alias",
        f"{DETECTED} Value '$LATEST' at 'name' failed to satisfy constraint: "
        r"Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)",
        Name="$LATEST",
    ),
    refused_alias(
        "An alias is not made twice",
        f"409 {CONFLICT}: Alias already exists: {ARN}NAME:live",
        Name="live",
    ),
    refused_alias(
        "An alias of an unknown version is not found",
        f"404 {MISSING}: Function not found: {ARN}NAME:99",
        FunctionVersion="99",
    ),
    refused_alias(
        "The second version of an alias is another",
        f"400 {INVALID}: Invalid function version 1. Function version 1 is already included in "
        "routing configuration.",
        RoutingConfig=weights(v1=0.5),
    ),
    refused_alias(
        "An alias has one weight",
        f"400 {INVALID}: Number of items in AdditionalVersionWeights cannot be greater than 1",
        RoutingConfig=weights(v2=0.5, v3=0.1),
    ),
    refused_alias(
        "A weight is at most 1",
        f"{DETECTED} Value '{{2=2.0}}' {WEIGHT}",
        RoutingConfig=weights(v2=2.0),
    ),
    refused_alias(
        "A weight is at least 0",
        f"{DETECTED} Value '{{2=-1.0}}' {WEIGHT}",
        RoutingConfig=weights(v2=-1.0),
    ),
    refused_alias(
        "$LATEST has no weight",
        f"400 {VALIDATION}: …Map keys must satisfy constraint: "
        "[Member must have length less than or equal to 1024, …",
        RoutingConfig={"AdditionalVersionWeights": {"$LATEST": 0.5}},
    ),
    refused_alias(
        "An alias of $LATEST has no second version",
        f"400 {INVALID}: $LATEST is not supported for an alias pointing to more than 1 version",
        FunctionVersion="$LATEST",
        RoutingConfig=weights(v1=0.5),
    ),
    refused_alias(
        "A weight of an unknown version is not found",
        f"404 {MISSING}: Function not found: {ARN}NAME:99",
        RoutingConfig=weights(v99=0.5),
    ),
    refusal(
        "An unknown alias is not found",
        f"404 {MISSING}: Cannot find alias arn: {ARN}NAME:none",
        "get_alias",
        Name="none",
    ),
    refusal(
        "An update of an unknown alias is not found",
        f"404 {MISSING}: Cannot find alias arn: {ARN}NAME:none",
        "update_alias",
        Name="none",
        FunctionVersion="1",
    ),
    refusal(
        "An update checks the RevisionId",
        f"412 {STALE}: The Revision Id provided does not match the latest Revision Id. "
        "Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
        "update_alias",
        Name="live",
        RevisionId="stale",
    ),
    refusal(
        "Aliases of an unknown function are not found",
        f"404 {MISSING}: Function not found: {ARN}no",
        "list_aliases",
        FunctionName="no",
    ),
)
