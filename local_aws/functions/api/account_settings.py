"""GetAccountSettings: the quotas of an account in a region, and how much of them is used."""

from collections.abc import Iterator

from local_aws.functions.api.call import Call, Result
from local_aws.functions.api.code import ZIPPED_LIMIT
from local_aws.functions.api.concurrency import ACCOUNT_LIMIT, unreserved
from local_aws.functions.api.store import Store
from local_aws.functions.api.version import Code
from local_aws.functions.unpack import UNZIPPED_LIMIT

# "Lambda quotas", storage for uploaded functions and layers: 75 GB.
TOTAL_CODE_LIMIT = 80_530_636_800


def get_account_settings(call: Call) -> Result:
    """Return the quotas, and the use of those for code and functions."""
    return {
        "AccountLimit": {
            "TotalCodeSize": TOTAL_CODE_LIMIT,
            "CodeSizeUnzipped": UNZIPPED_LIMIT,
            "CodeSizeZipped": ZIPPED_LIMIT,
            "ConcurrentExecutions": ACCOUNT_LIMIT,
            "UnreservedConcurrentExecutions": unreserved(call.store),
        },
        "AccountUsage": {
            "TotalCodeSize": sum(code.size for code in _stored_code(call.store)),
            "FunctionCount": len(call.store.functions),
        },
    }


def _stored_code(store: Store) -> Iterator[Code]:
    for function in store.functions.values():
        yield from (version.code for version in function.versions.values())
    for layer in store.layers.values():
        yield from (version.code for version in layer.versions.values())
