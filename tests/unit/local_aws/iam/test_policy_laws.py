"""Laws that hold for every policy and request, whatever IAM decides: `make fuzz` tries more of them."""

import json
import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from local_aws.iam import documents
from local_aws.iam.context import Value
from local_aws.iam.documents import Kind
from local_aws.iam.policy import BOUNDARY, IDENTITY, SESSION, PolicySet, decide
from local_aws.iam.resources import Resource, UnknownResource
from local_aws.iam.statements import Access
from local_aws.iam.undecided import UndecidedError

Statement = dict[str, Any]

TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/"
ACTIONS = ["dynamodb:GetItem", "dynamodb:PutItem", "s3:GetObject", "s3:PutObject"]
RESOURCES = [f"{TABLE}Rides", f"{TABLE}Rides/index/ByUser", "arn:aws:s3:::photos/zoe/1", "*"]
KEYS = [
    "aws:username",
    "aws:requestedregion",
    "aws:tagkeys",
    "aws:sourceip",
    "s3:max-keys",
    "aws:currenttime",
]
TEXTS = ["zoe", "us-east-1", "Owner", "10.1.2.3", "10", "2026-11-22T21:36:43Z", "true", "a*", ""]

names = st.sampled_from(
    [*ACTIONS, "*", "dynamodb:*", "s3:Get*", "S3:getobject", "dynamodb:?etItem", "*:GetItem"]
)
arns = st.sampled_from(
    [
        *RESOURCES,
        "arn:aws:dynamodb",
        "arn:aws:dynamodb:us-east-1",
        "arn:aws:s3:::*",
        "arn:aws:dynamodb:*:*:table/R*",
        f"{TABLE}*",
        "arn:aws:dynamodb:us-east-1:123456789012:*/Rides",
        "arn:aws:s3:::photos/${aws:username}/*",
        "arn:aws:s3:::photos/${aws:username, 'zoe'}/?",
        "arn:aws:s3:::${*}",
        "arn:aws:*:table/Rides",
    ]
)
operators = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "", "", "ForAllValues:", "ForAnyValue:"]),
    st.sampled_from(
        [
            *("StringEquals", "StringNotEquals", "StringLike", "StringNotLike"),
            *("StringEqualsIgnoreCase", "NumericLessThan", "NumericNotEquals", "Bool"),
            *("DateGreaterThan", "IpAddress", "NotIpAddress", "ArnLike", "ArnNotLike"),
        ]
    ),
    st.sampled_from(["", "", "IfExists"]),
) | st.just("Null")
values = st.sampled_from([*TEXTS, "10.0.0.0/8", "*", "us-*", "${aws:username}", "${aws:x, 'zoe'}"])


def several(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return strategy | st.lists(strategy, min_size=1, max_size=2)


several_values, several_names, several_arns = map(several, (values, names, arns))


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, Any]:
    element: dict[str, Any] = {}
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2]))):
        operator, key = draw(operators), draw(st.sampled_from(KEYS))
        # A date that is none is refused when it is put.
        expected = "2026-11-22" if "Date" in operator else draw(several_values)
        element.setdefault(operator, {})[key] = expected
    return element


@st.composite
def statements(draw: st.DrawFn, effect: str | None = None) -> Statement:
    statement: Statement = {
        "Effect": effect or draw(st.sampled_from(["Allow", "Allow", "Deny"])),
        draw(st.sampled_from(["Action", "Action", "NotAction"])): draw(several_names),
        draw(st.sampled_from(["Resource", "Resource", "NotResource"])): draw(several_arns),
    }
    if condition := draw(conditions()):
        statement["Condition"] = condition
    return statement


policies = st.lists(statements(), min_size=1, max_size=3)
contexts = st.dictionaries(
    st.sampled_from(KEYS),
    st.sampled_from(TEXTS) | st.lists(st.sampled_from(TEXTS), max_size=2).map(tuple),
    max_size=3,
)
requests = st.builds(Access, st.sampled_from(ACTIONS), st.sampled_from(RESOURCES), contexts)


def document(policy: list[Statement], version: str = "2012-10-17") -> str:
    return json.dumps({"Version": version, "Statement": policy})


def allows(policy: list[Statement], request: Access, kind: str = IDENTITY) -> bool:
    return decide([PolicySet(kind, (document(policy),))], request).allowed


@given(policies, statements("Deny"), requests)
def test_a_deny_never_widens(policy: list[Statement], deny: Statement, request: Access) -> None:
    # Given a policy, and the same with one more Deny
    # When anything is asked for
    # Then the second allows nothing that the first does not
    assert allows(policy, request) or not allows([*policy, deny], request)


@given(policies, statements("Allow"), requests)
def test_an_allow_never_narrows(policy: list[Statement], allow: Statement, request: Access) -> None:
    # Given a policy, and the same with one more Allow
    # When anything is asked for
    # Then the second allows all that the first does
    assert allows([*policy, allow], request) or not allows(policy, request)


@given(policies, requests, st.randoms(use_true_random=False))
def test_order_does_not_matter(
    policy: list[Statement], request: Access, order: random.Random
) -> None:
    # Given a policy in another order: statements, elements, conditions, keys and values
    shuffled = shuffle(policy, order)

    # When anything is asked for, of one document or of one for each statement
    each = tuple(document([statement]) for statement in shuffled)

    # Then the decision is the same
    assert allows(policy, request) == allows(shuffled, request)
    assert allows(policy, request) == decide([PolicySet(IDENTITY, each)], request).allowed


def shuffle(value: Any, order: random.Random) -> Any:
    if isinstance(value, list):
        return [shuffle(item, order) for item in order.sample(value, len(value))]
    if isinstance(value, dict):
        return {key: shuffle(value[key], order) for key in order.sample(list(value), len(value))}
    return value


@given(policies, requests)
def test_a_document_round_trips(policy: list[Statement], request: Access) -> None:
    # Given a document that IAM stores
    stored = document(policy)
    assert documents.fault(stored, Kind.IDENTITY) is None

    # When it is read and written again, with one value as a list and single statements by themselves
    again = [
        {
            name: [value] if isinstance(value, str) and name != "Effect" else value
            for name, value in each.items()
        }
        for each in json.loads(stored)["Statement"]
    ]
    single = json.dumps({"Version": "2012-10-17", "Statement": again[0]})

    # Then it decides the same
    assert allows(policy, request) == allows(again, request)
    assert allows(policy[:1], request) == decide([PolicySet(IDENTITY, (single,))], request).allowed


@given(policies, policies, st.sampled_from([BOUNDARY, SESSION]), requests)
def test_a_boundary_and_a_session_policy_never_widen(
    policy: list[Statement], limit: list[Statement], kind: str, request: Access
) -> None:
    # Given a policy, and another that limits it
    sets = [PolicySet(IDENTITY, (document(policy),)), PolicySet(kind, (document(limit),))]

    # When anything is asked for
    # Then both must allow it
    both = allows(policy, request) and allows(limit, request, kind)
    assert decide(sets, request).allowed is both


@given(policies, requests)
def test_a_resource_that_is_not_known_never_widens(
    policy: list[Statement], request: Access
) -> None:
    # Given a request for a resource of a service that is not known
    resource: Resource = request.resource
    if resource == "*":
        return
    service = str(resource).split(":")[2]
    unknown = Access(request.action, UnknownResource("aws", service), request.context)

    # When it is allowed
    # Then it is allowed on every resource of that service
    assert allows(policy, request) or not allows(policy, unknown)


class Unsure:
    """A context in which one key is not known."""

    def __init__(self, context: Any, key: str) -> None:
        self._context = context
        self._key = key

    def get(self, key: str, /) -> Value | None:
        if key == self._key:
            raise UndecidedError(key)
        value: Value | None = self._context.get(key)
        return value


@given(policies, requests, st.sampled_from(KEYS))
def test_a_key_that_is_not_known_never_widens(
    policy: list[Statement], request: Access, key: str
) -> None:
    # Given a request of which one condition key is not known
    unsure = Access(request.action, request.resource, Unsure(request.context, key))

    # When it is allowed
    # Then it is allowed whatever the key's value is
    assert allows(policy, request) or not allows(policy, unsure)
