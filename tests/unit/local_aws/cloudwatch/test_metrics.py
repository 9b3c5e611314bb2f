"""The metric store: samples by second, statistics by period."""

import pytest

from local_aws.cloudwatch.metrics import Datum, Metric, MetricStore, StatisticError
from local_aws.cloudwatch.time_ranges import TimeRange

NOON = 1_795_262_400
DURATION = Metric("AWS/Lambda", "Duration", (("FunctionName", "f"),))


def store_of(*values: tuple[int, float]) -> MetricStore:
    """Return a store with these (second after noon, value) pairs of DURATION."""
    store = MetricStore()
    store.put(Datum.of(DURATION, NOON + second, value, "Milliseconds") for second, value in values)
    return store


@pytest.mark.parametrize(
    ("statistic", "expected"),
    [
        ("SampleCount", 4),
        ("Sum", 10),
        ("Average", 2.5),
        ("Minimum", 1),
        ("Maximum", 4),
        ("p50", 2),
        ("p75", 3),
        ("p99", 4),
        ("p0", 1),
        ("p100", 4),
    ],
)
def test_a_period_has_every_statistic(statistic: str, expected: float) -> None:
    # Given four durations in one minute
    store = store_of((0, 3.0), (10, 1.0), (10, 4.0), (59, 2.0))

    # When a statistic is queried
    points = store.points(DURATION, statistic, 60, TimeRange(NOON, NOON + 60))

    # Then it covers all four, at the start of the minute
    assert points == {NOON: expected}


@pytest.mark.parametrize("values", [[], [(0, 1.0)]], ids=["no data", "data"])
def test_an_unknown_statistic_is_refused_with_the_known_ones(
    values: list[tuple[int, float]],
) -> None:
    # Given a metric, with data or without
    store = store_of(*values)

    # When an unknown statistic is queried
    with pytest.raises(StatisticError) as refusal:
        store.points(DURATION, "tm90", 60, TimeRange(NOON, NOON + 60))

    # Then the error lists the supported ones
    assert "SampleCount" in str(refusal.value)


def test_periods_are_aligned_wherever_the_query_begins() -> None:
    # Given durations in three minutes, put in any order
    store = store_of((130, 3.0), (5, 1.0), (65, 2.0))

    # When five-minute and one-minute sums are queried from the middle of a minute
    by_minute = store.points(DURATION, "Sum", 60, TimeRange(NOON + 30, NOON + 120))
    by_five = store.points(DURATION, "Sum", 300, TimeRange(NOON + 30, NOON + 300))

    # Then the first minute is whole, and data at or past the end is left out
    assert by_minute == {NOON: 1, NOON + 60: 2}
    assert by_five == {NOON: 6}


@pytest.mark.parametrize(("resolution", "times"), [(60, [0]), (1, [0, 10, 50])])
def test_only_a_high_resolution_metric_has_points_within_the_minute(
    resolution: int, times: list[int]
) -> None:
    # Given values of three seconds of a minute, in either resolution
    store = MetricStore()
    store.put(
        Datum.of(DURATION, NOON + second, 1.0, "Milliseconds", resolution=resolution)
        for second in (0, 10, 50)
    )

    # When sums of ten seconds are queried
    points = store.points(DURATION, "Sum", 10, TimeRange(NOON, NOON + 60))

    # Then each has its sum, or the minute has one
    assert sorted(points) == [NOON + time for time in times]
    assert sum(points.values()) == 3


def test_dimensions_identify_a_separate_metric() -> None:
    # Given the same name with and without a dimension
    store = store_of((0, 1.0))
    everywhere = Metric("AWS/Lambda", "Duration")
    store.put([Datum.of(everywhere, NOON, 7.0, "Milliseconds")])

    # When each is queried
    sums = [
        store.points(metric, "Sum", 60, TimeRange(NOON, NOON + 60))
        for metric in (DURATION, everywhere)
    ]

    # Then neither includes the other's data
    assert sums == [{NOON: 1}, {NOON: 7}]


def test_a_unit_selects_its_data_and_none_takes_all() -> None:
    # Given one metric in two units
    store = store_of((0, 5.0))
    store.put([Datum.of(DURATION, NOON, 1.0, "Seconds")])

    # When it is queried with a unit and without
    in_seconds = store.points(DURATION, "Sum", 60, TimeRange(NOON, NOON + 60), "Seconds")
    in_all = store.points(DURATION, "SampleCount", 60, TimeRange(NOON, NOON + 60))

    # Then the unit selects
    assert in_seconds == {NOON: 1}
    assert in_all == {NOON: 2}


def test_a_statistic_set_has_no_percentiles() -> None:
    # Given a statistic set beside a value
    store = store_of((0, 1.0))
    store.put([Datum(DURATION, NOON, 1, 9, 10, 2)])

    # When its statistics are queried
    average = store.points(DURATION, "Average", 60, TimeRange(NOON, NOON + 60))
    percentile = store.points(DURATION, "p99", 60, TimeRange(NOON, NOON + 60))

    # Then the average includes it, and there is no percentile
    assert average == {NOON: pytest.approx(11 / 3)}
    assert percentile == {}
