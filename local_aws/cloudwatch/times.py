"""Converts between moto's times, datetimes in UTC, and those of this package, Unix seconds."""

from datetime import UTC, datetime

from local_aws.timestamps import to_the_millisecond


def in_utc(moment: datetime) -> datetime:
    """Return a time with its time zone; naive times of moto are in UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def second_of(moment: datetime) -> int:
    """Return a time as Unix seconds, rounded down."""
    return int(in_utc(moment).timestamp())


def moment_of(second: int) -> datetime:
    """Return Unix seconds as a time."""
    return datetime.fromtimestamp(second, UTC)


def timestamp(moment: datetime) -> str:
    """Return a time in UTC as CloudWatch writes it, such as 2026-11-22T21:36:43.107+0000."""
    return to_the_millisecond(moment, "+0000")
