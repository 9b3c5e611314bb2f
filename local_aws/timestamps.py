"""Times as AWS writes them in JSON and XML: ISO 8601, in UTC."""

from datetime import datetime


def to_the_second(moment: datetime) -> str:
    """Return a time in UTC, such as 2026-11-22T21:36:43Z."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def to_the_millisecond(moment: datetime, zone: str = "Z") -> str:
    """Return a time in UTC, such as 2026-11-22T21:36:43.107Z; some services write the zone as +0000."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}{zone}"
