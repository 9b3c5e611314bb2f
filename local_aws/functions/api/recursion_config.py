"""Recursion configs: whether Lambda stops a function that invokes itself in a loop."""

from local_aws.functions.api.call import Call, Result


def get_function_recursion_config(call: Call) -> Result:
    """Return whether recursive loops of a function are stopped."""
    return {"RecursiveLoop": call.function().recursive_loop}


def put_function_recursion_config(call: Call) -> Result:
    """Set whether recursive loops of a function are stopped."""
    function = call.function()
    function.recursive_loop = call.get("RecursiveLoop")
    return {"RecursiveLoop": function.recursive_loop}
