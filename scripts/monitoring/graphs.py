"""The graphs of a CloudWatch dashboard, with their data.

The graphs are those of modules/monitoring/dashboard.tf. They are read from the dashboard itself, in the form of AWS's
"Dashboard body structure and syntax", and their data with GetMetricData, as in the CloudWatch console.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from scripts.terminal.printable import printable_line

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_cloudwatch.type_defs import MetricDataQueryTypeDef

MOST_POINTS = 120
MINUTE_S = 60
# Metrics that count faults, but not the mistakes of riders.
FAULT_METRICS = frozenset(
    {
        *("Errors", "Throttles", "AsyncEventsDropped", "DeadLetterErrors"),
        *("DestinationDeliveryFailures", "WriteThrottleEvents", "ThrottledRequests"),
        *("SystemErrors", "table_unavailable", "fault"),
    }
)
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Window:
    """A stretch of time, in UTC, cut into periods of `period_s` seconds."""

    start: datetime
    end: datetime
    period_s: int

    @classmethod
    def until(cls, now: datetime, minutes: int) -> Window:
        """Return the minutes before `now`, and the current one, in at most MOST_POINTS periods."""
        period = MINUTE_S * math.ceil(minutes / MOST_POINTS)
        this_period = int(now.timestamp()) // period * period
        end = datetime.fromtimestamp(this_period + period, now.tzinfo)
        periods = math.ceil(minutes * MINUTE_S / period)
        return cls(end - timedelta(seconds=periods * period), end, period)

    @property
    def periods(self) -> int:
        """How many periods it has."""
        return self.period_of(self.end)

    @property
    def minutes(self) -> int:
        """Its length."""
        return self.periods * self.period_s // MINUTE_S

    @property
    def ticks(self) -> tuple[list[float], list[str]]:
        """Positions of labels on an axis in periods, and the labels: times, or dates if more than a day is shown."""
        length = self.end - self.start
        form = "%H:%M" if length <= A_DAY else "%m-%d"
        times = [self.start, self.start + length / 2, self.end]
        return [0, self.periods / 2, self.periods], [f"{time:{form}}" for time in times]

    def period_of(self, time: datetime) -> int:
        """Count the whole periods from the start to a time."""
        return int((time - self.start).total_seconds()) // self.period_s


@dataclass(frozen=True)
class Line:
    """One line of a graph: what to ask CloudWatch for. `metric` and `statistic` are None for metric math."""

    id: str
    label: str
    metric: str | None
    statistic: str | None
    right_axis: bool
    shown: bool
    query: dict[str, Any]

    @property
    def function(self) -> str | None:
        """The name of the function that it is a metric of, if it is one of Lambda's."""
        if self.query.get("Namespace") != "AWS/Lambda":
            return None
        names = {one["Name"]: one["Value"] for one in self.query["Dimensions"]}
        return names.get("FunctionName")

    def of(self, function: str) -> Line:
        """Return the same metric of another function."""
        if self.metric is None:
            return self
        dimensions = [{"Name": "FunctionName", "Value": function}]
        return replace(self, query={**self.query, "Dimensions": dimensions})


@dataclass(frozen=True)
class Series:
    """The points of one line: the start of a period and its value, in order; a period without data has none."""

    label: str
    metric: str | None
    statistic: str | None
    right_axis: bool
    points: tuple[tuple[datetime, float], ...]
    function: str | None = None

    @property
    def figure(self) -> float:
        """The number that summarises it: the sum if it counts, otherwise the last value."""
        values = [value for _, value in self.points]
        return math.fsum(values) if self.statistic == "Sum" else values[-1]

    @property
    def legend(self) -> str:
        """Its name, and its figure, marked as the window's sum or the last value."""
        kind = "sum" if self.statistic == "Sum" else "last"
        return f"{printable_line(self.label)} {kind} {short(self.figure)}"

    @property
    def is_fault(self) -> bool:
        """Whether it counts something that went wrong."""
        return self.metric in FAULT_METRICS


@dataclass(frozen=True)
class Graph:
    """A graph of the dashboard, with its data."""

    title: str
    series: tuple[Series, ...]

    @property
    def shown(self) -> tuple[Series, ...]:
        """The lines worth drawing: those with points, but no counts of zero if another line has counted something."""
        series = [one for one in self.series if one.points]
        counted = any(one.statistic == "Sum" and one.figure for one in series)
        return tuple(
            one for one in series if one.figure or not (counted and one.statistic == "Sum")
        )

    @property
    def is_count(self) -> bool:
        """Whether it comes down to one line that counts, which bars show best."""
        return len(self.shown) == 1 and self.shown[0].statistic == "Sum"


class DashboardError(Exception):
    """The dashboard is not in the form of dashboard.tf: somebody changed it by hand. The message has the fix."""


@dataclass(frozen=True)
class Dashboard:
    """What a dashboard shows: the lines of each graph by its title, and the names of alarms."""

    graphs: dict[str, tuple[Line, ...]]
    alarms: tuple[str, ...]

    @property
    def functions(self) -> set[str]:
        """The names of the functions whose Lambda metrics it shows."""
        lines = (line for graph in self.graphs.values() for line in graph)
        return {line.function for line in lines if line.function}

    def of(self, owner: str, function: str) -> Dashboard:
        """Return the graphs of its owner's Lambda metrics, but for another function, and no alarms."""
        lambdas = {
            title: lines
            for title, lines in self.graphs.items()
            if {line.function for line in lines if line.metric} == {owner}
        }
        return Dashboard(
            {title: tuple(line.of(function) for line in lines) for title, lines in lambdas.items()},
            (),
        )


def read_dashboard(metrics: CloudWatchClient, name: str) -> Dashboard:
    """Read a dashboard; raises ClientError with the code ResourceNotFound, or DashboardError."""
    body = metrics.get_dashboard(DashboardName=name)["DashboardBody"]
    try:
        return _parsed(json.loads(body)["widgets"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DashboardError(
            f"the dashboard {name} was changed and cannot be read. "
            "Terraform restores it: `make apply` to AWS, `make local-apply` to the local AWS."
        ) from error


def fetch(metrics: CloudWatchClient, title: str, lines: tuple[Line, ...], window: Window) -> Graph:
    """Get the data of one graph's lines."""
    points: dict[str, list[tuple[datetime, float]]] = {line.id: [] for line in lines}
    pages = metrics.get_paginator("get_metric_data").paginate(
        MetricDataQueries=[_query(line, window.period_s) for line in lines],
        StartTime=window.start,
        EndTime=window.end,
        ScanBy="TimestampAscending",
    )
    for page in pages:
        for result in page["MetricDataResults"]:
            times = [time.astimezone(UTC) for time in result["Timestamps"]]
            points[result["Id"]] += zip(times, result["Values"], strict=True)
    return Graph(
        title,
        tuple(
            Series(
                *(line.label, line.metric, line.statistic, line.right_axis),
                *(tuple(points[line.id]), line.function),
            )
            for line in lines
            if line.shown
        ),
    )


def total(graphs: tuple[Graph, ...], metric: str, function: str | None = None) -> float:
    """Return the sum of a metric, of one function if it is named; 0 if no graph shows it as a sum."""
    return next(
        (
            series.figure
            for graph in graphs
            for series in graph.series
            if series.metric == metric and series.statistic == "Sum" and series.points
            if function is None or series.function == function
        ),
        0.0,
    )


def short(number: float) -> str:
    """Format a number with three significant digits: `0.5`, `12.3`, `1.2k`, `35M`."""
    for size, unit in ((1e6, "M"), (1e3, "k")):
        if abs(number) >= size:
            return f"{number / size:.3g}{unit}"
    return f"{number:.3g}"


def _parsed(widgets: list[dict[str, Any]]) -> Dashboard:
    return Dashboard(
        graphs={
            widget["properties"]["title"]: tuple(
                _line(position, entry)
                for position, entry in enumerate(widget["properties"]["metrics"])
            )
            for widget in widgets
            if widget["type"] == "metric"
        },
        alarms=tuple(
            arn.partition(":alarm:")[2]
            for widget in widgets
            if widget["type"] == "alarm"
            for arn in widget["properties"]["alarms"]
        ),
    )


def _line(position: int, entry: list[Any]) -> Line:
    """Read one entry of a widget's `metrics`: namespace, name, dimensions, options; or metric math."""
    *names, options = entry
    id_ = options.get("id", f"line{position}")
    common = {"right_axis": options.get("yAxis") == "right", "shown": options.get("visible", True)}
    if "expression" in options:
        query = {"Expression": options["expression"]}
        return Line(id_, options.get("label", id_), None, None, query=query, **common)
    namespace, metric, *dimensions = names
    query = {
        "Namespace": namespace,
        "MetricName": metric,
        "Dimensions": [
            {"Name": name, "Value": value}
            for name, value in zip(dimensions[::2], dimensions[1::2], strict=True)
        ],
    }
    label = options.get("label", metric)
    return Line(id_, label, metric, options["stat"], query=query, **common)


def _query(line: Line, period_s: int) -> MetricDataQueryTypeDef:
    if line.statistic is None:
        return {"Id": line.id, "ReturnData": line.shown, **line.query}  # type: ignore[typeddict-item] # an expression
    stat = {"Metric": line.query, "Period": period_s, "Stat": line.statistic}
    return {"Id": line.id, "ReturnData": line.shown, "MetricStat": stat}  # type: ignore[typeddict-item] # a metric
