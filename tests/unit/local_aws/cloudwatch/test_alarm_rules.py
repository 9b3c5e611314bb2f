"""The state of an alarm, by the tables of "Configuring how CloudWatch alarms treat missing data"."""

import pytest

from local_aws.cloudwatch.alarm_reason import state_reason
from local_aws.cloudwatch.alarm_rules import Rule, State, evaluate

TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")
NOON = 1_795_262_400
VALUES = {"0": 0.0, "X": 9.0}
OK: State = "OK"
ALARM: State = "ALARM"
UNKNOWN: State = "INSUFFICIENT_DATA"
RETAIN = None


def rule(
    to_alarm: int | None, of: int, missing: str, comparison: str = "GreaterThanThreshold"
) -> Rule:
    return Rule(comparison, 5.0, of, to_alarm, missing)


def points(picture: str) -> tuple[range, dict[int, float]]:
    """Read a row of the document: the newest datapoint last, X breaching, 0 not, - missing."""
    signs = picture.split()
    periods = range(NOON, NOON + 60 * len(signs), 60)
    return periods, {
        at: VALUES[sign] for at, sign in zip(periods, signs, strict=True) if sign in VALUES
    }


def table(
    *rows: tuple[str, State | None, State | None, State | None, State | None],
) -> list[object]:
    return [
        pytest.param(picture, treatment, state, id=f"{picture} {treatment}")
        for picture, *states in rows
        for treatment, state in zip(TREATMENTS, states, strict=True)
    ]


@pytest.mark.parametrize(
    ("picture", "missing", "state"),
    table(
        ("0 - X - X", OK, OK, OK, OK),
        ("- - - - 0", OK, OK, OK, OK),
        ("0 - - - -", OK, OK, OK, OK),
        ("- - - - -", UNKNOWN, RETAIN, ALARM, OK),
        ("0 X X - X", ALARM, ALARM, ALARM, ALARM),
        ("- - X - -", ALARM, RETAIN, ALARM, OK),
        ("- - - - X", UNKNOWN, RETAIN, ALARM, OK),
    ),
)
def test_three_out_of_three(picture: str, missing: str, state: State | None) -> None:
    # Given the last five datapoints of an alarm
    periods, known = points(picture)

    # When they are evaluated
    evaluation = evaluate(rule(3, 3, missing), periods, known)

    # Then the state is that of the document's table
    assert evaluation.state == state


@pytest.mark.parametrize(
    ("picture", "missing", "state"),
    table(
        ("0 - X - X", ALARM, ALARM, ALARM, ALARM),
        ("0 0 X 0 X", ALARM, ALARM, ALARM, ALARM),
        ("0 - X - -", OK, OK, ALARM, OK),
        ("- - - - 0", OK, OK, ALARM, OK),
        ("- - - X -", ALARM, RETAIN, ALARM, OK),
    ),
)
def test_two_out_of_three(picture: str, missing: str, state: State | None) -> None:
    # Given the last five datapoints of an "M out of N" alarm
    periods, known = points(picture)

    # When they are evaluated
    evaluation = evaluate(rule(2, 3, missing), periods, known)

    # Then the state is that of the document's table
    assert evaluation.state == state


@pytest.mark.parametrize(
    ("comparison", "breaching"),
    [
        ("GreaterThanThreshold", [6]),
        ("GreaterThanOrEqualToThreshold", [5, 6]),
        ("LessThanThreshold", [4]),
        ("LessThanOrEqualToThreshold", [4, 5]),
    ],
)
def test_comparisons(comparison: str, breaching: list[float]) -> None:
    # Given a threshold of 5
    compared = rule(1, 1, "missing", comparison)

    # When values around it are compared
    # Then those beyond it breach
    assert [value for value in (4, 5, 6) if compared.breaches(value)] == breaching


@pytest.mark.parametrize(
    ("picture", "to_alarm", "missing", "reason"),
    [
        (
            "0 X X X",
            2,
            "missing",
            "Threshold Crossed: 3 out of the last 3 datapoints [9.0 (21/11/26 12:03:00), 9.0 (21/11/26 12:02:00), "
            "9.0 (21/11/26 12:01:00)] were greater than the threshold (5.0) "
            "(minimum 2 datapoints for OK -> ALARM transition).",
        ),
        (
            "X 0 X X",
            3,
            "missing",
            "Threshold Crossed: 1 out of the last 3 datapoints [0.0 (21/11/26 12:01:00)] "
            "was not greater than the threshold (5.0) (minimum 1 datapoint for ALARM -> OK transition).",
        ),
        (
            "- - - -",
            2,
            "notBreaching",
            "Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as "
            "[NonBreaching].",
        ),
        (
            "- - - X",
            2,
            "notBreaching",
            "Threshold Crossed: 2 missing datapoints were treated as [NonBreaching].",
        ),
        (
            "X X X X",
            None,
            "missing",
            "Threshold Crossed: 3 datapoints [9.0 (21/11/26 12:03:00), 9.0 (21/11/26 12:02:00), "
            "9.0 (21/11/26 12:01:00)] were greater than the threshold (5.0).",
        ),
        (
            "X X 0 X",
            None,
            "missing",
            "Threshold Crossed: 1 datapoint [0.0 (21/11/26 12:02:00)] was not greater than the threshold (5.0).",
        ),
        ("- - - -", 2, "missing", "Insufficient Data: 3 datapoints were unknown."),
        ("- - - X", 2, "missing", "Insufficient Data: 2 datapoints were unknown."),
    ],
)
def test_the_reason_has_cloudwatchs_wording(
    picture: str, to_alarm: int | None, missing: str, reason: str
) -> None:
    # Given the last datapoints of an alarm that evaluates three
    periods, known = points(picture)
    rule_of_three = rule(to_alarm, 3, missing)

    # When they are evaluated
    evaluation = evaluate(rule_of_three, periods, known)

    # Then the reason names the datapoints
    assert state_reason(rule_of_three, evaluation) == reason
