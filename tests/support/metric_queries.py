"""How the tests ask CloudWatch for metrics."""

from datetime import UTC, datetime, timedelta
from typing import Any


def window() -> dict[str, datetime]:
    """Return a time range that holds whatever a test has just done, and the minute under way."""
    now = datetime.now(UTC)
    return {"StartTime": now - timedelta(minutes=10), "EndTime": now + timedelta(minutes=1)}


def dimensions(**values: str) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in values.items()]


def query(identity: str, name: str, statistic: str, **of: str) -> dict[str, Any]:
    """Ask for a statistic of a Lambda metric; an hour's period, for one point unless the hour turns."""
    metric = {"Namespace": "AWS/Lambda", "MetricName": name, "Dimensions": dimensions(**of)}
    return {
        "Id": identity,
        "MetricStat": {"Metric": metric, "Period": 3600, "Stat": statistic},
    }
