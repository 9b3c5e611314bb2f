"""Finds what the ARN of a function, a version or an alias names."""

from local_aws import function_name
from local_aws.functions.api.call import Reference
from local_aws.functions.api.store import Store, Stores


def find_by_arn(stores: Stores, arn: str) -> tuple[Store, Reference] | None:
    """Return the store of the ARN's account and region, and the reference in it, whether the function exists or not.

    None if it is not the whole ARN of a function.
    """
    named = function_name.parse(arn)
    if named is None or named.account is None or named.region is None:
        return None
    return stores.of(named.account, named.region), Reference(named.name, named.qualifier)
