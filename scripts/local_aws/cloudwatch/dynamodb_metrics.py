"""What DynamoDB tells CloudWatch of its tables, after "DynamoDB metrics and dimensions".

One metric is real here: the capacity that puts consume. Nothing is throttled and nothing fails by itself, so
ThrottledRequests and SystemErrors have no data, as they have none in AWS on a good day.
"""

import math
from datetime import UTC, datetime
from typing import Any

from moto.dynamodb.models import DynamoDBBackend

from local_aws.cloudwatch.metrics import Datum, Metric
from local_aws.cloudwatch.service import metrics_of

# "DynamoDB read and write operations": a write unit is one write of an item up to 1 KB.
WRITE_UNIT_BYTES = 1024

_put_item = DynamoDBBackend.put_item


def install() -> None:
    """Make moto's DynamoDB publish. Once in a process: moto's services are global."""
    DynamoDBBackend.put_item = put_item


def put_item(backend: DynamoDBBackend, table_name: str, *arguments: Any, **options: Any) -> Any:
    """Put an item as moto does, and publish ConsumedWriteCapacityUnits by the item's size."""
    item = _put_item(backend, table_name, *arguments, **options)
    units = max(1, math.ceil(item.size() / WRITE_UNIT_BYTES))
    table = backend.get_table(table_name).name
    metric = Metric("AWS/DynamoDB", "ConsumedWriteCapacityUnits", (("TableName", table),))
    now = int(datetime.now(UTC).timestamp())
    metrics_of(backend.account_id, backend.region_name).put([Datum.of(metric, now, units, "Count")])
    return item
