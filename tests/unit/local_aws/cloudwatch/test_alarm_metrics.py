"""Alarms on metric math and percentiles."""

import re
from typing import Any

import pytest

from scripts.project.paths import ROOT
from tests.support.alarm_bench import Bench, math

ALARMS_TF = ROOT / "modules" / "monitoring" / "alarms.tf"


# Per minute: invocations, failed invocations, responses of 500.
@pytest.mark.parametrize(
    ("alarm", "failures"),
    [("error-rate", {"errors": "Errors"}), ("fault-rate", {"faults": "fault"})],
)
@pytest.mark.parametrize(
    ("invocations", "failed", "state"),
    [(100, 0, "OK"), (100, 5, "OK"), (100, 6, "ALARM"), (1, 1, "ALARM"), (0, 0, "OK")],
)
def test_terraforms_rates_are_percentages_of_the_invocations(
    bench: Bench, alarm: str, failures: dict[str, str], invocations: int, failed: int, state: str
) -> None:
    # Given an expression of Terraform's alarms, above 5 percent
    [rate] = re.findall(rf'{alarm} = \{{.*?expression += "(.+?)"', ALARMS_TF.read_text(), re.DOTALL)
    bench.alarm(**math(rate, **failures, invocations="Invocations"), threshold=5.0)

    # When so many of a minute's invocations fail
    for metric, count in {
        "Invocations": invocations,
        **dict.fromkeys(failures.values(), failed),
    }.items():
        if count:
            bench.put(metric, 1, count=count)

    # Then more than 5 percent raise the alarm, and no invocations do not
    assert bench.state() == state


def test_terraforms_alarm_on_errors_needs_no_metric_of_the_log(bench: Bench) -> None:
    # Given Terraform's alarm on errors, and a function that cannot start, so that it logs nothing
    [rate] = re.findall(
        r'error-rate = \{.*?expression += "(.+?)"', ALARMS_TF.read_text(), re.DOTALL
    )
    metrics = {"errors": "Errors", "faults": "fault", "invocations": "Invocations"}
    used = {name: metric for name, metric in metrics.items() if name in rate}
    bench.alarm(**math(rate, **used), threshold=5.0)

    # When every invocation fails
    bench.put("Invocations", 1)
    bench.put("Errors", 1)

    # Then the alarm is raised
    assert bench.state() == "ALARM"


def test_a_math_alarms_notification_holds_its_metrics(bench: Bench) -> None:
    # Given an alarm on an expression
    bench.alarm(**math("errors * 2", errors="Errors"), alarm_actions=[bench.topic.arn])

    # When it is raised
    bench.put("Errors", 1)
    bench.state()

    # Then the message names expression and metric
    [message] = bench.sent()
    expression, metric = message["Trigger"]["Metrics"]
    assert expression["Expression"] == "errors * 2"
    assert metric["MetricStat"]["Metric"]["MetricName"] == "Errors"
    assert message["Trigger"]["Period"] == 60


def test_fill_includes_the_current_period_only_once_it_has_data(bench: Bench) -> None:
    # Given an alarm in ALARM whose expression fills missing data
    bench.alarm(**math("FILL(errors, 0)", errors="Errors"))
    bench.put("Errors", 1)
    bench.state()

    # When a new minute without data begins, and when it ends
    at_start = bench.state(after_s=60)
    at_end = bench.state(after_s=60)

    # Then only the whole minute without errors returns the alarm to OK
    assert (at_start, at_end) == ("ALARM", "OK")


@pytest.mark.parametrize(("low_samples", "state"), [("evaluate", "ALARM"), ("ignore", "OK")])
def test_a_percentile_of_too_few_samples_can_be_ignored(
    bench: Bench, low_samples: str, state: str
) -> None:
    # Given an alarm on p90 in OK; p90 takes 100 samples to be significant
    bench.alarm(
        metric_name="Duration",
        statistic=None,
        extended_statistic="p90",
        evaluate_low_sample_count_percentile=low_samples,
        threshold=100.0,
    )
    bench.cloudwatch.set_alarm_state("errors", "initial state", "{}", "OK")

    # When ten slow requests are measured
    bench.put("Duration", 500, count=10)

    # Then they count or are ignored, as configured
    assert bench.state() == state


def test_a_significant_percentile_is_never_ignored(bench: Bench) -> None:
    # Given an alarm on p90 that ignores too few samples
    bench.alarm(
        metric_name="Duration",
        statistic=None,
        extended_statistic="p90",
        evaluate_low_sample_count_percentile="ignore",
        threshold=100.0,
    )

    # When a hundred requests are measured, eleven of them slow
    bench.put("Duration", 10, count=89)
    bench.put("Duration", 500, count=11)

    # Then the alarm is raised
    assert bench.state() == "ALARM"


@pytest.mark.parametrize(
    ("configuration", "message"),
    [
        ({"comparison_operator": "LessThanLowerOrGreaterThanUpperThreshold"}, "anomaly detection"),
        (math("RATE(errors)", errors="Errors"), "no RATE"),
        (math("[errors, others]", errors="Errors", others="Throttles"), "2 time series"),
        (math("SELECT COUNT(Errors)"), "no metric with a name"),
    ],
)
def test_an_alarm_that_cannot_be_evaluated_is_reported_once_and_does_not_stop_others(
    bench: Bench,
    configuration: dict[str, Any],
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # Given such an alarm and a valid one
    bench.alarm("strange", **configuration)
    bench.alarm("errors")

    # When both are evaluated twice
    bench.put("Errors", 1)
    bench.state()
    bench.state()

    # Then stderr reports it once, and the valid alarm is raised
    stderr = capsys.readouterr().err
    assert stderr.count("cannot evaluate the alarm strange") == 1
    assert message in stderr
    assert bench.state(name="strange") == "INSUFFICIENT_DATA"
    assert bench.state() == "ALARM"
