"""moto 5.2.5's CloudWatch: what it lacks to draw graphs and raise alarms.

It mixes metrics of different dimensions in one answer, knows no percentiles and no expressions, starts alarms as OK,
keeps no history that can be read, and notifies nobody. Without this seam test_metric_data.py and
test_terraform_alarms.py (tests/integration) fail.
"""

from moto.cloudwatch.models import cloudwatch_backends
from moto.cloudwatch.responses import CloudWatchResponse

from local_aws.cloudwatch import service


def install() -> None:
    """Make every account and region of moto's CloudWatch a `service.CloudWatch`."""
    cloudwatch_backends.backend = service.CloudWatch
    cloudwatch_backends.clear()
    CloudWatchResponse.get_metric_statistics = service.get_metric_statistics
    CloudWatchResponse.describe_alarm_history = service.describe_alarm_history
