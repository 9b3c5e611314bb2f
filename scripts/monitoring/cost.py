"""What the measured use would cost in AWS, at the dated prices of prices.json, which are those of the first tiers.

Left out are the free tier, storage, backups, data transfer, and CloudWatch's monthly prices of metrics, alarms and
dashboards, which do not depend on the number of rides.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PRICES: dict[str, Any] = json.loads(
    Path(__file__).with_name("prices.json").read_text(encoding="utf-8")
)
GB = 1024**3


@dataclass(frozen=True)
class Usage:
    """What was used. Memory is in MB; `log_bytes` is None if the log could not be read.

    `rides` is None for a function that records none. `door_requests` are the front door's requests that it answers.
    """

    requests: float
    billed_ms: float
    memory_mb: int
    architecture: str
    write_units: float
    log_bytes: float | None
    rides: float | None
    door_requests: float = 0.0

    @property
    def gb_seconds(self) -> float:
        """Lambda's measure of compute: memory times billed duration."""
        return self.memory_mb / 1024 * self.billed_ms / 1000


@dataclass(frozen=True)
class Cost:
    """US dollars for a usage, by item.

    `per_million_rides` is None without a ride. A function that records none has `per_million_requests` instead.
    """

    usage: Usage
    requests: float
    compute: float
    writes: float
    logs: float | None
    door: float
    total: float
    per_million_rides: float | None
    per_million_requests: float | None
    prices_of: str
    region: str


def cost_of(usage: Usage) -> Cost:
    """Price a usage. The price of a ride includes its share of requests that were refused or failed."""
    requests = usage.requests * PRICES["usd_per_lambda_request"]
    compute = usage.gb_seconds * PRICES["usd_per_lambda_gb_second"][usage.architecture]
    writes = usage.write_units * PRICES["usd_per_dynamodb_write_request_unit"]
    logs = None if usage.log_bytes is None else usage.log_bytes / GB * PRICES["usd_per_logs_gb"]
    door = usage.door_requests * PRICES["usd_per_http_api_request"]
    total = requests + compute + writes + (logs or 0) + door
    per_request = None if usage.rides is not None or not usage.requests else total / usage.requests
    return Cost(
        usage=usage,
        requests=requests,
        compute=compute,
        writes=writes,
        logs=logs,
        door=door,
        total=total,
        per_million_rides=total / usage.rides * 1_000_000 if usage.rides else None,
        per_million_requests=None if per_request is None else per_request * 1_000_000,
        prices_of=PRICES["as_of"],
        region=PRICES["region"],
    )
