"""The statements of a policy document, parsed for evaluation."""

import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from local_aws.iam import conditions, patterns, resources
from local_aws.iam.context import Context
from local_aws.iam.elements import statements_in, texts
from local_aws.iam.patterns import NoValueError
from local_aws.iam.principal_element import PrincipalElement
from local_aws.iam.resources import Matcher, Resource
from local_aws.iam.undecided import UndecidedError, all_hold, any_holds

_ELEMENTS = frozenset(
    ("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition")
)
_ELEMENTS_OF_RESOURCE_POLICIES = _ELEMENTS | {"Principal", "NotPrincipal"}
# Policy variables came with this version; a document without a version has the older one.
_VERSION_WITH_VARIABLES = "2012-10-17"


@dataclass(frozen=True)
class Access:
    """A requested action, such as dynamodb:PutItem, on an ARN, or on * if the action has no resources.

    With `guessed`, the Service Authorization Reference has no such action: the call may need other ones.
    """

    action: str
    resource: Resource
    context: Context
    guessed: bool = False


@dataclass(frozen=True)
class Statement:
    """A statement; `applies` may raise UndecidedError."""

    effect: str
    applies: Callable[[Access], bool]
    principals: PrincipalElement | None


@functools.lru_cache(maxsize=1024)
def read(document: str, *, of_resource: bool = False) -> tuple[Statement, ...]:
    """Read the statements of a document; with `of_resource`, of a resource-based policy, which names principals.

    Raises UndecidedError if the document is not a policy.
    """
    try:
        policy = json.loads(document)
        has_variables = policy.get("Version") == _VERSION_WITH_VARIABLES
        return tuple(
            _statement(element, has_variables=has_variables, of_resource=of_resource)
            for element in statements_in(policy)
        )
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise UndecidedError("a document is not a policy") from error


@functools.lru_cache(maxsize=1024)
def of_effect(documents: tuple[str, ...], effect: str) -> tuple[Statement, ...]:
    """Read the statements with an effect, Allow or Deny; a document that is not a policy may have either."""
    result: list[Statement] = []
    for document in documents:
        try:
            result += [statement for statement in read(document) if statement.effect == effect]
        except UndecidedError as error:
            result.append(Statement(effect, functools.partial(_undecided, str(error)), None))
    return tuple(result)


def condition_keys(document: str) -> frozenset[str]:
    """Return the condition keys in a document, in lower case; none if it is not a policy."""
    try:
        return frozenset(
            condition.key
            for element in statements_in(json.loads(document))
            for condition in conditions.read(element.get("Condition", {}))
        )
    except (ValueError, LookupError, TypeError, AttributeError):
        return frozenset()


def _statement(element: Mapping[str, Any], *, has_variables: bool, of_resource: bool) -> Statement:
    parts = [_action_matcher(element)]
    if "Resource" in element or "NotResource" in element:
        parts.append(_resource_matcher(element, variables=has_variables, completes=not of_resource))
    elif not of_resource:
        raise ValueError("a statement without resources")
    if condition := conditions.read(element.get("Condition", {})):
        parts.append(
            lambda access: conditions.hold(condition, access.context, has_variables=has_variables)
        )
    elements = _ELEMENTS_OF_RESOURCE_POLICIES if of_resource else _ELEMENTS
    if unknown := element.keys() - elements:
        parts.append(functools.partial(_undecided, f"a statement has the element {min(unknown)}"))
    return Statement(
        effect=_effect(element),
        applies=lambda access: all_hold(lambda part: part(access), parts),
        principals=PrincipalElement.read(element),
    )


def _undecided(reason: str, _: Access) -> bool:
    raise UndecidedError(reason)


def _effect(element: Mapping[str, Any]) -> str:
    effect = element["Effect"]
    if effect not in ("Allow", "Deny"):
        raise ValueError(effect)
    return str(effect)


def _action_matcher(element: Mapping[str, Any]) -> Callable[[Access], bool]:
    negated = "NotAction" in element
    wanted = [text.lower() for text in _values(element, "NotAction" if negated else "Action")]

    def matches(access: Access) -> bool:
        asked = access.action.lower()
        if access.guessed:
            return any_holds(lambda pattern: _guess_like(pattern, asked), wanted) != negated
        return any(_action_like(pattern, asked) for pattern in wanted) != negated

    return matches


def _values(element: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = texts(element[name])
    if not values and name.startswith("Not"):
        # It would mean everything.
        raise ValueError(f"{name} is empty")
    return values


def _action_like(pattern: str, action: str) -> bool:
    """Whether a pattern, such as dynamodb:Get*, matches an action; both in lower case.

    A service's prefix has no wildcards: *:GetItem matches nothing.
    """
    if pattern in ("*", action):
        return True
    service, colon, name = pattern.partition(":")
    asked_service, _, asked_name = action.partition(":")
    return bool(colon) and service == asked_service and patterns.like(name, asked_name)


def _guess_like(pattern: str, action: str) -> bool:
    service = action.partition(":")[0]
    if pattern in ("*", f"{service}:*"):
        return True
    if pattern.partition(":")[0] == service:
        raise UndecidedError(f"the Service Authorization Reference has no action {action}")
    return False


def _resource_matcher(
    element: Mapping[str, Any], *, variables: bool, completes: bool
) -> Callable[[Access], bool]:
    negated = "NotResource" in element
    matchers = [
        resources.matcher(text, variables=variables, completes=completes)
        for text in _values(element, "NotResource" if negated else "Resource")
    ]

    def matches(matcher: Matcher, access: Access) -> bool:
        try:
            return matcher(access.resource, access.context)
        except NoValueError as error:
            if negated:
                raise UndecidedError(f"NotResource holds {error}") from error
            return False

    return lambda access: any_holds(lambda each: matches(each, access), matchers) != negated
