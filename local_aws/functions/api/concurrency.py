"""Reserved concurrency, which is part of the account's limit."""

from local_aws.functions.api.call import Call, Result
from local_aws.functions.api.errors import invalid_parameter, not_found
from local_aws.functions.api.store import Store

# "Lambda quotas", concurrent executions: the default in a region, and the minimum that must stay unreserved.
ACCOUNT_LIMIT = 1000
UNRESERVED_MINIMUM = 100


def put_function_concurrency(call: Call) -> Result:
    """Reserve concurrency for a function."""
    reference = call.reference()
    if reference.qualifier:
        raise invalid_parameter(
            "This operation is permitted on Lambda functions only. Aliases and versions do not support this "
            "operation. Please specify either a function name or an unqualified function ARN."
        )
    function = call.store.functions.get(reference.name)
    if function is None:
        raise not_found(f"Function not found: {call.store.function_arn(reference.name, '$LATEST')}")
    wanted = call.get("ReservedConcurrentExecutions")
    if unreserved(call.store) + (function.reserved_concurrency or 0) - wanted < UNRESERVED_MINIMUM:
        raise invalid_parameter(
            "Specified ReservedConcurrentExecutions for function decreases account's "
            f"UnreservedConcurrentExecution below its minimum value of [{UNRESERVED_MINIMUM}]."
        )
    provisioned = sum(each.requested for each in function.provisioned.values())
    if provisioned > wanted:
        raise invalid_parameter(
            f" ReservedConcurrentExecutions  {wanted} should not be lower than function's total "
            f"provisioned concurrency [{provisioned}]."
        )
    function.reserved_concurrency = wanted
    return {"ReservedConcurrentExecutions": wanted}


def get_function_concurrency(call: Call) -> Result:
    """Return a function's reserved concurrency."""
    return {"ReservedConcurrentExecutions": call.function().reserved_concurrency}


def delete_function_concurrency(call: Call) -> Result:
    """Remove the reserved concurrency of a function."""
    call.function().reserved_concurrency = None
    return None


def unreserved(store: Store) -> int:
    """Return how much of the account's limit no function has reserved or provisioned."""
    taken = 0
    for function in store.functions.values():
        provisioned = sum(each.requested for each in function.provisioned.values())
        taken += max(function.reserved_concurrency or 0, provisioned)
    return ACCOUNT_LIMIT - taken
