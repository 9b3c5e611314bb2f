"""Holds back what needs a function that is ready, for the moment in which it is not."""

import time

from local_aws.functions.api.call import Call

# Lambda refuses these while a function is Pending or its update InProgress, which takes seconds there. Here it takes
# a moment: they wait, so that a program need not.
_WAITING = {"PublishVersion"}


def wait_until_settled(call: Call) -> None:
    """Wait until the function that the call names has become ready, if the operation needs it to be."""
    if call.operation not in _WAITING:
        return
    function = call.store.functions.get(call.reference().name)
    if function is not None and function.latest.changing:
        time.sleep(max(0.0, function.latest.ready_at - time.monotonic()))
