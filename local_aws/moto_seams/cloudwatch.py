"""moto 5.2.5's CloudWatch does not compute metrics or evaluate alarms.

It mixes metrics of different dimensions in a response, lacks percentiles, expressions and pages, creates alarms in the
state OK, has no alarm history and no composite alarms, and never runs the actions of alarms. Without this seam
test_metric_data.py, test_composite_alarms.py and test_terraform_alarms.py (tests/integration) fail.
"""

from moto.cloudwatch.models import cloudwatch_backends
from moto.cloudwatch.responses import CloudWatchResponse

from local_aws.cloudwatch import composite_alarms, metric_api, service
from local_aws.cloudwatch.alarm_actions import Invoke


def install(invoke: Invoke) -> None:
    """Use `service.CloudWatch` as the backend; alarms invoke functions with `invoke`."""
    service.CloudWatch.invoke = staticmethod(invoke)
    cloudwatch_backends.backend = service.CloudWatch
    cloudwatch_backends.clear()
    CloudWatchResponse.get_metric_data = metric_api.get_metric_data
    CloudWatchResponse.get_metric_statistics = metric_api.get_metric_statistics
    CloudWatchResponse.describe_alarm_history = service.describe_alarm_history
    CloudWatchResponse.describe_alarms = composite_alarms.describe_alarms
    CloudWatchResponse.put_composite_alarm = composite_alarms.put_composite_alarm
