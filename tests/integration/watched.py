"""A function on a local AWS with a dashboard, metrics, a log, rides and an alarm, for tests of `make monitor`."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.integration.deployed import TRUST_LAMBDA, Client, zipped

RIDE_IDS = [f"Ride-{n}" for n in range(7)]


def log_line(ride_id: str) -> str:
    return json.dumps(
        {"level": "INFO", "message": "ride request", "ride_id": ride_id, "outcome": "created"}
    )


REPORT = json.dumps(
    {
        "type": "platform.report",
        "record": {
            "metrics": {
                "durationMs": 6.5,
                "billedDurationMs": 7,
                "maxMemoryUsedMB": 45,
                "memorySizeMB": 512,
            }
        },
    }
)


@dataclass(frozen=True)
class Watched:
    """A function with ten invocations, one error, and seven rides of 7 ms billed each."""

    name: str
    client: Client

    @property
    def namespace(self) -> str:
        return f"Test/{self.name}"

    @property
    def dashboard_name(self) -> str:
        return f"{self.name}-us-east-1"

    @property
    def dashboard(self) -> dict[str, Any]:
        def graph(title: str, *metrics: list[Any]) -> dict[str, Any]:
            return {"type": "metric", "properties": {"title": title, "metrics": metrics}}

        def metric(name: str, **options: Any) -> list[Any]:
            return [self.namespace, name, "FunctionName", self.name, options]

        rate = {"expression": "100 - 100 * e / MAX([e, i])", "label": "rate", "yAxis": "right"}
        alarm = f"arn:aws:cloudwatch:us-east-1:123456789012:alarm:{self.name}-alarm"
        return {
            "widgets": [
                {"type": "alarm", "properties": {"title": "Alarms", "alarms": [alarm]}},
                graph("Invocations", metric("Invocations", stat="Sum")),
                graph(
                    "Duration (ms)",
                    metric("Duration", stat="Minimum", label="minimum"),
                    metric("Duration", stat="p99", label="p99"),
                ),
                graph(
                    "Errors",
                    metric("Errors", stat="Sum", id="e"),
                    metric("Invocations", stat="Sum", id="i", visible=False),
                    [rate],
                ),
                graph("Rides", metric("created", stat="Sum")),
                graph("Billed", metric("BilledDuration", stat="Sum")),
                graph("Throttles", metric("Throttles", stat="Sum")),
                {"type": "log", "properties": {"title": "Query", "query": "SOURCE 'x'"}},
            ]
        }

    def make(self) -> None:
        role = self.client("iam").create_role(
            RoleName=self.name, AssumeRolePolicyDocument=json.dumps(TRUST_LAMBDA)
        )
        self.client("lambda").create_function(
            FunctionName=self.name,
            Runtime="python3.13",
            Role=role["Role"]["Arn"],
            Handler="probe.handler",
            Code={"ZipFile": zipped("probe.py")},
            MemorySize=512,
            Architectures=["x86_64"],
            Environment={"Variables": {"RIDES_TABLE": self.name}},
        )
        self._record_rides()
        self._write_log()
        self._publish_metrics()
        self.client("cloudwatch").put_metric_alarm(
            AlarmName=f"{self.name}-alarm",
            Namespace=self.namespace,
            MetricName="Errors",
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=100,
            ComparisonOperator="GreaterThanThreshold",
        )
        self.client("cloudwatch").put_dashboard(
            DashboardName=self.dashboard_name, DashboardBody=json.dumps(self.dashboard)
        )

    def remove(self) -> None:
        self.client("cloudwatch").delete_dashboards(DashboardNames=[self.dashboard_name])
        self.client("cloudwatch").delete_alarms(AlarmNames=[f"{self.name}-alarm"])
        self.client("logs").delete_log_group(logGroupName=f"/aws/lambda/{self.name}")
        self.client("dynamodb").delete_table(TableName=self.name)
        self.client("lambda").delete_function(FunctionName=self.name)
        self.client("iam").delete_role(RoleName=self.name)

    def _record_rides(self) -> None:
        self.client("dynamodb").create_table(
            TableName=self.name,
            KeySchema=[{"AttributeName": "RideId", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "RideId", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        for ride_id in RIDE_IDS:
            item = {
                "RideId": {"S": ride_id},
                "RequestTime": {"S": "2026-11-22T12:00:00.107Z"},
                "UnicornName": {"S": "Rocinante"},
            }
            self.client("dynamodb").put_item(TableName=self.name, Item=item)

    def _write_log(self) -> None:
        """Write each request's two lines, alternating between two streams."""
        logs, group = self.client("logs"), f"/aws/lambda/{self.name}"
        logs.create_log_group(logGroupName=group)
        start_ms = int(datetime.now(UTC).timestamp() * 1000) - 60_000
        for stream in ("one", "two"):
            logs.create_log_stream(logGroupName=group, logStreamName=stream)
        for second, ride_id in enumerate(RIDE_IDS):
            logs.put_log_events(
                logGroupName=group,
                logStreamName=("one", "two")[second % 2],
                logEvents=[
                    {"timestamp": start_ms + 1000 * second, "message": line}
                    for line in (log_line(ride_id), REPORT)
                ],
            )

    def _publish_metrics(self) -> None:
        at = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=2)
        values = {
            "Invocations": [1] * 10,
            "Errors": [0] * 9 + [1],
            "Duration": [5] * 9 + [500],
            "created": [1] * 7,
            "BilledDuration": [7] * 7,
        }
        self.client("cloudwatch").put_metric_data(
            Namespace=self.namespace,
            MetricData=[
                {
                    "MetricName": name,
                    "Dimensions": [{"Name": "FunctionName", "Value": self.name}],
                    "Timestamp": at,
                    "Values": sorted(set(measured)),
                    "Counts": [measured.count(value) for value in sorted(set(measured))],
                }
                for name, measured in values.items()
            ],
        )
