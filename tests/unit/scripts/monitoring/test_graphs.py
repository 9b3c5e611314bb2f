"""Windows of time, and what is worth drawing in them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scripts.monitoring.graphs import Graph, Series, Window, _parsed, short, total

NOON = datetime(2026, 11, 22, 12, 0, 30, tzinfo=UTC)
START = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)


def series(label: str, *values: float, statistic: str | None = "Sum") -> Series:
    points = tuple((START + timedelta(minutes=n), value) for n, value in enumerate(values))
    return Series(label, label, statistic, right_axis=False, points=points)


def test_an_hour_is_shown_by_the_minute_up_to_the_one_under_way() -> None:
    # Given half a minute past noon

    # When the last hour is asked for
    window = Window.until(NOON, 60)

    # Then it holds sixty whole minutes, and now is in the last
    assert (window.period_s, window.periods, window.minutes) == (60, 60, 60)
    assert window.end == datetime(2026, 11, 22, 12, 1, tzinfo=UTC)
    assert window.period_of(NOON) == 59
    assert window.ticks == ([0, 30, 60], ["11:01", "11:31", "12:01"])


@pytest.mark.parametrize(
    ("minutes", "period_s"),
    [(1, 60), (120, 60), (121, 120), (24 * 60, 720), (14 * 24 * 60, 10_080)],
)
def test_longer_windows_have_longer_periods(minutes: int, period_s: int) -> None:
    # Given a stretch of time

    # When it is cut into periods
    window = Window.until(NOON, minutes)

    # Then they are whole minutes, no more than fit a chart, and hold at least what was asked for
    assert window.period_s == period_s
    assert window.periods <= 120
    assert minutes <= window.minutes < minutes + period_s / 60
    assert window.start.timestamp() % period_s == 0


def test_days_are_labelled_with_dates() -> None:
    # Given a window of a week

    # When its axis is labelled
    _, labels = Window.until(NOON, 7 * 24 * 60).ticks

    # Then by date
    assert labels == ["11-15", "11-19", "11-22"]


def test_counts_of_nothing_stay_off_a_graph_that_counts_something() -> None:
    # Given outcomes of which one happened, one did not, and one was never logged
    graph = Graph("Rides", (series("created", 2, 3), series("fault", 0, 0), series("no_rider")))

    # When it is drawn

    # Then with the one, as bars
    assert [one.label for one in graph.shown] == ["created"]
    assert graph.is_count


def test_a_graph_where_nothing_was_counted_shows_that() -> None:
    # Given errors that did not happen, beside a rate
    rate = series("success rate", 100, 100, statistic=None)
    graph = Graph("Errors", (series("Errors", 0, 0), rate))

    # When it is drawn

    # Then the zeros are drawn
    assert [one.label for one in graph.shown] == ["Errors", "success rate"]
    assert not graph.is_count


def test_the_figure_of_a_count_is_its_total_and_of_others_the_last() -> None:
    # Given two lines
    # When each is summed up in one number
    # Then what counts adds up, and what measures is as of now
    assert series("Invocations", 2, 3, 4).figure == 9
    assert series("p99", 2, 3, 4, statistic="p99").figure == 4


def test_a_total_is_found_by_its_metric_and_only_where_it_is_a_sum() -> None:
    # Given two graphs with a metric of the same name
    graphs = (
        Graph("Duration", (series("Duration", 5, statistic="p99"),)),
        Graph("Billed", (series("Duration", 7, 8), series("Empty"))),
    )

    # When they are added up

    # Then only what adds up is, and what has no data is nothing
    assert total(graphs, "Duration") == 15
    assert total(graphs, "Empty") == 0
    assert total(graphs, "Unknown") == 0


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (0.5, "0.5"), (12.34, "12.3"), (999, "999"), (1234, "1.23k"), (35e6, "35M")],
)
def test_numbers_are_short(number: float, text: str) -> None:
    # Given a number, when it is written, then in three digits
    assert short(number) == text


def test_a_legend_says_what_its_figure_is_and_a_fault_is_known_by_its_metric() -> None:
    # Given a count, a measurement, and a count of what went wrong
    count, last, fault = (
        series("created", 2, 3),
        series("p99", 7, statistic="p99"),
        series("fault", 1),
    )

    # When they stand in a legend, then each figure is named
    assert [one.legend for one in (count, last, fault)] == [
        "created sum 5",
        "p99 last 7",
        "fault sum 1",
    ]
    assert [one.is_fault for one in (count, last, fault)] == [False, False, True]


def test_a_dashboards_graphs_of_lambdas_own_metrics_serve_another_function() -> None:
    # Given a dashboard of one function, with metric math, a table, and another function on it
    def line(namespace: str, metric: str, *dimensions: str, **options: Any) -> list[Any]:
        return [namespace, metric, *dimensions, {"stat": "Sum", **options}]

    graphs = {
        "Errors": [
            line("AWS/Lambda", "Errors", "FunctionName", "Ride", id="e"),
            [{"expression": "100 - e"}],
        ],
        "Outcomes": [line("WildRydes/Ride", "created")],
        "Table": [line("AWS/DynamoDB", "SystemErrors", "TableName", "Rides")],
        "Page": [line("AWS/Lambda", "Invocations", "FunctionName", "Page")],
    }
    widgets = [
        {"type": "metric", "properties": {"title": title, "metrics": metrics}}
        for title, metrics in graphs.items()
    ]
    dashboard = _parsed(widgets)

    # When it is seen for the other
    seen = dashboard.of("Ride", "Greeter")

    # Then it has the one graph that any function has, of that function
    assert dashboard.functions == {"Ride", "Page"}
    assert list(seen.graphs) == ["Errors"]
    assert [one.function for one in seen.graphs["Errors"]] == ["Greeter", None]
    assert seen.graphs["Errors"][1] == dashboard.graphs["Errors"][1]
