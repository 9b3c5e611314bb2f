"""Ranges of time and the periods in them, in Unix seconds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TimeRange:
    """The time from `start` until before `end`, in Unix seconds; one period starts at `origin`."""

    start: int
    end: int
    origin: int = 0

    def periods(self, period: int) -> range:
        """Return the start of every period in the range."""
        return range(self.floor(period), self.end, period)

    def floor(self, period: int) -> int:
        """Return the start of the period that contains the start of the range."""
        return floor_to(self.start, period, self.origin)


def floor_to(second: int, period: int, origin: int = 0) -> int:
    """Return the start of the period that contains the second; one period starts at `origin` (Unix seconds)."""
    return second - (second - origin) % period
