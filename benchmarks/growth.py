"""Computes what a number of rides a day would cost and need in AWS, from measured durations and dated prices."""

import math
import re
from dataclasses import dataclass

from scripts.monitoring.cost import GB, PRICES, Usage, cost_of
from scripts.project.paths import ROOT

DAYS = 30
SECONDS_A_DAY = 86_400
# The busiest second of a day, as a multiple of the mean: an assumption.
PEAK = 3
MEMORY_MB, ARCHITECTURE = 256, "arm64"
# Memory that comes with one whole processor ("Configure Lambda function memory", AWS Lambda Developer Guide).
WHOLE_PROCESSOR_MB = 1769
# One ride's four events on the local AWS, the function's own line and Lambda's, with the 26 bytes that CloudWatch Logs
# adds to each.
FUNCTIONS_LINE = 329 + 26
LOG_BYTES = FUNCTIONS_LINE + 142 + 179 + 236 + 3 * 26
# The front door's line in its access log, with those 26 bytes.
ACCESS_LOG_BYTES = 250 + 26
# One item of the tutorial's, with the 100 bytes that DynamoDB adds for its index.
ITEM_BYTES = 240 + 100
# The share of provisioned writes that is used, since automatic scaling lags by a minute or more.
UTILISATION = 0.7

RESULTS = ROOT / "benchmarks" / "results.md"
WARM = re.compile(r"^\| a second request, which is warm \| ([\d.]+) ms ", re.MULTILINE)


@dataclass(frozen=True)
class Scale:
    """A number of rides a day, all through the front door; `request_ms` is a warm request's, on a whole processor."""

    rides_a_day: int
    request_ms: float

    @property
    def rides(self) -> int:
        """Rides in a month of 30 days."""
        return self.rides_a_day * DAYS

    @property
    def peak(self) -> float:
        """Rides in the busiest second."""
        return self.rides_a_day / SECONDS_A_DAY * PEAK

    @property
    def billed_ms(self) -> int:
        """An upper bound, as if the request used its share of a processor all the time; Lambda rounds up to 1 ms."""
        return math.ceil(self.request_ms * WHOLE_PROCESSOR_MB / MEMORY_MB)

    @property
    def concurrency(self) -> int:
        """The busiest second's concurrency as Lambda counts it: busy environments, at least a tenth of the requests."""
        return math.ceil(max(self.peak * self.billed_ms / 1000, self.peak / 10))

    def costs(self) -> dict[str, float]:
        """Return US dollars per month, by item."""
        lambda_ = cost_of(
            Usage(
                requests=self.rides,
                billed_ms=self.rides * self.billed_ms,
                memory_mb=MEMORY_MB,
                architecture=ARCHITECTURE,
                write_units=self.rides,
                log_bytes=None,
                rides=self.rides,
            )
        )
        logs_gb = self.rides * (LOG_BYTES + ACCESS_LOG_BYTES) / GB
        return {
            "API Gateway, an HTTP API": tiered("usd_per_http_api_request", self.rides),
            "Lambda, requests": lambda_.requests,
            "Lambda, compute": lambda_.compute,
            "DynamoDB, writes on demand": lambda_.writes,
            "DynamoDB, a month of rides stored": self.stored_gb
            * PRICES["usd_per_dynamodb_gb_month"],
            "CloudWatch, logs ingested": tiered("usd_per_logs_gb", logs_gb),
            "CloudWatch, logs kept for 30 days": logs_gb * PRICES["usd_per_logs_gb_month"],
            "CloudWatch, metrics, alarms and dashboard": monitoring(),
        }

    @property
    def stored_gb(self) -> float:
        """What a month of rides adds to the table, in GB."""
        return self.rides * ITEM_BYTES / GB

    @property
    def provisioned_writes(self) -> float:
        """US dollars per month for the same writes with provisioned capacity that follows the load."""
        units = self.rides_a_day / SECONDS_A_DAY / UTILISATION
        hour: float = PRICES["usd_per_dynamodb_write_capacity_unit_hour"]
        return units * hour * 24 * DAYS


def request_ms() -> float:
    """Return the time of a warm request in results.md, with a whole processor and a table on the same machine."""
    match = WARM.search(RESULTS.read_text(encoding="utf-8"))
    if not match:
        raise ValueError(f"{RESULTS} has no row for a warm request: run `make bench`.")
    return float(match[1])


def tiered(name: str, amount: float) -> float:
    """Return US dollars for an amount with tiered prices."""
    total, below = 0.0, 0.0
    for limit, price in PRICES["tiers"][name]:
        upper = amount if limit is None else min(amount, limit)
        total += max(0.0, upper - below) * price
        below = upper
    return total


def monitoring() -> float:
    """Return US dollars per month for the metrics, alarms and dashboard that Terraform creates."""
    main, alarms, front_door_alarms = (
        (ROOT / path).read_text(encoding="utf-8")
        for path in ("main.tf", "modules/monitoring/alarms.tf", "modules/front_door/alarms.tf")
    )
    outcomes = re.search(r"outcomes\s*= \[(.+)\]", main)
    # A metric for each outcome, and the billed duration.
    metrics = len(outcomes[1].split(",")) + 1 if outcomes else 0
    alarm_metrics = len(re.findall(r"\{ namespace = ", alarms))
    alarm_metrics += len(re.findall(r"^ +metric +=", front_door_alarms, re.MULTILINE))
    return float(
        metrics * PRICES["usd_per_metric_month"]
        + alarm_metrics * PRICES["usd_per_alarm_metric_month"]
        + PRICES["usd_per_dashboard_month"]
    )


def rides_a_day_at(peak: float) -> int:
    """Return how many rides a day have this peak, in rides per second."""
    return int(peak / PEAK * SECONDS_A_DAY)


def partitions(writes: float) -> int:
    """Return how many partitions this many writes per second need: at least the four of a new table on demand."""
    return max(4, math.ceil(writes / 1000))
