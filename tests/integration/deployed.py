"""A function on a local AWS, as the tests make, call and remove it."""

import base64
import functools
import io
import json
import threading
import time
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from local_aws.client_environment import CREDENTIALS

FUNCTIONS = Path(__file__).parent / "functions"
TRUST_LAMBDA = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
MAY_LOG = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"

Client = Callable[[str], Any]


def letting_in(queue: str, *services: str) -> str:
    """Return the policy of a queue, by its ARN, that takes messages of services such as sns."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": [f"{service}.amazonaws.com" for service in services]},
        "Action": "sqs:SendMessage",
        "Resource": queue,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@functools.cache
def clients_of(endpoint: str, **options: Any) -> Client:
    """Return a maker of clients for the local AWS at `endpoint`, each made once: that takes longer than a call.

    `options` are botocore's Config's. Threads may share what is made.
    """
    session = boto3.Session(
        CREDENTIALS["AWS_ACCESS_KEY_ID"],
        CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        region_name=CREDENTIALS["AWS_REGION"],
    )
    lock, made = threading.Lock(), dict[str, Any]()
    # The first answer is what is tested.
    config = Config(retries={"total_max_attempts": 1}, max_pool_connections=50, **options)

    def client(service: str) -> Any:
        with lock:
            if service not in made:
                made[service] = session.client(service, endpoint_url=endpoint, config=config)  # type: ignore[call-overload] # any service
            return made[service]

    return client


@dataclass(frozen=True)
class Deployed:
    """A function on a local AWS; its role has its name, its log group is the one Lambda gives it."""

    name: str
    client: Client

    @property
    def log_group(self) -> str:
        return f"/aws/lambda/{self.name}"

    def invoke(self, event: object = None, **options: Any) -> dict[str, Any]:
        """Call the function; the answer's payload is parsed."""
        answer = self.client("lambda").invoke(
            FunctionName=self.name, Payload=json.dumps(event), **options
        )
        text = answer["Payload"].read()
        return {**answer, "Payload": json.loads(text) if text else None}

    def ready(self) -> "Deployed":
        """Wait until the function has been made or updated, as it must be before it can be updated."""
        while self._state() != ("Active", "Successful"):
            time.sleep(0.02)
        return self

    def _state(self) -> tuple[str, str | None]:
        answer = self.client("lambda").get_function_configuration(FunctionName=self.name)
        return answer["State"], answer.get("LastUpdateStatus")

    def logged(self) -> list[str]:
        """Return the messages of the function's log group."""
        return [event["message"] for event in self.events()]

    def events(self) -> list[dict[str, Any]]:
        """Return the events of the function's log group."""
        logs = self.client("logs")
        streams = logs.describe_log_streams(logGroupName=self.log_group)["logStreams"]
        return [
            event
            for stream in streams
            for event in logs.get_log_events(
                logGroupName=self.log_group, logStreamName=stream["logStreamName"]
            )["events"]
        ]

    def remove(self) -> None:
        self.client("lambda").delete_function(FunctionName=self.name)
        self.remove_surroundings()

    def remove_surroundings(self) -> None:
        """Remove what was made for the function, which was not made or is gone."""
        self.client("logs").delete_log_group(logGroupName=self.log_group)
        self.client("iam").detach_role_policy(RoleName=self.name, PolicyArn=MAY_LOG)
        self.client("iam").delete_role(RoleName=self.name)


Deploy = Callable[..., Deployed]


def deploy(
    client: Client, file: str, zip_file: bytes | None = None, **configuration: Any
) -> Deployed:
    """Make a function from one file of tests/integration/functions, or another zip, whose `handler` it calls."""
    function = Deployed(f"{Path(file).stem}-{uuid.uuid4().hex[:8]}", client)
    role = client("iam").create_role(
        RoleName=function.name, AssumeRolePolicyDocument=json.dumps(TRUST_LAMBDA)
    )
    client("iam").attach_role_policy(RoleName=function.name, PolicyArn=MAY_LOG)
    client("logs").create_log_group(logGroupName=function.log_group)
    parameters = {
        "FunctionName": function.name,
        "Runtime": "python3.13",
        "Role": role["Role"]["Arn"],
        "Handler": f"{Path(file).stem}.handler",
        "Code": {"ZipFile": zip_file or zipped(file)},
        **configuration,
    }
    try:
        client("lambda").create_function(**parameters)
    except ClientError:
        function.remove_surroundings()
        raise
    return function.ready()


def with_code(deploy: Deploy, *lines: str, **configuration: Any) -> Deployed:
    """Make a function, by the fixture `deploy`, from these lines."""
    return deploy("probe.py", zip_file=zipped("probe.py", "\n".join(lines)), **configuration)


def zipped(file: str, text: str | None = None) -> bytes:
    """Zip one file of tests/integration/functions, or other text under its name: always to the same bytes."""
    archive = io.BytesIO()
    member = zipfile.ZipInfo(file)
    member.external_attr = 0o644 << 16
    with zipfile.ZipFile(archive, "w") as content:
        content.writestr(member, text if text is not None else (FUNCTIONS / file).read_text())
    return archive.getvalue()


def tail(answer: dict[str, Any]) -> str:
    """Return the end of the log that came with an answer to an Invoke with LogType="Tail"."""
    return base64.b64decode(answer["LogResult"]).decode()


def everything(client: Client) -> dict[str, list[Any]]:
    """List the resources in every service that the stack uses."""
    logs, cloudwatch = client("logs"), client("cloudwatch")
    return {
        "tables": client("dynamodb").list_tables()["TableNames"],
        "functions": client("lambda").list_functions()["Functions"],
        "roles and their policies": client("iam").list_roles()["Roles"],
        "log groups": logs.describe_log_groups()["logGroups"],
        "metric filters": logs.describe_metric_filters()["metricFilters"],
        "alarms": cloudwatch.describe_alarms()["MetricAlarms"],
        "dashboards": cloudwatch.list_dashboards()["DashboardEntries"],
        "tagged": client("resourcegroupstaggingapi").get_resources(
            TagFilters=[{"Key": "Project", "Values": ["WildRydes"]}]
        )["ResourceTagMappingList"],
    }
