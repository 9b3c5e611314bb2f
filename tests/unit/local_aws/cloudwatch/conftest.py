"""The alarm test bench."""

import uuid
from collections.abc import Iterator

import pytest
from moto.sns.models import sns_backends

from tests.support.alarm_bench import Bench


@pytest.fixture
def bench() -> Iterator[Bench]:
    """Yield a bench in an account of its own."""
    account = f"{uuid.uuid4().int % 10**12:012d}"
    yield Bench(account)
    del sns_backends[account]
