"""Checks parameters against the constraints of the service model, with AWS's messages."""

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from moto.core.utils import get_service_model

from local_aws.functions.api.errors import ApiError
from local_aws.functions.api.model import Parameters

# The order of values in messages recorded from AWS, where it is not the model's.
_RECORDED_ORDER = {
    "EventSourcePosition": ("LATEST", "AT_TIMESTAMP", "TRIM_HORIZON"),
    "InvocationType": ("DryRun", "RequestResponse", "Event"),
    "InvokeMode": ("RESPONSE_STREAM", "BUFFERED"),
}
# Lambda checks it itself, with another error: see `limits`.
_CHECKED_LATER = {"runtime"}


def check(operation: Any, parameters: Parameters) -> None:
    """Raise ApiError, a ValidationException with all violations, unless the parameters fit the model."""
    violations = list(_structure(operation.input_shape, parameters, ""))
    if violations:
        raise validation_error(*violations)


def validation_error(*violations: str) -> ApiError:
    """Return the error that lists violations."""
    count = f"{len(violations)} validation error{'s' if len(violations) > 1 else ''} detected: "
    return ApiError("ValidationException", count + "; ".join(violations))


def violation(value: object, path: str, constraint: str) -> str:
    """Return the sentence about one value."""
    return f"Value {_quoted(value)}at '{path}' failed to satisfy constraint: {constraint}"


def name_pattern() -> str:
    """Return the constraint on names of functions, for names that only the operation itself can refuse."""
    pattern = get_service_model("lambda").shape_for("FunctionName").metadata["pattern"]
    return f"Member must satisfy regular expression pattern: {pattern}"


def _structure(shape: Any, values: Mapping[str, Any], path: str) -> Iterator[str]:
    if shape is None:
        return
    for name, member in shape.members.items():
        where = f"{path}{_camel(name)}"
        value = values.get(name)
        if value is not None:
            yield from _value(member, value, where)
        elif name in shape.required_members:
            yield violation(None, where, "Member must not be null")


def _value(shape: Any, value: Any, path: str) -> Iterator[str]:
    if path in _CHECKED_LATER:
        return
    if shape.type_name == "structure":
        yield from _structure(shape, value, f"{path}.")
    elif shape.type_name == "list":
        yield from _list(shape, value, path)
    elif shape.type_name == "map":
        yield from _map(shape, value, path)
    else:
        shown = _HIDDEN if shape.metadata.get("sensitive") else value
        for constraint in _violated(shape, value):
            yield violation(shown, path, constraint)


def _list(shape: Any, values: list[Any], path: str) -> Iterator[str]:
    for constraint in _violated(shape, values):
        yield violation(values, path, constraint)
    if shape.member.type_name in ("structure", "list", "map"):
        for number, value in enumerate(values, 1):
            yield from _value(shape.member, value, f"{path}.{number}.member")
    elif any(any(_violated(shape.member, value)) for value in values):
        yield violation(values, path, f"Member must satisfy constraint: {_all(shape.member)}")


def _map(shape: Any, values: Mapping[str, Any], path: str) -> Iterator[str]:
    shown: object = _HIDDEN if shape.metadata.get("sensitive") else values
    for constraint in _violated(shape, values):
        yield violation(shown, path, constraint)
    if any(any(_violated(shape.key, key)) for key in values):
        yield violation(shown, path, f"Map keys must satisfy constraint: {_all(shape.key)}")
    if shape.value.type_name in ("structure", "list", "map"):
        for key, value in values.items():
            yield from _value(shape.value, value, f"{path}.{key}.member")
    elif any(any(_violated(shape.value, value)) for value in values.values()):
        yield violation(shown, path, f"Map value must satisfy constraint: {_all(shape.value)}")


def _violated(shape: Any, value: Any) -> Iterator[str]:
    for constraint, holds in _constraints(shape):
        if not holds(value):
            yield constraint


def _all(shape: Any) -> str:
    """Return all constraints of a shape in brackets, as messages about members of lists and maps have them."""
    sentences = [constraint for constraint, _ in _constraints(shape)]
    return f"[{', '.join([*sentences, 'Member must not be null'])}]"


def _constraints(shape: Any) -> Iterator[tuple[str, Callable[[Any], object]]]:
    """Yield the constraints of a shape, each with AWS's wording and a test of values."""
    metadata = shape.metadata
    is_number = shape.type_name in ("integer", "long", "double", "float")
    measured = "Member must have value" if is_number else "Member must have length"

    def measure(value: Any) -> float:
        return value if is_number else len(value)

    if "max" in metadata:
        most = metadata["max"]
        yield f"{measured} less than or equal to {most}", lambda value: measure(value) <= most
    if "min" in metadata:
        least = metadata["min"]
        yield f"{measured} greater than or equal to {least}", lambda value: measure(value) >= least
    if "pattern" in metadata:
        pattern = metadata["pattern"]
        matches = _compiled(pattern).fullmatch
        yield f"Member must satisfy regular expression pattern: {pattern}", matches
    if metadata.get("enum"):
        allowed = _RECORDED_ORDER.get(shape.name, metadata["enum"])
        listed = ", ".join(allowed)
        yield f"Member must satisfy enum value set: [{listed}]", lambda value: value in allowed


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    r"""Compile a pattern of Java's; the only classes in Lambda's model are \p{L}, \p{Z} and \p{N}, for tags."""
    return re.compile(pattern.replace(r"\p{L}\p{Z}\p{N}", r"\w\s"))


def _camel(name: str) -> str:
    """Return a member's name as in AWS's messages: functionName for FunctionName, kmsKeyArn for KMSKeyArn."""
    return re.sub(r"^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+$|^[A-Z]", lambda head: head[0].lower(), name)


class _Hidden:
    """Stands for a sensitive value, which messages must not contain."""


_HIDDEN = _Hidden()


def _quoted(value: object) -> str:
    if value is _HIDDEN:
        return ""
    if value is None:
        return "null "
    if isinstance(value, list):
        return f"'[{', '.join(map(str, value))}]' "
    if isinstance(value, Mapping):
        return "'{" + ", ".join(f"{key}={item}" for key, item in value.items()) + "}' "
    return f"'{value}' "
