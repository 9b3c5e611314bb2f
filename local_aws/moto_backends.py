"""The backends of a moto service: there is one for each account and region (or partition) in use."""

from collections.abc import Iterator
from typing import Any


def backends_in_use(backends: Any) -> Iterator[Any]:
    """Yield each backend of a service's `BackendDict`; other threads may add backends meanwhile."""
    for by_region in list(backends.values()):
        yield from list(by_region.values())
