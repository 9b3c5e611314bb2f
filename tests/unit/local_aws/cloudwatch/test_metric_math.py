"""Metric math, by the tables and rules of "Using math expressions with CloudWatch metrics"."""

import pytest

from local_aws.cloudwatch.metric_math import (
    Calculator,
    ExpressionError,
    TimeSeries,
)
from local_aws.cloudwatch.time_ranges import TimeRange

PERIOD = 60


def series(*values: float | None) -> TimeSeries:
    """Return a series of one value per minute from 0; None is missing."""
    return TimeSeries(
        {at * PERIOD: value for at, value in enumerate(values) if value is not None}, PERIOD
    )


def computed(expression: str, **metrics: TimeSeries) -> list[float | None]:
    """Compute an expression over these metrics (id=series) for five minutes."""
    calculator = Calculator(metrics.__getitem__, metrics, TimeRange(0, 5 * PERIOD))
    result = calculator.compute(expression)
    assert isinstance(result, TimeSeries)
    return [result.points.get(at * PERIOD) for at in range(5)]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("a + b", [31, 2, 0, 4, None]),
        ("a - b", [29, 2, 0, -4, None]),
        ("-b", [-1, None, 0, -4, None]),
        ("a / b", [30, None, None, 0, None]),
        ("2 * a ^ 2", [1800, 8, 0, None, None]),
        ("a < b", [0, 0, 0, 1, None]),
        ("a > 1 && b > 0", [1, 0, 0, 0, None]),
        ("a > 1 AND b > 0 OR b == 4", [1, 0, 0, 1, None]),
        ("a > 1 || b >= 4", [1, 1, 0, 1, None]),
    ],
)
def test_operators_count_a_missing_value_as_0_and_omit_a_division_by_0(
    expression: str, expected: list[float | None]
) -> None:
    # Given two series with gaps
    a, b = series(30, 2, 0, None, None), series(1, None, 0, 4, None)

    # When they are combined
    # Then each minute has its result
    assert computed(expression, a=a, b=b) == expected


def test_the_consoles_error_rate_is_0_without_errors_and_missing_without_requests() -> None:
    # Given errors and invocations, with a minute without data
    errors, invocations = series(0, 1, None, 3), series(4, 4, None, 2)

    # When the rate is computed as the Lambda console does
    rate = computed(
        "100 * errors / MAX([errors, invocations])", errors=errors, invocations=invocations
    )

    # Then each minute with requests has a rate
    assert rate == [0, 25, None, 100, None]


@pytest.mark.parametrize(
    ("otherwise", "expected"),
    [
        ("c", [30, 0, 20, None, None]),
        ("5", [30, 0, 5, 5, None]),
    ],
)
def test_if_follows_the_documents_table(otherwise: str, expected: list[float | None]) -> None:
    # Given the document's three metrics
    metrics = {
        "a": series(1, 1, 0, 0, None),
        "b": series(30, None, 0, 0, 30),
        "c": series(0, 0, 20, None, 20),
    }

    # When IF chooses between them
    # Then a true point without a value is 0, and a false one is omitted
    assert computed(f"IF(a, b, {otherwise})", **metrics) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("IF(a > 1, a)", [None, 2, None, 4, None]),
        ("IF(1, a, b)", [1, 2, None, 4, None]),
        ("IF(a, 7, 8)", [7, 7, None, 7, None]),
        ("FILL(a, 0)", [1, 2, 0, 4, 0]),
        ("FILL(a, REPEAT)", [1, 2, 2, 4, 4]),
        ("FILL(b, REPEAT)", [None, 9, 9, 9, 9]),
        ("FILL(b, a)", [1, 9, None, 4, None]),
        ("SUM([a, b])", [1, 11, None, 4, None]),
        ("MIN([a, b])", [1, 2, None, 4, None]),
        ("AVG([a, b])", [0.5, 5.5, None, 2, None]),
        ("SUM(METRICS())", [1, 11, None, 4, None]),
        ('SUM(METRICS("b"))', [None, 9, None, None, None]),
        ("a / SUM(a)", [1 / 7, 2 / 7, None, 4 / 7, None]),
        ("a / AVG(a)", [3 / 7, 6 / 7, None, 12 / 7, None]),
        ("a / PERIOD(a)", [1 / 60, 2 / 60, None, 4 / 60, None]),
        ("CEIL(a / 3) + FLOOR(a / 3) + ABS(-a)", [2, 3, None, 7, None]),
        ("SUM(10 * [a, b])", [10, 110, None, 40, None]),
    ],
)
def test_functions(expression: str, expected: list[float | None]) -> None:
    # Given two sparse series
    a, b = series(1, 2, None, 4, None), series(None, 9, None, None, None)

    # When a function is computed
    # Then it follows the document
    assert computed(expression, a=a, b=b) == pytest.approx(expected)


def test_a_statistic_of_a_series_without_data_yields_no_points() -> None:
    # Given a series with data and one without
    # When the empty one's maximum is used
    result = computed("a - MAX(b)", a=series(1, 2), b=series())

    # Then the result is empty, without an error
    assert result == [None] * 5


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("RATE(a)", "no RATE"),
        ("a +", "not valid metric math"),
        ("missing + 1", "'missing'"),
        ("1 + 1", "a single number"),
        ("MAX(a)", "a single number"),
        ("a if a else a", "cannot compute"),
        ("a % 2", "no operator Mod"),
        ("'text'", "cannot compute"),
        ("__import__('os')", "no __import__"),
        ("a.points", "cannot compute"),
        ("1 < a < 2", "cannot compute"),
        ("(" * 500 + "a" + ")" * 500, "not valid metric math"),
        ("a + " * 900 + "a", "too many operations"),
    ],
)
def test_what_cannot_be_computed_is_an_error_that_says_why(expression: str, message: str) -> None:
    # Given a series
    # When an invalid or unsupported expression is computed
    with pytest.raises(ExpressionError) as error:
        computed(expression, a=series(1))

    # Then the error says why
    assert message in str(error.value)
