"""Asynchronous invocations: their settings, and where their results go, as Lambda was recorded to treat them."""

import json
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.deployed import Client, Deploy, Deployed, zipped

ACCOUNT = "123456789012"


def eventually(read: Any, seconds: float = 20) -> Any:
    """Return what is read as soon as it is something."""
    deadline = time.monotonic() + seconds
    while not (seen := read()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert seen
    return seen


class Queue:
    """An SQS queue that the test reads."""

    def __init__(self, client: Client) -> None:
        self._sqs = client("sqs")
        self._url = self._sqs.create_queue(QueueName=f"queue-{uuid.uuid4().hex[:8]}")["QueueUrl"]
        attributes = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])
        self.arn = attributes["Attributes"]["QueueArn"]

    def message(self) -> dict[str, Any]:
        """Wait for a message."""

        def receive() -> Any:
            return self._sqs.receive_message(QueueUrl=self._url, MessageAttributeNames=["All"]).get(
                "Messages"
            )

        message: dict[str, Any] = eventually(receive)[0]
        return message

    def delete(self) -> None:
        self._sqs.delete_queue(QueueUrl=self._url)


@pytest.fixture
def queue(client: Client) -> Iterator[Queue]:
    made = Queue(client)
    yield made
    made.delete()


def may(function: Deployed, *actions: str) -> Deployed:
    """Let the function's role do these actions, until the test has ended."""
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}],
    }
    function.client("iam").put_role_policy(
        RoleName=function.name, PolicyName="more", PolicyDocument=json.dumps(policy)
    )
    return function


@pytest.fixture
def sender(deploy: Deploy) -> Iterator[Deployed]:
    """Give a function whose role may send anywhere."""
    function = may(deploy("probe.py"), "sqs:*", "sns:*", "lambda:*", "events:*")
    yield function
    function.client("iam").delete_role_policy(RoleName=function.name, PolicyName="more")


def configure(function: Deployed, **config: Any) -> None:
    function.client("lambda").put_function_event_invoke_config(FunctionName=function.name, **config)


def send(function: Deployed, event: object) -> str:
    """Send an event; returns the request's id."""
    answer = function.invoke(event, InvocationType="Event")
    request_id: str = answer["ResponseMetadata"]["RequestId"]
    return request_id


def test_a_success_is_recorded_at_its_destination(sender: Deployed, queue: Queue) -> None:
    # Given a destination for successes
    configure(sender, DestinationConfig={"OnSuccess": {"Destination": queue.arn}})

    # When an event succeeds
    request_id = send(sender, {"do": "context"})

    # Then the queue has its record
    record = json.loads(queue.message()["Body"])
    assert record["requestContext"] == {
        "requestId": request_id,
        "functionArn": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{sender.name}:$LATEST",
        "condition": "Success",
        "approximateInvokeCount": 1,
    }
    assert record["version"] == "1.0"
    assert record["requestPayload"] == {"do": "context"}
    assert record["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST"}
    assert record["responsePayload"]["request_id"] == request_id


def test_a_failure_is_recorded_and_its_event_becomes_a_dead_letter(
    sender: Deployed, queue: Queue, client: Client
) -> None:
    # Given a destination for failures, a dead-letter queue, and no retries
    letters = Queue(client)
    client("lambda").update_function_configuration(
        FunctionName=sender.name, DeadLetterConfig={"TargetArn": letters.arn}
    )
    configure(
        sender.ready(),
        MaximumRetryAttempts=0,
        DestinationConfig={"OnFailure": {"Destination": queue.arn}},
    )

    # When an event fails
    request_id = send(sender, {"do": "raise"})

    # Then the record says how, after one attempt
    record = json.loads(queue.message()["Body"])
    assert record["requestContext"]["condition"] == "RetriesExhausted"
    assert record["requestContext"]["approximateInvokeCount"] == 1
    assert record["responseContext"]["functionError"] == "Unhandled"
    assert record["responsePayload"]["errorMessage"] == "as you wish"

    # And the dead letter is the event itself
    letter = letters.message()
    assert json.loads(letter["Body"]) == {"do": "raise"}
    attributes = {name: value["StringValue"] for name, value in letter["MessageAttributes"].items()}
    assert attributes == {
        "RequestID": request_id,
        "ErrorCode": "200",
        "ErrorMessage": "as you wish",
    }
    letters.delete()


def test_a_function_without_concurrency_records_each_event_at_once(
    sender: Deployed, queue: Queue
) -> None:
    # Given a function that reserves a concurrency of 0
    configure(sender, DestinationConfig={"OnFailure": {"Destination": queue.arn}})
    sender.client("lambda").put_function_concurrency(
        FunctionName=sender.name, ReservedConcurrentExecutions=0
    )

    # When an event is sent
    send(sender, {})

    # Then its record says why it never ran
    record = json.loads(queue.message()["Body"])
    assert record["requestContext"]["condition"] == "ZeroReservedConcurrency"
    assert record["requestContext"]["approximateInvokeCount"] == 0
    assert "responseContext" not in record


def test_an_event_that_would_be_too_old_for_a_retry_has_one_attempt(
    sender: Deployed, queue: Queue
) -> None:
    # Given events that may be a minute old, when the first retry comes after a minute
    configure(
        sender,
        MaximumEventAgeInSeconds=60,
        DestinationConfig={"OnFailure": {"Destination": queue.arn}},
    )

    # When one fails
    send(sender, {"do": "raise"})

    # Then it is not tried again
    context = json.loads(queue.message()["Body"])["requestContext"]
    assert (context["condition"], context["approximateInvokeCount"]) == ("EventAgeExceeded", 1)


def test_a_record_reaches_a_topic_and_an_event_bus(
    sender: Deployed, queue: Queue, client: Client
) -> None:
    # Given a topic and a bus that both lead to the queue
    topic = client("sns").create_topic(Name=sender.name)["TopicArn"]
    client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue.arn)
    events = client("events")
    bus = events.create_event_bus(Name=sender.name)["EventBusArn"]
    events.put_rule(
        Name=sender.name, EventBusName=sender.name, EventPattern='{"source": ["lambda"]}'
    )
    events.put_targets(
        Rule=sender.name, EventBusName=sender.name, Targets=[{"Id": "q", "Arn": queue.arn}]
    )

    # When events succeed with the one, then with the other as destination
    configure(sender, DestinationConfig={"OnSuccess": {"Destination": topic}})
    send(sender, {})
    published = json.loads(queue.message()["Body"])
    configure(sender, DestinationConfig={"OnSuccess": {"Destination": bus}})
    send(sender, {})
    put = json.loads(queue.message()["Body"])

    # Then the record is the message of the one and the detail of the other
    assert json.loads(published["Message"])["requestContext"]["condition"] == "Success"
    assert put["detail-type"] == "Lambda Function Invocation Result - Success"
    assert put["detail"]["requestContext"]["condition"] == "Success"


def test_a_role_that_may_not_send_is_refused_its_destination(deploy: Deploy, queue: Queue) -> None:
    # Given a function whose role may only log
    function = deploy("probe.py")

    # When it is given a destination
    service = function.client("lambda")
    with pytest.raises(service.exceptions.InvalidParameterValueException) as refused:
        configure(function, DestinationConfig={"OnSuccess": {"Destination": queue.arn}})

    # Then Lambda refuses
    assert "does not have permissions to call SendMessage" in str(refused.value)


def test_a_record_is_the_event_of_another_function(sender: Deployed, deploy: Deploy) -> None:
    # Given another function as destination for failures
    other = deploy("probe.py", zipped("probe.py", "def handler(event, context): print(event)"))
    arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{other.name}"
    configure(sender, MaximumRetryAttempts=0, DestinationConfig={"OnFailure": {"Destination": arn}})

    # When an event fails
    request_id = send(sender, {"do": "raise"})

    # Then the other function has its record
    eventually(lambda: any(request_id in line for line in other.logged()))
    [printed] = [line for line in other.logged() if request_id in line]
    assert "RetriesExhausted" in printed
