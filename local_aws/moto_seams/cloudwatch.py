"""moto 5.2.5's CloudWatch cannot draw graphs or raise alarms.

It mixes metrics of different dimensions in one response, has no percentiles, expressions and pages, creates alarms in
the state OK, offers no alarm history and never runs an alarm's actions. Without this seam test_metric_data.py and
test_terraform_alarms.py (tests/integration) fail.
"""

from moto.cloudwatch.models import cloudwatch_backends
from moto.cloudwatch.responses import CloudWatchResponse

from local_aws.cloudwatch import metric_api, service


def install() -> None:
    """Use `service.CloudWatch` for every account and region."""
    cloudwatch_backends.backend = service.CloudWatch
    cloudwatch_backends.clear()
    CloudWatchResponse.get_metric_data = metric_api.get_metric_data
    CloudWatchResponse.get_metric_statistics = metric_api.get_metric_statistics
    CloudWatchResponse.describe_alarm_history = service.describe_alarm_history
