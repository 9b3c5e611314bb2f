"""Refuses operations while a function is being created or updated, after "Lambda function states"."""

from local_aws.functions.api.errors import conflict
from local_aws.functions.api.store import Function, Store

_REFUSED = "The operation cannot be performed at this time. "


def check_active(function: Function) -> None:
    """Raise ApiError if the function is being created: it cannot be invoked yet."""
    function.latest.settle()
    if function.latest.changing == "Creating":
        raise conflict(f"{_REFUSED}The function is currently in the following state: Pending")


def check_settled(function: Function, store: Store) -> None:
    """Raise ApiError if the function is being created or updated: it cannot be changed or published yet."""
    check_active(function)
    if function.latest.changing:
        arn = store.function_arn(function.name)
        raise conflict(f"{_REFUSED}An update is in progress for resource: {arn}")
