"""moto 5.2.5's CloudWatch Logs stores metric filters but never applies them.

An updated filter is stored beside the one that it should replace. Without this seam test_metrics.py and
test_stack.py (tests/integration) fail.
"""

from typing import Any

from moto.logs.models import LogGroup, LogsBackend, logs_backends

from local_aws.cloudwatch import metric_filters

_put_log_events = LogGroup.put_log_events
_put_metric_filter = LogsBackend.put_metric_filter


def install() -> None:
    """Apply metric filters to the events written to their log group."""
    LogGroup.put_log_events = put_log_events
    LogsBackend.put_metric_filter = put_metric_filter


def put_log_events(group: LogGroup, stream: str, events: list[dict[str, Any]]) -> str:
    """Store events as moto does, then publish the metrics of the group's metric filters."""
    token: str = _put_log_events(group, stream, events)
    filters = logs_backends[group.account_id][group.region].filters.get_matching_filters(
        log_group_name=group.name
    )
    metric_filters.publish(filters, events, group.account_id, group.region)
    return token


def put_metric_filter(
    backend: LogsBackend, name: str, pattern: str, group: str, transformations: Any
) -> None:
    """Create a metric filter, or replace the one with that name."""
    backend.delete_metric_filter(name, group)
    _put_metric_filter(backend, name, pattern, group, transformations)
