"""Metric data: the samples of each metric, and their statistics by period."""

import bisect
import math
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from local_aws.cloudwatch.time_ranges import TimeRange, floor_to

Points = dict[int, float]
MINUTE_S = 60
STATISTICS = ("SampleCount", "Sum", "Average", "Minimum", "Maximum")
PERCENTILE = re.compile(r"p(\d{1,2}(\.\d+)?|100)")


class StatisticError(ValueError):
    """The statistic is not supported; the message lists those that are."""


@dataclass(frozen=True)
class Metric:
    """A metric's identity ("CloudWatch concepts"): namespace, name and sorted dimensions."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, namespace: str, name: str, dimensions: Iterable[Mapping[str, str]]) -> "Metric":
        """Create a metric from dimensions in the API's form: `[{"Name": ..., "Value": ...}]`."""
        return cls(namespace, name, tuple(sorted((d["Name"], d["Value"]) for d in dimensions)))


@dataclass(frozen=True)
class Datum:
    """`count` measurements of a metric at a time (Unix seconds): their sum and extremes, in `unit`.

    The time is rounded down to `resolution` seconds, PutMetricData's StorageResolution: 60, or 1 for high resolution.
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
        """Return a datum for a value measured `count` times."""
        value = float(value)
        return cls(metric, second, value, value, value * count, count, unit, resolution)


@dataclass
class Samples:
    """All measurements of a period, from which every statistic can be computed."""

    minimum: float = math.inf
    maximum: float = -math.inf
    total: float = 0
    count: float = 0
    values: Counter[float] = field(default_factory=Counter)
    is_default: bool = False

    def add(self, datum: Datum) -> None:
        """Add a datum."""
        self._add_extremes(datum.minimum, datum.maximum, datum.total, datum.count)
        if datum.minimum == datum.maximum:
            self.values[datum.minimum] += datum.count  # type: ignore[assignment] # the API allows fractional counts

    def merge(self, other: "Samples") -> None:
        """Add the measurements of another period."""
        self._add_extremes(other.minimum, other.maximum, other.total, other.count)
        self.values.update(other.values)

    def statistic(self, name: str) -> float | None:
        """Return SampleCount, Sum, Average, Minimum, Maximum or a percentile such as p99.9. Raises StatisticError.

        A percentile is the lowest measured value that this share of the values does not exceed. It is None if the
        samples include a statistic set ("Percentiles" in "CloudWatch concepts").
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
        target = self.count * percent / 100
        reached = 0.0
        for value, count in sorted(self.values.items()):
            reached += count
            if reached >= target:
                return value
        return self.maximum


class _Series:
    """One metric's samples in one unit, by time."""

    def __init__(self) -> None:
        self._by_time: dict[int, Samples] = {}
        self._times: list[int] = []

    def add(self, datum: Datum) -> None:
        time = floor_to(datum.second, datum.resolution)
        if time not in self._by_time:
            bisect.insort(self._times, time)
        if time not in self._by_time or self._by_time[time].is_default:
            self._by_time[time] = Samples()
        self._by_time[time].add(datum)

    def add_default(self, datum: Datum) -> None:
        time = floor_to(datum.second, datum.resolution)
        if time not in self._by_time:
            self.add(datum)
            self._by_time[time].is_default = True

    def merge_into(self, periods: dict[int, Samples], period: int, time_range: TimeRange) -> None:
        first = bisect.bisect_left(self._times, time_range.floor(period))
        last = bisect.bisect_left(self._times, time_range.end)
        for time in self._times[first:last]:
            periods[floor_to(time, period, time_range.origin)].merge(self._by_time[time])

    def has(self, start: int, end: int) -> bool:
        first = bisect.bisect_left(self._times, start)
        return first < len(self._times) and self._times[first] < end


class MetricStore:
    """The metrics of one account and region, in memory. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._series: defaultdict[Metric, dict[str, _Series]] = defaultdict(dict)

    def put(self, data: Iterable[Datum]) -> None:
        """Add measurements."""
        with self._lock:
            for datum in data:
                self._series_of(datum).add(datum)

    def put_default(self, datum: Datum) -> None:
        """Add a metric filter's default value, unless its minute has data; data that follows replaces it.

        CloudWatch Logs reports a default value at the end of a minute in which no event matched.
        """
        with self._lock:
            self._series_of(datum).add_default(datum)

    def _series_of(self, datum: Datum) -> _Series:
        units = self._series[datum.metric]
        if datum.unit not in units:
            units[datum.unit] = _Series()
        return units[datum.unit]

    def metrics(self) -> list[Metric]:
        """Return every metric with data, in the order of their first data."""
        with self._lock:
            return list(self._series)

    def units(self, metric: Metric) -> list[str]:
        """Return the units of the metric's data."""
        with self._lock:
            return list(self._series[metric]) if metric in self._series else []

    def units_between(self, metric: Metric, start: int, end: int) -> list[str]:
        """Return the units of the data from `start` until before `end` (Unix seconds), in alphabetical order."""
        with self._lock:
            by_unit = self._series.get(metric, {})
            return sorted(unit for unit, series in by_unit.items() if series.has(start, end))

    def samples(
        self,
        metric: Metric,
        period: int,
        time_range: TimeRange,
        unit: str | None = None,
    ) -> dict[int, Samples]:
        """Return the samples in a range by the start of their period (Unix seconds), oldest first.

        `period` is in seconds, and the range begins with a whole period. Without a unit, data in all units count.
        """
        periods: defaultdict[int, Samples] = defaultdict(Samples)
        with self._lock:
            for own_unit, series in self._series.get(metric, {}).items():
                if unit in (None, own_unit):
                    series.merge_into(periods, period, time_range)
        return dict(sorted(periods.items()))

    def points(
        self,
        metric: Metric,
        statistic: str,
        period: int,
        time_range: TimeRange,
        unit: str | None = None,
    ) -> Points:
        """Return a statistic by the start of its period, without periods that have none; arguments as in `samples`.

        Raises StatisticError, even if there is no data.
        """
        check_statistic(statistic)
        values = {
            at: samples.statistic(statistic)
            for at, samples in self.samples(metric, period, time_range, unit).items()
        }
        return {at: value for at, value in values.items() if value is not None}


def check_statistic(name: str) -> None:
    """Raise StatisticError for an unsupported statistic."""
    if name not in STATISTICS and not PERCENTILE.fullmatch(name):
        raise StatisticError(
            f"The local CloudWatch has no statistic {name!r}: use {', '.join(STATISTICS)}, or p0 to p100."
        )
