"""Tags of functions, event source mappings and code signing configs."""

from collections.abc import Mapping

from local_aws import function_name
from local_aws.functions.api.call import Call, Reference, Result
from local_aws.functions.api.errors import invalid_parameter, no_such_resource, not_found
from local_aws.functions.api.store import Function

# "Using tags on Lambda functions": the most tags of a resource.
TAG_LIMIT = 50


def check_tags(tags: Mapping[str, str]) -> None:
    """Raise ApiError if a resource cannot have these tags: there are too many, or one is reserved for AWS."""
    if len(tags) > TAG_LIMIT:
        raise invalid_parameter("Number of tags exceeds resource tag limit.")
    if any(key.lower().startswith("aws:") for key in tags):
        raise invalid_parameter(
            "Reserved tag key prefix 'aws:' is not allowed. Remove the prefix and try again."
        )


def tag_resource(call: Call) -> Result:
    """Add tags, and replace those with the same keys."""
    if not call.get("Tags"):
        raise invalid_parameter("An error occurred and the request cannot be processed.")
    tags, function = _tags(call)
    merged = {**tags, **call.get("Tags")}
    check_tags(merged)
    tags.update(merged)
    _revise(function)
    return None


def untag_resource(call: Call) -> Result:
    """Remove the tags with these keys."""
    tags, function = _tags(call)
    for key in call.get("TagKeys"):
        tags.pop(key, None)
    _revise(function)
    return None


def list_tags(call: Call) -> Result:
    """Return a resource's tags."""
    return {"Tags": _tags(call)[0]}


def _tags(call: Call) -> tuple[dict[str, str], Function | None]:
    """Return the tags of the resource in the call, and the function if it is one."""
    arn = str(call.get("Resource"))
    kind = arn.split(":")[5]
    kept = {
        "event-source-mapping": call.store.mappings,
        "code-signing-config": call.store.code_signing_configs,
    }.get(kind)
    if kept is None:
        function = _function(call, arn)
        return function.tags, function
    resource = kept.get(arn if kind == "code-signing-config" else arn.rpartition(":")[2])
    if resource is None:
        raise no_such_resource()
    tags: dict[str, str] = resource.setdefault("Tags", {})
    return tags, None


def _function(call: Call, arn: str) -> Function:
    asked = function_name.parse(arn)
    if asked is None:
        raise no_such_resource()
    if asked.region != call.store.region:
        raise not_found(
            f"Functions from '{asked.region}' are not reachable in this region ('{call.store.region}')"
        )
    if asked.account != call.store.account:
        raise not_found(f"Function not found: {arn}")
    if asked.qualifier:
        raise invalid_parameter(
            "Tags on function aliases and versions are not supported. Please specify a function ARN."
        )
    return call.function(Reference(asked.name, None))


def _revise(function: Function | None) -> None:
    if function:
        function.latest.revise()
