"""What a case works with: clients of a local AWS, one function that all cases read, and functions of its own."""

import contextlib
import io
import json
import re
import time
import uuid
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from tests.integration.deployed import MAY_LOG, TRUST_LAMBDA, Client, clients_of, letting_in, zipped

_PREPARED = re.compile(r"\bNAME\b(?!-)")
WAIT_LIMIT_S = 60


@dataclass(frozen=True)
class Shared:
    """What all cases share: a local AWS, a role that may write logs, and the function NAME.

    NAME has the versions 1 and 2, and `live`, an alias of version 1. No case changes it.
    """

    endpoint: str
    client: Client
    role: str
    name: str = ""


@dataclass
class Lab:
    """The shared parts, and what one case makes, which is removed when it has ended."""

    shared: Shared
    _made: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> "Lab":
        return self

    def __exit__(self, *_: object) -> None:
        self._made.close()

    def client(self, service: str) -> Any:
        """Return a client that tries once."""
        return self.shared.client(service)

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        """Call Lambda; `NAME` in a parameter is the shared function, and FunctionName is that unless it is given.

        Raises ClientError.
        """
        service = self.client("lambda")
        shape = service.meta.service_model.operation_model(
            service.meta.method_to_api_mapping[operation]
        ).input_shape
        if shape and "FunctionName" in shape.required_members:
            parameters = {"FunctionName": "NAME", **parameters}
        done: dict[str, Any] = getattr(service, operation)(**_filled(parameters, self.shared.name))
        return done

    def refusal(self, operation: str, **parameters: Any) -> str:
        """Return the status, code and message of a call that is refused."""
        try:
            answer = self.call(operation, **parameters)
        except ClientError as error:
            return refused(error)
        return f"{status(answer)}, not refused"

    def name(self, word: str = "NAME") -> str:
        """Return a new name."""
        return f"{word}-{uuid.uuid4().hex[:8]}"

    def function(self, *code: str, zip_file: bytes | None = None, **configuration: Any) -> str:
        """Make a function from these lines of code, or of probe.py, and wait until it is active; returns its name."""
        name = self.name()
        self.create(
            FunctionName=name,
            Code={"ZipFile": zip_file or zipped("probe.py", "\n".join(code) if code else None)},
            **configuration,
        )
        self.settled(name)
        return name

    def create(self, **parameters: Any) -> dict[str, Any]:
        """Call CreateFunction with what it needs besides; the function is deleted with the case."""
        made = self.call(
            "create_function",
            **{
                "Runtime": "python3.13",
                "Role": self.shared.role,
                "Handler": "probe.handler",
                "Code": {"ZipFile": zipped("probe.py")},
                # Lambda's 3 seconds may be too few on a machine that is busy with other cases.
                "Timeout": 20,
                **parameters,
            },
        )
        self._made.callback(self._delete, made["FunctionName"])
        return made

    def settled(self, name: str, **qualifier: str) -> dict[str, Any]:
        """Return a function's configuration, once it is active and not updated."""

        def ready() -> dict[str, Any] | None:
            read = self.call("get_function_configuration", FunctionName=name, **qualifier)
            states = (read["State"], read.get("LastUpdateStatus"))
            return read if states == ("Active", "Successful") else None

        configuration: dict[str, Any] = self.eventually(ready)
        return configuration

    def update(self, name: str, **configuration: Any) -> dict[str, Any]:
        """Update a function's configuration, and wait until that is done."""
        self.call("update_function_configuration", FunctionName=name, **configuration)
        return self.settled(name)

    def versions(self, *descriptions: str) -> str:
        """Make a function with a version of each description; returns its name."""
        name = self.function(Description=descriptions[0])
        for number, description in enumerate(descriptions):
            if number:
                self.update(name, Description=description)
            self.call("publish_version", FunctionName=name)
        return name

    def role(self, *actions: str, word: str = "ROLE") -> str:
        """Make a role that may do these actions on anything; returns its ARN."""
        iam, name = self.client("iam"), self.name(word)
        arn: str = iam.create_role(
            RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST_LAMBDA)
        )["Role"]["Arn"]
        self._made.callback(iam.delete_role, RoleName=name)
        if actions:
            statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
            document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
            iam.put_role_policy(RoleName=name, PolicyName="may", PolicyDocument=document)
            self._made.callback(iam.delete_role_policy, RoleName=name, PolicyName="may")
        return arn

    def invoke(self, name: str, event: object = None, **options: Any) -> dict[str, Any]:
        """Call a function; the answer's Payload is parsed."""
        answer = self.call("invoke", FunctionName=name, Payload=json.dumps(event), **options)
        text = answer["Payload"].read()
        return {**answer, "Payload": json.loads(text) if text else None}

    def logged(self, name: str) -> list[str]:
        """Return the messages of a function's log group, as they stand."""
        logs, group = self.client("logs"), f"/aws/lambda/{name}"
        if not logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
            return []
        streams = logs.describe_log_streams(logGroupName=group)["logStreams"]
        return [
            event["message"]
            for stream in streams
            for event in logs.get_log_events(
                logGroupName=group, logStreamName=stream["logStreamName"]
            )["events"]
        ]

    def queue(self) -> tuple[str, str]:
        """Make an SQS queue that takes messages of topics and rules; returns its URL and its ARN."""
        sqs, name = self.client("sqs"), self.name("QUEUE")
        arn = f"arn:aws:sqs:us-east-1:123456789012:{name}"
        policy = {"Policy": letting_in(arn, "sns", "events")}
        url: str = sqs.create_queue(QueueName=name, Attributes=policy)["QueueUrl"]
        self._made.callback(sqs.delete_queue, QueueUrl=url)
        return url, arn

    def topic(self, **subscription: str) -> str:
        """Make an SNS topic, with a subscription if its Protocol and Endpoint are given; returns its ARN."""
        sns = self.client("sns")
        arn: str = sns.create_topic(Name=self.name("TOPIC"))["TopicArn"]
        self._made.callback(sns.delete_topic, TopicArn=arn)
        if subscription:
            sns.subscribe(TopicArn=arn, **subscription)
        return arn

    def permit(self, name: str, service: str, source: str) -> None:
        """Let a service invoke a function for a source, by its ARN."""
        self.call(
            "add_permission",
            FunctionName=name,
            StatementId=service,
            Action="lambda:InvokeFunction",
            Principal=f"{service}.amazonaws.com",
            SourceArn=source,
        )

    def message(self, url: str) -> dict[str, Any]:
        """Return the next message of a queue."""

        def receive() -> Any:
            answer = self.client("sqs").receive_message(
                QueueUrl=url, MessageAttributeNames=["All"], WaitTimeSeconds=0
            )
            return answer.get("Messages")

        message: dict[str, Any] = self.eventually(receive)[0]
        return message

    def afterwards(self, undo: Callable[..., Any], **parameters: Any) -> None:
        """Call this when the case has ended."""
        self._made.callback(undo, **parameters)

    def eventually(self, read: Callable[[], Any]) -> Any:
        """Return what is read as soon as it is something; raises TimeoutError."""
        deadline = time.monotonic() + WAIT_LIMIT_S
        while not (seen := read()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"nothing came within {WAIT_LIMIT_S} s")
            time.sleep(0.02)
        return seen

    def _delete(self, name: str) -> None:
        with contextlib.suppress(ClientError):
            self.call("delete_function", FunctionName=name)
        with contextlib.suppress(ClientError):
            self.client("logs").delete_log_group(logGroupName=f"/aws/lambda/{name}")


@contextlib.contextmanager
def shared_lab(endpoint: str) -> Iterator[Shared]:
    """Yield what the cases share on a local AWS, and remove it at the end."""
    # What is wrong is sent too.
    client = clients_of(endpoint, parameter_validation=False)
    iam, role = client("iam"), f"ROLE-{uuid.uuid4().hex[:8]}"
    arn = iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(TRUST_LAMBDA))
    iam.attach_role_policy(RoleName=role, PolicyArn=MAY_LOG)
    with Lab(Shared(endpoint, client, arn["Role"]["Arn"])) as lab:
        name = lab.versions("first", "second")
        lab.call("create_alias", FunctionName=name, Name="live", FunctionVersion="1")
        yield Shared(endpoint, client, arn["Role"]["Arn"], name)
    iam.detach_role_policy(RoleName=role, PolicyArn=MAY_LOG)
    iam.delete_role(RoleName=role)
    # An event that was on its way when its function was deleted made the function's log group again.
    logs = client("logs")
    groups = logs.describe_log_groups(logGroupNamePrefix="/aws/lambda/NAME-")["logGroups"]
    for group in groups:
        logs.delete_log_group(logGroupName=group["logGroupName"])


def status(answer: dict[str, Any]) -> int:
    """Return the HTTP status of an answer."""
    code: int = answer["ResponseMetadata"]["HTTPStatusCode"]
    return code


def refused(error: ClientError) -> str:
    """Return the status, code and message of an error."""
    response: Any = error.response
    return (
        f"{status(response)} {response['Error']['Code']}: {response['Error'].get('Message') or ''}"
    )


def zip_of(**files: str) -> bytes:
    """Zip files by their names, with `__` for the dot; all are executable."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as content:
        for name, text in files.items():
            member = zipfile.ZipInfo(name.replace("__", "."))
            member.external_attr = 0o100755 << 16
            content.writestr(member, text)
    return archive.getvalue()


def _filled(value: Any, name: str) -> Any:
    if isinstance(value, str):
        return _PREPARED.sub(name, value)
    if isinstance(value, dict):
        return {key: _filled(member, name) for key, member in value.items()}
    if isinstance(value, list):
        return [_filled(member, name) for member in value]
    return value
