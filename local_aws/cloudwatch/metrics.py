"""Metric data: what was put for each metric, and its statistics over periods."""

import bisect
import math
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Points = dict[int, float]
MINUTE_S = 60
STATISTICS = ("SampleCount", "Sum", "Average", "Minimum", "Maximum")
PERCENTILE = re.compile(r"p(\d{1,2}(\.\d+)?|100)")


class StatisticError(ValueError):
    """No such statistic here; the message says which there are."""


@dataclass(frozen=True)
class Metric:
    """A metric's identity, as "CloudWatch concepts" has it: namespace, name and dimensions, sorted."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, namespace: str, name: str, dimensions: Iterable[Mapping[str, str]]) -> "Metric":
        """Take dimensions as the API has them: `[{"Name": ..., "Value": ...}]`."""
        return cls(namespace, name, tuple(sorted((d["Name"], d["Value"]) for d in dimensions)))


@dataclass(frozen=True)
class Datum:
    """`count` measurements of one metric in one second (Unix time): their sum and extremes, in `unit`.

    The time is kept to `resolution` seconds, PutMetricData's StorageResolution: 60, or 1 for a high-resolution metric.
    """

    metric: Metric
    second: int
    minimum: float
    maximum: float
    total: float
    count: float = 1
    unit: str = "None"
    resolution: int = MINUTE_S

    @classmethod
    def of(
        cls,
        metric: Metric,
        second: int,
        value: float,
        unit: str,
        count: float = 1,
        resolution: int = MINUTE_S,
    ) -> "Datum":
        """Return a value that was measured `count` times."""
        value = float(value)
        return cls(metric, second, value, value, value * count, count, unit, resolution)


@dataclass
class Samples:
    """All measurements of some time, from which every statistic can be had."""

    minimum: float = math.inf
    maximum: float = -math.inf
    total: float = 0
    count: float = 0
    values: Counter[float] = field(default_factory=Counter)

    def add(self, datum: Datum) -> None:
        """Take in one more datum."""
        self._add_extremes(datum.minimum, datum.maximum, datum.total, datum.count)
        if datum.minimum == datum.maximum:
            self.values[datum.minimum] += datum.count  # type: ignore[assignment] # counts may be fractions in the API

    def merge(self, other: "Samples") -> None:
        """Take in the measurements of another time."""
        self._add_extremes(other.minimum, other.maximum, other.total, other.count)
        self.values.update(other.values)

    def statistic(self, name: str) -> float | None:
        """Compute SampleCount, Sum, Average, Minimum, Maximum or a percentile such as p99.9.

        A percentile is a measured value, the lowest that so many percent do not exceed. As "Percentiles" in "CloudWatch
        concepts" says, there is none once a statistic set hides the values: None. Raises StatisticError for others.
        """
        check_statistic(name)
        if PERCENTILE.fullmatch(name):
            return self._percentile(float(name.removeprefix("p")))
        return {
            "SampleCount": self.count,
            "Sum": self.total,
            "Average": self.total / self.count,
            "Minimum": self.minimum,
            "Maximum": self.maximum,
        }[name]

    def _add_extremes(self, minimum: float, maximum: float, total: float, count: float) -> None:
        self.minimum = min(self.minimum, minimum)
        self.maximum = max(self.maximum, maximum)
        self.total += total
        self.count += count

    def _percentile(self, percent: float) -> float | None:
        if self.values.total() != self.count:
            return None
        wanted = self.count * percent / 100
        reached = 0.0
        for value, count in sorted(self.values.items()):
            reached += count
            if reached >= wanted:
                return value
        return self.maximum


class _Series:
    """One metric's samples in one unit, by their time."""

    def __init__(self) -> None:
        self._by_time: dict[int, Samples] = {}
        self._times: list[int] = []

    def add(self, datum: Datum) -> None:
        time = floor_to(datum.second, datum.resolution)
        if time not in self._by_time:
            self._by_time[time] = Samples()
            bisect.insort(self._times, time)
        self._by_time[time].add(datum)

    def merge_into(self, periods: dict[int, Samples], period: int, start: int, end: int) -> None:
        first = bisect.bisect_left(self._times, start)
        last = bisect.bisect_left(self._times, end)
        for time in self._times[first:last]:
            periods[floor_to(time, period)].merge(self._by_time[time])


class MetricStore:
    """The metrics of one account and region, for as long as the process lives. Safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._series: defaultdict[Metric, dict[str, _Series]] = defaultdict(dict)

    def put(self, data: Iterable[Datum]) -> None:
        """Add measurements."""
        with self._lock:
            for datum in data:
                units = self._series[datum.metric]
                if datum.unit not in units:
                    units[datum.unit] = _Series()
                units[datum.unit].add(datum)

    def metrics(self) -> list[Metric]:
        """Return every metric that has data, in the order they first had some."""
        with self._lock:
            return list(self._series)

    def units(self, metric: Metric) -> list[str]:
        """Return the units that the metric's data came in."""
        with self._lock:
            return list(self._series[metric]) if metric in self._series else []

    def samples(
        self, metric: Metric, period: int, start: int, end: int, unit: str | None = None
    ) -> dict[int, Samples]:
        """Return what was measured from `start` to before `end`, by the start of its period, oldest first.

        Times are in Unix seconds; the start is rounded down to a whole period. Without a unit, data in all units count.
        """
        periods: defaultdict[int, Samples] = defaultdict(Samples)
        with self._lock:
            for own_unit, series in self._series.get(metric, {}).items():
                if unit in (None, own_unit):
                    series.merge_into(periods, period, floor_to(start, period), end)
        return dict(sorted(periods.items()))

    def points(
        self,
        metric: Metric,
        statistic: str,
        period: int,
        start: int,
        end: int,
        unit: str | None = None,
    ) -> Points:
        """Return one statistic by the start of its period, where there is one; otherwise as `samples`.

        Raises StatisticError, with or without data.
        """
        check_statistic(statistic)
        found = {
            at: samples.statistic(statistic)
            for at, samples in self.samples(metric, period, start, end, unit).items()
        }
        return {at: value for at, value in found.items() if value is not None}


def check_statistic(name: str) -> None:
    """Raise StatisticError for what is no statistic here."""
    if name not in STATISTICS and not PERCENTILE.fullmatch(name):
        raise StatisticError(
            f"The local CloudWatch has no statistic {name!r}: use {', '.join(STATISTICS)}, or p0 to p100."
        )


def floor_to(second: int, period: int) -> int:
    """Return the start of the period that holds the second: periods begin at whole multiples, as CloudWatch's do."""
    return second - second % period
