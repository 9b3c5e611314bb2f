"""Tables of cases from the IAM guide: "Policy evaluation logic" and "IAM JSON policy elements reference"."""

import json
from typing import Any

import pytest

from local_aws.iam.policy import Access, Decision, PolicySet, decide

TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/Rides"
INDEX = f"{TABLE}/index/ByUser"
STREAM = (
    "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/f:log-stream:2026/11/22/[$LATEST]0a"
)
GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/f"

CONTEXT = {
    "aws:principalarn": "arn:aws:iam::123456789012:role/path/Writer",
    "aws:requestedregion": "us-east-1",
    "aws:securetransport": "true",
    "aws:username": None,
}
ELSEWHERE = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}


def allow(**elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": TABLE, **elements}


def deny(**elements: Any) -> dict[str, Any]:
    return allow(**elements) | {"Effect": "Deny"}


def without(statement: dict[str, Any], element: str, **elements: Any) -> dict[str, Any]:
    return {name: value for name, value in statement.items() if name != element} | elements


def policy(*statements: dict[str, Any], kind: str = "identity-based policy") -> PolicySet:
    """Return a set of documents with one statement each."""
    documents = (json.dumps({"Version": "2012-10-17", "Statement": each}) for each in statements)
    return PolicySet(kind, tuple(documents))


def decided(*sets: PolicySet, action: str = "dynamodb:GetItem", resource: str = TABLE) -> Decision:
    return decide(sets, Access(action, resource, CONTEXT))


@pytest.mark.parametrize(
    ("statements", "allowed"),
    [
        pytest.param([], False, id="no policy: implicit deny"),
        pytest.param([allow()], True, id="an allow"),
        pytest.param([allow(), allow(Action="dynamodb:Scan")], True, id="an allow among others"),
        pytest.param([allow(), deny()], False, id="an explicit deny overrides an allow"),
        pytest.param([deny(), allow()], False, id="in any order"),
        pytest.param([allow(), deny(Action="dynamodb:Scan")], True, id="a deny of another action"),
        pytest.param([allow(), deny(Resource=INDEX)], True, id="a deny of another resource"),
        pytest.param([deny(Action="dynamodb:Scan")], False, id="no deny is no allow"),
        pytest.param([allow(Condition=ELSEWHERE)], False, id="an allow on a condition"),
        pytest.param([allow(), deny(Condition=ELSEWHERE)], True, id="a deny on a condition"),
    ],
)
def test_policy_evaluation_logic(statements: list[dict[str, Any]], allowed: bool) -> None:
    # Given a principal with these policies
    # When it asks for GetItem on the table
    # Then it may, or may not
    assert decided(policy(*statements)).allowed is allowed


@pytest.mark.parametrize(
    ("elements", "matches"),
    [
        ({"Action": "dynamodb:GetItem"}, True),
        ({"Action": ["dynamodb:Scan", "dynamodb:GetItem"]}, True),
        (
            {"Action": "dynamodb:getitem"},
            True,
        ),  # "the prefix and the action name are case insensitive"
        ({"Action": "dynamodb:*"}, True),
        ({"Action": "dynamodb:Get*"}, True),
        ({"Action": "dynamodb:?etItem"}, True),
        ({"Action": "*"}, True),
        ({"Action": "dynamodb:Ge?Item?"}, False),
        ({"Action": "dynamodb:Item"}, False),
        ({"Action": "dynamodb.GetItem"}, False),
        ({"Action": "s3:*"}, False),
        ({"Action": []}, False),
        ({"NotAction": "s3:*"}, True),
        ({"NotAction": ["s3:*", "dynamodb:Scan"]}, True),
        ({"NotAction": ["s3:*", "dynamodb:get*"]}, False),
    ],
    ids=str,
)
def test_action_elements(elements: dict[str, Any], matches: bool) -> None:
    # Given an allow, and beside an allow a deny, with that element
    allows = without(allow(), "Action", **elements)
    denies = without(deny(), "Action", **elements)

    # When GetItem is asked for
    # Then both apply, or neither
    assert decided(policy(allows)).allowed is matches
    assert decided(policy(allow(), denies)).allowed is not matches


@pytest.mark.parametrize(
    ("elements", "resource", "matches"),
    [
        ({"Resource": TABLE}, TABLE, True),
        ({"Resource": [INDEX, TABLE]}, TABLE, True),
        ({"Resource": "*"}, TABLE, True),
        ({"Resource": "*"}, "*", True),
        ({"Resource": TABLE}, "*", False),  # an action that takes no resource needs a *
        ({"Resource": TABLE}, INDEX, False),
        ({"Resource": f"{TABLE}/index/*"}, INDEX, True),
        ({"Resource": f"{TABLE}/*"}, TABLE, False),
        ({"Resource": f"{TABLE}*"}, f"{TABLE}Archive", True),
        ({"Resource": "arn:aws:dynamodb:*:*:table/Rides"}, TABLE, True),
        ({"Resource": "arn:aws:dynamodb:us-east-?:123456789012:table/R?des"}, TABLE, True),
        ({"Resource": TABLE.lower()}, TABLE, False),
        ({"Resource": TABLE.replace("Rides", "R.des")}, TABLE, False),
        ({"Resource": STREAM}, STREAM, True),  # brackets and dollars stand for themselves
        ({"Resource": f"{GROUP}:*"}, STREAM, True),
        ({"Resource": GROUP}, STREAM, False),
        ({"Resource": "arn:aws:logs:*"}, STREAM, True),
        # A * at the end of a part runs on over colons, any other does not
        ({"Resource": "arn:aws:l*:123456789012:log-group:*"}, STREAM, True),
        ({"Resource": "arn:aws:lo*1:123456789012:log-group:*"}, STREAM, False),
        ({"Resource": "arn:aws:logs:us-*-1:123456789012:*"}, STREAM, True),
        ({"NotResource": INDEX}, TABLE, True),
        ({"NotResource": [INDEX, TABLE]}, TABLE, False),
        ({"NotResource": f"{TABLE}*"}, INDEX, False),
        ({"NotResource": TABLE}, "*", True),
    ],
    ids=str,
)
def test_resource_elements(elements: dict[str, Any], resource: str, matches: bool) -> None:
    # Given an allow, and beside an allow a deny, with that element
    allows = without(allow(), "Resource", **elements)
    denies = without(deny(), "Resource", **elements)

    # When that resource is asked for
    # Then both apply, or neither
    assert decided(policy(allows), resource=resource).allowed is matches
    with_deny = policy(allow(Resource="*"), denies)
    assert decided(with_deny, resource=resource).allowed is not matches


UNSUPPORTED = [
    (
        {"Condition": {"IpAddress": {"aws:PrincipalArn": "127.0.0.1"}}},
        "condition operator IpAddress",
    ),
    ({"Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}}, "condition key aws:SourceVpc"),
    (
        {"Condition": {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": "zoe"}}},
        "condition key dynamodb:LeadingKeys",
    ),
    ({"Resource": f"{TABLE}/index/${{aws:username}}"}, "policy variable"),
    ({"Principal": "*"}, "element Principal"),
]


@pytest.mark.parametrize(("elements", "named"), UNSUPPORTED, ids=str)
def test_an_unsupported_element_denies_and_is_named(elements: dict[str, Any], named: str) -> None:
    # Given an allow that cannot be evaluated, or a deny that cannot
    only_allow = policy(allow(**elements))
    beside_allow = policy(allow(), deny(**elements))

    # When what they are about is asked for
    # Then neither lets it through, and the reason names the element
    for decision in (decided(only_allow), decided(beside_allow)):
        assert not decision.allowed
        assert f"the local AWS cannot evaluate the {named}" in decision.reason


@pytest.mark.parametrize(("elements", "_"), UNSUPPORTED, ids=str)
def test_an_unsupported_element_elsewhere_does_no_harm(elements: dict[str, Any], _: str) -> None:
    # Given statements that cannot be evaluated: allows beside a plain one, and a deny of another action
    statements = (allow(**elements), allow(), deny(**elements) | {"Action": "dynamodb:Scan"})

    # When what the plain allow is about is asked for
    # Then it is allowed
    assert decided(policy(*statements)).allowed


def test_a_statement_may_stand_alone_or_in_a_list() -> None:
    # Given a document with two statements
    document = json.dumps({"Statement": [allow(Action="dynamodb:Scan"), allow()]})

    # When the second's action is asked for
    # Then it is allowed
    assert decided(PolicySet("identity-based policy", (document,))).allowed


@pytest.mark.parametrize(
    ("identity", "boundary", "reason"),
    [
        (allow(), allow(Action="dynamodb:*"), None),
        (
            allow(),
            allow(Action="s3:*"),
            "because no permissions boundary allows the dynamodb:GetItem action",
        ),
        (
            allow(Action="s3:*"),
            allow(),
            "because no identity-based policy allows the dynamodb:GetItem action",
        ),
        (deny(), allow(), "with an explicit deny in an identity-based policy"),
        (allow(), deny(), "with an explicit deny in a permissions boundary"),
    ],
)
def test_each_kind_of_policy_must_allow(
    identity: dict[str, Any], boundary: dict[str, Any], reason: str | None
) -> None:
    # Given an identity-based policy and a permissions boundary
    sets = policy(identity), policy(boundary, kind="permissions boundary")

    # When what they are about is asked for
    decision = decided(*sets)

    # Then both must allow it, and AWS's words say which does not
    assert decision == Decision(reason is None, reason or "")


@pytest.mark.parametrize("document", ["", "nonsense", "[]", "{}"])
def test_a_document_that_is_no_policy_denies(document: str) -> None:
    # Given an allow, and a session policy that STS did not check
    sets = policy(allow()), PolicySet("session policy", (document,))

    # When what is allowed is asked for
    decision = decided(*sets)

    # Then it is refused, and the reason says why
    assert not decision.allowed
    assert "a document that is no policy" in decision.reason
