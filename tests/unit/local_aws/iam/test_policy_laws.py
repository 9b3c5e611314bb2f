"""Laws that hold for every policy and request, whatever IAM decides: `make fuzz` tries more of them."""

import json
import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from local_aws.iam import documents
from local_aws.iam.context import Value
from local_aws.iam.documents import Kind
from local_aws.iam.policy import BOUNDARY, IDENTITY, SESSION, PolicySet, decide
from local_aws.iam.resources import Resource, UnknownResource
from local_aws.iam.statements import Access
from local_aws.iam.undecided import UndecidedError

Statement = dict[str, Any]

# So many cases an example has.
CASES = 10

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

NAMES = [*ACTIONS, "*", "dynamodb:*", "s3:Get*", "S3:getobject", "dynamodb:?etItem", "*:GetItem"]
ARNS = [
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
    "arn:aws:DynamoDB:us-east-1:123456789012:table/Rides",
    "arn:aws:dynamo*:us-east-1:123456789012:tab*/Rides",
]
OPERATORS = [
    *("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase"),
    *("NumericLessThan", "NumericNotEquals", "Bool", "DateGreaterThan", "DateNotEquals"),
    *("IpAddress", "NotIpAddress", "ArnLike", "ArnNotLike", "BinaryEquals"),
]
VALUES = [*TEXTS, "10.0.0.0/8", "*", "us-*", "${aws:username}", "${aws:x, 'zoe'}"]


@dataclass(frozen=True)
class Maker:
    """Makes policies and requests by chance, from a seed: many times quicker than from strategies."""

    chance: random.Random

    def policy(self) -> list[Statement]:
        return [self.statement() for _ in range(self.chance.randint(1, 4))]

    def statement(self, effect: str | None = None) -> Statement:
        statement: Statement = {
            "Effect": effect or self.chance.choice(["Allow", "Allow", "Deny"]),
            self.chance.choice(["Action", "Action", "NotAction"]): self.several(NAMES),
            self.chance.choice(["Resource", "Resource", "NotResource"]): self.several(ARNS),
        }
        if condition := self.condition():
            statement["Condition"] = condition
        return statement

    def condition(self) -> dict[str, Any]:
        element: dict[str, Any] = {}
        for _ in range(self.chance.choice([0, 1, 1, 2])):
            operator = self.operator()
            # A date that is none is refused when it is put.
            expected = "2026-11-22" if "Date" in operator else self.several(VALUES)
            element.setdefault(operator, {})[self.chance.choice(KEYS)] = expected
        return element

    def operator(self) -> str:
        if self.chance.random() < 0.1:
            return "Null"
        quantifier = self.chance.choice(["", "", "", "ForAllValues:", "ForAnyValue:"])
        suffix = self.chance.choice(["", "", "IfExists"])
        return f"{quantifier}{self.chance.choice(OPERATORS)}{suffix}"

    def several(self, values: list[str]) -> Any:
        # Half of the time something that matches: laws about what is allowed need policies that allow.
        likely = self.chance.choice(["*", self.chance.choice(values)])
        return self.chance.choice([likely, [likely, *self.chance.choices(values, k=2)]])

    def request(self) -> Access:
        context: dict[str, Value] = {}
        for key in self.chance.sample(KEYS, self.chance.randint(0, len(KEYS))):
            one = self.chance.random() < 0.7
            texts = self.chance.choices(TEXTS, k=self.chance.randint(0, 3))
            context[key] = self.chance.choice(TEXTS) if one else tuple(texts)
        return Access(self.chance.choice(ACTIONS), self.chance.choice(RESOURCES), context)

    def allow(self) -> Statement:
        return self.statement("Allow")

    def deny(self) -> Statement:
        return self.statement("Deny")

    def limit(self) -> str:
        return self.chance.choice([BOUNDARY, SESSION])

    def key(self) -> str:
        return self.chance.choice(KEYS)

    def order(self) -> random.Random:
        return self.chance


def law(*parts: Callable[[Maker], Any]) -> Callable[[Callable[..., None]], Callable[[], None]]:
    """Make a test of a law that is called with these parts of a case, as often as the profile has examples.

    Each example is a seed for several cases: hypothesis takes longer to find an example than a case takes.
    """
    examples = math.ceil(settings().max_examples / CASES)

    def decorate(holds: Callable[..., None]) -> Callable[[], None]:
        def test(seed: int) -> None:
            maker = Maker(random.Random(seed))  # noqa: S311 - by chance, not secret
            for _ in range(CASES):
                holds(*(part(maker) for part in parts))

        test.__name__ = holds.__name__
        test.__qualname__ = holds.__qualname__
        return settings(max_examples=examples)(given(st.integers(0, 2**64))(test))

    return decorate


def document(policy: list[Statement], version: str = "2012-10-17") -> str:
    return json.dumps({"Version": version, "Statement": policy})


def allows(policy: list[Statement], request: Access, kind: str = IDENTITY) -> bool:
    return decide([PolicySet(kind, (document(policy),))], request).allowed


@law(Maker.policy, Maker.deny, Maker.request)
def test_a_deny_never_widens(policy: list[Statement], deny: Statement, request: Access) -> None:
    # Given a policy, and the same with one more Deny

    # When anything is asked for
    # Then the second allows nothing that the first does not
    assert allows(policy, request) or not allows([*policy, deny], request)


@law(Maker.policy, Maker.allow, Maker.request)
def test_an_allow_never_narrows(policy: list[Statement], allow: Statement, request: Access) -> None:
    # Given a policy, and the same with one more Allow

    # When anything is asked for
    # Then the second allows all that the first does
    assert allows([*policy, allow], request) or not allows(policy, request)


@law(Maker.policy, Maker.request, Maker.order)
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


@law(Maker.policy, Maker.request)
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


@law(Maker.policy, Maker.policy, Maker.limit, Maker.request)
def test_a_boundary_and_a_session_policy_never_widen(
    policy: list[Statement], limit: list[Statement], kind: str, request: Access
) -> None:
    # Given a policy, and another that limits it
    sets = [PolicySet(IDENTITY, (document(policy),)), PolicySet(kind, (document(limit),))]

    # When anything is asked for
    # Then both must allow it
    both = allows(policy, request) and allows(limit, request, kind)
    assert decide(sets, request).allowed is both


@law(Maker.policy, Maker.request)
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


@law(Maker.policy, Maker.request, Maker.key)
def test_a_key_that_is_not_known_never_widens(
    policy: list[Statement], request: Access, key: str
) -> None:
    # Given a request of which one condition key is not known
    unsure = Access(request.action, request.resource, Unsure(request.context, key))

    # When it is allowed
    # Then it is allowed whatever the key's value is
    assert allows(policy, request) or not allows(policy, unsure)
