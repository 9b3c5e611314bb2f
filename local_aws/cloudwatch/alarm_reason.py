"""The reason for an alarm's state: StateReason and StateReasonData."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from local_aws.cloudwatch.alarm_rules import Evaluation, Point, Rule
from local_aws.cloudwatch.times import moment_of, timestamp
from local_aws.cloudwatch.watch import Watch

_COMPARISON_WORDS = {
    "GreaterThanOrEqualToThreshold": "greater than or equal to",
    "GreaterThanThreshold": "greater than",
    "LessThanThreshold": "less than",
    "LessThanOrEqualToThreshold": "less than or equal to",
}
_FILLED_AS = {"breaching": "Breaching", "notBreaching": "NonBreaching"}


def state_reason(rule: Rule, evaluation: Evaluation) -> str:
    """Return an alarm's StateReason for an evaluation that sets a state."""
    filled = len(evaluation.missing)
    if evaluation.state == "INSUFFICIENT_DATA":
        return f"Insufficient Data: {_were(filled, 'datapoint')} unknown."
    reported = _deciding(rule, evaluation)
    clauses = [_compared(rule, evaluation, reported)] if reported else []
    if not evaluation.evaluated:
        clauses.append(f"no datapoints were received for {_count(filled, 'period')}")
    if filled and rule.missing in _FILLED_AS:
        missing = _were(filled, "missing datapoint")
        clauses.append(f"{missing} treated as [{_FILLED_AS[rule.missing]}]")
    minimum = _minimum_clause(rule, evaluation) if reported and rule.datapoints_to_alarm else ""
    return f"Threshold Crossed: {' and '.join(clauses)}{minimum}."


def state_reason_data(
    watch: Watch, evaluation: Evaluation, counts: Mapping[int, float], now: datetime
) -> str:
    """Return an alarm's StateReasonData, in JSON; `counts` are the numbers of samples, for an alarm on a single metric.

    As recorded from AWS, evaluatedDatapoints has only as many of the newest datapoints as the new state needs.
    """
    evaluated = evaluation.evaluated
    deciding = [
        {
            "timestamp": _time(at),
            **({"sampleCount": counts[at]} if at in counts else {}),
            "value": value,
        }
        for at, value in _deciding(watch.rule, evaluation)
    ]
    missing = [{"timestamp": _time(at)} for at in evaluation.missing]
    return json.dumps(
        {
            "version": "1.0",
            "queryDate": timestamp(now),
            **({"startDate": _time(evaluated[-1][0])} if evaluated else {}),
            **({"unit": watch.unit} if watch.unit else {}),
            **({"statistic": watch.statistic} if watch.statistic else {}),
            "period": watch.period,
            "recentDatapoints": [value for _, value in reversed(evaluated)],
            "threshold": watch.rule.threshold,
            "evaluatedDatapoints": [*deciding, *missing][: _minimum(watch.rule, evaluation)],
        },
        separators=(",", ":"),
    )


def _point(point: Point) -> str:
    at, value = point
    return f"{value} ({moment_of(at):%d/%m/%y %H:%M:%S})"


def _deciding(rule: Rule, evaluation: Evaluation) -> list[Point]:
    """Return the points on the new state's side of the threshold; all points for INSUFFICIENT_DATA."""
    if evaluation.state == "INSUFFICIENT_DATA":
        return list(evaluation.evaluated)
    alarm = evaluation.state == "ALARM"
    return [point for point in evaluation.evaluated if rule.breaches(point[1]) is alarm]


def _minimum(rule: Rule, evaluation: Evaluation) -> int:
    """Return how many datapoints the change to the new state needs."""
    if evaluation.state == "OK":
        return rule.evaluation_periods - rule.needed + 1
    return rule.needed if evaluation.state == "ALARM" else rule.evaluation_periods


def _compared(rule: Rule, evaluation: Evaluation, reported: Sequence[Point]) -> str:
    """Return the clause about datapoints, with "out of the last" only if DatapointsToAlarm is configured."""
    number = len(reported)
    if rule.datapoints_to_alarm:
        subject = f"{number} out of the last {rule.evaluation_periods} datapoints"
    else:
        subject = _count(number, "datapoint")
    points = ", ".join(_point(point) for point in reported)
    negation = "" if evaluation.state == "ALARM" else "not "
    return (
        f"{subject} [{points}] {'was' if number == 1 else 'were'} {negation}"
        f"{_COMPARISON_WORDS[rule.comparison]} the threshold ({rule.threshold})"
    )


def _minimum_clause(rule: Rule, evaluation: Evaluation) -> str:
    change = "OK -> ALARM" if evaluation.state == "ALARM" else "ALARM -> OK"
    least = _count(_minimum(rule, evaluation), "datapoint")
    return f" (minimum {least} for {change} transition)"


def _time(second: int) -> str:
    return timestamp(moment_of(second))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _were(number: int, noun: str) -> str:
    return f"{_count(number, noun)} {'was' if number == 1 else 'were'}"
