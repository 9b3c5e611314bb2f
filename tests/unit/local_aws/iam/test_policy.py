"""Tables of cases from the IAM guide: "Policy evaluation logic" and "IAM JSON policy elements reference"."""

import json
from typing import Any

import pytest

from local_aws.iam import resource_policies
from local_aws.iam.policy import BOUNDARY, SESSION, Decision, PolicySet, Target, decide
from local_aws.iam.principal_element import Caller
from local_aws.iam.resource_arns import Place
from local_aws.iam.resource_policy import ResourcePolicy
from local_aws.iam.resources import UnknownResource
from local_aws.iam.statements import Access

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
        ({"Action": "*:GetItem"}, False),
        ({"Action": "dynamo*:GetItem"}, False),
        ({"Action": "dynamodb:GetItem,PutItem"}, False),
        ({"Action": "dynamodb: GetItem"}, False),
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
        # "Incomplete ARNs" are completed with wildcards
        ({"Resource": "arn:aws:dynamodb"}, TABLE, True),
        ({"Resource": "arn:aws:dynamodb:us-east-1"}, TABLE, True),
        ({"Resource": "arn:aws:dynamodb:*"}, TABLE, True),
        ({"Resource": "arn:aws:dynamodb:us-east-1:123456789012"}, TABLE, True),
        ({"Resource": "arn:aws:dynamodb:us-west-2"}, TABLE, False),
        ({"Resource": "arn:aws:s3"}, TABLE, False),
        ({"NotResource": "arn:aws:dynamodb"}, TABLE, False),
        # A resource's type has no wildcards; a bucket has no type
        ({"Resource": "arn:aws:dynamodb:us-east-1:123456789012:*/Rides"}, TABLE, False),
        ({"Resource": "arn:aws:dynamodb:us-east-1:123456789012:tab*/Rides"}, TABLE, False),
        ({"Resource": "arn:aws:dynamodb:us-east-1:123456789012:t*"}, TABLE, True),
        ({"NotResource": "arn:aws:dynamodb:us-east-1:123456789012:tab*/Rides"}, TABLE, True),
        ({"Resource": "arn:aws:s3:::pho*/zoe/*"}, "arn:aws:s3:::photos/zoe/1", True),
        # Policy variables, in the last part alone
        ({"Resource": f"{TABLE}/index/${{aws:Absent, 'ByUser'}}"}, INDEX, True),
        ({"Resource": f"{TABLE}/index/${{aws:Absent}}"}, INDEX, False),
        (
            {"Resource": "arn:aws:s3:::photos/${aws:RequestedRegion}/*"},
            "arn:aws:s3:::photos/us-east-1/1",
            True,
        ),
        ({"Resource": "arn:aws:dynamodb:${aws:RequestedRegion}:*:table/Rides"}, TABLE, False),
        ({"Resource": "arn:aws:s3:::photos/${*}"}, "arn:aws:s3:::photos/*", True),
        ({"Resource": "arn:aws:s3:::photos/${*}"}, "arn:aws:s3:::photos/1", False),
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


UNDECIDED = [
    ({"Condition": {"StringContains": {"aws:RequestedRegion": "us"}}}, "condition operator"),
    ({"Condition": {"NumericNotEquals": {"aws:RequestedRegion": "1"}}}, "cannot be compared"),
    ({"Resource": "arn:aws:dynamodb:*:table/Rides"}, "incomplete ARN"),
    ({"Resource": TABLE.replace("dynamodb", "DynamoDB")}, "capitals"),
    ({"Resource": "arn:aws:dynamo*:us-east-1:123456789012:tab*/Rides"}, "a wildcard"),
    ({"Principal": "*"}, "element Principal"),
]


@pytest.mark.parametrize(("elements", "named"), UNDECIDED, ids=str)
def test_what_cannot_be_decided_denies_and_is_named(elements: dict[str, Any], named: str) -> None:
    # Given an allow that cannot be decided, or a deny that cannot
    only_allow = policy(allow(**elements))
    beside_allow = policy(allow(), deny(**elements))

    # When what they are about is asked for
    # Then neither lets it through, and the reason names the element
    for decision in (decided(only_allow), decided(beside_allow)):
        assert not decision.allowed
        assert "the local AWS cannot evaluate it" in decision.reason
        assert named in decision.reason


@pytest.mark.parametrize(("elements", "_"), UNDECIDED, ids=str)
def test_what_cannot_be_decided_does_no_harm_elsewhere(elements: dict[str, Any], _: str) -> None:
    # Given statements that cannot be decided: allows beside a plain one, and a deny of another action
    statements = [allow(**elements), allow(), deny(**elements) | {"Action": "dynamodb:Scan"}]

    # When what the plain allow is about is asked for, in one document or several, in any order
    # Then it is allowed
    for ordered in (statements, statements[::-1]):
        one = json.dumps({"Version": "2012-10-17", "Statement": ordered})
        assert decided(policy(*ordered)).allowed
        assert decided(PolicySet("identity-based policy", (one,))).allowed


@pytest.mark.parametrize(
    ("statements", "allowed"),
    [
        ([allow(Resource="*")], True),
        ([allow()], False),
        ([allow(Resource="*"), deny()], False),
        ([allow(Resource="*"), deny(Resource="arn:aws:s3:::secret/*")], True),
        ([allow(Resource="*"), deny(Resource="*")], False),
        ([without(allow(), "Resource", NotResource="arn:aws:s3:::secret/*")], True),
        ([without(allow(), "Resource", NotResource=TABLE)], False),
    ],
    ids=str,
)
def test_a_resource_that_is_not_known(statements: list[dict[str, Any]], allowed: bool) -> None:
    # Given a request for a resource of DynamoDB, nobody can tell which
    access = Access("dynamodb:GetItem", UnknownResource("aws", "dynamodb"), CONTEXT)

    # When it is asked for
    # Then only what is for every resource of DynamoDB allows it, and what may be for this one denies it
    assert decide([policy(*statements)], access).allowed is allowed


@pytest.mark.parametrize(
    ("statements", "allowed"),
    [
        ([allow(Action="*")], True),
        ([allow(Action="dynamodb:*")], True),
        ([allow(Action="dynamodb:Get*")], False),
        ([allow(Action="*"), deny(Action="dynamodb:Scan")], False),
        ([allow(Action="*"), deny(Action="s3:*")], True),
    ],
    ids=str,
)
def test_an_action_that_is_not_known(statements: list[dict[str, Any]], allowed: bool) -> None:
    # Given a request whose action the reference does not have
    access = Access("dynamodb:StealItem", TABLE, CONTEXT, guessed=True)

    # When it is asked for
    # Then only what is for every action allows it, and what is for any other of that service denies it
    assert decide([policy(*statements)], access).allowed is allowed


def test_a_document_of_the_older_version_has_no_variables() -> None:
    # Given a document without a version, which is of the older one
    statement = allow(Resource="arn:aws:s3:::photos/${aws:RequestedRegion}")
    document = PolicySet("identity-based policy", (json.dumps({"Statement": statement}),))

    # When what the variable would be is asked for, or the text as it is
    # Then it is text
    assert not decided(document, resource="arn:aws:s3:::photos/us-east-1").allowed
    assert decided(document, resource="arn:aws:s3:::photos/${aws:RequestedRegion}").allowed


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
    assert (decision.allowed, decision.reason) == (reason is None, reason or "")


@pytest.mark.parametrize(
    "document",
    [
        "",
        "nonsense",
        "[]",
        "{}",
        json.dumps({"Statement": [allow(), without(allow(), "Effect", Effect="deny")]}),
        json.dumps({"Statement": without(allow(), "Action", NotAction=[])}),
        json.dumps({"Statement": without(allow(), "Resource")}),
        json.dumps({"Statement": allow(Condition=[])}),
    ],
)
def test_a_document_that_is_no_policy_denies(document: str) -> None:
    # Given an allow, and a session policy that STS did not check
    sets = policy(allow()), PolicySet("session policy", (document,))

    # When what is allowed is asked for
    decision = decided(*sets)

    # Then it is refused, and the reason says why
    assert not decision.allowed
    assert "a document is not a policy" in decision.reason


AWS_POLICY = "arn:aws:iam::aws:policy/AdministratorAccess"
RESERVED = "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_1"
LINKED = "arn:aws:iam::123456789012:role/aws-service-role/lambda.amazonaws.com/AWSServiceRole"


@pytest.mark.parametrize(
    ("action", "resource", "allowed"),
    [
        ("iam:CreatePolicyVersion", AWS_POLICY, False),
        ("iam:DeletePolicy", AWS_POLICY, False),
        ("iam:GetPolicy", AWS_POLICY, True),
        ("iam:AttachRolePolicy", RESERVED, False),
        ("iam:PassRole", RESERVED, False),
        ("iam:GetRole", RESERVED, True),
        ("iam:PutRolePolicy", LINKED, False),
        ("iam:TagRole", LINKED, True),
        ("iam:CreateServiceLinkedRole", LINKED, True),
        ("kms:DeleteAlias", "arn:aws:kms:us-east-1:123456789012:alias/aws/s3", False),
        ("kms:DeleteAlias", "arn:aws:kms:us-east-1:123456789012:alias/mine", True),
        ("iam:DeleteRole", "arn:aws:iam::123456789012:role/Writer", True),
    ],
)
def test_what_is_aws_own_changes_for_nobody(action: str, resource: str, allowed: bool) -> None:
    # Given a policy that allows everything
    everything = policy(allow(Action="*", Resource="*"))

    # When something of AWS's own is to be changed
    # Then nobody may
    assert decided(everything, action=action, resource=resource).allowed is allowed


def test_everyone_may_ask_who_they_are() -> None:
    # Given a policy that denies everything
    nothing = policy(deny(Action="*", Resource="*"))

    # When sts:GetCallerIdentity is asked for
    # Then it is allowed
    assert decided(nothing, action="sts:GetCallerIdentity", resource="*").allowed


ACCOUNT = "123456789012"
ZOE = Caller(f"arn:aws:iam::{ACCOUNT}:user/zoe", ACCOUNT)
WRITER = Caller(
    f"arn:aws:sts::{ACCOUNT}:assumed-role/Writer/s", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:role/Writer"
)
OTHER = Caller("arn:aws:iam::210987654321:user/zoe", "210987654321")
GATEWAY = Caller("apigateway.amazonaws.com", ACCOUNT, service="apigateway.amazonaws.com")
MAY, MAY_NOT = allow(), allow(Action="s3:*")


def resource_policy(principal: Any, effect: str = "Allow", element: str = "Principal") -> str:
    statement = allow() | {"Effect": effect, element: principal}
    return json.dumps({"Version": "2012-10-17", "Statement": statement})


@pytest.mark.parametrize(
    ("caller", "principal", "identity", "limit", "allowed"),
    [
        # "Evaluating identity-based policies with resource-based policies": either is enough in one account
        (ZOE, {"AWS": ZOE.arn}, MAY_NOT, None, True),
        (ZOE, {"AWS": "arn:aws:iam::123456789012:user/other"}, MAY, None, True),
        (ZOE, {"AWS": "arn:aws:iam::123456789012:user/other"}, MAY_NOT, None, False),
        (ZOE, {"AWS": ACCOUNT}, MAY_NOT, None, False),
        (ZOE, "*", MAY_NOT, None, True),
        (WRITER, {"AWS": str(WRITER.role_arn)}, MAY_NOT, None, True),
        # A session's ARN has the role's name, not its path
        (WRITER, {"AWS": f"arn:aws:iam::{ACCOUNT}:role/path/Writer"}, MAY_NOT, None, True),
        (WRITER, {"AWS": f"arn:aws:iam::{ACCOUNT}:role/Writer/Other"}, MAY_NOT, None, False),
        # A boundary limits a role that is named, not a user or a session
        (ZOE, {"AWS": ZOE.arn}, MAY_NOT, BOUNDARY, True),
        (WRITER, {"AWS": str(WRITER.role_arn)}, MAY_NOT, BOUNDARY, False),
        (WRITER, {"AWS": WRITER.arn}, MAY_NOT, BOUNDARY, True),
        (WRITER, {"AWS": WRITER.arn}, MAY_NOT, SESSION, False),
        # Across accounts both must allow it
        (OTHER, {"AWS": OTHER.arn}, MAY, None, True),
        (OTHER, {"AWS": OTHER.account}, MAY, None, True),
        (OTHER, {"AWS": OTHER.arn}, MAY_NOT, None, False),
        (OTHER, {"AWS": ZOE.arn}, MAY, None, False),
    ],
)
def test_resource_based_policies(
    caller: Caller, principal: Any, identity: dict[str, Any], limit: str | None, allowed: bool
) -> None:
    # Given a resource's policy, a caller's, and perhaps one that limits the caller to something else
    target = Target(ResourcePolicy(resource_policy(principal), ACCOUNT), caller)
    sets = [policy(identity), *([policy(MAY_NOT, kind=limit)] if limit else [])]

    # When the caller asks for the resource
    decision = decide(sets, Access("dynamodb:GetItem", TABLE, CONTEXT), target)

    # Then the guide's table decides
    assert decision.allowed is allowed


@pytest.mark.parametrize(
    ("principal", "allowed"),
    [
        ({"Service": "apigateway.amazonaws.com"}, True),
        ({"Service": "sns.amazonaws.com"}, False),
        ("*", True),
        ({"AWS": ACCOUNT}, False),
    ],
)
def test_a_service_needs_the_resources_policy(principal: Any, allowed: bool) -> None:
    # Given a service, which has no policies of its own
    target = Target(ResourcePolicy(resource_policy(principal), ACCOUNT), GATEWAY)

    # When it asks for a resource
    # Then the resource's policy decides
    assert decide([], Access("dynamodb:GetItem", TABLE, CONTEXT), target).allowed is allowed


@pytest.mark.parametrize(
    ("element", "principal", "boundary", "allowed"),
    [
        ("Principal", "*", False, False),
        ("Principal", {"AWS": ACCOUNT}, False, False),
        ("Principal", {"AWS": OTHER.arn}, False, True),
        ("NotPrincipal", {"AWS": ZOE.arn}, False, True),
        ("NotPrincipal", {"AWS": OTHER.arn}, False, False),
        # "The NotPrincipal element with a Deny effect will always deny any principal that has a boundary"
        ("NotPrincipal", {"AWS": ZOE.arn}, True, False),
    ],
)
def test_a_resources_policy_may_deny(
    element: str, principal: Any, boundary: bool, allowed: bool
) -> None:
    # Given a user who may, and a resource's policy that denies somebody
    document = resource_policy(principal, "Deny", element)
    target = Target(ResourcePolicy(document, ACCOUNT), ZOE)
    sets = [policy(MAY), *([policy(MAY, kind=BOUNDARY)] if boundary else [])]

    # When the user asks for the resource
    # Then the deny is for those it names
    access = Access("dynamodb:GetItem", TABLE, CONTEXT)
    assert decide(sets, access, target).allowed is allowed


@pytest.mark.parametrize(
    ("elements", "allowed"),
    [
        ({"Resource": "arn:aws:dynamodb"}, False),
        ({"NotResource": "arn:aws:s3"}, True),
        ({"Resource": "arn:aws:dynamodb:*"}, True),
        ({"NotResource": "arn:aws:dynamodb:*"}, False),
        ({"NotResource": "arn:aws:s3:*"}, False),
    ],
    ids=str,
)
def test_an_incomplete_arn_in_a_resources_policy(elements: dict[str, str], allowed: bool) -> None:
    # Given a resource's policy with an incomplete ARN
    statement = without(allow(Principal="*"), "Resource", **elements)
    document = json.dumps({"Version": "2012-10-17", "Statement": statement})
    target = Target(ResourcePolicy(document, ACCOUNT), ZOE)

    # When the resource is asked for
    # Then the ARN is completed where it has a wildcard, and matches nothing elsewhere
    access = Access("dynamodb:GetItem", TABLE, CONTEXT)
    assert decide([policy(MAY_NOT)], access, target).allowed is allowed


@pytest.mark.parametrize(
    "resource", [f"arn:aws:s3:::{'*a' * 300}*b", f"arn:*:*:*:*:{'*:' * 300}b"], ids=["*a", "*:"]
)
def test_many_wildcards_are_decided_as_soon_as_few(resource: str) -> None:
    # Given a pattern that every way to share out the text among its wildcards would have to be tried for
    wanted = allow(Action="s3:GetObject", Resource=resource)

    # When a long resource is asked for that it nearly matches
    # Then there is an answer
    asked = f"arn:aws:s3:::{'a:' * 500}c"
    assert not decided(policy(wanted), action="s3:GetObject", resource=asked).allowed


@pytest.mark.parametrize("resource", [TABLE, "*"])
def test_what_an_incomplete_arn_does_not_match_is_not_all_but_it(resource: str) -> None:
    # Given an Allow for all that an incomplete ARN of another service does not match
    statement = without(allow(Action="*"), "Resource", NotResource="arn:aws:s3")

    # When something is asked for
    # Then it is refused: which ARNs that would be is not documented
    assert not decided(policy(statement), resource=resource).allowed


@pytest.mark.parametrize(
    ("resource", "counts"),
    [
        ("arn:aws:dynamodb:us-east-1:210987654321:table/Rides", True),
        ("arn:aws:iam::210987654321:role/Other", True),
        ("arn:aws:iam::aws:policy/ReadOnlyAccess", False),
        ("arn:aws:s3:::photos", False),
        (TABLE, False),
    ],
)
def test_another_accounts_resource_without_a_policy_lets_nobody_in(
    resource: str, counts: bool
) -> None:
    # Given a resource that has no policy, and a user who may do everything
    policy_of_it = resource_policies.of("any:Action", resource, Place("aws", "us-east-1", ACCOUNT))
    target = Target(policy_of_it, ZOE) if policy_of_it else None

    # When the resource is asked for
    # Then it is refused where it is another account's
    access = Access("any:Action", resource, CONTEXT)
    everything = policy(allow(Action="*", Resource="*"))
    assert decide([everything], access, target).allowed is not counts


def test_a_key_without_a_policy_is_for_nobody() -> None:
    # Given a user who may use every key
    everything = policy(allow(Action="kms:*", Resource="*"))

    # When a key of which no policy is known is asked for
    decision = decided(
        everything, action="kms:Decrypt", resource="arn:aws:kms:us-east-1:123456789012:key/1"
    )

    # Then its policy would have to allow it
    assert not decision.allowed
    assert "no resource-based policy allows the kms:Decrypt action" in decision.reason
