"""CloudWatch queries for tests."""

from datetime import UTC, datetime, timedelta
from typing import Any


def window() -> dict[str, datetime]:
    """Return a time range that covers what a test has just done, and the current minute."""
    now = datetime.now(UTC)
    return {"StartTime": now - timedelta(minutes=10), "EndTime": now + timedelta(minutes=1)}


def dimensions(**values: str) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in values.items()]


def query(identity: str, name: str, statistic: str, **of: str) -> dict[str, Any]:
    """Query a statistic of a Lambda metric by the hour: one point, unless the hour changes."""
    metric = {"Namespace": "AWS/Lambda", "MetricName": name, "Dimensions": dimensions(**of)}
    return {
        "Id": identity,
        "MetricStat": {"Metric": metric, "Period": 3600, "Stat": statistic},
    }
