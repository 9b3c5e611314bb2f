"""moto 5.2.5's queues drop the tracing header of a message, which SQS stores as AWSTraceHeader.

Lambda detects recursive loops with it. Without this seam test_recursive_loops.py (tests/integration) fails.
"""

from typing import Any

from moto.sqs.models import Message, SQSBackend

from local_aws.moto_seams import request_trace

_send_message = SQSBackend.send_message


def install() -> None:
    """Store the header with each message."""
    SQSBackend.send_message = send_message


def send_message(
    backend: SQSBackend,
    queue_name: str,
    message_body: str,
    *arguments: Any,
    system_attributes: dict[str, Any] | None = None,
    **options: Any,
) -> Message:
    """Send a message with the header of the request, unless the message itself has one."""
    attributes = dict(system_attributes or {})
    trace = request_trace.header()
    if trace:
        attributes.setdefault("AWSTraceHeader", {"DataType": "String", "StringValue": trace})
    return _send_message(
        backend, queue_name, message_body, *arguments, system_attributes=attributes, **options
    )
