"""moto 5.2.5's DynamoDB publishes no metrics, and its UpdateTable ignores two settings.

This seam publishes ConsumedWriteCapacityUnits for puts ("DynamoDB Metrics and dimensions"). moto never throttles and
has no internal errors, so WriteThrottleEvents, ThrottledRequests and SystemErrors have no data, as in AWS on a good
day. Without this seam tests/integration/test_table_metrics.py fails.

UpdateTable also applies SSESpecification, and a table that becomes on-demand gets a capacity of 0 (TableDescription).
Without this seam tests/integration/test_existing_resources.py fails, as Terraform waits for the change for ever.

moto parses the condition of a put twice, and computes the size of the whole item for each of its attributes. This seam
parses a condition without placeholders once, and computes the size once, which saves a tenth of a ride's time. Without
it no test fails, but `make bench ARGS="--only warm"` is slower.
"""

import functools
import math
from datetime import UTC, datetime
from typing import Any

from moto.dynamodb.comparisons import ConditionExpressionParser
from moto.dynamodb.exceptions import ConditionalCheckFailed
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.responses import ActionResult, DynamoHandler, DynamoResult

from local_aws.cloudwatch.metrics import Datum, Metric
from local_aws.cloudwatch.service import metrics_of

# "DynamoDB read and write operations": a write unit is one write of an item up to 1 KB.
WRITE_UNIT_BYTES = 1024

_parse_condition = ConditionExpressionParser.parse
_put_item = DynamoDBBackend.put_item
_update_table = DynamoHandler.update_table


def install() -> None:
    """Publish the write capacity that puts consume, apply all of UpdateTable, and make puts faster."""
    ConditionExpressionParser.parse = parse_condition
    Item.__init__ = make_item
    DynamoDBBackend.put_item = put_item
    DynamoHandler.update_table = update_table


def make_item(
    item: Item, hash_key: DynamoType, range_key: DynamoType | None, attributes: dict[str, Any]
) -> None:
    """Create an item; setting its last attribute checks its size, and raises moto's error if it is too large."""
    item.hash_key, item.range_key = hash_key, range_key
    item.attrs = LimitedSizeDict()
    names = list(attributes)
    item.attrs.update({name: DynamoType(attributes[name]) for name in names[:-1]})
    for name in names[-1:]:
        item.attrs[name] = DynamoType(attributes[name])


def parse_condition(parser: ConditionExpressionParser) -> Any:
    """Parse a condition; one without placeholders for names (#) and values (:) is the same for every item."""
    text = parser.condition_expression or ""
    if "#" in text or ":" in text:
        return _parse_condition(parser)
    operation, names = _without_placeholders(text)
    parser.expr_attr_names_found.extend(names)
    return operation


@functools.lru_cache(maxsize=256)
def _without_placeholders(text: str) -> tuple[Any, tuple[str, ...]]:
    """Return the parsed condition, and the attributes that it names."""
    parser = ConditionExpressionParser(text, {}, {})
    return _parse_condition(parser), tuple(parser.expr_attr_names_found)


def put_item(
    backend: DynamoDBBackend,
    table_name: str,
    attributes: dict[str, Any],
    *arguments: Any,
    **options: Any,
) -> Item:
    """Put an item as moto does, and publish ConsumedWriteCapacityUnits.

    The units are those of the larger of the old and the new item, even if the condition fails.
    """
    old_bytes = _stored_bytes(backend, table_name, attributes)
    try:
        item = _put_item(backend, table_name, attributes, *arguments, **options)
    except ConditionalCheckFailed:
        _publish(backend, table_name, max(old_bytes, Item(None, None, attributes).size()))
        raise
    _publish(backend, table_name, max(old_bytes, item.size()))
    return item


def update_table(handler: DynamoHandler) -> ActionResult:
    """Update a table as moto does, and then its encryption, and the capacity if it is on-demand."""
    _update_table(handler)
    table = handler.dynamodb_backend.get_table(handler.body["TableName"])
    if table.billing_mode == "PAY_PER_REQUEST":
        table.throughput |= {"ReadCapacityUnits": 0, "WriteCapacityUnits": 0}
    if encryption := handler.body.get("SSESpecification"):
        default = table._get_default_encryption_key(table.account_id, table.region_name)
        table.sse_specification = {"KMSMasterKeyId": default, **encryption}
    return DynamoResult(table.describe())


def _stored_bytes(backend: DynamoDBBackend, table_name: str, attributes: dict[str, Any]) -> int:
    """Return the size of the stored item that these attributes would replace; 0 if there is none."""
    table = backend.get_table(table_name)
    names = [name for name in (table.hash_key_attr, table.range_key_attr) if name]
    if not attributes.keys() >= set(names):
        # moto will refuse the put.
        return 0
    item = backend.get_item(table_name, {name: attributes[name] for name in names})
    return int(item.size()) if item else 0


def _publish(backend: DynamoDBBackend, table_name: str, item_bytes: int) -> None:
    units = max(1, math.ceil(item_bytes / WRITE_UNIT_BYTES))
    table = backend.get_table(table_name).name
    metric = Metric("AWS/DynamoDB", "ConsumedWriteCapacityUnits", (("TableName", table),))
    now = int(datetime.now(UTC).timestamp())
    metrics_of(backend.account_id, backend.region_name).put([Datum.of(metric, now, units, "Count")])
