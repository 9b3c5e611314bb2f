"""SimulatePrincipalPolicy and SimulateCustomPolicy: what the evaluator of requests would decide, and why."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from local_aws.arns import Arn
from local_aws.iam import statements
from local_aws.iam.context import Value
from local_aws.iam.policy import BOUNDARY, IDENTITY, RESOURCE, PolicySet, Target, decide
from local_aws.iam.principal_element import Caller
from local_aws.iam.principals import Principal
from local_aws.iam.resource_policies import NOBODY
from local_aws.iam.resource_policy import ResourcePolicy
from local_aws.iam.statements import Access
from local_aws.iam.undecided import UndecidedError

# Services where only the resource's policy can allow something: "Key policies in AWS KMS", and trust policies.
DECIDED_BY_RESOURCE = frozenset(("kms", "sts"))
_SESSION = re.compile(r"arn:([^:]+):sts::(\d{12}):assumed-role/([^/]+)/.+")


@dataclass(frozen=True)
class Scenario:
    """The input of a simulation: policies, the resource's policy and account, the caller, and the request context."""

    policies: tuple[PolicySet, ...]
    resource_policy: str | None = None
    resource_account: str | None = None
    caller: Caller | None = None
    context: Mapping[str, Value] = field(default_factory=dict)


def of_identity(principal: Principal, scenario: Scenario, documents: Sequence[str]) -> Scenario:
    """Return the scenario for a user, a group or a role, with additional identity-based policies."""
    policies = [
        replace(each, documents=(*each.documents, *documents)) if each.kind == IDENTITY else each
        for each in principal.policies
        # A boundary in the request replaces that of the identity.
        if each.kind == IDENTITY or not scenario.policies
    ]
    known = {key: value for key, value in principal.context.items() if value is not None}
    return replace(
        scenario,
        policies=(*policies, *scenario.policies),
        caller=scenario.caller or principal.caller,
        context={**known, **scenario.context},
    )


def caller_of(arn: str) -> Caller:
    """Return the caller with the ARN of a user, a role or the session of a role."""
    session = _SESSION.fullmatch(arn)
    role = "arn:{}:iam::{}:role/{}".format(*session.groups()) if session else arn
    return Caller(arn, Arn.of(arn).account, role_arn=role if ":role/" in role else None)


def context_of(entries: Sequence[Mapping[str, Any]]) -> dict[str, Value]:
    """Return the request context in ContextEntries."""
    context: dict[str, Value] = {}
    for entry in entries:
        values = tuple(str(value) for value in entry.get("ContextKeyValues") or ())
        is_list = str(entry.get("ContextKeyType", "")).endswith("List")
        if values:
            name = str(entry.get("ContextKeyName", "")).lower()
            context[name] = values if is_list else values[0]
    return context


def results(
    scenario: Scenario, actions: Sequence[str], resources: Sequence[str]
) -> list[dict[str, Any]]:
    """Return an EvaluationResult for each action on each resource."""
    return [
        _result(scenario, action, resource) for action in actions for resource in resources or ["*"]
    ]


def _result(scenario: Scenario, action: str, resource: str) -> dict[str, Any]:
    access = Access(action, resource, scenario.context)
    target = _target(scenario, action)
    decision = decide(scenario.policies, access, target)
    kind = (
        "allowed" if decision.allowed else "explicitDeny" if decision.explicit else "implicitDeny"
    )
    result: dict[str, Any] = {
        "EvalActionName": action,
        "EvalResourceName": resource,
        "EvalDecision": kind,
        "MatchedStatements": list(
            _matched(scenario, access, "Deny" if decision.explicit else "Allow")
        ),
        "MissingContextValues": sorted(_missing(scenario)),
    }
    boundaries = [each for each in scenario.policies if each.kind == BOUNDARY]
    if boundaries:
        allowed = decide([replace(each, kind=IDENTITY) for each in boundaries], access).allowed
        result["PermissionsBoundaryDecisionDetail"] = {"AllowedByPermissionsBoundary": allowed}
    return result


def _target(scenario: Scenario, action: str) -> Target | None:
    if scenario.caller is None:
        return None
    account = scenario.resource_account or scenario.caller.account
    if scenario.resource_policy is None:
        here = account == scenario.caller.account
        return None if here else Target(ResourcePolicy(NOBODY, account), scenario.caller)
    decides = action.partition(":")[0].lower() in DECIDED_BY_RESOURCE
    return Target(ResourcePolicy(scenario.resource_policy, account, decides), scenario.caller)


def _documents(scenario: Scenario) -> Iterator[tuple[str, str, str]]:
    """Yield the name of each document in results, its kind, and the document."""
    for policy_set in scenario.policies:
        boundary = policy_set.kind == BOUNDARY
        name = "PermissionsBoundaryPolicyInputList" if boundary else "PolicyInputList"
        for number, document in enumerate(policy_set.documents, start=1):
            yield f"{name}.{number}", policy_set.kind, document
    if scenario.resource_policy is not None:
        yield "ResourcePolicy", RESOURCE, scenario.resource_policy


def _matched(scenario: Scenario, access: Access, effect: str) -> Iterator[dict[str, Any]]:
    """Yield the MatchedStatements: those of the effect that apply."""
    for name, kind, document in _documents(scenario):
        try:
            parsed = statements.read(document, of_resource=kind == RESOURCE)
            applies = [each.effect == effect and each.applies(access) for each in parsed]
        except UndecidedError:
            continue
        source = "resource" if kind == RESOURCE else "none"
        for _ in filter(None, applies):
            yield {"SourcePolicyId": name, "SourcePolicyType": source}


def _missing(scenario: Scenario) -> set[str]:
    """Return the condition keys in the policies that the simulation has no values for."""
    return {
        key
        for _, _, document in _documents(scenario)
        for key in statements.condition_keys(document)
        if key not in scenario.context
    }
