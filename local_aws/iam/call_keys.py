"""The condition keys of a call's parameters: keys of its service, tags in the request, and DynamoDB's keys."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from moto.dynamodb.models import dynamodb_backends

from local_aws.iam import reference
from local_aws.iam.actions import Need
from local_aws.iam.api_call import ApiCall
from local_aws.iam.context import Value
from local_aws.iam.operations import operation_of, parameters_of
from local_aws.iam.resource_arns import Place, normalized
from local_aws.iam.undecided import UndecidedError

_TAGS = ("tags", "taglist", "tagset")
_REQUEST_TAG = "aws:requesttag/"
_TAG_KEYS = "aws:tagkeys"
# Words of DynamoDB's expressions that are not names of attributes.
_WORDS = frozenset(("SET", "REMOVE", "ADD", "DELETE", "AND", "OR", "NOT", "BETWEEN", "IN"))


def value(key: str, call: ApiCall, need: Need, place: Place) -> Value | None:
    """Return the value of a condition key; None if the call does not have the key.

    Raises UndecidedError if the action has the key, but its value cannot be derived from the call.
    """
    if key in need.keys:
        return need.keys[key]
    if key.startswith(_REQUEST_TAG):
        return _tags(need.parameters).get(key.removeprefix(_REQUEST_TAG))
    if key == _TAG_KEYS:
        return _tag_keys(need.parameters)
    if not _has(key, need):
        return None
    special = _SPECIAL.get(key)
    if special:
        return special(call, need, place)
    return _parameter(key, call, need)


def _has(key: str, need: Need) -> bool:
    """Whether the action has the key, according to the reference; true if the reference lacks the action."""
    action = reference.action(need.service, need.action)
    if action is None:
        return True
    return any(
        key == listed
        or ("${" in listed and key.startswith(listed.partition("${")[0]))
        or ("<" in listed and key.startswith(listed.partition("<")[0]))
        for listed in action.condition_keys
    )


def _parameter(key: str, call: ApiCall, need: Need) -> Value | None:
    """Return the value of the parameter with the key's name, in botocore's spelling or as it is sent."""
    wanted = normalized(key.partition(":")[2])
    for name, member in parameters_of(operation_of(call.service, call.operation)).items():
        sent = member.serialization.get("name", name)
        if wanted in (normalized(name), normalized(sent)):
            return _text(need.parameters.get(name))
    raise UndecidedError(f"it does not know the condition key {key}")


def _text(parameter: Any) -> Value | None:
    if parameter is None or isinstance(parameter, str):
        return parameter
    if isinstance(parameter, bool | int | float):
        return str(parameter).lower()
    if isinstance(parameter, list) and all(isinstance(each, str) for each in parameter):
        return tuple(parameter)
    raise UndecidedError("it does not know the condition key's value")


def _tags(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Return the tags in a call, by their keys in lower case."""
    return {key.lower(): str(value) for key, value in _tag_pairs(parameters)}


def _tag_keys(parameters: Mapping[str, Any]) -> tuple[str, ...] | None:
    removed = next((parameters[name] for name in parameters if normalized(name) == "tagkeys"), None)
    keys = (
        tuple(removed)
        if isinstance(removed, list)
        else tuple(key for key, _ in _tag_pairs(parameters))
    )
    return keys or None


def _tag_pairs(parameters: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, tags in parameters.items():
        if normalized(name) not in _TAGS:
            continue
        if isinstance(tags, Mapping):
            yield from ((str(key), value) for key, value in tags.items())
        for tag in tags if isinstance(tags, list) else ():
            pair = (
                {normalized(key): value for key, value in tag.items()}
                if isinstance(tag, Mapping)
                else {}
            )
            key = pair.get("key", pair.get("tagkey"))
            if key is not None:
                yield str(key), pair.get("value", pair.get("tagvalue", ""))


def _leading_keys(_: ApiCall, need: Need, place: Place) -> Value | None:
    """Return the partition keys in a call, after "Using IAM policy conditions for fine-grained access control"."""
    parameters = need.parameters
    requests = parameters.get("RequestItems")
    if isinstance(requests, Mapping):
        keys = [
            _key_value(item, name, place)
            for name, items in requests.items()
            for item in _batch_items(items)
        ]
        return tuple(keys) or None
    table = str(parameters.get("TableName", ""))
    item = parameters.get("Key") or parameters.get("Item")
    if item is not None:
        return (_key_value(item, table, place),)
    return (_queried_key(parameters, table, place),)


def _batch_items(items: Any) -> Iterator[Any]:
    if isinstance(items, Mapping):
        yield from items.get("Keys") or [{}]
        return
    for each in items if isinstance(items, list) else [{}]:
        yield from (part.get("Key") or part.get("Item") for part in each.values())


def _key_value(item: Any, table: str, place: Place) -> str:
    name = _partition_key(table, None, place)
    try:
        (typed,) = item[name].items()
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UndecidedError("it cannot tell the item's partition key") from error
    return str(typed[1])


def _partition_key(table: str, index: str | None, place: Place) -> str:
    name = table.rpartition("/")[2]
    stored = dynamodb_backends[place.account][place.region].tables.get(name)
    schema = stored.schema if stored else []
    if stored and index:
        indexes = [*stored.global_indexes, *stored.indexes]
        schema = next((each.schema for each in indexes if each.name == index), [])
    for element in schema:
        if element["KeyType"] == "HASH":
            return str(element["AttributeName"])
    raise UndecidedError("it does not know the table's partition key")


def _queried_key(parameters: Mapping[str, Any], table: str, place: Place) -> str:
    """Return the partition key of a Query: that of `name = :value` in its key condition."""
    wanted = _partition_key(table, parameters.get("IndexName"), place)
    names = parameters.get("ExpressionAttributeNames") or {}
    values = parameters.get("ExpressionAttributeValues") or {}
    expression = str(parameters.get("KeyConditionExpression", ""))
    for name, placeholder in re.findall(r"([#\w.-]+)\s*=\s*(:\w+)", expression):
        if names.get(name, name) == wanted and isinstance(values.get(placeholder), Mapping):
            return str(next(iter(values[placeholder].values())))
    raise UndecidedError("it cannot tell the partition key of the query")


def _attributes(_: ApiCall, need: Need, __: Place) -> Value | None:
    """Return the top-level attributes of items that a call names."""
    parameters = need.parameters
    names = parameters.get("ExpressionAttributeNames") or {}
    attributes: list[str] = []
    for item in (parameters.get("Key"), parameters.get("Item")):
        attributes += item if isinstance(item, Mapping) else []
    attributes += parameters.get("AttributesToGet") or []
    expressions = [text for name, text in parameters.items() if name.endswith("Expression")]
    if any(re.search(r"[(\[]", str(text)) for text in expressions):
        raise UndecidedError("it cannot tell the attributes that an expression names")
    for text in expressions:
        words = re.findall(r"[#\w:-]+", re.sub(r"\.[#\w.-]+", "", str(text)))
        attributes += [
            names.get(word, word)
            for word in words
            if not word.startswith(":") and word.upper() not in _WORDS
        ]
    return tuple(dict.fromkeys(attributes)) or None


def _function_arn(_: ApiCall, need: Need, place: Place) -> Value | None:
    """Return the ARN of an event source mapping's function."""
    name = str(need.parameters.get("FunctionName") or "")
    if not name:
        raise UndecidedError("it does not know which function the mapping is of")
    if name.startswith("arn:"):
        return name
    return f"arn:{place.partition}:lambda:{place.region}:{place.account}:function:{name}"


_SPECIAL: dict[str, Callable[[ApiCall, Need, Place], Value | None]] = {
    "dynamodb:attributes": _attributes,
    "dynamodb:leadingkeys": _leading_keys,
    "lambda:functionarn": _function_arn,
}
