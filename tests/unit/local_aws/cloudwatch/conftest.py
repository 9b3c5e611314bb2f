"""A bench for alarms."""

import uuid
from collections.abc import Iterator

import pytest
from moto.sns.models import sns_backends

from tests.support.alarm_bench import Bench


@pytest.fixture
def bench() -> Iterator[Bench]:
    """Give a bench of its own to each test."""
    account = f"{uuid.uuid4().int % 10**12:012d}"
    yield Bench(account)
    del sns_backends[account]
