"""Stops functions that invoke themselves in a loop.

After "Lambda recursive loop detection": Lambda stops an event that has invoked a function about sixteen times.
"""

from local_aws.functions.api.errors import ApiError
from local_aws.functions.api.store import Store
from local_aws.functions.function_version import FunctionVersion
from local_aws.functions.lineage import rounds
from local_aws.functions.metrics import publish_recursion_stopped

LIMIT = 16


def check(store: Store, function: FunctionVersion, header: str | None) -> None:
    """Raise ApiError if an invocation with this tracing header must be stopped as part of a loop."""
    ends = store.functions[function.name].recursive_loop == "Terminate"
    if ends and rounds(function, header) >= LIMIT:
        publish_recursion_stopped(function)
        raise ApiError(
            "RecursiveInvocationException",
            "Lambda has detected your function being invoked in a recursive loop with other "
            "Amazon Web Services resources and stopped your function's invocation.",
        )
