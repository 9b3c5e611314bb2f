"""Times as moto has them, datetimes in UTC, and as this package has them, Unix seconds."""

from datetime import UTC, datetime


def in_utc(moment: datetime) -> datetime:
    """Add the time zone to moto's naive times, which are UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def second_of(moment: datetime) -> int:
    """Return a time as Unix seconds, rounded down."""
    return int(in_utc(moment).timestamp())


def moment_of(second: int) -> datetime:
    """Return Unix seconds as a time."""
    return datetime.fromtimestamp(second, UTC)


def timestamp(moment: datetime) -> str:
    """Format a time as CloudWatch does in its JSON; moto's naive times are UTC."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}+0000"
