"""Puts the local CloudWatch, and all that feeds it but Lambda, into moto."""

from local_aws.cloudwatch import dynamodb_metrics, metric_filters, service


def install() -> None:
    """Install every part that changes moto. Once in a process: moto's services are global."""
    service.install()
    metric_filters.install()
    dynamodb_metrics.install()
