"""The Condition element, as "IAM JSON policy elements: Condition operators" has it."""

from collections.abc import Callable, Mapping
from typing import Any

from local_aws.iam.elements import UnsupportedElementError, arn_like, like, texts

# What is known of a request, by condition key in lower case. None: known not to be there. A key that is missing
# altogether can't be known here.
Context = Mapping[str, str | None]


def _equal(expected: str, actual: str) -> bool:
    return expected == actual


def _equal_ignoring_case(expected: str, actual: str) -> bool:
    return expected.casefold() == actual.casefold()


# Each compares one value of the policy with the request's; the negated ones hold where none of the values matches.
_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": _equal,
    "StringEqualsIgnoreCase": _equal_ignoring_case,
    "StringLike": like,
    "ArnEquals": arn_like,
    "ArnLike": arn_like,
    "Bool": _equal_ignoring_case,
}
_NEGATED_OPERATORS = {
    "StringNotEquals": _equal,
    "StringNotEqualsIgnoreCase": _equal_ignoring_case,
    "StringNotLike": like,
    "ArnNotEquals": arn_like,
    "ArnNotLike": arn_like,
}


def hold(conditions: Mapping[str, Mapping[str, Any]], context: Context) -> bool:
    """Whether every condition holds: operators and keys are joined by and, the values of one key by or.

    Raises UnsupportedElementError for an operator or a key that cannot be evaluated here.
    """
    return all(
        _holds(operator, key, texts(values), context)
        for operator, keys in conditions.items()
        for key, values in keys.items()
    )


def _holds(operator: str, key: str, expected: list[str], context: Context) -> bool:
    if key.lower() not in context:
        raise UnsupportedElementError(f"the condition key {key}")
    actual = context[key.lower()]
    if operator == "Null":
        return str(actual is None).lower() in expected
    name = operator.removesuffix("IfExists")
    negated = name in _NEGATED_OPERATORS
    matches = (_NEGATED_OPERATORS if negated else _OPERATORS).get(name)
    if matches is None:
        raise UnsupportedElementError(f"the condition operator {operator}")
    if actual is None:
        return negated or name != operator
    return any(matches(value, actual) for value in expected) != negated
